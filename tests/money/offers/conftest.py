"""A town with a programme on credit and a register of companies."""

from pathlib import Path

import pytest

from tests.money.providers.build import a_programme, companies
from tests.town.people.build import a_town


@pytest.fixture
def town(table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    companies(tmp_path, monkeypatch)
    a_town()
    a_programme()
    return "modrinov"
