"""The rules by which a question and the registry's records meet. Pure.

The asker is liable for a wrong identification, so a rule here never guesses: names are compared letter by letter once
diacritics, case and hyphens are set aside, and several hits are several hits until the place of birth parts them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .model import Area, Differs, Outcome, Parent, PersonQuestion, Record

ADULT_AT_YEARS = 18

# Letters that Unicode does not decompose into a base letter and a mark.
_UNDECOMPOSED = str.maketrans(
    {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_NOT_WORD = re.compile(r"[\W_]+")
# Registries, keyboards and transliterations write the soft sign and the apostrophe in all these ways, or leave it out.
_APOSTROPHES = re.compile(
    "['`\u00b4\u02b9\u02bb-\u02bf\u02c8\u02ca\u02cb\u2018-\u201b\u2032\u2035\ua78b\ua78c\uff07\uff40]"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the records say to a question: an outcome, the one person it is about, and in what the data differ."""

    outcome: Outcome
    record: Record | None = None
    differs: tuple[Differs, ...] = ()


def fold(name: str) -> str:
    """A name without diacritics, case, hyphens and apostrophes: for comparing, never for showing."""
    lowered = _bare(_APOSTROPHES.sub("", name)).casefold().translate(_UNDECOMPOSED)
    return _NOT_WORD.sub(" ", _bare(lowered)).strip()


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def given_names_agree(typed: str, registered: str) -> bool:
    """The same given names in any order, or only the leading ones of those registered."""
    mine, theirs = fold(typed).split(), fold(registered).split()
    if not mine:
        return False
    return sorted(mine) == sorted(theirs) or mine == theirs[: len(mine)]


def surname_key(surname: str) -> str:
    """What two spellings of one surname share: diacritics, case, hyphens, apostrophes and spaces set aside."""
    return fold(surname).replace(" ", "")


def surnames_agree(typed: str, registered: str) -> bool:
    """The same surname by its key."""
    return bool(surname_key(typed)) and surname_key(typed) == surname_key(registered)


def names_agree(question: PersonQuestion, record: Record) -> bool:
    """Both parts of the name agree."""
    return given_names_agree(question.given_names, record.given_names) and surnames_agree(
        question.surname, record.surname
    )


def decide(question: PersonQuestion, records: Sequence[Record], area: Area, today: date) -> Verdict:
    """Who the question is about, and whether that person lives in the town.

    `records` may hold more people than could be meant; `area` is the town's municipality or city part.
    """
    hits = [r for r in records if r.birth_date == question.birth_date and names_agree(question, r)]
    if len(hits) > 1 and question.birth_place:
        hits = [r for r in hits if fold(r.birth_place) == fold(question.birth_place)] or hits
    if len(hits) > 1:
        return Verdict(Outcome.AMBIGUOUS)
    if not hits:
        return Verdict(Outcome.NO_MATCH, differs=what_differs(question, records))
    return _standing(question, hits[0], area, today)


def _standing(question: PersonQuestion, record: Record, area: Area, today: date) -> Verdict:
    if record.died_on is not None and record.died_on <= today:
        return Verdict(Outcome.DECEASED, record)
    if record.questioned:
        return Verdict(Outcome.QUESTIONED, record)
    resident = record.residence is not None and area.holds(record.residence)
    outcome = Outcome.MATCH if resident else Outcome.MATCH_NOT_RESIDENT
    return Verdict(outcome, record, () if _address_agrees(question, record) else (Differs.ADDRESS,))


def _address_agrees(question: PersonQuestion, record: Record) -> bool:
    """Codes are compared, never texts: a house number and an orientation number are too easily swapped."""
    registered = record.residence.address_code if record.residence else None
    return question.address_code is None or question.address_code == registered


def what_differs(question: PersonQuestion, records: Sequence[Record]) -> tuple[Differs, ...]:
    """The kind of data to look at again, where one living person agrees in everything else.

    Said only where the rest agrees, so that trying names or dates tells a stranger nothing.
    """
    living = [r for r in records if r.died_on is None]
    if any(_differs_by_name(question, r) for r in living):
        return (Differs.NAME,)
    if any(_differs_by_birth_date(question, r) for r in living):
        return (Differs.BIRTH_DATE,)
    return ()


def _differs_by_name(question: PersonQuestion, record: Record) -> bool:
    if record.birth_date != question.birth_date or names_agree(question, record):
        return False
    given = given_names_agree(question.given_names, record.given_names)
    if given and any(surnames_agree(question.surname, former) for former in record.former_surnames):
        return True
    half = given or surnames_agree(question.surname, record.surname)
    return half and _address_is_known_and_same(question, record)


def _differs_by_birth_date(question: PersonQuestion, record: Record) -> bool:
    other_date = record.birth_date != question.birth_date
    return other_date and names_agree(question, record) and _address_is_known_and_same(question, record)


def _address_is_known_and_same(question: PersonQuestion, record: Record) -> bool:
    return question.address_code is not None and _address_agrees(question, record)


def decide_guardian(guardian: Record, child: Record, parents: Sequence[Parent], today: date) -> Outcome:
    """Whether the residents system proves parental responsibility.

    `refused` only where the system says that a court took it away. Responsibility ends when the child comes of age or
    either of them dies.
    """
    link = next((p for p in parents if p.registry_id == guardian.registry_id), None)
    if link is None or guardian.died_on or child.died_on or is_adult(child.birth_date, today):
        return Outcome.NOT_PROVED
    return Outcome.PROVED_BY_REGISTRY if link.responsible else Outcome.REFUSED


def is_adult(birth_date: date, today: date) -> bool:
    """Of age from the birthday on; born on 29 February: from 28 February of a common year (Civil Code § 605)."""
    leap_day = (birth_date.month, birth_date.day) == (2, 29)
    year = birth_date.year + ADULT_AT_YEARS
    leap_year = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    birthday = date(year, 2, 28) if leap_day and not leap_year else birth_date.replace(year=year)
    return today >= birthday
