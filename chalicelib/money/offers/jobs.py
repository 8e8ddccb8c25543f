"""What wakes offers: news of a session at once, and at every tick what is due."""

from collections.abc import Mapping

from chalicelib.core.table import Key
from chalicelib.core.work import Change, Step
from chalicelib.money.offers import service


def changed(change: Change) -> None:
    """A session was cancelled or moved: everyone with an order is told now. What is missed here, the tick finds."""
    if change.event == "INSERT":
        service.carry_news(change.city, Key(change.pk, change.sk))


JOBS: Mapping[str, Step] = {"due": service.end_due}
