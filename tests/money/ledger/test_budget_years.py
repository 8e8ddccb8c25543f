"""Money in and out of a programme's budget, and the years that bear it."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from chalicelib.core.refusals import KeyUsedForOtherRequest
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import (
    AccountUnknown,
    AmountOutOfRange,
    Budget,
    BudgetExhausted,
    BudgetYearClosed,
    GrantClosed,
    Transfer,
)
from tests.days import StandAt
from tests.money.ledger.test_money_moves import CITY, a_budget, a_grant, left, spender

IN_2026 = datetime(2026, 11, 20, 12, tzinfo=UTC)
IN_2027 = datetime(2027, 1, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def books(table: str, stand_at: StandAt) -> None:
    stand_at(IN_2026)
    transact([ledger.open_budget(CITY, "p1", year=2026)])
    ledger.fund(CITY, "p1", 100_000, spender(), coordinates="3419/5222//0126/")


def budget() -> Budget:
    found = ledger.budget(CITY, "p1")
    assert found
    return found


def of_kind(kind: str, day: date) -> list[Transfer]:
    return [t for t in ledger.journal(CITY, day) if t.kind == kind]


def test_the_first_money_funds_and_further_money_raises() -> None:
    ledger.fund(CITY, "p1", 5_000, spender())
    assert (budget().total_minor, budget().free_minor) == (105_000, 105_000)
    first = of_kind("fund", IN_2026.date())[0]
    assert (first.debit, first.credit, first.budget_year) == ("town:2026", "budget:p1", 2026)
    assert first.coordinates == "3419/5222//0126/"
    assert [t.amount_minor for t in of_kind("raise", IN_2026.date())] == [5_000]


def test_the_first_money_sent_again_is_a_replay_though_there_is_money_now() -> None:
    transact([ledger.open_budget(CITY, "p2", year=2026)])
    who = spender("fund-key-1")
    first = ledger.fund(CITY, "p2", 5_000, who)
    again = ledger.fund(CITY, "p2", 5_000, who)
    assert (again.replayed, again.transfer) == (True, first.transfer)
    with pytest.raises(KeyUsedForOtherRequest):
        ledger.fund(CITY, "p2", 6_000, who)


def test_only_free_money_is_cut() -> None:
    a_grant(70_000)
    with pytest.raises(BudgetExhausted) as refused:
        ledger.cut(CITY, "p1", 30_001, spender())
    assert refused.value.free_minor == 30_000
    ledger.cut(CITY, "p1", 30_000, spender())
    assert (budget().total_minor, budget().free_minor) == (70_000, 0)


def test_an_award_is_topped_up_under_the_same_ceiling() -> None:
    grant = a_grant(70_000)
    ledger.top_up(CITY, grant, 30_000, spender())
    assert left(grant) == (100_000, 0)
    assert budget().free_minor == 0
    with pytest.raises(BudgetExhausted):
        ledger.top_up(CITY, grant, 1, spender())


def test_an_ended_award_is_not_topped_up() -> None:
    grant = a_grant(10_000)
    known = ledger.grant(CITY, grant.id)
    assert known
    ledger.give_back(CITY, [known], "revoke", spender())
    with pytest.raises(GrantClosed):
        ledger.top_up(CITY, grant, 1, spender())
    assert budget().free_minor == 100_000


def test_the_next_year_bears_what_was_not_paid() -> None:
    grant = a_grant(40_000)
    ledger.spend(CITY, grant, 30_000, "pool", spender())
    ledger.pay(CITY, "pool", "line-1", {"p1": 12_000}, spender(), [], booked_on=date(2026, 12, 30))
    carried = ledger.carry_over(CITY, "p1", 2026, spender()).transfer
    assert (carried.debit, carried.credit, carried.amount_minor) == ("town:2027", "town:2026", 88_000)
    assert budget().year == 2027
    assert budget().free_minor == 60_000  # the programme's own money stays where it was


def test_a_year_is_carried_over_once() -> None:
    first = ledger.carry_over(CITY, "p1", 2026, spender())
    again = ledger.carry_over(CITY, "p1", 2026, spender())
    assert (again.replayed, again.transfer) == (True, first.transfer)
    with pytest.raises(BudgetYearClosed):
        ledger.carry_over(CITY, "p1", 2025, spender())


def test_what_was_booked_after_the_year_is_borne_by_the_next_one(stand_at: StandAt) -> None:
    stand_at(IN_2027)
    ledger.pay(CITY, "pool", "line-1", {"p1": 10_000}, spender(), [], booked_on=date(2026, 12, 31))
    ledger.pay(CITY, "pool", "line-2", {"p1": 7_000}, spender(), [], booked_on=date(2027, 1, 2))
    carried = ledger.carry_over(CITY, "p1", 2026, spender()).transfer
    assert carried.amount_minor == 90_000
    paid = of_kind("pay", IN_2027.date())
    assert sorted((t.budget_year, t.amount_minor) for t in paid) == [(2026, 10_000), (2027, 7_000)]


def test_a_statement_of_a_closed_year_is_booked_in_the_open_one(stand_at: StandAt) -> None:
    stand_at(IN_2027)
    ledger.carry_over(CITY, "p1", 2026, spender())
    ledger.pay(CITY, "pool", "line-1", {"p1": 10_000}, spender(), [], booked_on=date(2026, 12, 31))
    assert [t.budget_year for t in of_kind("pay", IN_2027.date())] == [2027]
    assert (budget().paid_minor, budget().paid_next_minor) == (10_000, 0)


@pytest.mark.parametrize("amount_minor", [0, -1, 10**12 + 1])
def test_amounts_out_of_range_are_refused_and_nothing_moves(amount_minor: int) -> None:
    grant = a_grant(10_000)
    moves: list[Callable[[], object]] = [
        lambda: ledger.fund(CITY, "p1", amount_minor, spender()),
        lambda: ledger.cut(CITY, "p1", amount_minor, spender()),
        lambda: ledger.top_up(CITY, grant, amount_minor, spender()),
        lambda: ledger.spend(CITY, grant, amount_minor, "pool", spender()),
        lambda: ledger.advance(CITY, amount_minor, spender()),
    ]
    for move in moves:
        with pytest.raises(AmountOutOfRange):
            move()
    assert left(grant) == (10_000, 0)
    assert budget().total_minor == 100_000


def test_an_unknown_budget_is_refused() -> None:
    with pytest.raises(AccountUnknown):
        ledger.fund(CITY, "nowhere", 1, spender())


def test_an_advance_goes_to_the_operator_once() -> None:
    who = spender("advance-1")
    first = ledger.advance(CITY, 50_000, who)
    assert (first.transfer.debit, first.transfer.credit) == ("town:2026", "operator")
    assert ledger.advance(CITY, 50_000, who).replayed


def test_another_town_has_books_of_its_own() -> None:
    a_budget(1_000, "p9")
    assert ledger.budget("elsewhere", "p9") is None


def test_further_money_does_not_open_a_paused_budget() -> None:
    transact([ledger.set_budget_open(CITY, "p1", is_open=False)])
    ledger.fund(CITY, "p1", 5_000, spender())
    assert (budget().total_minor, budget().open) == (105_000, False)


def test_two_years_that_nobody_carried_over_are_borne_one_after_the_other(stand_at: StandAt) -> None:
    stand_at(datetime(2028, 1, 4, 12, tzinfo=UTC))
    ledger.pay(CITY, "pool", "line-1", {"p1": 10_000}, spender(), [], booked_on=date(2028, 1, 3))
    assert [t.budget_year for t in of_kind("pay", date(2028, 1, 4))] == [2027]
    assert ledger.carry_over(CITY, "p1", 2026, spender()).transfer.amount_minor == 100_000
    assert ledger.carry_over(CITY, "p1", 2027, spender()).transfer.amount_minor == 90_000
