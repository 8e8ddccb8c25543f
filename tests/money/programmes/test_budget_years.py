"""A budget is cut and carried over as it is raised: by two signatures, carried out with the second of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from chalicelib.core.clock import today
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import BudgetYearClosed
from chalicelib.money.programmes import service
from chalicelib.money.programmes.model import (
    BudgetChange,
    BudgetCoordinates,
    CutTooDeep,
    NothingToCarryOver,
    Programme,
    ProgrammeStateForbids,
)
from chalicelib.money.programmes.reviewing import Decision
from tests.door import Door
from tests.money.programmes.build import AMOUNT, CITY, Staff, a_citizen, a_hall, an_open, submitted

YEAR = today().year


@pytest.fixture
def next_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The year that bears the programmes' budgets is over."""
    for module in ("funding", "routes"):
        monkeypatch.setattr(f"chalicelib.money.programmes.{module}.today", lambda: date(YEAR + 1, 1, 10))


def over_two_years(staff: Staff, **more: Any) -> Programme:
    return an_open(staff, spending_to=date(YEAR + 1, 6, 30), **more)


def signed(staff: Staff, change: BudgetChange) -> BudgetChange:
    service.sign_budget(
        CITY, change.programme, change.id, "authorising_officer", change.amount_minor, staff.authorising
    )
    return service.sign_budget(CITY, change.programme, change.id, "budget_officer", change.amount_minor, staff.budget)


def cut(staff: Staff, programme: Programme, amount_minor: int) -> BudgetChange:
    return service.propose_budget(CITY, programme.id, amount_minor, "Rozpočtové opatření 3", staff.admin, "cut")


def test_a_cut_takes_free_money_with_the_second_signature_and_only_once(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    change = cut(staff, programme, 3 * AMOUNT)
    service.sign_budget(CITY, programme.id, change.id, "authorising_officer", 3 * AMOUNT, staff.authorising)
    assert service.budget(CITY, programme.id).total_minor == 10 * AMOUNT
    for _ in range(2):
        service.sign_budget(CITY, programme.id, change.id, "budget_officer", 3 * AMOUNT, staff.budget)
    budget = service.budget(CITY, programme.id)
    assert (budget.total_minor, budget.free_minor) == (7 * AMOUNT, 7 * AMOUNT)


def test_what_was_awarded_meanwhile_cannot_be_cut(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=2 * AMOUNT)
    change = cut(staff, programme, 2 * AMOUNT)
    service.decide(CITY, submitted(programme, a_citizen()).id, Decision("approve"), staff.clerk, "key-00000001")
    with pytest.raises(CutTooDeep) as refused:
        signed(staff, change)
    assert refused.value.free_minor == AMOUNT
    known = service.budget(CITY, programme.id)
    assert (known.total_minor, known.free_minor) == (2 * AMOUNT, AMOUNT)
    assert [waits.id for _, waits in service.unsigned_budgets(CITY)] == [change.id]
    with pytest.raises(CutTooDeep):
        cut(staff, programme, 2 * AMOUNT)


def test_a_cut_and_awards_at_once_never_go_below_zero(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=4 * AMOUNT, waiting_list=True)
    sent = [submitted(programme, a_citizen()) for _ in range(4)]
    change = cut(staff, programme, 2 * AMOUNT)
    service.sign_budget(CITY, programme.id, change.id, "authorising_officer", 2 * AMOUNT, staff.authorising)

    def sign() -> str:
        try:
            service.sign_budget(CITY, programme.id, change.id, "budget_officer", 2 * AMOUNT, staff.budget)
        except CutTooDeep:
            return "refused"
        return "cut"

    def approve(id: str) -> str:
        return service.decide(CITY, id, Decision("approve"), staff.clerk, f"key-{id}").application.state

    with ThreadPoolExecutor(5) as pool:
        ending = pool.submit(sign)
        ended = list(pool.map(approve, [one.id for one in sent]))
    total_minor = (2 if ending.result() == "cut" else 4) * AMOUNT
    budget = service.budget(CITY, programme.id)
    assert budget.total_minor == total_minor
    assert budget.free_minor == total_minor - ended.count("approved") * AMOUNT >= 0


def test_the_next_year_bears_what_is_not_paid_and_the_history_shows_how_much(table: str, next_year: None) -> None:
    staff = a_hall()
    programme = over_two_years(staff)
    change = service.propose_carry_over(CITY, programme.id, "Program pokračuje", staff.admin)
    assert (change.effect, change.from_year, change.amount_minor) == ("carry_over", YEAR, 10 * AMOUNT)
    service.sign_budget(CITY, programme.id, change.id, "authorising_officer", 10 * AMOUNT, staff.authorising)
    cut_first = cut(staff, programme, AMOUNT)
    signed(staff, cut_first)
    service.sign_budget(CITY, programme.id, change.id, "budget_officer", 10 * AMOUNT, staff.budget)
    budget = service.budget(CITY, programme.id)
    assert (budget.year, budget.total_minor, budget.free_minor) == (YEAR + 1, 9 * AMOUNT, 9 * AMOUNT)
    shown = {known.effect: known for known in service.budget_changes(CITY, programme.id)}
    assert shown["carry_over"].amount_minor == 9 * AMOUNT
    assert shown["carry_over"].effective_at is not None


def test_a_year_is_carried_over_once(table: str, next_year: None) -> None:
    staff = a_hall()
    programme = over_two_years(staff)
    first, second = (service.propose_carry_over(CITY, programme.id, "Převod", staff.admin) for _ in range(2))
    signed(staff, first)
    with pytest.raises(BudgetYearClosed):
        signed(staff, second)
    assert service.budget(CITY, programme.id).year == YEAR + 1


def test_a_programme_within_one_year_has_nothing_to_carry_over(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, spending_to=date(YEAR, 12, 31), applications_to=today())
    with pytest.raises(NothingToCarryOver):
        service.propose_carry_over(CITY, programme.id, "Převod", staff.admin)


def test_a_paused_programme_can_be_cut_but_not_raised(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    service.step(CITY, programme.id, service.programme(CITY, programme.id).v, "pause")
    signed(staff, cut(staff, programme, AMOUNT))
    assert not service.budget(CITY, programme.id).open
    with pytest.raises(ProgrammeStateForbids):
        service.propose_budget(CITY, programme.id, AMOUNT, "Víc", staff.admin)


def test_each_signature_and_decision_is_a_leaf(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=AMOUNT)
    approved, waits, declined = (submitted(programme, a_citizen()) for _ in range(3))
    service.decide(CITY, approved.id, Decision("approve"), staff.clerk, "key-00000001")
    service.decide(CITY, waits.id, Decision("approve"), staff.clerk, "key-00000002")
    service.decide(CITY, declined.id, Decision("decline", "Mimo město"), staff.clerk2, "key-00000003")
    signed(staff, service.propose_budget(CITY, programme.id, AMOUNT, "Víc", staff.admin))
    service.follow_money(CITY, programme.id)
    told = {
        id: [(d.outcome, d.by, d.via) for d in ledger.decisions_of(CITY, id)]
        for id in (approved.id, waits.id, declined.id)
    }
    assert told == {
        approved.id: [("approved", "clerk", "admin")],
        waits.id: [("waiting", "clerk", "admin"), ("approved", "system", "system")],
        declined.id: [("declined", "clerk2", "admin")],
    }
    [leaf] = ledger.decisions_of(CITY, declined.id)
    assert leaf.why
    assert "město" not in leaf.body()
    signatures = [(d.outcome, d.by) for d in ledger.decisions_of(CITY, programme.id)]
    assert signatures == [("raise.authorising_officer", "authorising"), ("raise.budget_officer", "budget")] * 2


def test_awards_carry_the_limits_and_coordinates_of_the_rules(table: str) -> None:
    staff = a_hall()
    coordinates = BudgetCoordinates("3421", "5222", "OSK", "2042", "UZ1", {"sole_trader": "5212"})
    programme = an_open(
        staff, day_limit_minor=20_000, category_limits={"sport": 30_000, "music": 10_000}, coordinates=coordinates
    )
    me = a_citizen()
    service.decide(CITY, submitted(programme, me).id, Decision("approve"), staff.clerk, "key-00000001")
    [grant] = ledger.grants_of(CITY, me.id)
    assert (grant.day_limit_minor, grant.category_limits) == (20_000, {"sport": 30_000, "music": 10_000})
    assert grant.coordinates == "3421/5222/OSK/2042/UZ1"
    assert coordinates.text_for("sole_trader") == "3421/5212/OSK/2042/UZ1"
    assert BudgetCoordinates().text == ""


def test_a_carry_over_goes_through_the_doors(door: Door, next_year: None) -> None:
    staff = a_hall()
    programme = over_two_years(staff)
    path = f"/cities/{CITY}/programmes/{programme.id}"
    admin = door.as_(staff.admin)
    before = admin.get(f"{path}/rules").body
    assert (before["budget_year"], before["rest_minor"], before["may_carry_over"]) == (YEAR, 10 * AMOUNT, True)
    made = admin.post(f"{path}/carry-overs", {"reason": "Program pokračuje"})
    assert made.status == 201, made
    signing = f"{path}/budget-changes/{made.body['id']}/signatures"
    for who, role in ((staff.authorising, "authorising_officer"), (staff.budget, "budget_officer")):
        answer = door.as_(who).post(signing, {"signs_as": role, "amount_minor": 10 * AMOUNT}, key=f"key-{role}")
        assert answer.status == 200, answer
    after = admin.get(f"{path}/rules").body
    assert (after["budget_year"], after["may_carry_over"]) == (YEAR + 1, False)
    cut = admin.post(f"{path}/budget-changes", {"effect": "cut", "amount_minor": 99 * AMOUNT, "reason": "Škrt"})
    assert (cut.status, cut.body["code"]) == (409, "cut_too_deep")
