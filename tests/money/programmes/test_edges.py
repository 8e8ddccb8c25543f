"""The edges of deciding: last days, whose work an application may become, and the age and money that a decision stands on."""

from datetime import date, timedelta

import pytest

from chalicelib.core.clock import today
from chalicelib.core.gate import Who
from chalicelib.core.refusals import NotFound
from chalicelib.money.programmes import allocating, reviewing, service
from chalicelib.money.programmes.model import Application, Figures, SpendingOver, WhoMay
from chalicelib.money.programmes.reviewing import Decision
from tests.days import StandAt
from tests.money.programmes.build import AMOUNT, CITY, HOME, a_citizen, a_hall, an_open, submitted, verified
from tests.money.programmes.test_bounds import raise_by
from tests.money.programmes.test_reviewing import approve, at
from tests.town.people.build import a_person

DECLINE = Decision("decline", "Nesplněno.")
ONE = timedelta(days=1)


# The last day of spending


def test_a_clerk_awards_until_the_last_day_of_spending_and_not_after(table: str, stand_at: StandAt) -> None:
    staff = a_hall()
    made = an_open(staff)
    sent = [submitted(made, a_citizen()) for _ in range(2)]
    at(stand_at, made.rules.spending_to)
    assert approve(sent[0], staff).state == "approved"
    at(stand_at, made.rules.spending_to + ONE)
    with pytest.raises(SpendingOver):
        approve(sent[1], staff)


def test_whoever_waits_moves_up_until_the_last_day_of_spending_and_not_after(table: str, stand_at: StandAt) -> None:
    staff = a_hall()
    last = today() + timedelta(days=2)
    made = an_open(staff, budget_minor=AMOUNT, applications_to=last, spending_to=last)
    sent = [submitted(made, a_citizen()) for _ in range(3)]
    for one in sent:
        approve(one, staff)
    raise_by(staff, made.id, AMOUNT)
    at(stand_at, last)
    assert reviewing.promote(CITY, made.id) == 1
    raise_by(staff, made.id, AMOUNT)
    at(stand_at, last + ONE)
    assert reviewing.promote(CITY, made.id) == 0
    assert service.application(CITY, sent[2].id).state == "waiting"


def test_a_click_day_awards_until_the_last_day_of_spending_and_then_a_clerk_looks(
    table: str, stand_at: StandAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allocating, "SETTLES", timedelta())
    staff = a_hall()
    in_time, late = an_open(staff, decides="arrival"), an_open(staff, decides="arrival")
    sent = [submitted(made, a_citizen()) for made in (in_time, late)]
    for made, day in ((in_time, in_time.rules.spending_to), (late, late.rules.spending_to + ONE)):
        at(stand_at, day)
        service.allocate(CITY, made.id)
    assert [service.application(CITY, one.id).state for one in sent] == ["approved", "in_review"]


# Whose work


def test_an_application_is_given_only_to_who_decides_applications_and_may_be_given_back(table: str) -> None:
    staff = a_hall()
    sent = submitted(an_open(staff), a_citizen())
    for other in ("assistant", "authorising", "nobody"):
        with pytest.raises(NotFound):
            service.assign(CITY, sent.id, other, staff.clerk)
    given = service.assign(CITY, sent.id, "clerk2", staff.clerk)
    assert (given.state, given.assigned_to, given.assigned_name) == ("in_review", "clerk2", "Petr Kučera")
    back = service.assign(CITY, sent.id, "", staff.clerk)
    assert (back.state, back.assigned_to, back.assigned_name, back.v) == ("submitted", "", "", given.v + 1)
    known = service.application(CITY, sent.id)
    assert [event.what for event in service.history(CITY, known, private=True)] == [
        "unassigned",
        "assigned",
        "submitted",
    ]
    assert [event.what for event in service.history(CITY, known, private=False)] == ["submitted"]


def test_the_queue_and_its_counts_are_of_one_programme_where_one_is_asked_for(table: str) -> None:
    staff = a_hall()
    one, other = an_open(staff), an_open(staff)
    for made in (one, other, other):
        submitted(made, a_citizen())
    asked = {
        programme: service.counts(CITY, staff.clerk, programme)["to_decide"] for programme in ("", one.id, other.id)
    }
    assert asked == {"": 3, one.id: 1, other.id: 2}
    assert service.queue(CITY, "to_decide", staff.clerk, programme=other.id).count == 2


# What a decision stands on


def citizen(person: str) -> Who:
    return Who(id=person, app="moje", roles={CITY: ("citizen",)})


def kept(application: Application) -> Figures:
    """The figures of the latest decision."""
    figures = service.history(CITY, service.application(CITY, application.id), private=True)[0].figures
    assert figures
    return figures


def test_the_age_of_a_decision_is_of_the_day_of_submission_or_of_the_rules_own(table: str, stand_at: StandAt) -> None:
    year = today().year
    submitted_on, birthday = date(year, 12, 10), date(year, 12, 11)
    at(stand_at, submitted_on)
    staff = a_hall()
    plain = an_open(staff)
    fixed = an_open(staff, who=WhoMay(residence_codes=(HOME,), age_on=birthday))
    me = a_citizen(born=birthday.replace(year=year - 40))
    sent = [submitted(made, me) for made in (plain, fixed)]
    at(stand_at, birthday + ONE)
    for one in sent:
        service.decide(CITY, one.id, DECLINE, staff.clerk, f"key-{one.id}")
    assert [kept(one).age for one in sent] == [39, 40]


def test_a_decline_leaves_the_money_as_it_is_and_no_decision_leaves_less_than_nothing(table: str) -> None:
    staff = a_hall()
    half_minor = AMOUNT // 2
    made = an_open(staff, budget_minor=AMOUNT + half_minor)
    declined, approved, waits = (submitted(made, a_citizen()) for _ in range(3))
    service.decide(CITY, declined.id, DECLINE, staff.clerk, "key-00000001")
    approve(approved, staff)
    assert approve(waits, staff).state == "waiting"
    free = [(kept(one).free_before_minor, kept(one).free_after_minor) for one in (declined, approved, waits)]
    assert free == [(AMOUNT + half_minor,) * 2, (AMOUNT + half_minor, half_minor), (half_minor, 0)]


# What the registry said


@pytest.mark.parametrize(
    ("outcome", "state", "checks"),
    [
        ("no_match", "verifying", "not_met"),
        ("ambiguous", "verifying", "not_met"),
        ("unavailable", "verifying", "pending"),
        ("deceased", "submitted", "not_met"),
        ("questioned", "submitted", "to_judge"),
    ],
)
def test_what_can_be_mended_or_still_be_answered_is_waited_for_and_the_rest_comes_to_a_clerk(
    table: str, outcome: str, state: str, checks: str
) -> None:
    staff = a_hall(verification="during_review")
    made = an_open(staff)
    a_person("jana", "Jana", "Nováková")
    sent = submitted(made, citizen("jana"))
    verified("jana", outcome=outcome)
    service.heard_of(CITY, "jana")
    after = service.application(CITY, sent.id)
    assert (after.state, after.checks) == (state, checks)
    [latest, *_] = service.history(CITY, after, private=False)
    assert latest.what == ("handed_over" if state == "submitted" else "submitted"), "nobody is called verified"
