"""What people, clerks and other rooms do with verification. Other rooms need `standing`, `standings` and `ask`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from secrets import choice

from chalicelib.core import uploads
from chalicelib.core.clock import Instant, now, today
from chalicelib.core.gate import Who
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import ChangedMeanwhile, NotFound
from chalicelib.core.secrets import peppered
from chalicelib.core.table import Page, Write, commit, transact
from chalicelib.town.identity import news, office, store
from chalicelib.town.identity.deciding import acting_for as acting_for
from chalicelib.town.identity.deciding import check_impartial as check_impartial
from chalicelib.town.identity.deciding import check_signature as check_signature
from chalicelib.town.identity.deciding import is_among as is_among
from chalicelib.town.identity.deciding import is_partial as is_partial
from chalicelib.town.identity.deciding import is_proved as is_proved
from chalicelib.town.identity.deciding import look_for as look_for
from chalicelib.town.identity.model import (
    CODE_LENGTH,
    CODE_LIFE,
    CODE_TRIES_MAX,
    DOCUMENT_BYTES_MAX,
    FOUND,
    HAND,
    RECHECK_AFTER,
    AlreadyAnswered,
    AlreadyChecking,
    AlreadyProved,
    BirthPlaceNotNeeded,
    CodeDead,
    CodeWrong,
    Document,
    DocumentMissing,
    DocumentNotNeeded,
    Job,
    Letter,
    LetterImpossible,
    LetterOnTheWay,
    LetterOrder,
    Link,
    NothingToRecheck,
    NotVerified,
    Outcome,
    ProofWayOff,
    QueueRow,
    Residence,
    SecondProof,
    Standing,
    Verification,
    VerifiedByHandHere,
    VerifiedElsewhere,
    as_told,
    asked,
    check_letter_possible,
    expired,
    first_asked,
    head_of,
    is_child,
    is_hand_ref,
    letter_code_alive,
    link_decided,
    of_age_on,
    outcome_now,
    postponed_to,
    reason_of,
    typed_code,
    waits_for_a_name,
)
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Child, Person
from chalicelib.town.towns import service as towns
from chalicelib.town.towns.model import AddressUnknown, Town, VerificationTime, folded

SWEEP_MAX = 50
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DOCUMENT_TYPES = ("application/pdf", "image/jpeg", "image/png")


@dataclass(frozen=True)
class Member:
    """One of a household with everything that is known of them. `letter` is the order of a code by post."""

    someone: Person | Child
    standing: Standing
    verification: Verification | None
    link: Link | None
    letter: LetterOrder | None = None

    def as_told(self) -> "Member":
        """As the guardian may see it."""
        told = as_told(self.standing)
        return self if told is self.standing else replace(self, standing=told, verification=None)


@dataclass(frozen=True)
class HandDecision:
    """What a clerk read in a document. `home` is whether the residence in it is the town's.

    `birth_place` tells apart people of one name and birth date; only a digest of it is kept.
    """

    document: Document
    outcome: Outcome
    birth_place: str = ""
    address_code: str = ""


# What other rooms ask


def standing(city: str, subject: str) -> Standing:
    """What is known of a person or a child now. Raises NotFound for who does not exist."""
    return standings(city, [subject])[subject]


def standings(city: str, subjects: Sequence[str]) -> dict[str, Standing]:
    """The same for many, in a few reads a hundred. Those who do not exist raise NotFound."""
    everyone = list(dict.fromkeys([*subjects, *map(head_of, subjects)]))
    someones = people.subjects(city, everyone)
    known = store.verifications(city, everyone)
    links = store.links(city, [s for s in subjects if is_child(s)])
    if not all(subject in someones for subject in subjects):
        raise NotFound
    at = now()
    return {s: _standing(someones[s], known.get(s), known.get(head_of(s)), links.get(s), at) for s in subjects}


def _standing(
    someone: Person | Child, known: Verification | None, head: Verification | None, link: Link | None, at: Instant
) -> Standing:
    outcome = outcome_now(known, someone.fingerprint, at)
    child = isinstance(someone, Child)
    bare = Standing(
        someone.id,
        someone.birth_date,
        outcome,
        second_proof=head is not None and head.second_proof is not None,
        link=(link.state if link else "declared") if child else None,
    )
    if known is None or outcome == "pending":
        return bare
    return replace(
        bare,
        subject_ref=known.subject_ref,
        registry_ref=known.registry_ref,
        checked_at=known.checked_at,
        expires_at=known.expires_at,
        residence=known.residence,
        official_address=known.official_address,
        differs=known.differs,
        duplicate=known.duplicate,
    )


def ask(city: str, subject: str) -> None:
    """See to it that the subject's data, as they are now, are verified or being verified.

    Asking about data that are verified, or about which a question is open, changes nothing. Where the town verifies by
    hand, the subject comes into the clerk's queue. Raises NotFound.
    """
    someone = people.subject(city, subject)
    seen = store.verification(city, subject)
    if seen is None or not _is_in_hand(seen, someone.fingerprint, towns.town(city).verification):
        _ask(city, someone, seen)


def _is_in_hand(seen: Verification, fingerprint: str, how: VerificationTime) -> bool:
    """Whether these data are verified, or wait for Regina, for the person or for a clerk."""
    outcome = outcome_now(seen, fingerprint, now())
    if outcome == "pending" and seen.fingerprint == fingerprint:
        return bool(seen.job) or how == "by_hand"
    return outcome not in ("pending", "expired") or (outcome == "expired" and bool(seen.job))


def same_person(city: str, subject_ref: str) -> list[str]:
    """Every account and entry of the person with this reference: a child may be entered by several guardians."""
    account = store.account_of(city, subject_ref)
    return [*([account] if account else []), *store.entries_of(city, subject_ref)]


# Asking the office


def _ask(
    city: str,
    someone: Person | Child,
    seen: Verification | None,
    *,
    not_before: Instant | None = None,
    birth_place: str = "",
) -> Verification:
    """Put a question about the data as they are now; by hand, only the queue changes. Two at once put one.

    Questions over the day's limit wait until tomorrow.
    """
    town, at = towns.town(city), now()
    by_hand = town.verification == "by_hand"
    job_id = "" if by_hand else new_id()
    fresh = asked(seen or first_asked(someone.id, someone.fingerprint, at), someone.fingerprint, job_id, at)
    not_before = not_before or postponed_to(fresh, at)
    made = replace(fresh, next_check_at=not_before, birth_place_tried=bool(birth_place))
    writes = [store.save_verification(city, made, reason_of(made, town.verification))]
    if job_id:
        job = Job(job_id, someone.id, asked_at=made.asked_at, not_before=not_before or at, birth_place=birth_place)
        writes.append(store.new_job(city, job))
    transact(writes)
    if seen and seen.job:
        _drop_quietly(city, seen.job)
    return replace(made, v=made.v + 1)


def _drop_quietly(city: str, job: str) -> None:
    try:
        commit(store.drop_job(city, job, now()))
    except AlreadyAnswered:
        return  # it was answered in between, to no effect: the verification names another question by now


def check_again(city: str, subject: str) -> Verification:
    """Ask again because the person says so. Who just moved in is asked about in three days and keeps their place.

    Raises AlreadyChecking, NothingToRecheck, VerifiedByHandHere.
    """
    someone = people.subject(city, subject)
    if towns.town(city).verification == "by_hand":
        raise VerifiedByHandHere
    seen = store.verification(city, subject)
    if seen and seen.job and seen.fingerprint == someone.fingerprint:
        raise AlreadyChecking
    outcome = outcome_now(seen, someone.fingerprint, now())
    if outcome == "match":
        raise NothingToRecheck
    return _ask(city, someone, seen, not_before=now() + RECHECK_AFTER if outcome == "match_not_resident" else None)


def tell_birth_place(city: str, subject: str, birth_place: str) -> Verification:
    """Answer an `ambiguous`: the place of birth goes along with the next question and is forgotten with its answer.

    Raises BirthPlaceNotNeeded.
    """
    someone = people.subject(city, subject)
    seen = store.verification(city, subject)
    if seen is None or outcome_now(seen, someone.fingerprint, now()) != "ambiguous":
        raise BirthPlaceNotNeeded
    return _ask(city, someone, seen, birth_place=birth_place)


# The household


def household(city: str, head: str) -> list[Member]:
    """A person and the children in the account, each with what is known. Raises NotFound."""
    children = sorted(people.children_of(city, head), key=lambda child: child.added_at)
    everyone: list[Person | Child] = [people.person(city, head), *children]
    known, letter, at = store.household(city, head), store.letter(city, head), now()

    def member(someone: Person | Child) -> Member:
        seen, link = known.verifications.get(someone.id), known.links.get(someone.id)
        standing = _standing(someone, seen, known.verifications.get(head), link, at)
        return Member(someone, standing, seen, link, letter if someone.id == head else None)

    return [member(someone) for someone in everyone]


def member(city: str, subject: str) -> Member:
    """One of a household. Raises NotFound."""
    found = next((m for m in household(city, head_of(subject)) if m.someone.id == subject), None)
    if found is None:
        raise NotFound
    return found


# The clerk's work


def queue(city: str, limit: int, cursor: str | None) -> Page[QueueRow]:
    """What waits for a clerk, oldest first."""
    return store.queue(city, limit, cursor)


def verify_by_hand(city: str, subject: str, seen_v: int, decision: HandDecision, by: Who) -> Verification:
    """A clerk says who somebody is, from a document of which no copy is kept.

    An account that turns out to be the person's second takes over from the first, if the first never proved its
    identity. Raises ConflictOfInterest, ChangedMeanwhile, VerifiedElsewhere.
    """
    check_impartial(city, by.id, subject)
    someone = people.subject(city, subject)
    seen = store.verification(city, subject) or first_asked(subject, someone.fingerprint, now())
    if seen.v != seen_v:
        raise ChangedMeanwhile
    judged = _judged_by_hand(towns.town(city), someone, seen, decision, by)
    told = news.outcome(city, someone, judged, f"{subject}#{seen_v}")
    naming = _question_of_name(city, judged)
    asking = replace(judged, job=naming.id) if naming else judged
    more = [store.new_job(city, naming)] if naming else []
    try:
        transact([*office.settle(city, seen, asking, judged.subject_ref), *more, *told])
    except store.HeldByAnother as held:
        _take_over(city, seen, judged, held.person)
    if seen.job:
        _drop_quietly(city, seen.job)
    return replace(judged, v=judged.v + 1)


def _judged_by_hand(
    town: Town, someone: Person | Child, seen: Verification, decision: HandDecision, by: Who
) -> Verification:
    at = now()
    found = decision.outcome in FOUND
    ref = seen.duplicate_of or seen.subject_ref or _hand_ref(town.slug, someone, decision.birth_place)
    residence = None
    if decision.outcome == "match":
        residence = Residence(town.municipality_code, town.city_part_code, decision.address_code)
    return replace(
        seen,
        fingerprint=someone.fingerprint,
        outcome=decision.outcome,
        subject_ref=ref if found else "",
        checked_at=at,
        expires_at=at + timedelta(days=town.verification_valid_days) if found else None,
        request_id="",
        residence=residence,
        registry_name=None,
        official_address=False,
        differs=(),
        duplicate=False,
        duplicate_of="",
        job="",
        next_check_at=None,
        by=by.id,
        document=decision.document,
        second_proof=SecondProof("desk", at, by.id, decision.document) if found and not is_child(someone.id) else None,
    )


def _question_of_name(city: str, judged: Verification) -> Job | None:
    """Where the town has a Regina, it is asked what the registry calls whom a clerk named: charges go by that."""
    if not waits_for_a_name(judged) or all(key.withdrawn_at for key in store.town_keys(city)):
        return None
    return Job(new_id(), judged.subject, asked_at=judged.asked_at, not_before=now())


def _hand_ref(city: str, someone: Person | Child, birth_place: str) -> str:
    """A reference for whom no registry named: the same person at the counter gets the same one."""
    name = f"{folded(someone.given_names)}\0{folded(someone.surname)}"
    return HAND + peppered("subject", f"{city}\0{name}\0{someone.birth_date.isoformat()}\0{folded(birth_place)}")


def _take_over(city: str, seen: Verification, judged: Verification, holder: str) -> None:
    """The account of who stands at the counter with a document wins over one that only knew a name and a birth date."""
    other = store.verification(city, holder)
    if other is None or other.second_proof is not None:
        raise VerifiedElsewhere
    loser = replace(
        other,
        outcome="no_match",
        duplicate=True,
        duplicate_of=judged.subject_ref,
        subject_ref="",
        residence=None,
        expires_at=None,
    )
    transact(
        [
            store.save_verification(city, replace(judged, v=seen.v), reason_of(judged, towns.town(city).verification)),
            store.save_verification(city, replace(loser, registry_name=None), "duplicate"),
            store.move_account(city, judged.subject_ref, holder, judged.subject),
        ]
    )


# Guardians


def declare_link(city: str, child: Child) -> None:
    """A child stands in an account: the guardian's link is declared and waits for proof. Declaring twice is once."""
    if store.link(city, child.id) is not None:
        return
    nobody_to_ask = towns.town(city).verification == "by_hand"
    made = Link(child.guardian, child.id, child.added_at, of_age_on(child.birth_date), not_proved=nobody_to_ask)
    try:
        commit(store.save_link(city, made))
    except ChangedMeanwhile:
        return  # the same news came twice at once
    ask_about_link(city, child.id)


def ask_about_link(city: str, child: str) -> None:
    """Put the question about a guardian once both are verified. About whom a clerk verified, the registry cannot be asked:
    then a document is wanted."""
    link = store.link(city, child)
    if link is None or link.state != "declared" or link.job or link.not_proved:
        return
    known = store.verifications(city, [link.guardian, child])
    refs = [known[id].subject_ref for id in (link.guardian, child) if id in known and known[id].outcome in FOUND]
    if len(refs) < 2:
        return
    try:
        transact(_document_wanted(city, link) if any(map(is_hand_ref, refs)) else _link_asked(city, link))
    except ChangedMeanwhile:
        return  # the other half of the pair was verified at the same moment and has put it


def _document_wanted(city: str, link: Link) -> list[Write]:
    wanted = replace(link, not_proved=True)
    return [store.save_link(city, wanted), *news.link(city, people.child(city, link.child), "declared", link.child)]


def _link_asked(city: str, link: Link) -> list[Write]:
    job = Job(new_id(), link.child, asked_at=link.declared_at, not_before=now(), link=True)
    return [store.save_link(city, replace(link, job=job.id)), store.new_job(city, job)]


def end_link(city: str, child: str) -> None:
    """Nobody acts for the child through this account any more: it came of age, was taken out, or one of them died."""
    link = store.link(city, child)
    if link is None or link.state == "ended":
        return
    transact([store.save_link(city, replace(link, state="ended", job="", decided_at=now()))])
    if link.job:
        _drop_quietly(city, link.job)


def upload_for_link(city: str, guardian: str, child: str, content_type: str) -> uploads.Upload:
    """Where to send a scanned document about the link. Raises DocumentNotNeeded."""
    _link_that_wants_a_document(city, guardian, child)
    return uploads.form(_file(city, child), content_type, DOCUMENT_BYTES_MAX)


def document_of_link_arrived(city: str, guardian: str, child: str) -> None:
    """What was sent waits for a clerk from now on, in this version. Raises DocumentNotNeeded, DocumentNotArrived."""
    link = _link_that_wants_a_document(city, guardian, child)
    version = uploads.arrived(_file(city, child), DOCUMENT_BYTES_MAX)
    if version != link.document_version:
        commit(store.save_link(city, replace(link, document_version=version)))


def _link_that_wants_a_document(city: str, guardian: str, child: str) -> Link:
    people.my_child(city, guardian, child)
    link = store.link(city, child)
    if link is None or link.state != "declared" or link.by:
        raise DocumentNotNeeded
    return link


def document_of_link(city: str, child: str, by: Who) -> str:
    """A short-lived address of the document. Raises DocumentMissing."""
    check_impartial(city, by.id, child)
    link = store.link(city, child)
    if link is None or not link.document_version or link.state == "ended":
        raise DocumentMissing
    people.note_access(city, by, "read", subject=head_of(child))
    return uploads.link(_file(city, child), link.document_version)


def sweep_files(city: str, cursor: str | None) -> str | None:
    """One step over the guardians' files: what never arrived, was replaced, or belongs to an ended link goes for good."""

    def kept(names: Sequence[str]) -> dict[str, str]:
        links = store.links(city, [name.rpartition("/")[2] for name in names]).values()
        return {_file(city, link.child): link.document_version for link in links if link.state != "ended"}

    return uploads.sweep(_file(city, ""), kept, cursor)


def _file(city: str, child: str) -> str:
    return f"{city}/links/{child}"


def decide_link(city: str, child: str, seen_v: int, proved: bool, document: Document, note: str, by: Who) -> Link:
    """A clerk's decision on a guardian from a document; a proof holds when a second clerk confirms it.

    Raises ConflictOfInterest, SecondClerkNeeded, DocumentNotNeeded, ChangedMeanwhile.
    """
    check_impartial(city, by.id, child)
    link = store.link(city, child)
    if link is None:
        raise NotFound
    if link.v != seen_v:
        raise ChangedMeanwhile
    if link.state in ("ended", "proved_by_registry", "proved_by_document"):
        raise DocumentNotNeeded
    same_person = is_among(city, by.id, [link.by])
    decided = link_decided(link, proved, document, note, by.id, now(), same_person=same_person)
    told = (
        []
        if decided.state == "declared"
        else news.link(city, people.child(city, child), decided.state, f"{child}#{seen_v}")
    )
    transact([store.save_link(city, decided), *told])
    return replace(decided, v=link.v + 1)


# The second proof


def order_letter(city: str, person: str) -> LetterOrder:
    """Ask for a code by post, to where the registry says the person lives.

    Raises ProofWayOff, AlreadyProved, LetterImpossible, LetterOnTheWay.
    """
    if not towns.town(city).second_proof.by_post:
        raise ProofWayOff
    seen, current = store.verification(city, person), standing(city, person)
    if seen and seen.second_proof:
        raise AlreadyProved
    _letter_address(city, seen, current)
    before, at = store.letter(city, person), now()
    if before and letter_code_alive(before, at):
        raise LetterOnTheWay
    order = LetterOrder(person, at, at + CODE_LIFE, v=before.v if before else 0)
    commit(store.save_letter(city, order))
    return replace(order, v=order.v + 1)


def _letter_address(city: str, seen: Verification | None, current: Standing) -> str:
    try:
        return towns.address(city, check_letter_possible(seen, current)).text
    except AddressUnknown:
        raise LetterImpossible from None


def letters(city: str, limit: int, cursor: str | None) -> Page[tuple[str, Instant]]:
    """(person, ordered at) of the letters that wait to be printed."""
    return store.letters(city, limit, cursor)


def print_letter(city: str, person: str, by: Who) -> Letter:
    """Make the code and give what is to be printed. The code is shown once; only its digest is kept.

    Raises NotFound for an order that is not there or was printed, LetterImpossible when the person moved meanwhile,
    ConflictOfInterest for who would print a code of their own.
    """
    check_impartial(city, by.id, person)
    order = store.letter(city, person)
    if order is None or order.printed_at is not None or not letter_code_alive(order, now()):
        raise NotFound
    seen = store.verification(city, person)
    address = _letter_address(city, seen, standing(city, person))
    code = "".join(choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    printed = replace(order, printed_at=now(), code_digest=_code_digest(city, person, code))
    commit(store.save_letter(city, printed))
    people.note_access(city, by, "read", subject=person)
    name = people.person(city, person).name
    return Letter(person, name, address, f"{code[:4]}-{code[4:]}", order.expires_at)


def _code_digest(city: str, person: str, code: str) -> str:
    return peppered("letter", f"{city}\0{person}\0{code}")


def prove_by_code(city: str, person: str, text: str) -> Verification:
    """The code from the letter. Each try is counted before it is judged. Raises CodeWrong, CodeDead, NotVerified."""
    order, at = store.letter(city, person), now()
    if order is None or order.printed_at is None or not letter_code_alive(order, at):
        raise CodeDead
    counted = replace(order, tries=order.tries + 1)
    commit(store.save_letter(city, counted))
    counted = replace(counted, v=order.v + 1)
    if counted.code_digest != _code_digest(city, person, typed_code(text)):
        raise CodeWrong(tries_left=CODE_TRIES_MAX - counted.tries)
    return _prove(city, person, SecondProof("post", at), [store.forget_letter(city, counted)])


def prove_at_desk(city: str, person: str, document: Document, by: Who) -> Verification:
    """Somebody at the counter saw the person and a document. Raises ProofWayOff, ConflictOfInterest, NotVerified."""
    if not towns.town(city).second_proof.at_desk:
        raise ProofWayOff
    check_impartial(city, by.id, person)
    return _prove(city, person, SecondProof("desk", now(), by.id, document), [])


def _prove(city: str, person: str, proof: SecondProof, more: list[Write]) -> Verification:
    seen = store.verification(city, person)
    if seen is None or not standing(city, person).verified:
        raise NotVerified
    if seen.second_proof:
        raise AlreadyProved
    proved = replace(seen, second_proof=proof)
    transact([store.save_verification(city, proved, reason_of(proved, towns.town(city).verification)), *more])
    return replace(proved, v=seen.v + 1)


# What time and news bring


def follow(city: str, subject: str) -> None:
    """Somebody registered, a child was entered or taken out, or data changed: ask what has to be asked."""
    someone = office.subject_or_none(city, subject)
    if someone is None:
        return
    if isinstance(someone, Child):
        if someone.removed_at is not None:
            end_link(city, subject)
            _forget_question(city, subject)
            return
        declare_link(city, someone)
    seen = store.verification(city, subject)
    if seen is not None or towns.town(city).verification != "during_review":
        _ask_quietly(city, subject)


def _ask_quietly(city: str, subject: str) -> None:
    try:
        ask(city, subject)
    except ChangedMeanwhile:
        return  # the same news at the same moment: the other one has asked


def _forget_question(city: str, subject: str) -> None:
    seen = store.verification(city, subject)
    if seen and seen.job:
        _drop_quietly(city, seen.job)


def follow_verification(city: str, subject: str) -> None:
    """An answer came: the registry's spelling is taken over, links that waited for it are asked about; nobody acts for the dead or for them."""
    known = store.verification(city, subject)
    if known is None:
        return
    if known.outcome in FOUND and known.registry_name:
        people.respell(city, subject, known.registry_name.given_names, known.registry_name.surname)
    children = [subject] if is_child(subject) else list(store.household(city, subject).links)
    for child in children:
        if known.outcome == "deceased":
            end_link(city, child)
        elif known.outcome in FOUND:
            ask_about_link(city, child)


def follow_registry(city: str, subject_refs: Sequence[str]) -> None:
    """The office heard that the registry changed something about these people: ask about them again.

    What is known of them holds until the answer. References that nobody here has are passed over.
    """
    for subject_ref in subject_refs:
        for subject in same_person(city, subject_ref):
            someone, seen = office.subject_or_none(city, subject), store.verification(city, subject)
            if someone and seen and not seen.job and seen.fingerprint == someone.fingerprint:
                _ask_changed(city, someone, seen)


def _ask_changed(city: str, someone: Person | Child, seen: Verification) -> None:
    try:
        _ask(city, someone, seen)
    except ChangedMeanwhile:
        return  # somebody asked at the same moment


def expire_some(city: str) -> int:
    """End verifications whose time is over, and ask about them again. Returns how many; 0 means none are left."""
    subjects = store.ended_by(city, now(), SWEEP_MAX)
    for subject in subjects:
        seen = store.verification(city, subject)
        if seen is None or seen.expires_at is None or seen.expires_at > now():
            continue  # the index lags behind: it was renewed
        over = expired(seen)
        commit(store.save_verification(city, over, reason_of(over, towns.town(city).verification)))
        if towns.town(city).verification == "at_registration":
            _ask_quietly(city, subject)
    return len(subjects)


def end_links_of_age(city: str) -> int:
    """End the links to children who came of age. Returns how many; 0 means none are left."""
    children = store.of_age_by(city, today(), SWEEP_MAX)
    for child in children:
        end_link(city, child)
    return len(children)


def export(city: str, person: str) -> object:
    """What this room holds of a person, for the person."""
    from pydantic import TypeAdapter

    known = store.household(city, person)
    return {
        "verifications": TypeAdapter(list[Verification]).dump_python(list(known.verifications.values()), mode="json"),
        "guardian_links": TypeAdapter(list[Link]).dump_python(list(known.links.values()), mode="json"),
    }


people.adds_to_export("identity", export)
