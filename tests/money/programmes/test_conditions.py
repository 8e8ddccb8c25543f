"""Every condition and every sentence of the rules, in each of the ways it may stand. Pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.core.clock import end_of, start_of
from chalicelib.money.programmes.eligibility import (
    Condition,
    Facts,
    Lives,
    Verdict,
    ages_cs,
    ages_en,
    checks,
    conditions,
    day_cs,
    day_en,
    range_cs,
    range_en,
    years_cs,
)
from chalicelib.money.programmes.model import (
    Application,
    ApplicationState,
    BudgetCoordinates,
    ProgrammeState,
    Rules,
    Stated,
    WhoMay,
    Words,
    faults,
    for_whom,
    new_grants,
    valid_from,
)
from chalicelib.money.programmes.sentences import contradictions, edge_persons, sentences, try_on
from tests.money.programmes.test_eligibility import DAY, HOME, a_programme, some_rules

ADULT = Facts(date(1990, 1, 1), HOME)
CODE = ("999001",)
WORDS = Words("potvrzení školy", "a school's confirmation")


def found(facts: Facts = ADULT, code: str = "", state: ProgrammeState = "open", **more: Any) -> list[Condition]:
    programme = replace(a_programme(**more), state=state)
    return [one for one in conditions(programme, facts, DAY) if code in ("", one.code)]


def stands(code: str, facts: Facts = ADULT, **more: Any) -> tuple[str, str, str] | None:
    """(verdict, what proves it, value) of a condition; None where it is not asked."""
    every = found(facts, code, **more)
    return (every[0].verdict, every[0].proof, every[0].value) if every else None


# Conditions


@pytest.mark.parametrize("state", get_args(ProgrammeState.__value__))
@pytest.mark.parametrize("waits", [True, False])
def test_the_window_says_why_a_programme_takes_no_applications(state: ProgrammeState, waits: bool) -> None:
    [window] = found(code="window", state=state, waiting_list=waits)
    used_up = "Peníze programu jsou vyčerpané."
    told = {"open": "Žádosti přijímáme do 20. 12. 2026.", "scheduled": "Žádosti přijímáme od 21. 9. 2026."}
    told |= {"exhausted": told["open"] if waits else used_up}
    assert window.cs.replace("\N{NO-BREAK SPACE}", " ") == told.get(state, "Program teď žádosti nepřijímá.")
    assert (window.verdict == "met") == (state == "open" or (state == "exhausted" and waits))


def test_a_second_proof_is_asked_for_only_where_the_rules_do_and_the_person_is_known() -> None:
    for asked, proved in product((False, True), (None, False, True)):
        expected = None if not asked or proved is None else ("met" if proved else "pending", "document", "")
        assert stands("second_proof", replace(ADULT, second_proof=proved), second_proof=asked) == expected


def test_a_document_is_judged_by_a_person_and_missing_is_not_met() -> None:
    for wanted, count in product((None, WORDS), (None, 0, 1, 3)):
        verdict = "to_judge" if count else "not_met"
        expected = None if wanted is None or count is None else (verdict, "document", str(count))
        assert stands("documents", replace(ADULT, documents=count), documents=wanted) == expected


def test_one_of_a_household_declares_it_and_an_award_stands_against_the_next() -> None:
    for limited, declared, awarded in product((False, True), (None, False, True), (False, True)):
        facts = replace(ADULT, only_of_household=declared, household_awarded=awarded)
        who, asked = WhoMay(one_per_household=limited), limited and declared is not None
        expected = ("met" if declared else "not_met", "declaration", "") if asked else None
        assert stands("household", facts, who=who) == expected
        against = ("not_met", "registry", "") if asked and awarded else None
        assert stands("household_award", facts, who=who) == against


def test_once_means_no_other_application_for_the_person() -> None:
    told = {None: None, False: ("met", "town_records", ""), True: ("not_met", "town_records", "")}
    assert {known: stands("once", replace(ADULT, duplicate=known)) for known in told} == told


@pytest.mark.parametrize(
    ("verification", "verdict"),
    [
        (None, None),
        ("", "pending"),
        ("pending", "pending"),
        ("expired", "pending"),
        ("unavailable", "pending"),
        ("match", "met"),
        ("match_not_resident", "met"),
        ("ambiguous", "not_met"),
        ("no_match", "not_met"),
        ("deceased", "not_met"),
        ("questioned", "to_judge"),
    ],
)
def test_what_the_registry_said_of_a_person(verification: str | None, verdict: Verdict | None) -> None:
    facts = replace(ADULT, verification=verification)
    assert stands("verification", facts) == (verdict and (verdict, "registry", verification))
    age = stands("age", facts, who=WhoMay(age_min=1))
    assert age
    assert age[1] == ("registry" if verification in ("match", "match_not_resident") else "stated")
    nowhere = stands("residence", replace(facts, lives=None), who=WhoMay(residence_codes=CODE))
    waits = verification is None or verdict == "pending"
    assert nowhere == ("pending" if waits else "to_judge", "stated", "")


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (None, None),
        ("proved_by_registry", ("met", "registry")),
        ("proved_by_document", ("met", "document")),
        ("refused", ("not_met", "registry")),
        ("ended", ("not_met", "registry")),
        ("claimed", ("pending", "declaration")),
        ("", ("pending", "declaration")),
    ],
)
def test_acting_for_a_child_is_proved_refused_or_being_verified(link: str | None, expected: Any) -> None:
    assert stands("guardian", replace(ADULT, guardian=link)) == (expected and (*expected, link))


STATED: dict[str, Verdict] = {
    "pending": "pending",
    "no_match": "pending",
    "ambiguous": "pending",
    "questioned": "to_judge",
}
"""What becomes of a stated place by what the registry said of the person: after the last one nothing more will come."""


def test_residence_is_of_the_place_and_of_a_kind_and_what_is_only_stated_waits_for_the_registry() -> None:
    who = WhoMay(residence_codes=("999001", "999021"))
    for town, part, kind, verification in product(
        ("999001", "1", ""), ("999021", "2", ""), (None, "permanent_residence", "temporary_residence"), (None, *STATED)
    ):
        here = town == "999001" or part == "999021"
        fits = here and kind in (None, "permanent_residence")
        verdict = "not_met" if not fits else STATED[verification] if kind is None and verification else "met"
        facts = replace(ADULT, lives=Lives(town, part, kind), verification=verification)  # type: ignore[arg-type]
        expected = (verdict, "registry" if kind else "stated", part or town)
        assert stands("residence", facts, who=who) == expected
        assert stands("residence", facts) is None


def test_money_that_is_left_covers_a_whole_award_or_one_waits() -> None:
    for waits, free, verdict in (
        (True, 30_000, "met"),
        (True, 29_999, "pending"),
        (False, 30_000, "met"),
        (False, 29_999, "not_met"),
        (False, 0, "not_met"),
    ):
        told = stands("budget", replace(ADULT, free_minor=free), waiting_list=waits)
        assert told
        assert told[0] == verdict
    assert stands("budget") is None


@pytest.mark.parametrize(
    ("verdicts", "check"),
    [
        ({"age": "met", "window": "not_met", "budget": "pending"}, "ok"),
        ({"age": "met", "verification": "pending"}, "pending"),
        ({"documents": "to_judge", "verification": "pending"}, "to_judge"),
        ({"documents": "to_judge", "age": "not_met"}, "not_met"),
        ({}, "ok"),
    ],
)
def test_what_a_clerk_looks_at_is_the_worst_that_the_applicant_can_do_something_about(
    verdicts: dict[str, Verdict], check: str
) -> None:
    assert checks([Condition(code, verdict, "stated", "", "") for code, verdict in verdicts.items()]) == check


# Words


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_numbers_days_and_bounds_are_said_as_people_say_them() -> None:
    years = ["0 let", "1 rok", "2 roky", "4 roky", "5 let", "22 let"]
    assert [plain(years_cs(n)) for n in (0, 1, 2, 4, 5, 22)] == years
    first, last = date(2026, 1, 31), date(2026, 12, 1)
    assert (plain(day_cs(first)), plain(day_en(first)), plain(day_en(last))) == (
        "31. 1. 2026",
        "31 January 2026",
        "1 December 2026",
    )
    ranges = {(a, b): (plain(range_cs(a, b)), plain(range_en(a, b))) for a, b in product((None, first), (None, last))}
    assert ranges == {
        (None, None): ("", ""),
        (None, last): ("do 1. 12. 2026", "until 1 December 2026"),
        (first, None): ("od 31. 1. 2026", "on 31 January 2026 or later"),
        (first, last): ("od 31. 1. 2026 do 1. 12. 2026", "from 31 January 2026 to 1 December 2026"),
    }
    ages = {(a, b): WhoMay(age_min=a, age_max=b) for a, b in ((6, 15), (60, None), (None, 15), (0, 4))}
    assert {bounds: (plain(ages_cs(who)), plain(ages_en(who))) for bounds, who in ages.items()} == {
        (6, 15): ("6–15 let", "6–15"),
        (60, None): ("od 60 let", "60 and over"),
        (None, 15): ("nejvýše 15 let", "15 at most"),
        (0, 4): ("0–4 roky", "0–4"),
    }


def said(places: dict[str, str] | None = None, **more: Any) -> dict[str, str]:
    return {one.field: plain(one.cs) for one in sentences(some_rules(**more), places or {})}


def test_each_rule_has_its_sentence_and_what_is_not_set_has_none() -> None:
    always = ["applications_from", "denominations_minor", "spending_to", "waiting_list", "who.residence_codes"]
    assert sorted(said()) == sorted([*always, "remainder", "undo_minutes"])
    assert sorted(said(mode="credit", single_use=True)) == sorted([*always, "payable_on"])
    assert said()["who.residence_codes"] == "Na místě pobytu nezáleží."
    elsewhere = said({"1": "Modřínov"}, who=WhoMay(residence_codes=("1", "2")))
    assert elsewhere["who.residence_codes"] == "Podmínkou je trvalý pobyt: Modřínov, RÚIAN 2."
    everything = said(
        who=WhoMay(born_to=DAY, age_min=6, age_on=DAY, one_per_household=True),
        second_proof=True,
        documents=WORDS,
        min_price_minor=1,
        day_limit_minor=1,
        provider_limit_minor=0,
        days_to_spend=60,
    )
    assert everything["who.age_min"] == "Věk osoby k 20. 11. 2026: od 6 let (dovršené roky)."
    assert everything["provider_limit_minor"] == ("U jednoho poskytovatele jde v programu utratit celkem nejvýše 0 Kč.")
    assert {"who.born_from", "who.one_per_household", "second_proof", "documents"} <= set(everything)
    assert everything["days_to_spend"].endswith("nejdéle však 60 dnů od přiznání. Co zbude, vrátí se do programu.")
    assert "v den podání žádosti: nejvýše 0 let" in said(who=WhoMay(age_max=0))["who.age_min"]


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"mode": "credit"}, "denominations_minor", "Jedna osoba získá jednou kredit 300 Kč."),
        ({}, "denominations_minor", "Jedna osoba získá jednou voucher 300 Kč."),
        (
            {"denominations_minor": (10_000,) * 4},
            "denominations_minor",
            "Jedna osoba získá jednou 4 vouchery: 100 Kč + 100 Kč + 100 Kč + 100 Kč, celkem 400 Kč.",
        ),
        (
            {"denominations_minor": (100,) * 5},
            "denominations_minor",
            "Jedna osoba získá jednou 5 voucherů: 1 Kč + 1 Kč + 1 Kč + 1 Kč + 1 Kč, celkem 5 Kč.",
        ),
        ({"single_use": True}, "single_use", "Voucher je jednorázový, zbytek propadá při uplatnění."),
        (
            {"single_use": True, "remainder": "returns"},
            "single_use",
            "Voucher je jednorázový, zbytek se vrací do programu.",
        ),
        ({}, "remainder", "Voucher jde utratit po částech, zbytek zůstává na příště."),
        (
            {"waiting_list": False},
            "waiting_list",
            "Rozhoduje pořadí podání. Po vyčerpání peněz další žádosti nepřijímáme.",
        ),
        (
            {"decides": "arrival"},
            "decides",
            "O žádostech rozhoduje systém v pořadí přijetí. Po vyčerpání peněz čekají další žadatelé jako náhradníci.",
        ),
        (
            {"undo_minutes": 5},
            "undo_minutes",
            "Poskytovatel dostane peníze za uplatnění; vzít ho zpět může do 5 minut.",
        ),
        (
            {"mode": "credit", "order_confirm_days": 3, "payable_on": "attendance"},
            "payable_on",
            "Poskytovatel má na potvrzení objednávky 3 dnů a peníze dostane, po potvrzené účasti.",
        ),
    ],
)
def test_a_rule_is_said_in_the_words_that_fit_it(more: dict[str, Any], field: str, sentence: str) -> None:
    assert said(**more)[field] == sentence


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("do 20. 12. 2026", None),
        ("do 20. 12.", None),
        ("do 20.12.2026", None),
        ("do 20. 12. 2027", "20. 12. 2027"),
        ("do 29. 2. 2027", "29. 2. 2027"),
        ("do 29. 2.", "29. 2."),
        ("kapitola 31. 2. a 12. 13.", None),
        ("č. 120. 12. 2026", None),
        ("od 21. 9. do 18. 2. 2027, usnesení z 1. 9. 2026", None),
    ],
)
def test_a_day_of_the_leaflet_is_one_of_the_rules_or_is_warned_of(text: str, warned: str | None) -> None:
    found = contradictions(some_rules(text=Words(text)))
    assert [plain(one.cs).split("Text uvádí ")[1].split(", ale")[0] for one in found] == ([warned] if warned else [])


def test_a_day_in_english_is_read_with_and_without_its_year_and_the_nearest_rule_is_named() -> None:
    text = Words("", "Until 19 Dec. From 21 sept 2026, born 2 March 2015. Not 31 April.")
    found = contradictions(some_rules(text=text))
    assert [(one.field, plain(one.en).split("The text says ")[1].split(",")[0]) for one in found] == [
        ("text.en", "19/12"),
        ("text.en", "2/3/2015"),
    ]
    assert "the end of applications: 20 December 2026" in plain(found[0].en)


# People on the lines


@given(st.dates(date(2019, 1, 1), date(2032, 12, 31)), st.integers(0, 90), st.integers(0, 30))
@example(date(2028, 2, 29), 1, 0)
@example(date(2028, 2, 28), 1, 0)
@example(date(2029, 2, 28), 61, 0)
@example(date(2027, 12, 31), 0, 0)
def test_people_on_the_lines_of_an_age_are_judged_as_their_labels_say(on: date, low: int, more: int) -> None:
    programme = a_programme(who=WhoMay(age_min=low, age_max=low + more, age_on=on))
    tried = try_on(programme, edge_persons(programme.rules, DAY), DAY)
    assert [(one.label, one.passes) for one in tried] == [
        ("právě dovršený nejnižší věk", True),
        ("o den mladší", False),
        ("poslední den nejvyššího věku", True),
        ("o rok starší, než smí", False),
    ]


def test_people_on_the_lines_of_birth_dates_and_of_residence_are_judged_as_their_labels_say() -> None:
    born = WhoMay(born_from=date(2015, 1, 1), born_to=date(2020, 12, 31), residence_codes=CODE)
    programme = a_programme(who=born)
    tried = try_on(programme, edge_persons(programme.rules, DAY), DAY)
    assert [(one.label, one.birth_date, one.passes) for one in tried] == [
        ("narození v první den rozmezí", date(2015, 1, 1), True),
        ("narození o den dřív", date(2014, 12, 31), False),
        ("narození v poslední den rozmezí", date(2020, 12, 31), True),
        ("narození o den později", date(2021, 1, 1), False),
        ("pobyt jinde", date(2020, 12, 31), False),
        ("přechodný pobyt", date(2020, 12, 31), False),
        ("dočasná ochrana", date(2020, 12, 31), False),
    ]
    for who in (WhoMay(), WhoMay(age_min=6), WhoMay(born_from=DAY), WhoMay(age_max=15), WhoMay(age_max=0)):
        somewhere = a_programme(who=replace(who, residence_codes=CODE, residence_kinds=("temporary_protection",)))
        by_label = {one.label: one for one in try_on(somewhere, edge_persons(somewhere.rules, DAY), DAY)}
        assert {"pobyt jinde", "trvalý pobyt", "přechodný pobyt"} <= set(by_label)
        assert "dočasná ochrana" not in by_label
        for label in ("pobyt jinde", "trvalý pobyt"):
            against = [one.code for one in by_label[label].conditions if one.verdict == "not_met"]
            assert against == ["residence"], "nothing but where they live is against them"


# Nouns and faults


@pytest.mark.parametrize(
    ("who", "groups"),
    [
        ({}, "child adult senior"),
        ({"age_max": 17}, "child"),
        ({"age_max": 18}, "child adult"),
        ({"age_min": 18}, "adult senior"),
        ({"age_min": 17}, "child adult senior"),
        ({"age_min": 59, "age_max": 59}, "adult"),
        ({"age_min": 60}, "senior"),
        ({"age_max": 0}, "child"),
        ({"born_to": date(2008, 11, 20)}, "adult senior"),
        ({"born_to": date(2008, 11, 21)}, "child adult senior"),
        ({"born_from": date(1966, 11, 21)}, "child adult"),
        ({"born_from": date(1966, 11, 20)}, "child adult senior"),
        ({"born_from": date(2020, 1, 1), "age_min": 18}, ""),
    ],
)
def test_a_programme_is_for_the_groups_of_which_somebody_can_pass(who: dict[str, Any], groups: str) -> None:
    assert for_whom(some_rules(who=WhoMay(**who)), DAY) == tuple(groups.split())


def test_rules_may_stand_exactly_on_their_bounds() -> None:
    day = date(2026, 10, 1)
    same = {"applications_from": day, "applications_to": day, "spending_from": day, "spending_to": day}
    on = WhoMay(born_from=day, born_to=day, age_min=0, age_max=0)
    assert faults(some_rules(**same, who=on, min_price_minor=30_000, max_per_person_minor=30_000), DAY) == []
    assert faults(some_rules(), date(2026, 9, 1)) == []

    def wrong(**more: Any) -> list[str]:
        return [one.field for one in faults(some_rules(**same | more), DAY)]

    before, after = day - timedelta(days=1), day + timedelta(days=1)
    assert wrong(applications_to=before) == ["applications_to"]
    assert wrong(spending_from=after) == ["spending_to"]
    assert wrong(applications_to=after) == ["spending_to"]
    assert wrong(min_price_minor=30_001) == ["min_price_minor"]
    assert wrong(max_per_person_minor=29_999) == ["max_per_person_minor"]
    assert wrong(max_per_person_minor=1) == ["max_per_person_minor"]
    assert wrong(who=WhoMay(age_min=1, age_max=0)) == ["who.age_max"]
    assert wrong(who=WhoMay(born_from=after, born_to=day)) == ["who.born_to"]
    assert wrong(resolution_on=None) == ["resolution_number"]
    assert wrong(resolution_number="") == ["resolution_number"]


def test_a_contribution_is_spent_where_and_on_what_the_rules_list_and_nothing_listed_means_all() -> None:
    for providers, categories in product(((), ("pool",)), ((), ("sport",))):
        rules = some_rules(providers=providers, categories=categories)
        for provider, category in product(("pool", "club"), ("sport", "music", "")):
            fits = (not providers or provider == "pool") and (not categories or category in ("sport", ""))
            assert rules.takes(provider, category) == fits


def test_coordinates_name_the_item_of_whoever_is_paid_and_have_no_empty_tail() -> None:
    where = BudgetCoordinates(paragraph="3419", item="5222", action="0126", items={"company": "5213"})
    assert (where.text, where.text_for("company"), where.text_for("person")) == (
        "3419/5222//0126",
        "3419/5213//0126",
        "3419/5222//0126",
    )
    assert BudgetCoordinates(paragraph="3419").text == "3419"
    assert BudgetCoordinates().text == ""


NOON = datetime(2026, 10, 1, 10, tzinfo=UTC)


def an_application(state: ApplicationState = "approved", **more: Any) -> Application:
    stated = Stated("Jana", "Nováková", DAY)
    return Application("a", "p", 1, "parent", "child", state, stated, "Jana Nováková", 100, NOON, **more)


def test_an_award_opens_an_account_for_each_part_from_its_first_day_to_its_last() -> None:
    rules: Rules = some_rules(denominations_minor=(100, 200, 300))
    made = new_grants(rules, an_application(), NOON, NOON.date())
    assert [(one.part, one.parts, one.amount_minor) for one in made] == [(1, 3, 100), (2, 3, 200), (3, 3, 300)]
    assert {(one.subject_ref, one.valid_from, one.valid_until) for one in made} == {
        ("person:child", NOON, end_of(rules.spending_to))
    }
    early = some_rules(spending_from=date(2026, 10, 2), mode="credit", denominations_minor=(100, 200))
    assert valid_from(early, NOON) == start_of(date(2026, 10, 2))
    [whole] = new_grants(early, an_application(subject_ref="ref"), NOON, NOON.date())
    assert (whole.amount_minor, whole.subject_ref, whole.part, whole.parts) == (300, "ref", 1, 1)


def test_a_decline_is_told_only_when_its_minutes_are_over_and_at_once_where_no_clerk_declined() -> None:
    declined = an_application("declined", decided_at=NOON, decided_by="clerk", reason="Nesplněno.")
    ends = NOON + timedelta(minutes=10)
    assert declined.undo_until == ends
    hidden = declined.as_told(ends - timedelta(microseconds=1))
    assert (hidden.state, hidden.reason, hidden.decided_at, hidden.decided_by) == ("submitted", "", None, "")
    assert declined.as_told(ends) == declined
    for other in (
        replace(declined, decided_by="system"),
        an_application("approved", decided_at=NOON, decided_by="clerk"),
    ):
        assert (other.undo_until, other.as_told(NOON)) == (None, other)
    assert [an_application(state, decides="arrival").has_arrived for state in ("submitted", "in_review")] == [
        True,
        False,
    ]
    assert not an_application("submitted").has_arrived
