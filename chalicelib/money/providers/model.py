"""The noun Provider, its bank accounts, its parts in programmes, and their rules. Pure."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, NamedTuple

from chalicelib.core.clock import Instant, day_of, to_text
from chalicelib.core.refusals import Refusal
from chalicelib.town.towns.model import folded

type ProviderState = Literal["registered", "in_review", "active", "suspended", "ended"]
type PartState = Literal["in_review", "active", "suspended", "declined", "ended"]
type AccountState = Literal["pending", "approved", "refused"]
type LegalForm = Literal[
    "association", "branch_association", "company", "sole_trader", "town_organisation", "institute", "school", "other"
]
type Category = Literal[
    "sport",
    "art",
    "music",
    "language",
    "science",
    "scouting",
    "camp",
    "swimming",
    "culture",
    "books",
    "school_supplies",
    "health",
    "garden",
    "other",
]
type HoldReason = Literal["provider_not_active", "no_account", "account_change", "unreliable_vat_payer", "held_by_town"]

BRANCHES_MAX = 30
CATEGORIES_MAX = 5
PARTS_MAX = 90
"""A provider's parts change state with it in one transaction, which has a hundred items at most."""
MEMBERS_MAX = 50
LEGAL_FORMS: dict[str, LegalForm] = {
    "101": "sole_trader",
    "102": "sole_trader",
    "105": "sole_trader",
    "107": "sole_trader",
    "112": "company",
    "121": "company",
    "141": "institute",
    "161": "institute",
    "331": "town_organisation",
    "641": "school",
    "706": "association",
    "736": "branch_association",
}
"""Codes of the Czech Statistical Office's code list 56 (legal forms), as the business register gives them."""


@dataclass(frozen=True)
class Company:
    """What the business register says of a company number."""

    ico: str
    name: str
    seat: str
    legal_form: LegalForm
    vat_payer: bool = False
    ended_on: date | None = None


@dataclass(frozen=True)
class ProviderContact:
    """Whom the town and the citizens turn to. The e-mail, where there is one, is told of a changed account."""

    name: str
    email: str
    phone: str = ""
    web: str = ""


@dataclass(frozen=True)
class Branch:
    """A place where a provider sells. A closed one stays: redemptions point to it."""

    id: str
    name: str
    address: str
    address_code: str = ""
    phone: str = ""
    closed: bool = False


@dataclass(frozen=True)
class VatMark:
    """The tax register's mark of an unreliable VAT payer. `passed_by` looked a second time and lets payouts go on.

    Source: Act 235/2004 Coll. § 106a and § 109 (3): who pays such a payer answers for the unpaid tax.
    """

    since: date
    marked_by: str
    passed_by: str = ""


@dataclass(frozen=True)
class Provider:
    """An organisation in a town. `account_version` is what payouts use; `account_pending` waits for a second person.

    A `founded_organisation` is the town's own: what it redeems is settled inside the town, without a bank order.
    """

    id: str
    ico: str
    name: str
    legal_form: LegalForm
    seat: str
    contact: ProviderContact
    state: ProviderState
    registered_at: Instant
    registered_by: str
    about: str = ""
    categories: tuple[Category, ...] = ()
    branches: tuple[Branch, ...] = ()
    vat_payer: bool = False
    vat_mark: VatMark | None = None
    account_version: int = 0
    account_pending: int = 0
    accounts: int = 0
    payout_hold: str = ""
    founded_organisation: bool = False
    state_reason: str = ""
    v: int = 1

    @property
    def open_branches(self) -> tuple[Branch, ...]:
        return tuple(branch for branch in self.branches if not branch.closed)

    def branch(self, id: str) -> Branch:
        """Raises BranchUnknown."""
        for branch in self.branches:
            if branch.id == id:
                return branch
        raise BranchUnknown


@dataclass(frozen=True)
class CallBack:
    """Whom the town called about a new account, when, and on which number: one it knew before, not one that came along."""

    name: str
    phone: str
    at: Instant

    @property
    def text(self) -> str:
        return f"{self.name}, {self.phone}, {to_text(self.at)}"


@dataclass(frozen=True)
class Account:
    """One version of a provider's bank account. Versions are never rewritten: a payout line names the one it used."""

    version: int
    number: str
    state: AccountState
    changed_by: str
    changed_at: Instant
    decided_by: str = ""
    decided_at: Instant | None = None
    called: CallBack | None = None
    v: int = 1


@dataclass(frozen=True)
class Agreement:
    """The contract behind a part. One that must be published takes effect by publication.

    Source: Act 340/2015 Coll. § 6 (1), the register of contracts.
    """

    reference: str
    signed_on: date
    must_be_published: bool = False
    published_on: date | None = None

    @property
    def in_effect(self) -> bool:
        return not self.must_be_published or self.published_on is not None


@dataclass(frozen=True)
class Part:
    """A provider's part in a programme, with the provider's own state beside it: one read says whether it may accept."""

    provider: str
    programme: str
    state: PartState
    provider_state: ProviderState
    asked_at: Instant
    asked_by: str
    agreement: Agreement | None = None
    reason: str = ""
    decided_by: str = ""
    decided_at: Instant | None = None
    v: int = 1

    @property
    def open(self) -> bool:
        """Whether the provider may accept contributions of the programme now."""
        return self.state == "active" and self.provider_state == "active"


@dataclass(frozen=True)
class Event:
    """A line of a provider's history: who did what, and why."""

    at: Instant
    by: str
    what: str
    note: str = ""


class PayoutAccount(NamedTuple):
    """Where a payout goes: the number, its version, and why the payout must wait (None: it need not).

    `inside`: the provider is the town's own organisation, so there is no number and no order.
    """

    number: str
    version: int
    held: HoldReason | None
    inside: bool = False


@dataclass(frozen=True)
class SignUp:
    """What somebody gives to register a provider; the register's data win over typed ones."""

    ico: str
    contact: ProviderContact
    name: str = ""
    seat: str = ""
    legal_form: LegalForm = "other"
    about: str = ""
    categories: tuple[Category, ...] = field(default=())


# Rules


def registered(sign_up: SignUp, company: Company | None, id: str, at: Instant, by: str) -> Provider:
    """A new provider. Raises CompanyEnded; without a register's answer the typed data count and the town looks."""
    if company and company.ended_on and company.ended_on <= day_of(at):
        raise CompanyEnded
    if company is None and not (sign_up.name and sign_up.seat):
        raise CompanyDataNeeded
    return Provider(
        id=id,
        ico=sign_up.ico,
        name=company.name if company else sign_up.name,
        legal_form=company.legal_form if company else sign_up.legal_form,
        seat=company.seat if company else sign_up.seat,
        contact=sign_up.contact,
        state="registered",
        registered_at=at,
        registered_by=by,
        about=sign_up.about,
        categories=sign_up.categories,
        vat_payer=bool(company and company.vat_payer),
    )


def missing(provider: Provider) -> tuple[str, ...]:
    """What a provider must add before it can join a programme."""
    needs = {"branch": provider.open_branches, "account": provider.accounts}
    return tuple(name for name, there in needs.items() if not there)


def held(provider: Provider) -> HoldReason | None:
    """Why payouts wait, the gravest reason first. No account is asked of the town's own organisation."""
    if provider.state not in ("active", "ended"):
        return "provider_not_active"
    if provider.founded_organisation:
        return "held_by_town" if provider.payout_hold else None
    if provider.account_pending:
        return "account_change"
    if not provider.account_version:
        return "no_account"
    if provider.vat_mark and not provider.vat_mark.passed_by:
        return "unreliable_vat_payer"
    return "held_by_town" if provider.payout_hold else None


def decide_account(
    provider: Provider, account: Account, approve: bool, by: str, at: Instant, called: CallBack | None
) -> Account:
    """The version as a second person leaves it. Raises AccountChangeDecided."""
    if account.state != "pending" or provider.account_pending != account.version:
        raise AccountChangeDecided
    return replace(account, state="approved" if approve else "refused", decided_by=by, decided_at=at, called=called)


def approve_part(part: Part, agreement: Agreement, by: str, at: Instant) -> Part:
    """Approved; in effect only once the agreement is published, where it must be. Raises PartDecided."""
    if part.state not in ("in_review", "declined"):
        raise PartDecided
    state: PartState = "active" if agreement.in_effect else "in_review"
    return replace(part, state=state, agreement=agreement, reason="", decided_by=by, decided_at=at)


_MOVES: dict[tuple[PartState, str], PartState] = {
    ("in_review", "decline"): "declined",
    ("active", "suspend"): "suspended",
    ("suspended", "resume"): "active",
    ("active", "end"): "ended",
    ("suspended", "end"): "ended",
}


def move_part(part: Part, move: str, reason: str, by: str, at: Instant) -> Part:
    """Decline, suspend, resume or end. Raises PartDecided where that move does not lead from the state."""
    then = _MOVES.get((part.state, move))
    if then is None:
        raise PartDecided
    return replace(part, state=then, reason=reason, decided_by=by, decided_at=at)


def fits(name: str, ico: str, text: str) -> bool:
    """Whether a provider answers a search: by a beginning of the IČO or of any word of the name."""
    words = folded(name).split()
    asked = folded(text).split()
    return ico.startswith(text.strip()) or all(any(word.startswith(a) for word in words) for a in asked)


# Refusals


class IcoInvalid(Refusal):
    status = 422
    cs = "Tohle IČO nesouhlasí s kontrolní číslicí. Zkontrolujte všech osm číslic."
    en = "This company number fails its check digit. Check all eight digits."


class ProviderAccountInvalid(Refusal):
    status = 422
    cs = "Číslo účtu nesouhlasí s kontrolním součtem. Opište ho ze smlouvy s bankou, například 19-2000145399/0800."
    en = "The account number fails its check sum. Copy it from the bank's contract, for example 19-2000145399/0800."


class CompanyUnknown(Refusal):
    status = 404
    cs = "Toto IČO v registru osob není. Zkontrolujte ho, nebo údaje vyplňte ručně a město je ověří."
    en = "The register does not know this number. Check it, or type the data and the town will verify them."


class CompanyRegisterUnavailable(Refusal):
    status = 503
    cs = "Registr firem teď neodpovídá. Údaje vyplňte ručně, město je ověří."
    en = "The company register does not answer now. Type the data and the town will verify them."


class CompanyEnded(Refusal):
    status = 409
    cs = "Subjekt s tímto IČO podle registru zanikl. Zkontrolujte IČO."
    en = "According to the register, this company has ended. Check the number."


class CompanyDataNeeded(Refusal):
    status = 422
    cs = "Registr firem údaje nedal. Doplňte název a sídlo, město je ověří."
    en = "The company register gave no data. Add the name and the seat; the town will verify them."


class AlreadySignedUp(Refusal):
    status = 409
    cs = "Poskytovatel s tímto IČO už ve městě je. O přístup požádejte jeho správce nebo město."
    en = "A provider with this number is registered here already. Ask its owner or the town for access."


@dataclass
class ProviderIncomplete(Refusal):
    status = 409
    cs = "Před vstupem do programu doplňte provozovnu a číslo účtu."
    en = "Add a branch and an account number before joining a programme."
    missing: tuple[str, ...]


class AlreadyJoined(Refusal):
    status = 409
    cs = "O účast v tomto programu už jste požádali. Stav najdete v přehledu programů."
    en = "You have asked to join this programme already. Its state is in the list of programmes."


class PartDecided(Refusal):
    status = 409
    cs = "V tomto stavu účasti to nejde. Načtěte ji znovu, mohl ji změnit kolega."
    en = "The part's state does not allow this. Read it again: a colleague may have changed it."


class AccountChangePending(Refusal):
    status = 409
    cs = "Jedna změna účtu už čeká na město. Další půjde po jejím vyřízení."
    en = "One change of account is waiting for the town. Another is possible once it is settled."


class SameAccount(Refusal):
    status = 409
    cs = "Tento účet už máte. Změna není potřeba."
    en = "This is the account you have already. No change is needed."


class AccountChangeDecided(Refusal):
    status = 409
    cs = "Tato změna účtu už je vyřízená. Načtěte poskytovatele znovu."
    en = "This change of account is settled already. Read the provider again."


class CallImpossible(Refusal):
    status = 422
    cs = "Hovor musí být po zadání nového účtu a před touto chvílí. Opravte den a čas hovoru."
    en = "The call must be after the new account was entered and before now. Mend its day and time."


class LastOwner(Refusal):
    status = 409
    cs = "Poskytovateli musí zůstat aspoň jeden správce. Nejdřív přidejte dalšího."
    en = "A provider keeps at least one owner. Add another one first."


class BranchUnknown(Refusal):
    status = 404
    cs = "Tuto provozovnu poskytovatel nemá. Vyberte ji ze seznamu."
    en = "The provider has no such branch. Choose one from the list."


@dataclass
class ListFull(Refusal):
    status = 409
    cs = "Víc než {most} položek sem zadat nejde. Některou nejdřív uzavřete."
    en = "No more than {most} entries fit here. Close one first."
    most: int


class ProviderStateUnchanged(Refusal):
    status = 409
    cs = "Poskytovatel už v tomto stavu je. Načtěte ho znovu."
    en = "The provider is in this state already. Read it again."
