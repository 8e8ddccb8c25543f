"""The one table: items, keys, reads, pages, and the transaction that judges.

PynamoDB models describe items and build requests; transactions go over boto3 in our own order, because the
cancellation's reasons come in the order of the request and say which arm failed.

Every partition key begins with the town. `GSI1` answers "what is due or to do, in time order",
`GSI2` "what belongs to whom"; both carry only keys and the `card`, a small JSON text for lists.
"""

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache, partial
from typing import Any, ClassVar, Final, Literal, NamedTuple, Self

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.attributes import (
    Attribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.connection.base import MetaTable
from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import PynamoDBException
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from chalicelib.core.aws import client
from chalicelib.core.clock import Instant, from_text, to_text
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import ChangedMeanwhile, CursorInvalid, TryAgain
from chalicelib.core.secrets import base64url, peppered, unbase64url
from chalicelib.core.settings import settings

PAGE_SIZE_MAX = 100
BATCH_GET_MAX = 100
TRANSACT_ITEMS_MAX = 100
RETRY_SECONDS_MAX = 8.0
RETRY_FIRST_SECONDS = 0.025

GSI1: Final = "GSI1"
GSI2: Final = "GSI2"


class Key(NamedTuple):
    pk: str
    sk: str


@cache
def _connection(table_name: str) -> TableConnection:
    keys = ["PK", "SK", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK"]
    meta = MetaTable(
        {
            "TableName": table_name,
            "KeySchema": _key_schema("PK", "SK"),
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in keys],
            "GlobalSecondaryIndexes": [
                {"IndexName": index, "KeySchema": _key_schema(f"{index}PK", f"{index}SK")} for index in (GSI1, GSI2)
            ],
        }
    )
    connection = TableConnection(table_name, meta_table=meta)
    # PynamoDB would make a client of its own for every model: 55 ms each. They share ours, with our timeouts.
    connection.connection._client = client("dynamodb")  # type: ignore[assignment]
    return connection


def _key_schema(hash_key: str, range_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": range_key, "KeyType": "RANGE"},
    ]


class InstantAttribute(Attribute[datetime]):
    """A UTC instant as fixed-width text, so that it sorts and compares as text."""

    attr_type = "S"

    def serialize(self, value: datetime) -> str:
        return to_text(value)

    def deserialize(self, value: str) -> datetime:
        return from_text(value)


class DayAttribute(Attribute[date]):
    """A calendar day, `YYYY-MM-DD`."""

    attr_type = "S"

    def serialize(self, value: date) -> str:
        return value.isoformat()

    def deserialize(self, value: str) -> date:
        return date.fromisoformat(value)


class NounAttribute[N](Attribute[N]):
    """A nested noun (a dataclass, a tuple of them, …) as one JSON text."""

    attr_type = "S"

    def __init__(self, noun: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.noun = noun

    def serialize(self, value: N) -> str:
        return _adapter(self.noun).dump_json(value).decode()  # type: ignore[no-any-return]

    def deserialize(self, value: str) -> N:
        return _adapter(self.noun).validate_json(value)  # type: ignore[no-any-return]


@cache
def _adapter(noun: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(noun)


class Item(Model):
    """Base of every stored item. A subclass names its `KIND` and declares its attributes; keys come from its store.

    Attribute names equal the noun's field names, so `Item.of(noun, key)` and `item.noun(Noun)` need no mapping.
    """

    KIND: ClassVar[str] = ""
    kinds: ClassVar[dict[str, type["Item"]]] = {}

    class Meta:
        table_name = "set by settings"

    pk = UnicodeAttribute(hash_key=True, attr_name="PK")
    sk = UnicodeAttribute(range_key=True, attr_name="SK")
    kind = UnicodeAttribute()
    v = NumberAttribute(default=1)
    gsi1_pk = UnicodeAttribute(null=True, attr_name="GSI1PK")
    gsi1_sk = UnicodeAttribute(null=True, attr_name="GSI1SK")
    gsi2_pk = UnicodeAttribute(null=True, attr_name="GSI2PK")
    gsi2_sk = UnicodeAttribute(null=True, attr_name="GSI2SK")
    card = JSONAttribute(null=True)
    ttl = NumberAttribute(null=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        Item.kinds[cls.KIND] = cls

    @classmethod
    def _get_connection(cls) -> TableConnection:
        return _connection(settings().table_name)

    @classmethod
    def of(cls, noun: object, key: Key, **more: Any) -> Self:
        """An item that holds every field of the noun which the item declares, under this key."""
        declared = cls.get_attributes()
        values = {f.name: getattr(noun, f.name) for f in fields(noun) if f.name in declared}  # type: ignore[arg-type]
        return cls(pk=key.pk, sk=key.sk, kind=cls.KIND, **(values | more))

    @classmethod
    def at(cls, key: Key) -> Self:
        """An item known by its key alone: what updates and checks are built on."""
        return cls(pk=key.pk, sk=key.sk, kind=cls.KIND)

    def noun[N](self, kind: Callable[..., N], **more: Any) -> N:
        """The noun: each of its fields taken from the attribute of that name, or from `more`."""
        names = [f.name for f in fields(kind)]  # type: ignore[arg-type]
        values = {name: getattr(self, name) for name in names if name not in more and hasattr(self, name)}
        return kind(**{name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}, **more)

    @property
    def key(self) -> Key:
        return Key(self.pk, self.sk)


# Reads


def read[I: Item](model: type[I], key: Key, *, consistent: bool = True) -> I | None:
    """One item, or None. Strongly consistent unless said otherwise."""
    raw = retried(
        lambda: client("dynamodb").get_item(
            TableName=settings().table_name, Key=_raw_key(key), ConsistentRead=consistent
        )
    ).get("Item")
    return model.from_raw_data(dict(raw)) if raw else None


def read_many(keys: Sequence[Key], *, consistent: bool = False) -> dict[Key, Item]:
    """The items that exist among these keys, each as the model of its kind. One request per hundred keys."""
    found: dict[Key, Item] = {}
    unique = list(dict.fromkeys(keys))
    for start in range(0, len(unique), BATCH_GET_MAX):
        asked = [_raw_key(key) for key in unique[start : start + BATCH_GET_MAX]]
        for raw in _batch_get(asked, consistent):
            item = item_of(raw)
            found[item.key] = item
    return found


def _batch_get(asked: list[Any], consistent: bool) -> Iterator[Any]:
    table = settings().table_name
    deadline = time.monotonic() + RETRY_SECONDS_MAX
    request: Any = {table: {"Keys": asked, "ConsistentRead": consistent}}
    while request:
        answer = retried(partial(client("dynamodb").batch_get_item, RequestItems=request))
        yield from answer["Responses"].get(table, [])
        request = answer.get("UnprocessedKeys")
        if request and time.monotonic() > deadline:
            raise TryAgain


def item_of(raw: Mapping[str, Any]) -> Item:
    """A stored item as the model of its kind."""
    return Item.kinds[raw["kind"]["S"]].from_raw_data(dict(raw))


@dataclass(frozen=True)
class Query:
    """A range of one partition, of the table or of an index, in key order."""

    pk: str
    begins: str = ""
    between: tuple[str, str] | None = None
    index: Literal["GSI1", "GSI2"] | None = None
    descending: bool = False

    @property
    def name(self) -> str:
        """What a cursor is bound to: town and query."""
        return json.dumps([self.pk, self.begins, self.between, self.index, self.descending])

    def request(self) -> dict[str, Any]:
        prefix = self.index or ""
        names = {"#pk": f"{prefix}PK"}
        values: dict[str, Any] = {":pk": {"S": self.pk}}
        condition = "#pk = :pk"
        if self.between or self.begins:
            names["#sk"] = f"{prefix}SK"
        if self.between:
            condition += " AND #sk BETWEEN :from AND :to"
            values |= {":from": {"S": self.between[0]}, ":to": {"S": self.between[1]}}
        elif self.begins:
            condition += " AND begins_with(#sk, :sk)"
            values[":sk"] = {"S": self.begins}
        request: dict[str, Any] = {
            "TableName": settings().table_name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
            "ScanIndexForward": not self.descending,
        }
        if self.index:
            request["IndexName"] = self.index
        return request


class Row(NamedTuple):
    """A row of an index: the item's key, its sort key there, its card, and the card's text as it is stored."""

    key: Key
    sort: str
    card: dict[str, Any]
    text: str = ""


@dataclass(frozen=True)
class Page[T]:
    """A page of a list and the opaque cursor of the next one."""

    items: tuple[T, ...]
    next: str | None = None

    def map[U](self, change: Callable[[T], U]) -> "Page[U]":
        return Page(tuple(change(item) for item in self.items), self.next)


def whole[T](page: Callable[[str | None], Page[T]]) -> Iterator[T]:
    """All items of a list, page after page; `page` gives the one at a cursor. For what must not stop at a number."""
    cursor: str | None = None
    while True:
        found = page(cursor)
        yield from found.items
        cursor = found.next
        if cursor is None:
            return


def items_in(query: Query, limit: int | None = None, *, consistent: bool = False) -> Iterator[Item]:
    """The items of a partition of the table, at most `limit`, each as the model of its kind."""
    for raw in _raw_rows(query, limit, consistent):
        yield item_of(raw)


def rows_in(query: Query, limit: int | None = None) -> Iterator[Row]:
    """The rows of an index partition, at most `limit`. An index lags behind the table by a moment."""
    for raw in _raw_rows(query, limit, consistent=False):
        yield _row(raw, query)


def page_of_items(query: Query, limit: int, cursor: str | None) -> Page[Item]:
    found, following = _page(query, limit, cursor)
    return Page(tuple(item_of(raw) for raw in found), following)


def page_of_rows(query: Query, limit: int, cursor: str | None) -> Page[Row]:
    found, following = _page(query, limit, cursor)
    return Page(tuple(_row(raw, query) for raw in found), following)


def _row(raw: Mapping[str, Any], query: Query) -> Row:
    text = raw["card"]["S"] if "card" in raw else "{}"
    return Row(Key(raw["PK"]["S"], raw["SK"]["S"]), raw[f"{query.index or ''}SK"]["S"], json.loads(text), text)


def _raw_rows(query: Query, limit: int | None, consistent: bool) -> Iterator[Any]:
    request = query.request() | ({"ConsistentRead": True} if consistent and not query.index else {})
    left = limit
    while True:
        if left is not None:
            request["Limit"] = left
        answer = retried(lambda: client("dynamodb").query(**request))
        yield from answer["Items"]
        if left is not None:
            left -= len(answer["Items"])
        if "LastEvaluatedKey" not in answer or left == 0:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _page(query: Query, limit: int, cursor: str | None) -> tuple[list[Any], str | None]:
    request = query.request() | {"Limit": min(limit, PAGE_SIZE_MAX)}
    if cursor:
        request["ExclusiveStartKey"] = _open_cursor(cursor, query)
    answer = retried(lambda: client("dynamodb").query(**request))
    last = answer.get("LastEvaluatedKey")
    return list(answer["Items"]), _cursor(last, query) if last else None


def _cursor(last: Mapping[str, Any], query: Query) -> str:
    place = json.dumps(last, sort_keys=True)
    return base64url(json.dumps([place, peppered("cursor", query.name + place)]).encode())


def _open_cursor(cursor: str, query: Query) -> Any:
    try:
        place, mac = json.loads(unbase64url(cursor))
        if mac != peppered("cursor", query.name + place):
            raise CursorInvalid
        return json.loads(place)
    except (ValueError, TypeError, RecursionError):
        raise CursorInvalid from None


def _raw_key(key: Key) -> Any:
    return {"PK": {"S": key.pk}, "SK": {"S": key.sk}}


# Writes

type Why = Callable[[Any], Exception]
"""Works out the refusal from the item as the failed condition left it (None if there was none)."""


class Replayed(Exception):
    """Not a refusal: this request was done before, and here is its receipt."""

    def __init__(self, receipt: Item) -> None:
        self.receipt = receipt


@dataclass(frozen=True)
class Write:
    """One write of a transaction, its condition inside, and what a failed condition means.

    `receipt` marks the item whose presence proves that the whole transaction was done before: it is judged first.
    """

    op: Literal["Put", "Update", "Delete", "ConditionCheck"]
    request: dict[str, Any]
    item: Item
    why: Why
    receipt: bool = False


def changed_meanwhile(_old: object) -> Exception:
    """What a failed condition means unless it says more."""
    return ChangedMeanwhile()


def put_new(item: Item, exists: Why, *, receipt: bool = False) -> Write:
    """Write an item that must not exist yet."""
    return _put(item, type(item).pk.does_not_exist(), exists, receipt)


def put(item: Item) -> Write:
    """Write an item whatever was there."""
    return _put(item, None, changed_meanwhile, False)


def replace(item: Item, seen: int, why: Why = changed_meanwhile, also: Condition | None = None) -> Write:
    """Write the whole item over the version that was seen; it gets the next version."""
    item.v = seen + 1
    unchanged = type(item).v == seen
    return _put(item, unchanged if also is None else unchanged & also, why, False)


def _put(item: Item, condition: Condition | None, why: Why, receipt: bool) -> Write:
    request = item.get_save_kwargs_from_instance(condition, return_values_on_condition_failure="ALL_OLD")
    return Write("Put", _named(request), item, why, receipt)


def change(item: Item, actions: Sequence[Action], condition: Condition, why: Why = changed_meanwhile) -> Write:
    """Update attributes of an item if the condition holds. The version goes up by itself."""
    counted = [*actions, type(item).v.set((type(item).v | 0) + 1)]
    request = item.get_update_kwargs_from_instance(
        counted, condition, return_values_on_condition_failure="ALL_OLD", add_version_condition=False
    )
    return Write("Update", _named(request), item, why)


def check(item: Item, condition: Condition, why: Why) -> Write:
    """Hold the transaction to a condition on an item that it does not write."""
    request = item.get_delete_kwargs_from_instance(condition, return_values_on_condition_failure="ALL_OLD")
    return Write("ConditionCheck", _named(request), item, why)


def remove(item: Item, condition: Condition, why: Why = changed_meanwhile) -> Write:
    """Delete an item if the condition holds. Never for anything of money."""
    request = item.get_delete_kwargs_from_instance(condition, return_values_on_condition_failure="ALL_OLD")
    return Write("Delete", _named(request), item, why)


def _named(request: dict[str, Any]) -> dict[str, Any]:
    request.setdefault("TableName", settings().table_name)
    for unwanted in ("ReturnConsumedCapacity", "ReturnItemCollectionMetrics", "ReturnValues"):
        request.pop(unwanted, None)
    return request


def transact(build: Callable[[], Sequence[Write]] | Sequence[Write]) -> None:
    """Commit the writes together, or raise the refusal of the first condition that failed.

    A callable is asked for its writes at each attempt (it stamps the time). Conflicts, throttling and lost answers
    are retried with jitter for RETRY_SECONDS_MAX in all, then refused as TryAgain. A lost answer is safe to retry:
    either one of the writes is a receipt, or the same token and body go out again.
    """
    token = new_id()
    deadline = time.monotonic() + RETRY_SECONDS_MAX
    for pause in _pauses():
        writes = build() if callable(build) else build
        request: dict[str, Any] = {"TransactItems": [{write.op: write.request} for write in writes]}
        if not callable(build):
            request["ClientRequestToken"] = token
        try:
            client("dynamodb").transact_write_items(**request)
            return
        except ClientError as error:
            _judge(error, writes)
        except BotoCoreError:
            pass  # the answer is lost; the next attempt finds out
        if time.monotonic() + pause > deadline:
            raise TryAgain
        time.sleep(pause)


def commit(write: Write) -> None:
    """Commit one write alone. Raises what its failed condition means; an unknown end is refused as TryAgain."""
    deadline = time.monotonic() + RETRY_SECONDS_MAX
    for pause in _pauses():
        try:
            _single(write)
            return
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise write.why(_old(write, error.response)) from None
            if not _passing(error):
                raise
            if _status(error) >= 500:  # it may have been done: repeated, its own effect would refuse it
                raise TryAgain from None
        except BotoCoreError:
            raise TryAgain from None
        if time.monotonic() + pause > deadline:
            raise TryAgain
        time.sleep(pause)


def _single(write: Write) -> None:
    dynamodb = client("dynamodb")
    if write.op == "Put":
        dynamodb.put_item(**write.request)
    elif write.op == "Update":
        dynamodb.update_item(**write.request)
    else:
        dynamodb.delete_item(**write.request)


_PASSING = {
    "TransactionConflict",
    "TransactionConflictException",
    "TransactionInProgressException",
    "ThrottlingError",
    "ThrottlingException",
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "InternalServerError",
    "ServiceUnavailable",
}


def _passing(error: ClientError) -> bool:
    """Whether the same request may succeed in a moment."""
    return error.response["Error"]["Code"] in _PASSING or _status(error) >= 500


def _status(error: ClientError) -> int:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)


def _judge(error: ClientError, writes: Sequence[Write]) -> None:
    """Raise what a cancellation means; return if it is to be tried again."""
    if error.response["Error"]["Code"] != "TransactionCanceledException":
        if _passing(error):
            return
        raise error
    reasons = error.response.get("CancellationReasons", [])
    failed = [(w, r) for w, r in zip(writes, reasons, strict=True) if r.get("Code") == "ConditionalCheckFailed"]
    for write, reason in failed:
        if write.receipt:
            raise write.why(_old(write, reason)) from None
    if any(reason.get("Code") in _PASSING for reason in reasons):
        return
    raise_if_done(writes)
    for write, reason in failed:
        raise write.why(_old(write, reason)) from None
    raise error


def raise_if_done(writes: Sequence[Write]) -> None:
    """Before any refusal: the receipt may be there though its own condition was not what cancelled.

    Raises what the receipt says of the request: a replay, or that its key belongs to another one.
    """
    for write in writes:
        if write.receipt and (found := read(type(write.item), write.item.key)):
            raise write.why(found)


def _old(write: Write, reason: Mapping[str, Any]) -> Item | None:
    raw = reason.get("Item")
    return type(write.item).from_raw_data(dict(raw)) if raw else None


def _pauses() -> Iterator[float]:
    """Growing pauses with full jitter."""
    pause = RETRY_FIRST_SECONDS
    while True:
        yield random.uniform(pause / 2, pause)  # noqa: S311  jitter, not a secret
        pause = min(pause * 2, 1.0)


def retried[T](send: Callable[[], T]) -> T:
    """Repeat a read through passing faults."""
    deadline = time.monotonic() + RETRY_SECONDS_MAX
    for pause in _pauses():
        try:
            return send()
        except ClientError as error:
            if not _passing(error):
                raise
        except (BotoCoreError, PynamoDBException):
            pass
        if time.monotonic() + pause > deadline:
            break
        time.sleep(pause)
    raise TryAgain


def expired(item: Item, now: Instant) -> bool:
    """Whether an ephemeral item is past its TTL: DynamoDB deletes it when it gets to it, readers look themselves."""
    return bool(item.ttl) and item.ttl <= now.timestamp()
