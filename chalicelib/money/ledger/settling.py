"""What providers are owed, which payout line pays it, and what the bank did. A redemption is in one line, for ever."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from chalicelib.core.clock import Instant, day_of
from chalicelib.core.refusals import ChangedMeanwhile
from chalicelib.core.table import (
    Key,
    Replayed,
    Why,
    Write,
    change,
    changed_meanwhile,
    page_of_rows,
    read_many,
    rows_in,
)
from chalicelib.money.ledger import store
from chalicelib.money.ledger.budgets import budgets
from chalicelib.money.ledger.model import (
    BANK_ACCOUNT,
    CLEARING_ACCOUNT,
    INSIDE_ACCOUNT,
    OPERATOR_ACCOUNT,
    AccountUnknown,
    AlreadyPaidOut,
    Budget,
    Kind,
    Receipt,
    Route,
    Spender,
    Transfer,
    provider_account,
    town_account,
)
from chalicelib.money.ledger.posting import NOTHING_FROZEN, Writes, fingerprint, id_of, moved, post, post_all, record
from chalicelib.money.ledger.store import BudgetItem, TransferItem

YEARS_SEEN_MAX = 3
"""How often a payment is booked again because its budget's year turned in between."""

type Amounts = Mapping[str, int]
"""Programme → haléře; below zero where a provider owes more of a programme than it is owed."""


# What is owed


def unsettled(city: str, provider: str, limit: int, cursor: str | None = None) -> tuple[list[Transfer], str | None]:
    """What a provider is owed and no payout line has claimed, oldest first, a page at a time."""
    page = page_of_rows(store.unsettled_query(city, provider), limit, cursor)
    return [store.transfer_of(row.card) for row in page.items], page.next


def key_of(city: str, transfer: Transfer) -> Key:
    """Where a transfer that a provider is owed by lies."""
    if transfer.grant:
        return store.transfer_key(city, transfer.grant, transfer.id)
    return store.other_transfer_key(city, f"PR#{transfer.provider}", transfer.id)


def unclaimed(city: str, transfers: Sequence[Transfer]) -> list[Transfer]:
    """Those of the transfers that no payout line has claimed, by a consistent read."""
    found = read_many([key_of(city, transfer) for transfer in transfers], consistent=True)
    free = {key for key, item in found.items() if isinstance(item, TransferItem) and not item.payout_line}
    return [transfer for transfer in transfers if key_of(city, transfer) in free]


def claim(city: str, transfer: Transfer, line: str) -> Write:
    """Put a transfer into a payout line. It goes into one line only: AlreadyPaidOut otherwise."""
    not_claimed = TransferItem.payout_line.does_not_exist()
    actions = [TransferItem.payout_line.set(line), TransferItem.gsi2_pk.set(store.line_query(city, line).pk)]
    return change(TransferItem.at(key_of(city, transfer)), actions, not_claimed, lambda _old: AlreadyPaidOut())


def unclaim(city: str, transfer: Transfer, line: str, why: Why = changed_meanwhile) -> Write:
    """Take a transfer out of a line of a cancelled payout: it is owed again."""
    owed = store.unsettled_query(city, transfer.provider).pk
    actions = [TransferItem.payout_line.remove(), TransferItem.gsi2_pk.set(owed)]
    return change(TransferItem.at(key_of(city, transfer)), actions, TransferItem.payout_line == line, why)


def waiting_as(name: str) -> str:
    """What stands in the claim's place of a redemption that waits."""
    return f"wait.{name}"


def withhold(city: str, transfer: Transfer, name: str) -> Write:
    """A redemption waits, for a dispute or a clerk's look: no payout can claim it. AlreadyPaidOut when one has it."""
    return claim(city, transfer, waiting_as(name))


def let_go(city: str, transfer: Transfer, name: str, why: Why = changed_meanwhile) -> Write:
    """What waited under this name is owed again."""
    return unclaim(city, transfer, waiting_as(name), why)


def claimed(city: str, line: str) -> Iterator[Transfer]:
    """The transfers that a payout line pays."""
    for row in rows_in(store.line_query(city, line)):
        yield store.transfer_of(row.card)


def claimed_page(city: str, line: str, limit: int, cursor: str | None = None) -> tuple[list[Transfer], str | None]:
    """The same, a page at a time."""
    page = page_of_rows(store.line_query(city, line), limit, cursor)
    return [store.transfer_of(row.card) for row in page.items], page.next


# What happens to a line


def order(
    city: str,
    provider: str,
    line: str,
    amounts: Amounts,
    spender: Spender,
    also: Writes,
    *,
    coordinates: Mapping[str, str] | None = None,
    as_fact: bool = False,
) -> None:
    """The payment order was made: what the provider was owed is on its way. Refusals: Frozen.

    `as_fact`: the bank has debited it already, whatever we froze since.
    """
    accounts = (provider_account(provider), CLEARING_ACCOUNT)
    _post_line(city, "order", accounts, provider, line, amounts, spender, also, coordinates, as_fact=as_fact)


def reject(
    city: str,
    provider: str,
    line: str,
    amounts: Amounts,
    spender: Spender,
    also: Writes,
    *,
    coordinates: Mapping[str, str] | None = None,
) -> None:
    """The bank refused a line and debited nothing: it is owed to the provider again and the next payout carries it."""
    accounts = (CLEARING_ACCOUNT, provider_account(provider))
    _post_line(city, "reject", accounts, provider, line, amounts, spender, also, coordinates, owed=1)


def pay(
    city: str,
    provider: str,
    line: str,
    amounts: Amounts,
    spender: Spender,
    also: Writes,
    *,
    booked_on: date | None = None,
    through: Route = "bank",
    coordinates: Mapping[str, str] | None = None,
) -> None:
    """The account was debited: what the provider was owed is paid, programme by programme.

    `booked_on` decides the budget year. `through` says whose account paid: the town's bank, or the operator's.
    """
    accounts = (CLEARING_ACCOUNT, _paying(through))
    _post_line(city, "pay", accounts, provider, line, amounts, spender, also, coordinates, paid=1, booked_on=booked_on)


def take_back(
    city: str,
    provider: str,
    line: str,
    amounts: Amounts,
    spender: Spender,
    also: Writes,
    *,
    booked_on: date | None = None,
    through: Route = "bank",
    coordinates: Mapping[str, str] | None = None,
) -> None:
    """The payee's bank sent a line's money back: it is owed to the provider again and the next payout carries it."""
    accounts = (_paying(through), provider_account(provider))
    _post_line(
        city, "return", accounts, provider, line, amounts, spender, also, coordinates, owed=1, paid=-1,
        booked_on=booked_on,
    )  # fmt: skip


def settle_inside(
    city: str,
    provider: str,
    line: str,
    amounts: Amounts,
    spender: Spender,
    also: Writes,
    *,
    coordinates: Mapping[str, str] | None = None,
    as_fact: bool = False,
) -> None:
    """A line of the town's own organisation is settled within the town, without a bank. Refusals: Frozen.

    `as_fact`: with an order that the bank has taken already, whatever we froze since.
    """
    accounts = (provider_account(provider), INSIDE_ACCOUNT)
    _post_line(city, "internal", accounts, provider, line, amounts, spender, also, coordinates, paid=1, as_fact=as_fact)


def advance(city: str, amount_minor: int, spender: Spender, also: Writes = ()) -> Receipt:
    """The town sent money to the operator's clearing account, from which its providers are paid. Refusals: Frozen."""

    def build(at: Instant) -> tuple[Transfer, Writes]:
        transfer = moved(
            "advance",
            id_of(spender),
            (town_account(day_of(at).year), OPERATOR_ACCOUNT),
            amount_minor,
            spender,
            at,
            fingerprint=fingerprint("advance", amount_minor),
        )
        return transfer, [record(city, transfer, store.other_transfer_key(city, "OP", transfer.id)), *also]

    return post(city, build)


def _paying(through: Route) -> str:
    return BANK_ACCOUNT if through == "bank" else OPERATOR_ACCOUNT


def _post_line(
    city: str,
    kind: Kind,
    accounts: tuple[str, str],
    provider: str,
    line: str,
    amounts: Amounts,
    spender: Spender,
    also: Writes,
    coordinates: Mapping[str, str] | None,
    *,
    owed: int = 0,
    paid: int = 0,
    booked_on: date | None = None,
    as_fact: bool = False,
) -> None:
    """One transfer for each programme of a line, and the budgets that bear what was paid. Again: no effect.

    A programme in which the provider owes more than it is owed moves the other way. `owed` and `paid` are the signs by
    which the movement changes what the provider is owed and what the programme has paid.
    """
    told = coordinates or {}
    is_fact = as_fact or kind in ("pay", "reject", "return")

    def post_with(known: Mapping[str, Budget]) -> None:
        def build(at: Instant) -> tuple[Sequence[Transfer], Writes]:
            transfers = [
                moved(
                    kind,
                    f"{line}.{programme}.{kind}",
                    accounts if amount_minor > 0 else accounts[::-1],
                    abs(amount_minor),
                    spender,
                    at,
                    fingerprint=fingerprint(f"{line}.{programme}.{kind}", amount_minor),
                    programme=programme,
                    budget_year=_year(known[programme], booked_on or day_of(at)),
                    coordinates=told.get(programme, ""),
                    provider=provider,
                    payable_minor=owed * amount_minor,
                    of=line,
                )
                for programme, amount_minor in sorted(amounts.items())
                if amount_minor
            ]
            bearing = [
                _bear(city, known[t.programme], paid * amounts[t.programme], t.budget_year) for t in transfers if paid
            ]
            records = [record(city, t, store.other_transfer_key(city, f"PR#{provider}", t.id)) for t in transfers]
            return transfers, [*records, *bearing, *also]

        post_all(city, build, NOTHING_FROZEN if is_fact else None)

    _in_its_year(city, list(amounts), post_with)


def _in_its_year(city: str, programmes: Sequence[str], post_with: Callable[[Mapping[str, Budget]], None]) -> None:
    """Book with the budgets' years as they are; if one was carried over in between, again."""
    for _ in range(YEARS_SEEN_MAX):
        try:
            post_with(_budgets(city, programmes))
            return
        except _YearTurned:
            continue
        except Replayed:
            return
    raise ChangedMeanwhile


class _YearTurned(Exception):
    """The budget's rest was carried over since it was read."""


def _budgets(city: str, programmes: Sequence[str]) -> dict[str, Budget]:
    """The budgets of these programmes. Raises AccountUnknown if one is not in the books."""
    known = budgets(city, programmes, consistent=True)
    if not set(programmes) <= known.keys():
        raise AccountUnknown
    return known


def _year(budget: Budget, booked_on: date) -> int:
    """The budget year of a payment: that of its day, but the open one if its rest was carried over, or the next."""
    return min(max(budget.year, booked_on.year), budget.year + 1)


def _bear(city: str, known: Budget, amount_minor: int, year: int) -> Write:
    """What was paid is borne by the open year, or by the next one where the rest is not carried over yet."""
    item = BudgetItem.at(store.budget_key(city, known.programme))
    actions: list[Any] = [BudgetItem.paid_minor.set(BudgetItem.paid_minor + amount_minor)]
    if year > known.year:
        actions.append(BudgetItem.paid_next_minor.set(BudgetItem.paid_next_minor + amount_minor))
    return change(item, actions, BudgetItem.year == known.year, lambda _old: _YearTurned())
