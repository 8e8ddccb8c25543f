"""One clock: the product asks core.clock and nothing else, and a test that moves it moves it for everybody."""

import ast
from collections.abc import Iterator

import pytest

from tests.engine import ROOT

FOLDERS = ("chalicelib", "localcloud", "faults", "bench", "tools", "infra", "regina", "tests")
WALL_CLOCKS = {
    *(f"datetime.{name}" for name in ("now", "utcnow", "today")),
    *(f"date.{name}" for name in ("today",)),
    *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "ctime")),
}
MAY = {
    "chalicelib/core/clock.py": "the clock",
    "regina/__main__.py": "the module's own clock, handed to all of it: it imports nothing of ours",
    "regina/tests/test_protocol.py": "the same, for its tests",
    "tests/days.py": "moves the clock",
    "infra/stacks.py": "a name that no other deployment has",
    "infra/deploy.py": "a name that no other deployment has",
}
OWN_HANDS = {"tests/peers/build.py": "gives each thread a clock of its own: two machines whose clocks differ"}


def sources() -> Iterator[tuple[str, ast.AST]]:
    for path in [ROOT / "app.py", *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))]:
        if "node_modules" not in path.parts:
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def asked(tree: ast.AST) -> set[str]:
    """The wall clocks that a file asks, as `datetime.now`, however the module is imported."""
    names = {".".join(ast.unparse(node).split(".")[-2:]) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return names & WALL_CLOCKS


def pinned(tree: ast.AST) -> list[str]:
    """The clocks that a file takes away from one module alone: `monkeypatch.setattr(room, "now", …)`."""
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("setattr", "object", "patch")
        and any(isinstance(a, ast.Constant) and str(a.value).split(".")[-1] in ("now", "today") for a in node.args)
    ]


def test_nobody_but_the_clock_asks_the_wall_clock() -> None:
    asking = {path: names for path, tree in sources() if (names := asked(tree))}
    assert {path: names for path, names in asking.items() if path not in MAY} == {}, "ask chalicelib.core.clock"
    assert MAY.keys() <= asking.keys(), "an exception that nobody needs"


def test_a_test_moves_the_clock_of_everybody_or_of_nobody() -> None:
    pinning = {path: found for path, tree in sources() if (found := pinned(tree))}
    assert {path: found for path, found in pinning.items() if path not in OWN_HANDS} == {}, "use `stand_at`"
    assert OWN_HANDS.keys() <= pinning.keys()


@pytest.mark.parametrize(
    ("line", "found"),
    [("dt.datetime.now(UTC)", True), ("date.today()", True), ("time.time()", True), ("time.monotonic()", False)],
)
def test_the_rule_sees_a_clock_however_it_is_reached(line: str, found: bool) -> None:
    assert bool(asked(ast.parse(line))) is found
