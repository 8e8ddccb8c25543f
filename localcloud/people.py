"""Who to sign in as on a demo installation, and what to scan there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """`path` is the app that they use, such as `/moje/`."""

    role: str
    name: str
    email: str
    password: str
    path: str


@dataclass(frozen=True)
class VoucherToScan:
    """A voucher that is valid now: what its QR code holds, what is typed instead, and who takes it."""

    programme: str
    provider: str
    left_minor: int
    qr: str
    typed: str
