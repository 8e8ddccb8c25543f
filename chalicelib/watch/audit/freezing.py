"""Freeze switches as people turn them: the thing must exist, a reason in words is asked for, and both turns are kept."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from chalicelib.core.clock import now
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import ChangedMeanwhile, NotFound
from chalicelib.core.table import Page, Write
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Freezable, Freeze
from chalicelib.money.programmes import service as programmes
from chalicelib.money.providers import service as providers
from chalicelib.money.vouchers import devices
from chalicelib.town.identity import service as identity
from chalicelib.town.people import service as people
from chalicelib.watch.audit import store
from chalicelib.watch.audit.model import NotFrozen, Turned

TURNS_MAX = 6
"""How often a switch is tried again because somebody turned another one at the same moment."""


def frozen(city: str) -> list[Turned]:
    """What is frozen now."""
    return _named(city, [_turned(one) for one in ledger.switches(city).frozen])


def _turned(one: Freeze) -> Turned:
    return Turned(one.what, one.id, True, one.by, one.at, one.reason)


def freeze_history(city: str, limit: int, cursor: str | None) -> Page[Turned]:
    """Every turn of a switch with its reason, newest first."""
    page = store.freeze_notes(city, limit, cursor)
    return Page(tuple(_named(city, page.items)), page.next)


def freeze(city: str, what: Freezable, id: str, by: str, reason: str) -> list[Turned]:
    """Stop the movement of money. Again changes nothing. Raises NotFound, ProgrammeUnknown, ChangedMeanwhile."""
    _check_exists(city, what, id)
    ledger.freeze(city, what, id, by, reason, also=[_note(city, Turned(what, id, True, by, now(), reason))])
    return frozen(city)


def freeze_for(city: str, what: Freezable, id: str, by: str, reason: str) -> None:
    """The same for a machine that found something: it does not ask whether the thing exists, and tries until it is done."""
    for attempt in range(TURNS_MAX):
        try:
            note = _note(city, Turned(what, id, True, by, now(), reason))
            ledger.freeze(city, what, id, by, reason, via=by, also=[note])
            return
        except ChangedMeanwhile:
            if attempt == TURNS_MAX - 1:
                raise


def unfreeze(city: str, what: Freezable, id: str, by: str, reason: str) -> list[Turned]:
    """Let money move again; not to one's own provider. Raises NotFrozen, ChangedMeanwhile, ConflictOfInterest."""
    identity.check_impartial(city, by, providers=_provider_of(city, what, id))
    before = ledger.switches(city).v
    note = _note(city, Turned(what, id, False, by, now(), reason))
    if ledger.unfreeze(city, what, id, by, reason, also=[note]).v == before:
        raise NotFrozen
    return frozen(city)


def _note(city: str, turned: Turned) -> Write:
    return store.note_freeze(city, turned, new_id())


def _provider_of(city: str, what: Freezable, id: str) -> list[str]:
    if what == "till":
        with suppress(NotFound):  # a switch may be turned by a command for a till that never was
            return [devices.till(city, id).provider]
    return [id] if what == "provider" else []


def _check_exists(city: str, what: Freezable, id: str) -> None:
    if what == "programme":
        programmes.programme(city, id)
    elif what == "provider":
        providers.provider(city, id)
    elif what == "till":
        devices.till(city, id)


def _named(city: str, turned: Sequence[Turned]) -> list[Turned]:
    doers = people.names(sorted({one.by for one in turned}))
    return [
        replace(one, name=name, by_name=doers.get(one.by, ""))
        for one, name in zip(turned, _names(city, turned), strict=True)
    ]


def _names(city: str, turned: Sequence[Turned]) -> Iterator[str]:
    called = {programme.id: programme.name.cs for programme in programmes.programmes(city)}
    sold_by = providers.providers(city, [one.id for one in turned if one.what == "provider"])
    for one in turned:
        if one.what == "till":
            yield _till_name(city, one.id)
        elif one.what == "provider":
            yield sold_by[one.id].name if one.id in sold_by else ""
        else:
            yield called.get(one.id, "")


def _till_name(city: str, id: str) -> str:
    try:
        return devices.till(city, id).name
    except NotFound:  # a switch may be turned by a command for a till that never was
        return ""
