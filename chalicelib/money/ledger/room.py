"""The only place where money moves."""

from chalicelib.core.rooms import Room

ROOM = Room()
