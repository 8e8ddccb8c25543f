"""A programme's budget: money in and out of it, its years, and what it awards. The ceiling is one row."""

import json
from collections.abc import Callable, Iterator, Sequence

from chalicelib.core.clock import Instant, today
from chalicelib.core.refusals import ChangedMeanwhile, KeyUsedForOtherRequest, Refusal
from chalicelib.core.table import Write, change, put_new, read_many
from chalicelib.money.ledger import store
from chalicelib.money.ledger.model import (
    AccountUnknown,
    AlreadyAwarded,
    Budget,
    BudgetExhausted,
    BudgetNotOpen,
    BudgetYearClosed,
    Grant,
    GrantClosed,
    Kind,
    NewGrant,
    Receipt,
    Spender,
    Transfer,
    budget_account,
    grant_account,
    town_account,
)
from chalicelib.money.ledger.posting import (
    Writes,
    fingerprint,
    id_of,
    moved,
    on_grant,
    post,
    post_all,
    record,
    record_of_grant,
)
from chalicelib.money.ledger.store import BudgetItem, GrantItem


def open_budget(city: str, programme: str, year: int | None = None) -> Write:
    """A budget account with nothing in it, for a new programme; `year` is the budget year that will bear it."""
    empty = Budget(programme, total_minor=0, free_minor=0, open=False, year=year or today().year)
    return put_new(BudgetItem.of(empty, store.budget_key(city, programme)), lambda _old: KeyUsedForOtherRequest())


def budget(city: str, programme: str) -> Budget | None:
    return store.budget(city, programme)


def budgets(city: str, programmes: Sequence[str], *, consistent: bool = False) -> dict[str, Budget]:
    """The ceilings of many programmes, in one read a hundred."""
    found = read_many([store.budget_key(city, programme) for programme in programmes], consistent=consistent)
    return {budget.programme: budget for budget in (item.noun(Budget) for item in found.values())}


def set_budget_open(city: str, programme: str, is_open: bool) -> Write:
    """Pause or resume allotting from a budget."""
    item = BudgetItem.at(store.budget_key(city, programme))
    return change(item, [BudgetItem.open.set(is_open)], BudgetItem.pk.exists(), lambda _old: BudgetNotOpen())


def fund(
    city: str, programme: str, amount_minor: int, spender: Spender, also: Writes = (), *, coordinates: str = ""
) -> Receipt:
    """Put money into a programme's budget: `fund` the first time, which opens it for allotting, `raise` after.

    Refusals: AccountUnknown, AmountOutOfRange, Frozen.
    """
    known = _budget(city, programme)
    kind: Kind = "raise" if known.total_minor else "fund"
    actions = [
        BudgetItem.total_minor.set(BudgetItem.total_minor + amount_minor),
        BudgetItem.free_minor.set(BudgetItem.free_minor + amount_minor),
    ]
    if kind == "fund":
        actions.append(BudgetItem.open.set(True))
    more = change(_row(city, programme), actions, BudgetItem.year == known.year)
    accounts = (town_account(known.year), budget_account(programme))
    return _of_budget(city, known, kind, accounts, amount_minor, spender, [more, *also], coordinates)


def cut(
    city: str, programme: str, amount_minor: int, spender: Spender, also: Writes = (), *, coordinates: str = ""
) -> Receipt:
    """Take free money out of a programme's budget. What was awarded stays awarded: BudgetExhausted otherwise."""
    known = _budget(city, programme)
    actions = [
        BudgetItem.total_minor.set(BudgetItem.total_minor - amount_minor),
        BudgetItem.free_minor.set(BudgetItem.free_minor - amount_minor),
    ]
    still_free = BudgetItem.free_minor >= amount_minor
    same_year = BudgetItem.year == known.year
    less = change(_row(city, programme), actions, still_free & same_year, _why_not_cut(known, amount_minor))
    accounts = (budget_account(programme), town_account(known.year))
    return _of_budget(city, known, "cut", accounts, amount_minor, spender, [less, *also], coordinates)


def _why_not_cut(known: Budget, asked_minor: int) -> Callable[[BudgetItem | None], Exception]:
    def why(old: BudgetItem | None) -> Exception:
        if old is None or int(old.year) != known.year:
            return ChangedMeanwhile()
        return BudgetExhausted(asked_minor=asked_minor, free_minor=int(old.free_minor))

    return why


def carry_over(
    city: str, programme: str, from_year: int, spender: Spender, also: Writes = (), *, coordinates: str = ""
) -> Receipt:
    """The next year's budget bears what the programme has not paid by the end of a year. Once a year.

    Run it when the year's last statement is imported. Raises BudgetYearClosed when the year is not the open one,
    AmountOutOfRange when nothing is left, ChangedMeanwhile when money moved at the same moment.
    """
    known = _budget(city, programme)
    amount_minor = known.rest_minor if known.year == from_year else 1  # a replay is judged by its year, not by a sum
    as_seen = (
        (BudgetItem.year == from_year)
        & (BudgetItem.total_minor == known.total_minor)
        & (BudgetItem.paid_minor == known.paid_minor)
        & (BudgetItem.paid_next_minor == known.paid_next_minor)
    )

    def why(old: BudgetItem | None) -> Exception:
        still_open = old is not None and int(old.year) == from_year
        return ChangedMeanwhile() if still_open else BudgetYearClosed(from_year)

    actions = [BudgetItem.year.set(from_year + 1), BudgetItem.paid_next_minor.set(0)]
    turned = change(_row(city, programme), actions, as_seen, why)
    accounts = (town_account(from_year + 1), town_account(from_year))

    def build(at: Instant) -> tuple[Transfer, Writes]:
        transfer = moved(
            "carry_over",
            f"carry.{from_year}",
            accounts,
            amount_minor,
            spender,
            at,
            fingerprint=fingerprint("carry_over", programme, from_year),
            programme=programme,
            budget_year=from_year + 1,
            coordinates=coordinates,
        )
        return transfer, [_record(city, transfer), turned, *also]

    return post(city, build)


def _of_budget(
    city: str,
    known: Budget,
    kind: Kind,
    accounts: tuple[str, str],
    amount_minor: int,
    spender: Spender,
    writes: Writes,
    coordinates: str,
) -> Receipt:
    def build(at: Instant) -> tuple[Transfer, Writes]:
        transfer = moved(
            kind,
            id_of(spender),
            accounts,
            amount_minor,
            spender,
            at,
            fingerprint=fingerprint("cut" if kind == "cut" else "fund", known.programme, amount_minor),
            programme=known.programme,
            budget_year=known.year,
            coordinates=coordinates,
        )
        return transfer, [_record(city, transfer), *writes]

    return post(city, build)


def _record(city: str, transfer: Transfer) -> Write:
    return record(city, transfer, store.other_transfer_key(city, f"B#{transfer.programme}", transfer.id))


def _budget(city: str, programme: str) -> Budget:
    known = store.budget(city, programme)
    if known is None:
        raise AccountUnknown
    return known


def _row(city: str, programme: str) -> BudgetItem:
    return BudgetItem.at(store.budget_key(city, programme))


# Awards


def allot(city: str, grants: Sequence[NewGrant], spender: Spender, also: Writes = ()) -> list[Grant]:
    """Award: the budget's ceiling, a grant account for each part, its transfer, and the caller's writes, at once.

    The grants are of one programme, at most GRANTS_PER_TRANSACTION_MAX, and may be of many applications. The same awards
    again under the same key give the grants as they are. Refusals:
    BudgetExhausted, BudgetNotOpen, AlreadyAwarded, Frozen; those of `also` come first (the application's own state).
    """
    programme = grants[0].programme
    total_minor = sum(grant.amount_minor for grant in grants)
    opened: list[Grant] = []

    def build(at: Instant) -> tuple[Sequence[Transfer], Writes]:
        opened[:] = [_opened(grant, at) for grant in grants]
        same_request = _award_print(opened, spender)
        transfers = [_award(grant, spender, at, same_request) for grant in opened]
        writes = [*also, _take(city, programme, total_minor), *_openings(city, opened, transfers)]
        return transfers, writes

    try:
        post_all(city, build)
    except Refusal:
        if not _was_awarded(city, opened, spender):
            raise
        return _as_stored(city, opened)
    return opened


def _was_awarded(city: str, opened: Sequence[Grant], spender: Spender) -> bool:
    """Whether it is our own award, whose answer was lost, that stands in the way."""
    first = store.transfer(city, opened[0].id, "allot") if opened else None
    return first is not None and json.loads(first.card)["fingerprint"] == _award_print(opened, spender)


def _as_stored(city: str, opened: Sequence[Grant]) -> list[Grant]:
    found = read_many([store.grant_key(city, grant.id) for grant in opened], consistent=True)
    return [found[store.grant_key(city, grant.id)].noun(Grant) for grant in opened]


def _award_print(grants: Sequence[Grant], spender: Spender) -> str:
    """One request: these awards together, by this person under this key."""
    return fingerprint("allot", spender.by, spender.key, *(f"{grant.id}.{grant.total_minor}" for grant in grants))


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
        coordinates=new.coordinates,
        day_limit_minor=new.day_limit_minor,
        category_limits=new.category_limits,
    )


def _award(grant: Grant, spender: Spender, at: Instant, same_request: str) -> Transfer:
    return moved(
        "allot",
        "allot",
        (budget_account(grant.programme), grant_account(grant.id)),
        grant.total_minor,
        spender,
        at,
        fingerprint=same_request,
        **on_grant(grant),
    )


def _take(city: str, programme: str, total_minor: int) -> Write:
    ceiling_holds = BudgetItem.free_minor >= total_minor
    budget_open = BudgetItem.open == True  # noqa: E712  a condition, not a comparison

    def why(old: BudgetItem | None) -> Refusal:
        if old is None or not old.open:
            return BudgetNotOpen()
        return BudgetExhausted(asked_minor=total_minor, free_minor=int(old.free_minor))

    taken = [BudgetItem.free_minor.set(BudgetItem.free_minor - total_minor)]
    return change(_row(city, programme), taken, ceiling_holds & budget_open, why)


def _openings(city: str, grants: Sequence[Grant], transfers: Sequence[Transfer]) -> Iterator[Write]:
    for grant, transfer in zip(grants, transfers, strict=True):
        yield put_new(store.grant_item(city, grant), lambda _old: AlreadyAwarded())
        yield put_new(store.award_item(city, transfer, grant.mode), lambda _old: AlreadyAwarded())


def top_up(city: str, grant: Grant, amount_minor: int, spender: Spender, also: Writes = ()) -> Receipt:
    """Add to an award that can still be spent, under the same ceiling.

    Refusals: BudgetExhausted, BudgetNotOpen, GrantClosed, AmountOutOfRange, Frozen.
    """

    def build(at: Instant) -> tuple[Transfer, Writes]:
        transfer = moved(
            "top_up",
            id_of(spender),
            (budget_account(grant.programme), grant_account(grant.id)),
            amount_minor,
            spender,
            at,
            fingerprint=fingerprint("top_up", grant.id, amount_minor),
            **on_grant(grant),
        )
        actions = [
            GrantItem.total_minor.set(GrantItem.total_minor + amount_minor),
            GrantItem.spendable_minor.set(GrantItem.spendable_minor + amount_minor),
        ]
        account_open = GrantItem.state == "active"
        in_validity = GrantItem.valid_until >= at
        item = GrantItem.at(store.grant_key(city, grant.id))
        more = change(item, actions, account_open & in_validity, lambda _old: GrantClosed())
        return transfer, [record_of_grant(city, transfer), _take(city, grant.programme, amount_minor), more, *also]

    return post(city, build)
