"""Reading the books, the states of grants, and what goes back when their time is over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.core.clock import Instant, from_text
from chalicelib.core.refusals import ChangedMeanwhile
from chalicelib.core.table import (
    PAGE_SIZE_MAX,
    Key,
    Replayed,
    Row,
    Write,
    change,
    page_of_rows,
    read,
    read_many,
    rows_in,
    transact,
)
from chalicelib.money.ledger import store
from chalicelib.money.ledger.model import (
    Grant,
    GrantClosed,
    Kind,
    Spender,
    Transfer,
    budget_account,
    grant_account,
)
from chalicelib.money.ledger.posting import (
    Writes,
    fingerprint,
    id_of,
    moved,
    on_grant,
    post_all,
    record_of_grant,
    transfer_in,
    undo_of,
)
from chalicelib.money.ledger.store import BudgetItem, GrantItem, TransferItem


def grant(city: str, id: str) -> Grant | None:
    return store.grant(city, id)


def grant_key_of(city: str, id: str) -> Key:
    """Where a grant's account lies: for a till's one batch read. Its item gives `noun(Grant)`."""
    return store.grant_key(city, id)


def grants(city: str, ids: Sequence[str]) -> list[Grant]:
    found = read_many([store.grant_key(city, id) for id in ids])
    return [item.noun(Grant) for item in found.values()]


def grants_of(city: str, person: str) -> list[Grant]:
    """A person's grants, for self and for dependants, oldest first."""
    rows = rows_in(store.grants_of_query(city, person))
    found = read_many([row.key for row in rows])
    return sorted((item.noun(Grant) for item in found.values()), key=lambda grant: grant.created_at)


def transfers_of(city: str, grant: str) -> list[Transfer]:
    """All movements of a grant in order of time."""
    found = [transfer_in(item) for item in store.transfers_in(store.of_grant_query(city, grant))]
    return sorted(found, key=lambda transfer: transfer.posted_at)


def transfer(city: str, grant: str, id: str) -> Transfer | None:
    item = store.transfer(city, grant, id)
    return transfer_in(item) if item else None


def spent(city: str, grant: str, spender: Spender) -> Transfer | None:
    """What this spender moved from a grant with this key before, if anything."""
    return transfer(city, grant, id_of(spender))


def transfer_key_of(city: str, grant: str, id: str) -> Key:
    """Where a transfer of a grant lies: for one batch read. Its item gives `transfer_in`."""
    return store.transfer_key(city, grant, id)


def redeemed_by_key(city: str, grant: str, spender: Spender) -> Transfer | None:
    """What a key redeemed of a grant in its scope, a provider's, whichever of its tills sent it.

    A key once counted for its till alone; what was redeemed then is found as well.
    """

    def is_it(moved: Transfer) -> bool:
        of_till = replace(spender, by=moved.till, scope="")
        return (moved.kind, moved.provider) == ("redeem", spender.scope) and moved.id in (
            id_of(spender),
            id_of(of_till),
        )

    return next(filter(is_it, transfers_of(city, grant)), None)


def taken_back(city: str, grant: str, redeemed: str) -> Transfer | None:
    """What returned a redemption's money: taken back before it was paid out, or refunded after."""
    return transfer(city, grant, undo_of(redeemed))


def transfer_at(key: Key) -> Transfer | None:
    """The transfer under a key that the stream named, None if the item there is none."""
    item = read(TransferItem, key)
    return transfer_in(item) if item and item.kind == TransferItem.KIND else None


# The journal


@dataclass(frozen=True)
class Entry:
    """A leaf of a day: a transfer or a decision, as it is stored. `body` is the canonical text that is hashed."""

    key: Key
    id: str
    at: Instant
    body: str
    kind: str


def journal(city: str, day: date) -> Iterator[Transfer]:
    """All transfers of a Prague day, in no order. The index lags behind the books by a moment."""
    for part in range(store.JOURNAL_PARTITIONS):
        for row in rows_in(store.journal_query(city, day.isoformat(), part)):
            if store.is_transfer(row):
                yield store.transfer_of(row.card)


def journal_page(city: str, day: str, part: int, cursor: str | None) -> tuple[list[Transfer], str | None]:
    """A page of one partition of a Prague day's journal, in order of time."""
    page = page_of_rows(store.journal_query(city, day, part), PAGE_SIZE_MAX, cursor)
    return [store.transfer_of(row.card) for row in page.items if store.is_transfer(row)], page.next


def entries(city: str, day: str, part: int, cursor: str | None = None) -> tuple[list[Entry], str | None]:
    """A page of one partition of a Prague day's journal with its decisions, in order of time."""
    page = page_of_rows(store.journal_query(city, day, part), PAGE_SIZE_MAX, cursor)
    return [_entry(row) for row in page.items], page.next


def _entry(row: Row) -> Entry:
    at, _, id = row.sort.partition("#")
    return Entry(row.key, id, from_text(at), row.text, "transfer" if store.is_transfer(row) else "decision")


# States


def new_voucher_revision(city: str, grant: Grant, also: Writes) -> int:
    """Kill the codes issued so far and give the revision that the next code must carry."""
    revision = grant.voucher_rev + 1
    seen = GrantItem.voucher_rev == grant.voucher_rev
    item = GrantItem.at(store.grant_key(city, grant.id))
    transact([change(item, [GrantItem.voucher_rev.set(revision)], seen), *also])
    return revision


def vouchers_due(city: str, limit: int) -> list[str]:
    """Grants in mode voucher that have no voucher yet, oldest first."""
    return [row.card["grant"] for row in rows_in(store.voucher_due_query(city), limit)]


def voucher_made(city: str, grant: str) -> Write:
    """The voucher of this grant exists: it is no longer due. It happens once; ChangedMeanwhile otherwise."""
    item = TransferItem.at(store.transfer_key(city, grant, "allot"))
    due = TransferItem.gsi2_pk == store.voucher_due_query(city).pk
    return change(item, [TransferItem.gsi2_pk.remove(), TransferItem.gsi2_sk.remove()], due)


def suspend(city: str, grant: str) -> Write:
    """Stop spending of a grant; its money stays where it is."""
    return _state(city, grant, "active", "suspended")


def resume(city: str, grant: str) -> Write:
    return _state(city, grant, "suspended", "active")


def _state(city: str, grant: str, seen: str, then: str) -> Write:
    item = GrantItem.at(store.grant_key(city, grant))
    return change(item, [GrantItem.state.set(then)], GrantItem.state == seen, lambda _old: GrantClosed())


def as_of(grant: Grant, at: Instant) -> Grant:
    """The grant as people see it at an instant: past its last second it is expired even before the job has run."""
    over = at > grant.valid_until and grant.state == "active" and not grant.held_minor
    return replace(grant, state="expired") if over else grant


# Expiry


def expiring(city: str, day: str) -> list[Grant]:
    """Grants whose last day is this day, or that got money back on it after their time, and that still hold money."""
    rows: list[Row] = list(rows_in(store.expiring_query(city, day)))
    found = read_many([row.key for row in rows])
    return [g for g in (item.noun(Grant) for item in found.values()) if g.spendable_minor and g.state != "revoked"]


def give_back(city: str, grants: Sequence[Grant], kind: Kind, spender: Spender) -> int:
    """Return what is left of these grants of one programme to its free budget: expiry, remainder or revocation.

    At most GRANTS_MAX_PER_EXPIRY at once. A grant that was spent from in between makes ChangedMeanwhile and nothing
    moves; read it again. Returns the sum returned. Refusals: Frozen.
    """
    programme = grants[0].programme
    total_minor = sum(grant.spendable_minor for grant in grants)

    def build(at: Instant) -> tuple[Sequence[Transfer], Writes]:
        back = change(
            BudgetItem.at(store.budget_key(city, programme)),
            [BudgetItem.free_minor.set(BudgetItem.free_minor + total_minor)],
            BudgetItem.pk.exists(),
        )
        transfers = [_rest(grant, kind, spender, at) for grant in grants]
        records = [record_of_grant(city, transfer) for transfer in transfers]
        return transfers, [*records, *(_emptied(city, grant, kind, at) for grant in grants), back]

    try:
        post_all(city, build)
    except Replayed:  # one of them was given back before: read them again
        raise ChangedMeanwhile from None
    return total_minor


_STATE_AFTER = {"expire": "expired", "remainder": "used", "revoke": "revoked"}


def _emptied(city: str, grant: Grant, kind: Kind, at: Instant) -> Write:
    as_seen = (GrantItem.spendable_minor == grant.spendable_minor) & (GrantItem.v == grant.v)
    time_over = GrantItem.valid_until < at
    condition = as_seen & time_over if kind == "expire" else as_seen
    actions = [GrantItem.spendable_minor.set(0)]
    if not grant.held_minor:
        actions.append(GrantItem.state.set(_STATE_AFTER[kind]))
    return change(GrantItem.at(store.grant_key(city, grant.id)), actions, condition)


def _rest(grant: Grant, kind: Kind, spender: Spender, at: Instant) -> Transfer:
    return moved(
        kind,
        f"{kind}.{grant.v}",
        (grant_account(grant.id), budget_account(grant.programme)),
        grant.spendable_minor,
        spender,
        at,
        fingerprint=fingerprint(kind, grant.id, grant.v),
        **on_grant(grant),
    )
