"""Another time for the ledger: every module of it that asks the clock is told this one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from unittest.mock import patch

from chalicelib.core import clock
from chalicelib.core.clock import Instant


def ledger_modules() -> list[ModuleType]:
    return [module for name, module in sorted(sys.modules.items()) if name.startswith("chalicelib.ledger.")]


@contextmanager
def at(instant: Instant) -> Iterator[None]:
    """Within the block it is this instant in the ledger."""
    told = {"now": lambda: instant, "today": lambda: clock.day_of(instant)}
    patches = [
        patch.object(module, name, answer)
        for module in ledger_modules()
        for name, answer in told.items()
        if getattr(module, name, None) is getattr(clock, name)
    ]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()
