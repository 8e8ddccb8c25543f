"""Nouns and rules of a payout: what a town owes a set of providers, as one order to the bank.

Two people release a payout at any amount: the authorising officer and the budget officer (Act 320/2001 § 26). Above the
town's threshold the chief accountant confirms it too, and may be the same person as the budget officer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from chalicelib.core.clock import Instant
from chalicelib.core.refusals import Refusal
from chalicelib.ledger.model import Transfer

type PayoutState = Literal["draft", "authorised", "released", "exported", "settled", "partly_settled", "cancelled"]
type LineState = Literal["to_pay", "in_order", "debited", "returned", "offset"]

CLAIMS_PER_STEP = 90
"""Transfers claimed in one transaction: its limit is 100 items, and the line is one of them."""
NUMBERS_PER_YEAR_MAX = 999_999
OPEN_PAYOUTS_LOOKED_AT_MAX = 24
"""How far back a statement is matched: older orders have come back long ago."""


@dataclass(frozen=True)
class HeldBack:
    """A provider whose money waits, how much, and why."""

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
    """One run of settlement. `number` is the variable symbol of its payments, ten digits: year and order."""

    id: str
    number: int
    state: PayoutState
    created_at: Instant
    upto: Instant
    built: bool = False
    total_minor: int = 0
    lines: int = 0
    held_back: tuple[HeldBack, ...] = ()
    authorised_by: str = ""
    authorised_at: Instant | None = None
    confirmed_by: str = ""
    confirmed_at: Instant | None = None
    released_by: str = ""
    released_at: Instant | None = None
    exported_at: Instant | None = None
    due_on: date | None = None
    files: tuple[OrderFileKept, ...] = ()
    v: int = 1


@dataclass(frozen=True)
class Line:
    """What one provider gets in a payout, to the account that was valid when the line was made.

    `amounts` splits it by programme. `position` is the payment's specific symbol.
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
    debited_on: date | None = None
    returned_on: date | None = None
    due_on: date | None = None
    v: int = 1


@dataclass(frozen=True)
class PossibleReturn:
    """A credit that may be a payment of ours sent back: finance says which line it belongs to."""

    id: str
    amount_minor: int
    booked_on: date
    account: str
    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Imported:
    """What a statement file did. Lines that are none of ours are counted and not kept."""

    statement: str
    lines: int
    debited: int
    returns_proposed: int
    charges_paid: int
    to_check: int
    not_ours: int
    repeated: bool = False
    missing: tuple[int, ...] = ()


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


class SameOfficer(Refusal):
    status = 403
    cs = "Výplatu musí uvolnit dva různí lidé. Druhý podpis patří někomu jinému."
    en = "Two different people must release a payout. The second signature belongs to somebody else."


class ChangedTheAccount(Refusal):
    status = 403
    cs = "Ve výplatě je účet, který jste změnili nebo schválili. Uvolnit ji musí někdo jiný."
    en = "The payout has an account that you changed or approved. Somebody else must release it."


class ChiefAccountantNeeded(Refusal):
    status = 409
    cs = "Výplatu nad limit města musí nejdřív potvrdit hlavní účetní."
    en = "A payout above the town's limit must be confirmed by the chief accountant first."


class TownAccountMissing(Refusal):
    status = 409
    cs = "Město nemá nastavený bankovní účet. Doplňte ho v Nastavení."
    en = "The town has no bank account set up. Add it in Settings."


class ReturnNotProposed(Refusal):
    status = 409
    cs = "Tato vrácená platba už je přiřazená, nebo k výplatě nepatří. Načtěte výpis znovu."
    en = "This returned payment is matched already or does not belong to the payout. Read the statement again."


def payout_number(year: int, order: int) -> int:
    """Ten digits: the year and the order within it."""
    return year * 1_000_000 + order


def needs_chief_accountant(total_minor: int, above_minor: int | None) -> bool:
    return above_minor is not None and total_minor > above_minor


def why_not_released(payout: Payout, lines: Iterable[Line], by: str, above_minor: int | None) -> Refusal | None:
    """Why this person may not put the second signature on this payout; None if he or she may."""
    if payout.state != "authorised":
        return PayoutNotInState(payout.state)
    if by == payout.authorised_by:
        return SameOfficer()
    if needs_chief_accountant(payout.total_minor, above_minor) and not payout.confirmed_by:
        return ChiefAccountantNeeded()
    return ChangedTheAccount() if any(by in line.account_changed_by.split() for line in lines) else None


def state_from(lines: Sequence[Line], current: PayoutState) -> PayoutState:
    """The payout's state from its lines: settled when the bank debited all, partly while some wait or came back."""
    settled = [line.state in ("debited", "offset") for line in lines]
    if current not in ("exported", "partly_settled", "settled"):
        return current
    if all(settled):
        return "settled"
    return "partly_settled" if any(settled) or any(line.state == "returned" for line in lines) else "exported"


def by_programme(transfers: Iterable[Transfer]) -> dict[str, int]:
    """What the transfers come to for each programme."""
    sums: dict[str, int] = {}
    for transfer in transfers:
        sums[transfer.programme] = sums.get(transfer.programme, 0) + transfer.payable_minor
    return sums


def added(amounts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {p: amounts.get(p, 0) + more.get(p, 0) for p in {**amounts, **more}}
