"""The seventeen kinds of lines that a town's bank statement holds, each imported and looked at afterwards.

Where the format matters, a line comes in GPC and in the three versions of camt.053, with accounts as
IBANs and as Czech banks write them. The preview always says what the
import then does.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.commons.bank import profiles
from chalicelib.commons.bank.model import (
    AccountNumber,
    StatementCurrencyUnsupported,
    StatementCut,
    StatementEncodingWrong,
    StatementLine,
    StatementOfAnotherAccount,
    StatementSumsWrong,
)
from chalicelib.core.clock import start_of, today
from chalicelib.core.gate import Who
from chalicelib.money.fees import service as fees
from chalicelib.money.ledger import service as ledger
from chalicelib.money.payouts import service as payouts
from chalicelib.money.payouts.model import Imported, Line, Payout
from localcloud import bank
from tests.days import StandAt
from tests.money.fees.test_charges import OTHER, a_file, a_row, known
from tests.money.payouts.build import (
    ACCOUNTS,
    CITY,
    TOWN_ACCOUNT,
    a_paying_town,
    a_provider,
    built,
    debit_of,
    exported,
    officers,
    redeemed,
    returned,
    sums,
)

type Written = Callable[[Sequence[StatementLine], int, date], bytes]
TOWN = AccountNumber.parse(TOWN_ACCOUNT)
PAYER = AccountNumber.parse("1265098001/5500")
DUE = date(2026, 12, 4)


def gpc(lines: Sequence[StatementLine], number: int, day: date) -> bytes:
    return bank.gpc(bank.statement(TOWN, number, day, 10**9, lines), "Město Modřínov")


def gpc_in_internal_order(lines: Sequence[StatementLine], number: int, day: date) -> bytes:
    return bank.gpc(bank.statement(TOWN, number, day, 10**9, lines), "Město Modřínov", internal_order=True)


def camt(version: bank.CamtVersion, accounts: bank.CamtAccounts) -> Written:
    return lambda lines, number, day: bank.camt053(bank.statement(TOWN, number, day, 10**9, lines), version, accounts)


VERSIONS: tuple[bank.CamtVersion, ...] = ("02", "04", "08")
FORMATS: dict[str, Written] = {
    "gpc": gpc,
    **{f"camt.{version}": camt(version, "iban") for version in VERSIONS},
    **{f"camt.{version} with Czech accounts": camt(version, "czech") for version in VERSIONS},
}


@pytest.fixture(params=FORMATS)
def written(request: pytest.FixtureRequest) -> Written:
    return FORMATS[request.param]


@pytest.fixture(autouse=True)
def town(bucket: str) -> None:
    a_paying_town()
    a_provider("pool")
    a_provider("books", ACCOUNTS[1])


@pytest.fixture
def finance() -> tuple[Who, Who, Who]:
    return officers()


@pytest.fixture
def order(finance: tuple[Who, Who, Who]) -> Payout:
    """Two payments handed to the bank."""
    redeemed("pool", 5_000)
    redeemed("books", 7_000, "p2")
    return exported(built(), finance[0], finance[1])


def day_of(order: Payout) -> date:
    assert order.due_on
    return order.due_on


def lines_of(order: Payout) -> dict[str, Line]:
    return {line.provider: line for line in payouts.lines(CITY, order.id)}


def states(order: Payout) -> dict[str, str]:
    return {provider: line.state for provider, line in lines_of(order).items()}


def imported(data: bytes, by: Who) -> Imported:
    [seen] = payouts.preview_statement(CITY, data)
    [done] = payouts.import_statement(CITY, data, by)
    assert seen.outcome == done, "the preview says what the import does"
    return done


def incoming(amount_minor: int, vs: str = "1126000001", day: date = DUE, **more: Any) -> StatementLine:
    return bank.incoming(PAYER, amount_minor, day, vs=vs, name="JAN NOVÁK", **more)


def charges(*rows: dict[str, str]) -> None:
    fees.import_charges(CITY, a_file(*rows))


def test_01_each_payment_of_an_order_debited_separately(
    order: Payout, finance: tuple[Who, Who, Who], written: Written
) -> None:
    day = day_of(order)
    debits = [debit_of(line, day) for line in lines_of(order).values()]
    assert imported(written(debits, 1, day), finance[1]).debited == 2
    assert states(order) == {"pool": "debited", "books": "debited"}
    assert {line.debited_on for line in lines_of(order).values()} == {day}
    assert payouts.payout(CITY, order.id).state == "settled"


def test_02_the_whole_order_as_one_summed_debit_without_symbols(
    order: Payout, finance: tuple[Who, Who, Who], written: Written
) -> None:
    day = day_of(order)
    whole = StatementLine(0, "debit", 12_000, day, day, text="HROMADNÝ PŘÍKAZ")
    assert imported(written([whole], 1, day), finance[1]).debited == 2
    assert states(order) == {"pool": "debited", "books": "debited"}


def test_03_an_order_missing_a_day_waits_and_is_late_after_three_banking_days(
    order: Payout, finance: tuple[Who, Who, Who], stand_at: StandAt
) -> None:
    day = day_of(order)
    assert imported(gpc([], 1, day), finance[1]).debited == 0
    assert states(order) == {"pool": "in_order", "books": "in_order"}
    waiting = payouts.payout(CITY, order.id)
    for days, late in ((1, False), (14, True)):
        stand_at(start_of(day + timedelta(days=days)))
        assert payouts.is_late(waiting) == late


def test_04_a_returned_payment_under_other_symbols_is_offered_and_due_again(
    order: Payout, finance: tuple[Who, Who, Who], written: Written
) -> None:
    day, line = day_of(order), lines_of(order)["pool"]
    imported(written([debit_of(line, day)], 1, day), finance[1])
    back = returned(line, day)
    assert imported(written([back], 2, back.booked_on), finance[1]).returns_proposed == 1
    assert states(order)["pool"] == "debited", "nothing is booked before a person says so"
    [offered] = payouts.doubts(CITY)
    assert (offered.doubt.line.amount_minor, offered.doubt.options) == (5_000, (line.id,))
    payouts.decide(CITY, offered.doubt.id, line.id, finance[1])
    assert states(order)["pool"] == "returned"
    assert sums(built().id) == {"pool": 5_000}


def test_05_a_closed_account_is_never_debited_and_finance_marks_it_with_a_reason(
    order: Payout, finance: tuple[Who, Who, Who]
) -> None:
    day, lines = day_of(order), lines_of(order)
    imported(gpc([debit_of(lines["books"], day)], 1, day), finance[1])
    assert states(order) == {"pool": "in_order", "books": "debited"}
    payouts.reject(CITY, order.id, "pool", "Účet příjemce je zrušený.", finance[1])
    assert states(order)["pool"] == "rejected"
    assert lines_of(order)["pool"].note == "Účet příjemce je zrušený."
    assert sums(built().id) == {"pool": 5_000}


def test_06_a_reversal_undoes_the_earlier_line_and_it_is_due_again(
    order: Payout, finance: tuple[Who, Who, Who], written: Written
) -> None:
    day, lines = day_of(order), lines_of(order)
    debits = [debit_of(line, day) for line in lines.values()]
    imported(written(debits, 1, day), finance[1])
    undone = bank.reversed_line(debit_of(lines["pool"], day), day + timedelta(days=1))
    done = imported(written([undone], 2, day + timedelta(days=1)), finance[1])
    assert (done.reversed, done.not_ours, done.returns_proposed) == (1, 0, 0)
    assert states(order) == {"pool": "returned", "books": "debited"}
    [back] = [t for t in ledger.journal(CITY, today()) if t.kind == "return"]
    assert (back.debit, back.credit, back.payable_minor) == ("bank", "provider:pool", 5_000)
    assert sums(built().id) == {"pool": 5_000}


def test_06_a_reversal_in_the_same_statement_and_of_a_whole_order(order: Payout, finance: tuple[Who, Who, Who]) -> None:
    day = day_of(order)
    whole = StatementLine(0, "debit", 12_000, day, day, text="HROMADNÝ PŘÍKAZ")
    done = imported(gpc([whole, bank.reversed_line(whole, day)], 1, day), finance[1])
    assert (done.debited, done.reversed, done.not_ours) == (2, 2, 0)
    assert states(order) == {"pool": "returned", "books": "returned"}
    assert sums(built().id) == {"pool": 5_000, "books": 7_000}


@pytest.mark.parametrize(("vs", "message"), [("0001126000001"[-10:], ""), ("", "odpad VS 1126000001 Novák")])
def test_07_a_symbol_with_leading_zeros_or_in_the_text_only(
    vs: str, message: str, finance: tuple[Who, Who, Who], written: Written
) -> None:
    charges(a_row("ODP-1"))
    done = imported(written([incoming(80_000, vs, message=message)], 1, DUE), finance[1])
    assert (done.charges_paid, done.not_ours) == (1, 0)
    assert known("ODP-1").left_minor == 0


def test_08_two_charges_of_one_symbol_are_paid_oldest_due_first(finance: tuple[Who, Who, Who]) -> None:
    charges(a_row("OLD", due_on="2026-11-01"), a_row("NEW", due_on="2026-12-04"))
    imported(gpc([incoming(100_000)], 1, DUE), finance[1])
    assert (known("OLD").left_minor, known("NEW").left_minor) == (0, 60_000)


def test_09_one_sum_for_three_people_is_proposed_and_nothing_is_guessed(
    finance: tuple[Who, Who, Who], written: Written
) -> None:
    three = [a_row(f"P{n}", vs=f"112600000{n}", subject_ref=f"{OTHER}-{n}") for n in (1, 2, 3)]
    charges(*three)
    named = "VS 1126000001 1126000002 1126000003"
    done = imported(written([incoming(240_000, "", message=named)], 1, DUE), finance[1])
    assert (done.charges_paid, done.to_check) == (0, 1)
    assert {known(f"P{n}", f"{OTHER}-{n}").left_minor for n in (1, 2, 3)} == {80_000}
    [offered] = fees.to_check(CITY)
    assert [len(option) for option in offered.options] == [3]


@pytest.mark.parametrize(("amount_minor", "left_minor"), [(79_999, 1), (80_100, -100)])
def test_10_one_haler_less_and_one_crown_more(
    amount_minor: int, left_minor: int, finance: tuple[Who, Who, Who]
) -> None:
    charges(a_row("ODP-1"))
    imported(gpc([incoming(amount_minor)], 1, DUE), finance[1])
    assert known("ODP-1").left_minor == left_minor


def test_11_paid_twice_is_an_overpayment(finance: tuple[Who, Who, Who], written: Written) -> None:
    charges(a_row("ODP-1"))
    assert imported(written([incoming(80_000), incoming(80_000)], 1, DUE), finance[1]).charges_paid == 2
    assert known("ODP-1").left_minor == -80_000


def test_12_paid_on_the_due_date_and_booked_the_day_after_is_on_time(
    finance: tuple[Who, Who, Who], written: Written
) -> None:
    charges(a_row("ODP-1", reduced="640,00"))
    late_booked = incoming(64_000, booked_on=DUE + timedelta(days=1))
    imported(written([late_booked], 1, DUE + timedelta(days=1)), finance[1])
    assert (known("ODP-1").on_time_minor, known("ODP-1").left_minor) == (64_000, 0)


def test_13_accounts_in_the_banks_internal_order_are_read_by_the_check_sum(
    order: Payout, finance: tuple[Who, Who, Who]
) -> None:
    day = day_of(order)
    debits = [debit_of(line, day) for line in lines_of(order).values()]
    assert imported(gpc_in_internal_order(debits, 1, day), finance[1]).debited == 2
    assert states(order) == {"pool": "debited", "books": "debited"}


def test_14_diacritics_in_windows_1250_and_cut_names_are_shown_right(
    order: Payout, finance: tuple[Who, Who, Who]
) -> None:
    day, line = day_of(order), lines_of(order)["pool"]
    imported(gpc([debit_of(line, day)], 1, day), finance[1])
    back = replace(returned(line, day), counter_name="VRÁCENÁ PLATBA – TĚLOVÝCHOVNÁ", text="Účet příjemce zrušen")
    imported(gpc([back], 2, back.booked_on), finance[1])
    [offered] = payouts.doubts(CITY)
    assert offered.doubt.line.text == "Účet příjemce zrušen"


def test_15_the_same_statement_again_has_no_effect_and_a_gap_is_reported(
    order: Payout, finance: tuple[Who, Who, Who], written: Written
) -> None:
    day = day_of(order)
    debits = [debit_of(line, day) for line in lines_of(order).values()]
    first = imported(written(debits, 1, day), finance[1])
    moved = len(list(ledger.journal(CITY, today())))
    again = imported(written(debits, 1, day), finance[1])
    assert (first.repeated, again.repeated, again.debited) == (False, True, 2)
    assert len(list(ledger.journal(CITY, today()))) == moved
    assert imported(written([], 4, day + timedelta(days=3)), finance[1]).missing == (2, 3)


@pytest.mark.parametrize("in_one_file", [False, True])
def test_15_two_exports_of_one_day_without_a_number_are_two_statements(
    in_one_file: bool, order: Payout, finance: tuple[Who, Who, Who]
) -> None:
    day = day_of(order)
    first, second = (debit_of(line, day) for line in lines_of(order).values())
    morning = bank.statement(TOWN, 1, day, 10**9, [first])
    evening = bank.statement(TOWN, 2, day, morning.closing_minor, [second])
    files = [bank.gpc(replace(one, number=None), "Město Modřínov") for one in (morning, evening)]
    for file in [b"".join(files)] if in_one_file else files:
        payouts.import_statement(CITY, file, finance[1])
    assert states(order) == {"pool": "debited", "books": "debited"}
    again = [one for file in files for one in payouts.import_statement(CITY, file, finance[1])]
    assert [(one.repeated, one.debited) for one in again] == [(True, 1), (True, 1)]
    assert len({one.statement for one in again}) == 2
    assert len(payouts.statements(CITY)) == 2
    assert again[0].missing == again[1].missing == ()


def test_15_a_monthly_statement_over_the_daily_one_pays_nobody_twice(
    order: Payout, finance: tuple[Who, Who, Who]
) -> None:
    charges(a_row("ODP-1"))
    day = day_of(order)
    lines = [*(debit_of(line, day) for line in lines_of(order).values()), incoming(80_000, day=day)]
    made = bank.statement(TOWN, 1, day, 10**9, lines)
    imported(bank.gpc(made, "Město"), finance[1])
    moved = len(list(ledger.journal(CITY, today())))
    imported(bank.gpc(replace(made, number=301), "Město"), finance[1])
    assert len(list(ledger.journal(CITY, today()))) == moved
    assert known("ODP-1").left_minor == 0


def test_16_a_balance_that_does_not_add_up_a_cut_file_and_another_account_are_refused_whole(
    order: Payout, finance: tuple[Who, Who, Who]
) -> None:
    day = day_of(order)
    debits = [debit_of(line, day) for line in lines_of(order).values()]
    made = bank.statement(TOWN, 1, day, 10**9, debits)
    stranger = bank.statement(PAYER, 1, day, 10**9, debits)
    unbalanced = replace(made, closing_minor=made.closing_minor + 1)
    refusals: list[tuple[bytes, type[Exception]]] = [
        (bank.gpc(unbalanced, "M"), StatementSumsWrong),
        (bank.camt053(unbalanced, "08"), StatementSumsWrong),
        (bank.gpc(made, "M")[:-60], StatementCut),
        (bank.camt053(made)[:-60], StatementCut),
        (bank.gpc(stranger, "M"), StatementOfAnotherAccount),
        (bank.camt053(stranger, "04"), StatementOfAnotherAccount),
        (bank.gpc(made, "Město").decode("cp1250").encode(), StatementEncodingWrong),
        (bank.camt053(made).replace(b"<Ccy>CZK", b"<Ccy>EUR"), StatementCurrencyUnsupported),
    ]
    for data, refusal in refusals:
        with pytest.raises(refusal):
            payouts.preview_statement(CITY, data)
        with pytest.raises(refusal):
            payouts.import_statement(CITY, data, finance[1])
    assert states(order) == {"pool": "in_order", "books": "in_order"}
    assert payouts.statements(CITY) == []


def test_17_bank_charges_and_interest_are_left_alone(
    order: Payout, finance: tuple[Who, Who, Who], written: Written
) -> None:
    charges(a_row("ODP-1"))
    day = day_of(order)
    fee = StatementLine(0, "debit", 1_500, day, day, text="POPLATEK ZA VEDENÍ ÚČTU")
    interest = StatementLine(0, "credit", 42, day, day, text="ÚROK")
    done = imported(written([fee, interest], 1, day), finance[1])
    assert (done.lines, done.not_ours, done.debited, done.charges_paid, done.to_check) == (2, 2, 0, 0, 0)
    assert payouts.doubts(CITY) == []


def test_02_an_order_split_by_the_banks_limit_is_debited_file_by_file(
    finance: tuple[Who, Who, Who], monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = replace(profiles.PROFILES["0800"], items_per_file=2)
    monkeypatch.setitem(profiles.PROFILES, "0800", limited)
    a_provider("club", ACCOUNTS[2])
    for provider, amount_minor in (("pool", 5_000), ("books", 7_000), ("club", 9_000)):
        redeemed(provider, amount_minor)
    order = exported(built(), finance[0], finance[1])
    assert [file.payments for file in order.files] == [2, 1]
    day = day_of(order)
    second = StatementLine(0, "debit", order.files[1].sum_minor, day, day, text="HROMADNÝ PŘÍKAZ")
    assert imported(gpc([second], 1, day), finance[1]).debited == 1
    assert sorted(states(order).values()) == ["debited", "in_order", "in_order"]
    first = StatementLine(0, "debit", order.files[0].sum_minor, day, day, text="HROMADNÝ PŘÍKAZ")
    assert imported(gpc([first], 2, day + timedelta(days=1)), finance[1]).debited == 2
    assert payouts.payout(CITY, order.id).state == "settled"
