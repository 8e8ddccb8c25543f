"""Doors of the audit: seals for anyone, receipts for whom they concern, the books for the auditor, and freeze switches."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints

from chalicelib.core.clock import Instant, day_from_text
from chalicelib.core.gate import (
    ADMIN,
    ANYONE,
    AUDITOR,
    BOOKKEEPERS,
    CHIEF_ACCOUNTANT,
    FINANCE,
    HOLDERS,
    PROVIDER_SIDE,
    STAFF,
)
from chalicelib.core.http import Api, Call
from chalicelib.core.shapes import LINES, TEXT_LENGTH_MAX, Day, DaysQuery, Id, PageQuery, Shape
from chalicelib.core.sheets import Sheet
from chalicelib.watch.audit import service as audit
from chalicelib.watch.audit.model import Inclusion, ProgrammeSums, Proof, Seal, SealNotFound, Turned
from chalicelib.watch.audit.reading import Asked, Line
from chalicelib.watch.audit.service import READERS

api = Api("audit")

PROVERS = (ADMIN, AUDITOR, CHIEF_ACCOUNTANT)

type Freezable = Literal["town", "programme", "provider", "till"]


# Seals and receipts


class LateShape(Shape):
    day: Day
    index: int


class SealShape(Shape):
    """What seals a day. `late` names leaves of earlier days, by their place among the leaves of this seal."""

    city: str
    n: int
    day: Day
    count: int
    root: str
    prev_root: str
    late: tuple[LateShape, ...]
    sealed_at: Instant | None


class SealsShape(Shape):
    items: tuple[SealShape, ...]
    next: str | None


class ReceiptProofShape(Shape):
    """A movement's text and its way to the seal of its day. `pending`: the day is sealed in the night after it.

    Kept as a file it can be checked off line: `aktivni verify-receipt`.
    """

    state: Literal["sealed", "pending"]
    body: str
    leaf: str
    index: int
    path: tuple[str, ...]
    seal: SealShape | None

    @classmethod
    def shown(cls, found: Inclusion) -> Self:
        return cls(
            state="sealed" if found.seal else "pending",
            body=found.body,
            leaf=found.leaf,
            index=found.index,
            path=found.path,
            seal=SealShape.of(found.seal) if found.seal else None,
        )


class ReceiptQuery(Shape):
    """The grant that the movement belongs to."""

    grant: Id


class PaymentQuery(Shape):
    """The programme whose budget, or the provider whose payment it is."""

    programme: Id | Literal[""] = ""
    provider: Id | Literal[""] = ""


def _seal(seal: Seal) -> SealShape:
    return SealShape.of(seal)


@api.get("/cities/{city}/seals", allow=ANYONE)
def seals(call: Call[None, PageQuery]) -> SealsShape:
    """The town's seals, newest first, open to anyone: with one, a receipt proves that it is in the books."""
    page = audit.seals(call.city, call.query.limit, call.query.cursor).map(_seal)
    return SealsShape(items=page.items, next=page.next)


@api.get("/cities/{city}/seals/{day}", allow=ANYONE)
def seal(call: Call) -> SealShape:
    """The seal of a day. Refusals: seal_not_found."""
    day = day_from_text(call.path["day"])
    if day is None:
        raise SealNotFound
    return _seal(audit.seal_of_day(call.city, day))


@api.get("/cities/{city}/receipts/{id}/proof", allow=(*HOLDERS, *PROVIDER_SIDE, *READERS))
def receipt(call: Call[None, ReceiptQuery]) -> ReceiptProofShape:
    """A movement of a grant with its inclusion proof, for whom it concerns. Refusals: receipt_not_found, conflict_of_interest."""
    return ReceiptProofShape.shown(audit.receipt(call.city, call.who, call.id, call.query.grant))


@api.get("/cities/{city}/payment-receipts/{id}/proof", allow=READERS)
def payment_receipt(call: Call[None, PaymentQuery]) -> ReceiptProofShape:
    """A movement of a budget or a payout with its inclusion proof. Refusals: receipt_not_found."""
    found = audit.receipt_of_payment(call.city, call.id, call.query.programme, call.query.provider)
    return ReceiptProofShape.shown(found)


# Proofs


class ProgrammeSumsShape(Shape):
    """budget + written_off = free + unspent + held + to_pay + paid, recomputed from the transfers."""

    programme: str
    budget_minor: int
    free_minor: int
    unspent_minor: int
    held_minor: int
    to_pay_minor: int
    paid_minor: int
    written_off_minor: int
    difference_minor: int

    @classmethod
    def shown(cls, sums: ProgrammeSums) -> Self:
        return cls.of(sums)


class BookDifferenceShape(Shape):
    """What is wrong: `account` and `entry` name the place; `what` the balance, where it is one."""

    code: Literal[
        "balance",
        "account_missing",
        "unreadable",
        "misplaced",
        "not_in_journal",
        "not_owed",
        "accounts_wrong",
        "changed",
        "missing",
    ]
    account: str
    entry: str
    programme: str
    what: str
    expected: str
    found: str


class ProofShape(Shape):
    """What a proof of the books found. `unsealed`: entries of sealed days that no seal has yet; the next one holds them.

    `frozen`: what was stopped for the differences, as `what:id`. `capacity_units`: read units of the pass over all towns.
    """

    run: str
    started_at: Instant
    ended_at: Instant
    accounts: int
    transfers: int
    decisions: int
    seals: int
    leaves: int
    sealed_to: Day | None
    programmes: tuple[ProgrammeSumsShape, ...]
    differences: tuple[BookDifferenceShape, ...]
    differences_count: int
    unsealed: int
    frozen: tuple[str, ...]
    capacity_units: int
    currency: str = "CZK"


class ProofsShape(Shape):
    items: tuple[ProofShape, ...]
    next: str | None


class StartedShape(Shape):
    """The run that was begun; it is in the list when it is done."""

    run: str


def _proof(proof: Proof) -> ProofShape:
    return ProofShape.of(proof)


@api.get("/cities/{city}/proofs", allow=READERS)
def proofs(call: Call[None, PageQuery]) -> ProofsShape:
    """The nightly proofs of the town's books, newest first."""
    page = audit.proofs(call.city, call.query.limit, call.query.cursor).map(_proof)
    return ProofsShape(items=page.items, next=page.next)


@api.get("/cities/{city}/proofs/{id}", allow=READERS)
def proof(call: Call) -> ProofShape:
    """One proof with every difference by its name. Refusals: proof_not_found."""
    return _proof(audit.proof(call.city, call.id))


@api.post("/cities/{city}/proofs", allow=PROVERS, status=202)
def start_proof(call: Call) -> StartedShape:
    """Prove the town's books now. Pressed again within the quarter of an hour it is the same run."""
    return StartedShape(run=audit.start_proof(call.city))


# The books


class EntriesQuery(PageQuery):
    """Of which days, and of one person, grant, programme or provider. Without days: today, or a person's or grant's all."""

    first: Day | None = None
    last: Day | None = None
    person: Id | Literal[""] = ""
    grant: Id | Literal[""] = ""
    programme: Id | Literal[""] = ""
    provider: Id | Literal[""] = ""

    def asked(self) -> Asked:
        return Asked.of(self.first, self.last, self.person, self.programme, self.provider, self.grant)


class BookEntryShape(Shape):
    """A transfer or a decision: who, through what, when and why. Names are of the town's people and of organisations.

    `original` is the movement that this one ends or takes back.
    """

    id: str
    entry: Literal["transfer", "decision"]
    kind: str
    at: Instant
    programme: str
    programme_name: str
    provider: str
    provider_name: str
    grant: str
    debit: str
    credit: str
    amount_minor: int
    payable_minor: int
    by: str
    by_name: str
    via: str
    reason: str
    approved_by: str
    approved_by_name: str
    original: str
    till: str
    budget_year: int
    coordinates: str
    about: str
    outcome: str
    currency: str = "CZK"

    @classmethod
    def shown(cls, line: Line) -> Self:
        texts = (
            "programme",
            "provider",
            "grant",
            "debit",
            "credit",
            "by",
            "via",
            "reason",
            "approved_by",
            "till",
            "coordinates",
            "about",
            "outcome",
        )
        return cls(
            id=line.id,
            entry=line.entry,
            kind=line.kind,
            at=line.at,
            programme_name=line.programme_name,
            provider_name=line.provider_name,
            by_name=line.by_name,
            original=line.told("of"),
            approved_by_name=line.approved_by_name,
            amount_minor=line.body.get("amount_minor", 0),
            payable_minor=line.body.get("payable_minor", 0),
            budget_year=line.body.get("budget_year", 0),
            **{name: line.told(name) for name in texts},
        )


class EntriesShape(Shape):
    items: tuple[BookEntryShape, ...]
    next: str | None


@api.get("/cities/{city}/entries", allow=AUDITOR)
def entries(call: Call[None, EntriesQuery]) -> EntriesShape:
    """Movements and decisions in order of time. A look at a person's is noted. Refusals: too_many_days."""
    page = audit.entries(call.city, call.who, call.query.asked(), call.query.limit, call.query.cursor)
    return EntriesShape(items=tuple(map(BookEntryShape.shown, page.items)), next=page.next)


@api.get("/cities/{city}/entries/sheet", allow=AUDITOR)
def entries_sheet(call: Call[None, EntriesQuery]) -> Sheet:
    """The same whole, for a spreadsheet, in the reader's language. Refusals: too_many_days, too_many_rows."""
    return audit.entries_sheet(call.city, call.who, call.query.asked(), call.language)


class BookingShape(Shape):
    """What moved on a day within one budget year, coordinates (paragraph/item/department/action/purpose mark) and kind.

    `debit` and `credit` are the sorts of accounts it moved between, `document` the row's number, which never changes.
    """

    document: str
    day: Day
    budget_year: int
    coordinates: str
    kind: str
    debit: str
    credit: str
    count: int
    amount_minor: int
    currency: str = "CZK"


class BookingsShape(Shape):
    """`booked_to` is the last sealed day: what is booked up to it never changes."""

    items: tuple[BookingShape, ...]
    booked_to: Day | None


@api.get("/cities/{city}/bookings", allow=BOOKKEEPERS)
def bookings(call: Call[None, DaysQuery]) -> BookingsShape:
    """What the town's accounting books for these days, as the seals closed them. Refusals: too_many_days."""
    found = audit.bookings(call.city, call.query.first, call.query.last)
    return BookingsShape(items=tuple(BookingShape.of(row) for row in found), booked_to=audit.booked_to(call.city))


@api.get("/cities/{city}/bookings/sheet", allow=BOOKKEEPERS)
def bookings_sheet(call: Call[None, DaysQuery]) -> Sheet:
    """The same for the accounting's import or a spreadsheet."""
    return audit.bookings_sheet(call.city, call.query.first, call.query.last, call.language)


# Freeze switches


class FreezeShape(Shape):
    """A switch that was turned. `by` is `proof` where the nightly proof did it."""

    what: Freezable
    id: str
    name: str
    on: bool
    by: str
    by_name: str
    at: Instant
    reason: str


class FreezesShape(Shape):
    items: tuple[FreezeShape, ...]


class FreezeHistoryShape(Shape):
    items: tuple[FreezeShape, ...]
    next: str | None


type SwitchReason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=5, max_length=TEXT_LENGTH_MAX), LINES
]


class TurnSwitch(Shape):
    """A switch: `town` has no id; a programme, provider or till is named by its own. The reason is for people."""

    what: Freezable
    id: Id | Literal[""] = Field(default="")
    reason: SwitchReason


def _freezes(found: list[Turned]) -> FreezesShape:
    return FreezesShape(items=tuple(FreezeShape.of(one) for one in found))


@api.get("/cities/{city}/freezes", allow=STAFF)
def freezes(call: Call) -> FreezesShape:
    """Where money does not move now, since when and why."""
    return _freezes(audit.frozen(call.city))


@api.get("/cities/{city}/freezes/history", allow=READERS)
def freeze_history(call: Call[None, PageQuery]) -> FreezeHistoryShape:
    """Every turn of a switch, newest first."""
    page = audit.freeze_history(call.city, call.query.limit, call.query.cursor)
    return FreezeHistoryShape(items=tuple(FreezeShape.of(one) for one in page.items), next=page.next)


@api.post("/cities/{city}/freezes", allow=(ADMIN, *FINANCE))
def freeze(call: Call[TurnSwitch]) -> FreezesShape:
    """Stop the movement of money in the town, a programme, at a provider or a till. Again changes nothing."""
    asked = call.body
    return _freezes(audit.freeze(call.city, asked.what, _id(asked), call.who.id, asked.reason))


@api.post("/cities/{city}/freezes/lift", allow=ADMIN)
def lift(call: Call[TurnSwitch]) -> FreezesShape:
    """Let money move again. Refusals: not_frozen, conflict_of_interest."""
    asked = call.body
    return _freezes(audit.unfreeze(call.city, asked.what, _id(asked), call.who.id, asked.reason))


def _id(asked: TurnSwitch) -> str:
    return "" if asked.what == "town" else asked.id
