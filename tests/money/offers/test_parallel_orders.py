"""Real parallel writers wherever a condition guards a place or an order. Each test fails when it is taken away."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.clock import now
from chalicelib.core.gate import Who
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import Refusal
from chalicelib.core.table import transact
from chalicelib.money.offers import service, store
from chalicelib.money.offers.model import Order
from tests.days import StandAt
from tests.door import Door
from tests.money.offers.build import AT, a_course, a_parent, a_session
from tests.money.offers.test_orders import at, owed
from tests.money.providers.build import CITY

pytestmark = pytest.mark.usefixtures("town")

ROUNDS = 5


def at_once[T](*tasks: Callable[[], T]) -> list[T | Refusal]:
    def run(task: Callable[[], T]) -> T | Refusal:
        try:
            return task()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def test_two_buyers_of_the_last_place_exactly_one_wins(door: Door) -> None:
    course = a_course(door, capacity=1)
    parents = [a_parent(door) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda parent: parent.order(course, 50_000), parents))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409, 409]
    assert {answer.body["code"] for answer in answers if answer.status == 409} == {"session_full"}
    assert course.places == 0
    assert sorted(parent.left for parent in parents) == [(30_000, 50_000)] + [(80_000, 0)] * 5


def test_one_key_from_many_threads_is_one_order(door: Door) -> None:
    course, parent, key = a_course(door), a_parent(door), new_id()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: parent.order(course, 20_000, key), range(6)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["id"] for answer in answers}) == 1
    assert (parent.left, course.places) == ((60_000, 20_000), 11)


def test_parallel_orders_never_hold_more_than_the_credit(door: Door) -> None:
    course, parent = a_course(door), a_parent(door)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: parent.order(course, 30_000), range(6)))
    assert sorted(answer.status for answer in answers) == [201, 201, 409, 409, 409, 409]
    assert (parent.left, course.places) == ((20_000, 60_000), 10)


def test_a_rejection_and_a_cancellation_at_once_return_credit_and_place_once(door: Door) -> None:
    course, parent = a_course(door), a_parent(door)
    for _ in range(ROUNDS):
        order = parent.ordered(course, 80_000)
        ended = at_once(
            lambda: service.reject(CITY, order, course.owner, "Plno"),  # noqa: B023  run within the round
            lambda: service.cancel(CITY, order, parent.who),  # noqa: B023
            lambda: service.cancel(CITY, order, course.owner, "Zrušeno"),  # noqa: B023
        )
        assert sum(isinstance(one, service.Placed) for one in ended) >= 1
        assert (parent.left, course.places) == ((80_000, 0), 12)
        assert at(order).money == "returned"


def test_a_confirmation_while_time_runs_out_gives_one_outcome(door: Door, stand_at: StandAt) -> None:
    """The provider's clock is at the last second, the job's one second later: one of them wins, never both."""
    course, parent = a_course(door, days=30), a_parent(door)
    for _ in range(ROUNDS):
        order = parent.ordered(course, 80_000)
        late = order.confirm_by + timedelta(seconds=1)
        begun = now()
        stand_at(late)
        confirmed, timed_out = at_once(
            lambda: _confirm_at_last_second(order, course.owner),  # noqa: B023
            lambda: service.end_order(CITY, order),  # noqa: B023
        )
        stand_at(begun)
        known = at(order)
        if isinstance(confirmed, Refusal):
            assert (known.state, parent.left, course.places) == ("timed_out", (80_000, 0), 12)
        else:
            assert isinstance(timed_out, Refusal)
            assert (known.state, parent.left, course.places) == ("confirmed", (0, 80_000), 11)
            service.cancel(CITY, known, parent.who)
        assert owed(course.provider) == 0
        assert (parent.left, course.places) == ((80_000, 0), 12)


def _confirm_at_last_second(order: Order, who: Who) -> service.Placed:
    then = replace(order, state="confirmed", decided_at=order.confirm_by, decided_by=who.id)
    transact([store.save_order(CITY, order, then, answered_at=order.confirm_by)])
    return service.Placed(then)


def test_the_job_run_by_two_workers_settles_once(door: Door, stand_at: StandAt) -> None:
    course, parent = a_course(door), a_parent(door)
    order = parent.ordered(course, 80_000)
    course.answer(order, "confirmation")
    begun = now() + timedelta(days=11)
    stand_at(begun)
    at_once(*[lambda: service.end_due(CITY, None) for _ in range(4)])
    assert (owed(course.provider), parent.left, at(order).money) == (80_000, (0, 0), "payable")


def test_capacity_lowered_while_people_order_never_goes_below_the_orders(door: Door) -> None:
    course = a_course(door, capacity=4)
    parents = [a_parent(door) for _ in range(4)]
    path = f"{AT}/activities/{course.activity}/sessions/{course.session}"

    def shrink() -> int:
        body = a_session(capacity=2)
        return course.desk.put(path, body, version=course.version).status

    at_once(shrink, *[lambda p=parent: p.order(course, 10_000).status for parent in parents])
    session = service.offer(CITY, course.activity).session(course.session)
    holds = sum(parent.left[1] > 0 for parent in parents)
    assert session.places >= 0
    assert session.taken == holds
