"""What each operation costs: requests, read and write units as DynamoDB counts them, items and bytes. The counts are exact.

Printed beside what is written in bench/costs.json, from which docs/access-patterns.md is made; `--write` writes it anew.
A check may take 2 requests, a submission and an approval 12; a redemption 3, of which the write is one transaction of two items; a spend 1 and 6 units.
"""

import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench._books import size_of
from bench._ground import Cost, counted, ground, objects
from chalicelib.core.ids import new_id
from tests.engine import make_table

COSTS = Path(__file__).with_name("costs.json")
REQUESTS_MAX = {
    "check a voucher (HTTP)": 2,
    "redeem a voucher (HTTP)": 3,
    "submit an application (HTTP)": 12,
    "approve an application (HTTP)": 12,
    "spend": 1,
}
WRITE_UNITS_MAX = {"spend": 6}

type Row = dict[str, Any]
"""operation · requests · asked (how many of which) · read_units · write_units · items and bytes written."""


def main() -> int:
    with ground(), tempfile.TemporaryDirectory() as home, objects(Path(home), "BUCKET_DOCUMENTS", "BUCKET_SEALS"):
        rows = measured()
    known = {row["operation"]: row for row in json.loads(COSTS.read_text())} if COSTS.exists() else {}
    for row in rows:
        mark = "" if known.get(row["operation"]) == row else "  OTHER THAN WRITTEN"
        sys.stdout.write(f"{_told(row)}{mark}{over(row)}\n")
    if "--write" in sys.argv:
        COSTS.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    return int(any(over(row) for row in rows))


def _told(row: Row) -> str:
    figures = f"{row['requests']:7g} requests {row['read_units']:7g} RU {row['write_units']:8g} WU"
    return f"{row['operation']:40} {figures} {row['items']:6g} items {row['bytes']:9g} bytes  {row['asked']}"


def over(row: Row) -> str:
    """Which limit the operation passes; empty if none."""
    name = row["operation"]
    if row["requests"] > REQUESTS_MAX.get(name, row["requests"]):
        return f"  OVER {REQUESTS_MAX[name]} requests"
    if row["write_units"] > WRITE_UNITS_MAX.get(name, row["write_units"]):
        return f"  OVER {WRITE_UNITS_MAX[name]} write units"
    return ""


def measured() -> list[Row]:
    """The cost of every operation, each in a table of its own."""
    from bench._operations import OPERATIONS

    return [_row(operation) for operation in OPERATIONS]


def _row(operation: Any) -> Row:
    few = _once(operation, operation.few)
    if operation.many == operation.few:
        return {"operation": operation.name, **few, "asked": _asked(few["asked"])}
    many, more = _once(operation, operation.many), operation.many - operation.few
    figures = {name: round((many[name] - few[name]) / more, 2) for name in few if name != "asked"}
    # A random number may be a digit shorter: of bytes only whole ones are the same each time.
    return {"operation": operation.name, **figures, "bytes": round(figures["bytes"]), "asked": ""}


def _once(operation: Any, pieces: int) -> Row:
    """In a warm container: the operation ran before, in another table."""
    with _another_table():
        operation.prepare(operation.few)()
    with _another_table():
        run = operation.prepare(pieces)
        with counted() as cost:
            run()
        return _figures(cost)


@contextmanager
def _another_table() -> Iterator[None]:
    from chalicelib.core import aws
    from chalicelib.core import settings as setting_store

    before, name = os.environ["TABLE_NAME"], f"bench-table-{new_id()}"
    os.environ["TABLE_NAME"] = name
    setting_store.settings.cache_clear()
    make_table(name)
    try:
        yield
    finally:
        aws.client("dynamodb").delete_table(TableName=name)
        os.environ["TABLE_NAME"] = before
        setting_store.settings.cache_clear()


def _figures(cost: Cost) -> Row:
    return {
        "requests": len(cost.requests),
        "read_units": cost.reads,
        "write_units": cost.writes,
        "items": len(cost.written),
        "bytes": sum(_size(key) for key in set(cost.written)),
        "asked": cost.requests,
    }


def _asked(requests: list[str]) -> str:
    return ", ".join(name if n == 1 else f"{n} × {name}" for name, n in Counter(requests).items())


def _size(key: tuple[str, str]) -> int:
    """The bytes of an item as it lies now, nothing if it was removed."""
    from chalicelib.core.aws import client

    raw: Any = {"PK": {"S": key[0]}, "SK": {"S": key[1]}}
    found = client("dynamodb").get_item(TableName=os.environ["TABLE_NAME"], Key=raw, ConsistentRead=True).get("Item")
    return size_of(dict(found)) if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
