"""The journey, fifth part: the voucher in the app and on paper, and at the till: by camera and typed."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Playwright, expect
from pypdfium2 import PdfDocument

from tests.browser import fakecamera
from tests.browser.cast import BOOKS, BOOKSELLER, CASHIER, CITY, DAUGHTER, MOTHER
from tests.browser.conftest import launched
from tests.browser.screen import PHONE, Screen, open_screen, worded
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.cloud]


@pytest.fixture(scope="module")
def till(playwright: Playwright, stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """The till's phone, whose camera looks at the voucher on the mother's phone."""
    film = fakecamera.film(code_on(show_voucher(stage)), path=tmp_path_factory.mktemp("camera") / "voucher.y4m")
    browser = launched(playwright, *fakecamera.arguments(film))
    yield open_screen(browser, stage.origin, "till", PHONE, permissions=["camera"])
    browser.close()


def show_voucher(stage: Stage) -> Screen:
    jana = stage.signed_in(MOTHER, "moje", PHONE)
    jana.go(f"/moje/{CITY}/vouchery")
    jana.heading("Kredit a vouchery")
    jana.follow("Ukázat voucher")
    jana.heading("Ukažte kód u pokladny")
    jana.settle()
    return jana


def code_on(screen: Screen) -> str:
    """What anybody's camera reads from this screen."""
    return code_in(Image.open(BytesIO(screen.page.screenshot(scale="device"))))


def code_in(picture: Image.Image) -> str:
    [seen] = zxingcpp.read_barcodes(picture)
    return str(seen.text)


def test_the_mother_finds_the_voucher_by_mail_and_its_pdf_holds_the_same_code(stage: Stage, tmp_path: Path) -> None:
    jana = stage.signed_in(MOTHER, "moje", PHONE)
    jana.go(stage.link_for(MOTHER, "voucher je připravený"))
    jana.heading("Ukažte kód u pokladny")
    jana.sees(BOOKS)
    jana.sees(DAUGHTER)
    jana.go(f"/moje/{CITY}/vouchery")
    jana.waits_for("Ukázat voucher")
    jana.look("wallet")
    show_voucher(stage)
    jana.look("voucher")
    on_screen = code_on(jana)
    file = tmp_path / "voucher.pdf"
    jana.download(lambda: jana.press("Stáhnout PDF")).save_as(file)
    assert code_in(PdfDocument(file)[0].render(scale=150 / 72).to_pil()) == on_screen


def test_the_code_on_a_phone_is_large_and_in_the_middle(stage: Stage) -> None:
    jana = show_voucher(stage)
    card, full = jana.page.locator(".voucher-card"), jana.page.locator("dialog.voucher-full")
    assert code_on(jana)
    is_large_and_in_the_middle(card)
    jana.press("Na celou obrazovku")
    is_large_and_in_the_middle(full)
    assert code_on(jana)
    jana.press("Zavřít", within=full)


def is_large_and_in_the_middle(around: Locator) -> None:
    """At 360 px: at least 260 px of modules, as far from the left as from the right."""
    modules, box = around.locator("svg.qr path").bounding_box(), around.bounding_box()
    assert modules
    assert box
    assert modules["width"] >= 260
    assert abs((modules["x"] - box["x"]) * 2 + modules["width"] - box["width"]) <= 2


def test_the_bookseller_adds_a_till_and_a_phone_becomes_it(stage: Stage, till: Screen) -> None:
    owner = stage.signed_in(BOOKSELLER, "admin")
    owner.follow("Pokladny")
    owner.heading("Pokladny")
    owner.look("tills empty")
    owner.press("Přidat pokladnu")
    owner.fill("Název pokladny", "Pult")
    owner.press("Vytvořit párovací kód")
    owner.sees("Kód k opsání")
    owner.look("pairing code")
    till.go("/reader/")
    till.heading("Spárujte pokladnu")
    till.look("not paired")
    # The phone's own camera opens the link in a window of its own.
    till.go("about:blank")
    till.go(code_on(owner))
    till.heading("Pokladna je připravená")
    till.look("paired")
    till.press("Začít skenovat")
    till.fill("Jméno pokladníka", CASHIER.name)
    till.look("cashier")
    till.press("Začít směnu")
    owner.press("Hotovo")
    owner.sees("Pult")
    owner.look("tills")


def test_a_part_is_redeemed_by_camera_and_taken_back(till: Screen) -> None:
    scanned(till)
    till.look("valid")
    redeem(till, "120")
    till.look("redeemed")
    till.press("Vzít zpět")
    till.heading("Vráceno", exact=False)
    till.look("taken back")
    till.press("Skenovat další")


def test_the_same_scan_again_redeems_another_part(till: Screen) -> None:
    scanned(till)
    redeem(till, "300")
    expect(till.page.get_by_text(worded("200,00 Kč")).first).to_be_visible()
    till.press("Skenovat další")


def test_the_rest_is_redeemed_by_the_typed_code_and_the_next_scan_is_refused(stage: Stage, till: Screen) -> None:
    code = show_voucher(stage).page.locator("p.voucher-code").inner_text()
    till.go("/reader/")
    till.press("Zadat kód ručně")
    till.heading("Kód z voucheru")
    till.look("code typed")
    till.fill("Kód", code)
    till.press("Ověřit voucher")
    redeem(till, "200")
    till.press("Skenovat další")
    till.heading("Už uplatněno")
    till.look("refused")
    till.go("/reader/dnes")
    till.heading("Dnes")
    expect(till.page.get_by_text(re.compile(r"vráceno")).first).to_be_visible()
    till.look("today")
    jana = stage.signed_in(MOTHER, "moje", PHONE)
    jana.go(f"/moje/{CITY}/vouchery")
    jana.sees("Zatím tu nic není")
    jana.look("wallet used")


def scanned(till: Screen) -> None:
    till.heading("Voucher platí")


def redeem(till: Screen, amount: str) -> None:
    till.heading("Voucher platí")
    till.fill("Kolik uplatnit", amount)
    till.press(f"Uplatnit {amount} Kč")
    till.heading(f"Uplatněno {amount} Kč")
