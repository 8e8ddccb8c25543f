"""Programmes and applications in the table. The only file that knows their keys and attributes."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from heapq import merge
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.core.clock import Instant, now, to_text
from chalicelib.core.ids import digest, new_id
from chalicelib.core.refusals import NotFound
from chalicelib.core.secrets import peppered
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
    changed_meanwhile,
    commit,
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
from chalicelib.money.programmes.model import (
    AlreadyApplied,
    Answers,
    Application,
    BudgetChange,
    Document,
    Event,
    Figures,
    HouseholdAwarded,
    Programme,
    Rules,
    Signature,
    Stated,
)

PROGRAMMES_MAX = 300
HISTORY_SHOWN_MAX = 200
QUEUE_READ_MAX = 2000
"""Open work of a town that one view reads; beyond it the count says "at least"."""
ARRIVED_BUCKETS = 16
"""Partitions of the index that the arrivals of a programme are spread over: each takes 1 000 writes a second."""
ALLOCATOR_LEASE = timedelta(seconds=60)
"""Far above what one batch takes (a transaction is retried for 8 s): only a dead allocator loses its lease."""


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


def bucket_of(application: str) -> int:
    """Which of the buckets an application falls into, by the hash of its id."""
    return int(digest(application), 16) % ARRIVED_BUCKETS


def arrived_partition(city: str, programme: str, bucket: int) -> str:
    """AP-172 (GSI1): a programme's applications that wait for the allocator, in order of receipt, by bucket."""
    return f"{city}#Q#{programme}#arrived#{bucket}"


def untold_partition(city: str, programme: str, bucket: int) -> str:
    """AP-173 (GSI1): a programme's awards whose news are still to be told, by bucket."""
    return f"{city}#Q#{programme}#untold#{bucket}"


def own_partitions(city: str, programme: str, states: Iterable[str]) -> list[str]:
    """Where a programme that is decided in order of receipt keeps what is in these states for a while."""
    kept = {"submitted": arrived_partition, "approved": untold_partition}
    return [kept[state](city, programme, n) for state in states if state in kept for n in range(ARRIVED_BUCKETS)]


def allocator_key(city: str, programme: str) -> Key:
    """AP-174: the lease of a programme's allocator."""
    return Key(f"{city}#AL#{programme}", "L")


def household_key(city: str, programme: str, address_code: str) -> Key:
    """AP-175: the one award of a household. The address stands in it as a keyed digest only."""
    return Key(f"{city}#AH#{peppered('household', f'{city}#{programme}#{address_code}')}", "U")


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
    effect = UnicodeAttribute(default="raise")
    from_year = NumberAttribute(default=0)
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
    decides = UnicodeAttribute(default="clerk")
    untold = BooleanAttribute(default=False)


class EventItem(Item):
    KIND = "application_event"
    happened_at = InstantAttribute()
    by = UnicodeAttribute()
    by_name = UnicodeAttribute()
    what = UnicodeAttribute()
    text = UnicodeAttribute()
    private = BooleanAttribute()
    figures = NounAttribute[Figures](Figures, null=True)


class DocumentItem(Item):
    KIND = "application_document"
    id = UnicodeAttribute()
    application = UnicodeAttribute()
    name = UnicodeAttribute()
    media_type = UnicodeAttribute()
    bytes = NumberAttribute()
    added_at = InstantAttribute()
    arrived_at = InstantAttribute(null=True)
    version = UnicodeAttribute(default="")
    opened_by = UnicodeSetAttribute(null=True)


class OnceItem(Item):
    """`until`: the application ended, and its place is held until its end can no longer be taken back."""

    KIND = "application_once"
    application = UnicodeAttribute()
    until = InstantAttribute(null=True)


class NumberItem(Item):
    KIND = "application_number"
    application = UnicodeAttribute()


class HouseholdItem(Item):
    KIND = "household_award"
    application = UnicodeAttribute()


class AllocatorItem(Item):
    """`lease` is who has it until `lease_until`; `due_at` the latest run that was asked for."""

    KIND = "allocator"
    lease = UnicodeAttribute(null=True)
    lease_until = InstantAttribute(null=True)
    due_at = InstantAttribute(null=True)


# Programmes


def _programme_item(city: str, noun: Programme) -> ProgrammeItem:
    card = {"name": noun.name.cs, "state": noun.state}
    sort = f"{to_text(noun.created_at)}#{noun.id}"
    return ProgrammeItem.of(noun, programme_key(city, noun.id), gsi1_pk=f"{city}#PG", gsi1_sk=sort, card=card)


def new_programme(city: str, noun: Programme) -> list[Write]:
    taken = _programme_item(city, noun)
    return [put_new(taken, changed_meanwhile), rules_write(city, noun)]


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
    return put_new(item, changed_meanwhile)


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
        index["gsi1_pk"] = _partition(city, noun)
        index["gsi1_sk"] = f"{to_text(noun.received_at)}#{noun.id}"
    return ApplicationItem.of(noun, application_key(city, noun.id), **index)


def _partition(city: str, noun: Application) -> str:
    if noun.has_arrived:
        return arrived_partition(city, noun.programme, bucket_of(noun.id))
    if noun.untold:
        return untold_partition(city, noun.programme, bucket_of(noun.id))
    return queue_partition(city, noun.state, noun.programme)


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
    return put_new(_application_item(city, noun), changed_meanwhile)


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


def applications(city: str, ids: Iterable[str], *, consistent: bool = False) -> list[Application]:
    found = read_many([application_key(city, id) for id in ids], consistent=consistent)
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


def page_of_partition(partition: str, limit: int, cursor: str | None) -> Page[Row]:
    """A page of a partition of applications, the latest first."""
    return page_of_rows(Query(partition, index=GSI1, descending=True), limit, cursor)


def awaiting(city: str, programme: str, until: Instant, *, waiting: bool) -> Iterator[Row]:
    """Rows of what arrived by an instant, from all buckets in order of receipt; `waiting`: those who wait for money too.

    An index lags behind the table, so a row may be of an application that is decided already.
    """
    partitions = [arrived_partition(city, programme, bucket) for bucket in range(ARRIVED_BUCKETS)]
    if waiting:
        partitions.append(queue_partition(city, "waiting", programme))
    upto = ("", f"{to_text(until)}#~")
    return merge(*(rows_in(Query(one, between=upto, index=GSI1)) for one in partitions), key=lambda row: row.sort)


def untold(city: str, programme: str, limit: int) -> list[Row]:
    """Rows of awards whose news are still to be told, at most `limit` of each bucket."""
    partitions = (untold_partition(city, programme, bucket) for bucket in range(ARRIVED_BUCKETS))
    return [row for one in partitions for row in rows_in(Query(one, index=GSI1), limit)]


def claim_once(city: str, noun: Application, subject: str) -> Write:
    """The subject's one place in the programme: AlreadyApplied to anybody else's application."""
    item = OnceItem.at(once_key(city, noun.programme, subject))
    free_or_mine = OnceItem.pk.does_not_exist() | (OnceItem.application == noun.id) | (OnceItem.until <= now())
    taken = [OnceItem.kind.set(OnceItem.KIND), OnceItem.application.set(noun.id), OnceItem.until.remove()]
    return change(item, taken, free_or_mine, lambda _old: AlreadyApplied())


def hold_once(city: str, noun: Application, subject: str, until: Instant) -> Write:
    """Give the place up at an instant: till then the subject may not apply again."""
    item = OnceItem.at(once_key(city, noun.programme, subject))
    held = [OnceItem.kind.set(OnceItem.KIND), OnceItem.application.set(noun.id), OnceItem.until.set(until)]
    return change(item, held, OnceItem.pk.does_not_exist() | (OnceItem.application == noun.id))


def free_once(city: str, noun: Application, subject: str) -> Write:
    """Give the place up: the subject may apply again."""
    item = OnceItem.at(once_key(city, noun.programme, subject))
    return remove(item, OnceItem.pk.does_not_exist() | (OnceItem.application == noun.id))


def _holder(item: OnceItem | None) -> str | None:
    until: Instant | None = item.until if item else None
    return item.application if item and not (until and until <= now()) else None


def who_claimed(
    city: str, places: Iterable[tuple[str, str]], *, consistent: bool = False
) -> dict[tuple[str, str], str]:
    """The applications that hold (programme, subject) places; those that nobody claimed are left out."""
    keys = {place: once_key(city, *place) for place in places}
    found = read_many(list(keys.values()), consistent=consistent)
    items = {place: found.get(key) for place, key in keys.items()}
    holders = {place: _holder(item) for place, item in items.items() if isinstance(item, OnceItem)}
    return {place: holder for place, holder in holders.items() if holder}


class NumberTaken(Exception):
    """Another application bears this number: choose again."""


def claim_number(city: str, noun: Application) -> Write:
    item = NumberItem.at(number_key(city, noun.number))
    item.application = noun.id
    return put_new(item, lambda _old: NumberTaken())


def by_number(city: str, number: str) -> str | None:
    item = read(NumberItem, number_key(city, number))
    return item.application if item else None


def claim_household(city: str, noun: Application, address_code: str) -> Write:
    """The household's one award in the programme: HouseholdAwarded to anybody else's application."""
    item = HouseholdItem.at(household_key(city, noun.programme, address_code))
    free_or_mine = HouseholdItem.pk.does_not_exist() | (HouseholdItem.application == noun.id)
    taken = [HouseholdItem.kind.set(HouseholdItem.KIND), HouseholdItem.application.set(noun.id)]
    return change(item, taken, free_or_mine, lambda _old: HouseholdAwarded())


def household_awards(city: str, programme: str, address_codes: Iterable[str]) -> dict[str, str]:
    """By address, the application by which its household has its award; addresses without one are left out."""
    keys = {code: household_key(city, programme, code) for code in address_codes}
    found = read_many(list(keys.values()))
    items = {code: found.get(key) for code, key in keys.items()}
    return {code: item.application for code, item in items.items() if isinstance(item, HouseholdItem)}


def event_write(city: str, application: str, noun: Event) -> Write:
    return put(EventItem.of(noun, event_key(city, application, noun.happened_at)))


def history(city: str, application: str) -> list[Event]:
    """An application's history, newest first."""
    query = Query(application_key(city, application).pk, begins="H#", descending=True)
    return [item.noun(Event) for item in items_in(query, HISTORY_SHOWN_MAX, consistent=True)]


def new_document(city: str, noun: Document) -> Write:
    item = DocumentItem.of(noun, document_key(city, noun.application, noun.id))
    return put_new(item, changed_meanwhile)


def save_document(city: str, noun: Document) -> Write:
    return put(DocumentItem.of(noun, document_key(city, noun.application, noun.id)))


def note_opened(city: str, noun: Document, reviewer: str) -> Write:
    """Add a reviewer to those who opened a document; once there, nothing changes."""
    item = DocumentItem.at(document_key(city, noun.application, noun.id))
    return change(item, [DocumentItem.opened_by.add({reviewer})], DocumentItem.pk.exists(), lambda _old: NotFound())


def remove_document(city: str, noun: Document) -> Write:
    return remove(DocumentItem.at(document_key(city, noun.application, noun.id)), DocumentItem.pk.exists())


def document(city: str, application: str, id: str) -> Document | None:
    item = read(DocumentItem, document_key(city, application, id))
    return item.noun(Document) if item else None


def documents_among(city: str, ids: Sequence[tuple[str, str]]) -> list[Document]:
    """The documents that exist among these pairs of an application and a document."""
    found = read_many([document_key(city, application, id) for application, id in ids], consistent=True)
    return [item.noun(Document) for item in found.values() if isinstance(item, DocumentItem)]


def documents(city: str, application: str) -> list[Document]:
    query = Query(application_key(city, application).pk, begins="D#")
    return [item.noun(Document) for item in items_in(query, consistent=True)]


# The allocator's lease


class AllocatorBusy(Exception):
    """Somebody else has the lease, until this instant unless they prolong it."""

    def __init__(self, until: Instant) -> None:
        self.until = until


class _TakenOver(Exception):
    """The lease is somebody else's by now."""


class _AskedFor(Exception):
    """A run at that time or later is asked for already."""


def want_allocator(city: str, programme: str, due_at: Instant) -> bool:
    """Ask for a run at an instant. False when one is asked for that will begin then or later: many wishes are one."""
    key = allocator_key(city, programme)
    seen = read(AllocatorItem, key)
    latest: Instant | None = seen.due_at if seen else None
    if latest is not None and latest >= due_at:
        return False
    later = AllocatorItem.due_at.does_not_exist() | (AllocatorItem.due_at < due_at)
    asked = [AllocatorItem.kind.set(AllocatorItem.KIND), AllocatorItem.due_at.set(due_at)]
    try:
        commit(change(AllocatorItem.at(key), asked, later, lambda _old: _AskedFor()))
    except _AskedFor:
        return False
    return True


def lease_allocator(city: str, programme: str, who: str, at: Instant) -> None:
    """Take the lease, or prolong one's own; one whose time ran out is free. Raises AllocatorBusy."""
    nobodys = AllocatorItem.lease_until.does_not_exist() | (AllocatorItem.lease_until < at)
    taken = [
        AllocatorItem.kind.set(AllocatorItem.KIND),
        AllocatorItem.lease.set(who),
        AllocatorItem.lease_until.set(at + ALLOCATOR_LEASE),
    ]
    item = AllocatorItem.at(allocator_key(city, programme))
    commit(change(item, taken, nobodys | (AllocatorItem.lease == who), lambda old: AllocatorBusy(old.lease_until)))


def leave_allocator(city: str, programme: str, who: str) -> None:
    """Give the lease back, unless somebody took it over."""
    item = AllocatorItem.at(allocator_key(city, programme))
    given = [AllocatorItem.lease.remove(), AllocatorItem.lease_until.remove()]
    with suppress(_TakenOver):
        commit(change(item, given, AllocatorItem.lease == who, lambda _old: _TakenOver()))
