"""Verification through the whole of it: a registered person, the town's Regina, the signed protocol, the answer."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from chalicelib.core.clock import now, start_of, today
from chalicelib.core.gate import Who
from chalicelib.money.fees import service as fees
from chalicelib.town.identity import jobs, service, store
from chalicelib.town.people import service as people
from chalicelib.town.towns import service as towns
from regina.file_registry import OUTAGE_FILE
from tests.days import StandAt
from tests.door import Door
from tests.files import PDF, SWAPPED, lying, send
from tests.hiring import hired, known_to
from tests.money.fees.test_charges import a_file, a_row
from tests.town.identity.build import (
    ADMIN,
    CITY,
    CLERK,
    HERE,
    SECOND_CLERK,
    Office,
    a_record,
    citizen,
    entered,
    news,
    registered,
)
from tests.town.people.build import mail


def seen_by(door: Door, person: str) -> dict[str, Any]:
    return dict(door.as_(citizen(person)).get(f"/cities/{CITY}/verifications").body["items"][0])


def messages_to(person: str) -> list[str]:
    from chalicelib.town.messages import service as messages

    return [note.template for note in messages.inbox(CITY, person, "cs", 50, None).items]


def set_town(**changes: Any) -> None:
    towns.amend(CITY, towns.town_now(CITY).v, changes)


def test_a_registered_person_is_asked_about_and_verified_with_the_registrys_spelling(
    office: Office, door: Door
) -> None:
    office.holds(a_record("A1"))
    person = registered(surname="Dvorak")
    assert (seen_by(door, person)["outcome"], seen_by(door, person)["checking"]) == ("pending", True)
    office.verify(person)
    shown = seen_by(door, person)
    assert (shown["outcome"], shown["checking"], shown["differs"]) == ("match", False, [])
    assert shown["registry_name"] == {"given_names": "Petr", "surname": "Dvořák"}
    assert shown["residence"]["municipality_code"] == "999001"
    assert messages_to(person) == ["identity.match"]


def test_the_registrys_spelling_is_taken_over_and_nothing_is_asked_again(office: Office) -> None:
    office.holds(a_record("A1"))
    person = registered(surname="Dvorak")
    office.verify(person)
    news("verification", person, "MODIFY")
    assert people.person(CITY, person).surname == "Dvořák"
    news("person", person, "MODIFY")
    standing = service.standing(CITY, person)
    assert (standing.outcome, standing.verified) == ("match", True)
    assert messages_to(person) == ["identity.match"]


def test_standing_tells_other_rooms_what_programmes_judge_by(office: Office) -> None:
    office.holds(a_record("A1"))
    person = registered()
    before = service.standing(CITY, person)
    assert (before.outcome, before.verified, before.subject_ref) == ("pending", False, "")
    office.verify(person)
    standing = service.standing(CITY, person)
    assert (standing.outcome, standing.verified, standing.second_proof, standing.link) == ("match", True, False, None)
    assert standing.subject_ref == office.subjects.ref("A1")
    assert standing.age_on(date(1998, 5, 16)) == 17
    assert standing.residence is not None
    assert standing.residence.kind == "permanent_residence"


def test_news_that_comes_twice_asks_once(office: Office) -> None:
    office.holds(a_record("A1"))
    person = registered()
    news("person", person)
    news("person", person, "MODIFY")
    assert len(office.lease()) == 1
    assert office.lease() == []


def test_the_question_carries_no_more_than_the_contract_says(office: Office) -> None:
    registered()
    office.lease()
    answer = office.door.call("POST", "/cities/modrinov/regina/leases", {"max": 1})
    assert answer.status == 401
    job = next(iter(store.due(CITY, now() + timedelta(days=1))))
    assert job.birth_place == ""


def test_a_move_elsewhere_is_told_and_asked_again_in_three_days(office: Office, door: Door) -> None:
    office.holds(a_record("A1", residence={"municipality_code": "500011", "address_code": "1"}))
    person = registered()
    office.verify(person)
    mine = door.as_(citizen(person))
    assert seen_by(door, person)["outcome"] == "match_not_resident"
    answer = mine.post(f"/cities/{CITY}/verifications/{person}/check")
    assert answer.status == 200
    again = datetime.fromisoformat(answer.body["next_check_at"])
    assert timedelta(days=2, hours=23) < again - now() < timedelta(days=3, hours=1)
    assert answer.body["outcome"] == "match_not_resident"
    assert office.lease() == []
    second = mine.post(f"/cities/{CITY}/verifications/{person}/check")
    assert (second.status, second.body["code"]) == (409, "already_checking")


def test_a_match_whose_residence_is_not_the_towns_counts_as_elsewhere(office: Office) -> None:
    """The town's own rule decides, not what Regina was configured with."""
    office.holds(a_record("A1"))
    person = registered()
    set_town(city_part_code="999021")
    office.verify(person)
    assert service.standing(CITY, person).outcome == "match_not_resident"


def test_an_outage_is_retried_and_keeps_the_time_of_asking(office: Office, door: Door, stand_at: StandAt) -> None:
    office.holds(a_record("A1"))
    person = registered()
    (office.path.parent / OUTAGE_FILE).write_text("")
    asked_at = store.verification(CITY, person).asked_at  # type: ignore[union-attr]
    office.verify(person)
    shown = seen_by(door, person)
    assert (shown["outcome"], shown["checking"]) == ("unavailable", True)
    assert office.lease() == []
    (office.path.parent / OUTAGE_FILE).unlink()
    stand_at(now() + timedelta(minutes=2))
    office.verify(person)
    known = store.verification(CITY, person)
    assert known is not None
    assert (known.outcome, known.asked_at) == ("match", asked_at)


def test_two_of_one_name_are_parted_by_the_place_of_birth_which_is_then_forgotten(office: Office, door: Door) -> None:
    office.holds(a_record("A1"), a_record("A2", birth_place="Praha"))
    person = registered()
    mine = door.as_(citizen(person))
    early = mine.post(f"/cities/{CITY}/verifications/{person}/birth-place", {"birth_place": "Praha"})
    assert (early.status, early.body["code"]) == (409, "birth_place_not_needed")
    office.verify(person)
    assert seen_by(door, person)["outcome"] == "ambiguous"
    assert mine.post(f"/cities/{CITY}/verifications/{person}/birth-place", {"birth_place": "Praha"}).status == 200
    [job] = office.lease()
    kept = store.job(CITY, job.id)
    assert kept is not None
    assert kept.birth_place == "Praha"
    office.cloud().answer(job, office.answering.answer(job))
    assert service.standing(CITY, person).subject_ref == office.subjects.ref("A2")
    forgotten = store.job(CITY, job.id)
    assert forgotten is not None
    assert forgotten.birth_place == ""


@pytest.mark.parametrize(
    ("record", "outcome"),
    [({"died_on": "2026-01-01"}, "deceased"), ({"questioned": True}, "questioned"), ({"surname": "Kos"}, "no_match")],
)
def test_what_a_clerk_has_to_look_at_stands_in_the_queue(
    office: Office, door: Door, record: dict[str, Any], outcome: str
) -> None:
    office.holds(a_record("A1", **record))
    person = registered()
    office.verify(person)
    rows = door.as_(CLERK).get(f"/cities/{CITY}/verification-queue").body["items"]
    assert [(row["id"], row["reason"], row["name"]) for row in rows] == [(person, outcome, "Petr Dvořák")]
    assert ("identity.no_match" in messages_to(person)) == (outcome == "no_match")


def test_nobody_is_written_to_about_a_death(office: Office) -> None:
    office.holds(a_record("A1", died_on="2026-01-01"))
    person = registered()
    office.verify(person)
    assert messages_to(person) == []


def test_data_that_change_are_pending_at_once_and_asked_about_again(office: Office, door: Door) -> None:
    office.holds(a_record("A1"), a_record("A2", surname="Malý"))
    person = registered()
    office.verify(person)
    me = people.person(CITY, person)
    people.amend_me(CITY, citizen(person), me.v, {"surname": "Malý"})
    assert service.standing(CITY, person).outcome == "pending"
    assert service.standing(CITY, person).subject_ref == ""
    news("person", person, "MODIFY")
    office.verify(person)
    assert service.standing(CITY, person).subject_ref == office.subjects.ref("A2")
    assert store.account_of(CITY, office.subjects.ref("A1")) is None


def test_an_answer_about_data_that_changed_meanwhile_verifies_nothing(office: Office) -> None:
    office.holds(a_record("A1"))
    person = registered()
    [job] = office.lease()
    me = people.person(CITY, person)
    people.amend_me(CITY, citizen(person), me.v, {"surname": "Malý"})
    news("person", person, "MODIFY")
    with pytest.raises(Exception, match="already_answered"):
        office.cloud().answer(job, office.answering.answer(job))
    assert service.standing(CITY, person).outcome == "pending"
    office.verify(person)
    assert service.standing(CITY, person).outcome == "no_match"


def test_a_second_account_of_one_person_is_not_verified_and_the_first_owner_is_told(office: Office, door: Door) -> None:
    office.holds(a_record("A1"))
    first, second = registered(), None
    office.verify(first)
    second = registered(surname="DVORAK")
    office.verify(second)
    shown = seen_by(door, second)
    assert (shown["outcome"], shown["duplicate"], shown["registry_name"], shown["residence"]) == (
        "no_match",
        True,
        None,
        None,
    )
    assert service.standing(CITY, second).subject_ref == ""
    assert service.standing(CITY, first).outcome == "match"
    assert messages_to(second) == ["identity.duplicate"]
    assert "identity.first_account" in messages_to(first)


def test_a_child_entered_by_two_parents_is_one(office: Office) -> None:
    child = {"given_names": "Ema", "surname": "Dvořáková", "birth_date": "2018-03-04"}
    office.holds(
        a_record("father"),
        a_record("mother", given_names="Jana", surname="Malá"),
        a_record("child", **child, parents=[{"registry_id": "father"}, {"registry_id": "mother"}], custody="shared"),
    )
    father, mother = registered(), registered("Jana", "Malá")
    entries = [entered(father), entered(mother, surname="Dvorakova")]
    office.verify(father, mother, *entries)
    office.verify()
    standings = [service.standing(CITY, entry) for entry in entries]
    assert {s.subject_ref for s in standings} == {office.subjects.ref("child")}
    assert [s.link for s in standings] == ["proved_by_registry"] * 2
    assert sorted(service.same_person(CITY, office.subjects.ref("child"))) == sorted(entries)
    assert service.is_partial(CITY, mother, entries[0])
    assert service.is_partial(CITY, mother, father)


def test_a_foster_parent_proves_the_link_by_a_document_that_two_clerks_decide(
    office: Office, door: Door, bucket: str, stand_at: StandAt
) -> None:
    office.holds(
        a_record("grandmother"),
        a_record("child", given_names="Ema", surname="Dvořáková", birth_date="2018-03-04", custody="foster"),
    )
    grandmother = registered()
    child = entered(grandmother)
    office.verify(grandmother, child)
    office.verify()
    assert service.standing(CITY, child).link == "declared"
    mine = door.as_(citizen(grandmother))
    path = f"/cities/{CITY}/verifications/{child}"
    assert mine.get(path).body["link"]["document_wanted"] is True
    upload = mine.post(f"{path}/guardian-document", {"content_type": "application/pdf"})
    assert upload.status == 201
    assert upload.body["fields"]["Content-Type"] == "application/pdf"
    queue = f"/cities/{CITY}/verification-queue"
    assert door.as_(CLERK).get(queue).body["items"] == []
    early = mine.post(f"{path}/guardian-document/arrival")
    assert (early.status, early.body["code"]) == (409, "document_not_arrived")
    assert send(upload.body["url"], upload.body["fields"], PDF) in (200, 204)
    assert mine.post(f"{path}/guardian-document/arrival").body["link"]["document_sent"] is True
    assert send(upload.body["url"], upload.body["fields"], SWAPPED) in (200, 204)
    [row] = door.as_(CLERK).get(f"/cities/{CITY}/verification-queue").body["items"]
    assert (row["id"], row["reason"]) == (child, "guardian_document")
    read = door.as_(CLERK).get(f"{path}/guardian-document").body["url"]
    assert httpx.get(read).content == PDF
    said = {"proved": True, "document": "court_decision"}
    v = door.as_(CLERK).get(path).body["link"]["v"]
    first = door.as_(CLERK).post(f"{path}/guardian", said, version=v)
    assert (first.status, first.body["link"]["state"], first.body["link"]["waits_for_second_clerk"]) == (
        200,
        "declared",
        True,
    )
    again = door.as_(CLERK).post(f"{path}/guardian", said, version=v + 1)
    assert (again.status, again.body["code"]) == (403, "second_clerk_needed")
    second_sign_in = Who(id=known_to(CITY, "second-sign-in", ref="one"), app="admin", roles={CITY: ("clerk",)})
    known_to(CITY, CLERK.id, ref="one")
    other = door.as_(hired(second_sign_in)).post(f"{path}/guardian", said, version=v + 1)
    assert (other.status, other.body["code"]) == (403, "second_clerk_needed")
    stale = door.as_(SECOND_CLERK).post(f"{path}/guardian", said, version=v)
    assert (stale.status, stale.body["code"]) == (409, "changed_meanwhile")
    second = door.as_(SECOND_CLERK).post(f"{path}/guardian", said, version=v + 1)
    assert second.body["link"]["state"] == "proved_by_document"
    assert service.standing(CITY, child).may_act
    assert door.as_(CLERK).get(f"/cities/{CITY}/verification-queue").body["items"] == []
    late = mine.post(f"{path}/guardian-document/arrival")
    assert (late.status, late.body["code"]) == (409, "document_not_needed")
    stand_at(now() + timedelta(days=2))
    assert jobs.JOBS["files"](CITY, None) is None
    assert lying(bucket) == [PDF]
    service.end_link(CITY, child)
    assert jobs.JOBS["files"](CITY, None) is None
    assert lying(bucket) == []
    gone = door.as_(CLERK).get(f"{path}/guardian-document")
    assert (gone.status, gone.body["code"]) == (404, "document_missing")


def test_a_parent_deprived_of_responsibility_is_refused_and_told_nothing_of_the_child(office: Office) -> None:
    parents = [{"registry_id": "father", "responsible": False}]
    child = a_record("child", given_names="Ema", surname="Dvořáková", birth_date="2018-03-04", parents=parents)
    office.holds(a_record("father"), child)
    father = registered()
    entry = entered(father)
    office.verify(father, entry)
    office.verify()
    assert service.standing(CITY, entry).link == "refused"
    assert not service.standing(CITY, entry).may_act
    assert "identity.link_refused" in messages_to(father)
    from chalicelib.town.messages import service as messages

    note = next(n for n in messages.inbox(CITY, father, "cs", 9, None).items if n.template == "identity.link_refused")
    assert "Ema" not in note.text


def test_links_end_with_the_childs_majority_removal_and_death(office: Office, stand_at: StandAt) -> None:
    parent, born = registered(), date(today().year - 16, 1, 1)
    grown, removed, dead = (entered(parent, given_names=n, born=born) for n in ("Jan", "Petr", "Ota"))
    office.holds(a_record("ota", given_names="Ota", surname="Dvořáková", birth_date=str(born), died_on="2026-02-02"))
    people.remove_child(CITY, parent, removed)
    news("child", removed, "MODIFY")
    office.verify(dead)
    assert [service.standing(CITY, c).link for c in (grown, removed, dead)] == ["declared", "ended", "ended"]
    assert service.end_links_of_age(CITY) == 0
    stand_at(start_of(born.replace(year=born.year + 18)))
    assert service.end_links_of_age(CITY) == 1
    assert service.standing(CITY, grown).link == "ended"
    assert service.end_links_of_age(CITY) == 0


def test_an_answer_past_its_time_is_expired_and_asked_again(office: Office, stand_at: StandAt) -> None:
    office.holds(a_record("A1"))
    person = registered()
    office.verify(person)
    assert service.expire_some(CITY) == 0
    later = now() + timedelta(days=366)
    stand_at(later)
    assert service.standing(CITY, person).outcome == "expired"
    assert service.expire_some(CITY) == 1
    known = store.verification(CITY, person)
    assert known is not None
    assert (known.outcome, bool(known.job)) == ("expired", True)
    assert service.expire_some(CITY) == 0


def test_a_town_that_verifies_during_review_asks_when_the_review_does(office: Office) -> None:
    office.holds(a_record("A1"))
    set_town(verification="during_review")
    person = registered()
    assert office.lease() == []
    service.ask(CITY, person)
    service.ask(CITY, person)
    assert len(office.round()) == 1
    service.ask(CITY, person)
    assert office.lease() == []
    assert service.standing(CITY, person).outcome == "match"


def test_a_town_without_regina_verifies_from_a_document(office: Office, door: Door) -> None:
    set_town(verification="by_hand")
    person = registered()
    [row] = door.as_(CLERK).get(f"/cities/{CITY}/verification-queue").body["items"]
    assert (row["id"], row["reason"]) == (person, "by_hand")
    path = f"/cities/{CITY}/verifications/{person}"
    asked = door.as_(citizen(person)).post(f"{path}/check")
    assert (asked.status, asked.body["code"]) == (409, "verified_by_hand_here")
    said = {"document": "id_card", "outcome": "match", "birth_place": "Modřínov", "address_code": "999100002"}
    answer = door.as_(CLERK).post(f"{path}/by-hand", said, version=door.as_(CLERK).get(path).body["v"])
    assert (answer.status, answer.body["outcome"], answer.body["by_hand"]) == (200, "match", "id_card")
    standing = service.standing(CITY, person)
    assert standing.second_proof
    assert standing.subject_ref.startswith("hand.")
    assert door.as_(CLERK).get(f"/cities/{CITY}/verification-queue").body["items"] == []
    twin = registered()
    v = door.as_(CLERK).get(f"/cities/{CITY}/verifications/{twin}").body["v"]
    again = door.as_(CLERK).post(f"/cities/{CITY}/verifications/{twin}/by-hand", said, version=v)
    assert (again.status, again.body["code"]) == (409, "verified_elsewhere")
    other = said | {"birth_place": "Praha"}
    assert door.as_(CLERK).post(f"/cities/{CITY}/verifications/{twin}/by-hand", other, version=v).status == 200


def by_hand(door: Door, person: str, **more: str) -> None:
    path = f"/cities/{CITY}/verifications/{person}"
    said = {"document": "id_card", "outcome": "match", "birth_place": "Modřínov"} | more
    answer = door.as_(CLERK).post(f"{path}/by-hand", said, version=door.as_(CLERK).get(path).body["v"])
    assert answer.status == 200, answer


def test_whom_a_clerk_verified_is_known_by_the_registrys_reference_too(office: Office, door: Door) -> None:
    """Grants hang on the clerk's reference; charges come under the one that Regina makes."""
    set_town(verification="by_hand")
    office.holds(a_record("A1"))
    person = registered()
    by_hand(door, person)
    before = service.standing(CITY, person)
    office.verify(person)
    known, ref = service.standing(CITY, person), office.subjects.ref("A1")
    assert (known.outcome, known.second_proof, known.subject_ref) == ("match", True, before.subject_ref)
    assert known.refs == (before.subject_ref, ref)
    assert service.same_person(CITY, ref) == service.same_person(CITY, before.subject_ref) == [person]
    assert seen_by(door, person)["checking"] is False
    fees.import_charges(CITY, a_file(a_row(subject_ref=ref)))
    assert [owed.charge.number for owed in fees.charges_of(CITY, citizen(person))] == ["ODP-1"]


def test_whom_the_registry_does_not_know_stays_as_the_clerk_said(office: Office, door: Door) -> None:
    set_town(verification="by_hand")
    person = registered()
    by_hand(door, person)
    before = service.standing(CITY, person)
    office.verify(person)
    assert service.standing(CITY, person) == before
    assert office.lease() == []


def test_a_reference_that_another_account_holds_is_not_given_to_whom_a_clerk_verified(
    office: Office, door: Door
) -> None:
    office.holds(a_record("A1"))
    first = registered()
    office.verify(first)
    set_town(verification="by_hand")
    second = registered()
    by_hand(door, second)
    before = service.standing(CITY, second)
    office.verify(second)
    assert service.standing(CITY, second) == before
    assert service.same_person(CITY, office.subjects.ref("A1")) == [first]


def test_a_town_without_a_regina_asks_nobody_about_whom_a_clerk_verified(office: Office, door: Door) -> None:
    set_town(verification="by_hand")
    person = registered()
    [key] = door.as_(ADMIN).get(f"/cities/{CITY}/regina/keys").body["items"]
    door.as_(ADMIN).delete(f"/cities/{CITY}/regina/keys/{key['id']}")
    by_hand(door, person)
    known = store.verification(CITY, person)
    assert known is not None
    assert known.job == ""


def test_a_document_is_wanted_where_the_registry_cannot_be_asked_about_a_guardian(office: Office, door: Door) -> None:
    child = a_record("child", given_names="Ema", surname="Dvořáková", birth_date="2018-03-04")
    office.holds(child)
    parent = registered()
    entry = entered(parent)
    office.verify(parent, entry)
    path = f"/cities/{CITY}/verifications/{parent}"
    v = door.as_(CLERK).get(path).body["v"]
    door.as_(CLERK).post(f"{path}/by-hand", {"document": "id_card", "outcome": "match"}, version=v)
    news("verification", parent, "MODIFY")
    news("verification", parent, "MODIFY")
    assert [type(job.question).__name__ for job in office.lease()] == ["PersonQuestion"], "not about the guardian"
    shown = door.as_(citizen(parent)).get(f"/cities/{CITY}/verifications/{entry}").body
    assert shown["link"]["document_wanted"] is True
    assert messages_to(parent).count("identity.link_not_proved") == 1
    set_town(verification="by_hand")
    other = entered(parent, "Jan", born=date(2019, 1, 1))
    shown = door.as_(citizen(parent)).get(f"/cities/{CITY}/verifications/{other}").body
    assert shown["link"]["document_wanted"] is True


def test_who_comes_with_a_document_takes_over_from_an_account_that_only_knew_a_name(office: Office, door: Door) -> None:
    office.holds(a_record("A1"))
    impostor = registered()
    office.verify(impostor)
    owner = registered()
    office.verify(owner)
    assert service.standing(CITY, owner).duplicate
    path = f"/cities/{CITY}/verifications/{owner}"
    v = door.as_(CLERK).get(path).body["v"]
    said = {"document": "id_card", "outcome": "match"}
    assert door.as_(CLERK).post(f"{path}/by-hand", said, version=v).status == 200
    assert service.standing(CITY, owner).subject_ref == office.subjects.ref("A1")
    assert (service.standing(CITY, impostor).outcome, service.standing(CITY, impostor).duplicate) == ("no_match", True)
    assert service.same_person(CITY, office.subjects.ref("A1")) == [owner]


def test_a_clerk_decides_nothing_about_themselves_or_their_own_child(office: Office, door: Door) -> None:
    child = a_record("child", given_names="Ema", surname="Dvořáková", birth_date="2018-03-04")
    office.holds(a_record("A1", given_names="Jana", surname="Malá"), a_record("A2"), child)
    registered("Jana", "Malá", id=CLERK.id)
    other = registered()
    mine, theirs = entered(CLERK.id), entered(other)
    office.verify()
    for subject in (CLERK.id, mine, theirs):
        path = f"/cities/{CITY}/verifications/{subject}"
        v = door.as_(SECOND_CLERK).get(path).body["v"]
        answer = door.as_(CLERK).post(f"{path}/by-hand", {"document": "id_card", "outcome": "match"}, version=v)
        assert (answer.status, answer.body["code"]) == (403, "conflict_of_interest"), subject


def test_another_persons_verification_does_not_exist_for_a_citizen(office: Office, door: Door) -> None:
    person, other = registered(), registered("Jana", "Malá")
    child = entered(other)
    mine = door.as_(citizen(person))
    for subject in (other, child):
        path = f"/cities/{CITY}/verifications/{subject}"
        assert mine.get(path).status == 404
        assert mine.post(f"{path}/check").status == 404
        assert mine.post(f"{path}/birth-place", {"birth_place": "Praha"}).status == 404
        assert mine.post(f"{path}/letter").status == 404
        assert mine.post(f"{path}/code", {"code": "ABCD-2345"}).status == 404
        assert mine.post(f"{path}/guardian-document", {"content_type": "image/png"}).status == 404


def test_a_clerk_sees_the_household_together_in_order_of_entry(office: Office, door: Door) -> None:
    person = registered()
    children = [entered(person, given_names=name) for name in ("Ema", "Jan", "Ota")]
    for id in (person, children[0]):
        shown = door.as_(CLERK).get(f"/cities/{CITY}/households/{id}").body["items"]
        assert [one["id"] for one in shown] == [person, *children]
        assert shown[0]["address"] == "Nádražní 7, Modřínov"


def test_a_clerks_look_is_noted_for_the_person(office: Office, door: Door) -> None:
    person = registered()
    door.as_(CLERK).get(f"/cities/{CITY}/verifications/{person}")
    notes = people.accesses(CITY, today(), 10, None).items
    assert [(n.by, n.action, n.subject) for n in notes] == [(CLERK.id, "read", person)]


def test_export_gives_a_person_what_verification_holds(office: Office) -> None:
    office.holds(a_record("A1"))
    person = registered()
    office.verify(person)
    part: Any = service.export(CITY, person)
    assert part["verifications"][0]["outcome"] == "match"


def test_e_mails_about_verification_say_nothing_of_the_outcome(office: Office) -> None:
    office.holds(a_record("A1", questioned=True))
    registered(email="petr@priklad.example")
    office.verify()
    [letter] = mail()
    assert "prověřuje" not in letter.text
    assert "Dvořák" not in letter.text


def test_standings_of_many_come_at_once_and_nobody_unknown_is_passed_over(office: Office) -> None:
    from chalicelib.core.refusals import NotFound

    person = registered()
    child = entered(person)
    assert set(service.standings(CITY, [person, child])) == {person, child}
    with pytest.raises(NotFound):
        service.standings(CITY, [person, "nobody"])


def test_fingerprint_is_of_what_was_asked(office: Office) -> None:
    person = registered()
    known = store.verification(CITY, person)
    assert known is not None
    assert known.fingerprint == people.person(CITY, person).fingerprint
    assert people.person(CITY, person).residence == HERE
    assert replace(known, v=0) != known
    assert ADMIN.roles[CITY] == ("admin",)


def test_a_death_that_the_registry_learns_of_reaches_the_clerk_and_ends_links(office: Office, door: Door) -> None:
    office.holds(a_record("A1"))
    person = registered()
    child = entered(person)
    office.verify(person)
    assert office.tell_changes() == 0
    office.holds(a_record("A1", died_on="2026-10-31"))
    assert office.tell_changes() == 1
    assert service.standing(CITY, person).outcome == "match"
    office.verify(person)
    assert service.standing(CITY, person).outcome == "deceased"
    assert service.standing(CITY, child).link == "ended"
    rows = door.as_(CLERK).get(f"/cities/{CITY}/verification-queue").body["items"]
    assert (person, "deceased") in [(row["id"], row["reason"]) for row in rows]
    assert office.tell_changes() == 0


def test_a_move_that_the_registry_learns_of_is_asked_about_for_every_entry_of_a_child(office: Office) -> None:
    child = {"given_names": "Ema", "surname": "Dvořáková", "birth_date": "2018-03-04"}
    office.holds(a_record("C1", **child))
    entries = [entered(registered()), entered(registered("Jana", "Malá"))]
    office.round()
    assert [service.standing(CITY, entry).outcome for entry in entries] == ["match", "match"]
    office.holds(a_record("C1", **child, residence={"municipality_code": "500011", "address_code": "1"}))
    assert office.tell_changes() == 1
    office.round()
    assert [service.standing(CITY, entry).outcome for entry in entries] == ["match_not_resident"] * 2


def test_news_about_nobody_here_change_nothing(office: Office) -> None:
    registered()
    office.round()
    office.cloud().tell_changes(["x" * 43])
    assert office.lease() == []


def test_trying_name_after_name_is_put_off_until_tomorrow(office: Office) -> None:
    office.holds(a_record("A1", surname="Zedník"))
    person = registered(surname="Zkouška")
    for n in range(12):
        office.round()
        me = people.person(CITY, person)
        people.amend_me(CITY, citizen(person), me.v, {"surname": f"Zkouška {'abcdefghijkl'[n]}"})
        news("person", person, "MODIFY")
    known = store.verification(CITY, person)
    assert known is not None
    assert known.next_check_at is not None
    assert timedelta(0) < known.next_check_at - now() <= timedelta(days=1, hours=1)
    assert office.lease() == []
