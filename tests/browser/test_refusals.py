"""What a person sees when the answer is no, one screen for each kind of refusal; what they typed stays."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Route, expect

from chalicelib.core.refusals import OurFault
from tests.browser.cast import ADMINISTRATOR, CITY, TOWN
from tests.browser.screen import DESK, Screen, open_screen, worded
from tests.browser.stage import Stage, sign_in
from tests.money.fees.test_charges import a_file, a_row

pytestmark = [pytest.mark.browser, pytest.mark.cloud]

SETTINGS, SAVE = f"/admin/{CITY}/nastaveni", "Uložit nastavení"
HOURS = "po a st 8–17"
SUPPORT_CODE = "01JD7Q8Z4M4K6W2V3T5R9YXABC"


@pytest.fixture(scope="module")
def admin(stage: Stage) -> Iterator[Screen]:
    """The administrator's window, signed in."""
    screen = open_screen(stage.browser, stage.origin, "administrator", DESK)
    screen.go(SETTINGS)
    sign_in(screen, ADMINISTRATOR)
    yield screen
    screen.page.context.close()


def test_field_what_only_the_server_finds_stands_at_its_field_and_the_summary_leads_there(admin: Screen) -> None:
    open_settings(admin)
    admin.fill("Kdy máte otevřeno", HOURS)
    admin.fill("Účet města", "19-2000145398/0800")
    admin.press(SAVE)
    wrong = admin.page.get_by_label("Účet města")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    summary = admin.page.get_by_role("alert").filter(has_text=worded("Ještě to nejde odeslat"))
    expect(summary).to_be_focused()
    to_field = summary.get_by_role("link")
    expect(to_field).to_have_text(worded("Účet města: Napište číslo českého účtu"))
    to_field.click()
    expect(wrong).to_be_focused()
    expect(wrong).to_have_value("19-2000145398/0800")
    expect(admin.page.get_by_label("Kdy máte otevřeno")).to_have_value(HOURS)
    admin.look("refused field")


def test_line_each_bad_line_of_a_file_is_listed_with_what_is_wrong(admin: Screen) -> None:
    admin.go(f"/admin/{CITY}/exporty/predpisy")
    file = a_file(a_row("A-1", due_on="2026-02-31"), a_row("A-2"), a_row("A-3", vs="12x"))
    admin.attach("predpisy.csv", file, "text/csv")
    refusal = admin.page.get_by_role("alert").filter(has_text=worded("Soubor jsme nepřevzali"))
    lines = refusal.get_by_role("listitem")
    expect(lines).to_have_count(2)
    expect(lines.nth(0)).to_have_text(worded("Řádek 2: due_on"))
    expect(lines.nth(1)).to_have_text(worded("Řádek 4: vs"))
    admin.look("refused lines")


def test_whole_a_refusal_of_no_field_is_told_in_its_words(stage: Stage) -> None:
    screen = open_screen(stage.browser, stage.origin, "somebody", DESK)
    screen.go(SETTINGS)
    screen.fill("E-mail", ADMINISTRATOR.email)
    screen.fill("Heslo", "neni-to-ono-3")
    screen.press("Přihlásit")
    screen.sees(worded("E-mail nebo heslo nesouhlasí."))
    expect(screen.page.get_by_label("E-mail")).to_have_value(ADMINISTRATOR.email)
    screen.look("refused whole")
    screen.page.context.close()


def test_conflict_who_was_slower_hears_of_it_and_keeps_what_they_typed(admin: Screen) -> None:
    slower = Screen(admin.page.context.new_page(), "administrator again", DESK)
    open_settings(slower)
    open_settings(admin)
    admin.fill("Kdy máte otevřeno", "út 8–11")
    admin.press(SAVE)
    admin.sees(worded("Nastavení je uložené"))
    slower.fill("Kde vás najdou", "Radniční 5")
    slower.press(SAVE)
    slower.sees(worded("Záznam mezitím změnil někdo jiný."))
    expect(slower.page.get_by_label("Kde vás najdou")).to_have_value("Radniční 5")
    slower.page.close()
    open_settings(admin)
    expect(admin.page.get_by_label("Kdy máte otevřeno")).to_have_value("út 8–11")


def documented(route: Route) -> None:
    document = {"title": OurFault.cs, "detail": OurFault.cs, "status": 500, "code": "our_fault"}
    body = json.dumps(document | {"correlation_id": SUPPORT_CODE, "facts": {}})
    route.fulfill(status=500, content_type="application/problem+json", body=body)


def by_the_edge(route: Route) -> None:
    page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
    route.fulfill(status=502, content_type="text/html", body=page, headers={"x-amz-cf-id": SUPPORT_CODE})


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (documented, ["Chyba je na naší straně", "Něco se pokazilo u nás.", f"Kód pro podporu: {SUPPORT_CODE}"]),
        (by_the_edge, ["Chyba je na naší straně", "Něco se u nás pokazilo.", f"Kód pro podporu: {SUPPORT_CODE}"]),
        (lambda route: route.abort(), ["Odpověď nepřišla", "Nejste připojeni k internetu, nebo server neodpovídá."]),
    ],
    ids=["a problem document", "a page of the edge", "no answer"],
)
def test_our_fault_is_called_ours_with_a_code_for_support(
    admin: Screen, answer: Callable[[Route], None], said: list[str]
) -> None:
    open_settings(admin)
    admin.fill("Kde vás najdou", "Radniční 7")
    admin.page.route(f"**/v1/cities/{CITY}", answer)
    admin.press(SAVE)
    for words in said:
        admin.sees(worded(words))
    for words in ("Tohle teď nejde", "502 Bad Gateway"):
        admin.sees_not(worded(words))
    expect(admin.page.get_by_label("Kde vás najdou")).to_have_value("Radniční 7")
    admin.page.unroute(f"**/v1/cities/{CITY}")
    admin.faults.clear()  # the fault was asked for


def open_settings(screen: Screen) -> None:
    screen.go(SETTINGS)
    expect(screen.page.get_by_label("Název města")).to_have_value(TOWN)
