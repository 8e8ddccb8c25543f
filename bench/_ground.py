"""What the benches stand on: an engine with the one table, secrets, and counts of what was asked of it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.engine import engine, make_table

TABLE = "bench-table"


@contextmanager
def ground(database: Path | None = None, *, fresh: bool = True) -> Iterator[str]:
    """An engine, in memory or on a file, with settings and secrets that lead to it. Gives its endpoint.

    Processes forked inside the block stand on it too.
    """
    with engine(database) as endpoint:
        os.environ.update(
            AWS_ENDPOINT_URL_DYNAMODB=endpoint,
            AWS_ACCESS_KEY_ID="local",
            AWS_SECRET_ACCESS_KEY="local",
            AWS_DEFAULT_REGION="eu-central-1",
            AWS_EC2_METADATA_DISABLED="true",
            STAGE="test",
            TABLE_NAME=TABLE,
            POWERTOOLS_METRICS_DISABLED="true",
        )
        _know_secrets()
        if fresh:
            make_table(TABLE)
        yield endpoint


def _know_secrets() -> None:
    from chalicelib.core import aws, gate
    from chalicelib.core import secrets as secret_store
    from chalicelib.core import settings as setting_store

    key = Ed25519PrivateKey.generate().private_bytes_raw()
    os.environ["ACCESS_PUBLIC_KEYS"] = json.dumps({"bench": gate.public_key_of(key)})
    kept = secret_store.Secrets("bench", key, os.urandom(32))
    secret_store.secrets = gate.secrets = lambda: kept  # type: ignore[assignment,attr-defined]
    setting_store.settings.cache_clear()
    aws._client.cache_clear()


def peak_mb() -> float:
    """The most memory that this process has held, in MB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_a_process_of_its_own[T](run: Any, *args: Any) -> Any:
    """Run it in a fresh process, so that its memory is its own; gives what it returns."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as alone:
        return alone.submit(run, *args).result()
