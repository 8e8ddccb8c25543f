"""A town and its Regina."""

from pathlib import Path

import pytest

from chalicelib.town.towns import service as towns
from tests.door import Door
from tests.town.identity.build import Office
from tests.town.people.build import a_town


@pytest.fixture
def office(tmp_path: Path, door: Door) -> Office:
    towns._cache.clear()
    a_town()
    made = Office(tmp_path / "office", door)
    made.register_key()
    return made
