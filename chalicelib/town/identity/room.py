"""What is proved of a person, by the registry or by a clerk."""

from chalicelib.core.rooms import Room, daily

ROOM = Room(
    wakes_on={"person", "child", "verification"},
    jobs={"expire": daily(3), "of_age": daily(0, 15), "files": daily(2)},
)
