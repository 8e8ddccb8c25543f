"""The demo town: two invented sponsors with everything that happened in them, from one seed and one demo day."""

from collections.abc import Sequence

from localcloud.people import Person, VoucherToScan


def people_to_sign_in() -> Sequence[Person]:
    """Who to sign in as on this installation; nobody where no demo was filled in."""
    from localcloud.demo import signing_in
    from localcloud.demo.fill import filled_on

    day = filled_on()
    return signing_in.people_to_sign_in(day) if day else []


def voucher_to_scan() -> VoucherToScan | None:
    """A voucher to try a till with; None without a demo, or once all are spent."""
    from localcloud.demo import scanning
    from localcloud.demo.fill import filled_on

    day = filled_on()
    return scanning.voucher_to_scan(day) if day else None
