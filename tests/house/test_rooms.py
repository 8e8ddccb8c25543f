"""The plan of the house: a room's name is its own, and what belongs to it lies under that name."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.core import rooms
from infra.stacks import parse
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


@pytest.mark.parametrize("room", rooms.folders())
def test_a_manifest_names_the_jobs_that_the_room_has_and_imports_nothing_of_it(room: str) -> None:
    manifest, place = rooms.manifests()[room], rooms.folders()[room]
    source = ast.parse((place / "room.py").read_text())
    imported = [node.module for node in ast.walk(source) if isinstance(node, ast.ImportFrom)]
    assert imported == ["chalicelib.core.rooms"]
    if room not in rooms.working():
        assert not (place / "jobs.py").exists(), "what nothing wakes has no jobs"
        return
    jobs = rooms.module(room, "jobs")
    assert list(jobs.JOBS) == list(manifest.jobs)
    assert hasattr(jobs, "changed") == bool(manifest.wakes_on)
    assert all(step.__doc__ for step in jobs.JOBS.values()), "docs/jobs.md says what a step does"


def test_what_wakes_a_room_is_a_kind_of_item() -> None:
    kinds = set(re.findall(r'KIND = "(\w+)"', "\n".join(path.read_text() for path in rooms.HOUSE.rglob("*.py"))))
    assert {kind for manifest in rooms.manifests().values() for kind in manifest.wakes_on} <= kinds


def test_every_room_that_something_wakes_has_its_queue_function_and_policy() -> None:
    template = (ROOT / "infra/app.yaml").read_text()
    resources, working = parse(template)["Resources"], set(rooms.working())
    queues, jobs = (resources[f"Fn::ForEach::{name}"][1] for name in ("Queues", "RoomQueues"))
    assert {room.lower() for room in jobs} == working == {room.lower() for room in queues} - {"stream"}
    assert {name.removesuffix("Queue").lower() for name in resources if name.endswith("Queue")} == working
    assert set(re.findall(r'"(\w+)": "\${\w+Jobs}"', template)) == working
    config = json.loads((ROOT / ".chalice/config.json").read_text())["lambda_functions"]
    assert {name.removesuffix("_queue") for name in config if name.endswith("_queue")} == working
    assert {path.stem.removeprefix("policy-") for path in (ROOT / ".chalice").glob("policy-*.json")} == working | {
        "api",
        "stream",
        "tick",
    }


def test_the_tick_and_the_stream_import_no_room_that_they_do_not_wake() -> None:
    code = (
        "import sys, app; from chalicelib.core import dispatch, rooms; dispatch.stream({'Records': []}, rooms.working());"
        "print([m for m in sys.modules if m.count('.') == 3 and m.startswith('chalicelib.') and not m.endswith('.room')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
