"""Spending a grant: at a till, by an order's hold, and everything that takes it back. No row is shared by two grants."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core.clock import Instant, day_of
from chalicelib.core.refusals import ChangedMeanwhile, Refusal
from chalicelib.core.table import Replayed, Write, change, check, put_new
from chalicelib.money.ledger import store
from chalicelib.money.ledger.model import (
    LOSS_ACCOUNT,
    AlreadyPaidOut,
    Grant,
    GrantClosed,
    HoldEnded,
    NotPaidOut,
    NotReversible,
    ProviderLimitReached,
    Receipt,
    SameApprover,
    Spender,
    Switches,
    Transfer,
    TransferNotFound,
    budget_account,
    grant_account,
    held_account,
    provider_account,
    why_closed,
    why_not_spent,
)
from chalicelib.money.ledger.posting import (
    Writes,
    fingerprint,
    id_of,
    moved,
    on_grant,
    post,
    record_of_grant,
    transfer_in,
    undo_of,
)
from chalicelib.money.ledger.settling import key_of, let_go, waiting_as
from chalicelib.money.ledger.store import BudgetItem, GrantItem, ProviderLimitItem, TransferItem

OTHER_DAYS_MAX = 3
"""How often a limit of a day is looked at again because its day turned in between."""


@dataclass
class _OtherDay(Exception):
    """The grant's limit counts another day than was seen: look again with the grant as it is."""

    grant: Grant


def spend(
    city: str,
    grant: Grant,
    amount_minor: int,
    provider: str,
    spender: Spender,
    *,
    switches: Switches | None = None,
    category: str = "",
    provider_limit_minor: int | None = None,
    voucher_rev: int | None = None,
    till: str = "",
    also: Writes = (),
) -> Receipt:
    """Redeem: one transaction of two items, the grant's account and the transfer. It reads nothing.

    `grant` says only which account and its fixed terms; whether it covers, is open and valid is judged by the database.
    `switches` are what the caller read beside the grant (None: they are read here). `provider_limit_minor` adds the one
    hot row of the provider, for programmes that limit what is spent there.
    Refusals: CreditTooSmall, NotYetValid, ValidityEnded, GrantUsed, GrantSuspended, GrantClosed, CodeReplaced,
    DayLimitReached, CategoryLimitReached, ProviderLimitReached, Frozen, AmountOutOfRange.
    """

    def post_with(seen: Grant) -> Receipt:
        def build(at: Instant) -> tuple[Transfer, Writes]:
            counted = _Counted.of(seen, category, at, provider_limit_minor)
            transfer = moved(
                "redeem",
                id_of(spender),
                (grant_account(grant.id), provider_account(provider)),
                amount_minor,
                spender,
                at,
                fingerprint=fingerprint("redeem", grant.id, amount_minor, provider),
                provider=provider,
                payable_minor=amount_minor,
                till=till,
                **on_grant(grant),
                **counted.facts,
            )
            actions = [GrantItem.spendable_minor.set(GrantItem.spendable_minor - amount_minor)]
            if grant.single_use:
                actions.append(GrantItem.state.set("used"))
            debit = _debit(city, seen, amount_minor, at, actions, voucher_rev, counted)
            hot = _at_provider(city, grant.programme, provider, amount_minor, provider_limit_minor)
            return transfer, [record_of_grant(city, transfer), debit, *hot, *also]

        return post(city, build, switches)

    return _on_its_day(grant, post_with)


def hold(
    city: str,
    grant: Grant,
    amount_minor: int,
    provider: str,
    hold_id: str,
    spender: Spender,
    also: Writes,
    *,
    category: str = "",
    provider_limit_minor: int | None = None,
) -> Receipt:
    """Set money aside for an order: it leaves what can be spent and is safe from expiry until the hold ends once.

    Refusals: those of a spend.
    """

    def post_with(seen: Grant) -> Receipt:
        def build(at: Instant) -> tuple[Transfer, Writes]:
            counted = _Counted.of(seen, category, at, provider_limit_minor)
            transfer = moved(
                "hold",
                hold_id,
                (grant_account(grant.id), held_account(grant.id)),
                amount_minor,
                spender,
                at,
                fingerprint=fingerprint("hold", grant.id, amount_minor, provider, hold_id),
                provider=provider,
                **on_grant(grant),
                **counted.facts,
            )
            actions = [
                GrantItem.spendable_minor.set(GrantItem.spendable_minor - amount_minor),
                GrantItem.held_minor.set(GrantItem.held_minor + amount_minor),
            ]
            debit = _debit(city, seen, amount_minor, at, actions, None, counted)
            hot = _at_provider(city, grant.programme, provider, amount_minor, provider_limit_minor)
            return transfer, [record_of_grant(city, transfer), debit, *hot, *also]

        return post(city, build)

    return _on_its_day(grant, post_with)


def _on_its_day(seen: Grant, run: Callable[[Grant], Receipt]) -> Receipt:
    """Run with what was seen; if the day of a limit is another one meanwhile, again with the grant as it is."""
    for _ in range(OTHER_DAYS_MAX):
        try:
            return run(seen)
        except _OtherDay as other:
            seen = other.grant
    raise ChangedMeanwhile


@dataclass(frozen=True)
class _Counted:
    """Which limits a movement counts towards: a day's, a category's, a provider's."""

    counted_on: str = ""
    category: str = ""
    counted_at_provider: bool = False

    @classmethod
    def of(cls, grant: Grant, category: str, at: Instant, provider_limit_minor: int | None) -> "_Counted":
        """The count of a day is never begun again: where another clock began the next day already, it is that day's."""
        return cls(
            max(day_of(at).isoformat(), grant.day) if grant.day_limit_minor else "",
            category if category in grant.category_limits else "",
            provider_limit_minor is not None,
        )

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.__dict__)


def _debit(
    city: str,
    grant: Grant,
    amount_minor: int,
    at: Instant,
    actions: Sequence[Action],
    voucher_rev: int | None,
    counted: _Counted,
) -> Write:
    credit_covers = GrantItem.spendable_minor >= amount_minor
    account_open = GrantItem.state == "active"
    in_validity = (GrantItem.valid_from <= at) & (GrantItem.valid_until >= at)
    condition = credit_covers & account_open & in_validity
    if voucher_rev is not None:
        code_current = GrantItem.voucher_rev == voucher_rev
        condition &= code_current
    limits = [
        *_of_day(grant, amount_minor, counted.counted_on),
        *_of_category(grant, amount_minor, counted.category),
    ]
    for within_limit, counting in limits:
        condition &= within_limit
        actions = [*actions, *counting]

    def why(old: GrantItem | None) -> Exception:
        known = old.noun(Grant) if old else None
        refusal = why_not_spent(known, amount_minor, at, voucher_rev, counted.category)
        if known is None or known.day == grant.day or why_closed(known, at, voucher_rev):
            return refusal
        return _OtherDay(known)

    return change(GrantItem.at(store.grant_key(city, grant.id)), actions, condition, why)


type _Limit = tuple[Condition, list[Action]]


def _of_day(grant: Grant, amount_minor: int, day: str) -> list[_Limit]:
    """The first movement of a day begins its count anew; an update cannot choose, so the day that was seen does."""
    if not day:
        return []
    if grant.day == day:
        room = GrantItem.day_spent_minor <= grant.day_limit_minor - amount_minor
        counting: list[Action] = [GrantItem.day_spent_minor.set(GrantItem.day_spent_minor + amount_minor)]
        return [((GrantItem.day == day) & room, counting)]
    fits = GrantItem.day_limit_minor >= amount_minor
    begun: list[Action] = [GrantItem.day.set(day), GrantItem.day_spent_minor.set(amount_minor)]
    return [((GrantItem.day == grant.day) & fits, begun)]


def _of_category(grant: Grant, amount_minor: int, category: str) -> list[_Limit]:
    if not category:
        return []
    spent = store.category_spent(category)
    return [(spent <= grant.category_limits[category] - amount_minor, [spent.set(spent + amount_minor)])]


def _at_provider(city: str, programme: str, provider: str, amount_minor: int, limit_minor: int | None) -> list[Write]:
    if limit_minor is None:
        return []
    item = ProviderLimitItem.at(store.provider_limit_key(city, programme, provider))
    room = ProviderLimitItem.spent_minor <= limit_minor - amount_minor
    none_yet = ProviderLimitItem.pk.does_not_exist()
    within = room | none_yet if amount_minor <= limit_minor else room
    actions = [
        ProviderLimitItem.spent_minor.add(amount_minor),
        ProviderLimitItem.kind.set(ProviderLimitItem.KIND),
    ]
    return [change(item, actions, within, lambda _old: ProviderLimitReached(limit_minor))]


# Taking back


def _returned(city: str, original: Transfer) -> list[Write]:
    """What a provider's limit gets back."""
    if not original.counted_at_provider:
        return []
    item = ProviderLimitItem.at(store.provider_limit_key(city, original.programme, original.provider))
    return [change(item, [ProviderLimitItem.spent_minor.add(-original.amount_minor)], ProviderLimitItem.pk.exists())]


def _uncounted(original: Transfer, same_day: bool) -> tuple[list[Action], Condition | None]:
    """What the limits of the grant get back: the category's always, the day's while it is still that day."""
    amount_minor = original.amount_minor
    actions: list[Action] = []
    condition: Condition | None = None
    if original.category:
        spent = store.category_spent(original.category)
        actions.append(spent.set(spent - amount_minor))
    if original.counted_on and same_day:
        condition = GrantItem.day == original.counted_on
        actions.append(GrantItem.day_spent_minor.set(GrantItem.day_spent_minor - amount_minor))
    return actions, condition


@dataclass(frozen=True)
class _Stands:
    """What is believed of a grant that gets money back: it is still the day that counted it, and it can still be spent.

    Time makes each of them false once and for ever.
    """

    same_day: bool = True
    in_time: bool = True


@dataclass
class _StandsOtherwise(Exception):
    stands: _Stands


def _as_it_stands(run: Callable[[_Stands], Receipt], stands: _Stands = _Stands()) -> Receipt:
    """Most comes back on its own day and in time; where it is not so, the database says it and we do it as it is."""
    try:
        return run(stands)
    except _StandsOtherwise as otherwise:
        return _as_it_stands(run, otherwise.stands)


def _back(
    city: str,
    original: Transfer,
    at: Instant,
    actions: Sequence[Action],
    may_return: Condition,
    why: Callable[[GrantItem | None], Exception],
    stands: _Stands,
) -> Write:
    """The grant gets money back, and its limits with it. One whose time is over is dated anew, so tonight's expiry finds it."""
    uncounting, day_as_seen = _uncounted(original, stands.same_day)
    condition = may_return if day_as_seen is None else may_return & day_as_seen
    dating: list[Action] = []
    if stands.in_time:
        condition &= GrantItem.valid_until >= at
    else:
        dating.append(GrantItem.gsi1_pk.set(store.expiring_query(city, day_of(at).isoformat()).pk))

    def why_not(old: GrantItem | None) -> Exception:
        if old is None:
            return why(old)
        same_day = stands.same_day and original.counted_on in ("", str(old.day))
        seen = _Stands(same_day, stands.in_time and old.valid_until >= at)
        return why(old) if seen == stands else _StandsOtherwise(seen)

    item = GrantItem.at(store.grant_key(city, original.grant))
    return change(item, [*actions, *uncounting, *dating], condition, why_not)


def settle(city: str, held: Transfer, spender: Spender, also: Writes) -> Receipt:
    """End a hold by paying: what was held is owed to the provider. A hold ends once: HoldEnded otherwise."""

    def build(at: Instant) -> tuple[Transfer, Writes]:
        transfer = _end_of(
            held, "settle", (held_account(held.grant), provider_account(held.provider)), spender, at, held.amount_minor
        )
        item = GrantItem.at(store.grant_key(city, held.grant))
        taken = [GrantItem.held_minor.set(GrantItem.held_minor - held.amount_minor)]
        hold_there = GrantItem.held_minor >= held.amount_minor
        gone = change(item, taken, hold_there, lambda _old: HoldEnded())
        return transfer, [_end_once(city, transfer), gone, *also]

    return post(city, build)


def release(city: str, held: Transfer, spender: Spender, also: Writes) -> Receipt:
    """End a hold without payment: the money can be spent again (or expires, if its time ran out meanwhile)."""

    def post_with(stands: _Stands) -> Receipt:
        def build(at: Instant) -> tuple[Transfer, Writes]:
            accounts = (held_account(held.grant), grant_account(held.grant))
            transfer = _end_of(held, "release", accounts, spender, at, 0)
            actions = [
                GrantItem.held_minor.set(GrantItem.held_minor - held.amount_minor),
                GrantItem.spendable_minor.set(GrantItem.spendable_minor + held.amount_minor),
            ]
            hold_there = GrantItem.held_minor >= held.amount_minor
            back = _back(city, held, at, actions, hold_there, lambda _old: HoldEnded(), stands)
            return transfer, [_end_once(city, transfer), back, *_returned(city, held), *also]

        return post(city, build)

    return _as_it_stands(post_with)


def _end_of(
    held: Transfer, kind: Any, accounts: tuple[str, str], spender: Spender, at: Instant, payable_minor: int
) -> Transfer:
    """However a hold ends, its end has one key."""
    return moved(
        kind,
        f"{held.id}.end",
        accounts,
        held.amount_minor,
        spender,
        at,
        fingerprint=fingerprint(kind, held.id),
        provider=held.provider,
        payable_minor=payable_minor,
        of=held.id,
        category=held.category,
        counted_on=held.counted_on,
        counted_at_provider=held.counted_at_provider,
        **on_grant(held),
    )


def _end_once(city: str, transfer: Transfer) -> Write:
    return _once(city, transfer, HoldEnded)


def _once(city: str, transfer: Transfer, otherwise: type[Refusal]) -> Write:
    """One key for all ways that something may end: the same way again is a replay, another one comes too late."""

    def why(old: TransferItem) -> Exception:
        return Replayed(old) if json.loads(old.card)["kind"] == transfer.kind else otherwise()

    item = store.transfer_item(city, transfer, store.transfer_key(city, transfer.grant, transfer.id))
    return put_new(item, why, receipt=True)


def undo(
    city: str, grant: Grant, redeemed: str, spender: Spender, also: Writes = (), *, withheld_as: str = ""
) -> Receipt:
    """Take a redemption back before it is paid out. It happens once; again gives the first receipt.

    `withheld_as` names what the redemption waits for, where it does: the wait ends with it. What a hold was settled
    with can wait too, and is taken back the same way. A suspended grant gets its money back and stays suspended.
    Refusals: TransferNotFound, NotReversible (also what was refunded, though its payout was cancelled), AlreadyPaidOut, GrantClosed, Frozen.
    """
    original = _redeemed(city, grant.id, redeemed, "redeem", *(("settle",) if withheld_as else ()))
    used_it_up = grant.single_use and original.kind == "redeem"

    def post_with(stands: _Stands) -> Receipt:
        def build(at: Instant) -> tuple[Transfer, Writes]:
            transfer = _taken_back("undo", original, grant_account(grant.id), spender, at)
            actions = [GrantItem.spendable_minor.set(GrantItem.spendable_minor + original.amount_minor)]
            may_return: Condition = GrantItem.state.is_in("active", "suspended")
            if used_it_up:
                actions.append(GrantItem.state.set("active"))
                may_return = GrantItem.state == "used"
            back = _back(city, original, at, actions, may_return, lambda _old: GrantClosed(), stands)
            unpaid = _unpaid(city, original, withheld_as)
            return transfer, [_back_once(city, transfer), back, unpaid, *_returned(city, original), *also]

        return post(city, build)

    return _as_it_stands(post_with)


def unsettle(city: str, held: Transfer, spender: Spender, also: Writes) -> Receipt:
    """Take back what a hold was settled with, before it is paid out: the order was cancelled after all. Once.

    The money can be spent again, or expires if its time ran out meanwhile.
    Refusals: AlreadyPaidOut, TransferNotFound, NotReversible (the hold was released).
    """
    settled = _redeemed(city, held.grant, f"{held.id}.end", "settle")

    def post_with(stands: _Stands) -> Receipt:
        def build(at: Instant) -> tuple[Transfer, Writes]:
            account = grant_account(held.grant)
            transfer = _taken_back("undo", settled, account, spender, at)
            actions = [GrantItem.spendable_minor.set(GrantItem.spendable_minor + held.amount_minor)]
            back = _back(city, held, at, actions, GrantItem.pk.exists(), lambda _old: TransferNotFound(), stands)
            unpaid = _unpaid(city, settled, "")
            return transfer, [_back_once(city, transfer), back, unpaid, *_returned(city, held), *also]

        return post(city, build)

    return _as_it_stands(post_with)


def _redeemed(city: str, grant: str, id: str, *kinds: str) -> Transfer:
    """The movement that is to be taken back. Raises TransferNotFound, NotReversible."""
    item = store.transfer(city, grant, id)
    if item is None:
        raise TransferNotFound
    found = transfer_in(item)
    if found.kind not in kinds:
        raise NotReversible
    return found


def _taken_back(
    kind: Any, original: Transfer, account: str, spender: Spender, at: Instant, reason: str = ""
) -> Transfer:
    """Undone before a payout or refunded after it: the key is one, so a redemption comes back once."""
    return moved(
        kind,
        undo_of(original.id),
        (provider_account(original.provider), account),
        original.amount_minor,
        spender,
        at,
        fingerprint=fingerprint(kind, original.id),
        provider=original.provider,
        payable_minor=-original.amount_minor,
        of=original.id,
        till=original.till,
        category=original.category,
        reason=reason,
        **on_grant(original),
    )


def _back_once(city: str, transfer: Transfer) -> Write:
    return _once(city, transfer, NotReversible)


def _unpaid(city: str, original: Transfer, withheld_as: str) -> Write:
    """No payout has the original. One that waits goes back to what is owed, where its taking back meets it."""

    def why(old: TransferItem | None) -> Refusal:
        return AlreadyPaidOut() if old else TransferNotFound()

    if withheld_as:
        return let_go(city, original, withheld_as, why)
    item = TransferItem.at(key_of(city, original))
    not_claimed = TransferItem.pk.exists() & TransferItem.payout_line.does_not_exist()
    return check(item, not_claimed, why)


def refund(city: str, grant: Grant, redeemed: str, spender: Spender, also: Writes = (), *, reason: str = "") -> Receipt:
    """Take back a redemption that a payout has already: the provider owes it, its next payouts are lower by it. Once.

    The money returns to the grant while that can be spent, to the programme's free budget otherwise.
    Refusals: TransferNotFound, NotReversible (undone before), NotPaidOut (or it waits), Frozen.
    """
    original = _redeemed(city, grant.id, redeemed, "redeem", "settle")
    in_a_payout = TransferItem.payout_line.exists() & ~TransferItem.payout_line.startswith(waiting_as(""))
    item = TransferItem.at(store.transfer_key(city, grant.id, original.id))
    paid = check(item, in_a_payout, lambda _old: NotPaidOut())

    def build(to_grant: bool, stands: _Stands) -> Callable[[Instant], tuple[Transfer, Writes]]:
        def built(at: Instant) -> tuple[Transfer, Writes]:
            account = grant_account(grant.id) if to_grant else budget_account(original.programme)
            transfer = _taken_back("refund", original, account, spender, at, reason)
            back = (
                _to_grant(city, grant, original, at, stands)
                if to_grant
                else _to_budget(city, original.programme, original.amount_minor)
            )
            return transfer, [_back_once(city, transfer), back, paid, *_returned(city, original), *also]

        return built

    def post_to_grant(stands: _Stands) -> Receipt:
        if not stands.in_time:
            raise GrantClosed
        return post(city, build(to_grant=True, stands=stands))

    try:
        return _as_it_stands(post_to_grant)
    except GrantClosed:
        return post(city, build(to_grant=False, stands=_Stands()))


def _to_grant(city: str, grant: Grant, original: Transfer, at: Instant, stands: _Stands) -> Write:
    actions: list[Action] = [GrantItem.spendable_minor.set(GrantItem.spendable_minor + original.amount_minor)]
    lives: Condition = GrantItem.state.is_in("active", "suspended")
    if grant.single_use:
        actions.append(GrantItem.state.set("active"))
        lives = GrantItem.state == "used"
    return _back(city, original, at, actions, lives, lambda _old: GrantClosed(), stands)


def _to_budget(city: str, programme: str, amount_minor: int) -> Write:
    item = BudgetItem.at(store.budget_key(city, programme))
    return change(item, [BudgetItem.free_minor.set(BudgetItem.free_minor + amount_minor)], BudgetItem.pk.exists())


def write_off(
    city: str, refunded: Transfer, spender: Spender, also: Writes = (), *, approved_by: str, reason: str
) -> Receipt:
    """The town gives up what a provider owes from one refund, whole: no payout will deduct it. Once.

    `spender` proposed it and `approved_by` approved it, never one person. `reason` is a code.
    Refusals: SameApprover, NotReversible, AlreadyPaidOut (a payout deducted it meanwhile), Frozen.
    """
    if approved_by == spender.by:
        raise SameApprover
    if refunded.kind != "refund":
        raise NotReversible

    def build(at: Instant) -> tuple[Transfer, Writes]:
        transfer = moved(
            "write_off",
            f"{refunded.id}.write_off",
            (LOSS_ACCOUNT, provider_account(refunded.provider)),
            refunded.amount_minor,
            spender,
            at,
            fingerprint=fingerprint("write_off", refunded.id),
            provider=refunded.provider,
            of=refunded.id,
            reason=reason,
            approved_by=approved_by,
            **on_grant(refunded),
        )
        key = store.transfer_key(city, refunded.grant, refunded.id)
        slot = [
            TransferItem.payout_line.set("written_off"),
            TransferItem.gsi2_pk.remove(),
            TransferItem.gsi2_sk.remove(),
        ]
        not_claimed = TransferItem.payout_line.does_not_exist()
        given_up = change(TransferItem.at(key), slot, not_claimed, lambda _old: AlreadyPaidOut())
        return transfer, [record_of_grant(city, transfer), given_up, *also]

    return post(city, build)
