"""The bank room's face: what payouts and fees call. Everything here is pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from chalicelib.commons.bank import abo, numbers, spayd
from chalicelib.commons.bank.banking_days import after as banking_days_after
from chalicelib.commons.bank.matching import (
    is_on_time,
    is_reversed_sum,
    match_charges,
    match_order_items,
    match_order_sum,
    match_reversals,
    propose_returns,
)
from chalicelib.commons.bank.model import AccountNumber, BankUnknown, OrderFile, PaymentOrder, QrPayment, Statement
from chalicelib.commons.bank.numbers import is_ico
from chalicelib.commons.bank.profiles import BankProfile, PainVersion, profile_of
from chalicelib.commons.bank.symbols import checked as symbol
from chalicelib.commons.bank.symbols import checked_constant as constant_symbol
from chalicelib.commons.bank.symbols import numbers_in, stripped

__all__ = [
    "account_number",
    "banking_days_after",
    "constant_symbol",
    "is_ico",
    "is_on_time",
    "is_order_late",
    "is_reversed_sum",
    "match_charges",
    "match_order_items",
    "match_order_sum",
    "match_reversals",
    "missing_between",
    "numbers_in",
    "profile_of",
    "propose_returns",
    "qr_payment_svg",
    "qr_payment_text",
    "read_qr_payment",
    "read_statements",
    "stripped",
    "symbol",
    "write_abo",
    "write_order",
    "write_pain001",
]

ORDER_LATE_DAYS = 3


def account_number(text: str) -> AccountNumber:
    """A Czech account as a person writes it, checked to the bank's code. Raises AccountNumberInvalid, BankUnknown."""
    account = AccountNumber.parse(text)
    if not numbers.is_known_bank(account.bank):
        raise BankUnknown(account.bank)
    return account


def qr_payment_text(payment: QrPayment) -> str:
    """The SPAYD text of a QR payment. Raises QrPaymentInvalid, SymbolInvalid."""
    return spayd.write(payment)


def qr_payment_svg(payment: QrPayment) -> str:
    """The QR payment as an SVG picture with its frame and label. Raises QrPaymentInvalid, SymbolInvalid."""
    return spayd.svg(payment)


def read_qr_payment(descriptor: str) -> QrPayment:
    """Raises QrPaymentInvalid naming the key that is wrong."""
    return spayd.read(descriptor)


def write_abo(order: PaymentOrder, profile: BankProfile | None = None, first_number: int = 1) -> tuple[OrderFile, ...]:
    """The order as ABO .kpc files, in the profile of the payer's bank unless another is given.

    Raises PaymentOrderEmpty, PaymentReferenceInvalid, PaymentAmountInvalid, SymbolInvalid, PaymentFilesTooMany.
    """
    return abo.write(order, profile, first_number)


def write_order(order: PaymentOrder, order_format: str, dialect: str = "") -> tuple[OrderFile, ...]:
    """The order as files for the bank whose code is `dialect` (the payer's own unless given), in `order_format`: `abo`, or
    the message that is named (`pain.001.001.09`).

    Raises what `write_abo` raises.
    """
    profile = profile_of(dialect or order.payer.bank)
    if order_format == "abo":
        return write_abo(order, profile)
    version: PainVersion = "03" if order_format.endswith(".03") else "09"
    return write_pain001(order, replace(profile, pain_version=version))


def write_pain001(
    order: PaymentOrder, profile: BankProfile | None = None, first_number: int = 1
) -> tuple[OrderFile, ...]:
    """The order as pain.001 files in the version the bank wants. Raises what `write_abo` raises."""
    from chalicelib.commons.bank import pain001  # XML is wanted by a payout, not by a cold start

    return pain001.write(order, profile, first_number)


def read_statements(
    data: bytes, accounts: Sequence[AccountNumber], dialects: Mapping[AccountNumber, str] = MappingProxyType({})
) -> tuple[Statement, ...]:
    """The statements in a GPC or camt.053 file of the town's `accounts`; taken whole or refused whole.

    `dialects`: the code of the bank that writes an account's files, where it is not the account's own.

    Raises the Statement… refusals of the model, naming the line.
    """
    from chalicelib.commons.bank import statements  # XML is wanted by an import, not by a cold start

    return statements.read(data, accounts, dialects)


def missing_between(last: Statement, following: Statement) -> range:
    """The numbers of statements missing between two of one account; numbering starts from 1 each year.

    Empty where they follow one another, overlap, or where the bank does not number them.
    """
    if last.number is None or following.number is None:
        return range(0)
    if following.closed_on.year > last.closed_on.year:
        return range(1, following.number)
    return range(last.number + 1, following.number)


def is_order_late(due_on: date, today: date) -> bool:
    """Whether an order that has not come back in a statement deserves a warning: three banking days have passed."""
    return today > banking_days_after(due_on, ORDER_LATE_DAYS)
