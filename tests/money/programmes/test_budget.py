"""A budget takes effect with two signatures of two people, and bounds what is awarded."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.clock import today
from chalicelib.core.gate import Who
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import ChangedMeanwhile, Refusal, WrongRole
from chalicelib.core.table import put
from chalicelib.money.ledger.model import AlreadyAwarded, BudgetExhausted
from chalicelib.money.programmes import reviewing, service, store
from chalicelib.money.programmes.leaves import leaf
from chalicelib.money.programmes.model import (
    AlreadyDecided,
    AlreadySigned,
    AmountDiffers,
    BudgetUnsigned,
    ProgrammeStateForbids,
    RulesContradict,
    Words,
)
from chalicelib.money.programmes.reviewing import Decision
from chalicelib.town.identity.model import SamePersonSigns
from tests.hiring import known_to
from tests.money.programmes.build import AMOUNT, CITY, a_citizen, a_hall, an_open, rules, sign, submitted
from tests.town.people.build import a_colleague

APPROVE = Decision("approve")


def test_one_signature_moves_nothing_and_the_second_moves_the_sum_once(table: str) -> None:
    staff = a_hall()
    made = service.create(CITY, rules(), staff.admin)
    change = service.propose_budget(CITY, made.id, 400_000, "Usnesení", staff.admin)
    service.sign_budget(CITY, made.id, change.id, "authorising_officer", 400_000, staff.authorising)
    assert [waiting.id for _, waiting in service.unsigned_budgets(CITY)] == [change.id]
    assert service.budget(CITY, made.id).total_minor == 0
    with pytest.raises(BudgetUnsigned):
        service.step(CITY, made.id, made.v, "publish")
    for _ in range(2):
        service.sign_budget(CITY, made.id, change.id, "budget_officer", 400_000, staff.budget)
    assert service.budget(CITY, made.id).total_minor == 400_000
    assert service.unsigned_budgets(CITY) == []


def test_the_two_officers_may_sign_at_the_same_moment(table: str) -> None:
    staff = a_hall()
    made = service.create(CITY, rules(), staff.admin)
    for n in range(5):
        change = service.propose_budget(CITY, made.id, 100_000, "Usnesení", staff.admin)
        with ThreadPoolExecutor(2) as pool:
            signing: Any = [("authorising_officer", staff.authorising), ("budget_officer", staff.budget)]
            list(pool.map(lambda s: service.sign_budget(CITY, made.id, change.id, s[0], 100_000, s[1]), signing))  # noqa: B023
        assert service.budget(CITY, made.id).total_minor == (n + 1) * 100_000


def test_one_person_never_signs_twice_even_with_both_roles(table: str) -> None:
    staff = a_hall()
    made = service.create(CITY, rules(), staff.admin)
    change = service.propose_budget(CITY, made.id, 100_000, "Usnesení", staff.admin)
    # The house gives nobody both roles; here somebody got them past it.
    both = a_colleague("both", ("authorising_officer", "budget_officer"))
    service.sign_budget(CITY, made.id, change.id, "authorising_officer", 100_000, both)
    with pytest.raises(SamePersonSigns):
        service.sign_budget(CITY, made.id, change.id, "budget_officer", 100_000, both)


def test_a_second_account_of_the_same_person_does_not_sign(table: str) -> None:
    staff = a_hall()
    made = service.create(CITY, rules(), staff.admin)
    for account in ("authorising", "budget"):
        known_to(CITY, account, ref="the-same-person")
    change = service.propose_budget(CITY, made.id, 100_000, "Usnesení", staff.admin)
    service.sign_budget(CITY, made.id, change.id, "authorising_officer", 100_000, staff.authorising)
    with pytest.raises(SamePersonSigns):
        service.sign_budget(CITY, made.id, change.id, "budget_officer", 100_000, staff.budget)
    assert service.budget(CITY, made.id).total_minor == 0


def test_a_signature_needs_the_role_now_and_the_sum_as_it_is(table: str) -> None:
    staff = a_hall()
    made = service.create(CITY, rules(), staff.admin)
    change = service.propose_budget(CITY, made.id, 100_000, "Usnesení", staff.admin)
    former = Who(id="clerk", app="admin", roles={CITY: ("clerk",)})
    with pytest.raises(WrongRole):
        service.sign_budget(CITY, made.id, change.id, "authorising_officer", 100_000, former)
    with pytest.raises(AmountDiffers):
        service.sign_budget(CITY, made.id, change.id, "authorising_officer", 99_999, staff.authorising)
    service.sign_budget(CITY, made.id, change.id, "authorising_officer", 100_000, staff.authorising)
    other = a_colleague("authorising2", ("authorising_officer",))
    with pytest.raises(AlreadySigned):
        service.sign_budget(CITY, made.id, change.id, "authorising_officer", 100_000, other)


def test_more_money_reopens_an_exhausted_programme(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=AMOUNT)
    service.decide(CITY, submitted(programme, a_citizen()).id, APPROVE, staff.clerk, "key-00000001")
    assert service.follow(CITY, programme.id).state == "exhausted"
    sign(staff, programme.id, AMOUNT)
    assert service.programme(CITY, programme.id).state == "open"


def test_the_second_approval_over_the_ceiling_is_refused_where_nobody_waits(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=AMOUNT, waiting_list=False)
    first, second = submitted(programme, a_citizen()), submitted(programme, a_citizen())
    service.decide(CITY, first.id, APPROVE, staff.clerk, "key-00000001")
    with pytest.raises(BudgetExhausted):
        service.decide(CITY, second.id, APPROVE, staff.clerk, "key-00000002")
    assert service.application(CITY, second.id).state == "submitted"


def test_parallel_approvals_never_go_over_the_ceiling(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=3 * AMOUNT, waiting_list=False)
    sent = [submitted(programme, a_citizen()) for _ in range(6)]

    def approve(id: str) -> str:
        try:
            return service.decide(CITY, id, APPROVE, staff.clerk, f"key-{id}").application.state
        except BudgetExhausted:
            return "exhausted"

    with ThreadPoolExecutor(6) as pool:
        ended = list(pool.map(approve, [application.id for application in sent]))
    assert sorted(ended) == ["approved"] * 3 + ["exhausted"] * 3
    assert service.budget(CITY, programme.id).free_minor == 0


def _race(staff: Any, application: str) -> list[str]:
    def approve(by: Who) -> str:
        try:
            return service.decide(CITY, application, APPROVE, by, f"key-of-{by.id}").application.state
        except Refusal as refusal:
            return refusal.code()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(approve, (staff.clerk, staff.clerk2)))


def test_two_clerks_at_once_make_one_grant(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    for n in range(1, 4):
        sent = submitted(programme, a_citizen())
        assert _race(staff, sent.id) in ([AlreadyDecided.code(), "approved"], ["approved", "changed_meanwhile"])
        assert service.budget(CITY, programme.id).free_minor == (10 - n) * AMOUNT


def test_without_the_condition_on_the_application_the_race_would_be_decided_twice(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same race with the condition and the leaf's own key taken away: only the grant's key is left to refuse, and under a second
    subject (a reference that changed between two readings) money would go twice."""
    staff = a_hall()
    programme = an_open(staff)
    sent = submitted(programme, a_citizen())
    stale = service.application(CITY, sent.id)
    service.decide(CITY, sent.id, APPROVE, staff.clerk, "key-00000001")
    with monkeypatch.context() as patch:
        patch.setattr(store, "save_application", lambda city, noun, *_: put(store._application_item(city, noun)))
        patch.setattr(
            reviewing, "leaf", lambda city, known, what, by, why="": leaf(city, known, what, by, why, new_id())
        )
        case = service.case_of(CITY, stale)
        bound = (case.rules, case.standing, "clerk2", staff.clerk2, "receipt")
        with pytest.raises(AlreadyAwarded):
            reviewing._award(CITY, stale, *bound)
        again = reviewing._award(CITY, replace(stale, subject_ref="another"), *bound)
    assert again.state == "approved"
    assert service.budget(CITY, programme.id).free_minor == 8 * AMOUNT


def test_a_paused_programme_awards_nothing_and_takes_no_signature(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    sent = submitted(programme, a_citizen())
    paused = service.step(CITY, programme.id, service.programme(CITY, programme.id).v, "pause")
    with pytest.raises(Refusal) as refused:
        service.decide(CITY, sent.id, APPROVE, staff.clerk, "key-00000001")
    assert refused.value.code() == "budget_not_open"
    with pytest.raises(ProgrammeStateForbids):
        sign(staff, programme.id, AMOUNT)
    service.step(CITY, programme.id, paused.v, "resume")
    assert service.decide(CITY, sent.id, APPROVE, staff.clerk, "key-00000002").application.state == "approved"


def test_an_edit_after_publication_is_a_new_version_and_an_application_keeps_its_own(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    sent = submitted(programme, a_citizen())
    now_it_is = service.programme(CITY, programme.id)
    changed = service.amend(CITY, programme.id, now_it_is.v, replace(now_it_is.rules, denominations_minor=(50_000,)))
    assert changed.rules.version == 2
    assert service.under_rules(CITY, service.application(CITY, sent.id)).rules.amount_minor == AMOUNT
    decided = service.decide(CITY, sent.id, APPROVE, staff.clerk, "key-00000001").application
    assert decided.amount_minor == AMOUNT
    assert service.budget(CITY, programme.id).free_minor == 9 * AMOUNT


NOT_TO_BE_PUBLISHED: dict[str, dict[str, Any]] = {
    "legal_basis": {"legal_basis": ""},
    "resolution_on": {"resolution_on": today() + timedelta(days=1)},
    "text.cs": {"text": Words("Žádejte do 1. 1. 1999.")},
    "text.en": {"text": Words("Žádejte včas.", "Apply by 1 January 1999.")},
}


@pytest.mark.parametrize("field", NOT_TO_BE_PUBLISHED)
def test_what_the_public_would_read_wrong_is_not_published(table: str, field: str) -> None:
    """Neither by publishing nor by an edit of what is public; each fault names its field."""
    staff = a_hall()
    made = service.create(CITY, rules(**NOT_TO_BE_PUBLISHED[field]), staff.admin)
    sign(staff, made.id, AMOUNT)
    with pytest.raises(RulesContradict) as refused:
        service.step(CITY, made.id, service.programme(CITY, made.id).v, "publish")
    assert [error.field for error in refused.value.errors] == [field]
    public = an_open(staff)
    with pytest.raises(RulesContradict):
        service.amend(CITY, public.id, public.v, rules(**NOT_TO_BE_PUBLISHED[field]))


def test_only_the_version_that_was_seen_is_published(table: str) -> None:
    """A colleague saves other rules between the look and the press: nothing is published."""
    staff = a_hall()
    made = service.create(CITY, rules(), staff.admin)
    sign(staff, made.id, AMOUNT)
    seen = service.programme(CITY, made.id)
    service.amend(CITY, made.id, seen.v, rules(denominations_minor=(1_000,)))
    with pytest.raises(ChangedMeanwhile):
        service.step(CITY, made.id, seen.v, "publish")
    assert service.programme(CITY, made.id).published_at is None
