"""Builders for the bank's tests. All names, accounts and symbols are invented."""

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from chalicelib.commons.bank import numbers
from chalicelib.commons.bank.model import AccountNumber, Expected, Payment, PaymentOrder, Statement, StatementLine

TOWN = AccountNumber.parse("94-7710000007/0800")
TOWN_FIO = AccountNumber.parse("2900000013/2010")
CLUB = AccountNumber.parse("3517004403/0100")
SHOP = AccountNumber.parse("115-5100200301/5500")
DAY = date(2026, 11, 23)


def a_payment(**changes: Any) -> Payment:
    facts: dict[str, Any] = {
        "id": "P-000001", "account": CLUB, "amount_minor": 123450, "vs": "2026000001", "ks": "0308",
        "payee_name": "TJ Modřín, z. s.", "message": "Proplacení 11/2026",
    }  # fmt: skip
    return Payment(**{**facts, **changes})


def an_order(*payments: Payment, **changes: Any) -> PaymentOrder:
    facts: dict[str, Any] = {
        "reference": "AM-20261120-0001", "payer": TOWN, "payer_name": "Město Modřínov", "due_on": DAY,
        "created_at": datetime(2026, 11, 20, 7, tzinfo=UTC),
        "payments": payments or (a_payment(), a_payment(id="P-000002", account=SHOP, amount_minor=79900, vs="", ss="7")),
    }  # fmt: skip
    return PaymentOrder(**{**facts, **changes})


def a_line(**changes: Any) -> StatementLine:
    facts: dict[str, Any] = {
        "line": 2, "direction": "credit", "amount_minor": 80000, "booked_on": DAY, "value_date": DAY,
        "vs": "2601000001", "counter_account": CLUB,
    }  # fmt: skip
    return StatementLine(**{**facts, **changes})


def a_debit(**changes: Any) -> StatementLine:
    return a_line(**{"direction": "debit", **changes})


def expected(**changes: Any) -> Expected:
    facts: dict[str, Any] = {"id": "E1", "amount_minor": 80000, "vs": "2601000001", "account": CLUB, "due_on": DAY}
    return Expected(**{**facts, **changes})


def a_statement(*lines: StatementLine, **changes: Any) -> Statement:
    moved_minor = sum(line.effect_minor for line in lines)
    facts: dict[str, Any] = {
        "account": TOWN, "number": 7, "opened_on": date(2026, 11, 22), "closed_on": DAY,
        "opening_minor": 1_000_000, "closing_minor": 1_000_000 + moved_minor, "lines": lines,
    }  # fmt: skip
    return Statement(**{**facts, **changes})


def _with_check_digits(length_max: int, seed: int) -> str:
    """A number near `seed` that passes mod 11."""
    limit = int(10**length_max)
    while True:
        digits = str(seed % limit)
        if numbers.passes_mod_11(digits) and len(digits.replace("0", "")) >= 2:
            return digits
        seed += 1


accounts = st.builds(
    lambda prefix, base, bank: AccountNumber(
        _with_check_digits(6, prefix) if prefix else "", _with_check_digits(10, base), bank
    ),
    st.one_of(st.just(0), st.integers(11, 999_999)),
    st.integers(11, 9_999_999_999),
    st.sampled_from(["0100", "0300", "0600", "0800", "2010", "2700", "5500"]),
)
symbols = st.one_of(st.just(""), st.integers(1, 9_999_999_999).map(str))
constants = st.one_of(st.just(""), st.integers(1, 9999).map(lambda number: f"{number:04}"))
days = st.dates(date(2020, 1, 1), date(2060, 12, 31))
czech_words = st.text("abcdefghijklmnopqrstuvwxyz áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ0123456789.,/-", max_size=200)
any_words = st.text(max_size=120)
