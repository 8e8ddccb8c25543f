"""What other rooms and the doors ask of payouts: the room's only face.

The verbs stand in files of their own: `building` puts a payout together, `sampling` looks at its control sample,
`signing` releases it, `ordering` hands it to the bank, `statements` learns what the bank did, `clearing` keeps the
operator's account, `owing` what providers owe.

A redemption goes into one payout line only (its claim is a condition in the books), a payout's files are made once, and
a statement may be imported again: so neither two builds, nor a crash, nor a repeated import pays anybody twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.commons.bank import service as bank
from chalicelib.core import gate
from chalicelib.core.clock import today
from chalicelib.core.gate import Who
from chalicelib.core.refusals import NotFound
from chalicelib.core.sheets import Amount, Cell, as_csv, said
from chalicelib.core.table import Page
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Transfer
from chalicelib.money.ledger.words import KINDS
from chalicelib.money.payouts import store
from chalicelib.money.payouts.building import build as build
from chalicelib.money.payouts.building import give_up_lines as give_up_lines
from chalicelib.money.payouts.building import start as start
from chalicelib.money.payouts.building import unfinished as unfinished
from chalicelib.money.payouts.clearing import ClearingStatement as ClearingStatement
from chalicelib.money.payouts.clearing import advance as advance
from chalicelib.money.payouts.clearing import clearing_sheet as clearing_sheet
from chalicelib.money.payouts.clearing import clearing_statement as clearing_statement
from chalicelib.money.payouts.model import Line, Payout
from chalicelib.money.payouts.ordering import export as export
from chalicelib.money.payouts.ordering import file_link as file_link
from chalicelib.money.payouts.ordering import reject as reject
from chalicelib.money.payouts.owing import approve_write_off as approve_write_off
from chalicelib.money.payouts.owing import debts as debts
from chalicelib.money.payouts.owing import decline_write_off as decline_write_off
from chalicelib.money.payouts.owing import propose_write_off as propose_write_off
from chalicelib.money.payouts.owing import refund as refund
from chalicelib.money.payouts.owing import refunds as refunds
from chalicelib.money.payouts.owing import write_offs as write_offs
from chalicelib.money.payouts.sampling import let_go as let_go
from chalicelib.money.payouts.sampling import pass_sample as pass_sample
from chalicelib.money.payouts.sampling import samples as samples
from chalicelib.money.payouts.sampling import samples_open as samples_open
from chalicelib.money.payouts.sampling import samples_waiting as samples_waiting
from chalicelib.money.payouts.sampling import set_aside as set_aside
from chalicelib.money.payouts.sampling import undo_sample as undo_sample
from chalicelib.money.payouts.signing import authorise as authorise
from chalicelib.money.payouts.signing import cancel as cancel
from chalicelib.money.payouts.signing import release as release
from chalicelib.money.payouts.statements import ANOTHER as ANOTHER
from chalicelib.money.payouts.statements import NOTHING as NOTHING
from chalicelib.money.payouts.statements import decide as decide
from chalicelib.money.payouts.statements import doubts as doubts
from chalicelib.money.payouts.statements import import_statement as import_statement
from chalicelib.money.payouts.statements import preview_statement as preview_statement
from chalicelib.money.payouts.statements import statements as statements
from chalicelib.money.programmes import service as programmes
from chalicelib.money.providers import service as providers
from chalicelib.town.people import service as people
from chalicelib.town.towns.model import Town

CSV_ROWS_A_PAGE = 5_000
REMITTANCE_HEADS = {
    "number": ("proplacení", "payout"),
    "at": ("čas", "time"),
    "kind": ("druh", "kind"),
    "id": ("doklad", "document"),
    "programme": ("program", "programme"),
    "amount": ("částka Kč", "amount CZK"),
}
READERS = (*gate.FINANCE, gate.AUDITOR)
"""Who of the town sees every provider's payments."""


@dataclass(frozen=True)
class Remittance:
    """A provider's payment and a page of the redemptions behind it, in order of time."""

    line: Line
    transfers: tuple[Transfer, ...]
    next: str | None


def payout(city: str, id: str) -> Payout:
    """Raises NotFound."""
    return store.payout(city, id)


def payouts(city: str, limit: int, cursor: str | None) -> Page[Payout]:
    """The town's payouts, newest first."""
    return store.payouts(city, limit, cursor)


def lines(city: str, id: str) -> list[Line]:
    """The lines of a payout, in the order of its payments. Raises NotFound."""
    store.payout(city, id)
    return store.lines(city, id)


def lines_of_provider(city: str, provider: str, limit: int, cursor: str | None) -> Page[Line]:
    """A provider's payments, newest first."""
    return store.lines_of_provider(city, provider, limit, cursor)


def is_late(payout: Payout) -> bool:
    """Whether the bank should have debited it by now: three banking days have passed."""
    return payout.state == "exported" and payout.due_on is not None and bank.is_order_late(payout.due_on, today())


def remittance(city: str, payout: str, provider: str, limit: int = 100, cursor: str | None = None) -> Remittance:
    """The line and a page of the redemptions behind it. Raises NotFound."""
    line = store.line(city, payout, provider)
    if line is None:
        raise NotFound
    transfers, following = ledger.claimed_page(city, line.id, limit, cursor)
    return Remittance(line, tuple(transfers), following)


def remittance_csv(
    city: str, payout: str, provider: str, cursor: str | None = None, language: str = "cs"
) -> tuple[str, str | None]:
    """The remittance as CSV for the provider's accounting: semicolons, decimal commas, Prague time,
    heads and kinds in the reader's language.

    At most CSV_ROWS_A_PAGE rows, and the cursor of those that follow; only the first part has the heading.
    """
    rows: list[list[Cell]] = []
    if cursor is None:
        rows.append([said(REMITTANCE_HEADS, name, language) for name in REMITTANCE_HEADS])
    called = {one.id: one.name.in_(language) for one in programmes.programmes(city)}
    for _ in range(CSV_ROWS_A_PAGE // 100):
        page = remittance(city, payout, provider, cursor=cursor)
        rows += [_csv_row(page.line, transfer, called, language) for transfer in page.transfers]
        cursor = page.next
        if cursor is None:
            break
    return as_csv(rows), cursor


def _csv_row(line: Line, transfer: Transfer, called: Mapping[str, str], language: str) -> list[Cell]:
    kind, programme = said(KINDS, transfer.kind, language), called.get(transfer.programme, transfer.programme)
    return [line.number, transfer.posted_at, kind, transfer.id, programme, Amount(transfer.payable_minor)]


def names(payout: Payout) -> dict[str, str]:
    """The names of those who signed."""
    signed = [id for id in (payout.authorised_by, payout.released_by) if id]
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
    """A provider's owner sees its own payouts; who keeps the town's books sees all. Raises NotFound."""
    providers.provider(city, provider)
    if who.role_at(city, provider) != gate.OWNER and not who.holds(city, gate.BOOKKEEPERS):
        raise NotFound
