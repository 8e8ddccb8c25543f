"""The voucher's document: an A4 page, and another where the texts need it. Imported only where a PDF is made: fpdf2 is heavy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import font_roboto
import segno
from anyascii import anyascii
from fpdf import FPDF
from fpdf.fonts import TTFFont

from chalicelib.core.clock import Instant, day_of
from chalicelib.core.refusals import NBSP, crowns

MARGIN = 18.0
WIDTH = 210.0 - 2 * MARGIN
BOTTOM = 297.0 - MARGIN
FOOT = 262.0
"""Where the small print at the foot of a page begins, unless the texts come lower."""
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

    @property
    def letters(self) -> frozenset[int]:
        """What the fonts can write."""
        return frozenset.intersection(
            *(frozenset(f.ttfont.getBestCmap()) for f in self.fonts.values() if isinstance(f, TTFFont))
        )

    def text_at(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, colour: Sequence[int] = INK
    ) -> None:
        """One line, its top at y."""
        self.set_font("Roboto", "B" if bold else "", size)
        self.set_text_color(*colour)
        self.set_xy(x, y)
        self.cell(text=text)

    def lines(self, width: float, text: str, size: float, *, bold: bool = False) -> list[str]:
        """The lines that a text takes in a width."""
        self.set_font("Roboto", "B" if bold else "", size)
        found: Any = self.multi_cell(width, size * 0.5, text, align="L", dry_run=True, output="LINES")
        return [line for line in found if isinstance(line, str)]

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
        """Text in lines of a width, on another page where this one is full; gives where it ends."""
        for line in self.lines(width, text, size, bold=bold):
            y = self.room(y, size * 0.5)
            self.text_at(x, y, line, size, bold=bold, colour=colour)
            y += size * 0.5
        return y

    def room(self, y: float, height: float) -> float:
        """Where something this high goes: here, or at the top of a new page."""
        if y + height <= BOTTOM:
            return y
        self.add_page()
        return MARGIN

    def rule(self, y: float) -> None:
        self.set_draw_color(*LINE)
        self.set_line_width(0.25)
        self.line(MARGIN, y, MARGIN + WIDTH, y)


def render(sheet: Sheet) -> bytes:
    """The document. The same sheet gives the same bytes."""
    page = _Page(sheet)
    sheet = _legible(sheet, page.letters)
    words = _WORDS["en" if sheet.language == "en" else "cs"]
    top = _band(page, sheet, words) + 10
    _code(page, sheet, words, top)
    end = _facts(page, sheet, words, top + 2)
    if page.page == 1:
        end = max(end, top + QR_MM + 24)
    _texts(page, sheet, words, end)
    return bytes(page.output())


def _legible(value: Any, letters: frozenset[int]) -> Any:
    """Every text in letters that the fonts have. Others are told in Latin ones (a Han, Arabic or emoji name is not blank)."""
    if isinstance(value, str):
        return "".join(char if ord(char) in letters or char == "\n" else anyascii(char) for char in value)
    if isinstance(value, tuple):
        return tuple(_legible(one, letters) for one in value)
    if isinstance(value, Sheet | Place):
        return replace(value, **{f.name: _legible(getattr(value, f.name), letters) for f in fields(value)})
    return value


def _band(page: _Page, sheet: Sheet, words: dict[str, str]) -> float:
    """The town's colour across the top, with its name and the programme's; gives where it ends."""
    colour = _rgb(sheet.colour)
    ink = _legible_on(colour)
    label = words["voucher"] if sheet.parts == 1 else f"{words['part']} {sheet.part} {words['of']}{NBSP}{sheet.parts}"
    page.set_font("Roboto", "", 12)
    labelled = page.get_string_width(label) + 2
    town = page.lines(WIDTH - labelled - 6, sheet.town, 12)
    size = 24 if len(page.lines(WIDTH, sheet.programme, 24, bold=True)) == 1 else 16
    name_at = 13 + 6 * len(town) + 3
    end = max(46.0, name_at + size * 0.5 * len(page.lines(WIDTH, sheet.programme, size, bold=True)) + 8)
    page.set_fill_color(*colour)
    page.rect(0, 0, 210, end, style="F")
    page.text_at(210 - MARGIN - labelled, 13, label, 12, colour=ink)
    page.block(MARGIN, 13, WIDTH - labelled - 6, sheet.town, 12, colour=ink)
    page.block(MARGIN, name_at, WIDTH, sheet.programme, size, bold=True, colour=ink)
    return end


def _code(page: _Page, sheet: Sheet, words: dict[str, str], top: float) -> None:
    """The QR code with its white margin, and the code to type under it."""
    code = segno.make(sheet.qr, error="q", micro=False)
    matrix = [list(row) for row in code.matrix]
    module = QR_MM / (len(matrix) + 2 * QUIET_MODULES)
    left = MARGIN + WIDTH - QR_MM
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


def _facts(page: _Page, sheet: Sheet, words: dict[str, str], y: float) -> float:
    """Value, person, validity and purpose beside the code; gives where they end."""
    width = WIDTH - QR_MM - 8
    page.text_at(MARGIN, y, words["value"], 10, colour=GREY)
    page.text_at(MARGIN, y + 5, crowns(sheet.amount_minor), 34, bold=True)
    y += 26
    facts = [
        (words["for"], sheet.person),
        (words["from"], _day(sheet.valid_from)),
        (words["until"], _day(sheet.valid_until)),
        (words["purpose"], sheet.purpose),
    ]
    for label, value in facts:
        y = page.room(y, 11)
        page.text_at(MARGIN, y, label, 9.5, colour=GREY)
        y = page.block(MARGIN, y + 4.6, width, value, 12.5, bold=True) + 2.6
    return y


def _texts(page: _Page, sheet: Sheet, words: dict[str, str], y: float) -> None:
    """How, where, and what if it is lost."""
    y = page.room(y + 4, 25)
    page.rule(y)
    y = page.block(MARGIN, y + 5, WIDTH, words["how"], 13, bold=True)
    y = page.block(MARGIN, y + 1.5, WIDTH, " ".join([words["steps"], *sheet.conditions]))
    if sheet.places:
        y = page.block(MARGIN, page.room(y + 6, 25), WIDTH, words["where"], 13, bold=True) + 1
        y = _places(page, sheet, y)
    if len(sheet.places) > PLACES_MAX:
        y = page.block(MARGIN, y + 2, WIDTH, words["more"], colour=GREY)
    issued = f"{words['issued']} {_day(sheet.issued_at)}"
    small = [words["lost"], " · ".join(filter(None, [issued, sheet.town, sheet.contact]))]
    height = sum(4.75 * len(page.lines(WIDTH, text, 9.5)) + 1.5 for text in small)
    y = page.room(max(y + 6, min(FOOT, BOTTOM - height)), height)
    for text in small:
        y = page.block(MARGIN, y, WIDTH, text, 9.5, colour=GREY) + 1.5


def _places(page: _Page, sheet: Sheet, y: float) -> float:
    """Two columns of places, a row of two never torn by the end of a page."""
    column = WIDTH / 2 - 4

    def height(place: Place) -> float:
        name, address = (
            len(page.lines(column, place.name, 10.5, bold=True)),
            len(page.lines(column, place.address, 9.5)),
        )
        return 1 + name * 5.25 + address * 4.75 + 1

    shown = sheet.places[:PLACES_MAX]
    for row in zip(shown[::2], [*shown[1::2], None], strict=False):
        places = [place for place in row if place]
        tallest = max(map(height, places))
        y = page.room(y, tallest)
        for side, place in enumerate(places):
            x = MARGIN + side * (column + 8)
            below = page.block(x, y + 1, column, place.name, 10.5, bold=True)
            page.block(x, below, column, place.address, 9.5, colour=GREY)
        y += tallest
    return y


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
