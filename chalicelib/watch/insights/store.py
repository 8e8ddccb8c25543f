"""Counters in the table. A transfer is counted once: its marker and the counters commit together."""

from collections.abc import Iterator, Mapping, Sequence

from pynamodb.attributes import NumberAttribute, NumberSetAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.core.clock import Instant
from chalicelib.core.ids import digest
from chalicelib.core.table import (
    InstantAttribute,
    Item,
    Key,
    Query,
    Write,
    change,
    commit,
    items_in,
    read,
    read_many,
    remove,
    transact,
)
from chalicelib.watch.insights.model import APPLICATION_STATES, MONEY_FIELDS, Figures, Generations, Money, Slice


def figures_key(city: str, programme: str, generation: int = 0) -> Key:
    """AP-290: a programme's totals in a generation of the figures; its slices lie in the same partition."""
    return Key(f"{city}#FIG#{programme}#{generation}", "T")


def slice_key(city: str, programme: str, dimension: str, name: str, generation: int = 0) -> Key:
    """AP-291: a slice of a programme's figures: provider, age, activity, week."""
    return Key(figures_key(city, programme, generation).pk, f"{dimension}#{name}")


def seen_key(city: str, what: str) -> Key:
    """AP-292: the marker that an application was counted, a transfer or a programme's person, and in which generations."""
    return Key(f"{city}#SEEN#{what}", "S")


def states_key(city: str, programme: str) -> Key:
    """AP-293: how many of a programme's applications are in each state."""
    return Key(f"{city}#FIG#{programme}", "A")


def generations_key(city: str) -> Key:
    """AP-294: which generation of the figures is shown, and which is being built."""
    return Key(f"{city}#FIGURES", "A")


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
    counted_at = InstantAttribute(null=True)


class StatesItem(Item):
    KIND = "figures_states"
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
    generations = NumberSetAttribute(null=True)


class GenerationsItem(Item):
    KIND = "figures_generations"
    live = NumberAttribute()
    building = NumberAttribute(null=True)


class AlreadyCounted(Exception):
    """Somebody counted it before, or a newer state of it."""


class PersonCounted(Exception):
    """The person is among the programme's people already."""


class SwitchedBefore(Exception):
    """The generation that was built is shown already."""


def generations(city: str) -> Generations:
    """By a consistent read: whoever counts after a building began counts into it."""
    item = read(GenerationsItem, generations_key(city))
    if item is None:
        return Generations(0)
    return Generations(int(item.live), int(item.building) if item.building else None)


def build(city: str, live: int) -> None:
    """Begin to build the generation after the one that is shown. Begun twice it is one."""
    item = GenerationsItem.at(generations_key(city))
    actions = [
        GenerationsItem.live.set(live),
        GenerationsItem.building.set(live + 1),
        GenerationsItem.kind.set(GenerationsItem.KIND),
    ]
    still_shown = GenerationsItem.pk.does_not_exist() | (GenerationsItem.live == live)
    transact([change(item, actions, still_shown)])


def show(city: str, built: int) -> None:
    """Show the generation that was built, in one write. Raises SwitchedBefore."""
    item = GenerationsItem.at(generations_key(city))
    actions = [GenerationsItem.live.set(built), GenerationsItem.building.remove()]
    transact([change(item, actions, GenerationsItem.building == built, lambda _old: SwitchedBefore())])


def drop(city: str, programme: str, generation: int) -> None:
    """Take away a generation of a programme's figures that nothing shows."""
    for item in items_in(Query(figures_key(city, programme, generation).pk)):
        commit(remove(item, type(item).pk.exists()))


def counted(city: str, transfer: str, generation: int) -> Write:
    """The marker of a transfer, once for ever in each generation. Without a list it speaks of the first generation."""
    item = SeenItem.at(seen_key(city, transfer))
    actions = [SeenItem.generations.add({generation}), SeenItem.kind.set(SeenItem.KIND)]
    not_in_it = ~SeenItem.generations.contains(generation)
    new = not_in_it if generation else SeenItem.pk.does_not_exist() | (SeenItem.generations.exists() & not_in_it)
    return change(item, actions, new, lambda _old: AlreadyCounted())


def counted_person(city: str, programme: str, beneficiary: str, generation: int) -> Write:
    """The marker that a person is among those whom a programme helps, once in each generation. It names nobody."""
    item = SeenItem.at(seen_key(city, digest(programme, beneficiary)))
    actions = [SeenItem.generations.add({generation}), SeenItem.kind.set(SeenItem.KIND)]
    return change(item, actions, ~SeenItem.generations.contains(generation), lambda _old: PersonCounted())


def add_to_totals(city: str, generation: int, programme: str, parts: Mapping[str, int], at: Instant) -> Write:
    item = FiguresItem.at(figures_key(city, programme, generation))
    actions = [getattr(FiguresItem, name).add(amount) for name, amount in parts.items()]
    return change(item, [*actions, FiguresItem.counted_at.set(at), FiguresItem.kind.set(FiguresItem.KIND)], _any())


def add_to_states(city: str, programme: str, parts: Mapping[str, int]) -> Write:
    item = StatesItem.at(states_key(city, programme))
    actions = [getattr(StatesItem, name).add(amount) for name, amount in parts.items()]
    return change(item, [*actions, StatesItem.kind.set(StatesItem.KIND)], _any())


def add_to_slice(
    city: str,
    generation: int,
    programme: str,
    dimension: str,
    name: str,
    count: int,
    amount_minor: int,
    to_pay_minor: int = 0,
) -> Write:
    item = SliceItem.at(slice_key(city, programme, dimension, name, generation))
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


def figures(city: str, programmes: Sequence[str], generation: int) -> dict[str, Figures]:
    """The figures of programmes; one that nothing happened in has zeros."""
    money = {programme: figures_key(city, programme, generation) for programme in programmes}
    states = {programme: states_key(city, programme) for programme in programmes}
    found = read_many([*money.values(), *states.values()])
    return {id: _figures(id, found.get(money[id]), found.get(states[id])) for id in programmes}


def _figures(programme: str, money: Item | None, states: Item | None) -> Figures:
    sums = {name: int(getattr(money, name, 0) or 0) for name in MONEY_FIELDS}
    by_state = {state: int(getattr(states, state, 0) or 0) for state in APPLICATION_STATES}
    counted_at = money.counted_at if isinstance(money, FiguresItem) else None
    return Figures(programme, Money(**sums), by_state, counted_at)


def slices(city: str, programme: str, dimension: str, generation: int) -> Iterator[Slice]:
    query = Query(figures_key(city, programme, generation).pk, begins=f"{dimension}#")
    for item in items_in(query):
        if isinstance(item, SliceItem):
            amount, to_pay = int(item.amount_minor or 0), int(item.to_pay_minor or 0)
            yield Slice(str(item.name), int(item.count_ or 0), amount, to_pay)


def _any() -> Condition:
    """A condition that always holds: counters are made by their first addition."""
    always: Condition = Item.pk.exists() | Item.pk.does_not_exist()
    return always
