"""Large books, quickly: items made by the stores' own builders, written straight into the file of the local engine.

A million items through the engine's front door take ten minutes; written as rows of its SQLite file they take one or two.
The rows are those that the engine itself would write (a test compares them), in the order of their keys.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import batched
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench._ground import TABLE
from chalicelib.core.clock import Instant, end_of, start_of
from chalicelib.core.ids import digest
from chalicelib.core.table import Item
from chalicelib.money.ledger import store
from chalicelib.money.ledger.model import Grant, Transfer, budget_account, grant_account, grant_id, provider_account

WRITERS = 2
GRANTS_A_BATCH = 200
SPENT_MINOR = 10_00
VALID_DAYS = 365
INDEXES = ("GSI1", "GSI2")

type Rows = dict[str, list[tuple[Any, ...]]]
"""By table of the file."""


# What a town leaves behind


@dataclass(frozen=True)
class Plan:
    """Grants of one programme, each spent in some redemptions over some days, at these providers in turn."""

    city: str
    programme: str
    grants: int
    redemptions: int
    providers: tuple[str, ...]
    first: date
    days: int

    @property
    def transfers(self) -> int:
        return self.grants * (1 + self.redemptions)

    @property
    def total_minor(self) -> int:
        return self.grants * self.grant_minor

    @property
    def grant_minor(self) -> int:
        """A haléř is left of each."""
        return self.redemptions * SPENT_MINOR + 1

    def ids(self) -> list[str]:
        """In the order of keys, so that what is written is appended."""
        return sorted(grant_id(self.programme, f"subject-{n}") for n in range(self.grants))

    def posted(self, grant: int, turn: int) -> Instant:
        """The award on the first day, the redemptions on the days after it in turn, within office hours."""
        day = 0 if turn == 0 else (grant + turn) % self.days
        return start_of(self.first + timedelta(days=day)) + timedelta(hours=8, milliseconds=grant, microseconds=turn)


def history(plan: Plan, grants: Iterable[tuple[int, str]]) -> Iterator[Item]:
    """What the ledger leaves of these grants: account, award and redemptions, as it builds them."""
    for n, id in grants:
        yield store.grant_item(plan.city, _grant(plan, n, id))
        accounts = (budget_account(plan.programme), grant_account(id))
        award = _transfer(plan, n, id, 0, "allot", accounts, amount_minor=plan.grant_minor)
        yield store.transfer_item(plan.city, award, store.transfer_key(plan.city, id, award.id))
        for turn in range(1, plan.redemptions + 1):
            provider = plan.providers[(n + turn) % len(plan.providers)]
            accounts = (grant_account(id), provider_account(provider))
            facts = {"provider": provider, "payable_minor": SPENT_MINOR, "till": f"till-{provider}"}
            spent = _transfer(plan, n, id, turn, "redeem", accounts, amount_minor=SPENT_MINOR, **facts)
            yield store.transfer_item(plan.city, spent, store.transfer_key(plan.city, id, spent.id))


def _grant(plan: Plan, n: int, id: str) -> Grant:
    return Grant(
        id=id,
        programme=plan.programme,
        application=digest("application", id),
        person=digest("person", id),
        beneficiary=digest("person", id),
        mode="voucher",
        total_minor=plan.grant_minor,
        spendable_minor=1,
        held_minor=0,
        state="active",
        valid_from=start_of(plan.first),
        valid_until=end_of(plan.first + timedelta(days=VALID_DAYS)),
        created_at=plan.posted(n, 0),
        v=1 + plan.redemptions,
    )


def _transfer(
    plan: Plan, n: int, grant: str, turn: int, kind: Any, accounts: tuple[str, str], **facts: Any
) -> Transfer:
    id = digest("transfer", grant, str(turn)) if turn else kind
    return Transfer(
        id=id,
        kind=kind,
        debit=accounts[0],
        credit=accounts[1],
        posted_at=plan.posted(n, turn),
        by=str(facts.get("till", "clerk-1")),
        via="reader" if turn else "admin",
        fingerprint=digest(kind, grant, str(turn)),
        programme=plan.programme,
        budget_year=plan.first.year,
        grant=grant,
        **facts,
    )


def write(database: Path, plan: Plan) -> None:
    """Write a plan's grants and transfers into the file of an engine that does not run."""
    batches = list(batched(enumerate(plan.ids()), GRANTS_A_BATCH, strict=False))
    write_items(database, partial(history, plan), batches)


# The engine's file


def write_items[T](database: Path, make: Callable[[T], Iterable[Item]], tasks: Iterable[T]) -> None:
    """Write what is made of each task. What is there under the same keys is replaced."""
    with closing(sqlite3.connect(database, isolation_level=None)) as file, get_context("fork").Pool(WRITERS) as pool:
        file.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -500000;")  # in KB
        file.execute("BEGIN")
        for rows in pool.imap(partial(_rows, make), tasks):
            for table, some in rows.items():
                file.executemany(_INSERTS[table], some)
        # A page of a scan sorts the whole table otherwise.
        file.execute(f'CREATE INDEX IF NOT EXISTS in_order_of_scans ON "{TABLE}" (hash_prefix, pk, sk)')
        file.execute("COMMIT")


def _rows[T](make: Callable[[T], Iterable[Item]], task: T) -> Rows:
    rows: Rows = {TABLE: [], **{index: [] for index in INDEXES}}
    for item in make(task):
        raw: dict[str, Any] = item.serialize()
        keys = _key(raw, "PK"), _key(raw, "SK")
        rows[TABLE].append((*keys, _text(raw), size_of(raw), _prefix(raw["PK"]["S"])))
        for index in INDEXES:
            if f"{index}PK" in raw:
                shown = {name: raw[name] for name in ("PK", "SK", f"{index}PK", f"{index}SK", "card") if name in raw}
                rows[index].append((_key(raw, f"{index}PK"), _key(raw, f"{index}SK"), *keys, _text(shown)))
    return rows


def _key(raw: dict[str, Any], name: str) -> str:
    return f"S:{raw[name]['S']}"


def _text(raw: dict[str, Any]) -> str:
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":"))


def _prefix(partition: str) -> str:
    """By which the engine orders a scan and cuts it into segments."""
    return hashlib.md5(b"Outliers" + partition.encode(), usedforsecurity=False).hexdigest()[:6]


def size_of(raw: dict[str, Any]) -> int:
    """The item's bytes as DynamoDB counts them: names and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in raw.items())


def _value_size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "N":
        digits = str(content).lstrip("-").strip("0")
        return (len(digits) + 1) // 2 + 1 + str(content).startswith("-")
    if kind == "M":
        return 3 + sum(len(name.encode()) + _value_size(each) + 1 for name, each in content.items())
    if kind == "L":
        return 3 + sum(_value_size(each) + 1 for each in content)
    return len(content.encode()) if kind == "S" else 1


_INSERTS = {
    TABLE: f'INSERT OR REPLACE INTO "{TABLE}" (pk, sk, item_json, item_size, hash_prefix) VALUES (?, ?, ?, ?, ?)',
    **{
        index: f'INSERT OR REPLACE INTO "{TABLE}::gsi::{index}" (gsi_pk, gsi_sk, table_pk, table_sk, item_json)'
        " VALUES (?, ?, ?, ?, ?)"
        for index in INDEXES
    },
}
