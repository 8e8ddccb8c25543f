"""A bucket of seals as AWS keeps one: versioned and locked, on the local S3."""

from typing import Any

import pytest

from chalicelib.core import aws
from chalicelib.core import settings as setting_store
from chalicelib.core.ids import new_id


@pytest.fixture
def locked(objects: str, table: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A fresh bucket for seals whose objects nobody deletes for a day, and settings that point to it."""
    name = f"test-seals-{new_id()}"
    s3: Any = aws.client("s3")
    s3.create_bucket(
        Bucket=name,
        CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
        ObjectLockEnabledForBucket=True,
    )
    s3.put_object_lock_configuration(
        Bucket=name,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}},
        },
    )
    monkeypatch.setenv("BUCKET_SEALS", name)
    setting_store.settings.cache_clear()
    return name
