"""The ledger's verbs. Each is one transaction that the database judges; each may be sent again without harm.

A verb that other rooms complete (an approval, an order) takes `also`: their writes, committed with the money or not at
all. Refusals are worked out after the fact, from the item as the failed condition left it: so a replay finds its
receipt even on an empty, expired or blocked account.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from pynamodb.expressions.update import Action

from chalicelib.core.clock import Instant, now
from chalicelib.core.ids import digest
from chalicelib.core.refusals import KeyUsedForOtherRequest, Refusal
from chalicelib.core.table import (
    PAGE_SIZE_MAX,
    Item,
    Key,
    Replayed,
    Row,
    Write,
    change,
    check,
    page_of_rows,
    put_new,
    read,
    read_many,
    rows_in,
    transact,
)
from chalicelib.ledger import store
from chalicelib.ledger.model import (
    BANK_ACCOUNT,
    TOWN_ACCOUNT,
    AlreadyAwarded,
    AlreadyPaidOut,
    Budget,
    BudgetExhausted,
    BudgetNotOpen,
    Grant,
    GrantClosed,
    HoldEnded,
    NewGrant,
    Receipt,
    Spender,
    Transfer,
    TransferNotFound,
    budget_account,
    grant_account,
    held_account,
    provider_account,
    why_not_spent,
)
from chalicelib.ledger.store import JOURNAL_PARTITIONS as JOURNAL_PARTITIONS
from chalicelib.ledger.store import BudgetItem, GrantItem, TransferItem

type Writes = Sequence[Write]


def _id(spender: Spender) -> str:
    """The id of a transfer that a person or device asked for: stable for actor and key, within its account."""
    return digest("transfer", spender.by, spender.key)


def _fingerprint(*parts: object) -> str:
    return digest(*(str(part) for part in parts))


def _record(city: str, transfer: Transfer, key: Key) -> Write:
    """The transfer's own "does not exist": what makes the whole transaction idempotent for ever."""

    def why(old: TransferItem) -> Exception:
        same = json.loads(old.card)["fingerprint"] == transfer.fingerprint
        return Replayed(old) if same else KeyUsedForOtherRequest()

    return put_new(store.transfer_item(city, transfer, key), why, receipt=True)


def _post(build: Callable[[Instant], tuple[Transfer, Writes]]) -> Receipt:
    """Commit a transfer with its writes, the time stamped at each attempt; a replay gives the first receipt."""
    last: list[Transfer] = []

    def writes() -> Writes:
        transfer, made = build(now())
        last[:] = [transfer]
        return made

    try:
        transact(writes)
    except Replayed as replay:
        return Receipt(_transfer(replay.receipt), replayed=True)
    return Receipt(last[0])


def _transfer(item: Item) -> Transfer:
    return store.transfer_of(json.loads(str(item.card)))


# Budgets


def open_budget(city: str, programme: str) -> Write:
    """A budget account with nothing in it, for a new programme."""
    empty = Budget(programme, total_minor=0, free_minor=0, open=False)
    return put_new(BudgetItem.of(empty, store.budget_key(city, programme)), lambda _old: KeyUsedForOtherRequest())


def fund(city: str, programme: str, amount_minor: int, spender: Spender, also: Writes = ()) -> Receipt:
    """Put money into a programme's budget and open it for allotting."""

    def build(at: Instant) -> tuple[Transfer, Writes]:
        item = BudgetItem.at(store.budget_key(city, programme))
        transfer = Transfer(
            id=_id(spender),
            kind="fund",
            programme=programme,
            debit=TOWN_ACCOUNT,
            credit=budget_account(programme),
            amount_minor=amount_minor,
            posted_at=at,
            by=spender.by,
            via=spender.via,
            fingerprint=_fingerprint("fund", programme, amount_minor),
        )
        more = change(
            item,
            [
                BudgetItem.total_minor.set(BudgetItem.total_minor + amount_minor),
                BudgetItem.free_minor.set(BudgetItem.free_minor + amount_minor),
                BudgetItem.open.set(True),
            ],
            BudgetItem.pk.exists(),
            lambda _old: BudgetNotOpen(),
        )
        record = _record(city, transfer, store.other_transfer_key(city, f"B#{programme}", transfer.id))
        return transfer, [record, more, *also]

    return _post(build)


def set_budget_open(city: str, programme: str, is_open: bool) -> Write:
    """Pause or resume allotting from a budget."""
    item = BudgetItem.at(store.budget_key(city, programme))
    return change(item, [BudgetItem.open.set(is_open)], BudgetItem.pk.exists(), lambda _old: BudgetNotOpen())


def budget(city: str, programme: str) -> Budget | None:
    return store.budget(city, programme)


def budgets(city: str, programmes: Sequence[str]) -> dict[str, Budget]:
    """The ceilings of many programmes, in one read a hundred."""
    found = read_many([store.budget_key(city, programme) for programme in programmes])
    return {budget.programme: budget for budget in (item.noun(Budget) for item in found.values())}


def allot(city: str, grants: Sequence[NewGrant], spender: Spender, also: Writes = ()) -> list[Grant]:
    """Award: the budget's ceiling, a grant account for each part, its transfer, and the caller's writes, at once.

    Refusals: BudgetExhausted, BudgetNotOpen, AlreadyAwarded; those of `also` come first (the application's own state).
    """
    programme = grants[0].programme
    total_minor = sum(grant.amount_minor for grant in grants)
    opened: list[Grant] = []

    def build() -> Writes:
        at = now()
        opened[:] = [_opened(grant, at) for grant in grants]
        return [*also, _take_from_budget(city, programme, total_minor), *_openings(city, opened, spender, at)]

    transact(build)
    return opened


def _opened(new: NewGrant, at: Instant) -> Grant:
    return Grant(
        id=new.id,
        programme=new.programme,
        application=new.application,
        person=new.person,
        beneficiary=new.beneficiary,
        mode=new.mode,
        total_minor=new.amount_minor,
        spendable_minor=new.amount_minor,
        held_minor=0,
        state="active",
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        created_at=at,
        part=new.part,
        parts=new.parts,
        min_price_minor=new.min_price_minor,
        remainder=new.remainder,
        single_use=new.single_use,
    )


def _take_from_budget(city: str, programme: str, total_minor: int) -> Write:
    ceiling_holds = BudgetItem.free_minor >= total_minor
    budget_open = BudgetItem.open == True  # noqa: E712  a condition, not a comparison

    def why(old: BudgetItem | None) -> Refusal:
        if old is None or not old.open:
            return BudgetNotOpen()
        return BudgetExhausted(asked_minor=total_minor, free_minor=int(old.free_minor))

    item = BudgetItem.at(store.budget_key(city, programme))
    taken = [BudgetItem.free_minor.set(BudgetItem.free_minor - total_minor)]
    return change(item, taken, ceiling_holds & budget_open, why)


def _openings(city: str, grants: Sequence[Grant], spender: Spender, at: Instant) -> Iterator[Write]:
    for grant in grants:
        yield put_new(store.grant_item(city, grant), lambda _old: AlreadyAwarded())
        transfer = Transfer(
            id="allot",
            kind="allot",
            programme=grant.programme,
            debit=budget_account(grant.programme),
            credit=grant_account(grant.id),
            amount_minor=grant.total_minor,
            posted_at=at,
            by=spender.by,
            via=spender.via,
            fingerprint=_fingerprint("allot", grant.id, grant.total_minor),
            grant=grant.id,
        )
        yield put_new(store.award_item(city, transfer, grant.mode), lambda _old: AlreadyAwarded())


# Spending


def spend(
    city: str,
    grant: Grant,
    amount_minor: int,
    provider: str,
    spender: Spender,
    *,
    voucher_rev: int | None = None,
    till: str = "",
    also: Writes = (),
) -> Receipt:
    """Redeem: one transaction of two items, the grant's account and the transfer.

    `grant` says only which account and its fixed terms; whether it covers, is open and valid is judged by the database.
    Refusals: CreditTooSmall, NotYetValid, ValidityEnded, GrantUsed, GrantSuspended, GrantClosed, CodeReplaced.
    """

    def build(at: Instant) -> tuple[Transfer, Writes]:
        transfer = Transfer(
            id=_id(spender),
            kind="redeem",
            programme=grant.programme,
            debit=grant_account(grant.id),
            credit=provider_account(provider),
            amount_minor=amount_minor,
            posted_at=at,
            by=spender.by,
            via=spender.via,
            fingerprint=_fingerprint("redeem", grant.id, amount_minor, provider),
            grant=grant.id,
            provider=provider,
            payable_minor=amount_minor,
            till=till,
        )
        record = _record(city, transfer, store.transfer_key(city, grant.id, transfer.id))
        actions = [GrantItem.spendable_minor.set(GrantItem.spendable_minor - amount_minor)]
        if grant.single_use:
            actions.append(GrantItem.state.set("used"))
        return transfer, [record, _debit(city, grant.id, amount_minor, at, actions, voucher_rev), *also]

    return _post(build)


def hold(
    city: str, grant: Grant, amount_minor: int, provider: str, hold_id: str, spender: Spender, also: Writes
) -> Receipt:
    """Set money aside for an order: it leaves what can be spent and is safe from expiry until the hold ends once."""

    def build(at: Instant) -> tuple[Transfer, Writes]:
        transfer = Transfer(
            id=hold_id,
            kind="hold",
            programme=grant.programme,
            debit=grant_account(grant.id),
            credit=held_account(grant.id),
            amount_minor=amount_minor,
            posted_at=at,
            by=spender.by,
            via=spender.via,
            fingerprint=_fingerprint("hold", grant.id, amount_minor, provider, hold_id),
            grant=grant.id,
            provider=provider,
        )
        record = _record(city, transfer, store.transfer_key(city, grant.id, transfer.id))
        actions = [
            GrantItem.spendable_minor.set(GrantItem.spendable_minor - amount_minor),
            GrantItem.held_minor.set(GrantItem.held_minor + amount_minor),
        ]
        return transfer, [record, _debit(city, grant.id, amount_minor, at, actions, None), *also]

    return _post(build)


def _debit(
    city: str, grant: str, amount_minor: int, at: Instant, actions: Sequence[Action], voucher_rev: int | None
) -> Write:
    credit_covers = GrantItem.spendable_minor >= amount_minor
    account_open = GrantItem.state == "active"
    in_validity = (GrantItem.valid_from <= at) & (GrantItem.valid_until >= at)
    condition = credit_covers & account_open & in_validity
    if voucher_rev is not None:
        code_current = GrantItem.voucher_rev == voucher_rev
        condition &= code_current

    def why(old: GrantItem | None) -> Refusal:
        return why_not_spent(old.noun(Grant) if old else None, amount_minor, at, voucher_rev)

    return change(GrantItem.at(store.grant_key(city, grant)), actions, condition, why)


def settle(city: str, held: Transfer, spender: Spender, also: Writes) -> Receipt:
    """End a hold by paying: what was held is owed to the provider. A hold ends once: HoldEnded otherwise."""
    return _end_hold(city, held, spender, also, pays=True)


def release(city: str, held: Transfer, spender: Spender, also: Writes) -> Receipt:
    """End a hold without payment: the money can be spent again (or expires, if its time ran out meanwhile)."""
    return _end_hold(city, held, spender, also, pays=False)


def _end_hold(city: str, held: Transfer, spender: Spender, also: Writes, *, pays: bool) -> Receipt:
    amount_minor = held.amount_minor
    kind = "settle" if pays else "release"

    def build(at: Instant) -> tuple[Transfer, Writes]:
        transfer = Transfer(
            id=f"{held.id}.end",
            kind="settle" if pays else "release",
            programme=held.programme,
            debit=held_account(held.grant),
            credit=provider_account(held.provider) if pays else grant_account(held.grant),
            amount_minor=amount_minor,
            posted_at=at,
            by=spender.by,
            via=spender.via,
            fingerprint=_fingerprint(kind, held.id),
            grant=held.grant,
            provider=held.provider,
            payable_minor=amount_minor if pays else 0,
            of=held.id,
        )
        item = store.transfer_item(city, transfer, store.transfer_key(city, held.grant, transfer.id))
        ended_once = put_new(item, lambda old: _ended(old, kind), receipt=True)
        actions = [GrantItem.held_minor.set(GrantItem.held_minor - amount_minor)]
        if not pays:
            actions.append(GrantItem.spendable_minor.set(GrantItem.spendable_minor + amount_minor))
        hold_there = GrantItem.held_minor >= amount_minor
        back = change(GrantItem.at(store.grant_key(city, held.grant)), actions, hold_there, lambda _old: HoldEnded())
        return transfer, [ended_once, back, *also]

    return _post(build)


def _ended(old: TransferItem, kind: str) -> Exception:
    """The same end again is a replay; another end came first."""
    return Replayed(old) if json.loads(old.card)["kind"] == kind else HoldEnded()


def undo(city: str, grant: Grant, redeemed: str, spender: Spender, also: Writes = ()) -> Receipt:
    """Take a redemption back before it is paid out. It happens once; again gives the first receipt.

    Refusals: TransferNotFound, AlreadyPaidOut.
    """
    original_item = store.transfer(city, grant.id, redeemed)
    if original_item is None or _transfer(original_item).kind != "redeem":
        raise TransferNotFound
    original = _transfer(original_item)

    def build(at: Instant) -> tuple[Transfer, Writes]:
        transfer = Transfer(
            id=f"{original.id}.undo",
            kind="undo",
            programme=original.programme,
            debit=provider_account(original.provider),
            credit=grant_account(grant.id),
            amount_minor=original.amount_minor,
            posted_at=at,
            by=spender.by,
            via=spender.via,
            fingerprint=_fingerprint("undo", original.id),
            grant=grant.id,
            provider=original.provider,
            payable_minor=-original.amount_minor,
            of=original.id,
            till=original.till,
        )
        record = _record(city, transfer, store.transfer_key(city, grant.id, transfer.id))
        actions = [GrantItem.spendable_minor.set(GrantItem.spendable_minor + original.amount_minor)]
        may_return = GrantItem.state == "active"
        if grant.single_use:
            actions.append(GrantItem.state.set("active"))
            may_return = GrantItem.state == "used"
        back = change(GrantItem.at(store.grant_key(city, grant.id)), actions, may_return, lambda _old: GrantClosed())
        unpaid = check(
            TransferItem.at(store.transfer_key(city, grant.id, original.id)),
            TransferItem.payout_line.does_not_exist(),
            lambda _old: AlreadyPaidOut(),
        )
        return transfer, [record, back, unpaid, *also]

    return _post(build)


def unsettle(city: str, held: Transfer, spender: Spender, also: Writes) -> Receipt:
    """Take back what a hold was settled with, before it is paid out: the order was cancelled after all. Once.

    The money can be spent again, or expires if its time ran out meanwhile. Refusals: AlreadyPaidOut.
    """
    settled = f"{held.id}.end"

    def build(at: Instant) -> tuple[Transfer, Writes]:
        transfer = Transfer(
            id=f"{settled}.undo",
            kind="undo",
            programme=held.programme,
            debit=provider_account(held.provider),
            credit=grant_account(held.grant),
            amount_minor=held.amount_minor,
            posted_at=at,
            by=spender.by,
            via=spender.via,
            fingerprint=_fingerprint("unsettle", held.id),
            grant=held.grant,
            provider=held.provider,
            payable_minor=-held.amount_minor,
            of=settled,
        )
        record = _record(city, transfer, store.transfer_key(city, held.grant, transfer.id))
        actions = [GrantItem.spendable_minor.set(GrantItem.spendable_minor + held.amount_minor)]
        account = GrantItem.at(store.grant_key(city, held.grant))
        back = change(account, actions, GrantItem.pk.exists(), lambda _old: TransferNotFound())
        unpaid = check(
            TransferItem.at(store.transfer_key(city, held.grant, settled)),
            TransferItem.pk.exists() & TransferItem.payout_line.does_not_exist(),
            lambda old: AlreadyPaidOut() if old else TransferNotFound(),
        )
        return transfer, [record, back, unpaid, *also]

    return _post(build)


# Grants


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
    found = [_transfer(item) for item in store.transfers_in(store.of_grant_query(city, grant))]
    return sorted(found, key=lambda transfer: transfer.posted_at)


def transfer(city: str, grant: str, id: str) -> Transfer | None:
    item = store.transfer(city, grant, id)
    return _transfer(item) if item else None


def spent(city: str, grant: str, spender: Spender) -> Transfer | None:
    """What this spender moved from a grant with this key before, if anything."""
    return transfer(city, grant, _id(spender))


def journal(city: str, day: date) -> Iterator[Transfer]:
    """All transfers of a Prague day, in no order. The index lags behind the books by a moment."""
    for part in range(store.JOURNAL_PARTITIONS):
        for row in rows_in(store.journal_query(city, day.isoformat(), part)):
            yield store.transfer_of(row.card)


def transfer_at(key: Key) -> Transfer | None:
    """The transfer under a key that the stream named, None if the item there is none."""
    item = read(TransferItem, key)
    return _transfer(item) if item and item.kind == TransferItem.KIND else None


def journal_page(city: str, day: str, part: int, cursor: str | None) -> tuple[list[Transfer], str | None]:
    """A page of one partition of a Prague day's journal, in order of time."""
    page = page_of_rows(store.journal_query(city, day, part), PAGE_SIZE_MAX, cursor)
    return [store.transfer_of(row.card) for row in page.items], page.next


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


# Expiry


def expiring(city: str, day: str) -> list[Grant]:
    """Grants whose last day is this day and that still hold money, at most what one transaction may expire."""
    rows: list[Row] = list(rows_in(store.expiring_query(city, day)))
    found = read_many([row.key for row in rows])
    return [g for g in (item.noun(Grant) for item in found.values()) if g.spendable_minor and g.state != "revoked"]


def give_back(city: str, grants: Sequence[Grant], kind: str, spender: Spender) -> int:
    """Return what is left of these grants of one programme to its free budget: expiry, remainder or revocation.

    At most GRANTS_MAX_PER_EXPIRY at once. A grant that was spent from in between makes ChangedMeanwhile and nothing
    moves; read it again. Returns the sum returned.
    """
    programme = grants[0].programme
    total_minor = sum(grant.spendable_minor for grant in grants)

    def build() -> Writes:
        at = now()
        back = change(
            BudgetItem.at(store.budget_key(city, programme)),
            [BudgetItem.free_minor.set(BudgetItem.free_minor + total_minor)],
            BudgetItem.pk.exists(),
        )
        return [*(w for grant in grants for w in _give_back(city, grant, kind, spender, at)), back]

    transact(build)
    return total_minor


_STATE_AFTER = {"expire": "expired", "remainder": "used", "revoke": "revoked"}


def _give_back(city: str, grant: Grant, kind: str, spender: Spender, at: Instant) -> Iterator[Write]:
    as_seen = (GrantItem.spendable_minor == grant.spendable_minor) & (GrantItem.v == grant.v)
    time_over = GrantItem.valid_until < at
    condition = as_seen & time_over if kind == "expire" else as_seen
    actions = [GrantItem.spendable_minor.set(0)]
    if not grant.held_minor:
        actions.append(GrantItem.state.set(_STATE_AFTER[kind]))
    yield change(GrantItem.at(store.grant_key(city, grant.id)), actions, condition)
    transfer = Transfer(
        id=f"{kind}.{grant.v}",
        kind=kind,  # type: ignore[arg-type]
        programme=grant.programme,
        debit=grant_account(grant.id),
        credit=budget_account(grant.programme),
        amount_minor=grant.spendable_minor,
        posted_at=at,
        by=spender.by,
        via=spender.via,
        fingerprint=_fingerprint(kind, grant.id, grant.v),
        grant=grant.id,
    )
    yield _record(city, transfer, store.transfer_key(city, grant.id, transfer.id))


# Payouts


def unsettled(city: str, provider: str, limit: int, cursor: str | None = None) -> tuple[list[Transfer], str | None]:
    """What a provider is owed and no payout line has claimed, oldest first, a page at a time."""
    page = page_of_rows(store.unsettled_query(city, provider), limit, cursor)
    return [store.transfer_of(row.card) for row in page.items], page.next


def _key_of(city: str, transfer: Transfer) -> Key:
    if transfer.grant:
        return store.transfer_key(city, transfer.grant, transfer.id)
    return store.other_transfer_key(city, f"PR#{transfer.provider}", transfer.id)


def unclaimed(city: str, transfers: Sequence[Transfer]) -> list[Transfer]:
    """Those of the transfers that no payout line has claimed, by a consistent read."""
    found = read_many([_key_of(city, transfer) for transfer in transfers], consistent=True)
    free = {key for key, item in found.items() if isinstance(item, TransferItem) and not item.payout_line}
    return [transfer for transfer in transfers if _key_of(city, transfer) in free]


def claim(city: str, transfer: Transfer, line: str) -> Write:
    """Put a transfer into a payout line. It goes into one line only: AlreadyPaidOut otherwise."""
    key = _key_of(city, transfer)
    not_claimed = TransferItem.payout_line.does_not_exist()
    actions = [TransferItem.payout_line.set(line), TransferItem.gsi2_pk.set(f"{city}#L#{line}")]
    return change(TransferItem.at(key), actions, not_claimed, lambda _old: AlreadyPaidOut())


def unclaim(city: str, transfer: Transfer, line: str) -> Write:
    """Take a transfer out of a line of a cancelled payout: it is owed again."""
    key = _key_of(city, transfer)
    actions = [TransferItem.payout_line.remove(), TransferItem.gsi2_pk.set(f"{city}#U#{transfer.provider}")]
    return change(TransferItem.at(key), actions, TransferItem.payout_line == line)


def claimed(city: str, line: str) -> Iterator[Transfer]:
    """The transfers that a payout line pays."""
    for row in rows_in(store.line_query(city, line)):
        yield store.transfer_of(row.card)


def pay(city: str, provider: str, line: str, amounts: dict[str, int], spender: Spender, also: Writes) -> None:
    """The bank debited a payout line: what the provider was owed is paid, programme by programme."""
    _bank(city, provider, line, amounts, spender, also, returned=False)


def take_back(city: str, provider: str, line: str, amounts: dict[str, int], spender: Spender, also: Writes) -> None:
    """The payee's bank sent a line's money back: it is owed to the provider again and the next payout carries it."""
    _bank(city, provider, line, amounts, spender, also, returned=True)


def _bank(
    city: str, provider: str, line: str, amounts: dict[str, int], spender: Spender, also: Writes, *, returned: bool
) -> None:
    def build() -> Writes:
        at = now()
        records = []
        for programme, amount_minor in sorted(amounts.items()):
            name = f"{line}.{programme}.{'return' if returned else 'pay'}"
            accounts = [provider_account(provider), BANK_ACCOUNT]
            debit, credit = accounts if (amount_minor > 0) != returned else accounts[::-1]
            transfer = Transfer(
                id=name,
                kind="return" if returned else "pay",
                programme=programme,
                debit=debit,
                credit=credit,
                amount_minor=abs(amount_minor),
                posted_at=at,
                by=spender.by,
                via=spender.via,
                fingerprint=_fingerprint(name, amount_minor),
                provider=provider,
                payable_minor=amount_minor if returned else 0,
                of=line,
            )
            key = store.other_transfer_key(city, f"PR#{provider}", name)
            records.append(_record(city, transfer, key))
        return [*records, *also]

    try:
        transact(build)
    except Replayed:
        return


def as_of(grant: Grant, at: Instant) -> Grant:
    """The grant as people see it at an instant: past its last second it is expired even before the job has run."""
    over = at > grant.valid_until and grant.state == "active" and not grant.held_minor
    return replace(grant, state="expired") if over else grant
