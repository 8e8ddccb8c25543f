"""Figures of the past, counted at once: the stream would count the same, one transfer at a time, for minutes."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from chalicelib.core.aws import client
from chalicelib.core.clock import day_of
from chalicelib.core.settings import settings
from chalicelib.core.table import item_of
from chalicelib.money.ledger.model import Transfer
from chalicelib.money.ledger.store import TransferItem, transfer_of
from chalicelib.town.people.model import age_on
from chalicelib.watch.insights.model import age_band, at_provider, effect, week_of
from chalicelib.watch.insights.store import (
    FiguresItem,
    SeenItem,
    SliceItem,
    StatesItem,
    figures_key,
    seen_key,
    slice_key,
    states_key,
)
from localcloud.demo.applications import Applications
from localcloud.demo.money import hold_id
from localcloud.demo.table import Batch
from localcloud.demo.world import World

type Slices = dict[tuple[str, str, str, str], Counter[str]]
"""(town, programme, dimension, name) → what it comes to."""


def write_figures(world: World, applications: Applications, batch: Batch) -> None:
    """Totals, slices, and the marks that say what was counted, so that the stream counts none of it again."""
    totals: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    states: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    slices: Slices = defaultdict(Counter)
    born, categories = _born(world, applications), _categories(world)
    for city, transfer in _transfers():
        totals[city, transfer.programme].update(effect(transfer))
        for (dimension, name), parts in _parts(transfer, born, categories):
            slices[city, transfer.programme, dimension, name].update(parts)
        _mark(batch, city, f"{transfer.grant or transfer.provider or transfer.programme}.{transfer.id}")
    for applied in world.told:
        noun, city = applications.noun(applied), applied.account.city
        states[city, noun.programme][noun.state] += 1
        _mark(batch, city, noun.id, noun.state)
    for (city, programme), sums in totals.items():
        item = FiguresItem.at(figures_key(city, programme))
        item.counted_at = world.morning
        for name, value in sums.items():
            setattr(item, name, value)
        batch.put(item)
    for (city, programme), sums in states.items():
        states_item = StatesItem.at(states_key(city, programme))
        for name, value in sums.items():
            setattr(states_item, name, value)
        batch.put(states_item)
    for (city, programme, dimension, name), sums in slices.items():
        slice_item = SliceItem.at(slice_key(city, programme, dimension, name))
        slice_item.name = name
        slice_item.count_, slice_item.amount_minor = sums["count"], sums["amount_minor"]
        slice_item.to_pay_minor = sums["to_pay_minor"]
        batch.put(slice_item)


def _transfers() -> Iterator[tuple[str, Transfer]]:
    pages = (
        client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=settings().table_name,
            FilterExpression="#kind = :kind",
            ExpressionAttributeNames={"#kind": "kind"},
            ExpressionAttributeValues={":kind": {"S": TransferItem.KIND}},
        )
    )
    for page in pages:
        for raw in page["Items"]:
            item = item_of(raw)
            yield item.pk.partition("#")[0], transfer_of(json.loads(str(item.card)))


def _parts(
    transfer: Transfer, born: dict[str, date], categories: dict[str, str]
) -> Iterator[tuple[tuple[str, str], dict[str, int]]]:
    """The slices that a transfer belongs to, and what it adds to each."""
    count, amount_minor, to_pay_minor = at_provider(transfer)
    if transfer.provider and (count or amount_minor or to_pay_minor):
        parts = {"count": count, "amount_minor": amount_minor, "to_pay_minor": to_pay_minor}
        yield ("P", transfer.provider), parts
    one = {"count": 1, "amount_minor": transfer.amount_minor}
    if transfer.kind == "allot":
        day = day_of(transfer.posted_at)
        yield ("W", week_of(day)), one
        yield ("A", age_band(age_on(born[transfer.grant], day))), one
    if transfer.kind == "settle":
        yield ("C", categories[transfer.of]), one


def _born(world: World, applications: Applications) -> dict[str, date]:
    return {grant: applied.born for applied in world.told for grant in applications.noun(applied).grants}


def _categories(world: World) -> dict[str, str]:
    return {
        hold_id(applied, place): ordered.activity.activity.category
        for applied in world.told
        for place, ordered in enumerate(applied.ordered)
    }


def _mark(batch: Batch, city: str, what: str, state: str | None = None) -> None:
    item = SeenItem.at(seen_key(city, what))
    if state:
        item.state, item.seen_v = state, 1
    batch.put(item)
