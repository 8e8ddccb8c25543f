"""Telling people things, once each, and reminding them of deadlines."""

from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.core.clock import Instant, now, today
from chalicelib.core.refusals import ChangedMeanwhile
from chalicelib.core.table import Page, Why, Write, transact, whole
from chalicelib.town.messages import delivery, store
from chalicelib.town.messages.model import (
    CATCH_UP_DAYS,
    INBOX,
    App,
    Channel,
    Deadline,
    Facts,
    Language,
    Message,
    Template,
    WaitingDeadline,
    Words,
    filled,
    lead_after,
    message_id,
    next_lead,
    remind_on,
)
from chalicelib.town.messages.templates import register as register
from chalicelib.town.messages.templates import template as known
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Letter
from chalicelib.town.towns import service as towns

REMINDERS_A_STEP = 100
QUEUED_A_STEP = 50
EXPORTED_A_PAGE = 200

__all__ = ["Deadline", "Template", "Words", "register"]


# Telling


def tell(city: str, person: str, template: str, event_id: str, facts: Facts, at: Instant | None = None) -> Write:
    """A write that queues a message for a person; put it into the transaction of what happened.

    With `at` in the future nobody reads it before, and until then it can be taken back.

    The same event, template and person is one message, however often it is told. Facts are texts and whole numbers:
    `*_minor` amounts, `*_on` days and `*_at` instants as ISO text. The inbox keeps it; an e-mail (or, without one, a
    short message where the template has a text for it) goes out.
    """
    return _tell(city, person, known(template), event_id, facts, at)


def take_back(city: str, person: str, template: str, event_id: str, why: Why) -> Write:
    """A write that takes back what was to be told later; `why` when it is told already."""
    return store.take_back(city, message_id(city, event_id, template, person), now(), why)


def _tell(
    city: str, person: str, template: Template, event_id: str, facts: Facts, later: Instant | None = None
) -> Write:
    _check_facts(template, facts)
    at = later or now()
    return store.tell(
        Message(
            id=message_id(city, event_id, template.name, person),
            city=city,
            template=template,
            event=event_id,
            facts=dict(facts),
            queued_at=at,
            not_before=at,
            person=person,
        )
    )


def send_to_address(letter: Letter) -> Write:
    """A write that queues an e-mail for an address that need not have an account."""
    _check_facts(known(letter.template), letter.facts)
    at = now()
    return store.tell(
        Message(
            id=message_id(letter.city, letter.event, letter.template, letter.person or letter.address),
            city=letter.city,
            template=known(letter.template),
            event=letter.event,
            facts=dict(letter.facts),
            queued_at=at,
            not_before=at,
            person=letter.person,
            address=letter.address,
            language=letter.language,
        )
    )


def _check_facts(template: Template, facts: Facts) -> None:
    """A message that lacks a fact of its words could be neither sent nor listed, so it is not told: KeyError, a bug."""
    given = {*facts, "town"} | ({"token"} if "ticket" in facts else set())
    if lacking := template.asks - given:
        raise KeyError(f"{template.name} lacks {', '.join(sorted(lacking))}")


def deliver(city: str, id: str) -> None:
    """Send one queued message, if nobody else is sending it."""
    delivery.deliver(city, id)


def deliver_due(city: str) -> int:
    """Send what waits in a town's queue, one step of it. Returns how many were found."""
    due = store.queued(city, now(), QUEUED_A_STEP)
    for id in due:
        delivery.deliver(city, id)
    return len(due)


# The inbox


@dataclass(frozen=True)
class Note:
    """A message as its reader sees it."""

    id: str
    template: str
    title: str
    text: str
    button: str
    app: App
    link: str
    at: str
    channel: Channel
    read: bool


def inbox(city: str, person: str, language: Language, limit: int, cursor: str | None) -> Page[Note]:
    """A person's messages, newest first, in the reader's language."""
    return store.inbox(city, person, now(), limit, cursor).map(lambda message: _note(message, language))


def _note(message: Message, language: Language) -> Note:
    kind = message.template
    facts = {"town": towns.town(message.city).name} | dict(message.facts)
    return Note(
        id=message.id,
        template=kind.name,
        title=filled(kind.title.in_(language), facts, language),
        text=filled(kind.text.in_(language), facts, language),
        button=kind.button.in_(language),
        app="moje" if kind.carries_key else kind.app,
        link=INBOX if kind.carries_key else kind.link.format(**facts),
        at=message.queued_at.isoformat().replace("+00:00", "Z"),
        channel=message.channel,
        read=message.read_at is not None,
    )


def mark_read(city: str, person: str, id: str) -> None:
    """The person opened a message. Raises NotFound for anybody else's."""
    store.mark_read(city, id, person, now())


# Deadlines


def register_deadline(city: str, deadline: Deadline) -> Write:
    """A write that reminds the recipient ahead of a day, each lead once. Registering again replaces the day.

    The template gets the deadline's facts, `due_on` and `days_left`.
    """
    lead = next_lead(deadline, today())
    if lead is None:
        return store.cancel_deadline(city, deadline.id)
    _check_facts(known(deadline.template), {**deadline.facts, "due_on": "", "days_left": 0})
    return store.save_deadline(city, deadline, known(deadline.template), lead)


def cancel_deadline(city: str, kind: str, subject: str) -> Write:
    """A write that ends the reminders: the thing is done or gone. Harmless where there are none."""
    return store.cancel_deadline(city, Deadline(kind, subject, date.max, "", "").id)


def remind(city: str) -> int:
    """Send the reminders that are due, one step of them; missed days are caught up. Returns how many were found."""
    due_today = today()
    found = 0
    for back in range(CATCH_UP_DAYS, -1, -1):
        day = due_today - timedelta(days=back)
        for id in store.deadlines_on(city, day, REMINDERS_A_STEP):
            waiting = store.deadline(city, id)
            if waiting and remind_on(waiting.deadline, waiting.next_lead) <= due_today:
                _remind(city, waiting, due_today)
                found += 1
    return found


def _remind(city: str, waiting: WaitingDeadline, day: date) -> None:
    """Say it and go on to the next lead in one transaction, so that each lead is said once."""
    deadline, lead = waiting.deadline, waiting.next_lead
    further = lead_after(deadline, lead)
    step = store.end_deadline(city, waiting) if further is None else store.move_deadline(city, waiting, further)
    writes = [step]
    if deadline.due_on >= day:
        days: Facts = {"due_on": deadline.due_on.isoformat(), "days_left": (deadline.due_on - day).days}
        event = f"{deadline.kind}:{deadline.subject}:{deadline.due_on}:{lead}"
        writes.append(_tell(city, deadline.recipient, waiting.template, event, {**deadline.facts, **days}))
    try:
        transact(writes)
    except ChangedMeanwhile:
        return  # cancelled, replaced or said by another run


def _exported(city: str, person: str) -> list[dict[str, str]]:
    notes = whole(lambda cursor: inbox(city, person, "cs", EXPORTED_A_PAGE, cursor))
    return [{"at": note.at, "title": note.title, "text": note.text, "channel": note.channel} for note in notes]


people.letters_go_by(send_to_address)
people.adds_to_export("messages", _exported)
