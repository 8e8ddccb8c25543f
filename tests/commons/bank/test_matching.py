"""What the lines of a statement pay: each kind of line that the demo's statements hold, and the rules in between."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.commons.bank import abo, banking_days
from chalicelib.commons.bank.model import (
    Expected,
    ExpectedOrder,
    Matching,
    Statement,
    StatementLine,
    StatementSumsWrong,
)
from chalicelib.commons.bank.service import (
    is_on_time,
    is_order_late,
    match_charges,
    match_order_items,
    match_order_sum,
    match_reversals,
    missing_between,
    propose_returns,
    read_statements,
    write_abo,
)
from localcloud import bank
from tests.commons.bank import build
from tests.commons.bank.build import DAY, TOWN, a_debit, a_line, a_statement, expected

ORDER = build.an_order()
ITEMS = tuple(
    Expected(payment.id, payment.amount_minor, payment.vs, payment.ss, payment.account, DAY)
    for payment in ORDER.payments
)


def from_bank(*lines: StatementLine) -> Statement:
    """The lines as they come back through a real file."""
    (statement,) = read_statements(bank.gpc(bank.statement(TOWN, 7, DAY, 10**8, lines), "Modřínov"), [TOWN])
    return statement


def pairs(matching: Matching) -> list[tuple[str, int, int]]:
    return [(match.expected_id, match.amount_minor, match.left_minor) for match in matching.matches]


# Orders


def test_each_payment_of_an_order_debited_separately() -> None:
    matching = match_order_items(ITEMS, from_bank(*bank.debits(ORDER, DAY)).lines)
    assert pairs(matching) == [("P-000001", 123_450, 0), ("P-000002", 79_900, 0)]
    assert (matching.proposals, matching.unmatched) == ((), ())


def test_the_whole_order_as_one_summed_debit_without_symbols() -> None:
    statement = from_bank(bank.summed_debit(ORDER, DAY), bank.incoming(build.CLUB, 203_350, DAY))
    order = ExpectedOrder("O-1", TOWN, 203_350, DAY)
    assert pairs(match_order_sum(order, statement)) == [("O-1", 203_350, 0)]
    assert match_order_items(ITEMS, statement.lines).matches == ()


@pytest.mark.parametrize(
    ("order", "line"),
    [
        (ExpectedOrder("O-1", build.TOWN_FIO, 80_000, DAY), a_debit(vs="")),
        (ExpectedOrder("O-1", TOWN, 80_001, DAY), a_debit(vs="")),
        (ExpectedOrder("O-1", TOWN, 80_000, DAY), a_debit(vs="1")),
        (ExpectedOrder("O-1", TOWN, 80_000, DAY), a_line(vs="")),
        (ExpectedOrder("O-1", TOWN, 80_000, DAY + timedelta(days=1)), a_debit(vs="")),
        (ExpectedOrder("O-1", TOWN, 80_000, DAY - timedelta(days=7)), a_debit(vs="")),
    ],
)
def test_a_sum_of_another_account_amount_kind_or_day_is_not_the_order(
    order: ExpectedOrder, line: StatementLine
) -> None:
    assert match_order_sum(order, a_statement(line)) == Matching()


def test_two_sums_that_could_be_the_order_are_only_proposed() -> None:
    matching = match_order_sum(ExpectedOrder("O-1", TOWN, 80_000, DAY), a_statement(a_debit(vs=""), a_debit(vs="")))
    assert matching.matches == ()
    assert [proposal.options for proposal in matching.proposals] == [(("O-1",),)] * 2


def test_an_order_missing_a_day_is_late_after_three_banking_days() -> None:
    friday = date(2026, 11, 13)  # Tuesday the 17th is a holiday
    assert [is_order_late(friday, friday + timedelta(days=gone)) for gone in range(9)] == [False] * 7 + [True] * 2
    for booked_on, is_the_order in ((friday, True), (date(2026, 11, 19), True), (date(2026, 11, 20), False)):
        found = match_order_sum(
            ExpectedOrder("O-1", TOWN, 80_000, friday), a_statement(a_debit(vs="", booked_on=booked_on))
        )
        assert bool(found.matches) == is_the_order, booked_on


def test_a_payment_never_debited_stays_waiting() -> None:
    matching = match_order_items(ITEMS, from_bank(bank.debits(ORDER, DAY)[0]).lines)
    assert [match.expected_id for match in matching.matches] == ["P-000001"]


def test_payments_alike_are_matched_when_all_are_debited_and_proposed_when_one_is_missing() -> None:
    twins = (expected(id="A"), expected(id="B"))
    both = match_order_items(twins, [a_debit(), a_debit()])
    assert sorted(match.expected_id for match in both.matches) == ["A", "B"]
    one = match_order_items(twins, [a_debit()])
    assert one.matches == ()
    assert one.proposals[0].options == (("A",), ("B",))
    thrice = match_order_items(twins, [a_debit()] * 3)
    assert (thrice.matches, len(thrice.proposals)) == ((), 3)


def test_a_debit_without_a_counter_account_is_proposed_and_never_matched() -> None:
    two = (expected(id="A"), expected(id="B", account=build.SHOP))
    found = match_order_items(two, [a_debit(counter_account=None), a_debit(counter_account=build.SHOP)])
    assert [match.expected_id for match in found.matches] == ["B"]
    assert [(one.reason, one.options) for one in found.proposals] == [("unnamed", (("A",),))]
    assert match_order_items(two, [a_debit(counter_account=None)]).proposals[0].options == (("A",), ("B",))


@pytest.mark.parametrize(("days", "is_offered"), [(-1, False), (0, True), (30, True), (31, False)])
def test_a_return_is_looked_for_thirty_days_from_the_payments_day(days: int, is_offered: bool) -> None:
    back = a_line(vs="9", booked_on=DAY + timedelta(days=days))
    assert bool(propose_returns([expected()], [back]).proposals) == is_offered


def test_a_payment_that_the_bank_says_it_sends_back_is_offered_without_a_word_or_an_account() -> None:
    silent = a_line(counter_account=None, vs="9")
    assert propose_returns([expected()], [silent]).proposals == ()
    (offered,) = propose_returns([expected()], [replace(silent, sent_back=True)]).proposals
    assert offered.options == (("E1",),)


@pytest.mark.parametrize(
    "change",
    [{"vs": "1"}, {"ss": "1"}, {"amount_minor": 79_999}, {"counter_account": build.SHOP}, {"direction": "credit"}],
)
def test_a_debit_that_differs_in_anything_is_not_the_payment(change: dict[str, object]) -> None:
    assert match_order_items([expected()], [a_debit(**change)]).matches == ()


def test_a_returned_payment_is_offered_by_amount_and_counter_account() -> None:
    statement = from_bank(*bank.debits(ORDER, DAY), bank.returned(ORDER.payments[1], DAY))
    assert statement.lines[-1].booked_on == DAY + timedelta(days=2)
    assert match_order_items(ITEMS, statement.lines).unmatched == ()
    (proposal,) = propose_returns(ITEMS, statement.lines).proposals
    assert (proposal.reason, proposal.options) == ("return", (("P-000002",),))
    assert proposal.line.counter_name == "VRÁCENÁ PLATBA"


@pytest.mark.parametrize(
    ("change", "offered"),
    [
        ({"counter_account": None, "counter_name": "VRÁCENÁ PLATBA"}, True),
        ({"counter_account": None, "text": "vratka, neexistující účet"}, True),
        ({"counter_account": None, "counter_name": "Jan Novák"}, False),
        ({"counter_account": build.SHOP, "text": "vrácená platba"}, False),
        ({"amount_minor": 79_999}, False),
        ({"booked_on": DAY - timedelta(days=1)}, False),
        ({"booked_on": DAY + timedelta(days=30)}, True),
        ({"booked_on": DAY + timedelta(days=31)}, False),
        ({"reversal": True}, False),
    ],
)
def test_what_may_be_a_returned_payment(change: dict[str, object], offered: bool) -> None:
    assert bool(propose_returns([expected()], [a_line(**change)]).proposals) is offered


def test_a_reversal_undoes_the_earlier_line() -> None:
    debit = bank.debits(ORDER, DAY)[0]
    statement = from_bank(debit, bank.reversed_line(debit, DAY))
    assert [line.reversal for line in statement.lines] == [False, True]
    assert pairs(match_order_items(ITEMS, statement.lines)) == [("P-000001", 123_450, 0)]
    assert pairs(match_reversals(ITEMS, statement.lines, "debit")) == [("P-000001", 123_450, 0)]
    assert match_reversals(ITEMS, statement.lines, "credit") == Matching()
    assert propose_returns(ITEMS, statement.lines) == Matching()


def test_a_reversed_receipt_is_no_new_payment() -> None:
    receipt = bank.incoming(build.CLUB, 80_000, DAY, vs="2601000001")
    statement = from_bank(receipt, bank.reversed_line(receipt, DAY))
    assert pairs(match_charges([expected()], statement.lines)) == [("E1", 80_000, 0)]
    assert pairs(match_reversals([expected()], statement.lines, "credit")) == [("E1", 80_000, 0)]


# Charges


@pytest.mark.parametrize(
    "line",
    [
        a_line(),
        a_line(vs="0002601000001"),
        a_line(vs="", text="odpad 2601000001 děkuji"),
        a_line(vs="", text="VS:2601000001"),
        a_line(vs="", counter_name="vs2601000001"),
        a_line(vs="2026", text="platim vs 02601000001"),
    ],
)
def test_a_variable_symbol_with_leading_zeros_or_in_the_text_only(line: StatementLine) -> None:
    charges = [expected(), expected(id="E2", vs="2601000002")]
    assert pairs(match_charges(charges, [line])) == [("E1", 80_000, 0)]


def test_two_charges_of_one_symbol_are_paid_oldest_due_first_and_shown_to_finance() -> None:
    charges = [
        expected(id="new", amount_minor=60_000),
        expected(id="old", amount_minor=60_000, due_on=date(2025, 4, 7)),
    ]
    once = match_charges(charges, [a_line(amount_minor=60_000)])
    assert [(match.expected_id, match.to_check) for match in once.matches] == [("old", True)]
    both = match_charges(charges, [a_line(amount_minor=100_000)])
    assert pairs(both) == [("old", 60_000, 0), ("new", 40_000, 20_000)]


def test_one_sum_for_three_people_is_proposed_and_nothing_booked() -> None:
    family = [expected(id=f"E{person}", vs=f"260100000{person}", group="household 7") for person in (1, 2, 3)]
    by_one_symbol = match_charges(family, [a_line(amount_minor=240_000)])
    assert by_one_symbol.matches == ()
    assert by_one_symbol.proposals[0].options == (("E1", "E2", "E3"),)
    two_of_three = match_charges(family, [a_line(amount_minor=160_000)])
    assert set(two_of_three.proposals[0].options) == {("E1", "E2"), ("E1", "E3"), ("E2", "E3")}
    strangers = [replace(charge, group="") for charge in family]
    named = "za nas 2601000001 2601000002 2601000003"
    by_text = match_charges(strangers, [a_line(vs="", amount_minor=240_000, text=named)])
    assert (by_text.matches, by_text.proposals[0].reason) == ((), "split")
    assert by_text.proposals[0].options == (("E1", "E2", "E3"),)


def test_a_sum_that_splits_no_way_is_an_overpayment_of_its_own_charge() -> None:
    family = [expected(id=f"E{person}", vs=f"260100000{person}", group="household 7") for person in (1, 2)]
    assert pairs(match_charges(family, [a_line(amount_minor=150_000)])) == [("E1", 150_000, -70_000)]


@pytest.mark.parametrize(("amount_minor", "left_minor"), [(79_999, 1), (80_000, 0), (80_100, -100)])
def test_one_haler_less_and_one_crown_more(amount_minor: int, left_minor: int) -> None:
    assert pairs(match_charges([expected()], [a_line(amount_minor=amount_minor)])) == [("E1", amount_minor, left_minor)]


def test_a_charge_paid_twice_is_overpaid_by_the_second() -> None:
    assert pairs(match_charges([expected()], [a_line(), a_line()])) == [("E1", 80_000, 0), ("E1", 80_000, -80_000)]
    assert pairs(match_charges([expected(paid_minor=80_000)], [a_line()])) == [("E1", 80_000, -80_000)]


def test_paid_on_the_due_date_and_booked_the_day_after_is_on_time() -> None:
    line = a_line(value_date=DAY, booked_on=DAY + timedelta(days=1))
    assert is_on_time(line, DAY)
    assert not is_on_time(line, DAY - timedelta(days=1))


def test_the_specific_symbol_decides_between_charges_of_one_variable_symbol() -> None:
    charges = [expected(id="dog", ss="1341"), expected(id="waste", ss="1345")]
    matching = match_charges(charges, [a_line(ss="1345")])
    assert [(match.expected_id, match.to_check) for match in matching.matches] == [("waste", False)]


def test_bank_charges_interest_and_strangers_are_left_alone() -> None:
    fee, interest = (
        a_debit(vs="", counter_account=None, text="POPLATEK"),
        a_line(vs="", counter_account=None, text="ÚROK"),
    )
    stranger = a_line(vs="777")
    assert match_charges([expected()], [fee, interest, stranger]) == Matching(unmatched=(interest, stranger))
    assert match_order_items([expected()], [fee, interest, stranger]) == Matching(unmatched=(fee,))
    assert propose_returns([expected()], [interest]) == Matching(unmatched=(interest,))


def test_a_charge_without_a_symbol_matches_no_line_without_one() -> None:
    assert match_charges([expected(vs="")], [a_line(vs="")]).matches == ()


# Whole statements


def test_the_same_statement_again_tells_the_same_fingerprints() -> None:
    twice = [from_bank(*bank.debits(ORDER, DAY), *bank.debits(ORDER, DAY)) for _ in range(2)]
    assert [line.fingerprint for line in twice[0].lines] == [line.fingerprint for line in twice[1].lines]
    assert len({line.fingerprint for line in twice[0].lines}) == 4


def test_a_missing_statement_number_is_reported() -> None:
    last = a_statement(number=7)
    assert list(missing_between(last, a_statement(number=10))) == [8, 9]
    assert not missing_between(last, a_statement(number=8))
    assert not missing_between(last, last)
    assert not missing_between(last, a_statement(number=None))
    assert not missing_between(a_statement(number=None), last)
    january = {"opened_on": date(2027, 1, 1), "closed_on": date(2027, 1, 4)}
    assert list(missing_between(last, a_statement(number=3, **january))) == [1, 2]
    assert not missing_between(last, a_statement(number=1, **january))


def test_a_statement_that_does_not_add_up_is_refused_before_anything_is_matched() -> None:
    made = replace(bank.statement(TOWN, 7, DAY, 10**8, bank.debits(ORDER, DAY)), closing_minor=10**8)
    for data in (bank.gpc(made, "Modřínov"), bank.camt053(made)):
        with pytest.raises(StatementSumsWrong):
            read_statements(data, [TOWN])


# Rules with numbers

lines = st.builds(
    a_line,
    amount_minor=st.integers(1, 5),
    vs=st.sampled_from(["", "1001", "01001", "1002", "1003"]),
    ss=st.sampled_from(["", "7"]),
    text=st.sampled_from(["", "vs 1001", "1001 1002"]),
    direction=st.sampled_from(["debit", "credit"]),
    reversal=st.booleans(),
    counter_account=st.sampled_from([None, build.CLUB, build.SHOP]),
)
charges = st.lists(
    st.builds(
        Expected,
        id=st.uuids().map(str),
        amount_minor=st.integers(1, 5),
        vs=st.sampled_from(["1001", "1002"]),
        ss=st.sampled_from(["", "7"]),
        account=st.sampled_from([None, build.CLUB, build.SHOP]),
        due_on=st.sampled_from([None, DAY, DAY - timedelta(days=3)]),
        paid_minor=st.integers(0, 6),
        group=st.sampled_from(["", "g"]),
    ),
    max_size=5,
)


@given(charges, st.lists(lines, max_size=6))
def test_no_haler_of_a_receipt_is_lost_or_made(waiting: list[Expected], moved: list[StatementLine]) -> None:
    numbered = [replace(line, line=place) for place, line in enumerate(moved)]
    matching = match_charges(waiting, numbered)
    receipts = [line for line in numbered if line.direction == "credit" and not line.reversal]
    settled: dict[int, int] = {}
    for match in matching.matches:
        settled[match.line.line] = settled.get(match.line.line, 0) + match.amount_minor
    aside = [*(proposal.line for proposal in matching.proposals), *matching.unmatched]
    assert settled.keys().isdisjoint(line.line for line in aside)
    assert sorted([*settled, *(line.line for line in aside)]) == [line.line for line in receipts]
    assert all(amount == numbered[line].amount_minor for line, amount in settled.items())
    for charge in waiting:
        own = [match for match in matching.matches if match.expected_id == charge.id]
        if own:
            assert own[-1].left_minor == charge.left_minor - sum(match.amount_minor for match in own)


@given(charges, st.lists(lines, max_size=6))
def test_an_order_item_is_debited_at_most_once_and_each_debit_stands_in_one_place(
    waiting: list[Expected], moved: list[StatementLine]
) -> None:
    numbered = [replace(line, line=place) for place, line in enumerate(moved)]
    matching = match_order_items(waiting, numbered)
    debited = [match.expected_id for match in matching.matches]
    assert len(debited) == len(set(debited))
    proposed = [proposal.line for proposal in matching.proposals]
    stand = [*(match.line for match in matching.matches), *proposed, *matching.unmatched]
    assert sorted(line.line for line in stand) == [
        line.line for line in numbered if line.direction == "debit" and not line.reversal
    ]
    for match in matching.matches:
        (item,) = [charge for charge in waiting if charge.id == match.expected_id]
        assert (match.amount_minor, match.line.vs.lstrip("0")) == (item.amount_minor, item.vs)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=30, unique=True))
def test_an_order_through_the_bank_and_back_is_debited_to_the_haler(amounts: list[int]) -> None:
    payments = [
        build.a_payment(id=f"P-{place}", amount_minor=amount, vs=str(place + 1)) for place, amount in enumerate(amounts)
    ]
    order = build.an_order(*payments)
    orders = [abo.read(file.content) for file in write_abo(order)]
    debits = [line for read in orders for line in bank.debits(read, DAY)]
    items = [
        Expected(payment.id, payment.amount_minor, payment.vs, payment.ss, payment.account) for payment in payments
    ]
    matching = match_order_items(items, from_bank(*debits).lines)
    assert sorted(match.expected_id for match in matching.matches) == sorted(payment.id for payment in payments)


@given(build.days, st.integers(0, 8))
def test_banking_days_go_forward_and_skip_what_is_none(day: date, count: int) -> None:
    later = banking_days.after(day, count)
    assert banking_days.is_banking_day(later)
    between = [day + timedelta(days=gone) for gone in range(1, (later - day).days + 1)]
    assert sum(banking_days.is_banking_day(gone) for gone in between) - count in (
        0,
        0 if banking_days.is_banking_day(day) else 1,
    )


@pytest.mark.parametrize(
    "holiday",
    [date(2026, 4, 3), date(2026, 4, 6), date(2025, 4, 18), date(2025, 4, 21), date(2026, 11, 17), date(2026, 12, 24)],
)
def test_public_holidays_are_no_banking_days(holiday: date) -> None:
    assert not banking_days.is_banking_day(holiday)
    assert banking_days.is_banking_day(date(2026, 4, 7))


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_the_days_off_of_a_year_are_those_of_the_act(year: int) -> None:
    good_friday = {2024: date(2024, 3, 29), 2025: date(2025, 4, 18), 2026: date(2026, 4, 3), 2027: date(2027, 3, 26)}[
        year
    ]
    fixed = "1-1 5-1 5-8 7-5 7-6 9-28 10-28 11-17 12-24 12-25 12-26"
    off = {date(year, *map(int, day.split("-"))) for day in fixed.split()}
    off |= {good_friday, good_friday + timedelta(days=3)}
    workdays = [
        day for n in range(366) if (day := date(year, 1, 1) + timedelta(days=n)).year == year and day.weekday() < 5
    ]
    assert [day for day in workdays if not banking_days.is_banking_day(day)] == sorted(
        day for day in off if day.weekday() < 5
    )


def test_what_one_charge_lacks_is_not_split_over_others_because_another_is_overpaid() -> None:
    family = [
        expected(id="over", paid_minor=90_000, group="household 7"),
        expected(id="lacks", group="household 7", due_on=DAY + timedelta(days=1)),
        expected(id="A", vs="2601000002", amount_minor=30_000, group="household 7"),
        expected(id="B", vs="2601000003", amount_minor=50_000, group="household 7"),
    ]
    assert pairs(match_charges(family, [a_line()])) == [("lacks", 80_000, 0)]
