"""What a spreadsheet opens is text and numbers, never a formula."""

import ast
import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from chalicelib.core.sheets import CSV, XLSX, Amount, Cell, Sheet, as_csv
from tests.engine import ROOT


def _read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])
def test_no_text_begins_as_a_formula_does(begins: str) -> None:
    written = f"{begins}HYPERLINK(A1)"
    assert _read(as_csv([[written]])) == [[f"'{written}"]]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (Amount(-1234_50), "-1234,50"),
        (Amount(0), "0,00"),
        (-1, "-1"),
        (date(2026, 2, 9), "09.02.2026"),
        (datetime(2026, 6, 30, 22, 5, tzinfo=UTC), "01.07.2026 00:05:00"),
    ],
)
def test_amounts_numbers_days_and_instants_are_written_as_czech_programs_read_them(cell: Cell, written: str) -> None:
    assert _read(as_csv([[cell]])) == [[written]]


@pytest.mark.parametrize("written", ["-1+cmd|'/C calc'!A0", "-A1", "--1", "-1,5,5", "-", "-1"])
def test_a_text_that_begins_as_a_number_stays_text(written: str) -> None:
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


SHEET = Sheet(
    "kniha",
    ("čas", "den", "částka Kč", "počet", "poznámka"),
    [
        (datetime(2026, 6, 30, 22, 5, tzinfo=UTC), date(2026, 7, 1), Amount(-1234_50), 3, "=HYPERLINK(A1)"),
        (datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1), Amount(10**12), 0, "https://example.cz 007"),
    ],
)


def test_the_csv_begins_with_the_mark_of_utf_8() -> None:
    assert SHEET.written(CSV).startswith("\ufeffčas;den;".encode())


def _opened(sheet: Sheet) -> Worksheet:
    page = openpyxl.load_workbook(io.BytesIO(sheet.written(XLSX))).active
    assert isinstance(page, Worksheet)
    return page


def test_a_spreadsheet_has_numbers_days_and_texts_and_nothing_is_a_formula() -> None:
    page = _opened(SHEET)
    head, first, second = page.iter_rows()
    assert [cell.value for cell in head] == list(SHEET.head)
    assert [cell.value for cell in first] == [
        datetime(2026, 7, 1, 0, 5),  # noqa: DTZ001  a spreadsheet knows no zones
        datetime(2026, 7, 1),  # noqa: DTZ001
        -1234.5,
        3,
        "=HYPERLINK(A1)",
    ]
    assert [cell.data_type for cell in first] == ["d", "d", "n", "n", "s"]
    assert (second[2].value, second[2].number_format, second[4].data_type) == (10**10, "#,##0.00", "s")
    assert page.freeze_panes == "A2"
    assert not any(cell.hyperlink for row in (first, second) for cell in row)


def test_an_empty_table_is_a_file_with_its_head() -> None:
    page = _opened(Sheet("x", ("a", "b"), []))
    assert [cell.value for cell in page[1]] == ["a", "b"]
