"""The processes of the local cloud: started on free ports, ended together, never outliving the one that started them."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
DYNOXIDE = ROOT / "localcloud/node_modules/@dynoxide/linux-x64/dynoxide"
MINISTACK = ROOT / ".ministack/bin/ministack"
KEYS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
"""ministack checks the signature of presigned links against its own; nothing else looks at them."""
START_SECONDS_MAX = 120
STOP_SECONDS_MAX = 15
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class DidNotStart(Exception):
    """A process ended or stayed deaf; the text holds the end of its log."""


@dataclass
class Process:
    name: str
    popen: subprocess.Popen[bytes]
    log: Path

    def ended(self) -> bool:
        return self.popen.poll() is not None


def start(name: str, command: Sequence[str], env: Mapping[str, str], logs: Path) -> Process:
    """Start a process whose output goes to a log of its own.

    It has a session of its own, so that Ctrl-C reaches us alone and we end it in order; and the kernel ends it should
    we be killed. Call it from the main thread: the kernel minds the thread, not the process.
    """
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{name}.log"
    if log.exists():
        log.replace(logs / f"{name}.last.log")
    parent = os.getpid()
    with log.open("ab") as out:
        popen = subprocess.Popen(
            list(command),
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: _die_with(parent),
        )
    return Process(name, popen, log)


def _die_with(parent: int) -> None:
    """SIGTERM, not SIGKILL: what keeps its state in memory saves it first."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(0)


def said(process: Process) -> Iterator[str]:
    """The lines of a process as it writes them, until it ends."""
    with process.log.open() as log:
        ended = False
        while not ended:
            ended = process.ended()
            yield from (line.rstrip() for line in log)
            time.sleep(0 if ended else 0.1)


def stop(processes: Sequence[Process]) -> None:
    """End these processes, all at once, each with everything that it started itself."""
    for process in processes:
        if not process.ended():
            process.popen.terminate()
    deadline = time.monotonic() + STOP_SECONDS_MAX
    for process in processes:
        try:
            process.popen.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.popen.kill()
            process.popen.wait()
        _end_group(process.popen.pid)


def _end_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def free_port(wished: int = 0) -> int:
    """The wished port of this machine if it is free, any free one otherwise."""
    for port in (wished, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise OSError("no free port")


def wait_for(process: Process, url: str) -> None:
    """Wait until something answers at the address. Raises DidNotStart."""
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and not process.ended():
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.02)
    end_of_log = process.log.read_text(errors="replace")[-2000:]
    raise DidNotStart(f"{process.name} did not start:\n{end_of_log}")


def start_dynoxide(port: int, data: Path, logs: Path) -> Process:
    """DynamoDB in one file. What it acknowledged survives a kill."""
    database = data / "dynamodb.sqlite"
    command = [str(DYNOXIDE), "--host", "127.0.0.1", "--port", str(port), "--db-path", str(database)]
    return start("dynoxide", command, os.environ, logs)


def start_ministack(port: int, data: Path, logs: Path) -> Process:
    """Everything of AWS but DynamoDB. It writes its state when it is asked to stop; objects are on disk at once."""
    state = data / "ministack"
    state.mkdir(parents=True, exist_ok=True)
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        **KEYS,
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": "eu-central-1",
        "PERSIST_STATE": "1",
        "S3_PERSIST": "1",
        "STATE_DIR": str(state / "state"),
        "S3_DATA_DIR": str(state / "s3"),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
    }
    return start("ministack", [str(MINISTACK)], env, logs)
