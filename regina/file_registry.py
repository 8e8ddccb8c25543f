"""A registry kept in a file of JSON lines: for demonstration, and for an office's own extract of the residents system.

The format is described in `docs/regina.md`. A file named `outage-until` beside it, holding an ISO instant, makes the
registry unavailable until then, so that an outage can be shown.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from .matching import surname_key
from .model import Parent, PersonQuestion, Record, Residence, ResidenceKind
from .registries import Query, RegistryUnavailable

OUTAGE_FILE = "outage-until"

_KEYS = {
    "registry_id", "given_names", "surname", "former_surnames", "birth_date", "birth_place", "sex", "residence",
    "died_on", "questioned", "citizenship", "parents", "custody",
}  # fmt: skip
_RESIDENCE_KEYS = {
    "address_code", "municipality_code", "city_part_code", "kind", "text", "official_address", "since",
}  # fmt: skip


class BrokenRegistryFile(RegistryUnavailable):
    """A line of the registry file that cannot be read: its number and the reason, without its content."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path.name}, line {line}: {reason}")


def record_of(data: Mapping[str, Any]) -> Record:
    """One record from one JSON object. Raises ValueError, naming the field only, where it does not fit."""
    try:
        _only(data, _KEYS)
        return Record(
            registry_id=_text(data, "registry_id"),
            given_names=_text(data, "given_names"),
            surname=_text(data, "surname"),
            former_surnames=tuple(str(name) for name in data.get("former_surnames", ())),
            birth_date=date.fromisoformat(_text(data, "birth_date")),
            birth_place=str(data.get("birth_place", "")),
            sex=str(data.get("sex", "")),
            residence=_residence_of(data["residence"]) if data.get("residence") else None,
            died_on=_day(data.get("died_on")),
            questioned=bool(data.get("questioned", False)),
            citizenship=str(data.get("citizenship", "")),
            parents=tuple(
                Parent(_text(p, "registry_id"), bool(p.get("responsible", True))) for p in data.get("parents", ())
            ),
            custody=data.get("custody"),
        )
    except (TypeError, AttributeError) as e:
        raise ValueError("a field has a wrong type") from e


def _residence_of(data: Mapping[str, Any]) -> Residence:
    _only(data, _RESIDENCE_KEYS)
    return Residence(
        municipality_code=_text(data, "municipality_code"),
        city_part_code=data.get("city_part_code"),
        address_code=data.get("address_code"),
        kind=ResidenceKind(data.get("kind", ResidenceKind.PERMANENT)),
        text=str(data.get("text", "")),
        official_address=bool(data.get("official_address", False)),
        since=_day(data.get("since")),
    )


def _only(data: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(data) - known)
    if unknown:
        raise ValueError(f"unknown field {unknown[0][:40]}")


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key} is missing")
    return value


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def read_records(path: Path) -> list[Record]:
    """Every record of the file. Raises BrokenRegistryFile naming the line."""
    records = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                records.append(record_of(json.loads(line)))
            except ValueError as e:
                reason = "not JSON" if isinstance(e, json.JSONDecodeError) else str(e)
                raise BrokenRegistryFile(path, number, reason) from None
    return records


class FileRegistry:
    """Both registries over one file. Read again whenever the file changes, so a move of house shows at once."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path = path
        self._now = now
        self._stamp: tuple[int, int] | None = None
        self._by_id: dict[str, Record] = {}
        self._by_surname: dict[str, list[Record]] = {}
        self._by_address: dict[str, list[Record]] = {}

    def find_by_name(self, question: PersonQuestion, query: Query) -> Sequence[Record]:
        """Those of this surname, now or formerly, born that day."""
        self._ready()
        named = self._by_surname.get(surname_key(question.surname), [])
        return [record for record in named if record.birth_date == question.birth_date]

    def find_by_address(self, question: PersonQuestion, query: Query) -> Sequence[Record]:
        """Those at the address who were born that day or bear that surname."""
        self._ready()
        there = self._by_address.get(question.address_code or "", [])
        surname = surname_key(question.surname)
        return [r for r in there if r.birth_date == question.birth_date or surname_key(r.surname) == surname]

    def read(self, registry_id: str, query: Query) -> Record | None:
        """One person by id."""
        self._ready()
        return self._by_id.get(registry_id)

    def peek(self, registry_id: str) -> Record | None:
        """The record in the file, without asking the registry: to notice that it changed."""
        self._load()
        return self._by_id.get(registry_id)

    def parents(self, child_id: str, query: Query) -> Sequence[Parent]:
        """The parents written in the child's record."""
        child = self.read(child_id, query)
        return child.parents if child else ()

    def registry_ids(self) -> Iterable[str]:
        """Every id in the file."""
        self._load()
        return self._by_id.keys()

    @property
    def stamp(self) -> tuple[int, int] | None:
        """What changes when the file does."""
        self._load()
        return self._stamp

    def _ready(self) -> None:
        if self._in_outage():
            raise RegistryUnavailable("outage")
        self._load()

    def _in_outage(self) -> bool:
        try:
            until = datetime.fromisoformat((self._path.parent / OUTAGE_FILE).read_text().strip())
        except FileNotFoundError:
            return False
        except ValueError:
            return True  # a switch that cannot be read is on: an empty file means "until it is taken away"
        return self._now() < (until if until.tzinfo else until.replace(tzinfo=UTC))

    def _load(self) -> None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            raise RegistryUnavailable("no registry file") from None
        stamp = (status.st_mtime_ns, status.st_size)
        if stamp == self._stamp:
            return
        records = read_records(self._path)
        by_surname, by_address = defaultdict(list), defaultdict(list)
        for record in records:
            if record.residence and record.residence.address_code:
                by_address[record.residence.address_code].append(record)
            for name in {surname_key(n) for n in (record.surname, *record.former_surnames)}:
                by_surname[name].append(record)
        self._by_id = {record.registry_id: record for record in records}
        self._by_surname, self._by_address = dict(by_surname), dict(by_address)
        self._stamp = stamp
