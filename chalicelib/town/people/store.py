"""People in the table. The only file that knows their keys and attributes.

What belongs to a person in all towns lies under the pseudo-town `_`; one query of that partition signs somebody in.
No name and no e-mail stands in a key: look-ups go by keyed digests.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.core.clock import Instant, day_of, from_text, now, start_of, to_text
from chalicelib.core.ids import digest
from chalicelib.core.refusals import ChangedMeanwhile, NotFound
from chalicelib.core.secrets import peppered
from chalicelib.core.table import (
    GSI2,
    DayAttribute,
    InstantAttribute,
    Item,
    Key,
    NounAttribute,
    Page,
    Query,
    Why,
    Write,
    change,
    changed_meanwhile,
    check,
    commit,
    expired,
    items_in,
    page_of_items,
    page_of_rows,
    put,
    put_new,
    read,
    read_many,
    remove,
    replace,
    rows_in,
)
from chalicelib.town.people.model import (
    FIRST_GENERATION,
    ROTATION_GRACE,
    Access,
    AlreadyRegistered,
    Child,
    EmailRegistered,
    Found,
    Invitation,
    LinkSpent,
    Login,
    Machine,
    MachineRefused,
    Membership,
    Person,
    Proposed,
    ProviderMembership,
    Registration,
    Residence,
    Session,
    StaffMember,
    Ticket,
    guardian_of,
    name_bucket,
    name_fits,
)
from chalicelib.town.towns.model import NOBODYS_TOWN

CHILDREN_MAX = 50
ACCESS_WINDOW = timedelta(minutes=15)
MEMBERS_MAX = 500
MACHINES_KEPT_MAX = 500


# Keys


def login_key(person: str) -> Key:
    """AP-20: a sign-in; the same partition holds its memberships and sessions."""
    return Key(f"{NOBODYS_TOWN}#P#{person}", "A")


def email_key(email: str) -> Key:
    """AP-21: whose e-mail this is; an index cannot be unique, a key can."""
    return Key(f"{NOBODYS_TOWN}#E#{peppered('e-mail', email)}", "E")


def session_key(person: str, session: str) -> Key:
    """AP-22: a session of a sign-in."""
    return Key(f"{NOBODYS_TOWN}#P#{person}", f"S#{session}")


def membership_key(person: str, city: str) -> Key:
    """AP-23: the roles in a town."""
    return Key(f"{NOBODYS_TOWN}#P#{person}", f"M#{city}")


def provider_membership_key(person: str, city: str, provider: str) -> Key:
    """AP-24: the role at a provider."""
    return Key(f"{NOBODYS_TOWN}#P#{person}", f"R#{city}#{provider}")


def ticket_key(ticket: str) -> Key:
    """AP-25: a link of an e-mail."""
    return Key(f"{NOBODYS_TOWN}#T#{ticket}", "T")


def person_key(city: str, person: str) -> Key:
    """AP-27: what a town knows of a person; the children lie in the same partition."""
    return Key(f"{city}#P#{person}", "A")


def child_key(city: str, child: str) -> Key:
    """AP-28: a child, by the guardian in its id."""
    return Key(f"{city}#P#{guardian_of(child)}", f"C#{child}")


def staff_of(city: str) -> str:
    """AP-29 (GSI2): the staff of a town."""
    return f"{city}#STAFF"


def members_of(city: str, provider: str) -> str:
    """AP-30 (GSI2): the people of a provider."""
    return f"{city}#PRM#{provider}"


def names_like(city: str, surname: str) -> str:
    """AP-31 (GSI2): people and children whose surnames begin alike, under a keyed digest of the beginning."""
    return f"{city}#N#{peppered('name', name_bucket(surname))}"


def access_key(city: str, quarter: Instant, look: str) -> Key:
    """AP-32: who looked at personal data on a day."""
    return Key(f"{city}#X#{day_of(quarter).isoformat()}", f"{to_text(quarter)}#{look}")


def accesses_to(city: str, subject: str) -> str:
    """AP-33 (GSI2): who looked at one person's data."""
    return f"{city}#XP#{subject}"


def machine_key(city: str, machine: str) -> Key:
    """AP-310: a connected system; those of a town lie in one partition."""
    return Key(f"{city}#MACHINES", machine)


# Items


class LoginItem(Item):
    KIND = "login"
    id = UnicodeAttribute()
    email = UnicodeAttribute()
    password = UnicodeAttribute()
    given_names = UnicodeAttribute()
    surname = UnicodeAttribute()
    language = UnicodeAttribute()
    generation = NumberAttribute(default=FIRST_GENERATION)


class EmailItem(Item):
    KIND = "email"
    person = UnicodeAttribute()


class SessionItem(Item):
    KIND = "login_session"
    id = UnicodeAttribute()
    person = UnicodeAttribute()
    app = UnicodeAttribute()
    device = UnicodeAttribute(default="")
    secret = UnicodeAttribute()
    previous = UnicodeAttribute(default="")
    rotated_at = InstantAttribute(null=True)
    generation = NumberAttribute()
    started_at = InstantAttribute()
    used_at = InstantAttribute()
    ends_at = InstantAttribute()


class MembershipItem(Item):
    KIND = "membership"
    person = UnicodeAttribute()
    city = UnicodeAttribute()
    roles = NounAttribute[tuple[str, ...]](tuple[str, ...])
    proposed = NounAttribute[Proposed](Proposed, null=True)


class ProviderMembershipItem(Item):
    KIND = "provider_membership"
    person = UnicodeAttribute()
    city = UnicodeAttribute()
    provider = UnicodeAttribute()
    role = UnicodeAttribute()


class TicketItem(Item):
    KIND = "ticket"
    id = UnicodeAttribute()
    purpose = UnicodeAttribute()
    expires_at = InstantAttribute()
    person = UnicodeAttribute(default="")
    email = UnicodeAttribute(default="")
    generation = NumberAttribute(default=FIRST_GENERATION)
    registration = NounAttribute[Registration](Registration, null=True)
    invitation = NounAttribute[Invitation](Invitation, null=True)


class PersonItem(Item):
    KIND = "person"
    id = UnicodeAttribute()
    given_names = UnicodeAttribute()
    surname = UnicodeAttribute()
    birth_date = DayAttribute()
    residence = NounAttribute[Residence](Residence)
    registered_at = InstantAttribute()
    notice_version = NumberAttribute()
    notice_at = InstantAttribute()
    email = UnicodeAttribute(default="")
    phone = UnicodeAttribute(default="")
    language = UnicodeAttribute()
    registered_by = UnicodeAttribute(default="")


class ChildItem(Item):
    KIND = "child"
    id = UnicodeAttribute()
    guardian = UnicodeAttribute()
    given_names = UnicodeAttribute()
    surname = UnicodeAttribute()
    birth_date = DayAttribute()
    residence = NounAttribute[Residence](Residence)
    added_at = InstantAttribute()
    removed_at = InstantAttribute(null=True)


class AccessItem(Item):
    KIND = "access"
    at_time = InstantAttribute()
    by = UnicodeAttribute()
    action = UnicodeAttribute()
    subject = UnicodeAttribute(default="")
    searched = UnicodeAttribute(default="")


class MachineItem(Item):
    KIND = "machine"
    id = UnicodeAttribute()
    name = UnicodeAttribute()
    scopes = NounAttribute[tuple[str, ...]](tuple[str, ...])
    secret_digest = UnicodeAttribute()
    made_by = UnicodeAttribute()
    made_at = InstantAttribute()
    used_at = InstantAttribute(null=True)
    revoked_at = InstantAttribute(null=True)


# Sign-ins


@dataclass(frozen=True)
class Identity:
    """Everything that signing in needs, read at once."""

    login: Login
    memberships: tuple[Membership, ...]
    providers: tuple[ProviderMembership, ...]
    sessions: tuple[Session, ...]


def identity(person: str) -> Identity | None:
    """A sign-in with its roles and living sessions, by one consistent query."""
    at = now()
    items = [i for i in items_in(Query(login_key(person).pk), consistent=True) if not expired(i, at)]
    login = next((i.noun(Login) for i in items if isinstance(i, LoginItem)), None)
    if login is None:
        return None
    return Identity(
        login,
        tuple(i.noun(Membership) for i in items if isinstance(i, MembershipItem)),
        tuple(i.noun(ProviderMembership) for i in items if isinstance(i, ProviderMembershipItem)),
        tuple(s for i in items if isinstance(i, SessionItem) and (s := i.noun(Session)).generation == login.generation),
    )


def login(person: str) -> Login | None:
    item = read(LoginItem, login_key(person))
    return item.noun(Login) if item else None


def logins(people: Sequence[str]) -> dict[str, Login]:
    found = read_many([login_key(person) for person in people])
    return {item.noun(Login).id: item.noun(Login) for item in found.values()}


def owner_of(email: str) -> str | None:
    item = read(EmailItem, email_key(email))
    return item.person if item else None


def _email_taken(_old: object) -> Exception:
    return EmailRegistered()


def link_spent(_old: object) -> Exception:
    return LinkSpent()


def new_login(login: Login) -> list[Write]:
    """Writes of a new sign-in. Raises EmailRegistered when somebody was faster."""
    key = email_key(login.email)
    return [
        put_new(LoginItem.of(login, login_key(login.id)), _email_taken),
        put_new(EmailItem(pk=key.pk, sk=key.sk, kind=EmailItem.KIND, person=login.id), _email_taken),
    ]


def new_password(login: Login, password: str, why: Why = changed_meanwhile) -> Write:
    """Set a password; every session and ticket so far ends by the generation."""
    return _next_generation(login, LoginItem.password.set(password), why)


def new_email(login: Login, email: str) -> list[Write]:
    """Set an e-mail by its ticket; every session and other ticket ends by the generation. Raises LinkSpent."""
    key = email_key(email)
    old = EmailItem.at(email_key(login.email))
    return [
        _next_generation(login, LoginItem.email.set(email), link_spent),
        put_new(EmailItem(pk=key.pk, sk=key.sk, kind=EmailItem.KIND, person=login.id), _email_taken),
        remove(old, EmailItem.person == login.id),
    ]


def _next_generation(login: Login, action: Action, why: Why) -> Write:
    actions = [action, LoginItem.generation.set(LoginItem.generation + 1)]
    return change(LoginItem.at(login_key(login.id)), actions, LoginItem.generation == login.generation, why)


def same_generation(login: Login) -> Write:
    """Hold a ticket's use to the sign-in that it was made for. Raises LinkSpent."""
    return check(LoginItem.at(login_key(login.id)), LoginItem.generation == login.generation, link_spent)


def new_language(person: str, language: str) -> Write:
    return change(LoginItem.at(login_key(person)), [LoginItem.language.set(language)], LoginItem.id == person)


# Sessions


def save_session(session: Session) -> None:
    item = SessionItem.of(session, session_key(session.person, session.id))
    item.ttl = int(session.ends_at.timestamp())
    commit(put(item))


class TokenReplaced(Exception):
    """The token was rotated already; carries what the session looks like now."""

    def __init__(self, session: Session | None) -> None:
        self.session = session


def rotate(session: Session, presented: str, fresh: str, at: Instant) -> None:
    """Replace the session's token, if it is still the presented one. Raises TokenReplaced if not."""

    def why(old: SessionItem | None) -> Exception:
        return TokenReplaced(old.noun(Session) if old else None)

    commit(
        change(
            SessionItem.at(session_key(session.person, session.id)),
            [
                SessionItem.secret.set(fresh),
                SessionItem.previous.set(presented),
                SessionItem.rotated_at.set(at),
                SessionItem.used_at.set(at),
            ],
            SessionItem.secret == presented,
            why,
        )
    )


def is_in_grace(session: Session, presented: str, at: Instant) -> bool:
    return (
        session.previous == presented and session.rotated_at is not None and at - session.rotated_at <= ROTATION_GRACE
    )


def end_session(person: str, session: str) -> None:
    """End a session; ending one that is gone changes nothing."""
    item = SessionItem.at(session_key(person, session))
    commit(remove(item, SessionItem.pk.exists() | SessionItem.pk.does_not_exist()))


def renew_generation(session: Session, generation: int) -> Write:
    """Keep one session alive through a change of password."""
    item = SessionItem.at(session_key(session.person, session.id))
    return change(item, [SessionItem.generation.set(generation)], SessionItem.id == session.id)


# Tickets


def new_ticket(ticket: Ticket) -> Write:
    item = TicketItem.of(ticket, ticket_key(ticket.id))
    item.ttl = int(ticket.expires_at.timestamp())
    return put_new(item, lambda _old: ChangedMeanwhile())


def ticket(id: str) -> Ticket | None:
    item = read(TicketItem, ticket_key(id))
    return item.noun(Ticket) if item and not expired(item, now()) else None


def spend_ticket(ticket: Ticket) -> Write:
    """Use the ticket up: of two who try, one succeeds. Raises LinkSpent for the other."""
    return remove(TicketItem.at(ticket_key(ticket.id)), TicketItem.id == ticket.id, link_spent)


# Roles


def membership(person: str, city: str) -> Membership | None:
    """The roles in a town, by a consistent read."""
    item = read(MembershipItem, membership_key(person, city))
    return item.noun(Membership) if item else None


def save_membership(membership: Membership, seen: int, name: str, email: str) -> Write:
    """Write roles over the version that was seen (0: none yet). Only staff stand in the town's list."""
    item = MembershipItem.of(membership, membership_key(membership.person, membership.city))
    if membership.is_staff:
        item.gsi2_pk, item.gsi2_sk = staff_of(membership.city), membership.person
        proposed = membership.proposed
        item.card = {
            "name": name,
            "email": email,
            "roles": list(membership.staff_roles),
            "proposed": [*proposed.roles] if proposed else [],
            "proposed_by": proposed.by if proposed else "",
            "proposed_at": to_text(proposed.at) if proposed else "",
            "v": seen + 1,
        }
    return replace(item, seen) if seen else put_new(item, lambda _old: ChangedMeanwhile())


def staff(city: str) -> Iterator[StaffMember]:
    """Everyone with a role at the town hall, or with one that waits for a second administrator."""
    for row in rows_in(Query(staff_of(city), index=GSI2), MEMBERS_MAX):
        card = row.card
        asked = tuple(card["proposed"])
        proposed = Proposed(asked, card["proposed_by"], from_text(card["proposed_at"])) if asked else None
        yield StaffMember(row.sort, card["name"], card["email"], tuple(card["roles"]), proposed, int(card["v"]))


def save_provider_membership(membership: ProviderMembership, name: str, email: str) -> Write:
    key = provider_membership_key(membership.person, membership.city, membership.provider)
    return put(
        ProviderMembershipItem.of(
            membership,
            key,
            gsi2_pk=members_of(membership.city, membership.provider),
            gsi2_sk=membership.person,
            card={"name": name, "email": email, "role": membership.role},
        )
    )


def end_provider_membership(person: str, city: str, provider: str) -> Write:
    item = ProviderMembershipItem.at(provider_membership_key(person, city, provider))
    return remove(item, ProviderMembershipItem.person == person, lambda _old: NotFound())


def provider_membership(person: str, city: str, provider: str) -> ProviderMembership | None:
    item = read(ProviderMembershipItem, provider_membership_key(person, city, provider))
    return item.noun(ProviderMembership) if item else None


def provider_members(city: str, provider: str) -> Iterator[tuple[str, dict[str, str]]]:
    for row in rows_in(Query(members_of(city, provider), index=GSI2), MEMBERS_MAX):
        yield row.sort, row.card


# Machines


def machine(city: str, id: str) -> Machine | None:
    """A connected system, revoked or not, by a consistent read."""
    item = read(MachineItem, machine_key(city, id))
    return item.noun(Machine) if item else None


def machines(city: str) -> list[Machine]:
    """Every connected system that the town ever had, oldest first."""
    return [item.noun(Machine) for item in items_in(Query(machine_key(city, "").pk), MACHINES_KEPT_MAX)]


def new_machine(city: str, machine: Machine) -> Write:
    return put_new(MachineItem.of(machine, machine_key(city, machine.id)), changed_meanwhile)


def use_machine(city: str, id: str, secret_digest: str, at: Instant) -> Write:
    """Note a sign-in of a machine that is not revoked. Raises MachineRefused."""
    may = (MachineItem.secret_digest == secret_digest) & MachineItem.revoked_at.does_not_exist()
    return change(
        MachineItem.at(machine_key(city, id)), [MachineItem.used_at.set(at)], may, lambda _old: MachineRefused()
    )


def revoke_machine(city: str, id: str, at: Instant) -> Write:
    may = MachineItem.id.exists() & MachineItem.revoked_at.does_not_exist()
    return change(MachineItem.at(machine_key(city, id)), [MachineItem.revoked_at.set(at)], may)


# A town's people


def _person_item(city: str, person: Person) -> PersonItem:
    return PersonItem.of(
        person,
        person_key(city, person.id),
        gsi2_pk=names_like(city, person.surname),
        gsi2_sk=person.id,
        card=_card(person),
    )


def _child_item(city: str, child: Child) -> ChildItem:
    item = ChildItem.of(child, child_key(city, child.id))
    if child.removed_at is None:
        item.gsi2_pk, item.gsi2_sk, item.card = names_like(city, child.surname), child.id, _card(child)
    return item


def _card(someone: Person | Child) -> dict[str, str]:
    return {"name": someone.name, "surname": someone.surname, "born": someone.birth_date.isoformat()}


def new_person(city: str, person: Person) -> Write:
    """Raises AlreadyRegistered if the town has the person."""
    return put_new(_person_item(city, person), lambda _old: AlreadyRegistered())


def save_person(city: str, person: Person, seen: int) -> Write:
    return replace(_person_item(city, person), seen)


def person(city: str, id: str) -> Person | None:
    item = read(PersonItem, person_key(city, id))
    return item.noun(Person) if item else None


def people(city: str, ids: Sequence[str]) -> dict[str, Person | Child]:
    """People and children among these ids."""
    keys = [child_key(city, id) if guardian_of(id) else person_key(city, id) for id in ids]
    nouns = (
        item.noun(Child) if isinstance(item, ChildItem) else item.noun(Person) for item in read_many(keys).values()
    )
    return {noun.id: noun for noun in nouns}


def new_child(city: str, child: Child) -> Write:
    return put_new(_child_item(city, child), lambda _old: ChangedMeanwhile())


def save_child(city: str, child: Child, seen: int) -> Write:
    return replace(_child_item(city, child), seen)


def child(city: str, id: str) -> Child | None:
    item = read(ChildItem, child_key(city, id))
    return item.noun(Child) if item else None


def children(city: str, guardian: str) -> list[Child]:
    """Every child that the guardian entered, the removed ones too, in order of entry."""
    query = Query(person_key(city, guardian).pk, begins="C#")
    return [item.noun(Child) for item in items_in(query, CHILDREN_MAX, consistent=True)]


def look_up(city: str, query: str, limit: int, cursor: str | None) -> Page[Found]:
    """People whose surname begins as asked. A page may be shorter than the limit: the rest is filtered here."""
    page = page_of_rows(Query(names_like(city, query), index=GSI2), limit, cursor)
    fitting = tuple(
        Found(row.sort, row.card["name"], date.fromisoformat(row.card["born"]), guardian_of(row.sort))
        for row in page.items
        if name_fits(row.card["name"], row.card["surname"], query)
    )
    return Page(fitting, page.next)


# Who looked


def note_access(city: str, access: Access) -> Write:
    """Note a look or an act. The same look again within a quarter of an hour (a screen asks in parts) is the same note."""
    quarter = access.at - timedelta(seconds=access.at.timestamp() % ACCESS_WINDOW.total_seconds())
    if access.action.startswith(("voucher_", "order_")):
        quarter = access.at  # each act is a note of its own
    look = digest(access.by, access.action, access.subject, access.query)
    item = AccessItem.at(access_key(city, quarter, look))
    item.at_time, item.by, item.action = access.at, access.by, access.action
    item.subject, item.searched = access.subject, access.query
    if access.subject:
        item.gsi2_pk, item.gsi2_sk = accesses_to(city, access.subject), to_text(access.at)
        item.card = {"at": to_text(access.at), "by": access.by, "action": access.action}
    return put(item)


def accesses(city: str, day: date, limit: int, cursor: str | None) -> Page[Access]:
    page = page_of_items(Query(access_key(city, start_of(day), "").pk, descending=True), limit, cursor)
    return Page(tuple(sorted(map(_access, page.items), key=lambda access: access.at, reverse=True)), page.next)


def _access(item: Item) -> Access:
    assert isinstance(item, AccessItem)
    return Access(item.at_time, item.by, item.action, item.subject, item.searched)  # type: ignore[arg-type]


def accesses_to_person(city: str, subject: str, limit: int) -> list[Access]:
    """Who looked at one person's data, newest first."""
    query = Query(accesses_to(city, subject), index=GSI2, descending=True)
    cards = [row.card for row in rows_in(query, limit)]
    return [Access(from_text(card["at"]), card["by"], card["action"], subject) for card in cards]
