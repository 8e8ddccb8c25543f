"""Doors to messages: a person's inbox, and what the town told a person."""

from chalicelib.core.gate import ASSISTANT, CLERK, PRIVACY_OFFICER, SIGNED_IN
from chalicelib.core.http import Api, Call
from chalicelib.core.shapes import PageQuery, Shape
from chalicelib.town.messages import service
from chalicelib.town.people import service as people
from chalicelib.town.towns import service as towns

api = Api("messages")


class MessageShape(Shape):
    """A message in the reader's language. `link` is a path in the app that it names."""

    id: str
    template: str
    title: str
    text: str
    button: str
    app: str
    link: str
    at: str
    channel: str
    read: bool


class MessagesPage(Shape):
    items: tuple[MessageShape, ...]
    next: str | None


@api.get("/cities/{city}/messages", allow=SIGNED_IN)
def list_messages(call: Call[None, PageQuery]) -> MessagesPage:
    """The caller's messages in this town, newest first."""
    return _page(call, call.who.id)


@api.post("/cities/{city}/messages/{id}/read", allow=SIGNED_IN, status=204)
def mark_read(call: Call) -> None:
    """The caller opened a message."""
    service.mark_read(call.city, call.who.id, call.id)


@api.get("/cities/{city}/people/{id}/messages", allow=(CLERK, ASSISTANT, PRIVACY_OFFICER))
def list_messages_of(call: Call[None, PageQuery]) -> MessagesPage:
    """What the town told a person, newest first. The look is noted."""
    people.looked_at(call.city, call.who, call.id)
    return _page(call, call.id)


def _page(call: Call[None, PageQuery], person: str) -> MessagesPage:
    city = towns.town(call.city).slug
    page = service.inbox(city, person, call.language, call.query.limit, call.query.cursor)
    return MessagesPage(items=tuple(MessageShape.of(note) for note in page.items), next=page.next)
