"""Programmes and applications in the table. The only file that knows their keys and attributes."""

from collections.abc import Iterable, Iterator
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.clock import Instant, to_text
from chalicelib.core.ids import digest, new_id
from chalicelib.core.table import (
    GSI1,
    GSI2,
    DayAttribute,
    InstantAttribute,
    Item,
    Key,
    NounAttribute,
    Page,
    Query,
    Row,
    Why,
    Write,
    change,
    items_in,
    page_of_rows,
    put,
    put_new,
    read,
    read_many,
    remove,
    replace,
    rows_in,
)
from chalicelib.programmes.model import (
    AlreadyApplied,
    Answers,
    Application,
    BudgetChange,
    Document,
    Event,
    Programme,
    Rules,
    Signature,
    Stated,
)

PROGRAMMES_MAX = 300
HISTORY_SHOWN_MAX = 200
QUEUE_READ_MAX = 2000
"""Open work of a town that one view reads; beyond it the count says "at least"."""


# Keys


def programme_key(city: str, programme: str) -> Key:
    """AP-160: a programme with the rules that hold; its older rules and budget changes lie beside it."""
    return Key(f"{city}#PG#{programme}", "A")


def rules_key(city: str, programme: str, version: int) -> Key:
    """AP-161: a version of a programme's rules."""
    return Key(f"{city}#PG#{programme}", f"R#{version:04}")


def budget_change_key(city: str, programme: str, change: str) -> Key:
    """AP-162: a sum to be put into the budget, with its signatures."""
    return Key(f"{city}#PG#{programme}", f"B#{change}")


def programmes_query(city: str) -> Query:
    """AP-163 (GSI1): a town's programmes in order of making."""
    return Query(f"{city}#PG", index=GSI1)


def application_key(city: str, application: str) -> Key:
    """AP-164: an application; its history and documents lie beside it."""
    return Key(f"{city}#A#{application}", "A")


def event_key(city: str, application: str, at: Instant) -> Key:
    """AP-165: a line of an application's history."""
    return Key(f"{city}#A#{application}", f"H#{to_text(at)}#{new_id()}")


def document_key(city: str, application: str, document: str) -> Key:
    """AP-166: a document beside an application."""
    return Key(f"{city}#A#{application}", f"D#{document}")


def once_key(city: str, programme: str, subject: str) -> Key:
    """AP-167: the one living application of a subject in a programme."""
    return Key(f"{city}#AU#{digest(programme, subject)}", "U")


def number_key(city: str, number: str) -> Key:
    """AP-168: which application bears a number."""
    return Key(f"{city}#AN#{number}", "N")


def queue_partition(city: str, state: str, programme: str) -> str:
    """AP-169 (GSI1): applications of a state in order of submission; those that wait, by programme (AP-170)."""
    return f"{city}#Q#waiting#{programme}" if state == "waiting" else f"{city}#Q#{state}"


def of_person_query(city: str, person: str) -> Query:
    """AP-171 (GSI2): a person's applications, newest first."""
    return Query(f"{city}#P#{person}", begins="A#", index=GSI2, descending=True)


# Items


class ProgrammeItem(Item):
    KIND = "programme"
    id = UnicodeAttribute()
    state = UnicodeAttribute()
    rules = NounAttribute[Rules](Rules)
    created_at = InstantAttribute()
    created_by = UnicodeAttribute()
    published_at = InstantAttribute(null=True)


class RulesItem(Item):
    KIND = "programme_rules"
    rules = NounAttribute[Rules](Rules)


class BudgetChangeItem(Item):
    KIND = "budget_change"
    id = UnicodeAttribute()
    programme = UnicodeAttribute()
    amount_minor = NumberAttribute()
    reason = UnicodeAttribute()
    proposed_by = UnicodeAttribute()
    proposed_at = InstantAttribute()
    authorising_officer = NounAttribute[Signature | None](Signature | None, null=True)
    budget_officer = NounAttribute[Signature | None](Signature | None, null=True)


class ApplicationItem(Item):
    KIND = "application"
    id = UnicodeAttribute()
    programme = UnicodeAttribute()
    rules_version = NumberAttribute()
    person = UnicodeAttribute()
    beneficiary = UnicodeAttribute()
    state = UnicodeAttribute()
    stated = NounAttribute[Stated](Stated)
    applicant_name = UnicodeAttribute()
    amount_minor = NumberAttribute()
    created_at = InstantAttribute()
    answers = NounAttribute[Answers](Answers)
    number = UnicodeAttribute()
    subject_ref = UnicodeAttribute()
    saved_at = InstantAttribute(null=True)
    received_at = InstantAttribute(null=True)
    decide_by = DayAttribute(null=True)
    deadline = DayAttribute(null=True)
    assigned_to = UnicodeAttribute()
    assigned_name = UnicodeAttribute()
    decided_by = UnicodeAttribute()
    decided_at = InstantAttribute(null=True)
    reason = UnicodeAttribute()
    question = UnicodeAttribute()
    grants = NounAttribute[tuple[str, ...]](tuple[str, ...])
    made_by = UnicodeAttribute()
    checks = UnicodeAttribute()
    reconsideration_at = InstantAttribute(null=True)
    decision = UnicodeAttribute()


class EventItem(Item):
    KIND = "application_event"
    happened_at = InstantAttribute()
    by = UnicodeAttribute()
    by_name = UnicodeAttribute()
    what = UnicodeAttribute()
    text = UnicodeAttribute()
    private = BooleanAttribute()


class DocumentItem(Item):
    KIND = "application_document"
    id = UnicodeAttribute()
    application = UnicodeAttribute()
    name = UnicodeAttribute()
    media_type = UnicodeAttribute()
    bytes = NumberAttribute()
    added_at = InstantAttribute()
    arrived_at = InstantAttribute(null=True)


class OnceItem(Item):
    KIND = "application_once"
    application = UnicodeAttribute()


class NumberItem(Item):
    KIND = "application_number"
    application = UnicodeAttribute()


# Programmes


def _programme_item(city: str, noun: Programme) -> ProgrammeItem:
    card = {"name": noun.name.cs, "state": noun.state}
    sort = f"{to_text(noun.created_at)}#{noun.id}"
    return ProgrammeItem.of(noun, programme_key(city, noun.id), gsi1_pk=f"{city}#PG", gsi1_sk=sort, card=card)


def new_programme(city: str, noun: Programme) -> list[Write]:
    taken = _programme_item(city, noun)
    return [put_new(taken, lambda _old: ValueError("programme exists")), rules_write(city, noun)]


def rules_write(city: str, noun: Programme) -> Write:
    """Keep this version of the rules for those who applied under it."""
    return put(_rules_item(city, noun))


def _rules_item(city: str, noun: Programme) -> RulesItem:
    item = RulesItem.at(rules_key(city, noun.id, noun.rules.version))
    item.rules = noun.rules
    return item


def save_programme(city: str, noun: Programme) -> Write:
    """Write the programme over the version that was read."""
    return replace(_programme_item(city, noun), noun.v)


def programme(city: str, id: str) -> Programme | None:
    item = read(ProgrammeItem, programme_key(city, id))
    return item.noun(Programme) if item else None


def programmes(city: str) -> list[Programme]:
    keys = [row.key for row in rows_in(programmes_query(city), PROGRAMMES_MAX)]
    found = read_many(keys)
    return [found[key].noun(Programme) for key in keys if key in found]


def rules(city: str, programme: str, version: int) -> Rules | None:
    item = read(RulesItem, rules_key(city, programme, version))
    return item.rules if item else None


def rules_versions(city: str, programme: str) -> list[Rules]:
    """All versions, newest first."""
    query = Query(programme_key(city, programme).pk, begins="R#", descending=True)
    return [item.rules for item in items_in(query) if isinstance(item, RulesItem)]


def new_budget_change(city: str, noun: BudgetChange) -> Write:
    item = BudgetChangeItem.of(noun, budget_change_key(city, noun.programme, noun.id))
    return put_new(item, lambda _old: ValueError("budget change exists"))


def save_budget_change(city: str, noun: BudgetChange) -> Write:
    return replace(BudgetChangeItem.of(noun, budget_change_key(city, noun.programme, noun.id)), noun.v)


def budget_change(city: str, programme: str, id: str) -> BudgetChange | None:
    item = read(BudgetChangeItem, budget_change_key(city, programme, id))
    return item.noun(BudgetChange) if item else None


def budget_changes(city: str, programme: str) -> list[BudgetChange]:
    """A programme's budget changes, oldest first."""
    query = Query(programme_key(city, programme).pk, begins="B#")
    return [item.noun(BudgetChange) for item in items_in(query, consistent=True)]


# Applications


def _application_item(city: str, noun: Application) -> ApplicationItem:
    index: dict[str, Any] = {
        "gsi2_pk": f"{city}#P#{noun.person}",
        "gsi2_sk": f"A#{to_text(noun.created_at)}#{noun.id}",
        "card": card(noun),
    }
    if noun.received_at is not None:
        index["gsi1_pk"] = queue_partition(city, noun.state, noun.programme)
        index["gsi1_sk"] = f"{to_text(noun.received_at)}#{noun.id}"
    return ApplicationItem.of(noun, application_key(city, noun.id), **index)


def card(noun: Application) -> dict[str, Any]:
    """What a row of a queue shows."""
    return {
        "id": noun.id,
        "number": noun.number,
        "programme": noun.programme,
        "name": noun.stated.name,
        "birth_date": noun.stated.birth_date.isoformat(),
        "applicant": noun.applicant_name,
        "for_self": noun.for_self,
        "amount_minor": noun.amount_minor,
        "state": noun.state,
        "checks": noun.checks,
        "assigned_to": noun.assigned_to,
        "assigned_name": noun.assigned_name,
        "received_at": to_text(noun.received_at) if noun.received_at else None,
        "decide_by": noun.decide_by.isoformat() if noun.decide_by else None,
        "deadline": noun.deadline.isoformat() if noun.deadline else None,
    }


def new_application(city: str, noun: Application) -> Write:
    return put_new(_application_item(city, noun), lambda _old: ValueError("application exists"))


def save_application(city: str, noun: Application, seen: Application, why: Why) -> Write:
    """Write the application over the one that was read: its version and its state must still be those."""
    state_as_seen = ApplicationItem.state == seen.state
    return replace(_application_item(city, noun), seen.v, why, state_as_seen)


def remove_draft(city: str, noun: Application, why: Why) -> Write:
    still_draft = (ApplicationItem.state == "draft") & (ApplicationItem.v == noun.v)
    return remove(ApplicationItem.at(application_key(city, noun.id)), still_draft, why)


def application(city: str, id: str) -> Application | None:
    item = read(ApplicationItem, application_key(city, id))
    return item.noun(Application) if item else None


def applications(city: str, ids: Iterable[str]) -> list[Application]:
    found = read_many([application_key(city, id) for id in ids])
    return [item.noun(Application) for item in found.values()]


def applications_of(city: str, person: str, limit: int, cursor: str | None) -> Page[Application]:
    page = page_of_rows(of_person_query(city, person), limit, cursor)
    found = read_many([row.key for row in page.items])
    return Page(tuple(found[row.key].noun(Application) for row in page.items if row.key in found), page.next)


def open_of_person(city: str, person: str) -> Iterator[Row]:
    """Rows of all applications of a person."""
    return rows_in(of_person_query(city, person))


def in_state(city: str, state: str, programme: str = "", limit: int | None = QUEUE_READ_MAX) -> Iterator[Row]:
    """Rows of a queue in order of submission."""
    return rows_in(Query(queue_partition(city, state, programme), index=GSI1), limit)


def page_in_state(city: str, state: str, programme: str, limit: int, cursor: str | None) -> Page[Row]:
    return page_of_rows(Query(queue_partition(city, state, programme), index=GSI1, descending=True), limit, cursor)


def claim_once(city: str, noun: Application, subject: str) -> Write:
    """The subject's one place in the programme: AlreadyApplied to anybody else's application."""
    item = OnceItem.at(once_key(city, noun.programme, subject))
    free_or_mine = OnceItem.pk.does_not_exist() | (OnceItem.application == noun.id)
    taken = [OnceItem.kind.set(OnceItem.KIND), OnceItem.application.set(noun.id)]
    return change(item, taken, free_or_mine, lambda _old: AlreadyApplied())


def free_once(city: str, noun: Application, subject: str) -> Write:
    """Give the place up: the subject may apply again."""
    item = OnceItem.at(once_key(city, noun.programme, subject))
    return remove(item, OnceItem.pk.does_not_exist() | (OnceItem.application == noun.id))


def who_claimed(city: str, programme: str, subject: str) -> str | None:
    """The application that holds the subject's place, if any."""
    item = read(OnceItem, once_key(city, programme, subject))
    return item.application if item else None


def who_claimed_many(city: str, places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The same for many (programme, subject) pairs; those that nobody claimed are left out."""
    keys = {place: once_key(city, *place) for place in places}
    found = read_many(list(keys.values()))
    items = {place: found.get(key) for place, key in keys.items()}
    return {place: item.application for place, item in items.items() if isinstance(item, OnceItem)}


class NumberTaken(Exception):
    """Another application bears this number: choose again."""


def claim_number(city: str, noun: Application) -> Write:
    item = NumberItem.at(number_key(city, noun.number))
    item.application = noun.id
    return put_new(item, lambda _old: NumberTaken())


def by_number(city: str, number: str) -> str | None:
    item = read(NumberItem, number_key(city, number))
    return item.application if item else None


def event_write(city: str, application: str, noun: Event) -> Write:
    return put(EventItem.of(noun, event_key(city, application, noun.happened_at)))


def history(city: str, application: str) -> list[Event]:
    """An application's history, newest first."""
    query = Query(application_key(city, application).pk, begins="H#", descending=True)
    return [item.noun(Event) for item in items_in(query, HISTORY_SHOWN_MAX, consistent=True)]


def new_document(city: str, noun: Document) -> Write:
    item = DocumentItem.of(noun, document_key(city, noun.application, noun.id))
    return put_new(item, lambda _old: ValueError("document exists"))


def save_document(city: str, noun: Document) -> Write:
    return put(DocumentItem.of(noun, document_key(city, noun.application, noun.id)))


def remove_document(city: str, noun: Document) -> Write:
    return remove(DocumentItem.at(document_key(city, noun.application, noun.id)), DocumentItem.pk.exists())


def document(city: str, application: str, id: str) -> Document | None:
    item = read(DocumentItem, document_key(city, application, id))
    return item.noun(Document) if item else None


def documents(city: str, application: str) -> list[Document]:
    query = Query(application_key(city, application).pk, begins="D#")
    return [item.noun(Document) for item in items_in(query, consistent=True)]
