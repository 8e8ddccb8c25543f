"""The town's two keys, which never leave this machine: the signing key (Ed25519) and the subject key."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .model import b64url, unb64url

SUBJECT_KEY_BYTES = 32


class KeyFault(Exception):
    """A key that is missing, exposed, in the way or unreadable."""


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read. Raises KeyFault when there is one: no key is overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFault(f"{path} exists and is left as it is") from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def next_signing(path: Path) -> Path:
    """Where the signing key waits that is to take the place of the one at `path`."""
    return path.with_name(f"{path.stem}.next{path.suffix}")


def make_keys(signing_path: Path, subject_path: Path) -> Ed25519PrivateKey:
    """Make both keys, or neither where one of the files exists (KeyFault)."""
    for path in (signing_path, subject_path):
        if path.exists():
            raise KeyFault(f"{path} exists and is left as it is")
    key = make_signing_key(signing_path)
    write_private(subject_path, (b64url(secrets.token_bytes(SUBJECT_KEY_BYTES)) + "\n").encode())
    return key


def make_signing_key(path: Path) -> Ed25519PrivateKey:
    """Make a signing key in a new file. Raises KeyFault where there is one."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_private(path, pem)
    return key


def adopt_signing_key(path: Path) -> None:
    """The waiting key takes the place of the one at `path`, which is gone. Raises KeyFault where none waits."""
    signing_key(next_signing(path))
    next_signing(path).replace(path)


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The town's signing key. Raises KeyFault."""
    try:
        key = serialization.load_pem_private_key(_read_private(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFault(f"{path} is not a private key") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFault(f"{path} is not an Ed25519 key")
    return key


def subject_key(path: Path) -> bytes:
    """The key of subject references. Raises KeyFault."""
    try:
        key = unb64url(_read_private(path).decode().strip())
    except ValueError:
        raise KeyFault(f"{path} is not a subject key") from None
    if len(key) != SUBJECT_KEY_BYTES:
        raise KeyFault(f"{path} is not a subject key")
    return key


def _read_private(path: Path) -> bytes:
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFault(f"{path} can be read by others: chmod 600 it")
        return path.read_bytes()
    except OSError as e:
        raise KeyFault(f"{path}: {e.strerror}") from None


def public_text(key: Ed25519PublicKey) -> str:
    """The 32 raw bytes in base64url: what an admin of the town registers."""
    return b64url(key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))


def kid(key: Ed25519PublicKey) -> str:
    """The key's name: the first sixteen characters of the base64url of the SHA-256 of its raw bytes."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return b64url(hashlib.sha256(raw).digest())[:16]
