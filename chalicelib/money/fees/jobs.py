"""What schedules, queues and the stream call for charges."""

from chalicelib.core.clock import today
from chalicelib.core.work import Change, Job, daily
from chalicelib.money.fees import service as fees

WAKES_ON = frozenset({"subject_account", "subject_entry"})
NOTES_OVERDUE_AT_HOUR = 7


def changed(change: Change) -> None:
    """Somebody was verified: their charges remind them from now on."""
    if change.event != "REMOVE":
        fees.follow_subject(change.city, change.pk.rsplit("#", 1)[1])


def _overdue(city: str, _cursor: str | None) -> None:
    """Tell everyone whose charge was due in the last days and is not paid, once each."""
    fees.note_overdue(city, today())


JOBS = {"overdue": Job(run=_overdue, due=daily(NOTES_OVERDUE_AT_HOUR))}
