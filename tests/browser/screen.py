"""A person before a screen: what they press, fill in and see, in Czech; and what every screen must keep."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Download, Locator, Page, Response, expect

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""Every rule of WCAG 2.0–2.2, levels A and AA, and the best practices above them."""

PHONE, DESK = (360, 800), (1280, 900)
NARROWEST = 320
PATIENCE_MS = 30_000
"""How long a condition may take on a busy machine; nothing waits longer than it must."""

QUIET_MS = 400
"""A screen that asked for nothing this long has what it needs; it says that it waits after 300 ms."""
LISTENING = """(() => {
  let asking = 0, since = performance.now()
  const ask = window.fetch
  window.fetch = (...what) => {
    asking += 1
    return ask(...what).finally(() => { asking -= 1; since = performance.now() })
  }
  window.isQuiet = ms => asking === 0 && performance.now() - since > ms
})()"""

PICTURES = os.environ.get("BROWSER_PICTURES")
"""A folder for a picture of every screen looked at; empty for none."""


class Fault(AssertionError):
    """A screen breaks what every screen must keep."""


@dataclass
class Screen:
    """One person's browser window. Words given to it are those on the screen; hard spaces are spaces."""

    page: Page
    who: str
    size: tuple[int, int]
    faults: list[str] = field(default_factory=list)

    # What people do

    def go(self, path: str) -> None:
        self.page.goto(path)

    def press(self, name: str, *, exact: bool = True, within: Locator | None = None) -> None:
        """A button by its words."""
        (within or self.page).get_by_role("button", name=name, exact=exact).click()

    def follow(self, name: str, *, exact: bool = False, within: Locator | None = None) -> None:
        """A link by its words."""
        (within or self.page).get_by_role("link", name=name, exact=exact).first.click()

    def fill(self, label: str, value: str, *, within: Locator | None = None) -> None:
        (within or self.page).get_by_label(labelled(label)).fill(value)

    def look_up(self, label: str, typed: str) -> None:
        """Type into a field that offers what it knows."""
        self.page.get_by_role("combobox", name=label).fill(typed)

    def offered(self, name: str) -> Locator:
        """One of what such a field offers."""
        return self.page.get_by_role("option", name=name)

    def born(self, day: int, month: int, year: int) -> None:
        for label, value in (("Den", day), ("Měsíc", month), ("Rok", year)):
            self.fill(label, str(value))

    def choose(self, label: str, option: str) -> None:
        """An option of a drop-down list."""
        self.page.get_by_label(labelled(label)).select_option(label=option)

    def tick(self, label: str, *, within: Locator | None = None) -> None:
        """A checkbox or a radio button."""
        (within or self.page).get_by_label(labelled(label)).check()

    def attach(self, file: str, content: bytes, mime: str, *, label: str | None = None) -> None:
        """A file put into the screen's field for files."""
        box = self.page.get_by_label(label) if label else self.page.locator("input[type=file]")
        box.first.set_input_files({"name": file, "mimeType": mime, "buffer": content})

    def download(self, act: Callable[[], None]) -> Download:
        with self.page.expect_download() as waiting:
            act()
        return waiting.value

    # What people see

    def heading(self, name: str | re.Pattern[str], *, exact: bool = True) -> None:
        """The screen with this heading has come."""
        expect(self.page.get_by_role("heading", name=name, exact=exact).first).to_be_visible()

    def sees(self, text: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        expect((within or self.page).get_by_text(text).first).to_be_visible()

    def sees_not(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)

    def waits_for(self, text: str | re.Pattern[str]) -> None:
        """What another part of the system does meanwhile: the screen is opened again until it shows."""
        found = self.page.get_by_text(text).first
        for _ in range(PATIENCE_MS // 1000):
            self.settle()
            if found.is_visible():
                return
            self.page.reload()
        expect(found).to_be_visible()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def gone(self, button: str) -> None:
        """What could be pressed no longer can."""
        expect(self.button(button)).to_have_count(0)

    # What every screen must keep

    def look(self, name: str) -> None:
        """No fault by axe, nothing wider than the screen, nothing broken underneath."""
        self.settle()
        self._picture(name)
        self._fits(name)
        self._is_accessible(name)
        if self.faults:
            raise Fault(f"{self.who}, {name}: {'; '.join(self.faults)}")

    def settle(self) -> None:
        """Until nothing is being loaded or asked for, and nothing says that it waits."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_function("ms => window.isQuiet(ms)", arg=QUIET_MS)
        self.page.locator("h1").first.wait_for(state="attached")
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        self.page.evaluate("() => document.fonts.ready.then(() => undefined)")

    def _fits(self, name: str) -> None:
        widths = (self.size[0], NARROWEST) if self.size == PHONE else (self.size[0],)
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": self.size[1]})
            wide = self.page.evaluate("() => document.documentElement.scrollWidth")
            if wide > width:
                raise Fault(f"{self.who}, {name}: {wide} px wide on a screen of {width} px: {self._too_wide(width)}")
        self.page.set_viewport_size({"width": self.size[0], "height": self.size[1]})

    def _too_wide(self, width: int) -> list[str]:
        found: list[str] = self.page.evaluate(
            """width => [...document.querySelectorAll('body *')]
              .filter(e => e.getBoundingClientRect().right > width + 1)
              .map(e => `<${e.tagName.toLowerCase()} class="${e.getAttribute('class') ?? ''}"> ${e.textContent.slice(0, 40)}`)
              .slice(-5)""",
            width,
        )
        return found

    def _is_accessible(self, name: str) -> None:
        # Evaluated by the debugger, so the content policy of the page stays as people have it.
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(f"() => {{ {_axe()} }}")
        found: list[dict[str, Any]] = self.page.evaluate(
            """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})
              .then(({violations}) => violations)""",
            STANDARDS,
        )
        if found:
            raise Fault("\n".join([f"{self.who}, {name} ({self.page.url}):", *map(_told, found)]))

    def _picture(self, name: str) -> None:
        if PICTURES:
            file = Path(PICTURES) / f"{self.who}-{_plain(name)}.png"
            self.page.screenshot(path=file, full_page=True, animations="disabled")


def labelled(label: str) -> re.Pattern[str]:
    """A field's label as it may stand on the screen: with hard spaces, and saying that it is optional."""
    return re.compile(rf"^\s*{_spaced(label)}(\s*\(nepovinné\))?\s*$")


def worded(text: str) -> re.Pattern[str]:
    """Words with any white space between them."""
    return re.compile(_spaced(text))


def _spaced(text: str) -> str:
    return r"\s+".join(re.escape(word) for word in text.split())


def _told(violation: dict[str, Any]) -> str:
    nodes = [f"    {node['html'][:160]}\n      {node['failureSummary']}" for node in violation["nodes"][:4]]
    return "\n".join([f"  {violation['id']}: {violation['help']}", *nodes])


def _plain(name: str) -> str:
    return re.sub(r"\W+", "-", name).strip("-")


@cache
def _axe() -> str:
    return AXE.read_text()


def open_screen(browser: Browser, origin: str, who: str, size: tuple[int, int], **more: Any) -> Screen:
    """A new window of somebody who has never been here."""
    context: BrowserContext = browser.new_context(
        base_url=origin,
        viewport={"width": size[0], "height": size[1]},
        locale="cs-CZ",
        timezone_id="Europe/Prague",
        reduced_motion="reduce",
        accept_downloads=True,
        **more,
    )
    context.add_init_script(LISTENING)
    context.set_default_timeout(PATIENCE_MS)
    screen = Screen(context.new_page(), who, size)
    screen.page.on("pageerror", lambda error: screen.faults.append(f"script: {error}"))
    screen.page.on("console", lambda message: _note_console(screen, message))
    screen.page.on("response", lambda response: _note_response(screen, response))
    return screen


def _note_console(screen: Screen, message: ConsoleMessage) -> None:
    # A refused request is told in the page's own words; the browser's line about it is no fault of ours.
    if message.type == "error" and "Failed to load resource" not in message.text:
        screen.faults.append(f"console: {message.text}")


def _note_response(screen: Screen, response: Response) -> None:
    if response.status >= 500:
        screen.faults.append(f"{response.status} {response.request.method} {response.url}")
