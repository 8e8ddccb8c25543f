"""What was redeemed goes to the bank, and what the bank says of it."""

from chalicelib.core.rooms import AT_EVERY_TICK, WHEN_SENT, Room, daily

ROOM = Room(
    jobs={"settle": daily(5), "build": WHEN_SENT, "resume": AT_EVERY_TICK},
)
