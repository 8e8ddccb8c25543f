"""The journey, sixth part: the town pays, the bank answers, charges come in, and every figure adds up."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
import zxingcpp
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image

from chalicelib.core.clock import today
from localcloud import regina
from localcloud.cloud import LocalCloud
from regina.keys import subject_key
from regina.model import subject_ref
from tests.browser.cast import (
    AUTHORISING_OFFICER,
    BOOKS,
    BOOKSELLER,
    BOOKSHOP,
    BUDGET_OFFICER,
    CHIEF_ACCOUNTANT,
    CITY,
    CLUB,
    MOTHER,
    MOTHER_ID,
    SPORT,
)
from tests.browser.screen import PHONE, ROOT, Screen, worded
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.cloud]

TOTAL = "1 300 Kč"
"""800 of credit to the club, 500 of the voucher to the bookshop."""


def test_one_officer_builds_and_authorises_the_payout_and_another_releases_it(stage: Stage) -> None:
    first = stage.signed_in(AUTHORISING_OFFICER, "admin")
    first.go(f"/admin/{CITY}/vyplaty")
    first.heading("Výplaty")
    first.look("payouts empty")
    first.press("Sestavit výplatu")
    first.sees("Zkontrolujte řádky")
    first.sees(CLUB)
    first.sees(BOOKSHOP)
    first.look("payout draft")
    first.press(f"Schválit {TOTAL}")
    first.sees("Teď podepíše hlavní účetní")
    first.gone(f"Uvolnit {TOTAL}")
    first.look("payout authorised")
    second = stage.signed_in(CHIEF_ACCOUNTANT, "admin")
    open_payout(second)
    second.look("payout to release")
    second.press(f"Uvolnit {TOTAL}")
    second.look("release?")
    second.press(f"Uvolnit {TOTAL}", within=second.page.get_by_role("dialog"))
    second.sees("Vytvořte příkaz a nahrajte ho do banky")


def open_payout(screen: Screen) -> None:
    screen.go(f"/admin/{CITY}/vyplaty")
    screen.page.get_by_role("table").get_by_role("link").first.click()
    screen.heading("Výplata č.", exact=False)


def test_the_bank_gets_the_order_and_its_statement_marks_the_payments_debited(stage: Stage, tmp_path: Path) -> None:
    officer = stage.signed_in(CHIEF_ACCOUNTANT, "admin")
    officer.press("Vytvořit příkaz pro banku")
    officer.sees("Příkaz je u banky")
    officer.look("payout exported")
    order = tmp_path / "order.kpc"
    officer.download(lambda: officer.press("Stáhnout", exact=False)).save_as(order)
    bank = [sys.executable, "-m", "localcloud.bank", str(order)]
    statement = subprocess.run(bank, cwd=ROOT, check=True, capture_output=True).stdout
    officer.go(f"/admin/{CITY}/vyplaty")
    officer.follow("Bankovní výpisy")
    officer.sees("Výpis z banky")
    officer.look("statements")
    officer.attach("vypis.gpc", statement, "text/plain")
    officer.sees("Co výpis udělá")
    officer.look("statement preview")
    officer.sees("to je v budoucnu")
    officer.press("Zaúčtovat i tak")
    officer.sees("Výpis je zaúčtovaný")
    officer.look("statement imported")
    open_payout(officer)
    officer.sees("Banka odepsala všechny platby")
    officer.look("payout settled")


def test_the_bookseller_sees_the_remittance_and_that_the_bank_has_paid(stage: Stage) -> None:
    owner = stage.signed_in(BOOKSELLER, "admin")
    owner.follow("Výplaty")
    owner.heading("Výplaty")
    owner.sees("Odepsáno")
    owner.look("provider payouts")
    owner.page.get_by_role("table").get_by_role("link").first.click()
    owner.heading("Vyúčtování výplaty", exact=False)
    owner.sees(worded("500,00 Kč"))
    owner.look("remittance")


def test_the_office_hands_over_a_charge_and_the_mother_can_pay_it_by_qr(stage: Stage, tmp_path: Path) -> None:
    officer = stage.signed_in(BUDGET_OFFICER, "admin")
    officer.go(f"/admin/{CITY}/exporty/predpisy")
    officer.heading("Předpisy a platby")
    officer.look("charges")
    officer.attach("predpisy.csv", charges(stage.cloud).replace("650", "šest set").encode(), "text/csv")
    officer.sees("Soubor jsme nepřevzali")
    officer.look("charges refused")
    officer.attach("predpisy.csv", charges(stage.cloud).encode(), "text/csv")
    officer.sees("V souboru je 1 předpis")
    officer.press("Převzít předpisy")
    officer.sees("Předpisy jsou převzaté")
    officer.look("charges taken")
    jana = stage.signed_in(MOTHER, "moje", PHONE)
    jana.go(f"/moje/{CITY}/platby")
    jana.sees("Svoz odpadu")
    jana.look("personal account")
    jana.follow("Svoz odpadu")
    jana.heading("Svoz odpadu")
    jana.sees("Naskenujte kód v mobilním bankovnictví")
    jana.look("charge")
    picture = tmp_path / "qr.png"
    jana.page.locator("svg.qr").screenshot(path=picture)
    [spayd] = zxingcpp.read_barcodes(Image.open(picture))
    assert spayd.text.startswith("SPD*1.0*ACC:CZ"), spayd.text
    assert "*AM:650.00*" in spayd.text
    assert "X-VS:1234567890" in spayd.text


def charges(cloud: LocalCloud) -> str:
    """The office's export: people are named by Regina's reference."""
    key = subject_key(regina.folder_of(cloud.data, CITY) / "keys" / "subject.key")
    due_on = (today() + timedelta(days=20)).isoformat()
    head = "number;subject_ref;kind;title_cs;title_en;year;amount;reduced;due_on;account;vs;ss;ks;paid;closed"
    row = (
        f"O-2026-1;{subject_ref(key, MOTHER_ID)};local_fee;Svoz odpadu;Waste;{today().year};650;;{due_on};"
        "5051686260/0800;1234567890;;;;"
    )
    return f"{head}\n{row}\n"


def test_the_figures_of_the_town_and_the_open_ones_add_up(stage: Stage, tmp_path: Path) -> None:
    officer = stage.signed_in(BUDGET_OFFICER, "admin")
    officer.go(f"/admin/{CITY}/exporty")
    officer.heading("Přehledy a exporty")
    officer.waits_for(worded("1 300,00 Kč"))
    officer.sees(worded("490 000"))
    officer.look("figures")
    saved = officer.download(lambda: officer.press("Stáhnout XLSX"))
    assert saved.suggested_filename == f"{CITY}-figures.xlsx"
    saved.save_as(tmp_path / "figures.xlsx")
    page = openpyxl.load_workbook(tmp_path / "figures.xlsx").active
    assert isinstance(page, Worksheet)
    head, *rows = page.iter_rows(values_only=True)
    assert sum(float(str(row[head.index("Vyplaceno")])) for row in rows) == 1300
    text = officer.download(lambda: officer.press("Stáhnout CSV"))
    text.save_as(tmp_path / "figures.csv")
    assert (tmp_path / "figures.csv").read_text("utf-8-sig").startswith("Program;Stav;Rozpočet;")
    officer.follow(SPORT)
    officer.heading(SPORT)
    officer.look("figures of a programme")
    visitor = stage.window("visitor", PHONE)
    visitor.go(f"/{CITY}/cisla")
    visitor.heading("Otevřená čísla")
    visitor.sees(worded("1 300"))
    visitor.sees(BOOKS)
    visitor.look("open figures")
