"""The local DynamoDB engine for tests: one server a session in memory, a fresh table for each test."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
BINARY = ROOT / "localcloud/node_modules/@dynoxide/linux-x64/dynoxide"
START_SECONDS_MAX = 10


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def engine(db_path: Path | None = None) -> Iterator[str]:
    """Run dynoxide until the end of the block; gives its endpoint."""
    port = free_port()
    command = [str(BINARY), "--host", "127.0.0.1", "--port", str(port)]
    if db_path:
        command += ["--db-path", str(db_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise RuntimeError("the local DynamoDB engine did not start")


def make_table(name: str, *, stream: bool = False) -> None:
    """A table with the keys and indexes of infra/data.yaml."""
    from chalicelib.core.aws import client

    names = ["PK", "SK", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK"]
    indexes: list[Any] = [
        {
            "IndexName": index,
            "KeySchema": _keys(f"{index}PK", f"{index}SK"),
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["card"]},
        }
        for index in ("GSI1", "GSI2")
    ]
    more: dict[str, Any] = (
        {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}} if stream else {}
    )
    client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
        KeySchema=_keys("PK", "SK"),
        GlobalSecondaryIndexes=indexes,
        **more,
    )


def _keys(hash_key: str, range_key: str) -> Any:
    return [{"AttributeName": hash_key, "KeyType": "HASH"}, {"AttributeName": range_key, "KeyType": "RANGE"}]
