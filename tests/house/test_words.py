"""Whatever the shapes refuse, a person reads how to mend it, in Czech and in English."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from chalicelib.core import mending
from chalicelib.core.http import Api
from chalicelib.core.mending import field_errors
from chalicelib.core.refusals import Refusal
from tools.docs import load_rooms

load_rooms()

AWKWARD: list[Any] = [
    None, True, -1, 0, 2**80, 0.5, "", " ", "x", "x" * 70_000, "\x00", "\u202e", "²", "2026-02-31", "1800-01-01", "12:00",
    "2026-01-01T00:00:00", [], ["x"] * 10_000, [None], {}, {"x": {}},
]  # fmt: skip


def shapes() -> list[type[BaseModel]]:
    """Bodies and queries of every door."""
    found: dict[type[BaseModel], None] = {}
    for route in Api.every.values():
        body, query, _ = route.types
        found |= {each: None for each in (body, query) if isinstance(each, type) and issubclass(each, BaseModel)}
    return list(found)


def awkward(shape: type[BaseModel]) -> Iterator[Any]:
    yield from AWKWARD
    for name in [*shape.model_fields, "nobody_knows_this"]:
        for value in AWKWARD:
            yield {name: value}
            yield {name: [{"x": value}]}


@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: f"{shape.__module__}.{shape.__name__}")
def test_what_a_shape_refuses_has_words_that_say_how_to_mend_it(shape: type[BaseModel]) -> None:
    wordless = set()
    for value in awkward(shape):
        try:
            shape.model_validate(value)
        except ValidationError as error:
            for fault in field_errors(error):
                assert fault.cs
                assert fault.en
                assert fault.cs != fault.en
                assert "{" not in fault.cs + fault.en or fault.code == "string_pattern_mismatch"
                if (fault.cs, fault.en) == mending.OTHER:
                    wordless.add((fault.field, fault.code))
    assert not wordless


def test_every_fact_of_a_refusal_is_something_that_json_knows() -> None:
    known = {
        "<class 'str'>", "<class 'int'>", "<class 'bool'>", "Instant", "<class 'datetime.date'>",
        "<class 'datetime.datetime'>", "tuple[str, ...]", "list[chalicelib.core.refusals.FieldError]",
        "collections.abc.Sequence[str]",
    }  # fmt: skip
    odd = {
        f"{code}.{field.name}: {field.type}"
        for code, refusal in Refusal.all.items()
        for field in getattr(refusal, "__dataclass_fields__", {}).values()
        if str(field.type) not in known
    }
    assert not odd
