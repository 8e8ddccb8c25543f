"""Every operation, as each who may call it, with input that its description allows or forbids: an answer that the
description knows, never a fault of ours.

What nobody and other roles hear is in test_doors. The seed is fixed and shown by a failure, so what failed fails again;
FUZZ_SEED and FUZZ_EXAMPLES look elsewhere and longer.
"""

import json
import os
from collections.abc import Iterator
from itertools import cycle
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
from tests.house.small_town import Town
from tests.house.telling import Step, stood_at
from tools import examples
from tools.docs import load_rooms

load_rooms()
SEED = int(os.environ.get("FUZZ_SEED", "20260504"))
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4"))
"""Requests for each operation, or one for each role where more roles may."""
ANSWERED_WITH_YES_MIN = 0.65
"""The least share of operations, of those that a process tries, which some request here gets a yes from: what is refused at
once shows little of what stands behind the door."""
CITY = "modrinov"
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
TOLD = [name for name in examples.known() if name in Api.every]
"""In the order of the story, so that from one operation to the next little of the table has to be put back."""


@pytest.fixture(scope="module")
def yes() -> Iterator[dict[str, bool]]:
    """Of each operation whether it was answered with yes; in the end, whether those are enough."""
    heard: dict[str, bool] = {}
    yield heard
    print(
        f"{sum(heard.values())} of {len(heard)} operations answered with yes; not {[n for n in heard if not heard[n]]}"
    )
    assert len(heard) < len(TOLD) / 3 or sum(heard.values()) >= ANSWERED_WITH_YES_MIN * len(heard)


def callers(route: Route) -> tuple[str, ...]:
    """The roles that a route lets in; one empty name for anybody."""
    if ANYONE in route.allow or route.device:
        return ("",)
    return ("citizen",) if SIGNED_IN in route.allow else route.allow


def as_(role: str, provider: str) -> Door:
    """Somebody with one role: a person for each, so that roles do not gather on one."""
    held = {CITY: {provider: role}} if role in (*PROVIDER_SIDE, TILL) else {}
    roles = {} if role in PROVIDER_SIDE else {CITY: (role,)}
    return Door().as_(Who(id=role.ljust(26, "0"), app="admin", roles=roles, providers=held))


@pytest.mark.parametrize("name", [*TOLD, *(Api.every.keys() - TOLD)])
def test_no_input_brings_an_operation_down(name: str, small_town: Town, yes: dict[str, bool]) -> None:
    """In the small town as it was before it first asked for the operation, with the ids of that request."""
    route, step = Api.every[name], small_town.book.steps[name]
    operation = DESCRIPTION[route.path][route.method]
    allowed, forbidden = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)
    mine = step.door.who.roles.get(CITY, ()) if step.door.who else ()
    others = [role for role in callers(route) if role and role not in mine]
    yes[name] = False

    def ask_as(doors: Iterator[Door]) -> None:
        @seeded(SEED)
        @settings(
            max_examples=max(EXAMPLES, 1 + len(others)),
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=allowed | forbidden, near=st.integers(0, 2), odd=st.none() | st.sampled_from(AWKWARD))
        def ask(case: Any, near: int, odd: str | None) -> None:
            asked = near_to(step, case, near) if near else case_of(case)
            yes[name] |= send(next(doors), route, step, asked, None if near == 2 else odd) < 300

        ask()

    print(f"FUZZ_SEED={SEED} FUZZ_EXAMPLES={EXAMPLES}")  # shown where it fails
    with stood_at(small_town.home, step):
        ask_as(cycle([step.door, *(as_(role, small_town.ids["provider"]) for role in others)]))


type Asked = tuple[dict[str, Any], Any]
"""Query and body."""


def case_of(case: Any) -> Asked:
    """As generated."""
    return case.query or {}, case.body if isinstance(case.body, dict | list | str | int) else None


def near_to(step: Step, case: Any, how_near: int) -> Asked:
    """The story's own request, with two things of what was generated in their place, or with one."""
    query, body = case_of(case)
    count = 3 - how_near
    kept = (step.sent.get("query") or {}) | dict(list(query.items())[:count])
    if not isinstance(step.body, dict) or not isinstance(body, dict):
        return kept, step.body
    return kept, step.body | {name: body[name] for name in sorted(body)[:count]}


def send(door: Door, route: Route, step: Step, asked: Asked, odd: str | None) -> int:
    """One request, with an awkward text in place of what pages and of the last that names; gives its status. The door fails
    at a fault of ours and at an answer that the description does not name."""
    path, named = route.path.removeprefix("/v1"), dict(step.path)
    if odd and len(named) > 1:
        named[list(named)[-1]] = "x.1"
    for parameter, value in named.items():
        path = path.replace(f"{{{parameter}}}", value)
    query = {key: value if isinstance(value, str) else json.dumps(value) for key, value in asked[0].items()}
    if odd:
        query |= dict.fromkeys(list(query)[:1], odd)
        if "cursor" in getattr(route.types[1], "model_fields", {}):
            query["cursor"] = odd
    key, version = new_id() if route.spends else "", step.sent.get("version")
    return door.call(route.method, path, asked[1], key=key, version=version, query=query).status
