"""An assistant acts for whom she looks after, and for nobody else: every door that she may open at all is knocked at.

The doors are read from the code. One that speaks of nobody's own things, or that checks at the counter who anybody is,
stands here by name; at every other one a stranger to her is not there.
"""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.clock import now
from chalicelib.core.gate import ASSISTANT, Who
from chalicelib.core.http import Route
from chalicelib.core.ids import new_id
from chalicelib.core.table import transact
from chalicelib.money.programmes import store
from chalicelib.money.programmes.model import Application, Stated
from chalicelib.town.people import service as people
from tests.door import Door
from tests.hiring import hired
from tests.house.test_doors import ROUTES
from tests.money.vouchers.build import CITY, Scene, a_scene, a_voucher

HERS, OTHER = (Who(id=id, app="admin", roles={CITY: (ASSISTANT,)}) for id in ("assistant-1", "assistant-2"))
BASE = "/v1/cities/{city}"
NOBODYS = {"staff", "programmes", "providers"}
"""What an assistant reads of the town, by the beginning of the path."""
CHECKS = {
    f"GET {BASE}/households/{{id}}",
    f"GET {BASE}/people/{{id}}",
    f"GET {BASE}/people/{{id}}/messages",
    f"GET {BASE}/verifications/{{id}}",
    f"POST {BASE}/people/{{id}}/takeover",
    f"POST {BASE}/proof-letters/{{id}}/print",
    f"POST {BASE}/verifications/{{id}}/birth-place",
    f"POST {BASE}/verifications/{{id}}/check",
    f"POST {BASE}/verifications/{{id}}/letter",
    f"POST {BASE}/verifications/{{id}}/second-proof",
}
"""At the counter anybody's identity is checked, by whoever sits there; looks are noted, and the takeover has its own rule."""


ON_CREDIT = {
    f"GET {BASE}/activities/{{id}}/quotes",
    f"GET {BASE}/orders/{{id}}",
    f"GET {BASE}/receipts/{{id}}/proof",
    f"POST {BASE}/orders/{{id}}/cancellation",
}
"""Knocked at in the same way where there is an activity, an order and a movement: `tests/money/offers/test_at_desk.py`."""


def asks_for_somebody(route: Route) -> bool:
    """Whether a door takes a person, or a thing of theirs, by id."""
    if ASSISTANT not in route.allow:
        return False
    body, query, _ = route.types
    named = any("person" in getattr(shape, "model_fields", {}) for shape in (body, query))
    of = route.path.removeprefix(f"{BASE}/").split("/")[0]
    return named or ("{id}" in route.path and of not in NOBODYS)


DOORS = [route for route in ROUTES if asks_for_somebody(route) and route.name not in CHECKS | ON_CREDIT]


def a_draft(scene: Scene) -> Application:
    senior, programme = scene.citizen, scene.swimming
    return Application(
        id="draft",
        programme=programme.id,
        rules_version=programme.rules.version,
        person=senior.id,
        beneficiary=senior.id,
        state="draft",
        stated=Stated(senior.given_names, senior.surname, senior.birth_date, senior.residence.text, ""),
        applicant_name=senior.name,
        amount_minor=programme.rules.amount_minor,
        created_at=now(),
        saved_at=now(),
        made_by=HERS.id,
    )


@pytest.fixture
def town(table: str, bucket: str) -> tuple[Scene, dict[str, str]]:
    """A senior whom the first assistant registered, with an application and a voucher."""
    scene = a_scene()
    senior = replace(scene.citizen, id=new_id(), email="", registered_by=hired(HERS).id)
    transact([people.found_person(CITY, senior)])
    scene = replace(scene, citizen=senior)
    transact([store.new_application(CITY, a_draft(scene))])
    voucher = a_voucher(scene)
    return scene, {"applications": "draft", "grants": voucher.id, "vouchers": voucher.id, "people": senior.id}


def knock(door: Door, who: Who, route: Route, town: tuple[Scene, dict[str, str]]) -> tuple[int, str]:
    scene, ids = town
    of = route.path.removeprefix(f"{BASE}/").split("/")[0]
    path = route.path.replace("{city}", CITY).replace("{id}", ids.get(of, new_id())).replace("{line}", new_id())
    query = {"person": scene.citizen.id} if route.method == "GET" else None
    body: dict[str, Any] | None = None if route.method == "GET" else BODIES.get(route.name, lambda _: {})(scene)
    key, version = (new_id() if route.spends else ""), (1 if route.edits else None)
    answer = door.as_(who).call(route.method, path.removeprefix("/v1"), body, key=key, version=version, query=query)
    return answer.status, str(answer.body.get("code", "")) if answer.body else ""


BODIES: dict[str, Any] = {
    f"POST {BASE}/applications": lambda scene: {
        "programme": scene.swimming.id,
        "beneficiary": scene.citizen.id,
        "person": scene.citizen.id,
    },
    f"POST {BASE}/applications/{{id}}/answer": lambda _: {"text": "Doplňuji potvrzení."},
    f"POST {BASE}/applications/{{id}}/reconsideration": lambda _: {"text": "Prosím o nové posouzení."},
    f"POST {BASE}/applications/{{id}}/documents": lambda _: {
        "name": "a.pdf",
        "media_type": "application/pdf",
        "bytes": 9,
    },
    f"POST {BASE}/vouchers/{{id}}/reissue": lambda _: {"revision": 1},
    f"POST {BASE}/people/{{id}}/children": lambda _: {
        "given_names": "Eva",
        "surname": "Stará",
        "birth_date": "2019-03-04",
    },
}


def test_every_door_that_is_open_at_the_counter_exists() -> None:
    assert {route.name for route in ROUTES if asks_for_somebody(route)} >= CHECKS | ON_CREDIT
    assert {route.path.removeprefix(f"{BASE}/").split("/")[0] for route in DOORS} == {
        *("applications", "candidates", "grants", "orders", "people", "vouchers"),
    }


@pytest.mark.parametrize("route", DOORS, ids=lambda route: route.name)
def test_whom_she_does_not_look_after_is_not_there_for_an_assistant(
    door: Door, town: tuple[Scene, dict[str, str]], route: Route
) -> None:
    refused = {(404, "not_found"), (404, "application_unknown"), (409, "not_your_child")}
    assert knock(door, hired(OTHER), route, town) in refused
    assert not [access for access in people.accesses_to_me(CITY, town[0].who) if access.by == OTHER.id]
    hers = knock(door, HERS, route, town)
    assert hers not in refused or "{line}" in route.path
    assert [access for access in people.accesses_to_me(CITY, town[0].who) if access.by == HERS.id]


def test_who_works_there_no_more_is_followed_by_an_assistant_whom_the_person_stands_before(
    door: Door, town: tuple[Scene, dict[str, str]]
) -> None:
    scene, ids = town
    at = f"/cities/{CITY}/people/{scene.citizen.id}/takeover"
    other, boss = door.as_(hired(OTHER)), Who(id="administrator", app="admin", roles={CITY: ("admin",)})
    still = other.post(at)
    assert (still.status, still.body["code"]) == (409, "still_looked_after")
    assert door.as_(hired(boss)).patch(f"/cities/{CITY}/staff/{HERS.id}", {"roles": []}, version=1).status == 204
    assert door.as_(boss).post(at).body["code"] == "wrong_role"
    assert other.post(at).body["registered_by"] == OTHER.id
    assert other.get(f"/cities/{CITY}/applications/{ids['applications']}").status == 200
    assert other.get(f"/cities/{CITY}/vouchers/{ids['vouchers']}").status == 200
    assert "taken_over" in {access.action for access in people.accesses_to_me(CITY, scene.who) if access.by == OTHER.id}


def test_who_signs_in_alone_is_not_taken_over(door: Door, table: str) -> None:
    scene = a_scene()
    answer = door.as_(OTHER).post(f"/cities/{CITY}/people/{scene.citizen.id}/takeover")
    assert (answer.status, answer.body["code"]) == (409, "acts_for_themselves")
