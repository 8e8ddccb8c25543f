"""Nouns and rules of a payout: what a town owes a set of providers, as one order to the bank.

Two people release a payout at any amount: the authorising officer and the chief accountant (Decree 416/2004 § 14).
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from chalicelib.commons.bank.model import StatementLine
from chalicelib.core.clock import Instant
from chalicelib.core.refusals import Refusal
from chalicelib.money.ledger.model import Transfer
from chalicelib.town.towns.model import OrderFormat, SettlementRoute

type PayoutState = Literal["draft", "authorised", "released", "exported", "settled", "partly_settled", "cancelled"]
type LineState = Literal["to_pay", "in_order", "debited", "returned", "rejected", "offset", "settled_inside"]
type SampleState = Literal["open", "ok", "set_aside", "let_go", "undone"]
type RefundReason = Literal["dispute", "not_provided", "wrong_amount", "wrong_person", "other"]
type WriteOffState = Literal["proposed", "approved", "declined"]
type DoubtKind = Literal["debit", "reversal", "return", "twin"]
type LineEffect = Literal[
    "debited", "reversed", "advance", "charge", "to_check", "return", "doubt", "known", "unexpected", "not_ours"
]
type ClearingKind = Literal["advance", "payment", "return"]

CLAIMS_PER_TRANSACTION = 90
"""Transfers claimed in one transaction, with the items of the control sample: its limit is 100 items, the line is one."""
CLAIMS_PER_STEP = 9_000
"""Transfers claimed in one step of a build: a hundred transactions, far under the five minutes that a step may take."""
PER_MILLE = 1_000
SETTLED: tuple[LineState, ...] = ("debited", "offset", "settled_inside")
CAME_BACK: tuple[LineState, ...] = ("returned", "rejected")
NUMBERS_PER_YEAR_MAX = 999_999
OPEN_PAYOUTS_LOOKED_AT_MAX = 24
"""How far back a statement is matched: older orders have come back long ago."""


@dataclass(frozen=True)
class HeldBack:
    """A provider whose money waits, how much, and why. With `debt` the amount is what it owes, carried on."""

    provider: str
    provider_name: str
    amount_minor: int
    reason: str


@dataclass(frozen=True)
class OrderFileKept:
    """A file for the bank as it was made, in S3. It is made once: there is no second order."""

    name: str
    key: str
    sum_minor: int
    payments: int


@dataclass(frozen=True)
class Payout:
    """One run of settlement. `number` is the variable symbol of its payments, ten digits: year and order.

    `closed`: nothing more is claimed; `built`: its lines are numbered and summed, people may sign it.
    `route`, `payer`, `order_format` and `dialect` (whose bank's) are the town's settings as they were when the order was made: they and `due_on`
    are kept before the first file, so that making the order again gives the same files.
    """

    id: str
    number: int
    state: PayoutState
    created_at: Instant
    upto: Instant
    closed: bool = False
    built: bool = False
    total_minor: int = 0
    lines: int = 0
    held_back: tuple[HeldBack, ...] = ()
    authorised_by: str = ""
    authorised_at: Instant | None = None
    released_by: str = ""
    released_at: Instant | None = None
    exported_at: Instant | None = None
    due_on: date | None = None
    files: tuple[OrderFileKept, ...] = ()
    route: SettlementRoute = "direct"
    payer: str = ""
    order_format: OrderFormat = "abo"
    dialect: str = ""
    sample_permille: int = 0
    v: int = 1


@dataclass(frozen=True)
class Line:
    """What one provider gets in a payout, to the account that was valid when the line was made.

    `amount_minor` is net: `offset_minor`, what the provider owed for refunds, is deducted already. `amounts` splits it
    by programme. `position` is the payment's specific symbol. `inside`: the town's own organisation, no bank order.
    """

    id: str
    payout: str
    number: int
    provider: str
    provider_name: str
    account: str
    account_version: int
    account_changed_by: str
    state: LineState
    created_at: Instant
    position: int
    amount_minor: int = 0
    redemptions: int = 0
    amounts: Mapping[str, int] = field(default_factory=dict)
    offset_minor: int = 0
    inside: bool = False
    debited_on: date | None = None
    returned_on: date | None = None
    rejected_on: date | None = None
    settled_on: date | None = None
    note: str = ""
    due_on: date | None = None
    v: int = 1

    @property
    def gross_minor(self) -> int:
        """What was redeemed and came back from the bank, before anything was offset."""
        return self.amount_minor + self.offset_minor

    @property
    def booked(self) -> dict[str, int]:
        """The amounts by programme that the books move; nothing moves where they come to nothing."""
        return {programme: amount for programme, amount in self.amounts.items() if amount}


@dataclass(frozen=True)
class Sample:
    """A redemption that the control sample picked: it waits for a clerk's look.

    Set aside, it leaves the payout and waits with `reason` until it is let go into a later one or undone.
    """

    payout: str
    number: int
    redemption: str
    grant: str
    provider: str
    provider_name: str
    programme: str
    amount_minor: int
    redeemed_at: Instant
    movement: str = "redeem"
    till: str = ""
    state: SampleState = "open"
    looked_by: str = ""
    looked_at: Instant | None = None
    reason: str = ""
    v: int = 1

    @property
    def slot(self) -> str:
        """The name under which the redemption waits while it is set aside."""
        return f"sample.{self.payout}.{self.redemption}"


@dataclass(frozen=True, order=True)
class Place:
    """Where a movement stands: in which imported statement, on which of its lines."""

    statement: str
    line: int


@dataclass(frozen=True)
class Doubt:
    """A line of a statement that a person must decide about: nothing of it is booked before.

    `debit`, `reversal`, `return`: it may belong to one of `options`, which are payout lines. `twin`: the bank gave it no
    reference, and it is in everything like what stands at `alike` in other statements: the same movement or another one.
    """

    id: str
    kind: DoubtKind
    account: str
    place: Place
    line: StatementLine
    options: tuple[str, ...] = ()
    alike: tuple[Place, ...] = ()


@dataclass(frozen=True)
class OpenDoubt:
    """A doubt with the payout lines that it may be the movement of, as they stand now."""

    doubt: Doubt
    options: tuple[Line, ...]


@dataclass(frozen=True)
class Imported:
    """What a statement file did. Lines that are none of ours are counted and not kept.

    `unexpected`: debits of payments that finance had marked as refused by the bank. `doubtful`: lines that wait for a
    person. `known`: lines that another statement booked already.
    """

    statement: str
    lines: int
    debited: int
    returns_proposed: int
    charges_paid: int
    to_check: int
    not_ours: int
    repeated: bool = False
    missing: tuple[int, ...] = ()
    reversed: int = 0
    advances: int = 0
    unexpected: int = 0
    doubtful: int = 0
    known: int = 0
    opened_on: date | None = None
    closed_on: date | None = None
    opening_minor: int = 0
    closing_minor: int = 0


@dataclass(frozen=True)
class Told:
    """What importing does with one line of a statement; `about` names the payouts or charges it concerns."""

    line: StatementLine
    effect: LineEffect
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Previewed:
    """What importing a statement would do, as a whole and line by line. `in_future`: it is dated after today."""

    outcome: Imported
    lines: tuple[Told, ...]
    in_future: bool

    def sum_minor(self, effect: LineEffect) -> int:
        """What the lines of one effect come to on the account, with their sign."""
        return sum(told.line.effect_minor for told in self.lines if told.effect == effect)


@dataclass(frozen=True)
class Refunded:
    """A redemption paid back after payout: the provider owes it. `note` is for people and stays out of the books."""

    id: str
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


@dataclass(frozen=True)
class Debt:
    """A provider that owes for refunds which no payout has deducted yet, and what it is owed besides."""

    provider: str
    provider_name: str
    refunds: tuple[Transfer, ...]
    owed_minor: int

    @property
    def refunds_minor(self) -> int:
        return sum(transfer.amount_minor for transfer in self.refunds)

    @property
    def net_minor(self) -> int:
        return self.owed_minor - self.refunds_minor


@dataclass(frozen=True)
class WriteOff:
    """A refund's debt that one person proposed to give up; another one approves it, or turns it down.

    `refund` is the transfer by which the provider owes; it lies with its `grant`. A declined one may be proposed again.
    """

    refund: str
    grant: str
    provider: str
    provider_name: str
    programme: str
    amount_minor: int
    note: str
    proposed_by: str
    proposed_at: Instant
    state: WriteOffState = "proposed"
    decided_by: str = ""
    decided_at: Instant | None = None
    v: int = 1


@dataclass(frozen=True)
class ClearingEntry:
    """A line of the operator's statement to the town. An advance and a returned payment add, a payment takes.

    `noted_as` names the note by which finance took up an advance that the bank's statement had shown first.
    """

    id: str
    kind: ClearingKind
    day: date
    amount_minor: int
    number: int = 0
    provider_name: str = ""
    statement_line: str = ""
    by: str = ""
    noted_as: str = ""
    v: int = 1

    @property
    def effect_minor(self) -> int:
        return -self.amount_minor if self.kind == "payment" else self.amount_minor


class NothingToPay(Refusal):
    status = 409
    cs = "Není co vyplatit: žádný poskytovatel nemá uplatněné a nevyplacené příspěvky."
    en = "There is nothing to pay out: no provider has redeemed and unpaid contributions."


@dataclass
class PayoutNotInState(Refusal):
    status = 409
    cs = "Výplata je mezitím v jiném stavu. Načtěte ji znovu."
    en = "The payout is in another state meanwhile. Read it again."
    state: str


class PayoutStillBuilding(Refusal):
    status = 409
    cs = "Výplatu ještě sestavujeme. Zkuste to za chvíli."
    en = "The payout is still being put together. Try again in a moment."


class ChangedTheAccount(Refusal):
    status = 403
    cs = "Ve výplatě je účet, který jste změnili nebo schválili. Uvolnit ji musí někdo jiný."
    en = "The payout has an account that you changed or approved. Somebody else must release it."


class TownAccountMissing(Refusal):
    status = 409
    cs = "Město nemá nastavený bankovní účet. Doplňte ho v Nastavení."
    en = "The town has no bank account set up. Add it in Settings."


class DoubtDecided(Refusal):
    status = 409
    cs = "O tomto řádku výpisu už někdo rozhodl, nebo se platba mezitím změnila. Načtěte seznam znovu."
    en = "Somebody has decided about this line of the statement, or the payment has changed. Read the list again."


class AnswerNotOffered(Refusal):
    status = 422
    cs = "Takovou odpověď u tohoto řádku nenabízíme. Načtěte seznam znovu a vyberte z nabídnutých."
    en = "This answer is not offered for this line. Read the list again and choose one of those offered."


@dataclass
class StatementInFuture(Refusal):
    status = 409
    cs = "Výpis je do {closed_on}, to je v budoucnu. Zkontrolujte soubor; pokud je správný, potvrďte ho."
    en = "The statement runs to {closed_on}, which is in the future. Check the file; if it is right, confirm it."
    closed_on: date


@dataclass
class SampleOpen(Refusal):
    status = 409
    cs = "Kontrolní vzorek ještě není celý zkontrolovaný, čeká {count}. Uvolnit výplatu půjde potom."
    en = "The control sample is not looked through yet, {count} wait. The payout can be released after that."
    count: int


class SampleLooked(Refusal):
    status = 409
    cs = "Toto uplatnění už někdo zkontroloval, nebo výplata čeká na jiný krok. Načtěte vzorek znovu."
    en = "Somebody looked at this redemption already, or the payout awaits another step. Read the sample again."


class OrderMade(Refusal):
    status = 409
    cs = "Příkaz pro banku už vznikl a výplatu zrušit nejde. Dokončete jeho vytvoření."
    en = "The order for the bank is made already and the payout cannot be cancelled. Finish making it."


class LineNotInOrder(Refusal):
    status = 409
    cs = "Tato platba v příkazu nečeká: banka ji odepsala, vrátila, nebo ji už někdo označil. Načtěte výplatu znovu."
    en = "This payment does not wait in the order: the bank debited or returned it, or it is marked. Read the payout again."


class NotInThisPayment(Refusal):
    status = 404
    cs = "Toto uplatnění v platbě není. Vyberte ho z vyúčtování poskytovatele."
    en = "This redemption is not in the payment. Choose it in the provider's remittance."


class NoSuchDebt(Refusal):
    status = 409
    cs = "Tento dluh už není: výplata ho započetla nebo je odepsaný. Načtěte dluhy znovu."
    en = "This debt is gone: a payout deducted it or it is written off. Read the debts again."


class WriteOffDecided(Refusal):
    status = 409
    cs = "O tomto odpisu už někdo rozhodl. Načtěte dluhy znovu."
    en = "Somebody has decided about this write-off. Read the debts again."


def payout_number(year: int, order: int) -> int:
    """Ten digits: the year and the order within it."""
    return year * 1_000_000 + order


def is_sampled(payout: str, redemption: str, permille: int) -> bool:
    """Whether the control sample picks a redemption: at random, but the same whenever it is asked."""
    draw = int(hashlib.sha256(f"{payout}\0{redemption}".encode()).hexdigest()[:8], 16)
    return draw % PER_MILLE < permille


def can_be_sampled(transfer: Transfer) -> bool:
    return transfer.kind in ("redeem", "settle")


def is_debt(transfer: Transfer) -> bool:
    """Whether a movement is what the provider owes for a refund, not what it earned."""
    return transfer.kind == "refund"


def offset_of(transfers: Iterable[Transfer]) -> int:
    """How much of what the transfers come to is a debt deducted."""
    return -sum(transfer.payable_minor for transfer in transfers if is_debt(transfer))


def grown(line: Line, transfers: Sequence[Transfer], sign: int = 1) -> Line:
    """The line with these transfers in it, or with `sign` −1 without them."""
    more = {programme: sign * amount for programme, amount in by_programme(transfers).items()}
    return replace(
        line,
        amount_minor=line.amount_minor + sum(more.values()),
        redemptions=line.redemptions + sign * len(transfers),
        amounts=added(line.amounts, more),
        offset_minor=line.offset_minor + sign * offset_of(transfers),
    )


def in_claims(transfers: Iterable[Transfer], sampled: Callable[[Transfer], bool]) -> Iterator[list[Transfer]]:
    """The transfers in parts that one transaction can claim; one that is sampled takes an item more."""
    part: list[Transfer] = []
    weight = 0
    for transfer in transfers:
        more = 2 if sampled(transfer) else 1
        if weight + more > CLAIMS_PER_TRANSACTION:
            yield part
            part, weight = [], 0
        part.append(transfer)
        weight += more
    if part:
        yield part


def state_from(lines: Sequence[Line], current: PayoutState) -> PayoutState:
    """The payout's state from its lines: settled when the bank debited all, partly while some wait or came back."""
    settled = [line.state in SETTLED for line in lines]
    if current not in ("exported", "partly_settled", "settled"):
        return current
    if all(settled):
        return "settled"
    return "partly_settled" if any(settled) or any(line.state in CAME_BACK for line in lines) else "exported"


def by_programme(transfers: Iterable[Transfer]) -> dict[str, int]:
    """What the transfers come to for each programme."""
    sums: dict[str, int] = {}
    for transfer in transfers:
        sums[transfer.programme] = sums.get(transfer.programme, 0) + transfer.payable_minor
    return sums


def added(amounts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {p: amounts.get(p, 0) + more.get(p, 0) for p in {**amounts, **more}}
