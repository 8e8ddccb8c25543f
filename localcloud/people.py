"""Who to sign in as on a demo installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec


@dataclass(frozen=True)
class Person:
    """`path` is the app that they use, such as `/moje/`."""

    role: str
    name: str
    email: str
    password: str
    path: str


def to_sign_in() -> Sequence[Person]:
    """The people of the demo; nobody where the installation has none."""
    if find_spec("localcloud.demo") is None:
        return []
    ask = getattr(import_module("localcloud.demo"), "people_to_sign_in", list)
    found: Sequence[Person] = ask()
    return found
