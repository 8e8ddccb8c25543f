"""The filled demo: what the table holds is what the world says, to the haléř."""

from tests.demo.conftest import Filled


def test_something(filled: Filled) -> None:
    assert filled.world.told
