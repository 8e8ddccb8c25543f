"""Seals: each night the entries of a Prague day become a Merkle tree whose root is written once.

The cut-off is by membership, not by time: a seal holds every entry that no earlier seal has and whose day is not after
its own. What comes to a sealed day later is a late leaf of the next seal; no seal is opened again.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from chalicelib.core.clock import day_of, now, today
from chalicelib.core.table import Key, commit, transact
from chalicelib.core.telemetry import count, log
from chalicelib.town.towns import service as towns
from chalicelib.watch.audit import merkle, outside, store
from chalicelib.watch.audit.model import (
    Inclusion,
    Leaf,
    ReceiptNotFound,
    Seal,
    SealNotFound,
    Stored,
    bookings,
    late_leaves,
)

LOOK_BACK_DAYS = 3
"""How many sealed days each seal looks at again for what came late. The proof names older ones."""
FIRST_SEAL_DAYS_MAX = 400
"""How far back the first seal of a town looks that does not know when it was founded."""


def seal_next(city: str) -> Seal | None:
    """Seal the first day that is over and not sealed. None when there is none."""
    last = store.last_seal(city)
    day = last.day + timedelta(days=1) if last else today() - timedelta(days=1)
    return seal(city, day) if day < today() else None


def seal(city: str, day: date) -> Seal:
    """Seal everything up to a day that no seal has. The same day again gives the seal that is there."""
    known = store.seal(city, day)
    if known:
        return known
    last = store.last_seal(city)
    first = last.day + timedelta(days=1) if last else min(_first_day(city), day)
    again = _days_to_look_at_again(city, last)
    found = _unsealed(city, [*again, *_days(first, day)], last)
    outside.write_leaves(city, day.isoformat(), sorted(_leaf(entry) for entry in found))
    # What was written counts, also when an earlier try wrote it and did not come to its end.
    leaves = list(outside.read_leaves(city, day.isoformat()))
    late = late_leaves(leaves, first)
    made = Seal(
        city=city,
        n=last.n + 1 if last else 1,
        day=day,
        count=len(leaves),
        root=merkle.root(leaf.hash for leaf in leaves).hex(),
        prev_root=last.root if last else "",
        late=late,
        sealed_at=now(),
    )
    outside.write_seal(made)
    _note(made, found, leaves)
    for each in again:
        store.looked_again(city, each)
    if late:
        log.error("entries were sealed late", city=city, day=day.isoformat(), late=len(late))
        count("SealedLate", len(late))
    return made


def _first_day(city: str) -> date:
    founded = towns.town(city).found_at
    return day_of(founded) if founded else today() - timedelta(days=FIRST_SEAL_DAYS_MAX)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _days_to_look_at_again(city: str, last: Seal | None) -> list[date]:
    if last is None:
        return []
    recent = [last.day - timedelta(days=back) for back in range(LOOK_BACK_DAYS)]
    return sorted({*recent, *store.to_look_again(city)})


def _unsealed(city: str, days: Sequence[date], last: Seal | None) -> list[Stored]:
    """The entries of these days that no seal has. One whose time is no time cannot be put in order: the proof names it."""
    sealed = _sealed_keys(city, min(days)) if last else set()
    return [entry for day in days for entry in store.journal(city, day) if entry.sort and entry.key not in sealed]


def _sealed_keys(city: str, first: date) -> set[Key]:
    """Where the entries lie that the seals since a day hold."""
    return {
        Key(leaf.pk, leaf.sk)
        for known in store.seals_from(city, first)
        for leaf in outside.read_leaves(city, known.day.isoformat())
    }


def _leaf(entry: Stored) -> Leaf:
    return Leaf(entry.sort, entry.pk, entry.sk, merkle.leaf_hash(entry.body))


def _note(made: Seal, found: Sequence[Stored], leaves: Sequence[Leaf]) -> None:
    """The seal's row, and what accounting books of its entries."""
    sealed = {Key(leaf.pk, leaf.sk) for leaf in leaves}
    bodies = (entry.told for entry in found if entry.kind == "transfer" and entry.told and entry.key in sealed)
    try:
        transact([store.new_seal(made), store.keep_bookings(made.city, made.day, bookings(bodies))])
    except store.AlreadySealed:
        return


# Reading


def seal_of(city: str, day: date) -> Seal:
    """Raises SealNotFound."""
    known = store.seal(city, day)
    if known is None:
        raise SealNotFound
    return known


def inclusion(city: str, key: Key) -> Inclusion:
    """An entry's text and its way to the seal that holds it; without a seal while its day is not sealed.

    Raises ReceiptNotFound.
    """
    item = next(iter(store.together([key])), None)
    if item is None or item.told is None:
        raise ReceiptNotFound
    day = date.fromisoformat(item.day)
    told = Inclusion(item.body, merkle.leaf_hash(item.body).hex())
    for known in store.seals_from(city, day):
        if known.day != day and not _may_hold(known, day):
            continue
        leaves = list(outside.read_leaves(city, known.day.isoformat()))
        index = next((i for i, leaf in enumerate(leaves) if (leaf.pk, leaf.sk) == key), None)
        if index is not None:
            path = merkle.path([leaf.hash for leaf in leaves], index)
            return Inclusion(told.body, told.leaf, known, index, tuple(step.hex() for step in path))
    return told


def _may_hold(seal: Seal, day: date) -> bool:
    """Whether a later seal may hold an entry of a day: as a late leaf, or because it is the first seal of all."""
    return seal.n == 1 or any(late.day == day for late in seal.late)


def mark_for_next(city: str, days: Sequence[date]) -> None:
    """These sealed days have entries that no seal has: the next seal looks at them again."""
    for day in days:
        commit(store.look_again(city, day.isoformat()))
