"""Real parallel writers: processes of their own against one engine, each with a client of its own, that begin together."""

import os
import traceback
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from chalicelib.core.refusals import Refusal
from chalicelib.core.settings import settings
from tests.money.ledger.conditions import Arm, watched

WRITERS = 3
WAIT_SECONDS_MAX = 60

type Task = Callable[[], Any]
"""What a writer does. It travels to another process: a `partial` of a function that stands in a module."""


@dataclass(frozen=True)
class Answer:
    """What a task came to: its value, a refusal's code, or a fault of ours."""

    value: Any = None
    refused: str = ""
    fault: str = ""


@dataclass(frozen=True)
class _Batch:
    tasks: Sequence[Task]
    environment: dict[str, str]
    without: Sequence[Arm]


class Writers:
    """A few processes, started once for many races."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._barrier = context.Barrier(WRITERS)
        self._pipes: list[Connection] = []
        self._processes = []
        for _ in range(WRITERS):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, self._barrier), daemon=True)
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)

    def at_once(self, tasks: Sequence[Task], without: Sequence[Arm] = ()) -> list[Answer]:
        """All tasks, dealt out to the processes, which begin together. `without` takes arms of conditions away."""
        environment = {name: value for name, value in os.environ.items() if name.startswith(("AWS_", "TABLE_"))}
        for number, pipe in enumerate(self._pipes):
            pipe.send(_Batch(tasks[number::WRITERS], environment, without))
        answers: list[Answer] = []
        for pipe in self._pipes:
            assert pipe.poll(WAIT_SECONDS_MAX), "a writer did not answer"
            answers += pipe.recv()
        return answers

    def end(self) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(10)


def _serve(pipe: Connection, barrier: Any) -> None:
    while True:
        try:
            batch = pipe.recv()
        except EOFError:
            return
        os.environ.update(batch.environment)
        settings.cache_clear()
        barrier.wait(WAIT_SECONDS_MAX)
        pipe.send(_done(batch))


def _done(batch: _Batch) -> list[Answer]:
    with watched(*batch.without) if batch.without else nullcontext():
        return [_answer(task) for task in batch.tasks]


def _answer(task: Task) -> Answer:
    try:
        return Answer(task())
    except Refusal as refusal:
        return Answer(refused=refusal.code())
    except Exception:
        return Answer(fault=traceback.format_exc())
