"""The operations whose cost is told: each is prepared in a fresh town, then run once with its requests counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from chalicelib.core.clock import day_of, end_of, now, start_of, today
from chalicelib.core.ids import new_id
from chalicelib.core.table import Write, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import GRANTS_MAX_PER_EXPIRY, Grant, NewGrant, Spender, Transfer
from chalicelib.money.payouts.model import CLAIMS_PER_TRANSACTION
from tests.door import Door
from tests.money.payouts import build as paying
from tests.money.programmes import build as hall
from tests.money.vouchers import build as counter
from tests.town.people.build import a_town

type Run = Callable[[], Any]

CITY = counter.CITY
AT = f"/cities/{CITY}"
SPENT_MINOR = 120_00


@dataclass(frozen=True)
class Operation:
    """`prepare(n)` sets the scene for n pieces of work and gives what does them.

    Where `many` is more than `few`, what one piece more costs is told: the difference, divided.
    """

    name: str
    prepare: Callable[[int], Run]
    few: int = 1
    many: int = 1


def none() -> Sequence[Write]:
    """Nothing that another room writes with the movement."""
    return []


def spender(key: str = "") -> Spender:
    return Spender("somebody", "bench", key or new_id())


# At the till


def _at_the_till() -> tuple[Door, str]:
    """A till and the code of a voucher that it takes."""
    scene = counter.a_scene()
    code = counter.codes_of(counter.a_voucher(scene)).qr
    return Door().as_(counter.a_paired_till(scene.pool.id)), code


def check(_n: int) -> Run:
    till, code = _at_the_till()
    return lambda: _ok(till.post(f"{AT}/vouchers/check", {"code": code}))


def redeem(_n: int) -> Run:
    till, code = _at_the_till()
    return lambda: _redeem(till, code)


def _redeem(till: Door, code: str) -> Any:
    body = {"code": code, "amount_minor": SPENT_MINOR, "till": "till-1"}
    return _ok(till.post(f"{AT}/vouchers/redeem", body, key=new_id()))


def take_back(_n: int) -> Run:
    receipt = _redeem(*(at := _at_the_till()))
    path = f"{AT}/vouchers/{receipt['voucher']}/redemptions/{receipt['id']}/undo"
    return lambda: _ok(at[0].post(path, key=new_id()))


def _ok(answer: Any) -> Any:
    assert answer.status in (200, 201), answer
    return answer.body


# Applications


def submit(_n: int) -> Run:
    from chalicelib.money.programmes import service as programmes

    programme = hall.an_open(hall.a_hall())
    citizen = hall.a_citizen()
    draft = programmes.start(CITY, programme.id, citizen.id, citizen)
    return lambda: _ok(Door().as_(citizen).post(f"{AT}/applications/{draft.id}/submission"))


def approve(_n: int) -> Run:
    staff = hall.a_hall()
    sent = hall.submitted(hall.an_open(staff, denominations_minor=(hall.AMOUNT,)), hall.a_citizen())
    path, clerk = f"{AT}/applications/{sent.id}/decision", Door().as_(staff.clerk)
    return lambda: _ok(clerk.post(path, {"outcome": "approve"}, key=new_id()))


# The ledger alone


def _a_grant(amount_minor: int = 100_000) -> Grant:
    paying.a_paying_town()
    return paying.a_grant(amount_minor)


def allot(_n: int) -> Run:
    paying.a_paying_town()
    return lambda: paying.a_grant(100_000)


def spend(_n: int) -> Run:
    grant = _a_grant()
    switches = ledger.switches(CITY)
    return lambda: ledger.spend(CITY, grant, SPENT_MINOR, "pool", spender(), switches=switches, till="till-1")


def undo(_n: int) -> Run:
    grant = _a_grant()
    spent = ledger.spend(CITY, grant, SPENT_MINOR, "pool", spender()).transfer
    return lambda: ledger.undo(CITY, grant, spent.id, spender())


def hold(_n: int) -> Run:
    grant = _a_grant()
    return lambda: ledger.hold(CITY, grant, SPENT_MINOR, "pool", new_id(), spender(), none())


def _held() -> Transfer:
    return ledger.hold(CITY, _a_grant(), SPENT_MINOR, "pool", new_id(), spender(), none()).transfer


def settle(_n: int) -> Run:
    held = _held()
    return lambda: ledger.settle(CITY, held, spender(), none())


def release(_n: int) -> Run:
    held = _held()
    return lambda: ledger.release(CITY, held, spender(), none())


def top_up(_n: int) -> Run:
    grant = _a_grant()
    return lambda: ledger.top_up(CITY, grant, 10_000, spender())


def fund(_n: int) -> Run:
    paying.a_paying_town()
    return lambda: ledger.fund(CITY, "p1", 100_000, spender())


def cut(_n: int) -> Run:
    paying.a_paying_town()
    return lambda: ledger.cut(CITY, "p1", 100_000, spender())


def carry_over(_n: int) -> Run:
    paying.a_paying_town()
    return lambda: ledger.carry_over(CITY, "p1", day_of(now()).year, spender())


def expire(_n: int) -> Run:
    paying.a_paying_town()
    over = end_of(today() - timedelta(days=2))
    new = [_over(over) for _ in range(GRANTS_MAX_PER_EXPIRY)]
    grants = ledger.allot(CITY, new, spender())
    return lambda: ledger.give_back(CITY, grants, "expire", spender())


def _over(at: Any) -> NewGrant:
    return NewGrant(
        subject_ref=new_id(),
        programme="p1",
        application=new_id(),
        person="parent",
        beneficiary="child",
        mode="credit",
        amount_minor=50_000,
        valid_from=start_of(today() - timedelta(days=30)),
        valid_until=at,
    )


# To the bank


def claim(_n: int) -> Run:
    paying.a_paying_town()
    owed = [paying.redeemed("pool", 1_000) for _ in range(CLAIMS_PER_TRANSACTION)]
    return lambda: transact([ledger.claim(CITY, transfer, "line-1") for transfer in owed])


AMOUNTS = {"p1": SPENT_MINOR}


def order(_n: int) -> Run:
    paying.a_paying_town()
    return _order


def _order() -> None:
    ledger.order(CITY, "pool", "line-1", AMOUNTS, spender(), none())


def pay(_n: int) -> Run:
    paying.a_paying_town()
    _order()
    return _pay


def _pay() -> None:
    ledger.pay(CITY, "pool", "line-1", AMOUNTS, spender(), none())


def reject(_n: int) -> Run:
    paying.a_paying_town()
    _order()
    return lambda: ledger.reject(CITY, "pool", "line-1", AMOUNTS, spender(), none())


def returned(_n: int) -> Run:
    paying.a_paying_town()
    _order()
    _pay()
    return lambda: ledger.take_back(CITY, "pool", "line-1", AMOUNTS, spender(), none())


def internal(_n: int) -> Run:
    paying.a_paying_town()
    return lambda: ledger.settle_inside(CITY, "pool", "line-1", AMOUNTS, spender(), none())


def refund(_n: int) -> Run:
    grant, spent = _paid_out()
    return lambda: ledger.refund(CITY, grant, spent.id, spender(), reason="wrong_amount")


def _paid_out() -> tuple[Grant, Transfer]:
    grant = _a_grant()
    spent = ledger.spend(CITY, grant, SPENT_MINOR, "pool", spender()).transfer
    transact([ledger.claim(CITY, spent, "line-1")])
    return grant, spent


def write_off(_n: int) -> Run:
    grant, spent = _paid_out()
    debt = ledger.refund(CITY, grant, spent.id, spender(), reason="wrong_amount").transfer
    return lambda: ledger.write_off(CITY, debt, spender(), approved_by="another", reason="irrecoverable")


def build_payout(redemptions: int) -> Run:
    paying.a_paying_town()
    paying.a_provider("pool")
    for _ in range(redemptions):
        paying.redeemed("pool", 1_000)
    return paying.built


def import_statement(lines: int) -> Run:
    from chalicelib.money.payouts import service as payouts

    paying.a_paying_town()
    for n in range(lines):
        paying.a_provider(f"club-{n:02}", ico=f"8{n:07}")
        paying.redeemed(f"club-{n:02}", 1_000)
    authorising, budget, _ = paying.officers()
    out = paying.exported(paying.built(), authorising, budget)
    day = out.due_on or today()
    data = paying.statement(1, day, [paying.debit_of(line, day) for line in payouts.lines(CITY, out.id)])
    return lambda: payouts.import_statement(CITY, data, budget)


# The books


def _entries(count: int) -> None:
    """So many transfers whose ids are the same each time: the journal spreads them by their ids."""
    a_town(CITY)
    transact([ledger.open_budget(CITY, "p1")])
    ledger.fund(CITY, "p1", 100_000_000, spender("fund-p1"))
    new = [replace(_over(end_of(today())), subject_ref=f"subject-{n}", application=f"{n:026}") for n in range(10)]
    grants = ledger.allot(CITY, new, spender("allot"))
    switches = ledger.switches(CITY)
    for n in range(count):
        grant = grants[n % len(grants)]
        ledger.spend(CITY, grant, 10, f"provider-{n % 3}", spender(f"spend-{n}"), switches=switches)


def seal(entries: int) -> Run:
    from chalicelib.watch.audit import sealing

    _entries(entries)
    return lambda: sealing.seal(CITY, today())


def prove(transfers: int) -> Run:
    from chalicelib.watch.audit import proving

    _entries(transfers)
    return lambda: proving.prove("run", CITY)


OPERATIONS = (
    Operation("check a voucher (HTTP)", check),
    Operation("redeem a voucher (HTTP)", redeem),
    Operation("take a redemption back (HTTP)", take_back),
    Operation("submit an application (HTTP)", submit),
    Operation("approve an application (HTTP)", approve),
    Operation("allot one grant", allot),
    Operation("spend", spend),
    Operation("undo", undo),
    Operation("hold", hold),
    Operation("settle a hold", settle),
    Operation("release a hold", release),
    Operation("top up a grant", top_up),
    Operation("fund or raise a budget", fund),
    Operation("cut a budget", cut),
    Operation("carry a budget over", carry_over),
    Operation(f"expire {GRANTS_MAX_PER_EXPIRY} grants", expire),
    Operation(f"claim {CLAIMS_PER_TRANSACTION} redemptions for a payout", claim),
    Operation("order a payment", order),
    Operation("pay", pay),
    Operation("reject a payment", reject),
    Operation("return a payment", returned),
    Operation("settle inside the town", internal),
    Operation("refund after payout", refund),
    Operation("write a debt off", write_off),
    Operation("build a payout, each redemption more", build_payout, few=10, many=100),
    Operation("import a statement, each payment more", import_statement, few=2, many=12),
    Operation("seal a day, each entry more", seal, few=100, many=500),
    Operation("prove the books, each transfer more", prove, few=100, many=500),
)
