"""Doors of payouts: the town's finance, and each provider's own payments."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.core import work
from chalicelib.core.clock import Instant
from chalicelib.core.gate import (
    AUDITOR,
    AUTHORISING_OFFICER,
    BUDGET_OFFICER,
    CHIEF_ACCOUNTANT,
    OWNER,
)
from chalicelib.core.http import Api, Call
from chalicelib.core.shapes import UPLOAD_BYTES_MAX, Day, Line, PageQuery, Shape, SmallFile
from chalicelib.ledger.model import Transfer
from chalicelib.payouts import service as payouts
from chalicelib.payouts.model import Imported, Payout, PossibleReturn
from chalicelib.payouts.model import Line as PayoutLine

api = Api("payouts")

FINANCE = (AUTHORISING_OFFICER, BUDGET_OFFICER, CHIEF_ACCOUNTANT)
READERS = (*FINANCE, AUDITOR)


class HeldBackShape(Shape):
    provider: str
    provider_name: str
    amount_minor: int
    reason: str


class FileShape(Shape):
    name: str
    sum_minor: int
    payments: int


class PayoutShape(Shape):
    """A payout. `missing_signature` says whose step is next; `late` that the bank should have debited it by now."""

    id: str
    number: int
    state: str
    created_at: Instant
    upto: Instant
    built: bool
    total_minor: int
    lines: int
    held_back: tuple[HeldBackShape, ...]
    authorised_by: str
    authorised_at: Instant | None
    confirmed_by: str
    confirmed_at: Instant | None
    released_by: str
    released_at: Instant | None
    exported_at: Instant | None
    due_on: Day | None
    files: tuple[FileShape, ...]
    v: int
    names: dict[str, str] = Field(default_factory=dict)
    late: bool = False
    currency: str = "CZK"

    @classmethod
    def shown(cls, payout: Payout) -> Self:
        shape = cls.of(payout)
        return shape.model_copy(update={"names": payouts.names(payout), "late": payouts.is_late(payout)})


class PayoutsShape(Shape):
    items: tuple[PayoutShape, ...]
    next: str | None


class LineShape(Shape):
    """What one provider gets. The account is the one that was valid when the line was made."""

    id: str
    payout: str
    number: int
    provider: str
    provider_name: str
    account: str
    state: str
    created_at: Instant
    position: int
    amount_minor: int
    redemptions: int
    amounts: dict[str, int]
    due_on: Day | None
    debited_on: Day | None
    returned_on: Day | None
    currency: str = "CZK"


class LinesShape(Shape):
    items: tuple[LineShape, ...]
    next: str | None = None


class RemittanceRow(Shape):
    """A movement behind a payment. `original` names the redemption that an undo takes back."""

    id: str
    kind: str
    programme: str
    posted_at: Instant
    payable_minor: int
    original: str


class RemittanceShape(Shape):
    """The redemptions behind a provider's payment; their sum is the payment, to the haléř."""

    line: LineShape
    items: tuple[RemittanceRow, ...]


class TextShape(Shape):
    name: str
    content: str


class StatementFile(SmallFile):
    """A statement file as the bank gave it, in base64."""


class StatementShape(Shape):
    """What a statement did. `not_ours`: lines that nobody here waits for; they are not kept."""

    statement: str
    lines: int
    debited: int
    returns_proposed: int
    charges_paid: int
    to_check: int
    not_ours: int
    repeated: bool
    missing: tuple[int, ...]


class StatementsShape(Shape):
    items: tuple[StatementShape, ...]


class PossibleReturnShape(Shape):
    id: str
    amount_minor: int
    booked_on: Day
    account: str
    text: str
    lines: tuple[str, ...]


class PossibleReturnsShape(Shape):
    items: tuple[PossibleReturnShape, ...]


class ReturnOf(Shape):
    """Which line a returned payment belongs to."""

    line: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{3,80}$")]


class LinkShape(Shape):
    url: str


@api.get("/cities/{city}/payouts", allow=READERS)
def list_payouts(call: Call[None, PageQuery]) -> PayoutsShape:
    """The town's payouts, newest first."""
    page = payouts.payouts(call.city, call.query.limit, call.query.cursor)
    return PayoutsShape(items=tuple(PayoutShape.shown(p) for p in page.items), next=page.next)


@api.post("/cities/{city}/payouts", allow=FINANCE, status=202)
def start_payout(call: Call) -> PayoutShape:
    """Put a payout together of everything redeemed and not yet paid. It fills in the background."""
    made = payouts.start(call.city)
    work.send("payouts", {"job": "build", "city": call.city, "cursor": made.id})
    return PayoutShape.shown(made)


@api.get("/cities/{city}/payouts/{id}", allow=READERS)
def get_payout(call: Call) -> PayoutShape:
    """One payout."""
    return PayoutShape.shown(payouts.payout(call.city, call.id))


@api.get("/cities/{city}/payouts/{id}/lines", allow=READERS)
def list_lines(call: Call) -> LinesShape:
    """Its lines, one for each provider, in the order of the payments."""
    return LinesShape(items=tuple(LineShape.of(line) for line in payouts.lines(call.city, call.id)))


@api.post("/cities/{city}/payouts/{id}/authorise", allow=AUTHORISING_OFFICER, edits=True)
def authorise_payout(call: Call) -> PayoutShape:
    """The authorising officer's signature. Refusals: payout_still_building, nothing_to_pay, payout_not_in_state."""
    return PayoutShape.shown(payouts.authorise(call.city, call.id, call.version, call.who))


@api.post("/cities/{city}/payouts/{id}/confirm", allow=CHIEF_ACCOUNTANT, edits=True)
def confirm_payout(call: Call) -> PayoutShape:
    """The chief accountant's confirmation, needed above the town's limit. Refusals: same_officer."""
    return PayoutShape.shown(payouts.confirm(call.city, call.id, call.version, call.who))


@api.post("/cities/{city}/payouts/{id}/release", allow=BUDGET_OFFICER, edits=True)
def release_payout(call: Call) -> PayoutShape:
    """The budget officer's signature. Refusals: same_officer, chief_accountant_needed, changed_the_account."""
    return PayoutShape.shown(payouts.release(call.city, call.id, call.version, call.who))


@api.post("/cities/{city}/payouts/{id}/cancel", allow=(AUTHORISING_OFFICER, BUDGET_OFFICER), edits=True)
def cancel_payout(call: Call) -> PayoutShape:
    """Give up a payout that has not gone to the bank: everything in it is owed again."""
    return PayoutShape.shown(payouts.cancel(call.city, call.id, call.version, call.who))


@api.post("/cities/{city}/payouts/{id}/export", allow=FINANCE, edits=True)
def export_payout(call: Call) -> PayoutShape:
    """Make the files for the bank (ABO .kpc), once. Refusals: payout_not_in_state, town_account_missing."""
    return PayoutShape.shown(payouts.export(call.city, call.id, call.version, call.who))


class FileQuery(Shape):
    name: Line


@api.get("/cities/{city}/payouts/{id}/file", allow=FINANCE)
def get_file(call: Call[None, FileQuery]) -> LinkShape:
    """A short-lived link to one of the payout's files; always the same file."""
    return LinkShape(url=payouts.file_link(payouts.payout(call.city, call.id), call.query.name))


@api.get("/cities/{city}/payouts/{id}/lines/{line}/remittance", allow=(*READERS, OWNER))
def get_remittance(call: Call) -> RemittanceShape:
    """The redemptions behind a provider's payment; `line` is the provider. The provider's owner sees its own."""
    payouts.may_see(call.who, call.city, call.path["line"])
    line, transfers = payouts.remittance(call.city, call.id, call.path["line"])
    return RemittanceShape(line=LineShape.of(line), items=tuple(_row(transfer) for transfer in transfers))


def _row(transfer: Transfer) -> RemittanceRow:
    return RemittanceRow(
        id=transfer.id,
        kind=transfer.kind,
        programme=transfer.programme,
        posted_at=transfer.posted_at,
        payable_minor=transfer.payable_minor,
        original=transfer.of,
    )


@api.get("/cities/{city}/payouts/{id}/lines/{line}/remittance/csv", allow=(*READERS, OWNER))
def get_remittance_csv(call: Call) -> TextShape:
    """The same as CSV for accounting: semicolons, decimal commas, Prague time."""
    payouts.may_see(call.who, call.city, call.path["line"])
    text = payouts.remittance_csv(call.city, call.id, call.path["line"])
    return TextShape(name=f"avizo-{call.id}.csv", content=text)


@api.get("/cities/{city}/providers/{id}/payouts", allow=(*READERS, OWNER))
def list_provider_payouts(call: Call[None, PageQuery]) -> LinesShape:
    """A provider's payments, newest first, each with the bank's outcome."""
    payouts.may_see(call.who, call.city, call.id)
    page = payouts.lines_of_provider(call.city, call.id, call.query.limit, call.query.cursor)
    return LinesShape(items=tuple(LineShape.of(line) for line in page.items), next=page.next)


@api.get("/cities/{city}/statements", allow=READERS)
def list_statements(call: Call) -> StatementsShape:
    """The last imported statements and what each did."""
    return _imports(payouts.statements(call.city))


@api.post("/cities/{city}/statements/preview", allow=FINANCE, bytes_max=UPLOAD_BYTES_MAX)
def preview_statement(call: Call[StatementFile]) -> StatementsShape:
    """What importing a statement would do. Refusals: the statement_… ones; nothing changes."""
    return _imports(payouts.preview_statement(call.city, call.body.data()))


@api.post("/cities/{city}/statements", allow=FINANCE, bytes_max=UPLOAD_BYTES_MAX)
def import_statement(call: Call[StatementFile]) -> StatementsShape:
    """Book a bank statement (GPC or camt.053). Again: no effect. Refusals: the statement_… ones; nothing is booked."""
    return _imports(payouts.import_statement(call.city, call.body.data(), call.who))


def _imports(found: list[Imported]) -> StatementsShape:
    return StatementsShape(items=tuple(StatementShape.of(one) for one in found))


@api.get("/cities/{city}/returns", allow=READERS)
def list_returns(call: Call) -> PossibleReturnsShape:
    """Credits that may be payments of ours sent back; finance says which."""
    return PossibleReturnsShape(items=tuple(_return(found) for found in payouts.open_returns(call.city)))


def _return(found: PossibleReturn) -> PossibleReturnShape:
    return PossibleReturnShape.of(found)


@api.post("/cities/{city}/returns/{id}/accept", allow=(BUDGET_OFFICER, CHIEF_ACCOUNTANT))
def accept_return(call: Call[ReturnOf]) -> LineShape:
    """Match a returned payment with a line: its money is owed again, the next payout carries it."""
    line: PayoutLine = payouts.accept_return(call.city, call.id, call.body.line, call.who)
    return LineShape.of(line)
