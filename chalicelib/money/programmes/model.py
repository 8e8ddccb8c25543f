"""The nouns of programmes and applications, their states and their refusals.

A programme is one published set of rules and money. Its call (from–to), its contribution (what is awarded) and who may
ask are parts of the rules; every published edit makes a new version, and an application stays bound to the version it
was submitted under.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

from chalicelib.core.clock import Instant, end_of, start_of
from chalicelib.core.refusals import FieldError, Refusal
from chalicelib.money.ledger.model import Budget, Mode, NewGrant, Remainder
from chalicelib.town.people.model import AGE_MAX, age_on

type ProgrammeState = Literal[
    "draft", "scheduled", "open", "exhausted", "paused", "spending_only", "closed", "archived"
]
type LegalRegime = Literal["subsidy", "gift", "other"]
type ResidenceKind = Literal["permanent_residence", "temporary_residence", "temporary_protection"]
type PayableOn = Literal["confirmation", "start", "attendance"]
type ApplicationState = Literal[
    "draft",
    "submitted",
    "verifying",
    "in_review",
    "returned",
    "waiting",
    "approved",
    "declined",
    "withdrawn",
    "lapsed",
]
type Topic = Literal["sport", "culture", "education", "health", "home", "other"]
type ForWhom = Literal["child", "adult", "senior"]
type SignsAs = Literal["authorising_officer", "budget_officer"]
type Decides = Literal["clerk", "arrival"]
"""Who decides: a clerk, one application after another, or the system in order of receipt (a click-day)."""
type BudgetEffect = Literal["raise", "cut", "carry_over"]

PARTS_MAX = 12
"""Vouchers of one award: each is two items of the approval's transaction, which has a hundred."""
DECLINE_UNDO = timedelta(minutes=10)
"""How long a decline can be taken back. Until then its applicant is not told of it."""
DOCUMENTS_MAX = 10
DOCUMENT_BYTES_MAX = 10 * 1024 * 1024
DOCUMENT_TYPES = ("application/pdf", "image/jpeg", "image/png")
BULK_MAX = 100
SYSTEM = "system"
"""Who acts when nobody does: a job."""


@dataclass(frozen=True)
class Words:
    """A text for people, in Czech and, where there is one, in English."""

    cs: str
    en: str = ""

    def in_(self, language: str) -> str:
        return (self.en or self.cs) if language == "en" else self.cs


@dataclass(frozen=True)
class BudgetCoordinates:
    """Where the town's own budget carries the programme (budget classification of the Ministry of Finance).

    The item depends on who is paid: `items` says it for a provider's legal form, `item` for all others.
    """

    paragraph: str = ""
    item: str = ""
    department: str = ""
    action: str = ""
    purpose_mark: str = ""
    items: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """`paragraph/item/department/action/purpose_mark` without an empty tail, as the books carry it."""
        return self.text_for("")

    def text_for(self, legal_form: str) -> str:
        """The same for a payment to a provider of this legal form."""
        item = self.items.get(legal_form, self.item)
        parts = (self.paragraph, item, self.department, self.action, self.purpose_mark)
        return "/".join(parts).rstrip("/")


@dataclass(frozen=True)
class WhoMay:
    """Who may ask. Bounds are inclusive; what is None or empty does not bound.

    Age is in completed years on `age_on`, or on the day of application. Residence codes are RÚIAN's, of municipalities
    or city parts alike.
    """

    born_from: date | None = None
    born_to: date | None = None
    age_min: int | None = None
    age_max: int | None = None
    age_on: date | None = None
    residence_codes: tuple[str, ...] = ()
    residence_kinds: tuple[ResidenceKind, ...] = ("permanent_residence",)
    one_per_household: bool = False


@dataclass(frozen=True)
class Rules:
    """One version of a programme's rules. Amounts in haléře; days are Prague days and both ends count.

    In mode `credit` one account holds the sum of the denominations, in mode `voucher` each has an account of its own.
    `days_to_spend` runs from the award; `days_to_decide` from the submission. `day_limit_minor` is what one grant may
    spend in a day, `category_limits` what it may spend in a category, `provider_limit_minor` what all grants together
    may spend at one provider (0, nothing, None: no limit).
    """

    name: Words
    purpose: Words
    text: Words
    legal_basis: str
    legal_regime: LegalRegime
    mode: Mode
    denominations_minor: tuple[int, ...]
    applications_from: date
    applications_to: date
    spending_from: date
    spending_to: date
    version: int = 1
    topic: Topic = "other"
    resolution_number: str = ""
    resolution_on: date | None = None
    owner: str = ""
    coordinates: BudgetCoordinates = field(default_factory=BudgetCoordinates)
    who: WhoMay = field(default_factory=WhoMay)
    days_to_spend: int | None = None
    days_to_decide: int = 30
    decides: Decides = "clerk"
    waiting_list: bool = True
    providers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    day_limit_minor: int = 0
    category_limits: Mapping[str, int] = field(default_factory=dict)
    provider_limit_minor: int | None = None
    max_per_person_minor: int = 0
    min_price_minor: int = 0
    remainder: Remainder = "stays"
    single_use: bool = False
    payable_on: PayableOn = "start"
    order_confirm_days: int = 7
    undo_minutes: int = 15
    documents: Words | None = None
    second_proof: bool = False

    @property
    def amount_minor(self) -> int:
        """What one beneficiary is awarded."""
        return sum(self.denominations_minor)

    @property
    def parts_minor(self) -> tuple[int, ...]:
        """The accounts of one award: their amounts."""
        return self.denominations_minor if self.mode == "voucher" else (self.amount_minor,)

    def takes(self, provider: str, category: str = "") -> bool:
        """Whether a contribution may be spent at this provider on this category. Nothing listed means all."""
        by_provider = not self.providers or provider in self.providers
        by_category = not self.categories or not category or category in self.categories
        return by_provider and by_category


@dataclass(frozen=True)
class Programme:
    """A programme as it now stands, with the version of its rules that holds."""

    id: str
    state: ProgrammeState
    rules: Rules
    created_at: Instant
    created_by: str
    published_at: Instant | None = None
    v: int = 1

    @property
    def name(self) -> Words:
        return self.rules.name

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.state != "archived"

    @property
    def takes_applications(self) -> bool:
        return self.state == "open" or (self.state == "exhausted" and self.rules.waiting_list)


@dataclass(frozen=True)
class Signature:
    """Who signed, as what, and when."""

    person: str
    at: Instant


@dataclass(frozen=True)
class BudgetChange:
    """A change of a programme's budget. It takes effect with the second of two signatures.

    A raise puts a sum in, a cut takes free money out, and a carry-over lets the next budget year bear what the
    programme has not paid by the end of `from_year`: its sum is what stands at that moment, until then an estimate.
    """

    id: str
    programme: str
    amount_minor: int
    reason: str
    proposed_by: str
    proposed_at: Instant
    effect: BudgetEffect = "raise"
    from_year: int = 0
    authorising_officer: Signature | None = None
    budget_officer: Signature | None = None
    v: int = 1

    @property
    def effective_at(self) -> Instant | None:
        if self.authorising_officer is None or self.budget_officer is None:
            return None
        return max(self.authorising_officer.at, self.budget_officer.at)

    def signature(self, signs_as: SignsAs) -> Signature | None:
        return self.authorising_officer if signs_as == "authorising_officer" else self.budget_officer

    def other_signature(self, signs_as: SignsAs) -> Signature | None:
        return self.budget_officer if signs_as == "authorising_officer" else self.authorising_officer


ADULT_FROM, SENIOR_FROM = 18, 60


def for_whom(rules: Rules, day: date) -> tuple[ForWhom, ...]:
    """Whom a programme is for, as people look for it: some age of the group can pass on this day."""
    youngest = age_on(rules.who.born_to, day) if rules.who.born_to else 0
    oldest = age_on(rules.who.born_from, day) if rules.who.born_from else AGE_MAX
    low = max(youngest, rules.who.age_min or 0)
    high = min(oldest, rules.who.age_max if rules.who.age_max is not None else AGE_MAX)
    groups: list[tuple[ForWhom, int, int]] = [
        ("child", 0, ADULT_FROM - 1),
        ("adult", ADULT_FROM, SENIOR_FROM - 1),
        ("senior", SENIOR_FROM, AGE_MAX),
    ]
    return tuple(name for name, first, last in groups if low <= last and high >= first)


# States of a programme


def state_by(rules: Rules, day: date, budget: Budget | None) -> ProgrammeState:
    """The state of a published, unpaused programme on a day: dates first, then whether a whole award is left."""
    if day > rules.spending_to:
        return "closed"
    if day > rules.applications_to:
        return "spending_only"
    if day < rules.applications_from:
        return "scheduled"
    return "open" if budget and budget.open and budget.free_minor >= rules.amount_minor else "exhausted"


def valid_from(rules: Rules, awarded_at: Instant) -> Instant:
    return max(awarded_at, start_of(rules.spending_from))


def valid_until(rules: Rules, awarded_on: date) -> Instant:
    """The last second of the last day: the end of spending or the days from the award, whichever is earlier.

    An award before the spending begins has its days counted from that beginning.
    """
    last = rules.spending_to
    if rules.days_to_spend is not None:
        begins = max(awarded_on, rules.spending_from)
        last = min(last, begins + timedelta(days=rules.days_to_spend))
    return end_of(last)


# Applications


@dataclass(frozen=True)
class Stated:
    """What the applicant stated of the beneficiary, as it stood at submission: it is compared with the registry."""

    given_names: str
    surname: str
    birth_date: date
    address: str = ""
    address_code: str = ""

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.surname}"


@dataclass(frozen=True)
class Answers:
    """What the wizard asks. `only_of_household` is a declaration; the price is what the applicant expects to pay."""

    activity: str = ""
    price_minor: int | None = None
    note: str = ""
    only_of_household: bool = False


@dataclass(frozen=True)
class Application:
    """A request for one contribution for one beneficiary. `person` is the applicant, who also holds the grants.

    `subject_ref` is the registry's stable reference of the beneficiary, "" until known. `received_at` is the time of
    submission, which decides the order. `deadline` is the last day to answer a clarification; `decide_by` the town's.
    `decision` is the receipt of the last decision: whose key it came with, and what it said. `decides` is who decides
    it, as the rules said at submission; `untold` that it was awarded and its news are still to be told.
    """

    id: str
    programme: str
    rules_version: int
    person: str
    beneficiary: str
    state: ApplicationState
    stated: Stated
    applicant_name: str
    amount_minor: int
    created_at: Instant
    answers: Answers = field(default_factory=Answers)
    number: str = ""
    subject_ref: str = ""
    saved_at: Instant | None = None
    received_at: Instant | None = None
    decide_by: date | None = None
    deadline: date | None = None
    assigned_to: str = ""
    assigned_name: str = ""
    decided_by: str = ""
    decided_at: Instant | None = None
    reason: str = ""
    question: str = ""
    grants: tuple[str, ...] = ()
    made_by: str = ""
    checks: str = ""
    reconsideration_at: Instant | None = None
    decision: str = ""
    decides: Decides = "clerk"
    untold: bool = False
    v: int = 1

    @property
    def for_self(self) -> bool:
        return self.person == self.beneficiary

    @property
    def undo_until(self) -> Instant | None:
        """Until when a clerk's decline can be taken back; None where there is none."""
        if self.state != "declined" or self.decided_at is None or self.decided_by == SYSTEM:
            return None
        return self.decided_at + DECLINE_UNDO

    def as_told(self, at: Instant) -> "Application":
        """As its applicant knows it at this instant: a decline that can be taken back is still being reviewed, and while
        it is reviewed again no earlier reason stands."""
        is_untold = self.undo_until is not None and at < self.undo_until
        if not is_untold and self.state not in OPEN_STATES:
            return self
        state = self.state_of_review if is_untold else self.state
        return replace(self, state=state, reason="", decided_at=None, decided_by="")

    @property
    def state_of_review(self) -> ApplicationState:
        """Whether somebody reviews it or it waits for a clerk, where its decision does not count."""
        return "in_review" if self.assigned_to else "submitted"

    @property
    def has_arrived(self) -> bool:
        """Whether it stands in the queue that the allocator takes from in order of receipt: no clerk decides it."""
        return self.decides == "arrival" and self.state == "submitted"


DECIDABLE: tuple[ApplicationState, ...] = ("submitted", "in_review", "returned")
OPEN_STATES: tuple[ApplicationState, ...] = ("submitted", "verifying", "in_review", "returned", "waiting")
WITHDRAWABLE: tuple[ApplicationState, ...] = OPEN_STATES
ENDED: tuple[ApplicationState, ...] = ("approved", "declined", "withdrawn", "lapsed")


@dataclass(frozen=True)
class Judged:
    """How one condition stood at a decision: by the rules, and, where a person has to judge it, by the clerk."""

    code: str
    verdict: str
    value: str = ""
    holds: bool | None = None


@dataclass(frozen=True)
class Figures:
    """What a clerk's decision stood on, as it was at that moment. Amounts in haléře, age in completed years.

    `free_before_minor` is the programme's free money as it was read for the decision; `documents` those that the clerk
    had opened.
    """

    rules_version: int
    amount_minor: int
    age: int
    free_before_minor: int
    free_after_minor: int
    conditions: tuple[Judged, ...]
    documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Event:
    """A line of an application's history. `by` is a person's id or `system`; private ones are for the town only.

    A decision carries the figures that it stood on.
    """

    happened_at: Instant
    by: str
    what: str
    text: str = ""
    by_name: str = ""
    private: bool = False
    figures: Figures | None = None


@dataclass(frozen=True)
class Document:
    """A file beside an application. It counts once it has arrived and its first bytes fit its type.

    `version` is the one that arrived, the only one that is read. `opened_by` are the reviewers who have opened it.
    """

    id: str
    application: str
    name: str
    media_type: str
    bytes: int
    added_at: Instant
    arrived_at: Instant | None = None
    version: str = ""
    opened_by: set[str] | None = None


def may_carry_over(budget: Budget, day: date) -> bool:
    """Whether the next budget year is to bear the programme's rest: its year is over, and not everything is paid."""
    return budget.rest_minor > 0 and day.year > budget.year


def subject_of(application: Application) -> str:
    """By what the beneficiary is told apart: the registry's reference, or our own id where the town has no registry."""
    return application.subject_ref or f"person:{application.beneficiary}"


def new_grants(rules: Rules, application: Application, at: Instant, day: date) -> list[NewGrant]:
    """The accounts that an approval opens."""
    parts = rules.parts_minor
    return [
        NewGrant(
            subject_ref=subject_of(application),
            programme=application.programme,
            application=application.id,
            person=application.person,
            beneficiary=application.beneficiary,
            mode=rules.mode,
            amount_minor=amount_minor,
            valid_from=valid_from(rules, at),
            valid_until=valid_until(rules, day),
            part=number,
            parts=len(parts),
            min_price_minor=rules.min_price_minor,
            remainder=rules.remainder,
            single_use=rules.single_use,
            coordinates=rules.coordinates.text,
            day_limit_minor=rules.day_limit_minor,
            category_limits=rules.category_limits,
        )
        for number, amount_minor in enumerate(parts, 1)
    ]


# Faults of rules


def faults(rules: Rules, day: date) -> list[FieldError]:
    """What contradicts itself in the rules, or what they still lack to be published on this day."""
    return [fault for fault, holds in _contradictions(rules, day) if holds]


def _contradictions(rules: Rules, day: date) -> Iterable[tuple[FieldError, bool]]:
    who = rules.who
    yield (
        _fault(
            "applications_to",
            "Žádosti končí dřív, než začnou. Upravte den konce.",
            "Applications end before they begin.",
        ),
        rules.applications_to < rules.applications_from,
    )
    yield (
        _fault("spending_to", "Utrácení končí dřív, než začne. Upravte den konce.", "Spending ends before it begins."),
        rules.spending_to < rules.spending_from,
    )
    yield (
        _fault(
            "spending_to",
            "Utrácení končí dřív než příjem žádostí. Posledním žadatelům by nezbyl čas.",
            "Spending ends before applications do. The last applicants would have no time.",
        ),
        rules.spending_to < rules.applications_to,
    )
    yield (
        _fault(
            "who.born_to",
            "Rozmezí dat narození je obrácené. Upravte ho.",
            "The range of birth dates is reversed. Correct it.",
        ),
        _reversed(who.born_from, who.born_to),
    )
    yield (
        _fault("who.age_max", "Rozmezí věku je obrácené. Upravte ho.", "The range of ages is reversed. Correct it."),
        _reversed(who.age_min, who.age_max),
    )
    yield (
        _fault(
            "min_price_minor",
            "Nejnižší cena nákupu je vyšší než příspěvek. Zkontrolujte ji.",
            "The least price is above the contribution. Check it.",
        ),
        rules.min_price_minor > rules.amount_minor,
    )
    yield (
        _fault(
            "max_per_person_minor",
            "Příspěvek je vyšší, než smí jedna osoba získat. Upravte jedno z čísel.",
            "The contribution is above what one person may get. Correct one of the figures.",
        ),
        0 < rules.max_per_person_minor < rules.amount_minor,
    )
    yield (
        _fault(
            "decides",
            "O žádostech s doklady nebo druhým ověřením rozhoduje pracovník. Zvolte ho, nebo doklady a ověření vypněte.",
            "A clerk decides applications with documents or a second proof. Choose that, or ask for neither.",
        ),
        rules.decides == "arrival" and (rules.documents is not None or rules.second_proof),
    )
    yield (
        _fault(
            "category_limits",
            "Limit má kategorie, na kterou příspěvek utratit nejde. Odeberte ho, nebo kategorii povolte.",
            "A limit is set for a category that the contribution does not cover. Remove it, or allow the category.",
        ),
        bool(rules.categories) and not set(rules.category_limits) <= set(rules.categories),
    )
    yield (
        _fault("legal_basis", "Doplňte právní základ programu.", "Add the legal basis of the programme."),
        not rules.legal_basis,
    )
    yield (
        _fault("resolution_number", "Doplňte číslo a datum usnesení.", "Add the number and date of the resolution."),
        not rules.resolution_number or rules.resolution_on is None,
    )
    yield (
        _fault(
            "resolution_on",
            "Usnesení má datum v budoucnu. Program jde zveřejnit, až ho orgán města přijme.",
            "The resolution is dated in the future. The programme can be published once the town has adopted it.",
        ),
        rules.resolution_on is not None and rules.resolution_on > day,
    )


def _fault(field: str, cs: str, en: str) -> FieldError:
    return FieldError(field, "contradiction", cs, en)


def _reversed(low: Any, high: Any) -> bool:
    return low is not None and high is not None and bool(high < low)


# Refusals


class ProgrammeUnknown(Refusal):
    status = 404
    cs = "Tento program jsme nenašli. Podívejte se na přehled programů."
    en = "We did not find this programme. Look at the list of programmes."


@dataclass
class RulesContradict(Refusal):
    status = 422
    cs = "Pravidla si odporují nebo nejsou úplná. Opravte označené údaje."
    en = "The rules contradict themselves or are incomplete. Correct the marked fields."
    errors: list[FieldError]


@dataclass
class ProgrammeStateForbids(Refusal):
    status = 409
    cs = "V tomto stavu programu to nejde. Načtěte program znovu."
    en = "The programme's state does not allow this. Read the programme again."
    state: str


class BudgetUnsigned(Refusal):
    status = 409
    cs = "Rozpočet programu ještě nemá oba podpisy. Podepíše ho příkazce operace a správce rozpočtu."
    en = "The programme's budget lacks a signature. The authorising officer and the budget officer sign it."


class AlreadySigned(Refusal):
    status = 409
    cs = "V této roli už je rozpočet podepsaný. Podepsat ho znovu není třeba."
    en = "The budget is already signed in this role. No other signature is needed."


@dataclass
class AmountDiffers(Refusal):
    status = 409
    cs = "Částka k podpisu je {amount_minor}. Načtěte ji znovu a podepište tu, kterou vidíte."
    en = "The amount to sign is {amount_minor}. Read it again and sign the one you see."
    amount_minor: int


@dataclass
class CutTooDeep(Refusal):
    status = 409
    cs = "Ubrat jde jen volné peníze, zbývá jich {free_minor}. Navrhněte nejvýše tolik."
    en = "Only free money can be taken out; {free_minor} of it is left. Propose that much at most."
    free_minor: int


class NothingToCarryOver(Refusal):
    status = 409
    cs = "Program nemá co převést: utrácení nepřesahuje rozpočtový rok, nebo je všechno vyplacené."
    en = "The programme has nothing to carry over: its spending ends within the budget year, or all is paid."


@dataclass
class TopUpTooHigh(Refusal):
    status = 409
    cs = "Jedna osoba smí v programu získat nejvýše {max_minor}. Zadejte nižší částku."
    en = "One person may get {max_minor} of the programme at most. Enter a lower amount."
    max_minor: int


class ApplicationUnknown(Refusal):
    status = 404
    cs = "Tuto žádost jsme nenašli. Podívejte se na seznam žádostí."
    en = "We did not find this application. Look at the list of applications."


class ProgrammeNotOpen(Refusal):
    status = 409
    cs = "Program teď žádosti nepřijímá. Termíny najdete u programu."
    en = "The programme takes no applications now. Its page says when it does."


@dataclass
class ConditionsNotMet(Refusal):
    status = 409
    cs = "Žádost by neprošla: {reasons}"
    en = "The application would not pass: {reasons_en}"
    reasons: str
    reasons_en: str
    conditions: Sequence[str]


class AlreadyApplied(Refusal):
    status = 409
    cs = "Pro tuto osobu už v programu žádost je nebo byl příspěvek přiznán. Druhou podat nejde."
    en = "There is an application for this person in the programme, or a contribution was awarded. A second is not possible."


@dataclass
class ApplicationStateForbids(Refusal):
    status = 409
    cs = "Stav žádosti se změnil, tohle s ní už udělat nejde. Načtěte ji znovu."
    en = "The application's state has changed and does not allow this. Read it again."
    state: str


@dataclass
class AlreadyDecided(Refusal):
    status = 409
    cs = "O žádosti už rozhodl někdo jiný. Načtěte ji znovu, výsledek tam uvidíte."
    en = "Somebody else has decided the application. Read it again to see the outcome."
    state: str


@dataclass
class DocumentsNotOpened(Refusal):
    status = 409
    cs = "Nejdřív otevřete doklady, o kterých rozhodujete: {names}"
    en = "First open the documents that you decide about: {names}"
    names: str


@dataclass
class VerdictsMissing(Refusal):
    status = 409
    cs = "U podmínek, které posuzuje člověk, napište, zda jsou splněné. Schválit jde, jen když platí všechny."
    en = "Say of each condition that a person judges whether it holds. Approval is possible when all of them do."
    conditions: Sequence[str]


class DeclineTold(Refusal):
    status = 409
    cs = "Nevyhovění už vzít zpět nejde, žadatel o něm ví. Vyčkejte, zda požádá o přezkum."
    en = "The decline cannot be taken back: the applicant has been told. They may ask for a reconsideration."


class DecidedInOrder(Refusal):
    status = 409
    cs = "V tomto programu rozhoduje pořadí přijetí, žádost čeká, až na ni přijde. Do několika minut tu bude výsledek."
    en = "The order of receipt decides in this programme; the application waits for its turn. See it again in minutes."


class HouseholdAwarded(Refusal):
    status = 409
    cs = "Domácnost na této adrese už v programu příspěvek má. Další přiznat nejde."
    en = "The household at this address has its contribution of the programme already. Another cannot be awarded."


class SecondProofNeeded(Refusal):
    status = 409
    cs = "Žadatel ještě neprokázal, že jde o něj: kódem z dopisu nebo u přepážky. Potom půjde žádost schválit."
    en = "The applicant has not proved their identity yet: by the code in the letter or at the desk. Then you can approve."


class NotYetVerified(Refusal):
    status = 409
    cs = "Osoba zatím není ověřená v registru. Schválit jde až po ověření."
    en = "The person is not verified in the registry yet. Approval is possible after verification."


class NotYourChild(Refusal):
    status = 409
    cs = "Požádat můžete za sebe nebo za dítě ze své domácnosti. Nejdřív dítě přidejte."
    en = "You may apply for yourself or a child of your household. Add the child first."


class TooManyDocuments(Refusal):
    status = 409
    cs = f"K žádosti jde přiložit nejvýše {DOCUMENTS_MAX} dokladů. Některý nejdřív odeberte."
    en = f"An application takes {DOCUMENTS_MAX} documents at most. Remove one first."


class SpendingOver(Refusal):
    status = 409
    cs = "Doba utrácení programu skončila, příspěvek už přiznat nejde."
    en = "The programme's time of spending is over; the contribution can no longer be awarded."
