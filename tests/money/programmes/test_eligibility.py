"""Who passes, and what rules say of themselves. Pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.clock import day_of, end_of
from chalicelib.money.ledger.model import Budget
from chalicelib.money.programmes.eligibility import Facts, Lives, conditions, not_met, passes
from chalicelib.money.programmes.model import (
    Programme,
    Rules,
    WhoMay,
    Words,
    faults,
    for_whom,
    may_carry_over,
    state_by,
    valid_until,
)
from chalicelib.money.programmes.sentences import contradictions, edge_persons, sentences, try_on

DAY = date(2026, 11, 20)
HOME = Lives("999001", "", "permanent_residence")


def some_rules(**more: object) -> Rules:
    plain = {
        "name": Words("Čteme doma"),
        "purpose": Words("Knihy"),
        "text": Words("Knížka do ruky místo telefonu."),
        "legal_basis": "Zákon 128/2000 Sb.",
        "legal_regime": "other",
        "resolution_number": "1/2026",
        "resolution_on": date(2026, 9, 1),
        "mode": "voucher",
        "denominations_minor": (30_000,),
        "applications_from": date(2026, 9, 21),
        "applications_to": date(2026, 12, 20),
        "spending_from": date(2026, 9, 21),
        "spending_to": date(2027, 2, 18),
    }
    return Rules(**(plain | more))  # type: ignore[arg-type]


def a_programme(**more: object) -> Programme:
    return Programme("p", "open", some_rules(**more), datetime(2026, 9, 1, tzinfo=UTC), "admin")


def verdicts(programme: Programme, facts: Facts, day: date = DAY) -> dict[str, str]:
    return {condition.code: condition.verdict for condition in conditions(programme, facts, day)}


def test_both_ends_of_a_range_of_birth_dates_count() -> None:
    programme = a_programme(who=WhoMay(born_from=date(2008, 11, 20), born_to=date(2026, 11, 20)))
    for born, verdict in [
        (date(2008, 11, 19), "not_met"),
        (date(2008, 11, 20), "met"),
        (date(2026, 11, 20), "met"),
        (date(2026, 11, 21), "not_met"),
    ]:
        assert verdicts(programme, Facts(born))["birth_date"] == verdict


def test_sixty_is_reached_on_the_birthday_and_on_28_february_by_those_born_on_the_29th() -> None:
    programme = a_programme(who=WhoMay(age_min=60))
    assert verdicts(programme, Facts(date(1966, 11, 20)))["age"] == "met"
    assert verdicts(programme, Facts(date(1966, 11, 21)))["age"] == "not_met"
    assert verdicts(programme, Facts(date(1968, 2, 29)), date(2028, 2, 28))["age"] == "not_met"
    leap = a_programme(who=WhoMay(age_min=61))
    assert verdicts(leap, Facts(date(1968, 2, 29)), date(2029, 2, 28))["age"] == "met"
    assert verdicts(leap, Facts(date(1968, 2, 29)), date(2029, 2, 27))["age"] == "not_met"


def test_age_on_a_fixed_day_does_not_depend_on_when_one_applies() -> None:
    programme = a_programme(who=WhoMay(age_max=17, age_on=date(2026, 9, 1)))
    born = date(2008, 9, 2)
    assert verdicts(programme, Facts(born), date(2026, 9, 1))["age"] == "met"
    assert verdicts(programme, Facts(born), date(2026, 12, 1))["age"] == "met"


def test_a_neighbouring_city_part_of_the_same_name_is_told_apart_by_its_code() -> None:
    programme = a_programme(who=WhoMay(residence_codes=("999021",)))
    here = Lives("999002", "999021", "permanent_residence")
    there = Lives("999002", "999022", "permanent_residence")
    assert verdicts(programme, Facts(DAY, here))["residence"] == "met"
    assert verdicts(programme, Facts(DAY, there))["residence"] == "not_met"


def test_temporary_protection_passes_only_where_the_programme_says_so() -> None:
    protected = Lives("999001", "", "temporary_protection")
    strict = a_programme(who=WhoMay(residence_codes=("999001",)))
    open_to_all = a_programme(
        who=WhoMay(residence_codes=("999001",), residence_kinds=("permanent_residence", "temporary_protection"))
    )
    assert verdicts(strict, Facts(DAY, protected))["residence"] == "not_met"
    assert verdicts(open_to_all, Facts(DAY, protected))["residence"] == "met"


def test_a_stated_address_is_only_pending_once_identity_matters() -> None:
    programme = a_programme(who=WhoMay(residence_codes=("999001",)))
    stated = Lives("999001")
    assert verdicts(programme, Facts(DAY, stated))["residence"] == "met"
    assert verdicts(programme, Facts(DAY, stated, verification="pending"))["residence"] == "pending"
    assert verdicts(programme, Facts(DAY, None, verification="pending"))["residence"] == "pending"


def test_a_spent_budget_lets_one_wait_or_not_as_the_programme_says() -> None:
    waits, refuses = a_programme(), a_programme(waiting_list=False)
    facts = Facts(DAY, HOME, free_minor=29_999)
    assert verdicts(waits, facts)["budget"] == "pending"
    assert verdicts(refuses, facts)["budget"] == "not_met"
    assert verdicts(refuses, replace(facts, free_minor=30_000))["budget"] == "met"


def test_every_reason_against_is_told_at_once_in_both_languages() -> None:
    programme = a_programme(who=WhoMay(born_from=date(2010, 1, 1), residence_codes=("999001",)))
    against = not_met(conditions(programme, Facts(date(1980, 1, 1), Lives("1")), DAY))
    assert [condition.code for condition in against] == ["birth_date", "residence"]
    assert all(condition.cs and condition.en for condition in against)


@given(st.dates(date(1930, 1, 1), date(2026, 11, 20)), st.integers(0, 100), st.integers(0, 100))
def test_age_is_met_exactly_between_its_bounds(born: date, low: int, high: int) -> None:
    age = DAY.year - born.year - ((DAY.month, DAY.day) < (born.month, born.day))
    programme = a_programme(who=WhoMay(age_min=low, age_max=high))
    expected = "met" if low <= age <= high else "not_met"
    assert verdicts(programme, Facts(born))["age"] == expected


# Time


@given(st.dates(date(2026, 9, 1), date(2027, 3, 1)), st.none() | st.integers(1, 400))
def test_a_grant_ends_with_the_earlier_of_its_days_and_the_programme(awarded: date, days: int | None) -> None:
    rules = some_rules(days_to_spend=days)
    last = day_of(valid_until(rules, awarded))
    assert last <= rules.spending_to
    assert days is None or last <= max(awarded, rules.spending_from) + timedelta(days=days)
    assert last in (rules.spending_to, max(awarded, rules.spending_from) + timedelta(days=days or 0))
    assert valid_until(rules, awarded) == end_of(last)


def test_the_state_follows_the_days_and_then_the_money() -> None:
    rules = some_rules()
    rich, poor = Budget("p", 90_000, 30_000, open=True), Budget("p", 90_000, 29_999, open=True)
    assert state_by(rules, date(2026, 9, 20), rich) == "scheduled"
    assert state_by(rules, date(2026, 9, 21), rich) == "open"
    assert state_by(rules, date(2026, 12, 20), poor) == "exhausted"
    assert state_by(rules, date(2026, 12, 21), rich) == "spending_only"
    assert state_by(rules, date(2027, 2, 18), rich) == "spending_only"
    assert state_by(rules, date(2027, 2, 19), rich) == "closed"


def test_programmes_are_found_by_whom_they_are_for() -> None:
    assert for_whom(some_rules(who=WhoMay(born_from=date(2010, 1, 1))), DAY) == ("child",)
    assert for_whom(some_rules(who=WhoMay(age_min=60)), DAY) == ("senior",)
    assert for_whom(some_rules(), DAY) == ("child", "adult", "senior")


# Words


def test_a_date_of_the_leaflet_that_no_rule_has_is_warned_of_with_the_nearest_rule() -> None:
    text = Words(
        "Poukaz využijte do 28. 2. 2027. Žádosti do 20.\N{NO-BREAK SPACE}12.\N{NO-BREAK SPACE}2026.",
        "Use it by 28 February 2027.",
    )
    found = contradictions(some_rules(text=text))
    assert [warning.field for warning in found] == ["text.cs", "text.en"]
    assert "konec utrácení" in found[0].cs
    assert "18.\N{NO-BREAK SPACE}2.\N{NO-BREAK SPACE}2027" in found[0].cs


def test_a_leaflet_that_agrees_is_not_warned_of() -> None:
    text = Words("Žádejte do 20. 12. 2026, utrácejte do 18. 2. Stojí to 3.5 % a paragraf 12. 13.", "")
    assert contradictions(some_rules(text=text)) == ()


def test_the_rules_are_told_in_sentences_with_names_of_places() -> None:
    rules = some_rules(
        who=WhoMay(born_from=date(2015, 1, 1), born_to=date(2020, 12, 31), residence_codes=("999001",)),
        days_to_spend=60,
        min_price_minor=15_000,
        single_use=True,
        remainder="returns",
    )
    told = " ".join(sentence.cs for sentence in sentences(rules, {"999001": "Modřínov"})).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "narozenou od 1. 1. 2015 do 31. 12. 2020 včetně" in told
    assert "trvalý pobyt: Modřínov." in told
    assert "voucher 300 Kč" in told
    assert "nejdéle však 60 dnů od přiznání" in told
    assert "od 150 Kč" in told
    assert "zbytek se vrací do programu" in told
    assert all(sentence.en for sentence in sentences(rules, {}))


def test_people_on_the_lines_of_the_rules_are_tried_and_the_reason_is_told() -> None:
    programme = a_programme(who=WhoMay(born_from=date(2015, 1, 1), residence_codes=("999001",)))
    tried = try_on(programme, edge_persons(programme.rules, DAY), DAY)
    by_label = {person.label: person for person in tried}
    assert by_label["narození v první den rozmezí"].passes
    early = by_label["narození o den dřív"]
    assert not early.passes
    assert not_met(early.conditions)[0].code == "birth_date"
    assert not by_label["pobyt jinde"].passes
    assert passes(by_label["narození v první den rozmezí"].conditions)


def test_rules_that_contradict_themselves_are_named_by_field() -> None:
    broken = some_rules(
        applications_to=date(2026, 9, 1),
        spending_to=date(2026, 9, 1),
        min_price_minor=40_000,
        max_per_person_minor=20_000,
        legal_basis="",
        resolution_number="",
        who=WhoMay(age_min=10, age_max=5, born_from=date(2020, 1, 1), born_to=date(2010, 1, 1)),
    )
    assert {fault.field for fault in faults(broken, DAY)} == {
        "applications_to",
        "spending_to",
        "who.born_to",
        "who.age_max",
        "min_price_minor",
        "max_per_person_minor",
        "legal_basis",
        "resolution_number",
    }
    assert faults(some_rules(), DAY) == []
    assert [fault.field for fault in faults(some_rules(), date(2026, 8, 31))] == ["resolution_on"]


def test_limits_and_who_decides_are_told_in_sentences() -> None:
    rules = some_rules(
        decides="arrival",
        waiting_list=False,
        day_limit_minor=20_000,
        category_limits={"sport": 50_000, "books": 10_050},
        provider_limit_minor=10_000_000,
    )
    told = {one.field: (one.cs.replace("\u00a0", " "), one.en) for one in sentences(rules, {})}
    assert "v pořadí přijetí" in told["decides"][0]
    assert told["day_limit_minor"][0] == "Za den jde utratit nejvýše 200 Kč."
    assert told["category_limits"][0] == "Nejvýše v kategorii: sport 500 Kč, knihy 100,50 Kč."
    assert "100 000 Kč" in told["provider_limit_minor"][0]
    assert all(en for _, en in told.values())
    assert not {"day_limit_minor", "category_limits", "provider_limit_minor", "decides"} & {
        one.field for one in sentences(some_rules(), {})
    }


def test_a_click_day_asks_for_no_judgement_and_limits_stand_for_allowed_categories() -> None:
    def wrong(**more: object) -> list[str]:
        return [fault.field for fault in faults(some_rules(**more), DAY)]

    assert wrong(decides="arrival") == []
    assert wrong(decides="arrival", documents=Words("potvrzení")) == ["decides"]
    assert wrong(decides="arrival", second_proof=True) == ["decides"]
    assert wrong(category_limits={"sport": 1}) == []
    assert wrong(category_limits={"sport": 1}, categories=("sport", "music")) == []
    assert wrong(category_limits={"sport": 1}, categories=("music",)) == ["category_limits"]


def test_who_had_the_households_award_stops_the_next_and_the_registry_proves_it() -> None:
    limited = a_programme(who=WhoMay(one_per_household=True))
    facts = Facts(date(2018, 5, 14), HOME, only_of_household=True)
    assert passes(conditions(limited, facts, DAY))
    [against] = not_met(conditions(limited, replace(facts, household_awarded=True), DAY))
    assert (against.code, against.proof) == ("household_award", "registry")


def test_a_rest_is_carried_over_when_its_year_is_over() -> None:
    budget = Budget("p", total_minor=100, free_minor=50, open=True, year=2026, paid_minor=30)
    assert not may_carry_over(budget, date(2026, 12, 31))
    assert may_carry_over(budget, date(2027, 1, 1))
    assert not may_carry_over(replace(budget, paid_minor=100), date(2027, 1, 1))
    assert not may_carry_over(replace(budget, year=2027), date(2027, 1, 1))
