"""Pays providers out: two payouts of the past, one at the bank, one that waits for the budget officer today.

Everything goes through the payouts' own verbs, under a clock set back, with statements from the stand-in of the bank.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from chalicelib.commons.bank import abo
from chalicelib.commons.bank.banking_days import after as banking_days_after
from chalicelib.commons.bank.model import AccountNumber, PaymentOrder, Statement, StatementLine
from chalicelib.commons.bank.numbers import passes_mod_11
from chalicelib.core.aws import client
from chalicelib.core.clock import end_of, start_of
from chalicelib.core.gate import Who
from chalicelib.core.settings import settings
from chalicelib.money.fees.model import Charge, is_open
from chalicelib.money.payouts import service as payouts
from chalicelib.money.payouts.model import Line, Payout
from chalicelib.money.providers import service as providers
from localcloud import bank
from localcloud.demo.chance import dice
from localcloud.demo.clock import at
from localcloud.demo.sponsors import owner_of
from localcloud.demo.towns import MODRINOV, PODLESI
from localcloud.demo.world import World

FIRST_DAYS, SECOND_DAYS, THIRD_DAYS, INSIDE_DAYS = -49, -19, -3, -4
RETURNED = ("horak", "sova")
"""Horák's account is wrong on file; Sova's bank was just being changed."""
FIRST_NUMBER, OPENING_MINOR = 211, 1_284_550_000
ACCOUNT_CHANGED_DAYS, VAT_MARKED_DAYS = -7, -3
NEW_ACCOUNT = "7361784543/0300"
"""Where Vydra wants to be paid from now on; the town has not approved it yet."""
NEVER_DEBITED = "kolarova"
CLERK_HOUR = timedelta(hours=9)


@dataclass
class Settling:
    """The payouts of both towns and the statements that came back."""

    world: World
    number: int = FIRST_NUMBER
    balance_minor: int = OPENING_MINOR

    def run(self) -> Payout:
        """All of it; gives the payout that the bank has just debited."""
        first = self._exported(self._on(FIRST_DAYS))
        self._imported(self._debited_on(first), bank.debits(_order(first), self._debited_on(first)))
        second = self._exported(self._on(SECOND_DAYS))
        debited_on = self._debited_on(second)
        self._imported(debited_on, [bank.summed_debit(_order(second), debited_on)])
        self._returned(second, debited_on)
        self._troubles()
        third = self._exported(self._on(THIRD_DAYS))
        self._authorised_today()
        self._inside_the_town()
        return third

    def _on(self, days: int) -> date:
        return self.world.day + timedelta(days=days)

    def _who(self, key: str, city: str = MODRINOV) -> Who:
        colleague = self.world.colleague(city, key)
        return Who(colleague.id, "admin", roles={city: colleague.roles})

    def _built(self, day: date, hour: timedelta = CLERK_HOUR, city: str = MODRINOV) -> Payout:
        with at(start_of(day) + hour):
            made = payouts.start(city, end_of(day - timedelta(days=1)))
            _all_steps(lambda cursor: payouts.build(city, made.id, cursor))
            return payouts.payout(city, made.id)

    def _exported(self, day: date, city: str = MODRINOV) -> Payout:
        """Built, signed by two, handed to the bank within a morning."""
        payout, nine = self._built(day, city=city), start_of(day) + CLERK_HOUR
        with at(nine + timedelta(minutes=20)):
            payout = payouts.authorise(city, payout.id, payout.v, self._who("authorising", city))
        with at(nine + timedelta(minutes=55)):
            payout = payouts.release(city, payout.id, payout.v, self._who("budget", city))
        with at(nine + timedelta(hours=1)):
            return payouts.export(city, payout.id, payout.v, self._who("budget", city))

    def _debited_on(self, payout: Payout) -> date:
        assert payout.due_on is not None
        return payout.due_on

    def statement(self, day: date, lines: Sequence[StatementLine]) -> Statement:
        """The next statement of the town's account."""
        account = AccountNumber.parse(self.world.towns[0][0].account_number)
        made = bank.statement(account, self.number, day, self.balance_minor, lines)
        self.number, self.balance_minor = self.number + 1, made.closing_minor
        return made

    def _imported(self, day: date, lines: Sequence[StatementLine]) -> None:
        made = self.statement(day, lines)
        with at(start_of(day + timedelta(days=1)) + CLERK_HOUR):
            payouts.import_statement(MODRINOV, bank.gpc(made, self.world.towns[0][0].name), self._who("budget"))

    def _returned(self, payout: Payout, debited_on: date) -> None:
        """Two payments came back; finance matched them, so they are owed again."""
        ids = {self.world.provider(MODRINOV, key).id: key for key in RETURNED}
        lines = [line for line in payouts.lines(MODRINOV, payout.id) if line.provider in ids]
        payments = {int(payment.ss): payment for payment in _order(payout).payments}
        day = banking_days_after(debited_on, bank.RETURN_BANKING_DAYS)
        self._imported(day, [bank.returned(payments[line.position], debited_on) for line in lines])
        with at(start_of(day + timedelta(days=1)) + CLERK_HOUR + timedelta(minutes=10)):
            for found in payouts.doubts(MODRINOV):
                moved = found.doubt.line
                line = _line_of(lines, moved.amount_minor, str(moved.counter_account))
                payouts.decide(MODRINOV, found.doubt.id, line.id, self._who("budget"))
            held = self.world.provider(MODRINOV, "horak").id
            providers.hold_payouts(MODRINOV, held, "Banka vrátila platbu, ověřujeme účet.", self._who("budget").id)

    def _troubles(self) -> None:
        """Vydra entered another account, and the tax register marked Jazyky hrou: their money waits from then on."""
        vydra, jazyky = self.world.provider(MODRINOV, "vydra"), self.world.provider(MODRINOV, "jazyky")
        with at(start_of(self._on(ACCOUNT_CHANGED_DAYS)) + timedelta(hours=20)):
            providers.change_account(MODRINOV, vydra.id, NEW_ACCOUNT, owner_of(self.world, vydra))
        with at(start_of(self._on(VAT_MARKED_DAYS)) + timedelta(hours=8)):
            providers.mark_vat(MODRINOV, jazyky.id, self._on(VAT_MARKED_DAYS), self._who("budget").id)

    def _authorised_today(self) -> None:
        payout = self._built(self.world.day, timedelta(hours=7))
        with at(start_of(self.world.day) + timedelta(hours=7, minutes=20)):
            payouts.authorise(MODRINOV, payout.id, payout.v, self._who("authorising"))

    def _inside_the_town(self) -> None:
        """Podlesí settles with its own facilities inside the city part: nothing goes to the bank."""
        self._exported(self._on(INSIDE_DAYS), PODLESI)


def _all_steps(step: Callable[[str | None], str | None]) -> None:
    cursor = step(None)
    while cursor:
        cursor = step(cursor)


def _order(payout: Payout) -> PaymentOrder:
    """The order as the bank got it: read from the file."""
    bucket = settings().bucket_documents
    files = [client("s3").get_object(Bucket=bucket, Key=file.key) for file in payout.files]
    orders = [abo.read(file["Body"].read()) for file in files]
    return replace(orders[0], payments=tuple(payment for order in orders for payment in order.payments))


def _line_of(lines: Sequence[Line], amount_minor: int, account: str) -> Line:
    return next(line for line in lines if line.amount_minor == amount_minor and account in (line.account, ""))


# The statement that waits to be imported


@dataclass
class TodaysStatement:
    """Yesterday's movements of the town's account, as finance gets them this morning."""

    settling: Settling
    exported: Payout
    charges: Sequence[Charge]
    folder: Path

    def write(self) -> None:
        """The file to import, and two that are refused whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        town = self.settling.world.towns[0][0]
        self.settling.number += 1  # one statement is missing in between: the gap is reported
        made = self.settling.statement(self.settling.world.day - timedelta(days=1), list(self._lines()))
        name = f"vypis-{made.closed_on.isoformat()}"
        whole = bank.gpc(made, town.name)
        (self.folder / f"{name}.gpc").write_bytes(whole)
        (self.folder / f"{name}.camt.xml").write_bytes(bank.camt053(made))
        (self.folder / f"{name}-useknuty.gpc").write_bytes(whole[: len(whole) * 2 // 3])
        wrong = replace(made, closing_minor=made.closing_minor + 100)
        (self.folder / f"{name}-nesedi-zustatek.gpc").write_bytes(bank.gpc(wrong, town.name))

    def _lines(self) -> Iterator[StatementLine]:
        day = self.settling.world.day - timedelta(days=1)
        closed = self.settling.world.provider(MODRINOV, NEVER_DEBITED).account
        for line in bank.debits(_order(self.exported), day):
            if line.counter_account != AccountNumber.parse(closed):
                yield line
        yield from self._payments_of_charges(day)
        yield StatementLine(0, "debit", 14_900, day, day, text="POPLATEK ZA VEDENÍ ÚČTU")
        yield StatementLine(0, "credit", 2_317, day, day, text="KREDITNÍ ÚROK")
        yield bank.incoming(_account(999), 1_250_000, day, vs="5550001", name="SPRÁVA SILNIC KRAJE")

    def _payments_of_charges(self, day: date) -> Iterator[StatementLine]:
        """One of each kind of payment that a town gets."""
        waste = [charge for charge in self.charges if charge.charge_kind == "local_fee" and charge.reduced_minor]
        open_ = [charge for charge in waste if is_open(charge) and not charge.paid_minor]
        plain, late, less, more, twice, text, *rest = open_
        enough = plain.reduced_minor
        yield bank.incoming(_account(1), enough, day, vs=plain.vs, name="NOVÁK JAN A NOVÁKOVÁ JANA")
        yield replace(
            bank.incoming(_account(2), enough, day, vs=late.vs, name="ČERMÁKOVÁ ŘEHOŘKA"),
            value_date=day - timedelta(days=1),
        )
        yield bank.incoming(_account(3), enough - 1, day, vs=less.vs, name="O HALÉŘ MÉNĚ")
        yield bank.incoming(_account(4), more.amount_minor + 100, day, vs=more.vs, name="O KORUNU VÍC")
        yield bank.incoming(_account(5), enough, day, vs=twice.vs, name="DVAKRÁT")
        yield bank.incoming(_account(5), enough, day, vs=twice.vs, name="DVAKRÁT")
        yield bank.incoming(_account(6), enough, day, name="BEZ SYMBOLU", message=f"odpad {text.vs}")
        family = rest[:3]
        symbols = " ".join(charge.vs for charge in family)
        whole_minor = sum(charge.amount_minor for charge in family)
        yield bank.incoming(_account(7), whole_minor, day, name="ZA CELOU RODINU", message=f"odpad {symbols}")


def _account(place: int) -> AccountNumber:
    """An invented payer's account with right check digits."""
    chance = dice("payer", place)
    bases = (str(chance.randrange(10**9, 10**10)) for _ in count())
    return AccountNumber("", next(base for base in bases if passes_mod_11(base)), "0800")
