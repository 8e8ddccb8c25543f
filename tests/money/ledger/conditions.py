"""The conditions of the ledger, seen at run time and taken away one arm at a time.

Whatever the ledger writes goes through three methods of an item; there its condition is taken apart. An arm is what
`&` joins: `state =`, `spendable_minor >=`, `is new`. So nobody keeps a list of conditions: a new one is found by itself.
Two arms that ask the same are two where they are written at two places: neither covers for the other.
"""

import ast
import inspect
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

from pynamodb.expressions.condition import And, Condition

from chalicelib.core.table import Item
from chalicelib.money import ledger

LEDGER = Path(inspect.getfile(ledger)).parent
HERE = Path(__file__)
TESTS = HERE.parent
WRITES = ("get_save_kwargs_from_instance", "get_update_kwargs_from_instance", "get_delete_kwargs_from_instance")
MAKERS = {"change", "check", "put_new", "replace", "remove", "commit"}
"""The words of core.table by which the ledger builds a conditioned write."""


@dataclass(frozen=True, order=True)
class Arm:
    """An arm of a condition: the verb that a caller used, the item it judges, what it asks of it, and where that is
    written: `spending.py:208`. One that is named without its place means every arm of that name."""

    verb: str
    item: str
    asks: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.verb}: {self.item} {self.asks} ({self.place})"

    @classmethod
    def named(cls, text: str) -> "Arm":
        """`spend: grant spendable_minor >=`"""
        verb, _, rest = text.partition(": ")
        item, _, asks = rest.partition(" ")
        return cls(verb, item, asks)

    @property
    def anywhere(self) -> "Arm":
        return replace(self, place="")


@dataclass
class Seen:
    """What was met: the arms, and the places in the ledger's files that built a write."""

    arms: set[Arm] = field(default_factory=set)
    places: set[tuple[str, int]] = field(default_factory=set)


@contextmanager
def watched(*without: Arm) -> Iterator[Seen]:
    """Within the block the ledger's conditions are noted, and the arms that are named are taken away."""
    seen = Seen()
    patches = [patch.object(Item, name, _watching(getattr(Item, name), seen, without)) for name in WRITES]
    patches.append(patch.object(Condition, "__init__", _placed(Condition.__init__)))
    for one in patches:
        one.start()
    try:
        yield seen
    finally:
        for one in patches:
            one.stop()


def _placed(real: Any) -> Any:
    """A condition knows the line of the ledger that made it."""

    def make(condition: Condition, *args: Any) -> None:
        real(condition, *args)
        frame = next(_ledger_frames(sys._getframe()), None)
        place = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}" if frame else ""
        condition.place = place  # type: ignore[attr-defined]

    return make


def _watching(real: Any, seen: Seen, without: Collection[Arm]) -> Any:
    signature = inspect.signature(real)

    def build(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        frames = list(_ledger_frames(sys._getframe()))
        condition = bound.arguments.get("condition")
        if frames and condition is not None:
            seen.places.update((Path(f.f_code.co_filename).name, f.f_lineno) for f in frames)
            bound.arguments["condition"] = _judged(bound.args[0], condition, frames[-1].f_code.co_name, seen, without)
        return real(*bound.args, **bound.kwargs)

    return build


def _ledger_frames(frame: FrameType | None) -> Iterator[FrameType]:
    """Innermost first; the last one is the verb that a test called, be it in the middle of another one."""
    while frame:
        file = Path(frame.f_code.co_filename)
        if file.parent == LEDGER:
            yield frame
        elif file.parent == TESTS and file != HERE:
            return
        frame = frame.f_back


def _judged(item: Item, condition: Condition, verb: str, seen: Seen, without: Collection[Arm]) -> Condition:
    arms = [(Arm(verb, item.KIND, _asks(one), getattr(one, "place", "")), one) for one in _arms(condition)]
    seen.arms.update(arm for arm, _ in arms)
    left: Condition = type(item).pk.exists() | type(item).pk.does_not_exist()
    for arm, one in arms:
        if arm not in without and arm.anywhere not in without:
            left = left & one
    return left


def _arms(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, And):
        for side in condition.values:
            yield from _arms(side)
    else:
        yield condition


def _asks(condition: Condition) -> str:
    """What it asks without the figures: they change from call to call."""
    if condition.operator == "NOT":
        return f"not {_asks(condition.values[0])}"
    if condition.operator in ("OR", "AND"):
        return f" {condition.operator} ".join(_asks(side) for side in condition.values)
    if condition.operator == "attribute_not_exists" and str(condition.values[0]) == "PK":
        return "is new"
    if condition.operator == "attribute_exists" and str(condition.values[0]) == "PK":
        return "is there"
    return f"{str(condition.values[0]).split('.')[0]} {condition.operator}"


def places_that_write() -> set[tuple[str, int, int]]:
    """Every call in the ledger's files that builds a conditioned write: file, first and last line."""
    found = set()
    for file in LEDGER.glob("*.py"):
        taken = _taken_from_table(file)
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in taken:
                found.add((file.name, node.lineno, node.end_lineno or node.lineno))
    return found


def _taken_from_table(file: Path) -> set[str]:
    """Which of the makers this file means: `replace` of dataclasses is none of them."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "chalicelib.core.table":
            return MAKERS & {alias.name for alias in node.names}
    return set()
