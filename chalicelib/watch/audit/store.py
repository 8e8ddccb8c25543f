"""Keys of seals, proofs and bookings, and the books read raw, as they lie: the one scan there is.

A run of the proof belongs to the installation, not to a town; its keys begin with `*`, which no town is called.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import batched, islice
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.aws import client
from chalicelib.core.clock import Instant, now, to_text
from chalicelib.core.refusals import ChangedMeanwhile
from chalicelib.core.settings import settings
from chalicelib.core.table import (
    DayAttribute,
    InstantAttribute,
    Item,
    Key,
    NounAttribute,
    Page,
    Query,
    Write,
    change,
    items_in,
    page_of_items,
    put,
    put_new,
    read,
    retried,
)
from chalicelib.money.ledger import service as ledger
from chalicelib.watch.audit.model import Booking, Late, Proof, Seal, Stored, Tally, Turned

WORKING_LIFE = timedelta(days=40)
"""How long what a run kept between its steps stays; its outcome stays for ever."""
TOGETHER_MAX = 100
"""TransactGetItems takes no more."""
TURN_SECONDS = 0.0005


def seal_key(city: str, day: date) -> Key:
    """AP-300: a town's seals, one a day, in order of days."""
    return Key(f"{city}#SEAL", day.isoformat())


def look_again_key(city: str, day: str) -> Key:
    """AP-301: a sealed day that has entries which no seal has; the next seal looks at it again."""
    return Key(f"{city}#SEALLATE", day)


def booking_key(city: str, day: date) -> Key:
    """AP-302: what accounting books of the entries that a day's seal holds."""
    return Key(f"{city}#BOOK", day.isoformat())


def proof_key(city: str, run: str) -> Key:
    """AP-303: what a run of the proof found in a town, newest last."""
    return Key(f"{city}#PROOF", run)


def run_key(run: str) -> Key:
    """AP-304: a run of the proof over all towns; which of its segments are done lies beside it."""
    return Key(f"*#PROOF#{run}", "A")


def segment_key(run: str, segment: int) -> Key:
    """AP-305: a segment of a run that was read to its end."""
    return Key(run_key(run).pk, f"S#{segment:06}")


def tally_key(city: str, run: str, segment: int) -> Key:
    """AP-306: what one segment of a run found of a town."""
    return Key(f"{city}#PROOF#{run}", f"S#{segment:06}")


def note_key(city: str, at: str) -> Key:
    """AP-307: that a freeze switch was turned, with the reason in words, in order of time."""
    return Key(f"{city}#FREEZES", at)


class SealItem(Item):
    KIND = "seal"
    city = UnicodeAttribute()
    n = NumberAttribute()
    day = DayAttribute()
    leaves = NumberAttribute()
    root = UnicodeAttribute()
    prev_root = UnicodeAttribute()
    late = NounAttribute[tuple[Late, ...]](tuple[Late, ...])
    sealed_at = InstantAttribute()


class LookAgainItem(Item):
    KIND = "seal_late_day"


class BookingItem(Item):
    KIND = "bookings"
    rows = NounAttribute[tuple[Booking, ...]](tuple[Booking, ...])


class ProofItem(Item):
    KIND = "proof"
    proof = NounAttribute[Proof](Proof)


class RunItem(Item):
    """A run: when it began, up to when it counts, into how many segments it is cut, and for which town (empty: all)."""

    KIND = "proof_run"
    run = UnicodeAttribute()
    city = UnicodeAttribute()
    started_at = InstantAttribute()
    counts_to = InstantAttribute()
    salt = UnicodeAttribute()
    segments = NumberAttribute()
    sent = BooleanAttribute()


class SegmentItem(Item):
    KIND = "proof_segment"
    capacity_units = NumberAttribute()


class TallyItem(Item):
    KIND = "proof_tally"
    tally = UnicodeAttribute()


class FreezeNoteItem(Item):
    KIND = "freeze_note"
    what = UnicodeAttribute()
    id = UnicodeAttribute()
    on = BooleanAttribute()
    by = UnicodeAttribute()
    reason = UnicodeAttribute()
    turned_at = InstantAttribute()


# Seals


def seals(city: str, limit: int, cursor: str | None) -> Page[Seal]:
    """Newest first."""
    query = Query(seal_key(city, date.min).pk, descending=True)
    return page_of_items(query, limit, cursor).map(_seal)


def _seal(item: Item) -> Seal:
    assert isinstance(item, SealItem)
    return item.noun(Seal, count=int(item.leaves))


def seal(city: str, day: date) -> Seal | None:
    item = read(SealItem, seal_key(city, day))
    return _seal(item) if item else None


def last_seal(city: str) -> Seal | None:
    query = Query(seal_key(city, date.min).pk, descending=True)
    return next((_seal(item) for item in items_in(query, 1, consistent=True)), None)


def seals_from(city: str, day: date) -> Iterator[Seal]:
    """The seals of a day and of those after it, in order."""
    query = Query(seal_key(city, day).pk, between=(day.isoformat(), date.max.isoformat()))
    for item in items_in(query, consistent=True):
        yield _seal(item)


def all_seals(city: str) -> Iterator[Seal]:
    yield from seals_from(city, date.min)


def new_seal(noun: Seal) -> Write:
    """The seal's row. A day is sealed once: the row that is there stays."""
    return put_new(SealItem.of(noun, seal_key(noun.city, noun.day), leaves=noun.count), lambda _old: AlreadySealed())


class AlreadySealed(Exception):
    """Somebody sealed this day before."""


def look_again(city: str, day: str) -> Write:
    return put(LookAgainItem.at(look_again_key(city, day)))


def to_look_again(city: str) -> list[date]:
    return [date.fromisoformat(item.sk) for item in items_in(Query(look_again_key(city, "").pk), consistent=True)]


def looked_again(city: str, day: date) -> None:
    LookAgainItem.at(look_again_key(city, day.isoformat())).delete(add_version_condition=False)


# Bookings


def keep_bookings(city: str, day: date, rows: tuple[Booking, ...]) -> Write:
    """What a day's seal books. Written again it is the same."""
    key = booking_key(city, day)
    return put(BookingItem(pk=key.pk, sk=key.sk, kind=BookingItem.KIND, rows=rows))


def bookings_between(city: str, first: date, last: date) -> Iterator[Booking]:
    """What was booked of these days, whichever seal holds it: what came late stands in a later one."""
    query = Query(booking_key(city, first).pk, between=(first.isoformat(), date.max.isoformat()))
    for item in items_in(query):
        assert isinstance(item, BookingItem)
        for place, row in enumerate(item.rows, 1):
            if first <= row.day <= last:
                yield replace(row, document=f"AM-{item.sk.replace('-', '')}-{place:03}")


# Runs of the proof


def new_run(run: str, city: str, started_at: Instant, counts_to: Instant, salt: str, segments: int) -> Write:
    key = run_key(run)
    item = RunItem(
        pk=key.pk,
        sk=key.sk,
        kind=RunItem.KIND,
        run=run,
        city=city,
        started_at=started_at,
        counts_to=counts_to,
        salt=salt,
        segments=segments,
        sent=False,
        ttl=_end_of_work(),
    )
    return put_new(item, lambda _old: AlreadyRunning())


class AlreadyRunning(Exception):
    """This run was begun before."""


def _end_of_work() -> int:
    return int((now() + WORKING_LIFE).timestamp())


def run(run: str) -> RunItem | None:
    return read(RunItem, run_key(run))


def all_sent(run: str) -> Write:
    item = RunItem.at(run_key(run))
    return change(item, [RunItem.sent.set(True)], RunItem.pk.exists())


def segment_done(run: str, segment: int) -> bool:
    return read(SegmentItem, segment_key(run, segment)) is not None


def finish_segment(run: str, segment: int, capacity_units: int) -> Write:
    """Last of all that a segment writes: its tallies are there when this is."""
    key = segment_key(run, segment)
    return put(
        SegmentItem(pk=key.pk, sk=key.sk, kind=SegmentItem.KIND, capacity_units=capacity_units, ttl=_end_of_work())
    )


def segments_done(run: str) -> list[int]:
    """The capacity units of each segment that is done."""
    query = Query(run_key(run).pk, begins="S#")
    return [int(item.capacity_units) for item in items_in(query, consistent=True) if isinstance(item, SegmentItem)]


def keep_tally(city: str, run: str, segment: int, tally: Tally) -> Write:
    key = tally_key(city, run, segment)
    return put(TallyItem(pk=key.pk, sk=key.sk, kind=TallyItem.KIND, tally=tally.text(), ttl=_end_of_work()))


def tallies(city: str, run: str) -> Iterator[Tally]:
    for item in items_in(Query(tally_key(city, run, 0).pk, begins="S#"), consistent=True):
        if isinstance(item, TallyItem):
            yield Tally.read(str(item.tally))


def keep_proof(city: str, proof: Proof) -> Write:
    key = proof_key(city, proof.run)
    return put(ProofItem(pk=key.pk, sk=key.sk, kind=ProofItem.KIND, proof=proof))


def proofs(city: str, limit: int, cursor: str | None) -> Page[Proof]:
    """Newest first."""
    return page_of_items(Query(proof_key(city, "").pk, descending=True), limit, cursor).map(_proof)


def _proof(item: Item) -> Proof:
    assert isinstance(item, ProofItem)
    return item.proof


def proof(city: str, run: str) -> Proof | None:
    item = read(ProofItem, proof_key(city, run))
    return item.proof if item else None


# The books, raw


_BOOKS = ("grant", "budget", "transfer", "decision")
_BALANCES = (
    "total_minor",
    "free_minor",
    "paid_minor",
    "paid_next_minor",
    "spendable_minor",
    "held_minor",
    "day_spent_minor",
    "year",
    "v",
)
_READ = (
    *("PK", "SK", "kind", "card", "GSI1PK", "GSI1SK", "GSI2PK", "payout_line"),
    *(*_BALANCES, "programme", "day", "state", "single_use", "category_spent", "category_limits"),
)
"""What `_stored` looks at. The rest would be carried and parsed in vain: the longest part of a pass."""


def table_size() -> tuple[int, int]:
    """(bytes, items) of the table, as of some hours ago."""
    told = client("dynamodb").describe_table(TableName=settings().table_name)["Table"]
    return told.get("TableSizeBytes", 0), told.get("ItemCount", 0)


class Scan:
    """A segment of the table, partition by partition. `capacity_units` and `items` grow as it is read.

    A scan gives the items of one partition one after another. Should it ever not, a partition would come in two parts,
    look wrong, and be cleared by the consistent look that every difference gets.
    """

    def __init__(self, segment: int, segments: int, city: str = "") -> None:
        self.capacity_units = 0.0
        self._request: dict[str, Any] = {
            "TableName": settings().table_name,
            "Segment": segment,
            "TotalSegments": segments,
            "ConsistentRead": True,
            "ReturnConsumedCapacity": "TOTAL",
            "FilterExpression": "#kind IN (:grant, :budget, :transfer, :decision)",
            "ProjectionExpression": ", ".join(f"#{name}" for name in _READ),
            "ExpressionAttributeNames": {f"#{name}": name for name in _READ},
            "ExpressionAttributeValues": {f":{kind}": {"S": kind} for kind in _BOOKS},
        }
        if city:
            self._request["FilterExpression"] += " AND begins_with(PK, :city)"
            self._request["ExpressionAttributeValues"][":city"] = {"S": f"{city}#"}

    def __iter__(self) -> Iterator[list[Stored]]:
        partition: list[Stored] = []
        for raw in self._items():
            item = _stored(raw)
            if partition and partition[0].pk != item.pk:
                yield partition
                partition = []
            partition.append(item)
        if partition:
            yield partition

    def _items(self) -> Iterator[Mapping[str, Any]]:
        """A page is read while the one before it is looked at, so the pass takes about as long as the reading alone."""
        scan = partial(client("dynamodb").scan, **self._request)
        with _threads_taking_turns_often(), ThreadPoolExecutor(1) as reader:
            coming = reader.submit(retried, scan)
            while True:
                page = coming.result()
                start = page.get("LastEvaluatedKey")
                if start:
                    coming = reader.submit(retried, partial(scan, ExclusiveStartKey=start))
                self.capacity_units += page["ConsumedCapacity"]["CapacityUnits"]
                yield from page["Items"]
                if not start:
                    return


@contextmanager
def _threads_taking_turns_often() -> Iterator[None]:
    """A page comes in some eighty pieces, and after each the reading thread asks for the interpreter: at the usual five
    milliseconds a turn a page would wait longer than it is on its way."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def _stored(raw: Mapping[str, Any]) -> Stored:
    def text(name: str) -> str:
        found: str = raw.get(name, {}).get("S", "")
        return found

    kind: Any = text("kind")
    is_account = kind in ("grant", "budget")
    return Stored(
        pk=text("PK"),
        sk=text("SK"),
        kind=kind,
        v=int(raw.get("v", {}).get("N", 0)),
        body="" if is_account else text("card"),
        journal=(text("GSI1PK"), text("GSI1SK")),
        owed=text("GSI2PK"),
        line=text("payout_line"),
        balances=_balances(raw) if is_account else {},
    )


def _balances(raw: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {name: int(raw[name]["N"]) for name in _BALANCES if "N" in raw.get(name, {})}
    by_category = raw.get("category_spent", {}).get("M", {})
    spent = {category: int(value["N"]) for category, value in by_category.items() if value.get("N", "0") != "0"}
    words = {name: raw.get(name, {}).get("S", "") for name in ("programme", "day", "state")}
    single_use = raw.get("single_use", {}).get("BOOL", False)
    limited = json.loads(raw.get("category_limits", {}).get("S", "null")) or {}
    return {**numbers, **words, "single_use": single_use, "category_spent": spent, "limited": tuple(limited)}


def partition(pk: str) -> list[Stored]:
    """What of the books lies in a partition, by a consistent read."""
    rows = _pages(Query(pk).request() | {"ConsistentRead": True})
    return [_stored(raw) for raw in rows if raw.get("kind", {}).get("S") in _BOOKS]


def _pages(request: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
    while True:
        answer = retried(partial(client("dynamodb").query, **request))
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def journal(city: str, day: date, since: str = "") -> Iterator[Stored]:
    """Everything that the journal shows of a Prague day from a time on, by its eight partitions, readable or not."""
    for part in range(ledger.JOURNAL_PARTITIONS):
        for raw in _pages(_of_part(city, day, part, since).request()):
            yield _entry(raw)


def journal_since(city: str, day: date, part: int, since: str, limit: int) -> list[Stored]:
    """Of one partition of a day's journal what stands from a place (`time#id`) on, at most `limit`."""
    request = _of_part(city, day, part, since).request() | {"Limit": limit}
    return [_entry(raw) for raw in islice(_pages(request), limit)]


def _of_part(city: str, day: date, part: int, since: str) -> Query:
    whole = ledger.journal_query(city, day.isoformat(), part)
    return replace(whole, between=(since, "~")) if since else whole


def _entry(raw: Mapping[str, Any]) -> Stored:
    """The index does not say whether an entry is a transfer or a decision; its text does."""
    item = _stored(raw)
    is_decision = '"kind":"decision"' in item.body
    return replace(item, kind="decision" if is_decision else "transfer")


def together(keys: Sequence[Key]) -> list[Stored]:
    """These items as they were at one moment: TransactGetItems, at most TOGETHER_MAX."""
    table = settings().table_name
    gets: Any = [{"Get": {"TableName": table, "Key": {"PK": {"S": key.pk}, "SK": {"S": key.sk}}}} for key in keys]
    answer = retried(partial(client("dynamodb").transact_get_items, TransactItems=gets))
    return [_stored(each["Item"]) for each in answer["Responses"] if "Item" in each]


def bodies_at(keys: Sequence[Key]) -> dict[Key, str]:
    """The texts of entries by their keys, consistently, a hundred a request; one that is not there is left out."""
    found: dict[Key, str] = {}
    table = settings().table_name
    for some in batched(keys, TOGETHER_MAX, strict=False):
        asked: Any = {table: {"Keys": [{"PK": {"S": k.pk}, "SK": {"S": k.sk}} for k in some], "ConsistentRead": True}}
        while asked:
            answer = retried(partial(client("dynamodb").batch_get_item, RequestItems=asked))
            for raw in answer["Responses"].get(table, []):
                item = _stored(raw)
                found[Key(item.pk, item.sk)] = item.body
            asked = answer.get("UnprocessedKeys")
    return found


def budget_row(city: str, programme: str) -> Stored | None:
    """A programme's budget, consistently."""
    return next((item for item in partition(f"{city}#B#{programme}") if item.kind == "budget"), None)


def set_balances(account: Stored, balances: Mapping[str, Any]) -> None:
    """Set figures of an account that nothing changed since it was read. Raises ChangedMeanwhile."""
    if "category_spent" in balances:  # a category with a limit has a figure also where nothing is spent on it
        spent = dict.fromkeys(account.balances["limited"], 0) | dict(balances["category_spent"])
        balances = {**balances, "category_spent": spent}
    names = {f"#{n}": name for n, name in enumerate(balances)}
    values = {f":{n}": _raw_value(value) for n, value in enumerate(balances.values())}
    sets = ", ".join(f"#{n} = :{n}" for n in range(len(balances)))
    try:
        client("dynamodb").update_item(
            TableName=settings().table_name,
            Key={"PK": {"S": account.pk}, "SK": {"S": account.sk}},
            UpdateExpression=f"SET {sets}, v = :next",
            ConditionExpression="v = :seen",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={
                **values,
                ":seen": {"N": str(account.v)},
                ":next": {"N": str(account.v + 1)},
            },
        )
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        raise ChangedMeanwhile from None


def _raw_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {"M": {name: {"N": str(number)} for name, number in value.items()}}
    return {"S": value} if isinstance(value, str) else {"N": str(value)}


# Freeze switches: what people said


def note_freeze(city: str, turned: Turned, id: str) -> Write:
    key = note_key(city, f"{to_text(turned.at)}#{id}")
    return put(FreezeNoteItem.of(turned, key, turned_at=turned.at))


def freeze_notes(city: str, limit: int, cursor: str | None) -> Page[Turned]:
    """Newest first."""
    return page_of_items(Query(note_key(city, "").pk, descending=True), limit, cursor).map(_turned)


def _turned(item: Item) -> Turned:
    assert isinstance(item, FreezeNoteItem)
    return item.noun(Turned, at=item.turned_at, name="", by_name="")
