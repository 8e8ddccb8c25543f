"""What the ledger's tests share."""

from collections.abc import Iterator

import pytest

from tests.money.ledger.writers import Writers


@pytest.fixture(scope="session")
def writers(dynamodb: str) -> Iterator[Writers]:
    """Processes that write at once; started once a session."""
    started = Writers()
    yield started
    started.end()
