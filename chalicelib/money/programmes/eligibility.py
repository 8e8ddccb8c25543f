"""Whether somebody can get a contribution, condition by condition, with what proves it. Pure.

The same rules serve the pre-check of a visitor (facts as typed), the applicant's wizard and the clerk's screen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chalicelib.core.refusals import NBSP, crowns
from chalicelib.money.programmes.model import ConditionsNotMet, Programme, ResidenceKind, Rules, WhoMay
from chalicelib.town.people.model import age_on

type Verdict = Literal["met", "not_met", "pending", "to_judge"]
"""`pending`: the registry has not answered. `to_judge`: a clerk looks."""
type Proof = Literal["registry", "document", "declaration", "stated", "town_records"]

IN_PROGRESS = ("", "pending", "unavailable", "expired")
"""Outcomes of verification after which an answer may still come."""
MENDABLE = ("no_match", "ambiguous")
"""Outcomes after which the applicant can mend the data, and the registry is asked again."""

KINDS_CS: dict[ResidenceKind, str] = {
    "permanent_residence": "trvalý pobyt",
    "temporary_residence": "přechodný pobyt",
    "temporary_protection": "dočasná ochrana",
}
KINDS_EN: dict[ResidenceKind, str] = {
    "permanent_residence": "permanent residence",
    "temporary_residence": "temporary residence",
    "temporary_protection": "temporary protection",
}


@dataclass(frozen=True)
class Lives:
    """Where somebody lives by RÚIAN codes, and by what right. Kind is None where only an address was stated."""

    municipality_code: str
    city_part_code: str = ""
    kind: ResidenceKind | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of a beneficiary. `verification` is an outcome of the glossary, "" before any, None where
    identity is not asked for (a visitor's pre-check). `guardian` is the link's state for a child, None for oneself.
    """

    birth_date: date
    lives: Lives | None = None
    verification: str | None = None
    guardian: str | None = None
    duplicate: bool | None = None
    only_of_household: bool | None = None
    documents: int | None = None
    free_minor: int | None = None
    second_proof: bool | None = None
    household_awarded: bool = False


@dataclass(frozen=True)
class Condition:
    """One rule of eligibility, how it stands for somebody, and what proves it. `cs` and `en` say why."""

    code: str
    verdict: Verdict
    proof: Proof
    cs: str
    en: str
    value: str = ""


def day_cs(day: date) -> str:
    return f"{day.day}.{NBSP}{day.month}.{NBSP}{day.year}"


def day_en(day: date) -> str:
    return f"{day.day}{NBSP}{_MONTHS[day.month - 1]}{NBSP}{day.year}"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def years_cs(years: int) -> str:
    """`1 rok`, `2 roky`, `5 let`."""
    word = "rok" if years == 1 else "roky" if 2 <= years <= 4 else "let"
    return f"{years}{NBSP}{word}"


def conditions(programme: Programme, facts: Facts, day: date) -> tuple[Condition, ...]:
    """Every condition of the programme as it stands for these facts on this day, in the order people are told."""
    rules = programme.rules
    found = [
        *_window(programme),
        *_birth(rules.who, facts, day),
        *_residence(rules.who, facts),
        *_identity(facts),
        *_guardian(facts),
        *_once(facts),
        *_household(rules.who, facts),
        *_documents(rules, facts),
        *_second_proof(rules, facts),
        *_budget(rules, facts),
    ]
    return tuple(found)


def not_met(found: Sequence[Condition]) -> tuple[Condition, ...]:
    return tuple(condition for condition in found if condition.verdict == "not_met")


def passes(found: Sequence[Condition]) -> bool:
    """Whether an application may be submitted: nothing is against it, though something may still be asked."""
    return not not_met(found)


def require(found: Sequence[Condition]) -> None:
    """Raises ConditionsNotMet with every reason at once."""
    against = not_met(found)
    if against:
        raise ConditionsNotMet(
            " ".join(condition.cs for condition in against),
            " ".join(condition.en for condition in against),
            tuple(condition.code for condition in against),
        )


def checks(found: Sequence[Condition]) -> str:
    """What a clerk has to look at, as one word for the queue: `ok`, `pending`, `to_judge` or `not_met`."""
    verdicts = {condition.verdict for condition in found if condition.code not in ("window", "budget")}
    return next((verdict for verdict in ("not_met", "to_judge", "pending") if verdict in verdicts), "ok")


def _window(programme: Programme) -> Iterator[Condition]:
    rules = programme.rules
    until = rules.applications_to
    if programme.takes_applications:
        yield Condition(
            "window",
            "met",
            "town_records",
            f"Žádosti přijímáme do {day_cs(until)}.",
            f"We take applications until {day_en(until)}.",
        )
    elif programme.state == "scheduled":
        since = rules.applications_from
        yield Condition(
            "window",
            "not_met",
            "town_records",
            f"Žádosti přijímáme od {day_cs(since)}.",
            f"We take applications from {day_en(since)}.",
        )
    elif programme.state == "exhausted":
        yield Condition(
            "window", "not_met", "town_records", "Peníze programu jsou vyčerpané.", "The programme's money is used up."
        )
    else:
        yield Condition(
            "window",
            "not_met",
            "town_records",
            "Program teď žádosti nepřijímá.",
            "The programme takes no applications now.",
        )


def _proof(facts: Facts) -> Proof:
    return "registry" if facts.verification in ("match", "match_not_resident") else "stated"


def _birth(who: WhoMay, facts: Facts, day: date) -> Iterator[Condition]:
    born = facts.birth_date
    if who.born_from is not None or who.born_to is not None:
        inside = (who.born_from is None or born >= who.born_from) and (who.born_to is None or born <= who.born_to)
        yield Condition(
            "birth_date",
            "met" if inside else "not_met",
            _proof(facts),
            f"Program je pro narozené {range_cs(who.born_from, who.born_to)}.",
            f"The programme is for those born {range_en(who.born_from, who.born_to)}.",
            born.isoformat(),
        )
    if who.age_min is not None or who.age_max is not None:
        on = who.age_on or day
        age = age_on(born, on)
        inside = (who.age_min is None or age >= who.age_min) and (who.age_max is None or age <= who.age_max)
        yield Condition(
            "age",
            "met" if inside else "not_met",
            _proof(facts),
            f"Program je pro věk {ages_cs(who)}; k {day_cs(on)} je to {years_cs(age)}.",
            f"The programme is for ages {ages_en(who)}; on {day_en(on)} the age is {age}.",
            str(age),
        )


def range_cs(first: date | None, last: date | None) -> str:
    bounds = [f"od {day_cs(first)}" if first else "", f"do {day_cs(last)}" if last else ""]
    return " ".join(bound for bound in bounds if bound)


def range_en(first: date | None, last: date | None) -> str:
    if first and last:
        return f"from {day_en(first)} to {day_en(last)}"
    return f"on {day_en(first)} or later" if first else f"until {day_en(last)}" if last else ""


def ages_cs(who: WhoMay) -> str:
    if who.age_min is not None and who.age_max is not None:
        return f"{who.age_min}–{years_cs(who.age_max)}"
    if who.age_min is not None:
        return f"od {who.age_min}{NBSP}let"
    return f"nejvýše {years_cs(who.age_max or 0)}"


def ages_en(who: WhoMay) -> str:
    if who.age_min is not None and who.age_max is not None:
        return f"{who.age_min}–{who.age_max}"
    return f"{who.age_min} and over" if who.age_min is not None else f"{who.age_max} at most"


def _residence(who: WhoMay, facts: Facts) -> Iterator[Condition]:
    if not who.residence_codes:
        return
    kinds_cs = " nebo ".join(KINDS_CS[kind] for kind in who.residence_kinds)
    kinds_en = " or ".join(KINDS_EN[kind] for kind in who.residence_kinds)
    lives = facts.lives
    needed_cs = f"Podmínkou je {kinds_cs} v tomto městě nebo městské části"
    needed_en = f"The condition is {kinds_en} in this town or city part"
    if lives is None:
        ended = facts.verification is not None and facts.verification not in IN_PROGRESS
        yield Condition(
            "residence",
            "to_judge" if ended else "pending",
            "stated",
            f"{needed_cs}; ověříme ji v registru.",
            f"{needed_en}; we will check the registry.",
        )
        return
    here = bool({lives.municipality_code, lives.city_part_code} & set(who.residence_codes) - {""})
    right_kind = lives.kind is None or lives.kind in who.residence_kinds
    by_cs = "podle registru" if lives.kind else "podle uvedené adresy"
    by_en = "by the registry" if lives.kind else "by the stated address"
    verdict: Verdict = "met" if here and right_kind else "not_met"
    if verdict == "met" and lives.kind is None and facts.verification is not None:
        verdict = "pending" if facts.verification in (*IN_PROGRESS, *MENDABLE) else "to_judge"
    fits_cs, fits_en = _FITS[verdict]
    yield Condition(
        "residence",
        verdict,
        "registry" if lives.kind else "stated",
        f"{needed_cs}; {by_cs} {fits_cs}.",
        f"{needed_en}; {by_en} {fits_en}.",
        lives.city_part_code or lives.municipality_code,
    )


_FITS: dict[Verdict, tuple[str, str]] = {
    "met": ("splněno", "met"),
    "pending": ("odpovídá, ještě ověříme v registru", "fits, the registry will confirm"),
    "to_judge": ("odpovídá, posoudí pracovník města", "fits, the town's clerk looks at it"),
    "not_met": ("nesplněno", "not met"),
}

_IDENTITY: dict[str, tuple[Verdict, str, str]] = {
    "match": ("met", "Totožnost je ověřená.", "The identity is verified."),
    "match_not_resident": ("met", "Totožnost je ověřená.", "The identity is verified."),
    "": ("pending", "Totožnost ověříme po podání.", "We verify the identity after submission."),
    "pending": ("pending", "Totožnost právě ověřujeme.", "The identity is being verified."),
    "expired": ("pending", "Ověření vypršelo, ověříme ji znovu.", "The verification expired; we verify again."),
    "unavailable": ("pending", "Registr neodpovídá, ptáme se znovu.", "The registry does not answer; we ask again."),
    "ambiguous": (
        "not_met",
        "Údajům odpovídá víc osob. Doplňte místo narození.",
        "The data fit more than one person. Add the place of birth.",
    ),
    "no_match": (
        "not_met",
        "Údaje neodpovídají registru. Opravte je, nebo přijďte s dokladem.",
        "The data do not fit the registry. Correct them, or come with a document.",
    ),
    "questioned": (
        "to_judge",
        "Údaje v registru jsou zpochybněné, posoudí je pracovník města.",
        "The registry's data are questioned; the town's clerk looks at them.",
    ),
    "deceased": (
        "not_met",
        "Podle registru žádost podat nejde. Obraťte se na město.",
        "By the registry the application is not possible. Contact the town.",
    ),
}


def _identity(facts: Facts) -> Iterator[Condition]:
    if facts.verification is None:
        return
    verdict, cs, en = _IDENTITY[facts.verification]
    yield Condition("verification", verdict, "registry", cs, en, facts.verification)


def _guardian(facts: Facts) -> Iterator[Condition]:
    if facts.guardian is None:
        return
    if facts.guardian in ("proved_by_registry", "proved_by_document"):
        proof: Proof = "registry" if facts.guardian == "proved_by_registry" else "document"
        yield Condition(
            "guardian",
            "met",
            proof,
            "Zastupování dítěte je doložené.",
            "Acting for the child is proved.",
            facts.guardian,
        )
    elif facts.guardian in ("refused", "ended"):
        yield Condition(
            "guardian",
            "not_met",
            "registry",
            "Za toto dítě teď žádat nejde. Vysvětlení podá město.",
            "You cannot apply for this child now. The town will explain.",
            facts.guardian,
        )
    else:
        yield Condition(
            "guardian",
            "pending",
            "declaration",
            "Zastupování dítěte ověřujeme.",
            "Acting for the child is being verified.",
            facts.guardian,
        )


def _once(facts: Facts) -> Iterator[Condition]:
    if facts.duplicate is None:
        return
    if facts.duplicate:
        yield Condition(
            "once",
            "not_met",
            "town_records",
            "Pro tuto osobu už v programu žádost je nebo byl příspěvek přiznán.",
            "There is an application for this person in the programme, or a contribution was awarded.",
        )
    else:
        yield Condition(
            "once",
            "met",
            "town_records",
            "Jiná žádost pro tuto osobu v programu není.",
            "There is no other application for this person.",
        )


def _household(who: WhoMay, facts: Facts) -> Iterator[Condition]:
    if not who.one_per_household or facts.only_of_household is None:
        return
    yield Condition(
        "household",
        "met" if facts.only_of_household else "not_met",
        "declaration",
        "Příspěvek je jeden na domácnost; je třeba prohlásit, že z ní nikdo jiný nežádá.",
        "There is one contribution for a household; declare that nobody else of it applies.",
    )
    if facts.household_awarded:
        yield Condition(
            "household_award",
            "not_met",
            "registry",
            "Domácnost na této adrese už v programu příspěvek má.",
            "The household at this address has its contribution of the programme already.",
        )


def _documents(rules: Rules, facts: Facts) -> Iterator[Condition]:
    if rules.documents is None or facts.documents is None:
        return
    yield Condition(
        "documents",
        "to_judge" if facts.documents else "not_met",
        "document",
        f"Přiložte doklad: {rules.documents.cs}",
        f"Attach a document: {rules.documents.in_('en')}",
        str(facts.documents),
    )


def _second_proof(rules: Rules, facts: Facts) -> Iterator[Condition]:
    if not rules.second_proof or facts.second_proof is None:
        return
    yield Condition(
        "second_proof",
        "met" if facts.second_proof else "pending",
        "document",
        "Před přiznáním je třeba prokázat totožnost kódem z dopisu nebo u přepážky.",
        "Before the award, prove the identity by the code in the letter or at the desk.",
    )


def _budget(rules: Rules, facts: Facts) -> Iterator[Condition]:
    if facts.free_minor is None:
        return
    free = crowns(facts.free_minor)
    if facts.free_minor >= rules.amount_minor:
        yield Condition(
            "budget", "met", "town_records", f"V programu je volných {free}.", f"The programme has {free} left.", free
        )
    elif rules.waiting_list:
        yield Condition(
            "budget",
            "pending",
            "town_records",
            "Peníze jsou teď vyčerpané; žádost počká, až se uvolní.",
            "The money is used up now; the application waits until some is free.",
            free,
        )
    else:
        yield Condition(
            "budget",
            "not_met",
            "town_records",
            "Peníze programu jsou vyčerpané.",
            "The programme's money is used up.",
            free,
        )
