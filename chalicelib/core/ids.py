"""Identifiers: URL-safe, 26 characters, in order of making (ULID)."""

import hashlib

from ulid import ULID


def new_id() -> str:
    return str(ULID()).lower()


def digest(*parts: str) -> str:
    """A stable identifier of what may exist once: 32 hex characters of SHA-256 over the parts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
