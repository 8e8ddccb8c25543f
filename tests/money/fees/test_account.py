"""The personal account of a verified citizen: every door, its parts, reminders, and what finance decides."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.commons.bank.model import AccountNumber
from chalicelib.core.clock import today
from chalicelib.core.gate import ADMIN, AUDITOR, AUTHORISING_OFFICER, BUDGET_OFFICER, CHIEF_ACCOUNTANT, CLERK, Who
from chalicelib.core.refusals import ChangedMeanwhile, NotFound, TryAgain
from chalicelib.core.work import Change
from chalicelib.money.fees import jobs, store
from chalicelib.money.fees import service as fees
from chalicelib.money.fees.model import (
    COLUMNS,
    LINES_MAX,
    TITLE_LENGTH_MAX,
    Charge,
    ChargeSettled,
    ChargesTooMany,
    ChargesUnreadable,
    OptionUnknown,
    PaymentNote,
    ToCheck,
    charge_id,
    read_charges,
    state_of,
    sums_on,
    to_pay_minor,
)
from chalicelib.town.identity import service as identity
from chalicelib.town.messages import service as messages
from chalicelib.town.messages import store as kept_messages
from chalicelib.town.towns import service as towns
from localcloud import bank
from tests.door import Answer, Door
from tests.money.fees.test_charges import ACCOUNT, DUE, a_charge, a_file, a_row
from tests.town.identity.build import CITY, Office, a_record, citizen, registered
from tests.town.identity.conftest import office

__all__ = ["office"]

AT = f"/cities/{CITY}"
PAYER = AccountNumber.parse("1265098001/5500")
SOON = today() + timedelta(days=20)


@pytest.fixture
def person(office: Office) -> str:
    """A verified citizen of a town that takes charges."""
    towns.amend(CITY, towns.town_now(CITY).v, {"account_number": ACCOUNT})
    office.holds(a_record("A1"))
    id = registered()
    office.verify(id)
    return id


def ref_of(person: str) -> str:
    return identity.standing(CITY, person).subject_ref


def taken(person: str, number: str = "ODP-1", **more: str) -> Charge:
    """A charge of the person, imported; due in twenty days unless told."""
    row = a_row(number, subject_ref=ref_of(person), due_on=more.pop("due_on", SOON.isoformat()), **more)
    fees.import_charges(CITY, a_file(row))
    return now_of(person, number)


def now_of(person: str, number: str = "ODP-1") -> Charge:
    found = store.charge(CITY, ref_of(person), charge_id(number))
    assert found
    return found


def paid(
    *amounts: int, vs: str = "1126000001", day: date | None = None, number: int = 1, message: str = ""
) -> fees.Found:
    """Credits of these amounts in one statement, booked."""
    on = day or today()
    lines = [bank.incoming(PAYER, amount, on, vs=vs, message=message) for amount in amounts]
    statement = bank.statement(AccountNumber.parse(ACCOUNT), number, on, 0, lines).fingerprinted()
    found = fees.match_payments(CITY, statement.lines)
    fees.book_payments(CITY, found)
    return found


def reminders() -> dict[date, int]:
    """How many reminders wait for each day."""
    days = [today() + timedelta(days=n) for n in range(60)]
    waiting = {day: len(list(kept_messages.deadlines_on(CITY, day, 100))) for day in days}
    return {day: count for day, count in waiting.items() if count}


def told(person: str) -> list[str]:
    return [note.template for note in messages.inbox(CITY, person, "cs", 50, None).items if "fees." in note.template]


# The parts of a charge


@pytest.mark.parametrize(
    ("more", "day", "parts"),
    [  # amount − discount − let off − paid = left, on offer
        ({}, DUE, (0, 0, 0, 80_000, False)),
        ({"reduced_minor": 64_000}, DUE - timedelta(days=1), (16_000, 0, 0, 64_000, True)),
        ({"reduced_minor": 64_000}, DUE, (16_000, 0, 0, 64_000, True)),
        ({"reduced_minor": 64_000}, DUE + timedelta(days=1), (0, 0, 0, 80_000, False)),
        ({"reduced_minor": 64_000, "bank_minor": 10_000, "on_time_minor": 10_000}, DUE, (16_000, 0, 10_000, 54_000, True)),
        ({"reduced_minor": 64_000, "bank_minor": 63_999, "on_time_minor": 63_999}, DUE, (16_000, 0, 63_999, 1, True)),
        ({"reduced_minor": 64_000, "bank_minor": 64_000, "on_time_minor": 64_000}, DUE, (16_000, 0, 64_000, 0, False)),
        ({"reduced_minor": 64_000, "bank_minor": 64_000, "on_time_minor": 64_000}, DUE + timedelta(9), (16_000, 0, 64_000, 0, False)),
        ({"reduced_minor": 64_000, "bank_minor": 70_000, "on_time_minor": 70_000}, DUE, (10_000, 0, 70_000, 0, False)),
        ({"reduced_minor": 64_000, "bank_minor": 90_000, "on_time_minor": 90_000}, DUE, (0, 0, 90_000, -10_000, False)),
        ({"reduced_minor": 64_000, "counter_minor": 10_000}, DUE, (0, 0, 10_000, 70_000, False)),
        ({"bank_minor": 30_000, "closed": "remitted"}, DUE, (0, 50_000, 30_000, 0, False)),
        ({"reduced_minor": 64_000, "closed": "cancelled"}, DUE, (0, 80_000, 0, 0, False)),
        ({"bank_minor": 90_000, "closed": "written_off"}, DUE, (0, 0, 90_000, -10_000, False)),
    ],
)  # fmt: skip
def test_the_parts_of_a_charge_add_up_to_one_sum_to_pay(
    more: dict[str, Any], day: date, parts: tuple[int, ...]
) -> None:
    charge = a_charge(**more)
    sums = sums_on(charge, day)
    assert (sums.discount_minor, sums.let_off_minor, sums.paid_minor, sums.left_minor, sums.is_offered) == parts
    assert sums.amount_minor - sums.discount_minor - sums.let_off_minor - sums.paid_minor == sums.left_minor
    assert to_pay_minor(charge, day) == max(sums.left_minor, 0)


def test_who_pays_what_was_on_offer_owes_nothing() -> None:
    charge = a_charge(reduced_minor=64_000)
    asked = to_pay_minor(charge, DUE)
    after = a_charge(reduced_minor=64_000, bank_minor=asked, on_time_minor=asked)
    assert (sums_on(after, DUE + timedelta(days=1)).left_minor, state_of(after, DUE + timedelta(days=1))) == (0, "paid")


# Every door


@pytest.mark.parametrize(("reduced", "paid_minor"), [("640", 0), ("640", 64_000), ("", 80_000), ("", 90_000)])
def test_the_account_shows_parts_that_add_up_and_the_qr_asks_for_the_same(
    reduced: str, paid_minor: int, person: str, door: Door
) -> None:
    charge = taken(person, reduced=reduced)
    if paid_minor:
        paid(paid_minor)
    me = door.as_(citizen(person))
    listed = me.get(f"{AT}/charges")
    [shown] = listed.body["items"]
    assert shown == me.get(f"{AT}/charges/{charge.id}").body["charge"]
    left = shown["amount_minor"] - shown["discount_minor"] - shown["let_off_minor"] - shown["paid_minor"]
    assert (shown["left_minor"], shown["to_pay_minor"]) == (left, max(left, 0))
    assert (listed.body["due_minor"], listed.body["overdue_minor"]) == (shown["to_pay_minor"], 0)
    assert shown["name"] == "Petr Dvořák"
    qr = me.get(f"{AT}/charges/{charge.id}/qr")
    if shown["to_pay_minor"]:
        assert qr.body["amount_minor"] == shown["to_pay_minor"]
        assert f"AM:{shown['to_pay_minor'] // 100}.00" in qr.body["spayd"]
    else:
        assert (qr.status, qr.body["code"]) == (409, "charge_settled")
    payments = me.get(f"{AT}/charges/{charge.id}").body["payments"]
    assert sum(one["amount_minor"] for one in payments) == shown["paid_minor"] == paid_minor


def test_what_is_overdue_is_summed_apart(person: str, door: Door) -> None:
    taken(person, "A", due_on=today().isoformat())
    taken(person, "B", vs="2", amount="100", due_on=(today() - timedelta(days=1)).isoformat())
    body = door.as_(citizen(person)).get(f"{AT}/charges").body
    assert (body["due_minor"], body["overdue_minor"]) == (80_000, 10_000)
    assert [one["number"] for one in body["items"]] == ["A", "B"], "the latest due first"


def test_a_charge_that_is_paid_in_part_is_summed_by_its_due_day(person: str, door: Door) -> None:
    taken(person, "A", paid="100")
    taken(person, "B", vs="2", paid="200", due_on=(today() - timedelta(days=1)).isoformat())
    taken(person, "C", vs="3", paid="900")
    body = door.as_(citizen(person)).get(f"{AT}/charges").body
    assert (body["due_minor"], body["overdue_minor"]) == (70_000, 60_000)


@pytest.mark.parametrize("path", ["", "/{id}", "/{id}/qr"])
def test_nobody_sees_another_persons_charges(path: str, person: str, office: Office, door: Door) -> None:
    charge = taken(person)
    office.holds(a_record("A1"), a_record("B1", given_names="Jana", birth_date="1985-02-03"))
    other = registered("Jana", born=date(1985, 2, 3))
    office.verify(other)
    unverified = registered("Karel", born=date(1990, 1, 1))
    for stranger in (other, unverified):
        answer = door.as_(citizen(stranger)).get(f"{AT}/charges{path.format(id=charge.id)}")
        assert (answer.status, answer.body.get("items", [])) == (200 if not path else 404, [])
    with pytest.raises(NotFound):
        fees.charge_of(CITY, citizen(other), charge.id)


def of_role(role: str) -> Who:
    return Who(id=f"is-{role}", app="admin", roles={CITY: (role,)})


def uploaded(door: Door, who: Who, data: bytes, path: str = "") -> Answer:
    body = {"filename": "predpisy.csv", "content_base64": base64.b64encode(data).decode()}
    return door.as_(who).post(f"{AT}/charges/import{path}", body)


@pytest.mark.parametrize("role", [ADMIN, BUDGET_OFFICER, CHIEF_ACCOUNTANT])
def test_finance_looks_at_a_file_and_takes_it_through_the_door(role: str, person: str, door: Door) -> None:
    data = a_file(a_row("A", subject_ref=ref_of(person)), a_row("B", subject_ref=ref_of(person), vs="2", amount="100"))
    seen = uploaded(door, of_role(role), data, "/preview")
    assert (seen.status, seen.body) == (200, {"charges": 2, "sum_minor": 90_000})
    assert store.charges(CITY, ref_of(person)) == [], "a preview takes nothing"
    assert uploaded(door, of_role(role), data).body == {"new": 2, "changed": 0, "unchanged": 0}
    assert uploaded(door, of_role(role), data).body == {"new": 0, "changed": 0, "unchanged": 2}


@pytest.mark.parametrize("role", [AUTHORISING_OFFICER, CLERK, AUDITOR])
def test_who_is_not_finance_takes_no_file_and_decides_nothing(role: str, person: str, door: Door) -> None:
    data = a_file(a_row("A", subject_ref=ref_of(person)))
    assert [uploaded(door, of_role(role), data, path).status for path in ("", "/preview")] == [403, 403]
    assert door.as_(of_role(role)).post(f"{AT}/payments-to-check/x", {"option": 0}).status == 403
    assert store.charges(CITY, ref_of(person)) == []


@pytest.mark.parametrize("path", ["", "/preview"])
def test_a_broken_file_is_refused_with_its_lines(path: str, person: str, door: Door) -> None:
    broken = a_file(a_row("A", vs=""), a_row("B", account="19-2000145398/0800"))
    answer = uploaded(door, of_role(BUDGET_OFFICER), broken, path)
    assert (answer.status, answer.body["code"]) == (422, "charges_unreadable")
    account = a_file(a_row("B", account="19-2000145398/0800"))
    answer = uploaded(door, of_role(BUDGET_OFFICER), account, path)
    assert (answer.status, answer.body["code"]) == (422, "charges_unreadable")


# Limits and bounds of the file


@pytest.mark.parametrize(
    ("column", "longest", "too_long"),
    [
        ("number", "N" * 40, "N" * 41),
        ("title_cs", "T" * TITLE_LENGTH_MAX, "T" * (TITLE_LENGTH_MAX + 1)),
        ("title_en", "T" * TITLE_LENGTH_MAX, "T" * (TITLE_LENGTH_MAX + 1)),
        ("vs", "1" * 10, "1" * 11),
        ("ss", "1" * 10, "1" * 11),
        ("ks", "0308", "03080"),
        ("subject_ref", "s" * 64, "s" * 65),
        ("year", "2099", "2100"),
        ("amount", "9999999999,99", "10000000000,00"),
        ("reduced", "800,00", "800,01"),
    ],
)
def test_the_longest_value_is_taken_and_one_more_is_not(column: str, longest: str, too_long: str) -> None:
    assert len(read_charges(a_file(a_row(**{column: longest})))) == 1
    with pytest.raises(ChargesUnreadable) as refused:
        read_charges(a_file(a_row(**{column: too_long})))
    assert [error.field for error in refused.value.errors] == ["line 2"]


@pytest.mark.parametrize(
    ("column", "shortest", "too_short"),
    [
        ("subject_ref", "s" * 16, "s" * 15),
        ("amount", "0,01", "0,00"),
        ("number", "N", ""),
        ("title_cs", "T", ""),
        ("vs", "1", ""),
        ("year", "2000", "1999"),
    ],
)
def test_the_shortest_value_is_taken_and_one_less_is_not(column: str, shortest: str, too_short: str) -> None:
    assert len(read_charges(a_file(a_row(**{column: shortest})))) == 1
    with pytest.raises(ChargesUnreadable):
        read_charges(a_file(a_row(**{column: too_short})))


def test_a_file_of_two_thousand_lines_is_taken_and_of_one_more_refused() -> None:
    assert LINES_MAX == 2_000
    rows = [a_row(str(n)) for n in range(2_001)]
    assert len(read_charges(a_file(*rows[:-1]))) == 2_000
    with pytest.raises(ChargesTooMany):
        read_charges(a_file(*rows))


@pytest.mark.parametrize(
    ("written", "minor"),
    [("0,5", 50), ("0.05", 5), ("1 234,50", 123_450), ("7", 700), ("9999999999,99", 999_999_999_999)],
)
def test_an_amount_is_read_to_the_haler_however_it_is_written(written: str, minor: int) -> None:
    [charge] = read_charges(a_file(a_row(amount=written, reduced=written, paid=written)))
    assert (charge.amount_minor, charge.reduced_minor, charge.counter_minor) == (minor, minor, minor)


@pytest.mark.parametrize("column", ["vs", "ss"])
def test_leading_zeros_of_symbols_are_no_part_of_them_and_a_constant_one_keeps_its(column: str) -> None:
    [charge] = read_charges(a_file(a_row(**{column: "0000120", "ks": "0308"})))
    assert (getattr(charge, column), charge.ks) == ("120", "0308")


def faults(*rows: dict[str, str]) -> list[tuple[str, str]]:
    with pytest.raises(ChargesUnreadable) as refused:
        read_charges(a_file(*rows))
    return [(fault.field, fault.code) for fault in refused.value.errors]


def test_each_fault_is_named_by_its_line_and_column_and_what_is_twice_by_its_number() -> None:
    assert faults(a_row("A", ss="x", paid="x"), a_row("B", closed="x")) == [
        ("line 2", "ss"),
        ("line 2", "paid"),
        ("line 3", "closed"),
    ]
    assert faults(a_row("A", reduced="x", amount="")) == [("line 2", "amount"), ("line 2", "reduced")]
    assert faults(a_row("A"), a_row("A"), a_row("B"), a_row("B")) == [
        ("number A", "repeated"),
        ("number B", "repeated"),
    ]
    assert faults(a_row(closed="one;more")) == [("line 2", "closed"), ("line 2", "more_values")]


def test_a_quote_that_does_not_end_is_refused_by_the_line_where_it_begins() -> None:
    long = a_file(a_row("A"), a_row("B", title_cs='"' + "x" * 140_000))
    with pytest.raises(ChargesUnreadable) as refused:
        read_charges(long)
    assert [(fault.field, fault.code) for fault in refused.value.errors] == [("line 3", "cell_too_long")]


@pytest.mark.parametrize("known", [COLUMNS[:-1], COLUMNS[1:], ()])
def test_each_column_that_is_missing_is_named(known: tuple[str, ...]) -> None:
    with pytest.raises(ChargesUnreadable) as refused:
        read_charges((";".join(known) + "\r\n" + ";".join("x" for _ in known) + "\r\n").encode())
    [fault] = refused.value.errors
    missing = ", ".join(column for column in COLUMNS if column not in known)
    assert (fault.field, fault.code, fault.cs) == ("line 1", "columns_missing", f"Chybí sloupce: {missing}.")


def test_an_account_that_is_none_is_named_without_the_rest_of_a_long_cell() -> None:
    account = "19-2000145398/0800" + "x" * 60
    with pytest.raises(ChargesUnreadable) as refused:
        fees.preview_charges(CITY, a_file(a_row(account=account)))
    [fault] = refused.value.errors
    assert (fault.field, fault.code) == (f"account {account[:40]}", "account")


# Reminders


def test_reminders_come_fourteen_and_three_days_ahead(person: str) -> None:
    taken(person)
    assert reminders() == {SOON - timedelta(days=14): 1}
    taken(person, "LATER", vs="2", due_on=(today() + timedelta(days=10)).isoformat())
    assert reminders() == {SOON - timedelta(days=14): 1, today() + timedelta(days=7): 1}


@pytest.mark.parametrize(
    "ends",
    [
        lambda person: paid(80_000),
        lambda person: paid(40_000, 40_000),
        lambda person: paid(1, 79_999),
        lambda person: paid(90_000),
        lambda person: (paid(40_000), paid(40_000, number=2)),
        lambda person: taken(person, paid="800"),
        lambda person: taken(person, closed="remitted"),
        lambda person: taken(person, closed="written_off"),
        lambda person: taken(person, closed="cancelled"),
    ],
)
def test_reminders_end_with_the_charge_however_it_is_settled(ends: Callable[[str], object], person: str) -> None:
    taken(person)
    assert len(reminders()) == 1
    ends(person)
    assert reminders() == {}


def test_reminders_end_when_the_reduced_sum_came_in_time(person: str) -> None:
    taken(person, reduced="640")
    paid(63_999)
    assert len(reminders()) == 1, "one haléř is missing"
    paid(1, number=2)
    assert reminders() == {}


def test_reminders_end_when_finance_chooses_the_charge(person: str) -> None:
    taken(person, "A")
    taken(person, "B", vs="1126000002", amount="600")
    assert sum(reminders().values()) == 2
    paid(140_000)
    assert sum(reminders().values()) == 2, "nothing is paid before a person chooses"
    [found] = fees.to_check(CITY)
    fees.choose(CITY, found.id, 0, "finance")
    assert reminders() == {}


def test_a_payment_that_was_read_before_another_one_ends_reminders_all_the_same(person: str) -> None:
    stale = taken(person)
    paid(40_000)
    fees._pay(CITY, stale, PaymentNote("another-line", stale.id, 40_000, today()))
    assert (now_of(person).left_minor, now_of(person).on_time_minor) == (0, 80_000)
    assert reminders() == {}


def test_who_is_verified_later_is_reminded_from_then_on(person: str, office: Office) -> None:
    office.holds(a_record("A1"), a_record("B1", given_names="Jana", birth_date="1985-02-03"))
    fees.import_charges(CITY, a_file(a_row("J", subject_ref=office.subjects.ref("B1"), due_on=SOON.isoformat())))
    assert reminders() == {}
    other = registered("Jana", born=date(1985, 2, 3))
    office.verify(other)
    jobs.changed(Change(CITY, "subject_account", f"{CITY}#SU#{ref_of(other)}", "A", "REMOVE"))
    assert reminders() == {}
    jobs.changed(Change(CITY, "subject_account", f"{CITY}#SU#{ref_of(other)}", "A", "INSERT"))
    assert reminders() == {SOON - timedelta(days=14): 1}


def test_reminders_go_with_a_charge_to_the_person_it_was_corrected_to(person: str, office: Office) -> None:
    office.holds(a_record("A1"), a_record("B1", given_names="Jana", birth_date="1985-02-03"))
    other = registered("Jana", born=date(1985, 2, 3))
    office.verify(other)
    taken(person)
    fees.import_charges(CITY, a_file(a_row(subject_ref=ref_of(other), due_on=SOON.isoformat())))
    waiting = [
        kept_messages.deadline(CITY, id) for id in kept_messages.deadlines_on(CITY, SOON - timedelta(days=14), 9)
    ]
    assert [each.deadline.recipient for each in waiting if each] == [other]


@pytest.mark.parametrize(("back", "is_told"), [(0, False), (1, True), (7, True), (8, False)])
def test_an_overdue_charge_is_told_of_once_for_a_week(back: int, is_told: bool, person: str) -> None:
    due = today() - timedelta(days=back)
    taken(person, due_on=due.isoformat())
    assert [fees.note_overdue(CITY, today()) for _ in range(2)] == [int(is_told)] * 2
    assert told(person) == (["fees.overdue_notice"] if is_told else [])


@pytest.mark.parametrize("settled", [{"paid": "800"}, {"closed": "remitted"}, {"paid": "900"}])
def test_what_is_settled_is_not_told_of_as_overdue(settled: dict[str, str], person: str) -> None:
    taken(person, due_on=(today() - timedelta(days=1)).isoformat(), **settled)
    assert fees.note_overdue(CITY, today()) == 0
    assert told(person) == []


# What finance chooses


def split(person: str) -> ToCheck:
    """One sum for two charges of a household."""
    taken(person, "A")
    taken(person, "B", vs="1126000002", amount="600")
    paid(140_000)
    [found] = fees.to_check(CITY)
    return found


@pytest.mark.parametrize("option", [1, 50])
def test_an_option_out_of_range_is_refused(option: int, person: str, door: Door) -> None:
    found = split(person)
    assert len(found.options) == 1
    answer = door.as_(of_role(CHIEF_ACCOUNTANT)).post(f"{AT}/payments-to-check/{found.id}", {"option": option})
    assert (answer.status, answer.body["code"]) == (409, "option_unknown")
    assert (now_of(person, "A").paid_minor, len(fees.to_check(CITY))) == (0, 1)
    with pytest.raises(OptionUnknown):
        fees.choose(CITY, found.id, -1, "finance")


def test_a_payment_that_nobody_knows_has_no_option(person: str, door: Door) -> None:
    answer = door.as_(of_role(BUDGET_OFFICER)).post(f"{AT}/payments-to-check/nobody", {"option": 0})
    assert (answer.status, answer.body["code"]) == (409, "option_unknown")


def test_what_is_found_knows_the_lines_that_pay_and_those_to_be_decided(person: str) -> None:
    taken(person, "A")
    taken(person, "B", vs="1126000002", amount="600")
    taken(person, "C", vs="1126000003", amount="100")
    found = paid(10_000, vs="1126000003"), paid(140_000, number=2)
    assert [(len(one.matches), len(one.proposals)) for one in found] == [(1, 0), (0, 1)]
    both = replace(found[0], proposals=found[1].proposals)
    lines = [found[0].matches[0].line, found[1].proposals[0].line]
    assert both.lines == {line.fingerprint for line in lines}
    assert (both.of(lines), both.of(lines[:1])) == (both, found[0])


@pytest.mark.parametrize("option", [-1, 51])
def test_an_option_that_no_payment_can_have_is_bad_input(option: int, person: str, door: Door) -> None:
    found = split(person)
    assert (
        door.as_(of_role(BUDGET_OFFICER)).post(f"{AT}/payments-to-check/{found.id}", {"option": option}).status == 422
    )


def test_what_waits_is_listed_for_finance_and_auditor_and_chosen_once(person: str, door: Door) -> None:
    found = split(person)
    for role in (ADMIN, BUDGET_OFFICER, CHIEF_ACCOUNTANT, AUDITOR):
        [shown] = door.as_(of_role(role)).get(f"{AT}/payments-to-check").body["items"]
        assert (shown["id"], shown["amount_minor"], [len(option) for option in shown["options"]]) == (
            found.id,
            140_000,
            [2],
        )
    path = f"{AT}/payments-to-check/{found.id}"
    assert door.as_(of_role(BUDGET_OFFICER)).post(path, {"option": 0}).status == 204
    again = door.as_(of_role(BUDGET_OFFICER)).post(path, {"option": 0})
    assert (again.status, again.body["code"]) == (409, "option_unknown")
    assert (now_of(person, "A").left_minor, now_of(person, "B").left_minor) == (0, 0)
    assert fees.to_check(CITY) == []


def test_a_sum_whose_symbols_stand_in_the_text_only_pays_the_chosen_charges_of_several_people(office: Office) -> None:
    towns.amend(CITY, towns.town_now(CITY).v, {"account_number": ACCOUNT})
    rows = [a_row(f"P{n}", vs=f"112600000{n}", subject_ref=f"subject-of-person-{n}") for n in (1, 2, 3)]
    fees.import_charges(CITY, a_file(*rows))
    paid(240_000, vs="", message="VS 1126000001 1126000002 1126000003")
    [found] = fees.to_check(CITY)
    fees.choose(CITY, found.id, 0, "finance")
    left = [store.charge(CITY, f"subject-of-person-{n}", charge_id(f"P{n}")) for n in (1, 2, 3)]
    assert [charge.left_minor for charge in left if charge] == [0, 0, 0]


def test_a_choice_that_dies_between_two_charges_goes_on_where_it_stood(
    person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = split(person)
    really = fees._pay
    done: list[str] = []

    def dies(city: str, charge: Charge, note: PaymentNote) -> None:
        if done:
            raise RuntimeError
        done.append(charge.id)
        really(city, charge, note)

    with monkeypatch.context() as broken:
        broken.setattr(fees, "_pay", dies)
        with pytest.raises(RuntimeError):
            fees.choose(CITY, found.id, 0, "finance")
    assert [one.id for one in fees.to_check(CITY)] == [found.id]
    fees.choose(CITY, found.id, 0, "finance")
    assert (now_of(person, "A").left_minor, now_of(person, "B").left_minor) == (0, 0)
    assert (now_of(person, "A").paid_minor, now_of(person, "B").paid_minor) == (80_000, 60_000)


def test_the_reduced_sums_are_what_a_split_pays(person: str) -> None:
    taken(person, "A", reduced="640")
    taken(person, "B", vs="1126000002", amount="600")
    paid(140_000)
    [found] = fees.to_check(CITY)
    fees.choose(CITY, found.id, 0, "finance")
    sums = [sums_on(now_of(person, number), today()) for number in ("A", "B")]
    assert sum(one.paid_minor for one in sums) == 140_000
    assert all(one.left_minor <= 0 for one in sums)


@pytest.mark.parametrize("amounts", [(64_000, 64_000), (128_000,)])
def test_two_reduced_sums_under_one_symbol_pay_both_in_one_statement(amounts: tuple[int, ...], person: str) -> None:
    """Each pays what its QR asked for: nothing of the second sum goes to a charge whose discount is earned already."""
    for number in ("A", "B"):
        taken(person, number, reduced="640")
    paid(*amounts)
    for number in ("A", "B"):
        charge = now_of(person, number)
        assert (charge.paid_minor, charge.left_minor, state_of(charge, today())) == (64_000, 0, "paid")


def test_a_sum_of_reduced_ones_is_offered_as_a_split(person: str) -> None:
    for number, vs in (("A", "1126000001"), ("B", "1126000002")):
        taken(person, number, vs=vs, reduced="640")
    paid(128_000)
    [found] = fees.to_check(CITY)
    fees.choose(CITY, found.id, 0, "finance")
    assert [now_of(person, number).left_minor for number in ("A", "B")] == [0, 0]


def test_a_late_payment_earns_no_discount(person: str) -> None:
    for number in ("A", "B"):
        taken(person, number, reduced="640", due_on=(today() - timedelta(days=1)).isoformat())
    paid(80_000, 64_000)
    assert [now_of(person, number).left_minor for number in ("A", "B")] == [0, 16_000]
    assert [now_of(person, number).on_time_minor for number in ("A", "B")] == [0, 0]


@pytest.mark.parametrize("more", [{"direction": "debit"}, {"reversal": True}])
def test_only_money_that_came_pays(more: dict[str, Any], person: str) -> None:
    taken(person)
    line = replace(bank.incoming(PAYER, 80_000, today(), vs="1126000001"), **more)
    assert fees.match_payments(CITY, [line]) == fees.NOTHING_FOUND


def test_a_payment_that_loses_every_race_is_tried_eight_times_and_then_asked_to_come_again(
    person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge, tries = taken(person), list[object]()

    def loses(writes: object) -> None:
        tries.append(writes)
        raise ChangedMeanwhile

    monkeypatch.setattr(fees, "transact", loses)
    with pytest.raises(TryAgain):
        fees._pay(CITY, charge, PaymentNote("line", charge.id, 100, today()))
    assert len(tries) == 8
    with pytest.raises(TryAgain):
        taken(person, amount="900")
    assert (len(tries), now_of(person)) == (16, charge)


def test_of_a_choice_that_was_begun_another_one_is_refused(person: str) -> None:
    found = split(person)
    parts = fees._parts(found, [now_of(person, "A"), now_of(person, "B")])
    assert [part.amount_minor for part in parts] == [80_000, 60_000]
    assert store.choose(CITY, found, 0, parts) == parts
    assert store.choose(CITY, found, 0, ()) == parts, "as it was kept"
    with pytest.raises(OptionUnknown):
        store.choose(CITY, found, 1, parts)
    fees.choose(CITY, found.id, 0, "finance")
    with pytest.raises(OptionUnknown):
        store.choose(CITY, found, 0, parts)


def test_the_last_charge_of_a_choice_gets_the_rest_and_one_that_nothing_is_left_for_gets_no_note() -> None:
    charges = [replace(a_charge(amount_minor=50_000), id=f"c{n}") for n in range(3)]

    def parts(amount_minor: int) -> list[tuple[str, int]]:
        found = ToCheck("line", amount_minor, DUE, "", "", (("c0", "c1", "c2"),))
        return [(part.charge, part.amount_minor) for part in fees._parts(found, charges)]

    assert parts(150_001) == [("c0", 50_000), ("c1", 50_000), ("c2", 50_001)]
    assert parts(50_001) == [("c0", 50_000), ("c1", 1)]
    assert parts(50_000) == [("c0", 50_000)]


def test_people_are_told_the_sum_that_is_enough_and_when(person: str) -> None:
    taken(person, reduced="640")
    [waiting] = kept_messages.deadlines_on(CITY, SOON - timedelta(days=14), 9)
    kept = kept_messages.deadline(CITY, waiting)
    assert kept is not None
    facts = kept.deadline.facts
    assert (facts["title"], facts["amount_minor"], facts["due_on"]) == ("Poplatek za odpad", 64_000, SOON.isoformat())
    assert (kept.deadline.due_on, kept.deadline.leads) == (SOON, (14, 3))
    taken(person, "B", vs="2", due_on=(today() - timedelta(days=1)).isoformat(), reduced="640", paid="100")
    fees.note_overdue(CITY, today())
    [note] = [one for one in messages.inbox(CITY, person, "cs", 50, None).items if "overdue" in one.template]
    assert "700" in note.text


def test_a_charge_that_is_closed_is_not_asked_for_in_a_qr(person: str) -> None:
    charge = taken(person, closed="remitted")
    with pytest.raises(ChargeSettled):
        fees.qr_payment(CITY, charge)


@pytest.mark.parametrize("less", [{"outcome": "pending"}, {"link": "declared"}, {"duplicate": True}], ids=str)
def test_who_is_not_verified_or_may_not_act_sees_no_charges_of_the_same_reference(
    less: dict[str, Any], person: str, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge = taken(person)
    me = door.as_(citizen(person))
    assert len(me.get(f"{AT}/charges").body["items"]) == 1
    really = identity.standings
    monkeypatch.setattr(
        identity, "standings", lambda city, ids: {id: replace(one, **less) for id, one in really(city, ids).items()}
    )
    assert me.get(f"{AT}/charges").body["items"] == []
    assert me.get(f"{AT}/charges/{charge.id}").status == 404
