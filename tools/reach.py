"""Which refusals each route can answer with, read from the code: what its handler names, and what that names, and so on.

A reference counts as a use, so the list may hold a refusal that never comes; the test door holds every answer that does
come against it.
"""

import ast
from collections.abc import Container, Iterator
from functools import cache
from pathlib import Path

from chalicelib.core import http
from chalicelib.core.gate import ANYONE
from chalicelib.core.http import Route
from chalicelib.core.refusals import Refusal

ROOT = Path(__file__).parent.parent
type Place = tuple[str, str]
"""A module and a name at its top."""


def codes_of(route: Route) -> list[str]:
    """The codes of the problem documents that a route can answer with, in order of the alphabet."""
    handled = _reached((route.handler.__module__, route.handler.__name__), but=http.__name__)
    knocked = _reached((http.__name__, "answer")) - {code for code, applies in _door(route).items() if not applies}
    return sorted(handled | knocked)


def _door(route: Route) -> dict[str, bool]:
    """What the door itself refuses only where a route asks for it."""
    is_closed = ANYONE not in route.allow and not route.device
    body, query, _ = route.types
    has_body = body is not type(None)
    return {
        "idempotency_key_missing": route.spends,
        "if_match_missing": route.edits,
        "wrong_role": is_closed,
        "body_too_large": has_body,
        "malformed_json": has_body,
        "name_repeated": has_body,
        "unsupported_media_type": has_body,
        "charset_unsupported": has_body,
        "invalid_input": has_body or query is not type(None),
    }


@cache
def _reached(start: Place, but: str = "") -> frozenset[str]:
    """The codes of the refusals that are reached from a place, without going through one module."""
    uses, known = _uses(), {refusal.__name__: code for code, refusal in Refusal.all.items()}
    seen, waiting = {start}, [start]
    while waiting:
        for used in uses.get(waiting.pop(), ()):
            if used not in seen and used[0] != but:
                seen.add(used)
                waiting.append(used)
    return frozenset(known[name] for _, name in seen if name in known)


@cache
def _uses() -> dict[Place, frozenset[Place]]:
    """What each function, class and constant of the house names."""
    trees = {_module(path): ast.parse(path.read_text()) for path in (ROOT / "chalicelib").rglob("*.py")}
    tops = {module: {name for name, _ in _top(tree)} for module, tree in trees.items()}
    found: dict[Place, frozenset[Place]] = {}
    for module, tree in trees.items():
        here = {name: (module, name) for name in tops[module]} | _imported(tree)
        for name, node in _top(tree):
            imported = here | _imported(node)
            places = (_resolved(part, imported, trees.keys()) for part in _named(node))
            found[module, name] = frozenset(place for place in places if place) | found.get((module, name), frozenset())
    return found


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _top(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name, node
            case ast.TypeAlias(name=ast.Name(id=name)):
                yield name, node
            case ast.ImportFrom():
                yield from ((alias.asname or alias.name, node) for alias in node.names)


def _imported(tree: ast.AST) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
    return found


def _named(node: ast.AST) -> Iterator[ast.Name | ast.Attribute]:
    """The names that a piece of code uses, but for those it only catches."""
    if isinstance(node, ast.ImportFrom):
        for alias in node.names:
            yield ast.Name(alias.asname or alias.name)
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ExceptHandler):
            for statement in child.body:
                yield from _named(statement)
        else:
            if isinstance(child, ast.Name | ast.Attribute):
                yield child
            yield from _named(child)
    if isinstance(node, ast.Name | ast.Attribute):
        yield node


def _resolved(part: ast.Name | ast.Attribute, known: dict[str, Place], modules: Container[str]) -> Place | None:
    match part:
        case ast.Name(id=name):
            return known.get(name)
        case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in known:
            module, inner = known[name]
            whole = f"{module}.{inner}"
            return (whole, attr) if whole in modules else known[name]
    return None
