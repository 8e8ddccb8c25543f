"""The journey, second part: the town makes two programmes, two people sign their money, the public finds them."""

from datetime import date, timedelta

import pytest

from chalicelib.core.clock import today
from tests.browser.cast import (
    ADMINISTRATOR,
    AUTHORISING_OFFICER,
    BOOKS,
    BUDGET_OFFICER,
    CITY,
    DAUGHTER_BORN,
    HOME,
    SPORT,
    Person,
)
from tests.browser.screen import PHONE, Screen
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.cloud]

BORN_FROM = date(2008, 9, 1)


def test_the_administrator_makes_a_credit_programme_and_reads_its_rules_as_sentences(stage: Stage) -> None:
    admin = stage.signed_in(ADMINISTRATOR, "admin")
    admin.go(f"/admin/{CITY}/programy")
    admin.heading("Programy")
    admin.look("programmes empty")
    admin.follow("Nový program")
    admin.heading("Nový program")
    admin.look("programme new")
    fill_texts(admin, SPORT, "Pravidelný sport a kroužky dětí")
    admin.fill("Částky", "400 + 400")
    fill_conditions(admin)
    admin.choose("Poskytovatel dostane peníze", "potvrzením objednávky")
    admin.sees("Žádat jde pro osobu narozenou")
    admin.look("programme filled")
    save_draft(admin, SPORT)
    propose_budget(admin, "400 000")
    admin.look("programme draft")


def test_the_administrator_makes_a_voucher_programme(stage: Stage) -> None:
    admin = stage.signed_in(ADMINISTRATOR, "admin")
    admin.go(f"/admin/{CITY}/programy/novy")
    admin.heading("Nový program")
    fill_texts(admin, BOOKS, "Dětská kniha")
    admin.choose("Forma", "Voucher: pokladna ho načte")
    admin.fill("Částky", "500")
    admin.fill("Nejnižší nákup", "100")
    fill_conditions(admin)
    admin.look("programme voucher filled")
    save_draft(admin, BOOKS)
    propose_budget(admin, "90 000")


def fill_texts(screen: Screen, name: str, purpose: str) -> None:
    screen.fill("Název", name)
    screen.fill("Na co přispíváte", purpose)
    screen.fill("Text letáku", f"{name}: {purpose.lower()}. Na příspěvek není právní nárok.")


def fill_conditions(screen: Screen) -> None:
    screen.fill("Narození od", BORN_FROM.isoformat())
    screen.tick("Před přiznáním prokázat totožnost kódem z dopisu nebo u přepážky")
    for label, days in (("Žádosti od", 0), ("Žádosti do", 30), ("Utrácení od", 0), ("Utrácení do", 90)):
        screen.fill(label, (today() + timedelta(days=days)).isoformat())
    screen.fill("Právní základ", "zákon č. 128/2000 Sb., o obcích, § 35 odst. 2")
    screen.fill("Číslo usnesení", "14/2026")
    screen.fill("Den usnesení", today().isoformat())


def save_draft(screen: Screen, name: str) -> None:
    screen.press("Založit koncept")
    screen.sees("Koncept je založený")
    screen.heading(name)


def propose_budget(screen: Screen, amount: str) -> None:
    screen.press("Navrhnout částku")
    screen.fill("Částka", amount)
    screen.fill("Na základě čeho", "Usnesení rady č. 14/2026")
    screen.press("Navrhnout k podpisu")
    screen.sees("Částka čeká na podpisy")


def test_two_officers_sign_the_budgets_and_each_only_once(stage: Stage) -> None:
    for officer in (AUTHORISING_OFFICER, BUDGET_OFFICER):
        for programme, amount in ((SPORT, "400 000"), (BOOKS, "90 000")):
            sign_budget(stage, officer, programme, amount)


def sign_budget(stage: Stage, officer: Person, programme: str, amount: str) -> None:
    screen = stage.signed_in(officer, "admin")
    screen.go(f"/admin/{CITY}/programy")
    screen.follow(programme)
    screen.heading(programme)
    screen.look("budget to sign")
    screen.press(f"Podepsat {amount} Kč ({officer.role})")
    screen.sees("Podpis je zapsaný")
    screen.gone(f"Podepsat {amount} Kč ({officer.role})")


def test_the_administrator_publishes_both(stage: Stage) -> None:
    admin = stage.signed_in(ADMINISTRATOR, "admin")
    for programme in (SPORT, BOOKS):
        admin.go(f"/admin/{CITY}/programy")
        admin.follow(programme)
        admin.heading(programme)
        admin.sees("V účinnosti")
        admin.press("Zveřejnit")
        admin.look("publish?")
        admin.press("Zveřejnit", within=admin.page.get_by_role("dialog"))
        admin.sees("Program je zveřejněný")


def test_the_public_finds_a_programme_and_checks_the_conditions_without_signing_in(stage: Stage) -> None:
    visitor = stage.window("visitor", PHONE)
    visitor.go(f"/{CITY}")
    visitor.sees(SPORT)
    visitor.look("home with programmes")
    visitor.go(f"/{CITY}/programy")
    visitor.sees(BOOKS)
    visitor.look("programmes")
    visitor.follow(SPORT)
    visitor.heading(SPORT)
    visitor.born(DAUGHTER_BORN.day, DAUGHTER_BORN.month, DAUGHTER_BORN.year)
    visitor.fill("Ulice a číslo domu", HOME.partition(",")[0])
    visitor.tick(HOME)
    visitor.press("Ověřit podmínky")
    visitor.sees("Podmínky splňujete")
    visitor.look("conditions met")
    visitor.born(1, 1, 1980)
    visitor.press("Ověřit podmínky")
    visitor.sees("Podmínky teď nesplňujete")
    visitor.look("conditions not met")
