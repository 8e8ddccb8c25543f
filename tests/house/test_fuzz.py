"""Every operation, as each who may call it, with input that its description allows or forbids: an answer that the
description knows, never a fault of ours.

What nobody and other roles hear is in test_doors. The seed is fixed and shown by a failure, so what failed fails again;
FUZZ_SEED and FUZZ_EXAMPLES look elsewhere and longer.
"""

import json
import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from schemathesis import GenerationMode

from chalicelib.core.gate import ANYONE, PROVIDER_SIDE, SIGNED_IN, TILL, Who
from chalicelib.core.http import Api, Route
from chalicelib.core.ids import new_id
from tests.contract import OPENAPI
from tests.door import Door
from tests.people.build import a_town
from tools.docs import load_rooms

load_rooms()
SEED = int(os.environ.get("FUZZ_SEED", "20260504"))
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4"))
"""Requests for each operation, or one for each role where more roles may."""
CITY, PROVIDER = "modrinov", "p1"
AWKWARD = (
    "²",
    "٣",
    "\0",
    "[" * 1500,
    "eyJ4Ijox",
    "2026-02-31",
    "9" * 30,
    "a.b.c",
    "0.²",
    "²|x",
    "=",
    "%00",
    "undefined",
)
DESCRIPTION = schemathesis.openapi.from_dict(json.loads(OPENAPI.read_text()))


def callers(route: Route) -> tuple[str, ...]:
    """The roles that a route lets in; one empty name for anybody."""
    if ANYONE in route.allow or route.device:
        return ("",)
    return ("citizen",) if SIGNED_IN in route.allow else route.allow


def as_(role: str) -> Door:
    """Somebody with one role: a person for each, so that roles do not gather on one."""
    if not role:
        return Door()
    held = {CITY: {PROVIDER: role}} if role in (*PROVIDER_SIDE, TILL) else {}
    roles = {} if role in PROVIDER_SIDE else {CITY: (role,)}
    return Door().as_(Who(id=role.ljust(26, "0"), app="admin", roles=roles, providers=held))


@pytest.mark.parametrize("name", sorted(Api.every))
def test_no_input_brings_an_operation_down(name: str, bucket: str, sent: list[Any]) -> None:
    route = Api.every[name]
    a_town()
    operation = DESCRIPTION[route.path][route.method]
    allowed, forbidden = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)
    roles = callers(route)
    turn = iter(range(10**6))

    @seeded(SEED)
    @settings(
        max_examples=max(EXAMPLES, len(roles)),
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=allowed | forbidden, odd=st.none() | st.sampled_from(AWKWARD))
    def ask(case: Any, odd: str | None) -> None:
        send(as_(roles[next(turn) % len(roles)]), route, case, odd)

    print(f"FUZZ_SEED={SEED} FUZZ_EXAMPLES={EXAMPLES}")  # shown where it fails
    ask()


def send(door: Door, route: Route, case: Any, odd: str | None) -> None:
    """One request as generated, with an awkward text in place of what pages and names. The door fails at a fault of ours
    and at an answer that the description does not name."""
    path = route.path.removeprefix("/v1")
    for parameter in case.path_parameters or {}:
        value = {"city": CITY, "provider": PROVIDER}.get(parameter, "x.1" if odd else new_id())
        path = path.replace(f"{{{parameter}}}", value)
    query = {key: value if isinstance(value, str) else json.dumps(value) for key, value in (case.query or {}).items()}
    if odd:
        query |= dict.fromkeys(list(query)[:1], odd)
        if "cursor" in getattr(route.types[1], "model_fields", {}):
            query["cursor"] = odd
    body = case.body if isinstance(case.body, dict | list | str | int) else None
    key, version = new_id() if route.spends else "", 1 if route.edits else None
    door.call(route.method, path, body, key=key, version=version, query=query)
