"""Under contention and faults a write ends in one effect or in "try again": never in success, never in a wrong refusal."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.core import aws
from chalicelib.core import table as tables
from chalicelib.core.refusals import ChangedMeanwhile, TryAgain
from chalicelib.core.table import Key, Replayed, Write, change, commit, put, put_new, read, transact
from faults.injection import LATE_SECONDS, Choice, Fault, faults
from tests.core.test_table import KEY, CountItem, Taken, a_count, add_one, count, refused

BEFORE = [Fault.CONFLICT, Fault.THROTTLED, Fault.INTERNAL, Fault.DROPPED]
AFTER = [Fault.LOST, Fault.FAILED_AFTER]
WRITES = {"TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem"}


@pytest.fixture(autouse=True)
def counter(table: str) -> None:
    transact([put(a_count(0))])


@pytest.fixture
def meet() -> Iterator[Callable[..., Any]]:
    """`meet(fault, …)`: the first writes meet these faults, one each, and then all goes well."""
    with ExitStack() as stack:
        yield lambda *planned: stack.enter_context(faults(_first_writes(planned)))


def _first_writes(planned: tuple[Fault | None, ...]) -> Choice:
    left = list(planned)
    return lambda operation: left.pop(0) if operation in WRITES and left else None


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts, which nobody waits for: the clock goes on by itself."""
    slept: list[float] = []
    real = time.monotonic
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "monotonic", lambda: real() + sum(slept))
    return slept


@pytest.mark.parametrize("fault", BEFORE, ids=str)
def test_a_transaction_that_met_a_passing_fault_takes_effect_once(meet: Callable[..., Any], fault: Fault) -> None:
    met = meet(fault, fault, fault)
    transact(lambda: add_one("r1"))
    assert (met[fault], count()) == (3, 1)


@pytest.mark.parametrize("fault", AFTER, ids=str)
def test_a_transaction_whose_answer_was_lost_finds_its_receipt(meet: Callable[..., Any], fault: Fault) -> None:
    meet(fault)
    with pytest.raises(Replayed):
        transact(lambda: add_one("r1"))
    assert count() == 1


def test_a_lost_answer_then_a_conflict_still_finds_the_receipt(meet: Callable[..., Any]) -> None:
    meet(Fault.LOST, Fault.CONFLICT, Fault.THROTTLED, Fault.DROPPED)
    with pytest.raises(Replayed):
        transact(lambda: add_one("r1"))
    assert count() == 1


def test_a_request_that_arrives_after_its_retry_changes_nothing_more(meet: Callable[..., Any]) -> None:
    meet(Fault.LATE)
    with suppress(Replayed):  # on a slow machine it may arrive first
        transact(lambda: add_one("r1"))
    time.sleep(LATE_SECONDS * 2)
    assert count() == 1


@pytest.mark.parametrize("fault", AFTER, ids=str)
def test_without_a_receipt_the_same_request_goes_out_again(meet: Callable[..., Any], fault: Fault) -> None:
    """Writes given as a list carry one token: DynamoDB knows the repetition by it."""
    meet(fault)
    transact([change(CountItem.at(KEY), [CountItem.n.set(CountItem.n + 1)], CountItem.pk.exists())])
    assert count() == 1


@pytest.mark.parametrize("fault", [Fault.CONFLICT, Fault.THROTTLED, Fault.INTERNAL, Fault.DROPPED], ids=str)
def test_a_fault_that_lasts_ends_in_try_again_within_the_time(
    meet: Callable[..., Any], pauses: list[float], fault: Fault
) -> None:
    meet(*[fault] * 1000)
    with pytest.raises(TryAgain):
        transact(lambda: add_one("r1"))
    assert sum(pauses) <= tables.RETRY_SECONDS_MAX
    assert count() == 0


def test_pauses_grow_stay_bounded_and_differ_between_writers(meet: Callable[..., Any], pauses: list[float]) -> None:
    meet(*[Fault.CONFLICT] * 1000)
    series = []
    for n in range(2):
        pauses.clear()
        with pytest.raises(TryAgain):
            transact(lambda n=n: add_one(f"r{n}"))  # type: ignore[misc]
        series.append(list(pauses))
    for one in series:
        assert one[0] <= tables.RETRY_FIRST_SECONDS
        assert max(one) <= 1.0
        assert all(later > sooner / 2 for sooner, later in pairwise(one))
        assert one[5] > one[0]
    assert series[0] != series[1]


REASONS = {
    "conflict": "TransactionConflict",
    "throttling": "ThrottlingError",
    "throughput": "ProvisionedThroughputExceeded",
}


@pytest.mark.parametrize("code", REASONS.values(), ids=REASONS)
def test_a_failed_condition_beside_a_conflict_is_no_refusal_yet(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """The other arm's reason may come from a state that passes: only a clean judgement refuses."""
    answers = [refused("TransactionCanceledException", CancellationReasons=[{"Code": code}, _FAILED])]
    events = aws.client("dynamodb").meta.events

    def hook(**_: Any) -> Any:
        return answers.pop() if answers else None

    events.register("before-send.dynamodb.TransactWriteItems", hook)
    try:
        transact(lambda: add_one("r1"))
    finally:
        events.unregister("before-send.dynamodb.TransactWriteItems", hook)
    assert (answers, count()) == ([], 1)


_FAILED = {"Code": "ConditionalCheckFailed"}


@pytest.mark.parametrize("fault", [*BEFORE, *AFTER], ids=str)
def test_a_true_refusal_stays_that_refusal_through_faults(meet: Callable[..., Any], fault: Fault) -> None:
    meet(fault)

    def impossible() -> list[Write]:
        return [
            put_new(a_count(0, Key("t#COUNT", "R#r1")), Replayed, receipt=True),
            change(CountItem.at(KEY), [CountItem.n.set(9)], CountItem.n == 77, lambda _old: Taken()),
        ]

    with pytest.raises(Taken):
        transact(impossible)
    assert count() == 0


@pytest.mark.parametrize("fault", [Fault.CONFLICT, Fault.THROTTLED], ids=str)
def test_a_single_write_is_repeated_when_nothing_was_done(meet: Callable[..., Any], fault: Fault) -> None:
    met = meet(fault, fault)
    commit(put_new(a_count(5, Key("t#COUNT", "B")), lambda _old: Taken()))
    assert met[fault] == 2


@pytest.mark.parametrize("fault", [Fault.INTERNAL, Fault.DROPPED, *AFTER], ids=str)
def test_a_single_write_of_unknown_end_is_try_again_and_never_a_refusal(meet: Callable[..., Any], fault: Fault) -> None:
    """It has no receipt: repeated, its own effect would refuse it."""
    meet(fault)
    with pytest.raises(TryAgain):
        commit(put_new(a_count(5, Key("t#COUNT", "B")), lambda _old: Taken()))
    done = read(CountItem, Key("t#COUNT", "B"))
    assert (done is not None) == (fault in AFTER)


def test_a_single_write_refused_is_refused(meet: Callable[..., Any]) -> None:
    meet(Fault.THROTTLED)
    with pytest.raises(ChangedMeanwhile):
        commit(change(CountItem.at(KEY), [CountItem.n.set(1)], CountItem.n == 77))
    assert count() == 0


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.INTERNAL, Fault.DROPPED, Fault.LOST], ids=str)
def test_a_read_is_repeated_through_faults_and_bounded(pauses: list[float], fault: Fault) -> None:
    planned = [fault, fault]
    with faults(lambda _operation: planned.pop() if planned else None):
        assert count() == 0
    with faults(lambda _operation: fault), pytest.raises(TryAgain):
        count()
    assert sum(pauses) <= 2 * tables.RETRY_SECONDS_MAX
