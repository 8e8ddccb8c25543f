"""Live figures, counted from the stream."""

from chalicelib.core.rooms import AT_EVERY_TICK, WHEN_SENT, Room

ROOM = Room(
    wakes_on={"transfer", "application"},
    jobs={"sweep": AT_EVERY_TICK, "rebuild": WHEN_SENT},
)
