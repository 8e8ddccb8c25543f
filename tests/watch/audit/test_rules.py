"""The rules of the proof against the ledger's verbs, and what two do at once."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, get_args

import pytest

from chalicelib.core.clock import today
from chalicelib.core.refusals import Refusal
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Grant, Kind, Transfer
from chalicelib.watch.audit import model, outside, proving, store
from tests.town.people.build import a_town
from tests.watch.audit.town import CITY, a_budget, a_grant, every_kind, none, prove, seal, somebody

AT_ONCE = 4


@pytest.fixture(autouse=True)
def town(locked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "LOOK_PAUSE_SECONDS", 0.01)
    a_town()


def test_the_proof_knows_every_kind_of_movement() -> None:
    assert set(model._LEGS) == set(get_args(Kind.__value__))


def one_step(chance: random.Random, grants: list[Grant], step: int) -> None:
    """Something happens to one of the grants; what the ledger refuses has not happened."""
    grant = ledger.grant(CITY, chance.choice(grants).id)
    assert grant
    amount_minor = chance.randrange(1, 3_000)
    category = chance.choice(("", "sport", "culture"))
    verb = chance.choice(("spend", "spend", "undo", "hold", "end", "refund", "top_up", "back", "fund"))
    if verb == "spend":
        ledger.spend(CITY, grant, amount_minor, "pool", somebody(), category=category)
    elif verb in ("undo", "refund"):
        spent = ledger.spend(CITY, grant, amount_minor, "pool", somebody(), category=category).transfer
        if verb == "refund":
            transact([ledger.claim(CITY, spent, f"l{step}")])
            ledger.refund(CITY, grant, spent.id, somebody())
        else:
            ledger.undo(CITY, grant, spent.id, somebody())
    elif verb == "hold":
        ledger.hold(CITY, grant, amount_minor, "club", f"h{step}", somebody(), none(), category=category)
    elif verb == "end":
        end_one(chance, grant)
    elif verb == "top_up":
        ledger.top_up(CITY, grant, amount_minor, somebody())
    elif verb == "back" and grant.spendable_minor and chance.random() < 0.2:
        ledger.give_back(CITY, [grant], "revoke", somebody())
    elif verb == "fund":
        ledger.fund(CITY, "p1", amount_minor, somebody())


def end_one(chance: random.Random, grant: Grant) -> None:
    transfers = {transfer.id: transfer for transfer in ledger.transfers_of(CITY, grant.id)}
    open_holds: list[Transfer] = [t for t in transfers.values() if t.kind == "hold" and f"{t.id}.end" not in transfers]
    if open_holds:
        end = chance.choice((ledger.settle, ledger.release))
        end(CITY, chance.choice(open_holds), somebody(), none())


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_ledger_does_is_right_by_the_rules_of_the_proof(seed: int) -> None:
    chance = random.Random(seed)
    a_budget()
    limits: dict[str, Any] = {"day_limit_minor": 9_000, "category_limits": {"sport": 5_000}}
    grants = [a_grant(12_000, **limits), a_grant(8_000), a_grant(4_000, single_use=True)]
    for step in range(40):
        with suppress(Refusal):
            one_step(chance, grants, step)
    proof = prove()
    assert proof.differences == ()
    (sums,) = proof.programmes
    assert sums.difference_minor == 0


def test_a_day_that_many_seal_at_once_is_sealed_once() -> None:
    every_kind()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = list(pool.map(lambda _: seal(), range(AT_ONCE)))
    assert len({(one.n, one.root, one.count) for one in made}) == 1
    assert len(list(store.all_seals(CITY))) == 1
    assert len(list(outside.read_leaves(CITY, today().isoformat()))) == made[0].count


def test_a_run_that_many_begin_at_once_is_one() -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun = list(pool.map(lambda _: proving.begin("night"), range(AT_ONCE)))
    assert len({run.salt for run in begun}) == 1


def test_a_budget_that_lacks_a_figure_has_nothing_where_it_should_have_something() -> None:
    sums = {"town": -500, "budget": 500}
    right = model.budget_figures(sums, 2026)
    assert model.judge_budget("p1", sums, right) == []
    lacking = {name: value for name, value in right.items() if name != "free_minor"}
    assert model.judge_budget("p1", sums, lacking) == [
        model.Difference("balance", "B#p1", "", "p1", "free_minor", "500", "0")
    ]
    assert model.judge_budget("p1", {"town": 0}, None) == []
    assert [one.code for one in model.judge_budget("p1", sums, None)] == ["account_missing"]


def test_a_seal_is_the_next_link_by_its_number_and_by_the_root_before_it() -> None:
    def link(n: int, prev_root: str) -> model.Seal:
        return model.Seal(CITY, n, today(), 1, "bb", prev_root)

    asked = [link(4, "aa"), link(4, "99"), link(5, "aa"), link(3, "aa"), link(1, "")]
    seals = proving._Seals(CITY, b"salt")
    assert [seals._follows(each) for each in asked] == [False, False, False, False, True], "the first of all"
    seals._last = model.Seal(CITY, 3, today(), 1, "aa", "99")
    assert [seals._follows(each) for each in asked] == [True, False, False, False, False]
