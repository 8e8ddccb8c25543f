"""From a programme to a grant: two signatures, an application, an approval."""

import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.core.gate import Who
from chalicelib.money.ledger import service as ledger
from chalicelib.money.programmes import service
from chalicelib.money.programmes.coordinates import ITEMS
from chalicelib.money.programmes.reviewing import Decision
from tests.door import Door
from tests.money.programmes.build import AMOUNT, CITY, a_child, a_citizen, a_hall, an_open, submitted
from tests.town.people.build import mail

APPROVE = Decision("approve")


def test_a_childs_application_becomes_a_grant_with_its_money_and_a_message(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    parent = a_citizen()
    child = a_child(parent)
    sent = submitted(programme, parent, child.id)
    assert sent.state == "submitted"
    assert sent.subject_ref == f"ref-{child.id}"

    decided = service.decide(CITY, sent.id, APPROVE, staff.clerk, "key-00000001").application

    assert decided.state == "approved"
    [grant] = ledger.grants_of(CITY, parent.id)
    assert (grant.total_minor, grant.beneficiary, grant.application) == (AMOUNT, child.id, sent.id)
    assert grant.id in decided.grants
    budget = service.budget(CITY, programme.id)
    assert (budget.total_minor, budget.free_minor) == (10 * AMOUNT, 9 * AMOUNT)


def test_vouchers_come_in_as_many_parts_as_the_rules_say(table: str) -> None:
    staff = a_hall()
    programme = an_open(staff, mode="voucher", denominations_minor=(20_000,) * 4)
    citizen = a_citizen()
    service.decide(CITY, submitted(programme, citizen).id, APPROVE, staff.clerk, "key-00000001")
    grants = ledger.grants_of(CITY, citizen.id)
    assert sorted((g.part, g.parts, g.total_minor) for g in grants) == [(n, 4, 20_000) for n in (1, 2, 3, 4)]


def test_the_whole_path_goes_through_the_doors(door: Door) -> None:
    from chalicelib.money.programmes.shapes import RulesShape
    from tests.money.programmes.build import rules

    staff = a_hall()
    admin = door.as_(staff.admin)
    body = RulesShape.of(rules()).model_dump(mode="json")
    draft = admin.post(f"/cities/{CITY}/programmes", body)
    assert draft.status == 201, draft
    path = f"/cities/{CITY}/programmes/{draft.body['id']}"
    assert door.get(path).status == 404
    assert admin.post(f"{path}/steps", {"step": "publish"}, version=1).body["code"] == "budget_unsigned"
    change = admin.post(f"{path}/budget-changes", {"amount_minor": 400_000, "reason": "Usnesení 12/3"}).body
    signing = f"{path}/budget-changes/{change['id']}/signatures"
    first = {"signs_as": "authorising_officer", "amount_minor": 400_000}
    second = {"signs_as": "budget_officer", "amount_minor": 400_000}
    assert door.as_(staff.authorising).post(signing, first, key="k-authorising").status == 200
    assert door.as_(staff.budget).post(signing, second, key="k-budget-1").body["effective_at"]
    version = admin.get(f"{path}/rules").body["v"]
    assert admin.post(f"{path}/steps", {"step": "publish"}, version=version).body["state"] == "open"
    shown = door.get(path).body
    assert (shown["state"], shown["free_minor"]) == ("open", 400_000)

    citizen = a_citizen()
    me = door.as_(citizen)
    made = me.post(f"/cities/{CITY}/applications", {"programme": draft.body["id"], "beneficiary": citizen.id})
    assert made.status == 201, made
    application = f"/cities/{CITY}/applications/{made.body['application']['id']}"
    saved = me.put(f"{application}/draft", {"activity": "Judo", "price_minor": 120_000}, version=1)
    assert saved.status == 200, saved
    sent = me.post(f"{application}/submission")
    assert sent.body["application"]["state"] == "submitted", sent
    clerk = door.as_(staff.clerk)
    queue = clerk.get(f"/cities/{CITY}/application-queue").body
    assert [row["number"] for row in queue["items"]] == [sent.body["application"]["number"]]
    opened = clerk.get(f"{application}/review").body
    assert {c["verdict"] for c in opened["conditions"]} == {"met"}
    decided = clerk.post(f"{application}/decision", {"outcome": "approve"}, key="k-decision-1")
    assert decided.body["state"] == "approved", decided
    again = clerk.post(f"{application}/decision", {"outcome": "approve"}, key="k-decision-1")
    assert again.headers["Idempotent-Replayed"] == "true"
    told = [m.subject for m in mail()]
    assert len(told) == 2, told


def test_staff_of_another_town_see_nothing(door: Door) -> None:
    staff = a_hall()
    programme = an_open(staff)
    stranger = Who(id="stranger", app="admin", roles={"vranohrad-podlesi": ("admin", "clerk")})
    assert door.as_(stranger).get(f"/cities/{CITY}/programmes/{programme.id}/rules").status == 403
    assert door.as_(stranger).get(f"/cities/vranohrad-podlesi/programmes/{programme.id}/rules").status == 404


def test_a_new_programme_begins_with_the_towns_time_limits_and_its_own_rules_decide(door: Door) -> None:
    from chalicelib.money.programmes.shapes import RulesShape
    from tests.money.programmes.build import rules

    staff = a_hall(undo_window_minutes=30, order_confirm_days=4)
    admin = door.as_(staff.admin)
    body = RulesShape.of(rules()).model_dump(mode="json")
    limits = ("undo_minutes", "order_confirm_days")
    bare = {name: value for name, value in body.items() if name not in limits}
    own = bare | {"undo_minutes": 5}
    made = [admin.post(f"/cities/{CITY}/programmes", sent).body["rules"] for sent in (bare, own)]
    assert [tuple(rules[name] for name in limits) for rules in made] == [(30, 4), (5, 4)]


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({"item": "5229"}, "", ""),
        ({"item": "5232"}, "coordinates.item", "item_unknown"),
        ({"item": "522"}, "coordinates.item", "string_pattern_mismatch"),
        ({"items": {"association": "9999"}}, "coordinates.items.association", "item_unknown"),
        ({"paragraph": "34191"}, "coordinates.paragraph", "string_pattern_mismatch"),
    ],
)
def test_a_budget_item_that_does_not_exist_is_refused_at_its_field(
    door: Door, sent: dict[str, Any], field: str, code: str
) -> None:
    from chalicelib.money.programmes.shapes import RulesShape
    from tests.money.programmes.build import rules

    admin = door.as_(a_hall().admin)
    body = RulesShape.of(rules()).model_dump(mode="json") | {"coordinates": sent}
    answer = admin.post(f"/cities/{CITY}/programmes", body)
    faults = [(error["field"].removeprefix("body."), error["code"]) for error in answer.body.get("errors", [])]
    assert (answer.status, faults) == ((422, [(field, code)]) if code else (201, []))


def test_every_programme_of_the_demo_town_is_booked_on_items_that_exist() -> None:
    used = re.findall(r'BudgetCoordinates\("(\d*)", "(\d*)"', Path("localcloud/demo/programmes.py").read_text())
    assert len(used) > 5
    assert {item for _, item in used} <= set(ITEMS)
    assert all(len(paragraph) == 4 for paragraph, _ in used)
