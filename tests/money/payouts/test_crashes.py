"""Exactly once: builds at the same moment, and a process that dies after any write it made."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import chain, count
from typing import Any
from urllib.request import urlopen

import pytest

from chalicelib.core import aws, table
from chalicelib.core.clock import now, today
from chalicelib.core.gate import Who
from chalicelib.core.refusals import Refusal, TryAgain
from chalicelib.core.settings import settings
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Freezable, Frozen, Transfer
from chalicelib.money.payouts import building, jobs, outside
from chalicelib.money.payouts import service as payouts
from chalicelib.money.payouts.model import OrderMade, Payout, PayoutNotInState, is_sampled
from tests.days import StandAt
from tests.money.payouts.build import (
    ACCOUNTS,
    CITY,
    a_paying_town,
    a_provider,
    built,
    debit_of,
    officers,
    redeemed,
    statement,
    sums,
)

WRITES = {"transact_write_items", "put_item", "update_item", "delete_item", "put_object"}


class Died(Exception):
    """The process is gone; the write before it stands."""


class Dying:
    """A client whose process dies right after its nth write."""

    def __init__(self, client: Any, left: Iterator[int]) -> None:
        self.client, self.left = client, left

    def __getattr__(self, name: str) -> Any:
        verb = getattr(self.client, name)
        if name not in WRITES:
            return verb

        def write(**request: Any) -> Any:
            answer = verb(**request)
            if next(self.left) == 0:
                raise Died
            return answer

        return write


@contextmanager
def dies_after(writes: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    left = count(writes - 1, -1)
    with monkeypatch.context() as patch:
        for module in (table, outside):
            patch.setattr(module, "client", lambda name: Dying(aws.client(name), left))
        yield


def survived(act: Callable[[], object], again: Callable[[], object], at: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Do it with a death after write number `at`, then again in a new process. False once it ran without dying."""
    try:
        with dies_after(at, monkeypatch):
            act()
    except Died:
        again()
        return True
    return False


@pytest.fixture(autouse=True)
def town(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.money.payouts.model.CLAIMS_PER_TRANSACTION", 4)
    monkeypatch.setattr(building, "CLAIMS_PER_STEP", 6)
    a_paying_town(control_sample_permille=300)
    a_provider("pool")
    a_provider("books", ACCOUNTS[1])


def finished(payout: str) -> Payout:
    cursor = None
    while True:
        cursor = payouts.build(CITY, payout, cursor)
        if cursor is None:
            return payouts.payout(CITY, payout)


def released(payout: Payout, who: tuple[Who, Who, Who]) -> Payout:
    for sample in payouts.samples(CITY, payout.id, 100, None).items:
        payouts.pass_sample(CITY, payout.id, sample.redemption, Who("clerk-1", "admin"))
    signed = payouts.authorise(CITY, payout.id, payout.v, who[0])
    return payouts.release(CITY, payout.id, signed.v, who[1])


def exported_once(payout: str, by: Who) -> None:
    """The button, pressed by who sees the payout as it now is."""
    seen = payouts.payout(CITY, payout)
    if seen.state == "released":
        payouts.export(CITY, payout, seen.v, by)


def moved(kind: str) -> list[Transfer]:
    return [transfer for transfer in ledger.journal(CITY, today()) if transfer.kind == kind]


def content(payout: Payout) -> list[bytes]:
    found = []
    for file in payout.files:
        with urlopen(payouts.file_link(payout, file.name)) as answer:
            found.append(answer.read())
    return found


def check_lines(payout: Payout, transfers: list[Transfer]) -> None:
    """Each transfer is in one line, and the sums are theirs."""
    lines = payouts.lines(CITY, payout.id)
    inside = {line.provider: list(ledger.claimed(CITY, line.id)) for line in lines}
    assert sorted(t.id for claimed in inside.values() for t in claimed) == sorted(t.id for t in transfers)
    for line in lines:
        assert (line.amount_minor, line.redemptions) == (
            sum(t.payable_minor for t in inside[line.provider]),
            len(inside[line.provider]),
        )
    assert [line.position for line in lines] == list(range(1, len(lines) + 1))
    assert payout.total_minor == sum(t.payable_minor for t in transfers)


def test_a_build_that_dies_after_any_write_ends_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    transfers = [redeemed(provider, 1_000 + n) for n in range(7) for provider in ("pool", "books")]
    authorising, _, _ = officers()
    for at in count(1):
        made = payouts.start(CITY)
        build = partial(finished, made.id)
        died = survived(build, build, at, monkeypatch)
        payout = payouts.payout(CITY, made.id)
        check_lines(payout, transfers)
        picked = payouts.samples(CITY, made.id, 100, None).items
        assert {s.redemption for s in picked} == {t.id for t in transfers if is_sampled(made.id, t.id, 300)}
        cancel = partial(payouts.cancel, CITY, made.id, payout.v, authorising)
        cancelled = survived(cancel, partial(jobs.JOBS["resume"], CITY, None), at, monkeypatch)
        assert payouts.lines(CITY, made.id) == []
        if not died and not cancelled:
            break
    assert at > 10
    check_lines(built(), transfers)


def test_a_settlement_day_that_dies_makes_one_payout(monkeypatch: pytest.MonkeyPatch) -> None:
    transfers = [redeemed("pool", 1_000 + n) for n in range(5)]
    monkeypatch.setattr(payouts, "is_settlement_day", lambda *_: True)
    monkeypatch.setattr(payouts, "period_end", lambda day: day)

    def settle(cursor: str | None = None) -> None:
        while True:
            cursor = jobs.JOBS["settle"](CITY, cursor)
            if cursor is None:
                return

    for at in (1, 2, 3, 5):
        survived(settle, settle, at, monkeypatch)
    [made] = payouts.payouts(CITY, 10, None).items
    check_lines(payouts.payout(CITY, made.id), transfers)


def test_four_builds_at_once_share_nothing() -> None:
    transfers = [redeemed(provider, 1_000 + n) for n in range(20) for provider in ("pool", "books")]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: built(), range(4)))
    claimed = [t.id for p in made for line in payouts.lines(CITY, p.id) for t in ledger.claimed(CITY, line.id)]
    assert sorted(claimed) == sorted(transfer.id for transfer in transfers)
    assert sum(payout.total_minor for payout in made) == sum(t.payable_minor for t in transfers)


def test_one_payout_built_by_four_workers_at_once_is_right() -> None:
    transfers = [redeemed(provider, 1_000 + n) for n in range(12) for provider in ("pool", "books")]
    made = payouts.start(CITY)

    def work(_: int) -> None:
        while not payouts.payout(CITY, made.id).built:
            try:
                finished(made.id)
            except Refusal:
                continue  # the message comes again

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    check_lines(payouts.payout(CITY, made.id), transfers)


def test_an_export_that_dies_after_any_write_makes_the_same_order_once(monkeypatch: pytest.MonkeyPatch) -> None:
    who = officers()
    for at in count(1):
        ordered = len(moved("order"))
        redeemed("pool", 5_000 + at)
        redeemed("books", 7_000 + at)
        ready = released(built(), who)
        export = partial(exported_once, ready.id, who[1])
        died = survived(export, export, at, monkeypatch)
        out = payouts.payout(CITY, ready.id)
        assert (out.state, len(moved("order")) - ordered) == ("exported", 2)
        assert [line.state for line in payouts.lines(CITY, out.id)] == ["in_order", "in_order"]
        assert sum(file.sum_minor for file in out.files) == 12_000 + 2 * at
        if not died:
            break
    assert at > 4


def test_the_bank_took_the_file_and_our_commit_failed(monkeypatch: pytest.MonkeyPatch, stand_at: StandAt) -> None:
    """The order is kept and out, our state says released: the same files come again, and no second order."""
    who = officers()
    redeemed("pool", 5_000)
    redeemed("books", 7_000)
    ready = released(built(), who)
    with dies_after(2, monkeypatch), pytest.raises(Died):
        payouts.export(CITY, ready.id, ready.v, who[1])
    begun = payouts.payout(CITY, ready.id)
    assert (begun.state, begun.files) == ("released", ())
    bucket = settings().bucket_documents
    [sent] = aws.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    first = aws.client("s3").get_object(Bucket=bucket, Key=sent["Key"])["Body"].read()
    with pytest.raises(OrderMade):
        payouts.cancel(CITY, ready.id, begun.v, who[0])
    stand_at(now() + timedelta(days=365))
    out = payouts.export(CITY, ready.id, begun.v, who[1])
    assert content(out) == [first], "made on another day, the order is the same"
    with pytest.raises(PayoutNotInState):
        payouts.export(CITY, ready.id, out.v, who[1])


@pytest.mark.parametrize("writes", [1, 2, 3, 4])
def test_the_statement_reconciles_an_order_that_our_books_do_not_know_of(
    writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = officers()
    redeemed("pool", 5_000)
    redeemed("books", 7_000)
    ready = released(built(), who)
    with dies_after(writes, monkeypatch), pytest.raises(Died):
        payouts.export(CITY, ready.id, ready.v, who[1])
    begun = payouts.payout(CITY, ready.id)
    assert begun.state == "released"
    day = begun.due_on or today()
    data = statement(7, day, [debit_of(line, day) for line in payouts.lines(CITY, begun.id)])
    [done] = payouts.import_statement(CITY, data, who[1])
    assert done.debited == 2
    settled = payouts.payout(CITY, begun.id)
    assert (settled.state, len(settled.files)) == ("settled", 1)
    assert (len(moved("order")), len(moved("pay"))) == (2, 2)
    assert sums(built().id) == {}


@pytest.mark.parametrize(("what", "id"), [("programme", "p1"), ("provider", "pool"), ("town", "")])
def test_what_the_bank_debited_is_booked_though_money_was_frozen_since(
    what: Freezable, id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order is kept and out, our lines wait; a freeze of one programme must not stop the statement's facts."""
    who = officers()
    a_provider("museum", founded_organisation=True)
    for provider, amount_minor in (("pool", 5_000), ("books", 7_000), ("museum", 3_000)):
        redeemed(provider, amount_minor)
    ready = released(built(), who)
    with dies_after(1, monkeypatch), pytest.raises(Died):
        payouts.export(CITY, ready.id, ready.v, who[1])
    ledger.freeze(CITY, what, id, "auditor-1", "Prověřujeme.")
    begun = payouts.payout(CITY, ready.id)
    with pytest.raises(Frozen):
        payouts.export(CITY, ready.id, begun.v, who[1])
    day = begun.due_on or today()
    paid = [line for line in payouts.lines(CITY, begun.id) if not line.inside]
    [done] = payouts.import_statement(CITY, statement(7, day, [debit_of(line, day) for line in paid]), who[1])
    assert (done.debited, payouts.payout(CITY, begun.id).state) == (2, "settled")
    assert (len(moved("order")), len(moved("pay")), len(moved("internal"))) == (2, 2, 1)


def test_an_import_that_dies_after_any_write_is_mended_by_importing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    who = officers()
    for at in count(1):
        redeemed("pool", 5_000 + at)
        redeemed("books", 7_000 + at)
        ready = released(built(), who)
        out = payouts.export(CITY, ready.id, ready.v, who[1])
        day = out.due_on or today()
        data = statement(at, day, [debit_of(line, day) for line in payouts.lines(CITY, out.id)])
        take = partial(payouts.import_statement, CITY, data, who[1])
        died = survived(take, take, at, monkeypatch)
        assert [line.state for line in payouts.lines(CITY, out.id)] == ["debited", "debited"]
        assert payouts.payout(CITY, out.id).state == "settled"
        assert len(moved("pay")) == 2 * at
        if not died:
            break
    assert at > 3


def test_a_worker_that_comes_late_claims_nothing_into_a_payout_that_is_summed() -> None:
    kept = redeemed("pool", 5_000)
    made = payouts.start(CITY)
    payout = finished(made.id)
    [line] = payouts.lines(CITY, made.id)
    late = redeemed("pool", 7_000)
    with pytest.raises(PayoutNotInState):
        building._claim(CITY, made, line, [late])
    check_lines(payouts.payout(CITY, made.id), [kept])
    assert payout.total_minor == 5_000
    assert sums(built().id) == {"pool": 7_000}


def index_is_late(monkeypatch: pytest.MonkeyPatch, hidden: Transfer) -> None:
    """The first look at a line's claims does not show one of them yet."""
    claimed, looks = ledger.claimed, count()

    def late(city: str, line: str) -> Iterator[Transfer]:
        is_first = next(looks) == 0
        return (transfer for transfer in claimed(city, line) if not is_first or transfer.id != hidden.id)

    monkeypatch.setattr(ledger, "claimed", late)


def test_a_cancelled_line_stays_until_the_index_shows_its_last_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    transfers = [redeemed("pool", 1_000 + n) for n in range(7)]
    payout = built()
    authorising, _, _ = officers()
    index_is_late(monkeypatch, transfers[3])
    payouts.cancel(CITY, payout.id, payout.v, authorising)
    assert [line.redemptions for line in payouts.lines(CITY, payout.id)] == [1]
    jobs.JOBS["resume"](CITY, None)
    assert payouts.lines(CITY, payout.id) == []
    check_lines(built(), transfers)


@pytest.mark.parametrize("hidden", [0, 1])
def test_a_debt_left_over_waits_for_the_index_with_all_that_it_took(
    hidden: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = officers()
    wrong = redeemed("pool", 9_000)
    out = payouts.export(CITY, released(built(), who).id, payouts.payouts(CITY, 1, None).items[0].v, who[1])
    day = out.due_on or today()
    payouts.import_statement(
        CITY, statement(1, day, [debit_of(line, day) for line in payouts.lines(CITY, out.id)]), who[1]
    )
    payouts.refund(CITY, out.id, "pool", wrong.grant, wrong.id, "not_provided", "Lekce nebyla.", "key", who[1])
    for _ in range(5):
        redeemed("pool", 400)
    disputed = redeemed("pool", 20_000)
    *owed, _ = ledger.unsettled(CITY, "pool", 25)[0]
    made = payouts.start(CITY)
    following = payouts.build(CITY, made.id, None)
    table.transact([ledger.withhold(CITY, disputed, "dispute-1")])
    index_is_late(monkeypatch, owed[hidden])
    with pytest.raises(TryAgain):
        payouts.build(CITY, made.id, following)
    assert not payouts.payout(CITY, made.id).built
    payout = finished(made.id)
    assert (payout.built, payouts.lines(CITY, made.id)) == (True, [])
    assert [(held.amount_minor, held.reason) for held in payout.held_back] == [(-7_000, "debt")]
    assert sorted(t.id for t in ledger.unsettled(CITY, "pool", 25)[0]) == sorted(t.id for t in owed)


def test_what_the_index_still_shows_in_a_line_is_not_let_go_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    transfers = [redeemed("pool", 1_000 + n) for n in range(3)]
    payout = built()
    authorising, _, _ = officers()
    claimed = ledger.claimed
    monkeypatch.setattr(ledger, "claimed", lambda city, line: chain(claimed(city, line), list(claimed(city, line))))
    payouts.cancel(CITY, payout.id, payout.v, authorising)
    assert payouts.lines(CITY, payout.id) == []
    monkeypatch.setattr(ledger, "claimed", claimed)
    check_lines(built(), transfers)


@pytest.mark.parametrize(("minutes", "goes_on"), [(29, False), (31, True)])
def test_a_payout_left_half_put_together_goes_on_by_itself_after_half_an_hour(
    minutes: int, goes_on: bool, stand_at: StandAt
) -> None:
    a_provider("swimming")
    redeemed("swimming", 10_000)
    made = payouts.start(CITY)
    stand_at(made.created_at + timedelta(minutes=minutes))
    cursor = None
    for _ in range(10):
        cursor = jobs.JOBS["resume"](CITY, cursor)
        if cursor is None:
            break
    assert bool(payouts.lines(CITY, made.id)) == goes_on
    assert ([one.id for one in payouts.unfinished(CITY)] == []) == goes_on
