"""Where each room lies. A room is known by its name alone: its doors, queue, policy and metrics are called by it.

The wing (`town`, `money`, …) only says which folder it is in, and so what it may import.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

HOUSE = Path(__file__).parent.parent


@cache
def folders() -> Mapping[str, Path]:
    """Room → its folder, by name."""
    found = sorted((init.parent for init in HOUSE.glob("*/*/__init__.py")), key=lambda folder: folder.name)
    return {folder.name: folder for folder in found}


def having(part: str) -> list[str]:
    """The rooms with that part of the floor plan (`service`, `jobs`), by name."""
    return [room for room, folder in folders().items() if (folder / f"{part}.py").exists()]


def module(room: str, part: str) -> ModuleType:
    """A part of a room, imported: `module("ledger", "service")`."""
    return import_module(f"{HOUSE.name}.{folders()[room].parent.name}.{room}.{part}")
