"""A real town can have whatever the demo town has: each thing that the demo writes past the doors has a door or a command."""

import ast
import json
import re
from collections.abc import Iterator

from chalicelib.core import rooms
from tests.engine import ROOT

DEMO = ROOT / "localcloud/demo"
CITY = "/v1/cities/{city}"

REAL: dict[str, tuple[str, ...]] = {
    "make found": ("towns.service.found", "towns.service.load_addresses"),
    "POST /v1/invitations/accept": ("people.service.found_roles", "people.store.save_provider_membership"),
    "POST /v1/registrations/confirm": (
        *("people.passwords.hashed", "people.service.found_account", "people.service.found_person"),
    ),
    f"POST {CITY}/people/me/children": ("people.service.found_child", "identity.store.save_link"),
    f"POST {CITY}/regina/keys": ("identity.store.save_town_key",),
    f"POST {CITY}/regina/jobs/{{id}}/answer": (
        *("identity.store.AccountItem", "identity.store.account_key", "identity.store.claim_entry"),
        *("identity.store.save_verification", "identity.store.new_job"),
    ),
    f"POST {CITY}/programmes": ("programmes.store.new_programme", "ledger.service.open_budget"),
    f"POST {CITY}/programmes/{{id}}/budget-changes": ("programmes.store.new_budget_change",),
    f"POST {CITY}/programmes/{{id}}/budget-changes/{{line}}/signatures": ("ledger.service.fund",),
    f"POST {CITY}/applications": ("programmes.store.new_application", "programmes.store.event_write"),
    f"POST {CITY}/applications/{{id}}/submission": (
        *("programmes.store.OnceItem", "programmes.store.once_key", "programmes.store.claim_number"),
        "programmes.letters.submitted",
    ),
    f"POST {CITY}/applications/{{id}}/documents": ("programmes.store.new_document",),
    f"POST {CITY}/applications/{{id}}/decision": (
        *("programmes.store.save_application", "ledger.service.allot", "ledger.service.decided"),
        *("programmes.letters.approved", "programmes.letters.declined", "programmes.letters.waiting"),
    ),
    f"POST {CITY}/applications/{{id}}/clarification": ("programmes.letters.returned",),
    "the job programmes.lapse": ("programmes.letters.lapsed",),
    "the job programmes.expire": ("ledger.service.give_back", "programmes.letters.grant_ends"),
    "the job programmes.follow": ("programmes.service.follow_all",),
    f"POST {CITY}/freezes": ("ledger.service.suspend",),
    f"POST {CITY}/providers": ("providers.store.add", "providers.store.note", "providers.store.add_part"),
    f"POST {CITY}/providers/{{id}}/accounts": ("providers.store.add_account", "providers.service.change_account"),
    f"PUT {CITY}/providers/{{id}}/payout-hold": ("providers.service.hold_payouts",),
    f"PUT {CITY}/providers/{{id}}/vat-mark": ("providers.service.mark_vat",),
    f"POST {CITY}/activities": ("offers.store.add",),
    f"POST {CITY}/orders": ("offers.store.add_order", "offers.store.take_place", "ledger.service.hold"),
    f"POST {CITY}/orders/{{id}}/cancellation": ("offers.store.give_place_back", "ledger.service.release"),
    f"POST {CITY}/orders/{{id}}/confirmation": ("offers.store.save_order",),
    "the job offers.due": ("ledger.service.settle",),
    "the job vouchers.issue": ("vouchers.service.issue", "vouchers.letters.ready", "vouchers.store.save_voucher"),
    f"POST {CITY}/tills/pairings": ("vouchers.store.new_pairing",),
    f"POST {CITY}/tills/pair": ("vouchers.store.new_till",),
    f"POST {CITY}/vouchers/redeem": ("ledger.service.spend",),
    f"POST {CITY}/vouchers/{{id}}/redemptions/{{line}}/undo": ("ledger.service.undo",),
    f"POST {CITY}/vouchers/{{id}}/redemptions/{{line}}/dispute": ("vouchers.service.dispute",),
    f"POST {CITY}/payouts": ("payouts.service.start", "payouts.service.build"),
    f"POST {CITY}/payouts/{{id}}/authorise": ("payouts.service.authorise",),
    f"POST {CITY}/payouts/{{id}}/release": ("payouts.service.release",),
    f"POST {CITY}/payouts/{{id}}/export": ("payouts.service.export",),
    f"POST {CITY}/statements": ("payouts.service.import_statement", "fees.store.PaymentItem", "fees.store.payment_key"),
    f"POST {CITY}/doubts/{{id}}": ("payouts.service.decide",),
    f"POST {CITY}/charges/import": ("fees.store.new", "messages.service.register_deadline"),
    "the job messages.sweep": ("messages.store.finish",),
    "the job insights.rebuild": tuple(
        f"insights.store.{name}"
        for name in (
            *("FiguresItem", "SeenItem", "SliceItem", "StatesItem"),
            *("figures_key", "seen_key", "slice_key", "states_key"),
        )
    ),
    "the job audit.seal": ("audit.service.seal",),
    "the job audit.prove": ("audit.service.prove",),
}
"""Who writes it in a real town → what the demo calls instead."""
ONLY_READS = re.compile(
    r"core\.|bank\.abo\.read$|\w+\.service\.[A-Z_]+$|vouchers\.codes\.|ledger\.store\.|vouchers\.service\.Held$"
    r"|(identity\.store\.town_public_key|ledger\.service\.(grants?|transfer)|messages\.store\.(message|queued|MessageItem)"
    r"|offers\.store\.order(_id)?|payouts\.service\.(doubts|lines|payout)|programmes\.facts\.subjects"
    r"|programmes\.service\.case_of|programmes\.store\.application|vouchers\.store\.vouchers"
    r"|vouchers\.service\.(codes_of|held_by|redemptions_of))$"
)


def called() -> Iterator[tuple[str, str]]:
    """What the demo takes from services, stores and letters of the rooms, with the file that does."""
    for path in DEMO.glob("*.py"):
        tree, modules = ast.parse(path.read_text()), {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chalicelib."):
                *_, room, part = str(node.module).split(".")
                for name in node.names:
                    if part == "core" or part in rooms.folders():
                        modules[name.asname or name.name] = f"{part}.{name.name}"
                    elif part in ("service", "store", "letters"):
                        yield f"{room}.{part}.{name.name}", path.name
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
                yield f"{modules[node.value.id]}.{node.attr}", path.name


def test_each_fact_that_the_demo_writes_past_the_doors_has_a_door_or_a_command() -> None:
    known = {call for calls in REAL.values() for call in calls}
    used = dict(called())
    assert {c: file for c, file in used.items() if c not in known and not ONLY_READS.match(c)} == {}
    assert known <= used.keys(), "the demo no longer writes it past a door"


def test_those_doors_and_commands_exist() -> None:
    paths = json.loads((ROOT / "docs/openapi.json").read_text())["paths"]
    doors = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    targets = {f"make {name}" for name in re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)}
    jobs = {f"the job {room}.{name}" for room, manifest in rooms.working().items() for name in manifest.jobs}
    assert REAL.keys() <= doors | targets | jobs, REAL.keys() - (doors | targets | jobs)
