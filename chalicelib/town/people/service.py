"""What other rooms ask of people, and what a person does with what a town knows of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from chalicelib.core import rooms
from chalicelib.core.clock import now, today
from chalicelib.core.edits import merged
from chalicelib.core.gate import ASSISTANT, Role, Who
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import ChangedMeanwhile, NotFound
from chalicelib.core.table import Page, Write, commit, transact
from chalicelib.town.people import store
from chalicelib.town.people.model import (
    Access,
    AccessAction,
    ActsForThemselves,
    AlreadyRegistered,
    Child,
    Found,
    Language,
    Login,
    Membership,
    NotRegisteredHere,
    Person,
    QueryTooShort,
    Reach,
    Residence,
    StillLookedAfter,
    check_birth_date,
    check_old_enough,
    guardian_of,
    name_bucket,
)
from chalicelib.town.people.model import age_on as age_on
from chalicelib.town.people.outside import letters_go_by as letters_go_by
from chalicelib.town.people.staff import add_citizen
from chalicelib.town.people.staff import answer_proposed as answer_proposed
from chalicelib.town.people.staff import give_provider_role as give_provider_role
from chalicelib.town.people.staff import invite_member as invite_member
from chalicelib.town.people.staff import provider_members as provider_members
from chalicelib.town.people.staff import provider_role_now as provider_role_now
from chalicelib.town.people.staff import set_roles as set_roles
from chalicelib.town.people.staff import staff as staff
from chalicelib.town.people.staff import staff_member as staff_member
from chalicelib.town.people.staff import staff_roles_now as staff_roles_now
from chalicelib.town.people.staff import take_provider_role as take_provider_role
from chalicelib.town.people.tickets import token_of as token_of
from chalicelib.town.towns import service as towns
from chalicelib.town.towns.model import folded

CHILD_ID_LETTERS = 10
ACCESSES_SHOWN_MAX = 50
QUERY_LETTERS_MIN = 2

type Part = Callable[[str, str], Any]
"""What a room holds of a person of a town, as JSON: `part(city, person id)`."""

_export: dict[str, Part] = {}


# Reading


def person(city: str, id: str) -> Person:
    """What the town knows of a person. Raises NotFound."""
    known = store.person(city, id)
    if known is None:
        raise NotFound
    return known


def child(city: str, id: str) -> Child:
    """A child by its own id, removed or not. Raises NotFound."""
    known = store.child(city, id) if guardian_of(id) else None
    if known is None:
        raise NotFound
    return known


def subject(city: str, id: str) -> Person | Child:
    """A person or a child: whoever a beneficiary's id names. Raises NotFound."""
    return child(city, id) if guardian_of(id) else person(city, id)


def subjects(city: str, ids: Sequence[str]) -> dict[str, Person | Child]:
    """Those of the people and children that exist, in one read a hundred."""
    return store.people(city, ids)


def children_of(city: str, guardian: str) -> list[Child]:
    """The children that a guardian has in the account now."""
    return [child for child in store.children(city, guardian) if child.removed_at is None]


def acts_for(person: str, id: str) -> bool:
    """Whether an id is the person's own or a child's in their account."""
    return person == id or guardian_of(id) == person


def reach(city: str, id: str) -> Reach:
    """How to write to a person: as the town knows them, else as their sign-in does. Raises NotFound."""
    known = store.person(city, id)
    if known:
        return Reach(known.email, known.phone, known.language)
    login = _login(id)
    return Reach(login.email, "", login.language)


def names(people: Sequence[str]) -> dict[str, str]:
    """Names of people with a sign-in: who decided, who paid out."""
    return {id: login.name for id, login in store.logins(people).items()}


# A person's own record


def join(city: str, who: Who, filled: Person) -> Person:
    """Register a signed-in person in another town, under its own notice. Raises AlreadyRegistered, NoticeOutdated."""
    towns.check_notice(city, filled.notice_version)
    check_old_enough(filled.birth_date, today())
    login = _login(who.id)
    if store.person(city, who.id):
        raise AlreadyRegistered
    made = replace(filled, id=who.id, email=login.email, residence=residence(city, filled.residence))
    transact([store.new_person(city, made), add_citizen(login, city)])
    return made


def me(city: str, who: Who) -> Person:
    """The person's own record. Raises NotRegisteredHere."""
    known = store.person(city, who.id)
    if known is None:
        raise NotRegisteredHere
    return known


def amend_me(city: str, who: Who, seen: int, changes: dict[str, Any]) -> Person:
    """Change one's own record. Raises ChangedMeanwhile, NotRegisteredHere, AddressUnknown."""
    known = me(city, who)
    if known.v != seen:
        raise ChangedMeanwhile
    changed = merged(known, _checked(city, changes))
    writes = [store.save_person(city, changed, seen)]
    if changed.language != known.language:
        writes.append(store.new_language(who.id, changed.language))
    transact(writes)
    return replace(changed, v=seen + 1)


def register_at_desk(city: str, by: Who, filled: Person) -> Person:
    """Register somebody who has no e-mail, at the counter. The assistant acts for them from then on."""
    towns.check_notice(city, filled.notice_version)
    check_birth_date(filled.birth_date, today())
    made = replace(filled, id=new_id(), registered_by=by.id, residence=residence(city, filled.residence))
    transact([store.new_person(city, made)])
    return made


def residence(city: str, given: Residence) -> Residence:
    """With a code, the text of the town's list; without one, the text as it was typed. Raises AddressUnknown."""
    if not given.address_code:
        return given
    return Residence(towns.address(city, given.address_code).text, given.address_code)


def _checked(city: str, changes: dict[str, Any]) -> dict[str, Any]:
    if "birth_date" in changes:
        check_birth_date(changes["birth_date"], today())
    if "residence" in changes:
        changes = changes | {"residence": residence(city, changes["residence"])}
    return changes


def _login(person: str) -> Login:
    login = store.login(person)
    if login is None:
        raise NotFound
    return login


# Children


def add_child(
    city: str, guardian: str, given_names: str, surname: str, birth_date: date, lives_at: Residence | None
) -> Child:
    """Add a child to a guardian's account. Without a residence it lives with the guardian."""
    parent = store.person(city, guardian)
    if parent is None:
        raise NotRegisteredHere
    check_birth_date(birth_date, today())
    made = Child(
        id=f"{guardian}-{new_id()[-CHILD_ID_LETTERS:]}",
        guardian=guardian,
        given_names=given_names,
        surname=surname,
        birth_date=birth_date,
        residence=residence(city, lives_at) if lives_at else parent.residence,
        added_at=now(),
    )
    transact([store.new_child(city, made)])
    return made


def add_child_at_desk(
    city: str, by: Who, person_id: str, given_names: str, surname: str, birth_date: date, lives_at: Residence | None
) -> Child:
    """An assistant adds a child for somebody whom they look after. Raises ActsForThemselves for who has a sign-in, NotFound."""
    if person(city, person_id).email:
        raise ActsForThemselves
    check_acts_for(city, by, person_id)
    return add_child(city, person_id, given_names, surname, birth_date, lives_at)


def my_child(city: str, guardian: str, id: str) -> Child:
    """A child of this guardian's account. Raises NotFound for anyone else's and for a removed one."""
    known = child(city, id)
    if known.guardian != guardian or known.removed_at is not None:
        raise NotFound
    return known


def respell(city: str, id: str, given_names: str, surname: str) -> None:
    """Take over the registry's spelling of a name that differs from the typed one in diacritics and case alone."""
    known = subject(city, id)
    typed, spelled = (known.given_names, known.surname), (given_names, surname)
    if typed == spelled or tuple(map(folded, typed)) != tuple(map(folded, spelled)):
        return
    if isinstance(known, Child):
        write = store.save_child(city, replace(known, given_names=given_names, surname=surname), known.v)
    else:
        write = store.save_person(city, replace(known, given_names=given_names, surname=surname), known.v)
    try:
        transact([write])
    except ChangedMeanwhile:
        return  # whoever changed it is verified again


def amend_child(city: str, guardian: str, id: str, seen: int, changes: dict[str, Any]) -> Child:
    known = my_child(city, guardian, id)
    if known.v != seen:
        raise ChangedMeanwhile
    changed = merged(known, _checked(city, changes))
    transact([store.save_child(city, changed, seen)])
    return replace(changed, v=seen + 1)


def remove_child(city: str, guardian: str, id: str) -> None:
    """Take a child out of the account. The record stays while applications and accounts speak of it."""
    known = my_child(city, guardian, id)
    transact([store.save_child(city, replace(known, removed_at=now()), known.v)])


# The town looks at people: each look is noted


def look_up(city: str, by: Who, query: str, limit: int, cursor: str | None) -> Page[Found]:
    """People and children by the beginning of the surname, or one person by e-mail. Raises QueryTooShort."""
    note_access(city, by, "searched", query=query)
    if "@" in query:
        owner = store.owner_of(query.strip().lower())
        found = store.person(city, owner) if owner else None
        return Page((Found(found.id, found.name, found.birth_date),) if found else ())
    if len(name_bucket(query)) < QUERY_LETTERS_MIN:
        raise QueryTooShort
    return store.look_up(city, query, limit, cursor)


def looked_at(city: str, by: Who, id: str) -> Person:
    """A person's record for the town's staff; the person can see that it was read."""
    known = person(city, id)
    note_access(city, by, "read", subject=id)
    return known


def note_access(
    city: str, by: Who, action: Literal["searched", "read", "exported"], *, subject: str = "", query: str = ""
) -> None:
    """Note that somebody of the town looked at personal data."""
    commit(store.note_access(city, Access(now(), by.id, action, subject, query)))


def act_at_desk(city: str, by: Who, person: str, action: AccessAction) -> Write:
    """The note that an assistant acts for somebody without a sign-in whom they look after, for the act's transaction.

    Raises NotFound for anybody else.
    """
    known = store.person(city, person)
    if known is None or known.email or known.registered_by != by.id or not by.holds(city, (ASSISTANT,)):
        raise NotFound
    return store.note_access(city, Access(now(), by.id, action, person))


def take_over(city: str, by: Who, id: str) -> Person:
    """With the person at the counter: an assistant looks after somebody whose own assistant works there no more.

    Raises NotFound, ActsForThemselves, StillLookedAfter, ChangedMeanwhile.
    """
    known = person(city, id)
    if known.email:
        raise ActsForThemselves
    before = known.registered_by
    if before != by.id and ASSISTANT in staff_roles_now(city, before):
        raise StillLookedAfter(names([before])[before])
    taken = replace(known, registered_by=by.id)
    noted = store.note_access(city, Access(now(), by.id, "taken_over", id))
    transact([store.save_person(city, taken, known.v), noted])
    return replace(taken, v=known.v + 1)


def check_acts_for(city: str, by: Who, person: str) -> None:
    """The person themselves, or the assistant who looks after them: whose look is noted. Raises NotFound for anybody else."""
    if person != by.id:
        commit(act_at_desk(city, by, person, "read"))


def accesses(city: str, day: date, limit: int, cursor: str | None) -> Page[Access]:
    """Who looked at personal data on a day, newest first: for the auditor and the privacy officer."""
    page = store.accesses(city, day, limit, cursor)
    known = subjects(city, sorted({access.subject for access in page.items if access.subject}))
    named = [
        replace(access, subject_name=known[access.subject].name if access.subject in known else "")
        for access in _named(page.items)
    ]
    return Page(tuple(named), page.next)


def accesses_to_me(city: str, who: Who) -> list[Access]:
    """Who of the town looked at the caller's data, newest first; their own exports are left out."""
    found = store.accesses_to_person(city, who.id, ACCESSES_SHOWN_MAX)
    return _named([access for access in found if access.by != who.id])


def _named(accesses: Sequence[Access]) -> list[Access]:
    known = names([access.by for access in accesses])
    return [replace(access, by_name=known.get(access.by, "")) for access in accesses]


# Export


def adds_to_export(name: str, part: Part) -> None:
    """A room's part of what a person gets when they ask what the town holds of them."""
    _export[name] = part


def export(city: str, who: Who) -> dict[str, Any]:
    """Everything that the town holds of a person, by rooms, as JSON. Raises NotRegisteredHere."""
    known = me(city, who)
    note_access(city, who, "exported", subject=who.id)
    _ask_every_room()
    return {
        "town": city,
        "made_at": now().isoformat(),
        "person": _plain(known),
        "children": [_plain(child) for child in store.children(city, who.id)],
        "accesses": [_plain(access) for access in accesses_to_me(city, who)],
    } | {name: part(city, who.id) for name, part in _export.items()}


def _ask_every_room() -> None:
    """Rooms offer their parts at import, and a container has imported only those that it needed so far."""
    for room in rooms.having("service"):
        rooms.module(room, "service")


def _plain(noun: Person | Child | Access) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(type(noun)).dump_python(noun, mode="json")


# Founding


def found_account(
    id: str, *, email: str, password: str, given_names: str, surname: str, language: Language = "cs"
) -> list[Write]:
    """Writes of a confirmed sign-in; `password` is already a hash. For seeding and for restoring."""
    return store.new_login(Login(id, email, password, given_names, surname, language))


def found_roles(id: str, city: str, roles: Sequence[Role], name: str, email: str) -> Write:
    """The write of a new membership in a town; for seeding."""
    return store.save_membership(Membership(id, city, tuple(sorted(roles))), 0, name, email)


def found_person(city: str, person: Person) -> Write:
    """The write of a town's record of a person; for seeding."""
    return store.new_person(city, person)


def found_child(city: str, child: Child) -> Write:
    return store.new_child(city, child)
