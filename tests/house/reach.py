"""What code can come to run from somewhere: who refers to whom, read from the sources. Generous, never too narrow.

A node is `module:name` for every function, class and constant at the top of a module. Functions handed over at import
(`people.letters_go_by(send)`) are reached by whoever reads the list that they are put into.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from tools.docs import ROOT

type Node = str
Function = ast.FunctionDef | ast.ClassDef


class Sources:
    """Every module of chalicelib, and which of its nodes refers to which."""

    def __init__(self) -> None:
        paths = (ROOT / "chalicelib").rglob("*.py")
        self.trees = {_module(path): ast.parse(path.read_text()) for path in paths}
        self.texts: dict[Node, str] = {}
        self.refers: dict[Node, set[Node]] = defaultdict(set)
        for module, tree in self.trees.items():
            self._names(module, tree)
        for module, tree in self.trees.items():
            self._handed_over(module, tree)

    def reached_from(self, roots: Iterable[Node]) -> set[Node]:
        seen: set[Node] = set()
        waiting = list(roots)
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += self.refers[node]
        return seen

    def of_module(self, module: str) -> list[Node]:
        return [node for node in self.texts if node.startswith(f"{module}:")]

    def _names(self, module: str, tree: ast.Module) -> None:
        known = self._imports(tree)
        for statement in tree.body:
            for name in _defined(statement):
                self.texts[f"{module}:{name}"] = ast.unparse(statement)
                self.refers[f"{module}:{name}"] |= set(self._referred(module, known, statement))
        for name, node in known.items():  # `from x import y as y`: others find it here
            self.refers[f"{module}:{name}"].add(node)

    def _imports(self, tree: ast.Module) -> dict[str, Node]:
        """Name → what it was imported as: a node, or a module with an empty name."""
        found = {}
        for statement in ast.walk(tree):
            if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("chalicelib"):
                for alias in statement.names:
                    inner = f"{statement.module}.{alias.name}"
                    node = f"{inner}:" if inner in self.trees else f"{statement.module}:{alias.name}"
                    found[alias.asname or alias.name] = node
        return found

    def _referred(self, module: str, known: dict[str, Node], statement: ast.AST) -> Iterator[Node]:
        """What it names; its own arguments are no names of the module."""
        taken = {one.arg for one in _arguments(statement)}
        for part in ast.walk(statement):
            if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                holder = known.get(part.value.id, "")
                if holder.endswith(":"):
                    yield holder + part.attr
            elif isinstance(part, ast.Name) and part.id not in taken:
                yield known.get(part.id, f"{module}:{part.id}")

    def _handed_over(self, module: str, tree: ast.Module) -> None:
        known = self._imports(tree)
        for statement in tree.body:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                taker, *_ = [*self._referred(module, known, statement.value.func), ""]
                given = {node for arg in statement.value.args for node in self._referred(module, known, arg)}
                for node in self.reached_from([taker]) if taker else ():
                    if not self.texts.get(node, "def").startswith(("def", "class", "@")):
                        self.refers[node] |= given


@cache
def sources() -> Sources:
    return Sources()


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _arguments(statement: ast.AST) -> list[ast.arg]:
    if not isinstance(statement, ast.FunctionDef):
        return []
    return [*statement.args.posonlyargs, *statement.args.args, *statement.args.kwonlyargs]


def _defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, Function):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]
