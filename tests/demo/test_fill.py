"""The filled demo: what the table holds is what the world says, and its money adds up to the haléř."""

import json
import re
from collections import Counter, defaultdict

import pytest

from chalicelib.core.aws import client
from chalicelib.core.gate import Who
from chalicelib.core.refusals import Refusal
from chalicelib.core.table import Item
from chalicelib.money.ledger.store import BudgetItem, GrantItem, TransferItem, transfer_of
from chalicelib.money.payouts import service as payouts
from chalicelib.money.programmes.store import ApplicationItem
from chalicelib.money.vouchers import service as vouchers
from chalicelib.town.identity import service as identity
from chalicelib.watch.insights import service as insights
from chalicelib.watch.insights.model import effect
from localcloud.demo import fill
from localcloud.demo.signing_in import people_to_sign_in
from localcloud.demo.sponsors import owner_of, programme_id
from localcloud.demo.towns import MODRINOV, PODLESI
from regina.file_registry import read_records
from tests.demo.conftest import DAY, Filled, raw_items
from tests.door import Door

pytestmark = pytest.mark.timeout(1800)
"""The first test waits for the fill, which a busy machine makes long."""


def test_applications_by_state(items: list[Item]) -> None:
    states = Counter(item.state for item in items if isinstance(item, ApplicationItem))
    assert states["submitted"] + states["in_review"] == 22
    assert states["submitted"] >= 12
    assert (states["approved"], states["waiting"], states["verifying"], states["returned"]) == (441, 37, 41, 9)


def test_every_programme_adds_up(items: list[Item]) -> None:
    moved: dict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        if isinstance(item, TransferItem):
            transfer = transfer_of(json.loads(str(item.card)))
            moved[transfer.programme].update(effect(transfer))
    spendable: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for item in items:
        if isinstance(item, GrantItem):
            spendable[item.programme] += int(item.spendable_minor)
            held[item.programme] += int(item.held_minor)
    budgets = [item for item in items if isinstance(item, BudgetItem)]
    assert len(budgets) == 11
    for budget in budgets:
        of = moved[budget.programme]
        assert budget.total_minor == of["budget_minor"]
        assert budget.free_minor == of["free_minor"]
        assert spendable[budget.programme] == of["unspent_minor"]
        assert held[budget.programme] == of["held_minor"]
        parts = budget.free_minor + spendable[budget.programme] + held[budget.programme]
        assert budget.total_minor == parts + of["to_pay_minor"] + of["paid_minor"]


@pytest.mark.parametrize("city", [MODRINOV, PODLESI])
def test_figures_agree_with_the_books(filled: Filled, items: list[Item], city: str) -> None:
    shown = insights.overview(city)
    assert shown
    free = {item.programme: int(item.free_minor) for item in items if isinstance(item, BudgetItem)}
    for one in shown:
        assert one.figures.money.difference_minor == 0
        assert one.figures.money.free_minor == free[one.programme]


def test_camps_are_paid_and_podlesi_is_exhausted(filled: Filled) -> None:
    money = {one.name: (one.state, one.figures.money) for one in insights.overview(MODRINOV)}
    state, camps = money["Letní tábory"]
    assert (state, camps.held_minor, camps.to_pay_minor, camps.unspent_minor) == ("closed", 0, 0, 0)
    assert camps.paid_minor > 0
    podlesi = {one.name: (one.state, one.figures) for one in insights.overview(PODLESI)}
    state, figures = podlesi["Volný čas v Podlesí"]
    assert (state, figures.money.free_minor, figures.applications["waiting"]) == ("exhausted", 0, 37)


def test_payouts_wait_for_people(filled: Filled) -> None:
    known = payouts.payouts(MODRINOV, 10, None).items
    assert [payout.state for payout in known] == ["authorised", "exported", "partly_settled", "settled"]
    returned = [line for payout in known for line in payouts.lines(MODRINOV, payout.id) if line.state == "returned"]
    assert len(returned) == 2
    assert {held.reason for held in known[0].held_back} >= {"account_change", "unreliable_vat_payer"}


def test_one_redemption_is_disputed(filled: Filled) -> None:
    (dispute,) = vouchers.open_disputes(MODRINOV, 10, None).items
    assert dispute.amount_minor > 0


def test_the_statement_debits_the_order_at_the_bank(filled: Filled) -> None:
    file = next((filled.data / "demo").glob("vypis-????-??-??.gpc"))
    (seen,) = payouts.preview_statement(MODRINOV, file.read_bytes())
    exported = payouts.payouts(MODRINOV, 2, None).items[1]
    assert seen.outcome.debited >= exported.lines - 1
    assert seen.outcome.charges_paid >= 5
    assert seen.outcome.missing
    for broken in (filled.data / "demo").glob("*-*t*.gpc"):
        if broken != file:
            with pytest.raises(Refusal):
                payouts.preview_statement(MODRINOV, broken.read_bytes())


def test_no_birth_number_is_anywhere(filled: Filled) -> None:
    begins = set()
    for resident in filled.world.residents:
        month = resident.born.month + (50 if resident.sex == "F" else 0)
        begins.add(f"{resident.born.year % 100:02}{month:02}{resident.born.day:02}")
    text = "\n".join(json.dumps(raw, ensure_ascii=False) for raw in raw_items(filled.table))
    text += (filled.data / "regina" / MODRINOV / "registry.jsonl").read_text()
    assert not re.search(r"(?<![\dA-Za-z])\d{6}/\d{3,4}(?![\d])", text)
    tens = re.findall(r"(?<![\dA-Za-z])(\d{10})(?![\dA-Za-z/])", text)
    assert [number for number in tens if number[:6] in begins and int(number) % 11 == 0] == []


def test_the_registry_is_at_the_office_only(filled: Filled, items: list[Item]) -> None:
    records = read_records(filled.data / "regina" / MODRINOV / "registry.jsonl")
    assert len(records) == 2008
    assert not [item for item in items if "R000001" in json.dumps(item.serialize())]


@pytest.mark.parametrize(
    ("key", "outcome"),
    [
        ("no_hacek", "match"),
        ("swapped_names", "match"),
        ("former_surname", "no_match"),
        ("two_of_one_name", "ambiguous"),
        ("moved_away", "match_not_resident"),
        ("next_city_part", "match_not_resident"),
        ("moved_in", "match_not_resident"),
        ("protection", "match"),
        ("deceased", "deceased"),
        ("questioned", "questioned"),
        ("registry_down", "unavailable"),
        ("neighbour", "match"),
        ("no_email", "match"),
    ],
)
def test_awkward_people_are_there(filled: Filled, key: str, outcome: str) -> None:
    account = filled.world.account(key)
    assert identity.standing(account.city, account.id).outcome == outcome


def test_awkward_links(filled: Filled) -> None:
    for key, state in (("foster", "declared"), ("deprived", "refused"), ("other_surname", "proved_by_registry")):
        account = filled.world.account(key)
        assert identity.standing(MODRINOV, account.entries[0].id).link == state
    second = filled.world.account("second_account")
    assert identity.standing(MODRINOV, second.id).duplicate
    assert not identity.standing(MODRINOV, filled.world.account("neighbour").id).second_proof


def test_every_case_has_its_person(filled: Filled) -> None:
    keys = {account.key for account in filled.world.accounts}
    assert {case.key for case in filled.world.cases} <= keys


def test_the_past_sends_nothing(filled: Filled, items: list[Item]) -> None:
    queued = [item for item in items if item.kind == "message" and getattr(item, "state", "") == "queued"]
    assert all(str(getattr(item, "queued_at", ""))[:10] == DAY.isoformat() for item in queued)


def test_filling_again_changes_nothing(filled: Filled) -> None:
    before = sum(1 for _ in raw_items(filled.table))
    fill.fill(filled.data, print)
    assert sum(1 for _ in raw_items(filled.table)) == before


ADMIN_PATHS = (
    "/programmes",
    "/unsigned-budgets",
    "/application-queue?view=to_decide",
    "/application-queue?view=all&limit=100",
    "/application-queue/counts",
    "/verification-queue",
    "/providers?limit=100",
    "/payouts",
    "/statements",
    "/doubts",
    "/figures",
    "/staff",
    "/settings",
    "/proof-letters",
    "/disputes",
)


@pytest.mark.parametrize("city", [MODRINOV, PODLESI])
def test_the_town_hall_sees_its_lists(filled: Filled, city: str) -> None:
    roles = ("admin", "clerk", "budget_officer", "programme_owner", "assistant", "auditor", "privacy_officer")
    who = Who(filled.world.colleague(city, "clerk").id, "admin", roles={city: roles})
    door = Door().as_(who)
    for path in ADMIN_PATHS:
        bare, _, query = path.partition("?")
        answer = door.get(f"/cities/{city}{bare}", query=dict(part.split("=") for part in query.split("&") if part))
        assert answer.status == 200, (path, answer.body)
    for programme in filled.world.programmes:
        if programme.city == city:
            path = f"/cities/{city}/programmes/{programme_id(filled.world, programme)}"
            assert door.get(f"{path}/rules").status == 200
            assert programme.is_draft or door.get(f"{path}/providers").status == 200


CITIZENS_PATHS = (
    "/people/me",
    "/people/me/children",
    "/verifications",
    "/applications",
    "/grants",
    "/orders",
    "/charges",
    "/messages",
    "/candidates",
)


def test_every_awkward_person_sees_their_own(filled: Filled) -> None:
    for account in filled.world.accounts:
        if account.key and account.email:
            door = Door().as_(Who(account.id, "moje", roles={account.city: ("citizen",)}))
            for path in CITIZENS_PATHS:
                answer = door.get(f"/cities/{account.city}{path}")
                assert answer.status == 200, (account.key, path, answer.body)


def test_every_provider_sees_its_own(filled: Filled) -> None:
    for provider in filled.world.providers:
        who = Who("owner", "admin", providers={provider.city: {provider.id: "owner"}})
        door = Door().as_(who)
        for path in ("", "/accounts", "/parts", "/payouts", "/orders", "/activities", "/members", "/owed"):
            answer = door.get(f"/cities/{provider.city}/providers/{provider.id}{path}")
            assert answer.status == 200, (provider.key, path, answer.body)
        owner = Who(owner_of(filled.world, provider), "admin", providers=dict(who.providers))
        assert Door().as_(owner).get(f"/cities/{provider.city}/messages").status == 200


@pytest.mark.parametrize("city", [MODRINOV, PODLESI])
def test_anyone_sees_the_offer(filled: Filled, city: str) -> None:
    for path in ("/programmes", "/activities", "/open-figures", "/privacy-notice"):
        answer = Door().get(f"/cities/{city}{path}")
        assert answer.status == 200, (path, answer.body)


def test_people_to_sign_in(filled: Filled) -> None:
    people = people_to_sign_in(DAY)
    assert len({person.email for person in people}) == len(people)
    assert sum(person.path.startswith("/admin/modrinov") for person in people) >= 9


def test_a_killed_fill_is_cleared(table: str) -> None:
    fill._note("filling", DAY)
    client("dynamodb").put_item(TableName=table, Item={"PK": {"S": "x"}, "SK": {"S": "y"}})
    fill._clear()
    assert [raw["PK"]["S"] for raw in raw_items(table)] == [fill.MARK.pk]
