"""Bad input is refused whole, by name, and changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.aws import client
from chalicelib.core.http import Route
from chalicelib.core.ids import new_id
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Grant, Transfer
from tests.days import at
from tests.door import Door
from tests.house.test_doors import HERE, ROUTES, a_path, who
from tests.money.ledger.town import YEAR, Town, after, refused, somebody

IMPOSSIBLE = [0, -1, -(10**12), 10**12 + 1, 10**30]


@pytest.fixture
def town(table: str) -> Town:
    founded = Town()
    founded.budget()
    return founded


@pytest.fixture
def everything(table: str) -> Callable[[], Any]:
    """All that is stored, to be compared."""
    return lambda: sorted(
        client("dynamodb").scan(TableName=table, ConsistentRead=True)["Items"],
        key=lambda raw: (raw["PK"]["S"], raw["SK"]["S"]),
    )


type Moves = Callable[[Town, Grant, int], Any]

MOVES: dict[str, Moves] = {
    "fund": lambda town, _grant, minor: ledger.fund(town.city, "p1", minor, somebody()),
    "cut": lambda town, _grant, minor: ledger.cut(town.city, "p1", minor, somebody()),
    "allot": lambda town, _grant, minor: town.grant(minor),
    "top_up": lambda town, grant, minor: ledger.top_up(town.city, grant, minor, somebody()),
    "spend": lambda town, grant, minor: town.spend(grant, minor),
    "hold": lambda town, grant, minor: town.hold(grant, minor),
    "advance": lambda town, _grant, minor: ledger.advance(town.city, minor, somebody()),
}


@pytest.mark.parametrize("minor", IMPOSSIBLE)
@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_an_impossible_amount_moves_nothing(town: Town, everything: Any, move: Moves, minor: int) -> None:
    grant = town.grant(1)
    before = everything()
    refused("amount_out_of_range", lambda: move(town, grant, minor))
    assert everything() == before


def test_a_payout_line_over_the_bound_moves_nothing(town: Town, everything: Any) -> None:
    before = everything()
    for verb in (ledger.order, ledger.pay, ledger.reject, ledger.take_back, ledger.settle_inside):
        refused(
            "amount_out_of_range",
            lambda verb=verb: verb(town.city, "pool", "l1", {"p1": 10**12 + 1}, somebody(), []),  # type: ignore[misc]
        )
    assert everything() == before


def test_one_impossible_part_refuses_an_award_whole(town: Town, everything: Any) -> None:
    before = everything()
    parts = [town.new_grant(1_000, "child", part=1, parts=2), town.new_grant(0, "child", part=2, parts=2)]
    refused("amount_out_of_range", lambda: ledger.allot(town.city, parts, somebody()))
    assert everything() == before


def test_an_account_that_is_not_in_the_books_is_named(town: Town, everything: Any) -> None:
    grant = town.grant()
    ghost = replace(grant, id="nobody")
    ghostly = Transfer(**(town.hold(grant).__dict__ | {"grant": "nobody"}))
    before = everything()
    unknown: dict[str, Callable[[], Any]] = {
        "fund": lambda: ledger.fund(town.city, "p9", 1, somebody()),
        "cut": lambda: ledger.cut(town.city, "p9", 1, somebody()),
        "carry": lambda: ledger.carry_over(town.city, "p9", YEAR, somebody()),
        "spend": lambda: town.spend(ghost, 1),
        "hold": lambda: town.hold(ghost, 1),
        "order": lambda: ledger.order(town.city, "pool", "l1", {"p1": 1, "p9": 1}, somebody(), []),
        "pay": lambda: ledger.pay(town.city, "pool", "l1", {"p9": 1}, somebody(), []),
    }
    for run in unknown.values():
        refused("account_unknown", run)
    refused("budget_not_open", lambda: town.grant(1, programme="p9"))
    refused("grant_closed", lambda: ledger.top_up(town.city, ghost, 1, somebody()))
    refused("transfer_not_found", lambda: ledger.undo(town.city, ghost, "nothing", somebody()))
    refused("transfer_not_found", lambda: ledger.refund(town.city, ghost, "nothing", somebody()))
    for verb in (ledger.settle, ledger.release):
        refused("hold_ended", lambda verb=verb: verb(town.city, ghostly, somebody(), []))  # type: ignore[misc]
    assert everything() == before


@pytest.mark.parametrize(
    ("kind", "code"), [("expire", "validity_ended"), ("revoke", "grant_closed"), ("remainder", "grant_used")]
)
def test_a_closed_grant_moves_nothing(town: Town, everything: Any, kind: Any, code: str) -> None:
    grant = town.grant()
    spent = town.spent(grant)
    with at(after(grant)):
        ledger.give_back(town.city, [town.seen(grant)], kind, somebody())
    before = everything()
    refused(code, lambda: town.spend(grant, 1))
    refused(code, lambda: town.hold(grant, 1))
    refused("grant_closed", lambda: ledger.top_up(town.city, grant, 1, somebody()))
    refused("grant_closed", lambda: ledger.undo(town.city, grant, spent.id, somebody()))
    refused("grant_closed", lambda: transact([ledger.suspend(town.city, grant.id)]))
    refused("grant_closed", lambda: transact([ledger.resume(town.city, grant.id)]))
    assert everything() == before


def test_only_a_redemption_is_taken_back_and_never_its_taking_back(town: Town, everything: Any) -> None:
    grant = town.grant()
    undone = ledger.undo(town.city, grant, town.spent(grant).id, somebody()).transfer
    refunded = ledger.refund(town.city, grant, town.claimed(grant).id, somebody()).transfer
    held = town.hold(grant)
    settled = ledger.settle(town.city, town.hold(grant), somebody(), []).transfer
    released = ledger.release(town.city, town.hold(grant), somebody(), []).transfer
    topped = ledger.top_up(town.city, grant, 1, somebody()).transfer
    before = everything()
    for one in (undone, refunded, held, released, topped):
        refused("not_reversible", lambda one=one: ledger.undo(town.city, grant, one.id, somebody()))  # type: ignore[misc]
        refused("not_reversible", lambda one=one: ledger.refund(town.city, grant, one.id, somebody()))  # type: ignore[misc]
    refused("not_reversible", lambda: ledger.undo(town.city, grant, settled.id, somebody()))
    refused("not_reversible", lambda: ledger.undo(town.city, grant, "allot", somebody()))
    assert everything() == before


def test_a_write_off_wants_two_people_and_a_refund(town: Town, everything: Any) -> None:
    grant = town.grant()
    spent = town.claimed(grant)
    refunded = ledger.refund(town.city, grant, spent.id, somebody()).transfer
    before = everything()

    def write_off(transfer: Transfer, approved_by: str) -> Any:
        return ledger.write_off(town.city, transfer, somebody(), approved_by=approved_by, reason="gone")

    refused("same_approver", lambda: write_off(refunded, "somebody"))
    refused("not_reversible", lambda: write_off(spent, "another"))
    assert everything() == before


MONEY = [route for route in ROUTES if route.spends and route.types[0] is not type(None)]


@pytest.mark.parametrize("route", MONEY, ids=lambda route: route.name)
def test_no_door_takes_a_currency(door: Door, everything: Any, route: Route) -> None:
    """Everything is in crowns: a request that names a currency is refused before anything is read."""
    role = "till" if route.device else next(iter(route.allow), "till")
    somebody = door.as_(who(role, HERE))
    before = everything()
    answer = somebody.call(route.method, a_path(route), {"amount_minor": 1, "currency": "EUR"}, key=new_id())
    assert answer.status == 422, answer
    assert "currency" in str(answer.body["errors"])
    assert everything() == before
