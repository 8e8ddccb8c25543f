"""Links of e-mails: single-use tickets. The token is `<id>.<keyed digest of the id>`: the table never holds it.

A ticket belongs to one generation of one sign-in. A new password or a new e-mail begins the next generation, in which
no older ticket and no older session is worth anything.
"""

import hmac
from datetime import datetime

from chalicelib.core.ids import new_id
from chalicelib.core.secrets import peppered
from chalicelib.town.people import store
from chalicelib.town.people.model import (
    FIRST_GENERATION,
    TICKET_LIFE,
    Invitation,
    LinkSpent,
    Login,
    Purpose,
    Registration,
    Ticket,
)


def made(
    purpose: Purpose,
    at: datetime,
    login: Login | None,
    *,
    email: str = "",
    registration: Registration | None = None,
    invitation: Invitation | None = None,
) -> Ticket:
    """A ticket for a sign-in as it is now; without one, for whoever makes a sign-in with the e-mail."""
    return Ticket(
        id=new_id(),
        purpose=purpose,
        expires_at=at + TICKET_LIFE[purpose],
        person=login.id if login else "",
        email=email,
        generation=login.generation if login else FIRST_GENERATION,
        registration=registration,
        invitation=invitation,
    )


def token_of(ticket: str) -> str:
    """What the link carries in its fragment."""
    return f"{ticket}.{peppered('ticket', ticket)}"


def opened(token: str, purpose: Purpose) -> tuple[Ticket, Login | None]:
    """The ticket behind a token, and the sign-in that it is for, if there is one yet.

    Raises LinkSpent if it is forged, used, expired, meant for something else, or if the sign-in has changed since.
    """
    id, _, proof = token.partition(".")
    if not hmac.compare_digest(proof.encode(), peppered("ticket", id).encode()):
        raise LinkSpent
    ticket = store.ticket(id)
    if ticket is None or ticket.purpose != purpose:
        raise LinkSpent
    login = _login(ticket)
    if login is None:
        if ticket.person:
            raise LinkSpent
    elif login.generation != ticket.generation:
        raise LinkSpent
    return ticket, login


def _login(ticket: Ticket) -> Login | None:
    owner = ticket.person or store.owner_of(ticket.email)
    return store.login(owner) if owner else None
