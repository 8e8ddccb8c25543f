"""Who to sign in as on a demo installation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """`path` is the app that they use, such as `/moje/`."""

    role: str
    name: str
    email: str
    password: str
    path: str
