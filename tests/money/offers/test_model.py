"""The rules of offers and orders at their edges: days, states, places and what an index row can tell."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.core.clock import end_of, start_of
from chalicelib.core.refusals import Refusal
from chalicelib.money.offers import service
from chalicelib.money.offers.model import (
    Activity,
    Filter,
    Offer,
    Order,
    Session,
    SessionDatesReversed,
    Texts,
    age_span,
    check_citizen_may_cancel,
    check_session,
    confirm_by,
    copy_of,
    due,
    noted_by,
    text_fits,
)

DAY = date(2026, 12, 4)
NOON = start_of(DAY) + timedelta(hours=12)
SECOND = timedelta(seconds=1)


def days(n: int) -> timedelta:
    return timedelta(days=n)


def a_session(**more: Any) -> Session:
    usual = Session("s1", "a1", DAY + days(20), DAY + days(30), "", 10, 7, 1_000, DAY + days(20))
    return replace(usual, **more)


def an_order(**more: Any) -> Order:
    facts: dict[str, Any] = dict.fromkeys(
        ("beneficiary", "activity", "session", "title", "provider", "programme", "grant", "hold", "fingerprint"), "x"
    ) | {
        "id": "p-1",
        "person": "p",
        "price_minor": 1_000,
        "credit_minor": 700,
        "state": "requested",
        "money": "held",
        "payable_on": "start",
        "requested_at": NOON,
        "confirm_by": end_of(DAY + days(7)),
        "starts_on": DAY + days(20),
    }
    return Order(**facts | more)


@pytest.mark.parametrize(
    ("starts", "allowed", "last"),
    [
        (20, 7, end_of(DAY + days(7))),
        (8, 7, end_of(DAY + days(7))),
        (7, 7, start_of(DAY + days(7)) - SECOND),
        (1, 7, start_of(DAY + days(1)) - SECOND),
        (0, 7, end_of(DAY + days(7))),
        (-5, 7, end_of(DAY + days(7))),
        (20, 0, end_of(DAY)),
    ],
)
def test_an_answer_has_its_days_to_the_start_and_never_only_a_part_of_today(
    starts: int, allowed: int, last: object
) -> None:
    assert confirm_by(NOON, allowed, a_session(starts_on=DAY + days(starts))) == last


def test_attendance_is_noted_for_fourteen_days_after_the_last_one() -> None:
    assert noted_by(a_session(ends_on=DAY)) == end_of(DAY + days(14))


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({}, end_of(DAY + days(7))),
        ({"state": "confirmed"}, start_of(DAY + days(20))),
        ({"state": "confirmed", "payable_on": "attendance", "noted_by": NOON}, NOON),
        ({"state": "confirmed", "money": "payable"}, None),
        ({"state": "cancelled", "money": "returned"}, None),
        ({"state": "attended", "money": "held"}, None),
    ],
    ids=str,
)
def test_the_clock_looks_at_an_order_while_credit_is_held(more: dict[str, Any], at: object) -> None:
    assert due(an_order(**more)) == at


@pytest.mark.parametrize(
    ("more", "day", "code"),
    [
        ({}, 20, None),
        ({}, 30, None),
        ({"state": "confirmed"}, 19, None),
        ({"state": "confirmed"}, 20, "order_payable"),
        ({"state": "confirmed", "money": "payable"}, 1, "order_payable"),
        ({"state": "attended", "money": "payable"}, 1, "order_closed"),
        ({"state": "rejected", "money": "returned"}, 1, "order_closed"),
    ],
    ids=str,
)
def test_a_citizen_cancels_what_waits_and_what_is_confirmed_until_it_begins(
    more: dict[str, Any], day: int, code: str | None
) -> None:
    refused = None
    try:
        check_citizen_may_cancel(an_order(**more), DAY + days(day))
    except Refusal as refusal:
        refused = refusal.code()
    assert refused == code


@pytest.mark.parametrize(
    ("ends", "order_until", "fits"), [(20, 20, True), (19, 19, False), (21, 21, True), (21, 22, False), (30, 1, True)]
)
def test_a_session_ends_no_sooner_than_it_begins_and_is_ordered_to_its_end_at_most(
    ends: int, order_until: int, fits: bool
) -> None:
    session = a_session(ends_on=DAY + days(ends), order_until=DAY + days(order_until))
    with nullcontext() if fits else pytest.raises(SessionDatesReversed):
        check_session(session)


def an_offer(*sessions: Session) -> Offer:
    texts = Texts("Atletická přípravka", "Athletics")
    activity = Activity("a1", "club", texts, texts, "club", "sport", "Hala-Sever", "published", NOON, age_from=6, v=5)
    return Offer(activity, sessions)


def test_a_copy_has_the_open_sessions_with_every_place_free_and_begins_at_version_one() -> None:
    cancelled = a_session(id="s0", state="cancelled")
    moved = a_session(id="s2", moved_from=DAY, v=4)
    made = copy_of(an_offer(cancelled, a_session(), moved), "a2", ["n1", "n2", "n3"], NOON + days(1))
    assert (made.activity.id, made.activity.state, made.activity.made_at, made.activity.v) == (
        "a2",
        "draft",
        NOON + days(1),
        1,
    )
    assert [(s.id, s.activity, s.places, s.taken, s.moved_from, s.v) for s in made.sessions] == [
        ("n1", "a2", 10, 0, None, 1),
        ("n2", "a2", 10, 0, None, 1),
    ]
    assert a_session().taken == 3


@pytest.mark.parametrize(
    ("since", "until", "cs", "en"),
    [(None, None, "", ""), (6, None, "od 6", "from 6"), (None, 12, "do 12", "to 12"), (6, 12, "6–12", "6–12")],
)
def test_ages_are_said_in_both_languages(since: int | None, until: int | None, cs: str, en: str) -> None:
    assert (age_span(since, until), age_span(since, until, "en")) == (cs, en)


@pytest.mark.parametrize(
    ("asked", "found"), [("", True), ("sever", True), ("atlet sever", True), ("atlet jih", False), ("ever", False)]
)
def test_each_word_asked_for_begins_some_word(asked: str, found: bool) -> None:
    assert text_fits("Atletická přípravka", "Hala-Sever", "TJ Modřín", asked) == found


@pytest.mark.parametrize(
    ("more", "day", "fits"),
    [
        ({}, 0, True),
        ({}, 5, True),
        ({}, 9, True),
        ({}, 10, False),
        ({"price_max_minor": 500}, 5, True),
        ({"price_max_minor": 499}, 5, False),
        ({"price_max_minor": 500}, 6, False),
        ({"price_max_minor": 900}, 6, True),
        ({"provider": "club"}, 0, True),
        ({"provider": "other"}, 0, False),
        ({"providers": frozenset({"club"})}, 0, True),
        ({"providers": frozenset()}, 0, False),
        ({"age": 5}, 0, False),
        ({"age": 6}, 0, True),
        ({"age": 12}, 0, True),
        ({"age": 13}, 0, False),
    ],
    ids=str,
)
def test_a_card_fits_by_what_can_still_be_ordered(more: dict[str, Any], day: int, fits: bool) -> None:
    """Two sessions: one of 500 to be ordered until the fifth day, one of 900 until the ninth."""
    sessions = [[f"s{until}", "", (DAY + days(until)).isoformat(), price] for until, price in ((5, 500), (9, 900))]
    card = {"provider": "club", "age_from": 6, "age_to": 12, "sessions": sessions}
    assert service._card_fits(card, Filter(**more), DAY + days(day)) == fits
