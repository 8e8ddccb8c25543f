"""Doors to the figures: the town's, and those open to anyone."""

from typing import Literal

from chalicelib.core.clock import Instant
from chalicelib.core.gate import ANYONE, STAFF
from chalicelib.core.http import Api, Call
from chalicelib.core.shapes import Shape
from chalicelib.core.sheets import Sheet
from chalicelib.money.programmes.model import ProgrammeState
from chalicelib.watch.insights import service as insights
from chalicelib.watch.insights.model import Money
from chalicelib.watch.insights.service import Shown

api = Api("insights")

type Dimension = Literal["provider", "age", "activity", "week"]


class MoneyShape(Shape):
    """budget + written_off = free + unspent + held + to_pay + paid, to the haléř."""

    budget_minor: int
    free_minor: int
    unspent_minor: int
    held_minor: int
    to_pay_minor: int
    paid_minor: int
    allotted_minor: int
    returned_minor: int
    written_off_minor: int
    spent_minor: int
    liability_minor: int
    contingent_liability_minor: int
    difference_minor: int
    currency: str = "CZK"


class FiguresShape(Shape):
    programme: str
    name: str
    state: ProgrammeState
    money: MoneyShape
    applications: dict[str, int]
    counted_at: Instant | None


class OverviewShape(Shape):
    """Every programme that is not a draft, and all of them together."""

    items: tuple[FiguresShape, ...]
    together: MoneyShape


class OpenFiguresShape(Shape):
    """What anyone may know of a programme: money only."""

    programme: str
    name: str
    state: ProgrammeState
    money: MoneyShape
    counted_at: Instant | None


class OpenShape(Shape):
    items: tuple[OpenFiguresShape, ...]
    together: MoneyShape


class SliceShape(Shape):
    name: str
    label: str
    count: int
    amount_minor: int
    to_pay_minor: int


class SlicesShape(Shape):
    items: tuple[SliceShape, ...]


class SliceQuery(Shape):
    by: Dimension


def _figures(shown: Shown) -> FiguresShape:
    return FiguresShape(
        programme=shown.programme,
        name=shown.name,
        state=shown.state,
        money=_money(shown.figures.money),
        applications=dict(shown.figures.applications),
        counted_at=shown.figures.counted_at,
    )


def _money(money: Money) -> MoneyShape:
    return MoneyShape.of(money)


@api.get("/cities/{city}/figures", allow=STAFF)
def overview(call: Call) -> OverviewShape:
    """All programmes' figures, live."""
    shown = insights.overview(call.city, call.language)
    return OverviewShape(items=tuple(map(_figures, shown)), together=_money(insights.together(shown)))


@api.get("/cities/{city}/figures/sheet", allow=STAFF)
def overview_sheet(call: Call) -> Sheet:
    """The same for a spreadsheet."""
    return insights.overview_sheet(call.city, insights.overview(call.city, call.language), call.language)


@api.get("/cities/{city}/programmes/{id}/figures", allow=STAFF)
def of_programme(call: Call) -> FiguresShape:
    """One programme's figures, live."""
    return _figures(insights.of_programme(call.city, call.id, call.language))


@api.get("/cities/{city}/programmes/{id}/figures/slices", allow=STAFF)
def slices(call: Call[None, SliceQuery]) -> SlicesShape:
    """A programme's figures by provider, age band, category of activities, or week of award.

    Ages count people, weeks count awards."""
    insights.of_programme(call.city, call.id)
    found = insights.slices(call.city, call.id, call.query.by)
    return SlicesShape(items=tuple(SliceShape.of(part) for part in found))


@api.get("/cities/{city}/open-figures", allow=ANYONE)
def open_figures(call: Call) -> OpenShape:
    """The town's money in figures, open to anyone."""
    shown = insights.overview(call.city, call.language)
    items = tuple(
        OpenFiguresShape(
            programme=one.programme,
            name=one.name,
            state=one.state,
            money=_money(one.figures.money),
            counted_at=one.figures.counted_at,
        )
        for one in shown
    )
    return OpenShape(items=items, together=_money(insights.together(shown)))
