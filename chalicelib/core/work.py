"""Work that nobody waits for: what changed in the table, and jobs that are due. Every piece may run again."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any, Literal, Protocol

from chalicelib.core.aws import client
from chalicelib.core.clock import PRAGUE, Instant
from chalicelib.core.settings import settings

DELAY_SECONDS_MAX = 900
MESSAGES_A_REQUEST = 10
"""SQS takes no more in one."""


class NotAllSent(Exception):
    """A queue did not take every message."""


@dataclass(frozen=True)
class Change:
    """An item was written. It carries keys only: whoever wakes reads the item itself."""

    city: str
    kind: str
    pk: str
    sk: str
    event: Literal["INSERT", "MODIFY", "REMOVE"]


@dataclass(frozen=True)
class Job:
    """A scheduled job of a town, in resumable steps.

    `run(city, cursor)` does one step of under five minutes and returns the next cursor, or None when done.
    `due(local)` says for a Prague time (quarter of an hour) whether the job is due; `slot(local)` names the occasion,
    so that it is claimed once.
    """

    run: Callable[[str, str | None], str | None]
    due: Callable[[datetime], bool]
    slot: Callable[[datetime], str] = lambda local: local.date().isoformat()


def daily(hour: int, minute: int = 0) -> Callable[[datetime], bool]:
    """Due once a day from this Prague time on (the claim of the day keeps it to once)."""

    def due(local: datetime) -> bool:
        return (local.hour, local.minute) >= (hour, minute)

    due.__doc__ = f"Once a day, from {hour}:{minute:02} in Prague."
    return due


def always(_local: datetime) -> bool:
    """At every tick, each quarter of an hour."""
    return True


def quarter(local: datetime) -> str:
    """The slot of a job that runs at every tick. In the hour that comes twice each quarter is two slots."""
    return local.replace(minute=local.minute // 15 * 15).isoformat(timespec="minutes")


def local_time(at: Instant) -> datetime:
    return at.astimezone(PRAGUE)


class Jobs(Protocol):
    """What a room's jobs.py offers."""

    WAKES_ON: frozenset[str]
    JOBS: Mapping[str, Job]

    @property
    def changed(self) -> Callable[[Change], None]: ...


def send(room: str, message: Mapping[str, Any], delay_seconds: int = 0) -> None:
    """Put a message on a room's queue. It is delivered at least once."""
    client("sqs").send_message(
        QueueUrl=settings().queue_urls[room],
        MessageBody=json.dumps(message),
        DelaySeconds=min(delay_seconds, DELAY_SECONDS_MAX),
    )


def send_all(room: str, messages: Sequence[Mapping[str, Any]]) -> None:
    """Put many messages on a room's queue, ten a request. Raises NotAllSent; what was sent may then be sent again."""
    for some in batched(messages, MESSAGES_A_REQUEST, strict=False):
        answer = client("sqs").send_message_batch(
            QueueUrl=settings().queue_urls[room],
            Entries=[{"Id": str(n), "MessageBody": json.dumps(message)} for n, message in enumerate(some)],
        )
        if answer.get("Failed"):
            raise NotAllSent(room)
