"""A fresh machine can run it all: every program that tests, tools and targets start is brought by something named."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.engine import ROOT

FOLDERS = ("chalicelib", "localcloud", "faults", "bench", "tools", "infra", "regina", "tests")
STARTERS = {"run", "Popen", "call", "check_call", "check_output", "which", "start", "system"}
SHELL = {
    *(
        "cd",
        "exec",
        "echo",
        "exit",
        "command",
        "export",
        "set",
        "touch",
        "for",
        "do",
        "done",
        "if",
        "then",
        "fi",
        "else",
    ),
    *("[", "grep", "sed", "expand", "id", "find", "xargs", "bash", "true", "cat", "mkdir", "rm", "cp", "test", "git"),
}
"""The shell's own words, and what stands on every machine that has `make` and a checkout."""
BROUGHT = {
    "make": "README.md",
    "python3": "README.md",
    "uv": "README.md",
    "node": "README.md",
    "npm": "README.md",
    "npx": "README.md",
    "chromium": ".ci/run",
    "apt-get": ".ci/run",
    "sudo": ".ci/run",
}
"""What a machine must have, and the page or script that says so or installs it. npm and npx come with Node."""
SAYS = {"python3": "Python 3", "node": "Node", "npm": "Node", "npx": "Node"}
LOCKED = {
    "lint-imports",
    "cfn-lint",
    "ministack",
    "dynoxide",
    "vite",
    "vitest",
    "tsc",
    "oxlint",
    "chalice",
    "pip",
    "python",
}
"""Programs out of the lock files, started by their place in .venv, .uv, .ministack or node_modules."""


def test_every_program_that_is_started_is_brought_by_something() -> None:
    started = {name: place for place, name in [*in_python(), *in_makefile(), *in_shell(), *in_npm()]}
    strangers = {n: place for n, place in started.items() if n not in BROUGHT.keys() | LOCKED | SHELL}
    assert strangers == {}, "take a library from a lock file, or say in the README and .ci/run who brings it"


def test_what_a_machine_must_have_is_said_where_it_is_told() -> None:
    for program, place in BROUGHT.items():
        assert SAYS.get(program, program) in (ROOT / place).read_text(), (program, place)


def test_the_rule_sees_a_program_in_a_list_and_in_a_name() -> None:
    source = 'command = ["pdftoppm", "-r"]\nsubprocess.run(command)\nsubprocess.run(["gs", x])\nshutil.which("uv")\n'
    assert list(programs(ast.parse(source))) == ["pdftoppm", "gs", "uv"]


def in_python() -> Iterator[tuple[str, str]]:
    for path in [ROOT / "app.py", *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))]:
        if "node_modules" not in path.parts and path != Path(__file__):
            for name in programs(ast.parse(path.read_text())):
                yield str(path.relative_to(ROOT)), name


def programs(tree: ast.AST) -> Iterator[str]:
    """First words of the lists and texts that go to something which starts a process."""
    lists = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in STARTERS:
            if ast.unparse(node.func.value) not in ("subprocess", "shutil", "os"):
                continue
            command = node.args[0] if node.args else None
            if isinstance(command, ast.Name):
                command = lists.get(command.id)
            first = command.elts[0] if isinstance(command, ast.List | ast.Tuple) and command.elts else command
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield Path(first.value.split()[0]).name


def in_makefile() -> Iterator[tuple[str, str]]:
    text = re.sub(r"\$\((PY|UV)\)", "python", (ROOT / "Makefile").read_text())
    text = re.sub(r"\$\((LOCK|MAKE)\)", "make", text)
    for shelled in re.findall(r"\$\(shell ([^)]+)\)", text):
        yield from (("Makefile", name) for name in first_words(shelled))
    while text != (text := re.sub(r"\$\([^()]*\)", "", text)):
        continue  # make's own functions, the innermost first
    for line in re.findall(r"^\t(.+)$", text, re.MULTILINE):
        yield from (("Makefile", name) for name in first_words(line.lstrip("@")))


def in_shell() -> Iterator[tuple[str, str]]:
    for line in (ROOT / ".ci/run").read_text().splitlines():
        if not line.lstrip().startswith("#") and "=" not in line.split("$")[0]:
            yield from ((".ci/run", name) for name in first_words(line.replace("$as_root", "sudo")))


def in_npm() -> Iterator[tuple[str, str]]:
    for path in ("web/package.json", "localcloud/package.json"):
        for script in json.loads((ROOT / path).read_text()).get("scripts", {}).values():
            yield from ((path, name) for name in first_words(script))


def first_words(line: str) -> Iterator[str]:
    """The program of each command of a shell line, quotes and substitutions aside."""
    plain = re.sub(r"'[^']*'|\"[^\"]*\"|\$\$?\([^)]*\)", "", line)
    for command in re.split(r"&&|\|\||[;|(){}]", plain):
        words = [w for w in command.split() if not re.match(r"\w+=|[-$@!<>\d]", w)]
        while words and words[0] in ("if", "do", "then", "exec", "!", "command", "for"):
            if words[0] == "for":
                return
            words = words[1:]
        if words:
            yield Path(words[0]).name
