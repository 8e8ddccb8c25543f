"""The office's charges: who pays becomes a reference, and neither a name nor a birth number leaves the machine."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from regina.__main__ import main
from regina.charges import born_on
from regina.keys import make_keys, subject_key
from regina.model import subject_ref
from regina.tests.builders import Town, a_person

HEAD = "number;given_names;surname;birth_number;birth_date;birth_place;kind;title_cs;year;amount;due_on;vs"
REST = "local_fee;Odpad;2026;640;2026-11-30;1"
ONE = "8005170008"
"""A birth number of `a_person`, who was born on 17 May 1980."""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    make_keys(tmp_path / "keys/signing.pem", tmp_path / "keys/subject.key")
    (tmp_path / "regina.toml").write_text(
        '[town]\ncity = "modrinov"\nmunicipality_code = "999001"\n[cloud]\nurl = "http://127.0.0.1:1"\n'
        '[registry]\nkind = "file"\npath = "registry.jsonl"\n'
    )
    twins = [a_person(id, given_names="Eva", birth_place=place) for id, place in (("B1", "Brno"), ("B2", "Praha"))]
    Town(tmp_path).holds(a_person(), *twins)
    return tmp_path


def charges(office: Path, *rows: str, encoding: str = "utf-8") -> int:
    (office / "in.csv").write_bytes("\r\n".join([HEAD, *rows]).encode(encoding))
    return main(["charges", str(office / "in.csv"), str(office / "out.csv"), "--config", str(office / "regina.toml")])


def out(office: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((office / "out.csv").read_text().splitlines(), delimiter=";"))


def ref(office: Path, registry_id: str) -> str:
    return subject_ref(subject_key(office / "keys/subject.key"), registry_id)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
def test_a_payer_becomes_the_reference_that_verification_makes(office: Path, encoding: str) -> None:
    assert (
        charges(office, f"P1;Petr;Dvořák;{ONE};;;{REST}", f"P2;Petr;Dvorak;;1980-05-17;;{REST}", encoding=encoding) == 0
    )
    assert [(row["number"], row["subject_ref"]) for row in out(office)] == [
        (n, ref(office, "A1")) for n in ("P1", "P2")
    ]
    assert out(office)[0]["amount"] == "640"


def test_neither_name_nor_birth_number_is_in_the_file_or_told(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    charges(office, f"P1;Petr;Dvořák;800517/0008;;;{REST}", "P2;Jana;Tichá;855517/0008;;;" + REST)
    said = capsys.readouterr()
    for text in ((office / "out.csv").read_text(), said.out, said.err):
        assert not any(word in text for word in ("Petr", "Dvoř", "Tichá", "800517", "855517", "0008"))


def test_who_cannot_be_joined_is_listed_by_line_and_left_out(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = (f"P1;Jana;Tichá;{ONE};;;", f"P2;Eva;Dvořáková;{ONE};;;", f"P3;Eva;Dvořák;{ONE};;Brno;", "P4;Eva;Dvořák;;;;",
            "P5;Petr;Dvořák;8005170003;;;", f"P6;Eva;Dvořák;{ONE};;;")  # fmt: skip
    assert charges(office, *(row + REST for row in rows)) == 1
    assert [(row["number"], row["subject_ref"]) for row in out(office)] == [("P3", ref(office, "B1"))]
    said = capsys.readouterr()
    assert json.loads(said.out.splitlines()[-1]) == {"charges": 1, "left_out": 5}
    assert [line.split(":")[0] for line in said.err.splitlines()] == [
        "line 2, charge P1", "line 3, charge P2", "line 5, charge P4", "line 6, charge P5", "line 7, charge P6",
    ]  # fmt: skip
    assert "several people" in said.err.splitlines()[-1]


def test_a_file_of_other_columns_is_refused_and_nothing_is_written(office: Path) -> None:
    (office / "in.csv").write_text("jmeno;rc\nPetr;1\n")
    assert (
        main(["charges", str(office / "in.csv"), str(office / "out.csv"), "--config", str(office / "regina.toml")]) == 2
    )
    assert not (office / "out.csv").exists()


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("8005170008", date(1980, 5, 17)),
        ("800517/0008", date(1980, 5, 17)),
        ("8055170002", date(1980, 5, 17)),
        ("480517123", date(1948, 5, 17)),
        ("0525170008", date(2005, 5, 17)),
        ("0575170002", date(2005, 5, 17)),
    ],
)
def test_a_birth_number_tells_the_birth_date(number: str, born: date) -> None:
    assert born_on(number) == born


@pytest.mark.parametrize(
    "number", ["", "8005170003", "540517123", "8013170000", "8002300009", "\u0668005170008", "80051700081"]
)
def test_a_birth_number_that_cannot_be_is_refused(number: str) -> None:
    with pytest.raises(ValueError):
        born_on(number)
