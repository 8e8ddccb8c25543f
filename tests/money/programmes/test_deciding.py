"""A decision with its evidence: what a person must have read and judged, what is kept of it, and how it is taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.clock import now, today
from chalicelib.core.gate import Who
from chalicelib.core.table import commit
from chalicelib.money.ledger import service as ledger
from chalicelib.money.programmes import service, store
from chalicelib.money.programmes.model import (
    DECLINE_UNDO,
    AlreadyApplied,
    Application,
    ApplicationStateForbids,
    ConditionsNotMet,
    DeclineTold,
    Document,
    DocumentsNotOpened,
    VerdictsMissing,
    Words,
)
from chalicelib.money.programmes.reviewing import Decision
from chalicelib.town.messages import service as messages
from chalicelib.town.people.model import age_on
from tests.days import StandAt
from tests.door import Door
from tests.money.programmes.build import AMOUNT, CITY, Staff, a_citizen, a_hall, an_open, submitted

APPROVE = Decision("approve", verdicts={"documents": True})
DECLINE = Decision("decline", "Doklad není platný.")


def with_document(staff: Staff, me: Who) -> Application:
    """A submitted application with one document that a clerk has to judge."""
    programme = an_open(staff, documents=Words("potvrzení školy"))
    draft = service.start(CITY, programme.id, me.id, me)
    commit(
        store.new_document(CITY, Document("d1", draft.id, "potvrzení.pdf", "application/pdf", 9, now(), now(), "v1"))
    )
    return service.submit(CITY, draft.id, me)


def told(person: str) -> list[str]:
    return [note.template for note in messages.inbox(CITY, person, "cs", 50, None).items]


# What a person has to judge


def test_what_a_person_must_judge_is_approved_only_read_and_judged_by_who_decides(door: Door) -> None:
    staff = a_hall()
    sent = with_document(staff, a_citizen())
    at = f"/cities/{CITY}/applications/{sent.id}"
    yes = {"outcome": "approve", "verdicts": {"documents": True}}
    clerk = door.as_(staff.clerk)
    assert clerk.post(f"{at}/decision", yes, key="key-00000001").body["code"] == "documents_not_opened"

    assert door.as_(staff.clerk2).get(f"{at}/documents/d1").status == 200
    assert clerk.post(f"{at}/decision", yes, key="key-00000002").body["code"] == "documents_not_opened"
    assert [one["opened"] for one in clerk.get(f"{at}/review").body["documents"]] == [False]

    assert clerk.get(f"{at}/documents/d1").status == 200
    assert [one["opened"] for one in clerk.get(f"{at}/review").body["documents"]] == [True]
    for verdicts in ({}, {"documents": False}, {"residence": True}):
        refused = clerk.post(f"{at}/decision", yes | {"verdicts": verdicts}, key=f"key-0000001{len(str(verdicts))}")
        assert refused.body["code"] == "verdicts_missing"
    assert service.budget(CITY, sent.programme).free_minor == 10 * AMOUNT
    assert clerk.post(f"{at}/decision", yes, key="key-00000020").body["state"] == "approved"


def test_many_at_once_cannot_skip_the_reading(table: str) -> None:
    staff = a_hall()
    sent = with_document(staff, a_citizen())
    [row] = service.decide_many(CITY, [sent.id], APPROVE, staff.clerk, "key-00000001")
    assert isinstance(row.refusal, DocumentsNotOpened)


def test_one_key_with_another_verdict_is_another_request(table: str) -> None:
    from chalicelib.core.refusals import KeyUsedForOtherRequest

    staff = a_hall()
    sent = with_document(staff, a_citizen())
    service.document_link(CITY, sent, "d1", staff.clerk.id)
    with pytest.raises(VerdictsMissing):
        service.decide(CITY, sent.id, Decision("approve"), staff.clerk, "key-00000001")
    service.decide(CITY, sent.id, APPROVE, staff.clerk, "key-00000001")
    with pytest.raises(KeyUsedForOtherRequest):
        service.decide(CITY, sent.id, Decision("approve"), staff.clerk, "key-00000001")


# The figures at the decision


def test_a_decision_keeps_the_figures_of_its_moment(door: Door) -> None:
    """Others are approved and the money moves on: what this decision stood on stays."""
    staff = a_hall()
    sent = with_document(staff, a_citizen())
    service.document_link(CITY, sent, "d1", staff.clerk.id)
    service.decide(CITY, sent.id, APPROVE, staff.clerk, "key-00000001")
    programme = service.programme(CITY, sent.programme)
    service.propose_budget(CITY, programme.id, AMOUNT, "Usnesení", staff.admin)
    service.top_up(CITY, sent.id, ledger.grants_of(CITY, sent.person)[0].id, 5_000, "Dorovnání", staff.clerk, "key-2")

    at = f"/cities/{CITY}/applications/{sent.id}"
    [approved] = [h for h in door.as_(staff.clerk).get(f"{at}/review").body["history"] if h["what"] == "approved"]
    kept = approved["figures"]
    assert (kept["free_before_minor"], kept["free_after_minor"]) == (10 * AMOUNT, 9 * AMOUNT)
    assert (kept["rules_version"], kept["amount_minor"], kept["documents"]) == (1, AMOUNT, ["d1"])
    assert kept["age"] == age_on(sent.stated.birth_date, today())
    judged = {one["code"]: (one["verdict"], one["holds"]) for one in kept["conditions"]}
    assert judged["documents"] == ("to_judge", True)
    assert judged["verification"] == ("met", None)
    applicant = door.as_(Who(sent.person, "moje", roles={CITY: ("citizen",)}))
    assert all("figures" not in line for line in applicant.get(at).body["history"])


# A decline


def test_a_decline_is_taken_back_within_minutes_and_its_applicant_never_hears_of_it(
    door: Door, stand_at: StandAt
) -> None:
    staff = a_hall()
    me = a_citizen()
    sent = submitted(an_open(staff), me)
    at = f"/cities/{CITY}/applications/{sent.id}"
    clerk, applicant = door.as_(staff.clerk), door.as_(me)
    service.decide(CITY, sent.id, DECLINE, staff.clerk, "key-00000001")

    seen = applicant.get(at).body
    assert (seen["application"]["state"], seen["application"]["reason"]) == ("submitted", "")
    assert [line["what"] for line in seen["history"]] == ["submitted"]
    assert applicant.get(f"/cities/{CITY}/applications").body["items"][0]["state"] == "submitted"
    assert "programmes.declined" not in told(me.id)
    with pytest.raises(ApplicationStateForbids):
        service.ask_reconsideration(CITY, sent.id, "Prosím", me)

    assert clerk.get(f"{at}/review").body["undo_until"] is not None
    back = clerk.post(f"{at}/decision/undo")
    assert back.status == 200, back
    assert (back.status, back.body["application"]["state"], back.body["undo_until"]) == (200, "submitted", None)
    assert {leaf.outcome for leaf in ledger.decisions_of(CITY, sent.id)} == {"declined", "decline_undone"}
    assert (
        service.decide(CITY, sent.id, Decision("approve"), staff.clerk, "key-00000002").application.state == "approved"
    )
    stand_at(now() + 2 * DECLINE_UNDO)
    assert told(me.id).count("programmes.declined") == 0
    assert "declined" not in [line["what"] for line in applicant.get(at).body["history"]]


def test_the_place_of_a_declined_application_is_free_only_once_the_decline_is_final(
    table: str, stand_at: StandAt
) -> None:
    staff = a_hall()
    programme, me = an_open(staff), a_citizen()
    sent = submitted(programme, me)
    for n in range(2):
        service.decide(CITY, sent.id, DECLINE, staff.clerk, f"key-0000000{n}")
        with pytest.raises((AlreadyApplied, ConditionsNotMet)):
            submitted(programme, me)
        assert service.undo_decline(CITY, sent.id, staff.clerk).state == "submitted"
    service.decide(CITY, sent.id, DECLINE, staff.clerk, "key-00000003")
    until = service.application(CITY, sent.id).undo_until
    assert until
    stand_at(until - timedelta(seconds=30))
    with pytest.raises((AlreadyApplied, ConditionsNotMet)):
        submitted(programme, me)
    stand_at(until + timedelta(seconds=1))
    assert submitted(programme, me).state == "submitted"
    with pytest.raises(DeclineTold):
        service.undo_decline(CITY, sent.id, staff.clerk)


def test_a_decline_that_was_told_is_not_taken_back(table: str, stand_at: StandAt) -> None:
    """The letter is the judge: whoever presses a moment too late is refused by the transaction."""
    staff = a_hall()
    me = a_citizen()
    sent = submitted(an_open(staff), me)
    service.decide(CITY, sent.id, DECLINE, staff.clerk, "key-00000001")
    declined = service.application(CITY, sent.id)
    assert declined.undo_until
    assert declined.as_told(declined.undo_until - timedelta(seconds=1)).state == "submitted"
    assert declined.as_told(declined.undo_until).state == "declined"
    stand_at(declined.undo_until)
    assert told(me.id)[0] == "programmes.declined"
    with pytest.raises(DeclineTold):
        service.undo_decline(CITY, sent.id, staff.clerk)
    assert service.application(CITY, sent.id).state == "declined"


def test_the_letter_of_a_decline_leaves_only_when_it_cannot_be_taken_back(table: str, stand_at: StandAt) -> None:
    from chalicelib.town.messages import store as outbox

    staff = a_hall()
    sent = submitted(an_open(staff), a_citizen())
    declined_at = now()
    service.decide(CITY, sent.id, DECLINE, staff.clerk, "key-00000001")

    def waits() -> list[str]:
        queued = [outbox.message(CITY, id) for id in outbox.queued(CITY, now() + timedelta(days=1), 50)]
        return [one.template.name for one in queued if one]

    messages.deliver_due(CITY)
    for id in outbox.queued(CITY, now() + timedelta(days=1), 50):
        messages.deliver(CITY, id)  # as the stream does at once
    assert waits() == ["programmes.declined"]
    stand_at(declined_at + DECLINE_UNDO + timedelta(minutes=1))
    messages.deliver_due(CITY)
    assert waits() == []


def test_only_a_decline_is_taken_back(table: str) -> None:
    staff = a_hall()
    approved, declined = submitted(an_open(staff), a_citizen()), submitted(an_open(staff), a_citizen())
    service.decide(CITY, approved.id, Decision("approve"), staff.clerk, "key-00000001")
    service.decide(CITY, declined.id, DECLINE, staff.clerk, "key-00000002")
    with pytest.raises(ApplicationStateForbids):
        service.undo_decline(CITY, approved.id, staff.clerk)
    service.undo_decline(CITY, declined.id, staff.clerk2)
    with pytest.raises(ApplicationStateForbids):
        service.undo_decline(CITY, declined.id, staff.clerk2)


def test_an_application_is_taken_back_together_with_a_decline_that_nobody_was_told_of(
    table: str, stand_at: StandAt, door: Door
) -> None:
    staff = a_hall()
    programme = an_open(staff)
    applicant = a_citizen()
    sent = submitted(programme, applicant)
    declined_at = now()
    service.decide(CITY, sent.id, Decision("decline", "Nesplňujete podmínky."), staff.clerk, "key-00000001")
    answer = door.as_(applicant).post(f"/cities/{CITY}/applications/{sent.id}/withdrawal")
    assert (answer.status, answer.body["application"]["state"], answer.body["application"]["reason"]) == (
        200,
        "withdrawn",
        "",
    )
    stand_at(declined_at + timedelta(minutes=11))
    assert told(applicant.id) == ["programmes.submitted"], "the decline is never told"
    whats = [line["what"] for line in door.as_(applicant).get(f"/cities/{CITY}/applications/{sent.id}").body["history"]]
    assert whats == ["withdrawn", "submitted"]
    submitted(programme, applicant)  # the place is free at once


def test_an_untold_decline_changes_nothing_that_the_applicant_sees(table: str, stand_at: StandAt) -> None:
    staff = a_hall()
    sent = submitted(an_open(staff), a_citizen())
    who = Who(sent.person, "moje", roles={CITY: ("citizen",)})

    def seen() -> Application:
        return replace(service.mine(CITY, sent.id, who).as_told(now()), v=0, decision="", reconsideration_at=None)

    for n, taken in enumerate((False, True)):
        if taken:
            service.assign(CITY, sent.id, staff.clerk2.id, staff.clerk2)
        before, at = seen(), now()
        service.decide(CITY, sent.id, Decision("decline", f"Důvod {n}."), staff.clerk2, f"key-0000000{n}")
        assert seen() == before
        stand_at(at + timedelta(minutes=11))
        assert seen().reason == f"Důvod {n}."
        if not taken:
            service.ask_reconsideration(CITY, sent.id, "Podívejte se znovu.", who)
