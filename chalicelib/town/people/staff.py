"""Roles at the town hall and at providers: who holds them, how they are given, taken and offered by invitation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.core import tries
from chalicelib.core.clock import now
from chalicelib.core.gate import ADMIN, CITIZEN, OWNER, Role, Who
from chalicelib.core.ids import digest, new_id
from chalicelib.core.refusals import ChangedMeanwhile, NotFound, SignInNeeded
from chalicelib.core.table import Write, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.town.people import passwords, store, tickets
from chalicelib.town.people.guessing import LETTERS, LETTERS_FROM_ANYWHERE
from chalicelib.town.people.model import (
    OPERATOR,
    Invitation,
    Language,
    Letter,
    LinkSpent,
    Login,
    Membership,
    NothingProposed,
    OwnRoles,
    PasswordNeeded,
    ProviderMember,
    ProviderMembership,
    StaffMember,
    Ticket,
    check_roles,
    roles_for,
    verbs,
    with_roles,
)
from chalicelib.town.people.outside import letter
from chalicelib.town.towns import service as towns


def as_now(who: Who) -> Who:
    """The same person with the roles that they hold now, by one consistent query.

    Raises SignInNeeded when the session has ended since the token was made.
    """
    known = store.identity(who.id)
    if known is None or (who.session and who.session not in {session.id for session in known.sessions}):
        raise SignInNeeded
    roles, providers = roles_for(who.app, known.memberships, known.providers)
    return replace(who, roles=roles, providers=providers, name=known.login.name)


def staff_roles_now(city: str, person: str) -> tuple[Role, ...]:
    """The roles at the town hall by a consistent read: asked before money is released or an account changed."""
    held = store.membership(person, city)
    return held.staff_roles if held else ()


def provider_role_now(city: str, person: str, provider: str) -> Role | None:
    """The role at a provider, by a consistent read."""
    held = store.provider_membership(person, city, provider)
    return held.role if held else None


def staff(city: str) -> list[StaffMember]:
    """Everyone with a role at the town hall, or with one that waits, by name."""
    return sorted(store.staff(city), key=lambda member: member.name)


def staff_member(city: str, person: str) -> StaffMember:
    """A colleague with the version of their roles. Raises NotFound."""
    held, login = _colleague(city, person)
    return StaffMember(person, login.name, login.email, held.staff_roles, held.proposed, held.v)


def set_roles(city: str, person: str, roles: Sequence[Role], seen: int, by: Who) -> StaffMember:
    """Give a colleague exactly these roles at the town hall; none ends their work there. Roles that they do not hold yet
    wait for a second administrator; whether they may be proposed, `identity.officers` has judged.

    Raises OwnRoles, RolesClash, OfficersApart, ChangedMeanwhile, NotFound.
    """
    if person == by.id:
        raise OwnRoles
    check_roles(roles, towns.town(city).joint_accountant)
    held, _ = _colleague(city, person)
    changed = with_roles(held, roles, by.id, now())
    return _save_roles(city, changed, seen, by, verbs(held, changed))


def answer_proposed(city: str, person: str, accepted: bool, seen: int, by: Who) -> StaffMember:
    """The second administrator's answer to proposed roles. Whether the two are two people, `identity.officers` has judged.

    Raises OwnRoles, NothingProposed, RolesClash, OfficersApart, ChangedMeanwhile, NotFound.
    """
    if person == by.id:
        raise OwnRoles
    held, _ = _colleague(city, person)
    if held.proposed is None:
        raise NothingProposed
    roles = held.proposed.roles if accepted else ()
    check_roles((*held.roles, *roles), towns.town(city).joint_accountant)
    changed = replace(held, roles=tuple(sorted({*held.roles, *roles})), proposed=None)
    return _save_roles(city, changed, seen, by, [("accepted" if accepted else "refused", held.proposed.roles)])


def _colleague(city: str, person: str) -> tuple[Membership, Login]:
    held, login = store.membership(person, city), store.login(person)
    if held is None or login is None or not held.is_staff:
        raise NotFound
    return held, login


def _save_roles(
    city: str, changed: Membership, seen: int, by: Who, told: Sequence[tuple[str, tuple[Role, ...]]]
) -> StaffMember:
    """Write the roles over the version that was seen, with a leaf for each thing that was decided."""
    if changed.v != seen:
        raise ChangedMeanwhile
    login = store.login(changed.person)
    assert login is not None  # a colleague has one
    leaves = [_leaf(city, changed, verb, roles, by.id, by.app) for verb, roles in told]
    transact([store.save_membership(changed, seen, login.name, login.email), *leaves])
    return StaffMember(changed.person, login.name, login.email, changed.staff_roles, changed.proposed, seen + 1)


def _leaf(city: str, changed: Membership, verb: str, roles: Sequence[Role], by: str, via: str) -> Write:
    """That roles were set, proposed, accepted, refused or withdrawn, for the day's seal."""
    id = digest("roles", changed.person, str(changed.v), verb)
    return ledger.leaf(city, id, "roles", changed.person, ".".join((verb, *roles)), by=by, via=via)


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
    """Offer by e-mail roles at the town hall, or one role at a provider.

    Raises OwnRoles (nobody invites themselves), RolesClash, OfficersApart, TooManyTries.
    """
    at = now()
    if by.id and store.owner_of(email) == by.id:
        raise OwnRoles
    check_roles(roles, towns.town(city).joint_accountant)
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
    """What an invitation offers. Raises LinkSpent, also once whoever invited may no longer."""
    _, invitation, login = _invitation(token)
    return Offer(invitation, towns.town(invitation.city).name, login is not None)


def accept(token: str, given_names: str | None, surname: str | None, password: str | None) -> Invitation:
    """Take an invitation: the roles go to the e-mail's sign-in, made now if there is none. They wait for an administrator
    other than the one who invited; only those that the operator names at founding are held at once.

    Raises LinkSpent, PasswordNeeded, EmailRegistered, OwnRoles, RolesClash, OfficersApart.
    """
    ticket, invitation, known = _invitation(token)
    spent = store.spend_ticket(ticket)
    if known:
        if known.id == invitation.by:
            raise OwnRoles
        transact([spent, store.same_generation(known), *_offered(invitation, known)])
        return invitation
    if not (given_names and surname and password):
        raise PasswordNeeded
    login = Login(new_id(), invitation.email, passwords.hashed(password), given_names, surname)
    transact([spent, *store.new_login(login), *_offered(invitation, login)])
    return invitation


def _invitation(token: str) -> tuple[Ticket, Invitation, Login | None]:
    ticket, login = tickets.opened(token, "invitation")
    assert ticket.invitation is not None
    if not _may_invite_now(ticket.invitation):
        raise LinkSpent
    return ticket, ticket.invitation, login


def _may_invite_now(offered: Invitation) -> bool:
    """An offer is worth what its maker may do now: nobody leaves a door open behind them.

    Behind founding and a provider's sign-up stands nobody with a sign-in.
    """
    if offered.by in ("", OPERATOR):
        return True
    if offered.provider:
        return provider_role_now(offered.city, offered.by, offered.provider) == OWNER
    return ADMIN in staff_roles_now(offered.city, offered.by)


def _offered(invitation: Invitation, login: Login) -> list[Write]:
    """The writes that put the offered roles beside those already held."""
    city, by = invitation.city, invitation.by
    if invitation.provider:
        member = ProviderMembership(login.id, city, invitation.provider, invitation.roles[0])
        return [store.save_provider_membership(member, login.name, login.email)]
    known = store.membership(login.id, city)
    held, seen = known or Membership(login.id, city), known.v if known else 0
    waiting = held.proposed.roles if held.proposed else ()
    together = (*held.staff_roles, *waiting, *invitation.roles)
    check_roles(together, towns.town(city).joint_accountant)
    if by == OPERATOR:
        changed = replace(held, roles=tuple(sorted({*held.roles, *invitation.roles})))
    else:
        changed = with_roles(held, together, by, now())
    leaves = [_leaf(city, changed, verb, roles, by, "invitation") for verb, roles in verbs(held, changed)]
    return [store.save_membership(changed, seen, login.name, login.email), *leaves]


def add_citizen(login: Login, city: str) -> Write:
    """A write that makes a signed-in person a citizen of a town too."""
    known = store.membership(login.id, city)
    held, seen = known or Membership(login.id, city), known.v if known else 0
    changed = replace(held, roles=tuple(sorted({*held.roles, CITIZEN})))
    return store.save_membership(changed, seen, login.name, login.email)
