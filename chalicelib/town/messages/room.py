"""Letters and reminders, by e-mail and in the inbox."""

from chalicelib.core.rooms import AT_EVERY_TICK, BY_DAY, Room

ROOM = Room(
    wakes_on={"message"},
    jobs={"sweep": AT_EVERY_TICK, "remind": BY_DAY},
)
