"""Doors to people: registration and sign-in, one's own record and children, staff, the clerk's look-up."""

from datetime import date, datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints

from chalicelib.core.clock import now
from chalicelib.core.edits import Patch
from chalicelib.core.gate import (
    ADMIN,
    ANYONE,
    ASSISTANT,
    AUDITOR,
    CITIZEN,
    CLERK,
    PRIVACY_OFFICER,
    PROGRAMME_OWNER,
    SIGNED_IN,
    STAFF,
    App,
)
from chalicelib.core.http import Api, Call, Reply
from chalicelib.core.mending import matching
from chalicelib.core.shapes import ONE_LINE, Day, Email, Id, Line, MaybeRuianCode, PageQuery, Shape
from chalicelib.core.tries import network_of
from chalicelib.town.people import machines, service, sign_in
from chalicelib.town.people import staff as staff_verbs
from chalicelib.town.people.guessing import DEVICE_LIFE
from chalicelib.town.people.model import (
    PASSWORD_LENGTH_MAX,
    PASSWORD_LENGTH_MIN,
    SESSION_LIFE,
    STAFF_ROLES_MAX,
    Person,
    Proposed,
    Registration,
    Residence,
    StaffMember,
    StaffRole,
    device_name,
)
from chalicelib.town.people.sign_in import SignedIn
from chalicelib.town.towns import service as towns

api = Api("people")

READS_PEOPLE = (CLERK, ASSISTANT, PROGRAMME_OWNER, PRIVACY_OFFICER)
DEVICE: Final = "device"

type CookieName = App | Literal["device"]

type PersonName = Annotated[
    str,
    matching(
        r"^[^<>{}]*$",
        "Vynechte znaky < > { }.",
        "Leave out the characters < > { }.",
        strip_whitespace=True,
        min_length=1,
        max_length=100,
    ),
    ONE_LINE,
]
type Password = Annotated[str, StringConstraints(min_length=PASSWORD_LENGTH_MIN, max_length=PASSWORD_LENGTH_MAX)]
type Phone = Annotated[
    str,
    matching(
        r"^(\+?[0-9 ]{9,20})?$",
        "Napište telefon devíti číslicemi, ze zahraničí i s předvolbou.",
        "Write the phone in nine digits, from abroad with its prefix.",
        strip_whitespace=True,
    ),
]
type Token = Annotated[
    str,
    matching(
        r"^[a-z0-9]{26}\.[a-f0-9]{32}$",
        "Odkaz není celý. Otevřete ho znovu z e-mailu.",
        "The link is not whole. Open it again from the e-mail.",
    ),
]
type Next = Annotated[
    str,
    matching(
        r"^((/[A-Za-z0-9_-]+)+)?$",
        "Cesta vede jen do účtu, například /zadosti. Vynechte ji.",
        "The path leads into the account only, for example /zadosti. Leave it out.",
        max_length=200,
    ),
]
"""Where in the account the person was going: a path of the portal, never an address. The letter's link carries it."""
type AppName = Literal["www", "moje", "admin", "reader"]
type MachineScope = Literal["accounting_system"]
"""What a connected system may; each opens only the doors that name it."""
type MachineSecret = Annotated[
    str,
    matching(
        r"^[A-Za-z0-9_-]{43}$",
        "Pošlete tajný klíč celý, má 43 znaků.",
        "Send the whole secret; it has 43 characters.",
    ),
]
type MachineName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60), ONE_LINE]


# Shapes


class HomeAddress(Shape):
    """An address. `address_code` is RÚIAN's, from the town's list."""

    text: Annotated[Line, Field(max_length=200)]
    address_code: MaybeRuianCode = ""

    def noun(self) -> Residence:
        return Residence(self.text, self.address_code)


class NewRegistration(Shape):
    email: Email
    password: Password
    given_names: PersonName
    surname: PersonName
    birth_date: Day
    address: HomeAddress
    phone: Phone = ""
    language: Literal["cs", "en"] = "cs"
    notice_version: int
    next: Next = ""


class TokenBody(Shape):
    token: Token


class Confirmed(Shape):
    """The town whose account was made."""

    city: str


class NewSession(Shape):
    app: AppName
    email: Email
    password: Annotated[str, StringConstraints(min_length=1, max_length=PASSWORD_LENGTH_MAX)]


class Refresh(Shape):
    app: AppName


class Me(Shape):
    id: str
    name: str
    email: str
    language: str


class OpenSession(Shape):
    """An access token for the header `Authorization: Bearer`, and what it allows where."""

    access_token: str
    expires_at: datetime
    session: str
    person: Me
    roles: dict[str, tuple[str, ...]]
    providers: dict[str, dict[str, str]]


class SessionShape(Shape):
    id: str
    app: str
    device: str
    started_at: datetime
    used_at: datetime
    current: bool


class SessionsShape(Shape):
    items: tuple[SessionShape, ...]
    next: str | None = None


class ResetRequest(Shape):
    email: Email
    next: Next = ""


class NewPassword(Shape):
    token: Token
    password: Password


class PasswordChange(Shape):
    current: Annotated[str, StringConstraints(max_length=PASSWORD_LENGTH_MAX)]
    password: Password


class EmailChange(Shape):
    email: Email
    password: Annotated[str, StringConstraints(max_length=PASSWORD_LENGTH_MAX)]


class PersonShape(Shape):
    id: str
    given_names: str
    surname: str
    birth_date: date
    address: HomeAddress
    email: str
    phone: str
    language: str
    notice_version: int
    notice_at: datetime
    registered_at: datetime
    registered_by: str
    v: int


class NewPerson(Shape):
    """A registration in one more town, or at the counter."""

    given_names: PersonName
    surname: PersonName
    birth_date: Day
    address: HomeAddress
    phone: Phone = ""
    language: Literal["cs", "en"] = "cs"
    notice_version: int

    def noun(self) -> Person:
        at = now()
        return Person(
            id="",
            given_names=self.given_names,
            surname=self.surname,
            birth_date=self.birth_date,
            residence=self.address.noun(),
            registered_at=at,
            notice_version=self.notice_version,
            notice_at=at,
            phone=self.phone,
            language=self.language,
        )


class _AtAnAddress(Patch):
    address: HomeAddress | None = None

    def changes(self) -> dict[str, Any]:
        """By the noun's names. An address is one value: its text without its code says another place."""
        sent = super().changes()
        return (
            sent
            if sent.pop("address", None) is None or self.address is None
            else sent | {"residence": self.address.noun()}
        )


class PersonPatch(_AtAnAddress):
    given_names: PersonName | None = None
    surname: PersonName | None = None
    birth_date: Day | None = None
    phone: Phone | None = None
    language: Literal["cs", "en"] | None = None


class ChildShape(Shape):
    id: str
    guardian: str
    given_names: str
    surname: str
    birth_date: date
    address: HomeAddress
    added_at: datetime
    v: int


class ChildrenShape(Shape):
    items: tuple[ChildShape, ...]
    next: str | None = None


class NewChild(Shape):
    """Without an address the child lives with the guardian."""

    given_names: PersonName
    surname: PersonName
    birth_date: Day
    address: HomeAddress | None = None


class ChildPatch(_AtAnAddress):
    given_names: PersonName | None = None
    surname: PersonName | None = None
    birth_date: Day | None = None
    address: HomeAddress | None = None


class ProposedShape(Shape):
    """Roles that wait for a second administrator: who gives them, and since when."""

    roles: tuple[str, ...]
    by: str
    by_name: str
    at: datetime


class StaffShape(Shape):
    """A colleague. What is `proposed` is not held yet."""

    person: str
    name: str
    email: str
    roles: tuple[str, ...]
    proposed: ProposedShape | None
    v: int


class StaffList(Shape):
    items: tuple[StaffShape, ...]
    next: str | None = None


class NewStaff(Shape):
    """An invitation of a colleague by e-mail."""

    email: Email
    roles: Annotated[tuple[StaffRole, ...], Field(min_length=1, max_length=STAFF_ROLES_MAX)]
    language: Literal["cs", "en"] = "cs"


class OfferShape(Shape):
    """An invitation before it is accepted."""

    city: str
    town: str
    email: str
    roles: tuple[str, ...]
    provider: str
    provider_name: str
    has_account: bool


class Acceptance(Shape):
    """Name and password are needed when the e-mail has no account yet."""

    token: Token
    given_names: PersonName | None = None
    surname: PersonName | None = None
    password: Password | None = None


class NewMachine(Shape):
    """A system to be connected."""

    name: MachineName
    scopes: Annotated[tuple[MachineScope, ...], Field(min_length=1, max_length=10)]


class MachineShape(Shape):
    """A connected system. A revoked one stays listed, and gets no token."""

    id: str
    name: str
    scopes: tuple[MachineScope, ...]
    made_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class MachinesShape(Shape):
    items: tuple[MachineShape, ...]
    next: str | None = None


class MadeMachine(Shape):
    """A system just connected. `secret` is given once and kept nowhere."""

    machine: MachineShape
    secret: str


class MachineBody(Shape):
    id: Id
    secret: MachineSecret


class MachineSession(Shape):
    access_token: str
    expires_at: datetime


class LookUp(PageQuery):
    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100), ONE_LINE]


class FoundShape(Shape):
    id: str
    name: str
    birth_date: date
    guardian: str


class FoundPage(Shape):
    items: tuple[FoundShape, ...]
    next: str | None


class PersonDetail(PersonShape):
    """A person with the children of the account, for the town's staff."""

    children: tuple[ChildShape, ...]


class AccessQuery(PageQuery):
    day: Day


class SeenShape(Shape):
    """That somebody of the town looked at the caller's data."""

    at: datetime
    by_name: str
    action: str


class SeenList(Shape):
    items: tuple[SeenShape, ...]
    next: str | None = None


class AccessShape(Shape):
    at: datetime
    by: str
    by_name: str
    action: str
    subject: str
    subject_name: str
    query: str


class AccessPage(Shape):
    items: tuple[AccessShape, ...]
    next: str | None


class Export(Shape):
    """Everything the town holds of a person, by rooms."""

    parts: dict[str, Any]


# Registration and sign-in


@api.post("/cities/{city}/registrations", allow=ANYONE, status=202)
def register(call: Call[NewRegistration]) -> None:
    """Ask for an account. The answer is always the same; the e-mail says how to go on.

    Refusals: notice_outdated, too_young_to_register, birth_date_impossible, address_unknown, too_many_tries.
    """
    body = call.body
    filled = Registration(
        city=towns.town(call.city).slug,
        email=body.email,
        password=body.password,
        given_names=body.given_names,
        surname=body.surname,
        birth_date=body.birth_date,
        residence=body.address.noun(),
        language=body.language,
        notice_version=body.notice_version,
        notice_at=now(),
        phone=body.phone,
    )
    sign_in.register(filled, call.ip, body.next)


@api.post("/registrations/confirm", allow=ANYONE)
def confirm(call: Call[TokenBody]) -> Confirmed:
    """Make the account that the link belongs to. Refusals: link_spent, email_registered."""
    return Confirmed(city=sign_in.confirm(call.body.token))


@api.post("/sessions", allow=ANYONE, status=201)
def open_session(call: Call[NewSession]) -> Reply[OpenSession]:
    """Sign in to one app. Refusals: wrong_email_or_password, too_many_tries."""
    device = device_name(call.headers.get("user-agent", ""))
    body, known = call.body, _cookie(call, DEVICE)
    opened = sign_in.sign_in(body.app, body.email, body.password, ip=call.ip, device=device, device_cookie=known)
    return _opened(opened, 201)


@api.post("/sessions/refresh", allow=ANYONE)
def refresh(call: Call[Refresh]) -> Reply[OpenSession]:
    """A new access token for the session in the cookie. Refusals: sign_in_needed."""
    return _opened(sign_in.refresh(call.body.app, _cookie(call, call.body.app)), 200)


@api.get("/sessions", allow=SIGNED_IN)
def list_sessions(call: Call) -> SessionsShape:
    """The devices where the caller is signed in."""
    return SessionsShape(
        items=tuple(
            SessionShape(
                id=s.id, app=s.app, device=s.device, started_at=s.started_at, used_at=s.used_at,
                current=s.id == call.who.session,
            )
            for s in sign_in.sessions(call.who.id)
        )
    )  # fmt: skip


@api.delete("/sessions/current", allow=SIGNED_IN, status=204)
def end_current_session(call: Call) -> Reply:
    """Sign out of this app on this device."""
    sign_in.end_session(call.who.id, call.who.session)
    return Reply(status=204, headers={"Set-Cookie": _set_cookie(call.who.app, "", timedelta())})


@api.delete("/sessions/{id}", allow=SIGNED_IN, status=204)
def end_session(call: Call) -> None:
    """Sign another device out; one of another person is not there."""
    sign_in.end_session(call.who.id, call.id)


@api.post("/password-resets", allow=ANYONE, status=202)
def ask_for_reset(call: Call[ResetRequest]) -> None:
    """Ask for a link that sets a new password. The answer is always the same."""
    sign_in.ask_for_reset(call.body.email, call.ip, call.body.next)


@api.post("/password-resets/confirm", allow=ANYONE, status=204)
def reset(call: Call[NewPassword]) -> Reply:
    """Set a new password by the link; every session ends. Refusals: link_spent."""
    return _known_again(sign_in.reset(call.body.token, call.body.password, _cookie(call, DEVICE)))


@api.post("/password-changes", allow=SIGNED_IN, status=204)
def change_password(call: Call[PasswordChange]) -> Reply:
    """Change the password; other sessions end. Refusals: wrong_password, too_many_tries."""
    body = call.body
    return _known_again(sign_in.change_password(call.who, body.current, body.password, _cookie(call, DEVICE)))


@api.post("/email-changes", allow=SIGNED_IN, status=202)
def ask_for_email(call: Call[EmailChange]) -> None:
    """Ask for a link to a new e-mail. Refusals: wrong_password, too_many_tries."""
    sign_in.ask_for_email(call.who, call.body.email, call.body.password)


@api.post("/email-changes/confirm", allow=ANYONE, status=204)
def confirm_email(call: Call[TokenBody]) -> Reply:
    """The new e-mail takes effect. Refusals: link_spent, email_registered."""
    return _known_again(sign_in.confirm_email(call.body.token, _cookie(call, DEVICE)))


# One's own record


@api.get("/cities/{city}/people/me", allow=SIGNED_IN)
def get_me(call: Call) -> PersonShape:
    """What this town knows of the caller. Refusals: not_registered_here."""
    return _person(service.me(call.city, call.who))


@api.post("/cities/{city}/people/me", allow=SIGNED_IN, status=201)
def join(call: Call[NewPerson]) -> PersonShape:
    """Register in this town too, with the same sign-in. Refusals: already_registered, notice_outdated."""
    return _person(service.join(towns.town(call.city).slug, call.who, call.body.noun()))


@api.patch("/cities/{city}/people/me", allow=SIGNED_IN, edits=True)
def patch_me(call: Call[PersonPatch]) -> PersonShape:
    """Change one's own data; what a registry verified is verified again. Refusals: changed_meanwhile."""
    return _person(service.amend_me(call.city, call.who, call.version, call.body.changes()))


@api.get("/cities/{city}/people/me/export", allow=SIGNED_IN)
def export_me(call: Call) -> Export:
    """Everything the town holds of the caller."""
    return Export(parts=service.export(call.city, call.who))


@api.get("/cities/{city}/people/me/accesses", allow=SIGNED_IN)
def list_my_accesses(call: Call) -> SeenList:
    """Who of the town looked at the caller's data, newest first."""
    return SeenList(items=tuple(SeenShape.of(access) for access in service.accesses_to_me(call.city, call.who)))


@api.get("/cities/{city}/people/me/children", allow=CITIZEN)
def list_children(call: Call) -> ChildrenShape:
    """The children in the caller's account."""
    return ChildrenShape(items=tuple(_child(child) for child in service.children_of(call.city, call.who.id)))


@api.post("/cities/{city}/people/me/children", allow=CITIZEN, status=201)
def add_child(call: Call[NewChild]) -> ChildShape:
    """Add a child. Refusals: birth_date_impossible, address_unknown, not_registered_here."""
    body = call.body
    lives_at = body.address.noun() if body.address else None
    return _child(service.add_child(call.city, call.who.id, body.given_names, body.surname, body.birth_date, lives_at))


@api.get("/cities/{city}/people/me/children/{id}", allow=CITIZEN)
def get_child(call: Call) -> ChildShape:
    """A child of the caller's account."""
    return _child(service.my_child(call.city, call.who.id, call.id))


@api.patch("/cities/{city}/people/me/children/{id}", allow=CITIZEN, edits=True)
def patch_child(call: Call[ChildPatch]) -> ChildShape:
    """Change a child's data. Refusals: changed_meanwhile."""
    return _child(service.amend_child(call.city, call.who.id, call.id, call.version, call.body.changes()))


@api.delete("/cities/{city}/people/me/children/{id}", allow=CITIZEN, status=204)
def remove_child(call: Call) -> None:
    """Take a child out of the account. What was applied for and awarded stays on record."""
    service.remove_child(call.city, call.who.id, call.id)


# The town's staff


@api.get("/cities/{city}/staff", allow=STAFF)
def list_staff(call: Call) -> StaffList:
    """The colleagues at the town hall and their roles."""
    return StaffList(items=_staff(*service.staff(call.city)))


@api.get("/cities/{city}/staff/{id}", allow=STAFF)
def get_staff(call: Call) -> StaffShape:
    """A colleague's roles, with their version as ETag."""
    return _staff(service.staff_member(call.city, call.id))[0]


@api.post("/cities/{city}/staff", allow=ADMIN, status=202)
def invite_staff(call: Call[NewStaff]) -> None:
    """Invite a colleague by e-mail. Once accepted, the roles wait for another administrator's yes.

    Refusals: own_roles, roles_clash, officers_apart, too_many_tries.
    """
    body = call.body
    service.invite_member(call.city, body.email, call.who, roles=body.roles, language=body.language)


@api.get("/cities/{city}/machines", allow=(ADMIN, AUDITOR))
def list_machines(call: Call) -> MachinesShape:
    """The town's connected systems, oldest first, with the last sign-in of each."""
    return MachinesShape(items=tuple(map(MachineShape.of, machines.machines(call.city))))


@api.post("/cities/{city}/machines", allow=ADMIN, status=201)
def add_machine(call: Call[NewMachine]) -> MadeMachine:
    """Connect a system; its secret is in this answer only. Refusals: too_many_machines."""
    made = machines.add(call.city, call.body.name, call.body.scopes, call.who)
    return MadeMachine(machine=MachineShape.of(made.machine), secret=made.secret)


@api.delete("/cities/{city}/machines/{id}", allow=ADMIN)
def revoke_machine(call: Call) -> None:
    """The system gets no token from now on; what it has ends within five minutes. Refusals: not_found."""
    machines.revoke(call.city, call.id, call.who)


@api.post("/cities/{city}/machines/session", allow=ANYONE)
def open_machine_session(call: Call[MachineBody]) -> MachineSession:
    """Exchange a connected system's id and secret for an access token of five minutes.

    Refusals: machine_refused, too_many_tries.
    """
    opened = machines.sign_in(call.city, call.body.id, call.body.secret, network_of(call.ip))
    return MachineSession(access_token=opened.access_token, expires_at=opened.expires_at)


@api.post("/invitations/look", allow=ANYONE)
def look_at_invitation(call: Call[TokenBody]) -> OfferShape:
    """What an invitation offers, before it is accepted. Refusals: link_spent."""
    offer = staff_verbs.look_at(call.body.token)
    made = offer.invitation
    return OfferShape(
        city=made.city,
        town=offer.town,
        email=made.email,
        roles=made.roles,
        provider=made.provider,
        provider_name=made.provider_name,
        has_account=offer.has_account,
    )


@api.post("/invitations/accept", allow=ANYONE)
def accept_invitation(call: Call[Acceptance]) -> Confirmed:
    """Accept an invitation. Refusals: link_spent, password_needed, own_roles, roles_clash, officers_apart."""
    body = call.body
    return Confirmed(city=staff_verbs.accept(body.token, body.given_names, body.surname, body.password).city)


# The clerk's look


@api.get("/cities/{city}/people", allow=READS_PEOPLE)
def look_up(call: Call[None, LookUp]) -> FoundPage:
    """People and children by the beginning of a surname, or by e-mail. The look is noted. Refusals: query_too_short."""
    query = call.query
    page = service.look_up(call.city, call.who, query.query, query.limit, query.cursor)
    return FoundPage(items=tuple(FoundShape.of(found) for found in page.items), next=page.next)


@api.get("/cities/{city}/people/{id}", allow=READS_PEOPLE)
def get_person(call: Call) -> PersonDetail:
    """A person's record with the children. The look is noted."""
    known = service.looked_at(call.city, call.who, call.id)
    children = service.children_of(call.city, call.id)
    return PersonDetail(**_person(known).model_dump(), children=tuple(_child(child) for child in children))


@api.post("/cities/{city}/people", allow=ASSISTANT, status=201)
def register_at_desk(call: Call[NewPerson]) -> PersonShape:
    """Register at the counter somebody who has no e-mail. Refusals: notice_outdated, birth_date_impossible."""
    return _person(service.register_at_desk(call.city, call.who, call.body.noun()))


@api.post("/cities/{city}/people/{id}/children", allow=ASSISTANT, status=201)
def add_child_at_desk(call: Call[NewChild]) -> ChildShape:
    """Add a child for somebody whom one looks after. Refusals: acts_for_themselves, birth_date_impossible, not_found."""
    body = call.body
    lives_at = body.address.noun() if body.address else None
    given, surname = body.given_names, body.surname
    return _child(service.add_child_at_desk(call.city, call.who, call.id, given, surname, body.birth_date, lives_at))


@api.post("/cities/{city}/people/{id}/takeover", allow=ASSISTANT)
def take_over(call: Call) -> PersonShape:
    """Look after somebody without a sign-in whose assistant works at the counter no more; the person stands there.

    Refusals: acts_for_themselves, still_looked_after, changed_meanwhile.
    """
    return _person(service.take_over(call.city, call.who, call.id))


@api.get("/cities/{city}/accesses", allow=(AUDITOR, PRIVACY_OFFICER))
def list_accesses(call: Call[None, AccessQuery]) -> AccessPage:
    """Who looked at personal data on a day, newest first."""
    page = service.accesses(call.city, call.query.day, call.query.limit, call.query.cursor)
    return AccessPage(items=tuple(AccessShape.of(access) for access in page.items), next=page.next)


# Shaping


def _staff(*members: StaffMember) -> tuple[StaffShape, ...]:
    names = service.names([member.proposed.by for member in members if member.proposed])
    return tuple(
        StaffShape(
            person=member.person,
            name=member.name,
            email=member.email,
            roles=member.roles,
            proposed=_proposed(member.proposed, names),
            v=member.v,
        )
        for member in members
    )


def _proposed(proposed: Proposed | None, names: dict[str, str]) -> ProposedShape | None:
    return ProposedShape(**vars(proposed), by_name=names.get(proposed.by, "")) if proposed else None


def _person(person: Person) -> PersonShape:
    return PersonShape(**_fields(person, PersonShape))


def _child(child: Any) -> ChildShape:
    return ChildShape(**_fields(child, ChildShape))


def _fields(noun: Any, shape: type[Shape]) -> dict[str, Any]:
    names = [name for name in shape.model_fields if name != "address"]
    return {name: getattr(noun, name) for name in names} | {"address": HomeAddress.of(noun.residence)}


def _opened(opened: SignedIn, status: int) -> Reply[OpenSession]:
    who = opened.who
    body = OpenSession(
        access_token=opened.token,
        expires_at=opened.expires_at,
        session=who.session,
        person=Me(id=who.id, name=opened.name, email=opened.email, language=opened.language),
        roles={city: tuple(roles) for city, roles in who.roles.items()},
        providers={city: dict(held) for city, held in who.providers.items()},
    )
    cookies = []
    if opened.device_cookie:
        cookies.append(_device_cookie(opened.device_cookie))
    if opened.cookie:
        cookies.append(_set_cookie(who.app, opened.cookie, SESSION_LIFE[who.app]))
    return Reply(body, status, {"Set-Cookie": cookies} if cookies else {})


def _known_again(device: str) -> Reply:
    return Reply(status=204, headers={"Set-Cookie": _device_cookie(device)})


def _device_cookie(value: str) -> str:
    return _set_cookie(DEVICE, value, DEVICE_LIFE)


def _set_cookie(name: CookieName, value: str, life: timedelta) -> str:
    seconds = int(life.total_seconds())
    return f"__Host-am_{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; Secure; SameSite=Strict"


def _cookie(call: Call[Any], name: CookieName) -> str:
    try:
        found = SimpleCookie(call.headers.get("cookie", "")).get(f"__Host-am_{name}")
    except CookieError:
        found = None
    return found.value if found else ""
