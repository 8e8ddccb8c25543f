"""The demo town: two invented sponsors with everything that happened in them, from one seed and one demo day."""

from collections.abc import Sequence

from localcloud.people import Person


def people_to_sign_in() -> Sequence[Person]:
    """Who to sign in as on this installation; nobody where no demo was filled in."""
    from localcloud.demo import signing_in
    from localcloud.demo.fill import filled_on

    day = filled_on()
    return signing_in.people_to_sign_in(day) if day else []
