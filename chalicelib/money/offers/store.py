"""Activities, sessions and orders in the table. The only file that knows their keys and attributes."""

from collections.abc import Sequence
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.clock import Instant, to_text
from chalicelib.core.refusals import KeyUsedForOtherRequest
from chalicelib.core.table import (
    GSI1,
    GSI2,
    DayAttribute,
    InstantAttribute,
    Item,
    Key,
    NounAttribute,
    Page,
    Query,
    Row,
    Write,
    change,
    commit,
    items_in,
    page_of_rows,
    put_new,
    read,
    read_many,
    replace,
    rows_in,
)
from chalicelib.money.offers.model import (
    Activity,
    CapacityBelowOrders,
    ConfirmTooLate,
    News,
    Offer,
    Order,
    OrderClosed,
    OrderState,
    PriceChanged,
    PriceFixedByOrders,
    Session,
    SessionCancelled,
    SessionFull,
    Texts,
    due,
)
from chalicelib.town.towns.model import folded

ORDERS_OF_PERSON_MAX = 500
ACTIVITIES_OF_PROVIDER_MAX = 500


# Keys


def activity_key(city: str, activity: str) -> Key:
    """AP-210: an activity; its sessions and their news lie in the same partition."""
    return Key(f"{city}#AC#{activity}", "A")


def session_key(city: str, activity: str, session: str) -> Key:
    """AP-211: a session of an activity."""
    return Key(f"{city}#AC#{activity}", f"S#{session}")


def news_key(city: str, activity: str, news: str) -> Key:
    """AP-212: a cancellation or a move of a session."""
    return Key(f"{city}#AC#{activity}", f"N#{news}")


def order_key(city: str, order: str) -> Key:
    """AP-213: an order, by the person in its id; a person's orders lie together."""
    return Key(f"{city}#OP#{person_of(order)}", f"O#{order}")


def published(city: str) -> str:
    """AP-214 (GSI1): the town's published activities by category and title."""
    return f"{city}#OFFER"


def of_provider(city: str, provider: str) -> str:
    """AP-215 (GSI2): a provider's activities (`AC#`) and its orders by state and time (`O#`)."""
    return f"{city}#PR#{provider}"


def due_orders(city: str) -> str:
    """AP-216 (GSI1): orders and news that a job must look at, by when."""
    return f"{city}#HOLD"


def order_id(person: str, request: str) -> str:
    return f"{person}-{request}"


def person_of(order: str) -> str:
    return order.partition("-")[0]


# Items


class ActivityItem(Item):
    KIND = "activity"
    id = UnicodeAttribute()
    provider = UnicodeAttribute()
    title = NounAttribute[Texts](Texts)
    about = NounAttribute[Texts](Texts)
    form = UnicodeAttribute()
    category = UnicodeAttribute()
    place = UnicodeAttribute()
    state = UnicodeAttribute()
    made_at = InstantAttribute()
    branch = UnicodeAttribute(default="")
    age_from = NumberAttribute(null=True)
    age_to = NumberAttribute(null=True)
    bring = UnicodeAttribute(default="")


class SessionItem(Item):
    KIND = "session"
    id = UnicodeAttribute()
    activity = UnicodeAttribute()
    starts_on = DayAttribute()
    ends_on = DayAttribute()
    times = UnicodeAttribute(default="")
    capacity = NumberAttribute()
    places = NumberAttribute()
    price_minor = NumberAttribute()
    order_until = DayAttribute()
    state = UnicodeAttribute()
    moved_from = DayAttribute(null=True)
    reason = UnicodeAttribute(default="")


class OrderItem(Item):
    KIND = "order"
    id = UnicodeAttribute()
    person = UnicodeAttribute()
    beneficiary = UnicodeAttribute()
    activity = UnicodeAttribute()
    session = UnicodeAttribute()
    title = UnicodeAttribute()
    provider = UnicodeAttribute()
    programme = UnicodeAttribute()
    grant = UnicodeAttribute()
    hold = UnicodeAttribute()
    price_minor = NumberAttribute()
    credit_minor = NumberAttribute()
    state = UnicodeAttribute()
    money = UnicodeAttribute()
    payable_on = UnicodeAttribute()
    requested_at = InstantAttribute()
    confirm_by = InstantAttribute()
    starts_on = DayAttribute()
    fingerprint = UnicodeAttribute()
    decided_at = InstantAttribute(null=True)
    decided_by = UnicodeAttribute(default="")
    ended_at = InstantAttribute(null=True)
    reason = UnicodeAttribute(default="")
    noted_by = InstantAttribute(null=True)
    made_by = UnicodeAttribute(default="")


class NewsItem(Item):
    KIND = "session_news"
    id = UnicodeAttribute()
    activity = UnicodeAttribute()
    session = UnicodeAttribute()
    what = UnicodeAttribute()
    reason = UnicodeAttribute(default="")
    at_ = InstantAttribute(attr_name="at")
    by = UnicodeAttribute()
    done = BooleanAttribute()


# Activities and sessions


def _activity_item(city: str, activity: Activity, sessions: Sequence[Session]) -> ActivityItem:
    """The card holds what the offer is filtered by. Places change with every order and are read beside it."""
    card = {
        "id": activity.id,
        "provider": activity.provider,
        "title": activity.title.cs,
        "place": activity.place,
        "category": activity.category,
        "age_from": activity.age_from,
        "age_to": activity.age_to,
        "sessions": [
            [s.id, s.starts_on.isoformat(), s.order_until.isoformat(), s.price_minor]
            for s in sessions
            if s.state == "open"
        ],
    }
    item = ActivityItem.of(
        activity,
        activity_key(city, activity.id),
        gsi2_pk=of_provider(city, activity.provider),
        gsi2_sk=f"AC#{activity.id}",
        card=card,
    )
    if activity.state == "published":
        item.gsi1_pk = published(city)
        item.gsi1_sk = f"{activity.category}#{folded(activity.title.cs)}#{activity.id}"
    return item


def _session_item(city: str, session: Session) -> SessionItem:
    return SessionItem.of(session, session_key(city, session.activity, session.id))


def add(city: str, offer: Offer) -> list[Write]:
    def exists(_old: object) -> Exception:
        return KeyUsedForOtherRequest()

    items = [_activity_item(city, offer.activity, offer.sessions), *(_session_item(city, s) for s in offer.sessions)]
    return [put_new(item, exists) for item in items]


def save(city: str, activity: Activity, sessions: Sequence[Session]) -> Write:
    """The activity over the version it was read at; its card follows the sessions."""
    return replace(_activity_item(city, activity, sessions), activity.v)


def add_session(city: str, session: Session) -> Write:
    return put_new(_session_item(city, session), lambda _old: KeyUsedForOtherRequest())


def amend_session(city: str, seen: Session, then: Session) -> Write:
    """Change a session while people order it: places move by the change of capacity, never below what is taken.

    The activity's version keeps two editors apart. A price changes only while nobody has ordered.
    """
    more = then.capacity - seen.capacity
    item = SessionItem.at(session_key(city, seen.activity, seen.id))
    actions = [
        SessionItem.starts_on.set(then.starts_on),
        SessionItem.ends_on.set(then.ends_on),
        SessionItem.times.set(then.times),
        SessionItem.order_until.set(then.order_until),
        SessionItem.capacity.set(then.capacity),
        SessionItem.places.set(SessionItem.places + more),
        SessionItem.price_minor.set(then.price_minor),
    ]
    if then.moved_from:
        actions.append(SessionItem.moved_from.set(then.moved_from))
    condition = (SessionItem.state == "open") & (SessionItem.places >= -more)
    if then.price_minor != seen.price_minor:
        condition &= SessionItem.places == seen.capacity

    def why(old: SessionItem | None) -> Exception:
        if old is None or old.state != "open":
            return SessionCancelled()
        taken = int(old.capacity) - int(old.places)
        return CapacityBelowOrders(taken) if then.capacity < taken else PriceFixedByOrders()

    return change(item, actions, condition, why)


def cancel_session(city: str, session: Session, reason: str) -> Write:
    item = SessionItem.at(session_key(city, session.activity, session.id))
    actions = [SessionItem.state.set("cancelled"), SessionItem.reason.set(reason)]
    return change(item, actions, SessionItem.state == "open", lambda _old: SessionCancelled())


def take_place(city: str, session: Session) -> Write:
    """One place less, if there is one, at the price that was seen."""
    place_free = SessionItem.places >= 1
    still_open = SessionItem.state == "open"
    price_seen = SessionItem.price_minor == session.price_minor

    def why(old: SessionItem | None) -> Exception:
        if old is None or old.state != "open":
            return SessionCancelled()
        return SessionFull() if old.places < 1 else PriceChanged(int(old.price_minor))

    item = SessionItem.at(session_key(city, session.activity, session.id))
    return change(item, [SessionItem.places.set(SessionItem.places - 1)], place_free & still_open & price_seen, why)


def give_place_back(city: str, order: Order) -> Write:
    item = SessionItem.at(session_key(city, order.activity, order.session))
    return change(item, [SessionItem.places.set(SessionItem.places + 1)], SessionItem.places.exists())


def offer(city: str, activity: str) -> Offer | None:
    """An activity with its sessions, earliest first."""
    found: Activity | None = None
    sessions: list[Session] = []
    pk = activity_key(city, activity).pk
    for query in (Query(pk, begins="A"), Query(pk, begins="S#")):
        for item in items_in(query, consistent=True):
            if isinstance(item, ActivityItem):
                found = item.noun(Activity)
            elif isinstance(item, SessionItem):
                sessions.append(item.noun(Session))
    return Offer(found, _in_order(sessions)) if found else None


def _in_order(sessions: Sequence[Session]) -> tuple[Session, ...]:
    return tuple(sorted(sessions, key=lambda session: (session.starts_on, session.id)))


def session(city: str, activity: str, id: str) -> Session | None:
    item = read(SessionItem, session_key(city, activity, id))
    return item.noun(Session) if item else None


def published_rows(city: str, category: str, limit: int, cursor: str | None) -> Page[Row]:
    return page_of_rows(Query(published(city), begins=f"{category}#" if category else "", index=GSI1), limit, cursor)


def offers(city: str, cards: Sequence[dict[str, Any]]) -> list[Offer]:
    """The activities of these cards with the sessions that the cards name."""
    keys = [activity_key(city, card["id"]) for card in cards]
    keys += [session_key(city, card["id"], row[0]) for card in cards for row in card["sessions"]]
    found = read_many(keys)
    offered = []
    for card in cards:
        item = found.get(activity_key(city, card["id"]))
        if item is None:
            continue
        places = [found.get(session_key(city, card["id"], row[0])) for row in card["sessions"]]
        sessions = _in_order([place.noun(Session) for place in places if place])
        offered.append(Offer(item.noun(Activity), sessions))
    return offered


def activities_of(city: str, provider: str) -> list[Offer]:
    """All activities of a provider, newest first, with their open sessions."""
    query = Query(of_provider(city, provider), begins="AC#", index=GSI2, descending=True)
    return offers(city, [row.card for row in rows_in(query, ACTIVITIES_OF_PROVIDER_MAX)])


# Orders


def _order_item(city: str, order: Order) -> OrderItem:
    card = {
        "id": order.id,
        "session": order.session,
        "activity": order.activity,
        "state": order.state,
        "starts_on": order.starts_on.isoformat(),
        "credit_minor": order.credit_minor,
    }
    item = OrderItem.of(
        order,
        order_key(city, order.id),
        gsi2_pk=of_provider(city, order.provider),
        gsi2_sk=f"O#{order.state}#{to_text(order.requested_at)}#{order.id}",
        card=card,
    )
    if at := due(order):
        item.gsi1_pk, item.gsi1_sk = due_orders(city), f"{to_text(at)}#{order.id}"
    return item


def add_order(city: str, order: Order) -> Write:
    return put_new(_order_item(city, order), lambda _old: KeyUsedForOtherRequest())


def save_order(city: str, seen: Order, then: Order, *, answered_at: Instant | None = None) -> Write:
    """The order's next state, if it is still in the one that was seen; `answered_at` must be within the time to confirm."""
    as_seen = (OrderItem.state == seen.state) & (OrderItem.money == seen.money)
    in_time = OrderItem.confirm_by >= answered_at if answered_at else None

    def why(old: OrderItem | None) -> Exception:
        if old is not None and old.state == seen.state and old.money == seen.money and answered_at:
            return ConfirmTooLate(old.confirm_by)
        return OrderClosed(str(old.state) if old else "")

    also = as_seen if in_time is None else as_seen & in_time
    return replace(_order_item(city, then), seen.v, why, also)


def order(city: str, id: str) -> Order | None:
    item = read(OrderItem, order_key(city, id))
    return item.noun(Order) if item else None


def orders(city: str, ids: Sequence[str]) -> list[Order]:
    """In the order of the ids."""
    found = read_many([order_key(city, id) for id in ids])
    nouns = {item.noun(Order).id: item.noun(Order) for item in found.values()}
    return [nouns[id] for id in ids if id in nouns]


def orders_of(city: str, person: str, limit: int | None = None) -> list[Order]:
    """A person's orders, newest first; the whole of them without a limit."""
    pk = f"{city}#OP#{person}"
    found = [item.noun(Order) for item in items_in(Query(pk, begins="O#"), limit, consistent=True)]
    return sorted(found, key=lambda order: order.requested_at, reverse=True)


def page_of_provider(city: str, provider: str, state: str, limit: int, cursor: str | None) -> Page[Row]:
    """A provider's orders in a state by time, or all by state and time."""
    begins = f"O#{state}#" if state else "O#"
    return page_of_rows(Query(of_provider(city, provider), begins=begins, index=GSI2), limit, cursor)


def orders_in(city: str, provider: str, session: str, states: Sequence[OrderState]) -> list[str]:
    """Ids of the orders of one session in these states."""
    found: list[str] = []
    for state in states:
        query = Query(of_provider(city, provider), begins=f"O#{state}#", index=GSI2)
        found += [row.card["id"] for row in rows_in(query) if row.card["session"] == session]
    return found


def due_rows(city: str, after: str, until: Instant, limit: int) -> list[Row]:
    """What a job must look at by now, from a place on."""
    query = Query(due_orders(city), between=(f"{after}\0" if after else "0", to_text(until) + "~"), index=GSI1)
    return list(rows_in(query, limit))


# News of sessions


def add_news(city: str, news: News) -> Write:
    item = NewsItem.of(
        news,
        news_key(city, news.activity, news.id),
        at_=news.at,
        gsi1_pk=due_orders(city),
        gsi1_sk=f"{to_text(news.at)}#{news.id}",
        card={"id": news.id},
    )
    return put_new(item, lambda _old: KeyUsedForOtherRequest())


def news(city: str, key: Key) -> News | None:
    item = read(NewsItem, key)
    return item.noun(News, at=item.at_) if item else None


def end_news(city: str, news: News) -> None:
    item = NewsItem.at(news_key(city, news.activity, news.id))
    commit(
        change(
            item, [NewsItem.done.set(True), NewsItem.gsi1_pk.remove(), NewsItem.gsi1_sk.remove()], NewsItem.pk.exists()
        )
    )
