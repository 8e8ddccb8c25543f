"""Whatever happens to a request on its way, a movement takes effect once, and nobody is told a wrong refusal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib.core.aws import client
from chalicelib.core.refusals import ChangedMeanwhile
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Receipt
from faults.injection import LATE_SECONDS, Fault, faults
from tests.days import at
from tests.money.ledger.town import YEAR, Town, after, somebody

type Move = Callable[[], Any]


def _spend(town: Town) -> Move:
    grant, who = town.grant(), somebody()
    return lambda: ledger.spend(town.city, grant, 3_000, "pool", who)


def _hold(town: Town) -> Move:
    grant, who = town.grant(), somebody()
    return lambda: ledger.hold(town.city, grant, 3_000, "pool", "hold-1", who, [])


def _settle(town: Town) -> Move:
    held = town.hold(town.grant(), 3_000)
    return lambda: ledger.settle(town.city, held, somebody(), [])


def _release(town: Town) -> Move:
    held = town.hold(town.grant(), 3_000)
    return lambda: ledger.release(town.city, held, somebody(), [])


def _undo(town: Town) -> Move:
    grant = town.grant()
    spent = town.spent(grant, 3_000)
    return lambda: ledger.undo(town.city, grant, spent.id, somebody())


def _unsettle(town: Town) -> Move:
    held = town.hold(town.grant(), 3_000)
    ledger.settle(town.city, held, somebody(), [])
    return lambda: ledger.unsettle(town.city, held, somebody(), [])


def _refund(town: Town) -> Move:
    grant = town.grant()
    spent = town.claimed(grant, 3_000)
    return lambda: ledger.refund(town.city, grant, spent.id, somebody())


def _write_off(town: Town) -> Move:
    grant = town.grant()
    spent = town.claimed(grant, 3_000)
    refunded = ledger.refund(town.city, grant, spent.id, somebody()).transfer
    return lambda: ledger.write_off(town.city, refunded, somebody(), approved_by="another", reason="gone")


def _claim(town: Town) -> Move:
    spent = town.spent(town.grant(), 3_000)
    return lambda: transact([ledger.claim(town.city, spent, "l1")])


def _fund(town: Town) -> Move:
    who = somebody()
    return lambda: ledger.fund(town.city, "p1", 3_000, who)


def _cut(town: Town) -> Move:
    who = somebody()
    return lambda: ledger.cut(town.city, "p1", 3_000, who)


def _carry_over(town: Town) -> Move:
    return lambda: ledger.carry_over(town.city, "p1", YEAR, somebody())


def _allot(town: Town) -> Move:
    both, who = [town.new_grant(3_000), town.new_grant(4_000)], somebody()
    return lambda: ledger.allot(town.city, both, who)


def _top_up(town: Town) -> Move:
    grant, who = town.grant(), somebody()
    return lambda: ledger.top_up(town.city, grant, 3_000, who)


def _advance(town: Town) -> Move:
    who = somebody()
    return lambda: ledger.advance(town.city, 3_000, who)


def _freeze(town: Town) -> Move:
    return lambda: ledger.freeze(town.city, "provider", "pool", "auditor", "a difference")


def _expire(town: Town) -> Move:
    """Its job reads again when the grant is not as it was seen: then there is nothing left to give back."""
    grant = town.grant()

    def run() -> None:
        with at(after(grant)):
            seen = town.seen(grant)
            try:
                ledger.give_back(town.city, [seen], "expire", somebody())
            except ChangedMeanwhile:
                assert town.seen(grant).state == "expired"

    return run


def _line(verb: Callable[..., None]) -> Callable[[Town], Move]:
    return lambda town: lambda: verb(town.city, "pool", "l1", {"p1": 3_000}, somebody(), [])


MOVES: dict[str, Callable[[Town], Move]] = {
    move.__name__.lstrip("_"): move
    for move in (
        _spend, _hold, _settle, _release, _undo, _unsettle, _refund, _write_off, _claim, _fund, _cut, _carry_over,
        _allot, _top_up, _advance, _freeze, _expire,
    )
} | {
    "order": _line(ledger.order),
    "pay": _line(ledger.pay),
    "reject": _line(ledger.reject),
    "take_back": _line(ledger.take_back),
    "settle_inside": _line(ledger.settle_inside),
}  # fmt: skip


@contextmanager
def first_write_meets(fault: Fault) -> Iterator[None]:
    left = [fault]
    with faults(lambda operation: left.pop() if operation == "TransactWriteItems" and left else None):
        yield
        if fault is Fault.LATE:  # it is done already; what was given up arrives now
            time.sleep(LATE_SECONDS * 2)
    assert not left


def effect(city: str, table: str) -> list[tuple[str, ...]]:
    """What stands in the books of a town, without its keys and times."""
    found = client("dynamodb").scan(TableName=table, ConsistentRead=True)["Items"]
    kept = ("kind", "spendable_minor", "held_minor", "state", "free_minor", "total_minor", "paid_minor", "year", "v")
    return sorted(
        tuple(str(raw.get(name, "")) for name in kept) for raw in found if raw["PK"]["S"].startswith(f"{city}#")
    )


@pytest.mark.parametrize("fault", list(Fault), ids=str)
@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_a_movement_takes_effect_once_through(table: str, move: Callable[[Town], Move], fault: Fault) -> None:
    calm, troubled = Town(), Town()
    for town in (calm, troubled):
        town.budget()
    move(calm)()
    run = move(troubled)
    with first_write_meets(fault):
        told = run()
    assert not isinstance(told, Receipt) or told.transfer.amount_minor > 0
    assert effect(troubled.city, table) == effect(calm.city, table)
