"""Verification in the table. The only file that knows its keys and attributes.

What is known of a household lies in its partition: one query reads the verifications and links of a person and the
children.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.core.clock import Instant, from_text, to_text
from chalicelib.core.refusals import ChangedMeanwhile, NotFound
from chalicelib.core.table import (
    GSI1,
    DayAttribute,
    InstantAttribute,
    Item,
    Key,
    NounAttribute,
    Page,
    Query,
    Write,
    change,
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
from chalicelib.town.identity.model import (
    FOUND,
    LEASE_LIFE,
    AlreadyAnswered,
    Job,
    KeyRegistered,
    LeaseLapsed,
    LetterOrder,
    Link,
    QueueRow,
    RegistryName,
    RequestReplayed,
    Residence,
    SecondProof,
    TownKey,
    Verification,
    VerificationReason,
    head_of,
    link_waits_for_clerk,
)

KEYS_MAX = 20
HOUSEHOLD_MAX = 120
LEASE_LOOK_MAX = 60
OPEN_LINKS_MAX = 100


# Keys


def verification_key(city: str, subject: str) -> Key:
    """AP-50: what is known of a subject; those of a household lie together."""
    return Key(f"{city}#P#{head_of(subject)}", f"V#{subject}")


def link_key(city: str, child: str) -> Key:
    """AP-51: a guardian's link to a child, in the guardian's partition."""
    return Key(f"{city}#P#{head_of(child)}", f"L#{child}")


def job_key(city: str, job: str) -> Key:
    """AP-52: a question to the office."""
    return Key(f"{city}#J#{job}", "J")


def due_jobs(city: str) -> str:
    """AP-53 (GSI1): open questions by the time they are due; a leased one is due when its lease lapses."""
    return f"{city}#JQ"


def account_key(city: str, subject_ref: str) -> Key:
    """AP-54: the one account of a person; a key, because an index cannot be unique."""
    return Key(f"{city}#SUBJ#{subject_ref}", "A")


def entry_key(city: str, subject_ref: str, child: str) -> Key:
    """AP-55: a child as one guardian entered it; the entries of one child lie together."""
    return Key(f"{city}#SUBJ#{subject_ref}", f"C#{child}")


def queue_of(city: str) -> str:
    """AP-56 (GSI1): what waits for a clerk, oldest first."""
    return f"{city}#VQ"


def ending(city: str) -> str:
    """AP-57 (GSI1): verifications that hold, by the end of their time."""
    return f"{city}#VX"


def of_age(city: str) -> str:
    """AP-58 (GSI1): links by the day the child comes of age."""
    return f"{city}#LX"


def town_key_key(city: str, key: str) -> Key:
    """AP-59: a public key of the town's Regina."""
    return Key(f"{city}#REGINA", f"K#{key}")


def contact_key(city: str) -> Key:
    """AP-60: when the town's Regina was last heard of."""
    return Key(f"{city}#REGINA", "C")


def nonce_key(city: str, nonce: str) -> Key:
    """AP-61: a signed request that was seen. Ephemeral."""
    return Key(f"{city}#JTI#{nonce}", "J")


def letter_key(city: str, person: str) -> Key:
    """AP-62: a person's code by post."""
    return Key(f"{city}#P#{person}", "Z#letter")


def letters_to_print(city: str) -> str:
    """AP-63 (GSI1): ordered letters that nobody printed yet."""
    return f"{city}#LQ"


# Items


class VerificationItem(Item):
    KIND = "verification"
    subject = UnicodeAttribute()
    fingerprint = UnicodeAttribute()
    asked_at = InstantAttribute()
    outcome = UnicodeAttribute()
    subject_ref = UnicodeAttribute(default="")
    registry_ref = UnicodeAttribute(default="")
    checked_at = InstantAttribute(null=True)
    expires_at = InstantAttribute(null=True)
    request_id = UnicodeAttribute(default="")
    residence = NounAttribute[Residence](Residence, null=True)
    registry_name = NounAttribute[RegistryName](RegistryName, null=True)
    official_address = BooleanAttribute(default=False)
    differs = NounAttribute[tuple[str, ...]](tuple[str, ...])
    duplicate = BooleanAttribute(default=False)
    duplicate_of = UnicodeAttribute(default="")
    birth_place_tried = BooleanAttribute(default=False)
    asked_on = DayAttribute(null=True)
    asked_times = NumberAttribute(default=0)
    job = UnicodeAttribute(default="")
    next_check_at = InstantAttribute(null=True)
    by = UnicodeAttribute(default="")
    document = UnicodeAttribute(null=True)
    second_proof = NounAttribute[SecondProof](SecondProof, null=True)


class LinkItem(Item):
    KIND = "guardian_link"
    guardian = UnicodeAttribute()
    child = UnicodeAttribute()
    declared_at = InstantAttribute()
    of_age_on = DayAttribute()
    state = UnicodeAttribute()
    not_proved = BooleanAttribute(default=False)
    job = UnicodeAttribute(default="")
    decided_at = InstantAttribute(null=True)
    document = UnicodeAttribute(null=True)
    document_version = UnicodeAttribute(default="")
    by = UnicodeAttribute(default="")
    confirmed_by = UnicodeAttribute(default="")
    note = UnicodeAttribute(default="")


class JobItem(Item):
    KIND = "job"
    id = UnicodeAttribute()
    subject = UnicodeAttribute()
    asked_at = InstantAttribute()
    not_before = InstantAttribute()
    link = BooleanAttribute(default=False)
    birth_place = UnicodeAttribute(default="")
    fingerprint = UnicodeAttribute(default="")
    tries = NumberAttribute(default=0)
    lease_id = UnicodeAttribute(default="")
    leased_at = InstantAttribute(null=True)
    lease_until = InstantAttribute(null=True)
    outcome = UnicodeAttribute(default="")
    answered_at = InstantAttribute(null=True)


class AccountItem(Item):
    KIND = "subject_account"
    person = UnicodeAttribute()


class EntryItem(Item):
    KIND = "subject_entry"
    child = UnicodeAttribute()


class TownKeyItem(Item):
    KIND = "regina_key"
    id = UnicodeAttribute()
    public_key = UnicodeAttribute()
    label = UnicodeAttribute()
    registered_by = UnicodeAttribute()
    registered_at = InstantAttribute()
    withdrawn_at = InstantAttribute(null=True)


class ContactItem(Item):
    KIND = "regina_contact"
    at_time = InstantAttribute()


class NonceItem(Item):
    KIND = "regina_nonce"


class LetterItem(Item):
    KIND = "proof_letter"
    person = UnicodeAttribute()
    ordered_at = InstantAttribute()
    expires_at = InstantAttribute()
    printed_at = InstantAttribute(null=True)
    code_digest = UnicodeAttribute(default="")
    tries = NumberAttribute(default=0)


# Verifications and links


@dataclass(frozen=True)
class Household:
    """What is known of a person and their children."""

    verifications: dict[str, Verification]
    links: dict[str, Link]


def verification(city: str, subject: str) -> Verification | None:
    item = read(VerificationItem, verification_key(city, subject))
    return _verification(item) if item else None


def verifications(city: str, subjects: Sequence[str]) -> dict[str, Verification]:
    found = read_many([verification_key(city, subject) for subject in subjects], consistent=True)
    return {item.subject: _verification(item) for item in found.values() if isinstance(item, VerificationItem)}


def household(city: str, head: str) -> Household:
    """One consistent query for verifications and one for links."""
    pk = verification_key(city, head).pk
    known = items_in(Query(pk, begins="V#"), HOUSEHOLD_MAX, consistent=True)
    links = items_in(Query(pk, begins="L#"), HOUSEHOLD_MAX, consistent=True)
    return Household(
        {v.subject: v for v in (_verification(i) for i in known if isinstance(i, VerificationItem))},
        {link.child: link for link in (_link(i) for i in links if isinstance(i, LinkItem))},
    )


def refs_in_account(city: str, head: str) -> set[str]:
    """The registry's references of everybody in an account, by one consistent query."""
    items = items_in(Query(verification_key(city, head).pk, begins="V#"), HOUSEHOLD_MAX, consistent=True)
    known = [_verification(item) for item in items if isinstance(item, VerificationItem)]
    return {ref for one in known for ref in (one.subject_ref, one.registry_ref, one.duplicate_of) if ref}


def link(city: str, child: str) -> Link | None:
    item = read(LinkItem, link_key(city, child))
    return _link(item) if item else None


def links(city: str, children: Sequence[str]) -> dict[str, Link]:
    found = read_many([link_key(city, child) for child in children], consistent=True)
    return {item.child: _link(item) for item in found.values() if isinstance(item, LinkItem)}


def _verification(item: VerificationItem) -> Verification:
    return item.noun(Verification)


def _link(item: LinkItem) -> Link:
    return item.noun(Link)


def save_verification(city: str, known: Verification, reason: VerificationReason | None) -> Write:
    """Write what is known over the version that was seen (0: nothing yet). `reason` puts it into the clerk's queue."""
    item = VerificationItem.of(known, verification_key(city, known.subject))
    if reason:
        since = known.checked_at or known.asked_at
        item.gsi1_pk, item.gsi1_sk = queue_of(city), f"{to_text(since)}#{known.subject}"
        item.card = {"subject": known.subject, "reason": reason, "since": to_text(since)}
    elif known.outcome in FOUND and known.expires_at:
        item.gsi1_pk, item.gsi1_sk = ending(city), f"{to_text(known.expires_at)}#{known.subject}"
        item.card = {"subject": known.subject}
    return _over(item, known.v)


def save_link(city: str, link: Link) -> Write:
    """Write a link over the version that was seen (0: none yet)."""
    item = LinkItem.of(link, link_key(city, link.child))
    if link_waits_for_clerk(link):
        item.gsi1_pk, item.gsi1_sk = queue_of(city), f"{to_text(link.declared_at)}#{link.child}"
        item.card = {"subject": link.child, "reason": "guardian_document", "since": to_text(link.declared_at)}
    elif link.state != "ended":
        item.gsi1_pk, item.gsi1_sk = of_age(city), f"{link.of_age_on.isoformat()}#{link.child}"
        item.card = {"child": link.child}
    return _over(item, link.v)


def _over(item: Item, seen: int) -> Write:
    if seen:
        return replace(item, seen)
    item.v = 1
    return put_new(item, lambda _old: ChangedMeanwhile())


def queue(city: str, limit: int, cursor: str | None) -> Page[QueueRow]:
    page = page_of_rows(Query(queue_of(city), index=GSI1), limit, cursor)
    return page.map(lambda row: QueueRow(row.card["subject"], row.card["reason"], from_text(row.card["since"])))


def ended_by(city: str, at: Instant, limit: int) -> list[str]:
    """Subjects whose verification has come to its end."""
    query = Query(ending(city), between=("0", to_text(at)), index=GSI1)
    return [row.card["subject"] for row in rows_in(query, limit)]


def of_age_by(city: str, day: date, limit: int) -> list[str]:
    """Children with a link who are of age on this day."""
    query = Query(of_age(city), between=("0", f"{day.isoformat()}#~"), index=GSI1)
    return [row.card["child"] for row in rows_in(query, limit)]


# Jobs


def new_job(city: str, job: Job) -> Write:
    item = JobItem.of(job, job_key(city, job.id), gsi1_pk=due_jobs(city), gsi1_sk=_due(job.not_before, job.id))
    item.gsi2_pk, item.gsi2_sk = f"{city}#P#{head_of(job.subject)}", f"J#{job.id}"
    item.card, item.v = {"subject": job.subject}, 1
    return put_new(item, lambda _old: ChangedMeanwhile())


def _due(at: Instant, job: str) -> str:
    return f"{to_text(at)}#{job}"


def job(city: str, id: str) -> Job | None:
    item = read(JobItem, job_key(city, id))
    return item.noun(Job) if item else None


def due(city: str, at: Instant) -> Iterator[Job]:
    """Open questions that are due, oldest first; more than a lease takes, since others may be faster."""
    query = Query(due_jobs(city), between=("0", to_text(at) + "~"), index=GSI1)
    keys = [row.key for row in rows_in(query, LEASE_LOOK_MAX)]
    found = read_many(keys, consistent=True)
    for key in keys:
        item = found.get(key)
        open_job = item.noun(Job) if item else None
        if open_job and open_job.answered_at is None:
            yield open_job


class LeasedMeanwhile(Exception):
    """Another run was faster."""


def lease(city: str, job: Job, lease_id: str, fingerprint: str, at: Instant) -> None:
    """Lend the question out, if nobody holds it. Raises LeasedMeanwhile."""
    free = JobItem.lease_until.does_not_exist() | (JobItem.lease_until < at)
    until = at + LEASE_LIFE
    commit(
        change(
            JobItem.at(job_key(city, job.id)),
            [
                JobItem.lease_id.set(lease_id),
                JobItem.leased_at.set(at),
                JobItem.lease_until.set(until),
                JobItem.fingerprint.set(fingerprint),
                JobItem.tries.set(JobItem.tries + 1),
                JobItem.gsi1_sk.set(_due(until, job.id)),
            ],
            JobItem.answered_at.does_not_exist() & free & (JobItem.not_before <= at),
            lambda _old: LeasedMeanwhile(),
        )
    )


def close_job(city: str, job: str, lease_id: str, outcome: str, at: Instant) -> Write:
    """The answer to a question that is lent out under this lease. Raises AlreadyAnswered or LeaseLapsed."""
    return change(
        JobItem.at(job_key(city, job)),
        [
            JobItem.outcome.set(outcome),
            JobItem.answered_at.set(at),
            JobItem.birth_place.remove(),
            JobItem.lease_until.remove(),
            JobItem.gsi1_pk.remove(),
            JobItem.gsi1_sk.remove(),
        ],
        _held(lease_id, at),
        _why_not_held,
    )


def postpone_job(city: str, job: str, lease_id: str, not_before: Instant, at: Instant) -> Write:
    """The registry did not answer: the question stays open and is due again later."""
    return change(
        JobItem.at(job_key(city, job)),
        [
            JobItem.not_before.set(not_before),
            JobItem.gsi1_sk.set(_due(not_before, job)),
            JobItem.lease_id.set(""),
            JobItem.lease_until.remove(),
        ],
        _held(lease_id, at),
        _why_not_held,
    )


def drop_job(city: str, job: str, at: Instant) -> Write:
    """Nobody needs the answer any more."""
    return change(
        JobItem.at(job_key(city, job)),
        [
            JobItem.outcome.set("dropped"),
            JobItem.answered_at.set(at),
            JobItem.birth_place.remove(),
            JobItem.gsi1_pk.remove(),
            JobItem.gsi1_sk.remove(),
        ],
        JobItem.answered_at.does_not_exist(),
        lambda _old: AlreadyAnswered(),
    )


def _held(lease_id: str, at: Instant) -> Condition:
    not_answered_yet = JobItem.answered_at.does_not_exist()
    lent_to_this_run = JobItem.lease_id == lease_id
    lease_still_runs = JobItem.lease_until > at
    held: Condition = not_answered_yet & lent_to_this_run & lease_still_runs
    return held


def _why_not_held(old: JobItem | None) -> Exception:
    if old is None:
        return NotFound()
    return AlreadyAnswered() if old.noun(Job).answered_at else LeaseLapsed()


# Whose reference it is


class HeldByAnother(Exception):
    """The person has another account."""

    def __init__(self, person: str) -> None:
        self.person = person


def claim_account(city: str, subject_ref: str, person: str) -> Write:
    """The reference belongs to this account, unless another has it. Raises HeldByAnother."""

    def why(old: AccountItem | None) -> Exception:
        return HeldByAnother(old.person if old else "")

    return change(
        AccountItem.at(account_key(city, subject_ref)),
        [AccountItem.kind.set(AccountItem.KIND), AccountItem.person.set(person)],
        AccountItem.person.does_not_exist() | (AccountItem.person == person),
        why,
    )


def move_account(city: str, subject_ref: str, from_person: str, to_person: str) -> Write:
    """The reference goes over to the account that proved its identity."""
    item = AccountItem.at(account_key(city, subject_ref))
    return change(item, [AccountItem.person.set(to_person)], AccountItem.person == from_person)


def release_account(city: str, subject_ref: str, person: str) -> Write:
    """The account speaks of somebody else now."""
    item = AccountItem.at(account_key(city, subject_ref))
    return remove(item, AccountItem.person.does_not_exist() | (AccountItem.person == person))


def claim_entry(city: str, subject_ref: str, child: str) -> Write:
    """A child may be entered by several guardians."""
    key = entry_key(city, subject_ref, child)
    return put(EntryItem(pk=key.pk, sk=key.sk, kind=EntryItem.KIND, child=child))


def release_entry(city: str, subject_ref: str, child: str) -> Write:
    item = EntryItem.at(entry_key(city, subject_ref, child))
    return remove(item, EntryItem.child.does_not_exist() | (EntryItem.child == child))


def account_of(city: str, subject_ref: str) -> str | None:
    """The account of the person with this reference."""
    item = read(AccountItem, account_key(city, subject_ref))
    return item.person if item else None


def entries_of(city: str, subject_ref: str) -> list[str]:
    """Every entry of the child with this reference."""
    pk = entry_key(city, subject_ref, "").pk
    return [i.child for i in items_in(Query(pk, begins="C#"), HOUSEHOLD_MAX) if isinstance(i, EntryItem)]


# The town's Regina


def town_keys(city: str) -> list[TownKey]:
    found = items_in(Query(town_key_key(city, "").pk, begins="K#"), KEYS_MAX, consistent=True)
    return [item.noun(TownKey) for item in found]


def town_public_key(city: str, key: str) -> TownKey | None:
    item = read(TownKeyItem, town_key_key(city, key))
    return item.noun(TownKey) if item else None


def save_town_key(city: str, key: TownKey) -> None:
    """Raises KeyRegistered if the town has or had the key."""
    item = TownKeyItem.of(key, town_key_key(city, key.id))
    item.v = 1
    commit(put_new(item, lambda _old: KeyRegistered()))


def withdraw_town_key(city: str, key: str, at: Instant) -> None:
    item = TownKeyItem.at(town_key_key(city, key))
    commit(change(item, [TownKeyItem.withdrawn_at.set(at)], TownKeyItem.id == key, lambda _old: NotFound()))


def note_nonce(city: str, nonce: str, until: Instant) -> None:
    """Remember a signed request. Raises RequestReplayed if it was seen before."""
    key = nonce_key(city, nonce)
    item = NonceItem(pk=key.pk, sk=key.sk, kind=NonceItem.KIND, ttl=int(until.timestamp()) + 60)
    commit(put_new(item, lambda _old: RequestReplayed()))


def note_contact(city: str, at: Instant) -> None:
    key = contact_key(city)
    commit(put(ContactItem(pk=key.pk, sk=key.sk, kind=ContactItem.KIND, at_time=at)))


def last_contact(city: str) -> datetime | None:
    item = read(ContactItem, contact_key(city))
    return item.at_time if item else None


# Letters with codes


def letter(city: str, person: str) -> LetterOrder | None:
    item = read(LetterItem, letter_key(city, person))
    return item.noun(LetterOrder) if item else None


def save_letter(city: str, order: LetterOrder) -> Write:
    """Write an order over the version that was seen. An unprinted one stands in the list of letters to print."""
    item = LetterItem.of(order, letter_key(city, order.person))
    item.ttl = int(order.expires_at.timestamp())
    if order.printed_at is None:
        item.gsi1_pk, item.gsi1_sk = letters_to_print(city), f"{to_text(order.ordered_at)}#{order.person}"
        item.card = {"person": order.person, "ordered_at": to_text(order.ordered_at)}
    return _over(item, order.v)


def forget_letter(city: str, order: LetterOrder) -> Write:
    """The code was used. Of two who try at once, one uses it."""
    return remove(LetterItem.at(letter_key(city, order.person)), LetterItem.v == order.v)


def letters(city: str, limit: int, cursor: str | None) -> Page[tuple[str, Instant]]:
    page = page_of_rows(Query(letters_to_print(city), index=GSI1), limit, cursor)
    return page.map(lambda row: (row.card["person"], from_text(row.card["ordered_at"])))
