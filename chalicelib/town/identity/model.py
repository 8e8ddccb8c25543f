"""The nouns and rules of verification. Pure.

A *subject* is a person or a child (a child's id begins with its guardian's). The registry is asked by Regina, on the
office's machine; what is kept here is an outcome, an opaque `subject_ref` and the least that programmes judge by.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from chalicelib.core.clock import Instant, day_of, start_of
from chalicelib.core.refusals import Refusal
from chalicelib.town.people.model import age_on, guardian_of
from chalicelib.town.towns.model import VerificationTime

type Outcome = Literal[
    "pending",
    "match",
    "match_not_resident",
    "ambiguous",
    "no_match",
    "questioned",
    "deceased",
    "expired",
    "unavailable",
]
type PersonState = Literal[
    "unchecked",
    "checking",
    "postponed",
    "at_desk",
    "registry_silent",
    "birth_place",
    "undistinguished",
    "other_account",
    "differs",
    "not_found",
    "questioned",
    "deceased",
    "expired",
    "other_part",
    "other_town",
    "unproved",
    "verified",
    "link_declared",
    "link_wanted",
    "link_sent",
    "link_second_clerk",
    "link_refused",
    "link_ended",
]
"""How somebody of a household stands, in one word: every screen says the same sentence of it."""
type LinkState = Literal["declared", "proved_by_registry", "proved_by_document", "refused", "ended"]
LINK_OVER: Final = ("refused", "ended")
"""Links of those who may learn nothing of the child."""
type LinkOutcome = Literal["proved_by_registry", "not_proved", "refused", "unavailable"]
type ResidenceKind = Literal["permanent_residence", "temporary_residence", "temporary_protection"]
type Differs = Literal["name", "birth_date", "address"]
type Document = Literal[
    "id_card", "passport", "residence_permit", "birth_certificate", "court_decision", "other_official_document"
]
type ProofWay = Literal["post", "desk"]
type VerificationReason = Literal[
    "ambiguous", "no_match", "questioned", "deceased", "duplicate", "by_hand", "guardian_document"
]

FOUND: tuple[Outcome, ...] = ("match", "match_not_resident")
PERSON_OUTCOMES: tuple[Outcome, ...] = (
    "match",
    "match_not_resident",
    "ambiguous",
    "no_match",
    "questioned",
    "deceased",
    "unavailable",
)
LINK_OUTCOMES: tuple[LinkOutcome, ...] = ("proved_by_registry", "not_proved", "refused", "unavailable")
NAMES_SOMEBODY: tuple[Outcome, ...] = (*FOUND, "deceased", "questioned")

LEASE_LIFE = timedelta(minutes=5)
LEASE_MAX = 20
CLOCK_SKEW = timedelta(seconds=30)
TOKEN_LIFE_MAX = timedelta(seconds=60)
RETRY_FIRST = timedelta(minutes=1)
RETRY_MAX = timedelta(minutes=30)
RECHECK_AFTER = timedelta(days=3)
"""A move reaches the registry within this time: whoever moved in yesterday is asked about again then."""
QUESTIONS_A_DAY_MAX = 10
"""Of one subject. The asker is liable for asking: who tries name after name is not helped to find one that fits."""
CHANGES_MAX = 100
CODE_LENGTH = 8
CODE_LIFE = timedelta(days=30)
CODE_TRIES_MAX = 5
DOCUMENT_BYTES_MAX = 10 * 1024 * 1024
OF_AGE = 18
HAND = "hand."


# Nouns


@dataclass(frozen=True)
class Residence:
    """Where the registry says somebody lives: RÚIAN codes and the ground, no text."""

    municipality_code: str
    city_part_code: str = ""
    address_code: str = ""
    kind: ResidenceKind = "permanent_residence"


@dataclass(frozen=True)
class RegistryName:
    """A name as the registry spells it."""

    given_names: str
    surname: str


@dataclass(frozen=True)
class SecondProof:
    """How it was made sure that the account belongs to the person it names. `by` is the clerk at the desk."""

    way: ProofWay
    at: Instant
    by: str = ""
    document: Document | None = None


@dataclass(frozen=True)
class Verification:
    """What is known of one subject. `fingerprint` is of the data that were asked about: other data, other question.

    `asked_at` is when the question was first put and survives retries. `job` is the open question, `next_check_at`
    when a question that waits will be put. `by` and `document` are set where a clerk verified by hand. `duplicate_of` is
    the reference that another account holds; it is shown to nobody. `registry_ref` is what Regina calls somebody whom a
    clerk named: charges know them by it, grants by the clerk's `subject_ref`. `asked_times` counts the questions of
    `asked_on`.
    """

    subject: str
    fingerprint: str
    asked_at: Instant
    outcome: Outcome = "pending"
    subject_ref: str = ""
    registry_ref: str = ""
    checked_at: datetime | None = None
    expires_at: datetime | None = None
    request_id: str = ""
    residence: Residence | None = None
    registry_name: RegistryName | None = None
    official_address: bool = False
    differs: tuple[Differs, ...] = ()
    duplicate: bool = False
    duplicate_of: str = ""
    birth_place_tried: bool = False
    asked_on: date | None = None
    asked_times: int = 0
    job: str = ""
    next_check_at: datetime | None = None
    by: str = ""
    document: Document | None = None
    second_proof: SecondProof | None = None
    v: int = 0


@dataclass(frozen=True)
class Link:
    """A guardian's link to a child. `not_proved` notes that the registry was asked and knows nothing of it.

    `document_version` is the version of the guardian's file that arrived, the only one that is read.
    A document is decided by one clerk (`by`) and confirmed by another (`confirmed_by`).
    """

    guardian: str
    child: str
    declared_at: Instant
    of_age_on: date
    state: LinkState = "declared"
    not_proved: bool = False
    job: str = ""
    decided_at: datetime | None = None
    document: Document | None = None
    document_version: str = ""
    by: str = ""
    confirmed_by: str = ""
    note: str = ""
    v: int = 0


@dataclass(frozen=True)
class Job:
    """One question to the office. `birth_place` is kept only until the answer. `link` marks a question about a guardian."""

    id: str
    subject: str
    asked_at: Instant
    not_before: Instant
    link: bool = False
    birth_place: str = ""
    fingerprint: str = ""
    tries: int = 0
    lease_id: str = ""
    leased_at: datetime | None = None
    lease_until: datetime | None = None
    outcome: str = ""
    answered_at: datetime | None = None
    v: int = 0


@dataclass(frozen=True)
class Answer:
    """What Regina said. To a question about a guardian only the outcome, the number and the time belong."""

    outcome: Outcome | LinkOutcome
    request_id: str
    checked_at: Instant
    subject_ref: str = ""
    registry_name: RegistryName | None = None
    residence: Residence | None = None
    official_address: bool = False
    differs: tuple[Differs, ...] = ()


@dataclass(frozen=True)
class TownKey:
    """A public key of a town's Regina. One that was withdrawn stays on record and opens nothing."""

    id: str
    public_key: str
    label: str
    registered_by: str
    registered_at: Instant
    withdrawn_at: datetime | None = None
    v: int = 0


@dataclass(frozen=True)
class LetterOrder:
    """A person's wish for a code by post. The code is made when the letter is printed and only its digest is kept."""

    person: str
    ordered_at: Instant
    expires_at: Instant
    printed_at: datetime | None = None
    code_digest: str = ""
    tries: int = 0
    v: int = 0


@dataclass(frozen=True)
class Letter:
    """What is printed, once: the address from the registry's code, and the code."""

    person: str
    name: str
    address: str
    code: str
    expires_at: Instant


@dataclass(frozen=True)
class Standing:
    """What other rooms may know of a subject. `outcome` is as of now: an answer past its time is `expired`.

    For a child, `second_proof` is the guardian's and `link` the state of the guardian's link.
    """

    subject: str
    birth_date: date
    outcome: Outcome = "pending"
    subject_ref: str = ""
    registry_ref: str = ""
    checked_at: datetime | None = None
    expires_at: datetime | None = None
    residence: Residence | None = None
    official_address: bool = False
    differs: tuple[Differs, ...] = ()
    duplicate: bool = False
    second_proof: bool = False
    link: LinkState | None = None

    @property
    def refs(self) -> tuple[str, ...]:
        """Every reference of this one person: the one that grants hang on, and the registry's where a clerk gave that."""
        return tuple(ref for ref in (self.subject_ref, self.registry_ref) if ref)

    @property
    def verified(self) -> bool:
        """Whether the registry or a clerk knows who this is, wherever they live."""
        return self.outcome in FOUND

    @property
    def may_act(self) -> bool:
        """Whether the guardian's link, where there has to be one, is proved."""
        return self.link in (None, "proved_by_registry", "proved_by_document")

    def age_on(self, day: date) -> int:
        """Completed years on a day."""
        return age_on(self.birth_date, day)


@dataclass(frozen=True)
class QueueRow:
    """A line of the clerk's queue."""

    subject: str
    reason: VerificationReason
    since: Instant


# Rules of asking


def is_child(subject: str) -> bool:
    return bool(guardian_of(subject))


def head_of(subject: str) -> str:
    """The person in whose household the subject is."""
    return guardian_of(subject) or subject


def first_asked(subject: str, fingerprint: str, now: Instant) -> Verification:
    """A subject of whom nothing is known yet."""
    return Verification(subject, fingerprint, asked_at=now)


def asked(seen: Verification, fingerprint: str, job: str, now: Instant) -> Verification:
    """A question is on its way. What was known of the same data still holds; other data make it pending again.

    Whose account it was is remembered (an answer about the same person keeps the second proof), unless a clerk said so
    from a document of the old data.
    """
    today = day_of(now)
    times = seen.asked_times + 1 if seen.asked_on == today else 1
    if fingerprint == seen.fingerprint and seen.outcome in (*FOUND, "pending", "unavailable", "expired"):
        return replace(seen, job=job, next_check_at=None, asked_on=today, asked_times=times)
    fresh = replace(first_asked(seen.subject, fingerprint, now), job=job, asked_on=today, asked_times=times, v=seen.v)
    if is_hand_ref(seen.subject_ref):
        return fresh
    return replace(fresh, subject_ref=seen.subject_ref, second_proof=seen.second_proof)


def postponed_to(made: Verification, now: Instant) -> Instant | None:
    """When a question over the day's limit is put; None for one within it."""
    return start_of(day_of(now) + timedelta(days=1)) if made.asked_times > QUESTIONS_A_DAY_MAX else None


def retry_at(tries: int, now: Instant) -> Instant:
    """When a registry that did not answer is asked again: doubling from a minute to half an hour."""
    doublings: int = min(max(tries - 1, 0), 10)
    return now + min(RETRY_FIRST * (1 << doublings), RETRY_MAX)


# Rules of answers


def check_answer(answer: Answer, job: Job, now: Instant) -> None:
    """Raises AnswerIncomplete for what does not fit the question, AnswerOutOfTime for a check before the lease."""
    if answer.outcome not in (LINK_OUTCOMES if job.link else PERSON_OUTCOMES):
        raise AnswerIncomplete
    if (answer.outcome in NAMES_SOMEBODY) != bool(answer.subject_ref):
        raise AnswerIncomplete
    if answer.outcome == "match" and answer.residence is None:
        raise AnswerIncomplete
    leased_at = job.leased_at or now
    if not leased_at - CLOCK_SKEW <= answer.checked_at <= now + CLOCK_SKEW:
        raise AnswerOutOfTime


def answered(seen: Verification, answer: Answer, fingerprint: str, home: bool, valid_days: int) -> Verification:
    """What is known after an answer to a question about the data of `fingerprint`.

    Whether the residence is the town's is the town's own rule (`home`). A reference given by hand stays, since grants
    hang on it; when the registry names another person than before, the second proof was somebody else's.
    """
    outcome = next(known for known in PERSON_OUTCOMES if known == answer.outcome)
    if outcome == "unavailable":
        return replace(seen, outcome=seen.outcome if seen.outcome in FOUND else outcome)
    if outcome in FOUND:
        outcome = "match" if home else "match_not_resident"
    ref = seen.subject_ref if is_hand_ref(seen.subject_ref) else answer.subject_ref
    return replace(
        seen,
        fingerprint=fingerprint,
        outcome=outcome,
        subject_ref=ref,
        registry_ref=answer.subject_ref if is_hand_ref(ref) else "",
        second_proof=seen.second_proof if ref == seen.subject_ref else None,
        checked_at=answer.checked_at,
        expires_at=answer.checked_at + timedelta(days=valid_days) if outcome in FOUND else None,
        request_id=answer.request_id,
        residence=answer.residence,
        registry_name=answer.registry_name,
        official_address=answer.official_address,
        differs=answer.differs,
        duplicate=False,
        duplicate_of="",
        job="",
        next_check_at=None,
        by="",
        document=None,
    )


def waits_for_a_name(seen: Verification) -> bool:
    """Whether the open question asks only what the registry calls somebody whom a clerk has verified."""
    return bool(seen.by) and seen.outcome in FOUND and is_hand_ref(seen.subject_ref) and not seen.registry_ref


def named(seen: Verification, answer: Answer) -> Verification:
    """What the registry calls them stands beside what the clerk said from a document, which holds. Nobody: the same."""
    return replace(seen, registry_ref=answer.subject_ref, job="", next_check_at=None)


def as_duplicate(judged: Verification, subject_ref: str) -> Verification:
    """The person has another account: this one is not verified, and nothing of the registry is shown to it."""
    return replace(
        judged,
        outcome="no_match",
        duplicate=True,
        subject_ref="",
        registry_ref="",
        second_proof=None,
        duplicate_of=subject_ref,
        residence=None,
        registry_name=None,
        official_address=False,
        differs=(),
        expires_at=None,
    )


def is_hand_ref(subject_ref: str) -> bool:
    """Whether a clerk gave the reference, from a document, and not the registry."""
    return subject_ref.startswith(HAND)


def expired(seen: Verification) -> Verification:
    """The answer's time is over."""
    return replace(seen, outcome="expired", expires_at=None)


def reason_of(seen: Verification, how: VerificationTime) -> VerificationReason | None:
    """Why a clerk has to look, if at all. Without Regina, everyone whose data nobody has checked."""
    if seen.duplicate:
        return "duplicate"
    if seen.outcome in ("ambiguous", "no_match", "questioned", "deceased"):
        return seen.outcome
    if how == "by_hand" and seen.outcome in ("pending", "expired") and not seen.job:
        return "by_hand"
    return None


def outcome_now(seen: Verification | None, fingerprint: str, now: Instant) -> Outcome:
    """The outcome as of now, for the data as they are now."""
    if seen is None or seen.fingerprint != fingerprint:
        return "pending"
    if seen.outcome in FOUND and seen.expires_at is not None and seen.expires_at <= now:
        return "expired"
    return seen.outcome


def state_of(
    standing: Standing, seen: Verification | None, link: Link | None, how: VerificationTime, municipality_code: str
) -> PersonState:
    """The one state of a person or child in a town that lies in this municipality and verifies in this way."""
    if link is not None and link.state in LINK_OVER:
        return "link_refused" if link.state == "refused" else "link_ended"
    match standing.outcome:
        case "pending" | "expired":
            return _unanswered(standing.outcome, seen, how)
        case "unavailable":
            return "registry_silent"
        case "ambiguous":
            return "undistinguished" if seen and seen.birth_place_tried else "birth_place"
        case "no_match" if standing.duplicate:
            return "other_account"
        case "no_match":
            return "differs" if standing.differs else "not_found"
        case "questioned" | "deceased":
            return standing.outcome
        case "match_not_resident":
            home = standing.residence
            return "other_part" if home and home.municipality_code == municipality_code else "other_town"
        case "match":
            return _known(standing, link)


def _unanswered(outcome: Outcome, seen: Verification | None, how: VerificationTime) -> PersonState:
    if how == "by_hand":
        return "at_desk"
    if seen is not None and seen.next_check_at is not None:
        return "postponed"
    if seen is not None and seen.job:
        return "checking"
    return "expired" if outcome == "expired" else "unchecked"


def _known(standing: Standing, link: Link | None) -> PersonState:
    if standing.link is None:
        return "verified" if standing.second_proof else "unproved"
    if standing.may_act:
        return "verified"
    if link is not None and link.by:
        return "link_second_clerk"
    if link is not None and link.document_version:
        return "link_sent"
    return "link_wanted" if link is not None and link.not_proved else "link_declared"


def as_told(standing: Standing) -> Standing:
    """What a guardian may know: nothing of a child for whom they do not act, not even whether the data agree."""
    if standing.link not in LINK_OVER:
        return standing
    return Standing(standing.subject, standing.birth_date, link=standing.link)


# Rules of guardians


def link_answered(seen: Link, outcome: Outcome | LinkOutcome, now: Instant) -> Link:
    """What is known of a link after an answer. A proof by document outlives a registry that knows nothing."""
    if outcome == "not_proved":
        return replace(seen, not_proved=True, job="")
    if outcome == "refused":
        return replace(seen, state="refused", job="", decided_at=now)
    return replace(seen, state="proved_by_registry", not_proved=False, job="", decided_at=now)


def link_decided(
    seen: Link, proved: bool, document: Document, note: str, clerk: str, now: Instant, *, same_person: bool
) -> Link:
    """A clerk's decision from a document. A proof waits for a second clerk; a refusal holds at once.

    `same_person`: whether this clerk and the first one are one person. Raises SecondClerkNeeded when somebody would
    confirm their own decision.
    """
    if not proved:
        return replace(seen, state="refused", document=document, by=clerk, note=note, decided_at=now, job="")
    if not seen.by or seen.state == "refused":
        return replace(seen, state="declared", document=document, by=clerk, note=note, confirmed_by="", decided_at=None)
    if same_person:
        raise SecondClerkNeeded
    return replace(seen, state="proved_by_document", document=document, confirmed_by=clerk, decided_at=now, job="")


def link_waits_for_clerk(seen: Link) -> bool:
    """Whether there is a document to decide on, or a decision to confirm."""
    return seen.state == "declared" and bool(seen.document_version or seen.by)


def of_age_on(born: date) -> date:
    """The day from which nobody acts for the child as a parent."""
    year = born.year + OF_AGE
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


# Rules of the second proof


def check_letter_possible(seen: Verification | None, standing: Standing) -> str:
    """The address code that a letter may go to. Raises LetterImpossible.

    Only to where the registry says the person lives, never to what was typed; and not to the office's own address.
    """
    if seen is None or not standing.verified or seen.residence is None or not seen.residence.address_code:
        raise LetterImpossible
    if seen.official_address:
        raise LetterImpossible
    return seen.residence.address_code


def letter_code_alive(order: LetterOrder | None, now: Instant) -> bool:
    return order is not None and order.expires_at > now and order.tries < CODE_TRIES_MAX


def typed_code(text: str) -> str:
    """A code as people type it, without spaces, hyphens and case. No code holds a letter that looks like a digit."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


# Refusals


class SignatureRefused(Refusal):
    status = 401
    watched = True
    cs = "Podpis modulu Regina nesouhlasí. Zkontrolujte registrovaný klíč a čas počítače."
    en = "Regina's signature does not hold. Check the registered key and the machine's clock."


class RequestReplayed(Refusal):
    status = 401
    cs = "Tento podepsaný požadavek už tu byl. Podepište nový."
    en = "This signed request was seen before. Sign a new one."


class LeaseLapsed(Refusal):
    status = 409
    cs = "Propůjčení dotazu skončilo nebo patří jinému běhu. Dotaz přijde znovu."
    en = "The lease of this question has ended or belongs to another run. The question will come again."


class AlreadyAnswered(Refusal):
    status = 409
    cs = "Na tento dotaz už odpověď přišla. Nic se nezměnilo."
    en = "This question was answered already. Nothing changed."


class AnswerIncomplete(Refusal):
    status = 422
    cs = "Odpověď nesedí k otázce: výsledek, odkaz na osobu a pobyt musí souhlasit."
    en = "The answer does not fit the question: outcome, subject reference and residence must agree."


class AnswerOutOfTime(Refusal):
    status = 422
    cs = "Čas ověření neleží mezi propůjčením dotazu a tímto okamžikem. Zkontrolujte hodiny."
    en = "The time of the check is not between the lease and now. Check the clock."


class KeyInvalid(Refusal):
    status = 422
    cs = "Tohle není veřejný klíč Ed25519 v zápisu base64url. Vypíše ho příkaz regina keys."
    en = "This is not an Ed25519 public key in base64url. The command regina keys prints it."


class KeyRegistered(Refusal):
    status = 409
    cs = "Tento klíč už je registrovaný. Nový vytvoří příkaz regina keys."
    en = "This key is registered already. The command regina keys makes a new one."


class AlreadyChecking(Refusal):
    status = 409
    cs = "Ověření už běží. Výsledek uvidíte v přehledu."
    en = "The check is running already. You will see the result in your overview."


class NothingToRecheck(Refusal):
    status = 409
    cs = "Tyto údaje jsou ověřené a ověření platí. Znovu se ptát není potřeba."
    en = "These data are verified and the verification holds. There is no need to ask again."


class VerifiedByHandHere(Refusal):
    status = 409
    cs = "Toto město ověřuje na přepážce podle dokladu. Přijďte s občanským průkazem nebo pasem."
    en = "This town verifies at the counter from a document. Come with your identity card or passport."


class BirthPlaceNotNeeded(Refusal):
    status = 409
    cs = "Místo narození teď nepotřebujeme. Stav ověření uvidíte v přehledu."
    en = "We do not need a place of birth now. See the state of the check in your overview."


class ConflictOfInterest(Refusal):
    status = 403
    cs = "O sobě, o své rodině ani o vlastním poskytovateli rozhodovat nejde. Předejte to kolegovi."
    en = "You cannot decide about yourself, your family or your own provider. Hand it to a colleague."


class SamePersonSigns(Refusal):
    status = 403
    cs = "Podepsat to musí dva různí lidé a jeden podpis už je váš. Druhý patří kolegovi."
    en = "Two different people must sign this, and one signature is yours already. The other belongs to a colleague."


class SignerNotVerified(Refusal):
    status = 403
    cs = (
        "Podepsat se za peníze a za role nad nimi může jen člověk s prokázanou totožností. "
        "Zaregistrujte se ve městě pod stejným přihlášením a s dokladem přijďte na přepážku."
    )
    en = (
        "Only somebody whose identity is proved may sign for money and for roles over it. "
        "Register in the town with the same sign-in and come to the counter with a document."
    )


class SecondClerkNeeded(Refusal):
    status = 403
    cs = "Rozhodnutí podle dokladu potvrzuje jiný zpracovatel než ten, kdo rozhodl."
    en = "A decision from a document is confirmed by another clerk than the one who made it."


@dataclass
class OfficerNotVerified(Refusal):
    """`name`: the colleague, or the administrator who proposed the role."""

    status = 409
    cs = (
        "Správce města a role nad penězi vyžadují prokázanou totožnost a tu ještě nemá {name}. Nejdřív registrace v tomto "
        "městě pod stejným e-mailem a doklad na přepážce, potom tuto roli uložte nebo schvalte znovu."
    )
    en = (
        "The administrator's role and those over money need a proved identity, and {name} has not proved theirs. First comes "
        "a registration in this town with the same e-mail and a document at the counter; then save or accept the role again."
    )
    name: str


class VerifiedElsewhere(Refusal):
    status = 409
    cs = "Tato osoba má jiný účet, který svou totožnost doložil. Obnovte přístup k němu."
    en = "This person has another account that has proved its identity. Recover access to that one."


class NotVerified(Refusal):
    status = 409
    cs = "Nejdřív je třeba údaje ověřit. Stav ověření uvidíte v přehledu domácnosti."
    en = "The data must be verified first. See the state of the check in your household."


class LetterImpossible(Refusal):
    status = 409
    cs = "Na tuto adresu dopis poslat nejde. Přijďte s dokladem na přepážku města."
    en = "A letter cannot go to this address. Come to the town's counter with a document."


class ProofWayOff(Refusal):
    status = 409
    cs = "Tento způsob prokázání totožnosti město nepoužívá. Použijte druhý z nabídky."
    en = "The town does not use this way of proving identity. Use the other one offered."


class LetterOnTheWay(Refusal):
    status = 409
    cs = "Dopis s kódem už je objednaný. Když do týdne nedorazí, přijďte na přepážku."
    en = "A letter with a code is ordered already. If it does not come within a week, come to the counter."


class AlreadyProved(Refusal):
    status = 409
    cs = "Totožnost už je prokázaná, kód není potřeba."
    en = "The identity is proved already; no code is needed."


@dataclass
class CodeWrong(Refusal):
    status = 422
    cs = "Kód nesouhlasí. Opište ho z dopisu znovu, zbývající pokusy: {tries_left}."
    en = "The code does not match. Copy it from the letter again; tries left: {tries_left}."
    tries_left: int


class CodeDead(Refusal):
    status = 410
    cs = "Tento kód už neplatí. Objednejte nový dopis nebo přijďte na přepážku."
    en = "This code no longer works. Order a new letter or come to the counter."


class DocumentNotNeeded(Refusal):
    status = 409
    cs = "Doklad o vztahu k dítěti není potřeba nebo už je rozhodnuto."
    en = "No document about the link to the child is needed, or it was decided already."


class DocumentMissing(Refusal):
    status = 404
    cs = "K tomuto vztahu tu žádný doklad není. Je-li potřeba, vyžádejte si ho od zástupce."
    en = "There is no document for this link here. If one is needed, ask the guardian for it."
