"""The journey, seventh part: a till is stopped and let go, the auditor reads the books, and a receipt proves itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from localcloud.cloud import functions_environment
from tests.browser.cast import (
    ADMINISTRATOR,
    AUDITOR,
    BOOKS,
    BOOKSELLER,
    BOOKSHOP,
    CITY,
    CLERK,
    MOTHER,
)
from tests.browser.screen import PHONE, ROOT, Screen, worded
from tests.browser.stage import Stage
from tests.browser.test_journey_5_voucher import code_on, redeem, show_voucher

pytestmark = [pytest.mark.browser, pytest.mark.cloud]

TILL = "Sklad"


def test_a_clerk_adds_to_the_contribution_and_the_mother_has_something_to_spend(stage: Stage) -> None:
    clerk = stage.signed_in(CLERK, "admin")
    clerk.go(f"/admin/{CITY}/zadosti?view=all")
    clerk.page.get_by_role("row").filter(has_text=worded("500,00 Kč")).get_by_role("link").first.click()
    clerk.press("Přidat k příspěvku")
    clerk.fill("O kolik", "200")
    clerk.fill("Důvod", "Druhá učebnice")
    clerk.press("Přidat")
    clerk.sees(worded("Příspěvek je vyšší o 200 Kč"))
    jana = stage.signed_in(MOTHER, "moje", PHONE)
    jana.go(f"/moje/{CITY}/vouchery")
    jana.waits_for("Ukázat voucher")
    show_voucher(stage)
    jana.sees("Navýšeno")


def test_the_administrator_stops_a_till_and_it_says_so_until_money_moves_again(stage: Stage) -> None:
    till = second_till(stage)
    admin = stage.signed_in(ADMINISTRATOR, "admin")
    admin.go(f"/admin/{CITY}/kniha/zastaveni")
    admin.heading("Zastavení peněz")
    admin.sees("Nic není zastavené")
    admin.choose("Poskytovatel", BOOKSHOP)
    admin.choose("Pokladna", TILL)
    admin.fill("Důvod", "Prověřujeme reklamaci")
    admin.press("Pokračovat k zastavení")
    admin.look("stop a till?")
    admin.press("Zastavit pokladnu", within=admin.page.get_by_role("dialog"))
    admin.sees(f"Zastaveno: Pokladna: {TILL}")
    admin.look("a till is stopped")
    typed(stage, till)
    till.heading("Pokladna je zastavená")
    till.sees("Co teď")
    till.look("stopped")
    clerk = stage.signed_in(CLERK, "admin")
    clerk.go(f"/admin/{CITY}")
    clerk.sees(worded("Pohyb peněz stojí na 1 místě"))
    clerk.look("overview while a till is stopped")
    admin.press(f"Obnovit pohyb: Pokladna: {TILL}")
    admin.fill("Důvod", "Reklamace je vyřízená", within=admin.page.get_by_role("dialog"))
    admin.press("Obnovit pohyb", within=admin.page.get_by_role("dialog"))
    admin.sees("Nic není zastavené")
    till.press("Skenovat další")
    typed(stage, till)
    redeem(till, "120")


def second_till(stage: Stage) -> Screen:
    """Another phone of the bookshop, without a camera that sees anything."""
    owner = stage.signed_in(BOOKSELLER, "admin")
    owner.follow("Pokladny")
    owner.press("Přidat pokladnu")
    owner.fill("Název pokladny", TILL)
    owner.press("Vytvořit párovací kód")
    owner.sees("Kód k opsání")
    till = stage.window("second-till", PHONE)
    till.go(code_on(owner))
    till.heading("Pokladna je připravená")
    till.press("Začít skenovat")
    till.press("Směna bez jména")
    owner.press("Hotovo")
    return till


def typed(stage: Stage, till: Screen) -> None:
    code = show_voucher(stage).page.locator("p.voucher-code").inner_text()
    till.press("Zadat kód ručně")
    till.fill("Kód", code)
    till.press("Ověřit voucher")


def test_the_auditor_finds_the_redemption_by_its_programme_and_takes_the_list_along(
    stage: Stage, tmp_path: Path
) -> None:
    auditor = stage.signed_in(AUDITOR, "admin")
    auditor.follow("Kniha")
    auditor.heading("Kniha")
    auditor.choose("Program", BOOKS)
    auditor.sees(f"Program: {BOOKS}")
    auditor.sees("Odkud → kam")
    auditor.look("books")
    file = tmp_path / "books.csv"
    auditor.download(lambda: auditor.press("Stáhnout CSV")).save_as(file)
    redeemed = auditor.page.get_by_role("table").get_by_role("link", name="Uplatnění", exact=True)
    assert file.read_text("utf-8-sig").count(";Uplatnění;") == redeemed.count() > 0
    newest = auditor.page.get_by_role("row").filter(has_text="Uplatnění").last
    auditor.follow("Uplatnění", within=newest)
    auditor.heading("Uplatnění", exact=False)
    auditor.sees("Čeká na noční pečeť")
    auditor.look("an entry")
    auditor.follow("všechny zápisy příspěvku")
    auditor.sees("Navýšení příspěvku")


def test_after_the_night_the_mother_has_a_receipt_whose_proof_anyone_can_check(stage: Stage, tmp_path: Path) -> None:
    environment = functions_environment(stage.cloud.environment)
    subprocess.run([sys.executable, "-m", "tests.browser.night"], cwd=ROOT, env=environment, check=True)
    jana = show_voucher(stage)
    jana.follow(BOOKSHOP)
    jana.heading(worded("Uplatněno 120 Kč"))
    jana.sees("Pečeť z")
    jana.look("receipt")
    receipt, seal = tmp_path / "receipt.json", tmp_path / "seal.json"
    jana.download(lambda: jana.press("Stáhnout doklad s důkazem")).save_as(receipt)
    visitor = stage.window("visitor", PHONE)
    visitor.go(f"/{CITY}/cisla")
    visitor.heading("Denní pečetě")
    visitor.look("open figures with seals")
    visitor.download(visitor.page.get_by_role("button", name="Stáhnout pečeť").first.click).save_as(seal)
    assert verified(receipt, seal) == 0
    receipt.write_text(receipt.read_text().replace("12000", "90000"))
    assert verified(receipt, seal) == 1


def verified(receipt: Path, seal: Path) -> int:
    """What the command says, without a network and without AWS."""
    command = [sys.executable, "-m", "aktivni", "verify-receipt", str(receipt), "--seal", str(seal)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def test_the_auditor_has_the_books_proved_and_no_difference_is_found(stage: Stage) -> None:
    auditor = stage.signed_in(AUDITOR, "admin")
    auditor.go(f"/admin/{CITY}/kniha/kontroly")
    auditor.heading("Noční kontrola a pečetě")
    auditor.press("Zkontrolovat teď")
    auditor.sees("Bez rozdílu")
    auditor.look("nights")
    auditor.page.get_by_role("table").first.get_by_role("link").first.click()
    auditor.heading("Kontrola", exact=False)
    auditor.sees("Všechny zůstatky vyšly na haléř")
    auditor.look("a proof")
