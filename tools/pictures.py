"""The README's pictures, from a running local cloud with demo data: `python -m tools.pictures [http://localhost:8080]`.

Writes docs/pictures/www.png, moje.png, admin.png and reader.png. It looks and touches nothing but a till of its own,
which it removes again.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from localcloud.demo.signing_in import PASSWORD

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--lang=cs",
]
DESK, PHONE = (1280, 800), (390, 844)
GAP, GROUND = 55, "#e6e6e6"
COLOURS = 200
"""A picture with so few colours is a third of the size and looks the same."""

TOWN = "modrinov"
PARENT = "ivana.pokorna@posta.example"
SENIOR = "vera.vondrova@posta.example"
CLERK = "referent@modrinov.example"
POOL_OWNER = "majitel@bazen-modrinov.example"
TILL = "Pokladna na obrázku"


def main(origin: str) -> None:
    """Take all four. The demo's people sign in as anybody would."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        _save("www", [_public_site(browser, origin)])
        _save("admin", [_review(browser, origin)])
        voucher, code = _voucher(browser, origin)
        _save("moje", [*_account(browser, origin), voucher])
        _save("reader", list(_till(browser, origin, code)))
        browser.close()


def _public_site(browser: Browser, origin: str) -> Image.Image:
    with _window(browser, origin, DESK) as page:
        page.goto(f"/{TOWN}")
        return _taken(page)


def _review(browser: Browser, origin: str) -> Image.Image:
    """The clerk before the first application of the queue."""
    with _signed_in(browser, origin, "admin", CLERK, DESK) as page:
        page.goto(f"/admin/{TOWN}/zadosti")
        page.get_by_role("link", name="Posuzovat po řadě").click()
        page.get_by_text("Zbude po schválení").wait_for()
        return _taken(page)


def _account(browser: Browser, origin: str) -> Iterator[Image.Image]:
    with _signed_in(browser, origin, "moje", PARENT, PHONE) as page:
        page.get_by_role("link", name="Vybrat aktivitu").first.wait_for()
        yield _taken(page)
        page.goto(f"/moje/{TOWN}/zadosti")
        page.get_by_text("Schválená").first.wait_for()
        yield _taken(page)


def _voucher(browser: Browser, origin: str) -> tuple[Image.Image, str]:
    """A voucher ready to be shown, and its typed code."""
    with _signed_in(browser, origin, "moje", SENIOR, PHONE) as page:
        page.goto(f"/moje/{TOWN}/vouchery")
        page.get_by_role("link", name="Ukázat voucher").first.click()
        page.locator("svg.qr").wait_for()
        return _taken(page), page.locator("p.voucher-code").inner_text()


def _till(browser: Browser, origin: str, code: str) -> Iterator[Image.Image]:
    """A phone paired for the occasion: typing the code, and the voucher that is valid."""
    with _signed_in(browser, origin, "admin", POOL_OWNER, DESK) as owner:
        owner.get_by_role("link", name="Pokladny").click()
        owner.get_by_role("button", name="Přidat pokladnu").click()
        owner.get_by_label("Název pokladny").fill(TILL)
        owner.get_by_role("button", name="Vytvořit párovací kód").click()
        pairing = owner.locator(".pairing-code strong").inner_text()
        with _window(browser, origin, PHONE) as till:
            yield from _paired(till, pairing, code)
        owner.get_by_role("button", name="Hotovo").click()
        # The list is read again once the dialog is closed.
        row = owner.get_by_role("listitem").filter(has_text=TILL)
        row.get_by_role("button", name="Odebrat").click()
        owner.get_by_role("button", name="Odebrat pokladnu").click()
        row.wait_for(state="detached")


def _paired(till: Page, pairing: str, code: str) -> Iterator[Image.Image]:
    till.goto(f"/reader/parovani#{TOWN}/{pairing}")
    till.get_by_role("heading", name="Pokladna je připravená").wait_for()
    yield _taken(till)
    till.get_by_role("button", name="Začít skenovat").click()
    till.get_by_label("Jméno pokladníka").fill("Květa Poláková")
    till.get_by_role("button", name="Začít směnu").click()
    till.get_by_role("button", name="Zadat kód ručně").click()
    till.get_by_label("Kód").fill(code)
    yield _taken(till)
    till.get_by_role("button", name="Ověřit voucher").click()
    till.get_by_label("Kolik uplatnit").fill("120")
    yield _taken(till)


@contextmanager
def _window(browser: Browser, origin: str, size: tuple[int, int]) -> Iterator[Page]:
    context = browser.new_context(
        base_url=origin,
        viewport={"width": size[0], "height": size[1]},
        locale="cs-CZ",
        timezone_id="Europe/Prague",
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


@contextmanager
def _signed_in(browser: Browser, origin: str, app: str, email: str, size: tuple[int, int]) -> Iterator[Page]:
    with _window(browser, origin, size) as page:
        page.goto(f"/{app}/{TOWN}")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Heslo", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Přihlásit", exact=True).click()
        page.get_by_role("button", name="Přihlásit", exact=True).wait_for(state="detached")
        page.locator("h1").first.wait_for()
        if (
            page.url.rstrip("/").endswith(f"/{app}/{TOWN}")
            and (mine := page.locator(f'a[href*="/{app}/{TOWN}/p/"]')).count()
        ):
            mine.first.click()
        yield page


def _taken(page: Page) -> Image.Image:
    page.wait_for_load_state("networkidle")
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]') && document.fonts.status === 'loaded'")
    return Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def _save(name: str, pictures: Sequence[Image.Image]) -> None:
    """One picture as it is, several side by side."""
    whole = pictures[0] if len(pictures) == 1 else _beside(pictures)
    whole.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)


def _beside(pictures: Sequence[Image.Image]) -> Image.Image:
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) - 1)
    sheet = Image.new("RGB", (width, pictures[0].height), GROUND)
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width + GAP
    return sheet


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080")
