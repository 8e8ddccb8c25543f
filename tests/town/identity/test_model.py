"""Rules of verification alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.town.identity.model import (
    FOUND,
    QUESTIONS_A_DAY_MAX,
    RETRY_MAX,
    Answer,
    Outcome,
    Residence,
    SecondProof,
    Verification,
    answered,
    asked,
    of_age_on,
    outcome_now,
    postponed_to,
    reason_of,
    retry_at,
    typed_code,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
REF, OTHER = "r" * 43, "s" * 43
OUTCOMES: list[Outcome] = ["match", "match_not_resident", "ambiguous", "no_match", "questioned", "deceased"]


def a_verification(**changes: object) -> Verification:
    return replace(Verification("P1", "f1", NOON, "match", REF, "", NOON, NOON + timedelta(days=365), v=3), **changes)  # type: ignore[arg-type]


def an_answer(outcome: Outcome = "match", ref: str = REF) -> Answer:
    return Answer(outcome, "guid", NOON, ref, residence=Residence("999001"))


@given(st.integers(0, 1000))
def test_retries_wait_longer_and_never_longer_than_the_most(tries: int) -> None:
    assert timedelta(minutes=1) <= retry_at(tries, NOON) - NOON <= RETRY_MAX
    assert retry_at(tries, NOON) <= retry_at(tries + 1, NOON)


@given(st.integers(-400, 400), st.sampled_from(OUTCOMES))
def test_a_verification_holds_to_its_last_instant_and_for_the_data_that_were_asked_about(
    days: int, outcome: Outcome
) -> None:
    known = a_verification(outcome=outcome)
    at = NOON + timedelta(days=days)
    over = outcome in FOUND and days >= 365
    assert outcome_now(known, "f1", at) == ("expired" if over else outcome)
    assert outcome_now(known, "f2", at) == "pending"
    assert outcome_now(None, "f1", at) == "pending"


@pytest.mark.parametrize("outcome", ["match", "match_not_resident", "unavailable", "expired"])
def test_asking_again_about_the_same_data_keeps_what_is_known(outcome: Outcome) -> None:
    known = a_verification(outcome=outcome)
    assert asked(known, "f1", "J1", NOON) == replace(known, job="J1", asked_on=NOON.date(), asked_times=1)


def test_questions_of_a_day_are_counted_and_those_over_the_limit_wait_until_tomorrow() -> None:
    known = a_verification()
    for _ in range(QUESTIONS_A_DAY_MAX):
        known = asked(known, "f1", "J1", NOON)
        assert postponed_to(known, NOON) is None
    over = asked(known, "f2", "J1", NOON)
    assert postponed_to(over, NOON) == datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert postponed_to(asked(over, "f2", "J1", NOON + timedelta(days=1)), NOON + timedelta(days=1)) is None


def test_asking_about_other_data_forgets_all_but_whose_account_it_was() -> None:
    proof = SecondProof("post", NOON)
    fresh = asked(a_verification(second_proof=proof, official_address=True), "f2", "J1", NOON)
    assert (fresh.outcome, fresh.subject_ref, fresh.second_proof, fresh.v) == ("pending", REF, proof, 3)
    assert (fresh.residence, fresh.official_address, fresh.expires_at) == (None, False, None)


def test_what_a_clerk_said_of_old_data_is_worth_nothing_for_new_ones() -> None:
    by_hand = a_verification(subject_ref="hand.1", second_proof=SecondProof("desk", NOON))
    fresh = asked(by_hand, "f2", "", NOON)
    assert (fresh.subject_ref, fresh.second_proof) == ("", None)


@given(st.sampled_from(OUTCOMES), st.booleans(), st.sampled_from([REF, OTHER]), st.integers(1, 3650))
def test_an_answer_settles_the_question(outcome: Outcome, home: bool, ref: str, valid_days: int) -> None:
    proof = SecondProof("post", NOON)
    known = answered(a_verification(job="J1", second_proof=proof), an_answer(outcome, ref), "f1", home, valid_days)
    assert known.job == ""
    assert (known.outcome == "match") == (outcome in FOUND and home)
    assert (known.outcome == "match_not_resident") == (outcome in FOUND and not home)
    assert (known.expires_at is not None) == (outcome in FOUND)
    assert (known.second_proof == proof) == (ref == REF)


def test_a_silent_registry_takes_nothing_away() -> None:
    silent = Answer("unavailable", "guid", NOON)
    assert answered(a_verification(job="J1"), silent, "f1", False, 1).outcome == "match"
    assert answered(a_verification(outcome="pending", job="J1"), silent, "f1", False, 1).outcome == "unavailable"


def test_a_reference_given_by_hand_stays_when_the_registry_answers() -> None:
    known = answered(a_verification(subject_ref="hand.1"), an_answer(), "f1", True, 365)
    assert known.subject_ref == "hand.1"


@pytest.mark.parametrize(
    ("changes", "how", "reason"),
    [
        ({"outcome": "match"}, "at_registration", None),
        ({"outcome": "match_not_resident"}, "by_hand", None),
        ({"outcome": "pending", "job": "J1"}, "at_registration", None),
        ({"outcome": "pending", "job": ""}, "by_hand", "by_hand"),
        ({"outcome": "expired"}, "by_hand", "by_hand"),
        ({"outcome": "unavailable"}, "at_registration", None),
        ({"outcome": "no_match", "duplicate": True}, "at_registration", "duplicate"),
        *[({"outcome": o}, "at_registration", o) for o in ("ambiguous", "no_match", "questioned", "deceased")],
    ],
)
def test_a_clerk_sees_what_needs_a_clerk(changes: dict[str, object], how: str, reason: str | None) -> None:
    assert reason_of(a_verification(**changes), how) == reason  # type: ignore[arg-type]


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_coming_of_age_is_eighteen_years_on(born: date) -> None:
    day = of_age_on(born)
    assert day.year - born.year == 18
    assert (day.month, day.day) in {(born.month, born.day), (2, 28)}


@pytest.mark.parametrize("typed", ["7K4M-9PQ2", "7k4m9pq2", " 7K4M 9PQ2 ", "7K4M–9PQ2"])
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert typed_code(typed) == "7K4M9PQ2"
