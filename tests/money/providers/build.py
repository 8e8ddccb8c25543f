"""Builders for tests about providers: a town, a published programme, companies to look up, a provider signed up."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.core import settings as setting_store
from chalicelib.core.clock import now, today
from chalicelib.core.gate import Who
from chalicelib.core.ids import new_id
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Spender
from chalicelib.money.programmes import service as programmes
from chalicelib.money.programmes.model import Programme, Rules, Words
from chalicelib.town.people import passwords
from chalicelib.town.people import service as people
from tests.door import Door
from tests.hiring import hired
from tests.town.people.build import PASSWORD, a_colleague, a_town

CITY = "modrinov"
FIRST_FINANCE = Who(id="firstfinance", app="admin", roles={CITY: ("chief_accountant",)})
ICO = "80001009"
OTHER_ICO = "80001378"
ENDED_ICO = "80002854"
ACCOUNT = "6329508544/2700"
OTHER_ACCOUNT = "7458476010/0800"
COMPANIES: list[dict[str, Any]] = [
    {
        "ico": ICO,
        "obchodniJmeno": "TJ Modřín, z. s.",
        "sidlo": {"textovaAdresa": "Sportovní 4, 99901 Modřínov"},
        "pravniForma": "706",
        "seznamRegistraci": {"stavZdrojeDph": "NEEXISTUJICI"},
    },
    {
        "ico": OTHER_ICO,
        "obchodniJmeno": "Taneční studio Vír, s. r. o.",
        "sidlo": {"textovaAdresa": "Žižkova 12/1, 99901 Modřínov"},
        "pravniForma": "112",
        "seznamRegistraci": {"stavZdrojeDph": "AKTIVNI"},
    },
    {"ico": ENDED_ICO, "obchodniJmeno": "Zaniklá, s. r. o.", "pravniForma": "112", "datumZaniku": "2020-01-31"},
]


def companies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of companies in ARES's format, as the setting names it."""
    path = tmp_path / "companies.json"
    path.write_text(json.dumps(COMPANIES), encoding="utf-8")
    monkeypatch.setenv("COMPANY_REGISTER", str(path))
    setting_store.settings.cache_clear()


def a_programme(id: str = "pohyb", amount_minor: int = 80_000, **more: Any) -> Programme:
    """A published programme in mode credit with money in it."""
    rules = Rules(
        name=Words("Modřínov v pohybu"),
        purpose=Words("Pravidelný pohyb dětí."),
        text=Words("Přispíváme dětem na kroužky."),
        legal_basis="zákon č. 128/2000 Sb.",
        legal_regime="other",
        mode="credit",
        denominations_minor=(amount_minor,),
        applications_from=today() - timedelta(days=60),
        applications_to=today() + timedelta(days=30),
        spending_from=today() - timedelta(days=60),
        spending_to=today() + timedelta(days=90),
        resolution_number="12/2026",
        resolution_on=today() - timedelta(days=90),
    )
    for name, value in more.items():
        object.__setattr__(rules, name, value)
    made = programmes.create(CITY, rules, Who(id="garant", app="admin"), id=id)
    ledger.fund(CITY, id, 40_000_000, Spender("town", "test", new_id()))
    return programmes.step(CITY, id, made.v, "publish")


def someone(id: str, name: str = "Petr Vedoucí") -> Who:
    """A person with a sign-in and no role yet."""
    given, _, surname = name.partition(" ")
    email = f"{id}@oddil.example"
    phc = passwords.hashed(PASSWORD)
    transact(people.found_account(id, email=email, password=phc, given_names=given, surname=surname))
    return Who(id=id, app="admin")


def filled(ico: str = ICO, **more: Any) -> dict[str, Any]:
    return {"ico": ico, "contact": {"name": "Petr Vedoucí", "email": "vedouci@oddil.example"}} | more


def as_owner(id: str, provider: str) -> Who:
    return Who(id=id, app="admin", providers={CITY: {provider: "owner"}})


def signed_up(door: Door, owner: str = "vedouci", ico: str = ICO) -> str:
    """A registered provider with a branch and an account; gives its id."""
    who = someone(owner)
    made = door.as_(who).post(f"/cities/{CITY}/providers", filled(ico))
    assert made.status == 201, made.body
    id = str(made.body["id"])
    inside = door.as_(as_owner(owner, id))
    at = f"/cities/{CITY}/providers/{id}"
    assert inside.post(f"{at}/branches", {"name": "Hala", "address": "Sportovní 4, Modřínov"}).status == 201
    assert inside.post(f"{at}/accounts", {"number": ACCOUNT}).status == 201
    return id


AGREEMENT = {"reference": "SML/2026/14", "signed_on": "2026-09-01"}


def approved(door: Door, programme: str = "pohyb", owner: str = "vedouci", ico: str = ICO) -> str:
    """An active provider that takes part in a programme; gives its id."""
    id = signed_up(door, owner, ico)
    at = f"/cities/{CITY}/providers/{id}/parts"
    assert door.as_(as_owner(owner, id)).post(at, {"programme": programme}).status == 201
    clerk = Who(id="clerk-of-providers", app="admin", roles={CITY: ("clerk",)})
    answer = door.as_(clerk).post(f"{at}/{programme}/approval", {"agreement": AGREEMENT})
    assert (answer.status, answer.body["open"]) == (200, True), answer.body
    account = f"/cities/{CITY}/providers/{id}/accounts/1/approval"
    assert door.as_(hired(FIRST_FINANCE)).post(account, called()).status == 200
    return id


def called() -> dict[str, Any]:
    """That the town has just called the provider about its account."""
    return {"called": {"name": "Karel Vedoucí", "phone": "+420 999 100 300", "at": now().isoformat()}}


def finance(id: str = "ucetni", role: str = "chief_accountant") -> Who:
    return a_colleague(id, (role,))


__all__ = ["a_colleague", "a_town"]
