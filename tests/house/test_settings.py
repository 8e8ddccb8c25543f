"""A setting is something that is read: each field that somebody can set changes what the product does, or it goes."""

import re
from dataclasses import fields

import pytest

from chalicelib.money.offers.model import Activity, Session
from chalicelib.money.programmes.model import Rules, WhoMay
from chalicelib.money.providers.model import Provider
from chalicelib.town.towns.model import Contact, SecondProof, Town
from tests.engine import ROOT

WRITES = re.compile(
    r"(/store|/routes|/shapes)\.py$|/people/Settings\.tsx$|schema\.d\.ts$|rulesForm|RulesEditor|\.test\."
)
"""Where a setting is kept, typed or passed along: that is not yet reading it."""
SOURCES = {
    str(path.relative_to(ROOT)): path.read_text()
    for path in [*(ROOT / "chalicelib").rglob("*.py"), *(ROOT / "web/src").rglob("*.ts*")]
    if not WRITES.search(str(path))
}
SETTINGS: dict[type, str] = {
    Town: r"(?:town|city|own|here|current|sponsor|known|place)\w*(?:\([^()]*\))?",
    Contact: r"contact",
    SecondProof: r"(?:second_proof|how|ways|proof)",
    Rules: r"[\w)\]?]+",
    WhoMay: r"[\w)\]?]+",
    Activity: r"[\w)\]?]+",
    Session: r"[\w)\]?]+",
    Provider: r"[\w)\]?]+",
}
"""Of each noun that people set, by what name it is at hand where it is read."""


def readers(noun: type, field: str) -> list[str]:
    asked = re.compile(rf"\b{SETTINGS[noun]}\??\.{field}\b(?!\s*=[^=])")
    return [path for path, text in SOURCES.items() if asked.search(text)]


NOT_SET = {(Town, "ico"), (Activity, "made_at")}
"""Facts that nobody sets: who the town is, when something was made."""
WIRED_BY_THE_BANKS_PROFILES = {(Town, "bank_profile")}
EVERY = {(noun, f.name) for noun in SETTINGS for f in fields(noun)} - NOT_SET - WIRED_BY_THE_BANKS_PROFILES


@pytest.mark.parametrize(("noun", "field"), sorted(EVERY, key=str))
def test_every_setting_is_read_by_something(noun: type, field: str) -> None:
    assert readers(noun, field), f"{noun.__name__}.{field} is stored and never read"
