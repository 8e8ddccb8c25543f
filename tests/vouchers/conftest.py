"""What vouchers' tests stand on: a bucket, and a town with people, programmes, providers and tills."""

import pytest

from chalicelib.core.gate import TILL, Who
from tests.door import Door
from tests.vouchers.build import CITY, Scene, a_scene


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
