"""The operator's clearing account: what the town sent in advance, what was paid from it, and the statement of both.

One account for each town; it is the town's setting, and only payouts on the clearing route debit it.
"""

from dataclasses import dataclass, replace
from datetime import date

from chalicelib.commons.bank.model import StatementLine
from chalicelib.core.gate import Who
from chalicelib.core.ids import digest
from chalicelib.core.refusals import KeyUsedForOtherRequest
from chalicelib.core.sheets import Amount, Cell, Said, Sheet, said
from chalicelib.core.table import Write, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Receipt, Route, Spender
from chalicelib.money.payouts import store
from chalicelib.money.payouts.model import ClearingEntry, ClearingKind, Line, Payout

ADVANCE_MATCH_DAYS = 5
"""How far the day that finance typed may be from the day that the bank booked."""
STATEMENT_KINDS: Said = {
    "opening": ("počáteční zůstatek", "opening balance"),
    "advance": ("záloha", "advance"),
    "payment": ("proplacení", "payout"),
    "return": ("vrácená platba", "payment returned"),
}
STATEMENT_HEADS: Said = {
    "day": ("den", "day"),
    "kind": ("druh", "kind"),
    "number": ("proplacení", "payout"),
    "provider": ("poskytovatel", "provider"),
    "amount": ("částka Kč", "amount CZK"),
    "balance": ("zůstatek Kč", "balance CZK"),
}


@dataclass(frozen=True)
class Balanced:
    """A line of the statement and what was left on the account after it."""

    entry: ClearingEntry
    balance_minor: int


@dataclass(frozen=True)
class ClearingStatement:
    """The operator's statement to the town for a year."""

    year: int
    opening_minor: int
    closing_minor: int
    lines: tuple[Balanced, ...]


def through(payout: Payout) -> Route:
    """Which of the ledger's accounts a payout is paid from."""
    return "operator" if payout.route == "clearing" else "bank"


def advance(city: str, amount_minor: int, day: date, key: str, who: Who) -> tuple[ClearingEntry, Receipt]:
    """Finance notes that the town sent an advance to the operator's account. The same key again: no effect.

    An advance that the bank's statement has shown already is booked: the note takes it up.
    """
    id = digest("advance", who.id, key)
    entry = ClearingEntry(id, "advance", day, amount_minor, by=who.id)
    known = list(store.entries(city))
    seen = next((one for one in known if one.noted_as == id), None)
    if seen is None and id not in {one.id for one in known}:
        seen = next((one for one in known if _is_seen(one, entry)), None)
    if seen:
        return _taken_up(city, seen, entry)
    spender = Spender(by=who.id, via=who.app, key=f"advance.{key}")
    return entry, ledger.advance(city, amount_minor, spender, [store.new_entry(city, entry)])


def _is_seen(entry: ClearingEntry, noted: ClearingEntry) -> bool:
    """Whether an entry may be the noted advance, booked from a statement, and no other note has taken it up."""
    is_of_bank = entry.kind == "advance" and entry.id == entry.statement_line and not entry.noted_as
    return is_of_bank and entry.amount_minor == noted.amount_minor and _are_near(entry.day, noted.day)


def _taken_up(city: str, seen: ClearingEntry, noted: ClearingEntry) -> tuple[ClearingEntry, Receipt]:
    """The bank's entry under the note, with the receipt of its booking."""
    if seen.amount_minor != noted.amount_minor:
        raise KeyUsedForOtherRequest
    if not seen.noted_as:
        transact([store.new_entry(city, replace(seen, noted_as=noted.id))])
    booked = ledger.advance(city, seen.amount_minor, _bank(seen.statement_line))
    return seen, replace(booked, replayed=bool(seen.noted_as))


def _bank(fingerprint: str) -> Spender:
    return Spender(by="bank", via="statement", key=f"advance.{fingerprint}")


def advance_seen(city: str, moved: StatementLine, who: Who) -> None:
    """The operator's statement shows money from the town: the advance that finance noted, or one nobody did."""
    noted = next((entry for entry in store.entries(city) if _is(entry, moved)), None)
    if noted and noted.statement_line:
        return
    if noted:
        transact([store.new_entry(city, replace(noted, statement_line=moved.fingerprint))])
        return
    entry = ClearingEntry(
        moved.fingerprint, "advance", moved.booked_on, moved.amount_minor, statement_line=moved.fingerprint, by=who.id
    )
    ledger.advance(city, moved.amount_minor, _bank(moved.fingerprint), [store.new_entry(city, entry)])


def _is(entry: ClearingEntry, moved: StatementLine) -> bool:
    if entry.statement_line:
        return entry.statement_line == moved.fingerprint
    near = _are_near(entry.day, moved.booked_on)
    return entry.kind == "advance" and entry.amount_minor == moved.amount_minor and near


def _are_near(one: date, other: date) -> bool:
    return abs((one - other).days) <= ADVANCE_MATCH_DAYS


def entry_of(city: str, payout: Payout, line: Line, kind: ClearingKind, day: date, fingerprint: str) -> list[Write]:
    """The statement's line for a payment or a return; none where the town pays directly."""
    if payout.route != "clearing":
        return []
    entry = ClearingEntry(
        id=f"{line.id}.{kind}",
        kind=kind,
        day=day,
        amount_minor=line.amount_minor,
        number=line.number,
        provider_name=line.provider_name,
        statement_line=fingerprint,
    )
    return [store.new_entry(city, entry)]


def clearing_statement(city: str, year: int) -> ClearingStatement:
    """Advances and payments of a year, each with the balance after it; before the first one stands the opening."""
    balance_minor = opening_minor = 0
    lines: list[Balanced] = []
    for entry in store.entries(city):
        if entry.day.year > year:
            break
        balance_minor += entry.effect_minor
        if entry.day.year < year:
            opening_minor = balance_minor
        else:
            lines.append(Balanced(entry, balance_minor))
    return ClearingStatement(year, opening_minor, balance_minor, tuple(lines))


def clearing_sheet(city: str, year: int, language: str = "cs") -> Sheet:
    """The statement for the town's accounting or a spreadsheet, in the reader's language."""
    found = clearing_statement(city, year)
    heads = [said(STATEMENT_HEADS, name, language) for name in STATEMENT_HEADS]
    opening = said(STATEMENT_KINDS, "opening", language)
    first: list[Cell] = [date(year, 1, 1), opening, "", "", "", Amount(found.opening_minor)]
    return Sheet(f"zuctovaci-ucet-{year}", heads, [first, *(_row(line, language) for line in found.lines)])


def _row(line: Balanced, language: str) -> list[Cell]:
    entry = line.entry
    kind = said(STATEMENT_KINDS, entry.kind, language)
    amounts = [Amount(entry.effect_minor), Amount(line.balance_minor)]
    return [entry.day, kind, entry.number or "", entry.provider_name, *amounts]
