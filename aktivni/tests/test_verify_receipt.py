"""The command as a citizen or an auditor runs it: files in, an exit code and a named reason out."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aktivni.__main__ import NOT_A_RECEIPT, NOT_COMPARED, NOT_PROVEN, NOT_SEALED, PROVEN, main

BODIES = [json.dumps({"kind": "redeem", "id": f"t{n}", "amount_minor": n * 1000, "currency": "CZK"}) for n in range(3)]


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def a_receipt() -> dict[str, Any]:
    """The second of three entries: the tree is ((0, 1), 2)."""
    leaves = [sha(b"\x00" + body.encode()) for body in BODIES]
    root = sha(b"\x01" + sha(b"\x01" + leaves[0] + leaves[1]) + leaves[2])
    seal = {
        "city": "modrinov",
        "n": 4,
        "day": "2026-11-19",
        "count": 3,
        "root": root.hex(),
        "prev_root": "",
        "late": [],
    }
    return {
        "state": "sealed",
        "body": BODIES[1],
        "leaf": leaves[1].hex(),
        "index": 1,
        "path": [leaves[0].hex(), leaves[2].hex()],
        "seal": seal,
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, a_receipt())
    (tmp_path / "seal.json").write_text(json.dumps(a_receipt()["seal"]))
    return tmp_path


def write(folder: Path, receipt: object) -> None:
    (folder / "receipt.json").write_text(json.dumps(receipt))


def run(folder: Path, *seal: str) -> int:
    return main(["verify-receipt", str(folder / "receipt.json"), *seal])


def test_a_true_receipt_is_proven_by_the_published_seal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "--seal", str(folder / "seal.json")) == PROVEN
    said = capsys.readouterr().out
    assert "redeem, t1, 10.00 CZK" in said
    assert "entry 2 of 3 of modrinov on 2026-11-19" in said


def test_a_printed_root_is_enough(folder: Path) -> None:
    assert run(folder, "--seal", a_receipt()["seal"]["root"]) == PROVEN
    assert run(folder, "--seal", "00" * 32) == NOT_PROVEN
    assert run(folder, "--seal", "not a root") == NOT_A_RECEIPT


def test_without_a_seal_it_is_said_that_nothing_was_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder) == NOT_COMPARED
    assert "/v1/cities/modrinov/seals/2026-11-19" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"body": BODIES[1].replace("1000", "9000")}, "body"),
        ({"leaf": "11" * 32}, "body"),
        ({"index": 0}, "path"),
        ({"index": 3}, "index"),
        ({"path": ["22" * 32, "33" * 32]}, "path"),
        ({"path": []}, "path"),
    ],
)
def test_what_fails_is_named(
    folder: Path, change: dict[str, Any], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, a_receipt() | change)
    assert run(folder, "--seal", str(folder / "seal.json")) == NOT_PROVEN
    assert f"  {named}: " in capsys.readouterr().err


def test_a_body_changed_together_with_its_leaf_leads_to_another_root(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = BODIES[1].replace("1000", "9000")
    write(folder, a_receipt() | {"body": body, "leaf": sha(b"\x00" + body.encode()).hex()})
    assert run(folder, "--seal", str(folder / "seal.json")) == NOT_PROVEN
    assert "path: it does not lead" in capsys.readouterr().err


def test_a_seal_of_another_day_proves_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "seal.json").write_text(json.dumps(a_receipt()["seal"] | {"day": "2026-11-18"}))
    assert run(folder, "--seal", str(folder / "seal.json")) == NOT_PROVEN
    assert "`day` is 2026-11-19" in capsys.readouterr().err


def test_a_movement_of_today_is_not_sealed_yet(folder: Path) -> None:
    write(folder, {"state": "pending", "body": BODIES[1], "seal": None})
    assert run(folder) == NOT_SEALED


@pytest.mark.parametrize("wrong", [[], {}, {"body": 7}, a_receipt() | {"path": "x"}, a_receipt() | {"leaf": "zz"}])
def test_a_file_that_is_no_receipt_is_refused(folder: Path, wrong: object) -> None:
    write(folder, wrong)
    assert run(folder) == NOT_A_RECEIPT


def test_a_file_that_is_missing_or_no_json_is_refused(folder: Path) -> None:
    assert main(["verify-receipt", str(folder / "nothing.json")]) == NOT_A_RECEIPT
    (folder / "receipt.json").write_bytes(b"\xff{")
    assert run(folder) == NOT_A_RECEIPT


def test_it_runs_alone_without_anything_installed(folder: Path) -> None:
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        "import sys; sys.path.insert(0, '.'); from aktivni.__main__ import main; sys.exit(main())",
    ]
    ran = subprocess.run(  # noqa: S603  our own words
        [*command, "verify-receipt", str(folder / "receipt.json"), "--seal", str(folder / "seal.json")],
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr) == (PROVEN, "")
