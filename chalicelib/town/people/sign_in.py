"""Registration, sign-in, sessions and passwords of one person across towns."""

import hmac
import secrets as randomness
from dataclasses import dataclass, replace

from chalicelib.core import gate, tries
from chalicelib.core.clock import Instant, day_of, now
from chalicelib.core.gate import CITIZEN, App, Who
from chalicelib.core.ids import digest, new_id
from chalicelib.core.refusals import NotFound, SignInNeeded, TooManyTries
from chalicelib.core.secrets import peppered
from chalicelib.core.table import Write, transact
from chalicelib.town.people import guessing, passwords, store, tickets
from chalicelib.town.people.guessing import (
    ASKED_FROM_ONE_NETWORK,
    FROM_ONE_NETWORK,
    LETTERS,
    LETTERS_FROM_ANYWHERE,
    PROOFS_OF_A_SESSION,
    Guess,
)
from chalicelib.town.people.model import (
    ROTATION_GRACE,
    SESSION_LIFE,
    EmailRegistered,
    Language,
    Letter,
    LinkSpent,
    Login,
    Membership,
    Person,
    Purpose,
    Registration,
    Session,
    Ticket,
    WrongEmailOrPassword,
    WrongPassword,
    check_old_enough,
    roles_for,
)
from chalicelib.town.people.outside import letter
from chalicelib.town.people.service import residence
from chalicelib.town.towns import service as towns
from chalicelib.town.towns.model import NOBODYS_TOWN

NO_LOGIN = "nobody"
"""Read for an e-mail that nobody has: its refusal takes as long as any."""

PROOF_LETTERS = 32


@dataclass(frozen=True)
class SignedIn:
    """An open session: the access token, what it carries, and the cookies' values where they changed."""

    token: str
    expires_at: Instant
    who: Who
    name: str
    email: str
    language: Language
    cookie: str = ""
    device_cookie: str = ""


# Registration


def register(filled: Registration, ip: str, then: str = "") -> None:
    """Send a link that confirms the registration and leads on to where the person was going (`then`, a path of the
    account). Whoever has an account gets another mail, which leads there too; the caller cannot tell.
    """
    at = now()
    towns.check_notice(filled.city, filled.notice_version)
    check_old_enough(filled.birth_date, day_of(at))
    network = tries.network_of(ip)
    tries.count("registration-network", network, ASKED_FROM_ONE_NETWORK, at)
    tries.count("registration", f"{network} {filled.email}", LETTERS, at)
    tries.count("registration-from-anywhere", filled.email, LETTERS_FROM_ANYWHERE, at)
    filled = replace(
        filled,
        password=passwords.hashed(filled.password),
        residence=residence(filled.city, filled.residence),
        notice_at=at,
    )
    login = _login_of(filled.email)
    ticket = tickets.made("registration", at, login, email=filled.email, registration=None if login else filled)
    note = Letter(
        city=filled.city,
        address=filled.email,
        template="people.registered_already" if login else "people.confirm",
        event=ticket.id,
        language=filled.language,
        facts={"next": then or "/"} if login else {"ticket": ticket.id, "next": then},
    )
    transact([store.new_ticket(ticket), letter(note)])


def confirm(token: str) -> str:
    """Make the account that a registration asked for. Returns the town. Raises LinkSpent, EmailRegistered."""
    ticket, _ = tickets.opened(token, "registration")
    if ticket.registration is None:
        raise EmailRegistered
    transact([store.spend_ticket(ticket), *founding(ticket.registration, new_id())])
    return ticket.registration.city


def founding(filled: Registration, id: str) -> list[Write]:
    """The writes of a new account: its sign-in, the town's record, the citizen's role."""
    login = Login(id, filled.email, filled.password, filled.given_names, filled.surname, filled.language)
    person = Person(
        id=id,
        given_names=filled.given_names,
        surname=filled.surname,
        birth_date=filled.birth_date,
        residence=filled.residence,
        registered_at=now(),
        notice_version=filled.notice_version,
        notice_at=filled.notice_at,
        email=filled.email,
        phone=filled.phone,
        language=filled.language,
    )
    return [
        *store.new_login(login),
        store.new_person(filled.city, person),
        store.save_membership(Membership(id, filled.city, (CITIZEN,)), 0, login.name, login.email),
    ]


# Sessions


def sign_in(app: App, email: str, password: str, *, ip: str, device: str, device_cookie: str) -> SignedIn:
    """Open a session. Unknown e-mail and wrong password answer alike, and as slowly.

    Raises WrongEmailOrPassword, TooManyTries.
    """
    known = store.identity(store.owner_of(email) or NO_LOGIN)
    guess = Guess(email, tries.network_of(ip), _device(device_cookie, known.login) if known else "")
    guessing.count(guess, now())
    right = passwords.matches(password, known.login.password if known else passwords.nobodys())
    if known is None or not right:
        raise WrongEmailOrPassword
    guessing.was_right(guess)
    return replace(_open(known, app, device), device_cookie=_remembering(device_cookie, known.login))


def _device(cookie: str, login: Login) -> str:
    return guessing.known_device(cookie, login.id, login.generation)


def _remembering(cookie: str, login: Login, *, changed: bool = False) -> str:
    """The cookie of the device where somebody signed in, or began the next generation of the sign-in."""
    return guessing.remembering(cookie, login.id, login.generation + changed)


def _open(known: store.Identity, app: App, device: str) -> SignedIn:
    at, id = now(), new_id()
    secret = _new_secret(id)
    session = Session(
        id=id,
        person=known.login.id,
        app=app,
        device=device,
        secret=digest(secret),
        generation=known.login.generation,
        started_at=at,
        used_at=at,
        ends_at=at + SESSION_LIFE[app],
    )
    store.save_session(session)
    return _signed_in(known, session, f"{session.person}.{session.id}.{secret}")


def refresh(app: App, cookie: str) -> SignedIn:
    """A new access token, and a new refresh token in place of the presented one.

    A token presented again after its grace was stolen or copied, however old it is: the session ends. In the grace
    of the last one the present token is not replaced yet, so that a late request never holds one two older.
    Raises SignInNeeded.
    """
    person, session_id, secret = _parts(cookie)
    known = store.identity(person)
    session = next((s for s in known.sessions if s.id == session_id), None) if known else None
    if known is None or session is None or session.app != app:
        raise SignInNeeded
    at, fresh = now(), _new_secret(session_id)
    if session.secret == digest(secret) and session.rotated_at and at - session.rotated_at <= ROTATION_GRACE:
        return _signed_in(known, session)
    try:
        store.rotate(session, digest(secret), digest(fresh), at)
    except store.TokenReplaced as replaced:
        _check_grace(replaced.session, secret)
        return _signed_in(known, session)
    return _signed_in(known, session, f"{person}.{session_id}.{fresh}")


def _new_secret(session: str) -> str:
    """A refresh token's secret. It carries a keyed digest, so that one of ours is known however old it is."""
    chance = randomness.token_urlsafe(32)
    return chance + _proof_of(session, chance)


def _is_ours(session: str, secret: str) -> bool:
    chance, proof = secret[:-PROOF_LETTERS], secret[-PROOF_LETTERS:]
    return hmac.compare_digest(proof.encode(), _proof_of(session, chance).encode())


def _proof_of(session: str, chance: str) -> str:
    return peppered("refresh", f"{session}.{chance}")


def _parts(cookie: str) -> tuple[str, str, str]:
    match cookie.split("."):
        case [person, session, secret] if person and session and secret:
            return person, session, secret
        case _:
            raise SignInNeeded


def _check_grace(session: Session | None, presented: str) -> None:
    """A second tab may come late with the token just replaced; anyone else with it ends the session."""
    if session is None:
        raise SignInNeeded
    if store.is_in_grace(session, digest(presented), now()):
        return
    if session.previous == digest(presented) or _is_ours(session.id, presented):
        store.end_session(session.person, session.id)
    raise SignInNeeded


def _signed_in(known: store.Identity, session: Session, cookie: str = "") -> SignedIn:
    roles, providers = roles_for(session.app, known.memberships, known.providers)
    who = Who(known.login.id, session.app, session.id, roles, providers)
    login, at = known.login, now()
    token = gate.issue(who, at)
    return SignedIn(token, at + gate.ACCESS_LIFE, who, login.name, login.email, login.language, cookie)


def sessions(person: str) -> list[Session]:
    """The devices where the person is signed in, the last used first."""
    known = store.identity(person)
    return sorted(known.sessions, key=lambda s: s.used_at, reverse=True) if known else []


def end_session(person: str, session: str) -> None:
    """Sign a device out. Its access token lives for five minutes at most."""
    store.end_session(person, session)


# Passwords and e-mail


def ask_for_reset(email: str, ip: str, then: str = "") -> None:
    """Send a link that sets a new password and leads on as in `register`, if the e-mail has an account. The caller cannot
    tell.

    Whoever asks in somebody's name does not keep her from her account: once enough links have been sent no further one
    goes out for a while, and those in her mailbox work. Raises TooManyTries for a network that asks for many.
    """
    at = now()
    tries.count("reset-network", tries.network_of(ip), FROM_ONE_NETWORK, at)
    try:
        tries.count("reset", email, LETTERS, at)
    except TooManyTries:
        return
    owner = store.owner_of(email)
    known = store.identity(owner) if owner else None
    ticket = tickets.made("password_reset", at, known.login if known else None)
    if known is None:
        transact([store.new_ticket(ticket)])  # nobody will open it; it takes as long as a real one
        return
    login = known.login
    note = Letter(
        city=_home(known),
        address=login.email,
        template="people.reset",
        event=ticket.id,
        language=login.language,
        facts={"ticket": ticket.id, "next": then},
        person=login.id,
    )
    transact([store.new_ticket(ticket), letter(note)])


def reset(token: str, password: str, device_cookie: str) -> str:
    """Set a new password; every session and every other link ends. Returns the cookie that makes the device known.

    Raises LinkSpent.
    """
    ticket, known = _opened(token, "password_reset")
    changed = store.new_password(known.login, passwords.hashed(password), store.link_spent)
    transact([store.spend_ticket(ticket), changed, _changed(known)])
    return _remembering(device_cookie, known.login, changed=True)


def change_password(who: Who, current: str, new: str, device_cookie: str) -> str:
    """Change the password; the other sessions end. Returns the cookie that keeps the device known.

    Raises WrongPassword, TooManyTries.
    """
    known = _proved(who, current)
    mine = [session for session in known.sessions if session.id == who.session]
    kept = [store.renew_generation(session, known.login.generation + 1) for session in mine]
    transact([store.new_password(known.login, passwords.hashed(new)), _changed(known), *kept])
    return _remembering(device_cookie, known.login, changed=True)


def ask_for_email(who: Who, email: str, password: str) -> None:
    """Send a link to a new e-mail, and word of it to the old one, which holds until the link is opened."""
    known = _proved(who, password)
    login, at = known.login, now()
    tries.count("new-email", who.id, LETTERS, at)
    taken = store.owner_of(email) is not None
    ticket = tickets.made("email_change", at, login, email=email)
    note = Letter(
        city=_home(known),
        address=email,
        template="people.registered_already" if taken else "people.new_email",
        event=ticket.id,
        language=login.language,
        facts={} if taken else {"ticket": ticket.id},
    )
    transact([store.new_ticket(ticket), letter(note), _told(known, "people.email_change_asked", ticket.id)])


def confirm_email(token: str, device_cookie: str) -> str:
    """The new e-mail takes effect for signing in and in every town; every session and every other link ends. Returns the
    cookie that makes the device known.

    Raises LinkSpent, EmailRegistered.
    """
    ticket, known = _opened(token, "email_change")
    records = [(m.city, p) for m in known.memberships if (p := store.person(m.city, ticket.person))]
    copies = [store.save_person(city, replace(p, email=ticket.email), p.v) for city, p in records]
    changed = [*store.new_email(known.login, ticket.email), _told(known, "people.email_changed", ticket.id)]
    transact([store.spend_ticket(ticket), *changed, *copies])
    return _remembering(device_cookie, known.login, changed=True)


def _opened(token: str, purpose: Purpose) -> tuple[Ticket, store.Identity]:
    """A ticket of somebody's sign-in. Raises LinkSpent."""
    ticket, login = tickets.opened(token, purpose)
    known = store.identity(login.id) if login else None
    if known is None or known.login.generation != ticket.generation:
        raise LinkSpent
    return ticket, known


def _proved(who: Who, password: str) -> store.Identity:
    """The sign-in, once its password is proved again."""
    at = now()
    known = _known(who.id)
    session = f"{who.id} {who.session}"
    tries.count("password", session, PROOFS_OF_A_SESSION, at)
    if not passwords.matches(password, known.login.password):
        raise WrongPassword
    tries.forgive("password", session, PROOFS_OF_A_SESSION)
    return known


def _changed(known: store.Identity) -> Write:
    """The owner learns of a new password."""
    return _told(known, "people.password_changed", f"{known.login.id}.{known.login.generation}")


def _told(known: store.Identity, template: str, event: str) -> Write:
    """The owner is written to at the e-mail that holds before the change."""
    login = known.login
    return letter(
        Letter(
            city=_home(known),
            address=login.email,
            template=template,
            event=event,
            language=login.language,
            person=login.id,
        )
    )


def _login_of(email: str) -> Login | None:
    owner = store.owner_of(email)
    return store.login(owner) if owner else None


def _known(person: str) -> store.Identity:
    known = store.identity(person)
    if known is None:
        raise NotFound
    return known


def _home(known: store.Identity) -> str:
    """The town in whose name a person is written to about their sign-in."""
    towns_of = [*(m.city for m in known.memberships), *(p.city for p in known.providers)]
    return towns_of[0] if towns_of else NOBODYS_TOWN
