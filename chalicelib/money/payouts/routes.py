"""Doors of payouts: the town's finance, and each provider's own payments."""

import re
from collections import Counter
from typing import Annotated, Self

from pydantic import Field

from chalicelib.commons.bank.model import StatementLine
from chalicelib.core import work
from chalicelib.core.clock import Instant
from chalicelib.core.gate import (
    AUTHORISING_OFFICER,
    BOOKKEEPERS,
    BUDGET_OFFICER,
    CHIEF_ACCOUNTANT,
    CLERK,
    FINANCE,
    OWNER,
    PROGRAMME_OWNER,
)
from chalicelib.core.http import Api, Call
from chalicelib.core.mending import matching
from chalicelib.core.money import AmountMinor
from chalicelib.core.shapes import UPLOAD_BYTES_MAX, Day, Id, Line, PageQuery, ReasonBody, Shape, SmallFile
from chalicelib.core.sheets import Sheet
from chalicelib.money.ledger.model import Transfer
from chalicelib.money.payouts import service as payouts
from chalicelib.money.payouts.model import (
    Debt,
    DoubtKind,
    Imported,
    LineEffect,
    OpenDoubt,
    Payout,
    Previewed,
    RefundReason,
    Sample,
    SampleState,
    WriteOffState,
)
from chalicelib.money.vouchers.model import receipt_number

api = Api("payouts")

READERS = payouts.READERS
LINES_SHOWN_MAX = 1_000
LOOKERS = (CLERK, PROGRAMME_OWNER)
"""Who looks at the control sample: people who know the programmes, not those who release the money."""


def _receipt(movement: str) -> str:
    """A till's movement by the number on its receipt, any other by how its id begins."""
    id = movement.partition(".")[0]
    return receipt_number(id) if re.fullmatch(r"[0-9a-f]{32}", id) else id[:8]


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
    """A payout. `late`: the bank should have debited it by now. `samples_open` is worked out for one payout only."""

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
    released_by: str
    released_at: Instant | None
    exported_at: Instant | None
    due_on: Day | None
    files: tuple[FileShape, ...]
    route: str
    payer: str
    order_format: str
    sample_permille: int
    v: int
    names: dict[str, str] = Field(default_factory=dict)
    late: bool = False
    samples_open: int = 0
    currency: str = "CZK"

    @classmethod
    def shown(cls, payout: Payout, samples_open: int = 0) -> Self:
        told = {"names": payouts.names(payout), "late": payouts.is_late(payout), "samples_open": samples_open}
        return cls.of(payout).model_copy(update=told)


class PayoutsShape(Shape):
    items: tuple[PayoutShape, ...]
    next: str | None


class LineShape(Shape):
    """What one provider gets. The account is the one that was valid when the line was made.

    `gross_minor` − `offset_minor` = `amount_minor`: what was redeemed, the debts deducted from it, what is paid.
    `inside`: the town's own organisation, settled without a bank order.
    """

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
    gross_minor: int
    offset_minor: int
    inside: bool
    due_on: Day | None
    debited_on: Day | None
    returned_on: Day | None
    rejected_on: Day | None
    settled_on: Day | None
    note: str
    currency: str = "CZK"


class LinesShape(Shape):
    items: tuple[LineShape, ...]
    next: str | None = None


class RemittanceRow(Shape):
    """A movement behind a payment. `original` names the redemption that an undo takes back."""

    id: str
    grant: str
    receipt_number: str
    kind: str
    programme: str
    posted_at: Instant
    payable_minor: int
    original: str


class RemittanceShape(Shape):
    """A page of the redemptions behind a provider's payment; their sum is the payment, to the haléř."""

    line: LineShape
    items: tuple[RemittanceRow, ...]
    next: str | None


class TextPartShape(Shape):
    """A text file, or a part of one: with `next` another part follows."""

    name: str
    content: str
    next: str | None = None


class SampleShape(Shape):
    """A redemption of a payout's control sample."""

    payout: str
    number: int
    redemption: str
    receipt_number: str
    grant: str
    provider: str
    provider_name: str
    programme: str
    amount_minor: int
    redeemed_at: Instant
    movement: str
    till: str
    state: SampleState
    looked_by: str
    looked_at: Instant | None
    reason: str
    currency: str = "CZK"


class SamplesShape(Shape):
    items: tuple[SampleShape, ...]
    next: str | None


class RefundBody(Shape):
    """A redemption of this payment that was not so. `reason` goes to the books, `note` is for people."""

    grant: Id
    redemption: Id
    reason: RefundReason
    note: Line


class RefundShape(Shape):
    """A redemption that the provider owes for."""

    redemption: str
    grant: str
    programme: str
    provider: str
    provider_name: str
    amount_minor: int
    reason: RefundReason
    note: str
    by: str
    at: Instant
    currency: str = "CZK"
    replayed: bool = False


class RefundsShape(Shape):
    items: tuple[RefundShape, ...]


class RefundOwedShape(Shape):
    """One refund that a provider owes for."""

    refund: str
    receipt_number: str
    grant: str
    programme: str
    amount_minor: int
    at: Instant


class DebtShape(Shape):
    """A provider that owes. `net_minor` below zero: its debts are more than what it is owed."""

    provider: str
    provider_name: str
    refunds: tuple[RefundOwedShape, ...]
    refunds_minor: int
    owed_minor: int
    net_minor: int
    currency: str = "CZK"


class DebtsShape(Shape):
    items: tuple[DebtShape, ...]
    next: str | None


class WriteOffBody(Shape):
    """Which refund's debt to give up, and why."""

    grant: Id
    refund: Id
    note: Line


class WriteOffShape(Shape):
    refund: str
    grant: str
    provider: str
    provider_name: str
    programme: str
    amount_minor: int
    note: str
    proposed_by: str
    proposed_at: Instant
    state: WriteOffState
    decided_by: str
    decided_at: Instant | None
    currency: str = "CZK"


class WriteOffsShape(Shape):
    items: tuple[WriteOffShape, ...]


class AdvanceBody(Shape):
    """Money that the town sent to the operator's clearing account, and the day it left."""

    amount_minor: AmountMinor
    day: Day


class EntryShape(Shape):
    """A line of the operator's statement to the town. `effect_minor` is signed; `confirmed` by a bank statement."""

    id: str
    kind: str
    day: Day
    effect_minor: int
    balance_minor: int
    number: int
    provider_name: str
    confirmed: bool


class ClearingShape(Shape):
    """The operator's statement to the town for a year: advances, payments, returns, and the balance after each."""

    year: int
    opening_minor: int
    closing_minor: int
    items: tuple[EntryShape, ...]
    currency: str = "CZK"


class AdvanceShape(Shape):
    id: str
    amount_minor: int
    day: Day
    currency: str = "CZK"
    replayed: bool


class YearQuery(Shape):
    year: Annotated[int, Field(ge=2000, le=2100, strict=False)]


class StatementFile(SmallFile):
    """A statement file as the bank gave it, in base64. `account`: whose it is, where its number fits two banks."""

    account: Annotated[str, Field(pattern=r"^[0-9/-]{0,30}$")] = ""


class StatementToBook(StatementFile):
    """The same to be booked. `future`: a person said that a date after today is right."""

    future: bool = False


class StatementShape(Shape):
    """What a statement did. `not_ours`: lines that nobody here waits for; they are not kept.

    `unexpected`: the bank debited a payment that was marked as refused. `doubtful`: lines that wait for a person.
    `known`: lines that another statement booked already.
    """

    statement: str
    lines: int
    debited: int
    returns_proposed: int
    charges_paid: int
    to_check: int
    not_ours: int
    repeated: bool
    missing: tuple[int, ...]
    reversed: int
    advances: int
    unexpected: int
    doubtful: int
    known: int
    opened_on: Day | None
    closed_on: Day | None
    opening_minor: int
    closing_minor: int
    currency: str = "CZK"


class StatementsShape(Shape):
    items: tuple[StatementShape, ...]


class StatementLineShape(Shape):
    """One line of a statement. `amount_minor` is signed: below zero it left the account."""

    line: int
    booked_on: Day
    value_date: Day
    amount_minor: int
    reversal: bool
    account: str
    payer: str
    vs: str
    ss: str
    text: str

    @classmethod
    def shown(cls, line: StatementLine) -> Self:
        return cls(
            line=line.line,
            booked_on=line.booked_on,
            value_date=line.value_date,
            amount_minor=line.effect_minor,
            reversal=line.reversal,
            account=str(line.counter_account or ""),
            payer=line.counter_name,
            vs=line.vs,
            ss=line.ss,
            text=line.text,
        )


class ToldShape(Shape):
    """What importing does with a line. `about` names the providers or the charges."""

    movement: StatementLineShape
    effect: LineEffect
    about: tuple[str, ...]


class EffectSumShape(Shape):
    """How many lines have one effect, and what they come to, with their sign."""

    effect: LineEffect
    lines: int
    sum_minor: int


class PreviewedShape(Shape):
    """What importing a statement would do: as a whole, by effect, and line by line (the first thousand; ours first)."""

    outcome: StatementShape
    in_future: bool
    sums: tuple[EffectSumShape, ...]
    lines: tuple[ToldShape, ...]
    lines_total: int


class PreviewsShape(Shape):
    items: tuple[PreviewedShape, ...]


class StatementPlaceShape(Shape):
    statement: str
    line: int


class DoubtOptionShape(Shape):
    line: str
    number: int
    provider_name: str


class DoubtShape(Shape):
    """A line that a person must decide about.

    `options` are payout lines that it may be the movement of, with the provider's name. `alike`: where in other
    statements a movement stands that is like it in everything.
    """

    id: str
    kind: DoubtKind
    account: str
    place: StatementPlaceShape
    movement: StatementLineShape
    options: tuple[DoubtOptionShape, ...]
    alike: tuple[StatementPlaceShape, ...]


class DoubtsShape(Shape):
    items: tuple[DoubtShape, ...]


class DoubtAnswer(Shape):
    """The id of a payout line that was offered, `another` (a payment of its own) or `nothing` (book nothing)."""

    answer: Annotated[
        str,
        matching(
            r"^[A-Za-z0-9_.-]{3,80}$", "Pošlete jednu z nabídnutých možností.", "Send one of the offered options."
        ),
    ]


class LinkShape(Shape):
    url: str


@api.get("/cities/{city}/payouts", allow=BOOKKEEPERS)
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


@api.get("/cities/{city}/payouts/{id}", allow=BOOKKEEPERS)
def get_payout(call: Call) -> PayoutShape:
    """One payout, with how much of its control sample waits."""
    known = payouts.payout(call.city, call.id)
    return PayoutShape.shown(known, payouts.samples_open(call.city, call.id))


@api.get("/cities/{city}/payouts/{id}/lines", allow=BOOKKEEPERS)
def list_lines(call: Call) -> LinesShape:
    """Its lines, one for each provider, in the order of the payments."""
    return LinesShape(items=tuple(LineShape.of(line) for line in payouts.lines(call.city, call.id)))


@api.post("/cities/{city}/payouts/{id}/authorise", allow=AUTHORISING_OFFICER, edits=True)
def authorise_payout(call: Call) -> PayoutShape:
    """The authorising officer's signature.

    Refusals: payout_still_building, nothing_to_pay, payout_not_in_state, signer_not_verified, conflict_of_interest.
    """
    return PayoutShape.shown(payouts.authorise(call.city, call.id, call.version, call.who))


@api.post("/cities/{city}/payouts/{id}/release", allow=CHIEF_ACCOUNTANT, edits=True)
def release_payout(call: Call) -> PayoutShape:
    """The chief accountant's signature.

    Refusals: same_person_signs, signer_not_verified, sample_open, changed_the_account, conflict_of_interest.
    """
    return PayoutShape.shown(payouts.release(call.city, call.id, call.version, call.who))


@api.post("/cities/{city}/payouts/{id}/cancel", allow=(AUTHORISING_OFFICER, CHIEF_ACCOUNTANT), edits=True)
def cancel_payout(call: Call) -> PayoutShape:
    """Give up a payout that has not gone to the bank: all in it is owed again. Refusals: order_made."""
    return PayoutShape.shown(payouts.cancel(call.city, call.id, call.version, call.who))


@api.post("/cities/{city}/payouts/{id}/export", allow=FINANCE, edits=True)
def export_payout(call: Call) -> PayoutShape:
    """Make the files for the bank, once, in the town's format. Refusals: payout_not_in_state, frozen."""
    return PayoutShape.shown(payouts.export(call.city, call.id, call.version, call.who))


class FileQuery(Shape):
    name: Line


@api.get("/cities/{city}/payouts/{id}/file", allow=FINANCE)
def get_file(call: Call[None, FileQuery]) -> LinkShape:
    """A short-lived link to one of the payout's files; always the same file."""
    return LinkShape(url=payouts.file_link(payouts.payout(call.city, call.id), call.query.name))


@api.post("/cities/{city}/payouts/{id}/lines/{line}/reject", allow=(BUDGET_OFFICER, CHIEF_ACCOUNTANT))
def reject_line(call: Call[ReasonBody]) -> LineShape:
    """The bank refused this payment of the order: it is owed again. Refusals: line_not_in_order."""
    return LineShape.of(payouts.reject(call.city, call.id, call.path["line"], call.body.reason, call.who))


@api.get("/cities/{city}/payouts/{id}/sample", allow=(*READERS, *LOOKERS))
def list_sample(call: Call[None, PageQuery]) -> SamplesShape:
    """The control sample of a payout."""
    page = payouts.samples(call.city, call.id, call.query.limit, call.query.cursor)
    return SamplesShape(items=tuple(_sample(sample) for sample in page.items), next=page.next)


@api.get("/cities/{city}/samples", allow=(*READERS, *LOOKERS))
def list_waiting_samples(call: Call[None, PageQuery]) -> SamplesShape:
    """What waits for a clerk: redemptions to be looked at, and those set aside."""
    page = payouts.samples_waiting(call.city, call.query.limit, call.query.cursor)
    return SamplesShape(items=tuple(_sample(sample) for sample in page.items), next=page.next)


@api.post("/cities/{city}/payouts/{id}/sample/{line}/pass", allow=LOOKERS)
def pass_sample(call: Call) -> SampleShape:
    """A clerk looked at the redemption `line` and it is as it should be. Refusals: sample_looked."""
    return _sample(payouts.pass_sample(call.city, call.id, call.path["line"], call.who))


@api.post("/cities/{city}/payouts/{id}/sample/{line}/set-aside", allow=LOOKERS)
def set_sample_aside(call: Call[ReasonBody]) -> SampleShape:
    """Drop the redemption from the payout; it waits with the reason. Refusals: sample_looked."""
    return _sample(payouts.set_aside(call.city, call.id, call.path["line"], call.body.reason, call.who))


@api.post("/cities/{city}/payouts/{id}/sample/{line}/let-go", allow=LOOKERS)
def let_sample_go(call: Call) -> SampleShape:
    """What was set aside is in order: the next payout takes it. Refusals: sample_looked."""
    return _sample(payouts.let_go(call.city, call.id, call.path["line"], call.who))


@api.post("/cities/{city}/payouts/{id}/sample/{line}/undo", allow=LOOKERS)
def undo_sample(call: Call) -> SampleShape:
    """What was set aside was not so: the money is on the contribution again. Refusals: sample_looked."""
    return _sample(payouts.undo_sample(call.city, call.id, call.path["line"], call.who))


def _sample(sample: Sample) -> SampleShape:
    shape = {name: getattr(sample, name) for name in SampleShape.model_fields if hasattr(sample, name)}
    return SampleShape(**shape, receipt_number=_receipt(sample.redemption))


@api.get("/cities/{city}/payouts/{id}/lines/{line}/remittance", allow=(*BOOKKEEPERS, OWNER))
def get_remittance(call: Call[None, PageQuery]) -> RemittanceShape:
    """A page of the redemptions behind a provider's payment; `line` is the provider. Its owner sees its own."""
    payouts.may_see(call.who, call.city, call.path["line"])
    found = payouts.remittance(call.city, call.id, call.path["line"], call.query.limit, call.query.cursor)
    items = tuple(_row(transfer) for transfer in found.transfers)
    return RemittanceShape(line=LineShape.of(found.line), items=items, next=found.next)


def _row(transfer: Transfer) -> RemittanceRow:
    return RemittanceRow(
        id=transfer.id,
        grant=transfer.grant,
        receipt_number=_receipt(transfer.of or transfer.id),
        kind=transfer.kind,
        programme=transfer.programme,
        posted_at=transfer.posted_at,
        payable_minor=transfer.payable_minor,
        original=transfer.of,
    )


@api.get("/cities/{city}/payouts/{id}/lines/{line}/remittance/csv", allow=(*BOOKKEEPERS, OWNER))
def get_remittance_csv(call: Call[None, PageQuery]) -> TextPartShape:
    """The same as CSV for accounting, in parts: semicolons, decimal commas, Prague time."""
    payouts.may_see(call.who, call.city, call.path["line"])
    text, following = payouts.remittance_csv(call.city, call.id, call.path["line"], call.query.cursor, call.language)
    return TextPartShape(name=f"avizo-{call.id}.csv", content=text, next=following)


@api.post(
    "/cities/{city}/payouts/{id}/lines/{line}/refunds",
    allow=(BUDGET_OFFICER, CHIEF_ACCOUNTANT),
    spends=True,
    status=201,
)
def refund_redemption(call: Call[RefundBody]) -> RefundShape:
    """A redemption of this payment was not so: the provider owes it. Refusals: not_paid_out, not_in_this_payment."""
    body = call.body
    done, receipt = payouts.refund(
        call.city, call.id, call.path["line"], body.grant, body.redemption, body.reason, body.note, call.key, call.who
    )
    return RefundShape.of(done).model_copy(update={"replayed": receipt.replayed})


@api.get("/cities/{city}/refunds", allow=READERS)
def list_refunds(call: Call) -> RefundsShape:
    """The last refunds that finance made, newest first."""
    return RefundsShape(items=tuple(RefundShape.of(one) for one in payouts.refunds(call.city)))


@api.get("/cities/{city}/debts", allow=READERS)
def list_debts(call: Call[None, PageQuery]) -> DebtsShape:
    """Providers that owe for refunds which no payout has deducted. A page may be short and go on."""
    page = payouts.debts(call.city, call.query.limit, call.query.cursor)
    return DebtsShape(items=tuple(_debt(debt) for debt in page.items), next=page.next)


def _debt(debt: Debt) -> DebtShape:
    return DebtShape(
        provider=debt.provider,
        provider_name=debt.provider_name,
        refunds=tuple(
            RefundOwedShape(
                refund=t.id,
                receipt_number=_receipt(t.of),
                grant=t.grant,
                programme=t.programme,
                amount_minor=t.amount_minor,
                at=t.posted_at,
            )
            for t in debt.refunds
        ),
        refunds_minor=debt.refunds_minor,
        owed_minor=debt.owed_minor,
        net_minor=debt.net_minor,
    )


@api.get("/cities/{city}/write-offs", allow=READERS)
def list_write_offs(call: Call) -> WriteOffsShape:
    """The last write-offs, the last proposed first."""
    return WriteOffsShape(items=tuple(WriteOffShape.of(one) for one in payouts.write_offs(call.city)))


@api.post("/cities/{city}/write-offs", allow=FINANCE, status=201)
def propose_write_off(call: Call[WriteOffBody]) -> WriteOffShape:
    """Propose to give up what a provider owes for a refund. Refusals: no_such_debt, write_off_decided."""
    body = call.body
    return WriteOffShape.of(payouts.propose_write_off(call.city, body.grant, body.refund, body.note, call.who))


@api.post("/cities/{city}/write-offs/{id}/approve", allow=FINANCE)
def approve_write_off(call: Call) -> WriteOffShape:
    """Another person approves it. Refusals: same_person_signs, no_such_debt, write_off_decided."""
    return WriteOffShape.of(payouts.approve_write_off(call.city, call.id, call.who))


@api.post("/cities/{city}/write-offs/{id}/decline", allow=FINANCE)
def decline_write_off(call: Call) -> WriteOffShape:
    """The debt stays. Refusals: write_off_decided."""
    return WriteOffShape.of(payouts.decline_write_off(call.city, call.id, call.who))


@api.post("/cities/{city}/advances", allow=(BUDGET_OFFICER, CHIEF_ACCOUNTANT), spends=True, status=201)
def note_advance(call: Call[AdvanceBody]) -> AdvanceShape:
    """The town sent an advance to the operator's clearing account."""
    entry, receipt = payouts.advance(call.city, call.body.amount_minor, call.body.day, call.key, call.who)
    return AdvanceShape(id=entry.id, amount_minor=entry.amount_minor, day=entry.day, replayed=receipt.replayed)


@api.get("/cities/{city}/clearing", allow=BOOKKEEPERS)
def get_clearing(call: Call[None, YearQuery]) -> ClearingShape:
    """The operator's statement to the town: advances and payments of a year, with the balance."""
    found = payouts.clearing_statement(call.city, call.query.year)
    items = tuple(
        EntryShape(
            id=line.entry.id,
            kind=line.entry.kind,
            day=line.entry.day,
            effect_minor=line.entry.effect_minor,
            balance_minor=line.balance_minor,
            number=line.entry.number,
            provider_name=line.entry.provider_name,
            confirmed=bool(line.entry.statement_line),
        )
        for line in found.lines
    )
    return ClearingShape(
        year=found.year, opening_minor=found.opening_minor, closing_minor=found.closing_minor, items=items
    )


@api.get("/cities/{city}/clearing/sheet", allow=BOOKKEEPERS)
def get_clearing_sheet(call: Call[None, YearQuery]) -> Sheet:
    """The same for the town's accounting or a spreadsheet."""
    return payouts.clearing_sheet(call.city, call.query.year, call.language)


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
def preview_statement(call: Call[StatementFile]) -> PreviewsShape:
    """What importing a statement would do. Refusals: the statement_… ones; nothing changes."""
    found = payouts.preview_statement(call.city, call.body.data(), call.body.account)
    return PreviewsShape(items=tuple(_previewed(one) for one in found))


@api.post("/cities/{city}/statements", allow=FINANCE, bytes_max=UPLOAD_BYTES_MAX)
def import_statement(call: Call[StatementToBook]) -> StatementsShape:
    """Book a bank statement (GPC or camt.053). Again: no effect. Refusals: the statement_… ones; nothing is booked."""
    body = call.body
    done = payouts.import_statement(call.city, body.data(), call.who, body.account, future=body.future)
    return _imports(done)


def _imports(found: list[Imported]) -> StatementsShape:
    return StatementsShape(items=tuple(StatementShape.of(one) for one in found))


def _previewed(found: Previewed) -> PreviewedShape:
    ours_first = sorted(found.lines, key=lambda told: told.effect == "not_ours")
    by_effect = Counter(told.effect for told in found.lines)
    return PreviewedShape(
        outcome=StatementShape.of(found.outcome),
        in_future=found.in_future,
        sums=tuple(
            EffectSumShape(effect=effect, lines=count, sum_minor=found.sum_minor(effect))
            for effect, count in by_effect.items()
        ),
        lines=tuple(
            ToldShape(movement=StatementLineShape.shown(told.line), effect=told.effect, about=told.about)
            for told in ours_first[:LINES_SHOWN_MAX]
        ),
        lines_total=len(found.lines),
    )


@api.get("/cities/{city}/doubts", allow=READERS)
def list_doubts(call: Call) -> DoubtsShape:
    """Lines of statements that wait for finance: possible returns, debits without the other side, possible twins."""
    return DoubtsShape(items=tuple(_doubt(found) for found in payouts.doubts(call.city)))


def _doubt(found: OpenDoubt) -> DoubtShape:
    doubt = found.doubt
    return DoubtShape(
        id=doubt.id,
        kind=doubt.kind,
        account=doubt.account,
        place=StatementPlaceShape.of(doubt.place),
        movement=StatementLineShape.shown(doubt.line),
        options=tuple(
            DoubtOptionShape(line=line.id, number=line.number, provider_name=line.provider_name)
            for line in found.options
        ),
        alike=tuple(StatementPlaceShape.of(place) for place in doubt.alike),
    )


@api.post("/cities/{city}/doubts/{id}", allow=(BUDGET_OFFICER, CHIEF_ACCOUNTANT))
def decide_doubt(call: Call[DoubtAnswer]) -> None:
    """Say what a doubtful line is; it is booked so. Refusals: doubt_decided, answer_not_offered."""
    payouts.decide(call.city, call.id, call.body.answer, call.who)
