"""Builders for tests about people: towns, registrations, sign-ins, and the mail that waits."""

import re
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.core.clock import now
from chalicelib.core.gate import FINANCE, Who
from chalicelib.core.table import transact
from chalicelib.town.messages import delivery, store
from chalicelib.town.messages.model import Outgoing
from chalicelib.town.people import passwords, service
from chalicelib.town.people.model import Person, Residence
from chalicelib.town.towns import service as towns
from chalicelib.town.towns.model import Address, Notice, Town
from tests.door import Answer, Door
from tests.hiring import known_to

PASSWORD = "modrin-na-kopci-7"
FAR = datetime(2100, 1, 1, tzinfo=UTC)


def a_town(slug: str = "modrinov", name: str = "Modřínov", **more: Any) -> Town:
    """A town in the table, with its first privacy notice and three addresses."""
    town = towns.found(
        Town(slug=slug, name=name, ico="80000011", municipality_code="999001", **more),
        Notice(1, date(2026, 1, 1), "Údaje zpracovává město.", "The town processes the data."),
    )
    towns.load_addresses(
        slug,
        [
            Address("999100001", "Nádražní 120/3, Modřínov"),
            Address("999100002", "Nádražní 7, Modřínov"),
            Address("999100003", "Žižkova 12/1, Modřínov"),
        ],
    )
    return town


def filled(email: str = "ema@priklad.example", **more: Any) -> dict[str, Any]:
    """The form of a registration."""
    return {
        "email": email,
        "password": PASSWORD,
        "given_names": "Ema",
        "surname": "Nováková",
        "birth_date": "1990-05-17",
        "address": {"text": "Nádražní 7, Modřínov", "address_code": "999100002"},
        "notice_version": 1,
    } | more


def mail(city: str = "modrinov") -> list[Outgoing]:
    """What waits in a town's outbox, as it would go out, the oldest first."""
    found = [message for id in store.queued(city, FAR, 100) if (message := store.message(city, id))]
    return [delivery.compose(message, delivery._reach(message), "email") for message in found]


def token_in(message: Outgoing) -> str:
    found = re.search(r"#(\S+)", message.text)
    assert found, message.text
    return found.group(1)


def token_to(address: str) -> str:
    """The token of the last letter to an address that carries one."""
    return next(token_in(m) for m in reversed(mail()) if m.to == address and "#" in m.text)


def subjects_to(address: str) -> list[str]:
    """What an address was written about, the oldest first."""
    return [message.subject.replace("\u00a0", " ") for message in mail() if message.to == address]


def registered(door: Door, email: str = "ema@priklad.example", **more: Any) -> str:
    """A confirmed account; gives the person's id."""
    assert door.post("/cities/modrinov/registrations", filled(email, **more)).status == 202
    link = next(m for m in reversed(mail()) if m.to == email)
    assert door.post("/registrations/confirm", {"token": token_in(link)}).status == 200
    session = signed_in(door, email)
    return str(session.body["person"]["id"])


def signed_in(door: Door, email: str = "ema@priklad.example", app: str = "moje") -> Answer:
    answer = door.post("/sessions", {"app": app, "email": email, "password": PASSWORD})
    assert answer.status == 201, answer
    return answer


SECOND = Who(id="second", app="admin", roles={"modrinov": ("admin",)})


def agreed(door: Door, email: str) -> None:
    """A second administrator agrees to the roles that wait for a colleague."""
    at, other = "/cities/modrinov/staff", door.as_(SECOND)
    [member] = [one for one in other.get(at).body["items"] if one["email"] == email]
    assert other.post(f"{at}/{member['person']}/proposed-roles/acceptance", version=member["v"]).status == 204


def cookie_of(answer: Answer) -> str:
    return str(answer.headers["Set-Cookie"]).partition(";")[0]


def a_colleague(id: str, roles: tuple[str, ...], city: str = "modrinov", name: str = "Jana Dvořáková") -> Who:
    """A member of the staff with a sign-in; who has a role over money is known to the town as a person too."""
    email = f"{id}@radnice.example"
    given, _, surname = name.partition(" ")
    phc = passwords.hashed(PASSWORD)
    transact(
        [
            *service.found_account(id, email=email, password=phc, given_names=given, surname=surname),
            service.found_roles(id, city, roles, name, email),
        ]
    )
    if set(FINANCE).intersection(roles):
        known_to(city, id)
    return Who(id=id, app="admin", roles={city: roles})


def a_person(id: str, given_names: str, surname: str, born: date = date(1980, 3, 1), **more: Any) -> Person:
    """A town's record of a person without a sign-in."""
    person = Person(
        id=id,
        given_names=given_names,
        surname=surname,
        birth_date=born,
        residence=Residence("Nádražní 7, Modřínov", "999100002"),
        registered_at=now(),
        notice_version=1,
        notice_at=now(),
        **more,
    )
    transact([service.found_person("modrinov", person)])
    return person
