"""One filled installation for all tests of the demo: filling takes seconds, looking at it does not change it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chalicelib.core import aws
from chalicelib.core import settings as setting_store
from chalicelib.core.aws import client
from chalicelib.core.ids import new_id
from chalicelib.core.table import Item, item_of
from localcloud.demo import fill
from localcloud.demo.table import patient
from localcloud.demo.world import World, world
from tests.conftest import keep_secrets
from tests.engine import make_table

DAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Filled:
    world: World
    data: Path
    table: str


@pytest.fixture(scope="session")
def filled(dynamodb: str, objects: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    data = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        keep_secrets(patch)
        name = f"demo-{new_id()}"
        patch.setenv("TABLE_NAME", name)
        patch.setenv("BUCKET_DOCUMENTS", name)
        patch.setenv("BUCKET_SEALS", f"{name}-seals")
        patch.setenv("ORIGIN", "http://localhost:8080")
        patch.setenv("DEMO_DAY", DAY.isoformat())
        setting_store.settings.cache_clear()
        for bucket in (name, f"{name}-seals"):
            aws.client("s3").create_bucket(
                Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
            )
            aws.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        make_table(name)
        fill.fill(data, print)
        with patient():
            yield Filled(world(DAY), data, name)
        aws.client("dynamodb").delete_table(TableName=name)
    setting_store.settings.cache_clear()


def raw_items(table: str) -> Iterator[Any]:
    for page in client("dynamodb").get_paginator("scan").paginate(TableName=table):
        yield from page["Items"]


@pytest.fixture(scope="session")
def items(filled: Filled) -> list[Item]:
    return [item_of(raw) for raw in raw_items(filled.table)]
