"""Formats of Czech banks: statements, payment orders, QR payments. Pure."""

from chalicelib.core.rooms import Room

ROOM = Room()
