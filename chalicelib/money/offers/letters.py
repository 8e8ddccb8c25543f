"""What citizens and providers are told of orders, as writes for the transaction of what happened."""

from datetime import date

from chalicelib.core.clock import day_of
from chalicelib.core.gate import OWNER
from chalicelib.core.table import Write
from chalicelib.money.offers.model import News, Order
from chalicelib.town.messages import service as messages
from chalicelib.town.messages.service import Deadline, Template, Words
from chalicelib.town.people import service as people

OWNERS_TOLD_MAX = 5
CONFIRM_LEADS = (3, 1)
"""Days before the last one on which the provider is reminded of an order without an answer."""
ATTENDANCE_LEADS = (7, 2)
"""Days before the last one on which the provider is reminded to note the attendance."""
_ORDER = "/objednavky/{order}"
_PROVIDERS_ORDER = "/p/{provider}/objednavky/{order}"
_OPEN = Words("Otevřít objednávku", "Open the order")


def _to_citizen(state: str, title: Words, text: Words, mail: Words) -> Template:
    return Template(name=f"offers.{state}", title=title, text=text, link=_ORDER, mail=mail, button=_OPEN)


def _to_provider(event: str, title: Words, text: Words, mail: Words | None = None) -> Template:
    name = f"offers.{event}"
    return Template(name=name, title=title, text=text, app="admin", link=_PROVIDERS_ORDER, mail=mail, button=_OPEN)


messages.register(
    _to_provider(
        "requested",
        Words("Nová objednávka", "A new order"),
        Words(
            "Objednávka na aktivitu {title}. Potvrďte ji do {until_on}, jinak se kredit i místo vrátí.",
            "An order for {title}. Confirm it by {until_on}, or credit and place go back.",
        ),
        Words("{town}: nová objednávka čeká na potvrzení", "{town}: a new order waits for you"),
    ),
    _to_provider(
        "confirm_reminder",
        Words("Objednávka čeká na potvrzení", "An order waits for your answer"),
        Words(
            "{title}: na odpověď zbývá {days_left}, do {due_on}. Potom se kredit i místo vrátí.",
            "{title}: {days_left} left to answer, until {due_on}. Then credit and place go back.",
        ),
        Words("{town}: objednávka čeká na potvrzení", "{town}: an order waits for your answer"),
    ),
    _to_citizen(
        "confirmed",
        Words("Místo je potvrzené", "Your place is confirmed"),
        Words(
            "{title}: poskytovatel objednávku potvrdil. Kredit {credit_minor}, poskytovateli doplatíte {co_payment_minor}.",
            "{title}: the provider confirmed the order. Credit {credit_minor}, you pay the provider {co_payment_minor}.",
        ),
        Words("{town}: místo je potvrzené", "{town}: your place is confirmed"),
    ),
    _to_citizen(
        "rejected",
        Words("Objednávku poskytovatel odmítl", "The provider rejected the order"),
        Words(
            "{title}: kredit {credit_minor} je zpět k využití. Důvod: {reason}",
            "{title}: the credit {credit_minor} is yours to use again. The reason: {reason}",
        ),
        Words("{town}: objednávka není potvrzená", "{town}: your order is not confirmed"),
    ),
    _to_citizen(
        "timed_out",
        Words("Poskytovatel nepotvrdil objednávku včas", "The provider did not confirm in time"),
        Words(
            "{title}: kredit {credit_minor} je zpět k využití. Můžete vybrat jinou aktivitu.",
            "{title}: the credit {credit_minor} is yours to use again. You may choose another activity.",
        ),
        Words("{town}: objednávka není potvrzená", "{town}: your order is not confirmed"),
    ),
    _to_citizen(
        "cancelled",
        Words("Objednávka je zrušená", "The order is cancelled"),
        Words(
            "{title}: kredit {credit_minor} je zpět k využití. {reason}",
            "{title}: the credit {credit_minor} is yours to use again. {reason}",
        ),
        Words("{town}: objednávka je zrušená", "{town}: your order is cancelled"),
    ),
    _to_citizen(
        "not_attended",
        Words("Účast nebyla zapsaná", "Attendance was not noted"),
        Words(
            "{title}: podle poskytovatele účast neproběhla. Kredit {credit_minor} je zpět k využití.",
            "{title}: according to the provider nobody came. The credit {credit_minor} is yours to use again.",
        ),
        Words("{town}: účast nebyla zapsaná", "{town}: attendance was not noted"),
    ),
    _to_citizen(
        "not_noted",
        Words("Účast nikdo nezapsal", "Nobody noted the attendance"),
        Words(
            "{title}: poskytovatel účast včas nezapsal. Kredit {credit_minor} je zpět k využití.",
            "{title}: the provider did not note the attendance in time. The credit {credit_minor} is yours to use again.",
        ),
        Words("{town}: účast nikdo nezapsal", "{town}: nobody noted the attendance"),
    ),
    _to_provider(
        "attendance_reminder",
        Words("Zapište účast", "Note the attendance"),
        Words(
            "{title}: na zápis účasti zbývá {days_left}, do {due_on}. Potom se kredit {credit_minor} vrátí občanovi.",
            "{title}: {days_left} left to note the attendance, until {due_on}. Then the credit {credit_minor} goes back to the citizen.",
        ),
        Words("{town}: zapište účast", "{town}: note the attendance"),
    ),
    _to_citizen(
        "cancelled_after_payout",
        Words("Objednávka je zrušená", "The order is cancelled"),
        Words(
            "{title}: kredit {credit_minor} už odešel poskytovateli. Vrácení vyřídí město, ozve se vám. {reason}",
            "{title}: the credit {credit_minor} went to the provider already. The town will settle its return. {reason}",
        ),
        Words("{town}: objednávka je zrušená", "{town}: your order is cancelled"),
    ),
    _to_citizen(
        "moved",
        Words("Termín se přesunul", "The session was moved"),
        Words(
            "{title}: nový začátek je {new_on}, původně {old_on}. Nehodí se? Objednávku můžete zrušit.",
            "{title}: it now begins on {new_on} instead of {old_on}. If that does not suit you, cancel the order.",
        ),
        Words("{town}: termín se přesunul", "{town}: the session was moved"),
    ),
    _to_provider(
        "cancelled_by_citizen",
        Words("Objednávku občan zrušil", "The citizen cancelled the order"),
        Words(
            "{title}: místo je zase volné.",
            "{title}: the place is free again.",
        ),
    ),
)


def requested(city: str, order: Order) -> list[Write]:
    """The provider's owners are told, and one of them is reminded until the order has an answer."""
    owners = _owners(city, order.provider)
    facts = _facts(order) | {"until_on": day_of(order.confirm_by).isoformat()}
    told = [messages.tell(city, owner, "offers.requested", order.id, facts) for owner in owners[:OWNERS_TOLD_MAX]]
    return [*told, *(_reminder(city, order, owner) for owner in owners[:1])]


def _reminder(city: str, order: Order, owner: str) -> Write:
    return messages.register_deadline(
        city,
        Deadline(
            kind="order_unconfirmed",
            subject=order.id,
            due_on=day_of(order.confirm_by),
            recipient=owner,
            template="offers.confirm_reminder",
            leads=CONFIRM_LEADS,
            facts=_facts(order),
        ),
    )


def answered(city: str, order: Order) -> list[Write]:
    """The order has its answer: the reminders of it end and the citizen is told of the new state."""
    told = messages.tell(city, order.person, f"offers.{order.state}", order.id, _facts(order))
    return [
        messages.cancel_deadline(city, "order_unconfirmed", order.id),
        *attendance_reminder(city, order),
        told,
    ]


def attendance_reminder(city: str, order: Order) -> list[Write]:
    """Where attendance decides of the credit, one owner is reminded from the confirmation on until it is noted."""
    if order.noted_by is None:
        return []
    if order.state != "confirmed":
        return [messages.cancel_deadline(city, "attendance_unnoted", order.id)]
    reminders = [
        Deadline(
            kind="attendance_unnoted",
            subject=order.id,
            due_on=day_of(order.noted_by),
            recipient=owner,
            template="offers.attendance_reminder",
            leads=ATTENDANCE_LEADS,
            facts=_facts(order),
        )
        for owner in _owners(city, order.provider)[:1]
    ]
    return [messages.register_deadline(city, reminder) for reminder in reminders]


def not_noted(city: str, order: Order) -> list[Write]:
    """Nobody noted the attendance in time: the reminders end and the citizen has the credit again."""
    told = messages.tell(city, order.person, "offers.not_noted", order.id, _facts(order))
    return [*attendance_reminder(city, order), told]


def cancelled_by_citizen(city: str, order: Order) -> list[Write]:
    facts = _facts(order)
    owners = _owners(city, order.provider)[:OWNERS_TOLD_MAX]
    told = [messages.tell(city, owner, "offers.cancelled_by_citizen", order.id, facts) for owner in owners]
    ended = [messages.cancel_deadline(city, "order_unconfirmed", order.id), *attendance_reminder(city, order)]
    return [*ended, *told]


def cancelled_after_payout(city: str, order: Order) -> Write:
    return messages.tell(city, order.person, "offers.cancelled_after_payout", order.id, _facts(order))


def moved(city: str, order: Order, news: News, old_on: date) -> list[Write]:
    """The order's session begins on another day than it did. What its provider is to note is due on another day too."""
    days = {"old_on": old_on.isoformat(), "new_on": order.starts_on.isoformat()}
    told = messages.tell(city, order.person, "offers.moved", f"{order.id}:{news.id}", _facts(order) | days)
    return [told, *attendance_reminder(city, order)]


def _facts(order: Order) -> dict[str, str | int]:
    return {
        "order": order.id,
        "provider": order.provider,
        "title": order.title,
        "credit_minor": order.credit_minor,
        "co_payment_minor": order.co_payment_minor,
        "reason": order.reason,
    }


def _owners(city: str, provider: str) -> list[str]:
    return [member.person for member in people.provider_members(city, provider) if member.role == OWNER]
