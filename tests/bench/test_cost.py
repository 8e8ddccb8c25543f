"""What an operation costs is written down, and is what it costs."""

import json
from collections.abc import Iterator

import pytest

from bench import cost
from chalicelib.core import aws
from chalicelib.core import settings as setting_store
from chalicelib.core.ids import new_id


@pytest.fixture
def buckets(objects: str, table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for setting in ("BUCKET_DOCUMENTS", "BUCKET_SEALS"):
        name = f"test-{new_id()}"
        aws.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        monkeypatch.setenv(setting, name)
    setting_store.settings.cache_clear()
    yield
    setting_store.settings.cache_clear()


def test_each_operation_costs_what_is_written(buckets: None) -> None:
    written = {row["operation"]: row for row in json.loads(cost.COSTS.read_text())}
    found = {row["operation"]: row for row in cost.measured()}
    other = {name: (written.get(name), row) for name, row in found.items() if written.get(name) != row}
    assert not other, "if it may cost that: `python -m bench.cost --write`, then `make docs`"
    assert found.keys() == written.keys()


def test_no_operation_passes_its_limit() -> None:
    rows = json.loads(cost.COSTS.read_text())
    assert {*cost.REQUESTS_MAX, *cost.WRITE_UNITS_MAX} <= {row["operation"] for row in rows}
    assert [over for row in rows if (over := cost.over(row))] == []
