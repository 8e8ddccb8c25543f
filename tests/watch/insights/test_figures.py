"""Figures are the transfers' sum: repeated, reordered and lost records change nothing."""

import random
from contextlib import suppress
from typing import Any, get_args

import pytest

from chalicelib.core.clock import day_of, now
from chalicelib.core.table import transact
from chalicelib.core.work import Change
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger import store as ledger_store
from chalicelib.money.ledger.model import Kind, Transfer
from chalicelib.watch.insights import jobs, store
from chalicelib.watch.insights import service as insights
from chalicelib.watch.insights.model import Figures, Money, age_band, effect
from chalicelib.watch.insights.service import Shown
from tests.money.payouts.build import ACCOUNTS, CITY, a_grant, a_paying_town, a_provider, someone


@pytest.mark.parametrize("kind", get_args(Kind.__value__))
def test_every_kind_keeps_the_equation(kind: Kind) -> None:
    transfer = Transfer(
        id="t", kind=kind, debit="a", credit="b", amount_minor=123, posted_at=now(), by="x", via="test", fingerprint="f"
    )
    assert Money(**effect(transfer)).difference_minor == 0


@pytest.mark.parametrize(
    ("age", "band"), [(0, "0–5"), (5, "0–5"), (6, "6–8"), (15, "15–18"), (80, "80+"), (103, "80+")]
)
def test_ages_fall_into_bands(age: int, band: str) -> None:
    assert age_band(age) == band


@pytest.fixture
def town(table: str) -> None:
    a_paying_town()


def a_history() -> None:
    spent, held = a_grant(50_000), a_grant(30_000)
    redeemed = ledger.spend(CITY, spent, 20_000, "pool", someone()).transfer
    taken_back = ledger.spend(CITY, spent, 5_000, "pool", someone()).transfer
    ledger.undo(CITY, spent, taken_back.id, someone())
    first = ledger.hold(CITY, held, 10_000, "club", "hold-1", someone(), []).transfer
    second = ledger.hold(CITY, held, 7_000, "club", "hold-2", someone(), []).transfer
    ledger.release(CITY, first, someone(), [])
    transact([ledger.claim(CITY, redeemed, "line-1")])
    ledger.pay(CITY, "pool", "line-1", {"p1": 20_000}, someone(), [])
    assert second.amount_minor == 7_000


def changes() -> list[Change]:
    """What the stream would say of every transfer there is."""
    found = []
    for part in range(ledger.JOURNAL_PARTITIONS):
        for transfer in ledger.journal_page(CITY, day_of(now()).isoformat(), part, None)[0]:
            key = ledger.key_of(CITY, transfer)
            if not transfer.grant and not transfer.provider:
                key = ledger_store.other_transfer_key(CITY, f"B#{transfer.programme}", transfer.id)
            found.append(Change(CITY, "transfer", key.pk, key.sk, "INSERT"))
    return found


EXPECTED: dict[str, Any] = {
    "budget_minor": 10_000_000,
    "free_minor": 9_920_000,
    "unspent_minor": 53_000,
    "held_minor": 7_000,
    "to_pay_minor": 0,
    "paid_minor": 20_000,
    "allotted_minor": 80_000,
}


def live() -> int:
    return store.generations(CITY).live


def shown() -> Figures:
    return store.figures(CITY, ["p1"], live())["p1"]


def figures() -> dict[str, int]:
    money = shown().money
    assert money.difference_minor == 0
    return {name: getattr(money, name) for name in EXPECTED}


@pytest.mark.usefixtures("town")
def test_repeated_and_reordered_records_change_nothing() -> None:
    a_history()
    records = changes() * 3
    random.Random(7).shuffle(records)
    for record in records:
        jobs.changed(record)
    assert figures() == EXPECTED


@pytest.mark.usefixtures("town")
def test_the_sweep_counts_what_the_stream_lost() -> None:
    a_history()
    for record in changes()[::2]:
        jobs.changed(record)
    cursor = None
    while True:
        cursor = jobs.JOBS["sweep"](CITY, cursor)
        if cursor is None:
            break
    assert figures() == EXPECTED
    pool = next(part for part in store.slices(CITY, "p1", "P", live()) if part.name == "pool")
    assert (pool.count, pool.amount_minor, pool.to_pay_minor) == (1, 20_000, 0)


@pytest.mark.usefixtures("town")
def test_figures_agree_with_the_accounts() -> None:
    a_history()
    for record in changes():
        jobs.changed(record)
    money = shown().money
    budget = ledger.budget(CITY, "p1")
    assert budget
    assert (money.budget_minor, money.free_minor) == (budget.total_minor, budget.free_minor)
    grants = ledger.grants_of(CITY, "parent")
    assert money.unspent_minor == sum(g.spendable_minor for g in grants)
    assert money.held_minor == sum(g.held_minor for g in grants)


def test_the_money_of_several_programmes_is_the_sum_of_each_part() -> None:
    names = list(vars(Money()))
    one, other = (Money(**{name: n + factor for n, name in enumerate(names)}) for factor in (10, 500))
    both = insights.together([Shown("p", "P", "open", Figures("p", money, {}, None)) for money in (one, other)])
    assert vars(both) == {name: getattr(one, name) + getattr(other, name) for name in names}
    assert insights.together([]) == Money()


def test_an_application_is_counted_in_the_state_it_is_in_and_no_more_in_the_one_before(table: str) -> None:
    for state, v, seen in (("submitted", 1, 0), ("approved", 2, 1), ("approved", 2, 1)):
        before, _ = store.last_state(CITY, "a1")
        parts = {state: 1} | ({before: -1} if before else {})
        with suppress(store.AlreadyCounted):
            transact([store.counted_state(CITY, "a1", state, v, seen), store.add_to_states(CITY, "p1", parts)])
        assert store.last_state(CITY, "a1") == (state, v)
    states = store.figures(CITY, ["p1"], 0)["p1"].applications
    assert {state: count for state, count in states.items() if count} == {"approved": 1}


@pytest.mark.usefixtures("town")
def test_providers_are_listed_by_what_was_spent_with_them_the_most_first() -> None:
    for provider, account, amount_minor in (
        ("pool", ACCOUNTS[0], 100),
        ("club", ACCOUNTS[1], 300),
        ("shop", ACCOUNTS[2], 200),
    ):
        a_provider(provider, account)
        ledger.spend(CITY, a_grant(1_000), amount_minor, provider, someone())
    for record in changes():
        jobs.changed(record)
    listed = insights.slices(CITY, "p1", "provider")
    assert [(part.name, part.amount_minor, part.count) for part in listed] == [
        ("club", 300, 1),
        ("shop", 200, 1),
        ("pool", 100, 1),
    ]
