"""The chart of accounts as it is written down is what the ledger does."""

import re
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from chalicelib.core.clock import now, today
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Kind, Transfer
from chalicelib.watch.insights.model import effect
from tests.days import StandAt
from tests.money.ledger.test_money_moves import CITY, a_budget, a_grant, no_more, spender

PAGE = Path(__file__).parents[3] / "docs/accounting.md"
ROW = re.compile(r"^\| `(\w+)` \| (.+?) → (.+?) \| ?([+−]?) ?\|", re.MULTILINE)
WORD = re.compile(r"\w+")


def written() -> dict[str, tuple[set[str], set[str], str]]:
    """Kind → the accounts it may leave, those it may reach, the sign of what the provider is owed by it."""
    rows = ROW.findall(PAGE.read_text())
    return {kind: (set(WORD.findall(source)), set(WORD.findall(target)), sign) for kind, source, target, sign in rows}


@pytest.fixture
def everything(table: str, stand_at: StandAt) -> list[Transfer]:
    """A transfer of every kind."""
    a_budget(100_000)
    ledger.fund(CITY, "p1", 1_000, spender())
    ledger.cut(CITY, "p1", 1_000, spender())
    ledger.advance(CITY, 1_000, spender())
    spent, ordered, single, taken, over = (a_grant(10_000) for _ in range(5))
    ledger.top_up(CITY, spent, 500, spender())
    redeemed = [ledger.spend(CITY, spent, 1_000, "pool", spender()).transfer for _ in range(2)]
    ledger.undo(CITY, spent, redeemed[0].id, spender())
    held = [ledger.hold(CITY, ordered, 1_000, "club", f"h{n}", spender(), no_more()).transfer for n in range(2)]
    ledger.settle(CITY, held[0], spender(), no_more())
    ledger.release(CITY, held[1], spender(), no_more())
    transact([ledger.claim(CITY, redeemed[1], "l1")])
    debt = ledger.refund(CITY, spent, redeemed[1].id, spender()).transfer
    ledger.write_off(CITY, debt, spender(), approved_by="another", reason="ceased")
    for grant, kind in ((single, "remainder"), (taken, "revoke")):
        ledger.give_back(CITY, [grant], kind, spender())  # type: ignore[arg-type]
    for line in ("l1", "l2"):
        ledger.order(CITY, "pool", line, {"p1": 1_000}, spender(), no_more())
    ledger.pay(CITY, "pool", "l1", {"p1": 1_000}, spender(), no_more())
    ledger.take_back(CITY, "pool", "l1", {"p1": 1_000}, spender(), no_more())
    ledger.reject(CITY, "pool", "l2", {"p1": 1_000}, spender(), no_more())
    ledger.settle_inside(CITY, "school", "l3", {"p1": 1_000}, spender(), no_more())
    ledger.carry_over(CITY, "p1", today().year, spender())
    written = ledger.journal(CITY, today())
    stand_at(now() + timedelta(days=90))
    ledger.give_back(CITY, [over], "expire", spender())
    return [*written, *ledger.journal(CITY, today())]


def test_every_kind_is_written_down_with_its_accounts_and_moves_so(everything: list[Transfer]) -> None:
    kinds = written()
    assert set(kinds) == set(get_args(Kind.__value__)) == {transfer.kind for transfer in everything}
    for transfer in everything:
        sources, targets, sign = kinds[transfer.kind]
        assert transfer.debit.partition(":")[0] in sources, transfer.kind
        assert transfer.credit.partition(":")[0] in targets, transfer.kind
        owed = (transfer.payable_minor > 0) - (transfer.payable_minor < 0)
        assert owed == {"": 0, "+": 1, "−": -1}[sign], transfer.kind


def test_every_kind_keeps_a_programmes_sums_together(everything: list[Transfer]) -> None:
    for transfer in everything:
        parts = effect(transfer)
        outside = parts.get("budget_minor", 0) + parts.get("written_off_minor", 0)
        inside = sum(parts.get(f"{name}_minor", 0) for name in ("free", "unspent", "held", "to_pay", "paid"))
        assert outside == inside, transfer.kind
