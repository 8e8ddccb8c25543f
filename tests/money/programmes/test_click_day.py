"""A click-day: who arrives first is awarded first, to the last haléř, whoever runs the allocator and however often."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from typing import Any

import pytest

from chalicelib.core import aws, clock
from chalicelib.core.gate import Who
from chalicelib.core.refusals import TryAgain
from chalicelib.core.table import Query, put, rows_in, transact
from chalicelib.core.work import Change
from chalicelib.money.ledger import service as ledger
from chalicelib.money.programmes import allocating, applying, jobs, service, store
from chalicelib.money.programmes.model import (
    SYSTEM,
    Answers,
    Application,
    DecidedInOrder,
    Programme,
    RulesContradict,
    Words,
)
from chalicelib.money.programmes.reviewing import Decision
from chalicelib.town.identity.model import Residence
from tests.days import StandAt
from tests.money.programmes.build import AMOUNT, CITY, a_child, a_citizen, a_hall, an_open, rules, sign, verified
from tests.town.people.build import mail

APPROVE = Decision("approve")
type Sent = list[tuple[str, dict[str, Any]]]


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrivals are taken at once: nobody waits five seconds in a test but the one about the five seconds."""
    monkeypatch.setattr(allocating, "SETTLES", timedelta())


def a_click_day(places: int, **more: Any) -> Programme:
    return an_open(a_hall(), budget_minor=places * AMOUNT, decides="arrival", **more)


def arrive(programme: Programme, by: Who, beneficiary: str = "", **answers: Any) -> Application:
    draft = service.start(CITY, programme.id, beneficiary or by.id, by)
    if answers:
        service.save_draft(CITY, draft.id, draft.v, Answers(**answers), by)
    return service.submit(CITY, draft.id, by)


def arrivals(programme: Programme, count: int) -> list[Application]:
    return [arrive(programme, a_citizen()) for _ in range(count)]


def unknown() -> Who:
    """Somebody whom the registry has not answered about yet."""
    me = a_citizen()
    verified(me.id, outcome="pending")
    return me


def states(sent: Sequence[Application]) -> list[str]:
    return [service.application(CITY, one.id).state for one in sent]


def free_minor(programme: Programme) -> int:
    return service.budget(CITY, programme.id).free_minor


def money(programme: Programme, sent: Sequence[Application]) -> int:
    """What stands in the grants of these applications."""
    grants = ledger.grants(CITY, [id for one in sent for id in service.application(CITY, one.id).grants])
    return sum(grant.total_minor for grant in grants)


# Arriving


def test_a_submission_only_arrives_and_touches_no_row_that_others_touch(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = a_click_day(10)
    written: list[str] = []

    def noting(build: Any) -> None:
        for write in build() if callable(build) else build:
            written.extend(key for key in (write.item.pk, write.item.gsi1_pk) if key)
        transact(build)

    monkeypatch.setattr(applying, "transact", noting)
    sent = [arrive(programme, a_citizen()), arrive(programme, unknown())]
    assert [one.state for one in sent] == ["submitted", "submitted"]
    own = [{key for key in written if key.split("#")[2] == one.id} for one in sent]
    assert all(own)
    assert any("#arrived#" in key for key in written)
    others = [key for key in written if "#arrived#" not in key and f"{CITY}#A#" not in key]
    assert len(others) == len(set(others))
    assert free_minor(programme) == 10 * AMOUNT


def test_arrivals_spread_over_the_buckets_and_are_read_in_order_of_receipt(table: str) -> None:
    programme = a_click_day(100)
    sent = arrivals(programme, 24)
    used = {store.bucket_of(one.id) for one in sent}
    assert len(used) > 4
    for bucket in used:
        query = Query(store.arrived_partition(CITY, programme.id, bucket), index="GSI1")
        assert [row.card["id"] for row in rows_in(query)] == [x.id for x in sent if store.bucket_of(x.id) == bucket]
    rows = store.awaiting(CITY, programme.id, clock.now(), waiting=False)
    assert [row.card["id"] for row in rows] == [one.id for one in sent]


def test_an_arrival_is_left_alone_until_the_index_has_caught_up(
    table: str, monkeypatch: pytest.MonkeyPatch, stand_at: StandAt
) -> None:
    programme = a_click_day(1)
    sent = arrivals(programme, 1)
    monkeypatch.setattr(allocating, "SETTLES", timedelta(seconds=5))
    assert service.allocate(CITY, programme.id) is None
    assert states(sent) == ["submitted"]
    stand_at(clock.now() + timedelta(seconds=6))
    assert service.allocate(CITY, programme.id) is None
    assert states(sent) == ["approved"]


# Awarding


def test_who_arrived_first_is_awarded_first_and_the_last_haler_is_allotted(table: str) -> None:
    programme = a_click_day(40)
    sent = arrivals(programme, 45)
    assert service.allocate(CITY, programme.id) is None
    assert states(sent) == ["approved"] * 40 + ["waiting"] * 5
    assert free_minor(programme) == 0
    assert money(programme, sent) == 40 * AMOUNT
    assert service.programme(CITY, programme.id).state == "exhausted"
    first = service.application(CITY, sent[0].id)
    assert (first.decided_by, first.untold) == (SYSTEM, False)
    waiting = [row.card["id"] for row in store.in_state(CITY, "waiting", programme.id)]
    assert waiting == [one.id for one in sent[40:]]


def test_where_nobody_waits_the_rest_is_declined_and_may_try_elsewhere(table: str) -> None:
    programme = a_click_day(2, waiting_list=False)
    sent = arrivals(programme, 4)
    assert service.allocate(CITY, programme.id) is None
    assert states(sent) == ["approved", "approved", "declined", "declined"]
    assert free_minor(programme) == 0
    assert not store.who_claimed(CITY, [(programme.id, f"person:{sent[3].beneficiary}")])


def test_money_that_comes_later_goes_to_those_who_wait_in_order(table: str, sent: Sent) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=AMOUNT, decides="arrival")
    first = arrivals(programme, 3)
    assert service.allocate(CITY, programme.id) is None
    late = arrivals(programme, 1)
    sign(staff, programme.id, 2 * AMOUNT)
    sent.clear()
    assert service.follow_money(CITY, programme.id) == 0
    assert [message["cursor"] for _, message in sent] == [programme.id]
    assert service.allocate(CITY, programme.id) is None
    assert states([*first, *late]) == ["approved", "approved", "approved", "waiting"]


def test_an_application_that_cannot_pass_holds_up_nobody_behind_it(table: str) -> None:
    programme = a_click_day(3)
    moved = a_citizen()
    sent = [
        *arrivals(programme, 1),
        arrive(programme, unknown()),
        arrive(programme, moved),
        *arrivals(programme, 2),
    ]
    verified(moved.id, residence=Residence("999999"))
    assert service.allocate(CITY, programme.id) is None
    assert states(sent) == ["approved", "verifying", "in_review", "approved", "approved"]
    assert free_minor(programme) == 0


def test_who_is_verified_later_gets_their_turn_by_their_time_of_receipt(table: str, sent: Sent) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=AMOUNT, decides="arrival")
    somebody = unknown()
    early = arrive(programme, somebody)
    others = arrivals(programme, 2)
    assert service.allocate(CITY, programme.id) is None
    assert states([early, *others]) == ["verifying", "approved", "waiting"]
    verified(somebody.id)
    jobs.changed(Change(CITY, "verification", f"{CITY}#P#{somebody.id}", f"V#{somebody.id}", "MODIFY"))
    assert states([early]) == ["submitted"]
    sign(staff, programme.id, AMOUNT)
    assert service.allocate(CITY, programme.id) is None
    assert states([early, *others]) == ["approved", "approved", "waiting"]


def test_one_child_of_two_parents_is_awarded_once_and_the_other_goes_to_a_clerk(table: str) -> None:
    programme = a_click_day(5)
    mother, father = a_citizen(), a_citizen(given="Petr")
    hers = a_child(mother)
    his = a_child(father, given="Ema")
    sent = [arrive(programme, mother, hers.id), arrive(programme, father, his.id)]
    verified(his.id, ref=f"ref-{hers.id}")  # the registry knows only now that it is one child
    assert service.allocate(CITY, programme.id) is None
    assert states(sent) == ["approved", "in_review"]
    assert free_minor(programme) == 4 * AMOUNT


def test_vouchers_of_several_parts_are_awarded_in_smaller_groups(table: str) -> None:
    programme = a_click_day(5, mode="voucher", denominations_minor=(20_000,) * 4)
    sent = arrivals(programme, 12)
    assert service.allocate(CITY, programme.id) is None
    assert states(sent) == ["approved"] * 5 + ["waiting"] * 7
    assert free_minor(programme) == 0
    assert money(programme, sent) == 5 * AMOUNT


def test_a_paused_programme_awards_nothing_and_goes_on_when_resumed(table: str) -> None:
    programme = a_click_day(2)
    sent = arrivals(programme, 2)
    paused = service.step(CITY, programme.id, service.programme(CITY, programme.id).v, "pause")
    assert service.allocate(CITY, programme.id) is None
    assert states(sent) == ["submitted", "submitted"]
    service.step(CITY, programme.id, paused.v, "resume")
    assert service.allocate(CITY, programme.id) is None
    assert states(sent) == ["approved", "approved"]


# Two at once, and crashes


def test_allocators_that_lost_their_lease_award_nothing_twice_and_nothing_over_the_ceiling(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = a_click_day(50)
    sent = arrivals(programme, 70)
    monkeypatch.setattr(store, "lease_allocator", lambda *_: None)
    monkeypatch.setattr(store, "leave_allocator", lambda *_: None)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: service.allocate(CITY, programme.id), range(3)))
    assert service.allocate(CITY, programme.id) is None
    ended = states(sent)
    assert (ended.count("approved"), ended.count("waiting")) == (50, 20)
    assert free_minor(programme) == 0
    assert money(programme, sent) == 50 * AMOUNT


def test_allocators_of_several_processes_award_as_one(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = a_click_day(30, mode="voucher", denominations_minor=(40_000, 40_000))
    sent = arrivals(programme, 40)
    monkeypatch.setattr(store, "lease_allocator", lambda *_: None)  # each believes that it has the lease
    context = get_context("fork")
    together = context.Barrier(3)

    def run() -> None:
        aws._client.cache_clear()  # a socket is not shared with the process that we were forked from
        together.wait(20)
        service.allocate(CITY, programme.id)

    workers = [context.Process(target=run) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert service.allocate(CITY, programme.id) is None
    ended = states(sent)
    assert (ended.count("approved"), ended.count("waiting")) == (30, 10)
    assert free_minor(programme) == 0
    assert money(programme, sent) == 30 * AMOUNT


def withdrawn_at_the_last_moment(monkeypatch: pytest.MonkeyPatch, programme: Programme, me: Who, id: str) -> None:
    """The allocator has looked at the application; before it awards, the person takes it back."""
    judged = allocating._Run._judged

    def then_withdrawn(run: Any, rows: Any) -> Any:
        found = judged(run, rows)
        if service.application(CITY, id).state == "submitted":
            service.withdraw(CITY, id, me)
        return found

    monkeypatch.setattr(allocating._Run, "_judged", then_withdrawn)
    assert service.allocate(CITY, programme.id) is None


def test_who_withdraws_at_the_last_moment_is_passed_over_and_the_others_are_awarded(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = a_click_day(3)
    me = a_citizen()
    sent = [*arrivals(programme, 1), arrive(programme, me), *arrivals(programme, 1)]
    withdrawn_at_the_last_moment(monkeypatch, programme, me, sent[1].id)
    assert states(sent) == ["approved", "withdrawn", "approved"]
    assert free_minor(programme) == AMOUNT
    assert ledger.grants_of(CITY, me.id) == []


def test_without_the_condition_on_the_application_money_would_go_to_who_withdrew(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = a_click_day(3)
    me = a_citizen()
    sent = arrive(programme, me)
    unguarded = store._application_item
    with monkeypatch.context() as patch:
        save = store.save_application

        def careless(city: str, noun: Application, seen: Application, why: Any) -> Any:
            return put(unguarded(city, noun)) if noun.state == "approved" else save(city, noun, seen, why)

        patch.setattr(store, "save_application", careless)
        withdrawn_at_the_last_moment(patch, programme, me, sent.id)
    assert len(ledger.grants_of(CITY, me.id)) == 1


def test_a_database_that_is_too_busy_is_tried_again_and_nobody_loses_their_place(
    table: str, monkeypatch: pytest.MonkeyPatch, sent: Sent
) -> None:
    programme = a_click_day(2)
    mine = arrivals(programme, 3)
    sent.clear()

    def busy(*_: Any, **__: Any) -> Any:
        raise TryAgain

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "allot", busy)
        assert service.allocate(CITY, programme.id) is None
    assert states(mine) == ["submitted"] * 3
    assert [message["cursor"] for _, message in sent] == [programme.id]
    service.allocate(CITY, programme.id)  # the lease was given back
    assert states(mine) == ["approved", "approved", "waiting"]


def test_while_the_programme_is_frozen_nothing_is_awarded_and_the_order_stays(table: str) -> None:
    programme = a_click_day(1)
    mine = arrivals(programme, 2)
    ledger.freeze(CITY, "programme", programme.id, "auditor", "proof")
    assert service.allocate(CITY, programme.id) is None
    assert states(mine) == ["submitted", "submitted"]
    ledger.unfreeze(CITY, "programme", programme.id, "auditor")
    assert service.allocate(CITY, programme.id) is None
    assert states(mine) == ["approved", "waiting"]


def test_the_second_allocator_finds_the_lease_taken_and_comes_again_when_it_ends(table: str, sent: Sent) -> None:
    programme = a_click_day(1)
    mine = arrivals(programme, 1)
    store.lease_allocator(CITY, programme.id, "another", clock.now())
    sent.clear()
    assert service.allocate(CITY, programme.id) is None
    assert states(mine) == ["submitted"]
    [(room, message)] = sent
    assert (room, message["job"], message["cursor"]) == ("programmes", "allocate", programme.id)
    store.lease_allocator(CITY, programme.id, "another", clock.now() - 2 * store.ALLOCATOR_LEASE)
    service.allocate(CITY, programme.id)  # the other one died: its lease is over
    assert states(mine) == ["approved"]


def test_a_crash_after_the_money_moved_loses_no_news(table: str, monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    programme = a_click_day(3)
    mine = arrivals(programme, 3)
    before = len(mail())

    def dies(*_: Any) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(allocating._Run, "_tell_all", dies)
        with pytest.raises(KeyboardInterrupt):
            service.allocate(CITY, programme.id)
    assert states(mine) == ["approved"] * 3
    assert all(service.application(CITY, one.id).untold for one in mine)
    sent.clear()
    jobs.JOBS["allocate"](CITY, None)
    assert [message["cursor"] for _, message in sent] == [programme.id]
    for _ in range(2):
        service.allocate(CITY, programme.id)
    told = [service.application(CITY, one.id) for one in mine]
    assert not any(one.untold for one in told)
    assert len(mail()) - before == 3
    for one in told:
        assert [event.what for event in service.history(CITY, one, private=True)] == ["approved", "submitted"]


def test_many_arrivals_ask_for_one_run(table: str, sent: Sent, stand_at: StandAt) -> None:
    programme = a_click_day(3)
    mine = arrivals(programme, 3)
    sent.clear()
    at = clock.now()
    stand_at(at)
    for one in [*mine, *mine]:
        jobs.changed(Change(CITY, "application", f"{CITY}#A#{one.id}", "A", "MODIFY"))
    assert len(sent) == 1


# Clerks


def test_a_clerk_sees_what_arrived_and_does_not_decide_it(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, decides="arrival")
    sent = arrive(programme, a_citizen())
    shown = service.queue(CITY, "arrived", staff.clerk)
    assert ([row.id for row in shown.items], shown.count) == ([sent.id], 1)
    assert service.queue(CITY, "to_decide", staff.clerk).items == ()
    assert [row.id for row in service.queue(CITY, "all", staff.clerk, state="submitted").items] == [sent.id]
    assert service.counts(CITY, staff.clerk)["arrived"] == 1
    for act in (
        lambda: service.decide(CITY, sent.id, APPROVE, staff.clerk, "key-00000001"),
        lambda: service.assign(CITY, sent.id, "clerk", staff.clerk),
        lambda: service.clarify(CITY, sent.id, "Proč?", 5, staff.clerk),
    ):
        with pytest.raises(DecidedInOrder):
            act()


def test_a_stuck_one_is_a_clerks_work(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, decides="arrival")
    me = a_citizen()
    sent = arrive(programme, me)
    verified(me.id, residence=Residence("999999"))
    assert service.allocate(CITY, programme.id) is None
    [row] = service.queue(CITY, "to_decide", staff.clerk).items
    assert (row.id, row.state, row.checks) == (sent.id, "in_review", "not_met")
    verified(me.id)
    assert service.decide(CITY, sent.id, APPROVE, staff.clerk, "key-00000001").application.state == "approved"


def test_only_programmes_without_hand_judgement_are_decided_by_arrival(table: str) -> None:
    staff = a_hall()
    for more in ({"documents": Words("potvrzení")}, {"second_proof": True}):
        made = service.create(CITY, rules(decides="arrival", **more), staff.admin)
        sign(staff, made.id, AMOUNT)
        with pytest.raises(RulesContradict):
            service.step(CITY, made.id, service.programme(CITY, made.id).v, "publish")


def test_who_decides_stays_as_it_was_published(table: str) -> None:
    programme = a_click_day(1)
    with pytest.raises(RulesContradict):
        service.amend(CITY, programme.id, programme.v, replace(programme.rules, decides="clerk"))
