"""Decisions of people as leaves of the day's seal, beside the transfers."""

import json

from chalicelib.core.clock import Instant, now
from chalicelib.core.ids import digest
from chalicelib.core.refusals import KeyUsedForOtherRequest
from chalicelib.core.table import Write, items_in, put_new
from chalicelib.money.ledger import store
from chalicelib.money.ledger.model import Decision
from chalicelib.money.ledger.store import DecisionItem


def leaf(
    city: str,
    id: str,
    what: str,
    about: str,
    outcome: str,
    *,
    by: str,
    via: str,
    reason: str = "",
    at: Instant | None = None,
) -> Write:
    """That somebody decided something, now unless said otherwise: a leaf for the transaction that carries it out.

    Of the reason only a digest stands in the books.
    """
    why = digest(reason) if reason else ""
    return decided(city, Decision(id, what, about, outcome, by, via, at or now(), why))


def decided(city: str, decision: Decision) -> Write:
    """The leaf of a decision, for the transaction that carries the decision out."""
    return put_new(store.decision_item(city, decision), lambda _old: KeyUsedForOtherRequest())


def decisions_of(city: str, about: str) -> list[Decision]:
    """Everything that was decided about a thing, in order of time."""
    items = items_in(store.decisions_query(city, about), consistent=True)
    found = [store.decision_of(json.loads(item.card)) for item in items if isinstance(item, DecisionItem)]
    return sorted(found, key=lambda decision: decision.at)
