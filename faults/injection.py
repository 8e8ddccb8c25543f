"""Faults between the code and DynamoDB, put in where botocore sends: no engine here gives them by itself.

What a real table does now and then: it refuses because another transaction is at the item, it throttles, it fails
inside, a request never arrives, an answer never comes back, and a request that was given up arrives late.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from threading import Thread
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from chalicelib.core.aws import client

LATE_SECONDS = 0.15
"""How long after it was given up a late request arrives: after the first of our own retries."""


class Fault(StrEnum):
    """What may happen to one request."""

    CONFLICT = "conflict"  # another transaction is at the item: nothing was done
    THROTTLED = "throttled"  # over the capacity: nothing was done
    INTERNAL = "internal error"  # HTTP 500 before any effect
    DROPPED = "dropped before effect"  # the request never arrived
    LOST = "answer lost after effect"  # it was done, and nobody heard
    FAILED_AFTER = "internal error after effect"  # HTTP 500, and yet it was done
    LATE = "arrived late"  # given up by the client, done a moment later


type Choice = Callable[[str], Fault | None]
"""Decides the fate of a request from the operation's name (`TransactWriteItems`); None lets it through."""


@contextmanager
def faults(choose: Choice) -> Iterator[Counter[Fault]]:
    """Within the block, requests of the shared DynamoDB client meet the faults chosen; gives the count of each."""
    met: Counter[Fault] = Counter()
    events: Any = client("dynamodb").meta.events

    def hook(request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse | None:
        fault = choose(event_name.rsplit(".", 1)[1])
        if fault is None:
            return None
        met[fault] += 1
        return _MEETS[fault](request)

    events.register("before-send.dynamodb", hook)
    try:
        yield met
    finally:
        events.unregister("before-send.dynamodb", hook)


def _conflict(request: AWSPreparedRequest) -> AWSResponse:
    body: Any = request.body
    items = json.loads(body).get("TransactItems")
    if items is None:
        return _answer(request, 400, "TransactionConflictException")
    reasons = [{"Code": "None"}] * (len(items) - 1) + [{"Code": "TransactionConflict"}]
    return _answer(request, 400, "TransactionCanceledException", CancellationReasons=reasons)


def _throttled(request: AWSPreparedRequest) -> AWSResponse:
    return _answer(request, 400, "ProvisionedThroughputExceededException")


def _internal(request: AWSPreparedRequest) -> AWSResponse:
    return _answer(request, 500, "InternalServerError")


def _dropped(request: AWSPreparedRequest) -> AWSResponse:
    raise ConnectionClosedError(endpoint_url=request.url)


def _lost(request: AWSPreparedRequest) -> AWSResponse:
    _send(request)
    raise ReadTimeoutError(endpoint_url=request.url)


def _failed_after(request: AWSPreparedRequest) -> AWSResponse:
    _send(request)
    return _internal(request)


def _late(request: AWSPreparedRequest) -> AWSResponse:
    def later() -> None:
        time.sleep(LATE_SECONDS)
        _send(request)

    Thread(target=later, daemon=True).start()
    raise ReadTimeoutError(endpoint_url=request.url)


_MEETS: dict[Fault, Callable[[AWSPreparedRequest], AWSResponse]] = {
    Fault.CONFLICT: _conflict,
    Fault.THROTTLED: _throttled,
    Fault.INTERNAL: _internal,
    Fault.DROPPED: _dropped,
    Fault.LOST: _lost,
    Fault.FAILED_AFTER: _failed_after,
    Fault.LATE: _late,
}


def _send(request: AWSPreparedRequest) -> None:
    """Send it as botocore would, and look at nothing that comes back."""
    endpoint: Any = client("dynamodb")._endpoint  # type: ignore[attr-defined]
    try:
        endpoint.http_session.send(request)
    except Exception:  # the engine may be down just then: the answer is lost either way
        return


class _Body:
    """The raw body of an answer that nobody sent."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content


def _answer(request: AWSPreparedRequest, status: int, code: str, **more: Any) -> AWSResponse:
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code} | more).encode()
    headers: Any = {"content-type": "application/x-amz-json-1.0"}
    return AWSResponse(request.url, status, headers, _Body(body))
