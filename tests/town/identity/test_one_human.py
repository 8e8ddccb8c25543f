"""One human alone, under whatever sign-ins and however many invented people, never comes to a second signature.

It is played at its worst: whomever the one administrator needs proved is proved, as if every clerk, every letter and the
town's Regina were hers. What holds is that a role takes two administrators, and that she is one of them.
"""

import ast
from collections.abc import Callable

import pytest

from chalicelib.core import rooms
from chalicelib.core.gate import PROVED, STAFF, Who
from chalicelib.town.people import service, store
from tests.door import Door
from tests.hiring import hired, known_to
from tests.town.people.build import PASSWORD, a_colleague, a_town, registered, token_to

CITY = "modrinov"
COLLEAGUES = f"/cities/{CITY}/staff"
SHE = Who(id="she", app="admin", roles={CITY: ("admin",)})
ANOTHER = Who(id="another", app="admin", roles={CITY: ("admin",)})
OWN = "loutka@priklad.example"
"""A mailbox of hers."""


def by_invitation(door: Door, role: str) -> str:
    return invited(door, role, {"given_names": "Petr", "surname": "Smyšlený", "password": PASSWORD})


def by_invitation_of_a_citizen(door: Door, role: str) -> str:
    registered(door, OWN)
    return invited(door, role, {})


def invited(door: Door, role: str, filled: dict[str, str]) -> str:
    assert door.as_(SHE).post(COLLEAGUES, {"email": OWN, "roles": [role]}).status == 202
    assert door.post("/invitations/accept", {"token": token_to(OWN)} | filled).status == 200
    return store.owner_of(OWN) or ""


def beside_a_role(door: Door, role: str) -> str:
    """Somebody whom both once took on for little is given more."""
    puppet = a_colleague("puppet", ("auditor" if role != "auditor" else "clerk",)).id
    known_to(CITY, puppet)
    asked = door.as_(SHE).patch(f"{COLLEAGUES}/{puppet}", {"roles": [role]}, version=1)
    assert asked.status == 204, asked
    return puppet


WAYS: tuple[Callable[[Door, str], str], ...] = (by_invitation, by_invitation_of_a_citizen, beside_a_role)
WRITERS = {
    "staff.py:_offered": "by_invitation, by_invitation_of_a_citizen; the operator's at founding",
    "staff.py:_save_roles": "beside_a_role, and the second administrator's answer",
    "staff.py:add_citizen": "a citizen's own role",
    "sign_in.py:founding": "a citizen's own role",
    "service.py:found_roles": "the demo",
}
"""Every function that writes what roles somebody holds in a town."""


@pytest.fixture(autouse=True)
def town(table: str) -> None:
    a_town()
    for administrator in (SHE, ANOTHER):
        hired(administrator)
        known_to(CITY, administrator.id)


def agreed(door: Door, by: str, person: str) -> int:
    who = Who(id=by, app="admin", roles={CITY: ("admin",)})
    version = door.as_(SHE).get(f"{COLLEAGUES}/{person}").body["v"]
    return door.as_(who).post(f"{COLLEAGUES}/{person}/proposed-roles/acceptance", version=version).status


def test_every_way_to_a_role_is_played_here() -> None:
    found = set()
    for file in rooms.folders()["people"].glob("*.py"):
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and function.name != "save_membership":
                calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
                if "save_membership" in {getattr(call, "attr", getattr(call, "id", "")) for call in calls}:
                    found.add(f"{file.name}:{function.name}")
    assert found == set(WRITERS)


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("way", WAYS)
def test_nobody_comes_to_a_role_by_one_administrator_alone(
    door: Door, way: Callable[[Door, str], str], role: str
) -> None:
    puppet = way(door, role)
    known_to(CITY, puppet)
    for sign_in in (SHE.id, puppet):
        assert agreed(door, sign_in, puppet) == 403
    assert role not in service.staff_roles_now(CITY, puppet)
    assert agreed(door, ANOTHER.id, puppet) == 204
    assert role in service.staff_roles_now(CITY, puppet)


@pytest.mark.parametrize("role", STAFF)
def test_nor_do_two_of_her_puppets_agree_for_each_other(door: Door, role: str) -> None:
    """What one of them only waits for, it cannot use."""
    puppets = [by_invitation(door, "admin"), beside_a_role(door, role)]
    for puppet in puppets:
        known_to(CITY, puppet)
    assert [agreed(door, one, other) for one in puppets for other in puppets] == [403] * 4
    assert not {role, "admin"} & {held for one in puppets for held in service.staff_roles_now(CITY, one)}


@pytest.mark.parametrize("role", sorted({*STAFF} - {*PROVED}))
def test_her_own_second_sign_in_gets_no_role_even_if_another_agrees(door: Door, role: str) -> None:
    second = by_invitation(door, role)
    known_to(CITY, second, ref="ref-she")
    assert agreed(door, ANOTHER.id, second) == 403
    assert door.as_(SHE).patch(f"{COLLEAGUES}/{second}", {"roles": ["auditor"]}, version=1).body["code"] == "own_roles"


def test_whoever_takes_the_other_administrators_role_away_is_left_without_a_second_yes(door: Door) -> None:
    puppet = by_invitation(door, "admin")
    known_to(CITY, puppet)
    assert door.as_(SHE).patch(f"{COLLEAGUES}/{ANOTHER.id}", {"roles": []}, version=1).status == 204
    assert [agreed(door, one, puppet) for one in (SHE.id, puppet)] == [403, 403]
    assert {one.person for one in service.staff(CITY) if "admin" in one.roles} == {SHE.id}
