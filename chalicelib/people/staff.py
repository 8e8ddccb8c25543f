"""Roles at the town hall and at providers: who holds them, how they are given, taken and offered by invitation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.core import tries
from chalicelib.core.clock import now
from chalicelib.core.gate import CITIZEN, OWNER, Role, Who
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import ChangedMeanwhile, NotFound
from chalicelib.core.table import Write, transact
from chalicelib.people import passwords, store, tickets
from chalicelib.people.guessing import LETTERS, LETTERS_FROM_ANYWHERE
from chalicelib.people.model import (
    Invitation,
    Language,
    Letter,
    Login,
    Membership,
    OwnRoles,
    PasswordNeeded,
    ProviderMember,
    ProviderMembership,
    StaffMember,
    Ticket,
    check_roles,
)
from chalicelib.people.outside import letter
from chalicelib.towns import service as towns


def staff_roles_now(city: str, person: str) -> tuple[Role, ...]:
    """The roles at the town hall by a consistent read: asked before money is released or an account changed."""
    held = store.membership(person, city)
    return held.staff_roles if held else ()


def provider_role_now(city: str, person: str, provider: str) -> Role | None:
    """The role at a provider, by a consistent read."""
    held = store.provider_membership(person, city, provider)
    return held.role if held else None


def staff(city: str) -> list[StaffMember]:
    """Everyone with a role at the town hall, by name."""
    found = [
        StaffMember(person, card["name"], card["email"], tuple(card["roles"])) for person, card in store.staff(city)
    ]
    return sorted(found, key=lambda member: member.name)


def staff_member(city: str, person: str) -> StaffMember:
    """A colleague with the version of their roles. Raises NotFound."""
    held, login = store.membership(person, city), store.login(person)
    if held is None or login is None or not held.staff_roles:
        raise NotFound
    return StaffMember(person, login.name, login.email, held.staff_roles, held.v)


def set_roles(city: str, person: str, roles: Sequence[Role], seen: int, by: Who) -> StaffMember:
    """Give a colleague exactly these roles at the town hall; none ends their work there.

    Raises OwnRoles, RolesClash, ChangedMeanwhile, NotFound.
    """
    if person == by.id:
        raise OwnRoles
    check_roles(tuple(roles))
    held, login = store.membership(person, city), store.login(person)
    if held is None or login is None or not held.staff_roles:
        raise NotFound
    if held.v != seen:
        raise ChangedMeanwhile
    kept = tuple(role for role in held.roles if role == CITIZEN)
    changed = replace(held, roles=(*kept, *sorted(set(roles))))
    transact([store.save_membership(changed, seen, login.name, login.email)])
    return StaffMember(person, login.name, login.email, changed.staff_roles, seen + 1)


# Providers' people


def provider_members(city: str, provider: str) -> list[ProviderMember]:
    """The people of a provider, by name."""
    found = [
        ProviderMember(person, card["name"], card["email"], card["role"])
        for person, card in store.provider_members(city, provider)
    ]
    return sorted(found, key=lambda member: member.name)


def give_provider_role(city: str, person: str, provider: str, role: Role) -> Write:
    """A write that gives a signed-up person a role at a provider; for the transaction that makes the provider."""
    login = store.login(person)
    if login is None:
        raise NotFound
    return store.save_provider_membership(ProviderMembership(person, city, provider, role), login.name, login.email)


def take_provider_role(city: str, person: str, provider: str) -> Write:
    """A write that ends a person's role at a provider. Raises NotFound if they have none."""
    return store.end_provider_membership(person, city, provider)


# Invitations


def invite_member(
    city: str,
    email: str,
    by: Who,
    *,
    roles: Sequence[Role] = (),
    provider: str = "",
    provider_name: str = "",
    role: Role = OWNER,
    language: Language = "cs",
) -> None:
    """Offer by e-mail roles at the town hall, or one role at a provider. Raises RolesClash, TooManyTries."""
    at = now()
    check_roles(tuple(roles))
    tries.count("invitation", f"{by.id} {email}", LETTERS, at)
    tries.count("invitation-from-anywhere", email, LETTERS_FROM_ANYWHERE, at)
    offered = (role,) if provider else tuple(sorted(set(roles)))
    invitation = Invitation(city, email, by.id, offered, provider, provider_name)
    owner = store.owner_of(email)
    ticket = tickets.made("invitation", at, store.login(owner) if owner else None, email=email, invitation=invitation)
    note = Letter(
        city=city,
        address=email,
        template="people.invited_by_provider" if provider else "people.invited_by_town",
        event=ticket.id,
        language=language,
        facts={"ticket": ticket.id, "provider": provider_name, "town": towns.town(city).name},
    )
    transact([store.new_ticket(ticket), letter(note)])


@dataclass(frozen=True)
class Offer:
    """An invitation as the invited sees it before accepting."""

    invitation: Invitation
    town: str
    has_account: bool


def look_at(token: str) -> Offer:
    """What an invitation offers. Raises LinkSpent."""
    _, invitation, login = _invitation(token)
    return Offer(invitation, towns.town(invitation.city).name, login is not None)


def accept(token: str, given_names: str | None, surname: str | None, password: str | None) -> Invitation:
    """Take an invitation: the roles go to the e-mail's sign-in, made now if there is none.

    Raises LinkSpent, PasswordNeeded, EmailRegistered, RolesClash.
    """
    ticket, invitation, known = _invitation(token)
    spent = store.spend_ticket(ticket)
    if known:
        transact([spent, store.same_generation(known), _offered(invitation, known)])
        return invitation
    if not (given_names and surname and password):
        raise PasswordNeeded
    login = Login(new_id(), invitation.email, passwords.hashed(password), given_names, surname)
    transact([spent, *store.new_login(login), _offered(invitation, login)])
    return invitation


def _invitation(token: str) -> tuple[Ticket, Invitation, Login | None]:
    ticket, login = tickets.opened(token, "invitation")
    assert ticket.invitation is not None
    return ticket, ticket.invitation, login


def _offered(invitation: Invitation, login: Login) -> Write:
    """The write that puts the offered roles beside those already held."""
    if invitation.provider:
        member = ProviderMembership(login.id, invitation.city, invitation.provider, invitation.roles[0])
        return store.save_provider_membership(member, login.name, login.email)
    return add_roles(login, invitation.city, invitation.roles)


def add_roles(login: Login, city: str, roles: Sequence[Role]) -> Write:
    """A write that adds roles in a town to a sign-in. Raises RolesClash."""
    held = store.membership(login.id, city)
    together = tuple(sorted({*(held.roles if held else ()), *roles}))
    check_roles(together)
    seen = held.v if held else 0
    return store.save_membership(Membership(login.id, city, together), seen, login.name, login.email)
