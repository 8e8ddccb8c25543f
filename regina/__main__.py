"""The commands: `keys`, `run`, `once`, `health`.

Exit codes: 0 done, 1 unhealthy, 2 the settings or keys are not right, 3 the cloud could not be reached,
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

from .addresses import AddressPoints
from .answering import Answering
from .audit import Audit
from .changes import Changes, FileChanges, NoChanges
from .cloud import TIMEOUT_SECONDS, Cloud, CloudRefused, CloudUnreachable
from .config import Config, ConfigFault, FileSource, RobSource, load
from .file_registry import FileRegistry
from .keys import KeyFault, kid, make_keys, public_text, signing_key, subject_key
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
    parser.add_argument("command", choices=["keys", "run", "once", "health"])
    parser.add_argument("--config", type=Path, default=Path("regina.toml"))
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        config = load(options.config)
        commands = {"keys": _keys, "run": _run, "once": _once, "health": _health}
        return commands[options.command](config)
    except (ConfigFault, KeyFault, RegistryUnavailable) as e:
        print(e, file=sys.stderr)
        return NOT_SET_UP
    except CloudUnreachable as e:
        print(f"the cloud could not be reached: {e}", file=sys.stderr)
        return UNREACHABLE
    except CloudRefused as e:
        print(f"the cloud refused: {e}", file=sys.stderr)
        return REFUSED


def _keys(config: Config) -> int:
    key = make_keys(config.signing_key, config.subject_key)
    print(json.dumps({"kid": kid(key.public_key()), "public_key": public_text(key.public_key())}))
    return OK


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


def _worker(config: Config, http: httpx.Client, stop: threading.Event) -> Worker:
    return Worker(
        Cloud(config, signing_key(config.signing_key), http, _now),
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
