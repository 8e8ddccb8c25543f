"""The secrets of an installation, each read by whoever needs it and by nobody else.

The gate and the till need none: they verify by public keys. The origin's secret is the API's setting.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import cache

from chalicelib.core.aws import client
from chalicelib.core.settings import settings


@dataclass(frozen=True)
class SigningKey:
    """What access tokens are signed with."""

    kid: str
    private_key: bytes


def unbase64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@cache
def signing_key() -> SigningKey:
    kept = _kept(settings().signing_key_id)
    return SigningKey(kept["access_kid"], unbase64url(kept["access_private_key"]))


@cache
def pepper() -> bytes:
    """The key of every keyed digest: whoever has it can make the links of e-mails and the codes of vouchers."""
    return unbase64url(_kept(settings().pepper_id)["pepper"])


def _kept(id: str) -> dict[str, str]:
    kept: dict[str, str] = json.loads(client("secretsmanager").get_secret_value(SecretId=id)["SecretString"])
    return kept


def peppered(purpose: str, text: str) -> str:
    """A stable keyed digest: 32 hex characters. Another purpose gives another digest of the same text."""
    return hmac.new(pepper(), f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()[:32]
