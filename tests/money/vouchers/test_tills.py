"""Tills: paired once, signed in for minutes, revoked at once, counted by the day."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core import clock, gate
from chalicelib.core.clock import today
from chalicelib.core.gate import CASHIER, OWNER, Who
from chalicelib.core.table import commit, read_many, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import AlreadyPaidOut
from chalicelib.money.providers import store as provider_store
from chalicelib.money.vouchers import codes, counter, service, store
from chalicelib.money.vouchers.model import Pairing, PairingCodeInvalid, Shift, Till
from tests.days import StandAt
from tests.door import Answer, Door
from tests.money.vouchers.build import CITY, Scene, a_paired_till, a_part, a_programme, a_voucher, codes_of, left
from tests.money.vouchers.test_counter import check, redeem, undo

TILLS = f"/cities/{CITY}/tills"


def offer(door: Door, scene: Scene, branch: str = "b1") -> Answer:
    body = {"provider": scene.pool.id, "branch": branch, "name": "Pokladna 1"}
    return door.as_(scene.owner).post(f"{TILLS}/pairings", body)


def paired(door: Door, scene: Scene) -> str:
    """A device's token."""
    answer = door.post(f"{TILLS}/pair", {"code": offer(door, scene).body["code"]})
    assert answer.status == 201, answer
    return str(answer.body["device_token"])


def signed_in(door: Door, token: str) -> Door:
    answer = door.post(f"{TILLS}/session", {"device_token": token})
    assert answer.status == 200, answer
    return door.as_(str(answer.body["access_token"]))


def test_a_device_is_paired_and_redeems(door: Door, scene: Scene) -> None:
    till = signed_in(door, paired(door, scene))
    me = till.get(f"{TILLS}/me").body
    assert (me["name"], me["provider_name"], me["branch_name"], me["city_name"]) == (
        "Pokladna 1",
        "Městský bazén Modřínov",
        "Městský bazén Modřínov",
        "Modřínov",
    )
    assert [p["name"]["cs"] for p in me["programmes"]] == ["Plavenka 60+"]
    voucher = a_voucher(scene)
    assert redeem(till, codes_of(voucher).qr).status == 200
    assert left(voucher) == 380_00


def test_the_pairing_link_carries_the_code_where_no_server_sees_it(door: Door, scene: Scene) -> None:
    made = offer(door, scene).body
    path, _, fragment = made["link"].partition("#")
    assert path.endswith("/reader/parovani")
    assert fragment == f"{CITY}/{made['code']}"


def test_a_pairing_code_works_once_even_for_two_at_once(door: Door, scene: Scene) -> None:
    code = offer(door, scene).body["code"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: door.post(f"{TILLS}/pair", {"code": code}), range(4)))
    assert sorted(a.status for a in answers) == [201, 409, 409, 409]
    assert {a.body["code"] for a in answers if a.status == 409} == {"pairing_code_invalid"}
    assert len(door.as_(scene.owner).get(TILLS, query={"provider": scene.pool.id}).body["items"]) == 1


def test_a_pairing_code_ends_after_ten_minutes(door: Door, scene: Scene, stand_at: StandAt) -> None:
    made = offer(door, scene).body
    late = clock.now() + timedelta(minutes=10)
    stand_at(late)
    answer = door.post(f"{TILLS}/pair", {"code": made["code"]})
    assert (answer.status, answer.body["code"]) == (409, "pairing_code_invalid")


def test_a_pairing_code_works_to_its_last_moment(door: Door, scene: Scene, stand_at: StandAt) -> None:
    stand_at(clock.now())
    made = offer(door, scene).body
    ends = clock.from_text(made["expires_at"])
    assert ends - clock.now() == timedelta(minutes=10)
    stand_at(ends - timedelta(seconds=1))
    assert door.post(f"{TILLS}/pair", {"code": made["code"]}).status == 201


def test_a_pairing_code_that_ended_is_refused_by_the_write_too(scene: Scene, stand_at: StandAt) -> None:
    """Whoever read the offer in its last moment and comes to write after it makes no till."""
    ends = clock.now()
    commit(store.new_pairing(CITY, "digest", Pairing(scene.pool.id, "b1", "Pokladna", scene.owner.id, ends)))
    with pytest.raises(PairingCodeInvalid):
        transact([store.use_pairing(CITY, "digest", ends)])
    transact([store.use_pairing(CITY, "digest", ends - timedelta(seconds=1))])
    with pytest.raises(PairingCodeInvalid):
        transact([store.use_pairing(CITY, "digest", ends - timedelta(seconds=1))])


def test_a_provider_has_fifty_tills_and_a_removed_one_makes_room(door: Door, scene: Scene) -> None:
    for n in range(49):
        a_paired_till(scene.pool.id, f"till-{n:02}")
    assert offer(door, scene).status == 201
    a_paired_till(scene.pool.id, "till-49")
    refused = offer(door, scene)
    assert (refused.status, refused.body["code"], refused.body["facts"]) == (409, "too_many_tills", {"tills_max": 50})
    assert door.as_(scene.owner).delete(f"{TILLS}/till-00").status == 204
    assert offer(door, scene).status == 201


def test_what_is_kept_of_offers_shifts_and_unknown_codes_ends_by_itself_after_its_use(scene: Scene) -> None:
    at = clock.now()
    till = Till("till-1", scene.pool.id, "b1", "Pokladna", "", "owner-1", at)
    commit(store.new_till(CITY, till))
    commit(store.new_pairing(CITY, "digest", Pairing(scene.pool.id, "b1", "Pokladna", "owner-1", at)))
    transact(store.begin_shift(CITY, till, Shift("till-1", "Jana", at)))
    store.count_unknown(CITY, {"till": "till-1"}, at)
    keys = [
        store.pairing_key(CITY, "digest"),
        store.shift_key(CITY, "till-1", at),
        store.unknown_codes_key(CITY, "till", "till-1", at),
    ]
    found = read_many(keys)
    kept = [timedelta(seconds=int(found[key].ttl or 0) - int(at.timestamp())) for key in keys]
    assert kept == [timedelta(days=1), timedelta(days=400), timedelta(minutes=30)]


def test_a_guessed_pairing_code_is_refused_like_a_used_one(door: Door, scene: Scene) -> None:
    answer = door.post(f"{TILLS}/pair", {"code": codes.pairing_code(bytes(16))})
    assert (answer.status, answer.body["code"]) == (409, "pairing_code_invalid")


def test_only_the_owner_of_the_provider_offers_a_pairing(door: Door, scene: Scene) -> None:
    body = {"provider": scene.pool.id, "branch": "b1", "name": "Pokladna"}
    stranger = Who(id="owner-2", app="admin", providers={CITY: {scene.shop.id: OWNER}})
    cashier = Who(id="cashier-1", app="admin", providers={CITY: {scene.pool.id: CASHIER}})
    assert door.as_(stranger).post(f"{TILLS}/pairings", body).status == 404
    assert door.as_(cashier).post(f"{TILLS}/pairings", body).status == 403
    assert door.post(f"{TILLS}/pairings", body).status == 401


def test_a_closed_branch_gets_no_till(door: Door, scene: Scene) -> None:
    assert offer(door, scene, "b2").body["code"] == "branch_closed"
    assert offer(door, scene, "nowhere").status in (404, 422)


def test_access_lasts_five_minutes_at_most(door: Door, scene: Scene) -> None:
    token = paired(door, scene)
    answer = door.post(f"{TILLS}/session", {"device_token": token})
    who = gate.read(answer.body["access_token"])
    assert (who.app, who.roles, who.providers) == ("reader", {CITY: ("till",)}, {CITY: {scene.pool.id: "till"}})
    assert clock.from_text(answer.body["expires_at"]) <= clock.now() + timedelta(minutes=5)


@pytest.mark.parametrize("forged", ["x" * 40, "01m7w000000000000000000000.secretsecretsecret"])
def test_a_forged_device_token_opens_nothing(door: Door, scene: Scene, forged: str) -> None:
    paired(door, scene)
    answer = door.post(f"{TILLS}/session", {"device_token": forged})
    assert (answer.status, answer.body["code"]) == (401, "till_revoked")


def test_a_token_with_one_letter_changed_opens_nothing(door: Door, scene: Scene) -> None:
    token = paired(door, scene)
    wrong = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert door.post(f"{TILLS}/session", {"device_token": wrong}).status == 401


def test_a_revoked_till_is_out(door: Door, scene: Scene) -> None:
    token = paired(door, scene)
    owner = door.as_(scene.owner)
    [till] = owner.get(TILLS, query={"provider": scene.pool.id}).body["items"]
    for _ in range(2):
        assert owner.delete(f"{TILLS}/{till['id']}").status == 204
    assert door.post(f"{TILLS}/session", {"device_token": token}).body["code"] == "till_revoked"
    assert owner.get(TILLS, query={"provider": scene.pool.id}).body["items"] == []


def test_a_revoked_till_or_one_that_never_was_is_told_so_at_every_door_of_its_own(door: Door, scene: Scene) -> None:
    gone = door.as_(a_paired_till(scene.pool.id))
    assert door.as_(scene.owner).delete(f"{TILLS}/till-1").status == 204
    never = door.as_(replace(a_paired_till(scene.pool.id, "till-2"), id="till-3", session="till-3"))
    for till in (gone, never):
        for answer in (till.get(f"{TILLS}/me"), till.post(f"{TILLS}/me/shift", {"cashier": "Jana"})):
            assert (answer.status, answer.body["code"]) == (401, "till_revoked")
    assert list(store.shifts(CITY, "till-1", clock.now() - timedelta(days=1), clock.now())) == []


def test_a_till_accepts_vouchers_of_the_programmes_that_take_its_provider_and_no_credit(
    door: Door, till: Door, scene: Scene
) -> None:
    credit = a_programme("Kroužky", "kroužky", mode="credit", denominations_minor=())
    elsewhere = a_programme("Kino", "kino", providers=(scene.shop.id,))
    for programme in (credit, elsewhere):
        commit(provider_store.add_part(CITY, a_part(scene.pool, programme)))
    assert [one["id"] for one in till.get(f"{TILLS}/me").body["programmes"]] == [scene.swimming.id]


def test_tills_are_listed_in_the_order_in_which_they_were_paired(door: Door, scene: Scene, stand_at: StandAt) -> None:
    for n, id in enumerate(("till-9", "till-1", "till-5")):
        stand_at(clock.start_of(today()) + timedelta(hours=1, minutes=n))
        a_paired_till(scene.pool.id, id)
    listed = door.as_(scene.owner).get(TILLS, query={"provider": scene.pool.id}).body["items"]
    assert [one["id"] for one in listed] == ["till-9", "till-1", "till-5"]


def test_a_till_is_renamed_by_its_owner_and_nobody_else(door: Door, scene: Scene) -> None:
    paired(door, scene)
    owner = door.as_(scene.owner)
    [till] = owner.get(TILLS, query={"provider": scene.pool.id}).body["items"]
    path = f"{TILLS}/{till['id']}"
    renamed = owner.patch(path, {"name": "Vstup"}, version=till["v"])
    assert (renamed.status, renamed.body["name"]) == (200, "Vstup")
    assert owner.patch(path, {"name": "Jinak"}, version=till["v"]).status == 409
    stranger = door.as_(Who(id="owner-2", app="admin", providers={CITY: {scene.shop.id: OWNER}}))
    assert stranger.patch(path, {"name": "Moje"}, version=2).status == 404
    assert stranger.delete(path).status == 404


def test_a_day_holds_every_redemption_of_the_till_and_who_stood_there(
    door: Door, till: Door, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = signed_in(door, paired(door, scene))
    assert mine.post(f"{TILLS}/me/shift", {"cashier": "Jana"}).status == 200
    assert mine.get(f"{TILLS}/me").body["cashier"] == "Jana"
    code = codes_of(a_voucher(scene)).qr
    first = redeem(mine, code, 100_00, "key-00000001").body
    second = redeem(mine, code, 50_00, "key-00000002").body
    undo(mine, second)
    redeem(till, code, 30_00, "key-00000003")

    day = mine.get(f"{TILLS}/me/day").body
    assert (day["day"], day["count"], day["total_minor"]) == (today().isoformat(), 1, 100_00)
    assert [(line["id"], line["state"], line["cashier"]) for line in day["items"]] == [
        (second["id"], "undone", "Jana"),
        (first["id"], "accepted", "Jana"),
    ]
    assert day["items"][0]["programme_name"]["cs"] == "Plavenka 60+"
    yesterday = (today() - timedelta(days=1)).isoformat()
    assert mine.get(f"{TILLS}/me/day", query={"day": yesterday}).body["items"] == []


def test_a_provider_sees_the_day_of_all_its_tills_and_nobody_elses(door: Door, scene: Scene) -> None:
    one, other = signed_in(door, paired(door, scene)), signed_in(door, paired(door, scene))
    code = codes_of(a_voucher(scene)).qr
    redeem(one, code, 100_00, "key-00000001")
    redeem(other, code, 50_00, "key-00000002")
    owner, path = door.as_(scene.owner), f"/cities/{CITY}/vouchers/redemptions"
    tills = owner.get(TILLS, query={"provider": scene.pool.id}).body["items"]
    owner.delete(f"{TILLS}/{tills[0]['id']}")
    day = owner.get(path, query={"provider": scene.pool.id}).body
    assert (day["count"], day["total_minor"]) == (2, 150_00)
    assert [line["till_name"] for line in day["items"]] == ["Pokladna 1"] * 2, "a revoked till keeps its name"
    assert owner.get(path, query={"provider": scene.shop.id}).status == 404


def test_a_sale_before_midnight_taken_back_after_it_is_shown_so(till: Door, scene: Scene, stand_at: StandAt) -> None:

    yesterday = today() - timedelta(days=1)
    late = clock.end_of(yesterday) - timedelta(minutes=1)
    voucher = a_voucher(scene, valid_from=late - timedelta(days=1))
    stand_at(late)
    receipt = redeem(till, codes_of(voucher).qr, 100_00).body
    stand_at(late + timedelta(minutes=5))
    assert undo(till, receipt).status == 200
    [line] = counter.day_of_till(CITY, "till-1", yesterday).lines
    assert line.state == "undone"


@pytest.mark.parametrize(("hours", "cashier"), [(2, "Jana"), (16, "Jana"), (17, "")])
def test_who_began_in_the_evening_stood_there_after_midnight_for_sixteen_hours_at_most(
    hours: int, cashier: str, till: Door, scene: Scene, stand_at: StandAt
) -> None:
    midnight = clock.start_of(today())
    stand_at(midnight - timedelta(hours=hours))
    voucher = a_voucher(scene, valid_from=clock.now())
    assert till.post(f"{TILLS}/me/shift", {"cashier": "Jana"}).status == 200
    stand_at(midnight + timedelta(minutes=5))
    assert redeem(till, codes_of(voucher).qr).status == 200
    [line] = till.get(f"{TILLS}/me/day").body["items"]
    assert line["cashier"] == cashier


def test_a_days_lines_say_what_became_of_them_to_the_provider_and_until_when_the_till_may_take_them_back(
    door: Door, till: Door, scene: Scene
) -> None:
    voucher = a_voucher(scene)
    code = codes_of(voucher).qr
    disputed, claimed = redeem(till, code).body, redeem(till, code, 20_00, "key-00000002").body
    door.as_(scene.who).post(f"/cities/{CITY}/vouchers/{voucher.id}/redemptions/{disputed['id']}/dispute", {})
    transfer = ledger.transfer(CITY, voucher.id, claimed["id"])
    assert transfer is not None
    transact([ledger.claim(CITY, transfer, "line-1")])
    ofs = door.as_(scene.owner).get(f"/cities/{CITY}/vouchers/redemptions", query={"provider": scene.pool.id}).body
    assert {line["id"]: line["state"] for line in ofs["items"]} == {
        disputed["id"]: "disputed",
        claimed["id"]: "accepted",
    }
    mine = till.get(f"{TILLS}/me/day").body
    assert [(line["state"], line["undo_until"]) for line in mine["items"]] == [
        ("accepted", claimed["undo_until"]),
        ("accepted", disputed["undo_until"]),
    ]


# Disputes


def test_a_holder_disputes_a_redemption_and_the_town_takes_it_back(door: Door, till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    receipt = redeem(till, codes_of(voucher).qr).body
    base = f"/cities/{CITY}/vouchers/{voucher.id}/redemptions/{receipt['id']}"
    citizen, clerk = door.as_(scene.who), door.as_(Who(id="clerk-1", app="admin", roles={CITY: ("clerk",)}))
    for _ in range(2):
        said = citizen.post(f"{base}/dispute", {"text": "V ten den jsem tam nebyla."})
        assert (said.status, said.body["state"]) == (200, "disputed")
    assert left(voucher) == 380_00, "a dispute moves no money"
    [waiting] = clerk.get(f"/cities/{CITY}/disputes").body["items"]
    assert (waiting["amount_minor"], waiting["text"]) == (120_00, "V ten den jsem tam nebyla.")
    closed = clerk.post(f"{base}/outcome", {"upheld": True, "outcome": "Pokladna se spletla."})
    assert closed.status == 200, closed
    assert left(voucher) == 500_00
    assert clerk.get(f"/cities/{CITY}/disputes").body["items"] == []
    assert clerk.post(f"{base}/outcome", {"upheld": False, "outcome": "Ne."}).body["code"] == "dispute_closed"
    assert service.redemptions_of(CITY, voucher.id)[0].state == "undone"


def test_a_dispute_that_is_not_upheld_leaves_the_money(door: Door, till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    receipt = redeem(till, codes_of(voucher).qr).body
    base = f"/cities/{CITY}/vouchers/{voucher.id}/redemptions/{receipt['id']}"
    clerk = door.as_(Who(id="clerk-1", app="admin", roles={CITY: ("clerk",)}))
    assert clerk.post(f"{base}/outcome", {"upheld": False, "outcome": "Nic."}).body["code"] == "redemption_unknown"
    door.as_(scene.who).post(f"{base}/dispute", {})
    assert clerk.post(f"{base}/outcome", {"upheld": False, "outcome": "Účtenka sedí."}).status == 200
    assert left(voucher) == 380_00
    assert service.redemptions_of(CITY, voucher.id)[0].state == "accepted"


def test_a_disputed_redemption_waits_for_the_answer_and_a_declined_one_is_owed_again(
    door: Door, till: Door, scene: Scene
) -> None:
    voucher = a_voucher(scene)
    receipt = redeem(till, codes_of(voucher).qr).body
    base = f"/cities/{CITY}/vouchers/{voucher.id}/redemptions/{receipt['id']}"
    clerk = door.as_(Who(id="clerk-1", app="admin", roles={CITY: ("clerk",)}))
    redeemed = ledger.transfer(CITY, voucher.id, receipt["id"])
    assert redeemed is not None
    door.as_(scene.who).post(f"{base}/dispute", {"text": "Nebyla jsem tam."})
    [waiting] = clerk.get(f"/cities/{CITY}/disputes").body["items"]
    assert (waiting["withheld"], waiting["ended_as"], waiting["closed_at"]) == (True, "", None)
    with pytest.raises(AlreadyPaidOut):
        transact([ledger.claim(CITY, redeemed, "line-1")])
    ended = clerk.post(f"{base}/outcome", {"upheld": False, "outcome": "Účtenka sedí."}).body
    assert (ended["ended_as"], ended["outcome"]) == ("declined", "Účtenka sedí.")
    transact([ledger.claim(CITY, redeemed, "line-1")])
    assert [decision.outcome for decision in ledger.decisions_of(CITY, receipt["id"])] == ["declined"]


@pytest.mark.parametrize(
    ("upheld", "ended_as", "left_minor"), [(True, "refunded", 500_00), (False, "declined", 380_00)]
)
def test_a_dispute_of_what_a_payout_has_is_refunded_or_declined_and_withholds_nothing(
    upheld: bool, ended_as: str, left_minor: int, door: Door, till: Door, scene: Scene
) -> None:
    voucher = a_voucher(scene)
    receipt = redeem(till, codes_of(voucher).qr).body
    redeemed = ledger.transfer(CITY, voucher.id, receipt["id"])
    assert redeemed is not None
    transact([ledger.claim(CITY, redeemed, "line-1")])
    base = f"/cities/{CITY}/vouchers/{voucher.id}/redemptions/{receipt['id']}"
    clerk = door.as_(Who(id="clerk-1", app="admin", roles={CITY: ("clerk",)}))
    assert door.as_(scene.who).post(f"{base}/dispute", {}).body["state"] == "disputed"
    [waiting] = clerk.get(f"/cities/{CITY}/disputes").body["items"]
    assert waiting["withheld"] is False
    ended = clerk.post(f"{base}/outcome", {"upheld": upheld, "outcome": "Vyřízeno."}).body
    assert (ended["ended_as"], left(voucher)) == (ended_as, left_minor)


@pytest.mark.parametrize("id", ["0", "zzzz"])
def test_what_was_never_redeemed_cannot_be_disputed(id: str, door: Door, till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    redeem(till, codes_of(voucher).qr)
    answer = door.as_(scene.who).post(f"/cities/{CITY}/vouchers/{voucher.id}/redemptions/{id}/dispute", {})
    assert (answer.status, answer.body["code"]) == (404, "redemption_unknown")


def test_disputes_are_listed_the_oldest_first_by_pages(door: Door, till: Door, scene: Scene, stand_at: StandAt) -> None:
    voucher, clerk = a_voucher(scene), door.as_(Who(id="clerk-1", app="admin", roles={CITY: ("clerk",)}))
    receipts = [redeem(till, codes_of(voucher).qr, 10_00, f"key-{n:08}").body["id"] for n in range(3)]
    begun = clock.now()
    for n, id in enumerate(reversed(receipts)):
        stand_at(begun + timedelta(minutes=n))
        door.as_(scene.who).post(f"/cities/{CITY}/vouchers/{voucher.id}/redemptions/{id}/dispute", {})
    first = clerk.get(f"/cities/{CITY}/disputes", query={"limit": "2"}).body
    rest = clerk.get(f"/cities/{CITY}/disputes", query={"limit": "2", "cursor": first["next"]}).body
    assert [one["redemption"] for one in [*first["items"], *rest["items"]]] == receipts[::-1]
    assert rest["next"] is None


def test_tills_see_no_vouchers_of_another_town(door: Door, till: Door, scene: Scene) -> None:
    from tests.town.people.build import a_town

    a_town("jinov", "Jinov")
    code = codes_of(a_voucher(scene)).qr
    foreign = door.as_(a_paired_till(scene.pool.id, "till-7", "jinov"))
    assert foreign.post(f"/cities/{CITY}/vouchers/check", {"code": code}).status == 403
    assert foreign.post("/cities/jinov/vouchers/check", {"code": code}).body["code"] == "voucher_unknown"
    assert check(till, code).status == 200


def test_the_town_sees_a_providers_tills_and_changes_none(door: Door, scene: Scene) -> None:
    paired(door, scene)
    clerk = door.as_(Who(id="clerk-1", app="admin", roles={CITY: ("clerk",)}))
    [till] = clerk.get(TILLS, query={"provider": scene.pool.id}).body["items"]
    assert till["name"] == "Pokladna 1"
    assert clerk.get(TILLS, query={"provider": "nobody"}).status == 404
    assert clerk.delete(f"{TILLS}/{till['id']}").status == 403
