"""Which redemptions go into a payout, in which order payouts are listed, and when they are put together."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.commons.bank import service as bank
from chalicelib.core.clock import PRAGUE, end_of, now, today
from chalicelib.core.gate import OWNER, TILL, Who
from chalicelib.core.refusals import NotFound
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.payouts import building, jobs, ordering, store
from chalicelib.money.payouts import service as payouts
from chalicelib.money.payouts.model import (
    CLAIMS_PER_TRANSACTION,
    NUMBERS_PER_YEAR_MAX,
    PER_MILLE,
    Line,
    LineState,
    Payout,
    PayoutState,
    grown,
    in_claims,
    is_sampled,
    payout_number,
    state_from,
)
from chalicelib.money.payouts.room import ROOM
from chalicelib.money.providers import service as providers
from chalicelib.town.messages import service as messages
from chalicelib.town.towns import service as towns
from chalicelib.town.towns.model import SettlementPeriod
from tests.days import StandAt
from tests.hiring import hired
from tests.money.payouts.build import (
    ACCOUNTS,
    CITY,
    a_paying_town,
    a_provider,
    built,
    exported,
    officers,
    redeemed,
    sums,
)


@pytest.fixture
def town(bucket: str) -> None:
    a_paying_town()
    a_provider("pool")


def finished(payout: Payout) -> Payout:
    cursor = None
    while True:
        cursor = payouts.build(CITY, payout.id, cursor)
        if cursor is None:
            return payouts.payout(CITY, payout.id)


@pytest.mark.usefixtures("town")
def test_payouts_and_a_providers_payments_are_listed_the_newest_first(stand_at: StandAt) -> None:
    begin, made = now(), []
    for n in range(3):
        stand_at(begin + timedelta(minutes=n))
        redeemed("pool", 1_000 + n)
        made.append(built().id)
    assert [one.id for one in payouts.payouts(CITY, 10, None).items] == made[::-1]
    assert [line.payout for line in payouts.lines_of_provider(CITY, "pool", 10, None).items] == made[::-1]
    first = payouts.payouts(CITY, 2, None)
    assert [one.id for one in payouts.payouts(CITY, 2, first.next).items] == made[:1]


@pytest.mark.usefixtures("town")
def test_a_payouts_number_is_the_year_and_the_order_within_it(stand_at: StandAt) -> None:
    stand_at(datetime(2027, 12, 31, 12, tzinfo=PRAGUE))
    assert [payouts.start(CITY).number for _ in range(2)] == [2027_000001, 2027_000002]
    stand_at(datetime(2028, 1, 1, 0, 30, tzinfo=PRAGUE))
    assert payouts.start(CITY).number == 2028_000001
    assert (payout_number(2028, 128), payout_number(2028, NUMBERS_PER_YEAR_MAX)) == (2028_000128, 2028_999999)


@pytest.mark.usefixtures("town")
def test_a_payout_takes_what_was_posted_up_to_its_instant_and_nothing_later(stand_at: StandAt) -> None:
    begin = now()
    for n in range(3):
        stand_at(begin + timedelta(seconds=n))
        redeemed("pool", 100 * 10**n)
    assert sums(finished(payouts.start(CITY, begin + timedelta(seconds=1))).id) == {"pool": 1_100}
    assert sums(built().id) == {"pool": 10_000}


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("claims", [2, 3, 100])
def test_every_provider_is_in_the_payout_however_many_pages_and_steps_there_are(
    claims: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "PROVIDERS_PER_STEP", 2)
    monkeypatch.setattr(building, "CLAIMS_PER_STEP", claims)
    ids = ["pool", "a1", "a2", "b1", "b2", "c1"]
    for n, id in enumerate(ids):
        if n:
            a_provider(id, ACCOUNTS[n % 3])
        for _ in range(n):  # the first one is owed nothing
            redeemed(id, 1_000)
    a_provider("waits", payout_hold="kontrola")
    redeemed("waits", 500)
    payout = built()
    assert sums(payout.id) == {id: 1_000 * n for n, id in enumerate(ids) if n}
    assert (payout.total_minor, payout.lines) == (15_000, 5)
    assert [(held.provider, held.amount_minor, held.reason) for held in payout.held_back] == [
        ("waits", 500, "held_by_town")
    ]


@pytest.mark.usefixtures("town")
def test_what_was_taken_while_a_part_is_claimed_is_left_out_and_the_rest_goes_in() -> None:
    part = [redeemed("pool", amount_minor) for amount_minor in (100, 20, 3)]
    made = payouts.start(CITY)
    provider = providers.provider(CITY, "pool")
    line = building._new_line(CITY, made, provider, providers.account_for_payout(CITY, "pool"))
    transact([ledger.withhold(CITY, part[1], "dispute-1")])
    taken = building._claim(CITY, made, line, part)
    assert (taken.amount_minor, taken.redemptions) == (103, 2)
    assert {one.id for one in ledger.claimed(CITY, line.id)} == {part[0].id, part[2].id}
    assert store.line(CITY, made.id, "pool") == taken


def test_a_part_is_as_much_as_one_transaction_takes() -> None:
    moved: list[Any] = list(range(200))
    for weight, parts in ((1, [90, 90, 20]), (2, [45, 45, 45, 45, 20])):
        found = in_claims(moved, lambda _, weight=weight: weight == 2)  # type: ignore[misc]
        assert [len(part) for part in found] == parts
    assert list(in_claims([], lambda _: False)) == []
    assert CLAIMS_PER_TRANSACTION + len(("line", "payout")) <= 100, "what DynamoDB takes at once"


def test_the_sample_is_drawn_by_the_thousandth_and_the_same_by_every_version() -> None:
    ids = [f"redemption-{n}" for n in range(20_000)]
    picked = {permille: [id for id in ids if is_sampled("payout-1", id, permille)] for permille in (1, 999, PER_MILLE)}
    assert picked[1][:3] == ["redemption-4931", "redemption-6406", "redemption-7253"]
    assert (len(picked[999]), len(picked[PER_MILLE])) == (20_000 - 21, 20_000)


def a_line(state: LineState = "to_pay", **more: Any) -> Line:
    return Line("po.p", "po", 1, "p", "P", ACCOUNTS[0], 1, "", state, now(), 1, **more)


def test_a_line_without_what_it_took_is_as_before() -> None:
    """Also what it deducted: sums, programmes, number and offset."""
    before = a_line(amount_minor=900, redemptions=2, amounts={"p1": 900}, offset_minor=100)
    moved: list[Any] = [Moved("p1", 500), Moved("p2", 70), Moved("p2", -30, "refund")]
    more = grown(before, moved)
    assert (more.amount_minor, more.redemptions, dict(more.amounts)) == (1_440, 5, {"p1": 1_400, "p2": 40})
    assert (more.offset_minor, more.gross_minor) == (130, 1_570)
    less = grown(more, moved, -1)
    assert (less.amount_minor, less.redemptions, less.booked, less.offset_minor) == (900, 2, {"p1": 900}, 100)


class Moved:
    def __init__(self, programme: str, payable_minor: int, kind: str = "redeem") -> None:
        self.programme, self.payable_minor, self.kind = programme, payable_minor, kind


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        (["in_order", "in_order"], "exported"),
        (["in_order", "to_pay"], "exported"),
        (["in_order", "debited"], "partly_settled"),
        (["in_order", "returned"], "partly_settled"),
        (["in_order", "rejected"], "partly_settled"),
        (["returned", "rejected"], "partly_settled"),
        (["debited", "returned"], "partly_settled"),
        (["debited", "offset", "settled_inside"], "settled"),
    ],
)
def test_a_payout_is_settled_when_all_of_its_lines_are_and_not_before_its_order(
    lines: list[LineState], state: PayoutState
) -> None:
    found = [a_line(one) for one in lines]
    started: tuple[PayoutState, ...] = ("exported", "partly_settled", "settled")
    assert {state_from(found, current) for current in started} == {state}
    others: tuple[PayoutState, ...] = ("draft", "authorised", "released", "cancelled")
    assert [state_from(found, current) for current in others] == list(others)


# Days


@pytest.mark.parametrize(
    ("period", "days"),
    [("weekly", [2, 9, 16, 23, 30]), ("twice_a_month", [1, 16]), ("monthly", [1])],
)
def test_a_payout_is_put_together_on_the_days_that_the_town_set(
    period: SettlementPeriod, days: list[int], bucket: str
) -> None:
    a_paying_town(settlement_period=period)
    town = towns.town(CITY)
    november = [date(2026, 11, day) for day in range(1, 31)]
    assert [day.day for day in november if payouts.is_settlement_day(town, day)] == days


def test_on_the_settlement_day_the_payout_takes_what_was_redeemed_until_the_end_of_the_day_before(
    bucket: str, stand_at: StandAt
) -> None:
    stand_at(datetime(2027, 3, 15, 23, 59, 59, tzinfo=PRAGUE))
    a_paying_town(settlement_period="twice_a_month")
    a_provider("pool")
    redeemed("pool", 700)
    assert jobs.JOBS["settle"](CITY, None) is None
    assert payouts.payouts(CITY, 10, None).items == (), "it is not the day"
    stand_at(datetime(2027, 3, 16, 0, 0, 1, tzinfo=PRAGUE))
    redeemed("pool", 11)
    assert jobs.JOBS["settle"](CITY, None) is None
    [made] = payouts.payouts(CITY, 10, None).items
    assert made.upto == end_of(date(2027, 3, 15))
    assert (made.built, sums(made.id)) == (True, {"pool": 700})
    due = ROOM.jobs["settle"].is_due
    assert [due(datetime(2027, 3, 16, hour, minute, tzinfo=PRAGUE)) for hour, minute in ((4, 59), (5, 0))] == [
        False,
        True,
    ]
    assert not ROOM.jobs["build"].is_due(datetime(2027, 3, 16, 12, tzinfo=PRAGUE))


@pytest.mark.usefixtures("town")
def test_the_order_is_due_on_the_next_banking_day_and_only_owners_are_told(stand_at: StandAt) -> None:
    stand_at(datetime(2027, 3, 19, 12, tzinfo=PRAGUE))  # a Friday
    for id, role in (("owner", OWNER), ("cashier", TILL)):
        a_member(id, role)
    redeemed("pool", 5_000)
    who = officers()
    out = exported(built(), who[0], who[1])
    assert out.due_on == date(2027, 3, 22)
    assert (told("owner"), told("cashier")) == (["payout.remittance"], [])
    assert [one.state for one in payouts.lines(CITY, out.id)] == ["in_order"]
    payouts.reject(CITY, out.id, "pool", "Účet je zrušený.", who[1])
    assert sorted(told("owner")) == ["payout.rejected", "payout.remittance"]
    assert payouts.lines(CITY, out.id)[0].rejected_on == today()
    with pytest.raises(NotFound):
        payouts.file_link(out, "jiný.kpc")
    with pytest.raises(NotFound):
        payouts.reject(CITY, out.id, "books", "Nikdo.", who[1])
    assert bank.banking_days_after(today(), 1) == out.due_on
    assert ordering.is_for_bank(a_line(amount_minor=1))
    assert not ordering.is_for_bank(a_line(amount_minor=0))


def a_member(id: str, role: str) -> None:
    hired(Who(id, "admin", providers={CITY: {"pool": role}}))


def told(person: str) -> list[str]:
    return [note.template for note in messages.inbox(CITY, person, "cs", 50, None).items]
