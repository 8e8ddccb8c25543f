"""Roles over money: nobody comes to them alone, under whatever sign-ins."""

from typing import Any

import pytest

from chalicelib.core.gate import FINANCE, PROVED, Who
from chalicelib.money.ledger import service as ledger
from chalicelib.town.people import service
from chalicelib.town.towns import service as towns
from tests.door import Door
from tests.hiring import hired, known_to
from tests.town.people.build import PASSWORD, a_colleague, a_town, mail, token_in

CITY = "modrinov"
STAFF = f"/cities/{CITY}/staff"
NEW = {"given_names": "Petr", "surname": "Král", "password": PASSWORD}
FIRST = Who(id="first", app="admin", roles={CITY: ("admin",)})
SECOND = Who(id="second", app="admin", roles={CITY: ("admin",)})


@pytest.fixture(autouse=True)
def town(table: str) -> None:
    a_town()
    for administrator in (FIRST, SECOND):
        hired(administrator)
        known_to(CITY, administrator.id)


def member(door: Door, person: str = "officer") -> dict[str, Any]:
    return door.as_(FIRST).get(f"{STAFF}/{person}").body  # type: ignore[no-any-return]


def proposed(door: Door, role: str = "authorising_officer") -> str:
    """A colleague known to the town, to whom the first administrator gives a role over money."""
    a_colleague("officer", ("clerk",))
    known_to(CITY, "officer")
    assert door.as_(FIRST).patch(f"{STAFF}/officer", {"roles": ["clerk", role]}, version=1).status == 204
    saved = member(door)
    assert (saved["roles"], saved["proposed"]["roles"]) == (["clerk"], [role])
    return "officer"


def accept(door: Door, by: Who, person: str = "officer") -> tuple[int, str]:
    answer = door.as_(by).post(f"{STAFF}/{person}/proposed-roles/acceptance", version=member(door, person)["v"])
    return answer.status, answer.body["code"] if answer.body else ""


@pytest.mark.parametrize("role", FINANCE)
def test_a_role_over_money_is_held_once_a_second_administrator_agrees(door: Door, role: str) -> None:
    proposed(door, role)
    assert service.staff_roles_now(CITY, "officer") == ("clerk",)
    shown = next(one for one in door.as_(SECOND).get(STAFF).body["items"] if one["person"] == "officer")
    assert (shown["proposed"]["by"], shown["v"]) == ("first", 2)
    assert accept(door, SECOND) == (204, "")
    assert set(service.staff_roles_now(CITY, "officer")) == {"clerk", role}
    leaves = [(leaf.outcome, leaf.by) for leaf in ledger.decisions_of(CITY, "officer")]
    assert leaves == [(f"proposed.{role}", "first"), (f"accepted.{role}", "second")]
    assert accept(door, SECOND) == (409, "nothing_proposed")


def test_nobody_agrees_to_what_they_proposed_nor_to_their_own_role(door: Door) -> None:
    proposed(door)
    assert accept(door, FIRST) == (403, "same_person_signs")
    a_colleague("third", ("admin",))
    known_to(CITY, "third")
    door.as_(FIRST).patch(f"{STAFF}/third", {"roles": ["admin", "budget_officer"]}, version=1)
    third = Who(id="third", app="admin", roles={CITY: ("admin",)})
    assert accept(door, third, "third") == (403, "same_person_signs")
    assert service.staff_roles_now(CITY, "third") == ("admin",)


@pytest.mark.parametrize("of", ["first", "officer"])
def test_a_second_sign_in_of_one_person_is_no_second_administrator(door: Door, of: str) -> None:
    proposed(door)
    known_to(CITY, "second", ref=f"ref-{of}")
    assert accept(door, SECOND) == (403, "same_person_signs")


@pytest.mark.parametrize(
    ("who", "code"),
    [("second", "signer_not_verified"), ("first", "officer_not_verified"), ("officer", "officer_not_verified")],
)
def test_all_three_must_have_proved_who_they_are(door: Door, who: str, code: str) -> None:
    proposed(door)
    known_to(CITY, who, proof=False)
    assert accept(door, SECOND)[1] == code
    known_to(CITY, who)
    assert accept(door, SECOND) == (204, "")


@pytest.mark.parametrize("role", PROVED)
def test_such_a_role_is_not_even_proposed_to_whom_the_town_does_not_know(door: Door, role: str) -> None:
    a_colleague("officer", ("clerk",), name="Petr Král")
    at, body = f"{STAFF}/officer", {"roles": ["clerk", role]}
    unproved = door.as_(FIRST).patch(at, body, version=1)
    assert (unproved.status, unproved.body["code"]) == (409, "officer_not_verified")
    assert "ještě nemá Petr Král" in unproved.body["detail"]
    known_to(CITY, "officer")
    known_to(CITY, "first", proof=False)
    assert door.as_(FIRST).patch(at, body, version=1).body["code"] == "signer_not_verified"
    known_to(CITY, "first")
    assert door.as_(FIRST).patch(at, body, version=1).status == 204


def test_what_waits_already_does_not_keep_other_roles_from_being_changed(door: Door) -> None:
    proposed(door)
    known_to(CITY, "officer", proof=False)
    kept = {"roles": ["authorising_officer", "auditor"]}
    assert door.as_(FIRST).patch(f"{STAFF}/officer", kept, version=2).status == 204
    assert (member(door)["roles"], member(door)["proposed"]["roles"]) == ([], ["auditor", "authorising_officer"])


def test_every_verb_of_proposals_leaves_its_leaf_in_the_books(door: Door) -> None:
    a_colleague("officer", ("clerk", "programme_owner"))
    at, v = f"{STAFF}/officer", 1

    def set_to(*roles: str) -> None:
        nonlocal v
        assert door.as_(FIRST).patch(at, {"roles": roles}, version=v).status == 204
        v += 1

    def answered(how: str) -> None:
        nonlocal v
        assert door.as_(SECOND).post(f"{at}/proposed-roles/{how}", version=v).status == 204
        v += 1

    set_to("clerk", "auditor")
    set_to("clerk", "assistant")
    set_to("clerk")
    set_to("clerk", "assistant")
    answered("refusal")
    set_to("clerk", "assistant")
    answered("acceptance")
    leaves = [(leaf.outcome, leaf.by) for leaf in ledger.decisions_of(CITY, "officer")]
    assert sorted(leaves) == sorted([
        ("set.clerk", "first"), ("proposed.auditor", "first"),
        ("withdrawn.auditor", "first"), ("proposed.assistant", "first"),
        ("withdrawn.assistant", "first"),
        ("proposed.assistant", "first"), ("refused.assistant", "second"),
        ("proposed.assistant", "first"), ("accepted.assistant", "second"),
    ])  # fmt: skip


def test_a_refused_role_is_not_held_and_may_be_proposed_again(door: Door) -> None:
    proposed(door)
    at = f"{STAFF}/officer/proposed-roles/refusal"
    assert door.as_(SECOND).post(at, version=2).status == 204
    assert accept(door, SECOND) == (409, "nothing_proposed")
    assert service.staff_roles_now(CITY, "officer") == ("clerk",)
    body = {"roles": ["clerk", "authorising_officer"]}
    assert door.as_(SECOND).patch(f"{STAFF}/officer", body, version=3).status == 204
    assert member(door)["proposed"]["by"] == "second"


def test_whoever_saves_the_same_roles_again_does_not_become_the_one_who_proposed_them(door: Door) -> None:
    proposed(door)
    again = door.as_(SECOND).patch(f"{STAFF}/officer", {"roles": ["clerk", "authorising_officer"]}, version=2)
    assert (again.status, member(door)["proposed"]["by"]) == (204, "first")


def test_an_answer_to_other_roles_than_were_seen_is_refused(door: Door) -> None:
    proposed(door)
    door.as_(FIRST).patch(f"{STAFF}/officer", {"roles": ["clerk", "chief_accountant"]}, version=2)
    late = door.as_(SECOND).post(f"{STAFF}/officer/proposed-roles/acceptance", version=2)
    assert (late.status, late.body["code"]) == (409, "changed_meanwhile")


def test_a_role_over_money_in_an_invitation_waits_too(door: Door) -> None:
    offered = {"email": "kral@radnice.example", "roles": ["clerk", "budget_officer"]}
    assert door.as_(FIRST).post(STAFF, offered).status == 202
    assert door.post("/invitations/accept", {"token": token_in(mail()[0])} | NEW).status == 200
    [new] = [one for one in door.as_(FIRST).get(STAFF).body["items"] if one["email"] == offered["email"]]
    assert (new["roles"], new["proposed"]["roles"], new["proposed"]["by"]) == ([], ["budget_officer", "clerk"], "first")
    known_to(CITY, new["person"])
    assert accept(door, FIRST, new["person"]) == (403, "same_person_signs")
    assert accept(door, SECOND, new["person"]) == (204, "")


@pytest.mark.parametrize("role", ["clerk", "chief_accountant"])
def test_nobody_invites_themselves(door: Door, role: str) -> None:
    own = {"email": "first@radnice.example", "roles": [role]}
    refused = door.as_(FIRST).post(STAFF, own)
    assert (refused.status, refused.body["code"]) == (403, "own_roles")
    assert mail() == []


def test_roles_that_one_person_may_not_hold_together_are_not_agreed_to(door: Door) -> None:
    proposed(door, "budget_officer")
    towns.amend(CITY, 1, {"joint_accountant": True})
    both = {"roles": ["budget_officer", "chief_accountant"]}
    door.as_(FIRST).patch(f"{STAFF}/officer", both, version=2)
    towns.amend(CITY, 2, {"joint_accountant": False})
    assert accept(door, SECOND) == (422, "officers_apart")
