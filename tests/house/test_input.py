"""What enters the house: digits are 0 to 9, an edit keeps what was not sent, a body has one meaning."""

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from chalicelib.core.edits import Patch
from chalicelib.core.http import Api, Route
from chalicelib.town.people.routes import HomeAddress
from tools.docs import load_rooms

load_rooms()
ROOT = Path(__file__).parent.parent.parent
SOURCES = [
    path
    for folder in ("chalicelib", "infra", "regina", "localcloud", "tools")
    for path in (ROOT / folder).rglob("*.py")
]
ONE_VALUE = {HomeAddress}
"""Nested shapes that are replaced whole, for a part of one means nothing without the rest."""


def edits() -> list[Route]:
    return [route for route in Api.every.values() if route.method == "PATCH"]


def nested(shape: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The fields of a shape that are shapes, or may be."""
    kinds = {name: get_args(field.annotation) or (field.annotation,) for name, field in shape.model_fields.items()}
    return {
        name: kind
        for name, found in kinds.items()
        for kind in found
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in ONE_VALUE
    }


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_digit_is_one_of_ten_and_a_letter_of_a_pattern_is_ascii(path: Path) -> None:
    """Python's own classes take Arabic and superscript digits, which int() then reads or dies of."""
    foreign = [
        f"{path.name}:{number}"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\\[dw]|\.(isdigit|isdecimal|isnumeric)\(\)", line)
        and not re.search(r"re\.ASCII|isascii\(\)", line)
        and "tests" not in path.parts
    ]
    assert not foreign


@pytest.mark.parametrize("route", edits(), ids=lambda route: route.name)
def test_an_edit_goes_through_the_one_merge(route: Route) -> None:
    body, _, _ = route.types
    assert issubclass(body, Patch) or len(body.model_fields) == 1, "an edit of several fields is a Patch"


@pytest.mark.parametrize("route", edits(), ids=lambda route: route.name)
def test_of_something_nested_an_edit_holds_only_what_was_sent(route: Route) -> None:
    body, _, _ = route.types
    if not issubclass(body, Patch):
        return
    for name, kind in nested(body).items():
        for part, field in kind.model_fields.items():
            if field.is_required():
                continue
            inside = kind.model_construct(_fields_set={part}, **{part: "2"})
            sent = body.model_construct(_fields_set={name}, **{name: inside})
            assert sent.changes() == {name: {part: "2"}}


def test_nothing_else_works_out_what_was_sent() -> None:
    own = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "chalicelib").rglob("*.py")
        if re.search("model_fields_set|exclude_unset", path.read_text())
    ]
    assert own == ["chalicelib/core/edits.py"]
