"""How much the tests notice: `python -m tools.mutate [ROOM …]` changes the code at random, one place at a time.

Each change is made in a copy of the tree, the room's tests run there, and what none of them noticed is printed as a diff.
Without rooms, those that the commits since `--since` touch. Operators: cosmic-ray's. The seed is printed; with `--seed` the
same places come again. Changes that behave the same are known by their line in tools/unnoticed.toml, each with its reason.
"""

import argparse
import ast
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

ROOT = Path(__file__).parent.parent
KNOWN = Path(__file__).parent / "unnoticed.toml"
LINKED = ("localcloud/node_modules", ".ministack", "web/node_modules")
"""What is installed beside the tree and shared by the copies."""
FAMILIES = ("ReplaceBinaryOperator", "ReplaceComparisonOperator", "ReplaceUnaryOperator", "AddNot", "ReplaceTrueWithFalse",
            "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceBreakWithContinue",
            "ReplaceContinueWithBreak", "NumberReplacer", "ZeroIterationForLoop")  # fmt: skip
ALSO = {"ledger": ("tests/payouts/test_payouts.py", "tests/vouchers/test_counter.py")}
"""Tests of other rooms that stand for a room's promises too."""
TIMES_SLOWER_MAX = 3
SECONDS_OVER = 30


@dataclass(frozen=True)
class Place:
    """Where code is changed: a file, the operators that fit there (name, occurrence), and the line."""

    path: str
    line: int
    operators: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Change:
    room: str
    path: str
    line: int
    before: str
    after: str

    def diff(self) -> str:
        lines = difflib.unified_diff(
            self.before.splitlines(), self.after.splitlines(), self.path, self.path, lineterm="", n=1
        )
        return "\n".join(lines)


def places(path: Path) -> list[Place]:
    """Every place of a file where an operator changes what it does; types and constants' names are left alone."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names

    text = path.read_text()
    typed = set(_typed_lines(ast.parse(text)))
    found: dict[tuple[int, int], list[tuple[str, int]]] = {}
    nodes = list(ast_nodes(get_ast(text)))
    for name in operator_names():
        if not name.partition("/")[2].startswith(FAMILIES):
            continue
        operator, occurrence = get_operator(name)(), count()
        for node in nodes:
            for start, _ in operator.mutation_positions(node):
                which = next(occurrence)
                if start not in typed:
                    found.setdefault(start, []).append((name, which))
    where = str(path.relative_to(ROOT))
    return [Place(where, line, tuple(operators)) for (line, _), operators in sorted(found.items())]


def _typed_lines(tree: ast.AST) -> Iterator[tuple[int, int]]:
    """Positions (line, column) within annotations and type aliases: to change them changes no behaviour."""
    for node in ast.walk(tree):
        kinds: list[Any] = []
        match node:
            case ast.AnnAssign(annotation=kind) | ast.arg(annotation=kind) | ast.TypeAlias(value=kind):
                kinds.append(kind)
            case ast.FunctionDef(returns=kind):
                kinds.append(kind)
        for kind in filter(None, kinds):
            for line in range(kind.lineno, kind.end_lineno + 1):
                first = kind.col_offset if line == kind.lineno else 0
                last = kind.end_col_offset if line == kind.end_lineno else 400
                yield from ((line, column) for column in range(first, last))


def changes(rooms: Sequence[str], chance: random.Random) -> Iterator[Change]:
    """Changes in turn of the rooms, each at a place that was not changed before."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    waiting = {
        room: [(room, place) for path in sorted((ROOT / "chalicelib" / room).rglob("*.py")) for place in places(path)]
        for room in rooms
    }
    for left in waiting.values():
        chance.shuffle(left)
    while any(waiting.values()):
        for left in waiting.values():
            if left:
                room, place = left.pop()
                name, occurrence = chance.choice(place.operators)
                before = (ROOT / place.path).read_text()
                after = mutate_code(before, get_operator(name)(), occurrence)
                if after and after != before and _compiles(after):
                    yield Change(room, place.path, place.line, before, after)


def _compiles(text: str) -> bool:
    try:
        compile(text, "changed", "exec")
    except SyntaxError:
        return False
    return True


def copy_of_tree() -> Path:
    """The committed and uncommitted files of the tree in a folder of its own."""
    copy = Path(tempfile.mkdtemp(prefix="mutate-"))
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    for name in LINKED:
        if (ROOT / name).exists() and not (copy / name).exists():
            (copy / name).symlink_to(ROOT / name)
    return copy


def tests_pass(copy: Path, room: str, seconds_max: float) -> bool:
    """Whether the room's tests pass in a copy within the time."""
    tests = [f"tests/{room}", *ALSO.get(room, ())]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        command, cwd=copy, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        return process.wait(seconds_max) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
        return False


def rooms_since(base: str) -> list[str]:
    """The rooms whose files differ from a commit, those with tests of their own."""
    listed = subprocess.run(
        ["git", "diff", "--name-only", base, "--", "chalicelib"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    touched = {Path(name).parts[1] for name in listed.stdout.split() if len(Path(name).parts) > 2}
    return sorted(room for room in touched if (ROOT / "tests" / room).is_dir())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.mutate")
    parser.add_argument("rooms", nargs="*")
    parser.add_argument("--since", default="HEAD~1", help="rooms that changed since this commit, where none is named")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--at-least", type=int, default=0, metavar="PERCENT", help="fail where fewer are noticed")
    asked = parser.parse_args()
    rooms = asked.rooms or rooms_since(asked.since)
    print(f"seed {asked.seed}, rooms {' '.join(rooms) or 'none'}", flush=True)
    copies = [copy_of_tree() for _ in range(2)] if rooms else []
    try:
        return _report(_run(rooms, copies, asked), asked.at_least)
    finally:
        for copy in copies:
            shutil.rmtree(copy, ignore_errors=True)


def _run(rooms: Sequence[str], copies: Sequence[Path], asked: argparse.Namespace) -> list[tuple[Change, str]]:
    """Each change that there was time for, and what became of it: noticed, unnoticed or the same."""
    until = time.monotonic() + asked.seconds
    limits = {}
    for room in rooms:
        began = time.monotonic()
        if not tests_pass(copies[0], room, asked.seconds):
            raise SystemExit(f"the tests of {room} fail without any change")
        limits[room] = TIMES_SLOWER_MAX * (time.monotonic() - began) + SECONDS_OVER
    known = tomllib.loads(KNOWN.read_text()).get("same", [])
    stream = changes(rooms, random.Random(asked.seed))
    found: list[tuple[Change, str]] = []
    turn = Lock()

    def next_change() -> Change | None:
        with turn:
            return next(stream, None) if time.monotonic() < until else None

    def work(copy: Path) -> None:
        while change := next_change():
            (copy / change.path).write_text(change.after)
            passed = tests_pass(copy, change.room, limits[change.room])
            (copy / change.path).write_text(change.before)
            line = change.before.splitlines()[change.line - 1].strip()
            same = any(one["path"] == change.path and one["line"] == line for one in known)
            found.append((change, "noticed" if not passed else "same" if same else "unnoticed"))

    with ThreadPoolExecutor(len(copies) or 1) as pool:
        list(pool.map(work, copies))
    return found


def _report(found: list[tuple[Change, str]], at_least: int) -> int:
    for change, outcome in found:
        if outcome == "unnoticed":
            print(f"\n{change.diff()}")
    enough = True
    for room in sorted({change.room for change, _ in found}):
        outcomes = Counter(outcome for change, outcome in found if change.room == room)
        judged = outcomes["noticed"] + outcomes["unnoticed"]
        share = 100 * outcomes["noticed"] // judged if judged else 100
        enough = enough and share >= at_least
        print(f"{room}: {outcomes['noticed']} of {judged} noticed ({share} %), {outcomes['same']} behave the same")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
