"""What applicants are told, and of what they are reminded. Each goes with the transaction that makes it true."""

from collections.abc import Sequence
from datetime import date

from chalicelib.core.clock import Instant, day_of, to_text
from chalicelib.core.table import Why, Write
from chalicelib.money.ledger.model import NewGrant
from chalicelib.money.programmes.model import Application, Rules
from chalicelib.town.messages import service as messages
from chalicelib.town.messages.service import Deadline, Template, Words

_LINK = "/zadosti/{application}"
_OPEN = Words("Otevřít žádost", "Open the application")
_LEADS = (14, 3)
_CLARIFICATION_LEADS = (3, 1)


def _template(name: str, title: Words, text: Words, **more: object) -> Template:
    return Template(name=f"programmes.{name}", title=title, text=text, link=_LINK, button=_OPEN, **more)  # type: ignore[arg-type]


messages.register(
    _template(
        "submitted",
        Words("Žádost je podaná", "The application is submitted"),
        Words(
            "Žádost č. {number} v programu {programme} je podaná {received_at}. Pro: {name}. "
            "O výsledku vám napíšeme nejpozději {decide_on}.",
            "Application {number} in the programme {programme} was submitted on {received_at}. For: {name}. "
            "We will write to you about the outcome by {decide_on}.",
        ),
    ),
    _template(
        "returned",
        Words("Doplňte žádost", "Complete your application"),
        Words(
            "K žádosti č. {number} potřebujeme doplnění do {deadline_on}: {question}",
            "We need more for application {number} by {deadline_on}: {question}",
        ),
        mail=Words("Doplňte žádost do {deadline_on}", "Complete your application by {deadline_on}"),
    ),
    _template(
        "clarification_due",
        Words("Žádost brzy propadne bez doplnění", "Your application will soon lapse"),
        Words(
            "Na doplnění žádosti č. {number} zbývá {days_left}, termín je {due_on}. Potom žádost zanikne.",
            "{days_left} are left to complete application {number}, by {due_on}. It lapses afterwards.",
        ),
        mail=Words("Doplňte žádost do {due_on}", "Complete your application by {due_on}"),
    ),
    _template(
        "waiting",
        Words("Žádost čeká na uvolnění peněz", "Your application waits for money"),
        Words(
            "Žádost č. {number} splňuje podmínky, ale peníze programu {programme} jsou vyčerpané. "
            "Jakmile se uvolní, přiznáme příspěvek podle pořadí podání. Nemusíte nic dělat.",
            "Application {number} meets the conditions, but the money of the programme {programme} is used up. "
            "Once some is free, we award the contribution in order of submission. You need not do anything.",
        ),
    ),
    _template(
        "approved",
        Words("Příspěvek je přiznaný", "The contribution is awarded"),
        Words(
            "Žádost č. {number} je schválená: {amount_minor} v programu {programme}. Pro: {name}. Využijte ho do {until_on}.",
            "Application {number} is approved: {amount_minor} in the programme {programme}. For: {name}. Use it by {until_on}.",
        ),
        sms=Words(
            "Příspěvek {amount_minor} je přiznaný, platí do {until_on}. Poradíme vám v infocentru.",
            "The contribution of {amount_minor} is awarded, valid until {until_on}. Ask at the information desk.",
        ),
    ),
    _template(
        "topped_up",
        Words("Příspěvek je vyšší", "Your contribution is higher"),
        Words(
            "K žádosti č. {number} v programu {programme} přidáváme {amount_minor}. Pro: {name}. Důvod: {reason}",
            "We add {amount_minor} to application {number} in the programme {programme}. For: {name}. Reason: {reason}",
        ),
    ),
    _template(
        "declined",
        Words("Žádosti nebylo vyhověno", "The application was not granted"),
        Words(
            "Žádosti č. {number} v programu {programme} nebylo vyhověno. Důvod: {reason} "
            "V portálu můžete požádat o přezkum.",
            "Application {number} in the programme {programme} was not granted. Reason: {reason} "
            "You can ask for a reconsideration in the portal.",
        ),
    ),
    _template(
        "lapsed",
        Words("Žádost zanikla bez doplnění", "The application lapsed"),
        Words(
            "Na žádost č. {number} nepřišlo doplnění do {deadline_on}, proto zanikla. "
            "Dokud program přijímá žádosti, můžete podat novou.",
            "No answer came to application {number} by {deadline_on}, so it lapsed. "
            "While the programme takes applications, you can submit a new one.",
        ),
    ),
    Template(
        name="programmes.grant_ends",
        title=Words("Příspěvek brzy skončí", "Your contribution ends soon"),
        text=Words(
            "Příspěvek z programu {programme} platí už jen {days_left}, do {due_on}. Pro: {name}. "
            "Co nevyužijete, vrátí se do programu.",
            "The contribution of the programme {programme} is valid for {days_left} more, until {due_on}. For: {name}. "
            "What you do not use goes back to the programme.",
        ),
        link="/vouchery",
        mail=Words("Příspěvek platí do {due_on}", "Your contribution is valid until {due_on}"),
        button=Words("Kde ho uplatnit", "Where to use it"),
        sms=Words(
            "Příspěvek {programme} platí do {due_on}. Potom se nevyužité peníze vrátí do programu.",
            "The contribution {programme} is valid until {due_on}. Unused money then goes back to the programme.",
        ),
    ),
)


def _tell(
    city: str,
    application: Application,
    template: str,
    rules: Rules,
    event: str,
    at: Instant | None = None,
    **more: str | int,
) -> Write:
    facts = {
        "application": application.id,
        "number": application.number,
        "programme": rules.name.cs,
        "name": application.stated.name,
    } | more
    return messages.tell(city, application.person, f"programmes.{template}", f"{application.id}.{event}", facts, at)


def submitted(city: str, application: Application, rules: Rules) -> Write:
    received, decide_by = application.received_at, application.decide_by
    assert received is not None
    assert decide_by is not None
    return _tell(
        city,
        application,
        "submitted",
        rules,
        "submitted",
        received_at=received.isoformat(),
        decide_on=decide_by.isoformat(),
    )


def returned(city: str, application: Application, rules: Rules) -> list[Write]:
    """The question, and a reminder before its deadline."""
    assert application.deadline is not None
    day = application.deadline.isoformat()
    told = _tell(
        city,
        application,
        "returned",
        rules,
        f"returned.{application.v}",
        deadline_on=day,
        question=application.question,
    )
    reminder = Deadline(
        "clarification",
        application.id,
        application.deadline,
        application.person,
        "programmes.clarification_due",
        _CLARIFICATION_LEADS,
        {"application": application.id, "number": application.number},
    )
    return [told, messages.register_deadline(city, reminder)]


def no_more_reminders(city: str, application: Application) -> list[Write]:
    """The clarification is answered or no longer matters."""
    return [messages.cancel_deadline(city, "clarification", application.id)]


def waiting(city: str, application: Application, rules: Rules) -> Write:
    return _tell(city, application, "waiting", rules, "waiting")


def approved(city: str, application: Application, rules: Rules, grants: Sequence[NewGrant]) -> list[Write]:
    """The good news, and reminders before each grant ends."""
    until = max(day_of(grant.valid_until) for grant in grants)
    told = _tell(
        city,
        application,
        "approved",
        rules,
        "approved",
        amount_minor=sum(grant.amount_minor for grant in grants),
        until_on=until.isoformat(),
    )
    return [told, grant_ends(city, application, rules, until)]


def topped_up(city: str, application: Application, rules: Rules, event: str, amount_minor: int, reason: str) -> Write:
    return _tell(city, application, "topped_up", rules, f"topped_up.{event}", amount_minor=amount_minor, reason=reason)


def grant_ends(city: str, application: Application, rules: Rules, until: date) -> Write:
    """One reminder for the whole award: its parts end together."""
    facts = {"programme": rules.name.cs, "name": application.stated.name}
    reminder = Deadline("grant", application.id, until, application.person, "programmes.grant_ends", _LEADS, facts)
    return messages.register_deadline(city, reminder)


def grants_done(city: str, application: str) -> Write:
    """Everything awarded is used up, expired or taken back: nothing is left to be reminded of."""
    return messages.cancel_deadline(city, "grant", application)


def declined(city: str, application: Application, rules: Rules) -> Write:
    """The bad news, told when it can no longer be taken back."""
    until, reason = application.undo_until, application.reason
    return _tell(city, application, "declined", rules, _declined_event(application), until, reason=reason)


def not_declined(city: str, application: Application, why: Why) -> Write:
    """The decline was taken back before its applicant was told; `why` when they were."""
    event = f"{application.id}.{_declined_event(application)}"
    return messages.take_back(city, application.person, "programmes.declined", event, why)


def _declined_event(application: Application) -> str:
    assert application.decided_at is not None
    return f"declined.{to_text(application.decided_at)}"


def lapsed(city: str, application: Application, rules: Rules) -> Write:
    assert application.deadline is not None
    return _tell(city, application, "lapsed", rules, "lapsed", deadline_on=application.deadline.isoformat())
