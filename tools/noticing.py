"""A session of tests that stays warm: what it learns of each test once lets it try many changes of the code in seconds each.

Every test runs once, and it is written down which lines it comes to. A change is then tried in a fork of the process: within
functions, they get their new code; where it shows as a module is loaded, all of ours is loaded anew.
Only the tests that come to the changed lines run, until the first one fails; it must pass without the change.
"""

import gc
import os
import re
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

SECONDS_A_CHANGE_MAX, SECONDS_ANEW_MAX = 60.0, 30.0
"""Of tests without a change: where more come to a line (to a file that is loaded anew), the quickest of them are asked."""
TIMES_SLOWER_MAX = 5
SECONDS_OVER = 30
PROCESSES = {"writers"}
"""Fixtures whose processes have the code from before a fork: their tests try a change with all of ours loaded anew."""
WRITTEN_DOWN = ("tests/house/test_documents.py::test_generated_documents_are_up_to_date", "tests/house/test_nouns.py")
"""Tests of what is made from the code as it is loaded (statuses, shapes, limits, nouns): asked last where a file loads
differently."""
LUCK = "breaks_without"
"""In the names of tests that prove other tests by a race that must be met: they say nothing of the code."""
EVENT, TOOL = sys.monitoring.events.LINE, sys.monitoring.COVERAGE_ID


class Noticing:
    """A plugin of pytest: learns of each test, then lets `judge` try its changes instead of the loop of tests."""

    def __init__(self, judge: Callable[["Noticing"], None], say: Callable[[str], object]) -> None:
        self.judge, self.say = judge, say
        self.items: dict[str, pytest.Item] = {}
        self.seconds: dict[str, float] = {}
        self.comes_to: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        """The tests (node id) that come to a line (file, number)."""
        self.noticed = Counter[str]()
        """How often a test has noticed a change; who did is asked first."""
        self._failed = False
        self._functions: list[FunctionType] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._root = str(session.config.rootpath)
        self._learn(session)
        self.judge(self)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or report.failed

    def _learn(self, session: pytest.Session) -> None:
        began = time.monotonic()
        sys.monitoring.use_tool_id(TOOL, "noticing")
        sys.monitoring.set_events(TOOL, EVENT)
        ours = f"{self._root}/chalicelib/"
        for item in session.items:
            if LUCK in item.name:
                continue

            def came(code: CodeType, line: int, test: str = item.nodeid) -> object:
                if code.co_filename.startswith(ours):
                    self.comes_to[code.co_filename, line].add(test)
                return sys.monitoring.DISABLE

            sys.monitoring.register_callback(TOOL, EVENT, came)
            sys.monitoring.restart_events()
            starts = time.monotonic()
            if self._passes(item):
                self.items[item.nodeid] = item
                self.seconds[item.nodeid] = time.monotonic() - starts
            else:
                self.say(f"left out, fails without any change: {item.nodeid}")
        sys.monitoring.set_events(TOOL, 0)
        sys.monitoring.free_tool_id(TOOL)
        self.say(f"{len(self.items)} tests learned in {time.monotonic() - began:.0f} s")
        gc.collect()
        self._functions = [
            each
            for each in gc.get_objects()
            if isinstance(each, FunctionType) and each.__code__.co_filename.startswith(ours)
        ]
        gc.freeze()

    def _passes(self, item: pytest.Item) -> bool:
        self._failed = False
        # The session stands as the next one, so that what all tests share stays.
        runtestprotocol(item, log=True, nextitem=item.session)  # type: ignore[arg-type]
        return not self._failed

    def who_notices(self, path: Path, lines: range, names: set[str], text: str) -> str:
        """The test that fails with a file changed to `text` at some lines; empty where none does. Never raises."""
        before = path.read_text()
        loads = _loads_differently(before, text, str(path))
        tests = self._tests_of(str(path), lines) if not loads else self._tests_that_know(str(path), names)
        new = None if loads else self._new_code(text, path)
        stat = path.stat()
        path.write_text(text)
        try:
            if new is None:
                found = self._in_fork(lambda: self._anew(tests), tests)
            else:
                apart = [test for test in tests if PROCESSES & set(getattr(self.items[test], "fixturenames", ()))]
                warm = [test for test in tests if test not in apart]
                found = self._in_fork(lambda: self._warm(warm, new), warm)
                found = found or self._in_fork(lambda: self._anew(apart), apart)
        finally:
            path.write_text(before)
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # so that what was compiled of it holds
        if found in self.items and self._in_fork(
            lambda: self._warm([found], self._new_code(before, path) or []), [found]
        ):
            del self.items[found]  # It fails by itself: it says nothing of the change.
            return self.who_notices(path, lines, names, text)
        self.noticed[found] += 1
        return found

    def _tests_of(self, path: str, lines: range) -> list[str]:
        """The tests that come to the lines."""
        return self._chosen({test for line in lines for test in self.comes_to[path, line]}, SECONDS_A_CHANGE_MAX)

    def _tests_that_know(self, path: str, names: set[str]) -> list[str]:
        """The tests that use any of the names, or come to a file that does; last those of what is written down."""
        used = re.compile("|".join(rf"\b{name}\b" for name in names) or r"(?!)")
        files = {file for file, _ in self.comes_to}
        users = {file for file in files if used.search(Path(file).read_text())} | {path}
        come = {test for (file, _), tests in self.comes_to.items() if file in users for test in tests}
        named = {test for test, item in self.items.items() if used.search(item.path.read_text())}
        written = [test for test in self.items if test.startswith(WRITTEN_DOWN)]
        return self._chosen(named | come, SECONDS_ANEW_MAX, first=named) + written

    def _chosen(self, tests: set[str], seconds_max: float, first: Set[str] = frozenset()) -> list[str]:
        """Those that noticed most in their time before the others, the quick before the slow, as many as there is time for."""
        left = seconds_max
        chosen: list[str] = []
        known = (test for test in tests & self.items.keys() if not test.startswith(WRITTEN_DOWN))
        for test in sorted(
            known, key=lambda test: (test not in first, -self.noticed[test] / self.seconds[test], self.seconds[test])
        ):
            if (left := left - self.seconds[test]) > 0 or not chosen:
                chosen.append(test)
        return chosen

    def _new_code(self, text: str, path: Path) -> list[tuple[FunctionType, CodeType]] | None:
        """The functions that stand in the file with what their code becomes; nothing where that is not plain to see."""
        codes: dict[tuple[str, int], list[CodeType]] = defaultdict(list)
        for code in _all_code(compile(text, str(path), "exec", dont_inherit=True)):
            codes[code.co_qualname, code.co_firstlineno].append(code)
        new = []
        for function in (each for each in self._functions if each.__code__.co_filename == str(path)):
            old = function.__code__
            match codes[old.co_qualname, old.co_firstlineno]:
                case [code] if code.co_freevars == old.co_freevars:
                    new.append((function, code))
                case several if old not in several:
                    return None
        return new

    def _in_fork(self, work: Callable[[], str], tests: Sequence[str]) -> str:
        """What `work` gives in a process of its own: the test that failed. Too long for the tests is a failure as well."""
        if not tests:
            return ""
        for client in _clients():
            client.close()
        ours, theirs = os.pipe()
        child = os.fork()
        if not child:
            os.setsid()
            sys.dont_write_bytecode = True
            try:
                found = work()
            except BaseException as fault:
                found = repr(fault)
            os.write(theirs, found.encode())
            os._exit(0)
        os.close(theirs)
        ended = _ended(child, SECONDS_OVER + TIMES_SLOWER_MAX * sum(self.seconds[test] for test in tests))
        with os.fdopen(ours, "rb") as pipe:
            found = pipe.read().decode()
        return found if ended else "the clock"

    def _warm(self, tests: Sequence[str], new: Sequence[tuple[FunctionType, CodeType]]) -> str:
        for function, code in new:
            function.__code__ = code
            shared: Any = getattr(sys.modules[function.__module__], function.__name__, None)
            if hasattr(shared, "cache_clear"):
                shared.cache_clear()
        return next((test for test in tests if not self._passes(self.items[test])), "")

    def _anew(self, tests: Sequence[str]) -> str:
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(f"{self._root}/"):
                del sys.modules[name]
        first = _First()
        ended = pytest.main(["-x", "-s", "-p", "no:cacheprovider", *tests], plugins=[first])
        return first.failed or ("" if ended == 0 else "loading it")


class _First:
    """A plugin of pytest: the first test that failed."""

    failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = self.failed or report.nodeid


def _ended(child: int, seconds_max: float) -> bool:
    """Whether a child ended in time; if not, it is killed with all that it started."""
    until = time.monotonic() + seconds_max
    while time.monotonic() < until:
        if os.waitpid(child, os.WNOHANG) != (0, 0):
            return True
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _clients() -> Iterator[Any]:
    """The clients of AWS that are open: a connection must not be shared with a fork."""
    from chalicelib.core import aws

    if aws._client.cache_info().currsize:
        for service in ("dynamodb", "s3"):
            if service == "dynamodb" or "AWS_ENDPOINT_URL_S3" in os.environ:
                yield aws._client(service)


def _all_code(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_code(constant)


def _loads_differently(before: str, after: str, name: str) -> bool:
    """Whether a change shows when the module is loaded: in its own body or a class's, not only within functions."""

    def loading(text: str) -> list[object]:
        module = compile(text, name, "exec", dont_inherit=True)
        bodies = [code for code in _all_code(module) if not code.co_flags & 0x02]  # 0x02: a function's (CO_NEWLOCALS)
        plain = [[one for one in code.co_consts if not isinstance(one, CodeType)] for code in bodies]
        return [[(code.co_code, code.co_names, repr(consts)) for code, consts in zip(bodies, plain, strict=True)]]

    return loading(before) != loading(after)
