"""Tills: paired once, signed in for minutes, revoked at once, counted by the day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.core import clock, gate
from chalicelib.core.clock import today
from chalicelib.core.gate import CASHIER, OWNER, Who
from chalicelib.vouchers import codes, counter, service
from tests.days import StandAt
from tests.door import Answer, Door
from tests.vouchers.build import CITY, Scene, a_paired_till, a_voucher, codes_of, left
from tests.vouchers.test_counter import check, redeem, undo

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


def test_tills_see_no_vouchers_of_another_town(door: Door, till: Door, scene: Scene) -> None:
    from tests.people.build import a_town

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
