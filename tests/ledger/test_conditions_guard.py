"""Each condition is what guards: take it away, and the promise it protects is broken.

This proves that the tests of promises would notice: no other code stands in for the condition.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import table as table_writes
from chalicelib.core.clock import now
from chalicelib.core.ids import new_id
from chalicelib.core.table import Item, put, transact
from chalicelib.ledger import budgets, grants, posting, settling, spending
from chalicelib.ledger import service as ledger
from tests.ledger.test_money_moves import CITY, a_budget, a_grant, left, no_more, spender


@pytest.fixture(autouse=True)
def budget(table: str) -> None:
    a_budget(100_000)


@pytest.fixture
def unconditioned(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Take the conditions off every update of the ledger."""
    real: Any = table_writes.change

    def change(item: Item, actions: Any, _condition: Any, why: Any = None) -> Any:
        return real(item, actions, type(item).pk.exists(), why or (lambda _old: AssertionError()))

    return lambda: _everywhere(monkeypatch, "change", change)


@pytest.fixture
def overwriting(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let every new item of the ledger overwrite what was there."""

    return lambda: _everywhere(monkeypatch, "put_new", lambda item, _why, **_more: put(item))


def _everywhere(monkeypatch: pytest.MonkeyPatch, name: str, instead: Any) -> None:
    for part in (budgets, grants, posting, settling, spending):
        monkeypatch.setattr(part, name, instead, raising=False)


def test_without_credit_covers_an_account_overdraws(unconditioned: Callable[[], None]) -> None:
    grant = a_grant(10_000)
    unconditioned()
    ledger.spend(CITY, grant, 10_001, "pool", spender())
    assert left(grant) == (-1, 0)


def test_without_the_state_a_suspended_grant_spends(unconditioned: Callable[[], None]) -> None:
    grant = a_grant(10_000)
    transact([ledger.suspend(CITY, grant.id)])
    unconditioned()
    ledger.spend(CITY, grant, 1, "pool", spender())
    assert left(grant) == (9_999, 0)


def test_without_the_validity_an_expired_grant_spends(
    unconditioned: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = a_grant(10_000)
    monkeypatch.setattr(posting, "now", lambda: grant.valid_until + timedelta(days=1))
    unconditioned()
    ledger.spend(CITY, grant, 1, "pool", spender())
    assert left(grant) == (9_999, 0)


def test_without_the_revision_a_replaced_code_spends(unconditioned: Callable[[], None]) -> None:
    grant = a_grant(10_000)
    ledger.new_voucher_revision(CITY, grant, [])
    unconditioned()
    ledger.spend(CITY, grant, 1, "pool", spender(), voucher_rev=1)
    assert left(grant) == (9_999, 0)


def test_without_the_ceiling_a_budget_is_over_allotted(unconditioned: Callable[[], None]) -> None:
    unconditioned()
    a_grant(100_001)
    found = ledger.budget(CITY, "p1")
    assert found
    assert found.free_minor == -1


def test_without_the_hold_there_more_is_released_than_held(unconditioned: Callable[[], None]) -> None:
    grant = a_grant(10_000)
    held = ledger.hold(CITY, grant, 4_000, "club", new_id(), spender(), no_more()).transfer
    unconditioned()

    ledger.release(CITY, replace(held, id="another", amount_minor=5_000), spender(), no_more())
    assert left(grant) == (11_000, -1_000)


def test_without_as_seen_expiry_returns_what_was_spent_meanwhile(
    unconditioned: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = a_grant(10_000)
    seen = ledger.grant(CITY, grant.id)
    assert seen
    ledger.spend(CITY, grant, 10_000, "pool", spender())
    unconditioned()
    monkeypatch.setattr(posting, "now", lambda: now() + timedelta(days=90))
    ledger.give_back(CITY, [seen], "expire", spender())
    found = ledger.budget(CITY, "p1")
    assert found
    assert found.free_minor == 100_000  # money made: 10 000 were spent as well


def test_without_does_not_exist_one_key_debits_twice(overwriting: Callable[[], None]) -> None:
    grant = a_grant(10_000)
    who = spender("same-key-1")
    overwriting()
    ledger.spend(CITY, grant, 3_000, "pool", who)
    ledger.spend(CITY, grant, 3_000, "pool", who)
    assert left(grant) == (4_000, 0)


def test_without_does_not_exist_a_child_is_awarded_twice(overwriting: Callable[[], None]) -> None:
    overwriting()
    a_grant(10_000, subject="one-child")
    a_grant(10_000, subject="one-child")
    found = ledger.budget(CITY, "p1")
    assert found
    assert found.free_minor == 80_000


def test_without_unclaimed_a_redemption_is_paid_in_two_payouts(unconditioned: Callable[[], None]) -> None:
    grant = a_grant(10_000)
    spent = ledger.spend(CITY, grant, 3_000, "pool", spender()).transfer
    unconditioned()
    transact([ledger.claim(CITY, spent, "line-1")])
    transact([ledger.claim(CITY, spent, "line-2")])
    assert [t.id for t in ledger.claimed(CITY, "line-2")] == [spent.id]
