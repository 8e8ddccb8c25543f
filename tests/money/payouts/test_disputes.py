"""A disputed redemption waits: no payout takes it until the town answers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.clock import now
from chalicelib.core.gate import CLERK, Who
from chalicelib.core.ids import new_id
from chalicelib.core.table import commit
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import AlreadyPaidOut, GrantClosed, Transfer
from chalicelib.money.ledger.slots import AlreadyUndone
from chalicelib.money.payouts import service as payouts
from chalicelib.money.payouts import store
from chalicelib.money.payouts.model import Refunded, WriteOff
from chalicelib.money.vouchers import service as vouchers
from chalicelib.money.vouchers.model import Dispute
from tests.days import StandAt
from tests.money.payouts.build import (
    CITY,
    a_paying_town,
    a_provider,
    built,
    debited,
    exported,
    officers,
    redeemed,
    someone,
    sums,
)

HOLDER = Who(id="parent", app="moje", roles={CITY: ("citizen",)})
TOWN_CLERK = Who(id="clerk-1", app="admin", roles={CITY: (CLERK,)})


@pytest.fixture(autouse=True)
def town(bucket: str) -> None:
    a_paying_town()
    a_provider("pool")


def disputed(redemption: Transfer) -> None:
    said = vouchers.dispute(CITY, HOLDER, redemption.grant, redemption.id, "Tam jsme nebyli.")
    assert said.state == "disputed"


def answered(redemption: Transfer, upheld: bool) -> Dispute:
    return vouchers.close_dispute(CITY, TOWN_CLERK, redemption.grant, redemption.id, upheld, "Podle účtenky.")


def left(redemption: Transfer) -> int:
    grant = ledger.grant(CITY, redemption.grant)
    assert grant
    return grant.spendable_minor


def test_a_disputed_redemption_is_in_no_payout_until_it_is_answered() -> None:
    kept, waits = redeemed("pool", 5_000), redeemed("pool", 7_000)
    disputed(waits)
    assert sums(built().id) == {"pool": kept.amount_minor}
    assert answered(waits, upheld=False).ended_as == "declined"
    assert sums(built().id) == {"pool": 7_000}


def test_an_upheld_dispute_gives_the_money_back_and_nobody_is_paid() -> None:
    waits = redeemed("pool", 7_000)
    disputed(waits)
    assert answered(waits, upheld=True).ended_as == "undone"
    assert left(waits) == 7_000
    assert sums(built().id) == {}
    [decision] = ledger.decisions_of(CITY, waits.id)
    assert (decision.what, decision.outcome, decision.by) == ("dispute", "undone", "clerk-1")


def test_a_dispute_upheld_after_payout_makes_the_provider_owe() -> None:
    paid = redeemed("pool", 7_000)
    authorising, budget, _ = officers()
    debited(exported(built(), authorising, budget), budget)
    [seen] = vouchers.redemptions_of(CITY, paid.grant)
    assert seen.state == "paid"
    disputed(paid)
    assert answered(paid, upheld=True).ended_as == "refunded"
    assert left(paid) == 7_000
    redeemed("pool", 10_000)
    [line] = payouts.lines(CITY, built().id)
    assert (line.gross_minor, line.offset_minor, line.amount_minor) == (10_000, 7_000, 3_000)


def test_a_dispute_and_a_payout_at_once_never_both_have_a_redemption() -> None:
    all_of_them = [redeemed("pool", 1_000 + n) for n in range(40)]
    with ThreadPoolExecutor(4) as pool:
        payout = pool.submit(built)
        list(pool.map(disputed, all_of_them))
    made = payout.result()
    held = ledger.lines_of(CITY, all_of_them)
    in_line = {transfer.id for line in payouts.lines(CITY, made.id) for transfer in ledger.claimed(CITY, line.id)}
    waiting = {id for id, slot in held.items() if slot.startswith(ledger.waiting_as("dispute."))}
    assert in_line | waiting == {transfer.id for transfer in all_of_them}
    assert not in_line & waiting
    assert made.total_minor == sum(t.amount_minor for t in all_of_them if t.id in in_line)
    opened = vouchers.open_disputes(CITY, 100, None).items
    assert {dispute.redemption for dispute in opened if dispute.withheld} == waiting


def test_a_till_cannot_take_back_what_is_disputed_and_what_it_took_back_cannot_be_disputed() -> None:
    waits, undone = redeemed("pool", 5_000), redeemed("pool", 6_000)
    disputed(waits)
    grant, other = ledger.grant(CITY, waits.grant), ledger.grant(CITY, undone.grant)
    assert grant
    assert other
    with pytest.raises(AlreadyPaidOut):
        ledger.undo(CITY, grant, waits.id, someone())
    ledger.undo(CITY, other, undone.id, someone())
    with pytest.raises(AlreadyUndone):
        vouchers.dispute(CITY, HOLDER, undone.grant, undone.id, "")


def test_a_dispute_of_what_a_payout_has_already_waits_for_nothing_but_the_answer() -> None:
    claimed = redeemed("pool", 5_000)
    payout = built()
    disputed(claimed)
    [dispute] = vouchers.open_disputes(CITY, 10, None).items
    assert not dispute.withheld
    assert sums(payout.id) == {"pool": 5_000}
    assert answered(claimed, upheld=False).ended_as == "declined"
    assert sums(payout.id) == {"pool": 5_000}


def test_a_dispute_of_a_contribution_that_is_over_still_waits_when_it_cannot_be_taken_back() -> None:
    waits = redeemed("pool", 7_000, of_minor=10_000)
    disputed(waits)
    grant = ledger.grant(CITY, waits.grant)
    assert grant
    ledger.give_back(CITY, [grant], "revoke", someone())
    with pytest.raises(GrantClosed):
        answered(waits, upheld=True)
    assert built().state == "cancelled", "nobody is paid before the town answers"
    assert answered(waits, upheld=False).ended_as == "declined"


def test_a_proposal_that_waits_is_listed_however_many_there_are(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "REFUNDS_LOOKED_AT_MAX", 2)
    ids = [f"r{n}" for n in range(6)]
    for n, id in enumerate(ids):
        state: Any = "approved" if n < 4 else "proposed"
        one = WriteOff(id, "g", "p", "Oddíl", "p1", 100, "", "chief", now() + timedelta(seconds=n), state)
        commit(store.proposed_write_off(CITY, one, None))
    assert [one.refund for one in payouts.write_offs(CITY)] == ["r5", "r4", "r3", "r2"]


def test_refunds_are_listed_the_newest_first(table: str, stand_at: StandAt) -> None:
    begin = now()
    for n in range(2):
        stand_at(begin + timedelta(minutes=n))
        one = Refunded(new_id(), f"m{n}", "g", "p1", "p", "Oddíl", 100, "not_provided", "", "chief", now())
        commit(store.new_refund(CITY, one))
    assert [one.redemption for one in payouts.refunds(CITY)] == ["m1", "m0"]
