"""What wakes messages: a new one in the table, the sweep of the queue, and the reminders of the day."""

from collections.abc import Mapping

from chalicelib.core.work import Change, Step
from chalicelib.town.messages import service
from chalicelib.town.towns.model import NOBODYS_TOWN

STEPS_MAX = 500


def changed(change: Change) -> None:
    """A message was queued: send it now. What is missed here, the sweep finds."""
    if change.event == "INSERT":
        service.deliver(change.city, change.pk.rpartition("#")[2])


def _sweep(city: str, cursor: str | None) -> str | None:
    """Send what waits. The queue of letters that belong to no town is swept along with every town's."""
    found = max(service.deliver_due(city), service.deliver_due(NOBODYS_TOWN))
    return _further(cursor, found, service.QUEUED_A_STEP)


def _remind(city: str, cursor: str | None) -> str | None:
    """Remind of deadlines that come near."""
    return _further(cursor, service.remind(city), service.REMINDERS_A_STEP)


def _further(cursor: str | None, found: int, full: int) -> str | None:
    """Another step while steps come full; a bound keeps messages that others hold from going round for ever."""
    steps = int(cursor or 0) + 1
    return str(steps) if found >= full and steps < STEPS_MAX else None


JOBS: Mapping[str, Step] = {
    "sweep": _sweep,
    "remind": _remind,
}
