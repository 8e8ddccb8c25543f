"""The nightly proof over a million transfers: its time against a bare scan, its memory, and whether both grow as they may.

The books are written into the engine's file, with a seal for each day; then the proof reads them whole in a process of its
own: balances, budgets, and each entry against its seal. It may take a fifth longer than reading the table alone, ten times the
transfers may take ten and a half times as long, and must not take more memory. `N=` says how many transfers, `--quick`
takes a tenth.
"""

import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench import _books
from bench._books import Plan
from bench._ground import TABLE, Taken, alone, ground, objects
from chalicelib.watch.audit import proving

CITY = "modrinov"
PROGRAMMES = ("pohyb", "plavenka", "knihy", "tabory")
PROVIDERS = tuple(f"provider-{n:02}" for n in range(40))
DAYS = 20
REDEMPTIONS = 9
"""With its award a grant has ten transfers."""
ITEMS_A_PAGE = 1_400
"""What a page of a scan, a megabyte, holds of these books."""
TIMES = 10
SCAN_RATIO_MAX = 1.2
TIME_RATIO_MAX = 10.5
PEAK_RATIO_MAX = 1.5


def main() -> int:
    transfers = int(os.environ.get("N", "1_000_000")) // (TIMES if "--quick" in sys.argv else 1)
    with tempfile.TemporaryDirectory() as home:
        fewer, fewer_read = _proven(Path(home) / "fewer", transfers // TIMES)
        more, read = _proven(Path(home) / "more", transfers)
    marks = [
        _held("the time of a bare scan", more.seconds / read.seconds, SCAN_RATIO_MAX),
        _held(f"the time for {TIMES} x the transfers", more.seconds / fewer.seconds, TIME_RATIO_MAX),
        _held(f"the memory for {TIMES} x the transfers", more.peak_mb / fewer.peak_mb, PEAK_RATIO_MAX),
    ]
    sys.stdout.write(f"scan:  {read.seconds / fewer_read.seconds:5.2f} x the time for {TIMES} x the transfers\n")
    return int(not all(marks))


def _held(what: str, ratio: float, limit: float) -> bool:
    sys.stdout.write(f"proof: {ratio:5.2f} x {what} (limit {limit}) {'ok' if ratio <= limit else 'OVER'}\n")
    return ratio <= limit


def _proven(folder: Path, transfers: int) -> tuple[Taken, Taken]:
    """What the proof took, and what reading the same books alone took."""
    folder.mkdir()
    database = folder / "books.db"
    grants = transfers // len(PROGRAMMES) // (1 + REDEMPTIONS)
    first = _yesterday() - timedelta(days=DAYS - 1)
    plans = [Plan(CITY, programme, grants, REDEMPTIONS, PROVIDERS, first, DAYS) for programme in PROGRAMMES]
    _write(database, plans)
    with ground(database, fresh=False), objects(folder / "objects", "BUCKET_SEALS"):
        _seal(database, plans[0])
        taken = alone(_prove, f"run-{transfers}")
        floor = alone(_scan)  # after it, so that what the proof has warmed serves the floor
    _tell(transfers, floor, taken)
    proof = taken.gave
    assert proof["differences"] == 0, proof
    assert proof["leaves"] == sum(plan.transfers for plan in plans), proof
    return taken, floor


def _yesterday() -> date:
    from chalicelib.core.clock import today

    return today() - timedelta(days=1)


def _write(database: Path, plans: list[Plan]) -> None:
    """The town, its programmes' money, and everything that was awarded and spent."""
    from chalicelib.core.table import change, commit, transact
    from chalicelib.money.ledger import service as ledger
    from chalicelib.money.ledger.model import Spender
    from chalicelib.money.ledger.store import BudgetItem, budget_key
    from tests.town.people.build import a_town

    with ground(database):
        a_town(CITY)
        for plan in plans:
            transact([ledger.open_budget(CITY, plan.programme)])
            ledger.fund(CITY, plan.programme, plan.total_minor, Spender("officers", "admin", f"fund-{plan.programme}"))
            item = BudgetItem.at(budget_key(CITY, plan.programme))
            all_awarded = [BudgetItem.free_minor.set(0)]
            commit(change(item, all_awarded, BudgetItem.pk.exists()))
    for plan in plans:
        _books.write(database, plan)


def _seal(database: Path, plan: Plan) -> None:
    """Seal each day as the nightly job does, but for reading its entries from the file."""
    from chalicelib.core.clock import now
    from chalicelib.core.table import commit
    from chalicelib.watch.audit import merkle, outside, store
    from chalicelib.watch.audit.model import Seal

    root = ""
    for n in range(plan.days):
        day = plan.first + timedelta(days=n)
        leaves = sorted(_leaves(database, day))
        assert outside.write_leaves(CITY, day.isoformat(), leaves)
        made = Seal(CITY, n + 1, day, len(leaves), merkle.root(leaf.hash for leaf in leaves).hex(), root, (), now())
        outside.write_seal(made)
        commit(store.new_seal(made))
        root = made.root


def _leaves(database: Path, day: date) -> Iterator[Any]:
    from chalicelib.watch.audit import merkle
    from chalicelib.watch.audit.model import Leaf

    asked = f'SELECT gsi_sk, table_pk, table_sk, item_json FROM "{TABLE}::gsi::GSI1" WHERE gsi_pk BETWEEN ? AND ?'
    partitions = f"S:{CITY}#D#{day.isoformat()}#"
    with closing(sqlite3.connect(database)) as file:
        for sort, pk, sk, text in file.execute(asked, (f"{partitions}0", f"{partitions}9")):
            yield Leaf(sort[2:], pk[2:], sk[2:], merkle.leaf_hash(json.loads(text)["card"]["S"]))


def _read_pages_only() -> None:
    """For each page of a scan without a limit the local engine reads all that is left of the segment; DynamoDB does not."""
    from chalicelib.core.aws import client

    def limit(params: dict[str, Any], **_: Any) -> None:
        params.setdefault("Limit", ITEMS_A_PAGE)

    client("dynamodb").meta.events.register("provide-client-params.dynamodb.Scan", limit)


def _scan() -> int:
    """The floor: the table read whole with nothing done to it. Gives how many items came."""
    from chalicelib.core.aws import client

    _read_pages_only()
    pages = client("dynamodb").get_paginator("scan").paginate(TableName=TABLE, ConsistentRead=True)
    return sum(len(page["Items"]) for page in pages)


def _prove(run: str) -> dict[str, Any]:
    _read_pages_only()
    proof = proving.prove(run, CITY)[CITY]
    return {
        "transfers": proof.transfers,
        "leaves": proof.leaves,
        "differences": proof.differences_count + proof.unsealed,
        "units": proof.capacity_units,
    }


def _tell(transfers: int, floor: Taken, taken: Taken) -> None:
    sys.stdout.write(
        f"proof of {taken.gave['transfers']:9,} transfers and {taken.gave['leaves']:,} leaves of seals: {taken.seconds:6.1f} s, "
        f"{taken.seconds / floor.seconds:4.2f} x a bare scan, peak {taken.peak_mb:4.0f} MB, "
        f"{taken.gave['units']:,} read units ({taken.gave['units'] / transfers:.3f} a transfer)\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
