"""What every format of a payment order shares: checks, and the split into files that the bank accepts."""

import re
from collections.abc import Iterator
from dataclasses import replace

from chalicelib.commons.bank import symbols
from chalicelib.commons.bank.model import (
    Payment,
    PaymentAmountInvalid,
    PaymentFilesTooMany,
    PaymentOrder,
    PaymentOrderEmpty,
    PaymentReferenceInvalid,
)
from chalicelib.commons.bank.profiles import BankProfile

FILES_MAX = 999
ORDER_REFERENCE_MAX = 28
PAYMENT_ID_MAX = 35
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]*", re.ASCII)


def checked(order: PaymentOrder, profile: BankProfile) -> PaymentOrder:
    """The order with its symbols stripped, fit to be written.

    Raises PaymentOrderEmpty, PaymentReferenceInvalid, PaymentAmountInvalid and SymbolInvalid.
    """
    if not order.payments:
        raise PaymentOrderEmpty
    _check_reference(order.reference, ORDER_REFERENCE_MAX)
    return replace(order, payments=tuple(_checked(payment, profile) for payment in order.payments))


def in_files(order: PaymentOrder, profile: BankProfile, first_number: int) -> Iterator[tuple[int, tuple[Payment, ...]]]:
    """The order's payments by file number, in their order. Raises PaymentFilesTooMany past number 999."""
    sum_max = _amount_max(profile)
    number, taken, taken_minor = first_number, list[Payment](), 0
    for payment in order.payments:
        if len(taken) == profile.items_per_file or taken_minor + payment.amount_minor > sum_max:
            yield _number(number), tuple(taken)
            number, taken, taken_minor = number + 1, [], 0
        taken.append(payment)
        taken_minor += payment.amount_minor
    yield _number(number), tuple(taken)


def _checked(payment: Payment, profile: BankProfile) -> Payment:
    _check_reference(payment.id, PAYMENT_ID_MAX)
    if not 0 < payment.amount_minor <= _amount_max(profile):
        raise PaymentAmountInvalid(payment.id, payment.amount_minor, profile.amount_digits)
    return replace(
        payment,
        vs=symbols.checked(payment.vs),
        ks=symbols.checked_constant(payment.ks),
        ss=symbols.checked(payment.ss),
    )


def _check_reference(reference: str, length_max: int) -> None:
    if len(reference) > length_max or not REFERENCE.fullmatch(reference):
        raise PaymentReferenceInvalid(reference[:60], length_max)


def _amount_max(profile: BankProfile) -> int:
    return int(10**profile.amount_digits) - 1


def _number(number: int) -> int:
    if not 1 <= number <= FILES_MAX:
        raise PaymentFilesTooMany(FILES_MAX)
    return number
