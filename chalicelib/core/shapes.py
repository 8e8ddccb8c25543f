"""The shapes of what comes in and goes out over HTTP. Unknown fields and wrong types are refused."""

import base64
from datetime import date
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from chalicelib.core import texts
from chalicelib.core.clock import day_from_text
from chalicelib.core.mending import matching, wrong
from chalicelib.core.refusals import FieldError, InvalidInput

TEXT_LENGTH_MAX = 4000
LINE_LENGTH_MAX = 200
UPLOAD_BYTES_MAX = 5 * 1024 * 1024
YEAR_MIN, YEAR_MAX = 1900, 2200


class Shape(BaseModel):
    """Base of every shape. `of` makes one from a noun by its fields; building is deferred to the first use."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, from_attributes=True, defer_build=True)

    @classmethod
    def of(cls, noun: object) -> Self:
        return cls.model_validate(noun, from_attributes=True)


def _iso_day(value: Any) -> Any:
    if isinstance(value, str):
        day = day_from_text(value)
        if day is None:
            raise wrong(
                "day", "Napište den, který existuje, ve tvaru RRRR-MM-DD.", "Write a day that exists, as YYYY-MM-DD."
            )
        return day
    return value


def _sane_year(day: date) -> date:
    if not YEAR_MIN <= day.year <= YEAR_MAX:
        raise wrong(
            "year",
            f"Napište rok mezi {YEAR_MIN} a {YEAR_MAX}.",
            f"Write a year between {YEAR_MIN} and {YEAR_MAX}.",
        )
    return day


ONE_LINE = BeforeValidator(lambda value: texts.one_line(value) if isinstance(value, str) else value)
"""Before the other constraints of a text that people write in one line: a name, a label, a search."""
LINES = BeforeValidator(lambda value: texts.lines(value) if isinstance(value, str) else value)
"""Before the other constraints of a text that people write in paragraphs."""

type Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LINE_LENGTH_MAX), ONE_LINE]
"""One line of text, not empty."""
type Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LINE_LENGTH_MAX), ONE_LINE]
"""One line of text, may be empty."""
type Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_LENGTH_MAX), LINES]
"""Free text, may be empty."""
_AN_ID = ("Pošlete id, jak ho vydalo API.", "Send the id as the API gave it.")
_A_CODE = ("Napište kód z RÚIAN: nejvýše devět číslic.", "Write the code of RÚIAN: nine digits at most.")
type Id = Annotated[str, matching(r"^[A-Za-z0-9_.-]{1,64}$", *_AN_ID)]
type MaybeId = Annotated[str, matching(r"^[A-Za-z0-9_.-]{0,64}$", *_AN_ID)]
"""An id, or nothing."""
type RuianCode = Annotated[str, matching(r"^[0-9]{1,9}$", *_A_CODE)]
type MaybeRuianCode = Annotated[str, matching(r"^[0-9]{0,9}$", *_A_CODE)]
"""A code of RÚIAN, or nothing."""
type Slug = Annotated[
    str,
    matching(
        r"^[a-z0-9][a-z0-9-]{1,40}$",
        "Použijte jen malá písmena bez diakritiky, číslice a spojovníky.",
        "Use lower-case letters without accents, digits and hyphens only.",
    ),
]
type Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(texts.address)]
"""One e-mail address, lower case, its domain in ASCII."""
type Day = Annotated[date, BeforeValidator(_iso_day), AfterValidator(_sane_year)]
"""A calendar day, `YYYY-MM-DD`."""


class TwoTexts(Shape):
    """A text in Czech, and in English where there is one."""

    cs: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_LENGTH_MAX), LINES]
    en: Text = ""


class ReasonBody(Shape):
    """Why, for people. It stays out of the books."""

    reason: Line


class SmallFile(Shape):
    """A file as text in base64, for what is read at once and not kept. Subclasses say what it is."""

    filename: Line
    content_base64: Annotated[str, Field(min_length=4, max_length=UPLOAD_BYTES_MAX)]

    def data(self) -> bytes:
        try:
            return base64.b64decode(self.content_base64, validate=True)
        except ValueError:
            raise InvalidInput(
                [
                    FieldError(
                        "content_base64",
                        "base64",
                        "Pošlete obsah souboru v base64.",
                        "Send the file's content in base64.",
                    )
                ]
            ) from None


class DaysQuery(Shape):
    """The days of a report, the last one included."""

    first: Day
    last: Day

    @field_validator("last")
    @classmethod
    def _in_order(cls, last: date, known: ValidationInfo) -> date:
        first = known.data.get("first")
        if first and last < first:
            raise wrong(
                "days_reversed",
                "Poslední den je před prvním. Prohoďte je.",
                "The last day is before the first. Swap them.",
            )
        return last


class PersonQuery(Shape):
    """`person` is for assistants: for whom of those they registered."""

    person: Id | None = None


class PageQuery(Shape):
    """How lists are asked for. Numbers in a query come as text."""

    cursor: Annotated[str, Field(max_length=2000)] | None = None
    limit: Annotated[int, Field(ge=1, le=100, strict=False)] = 25
