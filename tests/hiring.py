"""People who work at a town hall or for a provider: their sign-ins, their roles, and that the town knows who they are."""

from datetime import date, timedelta

from chalicelib.core.clock import now
from chalicelib.core.gate import FINANCE, STAFF, TILL, Who
from chalicelib.core.table import commit, transact
from chalicelib.town.identity import store as identity
from chalicelib.town.identity.model import Residence, SecondProof, Verification
from chalicelib.town.people import service, store
from chalicelib.town.people.model import EmailRegistered, Person, ProviderMembership
from chalicelib.town.people.model import Residence as StatedResidence


def hired(who: Who) -> Who:
    """A sign-in with the roles that a token names, unless there is one: for an act in a role they are read anew."""
    held = {city: [role for role in roles if role in STAFF] for city, roles in who.roles.items()}
    is_till = any(TILL in roles for roles in who.roles.values())
    if is_till or not (any(held.values()) or who.providers) or store.login(who.id):
        return who
    address = f"{who.id}@radnice.example"
    writes = service.found_account(who.id, email=address, password="-", given_names="Jana", surname="Dvořáková")
    writes += [service.found_roles(who.id, city, roles, "Jana Dvořáková", address) for city, roles in held.items()]
    for city, providers in who.providers.items():
        of = [ProviderMembership(who.id, city, provider, role) for provider, role in providers.items()]
        writes += [store.save_provider_membership(one, "Jana Dvořáková", address) for one in of]
    try:
        transact(writes)
    except EmailRegistered:  # another thread of the test hired them at the same moment
        return who
    for city, roles in held.items():
        if set(FINANCE).intersection(roles):
            known_to(city, who.id)
    return who


def known_to(city: str, id: str, *, ref: str = "", proof: bool = True) -> str:
    """The town knows whose sign-in this is: registered, found in the registry, and come to the counter with a document.

    Without `proof` only the registry's answer is there. `ref` is the registry's reference, one a person.
    """
    person = store.person(city, id) or _registered(city, id)
    seen = identity.verification(city, id)
    known = Verification(
        subject=id,
        fingerprint=person.fingerprint,
        asked_at=now(),
        outcome="match",
        subject_ref=ref or f"ref-{id}",
        checked_at=now(),
        expires_at=now() + timedelta(days=365),
        residence=Residence("999001"),
        second_proof=SecondProof("desk", now(), "clerk", "id_card") if proof else None,
        v=seen.v if seen else 0,
    )
    commit(identity.save_verification(city, known, None))
    return id


def _registered(city: str, id: str) -> Person:
    person = Person(
        id=id,
        given_names="Jana",
        surname=f"Ověřená {id}",
        birth_date=date(1980, 3, 1),
        residence=StatedResidence("Nádražní 7, Modřínov", "999100002"),
        registered_at=now(),
        notice_version=1,
        notice_at=now(),
    )
    transact([service.found_person(city, person)])
    return person
