"""The till in a real browser: paired by a link, a voucher scanned by camera, redeemed, taken back, refused, off line."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from chalicelib.core import aws, secrets, settings
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Transfer
from chalicelib.money.vouchers import counter, devices
from chalicelib.money.vouchers.model import Voucher
from localcloud.cloud import functions_environment, running
from tests.browser import fakecamera
from tests.browser.screen import PHONE, ROOT, Screen, open_screen, worded
from tests.money.vouchers.build import CITY, Scene, a_scene, a_voucher, codes_of, left

pytestmark = [pytest.mark.browser, pytest.mark.cloud]

HEADLESS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]

type Reader = Callable[..., AbstractContextManager[Screen]]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A local cloud that serves a fresh build of the apps, with this process looking into the same table."""
    dist = tmp_path_factory.mktemp("dist")
    build = ["npx", "vite", "build", "--outDir", str(dist), "--emptyOutDir", "--logLevel", "error"]
    subprocess.run(build, cwd=ROOT / "web", check=True)
    before = dict(os.environ)
    os.environ["WEB_DIST"] = str(dist)
    with running(tmp_path_factory.mktemp("cloud")) as cloud:
        os.environ.update(functions_environment(cloud.environment))
        _look_again()
        yield cloud.origin
    os.environ.clear()
    os.environ.update(before)
    _look_again()


def _look_again() -> None:
    settings.settings.cache_clear()
    secrets.pepper.cache_clear()
    secrets.signing_key.cache_clear()
    aws._client.cache_clear()


@pytest.fixture(scope="module")
def scene(origin: str) -> Scene:
    return a_scene()


@pytest.fixture
def reader(browser: Browser, origin: str, scene: Scene, tmp_path: Path) -> Reader:
    """A phone just paired as a till, on its scanning screen, whose camera sees one code or more."""

    @contextmanager
    def open_reader(*codes: str) -> Iterator[Screen]:
        film = fakecamera.film(*codes, path=tmp_path / "camera.y4m")
        phone = browser.browser_type.launch(
            executable_path="/usr/bin/chromium", args=[*HEADLESS, *fakecamera.arguments(film)]
        )
        screen = open_screen(phone, origin, "pokladna", PHONE, permissions=["camera"])
        _pair(screen, scene)
        yield screen
        assert screen.faults == []
        phone.close()

    return open_reader


def _pair(screen: Screen, scene: Scene) -> None:
    page = screen.page
    offer = devices.offer(CITY, scene.owner, scene.pool.id, "b1", "Pokladna 1")
    page.goto(f"/reader/{offer.link.partition('/reader/')[2]}")
    expect(page.get_by_role("heading", name="Pokladna je připravená")).to_be_visible()
    assert offer.code not in page.url
    page.get_by_role("button", name="Začít skenovat").click()
    page.get_by_label("Jméno pokladníka").fill("Jana")
    page.get_by_role("button", name="Začít směnu").click()
    page.wait_for_url("**/reader/")


def crowns(text: str) -> re.Pattern[str]:
    """The text with any white space between its words."""
    return re.compile(r"\s".join(re.escape(word) for word in text.split()))


def redeem(page: Page, amount: str) -> None:
    expect(page.get_by_role("heading", name="Voucher platí")).to_be_visible(timeout=20_000)
    field = page.get_by_label("Kolik uplatnit")
    expect(field).to_have_value("")
    field.fill(amount)
    page.get_by_role("button", name=crowns(f"Uplatnit {amount} Kč")).click()


def test_a_voucher_is_scanned_redeemed_and_taken_back(scene: Scene, reader: Reader) -> None:
    voucher = a_voucher(scene)
    with reader(codes_of(voucher).qr) as screen:
        page = screen.page
        redeem(page, "120")
        expect(page.get_by_role("heading", name=crowns("Uplatněno 120 Kč"))).to_be_visible()
        expect(page.get_by_text(crowns("380,00 Kč"))).to_be_visible()
        assert left(voucher) == 380_00
        page.get_by_role("button", name="Vzít zpět").click()
        expect(page.get_by_role("heading", name=crowns("Vráceno 120 Kč"))).to_be_visible()
        assert left(voucher) == 500_00
        page.goto("/reader/dnes")
        expect(page.get_by_text("vráceno")).to_be_visible(timeout=10_000)
        expect(page.get_by_text("Jana")).to_be_visible()


def test_a_used_voucher_is_refused_with_time_and_place(scene: Scene, reader: Reader) -> None:
    voucher = a_voucher(scene)
    with reader(codes_of(voucher).qr) as screen:
        page = screen.page
        redeem(page, "500")
        page.get_by_role("button", name="Skenovat další").click()
        expect(page.get_by_role("alert").get_by_role("heading", name="Už uplatněno")).to_be_visible(timeout=20_000)
        expect(page.get_by_text("Městský bazén Modřínov, Pokladna 1")).to_be_visible()
        expect(page.get_by_role("heading", name="Co teď")).to_be_visible()
        assert len(redeemed(voucher)) == 1


def test_a_code_is_typed_and_a_typing_mistake_is_found_at_once(scene: Scene, reader: Reader) -> None:
    short = codes_of(a_voucher(scene)).short
    with reader("https://example.org/not-a-voucher") as screen:
        page = screen.page
        expect(page.get_by_text("Tohle není voucher")).to_be_visible(timeout=20_000)
        page.get_by_role("button", name="Zadat kód ručně").click()
        wrong = ("2" if short[0] != "2" else "3") + short[1:]
        page.get_by_label("Kód").fill(wrong)
        page.get_by_role("button", name="Ověřit voucher").click()
        expect(page.get_by_text("V kódu je překlep")).to_be_visible()
        page.get_by_label("Kód").fill(short.lower().replace("-", ""))
        expect(page.get_by_label("Kód")).to_have_value(short)
        page.get_by_role("button", name="Ověřit voucher").click()
        expect(page.get_by_role("heading", name="Voucher platí")).to_be_visible()
        page.get_by_role("button", name=re.compile("^Uplatnit$")).click()
        expect(page.get_by_text("Zadejte částku")).to_be_visible()


def test_a_redemption_caught_by_a_lost_network_is_asked_for_again_and_debited_once(
    scene: Scene, reader: Reader
) -> None:
    voucher = a_voucher(scene)
    with reader(codes_of(voucher).qr) as screen:
        page = screen.page
        lose_answers(page.context)
        redeem(page, "120")
        expect(page.get_by_text("Ověřujeme výsledek").first).to_be_visible()
        expect(page.get_by_role("heading", name="Výsledek zatím neznáme")).to_be_visible(timeout=20_000)
        assert left(voucher) == 380_00, "the server did it; only the answer was lost"
        page.reload()
        expect(page.get_by_text("čeká na výsledek")).to_be_visible(timeout=20_000)
        page.context.unroute_all(behavior="ignoreErrors")
        expect(page.get_by_role("heading", name=crowns("Uplatněno 120 Kč"))).to_be_visible(timeout=30_000)
        expect(page.get_by_text("Na výsledek čekalo od")).to_be_visible()
        page.goto("/reader/dnes")
        expect(page.get_by_role("heading", name="Čeká na výsledek")).to_be_hidden()
        expect(page.get_by_role("listitem").get_by_text(crowns("120,00 Kč"))).to_be_visible(timeout=10_000)
        assert [t.amount_minor for t in redeemed(voucher)] == [120_00]


def scan(page: Page, code: str) -> None:
    """A scanner that types: keys at once and Enter, whatever has the focus; from here each key would wait for the machine."""
    page.evaluate(
        """code => {
            const press = (key, code) => document.activeElement.dispatchEvent(
                new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true }))
            for (const key of code) press(key, key === '.' ? 'Period' : /\\d/.test(key) ? `Digit${key}` : `Key${key}`)
            press('Enter', 'Enter')
        }""",
        code,
    )


def test_a_scanner_that_types_is_heard_anywhere_on_the_screen(scene: Scene, reader: Reader) -> None:
    code = codes_of(a_voucher(scene)).qr
    with reader("nothing") as screen:
        page = screen.page
        page.get_by_role("button", name="Zadat kód ručně").focus()
        scan(page, code)
        expect(page.get_by_role("heading", name="Voucher platí")).to_be_visible()
        page.get_by_role("button", name="Neuplatnit").click()
        page.get_by_role("button", name="Zadat kód ručně").click()
        scan(page, code)
        expect(page.get_by_role("heading", name="Voucher platí")).to_be_visible()


def test_of_two_vouchers_in_one_picture_none_is_taken_silently(scene: Scene, reader: Reader) -> None:
    left_one, right_one = a_voucher(scene), a_voucher(scene, amount_minor=300_00)
    with reader(codes_of(left_one).qr, codes_of(right_one).qr) as screen:
        page = screen.page
        expect(page.get_by_role("heading", name="Který voucher?")).to_be_visible(timeout=20_000)
        screen.look("který voucher")
        page.get_by_role("button", name="Vpravo").click()
        redeem(page, "120")
        expect(page.get_by_role("heading", name=crowns("Uplatněno 120 Kč"))).to_be_visible()
        assert (left(left_one), left(right_one)) == (500_00, 180_00)


def test_two_tabs_keep_what_waits_in_each_and_the_cashier_learns_how_both_ended(scene: Scene, reader: Reader) -> None:
    first, second = a_voucher(scene), a_voucher(scene)
    with reader("nothing") as screen:
        page, other = screen.page, screen.page.context.new_page()
        other.goto(page.url)
        lose_answers(page.context)
        for tab, voucher, amount in ((page, first, "120"), (other, second, "70")):
            expect(tab.get_by_role("button", name="Zadat kód ručně")).to_be_visible()
            scan(tab, codes_of(voucher).qr)
            redeem(tab, amount)
            expect(tab.get_by_role("heading", name="Výsledek zatím neznáme")).to_be_visible(timeout=30_000)
        expect(page.get_by_text("2 uplatnění čekají na výsledek")).to_be_visible()
        page.goto("/reader/menu")
        other.goto("/reader/menu")
        page.context.unroute_all(behavior="ignoreErrors")
        other.close()
        expect(page.get_by_role("link", name="2 výsledky k přečtení")).to_be_visible(timeout=40_000)
        page.goto("/reader/dnes")
        expect(page.get_by_role("heading", name="Jak dopadla čekající uplatnění")).to_be_visible()
        screen.look("výsledky k přečtení")
        for _ in range(2):
            page.get_by_role("button", name="Beru na vědomí").first.click()
        expect(page.get_by_role("link", name=re.compile("k přečtení"))).to_have_count(0)
        assert [[t.amount_minor for t in redeemed(voucher)] for voucher in (first, second)] == [[120_00], [70_00]]


@pytest.mark.parametrize("is_back", [False, True], ids=["stays", "taken back meanwhile"])
def test_what_was_lost_before_another_pairing_is_asked_for_debited_once_and_told_as_it_stands(
    scene: Scene, reader: Reader, is_back: bool
) -> None:
    voucher = a_voucher(scene)
    with reader(codes_of(voucher).qr) as screen:
        page = screen.page
        lose_answers(page.context)
        redeem(page, "120")
        expect(page.get_by_role("heading", name="Výsledek zatím neznáme")).to_be_visible(timeout=30_000)
        tills = devices.tills_of(CITY, scene.owner, scene.pool.id)
        devices.revoke(CITY, scene.owner, tills[-1].id)
        if is_back:
            counter.undo(CITY, scene.owner, voucher.id, redeemed(voucher)[0].id, "key-undone-1")
        page.context.unroute_all(behavior="ignoreErrors")
        _pair(screen, scene)
        told = "Vráceno 120 Kč" if is_back else "Uplatněno 120 Kč"
        expect(page.get_by_role("heading", name=crowns(told))).to_be_visible(timeout=40_000)
        if is_back:
            screen.sees(worded("Zboží vydejte jen po novém uplatnění"))
            screen.look("taken back meanwhile")
        assert [t.amount_minor for t in redeemed(voucher)] == [120_00]


def test_an_undo_that_is_refused_says_that_the_money_stays_debited(scene: Scene, reader: Reader) -> None:
    voucher = a_voucher(scene)
    with reader(codes_of(voucher).qr) as screen:
        page = screen.page
        redeem(page, "120")
        expect(page.get_by_role("heading", name=crowns("Uplatněno 120 Kč"))).to_be_visible()
        ledger.freeze(CITY, "programme", scene.swimming.id, "admin-1", "Kontrola.")
        try:
            page.get_by_role("button", name="Vzít zpět").click()
            expect(page.get_by_text("Teď vzít zpět nejde")).to_be_visible()
            expect(page.get_by_text("Peníze zůstávají odečtené")).to_be_visible()
            screen.look("vzít zpět nejde")
        finally:
            ledger.unfreeze(CITY, "programme", scene.swimming.id, "admin-1")
        assert left(voucher) == 380_00


def test_our_fault_at_a_redemption_is_no_lost_network_and_its_end_is_called_unknown(
    scene: Scene, reader: Reader
) -> None:
    voucher = a_voucher(scene)
    with reader(codes_of(voucher).qr) as screen:
        page = screen.page
        fault = {"status": 500, "code": "our_fault", "title": "Chyba", "correlation_id": "1"}
        page.context.route(
            "**/vouchers/redeem",
            lambda route: route.fulfill(status=500, json=fault, content_type="application/problem+json"),
        )
        redeem(page, "120")
        expect(page.get_by_role("heading", name="Výsledek zatím neznáme")).to_be_visible(timeout=30_000)
        expect(page.get_by_text("Něco se pokazilo u nás")).to_be_visible()
        expect(page.get_by_text("Není spojení")).to_have_count(0)
        page.context.unroute_all(behavior="ignoreErrors")
        expect(page.get_by_role("heading", name=crowns("Uplatněno 120 Kč"))).to_be_visible(timeout=40_000)
        screen.faults.clear()  # the browser tells of the answers 500


@pytest.mark.parametrize("days", [-1, 1])
def test_the_way_back_goes_by_the_servers_time(scene: Scene, reader: Reader, days: int) -> None:
    voucher = a_voucher(scene)
    with reader(codes_of(voucher).qr) as screen:
        page = screen.page
        page.add_init_script(f"const real = Date.now; Date.now = () => real() + {days * 24 * 3_600_000}")
        page.reload()
        redeem(page, "120")
        expect(page.get_by_role("button", name="Vzít zpět")).to_be_visible()
        page.goto("/reader/dnes")
        page.get_by_role("button", name="Vzít zpět").first.click()
        expect(page.get_by_text("vráceno").first).to_be_visible()
        assert left(voucher) == 500_00


def lose_answers(context: BrowserContext) -> None:
    """Redemptions reach the server; their answers do not come back."""

    def swallow(route: Route) -> None:
        with suppress(Error):  # a page that is just being closed takes its requests with it
            route.fetch()
            route.abort("connectionreset")

    context.route("**/vouchers/redeem", swallow)


def redeemed(voucher: Voucher) -> list[Transfer]:
    return [t for t in ledger.transfers_of(CITY, voucher.id) if t.kind == "redeem"]


def test_a_used_pairing_code_and_a_revoked_till_are_told_in_words(scene: Scene, reader: Reader) -> None:
    voucher = a_voucher(scene)
    with reader("nothing") as screen:
        page = screen.page
        tills = devices.tills_of(CITY, scene.owner, scene.pool.id)
        devices.revoke(CITY, scene.owner, tills[-1].id)
        page.reload()
        page.get_by_role("button", name="Zadat kód ručně").click()
        page.get_by_label("Kód").fill(codes_of(voucher).short)
        page.get_by_role("button", name="Ověřit voucher").click()
        expect(page.get_by_role("heading", name="Nespárováno")).to_be_visible()
        page.get_by_role("button", name="Spárovat znovu").click()
        expect(page.get_by_role("heading", name="Spárujte pokladnu")).to_be_visible()


def test_every_screen_of_the_till_fits_a_phone_and_is_accessible(scene: Scene, reader: Reader) -> None:
    voucher, book = a_voucher(scene), a_voucher(scene, scene.books, 300_00)
    with reader(codes_of(voucher).qr) as screen:
        page = screen.page
        expect(page.get_by_role("heading", name="Voucher platí")).to_be_visible()
        screen.look("platí")
        redeem(page, "120")
        expect(page.get_by_role("heading", name=crowns("Uplatněno 120 Kč"))).to_be_visible()
        screen.look("uplatněno")
        for path, heading in (
            ("menu", "Menu"),
            ("dnes", "Dnes"),
            ("nastaveni", "Nastavení"),
            ("pokladnik", "Kdo je u pokladny"),
        ):
            page.goto(f"/reader/{path}")
            expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
            screen.look(path)
        page.goto("/reader/")
        page.get_by_role("button", name="Zadat kód ručně").click()
        screen.look("zadat kód")
        page.get_by_label("Kód").fill(codes_of(book).short)
        page.get_by_role("button", name="Ověřit voucher").click()
        expect(page.get_by_role("heading", name="Tady neplatí")).to_be_visible()
        screen.look("tady neplatí")


def test_a_phone_without_a_camera_types(scene: Scene, reader: Reader) -> None:
    with reader("nothing") as screen:
        screen.page.context.clear_permissions()
        screen.page.add_init_script(
            "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))"
        )
        screen.page.reload()
        expect(screen.page.get_by_role("heading", name="Kamera je zakázaná")).to_be_visible()
        expect(screen.page.get_by_role("button", name="Zadat kód ručně")).to_be_visible()
        screen.look("kamera zakázaná")
