"""The office's charges made ready for the cloud: each payer's name and birth number become a `subject_ref`.

The birth number and the name stay on this machine. Nobody is guessed: a row whose payer the registry does not know, or
knows twice, is left out and named by its line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .model import Answer, Job, Outcome, PersonQuestion

PAYER = ("given_names", "surname", "birth_number", "birth_date", "birth_place", "address_code")
"""Columns that stay here. `birth_date` serves who has no birth number; place and address part people of one name."""
KEPT = (
    "number", "kind", "title_cs", "title_en", "year", "amount", "reduced", "due_on", "account", "vs", "ss", "ks",
    "paid", "closed",
)  # fmt: skip
"""Columns that go to the cloud as they are, beside `subject_ref`: docs/journeys/charges.md."""
ROWS_MAX = 100_000
_BIRTH_NUMBER = re.compile(r"[0-9]{6}/?[0-9]{3,4}", re.ASCII)


class ChargesFault(Exception):
    """A file that cannot be used at all; the text says why."""


@dataclass(frozen=True, slots=True)
class NotJoined:
    """A row that was left out: its line in the file, the charge's number, and why. Never a name or a birth number."""

    line: int
    number: str
    why: str


@dataclass(frozen=True, slots=True)
class Joined:
    """The text of the file for the cloud, how many charges are in it, and what was left out."""

    text: str
    rows: int
    left_out: tuple[NotJoined, ...]


def join(content: bytes, answer: Callable[[Job], Answer]) -> Joined:
    """Replace the payers of a semicolon-separated file, UTF-8 or Windows-1250. Raises ChargesFault."""
    out, left_out, rows = io.StringIO(), list[NotJoined](), 0
    writer = csv.DictWriter(out, ("subject_ref", *KEPT), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for line, row in _rows(content):
        try:
            ref = _ref(answer(Job(f"charges:{line}", "", "", _question(row))))
            if any(_BIRTH_NUMBER.fullmatch(row.get(name, "")) and "/" in row[name] for name in KEPT):
                raise ValueError("a birth number stands in another column")
        except ValueError as e:
            left_out.append(NotJoined(line, row.get("number", ""), str(e)))
            continue
        writer.writerow({"subject_ref": ref, **{name: row.get(name, "") for name in KEPT}})
        rows += 1
    return Joined(out.getvalue(), rows, tuple(left_out))


def _rows(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1250")
        except UnicodeDecodeError:
            raise ChargesFault("neither UTF-8 nor Windows-1250") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";", restval="")
    try:
        columns = [name.strip() for name in reader.fieldnames or ()]
        unknown = sorted(set(columns) - {*PAYER, *KEPT})
        missing = [name for name in ("number", "given_names", "surname") if name not in columns]
        if unknown or missing:
            raise ChargesFault(f"columns: missing {', '.join(missing) or '-'}; unknown {', '.join(unknown) or '-'}")
        reader.fieldnames = columns
        for count, row in enumerate(reader, 1):
            if count > ROWS_MAX:
                raise ChargesFault(f"more than {ROWS_MAX} rows")
            if None in row:
                raise ChargesFault(f"line {reader.line_num}: more cells than columns")
            yield reader.line_num, {name: value.strip() for name, value in row.items()}
    except csv.Error as e:
        raise ChargesFault(f"line {reader.line_num}: not CSV ({e})") from None


def _question(row: Mapping[str, str]) -> PersonQuestion:
    number, born = row.get("birth_number", ""), row.get("birth_date", "")
    if not (row["given_names"] and row["surname"]):
        raise ValueError("no name")
    if not number and not born:
        raise ValueError("neither a birth number nor a birth date")
    try:
        day = born_on(number) if number else date.fromisoformat(born)
    except ValueError:
        raise ValueError("not a birth number" if number else "not a birth date (YYYY-MM-DD)") from None
    return PersonQuestion(
        row["given_names"], row["surname"], day, row.get("birth_place") or None, row.get("address_code") or None
    )


def _ref(answer: Answer) -> str:
    if answer.subject_ref is None:
        raise ValueError(
            "the registry did not answer" if answer.outcome is Outcome.UNAVAILABLE else _WHY[answer.outcome]
        )
    return answer.subject_ref


_WHY = {
    Outcome.NO_MATCH: "nobody of this name was born that day",
    Outcome.AMBIGUOUS: "several people of this name were born that day: add birth_place or address_code",
}


def born_on(number: str) -> date:
    """The birth date that a birth number tells (Act 133/2000 § 13). Raises ValueError for one that cannot be.

    Month + 50 is a woman's; + 20 since 2004 where a day's numbers ran out. Nine digits were given until 1953; ten are
    divisible by eleven, but for the few before 1986 whose check digit would have been ten.
    """
    if not _BIRTH_NUMBER.fullmatch(number):
        raise ValueError(number)
    digits = number.replace("/", "")
    year, month, day = (int(digits[at : at + 2]) for at in (0, 2, 4))
    if len(digits) == 9:
        if year >= 54:
            raise ValueError("nine digits were given until 1953")
        return date(1900 + year, _month(month, later=False), day)
    rest = int(digits[:9]) % 11
    if rest % 10 != int(digits[9]):
        raise ValueError("check digit")
    year += 1900 if year >= 54 else 2000
    return date(year, _month(month, later=year >= 2004), day)


def _month(told: int, *, later: bool) -> int:
    shifts: tuple[int, ...] = (50, 0, *((70, 20) if later else ()))
    found = [told - shift for shift in shifts if 1 <= told - shift <= 12]
    if not found:
        raise ValueError("month")
    return found[0]


def write_out(path: Path, text: str) -> None:
    """The file for the cloud, whole or not at all."""
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(text.encode())
    new.replace(path)
