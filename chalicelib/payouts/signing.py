"""Signatures on a payout, and giving it up. Roles are read again before each: a token may be five minutes old."""

from dataclasses import replace

from chalicelib.core.clock import now
from chalicelib.core.gate import AUTHORISING_OFFICER, BUDGET_OFFICER, CHIEF_ACCOUNTANT, Role, Who
from chalicelib.core.refusals import WrongRole
from chalicelib.core.table import transact
from chalicelib.ledger import service as ledger
from chalicelib.payouts import building, store
from chalicelib.payouts.model import (
    NothingToPay,
    OrderMade,
    Payout,
    PayoutNotInState,
    PayoutStillBuilding,
    SameOfficer,
    why_not_released,
)
from chalicelib.people import staff
from chalicelib.towns import service as towns


def authorise(city: str, payout: str, seen: int, who: Who) -> Payout:
    """The authorising officer's signature. Refusals: PayoutStillBuilding, NothingToPay, PayoutNotInState."""
    check_role_now(city, who, AUTHORISING_OFFICER)
    current = as_seen(store.payout(city, payout), seen)
    if not current.built:
        raise PayoutStillBuilding
    if not current.lines:
        raise NothingToPay
    if current.state != "draft":
        raise PayoutNotInState(current.state)
    return _signed(city, replace(current, state="authorised", authorised_by=who.id, authorised_at=now()), who)


def confirm(city: str, payout: str, seen: int, who: Who) -> Payout:
    """The chief accountant's confirmation, needed above the town's limit."""
    check_role_now(city, who, CHIEF_ACCOUNTANT)
    current = as_seen(store.payout(city, payout), seen)
    if current.state != "authorised":
        raise PayoutNotInState(current.state)
    if who.id == current.authorised_by:
        raise SameOfficer
    return _signed(city, replace(current, confirmed_by=who.id, confirmed_at=now()), who, "confirmed")


def release(city: str, payout: str, seen: int, who: Who) -> Payout:
    """The budget officer's signature: never the person who authorised it, nor one who changed an account in it.

    Refusals: SameOfficer, ChiefAccountantNeeded, ChangedTheAccount, SampleOpen, PayoutNotInState.
    """
    check_role_now(city, who, BUDGET_OFFICER)
    current = as_seen(store.payout(city, payout), seen)
    above_minor = towns.town_now(city).chief_accountant_above_minor
    samples_open = store.samples_open(city, payout)
    refusal = why_not_released(current, store.lines(city, payout), who.id, above_minor, samples_open)
    if refusal:
        raise refusal
    return _signed(city, replace(current, state="released", released_by=who.id, released_at=now()), who)


def cancel(city: str, payout: str, seen: int, who: Who) -> Payout:
    """Give up a payout that has not gone to the bank: everything in it is owed again, and the next one takes it.

    Refusals: PayoutNotInState, PayoutStillBuilding, OrderMade.
    """
    check_role_now(city, who, AUTHORISING_OFFICER, BUDGET_OFFICER)
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


def check_role_now(city: str, who: Who, *allowed: Role) -> None:
    if not set(staff.staff_roles_now(city, who.id)) & set(allowed):
        raise WrongRole


def as_seen(payout: Payout, version: int) -> Payout:
    if payout.v != version:
        raise PayoutNotInState(payout.state)
    return payout


def save(city: str, payout: Payout) -> Payout:
    transact([store.changed(city, payout)])
    return replace(payout, v=payout.v + 1)


def _signed(city: str, payout: Payout, who: Who, outcome: str = "") -> Payout:
    """Save the payout, with the decision as a leaf of the day's seal."""
    id = f"{payout.id}.{payout.v}"
    leaf = ledger.leaf(city, id, "payout", payout.id, outcome or payout.state, by=who.id, via=who.app)
    transact([store.changed(city, payout), leaf])
    return replace(payout, v=payout.v + 1)
