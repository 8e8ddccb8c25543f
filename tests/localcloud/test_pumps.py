"""Queues and the stream deliver as Lambda's event sources do: again after a failure, aside after the last one."""

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.core import dispatch, work
from chalicelib.core.rooms import Room, working
from localcloud import pumps, resources
from localcloud.cloud import LocalCloud
from localcloud.pumps import Checkpoint, QueuePump, StreamPump, again_seconds, seconds_to_quarter
from localcloud.resources import client

RECEIVED_MAX = 2


@pytest.fixture
def sqs(cloud: LocalCloud) -> Any:
    return client("sqs", cloud.environment["AWS_ENDPOINT_URL"])


@pytest.fixture
def queue(sqs: Any) -> Iterator[tuple[str, str]]:
    """A queue and its dead letters, as infra/app.yaml ties them."""
    name = uuid.uuid4().hex
    dead = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": RECEIVED_MAX})
    live = sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": policy})["QueueUrl"]
    yield live, dead
    for url in (live, dead):
        sqs.delete_queue(QueueUrl=url)


class Jobs:
    """A handler that fails the bodies it is told to."""

    def __init__(self, *fails: str) -> None:
        self.fails = set(fails)
        self.seen: list[str] = []

    def __call__(self, event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
        failed = []
        for record in event["Records"]:
            self.seen.append(record["body"])
            assert record["eventSource"] == "aws:sqs"
            if record["body"] in self.fails:
                failed.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failed}


def _left(sqs: Any, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return sum(int(n) for n in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values())


def _pump_until(done: Any, pump: QueuePump) -> None:
    deadline = time.monotonic() + 20
    while not done() and time.monotonic() < deadline:
        pump.pump(wait_seconds=1)
    assert done()


def test_only_the_failed_message_comes_again(sqs: Any, queue: tuple[str, str]) -> None:
    live, dead = queue
    for body in ("a", "b", "c"):
        sqs.send_message(QueueUrl=live, MessageBody=body)
    jobs = Jobs("b")
    pump = QueuePump(sqs, live, jobs)
    _pump_until(lambda: len(jobs.seen) >= 3, pump)
    assert sorted(jobs.seen) == ["a", "b", "c"]
    assert _left(sqs, live) == 1
    jobs.fails.clear()
    _pump_until(lambda: jobs.seen.count("b") == 2, pump)
    assert (_left(sqs, live), _left(sqs, dead)) == (0, 0)


def test_a_message_that_always_fails_goes_to_the_dead_letters(sqs: Any, queue: tuple[str, str]) -> None:
    live, dead = queue
    sqs.send_message(QueueUrl=live, MessageBody="poison")
    jobs = Jobs("poison")
    _pump_until(lambda: _left(sqs, dead) == 1, QueuePump(sqs, live, jobs))
    assert jobs.seen == ["poison"] * RECEIVED_MAX
    assert _left(sqs, live) == 0


def test_a_handler_that_raises_keeps_its_whole_batch(sqs: Any, queue: tuple[str, str]) -> None:
    live, _ = queue
    sqs.send_message(QueueUrl=live, MessageBody="a")

    def broken(_event: Any, _context: Any) -> None:
        raise RuntimeError("a bug")

    assert QueuePump(sqs, live, broken).pump() == 1
    assert _left(sqs, live) == 1


def test_waiting_grows_with_every_failure_up_to_a_minute() -> None:
    assert [again_seconds(n) for n in (1, 2, 3, 50)] == [1, 4, 9, 60]


@pytest.fixture
def table(cloud: LocalCloud) -> Iterator[tuple[Any, str]]:
    dynamodb = client("dynamodb", cloud.environment["AWS_ENDPOINT_URL_DYNAMODB"])
    name = f"stream-test-{uuid.uuid4().hex}"
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("PK", "SK")],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    yield dynamodb, name
    dynamodb.delete_table(TableName=name)


class Changes:
    """A stream handler that fails as often as it is told to."""

    def __init__(self, fails: int = 0) -> None:
        self.fails = fails
        self.seen: list[str] = []

    def __call__(self, event: Mapping[str, Any], _context: Any) -> None:
        if self.fails:
            self.fails -= 1
            raise RuntimeError("a bug")
        self.seen += [record["dynamodb"]["Keys"]["SK"]["S"] for record in event["Records"]]


def _stream_pump(cloud: LocalCloud, table: tuple[Any, str], handler: Any, file: Path) -> StreamPump:
    dynamodb, name = table
    arn = dynamodb.describe_table(TableName=name)["Table"]["LatestStreamArn"]
    streams = client("dynamodbstreams", cloud.environment["AWS_ENDPOINT_URL_DYNAMODB"])
    return StreamPump(streams, arn, handler, Checkpoint(file))


def _put(table: tuple[Any, str], *keys: str) -> None:
    dynamodb, name = table
    for key in keys:
        dynamodb.put_item(TableName=name, Item={"PK": {"S": "x"}, "SK": {"S": key}})


def test_changes_come_in_order_and_another_run_goes_on_where_the_last_one_stopped(
    cloud: LocalCloud, table: tuple[Any, str], tmp_path: Path
) -> None:
    changes = Changes()
    _put(table, "1", "2", "3")
    first = _stream_pump(cloud, table, changes, tmp_path / "stream.json")
    assert first.pump() == 3
    _put(table, "4")
    assert first.pump() == 1
    _put(table, "5", "6")
    again = _stream_pump(cloud, table, changes, tmp_path / "stream.json")
    assert again.pump() == 2
    assert changes.seen == ["1", "2", "3", "4", "5", "6"]


def test_a_failed_batch_of_changes_comes_again(
    cloud: LocalCloud, table: tuple[Any, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pumps, "again_seconds", lambda _: 0)
    changes = Changes(fails=2)
    _put(table, "1", "2")
    pump = _stream_pump(cloud, table, changes, tmp_path / "stream.json")
    assert [pump.pump() for _ in range(3)] == [0, 0, 2]
    assert changes.seen == ["1", "2"]


def test_a_batch_that_always_fails_does_not_hold_the_stream(
    cloud: LocalCloud, table: tuple[Any, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pumps, "again_seconds", lambda _: 0)
    changes = Changes(fails=pumps.STREAM_TRIES_MAX)
    _put(table, "1")
    pump = _stream_pump(cloud, table, changes, tmp_path / "stream.json")
    for _ in range(pumps.STREAM_TRIES_MAX):
        pump.pump()
    _put(table, "2")
    assert pump.pump() == 1
    assert changes.seen == ["2"]


def test_the_stream_s_function_wakes_each_room_that_asked_for_a_kind(
    cloud: LocalCloud, sqs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [uuid.uuid4().hex for _ in range(2)]
    urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in names}
    monkeypatch.setattr(work, "client", lambda _service: sqs)
    monkeypatch.setattr(work, "settings", lambda: SimpleNamespace(queue_urls=urls))
    woken, asleep = (Room(wakes_on={kind}) for kind in ("grant", "order"))
    images = [{"PK": {"S": f"modrinov#G#{n}"}, "SK": {"S": "A"}, "kind": {"S": "grant"}} for n in range(25)]
    records = [{"eventName": "INSERT", "dynamodb": {"NewImage": image}} for image in [*images, {}]]
    rooms: Any = {names[0]: woken, names[1]: asleep}
    dispatch.stream({"Records": records}, rooms)
    assert (_left(sqs, urls[names[0]]), _left(sqs, urls[names[1]])) == (25, 0)
    (message, *_) = sqs.receive_message(QueueUrl=urls[names[0]])["Messages"]
    assert json.loads(message["Body"])["changed"]["city"] == "modrinov"


def test_the_tick_falls_on_full_quarters() -> None:
    from datetime import UTC, datetime

    assert seconds_to_quarter(datetime(2026, 11, 20, 9, 14, 30, tzinfo=UTC)) == 30
    assert seconds_to_quarter(datetime(2026, 11, 20, 9, 15, tzinfo=UTC)) == 900


def test_every_queue_has_its_pumps_in_one_process_and_the_stream_in_one(cloud: LocalCloud) -> None:
    rooms = json.loads(cloud.environment["QUEUE_URLS"])
    app = SimpleNamespace(stream=None, **{f"{room}_queue": None for room in rooms})
    env = {**cloud.environment, "DATA_DIR": str(cloud.data)}
    processes = [pumps.Pumps(app, env), *(pumps.Pumps(app, env, room) for room in pumps.APART)]
    pumped = [name for process in processes for name, _ in process._steps()]
    assert sorted(pumped) == sorted([f"{room}_queue" for room in rooms] * pumps.FUNCTIONS_A_QUEUE + ["stream"])


def test_the_environment_of_the_functions_comes_from_the_template(cloud: LocalCloud, sqs: Any) -> None:
    env = cloud.environment
    assert env["STAGE"] == resources.STAGE
    assert env["TABLE_NAME"] == "aktivni-mesto-local"
    assert env["ORIGIN"] == cloud.origin
    queues = json.loads(env["QUEUE_URLS"])
    assert len(queues) == len(working())
    for url in queues.values():
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        assert json.loads(attributes["RedrivePolicy"])["maxReceiveCount"] in (5, "5")


def test_the_table_is_the_one_of_the_template(cloud: LocalCloud) -> None:
    dynamodb = client("dynamodb", cloud.environment["AWS_ENDPOINT_URL_DYNAMODB"])
    table = dynamodb.describe_table(TableName=cloud.environment["TABLE_NAME"])["Table"]
    assert {index["IndexName"] for index in table["GlobalSecondaryIndexes"]} == {"GSI1", "GSI2"}
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert table["DeletionProtectionEnabled"]
    ttl = dynamodb.describe_time_to_live(TableName=cloud.environment["TABLE_NAME"])["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
