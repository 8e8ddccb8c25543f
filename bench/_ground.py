"""What the benches stand on: an engine with the one table, secrets, and counts of what was asked of it."""

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from localcloud.processes import free_port, start_ministack, stop, wait_for
from tests.engine import engine, make_table

TABLE = "bench-table"
HERE = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "STAGE": "test",
    "TABLE_NAME": TABLE,
    "POWERTOOLS_METRICS_DISABLED": "true",
    "LOG_LEVEL": "ERROR",
}


@contextmanager
def ground(database: Path | None = None, *, fresh: bool = True) -> Iterator[str]:
    """An engine, in memory or on a file, with settings and secrets that lead to it. Gives its endpoint."""
    with engine(database) as endpoint:
        os.environ.update(HERE, AWS_ENDPOINT_URL_DYNAMODB=endpoint)
        settle_in()
        if fresh:
            make_table(TABLE)
        yield endpoint


def settle_in() -> None:
    """Secrets of this process's own, and clients that lead where the environment says."""
    from chalicelib.core import aws, gate
    from chalicelib.core import secrets as secret_store
    from chalicelib.core import settings as setting_store

    key = Ed25519PrivateKey.generate().private_bytes_raw()
    os.environ["ACCESS_PUBLIC_KEYS"] = json.dumps({"bench": gate.public_key_of(key)})
    pepper, signing_key = os.urandom(32), secret_store.SigningKey("bench", key)
    secret_store.pepper = lambda: pepper  # type: ignore[assignment]
    gate.signing_key = lambda: signing_key  # type: ignore[assignment,attr-defined]
    setting_store.settings.cache_clear()
    aws._client.cache_clear()


@contextmanager
def objects(home: Path, *names: str) -> Iterator[None]:
    """The local S3 with these buckets, each given as the setting that names it."""
    from chalicelib.core import aws
    from chalicelib.core import settings as setting_store

    port = free_port()
    process = start_ministack(port, home, home)
    try:
        wait_for(process, f"http://127.0.0.1:{port}/_ministack/health")
        os.environ.update(HERE, AWS_ENDPOINT_URL_S3=f"http://127.0.0.1:{port}")
        aws._client.cache_clear()
        for name in names:
            os.environ[name] = name.lower().replace("_", "-")
            made: Any = {"LocationConstraint": "eu-central-1"}
            aws.client("s3").create_bucket(Bucket=os.environ[name], CreateBucketConfiguration=made)
        setting_store.settings.cache_clear()
        yield
    finally:
        stop([process])


@dataclass
class Cost:
    """What was asked of DynamoDB, the units it says it took, and the keys of items that were written or held to."""

    requests: list[str] = field(default_factory=list)
    reads: float = 0
    writes: float = 0
    written: list[tuple[str, str]] = field(default_factory=list)


READS = ("GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems")


@contextmanager
def counted() -> Iterator[Cost]:
    """Count the requests of this process inside the block."""
    from chalicelib.core.aws import client

    cost = Cost()
    events = client("dynamodb").meta.events

    def ask(params: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name == "DescribeTable":  # takes no units
            return
        cost.requests.append(model.name)
        cost.written += _written(params)
        params["ReturnConsumedCapacity"] = "TOTAL"

    def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        taken = parsed.get("ConsumedCapacity", [])
        units: float = sum(one["CapacityUnits"] for one in (taken if isinstance(taken, list) else [taken]))
        if model.name in READS:
            cost.reads += units
        else:
            cost.writes += units

    events.register("provide-client-params.dynamodb", ask)
    events.register("after-call.dynamodb", note)
    try:
        yield cost
    finally:
        events.unregister("provide-client-params.dynamodb", ask)
        events.unregister("after-call.dynamodb", note)


def _written(params: dict[str, Any]) -> list[tuple[str, str]]:
    """The keys of what a request writes, conditions checked included."""
    if "TransactItems" in params:
        return [key for item in params["TransactItems"] for action in item.values() for key in _written(action)]
    raw = params.get("Item") or (params["Key"] if _is_write(params) else None)
    return [(raw["PK"]["S"], raw["SK"]["S"])] if raw else []


def _is_write(params: dict[str, Any]) -> bool:
    return "UpdateExpression" in params or "ConditionExpression" in params


# Time and memory


@dataclass(frozen=True)
class Taken:
    """What a run gave and took: seconds, and the most memory that its process held, in MB."""

    gave: Any
    seconds: float
    peak_mb: float


def alone(run: Callable[..., Any], *args: Any) -> Taken:
    """Run it in a process of its own, so that its memory is its own. Its imports are not counted in its time."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_measured, run, args).result()


def _measured(run: Callable[..., Any], args: Any) -> Taken:
    settle_in()
    begun = time.perf_counter()
    gave = run(*args)
    return Taken(gave, time.perf_counter() - begun, _peak_mb())


def _peak_mb() -> float:
    """Of this program alone: getrusage would tell the peak of the process that it was forked from as well."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+([0-9]+) kB", status)[1]) / 1024  # type: ignore[index]
