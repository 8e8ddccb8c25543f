"""What schedules and queues call: putting payouts together."""

from collections.abc import Mapping
from datetime import timedelta

from chalicelib.core.clock import end_of, now, today
from chalicelib.core.ids import digest
from chalicelib.core.work import Step
from chalicelib.money.payouts import service as payouts
from chalicelib.town.towns import service as towns

RESUMED_AFTER = timedelta(minutes=30)
"""A build of a hundred thousand redemptions is done by then; one that is not has lost its message."""


def _settle(city: str, cursor: str | None) -> str | None:
    """On the town's settlement day, put together what was redeemed until the day before."""
    if cursor:
        return _build(city, cursor)
    if not payouts.is_settlement_day(towns.town(city), today()):
        return None
    occasion = digest("settle", city, today().isoformat())
    return _build(city, payouts.start(city, end_of(payouts.period_end(today())), occasion).id)


def _build(city: str, cursor: str | None) -> str | None:
    """A step of `payout id` or `payout id|page`."""
    payout, _, page = (cursor or "").partition("|")
    following = payouts.build(city, payout, page or None)
    return f"{payout}|{following}" if following else None


def _resume(city: str, cursor: str | None) -> str | None:
    """Go on with payouts that a step which died left half put together, or half cancelled."""
    if cursor:
        return _build(city, cursor)
    for payout in payouts.unfinished(city):
        if payout.state == "cancelled":
            payouts.give_up_lines(city, payout)
        elif now() - payout.created_at > RESUMED_AFTER:
            return _build(city, payout.id)
    return None


JOBS: Mapping[str, Step] = {
    "settle": _settle,
    "build": _build,
    "resume": _resume,
}
