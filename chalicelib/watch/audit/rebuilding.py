"""After a restore the transfers win: balances are made again from them, and what the restore lost is named.

What the table has lost the locked seals still know: every sealed entry by its place. What a payout line says it pays and
its claimed redemptions do not come to is named beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import batched

from chalicelib.core.clock import now
from chalicelib.core.ids import digest, new_id
from chalicelib.core.table import Key, transact, whole
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Decision
from chalicelib.money.payouts import service as payouts
from chalicelib.watch.audit import merkle, outside, store
from chalicelib.watch.audit.model import (
    Difference,
    Leaf,
    RebuildNeedsFreeze,
    Stored,
    Sums,
    add_sums,
    budget_figures,
    grant_figures,
    grant_state,
)

PAGE = 100


@dataclass(frozen=True)
class Change:
    """A balance that its transfers make otherwise than it stood."""

    account: str
    what: str
    was: str
    now: str


@dataclass
class Rebuilt:
    """What a rebuilding found, and changed where it was told to write."""

    accounts: int = 0
    changes: list[Change] = field(default_factory=list)
    missing: list[Difference] = field(default_factory=list)


def rebuild_balances(city: str, by: str, *, write: bool) -> Rebuilt:
    """Recompute every balance of a town from its transfers; with `write` the accounts are set to them.

    Writing asks that the whole town is frozen, so that nothing moves meanwhile: RebuildNeedsFreeze otherwise. It leaves
    a decision in the books. Raises ChangedMeanwhile when an account moved all the same.
    """
    if write and not any(one.what == "town" for one in ledger.switches(city).frozen):
        raise RebuildNeedsFreeze
    done = Rebuilt()
    # Before the scan: what the bank did moves a budget in a freeze too, and a row that moved since must not be set.
    budgets = _budget_rows(city)
    sums: dict[str, Sums] = {}
    for partition in store.Scan(0, 1, city):
        kind = partition[0].pk.split("#")[1]
        if kind == "G":
            _grant(done, partition, write)
        for item in partition:
            if item.kind == "transfer" and item.told:
                add_sums(sums, item.told)
    for programme, found in sorted(sums.items()):
        _budget(done, budgets.get(programme), programme, found, write)
    done.missing += missing(city)
    if write and done.changes:
        _note(city, by, done)
    return done


def _budget_rows(city: str) -> dict[str, Stored]:
    rows = (item for partition in store.Scan(0, 1, city) for item in partition if item.kind == "budget")
    return {row.pk.rpartition("#")[2]: row for row in rows}


def _grant(done: Rebuilt, partition: list[Stored], write: bool) -> None:
    account = next((item for item in partition if item.kind == "grant"), None)
    bodies = [item.told for item in partition if item.kind == "transfer" and item.told]
    if account is None:
        done.missing.append(Difference("account_missing", partition[0].pk.partition("#")[2]))
        return
    done.accounts += 1
    right = grant_figures(account, bodies)
    right["state"] = grant_state(account, bodies)
    _set(done, account, right, write)


def _budget(done: Rebuilt, row: Stored | None, programme: str, sums: Sums, write: bool) -> None:
    if row is None:
        done.missing.append(Difference("account_missing", f"B#{programme}", programme=programme))
        return
    done.accounts += 1
    _set(done, row, budget_figures(sums, row.balances.get("year", 0)), write)


def _set(done: Rebuilt, account: Stored, right: dict[str, object], write: bool) -> None:
    wrong = {name: value for name, value in right.items() if value != account.balances.get(name, 0)}
    place = account.pk.partition("#")[2]
    done.changes += [Change(place, name, str(account.balances.get(name, 0)), str(v)) for name, v in wrong.items()]
    if wrong and write:
        store.set_balances(account, wrong)


def _note(city: str, by: str, done: Rebuilt) -> None:
    told = digest(*(str(change) for change in done.changes))
    transact([ledger.decided(city, Decision(new_id(), "balances", city, "rebuilt", by, "command", now(), told))])


# What is missing


def missing(city: str) -> list[Difference]:
    """What seals and payout lines know of and the table has not, or has otherwise."""
    return [*_sealed_and_gone(city), *_lines_that_fall_short(city)]


def _sealed_and_gone(city: str) -> Iterator[Difference]:
    """Every sealed entry, by the seals of the bucket: the table's own rows of them may be lost with the rest."""
    for day in outside.sealed_days(city):
        for some in batched(outside.read_leaves(city, day), PAGE, strict=False):
            there = store.bodies_at([Key(leaf.pk, leaf.sk) for leaf in some])
            for leaf in some:
                if difference := _of_leaf(leaf, there.get(Key(leaf.pk, leaf.sk))):
                    yield difference


def _of_leaf(leaf: Leaf, body: str | None) -> Difference | None:
    account, entry = leaf.pk.partition("#")[2], leaf.sk.removeprefix("T#")
    if body is None:
        return Difference("missing", account, entry, what="sealed", expected=leaf.sort)
    changed = merkle.leaf_hash(body) != leaf.hash
    return Difference("changed", account, entry, what="sealed", expected=leaf.hash.hex()) if changed else None


def _lines_that_fall_short(city: str) -> Iterator[Difference]:
    """Payment lines whose redemptions do not come to what the line says, and debited ones without their payment."""
    for payout in _payouts(city):
        for line in payouts.lines(city, payout):
            claimed = sum(transfer.payable_minor for transfer in ledger.claimed(city, line.id))
            if line.state != "offset" and claimed != line.amount_minor:
                yield Difference(
                    "missing",
                    f"PR#{line.provider}",
                    line.id,
                    what="line",
                    expected=str(line.amount_minor),
                    found=str(claimed),
                )
            if line.debited_on:
                yield from _payments_gone(city, line.provider, line.id, list(line.booked))


def _payments_gone(city: str, provider: str, line: str, programmes: list[str]) -> Iterator[Difference]:
    keys = [Key(f"{city}#PR#{provider}", f"T#{line}.{programme}.pay") for programme in programmes]
    there = store.bodies_at(keys)
    for key in keys:
        if key not in there:
            yield Difference("missing", f"PR#{provider}", key.sk.removeprefix("T#"), what="payment")


def _payouts(city: str) -> Iterator[str]:
    every = whole(lambda cursor: payouts.payouts(city, PAGE, cursor))
    return (payout.id for payout in every if payout.state != "cancelled")
