"""Writes staff, citizens, children, and what verification found."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from chalicelib.core.clock import Instant
from chalicelib.core.gate import CITIZEN
from chalicelib.town.identity import store as identity
from chalicelib.town.identity.model import (
    FOUND,
    NAMES_SOMEBODY,
    Job,
    Link,
    RegistryName,
    Residence,
    SecondProof,
    Verification,
    of_age_on,
    reason_of,
)
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Child, Person
from chalicelib.town.people.model import Residence as StatedResidence
from chalicelib.town.towns.model import Town, folded
from localcloud.demo.chance import dice, made_id
from localcloud.demo.documents import put_document
from localcloud.demo.residents import Account, Entry, Resident
from localcloud.demo.table import Batch
from localcloud.demo.towns import MODRINOV
from localcloud.demo.world import World
from regina.model import subject_ref

CHECKED_DAYS_MAX = 300
PROVED_AFTER = timedelta(minutes=50)


class People:
    """Writes the people of a world; knows everybody's reference as the town's Regina gives it."""

    def __init__(self, world: World, subject_keys: dict[str, bytes], password: str) -> None:
        self.world = world
        self._keys = subject_keys
        self._password = password
        self._residents = {resident.registry_id: resident for resident in world.residents}
        self._towns = {town.slug: town for town, _ in world.towns}
        asked = {applied.account.id for applied in world.told if applied.received_at}
        self._asked_about = {a.id for a in world.accounts if a.city == MODRINOV or a.id in asked or a.key}

    def ref(self, city: str, registry_id: str) -> str:
        """What the cloud knows a person by."""
        return subject_ref(self._keys[city], registry_id)

    def ref_of(self, account: Account, entry: Entry | None) -> str:
        """The reference of an account's person or child, where the registry named one."""
        outcome = entry.outcome if entry else account.outcome
        known = outcome in NAMES_SOMEBODY and account.id in self._asked_about
        return self.ref(account.city, entry.registry_id if entry else account.registry_id) if known else ""

    def write(self, batch: Batch) -> None:
        for colleague in self.world.staff:
            is_citizen = any(account.id == colleague.id for account in self.world.accounts)
            roles = (*colleague.roles, CITIZEN) if is_citizen else colleague.roles
            batch.add(
                *people.found_account(
                    colleague.id,
                    email=colleague.email,
                    password=self._password,
                    given_names=colleague.given_names,
                    surname=colleague.surname,
                ),
                people.found_roles(colleague.id, colleague.city, roles, colleague.name, colleague.email),
            )
        staff = {colleague.id for colleague in self.world.staff}
        for account in self.world.accounts:
            self._account(batch, account, has_login=bool(account.email) and account.id not in staff)

    def _account(self, batch: Batch, account: Account, *, has_login: bool) -> None:
        city = account.city
        if has_login:
            batch.add(
                *people.found_account(
                    account.id,
                    email=account.email,
                    password=self._password,
                    given_names=account.given_names,
                    surname=account.surname,
                ),
                people.found_roles(account.id, city, (CITIZEN,), account.name, account.email),
            )
        person = self._person(account)
        batch.add(people.found_person(city, person))
        children = [self._child(account, entry) for entry in account.entries]
        batch.add(*(people.found_child(city, child) for child in children))
        if account.id not in self._asked_about:
            return
        self._verified(batch, account, person)
        for entry, child in zip(account.entries, children, strict=True):
            self._child_verified(batch, account, entry, child)

    def _spelled(self, account: Account) -> tuple[str, str]:
        """The name as typed, or in the registry's spelling once it answered and only diacritics differ."""
        record = self._residents.get(account.registry_id)
        typed = account.given_names, account.surname
        if record is None or account.outcome not in FOUND:
            return typed
        spelled = record.given_names, record.surname
        return spelled if tuple(map(folded, spelled)) == tuple(map(folded, typed)) else typed

    def _person(self, account: Account) -> Person:
        given_names, surname = self._spelled(account)
        return Person(
            id=account.id,
            given_names=given_names,
            surname=surname,
            birth_date=account.born,
            residence=StatedResidence(account.address, account.address_code),
            registered_at=account.registered_at,
            notice_version=1,
            notice_at=account.registered_at,
            email=account.email,
            phone=account.phone,
            registered_by=self.world.colleague(account.city, "assistant").id if account.at_desk else "",
        )

    def _child(self, account: Account, entry: Entry) -> Child:
        return Child(
            id=entry.id,
            guardian=account.id,
            given_names=entry.given_names,
            surname=entry.surname,
            birth_date=entry.born,
            residence=StatedResidence(account.address, account.address_code),
            added_at=entry.added_at,
        )

    # What the registry said

    def _checked_at(self, registered_at: Instant) -> Instant:
        """At registration; whoever registered long ago was verified again before that expired."""
        return max(registered_at + timedelta(minutes=1), self.world.morning - timedelta(days=CHECKED_DAYS_MAX))

    def _verified(self, batch: Batch, account: Account, person: Person) -> None:
        known = self._found(account.city, account.registry_id, person.id, person.fingerprint, account)
        if account.proof and known.outcome in FOUND and not account.duplicate:
            at = account.registered_at + PROVED_AFTER
            clerk = self.world.colleague(account.city, "assistant").id if account.proof == "desk" else ""
            document = "id_card" if account.proof == "desk" else None
            known = replace(known, second_proof=SecondProof(account.proof, at, clerk, document))  # type: ignore[arg-type]
        if account.outcome == "unavailable" or account.recheck_at:
            known = self._asked_again(batch, account, known)
        self._save(batch, account.city, known)
        if known.subject_ref:
            key = identity.account_key(account.city, known.subject_ref)
            batch.put(identity.AccountItem(pk=key.pk, sk=key.sk, kind=identity.AccountItem.KIND, person=account.id))

    def _asked_again(self, batch: Batch, account: Account, known: Verification) -> Verification:
        """A question that is still open: the registry was down, or somebody has just moved in."""
        due_at = account.recheck_at or self.world.morning
        job = Job(
            id=made_id(known.asked_at, "job", account.id),
            subject=account.id,
            asked_at=known.asked_at,
            not_before=due_at,
            tries=3,
        )
        batch.add(identity.new_job(account.city, job))
        return replace(known, job=job.id, next_check_at=due_at)

    def _found(
        self, city: str, registry_id: str, subject: str, fingerprint: str, told: Account | Entry
    ) -> Verification:
        """The verification of a person or child as the registry's answer left it."""
        record = self._residents[registry_id]
        registered_at = told.registered_at if isinstance(told, Account) else told.added_at
        checked_at = self._checked_at(registered_at)
        known = Verification(
            subject=subject,
            fingerprint=fingerprint,
            asked_at=min(registered_at, checked_at),
            outcome=told.outcome,
            checked_at=checked_at,
            request_id=str(UUID(int=dice("request", subject).getrandbits(128), version=4)),
            differs=told.differs if isinstance(told, Account) else (),
        )
        if isinstance(told, Account) and told.duplicate:
            return replace(known, duplicate=True, duplicate_of=self.ref(city, registry_id))
        if told.outcome not in NAMES_SOMEBODY:
            return known
        return replace(
            known,
            subject_ref=self.ref(city, registry_id),
            residence=_residence(record),
            registry_name=RegistryName(record.given_names, record.surname),
            official_address=record.official_address,
            expires_at=checked_at + timedelta(days=365) if told.outcome in FOUND else None,
        )

    def _save(self, batch: Batch, city: str, known: Verification) -> None:
        batch.add(identity.save_verification(city, known, reason_of(known, self._town(city).verification)))

    def _town(self, city: str) -> Town:
        return self._towns[city]

    def _child_verified(self, batch: Batch, account: Account, entry: Entry, child: Child) -> None:
        city = account.city
        known = self._found(city, entry.registry_id, child.id, child.fingerprint, entry)
        self._save(batch, city, known)
        if known.subject_ref:
            batch.add(identity.claim_entry(city, known.subject_ref, child.id))
        link = Link(
            guardian=account.id,
            child=child.id,
            declared_at=entry.added_at,
            of_age_on=of_age_on(entry.born),
            state=entry.link,
            not_proved=entry.not_proved,
            decided_at=entry.added_at + timedelta(minutes=2) if entry.link != "declared" else None,
            document_version=put_document(f"{city}/links/{child.id}") if entry.with_document else "",
        )
        batch.add(identity.save_link(city, link))


def _residence(record: Resident) -> Residence:
    home = record.house
    return Residence(home.municipality_code, home.city_part_code, home.code, record.kind)
