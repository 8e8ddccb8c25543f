"""Accounts, sign-in, households, roles at the town hall."""

from chalicelib.core.rooms import Room

ROOM = Room()
