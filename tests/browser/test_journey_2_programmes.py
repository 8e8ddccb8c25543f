"""The journey, second part: the town makes two programmes, two people sign their money, the public finds them."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from chalicelib.core.clock import today
from tests.browser.cast import (
    ADMINISTRATOR,
    AUTHORISING_OFFICER,
    BOOKS,
    BUDGET_OFFICER,
    CITY,
    DAUGHTER_BORN,
    HOME,
    NEWCOMER,
    PASSWORD,
    PROGRAMME_OWNER,
    SPORT,
    Person,
)
from tests.browser.screen import PHONE, Screen, labelled
from tests.browser.stage import Stage, sign_in

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


def test_rules_typed_and_not_saved_survive_a_reload_and_a_colleague(stage: Stage) -> None:
    admin, owner = stage.signed_in(ADMINISTRATOR, "admin"), stage.signed_in(PROGRAMME_OWNER, "admin")
    for screen in (admin, owner):
        open_programme(screen, SPORT)
    admin.fill("Na co přispíváte", "Sport, kroužky a tábory dětí")
    admin.page.reload()
    reads(admin, "Na co přispíváte", "Sport, kroužky a tábory dětí")
    owner.fill("Název anglicky", "Modřínov on the move")
    owner.press("Uložit pravidla")
    owner.sees("Pravidla jsou uložená")
    admin.press("Uložit pravidla")
    admin.sees("Pravidla mezitím uložil někdo jiný")
    admin.look("a colleague saved other rules")
    reads(admin, "Na co přispíváte", "Sport, kroužky a tábory dětí")
    admin.press("Načíst uložené znění")
    reads(admin, "Název anglicky", "Modřínov on the move")
    reads(admin, "Na co přispíváte", "Pravidelný sport a kroužky dětí")


def test_a_leaflet_that_says_another_day_than_the_rules_is_not_published(stage: Stage) -> None:
    admin = stage.signed_in(ADMINISTRATOR, "admin")
    open_programme(admin, SPORT)
    admin.fill("Text letáku", "Žádejte do 1. 1. 1999.")
    admin.press("Zveřejnit")
    dialog = admin.page.get_by_role("dialog")
    admin.sees("Text a pravidla se rozcházejí", within=dialog)
    expect(dialog.get_by_role("button", name="Zveřejnit", exact=True)).to_be_disabled()
    admin.look("not to be published")
    admin.press("Nechat tak", within=dialog)


def test_the_administrator_publishes_both_as_they_are_typed(stage: Stage) -> None:
    admin, visitor = stage.signed_in(ADMINISTRATOR, "admin"), stage.window("visitor", PHONE)
    for programme in (SPORT, BOOKS):
        open_programme(admin, programme)
        admin.sees("V účinnosti")
        admin.fill("Text letáku", f"{programme}: napsáno těsně před zveřejněním.")
        admin.press("Zveřejnit")
        admin.sees("rozpočet", within=admin.page.get_by_role("dialog"))
        admin.look("publish?")
        admin.press("Zveřejnit", within=admin.page.get_by_role("dialog"))
        admin.sees("Program je zveřejněný")
        visitor.go(f"/{CITY}/programy")
        visitor.follow(programme)
        visitor.sees(f"{programme}: napsáno těsně před zveřejněním.")


def open_programme(screen: Screen, name: str) -> None:
    screen.go(f"/admin/{CITY}/programy")
    screen.follow(name)
    screen.heading(name)


def reads(screen: Screen, label: str, value: str) -> None:
    """What stands in a field."""
    expect(screen.page.get_by_label(labelled(label))).to_have_value(value)


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


def test_from_apply_to_the_wizard_nothing_is_lost_by_back_reload_or_the_letters_tab(stage: Stage) -> None:
    karel = stage.window(f"{NEWCOMER.surname}-moje", PHONE)
    karel.go(f"/{CITY}/programy")
    karel.follow(BOOKS)
    karel.heading(BOOKS)
    karel.follow("Požádat")
    karel.heading("Přihlášení do účtu")
    karel.follow("Založit účet")
    karel.heading("Přihlašovací údaje")
    karel.fill("E-mail", NEWCOMER.email)
    karel.fill("Heslo", PASSWORD)
    karel.press("Pokračovat")
    karel.heading("Kdo jste")
    karel.fill("Jméno", NEWCOMER.given_names)
    karel.page.go_back()
    karel.heading("Přihlašovací údaje")
    reads(karel, "E-mail", NEWCOMER.email)
    karel.page.go_forward()
    karel.heading("Kdo jste")
    reads(karel, "Jméno", NEWCOMER.given_names)
    karel.fill("Příjmení", NEWCOMER.surname)
    karel.born(3, 3, 1979)
    karel.page.reload()
    reads(karel, "Příjmení", NEWCOMER.surname)
    reads(karel, "Rok", "1979")
    karel.press("Pokračovat")
    karel.heading("Kde bydlíte")
    karel.look_up("Adresa trvalého pobytu", HOME.partition(",")[0])
    karel.offered(HOME).click()
    karel.press("Pokračovat")
    karel.heading("Poučení o údajích")
    assert PASSWORD not in karel.page.evaluate("() => JSON.stringify({...sessionStorage, ...localStorage})")
    karel.fill("Zadejte heslo znovu", PASSWORD)
    karel.look("registration password again")
    karel.press("Založit účet")
    karel.heading("Otevřete svůj e-mail")

    letters_tab = Screen(karel.page.context.new_page(), karel.who, PHONE)
    letters_tab.go(stage.link_for(NEWCOMER, "otvr"))
    letters_tab.press("Potvrdit e-mail")
    letters_tab.heading("Účet je založený")
    letters_tab.follow("Pokračovat v žádosti")
    sign_in(letters_tab, NEWCOMER)
    letters_tab.heading("Pro koho žádáte?")
    letters_tab.sees(BOOKS)
    letters_tab.sees(NEWCOMER.name)
    letters_tab.page.close()


def test_the_offer_and_the_news_are_reached_from_every_page(stage: Stage) -> None:
    visitor = stage.window("visitor-desk")
    visitor.go(f"/{CITY}")
    for name in ("Nabídka", "Novinky"):
        visitor.follow(name, exact=True)
        visitor.heading(name)
        visitor.look(f"www {name}")
    visitor.sees(SPORT)
