"""Trying the rules on: a visitor's pre-check, the search for support, and the editor's preview. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib.core.clock import now, today
from chalicelib.core.refusals import FieldError
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Budget
from chalicelib.money.programmes import facts, funding, store
from chalicelib.money.programmes.eligibility import Condition, Facts, Lives, conditions, passes
from chalicelib.money.programmes.model import SYSTEM, Programme, Rules, faults
from chalicelib.money.programmes.sentences import (
    Sentence,
    TestPerson,
    Tried,
    contradictions,
    edge_persons,
    sentences,
    try_on,
)
from chalicelib.town.identity import service as identity
from chalicelib.town.identity.model import Standing, as_told
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Child, Person
from chalicelib.town.towns import service as towns

DAYS_A_YEAR = 365.25


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
    contradictions: tuple[FieldError, ...]
    faults: tuple[FieldError, ...]
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


def find_by_age(city: str, age: int, street: str) -> list[Checked]:
    """The same by age and a street: the birth date is taken from the middle of the year of that age.

    A street is known when the town's list has it; addresses of one street lie in one town or city part.
    """
    born = today() - timedelta(days=round((age + 0.5) * DAYS_A_YEAR))
    found = towns.addresses_like(city, street) if street else []
    return find_support(city, born, found[0].code if found else "")


@dataclass(frozen=True)
class Candidate:
    """How one of a household stands in one programme, before any application."""

    programme: Programme
    beneficiary: str
    name: str
    birth_date: date
    for_self: bool
    outcome: str
    application: str
    passes: bool
    conditions: tuple[Condition, ...]


def candidates(city: str, person: str, programme: str = "") -> list[Candidate]:
    """A person and the children in the account against every programme that takes applications, or against one.

    `application` is the living one that already holds the place, if it is the person's own to see.
    """
    known = [p for p in funding.public_programmes(city) if p.takes_applications and programme in ("", p.id)]
    family: list[Person | Child] = [people.person(city, person), *people.children_of(city, person)]
    standings = {id: as_told(one) for id, one in identity.standings(city, [member.id for member in family]).items()}
    subjects = {m.id: _subjects(m.id, standings[m.id].subject_ref) for m in family}
    places = [(p.id, subject) for p in known for member in family for subject in subjects[member.id]]
    claimed = store.who_claimed(city, places)
    free = ledger.budgets(city, [p.id for p in known])
    return [
        _candidate(city, p, member, standings[member.id], _holder(claimed, p.id, subjects[member.id]), free[p.id])
        for p in known
        for member in family
    ]


def _subjects(id: str, ref: str) -> list[str]:
    return [f"person:{id}", *([ref] if ref else [])]


def _holder(claimed: Mapping[tuple[str, str], str], programme: str, subjects: list[str]) -> str:
    return next((claimed[programme, subject] for subject in subjects if (programme, subject) in claimed), "")


def _candidate(
    city: str, programme: Programme, member: Person | Child, standing: Standing, holder: str, budget: Budget
) -> Candidate:
    known = facts.of_beneficiary(
        city,
        standing,
        address_code=member.residence.address_code,
        duplicate=bool(holder),
        free_minor=budget.free_minor,
    )
    found = conditions(programme, known, today())
    own = store.application(city, holder) if holder else None
    return Candidate(
        programme,
        member.id,
        member.name,
        member.birth_date,
        isinstance(member, Person),
        standing.outcome,
        own.id if own and people.acts_for(own.person, member.id) else "",
        passes(found),
        found,
    )


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
    return Preview(
        in_words(city, rules), contradictions(rules), tuple(faults(rules, day)), try_on(trial, everyone, day)
    )


def test_person(label: str, born: date, municipality_code: str, city_part_code: str) -> TestPerson:
    return TestPerson(label, Facts(born, Lives(municipality_code, city_part_code, "permanent_residence")))
