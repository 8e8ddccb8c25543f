"""RFC 6962 hashing: known roots and paths, and the tree that holds one hash a level against the one of the definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aktivni.receipt import NotProven, root_of
from chalicelib.watch.audit import merkle

# The eight inputs and the roots of their trees that Certificate Transparency's implementations test with.
INPUTS = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves_of(inputs: list[str]) -> list[bytes]:
    return [hashlib.sha256(b"\x00" + bytes.fromhex(text)).digest() for text in inputs]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert merkle.root(leaves_of(INPUTS[:size])).hex() == ROOTS[size - 1]


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_known_paths() -> None:
    leaves = leaves_of(INPUTS)
    assert [step.hex() for step in merkle.path(leaves, 0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [step.hex() for step in merkle.path(leaves, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def defined(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + defined(leaves[:k]) + defined(leaves[k:])).digest()


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=130), st.data())
def test_every_leaf_is_proven_and_nothing_else_is(bodies: list[bytes], data: st.DataObject) -> None:
    leaves = [hashlib.sha256(b"\x00" + body).digest() for body in bodies]
    index = data.draw(st.integers(0, len(leaves) - 1))
    root = merkle.root(leaves)
    path = merkle.path(leaves, index)
    assert root == defined(leaves)
    assert root_of(leaves[index], index, len(leaves), path) == root
    other = hashlib.sha256(b"\x00another").digest()
    assert root_of(other, index, len(leaves), path) != root
    with pytest.raises(NotProven, match="path"):
        root_of(leaves[index], index, len(leaves), [*path, other])
    if path:
        with pytest.raises(NotProven, match="path"):
            root_of(leaves[index], index, len(leaves), path[:-1])


def test_a_leaf_that_is_not_there_has_no_path() -> None:
    with pytest.raises(IndexError):
        merkle.path(leaves_of(INPUTS), 8)
