"""Vouchers, their codes, tills and redemptions."""

from chalicelib.core.rooms import AT_EVERY_TICK, Room, daily

ROOM = Room(
    wakes_on={"grant", "voucher"},
    jobs={
        "issue": AT_EVERY_TICK,
        "publish": AT_EVERY_TICK,
        "remainders": daily(2, 30),
        "own_family": daily(2, 45),
    },
)
