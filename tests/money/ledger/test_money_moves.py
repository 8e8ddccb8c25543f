"""What the ledger promises of single movements, judged by the real engine."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.core.clock import end_of, now, start_of, today
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import ChangedMeanwhile, KeyUsedForOtherRequest
from chalicelib.core.table import Write, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import (
    AlreadyAwarded,
    AlreadyPaidOut,
    BudgetExhausted,
    BudgetNotOpen,
    CreditTooSmall,
    Grant,
    GrantSuspended,
    GrantUsed,
    HoldEnded,
    NewGrant,
    NotYetValid,
    Spender,
    ValidityEnded,
)
from tests.days import StandAt

CITY = "modrinov"


def spender(key: str = "") -> Spender:
    return Spender(by="someone", via="test", key=key or new_id())


def a_budget(total_minor: int, programme: str = "p1") -> None:
    transact([ledger.open_budget(CITY, programme)])
    ledger.fund(CITY, programme, total_minor, spender())


def a_new_grant(amount_minor: int, subject: str = "", **more: object) -> NewGrant:
    values = {
        "subject_ref": subject or new_id(),
        "programme": "p1",
        "application": new_id(),
        "person": "parent",
        "beneficiary": "child",
        "mode": "voucher",
        "amount_minor": amount_minor,
        "valid_from": start_of(today()),
        "valid_until": end_of(today() + timedelta(days=60)),
    }
    return NewGrant(**(values | more))  # type: ignore[arg-type]


def a_grant(amount_minor: int, **more: Any) -> Grant:
    return ledger.allot(CITY, [a_new_grant(amount_minor, **more)], spender())[0]


def left(grant: Grant) -> tuple[int, int]:
    found = ledger.grant(CITY, grant.id)
    assert found
    return found.spendable_minor, found.held_minor


@pytest.fixture(autouse=True)
def budget(table: str) -> None:
    a_budget(100_000)


def free() -> int:
    found = ledger.budget(CITY, "p1")
    assert found
    return found.free_minor


def test_an_award_takes_from_the_free_budget() -> None:
    grant = a_grant(40_000)
    assert free() == 60_000
    assert left(grant) == (40_000, 0)
    assert [t.kind for t in ledger.transfers_of(CITY, grant.id)] == ["allot"]


def test_an_award_over_the_ceiling_is_refused_and_changes_nothing() -> None:
    a_grant(70_000)
    with pytest.raises(BudgetExhausted) as refused:
        a_grant(30_001)
    assert refused.value.free_minor == 30_000
    assert free() == 30_000
    a_grant(30_000)
    assert free() == 0


def test_nobody_is_awarded_twice_in_a_programme() -> None:
    a_grant(1_000, subject="same-child")
    with pytest.raises(AlreadyAwarded):
        a_grant(1_000, subject="same-child")
    assert free() == 99_000


def test_an_award_in_parts_opens_an_account_for_each() -> None:
    parts = [a_new_grant(20_000, "child", part=n, parts=2) for n in (1, 2)]
    opened = ledger.allot(CITY, parts, spender())
    assert [g.part for g in opened] == [1, 2]
    assert free() == 60_000


def test_no_award_from_a_budget_that_is_not_signed() -> None:
    transact([ledger.open_budget(CITY, "p2")])
    with pytest.raises(BudgetNotOpen):
        a_grant(1, programme="p2")


def test_a_spend_leaves_the_rest() -> None:
    grant = a_grant(50_000)
    receipt = ledger.spend(CITY, grant, 12_000, "pool", spender())
    assert not receipt.replayed
    assert left(grant) == (38_000, 0)
    owed, _ = ledger.unsettled(CITY, "pool", 25)
    assert [t.payable_minor for t in owed] == [12_000]


def test_more_than_is_left_is_refused_with_what_is_left() -> None:
    grant = a_grant(50_000)
    with pytest.raises(CreditTooSmall) as refused:
        ledger.spend(CITY, grant, 50_001, "pool", spender())
    assert refused.value.left_minor == 50_000
    assert left(grant) == (50_000, 0)


def test_the_same_key_gives_the_first_receipt_even_on_an_empty_account() -> None:
    grant = a_grant(50_000)
    who = spender("till-op-1")
    first = ledger.spend(CITY, grant, 50_000, "pool", who)
    again = ledger.spend(CITY, grant, 50_000, "pool", who)
    assert again.replayed
    assert again.transfer == first.transfer
    assert left(grant) == (0, 0)


def test_the_same_key_with_another_amount_is_refused() -> None:
    grant = a_grant(50_000)
    who = spender("till-op-2")
    ledger.spend(CITY, grant, 10_000, "pool", who)
    with pytest.raises(KeyUsedForOtherRequest):
        ledger.spend(CITY, grant, 10_001, "pool", who)
    assert left(grant) == (40_000, 0)


def test_valid_on_its_last_second_and_not_after(stand_at: StandAt) -> None:
    last_day = datetime(2030, 3, 31, tzinfo=UTC).date()
    grant = a_grant(50_000, valid_until=end_of(last_day))
    at = end_of(last_day)
    stand_at(at)
    ledger.spend(CITY, grant, 10_000, "pool", spender())
    stand_at(at + timedelta(seconds=1))
    with pytest.raises(ValidityEnded):
        ledger.spend(CITY, grant, 10_000, "pool", spender())
    assert left(grant) == (40_000, 0)


def test_not_before_it_becomes_valid() -> None:
    grant = a_grant(50_000, valid_from=now() + timedelta(days=1))
    with pytest.raises(NotYetValid):
        ledger.spend(CITY, grant, 1, "pool", spender())


def test_a_suspended_grant_spends_nothing_until_resumed() -> None:
    grant = a_grant(50_000)
    transact([ledger.suspend(CITY, grant.id)])
    with pytest.raises(GrantSuspended):
        ledger.spend(CITY, grant, 1, "pool", spender())
    transact([ledger.resume(CITY, grant.id)])
    ledger.spend(CITY, grant, 1, "pool", spender())


def test_a_single_use_grant_closes_with_its_first_redemption_and_returns_the_rest() -> None:
    grant = a_grant(30_000, single_use=True, remainder="returns")
    ledger.spend(CITY, grant, 21_000, "books", spender())
    with pytest.raises(GrantUsed):
        ledger.spend(CITY, grant, 1_000, "books", spender())
    seen = ledger.grant(CITY, grant.id)
    assert seen
    assert ledger.give_back(CITY, [seen], "remainder", spender()) == 9_000
    assert free() == 79_000


def test_undo_restores_to_the_haler_and_happens_once() -> None:
    grant = a_grant(50_000)
    spent = ledger.spend(CITY, grant, 12_345, "pool", spender())
    first = ledger.undo(CITY, grant, spent.transfer.id, spender())
    again = ledger.undo(CITY, grant, spent.transfer.id, spender())
    assert (first.replayed, again.replayed) == (False, True)
    assert left(grant) == (50_000, 0)
    owed, _ = ledger.unsettled(CITY, "pool", 25)
    assert sum(t.payable_minor for t in owed) == 0


def test_what_a_payout_claimed_cannot_be_undone() -> None:
    grant = a_grant(50_000)
    spent = ledger.spend(CITY, grant, 12_345, "pool", spender()).transfer
    transact([ledger.claim(CITY, spent, "line-1")])
    with pytest.raises(AlreadyPaidOut):
        ledger.undo(CITY, grant, spent.id, spender())
    with pytest.raises(AlreadyPaidOut):
        transact([ledger.claim(CITY, spent, "line-2")])
    assert [t.id for t in ledger.claimed(CITY, "line-1")] == [spent.id]


def no_more() -> list[Write]:
    return []


def test_a_hold_of_15_of_100_released_gives_100_again() -> None:
    grant = a_grant(10_000)
    held = ledger.hold(CITY, grant, 1_500, "club", new_id(), spender(), no_more()).transfer
    assert left(grant) == (8_500, 1_500)
    ledger.release(CITY, held, spender(), no_more())
    assert left(grant) == (10_000, 0)


def test_a_hold_ends_once() -> None:
    grant = a_grant(10_000)
    held = ledger.hold(CITY, grant, 1_500, "club", new_id(), spender(), no_more()).transfer
    ledger.settle(CITY, held, spender(), no_more())
    assert ledger.settle(CITY, held, spender(), no_more()).replayed
    with pytest.raises(HoldEnded):
        ledger.release(CITY, held, spender(), no_more())
    assert left(grant) == (8_500, 0)
    owed, _ = ledger.unsettled(CITY, "club", 25)
    assert [t.amount_minor for t in owed] == [1_500]


def test_a_second_hold_over_the_credit_is_refused() -> None:
    grant = a_grant(10_000)
    ledger.hold(CITY, grant, 10_000, "club", new_id(), spender(), no_more())
    with pytest.raises(CreditTooSmall):
        ledger.hold(CITY, grant, 1, "club", new_id(), spender(), no_more())


def test_expiry_returns_what_is_left_and_never_what_was_spent_meanwhile(stand_at: StandAt) -> None:
    grant = a_grant(50_000)
    seen = ledger.grant(CITY, grant.id)
    assert seen
    ledger.spend(CITY, grant, 10_000, "pool", spender())
    stand_at(grant.valid_until + timedelta(seconds=1))
    with pytest.raises(ChangedMeanwhile):
        ledger.give_back(CITY, [seen], "expire", spender())
    fresh = ledger.grant(CITY, grant.id)
    assert fresh
    assert ledger.give_back(CITY, [fresh], "expire", spender()) == 40_000
    assert free() == 90_000


def test_a_hold_is_safe_from_expiry(stand_at: StandAt) -> None:
    grant = a_grant(10_000)
    held = ledger.hold(CITY, grant, 4_000, "club", new_id(), spender(), no_more()).transfer
    after = grant.valid_until + timedelta(days=1)
    stand_at(after)
    seen = ledger.grant(CITY, grant.id)
    assert seen
    ledger.give_back(CITY, [seen], "expire", spender())
    assert left(grant) == (0, 4_000)
    ledger.settle(CITY, held, spender(), no_more())
    assert left(grant) == (0, 0)


def test_paid_and_returned_money_is_owed_again() -> None:
    grant = a_grant(50_000)
    spent = ledger.spend(CITY, grant, 12_000, "pool", spender()).transfer
    transact([ledger.claim(CITY, spent, "line-1")])
    ledger.pay(CITY, "pool", "line-1", {"p1": 12_000}, spender(), no_more())
    ledger.pay(CITY, "pool", "line-1", {"p1": 12_000}, spender(), no_more())
    assert ledger.unsettled(CITY, "pool", 25)[0] == []
    ledger.take_back(CITY, "pool", "line-1", {"p1": 12_000}, spender(), no_more())
    owed, _ = ledger.unsettled(CITY, "pool", 25)
    assert [(t.kind, t.payable_minor) for t in owed] == [("return", 12_000)]


@pytest.mark.parametrize(
    ("seconds", "state", "held_minor", "seen"),
    [
        (0, "active", 0, "active"),
        (1, "active", 0, "expired"),
        (1, "active", 100, "active"),
        (0, "active", 100, "active"),
        (1, "suspended", 0, "suspended"),
        (1, "revoked", 0, "revoked"),
        (0, "suspended", 0, "suspended"),
    ],
)
def test_a_grant_is_seen_as_expired_past_its_last_second_unless_an_order_holds_money_of_it(
    seconds: int, state: Any, held_minor: int, seen: str
) -> None:
    grant = replace(a_grant(1_000), state=state, held_minor=held_minor)
    assert ledger.as_of(grant, grant.valid_until + timedelta(seconds=seconds)).state == seen


def test_a_key_finds_what_it_redeemed_at_its_provider_and_nothing_of_another_one() -> None:
    grant = a_grant(1_000)
    of_club, of_pool = (Spender("till", "reader", "key", scope=scope) for scope in ("club", "pool"))
    receipt = ledger.spend(CITY, grant, 100, "pool", of_pool)
    assert ledger.redeemed_by_key(CITY, grant.id, of_pool) == receipt.transfer
    assert ledger.redeemed_by_key(CITY, grant.id, of_club) is None


def test_a_redemption_is_paid_once_its_line_was_debited_and_stayed_so_or_was_settled_inside() -> None:
    grant = a_grant(50_000)
    lines = {
        end: ledger.spend(CITY, grant, 1_000, "pool", spender()).transfer for end in ("", "due", "pay", "back", "in")
    }
    transact([ledger.claim(CITY, spent, end) for end, spent in lines.items() if end])
    for end in ("pay", "back"):
        ledger.pay(CITY, "pool", end, {"p1": 1_000}, spender(), no_more())
    ledger.take_back(CITY, "pool", "back", {"p1": 1_000}, spender(), no_more())
    ledger.settle_inside(CITY, "pool", "in", {"p1": 1_000}, spender(), no_more())
    assert ledger.paid_of(CITY, list(lines.values())) == {lines["pay"].id, lines["in"].id}


def test_in_its_last_second_a_grant_is_not_expired_yet(stand_at: StandAt) -> None:
    grant = a_grant(1_000)
    stand_at(grant.valid_until)
    with pytest.raises(ChangedMeanwhile):
        ledger.give_back(CITY, [grant], "expire", spender())
    assert left(grant) == (1_000, 0)
