"""The clerk's side: queue, decisions, waiting list, deadlines, and expiry."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.core.clock import PRAGUE, now, today
from chalicelib.core.gate import Who
from chalicelib.core.work import Change
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Spender
from chalicelib.money.programmes import jobs, service
from chalicelib.money.programmes.model import (
    DECLINE_UNDO,
    AlreadyDecided,
    Application,
    ApplicationStateForbids,
    NotYetVerified,
    SecondProofNeeded,
)
from chalicelib.money.programmes.reviewing import Decision
from chalicelib.town.identity.model import ConflictOfInterest, RegistryName, Residence
from chalicelib.town.messages import service as messages
from chalicelib.town.people.model import Person
from tests.days import StandAt
from tests.door import Door
from tests.money.programmes.build import (
    AMOUNT,
    CITY,
    Staff,
    a_child,
    a_citizen,
    a_hall,
    an_open,
    submitted,
    verified,
)
from tests.town.people.build import a_person

APPROVE = Decision("approve")


def approve(application: Application, staff: Staff) -> Application:
    return service.decide(CITY, application.id, APPROVE, staff.clerk, f"key-{application.id}").application


def budget_moved(programme: str) -> None:
    """The table's stream tells of a budget."""
    jobs.changed(Change(CITY, "budget", f"{CITY}#B#{programme}", "A", "MODIFY"))


def told(person: str) -> list[str]:
    return [note.template for note in messages.inbox(CITY, person, "cs", 50, None).items]


def at(stand_at: StandAt, day: date) -> None:
    """From now on it is ten in the morning of this day."""
    stand_at(datetime(day.year, day.month, day.day, 10, tzinfo=PRAGUE))


# Who decides


def test_nobody_decides_about_themselves_their_child_or_a_co_parent(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    a_person("clerk", "Marie", "Dvořáková")
    verified("clerk")
    clerk_as_citizen = Who(id="clerk", app="moje", roles={CITY: ("citizen",)})
    own = submitted(programme, clerk_as_citizen)
    child = a_child(clerk_as_citizen, ref="ref-child")
    of_child = submitted(programme, clerk_as_citizen, child.id)
    partner = a_citizen(given="Jan", surname="Dvořák")
    a_child(partner, ref="ref-child")
    of_partner = submitted(programme, partner)
    for application in (own, of_child, of_partner):
        with pytest.raises(ConflictOfInterest):
            approve(application, staff)
        assert service.opening(CITY, application.id, staff.clerk).conflict
        with pytest.raises(ConflictOfInterest):
            service.decide(CITY, application.id, Decision("decline", "Ne"), staff.clerk, "key-00000001")
    other = service.decide(CITY, own.id, APPROVE, staff.clerk2, "key-00000002")
    assert other.application.state == "approved"


def test_a_decline_carries_its_reason_and_reconsideration_brings_it_back_once(table: str, stand_at: StandAt) -> None:
    staff = a_hall()
    programme = an_open(staff)
    me = a_citizen()
    sent = submitted(programme, me)
    declined = service.decide(CITY, sent.id, Decision("decline", "Doklad není platný."), staff.clerk, "key-00000001")
    assert (declined.application.state, declined.application.reason) == ("declined", "Doklad není platný.")
    stand_at(now() + DECLINE_UNDO)
    assert "programmes.declined" in told(me.id)
    back = service.ask_reconsideration(CITY, sent.id, "Přikládám nový doklad.", me)
    assert back.state == "submitted"
    service.decide(CITY, sent.id, Decision("decline", "Stále neplatí."), staff.clerk2, "key-00000002")
    with pytest.raises(ApplicationStateForbids):
        service.ask_reconsideration(CITY, sent.id, "Ještě jednou", me)


def test_a_second_decision_is_refused_and_the_same_key_is_answered_again(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    sent = submitted(programme, a_citizen())
    first = service.decide(CITY, sent.id, APPROVE, staff.clerk, "key-00000001")
    again = service.decide(CITY, sent.id, APPROVE, staff.clerk, "key-00000001")
    assert (first.replayed, again.replayed, again.application.state) == (False, True, "approved")
    with pytest.raises(AlreadyDecided):
        service.decide(CITY, sent.id, APPROVE, staff.clerk2, "key-00000002")
    from chalicelib.core.refusals import KeyUsedForOtherRequest

    with pytest.raises(KeyUsedForOtherRequest):
        service.decide(CITY, sent.id, Decision("decline", "Ne"), staff.clerk, "key-00000001")


def test_without_verification_or_the_second_proof_nothing_is_awarded(table: str) -> None:
    staff = a_hall(verification="during_review")
    programme = an_open(staff, second_proof=True)
    a_person("jana", "Jana", "Nováková")
    sent = submitted(programme, Who(id="jana", app="moje", roles={CITY: ("citizen",)}))
    with pytest.raises(ApplicationStateForbids):
        approve(sent, staff)
    verified("jana", proof=False)
    service.heard_of(CITY, "jana")
    with pytest.raises(SecondProofNeeded):
        approve(sent, staff)
    verified("jana", outcome="expired")
    with pytest.raises(NotYetVerified):
        approve(sent, staff)
    verified("jana")
    assert approve(sent, staff).state == "approved"


# Money


def test_when_the_money_is_used_up_the_application_waits_and_moves_up_in_order(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=AMOUNT)
    people = [a_citizen() for _ in range(4)]
    first, second, third, late = [submitted(programme, who) for who in people]
    assert approve(first, staff).state == "approved"
    budget_moved(programme.id)
    assert service.programme(CITY, programme.id).state == "exhausted"
    # The clerk decides the third before the second: the order of submission still holds.
    assert approve(third, staff).state == "waiting"
    assert approve(second, staff).state == "waiting"
    assert told(people[2].id)[0] == "programmes.waiting"

    [grant] = ledger.grants_of(CITY, people[0].id)
    ledger.give_back(CITY, [grant], "revoke", Spender("clerk", "admin", "revoke"))
    assert approve(late, staff).state == "waiting", "others were before"
    budget_moved(programme.id)

    states = [service.application(CITY, application.id).state for application in (second, third, late)]
    assert states == ["approved", "waiting", "waiting"]
    assert service.budget(CITY, programme.id).free_minor == 0
    assert "programmes.approved" in told(people[1].id)
    budget_moved(programme.id)
    assert service.application(CITY, third.id).state == "waiting"


def test_who_withdraws_from_the_waiting_list_is_passed_over(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=AMOUNT)
    people = [a_citizen() for _ in range(3)]
    first, second, third = [submitted(programme, who) for who in people]
    for application in (first, second, third):
        approve(application, staff)
    service.withdraw(CITY, second.id, people[1])
    ledger.give_back(CITY, ledger.grants_of(CITY, people[0].id), "revoke", Spender("clerk", "admin", "revoke"))
    budget_moved(programme.id)
    assert service.application(CITY, third.id).state == "approved"
    assert service.application(CITY, second.id).state == "withdrawn"


def test_unspent_money_expires_the_day_after_the_last_and_goes_to_the_next(table: str, stand_at: StandAt) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=AMOUNT, days_to_spend=10)
    people = [a_citizen(), a_citizen()]
    first, second = [submitted(programme, who) for who in people]
    approve(first, staff)
    assert approve(second, staff).state == "waiting"
    [grant] = ledger.grants_of(CITY, people[0].id)
    ledger.spend(CITY, grant, 30_000, "provider", Spender("till", "reader", "key-1"))

    last_day = today() + timedelta(days=10)
    at(stand_at, last_day)
    assert service.expire_grants(CITY, None) is not None
    assert service.budget(CITY, programme.id).free_minor == 0, "the last day still counts"
    at(stand_at, last_day + timedelta(days=1))
    service.expire_grants(CITY, None)
    assert service.budget(CITY, programme.id).free_minor == 50_000
    service.expire_grants(CITY, None)
    assert service.budget(CITY, programme.id).free_minor == 50_000, "twice is once"
    after = ledger.grant(CITY, grant.id)
    assert after is not None
    assert (after.spendable_minor, after.state) == (0, "expired")
    from tests.money.programmes.build import sign

    sign(staff, programme.id, 30_000)
    budget_moved(programme.id)
    assert service.application(CITY, second.id).state == "approved"


def test_money_spent_between_reading_and_expiring_is_not_taken(table: str, stand_at: StandAt) -> None:
    from chalicelib.money.programmes import ending

    staff = a_hall()
    programme = an_open(staff, days_to_spend=5)
    people = [a_citizen() for _ in range(3)]
    for who in people:
        approve(submitted(programme, who), staff)
    seen = [ledger.grants_of(CITY, who.id)[0] for who in people]
    ledger.spend(CITY, seen[1], 10_000, "provider", Spender("till", "reader", "key-1"))
    at(stand_at, today() + timedelta(days=6))
    ending._give_back(CITY, seen)
    left = [ledger.grant(CITY, grant.id) for grant in seen]
    assert [grant.spendable_minor for grant in left if grant] == [0, 0, 0]
    assert service.budget(CITY, programme.id).free_minor == 10 * AMOUNT - 10_000


def test_a_hold_that_ends_long_after_the_grant_returns_its_money_that_night(table: str, stand_at: StandAt) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=AMOUNT, days_to_spend=10)
    who = a_citizen()
    approve(submitted(programme, who), staff)
    [grant] = ledger.grants_of(CITY, who.id)
    held = ledger.hold(CITY, grant, AMOUNT, "provider", "hold-1", Spender("x", "moje", "key-1"), []).transfer
    released_on = grant.valid_until.date() + timedelta(days=200)
    at(stand_at, released_on)
    ledger.release(CITY, held, Spender("x", "moje", "key-2"), [])
    at(stand_at, released_on + timedelta(days=1))
    cursor = service.expire_grants(CITY, None)
    while cursor:
        cursor = service.expire_grants(CITY, cursor)
    assert service.budget(CITY, programme.id).free_minor == AMOUNT


def test_a_used_up_award_is_not_reminded_of(table: str, stand_at: StandAt) -> None:
    staff = a_hall()
    programme = an_open(staff, days_to_spend=30)
    spends_all, keeps = a_citizen(), a_citizen()
    for who in (spends_all, keeps):
        approve(submitted(programme, who), staff)
    [grant] = ledger.grants_of(CITY, spends_all.id)
    ledger.spend(CITY, grant, AMOUNT, "provider", Spender("till", "reader", "key-1"))
    jobs.changed(Change(CITY, "grant", f"{CITY}#G#{grant.id}", "A", "MODIFY"))
    at(stand_at, today() + timedelta(days=16))
    messages.remind(CITY)
    assert "programmes.grant_ends" in told(keeps.id)
    assert "programmes.grant_ends" not in told(spends_all.id)


# Clarifications


def test_without_an_answer_by_the_deadline_an_application_lapses(table: str, stand_at: StandAt) -> None:
    staff = a_hall()
    programme = an_open(staff)
    me, other = a_citizen(), a_citizen()
    late, answered = submitted(programme, me), submitted(programme, other)
    for application in (late, answered):
        returned = service.clarify(CITY, application.id, "Doplňte potvrzení.", 7, staff.clerk)
        assert (returned.state, returned.deadline) == ("returned", today() + timedelta(days=7))
    back = service.answer(CITY, answered.id, "Posílám.", other)
    assert (back.state, back.deadline) == ("submitted", None)

    at(stand_at, today() + timedelta(days=7))
    assert service.lapse(CITY) == 0
    at(stand_at, today() + timedelta(days=8))
    assert service.lapse(CITY) == 1
    assert service.lapse(CITY) == 0
    assert service.application(CITY, late.id).state == "lapsed"
    assert "programmes.lapsed" in told(me.id)


def test_programmes_follow_the_calendar(table: str, stand_at: StandAt) -> None:
    staff = a_hall()
    programme = an_open(staff)
    start = today()
    for days, state in [(31, "spending_only"), (91, "closed")]:
        at(stand_at, start + timedelta(days=days))
        service.follow_all(CITY)
        assert service.programme(CITY, programme.id).state == state


# The queue


def test_the_queue_has_views_with_counts_in_order_of_submission(door: Door) -> None:
    staff = a_hall()
    programme = an_open(staff)
    sent = [submitted(programme, a_citizen()) for _ in range(4)]
    service.assign(CITY, sent[1].id, "clerk", staff.clerk)
    service.clarify(CITY, sent[2].id, "Doplňte.", 7, staff.clerk)
    approve(sent[3], staff)
    clerk = door.as_(staff.clerk)
    path = f"/cities/{CITY}/application-queue"
    first = clerk.get(path, query={"limit": "1"}).body
    assert (first["count"], first["total_minor"], first["items"][0]["id"]) == (2, 2 * AMOUNT, sent[0].id)
    rest = clerk.get(path, query={"limit": "1", "cursor": first["next"]}).body
    assert (rest["items"][0]["id"], rest["next"]) == (sent[1].id, None)
    assert clerk.get(f"{path}/counts").body == {
        "to_decide": 2,
        "mine": 1,
        "waiting_for_citizen": 1,
        "overdue": 0,
        "arrived": 0,
    }
    everything, cursor = [], ""
    while True:
        page = clerk.get(path, query={"view": "all", "limit": "1"} | ({"cursor": cursor} if cursor else {})).body
        everything += [row["id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(everything) == sorted(a.id for a in sent)
    by_number = clerk.get(path, query={"number": sent[3].number}).body
    assert [row["id"] for row in by_number["items"]] == [sent[3].id]
    assert clerk.get(path, query={"number": "2026-000000"}).body["items"] == []
    assert clerk.get(path, query={"view": "all", "state": "approved"}).body["items"][0]["id"] == sent[3].id
    assert clerk.get(path, query={"view": "all", "cursor": "7.rubbish"}).status == 400


def test_bulk_approval_says_how_each_ended(door: Door) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=2 * AMOUNT)
    sent = [submitted(programme, a_citizen()) for _ in range(3)]
    body: Any = {"outcome": "approve", "ids": [a.id for a in sent] + ["nobody"]}
    rows = door.as_(staff.clerk).post(f"/cities/{CITY}/application-decisions", body, key="bulk-0001").body["items"]
    assert [row["state"] for row in rows] == ["approved", "approved", "waiting", ""]
    assert rows[3]["code"] == "application_unknown"
    again = door.as_(staff.clerk).post(f"/cities/{CITY}/application-decisions", body, key="bulk-0001").body["items"]
    assert [row["state"] for row in again] == [row["state"] for row in rows]


def test_private_notes_stay_at_the_town(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    me = a_citizen()
    sent = submitted(programme, me)
    service.add_note(CITY, sent.id, "Volala škola.", staff.clerk)
    known = service.application(CITY, sent.id)
    assert [e.what for e in service.history(CITY, known, private=True)] == ["note", "submitted"]
    assert [e.what for e in service.history(CITY, known, private=False)] == ["submitted"]


def test_a_decline_without_a_reason_is_refused_at_the_door(door: Door) -> None:
    staff = a_hall()
    programme = an_open(staff)
    sent = submitted(programme, a_citizen())
    path = f"/cities/{CITY}/applications/{sent.id}/decision"
    answer = door.as_(staff.clerk).post(path, {"outcome": "decline"}, key="key-00000001")
    assert (answer.status, answer.body["code"]) == (422, "invalid_input")


def test_the_registrys_spelling_is_shown_and_diacritics_alone_do_not_differ(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    person: Person = a_person("jan", "Jan", "Dvorak")
    verified(person.id)
    sent = submitted(programme, Who(id="jan", app="moje", roles={CITY: ("citizen",)}))
    opened = service.opening(CITY, sent.id, staff.clerk)
    assert [difference.differs for difference in opened.differences] == [False, False, False]
    assert opened.free_minor == 10 * AMOUNT


@pytest.mark.parametrize(
    ("differs", "home", "registry"),
    [
        ((), Residence("999001", "", "999100001"), ("Jan Dvořák", "1988-02-03", "Nádražní 120/3, Modřínov")),
        (("birth_date",), Residence("999001"), ("Jan Dvořák", "", "")),
        (("name", "address"), Residence("999001", "", "888"), ("Jan Dvořák", "1988-02-03", "888")),
    ],
)
def test_the_registrys_birth_date_is_told_only_where_it_is_the_stated_one(
    table: str, differs: Any, home: Residence, registry: tuple[str, str, str]
) -> None:
    staff = a_hall()
    programme = an_open(staff)
    a_person("jan", "Jan", "Dvorak", date(1988, 2, 3))
    verified("jan", differs=differs, residence=home, registry_name=RegistryName("Jan", "Dvořák"))
    sent = submitted(programme, Who(id="jan", app="moje", roles={CITY: ("citizen",)}))
    told = service.opening(CITY, sent.id, staff.clerk).differences
    assert [one.field for one in told] == ["name", "birth_date", "address"]
    assert [one.stated for one in told] == ["Jan Dvorak", "1988-02-03", "Nádražní 7, Modřínov"]
    assert tuple(one.registry for one in told) == registry
    assert {one.field for one in told if one.differs} == set(differs)


def test_a_person_whom_a_clerk_knows_by_a_document_is_compared_with_no_registry(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    me = a_citizen()
    verified(me.id, by="clerk", registry_name=RegistryName("Jiná", "Osoba"), differs=("name",))
    assert service.opening(CITY, submitted(programme, me).id, staff.clerk).differences == ()


def test_whoever_is_past_the_towns_own_deadline_is_seen_as_overdue(table: str, stand_at: StandAt) -> None:
    staff = a_hall()
    programme = an_open(staff, days_to_decide=5)
    sent = submitted(programme, a_citizen())
    last = today() + timedelta(days=5)
    at(stand_at, last)
    assert service.counts(CITY, staff.clerk)["overdue"] == 0, "on the last day there is still time"
    at(stand_at, last + timedelta(days=1))
    assert service.counts(CITY, staff.clerk)["overdue"] == 1
    assert [row.id for row in service.queue(CITY, "overdue", staff.clerk).items] == [sent.id]


def test_a_question_that_was_lost_is_asked_by_the_sweep(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.core.refusals import TryAgain
    from chalicelib.town.identity import service as identity
    from chalicelib.town.identity import store as identity_store

    staff = a_hall(verification="during_review")
    programme = an_open(staff)
    a_person("jana", "Jana", "Nováková")
    with monkeypatch.context() as patch:

        def busy(*_: object) -> None:
            raise TryAgain

        patch.setattr(identity, "ask", busy)
        sent = submitted(programme, Who(id="jana", app="moje", roles={CITY: ("citizen",)}))
    assert sent.state == "verifying", "the submission stands whatever becomes of the question"
    assert identity_store.verification(CITY, "jana") is None
    assert (service.ask_again(CITY), service.ask_again(CITY)) == (1, 0)
    asked = identity_store.verification(CITY, "jana")
    assert asked is not None
    assert asked.job


def test_what_the_town_holds_of_applications_is_in_the_persons_export(table: str) -> None:
    from chalicelib.town.people import service as people

    staff = a_hall()
    programme = an_open(staff)
    me = a_citizen()
    sent = submitted(programme, me)
    held: Any = people.export(CITY, me)["applications"]
    assert [one["number"] for one in held] == [sent.number]
