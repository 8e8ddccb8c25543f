"""Whoever acts in a role holds it at that moment: a role taken away acts no more, though its token lives.

Every door where somebody acts for the town hall or for a provider is here by itself: money, decisions, accounts, switches.
"""

import pytest

from chalicelib.core.gate import PROVIDER_SIDE, Who
from chalicelib.core.http import Route
from chalicelib.core.ids import new_id
from chalicelib.core.table import transact
from chalicelib.town.people import service as people
from tests.door import Door
from tests.hiring import hired
from tests.house.test_doors import HERE, ROUTES, a_path
from tests.town.people.build import a_town

ACTS = [(route, role) for route in ROUTES for role in route.acts_as]
ADMIN = Who(id="administrator", app="admin", roles={HERE: ("admin",)})


def knock(door: Door, route: Route) -> str:
    key, version = (new_id() if route.spends else ""), (1 if route.edits else None)
    answer = door.call(route.method, a_path(route), {}, key=key, version=version)
    return str(answer.body.get("code", "")) if answer.body else ""


def take_away(door: Door, who: Who, role: str) -> None:
    """As the product takes a role away: an administrator of a colleague, an owner of somebody of the provider."""
    if role in PROVIDER_SIDE:
        [provider] = who.providers[HERE]
        transact([people.take_provider_role(HERE, who.id, provider)])
        return
    answer = door.as_(ADMIN).patch(f"/cities/{HERE}/staff/{who.id}", {"roles": []}, version=1)
    assert answer.status == 204, answer.body


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize(("route", "role"), ACTS, ids=lambda value: getattr(value, "name", value))
def test_a_role_taken_away_acts_no_more_while_its_token_lives(door: Door, route: Route, role: str) -> None:
    a_town()
    at_provider = role in PROVIDER_SIDE
    who = Who(
        id="colleague",
        app="admin",
        roles={} if at_provider else {HERE: (role,)},
        providers={HERE: {"p1": role}} if at_provider else {},
    )
    inside = door.as_(hired(who))
    assert knock(inside, route) != "wrong_role"
    take_away(door, who, role)
    assert knock(inside, route) == "wrong_role"


def test_a_session_that_has_ended_acts_no_more(door: Door) -> None:
    a_town()
    hired(ADMIN)
    gone = Who(id=ADMIN.id, app="admin", session="ended", roles=ADMIN.roles)
    answer = door.as_(gone).post(f"/cities/{HERE}/staff", {"email": "k@radnice.example", "roles": ["clerk"]})
    assert (answer.status, answer.body["code"]) == (401, "sign_in_needed")
