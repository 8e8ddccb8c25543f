"""Whoever loses a race hears a refusal: what a failed condition means never ends as a fault of ours."""

import re

import pytest

from chalicelib.core import rooms
from tests.house.reach import sources

ROOMS = {
    path.name: "\n".join(file.read_text() for file in path.glob("*.py"))
    for path in (rooms.HOUSE / "core", *rooms.folders().values())
}
OWN = re.compile(r"^class (\w+)\(Exception\)", re.MULTILINE)
NO_REFUSAL = {"Refusal", "NotAllSent", "Replayed"}
"""The base of refusals; what a worker lets fail so that its message comes again; the receipt of what was done before."""


@pytest.mark.parametrize("room", [room for room in ROOMS if OWN.search(ROOMS[room])])
def test_a_rooms_own_word_for_a_lost_race_is_caught_in_the_room(room: str) -> None:
    for name in set(OWN.findall(ROOMS[room])) - NO_REFUSAL:
        caught = rf"(except|suppress)\b[^\n]*\b{name}\b"
        assert re.search(caught, ROOMS[room]), f"{name} of {room} would become a 500"


def test_no_condition_of_what_a_door_reaches_means_an_error_of_python() -> None:
    doors = sources().reached_from(
        node for module in sources().trees if module.endswith(".routes") for node in sources().of_module(module)
    )
    errors = re.compile(r"lambda \w+: (ValueError|KeyError|LookupError|RuntimeError|AssertionError|Exception)\(")
    assert sorted(node for node in doors if errors.search(sources().texts.get(node, ""))) == []
