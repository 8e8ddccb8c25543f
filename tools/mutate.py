"""How much the tests notice: `python -m tools.mutate [ROOM …]` changes the code at random, one place at a time.

Everything happens in a copy of the tree. The rooms' tests run once, so that it is known which come to which line
(tools/noticing.py); then each change is tried by the tests that come to its line, and what none of them noticed is printed
as a diff. Without rooms, those that the commits since `--since` touch. Operators: cosmic-ray's. The seed is printed; with
`--seed` the same places come again. Changes that behave the same are known by their line in tools/unnoticed.toml, each with
its reason.
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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest

from chalicelib.core import rooms
from tools.noticing import WRITTEN_DOWN, Noticing

ROOT = Path(__file__).parent.parent
KNOWN = Path(__file__).parent / "unnoticed.toml"
LINKED = ("localcloud/node_modules", ".ministack", "web/node_modules")
"""What is installed beside the tree and shared by the copies."""
FAMILIES = ("ReplaceBinaryOperator", "ReplaceComparisonOperator", "ReplaceUnaryOperator", "AddNot", "ReplaceTrueWithFalse",
            "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceBreakWithContinue",
            "ReplaceContinueWithBreak", "NumberReplacer", "ZeroIterationForLoop")  # fmt: skip
IN_COPY = "MUTATE_IN_COPY"
"""Set in the process that works in the copy."""


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

    @property
    def name(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def lines(self) -> range:
        """The lines of the statement that is changed, of a block's its head alone: by these it is known who comes there."""
        found = range(self.line, self.line + 1)
        for node in ast.walk(ast.parse(self.before)):
            if isinstance(node, ast.stmt):
                body = getattr(node, "body", None)
                lines = range(node.lineno, body[0].lineno if body else (node.end_lineno or node.lineno) + 1)
                if self.line in lines:
                    found = lines
        return found

    @property
    def names(self) -> set[str]:
        """What the top level of the file calls that which is changed: who uses a constant or a class knows it by these."""
        for node in ast.parse(self.before).body:
            if node.lineno <= self.line <= (node.end_lineno or node.lineno):
                match node:
                    case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                        return {name}
                    case ast.Assign(targets=targets):
                        return {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
        return set()

    def diff(self) -> str:
        lines = difflib.unified_diff(
            self.before.splitlines(), self.after.splitlines(), self.path, self.path, lineterm="", n=1
        )
        return "\n".join(lines)


def places(path: Path) -> list[Place]:
    """Every place of a file where an operator changes what it does; types are left alone, and so are frozen nouns (tests/house/test_nouns.py)."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names

    text = path.read_text()
    typed = set(_typed_lines(ast.parse(text)))
    lines = text.splitlines()
    found: dict[tuple[int, int], list[tuple[str, int]]] = {}
    nodes = list(ast_nodes(get_ast(text)))
    for name in operator_names():
        if not name.partition("/")[2].startswith(FAMILIES) or name.endswith(("_Is", "_IsNot")):
            continue  # `is` for `==` is no change that a test should notice
        operator, occurrence = get_operator(name)(), count()
        for node in nodes:
            for start, _ in operator.mutation_positions(node):
                which = next(occurrence)
                if start not in typed and "@dataclass(frozen=True" not in lines[start[0] - 1]:
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

    drawn = {one["path"] for one in tomllib.loads(KNOWN.read_text()).get("drawn", [])}
    waiting = {
        room: [
            (room, place)
            for path in sorted((ROOT / "chalicelib" / lies(room)).rglob("*.py"))
            if str(path.relative_to(ROOT)) not in drawn
            for place in places(path)
        ]
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


def rooms_since(base: str) -> list[str]:
    """The rooms whose files differ from a commit, those with tests of their own."""
    listed = subprocess.run(
        ["git", "diff", "--name-only", base, "--", "chalicelib"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    touched = {Path(name).parent for name in listed.stdout.split()}
    known = {"core", *rooms.folders()}
    return sorted(
        room for room in known if Path("chalicelib") / lies(room) in touched and (ROOT / "tests" / lies(room)).is_dir()
    )


def lies(room: str) -> Path:
    """Where a room lies in chalicelib/, and its tests in tests/: `core`, `money/ledger`."""
    return rooms.folders().get(room, rooms.HOUSE / room).relative_to(rooms.HOUSE)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.mutate")
    parser.add_argument("rooms", nargs="*")
    parser.add_argument("--since", default="HEAD~1", help="rooms that changed since this commit, where none is named")
    parser.add_argument("--seconds", type=int, default=600, help="from when it is known which tests come where")
    parser.add_argument("--changes", type=int, default=10**6, help="at most so many, in turn of the rooms")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--at-least", type=int, default=0, metavar="PERCENT", help="fail where fewer are noticed")
    parser.add_argument("--tests", nargs="*", default=[], help="tests of other rooms that may notice as well")
    asked = parser.parse_args()
    if IN_COPY in os.environ:
        return _in_copy(asked)
    rooms = asked.rooms or rooms_since(asked.since)
    print(f"seed {asked.seed}, rooms {' '.join(rooms) or 'none'}", flush=True)
    if not rooms:
        return 0
    copy = copy_of_tree()
    try:
        command = [
            sys.executable,
            "-m",
            "tools.mutate",
            *rooms,
            *sys.argv[1 + len(asked.rooms) :],
            "--seed",
            str(asked.seed),
        ]
        environment = os.environ | {IN_COPY: "1"}
        return subprocess.run(command, cwd=copy, env=environment).returncode
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def _in_copy(asked: argparse.Namespace) -> int:
    known = tomllib.loads(KNOWN.read_text()).get("same", [])
    found: list[tuple[Change, str]] = []
    told = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what the tests print

    def say(text: str) -> None:
        print(text, file=told, flush=True)

    def judge(session: Noticing) -> None:
        until = time.monotonic() + asked.seconds
        for change in islice(changes(asked.rooms, random.Random(asked.seed)), asked.changes):
            if time.monotonic() > until:
                break
            began = time.monotonic()
            test = session.who_notices(ROOT / change.path, change.lines, change.names, change.after)
            outcome = "noticed" if test else "the same" if _same(change, known) else "unnoticed"
            say(f"{outcome}: {change.name} {test} {time.monotonic() - began:.1f} s")
            if outcome == "unnoticed":
                say(change.diff())
            found.append((change, outcome))

    tests = [*(f"tests/{lies(room)}" for room in asked.rooms), *asked.tests, *WRITTEN_DOWN]
    pytest.main(["-s", "-p", "no:cacheprovider", *tests], plugins=[Noticing(judge, say)])
    return _report(found, asked.at_least, say)


def _same(change: Change, known: list[dict[str, Any]]) -> bool:
    """Whether a change is known to behave the same: by its file, its line, and what the line becomes (where that is said);
    without a file, by a part of any line and what it becomes."""
    before, after = (text.splitlines()[change.line - 1].strip() for text in (change.before, change.after))
    for one in known:
        line, becomes = one["line"], one.get("becomes", [after])
        if "path" not in one and line in before:
            line, becomes = before, [before.replace(line, part) for part in becomes]
        if one.get("path", change.path) == change.path and line == before and after in becomes:
            return True
    return False


def _report(found: list[tuple[Change, str]], at_least: int, say: Callable[[str], None]) -> int:
    enough = bool(found)
    for room in sorted({change.room for change, _ in found}):
        outcomes = Counter(outcome for change, outcome in found if change.room == room)
        judged = outcomes["noticed"] + outcomes["unnoticed"]
        share = 100 * outcomes["noticed"] // judged if judged else 100
        enough = enough and share >= at_least
        say(f"{room}: {outcomes['noticed']} of {judged} noticed ({share} %), {outcomes['the same']} behave the same")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
