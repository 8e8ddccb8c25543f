"""A sponsor's settings, privacy notices, addresses."""

from chalicelib.core.rooms import Room

ROOM = Room()
