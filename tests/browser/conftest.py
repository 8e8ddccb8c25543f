"""One local cloud for the whole journey, with the apps as they are built now."""

import os
from collections.abc import Generator, Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from chalicelib.core.clock import now
from localcloud.cloud import running
from localcloud.demo.world import World, demo_day, world
from tests.browser.screen import PATIENCE_MS, ROOT
from tests.browser.stage import Stage, installation

FAILED_STEP = pytest.StashKey[str]()
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=cs",
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One a session: a second one beside it does not start."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = launched(playwright)
    yield browser
    browser.close()


def launched(playwright: Playwright, *more: str) -> Browser:
    """A browser that does nothing but what it is told."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *more])


@pytest.fixture(scope="session")
def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The town of the journey; its state grows from step to step."""
    assert (ROOT / "web/dist/index.html").exists() or "WEB_DIST" in os.environ, "build the web first: make test does"
    with installation(tmp_path_factory.mktemp("journey"), browser) as made:
        yield made


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, World]]:
    """A local cloud with the demo town, whose every screen has something to show.

    EVERY_SCREEN_OF is the origin of one that runs already, filled on DEMO_DAY.
    """
    if running_at := os.environ.get("EVERY_SCREEN_OF"):
        yield running_at, world(date.fromisoformat(os.environ["DEMO_DAY"]))
        return
    day = demo_day(now())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEMO_DAY", day.isoformat())
        with running(tmp_path_factory.mktemp("every-screen"), demo=True) as cloud:
            yield cloud.origin, world(day)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and is_step(item):
        item.session.stash.setdefault(FAILED_STEP, item.name)
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Steps of the journey stand on each other: after the first that failed the others say so and wait for nothing."""
    failed = item.session.stash.get(FAILED_STEP, "")
    if failed and is_step(item):
        pytest.fail(f"stands on {failed}, which failed", pytrace=False)


def is_step(item: pytest.Item) -> bool:
    return item.path.name.startswith("test_journey_")
