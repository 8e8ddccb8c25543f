"""From an award to a voucher in hand: issued once, printed, told, blocked and re-issued."""

import io
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from chalicelib.core import aws, clock
from chalicelib.core.gate import ASSISTANT, CITIZEN, CLERK, Who
from chalicelib.core.ids import new_id
from chalicelib.core.settings import settings
from chalicelib.core.table import commit, transact
from chalicelib.core.work import Change
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Grant, Spender, Transfer, grant_account
from chalicelib.money.providers.model import Branch
from chalicelib.money.vouchers import codes, documents, jobs, outside, pdf, routes, service, store
from chalicelib.money.vouchers.model import Voucher
from chalicelib.town.people import service as people
from tests.days import StandAt
from tests.door import Door
from tests.engine import ROOT
from tests.hiring import known_to
from tests.money.ledger.test_accounting import everything
from tests.money.vouchers.build import CITY, Scene, a_grant, a_voucher, codes_of, left, voucher_of
from tests.money.vouchers.test_counter import check, redeem, undo
from tests.town.people.build import mail

__all__ = ["everything"]


def opened(grant: Grant) -> Change:
    """What the table's stream tells of a new grant."""
    return Change(CITY, "grant", f"{CITY}#G#{grant.id}", "A", "INSERT")


def made(voucher: str) -> Change:
    return Change(CITY, "voucher", f"{CITY}#VO#{voucher}", "A", "INSERT")


def test_an_award_becomes_one_voucher_however_often_it_is_heard_of(scene: Scene) -> None:
    grant = a_grant(scene)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: jobs.changed(opened(grant)), range(4)))
    voucher = voucher_of(scene, grant.id)
    assert (voucher.revision, voucher.draw, voucher.is_blocked) == (1, 0, False)
    assert service.due(CITY, 10) == []


def test_a_spend_of_a_grant_makes_no_second_voucher(scene: Scene) -> None:
    grant = a_grant(scene)
    jobs.changed(replace(opened(grant), event="MODIFY"))
    assert store.voucher(CITY, grant.id) is None


def test_credit_gets_no_voucher(scene: Scene) -> None:
    grant = a_grant(scene, mode="credit")
    jobs.changed(opened(grant))
    assert store.voucher(CITY, grant.id) is None
    assert service.due(CITY, 10) == []


def test_what_the_stream_missed_the_sweep_makes(scene: Scene, bucket: str) -> None:
    grants = [a_grant(scene) for _ in range(3)]
    assert service.due(CITY, 10) == [grant.id for grant in grants]
    assert jobs.JOBS["issue"](CITY, None) is None
    assert service.due(CITY, 10) == []
    assert all(voucher_of(scene, grant.id) for grant in grants)
    assert jobs.JOBS["publish"](CITY, None) is None
    assert all(voucher_of(scene, grant.id).pdf_ready for grant in grants)


def test_a_short_code_that_is_taken_is_drawn_again(scene: Scene, till: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    real = service.codes_of
    same = real(CITY, a_voucher(scene)).short

    def colliding(city: str, voucher: Voucher) -> service.Codes:
        made = real(city, voucher)
        return replace(made, short=same) if voucher.draw == 0 and voucher.id == unlucky.id else made

    unlucky = a_grant(scene)
    monkeypatch.setattr(service, "codes_of", colliding)
    service.issue(CITY, unlucky.id)
    voucher = voucher_of(scene, unlucky.id)
    assert voucher.draw == 1
    assert check(till, real(CITY, voucher).short).body["voucher"] == unlucky.id


def test_after_five_short_codes_that_are_taken_no_voucher_is_made(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, held, other = service.codes_of, a_voucher(scene), a_voucher(scene)
    draws: list[int] = []

    def colliding(city: str, voucher: Voucher) -> service.Codes:
        made = real(city, voucher)
        if voucher in (held, other):
            return made
        draws.append(voucher.draw)
        return replace(made, short=real(city, other).short)

    unlucky = a_grant(scene)
    monkeypatch.setattr(service, "codes_of", colliding)
    with pytest.raises(store.CodeTaken):
        service.issue(CITY, unlucky.id)
    assert (draws, store.voucher(CITY, unlucky.id), service.due(CITY, 10)) == ([0, 1, 2, 3, 4], None, [unlucky.id])
    draws.clear()
    with pytest.raises(store.CodeTaken):
        service.reissue(CITY, scene.who, held.id, 1)
    assert (draws, voucher_of(scene, held.id)) == ([0, 1, 2, 3, 4], held)


def test_a_new_code_that_is_taken_is_drawn_again(scene: Scene, till: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    real, held, other = service.codes_of, a_voucher(scene), a_voucher(scene)

    def colliding(city: str, voucher: Voucher) -> service.Codes:
        made = real(city, voucher)
        return replace(made, short=real(city, other).short) if voucher.revision == 2 and voucher.draw < 2 else made

    monkeypatch.setattr(service, "codes_of", colliding)
    service.reissue(CITY, scene.who, held.id, 1)
    fresh = voucher_of(scene, held.id)
    assert (fresh.revision, fresh.draw) == (2, 2)
    assert check(till, real(CITY, fresh).short).body["voucher"] == held.id


@pytest.mark.parametrize("job", ["issue", "publish"])
def test_a_sweep_goes_on_while_steps_come_full_and_ends_with_what_cannot_be_made(
    job: str, scene: Scene, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SWEPT_A_STEP", 2)
    ids = [a_grant(scene).id for _ in range(5)]
    if job == "publish":
        while jobs.JOBS["issue"](CITY, None):
            pass
    steps, cursor = [], jobs.JOBS[job](CITY, None)
    while cursor:
        steps.append(cursor)
        cursor = jobs.JOBS[job](CITY, cursor)
    assert steps == [ids[0], ids[2]]
    monkeypatch.setattr(service, "issue", lambda *_: None)
    monkeypatch.setattr(documents, "publish", lambda *_: None)
    stuck = [a_grant(scene).id for _ in range(2)]
    monkeypatch.setattr(service, "due", lambda *_: stuck)
    monkeypatch.setattr(documents, "pdf_due", lambda *_: stuck)
    assert jobs.JOBS[job](CITY, None) == stuck[0]
    assert jobs.JOBS[job](CITY, stuck[0]) is None


def test_the_table_holds_no_code(scene: Scene) -> None:
    made = codes_of(a_voucher(scene))
    everything = str(aws.client("dynamodb").scan(TableName=settings().table_name)["Items"])
    for code in (made.qr, made.qr.removeprefix(codes.INSTALLATION), made.short, codes.plain(made.short)):
        assert code not in everything


# The document


def rendered(document: bytes) -> Image.Image:
    """The first page as a printer at 150 dpi sees it."""
    picture: Image.Image = PdfDocument(document)[0].render(scale=150 / 72).to_pil()
    return picture


def download(door: Door, id: str) -> bytes:
    answer = door.get(f"/cities/{CITY}/vouchers/{id}/pdf")
    assert answer.status == 200, answer
    with urllib.request.urlopen(answer.body["url"]) as response:
        document: bytes = response.read()
    return document


def test_the_pdf_reads_in_czech_and_its_qr_opens_the_voucher(door: Door, till: Door, scene: Scene, bucket: str) -> None:
    voucher = a_voucher(scene, beneficiary=scene.child.id)
    jobs.changed(made(voucher.id))
    document = download(door.as_(scene.who), voucher.id)

    text = " ".join(PdfReader(io.BytesIO(document)).pages[0].extract_text().split())
    for words in (
        "Modřínov",
        "Plavenka 60+",
        "500 Kč",
        "Žofie Anežka Příhodová",
        "plavání, sauna, kino nebo výstava",
        "Městský bazén Modřínov",
        "Nádražní 12",
        codes_of(voucher).short,
    ):
        assert " ".join(words.split()) in text, words
    assert "Letní areál" not in text, "a closed branch is no place to go to"

    [seen] = zxingcpp.read_barcodes(rendered(document))
    assert seen.text == codes_of(voucher).qr
    assert check(till, seen.text).status == 200


def a_sheet(**more: Any) -> pdf.Sheet:
    """A voucher's page as most are, but for what the test says."""
    at = clock.start_of(clock.today())
    usual = pdf.Sheet(
        language="cs",
        town="Modřínov",
        colour="#1d456f",
        contact="800 123 456, podatelna@modrinov.example",
        programme="Plavenka 60+",
        purpose="plavání, sauna, kino nebo výstava",
        person="Růžena Příhodová",
        amount_minor=500_00,
        valid_from=at,
        valid_until=at + timedelta(days=60),
        issued_at=at,
        qr="AM1.0123456789ABCDEFGHJKMNPQRS",
        short_code="7K4M-9PQ2-XR",
        conditions=("Uplatnit ho jde po částech, zbytek zůstává na příště.",),
        places=(pdf.Place("Městský bazén", "Nádražní 12, Modřínov"),),
    )
    return replace(usual, **more)


LONG_PLACE = pdf.Place(
    "Základní umělecká škola a středisko volného času Jana Amose Komenského, příspěvková organizace, pracoviště Na Vyhlídce",
    "Náměstí Osvobození a Obránců míru 1234/56a, Modřínov-Předměstí u Dolního Lesa, 123 45 Modřínov",
)
LONG_NAME = "Příspěvek na celoroční zájmovou, sportovní a uměleckou činnost dětí a mládeže města Modřínova v roce 2026 podle zásad"
EXTREMES = {
    "usual": a_sheet(),
    "twelve long places": a_sheet(places=(LONG_PLACE,) * 12),
    "more places than are shown": a_sheet(places=tuple(pdf.Place(f"Provozovna {n}", "Ulice 1") for n in range(40))),
    "long programme": a_sheet(programme=LONG_NAME, parts=3, part=2),
    "long town": a_sheet(town="Statutární město " + "Dlouhonázvov pod Horami " * 6),
    "long purpose": a_sheet(purpose="sportovní a zájmové kroužky, " * 40),
    "one word": a_sheet(programme="x" * 300, person="y" * 300),
    "everything": a_sheet(programme=LONG_NAME * 2, purpose=LONG_NAME * 4, person=LONG_NAME, places=(LONG_PLACE,) * 14),
}


@pytest.mark.parametrize("sheet", EXTREMES.values(), ids=EXTREMES)
def test_nothing_leaves_the_page_and_nothing_is_cut(sheet: pdf.Sheet) -> None:
    document = pdf.render(sheet)
    margin = (pdf.MARGIN - 1) * 72 / 25.4
    told = ""
    for page in PdfDocument(document):
        width, height = page.get_size()
        text = page.get_textpage()
        told += text.get_text_bounded()
        for n in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(n)
            assert right <= width - margin, (text.get_text_range(n, 1), left, right)
            assert left >= margin or right == left
            assert bottom >= margin - 4, "below the foot of the page"
            assert top <= height
    pressed = "".join(told.split())
    for words in (sheet.town, sheet.programme, sheet.purpose, sheet.person, sheet.short_code, sheet.contact):
        assert "".join(words.split()) in pressed, words
    for place in sheet.places[: pdf.PLACES_MAX]:
        assert "".join(place.name.split())[:30] in pressed
    [seen] = zxingcpp.read_barcodes(rendered(document))
    assert seen.text == sheet.qr


def test_the_usual_voucher_is_one_page() -> None:
    assert len(PdfDocument(pdf.render(a_sheet(places=(pdf.Place("Městský bazén", "Nádražní 12, Modřínov"),) * 8)))) == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("李小龙", "LiXiaoLong"),
        ("محمد", "mhmd"),
        ("Růžena 🌻", "Růžena:sunflower:"),
        ("Наталія", "Наталія"),
        ("Αλέξης", "Αλέξης"),
    ],
)
def test_a_name_in_any_writing_is_not_blank(name: str, told: str) -> None:
    document = pdf.render(a_sheet(person=name, programme=name, places=(pdf.Place(name, name),)))
    text = "".join(PdfDocument(document)[0].get_textpage().get_text_bounded().split())
    assert text.count(told) == 4, "programme, person, place and address"


def test_the_holder_is_told_once_with_a_link_into_the_app_and_no_code(scene: Scene, bucket: str) -> None:
    voucher = a_voucher(scene)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: jobs.changed(made(voucher.id)), range(3)))
    [told] = mail()
    assert told.to == "ruzena@priklad.example"
    assert f"/moje/{CITY}/vouchery/{voucher.id}" in told.text
    for code in (codes_of(voucher).qr, codes_of(voucher).short):
        assert code not in told.text + told.html + told.subject


def test_a_pdf_that_is_not_made_yet_is_refused_in_words(door: Door, scene: Scene, bucket: str) -> None:
    voucher = a_voucher(scene)
    answer = door.as_(scene.who).get(f"/cities/{CITY}/vouchers/{voucher.id}/pdf")
    assert (answer.status, answer.body["code"]) == (409, "pdf_not_ready")


def test_no_sheet_is_made_of_what_is_blocked_made_already_or_not_there(
    door: Door, scene: Scene, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, made_of = outside.put, list[str]()

    def noted(name: str, document: bytes) -> None:
        made_of.append(name)
        put(name, document)

    monkeypatch.setattr(outside, "put", noted)
    blocked, ready = a_voucher(scene), a_voucher(scene)
    door.as_(scene.who).post(f"/cities/{CITY}/vouchers/{blocked.id}/block")
    for id in (ready.id, ready.id, blocked.id, "nobody"):
        documents.publish(CITY, id)
    assert made_of == [outside.pdf_name(CITY, ready)]
    assert [told.subject for told in mail()] == ["Modřínov: voucher je připravený"]


def test_a_holder_is_told_whether_the_sheet_can_be_had(door: Door, scene: Scene, bucket: str) -> None:
    voucher = a_voucher(scene)
    citizen, base = door.as_(scene.who), f"/cities/{CITY}/vouchers/{voucher.id}"

    def ready() -> bool:
        [listed] = citizen.get(f"/cities/{CITY}/grants").body["items"]
        shown: bool = citizen.get(base).body["voucher"]["pdf_ready"]
        assert listed["voucher"]["pdf_ready"] == shown
        return shown

    assert not ready()
    jobs.changed(made(voucher.id))
    assert ready()
    citizen.post(f"{base}/block")
    assert not ready()
    citizen.post(f"{base}/reissue", {"revision": 1})
    assert not ready(), "the sheet of the old code is none of the new one's"


def test_the_address_of_a_sheet_ends_in_five_minutes_as_it_says(
    door: Door, scene: Scene, bucket: str, stand_at: StandAt
) -> None:
    voucher = a_voucher(scene)
    jobs.changed(made(voucher.id))
    stand_at(clock.now())
    link = door.as_(scene.who).get(f"/cities/{CITY}/vouchers/{voucher.id}/pdf").body
    assert clock.from_text(link["expires_at"]) - clock.now() == timedelta(minutes=5)
    asked = parse_qs(urlsplit(link["url"]).query)
    left = (
        [asked["X-Amz-Expires"][0]]
        if "X-Amz-Expires" in asked
        else [str(int(asked["Expires"][0]) - int(clock.now().timestamp()))]
    )
    assert left == ["300"]
    assert f"voucher-{voucher.id[:8]}.pdf" in asked["response-content-disposition"][0]


# At the desk

DESK = Who(id="assistant-1", app="admin", roles={CITY: (ASSISTANT,)})


def a_senior(scene: Scene, **more: Any) -> Scene:
    """A town whose citizen has no sign-in: an assistant registered her at the desk."""
    senior = replace(scene.citizen, **{"id": new_id(), "email": "", "registered_by": DESK.id, **more})
    transact([people.found_person(CITY, senior)])
    return replace(scene, citizen=senior)


def acts(door: Door, who: Who, senior: str, voucher: Voucher) -> list[tuple[int, str]]:
    """Everything that can be done at the desk, in order; for each the status and the code of a refusal."""
    at, base = door.as_(who), f"/cities/{CITY}/vouchers/{voucher.id}"
    answers = [
        at.get(f"/cities/{CITY}/grants", query={"person": senior}),
        at.get(f"/cities/{CITY}/grants/{voucher.id}"),
        at.get(base),
        at.get(f"{base}/pdf"),
        at.post(f"{base}/block"),
        at.post(f"{base}/reissue", {"revision": 1}),
    ]
    return [(answer.status, answer.body.get("code", "") if answer.status >= 400 else "") for answer in answers]


def test_the_assistant_sees_prints_blocks_and_renews_for_whom_she_registered_and_each_act_is_seen(
    door: Door, scene: Scene, bucket: str
) -> None:
    town = a_senior(scene)
    voucher = a_voucher(town)
    jobs.changed(made(voucher.id))
    old = codes_of(voucher)
    assert acts(door, DESK, town.citizen.id, voucher) == [(200, "")] * 6
    renewed = voucher_of(town, voucher.id)
    assert (renewed.is_blocked, codes_of(renewed) == old, left(renewed)) == (False, False, 500_00)
    seen = people.accesses_to_me(CITY, town.who)
    assert {one.by for one in seen} == {DESK.id}
    assert {one.action for one in seen} == {"read", "voucher_printed", "voucher_blocked", "voucher_reissued"}


def test_nobody_else_at_the_town_hall_acts_for_her(door: Door, scene: Scene, bucket: str) -> None:
    town = a_senior(scene)
    voucher = a_voucher(town)
    jobs.changed(made(voucher.id))
    other = Who(id="assistant-2", app="admin", roles={CITY: (ASSISTANT,)})
    clerk = Who(id=DESK.id, app="admin", roles={CITY: (CLERK,)})
    assert acts(door, other, town.citizen.id, voucher) == [(404, "not_found")] * 6
    assert {status for status, _code in acts(door, clerk, town.citizen.id, voucher)} == {403}
    assert people.accesses_to_me(CITY, town.who) == []
    assert not voucher_of(town, voucher.id).is_blocked


def test_the_assistant_does_not_act_for_who_has_a_sign_in_nor_for_her_own_family(
    door: Door, scene: Scene, bucket: str
) -> None:
    signed_in = a_senior(scene, email="senior@priklad.example")
    assert acts(door, DESK, signed_in.citizen.id, a_voucher(signed_in)) == [(404, "not_found")] * 6
    mother = a_senior(scene)
    for account in (known_to(CITY, DESK.id, ref="herself"), known_to(CITY, mother.citizen.id, ref="herself")):
        assert account
    assert acts(door, DESK, mother.citizen.id, a_voucher(mother)) == [(403, "conflict_of_interest")] * 6
    assert people.accesses_to_me(CITY, mother.who) == []


# The holder's side


def test_a_holder_sees_the_codes_and_where_to_use_them(door: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    seen = door.as_(scene.who).get(f"/cities/{CITY}/vouchers/{voucher.id}").body
    assert (seen["code"], seen["short_code"]) == (codes_of(voucher).qr, codes_of(voucher).short)
    assert [place["name"] for place in seen["where"]] == ["Městský bazén Modřínov"]
    assert [branch["name"] for branch in seen["where"][0]["branches"]] == ["Městský bazén Modřínov"]
    assert [(m["kind"], m["amount_minor"]) for m in seen["movements"]] == [("awarded", 500_00)]
    assert seen["voucher"]["state"] == "valid"


def test_the_list_holds_what_was_awarded_for_self_and_children_without_codes(door: Door, scene: Scene) -> None:
    mine, childs = a_voucher(scene), a_voucher(scene, beneficiary=scene.child.id)
    answer = door.as_(scene.who).get(f"/cities/{CITY}/grants")
    assert [item["id"] for item in answer.body["items"]] == [childs.id, mine.id]
    assert answer.body["items"][0]["beneficiary"]["name"] == "Žofie Anežka Příhodová"
    assert codes_of(mine).qr not in str(answer.body)


def test_another_citizens_voucher_is_as_if_it_did_not_exist(door: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    stranger = door.as_(Who(id="somebody-else", app="moje", roles={CITY: (CITIZEN,)}))
    base = f"/cities/{CITY}/vouchers/{voucher.id}"
    answers = [
        stranger.get(base),
        stranger.get(f"{base}/pdf"),
        stranger.get(f"/cities/{CITY}/grants/{voucher.id}"),
        stranger.post(f"{base}/block"),
        stranger.post(f"{base}/reissue", {"revision": 1}),
        stranger.post(f"{base}/redemptions/x/dispute", {}),
    ]
    assert {(a.status, a.body["code"]) for a in answers} == {(404, "not_found")}


def test_states_follow_the_money(door: Door, till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)

    def state() -> str:
        seen = door.as_(scene.who).get(f"/cities/{CITY}/vouchers/{voucher.id}").body
        return str(seen["voucher"]["state"])

    assert state() == "valid"
    redeem(till, codes_of(voucher).qr, 100_00)
    assert state() == "partly_used"
    redeem(till, codes_of(voucher).qr, 400_00, "key-00000002")
    assert state() == "used"


def test_movements_show_what_was_spent_where_and_taken_back(door: Door, till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    receipt = redeem(till, codes_of(voucher).qr).body
    undo(till, receipt)
    seen = door.as_(scene.who).get(f"/cities/{CITY}/vouchers/{voucher.id}").body["movements"]
    assert [(m["kind"], m["amount_minor"], m["state"]) for m in seen] == [
        ("undone", 120_00, None),
        ("redeemed", -120_00, "undone"),
        ("awarded", 500_00, None),
    ]
    assert seen[1]["provider_name"] == "Městský bazén Modřínov"
    assert seen[0]["receipt_number"] == seen[1]["receipt_number"] == receipt["receipt_number"]
    assert [m["id"] for m in seen] == [t.id for t in ledger.transfers_of(CITY, voucher.id)[::-1]], (
        "each has its receipt"
    )


def test_only_what_was_redeemed_has_a_receipts_number_and_only_a_redemption_can_be_disputed(
    door: Door, till: Door, scene: Scene
) -> None:
    voucher = a_voucher(scene)
    receipt = redeem(till, codes_of(voucher).qr).body
    [redeemed, awarded] = door.as_(scene.who).get(f"/cities/{CITY}/grants/{voucher.id}").body["movements"]
    assert (redeemed["redemption"], redeemed["receipt_number"]) == (receipt["id"], receipt["receipt_number"])
    assert (awarded["redemption"], awarded["receipt_number"], awarded["provider_name"]) == (None, "", "")


# Lost and found


def test_a_voucher_blocked_again_changes_nothing(door: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    for _ in range(3):
        assert door.as_(scene.who).post(f"/cities/{CITY}/vouchers/{voucher.id}/block").status == 200
    grant, blocked = ledger.grant(CITY, voucher.id), voucher_of(scene, voucher.id)
    assert grant is not None
    assert (grant.voucher_rev, blocked.v, blocked.is_blocked) == (2, voucher.v + 1, True)


@pytest.mark.parametrize(("state", "closed"), [("suspended", False), ("revoked", True)])
def test_a_suspended_voucher_can_be_blocked_and_a_revoked_one_needs_nothing(
    state: str, closed: bool, door: Door, scene: Scene
) -> None:
    voucher = a_voucher(scene)
    grant = ledger.grant(CITY, voucher.id)
    assert grant is not None
    if state == "suspended":
        commit(ledger.suspend(CITY, voucher.id))
    else:
        ledger.give_back(CITY, [grant], "revoke", Spender("clerk-1", "admin", "x"))
    answer = door.as_(scene.who).post(f"/cities/{CITY}/vouchers/{voucher.id}/block")
    assert (answer.status, answer.body.get("code")) == ((409, "voucher_closed") if closed else (200, None))


def test_a_blocked_voucher_is_dead_at_the_till_and_its_money_stays(door: Door, till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    citizen = door.as_(scene.who)
    for _ in range(2):
        answer = citizen.post(f"/cities/{CITY}/vouchers/{voucher.id}/block")
        assert answer.status == 200, answer
        assert (answer.body["voucher"]["state"], answer.body["code"]) == ("blocked", None)
    for code in (codes_of(voucher).qr, codes_of(voucher).short):
        assert check(till, code).body["code"] == "voucher_blocked"
        assert redeem(till, code).body["code"] == "voucher_blocked"
    assert left(voucher) == 500_00


def test_a_reissued_voucher_kills_the_old_code_and_keeps_the_money(door: Door, till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    redeem(till, codes_of(voucher).qr, 100_00)
    path = f"/cities/{CITY}/vouchers/{voucher.id}/reissue"
    answer = door.as_(scene.who).post(path, {"revision": 1})
    assert answer.status == 200, answer
    fresh = voucher_of(scene, voucher.id)
    assert answer.body["code"] == codes_of(fresh).qr != codes_of(voucher).qr
    assert redeem(till, codes_of(voucher).qr, key="key-00000002").body["code"] == "code_replaced"
    assert check(till, codes_of(voucher).short).body["code"] == "code_replaced"
    assert check(till, answer.body["short_code"]).body["left_minor"] == 400_00
    replay = redeem(till, codes_of(voucher).qr, 100_00)
    assert replay.body["replayed"] is True, "what was done with the old code before keeps its receipt"
    pressed_twice = door.as_(scene.who).post(path, {"revision": 1})
    assert (pressed_twice.status, pressed_twice.body["code"]) == (409, "changed_meanwhile")


def test_a_blocked_voucher_gets_a_new_code_and_a_new_document(
    door: Door, till: Door, scene: Scene, bucket: str
) -> None:
    voucher = a_voucher(scene)
    jobs.changed(made(voucher.id))
    citizen, base = door.as_(scene.who), f"/cities/{CITY}/vouchers/{voucher.id}"
    assert citizen.post(f"{base}/block").status == 200
    assert citizen.get(f"{base}/pdf").body["code"] == "pdf_not_ready"
    fresh = citizen.post(f"{base}/reissue", {"revision": 1}).body
    assert check(till, fresh["code"]).status == 200
    assert check(till, codes_of(voucher).qr).body["code"] == "voucher_blocked"
    jobs.changed(made(voucher.id))
    assert fresh["short_code"] in PdfReader(io.BytesIO(download(citizen, voucher.id))).pages[0].extract_text()
    assert [m.subject for m in mail()] == ["Modřínov: voucher je připravený", "Modřínov: voucher má nový kód"]


def test_of_parallel_reissues_one_code_lives(door: Door, till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    path = f"/cities/{CITY}/vouchers/{voucher.id}/reissue"
    citizen = door.as_(scene.who)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: citizen.post(path, {"revision": 1}), range(4)))
    assert sorted(a.status for a in answers) == [200, 409, 409, 409]
    assert check(till, codes_of(voucher_of(scene, voucher.id)).qr).status == 200


def test_a_scan_against_a_reissue_spends_with_one_code_only(door: Door, till: Door, scene: Scene) -> None:
    for n in range(4):
        voucher = a_voucher(scene)
        with ThreadPoolExecutor(2) as pool:
            spent = pool.submit(redeem, till, codes_of(voucher).qr, 500_00, f"key-{n:08}")
            door.as_(scene.who).post(f"/cities/{CITY}/vouchers/{voucher.id}/reissue", {"revision": 1})
        assert (spent.result().status == 200) == (left(voucher) == 0)


def test_a_used_voucher_needs_no_new_code(door: Door, till: Door, scene: Scene) -> None:
    voucher = a_voucher(scene)
    redeem(till, codes_of(voucher).qr, 500_00)
    answer = door.as_(scene.who).post(f"/cities/{CITY}/vouchers/{voucher.id}/reissue", {"revision": 1})
    assert (answer.status, answer.body["code"]) == (409, "voucher_closed")


# What is left over


def free(scene: Scene) -> int:
    budget = ledger.budget(CITY, scene.books.id)
    assert budget is not None
    return budget.free_minor


def test_what_a_single_use_voucher_left_returns_once_it_cannot_be_taken_back(
    other_till: Door, scene: Scene, stand_at: StandAt
) -> None:
    voucher = a_voucher(scene, scene.books, 300_00)
    before = free(scene)
    receipt = redeem(other_till, codes_of(voucher).qr, 200_00).body
    run_remainders()
    assert free(scene) == before, "it may still be taken back"
    stand_at(clock.from_text(receipt["undo_until"]) + timedelta(seconds=1))
    for _ in range(2):
        run_remainders()
    assert (free(scene), left(voucher)) == (before + 100_00, 0)
    stand_at(clock.from_text(receipt["undo_until"]) + timedelta(seconds=1))
    assert undo(other_till, receipt).body["code"] == "undo_too_late"
    kinds = [t.kind for t in ledger.transfers_of(CITY, voucher.id)]
    assert kinds == ["allot", "redeem", "remainder"]


def run_remainders() -> None:
    cursor = None
    while True:
        cursor = jobs.JOBS["remainders"](CITY, cursor)
        if cursor is None:
            return


def test_remainders_are_looked_for_from_three_days_back_to_today(scene: Scene) -> None:
    days, cursor = [], jobs.JOBS["remainders"](CITY, None)
    while cursor:
        days.append(cursor)
        cursor = jobs.JOBS["remainders"](CITY, cursor)
    assert [(clock.today() - date.fromisoformat(day)).days for day in days] == [2, 1, 0]


@pytest.mark.parametrize(("days", "left_minor"), [(3, 0), (4, 100_00)])
def test_a_remainder_of_nights_that_were_missed_is_found_for_three_days(
    days: int, left_minor: int, other_till: Door, scene: Scene, stand_at: StandAt
) -> None:
    voucher = a_voucher(scene, scene.books, 300_00)
    sold = clock.now()
    redeem(other_till, codes_of(voucher).qr, 200_00)
    stand_at(sold + timedelta(days=days))
    run_remainders()
    assert left(voucher) == left_minor


def test_a_remainder_may_still_be_asked_for_in_the_last_second_of_taking_back(
    other_till: Door, scene: Scene, stand_at: StandAt
) -> None:
    voucher = a_voucher(scene, scene.books, 300_00)
    receipt = redeem(other_till, codes_of(voucher).qr, 200_00).body
    stand_at(clock.from_text(receipt["undo_until"]))
    run_remainders()
    assert left(voucher) == 100_00


def test_a_voucher_used_again_after_a_mistake_keeps_its_rest_while_the_second_use_can_be_taken_back(
    other_till: Door, scene: Scene, stand_at: StandAt
) -> None:
    voucher = a_voucher(scene, scene.books, 300_00)
    first = redeem(other_till, codes_of(voucher).qr, 200_00, "key-00000001").body
    undo(other_till, first)
    stand_at(clock.from_text(first["undo_until"]))
    again = redeem(other_till, codes_of(voucher).qr, 160_00, "key-00000002").body
    stand_at(clock.from_text(again["undo_until"]))
    run_remainders()
    assert left(voucher) == 140_00, "the window of what was taken back is over, but not this one's"
    assert undo(other_till, again, "undo-0000002").status == 200
    assert left(voucher) == 300_00


def test_what_stays_is_not_returned(till: Door, scene: Scene, stand_at: StandAt) -> None:
    voucher = a_voucher(scene)
    redeem(till, codes_of(voucher).qr, 200_00)
    stand_at(clock.now() + timedelta(days=1))
    run_remainders()
    assert left(voucher) == 300_00


def test_an_expired_voucher_says_so(door: Door, till: Door, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    voucher = a_voucher(
        scene, valid_until=clock.now() - timedelta(seconds=1), valid_from=clock.now() - timedelta(days=9)
    )
    grant = ledger.grant(CITY, voucher.id)
    assert grant is not None
    ledger.give_back(CITY, [grant], "expire", Spender("job", "job", "x"))
    assert check(till, codes_of(voucher).qr).body["code"] == "validity_ended"
    seen = door.as_(scene.who).get(f"/cities/{CITY}/vouchers/{voucher.id}").body
    assert (seen["voucher"]["state"], seen["code"]) == ("expired", None)
    assert seen["movements"][0]["kind"] == "expired"


def test_a_persons_export_holds_their_awards_and_no_code(till: Door, scene: Scene) -> None:
    from chalicelib.town.people import service as people

    voucher = a_voucher(scene)
    redeem(till, codes_of(voucher).qr)
    told = people.export(CITY, scene.who)
    [award] = told["grants"]
    assert (award["id"], award["spendable_minor"], award["state"]) == (voucher.id, 380_00, "partly_used")
    assert [m["kind"] for m in award["movements"]] == ["redeem", "allot"]
    assert codes_of(voucher).qr not in str(told)
    assert codes_of(voucher).short not in str(told)


def test_the_doors_import_nothing_that_makes_documents() -> None:
    told = "import sys, app; print([m for m in ('fpdf', 'segno', 'PIL', 'font_roboto') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd=ROOT)
    assert answer.stdout.strip() == "[]"


def test_what_a_holder_sees_adds_up_to_what_can_be_spent(everything: list[Transfer]) -> None:
    """A movement out of the grant's account is so much less to spend, one into it so much more, another one nothing."""
    seen = [moved for moved in everything if moved.kind in routes._KINDS]
    assert {moved.kind for moved in seen} == set(routes._KINDS)
    for moved in seen:
        account = grant_account(moved.grant)
        effect_minor = ((moved.credit == account) - (moved.debit == account)) * moved.amount_minor
        assert routes._movement(moved, {}, {}).amount_minor == effect_minor, moved.kind


def test_a_branch_of_another_name_is_listed_by_both_names_on_the_sheet(scene: Scene) -> None:
    branches = (
        Branch("1", scene.pool.name, "Nádražní 7"),
        Branch("2", "Hala", "Lesní 1"),
        Branch("3", "x", "y", closed=True),
    )
    named = documents._places(replace(scene.pool, branches=branches))
    assert named == [(scene.pool.name, "Nádražní 7"), (f"{scene.pool.name}, Hala", "Lesní 1")]
