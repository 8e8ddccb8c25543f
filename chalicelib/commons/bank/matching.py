"""Which line of a statement pays what. Pure; nothing is guessed silently: what is not certain becomes a proposal.

Symbols are compared without leading zeros. A line that nobody waits for stays unmatched, and is none of our business.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import combinations

from chalicelib.commons.bank import banking_days
from chalicelib.commons.bank.model import (
    Direction,
    Expected,
    ExpectedOrder,
    Match,
    Matching,
    Proposal,
    Statement,
    StatementLine,
)
from chalicelib.commons.bank.symbols import numbers_in, stripped
from chalicelib.commons.bank.text import plain

SUMMED_DEBIT_DAYS_MAX = 3
RETURN_DAYS_MAX = 30
SPLIT_GROUP_MAX = 12
OPTIONS_MAX = 10
RETURNED = re.compile(r"\b(VRACEN|VRACK|VRATK|NEPRIPSAN|RETURN|RTRN)")

type Key = tuple[str, str, int]


def match_order_items(expected: Sequence[Expected], lines: Iterable[StatementLine]) -> Matching:
    """Debits of single payments: by variable and specific symbol, amount and counter-account.

    Payments alike in all of these are matched when there are as many debits as payments, else proposed; a debit whose
    other side the bank does not name is only ever proposed.
    """
    return _paired(expected, _movements(lines, "debit", reversal=False))


def match_order_sum(order: ExpectedOrder, statement: Statement) -> Matching:
    """The order as one summed debit without symbols: by account, sum and day, up to three banking days late."""
    if statement.account != order.payer:
        return Matching()
    latest = banking_days.after(order.due_on, SUMMED_DEBIT_DAYS_MAX)
    debits = [
        line
        for line in _movements(statement.lines, "debit", reversal=False)
        if line.amount_minor == order.sum_minor
        and not (stripped(line.vs) or stripped(line.ss))
        and order.due_on <= line.booked_on <= latest
    ]
    if len(debits) == 1:
        return Matching(matches=(Match(debits[0], order.id, order.sum_minor),))
    return Matching(proposals=tuple(Proposal(line, "several", ((order.id,),)) for line in debits))


def match_reversals(booked: Sequence[Expected], lines: Iterable[StatementLine], undoing: Direction) -> Matching:
    """The bank's own corrections: lines that undo an earlier `debit` or `credit`, by symbols, amount and account.

    `booked` are the earlier movements, each with the amount of its line.
    """
    opposite: Direction = "credit" if undoing == "debit" else "debit"
    return _paired(booked, _movements(lines, opposite, reversal=True))


def is_reversed_sum(line: StatementLine, sum_minor: int) -> bool:
    """Whether a line undoes the debit of a whole file: its sum, the other way, without symbols."""
    summed = line.amount_minor == sum_minor and not (stripped(line.vs) or stripped(line.ss))
    return line.reversal and line.direction == "credit" and summed


def propose_returns(debited: Sequence[Expected], lines: Iterable[StatementLine]) -> Matching:
    """Payments of ours that the payee's bank sent back, days later and under other symbols. Only ever proposals.

    By amount and counter-account within 30 days; where the bank gives no account, by amount and its word that it sends a
    payment back, or the word "vrácená".
    """
    by_amount: dict[int, list[Expected]] = defaultdict(list)
    for item in debited:
        by_amount[item.amount_minor].append(item)
    proposals, unmatched = [], []
    for line in _movements(lines, "credit", reversal=False):
        options = tuple((item.id,) for item in by_amount[line.amount_minor] if _may_be_return(item, line))
        if options:
            proposals.append(Proposal(line, "return", options[:OPTIONS_MAX]))
        else:
            unmatched.append(line)
    return Matching(proposals=tuple(proposals), unmatched=tuple(unmatched))


def match_charges(expected: Sequence[Expected], lines: Iterable[StatementLine]) -> Matching:
    """Credits that pay charges: by the variable symbol, or by one that only the text names; in order of value date.

    Charges with one symbol are paid oldest due first, each with what is enough on the day, and marked to be checked. Too little or too much is matched all the
    same, with what is left. One sum that exactly pays several charges of a group, or several named in the text, is
    proposed as a split.
    """
    credits_in_order = sorted(
        _movements(lines, "credit", reversal=False), key=lambda line: (line.value_date, line.line)
    )
    by_symbol: dict[str, list[Expected]] = defaultdict(list)
    for charge in sorted(expected, key=_oldest_first):
        if stripped(charge.vs):
            by_symbol[stripped(charge.vs)].append(charge)
    left = {charge.id: charge.left_minor for charge in expected}
    matches: list[Match] = []
    proposals: list[Proposal] = []
    unmatched: list[StatementLine] = []
    for line in credits_in_order:
        candidates = _candidates(by_symbol, line)
        proposal = _split(line, candidates, _named(by_symbol, line), expected, left)
        if not candidates:
            unmatched.append(line)
        elif proposal:
            proposals.append(proposal)
        else:
            matches += _poured(line, candidates, left)
    return Matching(tuple(matches), tuple(proposals), tuple(unmatched))


def is_on_time(line: StatementLine, due_on: date) -> bool:
    """Paid on time is what the bank valued by the due date, even when it booked it a day later."""
    return line.value_date <= due_on


def _movements(lines: Iterable[StatementLine], direction: Direction, *, reversal: bool) -> list[StatementLine]:
    return [line for line in lines if line.direction == direction and line.reversal == reversal]


def _paired(expected: Sequence[Expected], lines: Sequence[StatementLine]) -> Matching:
    waiting: dict[Key, list[Expected]] = defaultdict(list)
    for item in expected:
        waiting[stripped(item.vs), stripped(item.ss), item.amount_minor].append(item)
    alike: dict[tuple[Key, str], list[StatementLine]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.counter_account is None):
        alike[_key(line), str(line.counter_account or "")].append(line)
    matches: list[Match] = []
    proposals: list[Proposal] = []
    unmatched: list[StatementLine] = []
    for (key, account), batch in alike.items():
        candidates = [
            item for item in waiting[key] if not account or item.account is None or str(item.account) == account
        ]
        if not candidates:
            unmatched += batch
        elif not account and any(item.account for item in candidates):
            options = tuple((item.id,) for item in candidates[:OPTIONS_MAX])
            proposals += [Proposal(line, "unnamed", options) for line in batch]
        elif len(candidates) == len(batch):
            matches += [Match(line, item.id, line.amount_minor) for line, item in zip(batch, candidates, strict=True)]
            waiting[key] = [item for item in waiting[key] if item not in candidates]
        else:
            options = tuple((item.id,) for item in candidates[:OPTIONS_MAX])
            proposals += [Proposal(line, "several", options) for line in batch]
    return Matching(tuple(matches), tuple(proposals), tuple(unmatched))


def _key(line: StatementLine) -> Key:
    return stripped(line.vs), stripped(line.ss), line.amount_minor


def _may_be_return(item: Expected, line: StatementLine) -> bool:
    if item.due_on and not item.due_on <= line.booked_on <= item.due_on + timedelta(days=RETURN_DAYS_MAX):
        return False
    if line.counter_account is None:
        return line.sent_back or bool(RETURNED.search(plain(f"{line.counter_name} {line.text}")))
    return line.counter_account == item.account


def _candidates(by_symbol: dict[str, list[Expected]], line: StatementLine) -> list[Expected]:
    """Charges under the line's variable symbol, else under those its text names; narrowed by the specific symbol."""
    found = by_symbol.get(stripped(line.vs), []) or _named(by_symbol, line)
    exact = [charge for charge in found if stripped(line.ss) and stripped(charge.ss) == stripped(line.ss)]
    return exact or found


def _named(by_symbol: dict[str, list[Expected]], line: StatementLine) -> list[Expected]:
    """The charges whose variable symbol stands in the line's text."""
    named = numbers_in(f"{line.counter_name} {line.text}")
    return [charge for symbol in sorted(named) for charge in by_symbol.get(symbol, [])]


def _discount(charge: Expected, line: StatementLine) -> int:
    """What need not be paid of a charge by this line."""
    return charge.discount_minor if charge.due_on and is_on_time(line, charge.due_on) else 0


def _split(
    line: StatementLine,
    candidates: Sequence[Expected],
    named: Sequence[Expected],
    expected: Sequence[Expected],
    left: dict[str, int],
) -> Proposal | None:
    """How one sum may pay several: all that the text names, or an exact set of the candidates' group."""

    def is_exact(chosen: Sequence[Expected]) -> bool:
        whole_minor = sum(left[charge.id] for charge in chosen)
        discount_minor = sum(_discount(charge, line) for charge in chosen if left[charge.id] > 0)
        return line.amount_minor in (whole_minor, whole_minor - discount_minor)

    if len({stripped(charge.vs) for charge in candidates}) > 1:
        return Proposal(line, "split", (tuple(charge.id for charge in candidates),))
    if is_exact(named) and len({stripped(charge.vs) for charge in named}) > 1:
        return Proposal(line, "split", (tuple(charge.id for charge in named),))
    if line.amount_minor <= sum(left[charge.id] for charge in candidates if left[charge.id] > 0):
        return None
    groups = {charge.group for charge in candidates} - {""}
    together = [charge for charge in expected if charge.group in groups and left[charge.id] > 0]
    options = _exact_sets(together[:SPLIT_GROUP_MAX], is_exact)
    return Proposal(line, "split", options) if options else None


def _exact_sets(
    charges: Sequence[Expected], is_exact: Callable[[Sequence[Expected]], bool]
) -> tuple[tuple[str, ...], ...]:
    sets = (chosen for size in range(2, len(charges) + 1) for chosen in combinations(charges, size))
    exact = filter(is_exact, sets)
    return tuple(tuple(charge.id for charge in chosen) for chosen, _ in zip(exact, range(OPTIONS_MAX), strict=False))


def _poured(line: StatementLine, candidates: Sequence[Expected], left: dict[str, int]) -> list[Match]:
    """The line's amount over the charges, oldest first; what is over stays with the last, as its overpayment."""
    unpaid = [charge for charge in candidates if left[charge.id] > _discount(charge, line)] or [candidates[-1]]
    matches, rest = [], line.amount_minor
    for charge in unpaid:
        discount_minor = _discount(charge, line)
        part = rest if charge is unpaid[-1] else min(rest, left[charge.id] - discount_minor)
        if part:
            rest -= part
            left[charge.id] -= part
            if 0 < left[charge.id] <= discount_minor:
                left[charge.id] = 0  # the discount is earned
            matches.append(Match(line, charge.id, part, left[charge.id], to_check=len(unpaid) > 1))
    return matches


def _oldest_first(charge: Expected) -> tuple[date, str]:
    return charge.due_on or date.max, charge.id
