"""The day that the tests run on: `DAY=leap-day pytest …` moves every clock of the process there, and it goes on from there.

Loaded as a plugin before anything is collected, so that what a module works out of today moves as well; a process that
a test starts imports it for itself.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine

PRAGUE = ZoneInfo("Europe/Prague")

type Clock = time_machine.Traveller
type StandAt = Callable[[datetime], object]
"""The fixture `stand_at`: sets all clocks to an instant, where they stand until the next one or the end of the test."""

DAYS: dict[str, Callable[[datetime], datetime]] = {
    "tomorrow": lambda now: now + timedelta(days=1),
    "a-month-on": lambda now: now + timedelta(days=31),
    "leap-day": lambda _: datetime(2028, 2, 29, 12, tzinfo=PRAGUE),
    "new-years-eve": lambda now: datetime(now.year + 1, 12, 31, 23, 30, tzinfo=PRAGUE),
    "an-hour-skipped": lambda _: datetime(2028, 3, 26, 1, 30, tzinfo=UTC),
    "an-hour-twice": lambda _: datetime(2028, 10, 29, 2, 30, fold=1, tzinfo=PRAGUE),
}
"""Of each name the instant that it begins at. New Year comes, and the hour is skipped or comes again, near a short run."""


def travel(day: str) -> None:
    """Move this process to one of DAYS until it ends. Raises KeyError for another name."""
    time_machine.travel(DAYS[day](datetime.now(UTC)), tick=True).start()


@contextmanager
def at(instant: datetime) -> Iterator[Clock]:
    """Within the block every clock of this process stands at an instant, in all rooms and libraries at once; gives the
    clock, which may be moved on."""
    with time_machine.travel(instant, tick=False) as clock:
        yield clock


if "DAY" in os.environ:
    travel(os.environ["DAY"])
