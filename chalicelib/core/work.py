"""Work that nobody waits for: what changed in the table, and jobs that are due. Every piece may run again."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any, Literal

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


type Step = Callable[[str, str | None], str | None]
"""One step of a town's job, of under five minutes: `step(city, cursor)` gives the next cursor, None when it is done."""


def local_time(at: Instant) -> datetime:
    return at.astimezone(PRAGUE)


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
