"""What makes a receipt true: its body, its leaf, the path to the root, and the seal that the town published. Pure.

RFC 6962, section 2.1, and RFC 9162, section 2.1.3.2, which says how a path is checked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HASH_BYTES = 32


class NotAReceipt(Exception):
    """The file is something else; the text says what is wrong with it."""


class NotSealedYet(Exception):
    """The movement is in the books, its day is not sealed."""


class NotProven(Exception):
    """The receipt or the seal is not what it says; the text names what fails."""


@dataclass(frozen=True)
class Receipt:
    """A receipt with its inclusion proof, as the API gives it. Hashes are bytes."""

    body: str
    leaf: bytes
    index: int
    path: tuple[bytes, ...]
    seal: Seal


@dataclass(frozen=True)
class Seal:
    """What a seal says of its day: so many entries, this root."""

    city: str
    day: str
    count: int | None
    root: bytes


def read_receipt(document: Any) -> Receipt:
    """The answer of `…/receipts/{id}/proof`. Raises NotAReceipt, NotSealedYet."""
    if not isinstance(document, dict) or not isinstance(document.get("body"), str):
        raise NotAReceipt("it has no `body`, the text of the movement")
    if document.get("seal") is None:
        raise NotSealedYet("its day will be sealed in the night after it; fetch the receipt again then")
    index, path = document.get("index"), document.get("path")
    if not isinstance(index, int) or isinstance(index, bool) or not isinstance(path, list):
        raise NotAReceipt("it has no `index` and `path`, the way from the movement to the seal")
    return Receipt(
        body=document["body"],
        leaf=_hash(document.get("leaf"), "leaf"),
        index=index,
        path=tuple(_hash(step, "path") for step in path),
        seal=read_seal(document["seal"]),
    )


def read_seal(document: Any) -> Seal:
    """The answer of `…/seals/{day}`. Raises NotAReceipt."""
    if not isinstance(document, dict):
        raise NotAReceipt("the seal is not an object")
    count = document.get("count")
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise NotAReceipt("the seal has no `count` of entries")
    return Seal(str(document.get("city", "")), str(document.get("day", "")), count, _hash(document.get("root"), "root"))


def read_root(text: str) -> Seal:
    """A root alone, as it is printed: 64 hexadecimal digits. Raises NotAReceipt."""
    return Seal("", "", None, _hash(text.strip(), "root"))


def _hash(value: Any, name: str) -> bytes:
    try:
        found = bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        found = b""
    if len(found) != HASH_BYTES:
        raise NotAReceipt(f"`{name}` is not a SHA-256 in 64 hexadecimal digits")
    return found


def verify(receipt: Receipt, seal: Seal) -> None:
    """The receipt is in the seal. Raises NotProven, which names the first thing that fails."""
    if hashlib.sha256(b"\x00" + receipt.body.encode()).digest() != receipt.leaf:
        raise NotProven("body: the text of the movement was changed, its hash is not the receipt's leaf")
    _same(receipt.seal, seal)
    if root_of(receipt.leaf, receipt.index, receipt.seal.count or 0, receipt.path) != seal.root:
        raise NotProven("path: it does not lead from the movement to the seal's root; the movement is not in this seal")


def _same(told: Seal, seal: Seal) -> None:
    """A seal given by the town says the same as the one that came with the receipt."""
    if seal.count is None:
        return
    for name in ("city", "day", "count"):
        if getattr(told, name) != getattr(seal, name):
            raise NotProven(f"seal: the receipt's `{name}` is {getattr(told, name)}, the seal's {getattr(seal, name)}")


def root_of(leaf: bytes, index: int, count: int, path: Sequence[bytes]) -> bytes:
    """The root that a path leads to, in a tree of `count` leaves. Raises NotProven for a path of a wrong length."""
    if not 0 <= index < count:
        raise NotProven(f"index: {index} is not in a seal of {count} entries")
    node, last, top = index, count - 1, leaf
    for step in path:
        if last == 0:
            raise NotProven("path: it is longer than a seal of this size has levels")
        if node & 1 or node == last:
            top = hashlib.sha256(b"\x01" + step + top).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            top = hashlib.sha256(b"\x01" + top + step).digest()
        node, last = node >> 1, last >> 1
    if last:
        raise NotProven("path: it is shorter than a seal of this size has levels")
    return top
