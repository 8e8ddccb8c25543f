"""What every test stands on: the engine, a table of its own, secrets, and the real door."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import hypothesis
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chalicelib.core import aws, gate
from chalicelib.core import secrets as secret_store
from chalicelib.core import settings as setting_store
from chalicelib.core.clock import now
from chalicelib.core.gate import Who
from chalicelib.core.ids import new_id
from chalicelib.core.secrets import SigningKey
from localcloud.processes import start_ministack, stop, wait_for
from tests.days import StandAt, at
from tests.door import Door
from tests.engine import engine, free_port, make_table
from tests.hiring import hired

# How long an example takes says how busy the machine is, nothing of the rule.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

_KEY = Ed25519PrivateKey.generate().private_bytes_raw()
_PEPPER = os.urandom(32)


def keep_secrets(patch: pytest.MonkeyPatch) -> None:
    """The signing key and the pepper of this session of tests."""
    patch.setattr(secret_store, "pepper", lambda: _PEPPER)
    patch.setattr(gate, "signing_key", lambda: SigningKey("test", _KEY))


@pytest.fixture(scope="session")
def dynamodb() -> Iterator[str]:
    """The engine's endpoint, one a session."""
    with engine() as endpoint:
        os.environ.update(
            AWS_ENDPOINT_URL_DYNAMODB=endpoint,
            AWS_ACCESS_KEY_ID="local",
            AWS_SECRET_ACCESS_KEY="local",
            AWS_DEFAULT_REGION="eu-central-1",
            AWS_EC2_METADATA_DISABLED="true",
            STAGE="test",
            ACCESS_PUBLIC_KEYS=json.dumps({"test": gate.public_key_of(_KEY)}),
        )
        aws._client.cache_clear()
        yield endpoint


@pytest.fixture
def stand_at() -> Iterator[StandAt]:
    """Sets all clocks to an instant, where they stand until the next one or the end of the test."""
    with ExitStack() as moved:
        yield lambda instant: moved.enter_context(at(instant))


@pytest.fixture
def table(dynamodb: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A fresh table, and settings that point to it."""
    name = f"test-table-{new_id()}"
    monkeypatch.setenv("TABLE_NAME", name)
    setting_store.settings.cache_clear()
    keep_secrets(monkeypatch)
    make_table(name)
    yield name
    aws.client("dynamodb").delete_table(TableName=name)
    setting_store.settings.cache_clear()


@pytest.fixture(scope="session")
def objects(dynamodb: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of the local S3, one a session."""
    home = tmp_path_factory.mktemp("objects")
    port = free_port()
    process = start_ministack(port, home, home)
    endpoint = f"http://127.0.0.1:{port}"
    wait_for(process, f"{endpoint}/_ministack/health")
    os.environ["AWS_ENDPOINT_URL_S3"] = endpoint
    aws._client.cache_clear()
    yield endpoint
    stop([process])


@pytest.fixture
def bucket(objects: str, table: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A fresh bucket for documents, which keeps versions as the real one does, and settings that point to it."""
    name = f"test-documents-{new_id()}"
    aws.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    aws.client("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    monkeypatch.setenv("BUCKET_DOCUMENTS", name)
    setting_store.settings.cache_clear()
    return name


@pytest.fixture
def door(table: str) -> Door:
    """The API through its real door, as anybody until `door.as_(who)`."""
    return Door()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What was put on the rooms' queues during a test: (room, message)."""
    from chalicelib.core import work

    messages: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(work, "send", lambda room, message, delay_seconds=0: messages.append((room, dict(message))))
    return messages


@pytest.fixture
def token(table: str) -> Callable[..., str]:
    """Makes access tokens: `token("clerk", city="modrinov", id="…")`."""

    def make(*roles: str, city: str = "modrinov", id: str = "", app: Any = "moje", providers: Any = None) -> str:
        who = Who(id=id or new_id(), app=app, roles={city: roles}, providers=providers or {})
        return gate.issue(hired(who), now())

    return make
