"""A real town begins as the operator's page says: a file, the list of addresses, an invitation; nothing past the doors."""

from pathlib import Path

import pytest

from chalicelib.core.gate import ADMIN, CLERK, Who
from chalicelib.towns import service as towns
from tests.door import Door
from tests.people.build import PASSWORD, mail, signed_in, token_in
from tests.towns.build import HOMES, TOML, files, row
from tools.found import Faulty, found, main, read


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return files(tmp_path)


def accepted(door: Door, email: str, given_names: str) -> None:
    token = token_in(next(m for m in mail() if m.to == email))
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
    with pytest.raises(SystemExit, match="municipality_code"):
        list(found(read(other)))


def test_wrong_addresses_are_refused_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = (
        row("990010001", "1"), row("99001000x", "2"), row("990010001", "3"), row("990010004", "4", town="999002"),
        row("990010005", ""),
    )  # fmt: skip
    assert main([str(files(tmp_path, rows=rows))]) == 2
    said = [line.split("adresy.csv: ")[-1] for line in capsys.readouterr().err.splitlines()]
    assert [line.split(":")[0] for line in said] == [
        "line 3",
        "line 4",
        "line 5",
        "line 6",
        "4 faults; nothing was written",
    ]


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
    assert any(told in fault for fault in refused.value.faults), refused.value.faults
