"""What the stream and schedules call for figures."""

from collections.abc import Mapping
from datetime import timedelta

from chalicelib.core.clock import today
from chalicelib.core.table import Key
from chalicelib.core.work import Change, Step
from chalicelib.watch.insights import service as insights


def changed(change: Change) -> None:
    if change.event == "REMOVE":
        return
    if change.kind == "transfer":
        insights.count_transfer(change.city, Key(change.pk, change.sk))
    elif change.sk == "A":
        insights.count_application(change.city, change.pk.rsplit("#", 1)[1])


def _sweep(city: str, cursor: str | None) -> str | None:
    """Yesterday's journal, then today's."""
    day, _, rest = (cursor or "").partition("@")
    day = day or (today() - timedelta(days=1)).isoformat()
    following = insights.sweep(city, day, rest or None)
    if following:
        return f"{day}@{following}"
    return f"{today().isoformat()}@0" if day != today().isoformat() else None


JOBS: Mapping[str, Step] = {
    "sweep": _sweep,
    "rebuild": insights.rebuild,
}
