"""The demo's world is pure: one day gives one world, with the numbers that it promises."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from chalicelib.commons.bank.numbers import is_account, is_ico, split_account
from chalicelib.core.clock import PRAGUE, day_of
from chalicelib.money.programmes.model import faults, valid_until
from chalicelib.money.programmes.sentences import contradictions
from localcloud.demo.story import JASAN_RUSH
from localcloud.demo.towns import MODRINOV
from localcloud.demo.world import World, demo_day, world
from localcloud.processes import ROOT
from tests.demo.conftest import DAY


@pytest.fixture(scope="module")
def made() -> World:
    return world(DAY)


OFFICERS = 8
"""Administrators and those who sign for money, whom their towns know besides."""


def test_two_generations_are_equal(made: World) -> None:
    assert world(DAY) == made


@pytest.mark.parametrize("day", [date(2026, 1, 3), date(2028, 2, 29), date(2027, 9, 1)])
def test_any_day_makes_a_demo(day: date) -> None:
    assert len(world(day).told) == 620


def test_numbers_of_people(made: World) -> None:
    assert len(made.residents) == 2000 + OFFICERS
    assert 710 <= len({resident.household for resident in made.residents}) <= 730
    assert len(made.accounts) == 430 + OFFICERS
    assert sum(len(account.entries) for account in made.accounts) == 610


def test_numbers_of_applications(made: World) -> None:
    assert Counter(applied.state for applied in made.told) == {
        "draft": 8,
        "verifying": 41,
        "in_review": 22,
        "returned": 9,
        "waiting": 37,
        "approved": 441,
        "declined": 52,
        "withdrawn": 6,
        "lapsed": 4,
    }
    assert Counter(applied.fate for applied in made.told if applied.fate) == {"spent": 331, "expired": 55, "open": 55}


def test_a_day_in_the_demo(made: World) -> None:
    arrived = [a for a in made.told if a.state == "in_review" and a.received_at and day_of(a.received_at) == DAY]
    to_confirm = [o for a in made.told for o in a.ordered if o.end == "requested"]
    soon = [
        a
        for a in made.told
        if a.fate == "open"
        and a.decided_at
        and day_of(valid_until(a.rules, day_of(a.decided_at))) == DAY + timedelta(3)
    ]
    assert (len(arrived), len(to_confirm)) == (12, 3)
    assert len(soon) >= 4
    oldest = min(a.received_at for a in made.told if a.state == "in_review" and a.received_at)
    assert day_of(oldest) == DAY - timedelta(26)


def test_a_garden_shop_sells_a_hundred_times_in_a_day(made: World) -> None:
    sold = [r for a in made.told for r in a.redeemed if r.provider == "jasan" and r.amount_minor == 40_000]
    assert len(sold) == JASAN_RUSH
    assert len({day_of(r.at) for r in sold}) == 1


def test_a_bookseller_redeems_for_own_children(made: World) -> None:
    own = [r for a in made.told if a.account.key == "bookseller" and a.entry for r in a.redeemed]
    assert {r.provider for r in own} == {"sova"}


def test_offer(made: World) -> None:
    first = [activity.sessions[0] for activity in made.activities]
    assert len(made.activities) == 60
    assert sum(session.places == 0 for session in first) == 5
    assert sum(session.places == 1 for session in first) == 4
    assert sum(session.state == "cancelled" for session in first) == 2
    assert sum(session.moved_from is not None for session in first) == 1
    courses = [a for a in made.activities if a.activity.form not in ("entry", "goods")]
    assert sum(a.sessions[0].price_minor < 40_000 for a in courses) == 6
    assert sum(all(s.ends_on < DAY for s in a.sessions) for a in courses) == 3


def test_providers_have_right_numbers(made: World) -> None:
    assert sum(provider.city == MODRINOV for provider in made.providers) == 20
    for provider in made.providers:
        assert is_ico(provider.ico)
        parts = split_account(provider.account)
        assert parts
        assert is_account(*parts)


def test_rules_can_be_published(made: World) -> None:
    published = [p for p in made.programmes if not p.is_draft]
    assert [(p.key, f) for p in published for f in (*faults(p.rules, DAY), *contradictions(p.rules))] == []


def test_women_have_womens_surnames(made: World) -> None:
    women = [r for r in made.residents if r.sex == "F" and r.citizenship == "CZ"]
    assert all(r.surname.endswith(("á", "í")) for r in women)


def test_nobody_does_anything_after_the_morning(made: World) -> None:
    times = [a.received_at for a in made.told if a.received_at] + [a.decided_at for a in made.told if a.decided_at]
    times += [r.undone_at or r.at for a in made.told for r in a.redeemed]
    times += [o.ended_at or o.confirmed_at or o.at for a in made.told for o in a.ordered]
    assert max(times) < made.morning


def test_before_eight_it_is_still_yesterday() -> None:
    assert demo_day(datetime(2026, 11, 20, 7, 59, tzinfo=PRAGUE)) == date(2026, 11, 19)
    assert demo_day(datetime(2026, 11, 20, 8, 0, tzinfo=PRAGUE)) == date(2026, 11, 20)


def test_the_awkward_ones_are_documented(made: World) -> None:
    text = (ROOT / "docs/demo.md").read_text(encoding="utf-8")
    accounts = {account.key: account for account in made.accounts if account.key}
    missing = [case.key for case in made.cases if accounts[case.key].name not in text]
    missing += [case.key for case in made.cases if accounts[case.key].email not in text]
    assert missing == []
