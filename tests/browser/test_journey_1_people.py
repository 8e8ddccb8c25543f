"""The journey, first part: the town hall gets ready, a citizen registers and her household is verified.

The steps stand on each other and are run in the order in which they are written.
"""

import pytest

from tests.browser.cast import (
    ADMINISTRATOR,
    ASSISTANT,
    CITY,
    CLERK,
    DAUGHTER,
    DAUGHTER_BORN,
    HOME,
    LEAVING_ASSISTANT,
    MOTHER,
    MOTHER_BORN,
    OFFICERS,
    PASSWORD,
    SECOND_ADMINISTRATOR,
    STAFF,
    Person,
)
from tests.browser.founding import come_to_the_counter, register_and_leave
from tests.browser.screen import PHONE, Screen
from tests.browser.stage import Stage, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.cloud]


def test_the_two_whom_the_operator_named_come_by_their_letters(stage: Stage) -> None:
    first = accept_invitation(stage, ADMINISTRATOR)
    first.sees(ADMINISTRATOR.name)
    first.go(f"/admin/{CITY}/nastaveni/lide")
    first.sees("Správce města jste jen vy")
    first.look("alone")
    accept_invitation(stage, SECOND_ADMINISTRATOR).sees(SECOND_ADMINISTRATOR.name)


def test_the_administrator_invites_colleagues_who_accept_from_their_mail(stage: Stage) -> None:
    admin = stage.signed_in(ADMINISTRATOR, "admin")
    admin.go(f"/admin/{CITY}/nastaveni/lide")
    admin.heading("Pozvat do úřadu")
    admin.sees_not("Správce města jste jen vy")
    admin.look("staff")
    for colleague in STAFF:
        admin.fill("E-mail kolegy", colleague.email)
        admin.tick(colleague.role)
        admin.press("Poslat pozvánku")
        admin.sees(f"Pozvánka je poslaná na {colleague.email}")
    for colleague in STAFF:
        accept_invitation(stage, colleague).sees("potvrzuje ještě druhý správce")


def test_a_second_administrator_agrees_to_the_roles_and_first_to_those_who_prove_the_others(stage: Stage) -> None:
    first = stage.signed_in(ADMINISTRATOR, "admin")
    first.go(f"/admin/{CITY}/nastaveni/lide")
    first.heading("Čeká na druhého správce")
    first.gone("Schválit roli")
    second = stage.signed_in(SECOND_ADMINISTRATOR, "admin")
    second.go(f"/admin/{CITY}/nastaveni/lide")
    second.heading("Čeká na druhého správce")
    second.look("roles to accept")
    for colleague in (CLERK, *OFFICERS[:1]):
        approve(second, colleague)
    second.sees("Podepsat se za peníze a za role nad nimi může jen člověk s prokázanou totožností")
    second.look("role refused")
    come_to_the_counter(stage.origin, (ADMINISTRATOR, SECOND_ADMINISTRATOR, *OFFICERS))
    for colleague in STAFF:
        if colleague != CLERK:
            approve(second, colleague)
    second.sees_not("Čeká na druhého správce")
    for colleague in STAFF:
        window = stage.window(f"{colleague.surname}-admin")
        window.page.reload()
        window.sees(colleague.name)


def approve(second: Screen, colleague: Person) -> None:
    second.press(f"Schválit roli: {colleague.name}")
    dialog = second.page.get_by_role("dialog")
    second.press("Schválit roli", within=dialog)
    dialog.wait_for(state="detached")


def accept_invitation(stage: Stage, invited: Person, letter: str = "pozvánka do administrace") -> Screen:
    screen = stage.window(f"{invited.surname}-admin")
    screen.go(stage.link_for(invited, letter))
    screen.heading("Pozvánka", exact=False)
    screen.look("invitation")
    screen.fill("Jméno", invited.given_names)
    screen.fill("Příjmení", invited.surname)
    screen.fill("Heslo", PASSWORD)
    screen.press("Přijmout pozvánku")
    screen.heading("Pozvánka je přijatá")
    screen.follow("Přejít do správy")
    sign_in(screen, invited)
    return screen


def test_the_administrator_registers_the_key_of_regina_and_it_begins_to_work(stage: Stage) -> None:
    admin = stage.signed_in(ADMINISTRATOR, "admin")
    admin.go(f"/admin/{CITY}/nastaveni/regina")
    admin.heading("Modul Regina")
    admin.fill("Kde klíč je", "Počítač evidence obyvatel")
    admin.fill("Veřejný klíč", stage.regina_key)
    admin.press("Zaregistrovat klíč")
    admin.sees("Klíč je zaregistrovaný")
    stage.start_regina()
    admin.waits_for("Modul pracuje")
    admin.look("regina")


def test_a_citizen_registers_is_shown_the_notice_and_confirms_by_a_link(stage: Stage) -> None:
    jana = stage.window("Dvořáková-moje", PHONE)
    jana.go(f"/{CITY}")
    jana.look("home")
    jana.go(f"/{CITY}/registrace")
    jana.heading("Přihlašovací údaje")
    jana.press("Pokračovat")
    jana.look("registration refused")
    jana.fill("E-mail", MOTHER.email)
    jana.fill("Heslo", PASSWORD)
    jana.press("Pokračovat")
    jana.heading("Kdo jste")
    jana.fill("Jméno", MOTHER.given_names)
    jana.fill("Příjmení", "Dvorakova")
    jana.born(MOTHER_BORN.day, MOTHER_BORN.month, MOTHER_BORN.year)
    jana.look("registration who")
    jana.press("Pokračovat")
    jana.heading("Kde bydlíte")
    jana.look_up("Adresa trvalého pobytu", HOME.partition(",")[0])
    jana.offered(HOME).wait_for()
    jana.look("registration address")
    jana.offered(HOME).click()
    jana.sees("Vybráno ze seznamu města")
    jana.press("Pokračovat")
    jana.heading("Poučení o údajích")
    jana.sees("Verze 1 z")
    jana.look("registration notice")
    jana.press("Založit účet")
    jana.heading("Otevřete svůj e-mail")
    jana.look("registration sent")
    jana.go(stage.link_for(MOTHER, "otvr"))
    jana.press("Potvrdit e-mail")
    jana.heading("Účet je založený")
    jana.look("registration confirmed")
    jana.follow("Přejít do účtu")
    jana.heading("Přihlášení do účtu")
    jana.look("sign-in")
    sign_in(jana, MOTHER)
    jana.heading("Přehled")
    jana.look("overview empty")


def test_regina_verifies_her_though_she_typed_no_accents(stage: Stage) -> None:
    jana = stage.signed_in(MOTHER, "moje", PHONE)
    jana.go(f"/moje/{CITY}/domacnost")
    jana.waits_for("Ověřeno")
    jana.look("household verified")


def test_she_adds_her_daughter_and_the_registry_knows_that_she_is_the_mother(stage: Stage) -> None:
    jana = stage.signed_in(MOTHER, "moje", PHONE)
    jana.go(f"/moje/{CITY}/domacnost")
    jana.follow("Přidat dítě")
    jana.heading("Přidat dítě")
    given, surname = DAUGHTER.split()
    jana.fill("Jméno", given)
    jana.fill("Příjmení", surname)
    jana.born(DAUGHTER_BORN.day, DAUGHTER_BORN.month, DAUGHTER_BORN.year)
    jana.look("child")
    jana.press("Přidat dítě")
    jana.heading("Domácnost")
    jana.waits_for("Vztah doložen registrem")
    jana.look("household")


def test_an_assistant_at_the_desk_confirms_that_it_is_her(stage: Stage) -> None:
    desk = stage.signed_in(ASSISTANT, "admin")
    desk.go(f"/admin/{CITY}/lide/hledat")
    desk.fill("Příjmení nebo e-mail", "dvorak")
    desk.press("Vyhledat")
    desk.look("people found")
    desk.follow(MOTHER.name)
    desk.heading(MOTHER.name)
    desk.look("person")
    desk.follow("Ověření a doklady")
    desk.heading("Totožnost na přepážce")
    desk.look("verification")
    desk.choose("Předložený doklad", "Občanský průkaz")
    desk.press("Potvrdit totožnost")
    desk.sees("Totožnost je potvrzená")
    jana = stage.signed_in(MOTHER, "moje", PHONE)
    jana.go(f"/moje/{CITY}/domacnost")
    jana.sees("Totožnost prokázaná na přepážce")
    jana.look("household proved")


def test_another_assistant_takes_over_a_senior_whose_own_one_left(stage: Stage) -> None:
    senior = register_and_leave(stage.origin, LEAVING_ASSISTANT, "Stará")
    desk = stage.signed_in(ASSISTANT, "admin")
    desk.go(f"/admin/{CITY}/lide/osoba/{senior}")
    desk.heading("Růžena Stará")
    desk.gone("Podat žádost")
    desk.press("Převzít na přepážce")
    desk.look("take over")
    desk.press("Převzít na přepážce", within=desk.page.get_by_role("dialog"))
    desk.sees("Za tohoto člověka teď jednáte vy")
    desk.follow("Kredit a vouchery")
    desk.heading("Kredit a vouchery")
