"""The nouns and rules of messages. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from string import Formatter
from typing import Any, Literal
from urllib.parse import quote

from chalicelib.core.clock import PRAGUE, Instant
from chalicelib.core.ids import digest
from chalicelib.core.refusals import NBSP, crowns

type Language = Literal["cs", "en"]
type Channel = Literal["email", "sms", "inbox"]
type State = Literal["queued", "sent", "unsure", "failed", "inbox_only"]
type App = Literal["www", "moje", "admin", "reader"]
type Facts = Mapping[str, str | int]

LEASE_LIFE = timedelta(minutes=2)
TRIES_MAX = 8
RETRY_FIRST = timedelta(minutes=1)
LEADS_MAX = 5
INBOX = "/zpravy"
CATCH_UP_DAYS = 7


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    cs: str
    en: str

    def in_(self, language: Language) -> str:
        return self.en if language == "en" else self.cs


@dataclass(frozen=True)
class Template:
    """What a person is told of one kind of event.

    `title` and `text` are for the inbox; `{facts}` are filled in: `*_minor` as crowns, `*_on` as days, `*_at` as Prague
    times. `mail` is the subject of the e-mail and may say nothing sensitive; without it the e-mail only says that a
    message waits. `app` and `link` say where the button leads, INBOX nowhere further. `sms` is sent to those without an e-mail.
    """

    name: str
    title: Words
    text: Words
    app: App = "moje"
    link: str = INBOX
    mail: Words | None = None
    mail_text: Words | None = None
    button: Words = field(default_factory=lambda: Words("Otevřít zprávu", "Open the message"))
    sms: Words | None = None

    @property
    def asks(self) -> set[str]:
        """The facts that its words and its link want."""
        words = [each for each in (self.title, self.text, self.mail, self.mail_text, self.sms) if each]
        texts = [self.link, *(text for each in words for text in (each.cs, each.en))]
        return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}

    @property
    def carries_key(self) -> bool:
        """Whether its link opens something by itself: such a link goes by e-mail and nowhere else."""
        return "{token}" in self.link


@dataclass(frozen=True)
class Message:
    """One message for one recipient about one event. `person` is empty for somebody without an account.

    It carries its template as that was when it was told: it can be sent and read without the room that wrote it,
    and what a person was told does not change later.
    """

    id: str
    city: str
    template: Template
    event: str
    facts: Facts
    queued_at: Instant
    not_before: Instant
    person: str = ""
    address: str = ""
    language: Language = "cs"
    state: State = "queued"
    tries: int = 0
    lease_until: datetime | None = None
    sent_at: datetime | None = None
    read_at: datetime | None = None
    channel: Channel = "inbox"
    v: int = 1


@dataclass(frozen=True)
class Outgoing:
    """A message as a channel carries it."""

    to: str
    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True)
class Deadline:
    """A day by which something must be done, and how many days ahead its recipient is reminded.

    `kind` and `subject` name the thing; registering it again replaces the day. Each lead is sent once for each day.
    """

    kind: str
    subject: str
    due_on: date
    recipient: str
    template: str
    leads: tuple[int, ...] = (14, 3)
    facts: Facts = field(default_factory=dict)

    @property
    def id(self) -> str:
        return digest(self.kind, self.subject)


@dataclass(frozen=True)
class WaitingDeadline:
    """A deadline as it is kept: with the words of its reminder and the lead that comes next."""

    deadline: Deadline
    template: Template
    next_lead: int
    v: int


# Rules


def message_id(city: str, event: str, template: str, recipient: str) -> str:
    """What may be told once has one id."""
    return digest(city, event, template, recipient)


def remind_on(deadline: Deadline, lead: int) -> date:
    return deadline.due_on - timedelta(days=lead)


def next_lead(deadline: Deadline, today: date) -> int | None:
    """The lead that comes next from this day on; None when nothing is left to say."""
    left = [lead for lead in deadline.leads if remind_on(deadline, lead) >= today]
    return max(left, default=None)


def lead_after(deadline: Deadline, lead: int) -> int | None:
    return max((other for other in deadline.leads if other < lead), default=None)


def retry_at(now: Instant, tries: int) -> Instant:
    """Growing pauses: 1, 2, 4 … minutes."""
    pauses: int = 2 ** (tries - 1)
    return now + RETRY_FIRST * pauses


def filled(text: str, facts: Facts, language: Language) -> str:
    """A text with its facts, and the hard spaces that Czech asks for."""
    said = text.format(**{name: shown(name, value, language) for name, value in facts.items()})
    return hardened(said) if language == "cs" else said


def shown(name: str, value: Any, language: Language) -> str:
    """A fact as a person reads it."""
    if name.endswith("_minor"):
        return crowns(int(value))
    if name.endswith("_on"):
        return _day(date.fromisoformat(str(value)))
    if name.endswith("_at"):
        local = datetime.fromisoformat(str(value)).astimezone(PRAGUE)
        joined = "at" if language == "en" else "v"
        return f"{_day(local.date())} {joined}{NBSP}{local.hour}:{local.minute:02}"
    if name == "days_left":
        return days(int(value), language)
    return str(value)


def _day(day: date) -> str:
    return f"{day.day}.{NBSP}{day.month}.{NBSP}{day.year}"


def days(count: int, language: Language) -> str:
    """`1 den`, `3 dny`, `14 dnů`."""
    if language == "en":
        return f"{count}{NBSP}{'day' if count == 1 else 'days'}"
    return f"{count}{NBSP}{'den' if count == 1 else 'dny' if 2 <= count <= 4 else 'dnů'}"


def hardened(text: str) -> str:
    """No one-letter preposition or conjunction at the end of a line."""
    return re.sub(r"(?<![^\s(„])([kKsSvVzZoOuUaAiI]) (?=\S)", rf"\1{NBSP}", text)


def link_to(origin: str, app: App, city: str, path: str, facts: Facts) -> str:
    """An address in one of the apps of a town. What is secret stands in the fragment only, which is never sent."""
    root = origin if app == "www" else f"{origin}/{app}"
    filled_in = path.format(**{name: quote(str(value), safe="/") for name, value in facts.items()})
    return f"{root}/{city}{filled_in}" if city else f"{root}/"
