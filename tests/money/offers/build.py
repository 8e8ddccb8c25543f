"""Builders for tests about offers: an active provider with an activity, and parents with credit for a child."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from chalicelib.core.clock import end_of, now, start_of, today
from chalicelib.core.gate import Who
from chalicelib.core.ids import new_id
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Grant, NewGrant, Spender
from chalicelib.money.offers import service
from chalicelib.money.offers.model import Order
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Child, Residence
from tests.door import Answer, Door
from tests.money.providers.build import CITY, approved, as_owner
from tests.town.people.build import a_person

AT = f"/cities/{CITY}"
CHILD_BORN = date(today().year - 8, 1, 15)


@dataclass
class Parent:
    """A citizen with a child and, where asked for, credit; `by` acts for them at the desk."""

    door: Door
    id: str
    child: str
    grant: Grant
    by: Who | None = None

    @property
    def who(self) -> Who:
        return Who(id=self.id, app="moje", roles={CITY: ("citizen",)})

    @property
    def inside(self) -> Door:
        return self.door.as_(self.by or self.who)

    def order(self, course: "Course", credit_minor: Any, key: str = "", **more: Any) -> Answer:
        body = {
            "activity": course.activity,
            "session": course.session,
            "grant": self.grant.id,
            "price_minor": course.price_minor,
            "credit_minor": credit_minor,
        } | more
        return self.inside.post(f"{AT}/orders", body, key=key or new_id())

    def ordered(self, course: "Course", credit_minor: int, **more: Any) -> Order:
        placed = self.order(course, credit_minor, **more)
        assert placed.status == 201, placed.body
        return service.order_of(CITY, placed.body["id"])

    @property
    def left(self) -> tuple[int, int]:
        """(spendable, held) of the credit now."""
        known = ledger.grant(CITY, self.grant.id)
        assert known
        return known.spendable_minor, known.held_minor


def a_parent(door: Door, amount_minor: int = 80_000, programme: str = "pohyb", **more: Any) -> Parent:
    id = new_id()
    a_person(id, "Jana", "Nováková", email=f"{id}@obcan.example")
    return _with_credit(door, id, amount_minor, programme, **more)


def a_senior(door: Door, by: Who, **more: Any) -> Parent:
    """A grandmother whom an assistant registered with her grandchild."""
    id = new_id()
    a_person(id, "Jana", "Nováková", registered_by=by.id, **more)
    return replace(_with_credit(door, id), by=by)


def _with_credit(door: Door, id: str, amount_minor: int = 80_000, programme: str = "pohyb", **more: Any) -> Parent:
    child = Child(f"{id}-dite", id, "Ema", "Nováková", CHILD_BORN, Residence("Nádražní 7, Modřínov"), now())
    transact([people.found_child(CITY, child)])
    return Parent(door, id, child.id, a_grant(id, child.id, amount_minor, programme, **more))


def a_grant(person: str, beneficiary: str, amount_minor: int, programme: str = "pohyb", **more: Any) -> Grant:
    terms: dict[str, Any] = {
        "valid_from": start_of(today()) - timedelta(days=1),
        "valid_until": end_of(today() + timedelta(days=60)),
    } | more
    new = NewGrant(
        subject_ref=new_id(),
        programme=programme,
        application=new_id(),
        person=person,
        beneficiary=beneficiary,
        mode="credit",
        amount_minor=amount_minor,
        **terms,
    )
    return ledger.allot(CITY, [new], Spender("clerk", "admin", new_id()))[0]


@dataclass
class Course:
    """A published activity with one session."""

    door: Door
    provider: str
    activity: str
    session: str
    price_minor: int
    owner: Who = field(default_factory=lambda: Who(id="vedouci", app="admin"))

    @property
    def desk(self) -> Door:
        """The provider's owner at work."""
        return self.door.as_(self.owner)

    @property
    def places(self) -> int:
        return service.offer(CITY, self.activity).session(self.session).places

    def answer(self, order: Order, what: str, body: Any = None) -> Answer:
        return self.desk.post(f"{AT}/orders/{order.id}/{what}", body, key=new_id())

    @property
    def version(self) -> int:
        return service.offer(CITY, self.activity).activity.v


def a_session(days: int = 10, **more: Any) -> dict[str, Any]:
    starts_on = today() + timedelta(days=days)
    return {
        "starts_on": starts_on.isoformat(),
        "ends_on": (starts_on + timedelta(days=90)).isoformat(),
        "times": "úterý 16.00–17.30",
        "capacity": 12,
        "price_minor": 115_000,
        "order_until": starts_on.isoformat(),
    } | more


def an_activity(provider: str, **more: Any) -> dict[str, Any]:
    return {
        "provider": provider,
        "title": {"cs": "Atletická přípravka"},
        "about": {"cs": "Běh, skok, hod a hry."},
        "form": "club",
        "category": "sport",
        "place": "Hala TJ Modřín",
        "age_from": 6,
        "age_to": 12,
    } | more


def a_course(door: Door, provider: str = "", days: int = 10, by: str = "vedouci", **more: Any) -> Course:
    """Published, of an approved provider; `more` changes the session."""
    provider = provider or approved(door)
    owner = as_owner(by, provider)
    desk = door.as_(owner)
    made = desk.post(f"{AT}/activities", an_activity(provider))
    assert made.status == 201, made.body
    id = made.body["id"]
    added = desk.post(f"{AT}/activities/{id}/sessions", a_session(days, **more))
    assert added.status == 201, added.body
    session = added.body["sessions"][0]
    published = desk.post(f"{AT}/activities/{id}/state", {"state": "published"})
    assert published.body["state"] == "published", published.body
    return Course(door, provider, id, session["id"], session["price_minor"], owner)
