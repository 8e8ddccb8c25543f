"""One local cloud without demo data for the tests that only use it."""

from collections.abc import Iterator

import httpx
import pytest

from localcloud.cloud import LocalCloud, running


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with running(tmp_path_factory.mktemp("cloud")) as started:
        yield started


@pytest.fixture
def http(cloud: LocalCloud) -> Iterator[httpx.Client]:
    """A browser's way to the one origin."""
    with httpx.Client(base_url=cloud.origin) as client:
        yield client
