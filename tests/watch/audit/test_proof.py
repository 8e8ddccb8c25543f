"""The proof: right books are proven, whatever is changed in the table by hand is named, and what differs is stopped."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.clock import now, today
from chalicelib.core.table import Key
from chalicelib.money.ledger import service as ledger
from chalicelib.watch.audit import model, proving, store
from chalicelib.watch.audit import service as audit
from chalicelib.watch.audit.model import Difference
from tests.days import StandAt
from tests.money.ledger.town import put_raw
from tests.town.people.build import a_town
from tests.watch.audit.town import (
    CITY,
    OTHER,
    a_budget,
    a_grant,
    account_of,
    change_body,
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

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def town(locked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is posted before a pass is counted by the pass, not by the journal, as it is a quarter of a minute later."""
    monkeypatch.setattr(proving, "LOOK_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(proving, "SETTLED_AFTER", timedelta(0))
    a_town()


def found(proof: Any) -> set[tuple[str, str, str, str]]:
    return {(each.code, each.account, each.entry, each.what) for each in proof.differences}


def test_books_with_every_kind_of_movement_are_proven() -> None:
    every_kind()
    sealed = seal()
    proof = prove()
    assert proof.differences == ()
    assert (proof.differences_count, proof.unsealed, proof.frozen) == (0, 0, ())
    assert (proof.seals, proof.leaves, proof.sealed_to) == (1, sealed.count, today())
    assert (proof.transfers, proof.decisions) == (sealed.count - 1, 1)
    assert proof.capacity_units > 0
    (sums,) = proof.programmes
    assert sums.difference_minor == 0
    budget = ledger.budget(CITY, "p1")
    assert budget
    assert (sums.budget_minor, sums.free_minor, sums.paid_minor) == (
        budget.total_minor,
        budget.free_minor,
        budget.paid_minor,
    )
    assert sums.written_off_minor > 0


def test_books_are_proven_while_money_moves_and_before_anything_is_sealed() -> None:
    grant = every_kind()
    run = proving.begin("now", CITY)
    for segment in range(int(run.segments)):
        spend(grant)
        proving.read_segment(run, segment)
        spend(grant)
    proof = proving.judge_town(run, CITY)
    assert (proof.differences, proof.sealed_to) == ((), None)


def test_what_moved_after_the_pass_is_counted_from_the_journal() -> None:
    every_kind()
    run = proving.begin("now", CITY)
    assert all(not proving.read_segment(run, n) for n in range(int(run.segments) - 1))
    assert proving.read_segment(run, int(run.segments) - 1)
    ledger.fund(CITY, "p1", 777, somebody())
    a_grant(5_000)
    proof = proving.judge_town(run, CITY)
    budget = ledger.budget(CITY, "p1")
    assert budget
    assert proof.differences == ()
    assert proof.programmes[0].free_minor == budget.free_minor


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("spendable_minor", 1), ("held_minor", 5), ("total_minor", 99_999), ("day_spent_minor", 3)],
)
def test_a_changed_balance_of_a_grant_is_named(attribute: str, value: int) -> None:
    grant = every_kind()
    overwrite(account_of(grant), **{attribute: value})
    proof = prove()
    assert found(proof) == {("balance", f"G#{grant.id}", "", attribute)}
    assert proof.differences[0].found == str(value)
    assert proof.differences[0].programme == "p1"


def test_a_changed_category_of_a_grant_is_named() -> None:
    grant = every_kind()
    item = raw(account_of(grant))
    item["category_spent"] = {"M": {"sport": {"N": "7"}}}
    put_raw(item)
    assert found(prove()) == {("balance", f"G#{grant.id}", "", "category_spent")}


@pytest.mark.parametrize("attribute", ["total_minor", "free_minor", "paid_minor", "paid_next_minor"])
def test_a_changed_budget_is_named(attribute: str) -> None:
    every_kind()
    key = Key(f"{CITY}#B#p1", "A")
    was = int(raw(key)[attribute]["N"])
    overwrite(key, **{attribute: was + 1})
    proof = prove()
    assert found(proof) == {("balance", "B#p1", "", attribute)}
    assert (proof.differences[0].expected, proof.differences[0].found) == (str(was), str(was + 1))


def test_a_deleted_account_is_named() -> None:
    grant = every_kind()
    delete(account_of(grant))
    assert ("account_missing", f"G#{grant.id}", "", "") in found(prove())


def test_a_changed_transfer_is_named_also_when_every_balance_was_made_to_fit() -> None:
    grant = a_budget_and_grant()
    transfer = spend(grant, 1_000)
    seal()
    change_body(key_of(transfer), amount_minor=900, payable_minor=900)
    overwrite(account_of(grant), spendable_minor=grant.total_minor - 900)
    proof = prove()
    assert found(proof) == {("changed", f"G#{grant.id}", transfer.id, "")}
    assert proof.differences[0].programme == "p1"


@pytest.mark.parametrize("changed", [{"by": "another"}, {"via": "x"}, {"reason": "other"}, {"coordinates": "1/2/3//"}])
def test_any_changed_word_of_a_transfer_is_named(changed: dict[str, str]) -> None:
    grant = a_budget_and_grant()
    transfer = spend(grant)
    seal()
    change_body(key_of(transfer), **changed)
    assert found(prove()) == {("changed", f"G#{grant.id}", transfer.id, "")}


def test_a_changed_decision_is_named() -> None:
    grant = every_kind()
    seal()
    (decision,) = ledger.decisions_of(CITY, grant.application)
    change_body(Key(f"{CITY}#DEC#{grant.application}", f"T#{decision.id}"), outcome="declined")
    proof = prove()
    assert found(proof) == {("changed", f"DEC#{grant.application}", decision.id, "")}
    assert proof.frozen == ("town:",)


def test_a_deleted_transfer_is_named_also_when_every_balance_was_made_to_fit() -> None:
    grant = a_budget_and_grant()
    transfer = spend(grant, 1_000)
    seal()
    delete(key_of(transfer))
    overwrite(account_of(grant), spendable_minor=grant.total_minor)
    assert found(prove()) == {("missing", f"G#{grant.id}", transfer.id, "")}


def test_a_transfer_made_by_hand_is_found() -> None:
    """It has its effect on the balance and a place in the journal of a sealed day: no seal has it."""
    grant = a_budget_and_grant()
    real = spend(grant, 1_000)
    seal()
    item = raw(key_of(real))
    body = json.loads(item["card"]["S"]) | {"id": "forged"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    place = {"S": item["GSI1SK"]["S"].replace(real.id, "forged")}
    put_raw({**item, "SK": {"S": "T#forged"}, "card": {"S": text}, "GSI1SK": place})
    proof = prove()
    assert found(proof) == {("balance", f"G#{grant.id}", "", "spendable_minor")}
    assert proof.unsealed == 1
    assert store.to_look_again(CITY) == [today()]


@pytest.mark.parametrize(
    ("attribute", "code"), [("GSI1PK", "not_in_journal"), ("GSI1SK", "not_in_journal"), ("GSI2PK", "not_owed")]
)
def test_a_transfer_that_lists_would_leave_out_is_named(attribute: str, code: str) -> None:
    grant = a_budget_and_grant()
    transfer = spend(grant)
    overwrite(key_of(transfer), **{attribute: f"{CITY}#elsewhere"})
    assert found(prove()) == {(code, f"G#{grant.id}", transfer.id, "")}


def test_a_transfer_between_wrong_accounts_or_in_a_wrong_place_is_named() -> None:
    grant = a_budget_and_grant()
    first, second, third = (spend(grant) for _ in range(3))
    change_body(key_of(first), debit="bank")
    change_body(key_of(second), id="other")
    overwrite(key_of(third), card="no text")
    codes = {(code, entry) for code, _, entry, _ in found(prove())}
    assert codes >= {("accounts_wrong", first.id), ("misplaced", second.id), ("unreadable", third.id)}


def test_a_changed_seal_is_named() -> None:
    every_kind()
    seal()
    overwrite(Key(f"{CITY}#SEAL", today().isoformat()), root="00" * 32)
    assert found(prove()) == {("changed", "SEAL", today().isoformat(), "seal")}


def test_a_difference_stops_its_programme_and_no_other() -> None:
    a_budget(CITY, "p2")
    grant = every_kind()
    overwrite(account_of(grant), spendable_minor=1)
    assert prove().frozen == ("programme:p1",)
    switches = ledger.switches(CITY)
    assert switches.why(programme="p1") is not None
    assert switches.why(programme="p2") is None
    (freeze,) = switches.frozen
    assert (freeze.by, grant.id in freeze.reason) == ("proof", True)


def test_one_pass_proves_every_town_and_stops_only_the_one_that_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    a_town(OTHER, "Vranohrad")
    every_kind(CITY)
    there = every_kind(OTHER)
    overwrite(account_of(there, OTHER), spendable_minor=1)
    proofs = proving.prove("night")
    assert (proofs[CITY].differences, proofs[OTHER].differences_count) == ((), 1)
    assert proofs[CITY].capacity_units == proofs[OTHER].capacity_units
    assert ledger.switches(CITY).frozen == ()
    assert ledger.switches(OTHER).frozen


def test_a_grant_with_more_movements_than_a_transaction_reads_is_looked_at_whole() -> None:
    a_budget()
    grant = a_grant(500_000)
    for _ in range(140):
        spend(grant, 100)
    overwrite(account_of(grant), spendable_minor=486_001)
    proof = prove()
    assert found(proof) == {("balance", f"G#{grant.id}", "", "spendable_minor")}
    overwrite(account_of(grant), spendable_minor=486_000)
    assert prove().differences == ()


def test_a_segment_and_a_verdict_that_come_twice_count_once() -> None:
    grant = every_kind()
    run = proving.begin("twice", CITY)
    for segment in [*range(int(run.segments)), *range(int(run.segments))]:
        proving.read_segment(run, segment)
    first = proving.judge_town(run, CITY)
    overwrite(account_of(grant), spendable_minor=1)
    assert proving.judge_town(run, CITY) == first
    assert first.transfers == len(list(store.journal(CITY, today()))) - first.decisions


def test_differences_over_the_limit_are_counted() -> None:
    tally = model.Tally()
    tally.add_differences([Difference("missing", f"G#{n}") for n in range(model.DIFFERENCES_MAX + 7)])
    assert (len(tally.differences), tally.differences_count) == (model.DIFFERENCES_MAX, model.DIFFERENCES_MAX + 7)
    assert model.Tally.read(tally.text()) == tally


def test_differences_that_are_not_all_named_stop_the_town() -> None:
    tally = model.Tally()
    tally.add_differences([Difference("missing", f"G#{n}", programme="p1") for n in range(3)])
    assert model.to_freeze(tally) == [("programme", "p1")]
    tally.add_differences([Difference("missing", f"G#{n}", programme="p2") for n in range(model.DIFFERENCES_MAX)])
    assert model.to_freeze(tally) == [("town", "")]


def a_budget_and_grant() -> Any:
    a_budget()
    return a_grant(50_000)


def test_salted_sums_of_a_day_differ_when_one_leaf_does() -> None:
    one, other = model.Tally(), model.Tally()
    one.add_entry("2026-11-20", 1, model.salted(b"s", b"a"))
    other.add_entry("2026-11-20", 1, model.salted(b"s", b"b"))
    assert one.days != other.days


def test_a_budget_that_never_stands_still_is_not_said_to_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a click-day a budget moves at every look, and the journal is always a moment behind it."""
    every_kind()
    run = proving.begin("busy", CITY)
    for segment in range(int(run.segments)):
        proving.read_segment(run, segment)
    behind = proving._posted_since

    def moved_meanwhile(city: str, since: Any) -> Any:
        found = behind(city, since)
        ledger.fund(CITY, "p1", 100, somebody())
        return found

    monkeypatch.setattr(proving, "_posted_since", moved_meanwhile)
    proof = proving.judge_town(run, CITY)
    assert proof.differences == ()
    monkeypatch.undo()


def test_segments_are_sent_once_and_again_only_if_the_sender_died(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def send(run: Any) -> None:
        sent.append(run.run)

    def dies(run: Any) -> None:
        raise ConnectionError

    proving.begin_and_send("one", send)
    proving.begin_and_send("one", send)
    assert sent == ["one"]
    with pytest.raises(ConnectionError):
        proving.begin_and_send("two", dies)
    proving.begin_and_send("two", send)  # too early to say
    assert sent == ["one"]
    monkeypatch.setattr(proving, "SENT_WITHIN", timedelta(0))
    proving.begin_and_send("two", send)
    assert sent == ["one", "two"]


def test_a_figure_that_is_not_there_is_nothing() -> None:
    a_budget()
    item = raw(account_of(a_grant()))
    del item["held_minor"]
    put_raw(item)
    assert prove().differences == ()


def test_proofs_of_a_town_are_listed_the_newest_first(stand_at: StandAt) -> None:
    begin = now()
    runs = []
    for n in range(3):
        stand_at(begin + timedelta(minutes=n))
        runs.append(prove().run)
    assert [one.run for one in audit.proofs(CITY, 10, None).items] == runs[::-1]
