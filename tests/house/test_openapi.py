"""The API's description for those who build on it: every word has a meaning, every refusal a code, no name is Python's."""

import re
from typing import Any

import pytest

from tools.docs import load_rooms
from tools.openapi import document, words

load_rooms()
DOCUMENT = document()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
BARE = {"Code", "What", "Why", "Name", "Reason", "Kind", "Type"}


def test_every_property_says_what_it_means_and_in_which_unit() -> None:
    mute = [
        f"{shape}.{name}"
        for shape, schema in SCHEMAS.items()
        for name, about in schema.get("properties", {}).items()
        if not about.get("description")
    ]
    assert mute == [], "describe them in tools/properties.toml"


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_parameter_says_what_it_means(name: str) -> None:
    assert [one["name"] for one in OPERATIONS[name]["parameters"] if not one["description"]] == []


def test_no_word_is_described_that_the_api_does_not_use() -> None:
    used = {name for schema in SCHEMAS.values() for name in schema.get("properties", {})}
    used |= {one["name"] for operation in OPERATIONS.values() for one in operation["parameters"]}
    general, special = words()
    assert set(general) - used == set()
    assert {
        f"{shape}.{name}"
        for shape, known in special.items()
        for name in known
        if name not in SCHEMAS.get(shape, {}).get("properties", {})
    } == set()


def test_no_name_shows_a_path_in_the_code_or_says_nothing() -> None:
    assert [name for name in SCHEMAS if "__" in name or name in BARE] == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_lists_the_codes_of_its_refusals(name: str) -> None:
    (media,) = OPERATIONS[name]["responses"]["default"]["content"].values()
    codes = media["schema"]["allOf"][1]["properties"]["code"]["enum"]
    assert {"our_fault", "not_found"} <= set(codes)
    named = re.findall(r"[a-z]+(?:_[a-z]+)+", OPERATIONS[name]["description"].partition("Refusals:")[2].split(".")[0])
    assert set(named) <= set(codes), "the handler's docstring names refusals that its code does not reach"


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_success_declares_its_headers(name: str) -> None:
    ((_, success),) = [(s, r) for s, r in OPERATIONS[name]["responses"].items() if s != "default"]
    assert "Cache-Control" in success["headers"]
