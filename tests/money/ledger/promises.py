"""What the ledger's conditions promise, one scenario each. Take a condition away, and one of these must fail.

They are functions of a town, quick and without a fixture: `test_conditions_guard` runs each as it is, and again for
every arm of a condition that it meets.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from unittest.mock import patch

from chalicelib.core.clock import Instant, day_of, now, today
from chalicelib.core.ids import new_id
from chalicelib.core.money import AMOUNT_MINOR_MAX
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger import store
from chalicelib.money.ledger.model import Decision, Grant, Receipt, Spender, Transfer
from tests.days import at
from tests.money.ledger.town import (
    DAY,
    YEAR,
    Town,
    after,
    meanwhile,
    put_raw,
    raw_item,
    refused,
    remove_raw,
    somebody,
    tomorrow,
)

type Promise = Callable[[Town], None]

PROMISES: list[Promise] = []


def promise(scenario: Promise) -> Promise:
    PROMISES.append(scenario)
    return scenario


def once(first: Callable[[], Receipt]) -> None:
    """The same request again gives the first receipt."""
    one, two = first(), first()
    assert (one.replayed, two.replayed) == (False, True)
    assert one.transfer == two.transfer


# Budgets


@promise
def a_budget_is_opened_once(town: Town) -> None:
    town.budget()
    refused("key_used_for_other_request", lambda: transact([ledger.open_budget(town.city, "p1")]))
    assert town.free == 100_000


@promise
def money_comes_in_once(town: Town) -> None:
    town.budget()
    who = somebody()
    once(lambda: ledger.fund(town.city, "p1", 5_000, who))
    refused("key_used_for_other_request", lambda: ledger.fund(town.city, "p1", 5_001, who))
    assert town.free == 105_000


@promise
def money_goes_out_once_and_never_more_than_is_free(town: Town) -> None:
    town.budget()
    town.grant(40_000)
    who = somebody()
    once(lambda: ledger.cut(town.city, "p1", 5_000, who))
    refused("key_used_for_other_request", lambda: ledger.cut(town.city, "p1", 5_001, who))
    refused("budget_exhausted", lambda: ledger.cut(town.city, "p1", 55_001, somebody()))
    assert (town.row().total_minor, town.free) == (95_000, 55_000)


@promise
def a_budget_of_nobody_is_not_paused(town: Town) -> None:
    refused("budget_not_open", lambda: transact([ledger.set_budget_open(town.city, "unknown", True)]))


@promise
def money_is_booked_in_the_year_that_bears_it(town: Town) -> None:
    town.budget()
    with meanwhile(lambda: ledger.carry_over(town.city, "p1", YEAR, somebody())):
        refused("changed_meanwhile", lambda: ledger.fund(town.city, "p1", 5_000, somebody()))
    with meanwhile(lambda: ledger.carry_over(town.city, "p1", YEAR + 1, somebody())):
        refused("changed_meanwhile", lambda: ledger.cut(town.city, "p1", 5_000, somebody()))
    assert town.free == 100_000


@promise
def a_year_is_carried_over_once(town: Town) -> None:
    town.budget()
    once(lambda: ledger.carry_over(town.city, "p1", YEAR, somebody()))
    refused("budget_year_closed", lambda: ledger.carry_over(town.city, "p1", YEAR - 1, somebody()))
    refused("budget_year_closed", lambda: ledger.carry_over(town.city, "p1", YEAR + 2, somebody()))
    assert town.row().year == YEAR + 1


@promise
def a_year_carried_over_is_not_again_though_its_budget_was_set_back(town: Town) -> None:
    town.budget()
    image = raw_item(store.budget_key(town.city, "p1"))
    first = ledger.carry_over(town.city, "p1", YEAR, somebody())
    put_raw(image)
    again = ledger.carry_over(town.city, "p1", YEAR, somebody())
    assert (again.replayed, again.transfer) == (True, first.transfer)


def _paid(town: Town, line: str, amount_minor: int, booked_on: date | None = None) -> None:
    ledger.pay(town.city, "pool", line, {"p1": amount_minor}, somebody(), [], booked_on=booked_on)


@promise
def what_is_carried_over_is_what_is_there(town: Town) -> None:
    town.budget()
    _paid(town, "l1", 300)
    next_year = date(YEAR + 1, 1, 5)

    def paid_in_the_other_year() -> None:
        ledger.take_back(town.city, "pool", "l1", {"p1": 300}, somebody(), [])
        _paid(town, "l3", 300, next_year)

    for change in (
        lambda: ledger.fund(town.city, "p1", 1, somebody()),
        lambda: _paid(town, "l2", 200),
        paid_in_the_other_year,
    ):
        with meanwhile(change):
            refused("changed_meanwhile", lambda: ledger.carry_over(town.city, "p1", YEAR, somebody()))
    carried = ledger.carry_over(town.city, "p1", YEAR, somebody()).transfer
    assert carried.amount_minor == 100_001 - 200


# Awards


@promise
def no_award_is_over_the_ceiling(town: Town) -> None:
    town.budget()
    town.grant(70_000)
    refused("budget_exhausted", lambda: town.grant(30_001))
    assert town.free == 30_000
    town.grant(30_000)
    assert town.free == 0


@promise
def no_award_from_a_budget_that_is_not_open(town: Town) -> None:
    town.budget()
    transact([ledger.set_budget_open(town.city, "p1", False)])
    refused("budget_not_open", town.grant)
    assert town.free == 100_000


@promise
def nobody_is_awarded_twice(town: Town) -> None:
    town.budget()
    first = town.grant(subject="child")
    refused("already_awarded", lambda: town.grant(subject="child"))
    assert (town.free, town.left(first)) == (90_000, (10_000, 0))


@promise
def the_same_award_again_is_the_award_and_another_is_refused(town: Town) -> None:
    """An answer may be lost: who asks again under the same key is told what stands, and nothing moves."""
    town.budget()
    both = [town.new_grant(10_000, "one"), town.new_grant(20_000, "two")]
    who = somebody()
    first = ledger.allot(town.city, both, who)
    assert ledger.allot(town.city, both, who) == first
    refused("already_awarded", lambda: ledger.allot(town.city, both, somebody()))
    refused("already_awarded", lambda: ledger.allot(town.city, both[:1], who))
    refused("already_awarded", lambda: ledger.allot(town.city, [*both, town.new_grant(1, "three")], who))
    assert town.free == 70_000


@promise
def an_account_without_its_transfer_is_not_opened_again(town: Town) -> None:
    town.budget()
    grant = town.grant(subject="child")
    town.spend(grant, 4_000)
    remove_raw(store.transfer_key(town.city, grant.id, "allot"))
    refused("already_awarded", lambda: town.grant(subject="child"))
    assert town.left(grant) == (6_000, 0)


@promise
def a_transfer_without_its_account_is_not_written_over(town: Town) -> None:
    town.budget()
    grant = town.grant(subject="child")
    remove_raw(store.grant_key(town.city, grant.id))
    refused("already_awarded", lambda: town.grant(subject="child"))
    assert town.free == 90_000


@promise
def a_top_up_happens_once(town: Town) -> None:
    town.budget()
    grant, who = town.grant(), somebody()
    once(lambda: ledger.top_up(town.city, grant, 5_000, who))
    refused("key_used_for_other_request", lambda: ledger.top_up(town.city, grant, 5_001, who))
    assert (town.free, town.left(grant)) == (85_000, (15_000, 0))


@promise
def a_top_up_keeps_the_ceiling_and_the_grant_must_be_open(town: Town) -> None:
    town.budget()
    grant = town.grant(90_000)
    refused("budget_exhausted", lambda: ledger.top_up(town.city, grant, 10_001, somebody()))
    transact([ledger.suspend(town.city, grant.id)])
    refused("grant_closed", lambda: ledger.top_up(town.city, grant, 1, somebody()))
    transact([ledger.resume(town.city, grant.id)])
    with at(after(grant)):
        refused("grant_closed", lambda: ledger.top_up(town.city, grant, 1, somebody()))
    transact([ledger.set_budget_open(town.city, "p1", False)])
    refused("budget_not_open", lambda: ledger.top_up(town.city, grant, 1, somebody()))
    assert (town.free, town.left(grant)) == (10_000, (90_000, 0))


# Spending and holding: one set of conditions, two verbs


def _spend(town: Town, grant: Grant, amount_minor: int, who: Spender, **more: object) -> Receipt:
    return ledger.spend(town.city, grant, amount_minor, "pool", who, **more)  # type: ignore[arg-type]


def _hold(town: Town, grant: Grant, amount_minor: int, who: Spender, **more: object) -> Receipt:
    return ledger.hold(town.city, grant, amount_minor, "pool", who.key, who, [], **more)  # type: ignore[arg-type]


MOMENT = timedelta(microseconds=1)
"""The finest the table knows."""

type Debit = Callable[..., Receipt]


def debits(scenario: Callable[[Town, Debit], None]) -> None:
    """A promise of a spend and of a hold."""
    for verb, debit in (("spend", _spend), ("hold", _hold)):

        def run(town: Town, debit: Debit = debit) -> None:
            town.budget()
            scenario(town, debit)

        run.__name__ = f"{scenario.__name__}_{verb}"
        promise(run)


@debits
def one_key_debits_once(town: Town, debit: Debit) -> None:
    grant, who = town.grant(), somebody()
    once(lambda: debit(town, grant, 3_000, who))
    refused("key_used_for_other_request", lambda: debit(town, grant, 2_999, who))
    assert town.seen(grant).spendable_minor == 7_000


@debits
def a_receipt_is_found_when_nothing_is_left(town: Town, debit: Debit) -> None:
    grant, who = town.grant(), somebody()
    once(lambda: debit(town, grant, 10_000, who))
    with at(after(grant)):
        assert debit(town, grant, 10_000, who).replayed


@debits
def the_credit_covers(town: Town, debit: Debit) -> None:
    grant = town.grant()
    refused("credit_too_small", lambda: debit(town, grant, 10_001, somebody()))
    assert town.left(grant) == (10_000, 0)


@debits
def a_suspended_grant_moves_nothing(town: Town, debit: Debit) -> None:
    grant = town.grant()
    transact([ledger.suspend(town.city, grant.id)])
    refused("grant_suspended", lambda: debit(town, grant, 1, somebody()))
    assert town.left(grant) == (10_000, 0)


@debits
def it_is_valid_to_its_last_second(town: Town, debit: Debit) -> None:
    grant = town.grant()
    with at(grant.valid_until):
        debit(town, grant, 1, somebody())
    with at(after(grant)):
        refused("validity_ended", lambda: debit(town, grant, 1, somebody()))
    assert town.seen(grant).spendable_minor == 9_999


@debits
def it_is_not_valid_before_its_day(town: Town, debit: Debit) -> None:
    grant = town.grant(valid_from=tomorrow())
    refused("not_yet_valid", lambda: debit(town, grant, 1, somebody()))
    assert town.left(grant) == (10_000, 0)


@debits
def it_is_valid_from_its_first_moment_to_its_last(town: Town, debit: Debit) -> None:
    grant = town.grant(valid_from=tomorrow())
    for moment, code in (
        (grant.valid_from - MOMENT, "not_yet_valid"),
        (grant.valid_from, ""),
        (grant.valid_until, ""),
        (grant.valid_until + MOMENT, "validity_ended"),
    ):
        with at(moment):
            if code:
                refused(code, lambda: debit(town, grant, 1, somebody()))
            else:
                debit(town, grant, 1, somebody())
    assert town.seen(grant).spendable_minor == 9_998


@debits
def it_moves_one_haler_and_the_most_there_may_be_and_nothing_beyond(town: Town, debit: Debit) -> None:
    town.budget(AMOUNT_MINOR_MAX, programme="p2")
    grant = town.grant(AMOUNT_MINOR_MAX, programme="p2")
    for beyond in (0, AMOUNT_MINOR_MAX + 1):
        refused("amount_out_of_range", lambda beyond=beyond: debit(town, grant, beyond, somebody()))  # type: ignore[misc]
    debit(town, grant, AMOUNT_MINOR_MAX, somebody())
    debit(town, town.grant(), 1, somebody())
    assert town.left(grant)[0] == 0


@debits
def a_day_has_its_limit(town: Town, debit: Debit) -> None:
    grant = town.grant(day_limit_minor=6_000)
    refused("day_limit_reached", lambda: debit(town, grant, 6_001, somebody()))
    debit(town, grant, 4_000, somebody())
    for seen in (grant, town.seen(grant)):  # what the caller saw may be older than the day's first movement
        refused("day_limit_reached", lambda seen=seen: debit(town, seen, 2_001, somebody()))  # type: ignore[misc]
    debit(town, grant, 2_000, somebody())
    with at(tomorrow()):
        debit(town, grant, 4_000, somebody())
    assert town.seen(grant).spendable_minor == 0


@debits
def what_comes_just_before_midnight_after_the_first_of_the_next_day_counts_to_that_day(
    town: Town, debit: Debit
) -> None:
    grant = town.grant(day_limit_minor=6_000)
    debit(town, grant, 1_000, somebody())
    seen = town.seen(grant)

    def after_midnight() -> None:
        with at(tomorrow()):
            debit(town, seen, 4_000, somebody())

    with meanwhile(after_midnight):
        last = debit(town, seen, 2_000, somebody())
    assert last.transfer.counted_on == (today() + DAY).isoformat()


@debits
def a_day_is_not_begun_again_by_a_clock_that_is_behind(town: Town, debit: Debit) -> None:
    grant = town.grant(day_limit_minor=6_000)
    with at(tomorrow()):
        debit(town, grant, 4_000, somebody())
    for seen in (grant, town.seen(grant)):
        refused("day_limit_reached", lambda seen=seen: debit(town, seen, 2_001, somebody()))  # type: ignore[misc]
    debit(town, grant, 2_000, somebody())
    with at(tomorrow()):
        refused("day_limit_reached", lambda: debit(town, grant, 1, somebody()))


@debits
def a_category_has_its_limit(town: Town, debit: Debit) -> None:
    grant = town.grant(category_limits={"sport": 3_000})
    debit(town, grant, 2_000, somebody(), category="sport")
    refused("category_limit_reached", lambda: debit(town, grant, 1_001, somebody(), category="sport"))
    debit(town, grant, 1_000, somebody(), category="sport")
    debit(town, grant, 5_000, somebody(), category="culture")
    assert town.seen(grant).spendable_minor == 2_000


@debits
def a_provider_has_its_limit(town: Town, debit: Debit) -> None:
    one, two = town.grant(), town.grant()
    refused("provider_limit_reached", lambda: debit(town, one, 5_001, somebody(), provider_limit_minor=5_000))
    debit(town, one, 4_000, somebody(), provider_limit_minor=5_000)
    refused("provider_limit_reached", lambda: debit(town, two, 1_001, somebody(), provider_limit_minor=5_000))
    debit(town, two, 1_000, somebody(), provider_limit_minor=5_000)
    assert (town.seen(one).spendable_minor, town.seen(two).spendable_minor) == (6_000, 9_000)


@promise
def a_replaced_code_spends_nothing(town: Town) -> None:
    town.budget()
    grant = town.grant()
    assert ledger.new_voucher_revision(town.city, grant, []) == 2
    refused("code_replaced", lambda: town.spend(grant, 1, voucher_rev=1))
    town.spend(grant, 1, voucher_rev=2)
    assert town.left(grant) == (9_999, 0)


@promise
def two_new_codes_at_once_are_one(town: Town) -> None:
    town.budget()
    grant = town.grant()
    ledger.new_voucher_revision(town.city, grant, [])
    refused("changed_meanwhile", lambda: ledger.new_voucher_revision(town.city, grant, []))


@promise
def a_voucher_is_made_once(town: Town) -> None:
    town.budget()
    grant = town.grant()
    transact([ledger.voucher_made(town.city, grant.id)])
    refused("changed_meanwhile", lambda: transact([ledger.voucher_made(town.city, grant.id)]))


@promise
def only_an_open_grant_is_suspended_and_only_a_suspended_one_resumed(town: Town) -> None:
    town.budget()
    grant = town.grant()
    refused("grant_closed", lambda: transact([ledger.resume(town.city, grant.id)]))
    transact([ledger.suspend(town.city, grant.id)])
    refused("grant_closed", lambda: transact([ledger.suspend(town.city, grant.id)]))


# The end of a hold


@promise
def a_hold_is_settled_once(town: Town) -> None:
    town.budget()
    grant = town.grant()
    held = town.hold(grant, 4_000)
    town.hold(grant, 5_000)
    once(lambda: ledger.settle(town.city, held, somebody(), []))
    refused("hold_ended", lambda: ledger.release(town.city, held, somebody(), []))
    assert (town.left(grant), town.owed()) == ((1_000, 5_000), 4_000)


@promise
def a_hold_is_released_once(town: Town) -> None:
    town.budget()
    grant = town.grant()
    held = town.hold(grant, 4_000)
    town.hold(grant, 5_000)
    once(lambda: ledger.release(town.city, held, somebody(), []))
    refused("hold_ended", lambda: ledger.settle(town.city, held, somebody(), []))
    assert (town.left(grant), town.owed()) == ((5_000, 5_000), 0)


@promise
def no_more_ends_than_is_held(town: Town) -> None:
    town.budget()
    grant = town.grant()
    forged = replace(town.hold(grant, 4_000), id="another", amount_minor=4_001)
    refused("hold_ended", lambda: ledger.settle(town.city, forged, somebody(), []))
    refused("hold_ended", lambda: ledger.release(town.city, forged, somebody(), []))
    assert town.left(grant) == (6_000, 4_000)


# Taking back


@promise
def a_redemption_is_undone_once(town: Town) -> None:
    town.budget()
    grant = town.grant()
    spent = town.spent(grant, 4_000)
    once(lambda: ledger.undo(town.city, grant, spent.id, somebody()))
    assert (town.left(grant), town.owed()) == ((10_000, 0), 0)


@promise
def what_a_payout_has_is_not_undone(town: Town) -> None:
    town.budget()
    grant = town.grant()
    spent = town.claimed(grant, 4_000)
    refused("already_paid_out", lambda: ledger.undo(town.city, grant, spent.id, somebody()))
    assert town.left(grant) == (6_000, 0)


@promise
def money_does_not_return_to_a_closed_grant(town: Town) -> None:
    town.budget()
    grant = town.grant()
    spent = town.spent(grant, 4_000)
    with at(after(grant)):
        ledger.give_back(town.city, [town.seen(grant)], "expire", somebody())
        refused("grant_closed", lambda: ledger.undo(town.city, grant, spent.id, somebody()))
    assert (town.left(grant), town.free) == ((0, 0), 96_000)


@promise
def money_does_not_return_to_a_single_use_grant_that_was_taken_back(town: Town) -> None:
    town.budget()
    grant = town.grant(single_use=True)
    spent = town.spent(grant, 4_000)
    ledger.give_back(town.city, [town.seen(grant)], "revoke", somebody())
    refused("grant_closed", lambda: ledger.undo(town.city, grant, spent.id, somebody()))
    assert (town.left(grant), town.free) == ((0, 0), 96_000)


@promise
def a_mistake_at_a_grant_suspended_meanwhile_is_undone_and_it_stays_suspended(town: Town) -> None:
    town.budget()
    grant = town.grant()
    spent = town.spent(grant, 4_000)
    transact([ledger.suspend(town.city, grant.id)])
    once(lambda: ledger.undo(town.city, grant, spent.id, somebody()))
    assert (town.left(grant), town.owed()) == ((10_000, 0), 0)
    refused("grant_suspended", lambda: town.spend(grant, 1))


@promise
def a_single_use_returns_by_its_undo(town: Town) -> None:
    town.budget()
    grant = town.grant(single_use=True)
    spent = town.spent(grant, 4_000)
    refused("grant_used", lambda: town.spend(grant, 1))
    ledger.undo(town.city, grant, spent.id, somebody())
    assert town.left(grant) == (10_000, 0)
    town.spend(grant, 1)


@promise
def what_left_the_books_is_not_undone(town: Town) -> None:
    town.budget()
    grant = town.grant()
    spent = town.spent(grant, 4_000)
    with meanwhile(lambda: remove_raw(store.transfer_key(town.city, grant.id, spent.id))):
        refused("transfer_not_found", lambda: ledger.undo(town.city, grant, spent.id, somebody()))
    assert town.left(grant) == (6_000, 0)


@promise
def what_waits_is_undone_under_the_name_it_waits_by(town: Town) -> None:
    town.budget()
    grant = town.grant()
    spent = town.spent(grant, 4_000)
    transact([ledger.withhold(town.city, spent, "d1")])
    for name in ("", "d2"):
        refused(
            "already_paid_out",
            lambda name=name: ledger.undo(town.city, grant, spent.id, somebody(), withheld_as=name),  # type: ignore[misc]
        )
    ledger.undo(town.city, grant, spent.id, somebody(), withheld_as="d1")
    assert (town.left(grant), town.owed()) == ((10_000, 0), 0)


@promise
def a_settled_hold_is_taken_back_once(town: Town) -> None:
    town.budget()
    grant = town.grant()
    held = town.hold(grant, 4_000)
    refused("transfer_not_found", lambda: ledger.unsettle(town.city, held, somebody(), []))
    ledger.settle(town.city, held, somebody(), [])
    once(lambda: ledger.unsettle(town.city, held, somebody(), []))
    assert (town.left(grant), town.owed()) == ((10_000, 0), 0)


@promise
def a_released_hold_is_not_taken_back(town: Town) -> None:
    town.budget()
    grant = town.grant()
    held = town.hold(grant, 4_000)
    ledger.release(town.city, held, somebody(), [])
    refused("not_reversible", lambda: ledger.unsettle(town.city, held, somebody(), []))
    assert (town.left(grant), town.owed()) == ((10_000, 0), 0)


@promise
def a_settled_hold_that_left_the_books_is_not_taken_back(town: Town) -> None:
    town.budget()
    grant = town.grant()
    held = town.hold(grant, 4_000)
    settled = ledger.settle(town.city, held, somebody(), []).transfer
    with meanwhile(lambda: remove_raw(ledger.key_of(town.city, settled))):
        refused("transfer_not_found", lambda: ledger.unsettle(town.city, held, somebody(), []))
    assert town.left(grant) == (6_000, 0)


@promise
def a_grant_that_left_the_books_after_its_time_gets_nothing(town: Town) -> None:
    """It is gone between the look that found its time over and the taking back."""
    town.budget()
    grant = town.grant()
    held = town.hold(grant)
    ledger.settle(town.city, held, somebody(), [])
    gone = partial(remove_raw, store.grant_key(town.city, grant.id))
    with at(after(grant)), meanwhile(lambda: None, gone):
        refused("transfer_not_found", lambda: ledger.unsettle(town.city, held, somebody(), []))


@promise
def what_a_payout_has_is_not_unsettled(town: Town) -> None:
    town.budget()
    grant = town.grant()
    held = town.hold(grant, 4_000)
    town.claim(ledger.settle(town.city, held, somebody(), []).transfer, "l1")
    refused("already_paid_out", lambda: ledger.unsettle(town.city, held, somebody(), []))
    assert town.left(grant) == (6_000, 0)


@promise
def money_does_not_return_to_a_grant_that_is_not_there(town: Town) -> None:
    town.budget()
    grant = town.grant()
    held = town.hold(grant, 4_000)
    ledger.settle(town.city, held, somebody(), [])
    remove_raw(store.grant_key(town.city, grant.id))
    refused("transfer_not_found", lambda: ledger.unsettle(town.city, held, somebody(), []))


def _limits(town: Town) -> Grant:
    return town.grant(day_limit_minor=6_000, category_limits={"sport": 6_000})


type TakenBack = Callable[[Town, Grant], Callable[[], object]]
"""Moves 6 000 of sport with the provider's limit of 6 000, and says how to take it back."""


def _undone(town: Town, grant: Grant) -> Callable[[], object]:
    spent = town.spent(grant, 6_000, category="sport", provider_limit_minor=6_000)
    return lambda: ledger.undo(town.city, grant, spent.id, somebody())


def _released(town: Town, grant: Grant) -> Callable[[], object]:
    held = town.hold(grant, 6_000, category="sport", provider_limit_minor=6_000)
    return lambda: ledger.release(town.city, held, somebody(), [])


def _unsettled(town: Town, grant: Grant) -> Callable[[], object]:
    held = town.hold(grant, 6_000, category="sport", provider_limit_minor=6_000)
    ledger.settle(town.city, held, somebody(), [])
    return lambda: ledger.unsettle(town.city, held, somebody(), [])


def _refunded(town: Town, grant: Grant) -> Callable[[], object]:
    spent = town.claimed(grant, 6_000, category="sport", provider_limit_minor=6_000)
    return lambda: ledger.refund(town.city, grant, spent.id, somebody())


def takings_back(scenario: Callable[[Town, TakenBack], None]) -> None:
    """A promise of everything that gives a grant its money back."""
    for way in (_undone, _released, _unsettled, _refunded):

        def run(town: Town, way: TakenBack = way) -> None:
            town.budget()
            scenario(town, way)

        run.__name__ = f"{scenario.__name__}{way.__name__}"
        promise(run)


@takings_back
def limits_get_back_what_is_taken_back(town: Town, way: TakenBack) -> None:
    grant = _limits(town)
    way(town, grant)()
    town.spend(grant, 6_000, category="sport", provider_limit_minor=6_000)
    refused("day_limit_reached", lambda: town.spend(grant, 1))
    refused("provider_limit_reached", lambda: town.spend(town.grant(), 1, provider_limit_minor=6_000))


@takings_back
def the_limit_of_another_day_gets_nothing(town: Town, way: TakenBack) -> None:
    grant = _limits(town)
    take_back = way(town, grant)
    with at(tomorrow()):
        town.spend(grant, 4_000)
        take_back()
        assert town.seen(grant).spendable_minor == 6_000
        refused("day_limit_reached", lambda: town.spend(grant, 2_001))
        town.spend(grant, 2_000)


@promise
def what_comes_back_after_a_grants_time_is_given_back_that_day(town: Town) -> None:
    town.budget()
    for way in (_undone, _released, _unsettled):
        grant = _limits(town)
        take_back = way(town, grant)
        late = after(grant) + 200 * DAY
        with at(late):
            take_back()
            assert _expiring(town, grant.valid_until) == []
            assert _expiring(town, late) == [grant.id]
            ledger.give_back(town.city, [town.seen(grant)], "expire", somebody())
        assert (town.left(grant), town.free) == ((0, 0), 100_000)


@takings_back
def what_comes_back_in_time_ends_with_the_grant(town: Town, way: TakenBack) -> None:
    grant = _limits(town)
    way(town, grant)()
    assert _expiring(town, grant.valid_until) == [grant.id]


def _expiring(town: Town, last: Instant) -> list[str]:
    return [grant.id for grant in ledger.expiring(town.city, day_of(last).isoformat())]


@takings_back
def a_limit_that_left_the_books_gets_nothing(town: Town, way: TakenBack) -> None:
    grant = _limits(town)
    take_back = way(town, grant)
    remove_raw(store.provider_limit_key(town.city, "p1", "pool"))
    refused("changed_meanwhile", take_back)
    assert town.seen(grant).spendable_minor == 4_000


@promise
def a_refund_is_of_what_was_paid_out_and_once(town: Town) -> None:
    town.budget()
    grant = town.grant()
    spent = town.spent(grant, 4_000)
    refused("not_paid_out", lambda: ledger.refund(town.city, grant, spent.id, somebody()))
    town.claim(spent, "l1")
    once(lambda: ledger.refund(town.city, grant, spent.id, somebody()))
    assert (town.left(grant), town.owed()) == ((10_000, 0), -4_000)


@promise
def a_refund_goes_to_the_programme_when_the_grant_is_over(town: Town) -> None:
    town.budget()
    grant = town.grant()
    first, second = town.claimed(grant, 4_000), town.claimed(grant, 3_000)
    with at(after(grant)):
        once(lambda: ledger.refund(town.city, grant, first.id, somebody()))
        assert (town.left(grant), town.free) == ((3_000, 0), 94_000)
        ledger.give_back(town.city, [town.seen(grant)], "expire", somebody())
    ledger.refund(town.city, grant, second.id, somebody())
    assert (town.left(grant), town.free) == ((0, 0), 100_000)


@promise
def a_refund_needs_a_budget_to_return_to(town: Town) -> None:
    town.budget()
    grant = town.grant()
    spent = town.claimed(grant, 4_000)
    remove_raw(store.budget_key(town.city, "p1"))
    with at(after(grant)):
        refused("changed_meanwhile", lambda: ledger.refund(town.city, grant, spent.id, somebody()))


@promise
def what_waits_is_not_refunded(town: Town) -> None:
    town.budget()
    grant = town.grant()
    spent = town.spent(grant, 4_000)
    transact([ledger.withhold(town.city, spent, "d1")])
    refused("not_paid_out", lambda: ledger.refund(town.city, grant, spent.id, somebody()))


@promise
def a_redemption_is_taken_back_one_way_only(town: Town) -> None:
    """Refunded while a payout had it, then that payout was cancelled: it is not undone as well."""
    town.budget()
    grant = town.grant()
    spent = town.claimed(grant, 4_000)
    ledger.refund(town.city, grant, spent.id, somebody())
    transact([ledger.unclaim(town.city, spent, "l1")])
    refused("not_reversible", lambda: ledger.undo(town.city, grant, spent.id, somebody()))
    assert (town.left(grant), town.owed()) == ((10_000, 0), 0)


@promise
def a_settled_hold_is_taken_back_one_way_only(town: Town) -> None:
    town.budget()
    grant = town.grant()
    held = town.hold(grant, 4_000)
    settled = ledger.settle(town.city, held, somebody(), []).transfer
    town.claim(settled, "l1")
    ledger.refund(town.city, grant, settled.id, somebody())
    transact([ledger.unclaim(town.city, settled, "l1")])
    refused("not_reversible", lambda: ledger.unsettle(town.city, held, somebody(), []))
    assert (town.left(grant), town.owed()) == ((10_000, 0), 0)


def _refund(town: Town) -> Transfer:
    grant = town.grant()
    spent = town.claimed(grant, 4_000)
    return ledger.refund(town.city, grant, spent.id, somebody()).transfer


def _write_off(town: Town, refunded: Transfer) -> Receipt:
    return ledger.write_off(town.city, refunded, somebody(), approved_by="another", reason="gone")


@promise
def a_debt_is_written_off_once(town: Town) -> None:
    town.budget()
    refunded = _refund(town)
    once(lambda: _write_off(town, refunded))
    assert town.owed() == 0


@promise
def a_debt_written_off_is_not_again_though_its_refund_was_set_back(town: Town) -> None:
    town.budget()
    refunded = _refund(town)
    image = raw_item(ledger.key_of(town.city, refunded))
    first = _write_off(town, refunded)
    put_raw(image)
    again = _write_off(town, refunded)
    assert (again.replayed, again.transfer) == (True, first.transfer)


@promise
def a_debt_that_a_payout_has_is_not_written_off(town: Town) -> None:
    town.budget()
    refunded = _refund(town)
    town.claim(refunded, "l2")
    refused("already_paid_out", lambda: _write_off(town, refunded))


# Expiry


@promise
def a_grant_gives_back_once_and_not_before_its_time(town: Town) -> None:
    town.budget()
    grant = town.grant()
    seen = town.seen(grant)
    refused("changed_meanwhile", lambda: ledger.give_back(town.city, [seen], "expire", somebody()))
    with at(after(grant)):
        assert ledger.give_back(town.city, [seen], "expire", somebody()) == 10_000
        refused("changed_meanwhile", lambda: ledger.give_back(town.city, [seen], "expire", somebody()))
    assert (town.free, town.left(grant)) == (100_000, (0, 0))


@promise
def what_was_spent_meanwhile_is_not_given_back(town: Town) -> None:
    town.budget()
    grant = town.grant()
    seen = town.seen(grant)
    town.spend(grant, 4_000)
    newer = replace(seen, v=town.seen(grant).v)
    with at(after(grant)):
        for stale in (seen, newer):
            refused(
                "changed_meanwhile",
                lambda stale=stale: ledger.give_back(town.city, [stale], "expire", somebody()),  # type: ignore[misc]
            )
    assert (town.free, town.left(grant)) == (90_000, (6_000, 0))


@promise
def a_hold_made_meanwhile_keeps_its_grant(town: Town) -> None:
    """The sum is as it was seen, and yet it is another grant: something is held."""
    town.budget()
    grant = town.grant()
    seen = town.seen(grant)
    town.hold(grant, 4_000)
    ledger.top_up(town.city, grant, 4_000, somebody())
    with at(after(grant)):
        refused("changed_meanwhile", lambda: ledger.give_back(town.city, [seen], "expire", somebody()))
    assert town.left(grant) == (10_000, 4_000)


@promise
def an_account_set_back_to_an_earlier_moment_gives_nothing_back_again(town: Town) -> None:
    town.budget()
    grant = town.grant()
    seen, image = town.seen(grant), raw_item(store.grant_key(town.city, grant.id))
    with at(after(grant)):
        ledger.give_back(town.city, [seen], "expire", somebody())
        put_raw(image)
        refused("changed_meanwhile", lambda: ledger.give_back(town.city, [seen], "expire", somebody()))
    assert town.free == 100_000


@promise
def nothing_is_given_back_to_a_budget_that_is_not_there(town: Town) -> None:
    town.budget()
    grant = town.grant()
    remove_raw(store.budget_key(town.city, "p1"))
    refused("changed_meanwhile", lambda: ledger.give_back(town.city, [town.seen(grant)], "revoke", somebody()))
    assert town.left(grant) == (10_000, 0)


# Payouts


@promise
def a_redemption_is_in_one_line(town: Town) -> None:
    town.budget()
    spent = town.claimed(town.grant())
    refused("already_paid_out", lambda: town.claim(spent, "l2"))
    refused("already_paid_out", lambda: transact([ledger.withhold(town.city, spent, "d1")]))
    assert [t.id for t in ledger.claimed(town.city, "l1")] == [spent.id]


@promise
def only_its_own_line_lets_a_redemption_go(town: Town) -> None:
    town.budget()
    grant = town.grant()
    spent, waiting = town.claimed(grant), town.spent(grant)
    refused("changed_meanwhile", lambda: transact([ledger.unclaim(town.city, spent, "l2")]))
    transact([ledger.withhold(town.city, waiting, "d1")])
    refused("changed_meanwhile", lambda: transact([ledger.let_go(town.city, waiting, "d2")]))
    transact([ledger.unclaim(town.city, spent, "l1"), ledger.let_go(town.city, waiting, "d1")])
    assert town.owed() == 2_000


@promise
def only_from_its_own_line_is_a_redemption_set_aside(town: Town) -> None:
    town.budget()
    spent = town.claimed(town.grant())
    refused("already_paid_out", lambda: transact([ledger.set_aside(town.city, spent, "l2", "d1")]))
    transact([ledger.set_aside(town.city, spent, "l1", "d1")])
    assert ledger.lines_of(town.city, [spent]) == {spent.id: "wait.d1"}


@promise
def what_was_taken_back_is_noticed(town: Town) -> None:
    town.budget()
    grant = town.grant()
    spent = town.spent(grant)
    transact([ledger.not_undone(town.city, spent)])
    ledger.undo(town.city, grant, spent.id, somebody())
    refused("already_undone", lambda: transact([ledger.not_undone(town.city, spent)]))


type OfLine = Callable[..., None]
LINE_VERBS: tuple[OfLine, ...] = (
    ledger.order,
    ledger.pay,
    ledger.reject,
    ledger.take_back,
    ledger.settle_inside,
)


def of_lines(verbs: tuple[OfLine, ...]) -> Callable[[Callable[[Town, OfLine], None]], None]:
    def each(scenario: Callable[[Town, OfLine], None]) -> None:
        for verb in verbs:

            def run(town: Town, verb: OfLine = verb) -> None:
                town.budget()
                scenario(town, verb)

            run.__name__ = f"{scenario.__name__}_{verb.__name__}"
            promise(run)

    return each


@of_lines(LINE_VERBS)
def what_happens_to_a_line_happens_once(town: Town, verb: OfLine) -> None:
    who = somebody()
    verb(town.city, "pool", "l1", {"p1": 700}, who, [])
    paid, owed = town.row().paid_minor, town.owed()
    verb(town.city, "pool", "l1", {"p1": 700}, who, [])
    refused("key_used_for_other_request", lambda: verb(town.city, "pool", "l1", {"p1": 701}, who, []))
    assert (town.row().paid_minor, town.owed()) == (paid, owed)


@of_lines((ledger.pay, ledger.take_back, ledger.settle_inside))
def what_is_paid_is_borne_by_the_year_that_is_open(town: Town, verb: OfLine) -> None:
    with meanwhile(lambda: ledger.carry_over(town.city, "p1", YEAR, somebody())):
        verb(town.city, "pool", "l1", {"p1": 700}, somebody(), [])
    years = {t.budget_year for t in ledger.journal(town.city, today()) if t.of == "l1"}
    assert years == {YEAR + 1}
    assert town.row().rest_minor == town.row().total_minor - town.row().paid_minor


@promise
def an_advance_is_sent_once(town: Town) -> None:
    who = somebody()
    once(lambda: ledger.advance(town.city, 5_000, who))
    refused("key_used_for_other_request", lambda: ledger.advance(town.city, 5_001, who))


# Decisions and switches


@promise
def a_decision_is_a_leaf_once(town: Town) -> None:
    decision = Decision(new_id(), "application", "a1", "approved", "clerk", "admin", now())
    transact([ledger.decided(town.city, decision)])
    other = replace(decision, outcome="declined")
    refused("key_used_for_other_request", lambda: transact([ledger.decided(town.city, other)]))
    assert [one.outcome for one in ledger.decisions_of(town.city, "a1")] == ["approved"]


@promise
def no_switch_is_turned_over_another_one(town: Town) -> None:
    def freeze(what: str) -> object:
        return ledger.freeze(town.city, "programme", what, "auditor", "a difference")

    with meanwhile(lambda: freeze("p1")):
        refused("changed_meanwhile", lambda: freeze("p2"))
    with meanwhile(lambda: freeze("p3")):
        refused("changed_meanwhile", lambda: freeze("p4"))
    with meanwhile(lambda: freeze("p5")):
        refused("changed_meanwhile", lambda: ledger.unfreeze(town.city, "programme", "p1", "auditor"))
    assert [one.id for one in ledger.switches(town.city).frozen] == ["p1", "p3", "p5"]


@promise
def no_leaf_of_a_switch_is_written_over(town: Town) -> None:
    ids = iter(["one", "two", "one", "four", "two"])
    with patch("chalicelib.money.ledger.switches.new_id", lambda: next(ids)):
        ledger.freeze(town.city, "programme", "p1", "auditor", "a difference")
        ledger.unfreeze(town.city, "programme", "p1", "auditor")
        again = partial(ledger.freeze, town.city, "programme", "p1", "auditor", "again")
        refused("key_used_for_other_request", again)
        again()
        refused("key_used_for_other_request", lambda: ledger.unfreeze(town.city, "programme", "p1", "auditor"))
    assert [one.outcome for one in ledger.decisions_of(town.city, "programme:p1")] == ["frozen", "unfrozen", "frozen"]
