"""Keys, settings, the registry file and the audit log of an installation."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regina import config, keys
from regina.__main__ import main
from regina.audit import Audit
from regina.file_registry import BrokenRegistryFile, FileRegistry, read_records
from regina.model import unb64url
from regina.registries import RegistryUnavailable
from regina.tests.builders import NOON, a_person

TOWN = '[town]\ncity = "modrinov"\nmunicipality_code = "999001"\n'
CLOUD = '[cloud]\nurl = "https://aktivni.example"\n'
FILE = '[registry]\nkind = "file"\npath = "registry.jsonl"\n'


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    path = tmp_path / "regina.toml"
    path.write_text(TOWN + CLOUD + FILE)
    return path


def test_keys_are_made_for_their_owner_alone_and_the_public_one_is_printed(
    toml: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "--config", str(toml)]) == 0
    printed = json.loads(capsys.readouterr().out)
    settings = config.load(toml)
    key = keys.signing_key(settings.signing_key)
    assert unb64url(printed["public_key"]) == key.public_key().public_bytes_raw()
    assert len(keys.subject_key(settings.subject_key)) == 32
    assert {p.stat().st_mode & 0o777 for p in (settings.signing_key, settings.subject_key)} == {0o600}


def test_keys_are_never_overwritten(toml: Path) -> None:
    assert main(["keys", "--config", str(toml)]) == 0
    before = config.load(toml).subject_key.read_bytes()
    assert main(["keys", "--config", str(toml)]) == 2
    assert config.load(toml).subject_key.read_bytes() == before


def test_a_key_that_others_can_read_stops_the_start(toml: Path) -> None:
    main(["keys", "--config", str(toml)])
    config.load(toml).signing_key.chmod(0o640)
    assert main(["once", "--config", str(toml)]) == 2


def test_no_key_stops_the_start(toml: Path) -> None:
    assert main(["once", "--config", str(toml)]) == 2


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (TOWN + FILE, "cloud.url: missing"),
        (CLOUD + FILE, "town.city: missing"),
        (TOWN + '[cloud]\nurl = "http://aktivni.example"\n' + FILE, "https"),
        (TOWN + '[cloud]\nurl = "ftp://127.0.0.1"\n' + FILE, "https"),
        (TOWN + CLOUD + "lease_max = 21\n" + FILE, "lease_max"),
        (TOWN + CLOUD + "poll_seconds = 0\n" + FILE, "poll_seconds"),
        (TOWN + CLOUD + '[registry]\nkind = "other"\n', "registry.kind"),
        (TOWN + CLOUD + FILE + "surprise = 1\n", "registry.surprise"),
        (TOWN + CLOUD + '[registry]\nkind = "rob"\n', "rob.endpoint"),
        ("town = 1\n", "town"),
        ("not toml", "regina.toml"),
    ],
)
def test_a_setting_that_cannot_be_is_named(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "regina.toml"
    path.write_text(text)
    with pytest.raises(config.ConfigFault, match=fault):
        config.load(path)


def test_a_broken_line_of_the_registry_is_named_without_its_content(tmp_path: Path) -> None:
    path = tmp_path / "registry.jsonl"
    lines = [json.dumps(a_person()), "", json.dumps(a_person(surname=""))]
    path.write_text("\n".join(lines))
    with pytest.raises(BrokenRegistryFile, match=r"registry\.jsonl, line 3: surname is missing"):
        read_records(path)


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        "[]",
        "1",
        json.dumps(a_person(birth_date="1980-13-40")),
        json.dumps(a_person(birth_number="8005170000")),
        json.dumps(a_person(residence={"address_code": "1"})),
        json.dumps(a_person(residence={"municipality_code": "1", "kind": "holiday"})),
        json.dumps(a_person(parents=[{}])),
        json.dumps(a_person(parents="A2")),
    ],
)
def test_what_is_not_of_the_format_is_refused(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "registry.jsonl"
    path.write_text(broken)
    with pytest.raises(BrokenRegistryFile, match="line 1"):
        read_records(path)


def test_a_registry_file_that_is_gone_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(RegistryUnavailable):
        FileRegistry(tmp_path / "none.jsonl", lambda: NOON).registry_ids()


def test_the_audit_log_turns_over_by_month_and_lets_old_months_go(tmp_path: Path) -> None:
    clock = [datetime(2025, 1, 31, tzinfo=UTC)]
    audit = Audit(tmp_path, 12, "regina", "Ověření", lambda: clock[0])
    for at in (datetime(2025, 1, 31, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)):
        clock[0] = at
        audit.asked("J1", "robCtiAifo", "guid", "answered")
        audit.asked("J2", "robCtiAifo", "guid", "answered")
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["queries-2025-02.jsonl", "queries-2026-01.jsonl"]
    assert [len(file.read_text().splitlines()) for file in files] == [2, 2]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
