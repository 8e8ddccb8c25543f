"""A click-day: 100 000 applications for 50 000 places, in a burst, with 1, 4 and 16 partitions for arrivals.

Two parts, and each says which it is. **Real**: a few hundred applications are submitted and allotted by the product's own
code on the local engine, and every write is attributed to the partition (of the table or of an index) that takes it.
**Model**: the whole day in virtual time. It knows DynamoDB's limit of 1 000 write units a second for each partition,
takes from the real part what an application writes where and how many requests a batch needs, and assumes how long a
request takes. Retries are those of the product; who was told to try again presses the button again.

It fails when somebody got over the ceiling, a place stayed unsold, or somebody was passed over.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import heapify, heappop, heappush, heapreplace
from typing import Any

from bench._ground import ground
from chalicelib.core import table as tables
from chalicelib.money.ledger.store import JOURNAL_PARTITIONS
from chalicelib.money.programmes import allocating

APPLICATIONS, PLACES = 100_000, 50_000
BURST_SECONDS = 10
UNVERIFIED = 50
"""One in so many is not known to the registry yet: they hold up nobody and are awarded nothing."""
BUCKETS = (1, 4, 16)
REAL_APPLICATIONS, REAL_PLACES = 128, 64

PARTITION_UNITS_A_SECOND = 1_000
READ_SECONDS, TRANSACTION_SECONDS = 0.008, 0.120
"""Assumed: one read request, and a transaction of about a hundred items, from a function in the same region."""
PRESSES_AGAIN_SECONDS = 5
INDEX_LAG_SECONDS_MAX = 1.0
REQUEUED_SECONDS = 1.0

SETTLES_SECONDS = allocating.SETTLES.total_seconds()
AWARDS = allocating.AWARDS_MAX
PUT_OFF = tables.TRANSACT_ITEMS_MAX // 4
"""Who is put on the waiting list writes the application, its history, its leaf and a letter."""
NEWS = allocating.NEWS_READ_MAX
ARRIVED = "GSI1 Q arrived"

type Shared = dict[str, float]
"""Write units that one application takes from partitions which many write to, by the kind of partition."""


# Real: the product's own code on the local engine


@dataclass
class Meter:
    """Requests by name, and write units by partition, of the phase that is on."""

    phase: str = ""
    requests: dict[str, Counter[str]] = field(default_factory=dict)
    units: dict[str, Counter[str]] = field(default_factory=dict)
    _entries: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def begin(self, phase: str) -> None:
        self.phase = phase
        self.requests[phase], self.units[phase] = Counter(), Counter()

    def note(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self.requests[self.phase][model.name] += 1
        several = [one for write in params.get("TransactItems", []) for one in write.values()]
        for write in several or ([params] if model.name in ("PutItem", "UpdateItem", "DeleteItem") else []):
            self._write(write, 2 if several else 1)

    def _write(self, write: dict[str, Any], times: int) -> None:
        """An item takes its units (twice in a transaction), and each entry of an index one, put or removed."""
        item = write.get("Item") or write["Key"]
        units, key = self.units[self.phase], (item["PK"]["S"], item["SK"]["S"])
        units[key[0]] += times
        values = write.get("Item") or {name[1:]: v for name, v in write.get("ExpressionAttributeValues", {}).items()}
        if "Item" not in write and "GSI1PK" not in values:
            return
        now = {index: f"{index} {values[f'{index}PK']['S']}" for index in ("GSI1", "GSI2") if f"{index}PK" in values}
        before = self._entries.get(key, {})
        for index in ("GSI1", "GSI2"):
            units.update({entry for entry in (before.get(index), now.get(index)) if entry})
        self._entries[key] = now

    def shared(self, phase: str, count: int) -> Shared:
        """What one of `count` applications takes from partitions that many write to."""
        found: Counter[str] = Counter()
        for name, units in self.units[phase].items():
            found[_kind(name)] += units
        return {kind: units / count for kind, units in found.items() if kind not in OWN}


OWN = {"A", "AN", "AU", "DEC", "DL", "G", "J", "M", "P", "GSI2 P"}
"""Kinds of partitions that belong to one application, one person or one message."""


def _kind(partition: str) -> str:
    """The kind of a partition: its name without the town, ids, the day and the number of its bucket."""
    index, _, key = partition.rpartition(" ")
    named = [part for part in key.split("#")[1:] if part.isalnum() and len(part) < IDS_FROM and not part.isdigit()]
    return " ".join([*([index] if index else []), *named])


IDS_FROM = 26


@contextmanager
def metered() -> Iterator[Meter]:
    from chalicelib.core.aws import client

    meter = Meter()
    meter.begin("before")
    events = client("dynamodb").meta.events
    events.register("provide-client-params.dynamodb", meter.note)
    try:
        yield meter
    finally:
        events.unregister("provide-client-params.dynamodb", meter.note)


@dataclass(frozen=True)
class Measured:
    """What the real click-day showed, for one application: units at shared partitions, reads and transactions."""

    submitted: Shared
    awarded: Shared
    told: Shared
    reads: float
    seconds: float


def real(buckets: int) -> Measured:
    """A small click-day by the product's own code: submissions, the allocator's awards, their news."""
    from chalicelib.money.programmes import allocating, service, store
    from tests.money.programmes import build

    store.ARRIVED_BUCKETS = buckets
    allocating.SETTLES = timedelta()
    with metered() as meter:
        programme = build.an_open(build.a_hall(), REAL_PLACES * build.AMOUNT, decides="arrival")
        people = [build.a_citizen() for _ in range(REAL_APPLICATIONS)]
        unverified = {who.id for n, who in enumerate(people) if n % UNVERIFIED == UNVERIFIED // 2}
        for id in unverified:
            build.verified(id, outcome="pending")
        drafts = [service.start(build.CITY, programme.id, who.id, who) for who in people]
        meter.begin("submit")
        sent = [service.submit(build.CITY, one.id, who) for one, who in zip(drafts, people, strict=True)]
        run = allocating._Run(build.CITY, programme, "bench")
        begun = time.perf_counter()
        meter.begin("award")
        run._award_all()
        meter.begin("tell")
        run._tell_all()
        seconds = time.perf_counter() - begun
    eligible = [one.id for one in sent if one.person not in unverified]
    awarded = [one.id for one in sent if service.application(build.CITY, one.id).state == "approved"]
    _must(service.budget(build.CITY, programme.id).free_minor == 0, "a place stayed unsold")
    _must(awarded == eligible[:REAL_PLACES], "somebody was passed over")
    asked = meter.requests["award"]
    return Measured(
        meter.shared("submit", REAL_APPLICATIONS),
        meter.shared("award", REAL_APPLICATIONS),
        meter.shared("tell", REAL_PLACES),
        sum(asked[name] for name in ("GetItem", "BatchGetItem", "Query")) / REAL_APPLICATIONS,
        seconds,
    )


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SystemExit(f"click-day: {otherwise}")


# Model: the whole day in virtual time


class Partition:
    """Partitions of one kind, as a bucket of write units that fills evenly: no credit from quiet minutes."""

    def __init__(self, partitions: int = 1) -> None:
        self.rate = self.left = float(PARTITION_UNITS_A_SECOND * partitions)
        self.at = 0.0

    def takes(self, at: float, units: float) -> bool:
        """Take the units now, or refuse as a throttled write is refused."""
        self._fill(at)
        if self.left < units:
            return False
        self.left -= units
        return True

    def ready(self, at: float, units: float) -> float:
        """Take the units as soon as they are there. Returns when."""
        self._fill(at)
        self.left -= units
        return at + max(0.0, -self.left / self.rate)

    def _fill(self, at: float) -> None:
        self.left = min(self.rate, self.left + max(0.0, at - self.at) * self.rate)
        self.at = max(self.at, at)


@dataclass
class Day:
    """How a click-day went: seconds from its opening, and how many were told to try again."""

    told_to_try_again: int = 0
    received_by: float = 0
    sold_by: float = 0
    decided_by: float = 0
    told_by: float = 0


class ClickDay:
    """The applicants, the partitions and the allocator of one day. Seconds count from the opening."""

    def __init__(self, buckets: int, measured: Measured) -> None:
        from chalicelib.money.programmes import store

        store.ARRIVED_BUCKETS = buckets
        self.measured = measured
        self.dice = random.Random(buckets)
        self.bucket = [store.bucket_of(f"application-{n}") for n in range(APPLICATIONS)]
        self.arrived = [Partition() for _ in range(buckets)]
        spread = {"GSI1 Q untold": buckets, "GSI1 D": JOURNAL_PARTITIONS}
        kinds = {*measured.awarded, *measured.told} - {ARRIVED}
        self.others = {kind: Partition(spread.get(kind, 1)) for kind in kinds}
        self.received: list[tuple[float, int]] = []
        self.lagging: list[tuple[float, tuple[float, int]]] = []
        self.seen: list[tuple[float, int]] = []
        self.indexed = 0
        self.awarded: list[int] = []
        self.put_off = self.handed_over = self.untold = 0
        self.day = Day()

    def run(self) -> Day:
        """Until everybody is decided and told."""
        opened = ((self.dice.uniform(0, BURST_SECONDS), n) for n in range(APPLICATIONS))
        attempts: list[tuple[float, int, Any]] = [(at, n, None) for at, n in opened]
        heapify(attempts)
        at = 0.0
        while attempts or self._left():
            at = self._step(at, attempts)
        return self.day

    def _left(self) -> bool:
        return len(self.awarded) + self.put_off + self.handed_over < len(self.received) or self.untold > 0

    # Applicants

    def _submissions(self, attempts: list[tuple[float, int, Any]], until: float) -> None:
        """Everybody's attempts up to a time: received, or tried again as `transact` does, or by the person later."""
        while attempts and attempts[0][0] <= until:
            at, n, trying = attempts[0]
            if self.arrived[self.bucket[n]].takes(at, self.measured.submitted[ARRIVED]):
                self.received.append((at, n))
                heappop(attempts)
                continue
            began, pauses = trying or (at, tables._pauses())
            pause = next(pauses)
            if at + pause - began > tables.RETRY_SECONDS_MAX:
                self.day.told_to_try_again += 1
                heapreplace(attempts, (at + PRESSES_AGAIN_SECONDS * self.dice.uniform(0.5, 1.5), n, None))
            else:
                heapreplace(attempts, (at + pause, n, (began, pauses)))

    def _index(self, until: float) -> None:
        """What was received comes into the index a moment later, and not in order."""
        for one in self.received[self.indexed :]:
            heappush(self.lagging, (one[0] + self.dice.uniform(0, INDEX_LAG_SECONDS_MAX), one))
        self.indexed = len(self.received)
        while self.lagging and self.lagging[0][0] <= until:
            heappush(self.seen, heappop(self.lagging)[1])

    # The allocator

    def _step(self, at: float, attempts: list[tuple[float, int, Any]]) -> float:
        """One run: awards for its time, then news for its time. Returns when the next may begin."""
        began = at
        while at - began < allocating.STEP.total_seconds():
            self._submissions(attempts, at)
            self._index(at)
            settled = at - SETTLES_SECONDS
            batch = [heappop(self.seen)[1] for _ in range(AWARDS) if self.seen and self.seen[0][0] <= settled]
            if not batch:
                break
            at = self._decide(batch, at)
        began = at
        while self.untold and at - began < allocating.STEP.total_seconds():
            some = min(self.untold, NEWS)
            at = self._wait(at + READ_SECONDS + TRANSACTION_SECONDS, self.measured.told, some)
            self.untold -= some
            self.day.told_by = at
        at = max(at + REQUEUED_SECONDS, began + (0 if self.untold or self.seen else REQUEUED_SECONDS))
        self._submissions(attempts, at)
        self._index(at)
        return at

    def _decide(self, batch: list[int], at: float) -> float:
        fits = [n for n in batch if n % UNVERIFIED != UNVERIFIED // 2]
        won = fits[: max(0, PLACES - len(self.awarded))]
        waits = len(fits) - len(won)
        unknown = len(batch) - len(fits)
        transactions = bool(won) + -(-waits // PUT_OFF) + unknown
        at += self.measured.reads * len(batch) * READ_SECONDS + transactions * TRANSACTION_SECONDS
        for n in batch:
            at = max(at, self.arrived[self.bucket[n]].ready(at, self.measured.awarded[ARRIVED]))
        at = self._wait(at, self.measured.awarded, len(batch))
        self.awarded += won
        self.untold += len(won)
        self.put_off += waits
        self.handed_over += unknown
        self.day.received_by = max(self.day.received_by, self.received[-1][0])
        self.day.sold_by = at if won else self.day.sold_by
        self.day.decided_by = at
        return at

    def _wait(self, at: float, units: Shared, count: int) -> float:
        """When the partitions have taken what so many applications write to them."""
        return max([at, *(self.others[kind].ready(at, n * count) for kind, n in units.items() if kind != ARRIVED)])

    def check(self) -> None:
        """Nobody over the ceiling, no place unsold, and in order of receipt."""
        in_order = [n for _, n in sorted(self.received) if n % UNVERIFIED != UNVERIFIED // 2]
        _must(len(self.received) == APPLICATIONS, "somebody was never received")
        _must(len(self.awarded) <= PLACES, "more was awarded than there is")
        _must(len(self.awarded) == PLACES, "a place stayed unsold")
        _must(self.awarded == in_order[:PLACES], "somebody was passed over")


def main() -> int:
    measured = {}
    for buckets in BUCKETS:
        with ground():
            measured[buckets] = real(buckets)
    _say(
        f"Real, on the local engine: {REAL_APPLICATIONS} applications for {REAL_PLACES} places by the product's own code,",
        "every place awarded, in order of receipt, nobody over the ceiling.",
        *(f"  {n:2} buckets: awards and news in {one.seconds:.1f} s" for n, one in measured.items()),
        "Write units of one application at partitions that others write to as well:",
        f"  submitted  {_units(measured[BUCKETS[-1]].submitted)}",
        f"  decided    {_units(measured[BUCKETS[-1]].awarded)}",
        f"  told       {_units(measured[BUCKETS[-1]].told)}",
        "",
        f"Model, in virtual time: {APPLICATIONS} applications for {PLACES} places within {BURST_SECONDS} s; "
        f"{PARTITION_UNITS_A_SECOND} write units a second for a partition;",
        f"assumed {1000 * READ_SECONDS:.0f} ms a read request, {1000 * TRANSACTION_SECONDS:.0f} ms a transaction, "
        f"an index up to {INDEX_LAG_SECONDS_MAX:.0f} s behind. Seconds from the opening:",
        "buckets  all received  told to try again  last place awarded  all decided  all told",
    )
    for buckets in BUCKETS:
        day = ClickDay(buckets, measured[buckets])
        went = day.run()
        day.check()
        _say(
            f"{buckets:7}  {went.received_by:12.0f}  {went.told_to_try_again:17}  {went.sold_by:18.0f}  "
            f"{went.decided_by:11.0f}  {went.told_by:8.0f}"
        )
    _say("Nobody over the ceiling, no place unsold, in order of receipt: each time.")
    return 0


def _units(shared: Shared) -> str:
    return ", ".join(f"{kind} {units:.2f}" for kind, units in sorted(shared.items())) or "none"


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    raise SystemExit(main())
