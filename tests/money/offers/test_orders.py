"""Orders on credit: from the citizen's click to the provider's claim, and every way back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.clock import end_of, now, start_of, today
from chalicelib.core.gate import Who
from chalicelib.core.ids import digest, new_id
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Spender
from chalicelib.money.offers import service, store
from chalicelib.money.offers.model import Order, OrderClosed, due, noted_by
from chalicelib.town.messages import service as messages
from chalicelib.town.messages import store as kept_messages
from tests.days import StandAt
from tests.door import Door
from tests.money.offers.build import AT, Course, a_course, a_grant, a_parent, a_session
from tests.money.providers.build import CITY, OTHER_ICO, a_programme, approved
from tests.town.people.build import mail

pytestmark = pytest.mark.usefixtures("town")


def owed(provider: str) -> int:
    """What the provider is owed and nobody has claimed."""
    transfers, _ = ledger.unsettled(CITY, provider, 100)
    return sum(transfer.payable_minor for transfer in transfers)


def at(order: Order) -> Order:
    return service.order_of(CITY, order.id)


def let_time_pass(stand_at: StandAt, days: int) -> None:
    stand_at(now() + timedelta(days=days))


def run_due() -> None:
    cursor = None
    while True:
        cursor = service.end_due(CITY, cursor)
        if cursor is None:
            return


# Ordering


def test_an_order_holds_credit_and_place_and_shows_what_is_left_to_pay(door: Door) -> None:
    course, parent = a_course(door), a_parent(door)
    placed = parent.order(course, 80_000)
    assert (placed.status, placed.body["state"], placed.body["money"]) == (201, "requested", "held")
    assert (placed.body["credit_minor"], placed.body["co_payment_minor"]) == (80_000, 35_000)
    assert parent.left == (0, 80_000)
    assert course.places == 11
    [listed] = parent.inside.get(f"{AT}/orders").body["items"]
    assert (listed["id"], listed["beneficiary_name"]) == (placed.body["id"], "Ema Nováková")
    [seen] = course.desk.get(f"{AT}/providers/{course.provider}/orders", query={"state": "requested"}).body["items"]
    assert (seen["beneficiary_name"], seen["contact_name"]) == ("Ema Nováková", "Jana Nováková")
    assert owed(course.provider) == 0


def test_the_quote_splits_every_price_to_the_haler(door: Door) -> None:
    course, parent = a_course(door), a_parent(door)
    [quote] = parent.inside.get(f"{AT}/activities/{course.activity}/quotes").body["items"]
    assert (quote["credit_minor"], quote["co_payment_minor"], quote["refusal"]) == (80_000, 35_000, None)
    assert quote["credit_minor"] + quote["co_payment_minor"] == quote["price_minor"]
    assert quote["programme_name"] == "Modřínov v pohybu"


def test_credit_that_orders_hold_whole_is_not_offered_and_the_rest_of_one_in_part_is(door: Door) -> None:
    course, parent = a_course(door), a_parent(door)
    path = f"{AT}/activities/{course.activity}/quotes"
    assert parent.order(course, 50_000).status == 201
    [part] = parent.inside.get(path).body["items"]
    assert (part["spendable_minor"], part["credit_minor"]) == (30_000, 30_000)
    assert parent.order(course, 30_000).status == 201
    assert parent.left == (0, 80_000)
    assert parent.inside.get(path).body["items"] == []


def test_the_same_key_is_the_same_order_and_another_content_is_refused(door: Door) -> None:
    course, parent = a_course(door), a_parent(door)
    key = new_id()
    first = parent.order(course, 50_000, key)
    again = parent.order(course, 50_000, key)
    assert (again.status, again.body["id"]) == (201, first.body["id"])
    assert again.headers["Idempotent-Replayed"] == "true"
    other = parent.order(course, 40_000, key)
    assert (other.status, other.body["code"]) == (409, "key_used_for_other_request")
    assert parent.left == (30_000, 50_000)
    assert course.places == 11


def test_a_replay_finds_its_order_though_the_credit_is_gone_and_the_session_cancelled(door: Door) -> None:
    course, parent = a_course(door, capacity=1), a_parent(door)
    key = new_id()
    first = parent.order(course, 80_000, key)
    course.desk.post(f"{AT}/activities/{course.activity}/sessions/{course.session}/cancellation", {"reason": "Nemoc"})
    assert parent.order(course, 80_000, key).body["id"] == first.body["id"]


def test_a_second_hold_over_the_credit_is_refused_and_takes_no_place(door: Door) -> None:
    course, parent = a_course(door), a_parent(door)
    parent.ordered(course, 80_000)
    refused = parent.order(course, 1)
    assert (refused.status, refused.body["code"]) == (409, "credit_too_small")
    assert course.places == 11


def test_a_grant_that_has_expired_or_waits_pays_nothing(door: Door) -> None:
    course = a_course(door)
    over = a_parent(door, valid_until=now() - timedelta(seconds=1))
    early = a_parent(door, valid_from=now() + timedelta(days=1))
    assert over.order(course, 100).body["code"] == "validity_ended"
    assert early.order(course, 100).body["code"] == "not_yet_valid"
    assert course.places == 12


def test_somebody_elses_grant_pays_nothing(door: Door) -> None:
    course, parent, thief = a_course(door), a_parent(door), a_parent(door)
    assert thief.order(course, 100, grant=parent.grant.id).status == 404
    assert parent.left == (80_000, 0)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"price_minor": 114_900}, 409, "price_changed"),
        ({"credit_minor": 115_001}, 422, "credit_above_price"),
        ({"credit_minor": 0}, 422, "invalid_input"),
        ({"credit_minor": -5}, 422, "invalid_input"),
        ({"credit_minor": 10.5}, 422, "invalid_input"),
        ({"credit_minor": 10**12 + 1}, 422, "invalid_input"),
        ({"session": "nic"}, 404, "session_unknown"),
        ({"activity": "nic"}, 404, "not_found"),
        ({"grant": "nic"}, 404, "not_found"),
        ({"tip": 1}, 422, "invalid_input"),
    ],
)
def test_an_order_that_cannot_be_is_refused_and_nothing_moves(
    door: Door, changes: dict[str, Any], status: int, code: str
) -> None:
    course, parent = a_course(door), a_parent(door)
    refused = parent.order(course, **({"credit_minor": 10_000} | changes))
    assert (refused.status, refused.body["code"]) == (status, code)
    assert (parent.left, course.places) == ((80_000, 0), 12)


def test_an_order_without_a_key_is_refused(door: Door) -> None:
    body = {"activity": "a", "session": "s", "grant": "g", "price_minor": 100, "credit_minor": 100}
    assert a_parent(door).inside.post(f"{AT}/orders", body).body["code"] == "idempotency_key_missing"


def test_age_programme_and_price_are_judged(door: Door) -> None:
    a_programme("knihy", categories=("books",))
    course = a_course(door)
    parent = a_parent(door)
    adult = a_grant(parent.id, parent.id, 80_000)
    assert parent.order(course, 100, grant=adult.id).body["code"] == "age_out_of_range"
    elsewhere = a_grant(parent.id, parent.child, 80_000, "knihy")
    assert parent.order(course, 100, grant=elsewhere.id).body["code"] == "not_for_this_programme"
    dear_only = a_grant(parent.id, parent.child, 80_000, min_price_minor=200_000)
    assert parent.order(course, 100, grant=dear_only.id).body["code"] == "below_min_price"
    quotes = parent.inside.get(f"{AT}/activities/{course.activity}/quotes").body["items"]
    assert {q["grant"]: q["refusal"] for q in quotes} == {
        parent.grant.id: None,
        adult.id: "age_out_of_range",
        elsewhere.id: "not_for_this_programme",
        dear_only.id: "below_min_price",
    }


def test_a_provider_suspended_meanwhile_takes_no_orders(door: Door) -> None:
    course, parent = a_course(door), a_parent(door)
    admin = Who(id="admin", app="admin", roles={CITY: ("admin",)})
    door.as_(admin).post(f"{AT}/providers/{course.provider}/state", {"state": "suspended", "reason": "Kontrola"})
    assert parent.order(course, 100).status == 404
    assert door.get(f"{AT}/activities").body["items"] == []


# The provider's answer


def test_a_hold_of_15_of_100_rejected_is_100_again(door: Door) -> None:
    course, parent = a_course(door), a_parent(door, 10_000)
    order = parent.ordered(course, 1_500)
    assert parent.left == (8_500, 1_500)
    rejected = course.answer(order, "rejection", {"reason": "Skupina je plná."})
    assert (rejected.body["state"], rejected.body["money"]) == ("rejected", "returned")
    assert (parent.left, course.places) == ((10_000, 0), 12)
    assert any("Skupina je plná" in m.text or "není potvrzená" in m.subject for m in mail())


def test_a_rejection_needs_a_reason_and_comes_once(door: Door) -> None:
    course, parent = a_course(door), a_parent(door)
    order = parent.ordered(course, 1_500)
    assert course.answer(order, "rejection", {"reason": "  "}).status == 422
    course.answer(order, "rejection", {"reason": "Plno"})
    again = course.answer(order, "rejection", {"reason": "Plno"})
    assert (again.status, again.headers["Idempotent-Replayed"]) == (200, "true")
    assert course.answer(order, "confirmation").body["code"] == "order_closed"
    assert (parent.left, course.places) == ((80_000, 0), 12)


def test_cancel_then_spend_again_to_the_haler(door: Door) -> None:
    course, parent = a_course(door, price_minor=80_001), a_parent(door, 80_001)
    order = parent.ordered(course, 80_001)
    cancelled = parent.inside.post(f"{AT}/orders/{order.id}/cancellation", {}, key=new_id())
    assert (cancelled.body["state"], parent.left) == ("cancelled", (80_001, 0))
    parent.ordered(course, 80_001)
    assert (parent.left, course.places) == ((0, 80_001), 11)


def test_confirmed_and_payable_at_the_start_it_is_owed_on_the_first_day(door: Door, stand_at: StandAt) -> None:
    course, parent = a_course(door), a_parent(door)
    order = parent.ordered(course, 80_000)
    confirmed = course.answer(order, "confirmation")
    assert (confirmed.body["state"], confirmed.body["money"]) == ("confirmed", "held")
    run_due()
    assert owed(course.provider) == 0
    let_time_pass(stand_at, 10)
    run_due()
    run_due()
    assert (at(order).state, at(order).money) == ("confirmed", "payable")
    assert (owed(course.provider), parent.left) == (80_000, (0, 0))


def test_payable_on_confirmation_is_owed_at_once_and_the_provider_can_still_cancel(door: Door) -> None:
    a_programme("hned", payable_on="confirmation")
    provider = approved(door, "hned", "druhy", OTHER_ICO)
    course = a_course(door, provider)
    parent = a_parent(door, programme="hned")
    order = parent.ordered(course, 80_000)
    assert course.answer(order, "confirmation").body["money"] == "payable"
    assert (owed(provider), parent.left) == (80_000, (0, 0))
    refused = parent.inside.post(f"{AT}/orders/{order.id}/cancellation", {}, key=new_id())
    assert refused.body["code"] == "order_payable"
    cancelled = course.answer(order, "cancellation", {"reason": "Trenér onemocněl"})
    assert (cancelled.body["state"], owed(provider), parent.left) == ("cancelled", 0, (80_000, 0))
    assert course.places == 12


def test_what_is_already_in_a_payout_cannot_be_cancelled(door: Door) -> None:
    a_programme("hned", payable_on="confirmation")
    provider = approved(door, "hned", "druhy", OTHER_ICO)
    course, parent = a_course(door, provider), a_parent(door, programme="hned")
    order = parent.ordered(course, 80_000)
    course.answer(order, "confirmation")
    [settled], _ = ledger.unsettled(CITY, provider, 10)
    transact([ledger.claim(CITY, settled, "line-1")])
    refused = course.answer(order, "cancellation", {"reason": "Pozdě"})
    assert (refused.body["code"], at(order).state) == ("already_paid_out", "confirmed")


def test_payable_on_attendance_is_owed_or_returned_by_who_came(door: Door, stand_at: StandAt) -> None:
    a_programme("ucast", payable_on="attendance")
    course = a_course(door, approved(door, "ucast", "druhy", OTHER_ICO))
    came, stayed = a_parent(door, programme="ucast"), a_parent(door, programme="ucast")
    orders = [came.ordered(course, 80_000), stayed.ordered(course, 80_000)]
    for order in orders:
        course.answer(order, "confirmation")
    assert course.answer(orders[0], "attendance", {"attended": True}).body["code"] == "not_begun"
    let_time_pass(stand_at, 10)
    run_due()
    assert owed(course.provider) == 0
    assert course.answer(orders[0], "attendance", {"attended": True}).body["money"] == "payable"
    assert course.answer(orders[1], "attendance", {"attended": False}).body["money"] == "returned"
    assert owed(course.provider) == 80_000
    assert (came.left, stayed.left) == ((0, 0), (80_000, 0))


def of_attendance(door: Door, **session: Any) -> Course:
    a_programme("ucast", payable_on="attendance")
    return a_course(door, approved(door, "ucast", "druhy", OTHER_ICO), **session)


def test_attendance_that_nobody_notes_in_time_returns_the_credit(door: Door, stand_at: StandAt) -> None:
    course, parent = of_attendance(door), a_parent(door, programme="ucast")
    order = parent.ordered(course, 80_000)
    course.answer(order, "confirmation")
    assert at(order).noted_by == end_of(today() + timedelta(days=10 + 90 + 14))
    let_time_pass(stand_at, 114)
    run_due()
    assert (at(order).state, at(order).money, parent.left) == ("confirmed", "held", (0, 80_000))
    let_time_pass(stand_at, 115)
    before = len(mail())
    run_due()
    run_due()
    assert (at(order).state, at(order).money, parent.left) == ("not_attended", "returned", (80_000, 0))
    assert [m.subject for m in mail()[before:]] == ["Modřínov: účast nikdo nezapsal"]
    assert (owed(course.provider), store.due_rows(CITY, "", now() + timedelta(days=365), 10)) == (0, [])


def test_attendance_of_a_session_made_longer_is_waited_for(door: Door, stand_at: StandAt) -> None:
    course, parent = of_attendance(door), a_parent(door, programme="ucast")
    order = parent.ordered(course, 80_000)
    course.answer(order, "confirmation")
    longer = a_session() | {"ends_on": (today() + timedelta(days=130)).isoformat()}
    path = f"{AT}/activities/{course.activity}/sessions/{course.session}"
    assert course.desk.put(path, longer, version=course.version).status == 200
    noted_by = end_of(today() + timedelta(days=144))
    let_time_pass(stand_at, 115)
    run_due()
    assert (at(order).state, at(order).noted_by) == ("confirmed", noted_by)
    assert course.answer(order, "attendance", {"attended": True}).body["money"] == "payable"
    assert owed(course.provider) == 80_000


def test_a_provider_is_reminded_to_note_the_attendance_until_it_is_noted(door: Door, stand_at: StandAt) -> None:
    course = of_attendance(door)
    silent, noted = (a_parent(door, programme="ucast").ordered(course, 100) for _ in range(2))
    for order in (silent, noted):
        course.answer(order, "confirmation")
    let_time_pass(stand_at, 10)
    course.answer(noted, "attendance", {"attended": True})
    before, noted_at = len(mail()), now()
    for left in (8, 7, 2, 1):
        stand_at(noted_at + timedelta(days=104 - left))
        messages.remind(CITY)
    reminders = [m for m in mail()[before:] if m.subject == "Modřínov: zapište účast"]
    assert [silent.id in m.text for m in reminders] == [True, True]


def test_attendance_noted_while_the_clock_makes_it_payable_is_not_said_to_be_noted(
    door: Door, stand_at: StandAt
) -> None:
    course, parent = a_course(door), a_parent(door)
    order = parent.ordered(course, 80_000)
    course.answer(order, "confirmation")
    seen = at(order)
    let_time_pass(stand_at, 11)
    run_due()
    with pytest.raises(OrderClosed):
        service.attend(CITY, seen, course.owner, True)
    assert (at(order).state, at(order).money) == ("confirmed", "payable")
    assert service.attend(CITY, at(order), course.owner, True).order == at(order)
    assert (at(order).state, owed(course.provider)) == ("attended", 80_000)


def test_a_rejection_behind_a_cancellation_is_refused_and_behind_its_like_repeated(door: Door) -> None:
    course, parent = a_course(door), a_parent(door)
    cancelled, rejected = parent.ordered(course, 30_000), parent.ordered(course, 30_000)
    service.cancel(CITY, cancelled, parent.who)
    with pytest.raises(OrderClosed):
        service.reject(CITY, cancelled, course.owner, "Plno")
    assert at(cancelled).state == "cancelled"
    service.reject(CITY, rejected, course.owner, "Plno")
    again = service.reject(CITY, rejected, course.owner, "Plno, podruhé")
    assert (again.replayed, again.order) == (True, at(rejected))
    assert again.order.reason == "Plno"


def test_another_provider_sees_and_answers_nothing(door: Door) -> None:
    course, parent = a_course(door), a_parent(door)
    order = parent.ordered(course, 80_000)
    other = approved(door, "pohyb", "jiny", OTHER_ICO)
    stranger = door.as_(Who(id="jiny", app="admin", providers={CITY: {other: "owner"}}))
    assert stranger.get(f"{AT}/orders/{order.id}").status == 404
    assert stranger.post(f"{AT}/orders/{order.id}/confirmation", key=new_id()).status == 404
    assert stranger.get(f"{AT}/providers/{course.provider}/orders").status == 404
    assert a_parent(door).inside.get(f"{AT}/orders/{order.id}").status == 404


# Time


def test_no_answer_in_time_returns_credit_and_place_once(door: Door, stand_at: StandAt) -> None:
    course, parent = a_course(door, days=30), a_parent(door)
    order = parent.ordered(course, 80_000)
    assert order.confirm_by == end_of(today() + timedelta(days=7))
    let_time_pass(stand_at, 8)
    late = course.answer(order, "confirmation")
    assert (late.status, late.body["code"]) == (409, "confirm_too_late")
    run_due()
    run_due()
    assert (at(order).state, at(order).money) == ("timed_out", "returned")
    assert (parent.left, course.places) == ((80_000, 0), 12)


def test_an_order_waits_to_its_last_second_and_is_then_answered_no_more(door: Door, stand_at: StandAt) -> None:
    course, answered, unanswered = a_course(door, days=30), a_parent(door), a_parent(door)
    first, second = answered.ordered(course, 80_000), unanswered.ordered(course, 80_000)
    stand_at(first.confirm_by)
    run_due()
    assert (at(first).state, at(second).state) == ("requested", "requested")
    assert course.answer(first, "confirmation").body["state"] == "confirmed"
    stand_at(second.confirm_by + timedelta(seconds=1))
    assert course.answer(second, "confirmation").body["code"] == "confirm_too_late"
    run_due()
    assert (at(first).state, at(second).state) == ("confirmed", "timed_out")


def test_attendance_is_noted_to_its_last_second(door: Door, stand_at: StandAt) -> None:
    course, parent = of_attendance(door), a_parent(door, programme="ucast")
    order = parent.ordered(course, 80_000)
    course.answer(order, "confirmation")
    noted_by = at(order).noted_by
    assert noted_by is not None
    stand_at(noted_by)
    run_due()
    assert at(order).state == "confirmed"
    stand_at(noted_by + timedelta(seconds=1))
    run_due()
    assert at(order).state == "not_attended"


def test_the_last_second_to_confirm_is_before_the_session_begins(door: Door) -> None:
    course, parent = a_course(door, days=3), a_parent(door)
    order = parent.ordered(course, 80_000)
    assert order.confirm_by == start_of(today() + timedelta(days=3)) - timedelta(seconds=1)


def test_an_order_in_a_running_session_has_all_its_days_and_can_be_cancelled_while_it_waits(door: Door) -> None:
    course, parent = a_course(door), a_parent(door)
    begun = a_session(days=-5, order_until=today().isoformat())
    sessions = course.desk.post(f"{AT}/activities/{course.activity}/sessions", begun).body["sessions"]
    order = parent.ordered(course, 80_000, session=sessions[0]["id"])
    assert order.confirm_by == end_of(today() + timedelta(days=7))
    cancelled = parent.inside.post(f"{AT}/orders/{order.id}/cancellation", {}, key=new_id())
    assert (cancelled.body["state"], parent.left) == ("cancelled", (80_000, 0))


def test_a_hold_outlives_the_validity_and_a_release_after_it_expires(door: Door, stand_at: StandAt) -> None:
    course = a_course(door, days=30)
    parent = a_parent(door, valid_until=end_of(today() + timedelta(days=2)))
    order = parent.ordered(course, 60_000)
    day = (today() + timedelta(days=2)).isoformat()
    let_time_pass(stand_at, 3)
    spender = Spender("system", "system", "expire")
    assert ledger.give_back(CITY, ledger.expiring(CITY, day), "expire", spender) == 20_000
    assert parent.left == (0, 60_000)
    course.answer(order, "rejection", {"reason": "Plno"})
    assert parent.left == (60_000, 0)
    assert parent.order(course, 100).body["code"] == "validity_ended"
    assert ledger.expiring(CITY, day) == []
    released_on = today().isoformat()
    assert ledger.give_back(CITY, ledger.expiring(CITY, released_on), "expire", spender) == 60_000
    assert parent.left == (0, 0)


def test_a_provider_is_reminded_of_an_order_without_an_answer_and_not_of_an_answered_one(
    door: Door, stand_at: StandAt
) -> None:
    course = a_course(door, days=30)
    silent, answered = a_parent(door).ordered(course, 100), a_parent(door).ordered(course, 100)
    course.answer(answered, "confirmation")
    before = len(mail())
    let_time_pass(stand_at, 4)
    messages.remind(CITY)
    messages.remind(CITY)
    reminders = [m for m in mail()[before:] if "čeká na potvrzení" in m.subject]
    assert [silent.id in m.text for m in reminders] == [True]


# Sessions


def test_a_cancelled_session_returns_everybodys_credit_and_tells_them(
    door: Door, sent: list[tuple[str, dict[str, object]]], stand_at: StandAt
) -> None:
    course = a_course(door)
    parents = [a_parent(door) for _ in range(3)]
    orders = [parent.ordered(course, 50_000) for parent in parents]
    course.answer(orders[0], "confirmation")
    before = len(mail())
    path = f"{AT}/activities/{course.activity}/sessions/{course.session}/cancellation"
    assert course.desk.post(path, {"reason": "Trenér onemocněl."}).body["sessions"][0]["state"] == "cancelled"
    run_due()
    assert {at(order).state for order in orders} == {"cancelled"}
    assert [parent.left for parent in parents] == [(80_000, 0)] * 3
    told = {m.to for m in mail()[before:] if "zrušená" in m.subject}
    assert told == {f"{parent.id}@obcan.example" for parent in parents}
    assert a_parent(door).order(course, 100).body["code"] == "session_cancelled"
    let_time_pass(stand_at, 1)
    run_due()
    assert store.due_rows(CITY, "", now(), 10) == []


def test_a_cancelled_session_ends_an_order_whose_payment_was_claimed_back(door: Door, stand_at: StandAt) -> None:
    a_programme("hned", payable_on="confirmation")
    course = a_course(door, approved(door, "hned", "druhy", OTHER_ICO))
    parent = a_parent(door, programme="hned")
    order = parent.ordered(course, 80_000)
    course.answer(order, "confirmation")
    [settled], _ = ledger.unsettled(CITY, course.provider, 10)
    transact([ledger.claim(CITY, settled, "line-1")])
    ledger.refund(CITY, parent.grant, settled.id, Spender("ucetni", "admin", new_id()))
    path = f"{AT}/activities/{course.activity}/sessions/{course.session}/cancellation"
    course.desk.post(path, {"reason": "Trenér onemocněl."})
    let_time_pass(stand_at, 1)
    run_due()
    assert (at(order).state, course.places, parent.left) == ("cancelled", 12, (80_000, 0))
    run_due()
    assert store.due_rows(CITY, "", now(), 10) == []


def test_a_moved_session_moves_its_orders_and_tells_their_citizens(door: Door, stand_at: StandAt) -> None:
    course, parent = a_course(door), a_parent(door)
    order = parent.ordered(course, 80_000)
    course.answer(order, "confirmation")
    later = today() + timedelta(days=20)
    session = {
        "starts_on": later.isoformat(),
        "ends_on": (later + timedelta(days=90)).isoformat(),
        "capacity": 12,
        "price_minor": 115_000,
        "order_until": later.isoformat(),
    }
    path = f"{AT}/activities/{course.activity}/sessions/{course.session}"
    moved = course.desk.put(path, session, version=course.version).body["sessions"][0]
    assert moved["moved_from"] == (today() + timedelta(days=10)).isoformat()
    before = len(mail())
    run_due()
    run_due()
    assert at(order).starts_on == later
    assert [m.subject for m in mail()[before:]] == ["Modřínov: termín se přesunul"]
    let_time_pass(stand_at, 12)
    run_due()
    assert owed(course.provider) == 0
    let_time_pass(stand_at, 21)
    run_due()
    assert owed(course.provider) == 80_000


# What was answered once


@pytest.mark.parametrize("first", ["confirmation", "rejection", "cancellation"])
@pytest.mark.parametrize("then", ["confirmation", "rejection", "cancellation"])
def test_an_answer_given_again_is_a_replay_and_another_one_is_refused(first: str, then: str, door: Door) -> None:
    course, parent = a_course(door), a_parent(door)
    order = parent.ordered(course, 80_000)
    bodies = {"confirmation": None, "rejection": {"reason": "Plno"}, "cancellation": {"reason": "Nemoc"}}
    assert course.answer(order, first, bodies[first]).status == 200
    after = at(order)
    again = course.answer(order, then, bodies[then])
    if first == then:
        assert (again.status, again.headers.get("Idempotent-Replayed")) == (200, "true")
    elif first == "confirmation" and then == "cancellation":
        assert (again.status, at(order).state) == (200, "cancelled")
        return
    else:
        assert (again.status, again.body["code"]) == (409, "order_closed")
    assert at(order) == after


def test_a_confirmation_behind_another_one_hears_that_it_was_answered_not_that_it_is_late(door: Door) -> None:
    course, parent = a_course(door), a_parent(door)
    seen = parent.ordered(course, 80_000)
    service.confirm(CITY, seen, course.owner)
    with pytest.raises(OrderClosed):
        service.confirm(CITY, seen, course.owner)


def test_of_two_people_neither_pays_with_the_others_credit(door: Door) -> None:
    course, one, other = a_course(door), a_parent(door), a_parent(door)
    for person, grant in ((one, other.grant), (other, one.grant)):
        assert person.order(course, 100, grant=grant.id).status == 404
    assert (one.left, other.left) == ((80_000, 0), (80_000, 0))


def test_orders_are_listed_the_newest_first(door: Door, stand_at: StandAt) -> None:
    course, parent = a_course(door, days=20), a_parent(door)
    first = parent.ordered(course, 100)
    let_time_pass(stand_at, 1)
    second = parent.ordered(course, 100)
    assert [order.id for order in service.orders_of(CITY, parent.who, parent.id)] == [second.id, first.id]


def test_every_order_of_a_person_is_in_their_export(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "ORDERS_OF_PERSON_MAX", 2)
    course, parent = a_course(door), a_parent(door)
    for credit_minor in (101, 102, 103):
        parent.ordered(course, credit_minor)
    assert len(service.orders_of(CITY, parent.who, parent.id)) == 2, "a screen shows the bounded list"
    exported = service._exported(CITY, parent.id)
    assert sorted(one["credit_minor"] for one in exported) == [101, 102, 103]


@pytest.mark.parametrize("programme", ["pohyb", "ucast"])
def test_time_changes_nothing_of_an_order_whose_time_has_not_come(programme: str, door: Door) -> None:
    course = of_attendance(door) if programme == "ucast" else a_course(door)
    order = a_parent(door, programme=programme).ordered(course, 80_000)
    course.answer(order, "confirmation")
    before = at(order)
    service.end_order(CITY, before)
    assert at(order) == before


@pytest.mark.parametrize("cancelled", [0, 1])
def test_a_cancelled_session_leaves_the_orders_of_another_one(cancelled: int, door: Door) -> None:
    course = a_course(door)
    path = f"{AT}/activities/{course.activity}/sessions"
    sessions = [one["id"] for one in course.desk.post(path, a_session(days=15)).body["sessions"]]
    parent = a_parent(door)
    orders = {id: parent.ordered(course, 100, session=id) for id in sessions}
    course.desk.post(f"{path}/{sessions[cancelled]}/cancellation", {"reason": "Nemoc"})
    run_due()
    assert [at(orders[id]).state for id in sessions] == [
        "cancelled" if place == cancelled else "requested" for place in range(2)
    ]


@pytest.mark.parametrize("programme", ["pohyb", "ucast"])
def test_a_moved_session_moves_the_time_to_note_attendance_where_the_programme_pays_by_it(
    programme: str, door: Door
) -> None:
    course = of_attendance(door) if programme == "ucast" else a_course(door)
    order = a_parent(door, programme=programme).ordered(course, 80_000)
    path = f"{AT}/activities/{course.activity}/sessions/{course.session}"
    assert course.desk.put(path, a_session(days=20), version=course.version).status == 200
    run_due()
    moved = service.offer(CITY, course.activity).session(course.session)
    assert at(order).starts_on == moved.starts_on
    assert at(order).noted_by == (noted_by(moved) if programme == "ucast" else None)


@pytest.mark.parametrize("answer", ["confirmation", "rejection", "cancellation"])
def test_the_clock_looks_again_only_at_orders_whose_credit_is_held(answer: str, door: Door) -> None:
    course = a_course(door)
    order = a_parent(door).ordered(course, 80_000)
    assert due(order) == order.confirm_by
    course.answer(order, answer, None if answer == "confirmation" else {"reason": "Nemoc"})
    assert due(at(order)) == (start_of(order.starts_on) if answer == "confirmation" else None)
    assert due(replace(at(order), money="payable")) is None


# What is answered is what is kept


def test_each_answer_to_an_order_gives_it_as_it_is_kept(door: Door, stand_at: StandAt) -> None:
    course, parent = a_course(door), a_parent(door)
    rejected, cancelled, given_up, came, stayed = (parent.ordered(course, 10_000) for _ in range(5))
    answers = [
        service.reject(CITY, rejected, course.owner, "Plno"),
        service.cancel(CITY, cancelled, parent.who),
        service.cancel(CITY, given_up, course.owner, "Nemoc"),
        service.confirm(CITY, came, course.owner),
        service.confirm(CITY, stayed, course.owner),
    ]
    assert [placed.order for placed in answers] == [at(placed.order) for placed in answers]
    let_time_pass(stand_at, 10)
    attended = [service.attend(CITY, at(order), course.owner, order is came) for order in (came, stayed)]
    assert [placed.order for placed in attended] == [at(came), at(stayed)]
    assert [placed.order.state for placed in attended] == ["attended", "not_attended"]


def test_attendance_noted_of_what_is_owed_already_gives_the_order_as_it_is_kept(door: Door, stand_at: StandAt) -> None:
    course, parent = a_course(door), a_parent(door)
    order = parent.ordered(course, 10_000)
    course.answer(order, "confirmation")
    let_time_pass(stand_at, 10)
    run_due()
    assert service.attend(CITY, at(order), course.owner, True).order == at(order)


def test_a_confirmation_that_pays_at_once_gives_the_order_as_it_is_kept(door: Door) -> None:
    a_programme("hned", payable_on="confirmation")
    course = a_course(door, approved(door, "hned", "druhy", OTHER_ICO))
    order = a_parent(door, programme="hned").ordered(course, 10_000)
    assert service.confirm(CITY, order, course.owner).order == at(order)


@pytest.mark.parametrize("state", ["requested", "confirmed"])
def test_a_moved_session_moves_the_providers_reminder_of_attendance_of_what_is_confirmed_alone(
    state: str, door: Door
) -> None:
    course = of_attendance(door)
    order = a_parent(door, programme="ucast").ordered(course, 80_000)
    if state == "confirmed":
        course.answer(order, "confirmation")

    def reminded() -> list[Any]:
        kept = kept_messages.deadline(CITY, digest("attendance_unnoted", order.id))
        return [kept.deadline.due_on] if kept else []

    assert reminded() == ([today() + timedelta(days=114)] if state == "confirmed" else [])
    path = f"{AT}/activities/{course.activity}/sessions/{course.session}"
    assert course.desk.put(path, a_session(days=20), version=course.version).status == 200
    run_due()
    assert at(order).starts_on == today() + timedelta(days=20)
    assert reminded() == ([today() + timedelta(days=124)] if state == "confirmed" else [])
