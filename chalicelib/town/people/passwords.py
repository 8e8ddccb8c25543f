"""Passwords: Argon2id, in the PHC format that carries its own parameters."""

import os
from functools import cache

MEMORY_KIB, ITERATIONS, LANES = 19 * 1024, 2, 1
"""OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, 2 iterations, 1 lane."""


def hashed(password: str) -> str:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(salt=os.urandom(16), length=32, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB)
    return str(kdf.derive_phc_encoded(password.encode()))


def matches(password: str, stored: str) -> bool:
    from cryptography.exceptions import InvalidKey
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    try:
        Argon2id.verify_phc_encoded(password.encode(), stored)
    except InvalidKey:
        return False
    return True


@cache
def nobodys() -> str:
    """A password that nobody has: whoever asks for an unknown e-mail waits as long as for a known one."""
    return hashed(os.urandom(16).hex())
