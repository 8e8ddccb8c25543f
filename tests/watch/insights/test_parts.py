"""What each kind of movement does to each part of the figures, and how the figures are cut. Pure, but for the last ones."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from chalicelib.core.clock import PRAGUE, now, today
from chalicelib.core.gate import AUDITOR, Who
from chalicelib.core.table import Key, transact
from chalicelib.core.work import Change
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Kind, Transfer, budget_account
from chalicelib.money.programmes import service as programmes
from chalicelib.money.programmes.model import Words
from chalicelib.watch.insights import jobs, store
from chalicelib.watch.insights import service as insights
from chalicelib.watch.insights.model import AGE_BANDS, Money, age_band, at_provider, effect, week_of
from chalicelib.watch.insights.room import ROOM
from tests.door import Door
from tests.money.offers.build import a_course, a_parent
from tests.money.payouts.build import ACCOUNTS, CITY, a_grant, a_paying_town, a_provider, someone
from tests.money.programmes.build import a_citizen, a_hall, an_open, rules, submitted
from tests.money.providers.build import a_programme, approved, companies
from tests.town.people.build import a_town

FREE, UNSPENT, HELD, TO_PAY, PAID = "free_minor", "unspent_minor", "held_minor", "to_pay_minor", "paid_minor"


def moved(kind: Kind, debit: str = "provider:pool", credit: str = "x") -> Transfer:
    return Transfer("t", kind, debit, credit, 100, posted_at=now(), by="x", via="test", fingerprint="f", programme="p1")


EFFECTS: dict[Kind, dict[str, int]] = {
    "fund": {FREE: 100, "budget_minor": 100},
    "raise": {FREE: 100, "budget_minor": 100},
    "cut": {FREE: -100, "budget_minor": -100},
    "carry_over": {},
    "allot": {FREE: -100, UNSPENT: 100, "allotted_minor": 100},
    "top_up": {FREE: -100, UNSPENT: 100, "allotted_minor": 100},
    "redeem": {UNSPENT: -100, TO_PAY: 100},
    "hold": {UNSPENT: -100, HELD: 100},
    "settle": {HELD: -100, TO_PAY: 100},
    "release": {HELD: -100, UNSPENT: 100},
    "undo": {TO_PAY: -100, UNSPENT: 100},
    "refund": {TO_PAY: -100, UNSPENT: 100},
    "write_off": {TO_PAY: 100, "written_off_minor": 100},
    "expire": {UNSPENT: -100, FREE: 100, "returned_minor": 100},
    "remainder": {UNSPENT: -100, FREE: 100, "returned_minor": 100},
    "revoke": {UNSPENT: -100, FREE: 100, "returned_minor": 100},
    "order": {},
    "reject": {},
    "pay": {TO_PAY: -100, PAID: 100},
    "return": {PAID: -100, TO_PAY: 100},
    "internal": {TO_PAY: -100, PAID: 100},
    "advance": {},
}
STRAIGHT = {"pay": ("clearing",), "internal": ("provider:pool",), "return": ("bank", "operator")}


@pytest.mark.parametrize("kind", get_args(Kind.__value__))
def test_each_kind_moves_between_its_parts_and_back_where_a_line_came_out_below_zero(kind: Kind) -> None:
    for debit in STRAIGHT.get(kind, ("anything",)):
        assert effect(moved(kind, debit)) == EFFECTS[kind]
    if kind in STRAIGHT:
        assert effect(moved(kind, "bank" if kind == "pay" else "clearing")) == {
            part: -amount for part, amount in EFFECTS[kind].items()
        }


def test_a_refund_of_a_grant_that_is_over_goes_back_to_the_budget() -> None:
    assert effect(moved("refund", credit=budget_account("p1"))) == {TO_PAY: -100, FREE: 100}


def test_a_provider_has_a_redemption_more_or_fewer_and_its_payments_only_less_to_pay() -> None:
    told = {kind: at_provider(moved(kind, STRAIGHT.get(kind, ("x",))[0])) for kind in get_args(Kind.__value__)}
    assert {kind: parts for kind, parts in told.items() if any(parts)} == {
        "redeem": (1, 100, 100),
        "settle": (1, 100, 100),
        "undo": (-1, -100, -100),
        "refund": (-1, -100, -100),
        "write_off": (0, 0, 100),
        "pay": (0, 0, -100),
        "internal": (0, 0, -100),
        "return": (0, 0, 100),
    }


def test_every_age_falls_into_the_one_band_that_names_it() -> None:
    assert [age_band(age) for age in range(151)] == [
        f"{low}–{high}" if high < 150 else f"{low}+" for low, high in AGE_BANDS for _ in range(low, high + 1)
    ]
    edges = {0: "0–5", 5: "0–5", 8: "6–8", 9: "9–11", 11: "9–11", 14: "12–14", 18: "15–18", 19: "19–59"}
    edges |= {59: "19–59", 60: "60–69", 69: "60–69", 70: "70–79", 79: "70–79", 80: "80+", 150: "80+", 151: ""}
    assert {age: age_band(age) for age in edges} == edges


@pytest.mark.parametrize(
    ("day", "week"),
    [(date(2026, 1, 1), "2026-W01"), (date(2027, 1, 3), "2026-W53"), (date(2027, 1, 4), "2027-W01")],
)
def test_a_week_is_of_the_year_that_most_of_it_lies_in(day: date, week: str) -> None:
    assert week_of(day) == week


def test_the_parts_make_up_the_budget_or_the_difference_says_how_much_not() -> None:
    names = list(vars(Money()))
    assert set(vars(Money()).values()) == {0}
    by_part = {name: Money(**{name: 7}).difference_minor for name in names}
    parts = dict.fromkeys((FREE, UNSPENT, HELD, TO_PAY, PAID), -7)
    assert by_part == dict.fromkeys(names, 0) | parts | {"budget_minor": 7, "written_off_minor": 7}
    assert (Money(to_pay_minor=3, paid_minor=4).spent_minor, Money(held_minor=5).contingent_liability_minor) == (7, 5)


# Counted


@pytest.fixture
def town(table: str) -> None:
    a_paying_town()


def counted() -> None:
    """The sweep, as often as it asks for."""
    cursor = None
    while True:
        cursor = jobs.JOBS["sweep"](CITY, cursor)
        if cursor is None:
            return


@pytest.mark.usefixtures("town")
def test_the_sweep_goes_through_every_part_of_yesterday_and_of_today() -> None:
    cursors, cursor = [], None
    while True:
        cursor = jobs.JOBS["sweep"](CITY, cursor)
        if cursor is None:
            break
        cursors.append(cursor)
    days = [(today() - timedelta(days=n)).isoformat() for n in (1, 0)]
    parts = [f"{day}@{part}" for day in days for part in range(ledger.JOURNAL_PARTITIONS)]
    assert cursors == parts[1:]
    assert not ROOM.jobs["rebuild"].is_due(datetime(2027, 1, 1, 12, tzinfo=PRAGUE))
    assert ROOM.jobs["sweep"].is_due(datetime(2027, 1, 1, 12, tzinfo=PRAGUE))


@pytest.mark.usefixtures("town")
def test_a_day_that_does_not_fit_on_a_page_of_the_journal_is_swept_whole() -> None:
    pages = {"": ([1], "more"), "more": ([2], "end"), "end": ([3], None)}
    seen: list[Any] = []

    def page(_city: str, _day: str, part: int, cursor: str | None) -> tuple[list[Any], str | None]:
        found, following = pages[cursor or ""] if part == 0 else ([], None)
        seen.extend(found)
        return [replace(moved("advance"), programme="") for _ in found], following

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "journal_page", page)
        cursors, cursor = [], None
        while True:
            cursor = insights.sweep(CITY, today().isoformat(), cursor)
            cursors.append(cursor)
            if cursor is None:
                break
    assert seen == [1, 2, 3]
    assert cursors == ["0|more", "0|end", *map(str, range(1, ledger.JOURNAL_PARTITIONS)), None]


@pytest.mark.usefixtures("town")
def test_ages_are_listed_the_youngest_first_and_weeks_in_order() -> None:
    for band in ("60–69", "6–8", "80+", "12–14", "0–5", "9–11"):
        transact([store.add_to_slice(CITY, 0, "p1", "A", band, 1, 10)])
    for week in ("2027-W01", "2026-W47", "2026-W05"):
        transact([store.add_to_slice(CITY, 0, "p1", "W", week, 1, 10)])
    for category, count in (("art", 1), ("sport", 5), ("music", 3)):
        transact([store.add_to_slice(CITY, 0, "p1", "C", category, count, 10)])
    ages = [part.name for part in insights.slices(CITY, "p1", "age")]
    assert ages == ["0–5", "6–8", "9–11", "12–14", "60–69", "80+"]
    assert [part.name for part in insights.slices(CITY, "p1", "week")] == ["2026-W05", "2026-W47", "2027-W01"]
    assert [part.name for part in insights.slices(CITY, "p1", "activity")] == ["sport", "music", "art"]


@pytest.mark.usefixtures("town")
def test_an_award_is_counted_in_its_week_and_a_redemption_taken_back_leaves_its_provider() -> None:
    a_provider("pool")
    a_provider("club", ACCOUNTS[1])
    grant = a_grant(1_000)
    kept = ledger.spend(CITY, grant, 300, "pool", someone()).transfer
    back = ledger.spend(CITY, grant, 200, "club", someone()).transfer
    ledger.undo(CITY, grant, back.id, someone())
    counted()
    week = insights.slices(CITY, "p1", "week")
    assert [(part.name, part.count, part.amount_minor) for part in week] == [(week_of(today()), 1, 1_000)]
    assert [
        (part.name, part.count, part.amount_minor, part.label) for part in insights.slices(CITY, "p1", "provider")
    ] == [
        ("pool", 1, 300, "Oddíl pool"),
        ("club", 0, 0, "Oddíl club"),
    ]
    assert kept.amount_minor == 300


@pytest.mark.usefixtures("town")
def test_a_provider_of_whom_something_is_only_ordered_is_not_among_those_who_were_paid_for() -> None:
    a_provider("pool")
    a_provider("club", ACCOUNTS[1])
    grant = a_grant(1_000)
    ledger.spend(CITY, grant, 300, "pool", someone())
    ledger.hold(CITY, grant, 200, "club", "h1", someone(), [])
    counted()
    assert [part.name for part in insights.slices(CITY, "p1", "provider")] == ["pool"]


def test_a_settled_order_is_counted_in_the_category_of_its_activity(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    companies(tmp_path, monkeypatch)
    a_town()
    a_programme("hned", payable_on="confirmation")
    course = a_course(door, approved(door, "hned"))
    settled, still_held = (a_parent(door, programme="hned").ordered(course, credit) for credit in (30_000, 20_000))
    assert course.answer(settled, "confirmation").body["money"] == "payable"
    assert still_held.money == "held"
    counted()
    by_category = insights.slices(CITY, "hned", "activity")
    assert [(part.name, part.count, part.amount_minor) for part in by_category] == [("sport", 1, 30_000)]


def test_an_application_that_changes_within_a_state_or_whose_old_version_comes_late_is_counted_once(table: str) -> None:
    staff = a_hall()
    sent = submitted(an_open(staff), a_citizen())
    told = Change(CITY, "application", f"{CITY}#A#{sent.id}", "A", "MODIFY")
    jobs.changed(told)
    for clerk in ("clerk", "clerk2"):
        programmes.assign(CITY, sent.id, clerk, staff.clerk)
        jobs.changed(told)
    assert in_states(sent.programme) == {"in_review": 1}
    transact([store.counted_state(CITY, sent.id, "approved", 99, store.last_state(CITY, sent.id)[1])])
    jobs.changed(told)
    assert in_states(sent.programme) == {"in_review": 1}
    assert store.last_state(CITY, sent.id) == ("approved", 99)


def in_states(programme: str) -> dict[str, int]:
    counts = store.figures(CITY, [programme], 0)[programme].applications
    return {state: count for state, count in counts.items() if count}


def test_the_overview_has_every_programme_but_drafts_and_applications_by_their_state(table: str) -> None:
    staff = a_hall()
    made = an_open(staff)
    programmes.create(CITY, rules(), staff.admin)
    sent = [submitted(made, a_citizen()) for _ in range(2)]
    for one in sent:
        for _ in range(2):
            jobs.changed(Change(CITY, "application", f"{CITY}#A#{one.id}", "A", "MODIFY"))
    programmes.withdraw(CITY, sent[0].id, Who(sent[0].person, "moje", roles={CITY: ("citizen",)}))
    jobs.changed(Change(CITY, "application", f"{CITY}#A#{sent[0].id}", "A", "MODIFY"))
    jobs.changed(Change(CITY, "application", f"{CITY}#A#{sent[1].id}", "A", "REMOVE"))
    jobs.changed(Change(CITY, "application", f"{CITY}#A#{sent[1].id}", "E#1", "INSERT"))
    [shown] = insights.overview(CITY)
    assert shown.programme == made.id
    states = {state: count for state, count in shown.figures.applications.items() if count}
    assert states == {"submitted": 1, "withdrawn": 1}


@pytest.mark.usefixtures("town")
def test_a_transfer_that_is_not_there_counts_nothing() -> None:
    insights.count_transfer(CITY, Key(f"{CITY}#nothing", "T#none"))
    assert store.figures(CITY, ["p1"], 0)["p1"].money == Money()


@pytest.mark.parametrize(("language", "named"), [("cs", "Pohyb"), ("en", "Sport")])
def test_figures_name_programmes_in_the_readers_language(door: Door, language: str, named: str) -> None:
    staff = a_hall()
    made = an_open(staff, name=Words("Pohyb", "Sport"))
    reader = replace(door, language=language)
    auditor = reader.as_(Who("auditor-1", "admin", roles={CITY: (AUDITOR,)}))
    paths = (f"/cities/{CITY}/figures", f"/cities/{CITY}/open-figures")
    assert [auditor.get(path).body["items"][0]["name"] for path in paths] == [named] * 2
    assert auditor.get(f"/cities/{CITY}/programmes/{made.id}/figures").body["name"] == named
    assert named in auditor.get(f"/cities/{CITY}/figures/sheet").body
