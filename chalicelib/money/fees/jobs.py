"""What schedules, queues and the stream call for charges."""

from collections.abc import Mapping

from chalicelib.core.clock import today
from chalicelib.core.work import Change, Step
from chalicelib.money.fees import service as fees


def changed(change: Change) -> None:
    """Somebody was verified: their charges remind them from now on."""
    if change.event != "REMOVE":
        fees.follow_subject(change.city, change.pk.rsplit("#", 1)[1])


def _overdue(city: str, _cursor: str | None) -> None:
    """Tell everyone whose charge was due in the last days and is not paid, once each."""
    fees.note_overdue(city, today())


JOBS: Mapping[str, Step] = {"overdue": _overdue}
