"""The outbox and the deadlines in the table. The only file that knows their keys and attributes."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.clock import Instant, to_text
from chalicelib.core.refusals import NotFound
from chalicelib.core.settings import settings
from chalicelib.core.table import (
    GSI1,
    GSI2,
    InstantAttribute,
    Item,
    Key,
    NounAttribute,
    Page,
    Query,
    Why,
    Write,
    change,
    commit,
    page_of_rows,
    put,
    read,
    read_many,
    remove,
    replace,
    rows_in,
)
from chalicelib.town.messages.model import (
    LEASE_LIFE,
    Channel,
    Deadline,
    Message,
    State,
    Template,
    WaitingDeadline,
    remind_on,
)


def message_key(city: str, message: str) -> Key:
    """AP-35: a message by what it is about and for whom, so that one event is told once."""
    return Key(f"{city}#M#{message}", "M")


def queue_of(city: str) -> str:
    """AP-36 (GSI1): messages that are still to be sent, in the order in which they may be."""
    return f"{city}#MQ"


def inbox_of(city: str, person: str) -> str:
    """AP-37 (GSI2): a person's messages, newest last."""
    return f"{city}#P#{person}"


def deadline_key(city: str, deadline: str) -> Key:
    """AP-38: a deadline by what it is of."""
    return Key(f"{city}#DL#{deadline}", "D")


def reminders_on(city: str, day: date) -> str:
    """AP-39 (GSI1): deadlines to be reminded of on a day."""
    return f"{city}#DL#{day.isoformat()}"


class MessageItem(Item):
    KIND = "message"
    id = UnicodeAttribute()
    city = UnicodeAttribute()
    template = NounAttribute[Template](Template)
    event = UnicodeAttribute()
    facts = JSONAttribute()
    queued_at = InstantAttribute()
    not_before = InstantAttribute()
    person = UnicodeAttribute(default="")
    address = UnicodeAttribute(default="")
    language = UnicodeAttribute()
    state = UnicodeAttribute()
    tries = NumberAttribute(default=0)
    lease_until = InstantAttribute(null=True)
    sent_at = InstantAttribute(null=True)
    read_at = InstantAttribute(null=True)
    channel = UnicodeAttribute()


class DeadlineItem(Item):
    KIND = "deadline"
    deadline = NounAttribute[Deadline](Deadline)
    template = NounAttribute[Template](Template)
    next_lead = NumberAttribute()


# Messages


def tell(message: Message) -> Write:
    """Queue a message unless it was queued before: then the write changes nothing, and no transaction fails by it."""
    item = MessageItem.of(message, message_key(message.city, message.id))
    item.gsi1_pk, item.gsi1_sk = queue_of(message.city), f"{to_text(message.not_before)}#{message.id}"
    if message.person:
        item.gsi2_pk, item.gsi2_sk = inbox_of(message.city, message.person), f"M#{to_text(message.queued_at)}"
        item.card = {"id": message.id}
    return _put_once(item)


def take_back(city: str, id: str, at: Instant, why: Why) -> Write:
    """Forget a message whose time has not come."""
    return remove(MessageItem.at(message_key(city, id)), MessageItem.queued_at > at, why)


def _put_once(item: MessageItem) -> Write:
    """An update that sets each attribute only where it is missing."""
    values: dict[str, Any] = item.serialize()
    names = [name for name in values if name not in ("PK", "SK")]
    sets = ", ".join(f"#{n} = if_not_exists(#{n}, :{n})" for n in names)
    request = {
        "TableName": settings().table_name,
        "Key": {"PK": values["PK"], "SK": values["SK"]},
        "UpdateExpression": f"SET {sets}",
        "ExpressionAttributeNames": {f"#{name}": name for name in names},
        "ExpressionAttributeValues": {f":{name}": values[name] for name in names},
    }
    return Write("Update", request, item, lambda _old: NotFound())


def message(city: str, id: str) -> Message | None:
    item = read(MessageItem, message_key(city, id))
    return item.noun(Message) if item else None


def queued(city: str, until: Instant, limit: int) -> list[str]:
    """Ids of messages that may be sent by now, the oldest first."""
    query = Query(queue_of(city), between=("", f"{to_text(until)}#~"), index=GSI1)
    return [row.sort.partition("#")[2] for row in rows_in(query, limit)]


def lease(message: Message, at: Instant) -> None:
    """Take the message for sending, if nobody else has it. Raises ChangedMeanwhile."""
    item = MessageItem.at(message_key(message.city, message.id))
    free = MessageItem.lease_until.does_not_exist() | (MessageItem.lease_until < at)
    actions = [MessageItem.lease_until.set(at + LEASE_LIFE), MessageItem.tries.set(MessageItem.tries + 1)]
    commit(change(item, actions, (MessageItem.state == "queued") & free))


def finish(message: Message, state: State, channel: Channel, at: Instant) -> None:
    """Note how the sending ended; the message leaves the queue."""
    item = MessageItem.at(message_key(message.city, message.id))
    actions = [
        MessageItem.state.set(state),
        MessageItem.channel.set(channel),
        MessageItem.sent_at.set(at),
        MessageItem.lease_until.remove(),
        MessageItem.gsi1_pk.remove(),
        MessageItem.gsi1_sk.remove(),
    ]
    commit(change(item, actions, MessageItem.state == "queued"))


def postpone(message: Message, until: Instant) -> None:
    """Give the message back to the queue for later."""
    item = MessageItem.at(message_key(message.city, message.id))
    actions = [
        MessageItem.not_before.set(until),
        MessageItem.gsi1_sk.set(f"{to_text(until)}#{message.id}"),
        MessageItem.lease_until.remove(),
    ]
    commit(change(item, actions, MessageItem.state == "queued"))


def leave_queue(message: Message) -> None:
    """Take a finished message out of the queue, where being told again has put it back."""
    item = MessageItem.at(message_key(message.city, message.id))
    commit(change(item, [MessageItem.gsi1_pk.remove(), MessageItem.gsi1_sk.remove()], MessageItem.state != "queued"))


def inbox(city: str, person: str, at: Instant, limit: int, cursor: str | None) -> Page[Message]:
    """A person's messages, newest first; what is to be told later is not there yet, so a page may be shorter."""
    query = Query(inbox_of(city, person), begins="M#", index=GSI2, descending=True)
    page = page_of_rows(query, limit, cursor)
    found = read_many([row.key for row in page.items])
    messages = (found[row.key].noun(Message) for row in page.items if row.key in found)
    return Page(tuple(message for message in messages if message.queued_at <= at), page.next)


def mark_read(city: str, id: str, person: str, at: Instant) -> None:
    """Note that the recipient opened it, the first time. Raises NotFound for anybody else's."""
    item = MessageItem.at(message_key(city, id))
    actions = [MessageItem.read_at.set(MessageItem.read_at | at)]
    commit(change(item, actions, MessageItem.person == person, lambda _old: NotFound()))


# Deadlines


def _deadline_item(city: str, deadline: Deadline, template: Template, lead: int) -> DeadlineItem:
    item = DeadlineItem.at(deadline_key(city, deadline.id))
    item.deadline, item.template, item.next_lead = deadline, template, lead
    item.gsi1_pk, item.gsi1_sk = reminders_on(city, remind_on(deadline, lead)), deadline.id
    return item


def save_deadline(city: str, deadline: Deadline, template: Template, lead: int) -> Write:
    return put(_deadline_item(city, deadline, template, lead))


def move_deadline(city: str, waiting: WaitingDeadline, lead: int) -> Write:
    """Go on to the next lead, if nobody has yet."""
    return replace(_deadline_item(city, waiting.deadline, waiting.template, lead), waiting.v)


def end_deadline(city: str, waiting: WaitingDeadline) -> Write:
    """Nothing is left to remind of."""
    return remove(DeadlineItem.at(deadline_key(city, waiting.deadline.id)), DeadlineItem.v == waiting.v)


def cancel_deadline(city: str, id: str) -> Write:
    """The thing is done or gone; cancelling what is not there changes nothing."""
    item = DeadlineItem.at(deadline_key(city, id))
    return remove(item, DeadlineItem.pk.exists() | DeadlineItem.pk.does_not_exist())


def deadline(city: str, id: str) -> WaitingDeadline | None:
    item = read(DeadlineItem, deadline_key(city, id))
    return item.noun(WaitingDeadline) if item else None


def deadlines_on(city: str, day: date, limit: int) -> Iterator[str]:
    """Ids of the deadlines to be reminded of on a day."""
    for row in rows_in(Query(reminders_on(city, day), index=GSI1), limit):
        yield row.sort
