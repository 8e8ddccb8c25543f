"""The installation that the journey happens on, and everybody's windows into it."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser

from localcloud import regina
from localcloud.cloud import LocalCloud, functions_environment, running
from localcloud.processes import start
from tests.browser.cast import CITY, MUNICIPALITY, PASSWORD, Person, registry
from tests.browser.founding import found
from tests.browser.screen import DESK, PATIENCE_MS, Screen, open_screen

MAIL_POLL_SECONDS = 0.3


@dataclass
class Stage:
    """One local cloud with one town, and windows that stay open between the steps."""

    browser: Browser
    cloud: LocalCloud
    regina_key: str
    windows: dict[str, Screen] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return self.cloud.origin

    def start_regina(self) -> None:
        """Somebody at the office starts the module."""
        settings = regina.folder_of(self.cloud.data, CITY) / "regina.toml"
        environment = functions_environment(self.cloud.environment)
        process = start("regina", regina.command("run", settings), environment, self.cloud.data / "logs")
        self.cloud.processes.append(process)

    def window(self, who: str, size: tuple[int, int] = DESK, **more: Any) -> Screen:
        """The person's window, opened when they first come."""
        if who not in self.windows:
            self.windows[who] = open_screen(self.browser, self.origin, who, size, **more)
        return self.windows[who]

    def signed_in(self, person: Person, app: str, size: tuple[int, int] = DESK) -> Screen:
        """The person's window into an app, signed in through its form the first time."""
        key = f"{person.surname}-{app}"
        is_new = key not in self.windows
        screen = self.window(key, size)
        if is_new:
            screen.go(f"/{app}/{CITY}")
            sign_in(screen, person)
        return screen

    def link_for(self, person: Person, subject: str) -> str:
        """The link in the newest letter with these words in its subject, once it comes."""
        link = re.search(rf"{re.escape(self.origin)}(/\S+)", self.letter(person, subject))
        assert link, f"no link in „{subject}“"
        return link[1]

    def letter(self, person: Person, subject: str) -> str:
        """The text of the newest letter with these words in its subject, once it comes."""
        until = time.monotonic() + PATIENCE_MS / 1000
        mails: list[dict[str, Any]] = []
        while time.monotonic() < until:
            mails = httpx.get(f"{self.origin}/posta.json", params={"komu": person.email}).json()["items"]
            for mail in mails:
                if subject in mail["subject"].replace("\u00a0", " "):
                    return str(mail["text"])
            time.sleep(MAIL_POLL_SECONDS)
        raise AssertionError(f"„{subject}“ did not come to {person.email}; came: {[mail['subject'] for mail in mails]}")


def sign_in(screen: Screen, person: Person) -> None:
    screen.fill("E-mail", person.email)
    screen.fill("Heslo", PASSWORD)
    screen.press("Přihlásit")
    screen.page.get_by_role("button", name="Přihlásit", exact=True).wait_for(state="detached")


@contextmanager
def installation(data: Path, browser: Browser) -> Iterator[Stage]:
    """A local cloud whose operator has founded the town. Regina lies at the office, unknown to the cloud so far."""
    with running(data) as cloud:
        key = regina.install(data, regina.Town(CITY, MUNICIPALITY), cloud.origin)
        (regina.folder_of(data, CITY) / "registry.jsonl").write_text(registry(), encoding="utf-8")
        found(cloud, data)
        yield Stage(browser, cloud, key["public_key"])
