"""The campaign: starts the workers, breaks what there is to break while they work, and proves the books at the end."""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.money.ledger import service as ledger
from chalicelib.watch.audit.proving import prove as prove_books
from chalicelib.watch.audit.rebuilding import rebuild_balances
from faults import counting
from faults.books import Findings, books_of, missing, prove
from faults.bystanders import Bystanders
from faults.database import Database, opened
from faults.diary import Diary, Pen, read_diary
from faults.town import CITY, Plan, environment, found, settle_in
from faults.worker import diary_file
from localcloud.processes import Process, start, stop

BY = "campaign"
WORKERS = 3
COUNTERS = 2
FAULTS_SHARE = 0.12
LOOK_SECONDS = 0.1
DOWN_SECONDS = 0.3
TORN_LINES = 12
TORN_SECONDS_MAX = 3
"""How much later the second copy is made, whose items are mixed with those of the first one: so many lines of diaries."""
END_SECONDS, END_SECONDS_AN_OPERATION = 120, 0.2
"""How long processes may take to end by themselves: counters go through every record several times."""

WORKER_DIES = (0.06, 0.14, 0.22, 0.30, 0.48, 0.66, 0.74, 0.82)
DATABASE_DIES = (0.10, 0.34, 0.60, 0.86)
COPIED_AT, RESTORED_AT = 0.40, 0.55


class WorkerFailed(Exception):
    """A worker ended by itself with an error: the end of its log."""


class NotRebuilt(Exception):
    """After the rebuilding of balances some are not the sums of their transfers: which, and by how much."""


@dataclass
class Report:
    """What was done to the ledger, and what the proof found."""

    operations: int = 0
    done: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)
    rebuilt: int = 0
    records: int = 0
    seconds: float = 0.0
    findings: Findings = field(default_factory=Findings)

    def lines(self) -> Iterator[str]:
        found = self.findings
        yield f"operations {self.operations}: {self.done} done, {sum(self.refused.values())} refused"
        yield from (f"  refused {code} {count}" for code, count in sorted(self.refused.items()))
        yield f"faults {sum(self.faults.values())}"
        yield from (f"  {kind} {count}" for kind, count in sorted(self.faults.items()))
        yield f"after the restore: {len(self.missing)} operations missing and named, {self.rebuilt} balances rebuilt"
        yield from (f"  missing {one}" for one in self.missing[:NAMED_MAX])
        if len(self.missing) > NAMED_MAX:
            yield f"  … and {len(self.missing) - NAMED_MAX} more in missing.txt"
        yield f"stream records counted {self.records}, each up to {counting.REPEATS_MAX * COUNTERS} times and shuffled"
        for name in ("lost", "doubled", "wrongly_refused", "unanswered", "audit"):
            yield from (f"  {name} {one}" for one in getattr(found, name))
        yield from (f"  difference {account} {minor}" for account, minor in found.differences.items())
        yield (
            f"lost {len(found.lost)}, doubled {len(found.doubled)}, wrongly refused {len(found.wrongly_refused)}, "
            f"unanswered {len(found.unanswered)}, found by the audit {len(found.audit)}, "
            f"difference {found.difference_minor}   ({self.seconds:.0f} s)"
        )


NAMED_MAX = 5


class Campaign:
    """One campaign in a directory of its own, `operations` at most and about `seconds` at most."""

    def __init__(self, home: Path, operations: int, seconds: float, seed: int) -> None:
        self._home = home
        self._seconds = seconds
        self._operations = operations
        self._seed = seed
        self._dice = random.Random(seed)
        self._database = Database(home / "database")
        self._bystanders = Bystanders(home / "bystanders")
        self._workers: dict[int, Process] = {}
        self._report = Report()
        self._read_to: dict[int, int] = {}
        self._counted = 0
        self._copied_at = 0.0
        self._restored_at = 0.0

    def run(self) -> Report:
        started = time.monotonic()
        try:
            self._begin()
            self._break_things()
            self._let_end()
            self._count()
            self._prove()
        finally:
            stop(list(self._workers.values()))
            self._database.stop()
            self._bystanders.stop()
        self._report.seconds = time.monotonic() - started
        return self._report

    def _begin(self) -> None:
        self._database.start()
        self._bystanders.settle_in()
        settle_in(environment(self._database, self._bystanders))
        grants = found(self._operations)
        Plan(self._seed, grants, self._operations // WORKERS, FAULTS_SHARE).write(self._home)
        for number in range(WORKERS):
            self._start_worker(number)

    def _start_worker(self, number: int) -> None:
        self._workers[number] = self._started("worker", number)

    def _started(self, module: str, number: int) -> Process:
        command = [sys.executable, "-m", f"faults.{module}", str(self._home), str(number)]
        env = environment(self._database, self._bystanders)
        return start(f"{module}-{number}", command, env, self._home / "logs")

    # What breaks

    def _break_things(self) -> None:
        """Each thing breaks at its share of the campaign: of the operations or of the time, whichever is further."""
        while not all(self._has_diary(number) for number in self._workers):
            self._look_after_workers()
            time.sleep(LOOK_SECONDS)
        started = time.monotonic()
        plan: list[tuple[float, Callable[[], None]]] = [
            *((at, self._kill_worker) for at in WORKER_DIES),
            *((at, self._kill_database) for at in DATABASE_DIES),
            (COPIED_AT, self._copy),
            (RESTORED_AT, self._restore),
        ]
        plan.sort(key=lambda step: step[0])
        for at, breaks in plan:
            while self._progress(started) < at:
                self._look_after_workers()
                time.sleep(LOOK_SECONDS)
            breaks()
        while self._progress(started) < 1:
            self._look_after_workers()
            time.sleep(LOOK_SECONDS)

    def _progress(self, started: float) -> float:
        """Diaries grow by two lines an operation; counting newlines is cheap beside reading them."""
        return max(self._lines() / 2 / self._operations, (time.monotonic() - started) / self._seconds)

    def _lines(self) -> int:
        """Of all diaries; only what they grew by is read."""
        for number in self._workers:
            if self._has_diary(number):
                with diary_file(self._home, number).open("rb") as diary:
                    diary.seek(self._read_to.get(number, 0))
                    grown = diary.read()
                self._read_to[number] = self._read_to.get(number, 0) + len(grown)
                self._counted += grown.count(b"\n")
        return self._counted

    def _has_diary(self, number: int) -> bool:
        return diary_file(self._home, number).exists()

    def _look_after_workers(self) -> None:
        for worker in self._workers.values():
            if worker.popen.poll() not in (None, 0):
                raise WorkerFailed(f"{worker.name}\n{worker.log.read_text()[-3000:]}")

    def _kill_worker(self) -> None:
        number = self._dice.randrange(WORKERS)
        self._kill(number)
        self._start_worker(number)

    def _kill(self, number: int) -> None:
        process = self._workers[number].popen
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            self._report.faults["worker killed"] += 1

    def _kill_database(self) -> None:
        self._database.kill()
        self._report.faults["database killed"] += 1
        time.sleep(DOWN_SECONDS)
        self._database.start()

    def _copy(self) -> None:
        """Two copies a moment apart, while the workers write."""
        self._copied_at = time.monotonic()
        self._database.copy(self._home / "earlier")
        enough = self._lines() + TORN_LINES
        while self._lines() < enough and time.monotonic() < self._copied_at + TORN_SECONDS_MAX:
            time.sleep(LOOK_SECONDS)
        self._database.copy(self._home / "later")

    def _restore(self) -> None:
        """Set the table back to the copies, torn between them; the transfers win, and what is missing is named."""
        for number in self._workers:
            self._kill(number)
        self._database.kill()
        with opened(self._home / "earlier") as earlier:
            before = earlier.items()
        self._database.set_back(self._home / "later")
        self._database.start()
        self._report.faults["items torn by the restore"] += self._database.tear(before, self._dice)
        self._report.faults["table restored"] += 1
        self._rebuild()
        self._name_missing()
        self._restored_at = time.monotonic()
        for number in self._workers:
            self._start_worker(number)

    def _rebuild(self) -> None:
        """As the runbook says: the town stands still while its balances are made from the transfers again."""
        ledger.freeze(CITY, "town", "", BY, "restored")
        self._report.rebuilt = len(rebuild_balances(CITY, BY, write=True).changes)
        ledger.unfreeze(CITY, "town", "", BY)
        if wrong := books_of(self._database.items()).differences():
            raise NotRebuilt(wrong)

    def _name_missing(self) -> None:
        """By the receipts that the workers kept. What was done before the copies may not be among it: it is lost."""
        books = books_of(self._database.items())
        for number in self._workers:
            diary = self._diary(number)
            pen = Pen(diary_file(self._home, number))
            for answer in missing(books, [diary]):
                name = f"{answer.by} {diary.asked[answer.by].verb} {answer.transfer}"
                if answer.at < self._copied_at:
                    self._report.findings.lost.append(f"{name} was done before the copy")
                else:
                    self._report.missing.append(name)
                    pen.ask_again(answer.by)
        (self._home / "missing.txt").write_text("\n".join(self._report.missing))

    # The end

    def _let_end(self) -> None:
        """Workers finish what they asked for and end by themselves."""
        (self._home / "stop").touch()
        self._wait(list(self._workers.values()))

    def _wait(self, processes: list[Process]) -> None:
        deadline = time.monotonic() + END_SECONDS + END_SECONDS_AN_OPERATION * self._operations
        for process in processes:
            process.popen.wait(max(0.1, deadline - time.monotonic()))
            if process.popen.returncode:
                raise WorkerFailed(f"{process.name}\n{process.log.read_text()[-3000:]}")

    def _count(self) -> None:
        """Two processes count everything; one is killed on its way and begins again."""
        self._report.records = counting.keep_changes(self._database, self._home)
        counters = [self._started("counting", number) for number in range(COUNTERS)]
        time.sleep(1)
        os.kill(counters[0].popen.pid, signal.SIGKILL)
        counters[0].popen.wait()
        self._report.faults["counter killed"] += 1
        counters[0] = self._started("counting", 0)
        try:
            self._wait(counters)
        finally:
            stop(counters)
        for number in range(COUNTERS):
            self._report.faults.update(json.loads(counting.met_file(self._home, number).read_text()))

    def _prove(self) -> None:
        diaries = [self._diary(number) for number in self._workers]
        books = books_of(self._database.items())
        proven = prove(books, diaries, self._restored_at)
        proven.lost += self._report.findings.lost
        proven.differences |= counting.differences(books)
        proven.audit = [str(each) for each in prove_books("campaign", CITY)[CITY].differences]
        proven.audit += counting.changed_by_rebuilding()
        self._report.findings = proven
        for diary in diaries:
            self._report.operations += len(diary.asked)
            self._report.faults.update(diary.met)
            for answers in diary.answers.values():
                self._report.done += answers[-1].code == "done"
                self._report.refused.update([answers[-1].code] if answers[-1].code != "done" else [])

    def _diary(self, number: int) -> Diary:
        return read_diary(diary_file(self._home, number))
