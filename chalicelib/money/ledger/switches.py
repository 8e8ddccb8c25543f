"""Freeze switches: one item a town says where money does not move. What was under way at the bank ends cleanly."""

from collections.abc import Sequence

from chalicelib.core.clock import now
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import ChangedMeanwhile
from chalicelib.core.table import Item, Key, Write, put_new, read, replace, transact
from chalicelib.money.ledger import store
from chalicelib.money.ledger.decisions import leaf
from chalicelib.money.ledger.model import Freezable, Freeze, Switches
from chalicelib.money.ledger.store import SwitchesItem

type Writes = Sequence[Write]


def switches(city: str) -> Switches:
    """What is frozen in the town now, by a consistent read."""
    return switches_in(read(SwitchesItem, store.switches_key(city)))


def switches_key_of(city: str) -> Key:
    """Where the switches lie: for a till's one batch read. `switches_in` reads what it gave."""
    return store.switches_key(city)


def switches_in(item: Item | None) -> Switches:
    """The switches of an item, none if there is no item."""
    return Switches(item.frozen, int(item.v)) if isinstance(item, SwitchesItem) else Switches()


def freeze(
    city: str, what: Freezable, id: str, by: str, reason: str, *, via: str = "admin", also: Writes = ()
) -> Switches:
    """Stop the movement of money in a town (`id` is empty), a programme, a provider or a till. Again changes nothing.

    `also` is written with the switch. Raises ChangedMeanwhile when somebody turned another one at the same moment.
    """
    known = switches(city)
    if _find(known, what, id):
        return known
    one = Freeze(what, id, by, now(), reason)
    return _turn(city, known, (*known.frozen, one), _turned(city, one, "frozen", by, via, reason), also)


def unfreeze(
    city: str, what: Freezable, id: str, by: str, reason: str = "", *, via: str = "admin", also: Writes = ()
) -> Switches:
    """Let money move again. Again changes nothing. Raises ChangedMeanwhile."""
    known = switches(city)
    one = _find(known, what, id)
    if one is None:
        return known
    left = tuple(f for f in known.frozen if f is not one)
    return _turn(city, known, left, _turned(city, one, "unfrozen", by, via, reason), also)


def _find(known: Switches, what: Freezable, id: str) -> Freeze | None:
    return next((one for one in known.frozen if (one.what, one.id) == (what, id)), None)


def _turned(city: str, one: Freeze, outcome: str, by: str, via: str, reason: str) -> Write:
    return leaf(city, new_id(), "freeze", f"{one.what}:{one.id}", outcome, by=by, via=via, reason=reason)


def _turn(city: str, seen: Switches, frozen: tuple[Freeze, ...], turned: Write, also: Writes) -> Switches:
    key = store.switches_key(city)
    item = SwitchesItem(pk=key.pk, sk=key.sk, kind=SwitchesItem.KIND, frozen=frozen)
    transact([_over(item, seen), turned, *also])
    return Switches(frozen, seen.v + 1)


def _over(item: SwitchesItem, seen: Switches) -> Write:
    return replace(item, seen.v) if seen.v else put_new(item, lambda _old: ChangedMeanwhile())
