"""What people write, as it is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from chalicelib.core import texts
from chalicelib.core.shapes import Email, Line, Text

EMAIL: TypeAdapter[str] = TypeAdapter(Email)
LINE: TypeAdapter[str] = TypeAdapter(Line)
TEXT: TypeAdapter[str] = TypeAdapter(Text)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("jana@posta.example", "jana@posta.example"),
        (" Jana.Novakova+oddil@POSTA.example ", "jana.novakova+oddil@posta.example"),
        ("o'brien@posta.example", "o'brien@posta.example"),
        ("jana@háčky.example", "jana@xn--hky-ela4t.example"),
    ],
)
def test_one_address_is_kept_in_small_letters_with_its_domain_in_ascii(written: str, kept: str) -> None:
    assert EMAIL.validate_python(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "x<victim@posta.example>",
        "Jana <jana@posta.example>",
        "jana@posta.example,petr@posta.example",
        "jana@posta.example;petr@posta.example",
        "jana@posta.example petr@posta.example",
        '"jana nova"@posta.example',
        "jana@posta.example\u200b",
        "ja\u200bna@posta.example",
        "ｊana@posta.example",
        "jana@ｐosta.example",
        "jana@posta\u3002example",
        "\u212aarel@posta.example",
        "jána@posta.example",
        "jana@posta",
        "jana@[127.0.0.1]",
        "jana@po_sta.example",
        "jana..nova@posta.example",
        ".jana@posta.example",
        "jana@posta.example\r\nBcc: petr@posta.example",
        "@posta.example",
        "jana",
        "",
        f"{'a' * 65}@posta.example",
    ],
)
def test_anything_else_is_no_address(written: str) -> None:
    with pytest.raises(ValidationError):
        EMAIL.validate_python(written)


def test_what_is_invisible_is_left_out_and_the_rest_is_composed() -> None:
    assert LINE.validate_python("Ma\u200brie\ufeff Nova\u0301kova\u0301") == "Marie Nováková"


@pytest.mark.parametrize(
    "mark", ["\u202e", "\u2067", "\u200e", "\0", "\x9f", "\ud800", "\U000e0041", "\u2028", "\n", "\t"]
)
def test_a_line_with_a_control_or_direction_mark_is_refused(mark: str) -> None:
    with pytest.raises(ValidationError):
        LINE.validate_python(f"Jana{mark}Nováková")


def test_a_line_of_invisible_letters_is_empty_and_refused() -> None:
    with pytest.raises(ValidationError):
        LINE.validate_python("\u3164\u200b \u2800")


def test_a_text_keeps_its_paragraphs() -> None:
    assert TEXT.validate_python("První.\r\n\r\nDruhý\tsloupec.\u2028Třetí.") == "První.\n\nDruhý\tsloupec.\nTřetí."


@given(st.text())
def test_what_was_kept_once_is_kept_the_same_again(text: str) -> None:
    try:
        once = texts.lines(text)
    except ValueError:
        return
    assert texts.lines(once) == once
