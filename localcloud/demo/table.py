"""Writing many items at once, into a table where nothing of them is yet.

History is written by the rooms' own functions; only their conditions ("must not exist yet") are left aside, because
a batch has none. Money never goes this way: it moves by the ledger's transactions.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import batched
from typing import Any

from chalicelib.core import aws
from chalicelib.core.aws import client
from chalicelib.core.settings import settings
from chalicelib.core.table import Item, Write
from chalicelib.town.messages.store import MessageItem

BATCH = 25
WRITERS = 4
PATIENT_SECONDS = 60


class Batch:
    """Collects items; `flush` writes them, in any order, each key once."""

    def __init__(self) -> None:
        self._items: dict[tuple[str, str], dict[str, Any]] = {}

    def add(self, *writes: Write) -> None:
        """Writes as the rooms' stores make them. Removing what is not there is nothing to do."""
        for write in writes:
            if write.op == "Put":
                self._keep(write.request["Item"])
            elif write.op == "Update":
                assert isinstance(write.item, MessageItem), write.item.KIND
                self.put(_as_sent(write.item))
            else:
                assert write.op == "Delete"

    def put(self, item: Item) -> None:
        self._keep(item.get_save_kwargs_from_instance()["Item"])

    def _keep(self, raw: Any) -> None:
        self._items[raw["PK"]["S"], raw["SK"]["S"]] = raw

    def flush(self) -> int:
        """Write everything; gives how many items."""
        count = len(self._items)
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(_write, batched(self._items.values(), BATCH, strict=False)))
        self._items.clear()
        return count


def _as_sent(item: MessageItem) -> MessageItem:
    """A message of the past: it lies in the inbox and was sent when it was told."""
    item.state, item.channel, item.sent_at = "sent", "email", item.queued_at
    item.gsi1_pk = item.gsi1_sk = None
    return item


def _write(items: Iterable[dict[str, Any]]) -> None:
    write_requests([{"PutRequest": {"Item": item}} for item in items])


def write_requests(requests: list[dict[str, Any]]) -> None:
    """Put or delete up to BATCH items, until all are done."""
    left: Any = {settings().table_name: requests}
    while left:
        left = client("dynamodb").batch_write_item(RequestItems=left).get("UnprocessedItems")


@contextmanager
def patient() -> Iterator[None]:
    """Clients give up after seconds, as a function must; a fill waits, however busy the machine is."""
    seconds, aws.READ_SECONDS_MAX = aws.READ_SECONDS_MAX, PATIENT_SECONDS
    aws._client.cache_clear()
    try:
        yield
    finally:
        aws.READ_SECONDS_MAX = seconds
        aws._client.cache_clear()


def together(pieces: Sequence[Callable[[], None]], writers: int = WRITERS) -> None:
    """Run pieces that do not touch each other at once. The first fault ends it."""
    with ThreadPoolExecutor(writers) as pool:
        for done in [pool.submit(piece) for piece in pieces]:
            done.result()
