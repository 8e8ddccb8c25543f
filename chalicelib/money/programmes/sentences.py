"""The rules of a programme as sentences, so that who writes them sees what they say. Pure.

A leaflet and rules are written by different people: a date in the text that is not among the rules' own is warned of.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from chalicelib.core.refusals import NBSP, FieldError, crowns
from chalicelib.money.programmes.eligibility import (
    KINDS_CS,
    KINDS_EN,
    Condition,
    Facts,
    Lives,
    ages_cs,
    ages_en,
    conditions,
    day_cs,
    day_en,
    passes,
    range_cs,
    range_en,
)
from chalicelib.money.programmes.model import Programme, Rules

LEAP_SAFE_YEAR: Final = 2000


@dataclass(frozen=True)
class Sentence:
    """One rule in words, and the field of the editor where it is set."""

    field: str
    cs: str
    en: str


@dataclass(frozen=True)
class TestPerson:
    """Somebody invented, to try the rules on."""

    label: str
    facts: Facts


@dataclass(frozen=True)
class Tried:
    """How the rules judge a test person."""

    label: str
    birth_date: date
    passes: bool
    conditions: tuple[Condition, ...]


def sentences(rules: Rules, places: Mapping[str, str]) -> tuple[Sentence, ...]:
    """The rules in words. `places` gives the names of the residence codes."""
    return (
        *_who(rules),
        *_where(rules, places),
        _what(rules),
        _applications(rules),
        _spending(rules),
        _queue(rules),
        *_purchase(rules),
        *_limits(rules),
        _payable(rules),
        *_proofs(rules),
    )


def _who(rules: Rules) -> Iterator[Sentence]:
    who = rules.who
    if who.born_from or who.born_to:
        yield Sentence(
            "who.born_from",
            f"Žádat jde pro osobu narozenou {range_cs(who.born_from, who.born_to)} včetně.",
            f"One may apply for a person born {range_en(who.born_from, who.born_to)}, both days included.",
        )
    if who.age_min is not None or who.age_max is not None:
        on_cs = f"k {day_cs(who.age_on)}" if who.age_on else "v den podání žádosti"
        on_en = f"on {day_en(who.age_on)}" if who.age_on else "on the day of application"
        yield Sentence(
            "who.age_min",
            f"Věk osoby {on_cs}: {ages_cs(who)} (dovršené roky).",
            f"The person's age {on_en}: {ages_en(who)} (completed years).",
        )
    if who.one_per_household:
        yield Sentence(
            "who.one_per_household",
            "Příspěvek je jeden na domácnost: žadatel to prohlašuje a na jednu adresu z registru ho přiznáme jednou.",
            "There is one contribution for a household: the applicant declares it, and one address of the registry gets it once.",
        )


def _where(rules: Rules, places: Mapping[str, str]) -> Iterator[Sentence]:
    codes = rules.who.residence_codes
    if not codes:
        yield Sentence("who.residence_codes", "Na místě pobytu nezáleží.", "The place of residence does not matter.")
        return
    named = ", ".join(places.get(code, f"RÚIAN {code}") for code in codes)
    kinds_cs = " nebo ".join(KINDS_CS[kind] for kind in rules.who.residence_kinds)
    kinds_en = " or ".join(KINDS_EN[kind] for kind in rules.who.residence_kinds)
    yield Sentence(
        "who.residence_codes", f"Podmínkou je {kinds_cs}: {named}.", f"The condition is {kinds_en}: {named}."
    )


def _what(rules: Rules) -> Sentence:
    total = crowns(rules.amount_minor)
    if rules.mode == "credit":
        return Sentence(
            "denominations_minor",
            f"Jedna osoba získá jednou kredit {total}.",
            f"One person gets a credit of {total} once.",
        )
    parts = rules.denominations_minor
    if len(parts) == 1:
        return Sentence(
            "denominations_minor",
            f"Jedna osoba získá jednou voucher {total}.",
            f"One person gets a voucher of {total} once.",
        )
    listed = " + ".join(crowns(part) for part in parts)
    word = "vouchery" if len(parts) < 5 else "voucherů"
    return Sentence(
        "denominations_minor",
        f"Jedna osoba získá jednou {len(parts)}{NBSP}{word}: {listed}, celkem {total}.",
        f"One person gets {len(parts)} vouchers once: {listed}, {total} in all.",
    )


def _applications(rules: Rules) -> Sentence:
    first, last = rules.applications_from, rules.applications_to
    return Sentence(
        "applications_from",
        f"Žádosti přijímáme od {day_cs(first)} do {day_cs(last)} včetně.",
        f"We take applications from {day_en(first)} to {day_en(last)}, both days included.",
    )


def _spending(rules: Rules) -> Sentence:
    first, last = rules.spending_from, rules.spending_to
    cs = f"Utratit jde od {day_cs(first)} do {day_cs(last)} včetně"
    en = f"It can be spent from {day_en(first)} to {day_en(last)}, both days included"
    if rules.days_to_spend is None:
        return Sentence("spending_to", f"{cs}.", f"{en}.")
    days = rules.days_to_spend
    return Sentence(
        "days_to_spend",
        f"{cs}, nejdéle však {days}{NBSP}dnů od přiznání. Co zbude, vrátí se do programu.",
        f"{en}, but for {days} days from the award at most. What is left goes back to the programme.",
    )


def _queue(rules: Rules) -> Sentence:
    by_arrival = rules.decides == "arrival"
    order_cs = "O žádostech rozhoduje systém v pořadí přijetí" if by_arrival else "Rozhoduje pořadí podání"
    order_en = (
        "The system decides applications in order of receipt" if by_arrival else "The order of submission decides"
    )
    if rules.waiting_list:
        rest_cs = "Po vyčerpání peněz čekají další žadatelé jako náhradníci."
        rest_en = "When the money is used up, the others wait in line."
    else:
        rest_cs = "Po vyčerpání peněz další žádosti nepřijímáme."
        rest_en = "When the money is used up, we take no more applications."
    return Sentence("decides" if by_arrival else "waiting_list", f"{order_cs}. {rest_cs}", f"{order_en}. {rest_en}")


def _purchase(rules: Rules) -> Iterator[Sentence]:
    if rules.min_price_minor:
        least = crowns(rules.min_price_minor)
        yield Sentence("min_price_minor", f"Platí na nákup od {least}.", f"It applies to a purchase from {least}.")
    if rules.mode == "voucher" and rules.single_use:
        rest_cs = "zbytek se vrací do programu" if rules.remainder == "returns" else "zbytek propadá při uplatnění"
        rest_en = "the rest goes back to the programme" if rules.remainder == "returns" else "the rest is lost"
        yield Sentence("single_use", f"Voucher je jednorázový, {rest_cs}.", f"The voucher is for one use, {rest_en}.")
    elif rules.mode == "voucher":
        yield Sentence(
            "remainder",
            "Voucher jde utratit po částech, zbytek zůstává na příště.",
            "The voucher can be spent in parts; the rest stays for the next time.",
        )


CATEGORIES: Final[Mapping[str, tuple[str, str]]] = {
    "sport": ("sport", "sport"),
    "art": ("výtvarné umění", "art"),
    "music": ("hudba", "music"),
    "language": ("jazyky", "languages"),
    "science": ("věda a technika", "science"),
    "scouting": ("skauting", "scouting"),
    "camp": ("tábory", "camps"),
    "swimming": ("plavání", "swimming"),
    "culture": ("kultura", "culture"),
    "books": ("knihy", "books"),
    "school_supplies": ("školní potřeby", "school supplies"),
    "health": ("zdraví", "health"),
    "garden": ("zahrada", "garden"),
    "other": ("ostatní", "other"),
}
"""The categories of offers in words."""


def _limits(rules: Rules) -> Iterator[Sentence]:
    if rules.day_limit_minor:
        most = crowns(rules.day_limit_minor)
        yield Sentence(
            "day_limit_minor", f"Za den jde utratit nejvýše {most}.", f"At most {most} can be spent in a day."
        )
    if rules.category_limits:
        limits = [(CATEGORIES.get(code, (code, code)), crowns(most)) for code, most in rules.category_limits.items()]
        listed_cs = ", ".join(f"{cs} {most}" for (cs, _), most in limits)
        listed_en = ", ".join(f"{en} {most}" for (_, en), most in limits)
        yield Sentence("category_limits", f"Nejvýše v kategorii: {listed_cs}.", f"At most in a category: {listed_en}.")
    if rules.provider_limit_minor is not None:
        most = crowns(rules.provider_limit_minor)
        yield Sentence(
            "provider_limit_minor",
            f"U jednoho poskytovatele jde v programu utratit celkem nejvýše {most}.",
            f"At one provider, all contributions of the programme together may spend {most} at most.",
        )


_PAYABLE = {
    "confirmation": ("jakmile objednávku potvrdí", "once they confirm the order"),
    "start": ("jakmile aktivita začne", "once the activity has begun"),
    "attendance": ("po potvrzené účasti", "after a confirmed attendance"),
}


def _payable(rules: Rules) -> Sentence:
    if rules.mode == "voucher":
        minutes = rules.undo_minutes
        return Sentence(
            "undo_minutes",
            f"Poskytovatel dostane peníze za uplatnění; vzít ho zpět může do {minutes}{NBSP}minut.",
            f"The provider is paid for a redemption and may undo it within {minutes} minutes.",
        )
    cs, en = _PAYABLE[rules.payable_on]
    days = rules.order_confirm_days
    return Sentence(
        "payable_on",
        f"Poskytovatel má na potvrzení objednávky {days}{NBSP}dnů a peníze dostane, {cs}.",
        f"The provider has {days} days to confirm an order and is paid {en}.",
    )


def _proofs(rules: Rules) -> Iterator[Sentence]:
    if rules.documents is not None:
        yield Sentence(
            "documents",
            f"K žádosti patří doklad: {rules.documents.cs}",
            f"A document is needed: {rules.documents.in_('en')}",
        )
    if rules.second_proof:
        yield Sentence(
            "second_proof",
            "Před přiznáním žadatel prokáže totožnost kódem z dopisu nebo u přepážky.",
            "Before the award, the applicant proves their identity by a code from a letter or at the desk.",
        )


# The classic mistake: the leaflet says one day, the rules another

_CZECH_DAY = re.compile(r"(?<![0-9])([0-9]{1,2})\.\s*([0-9]{1,2})\.(?:\s*([0-9]{4}))?")
_ENGLISH_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_DAY = re.compile(
    rf"(?<![0-9])([0-9]{{1,2}})\s+({'|'.join(_ENGLISH_MONTHS)})[a-z]*\.?(?:\s+([0-9]{{4}}))?", re.IGNORECASE
)


def contradictions(rules: Rules) -> tuple[FieldError, ...]:
    """Dates in the leaflet that no rule says, each with the rule that is nearest to it."""
    own = _own_days(rules)
    found = []
    for field, text in (("text.cs", rules.text.cs), ("text.en", rules.text.en)):
        for day, month, year in _days_in(text):
            if not any(
                (own_day.day, own_day.month) == (day, month) and year in (None, own_day.year) for own_day in own
            ):
                found.append(_contradiction(field, day, month, year, own))
    return tuple(found)


def _days_in(text: str) -> Iterator[tuple[int, int, int | None]]:
    for match in _CZECH_DAY.finditer(text):
        if _possible(int(match[1]), int(match[2])):
            yield int(match[1]), int(match[2]), int(match[3]) if match[3] else None
    for match in _ENGLISH_DAY.finditer(text):
        month = _ENGLISH_MONTHS.index(match[2].lower()) + 1
        if _possible(int(match[1]), month):
            yield int(match[1]), month, int(match[3]) if match[3] else None


def _possible(day: int, month: int) -> bool:
    try:
        date(LEAP_SAFE_YEAR, month, day)
    except ValueError:
        return False
    return True


def _own_days(rules: Rules) -> dict[date, tuple[str, str]]:
    named = [
        (rules.applications_from, "začátek příjmu žádostí", "the start of applications"),
        (rules.applications_to, "konec příjmu žádostí", "the end of applications"),
        (rules.spending_from, "začátek utrácení", "the start of spending"),
        (rules.spending_to, "konec utrácení", "the end of spending"),
        (rules.who.born_from, "narození od", "born from"),
        (rules.who.born_to, "narození do", "born until"),
        (rules.who.age_on, "den, ke kterému se počítá věk", "the day on which age counts"),
        (rules.resolution_on, "den usnesení", "the day of the resolution"),
    ]
    return {day: (cs, en) for day, cs, en in named if day is not None}


def _contradiction(field: str, day: int, month: int, year: int | None, own: dict[date, tuple[str, str]]) -> FieldError:
    nearest = min(own, key=lambda known: _distance(known, day, month, year))
    cs, en = own[nearest]
    said_cs = f"{day}.{NBSP}{month}.{f'{NBSP}{year}' if year else ''}"
    said_en = f"{day}/{month}{f'/{year}' if year else ''}"
    return FieldError(
        field,
        "contradiction",
        f"Text uvádí {said_cs}, ale žádné pravidlo takový den nemá. Nejblíž je {cs}: {day_cs(nearest)}.",
        f"The text says {said_en}, but no rule has that day. The nearest is {en}: {day_en(nearest)}.",
    )


def _distance(known: date, day: int, month: int, year: int | None) -> int:
    safe_day = 28 if (month, day) == (2, 29) else day
    return abs((known - date(year or known.year, month, safe_day)).days)


# Test persons


def edge_persons(rules: Rules, day: date) -> tuple[TestPerson, ...]:
    """People who stand exactly on the lines of the rules and just beyond them."""
    return (*_by_birth(rules, day), *_by_age(rules, day), *_by_residence(rules, day))


def _at_home(rules: Rules) -> Lives:
    code = rules.who.residence_codes[0] if rules.who.residence_codes else ""
    return Lives(code, code, rules.who.residence_kinds[0])


def _by_birth(rules: Rules, day: date) -> Iterator[TestPerson]:
    home = _at_home(rules)
    one = timedelta(days=1)
    if rules.who.born_from:
        yield TestPerson("narození v první den rozmezí", Facts(rules.who.born_from, home))
        yield TestPerson("narození o den dřív", Facts(rules.who.born_from - one, home))
    if rules.who.born_to:
        yield TestPerson("narození v poslední den rozmezí", Facts(rules.who.born_to, home))
        yield TestPerson("narození o den později", Facts(rules.who.born_to + one, home))


def _by_age(rules: Rules, day: date) -> Iterator[TestPerson]:
    home = _at_home(rules)
    on = rules.who.age_on or day
    one = timedelta(days=1)
    if rules.who.age_min is not None:
        just = _last_born(on, rules.who.age_min)
        yield TestPerson("právě dovršený nejnižší věk", Facts(just, home))
        yield TestPerson("o den mladší", Facts(just + one, home))
    if rules.who.age_max is not None:
        beyond = _last_born(on, rules.who.age_max + 1)
        yield TestPerson("poslední den nejvyššího věku", Facts(beyond + one, home))
        yield TestPerson("o rok starší, než smí", Facts(beyond, home))


def _by_residence(rules: Rules, day: date) -> Iterator[TestPerson]:
    if not rules.who.residence_codes:
        return
    born = _fitting_birth(rules, day)
    yield TestPerson("pobyt jinde", Facts(born, Lives("jinde", "jinde", "permanent_residence")))
    for kind in KINDS_CS:
        if kind not in rules.who.residence_kinds:
            yield TestPerson(KINDS_CS[kind], Facts(born, replace(_at_home(rules), kind=kind)))


def _fitting_birth(rules: Rules, day: date) -> date:
    if rules.who.born_from or rules.who.born_to:
        return rules.who.born_to or rules.who.born_from or day
    return _last_born(rules.who.age_on or day, rules.who.age_min if rules.who.age_min is not None else 0)


def _last_born(day: date, years: int) -> date:
    """The last day of birth of those who are so many years old on a day: the day before those who are a day too young."""
    after = day + timedelta(days=1)
    try:
        too_young = after.replace(year=after.year - years)
    except ValueError:
        too_young = date(after.year - years, 3, 1)
    return too_young - timedelta(days=1)


def try_on(programme: Programme, persons: tuple[TestPerson, ...], day: date) -> tuple[Tried, ...]:
    """How the rules judge test persons, as if the programme took applications."""
    opened = replace(programme, state="open")
    found = []
    for person in persons:
        judged = tuple(c for c in conditions(opened, person.facts, day) if c.code != "window")
        found.append(Tried(person.label, person.facts.birth_date, passes(judged), judged))
    return tuple(found)
