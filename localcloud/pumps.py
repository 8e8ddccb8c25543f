"""What Lambda's event sources do on AWS: the schedule, the queues and the table's stream call their handlers.

`python -m localcloud.pumps` is a process of the local cloud, and `python -m localcloud.pumps <room>` one for each room
that is apart; the environment tells them everything. A failed message or record comes again, as on AWS, only sooner:
nobody at a demo waits for half an hour.
"""

import base64
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from chalicelib.core.clock import now
from localcloud.resources import client

log = logging.getLogger("pumps")

BATCH_MESSAGES, BATCH_RECORDS = 10, 100
POLL_SECONDS = 2
IDLE_SECONDS = 0.15
INVISIBLE_SECONDS = 120
"""How long a message of a killed run stays away. The queues' own time is sized for Lambda's longest step."""
STOP_SECONDS = 8
APART = ("vouchers",)
"""Rooms with a process of their own: drawing PDFs would hold up everybody else's threads."""
FUNCTIONS_A_QUEUE = 2
"""How many batches of a queue run at once: Lambda runs up to ten, and no room may lean on being alone."""
STREAM_TRIES_MAX = 5
AGAIN_SECONDS_MAX = 60
QUARTER = timedelta(minutes=15)

type Handler = Callable[[Mapping[str, Any], Any], Any]


def again_seconds(received: int) -> int:
    """How long a message that failed for the n-th time stays away: 1, 4, 9 … seconds."""
    return min(received**2, AGAIN_SECONDS_MAX)


class QueuePump:
    """Takes the messages of one queue to its handler and deletes those that it did not name as failed."""

    def __init__(self, sqs: Any, url: str, handler: Handler) -> None:
        self._sqs = sqs
        self._url = url
        self._handler = handler
        self._arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def pump(self, wait_seconds: int = POLL_SECONDS) -> int:
        """One batch; gives how many messages came."""
        messages = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=BATCH_MESSAGES,
            WaitTimeSeconds=wait_seconds,
            VisibilityTimeout=INVISIBLE_SECONDS,
            MessageSystemAttributeNames=["All"],
        ).get("Messages", [])
        if messages:
            failed = self._failed(messages)
            for message in messages:
                self._finish(message, failed=message["MessageId"] in failed)
        return len(messages)

    def _failed(self, messages: list[dict[str, Any]]) -> set[str]:
        try:
            answer = self._handler({"Records": [self._record(each) for each in messages]}, None) or {}
        except Exception:
            log.exception("a handler failed with its whole batch")
            return {each["MessageId"] for each in messages}
        return {each["itemIdentifier"] for each in answer.get("batchItemFailures", [])}

    def _finish(self, message: dict[str, Any], *, failed: bool) -> None:
        receipt = {"QueueUrl": self._url, "ReceiptHandle": message["ReceiptHandle"]}
        if failed:
            received = int(message["Attributes"]["ApproximateReceiveCount"])
            self._sqs.change_message_visibility(**receipt, VisibilityTimeout=again_seconds(received))
        else:
            self._sqs.delete_message(**receipt)

    def _record(self, message: dict[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "messageAttributes": {},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._arn,
            "awsRegion": "eu-central-1",
        }


@dataclass
class Checkpoint:
    """How far the stream was read; on disk before the next batch is asked for."""

    file: Path

    def read(self, stream: str, shard: str) -> str | None:
        kept = self._all()
        return kept["shards"].get(shard) if kept.get("stream") == stream else None

    def write(self, stream: str, shard: str, number: str) -> None:
        kept = self._all()
        shards = kept["shards"] if kept.get("stream") == stream else {}
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps({"stream": stream, "shards": {**shards, shard: number}}))
        new.replace(self.file)

    def _all(self) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = json.loads(self.file.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return kept


class StreamPump:
    """Takes the table's changes to their handler in order, from where it stopped the last time."""

    def __init__(self, streams: Any, stream: str, handler: Handler, checkpoint: Checkpoint) -> None:
        self._streams = streams
        self._stream = stream
        self._handler = handler
        self._checkpoint = checkpoint
        self._iterators: dict[str, str] = {}
        self._tries = 0

    def pump(self) -> int:
        """One batch of every shard; gives how many records were handled. A failed batch comes again."""
        shards = self._streams.describe_stream(StreamArn=self._stream)["StreamDescription"]["Shards"]
        return sum(self._pump_shard(shard["ShardId"]) for shard in shards)

    def _pump_shard(self, shard: str) -> int:
        iterator = self._iterators.get(shard) or self._iterator(shard)
        got = self._streams.get_records(ShardIterator=iterator, Limit=BATCH_RECORDS)
        records = got["Records"]
        if records and not self._handled(records):
            self._iterators.pop(shard, None)
            return 0
        if records:
            self._checkpoint.write(self._stream, shard, records[-1]["dynamodb"]["SequenceNumber"])
        if got.get("NextShardIterator"):
            self._iterators[shard] = got["NextShardIterator"]
        return len(records)

    def _iterator(self, shard: str) -> str:
        place: dict[str, str] = {"ShardIteratorType": "TRIM_HORIZON"}
        if number := self._checkpoint.read(self._stream, shard):
            # boto3 wants the 21 digits that AWS's own numbers have.
            place = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": number.zfill(21)}
        found: str = self._streams.get_shard_iterator(StreamArn=self._stream, ShardId=shard, **place)["ShardIterator"]
        return found

    def _handled(self, records: list[dict[str, Any]]) -> bool:
        """True when the batch is done, or given up after its last try: every wake-up has a sweep behind it."""
        try:
            self._handler({"Records": [self._record(each) for each in records]}, None)
        except Exception:
            self._tries += 1
            log.exception("the stream's handler failed, try %s", self._tries)
            if self._tries < STREAM_TRIES_MAX:
                time.sleep(again_seconds(self._tries))
                return False
        self._tries = 0
        return True

    def _record(self, record: dict[str, Any]) -> dict[str, Any]:
        change = dict(record["dynamodb"])
        change["ApproximateCreationDateTime"] = int(change["ApproximateCreationDateTime"].timestamp())
        return {**record, "dynamodb": _plain(change), "eventSourceARN": self._stream}


def _plain(value: Any) -> Any:
    """Bytes as Lambda gives them: base64 text."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


def tick_event(at: datetime) -> dict[str, Any]:
    """What EventBridge sends every quarter of an hour."""
    return {
        "version": "0",
        "source": "aws.events",
        "detail-type": "Scheduled Event",
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "detail": {},
    }


def seconds_to_quarter(at: datetime) -> float:
    """How long until the next full quarter of an hour."""
    quarter = QUARTER.total_seconds()
    return quarter - at.timestamp() % quarter


class Pumps:
    """What one process pumps, in threads, until it is asked to stop: a room's queue, or all that is not apart."""

    def __init__(self, app: Any, env: Mapping[str, str], room: str = "") -> None:
        self._app = app
        self._env = env
        self._room = room
        self._stopping = threading.Event()

    def run(self) -> None:
        """Until `stop`; then a batch that is under way may end. What does not comes again."""
        threads = [threading.Thread(target=self._keep, args=(name, step)) for name, step in self._steps()]
        if not self._room:
            threads.append(threading.Thread(target=self._tick))
        for thread in threads:
            thread.daemon = True
            thread.start()
        self._stopping.wait()
        deadline = time.monotonic() + STOP_SECONDS
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def stop(self) -> None:
        self._stopping.set()

    def _steps(self) -> Iterator[tuple[str, Callable[[], int]]]:
        aws, dynamodb = self._env["AWS_ENDPOINT_URL"], self._env["AWS_ENDPOINT_URL_DYNAMODB"]
        for room, url in json.loads(self._env["QUEUE_URLS"]).items():
            if room != self._room and (self._room or room in APART):
                continue
            handler = getattr(self._app, f"{room}_queue")
            for _ in range(FUNCTIONS_A_QUEUE):
                yield f"{room}_queue", QueuePump(client("sqs", aws), url, handler).pump
        if self._room:
            return
        table = client("dynamodb", dynamodb).describe_table(TableName=self._env["TABLE_NAME"])["Table"]
        checkpoint = Checkpoint(Path(self._env["DATA_DIR"]) / "stream.json")
        streams = client("dynamodbstreams", dynamodb)
        yield "stream", StreamPump(streams, table["LatestStreamArn"], self._app.stream, checkpoint).pump

    def _keep(self, name: str, step: Callable[[], int]) -> None:
        """Run a step for ever; what goes wrong is noted, and tried again."""
        while not self._stopping.is_set():
            try:
                if step() == 0:
                    self._stopping.wait(IDLE_SECONDS)
            except Exception:
                log.exception("%s is at fault", name)
                self._stopping.wait(1)

    def _tick(self) -> None:
        """Now, because this machine may have slept through a day, and then at every quarter of an hour."""
        while not self._stopping.is_set():
            at = now()
            try:
                self._app.tick(tick_event(at), None)
            except Exception:
                log.exception("the tick is at fault")
            self._stopping.wait(seconds_to_quarter(at))


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    pumps = Pumps(import_module("app"), os.environ, *sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda *_: pumps.stop())
    pumps.run()


if __name__ == "__main__":
    main()
