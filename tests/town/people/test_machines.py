"""Connected systems: a town's other programs sign in by themselves, read what they are for, and never act for a person."""

import pytest

from chalicelib.core import tries
from chalicelib.core.gate import MACHINES, SIGNED_IN, Who
from chalicelib.core.http import Api
from chalicelib.core.ids import new_id
from chalicelib.core.table import Query, items_in
from chalicelib.money.ledger import service as ledger
from chalicelib.town.people import guessing
from chalicelib.town.people import machines as machines_verbs
from chalicelib.town.people.store import machine_key
from tests.door import Answer, Door
from tests.town.people.build import a_town

CITY = "modrinov"
MACHINES_PATH = f"/cities/{CITY}/machines"
ADMIN = Who(id="a" * 26, app="admin", roles={CITY: ("admin",)})
GINIS = {"name": "GINIS účetnictví", "scopes": ["accounting_system"]}
BOOKINGS = {"first": "2026-11-01", "last": "2026-11-02"}


def connected(door: Door, **more: object) -> dict[str, str]:
    """A system just connected: its id and secret as it sends them."""
    made = door.as_(ADMIN).post(MACHINES_PATH, GINIS | more)
    assert made.status == 201, made.body
    return {"id": made.body["machine"]["id"], "secret": made.body["secret"]}


def signed_in(door: Door, known: dict[str, str]) -> Answer:
    return door.post(f"{MACHINES_PATH}/session", known)


def test_a_connected_system_reads_what_it_is_for_and_nothing_else(door: Door) -> None:
    a_town()
    inside = door.as_(signed_in(door, connected(door)).body["access_token"])
    assert inside.get(f"/cities/{CITY}/bookings", query=BOOKINGS).status == 200
    assert inside.get(f"/cities/{CITY}/bookings/sheet", query=BOOKINGS).status == 200
    assert inside.get(f"/cities/{CITY}/payouts").status == 200
    assert inside.get(f"/cities/{CITY}/clearing", query={"year": "2026"}).status == 200
    assert inside.get(f"/cities/{CITY}/open-figures").status == 200
    assert inside.get(f"/cities/{CITY}/entries", query=BOOKINGS).body["code"] == "wrong_role"
    assert inside.get(f"/cities/{CITY}/people", query={"query": "Nová"}).body["code"] == "wrong_role"
    assert inside.post(f"/cities/{CITY}/payouts").body["code"] == "wrong_role"


def test_a_scope_opens_no_door_that_changes_anything() -> None:
    opened = [route for route in Api.every.values() if set(MACHINES) & set(route.allow)]
    assert opened
    assert [route.name for route in opened if route.method != "GET"] == []


def test_the_secret_is_shown_once_and_kept_only_as_a_keyed_digest(door: Door) -> None:
    a_town()
    known = connected(door)
    [item] = items_in(Query(machine_key(CITY, "").pk), 10)
    assert known["secret"] not in str(vars(item))
    assert known["secret"] not in str(door.as_(ADMIN).get(MACHINES_PATH).body)


def test_a_revoked_system_signs_in_no_more(door: Door) -> None:
    a_town()
    known = connected(door)
    other = connected(door, name="Druhý systém")
    assert signed_in(door, known).status == 200
    for _ in range(2):  # again changes nothing
        assert door.as_(ADMIN).delete(f"{MACHINES_PATH}/{known['id']}").status == 204
    assert (refused := signed_in(door, known)).status == 401
    assert refused.body["code"] == "machine_refused"
    assert signed_in(door, other).status == 200
    assert door.as_(ADMIN).delete(f"{MACHINES_PATH}/{new_id()}").status == 404


def test_the_list_says_when_each_was_last_in(door: Door) -> None:
    a_town()
    known = connected(door)
    connected(door, name="Nikdy nepoužitý")
    signed_in(door, known)
    door.as_(ADMIN).delete(f"{MACHINES_PATH}/{known['id']}")
    used, idle = door.as_(ADMIN).get(MACHINES_PATH).body["items"]
    assert (used["name"], used["scopes"]) == (GINIS["name"], GINIS["scopes"])
    assert used["used_at"]
    assert used["revoked_at"]
    assert (idle["used_at"], idle["revoked_at"]) == (None, None)


@pytest.mark.parametrize("wrong", ["id", "secret"])
def test_a_wrong_id_or_secret_is_refused_alike(door: Door, wrong: str) -> None:
    a_town()
    known = connected(door) | {wrong: new_id() if wrong == "id" else "x" * 43}
    assert signed_in(door, known).body["code"] == "machine_refused"


def test_a_system_of_one_town_is_none_of_another(door: Door) -> None:
    a_town()
    a_town("vranohrad", "Vranohrad")
    known = connected(door)
    assert door.post("/cities/vranohrad/machines/session", known).body["code"] == "machine_refused"
    inside = door.as_(signed_in(door, known).body["access_token"])
    assert inside.get("/cities/vranohrad/bookings", query=BOOKINGS).body["code"] == "wrong_role"


def test_guessing_of_secrets_is_slowed_and_a_right_one_is_no_guess(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    a_town()
    monkeypatch.setattr(machines_verbs, "FROM_ONE_NETWORK", tries.Pace(3, guessing.FROM_ONE_NETWORK.window))
    known = connected(door)
    assert {signed_in(door, known).status for _ in range(5)} == {200}
    guesses = [signed_in(door, known | {"secret": "x" * 43}).status for _ in range(4)]
    assert guesses == [401, 401, 401, 429]


def test_who_connected_and_revoked_a_system_stands_in_the_books(door: Door) -> None:
    a_town()
    known = connected(door)
    door.as_(ADMIN).delete(f"{MACHINES_PATH}/{known['id']}")
    told = [(one.what, one.outcome, one.by) for one in ledger.decisions_of(CITY, known["id"])]
    assert sorted(told) == [("machine", "made.accounting_system", ADMIN.id), ("machine", "revoked", ADMIN.id)]


def test_a_town_has_no_more_systems_than_it_may(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    a_town()
    monkeypatch.setattr(machines_verbs, "MACHINES_MAX", 1)
    known = connected(door)
    assert door.as_(ADMIN).post(MACHINES_PATH, GINIS).body["code"] == "too_many_machines"
    door.as_(ADMIN).delete(f"{MACHINES_PATH}/{known['id']}")
    connected(door)


def test_a_system_has_no_record_of_a_person(door: Door) -> None:
    a_town()
    inside = door.as_(signed_in(door, connected(door)).body["access_token"])
    for route in [route for route in Api.every.values() if SIGNED_IN in route.allow and route.method == "GET"]:
        answer = inside.get(route.path.removeprefix("/v1").replace("{city}", CITY))
        assert answer.status in (401, 403, 404) or answer.body["items"] == [], route.name
