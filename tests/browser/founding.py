"""What the operator does before anybody comes: the town is founded and its administrator can sign in.

`python -m tests.browser.founding`, then `… officers` once they have accepted; the environment says where the installation is.
"""

import sys
from datetime import date

from chalicelib.core.gate import ADMIN
from chalicelib.core.ids import new_id
from chalicelib.core.table import transact
from chalicelib.people import passwords
from chalicelib.people import service as people
from chalicelib.towns import service as towns
from chalicelib.towns.model import Address, Contact, Notice, Town
from localcloud.demo.towns import NOTICE_CS, NOTICE_EN
from tests.browser.cast import (
    ADMINISTRATOR,
    CITY,
    HOMES,
    MUNICIPALITY,
    OFFICERS,
    PASSWORD,
    SECOND_ADMINISTRATOR,
    TOWN,
)
from tests.hiring import known_to


def found() -> None:
    towns.found(
        Town(
            slug=CITY,
            name=TOWN,
            ico="80000011",
            municipality_code=MUNICIPALITY,
            colour="#1f5b3a",
            account_number="5051686260/0800",
            bank_profile="0800",
            contact=Contact(
                "+420 999 100 200",
                "podatelna@modrinov.example",
                "náměstí Míru 1, Modřínov",
                "po a st 8–17, út a čt 8–14, pá 8–12",
            ),
        ),
        Notice(1, date(2026, 1, 1), NOTICE_CS, NOTICE_EN),
    )
    towns.load_addresses(CITY, [Address(code, text, MUNICIPALITY) for code, text in HOMES])
    for who in (ADMINISTRATOR, SECOND_ADMINISTRATOR):
        id = new_id()
        account = people.found_account(
            id,
            email=who.email,
            password=passwords.hashed(PASSWORD),
            given_names=who.given_names,
            surname=who.surname,
        )
        transact([*account, people.found_roles(id, CITY, [ADMIN], who.name, who.email)])
        known_to(CITY, id)


def came_to_the_counter() -> None:
    """Those who will sign for money are registered and have shown a document, as the journey of a citizen shows it."""
    emails = {officer.email for officer in OFFICERS}
    for member in people.staff(CITY):
        if member.email in emails:
            known_to(CITY, member.person)


if __name__ == "__main__":
    came_to_the_counter() if "officers" in sys.argv else found()
