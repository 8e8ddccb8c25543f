"""Sixty activities and their sessions: what they cost, how full they are, and the awkward ones among them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib.core.clock import start_of
from chalicelib.money.offers.model import Activity, Session, Texts
from localcloud.demo.chance import dice, made_id
from localcloud.demo.providers import DemoProvider

CLUB_STARTS = (-50, -35, -21)
SPRING = 70
SUMMER_BEFORE, SUMMER_AFTER = (-134, -127, -120, -113, -106), 231

# provider | title | form | category | price Kč | capacity | ages | mark
_TABLE = """
modrin|Florbal – přípravka|club|sport|1800|20|6-9|full
modrin|Florbal – žáci|club|sport|2200|20|10-14|
modrin|Atletika pro děti|club|sport|1900|25|7-15|last
modrin|Cvičení rodičů s dětmi|club|sport|390|15|4-6|
modrin|Volejbal dívek|club|sport|2100|18|10-18|
modrin|Stolní tenis|club|sport|1850|12|8-18|over
modrin|Letní všestrannost|day_camp|camp|2400|25|6-12|
modrin|Atletické soustředění|residential_camp|camp|6500|30|10-18|
fotbal|Fotbal – přípravka|club|sport|1900|25|5-8|full
fotbal|Fotbal – žáci|club|sport|2400|25|9-14|full
fotbal|Fotbal – dorost|club|sport|2600|22|15-18|
fotbal|Fotbalový kemp|day_camp|camp|3600|30|6-14|
vydra|Plavání – začátečníci|course|swimming|2000|12|5-8|last
vydra|Plavání – pokročilí|course|swimming|2300|14|8-15|
vydra|Vodní pólo|club|swimming|2500|16|11-18|
vydra|Plavecké soustředění|residential_camp|camp|7900|20|9-18|
hvezda|Sportovní gymnastika|club|sport|2700|16|5-15|
hvezda|Cvičení s hudbou|club|sport|2080|18|6-18|
judo|Judo – začátečníci|club|sport|2080|20|6-10|
judo|Judo – pokročilí|club|sport|2400|20|9-18|
vir|Taneční přípravka|course|art|2300|14|4-7|full
vir|Street dance|course|art|2900|20|9-18|
vir|Klasický balet|course|art|2800|10|7-16|last
vir|Taneční tábor|day_camp|camp|3200|20|7-14|
ddm|Šachy|club|science|750|12|6-15|
ddm|Modelář|club|science|1100|10|8-15|
ddm|Vaření pro děti|club|art|1200|10|8-15|full
ddm|Mladý zoolog|club|science|950|12|7-15|last
ddm|Výtvarný klub|club|art|900|14|5-12|
ddm|Keramika v domě dětí|club|art|1150|10|6-15|
ddm|Divadelní soubor|club|art|800|15|8-15|
ddm|Deskové hry|club|science|380|15|7-18|
ddm|Fotografie|club|art|1050|10|10-18|
ddm|Mladý záchranář|club|science|850|12|9-15|cancelled
ddm|Pohybovky|club|sport|390|15|5-7|
ddm|Příměstský tábor Indiáni|day_camp|camp|1250|30|5-11|
ddm|Příměstský tábor Vynálezci|day_camp|camp|1900|24|7-13|
ddm|Letní tábor u Lipky|residential_camp|camp|3500|60|6-15|
zus|Hra na klavír|course|music|2400|6|5-18|
zus|Sborový zpěv|course|music|1200|12|6-15|
zus|Výtvarný obor|course|art|1300|12|5-18|
zus|Dramatický obor|course|art|1250|12|8-18|over
junak|Skautský oddíl Rys|membership|scouting|700|30|6-11|
junak|Světlušky a vlčata|membership|scouting|350|30|6-10|
junak|Skautský tábor|residential_camp|camp|4200|80|7-17|
kolarova|Keramika pro nejmenší|course|art|1200|8|5-9|
kolarova|Točení na kruhu|course|art|1800|6|10-18|moved
jazyky|Angličtina hrou|course|language|2400|12|6-9|
jazyky|Angličtina – školáci|course|language|3200|10|10-14|
jazyky|Němčina|course|language|3800|8|12-18|
jazyky|Anglický tábor|day_camp|camp|3400|15|7-13|
robotika|Stavíme roboty|course|science|2600|10|8-12|
robotika|Programování|course|science|2900|10|11-18|
robotika|Malí vynálezci|course|science|370|12|6-9|
robotika|Soutěžní tým|club|science|350|8|12-18|over
bazen|Plavání, 90 minut|entry|swimming|110|200|-|
bazen|Permanentka na 10 vstupů|entry|swimming|950|200|-|
kino|Odpolední představení|entry|culture|120|90|-|
muzeum|Výstava Modřínov na mapách|entry|culture|80|60|-|
hvezda|Akrobacie|club|sport|2900|10|8-18|cancelled
"""


@dataclass(frozen=True)
class DemoActivity:
    """An activity with its sessions. Places are those that are free on the demo day, before the demo's own orders."""

    key: str
    provider: DemoProvider
    activity: Activity
    sessions: tuple[Session, ...]
    is_camp: bool


def activities(day: date, providers: tuple[DemoProvider, ...]) -> tuple[DemoActivity, ...]:
    """All of them, in the order of the table."""
    by_key = {provider.key: provider for provider in reversed(providers)}
    return tuple(_read(place, row, by_key, day) for place, row in enumerate(_TABLE.strip().splitlines()))


def _read(place: int, row: str, providers: dict[str, DemoProvider], day: date) -> DemoActivity:
    owner, title, form, category, price, capacity, ages, mark = row.split("|")
    provider = providers[owner]
    made_at = start_of(day - timedelta(days=150)) + timedelta(hours=8, minutes=place)
    chance = dice("activity", title)
    branch = provider.branches[place % len(provider.branches)]
    youngest, _, oldest = ages.partition("-")
    activity = Activity(
        id=made_id(made_at, "activity", title),
        provider=provider.id,
        title=Texts(title),
        about=Texts(f"{title}. {provider.about} Přihlásit se jde i v průběhu pololetí."),
        form=form,  # type: ignore[arg-type]
        category=category,  # type: ignore[arg-type]
        place=branch.address,
        state="published",
        made_at=made_at,
        branch=branch.id,
        age_from=int(youngest) if youngest else None,
        age_to=int(oldest) if oldest else None,
        bring="Sportovní oblečení a pití." if category == "sport" else "",
    )
    blank = Session(
        id="",
        activity=activity.id,
        starts_on=day,
        ends_on=day,
        times=f"{chance.choice(('po', 'út', 'st', 'čt'))} {chance.choice(('15:00–16:00', '16:00–17:30', '17:00–18:00'))}",
        capacity=int(capacity),
        places=int(capacity),
        price_minor=100 * int(price),
        order_until=day,
    )
    is_camp = category == "camp"
    runs = _camp(day, place) if is_camp else _entry(day) if form == "entry" else _club(day, place, mark)
    sessions = tuple(_session(blank, activity.id, n, run, mark if n == 0 else "", day) for n, run in enumerate(runs))
    return DemoActivity(title, provider, activity, sessions, is_camp)


type Run = tuple[date, date, date]
"""First day, last day, last day to order."""


def _club(day: date, place: int, mark: str) -> Iterator[Run]:
    """Autumn and spring. What is over ended before the demo day and has no spring."""
    if mark == "over":
        yield day - timedelta(days=75), day - timedelta(days=12), day - timedelta(days=40)
        return
    starts = {"cancelled": 12, "moved": 9}.get(mark, CLUB_STARTS[place % len(CLUB_STARTS)])
    first = day + timedelta(days=starts)
    yield first, first + timedelta(days=110), max(first + timedelta(days=20), day + timedelta(days=8))
    yield day + timedelta(days=SPRING), day + timedelta(days=SPRING + 120), day + timedelta(days=SPRING - 5)


def _camp(day: date, place: int) -> Iterator[Run]:
    """Last summer's run and the next one."""
    past = day + timedelta(days=SUMMER_BEFORE[place % len(SUMMER_BEFORE)])
    yield past, past + timedelta(days=4), past - timedelta(days=10)
    coming = day + timedelta(days=SUMMER_AFTER)
    yield coming, coming + timedelta(days=4), coming - timedelta(days=10)


def _entry(day: date) -> Iterator[Run]:
    yield day - timedelta(days=100), day + timedelta(days=120), day + timedelta(days=120)


def _session(blank: Session, activity: str, n: int, run: Run, mark: str, day: date) -> Session:
    starts_on, ends_on, order_until = run
    at = start_of(starts_on) - timedelta(days=60)
    session = replace(
        blank, id=made_id(at, "session", activity, n), starts_on=starts_on, ends_on=ends_on, order_until=order_until
    )
    chance = dice("places", activity, n)
    share = chance.uniform(0.15, 0.45) if n == 0 else chance.uniform(0.45, 0.7)
    session = replace(session, places=max(2, int(session.capacity * share)))
    if mark == "full":
        return replace(session, places=0)
    if mark == "last":
        return replace(session, places=1)
    if mark == "cancelled":
        return replace(session, state="cancelled", reason="Onemocněl trenér a náhradu jsme nenašli.")
    if mark == "moved":
        return replace(session, moved_from=starts_on - timedelta(days=7))
    return session
