"""The door: mounts the rooms and declares every schedule, queue and stream handler. It holds no rule.

A room is imported when a function first needs it: `chalicelib/doors.json`, made by `make docs`, says which room a route
belongs to, so that a new container loads Chalice and nothing else.
"""

import json
from pathlib import Path
from typing import Any

from chalicelib.core import rooms, shapes, table  # noqa: F401  every room stands on them: imported before the first request
from chalicelib.core.gate import Who
from chalicelib.core.http import Door, mount

app = Door(app_name="aktivni-mesto")


def _routes(room: str) -> object:
    if room == "people":  # it stands below the room that carries its letters
        rooms.module("messages", "service")
    return rooms.module(room, "routes")


def _as_now(who: Who) -> Who:
    """Whoever acts in a role, with the roles that they hold now."""
    from chalicelib.town.people import staff

    return staff.as_now(who)


_DOORS = json.loads(Path(__file__).with_name("chalicelib").joinpath("doors.json").read_text())
mount(app, _DOORS, _routes, _as_now)


@app.lambda_function(name="tick")
def tick(_event: Any, _context: Any) -> dict[str, int]:
    """Every 15 minutes: send what is due."""
    from chalicelib.core import dispatch
    from chalicelib.core.clock import now
    from chalicelib.town.towns import service as towns

    cities = [town.slug for town in towns.all_towns()]
    return {"sent": dispatch.tick(cities, rooms.working(), now())}


@app.lambda_function(name="stream")
def stream(event: Any, _context: Any) -> None:
    """The table's stream: wake the rooms."""
    from chalicelib.core import dispatch

    dispatch.stream(event, rooms.working())


def _queue(room: str) -> None:
    def handler(event: Any, _context: Any) -> dict[str, Any]:
        from chalicelib.core import dispatch

        return dispatch.queue(event, room, rooms.module(room, "jobs"))

    handler.__name__ = f"{room}_queue"  # Chalice names the Lambda handler after the function
    globals()[handler.__name__] = app.lambda_function(name=handler.__name__)(handler)


for _room in rooms.having("jobs"):  # the manifests are read by those whom they wake
    _queue(_room)
