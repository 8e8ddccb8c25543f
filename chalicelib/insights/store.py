"""Counters in the table. A transfer is counted once: its marker and the counters commit together."""

from collections.abc import Iterator, Mapping

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.core.clock import Instant
from chalicelib.core.table import (
    InstantAttribute,
    Item,
    Key,
    Query,
    Write,
    change,
    items_in,
    put_new,
    read,
    read_many,
)
from chalicelib.insights.model import APPLICATION_STATES, MONEY_FIELDS, Figures, Money, Slice


def figures_key(city: str, programme: str) -> Key:
    """AP-290: a programme's totals; its slices lie in the same partition."""
    return Key(f"{city}#FIG#{programme}", "T")


def slice_key(city: str, programme: str, dimension: str, name: str) -> Key:
    """AP-291: a slice of a programme's figures: provider, age, activity, week."""
    return Key(f"{city}#FIG#{programme}", f"{dimension}#{name}")


def seen_key(city: str, what: str) -> Key:
    """AP-292: the marker that a transfer or an application was counted."""
    return Key(f"{city}#SEEN#{what}", "S")


class FiguresItem(Item):
    KIND = "figures"
    budget_minor = NumberAttribute(null=True)
    free_minor = NumberAttribute(null=True)
    unspent_minor = NumberAttribute(null=True)
    held_minor = NumberAttribute(null=True)
    to_pay_minor = NumberAttribute(null=True)
    paid_minor = NumberAttribute(null=True)
    allotted_minor = NumberAttribute(null=True)
    returned_minor = NumberAttribute(null=True)
    written_off_minor = NumberAttribute(null=True)
    draft = NumberAttribute(null=True)
    submitted = NumberAttribute(null=True)
    verifying = NumberAttribute(null=True)
    in_review = NumberAttribute(null=True)
    returned = NumberAttribute(null=True)
    waiting = NumberAttribute(null=True)
    approved = NumberAttribute(null=True)
    declined = NumberAttribute(null=True)
    withdrawn = NumberAttribute(null=True)
    lapsed = NumberAttribute(null=True)
    counted_at = InstantAttribute(null=True)


class SliceItem(Item):
    KIND = "figures_slice"
    name = UnicodeAttribute(null=True)
    count_ = NumberAttribute(null=True, attr_name="n")
    amount_minor = NumberAttribute(null=True)
    to_pay_minor = NumberAttribute(null=True)


class SeenItem(Item):
    KIND = "counted"
    state = UnicodeAttribute(null=True)
    seen_v = NumberAttribute(null=True)


class AlreadyCounted(Exception):
    """Somebody counted it before, or a newer state of it."""


def counted(city: str, transfer: str) -> Write:
    """The marker of a transfer, once for ever."""
    key = seen_key(city, transfer)
    return put_new(SeenItem(pk=key.pk, sk=key.sk, kind=SeenItem.KIND), lambda _old: AlreadyCounted())


def add_to_totals(city: str, programme: str, parts: Mapping[str, int], at: Instant) -> Write:
    item = FiguresItem.at(figures_key(city, programme))
    actions = [getattr(FiguresItem, name).add(amount) for name, amount in parts.items()]
    return change(item, [*actions, FiguresItem.counted_at.set(at), FiguresItem.kind.set(FiguresItem.KIND)], _any())


def add_to_slice(
    city: str, programme: str, dimension: str, name: str, count: int, amount_minor: int, to_pay_minor: int = 0
) -> Write:
    item = SliceItem.at(slice_key(city, programme, dimension, name))
    actions = [
        SliceItem.count_.add(count),
        SliceItem.amount_minor.add(amount_minor),
        SliceItem.to_pay_minor.add(to_pay_minor),
        SliceItem.name.set(name),
        SliceItem.kind.set(SliceItem.KIND),
    ]
    return change(item, actions, _any())


def last_state(city: str, application: str) -> tuple[str, int]:
    """The state that an application was last counted in, and the version it had then."""
    item = read(SeenItem, seen_key(city, application))
    return (str(item.state), int(item.seen_v)) if item else ("", 0)


def counted_state(city: str, application: str, state: str, version: int, seen: int) -> Write:
    """Note that the application is counted in this state, unless somebody counted another version meanwhile."""
    item = SeenItem.at(seen_key(city, application))
    actions = [SeenItem.state.set(state), SeenItem.seen_v.set(version), SeenItem.kind.set(SeenItem.KIND)]
    as_seen = SeenItem.seen_v == seen if seen else SeenItem.pk.does_not_exist()
    return change(item, actions, as_seen, lambda _old: AlreadyCounted())


def figures(city: str, programmes: list[str]) -> dict[str, Figures]:
    """The figures of programmes; one that nothing happened in has zeros."""
    keys = {figures_key(city, programme): programme for programme in programmes}
    found = read_many(list(keys))
    return {programme: _figures(programme, found.get(key)) for key, programme in keys.items()}


def _figures(programme: str, item: Item | None) -> Figures:
    if not isinstance(item, FiguresItem):
        return Figures(programme, Money())
    money = Money(**{name: int(getattr(item, name) or 0) for name in MONEY_FIELDS})
    states = {state: int(getattr(item, state) or 0) for state in APPLICATION_STATES}
    return Figures(programme, money, states, item.counted_at)


def slices(city: str, programme: str, dimension: str) -> Iterator[Slice]:
    query = Query(figures_key(city, programme).pk, begins=f"{dimension}#")
    for item in items_in(query):
        if isinstance(item, SliceItem):
            amount, to_pay = int(item.amount_minor or 0), int(item.to_pay_minor or 0)
            yield Slice(str(item.name), int(item.count_ or 0), amount, to_pay)


def _any() -> Condition:
    """A condition that always holds: counters are made by their first addition."""
    always: Condition = Item.pk.exists() | Item.pk.does_not_exist()
    return always
