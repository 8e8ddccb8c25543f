"""Programmes, applications and their awards."""

from chalicelib.core.rooms import AT_EVERY_TICK, Room, daily

ROOM = Room(
    wakes_on={"application", "budget", "grant", "verification", "guardian_link"},
    jobs={
        "follow": AT_EVERY_TICK,
        "ask": AT_EVERY_TICK,
        "lapse": daily(0, 15),
        "expire": daily(0, 15),
        "files": daily(2),
        "promote": AT_EVERY_TICK,
        "allocate": AT_EVERY_TICK,
    },
)
