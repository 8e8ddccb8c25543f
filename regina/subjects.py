"""From an opaque `subject_ref` back to the registry's id, which a question about a guardian needs."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Protocol

from .file_registry import FileRegistry
from .keys import write_private
from .model import subject_ref


class Subjects(Protocol):
    """Makes references and finds their owners again."""

    def ref(self, registry_id: str) -> str:
        """The reference of this person, remembered so that `resolve` finds it."""
        ...

    def resolve(self, ref: str) -> str | None:
        """Whose reference it is; None when this machine never made it."""
        ...


class StoredSubjects:
    """Kept in a small SQLite file beside the keys: AIFO cannot be computed back, so it is remembered here."""

    def __init__(self, path: Path, subject_key: bytes) -> None:
        self._key = subject_key
        if not path.exists():
            write_private(path, b"")
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS subjects (ref TEXT PRIMARY KEY, registry_id TEXT NOT NULL) WITHOUT ROWID"
        )

    def ref(self, registry_id: str) -> str:
        """The reference, durably remembered before it is returned."""
        ref = subject_ref(self._key, registry_id)
        self._db.execute("INSERT OR IGNORE INTO subjects VALUES (?, ?)", (ref, registry_id))
        return ref

    def resolve(self, ref: str) -> str | None:
        """The remembered id."""
        row = self._db.execute("SELECT registry_id FROM subjects WHERE ref = ?", (ref,)).fetchone()
        return str(row[0]) if row else None


class ComputedSubjects:
    """Computed over a registry file, so nothing needs to be remembered and nothing can be lost."""

    def __init__(self, registry: FileRegistry, subject_key: bytes) -> None:
        self._registry = registry
        self._key = subject_key
        self._stamp: tuple[int, int] | None = None
        self._ids: dict[str, str] = {}

    def ref(self, registry_id: str) -> str:
        """The reference."""
        return subject_ref(self._key, registry_id)

    def resolve(self, ref: str) -> str | None:
        """The id in the file whose reference this is. Raises RegistryUnavailable when the file is gone."""
        stamp = self._registry.stamp
        if stamp != self._stamp:
            self._ids = {self.ref(registry_id): registry_id for registry_id in self._registry.registry_ids()}
            self._stamp = stamp
        return self._ids.get(ref)
