"""Charges, their QR payment and matching."""

from chalicelib.core.rooms import Room, daily

ROOM = Room(
    wakes_on={"subject_account", "subject_entry"},
    jobs={"overdue": daily(7)},
)
