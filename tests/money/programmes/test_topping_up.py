"""A clerk adds to an award: with a reason, under the ceiling, once for a key."""

import pytest

from chalicelib.core.gate import Who
from chalicelib.core.refusals import KeyUsedForOtherRequest, NotFound
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import BudgetExhausted
from chalicelib.money.programmes import service
from chalicelib.money.programmes.model import Application, ApplicationStateForbids, Programme, TopUpTooHigh
from chalicelib.money.programmes.reviewing import Decision
from chalicelib.town.identity.model import ConflictOfInterest
from tests.door import Door
from tests.money.programmes.build import AMOUNT, CITY, Staff, a_citizen, a_hall, an_open, submitted
from tests.town.people.build import mail


def awarded(staff: Staff, programme: Programme, by: Who) -> Application:
    sent = submitted(programme, by)
    return service.decide(CITY, sent.id, Decision("approve"), staff.clerk, f"key-{sent.id}").application


def test_a_top_up_raises_the_award_once_and_the_citizen_is_told(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=2 * AMOUNT)
    me = a_citizen()
    known = awarded(staff, programme, me)
    before = len(mail())
    for replayed in (False, True):
        done = service.top_up(CITY, known.id, known.grants[0], 10_000, "Druhé dítě", staff.clerk, "key-00000009")
        assert (done.application.amount_minor, done.amount_minor, done.replayed) == (AMOUNT + 10_000, 10_000, replayed)
    [grant] = ledger.grants_of(CITY, me.id)
    assert (grant.total_minor, grant.spendable_minor) == (AMOUNT + 10_000, AMOUNT + 10_000)
    assert service.budget(CITY, programme.id).free_minor == AMOUNT - 10_000
    assert len(mail()) == before + 1
    assert service.history(CITY, known, private=False)[0].what == "topped_up"
    assert [d.outcome for d in ledger.decisions_of(CITY, known.id)] == ["approved", "top_up"]
    with pytest.raises(KeyUsedForOtherRequest):
        service.top_up(CITY, known.id, known.grants[0], 20_000, "Druhé dítě", staff.clerk, "key-00000009")


def test_a_top_up_needs_the_money_the_award_and_the_limit_of_a_person(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=AMOUNT + 5_000, max_per_person_minor=AMOUNT + 20_000)
    known = awarded(staff, programme, a_citizen())
    other = awarded(staff, an_open(staff), a_citizen())
    refused = [
        (known.grants[0], 10_000, BudgetExhausted),
        (known.grants[0], 20_001, TopUpTooHigh),
        (other.grants[0], 1_000, NotFound),
    ]
    for number, (grant, amount_minor, refusal) in enumerate(refused):
        with pytest.raises(refusal):
            service.top_up(CITY, known.id, grant, amount_minor, "Důvod", staff.clerk, f"key-0000000{number}")
    assert service.application(CITY, known.id).amount_minor == AMOUNT
    undecided = submitted(an_open(staff), a_citizen())
    with pytest.raises(ApplicationStateForbids):
        service.top_up(CITY, undecided.id, "grant", 1_000, "Důvod", staff.clerk, "key-00000008")


def test_nobody_tops_up_their_own(table: str) -> None:
    staff = a_hall()
    me = a_citizen()
    known = awarded(staff, an_open(staff), me)
    with pytest.raises(ConflictOfInterest):
        service.top_up(CITY, known.id, known.grants[0], 1_000, "Důvod", me, "key-00000001")


def test_a_top_up_goes_through_the_door(door: Door) -> None:
    staff = a_hall()
    known = awarded(staff, an_open(staff), a_citizen())
    clerk = door.as_(staff.clerk)
    path = f"/cities/{CITY}/applications/{known.id}"
    [award] = clerk.get(f"{path}/review").body["awards"]
    body = {"grant": award["id"], "amount_minor": 5_000, "reason": "Dražší kurz"}
    assert clerk.post(f"{path}/top-ups", body, key="k-top-up-1").body["amount_minor"] == 5_000
    again = clerk.post(f"{path}/top-ups", body, key="k-top-up-1")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert clerk.get(f"{path}/review").body["awards"][0]["total_minor"] == AMOUNT + 5_000
