"""The first visit: what it downloads is what `make check-sizes` counts, and nothing jumps while it loads."""

import json
import subprocess
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Request, Route

from localcloud.demo.towns import MODRINOV
from localcloud.demo.world import World
from tests.browser.screen import DESK, PHONE, ROOT, open_screen

pytestmark = [pytest.mark.browser, pytest.mark.cloud]

FIRST_SCREENS = {
    "www": f"/{MODRINOV}",
    "moje": f"/moje/{MODRINOV}",
    "admin": f"/admin/{MODRINOV}",
    "reader": "/reader/parovani",
}
SHIFT_MAX = 0.05
ANSWERS_AFTER_SECONDS = 0.5
"""Later than a skeleton is seen, so that what it leaves and what comes instead are compared."""
SHIFTS = """() => new Promise(done => {
  let sum = 0
  const moved = []
  new PerformanceObserver(list => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) {
      sum += shift.value
      moved.push(...shift.sources.map(({ node }) => node?.nodeName + '.' + node?.className))
    }
  }).observe({ type: 'layout-shift', buffered: true })
  setTimeout(() => done([sum, moved]), 300)
})"""


@pytest.mark.parametrize("app", FIRST_SCREENS)
def test_a_first_visit_loads_what_is_counted(app: str, browser: Browser, town: tuple[str, World]) -> None:
    counted = subprocess.run(
        ["node", "scripts/sizes.mjs", "--files"], cwd=ROOT / "web", check=True, capture_output=True, text=True
    )
    screen = open_screen(browser, town[0], app, PHONE, service_workers="block")
    asked: set[str] = set()

    def note(request: Request) -> None:
        if request.resource_type in ("script", "stylesheet", "font"):
            asked.add(urlsplit(request.url).path.removeprefix("/"))

    screen.page.on("request", note)
    screen.go(FIRST_SCREENS[app])
    screen.settle()
    assert sorted(asked) == json.loads(counted.stdout)[app]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("app", FIRST_SCREENS)
def test_nothing_jumps_on_the_first_screen(
    app: str, size: tuple[int, int], browser: Browser, town: tuple[str, World]
) -> None:
    screen = open_screen(browser, town[0], app, size)

    def late(route: Route) -> None:
        time.sleep(ANSWERS_AFTER_SECONDS)
        route.continue_()

    screen.page.route("**/v1/**", late)
    screen.go(FIRST_SCREENS[app])
    screen.settle()
    moved, what = screen.page.evaluate(SHIFTS)
    assert moved <= SHIFT_MAX, what
