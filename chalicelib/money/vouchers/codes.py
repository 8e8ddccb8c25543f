"""The two codes of a voucher, the code that pairs a till, and how people type them. Pure.

Crockford's alphabet leaves out I, L, O and U, so that a code read aloud or typed has one spelling. Codes are made
from 128 bits that the caller derives or draws; only their digests are stored.
"""

import hashlib

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
INSTALLATION = "AM1."
"""What a QR code of ours begins with: ours, first format. All of it fits a QR's alphanumeric mode."""
QR_CHARACTERS = 26
SHORT_CHARACTERS = 10
PAIRING_CHARACTERS = 16
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"} | dict.fromkeys(" -\u00a0\u2011\u2013\t\n\r"))


def qr_code(secret: bytes) -> str:
    """What a voucher's QR holds: 128 bits, `AM1.` and 26 characters."""
    return INSTALLATION + _text(secret[:16], QR_CHARACTERS)


def short_code(secret: bytes) -> str:
    """What is typed when a camera fails: 45 bits and a check character, `7K4M-9PQ2-XR`."""
    return grouped(_with_check(_text(secret[:16], SHORT_CHARACTERS - 1)))


def pairing_code(secret: bytes) -> str:
    """What pairs a till within minutes: 75 bits and a check character, `7K4M-9PQ2-XR3T-0ABC`."""
    return grouped(_with_check(_text(secret[:16], PAIRING_CHARACTERS - 1)))


def _text(secret: bytes, characters: int) -> str:
    number = int.from_bytes(secret)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(characters))


def grouped(code: str) -> str:
    """A code in groups of four, as it is shown."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def plain(typed: str) -> str:
    """A code as it is digested: upper case, no spaces and dashes, look-alikes put right."""
    text = typed.strip().upper()
    if text.startswith(INSTALLATION):
        return text
    return text.translate(_LOOKALIKES)


def is_mistyped(typed: str) -> bool:
    """Whether a text that looks typed cannot be right: its length or the check character.

    One wrong character or any two swapped ones are always found. It says nothing of whether such a voucher exists, and
    nothing of texts that nobody types: a scanned code of somebody else's is simply unknown.
    """
    text = plain(typed)
    if not (text.isascii() and text.isalnum()) or len(text) > PAIRING_CHARACTERS:
        return False
    return len(text) not in (SHORT_CHARACTERS, PAIRING_CHARACTERS) or _remainder(text) != 0


def space_of(code: str) -> str:
    """Which kind of code a text means to be: what a QR holds, or what is typed."""
    return "qr" if plain(code).startswith(INSTALLATION) else "short"


def digest_of(code: str) -> str:
    """The digest that a code is found by; nothing leads from it back to the code."""
    return hashlib.sha256(plain(code).encode()).hexdigest()


def _with_check(text: str) -> str:
    return text + ALPHABET[_times_x(_remainder(text))]


def _remainder(text: str) -> int:
    """The characters as a polynomial over GF(32), at x: zero when the check character fits."""
    value = 0
    for letter in text:
        value = _times_x(value) ^ ALPHABET.index(letter)
    return value


def _times_x(value: int) -> int:
    """Times x in GF(2^5) modulo x^5 + x^2 + 1."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 32 else doubled
