"""The till in a real browser: paired by a link, a voucher scanned by camera, redeemed, taken back, refused, off line."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, Route, expect, sync_playwright

from chalicelib.core import aws, secrets, settings
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Transfer
from chalicelib.vouchers import devices
from chalicelib.vouchers.model import Voucher
from localcloud.cloud import functions_environment, running
from tests.browser import fakecamera
from tests.vouchers.build import CITY, Scene, a_scene, a_voucher, codes_of, left

pytestmark = [pytest.mark.browser, pytest.mark.cloud]

ROOT = Path(__file__).parent.parent.parent
PHONE = {"width": 360, "height": 740}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A local cloud that serves a fresh build of the apps, with this process looking into the same table."""
    dist = tmp_path_factory.mktemp("dist")
    subprocess.run(
        ["npx", "vite", "build", "--outDir", str(dist), "--emptyOutDir", "--logLevel", "error"],
        cwd=ROOT / "web",
        check=True,
    )
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
    secrets.secrets.cache_clear()
    aws._client.cache_clear()


@pytest.fixture(scope="module")
def scene(origin: str) -> Scene:
    return a_scene()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture
def browser_seeing(playwright: Playwright, tmp_path: Path) -> Callable[[str], Browser]:
    """A browser whose camera sees a code."""

    def launch(code: str) -> Browser:
        film = fakecamera.film(code, tmp_path / "camera.y4m")
        return playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*QUIET, *fakecamera.arguments(film)]
        )

    return launch


@contextmanager
def a_reader(browser: Browser, origin: str, scene: Scene) -> Iterator[Page]:
    """A phone just paired as a till, on its scanning screen."""
    context = browser.new_context(viewport=PHONE, locale="cs-CZ", permissions=["camera"], base_url=origin)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    offer = devices.offer(CITY, scene.owner, scene.pool.id, "b1", "Pokladna 1")
    page.goto(f"/reader/{offer.link.partition('/reader/')[2]}")
    expect(page.get_by_role("heading", name="Pokladna je připravená")).to_be_visible()
    assert offer.code not in page.url
    page.get_by_role("button", name="Začít skenovat").click()
    page.get_by_label("Jméno pokladníka").fill("Jana")
    page.get_by_role("button", name="Začít směnu").click()
    page.wait_for_url("**/reader/")
    yield page
    assert faults == []
    context.close()
    browser.close()


def crowns(text: str) -> re.Pattern[str]:
    """The text with any white space between its words."""
    return re.compile(r"\s".join(re.escape(word) for word in text.split()))


def redeem(page: Page, amount: str) -> None:
    expect(page.get_by_role("heading", name="Voucher platí")).to_be_visible(timeout=20_000)
    field = page.get_by_label("Kolik uplatnit")
    expect(field).to_have_value("")
    field.fill(amount)
    page.get_by_role("button", name=crowns(f"Uplatnit {amount} Kč")).click()


def test_a_voucher_is_scanned_redeemed_and_taken_back(
    origin: str, scene: Scene, browser_seeing: Callable[[str], Browser]
) -> None:
    voucher = a_voucher(scene)
    with a_reader(browser_seeing(codes_of(voucher).qr), origin, scene) as page:
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


def test_a_used_voucher_is_refused_with_time_and_place(
    origin: str, scene: Scene, browser_seeing: Callable[[str], Browser]
) -> None:
    voucher = a_voucher(scene)
    with a_reader(browser_seeing(codes_of(voucher).qr), origin, scene) as page:
        redeem(page, "500")
        page.get_by_role("button", name="Skenovat další").click()
        expect(page.get_by_role("alert").get_by_role("heading", name="Už uplatněno")).to_be_visible(timeout=20_000)
        expect(page.get_by_text("Městský bazén Modřínov, Pokladna 1")).to_be_visible()
        expect(page.get_by_role("heading", name="Co teď")).to_be_visible()
        assert len(redeemed(voucher)) == 1


def test_a_code_is_typed_and_a_typing_mistake_is_found_at_once(
    origin: str, scene: Scene, browser_seeing: Callable[[str], Browser]
) -> None:
    short = codes_of(a_voucher(scene)).short
    with a_reader(browser_seeing("https://example.org/not-a-voucher"), origin, scene) as page:
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
    origin: str, scene: Scene, browser_seeing: Callable[[str], Browser]
) -> None:
    voucher = a_voucher(scene)
    with a_reader(browser_seeing(codes_of(voucher).qr), origin, scene) as page:
        lose_answers(page.context)
        redeem(page, "120")
        expect(page.get_by_text("Ověřujeme výsledek").first).to_be_visible()
        expect(page.get_by_role("heading", name="Čeká na odeslání")).to_be_visible(timeout=20_000)
        assert left(voucher) == 380_00, "the server did it; only the answer was lost"
        page.reload()
        expect(page.get_by_text("čeká na výsledek")).to_be_visible(timeout=20_000)
        page.context.unroute_all(behavior="ignoreErrors")
        page.goto("/reader/dnes")
        expect(page.get_by_role("heading", name="Čeká na výsledek")).to_be_hidden()
        expect(page.get_by_role("listitem").get_by_text(crowns("120,00 Kč"))).to_be_visible(timeout=10_000)
        assert [t.amount_minor for t in redeemed(voucher)] == [120_00]


def lose_answers(context: BrowserContext) -> None:
    """Redemptions reach the server; their answers do not come back."""

    def swallow(route: Route) -> None:
        with suppress(Error):  # a page that is just being closed takes its requests with it
            route.fetch()
            route.abort("connectionreset")

    context.route("**/vouchers/redeem", swallow)


def redeemed(voucher: Voucher) -> list[Transfer]:
    return [t for t in ledger.transfers_of(CITY, voucher.id) if t.kind == "redeem"]


def test_a_used_pairing_code_and_a_revoked_till_are_told_in_words(
    origin: str, scene: Scene, browser_seeing: Callable[[str], Browser]
) -> None:
    voucher = a_voucher(scene)
    with a_reader(browser_seeing("nothing"), origin, scene) as page:
        tills = devices.tills_of(CITY, scene.owner, scene.pool.id)
        devices.revoke(CITY, scene.owner, tills[-1].id)
        page.reload()
        page.get_by_role("button", name="Zadat kód ručně").click()
        page.get_by_label("Kód").fill(codes_of(voucher).short)
        page.get_by_role("button", name="Ověřit voucher").click()
        expect(page.get_by_role("heading", name="Nespárováno")).to_be_visible()
        page.get_by_role("button", name="Spárovat znovu").click()
        expect(page.get_by_role("heading", name="Spárujte pokladnu")).to_be_visible()
