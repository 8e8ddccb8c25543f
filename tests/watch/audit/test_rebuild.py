"""After a restore: balances come out of the transfers as they were, and what was lost is named."""

from typing import Any

import pytest

from chalicelib.core.refusals import ChangedMeanwhile
from chalicelib.core.table import Key
from chalicelib.money.ledger import service as ledger
from chalicelib.watch.audit import proving, store
from chalicelib.watch.audit import service as audit
from chalicelib.watch.audit.model import RebuildNeedsFreeze
from tests.money.ledger.town import put_raw
from tests.money.payouts.build import a_provider, built, redeemed
from tests.town.people.build import a_town
from tests.watch.audit.town import (
    CITY,
    a_budget,
    a_grant,
    account_of,
    delete,
    every_kind,
    key_of,
    overwrite,
    prove,
    raw,
    seal,
    somebody,
    spend,
)

BUDGET = Key(f"{CITY}#B#p1", "A")


@pytest.fixture(autouse=True)
def town(locked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "LOOK_PAUSE_SECONDS", 0.01)
    a_town(account_number="19-2000145399/0800", bank_profile="0800")


def frozen() -> None:
    ledger.freeze(CITY, "town", "", "admin", "Obnova tabulky.")


def figures(key: Key) -> dict[str, Any]:
    return {name: value for name, value in raw(key).items() if name != "v"}


def test_right_books_are_left_as_they_are() -> None:
    every_kind()
    before = raw(BUDGET)
    frozen()
    done = audit.rebuild_balances(CITY, "admin", write=True)
    assert (done.changes, done.missing) == ([], [])
    assert done.accounts > 3
    assert raw(BUDGET) == before


def test_balances_of_an_earlier_moment_come_out_as_the_transfers_say() -> None:
    grant = every_kind()
    single = a_grant(4_000, single_use=True)
    earlier = [raw(account_of(grant)), raw(account_of(single)), raw(BUDGET)]
    spend(grant, 1_111, category="sport")
    spend(single, 4_000)
    ledger.top_up(CITY, grant, 300, somebody())
    keys = [account_of(grant), account_of(single), BUDGET]
    right = [figures(key) for key in keys]
    for item in earlier:
        put_raw(item)
    assert prove().differences_count > 0
    frozen()
    audit.rebuild_balances(CITY, "admin", write=True)
    assert [figures(key) for key in keys] == right
    assert prove().differences == ()
    ledger.unfreeze(CITY, "town", "", "admin")
    ledger.unfreeze(CITY, "programme", "p1", "admin")
    spend(grant, 500, category="sport")  # the limits count on from where they were


def test_writing_needs_the_town_frozen() -> None:
    every_kind()
    with pytest.raises(RebuildNeedsFreeze):
        audit.rebuild_balances(CITY, "admin", write=True)


def test_without_write_it_only_tells() -> None:
    grant = every_kind()
    overwrite(account_of(grant), spendable_minor=1)
    done = audit.rebuild_balances(CITY, "admin", write=False)
    assert [(change.account, change.what, change.was) for change in done.changes] == [
        (f"G#{grant.id}", "spendable_minor", "1")
    ]
    assert int(raw(account_of(grant))["spendable_minor"]["N"]) == 1


def test_a_rebuilding_is_a_decision_in_the_books() -> None:
    grant = every_kind()
    overwrite(account_of(grant), spendable_minor=1)
    frozen()
    audit.rebuild_balances(CITY, "admin", write=True)
    (decision,) = ledger.decisions_of(CITY, CITY)
    assert (decision.what, decision.outcome, decision.by) == ("balances", "rebuilt", "admin")


def test_sealed_movements_that_a_restore_lost_are_named() -> None:
    a_budget()
    grant = a_grant()
    lost = spend(grant)
    seal()
    delete(key_of(lost))
    delete(Key(f"{CITY}#SEAL", lost.posted_at.date().isoformat()))  # the table's own row of the seal is lost too
    found = audit.rebuild_balances(CITY, "admin", write=False).missing
    assert [(each.code, each.account, each.entry, each.what) for each in found] == [
        ("missing", f"G#{grant.id}", lost.id, "sealed")
    ]


def test_a_payment_line_whose_redemptions_are_lost_is_named() -> None:
    a_budget()
    a_provider("pool")
    kept, lost = redeemed("pool", 700), redeemed("pool", 300)
    payout = built()
    assert audit.missing(CITY) == []
    delete(key_of(lost))
    (found,) = audit.missing(CITY)
    assert (found.account, found.what, found.expected, found.found) == (
        "PR#pool",
        "line",
        "1000",
        str(kept.amount_minor),
    )
    assert payout.lines == 1


def test_a_balance_that_moved_since_it_was_read_is_not_set() -> None:
    a_budget()
    grant = a_grant()
    (seen,) = [item for item in store.partition(account_of(grant).pk) if item.kind == "grant"]
    spend(grant)
    before = raw(account_of(grant))
    with pytest.raises(ChangedMeanwhile):
        store.set_balances(seen, {"spendable_minor": 1})
    assert raw(account_of(grant)) == before


def test_a_figure_of_nothing_that_is_not_there_is_left_out() -> None:
    a_budget()
    grant = a_grant()
    item = raw(account_of(grant))
    del item["held_minor"]
    put_raw(item)
    assert audit.rebuild_balances(CITY, "admin", write=False).changes == []
    del item["total_minor"]
    put_raw(item)
    [change] = audit.rebuild_balances(CITY, "admin", write=False).changes
    assert (change.what, change.was) == ("total_minor", "0")
