"""The voucher's document: one A4 page. Imported only where a PDF is made, because fpdf2 is heavy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import font_roboto
import segno
from fpdf import FPDF

from chalicelib.core.clock import Instant, day_of
from chalicelib.core.refusals import NBSP, crowns

MARGIN = 18.0
WIDTH = 210.0 - 2 * MARGIN
QR_MM = 62.0
QUIET_MODULES = 4
"""The white margin that a QR code needs (ISO/IEC 18004)."""
PLACES_MAX = 14
INK, GREY, LINE = (38, 38, 38), (79, 79, 79), (208, 208, 208)


@dataclass(frozen=True)
class Place:
    """Where the voucher can be spent."""

    name: str
    address: str


@dataclass(frozen=True)
class Sheet:
    """Everything that stands on the page, in the language of its reader."""

    language: str
    town: str
    colour: str
    contact: str
    programme: str
    purpose: str
    person: str
    amount_minor: int
    valid_from: Instant
    valid_until: Instant
    issued_at: Instant
    qr: str
    short_code: str
    conditions: tuple[str, ...]
    places: tuple[Place, ...]
    part: int = 1
    parts: int = 1


_WORDS = {
    "cs": {
        "voucher": "Voucher",
        "for": "Pro",
        "value": "Hodnota",
        "from": "Platí od",
        "until": "Platí do",
        "purpose": "Na co",
        "part": "Díl",
        "of": "z",
        "code": "Kód k opsání",
        "how": "Jak ho uplatnit",
        "steps": "Ukažte tento list nebo kód v mobilu u pokladny. Pokladna kód načte a odečte cenu nákupu.",
        "where": "Kde uplatnit",
        "more": "Další místa a zůstatek najdete ve svém účtu.",
        "lost": "Ztracený voucher zablokujete ve svém účtu nebo v infocentru; peníze zůstanou vaše. Kopie mají jednu společnou hodnotu.",
        "issued": "Vystaveno",
    },
    "en": {
        "voucher": "Voucher",
        "for": "For",
        "value": "Value",
        "from": "Valid from",
        "until": "Valid until",
        "purpose": "What for",
        "part": "Part",
        "of": "of",
        "code": "Code to type",
        "how": "How to use it",
        "steps": "Show this page or the code on your phone at the till. The till reads it and deducts the price.",
        "where": "Where to use it",
        "more": "More places and the balance are in your account.",
        "lost": "Block a lost voucher in your account or at the information desk; the money stays yours. Copies share one value.",
        "issued": "Issued",
    },
}


class _Page(FPDF):
    """A4 with the town's hand: Roboto, millimetres, no header or footer of its own."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(format="A4")
        self.set_creation_date(sheet.issued_at)
        self.set_title(f"{sheet.programme}, {sheet.town}")
        self.set_author(sheet.town)
        self.set_lang("en-GB" if sheet.language == "en" else "cs-CZ")
        self.set_auto_page_break(auto=False)
        self.set_margins(MARGIN, MARGIN, MARGIN)
        fonts = Path(font_roboto.font_directory)
        self.add_font("Roboto", "", fonts / "Roboto-Regular.ttf")
        self.add_font("Roboto", "B", fonts / "Roboto-Bold.ttf")
        self.add_page()

    def text_at(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, colour: Sequence[int] = INK
    ) -> None:
        """One line, its top at y."""
        self.set_font("Roboto", "B" if bold else "", size)
        self.set_text_color(*colour)
        self.set_xy(x, y)
        self.cell(text=text)

    def block(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        size: float = 10.5,
        *,
        bold: bool = False,
        colour: Sequence[int] = INK,
    ) -> float:
        """Text in lines of a width; gives where it ends."""
        self.set_font("Roboto", "B" if bold else "", size)
        self.set_text_color(*colour)
        self.set_xy(x, y)
        self.multi_cell(width, size * 0.5, text, align="L")
        return self.get_y()

    def rule(self, y: float) -> None:
        self.set_draw_color(*LINE)
        self.set_line_width(0.25)
        self.line(MARGIN, y, MARGIN + WIDTH, y)


def render(sheet: Sheet) -> bytes:
    """The document. The same sheet gives the same bytes."""
    page = _Page(sheet)
    words = _WORDS["en" if sheet.language == "en" else "cs"]
    _band(page, sheet, words)
    _code(page, sheet, words)
    end = _facts(page, sheet, words)
    _texts(page, sheet, words, max(end, 58 + QR_MM + 22))
    return bytes(page.output())


def _band(page: _Page, sheet: Sheet, words: dict[str, str]) -> None:
    """The town's colour across the top, with its name and the programme's."""
    colour = _rgb(sheet.colour)
    ink = _legible_on(colour)
    page.set_fill_color(*colour)
    page.rect(0, 0, 210, 46, style="F")
    page.text_at(MARGIN, 13, sheet.town, 12, colour=ink)
    page.text_at(MARGIN, 22, sheet.programme, 24 if len(sheet.programme) <= 32 else 16, bold=True, colour=ink)
    page.set_font("Roboto", "", 12)
    label = words["voucher"] if sheet.parts == 1 else f"{words['part']} {sheet.part} {words['of']}{NBSP}{sheet.parts}"
    page.text_at(210 - MARGIN - page.get_string_width(label) - 2, 13, label, 12, colour=ink)


def _code(page: _Page, sheet: Sheet, words: dict[str, str]) -> None:
    """The QR code with its white margin, and the code to type under it."""
    code = segno.make(sheet.qr, error="q", micro=False)
    matrix = [list(row) for row in code.matrix]
    module = QR_MM / (len(matrix) + 2 * QUIET_MODULES)
    left, top = MARGIN + WIDTH - QR_MM, 56.0
    page.set_fill_color(0, 0, 0)
    for row, start, length in _runs(matrix):
        x, y = left + (QUIET_MODULES + start) * module, top + (QUIET_MODULES + row) * module
        page.rect(x, y, length * module, module * 1.02, style="F")
    page.set_font("Roboto", "B", 17)
    width = page.get_string_width(sheet.short_code)
    page.text_at(left + (QR_MM - width) / 2 - 1, top + QR_MM, sheet.short_code, 17, bold=True)
    page.set_font("Roboto", "", 9)
    width = page.get_string_width(words["code"])
    page.text_at(left + (QR_MM - width) / 2 - 1, top + QR_MM + 8, words["code"], 9, colour=GREY)


def _runs(matrix: Sequence[Sequence[int]]) -> Iterator[tuple[int, int, int]]:
    """Dark runs of each row: row, first column, length. Fewer and gapless rectangles."""
    for row, modules in enumerate(matrix):
        start = None
        for column, dark in enumerate([*modules, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                yield row, start, column - start
                start = None


def _facts(page: _Page, sheet: Sheet, words: dict[str, str]) -> float:
    """Value, person, validity and purpose beside the code; gives where they end."""
    width = WIDTH - QR_MM - 8
    page.text_at(MARGIN, 58, words["value"], 10, colour=GREY)
    page.text_at(MARGIN, 63, crowns(sheet.amount_minor), 34, bold=True)
    y = 84.0
    facts = [
        (words["for"], sheet.person),
        (words["from"], _day(sheet.valid_from)),
        (words["until"], _day(sheet.valid_until)),
        (words["purpose"], sheet.purpose),
    ]
    for label, value in facts:
        page.text_at(MARGIN, y, label, 9.5, colour=GREY)
        y = page.block(MARGIN, y + 4.6, width, value, 12.5, bold=True) + 2.6
    return y


def _texts(page: _Page, sheet: Sheet, words: dict[str, str], y: float) -> None:
    """How, where, and what if it is lost."""
    y += 4
    page.rule(y)
    y = page.block(MARGIN, y + 5, WIDTH, words["how"], 13, bold=True)
    y = page.block(MARGIN, y + 1.5, WIDTH, " ".join([words["steps"], *sheet.conditions]))
    if sheet.places:
        y = page.block(MARGIN, y + 6, WIDTH, words["where"], 13, bold=True) + 1
        y = _places(page, sheet, y)
    if len(sheet.places) > PLACES_MAX:
        y = page.block(MARGIN, y + 2, WIDTH, words["more"], colour=GREY)
    y = page.block(MARGIN, max(y + 6, 262), WIDTH, words["lost"], 9.5, colour=GREY)
    issued = f"{words['issued']} {_day(sheet.issued_at)}"
    page.block(MARGIN, y + 1.5, WIDTH, " · ".join(filter(None, [issued, sheet.town, sheet.contact])), 9.5, colour=GREY)


def _places(page: _Page, sheet: Sheet, y: float) -> float:
    """Two columns of places."""
    column = WIDTH / 2 - 4
    ends = [y, y]
    for number, place in enumerate(sheet.places[:PLACES_MAX]):
        side = number % 2
        x = MARGIN + side * (column + 8)
        below = page.block(x, ends[side] + 1, column, place.name, 10.5, bold=True)
        ends[side] = page.block(x, below, column, place.address, 9.5, colour=GREY) + 1
    return max(ends)


def _day(at: Instant) -> str:
    day = day_of(at)
    return f"{day.day}.{NBSP}{day.month}.{NBSP}{day.year}"


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _legible_on(colour: Sequence[int]) -> tuple[int, int, int]:
    """White or black, whichever stands out more on the colour (relative luminance of WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return (255, 255, 255) if luminance < 0.179 else (0, 0, 0)
