"""Links of e-mails: single-use tickets. The token is `<id>.<keyed digest of the id>`: the table never holds it."""

import hmac
from datetime import datetime

from chalicelib.core.ids import new_id
from chalicelib.core.secrets import peppered
from chalicelib.people import store
from chalicelib.people.model import TICKET_LIFE, Invitation, LinkSpent, Purpose, Registration, Ticket


def made(
    purpose: Purpose,
    at: datetime,
    *,
    person: str = "",
    email: str = "",
    registration: Registration | None = None,
    invitation: Invitation | None = None,
) -> Ticket:
    return Ticket(new_id(), purpose, at + TICKET_LIFE[purpose], person, email, registration, invitation)


def token_of(ticket: str) -> str:
    """What the link carries in its fragment."""
    return f"{ticket}.{peppered('ticket', ticket)}"


def opened(token: str, purpose: Purpose) -> Ticket:
    """The ticket behind a token. Raises LinkSpent if it is forged, used, expired or meant for something else."""
    id, _, proof = token.partition(".")
    if not hmac.compare_digest(proof.encode(), peppered("ticket", id).encode()):
        raise LinkSpent
    ticket = store.ticket(id)
    if ticket is None or ticket.purpose != purpose:
        raise LinkSpent
    return ticket
