"""What a worker asked and what it was told: on disk before it acts on it, so that a kill forgets nothing.

The diary stands for the client of DESIGN: it makes the operation's key and keeps it until it has an answer. After a
kill the worker reads it and asks again what was left without one, under the same key.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

type Verb = Literal["spend", "hold", "settle", "release", "undo", "claim", "top_up"]


@dataclass(frozen=True)
class Asked:
    """An operation. `by` is its own device, so that a transfer in the books names the operation that made it."""

    by: str
    verb: Verb
    grant: str
    amount_minor: int = 0
    provider: str = ""
    of: str = ""


@dataclass(frozen=True)
class Answer:
    """What the worker was told: "done" with the receipt's transfer, or a refusal's code. `at` is the machine's clock."""

    by: str
    code: str
    transfer: str = ""
    amount_minor: int = 0
    replayed: bool = False
    at: float = 0.0


@dataclass
class Diary:
    """All that one worker wrote, oldest first. `answers` has several for an operation that had to be asked again."""

    asked: dict[str, Asked] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    waiting: dict[str, Asked] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)

    @property
    def answered(self) -> int:
        return len(self.answers)


class Pen:
    """Writes a diary. Each line is on the disk when the call returns."""

    def __init__(self, file: Path) -> None:
        _end_line(file)
        self._out = file.open("a")

    def ask(self, asked: Asked) -> None:
        self._write({"asked": asdict(asked)})

    def answer(self, answer: Answer, met: Counter[str]) -> None:
        self._write({"answer": asdict(answer) | {"at": time.monotonic()}, "met": dict(met)})

    def ask_again(self, by: str) -> None:
        """What was done is no longer in the books, since the table was set back: the operation waits again."""
        self._write({"again": by})

    def _write(self, line: dict[str, Any]) -> None:
        self._out.write(json.dumps(line) + "\n")
        self._out.flush()
        os.fsync(self._out.fileno())


def _end_line(file: Path) -> None:
    """A kill may have torn the last line: what comes next must not be glued to it."""
    if file.exists() and not file.read_bytes().endswith(b"\n"):
        with file.open("a") as out:
            out.write("\n")


def read_diary(file: Path) -> Diary:
    diary = Diary()
    for line in _lines(file):
        if "asked" in line:
            asked = Asked(**line["asked"])
            diary.asked[asked.by] = diary.waiting[asked.by] = asked
        elif "answer" in line:
            answer = Answer(**line["answer"])
            diary.answers.setdefault(answer.by, []).append(answer)
            diary.waiting.pop(answer.by, None)
            diary.met.update(line["met"])
        else:
            diary.waiting[line["again"]] = diary.asked[line["again"]]
    return diary


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    if not file.exists():
        return
    for text in file.read_text().splitlines():
        try:
            yield json.loads(text)
        except ValueError:  # torn by a kill before it was acted on
            continue
