"""News from the registry: a person we were asked about moved, married or died. The cloud is told whom to ask about again.

Only references go out, never what changed; the question that follows is asked and answered as any other.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from .file_registry import FileRegistry
from .keys import write_private
from .model import Record, subject_ref
from .registries import RegistryUnavailable

CHANGES_MAX = 100


class Changes(Protocol):
    """Remembers whom we were asked about, and notices what became of them."""

    def note(self, record: Record) -> None:
        """This person was answered about as the record stands now."""
        ...

    def waiting(self) -> Sequence[str]:
        """References, at most CHANGES_MAX, of people whose record changed since."""
        ...

    def told(self, refs: Sequence[str]) -> None:
        """The cloud knows about these."""
        ...


class NoChanges:
    """A registry that tells no news here: answers are asked for again when their time is over."""

    def note(self, record: Record) -> None:
        """Nothing is remembered."""

    def waiting(self) -> Sequence[str]:
        """Nobody."""
        return ()

    def told(self, refs: Sequence[str]) -> None:
        """Nothing was told."""


class FileChanges:
    """Compares the registry file with keyed digests of the records that were answered from."""

    def __init__(self, registry: FileRegistry, path: Path, key: bytes) -> None:
        self._registry = registry
        self._key = key
        self._compared: tuple[int, int] | None = None
        if not path.exists():
            write_private(path, b"")
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS watched"
            " (ref TEXT PRIMARY KEY, registry_id TEXT NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID"
        )

    def note(self, record: Record) -> None:
        """Remember the record by its digest."""
        ref = subject_ref(self._key, record.registry_id)
        row = (ref, record.registry_id, self._digest(record))
        self._db.execute("INSERT OR REPLACE INTO watched VALUES (?, ?, ?)", row)

    def waiting(self) -> Sequence[str]:
        """Those whose digest differs. A file that has not changed since is not looked at."""
        try:
            stamp = self._registry.stamp
            if stamp == self._compared:
                return ()
            changed = [ref for ref, registry_id, digest in self._watched() if self._now(registry_id) != digest]
        except RegistryUnavailable:
            return ()
        self._compared = None if changed else stamp
        return changed[:CHANGES_MAX]

    def told(self, refs: Sequence[str]) -> None:
        """Take the records as they are now for known."""
        for ref, registry_id, _ in self._watched():
            if ref in refs:
                row = (self._now(registry_id), ref)
                self._db.execute("UPDATE watched SET digest = ? WHERE ref = ?", row)

    def _watched(self) -> list[tuple[str, str, str]]:
        return self._db.execute("SELECT ref, registry_id, digest FROM watched").fetchall()

    def _now(self, registry_id: str) -> str:
        record = self._registry.peek(registry_id)
        return self._digest(record) if record else ""

    def _digest(self, record: Record) -> str:
        content = json.dumps(asdict(record), default=str, sort_keys=True)
        return hmac.new(self._key, content.encode(), hashlib.sha256).hexdigest()
