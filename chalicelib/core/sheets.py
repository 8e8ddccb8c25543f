"""Text for spreadsheets and accounting: semicolons, Windows line ends, no cell that is a formula."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

type Said = Mapping[str, tuple[str, str]]
"""Codes or columns by name, in Czech and in English."""

_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"-[0-9]+(,[0-9]+)?")


def said(words: Said, code: str, language: str) -> str:
    """A code in the reader's language, Czech for any but English. A code that has no word stands as itself."""
    return words[code][1 if language == "en" else 0] if code in words else code


def as_csv(rows: Iterable[Sequence[object]]) -> str:
    """The rows as CSV. A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP)."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue()


def _plain(cell: object) -> object:
    is_formula = isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell
