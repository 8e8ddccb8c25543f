"""The verbs of offers: what providers put up, and orders from request to payment.

Money moves in the ledger's transactions; the place, the order's state and the messages are committed with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chalicelib.core.clock import Instant, day_of, now, to_text, today
from chalicelib.core.edits import merged
from chalicelib.core.gate import Who
from chalicelib.core.ids import digest, new_id
from chalicelib.core.refusals import ChangedMeanwhile, KeyUsedForOtherRequest, NotFound, Refusal
from chalicelib.core.table import Key, Page, Row, Write, transact
from chalicelib.core.telemetry import log
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import (
    AlreadyPaidOut,
    Grant,
    NotReversible,
    Receipt,
    Spender,
    Transfer,
    TransferNotFound,
)
from chalicelib.money.offers import letters, store
from chalicelib.money.offers.model import (
    LIVE,
    NEWS_SETTLES,
    SESSIONS_MAX,
    Activity,
    ActivityState,
    CreditAbovePrice,
    Filter,
    News,
    NotBegun,
    NothingToPublish,
    Offer,
    Order,
    OrderClosed,
    OrderState,
    ProviderNotActive,
    Session,
    SessionBegun,
    Wanted,
    check_citizen_may_cancel,
    check_session,
    confirm_by,
    copy_of,
    fits_age_span,
    noted_by,
    split,
    text_fits,
    why_not,
)
from chalicelib.money.programmes import service as programmes
from chalicelib.money.programmes.model import Programme, Rules
from chalicelib.money.providers import service as providers
from chalicelib.money.providers.model import ListFull, Provider
from chalicelib.town.identity import service as identity
from chalicelib.town.people import service as people

SYSTEM = "system"
DUE_A_STEP = 50
PAGES_READ_MAX = 40


# Activities


def offer(city: str, id: str) -> Offer:
    """An activity with its sessions, whatever its state. Raises NotFound."""
    known = store.offer(city, id)
    if known is None:
        raise NotFound
    return known


def offer_of(city: str, provider: str, id: str) -> Offer:
    """An activity of this provider. Raises NotFound for anybody else's."""
    known = offer(city, id)
    if known.activity.provider != provider:
        raise NotFound
    return known


def own_offer(city: str, id: str, who: Who, *roles: str) -> Offer:
    """An activity of a provider that the caller works for. Raises NotFound for anybody else."""
    known = offer(city, id)
    providers.check_member(city, known.activity.provider, who, *roles)
    return known


def add_activity(city: str, activity: Activity) -> Offer:
    """A draft. Raises BranchUnknown."""
    provider = providers.provider(city, activity.provider)
    if activity.branch:
        provider.branch(activity.branch)
    made = Offer(replace(activity, id=new_id(), state="draft", made_at=now()))
    transact(store.add(city, made))
    return made


def amend_activity(city: str, known: Offer, seen: int, changes: dict[str, Any]) -> Offer:
    """Change an activity's texts, ages or place. Raises ChangedMeanwhile, BranchUnknown."""
    if known.activity.v != seen:
        raise ChangedMeanwhile
    changed = merged(known.activity, changes)
    if changed.branch:
        providers.provider(city, changed.provider).branch(changed.branch)
    transact([store.save(city, changed, known.sessions)])
    return replace(known, activity=replace(changed, v=seen + 1))


def set_state(city: str, known: Offer, state: ActivityState) -> Offer:
    """Publish, withdraw or take back to a draft. Orders go on. Raises NothingToPublish, ProviderNotActive."""
    if state == "published":
        if not known.open_sessions(today()):
            raise NothingToPublish
        if providers.provider(city, known.activity.provider).state != "active":
            raise ProviderNotActive
    changed = replace(known.activity, state=state)
    transact([store.save(city, changed, known.sessions)])
    return replace(known, activity=replace(changed, v=changed.v + 1))


def duplicate(city: str, known: Offer) -> Offer:
    """A draft with the same texts and sessions, every place free."""
    made = copy_of(known, new_id(), [new_id() for _ in known.sessions], now())
    transact(store.add(city, made))
    return made


def activities_of(city: str, provider: str) -> list[Offer]:
    """All activities of a provider, newest first, with the sessions that are not cancelled."""
    return store.activities_of(city, provider)


# Sessions


def add_session(city: str, known: Offer, session: Session) -> Offer:
    """Put up a session; all its places are free. Raises SessionDatesReversed, ListFull, ChangedMeanwhile."""
    check_session(session)
    if len(known.sessions) >= SESSIONS_MAX:
        raise ListFull(SESSIONS_MAX)
    made = replace(session, id=new_id(), activity=known.activity.id, places=session.capacity, state="open")
    return _with_sessions(city, known, (*known.sessions, made), store.add_session(city, made))


def amend_session(city: str, known: Offer, seen: int, then: Session, by: str) -> Offer:
    """Change a session. New dates are news for everyone with an order.

    Raises ChangedMeanwhile, SessionBegun, SessionDatesReversed, CapacityBelowOrders, PriceFixedByOrders.
    """
    if known.activity.v != seen:
        raise ChangedMeanwhile
    check_session(then)
    before = known.session(then.id)
    moves = then.starts_on != before.starts_on
    if moves and before.starts_on <= today():
        raise SessionBegun
    then = replace(
        then,
        activity=before.activity,
        places=before.places + then.capacity - before.capacity,
        moved_from=before.starts_on if moves else before.moved_from,
    )
    writes = [store.amend_session(city, before, then)]
    if moves:
        writes.append(store.add_news(city, _news(then, "moved", "", by)))
    sessions = tuple(then if s.id == then.id else s for s in known.sessions)
    return _with_sessions(city, known, sessions, *writes)


def cancel_session(city: str, known: Offer, id: str, reason: str, by: str) -> Offer:
    """Cancel a session before it begins. A job releases every order of it and tells the citizens.

    Raises SessionUnknown, SessionBegun, SessionCancelled.
    """
    session = known.session(id)
    if session.starts_on <= today():
        raise SessionBegun
    writes = [
        store.cancel_session(city, session, reason),
        store.add_news(city, _news(session, "cancelled", reason, by)),
    ]
    cancelled = replace(session, state="cancelled", reason=reason)
    sessions = tuple(cancelled if s.id == id else s for s in known.sessions)
    return _with_sessions(city, known, sessions, *writes)


def _with_sessions(city: str, known: Offer, sessions: Sequence[Session], *writes: Write) -> Offer:
    """The activity's card follows its sessions, and its version keeps two editors apart."""
    transact([store.save(city, known.activity, sessions), *writes])
    in_order = tuple(sorted(sessions, key=lambda session: (session.starts_on, session.id)))
    return Offer(replace(known.activity, v=known.activity.v + 1), in_order)


def _news(session: Session, what: Any, reason: str, by: str) -> News:
    return News(new_id(), session.activity, session.id, what, reason, now(), by)


# The offer, for anyone


@dataclass(frozen=True)
class Listed:
    """An activity in the offer, with its provider and the sessions that can still be ordered."""

    activity: Activity
    provider: Provider
    sessions: tuple[Session, ...]


def listed(city: str, wanted: Filter, programme: str, limit: int, cursor: str | None) -> Page[Listed]:
    """The town's offer by category and title. A search that finds few may give a short page with a cursor."""
    day = today()
    if programme:
        wanted = replace(wanted, providers=_providers_for(city, programme, wanted.providers))
    found: list[Listed] = []
    for _ in range(PAGES_READ_MAX):
        page = store.published_rows(city, wanted.category, limit - len(found), cursor)
        found += _fitting(city, page.items, wanted, day)
        cursor = page.next
        if cursor is None or len(found) >= limit:
            break
    return Page(tuple(found), cursor)


def _providers_for(city: str, programme: str, among: frozenset[str] | None) -> frozenset[str]:
    rules = programmes.programme(city, programme).rules
    ids = {provider.id for provider in providers.providers_of(city, programme) if rules.takes(provider.id)}
    return frozenset(ids if among is None else ids & among)


def _fitting(city: str, rows: Sequence[Row], wanted: Filter, day: date) -> list[Listed]:
    cards = [row.card for row in rows if _card_fits(row.card, wanted, day)]
    offers = store.offers(city, cards)
    owners = providers.providers(city, list({offer.activity.provider for offer in offers}))
    found = []
    for known in offers:
        owner = owners.get(known.activity.provider)
        sessions = known.open_sessions(day)
        fits = (
            owner
            and owner.state == "active"
            and text_fits(known.activity.title.cs, known.activity.place, owner.name, wanted.text)
        )
        if owner and fits and sessions and (not wanted.free or any(s.places for s in sessions)):
            found.append(Listed(known.activity, owner, sessions))
    return found


def _card_fits(card: dict[str, Any], wanted: Filter, day: date) -> bool:
    """What the index row alone can tell."""
    prices = [row[3] for row in card["sessions"] if row[2] >= day.isoformat()]
    cheap_enough = wanted.price_max_minor is None or min(prices, default=0) <= wanted.price_max_minor
    of_provider = not wanted.provider or card["provider"] == wanted.provider
    among = wanted.providers is None or card["provider"] in wanted.providers
    of_age = wanted.age is None or fits_age_span(card["age_from"], card["age_to"], wanted.age)
    return bool(prices) and cheap_enough and of_provider and among and of_age


def public_offer(city: str, id: str) -> tuple[Offer, Provider]:
    """A published activity of an active provider. Raises NotFound."""
    known = offer(city, id)
    provider = providers.provider(city, known.activity.provider)
    if known.activity.state != "published" or provider.state != "active":
        raise NotFound
    return known, provider


# Prices for a citizen


@dataclass(frozen=True)
class Quote:
    """What one grant pays of one session, and why it would not. Credit and co-payment add up to the price."""

    session: Session
    grant: Grant
    programme: Programme
    beneficiary_name: str
    credit_minor: int
    co_payment_minor: int
    refusal: Refusal | None


def quotes(city: str, who: Who, id: str, person: str) -> list[Quote]:
    """For each of the person's grants with credit to spend and each open session of an activity.

    What orders hold cannot be spent, so a grant that they hold whole is not offered. Raises NotFound, ConflictOfInterest.
    """
    identity.look_for(city, who, person)
    known, _ = public_offer(city, id)
    at, day = now(), today()
    credits = [g for g in ledger.grants_of(city, person) if g.mode == "credit" and g.spendable_minor > 0]
    grants = [grant for grant in credits if ledger.as_of(grant, at).state == "active"]
    subjects = people.subjects(city, [grant.beneficiary for grant in grants])
    found = []
    for grant in grants:
        programme = programmes.programme(city, grant.programme)
        part = providers.takes_part(city, grant.programme, known.activity.provider)
        subject = subjects[grant.beneficiary]
        for session in known.open_sessions(day):
            refusal = why_not(
                known.activity, session, programme.rules, part, subject.birth_date, grant.min_price_minor, day
            )
            credit_minor, co_payment_minor = split(session.price_minor, grant.spendable_minor)
            found.append(Quote(session, grant, programme, subject.name, credit_minor, co_payment_minor, refusal))
    return found


# Ordering


@dataclass(frozen=True)
class Placed:
    """An order, and whether this answer repeats an earlier one."""

    order: Order
    replayed: bool = False


def place(city: str, who: Who, wanted: Wanted, key: str) -> Placed:
    """Order a place: the hold on the credit, the place and the order in one transaction.

    The holder of the credit orders, or the assistant who registered them; not at the assistant's own provider.

    Refusals: SessionFull, SessionCancelled, OrderingClosed, PriceChanged, CreditAbovePrice, NotForThisProgramme,
    AgeOutOfRange, BelowMinPrice, those of the ledger, KeyUsedForOtherRequest, ConflictOfInterest.
    """
    request = digest("order", who.id, key)
    fingerprint = digest(*(str(value) for value in wanted.__dict__.values()))
    grant = _credit(city, wanted.grant)
    noted = identity.acting_for(city, who, grant.person, "order_placed")
    if earlier := store.order(city, store.order_id(grant.person, request)):
        return _same(earlier, fingerprint)
    known, rules, order = _new_order(city, who, wanted, grant, request, fingerprint)
    if order.made_by:
        identity.check_impartial(city, who.id, providers=[order.provider])
    session = replace(known.session(wanted.session), price_minor=wanted.price_minor)
    also = [store.take_place(city, session), store.add_order(city, order), *letters.requested(city, order), *noted]
    spender = Spender(who.id, who.app, key)
    receipt = ledger.hold(
        city,
        grant,
        order.credit_minor,
        order.provider,
        order.hold,
        spender,
        also,
        category=known.activity.category,
        provider_limit_minor=rules.provider_limit_minor,
    )
    if receipt.replayed:
        return _same(order_of(city, order.id), fingerprint)
    return Placed(order)


def _same(earlier: Order, fingerprint: str) -> Placed:
    if earlier.fingerprint != fingerprint:
        raise KeyUsedForOtherRequest
    return Placed(earlier, replayed=True)


def _credit(city: str, id: str) -> Grant:
    grant = ledger.grant(city, id)
    if grant is None or grant.mode != "credit":
        raise NotFound
    return grant


def _new_order(
    city: str, who: Who, wanted: Wanted, grant: Grant, request: str, fingerprint: str
) -> tuple[Offer, Rules, Order]:
    """The order as it will stand, with the offer and the rules that it stands on. What places and balance say, the transaction judges."""
    known, provider = public_offer(city, wanted.activity)
    session = known.session(wanted.session)
    if wanted.credit_minor > wanted.price_minor:
        raise CreditAbovePrice(wanted.price_minor)
    rules = programmes.programme(city, grant.programme).rules
    part = providers.takes_part(city, grant.programme, provider.id)
    born = people.subject(city, grant.beneficiary).birth_date
    if refusal := why_not(known.activity, session, rules, part, born, grant.min_price_minor, today()):
        raise refusal
    at = now()
    order = Order(
        id=store.order_id(grant.person, request),
        person=grant.person,
        beneficiary=grant.beneficiary,
        activity=known.activity.id,
        session=session.id,
        title=known.activity.title.cs,
        provider=provider.id,
        programme=grant.programme,
        grant=grant.id,
        hold=request,
        price_minor=wanted.price_minor,
        credit_minor=wanted.credit_minor,
        state="requested",
        money="held",
        payable_on=rules.payable_on,
        requested_at=at,
        confirm_by=confirm_by(at, rules.order_confirm_days, session),
        starts_on=session.starts_on,
        fingerprint=fingerprint,
        noted_by=noted_by(session) if rules.payable_on == "attendance" else None,
        made_by=who.id if who.id != grant.person else "",
    )
    return known, rules, order


# Reading orders


def order_of(city: str, id: str) -> Order:
    """Raises NotFound."""
    known = store.order(city, id)
    if known is None:
        raise NotFound
    return known


def order_for(city: str, id: str, who: Who) -> Order:
    """An order for its citizen, the assistant who registered them, or its provider's people.

    Raises NotFound for anybody else, ConflictOfInterest.
    """
    known = order_of(city, id)
    if not who.role_at(city, known.provider):
        identity.look_for(city, who, known.person)
    return known


def category_ordered(city: str, person: str, hold: str) -> str:
    """The category of the activity whose order made this hold, "" if there is none."""
    order = store.order(city, store.order_id(person, hold))
    return offer(city, order.activity).activity.category if order else ""


def orders_of(city: str, who: Who, person: str) -> list[Order]:
    """A person's orders, newest first, for the person and the assistant who registered them. Raises NotFound."""
    identity.look_for(city, who, person)
    return store.orders_of(city, person, store.ORDERS_OF_PERSON_MAX)


def orders_at(city: str, provider: str, state: str, session: str, limit: int, cursor: str | None) -> Page[Order]:
    """A provider's orders: of one session, or of one state, or all, by state and time."""
    if session:
        states = [state] if state else [*LIVE, "attended", "not_attended"]
        ids = store.orders_in(city, provider, session, states)  # type: ignore[arg-type]
        return Page(tuple(store.orders(city, ids)))
    page = store.page_of_provider(city, provider, state, limit, cursor)
    return Page(tuple(store.orders(city, [row.card["id"] for row in page.items])), page.next)


# What happens to an order


def confirm(city: str, order: Order, who: Who) -> Placed:
    """The provider takes the order. Where the programme pays by confirmation, the credit is owed from now on.

    Refusals: ConfirmTooLate, OrderClosed.
    """
    if order.state == "confirmed":
        return Placed(order, replayed=True)
    if order.state != "requested":
        raise OrderClosed(order.state)
    at = now()
    pays = order.payable_on == "confirmation"
    then = replace(order, state="confirmed", decided_at=at, decided_by=who.id, money="payable" if pays else "held")
    also = [store.save_order(city, order, then, answered_at=at), *letters.answered(city, then)]
    if pays:
        return _outcome(city, then, _end_hold(city, order, who, also, pays=True))
    transact(also)
    return Placed(replace(then, v=order.v + 1))


def reject(city: str, order: Order, who: Who, reason: str) -> Placed:
    """The provider does not take the order: credit and place go back. Refusals: OrderClosed."""
    if order.state == "rejected":
        return Placed(order, replayed=True)
    if order.state != "requested":
        raise OrderClosed(order.state)
    then = replace(order, state="rejected", reason=reason, decided_at=now(), decided_by=who.id)
    return _give_up(city, order, then, who)


def cancel(city: str, order: Order, who: Who, reason: str = "") -> Placed:
    """The citizen, the assistant who registered them, or the provider with a reason, cancels an order.

    Refusals: OrderClosed, OrderPayable, AlreadyPaidOut, ConflictOfInterest; NotFound for anybody else.
    """
    for_citizen = order.person == who.id or not who.role_at(city, order.provider)
    noted = identity.acting_for(city, who, order.person, "order_cancelled") if for_citizen else []
    if order.state == "cancelled":
        return Placed(order, replayed=True)
    if for_citizen:
        check_citizen_may_cancel(order, today())
    elif not order.live:
        raise OrderClosed(order.state)
    then = replace(order, state="cancelled", reason=reason, decided_by=who.id)
    return _give_up(city, order, then, who, noted, for_citizen=for_citizen)


def attend(city: str, order: Order, who: Who, attended: bool) -> Placed:
    """The provider notes whether somebody came. Where the programme pays by attendance, the credit is owed or returned.

    Refusals: NotBegun, OrderClosed.
    """
    state: OrderState = "attended" if attended else "not_attended"
    if order.state == state:
        return Placed(order, replayed=True)
    if order.state != "confirmed":
        raise OrderClosed(order.state)
    if today() < order.starts_on:
        raise NotBegun
    at = now()
    noted = replace(order, state=state, ended_at=at)
    if order.money != "held":
        transact([store.save_order(city, order, noted)])
        return Placed(replace(noted, v=order.v + 1))
    pays = attended or order.payable_on == "start"
    then = replace(noted, money="payable" if pays else "returned")
    told = letters.attendance_reminder if pays else letters.answered
    also = [store.save_order(city, order, then), *told(city, then)]
    return _outcome(city, then, _end_hold(city, order, who, also, pays=pays))


def _give_up(
    city: str, order: Order, then: Order, who: Who, noted: Sequence[Write] = (), *, for_citizen: bool = False
) -> Placed:
    """Credit and place go back, once, whoever was first."""
    then = replace(then, money="returned", ended_at=now())
    told = letters.cancelled_by_citizen if for_citizen else letters.answered
    also = [store.save_order(city, order, then), store.give_place_back(city, order), *told(city, then), *noted]
    if order.money == "payable":
        receipt = ledger.unsettle(city, _hold_of(city, order), _spender(who, order), also)
    else:
        receipt = _end_hold(city, order, who, also, pays=False)
    return _outcome(city, then, receipt)


def _end_hold(city: str, order: Order, who: Who, also: Sequence[Write], *, pays: bool) -> Receipt:
    end = ledger.settle if pays else ledger.release
    return end(city, _hold_of(city, order), _spender(who, order), also)


def _outcome(city: str, then: Order, receipt: Receipt) -> Placed:
    """The order as it was written. Where its credit had moved that way before, the order is as whoever was first left it.

    Refusals: OrderClosed.
    """
    if not receipt.replayed:
        return Placed(replace(then, v=then.v + 1))
    known = order_of(city, then.id)
    if known.state != then.state:
        raise OrderClosed(known.state)
    return Placed(known, replayed=True)


def _hold_of(city: str, order: Order) -> Transfer:
    held = ledger.transfer(city, order.grant, order.hold)
    if held is None:
        raise TransferNotFound
    return held


def _spender(who: Who, order: Order) -> Spender:
    return Spender(by=who.id, via=who.app, key=order.hold)


# What the clock does


ITSELF = Who(id=SYSTEM, app="admin")


def end_due(city: str, cursor: str | None) -> str | None:
    """Time out what was not confirmed, make payable what has begun, carry news of sessions. One step; again is harmless."""
    rows = store.due_rows(city, cursor or "", now(), DUE_A_STEP)
    for row in rows:
        _do_due(city, row)
    return rows[-1].sort if len(rows) == DUE_A_STEP else None


def _do_due(city: str, row: Row) -> None:
    try:
        if row.key.sk.startswith("N#"):
            carry_news(city, row.key)
        elif order := store.order(city, row.key.sk.removeprefix("O#")):
            end_order(city, order)
    except Refusal:
        return  # somebody was faster; what is still due, the next tick finds


def end_order(city: str, order: Order) -> None:
    """What time does to an order: unanswered, it ends; begun, it is owed to the provider; moved, it waits.

    Where attendance decides and nobody noted it in time, the credit goes back.
    """
    at = now()
    if order.state == "requested" and at > order.confirm_by:
        _give_up(city, order, replace(order, state="timed_out"), ITSELF)
        return
    if order.state != "confirmed" or order.money != "held":
        return
    if order.payable_on == "start" and order.starts_on <= day_of(at):
        then = replace(order, money="payable")
        _end_hold(city, order, ITSELF, [store.save_order(city, order, then)], pays=True)
    elif order.noted_by and at > order.noted_by:
        _end_unnoted(city, order, at)


def _end_unnoted(city: str, order: Order, at: Instant) -> None:
    """Without a note that somebody came, the programme does not pay. A session that was made longer is waited for."""
    last = noted_by(offer(city, order.activity).session(order.session))
    if at <= last:
        then = replace(order, noted_by=last)
        transact([store.save_order(city, order, then), *letters.attendance_reminder(city, then)])
        return
    then = replace(order, state="not_attended", money="returned", ended_at=at, decided_by=SYSTEM)
    _end_hold(city, order, ITSELF, [store.save_order(city, order, then), *letters.not_noted(city, then)], pays=False)


def carry_news(city: str, key: Key) -> None:
    """Do to each order of a session what its news say. News end once they are old enough for the index to know all."""
    news = store.news(city, key)
    if news is None or news.done:
        return
    known = offer(city, news.activity)
    session = known.session(news.session)
    for id in store.orders_in(city, known.activity.provider, session.id, LIVE):
        order = store.order(city, id)
        if order and order.live:
            _carry(city, order, news, session)
    settled = now() - news.at > NEWS_SETTLES
    if settled and (news.what == "moved" or _all_ended(city, session)):
        store.end_news(city, news)


def _carry(city: str, order: Order, news: News, session: Session) -> None:
    """One order's refusal must not stop the others: what is still open, the next tick finds."""
    try:
        if news.what == "cancelled":
            _cancel_with_session(city, order, news)
        elif order.starts_on != session.starts_on:
            last = noted_by(session) if order.noted_by else None
            then = replace(order, starts_on=session.starts_on, noted_by=last)
            transact([store.save_order(city, order, then), *letters.moved(city, then, news, order.starts_on)])
    except Refusal as refusal:
        log.warning("news of a session not carried", order=order.id, news=news.id, code=refusal.code())


def _cancel_with_session(city: str, order: Order, news: News) -> None:
    """Money that went to the bank, or was claimed back from there, is the town's to settle: the order ends without it."""
    ended = replace(order, state="cancelled", reason=news.reason, decided_by=news.by, ended_at=now())
    try:
        _give_up(city, order, ended, ITSELF)
    except (AlreadyPaidOut, NotReversible):
        told = letters.cancelled_after_payout(city, ended)
        transact([store.save_order(city, order, ended), store.give_place_back(city, order), told])


def _all_ended(city: str, session: Session) -> bool:
    """A cancelled session is done when every place is back: each live order holds one."""
    seen = store.session(city, session.activity, session.id)
    return seen is not None and seen.taken == 0


# Export


def _exported(city: str, person: str) -> list[dict[str, str | int]]:
    return [
        {
            "at": to_text(order.requested_at),
            "title": order.title,
            "state": order.state,
            "price_minor": order.price_minor,
            "credit_minor": order.credit_minor,
        }
        for order in store.orders_of(city, person)
    ]


people.adds_to_export("orders", _exported)
