"""The shapes of programmes and applications over HTTP."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from chalicelib.core.clock import today
from chalicelib.core.edits import sent_names
from chalicelib.core.mending import matching, wrong
from chalicelib.core.money import CURRENCY, AmountMinor
from chalicelib.core.shapes import (
    LINES,
    ONE_LINE,
    Day,
    Id,
    Line,
    MaybeId,
    MaybeRuianCode,
    PageQuery,
    RuianCode,
    Shape,
    Text,
    TwoTexts,
)
from chalicelib.money.ledger.model import Budget, GrantState, Mode, Remainder
from chalicelib.money.programmes import eligibility
from chalicelib.money.programmes.coordinates import BudgetItem, Paragraph
from chalicelib.money.programmes.model import (
    BULK_MAX,
    DOCUMENT_BYTES_MAX,
    PARTS_MAX,
    Answers,
    Application,
    ApplicationState,
    BudgetChange,
    BudgetCoordinates,
    BudgetEffect,
    Decides,
    Document,
    Event,
    ForWhom,
    LegalRegime,
    PayableOn,
    Programme,
    ProgrammeState,
    ResidenceKind,
    Rules,
    SignsAs,
    Topic,
    WhoMay,
    Words,
    for_whom,
)
from chalicelib.money.programmes.reviewing import BulkRow, Opening, QueueRow, View
from chalicelib.money.programmes.sentences import Tried
from chalicelib.money.programmes.trying import Candidate
from chalicelib.town.people.model import AGE_MAX
from chalicelib.town.towns.model import Town

type Coordinate = Annotated[
    str,
    matching(
        r"^[A-Za-z0-9_/]{0,20}$",
        "Použijte písmena bez diakritiky, číslice, lomítko a podtržítko, nejvýše 20 znaků.",
        "Use letters without accents, digits, slash and underscore, 20 characters at most.",
    ),
]
type Years = Annotated[int, Field(ge=0, le=AGE_MAX)]
type Days = Annotated[int, Field(ge=1, le=3650)]
type FreeDays = Annotated[int, Field(ge=0, le=3650)]
type Amounts = Annotated[tuple[AmountMinor, ...], Field(min_length=1, max_length=PARTS_MAX)]
type LegalFormCode = Annotated[
    str,
    matching(
        r"^[a-z_]{1,40}$", "Pošlete kód právní formy z popisu API.", "Send the code of a legal form, see the API."
    ),
]
type OptionalAmount = Annotated[int, Field(ge=0, le=10**12)]
type Explanation = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=2000), LINES]
type FileName = Annotated[
    str,
    matching(
        r"^[^/\\\x00-\x1f\x7f]{1,120}$",
        "Pojmenujte soubor nejvýše 120 znaky bez lomítek.",
        "Name the file with 120 characters at most, without slashes.",
        strip_whitespace=True,
    ),
    ONE_LINE,
]
type Number = Annotated[
    str,
    matching(
        r"^[0-9]{4}-[0-9]{6}$",
        "Napište číslo žádosti, například 2026-000123.",
        "Write the number of the application, for example 2026-000123.",
        strip_whitespace=True,
    ),
]
type MediaType = Literal["application/pdf", "image/jpeg", "image/png"]

LIST_MAX = 200
CATEGORIES_MAX = 30
LEGAL_FORMS_MAX = 20


# Programmes


class CoordinatesShape(Shape):
    paragraph: Paragraph = ""
    item: BudgetItem = ""
    department: Coordinate = ""
    action: Coordinate = ""
    purpose_mark: Coordinate = ""
    items: dict[LegalFormCode, BudgetItem] = Field(default_factory=dict, max_length=LEGAL_FORMS_MAX)


class WhoShape(Shape):
    born_from: Day | None = None
    born_to: Day | None = None
    age_min: Years | None = None
    age_max: Years | None = None
    age_on: Day | None = None
    residence_codes: Annotated[tuple[RuianCode, ...], Field(max_length=50)] = ()
    residence_kinds: Annotated[tuple[ResidenceKind, ...], Field(min_length=1, max_length=3)] = ("permanent_residence",)
    one_per_household: bool = False


class RulesShape(Shape):
    """The rules of a programme, as its editor sends and gets them."""

    name: TwoTexts
    purpose: TwoTexts
    text: TwoTexts
    topic: Topic = "other"
    legal_basis: Text
    legal_regime: LegalRegime
    resolution_number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), ONE_LINE] = ""
    resolution_on: Day | None = None
    owner: MaybeId = ""
    coordinates: CoordinatesShape = CoordinatesShape()
    mode: Mode
    denominations_minor: Amounts
    applications_from: Day
    applications_to: Day
    spending_from: Day
    spending_to: Day
    days_to_spend: Days | None = None
    days_to_decide: Days = 30
    who: WhoShape = WhoShape()
    decides: Decides = "clerk"
    waiting_list: bool = True
    providers: Annotated[tuple[Id, ...], Field(max_length=LIST_MAX)] = ()
    categories: Annotated[tuple[Id, ...], Field(max_length=LIST_MAX)] = ()
    day_limit_minor: OptionalAmount = 0
    category_limits: dict[Id, AmountMinor] = Field(default_factory=dict, max_length=CATEGORIES_MAX)
    provider_limit_minor: AmountMinor | None = None
    max_per_person_minor: OptionalAmount = 0
    min_price_minor: OptionalAmount = 0
    remainder: Remainder = "stays"
    single_use: bool = False
    payable_on: PayableOn = "start"
    order_confirm_days: Annotated[int, Field(ge=1, le=60)] = 7
    undo_minutes: Annotated[int, Field(ge=0, le=1440)] = 15
    documents: TwoTexts | None = None
    second_proof: bool = False

    def rules_in(self, town: Town) -> Rules:
        """The rules of a new programme: the time limits that were not sent are the town's."""
        rules, sent = self.rules(), sent_names(self)
        return replace(
            rules,
            undo_minutes=rules.undo_minutes if "undo_minutes" in sent else town.undo_window_minutes,
            order_confirm_days=rules.order_confirm_days if "order_confirm_days" in sent else town.order_confirm_days,
        )

    def rules(self) -> Rules:
        """The noun that this shape describes."""
        plain = {name: getattr(self, name) for name in RulesShape.model_fields}
        plain |= {name: _words(plain[name]) for name in ("name", "purpose", "text", "documents")}
        plain["coordinates"] = BudgetCoordinates(**self.coordinates.model_dump())
        plain["who"] = WhoMay(**{name: getattr(self.who, name) for name in WhoShape.model_fields})
        return Rules(**plain)


def _words(text: TwoTexts | None) -> Words | None:
    return Words(text.cs, text.en) if text else None


class ProgrammeShape(Shape):
    """A programme as anyone may see it. Amounts in haléře."""

    id: str
    state: ProgrammeState
    takes_applications: bool
    for_whom: tuple[ForWhom, ...]
    rules_version: int
    rules: RulesShape
    amount_minor: int
    free_minor: int
    total_minor: int
    owner_name: str
    currency: str = CURRENCY

    @classmethod
    def made(cls, known: Programme, budget: Budget | None, owner_name: str = "") -> Self:
        return cls(**_programme(known, budget, owner_name))


def _programme(known: Programme, budget: Budget | None, owner_name: str) -> dict[str, Any]:
    return {
        "id": known.id,
        "state": known.state,
        "takes_applications": known.takes_applications,
        "for_whom": for_whom(known.rules, today()),
        "rules_version": known.rules.version,
        "rules": RulesShape.of(known.rules),
        "amount_minor": known.rules.amount_minor,
        "free_minor": budget.free_minor if budget else 0,
        "total_minor": budget.total_minor if budget else 0,
        "owner_name": owner_name,
    }


class SentenceShape(Shape):
    """A rule in words, and the editor's field where it is set."""

    field: str
    cs: str
    en: str


class ProgrammeDetail(ProgrammeShape):
    """A programme with its rules in words."""

    sentences: tuple[SentenceShape, ...]


class ProgrammesShape(Shape):
    items: tuple[ProgrammeShape, ...]
    next: str | None = None


class ProgrammesQuery(Shape):
    """How programmes are looked for; the town's staff see drafts too."""

    for_whom: ForWhom | None = None
    topic: Topic | None = None
    state: ProgrammeState | None = None


class SignatureShape(Shape):
    person: str
    name: str
    at: datetime


class BudgetChangeShape(Shape):
    """A sum to be put into the budget or taken out, or what is carried over from a year; in effect once both signed."""

    id: str
    effect: BudgetEffect
    from_year: int
    amount_minor: int
    reason: str
    proposed_by: str
    proposed_at: datetime
    authorising_officer: SignatureShape | None
    budget_officer: SignatureShape | None
    effective_at: datetime | None
    v: int
    currency: str = CURRENCY

    @classmethod
    def made(cls, change: BudgetChange, names: dict[str, str]) -> Self:
        def signature(signs_as: SignsAs) -> SignatureShape | None:
            made = change.signature(signs_as)
            return SignatureShape(person=made.person, name=names.get(made.person, ""), at=made.at) if made else None

        return cls(
            id=change.id,
            effect=change.effect,
            from_year=change.from_year,
            amount_minor=change.amount_minor,
            reason=change.reason,
            proposed_by=names.get(change.proposed_by, ""),
            proposed_at=change.proposed_at,
            authorising_officer=signature("authorising_officer"),
            budget_officer=signature("budget_officer"),
            effective_at=change.effective_at,
            v=change.v,
        )


class UnsignedBudget(Shape):
    """A sum that waits for a signature, and of which programme."""

    programme: str
    name: TwoTexts
    change: BudgetChangeShape


class UnsignedBudgets(Shape):
    items: tuple[UnsignedBudget, ...]
    next: str | None = None


class ProgrammeForStaff(ProgrammeDetail):
    """A programme as its editor sees it; `v` is its version for If-Match.

    `rest_minor` is what its budget year has not paid; `may_carry_over` whether the next year may be asked to bear it.
    """

    created_at: datetime
    published_at: datetime | None
    budget_changes: tuple[BudgetChangeShape, ...]
    budget_year: int
    rest_minor: int
    may_carry_over: bool
    v: int


class NewBudgetChange(Shape):
    effect: Literal["raise", "cut"] = "raise"
    amount_minor: AmountMinor
    reason: Explanation


class NewCarryOver(Shape):
    reason: Explanation


class NewSignature(Shape):
    """`amount_minor` is the sum that the signer sees: it is what they sign."""

    signs_as: SignsAs
    amount_minor: AmountMinor


class StepShape(Shape):
    step: Literal["publish", "pause", "resume", "archive"]


class ConditionShape(Shape):
    """A condition, how it stands (`met`, `not_met`, `pending`, `to_judge`) and what proves it."""

    code: str
    verdict: eligibility.Verdict
    proof: eligibility.Proof
    cs: str
    en: str
    value: str


class NewPreCheck(Shape):
    """A visitor's question: nothing of it is stored. Without a code of address the residence stays open."""

    birth_date: Day
    address_code: MaybeRuianCode = ""


class PreCheckShape(Shape):
    programme: str
    passes: bool
    conditions: tuple[ConditionShape, ...]


class NewSupportSearch(Shape):
    """A visitor's age and street: nothing of it is stored."""

    age: Years
    street: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), ONE_LINE] = ""


class CandidateShape(Shape):
    """How one of the household stands in a programme. `application` already holds the place, where it is one's own."""

    programme: str
    beneficiary: str
    name: str
    birth_date: date
    for_self: bool
    outcome: str
    application: str
    passes: bool
    conditions: tuple[ConditionShape, ...]

    @classmethod
    def made(cls, one: Candidate) -> Self:
        plain = {field: getattr(one, field) for field in cls.model_fields.keys() - {"programme", "conditions"}}
        found = tuple(ConditionShape.of(condition) for condition in one.conditions)
        return cls(programme=one.programme.id, conditions=found, **plain)


class CandidatesShape(Shape):
    items: tuple[CandidateShape, ...]
    next: str | None = None


class CandidatesQuery(Shape):
    """One programme or all that take applications; an assistant names whose household."""

    programme: Id | None = None
    person: Id | None = None


class FoundSupport(Shape):
    programme: ProgrammeShape
    passes: bool
    conditions: tuple[ConditionShape, ...]


class FoundSupports(Shape):
    items: tuple[FoundSupport, ...]
    next: str | None = None


class TestPersonShape(Shape):
    """Somebody invented, to try the rules on."""

    label: Line
    birth_date: Day
    municipality_code: RuianCode
    city_part_code: MaybeRuianCode = ""


class NewPreview(Shape):
    rules: RulesShape
    persons: Annotated[tuple[TestPersonShape, ...], Field(max_length=20)] = ()


class TriedShape(Shape):
    label: str
    birth_date: date
    passes: bool
    conditions: tuple[ConditionShape, ...]

    @classmethod
    def made(cls, tried: Tried) -> Self:
        found = tuple(ConditionShape.of(condition) for condition in tried.conditions)
        return cls(label=tried.label, birth_date=tried.birth_date, passes=tried.passes, conditions=found)


class RulesPreview(Shape):
    """The rules in words, dates of the leaflet that contradict them, faults, and how test persons fare."""

    sentences: tuple[SentenceShape, ...]
    contradictions: tuple[SentenceShape, ...]
    faults: tuple[SentenceShape, ...]
    tried: tuple[TriedShape, ...]


# Applications


class StatedShape(Shape):
    given_names: str
    surname: str
    birth_date: date
    address: str
    address_code: str


class AnswersShape(Shape):
    """What the wizard asks. `only_of_household` declares that nobody else of the household applies."""

    activity: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), ONE_LINE] = ""
    price_minor: Annotated[int, Field(ge=0, le=10**12)] | None = None
    note: Text = ""
    only_of_household: bool = False

    def answers(self) -> Answers:
        return Answers(**self.model_dump())


class NewApplication(Shape):
    """`beneficiary` is the applicant's own id or a child's; an assistant names the applicant as `person`."""

    programme: Id
    beneficiary: Id
    person: Id | None = None


class DocumentShape(Shape):
    id: str
    name: str
    media_type: str
    bytes: int
    added_at: datetime
    arrived_at: datetime | None


class DocumentToJudge(DocumentShape):
    """A document before a clerk; `opened` says whether they have opened it."""

    opened: bool

    @classmethod
    def made(cls, known: Document, reviewer: str) -> Self:
        shown = {field: getattr(known, field) for field in DocumentShape.model_fields}
        return cls(**shown, opened=reviewer in (known.opened_by or ()))


class ApplicationShape(Shape):
    """An application as its applicant sees it; `v` is its version for If-Match."""

    id: str
    number: str
    programme: str
    programme_name: TwoTexts
    rules_version: int
    person: str
    beneficiary: str
    for_self: bool
    state: ApplicationState
    stated: StatedShape
    applicant_name: str
    amount_minor: int
    answers: AnswersShape
    created_at: datetime
    saved_at: datetime | None
    received_at: datetime | None
    decide_by: date | None
    deadline: date | None
    question: str
    reason: str
    decided_at: datetime | None
    reconsideration_at: datetime | None
    grants: tuple[str, ...]
    v: int
    currency: str = CURRENCY

    @classmethod
    def made(cls, known: Application, name: Words) -> Self:
        declared = cls.model_fields.keys() - {"programme_name", "stated", "answers", "currency"}
        return cls(
            programme_name=TwoTexts.of(name),
            stated=StatedShape.of(known.stated),
            answers=AnswersShape.of(known.answers),
            **{field: getattr(known, field) for field in declared},
        )


class ApplicationsShape(Shape):
    items: tuple[ApplicationShape, ...]
    next: str | None = None


class ApplicationsQuery(PageQuery):
    """`person` is for assistants: whose applications."""

    person: Id | None = None


class HistoryLine(Shape):
    """A line of the history. `by` is a name, or `system`."""

    at: datetime
    by: str
    what: str
    text: str
    private: bool

    @classmethod
    def made(cls, event: Event) -> Self:
        by = event.by_name or event.by
        return cls(at=event.happened_at, by=by, what=event.what, text=event.text, private=event.private)


class JudgedShape(Shape):
    """How a condition stood at a decision; `holds` is the clerk's verdict where a person judges."""

    code: str
    verdict: eligibility.Verdict
    value: str
    holds: bool | None


class DecisionFigures(Shape):
    """What a decision stood on at its moment. Amounts in haléře, age in completed years."""

    rules_version: int
    amount_minor: int
    age: int
    free_before_minor: int
    free_after_minor: int
    conditions: tuple[JudgedShape, ...]
    documents: tuple[str, ...]


class TownHistoryLine(HistoryLine):
    """The same for the town: a decision comes with the figures that it stood on."""

    figures: DecisionFigures | None

    @classmethod
    def made(cls, event: Event) -> Self:
        line = HistoryLine.made(event)
        figures = DecisionFigures.of(event.figures) if event.figures else None
        return cls(**{field: getattr(line, field) for field in HistoryLine.model_fields}, figures=figures)


class ApplicationDetail(Shape):
    """An application with everything its page shows."""

    application: ApplicationShape
    rules: RulesShape
    conditions: tuple[ConditionShape, ...]
    documents: tuple[DocumentShape, ...]
    history: tuple[HistoryLine, ...]
    may_submit: bool


class TextShape(Shape):
    text: Explanation


class NewDocument(Shape):
    name: FileName
    media_type: MediaType
    bytes: Annotated[int, Field(ge=1, le=DOCUMENT_BYTES_MAX)]


class UploadShape(Shape):
    """Where to POST the file as a form: these fields first, the file last as `file`."""

    document: DocumentShape
    url: str
    fields: dict[str, str]


class DocumentLink(Shape):
    """A short-lived address to download at."""

    url: str


# Review


class QueueQuery(PageQuery):
    view: View = "to_decide"
    programme: Id | None = None
    state: ApplicationState | None = None
    number: Number | None = None


class ApplicationRow(Shape):
    id: str
    number: str
    programme: str
    name: str
    age: int
    applicant: str
    for_self: bool
    amount_minor: int
    state: ApplicationState
    checks: str
    assigned_to: str
    assigned_name: str
    received_at: datetime
    decide_by: date | None
    deadline: date | None

    @classmethod
    def made(cls, row: QueueRow) -> Self:
        return cls.of(row)


class ApplicationQueue(Shape):
    """A page of the queue; `count` and `total_minor` are of the whole view, null where it is not counted."""

    items: tuple[ApplicationRow, ...]
    next: str | None = None
    count: int | None = None
    total_minor: int | None = None
    currency: str = CURRENCY


class CountsShape(Shape):
    to_decide: int
    mine: int
    waiting_for_citizen: int
    overdue: int
    arrived: int


class CountsQuery(Shape):
    programme: Id | None = None


class DifferenceShape(Shape):
    field: Literal["name", "birth_date", "address"]
    stated: str
    registry: str
    differs: bool


class AwardShape(Shape):
    """One account of an award: what it was given in all, what of it can still be spent."""

    id: str
    part: int
    parts: int
    mode: Mode
    total_minor: int
    spendable_minor: int
    state: GrantState


class NewTopUp(Shape):
    """A sum to be added to one grant of an approved application."""

    grant: Id
    amount_minor: AmountMinor
    reason: Explanation


class TopUpShape(Shape):
    """What was added to an award."""

    application: str
    grant: str
    amount_minor: int
    replayed: bool
    currency: str = CURRENCY


class OpeningShape(Shape):
    """What a clerk judges by. `conflict` says that they may not decide this one; `undo_until`, until when a decline
    can be taken back.
    """

    application: ApplicationShape
    rules: RulesShape
    checks: str
    assigned_to: str
    assigned_name: str
    conditions: tuple[ConditionShape, ...]
    differences: tuple[DifferenceShape, ...]
    checked_at: datetime | None
    documents: tuple[DocumentToJudge, ...]
    history: tuple[TownHistoryLine, ...]
    awards: tuple[AwardShape, ...]
    free_minor: int
    conflict: bool
    undo_until: datetime | None
    currency: str = CURRENCY

    @classmethod
    def made(
        cls,
        opened: Opening,
        documents: tuple[DocumentToJudge, ...],
        history: tuple[TownHistoryLine, ...],
        awards: tuple[AwardShape, ...],
    ) -> Self:
        known = opened.application
        return cls(
            application=ApplicationShape.made(known, opened.rules.name),
            rules=RulesShape.of(opened.rules),
            checks=known.checks,
            assigned_to=known.assigned_to,
            assigned_name=known.assigned_name,
            conditions=tuple(ConditionShape.of(condition) for condition in opened.conditions),
            differences=tuple(DifferenceShape.of(difference) for difference in opened.differences),
            checked_at=opened.checked_at,
            documents=documents,
            history=history,
            awards=awards,
            free_minor=opened.free_minor,
            conflict=opened.conflict,
            undo_until=known.undo_until,
        )


class NewAssignment(Shape):
    """Whose the application is; null gives it back to everybody."""

    to: Id | None


class NewClarification(Shape):
    question: Explanation
    days: Annotated[int, Field(ge=1, le=90)]


ConditionCode = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


class DecisionShape(Shape):
    """Approve or decline. A decline gives its reason; `verdicts` say of the conditions that a person judges
    (`to_judge`) whether they hold: an approval needs a yes to each.
    """

    outcome: Literal["approve", "decline"]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), LINES] = ""
    verdicts: Annotated[dict[ConditionCode, bool], Field(max_length=20)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _reason_of_decline(self) -> Self:
        if self.outcome == "decline" and len(self.reason) < 3:
            raise wrong(
                "reason_missing",
                "Napište důvod, proč žádosti nevyhovujete.",
                "Write the reason for the decline.",
            )
        return self


class DecidedShape(ApplicationShape):
    """The application after a decision; `waiting` when it was approved but the money is used up."""

    replayed: bool = False


class BulkDecision(DecisionShape):
    ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=BULK_MAX)]


class BulkRowShape(Shape):
    """How one of them ended: its new state, or the code and text of the refusal."""

    id: str
    state: str
    code: str
    detail: str

    @classmethod
    def made(cls, row: BulkRow, language: str) -> Self:
        refusal = row.refusal
        return cls(
            id=row.id,
            state=row.state,
            code=refusal.code() if refusal else "",
            detail=refusal.text(language) if refusal else "",
        )


class BulkShape(Shape):
    items: tuple[BulkRowShape, ...]
