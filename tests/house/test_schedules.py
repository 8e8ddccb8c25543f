"""Every scheduled job over the days when the clock changes: none is left out, none is doubled."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.core import rooms
from chalicelib.core.clock import day_of, start_of
from chalicelib.core.rooms import AT_EVERY_TICK, WHEN_SENT, When
from chalicelib.core.work import local_time

JOBS: dict[str, When] = {
    f"{room}.{name}": when for room, manifest in rooms.working().items() for name, when in manifest.jobs.items()
}
DAYS = {date(2026, 11, 20): 96, date(2027, 3, 28): 92, date(2027, 10, 31): 100, date(2028, 2, 29): 96}
"""How many quarters of an hour each day has in Prague."""


def ticks(day: date) -> list[datetime]:
    """The instants when the tick comes on a Prague day."""
    found, at = [], start_of(day)
    while day_of(at) == day:
        found.append(at)
        at += timedelta(minutes=15)
    return found


def occasions(when: When, day: date) -> Counter[str]:
    """The slots of a job on a day, each with how many ticks find it due; the claim keeps each to one run."""
    return Counter(when.occasion(local) for at in ticks(day) if when.is_due(local := local_time(at)))


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("name", [name for name, when in JOBS.items() if when == AT_EVERY_TICK])
def test_a_job_of_every_quarter_runs_in_each_one_also_in_the_hour_that_comes_twice(name: str, day: date) -> None:
    assert len(ticks(day)) == DAYS[day]
    assert list(occasions(JOBS[name], day).values()) == [1] * DAYS[day]


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("name", [name for name, when in JOBS.items() if when != AT_EVERY_TICK])
def test_a_job_of_the_day_runs_once_also_when_its_hour_is_skipped_or_comes_twice(name: str, day: date) -> None:
    found = occasions(JOBS[name], day)
    if found and "T" not in next(iter(found)):  # reminders go out by quarters of the daylight hours
        assert list(found) == [day.isoformat()]
    assert found or not any(occasions(JOBS[name], other) for other in DAYS)


def test_the_walk_begins_and_ends_with_the_prague_day() -> None:
    first, *_, last = ticks(date(2027, 10, 31))
    assert (first, last) == (datetime(2027, 10, 30, 22, tzinfo=UTC), datetime(2027, 10, 31, 22, 45, tzinfo=UTC))


def test_what_only_a_command_sends_is_never_due() -> None:
    by_hand = {name for name, when in JOBS.items() if when == WHEN_SENT}
    assert by_hand >= {"payouts.build", "insights.rebuild"}
    assert [name for name in by_hand for day in DAYS if occasions(JOBS[name], day)] == []
