"""A real town begins as the operator's page says: a file, the list of addresses, an invitation; nothing past the doors."""

from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.core.clock import today
from chalicelib.core.gate import ADMIN, CLERK, FINANCE, Who
from chalicelib.town.towns import service as towns
from tests.door import Door
from tests.town.people.build import PASSWORD, signed_in, token_to
from tests.town.towns.build import HOMES, TOML, files, row
from tools.found import found, main, read
from tools.ruian import Faulty

AT, FIRST, SECOND = "/cities/modrinov", "spravce@modrinov.example", "spravce2@modrinov.example"
SIGNERS = {"authorising_officer": "prikazce@modrinov.example", "budget_officer": "rozpocet@modrinov.example"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return files(tmp_path)


def accepted(door: Door, email: str, given_names: str) -> None:
    token = token_to(email)
    body = {"token": token, "given_names": given_names, "surname": "Nová", "password": PASSWORD}
    assert door.post("/invitations/accept", body).status == 200


def test_a_town_is_founded_and_its_first_administrators_let_the_others_in(door: Door, file: Path) -> None:
    assert [line.split(":")[0] for line in found(read(file))] == [
        "modrinov", "addresses", "spravce@modrinov.example", "spravce2@modrinov.example",
    ]  # fmt: skip
    town = door.get("/cities/modrinov").body
    assert (town["name"], town["contact"]["phone"]) == ("Modřínov", "+420 999 100 200")
    assert "příspěvku" in door.get("/cities/modrinov/privacy-notice").body["cs"]
    accepted(door, "spravce@modrinov.example", "Ema")
    accepted(door, "spravce2@modrinov.example", "Ota")
    session = signed_in(door, "spravce@modrinov.example", "admin").body
    assert session["roles"] == {"modrinov": ["admin"]}
    admin = door.as_(session["access_token"])
    assert admin.post("/cities/modrinov/staff", {"email": "referent@modrinov.example", "roles": [CLERK]}).status == 202
    accepted(door, "referent@modrinov.example", "Petr")
    other = door.as_(signed_in(door, "spravce2@modrinov.example", "admin").body["access_token"])
    [waits] = [one for one in other.get("/cities/modrinov/staff").body["items"] if one["proposed"]]
    at = f"/cities/modrinov/staff/{waits['person']}/proposed-roles/acceptance"
    assert admin.post(at, version=waits["v"]).body["code"] == "same_person_signs"
    assert other.post(at, version=waits["v"]).status == 204
    assert signed_in(door, "referent@modrinov.example", "admin").body["roles"] == {"modrinov": ["clerk"]}


def came_to_work(door: Door, email: str, *roles: str) -> Door:
    """An invited colleague takes the invitation, and the other administrator agrees; gives their door."""
    first, second = (signed_in_as(door, one) for one in (FIRST, SECOND))
    assert first.post(f"{AT}/staff", {"email": email, "roles": roles}).status == 202
    accepted(door, email, "Petr")
    [waits] = [one for one in second.get(f"{AT}/staff").body["items"] if one["email"] == email]
    if set(roles) & {*FINANCE}:
        refused = second.post(f"{AT}/staff/{waits['person']}/proposed-roles/acceptance", version=waits["v"])
        assert refused.body["code"] == "officer_not_verified"
        shown_a_document(door, email)
    version = second.get(f"{AT}/staff/{waits['person']}").body["v"]
    assert second.post(f"{AT}/staff/{waits['person']}/proposed-roles/acceptance", version=version).status == 204
    return signed_in_as(door, email)


def shown_a_document(door: Door, email: str) -> None:
    """Registered as a citizen under the same e-mail, and at the counter."""
    me, clerk = signed_in_as(door, email, "moje"), signed_in_as(door, "referent@modrinov.example")
    born = {FIRST: "1971-02-03", SECOND: "1972-02-03", "prikazce@modrinov.example": "1973-02-03"}.get(
        email, "1974-02-03"
    )
    home = {"text": "Lipová 12/3a, Modřínov", "address_code": "990010001"}
    known = {"given_names": "Eva", "surname": "Nová", "birth_date": born, "address": home, "notice_version": 1}
    person = me.post(f"{AT}/people/me", known).body["id"]
    seen = clerk.get(f"{AT}/verifications/{person}").body["v"]
    by_hand = {"document": "id_card", "outcome": "match"}
    assert clerk.post(f"{AT}/verifications/{person}/by-hand", by_hand, version=seen).status == 200


def signed_in_as(door: Door, email: str, app: str = "admin") -> Door:
    return door.as_(signed_in(door, email, app).body["access_token"])


def test_from_founding_to_a_published_programme_every_step_has_its_door(door: Door, file: Path) -> None:
    list(found(read(file)))
    for email in (FIRST, SECOND):
        accepted(door, email, "Ema")
    came_to_work(door, "referent@modrinov.example", CLERK)
    for email in (FIRST, SECOND):
        shown_a_document(door, email)
    owner = came_to_work(door, "garant@modrinov.example", "programme_owner")
    officers = {role: came_to_work(door, email, role) for role, email in SIGNERS.items()}
    day = today()
    made = owner.post(
        f"{AT}/programmes",
        {
            "name": {"cs": "Modřínov v pohybu", "en": ""},
            "purpose": {"cs": "Pravidelný pohyb dětí.", "en": ""},
            "text": {"cs": "Přispíváme dětem na sport a kroužky.", "en": ""},
            "legal_basis": "zákon č. 128/2000 Sb. § 84",
            "legal_regime": "other",
            "resolution_number": "12/3",
            "resolution_on": day.isoformat(),
            "mode": "credit",
            "payable_on": "attendance",
            "denominations_minor": [80_000],
            "applications_from": day.isoformat(),
            "applications_to": (day + timedelta(days=60)).isoformat(),
            "spending_from": day.isoformat(),
            "spending_to": (day + timedelta(days=200)).isoformat(),
        },
    )
    at = f"{AT}/programmes/{made.body['id']}"
    change = owner.post(f"{at}/budget-changes", {"amount_minor": 4_000_000, "reason": "Usnesení rady č. 12/3"}).body[
        "id"
    ]
    for role, officer in officers.items():
        signature = {"signs_as": role, "amount_minor": 4_000_000}
        signed = officer.post(f"{at}/budget-changes/{change}/signatures", signature, key=f"signed-as-{role}")
        assert signed.status == 200, signed
    version = owner.get(f"{at}/rules").body["v"]
    published = owner.post(f"{at}/steps", {"step": "publish"}, version=version)
    assert published.status == 200, published
    assert [one["id"] for one in door.get(f"{AT}/programmes").body["items"]] == [made.body["id"]]


def test_addresses_are_written_as_people_write_them(door: Door, file: Path) -> None:
    list(found(read(file)))

    def asked(query: str) -> list[str]:
        return [a["text"] for a in door.get("/cities/modrinov/addresses", query={"query": query}).body["items"]]

    assert asked("Lipová 12") == ["Lipová 12/3a, Modřínov"]
    assert sorted(asked("Podlesí")) == ["Podlesí 7, Modřínov", "Podlesí č. ev. 4, Modřínov"]


def test_founding_again_changes_nothing_but_what_is_missing(door: Door, file: Path, tmp_path: Path) -> None:
    list(found(read(file)))
    accepted(door, "spravce@modrinov.example", "Ema")
    admin = Who(id="a" * 26, app="admin", roles={"modrinov": (ADMIN,)})
    changed = door.as_(admin).patch("/cities/modrinov", {"undo_window_minutes": 30}, version=1)
    assert changed.status == 200, changed
    more = files(tmp_path, rows=(*HOMES, row("990010004", "99")))
    said = list(found(read(more)))
    assert said[0] == "modrinov: is there, its settings are left as they are (admin, Nastavení)"
    assert said[2:] == [
        "spravce@modrinov.example: is an administrator",
        "spravce2@modrinov.example: invited as an administrator",
    ]
    assert towns.town_now("modrinov").undo_window_minutes == 30
    assert towns.address("modrinov", "990010004").text == "Lipová 99, Modřínov"


def test_a_file_of_another_town_under_the_same_name_is_refused(table: str, file: Path, tmp_path: Path) -> None:
    list(found(read(file)))
    other = files(tmp_path, TOML.replace("999001", "999002"), tuple(r.replace("999001", "999002") for r in HOMES))
    with pytest.raises(Faulty) as refused:
        list(found(read(other)))
    assert [fault.field for fault in refused.value.faults] == ["municipality_code"]


def test_wrong_addresses_are_refused_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = (
        row("990010001", "1"), row("99001000x", "2"), row("990010001", "3"), row("990010004", "4", town="999002"),
        row("990010005", ""),
    )  # fmt: skip
    assert main([str(files(tmp_path, rows=rows))]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "adresy.csv:3: Kód ADM není kód RÚIAN.",
        "adresy.csv:4: Kód ADM 990010001 je v souboru podruhé.",
        "adresy.csv:5: Kód obce je 999002, město má 999001.",
        "adresy.csv:6: Číslo domovní chybí.",
        "Chyb: 4. Nic se nezapsalo.",
    ]
    assert main([str(files(tmp_path, rows=rows)), "--language", "en"]) == 2
    assert "adresy.csv:6: Číslo domovní is missing." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("good", "wrong", "told"),
    [
        ('ico = "80000011"', 'ico = "80000012"', "ico"),
        ("5051686260/0800", "5051686261/0800", "account_number"),
        ('"spravce@modrinov.example"', '"spravce"', "administrators.0.email"),
        ('slug = "modrinov"', 'slug = "Modřínov"', "slug"),
        ('[[administrators]]\nemail = "spravce2@modrinov.example"', "", "administrators"),
        ("spravce2@modrinov", "spravce@modrinov", "administrators"),
        ('name = "Modřínov"', 'nazev = "Modřínov"', "name"),
        ("pouceni.txt", "neni.txt", "neni.txt"),
        ("adresy.csv", "neni.csv", "neni.csv"),
    ],
)
def test_a_wrong_file_is_refused_by_the_name_of_what_is_wrong(tmp_path: Path, good: str, wrong: str, told: str) -> None:
    with pytest.raises(Faulty) as refused:
        read(files(tmp_path, TOML.replace(good, wrong)))
    assert any(told in fault.field for fault in refused.value.faults), refused.value.faults
    assert all(fault.cs != fault.en for fault in refused.value.faults)
