"""What vouchers' tests stand on: a bucket, and a town with people, programmes, providers and tills."""

import os
from collections.abc import Iterator

import pytest

from chalicelib.core import aws, settings
from chalicelib.core.gate import TILL, Who
from localcloud.processes import start_ministack, stop, wait_for
from tests.door import Door
from tests.engine import free_port
from tests.vouchers.build import CITY, Scene, a_scene

BUCKET = "documents-of-tests"


@pytest.fixture(scope="session")
def storage(dynamodb: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The object store, one a session."""
    data, port = tmp_path_factory.mktemp("storage"), free_port()
    process = start_ministack(port, data, data / "logs")
    endpoint = f"http://127.0.0.1:{port}"
    try:
        wait_for(process, f"{endpoint}/_ministack/health")
        os.environ.update(AWS_ENDPOINT_URL_S3=endpoint, BUCKET_DOCUMENTS=BUCKET)
        settings.settings.cache_clear()
        aws._client.cache_clear()
        aws.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        yield
    finally:
        stop([process])
        os.environ.pop("AWS_ENDPOINT_URL_S3", None)


@pytest.fixture
def scene(table: str) -> Scene:
    """A town with two programmes, two providers and a citizen."""
    return a_scene()


def a_till(door: Door, provider: str, id: str = "till-1") -> Door:
    who = Who(id=id, app="reader", session=id, roles={CITY: (TILL,)}, providers={CITY: {provider: TILL}})
    return door.as_(who)


@pytest.fixture
def till(door: Door, scene: Scene) -> Door:
    """A till at the pool, which takes the swimming vouchers."""
    return a_till(door, scene.pool.id)


@pytest.fixture
def other_till(door: Door, scene: Scene) -> Door:
    """A till at the bookshop, which takes the book vouchers."""
    return a_till(door, scene.shop.id, "till-2")
