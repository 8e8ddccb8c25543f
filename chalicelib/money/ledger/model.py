"""The ledger's nouns and the words for its refusals.

Every movement is an immutable transfer that debits one account and credits another. *Judged* accounts (a grant, a
programme's budget) keep a balance that conditions in the transfer's own transaction guard; *derived* ones (a provider,
the bank) are the sum of their transfers. For every programme
`budget = free + allotted unspent + held + spent unpaid + paid`, to the haléř.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.core.clock import Instant, day_of, to_text
from chalicelib.core.ids import digest
from chalicelib.core.money import AMOUNT_MINOR_MAX, CURRENCY
from chalicelib.core.refusals import Refusal

type Kind = Literal[
    "fund",  # the town's year → a programme's budget, the first time
    "raise",  # the same, further money
    "cut",  # free budget → the town's year
    "carry_over",  # next year → this year: what a programme has not paid, the next year's budget bears
    "allot",  # free budget → a person's grant
    "top_up",  # free budget → a grant that exists
    "redeem",  # grant → provider, at a till
    "hold",  # grant's spendable → grant's held, for an order
    "settle",  # grant's held → provider: the order became payable
    "release",  # grant's held → spendable: the order ended without payment
    "undo",  # provider → grant: a redemption taken back before payout
    "refund",  # provider → grant or free budget: a redemption taken back after payout; the provider owes it
    "write_off",  # loss → provider: the town gives up what a provider owes
    "expire",  # grant → free budget: validity ended
    "remainder",  # grant → free budget: what a single-use grant left over
    "revoke",  # grant → free budget: the award was taken back
    "order",  # provider → clearing: the bank was told to pay
    "reject",  # clearing → provider: the bank refused to
    "pay",  # clearing → bank or operator: the account was debited
    "return",  # bank or operator → provider: the payee's bank sent it back
    "internal",  # provider → inside: the town's own organisation, settled without a bank
    "advance",  # the town's year → operator: money for the operator's clearing account
]
type GrantState = Literal["active", "suspended", "used", "expired", "revoked"]
type Mode = Literal["credit", "voucher"]
type Remainder = Literal["stays", "returns"]

type Freezable = Literal["town", "programme", "provider", "till"]
type Route = Literal["bank", "operator"]

GRANTS_PER_TRANSACTION_MAX = 32
"""A transaction has 100 items: an award takes three (application, grant, transfer), and the budget is one."""
GRANTS_MAX_PER_EXPIRY = 32
"""The same bound for what goes back: two items each, and the budget."""


def budget_account(programme: str) -> str:
    return f"budget:{programme}"


def grant_account(grant: str) -> str:
    return f"grant:{grant}"


def held_account(grant: str) -> str:
    return f"held:{grant}"


def provider_account(provider: str) -> str:
    return f"provider:{provider}"


def town_account(year: int) -> str:
    """The town's own budget of a year: where the money of programmes comes from."""
    return f"town:{year}"


CLEARING_ACCOUNT = "clearing"
"""Ordered at the bank and not seen on a statement yet."""
BANK_ACCOUNT = "bank"
OPERATOR_ACCOUNT = "operator"
"""The operator's clearing account: towns pay it in advance, it pays the providers."""
INSIDE_ACCOUNT = "inside"
"""Settled with the town's own organisations, without a bank."""
LOSS_ACCOUNT = "loss"
"""What providers owed and the town gave up."""


@dataclass(frozen=True)
class Budget:
    """The ceiling of a programme: one row. `free_minor` is what may still be allotted.

    `year` is the budget year that bears it, `paid_minor` what providers were paid of it so far; `paid_next_minor` is
    the part of that which was booked after the year, before its rest was carried over.
    """

    programme: str
    total_minor: int
    free_minor: int
    open: bool
    year: int = 0
    paid_minor: int = 0
    paid_next_minor: int = 0
    v: int = 1

    @property
    def rest_minor(self) -> int:
        """What the open year has not paid: to be carried over to the next one."""
        return self.total_minor - self.paid_minor + self.paid_next_minor


@dataclass(frozen=True)
class Grant:
    """What one person was awarded, or one denomination of it: a ledger account.

    `id` derives from programme, subject and part, so nobody is awarded the same thing twice. `voucher_rev` is the
    revision of the voucher code that may spend it: a re-issued code kills the old one. `single_use` closes it with its
    first redemption. `day_limit_minor` bounds what is spent or set aside on one Prague day (0: nothing bounds it), of
    which `day_spent_minor` is gone on `day`; `category_limits` bounds each category, of which `category_spent` is gone.
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
    coordinates: str = ""
    day_limit_minor: int = 0
    day: str = ""
    day_spent_minor: int = 0
    category_limits: Mapping[str, int] = field(default_factory=dict)
    category_spent: Mapping[str, int] = field(default_factory=dict)
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
    coordinates: str = ""
    day_limit_minor: int = 0
    category_limits: Mapping[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return grant_id(self.programme, self.subject_ref, self.part)


def grant_id(programme: str, subject_ref: str, part: int = 1) -> str:
    """One grant for a subject, programme and part: the key that makes a second award impossible."""
    return digest("grant", programme, subject_ref, str(part))


@dataclass(frozen=True)
class Transfer:
    """An immutable movement. `payable_minor` is what it adds to (or takes from) what a provider is owed.

    It holds ids, codes and figures only: never a name, an e-mail or free text. `budget_year` and `coordinates`
    (paragraph/item/department/action/purpose mark) say where the town's accounting books it. `counted_on`,
    `category` and `counted_at_provider` say which limits it counted towards, so that taking it back gives them back.
    """

    id: str
    kind: Kind
    debit: str
    credit: str
    amount_minor: int
    posted_at: Instant
    by: str
    via: str
    fingerprint: str
    programme: str = ""
    budget_year: int = 0
    coordinates: str = ""
    grant: str = ""
    provider: str = ""
    payable_minor: int = 0
    of: str = ""
    till: str = ""
    reason: str = ""
    approved_by: str = ""
    category: str = ""
    counted_on: str = ""
    counted_at_provider: bool = False
    currency: str = CURRENCY

    def body(self) -> str:
        """The canonical text that is stored, hashed and sealed: what is empty is left out."""
        return canonical(vars(self) | {"posted_at": to_text(self.posted_at)})


def canonical(values: Mapping[str, object]) -> str:
    """One text for the same facts: keys in order, no spaces, nothing that is empty."""
    told = {name: value for name, value in values.items() if value}
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True)
class Decision:
    """That somebody decided something: a leaf of the day's seal beside the transfers.

    `what` is the kind of thing (`application`, `budget`, `payout`, `freeze`, …), `about` its id, `why` a digest of the
    reason, never its text.
    """

    id: str
    what: str
    about: str
    outcome: str
    by: str
    via: str
    at: Instant
    why: str = ""

    def body(self) -> str:
        """The canonical text that is stored, hashed and sealed."""
        return canonical(vars(self) | {"at": to_text(self.at), "kind": "decision"})


@dataclass(frozen=True)
class Receipt:
    """A transfer that is in the books, and whether this answer repeats an earlier one."""

    transfer: Transfer
    replayed: bool = False


@dataclass(frozen=True)
class Spender:
    """Who moves money through what: `by` a person or device id, `via` the app, and the operation's own key.

    A key means one operation of `by`, or of everybody in a `scope`: a till's key is its provider's, so that a device
    which was paired anew finds what it did before.
    """

    by: str
    via: str
    key: str
    scope: str = ""


@dataclass(frozen=True)
class Freeze:
    """A switch that is on: money does not move there. `reason` is for people and stays out of the books."""

    what: Freezable
    id: str
    by: str
    at: Instant
    reason: str


@dataclass(frozen=True)
class Switches:
    """Everything that is frozen in a town, as one reading of one item gave it."""

    frozen: tuple[Freeze, ...] = ()
    v: int = 0

    def why(self, *, programme: str = "", provider: str = "", till: str = "") -> "Frozen | None":
        """Why money does not move there, None if it may."""
        here = {"town": "", "programme": programme, "provider": provider, "till": till}
        for one in self.frozen:
            if one.what == "town" or (here[one.what] and here[one.what] == one.id):
                return Frozen(what=one.what, since=one.at)
        return None


def check_amount(amount_minor: int) -> None:
    """Raises AmountOutOfRange."""
    if not 1 <= amount_minor <= AMOUNT_MINOR_MAX:
        raise AmountOutOfRange


class AmountOutOfRange(Refusal):
    status = 422
    cs = "Částka musí být od 1 haléře do 10 miliard Kč. Opravte ji."
    en = "The amount must be between 1 haléř and 10 thousand million CZK. Correct it."


@dataclass
class Frozen(Refusal):
    status = 409
    cs = "Pohyb peněz je tu od {since} zastavený. Peníze zůstávají na místě; vysvětlení podá město."
    en = "Money has been frozen here since {since}. It stays where it is; the town will explain."
    what: str
    since: Instant


@dataclass
class DayLimitReached(Refusal):
    status = 409
    cs = "Denní limit je {limit_minor}, dnes z něj zbývá {left_minor}. Zadejte nižší částku, nebo přijďte zítra."
    en = "The daily limit is {limit_minor} and {left_minor} of it is left today. Enter less, or come tomorrow."
    limit_minor: int
    left_minor: int


@dataclass
class CategoryLimitReached(Refusal):
    status = 409
    cs = "Na tento druh aktivity jde uplatnit {limit_minor}, zbývá {left_minor}. Zadejte nižší částku."
    en = "Up to {limit_minor} may be spent on this kind of activity and {left_minor} is left. Enter less."
    category: str
    limit_minor: int
    left_minor: int


@dataclass
class ProviderLimitReached(Refusal):
    status = 409
    cs = "U tohoto poskytovatele je v programu vyčerpaný limit {limit_minor}. Uplatněte příspěvek u jiného."
    en = "The programme's limit of {limit_minor} at this provider is used up. Use the contribution elsewhere."
    limit_minor: int


class NotReversible(Refusal):
    status = 409
    cs = "Tento pohyb vzít zpět nejde: vrátit lze jen uplatnění, a to jednou."
    en = "This movement cannot be taken back: only a redemption can, and once."


class NotPaidOut(Refusal):
    status = 409
    cs = "Uplatnění ještě není v proplacení. Místo vratky ho vezměte zpět."
    en = "The redemption is not in a payout yet. Undo it instead of refunding it."


class SameApprover(Refusal):
    status = 403
    cs = "Odpis musí navrhnout a schválit dva různí lidé."
    en = "Two different people must propose and approve a write-off."


@dataclass
class BudgetYearClosed(Refusal):
    status = 409
    cs = "Rozpočtový rok {year} už u tohoto programu otevřený není. Načtěte rozpočet znovu."
    en = "The budget year {year} of this programme is not open any more. Read the budget again."
    year: int


class AccountUnknown(Refusal):
    status = 404
    cs = "Tento účet v knihách není. Zkontrolujte, koho se pohyb týká."
    en = "This account is not in the books. Check whom the movement concerns."


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


def why_closed(grant: Grant, now: Instant, voucher_rev: int | None = None) -> Refusal | None:
    """Why nothing can be spent from a grant now, whatever the sum; None if something can."""
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
    return NotYetValid(grant.valid_from) if now < grant.valid_from else None


def why_not_spent(
    grant: Grant | None, asked_minor: int, now: Instant, voucher_rev: int | None = None, category: str = ""
) -> Refusal:
    """Why the books said no: read from the account as the failed condition left it."""
    if grant is None:
        return AccountUnknown()
    return (
        why_closed(grant, now, voucher_rev)
        or _why_limited(grant, asked_minor, day_of(now).isoformat(), category)
        or CreditTooSmall(asked_minor=asked_minor, left_minor=grant.spendable_minor)
    )


def _why_limited(grant: Grant, asked_minor: int, day: str, category: str) -> Refusal | None:
    """Which limit of a day or a category stands in the way, if the credit itself would do."""
    if grant.spendable_minor < asked_minor:
        return None
    limit_minor = grant.category_limits.get(category)
    left_minor = 0 if limit_minor is None else limit_minor - grant.category_spent.get(category, 0)
    if limit_minor is not None and left_minor < asked_minor:
        return CategoryLimitReached(category=category, limit_minor=limit_minor, left_minor=left_minor)
    if grant.day_limit_minor and day_left(grant, day) < asked_minor:
        return DayLimitReached(limit_minor=grant.day_limit_minor, left_minor=day_left(grant, day))
    return None


def day_left(grant: Grant, day: str) -> int:
    """What of the limit of a day is left on that day, or on the next one that another clock has begun."""
    return grant.day_limit_minor - (grant.day_spent_minor if grant.day >= day else 0)
