"""The doors of the audit: what anyone, a citizen, a provider, finance and the auditor get, and what they do not."""

import csv
import io
import json
import re
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from aktivni.__main__ import NOT_COMPARED, NOT_PROVEN, NOT_SEALED, PROVEN, main
from chalicelib.core import work
from chalicelib.core.clock import now, today
from chalicelib.core.gate import ADMIN, AUDITOR, AUTHORISING_OFFICER, CITIZEN, CLERK, NOBODY, OWNER, Who
from chalicelib.core.refusals import ChangedMeanwhile
from chalicelib.core.table import Key
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Kind
from chalicelib.money.ledger.words import KINDS
from chalicelib.money.programmes import service as programmes
from chalicelib.town.people import service as people
from chalicelib.watch.audit import freezing, jobs, proving, reading, words
from tests.days import StandAt
from tests.door import Door
from tests.money.ledger.town import Town
from tests.money.payouts.build import a_provider
from tests.money.programmes.build import rules
from tests.town.people.build import a_colleague, a_person, a_town
from tests.watch.audit.town import (
    CITY,
    a_budget,
    a_grant,
    account_of,
    change_body,
    every_kind,
    key_of,
    overwrite,
    seal,
    somebody,
    spend,
)

DAY = today().isoformat()
TOWN = f"/cities/{CITY}"


@pytest.fixture(autouse=True)
def town(locked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "LOOK_PAUSE_SECONDS", 0.01)
    a_town()


def staff(role: str) -> Who:
    return Who(id=f"the-{role}", app="admin", roles={CITY: (role,)})


PARENT = Who(id="parent", app="moje", roles={CITY: (CITIZEN,)})


# Receipts


def proof_of(door: Door, who: Who, transfer: Any, **query: str) -> Any:
    return door.as_(who).get(f"{TOWN}/receipts/{transfer.id}/proof", query={"grant": transfer.grant, **query})


def test_a_citizen_proves_a_movement_off_line_against_the_published_seal(door: Door, tmp_path: Path) -> None:
    transfer = spend(every_kind(), 1_234)
    receipt, seal_file = tmp_path / "receipt.json", tmp_path / "seal.json"
    before = proof_of(door, PARENT, transfer)
    assert (before.status, before.body["state"], before.body["seal"]) == (200, "pending", None)
    receipt.write_text(json.dumps(before.body))
    assert main(["verify-receipt", str(receipt)]) == NOT_SEALED
    seal()
    after = proof_of(door, PARENT, transfer)
    assert after.body["state"] == "sealed"
    receipt.write_text(json.dumps(after.body))
    seal_file.write_text(json.dumps(door.get(f"{TOWN}/seals/{DAY}").body))
    assert main(["verify-receipt", str(receipt), "--seal", str(seal_file)]) == PROVEN
    assert main(["verify-receipt", str(receipt)]) == NOT_COMPARED


def test_a_receipt_of_a_changed_movement_is_not_proven(door: Door, tmp_path: Path) -> None:
    transfer = spend(every_kind(), 1_234)
    made = seal()
    change_body(key_of(transfer), amount_minor=4_321)
    receipt = tmp_path / "receipt.json"
    receipt.write_text(json.dumps(proof_of(door, PARENT, transfer).body))
    assert main(["verify-receipt", str(receipt), "--seal", made.root]) == NOT_PROVEN


def test_a_receipt_is_for_whom_it_concerns(door: Door) -> None:
    transfer = spend(every_kind())
    here = {"pool": OWNER}
    assert proof_of(door, Who(id="cashier", app="admin", providers={CITY: here}), transfer).status == 200
    assert proof_of(door, staff(AUDITOR), transfer).status == 200
    other = Who(id="other", app="admin", providers={CITY: {"club": OWNER}})
    stranger = Who(id="stranger", app="moje", roles={CITY: (CITIZEN,)})
    for who in (other, stranger):
        answer = proof_of(door, who, transfer)
        assert (answer.status, answer.body["code"]) == (404, "receipt_not_found")


def test_a_movement_of_a_budget_or_payout_is_proven_to_the_town(door: Door) -> None:
    every_kind()
    made = seal()
    path = f"{TOWN}/payment-receipts/l1.p1.pay/proof"
    paid = door.as_(staff(AUDITOR)).get(path, query={"provider": "pool"})
    assert (paid.status, paid.body["seal"]["root"]) == (200, made.root)
    carried = f"{TOWN}/payment-receipts/carry.{today().year}/proof"
    assert door.as_(staff(AUDITOR)).get(carried, query={"programme": "p1"}).body["state"] == "sealed"
    assert door.as_(staff(AUDITOR)).get(path, query={"provider": "club"}).status == 404
    lines = door.as_(staff(AUDITOR)).get(f"{TOWN}/entries", query={"limit": "100"}).body["items"]
    [advance] = [line["id"] for line in lines if line["kind"] == "advance"]
    path = f"{TOWN}/payment-receipts/{advance}/proof"
    assert door.as_(staff(AUDITOR)).get(path).body["seal"]["root"] == made.root, (
        "it is neither a budget's nor a provider's"
    )


# Seals


def test_seals_are_open_to_anyone_newest_first(door: Door) -> None:
    every_kind()
    made = seal()
    listed = door.get(f"{TOWN}/seals").body
    assert [one["root"] for one in listed["items"]] == [made.root]
    assert listed["next"] is None
    assert door.get(f"{TOWN}/seals/{DAY}").body == listed["items"][0]
    for wrong in ("2020-01-01", "yesterday"):
        assert door.get(f"{TOWN}/seals/{wrong}").body["code"] == "seal_not_found"
    assert door.get("/cities/nowhere/seals").status == 404


# The proof by its button


def test_the_button_s_proof_goes_through_the_queue_to_its_outcome(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    queue: list[dict[str, Any]] = []
    monkeypatch.setattr(work, "send", lambda _room, message, delay_seconds=0: queue.append(dict(message)))
    monkeypatch.setattr(work, "send_all", lambda _room, messages: queue.extend(map(dict, messages)))
    grant = every_kind()
    overwrite(account_of(grant), spendable_minor=1)
    auditor = door.as_(staff(AUDITOR))
    run = auditor.post(f"{TOWN}/proofs")
    assert (run.status, auditor.post(f"{TOWN}/proofs").body) == (202, run.body)
    sent = 0
    while queue:
        message = queue.pop(0)
        assert jobs.JOBS[message["job"]](message["city"], message["cursor"]) is None
        sent += 1
    assert sent > 4
    (listed,) = auditor.get(f"{TOWN}/proofs").body["items"]
    assert listed["run"] == run.body["run"]
    assert listed["differences"][0]["account"] == f"G#{grant.id}"
    assert auditor.get(f"{TOWN}/proofs/{listed['run']}").body == listed
    assert auditor.get(f"{TOWN}/proofs/none").body["code"] == "proof_not_found"
    assert [one["what"] for one in door.as_(staff(CLERK)).get(f"{TOWN}/freezes").body["items"]] == ["programme"]
    (noted,) = auditor.get(f"{TOWN}/freezes/history").body["items"]
    assert (noted["on"], noted["by"], noted["id"]) == (True, "proof", "p1")


# The books


def read_all(door: Door, **query: str) -> list[Any]:
    found, cursor = [], ""
    while True:
        page = door.as_(staff(AUDITOR)).get(
            f"{TOWN}/entries", query={**query, **({"cursor": cursor} if cursor else {})}
        )
        assert page.status == 200, page.body
        assert len(page.body["items"]) <= int(query.get("limit", 100))
        found += page.body["items"]
        cursor = page.body["next"]
        if not cursor:
            return found


@pytest.mark.parametrize("limit", ["3", "7", "100"])
def test_the_auditor_reads_every_entry_of_a_day_once_and_in_order(door: Door, limit: str) -> None:
    every_kind()
    made = seal()
    entries = read_all(door, limit=limit)
    assert len(entries) == made.count
    assert len({(e["id"], e["grant"], e["about"]) for e in entries}) == made.count
    assert [e["at"] for e in entries] == sorted(e["at"] for e in entries)
    assert {e["entry"] for e in entries} == {"transfer", "decision"}
    decided = [e for e in entries if e["entry"] == "decision"]
    assert {(e["amount_minor"], e["payable_minor"], e["budget_year"]) for e in decided} == {(0, 0, 0)}


def test_awards_of_one_instant_are_not_lost_between_two_pages(door: Door) -> None:
    a_budget()
    new = [Town(CITY).new_grant(100) for _ in range(30)]
    ledger.allot(CITY, new, somebody())
    entries = read_all(door, limit="4")
    assert sorted(e["grant"] for e in entries if e["kind"] == "allot") == sorted(grant.id for grant in new)


def test_the_auditor_reads_by_programme_provider_and_person(door: Door) -> None:
    grant = every_kind()
    person = a_person("parent", "Jana", "Nováková")
    assert {e["programme"] for e in read_all(door, programme="p1") if e["entry"] == "transfer"} == {"p1"}
    assert {e["provider"] for e in read_all(door, provider="club")} == {"club"}
    mine = read_all(door, person=person.id, limit="5")
    ours = ledger.grants_of(CITY, person.id)
    assert len([e for e in mine if e["entry"] == "transfer"]) == sum(len(ledger.transfers_of(CITY, g.id)) for g in ours)
    assert [e["about"] for e in mine if e["entry"] == "decision"] == [grant.application]
    accesses = people.accesses(CITY, today(), 100, None).items
    assert {(access.by, access.subject) for access in accesses} == {("the-auditor", person.id)}


def test_names_of_programmes_providers_and_staff_are_shown_and_of_no_citizen(door: Door) -> None:
    programme = programmes.create(CITY, rules(), NOBODY, id="p9")
    pool = a_provider("pool")
    clerk = a_colleague("budget", (AUTHORISING_OFFICER,))
    ledger.fund(CITY, programme.id, 10_000, somebody(clerk.id))
    spend(a_grant(5_000, programme=programme.id), 100, provider=pool.id)
    entries = {e["kind"]: e for e in read_all(door) if e["programme"] == programme.id}
    assert entries["redeem"]["provider_name"] == pool.name
    assert entries["fund"]["programme_name"] == programme.name.cs
    assert entries["fund"]["by_name"]


def test_the_csv_has_every_entry_with_czech_figures(door: Door) -> None:
    every_kind()
    made = seal()
    answer = door.as_(staff(AUDITOR)).get(f"{TOWN}/entries/sheet", query={"first": DAY, "last": DAY})
    rows = list(csv.DictReader(io.StringIO(answer.body), delimiter=";"))
    assert len(rows) == made.count
    funded = next(row for row in rows if row["druh"] == "Vklad do rozpočtu")
    assert funded["částka Kč"] == "10000,00"
    assert funded["čas"].startswith(f"{today():%d.%m.%Y}")


def test_the_export_of_entries_says_kinds_accounts_and_heads_in_the_readers_language(door: Door) -> None:
    every_kind()
    asked = {"first": DAY, "last": DAY}
    entries = door.as_(staff(AUDITOR)).get(f"{TOWN}/entries", query=asked | {"limit": "100"}).body["items"]
    for language, side in (("cs", 0), ("en", 1)):
        auditor = replace(door.as_(staff(AUDITOR)), language=language)
        content = auditor.get(f"{TOWN}/entries/sheet", query=asked).body
        head, *rows = csv.reader(io.StringIO(content), delimiter=";")
        assert head == [both[side] for both in words.ENTRY_HEADS.values()]
        said = dict(zip([row[3] for row in rows], rows, strict=True))
        for entry in (one for one in entries if one["entry"] == "transfer"):
            row = said[entry["id"]]
            assert row[2] == KINDS[entry["kind"]][side]
            assert row[8].startswith(words.ACCOUNTS[entry["debit"].split(":")[0]][side])


@pytest.mark.parametrize("language", ["cs", "en"])
def test_the_exports_words_are_those_of_the_screen(language: str) -> None:
    web = Path("web/src/features/audit/texts.ts").read_text().split(f"\n  {language}: {{")[1]
    tables = {"kinds": KINDS, "decisions": words.DECISIONS, "via": words.VIA}
    for name, said in (tables | {"outcomes": words.OUTCOMES, "reasons": words.REASONS}).items():
        block = re.search(rf"\n    {name}: \{{(.*?)\}}", web, re.DOTALL)
        assert block
        shown = dict(re.findall(r"(\w+): '([^']*)'", block[1]))
        assert {code: both[language == "en"] for code, both in said.items()} == shown


def test_days_of_a_list_are_bounded(door: Door) -> None:
    auditor = door.as_(staff(AUDITOR))
    for path in ("entries", "entries/sheet", "bookings", "bookings/sheet"):
        answer = auditor.get(f"{TOWN}/{path}", query={"first": "2024-01-01", "last": "2026-01-01"})
        assert (answer.status, answer.body["code"]) == (422, "too_many_days")
    for path, days in (("entries", 31), ("entries/sheet", 31), ("bookings", 366), ("bookings/sheet", 366)):
        for more, status in ((days - 1, 200), (days, 422)):
            first = today() - timedelta(days=more)
            asked = {"first": first.isoformat(), "last": DAY}
            assert auditor.get(f"{TOWN}/{path}", query=asked).status == status, (path, more)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "e30",
        "WyJhIiwiYiIsImMiXQ",
        "WyIyMDI2LTExLTIwIiwiIiwiIl0",
        reading._cursor(("2026-11-20", "č", "x")),
        reading._cursor(("2026-11-20", "x", "\n")),
        reading._cursor(("2026-11-20", "x" * 301, "x")),
    ],
)
def test_a_made_up_cursor_is_refused(door: Door, cursor: str) -> None:
    answer = door.as_(staff(AUDITOR)).get(f"{TOWN}/entries", query={"cursor": cursor})
    assert (answer.status, answer.body["code"]) == (400, "cursor_invalid")


def test_bookings_are_what_the_seals_closed(door: Door) -> None:
    every_kind()
    finance = door.as_(staff(AUTHORISING_OFFICER))
    asked = {"first": DAY, "last": DAY}
    assert finance.get(f"{TOWN}/bookings", query=asked).body == {"items": [], "booked_to": None}
    seal()
    booked = finance.get(f"{TOWN}/bookings", query=asked).body
    assert booked["booked_to"] == DAY
    rows = list(csv.reader(io.StringIO(finance.get(f"{TOWN}/bookings/sheet", query=asked).body), delimiter=";"))
    assert len(rows) == len(booked["items"]) + 1
    allotted = next(row for row in rows if row[8] == "Přiznání")
    assert {row[0] for row in rows[1:]} == {one["document"] for one in booked["items"]}
    assert len({row[0] for row in rows[1:]}) == len(rows) - 1, "a document is a row"
    assert allotted[1:] == [
        f"{today():%d.%m.%Y}",
        str(today().year),
        "3419",
        "5222",
        "0060",
        "",
        "",
        "Přiznání",
        "Rozpočet programu",
        "Příspěvek",
        "4",
        "530,00",
    ]


def test_the_booking_export_is_in_the_readers_language_and_knows_every_kind_and_account(door: Door) -> None:
    every_kind()
    seal()
    asked = {"first": DAY, "last": DAY}
    for language, debit in (("cs", "MD"), ("en", "debit")):
        auditor = replace(door.as_(staff(AUDITOR)), language=language)
        answer = auditor.get(f"{TOWN}/bookings/sheet", query=asked)
        head = answer.body.splitlines()[0].split(";")
        assert (answer.status, head[9]) == (200, debit)
    assert set(KINDS) == set(get_args(Kind.__value__))
    booked = door.as_(staff(AUDITOR)).get(f"{TOWN}/bookings", query=asked).body["items"]
    assert {one[side] for one in booked for side in ("debit", "credit")} <= set(words.ACCOUNTS)


# Freeze switches


def freeze(door: Door, role: str, **more: str) -> Any:
    body = {"what": "town", "reason": "Podezření na zneužití kódů."} | more
    return door.as_(staff(role)).post(f"{TOWN}/freezes", body)


def test_finance_may_stop_money_and_only_the_administrator_lets_it_move(door: Door) -> None:
    grant = every_kind()
    stopped = freeze(door, AUTHORISING_OFFICER)
    assert (stopped.status, stopped.body["items"][0]["what"]) == (200, "town")
    with pytest.raises(Exception, match="frozen"):
        spend(grant)
    lift = {"what": "town", "reason": "Kódy jsou vyměněné."}
    assert door.as_(staff(AUTHORISING_OFFICER)).post(f"{TOWN}/freezes/lift", lift).status == 403
    assert door.as_(staff(ADMIN)).post(f"{TOWN}/freezes/lift", lift).body == {"items": []}
    spend(grant)
    again = door.as_(staff(ADMIN)).post(f"{TOWN}/freezes/lift", lift)
    assert (again.status, again.body["code"]) == (409, "not_frozen")
    history = door.as_(staff(AUDITOR)).get(f"{TOWN}/freezes/history").body["items"]
    assert [(one["on"], one["reason"]) for one in history] == [
        (False, lift["reason"]),
        (True, "Podezření na zneužití kódů."),
    ]


def test_a_reason_is_asked_for_and_the_thing_must_exist(door: Door) -> None:
    assert freeze(door, ADMIN, reason="  ").status == 422
    for what in ("programme", "provider", "till"):
        assert freeze(door, ADMIN, what=what, id="nothing").status == 404


def test_a_reason_stays_out_of_the_books(door: Door) -> None:
    every_kind()
    freeze(door, ADMIN)
    seal()
    decisions = [e for e in read_all(door) if e["entry"] == "decision" and e["kind"] == "freeze"]
    assert [(one["outcome"], one["by"]) for one in decisions] == [("frozen", "the-admin")]
    assert "Podezření" not in json.dumps(decisions)


def test_freezing_what_is_frozen_changes_nothing(door: Door) -> None:
    first = freeze(door, ADMIN)
    assert freeze(door, ADMIN, reason="Jiný důvod téhož.").body == first.body
    assert len(door.as_(staff(AUDITOR)).get(f"{TOWN}/freezes/history").body["items"]) == 1
    assert ledger.switches(CITY).v == 1
    assert Key(f"{CITY}#FREEZE", "A") == ledger.switches_key_of(CITY)


def test_each_turn_of_a_switch_names_what_it_stops_and_the_last_comes_first(door: Door, stand_at: StandAt) -> None:
    programme, pool = programmes.create(CITY, rules(), NOBODY, id="p9"), a_provider("pool")
    begin = now()
    for n, (what, id) in enumerate([("programme", "p9"), ("provider", "pool"), ("town", "")]):
        stand_at(begin + timedelta(minutes=n))
        freeze(door, ADMIN, what=what, id=id)
    for what, id in (("till", "lost"), ("provider", "gone"), ("programme", "gone")):
        freezing.freeze_for(CITY, what, id, "proof", "Nesedí.")  # type: ignore[arg-type]
    auditor = door.as_(staff(AUDITOR))
    shown = {(one["what"], one["id"]): one["name"] for one in auditor.get(f"{TOWN}/freezes").body["items"]}
    assert shown == {
        ("programme", "p9"): programme.name.cs,
        ("provider", "pool"): pool.name,
        ("town", ""): "",
        ("till", "lost"): "",
        ("provider", "gone"): "",
        ("programme", "gone"): "",
    }
    history = auditor.get(f"{TOWN}/freezes/history").body["items"]
    assert [one["what"] for one in history if one["by"] != "proof"] == ["town", "provider", "programme"]
    assert len(history) == 6


@pytest.mark.parametrize(("busy", "done"), [(5, True), (6, False)])
def test_a_machine_that_stops_money_tries_six_times_while_others_turn_switches(
    busy: int, done: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn, tries = ledger.freeze, iter(range(100))

    def others_first(*args: Any, **more: Any) -> Any:
        if next(tries) < busy:
            raise ChangedMeanwhile
        return turn(*args, **more)

    monkeypatch.setattr(ledger, "freeze", others_first)
    with nullcontext() if done else pytest.raises(ChangedMeanwhile):
        freezing.freeze_for(CITY, "town", "", "proof", "Nesedí.")
    assert [one.by for one in freezing.frozen(CITY)] == (["proof"] if done else [])


def test_an_export_that_is_too_long_is_refused_and_one_row_less_is_whole(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    every_kind()
    count, auditor = seal().count, door.as_(staff(AUDITOR))
    asked = {"first": DAY, "last": DAY}
    monkeypatch.setattr(reading, "SHEET_ROWS_MAX", count)
    whole = auditor.get(f"{TOWN}/entries/sheet", query=asked).body
    assert len(whole.splitlines()) == count + 1
    monkeypatch.setattr(reading, "SHEET_ROWS_MAX", count - 1)
    refused = auditor.get(f"{TOWN}/entries/sheet", query=asked)
    assert refused.body["code"] == "too_many_rows"


def test_entries_of_a_person_are_of_the_days_asked_for_and_of_both_their_ends(door: Door, stand_at: StandAt) -> None:
    begin = now()
    a_budget()
    a_person("parent", "Jana", "Nováková")
    days = []
    for n in (2, 3, 4, 5):
        stand_at(begin + timedelta(days=n))
        a_grant(100 + n)
        days.append(today())
    for first, last, found in ((0, 3, [102, 103, 104, 105]), (1, 2, [103, 104]), (3, 3, [105])):
        asked = {"first": days[first].isoformat(), "last": days[last].isoformat()}
        for who in ({"person": "parent"}, {}):
            told = door.as_(staff(AUDITOR)).get(f"{TOWN}/entries", query=asked | who | {"limit": "100"}).body["items"]
            assert [one["amount_minor"] for one in told if one["kind"] == "allot"] == found
