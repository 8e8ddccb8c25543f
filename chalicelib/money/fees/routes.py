"""Doors of the personal account."""

from typing import Annotated

from pydantic import Field

from chalicelib.commons.bank import service as bank
from chalicelib.core.clock import today
from chalicelib.core.gate import ADMIN, AUDITOR, BUDGET_OFFICER, CHIEF_ACCOUNTANT, CITIZEN
from chalicelib.core.http import Api, Call
from chalicelib.core.shapes import UPLOAD_BYTES_MAX, Day, Shape, SmallFile
from chalicelib.money.fees import service as fees
from chalicelib.money.fees.model import state_of, sums_on
from chalicelib.money.fees.service import Owed

api = Api("fees")

FINANCE = (BUDGET_OFFICER, CHIEF_ACCOUNTANT, ADMIN)


class ChargeShape(Shape):
    """A charge as its payer sees it today: `amount − discount − let off − paid = left`, below zero an overpayment.

    `discount_minor` is earned, or with `is_offered` on offer until the due date; `let_off_minor` is what the office gave up.
    `to_pay_minor` is what a payment today should be, `name` whom the charge is for.
    """

    id: str
    number: str
    charge_kind: str
    title_cs: str
    title_en: str
    year: int
    amount_minor: int
    reduced_minor: int
    discount_minor: int
    let_off_minor: int
    is_offered: bool
    paid_minor: int
    left_minor: int
    due_on: Day
    account: str
    vs: str
    ss: str
    ks: str
    state: str
    to_pay_minor: int
    name: str
    currency: str = "CZK"


class ChargesShape(Shape):
    """The personal account: everything the person and their children owe and have paid, latest due first."""

    items: tuple[ChargeShape, ...]
    due_minor: int
    overdue_minor: int


class PaymentShape(Shape):
    id: str
    amount_minor: int
    value_date: Day


class ChargeDetailShape(Shape):
    charge: ChargeShape
    payments: tuple[PaymentShape, ...]


class QrShape(Shape):
    """A QR payment: the SPAYD text, its picture as SVG with frame and label, and the sum in it."""

    spayd: str
    svg: str
    amount_minor: int


class ChargesFile(SmallFile):
    """The office's CSV in base64."""


class ImportedChargesShape(Shape):
    new: int
    changed: int
    unchanged: int


class PreviewShape(Shape):
    charges: int
    sum_minor: int


class ToCheckShape(Shape):
    id: str
    amount_minor: int
    value_date: Day
    vs: str
    payer: str
    options: tuple[tuple[str, ...], ...]


class ToCheckListShape(Shape):
    items: tuple[ToCheckShape, ...]


class Choice(Shape):
    option: Annotated[int, Field(ge=0, le=50)]


def _shown(owed: Owed) -> ChargeShape:
    charge, day = owed.charge, today()
    values = {
        name: getattr(source, name)
        for source in (charge, sums_on(charge, day))
        for name in ChargeShape.model_fields
        if hasattr(source, name)
    }
    return ChargeShape(**values, name=owed.name, state=state_of(charge, day))


@api.get("/cities/{city}/charges", allow=CITIZEN)
def list_charges(call: Call) -> ChargesShape:
    """The personal account of the caller. Nobody but verified people has one."""
    shown = tuple(_shown(owed) for owed in fees.charges_of(call.city, call.who))
    open_ones = [charge for charge in shown if charge.state in ("due", "partly_paid", "overdue")]
    return ChargesShape(
        items=shown,
        due_minor=sum(charge.to_pay_minor for charge in open_ones if charge.state != "overdue"),
        overdue_minor=sum(charge.to_pay_minor for charge in open_ones if charge.state == "overdue"),
    )


@api.get("/cities/{city}/charges/{id}", allow=CITIZEN)
def get_charge(call: Call) -> ChargeDetailShape:
    """One of the caller's charges and what the bank says was paid."""
    owed = fees.charge_of(call.city, call.who, call.id)
    payments = tuple(PaymentShape.of(note) for note in fees.payments_of(call.city, owed.charge))
    return ChargeDetailShape(charge=_shown(owed), payments=payments)


@api.get("/cities/{city}/charges/{id}/qr", allow=CITIZEN)
def get_qr(call: Call) -> QrShape:
    """The QR payment of what is left. Refusals: charge_settled."""
    payment = fees.qr_payment(call.city, fees.charge_of(call.city, call.who, call.id).charge)
    return QrShape(
        spayd=bank.qr_payment_text(payment),
        svg=bank.qr_payment_svg(payment),
        amount_minor=payment.amount_minor or 0,
    )


@api.post("/cities/{city}/charges/import/preview", allow=FINANCE, bytes_max=UPLOAD_BYTES_MAX)
def preview_charges(call: Call[ChargesFile]) -> PreviewShape:
    """Check the office's file without taking anything. Refusals: charges_unreadable, with every fault by line."""
    charges = fees.preview_charges(call.city, call.body.data())
    return PreviewShape(charges=len(charges), sum_minor=sum(charge.amount_minor for charge in charges))


@api.post("/cities/{city}/charges/import", allow=FINANCE, bytes_max=UPLOAD_BYTES_MAX)
def import_charges(call: Call[ChargesFile]) -> ImportedChargesShape:
    """Take the office's charges. Again: no effect. Refusals: charges_unreadable, charges_too_many."""
    return ImportedChargesShape.of(fees.import_charges(call.city, call.body.data()))


@api.get("/cities/{city}/payments-to-check", allow=(*FINANCE, AUDITOR))
def list_to_check(call: Call) -> ToCheckListShape:
    """Payments that may pay several charges: a person chooses."""
    return ToCheckListShape(items=tuple(ToCheckShape.of(found) for found in fees.to_check(call.city)))


@api.post("/cities/{city}/payments-to-check/{id}", allow=FINANCE)
def choose(call: Call[Choice]) -> None:
    """Say which charges a payment pays. Refusals: option_unknown, conflict_of_interest."""
    fees.choose(call.city, call.id, call.body.option, call.who.id)
