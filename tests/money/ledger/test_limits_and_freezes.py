"""Limits of a day, a category and a provider; freezes; and taking back after payout."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.clock import now, today
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import KeyUsedForOtherRequest
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import (
    AlreadyPaidOut,
    CategoryLimitReached,
    CreditTooSmall,
    DayLimitReached,
    Freezable,
    Frozen,
    Grant,
    NotPaidOut,
    NotReversible,
    ProviderLimitReached,
    SameApprover,
    Transfer,
)
from tests.days import StandAt
from tests.money.ledger.test_money_moves import CITY, a_budget, a_grant, free, left, no_more, spender


@pytest.fixture(autouse=True)
def budget(table: str) -> None:
    a_budget(100_000)


def spend(grant: Grant, amount_minor: int, **more: Any) -> Transfer:
    return ledger.spend(CITY, grant, amount_minor, "pool", spender(), **more).transfer


def later(stand_at: StandAt, days: int) -> None:
    at = now() + timedelta(days=days)
    stand_at(at)


# A day


def test_a_day_has_its_limit_and_the_next_day_a_new_one(stand_at: StandAt) -> None:
    grant = a_grant(50_000, day_limit_minor=10_000)
    spend(grant, 6_000)
    with pytest.raises(DayLimitReached) as refused:
        spend(grant, 4_001)
    assert refused.value.left_minor == 4_000
    spend(grant, 4_000)
    later(stand_at, 1)
    spend(grant, 10_000)
    assert left(grant) == (30_000, 0)


def test_what_is_taken_back_on_its_day_can_be_spent_that_day() -> None:
    grant = a_grant(50_000, day_limit_minor=10_000)
    first = spend(grant, 10_000)
    ledger.undo(CITY, grant, first.id, spender())
    spend(grant, 10_000)


def test_what_is_taken_back_another_day_gives_that_day_nothing(stand_at: StandAt) -> None:
    grant = a_grant(50_000, day_limit_minor=10_000)
    first = spend(grant, 10_000)
    later(stand_at, 1)
    spend(grant, 3_000)
    ledger.undo(CITY, grant, first.id, spender())
    with pytest.raises(DayLimitReached) as refused:
        spend(grant, 8_000)
    assert refused.value.left_minor == 7_000
    assert left(grant) == (47_000, 0)


def test_a_hold_counts_and_its_release_gives_back() -> None:
    grant = a_grant(50_000, day_limit_minor=10_000)
    held = ledger.hold(CITY, grant, 10_000, "club", new_id(), spender(), no_more()).transfer
    with pytest.raises(DayLimitReached):
        spend(grant, 1)
    ledger.release(CITY, held, spender(), no_more())
    spend(grant, 10_000)


def test_too_little_credit_is_said_before_the_limit() -> None:
    grant = a_grant(5_000, day_limit_minor=1_000)
    with pytest.raises(CreditTooSmall):
        spend(grant, 6_000)


# A category


def test_a_category_has_its_limit_and_gets_it_back() -> None:
    grant = a_grant(50_000, category_limits={"sport": 8_000})
    first = spend(grant, 8_000, category="sport")
    with pytest.raises(CategoryLimitReached) as refused:
        spend(grant, 1, category="sport")
    assert (refused.value.category, refused.value.left_minor) == ("sport", 0)
    spend(grant, 20_000, category="art")
    ledger.undo(CITY, grant, first.id, spender())
    spend(grant, 8_000, category="sport")
    found = ledger.grant(CITY, grant.id)
    assert found
    assert dict(found.category_spent) == {"sport": 8_000}


# A provider


def test_a_provider_has_its_hard_limit_across_grants() -> None:
    one, other = a_grant(20_000), a_grant(20_000)
    first = spend(one, 9_000, provider_limit_minor=10_000)
    with pytest.raises(ProviderLimitReached):
        spend(other, 1_001, provider_limit_minor=10_000)
    ledger.undo(CITY, one, first.id, spender())
    spend(other, 10_000, provider_limit_minor=10_000)
    with pytest.raises(ProviderLimitReached):
        spend(one, 10_001, provider_limit_minor=10_000)


# Freezes


@pytest.mark.parametrize(("what", "id"), [("town", ""), ("programme", "p1"), ("provider", "pool"), ("till", "till-1")])
def test_while_it_is_frozen_money_does_not_move_and_a_replay_finds_its_receipt(what: Freezable, id: str) -> None:
    grant = a_grant(10_000)
    who = spender("same-key-1")
    before = ledger.spend(CITY, grant, 1_000, "pool", who, till="till-1")
    ledger.freeze(CITY, what, id, "admin-1", "A difference in the books.")
    with pytest.raises(Frozen) as refused:
        spend(grant, 1_000, till="till-1")
    assert refused.value.what == what
    again = ledger.spend(CITY, grant, 1_000, "pool", who, till="till-1")
    assert (again.replayed, again.transfer) == (True, before.transfer)
    with pytest.raises(KeyUsedForOtherRequest):
        ledger.spend(CITY, grant, 2_000, "pool", who, till="till-1")
    ledger.unfreeze(CITY, what, id, "admin-2")
    spend(grant, 1_000, till="till-1")
    assert left(grant) == (8_000, 0)


def test_a_freeze_elsewhere_stops_nobody() -> None:
    grant = a_grant(10_000)
    for what, id in (("programme", "p2"), ("provider", "other"), ("till", "till-2")):
        ledger.freeze(CITY, what, id, "admin-1", "Suspicion.")  # type: ignore[arg-type]
    ledger.freeze("elsewhere", "town", "", "admin-9", "Another town.")
    spend(grant, 1_000, till="till-1")


def test_what_the_bank_did_is_booked_in_a_freeze() -> None:
    ledger.freeze(CITY, "town", "", "admin-1", "A difference.")
    ledger.pay(CITY, "pool", "line-1", {"p1": 1_000}, spender(), no_more())
    with pytest.raises(Frozen):
        ledger.order(CITY, "pool", "line-2", {"p1": 1_000}, spender(), no_more())
    assert [t.kind for t in ledger.journal(CITY, today()) if t.of == "line-1"] == ["pay"]


def test_turning_a_switch_is_a_decision_in_the_journal_and_again_changes_nothing() -> None:
    first = ledger.freeze(CITY, "provider", "pool", "admin-1", "Suspicion.")
    assert ledger.freeze(CITY, "provider", "pool", "admin-2", "Again.") == first
    ledger.unfreeze(CITY, "provider", "pool", "admin-2")
    ledger.unfreeze(CITY, "provider", "pool", "admin-2")
    said = [(d.what, d.outcome, d.by) for d in ledger.decisions_of(CITY, "provider:pool")]
    assert said == [("freeze", "frozen", "admin-1"), ("freeze", "unfrozen", "admin-2")]
    leaves = [
        entry
        for part in range(ledger.JOURNAL_PARTITIONS)
        for entry in ledger.entries(CITY, today().isoformat(), part)[0]
        if entry.kind == "decision"
    ]
    assert len(leaves) == 2
    assert "Suspicion" not in "".join(leaf.body for leaf in leaves)


# After payout


def paid_out(grant: Grant, amount_minor: int, line: str = "line-1") -> Transfer:
    redeemed = spend(grant, amount_minor)
    transact([ledger.claim(CITY, redeemed, line)])
    return redeemed


def owed(provider: str = "pool") -> int:
    return sum(t.payable_minor for t in ledger.unsettled(CITY, provider, 100)[0])


def test_a_refund_after_payout_returns_to_the_grant_and_the_provider_owes_it() -> None:
    grant = a_grant(10_000)
    redeemed = paid_out(grant, 4_000)
    first = ledger.refund(CITY, grant, redeemed.id, spender(), reason="dispute_upheld")
    assert left(grant) == (10_000, 0)
    assert owed() == -4_000
    again = ledger.refund(CITY, grant, redeemed.id, spender())
    assert (again.replayed, again.transfer) == (True, first.transfer)
    assert owed() == -4_000


def test_a_refund_of_an_ended_grant_returns_to_the_programme(stand_at: StandAt) -> None:
    grant = a_grant(10_000)
    redeemed = paid_out(grant, 10_000)
    later(stand_at, 90)
    assert ledger.refund(CITY, grant, redeemed.id, spender()).transfer.credit == "budget:p1"
    assert free() == 100_000


def test_a_refund_before_payout_is_refused_and_so_is_an_undo_after_it() -> None:
    grant = a_grant(10_000)
    redeemed = spend(grant, 4_000)
    with pytest.raises(NotPaidOut):
        ledger.refund(CITY, grant, redeemed.id, spender())
    transact([ledger.claim(CITY, redeemed, "line-1")])
    with pytest.raises(AlreadyPaidOut):
        ledger.undo(CITY, grant, redeemed.id, spender())


def test_a_reversal_is_not_reversed() -> None:
    grant = a_grant(10_000)
    redeemed = spend(grant, 4_000)
    undone = ledger.undo(CITY, grant, redeemed.id, spender()).transfer
    with pytest.raises(NotReversible):
        ledger.undo(CITY, grant, undone.id, spender())
    with pytest.raises(NotReversible):
        ledger.refund(CITY, grant, undone.id, spender())
    assert left(grant) == (10_000, 0)


def test_a_debt_is_written_off_by_two_people_once_and_no_payout_deducts_it() -> None:
    grant = a_grant(10_000)
    redeemed = paid_out(grant, 4_000)
    debt = ledger.refund(CITY, grant, redeemed.id, spender()).transfer
    with pytest.raises(SameApprover):
        ledger.write_off(CITY, debt, spender(), approved_by="someone", reason="ceased")
    first = ledger.write_off(CITY, debt, spender(), approved_by="another", reason="ceased")
    assert owed() == 0
    assert ledger.write_off(CITY, debt, spender(), approved_by="another", reason="ceased").replayed
    assert (first.transfer.debit, first.transfer.approved_by) == ("loss", "another")


def test_a_deducted_debt_is_not_written_off() -> None:
    grant = a_grant(10_000)
    redeemed = paid_out(grant, 4_000)
    debt = ledger.refund(CITY, grant, redeemed.id, spender()).transfer
    transact([ledger.claim(CITY, debt, "line-2")])
    with pytest.raises(AlreadyPaidOut):
        ledger.write_off(CITY, debt, spender(), approved_by="another", reason="ceased")


def test_a_withheld_redemption_is_in_no_payout_until_it_is_let_go() -> None:
    grant = a_grant(10_000)
    redeemed = spend(grant, 4_000)
    transact([ledger.withhold(CITY, redeemed, "dispute-1")])
    assert owed() == 0
    with pytest.raises(AlreadyPaidOut):
        transact([ledger.claim(CITY, redeemed, "line-1")])
    transact([ledger.let_go(CITY, redeemed, "dispute-1")])
    assert owed() == 4_000


def test_a_withheld_redemption_is_undone_and_nothing_is_owed() -> None:
    grant = a_grant(10_000)
    redeemed = spend(grant, 4_000)
    transact([ledger.withhold(CITY, redeemed, "dispute-1")])
    with pytest.raises(AlreadyPaidOut):
        ledger.undo(CITY, grant, redeemed.id, spender())
    ledger.undo(CITY, grant, redeemed.id, spender(), withheld_as="dispute-1")
    assert left(grant) == (10_000, 0)
    assert owed() == 0


def test_a_rejected_line_is_owed_again_once() -> None:
    for _ in range(2):
        ledger.order(CITY, "pool", "line-1", {"p1": 4_000}, spender(), no_more())
        ledger.reject(CITY, "pool", "line-1", {"p1": 4_000}, spender(), no_more())
    assert owed() == 4_000


def test_a_line_inside_the_town_needs_no_bank() -> None:
    ledger.settle_inside(CITY, "pool", "line-1", {"p1": 4_000}, spender(), no_more())
    found = ledger.budget(CITY, "p1")
    assert found
    assert found.paid_minor == 4_000
