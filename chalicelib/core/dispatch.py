"""How work reaches the rooms: the tick claims what is due, the stream wakes, the queues run. It knows no rule.

Everything is delivered at least once and in any order; a room's jobs may run again without harm.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import ModuleType
from typing import Any

from chalicelib.core import work
from chalicelib.core.clock import Instant
from chalicelib.core.rooms import Room
from chalicelib.core.table import Item, Key, commit, put, read
from chalicelib.core.telemetry import count, log, send_metrics
from chalicelib.core.work import Change, local_time

CLAIM_LIFE = timedelta(days=40)


class ClaimItem(Item):
    """AP-01: this town's job was sent for this occasion. Ephemeral."""

    KIND = "claim"


def tick(cities: Iterable[str], rooms: Mapping[str, Room], now: Instant) -> int:
    """Send every job that is due in every town, each occasion once. Returns how many were sent.

    A job is noted after it was sent: a tick that dies in between sends it again, and every job may run again.
    """
    local = local_time(now)
    sent = 0
    for city in cities:
        for room, manifest in rooms.items():
            for name, when in manifest.jobs.items():
                claim = _claim(city, f"{room}.{name}", when.occasion(local))
                if when.is_due(local) and read(ClaimItem, claim) is None:
                    work.send(room, {"job": name, "city": city, "cursor": None})
                    commit(put(ClaimItem(pk=claim.pk, sk=claim.sk, kind=ClaimItem.KIND, ttl=_until(now))))
                    sent += 1
    count("JobsSent", sent)
    send_metrics()
    return sent


def _claim(city: str, job: str, slot: str) -> Key:
    return Key(f"{city}#JOB#{job}", slot)


def _until(now: Instant) -> int:
    return int((now + CLAIM_LIFE).timestamp())


def stream(event: Mapping[str, Any], rooms: Mapping[str, Room]) -> None:
    """Copy the keys of what changed to the queues of the rooms that wake on its kind."""
    changes = [change for record in event["Records"] if (change := _change(record))]
    for room, manifest in rooms.items():
        work.send_all(room, [{"changed": change.__dict__} for change in changes if change.kind in manifest.wakes_on])


def _change(record: Mapping[str, Any]) -> Change | None:
    data = record["dynamodb"]
    image = data.get("NewImage") or data.get("OldImage")
    if not image or "kind" not in image:
        return None
    pk = image["PK"]["S"]
    return Change(pk.partition("#")[0], image["kind"]["S"], pk, image["SK"]["S"], record["eventName"])


def queue(event: Mapping[str, Any], room: str, jobs: ModuleType) -> dict[str, Any]:
    """Run the messages of a batch; the failed ones are named, so that only they come again."""
    failed = []
    for record in event["Records"]:
        try:
            _run(json.loads(record["body"]), room, jobs)
        except Exception:
            log.exception("queue message failed", room=room, message_id=record["messageId"])
            count("QueueMessageFailed")
            failed.append({"itemIdentifier": record["messageId"]})
    send_metrics()
    return {"batchItemFailures": failed}


def _run(message: Mapping[str, Any], room: str, jobs: ModuleType) -> None:
    if "changed" in message:
        jobs.changed(Change(**message["changed"]))
        return
    city, name = message["city"], message["job"]
    cursor = jobs.JOBS[name](city, message.get("cursor"))
    if cursor is not None:
        work.send(room, {"job": name, "city": city, "cursor": cursor})
    else:
        count(f"JobDone.{room}.{name}")
