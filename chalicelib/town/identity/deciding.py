"""Who may decide, and who may sign: nobody about themselves, their family or their own provider; two signatures are two people.

An account is not a person. One person may have two sign-ins, and a child is entered by each of its parents: what tells is
the registry's reference, and between two who sign also the name with the birth date.
"""

from collections.abc import Iterable

from chalicelib.core.clock import now
from chalicelib.core.gate import Who
from chalicelib.core.table import Write, commit
from chalicelib.town.identity import store
from chalicelib.town.identity.model import (
    FOUND,
    ConflictOfInterest,
    SamePersonSigns,
    SignerNotVerified,
    Verification,
    head_of,
    outcome_now,
)
from chalicelib.town.people import service as people
from chalicelib.town.people.model import AccessAction, Child, Person
from chalicelib.town.towns.model import folded


def check_impartial(
    city: str, by: str, *subjects: str, providers: Iterable[str] = (), refs: Iterable[str] = ()
) -> None:
    """Raises ConflictOfInterest where a decision is about whoever makes it, about their family or their own provider.

    `subjects` are people and children by their ids, `refs` by the registry's references; of `providers` everybody with a
    role there counts.
    """
    if is_partial(city, by, *subjects, providers=providers, refs=refs):
        raise ConflictOfInterest


def is_partial(city: str, person: str, *subjects: str, providers: Iterable[str] = (), refs: Iterable[str] = ()) -> bool:
    """Whether one of those concerned is this person, in one account with them, or shares a person of their account: the
    other parent of a child, a second sign-in."""
    members = [member.person for provider in providers for member in people.provider_members(city, provider)]
    accounts = {head_of(subject) for subject in (*subjects, *members) if subject}
    if head_of(person) in accounts:
        return True
    own = store.refs_in_account(city, head_of(person))
    return not own.isdisjoint(refs) or (
        bool(own) and any(own & store.refs_in_account(city, account) for account in accounts)
    )


def acting_for(city: str, who: Who, person: str, action: AccessAction) -> list[Write]:
    """Nothing more for the person; for the assistant who registered them, the note of what is done, for its transaction.

    At the desk nobody acts for their own family. Raises NotFound for anybody else, ConflictOfInterest.
    """
    if person == who.id:
        return []
    noted = people.act_at_desk(city, who, person, action)
    check_impartial(city, who.id, person)
    return [noted]


def look_for(city: str, who: Who, person: str, action: AccessAction = "read") -> None:
    """The same where something is only looked at. Raises NotFound, ConflictOfInterest."""
    for note in acting_for(city, who, person, action):
        commit(note)


def check_signature(city: str, by: str, *signed: str) -> None:
    """Whoever signs for money is somebody whose identity is proved, and none of those who signed before.

    Raises SignerNotVerified, SamePersonSigns.
    """
    if not is_proved(city, by):
        raise SignerNotVerified
    if is_among(city, by, signed):
        raise SamePersonSigns


def is_proved(city: str, person: str) -> bool:
    """Whether the registry knows the person of this account, and they proved to be the one: at the counter or by post."""
    known, someone = store.verification(city, person), people.subjects(city, [person]).get(person)
    if known is None or someone is None or known.second_proof is None:
        return False
    return outcome_now(known, someone.fingerprint, now()) in FOUND


def is_among(city: str, person: str, others: Iterable[str]) -> bool:
    """Whether an account is one of these, or of the same person as one of these."""
    asked = {other for other in others if other}
    if person in asked:
        return True
    known = store.verifications(city, [person, *asked])
    someones = people.subjects(city, [person, *asked])
    own = _marks(known.get(person), someones.get(person))
    return any(own & _marks(known.get(other), someones.get(other)) for other in asked)


def _marks(known: Verification | None, someone: Person | Child | None) -> set[str]:
    """What tells that two accounts are of one person."""
    refs = {known.subject_ref, known.registry_ref, known.duplicate_of} if known else set()
    named = {f"{folded(someone.name)} {someone.birth_date}"} if someone else set()
    return (refs | named) - {""}
