"""Charges: the office's file, what the citizen sees, and what the bank says was paid."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.commons.bank.model import AccountNumber, Statement, StatementLine
from chalicelib.core.clock import today
from chalicelib.money.fees import service as fees
from chalicelib.money.fees import store
from chalicelib.money.fees.model import (
    COLUMNS,
    Charge,
    ChargesUnreadable,
    OptionUnknown,
    charge_id,
    read_charges,
    state_of,
    to_pay_minor,
)
from localcloud import bank
from tests.town.people.build import a_town

CITY = "modrinov"
ACCOUNT = "19-2000145399/0800"
SUBJECT, OTHER = "subject-ref-of-one-person", "subject-ref-of-another-one"
DUE = date(2026, 12, 4)


def a_row(number: str = "ODP-1", **more: str) -> dict[str, str]:
    row = {
        "number": number,
        "subject_ref": SUBJECT,
        "kind": "local_fee",
        "title_cs": "Poplatek za odpad",
        "title_en": "",
        "year": "2026",
        "amount": "800,00",
        "reduced": "",
        "due_on": DUE.isoformat(),
        "account": ACCOUNT,
        "vs": "1126000001",
        "ss": "",
        "ks": "0308",
        "paid": "",
        "closed": "",
    }
    return row | more


def a_file(*rows: dict[str, str], encoding: str = "utf-8") -> bytes:
    lines = [";".join(COLUMNS), *(";".join(row[c] for c in COLUMNS) for row in rows)]
    return "\r\n".join(lines).encode(encoding)


def a_charge(**more: Any) -> Charge:
    values: dict[str, Any] = {
        "id": "c1",
        "subject_ref": SUBJECT,
        "number": "ODP-1",
        "charge_kind": "local_fee",
        "title_cs": "Odpad",
        "title_en": "Waste",
        "year": 2026,
        "amount_minor": 80_000,
        "due_on": DUE,
        "account": ACCOUNT,
        "vs": "1",
    }
    return Charge(**(values | more))


# Rules


@pytest.mark.parametrize(
    ("more", "day", "state"),
    [
        ({}, DUE, "due"),
        ({}, DUE + timedelta(days=1), "overdue"),
        ({"bank_minor": 79_999}, DUE, "partly_paid"),
        ({"bank_minor": 80_000}, DUE + timedelta(days=9), "paid"),
        ({"counter_minor": 80_000}, DUE, "paid"),
        ({"bank_minor": 80_100}, DUE, "overpaid"),
        ({"closed": "remitted"}, DUE, "remitted"),
        ({"reduced_minor": 64_000, "bank_minor": 64_000, "on_time_minor": 64_000}, DUE, "paid"),
        ({"reduced_minor": 64_000, "bank_minor": 64_000}, DUE + timedelta(days=3), "overdue"),
    ],
)
def test_the_state_follows_from_what_was_paid_and_when(more: dict[str, Any], day: date, state: str) -> None:
    assert state_of(a_charge(**more), day) == state


@given(paid=st.integers(0, 10**7), amount=st.integers(1, 10**7), days=st.integers(-30, 30))
def test_nobody_is_asked_for_more_than_is_left(paid: int, amount: int, days: int) -> None:
    charge = a_charge(amount_minor=amount, bank_minor=paid)
    asked = to_pay_minor(charge, DUE + timedelta(days=days))
    assert asked == max(amount - paid, 0)


def test_the_reduced_sum_is_asked_for_until_the_due_date() -> None:
    charge = a_charge(reduced_minor=64_000)
    assert to_pay_minor(charge, DUE) == 64_000
    assert to_pay_minor(charge, DUE + timedelta(days=1)) == 80_000


# The office's file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
def test_the_offices_file_is_read_in_its_encodings(encoding: str) -> None:
    row = a_row(title_cs="Poplatek ze psů – Žižkova")
    [charge] = read_charges(a_file(row, encoding=encoding))
    assert charge.title_cs == "Poplatek ze psů – Žižkova"
    assert (charge.amount_minor, charge.vs, charge.ks) == (80_000, "1126000001", "0308")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amount", "0"),
        ("amount", "-5"),
        ("amount", "12,345"),
        ("amount", "99999999999"),
        ("due_on", "2026-02-30"),
        ("due_on", "4. 12. 2026"),
        ("kind", "tax"),
        ("vs", "12345678901"),
        ("vs", ""),
        ("ks", "12"),
        ("subject_ref", "9912311234"),
        ("title_cs", ""),
        ("closed", "yes"),
        ("reduced", "900"),
        ("year", "26"),
    ],
)
def test_a_broken_line_refuses_the_whole_file_and_is_named(column: str, value: str) -> None:
    with pytest.raises(ChargesUnreadable) as refused:
        read_charges(a_file(a_row("A"), a_row("B", **{column: value})))
    assert {e.field for e in refused.value.errors} == {"line 3"}


def test_every_fault_is_listed() -> None:
    with pytest.raises(ChargesUnreadable) as refused:
        read_charges(a_file(a_row("A", vs="x"), a_row("B", amount="", due_on="")))
    assert [e.field for e in refused.value.errors] == ["line 2", "line 3", "line 3"]


def test_a_number_twice_and_missing_columns_are_refused() -> None:
    with pytest.raises(ChargesUnreadable):
        read_charges(a_file(a_row("A"), a_row("A")))
    with pytest.raises(ChargesUnreadable):
        read_charges(b"number;amount\r\nA;1\r\n")


# In the table


@pytest.fixture
def town(table: str) -> None:
    a_town(account_number=ACCOUNT)


def known(number: str = "ODP-1", subject_ref: str = SUBJECT) -> Charge:
    found = store.charge(CITY, subject_ref, charge_id(number))
    assert found
    return found


def credit(amount_minor: int, vs: str = "1126000001", value_date: date = DUE, **more: Any) -> StatementLine:
    return bank.incoming(AccountNumber.parse("1265098001/5500"), amount_minor, value_date, vs=vs, **more)


def take(*lines: StatementLine, number: int = 1) -> fees.Found:
    statement: Statement = bank.statement(AccountNumber.parse(ACCOUNT), number, DUE, 0, lines).fingerprinted()
    found = fees.match_payments(CITY, statement.lines)
    fees.book_payments(CITY, found)
    return found


@pytest.mark.usefixtures("town")
def test_importing_again_changes_nothing_and_a_changed_line_keeps_payments() -> None:
    first = fees.import_charges(CITY, a_file(a_row("A"), a_row("B", vs="2")))
    assert (first.new, first.changed, first.unchanged) == (2, 0, 0)
    take(credit(80_000))
    again = fees.import_charges(CITY, a_file(a_row("A", amount="900"), a_row("B", vs="2")))
    assert (again.new, again.changed, again.unchanged) == (0, 1, 1)
    assert (known("A").amount_minor, known("A").bank_minor, known("A").left_minor) == (90_000, 80_000, 10_000)


@pytest.mark.usefixtures("town")
def test_a_number_is_one_charge_also_when_its_person_is_corrected() -> None:
    fees.import_charges(CITY, a_file(a_row("A")))
    moved = fees.import_charges(CITY, a_file(a_row("A", subject_ref=OTHER)))
    assert (moved.new, moved.changed, moved.unchanged) == (0, 1, 0)
    assert store.charges(CITY, SUBJECT) == []
    assert [charge.number for charge in store.charges(CITY, OTHER)] == ["A"]
    take(credit(80_000))
    assert known("A", OTHER).paid_minor == 80_000


@pytest.mark.usefixtures("town")
def test_what_one_person_paid_is_not_made_anothers() -> None:
    fees.import_charges(CITY, a_file(a_row("A"), a_row("B", vs="2")))
    take(credit(80_000))
    with pytest.raises(ChargesUnreadable) as refused:
        fees.import_charges(CITY, a_file(a_row("A", subject_ref=OTHER), a_row("B", vs="2", subject_ref=OTHER)))
    assert [(fault.field, fault.code) for fault in refused.value.errors] == [("number A", "paid_by_another")]
    assert store.charges(CITY, OTHER) == []


@pytest.mark.usefixtures("town")
def test_the_same_file_twice_at_once_is_taken_once() -> None:
    data = a_file(*(a_row(f"N-{n}", vs=str(n + 1)) for n in range(20)))
    with ThreadPoolExecutor(2) as two:
        taken = list(two.map(lambda _: fees.import_charges(CITY, data), range(2)))
    assert all(each.new + each.changed + each.unchanged == 20 for each in taken)
    assert len(store.charges(CITY, SUBJECT)) == 20


@pytest.mark.usefixtures("town")
def test_a_broken_file_takes_nothing() -> None:
    with pytest.raises(ChargesUnreadable):
        fees.import_charges(CITY, a_file(a_row("A"), a_row("B", account="19-2000145398/0800")))
    assert store.charge(CITY, SUBJECT, charge_id("A")) is None


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(("paid", "state"), [(80_000, "paid"), (79_999, "partly_paid"), (80_100, "overpaid")])
def test_a_payment_is_matched_by_its_symbol(paid: int, state: str) -> None:
    fees.import_charges(CITY, a_file(a_row()))
    assert take(credit(paid)).paid == 1
    assert state_of(known(), DUE) == state


@pytest.mark.usefixtures("town")
def test_the_same_statement_again_pays_once() -> None:
    fees.import_charges(CITY, a_file(a_row()))
    take(credit(80_000))
    take(credit(80_000))
    assert known().paid_minor == 80_000


@pytest.mark.usefixtures("town")
def test_paid_twice_is_an_overpayment() -> None:
    fees.import_charges(CITY, a_file(a_row()))
    take(credit(80_000), credit(80_000))
    assert known().left_minor == -80_000


@pytest.mark.usefixtures("town")
def test_paid_on_the_due_date_booked_later_is_on_time() -> None:
    fees.import_charges(CITY, a_file(a_row(reduced="640")))
    take(credit(64_000, value_date=DUE, booked_on=DUE + timedelta(days=1)))
    assert state_of(known(), DUE + timedelta(days=5)) == "paid"


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(("vs", "message"), [("0001126000001", ""), ("", "odpad VS 1126000001")])
def test_leading_zeros_or_a_symbol_in_the_text_only_still_match(vs: str, message: str) -> None:
    fees.import_charges(CITY, a_file(a_row()))
    assert take(credit(80_000, vs=vs[-10:], message=message)).paid == 1


@pytest.mark.usefixtures("town")
def test_one_symbol_for_two_charges_pays_the_older_first() -> None:
    older = (DUE - timedelta(days=30)).isoformat()
    fees.import_charges(CITY, a_file(a_row("NEW"), a_row("OLD", due_on=older)))
    take(credit(80_000))
    assert (known("OLD").left_minor, known("NEW").left_minor) == (0, 80_000)


@pytest.mark.usefixtures("town")
def test_a_sum_for_several_charges_waits_for_finance_and_books_once() -> None:
    fees.import_charges(CITY, a_file(a_row("A"), a_row("B", vs="1126000002", amount="600")))
    taken = take(credit(140_000))
    assert (taken.paid, taken.to_check) == (0, 1)
    [found] = fees.to_check(CITY)
    assert (known("A").paid_minor, known("B").paid_minor) == (0, 0)
    fees.choose(CITY, found.id, 0, "finance")
    assert (known("A").left_minor, known("B").left_minor) == (0, 0)
    with pytest.raises(OptionUnknown):
        fees.choose(CITY, found.id, 0, "finance")


@pytest.mark.usefixtures("town")
def test_a_payment_of_somebody_unknown_is_not_ours() -> None:
    fees.import_charges(CITY, a_file(a_row()))
    found = take(credit(80_000, vs="42"))
    assert (found.paid, found.to_check) == (0, 0)


@pytest.mark.usefixtures("town")
def test_the_qr_payment_carries_the_symbols_and_no_execution_date() -> None:
    due = (today() + timedelta(days=10)).isoformat()
    fees.import_charges(CITY, a_file(a_row(due_on=due, reduced="640")))
    payment = fees.qr_payment(CITY, known())
    assert (payment.amount_minor, payment.vs, payment.ks, payment.execute_on) == (64_000, "1126000001", "0308", None)


@pytest.mark.parametrize(("title_en", "read"), [("", "Poplatek za odpad"), ("Waste", "Waste")])
def test_a_charge_without_an_english_title_has_the_czech_one(title_en: str, read: str) -> None:
    [charge] = read_charges(a_file(a_row(title_en=title_en)))
    assert (charge.title_cs, charge.title_en) == ("Poplatek za odpad", read)


def test_a_reduced_sum_of_one_haler_is_on_offer() -> None:
    assert to_pay_minor(a_charge(reduced_minor=1), DUE) == 1
