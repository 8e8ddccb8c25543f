"""What providers put up and what people find."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.clock import now, today
from chalicelib.core.gate import Who
from chalicelib.money.offers import service
from chalicelib.money.offers.model import (
    Activity,
    Offer,
    Session,
    Texts,
    age_span,
    fits_age_span,
    split,
    text_fits,
    why_not,
)
from chalicelib.money.providers.model import ListFull
from tests.door import Door
from tests.money.offers.build import AT, a_course, a_parent, a_session, an_activity
from tests.money.programmes.build import rules
from tests.money.providers.build import CITY, OTHER_ICO, a_programme, approved, as_owner, signed_up


@given(st.integers(1, 10**12), st.integers(0, 10**12))
def test_credit_and_co_payment_add_up_to_the_price(price_minor: int, spendable_minor: int) -> None:
    credit_minor, co_payment_minor = split(price_minor, spendable_minor)
    assert credit_minor + co_payment_minor == price_minor
    assert 0 <= credit_minor <= spendable_minor
    assert co_payment_minor >= 0
    assert co_payment_minor == 0 or credit_minor == spendable_minor


def test_ages_count_with_both_ends() -> None:
    assert [age for age in range(20) if fits_age_span(6, 8, age)] == [6, 7, 8]
    assert fits_age_span(None, 12, 0)
    assert fits_age_span(60, None, 99)
    assert [age_span(6, 12), age_span(6, None), age_span(None, 12), age_span(None, None)] == [
        "6–12",
        "od 6",
        "do 12",
        "",
    ]


def test_text_is_found_without_diacritics_by_beginnings_of_words() -> None:
    assert text_fits("Atletická přípravka", "Hala", "TJ Modřín", "atlet modrin")
    assert not text_fits("Atletická přípravka", "Hala", "TJ Modřín", "letická")


pytest_town = pytest.mark.usefixtures("town")


@pytest_town
def test_a_draft_is_for_its_provider_alone_until_it_is_published(door: Door) -> None:
    provider = approved(door)
    owner = door.as_(as_owner("vedouci", provider))
    id = owner.post(f"{AT}/activities", an_activity(provider)).body["id"]
    assert door.get(f"{AT}/activities/{id}").status == 404
    assert owner.get(f"{AT}/providers/{provider}/activities").body["items"][0]["state"] == "draft"
    assert owner.post(f"{AT}/activities/{id}/state", {"state": "published"}).body["code"] == "nothing_to_publish"
    owner.post(f"{AT}/activities/{id}/sessions", a_session())
    owner.post(f"{AT}/activities/{id}/state", {"state": "published"})
    shown = door.get(f"{AT}/activities/{id}").body
    assert (shown["activity"]["title"]["cs"], shown["activity"]["sessions"][0]["places"]) == ("Atletická přípravka", 12)
    owner.post(f"{AT}/activities/{id}/state", {"state": "withdrawn"})
    assert door.get(f"{AT}/activities/{id}").status == 404


@pytest_town
def test_a_provider_not_yet_approved_publishes_nothing(door: Door) -> None:
    provider = signed_up(door)
    owner = door.as_(as_owner("vedouci", provider))
    id = owner.post(f"{AT}/activities", an_activity(provider)).body["id"]
    owner.post(f"{AT}/activities/{id}/sessions", a_session())
    assert owner.post(f"{AT}/activities/{id}/state", {"state": "published"}).body["code"] == "provider_not_active"


@pytest_town
def test_the_offer_is_filtered_by_what_people_ask(door: Door) -> None:
    a_programme("druhy")
    course = a_course(door)
    owner = course.desk
    art = owner.post(
        f"{AT}/activities",
        an_activity(course.provider, title={"cs": "Keramika"}, category="art", age_from=10, age_to=None),
    ).body["id"]
    owner.post(f"{AT}/activities/{art}/sessions", a_session(capacity=1, price_minor=40_000))
    owner.post(f"{AT}/activities/{art}/state", {"state": "published"})

    def found(**query: str) -> list[str]:
        return [a["title"]["cs"] for a in door.get(f"{AT}/activities", query=query).body["items"]]

    assert found() == ["Keramika", "Atletická přípravka"]
    assert found(category="art") == ["Keramika"]
    assert found(age="8") == ["Atletická přípravka"]
    assert found(age="11") == ["Keramika", "Atletická přípravka"]
    assert found(price_max_minor="50000") == ["Keramika"]
    assert found(text="keram") == ["Keramika"]
    assert found(text="modrin") == ["Keramika", "Atletická přípravka"]
    assert found(programme="pohyb") == ["Keramika", "Atletická přípravka"]
    assert found(programme="druhy") == []
    assert found(free="true") == ["Keramika", "Atletická přípravka"]
    parent = a_parent(door)
    older = parent.inside
    assert older.get(f"{AT}/activities", query={"age": "x"}).status == 422
    page = door.get(f"{AT}/activities", query={"limit": "1"}).body
    assert [a["title"]["cs"] for a in page["items"]] == ["Keramika"]
    rest = door.get(f"{AT}/activities", query={"limit": "1", "cursor": page["next"]}).body
    assert [a["title"]["cs"] for a in rest["items"]] == ["Atletická přípravka"]


@pytest_town
def test_a_full_session_is_shown_but_not_among_the_free_ones(door: Door) -> None:
    course = a_course(door, capacity=1)
    a_parent(door).ordered(course, 100)
    assert door.get(f"{AT}/activities").body["items"][0]["sessions"][0]["places"] == 0
    assert door.get(f"{AT}/activities", query={"free": "true"}).body["items"] == []


@pytest_town
def test_a_session_whose_ordering_is_over_is_not_offered(door: Door) -> None:
    yesterday = today() - timedelta(days=1)
    course = a_course(door)
    over = a_session(days=-1, order_until=yesterday.isoformat())
    offered = course.desk.post(f"{AT}/activities/{course.activity}/sessions", over).body["sessions"]
    assert len(offered) == 2
    [shown] = door.get(f"{AT}/activities").body["items"][0]["sessions"]
    assert shown["id"] == course.session
    old = next(s for s in offered if s["id"] != course.session)
    assert a_parent(door).order(course, 100, session=old["id"]).body["code"] == "ordering_closed"


@pytest_town
def test_a_copy_is_a_draft_with_every_place_free(door: Door) -> None:
    course = a_course(door)
    a_parent(door).ordered(course, 100)
    copy = course.desk.post(f"{AT}/activities/{course.activity}/copy").body
    assert (copy["state"], copy["title"]["cs"], copy["v"]) == ("draft", "Atletická přípravka", 1)
    assert [s["places"] for s in copy["sessions"]] == [12]
    assert copy["sessions"][0]["id"] != course.session


@pytest_town
def test_capacity_never_goes_below_the_orders_and_the_price_stays_with_them(door: Door) -> None:
    course = a_course(door, capacity=4)
    path = f"{AT}/activities/{course.activity}/sessions/{course.session}"
    cheaper = course.desk.put(path, a_session(capacity=4, price_minor=110_000), version=course.version)
    assert cheaper.body["sessions"][0]["price_minor"] == 110_000
    course.price_minor = 110_000
    for _ in range(3):
        a_parent(door).ordered(course, 100)
    small = course.desk.put(path, a_session(capacity=2, price_minor=110_000), version=course.version)
    assert (small.body["code"], small.body["facts"]["taken"]) == ("capacity_below_orders", 3)
    dearer = course.desk.put(path, a_session(capacity=4, price_minor=120_000), version=course.version)
    assert dearer.body["code"] == "price_fixed_by_orders"
    full = course.desk.put(path, a_session(capacity=3, price_minor=110_000), version=course.version)
    assert (full.body["sessions"][0]["capacity"], course.places) == (3, 0)
    larger = course.desk.put(path, a_session(capacity=10, price_minor=110_000), version=course.version)
    assert (larger.body["sessions"][0]["capacity"], course.places) == (10, 7)


@pytest_town
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_on": "2020-01-01"}, "session_dates_reversed"),
        ({"order_until": "2199-01-01"}, "session_dates_reversed"),
        ({"starts_on": "2026-02-30"}, "invalid_input"),
        ({"capacity": 0}, "invalid_input"),
        ({"price_minor": 0}, "invalid_input"),
        ({"price_minor": 10.5}, "invalid_input"),
    ],
)
def test_a_session_that_cannot_be_is_refused(door: Door, changes: dict[str, object], code: str) -> None:
    provider = approved(door)
    owner = door.as_(as_owner("vedouci", provider))
    id = owner.post(f"{AT}/activities", an_activity(provider)).body["id"]
    assert owner.post(f"{AT}/activities/{id}/sessions", a_session() | changes).body["code"] == code


@pytest_town
def test_an_edit_over_somebody_elses_is_refused(door: Door) -> None:
    course = a_course(door)
    version = course.version
    path = f"{AT}/activities/{course.activity}"
    assert course.desk.patch(path, {"place": "Stadion", "age_to": None}, version=version).body["age_to"] is None
    assert course.desk.patch(path, {"place": "Park"}, version=version).body["code"] == "changed_meanwhile"
    session = course.desk.put(f"{path}/sessions/{course.session}", a_session(), version=version)
    assert session.body["code"] == "changed_meanwhile"


@pytest_town
def test_another_provider_changes_nothing(door: Door) -> None:
    course = a_course(door)
    other = approved(door, "pohyb", "jiny", OTHER_ICO)
    stranger = door.as_(Who(id="jiny", app="admin", providers={CITY: {other: "owner"}}))
    path = f"{AT}/activities/{course.activity}"
    assert stranger.patch(path, {"place": "Park"}, version=1).status == 404
    assert stranger.post(f"{path}/sessions/{course.session}/cancellation", {"reason": "x"}).status == 404
    assert stranger.post(f"{AT}/activities", an_activity(course.provider)).status == 404
    assert stranger.get(f"{AT}/providers/{other}/activities/{course.activity}").status == 404


@pytest_town
def test_a_begun_session_is_neither_cancelled_nor_moved(door: Door) -> None:
    course = a_course(door)
    begun = a_session(days=0, ends_on=(today() + timedelta(days=5)).isoformat(), order_until=today().isoformat())
    sessions = course.desk.post(f"{AT}/activities/{course.activity}/sessions", begun).body["sessions"]
    path = f"{AT}/activities/{course.activity}/sessions/{sessions[0]['id']}"
    assert course.desk.post(f"{path}/cancellation", {"reason": "Nemoc"}).body["code"] == "session_begun"
    moved = course.desk.put(path, a_session(days=3), version=course.version)
    assert moved.body["code"] == "session_begun"


@pytest.mark.parametrize(("days", "state", "offered"), [(0, "open", 1), (1, "open", 0), (0, "cancelled", 0)])
def test_a_session_is_offered_to_the_last_day_of_ordering_while_it_is_open(days: int, state: Any, offered: int) -> None:
    last = date(2026, 12, 4)
    session = Session("s", "a", last, last, "", 10, 0, 100, last, state)
    known = Offer(activity=None, sessions=(session,))  # type: ignore[arg-type]
    assert len(known.open_sessions(last + timedelta(days=days))) == offered


@pytest_town
def test_the_offer_of_one_provider_has_nothing_of_another_one(door: Door) -> None:
    courses = [a_course(door), a_course(door, approved(door, "pohyb", "jiny", OTHER_ICO), by="jiny")]
    for course in courses:
        found = door.get(f"{AT}/activities", query={"provider": course.provider}).body["items"]
        assert [one["id"] for one in found] == [course.activity]


START = date(2027, 3, 1)
FITS: dict[str, Any] = {
    "offer": {},
    "session": {},
    "rules": {},
    "takes_part": True,
    "born": date(2017, 3, 1),
    "today": START,
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"offer": {"state": "withdrawn"}}, "session_cancelled"),
        ({"session": {"state": "cancelled"}}, "session_cancelled"),
        ({"today": START + timedelta(days=1)}, "ordering_closed"),
        ({"takes_part": False}, "not_for_this_programme"),
        ({"rules": {"categories": ("culture",)}}, "not_for_this_programme"),
        ({"rules": {"providers": ("another",)}}, "not_for_this_programme"),
        ({"rules": {"categories": ("sport",), "providers": ("club",)}}, None),
        ({"born": date(2021, 3, 1)}, None),
        ({"born": date(2021, 3, 2)}, "age_out_of_range"),
        ({"born": date(2014, 3, 2)}, None),
        ({"born": date(2014, 3, 1)}, "age_out_of_range"),
        ({"session": {"price_minor": 500}}, None),
        ({"session": {"price_minor": 499}}, "below_min_price"),
    ],
    ids=str,
)
def test_what_a_contribution_cannot_pay_is_said_with_its_own_reason(change: dict[str, Any], code: str | None) -> None:
    """Six to twelve years on the first day of the session, orders to the day of its start, from five crowns."""
    facts = FITS | change
    texts = Texts("Atletika", "Athletics")
    offer = replace(
        Activity("a", "club", texts, texts, "club", "sport", "Hala", "published", now(), age_from=6, age_to=12),
        **facts["offer"],
    )
    session = replace(Session("s", "a", START, START, "", 10, 0, 1_000, START), **facts["session"])
    refusal = why_not(offer, session, rules(**facts["rules"]), facts["takes_part"], facts["born"], 500, facts["today"])
    assert (refusal.code() if refusal else None) == code


@pytest_town
def test_each_change_of_an_activity_gives_it_as_it_is_kept(door: Door) -> None:
    course = a_course(door)

    def kept() -> Offer:
        return service.offer(CITY, course.activity)

    session = replace(kept().session(course.session), starts_on=today() + timedelta(days=12), capacity=15)
    earlier = replace(session, starts_on=today() + timedelta(days=5), order_until=today() + timedelta(days=5))
    assert service.set_state(CITY, kept(), "draft") == kept()
    assert service.amend_activity(CITY, kept(), kept().activity.v, {"place": "Stadion"}) == kept()
    before = kept()
    added = service.add_session(CITY, before, earlier)
    assert added == kept()
    assert [one.starts_on for one in added.sessions] == [today() + timedelta(days=5), today() + timedelta(days=10)]
    amended = service.amend_session(CITY, added, added.activity.v, session, "vedouci")
    assert [replace(one, v=0) for one in amended.sessions] == [replace(one, v=0) for one in kept().sessions]
    assert (amended.activity, amended.session(session.id).places) == (kept().activity, 15)
    cancelled = service.cancel_session(CITY, amended, session.id, "Nemoc", "vedouci")
    assert [replace(one, v=0) for one in cancelled.sessions] == [replace(one, v=0) for one in kept().sessions]
    copied = service.duplicate(CITY, kept())
    assert copied == service.offer(CITY, copied.activity.id)
    fresh = service.add_activity(CITY, kept().activity)
    assert fresh == service.offer(CITY, fresh.activity.id)


@pytest_town
def test_an_activity_has_forty_sessions_at_most(door: Door) -> None:
    course = a_course(door)
    known = service.offer(CITY, course.activity)
    full = replace(known, sessions=known.sessions * 40)
    with pytest.raises(ListFull):
        service.add_session(CITY, full, known.sessions[0])
    assert len(service.add_session(CITY, replace(full, sessions=full.sessions[:39]), known.sessions[0]).sessions) == 40
