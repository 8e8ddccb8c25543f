"""At the desk: an assistant orders on the credit of somebody without a sign-in whom she registered."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.gate import ASSISTANT, CLERK, OWNER, Who
from chalicelib.core.ids import new_id
from chalicelib.money.ledger import service as ledger
from chalicelib.money.offers import service
from chalicelib.town.messages import service as messages
from chalicelib.town.people import service as people
from tests.door import Answer, Door
from tests.hiring import known_to
from tests.money.offers.build import AT, Course, Parent, a_course, a_senior
from tests.money.providers.build import CITY
from tests.town.people.build import a_person

pytestmark = pytest.mark.usefixtures("town")

DESK = Who(id="assistant-1", app="admin", roles={CITY: (ASSISTANT,)})


def acts(senior: Parent, course: Course, order: str) -> list[tuple[int, str]]:
    """Everything that can be done at the desk with credit; for each the status and the code of a refusal."""
    at = senior.inside
    transfer = ledger.transfers_of(CITY, senior.grant.id)[-1]
    answers: list[Answer] = [
        at.get(f"{AT}/activities/{course.activity}/quotes", query={"person": senior.id}),
        at.get(f"{AT}/orders", query={"person": senior.id}),
        at.get(f"{AT}/orders/{order}"),
        at.get(f"{AT}/grants/{senior.grant.id}"),
        at.get(f"{AT}/receipts/{transfer.id}/proof", query={"grant": senior.grant.id}),
        senior.order(course, 10_000),
        at.post(f"{AT}/orders/{order}/cancellation", {}, key=new_id()),
    ]
    return [(answer.status, answer.body.get("code", "") if answer.status >= 400 else "") for answer in answers]


def test_the_assistant_orders_for_whom_she_registered_and_the_order_says_who_made_it(door: Door) -> None:
    course, senior = a_course(door), a_senior(door, DESK)
    [quote] = senior.inside.get(f"{AT}/activities/{course.activity}/quotes", query={"person": senior.id}).body["items"]
    assert (quote["grant"], quote["credit_minor"], quote["co_payment_minor"]) == (senior.grant.id, 80_000, 35_000)
    placed = senior.order(course, quote["credit_minor"])
    assert (placed.status, placed.body["state"], placed.body["at_desk"]) == (201, "requested", True)
    order = service.order_of(CITY, placed.body["id"])
    assert (order.person, order.beneficiary, order.made_by) == (senior.id, senior.child, DESK.id)
    assert (senior.left, course.places) == ((0, 80_000), 11)
    held = ledger.transfer(CITY, senior.grant.id, order.hold)
    assert held is not None
    assert (held.by, held.via) == (DESK.id, "admin")


def test_the_provider_answers_her_and_the_assistant_sees_the_outcome(door: Door) -> None:
    course, senior = a_course(door), a_senior(door, DESK)
    order = senior.ordered(course, 80_000)
    assert course.answer(order, "confirmation").body["contact_name"] == "Jana Nováková"
    [listed] = senior.inside.get(f"{AT}/orders", query={"person": senior.id}).body["items"]
    assert (listed["id"], listed["state"], listed["at_desk"]) == (order.id, "confirmed", True)
    messages.deliver_due(CITY)
    [note] = messages.inbox(CITY, senior.id, "cs", 10, None).items
    assert (note.title, note.channel) == ("Místo je potvrzené", "inbox"), "without an address she is not written to"


def test_she_cancels_it_for_her_and_credit_and_place_are_back(door: Door) -> None:
    course, senior = a_course(door), a_senior(door, DESK)
    order = senior.ordered(course, 80_000)
    for replayed in (False, True):
        cancelled = senior.inside.post(f"{AT}/orders/{order.id}/cancellation", {}, key=new_id()).body
        assert (cancelled["state"], cancelled["money"], cancelled["replayed"]) == ("cancelled", "returned", replayed)
    assert (senior.left, course.places) == ((80_000, 0), 12)
    assert service.order_of(CITY, order.id).decided_by == DESK.id


def test_the_same_key_is_the_same_order_at_the_desk_too(door: Door) -> None:
    course, senior = a_course(door), a_senior(door, DESK)
    key = new_id()
    first = senior.order(course, 50_000, key)
    again = senior.order(course, 50_000, key)
    assert (again.body["id"], again.body["replayed"]) == (first.body["id"], True)
    assert senior.order(course, 40_000, key).body["code"] == "key_used_for_other_request"
    assert senior.left == (30_000, 50_000)


def test_each_act_at_the_desk_is_seen_by_the_person(door: Door) -> None:
    course, senior = a_course(door), a_senior(door, DESK)
    order = senior.ordered(course, 10_000)
    assert acts(senior, course, order.id) == [(200, "")] * 5 + [(201, ""), (200, "")]
    seen = people.accesses_to_me(CITY, senior.who)
    assert {one.by for one in seen} == {DESK.id}
    assert {one.action for one in seen} == {"read", "order_placed", "order_cancelled"}
    assert [one.action for one in seen].count("order_placed") == 2, "each order is a note of its own"


def test_nobody_else_at_the_town_hall_orders_on_her_credit(door: Door) -> None:
    course, senior = a_course(door), a_senior(door, DESK)
    order = senior.ordered(course, 10_000)
    before = len(people.accesses_to_me(CITY, senior.who))
    other = Who(id="assistant-2", app="admin", roles={CITY: (ASSISTANT,)})
    clerk = Who(id=DESK.id + "-clerk", app="admin", roles={CITY: (CLERK,)})
    hidden = [(404, "not_found")]
    assert acts(replace(senior, by=other), course, order.id) == [*hidden * 4, (404, "receipt_not_found"), *hidden * 2]
    assert {status for status, _ in acts(replace(senior, by=clerk), course, order.id)} == {403}
    assert (senior.left, len(people.accesses_to_me(CITY, senior.who))) == ((70_000, 10_000), before)


def test_she_does_not_order_for_who_has_a_sign_in_nor_for_her_own_family(door: Door) -> None:
    course, signed_in = a_course(door), a_senior(door, DESK, email="senior@priklad.example")
    order = replace(signed_in, by=None).ordered(course, 10_000)
    assert {status for status, _ in acts(signed_in, course, order.id)} == {404}
    assert service.order_of(CITY, order.id).made_by == ""
    mother = a_senior(door, DESK)
    a_person(DESK.id, "Alžběta", "Jandová")
    for account in (DESK.id, mother.id):
        known_to(CITY, account, ref="herself")
    assert acts(mother, course, order.id)[:2] == [(403, "conflict_of_interest")] * 2
    assert mother.order(course, 10_000).body["code"] == "conflict_of_interest"
    assert mother.left == (80_000, 0)


@pytest.mark.parametrize("role", [OWNER, "cashier"])
def test_she_does_not_order_at_her_own_provider(door: Door, role: Any) -> None:
    course, senior = a_course(door), a_senior(door, DESK)
    both = replace(DESK, providers={CITY: {course.provider: role}})
    refused = replace(senior, by=both).order(course, 10_000)
    assert (refused.status, refused.body["code"]) == (403, "conflict_of_interest")
    assert (senior.left, course.places) == ((80_000, 0), 12)
