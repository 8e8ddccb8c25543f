"""The small town, told once a session; whoever needs it stands at one of its steps again."""

from pathlib import Path

import pytest

from tests.house.small_town import Town, tell
from tests.house.telling import telling


@pytest.fixture(scope="session")
def small_town(dynamodb: str, objects: str, tmp_path_factory: pytest.TempPathFactory) -> Town:
    home: Path = tmp_path_factory.mktemp("small-town")
    with telling(home, remembers=True) as book:
        return tell(book, home)
