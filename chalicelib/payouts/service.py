"""Verbs of payouts: put one together, sign it, hand it to the bank, and learn from the statement what really happened.

A redemption goes into one payout line only (its claim is a condition in the books), a payout's files are made once, and
a statement may be imported again: so neither two builds, nor a crash, nor a repeated import pays anybody twice.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from chalicelib.bank import service as bank
from chalicelib.bank.model import (
    AccountNumber,
    Expected,
    ExpectedOrder,
    Match,
    OrderFile,
    Payment,
    PaymentOrder,
    Proposal,
    Statement,
)
from chalicelib.core import gate
from chalicelib.core.clock import Instant, day_of, now, today
from chalicelib.core.gate import AUTHORISING_OFFICER, BUDGET_OFFICER, CHIEF_ACCOUNTANT, Role, Who
from chalicelib.core.ids import new_id
from chalicelib.core.money import decimal
from chalicelib.core.refusals import NotFound, WrongRole
from chalicelib.core.table import Page, Write, transact
from chalicelib.fees import service as fees
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import AlreadyPaidOut, Spender, Transfer
from chalicelib.messages import service as messages
from chalicelib.messages.model import Facts
from chalicelib.payouts import outside, store, templates
from chalicelib.payouts.model import (
    CLAIMS_PER_STEP,
    OPEN_PAYOUTS_LOOKED_AT_MAX,
    HeldBack,
    Imported,
    Line,
    NothingToPay,
    OrderFileKept,
    Payout,
    PayoutNotInState,
    PayoutStillBuilding,
    PossibleReturn,
    ReturnNotProposed,
    SameOfficer,
    TownAccountMissing,
    added,
    by_programme,
    state_from,
    why_not_released,
)
from chalicelib.people import service as people
from chalicelib.people import staff
from chalicelib.providers import service as providers
from chalicelib.providers.model import Provider
from chalicelib.towns import service as towns
from chalicelib.towns.model import Town

CONSTANT_SYMBOL = "0308"
"""Payments for goods and services; the town's bank takes it on every order."""
REMITTANCE_PAGE = 100
PROVIDER_PAGE = 50
STATEMENTS_SHOWN_MAX = 50


# Putting a payout together


def start(city: str, upto: Instant | None = None) -> Payout:
    """Open a payout of everything posted until `upto`; `build` fills it, provider by provider."""
    at = now()
    made = Payout(
        id=new_id(),
        number=store.next_number(city, day_of(at).year),
        state="draft",
        created_at=at,
        upto=upto or at,
    )
    store.new_payout(city, made)
    return made


def build(city: str, payout: str, cursor: str | None) -> str | None:
    """One step: a page of providers. Returns the next cursor, None when the payout is complete. May run again."""
    current = store.payout(city, payout)
    if current.built or current.state != "draft":
        return None
    page = providers.listed(city, PROVIDER_PAGE, cursor)
    held = {waiting.provider: waiting for waiting in current.held_back}
    for provider in page.items:
        waiting = _fill(city, current, provider)
        if waiting:
            held[provider.id] = waiting
    kept = replace(current, held_back=tuple(held.values()))
    if page.next is None:
        kept = _closed(city, kept)
    transact([store.changed(city, kept)])
    return page.next


def _closed(city: str, payout: Payout) -> Payout:
    lines = store.lines(city, payout.id)
    for position, line in enumerate(lines, 1):
        transact([store.changed_line(city, replace(line, position=position))])
    total_minor = sum(line.amount_minor for line in lines)
    empty = not lines and not payout.held_back
    return replace(
        payout, built=True, total_minor=total_minor, lines=len(lines), state="cancelled" if empty else "draft"
    )


def _fill(city: str, payout: Payout, provider: Provider) -> HeldBack | None:
    """Claim what the provider is owed into its line, or say why its money waits."""
    owed_minor = sum(transfer.payable_minor for transfer in _owed(city, provider.id, payout.upto))
    if owed_minor <= 0:
        return None
    account = providers.account_for_payout(city, provider.id)
    reason = account.held or ("no_account" if not account.number else None)
    if reason:
        return HeldBack(provider.id, provider.name, owed_minor, reason)
    line = store.line(city, payout.id, provider.id) or _new_line(
        city, payout, provider, account.number, account.version
    )
    batch: list[Transfer] = []
    for transfer in _owed(city, provider.id, payout.upto):
        batch.append(transfer)
        if len(batch) == CLAIMS_PER_STEP:
            line, batch = _claim(city, line, batch), []
    line = _claim(city, line, batch)
    if line.amount_minor <= 0:
        _drop(city, line)
    return None


def _owed(city: str, provider: str, upto: Instant) -> Iterator[Transfer]:
    cursor = None
    while True:
        found, cursor = ledger.unsettled(city, provider, REMITTANCE_PAGE, cursor)
        yield from (transfer for transfer in found if transfer.posted_at <= upto)
        if cursor is None:
            return


def _new_line(city: str, payout: Payout, provider: Provider, account: str, version: int) -> Line:
    kept = providers.has_account(city, provider.id, version)
    line = Line(
        id=f"{payout.id}.{provider.id}",
        payout=payout.id,
        number=payout.number,
        provider=provider.id,
        provider_name=provider.name,
        account=account,
        account_version=version,
        account_changed_by=f"{kept.changed_by} {kept.decided_by}".strip(),
        state="to_pay",
        created_at=payout.created_at,
        position=0,
    )
    transact([store.new_line(city, line)])
    return line


def _claim(city: str, line: Line, batch: Sequence[Transfer]) -> Line:
    """Claim the batch in one transaction; what another payout took meanwhile is left out."""
    left = list(batch)
    while left:
        grown = replace(
            line,
            amount_minor=line.amount_minor + sum(transfer.payable_minor for transfer in left),
            redemptions=line.redemptions + len(left),
            amounts=added(line.amounts, by_programme(left)),
        )
        claims = [ledger.claim(city, transfer, line.id) for transfer in left]
        try:
            transact([*claims, store.changed_line(city, grown)])
        except AlreadyPaidOut:
            left = ledger.unclaimed(city, left)
            continue
        return replace(grown, v=line.v + 1)
    return line


def _drop(city: str, line: Line) -> None:
    """Return a line's claims: what came to nothing waits for the next payout."""
    for batch in _batches(list(ledger.claimed(city, line.id))):
        transact([ledger.unclaim(city, transfer, line.id) for transfer in batch])
    transact([store.dropped_line(city, line)])


def _batches(transfers: list[Transfer]) -> Iterator[list[Transfer]]:
    for start_at in range(0, len(transfers), CLAIMS_PER_STEP):
        yield transfers[start_at : start_at + CLAIMS_PER_STEP]


# Signatures


def authorise(city: str, payout: str, seen: int, who: Who) -> Payout:
    """The authorising officer's signature. Refusals: PayoutStillBuilding, NothingToPay, PayoutNotInState."""
    _check_role_now(city, who, AUTHORISING_OFFICER)
    current = _seen(store.payout(city, payout), seen)
    if not current.built:
        raise PayoutStillBuilding
    if not current.lines:
        raise NothingToPay
    if current.state != "draft":
        raise PayoutNotInState(current.state)
    return _save(city, replace(current, state="authorised", authorised_by=who.id, authorised_at=now()))


def confirm(city: str, payout: str, seen: int, who: Who) -> Payout:
    """The chief accountant's confirmation, needed above the town's limit."""
    _check_role_now(city, who, CHIEF_ACCOUNTANT)
    current = _seen(store.payout(city, payout), seen)
    if current.state != "authorised":
        raise PayoutNotInState(current.state)
    if who.id == current.authorised_by:
        raise SameOfficer
    return _save(city, replace(current, confirmed_by=who.id, confirmed_at=now()))


def release(city: str, payout: str, seen: int, who: Who) -> Payout:
    """The budget officer's signature: never the person who authorised it, nor one who changed an account in it."""
    _check_role_now(city, who, BUDGET_OFFICER)
    current = _seen(store.payout(city, payout), seen)
    above_minor = towns.town_now(city).chief_accountant_above_minor
    refusal = why_not_released(current, store.lines(city, payout), who.id, above_minor)
    if refusal:
        raise refusal
    return _save(city, replace(current, state="released", released_by=who.id, released_at=now()))


def cancel(city: str, payout: str, seen: int, who: Who) -> Payout:
    """Give up a payout that has not gone to the bank: everything in it is owed again, and the next one takes it."""
    _check_role_now(city, who, AUTHORISING_OFFICER, BUDGET_OFFICER)
    current = _seen(store.payout(city, payout), seen)
    if current.state not in ("draft", "authorised", "released"):
        raise PayoutNotInState(current.state)
    if not current.built:
        raise PayoutStillBuilding
    cancelled = _save(city, replace(current, state="cancelled"))
    for line in store.lines(city, payout):
        _drop(city, line)
    return cancelled


def _check_role_now(city: str, who: Who, *allowed: Role) -> None:
    """Roles are read again before money is released: a token may be five minutes old."""
    if not set(staff.staff_roles_now(city, who.id)) & set(allowed):
        raise WrongRole


def _seen(payout: Payout, version: int) -> Payout:
    if payout.v != version:
        raise PayoutNotInState(payout.state)
    return payout


def _save(city: str, payout: Payout) -> Payout:
    transact([store.changed(city, payout)])
    return replace(payout, v=payout.v + 1)


# The order to the bank


def export(city: str, payout: str, seen: int, who: Who) -> Payout:
    """Make the files for the bank, once. They are kept; downloading again gives the same ones.

    The files are stored before the state says so: a crash in between makes the same files again, under the same names.
    """
    _check_role_now(city, who, AUTHORISING_OFFICER, BUDGET_OFFICER, CHIEF_ACCOUNTANT)
    current = _seen(store.payout(city, payout), seen)
    if current.state != "released":
        raise PayoutNotInState(current.state)
    due_on = bank.banking_days_after(today(), 1)
    town = towns.town_now(city)
    lines = store.lines(city, payout)
    files = [_keep(city, current, file) for file in bank.write_abo(_order(town, current, lines, due_on))]
    for line in lines:
        if line.state == "to_pay":
            told = _remittance_message(city, current, line)
            transact([store.changed_line(city, replace(line, state="in_order", due_on=due_on)), *told])
    return _save(city, replace(current, state="exported", exported_at=now(), due_on=due_on, files=tuple(files)))


def _order(town: Town, payout: Payout, lines: Sequence[Line], due_on: date) -> PaymentOrder:
    if not town.account_number:
        raise TownAccountMissing
    return PaymentOrder(
        reference=str(payout.number),
        payer=AccountNumber.parse(town.account_number),
        payer_name=town.name,
        due_on=due_on,
        created_at=payout.created_at,
        payments=tuple(_payment(town, line) for line in lines),
    )


def _payment(town: Town, line: Line) -> Payment:
    return Payment(
        id=f"{line.number}-{line.position}",
        account=AccountNumber.parse(line.account),
        amount_minor=line.amount_minor,
        vs=str(line.number),
        ks=CONSTANT_SYMBOL,
        ss=str(line.position),
        payee_name=line.provider_name,
        message=f"{town.name}\nproplacení {line.number}",
    )


def _keep(city: str, payout: Payout, file: OrderFile) -> OrderFileKept:
    key = f"{city}/payouts/{payout.id}/{file.name}"
    outside.keep_file(key, file.content, "text/plain; charset=windows-1250")
    return OrderFileKept(file.name, key, file.sum_minor, len(file.payments))


def _remittance_message(city: str, payout: Payout, line: Line) -> list[Write]:
    facts: dict[str, str | int] = {
        "number": str(payout.number),
        "amount_minor": line.amount_minor,
        "provider": line.provider_name,
    }
    return _tell_owners(city, line.provider, templates.REMITTANCE.name, line.id, facts)


def _tell_owners(city: str, provider: str, template: str, event: str, facts: Facts) -> list[Write]:
    owners = [member.person for member in staff.provider_members(city, provider) if member.role == gate.OWNER]
    return [messages.tell(city, person, template, event, {**facts, "provider_id": provider}) for person in owners]


def file_link(payout: Payout, name: str) -> str:
    """A short-lived link to one of the payout's files. Raises NotFound."""
    for file in payout.files:
        if file.name == name:
            return outside.link_to(file.key, file.name)
    raise NotFound


# Reading


def payout(city: str, id: str) -> Payout:
    return store.payout(city, id)


def payouts(city: str, limit: int, cursor: str | None) -> Page[Payout]:
    return store.payouts(city, limit, cursor)


def lines(city: str, id: str) -> list[Line]:
    """The lines of a payout, in the order of its payments. Raises NotFound."""
    store.payout(city, id)
    return store.lines(city, id)


def lines_of_provider(city: str, provider: str, limit: int, cursor: str | None) -> Page[Line]:
    return store.lines_of_provider(city, provider, limit, cursor)


def is_late(payout: Payout) -> bool:
    """Whether the bank should have debited it by now: three banking days have passed."""
    return payout.state == "exported" and bool(payout.due_on) and bank.is_order_late(payout.due_on, today())  # type: ignore[arg-type]


def remittance(city: str, payout: str, provider: str) -> tuple[Line, list[Transfer]]:
    """The line and the redemptions behind it, in order of time. Raises NotFound."""
    line = store.line(city, payout, provider)
    if line is None:
        raise NotFound
    return line, sorted(ledger.claimed(city, line.id), key=lambda transfer: transfer.posted_at)


def remittance_csv(city: str, payout: str, provider: str) -> str:
    """The remittance as CSV for the provider's accounting: semicolons, decimal commas, Prague time."""
    line, transfers = remittance(city, payout, provider)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["proplacení", "čas", "druh", "doklad", "program", "částka Kč"])
    for transfer in transfers:
        local = transfer.posted_at.astimezone(outside.PRAGUE)
        amount = decimal(transfer.payable_minor)
        writer.writerow(
            [line.number, f"{local:%d.%m.%Y %H:%M:%S}", transfer.kind, transfer.id, transfer.programme, amount]
        )
    return out.getvalue()


# What the bank did


def import_statement(city: str, data: bytes, who: Who) -> list[Imported]:
    """Read a statement file and book what it says: debits of our orders, payments of charges. Again: no effect.

    Every effect has a key of its own in the books, and the statement is noted last: a crash in between is mended by
    importing the file again. Raises the Statement… refusals; then nothing is booked.
    """
    town = towns.town_now(city)
    if not town.account_number:
        raise TownAccountMissing
    statements = bank.read_statements(data, [AccountNumber.parse(town.account_number)])
    return [_import(city, statement, who) for statement in statements]


def preview_statement(city: str, data: bytes) -> list[Imported]:
    """What importing the file would do. Changes nothing."""
    town = towns.town_now(city)
    if not town.account_number:
        raise TownAccountMissing
    found = []
    for statement in bank.read_statements(data, [AccountNumber.parse(town.account_number)]):
        matches, returns, rest = _matched(city, statement)
        charges = fees.preview_payments(city, rest)
        found.append(_outcome(city, statement, len(matches), len(returns), charges))
    return found


def _import(city: str, statement: Statement, who: Who) -> Imported:
    earlier = store.imported(city, _name(statement))
    if earlier:
        return earlier
    matches, returns, rest = _matched(city, statement)
    spender = Spender(by=who.id, via=who.app, key=_name(statement))
    for line, match in matches:
        _debited(city, line, match.line.booked_on, spender)
    for proposal in returns:
        store.keep_return(city, _possible_return(proposal))
    charges = fees.take_payments(city, rest)
    outcome = _outcome(city, statement, len(matches), len(returns), charges)
    store.keep_statement(city, outcome, replace(statement, lines=()))
    return outcome


def _outcome(city: str, statement: Statement, debited: int, returns: int, charges: "fees.Taken") -> Imported:
    ours = debited + returns + charges.paid + charges.to_check
    return Imported(
        statement=_name(statement),
        lines=len(statement.lines),
        debited=debited,
        returns_proposed=returns,
        charges_paid=charges.paid,
        to_check=charges.to_check,
        not_ours=max(len(statement.lines) - ours, 0),
        missing=_missing_before(city, statement),
    )


def _name(statement: Statement) -> str:
    number = statement.number if statement.number is not None else f"{statement.closed_on:%m%d}"
    return f"{str(statement.account).replace('/', '.')}/{statement.closed_on.year}/{number}"


def _missing_before(city: str, statement: Statement) -> tuple[int, ...]:
    """Numbers missing between this statement and the last imported one before it."""
    kept = [header for header in store.statement_headers(city) if header.account == statement.account]
    earlier = [header for header in kept if header.closed_on < statement.closed_on]
    return tuple(bank.missing_between(max(earlier, key=_closing), statement)) if earlier else ()


def _closing(statement: Statement) -> tuple[date, int]:
    return statement.closed_on, statement.number or 0


type Matched = tuple[list[tuple[Line, Match]], list[Proposal], Statement]


def _matched(city: str, statement: Statement) -> Matched:
    """Which of our payments the statement speaks of: single debits, whole orders in one sum, possible returns.

    The third part is the statement without the lines that were matched here: what charges may be paid by.
    """
    open_payouts = [p for p in store.payouts(city, OPEN_PAYOUTS_LOOKED_AT_MAX, None).items if p.exported_at]
    by_id: dict[str, Line] = {line.id: line for p in open_payouts for line in store.lines(city, p.id)}
    waiting = [_expected(line) for line in by_id.values() if line.state == "in_order"]
    single = bank.match_order_items(waiting, statement.lines)
    found = [(by_id[match.expected_id], match) for match in single.matches]
    taken = {match.line.fingerprint for match in single.matches}
    for current in open_payouts:
        summed = bank.match_order_sum(_expected_order(current, statement), statement) if current.due_on else None
        for match in summed.matches if summed else ():
            if match.line.fingerprint not in taken:
                taken.add(match.line.fingerprint)
                found += [
                    (line, match) for line in by_id.values() if line.payout == current.id and line.state == "in_order"
                ]
    returns = bank.propose_returns(
        [_expected(line) for line in by_id.values() if line.state == "debited"], statement.lines
    )
    taken |= {proposal.line.fingerprint for proposal in returns.proposals}
    rest = replace(statement, lines=tuple(line for line in statement.lines if line.fingerprint not in taken))
    return found, list(returns.proposals), rest


def _expected(line: Line) -> Expected:
    return Expected(
        id=line.id,
        amount_minor=line.amount_minor,
        vs=str(line.number),
        ss=str(line.position),
        account=AccountNumber.parse(line.account),
        due_on=line.due_on,
    )


def _expected_order(payout: Payout, statement: Statement) -> ExpectedOrder:
    return ExpectedOrder(payout.id, statement.account, payout.total_minor, payout.due_on or date.max)


def _debited(city: str, line: Line, on: date, spender: Spender) -> None:
    paid = replace(line, state="debited", debited_on=on)
    amounts = dict(line.amounts)
    ledger.pay(city, line.provider, line.id, amounts, spender, [store.changed_line(city, paid)])
    _refresh(city, line.payout)


def _refresh(city: str, payout: str) -> None:
    """Bring the payout's state up to its lines."""
    current = store.payout(city, payout)
    state = state_from(store.lines(city, payout), current.state)
    if state != current.state:
        transact([store.changed(city, replace(current, state=state))])


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
    _check_role_now(city, who, BUDGET_OFFICER, CHIEF_ACCOUNTANT)
    found = store.possible_return(city, fingerprint)
    payout, _, provider = line_id.partition(".")
    line = store.line(city, payout, provider)
    if line is None or line_id not in found.lines or line.state != "debited":
        raise ReturnNotProposed
    back = replace(line, state="returned", returned_on=found.booked_on)
    facts: dict[str, str | int] = {
        "number": str(line.number),
        "amount_minor": line.amount_minor,
        "provider": line.provider_name,
    }
    told = _tell_owners(city, provider, templates.RETURNED.name, f"{line.id}.{fingerprint}", facts)
    spender = Spender(by=who.id, via=who.app, key=fingerprint)
    writes = [store.changed_line(city, back), store.settled_return(city, fingerprint, line_id), *told]
    ledger.take_back(city, provider, line.id, dict(line.amounts), spender, writes)
    _refresh(city, payout)
    return replace(back, v=line.v + 1)


def statements(city: str) -> list[Imported]:
    """The last imported statements, newest first."""
    return list(store.statements(city))[:STATEMENTS_SHOWN_MAX]


def names(payout: Payout) -> dict[str, str]:
    """The names of those who signed."""
    signed = [id for id in (payout.authorised_by, payout.confirmed_by, payout.released_by) if id]
    return people.names(signed)


def is_settlement_day(town: Town, day: date) -> bool:
    """Whether a payout is put together on this day: on Mondays, on the 1st and 16th, or on the 1st."""
    if town.settlement_period == "weekly":
        return day.weekday() == 0
    return day.day == 1 or (town.settlement_period == "twice_a_month" and day.day == 16)


def period_end(day: date) -> date:
    """The last day that a payout put together on this day covers."""
    return day - timedelta(days=1)


def may_see(who: Who, city: str, provider: str) -> None:
    """A provider's owner sees its own payouts; the town's finance sees all. Raises NotFound."""
    providers.provider(city, provider)
    if who.role_at(city, provider) != gate.OWNER and not who.holds(city, gate.STAFF):
        raise NotFound
