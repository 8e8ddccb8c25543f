"""Chance that is the same every time: drawn from the seed and a name, never from the machine."""

import hashlib
import random
from datetime import datetime

from ulid import ULID

SEED = "aktivni-mesto-1"


def dice(*names: object) -> random.Random:
    """A source of chance of its own for each name: a new draw in one place moves no other."""
    return random.Random(_digest(*names))


def made_id(at: datetime, *names: object) -> str:
    """An identifier as the product makes them, in order of time, the same at every fill."""
    milliseconds = int(at.timestamp() * 1000).to_bytes(6)
    return str(ULID.from_bytes(milliseconds + _digest("id", *names)[:10])).lower()


def secret(*names: object) -> bytes:
    """32 bytes for the demo's keys: known to whoever reads this, so worth nothing anywhere else."""
    return _digest("secret", *names)


def _digest(*names: object) -> bytes:
    return hashlib.sha256("\0".join([SEED, *map(str, names)]).encode()).digest()
