"""Who takes part: organisations, branches, parts, payout accounts."""

from chalicelib.core.rooms import Room

ROOM = Room()
