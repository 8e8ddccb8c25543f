"""The committed documents that are made from the code: `python -m tools.docs` writes them, a house test compares.

- docs/examples.json: of each operation a request and its answer, as a test sends it
- docs/openapi.json: the API, with those examples
- chalicelib/doors.json: which room each route belongs to
- docs/errors.md: every refusal with its status and texts
- docs/jobs.md: what runs without anybody asking, and what it may touch
- docs/roles.md: who may open which door
- docs/access-patterns.md: every access pattern (`AP-nn`) of the stores, and what each operation costs (bench/costs.json)
"""

import ast
import inspect
import json
import re
import string
import sys
from importlib import import_module
from pathlib import Path

from chalicelib.core import gate, rooms
from chalicelib.core.http import Api
from chalicelib.core.refusals import Refusal
from tools import examples, openapi

ROOT = Path(__file__).parent.parent
_AP = re.compile(r"(AP-[0-9]+)\b")


def load_rooms() -> None:
    """Import every module of every room, so that all routes, items and refusals are known."""
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        import_module(name.removesuffix(".__init__"))


def documents() -> dict[Path, str]:
    """Each generated document and its text."""
    load_rooms()
    return {
        ROOT / "chalicelib/doors.json": doors(),
        ROOT / "docs/openapi.json": json.dumps(openapi.document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n",
        ROOT / "docs/errors.md": errors(),
        ROOT / "docs/jobs.md": jobs(),
        ROOT / "docs/roles.md": roles(),
        ROOT / "docs/access-patterns.md": access_patterns(),
    }


def doors() -> str:
    """Which routes each room has: what app.py mounts without importing the rooms."""
    found: dict[str, list[str]] = {}
    for route in sorted(Api.every.values(), key=lambda route: (route.room, route.path, route.method)):
        found.setdefault(route.room, []).append(route.name)
    return json.dumps(found, indent=1) + "\n"


def errors() -> str:
    lines = [
        "# Refusals",
        "",
        'Every "no" of the API is a problem document (RFC 9457) with one of these codes. Texts come in the caller\'s',
        "language (`Accept-Language: cs` or `en`); `{…}` is filled with the refusal's facts.",
        "",
    ]
    for code, refusal in sorted(Refusal.all.items()):
        lines += [f"## {code}", "", f"Status {refusal.status}.", "", f"- cs: {refusal.cs}", f"- en: {refusal.en}"]
        facts = sorted({name for _, name, _, _ in string.Formatter().parse(refusal.en) if name})
        lines += [f"- facts: {', '.join(f'`{fact}`' for fact in facts)}"] if facts else []
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def jobs() -> str:
    """Every job of every room: when it is due, what one run of it does, and what its function's policy lets it touch."""
    lines = [
        "# Jobs",
        "",
        "What runs without anybody asking. The tick finds each quarter of an hour what is due in each town and sends it to the",
        "room's queue; the room's function does one step and sends the next. Every job may run again. To start one by hand:",
        '`{"job": "<name>", "city": "<town>", "cursor": null}` to the queue of its room ([operating](operating.md)).',
        "",
        "| room | job | when | what | wakes on changes of |",
        "|---|---|---|---|---|",
    ]
    working = rooms.working()
    for room, manifest in working.items():
        steps = rooms.module(room, "jobs").JOBS
        wakes = ", ".join(f"`{kind}`" for kind in sorted(manifest.wakes_on))
        for name, when in manifest.jobs.items():
            lines.append(f"| {room} | `{name}` | {when} | {_first_line(steps[name])} | {wakes} |")
    allowed = {path.stem.removeprefix("policy-"): _allowed(path) for path in (ROOT / ".chalice").glob("policy-*.json")}
    common = set.intersection(*(allowed[room] for room in working))
    lines += [
        "",
        "## What each function may touch",
        "",
        "By `.chalice/policy-*.json`, which also name the resources. Every room's function may:",
        f"{_code(common)}.",
        "",
        "| function | beside it |",
        "|---|---|",
    ]
    for function, actions in sorted(allowed.items()):
        alone = "" if common <= actions else ", these alone"
        lines.append(f"| {function}{alone} | {_code(actions if alone else actions - common)} |")
    return "\n".join(lines) + "\n"


def _code(names: set[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _allowed(policy: Path) -> set[str]:
    statements = json.loads(policy.read_text())["Statement"]
    return {action for one in statements if one["Effect"] == "Allow" for action in one["Action"]}


def _first_line(function: object) -> str:
    return (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")


def roles() -> str:
    """Every role and the doors that it opens."""
    every = sorted(Api.every.values(), key=lambda route: (route.room, route.path, route.method))
    lines = [
        "# Roles",
        "",
        "Who may open which door. A role is held in a town (`roles` of the token) or at a provider (`providers`); what a door",
        "lets further depends on whose thing it is, and stands with the verb. A new role: its name in `chalicelib/core/gate.py`,",
        "its doors by `allow=` in the rooms' `routes.py`, its label in the web's texts, `make docs`; `tests/house/test_doors.py`",
        "then knocks with it at every door.",
        "",
        "| role | doors | where it is held |",
        "|---|--:|---|",
    ]
    names = [gate.ANYONE, gate.SIGNED_IN, gate.CITIZEN, *gate.STAFF, *gate.PROVIDER_SIDE, gate.TILL, *gate.MACHINES]
    opened = {name: [route for route in every if name in route.allow] for name in names}
    held = {gate.ANYONE: "nobody signs in", gate.SIGNED_IN: "any account"}
    held |= dict.fromkeys(gate.STAFF, "the town") | dict.fromkeys((*gate.PROVIDER_SIDE, gate.TILL), "a provider")
    held |= dict.fromkeys(gate.MACHINES, "a connected system of the town")
    lines += [f"| [`{name}`](#{name}) | {len(opened[name])} | {held.get(name, 'the town')} |" for name in names]
    for name in names:
        lines += ["", f"## {name}", ""]
        lines += [
            f"- `{route.name}`: {_first_line(route.handler).partition('. ')[0].rstrip('.')}." for route in opened[name]
        ]
    return "\n".join(lines) + "\n"


def patterns() -> dict[str, tuple[str, str, str]]:
    """Access pattern → (room, function or class, what it is for)."""
    found: dict[str, tuple[str, str, str]] = {}
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        where = ".".join(path.relative_to(ROOT / "chalicelib").with_suffix("").parts[-2:])
        for node in ast.walk(ast.parse(path.read_text())):
            text = ast.get_docstring(node) if isinstance(node, ast.FunctionDef | ast.ClassDef) else None
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or not text or not (number := _AP.match(text)):
                continue
            if number[1] in found:
                raise SystemExit(f"{number[1]} is used twice: {found[number[1]][1]} and {node.name}")
            found[number[1]] = (where, node.name, " ".join(text[number.end() :].split()).strip(": "))
    return found


def access_patterns() -> str:
    lines = [
        "# Access patterns",
        "",
        "One table. `GSI1` answers what is due or to do, in time order; `GSI2` what belongs to whom. Each pattern is a",
        "key function or an item of the store that its room keeps; the number stands in its docstring.",
        "",
        "| pattern | where | name | what for |",
        "|---|---|---|---|",
    ]
    for number, (where, name, meaning) in sorted(patterns().items(), key=lambda item: int(item[0][3:])):
        lines.append(f"| {number} | {where} | `{name}` | {meaning} |")
    return "\n".join([*lines, *costs()]) + "\n"


def costs() -> list[str]:
    """The table of costs, from what `python -m bench.cost --write` measured."""
    lines = [
        "",
        "## What an operation costs",
        "",
        "In a warm container, without retries: requests to DynamoDB, read and write units as it counts them (indexes",
        "included), items that the requests write or hold to a condition, and what those items weigh then. Where it says",
        "*more*, it is what one more piece adds. `python -m bench.cost` measures it, and a test compares it exactly.",
        "",
        "| operation | requests | read units | write units | items | bytes | asked |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for row in json.loads((ROOT / "bench/costs.json").read_text()):
        figures = (row[name] for name in ("requests", "read_units", "write_units", "items", "bytes"))
        lines.append(f"| {row['operation']} | {' | '.join(f'{figure:g}' for figure in figures)} | {row['asked']} |")
    return lines


def main() -> None:
    write()  # the doors are held to the description of today while the examples are sent
    examples.write()
    write()


def write() -> None:
    for path, text in documents().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
