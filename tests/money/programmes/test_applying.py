"""The applicant's side: what can pass, what cannot and why, and what becomes of an application."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.clock import today
from chalicelib.core.gate import Who
from chalicelib.core.refusals import ChangedMeanwhile
from chalicelib.money.programmes import jobs, service
from chalicelib.money.programmes.model import (
    AlreadyApplied,
    Answers,
    ApplicationStateForbids,
    ApplicationUnknown,
    ConditionsNotMet,
    NotYourChild,
    ProgrammeNotOpen,
    WhoMay,
    Words,
)
from chalicelib.money.programmes.reviewing import Decision
from chalicelib.town.identity.model import Residence
from chalicelib.town.people import service as people
from tests.door import Door
from tests.money.programmes.build import (
    CITY,
    HOME,
    a_child,
    a_citizen,
    a_hall,
    an_open,
    submitted,
    verified,
)
from tests.town.people.build import a_person


def citizen(id: str) -> Who:
    return Who(id=id, app="moje", roles={CITY: ("citizen",)})


def heard(subject: str) -> None:
    """The table's stream brings the registry's answer."""
    from chalicelib.core.work import Change
    from chalicelib.town.people.model import guardian_of

    pk = f"{CITY}#P#{guardian_of(subject) or subject}"
    jobs.changed(Change(CITY, "verification", pk, f"V#{subject}", "MODIFY"))


def test_who_cannot_pass_is_told_every_reason_and_nothing_is_sent(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, who=WhoMay(born_from=today() - timedelta(days=18 * 366), residence_codes=(HOME,)))
    me = a_citizen()
    verified(me.id, outcome="match_not_resident", residence=Residence("999999"))
    draft = service.start(CITY, programme.id, me.id, me)
    with pytest.raises(ConditionsNotMet) as refused:
        service.submit(CITY, draft.id, me)
    assert refused.value.conditions == ("birth_date", "residence")
    assert service.application(CITY, draft.id).state == "draft"


def test_an_unverified_person_may_submit_and_keeps_the_place_in_the_order(table: str) -> None:
    staff = a_hall(verification="during_review")
    programme = an_open(staff)
    a_person("jana", "Jana", "Nováková")
    sent = submitted(programme, citizen("jana"))
    assert sent.state == "verifying"
    from chalicelib.town.identity import store as identity_store

    asked = identity_store.verification(CITY, "jana")
    assert asked is not None
    assert asked.job, "the registry was asked"

    verified("jana")
    heard("jana")
    after = service.application(CITY, sent.id)
    assert (after.state, after.checks, after.subject_ref) == ("submitted", "ok", "ref-jana")
    assert after.received_at == sent.received_at
    assert [line.what for line in service.history(CITY, after, private=False)] == ["verified", "submitted"]


def test_who_lives_elsewhere_by_the_registry_comes_to_the_clerk_with_the_reason(table: str) -> None:
    staff = a_hall(verification="during_review")
    programme = an_open(staff)
    a_person("jana", "Jana", "Nováková")
    sent = submitted(programme, citizen("jana"))
    verified("jana", outcome="match_not_resident", residence=Residence("999002"))
    heard("jana")
    after = service.application(CITY, sent.id)
    assert (after.state, after.checks) == ("submitted", "not_met")
    with pytest.raises(ConditionsNotMet):
        service.decide(CITY, sent.id, Decision("approve"), staff.clerk, "key-00000001")


def test_a_registry_that_finds_nobody_leaves_the_applicant_time_to_mend_the_data(table: str) -> None:
    staff = a_hall(verification="during_review")
    programme = an_open(staff)
    a_person("jana", "Jana", "Nováková")
    sent = submitted(programme, citizen("jana"))
    verified("jana", outcome="no_match")
    heard("jana")
    assert service.application(CITY, sent.id).state == "verifying"


def test_a_childs_unproved_guardian_keeps_the_application_verifying(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    parent = a_citizen()
    child = a_child(parent, link="declared")
    sent = submitted(programme, parent, child.id)
    assert sent.state == "verifying"
    refused = a_child(parent, "Adam", link="refused")
    draft = service.start(CITY, programme.id, refused.id, parent)
    with pytest.raises(ConditionsNotMet):
        service.submit(CITY, draft.id, parent)


def test_a_guardian_whose_link_was_refused_learns_nothing_of_the_child_by_sending(table: str, door: Door) -> None:
    staff = a_hall()
    programme = an_open(staff, who=WhoMay(residence_codes=(HOME,)))
    father, mother = a_citizen(given="Petr", surname="Sedlák"), a_citizen()
    submitted(programme, mother, a_child(mother, "Ema", ref="ref-ema").id)
    children = [
        a_child(father, "Anna", link="refused"),
        a_child(
            father, "Adam", link="refused", outcome="match_not_resident", residence=Residence("999999"), ref="ref-a"
        ),
        a_child(father, "Ema", link="refused", ref="ref-ema"),
        a_child(father, "Jan", link="refused", outcome="deceased"),
        a_child(father, "Petr", link="refused", outcome="no_match"),
    ]
    answers = []
    for child in children:
        draft = service.start(CITY, programme.id, child.id, father)
        answer = door.as_(father).post(f"/cities/{CITY}/applications/{draft.id}/submission")
        answers.append({name: said for name, said in answer.body.items() if name != "correlation_id"})
    assert all("facts" in answer for answer in answers), answers
    assert answers[0]["facts"]["conditions"] == ["guardian"]
    assert answers == [answers[0]] * len(children)


def test_the_same_child_entered_by_the_other_parent_is_one_child(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    mother, father = a_citizen(), a_citizen(given="Petr", surname="Novák")
    of_mother = a_child(mother, ref="ref-ema")
    of_father = a_child(father, ref="ref-ema")
    submitted(programme, mother, of_mother.id)
    draft = service.start(CITY, programme.id, of_father.id, father)
    with pytest.raises(ConditionsNotMet) as refused:
        service.submit(CITY, draft.id, father)
    assert refused.value.conditions == ("once",)


def test_two_drafts_sent_at_once_for_one_person_become_one_application(table: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    staff = a_hall()
    programme = an_open(staff)
    me = a_citizen()
    drafts = [service.start(CITY, programme.id, me.id, me) for _ in range(4)]

    def send(id: str) -> str:
        try:
            return service.submit(CITY, id, me).state
        except (AlreadyApplied, ConditionsNotMet):
            return "refused"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, [d.id for d in drafts])) == ["refused"] * 3 + ["submitted"]


def test_sending_twice_is_one_submission(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    me = a_citizen()
    sent = submitted(programme, me)
    again = service.submit(CITY, sent.id, me)
    assert (again.number, again.received_at) == (sent.number, sent.received_at)


def test_after_withdrawal_one_may_apply_again(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    me = a_citizen()
    first = submitted(programme, me)
    assert service.withdraw(CITY, first.id, me).state == "withdrawn"
    assert submitted(programme, me).state == "submitted"
    with pytest.raises(ApplicationStateForbids):
        service.answer(CITY, first.id, "Prosím", me)


def test_an_award_cannot_be_withdrawn(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    me = a_citizen()
    sent = submitted(programme, me)
    service.decide(CITY, sent.id, Decision("approve"), staff.clerk, "key-00000001")
    with pytest.raises(ApplicationStateForbids):
        service.withdraw(CITY, sent.id, me)


def test_a_draft_saved_from_two_devices_loses_nothing_silently(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    me = a_citizen()
    draft = service.start(CITY, programme.id, me.id, me)
    service.save_draft(CITY, draft.id, draft.v, Answers(activity="Judo"), me)
    with pytest.raises(ChangedMeanwhile):
        service.save_draft(CITY, draft.id, draft.v, Answers(activity="Plavání"), me)
    assert service.application(CITY, draft.id).answers.activity == "Judo"
    service.discard(CITY, draft.id, me)
    with pytest.raises(ApplicationUnknown):
        service.application(CITY, draft.id)


def test_a_stranger_sees_no_ones_application_and_applies_for_no_ones_child(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    parent, stranger = a_citizen(), a_citizen(given="Karel", surname="Cizí")
    child = a_child(parent)
    sent = submitted(programme, parent, child.id)
    with pytest.raises(ApplicationUnknown):
        service.mine(CITY, sent.id, stranger)
    with pytest.raises(NotYourChild):
        service.start(CITY, programme.id, child.id, stranger)
    with pytest.raises(NotYourChild):
        service.start(CITY, programme.id, parent.id, stranger, parent.id)


def test_an_assistant_applies_for_somebody_at_the_desk(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    a_person("senior", "Božena", "Stará", registered_by="assistant")
    verified("senior")
    draft = service.start(CITY, programme.id, "senior", staff.assistant, "senior")
    sent = service.submit(CITY, draft.id, staff.assistant)
    assert (sent.person, sent.made_by, sent.state) == ("senior", "assistant", "submitted")
    assert any(access.subject == "senior" for access in people.accesses(CITY, today(), 50, None).items)


def test_the_household_declares_that_only_one_of_it_applies(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, who=WhoMay(residence_codes=(HOME,), one_per_household=True))
    me = a_citizen()
    draft = service.start(CITY, programme.id, me.id, me)
    with pytest.raises(ConditionsNotMet):
        service.submit(CITY, draft.id, me)
    service.save_draft(CITY, draft.id, draft.v, Answers(only_of_household=True), me)
    assert service.submit(CITY, draft.id, me).state == "submitted"


def test_a_required_document_is_asked_for_before_sending(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, documents=Words("potvrzení školy", "a school's confirmation"))
    me = a_citizen()
    draft = service.start(CITY, programme.id, me.id, me)
    with pytest.raises(ConditionsNotMet) as refused:
        service.submit(CITY, draft.id, me)
    assert refused.value.conditions == ("documents",)


def test_a_programme_that_does_not_take_applications_refuses_a_draft(table: str) -> None:
    staff = a_hall()
    day = today()
    programme = an_open(staff, applications_from=day + timedelta(days=1), spending_from=day)
    assert programme.state == "scheduled"
    me = a_citizen()
    with pytest.raises(ProgrammeNotOpen):
        service.start(CITY, programme.id, me.id, me)


# Without signing in


def check(door: Door, programme: str, **body: Any) -> Any:
    return door.post(f"/cities/{CITY}/programmes/{programme}/pre-checks", body)


def test_a_visitor_learns_whether_they_may_and_nothing_is_stored(door: Door) -> None:
    from chalicelib.core.aws import client
    from chalicelib.core.settings import settings

    staff = a_hall()
    programme = an_open(staff, who=WhoMay(age_min=60, residence_codes=(HOME,)))
    before = client("dynamodb").scan(TableName=settings().table_name, Select="COUNT")["Count"]
    young = check(door, programme.id, birth_date="2000-01-01", address_code="999100001").body
    assert not young["passes"]
    assert {c["code"]: c["verdict"] for c in young["conditions"]}["age"] == "not_met"
    old = check(door, programme.id, birth_date="1950-01-01", address_code="999100001").body
    assert old["passes"]
    for age, street, fits in [(72, "Nádražní", True), (59, "Nádražní", False)]:
        found = door.post(f"/cities/{CITY}/support-searches", {"age": age, "street": street}).body["items"]
        assert [item["passes"] for item in found] == [fits]
    assert client("dynamodb").scan(TableName=settings().table_name, Select="COUNT")["Count"] == before
    assert check(door, programme.id, birth_date="1950-02-30").status == 422


def test_programmes_are_filtered_by_whom_topic_and_state(door: Door) -> None:
    staff = a_hall()
    an_open(staff, topic="sport")
    senior = an_open(staff, topic="culture", who=WhoMay(age_min=60))
    draft = service.create(CITY, senior.rules, staff.admin)
    path = f"/cities/{CITY}/programmes"
    assert len(door.get(path).body["items"]) == 2
    assert [p["id"] for p in door.get(path, query={"topic": "culture"}).body["items"]] == [senior.id]
    assert len(door.get(path, query={"for_whom": "child"}).body["items"]) == 1
    seen_by_staff = door.as_(staff.admin).get(path, query={"state": "draft"}).body["items"]
    assert [p["id"] for p in seen_by_staff] == [draft.id]
    assert door.get(path, query={"state": "draft"}).body["items"] == []


def test_the_household_sees_who_can_apply_for_what(door: Door) -> None:
    staff = a_hall()
    young = an_open(staff, who=WhoMay(age_max=17, residence_codes=(HOME,)))
    parent = a_citizen()
    child, other = a_child(parent), a_child(parent, "Adam")
    sent = submitted(young, parent, other.id)
    listed = door.as_(parent).get(f"/cities/{CITY}/candidates", query={"programme": young.id})
    assert listed.status == 200, listed
    rows = listed.body["items"]
    seen = {row["beneficiary"]: (row["passes"], row["application"]) for row in rows}
    assert seen == {parent.id: (False, ""), child.id: (True, ""), other.id: (False, sent.id)}
    of_another = door.as_(parent).get(f"/cities/{CITY}/candidates", query={"person": "somebody"})
    assert (of_another.status, of_another.body["code"]) == (404, "not_found")
