"""What schedules and queues call: putting payouts together."""

from datetime import datetime

from chalicelib.core.clock import end_of, today
from chalicelib.core.work import Change, Job, daily
from chalicelib.payouts import service as payouts
from chalicelib.towns import service as towns

WAKES_ON: frozenset[str] = frozenset()
SETTLES_AT_HOUR = 5


def changed(_change: Change) -> None:
    """Nothing in the table wakes payouts."""


def _settle(city: str, cursor: str | None) -> str | None:
    """On the town's settlement day, put together what was redeemed until the day before."""
    if cursor:
        return _build(city, cursor)
    if not payouts.is_settlement_day(towns.town(city), today()):
        return None
    return _build(city, payouts.start(city, end_of(payouts.period_end(today()))).id)


def _build(city: str, cursor: str | None) -> str | None:
    """A step of `payout id` or `payout id|page`."""
    payout, _, page = (cursor or "").partition("|")
    following = payouts.build(city, payout, page or None)
    return f"{payout}|{following}" if following else None


def _never(_local: datetime) -> bool:
    """Sent by a button only."""
    return False


JOBS = {
    "settle": Job(run=_settle, due=daily(SETTLES_AT_HOUR)),
    "build": Job(run=_build, due=_never),
}
