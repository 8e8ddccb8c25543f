"""Regina's signature: a compact JWS that binds a town's key to one call and its body, for one minute. Pure."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.core.clock import Instant
from chalicelib.core.secrets import base64url, unbase64url
from chalicelib.town.identity.model import CLOCK_SKEW, TOKEN_LIFE_MAX, SignatureRefused

TOKEN_LENGTH_MAX = 2000
KEY_BYTES = 32
KEY_ID = re.compile("[A-Za-z0-9_-]{16}")
NONCE_LENGTH_MIN, NONCE_LENGTH_MAX = 16, 64


@dataclass(frozen=True)
class Signed:
    """The call that a signature has to fit. `authorization` is the header's value, `body` the bytes as they came."""

    city: str
    origin: str
    method: str
    path: str
    body: bytes
    authorization: str


def key_id(public_key: bytes) -> str:
    """A key's name: the first sixteen characters of the base64url of its SHA-256."""
    return base64url(hashlib.sha256(public_key).digest())[:16]


def nonce_of(call: Signed, key_of: Callable[[str], str | None], now: Instant) -> str:
    """The `jti` of a call that is rightly signed; the caller sees to it that it is used once.

    `key_of(kid)` gives the town's public key (base64url) or None. Raises SignatureRefused, whatever is wrong.
    """
    head, claims, signed, signature = _parts(call.authorization)
    if head.get("alg") != "EdDSA" or not KEY_ID.fullmatch(str(head.get("kid"))):
        raise SignatureRefused
    _verify(key_of(str(head["kid"])), signed, signature)
    _check_claims(claims, call)
    _check_time(claims, now)
    nonce = claims.get("jti")
    if not isinstance(nonce, str) or not NONCE_LENGTH_MIN <= len(nonce) <= NONCE_LENGTH_MAX:
        raise SignatureRefused
    return nonce


def _parts(authorization: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    scheme, _, token = authorization.partition(" ")
    parts = token.split(".")
    if scheme != "Regina" or len(token) > TOKEN_LENGTH_MAX or len(parts) != 3:
        raise SignatureRefused
    try:
        head, claims = (json.loads(unbase64url(part)) for part in parts[:2])
        signature = unbase64url(parts[2])
        signed = f"{parts[0]}.{parts[1]}".encode("ascii")
    except (ValueError, RecursionError):
        raise SignatureRefused from None
    if not isinstance(head, dict) or not isinstance(claims, dict):
        raise SignatureRefused
    return head, claims, signed, signature


def _verify(public_key: str | None, signed: bytes, signature: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if public_key is None:
        raise SignatureRefused
    try:
        Ed25519PublicKey.from_public_bytes(unbase64url(public_key)).verify(signature, signed)
    except InvalidSignature:
        raise SignatureRefused from None


def _check_claims(claims: dict[str, Any], call: Signed) -> None:
    expected = {
        "iss": call.city,
        "aud": call.origin,
        "htm": call.method,
        "htp": call.path,
        "bh": base64url(hashlib.sha256(call.body).digest()),
    }
    if any(claims.get(name) != value for name, value in expected.items()):
        raise SignatureRefused


def _check_time(claims: dict[str, Any], now: Instant) -> None:
    issued, ends = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or not isinstance(ends, int):
        raise SignatureRefused
    skew, at = CLOCK_SKEW.total_seconds(), now.timestamp()
    if not 0 < ends - issued <= TOKEN_LIFE_MAX.total_seconds() or not issued - skew <= at <= ends + skew:
        raise SignatureRefused


def is_public_key(text: str) -> bool:
    """Whether a text is 32 bytes in base64url that can be an Ed25519 public key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        raw = unbase64url(text)
        Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        return False
    return len(raw) == KEY_BYTES and base64url(raw) == text
