"""Who takes part in the journey. Everybody is invented."""

import json
from dataclasses import dataclass
from datetime import date

CITY, TOWN, MUNICIPALITY = "modrinov", "Modřínov", "999001"
PASSWORD = "modrin-na-kopci-7"
HOMES = (
    ("990010001", "náměstí Míru 1, Modřínov"),
    ("990010002", "Nádražní 120/3, Modřínov"),
    ("990010003", "Nádražní 7, Modřínov"),
    ("990010004", "Žižkova 12/1, Modřínov"),
)


@dataclass(frozen=True)
class Person:
    """Somebody who signs in; `mail` finds their letters in the inbox."""

    given_names: str
    surname: str
    email: str
    role: str = ""

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.surname}"


ADMINISTRATOR = Person("Marek", "Vaněk", "spravce@modrinov.example")
SECOND_ADMINISTRATOR = Person("Zuzana", "Bartošová", "spravce2@modrinov.example")
PROGRAMME_OWNER = Person("Jitka", "Křenková", "garant@modrinov.example", "Garance programu")
CLERK = Person("Petra", "Malá", "referent@modrinov.example", "Posuzování žádostí")
ASSISTANT = Person("Alžběta", "Jandová", "infocentrum@modrinov.example", "Infocentrum")
AUTHORISING_OFFICER = Person("Zdeněk", "Horák", "prikazce@modrinov.example", "Příkazce operace")
BUDGET_OFFICER = Person("Ivana", "Ševčíková", "rozpocet@modrinov.example", "Správce rozpočtu")
CHIEF_ACCOUNTANT = Person("Bohumil", "Křížek", "ucetni@modrinov.example", "Hlavní účetní")
LEAVING_ASSISTANT = Person("Věra", "Odcházející", "infocentrum2@modrinov.example", "Infocentrum")
AUDITOR = Person("Oldřich", "Prokop", "auditor@modrinov.example", "Kontrola")
OFFICERS = (AUTHORISING_OFFICER, BUDGET_OFFICER, CHIEF_ACCOUNTANT)
STAFF = (PROGRAMME_OWNER, CLERK, ASSISTANT, LEAVING_ASSISTANT, *OFFICERS, AUDITOR)

MOTHER = Person("Jana", "Dvořáková", "jana.dvorakova@posta.example")
MOTHER_ID = "R-0000001"
"""In the registry; never outside the office."""
MOTHER_BORN = date(1988, 5, 14)
DAUGHTER, DAUGHTER_BORN = "Ema Dvořáková", date(2017, 4, 2)
HOME = "Nádražní 120/3, Modřínov"

NEWCOMER = Person("Karel", "Beneš", "karel.benes@posta.example")
"""Comes from a programme's page and has no account yet; the registry does not know him."""

CLUB_OWNER = Person("Jaromír", "Vávra", "majitel@tj-modrin.example")
CLUB, CLUB_ICO, CLUB_ACCOUNT = "TJ Modřín, z. s.", "80001009", "6329508544/2700"
BOOKSELLER = Person("Richard", "Sova", "majitel@u-sovy.example")
BOOKSHOP, BOOKSHOP_ICO, BOOKSHOP_ACCOUNT = "Knihkupectví U Sovy", "80006558", "8891809036/0600"
CASHIER = Person("Ilona", "Ježková", "pokladna@u-sovy.example")


SPORT, BOOKS = "Modřínov v pohybu", "Čteme doma"
"""The programme in mode credit and the one in mode voucher."""
ACTIVITY, PRICE = "Atletická přípravka", "1 200"


def registry() -> str:
    """The town's registry of residents, as Regina has it on the office's machine."""
    residence = {
        "address_code": HOMES[1][0],
        "municipality_code": MUNICIPALITY,
        "kind": "permanent_residence",
        "text": HOME,
    }
    people = [
        {
            "registry_id": MOTHER_ID,
            "given_names": MOTHER.given_names,
            "surname": MOTHER.surname,
            "birth_date": MOTHER_BORN.isoformat(),
            "birth_place": "Modřínov",
            "residence": residence,
        },
        {
            "registry_id": "R-0000002",
            "given_names": DAUGHTER.split()[0],
            "surname": DAUGHTER.split()[1],
            "birth_date": DAUGHTER_BORN.isoformat(),
            "birth_place": "Modřínov",
            "residence": residence,
            "parents": [{"registry_id": MOTHER_ID}],
        },
    ]
    return "".join(json.dumps(person, ensure_ascii=False) + "\n" for person in people)
