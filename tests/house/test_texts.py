"""What people write is one kind of text everywhere: no field lets a control, bidirectional or invisible character in."""

from collections.abc import Iterator
from typing import Annotated, Any, TypeAliasType, get_args

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from chalicelib.core.http import Api
from chalicelib.core.shapes import Shape
from tools.docs import load_rooms

load_rooms()

NO_WRITING = {"password", "current", "content_base64", "cursor"}
"""Fields by name that hold no text of a person: a password may be any characters, the others are checked where they are read."""

UNSEEN = {
    "null": "\0",
    "escape": "\x1b",
    "next line": "\x85",
    "line separator": "\u2028",
    "right-to-left override": "\u202e",
    "isolate": "\u2066",
    "right-to-left mark": "\u200f",
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "byte order mark": "\ufeff",
    "soft hyphen": "\xad",
    "blank letter": "\u3164",
    "tag": "\U000e0041",
    "half a character": "\ud800",
}
AROUND = (
    "{}",
    "ab{}cd",
    "https://oddil.example/{}",
    "Alej {} Svobody 15/2, Modřínov",
    "123456{}78",
    "a{}b@oddil.example",
)


def _shapes_in(kind: Any) -> Iterator[type[Shape]]:
    """The shapes that a type is made of, itself among them."""
    if isinstance(kind, TypeAliasType):
        yield from _shapes_in(kind.__value__)
    elif isinstance(kind, type) and issubclass(kind, Shape):
        yield kind
        for field in kind.model_fields.values():
            yield from _shapes_in(field.annotation)
    else:
        for part in get_args(kind):
            yield from _shapes_in(part)


def _fields() -> Iterator[tuple[str, FieldInfo]]:
    taken = {shape for route in Api.every.values() for sent in route.types[:2] for shape in _shapes_in(sent)}
    for shape in sorted(taken, key=lambda shape: (shape.__module__, shape.__name__)):
        for name, field in shape.model_fields.items():
            if name not in NO_WRITING:
                yield f"{shape.__module__}.{shape.__name__}.{name}", field


FIELDS = list(_fields())


def _let_in(value: Any, mark: str) -> bool:
    match value:
        case str():
            return mark in value
        case dict():
            return any(_let_in(part, mark) for pair in value.items() for part in pair)
        case list() | tuple() | set() | frozenset():
            return any(_let_in(part, mark) for part in value)
    return False


@pytest.mark.parametrize("field", [field for _, field in FIELDS], ids=[name for name, _ in FIELDS])
def test_no_field_lets_an_unseen_character_in(field: FieldInfo) -> None:
    kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    taking = TypeAdapter(kind)
    for called, mark in UNSEEN.items():
        for around in AROUND:
            written = around.format(mark)
            for sent in (written, [written], (written,), {"cs": written}, {written: "cs"}):
                try:
                    taken = taking.validate_python(sent, strict=True)
                except ValidationError:
                    continue
                assert not _let_in(taken, mark), f"a {called} came in: {taken!r}"
