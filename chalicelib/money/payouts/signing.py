"""Signatures on a payout, and giving it up.

Source: Decree 416/2004 § 14: before money leaves, the authorising officer and the chief accountant sign. Two people.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.core.clock import now
from chalicelib.core.gate import Who
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.payouts import building, store
from chalicelib.money.payouts.model import (
    ChangedTheAccount,
    Line,
    NothingToPay,
    OrderMade,
    Payout,
    PayoutNotInState,
    PayoutStillBuilding,
    SampleOpen,
)
from chalicelib.town.identity import service as identity


def authorise(city: str, payout: str, seen: int, who: Who) -> Payout:
    """The authorising officer's signature.

    Refusals: PayoutStillBuilding, NothingToPay, PayoutNotInState, SignerNotVerified, ConflictOfInterest.
    """
    current = as_seen(store.payout(city, payout), seen)
    if not current.built:
        raise PayoutStillBuilding
    if not current.lines:
        raise NothingToPay
    if current.state != "draft":
        raise PayoutNotInState(current.state)
    identity.check_signature(city, who.id)
    _check_impartial(city, who, store.lines(city, payout))
    return _signed(city, replace(current, state="authorised", authorised_by=who.id, authorised_at=now()), who)


def release(city: str, payout: str, seen: int, who: Who) -> Payout:
    """The chief accountant's signature: never the person who authorised it, nor one who changed an account in it.

    Refusals: PayoutNotInState, SignerNotVerified, SamePersonSigns, SampleOpen, ChangedTheAccount, ConflictOfInterest.
    """
    current = as_seen(store.payout(city, payout), seen)
    if current.state != "authorised":
        raise PayoutNotInState(current.state)
    identity.check_signature(city, who.id, current.authorised_by)
    samples_open = store.samples_open(city, payout)
    if samples_open:
        raise SampleOpen(samples_open)
    lines = store.lines(city, payout)
    if identity.is_among(city, who.id, [person for line in lines for person in line.account_changed_by.split()]):
        raise ChangedTheAccount
    _check_impartial(city, who, lines)
    return _signed(city, replace(current, state="released", released_by=who.id, released_at=now()), who)


def _check_impartial(city: str, who: Who, lines: Sequence[Line]) -> None:
    identity.check_impartial(city, who.id, providers=[line.provider for line in lines])


def cancel(city: str, payout: str, seen: int, who: Who) -> Payout:
    """Give up a payout that has not gone to the bank: everything in it is owed again, and the next one takes it.

    Refusals: PayoutNotInState, PayoutStillBuilding, OrderMade.
    """
    current = as_seen(store.payout(city, payout), seen)
    if current.state not in ("draft", "authorised", "released"):
        raise PayoutNotInState(current.state)
    if not current.built:
        raise PayoutStillBuilding
    if current.due_on:
        raise OrderMade
    cancelled = _signed(city, replace(current, state="cancelled"), who)
    building.give_up_lines(city, cancelled)
    return cancelled


def as_seen(payout: Payout, version: int) -> Payout:
    if payout.v != version:
        raise PayoutNotInState(payout.state)
    return payout


def save(city: str, payout: Payout) -> Payout:
    transact([store.changed(city, payout)])
    return replace(payout, v=payout.v + 1)


def _signed(city: str, payout: Payout, who: Who) -> Payout:
    """Save the payout, with the decision as a leaf of the day's seal."""
    id = f"{payout.id}.{payout.v}"
    leaf = ledger.leaf(city, id, "payout", payout.id, payout.state, by=who.id, via=who.app)
    transact([store.changed(city, payout), leaf])
    return replace(payout, v=payout.v + 1)
