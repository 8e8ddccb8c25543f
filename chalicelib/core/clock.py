"""Time: one clock, UTC instants, and days as people in Prague count them.

Rules take time as an argument; only services and doors ask the clock.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PRAGUE = ZoneInfo("Europe/Prague")

type Instant = datetime


def now() -> Instant:
    return datetime.now(UTC)


def today() -> date:
    return day_of(now())


def day_of(at: Instant) -> date:
    """The Prague day that an instant falls in."""
    return at.astimezone(PRAGUE).date()


def start_of(day: date) -> Instant:
    """The first instant of a Prague day."""
    return datetime.combine(day, time.min, PRAGUE).astimezone(UTC)


def end_of(day: date) -> Instant:
    """The last second of a Prague day, 23:59:59: what is valid until a day is valid then and not a second later."""
    return start_of(day + timedelta(days=1)) - timedelta(seconds=1)


def day_from_text(text: str) -> date | None:
    """`2026-05-04` as a day; None for anything else, also where no such day exists."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def to_text(at: Instant) -> str:
    """Fixed width and UTC, so that texts sort as instants do: `2026-11-20T08:14:00.000000Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def from_text(text: str) -> Instant:
    return datetime.fromisoformat(text)
