"""How the small town is told: a door that keeps of each operation its first request and answer, and the table before it.

Told at a fixed time with drawn ids, so the same story gives the same book.
"""

import json
import os
import random
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import batched
from pathlib import Path
from typing import Any

import httpx
import pytest

from chalicelib.core import aws, gate, rooms, work
from chalicelib.core import secrets as secret_store
from chalicelib.core import settings as setting_store
from chalicelib.core.clock import PRAGUE, Instant, now
from chalicelib.core.secrets import SigningKey
from chalicelib.town.towns import service as towns
from chalicelib.watch.audit import proving
from localcloud.demo.table import BATCH, patient
from tests.days import Clock, at
from tests.door import Answer, Door, door_at
from tests.engine import make_table
from tests.money.providers.build import CITY, companies
from tools.docs import load_rooms

load_rooms()
BEGINS = datetime(2026, 11, 20, 9, tzinfo=PRAGUE)
TABLE, DOCUMENTS, SEALS = "small-town", "small-town-documents", "small-town-seals"
TEXT_LENGTH_MAX, ROWS_MAX = 200, 1
WHOLE = 10_000
ANY_UUID = "01926f3e-8c1a-4d52-9b7e-3f5a6c8d9e0f"

type Rows = dict[tuple[str, str], Any]
"""The table: each item as DynamoDB has it, by its key."""


@dataclass(frozen=True)
class Step:
    """The first request to an operation that was answered with yes, the door that it was sent through, and when."""

    name: str
    door: Door
    path: dict[str, str]
    body: Any
    sent: dict[str, Any]
    """What `Door.call` takes beside: key, version, query, headers, raw."""
    answer: Answer
    at: Instant
    before: Rows

    def example(self) -> dict[str, Any]:
        """The request and its answer as a reader of the documentation needs them."""
        version = self.sent.get("version")
        heads = {"Idempotency-Key": self.sent.get("key"), "If-Match": f'W/"{version}"' if version is not None else ""}
        heads |= self.path | (self.sent.get("query") or {})
        raw = self.sent.get("raw")
        found = {
            "parameters": {name: value for name, value in heads.items() if value},
            "body": shortened(json.loads(raw) if raw else self.body, WHOLE, WHOLE),
            "answer": shortened(self.answer.body),
        }
        return {name: value for name, value in found.items() if value is not None}


@dataclass
class Book:
    """What was told so far."""

    clock: Clock
    chance: random.Random
    remembers: bool
    """Whether the table before each step is kept."""
    steps: dict[str, Step] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)

    def turn(self, name: str) -> None:
        """A second later; what is drawn now depends on the operation alone, so that a new one moves no other's ids."""
        self.told[name] += 1
        self.clock.shift(1)
        self.chance.seed(f"{name} {self.told[name]}")


@dataclass(frozen=True)
class Teller(Door):
    """A door that tells: everything that is asked here is answered with yes, and noted."""

    book: Book = None  # type: ignore[assignment]

    def call(self, method: str, path: str, body: Any, **sent: Any) -> Answer:
        found = door_at(method, path)
        assert found, f"no door at {method} {path}"
        name, parameters = found.name, found.parameters
        before = rows() if self.book.remembers and name not in self.book.steps else {}
        self.book.turn(name)
        asked_at = now()
        answer = super().call(method, path, body, **sent)
        assert answer.status < 300, (name, answer.status, answer.body)
        asked_by = Door(self.token, self.who, self.language)
        self.book.steps.setdefault(name, Step(name, asked_by, parameters, body, sent, answer, asked_at, before))
        return answer


# Where it stands


@contextmanager
def ground(home: Path) -> Iterator[None]:
    """The small town's place and secrets, which are the same each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secret_store, "pepper", lambda: bytes(32))
        patch.setattr(gate, "signing_key", lambda: SigningKey("story", bytes(32)))
        patch.setenv("ACCESS_PUBLIC_KEYS", json.dumps({"story": gate.public_key_of(bytes(32))}))
        for name, value in {"TABLE_NAME": TABLE, "BUCKET_DOCUMENTS": DOCUMENTS, "BUCKET_SEALS": SEALS}.items():
            patch.setenv(name, value)
        patch.setenv("ORIGIN", "https://aktivni-mesto.example")
        patch.setattr(work, "send", lambda room, message, delay_seconds=0: done(room, **message))
        patch.setattr(work, "send_all", _all_done)
        patch.setattr(proving, "LOOK_PAUSE_SECONDS", 0.01)
        companies(home, patch)
        _forget()
        yield
    _forget()


@contextmanager
def drawn() -> Iterator[random.Random]:
    """Gives what ids and secrets are drawn from, instead of chance."""
    chance, apart = random.Random(0), random.Random(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", chance.randbytes)
        patch.setattr(random, "_urandom", chance.randbytes)
        # Each request to AWS draws one, and nobody knows how many there will be.
        patch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=apart.getrandbits(128), version=4))
        yield chance


def _forget() -> None:
    setting_store.settings.cache_clear()
    towns._cache.clear()


def done(room: str, job: str, city: str = CITY, cursor: str | None = None) -> None:
    """A job of a room, done at once to its end."""
    run = rooms.module(room, "jobs").JOBS[job]
    while (cursor := run(city, cursor)) is not None:
        pass


def _all_done(room: str, messages: Any) -> None:
    for message in messages:
        done(room, **message)


@contextmanager
def telling(home: Path, *, remembers: bool = False) -> Iterator[Book]:
    """An empty table on the day that the story begins."""
    with patient(), at(BEGINS) as clock, ground(home), drawn() as chance:
        make_table(TABLE)
        for bucket in (DOCUMENTS, SEALS):
            s3 = aws.client("s3")
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        yield Book(clock, chance, remembers)


def rows() -> Rows:
    """All that the table holds."""
    found, request = [], {"TableName": TABLE}
    while True:
        page = _asked("Scan", request)
        found += page["Items"]
        if "LastEvaluatedKey" not in page:
            return {(raw["PK"]["S"], raw["SK"]["S"]): raw for raw in found}
        request |= {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def put_back(wanted: Rows) -> None:
    """Make the table what it was."""
    seen = rows()
    gone = [{"DeleteRequest": {"Key": {"PK": {"S": pk}, "SK": {"S": sk}}}} for pk, sk in seen.keys() - wanted.keys()]
    changed = [{"PutRequest": {"Item": raw}} for key, raw in wanted.items() if seen.get(key) != raw]
    for some in batched([*gone, *changed], BATCH, strict=False):
        assert not _asked("BatchWriteItem", {"RequestItems": {TABLE: some}}).get("UnprocessedItems")


def _asked(what: str, request: Any) -> Any:
    """Ask the engine as the wire has it: botocore takes five times as long to read a page."""
    headers = {
        "X-Amz-Target": f"DynamoDB_20120810.{what}",
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Date": "20261120T080000Z",
        "Authorization": "AWS4-HMAC-SHA256 Credential=local/20261120/eu-central-1/dynamodb/aws4_request, "
        "SignedHeaders=host, Signature=not-looked-at",
    }
    answer = _wire().post(os.environ["AWS_ENDPOINT_URL_DYNAMODB"], headers=headers, json=request)
    assert answer.status_code == 200, answer.text
    return answer.json()


@cache
def _wire() -> httpx.Client:
    return httpx.Client(timeout=60)


@contextmanager
def stood_at(home: Path, step: Step) -> Iterator[None]:
    """The small town as it was before a step, at the hour of it; what is done in the block stays until the next one."""
    with at(step.at), ground(home):
        put_back(step.before)
        yield


# What is shown of an answer


def shortened(value: Any, rows_max: int = ROWS_MAX, text_max: int = TEXT_LENGTH_MAX) -> Any:
    """Few rows of each list, long texts cut, and nothing that another machine or minute would give differently."""
    if isinstance(value, dict):
        return {
            name: "eyJ…" if name == "access_token" else shortened(one, rows_max, text_max)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [shortened(one, rows_max, text_max) for one in value[:rows_max]]
    if isinstance(value, str):
        text = re.sub(r"http://127\.0\.0\.1:[0-9]+", "https://s3.eu-central-1.amazonaws.com", value)
        text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", ANY_UUID, text.split("?versionId=")[0])
        return text if len(text) <= text_max else text[:text_max] + "…"
    return value


def examples(book: Book) -> str:
    """docs/examples.json: of each operation its request and its answer, in the order of the story."""
    found = {name: step.example() for name, step in book.steps.items()}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"
