"""What finance and clerks do through the real door."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.clock import today
from chalicelib.core.gate import ADMIN, AUDITOR, CLERK, OWNER, Who
from chalicelib.money.payouts import routes
from chalicelib.money.payouts import service as payouts
from chalicelib.money.vouchers.model import receipt_number
from tests.door import Answer, Door
from tests.money.payouts.build import (
    ACCOUNTS,
    CITY,
    a_paying_town,
    a_provider,
    built,
    debited,
    exported,
    officers,
    redeemed,
)

AT = f"/cities/{CITY}"


@pytest.fixture
def finance(bucket: str) -> tuple[Who, Who, Who]:
    a_paying_town(control_sample_permille=0)
    a_provider("pool")
    return officers()


def sent(door: Door, who: Who, path: str, body: Any, key: str) -> Answer:
    return door.as_(who).post(f"{AT}{path}", body, headers={"Idempotency-Key": key})


def test_a_refund_and_its_write_off(door: Door, finance: tuple[Who, Who, Who]) -> None:
    wrong = redeemed("pool", 7_000)
    out = exported(built(), finance[0], finance[1])
    debited(out, finance[1])
    page = door.as_(finance[1]).get(f"{AT}/payouts/{out.id}/lines/pool/remittance", query={"limit": "1"})
    assert [(row["id"], row["grant"]) for row in page.body["items"]] == [(wrong.id, wrong.grant)]
    body = {"grant": wrong.grant, "redemption": wrong.id, "reason": "not_provided", "note": "Lekce nebyla."}
    first, again = (
        sent(door, finance[1], f"/payouts/{out.id}/lines/pool/refunds", body, "key-of-refund") for _ in "12"
    )
    assert (first.status, again.status, again.headers.get("Idempotent-Replayed")) == (201, 201, "true")
    [debt] = door.as_(finance[2]).get(f"{AT}/debts").body["items"]
    assert (debt["net_minor"], len(debt["refunds"])) == (-7_000, 1)
    assert [one["note"] for one in door.as_(finance[2]).get(f"{AT}/refunds").body["items"]] == ["Lekce nebyla."]
    owed = debt["refunds"][0]
    proposal = {"grant": owed["grant"], "refund": owed["refund"], "note": "Spolek zanikl."}
    made = door.as_(finance[1]).post(f"{AT}/write-offs", proposal)
    assert (made.status, made.body["state"]) == (201, "proposed")
    own = door.as_(finance[1]).post(f"{AT}/write-offs/{owed['refund']}/approve")
    assert (own.status, own.body["code"]) == (403, "same_person_signs")
    assert door.as_(finance[2]).post(f"{AT}/write-offs/{owed['refund']}/approve").body["state"] == "approved"
    assert door.as_(finance[2]).get(f"{AT}/debts").body["items"] == []


def test_a_refused_payment_needs_a_reason_and_shows_it_to_its_owner(door: Door, finance: tuple[Who, Who, Who]) -> None:
    redeemed("pool", 7_000)
    out = exported(built(), finance[0], finance[1])
    path = f"{AT}/payouts/{out.id}/lines/pool/reject"
    assert door.as_(finance[1]).post(path, {"reason": ""}).status == 422
    assert door.as_(finance[0]).post(path, {"reason": "Zrušený účet."}).status == 403
    done = door.as_(finance[1]).post(path, {"reason": "Zrušený účet."})
    assert (done.status, done.body["state"], done.body["rejected_on"]) == (200, "rejected", today().isoformat())
    owner = Who("owner-1", "admin", providers={CITY: {"pool": OWNER}})
    [line] = door.as_(owner).get(f"{AT}/providers/pool/payouts").body["items"]
    assert (line["state"], line["note"]) == ("rejected", "Zrušený účet.")


def test_a_clerk_looks_and_finance_sees_how_far_it_is(door: Door, finance: tuple[Who, Who, Who]) -> None:
    town = door.as_(Who("admin-1", "admin", roles={CITY: (ADMIN,)}))
    settings = town.get(f"{AT}/settings")
    changes = {"control_sample_permille": 1000}
    assert town.patch(AT, changes, headers={"If-Match": settings.headers["ETag"]}).status == 200
    odd, fine = redeemed("pool", 7_000), redeemed("pool", 5_000)
    payout = built()
    clerk = door.as_(Who("clerk-1", "admin", roles={CITY: (CLERK,)}))
    assert clerk.get(f"{AT}/payouts/{payout.id}").status == 403
    assert {one["redemption"] for one in clerk.get(f"{AT}/samples").body["items"]} == {odd.id, fine.id}
    assert door.as_(finance[1]).get(f"{AT}/payouts/{payout.id}").body["samples_open"] == 2
    at = f"{AT}/payouts/{payout.id}/sample"
    assert clerk.post(f"{at}/{fine.id}/pass").body["state"] == "ok"
    assert clerk.post(f"{at}/{odd.id}/set-aside", {"reason": "Zavřeno."}).body["state"] == "set_aside"
    assert door.as_(finance[1]).post(f"{at}/{odd.id}/let-go").status == 403
    assert clerk.post(f"{at}/{odd.id}/let-go").body["state"] == "let_go"
    assert clerk.get(f"{AT}/samples").body["items"] == []


def test_advances_and_the_operators_statement(door: Door, finance: tuple[Who, Who, Who]) -> None:
    body = {"amount_minor": 100_000, "day": today().isoformat()}
    first, again = (sent(door, finance[1], "/advances", body, "key-of-advance") for _ in "12")
    assert (first.status, again.headers.get("Idempotent-Replayed")) == (201, "true")
    other = sent(door, finance[1], "/advances", body | {"amount_minor": 5}, "key-of-advance")
    assert other.body["code"] == "key_used_for_other_request"
    year = {"year": str(today().year)}
    auditor = door.as_(Who("auditor-1", "admin", roles={CITY: (AUDITOR,)}))
    shown = auditor.get(f"{AT}/clearing", query=year).body
    assert [(one["kind"], one["effect_minor"], one["balance_minor"]) for one in shown["items"]] == [
        ("advance", 100_000, 100_000)
    ]
    assert "záloha" in auditor.get(f"{AT}/clearing/sheet", query=year).body
    english = replace(auditor, language="en").get(f"{AT}/clearing/sheet", query=year).body.splitlines()
    assert english[0] == "day;kind;payout;provider;amount CZK;balance CZK"
    assert [row.split(";")[1] for row in english[1:]] == ["opening balance", "advance"]
    assert (
        sent(door, Who("auditor-1", "admin", roles={CITY: (AUDITOR,)}), "/advances", body, "k2-of-advance").status
        == 403
    )


def test_only_the_administrator_says_which_provider_is_the_towns_own(door: Door, finance: tuple[Who, Who, Who]) -> None:
    path = f"{AT}/providers/pool/founded"
    assert door.as_(finance[1]).put(path, {"founded": True}).status == 403
    admin = door.as_(Who("admin-1", "admin", roles={CITY: (ADMIN,)}))
    assert admin.put(path, {"founded": True}).body["founded_organisation"]
    redeemed("pool", 5_000)
    [line] = payouts.lines(CITY, built().id)
    assert (line.inside, line.account) == (True, "")


def test_a_long_remittance_comes_in_pages_and_its_csv_in_parts(
    door: Door, finance: tuple[Who, Who, Who], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payouts, "CSV_ROWS_A_PAGE", 100)
    amounts = [1_000 + n for n in range(103)]
    for amount_minor in amounts:
        redeemed("pool", amount_minor)
    payout = built()
    at = f"{AT}/payouts/{payout.id}/lines/pool/remittance"
    seen: list[int] = []
    query = {"limit": "40"}
    while True:
        page = door.as_(finance[1]).get(at, query=query).body
        seen += [row["payable_minor"] for row in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert sum(seen) == sum(amounts) == payout.total_minor
    first = door.as_(finance[1]).get(f"{at}/csv").body
    second = door.as_(finance[1]).get(f"{at}/csv", query={"cursor": first["next"]}).body
    assert second["next"] is None
    rows = (first["content"] + second["content"]).splitlines()
    assert len(rows) == 104
    assert [row for row in rows if row.startswith("proplacení")] == rows[:1]
    assert {row.split(";")[2] for row in rows[1:]} == {"Uplatnění"}
    english = replace(door.as_(finance[1]), language="en").get(f"{at}/csv").body["content"].splitlines()
    assert english[0] == "payout;time;kind;document;programme;amount CZK"
    assert {row.split(";")[2] for row in english[1:]} == {"Redemption"}


def test_a_clerk_who_owns_a_provider_sees_no_other_providers_payments(
    door: Door, finance: tuple[Who, Who, Who]
) -> None:
    a_provider("books", ACCOUNTS[1])
    for provider in ("pool", "books"):
        redeemed(provider, 5_000)
    payout = built()
    both = door.as_(Who("clerk-1", "admin", roles={CITY: (CLERK,)}, providers={CITY: {"pool": OWNER}}))
    auditor = door.as_(Who("auditor-1", "admin", roles={CITY: (AUDITOR,)}))
    for provider, status in (("pool", 200), ("books", 404)):
        at = f"{AT}/payouts/{payout.id}/lines/{provider}/remittance"
        for path in (at, f"{at}/csv", f"{AT}/providers/{provider}/payouts"):
            assert (both.get(path).status, auditor.get(path).status) == (status, 200)


def test_a_tills_movement_is_named_by_the_number_on_its_receipt_and_another_by_its_beginning() -> None:
    till = "0123456789abcdef" * 2
    assert routes._receipt(till) == routes._receipt(f"{till}.undo") == receipt_number(till)
    assert routes._receipt("01JD8QXW5T") == "01JD8QXW"
