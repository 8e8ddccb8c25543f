"""What the benches write into the engine's file is what the engine itself would have written."""

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench import _books
from bench._books import Plan
from bench._ground import TABLE
from chalicelib.core import aws
from chalicelib.core import settings as setting_store
from chalicelib.core.table import commit, put
from tests.engine import engine, make_table

PLAN = Plan("modrinov", "p1", grants=3, redemptions=2, providers=("pool", "books"), first=date(2026, 3, 1), days=5)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, dynamodb: str) -> Any:
    monkeypatch.setenv("TABLE_NAME", TABLE)
    setting_store.settings.cache_clear()
    yield
    setting_store.settings.cache_clear()
    aws._client.cache_clear()


def rows(database: Path) -> dict[str, list[Any]]:
    """All rows of the three tables; JSON as what it says, whatever the order of its names."""
    found = {}
    with closing(sqlite3.connect(database)) as file:
        for table in (TABLE, *(f"{TABLE}::gsi::{index}" for index in _books.INDEXES)):
            some = file.execute(f'SELECT * FROM "{table}"').fetchall()
            found[table] = sorted(
                ([json.loads(c) if str(c).startswith("{") else c for c in row] for row in some), key=str
            )
    return found


def test_rows_written_into_the_file_are_those_of_the_engine(
    tmp_path: Path, settings: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = tmp_path / "ours.db", tmp_path / "theirs.db"
    for database in (ours, theirs):
        with engine(database) as endpoint:
            monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", endpoint)
            aws._client.cache_clear()
            make_table(TABLE)
            for item in _books.history(PLAN, enumerate(PLAN.ids())) if database == theirs else ():
                commit(put(item))
    _books.write(ours, PLAN)
    assert rows(ours) == rows(theirs)
    assert len(rows(ours)[TABLE]) == PLAN.grants + PLAN.transfers
