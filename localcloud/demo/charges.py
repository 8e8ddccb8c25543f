"""What a thousand people of Modřínov owe the town: waste, dogs, gardens, a few fines. Pure but for the writing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib.core.ids import digest
from chalicelib.money.fees import service as fees
from chalicelib.money.fees import store
from chalicelib.money.fees.model import Charge, ChargeKind, PaymentNote, charge_id, is_open, to_pay_minor
from chalicelib.money.fees.templates import DUE_REMINDER
from chalicelib.town.messages import service as messages
from chalicelib.town.messages.model import Deadline
from localcloud.demo.chance import dice
from localcloud.demo.clock import at
from localcloud.demo.people import People
from localcloud.demo.residents import Resident
from localcloud.demo.table import Batch
from localcloud.demo.towns import MODRINOV, MODRINOV_CODE
from localcloud.demo.world import World

PAYERS = 1000
PAID_SHARE = 0.75
OVERPAID, ARREARS = 4, 10


@dataclass(frozen=True)
class _Kind:
    """A kind of charge: its digits in the variable symbol, how much, and due in how many days."""

    code: str
    kind: ChargeKind
    cs: str
    en: str
    crowns: int
    due_in: int
    reduced_crowns: int = 0


WASTE = _Kind("10", "local_fee", "Poplatek za odpad", "Waste fee", 800, 14, 640)
DOG = _Kind("20", "local_fee", "Poplatek ze psa", "Dog fee", 600, 3)
SECOND_DOG = _Kind("21", "local_fee", "Poplatek za druhého psa", "Fee for a second dog", 900, 3)
SENIORS_DOG = _Kind("22", "local_fee", "Poplatek ze psa, držitel nad 65 let", "Dog fee, holder over 65", 200, 3)
DOG_LAST_YEAR = _Kind("20", "local_fee", "Poplatek ze psa, loni", "Dog fee, last year", 600, -230)
GARDEN = _Kind("30", "rent", "Nájem zahrádky", "Rent of a garden plot", 1850, 30)
FINE = _Kind("40", "fine", "Pokuta městské policie", "Fine of the town police", 500, -2)


def charges(world: World, people: People) -> Iterator[Charge]:
    """Every charge as it stands on the demo day."""
    payers = [r for r in world.residents if r.house.municipality_code == MODRINOV_CODE and not r.died_on][:PAYERS]
    account = world.towns[0][0].account_number
    for place, who in enumerate(payers):
        age = (world.day - who.born).days // 365
        yield _waste(_made(world, people, who, place, WASTE, account), place)
        if age < 18:
            continue
        if place % 7 == 0:
            yield _some_paid(_made(world, people, who, place, SENIORS_DOG if age > 65 else DOG, account), place)
        if place % 35 == 0:
            yield _made(world, people, who, place, SECOND_DOG, account)
        if place % 90 == 3:
            yield _made(world, people, who, place, DOG_LAST_YEAR, account)
        if place % 25 == 1:
            yield _made(world, people, who, place, GARDEN, account)
        if place % 190 == 5:
            yield _made(world, people, who, place, FINE, account)


def _made(world: World, people: People, who: Resident, place: int, kind: _Kind, account: str) -> Charge:
    due_on = world.day + timedelta(days=kind.due_in)
    year = world.day.year - 1 if kind is DOG_LAST_YEAR else world.day.year
    number = f"{kind.code}-{year}-{place + 1:06}"
    return Charge(
        id=charge_id(number),
        subject_ref=people.ref(MODRINOV, who.registry_id),
        number=number,
        charge_kind=kind.kind,
        title_cs=f"{kind.cs} {year}",
        title_en=f"{kind.en} {year}",
        year=year,
        amount_minor=100 * kind.crowns,
        due_on=due_on,
        account=account,
        vs=f"{kind.code}{year % 100:02}{place + 1:06}",
        reduced_minor=100 * kind.reduced_crowns,
    )


def _waste(charge: Charge, place: int) -> Charge:
    """Three quarters have paid; a few too much, one at the counter, one need not, one moved in at the end of April."""
    if place == 11:
        return replace(charge, counter_minor=charge.amount_minor)
    if place == 12:
        return replace(charge, closed="remitted")
    if place == 13:
        return replace(charge, amount_minor=53_300, reduced_minor=42_600)
    if place in range(14, 14 + OVERPAID):
        return replace(charge, bank_minor=charge.amount_minor + 10_000, on_time_minor=charge.amount_minor + 10_000)
    return _some_paid(charge, place)


def _some_paid(charge: Charge, place: int) -> Charge:
    if dice("paid", charge.number).random() > PAID_SHARE or place < OVERPAID:
        return charge
    paid_minor = charge.reduced_minor or charge.amount_minor
    return replace(charge, bank_minor=paid_minor, on_time_minor=paid_minor)


def write_charges(world: World, people: People, batch: Batch) -> None:
    """The charges, what proves their payment, and the reminders of those who can be reminded."""
    payers = _payers(world, people)
    with at(world.morning):
        for charge in charges(world, people):
            batch.add(*store.new(MODRINOV, charge))
            if charge.bank_minor:
                _payment(batch, charge, world.day)
            for person in payers.get(charge.subject_ref, ()):
                if is_open(charge):
                    batch.add(messages.register_deadline(MODRINOV, _deadline(charge, person)))


def _payment(batch: Batch, charge: Charge, day: date) -> None:
    paid_on = day - timedelta(days=dice("paid on", charge.number).randrange(3, 40))
    note = PaymentNote(digest("demo", charge.number), charge.id, charge.bank_minor, paid_on)
    key = store.payment_key(MODRINOV, charge.subject_ref, charge.id, note.id)
    batch.put(store.PaymentItem(pk=key.pk, sk=key.sk, kind=store.PaymentItem.KIND, note=note))


def _payers(world: World, people: People) -> dict[str, list[str]]:
    """Whom to remind of a person's charges: themselves, or the guardians whose link is proved."""
    found: dict[str, list[str]] = {}
    for account in world.accounts:
        if account.city != MODRINOV or account.outcome not in ("match", "match_not_resident"):
            continue
        found.setdefault(people.ref_of(account, None), []).append(account.id)
        for entry in account.entries:
            if entry.link == "proved_by_registry" and (ref := people.ref_of(account, entry)):
                found.setdefault(ref, []).append(account.id)
    return found


def _deadline(charge: Charge, person: str) -> Deadline:
    """As the fees' own reminders are registered."""
    return Deadline(
        kind=fees.DEADLINE,
        subject=f"{charge.id}.{person}",
        due_on=charge.due_on,
        recipient=person,
        template=DUE_REMINDER.name,
        leads=fees.LEADS_DAYS,
        facts={
            "title": charge.title_cs,
            "amount_minor": to_pay_minor(charge, charge.due_on),
            "due_on": charge.due_on.isoformat(),
        },
    )
