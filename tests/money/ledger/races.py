"""Races for every condition of the ledger: what several processes do at once, and what must have come of it.

`guards` names the arms that keep the promise: with them taken away the same race must break it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from chalicelib.core.clock import Instant, day_of
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import ChangedMeanwhile
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Grant, Receipt, Transfer
from tests.days import at
from tests.money.ledger.conditions import Arm
from tests.money.ledger.town import YEAR, Town, after, somebody
from tests.money.ledger.writers import Answer, Task

type Judge = Callable[[list[Answer]], None]
"""Asserts what must have come of the race."""


@dataclass(frozen=True)
class Race:
    name: str
    prepare: Callable[[Town], tuple[Sequence[Task], Judge]]
    guards: tuple[Arm, ...] = field(default=())


RACES: list[Race] = []

type Prepare = Callable[[Town], tuple[Sequence[Task], Judge]]


def race(*guards: str) -> Callable[[Prepare], Prepare]:
    def keep(prepare: Prepare) -> Prepare:
        RACES.append(Race(prepare.__name__, prepare, tuple(Arm.named(guard) for guard in guards)))
        return prepare

    return keep


def done(answers: list[Answer]) -> list[Answer]:
    return [answer for answer in answers if not answer.refused]


def new(answers: list[Answer]) -> list[Answer]:
    """What was done now and is no replay."""
    return [answer for answer in done(answers) if not isinstance(answer.value, Receipt) or not answer.value.replayed]


def codes(answers: list[Answer]) -> set[str]:
    return {answer.refused for answer in answers if answer.refused}


# Tasks that are more than one verb. They run in another process, so they are functions of this module.


def claim(city: str, transfer: Transfer, line: str) -> None:
    transact([ledger.claim(city, transfer, line)])


def make_voucher(city: str, grant: str) -> None:
    transact([ledger.voucher_made(city, grant)])


def at_instant(instant: Instant, task: Task) -> object:
    with at(instant):
        return task()


def carry_over(city: str) -> Receipt:
    """As its button does it: again when money moved at the same moment."""
    while True:
        try:
            return ledger.carry_over(city, "p1", YEAR, somebody())
        except ChangedMeanwhile:
            continue


def spends(town: Town, grant: Grant, count: int, amount_minor: int, **more: object) -> list[Task]:
    return [partial(ledger.spend, town.city, grant, amount_minor, "pool", somebody(), **more) for _ in range(count)]  # type: ignore[arg-type]


def awards(town: Town, count: int, amount_minor: int, subject: str = "") -> list[Task]:
    return [partial(ledger.allot, town.city, [town.new_grant(amount_minor, subject)], somebody()) for _ in range(count)]


# Spending


@race("spend: grant spendable_minor >=")
def spends_never_overdraw(town: Town) -> tuple[Sequence[Task], Judge]:
    grant = town.grant(10_000)

    def judge(answers: list[Answer]) -> None:
        assert (len(done(answers)), codes(answers)) == (3, {"credit_too_small"})
        assert town.left(grant) == (1_000, 0)

    return spends(town, grant, 9, 3_000), judge


@race("spend: transfer is new")
def one_key_is_one_debit(town: Town) -> tuple[Sequence[Task], Judge]:
    grant, who = town.grant(10_000), somebody()

    def judge(answers: list[Answer]) -> None:
        assert len(new(answers)) == 1
        assert len({answer.value.transfer for answer in answers}) == 1
        assert town.left(grant) == (7_000, 0)

    return [partial(ledger.spend, town.city, grant, 3_000, "pool", who)] * 9, judge


@race("spend: transfer is new")
def one_key_for_two_requests_is_one_of_them(town: Town) -> tuple[Sequence[Task], Judge]:
    grant, who = town.grant(10_000), somebody()

    def judge(answers: list[Answer]) -> None:
        assert codes(answers) == {"key_used_for_other_request"}
        assert len({answer.value.transfer for answer in done(answers)}) == 1
        assert len(ledger.transfers_of(town.city, grant.id)) == 2

    return [partial(ledger.spend, town.city, grant, 100 + n % 3, "pool", who) for n in range(9)], judge


@race("spend: grant state =")
def a_single_use_is_used_once(town: Town) -> tuple[Sequence[Task], Judge]:
    grant = town.grant(10_000, single_use=True)

    def judge(answers: list[Answer]) -> None:
        assert (len(done(answers)), codes(answers)) == (1, {"grant_used"})
        assert town.left(grant) == (9_000, 0)

    return spends(town, grant, 6, 1_000), judge


@race("spend: grant valid_until >=")
def nobody_spends_after_the_last_second(town: Town) -> tuple[Sequence[Task], Judge]:
    grant = town.grant(10_000)
    late: list[Task] = [partial(at_instant, after(grant), task) for task in spends(town, grant, 3, 1_000)]
    in_time: list[Task] = [partial(at_instant, grant.valid_until, task) for task in spends(town, grant, 3, 1_000)]

    def judge(answers: list[Answer]) -> None:
        assert (len(done(answers)), codes(answers)) == (3, {"validity_ended"})
        assert town.left(grant) == (7_000, 0)

    return late + in_time, judge


@race("spend: grant voucher_rev =")
def a_replaced_code_is_dead_at_every_till(town: Town) -> tuple[Sequence[Task], Judge]:
    grant = town.grant(10_000)
    ledger.new_voucher_revision(town.city, grant, [])

    def judge(answers: list[Answer]) -> None:
        assert (len(done(answers)), codes(answers)) == (3, {"code_replaced"})
        assert town.left(grant) == (7_000, 0)

    return [*spends(town, grant, 3, 1_000, voucher_rev=1), *spends(town, grant, 3, 1_000, voucher_rev=2)], judge


@race("new_voucher_revision: grant voucher_rev =")
def one_new_code_at_a_time(town: Town) -> tuple[Sequence[Task], Judge]:
    grant = town.grant(10_000)

    def judge(answers: list[Answer]) -> None:
        assert (len(done(answers)), codes(answers)) == (1, {"changed_meanwhile"})
        assert town.seen(grant).voucher_rev == 2

    return [partial(ledger.new_voucher_revision, town.city, grant, [])] * 6, judge


@race("voucher_made: transfer GSI2PK =")
def one_voucher_of_a_grant(town: Town) -> tuple[Sequence[Task], Judge]:
    grant = town.grant(10_000)

    def judge(answers: list[Answer]) -> None:
        assert (len(done(answers)), codes(answers)) == (1, {"changed_meanwhile"})

    return [partial(make_voucher, town.city, grant.id)] * 6, judge


@race("spend: grant day_spent_minor <=")
def a_days_limit_holds(town: Town) -> tuple[Sequence[Task], Judge]:
    opened = town.grant(10_000, day_limit_minor=4_000)
    town.spend(opened, 1_000)
    grant = town.seen(opened)

    def judge(answers: list[Answer]) -> None:
        assert (len(done(answers)), codes(answers)) == (3, {"day_limit_reached"})
        assert town.left(grant) == (6_000, 0)

    return spends(town, grant, 9, 1_000), judge


@race("spend: grant day =")
def a_day_begins_once(town: Town) -> tuple[Sequence[Task], Judge]:
    grant = town.grant(10_000, day_limit_minor=4_000)

    def judge(answers: list[Answer]) -> None:
        assert (len(done(answers)), codes(answers)) == (4, {"day_limit_reached"})
        assert town.left(grant) == (6_000, 0)

    return spends(town, grant, 9, 1_000), judge


@race("spend: grant category_spent <=")
def a_categorys_limit_holds(town: Town) -> tuple[Sequence[Task], Judge]:
    grant = town.grant(10_000, category_limits={"sport": 3_000})

    def judge(answers: list[Answer]) -> None:
        assert (len(done(answers)), codes(answers)) == (3, {"category_limit_reached"})
        assert town.left(grant) == (7_000, 0)

    return spends(town, grant, 9, 1_000, category="sport"), judge


@race("spend: provider_limit spent_minor <= OR is new")
def a_providers_limit_holds_over_all_grants(town: Town) -> tuple[Sequence[Task], Judge]:
    grants = [town.grant(3_000) for _ in range(3)]

    def judge(answers: list[Answer]) -> None:
        assert (len(done(answers)), codes(answers)) == (4, {"provider_limit_reached"})
        assert town.owed() == 4_000

    return [task for grant in grants for task in spends(town, grant, 3, 1_000, provider_limit_minor=4_000)], judge


# The ceiling


def _award_race(town: Town, others: list[Task], awarded: list[Task]) -> tuple[Sequence[Task], Judge]:
    """30 000 are free, and each of twelve wants 10 000 of it."""

    def judge(answers: list[Answer]) -> None:
        assert (len(done(answers)), codes(answers)) == (3, {"budget_exhausted"})
        assert town.free == 0

    return [task for pair in zip(others, awarded, strict=True) for task in pair], judge


@race("allot: budget free_minor >=")
def awards_never_pass_the_ceiling_and_the_last_haler_is_awarded(town: Town) -> tuple[Sequence[Task], Judge]:
    town.grant(70_000)
    return _award_race(town, awards(town, 6, 10_000), awards(town, 6, 10_000))


@race("allot: budget free_minor >=", "top_up: budget free_minor >=")
def top_ups_and_awards_share_one_ceiling(town: Town) -> tuple[Sequence[Task], Judge]:
    grant = town.grant(70_000)
    more: list[Task] = [partial(ledger.top_up, town.city, grant, 10_000, somebody()) for _ in range(6)]
    return _award_race(town, more, awards(town, 6, 10_000))


@race("allot: budget free_minor >=", "cut: budget free_minor >=")
def a_cut_takes_nothing_that_is_awarded(town: Town) -> tuple[Sequence[Task], Judge]:
    town.grant(70_000)
    less: list[Task] = [partial(ledger.cut, town.city, "p1", 10_000, somebody()) for _ in range(6)]
    return _award_race(town, less, awards(town, 6, 10_000))


@race("allot: grant is new", "allot: transfer is new")
def one_child_is_awarded_once(town: Town) -> tuple[Sequence[Task], Judge]:
    def judge(answers: list[Answer]) -> None:
        assert (len(done(answers)), codes(answers)) == (1, {"already_awarded"})
        assert town.free == 90_000

    return awards(town, 6, 10_000, subject="one-child"), judge


@race("allot: grant is new", "allot: transfer is new")
def one_approval_sent_many_times_is_one_award(town: Town) -> tuple[Sequence[Task], Judge]:
    wanted, who = town.new_grant(10_000, "one-child"), somebody()

    def judge(answers: list[Answer]) -> None:
        assert codes(answers) == set()
        assert len({tuple(grant.id for grant in answer.value) for answer in answers}) == 1
        assert town.free == 90_000

    return [partial(ledger.allot, town.city, [wanted], who)] * 6, judge


# Ends


@race("settle: transfer is new", "release: transfer is new")
def a_hold_ends_once(town: Town) -> tuple[Sequence[Task], Judge]:
    grant = town.grant(10_000)
    held = town.hold(grant, 2_000)
    for _ in range(4):
        town.hold(grant, 2_000)

    def judge(answers: list[Answer]) -> None:
        kinds = town.kinds(grant)
        assert (len(new(answers)), codes(answers)) == (1, {"hold_ended"})
        assert kinds.count("settle") + kinds.count("release") == 1
        assert town.left(grant) == ((0, 8_000) if "settle" in kinds else (2_000, 8_000))

    ends: list[Task] = []
    for _ in range(3):
        ends.append(partial(ledger.settle, town.city, held, somebody(), []))
        ends.append(partial(ledger.release, town.city, held, somebody(), []))  # by a person, or by the time-out
    return ends, judge


@race("undo: transfer is new")
def a_redemption_is_undone_once(town: Town) -> tuple[Sequence[Task], Judge]:
    grant = town.grant(10_000)
    spent = town.spent(grant, 4_000)

    def judge(answers: list[Answer]) -> None:
        assert (len(new(answers)), codes(answers)) == (1, set())
        assert (town.left(grant), town.owed()) == ((10_000, 0), 0)

    return [partial(ledger.undo, town.city, grant, spent.id, somebody()) for _ in range(6)], judge


@race("refund: transfer is new")
def a_redemption_is_refunded_once(town: Town) -> tuple[Sequence[Task], Judge]:
    grant = town.grant(10_000)
    spent = town.claimed(grant, 4_000)

    def judge(answers: list[Answer]) -> None:
        assert (len(new(answers)), codes(answers)) == (1, set())
        assert (town.left(grant), town.owed()) == ((10_000, 0), -4_000)

    return [partial(ledger.refund, town.city, grant, spent.id, somebody()) for _ in range(6)], judge


@race("give_back: grant spendable_minor =", "give_back: grant v =")
def expiry_returns_nothing_that_is_spent(town: Town) -> tuple[Sequence[Task], Judge]:
    """At midnight one clock says that it is over and another one that it is not."""
    grant = town.grant(10_000)
    seen = town.seen(grant)
    town.spend(grant, 1_000)
    expiry = partial(ledger.give_back, town.city, [seen], "expire", somebody())
    over: list[Task] = [partial(at_instant, after(grant), expiry)] * 3
    fresh = partial(ledger.give_back, town.city, [town.seen(grant)], "expire", somebody())
    over.append(partial(at_instant, after(grant), fresh))
    not_over: list[Task] = [partial(at_instant, grant.valid_until, task) for task in spends(town, grant, 4, 1_000)]

    def judge(answers: list[Answer]) -> None:
        spent = town.owed("pool")
        assert len([answer for answer in done(answers) if isinstance(answer.value, int)]) <= 1
        assert sum(town.left(grant)) + spent + (town.free - 90_000) == 10_000

    return [*not_over[:2], *over, *not_over[2:]], judge


# Payouts


@race("claim: transfer payout_line attribute_not_exists")
def a_redemption_is_in_one_line(town: Town) -> tuple[Sequence[Task], Judge]:
    spent = town.spent(town.grant(10_000), 4_000)

    def judge(answers: list[Answer]) -> None:
        assert (len(done(answers)), codes(answers)) == (1, {"already_paid_out"})

    return [partial(claim, town.city, spent, f"line-{n}") for n in range(6)], judge


@race("claim: transfer payout_line attribute_not_exists", "write_off: transfer payout_line attribute_not_exists")
def a_debt_is_deducted_or_written_off(town: Town) -> tuple[Sequence[Task], Judge]:
    grant = town.grant(10_000)
    spent = town.claimed(grant, 4_000)
    refunded = ledger.refund(town.city, grant, spent.id, somebody()).transfer
    give_up = partial(ledger.write_off, town.city, refunded, somebody(), approved_by="another", reason="gone")

    def judge(answers: list[Answer]) -> None:
        written_off = "write_off" in town.kinds(grant)
        deducted = any(answer.value == "deducted" for answer in done(answers))
        assert written_off != deducted

    return [*[partial(deduct, town.city, refunded, f"line-{n}") for n in range(3)], *[give_up] * 3], judge


def deduct(city: str, refunded: Transfer, line: str) -> str:
    claim(city, refunded, line)
    return "deducted"


@race("pay: transfer is new")
def a_line_is_paid_once(town: Town) -> tuple[Sequence[Task], Judge]:
    def judge(answers: list[Answer]) -> None:
        assert codes(answers) == set()
        assert town.row().paid_minor == 700

    return [partial(ledger.pay, town.city, "pool", "l1", {"p1": 700}, somebody(), [])] * 6, judge


@race("carry_over: transfer is new", "carry_over: budget year =")
def a_year_is_carried_over_once(town: Town) -> tuple[Sequence[Task], Judge]:
    def judge(answers: list[Answer]) -> None:
        assert len(new(answers)) == 1
        assert town.row().year == YEAR + 1

    return [partial(carry_over, town.city) for _ in range(6)], judge


@race()
def what_is_paid_at_the_turn_of_the_year_is_in_one_year(town: Town) -> tuple[Sequence[Task], Judge]:
    """Which arm this rests on shows only by luck here; `promises` shows it every time."""
    pays: list[Task] = [
        partial(ledger.pay, town.city, "pool", f"l{n}", {"p1": 100 + n}, somebody(), []) for n in range(8)
    ]

    def judge(answers: list[Answer]) -> None:
        assert codes(answers) == set()
        carried = next(answer.value.transfer for answer in answers if isinstance(answer.value, Receipt))
        row = town.row()
        assert (row.year, row.paid_next_minor) == (YEAR + 1, 0)
        paid = {t.of: t for t in ledger.journal(town.city, day_of(carried.posted_at)) if t.kind == "pay"}
        in_old_year = sum(t.amount_minor for t in paid.values() if t.budget_year == YEAR)
        assert len(paid) == 8
        assert carried.amount_minor == row.total_minor - in_old_year

    return [*pays[:4], partial(carry_over, town.city), *pays[4:]], judge


@race()
def every_switch_that_was_turned_is_on(town: Town) -> tuple[Sequence[Task], Judge]:
    """Which arm this rests on shows only by luck here; `promises` shows it every time."""

    def judge(answers: list[Answer]) -> None:
        turned = {answer.value for answer in done(answers)}
        assert codes(answers) <= {"changed_meanwhile"}
        assert {one.id for one in ledger.switches(town.city).frozen} == turned
        assert turned

    return [partial(freeze, town.city, new_id()) for _ in range(9)], judge


def freeze(city: str, programme: str) -> str:
    ledger.freeze(city, "programme", programme, "auditor", "a difference")
    return programme
