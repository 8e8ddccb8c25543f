"""Doors to grants, vouchers and tills. Codes and tokens come in bodies only: never in a path or a query."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.core.clock import today
from chalicelib.core.gate import (
    ANYONE,
    AUTHORISING_OFFICER,
    CASHIER,
    CITIZEN,
    CLERK,
    HOLDERS,
    OWNER,
    PROGRAMME_OWNER,
    PROVIDER_SIDE,
    STAFF,
    TILL,
)
from chalicelib.core.http import Api, Call
from chalicelib.core.money import CURRENCY, AmountMinor
from chalicelib.core.shapes import ONE_LINE, Day, Id, PageQuery, PersonQuery, Shape, Text, TwoTexts
from chalicelib.money.ledger.model import GrantState, Mode, Remainder, Transfer
from chalicelib.money.programmes.model import Programme
from chalicelib.money.providers.model import Provider
from chalicelib.money.vouchers import counter, devices, service
from chalicelib.money.vouchers.model import (
    Dispute,
    DisputeEnd,
    Redemption,
    RedemptionState,
    Till,
    VoucherState,
    receipt_number,
    undo_until,
)
from chalicelib.town.towns import service as towns

api = Api("vouchers")

type CodeText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), ONE_LINE]
type TillName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), ONE_LINE]
type MovementKind = Literal[
    "awarded",
    "raised",
    "redeemed",
    "undone",
    "refunded",
    "held",
    "released",
    "settled",
    "expired",
    "returned",
    "revoked",
]


# Shapes of grants and vouchers


class ProgrammeRef(Shape):
    """Which programme, in words."""

    id: str
    name: TwoTexts
    purpose: TwoTexts


class BeneficiaryShape(Shape):
    id: str
    name: str


class VoucherSummary(Shape):
    """A grant's voucher in lists: without its code."""

    id: str
    state: VoucherState
    revision: int
    issued_at: datetime
    pdf_ready: bool


class GrantShape(Shape):
    """What was awarded and what is left of it. `spent_minor` also holds what expired or returned to the programme."""

    id: str
    programme: ProgrammeRef
    application: str
    beneficiary: BeneficiaryShape
    mode: Mode
    state: GrantState
    total_minor: int
    spendable_minor: int
    held_minor: int
    spent_minor: int
    currency: str = CURRENCY
    valid_from: datetime
    valid_until: datetime
    part: int
    parts: int
    min_price_minor: int
    remainder: Remainder
    single_use: bool
    voucher: VoucherSummary | None


class GrantsShape(Shape):
    items: tuple[GrantShape, ...]
    next: str | None = None


class MovementShape(Shape):
    """A movement of a grant's money; what left is negative. `id` is the transfer's, for its receipt.

    `redemption` names it where it can be disputed.
    """

    id: str
    at: datetime
    kind: MovementKind
    amount_minor: int
    provider_name: str
    receipt_number: str
    redemption: str | None
    state: RedemptionState | None


class GrantDetail(GrantShape):
    movements: tuple[MovementShape, ...]


class BranchShape(Shape):
    name: str
    address: str


class WhereShape(Shape):
    """A provider that accepts the voucher, with its open branches."""

    provider: str
    name: str
    branches: tuple[BranchShape, ...]


class VoucherShape(GrantDetail):
    """A voucher for its holder. `code` is what the QR holds; both codes are there only while they can be used."""

    code: str | None
    short_code: str | None
    where: tuple[WhereShape, ...]


class RevisionBody(Shape):
    """The revision that the asker saw: a second press makes no second code."""

    revision: Annotated[int, Field(ge=1)]


class PdfLinkShape(Shape):
    """A fresh address of the PDF and when it ends."""

    url: str
    expires_at: datetime


class DisputeBody(Shape):
    text: Text = ""


class RedemptionShape(Shape):
    """A redemption of a voucher."""

    id: str
    voucher: str
    receipt_number: str
    amount_minor: int
    currency: str = CURRENCY
    at: datetime
    state: RedemptionState
    undone_at: datetime | None
    cashier: str


class DisputeShape(Shape):
    """A dispute as the town sees it. `withheld`: no payout can take the redemption until it is answered.

    `ended_as` says what the answer did: declined, undone before payout, refunded after it.
    """

    voucher: str
    redemption: str
    provider: str
    provider_name: str
    amount_minor: int
    currency: str = CURRENCY
    redeemed_at: datetime
    receipt_number: str
    text: str
    at: datetime
    withheld: bool
    closed_at: datetime | None
    outcome: str
    ended_as: DisputeEnd


class DisputesShape(Shape):
    items: tuple[DisputeShape, ...]
    next: str | None


class OutcomeBody(Shape):
    """The town's answer to a dispute. Upheld: the redemption is taken back, or refunded where it was paid out."""

    upheld: bool
    outcome: Annotated[Text, Field(min_length=1)]


# Shapes of the counter


class CodeBody(Shape):
    code: CodeText


class CheckedShape(Shape):
    """A voucher that can be redeemed here now, and what the till shows of it: no other amount is sent."""

    voucher: str
    programme: ProgrammeRef
    left_minor: int
    currency: str = CURRENCY
    valid_until: datetime
    min_price_minor: int
    single_use: bool
    remainder: Remainder
    undo_minutes: int


class RedeemBody(Shape):
    """What to redeem. `price_minor` is the price of the whole purchase where it is more than the amount.

    `till` is the till that made the Idempotency-Key: after another pairing ask for the outcome, do not send again.
    """

    code: CodeText
    amount_minor: AmountMinor
    price_minor: AmountMinor | None = None
    till: Id | None = None


class ReceiptShape(Shape):
    """A redemption in the books. Of a replay `left_minor` is what is left now; `undone_at` says since when its money is
    back on the voucher, null where it was not taken back."""

    id: str
    voucher: str
    receipt_number: str
    programme: ProgrammeRef
    amount_minor: int
    left_minor: int
    currency: str = CURRENCY
    at: datetime
    undo_until: datetime
    undone_at: datetime | None
    replayed: bool


class OutcomeQuestion(Shape):
    """Which redemption is asked for: the voucher's code, the Idempotency-Key it was sent with, the till that made it."""

    code: CodeText
    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    till: Id | None = None


class OutcomeShape(Shape):
    """What the key redeemed at the till's provider; null while nothing."""

    receipt: ReceiptShape | None


class UndoneShape(Shape):
    """A redemption taken back."""

    redemption: str
    voucher: str
    receipt_number: str
    amount_minor: int
    left_minor: int
    currency: str = CURRENCY
    at: datetime
    replayed: bool


# Shapes of tills


class PairingBody(Shape):
    provider: Id
    branch: Id
    name: TillName


class PairingShape(Shape):
    """A code that pairs one device. `link` is what the QR holds; it opens the reader."""

    code: str
    link: str
    expires_at: datetime


class TillShape(Shape):
    """A till as its provider sees it; `v` is its version for If-Match."""

    id: str
    provider: str
    branch: str
    name: str
    cashier: str
    paired_at: datetime
    v: int


class TillsShape(Shape):
    items: tuple[TillShape, ...]
    next: str | None = None


class TillsQuery(Shape):
    provider: Id


class TillPatch(Shape):
    name: TillName


class PairedShape(Shape):
    """The device's own token, shown this once."""

    till: str
    name: str
    device_token: str


class DeviceBody(Shape):
    device_token: Annotated[str, StringConstraints(min_length=20, max_length=120), ONE_LINE]


class TillSession(Shape):
    access_token: str
    expires_at: datetime


class AcceptedShape(Shape):
    id: str
    name: TwoTexts


class MyTillShape(Shape):
    """The till that asks: where it stands and whose vouchers it accepts."""

    id: str
    name: str
    provider: str
    provider_name: str
    branch_name: str
    city_name: str
    cashier: str
    shift_since: datetime | None
    programmes: tuple[AcceptedShape, ...]


class ShiftBody(Shape):
    cashier: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), ONE_LINE]


class DayQuery(Shape):
    day: Day | None = None


class DayLine(RedemptionShape):
    programme_name: TwoTexts
    undo_until: datetime


class ProviderDayQuery(Shape):
    provider: Id
    day: Day | None = None


class ProviderLine(DayLine):
    till: str
    till_name: str


class ProviderDayShape(Shape):
    """A provider's day over all its tills, newest first. Totals leave out what was taken back."""

    day: date
    count: int
    total_minor: int
    currency: str = CURRENCY
    items: tuple[ProviderLine, ...]
    next: str | None = None


class DayShape(Shape):
    """A till's day: what it redeemed, newest first. Totals leave out what was taken back."""

    day: date
    count: int
    total_minor: int
    currency: str = CURRENCY
    items: tuple[DayLine, ...]
    next: str | None = None


# Doors to grants and vouchers


@api.get("/cities/{city}/grants", allow=HOLDERS)
def list_grants(call: Call[None, PersonQuery]) -> GrantsShape:
    """Everything the person was awarded, for self and for children, newest first; an assistant names whom they registered.

    Refusals: not_found, conflict_of_interest.
    """
    shown = service.shown_to(call.city, call.who, call.query.person or call.who.id)
    return GrantsShape(items=tuple(map(_grant, shown)))


@api.get("/cities/{city}/grants/{id}", allow=HOLDERS)
def get_grant(call: Call) -> GrantDetail:
    """One award with its movements, newest first. Refusals: not_found, conflict_of_interest."""
    held = service.held(call.city, call.who, call.id)
    return GrantDetail(**_facts(held), movements=_movements(call.city, call.id))


@api.get("/cities/{city}/vouchers/{id}", allow=HOLDERS)
def get_voucher(call: Call) -> VoucherShape:
    """A voucher with its codes, where to use it, and its movements. Refusals: not_found, conflict_of_interest."""
    return _voucher(call.city, service.held(call.city, call.who, call.id))


@api.get("/cities/{city}/vouchers/{id}/pdf", allow=HOLDERS)
def get_voucher_pdf(call: Call) -> PdfLinkShape:
    """A fresh address of the PDF, for five minutes. Refusals: not_found, pdf_not_ready, conflict_of_interest."""
    url, expires_at = service.pdf_link(call.city, call.who, call.id)
    return PdfLinkShape(url=url, expires_at=expires_at)


@api.post("/cities/{city}/vouchers/{id}/block", allow=HOLDERS)
def block_voucher(call: Call) -> VoucherShape:
    """The voucher is lost: its code is dead, the money stays. Again changes nothing.

    Refusals: voucher_closed, conflict_of_interest.
    """
    return _voucher(call.city, service.block(call.city, call.who, call.id))


@api.post("/cities/{city}/vouchers/{id}/reissue", allow=HOLDERS)
def reissue_voucher(call: Call[RevisionBody]) -> VoucherShape:
    """A new code; the old one is dead in the same instant.

    Refusals: voucher_closed, changed_meanwhile, conflict_of_interest.
    """
    return _voucher(call.city, service.reissue(call.city, call.who, call.id, call.body.revision))


@api.post("/cities/{city}/vouchers/{id}/redemptions/{line}/dispute", allow=CITIZEN)
def dispute_redemption(call: Call[DisputeBody]) -> RedemptionShape:
    """The holder says it was not so. Moves no money; the town looks into it. Refusals: redemption_unknown, already_undone."""
    said = service.dispute(call.city, call.who, call.id, call.path["line"], call.body.text)
    return RedemptionShape.of(said)


@api.get("/cities/{city}/disputes", allow=STAFF)
def list_disputes(call: Call[None, PageQuery]) -> DisputesShape:
    """Disputes that wait for the town, oldest first."""
    page = service.open_disputes(call.city, call.query.limit, call.query.cursor)
    names = service.names_of_providers(call.city, [found.provider for found in page.items])
    return DisputesShape(items=tuple(_dispute(found, names) for found in page.items), next=page.next)


@api.post(
    "/cities/{city}/vouchers/{id}/redemptions/{line}/outcome", allow=(CLERK, PROGRAMME_OWNER, AUTHORISING_OFFICER)
)
def close_dispute(call: Call[OutcomeBody]) -> DisputeShape:
    """Answer a dispute. Refusals: redemption_unknown, dispute_closed, grant_closed, frozen."""
    body = call.body
    closed = service.close_dispute(call.city, call.who, call.id, call.path["line"], body.upheld, body.outcome)
    return _dispute(closed, service.names_of_providers(call.city, [closed.provider]))


# Doors of the counter


@api.post("/cities/{city}/vouchers/check", allow=TILL)
def check_voucher(call: Call[CodeBody]) -> CheckedShape:
    """Whether a voucher can be redeemed here now. Changes nothing but the counts of unknown codes.

    Refusals: till_revoked, code_mistyped, voucher_unknown, voucher_blocked, code_replaced, already_used, grant_used,
    not_accepted_here, validity_ended, not_yet_valid, grant_suspended, grant_closed, frozen.
    """
    checked = counter.check(call.city, call.who, call.body.code)
    grant = checked.grant
    return CheckedShape(
        voucher=grant.id,
        programme=_programme(checked.programme),
        left_minor=grant.spendable_minor,
        valid_until=grant.valid_until,
        min_price_minor=grant.min_price_minor,
        single_use=grant.single_use,
        remainder=grant.remainder,
        undo_minutes=checked.programme.rules.undo_minutes,
    )


@api.post("/cities/{city}/vouchers/redeem", allow=TILL, spends=True)
def redeem_voucher(call: Call[RedeemBody]) -> ReceiptShape:
    """Redeem an amount, once for the till's provider and key.

    Refusals: till_revoked, code_mistyped, voucher_unknown, voucher_blocked, code_replaced, already_used, grant_used,
    not_accepted_here, validity_ended, not_yet_valid, grant_suspended, grant_closed, frozen, credit_too_small,
    below_min_price, above_price, day_limit_reached, category_limit_reached, provider_limit_reached, amount_out_of_range,
    account_unknown, made_by_another_till, key_used_for_other_request, changed_meanwhile.
    """
    body = call.body
    paid = counter.redeem(
        call.city, call.who, body.code, body.amount_minor, body.price_minor, call.key, made_by=body.till
    )
    return _receipt(paid)


@api.post("/cities/{city}/vouchers/outcome", allow=TILL)
def get_outcome(call: Call[OutcomeQuestion]) -> OutcomeShape:
    """How a redemption ended that this device sent before it was paired anew. It moves nothing.

    Refusals: till_revoked, code_mistyped, voucher_unknown, redemption_unknown.
    """
    body = call.body
    done = counter.outcome(call.city, call.who, body.code, body.key, body.till)
    return OutcomeShape(receipt=_receipt(done) if done else None)


def _receipt(paid: counter.Paid) -> ReceiptShape:
    return ReceiptShape(
        id=paid.transfer.id,
        voucher=paid.transfer.grant,
        receipt_number=receipt_number(paid.transfer.id),
        programme=_programme(paid.programme),
        amount_minor=paid.transfer.amount_minor,
        left_minor=paid.left_minor,
        at=paid.transfer.posted_at,
        undo_until=paid.undo_until,
        undone_at=paid.undone_at,
        replayed=paid.replayed,
    )


@api.get("/cities/{city}/vouchers/redemptions", allow=PROVIDER_SIDE)
def list_redemptions(call: Call[None, ProviderDayQuery]) -> ProviderDayShape:
    """What was redeemed at a provider on a day (today unless said otherwise). Refusals: not_found."""
    query = call.query
    day, tills = counter.day_of_provider(call.city, call.who, query.provider, query.day or today())
    return ProviderDayShape(
        day=day.day,
        count=day.count,
        total_minor=day.total_minor,
        items=tuple(
            ProviderLine(
                **_line(line, day.programmes[line.programme]),
                till=line.till,
                till_name=tills[line.till].name if line.till in tills else "",
            )
            for line in day.lines
        ),
    )


@api.post("/cities/{city}/vouchers/{id}/redemptions/{line}/undo", allow=(TILL, *PROVIDER_SIDE), spends=True)
def undo_redemption(call: Call) -> UndoneShape:
    """Take a redemption of one's own provider back within the programme's window, once.

    Refusals: till_revoked, redemption_unknown, undo_too_late, already_paid_out, not_reversible, grant_closed, frozen,
    transfer_not_found.
    """
    undone = counter.undo(call.city, call.who, call.id, call.path["line"], call.key)
    return UndoneShape(
        redemption=undone.transfer.of,
        voucher=undone.transfer.grant,
        receipt_number=receipt_number(undone.transfer.of),
        amount_minor=undone.transfer.amount_minor,
        left_minor=undone.left_minor,
        at=undone.transfer.posted_at,
        replayed=undone.replayed,
    )


# Doors to tills


@api.post("/cities/{city}/tills/pairings", allow=OWNER, status=201)
def offer_pairing(call: Call[PairingBody]) -> PairingShape:
    """A code that pairs one device within ten minutes. Refusals: not_found, branch_closed, too_many_tills."""
    body = call.body
    return PairingShape.of(devices.offer(call.city, call.who, body.provider, body.branch, body.name))


@api.post("/cities/{city}/tills/pair", allow=ANYONE, status=201)
def pair_till(call: Call[CodeBody]) -> PairedShape:
    """Make this device a till. The code works once. Refusals: pairing_code_invalid."""
    paired = devices.pair(call.city, call.body.code)
    return PairedShape(till=paired.till.id, name=paired.till.name, device_token=paired.token)


@api.post("/cities/{city}/tills/session", allow=ANYONE)
def open_till_session(call: Call[DeviceBody]) -> TillSession:
    """Exchange the device's token for an access token of five minutes. Refusals: till_revoked."""
    return TillSession.of(devices.sign_in(call.city, call.body.device_token))


@api.get("/cities/{city}/tills", allow=(*STAFF, OWNER, CASHIER))
def list_tills(call: Call[None, TillsQuery]) -> TillsShape:
    """A provider's paired tills, oldest first. Refusals: not_found."""
    found = devices.tills_of(call.city, call.who, call.query.provider)
    return TillsShape(items=tuple(TillShape.of(till) for till in found))


@api.patch("/cities/{city}/tills/{id}", allow=OWNER, edits=True)
def rename_till(call: Call[TillPatch]) -> TillShape:
    """Refusals: not_found, changed_meanwhile."""
    return _till(devices.rename(call.city, call.who, call.id, call.version, call.body.name))


@api.delete("/cities/{city}/tills/{id}", allow=OWNER)
def revoke_till(call: Call) -> None:
    """The till checks, redeems and takes back nothing from now on; its sign-in ends within five minutes. Refusals: not_found."""
    devices.revoke(call.city, call.who, call.id)


@api.get("/cities/{city}/tills/me", allow=TILL)
def get_my_till(call: Call) -> MyTillShape:
    """Where this till stands and whose vouchers it accepts. Refusals: till_revoked."""
    place = devices.place(call.city, call.who.id)
    return MyTillShape(
        id=place.till.id,
        name=place.till.name,
        provider=place.provider.id,
        provider_name=place.provider.name,
        branch_name=place.branch.name,
        city_name=towns.town(call.city).name,
        cashier=place.till.cashier,
        shift_since=place.till.shift_since,
        programmes=tuple(AcceptedShape(id=p.id, name=_words(p.name)) for p in place.programmes),
    )


@api.post("/cities/{city}/tills/me/shift", allow=TILL)
def begin_shift(call: Call[ShiftBody]) -> TillShape:
    """Who stands at the till from now on; nobody, by an empty name. Refusals: till_revoked."""
    return _till(devices.begin_shift(call.city, call.who.id, call.body.cashier))


@api.get("/cities/{city}/tills/me/day", allow=TILL)
def get_till_day(call: Call[None, DayQuery]) -> DayShape:
    """What was redeemed at this till on a day (today unless said otherwise), with totals."""
    day = counter.day_of_till(call.city, call.who.id, call.query.day or today())
    return DayShape(
        day=day.day,
        count=day.count,
        total_minor=day.total_minor,
        items=tuple(_day_line(line, day.programmes[line.programme]) for line in day.lines),
    )


# From nouns to shapes


def _words(words: object) -> TwoTexts:
    return TwoTexts.of(words)


def _programme(programme: Programme) -> ProgrammeRef:
    rules = programme.rules
    return ProgrammeRef(id=programme.id, name=_words(rules.name), purpose=_words(rules.purpose))


def _grant(held: service.Held) -> GrantShape:
    return GrantShape(**_facts(held))


def _facts(held: service.Held) -> dict[str, Any]:
    grant = held.grant
    same = (
        "id application mode state total_minor spendable_minor held_minor spent_minor "
        "valid_from valid_until part parts min_price_minor remainder single_use"
    )
    return {name: getattr(grant, name) for name in same.split()} | {
        "programme": _programme(held.programme),
        "beneficiary": BeneficiaryShape(id=grant.beneficiary, name=held.beneficiary_name),
        "voucher": _summary(held),
    }


def _summary(held: service.Held) -> VoucherSummary | None:
    if held.voucher is None or held.voucher_state is None:
        return None
    voucher = held.voucher
    return VoucherSummary(
        id=voucher.id,
        state=held.voucher_state,
        revision=voucher.revision,
        issued_at=voucher.issued_at,
        pdf_ready=voucher.pdf_ready and not voucher.is_blocked,
    )


USABLE: tuple[VoucherState, ...] = ("not_yet_valid", "valid", "partly_used")


def _voucher(city: str, held: service.Held) -> VoucherShape:
    usable = held.voucher is not None and held.voucher_state in USABLE
    made = service.codes_of(city, held.voucher) if held.voucher and usable else None
    return VoucherShape(
        **_facts(held),
        movements=_movements(city, held.grant.id),
        code=made.qr if made else None,
        short_code=made.short if made else None,
        where=tuple(_where(provider) for provider in service.where(city, held.programme)),
    )


def _where(provider: Provider) -> WhereShape:
    branches = tuple(BranchShape(name=b.name, address=b.address) for b in provider.open_branches)
    return WhereShape(provider=provider.id, name=provider.name, branches=branches)


_KINDS: dict[str, tuple[MovementKind, int]] = {
    "allot": ("awarded", 1),
    "top_up": ("raised", 1),
    "redeem": ("redeemed", -1),
    "undo": ("undone", 1),
    "refund": ("refunded", 1),
    "hold": ("held", -1),
    "release": ("released", 1),
    "settle": ("settled", 0),
    "expire": ("expired", -1),
    "remainder": ("returned", -1),
    "revoke": ("revoked", -1),
}
"""How a holder calls a movement, and what it does to what can be spent."""


def _movements(city: str, id: str) -> tuple[MovementShape, ...]:
    moved = service.movements(city, id)
    states = {redemption.id: redemption.state for redemption in service.redemptions_of(city, id)}
    names = service.names_of_providers(city, [transfer.provider for transfer in moved])
    return tuple(_movement(transfer, names, states) for transfer in moved if transfer.kind in _KINDS)


def _movement(transfer: Transfer, names: dict[str, str], states: dict[str, RedemptionState]) -> MovementShape:
    kind, sign = _KINDS[transfer.kind]
    is_redemption = transfer.id in states
    return MovementShape(
        id=transfer.id,
        at=transfer.posted_at,
        kind=kind,
        amount_minor=sign * transfer.amount_minor,
        provider_name=names.get(transfer.provider, ""),
        receipt_number=receipt_number(transfer.of or transfer.id) if kind in ("redeemed", "undone", "refunded") else "",
        redemption=transfer.id if is_redemption else None,
        state=states[transfer.id] if is_redemption else None,
    )


def _till(till: Till) -> TillShape:
    return TillShape.of(till)


def _dispute(dispute: Dispute, names: dict[str, str]) -> DisputeShape:
    shape = {name: getattr(dispute, name) for name in DisputeShape.model_fields if hasattr(dispute, name)}
    name = names.get(dispute.provider, "")
    return DisputeShape(**shape, provider_name=name, receipt_number=receipt_number(dispute.redemption))


def _day_line(line: Redemption, programme: Programme) -> DayLine:
    return DayLine(**_line(line, programme))


def _line(line: Redemption, programme: Programme) -> dict[str, Any]:
    same = {name: getattr(line, name) for name in RedemptionShape.model_fields if name != "currency"}
    until = undo_until(line.at, programme.rules.undo_minutes)
    return same | {"programme_name": _words(programme.name), "undo_until": until}
