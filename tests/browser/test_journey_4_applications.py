"""The journey, fourth part: applications are submitted and approved; credit is ordered with and confirmed."""

import pytest
from playwright.sync_api import expect

from tests.browser.cast import ACTIVITY, BOOKS, CITY, CLERK, CLUB, CLUB_OWNER, DAUGHTER, MOTHER, PASSWORD, SPORT
from tests.browser.screen import PHONE, Screen, labelled
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.cloud]


def test_what_is_typed_into_the_wizard_survives_no_network_a_reload_another_tab_and_an_ended_sign_in(
    stage: Stage,
) -> None:
    jana = stage.signed_in(MOTHER, "moje", PHONE)
    note = "Poznámka pro město"
    jana.go(f"/moje/{CITY}/programy")
    jana.follow(SPORT)
    jana.follow("Požádat")
    jana.tick(DAUGHTER)
    jana.press("Pokračovat")
    jana.heading("Podmínky programu")
    jana.press("Pokračovat")
    jana.heading("Na co příspěvek použijete?")
    address = jana.page.url

    jana.page.context.set_offline(True)
    jana.fill(note, "Napsáno bez sítě.")
    jana.press("Pokračovat")
    jana.sees("Nejste připojeni k internetu")
    jana.heading("Na co příspěvek použijete?")
    jana.page.context.set_offline(False)
    jana.sees("Koncept uložen")
    jana.page.reload()
    reads(jana, note, "Napsáno bez sítě.")

    other = Screen(jana.page.context.new_page(), jana.who, PHONE)
    other.go(address)
    reads(other, note, "Napsáno bez sítě.")
    other.fill(note, "Napsáno v druhé kartě.")
    other.sees("Koncept uložen")
    other.page.close()
    jana.fill(note, "Napsáno tady.")
    jana.sees("Žádost je mezitím upravená jinde")
    jana.look("application edited elsewhere")
    reads(jana, note, "Napsáno tady.")
    jana.press("Pokračovat s těmito")
    jana.sees("Koncept uložen")

    jana.page.context.clear_cookies()
    jana.page.route("**/draft", lambda route: route.fulfill(status=401, json={"code": "sign_in_needed"}), times=1)
    jana.fill(note, "Napsáno po přihlášení.")
    jana.sees("Přihlášení vypršelo")
    dialog = jana.page.get_by_role("dialog")
    jana.fill("E-mail", MOTHER.email, within=dialog)
    jana.fill("Heslo", PASSWORD, within=dialog)
    jana.press("Přihlásit", within=dialog)
    expect(dialog).to_have_count(0)
    reads(jana, note, "Napsáno po přihlášení.")
    jana.press("Pokračovat")
    jana.heading("Doklady")
    jana.page.go_back()
    jana.page.reload()
    reads(jana, note, "Napsáno po přihlášení.")
    jana.go(address.rpartition("/")[0] + "/5")
    jana.press("Zahodit koncept")
    jana.heading("Žádosti")


def reads(screen: Screen, label: str, value: str) -> None:
    """What stands in a field."""
    expect(screen.page.get_by_label(labelled(label))).to_have_value(value)


@pytest.mark.parametrize(("programme", "amount"), [(SPORT, "800"), (BOOKS, "500")])
def test_the_mother_applies_for_her_daughter(stage: Stage, programme: str, amount: str) -> None:
    jana = stage.signed_in(MOTHER, "moje", PHONE)
    jana.go(f"/moje/{CITY}/programy")
    jana.sees(programme)
    jana.look("programmes")
    jana.follow(programme)
    jana.heading(programme)
    jana.follow("Požádat")
    jana.sees(DAUGHTER)
    jana.look("application for whom")
    jana.tick(DAUGHTER)
    jana.press("Pokračovat")
    jana.heading("Podmínky programu")
    jana.look("application conditions")
    jana.press("Pokračovat")
    jana.heading("Na co příspěvek použijete?")
    jana.look("application activity")
    jana.fill("Poznámka pro město", "Děkujeme.")
    jana.press("Pokračovat")
    jana.heading("Doklady")
    jana.look("application documents")
    jana.press("Pokračovat")
    jana.heading("Zkontrolujte a odešlete")
    jana.look("application summary")
    jana.press(f"Odeslat žádost o {amount} Kč")
    jana.sees("Žádost je odeslaná")
    jana.look("application sent")


def test_a_clerk_sees_the_queue_and_approves_both_in_order(stage: Stage) -> None:
    clerk = stage.signed_in(CLERK, "admin")
    clerk.go(f"/admin/{CITY}")
    clerk.look("town overview")
    clerk.go(f"/admin/{CITY}/zadosti")
    clerk.sees(DAUGHTER)
    clerk.look("queue")
    clerk.follow("Posuzovat po řadě")
    declines_and_takes_it_back(clerk)
    clerk.go(f"/admin/{CITY}/zadosti")
    clerk.follow("Posuzovat po řadě")
    for amount in ("800", "500"):
        clerk.sees("Zbude po schválení")
        clerk.look("review")
        clerk.press(f"Schválit {amount} Kč")
        clerk.gone(f"Schválit {amount} Kč")
        clerk.sees("Žádost je schválená")
    clerk.go(f"/admin/{CITY}/zadosti")
    clerk.sees("Ve frontě nic není")
    clerk.look("queue empty")


def declines_and_takes_it_back(clerk: Screen) -> None:
    """A slip of the hand: told what it means beforehand, and nobody hears of it."""
    clerk.tick("Vrátit k doplnění")
    clerk.fill("Co má žadatel doplnit", "Doplňte rozvrh.")
    clerk.tick("Nevyhovět")
    clerk.sees("Všechny podmínky jsou splněné")
    clerk.fill("Důvod", "Spletl jsem si žádost.")
    clerk.page.reload()
    reads(clerk, "Důvod", "Spletl jsem si žádost.")
    clerk.look("decline")
    address = clerk.page.url
    clerk.press("Nevyhovět žádosti")
    clerk.sees("Žádosti není vyhověno")
    clerk.go(address)
    clerk.sees("Už je rozhodnuto")
    clerk.look("declined")
    clerk.press("Vzít nevyhovění zpět")
    clerk.sees("Žádost je zpátky v posouzení")
    clerk.sees("Zbude po schválení")
    clerk.tick("Nevyhovět")
    clerk.fill("Důvod", "Znovu ta špatná.")
    clerk.press("Nevyhovět žádosti")
    clerk.press("Vzít zpět")
    clerk.sees("Žádost je zpátky v posouzení")
    clerk.go(address)
    clerk.sees("Zbude po schválení")


def test_she_orders_an_activity_on_credit_and_sees_what_is_left_to_pay(stage: Stage) -> None:
    jana = stage.signed_in(MOTHER, "moje", PHONE)
    jana.go(f"/moje/{CITY}")
    jana.sees(SPORT)
    jana.look("overview with credit")
    jana.go(f"/moje/{CITY}/nabidka")
    jana.sees(ACTIVITY)
    jana.look("offer")
    jana.follow(ACTIVITY)
    jana.heading(ACTIVITY)
    jana.look("activity")
    jana.press("Zaplatit kreditem")
    jana.sees("Doplatíte poskytovateli")
    jana.look("price split")
    jana.press("Zaplatit kreditem 800 Kč")
    jana.sees("Objednávka je odeslaná")
    jana.look("ordered")
    jana.follow("Zobrazit objednávku")
    jana.sees("Čekáme na potvrzení poskytovatele")
    jana.look("order")


def test_the_club_confirms_and_the_credit_is_owed_to_it(stage: Stage) -> None:
    owner = stage.signed_in(CLUB_OWNER, "admin")
    owner.follow("Přehled")
    owner.heading(CLUB)
    owner.sees(f"Objednávka: {DAUGHTER}")
    owner.look("provider overview")
    owner.follow("Objednávky")
    owner.sees(DAUGHTER)
    owner.look("provider orders")
    owner.follow(DAUGHTER)
    owner.look("provider order")
    owner.press("Potvrdit objednávku")
    owner.sees("Objednávka je potvrzená")
    owner.look("provider order confirmed")
    jana = stage.signed_in(MOTHER, "moje", PHONE)
    jana.go(f"/moje/{CITY}/objednavky")
    jana.sees("Potvrzená")
    jana.look("orders")
    jana.go(f"/moje/{CITY}/vouchery")
    jana.sees("Vyčerpaný")
