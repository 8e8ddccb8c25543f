"""Two administrators give a role at the town hall: one proposes, another agrees, and neither of them is who gets it.

So no one human, under whatever sign-ins, comes to a second signature: for that they would have to be two administrators,
and they are one. It begins with the two whom the operator names at founding, before anybody is proved: therefore a clerk
need not be, who then proves the others. For the roles in `gate.PROVED` all three are people whose identity is proved.
"""

from collections.abc import Iterable, Sequence

from chalicelib.core.gate import PROVED, Role, Who
from chalicelib.town.identity.deciding import check_signature, is_among, is_proved
from chalicelib.town.identity.model import OfficerNotVerified, SamePersonSigns, SignerNotVerified
from chalicelib.town.people import service as people
from chalicelib.town.people.model import NothingProposed, OwnRoles, StaffMember


def set_roles(city: str, person: str, roles: Sequence[Role], seen: int, by: Who) -> StaffMember:
    """An administrator gives a colleague these roles: those that they do not hold yet wait for a second one.

    Raises OwnRoles, also for another sign-in of theirs, SignerNotVerified, OfficerNotVerified, and what setting roles raises.
    """
    member = people.staff_member(city, person)
    if is_among(city, person, [by.id]):
        raise OwnRoles
    waiting = member.proposed.roles if member.proposed else ()
    if _need_proof({*roles} - {*member.roles, *waiting}):
        if not is_proved(city, by.id):
            raise SignerNotVerified
        _check_proved(city, person)
    return people.set_roles(city, person, roles, seen, by)


def accept(city: str, person: str, seen: int, by: Who) -> StaffMember:
    """A second administrator agrees: the roles are held from now on.

    Raises NothingProposed, SignerNotVerified, SamePersonSigns, OfficerNotVerified, and what setting roles raises.
    """
    proposed = people.staff_member(city, person).proposed
    if proposed is None:
        raise NothingProposed
    if is_among(city, by.id, [proposed.by, person]) or is_among(city, person, [proposed.by]):
        raise SamePersonSigns
    if _need_proof(proposed.roles):
        check_signature(city, by.id, proposed.by, person)
        _check_proved(city, person, proposed.by)
    return people.answer_proposed(city, person, True, seen, by)


def refuse(city: str, person: str, seen: int, by: Who) -> StaffMember:
    """An administrator does not agree, or takes back what they proposed: the roles wait no more."""
    return people.answer_proposed(city, person, False, seen, by)


def _need_proof(roles: Iterable[Role]) -> bool:
    return not {*roles}.isdisjoint(PROVED)


def _check_proved(city: str, *everybody: str) -> None:
    for one in everybody:
        if not is_proved(city, one):
            raise OfficerNotVerified(people.names([one]).get(one, ""))
