"""Nothing of one town is reachable from another: every door, every role it opens to, real objects of the other town."""

import re

import pytest

from chalicelib.core.gate import ANYONE, SIGNED_IN
from chalicelib.core.http import Route
from chalicelib.core.ids import new_id
from chalicelib.core.table import Item
from localcloud.demo.towns import MODRINOV, PODLESI
from tests.demo.conftest import Filled
from tests.door import Door
from tests.house.test_doors import ROUTES, _body_for, who

pytestmark = pytest.mark.timeout(1800)
HERE, ELSEWHERE = PODLESI, MODRINOV
DOORS = [route for route in ROUTES if "{id}" in route.path and "{city}" in route.path and not route.device]
KINDS = (
    "programme",
    "application",
    "provider",
    "activity",
    "order",
    "grant",
    "voucher",
    "till",
    "payout",
    "person",
    "child",
    "charge",
    "verification",
    "message",
)


@pytest.fixture(scope="module")
def theirs(items: list[Item]) -> list[str]:
    """The id of one object of each kind that the other town has, as it stands in keys and in attributes."""
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for item in items:
        if item.kind in found and item.pk.startswith(f"{ELSEWHERE}#") and not found[item.kind]:
            ids = {getattr(item, "id", None), item.pk.split("#")[2], item.sk.rpartition("#")[2]}
            found[item.kind] = {str(id) for id in ids if id and re.fullmatch(r"[A-Za-z0-9_.-]{8,128}", str(id))}
    missing = [kind for kind in ("programme", "application", "provider", "grant", "payout") if not found[kind]]
    assert not missing, missing
    return sorted({id for ids in found.values() for id in ids})


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("route", DOORS, ids=lambda route: route.name)
def test_an_object_of_another_town_does_not_exist_here(filled: Filled, theirs: list[str], route: Route) -> None:
    body = _body_for(route)
    roles = [role for role in route.allow if role not in (ANYONE, SIGNED_IN)] or ["citizen"]
    for role in roles:
        door = Door().as_(who(role, HERE))
        for id in theirs:
            path = re.sub(r"{\w+}", id, route.path.removeprefix("/v1").replace("{city}", HERE))
            key = new_id() if route.spends else ""
            answer = door.call(route.method, path, body, key=key, version=1 if route.edits else None)
            gone = answer.status == 204 and route.method == "DELETE"
            assert gone or answer.status in (400, 401, 403, 404, 409, 410, 422, 429), (role, id, answer)
