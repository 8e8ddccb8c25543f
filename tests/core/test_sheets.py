"""What a spreadsheet opens is text and numbers, never a formula."""

import ast
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.sheets import as_csv
from tests.engine import ROOT


def _read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_begins_as_a_formula_does(begins: str) -> None:
    written = f"{begins}HYPERLINK(A1)"
    assert _read(as_csv([[written]])) == [[f"'{written}"]]


@pytest.mark.parametrize("amount", ["-1234,50", "-1", "1234,50", "0,00"])
def test_amounts_stay_numbers(amount: str) -> None:
    assert _read(as_csv([[amount]])) == [[amount]]


@pytest.mark.parametrize("written", ["-1+cmd|'/C calc'!A0", "-A1", "--1", "-1,5,5", "-"])
def test_what_only_begins_as_a_number_is_text(written: str) -> None:
    assert _read(as_csv([[written]])) == [[f"'{written}"]]


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=2, max_size=3)
    )
)
def test_every_cell_comes_back_as_it_was_but_for_the_apostrophe(rows: list[list[str]]) -> None:
    read = _read(as_csv(rows))
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [c.removeprefix("'") for c in row] for row in rows
    ]
    assert not any(cell[:1] in tuple("=+@\t\r") for row in read for cell in row)


def test_the_server_writes_csv_in_one_place() -> None:
    writers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "chalicelib").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter")
    }
    assert writers == {"chalicelib/core/sheets.py"}
