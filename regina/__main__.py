"""The commands: `keys`, `run`, `once`, `health`, `new-key`, `switch-key`, `charges IN OUT`.

Exit codes: 0 done, 1 unhealthy or some charges were left out, 2 the settings or keys are not right, 3 the cloud could not be reached,
4 the cloud refused (the key is not registered, or the clock is wrong).
"""

from __future__ import annotations

import argparse
import json
import logging
import signal
import ssl
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .addresses import AddressPoints
from .answering import Answering
from .audit import Audit
from .changes import Changes, FileChanges, NoChanges
from .charges import ChargesFault, join, write_out
from .cloud import TIMEOUT_SECONDS, Cloud, CloudRefused, CloudUnreachable
from .config import Config, ConfigFault, FileSource, RobSource, load
from .file_registry import FileRegistry
from .keys import (
    KeyFault,
    adopt_signing_key,
    kid,
    make_keys,
    make_signing_key,
    next_signing,
    public_text,
    signing_key,
    subject_key,
)
from .registries import NoResidentsSystem, PopulationRegistry, RegistryUnavailable, ResidentsSystem
from .rob import Rob, rob_client
from .subjects import ComputedSubjects, StoredSubjects, Subjects
from .worker import Health, Worker

OK, UNHEALTHY, NOT_SET_UP, UNREACHABLE, REFUSED = range(5)
HEALTHY_WITHIN_SECONDS = 600


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="regina", description="Asks the registries on behalf of a town and answers Aktivní město."
    )
    parser.add_argument("command", choices=["keys", "run", "once", "health", "new-key", "switch-key", "charges"])
    parser.add_argument("files", type=Path, nargs="*", help="of `charges`: the office's file, the file for the cloud")
    parser.add_argument("--config", type=Path, default=Path("regina.toml"))
    options = parser.parse_args(arguments)
    if len(options.files) != (2 if options.command == "charges" else 0):
        parser.error("`charges` takes two files, the others none")
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        config = load(options.config)
        if options.command == "charges":
            return _charges(config, *options.files)
        commands = {
            "keys": _keys,
            "run": _run,
            "once": _once,
            "health": _health,
            "new-key": _new_key,
            "switch-key": _switch_key,
        }
        return commands[options.command](config)
    except (ConfigFault, KeyFault, RegistryUnavailable, ChargesFault) as e:
        print(e, file=sys.stderr)
        return NOT_SET_UP
    except CloudUnreachable as e:
        print(f"the cloud could not be reached: {e}", file=sys.stderr)
        return UNREACHABLE
    except CloudRefused as e:
        print(f"the cloud refused: {e}", file=sys.stderr)
        return REFUSED


def _keys(config: Config) -> int:
    return _tell(make_keys(config.signing_key, config.subject_key))


def _new_key(config: Config) -> int:
    """A second signing key, which waits beside the one in use until `switch-key`."""
    signing_key(config.signing_key)  # a town's first keys are made by `keys`
    return _tell(make_signing_key(next_signing(config.signing_key)))


def _switch_key(config: Config) -> int:
    """A round under the waiting key; only when the cloud has let it in does it replace the one in use."""
    key = signing_key(next_signing(config.signing_key))
    with httpx.Client(timeout=TIMEOUT_SECONDS) as http:
        _worker(config, http, threading.Event(), key).once()
    adopt_signing_key(config.signing_key)
    return _tell(key)


def _tell(key: Ed25519PrivateKey) -> int:
    print(json.dumps({"kid": kid(key.public_key()), "public_key": public_text(key.public_key())}))
    return OK


def _charges(config: Config, source: Path, target: Path) -> int:
    """The office's charges with `subject_ref` in place of names and birth numbers."""
    try:
        content = source.read_bytes()
    except OSError as e:
        raise ChargesFault(f"{source}: {e.strerror}") from None
    joined = join(content, _answering(config).answer)
    write_out(target, joined.text)
    for row in joined.left_out:
        print(f"line {row.line}, charge {row.number}: {row.why}", file=sys.stderr)
    print(json.dumps({"charges": joined.rows, "left_out": len(joined.left_out)}))
    return UNHEALTHY if joined.left_out else OK


def _run(config: Config) -> int:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with httpx.Client(timeout=TIMEOUT_SECONDS) as http:
        _worker(config, http, stop).run()
    return OK


def _once(config: Config) -> int:
    with httpx.Client(timeout=TIMEOUT_SECONDS) as http:
        print(json.dumps({"answered": _worker(config, http, threading.Event()).once()}))
    return OK


def _health(config: Config) -> int:
    try:
        state = json.loads(_health_file(config).read_text())
        last = datetime.fromisoformat(state["last_contact"]) if state["last_contact"] else None
    except (OSError, ValueError, KeyError):
        print("it has not run yet", file=sys.stderr)
        return UNHEALTHY
    print(json.dumps(state))
    fresh = last is not None and (_now() - last).total_seconds() <= HEALTHY_WITHIN_SECONDS
    return OK if fresh and state["trouble"] is None else UNHEALTHY


def _worker(config: Config, http: httpx.Client, stop: threading.Event, key: Ed25519PrivateKey | None = None) -> Worker:
    return Worker(
        Cloud(config, key or signing_key(config.signing_key), http, _now),
        _answering(config),
        Health(_health_file(config), _now),
        lease_max=config.lease_max,
        poll_seconds=config.poll_seconds,
        stop=stop,
    )


def _answering(config: Config) -> Answering:
    key = subject_key(config.subject_key)
    population, residents, subjects, changes = _registries(config, config.source, key)
    audit = Audit(config.state / "audit", config.audit_keep_months, config.user, config.purpose, _now)
    return Answering(config.area, population, residents, subjects, audit, changes, _now)


def _registries(
    config: Config, source: FileSource | RobSource, key: bytes
) -> tuple[PopulationRegistry, ResidentsSystem, Subjects, Changes]:
    if isinstance(source, FileSource):
        registry = FileRegistry(source.path, _now)
        watch = FileChanges(registry, config.state / "watched.sqlite", key)
        return registry, registry, ComputedSubjects(registry, key), watch
    try:
        client = rob_client(source)
    except (OSError, ssl.SSLError) as e:
        raise ConfigFault(f"rob.certificate: {e}") from None
    rob = Rob(source, config.user, config.purpose, AddressPoints(source.address_points), client, _now)
    extract = FileRegistry(source.residents_extract, _now) if source.residents_extract else NoResidentsSystem()
    return rob, extract, StoredSubjects(config.state / "subjects.sqlite", key), NoChanges()


def _health_file(config: Config) -> Path:
    return config.state / "health.json"


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
