"""Real parallel writers wherever a condition guards money. Each test fails when its condition is taken away."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.core.ids import new_id
from chalicelib.core.refusals import Refusal
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Grant, Spender
from tests.money.ledger.test_money_moves import CITY, a_budget, a_grant, left, no_more, spender

WORKERS = 8


def at_once[T](tasks: list[Callable[[], T]]) -> list[T | Refusal]:
    def run(task: Callable[[], T]) -> T | Refusal:
        try:
            return task()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, tasks))


@pytest.fixture(autouse=True)
def budget(table: str) -> None:
    a_budget(100_000)


def codes(results: list[object]) -> list[str]:
    return sorted(r.code() for r in results if isinstance(r, Refusal))


def test_parallel_spends_never_overdraw() -> None:
    grant = a_grant(10_000)
    results = at_once([lambda: ledger.spend(CITY, grant, 3_000, "pool", spender()) for _ in range(12)])
    assert codes(results) == ["credit_too_small"] * 9  # type: ignore[arg-type]
    assert left(grant) == (1_000, 0)


def test_one_key_from_many_threads_is_one_debit() -> None:
    grant = a_grant(10_000)
    who = Spender("till", "reader", new_id())
    results = at_once([lambda: ledger.spend(CITY, grant, 3_000, "pool", who) for _ in range(12)])
    assert codes(results) == []  # type: ignore[arg-type]
    assert left(grant) == (7_000, 0)


def test_parallel_awards_never_pass_the_ceiling_and_the_last_haler_is_sold() -> None:
    results = at_once([lambda: a_grant(10_000) for _ in range(14)])
    assert sum(isinstance(r, Grant) for r in results) == 10
    found = ledger.budget(CITY, "p1")
    assert found
    assert found.free_minor == 0


def test_two_clerks_award_one_child_once() -> None:
    results = at_once([lambda: a_grant(10_000, subject="one-child") for _ in range(6)])
    assert sum(isinstance(r, Grant) for r in results) == 1
    found = ledger.budget(CITY, "p1")
    assert found
    assert found.free_minor == 90_000


def test_settle_and_release_at_once_end_the_hold_once() -> None:
    grant = a_grant(10_000)
    held = ledger.hold(CITY, grant, 4_000, "club", new_id(), spender(), no_more()).transfer
    ends = [lambda: ledger.settle(CITY, held, spender(), no_more())] * 4
    ends += [lambda: ledger.release(CITY, held, spender(), no_more())] * 4
    at_once(ends)
    kinds = [t.kind for t in ledger.transfers_of(CITY, grant.id)]
    assert kinds.count("settle") + kinds.count("release") == 1
    assert sum(left(grant)) == (6_000 if "settle" in kinds else 10_000)
