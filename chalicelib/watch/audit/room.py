"""Nightly seals and proofs, and what the auditor reads."""

from chalicelib.core.rooms import WHEN_SENT, Room, daily

# The seal waits until the day's last transactions and their index are long done; the proof holds the books to it.
ROOM = Room(
    jobs={"seal": daily(2), "prove": daily(2, 30), "segment": WHEN_SENT, "judge": WHEN_SENT},
)
