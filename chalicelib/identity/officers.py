"""The second administrator's yes to roles over money.

Whoever proposes, whoever agrees and whoever gets the role are people whose identity is proved: no second sign-in of one
person counts. It stands on the clerks who prove identities at the desk; administrators name them alone.
"""

from chalicelib.core.gate import Who
from chalicelib.identity.deciding import check_signature, is_proved
from chalicelib.identity.model import OfficerNotVerified
from chalicelib.people import service as people
from chalicelib.people.model import NothingProposed, StaffMember


def accept(city: str, person: str, seen: int, by: Who) -> StaffMember:
    """A second administrator agrees: the roles are held from now on.

    Raises NothingProposed, SignerNotVerified, SamePersonSigns, OfficerNotVerified, and what setting roles raises.
    """
    proposed = people.staff_member(city, person).proposed
    if proposed is None:
        raise NothingProposed
    check_signature(city, by.id, proposed.by, person)
    if not (is_proved(city, person) and is_proved(city, proposed.by)):
        raise OfficerNotVerified
    return people.answer_proposed(city, person, True, seen, by)


def refuse(city: str, person: str, seen: int, by: Who) -> StaffMember:
    """An administrator does not agree, or takes back what they proposed: the roles wait no more."""
    return people.answer_proposed(city, person, False, seen, by)
