"""The house's rules for every door: who may, what is open, and that no input breaks one.

These tests read the list of routes, so a new route is held to them from its first day.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import gate
from chalicelib.core.clock import now
from chalicelib.core.gate import ANYONE, MACHINES, PROVIDER_SIDE, SIGNED_IN, STAFF, TILL, Who
from chalicelib.core.http import Api, Route
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import SignInNeeded
from tests.door import Door
from tools.docs import load_rooms
from tools.openapi import document

load_rooms()
ROUTES = sorted(Api.every.values(), key=lambda route: route.name)
NAMES = [route.name for route in ROUTES]
PEOPLE_ROLES = ("citizen", *STAFF, *PROVIDER_SIDE, TILL, *MACHINES)
HERE, ELSEWHERE = "modrinov", "vranohrad-podlesi"

# Whoever opens a door to anyone adds its name here, and says so in the commit.
OPEN = {
    line.strip() for line in (__import__("pathlib").Path(__file__).parent / "open_routes.txt").read_text().splitlines()
}


def a_path(route: Route, city: str = HERE) -> str:
    """The route's path with this town and identifiers that nothing has."""
    path = route.path.replace("{city}", city).removeprefix("/v1")
    return re.sub(r"{\w+}", lambda _: new_id(), path)


def who(role: str, city: str) -> Who:
    if role in (*PROVIDER_SIDE, TILL):
        roles = {city: (role,)} if role == TILL else {}
        return Who(id=new_id(), app="admin", roles=roles, providers={city: {new_id(): role}})
    return Who(id=new_id(), app="admin", roles={city: (role,)})


def knock(door: Door, route: Route, city: str = HERE, body: Any = None) -> int:
    key = new_id() if route.spends else ""
    version = 1 if route.edits else None
    path = a_path(route, city)
    return door.call(route.method, path, {} if body is None else body, key=key, version=version).status


def test_open_doors_are_a_named_list() -> None:
    assert {route.name for route in ROUTES if ANYONE in route.allow or route.device} == OPEN


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_nobody_passes_a_closed_door(door: Door, route: Route) -> None:
    if ANYONE in route.allow or route.device:
        return
    assert knock(door, route) == 401


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_every_other_role_is_refused(door: Door, route: Route) -> None:
    if {ANYONE, SIGNED_IN} & set(route.allow) or route.device:
        return
    assert "{city}" in route.path, "a route for roles is a route of a town"
    for role in PEOPLE_ROLES:
        if role not in route.allow:
            assert knock(door.as_(who(role, HERE)), route) == 403, role


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_a_role_of_another_town_opens_nothing_here(door: Door, route: Route) -> None:
    if {ANYONE, SIGNED_IN} & set(route.allow) or route.device:
        return
    for role in route.allow:
        assert knock(door.as_(who(role, ELSEWHERE)), route) == 403, role


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_an_object_that_is_not_this_towns_does_not_exist(door: Door, route: Route) -> None:
    if "{id}" not in route.path or route.device:
        return
    for role in route.allow if ANYONE not in route.allow else ("citizen",):
        status = knock(door.as_(who(role if role != SIGNED_IN else "citizen", HERE)), route)
        is_no_till = role == TILL and status == 401
        assert status in (400, 403, 404, 422) or is_no_till or (status == 204 and route.method == "DELETE"), (
            role,
            status,
        )


@pytest.mark.parametrize("token", ["x", "a.b.c", "e30.e30.", "Bearer"])
def test_a_token_that_is_none_opens_nothing(door: Door, token: str) -> None:
    closed = next(route for route in ROUTES if ANYONE not in route.allow and not route.device)
    assert knock(door.as_(token), closed) == 401


WRONG: tuple[Any, ...] = (
    None,
    -1,
    0,
    10**13,
    1.5,
    "\u0000",
    "x" * 5000,
    [],
    {},
    ["x"],
    True,
    "2026-02-30",
    "2026-13-45T99:99",
)


def nonsense(schema: dict[str, Any], defs: dict[str, Any]) -> Iterator[Any]:
    """Bodies that no door may take: of a wrong type, with unknown fields, with fields of wrong types."""
    yield from ([], "text", 7, True, {"unknown_field": 1})
    properties = schema.get("properties", {})
    for name in properties:
        for wrong in WRONG:
            yield {n: _plausible(p, defs) for n, p in properties.items() if n != name} | {name: wrong}


def _plausible(schema: dict[str, Any], defs: dict[str, Any], depth: int = 0) -> Any:
    if depth > 6:
        return None
    if "$ref" in schema:
        return _plausible(defs[schema["$ref"].rsplit("/", 1)[-1]], defs, depth + 1)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _plausible(schema[choice][0], defs, depth + 1)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        return {n: _plausible(p, defs, depth + 1) for n, p in schema.get("properties", {}).items()}
    if kind == "array":
        return [_plausible(schema.get("items", {}), defs, depth + 1)]
    if kind == "string":
        formats = {"date": "2026-11-20", "date-time": "2026-11-20T08:00:00Z"}
        return formats.get(schema.get("format", ""), "textik00")
    return {"integer": schema.get("minimum", 1), "number": 1, "boolean": True}.get(str(kind))


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_no_input_makes_a_500(door: Door, route: Route, sent: list[Any]) -> None:
    api = document()
    defs = api["components"]["schemas"]
    operation = api["paths"][route.path][route.method.lower()]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    role = next((r for r in route.allow if r not in (ANYONE, SIGNED_IN)), "citizen")
    inside = door.as_(who(role, HERE))
    path = a_path(route)
    key, version = (new_id() if route.spends else ""), (1 if route.edits else None)
    for raw in ("{", "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"), "[" * 5000, '{"a":NaN}', "null"):
        inside.call(route.method, path, None, raw=raw, key=key, version=version)
    if body is None:
        return
    schema = defs[body["$ref"].rsplit("/", 1)[-1]] if "$ref" in body else body
    for wrong in nonsense(schema, defs):
        answer = inside.call(route.method, path, wrong, key=key, version=version)
        assert answer.status != 500, json.dumps(wrong)[:200]


@pytest.mark.parametrize("route", [r for r in ROUTES if r.spends], ids=lambda route: route.name)
def test_money_asks_for_an_idempotency_key(door: Door, route: Route) -> None:
    role = next((r for r in route.allow if r not in (ANYONE, SIGNED_IN)), "citizen")
    answer = door.as_(who(role, HERE)).call(route.method, a_path(route), _body_for(route))
    assert (answer.status, answer.body["code"]) in ((400, "idempotency_key_missing"), (422, "invalid_input"))


def _body_for(route: Route) -> Any:
    api = document()
    operation = api["paths"][route.path][route.method.lower()]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return _plausible(body, api["components"]["schemas"]) if body else None


def test_sibling_path_parameters_share_a_name() -> None:
    """API Gateway refuses two names for a parameter at one place."""
    seen: dict[str, str] = {}
    for route in ROUTES:
        prefix = ""
        for part in route.path.strip("/").split("/"):
            if part.startswith("{"):
                assert seen.setdefault(prefix, part) == part, f"{route.path}: {part} and {seen[prefix]}"
            prefix += "/" + ("{}" if part.startswith("{") else part)


def test_every_door_says_what_it_does() -> None:
    assert [route.name for route in ROUTES if not (route.handler.__doc__ or "").strip()] == []


def test_a_body_over_the_limit_is_refused(door: Door) -> None:
    route = next(route for route in ROUTES if route.method == "POST" and ANYONE in route.allow and not route.device)
    answer = door.call("POST", a_path(route), None, raw='"' + "x" * route.bytes_max + '"')
    assert (answer.status, answer.body["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("made_at", "life", "holds"),
    [
        (timedelta(seconds=8), timedelta(minutes=5), True),
        (timedelta(seconds=60), timedelta(minutes=5), False),
        (-timedelta(minutes=5, seconds=5), timedelta(minutes=5), True),
        (-timedelta(minutes=5, seconds=30), timedelta(minutes=5), False),
    ],
    ids=["a clock ahead", "from the future", "a clock behind", "expired"],
)
def test_a_token_holds_within_what_two_clocks_may_differ_by(
    table: str, made_at: timedelta, life: timedelta, holds: bool
) -> None:
    token = gate.issue(who("clerk", HERE), now() + made_at, life)
    if holds:
        assert gate.read(token).roles == {HERE: ("clerk",)}
        return
    with pytest.raises(SignInNeeded):
        gate.read(token)


def test_gate_reads_tokens_without_the_secret(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    token = gate.issue(who("clerk", HERE), __import__("chalicelib.core.clock", fromlist=["now"]).now())

    def none() -> Any:
        raise AssertionError("the gate asked for the secret")

    monkeypatch.setattr(gate, "signing_key", none)
    assert gate.read(token).roles == {HERE: ("clerk",)}
