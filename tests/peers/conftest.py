"""The towns in which the peers' scenarios are played."""

from pathlib import Path
from typing import Any

import pytest

from tests.door import Door
from tests.money.providers.build import a_programme, companies
from tests.money.vouchers.build import CITY, Scene, a_scene
from tests.money.vouchers.conftest import a_till
from tests.peers.build import Finance, Hands, a_finance
from tests.town.people.build import a_town


@pytest.fixture
def scene(table: str) -> Scene:
    """A town where vouchers are spent: swimming in parts at the pool, books in one go at the shop."""
    return a_scene()


@pytest.fixture
def till(door: Door, scene: Scene) -> Door:
    """A till of the pool."""
    return a_till(door, scene.pool.id)


@pytest.fixture
def shop(door: Door, scene: Scene) -> Door:
    """A till of the bookshop."""
    return a_till(door, scene.shop.id, "till-2")


@pytest.fixture
def courses(table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A town where places in courses are bought on credit."""
    companies(tmp_path, monkeypatch)
    a_town()
    a_programme()
    return CITY


@pytest.fixture
def finance(door: Door, bucket: str, sent: list[tuple[str, dict[str, Any]]]) -> Finance:
    """A town whose money goes to the bank."""
    return a_finance(door, sent)


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """Hands on the clock."""
    return Hands(monkeypatch)
