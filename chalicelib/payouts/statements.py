"""What the bank did. A statement is matched once, into a plan; the preview shows the plan, the import books it.

Every effect has a key of its own in the books, and the statement is noted last: a crash in between is mended by
importing the file again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from chalicelib.bank import service as bank
from chalicelib.bank.model import (
    AccountNumber,
    Expected,
    ExpectedOrder,
    Proposal,
    Statement,
    StatementLine,
)
from chalicelib.core.gate import BUDGET_OFFICER, CHIEF_ACCOUNTANT, Who
from chalicelib.core.ids import digest
from chalicelib.core.table import Write
from chalicelib.fees import service as fees
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Spender
from chalicelib.payouts import clearing, ordering, store, templates
from chalicelib.payouts.model import (
    OPEN_PAYOUTS_LOOKED_AT_MAX,
    Imported,
    Line,
    Payout,
    PossibleReturn,
    ReturnNotProposed,
    TownAccountMissing,
)
from chalicelib.payouts.signing import check_role_now
from chalicelib.towns import service as towns
from chalicelib.towns.model import Town

STATEMENTS_SHOWN_MAX = 50


@dataclass(frozen=True)
class Plan:
    """What one statement does: each of its lines stands in one place, the rest is nobody's here.

    `unexpected`: debits of payments that were marked as refused by the bank: finance must look.
    """

    statement: Statement
    name: str
    missing: tuple[int, ...] = ()
    debits: tuple[tuple[Line, StatementLine], ...] = ()
    reversals: tuple[tuple[Line, StatementLine], ...] = ()
    returns: tuple[Proposal, ...] = ()
    advances: tuple[StatementLine, ...] = ()
    unexpected: tuple[StatementLine, ...] = ()
    charges: fees.Found = fees.NOTHING_FOUND
    noted: Imported | None = None

    @property
    def outcome(self) -> Imported:
        if self.noted:
            return self.noted
        ours = {line.fingerprint for _, line in (*self.debits, *self.reversals)}
        ours |= {proposal.line.fingerprint for proposal in self.returns} | self.charges.lines
        ours |= {line.fingerprint for line in (*self.advances, *self.unexpected)}
        return Imported(
            statement=self.name,
            lines=len(self.statement.lines),
            debited=len(self.debits),
            returns_proposed=len(self.returns),
            charges_paid=self.charges.paid,
            to_check=self.charges.to_check,
            not_ours=len(self.statement.lines) - len(ours),
            missing=self.missing,
            reversed=len(self.reversals),
            advances=len(self.advances),
            unexpected=len(self.unexpected),
        )


def import_statement(city: str, data: bytes, who: Who) -> list[Imported]:
    """Read a statement file and book what it says: debits of our orders, payments of charges. Again: no effect.

    Raises the Statement… refusals; then nothing is booked.
    """
    plans = _plans(city, data)
    for plan in plans:
        if not plan.noted:
            _book(city, plan, who)
    return [plan.outcome for plan in plans]


def preview_statement(city: str, data: bytes) -> list[Imported]:
    """What importing the file would do. Changes nothing."""
    return [plan.outcome for plan in _plans(city, data)]


def statements(city: str) -> list[Imported]:
    """The last imported statements, newest first."""
    return list(store.statements(city))[:STATEMENTS_SHOWN_MAX]


# Matching


def _plans(city: str, data: bytes) -> list[Plan]:
    """A plan for each statement of the file; a later one sees what the earlier ones will have done."""
    town = towns.town_now(city)
    accounts = [AccountNumber.parse(number) for number in (town.account_number, town.clearing_account) if number]
    if not accounts:
        raise TownAccountMissing
    known = _Known.read(city, town)
    return known.with_charges(city, [known.plan(city, one) for one in bank.read_statements(data, accounts)])


@dataclass
class _Known:
    """What statements are matched with, as it stands after those that were planned."""

    town: Town
    payouts: Sequence[Payout]
    lines: dict[str, Line]
    headers: list[Statement]
    named: dict[str, Statement] = field(default_factory=dict)

    @classmethod
    def read(cls, city: str, town: Town) -> "_Known":
        ordered = _ordered(city)
        lines = {line.id: line for payout in ordered for line in store.lines(city, payout.id)}
        return cls(town, ordered, lines, list(store.statement_headers(city)))

    def plan(self, city: str, statement: Statement) -> Plan:
        missing = _missing_before(statement, self.headers)
        self.headers.append(replace(statement, lines=()))
        name, noted = self._named(city, statement)
        if noted:
            return Plan(statement, name, noted=noted)
        debits = [*self._single(statement), *self._summed(statement)]
        self._become("debited", debits)
        reversals = self._reversed(statement)
        self._become("returned", reversals)
        rest = _without(statement, (line for _, line in (*debits, *reversals)))
        advances = self._advances(rest)
        returns = bank.propose_returns(self._expected(statement, "debited"), _without(rest, advances).lines)
        return Plan(
            statement,
            name,
            missing=missing,
            debits=tuple(debits),
            reversals=tuple(reversals),
            returns=returns.proposals,
            advances=advances,
            unexpected=self._unexpected(rest),
        )

    def _named(self, city: str, statement: Statement) -> tuple[str, Imported | None]:
        """The statement's name, and what it did if it was imported under it.

        Another statement under the same number, or of the same day without one, gets a name of its own.
        """
        name = _name(statement)
        header, noted = store.imported(city, name) or (self.named.get(name), None)
        if header and _balances(header) != _balances(statement):
            name = f"{name}.{digest(*map(str, _balances(statement)))[:8]}"
            _, noted = store.imported(city, name) or (None, None)
        self.named[name] = statement
        return name, noted

    def with_charges(self, city: str, plans: Sequence[Plan]) -> list[Plan]:
        """The plans with the charges that what is left on the town's own account pays."""
        left = {id(plan): self._for_charges(plan) for plan in plans}
        found = fees.match_payments(city, [line for lines in left.values() for line in lines])
        return [replace(plan, charges=found.of(left[id(plan)])) for plan in plans]

    def _for_charges(self, plan: Plan) -> Sequence[StatementLine]:
        if plan.noted or str(plan.statement.account) != _written(self.town.account_number):
            return ()
        proposed = [proposal.line for proposal in plan.returns]
        return _without(plan.statement, (*proposed, *(line for _, line in (*plan.debits, *plan.reversals)))).lines

    def _become(self, state: str, moved: Iterable[tuple[Line, StatementLine]]) -> None:
        for line, _ in moved:
            self.lines[line.id] = replace(self.lines[line.id], state=state)  # type: ignore[arg-type]

    def _paid_from(self, statement: Statement) -> list[Payout]:
        """The payouts whose order debits the statement's account."""
        return [payout for payout in self.payouts if _written(payout.payer) == str(statement.account)]

    def _of(self, payout: Payout, *states: str) -> list[Line]:
        found = [line for line in self.lines.values() if line.payout == payout.id and ordering.is_for_bank(line)]
        return sorted((line for line in found if line.state in states), key=lambda line: line.position)

    def _expected(self, statement: Statement, *states: str) -> list[Expected]:
        return [_expected(line) for payout in self._paid_from(statement) for line in self._of(payout, *states)]

    def _single(self, statement: Statement) -> list[tuple[Line, StatementLine]]:
        """Debits of single payments. A line that our books do not have in the order yet is in the file all the same."""
        waiting = self._expected(statement, "in_order", "to_pay")
        return [(self.lines[m.expected_id], m.line) for m in bank.match_order_items(waiting, statement.lines).matches]

    def _summed(self, statement: Statement) -> list[tuple[Line, StatementLine]]:
        """Whole files debited as one sum."""
        found: list[tuple[Line, StatementLine]] = []
        taken: set[str] = set()
        for payout in self._paid_from(statement):
            for lines in self._files_in(payout, "in_order", "to_pay"):
                order = ExpectedOrder(payout.id, statement.account, _sum(lines), payout.due_on or date.max)
                rest = tuple(line for line in statement.lines if line.fingerprint not in taken)
                for match in bank.match_order_sum(order, replace(statement, lines=rest)).matches:
                    taken.add(match.line.fingerprint)
                    found += [(line, match.line) for line in lines]
        return found

    def _files_in(self, payout: Payout, *states: str) -> Iterator[list[Line]]:
        """The files of an order all of whose payments are in these states; those the bank refused are not in its sum."""
        every = self._of(payout, *states, "in_order", "to_pay", "debited", "returned", "rejected")
        for lines in _in_files(payout, every):
            waiting = [line for line in lines if line.state != "rejected"]
            if waiting and all(line.state in states for line in waiting):
                yield waiting

    def _reversed(self, statement: Statement) -> list[tuple[Line, StatementLine]]:
        """The bank's own corrections of our debits, of single payments and of whole files."""
        debited = self._expected(statement, "debited")
        matched = bank.match_reversals(debited, statement.lines, "debit")
        found = [(self.lines[match.expected_id], match.line) for match in matched.matches]
        for payout in self._paid_from(statement):
            for lines in self._files_in(payout, "debited"):
                undone = [line for line in matched.unmatched if bank.is_reversed_sum(line, _sum(lines))]
                found += [(line, undone[0]) for line in lines if len(undone) == 1]
        return found

    def _advances(self, statement: Statement) -> tuple[StatementLine, ...]:
        """What came to the operator's account from the town's own."""
        town = self.town
        if not town.clearing_account or str(statement.account) != _written(town.clearing_account):
            return ()
        own = _written(town.account_number)
        credits = [line for line in statement.lines if line.direction == "credit" and not line.reversal]
        return tuple(line for line in credits if own and str(line.counter_account or "") == own)

    def _unexpected(self, statement: Statement) -> tuple[StatementLine, ...]:
        refused = self._expected(statement, "rejected")
        return tuple(match.line for match in bank.match_order_items(refused, statement.lines).matches)


def _ordered(city: str) -> list[Payout]:
    """The last payouts whose order was made, or is being made."""
    found = store.payouts(city, OPEN_PAYOUTS_LOOKED_AT_MAX, None).items
    return [payout for payout in found if payout.due_on]


def _sum(lines: Iterable[Line]) -> int:
    return sum(line.amount_minor for line in lines)


def _written(account: str) -> str:
    """An account as the bank room writes it, for comparing."""
    return str(AccountNumber.parse(account)) if account else ""


def _without(statement: Statement, lines: Iterable[StatementLine]) -> Statement:
    taken = {line.fingerprint for line in lines}
    return replace(statement, lines=tuple(line for line in statement.lines if line.fingerprint not in taken))


def _in_files(payout: Payout, lines: Sequence[Line]) -> list[list[Line]]:
    """The lines as the order's files carry them; a payout whose files we do not know went as one."""
    if len(payout.files) < 2:
        return [list(lines)] if lines else []
    places = iter(lines)
    return [list(islice(places, file.payments)) for file in payout.files]


def _expected(line: Line) -> Expected:
    return Expected(
        id=line.id,
        amount_minor=line.amount_minor,
        vs=str(line.number),
        ss=str(line.position),
        account=AccountNumber.parse(line.account),
        due_on=line.due_on,
    )


def _name(statement: Statement) -> str:
    number = statement.number if statement.number is not None else f"{statement.closed_on:%m%d}"
    return f"{str(statement.account).replace('/', '.')}/{statement.closed_on.year}/{number}"


def _balances(statement: Statement) -> tuple[date, int, int]:
    """What two statements that are not the same differ in, whatever the bank calls them."""
    return statement.opened_on, statement.opening_minor, statement.closing_minor


def _missing_before(statement: Statement, known: Iterable[Statement]) -> tuple[int, ...]:
    """Numbers missing between this statement and the last known one before it."""
    earlier = [one for one in known if one.account == statement.account and one.closed_on < statement.closed_on]
    return tuple(bank.missing_between(max(earlier, key=_closing), statement)) if earlier else ()


def _closing(statement: Statement) -> tuple[date, int]:
    return statement.closed_on, statement.number or 0


# Booking


def _book(city: str, plan: Plan, who: Who) -> None:
    payouts = _with_orders(city, {line.payout for line, _ in (*plan.debits, *plan.reversals)}, who)
    for line, moved in plan.debits:
        _debited(city, payouts[line.payout], line, moved, who)
    for line, moved in plan.reversals:
        _reversed(city, payouts[line.payout], line.provider, moved, who)
    for proposal in plan.returns:
        store.keep_return(city, _possible_return(proposal))
    for moved in plan.advances:
        clearing.advance_seen(city, moved, who)
    fees.book_payments(city, plan.charges)
    for payout in _ordered(city):  # all of them: an import that died may have left any behind its lines
        ordering.refresh(city, payout.id)
    store.keep_statement(city, plan.outcome, replace(plan.statement, lines=()))


def _with_orders(city: str, ids: Iterable[str], who: Who) -> Mapping[str, Payout]:
    """The payouts, with the order of each finished: what the bank debited was in it, whatever our state says."""
    found = {id: store.payout(city, id) for id in sorted(ids)}
    return {
        id: ordering.finish(city, payout, who, as_fact=True) if payout.state == "released" else payout
        for id, payout in found.items()
    }


def _debited(city: str, payout: Payout, seen: Line, moved: StatementLine, who: Who) -> None:
    line = store.line(city, payout.id, seen.provider)
    if line is None or line.state != "in_order":
        return
    paid = replace(line, state="debited", debited_on=moved.booked_on)
    writes = [store.changed_line(city, paid), *clearing.entry_of(city, payout, line, "payment", moved)]
    ledger.pay(
        city,
        line.provider,
        line.id,
        line.booked,
        _spender(who, moved),
        writes,
        booked_on=moved.booked_on,
        through=clearing.through(payout),
        coordinates=ordering.coordinates(city, line),
    )


def _reversed(city: str, payout: Payout, provider: str, moved: StatementLine, who: Who) -> None:
    """The bank undid a debit by itself: the line is due again and the next payout carries it."""
    line = store.line(city, payout.id, provider)
    if line is None or line.state != "debited":
        return
    _came_back(city, payout, line, moved.booked_on, moved.fingerprint, who, [])


def _came_back(
    city: str, payout: Payout, line: Line, day: date, fingerprint: str, who: Who, also: Sequence[Write]
) -> Line:
    back = replace(line, state="returned", returned_on=day)
    told = ordering.tell_owners(city, line, templates.RETURNED.name, f"{line.id}.{fingerprint}")
    entry = clearing.entry_of(city, payout, line, "return", day=day, fingerprint=fingerprint)
    writes = [store.changed_line(city, back), *also, *entry, *told]
    ledger.take_back(
        city,
        line.provider,
        line.id,
        line.booked,
        Spender(by=who.id, via=who.app, key=fingerprint),
        writes,
        booked_on=day,
        through=clearing.through(payout),
        coordinates=ordering.coordinates(city, line),
    )
    return replace(back, v=line.v + 1)


def _spender(who: Who, moved: StatementLine) -> Spender:
    return Spender(by=who.id, via=who.app, key=moved.fingerprint)


def _possible_return(proposal: Proposal) -> PossibleReturn:
    line = proposal.line
    return PossibleReturn(
        id=line.fingerprint,
        amount_minor=line.amount_minor,
        booked_on=line.booked_on,
        account=str(line.counter_account or ""),
        text=line.text,
        lines=tuple(option[0] for option in proposal.options),
    )


def open_returns(city: str) -> list[PossibleReturn]:
    """Credits that may be our payments sent back and that nobody has matched yet."""
    return store.open_returns(city)


def accept_return(city: str, fingerprint: str, line_id: str, who: Who) -> Line:
    """Finance says which payment came back: it is owed to the provider again, and the next payout carries it."""
    check_role_now(city, who, BUDGET_OFFICER, CHIEF_ACCOUNTANT)
    found = store.possible_return(city, fingerprint)
    payout, _, provider = line_id.partition(".")
    line = store.line(city, payout, provider)
    if line is None or line_id not in found.lines or line.state != "debited":
        raise ReturnNotProposed
    settled = store.settled_return(city, fingerprint, line_id)
    back = _came_back(city, store.payout(city, payout), line, found.booked_on, fingerprint, who, [settled])
    ordering.refresh(city, payout)
    return back
