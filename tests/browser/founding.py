"""How the town of the journey comes to be, through the operator's command and the doors: founded, and its people known."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx

from localcloud.cloud import LocalCloud, functions_environment
from tests.browser.cast import ADMINISTRATOR, CITY, CLERK, HOMES, PASSWORD, Person
from tests.browser.screen import ROOT
from tests.town.towns.build import files, row

HAND_TRIES_MAX = 10
"""News of a registration changes what the town knows of a person at any moment; the clerk then looks again."""


def found(cloud: LocalCloud, folder: Path) -> None:
    """What the operator does before anybody comes."""
    homes = tuple(address_point(code, text) for code, text in HOMES)
    command = [sys.executable, "-m", "tools.found", str(files(folder, rows=homes))]
    environment = functions_environment(cloud.environment) | {"DATA_DIR": str(cloud.data)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def address_point(code: str, text: str) -> str:
    street, _, number = text.partition(",")[0].rpartition(" ")
    house, _, orient = number.partition("/")
    return row(code, house, street=street, orient=orient)


def come_to_the_counter(origin: str, people: Iterable[Person]) -> None:
    """Who will sign registers as a citizen with the same e-mail and shows a document to the clerk."""
    with httpx.Client(base_url=f"{origin}/v1") as client:
        clerk = token(client, CLERK, "admin")
        for n, person in enumerate(people):
            id = registered(client, person, f"19{60 + n}-03-01")
            assert verified(client, clerk, id) == 200, person.name


def register_and_leave(origin: str, leaving: Person, surname: str) -> str:
    """An assistant registers a senior at the counter, and then her role ends; gives the senior's id."""
    with httpx.Client(base_url=f"{origin}/v1") as client:
        desk, boss = (token(client, who, "admin") for who in (leaving, ADMINISTRATOR))
        made = client.post(
            f"/cities/{CITY}/people", json=filled("Růžena", surname, "1941-02-03"), headers=desk
        ).raise_for_status()
        [gone] = [
            one
            for one in client.get(f"/cities/{CITY}/staff", headers=boss).json()["items"]
            if one["email"] == leaving.email
        ]
        version = boss | {"If-Match": f'W/"{gone["v"]}"'}
        client.patch(f"/cities/{CITY}/staff/{gone['person']}", json={"roles": []}, headers=version).raise_for_status()
        return str(made.json()["id"])


def token(client: httpx.Client, person: Person, app: str) -> dict[str, str]:
    body = {"app": app, "email": person.email, "password": PASSWORD}
    return {"Authorization": f"Bearer {client.post('/sessions', json=body).raise_for_status().json()['access_token']}"}


def registered(client: httpx.Client, person: Person, born: str) -> str:
    body = filled(person.given_names, person.surname, born)
    made = client.post(f"/cities/{CITY}/people/me", json=body, headers=token(client, person, "moje"))
    return str(made.raise_for_status().json()["id"])


def filled(given_names: str, surname: str, born: str) -> dict[str, Any]:
    code, text = HOMES[0]
    return {
        "given_names": given_names,
        "surname": surname,
        "birth_date": born,
        "address": {"text": text, "address_code": code},
        "notice_version": 1,
    }


def verified(client: httpx.Client, clerk: dict[str, str], id: str) -> int:
    at, read = f"/cities/{CITY}/verifications/{id}", {"document": "id_card", "outcome": "match"}
    for _ in range(HAND_TRIES_MAX):
        v = client.get(at, headers=clerk).raise_for_status().json()["v"]
        answer = client.post(f"{at}/by-hand", json=read, headers=clerk | {"If-Match": f'W/"{v}"'})
        if answer.status_code != 409:
            return answer.status_code
    return 409
