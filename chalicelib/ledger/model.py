"""The ledger's nouns and the words for its refusals.

Every movement is an immutable transfer that debits one account and credits another. *Judged* accounts (a grant, a
programme's budget) keep a balance that conditions in the transfer's own transaction guard; *derived* ones (a provider,
the bank) are the sum of their transfers. For every programme
`budget = free + allotted unspent + held + spent unpaid + paid`, to the haléř.
"""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from chalicelib.core.clock import Instant, to_text
from chalicelib.core.ids import digest
from chalicelib.core.money import CURRENCY
from chalicelib.core.refusals import Refusal

type Kind = Literal[
    "fund",  # the town puts money into a programme's budget
    "allot",  # free budget → a person's grant
    "redeem",  # grant → provider, at a till
    "hold",  # grant's spendable → grant's held, for an order
    "settle",  # grant's held → provider: the order became payable
    "release",  # grant's held → spendable: the order ended without payment
    "undo",  # provider → grant: a redemption taken back before payout
    "expire",  # grant → free budget: validity ended
    "remainder",  # grant → free budget: what a single-use grant left over
    "revoke",  # grant → free budget: the award was taken back
    "pay",  # provider → bank: the bank debited the town's account
    "return",  # bank → provider: the payee's bank sent it back
]
type GrantState = Literal["active", "suspended", "used", "expired", "revoked"]
type Mode = Literal["credit", "voucher"]
type Remainder = Literal["stays", "returns"]

GRANTS_MAX_PER_EXPIRY = 30
"""A transaction has 100 items: three for each grant at most, and the budget."""


def budget_account(programme: str) -> str:
    return f"budget:{programme}"


def grant_account(grant: str) -> str:
    return f"grant:{grant}"


def held_account(grant: str) -> str:
    return f"held:{grant}"


def provider_account(provider: str) -> str:
    return f"provider:{provider}"


BANK_ACCOUNT = "bank"
TOWN_ACCOUNT = "town"


@dataclass(frozen=True)
class Budget:
    """The ceiling of a programme: one row. `free_minor` is what may still be allotted."""

    programme: str
    total_minor: int
    free_minor: int
    open: bool
    v: int = 1


@dataclass(frozen=True)
class Grant:
    """What one person was awarded, or one denomination of it: a ledger account.

    `id` derives from programme, subject and part, so nobody is awarded the same thing twice. `voucher_rev` is the
    revision of the voucher code that may spend it: a re-issued code kills the old one. `single_use` closes it with its
    first redemption.
    """

    id: str
    programme: str
    application: str
    person: str
    beneficiary: str
    mode: Mode
    total_minor: int
    spendable_minor: int
    held_minor: int
    state: GrantState
    valid_from: Instant
    valid_until: Instant
    created_at: Instant
    part: int = 1
    parts: int = 1
    voucher_rev: int = 1
    min_price_minor: int = 0
    remainder: Remainder = "stays"
    single_use: bool = False
    v: int = 1

    @property
    def spent_minor(self) -> int:
        """What left the account: spent, expired, or returned to the programme."""
        return self.total_minor - self.spendable_minor - self.held_minor


@dataclass(frozen=True)
class NewGrant:
    """A grant to be opened by an approval. Amount in haléře; instants bound its spending."""

    subject_ref: str
    programme: str
    application: str
    person: str
    beneficiary: str
    mode: Mode
    amount_minor: int
    valid_from: Instant
    valid_until: Instant
    part: int = 1
    parts: int = 1
    min_price_minor: int = 0
    remainder: Remainder = "stays"
    single_use: bool = False

    @property
    def id(self) -> str:
        return grant_id(self.programme, self.subject_ref, self.part)


def grant_id(programme: str, subject_ref: str, part: int = 1) -> str:
    """One grant for a subject, programme and part: the key that makes a second award impossible."""
    return digest("grant", programme, subject_ref, str(part))


@dataclass(frozen=True)
class Transfer:
    """An immutable movement. `payable_minor` is what it adds to (or takes from) what a provider is owed.

    It holds ids and figures only: never a name, an e-mail or free text.
    """

    id: str
    kind: Kind
    programme: str
    debit: str
    credit: str
    amount_minor: int
    posted_at: Instant
    by: str
    via: str
    fingerprint: str
    grant: str = ""
    provider: str = ""
    payable_minor: int = 0
    of: str = ""
    till: str = ""
    currency: str = CURRENCY

    def body(self) -> str:
        """The canonical text that is stored, hashed and sealed."""
        values = asdict(self) | {"posted_at": to_text(self.posted_at)}
        return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True)
class Receipt:
    """A transfer that is in the books, and whether this answer repeats an earlier one."""

    transfer: Transfer
    replayed: bool = False


@dataclass(frozen=True)
class Spender:
    """Who moves money through what: `by` a person or device id, `via` the app, and the operation's own key."""

    by: str
    via: str
    key: str


@dataclass
class CreditTooSmall(Refusal):
    status = 409
    cs = "Zbývá jen {left_minor}, požadováno je {asked_minor}. Zadejte nižší částku."
    en = "Only {left_minor} is left and {asked_minor} was asked for. Enter a lower amount."
    asked_minor: int
    left_minor: int


@dataclass
class NotYetValid(Refusal):
    status = 409
    cs = "Příspěvek začne platit {valid_from}. Do té doby ho nejde uplatnit."
    en = "The contribution becomes valid on {valid_from}. It cannot be used before."
    valid_from: Instant


@dataclass
class ValidityEnded(Refusal):
    status = 409
    cs = "Platnost skončila {valid_until}. Nevyužité peníze se vrátily do programu."
    en = "The validity ended on {valid_until}. The unspent money went back to the programme."
    valid_until: Instant


class GrantUsed(Refusal):
    status = 409
    cs = "Příspěvek už je celý uplatněný. Na dalším nákupu nic nezbývá."
    en = "The contribution is already used up. Nothing is left for another purchase."


class GrantSuspended(Refusal):
    status = 409
    cs = "Příspěvek je pozastavený. Vysvětlení podá město."
    en = "The contribution is suspended. The town will explain."


class GrantClosed(Refusal):
    status = 409
    cs = "Příspěvek je uzavřený a uplatnit ho nejde. Podrobnosti jsou v účtu občana."
    en = "The contribution is closed and cannot be used. The citizen's account has the details."


class CodeReplaced(Refusal):
    status = 409
    cs = "Tento kód nahradil novější. Platí jen poslední vydaný kód, najdete ho v účtu občana."
    en = "A newer code replaced this one. Only the last issued code is valid; it is in the citizen's account."


@dataclass
class BelowMinPrice(Refusal):
    status = 409
    cs = "Příspěvek platí na nákup od {min_price_minor}. Tento nákup je levnější."
    en = "The contribution applies to a purchase from {min_price_minor}. This one is cheaper."
    min_price_minor: int


@dataclass
class BudgetExhausted(Refusal):
    status = 409
    cs = "V programu zbývá {free_minor}, potřeba je {asked_minor}. Žádost může čekat, než se peníze uvolní."
    en = "The programme has {free_minor} left and {asked_minor} is needed. The application may wait for free money."
    asked_minor: int
    free_minor: int


class BudgetNotOpen(Refusal):
    status = 409
    cs = "Rozpočet programu ještě nepodepsali příkazce operace a správce rozpočtu, nebo je pozastavený."
    en = "The programme's budget is not signed by the authorising and the budget officer yet, or it is paused."


class AlreadyAwarded(Refusal):
    status = 409
    cs = "V tomto programu už byl této osobě příspěvek přiznán. Podruhé ho přiznat nejde."
    en = "This person has been awarded a contribution in this programme already. It cannot be awarded twice."


@dataclass
class UndoTooLate(Refusal):
    status = 409
    cs = "Vzít zpět šlo do {until}. Obraťte se na město."
    en = "It could be taken back until {until}. Contact the town."
    until: Instant


class AlreadyPaidOut(Refusal):
    status = 409
    cs = "Uplatnění už je v proplacení a vzít zpět nejde. Obraťte se na město."
    en = "The redemption is already being paid out and cannot be taken back. Contact the town."


class HoldEnded(Refusal):
    status = 409
    cs = "Blokace této objednávky už skončila. Načtěte objednávku znovu."
    en = "The hold of this order has already ended. Read the order again."


class TransferNotFound(Refusal):
    status = 404
    cs = "Toto uplatnění jsme v knihách nenašli."
    en = "We did not find this redemption in the books."


def why_not_spent(grant: Grant | None, asked_minor: int, now: Instant, voucher_rev: int | None = None) -> Refusal:
    """Why the books said no: read from the account as the failed condition left it."""
    if grant is None:
        return TransferNotFound()
    if voucher_rev is not None and voucher_rev != grant.voucher_rev:
        return CodeReplaced()
    if grant.state == "suspended":
        return GrantSuspended()
    if grant.state == "expired" or now > grant.valid_until:
        return ValidityEnded(grant.valid_until)
    if grant.state == "used" or (grant.state == "active" and grant.spendable_minor == 0 and not grant.held_minor):
        return GrantUsed()
    if grant.state != "active":
        return GrantClosed()
    if now < grant.valid_from:
        return NotYetValid(grant.valid_from)
    return CreditTooSmall(asked_minor=asked_minor, left_minor=grant.spendable_minor)
