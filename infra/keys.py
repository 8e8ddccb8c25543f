"""The secrets of an installation: made once, by the first deployment or the first local run."""

import base64
import json
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

type Secret = dict[str, str]
"""access_kid, access_private_key (raw Ed25519), pepper and origin_secret; bytes as base64url."""

KEPT_APART = {
    "SigningKeyArn": ("access_kid", "access_private_key"),
    "PepperArn": ("pepper",),
    "OriginSecretArn": ("origin_secret",),
}
"""Which of them lies in which secret, by the data stack's output: each function may read only what it needs."""


def new_secret() -> Secret:
    return {
        "access_kid": secrets.token_hex(4),
        "access_private_key": _base64url(Ed25519PrivateKey.generate().private_bytes_raw()),
        "pepper": _base64url(secrets.token_bytes(32)),
        "origin_secret": secrets.token_urlsafe(32),
    }


def public_keys(secret: Secret) -> str:
    """ACCESS_PUBLIC_KEYS: what verifies the tokens that this secret signs."""
    private = secret["access_private_key"]
    key = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(private + "=" * (-len(private) % 4)))
    return json.dumps({secret["access_kid"]: _base64url(key.public_key().public_bytes_raw())})


def kept_secret(client: "SecretsManagerClient", data: Mapping[str, str], first: Secret | None = None) -> Secret:
    """The installation's secrets as one; what has no value yet gets that of `first` (or a new one)."""
    made = first or new_secret()
    found: Secret = {}
    for output, names in KEPT_APART.items():
        kept = _value(client, data[output])
        part: Secret = json.loads(kept) if kept else {name: made[name] for name in names}
        if not kept:
            client.put_secret_value(SecretId=data[output], SecretString=json.dumps(part))
        found |= part
    return found


def _value(client: "SecretsManagerClient", secret_id: str) -> str:
    try:
        return client.get_secret_value(SecretId=secret_id).get("SecretString", "")
    except client.exceptions.ResourceNotFoundException:
        return ""


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
