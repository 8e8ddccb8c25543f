"""Tables for spreadsheets and accounting, as CSV for Czech programs or as XLSX: no cell is a formula, amounts and days are what they say."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from chalicelib.core.clock import PRAGUE
from chalicelib.core.money import decimal

type Said = Mapping[str, tuple[str, str]]
"""Codes or columns by name, in Czech and in English."""

CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS: Mapping[str, str] = {CSV: "csv", XLSX: "xlsx"}

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_WIDTH_MAX = 60
_FORMATS: Mapping[str, str] = {"amount": "#,##0.00", "day": "d. m. yyyy", "time": "d. m. yyyy h:mm:ss"}


@dataclass(frozen=True)
class Amount:
    """An amount in haléře as a cell."""

    minor: int


type Cell = str | int | Amount | date | datetime
"""An instant is shown in Prague time."""


@dataclass(frozen=True)
class Sheet:
    """A table to be saved: the name of its file without an ending, its columns' heads, its rows."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def written(self, media_type: str) -> bytes:
        """The whole file, as `CSV` or `XLSX`."""
        if media_type == XLSX:
            return _as_xlsx(self)
        return as_csv([self.head, *self.rows]).encode("utf-8-sig")  # the mark by which Excel knows UTF-8


def said(words: Said, code: str, language: str) -> str:
    """A code in the reader's language, Czech for any but English. A code that has no word stands as itself."""
    return words[code][1 if language == "en" else 0] if code in words else code


def as_csv(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows with semicolons, decimal commas and Windows line ends. A text that a spreadsheet would take for a formula
    gets an apostrophe before it (OWASP)."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([_as_text(cell) for cell in row] for row in rows)
    return out.getvalue()


def _as_text(cell: Cell) -> str:
    match cell:
        case Amount():
            return decimal(cell.minor)
        case datetime():
            return f"{cell.astimezone(PRAGUE):%d.%m.%Y %H:%M:%S}"
        case date():
            return f"{cell:%d.%m.%Y}"
        case str():
            return f"'{cell}" if _FORMULA.match(cell) else cell
    return str(cell)


def _as_xlsx(sheet: Sheet) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    never = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
    with xlsxwriter.Workbook(out, {"in_memory": True, **never}) as book:
        page = book.add_worksheet()
        formats = {name: book.add_format({"num_format": shown}) for name, shown in _FORMATS.items()}
        page.write_row(0, 0, sheet.head, book.add_format({"bold": True}))
        page.freeze_panes(1, 0)
        for at, row in enumerate(sheet.rows, 1):
            for column, cell in enumerate(row):
                _put(page, at, column, cell, formats)
        for column, head in enumerate(sheet.head):
            texts = [head, *(_as_text(row[column]) for row in sheet.rows)]
            page.set_column(column, column, min(max(map(len, texts)) + 2, _WIDTH_MAX))
        page.autofilter(0, 0, len(sheet.rows), len(sheet.head) - 1)
    return out.getvalue()


def _put(page: Any, at: int, column: int, cell: Cell, formats: Mapping[str, Any]) -> None:
    match cell:
        case Amount():
            page.write_number(at, column, cell.minor / 100, formats["amount"])  # shown, never read back
        case datetime():
            local = cell.astimezone(PRAGUE).replace(tzinfo=None, microsecond=0)
            page.write_datetime(at, column, local, formats["time"])
        case date():
            page.write_datetime(at, column, cell, formats["day"])
        case int():
            page.write_number(at, column, cell)
        case str():
            page.write_string(at, column, cell)
