"""The nouns and rules of people. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from chalicelib.core.clock import Instant
from chalicelib.core.gate import (
    AUTHORISING_OFFICER,
    BUDGET_OFFICER,
    CHIEF_ACCOUNTANT,
    CITIZEN,
    PROVIDER_SIDE,
    App,
    Role,
)
from chalicelib.core.ids import digest
from chalicelib.core.refusals import Refusal
from chalicelib.town.towns.model import folded

type Language = Literal["cs", "en"]
type StaffRole = Literal[
    "admin",
    "programme_owner",
    "clerk",
    "assistant",
    "authorising_officer",
    "budget_officer",
    "chief_accountant",
    "auditor",
    "privacy_officer",
]
type Purpose = Literal["registration", "password_reset", "invitation", "email_change"]

REGISTRATION_AGE_MIN = 15
"""Act 110/2019 Coll. § 7: from this age a person may use a service of the information society by themselves."""
AGE_MAX = 130
PASSWORD_LENGTH_MIN, PASSWORD_LENGTH_MAX = 10, 128
NAME_BUCKET_LETTERS = 3
STAFF_ROLES_MAX = 9
FIRST_GENERATION = 1
"""Of a sign-in that nobody has changed yet, and of one that is still to be made."""
OPERATOR = "operator"
"""Who founds a town. It is no sign-in, so nobody else's invitation is taken for the operator's."""

TICKET_LIFE: dict[Purpose, timedelta] = {
    "registration": timedelta(hours=48),
    "password_reset": timedelta(hours=1),
    "invitation": timedelta(days=14),
    "email_change": timedelta(hours=24),
}
SESSION_LIFE: dict[App, timedelta] = {
    "www": timedelta(days=30),
    "moje": timedelta(days=30),
    "admin": timedelta(hours=12),
    "reader": timedelta(hours=12),
}
ROTATION_GRACE = timedelta(seconds=30)
"""Tabs opened together refresh together: the token just replaced still answers for this long, without a new one."""


# Nouns


@dataclass(frozen=True)
class Residence:
    """Where somebody says they live. With a RÚIAN code it was chosen from the town's list; text alone was typed."""

    text: str
    address_code: str = ""


@dataclass(frozen=True)
class Person:
    """What a town keeps of a person. `registered_by` is the assistant who looks after them, or nobody: whoever registered
    them at the counter, or took them over from one who works there no more.

    A person without e-mail has no sign-in: the assistant acts for them.
    """

    id: str
    given_names: str
    surname: str
    birth_date: date
    residence: Residence
    registered_at: Instant
    notice_version: int
    notice_at: Instant
    email: str = ""
    phone: str = ""
    language: Language = "cs"
    registered_by: str = ""
    v: int = 1

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.surname}"

    @property
    def fingerprint(self) -> str:
        """Of what a registry verifies: changes when name, birth date or residence do."""
        return _fingerprint(self.given_names, self.surname, self.birth_date, self.residence)

    @property
    def guardian(self) -> str:
        return ""


@dataclass(frozen=True)
class Child:
    """A child (or another dependant) as one guardian entered it. The id begins with the guardian's."""

    id: str
    guardian: str
    given_names: str
    surname: str
    birth_date: date
    residence: Residence
    added_at: Instant
    removed_at: datetime | None = None
    v: int = 1

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.surname}"

    @property
    def fingerprint(self) -> str:
        return _fingerprint(self.given_names, self.surname, self.birth_date, self.residence)


@dataclass(frozen=True)
class Login:
    """One sign-in of one person in all towns. A session of an older generation is dead."""

    id: str
    email: str
    password: str
    given_names: str
    surname: str
    language: Language = "cs"
    generation: int = FIRST_GENERATION
    v: int = 1

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.surname}"


@dataclass(frozen=True)
class Proposed:
    """Roles that one administrator gives and another has yet to agree to; until then they are not held."""

    roles: tuple[Role, ...]
    by: str
    at: Instant


@dataclass(frozen=True)
class Membership:
    """The roles that a sign-in holds in a town: `citizen` and those of staff."""

    person: str
    city: str
    roles: tuple[Role, ...] = ()
    proposed: Proposed | None = None
    v: int = 1

    @property
    def staff_roles(self) -> tuple[Role, ...]:
        return tuple(role for role in self.roles if role != CITIZEN)

    @property
    def is_staff(self) -> bool:
        """Whether the town hall knows this colleague, if only by roles that wait for a second administrator."""
        return bool(self.staff_roles) or self.proposed is not None


@dataclass(frozen=True)
class ProviderMembership:
    """The role that a sign-in holds at one provider of a town."""

    person: str
    city: str
    provider: str
    role: Role


@dataclass(frozen=True)
class Session:
    """A signed-in device. `secret` and `previous` are hashes of its refresh tokens."""

    id: str
    person: str
    app: App
    device: str
    secret: str
    generation: int
    started_at: Instant
    used_at: Instant
    ends_at: Instant
    previous: str = ""
    rotated_at: datetime | None = None


@dataclass(frozen=True)
class Registration:
    """What somebody filled in, kept until they confirm the e-mail or the ticket runs out."""

    city: str
    email: str
    password: str
    given_names: str
    surname: str
    birth_date: date
    residence: Residence
    language: Language
    notice_version: int
    notice_at: Instant
    phone: str = ""


@dataclass(frozen=True)
class Invitation:
    """An offer of roles at the town, or of one role at a provider."""

    city: str
    email: str
    by: str
    roles: tuple[Role, ...] = ()
    provider: str = ""
    provider_name: str = ""


@dataclass(frozen=True)
class Ticket:
    """A single-use link in an e-mail. The table holds no token: it is derived from the id by the installation's key.

    It belongs to one generation of the sign-in of `person`, or of whoever has `email`: a change of password or e-mail
    ends it with the sessions.
    """

    id: str
    purpose: Purpose
    expires_at: Instant
    person: str = ""
    email: str = ""
    generation: int = FIRST_GENERATION
    registration: Registration | None = None
    invitation: Invitation | None = None


@dataclass(frozen=True)
class Letter:
    """What people ask to be sent. `event` makes it once; `person` is empty for somebody without an account."""

    city: str
    address: str
    template: str
    event: str
    language: Language
    facts: dict[str, str] = field(default_factory=dict)
    person: str = ""


@dataclass(frozen=True)
class Reach:
    """How a person can be written to; empty where they cannot."""

    email: str
    phone: str
    language: Language


@dataclass(frozen=True)
class StaffMember:
    """A colleague at the town hall, as lists show them. `proposed` waits for a second administrator."""

    person: str
    name: str
    email: str
    roles: tuple[Role, ...]
    proposed: Proposed | None = None
    v: int = 1


@dataclass(frozen=True)
class Machine:
    """Another system of the town, with the roles that its scopes are. Of its secret only a keyed digest is kept.

    `used_at` is when it last signed in. A revoked one stays in the list: what it did stands under its name.
    """

    id: str
    name: str
    scopes: tuple[Role, ...]
    secret_digest: str
    made_by: str
    made_at: Instant
    used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class ProviderMember:
    person: str
    name: str
    email: str
    role: Role


@dataclass(frozen=True)
class Found:
    """A line of the clerk's look-up. A child says whose it is."""

    id: str
    name: str
    birth_date: date
    guardian: str = ""


type AccessAction = Literal[
    "searched",
    "read",
    "exported",
    "taken_over",
    "voucher_printed",
    "voucher_blocked",
    "voucher_reissued",
    "order_placed",
    "order_cancelled",
]


@dataclass(frozen=True)
class Access:
    """A note that somebody of the town looked at personal data or acted for a person. The names are added when it is read."""

    at: Instant
    by: str
    action: AccessAction
    subject: str = ""
    query: str = ""
    by_name: str = ""
    subject_name: str = ""


# Rules


def _fingerprint(given_names: str, surname: str, birth_date: date, residence: Residence) -> str:
    """Of the data to be verified. Names count without diacritics: taking over the registry's spelling asks nothing anew."""
    return digest(folded(given_names), folded(surname), birth_date.isoformat(), residence.text, residence.address_code)


def age_on(born: date, day: date) -> int:
    """Completed years. Who was born on 29 February completes a year on the last day of February.

    Source: Act 89/2012 Coll. § 601 (2).
    """
    return day.year - born.year - (day < birthday(born, day.year))


def birthday(born: date, year: int) -> date:
    """The day in a year on which a person's years are completed."""
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def check_birth_date(born: date, today: date) -> None:
    """Raises BirthDateImpossible for the unborn and for the older than anyone."""
    if born > today or age_on(born, today) > AGE_MAX:
        raise BirthDateImpossible


def check_old_enough(born: date, today: date) -> None:
    """Raises TooYoungToRegister: a guardian acts for a child."""
    check_birth_date(born, today)
    if age_on(born, today) < REGISTRATION_AGE_MIN:
        raise TooYoungToRegister(REGISTRATION_AGE_MIN)


def check_roles(roles: Iterable[Role], joint_accountant: bool) -> None:
    """Raises RolesClash: one person cannot approve a payment and confirm that the budget covers it. Raises OfficersApart:
    the budget officer is the chief accountant only where the town has it so.

    Source: Act 320/2001 Coll. § 26 (3): the budget officer may be the chief accountant in a small office, the
    authorising officer neither.
    """
    watching = {BUDGET_OFFICER, CHIEF_ACCOUNTANT}.intersection(roles)
    if watching and AUTHORISING_OFFICER in roles:
        raise RolesClash
    if len(watching) > 1 and not joint_accountant:
        raise OfficersApart


def with_roles(held: Membership, wanted: Collection[Role], by: str, at: Instant) -> Membership:
    """The membership with exactly these roles at the town hall: those that it had not are only proposed.

    What another administrator has proposed already stays as it was proposed.
    """
    kept = [role for role in held.roles if role == CITIZEN or role in wanted]
    asked = tuple(sorted({*wanted} - {*kept}))
    proposed = Proposed(asked, by, at) if asked else None
    if proposed and held.proposed and held.proposed.roles == proposed.roles:
        proposed = held.proposed
    return replace(held, roles=tuple(kept), proposed=proposed)


def verbs(held: Membership, changed: Membership) -> list[tuple[str, tuple[Role, ...]]]:
    """What an administrator decided by changing a membership, each with the roles that it is about."""
    told = [("set", changed.staff_roles)] if changed.roles != held.roles else []
    if changed.proposed != held.proposed:
        told += [("withdrawn", held.proposed.roles)] if held.proposed else []
        told += [("proposed", changed.proposed.roles)] if changed.proposed else []
    return told


def roles_for(
    app: App, memberships: tuple[Membership, ...], providers: tuple[ProviderMembership, ...]
) -> tuple[dict[str, tuple[Role, ...]], dict[str, dict[str, Role]]]:
    """The roles that a session of an app may carry: a citizen's app carries none of staff, and the other way round."""
    if app in ("www", "moje"):
        return {m.city: (CITIZEN,) for m in memberships if CITIZEN in m.roles}, {}
    held: dict[str, dict[str, Role]] = {}
    for at in providers:
        held.setdefault(at.city, {})[at.provider] = at.role
    if app == "reader":
        return {}, held
    return {m.city: m.staff_roles for m in memberships if m.staff_roles}, held


def is_provider_role(role: Role) -> bool:
    return role in PROVIDER_SIDE


def name_bucket(surname: str) -> str:
    """The first letters of a surname, folded: people who share them are looked through together."""
    return folded(surname)[:NAME_BUCKET_LETTERS]


def name_fits(name: str, surname: str, query: str) -> bool:
    """Whether each word of a query begins some word of the name; the first one begins the surname."""
    first, *others = folded(query).split()
    words = folded(name).split()
    return folded(surname).startswith(first) and all(any(w.startswith(o) for w in words) for o in others)


def guardian_of(child_id: str) -> str:
    """Whose child an id belongs to; empty for a person's own id."""
    guardian, dash, _ = child_id.partition("-")
    return guardian if dash else ""


def device_name(user_agent: str) -> str:
    """A device as its owner knows it: `Chrome, Android`. Nothing that tells two of a kind apart."""
    known = [next((name for mark, name in kinds if mark in user_agent), "") for kinds in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in known if name)


_BROWSERS = [("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari")]
_SYSTEMS = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")]
_SYSTEMS += [("Mac OS", "Mac"), ("Linux", "Linux")]


# Refusals


class WrongEmailOrPassword(Refusal):
    status = 401
    cs = "E-mail nebo heslo nesouhlasí. Zkontrolujte je, nebo si nastavte nové heslo."
    en = "The e-mail or the password does not match. Check them, or set a new password."


class WrongPassword(Refusal):
    status = 403
    cs = "Současné heslo nesouhlasí. Zkontrolujte ho, nebo si nastavte nové přes odkaz v e-mailu."
    en = "The current password does not match. Check it, or set a new one by a link in an e-mail."


class LinkSpent(Refusal):
    status = 410
    cs = "Odkaz platí jen jednou a po omezenou dobu. Tento už použít nejde, požádejte o nový."
    en = "This link works once and was used, or its time is up. Ask for a new one."


class EmailRegistered(Refusal):
    status = 409
    cs = "Na tento e-mail už účet existuje. Přihlaste se, nebo si nastavte nové heslo."
    en = "There is an account for this e-mail. Sign in, or set a new password."


class AlreadyRegistered(Refusal):
    status = 409
    cs = "V tomto městě už registraci máte. Údaje upravíte v účtu."
    en = "You are registered in this town already. Change your data in your account."


class BirthDateImpossible(Refusal):
    status = 422
    cs = "Takové datum narození nejde. Zkontrolujte den, měsíc a rok."
    en = "This birth date is not possible. Check the day, month and year."


@dataclass
class TooYoungToRegister(Refusal):
    status = 422
    cs = "Vlastní účet může mít člověk od {age_min} let. Dítě přidá do svého účtu rodič nebo jiný zástupce."
    en = "One may have an own account from the age of {age_min}. A parent or guardian adds a child to theirs."
    age_min: int


class RolesClash(Refusal):
    status = 422
    cs = (
        "Příkazce operace nesmí být zároveň správce rozpočtu ani hlavní účetní (zákon 320/2001 Sb. § 26). "
        "Rozdělte role mezi dva lidi."
    )
    en = (
        "The authorising officer may be neither the budget officer nor the chief accountant (Act 320/2001 § 26). "
        "Give the roles to two people."
    )


class OfficersApart(Refusal):
    status = 422
    cs = "Správce rozpočtu a hlavní účetní jsou v tomto městě dva lidé. Spojit je dovolí Nastavení města."
    en = "In this town the budget officer and the chief accountant are two people. The town's settings may join them."


class OwnRoles(Refusal):
    status = 403
    cs = "Sám sobě role dát ani změnit nejde. Požádejte jiného správce města."
    en = "You cannot give yourself roles or change your own. Ask another administrator of the town."


class NothingProposed(Refusal):
    status = 409
    cs = "Žádná role na druhý souhlas nečeká. Načtěte lidi a role znovu."
    en = "No role waits for a second yes. Read people and roles again."


class MachineRefused(Refusal):
    status = 401
    cs = "Napojený systém takové číslo a tajný klíč nemá, nebo byl odebrán. Správce města ho přidá znovu."
    en = "No connected system has this id and secret, or it was revoked. The town's administrator adds it anew."


@dataclass
class TooManyMachines(Refusal):
    status = 409
    cs = "Město má nejvýš {machines_max} napojených systémů. Odeberte některý, který už nepoužíváte."
    en = "A town has at most {machines_max} connected systems. Revoke one that is no longer used."
    machines_max: int


class PasswordNeeded(Refusal):
    status = 422
    cs = "K přijetí pozvánky doplňte jméno, příjmení a heslo o aspoň 10 znacích."
    en = "To accept the invitation, add your name, surname and a password of at least 10 characters."


class QueryTooShort(Refusal):
    status = 422
    cs = "Napište aspoň první tři písmena příjmení, nebo celý e-mail."
    en = "Write at least the first three letters of the surname, or a whole e-mail."


class ActsForThemselves(Refusal):
    status = 409
    cs = "Tento člověk má vlastní přihlášení a jedná za sebe. Děti přidá po přihlášení."
    en = "This person has a sign-in of their own and acts for themselves. They add the children after signing in."


@dataclass
class StillLookedAfter(Refusal):
    status = 409
    cs = "Na přepážce za tohoto člověka jedná {name}. Převzít ho jde, až tam {name} pracovat nebude: roli odebírá správce města."
    en = "At the counter {name} acts for this person. Take them over once {name} works there no more: the administrator ends the role."
    name: str


class NotRegisteredHere(Refusal):
    status = 404
    cs = "V tomto městě zatím registraci nemáte. Doplňte údaje a začněte."
    en = "You are not registered in this town yet. Add your data to begin."
