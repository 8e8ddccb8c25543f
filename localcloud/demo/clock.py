"""A clock that can be set back, so that history is written by the rooms' own functions and stamped as if it were then.

Product code asks `chalicelib.core.clock.now`, which each module imports by name. Inside `settable()` all of them ask
this clock instead; `at(instant)` sets it for the calling thread. Outside `at` it tells the real time.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from chalicelib.core import clock
from chalicelib.core.clock import Instant

_real = clock.now
_set: ContextVar[Instant | None] = ContextVar("instant", default=None)


def _now() -> Instant:
    return _set.get() or _real()


@contextmanager
def at(instant: Instant) -> Iterator[None]:
    """For this block and thread it is this instant. Only inside `settable`."""
    token = _set.set(instant)
    try:
        yield
    finally:
        _set.reset(token)


@contextmanager
def settable() -> Iterator[None]:
    """Let every module of the product that is loaded ask this clock, until the end of the block."""
    _swap(_real, _now)
    try:
        yield
    finally:
        _swap(_now, _real)


def _swap(old: object, new: object) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("chalicelib.") and getattr(module, "now", None) is old:
            module.now = new  # type: ignore[attr-defined]
