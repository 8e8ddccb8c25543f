"""Each arm of each condition guards something: take it away, and a promise is broken.

The arms are found at run time, so a new condition is held to this the day it is written: if no promise breaks without
it, or none reaches it, the test names it.
"""

import pytest

from tests.money.ledger.conditions import Arm, Seen, places_that_write, watched
from tests.money.ledger.promises import PROMISES, Promise
from tests.money.ledger.town import Town


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_promise(table: str, promise: Promise) -> None:
    promise(Town())


def test_every_place_that_writes_is_reached_and_every_arm_of_a_condition_guards_a_promise(table: str) -> None:
    met = {promise: _met(promise) for promise in PROMISES}
    reached = {place for seen in met.values() for place in seen.places}
    unreached = [
        f"{file}:{first}"
        for file, first, last in sorted(places_that_write())
        if not any((file, line) in reached for line in range(first, last + 1))
    ]
    assert unreached == [], "no promise comes here"
    arms = sorted({arm for seen in met.values() for arm in seen.arms})
    by_size = sorted(PROMISES, key=lambda promise: len(met[promise].arms))
    survivors = [str(arm) for arm in arms if not _killed(arm, [p for p in by_size if arm in met[p].arms])]
    assert len(arms) > 50
    assert survivors == [], "nothing breaks without these: " + "; ".join(survivors)


def _met(promise: Promise) -> Seen:
    with watched() as seen:
        promise(Town())
    return seen


def _killed(arm: Arm, promises: list[Promise]) -> bool:
    return any(_broken(promise, arm) for promise in promises)


def _broken(promise: Promise, arm: Arm) -> bool:
    """Whether the promise fails without the arm: by its own assertion, or by whatever the missing condition lets loose."""
    with watched(arm):
        try:
            promise(Town())
        except Exception:
            return True
    return False


def test_a_condition_without_a_promise_would_be_named(table: str) -> None:
    """The guard itself guards: with no promise that breaks, its arms survive."""

    def harmless(town: Town) -> None:
        town.budget()
        town.spend(town.grant())

    covers = Arm.named("spend: grant spendable_minor >=")
    assert covers in {arm.anywhere for arm in _met(harmless).arms}
    assert not _killed(covers, [harmless])
