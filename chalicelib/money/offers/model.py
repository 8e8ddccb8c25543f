"""Activities, their sessions and the orders of places in them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from chalicelib.core.clock import Instant, day_of, end_of, start_of
from chalicelib.core.refusals import Refusal
from chalicelib.money.ledger.model import BelowMinPrice
from chalicelib.money.programmes.model import PayableOn, Rules
from chalicelib.money.providers.model import Category
from chalicelib.town.people.model import age_on
from chalicelib.town.towns.model import folded

type ActivityForm = Literal["club", "course", "day_camp", "residential_camp", "membership", "entry", "goods"]
type ActivityState = Literal["draft", "published", "withdrawn"]
type SessionState = Literal["open", "cancelled"]
type OrderState = Literal["requested", "confirmed", "rejected", "cancelled", "timed_out", "attended", "not_attended"]
type Money = Literal["held", "payable", "returned"]
"""Where the order's credit is: blocked, owed to the provider, or back on the grant."""

SESSIONS_MAX = 40
CAPACITY_MAX = 2000
PRICE_MINOR_MAX = 10**8
LIVE: tuple[OrderState, ...] = ("requested", "confirmed")
"""States in which an order takes a place."""
ATTENDANCE_NOTED_WITHIN = timedelta(days=14)
"""How long after a session's last day its provider may note who came, where the programme pays by attendance."""
NEWS_SETTLES = timedelta(minutes=5)
"""An index lags by a moment: news of a session are gone through again after this long, then they are done."""


@dataclass(frozen=True)
class Texts:
    """A text for people, in Czech and, where there is one, in English."""

    cs: str
    en: str = ""


@dataclass(frozen=True)
class Activity:
    """What a provider offers. Ages are completed years on the first day of the session; both ends count."""

    id: str
    provider: str
    title: Texts
    about: Texts
    form: ActivityForm
    category: Category
    place: str
    state: ActivityState
    made_at: Instant
    branch: str = ""
    age_from: int | None = None
    age_to: int | None = None
    bring: str = ""
    v: int = 1


@dataclass(frozen=True)
class Session:
    """One occurrence of an activity. `places` are those still free; `price_minor` is for the whole session."""

    id: str
    activity: str
    starts_on: date
    ends_on: date
    times: str
    capacity: int
    places: int
    price_minor: int
    order_until: date
    state: SessionState = "open"
    moved_from: date | None = None
    reason: str = ""
    v: int = 1

    @property
    def taken(self) -> int:
        return self.capacity - self.places


@dataclass(frozen=True)
class Offer:
    """An activity with its sessions, earliest first."""

    activity: Activity
    sessions: tuple[Session, ...] = ()

    def session(self, id: str) -> Session:
        """Raises SessionUnknown."""
        for session in self.sessions:
            if session.id == id:
                return session
        raise SessionUnknown

    def open_sessions(self, today: date) -> tuple[Session, ...]:
        """Those that can still be ordered, full ones too."""
        return tuple(s for s in self.sessions if s.state == "open" and s.order_until >= today)


@dataclass(frozen=True)
class Order:
    """A place ordered on credit. The id begins with the person's, who ordered for the beneficiary.

    `hold` is the transfer that blocked the credit. `confirm_by` is the provider's last second to answer.
    `noted_by` is the last second to note the attendance, None where the programme does not pay by it. `made_by` is the
    assistant who ordered at the desk, or nobody.
    """

    id: str
    person: str
    beneficiary: str
    activity: str
    session: str
    title: str
    provider: str
    programme: str
    grant: str
    hold: str
    price_minor: int
    credit_minor: int
    state: OrderState
    money: Money
    payable_on: PayableOn
    requested_at: Instant
    confirm_by: Instant
    starts_on: date
    fingerprint: str
    decided_at: datetime | None = None
    decided_by: str = ""
    ended_at: datetime | None = None
    reason: str = ""
    noted_by: Instant | None = None
    made_by: str = ""
    v: int = 1

    @property
    def co_payment_minor(self) -> int:
        """What the citizen pays the provider above the credit."""
        return self.price_minor - self.credit_minor

    @property
    def live(self) -> bool:
        return self.state in LIVE


@dataclass(frozen=True)
class News:
    """Something that everyone with an order in a session must be told: it was cancelled or moved."""

    id: str
    activity: str
    session: str
    what: Literal["cancelled", "moved"]
    reason: str
    at: Instant
    by: str
    done: bool = False


@dataclass(frozen=True)
class Wanted:
    """An order as the citizen saw it before paying: another price or too little credit refuses it."""

    activity: str
    session: str
    grant: str
    price_minor: int
    credit_minor: int


@dataclass(frozen=True)
class Filter:
    """What the offer is searched for."""

    category: str = ""
    age: int | None = None
    price_max_minor: int | None = None
    text: str = ""
    free: bool = False
    provider: str = ""
    providers: frozenset[str] | None = field(default=None)


# Rules


def split(price_minor: int, spendable_minor: int) -> tuple[int, int]:
    """(credit, co-payment): credit covers what it can, the rest is paid to the provider. They add up to the price."""
    credit_minor = min(price_minor, spendable_minor)
    return credit_minor, price_minor - credit_minor


def why_not(
    offer: Activity, session: Session, rules: Rules, takes_part: bool, born: date, min_price_minor: int, today: date
) -> Refusal | None:
    """Why a contribution cannot pay this session for this person, apart from places and balance: these the books judge."""
    if offer.state != "published" or session.state != "open":
        return SessionCancelled()
    if today > session.order_until:
        return OrderingClosed(session.order_until)
    if not takes_part or not rules.takes(offer.provider, offer.category):
        return NotForThisProgramme()
    if not fits_age_span(offer.age_from, offer.age_to, age_on(born, session.starts_on)):
        return AgeOutOfRange(age_span(offer.age_from, offer.age_to), age_span(offer.age_from, offer.age_to, "en"))
    if session.price_minor < min_price_minor:
        return BelowMinPrice(min_price_minor)
    return None


def fits_age_span(age_from: int | None, age_to: int | None, age: int) -> bool:
    return (age_from is None or age >= age_from) and (age_to is None or age <= age_to)


def age_span(age_from: int | None, age_to: int | None, language: str = "cs") -> str:
    """`6–12`, `od 6`, `do 12`: the ages of an activity as they are said."""
    since, until = ("od", "do") if language == "cs" else ("from", "to")
    if age_from is None and age_to is None:
        return ""
    if age_to is None:
        return f"{since} {age_from}"
    return f"{until} {age_to}" if age_from is None else f"{age_from}–{age_to}"


def confirm_by(at: Instant, days: int, session: Session) -> Instant:
    """The provider's last second to answer: so many days, cut short by a coming start, but never today's.

    An order in a session that runs already has all its days.
    """
    today = day_of(at)
    last = end_of(today + timedelta(days=days))
    if session.starts_on > today:
        last = min(last, start_of(session.starts_on) - timedelta(seconds=1))
    return last


def noted_by(session: Session) -> Instant:
    """The last second to note who came to a session."""
    return end_of(session.ends_on + ATTENDANCE_NOTED_WITHIN)


def due(order: Order) -> Instant | None:
    """When the books must look at an order again by themselves: no hold is without an end."""
    if order.state == "requested":
        return order.confirm_by
    if order.state == "confirmed" and order.money == "held":
        return start_of(order.starts_on) if order.payable_on == "start" else order.noted_by
    return None


def check_citizen_may_cancel(order: Order, today: date) -> None:
    """A citizen cancels what waits for an answer, and a confirmed order until it is payable or the session begins.

    Raises OrderClosed, OrderPayable.
    """
    if not order.live:
        raise OrderClosed(order.state)
    if order.state == "confirmed" and (order.money != "held" or today >= order.starts_on):
        raise OrderPayable


def check_session(session: Session) -> None:
    """Raises SessionDatesReversed."""
    if session.ends_on < session.starts_on or session.order_until > session.ends_on:
        raise SessionDatesReversed


def copy_of(offer: Offer, activity_id: str, session_ids: Sequence[str], at: Instant) -> Offer:
    """A draft with the same texts and sessions, all places free again; cancelled sessions stay behind."""
    activity = replace(offer.activity, id=activity_id, state="draft", made_at=at, v=1)
    open_ones = [session for session in offer.sessions if session.state == "open"]
    sessions = tuple(
        replace(session, id=id, activity=activity_id, places=session.capacity, moved_from=None, v=1)
        for session, id in zip(open_ones, session_ids, strict=False)
    )
    return Offer(activity, sessions)


def text_fits(title: str, place: str, provider: str, text: str) -> bool:
    """Whether each word asked for begins some word of the title, the place or the provider's name."""
    words = folded(f"{title} {place} {provider}").replace("-", " ").split()
    return all(any(word.startswith(asked) for word in words) for asked in folded(text).split())


# Refusals


class SessionUnknown(Refusal):
    status = 404
    cs = "Tento termín aktivita nemá. Vyberte ho z nabídky."
    en = "The activity has no such session. Choose one from the offer."


class SessionFull(Refusal):
    status = 409
    cs = "Poslední místo právě někdo obsadil. Vyberte jiný termín, kredit zůstal celý."
    en = "Somebody has just taken the last place. Choose another session; your credit is untouched."


class SessionCancelled(Refusal):
    status = 409
    cs = "Tento termín poskytovatel zrušil. Vyberte jiný."
    en = "The provider has cancelled this session. Choose another one."


@dataclass
class OrderingClosed(Refusal):
    status = 409
    cs = "Na tento termín šlo objednat do {until}. Vyberte jiný."
    en = "This session could be ordered until {until}. Choose another one."
    until: date


class NotForThisProgramme(Refusal):
    status = 409
    cs = "Příspěvek z tohoto programu na tuto aktivitu neplatí. Nabídku, kde platí, najdete ve filtru programu."
    en = "This programme's contribution does not cover this activity. Filter the offer by the programme."


@dataclass
class AgeOutOfRange(Refusal):
    status = 409
    cs = "Aktivita je pro věk {ages}. Vyberte jinou."
    en = "The activity is for ages {ages_en}. Choose another one."
    ages: str
    ages_en: str


@dataclass
class PriceChanged(Refusal):
    status = 409
    cs = "Cena se mezitím změnila na {price_minor}. Zkontrolujte ji a objednejte znovu."
    en = "The price has changed to {price_minor} meanwhile. Check it and order again."
    price_minor: int


@dataclass
class CreditAbovePrice(Refusal):
    status = 422
    cs = "Z kreditu jde zaplatit nejvýše cena {price_minor}. Zadejte nižší částku."
    en = "Credit can pay the price of {price_minor} at most. Enter a lower amount."
    price_minor: int


@dataclass
class OrderClosed(Refusal):
    status = 409
    cs = "Objednávka už je uzavřená. Načtěte ji znovu, výsledek tam uvidíte."
    en = "The order is closed already. Read it again to see the outcome."
    state: str


@dataclass
class ConfirmTooLate(Refusal):
    status = 409
    cs = "Potvrdit šlo do {until}. Kredit i místo se vrací, občan může objednat znovu."
    en = "It could be confirmed until {until}. Credit and place go back; the citizen may order again."
    until: datetime


class OrderPayable(Refusal):
    status = 409
    cs = "Aktivita už začala nebo je zaplacená. Na zrušení se domluvte s poskytovatelem."
    en = "The activity has begun or is paid for. Ask the provider to cancel it."


class NotBegun(Refusal):
    status = 409
    cs = "Účast jde zapsat až ode dne začátku. Vraťte se sem v ten den."
    en = "Attendance can be noted from the first day on. Come back then."


class SessionBegun(Refusal):
    status = 409
    cs = "Termín už začal, zrušit ani přesunout ho nejde. Domluvte se s městem."
    en = "The session has begun and can be neither cancelled nor moved. Contact the town."


@dataclass
class CapacityBelowOrders(Refusal):
    status = 409
    cs = "Objednaných míst je {taken}. Kapacita nemůže být nižší."
    en = "{taken} places are ordered. The capacity cannot be lower."
    taken: int


class SessionDatesReversed(Refusal):
    status = 422
    cs = "Konec je před začátkem, nebo jde objednávat i po konci. Upravte data."
    en = "It ends before it begins, or can be ordered after its end. Correct the dates."


class PriceFixedByOrders(Refusal):
    status = 409
    cs = "Na tento termín už jsou objednávky, cena se změnit nedá. Vypište nový termín."
    en = "There are orders of this session, so its price cannot change. Offer a new session."


class NothingToPublish(Refusal):
    status = 409
    cs = "Aktivita ještě nemá termín. Přidejte aspoň jeden a potom ji zveřejněte."
    en = "The activity has no session yet. Add one and publish it then."


class ProviderNotActive(Refusal):
    status = 409
    cs = "Nabídku zveřejníte, až vás město schválí do programu."
    en = "You can publish an offer once the town has approved you for a programme."
