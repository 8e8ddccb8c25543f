"""The plan of the house: a room's name is its own, and what belongs to it lies under that name."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.core import rooms
from tests.engine import ROOT

WINGS = sorted({folder.parent.name for folder in rooms.folders().values()})


def test_no_two_rooms_have_one_name() -> None:
    """Doors, queues, policies and metrics are called by it alone."""
    assert sorted(rooms.folders()) == sorted(init.parent.name for init in rooms.HOUSE.glob("*/*/__init__.py"))


@pytest.mark.parametrize("room", rooms.folders())
def test_a_rooms_tests_lie_as_the_room_does(room: str) -> None:
    where = rooms.folders()[room].relative_to(rooms.HOUSE)
    assert (ROOT / "tests" / where / "__init__.py").exists()


@pytest.mark.parametrize("wing", WINGS)
def test_a_wing_holds_rooms_alone(wing: str) -> None:
    def inside(tree: Path) -> set[str]:
        return {path.name for path in (tree / wing).iterdir()} - {"__init__.py", "__pycache__"}

    assert inside(rooms.HOUSE) == inside(ROOT / "tests") <= rooms.folders().keys()


def test_a_persons_export_finds_every_room_in_a_new_process() -> None:
    sources = "\n".join(path.read_text() for path in rooms.HOUSE.rglob("*.py"))
    offered = re.findall(r'^people\.adds_to_export\("(\w+)"', sources, re.MULTILINE)
    code = "from chalicelib.town.people import service; service._ask_every_room(); print(*sorted(service._export))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == sorted(offered) != []
