"""The figures made again from the transfers are the figures: after any history, in any order, while money moves."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.core.clock import now, today
from chalicelib.core.table import Key, transact
from chalicelib.core.work import Change
from chalicelib.money.ledger import service as ledger
from chalicelib.town.towns import service as towns
from chalicelib.town.towns.store import town_key
from chalicelib.watch.insights import jobs, store
from chalicelib.watch.insights import service as insights
from chalicelib.watch.insights.model import Figures, Generations, Slice
from tests.days import StandAt
from tests.money.ledger.town import put_raw, raw_item
from tests.money.payouts.build import CITY, a_grant, a_paying_town, someone
from tests.town.people.build import a_person
from tests.watch.insights.test_figures import changes

PROGRAMMES = ["p1", "p2"]
Counted = tuple[dict[str, Figures], dict[tuple[str, str], list[Slice]]]


@pytest.fixture(autouse=True)
def town(table: str) -> None:
    a_paying_town()


def counted() -> Counted:
    """Everything that is shown, but when it was last counted."""
    live = store.generations(CITY).live
    money = {id: replace(one, counted_at=None) for id, one in store.figures(CITY, PROGRAMMES, live).items()}
    slices = {
        (id, dimension): sorted(store.slices(CITY, id, dimension, live), key=lambda part: part.name)
        for id in PROGRAMMES
        for dimension in insights.DIMENSIONS.values()
    }
    return money, slices


def history(seed: int) -> Iterator[None]:
    """Movements by chance in two programmes; each step is one."""
    chance = random.Random(seed)
    grants = [a_grant(chance.randrange(20_000, 50_000), chance.choice(PROGRAMMES)) for _ in range(4)]
    for step in range(24):
        grant = ledger.grant(CITY, chance.choice(grants).id)
        assert grant
        what = chance.choice(("spend", "spend", "undo", "hold", "settle", "release", "top_up", "fund", "cut"))
        if what == "spend":
            ledger.spend(CITY, grant, chance.randrange(1, 900), chance.choice(("pool", "club")), someone())
        elif what == "undo":
            spent = ledger.spend(CITY, grant, 500, "pool", someone()).transfer
            ledger.undo(CITY, grant, spent.id, someone())
        elif what in ("hold", "settle", "release"):
            held = ledger.hold(CITY, grant, 300, "club", f"h{step}", someone(), []).transfer
            if what == "settle":
                ledger.settle(CITY, held, someone(), [])
            elif what == "release":
                ledger.release(CITY, held, someone(), [])
        elif what == "top_up":
            ledger.top_up(CITY, grant, 200, someone())
        elif what == "fund":
            ledger.fund(CITY, grant.programme, 1_000, someone())
        else:
            ledger.cut(CITY, grant.programme, 700, someone())
        yield


def stream(seed: int) -> None:
    """All records, each twice, in no order."""
    records = changes() * 2
    random.Random(seed).shuffle(records)
    for record in records:
        jobs.changed(record)


def rebuilt(between: Callable[[], Any] = lambda: None) -> None:
    cursor = None
    while True:
        cursor = jobs.JOBS["rebuild"](CITY, cursor)
        between()
        if cursor is None:
            return


@pytest.mark.parametrize("seed", range(3))
def test_figures_come_out_identical_after_any_history_and_any_order_of_records(seed: int) -> None:
    for _ in history(seed):
        pass
    stream(seed)
    before = counted()
    assert any(part for part in before[1].values())
    rebuilt()
    assert store.generations(CITY) == Generations(1)
    assert counted() == before
    stream(seed + 100)
    assert counted() == before


def test_ages_count_people_however_many_vouchers_each_has() -> None:
    for id, age, vouchers in (("eight", 8, 3), ("seven", 7, 1), ("old", 71, 2)):
        a_person(id, "Jana", "Nováková", date(today().year - age, 1, 1))
        for _ in range(vouchers):
            a_grant(1_000, "p1", id)
    a_grant(1_000, "p2", "eight")
    stream(1)
    before = counted()
    ages = {id: [(p.name, p.count, p.amount_minor) for p in insights.slices(CITY, id, "age")] for id in PROGRAMMES}
    assert ages == {"p1": [("6–8", 2, 4_000), ("70–79", 1, 2_000)], "p2": [("6–8", 1, 1_000)]}
    rebuilt()
    assert counted() == before
    stream(2)
    assert counted() == before


def test_figures_that_were_spoiled_come_out_right() -> None:
    for _ in history(7):
        pass
    stream(7)
    before = counted()
    item = raw_item(store.figures_key(CITY, "p1"))
    put_raw({**item, "free_minor": {"N": "-5"}})
    assert counted() != before
    rebuilt()
    assert counted() == before


def test_money_that_moves_during_the_rebuilding_is_counted_once_in_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(insights, "STEP_SECONDS", -1)  # a step a day, and life goes on between two steps
    monkeypatch.setattr(insights, "_first_day", lambda _city: today() - timedelta(days=6))
    life = history(11)
    for _ in range(8):
        next(life)
    stream(1)

    def something_happens() -> None:
        if next(life, "over") != "over":
            stream(2)

    rebuilt(something_happens)
    for _ in life:
        pass
    stream(3)
    money, _ = counted()
    for programme in PROGRAMMES:
        budget = ledger.budget(CITY, programme)
        assert budget
        shown = money[programme].money
        assert (shown.budget_minor, shown.free_minor) == (budget.total_minor, budget.free_minor)
        assert shown.difference_minor == 0
    before = counted()
    rebuilt()
    assert counted() == before


def test_a_rebuilding_walks_every_day_from_the_first_and_the_last_two_once_more(
    monkeypatch: pytest.MonkeyPatch, stand_at: StandAt
) -> None:
    founded = today()
    days = [(founded + timedelta(days=n)).isoformat() for n in range(4)]
    stand_at(now() + timedelta(days=3))
    monkeypatch.setattr(insights, "STEP_SECONDS", -1)  # a step a day
    assert cursors() == [f"1@walk@{day}" for day in days] + [f"1@again@{day}" for day in days[-2:]]
    put_raw({name: value for name, value in raw_item(town_key(CITY)).items() if name != "found_at"})
    monkeypatch.setattr(towns, "CACHE_SECONDS_MAX", 0)
    assert jobs.JOBS["rebuild"](CITY, None) == f"2@walk@{today() - timedelta(days=400)}"


def cursors() -> list[str]:
    found: list[str] = []
    while (cursor := jobs.JOBS["rebuild"](CITY, found[-1] if found else None)) is not None:
        found.append(cursor)
    return found


def test_a_transfer_that_was_counted_before_there_were_generations_is_counted_in_the_next_only() -> None:
    grant = a_grant(10_000)
    spent = ledger.spend(CITY, grant, 777, "pool", someone()).transfer
    marker = raw_marker(f"{spent.grant}.{spent.id}")
    assert "generations" not in marker
    stream(1)
    assert list(store.slices(CITY, "p1", "P", 0)) == []
    rebuilt()
    (pool,) = store.slices(CITY, "p1", "P", 1)
    assert (pool.count, pool.amount_minor) == (1, 777)


def raw_marker(what: str) -> dict[str, Any]:
    key = store.seen_key(CITY, what)
    put_raw({"PK": {"S": key.pk}, "SK": {"S": key.sk}, "kind": {"S": store.SeenItem.KIND}})
    return raw_item(key)


def test_a_count_that_did_not_know_of_the_building_is_made_up_for() -> None:
    """It read the generations before the building began and counted after: only into what was shown then."""
    grant = a_grant(10_000)
    stream(1)
    spent = ledger.spend(CITY, grant, 777, "pool", someone()).transfer
    cursor = jobs.JOBS["rebuild"](CITY, None)
    stale = insights._counters(CITY, 0, spent)
    transact([store.counted(CITY, f"{spent.grant}.{spent.id}", 0), *stale])
    while cursor is not None:
        cursor = jobs.JOBS["rebuild"](CITY, cursor)
    (pool,) = store.slices(CITY, "p1", "P", store.generations(CITY).live)
    assert (pool.count, pool.amount_minor) == (1, 777)


def test_a_rebuilding_that_comes_twice_or_dies_half_way_counts_once() -> None:
    for _ in history(5):
        pass
    stream(5)
    before = counted()
    first = jobs.JOBS["rebuild"](CITY, None)
    assert jobs.JOBS["rebuild"](CITY, None) == first
    rebuilt()
    assert jobs.JOBS["rebuild"](CITY, "1@again@2026-01-01") is None
    assert (store.generations(CITY).live, counted()) == (1, before)
    rebuilt()
    assert (store.generations(CITY).live, counted()) == (2, before)


def test_what_nothing_shows_is_taken_away() -> None:
    a_grant(10_000)
    stream(1)
    rebuilt()
    assert store.figures(CITY, ["p1"], 0)["p1"].money.budget_minor == 0
    assert list(store.slices(CITY, "p1", "W", 0)) == []


def test_a_transfer_of_no_programme_changes_no_figures() -> None:
    ledger.advance(CITY, 5_000, someone())
    jobs.changed(Change(CITY, "transfer", *Key(f"{CITY}#OP", "T#none"), "INSERT"))
    rebuilt()
    assert counted()[0]["p1"].money.paid_minor == 0
