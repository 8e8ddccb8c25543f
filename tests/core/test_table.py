"""What the one transaction function promises when DynamoDB conflicts, throttles, or its answer is lost."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError
from pynamodb.attributes import NumberAttribute

from chalicelib.core import aws
from chalicelib.core import table as tables
from chalicelib.core.refusals import ChangedMeanwhile, CursorInvalid, TryAgain
from chalicelib.core.table import (
    Item,
    Key,
    Query,
    Replayed,
    Write,
    change,
    page_of_items,
    put,
    put_new,
    read,
    transact,
)


class CountItem(Item):
    KIND = "count_of_tests"
    n = NumberAttribute(default=0)


class Taken(Exception):
    """What a failed condition stands for in these tests."""


KEY = Key("t#COUNT", "A")


def a_count(n: int, key: Key = KEY) -> CountItem:
    return CountItem(pk=key.pk, sk=key.sk, kind=CountItem.KIND, n=n)


def add_one(receipt: str) -> list[Write]:
    made = a_count(0, Key("t#COUNT", f"R#{receipt}"))
    return [
        put_new(made, Replayed, receipt=True),
        change(CountItem.at(KEY), [CountItem.n.set(CountItem.n + 1)], CountItem.pk.exists()),
    ]


def count() -> int:
    item = read(CountItem, KEY)
    assert item
    return int(item.n)


@pytest.fixture(autouse=True)
def counter(table: str) -> None:
    transact([put(a_count(0))])


def refused(code: str, **more: Any) -> AWSResponse:
    body = json.dumps({"__type": f"com.amazonaws.dynamodb#{code}", "message": code} | more).encode()

    class Raw:
        def stream(self) -> Iterator[bytes]:
            yield body

    headers: Any = {"content-type": "application/x-amz-json-1.0"}
    return AWSResponse("http://dynamodb", 400, headers, Raw())


CONFLICT: tuple[str, dict[str, Any]] = (
    "TransactionCanceledException",
    {"CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}]},
)
THROTTLED: tuple[str, dict[str, Any]] = ("ProvisionedThroughputExceededException", {})


@pytest.fixture
def faults() -> Iterator[Callable[..., list[str]]]:
    """`faults(times, code, more)`: the first requests of a transaction are answered so instead of being sent."""
    events = aws.client("dynamodb").meta.events
    hooks: list[Any] = []

    def inject(times: int, code: str, more: dict[str, Any]) -> list[str]:
        met: list[str] = []

        def hook(**_: Any) -> Any:
            if len(met) < times:
                met.append(code)
                return refused(code, **more)
            return None

        events.register("before-send.dynamodb.TransactWriteItems", hook)
        hooks.append(hook)
        return met

    yield inject
    for hook in hooks:
        events.unregister("before-send.dynamodb.TransactWriteItems", hook)


@pytest.mark.parametrize("fault", [CONFLICT, THROTTLED], ids=["conflict", "throttling"])
def test_a_passing_fault_is_retried_and_takes_effect_once(faults: Callable[..., list[str]], fault: Any) -> None:
    met = faults(3, *fault)
    transact(lambda: add_one("r1"))
    assert (len(met), count()) == (3, 1)


def test_a_fault_that_lasts_is_refused_as_try_again_and_changes_nothing(
    faults: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "RETRY_SECONDS_MAX", 0.3)
    faults(10_000, *CONFLICT)
    with pytest.raises(TryAgain):
        transact(lambda: add_one("r1"))
    assert count() == 0


def test_a_lost_answer_ends_in_one_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    real = aws.client("dynamodb").transact_write_items
    lost: list[int] = []

    def lossy(**request: Any) -> Any:
        answer = real(**request)
        if not lost:
            lost.append(1)
            raise ReadTimeoutError(endpoint_url="http://dynamodb")
        return answer

    monkeypatch.setattr(aws.client("dynamodb"), "transact_write_items", lossy)
    with pytest.raises(Replayed) as replayed:
        transact(lambda: add_one("r1"))
    assert isinstance(replayed.value.receipt, CountItem)
    assert (len(lost), count()) == (1, 1)


def test_the_receipt_is_judged_before_every_other_refusal() -> None:
    transact(lambda: add_one("r1"))

    def again_and_impossible() -> list[Write]:
        receipt, _ = add_one("r1")
        return [change(CountItem.at(KEY), [CountItem.n.set(9)], CountItem.n == 77, lambda _old: Taken()), receipt]

    with pytest.raises(Replayed):
        transact(again_and_impossible)


def test_the_first_failed_condition_in_our_order_says_why() -> None:
    def impossible() -> list[Write]:
        other = put_new(a_count(1), lambda old: Taken() if old.n == 0 else AssertionError())
        return [change(CountItem.at(Key("t#COUNT", "B")), [CountItem.n.set(1)], CountItem.pk.exists()), other]

    with pytest.raises(ChangedMeanwhile):
        transact(impossible())
    with pytest.raises(Taken):
        transact(list(reversed(impossible())))


def test_a_cursor_belongs_to_its_town_and_query() -> None:
    transact([put(a_count(n, Key("t#LIST", f"{n:02}"))) for n in range(5)])
    first = page_of_items(Query("t#LIST"), 2, None)
    assert [item.sk for item in first.items] == ["00", "01"]
    second = page_of_items(Query("t#LIST"), 2, first.next)
    assert [item.sk for item in second.items] == ["02", "03"]
    for foreign in (Query("u#LIST"), Query("t#LIST", descending=True), Query("t#LIST", begins="0")):
        with pytest.raises(CursorInvalid):
            page_of_items(foreign, 2, first.next)
    for broken in ("x", "e30", str(first.next)[:-3]):
        with pytest.raises(CursorInvalid):
            page_of_items(Query("t#LIST"), 2, broken)
