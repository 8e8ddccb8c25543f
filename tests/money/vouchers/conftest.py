"""What vouchers' tests stand on: a bucket, and a town with people, programmes, providers and tills."""

import pytest

from tests.door import Door
from tests.money.vouchers.build import Scene, a_paired_till, a_scene


@pytest.fixture
def scene(table: str) -> Scene:
    """A town with two programmes, two providers and a citizen."""
    return a_scene()


def a_till(door: Door, provider: str, id: str = "till-1") -> Door:
    return door.as_(a_paired_till(provider, id))


@pytest.fixture
def till(door: Door, scene: Scene) -> Door:
    """A till at the pool, which takes the swimming vouchers."""
    return a_till(door, scene.pool.id)


@pytest.fixture
def other_till(door: Door, scene: Scene) -> Door:
    """A till at the bookshop, which takes the book vouchers."""
    return a_till(door, scene.shop.id, "till-2")
