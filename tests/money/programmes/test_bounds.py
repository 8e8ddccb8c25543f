"""When people are reminded, which step a programme's state allows, and the edges of queues and budgets."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import Any, get_args

import pytest

from chalicelib.core.clock import now, today
from chalicelib.core.refusals import ChangedMeanwhile
from chalicelib.core.table import transact
from chalicelib.money.programmes import funding, reviewing, service, store
from chalicelib.money.programmes.model import (
    Application,
    BudgetChange,
    BudgetEffect,
    CutTooDeep,
    Programme,
    ProgrammeState,
    ProgrammeStateForbids,
    Signature,
)
from chalicelib.money.programmes.reviewing import Decision
from chalicelib.town.messages import service as messages
from tests.days import StandAt
from tests.money.programmes.build import AMOUNT, CITY, Staff, a_citizen, a_hall, an_open, rules, submitted
from tests.money.programmes.test_reviewing import approve, at


def days_of(template: str, person: str, until: date, tried: tuple[int, ...], stand_at: StandAt) -> list[int]:
    """On which of these days before one a person is reminded."""
    seen = 0
    found = []
    for days in tried:
        at(stand_at, until - timedelta(days=days))
        messages.remind(CITY)
        count = sum(note.template == template for note in messages.inbox(CITY, person, "cs", 50, None).items)
        if count > seen:
            found.append(days)
        seen = count
    return found


def test_an_award_is_reminded_of_a_fortnight_and_three_days_before_its_end(table: str, stand_at: StandAt) -> None:
    staff, me = a_hall(), a_citizen()
    approve(submitted(an_open(staff, days_to_spend=40), me), staff)
    end, tried = today() + timedelta(days=40), (20, 15, 14, 13, 4, 3, 2, 1, 0)
    assert days_of("programmes.grant_ends", me.id, end, tried, stand_at) == [14, 3]


def test_a_clarification_is_reminded_of_three_days_and_one_before_its_end(table: str, stand_at: StandAt) -> None:
    staff, me = a_hall(), a_citizen()
    sent = submitted(an_open(staff), me)
    returned = service.clarify(CITY, sent.id, "Doplňte potvrzení.", 10, staff.clerk)
    assert returned.deadline
    tried = (9, 4, 3, 2, 1, 0)
    assert days_of("programmes.clarification_due", me.id, returned.deadline, tried, stand_at) == [3, 1]


STEPS: dict[funding.Step, set[ProgrammeState]] = {
    "publish": {"draft"},
    "pause": {"scheduled", "open", "exhausted"},
    "resume": {"paused"},
    "archive": {"draft", "closed"},
}


def in_state(made: Programme, state: ProgrammeState) -> Programme:
    known = service.programme(CITY, made.id)
    transact([store.save_programme(CITY, replace(known, state=state))])
    return service.programme(CITY, made.id)


def test_each_state_of_a_programme_allows_its_own_steps_edits_and_budget_changes(table: str) -> None:
    staff = a_hall()
    made = an_open(staff)
    for state, what in product(get_args(ProgrammeState.__value__), STEPS):
        known = in_state(made, state)
        if state not in STEPS[what]:
            with pytest.raises(ProgrammeStateForbids):
                service.step(CITY, made.id, known.v, what)
        with pytest.raises(ChangedMeanwhile):
            service.step(CITY, made.id, known.v - 1, what)
    ended: dict[BudgetEffect, set[ProgrammeState]] = {"raise": {"closed", "archived", "paused"}, "cut": {"archived"}}
    for state in get_args(ProgrammeState.__value__):
        known = in_state(made, state)
        for effect, barred in ended.items():
            refused(partial(service.propose_budget, CITY, made.id, 1, "Důvod", staff.admin, effect), state in barred)
        refused(partial(service.amend, CITY, made.id, known.v, known.rules), state in ("closed", "archived"))
    assert service.step(CITY, made.id, in_state(made, "paused").v, "resume").state == "open"
    assert service.step(CITY, made.id, in_state(made, "closed").v, "archive").state == "archived"


def refused(act: Any, barred: bool) -> None:
    if barred:
        with pytest.raises(ProgrammeStateForbids):
            act()
    else:
        act()


def test_free_money_can_be_cut_to_the_last_haler_and_not_beyond(table: str) -> None:
    staff = a_hall()
    made = an_open(staff, budget_minor=AMOUNT)
    assert service.propose_budget(CITY, made.id, AMOUNT, "Důvod", staff.admin, "cut").amount_minor == AMOUNT
    with pytest.raises(CutTooDeep) as short:
        service.propose_budget(CITY, made.id, AMOUNT + 1, "Důvod", staff.admin, "cut")
    assert short.value.free_minor == AMOUNT


def test_a_budget_change_waits_for_a_signature_until_it_has_both_and_takes_effect_with_the_later_one(
    table: str,
) -> None:
    staff = a_hall()
    made = service.create(CITY, rules(), staff.admin)
    change = service.propose_budget(CITY, made.id, 500, "Důvod", staff.admin)
    waits = [(change.id, made.id)]
    assert [(one.id, of.id) for of, one in service.unsigned_budgets(CITY)] == waits
    service.sign_budget(CITY, made.id, change.id, "budget_officer", 500, staff.budget)
    assert [(one.id, of.id) for of, one in service.unsigned_budgets(CITY)] == waits
    signed = service.sign_budget(CITY, made.id, change.id, "authorising_officer", 500, staff.authorising)
    assert service.unsigned_budgets(CITY) == []
    assert signed.authorising_officer
    assert signed.effective_at == signed.authorising_officer.at
    first, second = Signature("a", now()), Signature("b", now() + timedelta(seconds=1))
    both = BudgetChange("c", "p", 1, "", "x", now(), authorising_officer=second, budget_officer=first)
    assert both.effective_at == second.at
    assert (both.signature("authorising_officer"), both.other_signature("authorising_officer")) == (second, first)
    assert (both.signature("budget_officer"), both.other_signature("budget_officer")) == (first, second)
    assert replace(both, budget_officer=None).effective_at is None


def test_the_towns_view_of_all_lists_every_application_once_and_filters(table: str, stand_at: StandAt) -> None:
    staff = a_hall()
    one, other = an_open(staff, budget_minor=AMOUNT), an_open(staff)
    begin = now()
    sent: list[Application] = []
    for n in range(6):
        stand_at(begin + timedelta(seconds=n))
        sent.append(submitted(other if n == 5 else one, a_citizen()))
    approve(sent[0], staff)
    approve(sent[1], staff)  # no money is left: waits
    service.decide(CITY, sent[2].id, Decision("decline", "Ne."), staff.clerk, "k")
    states = {application.id: service.application(CITY, application.id).state for application in sent}
    assert list(states.values()) == ["approved", "waiting", "declined", "submitted", "submitted", "submitted"]

    def listed(limit: int, **more: str) -> list[str]:
        found, cursor = [], None
        while True:
            page = reviewing.queue(CITY, "all", staff.clerk, limit=limit, cursor=cursor, **more)
            assert len(page.items) <= limit
            found += [row.id for row in page.items]
            cursor = page.next
            if cursor is None:
                return found

    everything = listed(100)
    for limit in (1, 2, 3, 6):
        assert listed(limit) == everything
    assert sorted(everything) == sorted(states)
    assert listed(2, programme=other.id) == [sent[5].id]
    assert listed(2, state="waiting") == [sent[1].id]
    assert sorted(listed(2, state="submitted", programme=one.id)) == sorted([sent[3].id, sent[4].id])
    to_decide = reviewing.queue(CITY, "to_decide", staff.clerk, limit=2)
    assert [row.id for row in to_decide.items] == [sent[3].id, sent[4].id]
    assert (to_decide.next, to_decide.count, to_decide.total_minor) == (sent[4].id, 3, 3 * AMOUNT)
    assert reviewing.queue(CITY, "to_decide", staff.clerk, limit=3).next is None


def test_whoever_waits_moves_up_in_order_twenty_at_a_time(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviewing, "PROMOTED_A_STEP", 2)
    staff = a_hall()
    made = an_open(staff, budget_minor=AMOUNT)
    sent = [submitted(made, a_citizen()) for _ in range(5)]
    for one in sent:
        approve(one, staff)
    raise_by(staff, made.id, 3 * AMOUNT)
    assert [reviewing.promote(CITY, made.id) for _ in range(3)] == [2, 1, 0]
    assert [service.application(CITY, one.id).state for one in sent] == ["approved"] * 4 + ["waiting"]


def raise_by(staff: Staff, programme: str, amount_minor: int) -> None:
    change = service.propose_budget(CITY, programme, amount_minor, "Důvod", staff.admin)
    for signs_as, who in (("budget_officer", staff.budget), ("authorising_officer", staff.authorising)):
        service.sign_budget(CITY, programme, change.id, signs_as, amount_minor, who)  # type: ignore[arg-type]
