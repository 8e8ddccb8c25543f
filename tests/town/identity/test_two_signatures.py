"""Every pair of signatures in the house: two different verified people can give it, nobody else.

The list is complete: each place that asks for a signature (`identity.deciding.check_signature`) is named by a pair here.
"""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

import chalicelib
from chalicelib.core.clock import today
from chalicelib.core.gate import Who
from chalicelib.money.payouts import service as payouts
from chalicelib.money.programmes import service as programmes
from chalicelib.money.providers import service as providers
from chalicelib.town.identity import officers
from chalicelib.town.identity.model import SamePersonSigns, SignerNotVerified
from tests.hiring import hired, known_to
from tests.money.payouts.build import CITY, a_paying_town, a_provider, built, debited, exported, redeemed
from tests.money.payouts.build import officers as paying_officers
from tests.money.payouts.test_settlement import REASON
from tests.money.programmes.build import rules
from tests.town.people.build import a_colleague

type Sign = Callable[[Who], object]
type Pair = Callable[[], tuple[Sign, Sign]]
"""Sets the scene and gives the first signature and the second."""


def budget() -> tuple[Sign, Sign]:
    made = programmes.create(CITY, rules(), FIRST)
    change = programmes.propose_budget(CITY, made.id, 5_000, "Usnesení", FIRST)
    return (
        lambda who: programmes.sign_budget(CITY, made.id, change.id, "authorising_officer", 5_000, who),
        lambda who: programmes.sign_budget(CITY, made.id, change.id, "budget_officer", 5_000, who),
    )


def payout() -> tuple[Sign, Sign]:
    a_provider("pool")
    redeemed("pool", 5_000)
    made = built()
    return (
        lambda who: payouts.authorise(CITY, made.id, made.v, who),
        lambda who: payouts.release(CITY, made.id, made.v + 1, who),
    )


def vat_mark() -> tuple[Sign, Sign]:
    a_provider("pool")
    return (
        lambda who: providers.mark_vat(CITY, "pool", today(), who.id),
        lambda who: providers.pass_vat_mark(CITY, "pool", who.id),
    )


def vat_unmark() -> tuple[Sign, Sign]:
    return vat_mark()[0], lambda who: providers.mark_vat(CITY, "pool", None, who.id)


def account() -> tuple[Sign, Sign]:
    a_provider("pool")
    return (
        lambda who: providers.change_account(CITY, "pool", "7458476010/0800", who.id),
        lambda who: providers.refuse_account(CITY, "pool", 2, who),
    )


def role() -> tuple[Sign, Sign]:
    a_colleague("newcomer", ("clerk",))
    known_to(CITY, "newcomer")
    return (
        lambda who: officers.set_roles(CITY, "newcomer", ["budget_officer"], 1, who),
        lambda who: officers.accept(CITY, "newcomer", 2, who),
    )


def write_off() -> tuple[Sign, Sign]:
    a_provider("pool")
    wrong, who = redeemed("pool", 7_000), paying_officers()
    out = exported(built(), who[0], who[2])
    debited(out, who[1])
    refunded = payouts.refund(CITY, out.id, "pool", wrong.grant, wrong.id, REASON, "Nebylo to tak.", "k1", who[1])[
        1
    ].transfer
    return (
        lambda who: payouts.propose_write_off(CITY, refunded.grant, refunded.id, "Spolek zanikl.", who),
        lambda who: payouts.approve_write_off(CITY, refunded.id, who),
    )


PAIRS: dict[str, tuple[Pair, set[str]]] = {
    "budget": (budget, {"programmes/funding.py:_check_signature"}),
    "payout": (payout, {"payouts/signing.py:authorise", "payouts/signing.py:release"}),
    "write_off": (write_off, {"payouts/owing.py:propose_write_off", "payouts/owing.py:approve_write_off"}),
    "account": (account, {"providers/service.py:_decide_account"}),
    "vat_mark": (vat_mark, {"providers/service.py:pass_vat_mark"}),
    "vat_unmark": (vat_unmark, {"providers/service.py:mark_vat"}),
    "role": (role, {"identity/officers.py:accept"}),
}
ROLES = {CITY: ("admin", "authorising_officer", "budget_officer", "chief_accountant")}
FIRST, SECOND = (Who(id=id, app="admin", roles=ROLES) for id in ("first", "second"))


@pytest.fixture(autouse=True)
def town(bucket: str) -> None:
    a_paying_town()
    for who in (FIRST, SECOND):
        hired(who)


def test_every_place_that_asks_for_a_signature_is_in_a_pair() -> None:
    root, found = Path(chalicelib.__file__).parent, set()
    for file in root.rglob("*.py"):
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and function.name != "check_signature":
                calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
                names = {getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls}
                if "check_signature" in names:
                    found.add(f"{file.parent.name}/{file.name}:{function.name}")
    assert found == set().union(*(places for _, places in PAIRS.values()))


@pytest.mark.parametrize("name", PAIRS)
def test_two_different_verified_people_sign(name: str) -> None:
    first, second = PAIRS[name][0]()
    first(FIRST)
    second(SECOND)


@pytest.mark.parametrize("name", PAIRS)
def test_one_sign_in_does_not_give_both_signatures(name: str) -> None:
    first, second = PAIRS[name][0]()
    first(FIRST)
    with pytest.raises(SamePersonSigns):
        second(FIRST)


@pytest.mark.parametrize("name", PAIRS)
def test_a_second_sign_in_of_the_same_person_does_not_give_the_other(name: str) -> None:
    first, second = PAIRS[name][0]()
    known_to(CITY, SECOND.id, ref=f"ref-{FIRST.id}")
    first(FIRST)
    with pytest.raises(SamePersonSigns):
        second(SECOND)
    known_to(CITY, SECOND.id)
    second(SECOND)


@pytest.mark.parametrize("name", PAIRS)
def test_who_has_not_proved_their_identity_does_not_sign(name: str) -> None:
    first, second = PAIRS[name][0]()
    first(FIRST)
    known_to(CITY, SECOND.id, proof=False)
    with pytest.raises(SignerNotVerified):
        second(SECOND)


@pytest.mark.parametrize("name", ["budget", "payout", "role", "write_off"])
def test_nor_does_such_a_person_give_the_first_signature(name: str) -> None:
    first, _ = PAIRS[name][0]()
    known_to(CITY, FIRST.id, proof=False)
    with pytest.raises(SignerNotVerified):
        first(FIRST)
