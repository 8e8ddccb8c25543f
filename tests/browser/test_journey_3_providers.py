"""The journey, third part: a club and a bookshop sign up, the town approves them, the club puts up its offer."""

import re
from datetime import timedelta

import pytest

from chalicelib.core.clock import PRAGUE, now, today
from tests.browser.cast import (
    ACTIVITY,
    BOOKS,
    BOOKSELLER,
    BOOKSHOP,
    BOOKSHOP_ACCOUNT,
    BOOKSHOP_ICO,
    BUDGET_OFFICER,
    CASHIER,
    CITY,
    CLERK,
    CLUB,
    CLUB_ACCOUNT,
    CLUB_ICO,
    CLUB_OWNER,
    PRICE,
    SPORT,
    Person,
)
from tests.browser.stage import Stage
from tests.browser.test_journey_1_people import accept_invitation

pytestmark = [pytest.mark.browser, pytest.mark.cloud]


def test_a_club_signs_up_by_its_company_number_and_asks_to_join(stage: Stage) -> None:
    sign_up(stage, CLUB_OWNER, CLUB, CLUB_ICO)
    complete(stage, CLUB_OWNER, "Sokolovna", CLUB_ACCOUNT, SPORT)


def test_a_bookshop_signs_up_and_asks_to_join(stage: Stage) -> None:
    sign_up(stage, BOOKSELLER, BOOKSHOP, BOOKSHOP_ICO)
    complete(stage, BOOKSELLER, "U Sovy", BOOKSHOP_ACCOUNT, BOOKS)


def sign_up(stage: Stage, owner: Person, name: str, ico: str) -> None:
    screen = stage.window(f"{owner.surname}-admin")
    screen.go(f"/{CITY}/poskytovatele/registrace")
    screen.heading("Registrace poskytovatele")
    screen.look("provider number")
    screen.fill("IČO", ico)
    screen.press("Najít v registru")
    screen.sees(name)
    screen.look("provider contact")
    screen.fill("Kontaktní osoba", owner.name)
    screen.fill("E-mail", owner.email)
    screen.press("Zaregistrovat poskytovatele")
    screen.heading("Zkontrolujte e-mail")
    screen.look("provider sent")
    accept_invitation(stage, owner, name).follow(name)
    screen.sees(owner.name)


def complete(stage: Stage, owner: Person, branch: str, account: str, programme: str) -> None:
    screen = stage.signed_in(owner, "admin")
    screen.sees("Doplňte provozovnu a bankovní účet")
    screen.look("provider overview new")
    screen.follow("Doplnit údaje")
    screen.heading("Nastavení")
    screen.look("provider settings")
    screen.page.get_by_role("button", name="Přidat provozovnu").first.click()
    screen.fill("Název provozovny", branch)
    screen.fill("Adresa", "Husova 3, Modřínov")
    screen.look("provider branch")
    screen.press("Uložit provozovnu")
    screen.sees("Provozovna je uložená.")
    screen.press("Přidat účet")
    screen.fill("Číslo účtu", "19-2000145398/0800")
    screen.press("Odeslat ke schválení")
    screen.look("provider account refused")
    screen.fill("Číslo účtu", account)
    screen.press("Odeslat ke schválení")
    screen.sees("Účet čeká na schválení městem.")
    screen.press("Požádat o účast")
    screen.choose("Program", programme)
    screen.press("Odeslat žádost")
    screen.sees("Žádost o účast je odeslaná.")
    screen.look("provider asked to join")


def test_the_town_approves_both(stage: Stage) -> None:
    clerk = stage.signed_in(CLERK, "admin")
    for provider in (CLUB, BOOKSHOP):
        clerk.go(f"/admin/{CITY}/poskytovatele?to_do=true")
        clerk.sees(provider)
        clerk.look("providers to do")
        clerk.follow(provider)
        clerk.heading(provider)
        clerk.look("provider")
        clerk.press("Schválit účast")
        clerk.fill("Číslo smlouvy", "SML/2026/14")
        clerk.look("provider approval")
        clerk.press("Schválit účast", within=clerk.page.get_by_role("dialog"))
        clerk.sees("Účast je schválená.")
        clerk.look("provider approved")


def test_finance_approves_both_accounts_once_it_has_called(stage: Stage) -> None:
    finance = stage.signed_in(BUDGET_OFFICER, "admin")
    for provider in (CLUB, BOOKSHOP):
        finance.go(f"/admin/{CITY}/poskytovatele?to_do=true")
        finance.follow(provider)
        finance.sees("Nový účet čeká na schválení")
        finance.press("Schválit nový účet")
        call = finance.page.get_by_role("dialog")
        finance.fill("S kým jste mluvili", "Jaromír Vávra")
        finance.fill("Na čísle", "+420 999 100 300")
        finance.fill("Kdy", f"{now().astimezone(PRAGUE):%Y-%m-%dT%H:%M:%S}")
        finance.look("account call")
        finance.press("Schválit nový účet", within=call)
        finance.sees(re.compile("ověřeno hovorem"))


def test_the_club_puts_up_an_activity_with_places(stage: Stage) -> None:
    owner = stage.signed_in(CLUB_OWNER, "admin")
    owner.follow("Nabídka", exact=False)
    owner.heading("Nabídka")
    owner.look("offer empty")
    owner.page.get_by_role("link", name="Přidat aktivitu").first.click()
    owner.heading("Nová aktivita")
    owner.fill("Název", ACTIVITY)
    owner.fill("Místo", "Sokolovna")
    owner.look("activity new")
    owner.press("Vytvořit koncept")
    owner.heading(ACTIVITY)
    owner.press("Přidat termín")
    starts_on = today() + timedelta(days=7)
    owner.fill("Začátek", starts_on.isoformat())
    owner.fill("Konec", (starts_on + timedelta(days=60)).isoformat())
    owner.fill("Počet míst", "12")
    owner.fill("Cena za celý termín", PRICE)
    owner.fill("Objednat jde do", (starts_on - timedelta(days=1)).isoformat())
    owner.look("session")
    owner.press("Uložit termín")
    owner.sees("Termín je uložený.")
    owner.press("Zveřejnit")
    owner.sees("Aktivita je v nabídce.")
    owner.look("activity")


def test_the_bookseller_invites_a_cashier(stage: Stage) -> None:
    owner = stage.signed_in(BOOKSELLER, "admin")
    owner.follow("Nastavení")
    owner.press("Pozvat")
    owner.fill("E-mail", CASHIER.email, within=owner.page.get_by_role("dialog"))
    owner.look("provider invites")
    owner.press("Poslat pozvánku")
    owner.sees(f"Pozvánka odešla na {CASHIER.email}.")
    cashier = accept_invitation(stage, CASHIER, BOOKSHOP)
    cashier.look("whom I work for")
    cashier.follow(BOOKSHOP)
    cashier.sees(CASHIER.name)
    cashier.look("cashier")
