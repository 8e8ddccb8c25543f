"""Every screen of every role, at three widths, keeps what every screen must keep.

The list of screens is the web's own: a route added there is visited from its first day, and a route that nobody gets to
is a finding. Addresses with an id are those that the screens themselves link to.
"""

import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Response, expect

from chalicelib.core.clock import today
from chalicelib.town.people.model import age_on
from localcloud.demo.providers import DemoProvider
from localcloud.demo.signing_in import PASSWORD
from localcloud.demo.towns import MODRINOV
from localcloud.demo.world import World
from tests.browser.screen import AXE, NARROWEST, PICTURES, ROOT, STANDARDS, open_screen

pytestmark = [pytest.mark.browser, pytest.mark.cloud, pytest.mark.timeout(1500)]

WIDTHS = {NARROWEST: 640, 360: 800, 1280: 900}
QUIET_MS, PATIENCE_MS = 250, 20_000
CITIZENS = 4
NOTHING = "0" * 26
"""An id that nothing has."""
SAMPLES = 3
"""How many things of one kind are opened: the first, the last and the one between."""


@dataclass(frozen=True)
class Route:
    """A screen's address on one side of an app: `www`, `moje`, the `town` and the `provider` of admin, the `reader`."""

    side: str
    path: str
    roles: tuple[str, ...]

    @property
    def has_place_for_id(self) -> bool:
        return ":" in self.shortest

    @property
    def shortest(self) -> str:
        """The address without the steps that may be left out."""
        return re.sub(r"/:\w+\?", "", self.path)

    def fits(self, rest: str) -> bool:
        return re.fullmatch(re.sub(r":\w+", "[^/]+", self.shortest), rest) is not None


@dataclass(frozen=True)
class Somebody:
    """Who visits which side of which app. `base` is the part of the address before a route's own path."""

    key: str
    side: str
    base: str
    email: str = ""
    roles: tuple[str, ...] = ()
    begins_at: str = ""
    finds: tuple[str, ...] = ()
    """Addresses that they get to by typing a name, not by a link."""

    def sees(self, route: Route) -> bool:
        return route.side == self.side and (not route.roles or bool({*route.roles} & {*self.roles}))


@dataclass
class Crawl:
    """One walk through all screens. A finding is kept once, with everywhere it was seen."""

    origin: str
    routes: list[Route]
    english: list[str]
    codes: list[str]
    found: dict[tuple[str, str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    visited: set[Route] = field(default_factory=set)
    walked: list[str] = field(default_factory=list)

    def note(self, rule: str, side: str, place: str, element: str) -> None:
        self.found[rule, side, element].append(place)

    def told(self) -> str:
        """One line a finding: rule, who, address and width where it was first seen, in how many places, the element."""
        lines = [
            f"{rule} | {places[0]} | ×{len(places)} | {element}"
            for (rule, _, element), places in sorted(self.found.items())
        ]
        self.found.clear()
        return "\n".join([f"{len(lines)} findings", *lines])

    def walk(self, browser: Browser, somebody: Somebody) -> None:
        """Every screen this person may see, by the addresses in the route table and the links on the way."""
        self.walked.append(somebody.key)
        visit = Visit(self, browser, somebody)
        visit.begin()
        mine = [route for route in self.routes if somebody.sees(route)]
        for route in mine:
            if not route.has_place_for_id:
                visit.look_at(route, somebody.base + route.shortest)
        waiting = [route for route in mine if route.has_place_for_id]
        while found := [(route, paths) for route in waiting if (paths := visit.links_to(route, mine))]:
            for route, paths in found:
                waiting.remove(route)
                few = _spread(paths, 1 if route in self.visited else SAMPLES)
                is_first = route not in self.visited
                for path in dict.fromkeys([*few, *(path for path in somebody.finds if path in paths)]):
                    visit.look_at(route, path)
                if is_first:
                    visit.look_for_nothing(route)
        visit.end()


class Visit:
    """One person's window, in which screens are opened one after another as by pressing links."""

    def __init__(self, crawl: Crawl, browser: Browser, somebody: Somebody) -> None:
        self.crawl, self.somebody = crawl, somebody
        self.screen = open_screen(browser, crawl.origin, somebody.key, (360, WIDTHS[360]))
        self.page: Page = self.screen.page
        self.links: dict[str, None] = dict.fromkeys(somebody.finds)
        self.place = ""
        self.page.on("response", self._refused)
        self.context = self.page.context
        self.context.add_init_script(path=ROOT / "tests/browser/checks.js")

    def begin(self) -> None:
        self.page.goto(self.somebody.begins_at or self.somebody.base or "/")
        if self.somebody.email:
            self.page.get_by_label("E-mail").fill(self.somebody.email)
            self.page.get_by_label("Heslo", exact=True).fill(PASSWORD)
            self.page.get_by_role("button", name="Přihlásit", exact=True).click()
            self.page.get_by_role("button", name="Přihlásit", exact=True).wait_for(state="detached")
        if self.somebody.side == "reader":
            self.page.get_by_role("button", name="Začít skenovat").click()
            self.page.get_by_label("Jméno pokladníka").fill("Jana")
            self.page.get_by_role("button", name="Začít směnu").click()
            self.page.wait_for_url("**/reader/")
        self._check("opened", "", QUIET_MS, PATIENCE_MS)

    def end(self) -> None:
        self.context.close()

    def links_to(self, route: Route, mine: Sequence[Route]) -> list[str]:
        """Addresses on the screens so far that this route answers, and none before it."""
        before = mine[: mine.index(route)]
        rests = [path.removeprefix(self.somebody.base) for path in self.links if path.startswith(self.somebody.base)]
        return [self.somebody.base + r for r in rests if route.fits(r) and not any(b.fits(r) for b in before)]

    def look_at(self, route: Route, path: str) -> None:
        is_first = route not in self.crawl.visited
        self.place = f"{self.somebody.key} {path}"
        heading = self._check("opened", path, QUIET_MS, PATIENCE_MS)
        if heading is None or "Tato stránka tu není" in heading:
            self._note("not there", "", f"{heading}")
            return
        self.crawl.visited.add(route)
        self.links |= dict.fromkeys(self._check("hrefs"))
        for problem in self.page.locator("[role=alert] >> text=Nepodařilo se načíst").all():
            self._note("problem", "", problem.inner_text()[:120])
        for width in WIDTHS if is_first else (360,):
            self.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            self._look(width, is_first)
            if PICTURES and is_first and width != NARROWEST:
                name = re.sub(r"\W+", "-", f"{route.side}{route.path}-{width}")
                self.page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True, animations="disabled")
        self.page.set_viewport_size({"width": 360, "height": WIDTHS[360]})
        for fault in self.screen.faults:
            self._note("fault", "", fault)
        self.screen.faults.clear()

    def look_for_nothing(self, route: Route) -> None:
        """The same screen for things that do not exist: it has its heading, and a way back."""
        path = self.somebody.base + re.sub(r":\w+", NOTHING, route.shortest)
        self.place = f"{self.somebody.key} {path}"
        self.page.remove_listener("response", self._refused)
        self._check("opened", path, QUIET_MS, PATIENCE_MS)
        self._all(360, "headings")
        self._all(360, "rawCodes", self.crawl.codes)
        if not self.page.locator("main a[href]").count():
            self._note("no way back", "360", "")
        self.screen.faults.clear()  # the browser itself says of each 404 that it is one
        self.page.on("response", self._refused)

    def _look(self, width: int, is_first: bool) -> None:
        self._all(width, "overflow")
        if width == NARROWEST:
            return
        self._all(width, "headings")
        self._all(width, "lonePrepositions")
        self._all(width, "rawCodes", self.crawl.codes)
        self._all(width, "english", self.crawl.english)
        if width == 360:
            self._all(width, "smallTargets")
        else:
            self._all(width, "orphans")
        if is_first:
            self._axe(width)

    def _all(self, width: int, check: str, *given: Any) -> None:
        for rule, element in self._check(check, *given):
            self._note(rule, str(width), element)

    def _check(self, name: str, *given: Any) -> Any:
        return self.page.evaluate("([name, given]) => window.checks[name](...given)", [name, given])

    def _axe(self, width: int) -> None:
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(f"() => {{ {AXE.read_text()} }}")
        violations: list[dict[str, Any]] = self.page.evaluate(
            """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})
              .then(({violations}) => violations)""",
            STANDARDS,
        )
        for violation in violations:
            for node in violation["nodes"]:
                self._note(f"axe {violation['id']}", str(width), node["html"][:140])

    def _refused(self, response: Response) -> None:
        if 400 <= response.status < 500 and "/sessions/" not in response.url:
            path = re.sub(r"[0-7][0-9a-z]{25}", "…", response.url.removeprefix(self.crawl.origin))
            self._note("refused", "", f"{response.status} {response.request.method} {path}")

    def _note(self, rule: str, width: str, element: str) -> None:
        self.crawl.note(rule, self.somebody.side, f"{self.place} {width}".strip(), element)


def _spread(paths: Sequence[str], count: int) -> Sequence[str]:
    """The first, the last and some between."""
    if len(paths) <= count:
        return paths
    return [paths[round(place * (len(paths) - 1) / max(count - 1, 1))] for place in range(count)]


def web() -> dict[str, Any]:
    """What the web says of itself: its routes and its English words."""
    command = ["node", "scripts/screens.mjs"]
    made = subprocess.run(command, cwd=ROOT / "web", check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(made.stdout)
    return told


def codes(czech: Sequence[str]) -> list[str]:
    """Every value of an enumeration in the API that is no Czech word: a person reads its label instead."""
    found: set[str] = set()

    def into(node: Any) -> None:
        if isinstance(node, dict):
            found.update(value for value in node.get("enum", []) if isinstance(value, str))
            node = list(node.values())
        for inner in node if isinstance(node, list) else ():
            into(inner)

    into(json.loads((ROOT / "docs/openapi.json").read_text()))
    words = {word.lower() for word in czech}
    return sorted(code for code in found if re.search("[a-z]{2}", code) and code not in words)


PEOPLE = (
    "anybody",
    *(f"citizen {n + 1}" for n in range(CITIZENS)),
    *("admin", "owner", "clerk", "assistant", "authorising", "budget", "auditor", "privacy"),
    *("club's owner", "pool's owner", "pool's cashier"),
    "till",
)


def somebody(key: str, origin: str, town: World) -> Somebody:
    """One of PEOPLE, as the demo has them."""
    if key == "anybody":
        return Somebody(key, "www", f"/{MODRINOV}")
    if key.startswith("citizen"):
        return Somebody(key, "moje", f"/moje/{MODRINOV}", _citizens(town)[int(key[-1]) - 1], ("citizen",))
    if key == "till":
        return Somebody(key, "reader", "/reader", begins_at=_tills_to_pair(origin)[1])
    if "'" in key:
        whose, role = key.split("'s ")
        provider = town.provider(MODRINOV, "bazen") if whose == "pool" else _club(town)
        email = provider.owner_email if role == "owner" else provider.cashier_email
        return Somebody(key, "provider", f"/admin/{MODRINOV}/p/{provider.id}", email, (role,))
    colleague = town.colleague(MODRINOV, key)
    found = next(account.id for account in town.accounts if account.city == MODRINOV and account.entries)
    base = f"/admin/{MODRINOV}"
    at_desk = [account.id for account in town.accounts if account.city == MODRINOV and account.at_desk]
    finds = tuple(f"{base}/lide/osoba/{person}" for person in (found, *at_desk))
    return Somebody(key, "town", base, colleague.email, colleague.roles, finds=finds)


def _tills_to_pair(origin: str) -> list[str]:
    """Links of the start page, each good for one device; the first one's provider takes the voucher shown there."""
    return re.findall(rf'"(/reader/parovani#{MODRINOV}/[0-9A-Z-]+)"', httpx.get(f"{origin}/start", timeout=60).text)


def _club(town: World) -> DemoProvider:
    """A provider that has an order to confirm."""
    return next(o.activity.provider for a in town.told for o in a.ordered if o.end == "requested")


def _citizens(town: World) -> list[str]:
    """E-mails of few people who between them have all states of applications and of what was awarded."""
    have: dict[str, set[object]] = defaultdict(set)
    for applied in town.told:
        if applied.account.city == MODRINOV and applied.account.email and not applied.account.key:
            have[applied.account.email] |= {applied.state, applied.fate, *(order.end for order in applied.ordered)}
            have[applied.account.email] |= {"redeemed"} if applied.redeemed else set()
    missing, chosen = set[object]().union(*have.values()), list[str]()
    for _ in range(CITIZENS):
        chosen.append(max(have, key=lambda email: len(have[email] & missing)))
        missing -= have[chosen[-1]]
    return chosen


@pytest.fixture(scope="module")
def crawl(town: tuple[str, World]) -> Crawl:
    told = web()
    routes = [Route(each["side"], each["path"], tuple(each["roles"])) for each in told["routes"]]
    return Crawl(town[0], routes, told["english"], codes(told["czech"]))


@pytest.mark.parametrize("key", PEOPLE)
def test_every_screen_keeps_what_every_screen_must(
    key: str, browser: Browser, town: tuple[str, World], crawl: Crawl
) -> None:
    crawl.walk(browser, somebody(key, *town))
    assert not crawl.found, crawl.told()


def test_every_route_has_its_visitor(crawl: Crawl) -> None:
    if crawl.walked != [*PEOPLE]:
        pytest.skip("only some of the people were here")
    assert sorted(f"{route.side}{route.path}" for route in crawl.routes if route not in crawl.visited) == []


def test_an_assistant_orders_on_credit_for_whom_she_registered_and_takes_it_back(
    browser: Browser, town: tuple[str, World]
) -> None:
    origin, world = town
    desk = open_screen(browser, origin, "assistant", (1280, WIDTHS[1280]))
    father = world.account("no_email_father")
    daughter = father.entries[0]
    desk.go(f"/admin/{MODRINOV}/lide/osoba/{father.id}")
    desk.fill("E-mail", world.colleague(MODRINOV, "assistant").email)
    desk.fill("Heslo", PASSWORD)
    desk.press("Přihlásit")
    desk.follow("Kredit a vouchery")
    desk.follow("Vybrat aktivitu")
    desk.page.get_by_role("button", name="Ukázat, kde platí").first.click()
    desk.choose("Věk", f"{age_on(daughter.born, today())} let")
    desk.choose("Místa", "Jen volné")
    desk.settle()
    desk.page.get_by_role("heading", level=2).get_by_role("link").first.click()
    desk.sees("Doplatí se poskytovateli")
    desk.page.get_by_role("button", name="Zaplatit kreditem").last.click()
    desk.sees("Objednávka je odeslaná")
    desk.follow("Zobrazit objednávku")
    desk.sees(f"{daughter.given_names} {daughter.surname}")
    desk.sees("Objednáno v infocentru")
    desk.look("order at the desk")
    desk.press("Zrušit objednávku")
    desk.press("Zrušit objednávku", within=desk.page.get_by_role("dialog"))
    desk.sees("Objednávka je zrušená, kredit je zpět")


def test_a_newcomer_scans_the_voucher_of_the_start_page(browser: Browser, town: tuple[str, World]) -> None:
    origin, _ = town
    page = open_screen(browser, origin, "newcomer", (1280, WIDTHS[1280])).page
    page.goto("/start")
    typed = page.get_by_role("heading", name="Voucher na zkoušku").locator("xpath=following::code[1]").inner_text()
    expect(page.get_by_role("img", name=f"QR kód voucheru {typed}")).to_be_visible()
    till = Visit(
        Crawl(origin, [], [], []),
        browser,
        Somebody("newcomer", "reader", "/reader", begins_at=_tills_to_pair(origin)[0]),
    )
    till.begin()
    till.page.get_by_role("button", name="Zadat kód ručně").click()
    till.page.get_by_label("Kód", exact=True).fill(typed)
    till.page.get_by_role("button", name="Ověřit voucher").click()
    expect(till.page.get_by_role("heading", name="Voucher platí")).to_be_visible()
    till.end()
