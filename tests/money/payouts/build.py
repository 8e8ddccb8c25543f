"""Builders for tests about payouts: a town with an account, active providers, redemptions, and the bank's answer."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from chalicelib.commons.bank.model import AccountNumber, Payment, StatementLine
from chalicelib.core.clock import end_of, now, start_of, today
from chalicelib.core.gate import AUTHORISING_OFFICER, BUDGET_OFFICER, CHIEF_ACCOUNTANT, NOBODY, Who
from chalicelib.core.ids import new_id
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Grant, NewGrant, Spender, Transfer
from chalicelib.money.payouts import service as payouts
from chalicelib.money.payouts.model import Imported, Line, Payout
from chalicelib.money.programmes import service as programmes
from chalicelib.money.providers import store as provider_store
from chalicelib.money.providers.model import Account, Provider, ProviderContact
from localcloud import bank
from tests.money.programmes.build import rules
from tests.town.people.build import a_colleague, a_town

CITY = "modrinov"
TOWN_ACCOUNT = "19-2000145399/0800"
ACCOUNTS = ("6329508544/2700", "7458476010/0800", "6795794795/5500")


def a_paying_town(**more: Any) -> None:
    a_town(account_number=TOWN_ACCOUNT, bank_profile="0800", **more)
    for programme in ("p1", "p2"):
        programmes.create(CITY, rules(), NOBODY, id=programme)
        ledger.fund(CITY, programme, 10_000_000, someone())


def someone() -> Spender:
    return Spender(by="somebody", via="test", key=new_id())


def a_provider(id: str, account: str = ACCOUNTS[0], **more: Any) -> Provider:
    made = Provider(
        id=id,
        ico=f"8{abs(hash(id)) % 10**7:07}",
        name=f"Oddíl {id}",
        legal_form="association",
        seat="Nádražní 7, Modřínov",
        contact=ProviderContact("Karel Vedoucí", f"{id}@oddil.example"),
        registered_at=now(),
        registered_by="owner",
        state="active",
        account_version=1,
        accounts=1,
    )
    made = replace(made, **more)
    kept = Account(1, account, "approved", "owner", now(), "clerk", now())
    transact([*provider_store.add(CITY, made), provider_store.add_account(CITY, id, kept)])
    return made


def a_grant(amount_minor: int, programme: str = "p1", beneficiary: str = "child") -> Grant:
    new = NewGrant(
        subject_ref=new_id(),
        programme=programme,
        application=new_id(),
        person="parent",
        beneficiary=beneficiary,
        mode="voucher",
        amount_minor=amount_minor,
        valid_from=start_of(today()),
        valid_until=end_of(today() + timedelta(days=60)),
    )
    return ledger.allot(CITY, [new], someone())[0]


def redeemed(provider: str, amount_minor: int, programme: str = "p1", *, of_minor: int = 0) -> Transfer:
    """A redemption of a whole grant, or of a part of one of `of_minor`."""
    grant = a_grant(of_minor or amount_minor, programme)
    return ledger.spend(CITY, grant, amount_minor, provider, someone()).transfer


def built() -> Payout:
    """A payout of everything owed now."""
    made = payouts.start(CITY)
    cursor = None
    while True:
        cursor = payouts.build(CITY, made.id, cursor)
        if cursor is None:
            return payouts.payout(CITY, made.id)


def officers() -> tuple[Who, Who, Who]:
    """An authorising officer, a budget officer and a chief accountant, three people."""
    return (
        a_colleague("authorising", (AUTHORISING_OFFICER,)),
        a_colleague("budget", (BUDGET_OFFICER,)),
        a_colleague("chief", (CHIEF_ACCOUNTANT,)),
    )


def exported(payout: Payout, authorising: Who, budget: Who) -> Payout:
    authorised = payouts.authorise(CITY, payout.id, payout.v, authorising)
    released = payouts.release(CITY, payout.id, authorised.v, budget)
    return payouts.export(CITY, payout.id, released.v, budget)


def debit_of(line: Line, on: date) -> StatementLine:
    return bank._debit(_payment(line), on)


def returned(line: Line, debited_on: date) -> StatementLine:
    return bank.returned(_payment(line), debited_on)


def _payment(line: Line) -> Payment:
    account = AccountNumber.parse(line.account)
    return Payment(line.id, account, line.amount_minor, str(line.number), "0308", str(line.position))


def statement(number: int, day: date, lines: list[StatementLine]) -> bytes:
    made = bank.statement(AccountNumber.parse(TOWN_ACCOUNT), number, day, 100_000_000, lines)
    return bank.gpc(made, "Město Modřínov")


def debited(payout: Payout, by: Who, number: int = 900) -> list[Imported]:
    """The bank debits each payment of an order by itself, and its statement is imported."""
    day = payout.due_on or today()
    lines = [debit_of(line, day) for line in payouts.lines(CITY, payout.id) if line.state == "in_order"]
    return payouts.import_statement(CITY, statement(number, day, lines), by)


def sums(payout: str) -> dict[str, int]:
    """What each provider gets in a payout."""
    return {line.provider: line.amount_minor for line in payouts.lines(CITY, payout)}
