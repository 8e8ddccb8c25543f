"""The rooms: where each lies, and what its manifest (`room.py`) says of it. Light: nothing of a room is imported but that.

A room is known by its name alone: its doors, queue, policy and metrics are called by it. The wing (`town`, `money`, …) only
says which folder it is in, and so what it may import.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

HOUSE = Path(__file__).parent.parent
QUARTER_MINUTES = 15


@dataclass(frozen=True)
class When:
    """When a job is due, by Prague time: once a day from `daily` (hour, minute) on, or at every tick, a quarter of an hour,
    within `hours`. With neither it runs only when somebody sends it."""

    daily: tuple[int, int] | None = None
    hours: range = range(0)

    def is_due(self, local: datetime) -> bool:
        """Whether it is due at a Prague time; that an occasion is claimed keeps it to once."""
        return (local.hour, local.minute) >= self.daily if self.daily else local.hour in self.hours

    def occasion(self, local: datetime) -> str:
        """What is claimed: the day, or the quarter. In the hour that comes twice each quarter is two."""
        if self.daily:
            return local.date().isoformat()
        return local.replace(minute=local.minute // QUARTER_MINUTES * QUARTER_MINUTES).isoformat(timespec="minutes")

    def __str__(self) -> str:
        if self.daily:
            return f"Once a day, from {self.daily[0]}:{self.daily[1]:02} in Prague."
        if not self.hours:
            return "Only when it is sent: by a button, a command or another job."
        always = len(self.hours) == 24
        return "At every tick, each quarter of an hour" + (
            "." if always else f", from {self.hours.start} to {self.hours.stop} o'clock in Prague."
        )


def daily(hour: int, minute: int = 0) -> When:
    return When(daily=(hour, minute))


AT_EVERY_TICK, BY_DAY, WHEN_SENT = When(hours=range(24)), When(hours=range(8, 20)), When()


@dataclass(frozen=True)
class Room:
    """A room's manifest. Items of the kinds `wakes_on` wake its `jobs.changed` when they are written; `jobs` are those of its
    `jobs.JOBS`, with when they are due. A room with neither has no queue."""

    wakes_on: AbstractSet[str] = frozenset()
    jobs: Mapping[str, When] = field(default_factory=dict)


@cache
def folders() -> Mapping[str, Path]:
    """Room → its folder, by name."""
    found = sorted((init.parent for init in HOUSE.glob("*/*/__init__.py")), key=lambda folder: folder.name)
    return {folder.name: folder for folder in found}


def having(part: str) -> list[str]:
    """The rooms with that part of the floor plan (`service`, `jobs`), by name."""
    return [room for room, folder in folders().items() if (folder / f"{part}.py").exists()]


def module(room: str, part: str) -> ModuleType:
    """A part of a room, imported: `module("ledger", "service")`."""
    return import_module(f"{HOUSE.name}.{folders()[room].parent.name}.{room}.{part}")


@cache
def manifests() -> Mapping[str, Room]:
    """Room → its manifest, by name."""
    return {room: module(room, "room").ROOM for room in folders()}


@cache
def working() -> Mapping[str, Room]:
    """The rooms that something wakes: each has a queue and a function of its own."""
    return {room: manifest for room, manifest in manifests().items() if manifest.wakes_on or manifest.jobs}
