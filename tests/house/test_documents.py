"""What is written down is what the code does: documents are made from it and compared; refusals and items are complete."""

import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.core.refusals import Refusal
from chalicelib.core.table import Item
from tools.docs import ROOT, documents, load_rooms

load_rooms()
OURS = {code: refusal for code, refusal in Refusal.all.items() if refusal.__module__.startswith("chalicelib")}


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_generated_documents_are_up_to_date(path: Path) -> None:
    assert path.read_text() == documents()[path], "run `make docs` and commit"


@pytest.mark.parametrize("code", OURS)
def test_every_refusal_has_a_status_and_texts_filled_from_its_own_facts(code: str) -> None:
    refusal = OURS[code]
    assert refusal.status in (400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 423, 428, 429, 500, 503)
    facts = set(getattr(refusal, "__dataclass_fields__", {}))
    for text in (refusal.cs, refusal.en):
        assert text.endswith((".", "?", "}"))
        assert {name for _, name, _, _ in string.Formatter().parse(text) if name} <= facts
        assert "!" not in text
    assert not re.search(r"\b(chyba|neplatný|prosím)\b", refusal.cs.lower())


@pytest.mark.parametrize("code", [code for code in OURS if OURS[code].status == 429])
def test_whoever_tried_too_often_hears_how_long_to_wait(code: str) -> None:
    assert "wait_seconds" in set(getattr(OURS[code], "__dataclass_fields__", {}))
    assert "{wait_seconds}" in OURS[code].cs
    assert "{wait_seconds}" in OURS[code].en


MONEY_KINDS = {"grant", "budget", "transfer"}


def test_no_ttl_on_anything_of_money() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "chalicelib/money/ledger").glob("*.py"))
    assert not re.search(r"\bttl\b", source)
    assert set(Item.kinds) >= MONEY_KINDS


def test_item_kinds_are_named_once_each() -> None:
    kinds = re.findall(r'KIND = "(\w+)"', "\n".join(p.read_text() for p in (ROOT / "chalicelib").rglob("*.py")))
    assert sorted(kinds) == sorted(set(kinds))


FOLDERS = ("chalicelib", "localcloud", "infra", "regina", "aktivni", "tools", "bench", "faults", "tests")


def test_only_the_door_and_core_http_know_chalice() -> None:
    knowing = {
        str(path.relative_to(ROOT))
        for path in [ROOT / "app.py", *(path for part in FOLDERS for path in (ROOT / part).rglob("*.py"))]
        if re.search(r"^\s*(from|import) chalice\b", path.read_text(), re.MULTILINE)
    }
    assert knowing <= {"app.py", "chalicelib/core/http.py"}


def test_rooms_import_one_way() -> None:
    done = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_api_path_does_not_import_what_makes_documents() -> None:
    code = "import app, sys; print([m for m in ('fpdf', 'segno', 'PIL', 'aws_xray_sdk') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
