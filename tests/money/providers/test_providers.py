"""Providers: signing up, joining a programme, the bank account, the town's hand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.clock import now
from chalicelib.core.gate import Who
from chalicelib.core.ids import digest
from chalicelib.core.table import read_many, transact
from chalicelib.core.tries import Pace
from chalicelib.money.ledger import service as ledger
from chalicelib.money.providers import service
from chalicelib.money.providers.model import Part, PayoutAccount
from chalicelib.town.people import service as people
from tests.door import Door
from tests.hiring import known_to
from tests.money.providers.build import (
    ACCOUNT,
    AGREEMENT,
    CITY,
    ENDED_ICO,
    ICO,
    OTHER_ACCOUNT,
    OTHER_ICO,
    a_programme,
    approved,
    as_owner,
    called,
    filled,
    finance,
    signed_up,
    someone,
)
from tests.town.people.build import a_colleague, a_town, mail

CLERK = Who(id="clerk", app="admin", roles={CITY: ("clerk",)})
ADMIN = Who(id="admin", app="admin", roles={CITY: ("admin",)})
AT = f"/cities/{CITY}/providers"

pytestmark = pytest.mark.usefixtures("town")


# Signing up


def test_a_provider_signs_up_by_its_company_number_and_the_register_fills_the_rest(door: Door) -> None:
    assert door.get(f"/cities/{CITY}/companies/{ICO}").body["name"] == "TJ Modřín, z. s."
    made = door.as_(someone("vedouci")).post(AT, filled(name="Falešné jméno"))
    assert (made.status, made.body["state"]) == (201, "registered")
    assert (made.body["name"], made.body["legal_form"]) == ("TJ Modřín, z. s.", "association")
    assert made.body["missing"] == ["branch", "account"]
    [member] = service.members(CITY, made.body["id"])
    assert (member.person, member.role) == ("vedouci", "owner")


def test_a_vat_payer_is_known_from_the_register(door: Door) -> None:
    assert door.get(f"/cities/{CITY}/companies/{OTHER_ICO}").body["vat_payer"] is True


def test_one_network_asks_the_register_and_signs_providers_up_only_so_often(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LOOK_UPS_FROM_ONE_NETWORK", Pace(2, timedelta(days=1)))
    monkeypatch.setattr(service, "SIGN_UPS_FROM_ONE_NETWORK", Pace(2, timedelta(days=1)))
    assert [door.get(f"/cities/{CITY}/companies/{ICO}").status for _ in range(3)] == [200, 200, 429]
    assert [door.post(AT, filled()).status for _ in range(3)] == [201, 409, 429]


def test_who_is_not_signed_in_is_invited_at_the_contact(door: Door) -> None:
    made = door.post(AT, filled())
    assert made.status == 201
    assert [m.to for m in mail()] == ["vedouci@oddil.example"]


@pytest.mark.parametrize(
    ("ico", "status", "code"),
    [("80001008", 422, "ico_invalid"), ("80004709", 404, "company_unknown"), (ENDED_ICO, 409, "company_ended")],
)
def test_a_number_that_stands_for_nobody_is_refused(door: Door, ico: str, status: int, code: str) -> None:
    answer = door.as_(someone("vedouci")).post(AT, filled(ico))
    assert (answer.status, answer.body["code"]) == (status, code)


def test_without_a_register_the_typed_data_count(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.core.settings import settings

    monkeypatch.setenv("COMPANY_REGISTER", "")
    settings.cache_clear()
    owner = door.as_(someone("vedouci"))
    assert owner.post(AT, filled()).body["code"] == "company_data_needed"
    typed = owner.post(AT, filled(name="TJ Modřín", seat="Sportovní 4, Modřínov", legal_form="association"))
    assert (typed.status, typed.body["name"]) == (201, "TJ Modřín")


def test_of_two_parallel_sign_ups_by_one_number_one_holds(door: Door) -> None:
    people = [door.as_(someone(f"vedouci{n}")) for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(lambda who: who.post(AT, filled()).status, people))
    assert statuses == [201, 409, 409, 409]


def test_an_ended_provider_frees_its_number(door: Door) -> None:
    id = signed_up(door)
    ended = door.as_(ADMIN).post(f"{AT}/{id}/state", {"state": "ended", "reason": "Zánik oddílu"})
    assert ended.body["state"] == "ended"
    assert door.as_(someone("dalsi")).post(AT, filled()).status == 201


# Joining a programme


def test_a_provider_joins_a_programme_and_becomes_active_with_its_first(door: Door) -> None:
    id = signed_up(door)
    owner = door.as_(as_owner("vedouci", id))
    asked = owner.post(f"{AT}/{id}/parts", {"programme": "pohyb"})
    assert (asked.status, asked.body["state"]) == (201, "in_review")
    assert owner.get(f"{AT}/{id}").body["state"] == "in_review"
    assert service.part_in(CITY, "pohyb", id) == "in_review"
    waiting = door.as_(CLERK).get(AT, query={"to_do": "true"}).body["items"]
    assert [provider["id"] for provider in waiting] == [id]
    done = door.as_(CLERK).post(f"{AT}/{id}/parts/pohyb/approval", {"agreement": AGREEMENT})
    assert (done.body["state"], done.body["open"]) == ("active", True)
    provider = owner.get(f"{AT}/{id}").body
    assert (provider["state"], provider["account_version"], provider["held"]) == ("active", 0, "account_change")
    shown = door.get(f"/cities/{CITY}/programmes/pohyb/providers").body["items"]
    assert [(p["name"], p["branches"][0]["name"]) for p in shown] == [("TJ Modřín, z. s.", "Hala")]
    call = called()
    approved = door.as_(finance()).post(f"{AT}/{id}/accounts/1/approval", call)
    assert approved.body["called"]["phone"] == call["called"]["phone"]
    assert service.account_for_payout(CITY, id) == PayoutAccount(ACCOUNT, 1, None)


@pytest.mark.parametrize("wrong", [timedelta(minutes=-5), timedelta(minutes=5)])
def test_no_account_is_approved_without_a_call_made_since_it_was_entered(door: Door, wrong: timedelta) -> None:
    id = signed_up(door)
    at = door.as_(finance())
    assert at.post(f"{AT}/{id}/accounts/1/approval", {}).status == 422
    made = called()["called"] | {"at": (now() + wrong).isoformat()}
    refused = at.post(f"{AT}/{id}/accounts/1/approval", {"called": made})
    assert (refused.status, refused.body["code"]) == (422, "call_impossible")
    assert service.account_for_payout(CITY, id).held


def test_that_an_account_was_approved_stands_in_the_books_with_a_digest_of_the_call(door: Door) -> None:
    id = approved(door)
    [leaf] = ledger.decisions_of(CITY, id)
    [account] = service.accounts(CITY, id)
    assert account.called
    assert (leaf.what, leaf.outcome, leaf.by) == ("provider_account", "approved", account.decided_by)
    assert leaf.why == digest(account.called.text)


def test_nobody_joins_without_a_branch_and_an_account(door: Door) -> None:
    id = door.as_(someone("vedouci")).post(AT, filled()).body["id"]
    refused = door.as_(as_owner("vedouci", id)).post(f"{AT}/{id}/parts", {"programme": "pohyb"})
    assert (refused.status, refused.body["code"]) == (409, "provider_incomplete")
    assert refused.body["facts"]["missing"] == ["branch", "account"]


def test_an_agreement_to_be_published_takes_effect_by_its_publication(door: Door) -> None:
    id = signed_up(door)
    door.as_(as_owner("vedouci", id)).post(f"{AT}/{id}/parts", {"programme": "pohyb"})
    clerk = door.as_(CLERK)
    signed = clerk.post(f"{AT}/{id}/parts/pohyb/approval", {"agreement": AGREEMENT | {"must_be_published": True}})
    assert (signed.body["state"], signed.body["open"]) == ("in_review", False)
    published = clerk.post(f"{AT}/{id}/parts/pohyb/publication", {"published_on": "2026-09-10"})
    assert (published.body["state"], published.body["open"]) == ("active", True)


def test_a_declined_provider_is_told_why_and_may_ask_again(door: Door) -> None:
    id = signed_up(door)
    owner = door.as_(as_owner("vedouci", id))
    owner.post(f"{AT}/{id}/parts", {"programme": "pohyb"})
    reason = {"verb": "decline", "reason": "Program je pro děti."}
    assert door.as_(CLERK).post(f"{AT}/{id}/parts/pohyb/state", reason).body["state"] == "declined"
    assert service.part_in(CITY, "pohyb", id) == "declined"
    assert owner.post(f"{AT}/{id}/parts", {"programme": "pohyb"}).body["state"] == "in_review"
    assert owner.post(f"{AT}/{id}/parts", {"programme": "pohyb"}).body["code"] == "already_joined"


def test_who_entered_the_account_cannot_approve_the_provider(door: Door) -> None:
    id = signed_up(door)
    door.as_(as_owner("vedouci", id)).post(f"{AT}/{id}/parts", {"programme": "pohyb"})
    transact([people.found_roles("vedouci", CITY, ("clerk",), "Petr Vedoucí", "vedouci@oddil.example")])
    both = Who(id="vedouci", app="admin", roles={CITY: ("clerk",)})
    refused = door.as_(both).post(f"{AT}/{id}/parts/pohyb/approval", {"agreement": AGREEMENT})
    assert (refused.status, refused.body["code"]) == (403, "conflict_of_interest")


def test_a_suspended_provider_accepts_nothing_in_any_programme_and_its_payouts_wait(door: Door) -> None:
    a_programme("plavenka")
    id = approved(door)
    owner = door.as_(as_owner("vedouci", id))
    owner.post(f"{AT}/{id}/parts", {"programme": "plavenka"})
    door.as_(CLERK).post(f"{AT}/{id}/parts/plavenka/approval", {"agreement": AGREEMENT})
    assert service.programmes_of(CITY, id) == ["pohyb", "plavenka"]
    door.as_(ADMIN).post(f"{AT}/{id}/state", {"state": "suspended", "reason": "Kontrola"})
    assert service.programmes_of(CITY, id) == []
    key = service.part_key_of(CITY, "pohyb", id)
    part = read_many([key])[key].noun(Part)
    assert (part.open, service.part_in(CITY, "pohyb", id)) == (False, "suspended")
    assert service.account_for_payout(CITY, id).held == "provider_not_active"
    door.as_(ADMIN).post(f"{AT}/{id}/state", {"state": "active", "reason": "V pořádku"})
    assert service.takes_part(CITY, "plavenka", id)


# The bank account


def test_a_changed_account_holds_payouts_until_a_second_person_approves_it(door: Door) -> None:
    id = approved(door)
    before = len(mail())
    owner = door.as_(as_owner("vedouci", id))
    changed = owner.post(f"{AT}/{id}/accounts", {"number": OTHER_ACCOUNT})
    assert (changed.status, changed.body["version"], changed.body["state"]) == (201, 2, "pending")
    assert service.account_for_payout(CITY, id) == PayoutAccount(ACCOUNT, 1, "account_change")
    [told] = [m for m in mail()[before:] if "účtu" in m.subject]
    assert told.to == "vedouci@oddil.example"
    assert OTHER_ACCOUNT in told.text
    approver = door.as_(finance())
    assert approver.post(f"{AT}/{id}/accounts/2/approval", called()).body["state"] == "approved"
    assert service.account_for_payout(CITY, id) == PayoutAccount(OTHER_ACCOUNT, 2, None)
    assert service.who_changed_account(CITY, id, 2) == "vedouci"
    versions = owner.get(f"{AT}/{id}/accounts").body["items"]
    assert [(a["version"], a["number"], a["state"]) for a in versions] == [
        (2, OTHER_ACCOUNT, "approved"),
        (1, ACCOUNT, "approved"),
    ]


def test_a_contact_who_is_nobody_of_the_owners_is_told_of_a_changed_account_too(door: Door) -> None:
    id = approved(door)
    owner = door.as_(as_owner("vedouci", id))
    contact = {"contact": {"name": "Výbor oddílu", "email": "vybor@oddil.example"}}
    owner.patch(f"{AT}/{id}", contact, version=owner.get(f"{AT}/{id}").body["v"])
    before = len(mail())
    owner.post(f"{AT}/{id}/accounts", {"number": OTHER_ACCOUNT})
    told = {m.to for m in mail()[before:] if OTHER_ACCOUNT in m.text}
    assert told == {"vybor@oddil.example", "vedouci@oddil.example"}


def test_whoever_changed_the_account_cannot_approve_it(door: Door) -> None:
    id = approved(door)
    door.as_(as_owner("vedouci", id)).post(f"{AT}/{id}/accounts", {"number": OTHER_ACCOUNT})
    transact([people.found_roles("vedouci", CITY, ("budget_officer",), "Petr Vedoucí", "vedouci@oddil.example")])
    known_to(CITY, "vedouci")
    both = Who(id="vedouci", app="admin", roles={CITY: ("budget_officer",)})
    refused = door.as_(both).post(f"{AT}/{id}/accounts/2/approval", called())
    assert (refused.status, refused.body["code"]) == (403, "same_person_signs")
    assert service.account_for_payout(CITY, id).held == "account_change"


def test_a_role_taken_away_a_minute_ago_approves_no_account(door: Door) -> None:
    id = approved(door)
    door.as_(as_owner("vedouci", id)).post(f"{AT}/{id}/accounts", {"number": OTHER_ACCOUNT})
    a_colleague("byvaly", ("clerk",))
    gone = Who(id="byvaly", app="admin", roles={CITY: ("chief_accountant",)})
    assert door.as_(gone).post(f"{AT}/{id}/accounts/2/approval", called()).body["code"] == "wrong_role"


def test_a_refused_account_is_not_used_and_payouts_go_on(door: Door) -> None:
    id = approved(door)
    owner = door.as_(as_owner("vedouci", id))
    owner.post(f"{AT}/{id}/accounts", {"number": OTHER_ACCOUNT})
    assert owner.post(f"{AT}/{id}/accounts", {"number": OTHER_ACCOUNT}).body["code"] == "account_change_pending"
    assert door.as_(finance()).post(f"{AT}/{id}/accounts/2/refusal").body["state"] == "refused"
    assert service.account_for_payout(CITY, id) == PayoutAccount(ACCOUNT, 1, None)
    late = door.as_(finance("druhy")).post(f"{AT}/{id}/accounts/2/approval", called())
    assert late.body["code"] == "account_change_decided"


def test_an_approval_and_a_refusal_at_once_leave_one_outcome(door: Door) -> None:
    id = approved(door)
    door.as_(as_owner("vedouci", id)).post(f"{AT}/{id}/accounts", {"number": OTHER_ACCOUNT})
    verbs = [(finance("a"), "approval"), (finance("b"), "refusal"), (finance("c"), "approval")]

    def decide(what: tuple[Who, str]) -> int:
        return door.as_(what[0]).post(f"{AT}/{id}/accounts/2/{what[1]}", called()).status

    with ThreadPoolExecutor(3) as pool:
        statuses = sorted(pool.map(decide, verbs))
    assert statuses == [200, 409, 409]
    assert service.account_for_payout(CITY, id).held is None


@pytest.mark.parametrize("number", ["6329508543/2700", "1/0800", "účet", "19-2000145398/0800", "6329508544"])
def test_an_account_that_fails_its_check_sum_is_refused(door: Door, number: str) -> None:
    id = signed_up(door)
    refused = door.as_(as_owner("vedouci", id)).post(f"{AT}/{id}/accounts", {"number": number})
    assert (refused.status, refused.body["code"]) == (422, "provider_account_invalid")


def test_an_unreliable_vat_payer_waits_for_a_second_look(door: Door) -> None:
    id = approved(door)
    first, second = finance("prvni"), finance("druhy", "budget_officer")
    marked = door.as_(first).put(f"{AT}/{id}/vat-mark", {"since": "2026-11-17"})
    assert marked.body["held"] == "unreliable_vat_payer"
    assert door.as_(first).post(f"{AT}/{id}/vat-mark/pass").body["code"] == "same_person_signs"
    assert door.as_(first).put(f"{AT}/{id}/vat-mark", {"since": None}).body["code"] == "same_person_signs"
    assert door.as_(second).post(f"{AT}/{id}/vat-mark/pass").body["held"] is None
    assert door.as_(second).put(f"{AT}/{id}/vat-mark", {"since": None}).body["vat_mark"] is None


def test_the_town_can_make_payouts_wait(door: Door) -> None:
    id = approved(door)
    held = door.as_(finance()).put(f"{AT}/{id}/payout-hold", {"reason": "Reklamace"})
    assert (held.body["held"], held.body["payout_hold"]) == ("held_by_town", "Reklamace")
    assert door.as_(finance("druhy")).put(f"{AT}/{id}/payout-hold", {"reason": ""}).body["held"] is None


# Whose it is


def test_a_provider_sees_itself_and_nobody_elses(door: Door) -> None:
    id = signed_up(door)
    other = signed_up(door, "jiny", OTHER_ICO)
    owner = door.as_(as_owner("vedouci", id))
    assert [p["id"] for p in owner.get(AT).body["items"]] == [id]
    assert owner.get(f"{AT}/{other}").status == 404
    assert owner.post(f"{AT}/{other}/accounts", {"number": OTHER_ACCOUNT}).status == 404
    assert owner.post(f"{AT}/{other}/parts", {"programme": "pohyb"}).status == 404


def test_a_cashier_looks_but_does_not_change(door: Door) -> None:
    id = signed_up(door)
    cashier = door.as_(Who(id="pokladni", app="admin", providers={CITY: {id: "cashier"}}))
    assert cashier.get(f"{AT}/{id}").status == 200
    assert cashier.post(f"{AT}/{id}/accounts", {"number": OTHER_ACCOUNT}).status == 403
    assert cashier.get(f"{AT}/{id}/members").status == 403


def test_an_owner_invites_and_the_last_one_stays(door: Door) -> None:
    id = signed_up(door)
    owner = door.as_(as_owner("vedouci", id))
    assert owner.post(f"{AT}/{id}/members", {"email": "pokladni@oddil.example", "role": "cashier"}).status == 204
    assert mail()[-1].to == "pokladni@oddil.example"
    assert owner.delete(f"{AT}/{id}/members/vedouci").body["code"] == "last_owner"


def test_an_edit_over_somebody_elses_is_refused(door: Door) -> None:
    id = signed_up(door)
    owner = door.as_(as_owner("vedouci", id))
    version = owner.get(f"{AT}/{id}").body["v"]
    body = {"about": "Sport pro všechny.", "categories": ["sport"]}
    assert owner.patch(f"{AT}/{id}", body, version=version).body["about"] == "Sport pro všechny."
    late = owner.patch(f"{AT}/{id}", body, version=version)
    assert (late.status, late.body["code"]) == (409, "changed_meanwhile")


def test_branches_change_and_a_closed_one_stays_in_the_books(door: Door) -> None:
    id = signed_up(door)
    owner = door.as_(as_owner("vedouci", id))
    provider = owner.get(f"{AT}/{id}").body
    branch = provider["branches"][0]["id"]
    renamed = owner.put(
        f"{AT}/{id}/branches/{branch}", {"name": "Velká hala", "address": "Sportovní 4"}, version=provider["v"]
    )
    assert renamed.body["branches"][0]["name"] == "Velká hala"
    assert owner.delete(f"{AT}/{id}/branches/{branch}").body["branches"][0]["closed"] is True
    assert owner.get(f"{AT}/{id}").body["missing"] == ["branch"]


def test_the_town_finds_providers_by_name_number_and_state(door: Door) -> None:
    first = approved(door)
    second = signed_up(door, "jiny", OTHER_ICO)
    clerk = door.as_(CLERK)

    def found(**query: str) -> list[str]:
        return [p["id"] for p in clerk.get(AT, query=query).body["items"]]

    assert found() == [second, first]
    assert found(text="modrin") == [first]
    assert found(text="80001378") == [second]
    assert found(state="active") == [first]
    page = clerk.get(AT, query={"limit": "1"}).body
    assert [p["id"] for p in page["items"]] == [second]
    assert [p["id"] for p in clerk.get(AT, query={"limit": "1", "cursor": page["next"]}).body["items"]] == [first]


def test_every_act_is_in_the_history(door: Door) -> None:
    id = approved(door)
    what = [event["what"] for event in door.as_(ADMIN).get(f"{AT}/{id}/events").body["items"]]
    assert what == [
        "account_approved",
        "part_approved",
        "asked_to_join",
        "account_changed",
        "branch_added",
        "signed_up",
    ]


def test_a_provider_of_another_town_does_not_exist(door: Door) -> None:
    id = approved(door)
    a_town("vranohrad-podlesi", "Vranohrad-Podlesí")
    foreign: Any = Who(id="x", app="admin", roles={"vranohrad-podlesi": ("clerk", "admin", "chief_accountant")})
    assert door.as_(foreign).get(f"/cities/vranohrad-podlesi/providers/{id}").status == 404
    a_colleague("cizi", ("chief_accountant",), "vranohrad-podlesi")
