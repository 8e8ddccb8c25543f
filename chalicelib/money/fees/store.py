"""Charges in the table: those of one person lie together, by year."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.table import (
    GSI1,
    GSI2,
    DayAttribute,
    Item,
    Key,
    NounAttribute,
    Query,
    Write,
    change,
    changed_meanwhile,
    commit,
    items_in,
    put,
    put_new,
    read,
    read_many,
    remove,
    rows_in,
)
from chalicelib.core.table import replace as replace_item
from chalicelib.money.fees.model import Charge, OptionUnknown, PaymentNote, ToCheck


def charge_key(city: str, subject_ref: str, charge: str) -> Key:
    """AP-270: a person's charge."""
    return Key(f"{city}#CH#{subject_ref}", f"C#{charge}")


def payment_key(city: str, subject_ref: str, charge: str, payment: str) -> Key:
    """AP-271: a payment of a charge, once for a statement line."""
    return Key(f"{city}#CH#{subject_ref}", f"PAY#{charge}#{payment}")


def of_subject(city: str, subject_ref: str) -> Query:
    """AP-272: all charges of a person."""
    return Query(f"{city}#CH#{subject_ref}", begins="C#")


def by_symbol(city: str, vs: str) -> Query:
    """AP-273: charges with a variable symbol."""
    return Query(f"{city}#VS#{vs}", index=GSI2)


def due_on(city: str, day: str) -> Query:
    """AP-274: charges due on a day."""
    return Query(f"{city}#CHD#{day}", index=GSI1)


def to_check_key(city: str, payment: str) -> Key:
    """AP-275: payments that wait for finance to say what they pay."""
    return Key(f"{city}#CHP", payment)


def number_key(city: str, charge: str) -> Key:
    """AP-276: whose the charge is that bears an office's number."""
    return Key(f"{city}#CHN#{charge}", "A")


class ChargeItem(Item):
    KIND = "charge"
    id = UnicodeAttribute()
    subject_ref = UnicodeAttribute()
    number = UnicodeAttribute()
    charge_kind = UnicodeAttribute()
    title_cs = UnicodeAttribute()
    title_en = UnicodeAttribute()
    year = NumberAttribute()
    amount_minor = NumberAttribute()
    due_on = DayAttribute()
    account = UnicodeAttribute()
    vs = UnicodeAttribute()
    ss = UnicodeAttribute()
    ks = UnicodeAttribute()
    reduced_minor = NumberAttribute()
    counter_minor = NumberAttribute()
    bank_minor = NumberAttribute()
    on_time_minor = NumberAttribute()
    closed = UnicodeAttribute()


class NumberItem(Item):
    KIND = "charge_number"
    subject_ref = UnicodeAttribute()


class PaymentItem(Item):
    KIND = "charge_payment"
    note = NounAttribute[PaymentNote](PaymentNote)


class ToCheckItem(Item):
    KIND = "payment_to_check"
    found = NounAttribute[ToCheck](ToCheck)
    chosen = UnicodeAttribute(null=True)
    parts = NounAttribute[tuple[PaymentNote, ...]](tuple[PaymentNote, ...], null=True)
    booked = BooleanAttribute(default=False)


class AlreadyThere(Exception):
    """The same effect was written before."""


def _noun(item: Item) -> Charge:
    assert isinstance(item, ChargeItem)
    return item.noun(Charge)


def _item(city: str, noun: Charge) -> ChargeItem:
    return ChargeItem.of(
        noun,
        charge_key(city, noun.subject_ref, noun.id),
        gsi1_pk=f"{city}#CHD#{noun.due_on.isoformat()}",
        gsi1_sk=noun.id,
        gsi2_pk=f"{city}#VS#{noun.vs}",
        gsi2_sk=noun.id,
    )


def charges(city: str, subject_ref: str) -> list[Charge]:
    return [_noun(item) for item in items_in(of_subject(city, subject_ref), consistent=True)]


def charge(city: str, subject_ref: str, id: str) -> Charge | None:
    item = read(ChargeItem, charge_key(city, subject_ref, id))
    return _noun(item) if item else None


def known(city: str, wanted: Sequence[Charge]) -> dict[str, Charge]:
    """Those of the charges that are in the table already, whosever they were, by id."""
    numbers = read_many([number_key(city, c.id) for c in wanted], consistent=True)
    owners = {
        key.pk.rpartition("#")[2]: item.subject_ref for key, item in numbers.items() if isinstance(item, NumberItem)
    }
    found = read_many([charge_key(city, subject_ref, id) for id, subject_ref in owners.items()], consistent=True)
    return {noun.id: noun for noun in map(_noun, found.values())}


def with_symbol(city: str, vs: str) -> list[Charge]:
    return _all(by_symbol(city, vs))


def due(city: str, day: str) -> list[Charge]:
    return _all(due_on(city, day))


def _all(query: Query) -> list[Charge]:
    found = read_many([row.key for row in rows_in(query)])
    return [_noun(item) for item in found.values() if isinstance(item, ChargeItem)]


def new(city: str, noun: Charge) -> list[Write]:
    return [
        put_new(_item(city, noun), lambda _old: AlreadyThere()),
        put_new(_number(city, noun), lambda _old: AlreadyThere()),
    ]


def amended(city: str, old: Charge, noun: Charge) -> list[Write]:
    """The charge over its version that was read; for another person only where the bank paid nothing of it."""
    if old.subject_ref == noun.subject_ref:
        return [replace_item(_item(city, noun), old.v)]
    was = ChargeItem.at(charge_key(city, old.subject_ref, old.id))
    return [
        remove(was, (ChargeItem.v == old.v) & (ChargeItem.bank_minor == 0)),
        put_new(_item(city, noun), changed_meanwhile),
        put(_number(city, noun)),
    ]


def _number(city: str, noun: Charge) -> NumberItem:
    key = number_key(city, noun.id)
    return NumberItem(pk=key.pk, sk=key.sk, kind=NumberItem.KIND, subject_ref=noun.subject_ref)


def paid(city: str, noun: Charge, note: PaymentNote, on_time_minor: int) -> list[Write]:
    """Add a payment to a charge, over the version that was read, once for the statement line that proves it."""
    key = payment_key(city, noun.subject_ref, noun.id, note.id)
    once = put_new(PaymentItem(pk=key.pk, sk=key.sk, kind=PaymentItem.KIND, note=note), lambda _old: AlreadyThere())
    more = change(
        ChargeItem.at(charge_key(city, noun.subject_ref, noun.id)),
        [
            ChargeItem.bank_minor.set(ChargeItem.bank_minor + note.amount_minor),
            ChargeItem.on_time_minor.set(ChargeItem.on_time_minor + on_time_minor),
        ],
        ChargeItem.v == noun.v,
    )
    return [once, more]


def payments(city: str, noun: Charge) -> list[PaymentNote]:
    query = Query(f"{city}#CH#{noun.subject_ref}", begins=f"PAY#{noun.id}#")
    return [item.note for item in items_in(query) if isinstance(item, PaymentItem)]


def keep_to_check(city: str, found: ToCheck) -> None:
    """Remember a payment for finance; known ones stay as they are."""
    key = to_check_key(city, found.id)
    item = ToCheckItem(pk=key.pk, sk=key.sk, kind=ToCheckItem.KIND, found=found)
    try:
        commit(put_new(item, lambda _old: AlreadyThere()))
    except AlreadyThere:
        return


def waiting(city: str) -> Iterator[ToCheck]:
    for item in items_in(Query(to_check_key(city, "").pk)):
        if isinstance(item, ToCheckItem) and not item.booked:
            yield item.found


def to_check(city: str, id: str) -> ToCheck:
    """Raises OptionUnknown."""
    item = read(ToCheckItem, to_check_key(city, id))
    if item is None or item.booked:
        raise OptionUnknown
    return item.found


def choose(city: str, found: ToCheck, option: int, parts: tuple[PaymentNote, ...]) -> tuple[PaymentNote, ...]:
    """Keep what was chosen and how the payment is split; the same choice again: the parts as they were kept.

    Raises OptionUnknown where another one was chosen.
    """
    key = to_check_key(city, found.id)
    actions = [ToCheckItem.chosen.set(str(option)), ToCheckItem.parts.set(parts)]
    with suppress(AlreadyThere):
        item = ToCheckItem.at(key)
        commit(change(item, actions, ToCheckItem.chosen.does_not_exist(), lambda _old: AlreadyThere()))
        return parts
    kept = read(ToCheckItem, key)
    if kept is None or kept.chosen != str(option) or kept.booked:
        raise OptionUnknown
    return kept.parts or ()


def booked(city: str, id: str) -> Write:
    """All parts of the chosen payment are paid."""
    item = ToCheckItem.at(to_check_key(city, id))
    return change(item, [ToCheckItem.booked.set(True)], ToCheckItem.chosen.exists())


def merged(old: Charge, fresh: Charge) -> Charge:
    """The office's data over ours; what the bank paid stays."""
    return replace(fresh, bank_minor=old.bank_minor, on_time_minor=old.on_time_minor, v=old.v)
