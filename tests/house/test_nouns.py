"""A noun does not change once it is made: money that was read, counted or signed is what it was."""

from dataclasses import MISSING, fields, is_dataclass
from importlib import import_module
from typing import Any

from tools.docs import ROOT, load_rooms

CHANGES = {
    "chalicelib.watch.audit.model.Tally",
    "chalicelib.watch.audit.rebuilding.Rebuilt",
    "chalicelib.commons.bank.faults.Faults",
    "chalicelib.money.payouts.statements._Known",
}
"""Those that are meant to: what is gathered while it is worked on."""
BEGIN_BEFORE_THEY_ARE_KEPT = {"Job", "LetterOrder", "Link", "Stored", "Switches", "TownKey", "Verification"}
"""Nouns of version 0 stand for what the table does not have yet."""


def nouns() -> list[Any]:
    load_rooms()
    modules = [
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for path in sorted((ROOT / "chalicelib").rglob("*.py"))
        if path.name != "__init__.py"
    ]
    return [
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and is_dataclass(one) and one.__module__ == module.__name__
    ]


def test_every_noun_is_frozen() -> None:
    loose = {
        f"{one.__module__}.{one.__qualname__}"
        for one in nouns()
        if not one.__dataclass_params__.frozen and not issubclass(one, Exception)
    }
    assert loose == CHANGES


def test_every_version_begins_at_one_where_the_noun_is_kept_at_once() -> None:
    """As an item's does (`core.table.Item`): whoever edits what was just made sees the version that is kept."""
    versioned = [(one.__qualname__, field.default) for one in nouns() for field in fields(one) if field.name == "v"]
    begins = {name: first for name, first in versioned if first is not MISSING}
    assert len(begins) > 20
    assert {name: first for name, first in begins.items() if first != 1} == dict.fromkeys(BEGIN_BEFORE_THEY_ARE_KEPT, 0)
