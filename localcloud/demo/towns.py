"""The two sponsors: settings, addresses, and who works there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.core.clock import start_of
from chalicelib.core.gate import (
    ADMIN,
    ASSISTANT,
    AUDITOR,
    AUTHORISING_OFFICER,
    BUDGET_OFFICER,
    CHIEF_ACCOUNTANT,
    CLERK,
    PRIVACY_OFFICER,
    PROGRAMME_OWNER,
    Role,
)
from chalicelib.town.towns.model import Address, Contact, Notice, Town
from localcloud.demo.chance import dice, made_id
from localcloud.demo.names import STREETS

MODRINOV, PODLESI = "modrinov", "vranohrad-podlesi"
MODRINOV_CODE, VRANOHRAD_CODE = "999001", "999002"
PODLESI_PART, STRED_PART = "999021", "999022"
ELSEWHERE_CODE = "999009"
OFFICE_ADDRESS = "990010001"
"""The town hall's own address point: residence of those who have no other."""

ROLE_NAMES: dict[Role, str] = {
    ADMIN: "správce města",
    PROGRAMME_OWNER: "garant programu",
    CLERK: "referent",
    ASSISTANT: "pracovník infocentra",
    AUTHORISING_OFFICER: "příkazce operace",
    BUDGET_OFFICER: "správce rozpočtu a hlavní účetní",
    AUDITOR: "auditor",
    PRIVACY_OFFICER: "pověřenec",
}


@dataclass(frozen=True)
class Colleague:
    """Somebody of the town hall. `key` is how the rest of the demo speaks of them."""

    id: str
    city: str
    key: str
    given_names: str
    surname: str
    email: str
    roles: tuple[Role, ...]

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.surname}"

    @property
    def role_name(self) -> str:
        return ROLE_NAMES[self.roles[0]]


_STAFF = (
    ("admin", "Marek Vaněk", "Tomáš Kuchař", (ADMIN,)),
    ("admin2", "Zuzana Bartošová", "Libor Zeman", (ADMIN,)),
    ("owner", "Jitka Křenková", "Silvie Danešová", (PROGRAMME_OWNER,)),
    ("clerk", "Petra Malá", "Martin Vacek", (CLERK,)),
    ("clerk2", "Klára Nováčková", "Hana Rybářová", (CLERK,)),
    ("assistant", "Alžběta Jandová", "Eva Skálová", (ASSISTANT,)),
    ("authorising", "Zdeněk Horák", "Jana Loudová", (AUTHORISING_OFFICER,)),
    ("budget", "Ivana Ševčíková", "Pavel Krátký", (BUDGET_OFFICER, CHIEF_ACCOUNTANT)),
    ("auditor", "Oldřich Prokop", "Dana Weissová", (AUDITOR,)),
    ("privacy", "Renata Bláhová", "Igor Šandera", (PRIVACY_OFFICER,)),
)
_MAIL_BOX = {
    "admin": "spravce",
    "admin2": "spravce2",
    "owner": "garant",
    "clerk": "referent",
    "clerk2": "referent2",
    "assistant": "infocentrum",
    "authorising": "prikazce",
    "budget": "rozpocet",
    "auditor": "auditor",
    "privacy": "poverenec",
}
MAIL_DOMAIN = {MODRINOV: "modrinov.example", PODLESI: "podlesi.example"}


def staff(city: str, founded_at: datetime) -> tuple[Colleague, ...]:
    """Everyone at a town hall, one person a role and two clerks."""
    found = []
    for key, in_modrinov, in_podlesi, roles in _STAFF:
        given_names, surname = (in_modrinov if city == MODRINOV else in_podlesi).split(" ")
        email = f"{_MAIL_BOX[key]}@{MAIL_DOMAIN[city]}"
        found.append(Colleague(made_id(founded_at, city, key), city, key, given_names, surname, email, roles))
    return tuple(found)


NOTICE_CS = (
    "Město zpracovává vaše jméno, datum narození, místo pobytu a kontakt, aby rozhodlo o příspěvku a vyplatilo ho "
    "(čl. 6 odst. 1 písm. e) GDPR). Totožnost ověřuje v registru obyvatel. Rodné číslo do systému nevstupuje. "
    "Údaje uchováváme 10 let od konce programu. Máte právo na přístup, opravu a námitku; obraťte se na pověřence."
)
NOTICE_EN = (
    "The town processes your name, date of birth, residence and contact to decide on a contribution and pay it "
    "(GDPR Art. 6 (1) (e)). Identity is verified in the population registry. The birth number never enters the system. "
    "Data are kept for 10 years after the programme. You may ask for access, correction, or object."
)


def towns(day: date) -> tuple[tuple[Town, Notice], ...]:
    """Both sponsors as they are set up on the demo day."""
    founded_at = start_of(day - timedelta(days=400)) + timedelta(hours=9)
    notice = Notice(1, day - timedelta(days=400), NOTICE_CS, NOTICE_EN)
    modrinov = Town(
        slug=MODRINOV,
        name="Modřínov",
        ico="80000011",
        municipality_code=MODRINOV_CODE,
        colour="#1f5b3a",
        verification="at_registration",
        account_number="5051686260/0800",
        bank_profile="0800",
        settlement_period="monthly",
        joint_accountant=True,
        legal_regime="other",
        contact=Contact(
            phone="+420 999 100 200",
            email="podatelna@modrinov.example",
            office="náměstí Míru 1, Modřínov",
            office_hours="po a st 8–17, út a čt 8–14, pá 8–12",
        ),
        found_at=founded_at,
    )
    podlesi = Town(
        slug=PODLESI,
        name="Vranohrad-Podlesí",
        ico="80000029",
        municipality_code=VRANOHRAD_CODE,
        city_part_code=PODLESI_PART,
        colour="#1d4f91",
        verification="during_review",
        account_number="6353989544/2010",
        bank_profile="2010",
        settlement_period="twice_a_month",
        joint_accountant=True,
        legal_regime="subsidy",
        contact=Contact(
            phone="+420 999 300 400",
            email="podatelna@podlesi.example",
            office="Podlesní 10, Vranohrad",
            office_hours="po a st 8–18, út a čt 8–13",
        ),
        found_at=founded_at,
    )
    return (modrinov, notice), (podlesi, notice)


@dataclass(frozen=True)
class House:
    """An address point of either municipality, whether the sponsor's own or a neighbour's."""

    code: str
    text: str
    municipality_code: str
    city_part_code: str = ""

    @property
    def address(self) -> Address:
        return Address(self.code, self.text, self.municipality_code, self.city_part_code)


HOUSES = {"modrinov": 640, "podlesi": 220, "stred": 40}


def houses(quarter: str) -> Iterator[House]:
    """The houses of Modřínov, Podlesí or Střed, street by street; the town hall of Modřínov is the first."""
    first, municipality, part = {
        "modrinov": (990010001, MODRINOV_CODE, ""),
        "podlesi": (990020001, VRANOHRAD_CODE, PODLESI_PART),
        "stred": (990025001, VRANOHRAD_CODE, STRED_PART),
    }[quarter]
    postal = "Modřínov" if quarter == "modrinov" else "Vranohrad"
    chance = dice("houses", quarter)
    streets = STREETS[quarter]
    a_street = -(-HOUSES[quarter] // len(streets))
    numbers = chance.sample(range(100, 2000), HOUSES[quarter])
    for place in range(HOUSES[quarter]):
        text = f"{streets[place // a_street]} {numbers[place]}/{place % a_street + 1}, {postal}"
        if quarter == "modrinov" and place == 0:
            text = "náměstí Míru 1, Modřínov"
        yield House(str(first + place), text, municipality, part)
