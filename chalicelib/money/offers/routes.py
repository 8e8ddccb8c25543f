"""Doors to the offer and to orders: for anyone, for citizens, for providers."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.core.clock import now
from chalicelib.core.edits import Patch
from chalicelib.core.gate import ANYONE, CASHIER, HOLDERS, OWNER, STAFF
from chalicelib.core.http import Api, Call
from chalicelib.core.money import CURRENCY, AmountMinor
from chalicelib.core.shapes import (
    ONE_LINE,
    Day,
    Id,
    Line,
    MaybeId,
    PageQuery,
    PersonQuery,
    ReasonBody,
    Shape,
    Short,
    Text,
)
from chalicelib.money.offers import service
from chalicelib.money.offers.model import (
    CAPACITY_MAX,
    PRICE_MINOR_MAX,
    Activity,
    ActivityForm,
    ActivityState,
    Filter,
    Money,
    Offer,
    Order,
    OrderState,
    Session,
    SessionState,
    Texts,
    Wanted,
)
from chalicelib.money.programmes.model import PayableOn
from chalicelib.money.providers import service as providers
from chalicelib.money.providers.model import Category, Provider
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Child, Person
from chalicelib.town.towns import service as towns

api = Api("offers")

AGE_MAX = 120
SERVING = (OWNER, CASHIER)

type Age = Annotated[int, Field(ge=0, le=AGE_MAX)]
type Capacity = Annotated[int, Field(ge=1, le=CAPACITY_MAX)]
type PriceMinor = Annotated[int, Field(ge=1, le=PRICE_MINOR_MAX)]


class TextsShape(Shape):
    cs: Line
    en: Short = ""


class AboutShape(Shape):
    cs: Text = ""
    en: Text = ""


class NewActivity(Shape):
    provider: Id
    title: TextsShape
    about: AboutShape
    form: ActivityForm
    category: Category
    place: Line
    branch: MaybeId = ""
    age_from: Age | None = None
    age_to: Age | None = None
    bring: Short = ""

    def noun(self) -> Activity:
        return Activity(
            id="",
            provider=self.provider,
            title=Texts(self.title.cs, self.title.en),
            about=Texts(self.about.cs, self.about.en),
            form=self.form,
            category=self.category,
            place=self.place,
            state="draft",
            made_at=now(),
            branch=self.branch,
            age_from=self.age_from,
            age_to=self.age_to,
            bring=self.bring,
        )


class ActivityPatch(Patch):
    """What of an activity to change; what is left out stays. Ages may be null: they do not bound then."""

    NULLABLE = frozenset({"age_from", "age_to"})

    title: TextsShape | None = None
    about: AboutShape | None = None
    form: ActivityForm | None = None
    category: Category | None = None
    place: Line | None = None
    branch: MaybeId | None = None
    age_from: Age | None = None
    age_to: Age | None = None
    bring: Short | None = None


class NewState(Shape):
    state: ActivityState


class NewActivitySession(Shape):
    """One occurrence: its days, the hours in words, places, and the price of the whole of it in haléře."""

    starts_on: Day
    ends_on: Day
    times: Short = ""
    capacity: Capacity
    price_minor: PriceMinor
    order_until: Day

    def noun(self, id: str = "", activity: str = "") -> Session:
        return Session(
            id=id,
            activity=activity,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            times=self.times,
            capacity=self.capacity,
            places=self.capacity,
            price_minor=self.price_minor,
            order_until=self.order_until,
        )


class MaybeWhy(Shape):
    reason: Short = ""


class ActivitySessionShape(Shape):
    id: str
    starts_on: date
    ends_on: date
    times: str
    capacity: int
    places: int
    price_minor: int
    currency: str = CURRENCY
    order_until: date
    state: SessionState
    moved_from: date | None
    reason: str


class ActivityShape(Shape):
    """An activity with its sessions; `v` is its version for If-Match, of its sessions too."""

    id: str
    provider: str
    provider_name: str = ""
    title: TextsShape
    about: AboutShape
    form: ActivityForm
    category: Category
    place: str
    branch: str
    age_from: int | None
    age_to: int | None
    bring: str
    state: ActivityState
    sessions: tuple[ActivitySessionShape, ...]
    v: int


class ActivitiesShape(Shape):
    items: tuple[ActivityShape, ...]
    next: str | None = None


class OfferQuery(PageQuery):
    """Filters of the offer; numbers and yes-or-no come as text."""

    programme: MaybeId = ""
    category: Category | None = None
    provider: MaybeId = ""
    age: Annotated[int, Field(ge=0, le=AGE_MAX, strict=False)] | None = None
    price_max_minor: Annotated[int, Field(ge=1, le=PRICE_MINOR_MAX, strict=False)] | None = None
    free: Annotated[bool, Field(strict=False)] = False
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), ONE_LINE] = ""

    def filter(self) -> Filter:
        return Filter(self.category or "", self.age, self.price_max_minor, self.text, self.free, self.provider)


class ActivityPage(Shape):
    """An activity as anyone sees it, with what is known of its provider."""

    activity: ActivityShape
    provider_about: str
    provider_phone: str
    provider_web: str
    address: str


class QuoteShape(Shape):
    """What a grant pays of a session. Credit and co-payment add up to the price; `refusal` says why it would not."""

    session: str
    grant: str
    programme: str
    programme_name: str
    beneficiary: str
    beneficiary_name: str
    valid_until: datetime
    spendable_minor: int
    price_minor: int
    credit_minor: int
    co_payment_minor: int
    refusal: str | None
    refusal_text: str


class QuotesShape(Shape):
    items: tuple[QuoteShape, ...]
    next: str | None = None


class NewOrder(Shape):
    """An order as the citizen saw it: price and the credit to use, in haléře."""

    activity: Id
    session: Id
    grant: Id
    price_minor: AmountMinor
    credit_minor: AmountMinor


class OrderShape(Shape):
    """An order. `money` says where the credit is: held, payable to the provider, or returned to the grant. `at_desk`: an
    assistant of the town ordered it for the person."""

    id: str
    state: OrderState
    money: Money
    activity: str
    title: str
    session: str
    starts_on: date
    provider: str
    provider_name: str
    programme: str
    beneficiary: str
    beneficiary_name: str
    beneficiary_birth_date: date | None
    contact_name: str
    contact_email: str
    contact_phone: str
    price_minor: int
    credit_minor: int
    co_payment_minor: int
    currency: str = CURRENCY
    payable_on: PayableOn
    requested_at: datetime
    confirm_by: datetime
    decided_at: datetime | None
    ended_at: datetime | None
    reason: str
    at_desk: bool
    v: int
    replayed: bool = False


class OrdersShape(Shape):
    items: tuple[OrderShape, ...]
    next: str | None = None


class OrdersQuery(PageQuery):
    state: OrderState | None = None
    session: MaybeId = ""


class Attendance(Shape):
    attended: bool


# The offer, for anyone


@api.get("/cities/{city}/activities", allow=ANYONE)
def list_activities(call: Call[None, OfferQuery]) -> ActivitiesShape:
    """The town's offer by category and title: what can be ordered now. Refusals: programme_unknown."""
    towns.town(call.city)
    query = call.query
    page = service.listed(call.city, query.filter(), query.programme, query.limit, query.cursor)
    return ActivitiesShape(
        items=tuple(_activity(Offer(one.activity, one.sessions), one.provider) for one in page.items), next=page.next
    )


@api.get("/cities/{city}/activities/{id}", allow=ANYONE)
def get_activity(call: Call) -> ActivityPage:
    """A published activity with its sessions."""
    offer, provider = service.public_offer(call.city, call.id)
    branch = next((b.address for b in provider.branches if b.id == offer.activity.branch), "")
    return ActivityPage(
        activity=_activity(offer, provider),
        provider_about=provider.about,
        provider_phone=provider.contact.phone,
        provider_web=provider.contact.web,
        address=branch,
    )


@api.get("/cities/{city}/activities/{id}/quotes", allow=HOLDERS)
def list_quotes(call: Call[None, PersonQuery]) -> QuotesShape:
    """What each of the person's credits pays of each session, and what is left to pay to the provider.

    Refusals: not_found, conflict_of_interest.
    """
    found = service.quotes(call.city, call.who, call.id, call.query.person or call.who.id)
    return QuotesShape(items=tuple(_quote(quote, call.language) for quote in found))


# The provider's offer


@api.get("/cities/{city}/providers/{id}/activities", allow=(*STAFF, *SERVING))
def list_own_activities(call: Call) -> ActivitiesShape:
    """All activities of a provider, drafts too, newest first."""
    if not call.who.holds(call.city, STAFF):
        providers.check_member(call.city, call.id, call.who)
    provider = providers.provider(call.city, call.id)
    offers = service.activities_of(call.city, call.id)
    return ActivitiesShape(items=tuple(_activity(offer, provider) for offer in offers))


@api.get("/cities/{city}/providers/{id}/activities/{line}", allow=(*STAFF, *SERVING))
def get_own_activity(call: Call) -> ActivityShape:
    """An activity of a provider, whatever its state, with all its sessions."""
    if not call.who.holds(call.city, STAFF):
        providers.check_member(call.city, call.id, call.who)
    return _own(call, service.offer_of(call.city, call.id, call.path["line"]))


@api.post("/cities/{city}/activities", allow=OWNER, status=201)
def add_activity(call: Call[NewActivity]) -> ActivityShape:
    """Make a draft. Refusals: branch_unknown."""
    providers.check_member(call.city, call.body.provider, call.who, OWNER)
    return _own(call, service.add_activity(call.city, call.body.noun()))


@api.patch("/cities/{city}/activities/{id}", allow=OWNER, edits=True)
def patch_activity(call: Call[ActivityPatch]) -> ActivityShape:
    """Change texts, ages or place. Refusals: changed_meanwhile, branch_unknown."""
    known = service.own_offer(call.city, call.id, call.who, OWNER)
    return _own(call, service.amend_activity(call.city, known, call.version, call.body.changes()))


@api.post("/cities/{city}/activities/{id}/state", allow=OWNER)
def set_activity_state(call: Call[NewState]) -> ActivityShape:
    """Publish or withdraw an activity; orders go on. Refusals: nothing_to_publish, provider_not_active."""
    known = service.own_offer(call.city, call.id, call.who, OWNER)
    return _own(call, service.set_state(call.city, known, call.body.state))


@api.post("/cities/{city}/activities/{id}/copy", allow=OWNER, status=201)
def copy_activity(call: Call) -> ActivityShape:
    """Duplicate an activity with its sessions as a draft."""
    known = service.own_offer(call.city, call.id, call.who, OWNER)
    return _own(call, service.duplicate(call.city, known))


@api.post("/cities/{city}/activities/{id}/sessions", allow=OWNER, status=201)
def add_session(call: Call[NewActivitySession]) -> ActivityShape:
    """Put up a session. Refusals: session_dates_reversed, list_full."""
    known = service.own_offer(call.city, call.id, call.who, OWNER)
    return _own(call, service.add_session(call.city, known, call.body.noun()))


@api.put("/cities/{city}/activities/{id}/sessions/{line}", allow=OWNER, edits=True)
def put_session(call: Call[NewActivitySession]) -> ActivityShape:
    """Change a session, under the activity's version; new dates are told to everyone with an order.

    Refusals: changed_meanwhile, session_begun, session_dates_reversed, capacity_below_orders, price_fixed_by_orders.
    """
    known = service.own_offer(call.city, call.id, call.who, OWNER)
    then = call.body.noun(call.path["line"], call.id)
    return _own(call, service.amend_session(call.city, known, call.version, then, call.who.id))


@api.post("/cities/{city}/activities/{id}/sessions/{line}/cancellation", allow=OWNER)
def cancel_session(call: Call[ReasonBody]) -> ActivityShape:
    """Cancel a session: every order gets its credit back and its citizen a message. Refusals: session_begun."""
    known = service.own_offer(call.city, call.id, call.who, OWNER)
    return _own(call, service.cancel_session(call.city, known, call.path["line"], call.body.reason, call.who.id))


# Orders


@api.post("/cities/{city}/orders", allow=HOLDERS, spends=True, status=201)
def place_order(call: Call[NewOrder]) -> OrderShape:
    """Order a place on credit: credit and place are held until the provider answers. An assistant orders on the credit
    of somebody without a sign-in whom they registered.

    Refusals: not_found, conflict_of_interest, session_full, session_cancelled, ordering_closed, price_changed, credit_above_price,
    not_for_this_programme, age_out_of_range, below_min_price, credit_too_small, key_used_for_other_request.
    """
    placed = service.place(call.city, call.who, Wanted(**call.body.model_dump()), call.key)
    return _order(call.city, placed)


@api.get("/cities/{city}/orders", allow=HOLDERS)
def list_orders(call: Call[None, PersonQuery]) -> OrdersShape:
    """The person's orders, newest first. Refusals: not_found, conflict_of_interest."""
    found = service.orders_of(call.city, call.who, call.query.person or call.who.id)
    return OrdersShape(items=_orders(call.city, found))


@api.get("/cities/{city}/orders/{id}", allow=(*HOLDERS, *SERVING))
def get_order(call: Call) -> OrderShape:
    """An order, for its citizen, the assistant who registered them, and its provider's people.

    Refusals: not_found, conflict_of_interest.
    """
    return _order(call.city, service.Placed(service.order_for(call.city, call.id, call.who)))


@api.get("/cities/{city}/providers/{id}/orders", allow=SERVING)
def list_provider_orders(call: Call[None, OrdersQuery]) -> OrdersShape:
    """A provider's orders: of one session, of one state, or all."""
    providers.check_member(call.city, call.id, call.who)
    query = call.query
    page = service.orders_at(call.city, call.id, query.state or "", query.session, query.limit, query.cursor)
    return OrdersShape(items=_orders(call.city, page.items), next=page.next)


@api.post("/cities/{city}/orders/{id}/confirmation", allow=SERVING, spends=True)
def confirm_order(call: Call) -> OrderShape:
    """Take an order. Refusals: confirm_too_late, order_closed."""
    return _order(call.city, service.confirm(call.city, _at_provider(call), call.who))


@api.post("/cities/{city}/orders/{id}/rejection", allow=SERVING, spends=True)
def reject_order(call: Call[ReasonBody]) -> OrderShape:
    """Refuse an order with a reason; credit and place go back. Refusals: order_closed."""
    return _order(call.city, service.reject(call.city, _at_provider(call), call.who, call.body.reason))


@api.post("/cities/{city}/orders/{id}/cancellation", allow=(*HOLDERS, *SERVING), spends=True)
def cancel_order(call: Call[MaybeWhy]) -> OrderShape:
    """Cancel an order as its citizen, the assistant who registered them, or its provider.

    Refusals: order_closed, order_payable, already_paid_out, not_found, conflict_of_interest.
    """
    order = service.order_of(call.city, call.id)
    return _order(call.city, service.cancel(call.city, order, call.who, call.body.reason))


@api.post("/cities/{city}/orders/{id}/attendance", allow=SERVING, spends=True)
def note_attendance(call: Call[Attendance]) -> OrderShape:
    """Note whether somebody came. Refusals: not_begun, order_closed."""
    return _order(call.city, service.attend(call.city, _at_provider(call), call.who, call.body.attended))


def _at_provider(call: Call[Any]) -> Order:
    order = service.order_of(call.city, call.id)
    providers.check_member(call.city, order.provider, call.who)
    return order


def _activity(offer: Offer, provider: Provider) -> ActivityShape:
    activity = offer.activity
    return ActivityShape(
        id=activity.id,
        provider=activity.provider,
        provider_name=provider.name,
        title=TextsShape.of(activity.title),
        about=AboutShape.of(activity.about),
        form=activity.form,
        category=activity.category,
        place=activity.place,
        branch=activity.branch,
        age_from=activity.age_from,
        age_to=activity.age_to,
        bring=activity.bring,
        state=activity.state,
        sessions=tuple(ActivitySessionShape.of(session) for session in offer.sessions),
        v=activity.v,
    )


def _own(call: Call[Any], offer: Offer) -> ActivityShape:
    return _activity(offer, providers.provider(call.city, offer.activity.provider))


def _quote(quote: service.Quote, language: Literal["cs", "en"]) -> QuoteShape:
    return QuoteShape(
        session=quote.session.id,
        grant=quote.grant.id,
        programme=quote.programme.id,
        programme_name=quote.programme.name.in_(language),
        beneficiary=quote.grant.beneficiary,
        beneficiary_name=quote.beneficiary_name,
        valid_until=quote.grant.valid_until,
        spendable_minor=quote.grant.spendable_minor,
        price_minor=quote.session.price_minor,
        credit_minor=quote.credit_minor,
        co_payment_minor=quote.co_payment_minor,
        refusal=quote.refusal.code() if quote.refusal else None,
        refusal_text=quote.refusal.text(language) if quote.refusal else "",
    )


def _order(city: str, placed: service.Placed) -> OrderShape:
    return _orders(city, [placed.order])[0].model_copy(update={"replayed": placed.replayed})


def _orders(city: str, orders: list[Order] | tuple[Order, ...]) -> tuple[OrderShape, ...]:
    """With the names that the reader needs: whom the place is for, who ordered, where."""
    subjects = people.subjects(city, [id for order in orders for id in (order.person, order.beneficiary)])
    at = providers.providers(city, [order.provider for order in orders])
    return tuple(_order_shape(order, subjects, at) for order in orders)


def _order_shape(order: Order, subjects: dict[str, Person | Child], at: dict[str, Provider]) -> OrderShape:
    beneficiary, contact = subjects.get(order.beneficiary), subjects.get(order.person)
    return OrderShape(
        id=order.id,
        state=order.state,
        money=order.money,
        activity=order.activity,
        title=order.title,
        session=order.session,
        starts_on=order.starts_on,
        provider=order.provider,
        provider_name=at[order.provider].name if order.provider in at else "",
        programme=order.programme,
        beneficiary=order.beneficiary,
        beneficiary_name=beneficiary.name if beneficiary else "",
        beneficiary_birth_date=beneficiary.birth_date if beneficiary else None,
        contact_name=contact.name if contact else "",
        contact_email=contact.email if isinstance(contact, Person) else "",
        contact_phone=contact.phone if isinstance(contact, Person) else "",
        price_minor=order.price_minor,
        credit_minor=order.credit_minor,
        co_payment_minor=order.co_payment_minor,
        payable_on=order.payable_on,
        requested_at=order.requested_at,
        confirm_by=order.confirm_by,
        decided_at=order.decided_at,
        ended_at=order.ended_at,
        reason=order.reason,
        at_desk=bool(order.made_by),
        v=order.v,
    )
