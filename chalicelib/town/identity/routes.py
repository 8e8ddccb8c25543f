"""Doors to verification: for the town's Regina, for people, for clerks."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.core.clock import from_text, now
from chalicelib.core.gate import ADMIN, ASSISTANT, CITIZEN, CLERK, Who
from chalicelib.core.http import Api, Call
from chalicelib.core.mending import matching, wrong
from chalicelib.core.refusals import NotFound
from chalicelib.core.shapes import ONE_LINE, Id, Line, MaybeRuianCode, PageQuery, RuianCode, Shape, Text
from chalicelib.town.identity import office, officers, service
from chalicelib.town.identity.model import (
    CHANGES_MAX,
    LEASE_MAX,
    Answer,
    Differs,
    Document,
    LinkState,
    Outcome,
    PersonState,
    ProofWay,
    RegistryName,
    Residence,
    ResidenceKind,
    Standing,
    TownKey,
    Verification,
    VerificationReason,
    head_of,
    letter_code_alive,
    state_of,
    waits_for_a_name,
)
from chalicelib.town.identity.office import GuardianQuestion, Lease, PersonQuestion
from chalicelib.town.identity.service import HandDecision, Member
from chalicelib.town.people import service as people
from chalicelib.town.people.model import STAFF_ROLES_MAX, Child, Person, StaffRole
from chalicelib.town.towns import service as towns

api = Api("identity")

CHECKS_PEOPLE = (CLERK, ASSISTANT)
HOUSEHOLD_READERS = (CITIZEN, *CHECKS_PEOPLE)

_REF = ("Pošlete 43 znaků base64url, jak je vydala Regina.", "Send the 43 characters of base64url that Regina made.")
type SubjectRef = Annotated[str, matching(r"^[A-Za-z0-9_-]{43}$", *_REF)]
type Guid = Annotated[
    str,
    matching(
        r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
        "Pošlete GUID dotazu do registru, 36 znaků se spojovníky.",
        "Send the GUID of the query to the registry, 36 characters with hyphens.",
    ),
]
type PublicKey = SubjectRef


def _instant(text: str) -> str:
    try:
        zone = from_text(text).tzinfo
    except ValueError:
        zone = None
    if zone is None:
        raise wrong(
            "instant",
            "Napište čas, který existuje, i s pásmem, například 2026-05-04T10:00:00Z.",
            "Write a time that exists with its zone, for example 2026-05-04T10:00:00Z.",
        )
    return text


type InstantText = Annotated[str, StringConstraints(max_length=40), AfterValidator(_instant)]


# Shapes of Regina's protocol


class NewLeases(Shape):
    max: Annotated[int, Field(ge=1, le=LEASE_MAX)]


class NewChanges(Shape):
    """References of people about whom the registry changed something; what, is asked as any other question."""

    subject_refs: Annotated[tuple[SubjectRef, ...], Field(min_length=1, max_length=CHANGES_MAX)]


class QuestionAddress(Shape):
    text: str
    address_code: str | None


class PersonQuestionShape(Shape):
    given_names: str
    surname: str
    birth_date: date
    birth_place: str | None
    address: QuestionAddress


class GuardianQuestionShape(Shape):
    guardian_subject_ref: str
    child_subject_ref: str


class LeasedJob(Shape):
    id: str
    lease_id: str
    lease_until: datetime
    kind: Literal["person", "guardian"]
    not_before: datetime
    question: PersonQuestionShape | GuardianQuestionShape


class LeasedJobs(Shape):
    jobs: tuple[LeasedJob, ...]


class AnsweredResidence(Shape):
    municipality_code: RuianCode
    city_part_code: RuianCode | None = None
    address_code: RuianCode | None = None
    kind: ResidenceKind


class AnsweredName(Shape):
    given_names: Line
    surname: Line


class NewAnswer(Shape):
    """Regina's answer. Which fields belong to which outcome: docs/regina.md."""

    lease_id: Id
    outcome: Literal[
        "match",
        "match_not_resident",
        "ambiguous",
        "no_match",
        "deceased",
        "questioned",
        "unavailable",
        "proved_by_registry",
        "not_proved",
        "refused",
    ]
    subject_ref: SubjectRef | None = None
    request_id: Guid
    checked_at: InstantText
    registry: AnsweredName | None = None
    residence: AnsweredResidence | None = None
    official_address: bool | None = None
    differs: Annotated[tuple[Differs, ...], Field(max_length=3)] = ()


# Shapes for people


class RegistryNameShape(Shape):
    given_names: str
    surname: str


class RegistryResidenceShape(Shape):
    municipality_code: str
    city_part_code: str
    address_code: str
    kind: ResidenceKind


class IdentityProofShape(Shape):
    way: ProofWay
    at: datetime


class GuardianLinkShape(Shape):
    """A guardian's link. `document_wanted`: the registry knows nothing of it, a document is needed."""

    state: LinkState
    document_wanted: bool
    document_sent: bool
    waits_for_second_clerk: bool
    v: int


class ProofLetterShape(Shape):
    """An ordered code by post; `code_expected` once it was printed."""

    ordered_at: datetime
    expires_at: datetime
    code_expected: bool


class VerificationShape(Shape):
    """What is known of one of the household. `state` is the one word that every screen says; of `other_part` and
    `other_town`, `place` names it where we know its name. `address` is as typed; `v` is for If-Match, 0 while nothing
    is known.
    """

    id: str
    given_names: str
    surname: str
    birth_date: date
    address: str
    child: bool
    state: PersonState
    place: str
    outcome: Outcome
    checked_at: datetime | None
    expires_at: datetime | None
    next_check_at: datetime | None
    checking: bool
    residence: RegistryResidenceShape | None
    official_address: bool
    differs: tuple[Differs, ...]
    duplicate: bool
    birth_place_tried: bool
    registry_name: RegistryNameShape | None
    second_proof: IdentityProofShape | None
    letter: ProofLetterShape | None
    link: GuardianLinkShape | None
    by_hand: Document | None
    v: int


class Household(Shape):
    items: tuple[VerificationShape, ...]
    next: str | None = None


class BirthPlaceBody(Shape):
    birth_place: Line


class ProofCodeBody(Shape):
    code: Annotated[str, StringConstraints(min_length=4, max_length=20), ONE_LINE]


class NewGuardianUpload(Shape):
    content_type: Literal["application/pdf", "image/jpeg", "image/png"]


class GuardianUploadShape(Shape):
    """A form to post the file with, as multipart/form-data, the fields first."""

    url: str
    fields: dict[str, str]


# Shapes for clerks


class VerificationQueueRow(Shape):
    id: str
    name: str
    birth_date: date
    reason: VerificationReason
    since: datetime


class VerificationQueue(Shape):
    items: tuple[VerificationQueueRow, ...]
    next: str | None = None


class HandVerification(Shape):
    """What a clerk read in a document. `birth_place` tells apart people of one name; only a digest is kept."""

    document: Document
    outcome: Literal["match", "match_not_resident", "no_match"]
    birth_place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), ONE_LINE] = ""
    address_code: MaybeRuianCode = ""


class SeenDocument(Shape):
    document: Document


class GuardianDecision(Shape):
    proved: bool
    document: Document
    note: Annotated[Text, Field(max_length=500)] = ""


class GuardianDocumentLink(Shape):
    url: str


class ProofLetterRow(Shape):
    id: str
    name: str
    ordered_at: datetime


class ProofLetters(Shape):
    items: tuple[ProofLetterRow, ...]
    next: str | None = None


class PrintedLetter(Shape):
    """What stands in the letter. The code is given once and kept nowhere."""

    name: str
    address: str
    code: str
    expires_at: datetime


class NewReginaKey(Shape):
    public_key: PublicKey
    label: Line


class ReginaKeyShape(Shape):
    id: str
    public_key: str
    label: str
    registered_at: datetime
    withdrawn_at: datetime | None


class ReginaKeysShape(Shape):
    """The town's keys, and when its Regina last came for questions."""

    items: tuple[ReginaKeyShape, ...]
    last_contact: datetime | None
    next: str | None = None


# Regina


@api.post("/cities/{city}/regina/leases", allow=(), device=True)
def lease_questions(call: Call[NewLeases]) -> LeasedJobs:
    """Questions for the town's Regina, lent out for five minutes. Signed by the town's key.

    Refusals: signature_refused, request_replayed.
    """
    _admit(call, f"/v1/cities/{call.city}/regina/leases")
    return LeasedJobs(jobs=tuple(_leased(lease) for lease in office.lease(call.city, call.body.max)))


@api.post("/cities/{city}/regina/jobs/{id}/answer", allow=(), device=True)
def answer_question(call: Call[NewAnswer]) -> None:
    """Regina's answer to a question that it holds. Signed by the town's key.

    Refusals: signature_refused, request_replayed, lease_lapsed, already_answered, answer_incomplete, answer_out_of_time.
    """
    _admit(call, f"/v1/cities/{call.city}/regina/jobs/{call.id}/answer")
    office.answer(call.city, call.id, call.body.lease_id, _answer(call.body))


@api.post("/cities/{city}/regina/changes", allow=(), device=True)
def tell_changes(call: Call[NewChanges]) -> None:
    """The registry changed something about these people: they are asked about again. Signed by the town's key.

    Refusals: signature_refused, request_replayed.
    """
    _admit(call, f"/v1/cities/{call.city}/regina/changes")
    service.follow_registry(call.city, call.body.subject_refs)


def _admit(call: Call[NewLeases] | Call[NewAnswer] | Call[NewChanges], path: str) -> None:
    office.admit(call.city, "POST", path, call.raw, call.headers.get("authorization", ""))


def _leased(lease: Lease) -> LeasedJob:
    job = lease.job
    assert job.lease_until is not None
    return LeasedJob(
        id=job.id,
        lease_id=job.lease_id,
        lease_until=job.lease_until,
        kind="guardian" if job.link else "person",
        not_before=job.not_before,
        question=_question(lease.question),
    )


def _question(question: PersonQuestion | GuardianQuestion) -> PersonQuestionShape | GuardianQuestionShape:
    if isinstance(question, GuardianQuestion):
        return GuardianQuestionShape.of(question)
    return PersonQuestionShape(
        given_names=question.given_names,
        surname=question.surname,
        birth_date=question.birth_date,
        birth_place=question.birth_place or None,
        address=QuestionAddress(text=question.address_text, address_code=question.address_code or None),
    )


def _answer(body: NewAnswer) -> Answer:
    home = body.residence
    return Answer(
        outcome=body.outcome,
        request_id=body.request_id,
        checked_at=from_text(body.checked_at),
        subject_ref=body.subject_ref or "",
        registry_name=RegistryName(body.registry.given_names, body.registry.surname) if body.registry else None,
        residence=Residence(home.municipality_code, home.city_part_code or "", home.address_code or "", home.kind)
        if home
        else None,
        official_address=bool(body.official_address),
        differs=body.differs,
    )


@api.get("/cities/{city}/regina/keys", allow=ADMIN)
def list_keys(call: Call) -> ReginaKeysShape:
    """The keys of the town's Regina, and when it last came for questions."""
    shapes = tuple(_key(key) for key in office.keys(call.city))
    return ReginaKeysShape(items=shapes, last_contact=office.last_contact(call.city))


@api.post("/cities/{city}/regina/keys", allow=ADMIN, status=201)
def register_key(call: Call[NewReginaKey]) -> ReginaKeyShape:
    """Register the public key that `regina keys` printed. Refusals: key_invalid, key_registered."""
    return _key(office.register_key(call.city, call.body.public_key, call.body.label, call.who))


@api.delete("/cities/{city}/regina/keys/{id}", allow=ADMIN)
def withdraw_key(call: Call) -> None:
    """Nothing signed with this key is let in any more. It stays on record."""
    office.withdraw_key(call.city, call.id)


def _key(key: TownKey) -> ReginaKeyShape:
    return ReginaKeyShape.of(key)


# People


@api.get("/cities/{city}/verifications", allow=CITIZEN)
def my_household(call: Call) -> Household:
    """One's own verification and those of the children in the account."""
    household = service.household(call.city, call.who.id)
    return Household(items=tuple(_shape(call.city, member.as_told()) for member in household))


@api.get("/cities/{city}/verifications/{id}", allow=HOUSEHOLD_READERS)
def get_verification(call: Call) -> VerificationShape:
    """What is known of one person or child, with its version as ETag. A clerk's look is noted."""
    _check_may_read(call)
    if not people.acts_for(call.who.id, call.id):
        people.note_access(call.city, call.who, "read", subject=head_of(call.id))
    return _shaped(call)


@api.post("/cities/{city}/verifications/{id}/check", allow=HOUSEHOLD_READERS)
def check_again(call: Call) -> VerificationShape:
    """Ask the registry (again). Who just moved in is asked about in three days.

    Refusals: already_checking, nothing_to_recheck, verified_by_hand_here.
    """
    _check_may_read(call)
    service.check_again(call.city, call.id)
    return _shaped(call)


@api.post("/cities/{city}/verifications/{id}/birth-place", allow=HOUSEHOLD_READERS)
def tell_birth_place(call: Call[BirthPlaceBody]) -> VerificationShape:
    """Add the place of birth to tell apart people of one name. It is kept only until the answer.

    Refusals: birth_place_not_needed.
    """
    _check_may_read(call)
    service.tell_birth_place(call.city, call.id, call.body.birth_place)
    return _shaped(call)


@api.post("/cities/{city}/verifications/{id}/letter", allow=HOUSEHOLD_READERS, status=201)
def order_letter(call: Call) -> VerificationShape:
    """Order a letter with a code to the address in the registry.

    Refusals: letter_impossible, letter_on_the_way, already_proved, proof_way_off.
    """
    _check_adult(call)
    service.order_letter(call.city, call.id)
    return _shaped(call)


@api.post("/cities/{city}/verifications/{id}/code", allow=CITIZEN)
def prove_by_code(call: Call[ProofCodeBody]) -> VerificationShape:
    """The code from the letter; five tries. Refusals: code_wrong, code_dead, already_proved, not_verified."""
    _check_adult(call)
    service.prove_by_code(call.city, call.id, call.body.code)
    return _shaped(call)


@api.post("/cities/{city}/verifications/{id}/guardian-document", allow=CITIZEN, status=201)
def send_guardian_document(call: Call[NewGuardianUpload]) -> GuardianUploadShape:
    """Where to send a document about the link to a child, up to 10 MB. Refusals: document_not_needed."""
    return GuardianUploadShape.of(service.upload_for_link(call.city, call.who.id, call.id, call.body.content_type))


@api.post("/cities/{city}/verifications/{id}/guardian-document/arrival", allow=CITIZEN)
def note_guardian_document(call: Call) -> VerificationShape:
    """The file was sent: look whether it is whole; from now on it waits for a clerk, as it is.

    Refusals: document_not_needed, document_not_arrived.
    """
    service.document_of_link_arrived(call.city, call.who.id, call.id)
    return _shaped(call)


def _check_may_read(call: Call[object]) -> None:
    """A citizen reads their own household, staff everybody's. Whose it is not, finds nothing."""
    if not people.acts_for(call.who.id, call.id) and not is_staff(call.who, call.city):
        raise NotFound


def _check_adult(call: Call[object]) -> None:
    _check_may_read(call)
    if head_of(call.id) != call.id:
        raise NotFound


def is_staff(who: Who, city: str) -> bool:
    return who.holds(city, CHECKS_PEOPLE)


def _shaped(call: Call[Any, Any]) -> VerificationShape:
    """One of a household: for a guardian only what they may know."""
    member = service.member(call.city, call.id)
    own = head_of(call.id) == call.who.id
    return _shape(call.city, member.as_told() if own else member)


def _shape(city: str, member: Member) -> VerificationShape:
    town = towns.town(city)
    someone, standing = member.someone, member.standing
    known = member.verification if standing.outcome != "pending" else None
    return VerificationShape(
        id=someone.id,
        given_names=someone.given_names,
        surname=someone.surname,
        birth_date=someone.birth_date,
        address=someone.residence.text,
        child=isinstance(someone, Child),
        state=state_of(standing, member.verification, member.link, town.verification, town.municipality_code),
        place=_place(standing) if standing.outcome == "match_not_resident" else "",
        outcome=standing.outcome,
        checked_at=standing.checked_at,
        expires_at=standing.expires_at,
        next_check_at=member.verification.next_check_at if member.verification else None,
        checking=bool(member.verification and member.verification.job and not waits_for_a_name(member.verification)),
        residence=RegistryResidenceShape.of(standing.residence) if standing.residence else None,
        official_address=standing.official_address,
        differs=standing.differs,
        duplicate=standing.duplicate,
        birth_place_tried=bool(known and known.birth_place_tried),
        registry_name=RegistryNameShape.of(known.registry_name) if known and known.registry_name else None,
        second_proof=_proof(member.verification),
        letter=_letter(member),
        link=_link(member),
        by_hand=known.document if known else None,
        v=member.verification.v if member.verification else 0,
    )


def _place(standing: Standing) -> str:
    """The name of the city part or town of a residence, if it is one that we serve; "" otherwise."""
    home = standing.residence
    if home is None:
        return ""
    names = {town.city_part_code or town.municipality_code: town.name for town in towns.all_towns()}
    return names.get(home.city_part_code) or names.get(home.municipality_code, "")


def _proof(known: Verification | None) -> IdentityProofShape | None:
    return (
        IdentityProofShape(way=known.second_proof.way, at=known.second_proof.at)
        if known and known.second_proof
        else None
    )


def _letter(member: Member) -> ProofLetterShape | None:
    order = member.letter
    if order is None or not letter_code_alive(order, now()):
        return None
    return ProofLetterShape(
        ordered_at=order.ordered_at, expires_at=order.expires_at, code_expected=order.printed_at is not None
    )


def _link(member: Member) -> GuardianLinkShape | None:
    link = member.link
    if link is None:
        return None
    return GuardianLinkShape(
        state=link.state,
        document_wanted=link.state == "declared" and link.not_proved and not link.document_version,
        document_sent=bool(link.document_version),
        waits_for_second_clerk=link.state == "declared" and bool(link.by),
        v=link.v,
    )


# Clerks


@api.get("/cities/{city}/households/{id}", allow=CHECKS_PEOPLE)
def get_household(call: Call) -> Household:
    """A person and the children in the account, for a clerk; the look is noted."""
    people.note_access(call.city, call.who, "read", subject=head_of(call.id))
    return Household(
        items=tuple(_shape(call.city, member) for member in service.household(call.city, head_of(call.id)))
    )


@api.get("/cities/{city}/verification-queue", allow=CHECKS_PEOPLE)
def list_queue(call: Call[None, PageQuery]) -> VerificationQueue:
    """What waits for a clerk, oldest first."""
    page = service.queue(call.city, call.query.limit, call.query.cursor)
    known = people.subjects(call.city, [row.subject for row in page.items])
    rows = (_row(known[row.subject], row.reason, row.since) for row in page.items if row.subject in known)
    return VerificationQueue(items=tuple(rows), next=page.next)


def _row(someone: Person | Child, reason: VerificationReason, since: datetime) -> VerificationQueueRow:
    return VerificationQueueRow(
        id=someone.id, name=someone.name, birth_date=someone.birth_date, reason=reason, since=since
    )


@api.post("/cities/{city}/verifications/{id}/by-hand", allow=CLERK, edits=True)
def verify_by_hand(call: Call[HandVerification]) -> VerificationShape:
    """Verify from a document; no copy is kept. Refusals: conflict_of_interest, changed_meanwhile, verified_elsewhere."""
    body = call.body
    decision = HandDecision(body.document, body.outcome, body.birth_place, body.address_code)
    service.verify_by_hand(call.city, call.id, call.version, decision, call.who)
    return _shaped(call)


@api.post("/cities/{city}/verifications/{id}/second-proof", allow=CHECKS_PEOPLE)
def prove_at_desk(call: Call[SeenDocument]) -> VerificationShape:
    """The person stood at the counter with a document.

    Refusals: conflict_of_interest, already_proved, not_verified, proof_way_off.
    """
    service.prove_at_desk(call.city, call.id, call.body.document, call.who)
    return _shaped(call)


@api.get("/cities/{city}/verifications/{id}/guardian-document", allow=CLERK)
def read_guardian_document(call: Call) -> GuardianDocumentLink:
    """An address that shows the document for five minutes. Refusals: document_missing, conflict_of_interest."""
    return GuardianDocumentLink(url=service.document_of_link(call.city, call.id, call.who))


@api.post("/cities/{city}/verifications/{id}/guardian", allow=CLERK, edits=True)
def decide_guardian(call: Call[GuardianDecision]) -> VerificationShape:
    """Decide on a guardian from a document; a second clerk confirms by saying the same. If-Match is the link's `v`.

    Refusals: conflict_of_interest, second_clerk_needed, document_not_needed, changed_meanwhile.
    """
    body = call.body
    service.decide_link(call.city, call.id, call.version, body.proved, body.document, body.note, call.who)
    return _shaped(call)


@api.get("/cities/{city}/proof-letters", allow=CHECKS_PEOPLE)
def list_letters(call: Call[None, PageQuery]) -> ProofLetters:
    """Letters with codes that wait to be printed, oldest first."""
    page = service.letters(call.city, call.query.limit, call.query.cursor)
    known = people.subjects(call.city, [person for person, _ in page.items])
    rows = (ProofLetterRow(id=id, name=known[id].name, ordered_at=at) for id, at in page.items if id in known)
    return ProofLetters(items=tuple(rows), next=page.next)


@api.post("/cities/{city}/proof-letters/{id}/print", allow=CHECKS_PEOPLE)
def print_letter(call: Call) -> PrintedLetter:
    """Make the code and give the letter, once. Refusals: letter_impossible, conflict_of_interest."""
    return PrintedLetter.of(service.print_letter(call.city, call.id, call.who))


# Two administrators give a role


class StaffPatch(Shape):
    roles: Annotated[tuple[StaffRole, ...], Field(max_length=STAFF_ROLES_MAX)]


@api.patch("/cities/{city}/staff/{id}", allow=ADMIN, edits=True, status=204)
def patch_staff(call: Call[StaffPatch]) -> None:
    """Set a colleague's roles. New ones wait for another administrator's yes. If-Match is the colleague's `v`.

    Refusals: own_roles, signer_not_verified, officer_not_verified, roles_clash, officers_apart, changed_meanwhile.
    """
    officers.set_roles(call.city, call.id, call.body.roles, call.version, call.who)


@api.post("/cities/{city}/staff/{id}/proposed-roles/acceptance", allow=ADMIN, edits=True, status=204)
def accept_roles(call: Call) -> None:
    """A second administrator agrees to a colleague's proposed roles. If-Match is the colleague's `v`.

    Refusals: nothing_proposed, own_roles, same_person_signs, signer_not_verified, officer_not_verified, roles_clash,
    officers_apart, changed_meanwhile.
    """
    officers.accept(call.city, call.id, call.version, call.who)


@api.post("/cities/{city}/staff/{id}/proposed-roles/refusal", allow=ADMIN, edits=True, status=204)
def refuse_roles(call: Call) -> None:
    """The proposed roles wait no more. Refusals: nothing_proposed, own_roles, changed_meanwhile."""
    officers.refuse(call.city, call.id, call.version, call.who)
