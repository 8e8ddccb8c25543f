"""Figures, counted from the transfers. Redelivered, reordered and repeated records change nothing.

The stream only wakes: a sweep over the day's journal counts what a lost record would have left out.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib.core.clock import day_of, today
from chalicelib.core.refusals import NotFound
from chalicelib.core.sheets import Amount, Cell, Sheet, said
from chalicelib.core.table import Key, Write, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Transfer
from chalicelib.money.offers import service as offers
from chalicelib.money.programmes import service as programmes
from chalicelib.money.programmes.model import ProgrammeState
from chalicelib.money.providers import service as providers
from chalicelib.town.identity import service as identity
from chalicelib.town.towns import service as towns
from chalicelib.watch.insights import store
from chalicelib.watch.insights.model import (
    Effect,
    Figures,
    Money,
    Slice,
    age_band,
    at_provider,
    effect,
    week_of,
)
from chalicelib.watch.insights.store import AlreadyCounted, PersonCounted
from chalicelib.watch.insights.words import HEADS, NAMES, PARTS, STATES, SUMS

DIMENSIONS = {"provider": "P", "age": "A", "activity": "C", "week": "W"}
STEP_SECONDS = 60
FIRST_DAYS_MAX = 400
"""How far back the figures of a town go that does not know when it was founded."""


@dataclass(frozen=True)
class Shown:
    """A programme's figures with its name in the reader's language."""

    programme: str
    name: str
    state: ProgrammeState
    figures: Figures


# Counting


def count_transfer(city: str, key: Key) -> None:
    """Add a transfer to the figures, once for ever."""
    transfer = ledger.transfer_at(key)
    if transfer is not None and transfer.programme:
        _count(city, transfer, store.generations(city).counted)


def _count(city: str, transfer: Transfer, generations: Sequence[int]) -> None:
    """Into the figures that are shown, and into those that are being built."""
    marker = f"{transfer.grant or transfer.provider or transfer.programme}.{transfer.id}"
    for generation in generations:
        once = store.counted(city, marker, generation)
        with suppress(AlreadyCounted):
            try:
                transact([once, *_counters(city, generation, transfer)])
            except PersonCounted:
                transact([once, *_counters(city, generation, transfer, knows_person=True)])


def _counters(city: str, generation: int, transfer: Transfer, *, knows_person: bool = False) -> list[Write]:
    """What a transfer adds. Ages count people: a person with several vouchers of a programme counts once."""
    programme = transfer.programme
    found = [store.add_to_totals(city, generation, programme, effect(transfer), transfer.posted_at)]
    spent = at_provider(transfer)
    if transfer.provider and any(spent):
        found.append(store.add_to_slice(city, generation, programme, "P", transfer.provider, *spent))
    if transfer.kind == "allot":
        week = week_of(day_of(transfer.posted_at))
        found.append(store.add_to_slice(city, generation, programme, "W", week, 1, transfer.amount_minor))
        beneficiary, band = _age_band(city, transfer)
        if band:
            people = 0 if knows_person else 1
            found.append(store.add_to_slice(city, generation, programme, "A", band, people, transfer.amount_minor))
        if band and not knows_person:
            found.append(store.counted_person(city, programme, beneficiary, generation))
    if transfer.kind == "settle" and (category := _category(city, transfer)):
        found.append(store.add_to_slice(city, generation, programme, "C", category, 1, transfer.amount_minor))
    return found


def _age_band(city: str, transfer: Transfer) -> tuple[str, str]:
    """Whom an award is for, and the band of their age on its day; nobody and nothing where it cannot be known."""
    grant = ledger.grant(city, transfer.grant)
    if grant is None:
        return "", ""
    try:
        standing = identity.standing(city, grant.beneficiary)
    except NotFound:  # the person's record is gone; the money is counted all the same
        return "", ""
    return grant.beneficiary, age_band(standing.age_on(day_of(transfer.posted_at)))


def _category(city: str, transfer: Transfer) -> str:
    grant = ledger.grant(city, transfer.grant)
    return offers.category_ordered(city, grant.person, transfer.of) if grant else ""


def count_application(city: str, application: str) -> None:
    """Count an application in the state it is in now, and no longer in the one it was counted in before."""
    known = programmes.application(city, application)
    before, seen = store.last_state(city, application)
    if seen >= known.v or before == known.state:
        return
    parts: Effect = {known.state: 1} | ({before: -1} if before else {})
    writes = [
        store.counted_state(city, application, known.state, known.v, seen),
        store.add_to_states(city, known.programme, parts),
    ]
    try:
        transact(writes)
    except AlreadyCounted:
        return


def sweep(city: str, day: str, cursor: str | None, generations: Sequence[int] = ()) -> str | None:
    """Count what the stream may have left out of a day: a page of its journal. Returns the next cursor.

    Into these generations of the figures; without them, into all that are counted now.
    """
    part, _, page = (cursor or "0").partition("|")
    into = generations or store.generations(city).counted
    found, following = ledger.journal_page(city, day, int(part), page or None)
    for transfer in found:
        if transfer.programme:
            _count(city, transfer, into)
    if following:
        return f"{part}|{following}"
    return str(int(part) + 1) if int(part) + 1 < ledger.JOURNAL_PARTITIONS else None


# Rebuilding


def rebuild(city: str, cursor: str | None) -> str | None:
    """A step of building all figures again from the transfers; gives the next cursor, None when they are shown.

    A new generation is built beside the one that is shown while whatever happens is counted into both, each transfer once
    in each. A count that began before the building did not know of it; its transfer is in the journal, which is walked
    from the town's first day to today, and the last two days once more. Then one write shows what was built.
    """
    if cursor is None:
        known = store.generations(city)
        store.build(city, known.live)
        return f"{known.live + 1}@walk@{_first_day(city).isoformat()}"
    generation, what, day = cursor.split("@")
    last = _walk(city, date.fromisoformat(day), int(generation))
    if last is not None:
        return f"{generation}@{what}@{last.isoformat()}"
    if what == "walk":
        return f"{generation}@again@{(today() - timedelta(days=1)).isoformat()}"
    _show(city, int(generation))
    return None


def _walk(city: str, day: date, generation: int) -> date | None:
    """Count the journals of days from this one on for STEP_SECONDS. Gives the day to go on with, None after today."""
    began = time.monotonic()
    while True:
        cursor: str | None = "0"
        while cursor is not None:
            cursor = sweep(city, day.isoformat(), cursor, (generation,))
        day += timedelta(days=1)
        if day > today():
            return None
        if time.monotonic() - began > STEP_SECONDS:
            return day


def _first_day(city: str) -> date:
    founded = towns.town(city).found_at
    return day_of(founded) if founded else today() - timedelta(days=FIRST_DAYS_MAX)


def _show(city: str, generation: int) -> None:
    with suppress(store.SwitchedBefore):
        store.show(city, generation)
    for programme in programmes.programmes(city):
        store.drop(city, programme.id, generation - 1)


# Reading


def overview(city: str, language: str = "cs") -> list[Shown]:
    """All programmes of the town with their figures."""
    known = programmes.programmes(city)
    found = store.figures(city, [programme.id for programme in known], store.generations(city).live)
    return [
        Shown(programme.id, programme.name.in_(language), programme.state, found[programme.id])
        for programme in known
        if programme.state != "draft"
    ]


def of_programme(city: str, programme: str, language: str = "cs") -> Shown:
    """One programme's figures. Raises ProgrammeUnknown."""
    known = programmes.programme(city, programme)
    figures = store.figures(city, [programme], store.generations(city).live)[programme]
    return Shown(known.id, known.name.in_(language), known.state, figures)


def slices(city: str, programme: str, dimension: str) -> list[Slice]:
    """A programme's figures by `provider`, `age`, `activity` or `week`. Providers carry their names."""
    found = list(store.slices(city, programme, DIMENSIONS[dimension], store.generations(city).live))
    if dimension == "provider":
        known = providers.providers(city, [part.name for part in found])
        named = [replace(part, label=known[part.name].name) for part in found if part.name in known]
        return sorted(named, key=lambda part: -part.amount_minor)
    if dimension == "activity":
        return sorted(found, key=lambda part: -part.count)
    return sorted(found, key=lambda part: (len(part.name.split("–")[0]), part.name))


def together(shown: Sequence[Shown]) -> Money:
    """The money of several programmes in one."""
    sums: dict[str, int] = {}
    for one in shown:
        for name, value in one.figures.money.__dict__.items():
            sums[name] = sums.get(name, 0) + value
    return Money(**sums)


def overview_sheet(city: str, shown: Sequence[Shown], language: str = "cs") -> Sheet:
    """The figures for a spreadsheet, in the reader's language.

    Behind the budget stand its parts, which add up to it: what was written off is taken off, as in the money bar.
    """
    columns = ("budget", *PARTS, *SUMS)
    head = [*(said(HEADS, name, language) for name in HEADS), *(said(NAMES, name, language) for name in columns)]
    rows: list[list[Cell]] = [
        [one.name, said(STATES, one.state, language), *(Amount(_column(one.figures.money, name)) for name in columns)]
        for one in shown
    ]
    return Sheet(f"{city}-figures", head, rows)


def _column(money: Money, name: str) -> int:
    amount_minor: int = getattr(money, f"{name}_minor")
    return -amount_minor if name == "written_off" else amount_minor
