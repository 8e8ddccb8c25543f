"""The auditor's reads: movements and decisions by day, person, programme and provider, on screen and as CSV.

Lists read the journal day by day, so they are bounded by days; what a person was given is read from the person's grants.
"""

import heapq
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice
from typing import Any, Literal

from chalicelib.core.clock import Instant, day_of, from_text, to_text, today
from chalicelib.core.gate import Who
from chalicelib.core.ids import digest
from chalicelib.core.refusals import CursorInvalid
from chalicelib.core.secrets import base64url, unbase64url
from chalicelib.core.sheets import Amount, Cell, Said, Sheet, said
from chalicelib.core.table import Page, whole
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Grant
from chalicelib.money.ledger.words import KINDS
from chalicelib.money.programmes import service as programmes
from chalicelib.money.providers import service as providers
from chalicelib.town.people import service as people
from chalicelib.watch.audit import store
from chalicelib.watch.audit.model import Booking, Stored, TooManyDays, TooManyRows
from chalicelib.watch.audit.words import (
    ACCOUNTS,
    BOOKING_HEADS,
    DECISIONS,
    ENTRIES,
    ENTRY_HEADS,
    OUTCOMES,
    REASONS,
    VIA,
)

DAYS_MAX = 31
"""A list reads the journals of so many days at most."""
BOOKING_DAYS_MAX = 366
READ_A_REQUEST_MAX = 2_000
"""A page of a filtered list ends after so many entries were read, however few of them it shows."""
SHEET_ROWS_MAX = 20_000
"""An answer of the API holds six megabytes."""
CHUNK = 100
"""Entries a read of a journal's partition. More than a transaction holds, so that one instant never fills it."""


@dataclass(frozen=True)
class Asked:
    """Which entries: of these days, and where given of one person, grant, programme or provider."""

    first: date
    last: date
    person: str = ""
    programme: str = ""
    provider: str = ""
    grant: str = ""

    @classmethod
    def of(
        cls, first: date | None, last: date | None, person: str, programme: str, provider: str, grant: str = ""
    ) -> "Asked":
        """Without days: a person's or a grant's whole life, today for everything else. Raises TooManyDays."""
        end = last or today()
        begin = first or (date.min if person or grant else end)
        if not person and not grant and (end - begin).days >= DAYS_MAX:
            raise TooManyDays(DAYS_MAX)
        return cls(begin, end, person, programme, provider, grant)

    def fits(self, body: Mapping[str, Any]) -> bool:
        wanted = (("programme", self.programme), ("provider", self.provider))
        return all(not id or id in (body.get(name), _about(body, name)) for name, id in wanted)


def _about(body: Mapping[str, Any], what: str) -> str:
    """The programme or provider that a decision is about."""
    about = str(body.get("about", ""))
    return about.removeprefix(f"{what}:")


@dataclass(frozen=True)
class Line:
    """An entry as the auditor reads it: its own text with names where there are any."""

    id: str
    entry: Literal["transfer", "decision"]
    kind: str
    at: Instant
    body: Mapping[str, Any] = field(default_factory=dict)
    programme_name: str = ""
    provider_name: str = ""
    by_name: str = ""
    approved_by_name: str = ""

    @classmethod
    def read(cls, text: str) -> "Line":
        body = json.loads(text)
        if body["kind"] == "decision":
            return cls(body["id"], "decision", body["what"], from_text(body["at"]), body)
        return cls(body["id"], "transfer", body["kind"], from_text(body["posted_at"]), body)

    def told(self, name: str) -> str:
        return str(self.body.get(name, ""))


def entries(city: str, who: Who, asked: Asked, limit: int, cursor: str | None) -> Page[Line]:
    """A page of entries in order of time. A look at a person's entries is noted. Raises CursorInvalid."""
    if asked.person or asked.grant:
        grants = _grants(city, asked)
        for person in {asked.person, *(grant.person for grant in grants)} - {""}:
            people.note_access(city, who, "read", subject=person)
        found = _after(_of_grants(city, asked, grants), _open(cursor))
        page = found[:limit]
        return Page(tuple(_named(city, page)), _cursor(_place(page[-1])) if len(found) > limit else None)
    return _of_days(city, asked, limit, cursor)


def entries_sheet(city: str, who: Who, asked: Asked, language: str = "cs") -> Sheet:
    """The same for a spreadsheet, whole, in the reader's language. Raises TooManyRows."""
    found = whole(lambda cursor: entries(city, who, asked, SHEET_ROWS_MAX, cursor))
    rows = list(islice(found, SHEET_ROWS_MAX + 1))
    if len(rows) > SHEET_ROWS_MAX:
        raise TooManyRows(SHEET_ROWS_MAX)
    whose = digest(str(asked))[:8] if asked.person else f"{asked.first}-{asked.last}"
    heads = [said(ENTRY_HEADS, name, language) for name in ENTRY_HEADS]
    return Sheet(f"{city}-kniha-{whose}", heads, [_row(row, language) for row in rows])


# By day


def _of_days(city: str, asked: Asked, limit: int, cursor: str | None) -> Page[Line]:
    after = _open(cursor)
    first = max(asked.first, date.fromisoformat(after[0])) if after else asked.first
    found: list[Line] = []
    for read, (day, entry) in enumerate(_walk(city, first, asked.last, after), start=1):
        if entry.told and asked.fits(entry.told):  # what says nothing that can be read is named by the proof
            found.append(Line.read(entry.body))
        if len(found) == limit or read == READ_A_REQUEST_MAX:
            following = (day.isoformat(), entry.journal[1], entry.pk)
            return Page(tuple(_named(city, found)), _cursor(following))
    return Page(tuple(_named(city, found)))


type _Cursor = tuple[str, str, str]
"""A place in the journal: the day, the time and id within it, and the partition where they are the same."""


def _walk(city: str, first: date, last: date, after: _Cursor | None) -> Iterator[tuple[date, Stored]]:
    """The entries of days in order of time, after a place."""
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        place = after[1:] if after and after[0] == day.isoformat() else ("", "")
        parts = [_of_part(city, day, part, place[0]) for part in range(ledger.JOURNAL_PARTITIONS)]
        for at, pk, entry in heapq.merge(*parts, key=lambda found: found[:2]):
            if (at, pk) > place:
                yield day, entry


def _of_part(city: str, day: date, part: int, since: str) -> Iterator[tuple[str, str, Stored]]:
    """The entries of one partition of a day's journal from a place on; those of one instant ordered by partition."""
    while True:
        found = store.journal_since(city, day, part, since, CHUNK)
        rows = [(entry.journal[1], entry.pk, entry) for entry in found]
        rows.sort(key=lambda row: row[:2])
        if len(found) < CHUNK:
            yield from rows
            return
        # The last instant may go on in the next chunk: it is read again whole.
        yield from (row for row in rows if row[0] < rows[-1][0])
        since = rows[-1][0]


# By person


def _grants(city: str, asked: Asked) -> list[Grant]:
    """A person's grants, or the one that is asked for."""
    if asked.person:
        return [known for known in ledger.grants_of(city, asked.person) if asked.grant in ("", known.id)]
    known = ledger.grant(city, asked.grant)
    return [known] if known else []


def _of_grants(city: str, asked: Asked, grants: Sequence[Grant]) -> list[Line]:
    """What was moved on grants and decided about their applications, in order of time."""
    moved = [transfer.body() for grant in grants for transfer in ledger.transfers_of(city, grant.id)]
    applications = sorted({grant.application for grant in grants})
    decided = [decision.body() for id in applications for decision in ledger.decisions_of(city, id)]
    lines = [Line.read(text) for text in (*moved, *decided)]
    wanted = [line for line in lines if asked.first <= day_of(line.at) <= asked.last and asked.fits(line.body)]
    return sorted(wanted, key=_place)


def _place(line: Line) -> _Cursor:
    return day_of(line.at).isoformat(), f"{to_text(line.at)}#{line.id}", line.told("grant") or line.told("about")


def _after(lines: Sequence[Line], after: _Cursor | None) -> list[Line]:
    return [line for line in lines if after is None or _place(line) > after]


# Cursors


def _cursor(place: _Cursor) -> str:
    return base64url(json.dumps(place).encode())


def _open(cursor: str | None) -> _Cursor | None:
    """A place is only ever sought in what the caller may read, so a made-up one opens nothing. Raises CursorInvalid."""
    if cursor is None:
        return None
    try:
        day, sort, partition = json.loads(unbase64url(cursor))
        date.fromisoformat(day)
        legible = all(isinstance(text, str) and re.fullmatch(r"[ -~]{0,300}", text) for text in (sort, partition))
    except (ValueError, TypeError, RecursionError):
        raise CursorInvalid from None
    if not legible or not sort:
        raise CursorInvalid
    return day, sort, partition


# Names


def _named(city: str, lines: Sequence[Line]) -> list[Line]:
    """With the names of programmes, providers and of the people of the town who did it; of no citizen."""
    called = {programme.id: programme.name.cs for programme in programmes.programmes(city)}
    sold_by = providers.providers(city, sorted({line.told("provider") for line in lines} - {""}))
    doers = people.names(sorted({line.told(name) for line in lines for name in ("by", "approved_by")} - {""}))
    staff = {member.person for member in people.staff(city)}
    doers = {id: name for id, name in doers.items() if id in staff}
    return [
        replace(
            line,
            programme_name=called.get(line.told("programme"), ""),
            provider_name=sold_by[line.told("provider")].name if line.told("provider") in sold_by else "",
            by_name=doers.get(line.told("by"), ""),
            approved_by_name=doers.get(line.told("approved_by"), ""),
        )
        for line in lines
    ]


# For a spreadsheet


_CODES: Mapping[str, Said] = {"via": VIA, "reason": REASONS, "outcome": OUTCOMES}


def _row(line: Line, language: str) -> list[Cell]:
    amount_minor = line.body.get("amount_minor")
    first: dict[str, Cell] = {
        "at": line.at,
        "entry": said(ENTRIES, line.entry, language),
        "kind": said(KINDS if line.entry == "transfer" else DECISIONS, line.kind, language),
        "id": line.id,
        "amount": Amount(amount_minor) if amount_minor is not None else "",
        "programme_name": line.programme_name,
        "provider_name": line.provider_name,
        "by_name": line.by_name,
        "debit": _account(line.told("debit"), language),
        "credit": _account(line.told("credit"), language),
    }
    return [first[name] if name in first else _told(line, name, language) for name in ENTRY_HEADS]


def _told(line: Line, name: str, language: str) -> str:
    return said(_CODES[name], line.told(name), language) if name in _CODES else line.told(name)


def _account(account: str, language: str) -> str:
    """`Příspěvek 7f3a…`: the sort of an account in words, and whose it is."""
    sort, _, whose = account.partition(":")
    return f"{said(ACCOUNTS, sort, language)} {whose}".rstrip()


# What accounting books


def bookings(city: str, first: date, last: date) -> list[Booking]:
    """What is booked of these days, by day, budget year, coordinates and kind. Raises TooManyDays.

    Only what is sealed: a row never changes. What came late stands under its own day, with the document of a later seal.
    """
    if (last - first).days >= BOOKING_DAYS_MAX:
        raise TooManyDays(BOOKING_DAYS_MAX)
    return sorted(
        store.bookings_between(city, first, last), key=lambda row: (row.day, row.budget_year, row.coordinates, row.kind)
    )


def bookings_sheet(city: str, first: date, last: date, language: str = "cs") -> Sheet:
    """The same for the accounting's import, in the reader's language. MD and Dal are the sorts of the books' accounts."""
    heads = BOOKING_HEADS["cs" if language == "cs" else "en"]
    rows = [_booking_row(row, language) for row in bookings(city, first, last)]
    return Sheet(f"{city}-zauctovani-{first}-{last}", heads, rows)


def _booking_row(row: Booking, language: str) -> list[Cell]:
    """Coordinates are paragraph/item/department/action/purpose mark, an empty tail left out."""
    parts = [*row.coordinates.split("/"), "", "", "", "", ""][:5]
    sides = [said(ACCOUNTS, side, language) for side in (row.debit, row.credit)]
    moved: list[Cell] = [said(KINDS, row.kind, language), *sides, row.count, Amount(row.amount_minor)]
    return [row.document, row.day, row.budget_year, *parts, *moved]
