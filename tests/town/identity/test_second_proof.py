"""Before money: that the account belongs to the person it names."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.clock import now
from chalicelib.town.identity import service, store
from chalicelib.town.people import service as people
from chalicelib.town.towns import service as towns
from chalicelib.town.towns.model import SecondProof
from tests.days import StandAt
from tests.door import Answer, Door
from tests.town.identity.build import CITY, CLERK, Office, a_record, citizen, entered, news, registered


@pytest.fixture
def person(office: Office) -> str:
    office.holds(a_record("A1"))
    made = registered()
    office.verify(made)
    return made


def path(person: str, tail: str = "") -> str:
    return f"/cities/{CITY}/verifications/{person}{tail}"


def ordered(door: Door, person: str) -> Answer:
    return door.as_(citizen(person)).post(path(person, "/letter"))


def printed(door: Door, person: str) -> Answer:
    return door.as_(CLERK).post(f"/cities/{CITY}/proof-letters/{person}/print")


def tried(door: Door, person: str, code: str) -> Answer:
    return door.as_(citizen(person)).post(path(person, "/code"), {"code": code})


def test_a_code_by_post_proves_the_account(office: Office, door: Door, person: str) -> None:
    assert not service.standing(CITY, person).second_proof
    assert ordered(door, person).body["letter"]["code_expected"] is False
    [row] = door.as_(CLERK).get(f"/cities/{CITY}/proof-letters").body["items"]
    assert (row["id"], row["name"]) == (person, "Petr Dvořák")
    letter = printed(door, person)
    assert letter.body["address"] == "Nádražní 7, Modřínov"
    assert door.as_(CLERK).get(f"/cities/{CITY}/proof-letters").body["items"] == []
    typed = letter.body["code"].replace("-", " ").lower()
    answer = tried(door, person, typed)
    assert (answer.status, answer.body["second_proof"]["way"]) == (200, "post")
    assert service.standing(CITY, person).second_proof
    assert tried(door, person, typed).body["code"] == "code_dead"


def test_the_letter_goes_where_the_registry_says_and_not_where_the_person_typed(office: Office, door: Door) -> None:
    office.holds(a_record("A1", residence={"address_code": "999100003"}))
    made = registered()
    office.verify(made)
    ordered(door, made)
    assert printed(door, made).body["address"] == "Žižkova 12/1, Modřínov"


def test_no_code_is_kept(office: Office, door: Door, person: str) -> None:
    ordered(door, person)
    code = printed(door, person).body["code"]
    order = store.letter(CITY, person)
    assert order is not None
    assert code.replace("-", "") not in str(order)
    assert printed(door, person).status == 404


def test_five_wrong_tries_kill_the_code_and_a_new_letter_may_be_ordered(
    office: Office, door: Door, person: str
) -> None:
    ordered(door, person)
    code = printed(door, person).body["code"]
    again = ordered(door, person)
    assert (again.status, again.body["code"]) == (409, "letter_on_the_way")
    left = [tried(door, person, "ZZZZ-ZZZZ").body["facts"]["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    dead = tried(door, person, code)
    assert (dead.status, dead.body["code"]) == (410, "code_dead")
    assert ordered(door, person).status == 201


def test_tries_at_once_are_all_counted(office: Office, door: Door, person: str) -> None:
    ordered(door, person)
    printed(door, person)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: tried(door, person, "ZZZZ-ZZZZ").body["code"], range(40)))
    order = store.letter(CITY, person)
    assert order is not None
    assert answers.count("code_wrong") == order.tries <= 5


def test_a_code_runs_out(office: Office, door: Door, person: str, stand_at: StandAt) -> None:
    ordered(door, person)
    code = printed(door, person).body["code"]
    stand_at(now() + timedelta(days=31))
    assert tried(door, person, code).body["code"] == "code_dead"


def test_no_letter_goes_to_the_offices_address_or_out_of_town_or_before_verification(
    office: Office, door: Door
) -> None:
    homes: list[dict[str, Any]] = [
        {"official_address": True},
        {"municipality_code": "500011", "address_code": "1"},
    ]
    for n, home in enumerate(homes):
        office.holds(a_record("A1", given_names=f"Jan {'ab'[n]}", residence=home))
        made = registered(f"Jan {'ab'[n]}")
        assert ordered(door, made).body["code"] == "letter_impossible"
        office.verify(made)
        assert ordered(door, made).body["code"] == "letter_impossible", home
        assert door.as_(CLERK).get(f"/cities/{CITY}/proof-letters").body["items"] == []


def test_at_the_desk_a_document_is_enough(office: Office, door: Door, person: str) -> None:
    answer = door.as_(CLERK).post(path(person, "/second-proof"), {"document": "passport"})
    assert (answer.status, answer.body["second_proof"]["way"]) == (200, "desk")
    known = store.verification(CITY, person)
    assert known is not None
    assert known.second_proof is not None
    assert (known.second_proof.by, known.second_proof.document) == (CLERK.id, "passport")
    again = door.as_(CLERK).post(path(person, "/second-proof"), {"document": "passport"})
    assert (again.status, again.body["code"]) == (409, "already_proved")


def test_who_is_not_verified_proves_nothing(office: Office, door: Door) -> None:
    made = registered()
    answer = door.as_(CLERK).post(path(made, "/second-proof"), {"document": "passport"})
    assert (answer.status, answer.body["code"]) == (409, "not_verified")


def test_a_way_that_the_town_does_not_use_is_refused(office: Office, door: Door, person: str) -> None:
    town = towns.town_now(CITY)
    towns.amend(CITY, town.v, {"second_proof": SecondProof(by_post=False, at_desk=False)})
    desk = door.as_(CLERK).post(path(person, "/second-proof"), {"document": "passport"})
    assert (ordered(door, person).body["code"], desk.body["code"]) == ("proof_way_off", "proof_way_off")


def test_a_childs_standing_carries_the_guardians_proof(office: Office, door: Door, person: str) -> None:
    child = entered(person)
    assert not service.standing(CITY, child).second_proof
    door.as_(CLERK).post(path(person, "/second-proof"), {"document": "id_card"})
    assert service.standing(CITY, child).second_proof
    assert door.as_(citizen(person)).post(path(child, "/letter")).status == 404


def test_a_proof_of_one_person_is_not_worth_another(office: Office, door: Door, person: str) -> None:
    door.as_(CLERK).post(path(person, "/second-proof"), {"document": "id_card"})
    office.holds(a_record("A1"), a_record("A2", surname="Malý"))
    people.amend_me(CITY, citizen(person), people.person(CITY, person).v, {"surname": "Malý"})
    news("person", person, "MODIFY")
    office.verify(person)
    assert service.standing(CITY, person).verified
    assert not service.standing(CITY, person).second_proof


def test_a_proof_outlives_a_change_that_leaves_the_person_the_same(office: Office, door: Door, person: str) -> None:
    door.as_(CLERK).post(path(person, "/second-proof"), {"document": "id_card"})
    people.amend_me(CITY, citizen(person), people.person(CITY, person).v, {"surname": "Dvorak"})
    news("person", person, "MODIFY")
    office.verify(person)
    assert service.standing(CITY, person).second_proof
