"""At the counter: check, redeem, take back. Nothing doubled, nothing lost, every "no" with its reason."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, gate, table, telemetry
from chalicelib.core.clock import end_of, now, start_of, to_text, today
from chalicelib.core.table import commit
from chalicelib.money.ledger import posting, spending
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Grant, Spender
from chalicelib.money.ledger.store import GrantItem, grant_key
from chalicelib.money.providers import store as provider_store
from chalicelib.money.vouchers import codes, counter, service
from chalicelib.money.vouchers.model import UNKNOWN_CODES_MAX
from tests.days import StandAt
from tests.door import Answer, Door
from tests.money.vouchers.build import (
    CITY,
    Scene,
    a_part,
    a_programme,
    a_voucher,
    codes_of,
    counted_requests,
    left,
    voucher_of,
)
from tests.money.vouchers.conftest import a_till

CHECK, REDEEM = f"/cities/{CITY}/vouchers/check", f"/cities/{CITY}/vouchers/redeem"


def check(till: Door, code: str) -> Answer:
    return till.post(CHECK, {"code": code})


def redeem(till: Door, code: str, amount_minor: int = 120_00, key: str = "key-00000001", **more: Any) -> Answer:
    """The till says that it made the key, unless the test says another one."""
    made_by = more.pop("made_by", (till.who or gate.read(till.token)).id)
    return till.post(REDEEM, {"code": code, "amount_minor": amount_minor, "till": made_by} | more, key=key)


def outcome(till: Door, code: str, key: str = "key-00000001", made_by: str | None = "till-1") -> Answer:
    return till.post(f"/cities/{CITY}/vouchers/outcome", {"code": code, "key": key, "till": made_by})


def undo(till: Door, receipt: dict[str, Any], key: str = "undo-0000001") -> Answer:
    path = f"/cities/{CITY}/vouchers/{receipt['voucher']}/redemptions/{receipt['id']}/undo"
    return till.post(path, key=key)


def test_a_voucher_is_checked_by_either_code_and_says_what_is_left(till: Door, scene: Scene) -> None:
    made = codes_of(a_voucher(scene))
    for code in (made.qr, made.short, made.short.lower().replace("-", " ")):
        answer = check(till, code)
        assert answer.status == 200, answer
        assert (answer.body["left_minor"], answer.body["currency"]) == (500_00, "CZK")
        assert answer.body["programme"]["name"]["cs"] == "Plavenka 60+"


def test_a_part_is_redeemed_and_the_rest_stays(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    answer = redeem(till, codes_of(voucher).qr)
    assert answer.status == 200, answer
    assert (answer.body["amount_minor"], answer.body["left_minor"]) == (120_00, 380_00)
    assert answer.body["replayed"] is False
    assert "Idempotent-Replayed" not in answer.headers
    assert re.fullmatch(r"\d{2} \d{3} \d{3}", answer.body["receipt_number"])
    assert left(voucher) == 380_00
    assert voucher_of(scene, voucher.id) == voucher, "a spend leaves the voucher itself alone"


def test_a_check_is_two_requests_and_a_redemption_three_with_one_transaction_of_two_items(
    till: Door, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = codes_of(a_voucher(scene)).qr
    with counted_requests() as asked:
        assert check(till, code).status == 200
    assert asked == ["BatchGetItem", "BatchGetItem"]

    sent: list[int] = []

    def noted(build: Any) -> None:
        sent.append(len(build()))
        table.transact(build)

    monkeypatch.setattr(posting, "transact", noted)
    with counted_requests() as asked:
        assert redeem(till, code).status == 200
    assert asked == ["BatchGetItem", "BatchGetItem", "TransactWriteItems"]
    assert sent == [2]


def test_a_check_needs_no_secret(till: Door, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    code = codes_of(a_voucher(scene)).short

    def no_secret() -> None:
        raise AssertionError("a check asked for the secret")

    monkeypatch.setattr("chalicelib.core.secrets.pepper", no_secret)
    assert check(till, code).status == 200


def test_the_same_key_five_times_is_one_debit_and_says_so(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    answers = [redeem(till, codes_of(voucher).qr) for _ in range(5)]
    assert [a.status for a in answers] == [200] * 5
    assert len({a.body["id"] for a in answers}) == 1
    assert [a.headers.get("Idempotent-Replayed") for a in answers] == [None] + ["true"] * 4
    assert left(voucher) == 380_00


def test_the_same_key_five_times_at_once_is_one_debit(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    code = codes_of(voucher).qr
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: redeem(till, code), range(5)))
    assert {a.status for a in answers} == {200}
    assert len({a.body["id"] for a in answers}) == 1
    assert sorted(a.body["replayed"] for a in answers) == [False] + [True] * 4
    assert left(voucher) == 380_00


def test_the_same_key_with_another_amount_is_refused_and_nothing_moves(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    assert redeem(till, codes_of(voucher).qr).status == 200
    other = redeem(till, codes_of(voucher).qr, 130_00)
    assert (other.status, other.body["code"]) == (409, "key_used_for_other_request")
    assert left(voucher) == 380_00


def test_a_redemption_without_a_key_is_refused(till: Door, scene: Scene) -> None:
    code = codes_of(a_voucher(scene)).qr
    answer = till.post(REDEEM, {"code": code, "amount_minor": 100})
    assert (answer.status, answer.body["code"]) == (400, "idempotency_key_missing")


@pytest.mark.parametrize("amount", [0, -1, 1.5, 10**12 + 1, "120", None, True])
def test_an_impossible_amount_is_refused_before_anything_is_read(till: Door, scene: Scene, amount: Any) -> None:
    code = codes_of(a_voucher(scene)).qr
    with counted_requests() as asked:
        answer = till.post(REDEEM, {"code": code, "amount_minor": amount}, key="key-00000001")
    assert (answer.status, asked) == (422, [])


def test_eight_parallel_redemptions_never_overdraw(door: Door, scene: Scene) -> None:
    voucher = a_voucher(scene, amount_minor=500_00)
    code = codes_of(voucher).qr
    tills = [a_till(door, scene.pool.id, f"till-{n}") for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: redeem(tills[n], code, 120_00, f"key-{n:08}"), range(8)))
    statuses = sorted(a.status for a in answers)
    assert statuses == [200] * 4 + [409] * 4
    assert {a.body["code"] for a in answers if a.status == 409} == {"credit_too_small"}
    assert left(voucher) == 20_00
    moved = [t for t in ledger.transfers_of(CITY, voucher.id) if t.kind == "redeem"]
    assert sum(t.amount_minor for t in moved) == 480_00


def test_more_than_is_left_is_refused_with_what_is_left(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    answer = redeem(till, codes_of(voucher).qr, 500_01)
    assert (answer.status, answer.body["code"]) == (409, "credit_too_small")
    assert answer.body["facts"] == {"asked_minor": 500_01, "left_minor": 500_00}
    assert left(voucher) == 500_00


def test_second_scan_of_a_used_voucher_is_refused_with_time_and_place(till: Door, door: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    first = redeem(till, codes_of(voucher).qr, 500_00)
    for answer in (check(till, codes_of(voucher).qr), redeem(till, codes_of(voucher).qr, 10_00, "key-00000002")):
        assert (answer.status, answer.body["code"]) == (409, "already_used")
        assert answer.body["facts"]["at"][:19] == first.body["at"][:19]
        assert answer.body["facts"]["where"] == "Městský bazén Modřínov, Pokladna 1"
    [redeemed] = service.redemptions_of(CITY, voucher.id)
    assert (redeemed.till, redeemed.amount_minor) == ("till-1", 500_00), "a refused scan changes nothing of the first"


def test_an_unknown_and_a_forged_code_are_told_apart_by_nothing(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    known = codes_of(voucher).qr
    forged = known[:-1] + ("0" if known[-1] != "0" else "1")
    answers = [
        check(till, code).body for code in (forged, "AM1.00000000000000000000000000", "AM9.X", "AM1." + "Z" * 60)
    ]
    for body in answers:
        del body["correlation_id"]
    assert answers == [answers[0]] * 4
    assert answers[0]["code"] == "voucher_unknown"


def test_an_unknown_code_writes_nothing_but_its_counts(till: Door, scene: Scene) -> None:
    with counted_requests() as asked:
        assert check(till, "AM1.00000000000000000000000000").status == 404
    assert asked == ["BatchGetItem", "TransactWriteItems", "BatchGetItem"]


def test_a_typing_mistake_is_found_before_anybody_is_asked(till: Door, scene: Scene) -> None:
    short = codes_of(a_voucher(scene)).short
    wrong = ("2" if short[0] != "2" else "3") + short[1:]
    with counted_requests() as asked:
        answer = check(till, wrong)
    assert (answer.status, answer.body["code"], asked) == (422, "code_mistyped", [])


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the alarm for guessed codes was raised by: place and its id."""
    raised: list[tuple[str, str]] = []
    monkeypatch.setattr(telemetry.log, "warning", lambda _what, **facts: raised.append((facts["what"], facts["id"])))
    return raised


def test_unknown_codes_never_stop_a_valid_voucher(till: Door, scene: Scene) -> None:
    known = codes_of(a_voucher(scene)).qr
    for n in range(2 * UNKNOWN_CODES_MAX["till"]):
        assert check(till, f"AM1.{n:026}").body["code"] == "voucher_unknown"
    assert check(till, known).status == 200
    assert redeem(till, known).status == 200


def test_guessing_from_one_till_raises_an_alarm_that_names_it(
    till: Door, scene: Scene, alarms: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(UNKNOWN_CODES_MAX["till"]):
        check(till, f"AM1.{n:026}")
    assert alarms == []
    check(till, f"AM1.{99:026}")
    assert alarms == [("till", "till-1")]
    assert '"CodesGuessed": [1.0]' in capsys.readouterr().out


def test_guessing_spread_over_tills_and_providers_raises_the_alarm_of_the_provider_and_of_the_codes(
    door: Door, scene: Scene, alarms: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter, "UNKNOWN_CODES_MAX", {"till": 2, "provider": 4, "space": 6})
    pool = [a_till(door, scene.pool.id, f"till-{n}") for n in range(3)]
    for n, till in enumerate([*pool, *pool[:2]]):
        check(till, f"AM1.{n:026}")
    assert alarms == [("provider", scene.pool.id)]
    shop = [a_till(door, scene.shop.id, f"till-{n}") for n in range(5, 7)]
    for n, till in enumerate(shop):
        check(till, f"AM1.{n:026}")
    assert alarms[1:] == [("space", "qr")]
    check(shop[0], codes.short_code(bytes(16)))
    assert alarms[2:] == [], "codes to type are another space"


def test_unknown_codes_are_counted_anew_every_quarter_of_an_hour(
    till: Door, scene: Scene, alarms: list[tuple[str, str]], stand_at: StandAt
) -> None:
    quarter = start_of(today()) + timedelta(hours=9, minutes=15)
    for at in (quarter - timedelta(seconds=1), quarter):
        stand_at(at)
        for n in range(UNKNOWN_CODES_MAX["till"]):
            check(till, f"AM1.{n:026}")
    assert alarms == []
    stand_at(quarter + timedelta(minutes=14, seconds=59))
    check(till, f"AM1.{99:026}")
    assert alarms == [("till", "till-1")]


def test_which_till_used_a_voucher_up_only_the_providers_own_people_are_told(
    till: Door, door: Door, scene: Scene
) -> None:
    commit(provider_store.add_part(CITY, a_part(scene.shop, scene.swimming)))
    voucher = a_voucher(scene)
    receipt = redeem(till, codes_of(voucher).qr, 500_00).body
    told = check(a_till(door, scene.shop.id, "till-2"), codes_of(voucher).qr).body
    assert (told["code"], told["facts"]["where"]) == ("already_used", "Městský bazén Modřínov")
    assert told["facts"]["at"][:19] == receipt["at"][:19]


def test_a_till_outside_the_programme_hears_that_the_voucher_is_good_elsewhere(other_till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    for answer in (check(other_till, codes_of(voucher).qr), redeem(other_till, codes_of(voucher).qr)):
        assert (answer.status, answer.body["code"]) == (409, "not_accepted_here")
        assert set(answer.body["facts"]) == {"programme", "valid_until"}, "what is left is none of this till's business"
    assert left(voucher) == 500_00


def test_a_suspended_part_refuses_but_a_redemption_done_before_still_finds_its_receipt(
    till: Door, scene: Scene
) -> None:
    voucher = a_voucher(scene)
    first = redeem(till, codes_of(voucher).qr)
    part = a_part(scene.pool, scene.swimming)
    commit(provider_store.save_part(CITY, type(part)(**{**part.__dict__, "state": "suspended"})))
    assert redeem(till, codes_of(voucher).qr, key="key-00000002").body["code"] == "not_accepted_here"
    again = redeem(till, codes_of(voucher).qr)
    assert (again.status, again.body["id"], again.body["replayed"]) == (200, first.body["id"], True)


def test_validity_ends_with_the_last_second_of_the_last_day_in_prague(
    till: Door, scene: Scene, stand_at: StandAt
) -> None:
    last_second = end_of(today() + timedelta(days=10))
    voucher = a_voucher(scene, valid_until=last_second)
    stand_at(last_second)
    assert check(till, codes_of(voucher).qr).status == 200
    assert redeem(till, codes_of(voucher).qr).status == 200
    stand_at(last_second + timedelta(seconds=1))
    late = redeem(till, codes_of(voucher).qr, key="key-00000002")
    assert (late.status, late.body["code"]) == (409, "validity_ended")
    assert check(till, codes_of(voucher).qr).body["code"] == "validity_ended"
    assert redeem(till, codes_of(voucher).qr).body["replayed"] is True, "a replay finds its receipt after the end"


def test_a_voucher_not_yet_valid_says_from_when(till: Door, scene: Scene) -> None:
    begins = start_of(today() + timedelta(days=3))
    voucher = a_voucher(scene, valid_from=begins)
    for answer in (check(till, codes_of(voucher).qr), redeem(till, codes_of(voucher).qr)):
        assert (answer.status, answer.body["code"]) == (409, "not_yet_valid")
    assert voucher_state(scene, voucher.id) == "not_yet_valid"


def voucher_state(scene: Scene, id: str) -> str | None:
    return service.held(CITY, scene.who, id).voucher_state


def test_a_purchase_below_the_least_price_is_refused(other_till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene, scene.books, 300_00)
    cheap = redeem(other_till, codes_of(voucher).qr, 140_00)
    assert (cheap.status, cheap.body["code"]) == (409, "below_min_price")
    assert redeem(other_till, codes_of(voucher).qr, 150_00, "key-00000002").status == 200


def test_the_shop_is_paid_the_price_and_never_more(other_till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene, scene.books, 300_00)
    more = redeem(other_till, codes_of(voucher).qr, 300_00, price_minor=200_00)
    assert (more.status, more.body["code"]) == (422, "above_price")
    dear = redeem(other_till, codes_of(voucher).qr, 300_00, "key-00000002", price_minor=420_00)
    assert (dear.status, dear.body["amount_minor"], dear.body["left_minor"]) == (200, 300_00, 0)


def test_a_single_use_voucher_is_closed_by_its_first_redemption(other_till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene, scene.books, 300_00)
    first = redeem(other_till, codes_of(voucher).qr, 200_00)
    assert first.body["left_minor"] == 0
    second = redeem(other_till, codes_of(voucher).qr, 160_00, "key-00000002")
    assert (second.status, second.body["code"]) == (409, "already_used")
    assert second.body["facts"]["where"] == "Knihkupectví U Sovy, Pokladna 1"


def test_a_single_use_voucher_is_won_by_one_of_two_tills(door: Door, scene: Scene) -> None:
    voucher = a_voucher(scene, scene.books, 300_00)
    code = codes_of(voucher).qr
    tills = [a_till(door, scene.shop.id, f"till-{n}") for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: redeem(tills[n], code, 150_00, f"key-{n:08}"), range(4)))
    assert sorted(a.status for a in answers) == [200, 409, 409, 409]


def test_a_suspended_grant_is_refused(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    commit(ledger.suspend(CITY, voucher.id))
    assert check(till, codes_of(voucher).qr).body["code"] == "grant_suspended"
    assert redeem(till, codes_of(voucher).qr).body["code"] == "grant_suspended"


# The same key after another pairing


def revoke(door: Door, scene: Scene, till: str) -> None:
    assert door.as_(scene.owner).delete(f"/cities/{CITY}/tills/{till}").status == 204


def test_a_lost_answer_asked_for_after_another_pairing_is_one_debit_and_the_outcome_is_told(
    till: Door, door: Door, scene: Scene
) -> None:
    voucher = a_voucher(scene)
    code = codes_of(voucher).qr
    lost = redeem(till, code).body
    revoke(door, scene, "till-1")
    again = a_till(door, scene.pool.id, "till-2")
    told = outcome(again, code)
    assert (told.status, told.body["receipt"]["id"], told.body["receipt"]["replayed"]) == (200, lost["id"], True)
    assert told.body["receipt"]["amount_minor"] == 120_00
    sent = redeem(again, code, made_by="till-1")
    assert (sent.status, sent.body["code"]) == (409, "made_by_another_till")
    for made_by in (None, "till-2"):
        resent = redeem(again, code, made_by=made_by)
        assert (resent.status, resent.body["id"], resent.body["replayed"]) == (200, lost["id"], True)
    assert left(voucher) == 380_00, "one debit, whoever asks and however it is sent"


def test_a_key_that_counted_for_its_till_alone_never_doubles(till: Door, door: Door, scene: Scene) -> None:
    """Before keys were a provider's, the id of a redemption came from its till and key."""
    voucher = a_voucher(scene)
    code = codes_of(voucher).qr
    grant = ledger.grant(CITY, voucher.id)
    assert grant is not None
    of_till = Spender("till-1", "reader", "key-00000001")
    old = ledger.spend(CITY, grant, 120_00, scene.pool.id, of_till, voucher_rev=1, till="till-1").transfer
    again = a_till(door, scene.pool.id, "till-2")
    assert outcome(again, code, made_by=None).body["receipt"]["id"] == old.id
    for one in (till, again):
        resent = redeem(one, code, made_by=None)
        assert (resent.status, resent.body["id"], resent.body["replayed"]) == (200, old.id, True)
        assert redeem(one, code, 130_00, made_by=None).body["code"] == "key_used_for_other_request"
    assert left(voucher) == 380_00


def test_whoever_asks_after_what_was_taken_back_meanwhile_is_told_so(till: Door, door: Door, scene: Scene) -> None:
    code = codes_of(a_voucher(scene)).qr
    lost = redeem(till, code)
    assert lost.body["undone_at"] is None

    def asked() -> list[dict[str, Any]]:
        return [redeem(till, code).body, outcome(till, code).body["receipt"]]

    assert [told["undone_at"] for told in asked()] == [None, None]
    assert undo(till, lost.body).status == 200
    for told in asked():
        assert (told["id"], told["replayed"], told["left_minor"]) == (lost.body["id"], True, 500_00)
        assert lost.body["at"] <= told["undone_at"] <= to_text(now())


def test_the_outcome_of_what_never_came_is_nothing_and_of_another_provider_is_not_told(
    till: Door, other_till: Door, scene: Scene
) -> None:
    code = codes_of(a_voucher(scene)).qr
    assert outcome(till, code).body["receipt"] is None
    assert redeem(till, code).status == 200
    assert outcome(other_till, code).body["code"] == "redemption_unknown"
    assert outcome(other_till, code, made_by=None).body["receipt"] is None


def test_two_providers_with_one_key_are_two_redemptions(till: Door, door: Door, scene: Scene) -> None:
    commit(provider_store.add_part(CITY, a_part(scene.shop, scene.swimming)))
    voucher = a_voucher(scene)
    for one in (till, a_till(door, scene.shop.id, "till-2")):
        assert redeem(one, codes_of(voucher).qr).body["replayed"] is False
    assert left(voucher) == 260_00


def test_a_revoked_till_moves_nothing_from_the_next_request_on(till: Door, door: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    code = codes_of(voucher).qr
    receipt = redeem(till, code).body
    revoke(door, scene, "till-1")
    for answer in (
        check(till, code),
        redeem(till, code, key="key-00000002"),
        undo(till, receipt),
        outcome(till, code),
    ):
        assert (answer.status, answer.body["code"]) == (401, "till_revoked")
    assert left(voucher) == 380_00


def test_taking_back_asks_for_the_till_with_what_it_asks_for_anyway(till: Door, scene: Scene) -> None:
    receipt = redeem(till, codes_of(a_voucher(scene)).qr).body
    with counted_requests() as asked:
        assert undo(till, receipt).status == 200
    assert asked == ["BatchGetItem", "GetItem", "GetItem", "GetItem", "TransactWriteItems"]


# Taking back


def test_a_mistake_is_taken_back_though_the_grant_was_suspended_meanwhile(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    receipt = redeem(till, codes_of(voucher).qr).body
    commit(ledger.suspend(CITY, voucher.id))
    assert undo(till, receipt).status == 200
    assert left(voucher) == 500_00
    assert redeem(till, codes_of(voucher).qr, key="key-00000002").body["code"] == "grant_suspended"


def test_a_redemption_is_taken_back_to_the_haler_and_the_money_can_be_spent_again(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    receipt = redeem(till, codes_of(voucher).qr, 500_00).body
    undone = undo(till, receipt)
    assert (undone.status, undone.body["left_minor"], undone.body["redemption"]) == (200, 500_00, receipt["id"])
    assert left(voucher) == 500_00
    assert redeem(till, codes_of(voucher).qr, 500_00, "key-00000002").status == 200


def test_taking_back_twice_moves_money_once(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    receipt = redeem(till, codes_of(voucher).qr).body
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: undo(till, receipt, f"undo-{n:07}"), range(4)))
    assert {a.status for a in answers} == {200}
    assert sorted(a.body["replayed"] for a in answers) == [False, True, True, True]
    assert {a.body["left_minor"] for a in answers} == {500_00}
    assert left(voucher) == 500_00


def test_a_cancelled_redemption_sent_again_gives_its_receipt_and_no_new_debit(till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    receipt = redeem(till, codes_of(voucher).qr).body
    undo(till, receipt)
    again = redeem(till, codes_of(voucher).qr)
    assert (again.status, again.body["id"], again.body["replayed"]) == (200, receipt["id"], True)
    assert left(voucher) == 500_00


def test_taking_back_ends_with_the_programmes_window(till: Door, scene: Scene, stand_at: StandAt) -> None:
    voucher = a_voucher(scene)
    receipt = redeem(till, codes_of(voucher).qr).body
    until = clock.from_text(receipt["undo_until"])
    assert until - clock.from_text(receipt["at"]) == timedelta(minutes=15)
    stand_at(until + timedelta(seconds=1))
    late = undo(till, receipt)
    assert (late.status, late.body["code"]) == (409, "undo_too_late")
    assert left(voucher) == 380_00
    stand_at(until)
    assert undo(till, receipt).status == 200
    stand_at(until + timedelta(seconds=1))
    assert undo(till, receipt).body["replayed"] is True, "the answer that was lost is given again after the window"


def test_another_provider_cannot_take_a_redemption_back(till: Door, other_till: Door, scene: Scene) -> None:
    receipt = redeem(till, codes_of(a_voucher(scene)).qr).body
    for stranger in (other_till,):
        answer = undo(stranger, receipt)
        assert (answer.status, answer.body["code"]) == (404, "redemption_unknown")


def test_another_till_and_the_owner_of_the_same_provider_can_take_it_back(till: Door, door: Door, scene: Scene) -> None:
    code = codes_of(a_voucher(scene)).qr
    first = redeem(till, code).body
    assert undo(a_till(door, scene.pool.id, "till-2"), first).status == 200
    second = redeem(till, code, key="key-00000002").body
    assert undo(door.as_(scene.owner), second).status == 200


def test_a_single_use_voucher_taken_back_can_be_used_again(other_till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene, scene.books, 300_00)
    receipt = redeem(other_till, codes_of(voucher).qr, 200_00).body
    assert undo(other_till, receipt).body["left_minor"] == 300_00
    assert redeem(other_till, codes_of(voucher).qr, 300_00, "key-00000002").status == 200


# The condition that guards it all


def test_the_parallel_test_fails_without_the_condition(
    door: Door, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the ledger's condition reduced to "exists", eight tills overdraw: the test above really guards it."""
    voucher = a_voucher(scene)
    code = codes_of(voucher).qr

    def careless(city: str, grant: Grant, _amount_minor: int, _at: Any, actions: Any, *_limits: Any) -> Any:
        return table.change(GrantItem.at(grant_key(city, grant.id)), actions, GrantItem.pk.exists())

    monkeypatch.setattr(spending, "_debit", careless)
    tills = [a_till(door, scene.pool.id, f"till-{n}") for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: redeem(tills[n], code, 120_00, f"key-{n:08}"), range(8)))
    assert {a.status for a in answers} == {200}
    assert left(voucher) < 0


# Limits and freezes


def test_a_programmes_limit_at_one_provider_holds_across_vouchers(till: Door, scene: Scene) -> None:
    limited = a_programme("Kino", "kino", provider_limit_minor=200_00)
    commit(provider_store.add_part(CITY, a_part(scene.pool, limited)))
    first, second = (a_voucher(scene, limited) for _ in range(2))
    receipt = redeem(till, codes_of(first).qr, 150_00, "key-limit-1")
    assert receipt.status == 200
    refused = redeem(till, codes_of(second).qr, 60_00, "key-limit-2")
    assert (refused.status, refused.body["code"]) == (409, "provider_limit_reached")
    assert undo(till, receipt.body).status == 200
    assert redeem(till, codes_of(second).qr, 200_00, "key-limit-3").status == 200


def test_a_frozen_till_says_so_and_what_was_done_before_finds_its_receipt(till: Door, scene: Scene) -> None:
    code = codes_of(a_voucher(scene)).qr
    before = redeem(till, code, 100_00, "key-frozen-1")
    ledger.freeze(CITY, "till", "till-1", "admin-1", "Podezření.")
    for answer in (check(till, code), redeem(till, code, 100_00, "key-frozen-2")):
        assert (answer.status, answer.body["code"], answer.body["facts"]["what"]) == (409, "frozen", "till")
        assert "Podezření" not in str(answer.body)
    again = redeem(till, code, 100_00, "key-frozen-1")
    assert (again.status, again.body["id"]) == (200, before.body["id"])
    ledger.unfreeze(CITY, "till", "till-1", "admin-1")
    assert redeem(till, code, 100_00, "key-frozen-2").status == 200
