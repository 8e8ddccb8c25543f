"""The scenarios that every release must pass, by number: what people and tills ask through the real door, and get."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.core import table as tables
from chalicelib.core.clock import end_of, today
from chalicelib.core.gate import Who
from chalicelib.core.ids import new_id
from chalicelib.core.work import Change
from chalicelib.money.ledger import service as ledger
from chalicelib.money.offers import store as offer_store
from chalicelib.money.offers.store import SessionItem, session_key
from chalicelib.money.payouts import service as payouts
from chalicelib.money.programmes import service as programmes
from chalicelib.money.vouchers import jobs as voucher_jobs
from chalicelib.money.vouchers import service as vouchers
from tests.door import Answer, Door
from tests.money.offers.build import a_course, a_parent
from tests.money.payouts.build import debit_of, returned, statement
from tests.money.programmes.build import AMOUNT, a_citizen, a_hall, an_open, submitted
from tests.money.vouchers.build import CITY, Scene, a_voucher, codes_of, counted_requests, left
from tests.money.vouchers.conftest import a_till
from tests.peers.build import AT, Died, Finance, Hands, answers_lost, at_once, dies_before, paid_line, stored, transfers
from tests.town.people.build import mail


def check(till: Door, code: str) -> Answer:
    return till.post(f"{AT}/vouchers/check", {"code": code})


def redeem(till: Door, code: str, amount_minor: Any = 120_00, key: str = "", **more: Any) -> Answer:
    return till.post(f"{AT}/vouchers/redeem", {"code": code, "amount_minor": amount_minor}, key=key or new_id(), **more)


def undo(till: Door, receipt: Any) -> Answer:
    path = f"{AT}/vouchers/{receipt['voucher']}/redemptions/{receipt['id']}/undo"
    return till.post(path, key=new_id())


def decide(door: Door, clerk: Who, application: str, outcome: str = "approve", key: str = "") -> Answer:
    return door.as_(clerk).post(f"{AT}/applications/{application}/decision", {"outcome": outcome}, key=key or new_id())


def test_01_a_used_single_use_voucher_is_refused_with_when_and_where(shop: Door, scene: Scene) -> None:
    voucher = a_voucher(scene, scene.books, 300_00)
    code = codes_of(voucher).qr
    first = redeem(shop, code, 300_00)
    before = stored()
    for answer in (redeem(shop, code, 160_00), check(shop, code)):
        assert (answer.status, answer.body["code"]) == (409, "already_used")
        assert answer.body["facts"]["at"][:19] == first.body["at"][:19]
        assert answer.body["facts"]["where"] == "Knihkupectví U Sovy, Pokladna 1"
    assert stored() == before


def test_02_an_unknown_and_a_forged_code_look_the_same_and_write_only_their_counts(till: Door, scene: Scene) -> None:
    known = codes_of(a_voucher(scene)).qr
    forged = known[:-1] + ("0" if known[-1] != "0" else "1")
    before = stored()
    answers = [answer for code in (forged, f"AM1.{'0' * 26}") for answer in (check(till, code), redeem(till, code))]
    for answer in answers:
        del answer.body["correlation_id"]
    assert [(answer.status, answer.body) for answer in answers] == [(404, answers[0].body)] * 4
    assert answers[0].body["code"] == "voucher_unknown"
    after = stored()
    changed = {item["kind"]["S"] for key, item in after.items() if before.get(key) != item}
    assert (changed, len(after) - len(before), before.keys() - after.keys()) == ({"unknown_codes"}, 3, set())


def test_03_the_approval_over_the_ceiling_is_refused_and_the_budget_stays(door: Door) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=AMOUNT + AMOUNT // 2, waiting_list=False)
    first, second = submitted(programme, a_citizen()), submitted(programme, a_citizen())
    assert decide(door, staff.clerk, first.id).body["state"] == "approved"
    refused = decide(door, staff.clerk, second.id)
    assert (refused.status, refused.body["code"]) == (409, "budget_exhausted")
    assert refused.body["facts"] == {"asked_minor": AMOUNT, "free_minor": AMOUNT // 2}
    assert programmes.budget(CITY, programme.id).free_minor == AMOUNT // 2
    assert ledger.grants_of(CITY, second.person) == []


def test_04_a_provider_outside_the_programme_is_refused(shop: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    before = stored()
    for answer in (check(shop, codes_of(voucher).qr), redeem(shop, codes_of(voucher).qr)):
        assert (answer.status, answer.body["code"]) == (409, "not_accepted_here")
    assert stored() == before


@pytest.mark.parametrize("amount", [0, -1, -100_00, 0.5, 100.01, 10**12 + 1, 10**30])
def test_05_an_impossible_amount_is_refused_before_anything_is_read(door: Door, table: str, amount: Any) -> None:
    till = a_till(door, "pool")
    citizen = door.as_(Who(id="citizen", app="moje", roles={CITY: ("citizen",)}))
    admin = door.as_(Who(id="admin", app="admin", roles={CITY: ("admin",)}))
    order = {"activity": "a", "session": "s", "grant": "g", "price_minor": 100, "credit_minor": amount}
    change = {"amount_minor": amount, "reason": "Usnesení"}
    with counted_requests() as asked:
        assert redeem(till, f"AM1.{'0' * 26}", amount).status == 422
        assert citizen.post(f"{AT}/orders", order, key=new_id()).status == 422
    assert asked == []
    with counted_requests() as asked:
        if amount >= 0:  # a budget may be cut
            assert admin.post(f"{AT}/programmes/p/budget-changes", change).status == 422
    assert asked in ([], ["Query"])  # whether the role still holds, and nothing of money


def test_06_of_two_holds_at_once_the_first_takes_all_and_the_second_is_refused(door: Door, courses: str) -> None:
    course, parent = a_course(door), a_parent(door)
    answers = at_once(*[lambda: parent.order(course, 80_000)] * 2)
    assert sorted(answer.status for answer in answers) == [201, 409]
    assert [answer.body["code"] for answer in answers if answer.status == 409] == ["credit_too_small"]
    assert (parent.left, course.places) == ((0, 80_000), 11)


def test_07_what_was_taken_back_can_be_spent_again_to_the_haler(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene, amount_minor=333_33)
    code = codes_of(voucher).qr
    assert undo(till, redeem(till, code, 333_33).body).body["left_minor"] == 333_33
    assert left(voucher) == 333_33
    assert redeem(till, code, 333_33).body["left_minor"] == 0


def test_08_a_cancelled_redemption_sent_again_is_the_first_receipt_and_no_new_debit(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    code, key = codes_of(voucher).qr, new_id()
    first = redeem(till, code, key=key)
    undo(till, first.body)
    again = redeem(till, code, key=key)
    assert (again.status, again.body["id"], again.headers["Idempotent-Replayed"]) == (200, first.body["id"], "true")
    assert left(voucher) == 500_00


@pytest.mark.parametrize(
    ("waiting_list", "status", "outcome"), [(True, 200, "waiting"), (False, 409, "budget_exhausted")]
)
def test_09_an_application_to_a_fully_allotted_programme_queues_or_is_refused_as_the_programme_says(
    door: Door, waiting_list: bool, status: int, outcome: str
) -> None:
    staff = a_hall()
    programme = an_open(staff, budget_minor=AMOUNT, waiting_list=waiting_list)
    first, second = submitted(programme, a_citizen()), submitted(programme, a_citizen())
    decide(door, staff.clerk, first.id)
    answer = decide(door, staff.clerk, second.id)
    assert (answer.status, answer.body["state"] if status == 200 else answer.body["code"]) == (status, outcome)
    assert programmes.budget(CITY, programme.id).free_minor == 0


def an_order(finance: Finance) -> tuple[str, str]:
    """A redemption of 120 Kč whose payment went to the bank: (payout, provider)."""
    redeem(finance.till, codes_of(a_voucher(finance.scene)).qr, 120_00)
    payout = finance.built()
    finance.release(payout)
    assert finance.export(payout).status == 200
    return payout, finance.scene.pool.id


def next_payout_carries_it(finance: Finance, told: str) -> None:
    assert any(message.subject == told for message in mail())
    [owed] = finance.lines(finance.built())
    assert (owed["provider"], owed["amount_minor"]) == (finance.scene.pool.id, 120_00)


def test_10_a_line_that_the_bank_rejects_is_unpaid_again_told_of_and_in_the_next_payout(finance: Finance) -> None:
    payout, pool = an_order(finance)
    refused = finance.desk.post(f"{AT}/payouts/{payout}/lines/{pool}/reject", {"reason": "Účet neexistuje."})
    assert (refused.status, refused.body["state"]) == (200, "rejected")
    next_payout_carries_it(finance, "Platba neprošla, zkontrolujte účet")


def test_10_a_line_that_the_bank_sends_back_later_too(finance: Finance) -> None:
    payout, pool = an_order(finance)
    line = paid_line(payout, pool)
    day = line.due_on or today()
    finance.import_statement(statement(1, day, [debit_of(line, day)]))
    back = returned(line, day)
    assert finance.import_statement(statement(2, back.booked_on, [back]))["returns_proposed"] == 1
    [offered] = finance.desk.get(f"{AT}/doubts").body["items"]
    assert [option["line"] for option in offered["options"]] == [line.id]
    assert finance.desk.post(f"{AT}/doubts/{offered['id']}", {"answer": line.id}).status == 204
    assert paid_line(payout, pool).state == "returned"
    next_payout_carries_it(finance, "Platba se vrátila, zkontrolujte účet")


def test_11_ten_redemptions_and_their_payment_are_equal_to_the_haler(finance: Finance) -> None:
    amounts = [123_45, 1, 99_99, 33, 7, 100_00, 200_01, 3, 11, 50_00]
    for amount_minor in amounts:
        assert redeem(finance.till, codes_of(a_voucher(finance.scene)).qr, amount_minor).status == 200
    payout = finance.built()
    finance.release(payout)
    out = finance.export(payout).body
    [line] = finance.lines(payout)
    behind = finance.desk.get(f"{AT}/payouts/{payout}/lines/{line['provider']}/remittance").body["items"]
    assert sorted(row["payable_minor"] for row in behind) == sorted(amounts)
    assert {line["amount_minor"], out["total_minor"], sum(file["sum_minor"] for file in out["files"])} == {sum(amounts)}


def test_12_the_same_key_gives_the_same_receipt_and_says_that_it_is_a_replay(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    code, key = codes_of(voucher).qr, new_id()
    first, again = redeem(till, code, key=key), redeem(till, code, key=key)
    same = ("id", "receipt_number", "amount_minor", "at", "voucher")
    assert [again.body[name] for name in same] == [first.body[name] for name in same]
    assert (first.body["replayed"], again.body["replayed"]) == (False, True)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert left(voucher) == 380_00


def test_13_the_same_key_with_other_content_is_refused_and_nothing_moves(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    code, key = codes_of(voucher).qr, new_id()
    redeem(till, code, key=key)
    before = stored()
    other = redeem(till, code, 130_00, key=key)
    assert (other.status, other.body["code"]) == (409, "key_used_for_other_request")
    assert stored() == before


def test_14_a_hold_of_15_of_100_rejected_is_100_again(door: Door, courses: str) -> None:
    course, parent = a_course(door), a_parent(door, 100_00)
    assert parent.left == (100_00, 0)
    order = parent.ordered(course, 15_00)
    assert parent.left == (85_00, 15_00)
    assert course.answer(order, "rejection", {"reason": "Skupina je plná."}).body["state"] == "rejected"
    assert parent.left == (100_00, 0)


@pytest.mark.parametrize("last_day", [date(2026, 12, 31), date(2027, 3, 28), date(2026, 10, 25)])
def test_15_the_last_second_of_the_last_day_in_prague_is_valid_and_the_next_is_not(
    till: Door, scene: Scene, hands: Hands, last_day: date
) -> None:
    last_second = end_of(last_day)
    voucher = a_voucher(scene, valid_from=last_second - timedelta(days=9), valid_until=last_second)
    code = codes_of(voucher).qr
    with hands.at(last_second):
        assert check(till, code).status == 200
        assert redeem(till, code).status == 200
    with hands.at(last_second + timedelta(seconds=1)):
        for answer in (check(till, code), redeem(till, code)):
            assert (answer.status, answer.body["code"]) == (409, "validity_ended")
    assert left(voucher) == 380_00


BUYERS = 6


def buy_the_last_place(door: Door) -> tuple[list[int], int]:
    """Six buyers at once for one place: (statuses, places that are left)."""
    course = a_course(door, capacity=1)
    parents = [a_parent(door) for _ in range(BUYERS)]
    answers = at_once(*[lambda parent=parent: parent.order(course, 50_000) for parent in parents])
    held = sum(parent.left[1] for parent in parents)
    assert held == 50_000 * sum(answer.status == 201 for answer in answers)
    return sorted(answer.status for answer in answers), course.places


def test_16_of_many_buyers_of_the_last_place_exactly_one_wins(door: Door, courses: str) -> None:
    assert buy_the_last_place(door) == ([201] + [409] * (BUYERS - 1), 0)


def test_16_fails_without_the_condition(door: Door, courses: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the place's condition reduced to "exists" all win, so nothing else stands in for it."""

    def careless(city: str, session: Any) -> tables.Write:
        item = SessionItem.at(session_key(city, session.activity, session.id))
        return tables.change(item, [SessionItem.places.set(SessionItem.places - 1)], SessionItem.pk.exists())

    monkeypatch.setattr(offer_store, "take_place", careless)
    assert buy_the_last_place(door) == ([201] * BUYERS, 1 - BUYERS)


def test_17_two_clerks_approve_one_application_at_once_and_one_voucher_is_made(door: Door, bucket: str) -> None:
    staff = a_hall()
    programme = an_open(staff, mode="voucher", denominations_minor=(AMOUNT,))
    sent = submitted(programme, a_citizen())
    clerks = (staff.clerk, staff.clerk2) * 2
    answers = at_once(*[lambda clerk=clerk: decide(door, clerk, sent.id) for clerk in clerks])
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    assert {answer.body["code"] for answer in answers if answer.status == 409} == {"already_decided"}
    [grant] = ledger.grants_of(CITY, sent.person)
    made = Change(CITY, "grant", f"{CITY}#G#{grant.id}", "A", "INSERT")
    at_once(*[lambda: voucher_jobs.changed(made)] * 4)
    assert [held.voucher is not None for held in vouchers.held_by(CITY, sent.person)] == [True]
    codes = [item for item in stored().values() if item["kind"]["S"] == "voucher_code"]
    assert len(codes) == 2, "one voucher has a code to scan and one to type"
    assert programmes.budget(CITY, programme.id).free_minor == 9 * AMOUNT


def test_18_two_payouts_built_at_once_hold_each_redemption_exactly_once(finance: Finance) -> None:
    codes = [codes_of(a_voucher(finance.scene)).qr for _ in range(40)]
    with ThreadPoolExecutor(4) as tills:
        redeemed = list(tills.map(lambda code: redeem(finance.till, code, 10_00).body["id"], codes))
    asked = [finance.start(), finance.start()]
    at_once(*[lambda payout=payout: finance.run_build(payout) for payout in asked])
    lines = [line for payout in asked for line in finance.lines(payout)]
    claimed = [transfer.id for line in lines for transfer in ledger.claimed(CITY, line["id"])]
    assert sorted(claimed) == sorted(redeemed)
    assert sum(line["amount_minor"] for line in lines) == 40 * 10_00


@pytest.mark.parametrize("made_again", [True, False], ids=["the order is made again", "the statement comes first"])
def test_19_the_bank_took_the_file_and_our_commit_failed_ends_without_a_second_order(
    finance: Finance, made_again: bool
) -> None:
    redeem(finance.till, codes_of(a_voucher(finance.scene)).qr, 120_00)
    payout = finance.built()
    finance.release(payout)
    with dies_before('"exported"') as died, pytest.raises(Died):
        finance.export(payout)
    assert died
    order_taken = files_of_orders()
    assert len(order_taken) == 1
    assert not made_again or finance.export(payout).status == 200

    line = paid_line(payout, finance.scene.pool.id)
    day = line.due_on or today()
    data = statement(1, day, [debit_of(line, day)])
    assert finance.import_statement(data)["debited"] == 1
    assert finance.payout(payout)["state"] == "settled"
    assert finance.import_statement(data)["repeated"] is True
    assert finance.export(payout).body["code"] == "payout_not_in_state"
    assert files_of_orders() == order_taken, "the same order under the same name, not a second one"
    assert payouts.payout(CITY, finance.built()).state == "cancelled", "nothing is owed: the next payout is empty"
    assert [moved.kind for moved in ledger.journal(CITY, today())].count("pay") == 1


def files_of_orders() -> dict[str, bytes]:
    """What is kept for the bank: names and contents."""
    from chalicelib.core.aws import client
    from chalicelib.core.settings import settings

    bucket = settings().bucket_documents
    names = [one["Key"] for one in client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]
    return {
        name: client("s3").get_object(Bucket=bucket, Key=name)["Body"].read() for name in names if "payouts" in name
    }


def test_20_one_scan_sent_five_times_over_a_bad_network_is_one_debit(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    code, key = codes_of(voucher).qr, new_id()
    with answers_lost(2) as lost:
        answers = at_once(*[lambda: redeem(till, code, key=key)] * 5)
    assert len(lost) == 2
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body["id"] for answer in answers}) == 1
    assert left(voucher) == 380_00
    moved = [body for body in transfers(stored()).values() if '"kind":"redeem"' in body]
    assert len(moved) == 1
