"""The whole demo as nouns, from the seed and the demo day alone. Pure: the same day gives the same world."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from chalicelib.core.clock import PRAGUE, Instant, start_of
from chalicelib.town.towns.model import Notice, Town
from localcloud.demo.offer import DemoActivity, activities
from localcloud.demo.programmes import DemoProgramme, programmes
from localcloud.demo.providers import DemoProvider, providers
from localcloud.demo.residents import Account, Case, Resident, population
from localcloud.demo.story import Applied, Story
from localcloud.demo.towns import MODRINOV, PODLESI, Colleague, staff, towns

DAY_BEGINS_HOURS = 8
"""What happens on the demo day happens before eight: earlier than that it is still yesterday."""


@dataclass(frozen=True)
class World:
    day: date
    towns: tuple[tuple[Town, Notice], ...]
    staff: tuple[Colleague, ...]
    residents: tuple[Resident, ...]
    accounts: tuple[Account, ...]
    cases: tuple[Case, ...]
    programmes: tuple[DemoProgramme, ...]
    providers: tuple[DemoProvider, ...]
    activities: tuple[DemoActivity, ...]
    told: tuple[Applied, ...]

    @property
    def morning(self) -> Instant:
        """When the demo begins: all that the demo fills in has happened by then."""
        return start_of(self.day) + timedelta(hours=DAY_BEGINS_HOURS)

    @property
    def founded_at(self) -> Instant:
        found_at = self.towns[0][0].found_at
        assert found_at is not None
        return found_at

    def colleague(self, city: str, key: str) -> Colleague:
        return next(c for c in self.staff if c.city == city and c.key == key)

    def programme(self, key: str) -> DemoProgramme:
        return next(p for p in self.programmes if p.key == key)

    def provider(self, city: str, key: str) -> DemoProvider:
        return next(p for p in self.providers if p.city == city and p.key == key)

    def account(self, key: str) -> Account:
        return next(a for a in self.accounts if a.key == key)


def demo_day(now: datetime) -> date:
    """The day that a demo filled now is about."""
    return (now.astimezone(PRAGUE) - timedelta(hours=DAY_BEGINS_HOURS)).date()


@cache
def world(day: date) -> World:
    """Everything, once."""
    both = towns(day)
    founded_at = both[0][0].found_at
    assert founded_at is not None
    colleagues = (*staff(MODRINOV, founded_at), *staff(PODLESI, founded_at))
    people = population(day, colleagues)
    listed = programmes(day)
    all_providers = providers(day)
    offered = activities(day, all_providers)
    story = Story(day, {account.id: account for account in people.accounts}, offered)
    story.tell(listed)
    return World(
        day=day,
        towns=both,
        staff=colleagues,
        residents=tuple(people.residents.values()),
        accounts=tuple(story.accounts.values()),
        cases=tuple(people.cases),
        programmes=listed,
        providers=all_providers,
        activities=offered,
        told=tuple(story.told),
    )
