"""The local cloud as one thing to start and stop: for `make run` and for tests."""

import fcntl
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localcloud import regina, resources
from localcloud.processes import (
    DYNOXIDE,
    DidNotStart,
    Process,
    free_port,
    said,
    start,
    start_dynoxide,
    start_ministack,
    stop,
    wait_for,
)
from localcloud.pumps import APART
from localcloud.resources import Engines
from localcloud.secrets import local_secret

DEFAULT_PORT = 8080
ENGINES = ("ministack", "dynoxide")
# Nothing of the developer's own AWS may reach the functions.
FOREIGN = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE")


class AlreadyRunning(Exception):
    """Another local cloud uses this folder."""


@dataclass
class LocalCloud:
    """A running local cloud. `origin` is where people go; `environment` is what the functions see."""

    data: Path
    origin: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    durable: bool = True
    processes: list[Process] = field(default_factory=list)
    _lock: Any = None

    def start(
        self, port: int = DEFAULT_PORT, *, demo: bool = True, say: Callable[[str], None] = lambda _: None
    ) -> None:
        """Start everything; `port` is the wished one, 0 any. Raises AlreadyRunning or DidNotStart."""
        self._take_lock()
        logs = self.data / "logs"
        engines = self._start_engines(logs)
        # Browsers keep `Secure` cookies over plain HTTP for localhost, and not all of them for 127.0.0.1.
        chosen = free_port(port)
        self.origin = f"http://localhost:{chosen}"
        say("Připravuji tabulku, fronty a úložiště")
        made = resources.make(engines, self.origin, local_secret(self.data), self.data)
        self._save_resources(engines, logs)
        self.environment = {**made, "DATA_DIR": str(self.data), "PORT": str(chosen), "ORIGIN": self.origin}
        self._tell_commands()
        if demo:
            self._fill(say)
        serve = self._python("serve", "localcloud.serve")
        self._python("pumps", "localcloud.pumps")
        for room in APART:
            self._python(f"pumps-{room}", "localcloud.pumps", room)
        regina.move(self.data, self.origin)
        wait_for(serve, f"http://127.0.0.1:{chosen}/posta/style.css")
        for city, settings in regina.installed(self.data):
            run = regina.command("run", settings)
            self.processes.append(start(f"regina-{city}", run, functions_environment(self.environment), logs))

    def stop(self) -> None:
        """End everything that `start` started. What was acknowledged is on disk."""
        engines = [process for process in self.processes if process.name in ENGINES]
        # What works with the engines goes first, so that it can finish its batch.
        stop([process for process in self.processes if process.name not in ENGINES])
        stop(engines)
        self.processes.clear()
        if self._lock is not None:
            self._lock.close()

    def ended(self) -> Process | None:
        """The first process that ended by itself, if any."""
        return next((process for process in self.processes if process.ended()), None)

    def _take_lock(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = (self.data / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(str(self.data)) from None

    def _save_resources(self, engines: Engines, logs: Path) -> None:
        """ministack writes its state only when it stops: once after its resources changed, before anyone uses them."""
        noted = self.data / "resources.txt"
        templates = resources.fingerprint()
        if noted.exists() and noted.read_text() == templates:
            return
        stop(self.processes[:1])
        self.processes[0] = start_ministack(_port(engines.aws), self.data, logs)
        wait_for(self.processes[0], f"{engines.aws}/_ministack/health")
        noted.write_text(templates)

    def _start_engines(self, logs: Path) -> Engines:
        ports = _remembered_ports(self.data)
        if not (self.data / "resources.txt").exists():
            # A first run that was killed: buckets without the stacks that they belong to, and nothing in them.
            shutil.rmtree(self.data / "ministack", ignore_errors=True)
        ministack = start_ministack(ports["aws"], self.data, logs)
        self.processes.append(ministack)
        self.durable = DYNOXIDE.exists()
        aws = f"http://127.0.0.1:{ports['aws']}"
        dynamodb = aws
        if self.durable:
            self.processes.append(start_dynoxide(ports["dynamodb"], self.data, logs))
            dynamodb = f"http://127.0.0.1:{ports['dynamodb']}"
            wait_for(self.processes[-1], dynamodb)
        wait_for(ministack, f"{aws}/_ministack/health")
        return Engines(aws, dynamodb)

    def _fill(self, say: Callable[[str], None]) -> None:
        """The demo fills what is empty and knows what it has filled; asking it each time would cost seconds."""
        noted = self.data / "demo.txt"
        if noted.exists():
            return
        say("Plním ukázková data (jen poprvé)")
        fill = self._python("demo", "localcloud.demo")
        for line in said(fill):
            say(line)
        self.processes.remove(fill)
        if fill.popen.returncode:
            raise DidNotStart(f"Ukázková data se nepodařilo naplnit; proč, říká {fill.log}")
        noted.write_text("filled\n")

    def _tell_commands(self) -> None:
        """Where everything is, for commands in another terminal (`tools.books`)."""
        file = self.data / "environment.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(self.environment))

    def _python(self, name: str, *module: str) -> Process:
        command = [sys.executable, "-m", *module]
        process = start(name, command, functions_environment(self.environment), self.data / "logs")
        self.processes.append(process)
        return process


def functions_environment(made: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process of the local cloud: this machine's, without any AWS of its own."""
    own = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return {**own, **nowhere, "PYTHONUNBUFFERED": "1", **made}


def _remembered_ports(data: Path) -> dict[str, int]:
    """The ports of the last run if they are still free: queue addresses and old links then stay the same."""
    file = data / "ports.json"
    last = json.loads(file.read_text()) if file.exists() else {}
    ports = {name: free_port(last.get(name, 0)) for name in ("aws", "dynamodb")}
    file.write_text(json.dumps(ports))
    return ports


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


@contextmanager
def running(data: Path, port: int = 0, *, demo: bool = False) -> Iterator[LocalCloud]:
    """A local cloud for the length of a block, on free ports and without demo data unless asked for."""
    cloud = LocalCloud(data)
    try:
        cloud.start(port, demo=demo)
        yield cloud
    finally:
        cloud.stop()


__all__ = ["AlreadyRunning", "DidNotStart", "LocalCloud", "running"]
