"""Doors to programmes, applications and their review."""

from collections.abc import Sequence
from typing import Any

from chalicelib.core.clock import today
from chalicelib.core.gate import (
    ADMIN,
    ANYONE,
    AUDITOR,
    AUTHORISING_OFFICER,
    BUDGET_OFFICER,
    CLERK,
    HOLDERS,
    PROGRAMME_OWNER,
    STAFF,
)
from chalicelib.core.http import Api, Call
from chalicelib.core.shapes import TwoTexts
from chalicelib.money.ledger import service as ledger
from chalicelib.money.programmes import service
from chalicelib.money.programmes.eligibility import Condition
from chalicelib.money.programmes.model import Application, BudgetChange, Programme, for_whom, may_carry_over
from chalicelib.money.programmes.reviewing import Decision
from chalicelib.money.programmes.shapes import (
    AnswersShape,
    ApplicationDetail,
    ApplicationQueue,
    ApplicationRow,
    ApplicationShape,
    ApplicationsQuery,
    ApplicationsShape,
    AwardShape,
    BudgetChangeShape,
    BulkDecision,
    BulkRowShape,
    BulkShape,
    CandidateShape,
    CandidatesQuery,
    CandidatesShape,
    ConditionShape,
    CountsQuery,
    CountsShape,
    DecidedShape,
    DecisionShape,
    DocumentLink,
    DocumentShape,
    DocumentToJudge,
    FoundSupport,
    FoundSupports,
    HistoryLine,
    NewApplication,
    NewAssignment,
    NewBudgetChange,
    NewCarryOver,
    NewClarification,
    NewDocument,
    NewPreCheck,
    NewPreview,
    NewSignature,
    NewSupportSearch,
    NewTopUp,
    OpeningShape,
    PreCheckShape,
    ProgrammeDetail,
    ProgrammeForStaff,
    ProgrammeShape,
    ProgrammesQuery,
    ProgrammesShape,
    QueueQuery,
    RulesPreview,
    RulesShape,
    SentenceShape,
    StepShape,
    TextShape,
    TopUpShape,
    TownHistoryLine,
    TriedShape,
    UnsignedBudget,
    UnsignedBudgets,
    UploadShape,
)
from chalicelib.money.programmes.trying import Checked, in_words, test_person
from chalicelib.town.people import service as people
from chalicelib.town.towns import service as towns

api = Api("programmes")

MANAGERS = (ADMIN, PROGRAMME_OWNER)
SIGNERS = (AUTHORISING_OFFICER, BUDGET_OFFICER)
REVIEWERS = (CLERK, PROGRAMME_OWNER)
SEES_APPLICATIONS = (*REVIEWERS, ADMIN, AUDITOR)


# Programmes in public


@api.get("/cities/{city}/programmes", allow=ANYONE)
def list_programmes(call: Call[None, ProgrammesQuery]) -> ProgrammesShape:
    """Programmes of the town. Staff see drafts and the archive too."""
    staff = call.who.holds(call.city, STAFF)
    known = service.programmes(call.city) if staff else service.public_programmes(call.city)
    shown = [programme for programme in known if _fits(programme, call.query)]
    budgets = ledger.budgets(call.city, [programme.id for programme in shown])
    return ProgrammesShape(items=tuple(ProgrammeShape.made(p, budgets.get(p.id)) for p in shown))


def _fits(programme: Programme, query: ProgrammesQuery) -> bool:
    return (
        query.state in (None, programme.state)
        and query.topic in (None, programme.rules.topic)
        and (query.for_whom is None or query.for_whom in for_whom(programme.rules, today()))
    )


@api.get("/cities/{city}/programmes/{id}", allow=ANYONE)
def get_programme(call: Call) -> ProgrammeDetail:
    """A published programme with its rules in words."""
    known = service.public_programme(call.city, call.id)
    return ProgrammeDetail.model_validate(_detail(call.city, known))


def _detail(city: str, known: Programme) -> dict[str, object]:
    owner = known.rules.owner
    names = people.names([owner]) if owner else {}
    shape = ProgrammeShape.made(known, ledger.budget(city, known.id), names.get(owner, ""))
    words = tuple(SentenceShape.of(sentence) for sentence in in_words(city, known.rules))
    return {field: getattr(shape, field) for field in ProgrammeShape.model_fields} | {"sentences": words}


@api.post("/cities/{city}/programmes/{id}/pre-checks", allow=ANYONE)
def pre_check(call: Call[NewPreCheck]) -> PreCheckShape:
    """Whether somebody may ask, by birth date and address. Nothing is stored."""
    checked = service.pre_check(call.city, call.id, call.body.birth_date, call.body.address_code)
    return PreCheckShape(
        programme=checked.programme.id, passes=checked.passes, conditions=_conditions(checked.conditions)
    )


@api.post("/cities/{city}/support-searches", allow=ANYONE)
def find_support(call: Call[NewSupportSearch]) -> FoundSupports:
    """Programmes that take applications now and how they stand for somebody, fitting ones first. Nothing is stored."""
    found = service.find_by_age(call.city, call.body.age, call.body.street)
    return FoundSupports(items=tuple(_found(call.city, checked) for checked in found))


def _found(city: str, checked: Checked) -> FoundSupport:
    shape = ProgrammeShape.made(checked.programme, ledger.budget(city, checked.programme.id))
    return FoundSupport(programme=shape, passes=checked.passes, conditions=_conditions(checked.conditions))


def _conditions(found: Sequence[Condition]) -> tuple[ConditionShape, ...]:
    return tuple(ConditionShape.of(condition) for condition in found)


# Programmes at the town hall


@api.post("/cities/{city}/programmes", allow=MANAGERS, status=201)
def create_programme(call: Call[RulesShape]) -> ProgrammeForStaff:
    """Make a draft; time limits that are left out are the town's settings. Its budget is empty until two people sign a sum."""
    return _for_staff(call.city, service.create(call.city, call.body.rules_in(towns.town(call.city)), call.who))


@api.get("/cities/{city}/programmes/{id}/rules", allow=STAFF)
def get_rules(call: Call) -> ProgrammeForStaff:
    """A programme as its editor sees it, drafts too, with its budget and signatures."""
    return _for_staff(call.city, service.programme(call.city, call.id))


@api.put("/cities/{city}/programmes/{id}/rules", allow=MANAGERS, edits=True)
def put_rules(call: Call[RulesShape]) -> ProgrammeForStaff:
    """Replace the rules; after publication that is a new version. Refusals: changed_meanwhile, rules_contradict."""
    return _for_staff(call.city, service.amend(call.city, call.id, call.version, call.body.rules()))


@api.post("/cities/{city}/programmes/{id}/steps", allow=MANAGERS, edits=True)
def take_step(call: Call[StepShape]) -> ProgrammeForStaff:
    """Publish, pause, resume or archive. Refusals: budget_unsigned, rules_contradict, programme_state_forbids."""
    return _for_staff(call.city, service.step(call.city, call.id, call.version, call.body.step))


@api.post("/cities/{city}/rule-previews", allow=STAFF)
def preview_rules(call: Call[NewPreview]) -> RulesPreview:
    """Rules, saved or not, as sentences, with what contradicts them and how test persons fare."""
    persons = tuple(
        test_person(p.label, p.birth_date, p.municipality_code, p.city_part_code) for p in call.body.persons
    )
    made = service.preview(call.city, call.body.rules.rules(), persons)
    return RulesPreview(
        sentences=tuple(SentenceShape.of(sentence) for sentence in made.sentences),
        contradictions=tuple(SentenceShape.of(contradiction) for contradiction in made.contradictions),
        faults=tuple(SentenceShape.of(fault) for fault in made.faults),
        tried=tuple(TriedShape.made(tried) for tried in made.tried),
    )


def _for_staff(city: str, known: Programme) -> ProgrammeForStaff:
    changes = service.budget_changes(city, known.id)
    names = people.names([person for change in changes for person in _signers(change)])
    budget = service.budget(city, known.id)
    return ProgrammeForStaff.model_validate(
        _detail(city, known)
        | {
            "created_at": known.created_at,
            "published_at": known.published_at,
            "budget_changes": tuple(BudgetChangeShape.made(change, names) for change in changes),
            "budget_year": budget.year,
            "rest_minor": budget.rest_minor,
            "may_carry_over": may_carry_over(budget, today()),
            "v": known.v,
        }
    )


@api.get("/cities/{city}/unsigned-budgets", allow=STAFF)
def list_unsigned_budgets(call: Call) -> UnsignedBudgets:
    """Sums that wait for the authorising or the budget officer."""
    found = service.unsigned_budgets(call.city)
    names = people.names([person for _, change in found for person in _signers(change)])
    return UnsignedBudgets(
        items=tuple(
            UnsignedBudget(programme=p.id, name=TwoTexts.of(p.name), change=BudgetChangeShape.made(change, names))
            for p, change in found
        )
    )


def _signers(change: BudgetChange) -> list[str]:
    signatures = (change.authorising_officer, change.budget_officer)
    return [change.proposed_by, *(signature.person for signature in signatures if signature)]


@api.post("/cities/{city}/programmes/{id}/budget-changes", allow=MANAGERS, status=201)
def propose_budget(call: Call[NewBudgetChange]) -> BudgetChangeShape:
    """Propose to raise or cut the budget. It moves nothing until the authorising and the budget officer sign it.

    Refusals: cut_too_deep, programme_state_forbids.
    """
    body = call.body
    made = service.propose_budget(call.city, call.id, body.amount_minor, body.reason, call.who, body.effect)
    return BudgetChangeShape.made(made, people.names([call.who.id]))


@api.post("/cities/{city}/programmes/{id}/carry-overs", allow=MANAGERS, status=201)
def propose_carry_over(call: Call[NewCarryOver]) -> BudgetChangeShape:
    """Propose that the next budget year bears what is not paid. Signed as any budget change.

    Refusals: nothing_to_carry_over.
    """
    made = service.propose_carry_over(call.city, call.id, call.body.reason, call.who)
    return BudgetChangeShape.made(made, people.names([call.who.id]))


@api.post("/cities/{city}/programmes/{id}/budget-changes/{line}/signatures", allow=SIGNERS, spends=True)
def sign_budget(call: Call[NewSignature]) -> BudgetChangeShape:
    """Sign a budget change; the second signature carries it out.

    Refusals: same_person_signs, already_signed, amount_differs, cut_too_deep, budget_year_closed.
    """
    body = call.body
    signed = service.sign_budget(call.city, call.id, call.path["line"], body.signs_as, body.amount_minor, call.who)
    return BudgetChangeShape.made(signed, people.names(_signers(signed)))


# Applications


@api.get("/cities/{city}/candidates", allow=HOLDERS)
def list_candidates(call: Call[None, CandidatesQuery]) -> CandidatesShape:
    """Who of the household can apply for what, and why not."""
    found = service.candidates(call.city, _whose(call, call.query.person), call.query.programme or "")
    return CandidatesShape(items=tuple(CandidateShape.made(one) for one in found))


def _whose(call: Call[None, Any], person: str | None) -> str:
    """One's own; an assistant names whom they look after. Raises NotFound for anybody else."""
    people.check_acts_for(call.city, call.who, person or call.who.id)
    return person or call.who.id


@api.get("/cities/{city}/applications", allow=HOLDERS)
def list_applications(call: Call[None, ApplicationsQuery]) -> ApplicationsShape:
    """One's own applications, for self and for children, newest first; an assistant names whose."""
    person = _whose(call, call.query.person)
    page = service.applications_of(call.city, person, call.query.limit, call.query.cursor)
    names = {programme.id: programme.name for programme in service.programmes(call.city)}
    return ApplicationsShape(
        items=tuple(ApplicationShape.made(known, names[known.programme]) for known in page.items), next=page.next
    )


@api.post("/cities/{city}/applications", allow=HOLDERS, status=201)
def start_application(call: Call[NewApplication]) -> ApplicationDetail:
    """Begin a draft for oneself or a child. Refusals: programme_not_open, not_your_child."""
    body = call.body
    return _own(call.city, service.start(call.city, body.programme, body.beneficiary, call.who, body.person or ""))


@api.get("/cities/{city}/applications/{id}", allow=HOLDERS)
def get_application(call: Call) -> ApplicationDetail:
    """An application with its conditions, documents and history."""
    return _own(call.city, service.mine(call.city, call.id, call.who))


@api.put("/cities/{city}/applications/{id}/draft", allow=HOLDERS, edits=True)
def save_draft(call: Call[AnswersShape]) -> ApplicationShape:
    """Keep what the wizard has so far. Refusals: changed_meanwhile, application_state_forbids."""
    return _shape(call.city, service.save_draft(call.city, call.id, call.version, call.body.answers(), call.who))


@api.delete("/cities/{city}/applications/{id}", allow=HOLDERS)
def discard_draft(call: Call) -> None:
    """Throw a draft away. Refusals: application_state_forbids."""
    service.discard(call.city, call.id, call.who)


@api.post("/cities/{city}/applications/{id}/submission", allow=HOLDERS)
def submit_application(call: Call) -> ApplicationDetail:
    """Send a draft; its time decides the order. Sending again is answered with what stands.

    Refusals: conditions_not_met, already_applied, document_not_arrived.
    """
    return _own(call.city, service.submitted(call.city, call.id, call.who))


@api.post("/cities/{city}/applications/{id}/withdrawal", allow=HOLDERS)
def withdraw_application(call: Call) -> ApplicationDetail:
    """Take an application back before it is decided."""
    return _own(call.city, service.withdraw(call.city, call.id, call.who))


@api.post("/cities/{city}/applications/{id}/answer", allow=HOLDERS)
def answer_clarification(call: Call[TextShape]) -> ApplicationDetail:
    """Answer the clerk's question."""
    return _own(call.city, service.answer(call.city, call.id, call.body.text, call.who))


@api.post("/cities/{city}/applications/{id}/reconsideration", allow=HOLDERS)
def ask_reconsideration(call: Call[TextShape]) -> ApplicationDetail:
    """Ask the town to look at a declined application again; once."""
    return _own(call.city, service.ask_reconsideration(call.city, call.id, call.body.text, call.who))


@api.post("/cities/{city}/applications/{id}/documents", allow=HOLDERS, status=201)
def add_document(call: Call[NewDocument]) -> UploadShape:
    """Announce a file and get the signed form to send it with. Refusals: too_many_documents."""
    body = call.body
    made, upload = service.add_document(call.city, call.id, body.name, body.media_type, body.bytes, call.who)
    return UploadShape(document=DocumentShape.of(made), url=upload.url, fields=dict(upload.fields))


@api.post("/cities/{city}/applications/{id}/documents/{line}/arrival", allow=HOLDERS)
def note_arrival(call: Call) -> DocumentShape:
    """The file was sent: look whether it arrived whole and is what it says. Refusals: document_not_arrived."""
    return DocumentShape.of(service.document_arrived(call.city, call.id, call.path["line"], call.who))


@api.delete("/cities/{city}/applications/{id}/documents/{line}", allow=HOLDERS)
def remove_document(call: Call) -> None:
    """Take a file back, while the application is a draft or returned."""
    service.remove_document(call.city, call.id, call.path["line"], call.who)


@api.get("/cities/{city}/applications/{id}/documents/{line}", allow=(*HOLDERS, *REVIEWERS))
def get_document(call: Call) -> DocumentLink:
    """A short-lived address of a file, as it arrived; a clerk's look is noted, and counts as the document opened.

    Refusals: document_not_arrived.
    """
    reviewer = call.who.id if call.who.holds(call.city, REVIEWERS) else ""
    if reviewer:
        known = service.application(call.city, call.id)
        people.note_access(call.city, call.who, "read", subject=known.person)
    else:
        known = service.mine(call.city, call.id, call.who)
    return DocumentLink(url=service.document_link(call.city, known, call.path["line"], reviewer))


def _shape(city: str, known: Application) -> ApplicationShape:
    return ApplicationShape.made(known, service.programme(city, known.programme).name)


def _own(city: str, seen: Application | service.Case) -> ApplicationDetail:
    case = service.told(city, seen if isinstance(seen, service.Case) else service.case_of(city, seen))
    known, found = case.application, case.conditions
    return ApplicationDetail(
        application=ApplicationShape.made(known, case.programme.name),
        rules=RulesShape.of(case.rules),
        conditions=_conditions(found),
        documents=tuple(DocumentShape.of(document) for document in case.documents),
        history=tuple(HistoryLine.made(event) for event in service.told_history(city, known)),
        may_submit=known.state == "draft" and not any(condition.verdict == "not_met" for condition in found),
    )


# Review


@api.get("/cities/{city}/application-queue", allow=SEES_APPLICATIONS)
def get_queue(call: Call[None, QueueQuery]) -> ApplicationQueue:
    """A view of the queue, oldest first; a number finds the one application that bears it."""
    query = call.query
    page = service.queue(
        call.city,
        query.view,
        call.who,
        programme=query.programme or "",
        state=query.state or "",
        number=query.number or "",
        limit=query.limit,
        cursor=query.cursor,
    )
    rows = tuple(ApplicationRow.made(row) for row in page.items)
    return ApplicationQueue(items=rows, next=page.next, count=page.count, total_minor=page.total_minor)


@api.get("/cities/{city}/application-queue/counts", allow=SEES_APPLICATIONS)
def get_counts(call: Call[None, CountsQuery]) -> CountsShape:
    """How many applications each view of open work has."""
    return CountsShape(**service.counts(call.city, call.who, call.query.programme or ""))


@api.get("/cities/{city}/applications/{id}/review", allow=SEES_APPLICATIONS)
def get_review(call: Call) -> OpeningShape:
    """What there is to judge: conditions with evidence, registry, documents, history. The look is noted."""
    return _opening(call)


@api.post("/cities/{city}/applications/{id}/assignment", allow=REVIEWERS)
def assign_application(call: Call[NewAssignment]) -> OpeningShape:
    """Give an application to a clerk, or back to everybody."""
    service.assign(call.city, call.id, call.body.to or "", call.who)
    return _opening(call)


@api.post("/cities/{city}/applications/{id}/notes", allow=REVIEWERS)
def add_note(call: Call[TextShape]) -> OpeningShape:
    """A note for colleagues."""
    service.add_note(call.city, call.id, call.body.text, call.who)
    return _opening(call)


@api.post("/cities/{city}/applications/{id}/clarification", allow=REVIEWERS)
def clarify_application(call: Call[NewClarification]) -> OpeningShape:
    """Ask the applicant for more, with a deadline. Refusals: conflict_of_interest, already_decided."""
    service.clarify(call.city, call.id, call.body.question, call.body.days, call.who)
    return _opening(call)


@api.post("/cities/{city}/applications/{id}/decision", allow=REVIEWERS, spends=True)
def decide(call: Call[DecisionShape]) -> DecidedShape:
    """Approve or decline. When the money is used up the application is `waiting`.

    Refusals: already_decided, conflict_of_interest, not_yet_verified, second_proof_needed, conditions_not_met,
    documents_not_opened, verdicts_missing, budget_exhausted, already_awarded, spending_over.
    """
    decision = Decision(call.body.outcome, call.body.reason, call.body.verdicts)
    decided = service.decide(call.city, call.id, decision, call.who, call.key)
    shape = ApplicationShape.made(decided.application, decided.programme.name)
    return DecidedShape(**{f: getattr(shape, f) for f in ApplicationShape.model_fields}, replayed=decided.replayed)


@api.post("/cities/{city}/applications/{id}/decision/undo", allow=REVIEWERS)
def undo_decline(call: Call) -> OpeningShape:
    """Take a decline back while its applicant is not told of it: for ten minutes.

    Refusals: decline_told, application_state_forbids, conflict_of_interest.
    """
    service.undo_decline(call.city, call.id, call.who)
    return _opening(call)


@api.post("/cities/{city}/application-decisions", allow=REVIEWERS, spends=True)
def decide_many(call: Call[BulkDecision]) -> BulkShape:
    """Decide up to a hundred, each for itself, with a result for each."""
    decision = Decision(call.body.outcome, call.body.reason, call.body.verdicts)
    rows = service.decide_many(call.city, call.body.ids, decision, call.who, call.key)
    return BulkShape(items=tuple(BulkRowShape.made(row, call.language) for row in rows))


@api.post("/cities/{city}/applications/{id}/top-ups", allow=REVIEWERS, spends=True)
def top_up(call: Call[NewTopUp]) -> TopUpShape:
    """Add a sum to an award, under the programme's ceiling.

    Refusals: application_state_forbids, conflict_of_interest, top_up_too_high, budget_exhausted, budget_not_open,
    grant_closed.
    """
    body = call.body
    done = service.top_up(call.city, call.id, body.grant, body.amount_minor, body.reason, call.who, call.key)
    return TopUpShape(
        application=done.application.id, grant=body.grant, amount_minor=done.amount_minor, replayed=done.replayed
    )


def _opening(call: Call[object, object]) -> OpeningShape:
    opened = service.opening(call.city, call.id, call.who)
    known = opened.application
    return OpeningShape.made(
        opened,
        tuple(DocumentToJudge.made(document, call.who.id) for document in opened.documents),
        tuple(TownHistoryLine.made(event) for event in service.history(call.city, known, private=True)),
        tuple(AwardShape.of(grant) for grant in service.awarded(call.city, known)),
    )
