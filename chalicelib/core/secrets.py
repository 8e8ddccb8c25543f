"""The one secret of an installation. The gate and the till never need it: they verify by public keys."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import cache

from chalicelib.core.aws import client
from chalicelib.core.settings import settings


@dataclass(frozen=True)
class Secrets:
    access_kid: str
    access_private_key: bytes
    pepper: bytes


def unbase64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@cache
def secrets() -> Secrets:
    raw = json.loads(client("secretsmanager").get_secret_value(SecretId=settings().secret_id)["SecretString"])
    return Secrets(raw["access_kid"], unbase64url(raw["access_private_key"]), unbase64url(raw["pepper"]))


def peppered(purpose: str, text: str) -> str:
    """A stable keyed digest: 32 hex characters. Another purpose gives another digest of the same text."""
    return hmac.new(secrets().pepper, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()[:32]
