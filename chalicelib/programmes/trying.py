"""Trying the rules on: a visitor's pre-check, the search for support, and the editor's preview. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.core.clock import now, today
from chalicelib.programmes import facts, funding
from chalicelib.programmes.eligibility import Condition, Facts, Lives, conditions, passes
from chalicelib.programmes.model import SYSTEM, Fault, Programme, Rules, faults
from chalicelib.programmes.sentences import (
    Contradiction,
    Sentence,
    TestPerson,
    Tried,
    contradictions,
    edge_persons,
    sentences,
    try_on,
)
from chalicelib.towns import service as towns


@dataclass(frozen=True)
class Checked:
    """How a programme stands for a visitor."""

    programme: Programme
    passes: bool
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Preview:
    """Rules as people will read them, what contradicts itself, and how test persons fare."""

    sentences: tuple[Sentence, ...]
    contradictions: tuple[Contradiction, ...]
    faults: tuple[Fault, ...]
    tried: tuple[Tried, ...]


def pre_check(city: str, programme: str, born: date, address_code: str) -> Checked:
    """Whether somebody of this birth date and address may ask. Identity is not asked for. Raises ProgrammeUnknown."""
    return _checked(city, funding.public_programme(city, programme), _visitor(city, born, address_code))


def find_support(city: str, born: date, address_code: str) -> list[Checked]:
    """Every programme that takes applications now, those that fit first."""
    visitor = _visitor(city, born, address_code)
    found = [_checked(city, known, visitor) for known in funding.public_programmes(city) if known.takes_applications]
    return sorted(found, key=lambda checked: not checked.passes)


def _visitor(city: str, born: date, address_code: str) -> Facts:
    return Facts(birth_date=born, lives=facts.lives_at(city, address_code))


def _checked(city: str, programme: Programme, visitor: Facts) -> Checked:
    known = replace(visitor, free_minor=facts.free_minor(city, programme.id))
    found = conditions(programme, known, today())
    return Checked(programme, passes(found), found)


def places(city: str) -> Mapping[str, str]:
    """Names of the residence codes that the town knows: its own."""
    town = towns.town(city)
    return {code: town.name for code in (town.city_part_code, town.municipality_code) if code}


def in_words(city: str, rules: Rules) -> tuple[Sentence, ...]:
    """The rules as sentences, with the town's own places by name."""
    return sentences(rules, places(city))


def preview(city: str, rules: Rules, persons: tuple[TestPerson, ...] = ()) -> Preview:
    """Rules, saved or not, in words and on test persons: those given, and those on the very lines of the rules."""
    day = today()
    trial = Programme(id="preview", state="open", rules=rules, created_at=now(), created_by=SYSTEM)
    everyone = (*persons, *edge_persons(rules, day))
    return Preview(in_words(city, rules), contradictions(rules), tuple(faults(rules)), try_on(trial, everyone, day))


def test_person(label: str, born: date, municipality_code: str, city_part_code: str) -> TestPerson:
    return TestPerson(label, Facts(born, Lives(municipality_code, city_part_code, "permanent_residence")))
