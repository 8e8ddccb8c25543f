"""What the bank did. A statement is matched once, into a plan; the preview shows the plan, the import books it.

Every effect has a key of its own in the books, and the statement is noted last: a crash in between is mended by
importing the file again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice

from chalicelib.commons.bank import service as bank
from chalicelib.commons.bank.model import (
    AccountNumber,
    Expected,
    ExpectedOrder,
    Matching,
    Proposal,
    Statement,
    StatementLine,
)
from chalicelib.core.clock import today
from chalicelib.core.gate import Who
from chalicelib.core.ids import digest
from chalicelib.core.table import Write, commit
from chalicelib.money.fees import service as fees
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Spender
from chalicelib.money.payouts import clearing, ordering, store, templates
from chalicelib.money.payouts.model import (
    OPEN_PAYOUTS_LOOKED_AT_MAX,
    AnswerNotOffered,
    Doubt,
    DoubtDecided,
    DoubtKind,
    Imported,
    Line,
    LineEffect,
    OpenDoubt,
    Payout,
    Place,
    Previewed,
    StatementInFuture,
    Told,
    TownAccountMissing,
)
from chalicelib.town.identity import service as identity
from chalicelib.town.towns import service as towns
from chalicelib.town.towns.model import Town

STATEMENTS_SHOWN_MAX = 50
NOTHING, ANOTHER = "nothing", "another"
"""Answers to a doubt besides its payout lines."""


@dataclass(frozen=True)
class Plan:
    """What one statement does: each of its lines stands in one place, the rest is nobody's here.

    `unexpected`: debits of payments that were marked as refused by the bank: finance must look. `doubts` wait for a
    person, `known` are movements that another statement booked.
    """

    statement: Statement
    name: str
    missing: tuple[int, ...] = ()
    debits: tuple[tuple[Line, StatementLine], ...] = ()
    reversals: tuple[tuple[Line, StatementLine], ...] = ()
    doubts: tuple[Doubt, ...] = ()
    known: tuple[StatementLine, ...] = ()
    advances: tuple[StatementLine, ...] = ()
    unexpected: tuple[StatementLine, ...] = ()
    charges: fees.Found = fees.NOTHING_FOUND
    noted: Imported | None = None

    @property
    def outcome(self) -> Imported:
        if self.noted:
            return self.noted
        told = self.told
        return Imported(
            statement=self.name,
            lines=len(self.statement.lines),
            debited=len(self.debits),
            returns_proposed=sum(doubt.kind == "return" for doubt in self.doubts),
            charges_paid=self.charges.paid,
            to_check=self.charges.to_check,
            not_ours=sum(one.effect == "not_ours" for one in told),
            missing=self.missing,
            reversed=len(self.reversals),
            advances=len(self.advances),
            unexpected=len(self.unexpected),
            doubtful=sum(doubt.kind != "return" for doubt in self.doubts),
            known=len(self.known),
            opened_on=self.statement.opened_on,
            closed_on=self.statement.closed_on,
            opening_minor=self.statement.opening_minor,
            closing_minor=self.statement.closing_minor,
        )

    @property
    def told(self) -> tuple[Told, ...]:
        """Each line of the statement with what it does."""
        effects = self._effects()
        nobodys: tuple[LineEffect, tuple[str, ...]] = ("not_ours", ())
        return tuple(Told(line, *effects.get(line.fingerprint, nobodys)) for line in self.statement.lines)

    def _effects(self) -> dict[str, tuple[LineEffect, tuple[str, ...]]]:
        found: dict[str, tuple[LineEffect, tuple[str, ...]]] = {}

        def note(line: StatementLine, effect: LineEffect, *about: str) -> None:
            _, earlier = found.get(line.fingerprint, (effect, ()))
            found[line.fingerprint] = effect, (*earlier, *about)

        for line, moved in self.debits:
            note(moved, "debited", line.provider_name)
        for line, moved in self.reversals:
            note(moved, "reversed", line.provider_name)
        for doubt in self.doubts:
            note(doubt.line, "return" if doubt.kind == "return" else "doubt")
        for match in self.charges.matches:
            note(match.line, "charge", self.charges.charges[match.expected_id].number)
        for proposal in self.charges.proposals:
            note(proposal.line, "to_check")
        others: dict[LineEffect, tuple[StatementLine, ...]] = {
            "known": self.known,
            "advance": self.advances,
            "unexpected": self.unexpected,
        }
        for effect, moves in others.items():
            for moved in moves:
                note(moved, effect)
        return found

    @property
    def unreferenced(self) -> Iterator[StatementLine]:
        """The credits that are booked or offered and that the bank gave no reference: another statement may tell of them."""
        ours = set(self._effects()) - {line.fingerprint for line in self.known}
        ours -= {doubt.id for doubt in self.doubts if doubt.kind == "twin"}
        return (line for line in self.statement.lines if line.fingerprint in ours and _may_come_again(line))


def import_statement(city: str, data: bytes, who: Who, account: str = "", *, future: bool = True) -> list[Imported]:
    """Read a statement file and book what it says: debits of our orders, payments of charges. Again: no effect.

    `account` says whose it is where the file's number fits two of the town's. Without `future` a statement that is dated
    after today is refused. Raises StatementInFuture and the Statement… refusals; then nothing is booked.
    """
    plans = _plans(city, data, account)
    ahead = [plan.statement.closed_on for plan in plans if plan.statement.closed_on > today()]
    if ahead and not future:
        raise StatementInFuture(max(ahead))
    for plan in plans:
        if not plan.noted:
            _book(city, plan, who)
            store.keep_statement(city, plan.outcome, replace(plan.statement, lines=()))
    return [plan.outcome for plan in plans]


def preview_statement(city: str, data: bytes, account: str = "") -> list[Previewed]:
    """What importing the file would do. Changes nothing."""
    return [
        Previewed(plan.outcome, () if plan.noted else plan.told, plan.statement.closed_on > today())
        for plan in _plans(city, data, account)
    ]


def statements(city: str) -> list[Imported]:
    """The last imported statements, newest first."""
    return list(store.statements(city))[:STATEMENTS_SHOWN_MAX]


# Matching


def _plans(city: str, data: bytes, account: str = "") -> list[Plan]:
    """A plan for each statement of the file; a later one sees what the earlier ones will have done."""
    town = towns.town_now(city)
    accounts = [AccountNumber.parse(number) for number in (town.account_number, town.clearing_account) if number]
    if not accounts:
        raise TownAccountMissing
    known = _Known.read(city, town)
    dialects = {one: town.dialect_of(str(one)) for one in accounts}
    read = bank.read_statements(data, [one for one in accounts if account in ("", str(one))], dialects)
    return known.with_charges(city, [known.plan(city, one) for one in read])


@dataclass
class _Known:
    """What statements are matched with, as it stands after those that were planned."""

    town: Town
    payouts: Sequence[Payout]
    lines: dict[str, Line]
    headers: list[Statement]
    named: dict[str, Statement] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=dict)

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
        twins, known = self._again(city, name, statement)
        fresh = _without(statement, (*known, *(doubt.line for doubt in twins)))
        plan = self.effects(fresh, name)
        return replace(plan, statement=statement, missing=missing, doubts=(*twins, *plan.doubts), known=known)

    def effects(self, statement: Statement, name: str) -> Plan:
        """What these lines do, whatever other statements told."""
        singles = bank.match_order_items(self._expected(statement, "in_order", "to_pay"), statement.lines)
        debits = [*self._single(singles), *self._summed(statement)]
        self._become("debited", debits)
        undone = bank.match_reversals(self._expected(statement, "debited"), statement.lines, "debit")
        reversals = self._reversed(statement, undone)
        self._become("returned", reversals)
        rest = _without(statement, (line for _, line in (*debits, *reversals)))
        advances = self._advances(rest)
        returns = bank.propose_returns(self._expected(statement, "debited"), _without(rest, advances).lines)
        left = {line.fingerprint for line in rest.lines}
        proposed: list[tuple[DoubtKind, Proposal]] = [
            *(("debit", proposal) for proposal in singles.proposals),
            *(("reversal", proposal) for proposal in undone.proposals),
            *(("return", proposal) for proposal in returns.proposals),
        ]
        return Plan(
            statement,
            name,
            debits=tuple(debits),
            reversals=tuple(reversals),
            doubts=tuple(
                _doubt(kind, statement, name, proposal)
                for kind, proposal in proposed
                if proposal.line.fingerprint in left
            ),
            advances=advances,
            unexpected=self._unexpected(rest),
        )

    def _again(self, city: str, name: str, statement: Statement) -> tuple[tuple[Doubt, ...], tuple[StatementLine, ...]]:
        """Credits without the bank's reference that another statement told of: (those in doubt, those surely the same)."""
        credits = [line for line in statement.lines if _may_come_again(line)]
        stored = store.alike(city, {line.likeness for line in credits})
        twins, known = [], []
        for line in credits:
            places = [*stored.get(line.likeness, ()), *self.places.get(line.likeness, ())]
            others = tuple(place for place in dict.fromkeys(places) if place.statement != name)
            if Place(name, line.line) in places:
                continue  # an import of this statement died: what it booked has the same keys
            if any(self._is_inside(city, place.statement, statement, line) for place in others):
                known.append(line)
            elif others:
                place = Place(name, line.line)
                twins.append(Doubt(line.fingerprint, "twin", str(statement.account), place, line, alike=others))
        for line in credits:
            self.places.setdefault(line.likeness, []).append(Place(name, line.line))
        return tuple(twins), tuple(known)

    def _is_inside(self, city: str, earlier: str, statement: Statement, line: StatementLine) -> bool:
        """Whether a statement surely holds the whole of an earlier one, and the line among it.

        Over the earlier one's days it starts and ends at the same balances and has as many movements; where the
        balances are equal, that would prove nothing.
        """
        if earlier in self.named:
            other, lines = self.named[earlier], len(self.named[earlier].lines)
        else:
            header, outcome = store.imported(city, earlier) or (None, None)
            if header is None or outcome is None:
                return False
            other, lines = header, outcome.lines
        if other.opening_minor == other.closing_minor:
            return False
        ends_so = statement.balance_on(other.closed_on) == other.closing_minor
        return ends_so and any(
            statement.balance_on(start) == other.opening_minor
            and start < line.booked_on <= other.closed_on
            and sum(start < one.booked_on <= other.closed_on for one in statement.lines) == lines
            for start in (other.opened_on, other.opened_on - timedelta(days=1))
        )

    def _named(self, city: str, statement: Statement) -> tuple[str, Imported | None]:
        """The statement's name, and what it did if it was imported under it.

        Another statement under the same number, or of the same day without one, gets a name of its own.
        """
        name = _name(statement)
        header, noted = store.imported(city, name) or (self.named.get(name), None)
        if header and header.balances != statement.balances:
            name = f"{name}.{digest(*map(str, statement.balances))[:8]}"
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
        taken = [line for _, line in (*plan.debits, *plan.reversals)]
        return _without(plan.statement, (*taken, *plan.known, *(doubt.line for doubt in plan.doubts))).lines

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

    def _single(self, found: Matching) -> list[tuple[Line, StatementLine]]:
        """Debits of single payments. A line that our books do not have in the order yet is in the file all the same."""
        return [(self.lines[match.expected_id], match.line) for match in found.matches]

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

    def _reversed(self, statement: Statement, matched: Matching) -> list[tuple[Line, StatementLine]]:
        """The bank's own corrections of our debits, of single payments and of whole files."""
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


def _may_come_again(line: StatementLine) -> bool:
    """Whether another statement could tell of this credit and nobody would know: the bank gave it no reference."""
    return line.direction == "credit" and not line.reversal and not line.reference


def _doubt(kind: DoubtKind, statement: Statement, name: str, proposal: Proposal) -> Doubt:
    line = proposal.line
    options = tuple(option[0] for option in proposal.options)
    return Doubt(line.fingerprint, kind, str(statement.account), Place(name, line.line), line, options)


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


def _missing_before(statement: Statement, known: Iterable[Statement]) -> tuple[int, ...]:
    """Numbers missing between this statement and the last known one before it."""
    earlier = [one for one in known if one.account == statement.account and one.closed_on < statement.closed_on]
    return tuple(bank.missing_between(max(earlier, key=_closing), statement)) if earlier else ()


def _closing(statement: Statement) -> tuple[date, int]:
    return statement.closed_on, statement.number or 0


# Booking


def _book(city: str, plan: Plan, who: Who) -> None:
    for moved in plan.unreferenced:  # first: an import that dies leaves no movement that nobody could know again
        store.note_place(city, moved.likeness, Place(plan.name, moved.line))
    payouts = _with_orders(city, {line.payout for line, _ in (*plan.debits, *plan.reversals)}, who)
    for line, moved in plan.debits:
        _debited(city, payouts[line.payout], line, moved, who)
    for line, moved in plan.reversals:
        _reversed(city, payouts[line.payout], line.provider, moved, who)
    for doubt in plan.doubts:
        store.keep_doubt(city, doubt)
    for moved in plan.advances:
        clearing.advance_seen(city, moved, who)
    fees.book_payments(city, plan.charges)
    for payout in _ordered(city):  # all of them: an import that died may have left any behind its lines
        ordering.refresh(city, payout.id)


def _with_orders(city: str, ids: Iterable[str], who: Who) -> Mapping[str, Payout]:
    """The payouts, with the order of each finished: what the bank debited was in it, whatever our state says."""
    found = {id: store.payout(city, id) for id in sorted(ids)}
    return {
        id: ordering.finish(city, payout, who, as_fact=True) if payout.state == "released" else payout
        for id, payout in found.items()
    }


def _debited(
    city: str, payout: Payout, seen: Line, moved: StatementLine, who: Who, also: Sequence[Write] = ()
) -> Line | None:
    """The line as the bank's debit leaves it; None where it does not wait in the order any more."""
    line = store.line(city, payout.id, seen.provider)
    if line is None or line.state != "in_order":
        return None
    paid = replace(line, state="debited", debited_on=moved.booked_on)
    entry = clearing.entry_of(city, payout, line, "payment", moved.booked_on, moved.fingerprint)
    writes = [store.changed_line(city, paid), *also, *entry]
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
    return replace(paid, v=line.v + 1)


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
    entry = clearing.entry_of(city, payout, line, "return", day, fingerprint)
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


# What a person decides


def doubts(city: str) -> list[OpenDoubt]:
    """Lines of statements that nobody has decided about yet."""
    found = store.doubts(city)
    lines = store.lines_named(city, {option for doubt in found for option in doubt.options})
    return [OpenDoubt(doubt, tuple(lines[one] for one in doubt.options if one in lines)) for doubt in found]


def decide(city: str, id: str, answer: str, who: Who) -> None:
    """Finance says what a doubtful line is: the id of one of its payout lines, ANOTHER for a payment of its own that is
    only like another one, NOTHING where nothing is to be booked.

    Raises DoubtDecided, AnswerNotOffered, ConflictOfInterest.
    """
    doubt = store.doubt(city, id)
    identity.check_impartial(city, who.id, providers={option.partition(".")[2] for option in doubt.options})
    if answer == NOTHING:
        commit(store.decided(city, id, answer, who.id, booked=True))
    elif answer == ANOTHER and doubt.kind == "twin":
        _book_alone(city, doubt, who)
    elif answer in doubt.options:
        _book_as(city, doubt, answer, who)
    else:
        raise AnswerNotOffered


def _book_as(city: str, doubt: Doubt, line_id: str, who: Who) -> None:
    """Book the line as a movement of this payment. A debit may stand in an order that is not finished in our books."""
    id, _, provider = line_id.partition(".")
    payout = _with_orders(city, [id], who)[id]
    line, moved = store.line(city, id, provider), doubt.line
    settled = store.decided(city, doubt.id, line_id, who.id, booked=True)
    if line is None:
        raise DoubtDecided
    if doubt.kind == "debit":
        if _debited(city, payout, line, moved, who, [settled]) is None:
            raise DoubtDecided
    elif line.state != "debited":
        raise DoubtDecided
    else:
        _came_back(city, payout, line, moved.booked_on, moved.fingerprint, who, [settled])
    ordering.refresh(city, id)


def _book_alone(city: str, doubt: Doubt, who: Who) -> None:
    """Book the line as its statement would have, had no other told of one like it. A crash leaves it in the list."""
    commit(store.decided(city, doubt.id, ANOTHER, who.id, booked=False))
    known = _Known.read(city, towns.town_now(city))
    moved = doubt.line
    alone = Statement(AccountNumber.parse(doubt.account), None, moved.booked_on, moved.booked_on, 0, 0, (moved,))
    [plan] = known.with_charges(city, [known.effects(alone, doubt.place.statement)])
    if plan.doubts:
        return store.doubt_anew(city, plan.doubts[0])
    _book(city, plan, who)
    return commit(store.decided(city, doubt.id, ANOTHER, who.id, booked=True))
