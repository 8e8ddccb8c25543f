"""Staff and their roles, invitations of colleagues and of providers' people."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.core.gate import Who
from chalicelib.core.table import transact
from chalicelib.town.people import service
from chalicelib.town.towns import service as towns
from tests.door import Door
from tests.hiring import hired, known_to
from tests.town.people.build import PASSWORD, a_colleague, a_town, agreed, mail, registered, signed_in, token_in

ADMIN = Who(id="a" * 26, app="admin", roles={"modrinov": ("admin",)})
STAFF = "/cities/modrinov/staff"
NEW = {"given_names": "Petr", "surname": "Král", "password": PASSWORD}


def test_an_invited_colleague_signs_in_with_the_offered_roles(door: Door) -> None:
    a_town()
    assert door.as_(ADMIN).post(STAFF, {"email": "kral@radnice.example", "roles": ["clerk"]}).status == 202
    token = token_in(mail()[0])
    offer = door.post("/invitations/look", {"token": token}).body
    assert (offer["town"], offer["roles"], offer["has_account"]) == ("Modřínov", ["clerk"], False)
    assert door.post("/invitations/accept", {"token": token}).body["code"] == "password_needed"
    assert door.post("/invitations/accept", {"token": token} | NEW).status == 200
    assert door.post("/invitations/accept", {"token": token} | NEW).body["code"] == "link_spent"
    assert signed_in(door, "kral@radnice.example", "admin").body["roles"] == {}, "another administrator has to agree"
    agreed(door, "kral@radnice.example")
    assert signed_in(door, "kral@radnice.example", "admin").body["roles"] == {"modrinov": ["clerk"]}
    listed = door.as_(ADMIN).get(STAFF).body["items"]
    assert [(member["name"], member["roles"]) for member in listed] == [
        ("Jana Dvořáková", ["admin"]),
        ("Jana Dvořáková", ["admin"]),
        ("Petr Král", ["clerk"]),
    ]


def test_a_citizen_takes_an_invitation_with_the_sign_in_they_have(door: Door) -> None:
    a_town()
    registered(door)
    door.as_(ADMIN).post(STAFF, {"email": "ema@priklad.example", "roles": ["clerk", "assistant"]})
    token = token_in(mail()[-1])
    assert door.post("/invitations/look", {"token": token}).body["has_account"] is True
    assert door.post("/invitations/accept", {"token": token}).status == 200
    agreed(door, "ema@priklad.example")
    assert signed_in(door, app="admin").body["roles"] == {"modrinov": ["assistant", "clerk"]}
    assert signed_in(door, app="moje").body["roles"] == {"modrinov": ["citizen"]}


@pytest.mark.parametrize("other", ["budget_officer", "chief_accountant"])
def test_the_authorising_officer_is_never_the_one_who_watches_the_budget(door: Door, other: str) -> None:
    a_town()
    roles = ["authorising_officer", other]
    assert door.as_(ADMIN).post(STAFF, {"email": "x@radnice.example", "roles": roles}).body["code"] == "roles_clash"
    for known in (hired(ADMIN).id, a_colleague("k" * 26, ("clerk",)).id):
        known_to("modrinov", known)
    patched = door.as_(ADMIN).patch(f"{STAFF}/{'k' * 26}", {"roles": roles}, version=1)
    assert patched.body["code"] == "roles_clash"


def test_an_invitation_cannot_join_two_roles_that_clash(door: Door) -> None:
    a_town()
    a_colleague("k" * 26, ("authorising_officer",))
    door.as_(ADMIN).post(STAFF, {"email": f"{'k' * 26}@radnice.example", "roles": ["budget_officer"]})
    assert door.post("/invitations/accept", {"token": token_in(mail()[0])}).body["code"] == "roles_clash"


def test_the_budget_officer_may_be_the_chief_accountant_only_where_the_town_has_it_so(door: Door) -> None:
    town = a_town()
    for known in (hired(ADMIN).id, a_colleague("k" * 26, ("clerk",)).id):
        known_to("modrinov", known)
    body = {"roles": ["budget_officer", "chief_accountant"]}
    assert door.as_(ADMIN).patch(f"{STAFF}/{'k' * 26}", body, version=1).body["code"] == "officers_apart"
    towns.amend("modrinov", town.v, {"joint_accountant": True})
    assert door.as_(ADMIN).patch(f"{STAFF}/{'k' * 26}", body, version=1).status == 204
    assert door.as_(ADMIN).get(f"{STAFF}/{'k' * 26}").body["proposed"]["roles"] == [
        "budget_officer",
        "chief_accountant",
    ]


def test_nobody_changes_their_own_roles(door: Door) -> None:
    a_town()
    admin = a_colleague("k" * 26, ("admin",))
    answer = door.as_(admin).patch(f"{STAFF}/{'k' * 26}", {"roles": []}, version=1)
    assert (answer.status, answer.body["code"]) == (403, "own_roles")


def test_of_parallel_edits_of_roles_one_holds(door: Door) -> None:
    a_town()
    a_colleague("k" * 26, ("clerk",))

    def edit(role: str) -> int:
        return door.as_(ADMIN).patch(f"{STAFF}/{'k' * 26}", {"roles": [role]}, version=1).status

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(edit, ("auditor", "assistant", "programme_owner"))) == [204, 409, 409]


def test_who_leaves_the_town_hall_is_off_the_list_and_stays_a_citizen(door: Door) -> None:
    a_town()
    registered(door)
    door.as_(ADMIN).post(STAFF, {"email": "ema@priklad.example", "roles": ["clerk"]})
    door.post("/invitations/accept", {"token": token_in(mail()[-1])})
    [member] = [one for one in door.as_(ADMIN).get(STAFF).body["items"] if one["person"] != ADMIN.id]
    version = door.as_(ADMIN).get(f"{STAFF}/{member['person']}").body["v"]
    assert door.as_(ADMIN).patch(f"{STAFF}/{member['person']}", {"roles": []}, version=version).status == 204
    assert [one["person"] for one in door.as_(ADMIN).get(STAFF).body["items"]] == [ADMIN.id]
    assert signed_in(door).body["roles"] == {"modrinov": ["citizen"]}


def test_a_citizen_is_no_member_of_staff(door: Door) -> None:
    a_town()
    person = registered(door)
    assert door.as_(ADMIN).patch(f"{STAFF}/{person}", {"roles": ["clerk"]}, version=1).status == 404


def test_a_cashier_is_invited_to_a_provider_and_leaves_it(door: Door) -> None:
    a_town()
    owner = hired(Who(id="o" * 26, app="admin", providers={"modrinov": {"p1": "owner"}}))
    service.invite_member(
        "modrinov", "pokladna@oddil.example", owner, provider="p1", provider_name="TJ Modřín", role="cashier"
    )
    letter = mail()[0]
    assert letter.subject == "Pozvánka: TJ Modřín"
    assert door.post("/invitations/accept", {"token": token_in(letter)} | NEW).status == 200
    session = signed_in(door, "pokladna@oddil.example", "reader")
    assert session.body["providers"] == {"modrinov": {"p1": "cashier"}}
    [member] = [one for one in service.provider_members("modrinov", "p1") if one.person != owner.id]
    assert (member.name, member.role) == ("Petr Král", "cashier")
    assert service.provider_role_now("modrinov", member.person, "p1") == "cashier"
    transact([service.take_provider_role("modrinov", member.person, "p1")])
    assert service.provider_role_now("modrinov", member.person, "p1") is None
    assert [one.person for one in service.provider_members("modrinov", "p1")] == [owner.id]


def test_an_invitation_is_worth_what_who_sent_it_may_do_now(door: Door) -> None:
    """Whoever is let go leaves no door open behind them."""
    a_town()
    owner = hired(Who(id="o" * 26, app="admin", providers={"modrinov": {"p1": "owner"}}))
    door.as_(ADMIN).post(STAFF, {"email": "druhy@radnice.example", "roles": ["admin"]})
    service.invite_member("modrinov", "druhy@oddil.example", owner, provider="p1", provider_name="TJ Modřín")
    by_town, by_provider = map(token_in, mail())
    assert door.post("/invitations/look", {"token": by_town}).status == 200
    a_colleague("z" * 26, ("admin",))
    colleague = Who(id="z" * 26, app="admin", roles={"modrinov": ("admin",)})
    assert door.as_(colleague).patch(f"{STAFF}/{ADMIN.id}", {"roles": ["clerk"]}, version=1).status == 204
    transact([service.take_provider_role("modrinov", owner.id, "p1")])
    for token in (by_town, by_provider):
        assert door.post("/invitations/look", {"token": token}).body["code"] == "link_spent"
        assert door.post("/invitations/accept", {"token": token} | NEW).body["code"] == "link_spent"
    assert {one.person for one in service.staff("modrinov")} == {ADMIN.id, colleague.id}


def test_names_of_those_who_decided_are_known(door: Door) -> None:
    a_town()
    a_colleague("k" * 26, ("clerk",), name="Jana Dvořáková")
    assert service.names(["k" * 26, "x" * 26]) == {"k" * 26: "Jana Dvořáková"}
