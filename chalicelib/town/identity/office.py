"""What the town's Regina does here: it leases questions and answers them. And whose key it signs with."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib.core.clock import Instant, now
from chalicelib.core.gate import Who
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import ChangedMeanwhile, NotFound, TryAgain
from chalicelib.core.secrets import unbase64url
from chalicelib.core.settings import settings
from chalicelib.core.table import Write, transact
from chalicelib.town.identity import news, signature, store
from chalicelib.town.identity.model import (
    CLOCK_SKEW,
    LEASE_LIFE,
    TOKEN_LIFE_MAX,
    AlreadyAnswered,
    Answer,
    Job,
    KeyInvalid,
    TownKey,
    Verification,
    answered,
    as_duplicate,
    check_answer,
    is_child,
    link_answered,
    named,
    reason_of,
    retry_at,
    waits_for_a_name,
)
from chalicelib.town.identity.signature import Signed
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Child, Person
from chalicelib.town.towns import service as towns

ATTEMPTS = 4
CONTACT_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class PersonQuestion:
    """Who is this? As the person typed it; the code of the address was chosen from the town's list."""

    given_names: str
    surname: str
    birth_date: date
    birth_place: str
    address_text: str
    address_code: str


@dataclass(frozen=True)
class GuardianQuestion:
    """Is this person responsible for that child?"""

    guardian_subject_ref: str
    child_subject_ref: str


@dataclass(frozen=True)
class Lease:
    """A question lent out until `lease_until`."""

    job: Job
    question: PersonQuestion | GuardianQuestion


# The signature


def admit(city: str, method: str, path: str, body: bytes, authorization: str) -> None:
    """Let a call of the town's Regina in, once. Raises SignatureRefused, RequestReplayed."""
    at = now()
    call = Signed(city, settings().origin, method, path, body, authorization)
    nonce = signature.nonce_of(call, lambda key: _key(city, key), at)
    store.note_nonce(city, nonce, at + TOKEN_LIFE_MAX + CLOCK_SKEW)


def _key(city: str, key: str) -> str | None:
    known = store.town_public_key(city, key)
    return known.public_key if known and known.withdrawn_at is None else None


def register_key(city: str, public_key: str, label: str, by: Who) -> TownKey:
    """Register a key of the town's Regina. Raises KeyInvalid, KeyRegistered."""
    if not signature.is_public_key(public_key):
        raise KeyInvalid
    made = TownKey(signature.key_id(unbase64url(public_key)), public_key, label, by.id, now())
    store.save_town_key(city, made)
    return made


def withdraw_key(city: str, key: str) -> None:
    """From now on nothing signed with this key is let in. Raises NotFound."""
    store.withdraw_town_key(city, key, now())


def keys(city: str) -> list[TownKey]:
    """Every key the town has or had."""
    return store.town_keys(city)


def last_contact(city: str) -> Instant | None:
    """When the town's Regina last came for questions."""
    return store.last_contact(city)


# Leasing


def lease(city: str, most: int) -> list[Lease]:
    """Lend out up to `most` questions that are due. Each carries the data as they are now."""
    at = now()
    _note_contact(city, at)
    lent: list[Lease] = []
    for job in store.due(city, at):
        if len(lent) == most:
            break
        if made := _lend(city, job, at):
            lent.append(made)
    return lent


def _note_contact(city: str, at: Instant) -> None:
    last = store.last_contact(city)
    if last is None or at - last >= CONTACT_NOTED_EVERY:
        store.note_contact(city, at)


def _lend(city: str, job: Job, at: Instant) -> Lease | None:
    """The question under a lease; None where another run was faster or nobody needs an answer."""
    prepared = _link_question(city, job) if job.link else _person_question(city, job)
    if prepared is None:
        _drop(city, job, at)
        return None
    question, fingerprint = prepared
    lease_id = new_id()
    try:
        store.lease(city, job, lease_id, fingerprint, at)
    except store.LeasedMeanwhile:
        return None
    leased = replace(job, lease_id=lease_id, leased_at=at, lease_until=at + LEASE_LIFE, fingerprint=fingerprint)
    return Lease(leased, question)


def _person_question(city: str, job: Job) -> tuple[PersonQuestion, str] | None:
    someone = subject_or_none(city, job.subject)
    if someone is None or (isinstance(someone, Child) and someone.removed_at is not None):
        return None
    question = PersonQuestion(
        someone.given_names,
        someone.surname,
        someone.birth_date,
        job.birth_place,
        someone.residence.text,
        someone.residence.address_code,
    )
    return question, someone.fingerprint


def _link_question(city: str, job: Job) -> tuple[GuardianQuestion, str] | None:
    link = store.link(city, job.subject)
    if link is None or link.job != job.id:
        return None
    known = store.verifications(city, [link.guardian, link.child])
    refs = [known[id].subject_ref if id in known else "" for id in (link.guardian, link.child)]
    if not all(refs):
        return None
    return GuardianQuestion(*refs), ""


def subject_or_none(city: str, subject: str) -> Person | Child | None:
    try:
        return people.subject(city, subject)
    except NotFound:
        return None


def _drop(city: str, job: Job, at: Instant) -> None:
    try:
        transact([store.drop_job(city, job.id, at)])
    except AlreadyAnswered:
        return  # answered in between: nothing to drop


# Answers


def answer(city: str, job_id: str, lease_id: str, said: Answer) -> None:
    """Take an answer: the question and what is known of the person, or of the link, change together, or nothing does.

    Raises NotFound, AlreadyAnswered, LeaseLapsed, AnswerIncomplete, AnswerOutOfTime.
    """
    job, at = store.job(city, job_id), now()
    if job is None:
        raise NotFound
    check_answer(said, job, at)
    record = _record_link if job.link else _record
    for _ in range(ATTEMPTS):
        try:
            record(city, job, lease_id, said, at)
            return
        except ChangedMeanwhile:
            continue  # what is known was written in between; the job's own condition guards the answer
    raise TryAgain


def _record(city: str, job: Job, lease_id: str, said: Answer, at: Instant) -> None:
    seen = store.verification(city, job.subject)
    if seen is None:
        raise NotFound
    if said.outcome == "unavailable":
        again = retry_at(job.tries, at)
        judged = replace(answered(seen, said, job.fingerprint, False, 0), next_check_at=again)
        transact([store.postpone_job(city, job.id, lease_id, again, at), _save(city, judged)])
        return
    close = store.close_job(city, job.id, lease_id, said.outcome, at)
    if seen.job != job.id:
        transact([close])  # other data are being asked about by now: this answer is of no use
        return
    town = towns.town(city)
    home = said.residence is not None and town.is_home(said.residence.municipality_code, said.residence.city_part_code)
    if waits_for_a_name(seen) and said.outcome != "deceased":
        judged = named(seen, said)
        _name(city, judged, close, said.subject_ref)
        return
    judged = answered(seen, said, job.fingerprint, home, town.verification_valid_days)
    someone = people.subject(city, job.subject)
    try:
        transact([close, *settle(city, seen, judged, said.subject_ref), *news.outcome(city, someone, judged, job.id)])
    except store.HeldByAnother as held:
        duplicate = as_duplicate(judged, said.subject_ref)
        told = news.outcome(city, someone, duplicate, job.id)
        transact([close, *settle(city, seen, duplicate, ""), *told, news.first_account(city, held.person, job.id)])


def _name(city: str, judged: Verification, close: Write, ref: str) -> None:
    """Whose reference another account holds stays without it: which of the two is theirs, a clerk has to say."""
    try:
        transact([close, *settle(city, judged, judged, ref)])
    except store.HeldByAnother:
        transact([close, _save(city, replace(judged, registry_ref=""))])


def settle(city: str, seen: Verification, judged: Verification, ref: str) -> list[Write]:
    """Writes of a judged verification, with the claim on its reference and the release of the one before."""
    writes = [_save(city, judged)]
    if ref:
        claim = store.claim_entry if is_child(judged.subject) else store.claim_account
        writes.append(claim(city, ref, judged.subject))
    for left in {seen.subject_ref, seen.registry_ref} - {"", judged.subject_ref, judged.registry_ref, ref}:
        release = store.release_entry if is_child(judged.subject) else store.release_account
        writes.append(release(city, left, judged.subject))
    return writes


def _save(city: str, known: Verification) -> Write:
    return store.save_verification(city, known, reason_of(known, towns.town(city).verification))


def _record_link(city: str, job: Job, lease_id: str, said: Answer, at: Instant) -> None:
    link = store.link(city, job.subject)
    if link is None:
        raise NotFound
    if said.outcome == "unavailable":
        transact([store.postpone_job(city, job.id, lease_id, retry_at(job.tries, at), at)])
        return
    close = store.close_job(city, job.id, lease_id, said.outcome, at)
    if link.job != job.id:
        transact([close])  # the link ended or was decided meanwhile
        return
    judged = link_answered(link, said.outcome, at)
    told = news.link(city, people.child(city, link.child), judged.state, job.id)
    transact([close, store.save_link(city, judged), *told])
