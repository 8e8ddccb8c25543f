"""Who guesses passwords waits; who signs in where they did before does not.

A device where somebody signed in keeps a signed cookie. On it wrong passwords are counted for that device and person alone,
so that nobody else can use its tries up. Everywhere else they are counted for the network, for the network and e-mail
together with a growing wait, and for the e-mail over all unknown devices of the world. Whoever forgot the password, or is
kept out on a new device by somebody's guessing, gets in by a link to the mailbox, which makes the device known.

A device is known to one generation of a sign-in: a new password or a new e-mail forgets all but the one where it was set.
"""

import hmac
import secrets as randomness
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core import tries
from chalicelib.core.clock import Instant
from chalicelib.core.secrets import peppered
from chalicelib.core.tries import Delay, Pace

ON_A_KNOWN_DEVICE = Pace(10, timedelta(minutes=15))
FROM_ONE_NETWORK = Pace(100, timedelta(minutes=15))
"""A school or a town hall may share one address; what succeeded does not count."""
FROM_ONE_NETWORK_AT_ONE_EMAIL = Delay(
    free=5, first=timedelta(seconds=1), most=timedelta(minutes=15), memory=timedelta(days=1)
)
AT_ONE_EMAIL = Pace(100, timedelta(days=1))
"""Guesses at one password from all unknown devices together."""
LETTERS = Pace(5, timedelta(minutes=15))
"""Letters of one kind to one address."""
LETTERS_FROM_ANYWHERE = Pace(20, timedelta(hours=1))
"""Letters of one kind to one address, whoever asks for them."""
ASKED_FROM_ONE_NETWORK = Pace(500, timedelta(minutes=15))
"""A school registers from one address."""
PROOFS_OF_A_SESSION = Pace(10, timedelta(minutes=15))

DEVICE_LIFE = timedelta(days=365)
PEOPLE_OF_A_DEVICE_MAX = 5


@dataclass(frozen=True)
class Guess:
    """A try at a password: whose, from where, and on which known device (empty: on none)."""

    email: str
    network: str
    device: str


def count(guess: Guess, at: Instant) -> None:
    """Count a guess before it is made. Raises TooManyTries."""
    if guess.device:
        tries.count("sign-in-device", guess.device, ON_A_KNOWN_DEVICE, at)
        return
    tries.count("sign-in-network", guess.network, FROM_ONE_NETWORK, at)
    tries.count_slowing("sign-in", f"{guess.network} {guess.email}", FROM_ONE_NETWORK_AT_ONE_EMAIL, at)
    tries.count("sign-in-email", guess.email, AT_ONE_EMAIL, at)


def was_right(guess: Guess) -> None:
    """A right password is no guess."""
    if guess.device:
        tries.forgive("sign-in-device", guess.device, ON_A_KNOWN_DEVICE)
        return
    tries.forgive("sign-in-network", guess.network, FROM_ONE_NETWORK)
    tries.forget("sign-in", f"{guess.network} {guess.email}")
    tries.forgive("sign-in-email", guess.email, AT_ONE_EMAIL)


# Known devices: the cookie holds `<person>.<device>.<keyed digest>` for each of the last people who signed in there


def known_device(cookie: str, person: str, generation: int) -> str:
    """Which device this is to a person; empty where they have not signed in lately, or the cookie is not ours."""
    for part in cookie.split("~")[:PEOPLE_OF_A_DEVICE_MAX]:
        match part.split("."):
            case [somebody, device, proof] if somebody == person:
                return (
                    device if hmac.compare_digest(proof.encode(), _proof(person, device, generation).encode()) else ""
                )
    return ""


def remembering(cookie: str, person: str, generation: int) -> str:
    """The cookie of a device where a person has just shown who they are."""
    device = known_device(cookie, person, generation) or randomness.token_urlsafe(12)
    others = [part for part in cookie.split("~") if part and not part.startswith(f"{person}.")]
    return "~".join([f"{person}.{device}.{_proof(person, device, generation)}", *others][:PEOPLE_OF_A_DEVICE_MAX])


def _proof(person: str, device: str, generation: int) -> str:
    return peppered("device", f"{person}.{device}.{generation}")
