"""Merkle trees as RFC 6962, section 2.1, hashes them. Pure.

A leaf is SHA-256(0x00 ‖ body), a node SHA-256(0x01 ‖ left ‖ right); a tree of n leaves splits at the largest power of
two below n. Checking a path is `aktivni`'s, written apart from this.
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256().digest()
"""The root of a day on which nothing happened."""


def leaf_hash(body: str) -> bytes:
    """Of an entry's stored text, as it stands."""
    return hashlib.sha256(b"\x00" + body.encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order. Holds one hash for each level, however many leaves come."""
    whole: list[tuple[int, bytes]] = []  # complete subtrees, ever smaller to the right: (leaves in it, hash)
    for leaf in leaves:
        size, top = 1, leaf
        while whole and whole[-1][0] == size:
            size, top = size * 2, _node(whole.pop()[1], top)
        whole.append((size, top))
    if not whole:
        return EMPTY_ROOT
    top = whole.pop()[1]
    while whole:
        top = _node(whole.pop()[1], top)
    return top


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The inclusion proof of the leaf at `index`, nearest sibling first. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    found: list[bytes] = []
    low, high = 0, len(leaves)
    while high - low > 1:
        split = low + _largest_power_below(high - low)
        if index < split:
            found.append(root(leaves[split:high]))
            high = split
        else:
            found.append(root(leaves[low:split]))
            low = split
    return found[::-1]


def _largest_power_below(n: int) -> int:
    """The largest power of two smaller than n, for n above 1."""
    return 1 << (n - 1).bit_length() - 1
