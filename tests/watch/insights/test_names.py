"""One part of a budget has one name wherever somebody reads it, and the parts add up to the budget in each place."""

import re
from pathlib import Path

import pytest

from chalicelib.core.clock import now
from chalicelib.core.sheets import Amount, said
from chalicelib.money.programmes.model import ProgrammeState
from chalicelib.watch.insights import service as insights
from chalicelib.watch.insights.model import Figures, Money
from chalicelib.watch.insights.routes import MoneyShape
from chalicelib.watch.insights.service import Shown
from chalicelib.watch.insights.words import NAMES, PARTS, STATES, SUMS

WEB = Path("web/src")
MONEY = Money(
    budget_minor=1_000_000,
    free_minor=400_000,
    unspent_minor=300_000,
    held_minor=100_000,
    to_pay_minor=50_000,
    paid_minor=170_000,
    written_off_minor=20_000,
)


def in_the_web(language: str) -> dict[str, str]:
    """The names that the money bar, the tables and the open data are labelled with."""
    text = (WEB / "ui/moneyParts.ts").read_text()
    block = re.search(rf"\n  {language}: \{{\n(.*?)\n  \}},", text, re.DOTALL)
    assert block
    return dict(re.findall(r"^    (\w+): '(.*)',$", block[1], re.MULTILINE))


@pytest.mark.parametrize("language", ["cs", "en"])
def test_a_part_has_one_name_in_the_api_the_export_and_the_web(language: str) -> None:
    web = in_the_web(language)
    assert set(web) >= {"budget", *PARTS, "liability", "contingent_liability"}
    assert web == {name: said(NAMES, name, language) for name in web}
    assert {f"{name}_minor" for name in NAMES} <= set(MoneyShape.model_fields)
    assert set(NAMES) == {"budget", *PARTS, *SUMS}


def test_no_screen_names_the_parts_of_a_budget_itself() -> None:
    names = {said(NAMES, part, language) for part in ("to_pay", "unspent", "written_off") for language in ("cs", "en")}
    again = [
        str(file)
        for file in WEB.rglob("*.ts*")
        if "moneyParts" not in file.name and any(f"'{name}'" in file.read_text() for name in names)
    ]
    assert again == []
    bars = [file for file in WEB.rglob("*.tsx") if "<MoneyBar" in file.read_text()]
    assert len(bars) >= 2
    assert [str(file) for file in bars if "moneyParts(" not in file.read_text()] == []


@pytest.mark.parametrize("language", ["cs", "en"])
def test_the_columns_of_the_export_add_up_to_the_budget_in_the_readers_language(language: str) -> None:
    shown = Shown("p1", "Sport", "spending_only", Figures("p1", MONEY, counted_at=now()))
    sheet = insights.overview_sheet("modrinov", [shown], language)
    [row] = sheet.rows
    told = dict(zip(sheet.head, row, strict=True))
    assert row[1] == said(STATES, "spending_only", language)
    amounts = {name: told[said(NAMES, name, language)] for name in NAMES}
    minor = {name: amount.minor for name, amount in amounts.items() if isinstance(amount, Amount)}
    assert sum(minor[part] for part in PARTS) == minor["budget"] == 10_000_00
    assert set(STATES) == set(ProgrammeState.__value__.__args__)


def test_what_is_only_awarded_is_not_owed() -> None:
    assert MONEY.liability_minor == MONEY.to_pay_minor == 50_000
    assert MONEY.contingent_liability_minor == MONEY.unspent_minor + MONEY.held_minor == 400_000
    assert MONEY.difference_minor == 0
