"""The nouns of vouchers and tills, the states people see, and why a till hears "no".

A voucher carries a grant: one voucher for one grant, under the grant's id. The money is the ledger's; a voucher adds
the code that may spend it. A code names its grant and the revision it was issued in; the ledger spends only for the
grant's current revision, so a new code kills the old one in the same instant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.core.clock import Instant
from chalicelib.core.refusals import Refusal
from chalicelib.money.ledger.model import BelowMinPrice, Grant, Transfer, why_closed

type VoucherState = Literal["not_yet_valid", "valid", "partly_used", "used", "blocked", "replaced", "expired"]
type CodeState = Literal["current", "blocked", "replaced"]
type RedemptionState = Literal["accepted", "undone", "disputed", "paid"]
type DisputeEnd = Literal["", "declined", "undone", "refunded"]
TAKEN_BACK = ("undo", "refund")
DISPUTE_WAITS = "dispute."
"""How the names begin under which disputed redemptions wait in the books."""

PAIRING_LIFE = timedelta(minutes=10)
SHIFT_LIFE = timedelta(hours=16)
UNKNOWN_CODES_MAX = {"till": 10, "provider": 30, "space": 100}
"""Unknown codes in UNKNOWN_CODES_WINDOW that mistakes explain: from one till, from one provider, and in a town among codes
of one kind. Beyond them somebody guesses: 45 bits of a short code stay out of reach for as long as the alarm takes."""
UNKNOWN_CODES_WINDOW = timedelta(minutes=15)
TILLS_MAX = 50
"""Of one provider."""


@dataclass(frozen=True)
class Voucher:
    """The document that carries a grant. `revision` and `draw` say which codes are its own; nothing secret is kept.

    `pdf_revision` is the revision whose PDF lies in the bucket, 0 for none. `blocked_at` is set while the voucher is
    reported lost and has no valid code.
    """

    id: str
    programme: str
    person: str
    beneficiary: str
    revision: int
    draw: int
    issued_at: Instant
    blocked_at: datetime | None = None
    pdf_revision: int = 0
    v: int = 1

    @property
    def pdf_ready(self) -> bool:
        return self.pdf_revision == self.revision

    @property
    def is_blocked(self) -> bool:
        return self.blocked_at is not None


@dataclass(frozen=True)
class Code:
    """What a scanned or typed code leads to."""

    grant: str
    programme: str
    revision: int
    state: CodeState = "current"


@dataclass(frozen=True)
class Till:
    """A paired device at a branch. Its token is kept as a digest only."""

    id: str
    provider: str
    branch: str
    name: str
    token_digest: str
    paired_by: str
    paired_at: Instant
    cashier: str = ""
    shift_since: datetime | None = None
    revoked_at: datetime | None = None
    v: int = 1


@dataclass(frozen=True)
class Pairing:
    """An offer to pair one device, once, until it expires. Kept under the digest of its code."""

    provider: str
    branch: str
    name: str
    made_by: str
    expires_at: Instant


@dataclass(frozen=True)
class Shift:
    """Who stood at a till from when."""

    till: str
    cashier: str
    since: Instant


@dataclass(frozen=True)
class Dispute:
    """Somebody says that a redemption was not so. It moves no money; the town looks into it.

    `withheld`: no payout had the redemption yet, so it waits for the outcome and none can take it. `ended_as` says what
    the outcome did: nothing, taken back before payout, or refunded after it.
    """

    voucher: str
    redemption: str
    provider: str
    amount_minor: int
    redeemed_at: Instant
    text: str
    by: str
    at: Instant
    closed_at: datetime | None = None
    closed_by: str = ""
    outcome: str = ""
    withheld: bool = False
    ended_as: DisputeEnd = ""
    v: int = 1

    @property
    def waits_as(self) -> str:
        """The name under which the redemption waits in the books."""
        return f"{DISPUTE_WAITS}{self.redemption}"


@dataclass(frozen=True)
class Redemption:
    """A spending of a voucher at a till, as people see it. `id` is the transfer's."""

    id: str
    voucher: str
    programme: str
    amount_minor: int
    at: Instant
    provider: str
    till: str
    state: RedemptionState
    undone_at: datetime | None = None
    cashier: str = ""

    @property
    def receipt_number(self) -> str:
        return receipt_number(self.id)


def receipt_number(transfer: str) -> str:
    """What a cashier reads aloud: eight digits in groups, derived from the transfer's id. For people; keys use the id."""
    digits = f"{int(transfer.partition('.')[0][:15], 16) % 10**8:08}"
    return f"{digits[:2]} {digits[2:5]} {digits[5:]}"


def state_of(voucher: Voucher, grant: Grant, now: Instant) -> VoucherState:
    """The voucher's state as its owner sees it. A suspended or revoked grant blocks its voucher."""
    if grant.state == "expired" or (now > grant.valid_until and grant.state == "active"):
        return "expired"
    if grant.state == "used" or (grant.state == "active" and grant.spendable_minor == 0):
        return "used"
    if voucher.is_blocked or grant.state in ("suspended", "revoked"):
        return "blocked"
    if now < grant.valid_from:
        return "not_yet_valid"
    return "partly_used" if grant.spendable_minor < grant.total_minor else "valid"


def why_refused(code: Code, grant: Grant, now: Instant) -> Refusal | None:
    """Why a voucher cannot be spent now at all, whatever the sum; None if it can."""
    refusal = why_closed(grant, now, code.revision)
    return in_words_of(code, refusal) if refusal else None


def in_words_of(code: Code, refusal: Refusal) -> Refusal:
    """The books only know that a code's revision is not the current one; the code knows whether it was blocked."""
    if code.state == "blocked" and refusal.code() == "code_replaced":
        return VoucherBlocked()
    return refusal


def check_price(grant: Grant, price_minor: int) -> None:
    """Raises BelowMinPrice if the purchase is cheaper than the contribution applies to. A fixed term of the grant."""
    if price_minor < grant.min_price_minor:
        raise BelowMinPrice(grant.min_price_minor)


def check_part_of_price(amount_minor: int, price_minor: int) -> None:
    """Raises AbovePrice if more would be paid to the shop than the purchase costs."""
    if amount_minor > price_minor:
        raise AbovePrice(price_minor=price_minor)


def undo_until(redeemed_at: Instant, undo_minutes: int) -> Instant:
    """The last instant at which a redemption can be taken back."""
    return redeemed_at + timedelta(minutes=undo_minutes)


def left_after(grant: Grant, amount_minor: int) -> int:
    """What can still be spent once this amount is: nothing, where the first redemption closes the voucher."""
    return 0 if grant.single_use else max(grant.spendable_minor - amount_minor, 0)


def redemptions(
    transfers: Iterable[Transfer], disputed: Iterable[str] = (), paid: Iterable[str] = ()
) -> list[Redemption]:
    """The redemptions among movements of money, newest first, each with what became of it."""
    moved = list(transfers)
    undone = {transfer.of: transfer.posted_at for transfer in moved if transfer.kind in TAKEN_BACK}
    in_dispute, paid_out = set(disputed), set(paid)

    def state(id: str) -> RedemptionState:
        if id in undone:
            return "undone"
        return "disputed" if id in in_dispute else "paid" if id in paid_out else "accepted"

    found = [
        Redemption(
            id=t.id,
            voucher=t.grant,
            programme=t.programme,
            amount_minor=t.amount_minor,
            at=t.posted_at,
            provider=t.provider,
            till=t.till,
            state=state(t.id),
            undone_at=undone.get(t.id),
        )
        for t in moved
        if t.kind == "redeem"
    ]
    return sorted(found, key=lambda redemption: redemption.at, reverse=True)


def total_minor(redemptions: Iterable[Redemption]) -> int:
    """What was redeemed and not taken back."""
    return sum(r.amount_minor for r in redemptions if r.state != "undone")


# Refusals


class VoucherUnknown(Refusal):
    status = 404
    cs = "Tento kód neznáme. Naskenujte ho znovu nebo ho opište z voucheru."
    en = "We do not know this code. Scan it again or type it from the voucher."


class CodeMistyped(Refusal):
    status = 422
    cs = "V kódu je překlep nebo chybí znak. Porovnejte ho s voucherem a opravte ho."
    en = "The code has a typing mistake or misses a character. Compare it with the voucher and correct it."


@dataclass
class AlreadyUsed(Refusal):
    status = 409
    cs = "Voucher už je celý uplatněný: {at}, {where}. Zákazník zaplatí plnou cenu."
    en = "The voucher is already used up: {at}, {where}. The customer pays the full price."
    at: Instant
    where: str


class VoucherBlocked(Refusal):
    status = 409
    cs = "Voucher je zablokovaný, majitel ho nahlásil jako ztracený. Nový kód získá ve svém účtu."
    en = "The voucher is blocked: its owner reported it lost. A new code is available in the owner's account."


@dataclass
class NotAcceptedHere(Refusal):
    status = 409
    cs = "Voucher platí, ale ne tady: je z programu {programme}. Kde ho uplatnit, je v účtu zákazníka."
    en = "The voucher is valid but not here: it belongs to {programme}. The customer's account says where to use it."
    programme: str
    valid_until: Instant


@dataclass
class AbovePrice(Refusal):
    status = 422
    cs = "Uplatnit jde nejvýše cenu nákupu, {price_minor}. Snižte částku."
    en = "At most the price of the purchase, {price_minor}, can be redeemed. Lower the amount."
    price_minor: int


class VoucherClosed(Refusal):
    status = 409
    cs = "Voucher už je uplatněný, prošlý nebo odebraný, takže nový kód nepotřebuje."
    en = "The voucher is used up, expired or taken back, so it needs no new code."


class PdfNotReady(Refusal):
    status = 409
    cs = "PDF s voucherem se právě připravuje. Zkuste to znovu za minutu; kód k uplatnění už v účtu je."
    en = "The voucher's PDF is being made. Try again in a minute; the code is in your account already."


class PairingCodeInvalid(Refusal):
    status = 409
    cs = "Párovací kód už neplatí nebo byl použit. Vytvořte nový v sekci Pokladny."
    en = "The pairing code has expired or was used. Make a new one in the section Tills."


class TillRevoked(Refusal):
    status = 401
    cs = "Toto zařízení není spárované s žádnou pokladnou. Spárujte ho znovu kódem od poskytovatele."
    en = "This device is not paired with any till. Pair it again with a code from the provider."


@dataclass
class TooManyTills(Refusal):
    status = 409
    cs = "Poskytovatel má nejvýš {tills_max} pokladen. Odeberte některou, kterou už nepoužíváte."
    en = "A provider has at most {tills_max} tills. Remove one that is no longer used."
    tills_max: int


class MadeByAnotherTill(Refusal):
    status = 409
    cs = "Toto uplatnění začala jiná pokladna. Znovu ho neposílejte, zeptejte se na jeho výsledek."
    en = "Another till began this redemption. Do not send it again, ask for its outcome."


class RedemptionUnknown(Refusal):
    status = 404
    cs = "Toto uplatnění jsme nenašli. Podívejte se do seznamu uplatnění."
    en = "We did not find this redemption. Look at the list of redemptions."


class DisputeClosed(Refusal):
    status = 409
    cs = "Reklamace už je vyřízená. Výsledek najdete v jejím záznamu."
    en = "The dispute is already settled. Its record shows the outcome."


class BranchClosed(Refusal):
    status = 409
    cs = "Tato provozovna je zavřená. Vyberte jinou provozovnu pokladny."
    en = "This branch is closed. Choose another branch for the till."
