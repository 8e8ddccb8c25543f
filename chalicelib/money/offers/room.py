"""Activities, their sessions and orders on credit."""

from chalicelib.core.rooms import AT_EVERY_TICK, Room

ROOM = Room(
    wakes_on={"session_news"},
    jobs={"due": AT_EVERY_TICK},
)
