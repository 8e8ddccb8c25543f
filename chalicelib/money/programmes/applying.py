"""Applications on the applicant's side: draft, submission, documents, answers, withdrawal."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from secrets import randbelow

from chalicelib.core import uploads
from chalicelib.core.clock import Instant, day_of, now, today
from chalicelib.core.gate import Who
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import ChangedMeanwhile, DocumentNotArrived, NotFound, TryAgain
from chalicelib.core.table import Item, Page, Why, Write, transact, whole
from chalicelib.money.programmes import facts, funding, letters, store
from chalicelib.money.programmes.eligibility import Condition, Facts, checks, conditions, require
from chalicelib.money.programmes.leaves import leaf
from chalicelib.money.programmes.model import (
    DECLINE_UNDO,
    DOCUMENT_BYTES_MAX,
    DOCUMENTS_MAX,
    SYSTEM,
    WITHDRAWABLE,
    Answers,
    Application,
    ApplicationState,
    ApplicationStateForbids,
    ApplicationUnknown,
    Document,
    Event,
    Figures,
    NotYourChild,
    Programme,
    ProgrammeNotOpen,
    Rules,
    Stated,
    TooManyDocuments,
)
from chalicelib.town.identity import service as identity
from chalicelib.town.identity.model import Standing, as_told
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Child, Person

NUMBERS_A_YEAR = 1_000_000
NUMBER_TRIES_MAX = 10
EXPORTED_A_PAGE = 100
AWAITED = ("verification", "guardian", "residence")
"""Conditions whose proof may still come from the registry: until then an application is `verifying`."""


# Reading


def application(city: str, id: str) -> Application:
    """An application. Raises ApplicationUnknown."""
    known = store.application(city, id)
    if known is None:
        raise ApplicationUnknown
    return known


def mine(city: str, id: str, who: Who) -> Application:
    """The applicant's own application, or one of whom an assistant looks after. Raises ApplicationUnknown."""
    known = application(city, id)
    try:
        people.check_acts_for(city, who, known.person)
    except NotFound:
        raise ApplicationUnknown from None
    return known


def applications_of(city: str, person: str, limit: int, cursor: str | None) -> Page[Application]:
    """A person's applications as the person knows them, for self and for children, newest first."""
    at = now()
    return store.applications_of(city, person, limit, cursor).map(lambda known: known.as_told(at))


def history(city: str, application: Application, *, private: bool) -> list[Event]:
    """What happened, newest first; the town's private notes only where asked for."""
    return [event for event in store.history(city, application.id) if private or not event.private]


def told_history(city: str, application: Application) -> list[Event]:
    """What its applicant knows of it, newest first: no notes, and no decline before it is told or after it was undone."""
    shown: list[Event] = []
    undone, at = False, now()
    for event in store.history(city, application.id):
        if event.what == "decline_undone":
            undone = True
        elif event.what == "declined" and (undone or _is_untold(event, at)):
            undone = False
        elif not event.private:
            shown.append(event)
    return shown


def _is_untold(declined: Event, at: Instant) -> bool:
    return declined.by != SYSTEM and at < declined.happened_at + DECLINE_UNDO


def under_rules(city: str, application: Application) -> Programme:
    """The programme with the rules that the application is bound to."""
    programme = funding.programme(city, application.programme)
    if programme.rules.version == application.rules_version:
        return programme
    return replace(programme, rules=funding.rules(city, application.programme, application.rules_version))


@dataclass(frozen=True)
class Case:
    """An application with all that it is judged by, as one look saw it: the rules it is bound to, and what is known."""

    application: Application
    programme: Programme
    standing: Standing
    documents: tuple[Document, ...]
    facts: Facts

    @property
    def rules(self) -> Rules:
        return self.programme.rules

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """How they stand. Age and days count on the day of submission, and what was submitted was in time."""
        received_at = self.application.received_at
        if received_at is None:
            return conditions(self.programme, self.facts, today())
        found = conditions(self.programme, self.facts, day_of(received_at))
        return tuple(condition for condition in found if condition.code != "window")


def case_of(city: str, application: Application) -> Case:
    """An application as it stands now, under the rules that it is bound to."""
    return _case(
        city,
        application,
        under_rules(city, application),
        identity.standing(city, application.beneficiary),
        tuple(store.documents(city, application.id)),
    )


def _case(
    city: str, application: Application, programme: Programme, standing: Standing, documents: tuple[Document, ...]
) -> Case:
    arrived = sum(document.arrived_at is not None for document in documents)
    known = facts.of_application(city, application, programme.rules, standing, arrived)
    return Case(application, programme, standing, documents, known)


def told(city: str, case: Case) -> Case:
    """A case as its applicant may know it."""
    standing = as_told(case.standing)
    if standing is not case.standing:
        case = _case(city, case.application, case.programme, standing, case.documents)
    return replace(case, application=case.application.as_told(now()))


# Draft


def start(city: str, programme: str, beneficiary: str, by: Who, person: str = "") -> Application:
    """A draft for oneself or a child; an assistant names the person they act for. It is not submitted yet.

    Raises ProgrammeUnknown, ProgrammeNotOpen, NotYourChild.
    """
    applicant = _applicant(city, by, person)
    known = funding.public_programme(city, programme)
    if not known.takes_applications:
        raise ProgrammeNotOpen
    subject = _beneficiary(city, applicant, beneficiary)
    at = now()
    made = Application(
        id=new_id(),
        programme=programme,
        rules_version=known.rules.version,
        person=applicant.id,
        beneficiary=beneficiary,
        state="draft",
        stated=_stated(subject),
        applicant_name=applicant.name,
        amount_minor=known.rules.amount_minor,
        created_at=at,
        saved_at=at,
        made_by=by.id if applicant.id != by.id else "",
        decides=known.rules.decides,
    )
    transact([store.new_application(city, made)])
    return made


def _applicant(city: str, by: Who, person: str) -> Person:
    """The person who applies: the one signed in, or, at the desk, one whom the assistant looks after."""
    try:
        people.check_acts_for(city, by, person or by.id)
    except NotFound:
        raise NotYourChild from None
    return people.person(city, person or by.id)


def _beneficiary(city: str, applicant: Person, beneficiary: str) -> Person | Child:
    if not people.acts_for(applicant.id, beneficiary):
        raise NotYourChild
    if beneficiary == applicant.id:
        return applicant
    try:
        return people.my_child(city, applicant.id, beneficiary)
    except NotFound:
        raise NotYourChild from None


def _stated(subject: Person | Child) -> Stated:
    home = subject.residence
    return Stated(subject.given_names, subject.surname, subject.birth_date, home.text, home.address_code)


def save_draft(city: str, id: str, seen: int, answers: Answers, by: Who) -> Application:
    """Keep what the wizard has so far. Raises ChangedMeanwhile when it was saved from elsewhere meanwhile."""
    known = mine(city, id, by)
    _check_state(known, ("draft",))
    if known.v != seen:
        raise ChangedMeanwhile
    changed = replace(known, answers=answers, saved_at=now())
    transact([store.save_application(city, changed, known, _why_not(("draft",)))])
    return replace(changed, v=known.v + 1)


def discard(city: str, id: str, by: Who) -> None:
    """Throw a draft away, with its files."""
    known = mine(city, id, by)
    _check_state(known, ("draft",))
    files = store.documents(city, id)
    thrown = [store.remove_document(city, document) for document in files]
    transact([store.remove_draft(city, known, _why_not(("draft",))), *thrown])
    for document in files:
        uploads.delete(_file(city, document))


def _check_state(known: Application, allowed: Sequence[ApplicationState]) -> None:
    """Raises ApplicationStateForbids, which says of the state only what the applicant may know."""
    if known.state not in allowed:
        raise ApplicationStateForbids(known.as_told(now()).state)


def _why_not(allowed: Sequence[ApplicationState]) -> Why:
    """What a failed condition on an application means: another state, or just another version."""

    def why(old: Item | None) -> Exception:
        state = getattr(old, "state", "")
        return ChangedMeanwhile() if state in allowed else ApplicationStateForbids(state)

    return why


# Submission


def submit(city: str, id: str, by: Who) -> Application:
    """Send a draft: see `submitted`."""
    return submitted(city, id, by).application


def submitted(city: str, id: str, by: Who) -> Case:
    """Send a draft. Its time decides the order; sending again is answered with what stands.

    It goes to `verifying` while the registry has something to say, else to `submitted`. Where the order of receipt
    decides, it only arrives: the allocator does the rest. Raises ConditionsNotMet with every reason, AlreadyApplied,
    ApplicationStateForbids, DocumentNotArrived.
    """
    known = mine(city, id, by)
    if known.received_at is not None:
        return case_of(city, known)
    _check_state(known, ("draft",))
    programme = funding.programme(city, known.programme)
    documents = _checked_documents(city, known)
    subject = _beneficiary(city, people.person(city, known.person), known.beneficiary)
    known = replace(known, stated=_stated(subject), decides=programme.rules.decides)
    case = _case(city, known, programme, identity.standing(city, known.beneficiary), documents)
    require(told(city, case).conditions)  # what a refusal says is what the applicant may know
    found = case.conditions
    waits_for_registry = awaits(found) and known.decides == "clerk"
    sent = replace(
        known,
        rules_version=programme.rules.version,
        amount_minor=programme.rules.amount_minor,
        state="verifying" if waits_for_registry else "submitted",
        subject_ref=case.standing.subject_ref,
        checks=checks(found),
    )
    return replace(case, application=_send(city, sent, known, programme.rules, by))


def _checked_documents(city: str, known: Application) -> tuple[Document, ...]:
    """The documents; each must have arrived."""
    documents = tuple(store.documents(city, known.id))
    if any(document.arrived_at is None for document in documents):
        raise DocumentNotArrived
    return documents


def awaits(found: Sequence[Condition]) -> bool:
    """Whether the registry (or a clerk with a document) still has to answer."""
    return any(condition.verdict == "pending" and condition.code in AWAITED for condition in found)


def _send(city: str, sent: Application, seen: Application, rules: Rules, by: Who) -> Application:
    """Commit a submission. The time of receipt is that of the attempt which succeeds, so that it is never far behind
    the moment from which others can see it."""
    last: list[Application] = []

    def writes() -> list[Write]:
        at = now()
        numbered = _received(sent, rules, at)
        last[:] = [numbered]
        return [
            store.save_application(city, numbered, seen, _why_not(("draft",))),
            *(store.claim_once(city, numbered, subject) for subject in facts.subjects(numbered)),
            store.claim_number(city, numbered),
            event_write(city, numbered, "submitted", by, at),
            *([] if numbered.has_arrived else [letters.submitted(city, numbered, rules)]),
        ]

    for _ in range(NUMBER_TRIES_MAX):
        try:
            transact(writes)
        except store.NumberTaken:
            continue
        except (ApplicationStateForbids, ChangedMeanwhile):
            return _sent_before(city, sent.id)
        [numbered] = last
        if numbered.state == "verifying":
            ask_registry(city, numbered)
        return replace(numbered, v=seen.v + 1)
    raise TryAgain


def _received(sent: Application, rules: Rules, at: Instant) -> Application:
    day = day_of(at)
    return replace(
        sent,
        number=f"{day.year}-{randbelow(NUMBERS_A_YEAR):06}",
        received_at=at,
        saved_at=at,
        decide_by=day + timedelta(days=rules.days_to_decide),
    )


def ask_registry(city: str, application: Application) -> None:
    """Have the applicant and the beneficiary verified: the guardian's link is asked about once both are known."""
    for subject in dict.fromkeys([application.person, application.beneficiary]):
        with suppress(ChangedMeanwhile, TryAgain):  # somebody asks at this moment, or the sweep will
            identity.ask(city, subject)


def _sent_before(city: str, id: str) -> Application:
    """A second press of the button, or our own lost answer: what stands is the answer."""
    known = application(city, id)
    if known.received_at is None:
        raise ChangedMeanwhile
    return known


def event_write(
    city: str,
    application: Application,
    what: str,
    by: Who | str,
    at: Instant,
    text: str = "",
    *,
    private: bool = False,
    figures: Figures | None = None,
) -> Write:
    """A line of the application's history, for the transaction that makes it true."""
    id = by if isinstance(by, str) else by.id
    name = "" if isinstance(by, str) else by.name or people.names([id]).get(id, "")
    return store.event_write(city, application.id, Event(at, id, what, text, name, private, figures))


# Afterwards


def withdraw(city: str, id: str, by: Who) -> Application:
    """Take an application back before its decision is told; the beneficiary may apply again. A decline that nobody was
    told of goes with it."""
    known = mine(city, id, by)
    if known.state == "withdrawn":
        return known
    at = now()
    _check_state(known.as_told(at), WITHDRAWABLE)
    allowed = WITHDRAWABLE if known.undo_until is None else ("declined",)
    changed = replace(known, state="withdrawn", reason="", decided_by="", decided_at=at, deadline=None)
    transact(
        [
            store.save_application(city, changed, known, _why_not(allowed)),
            *free_places(city, known),
            *letters.no_more_reminders(city, known),
            *([] if known.undo_until is None else undone_decline(city, known, SYSTEM, at, ChangedMeanwhile())),
            event_write(city, known, "withdrawn", by, at),
        ]
    )
    return replace(changed, v=known.v + 1)


def undone_decline(city: str, known: Application, by: Who | str, at: Instant, told: Exception) -> list[Write]:
    """A decline is as if it had not been, for the transaction that ends it; `told` is raised where its applicant knows."""
    return [
        letters.not_declined(city, known, lambda _old: told),
        event_write(city, known, "decline_undone", by, at, private=True),
        leaf(city, known, "decline_undone", by, known.reason),
    ]


def free_places(city: str, known: Application) -> list[Write]:
    """Give up the beneficiary's place in the programme."""
    return [store.free_once(city, known, subject) for subject in facts.subjects(known)]


def answer(city: str, id: str, text: str, by: Who) -> Application:
    """Answer a clerk's clarification: the application goes back to whoever asked."""
    known = mine(city, id, by)
    _check_state(known, ("returned",))
    _checked_documents(city, known)
    at = now()
    state: ApplicationState = "in_review" if known.assigned_to else "submitted"
    changed = replace(known, state=state, deadline=None, question="")
    transact(
        [
            store.save_application(city, changed, known, _why_not(("returned",))),
            *letters.no_more_reminders(city, known),
            event_write(city, known, "answered", by, at, text),
        ]
    )
    return replace(changed, v=known.v + 1)


def ask_reconsideration(city: str, id: str, text: str, by: Who) -> Application:
    """Ask the town to look again at a declined application: it returns to the queue, to another pair of eyes.

    It can be asked for once. Raises ApplicationStateForbids.
    """
    known = mine(city, id, by)
    if known.reconsideration_at is not None:
        raise ApplicationStateForbids(known.state)
    _check_state(known.as_told(now()), ("declined",))
    at = now()
    changed = replace(
        known,
        state="in_review" if known.decides == "arrival" else "submitted",
        reconsideration_at=at,
        assigned_to="",
        assigned_name="",
        decide_by=day_of(at) + timedelta(days=under_rules(city, known).rules.days_to_decide),
    )
    transact(
        [
            store.save_application(city, changed, known, _why_not(("declined",))),
            *(store.claim_once(city, known, subject) for subject in facts.subjects(known)),
            event_write(city, known, "reconsideration", by, at, text),
        ]
    )
    return replace(changed, v=known.v + 1)


# Documents: files go straight to S3 by a form that we sign


def add_document(city: str, id: str, name: str, media_type: str, size: int, by: Who) -> tuple[Document, uploads.Upload]:
    """A place for a file, and the signed form to send it with. Raises TooManyDocuments, ApplicationStateForbids."""
    known = mine(city, id, by)
    _check_state(known, ("draft", "returned"))
    if len(store.documents(city, id)) >= DOCUMENTS_MAX:
        raise TooManyDocuments
    made = Document(new_id(), id, name, media_type, size, now())
    transact([store.new_document(city, made)])
    return made, uploads.form(_file(city, made), media_type, DOCUMENT_BYTES_MAX)


def document_arrived(city: str, id: str, document: str, by: Who) -> Document:
    """Look at what arrived: whole, and of the type it says. From now on this version is the document.

    Raises DocumentNotArrived.
    """
    known = _document(city, mine(city, id, by), document)
    if known.arrived_at is not None:
        return known
    version = uploads.arrived(_file(city, known), DOCUMENT_BYTES_MAX)
    noted = replace(known, arrived_at=now(), version=version)
    transact([store.save_document(city, noted)])
    return noted


def remove_document(city: str, id: str, document: str, by: Who) -> None:
    owner = mine(city, id, by)
    _check_state(owner, ("draft", "returned"))
    known = _document(city, owner, document)
    transact([store.remove_document(city, known)])
    uploads.delete(_file(city, known))


def document_link(city: str, application: Application, document: str, reviewer: str = "") -> str:
    """A short-lived address to read a document at; that a reviewer opened it is noted. Raises DocumentNotArrived."""
    known = _document(city, application, document)
    if not known.version:
        raise DocumentNotArrived
    if reviewer and reviewer not in (known.opened_by or ()):
        transact([store.note_opened(city, known, reviewer)])
    return uploads.link(_file(city, known), known.version)


def sweep_files(city: str, cursor: str | None) -> str | None:
    """One step over a town's files: what never arrived, or came under a name after what arrived, goes for good."""

    def kept(names: Sequence[str]) -> dict[str, str]:
        pairs = [(application, id) for _city, _room, application, id in (name.split("/") for name in names)]
        return {_file(city, document): document.version for document in store.documents_among(city, pairs)}

    return uploads.sweep(f"{city}/applications/", kept, cursor)


def _file(city: str, document: Document) -> str:
    return f"{city}/applications/{document.application}/{document.id}"


def _document(city: str, application: Application, document: str) -> Document:
    known = store.document(city, application.id, document)
    if known is None:
        raise NotFound
    return known


def export(city: str, person: str) -> object:
    """What this room holds of a person, for the person."""
    from pydantic import TypeAdapter

    held = whole(lambda cursor: applications_of(city, person, EXPORTED_A_PAGE, cursor))
    return TypeAdapter(list[Application]).dump_python(list(held), mode="json")


people.adds_to_export("applications", export)
