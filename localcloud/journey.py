"""A hundred citizens go through the whole job over HTTP, and the books must agree to the haléř.

`python -m localcloud.journey --n 100`, which `make journey N=100` calls, needs the local cloud running with the demo.
Everything goes through the public API, as the apps do: registration, verification through Regina, a second proof,
an application, an award, orders and vouchers, a payout with two signatures, the bank's statement. It ends with 1 if
anything differs from what it counted itself.
"""

import argparse
import base64
import json
import os
import random
import re
import sys
import threading
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from tqdm import tqdm

from chalicelib.commons.bank import abo
from chalicelib.core.clock import now, today
from chalicelib.core.ids import digest
from chalicelib.town.people.model import birthday
from localcloud import bank, regina
from localcloud.demo.names import MEN, SURNAMES
from localcloud.demo.residents import Resident
from localcloud.demo.signing_in import PASSWORD
from localcloud.demo.towns import MODRINOV, House, houses
from localcloud.processes import ROOT

CITY = f"/cities/{MODRINOV}"
WORKERS = 8
WAIT_SECONDS_MAX = 180
POLL_SECONDS = 0.5
SIGN_IN_AGAIN_SECONDS = 200
"""An access token lives five minutes."""
CREDIT_MINOR, PRICE_MINOR, VOUCHER_MINOR = 80_000, 65_000, 50_000
PARTS_MINOR = (11_000, 17_300, VOUCHER_MINOR)
"""What is redeemed of a voucher: a part, an odd part, the whole."""
STAFF = {
    "owner": "garant",
    "clerk": "referent",
    "assistant": "infocentrum",
    "authorising": "prikazce",
    "budget": "rozpocet",
    "auditor": "auditor",
}
ACTIVITIES_OWNER, COUNTER_OWNER = "majitel@tj-modrin.example", "majitel@bazen-modrinov.example"


TRY_AGAIN, TRIES_MAX = (429, 503), 5


class Stopped(Exception):
    """Something on the way was not as it should be."""


# Talking to the API


@dataclass
class Times:
    """How long each call took, by name."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, name: str, took: float) -> None:
        with self._lock:
            self.seconds[name].append(took)

    def lines(self) -> Iterator[str]:
        for name, took in sorted(self.seconds.items()):
            ordered = sorted(took)
            yield f"  {name:28} {len(took):6} × {_at(ordered, 50):8.0f} ms {_at(ordered, 95):8.0f} ms"


def _at(ordered: list[float], percent: int) -> float:
    return 1000 * ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


@dataclass
class Caller:
    """Somebody signed in to one app; signs in again before the token ends."""

    http: httpx.Client
    times: Times
    app: str = ""
    email: str = ""
    device_token: str = ""
    person: str = ""
    _token: str = ""
    _since: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, name: str, path: str) -> Any:
        return self._call(name, "GET", path).json()

    def post(self, name: str, path: str, body: Any = None, *, key: str = "", version: int | None = None) -> Any:
        answer = self._call(name, "POST", path, body, key, version)
        return answer.json() if answer.content else None

    def twice(self, name: str, path: str, body: Any, key: str) -> Any:
        """The same request again, as a client does that has lost the answer: it must be a replay."""
        answer = self._call(name, "POST", path, body, key)
        if answer.headers.get("Idempotent-Replayed") != "true":
            raise Stopped(f"{name}: sent again with one key and not answered as a replay")
        return answer.json()

    def _call(
        self, name: str, method: str, path: str, body: Any = None, key: str = "", version: int | None = None
    ) -> httpx.Response:
        headers = {"Idempotency-Key": digest(key)} if key else {}
        if version is not None:
            headers["If-Match"] = f'W/"{version}"'
        if self.app or self.device_token:
            headers["Authorization"] = f"Bearer {self._fresh()}"
        return self._timed(name, method, path, body, headers)

    def _timed(self, name: str, method: str, path: str, body: Any, headers: Mapping[str, str]) -> httpx.Response:
        """The server may say "try again": so we do, with the same key."""
        for _ in range(TRIES_MAX):
            began = time.monotonic()
            answer = self.http.request(method, f"/v1{path}", json=body, headers=headers)
            self.times.note(name, time.monotonic() - began)
            if answer.is_success:
                return answer
            if answer.status_code not in TRY_AGAIN:
                raise Stopped(f"{name}: {answer.status_code} {answer.text[:300]}")
            time.sleep(1)
        raise Stopped(f"{name}: try again, {TRIES_MAX} times")

    def _fresh(self) -> str:
        with self._lock:
            if time.monotonic() - self._since > SIGN_IN_AGAIN_SECONDS or not self._token:
                self._sign_in()
            return self._token

    def _sign_in(self) -> None:
        if self.device_token:
            body = {"device_token": self.device_token}
            opened = self._timed("pokladna: přihlášení", "POST", f"{CITY}/tills/session", body, {}).json()
        else:
            body = {"app": self.app, "email": self.email, "password": PASSWORD}
            opened = self._timed("přihlášení", "POST", "/sessions", body, {}).json()
            self.person = opened["person"]["id"]
        self._token, self._since = opened["access_token"], time.monotonic()


def wait[T](what: str, look: Callable[[], T | None]) -> T:
    """Look until there is something to see."""
    until = time.monotonic() + WAIT_SECONDS_MAX
    while time.monotonic() < until:
        if (found := look()) is not None:
            return found
        time.sleep(POLL_SECONDS)
    raise Stopped(f"{what}: nothing for {WAIT_SECONDS_MAX} s")


# What is counted on the way


@dataclass
class Counted:
    """What the journey itself knows of the money of one programme, in haléře."""

    budget_minor: int = 0
    allotted_minor: int = 0
    held_minor: int = 0
    spent_minor: int = 0
    paid_minor: int = 0

    @property
    def money(self) -> dict[str, int]:
        """As figures name the parts."""
        return {
            "budget_minor": self.budget_minor,
            "free_minor": self.budget_minor - self.allotted_minor,
            "unspent_minor": self.allotted_minor - self.held_minor - self.spent_minor,
            "held_minor": self.held_minor,
            "to_pay_minor": self.spent_minor - self.paid_minor,
            "paid_minor": self.paid_minor,
        }


@dataclass
class Journey:
    """One run: its citizens, its two programmes, its providers and what it has counted."""

    origin: str
    data: Path
    n: int
    times: Times = field(default_factory=Times)
    steps: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    run: str = field(default_factory=lambda: uuid4().hex[:8])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        limits = httpx.Limits(max_connections=4 * WORKERS)
        self.http = httpx.Client(base_url=self.origin, timeout=60, limits=limits)
        self.anyone = Caller(self.http, self.times)
        self.staff = {
            key: Caller(self.http, self.times, "admin", f"{box}@modrinov.example") for key, box in STAFF.items()
        }
        self.club = Caller(self.http, self.times, "admin", ACTIVITIES_OWNER)
        self.pool = Caller(self.http, self.times, "admin", COUNTER_OWNER)
        self.counted = {"credit": Counted(), "voucher": Counted()}
        self.programmes: dict[str, str] = {}
        self.tills: list[Caller] = []
        self.session: dict[str, str] = {}

    def did(self, step: str, amount_minor: int = 0) -> None:
        with self._lock:
            self.steps[step] += 1
            self.sums[step] += amount_minor

    def count(self, mode: str, **amounts: int) -> None:
        with self._lock:
            for name, amount_minor in amounts.items():
                setattr(self.counted[mode], name, getattr(self.counted[mode], name) + amount_minor)

    # Before the citizens come

    def prepare(self) -> list[Resident]:
        """Two programmes with signed budgets, providers in them, an activity, tills, and people in the registry."""
        for mode, amount_minor in (("credit", CREDIT_MINOR), ("voucher", VOUCHER_MINOR)):
            self._programme(mode, amount_minor)
        club = self._joined(self.club, "credit")
        self._activity(club)
        self._pair_tills(self._joined(self.pool, "voucher"))
        return self._residents()

    def _programme(self, mode: str, amount_minor: int) -> None:
        owner, day = self.staff["owner"], today()
        text = {"cs": f"Cesta {self.run}, {mode}"}
        rules = {
            "name": text,
            "purpose": text,
            "text": text,
            "legal_basis": "zákon č. 128/2000 Sb.",
            "legal_regime": "other",
            "resolution_number": self.run,
            "resolution_on": day.isoformat(),
            "mode": mode,
            "denominations_minor": [amount_minor],
            "applications_from": day.isoformat(),
            "applications_to": (day + timedelta(days=30)).isoformat(),
            "spending_from": day.isoformat(),
            "spending_to": (day + timedelta(days=60)).isoformat(),
            "who": {"age_min": 18, "residence_codes": ["999001"]},
            "payable_on": "confirmation",
            "second_proof": mode == "credit",
        }
        made = owner.post("program: založení", f"{CITY}/programmes", rules)
        path, budget_minor = f"{CITY}/programmes/{made['id']}", amount_minor * (self.n + 3)
        change = owner.post(
            "program: rozpočet", f"{path}/budget-changes", {"amount_minor": budget_minor, "reason": "Cesta"}
        )
        for key, role in (("authorising", "authorising_officer"), ("budget", "budget_officer")):
            signature = {"signs_as": role, "amount_minor": budget_minor}
            where = f"{path}/budget-changes/{change['id']}/signatures"
            self.staff[key].post("program: podpis", where, signature, key=f"{self.run}.{key}")
        known = owner.get("program: čtení", f"{path}/rules")
        owner.post("program: zveřejnění", f"{path}/steps", {"step": "publish"}, version=known["v"])
        self.programmes[mode] = made["id"]
        self.count(mode, budget_minor=budget_minor)

    def _joined(self, owner: Caller, mode: str) -> Any:
        """The owner's provider takes part in the programme."""
        (provider,) = owner.get("poskytovatel: čtení", f"{CITY}/providers")["items"]
        path = f"{CITY}/providers/{provider['id']}/parts"
        owner.post("poskytovatel: účast", path, {"programme": self.programmes[mode]})
        agreement = {"agreement": {"reference": f"SML {self.run}", "signed_on": today().isoformat()}}
        self.staff["owner"].post("poskytovatel: schválení", f"{path}/{self.programmes[mode]}/approval", agreement)
        return provider

    def _activity(self, provider: Any) -> None:
        first = today() + timedelta(days=10)
        activity = self.club.post(
            "aktivita",
            f"{CITY}/activities",
            {
                "provider": provider["id"],
                "title": {"cs": f"Cesta {self.run}"},
                "about": {"cs": "Kurz pro zkoušku celé cesty."},
                "form": "course",
                "category": "sport",
                "place": "Sokolovna",
            },
        )
        path = f"{CITY}/activities/{activity['id']}"
        run = {
            "starts_on": first.isoformat(),
            "ends_on": (first + timedelta(days=30)).isoformat(),
            "capacity": self.n + 5,
            "price_minor": PRICE_MINOR,
            "order_until": first.isoformat(),
        }
        activity = self.club.post("aktivita: termín", f"{path}/sessions", run)
        self.club.post("aktivita: zveřejnění", f"{path}/state", {"state": "published"})
        self.session = {"activity": activity["id"], "session": activity["sessions"][0]["id"]}

    def _pair_tills(self, provider: Any) -> None:
        for place in range(min(WORKERS, self.n)):
            where = {"provider": provider["id"], "branch": provider["branches"][0]["id"], "name": f"Cesta {place + 1}"}
            code = self.pool.post("pokladna: kód", f"{CITY}/tills/pairings", where)["code"]
            paired = self.anyone.post("pokladna: spárování", f"{CITY}/tills/pair", {"code": code})
            self.tills.append(Caller(self.http, self.times, device_token=paired["device_token"]))

    def _residents(self) -> list[Resident]:
        """Invented people, written into the office's own registry file in one step."""
        addresses = list(houses("modrinov"))[1:]
        made = [_resident(self.run, place, addresses[place % len(addresses)]) for place in range(self.n)]
        file = regina.folder_of(self.data, MODRINOV) / "registry.jsonl"
        new = file.with_suffix(".new")
        more = "".join(json.dumps(resident.line(), ensure_ascii=False) + "\n" for resident in made)
        new.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
        new.replace(file)
        return made

    # One citizen

    def citizen(self, place: int, who: Resident) -> None:
        """From registration to the last redemption: even ones by credit, odd ones by voucher."""
        mode = "credit" if place % 2 == 0 else "voucher"
        caller = self._registered(place, who)
        self._verified(caller)
        if mode == "credit":
            self._second_proof(caller, by_post=place % 4 == 2)
        grant = self._awarded(caller, mode)
        if mode == "credit":
            self._ordered(caller, grant, place)
        else:
            self._redeemed(caller, grant, place)

    def _registered(self, place: int, who: Resident) -> Caller:
        email = f"cesta.{self.run}.{place}@posta.example"
        notice = self.anyone.get("poučení", f"{CITY}/privacy-notice")["version"]
        filled = {
            "email": email,
            "password": PASSWORD,
            "given_names": who.given_names,
            "surname": who.surname,
            "birth_date": who.born.isoformat(),
            "address": {"text": who.house.text, "address_code": who.house.code},
            "notice_version": notice,
        }
        self.anyone.post("registrace", f"{CITY}/registrations", filled)
        token = wait("e-mail", lambda: self._token_from_mail(email))
        self.anyone.post("potvrzení e-mailu", "/registrations/confirm", {"token": token})
        self.did("registrováno")
        return Caller(self.http, self.times, "moje", email)

    def _token_from_mail(self, email: str) -> str | None:
        mails = self.http.get("/posta.json", params={"komu": email}).json()["items"]
        found = [match[1] for mail in mails if (match := re.search(r"/potvrzeni#([a-z0-9.]+)", mail["text"]))]
        return found[0] if found else None

    def _verified(self, caller: Caller) -> None:
        def matched() -> bool | None:
            outcome = caller.get("ověření", f"{CITY}/verifications")["items"][0]["outcome"]
            if outcome not in ("pending", "match", "unavailable"):
                raise Stopped(f"verification ended as {outcome}")
            return True if outcome == "match" else None

        wait("verification", matched)
        self.did("ověřeno registrem")

    def _second_proof(self, caller: Caller, *, by_post: bool) -> None:
        desk, path = self.staff["assistant"], f"{CITY}/verifications/{caller.person}"
        if by_post:
            caller.post("dopis: objednání", f"{path}/letter")
            letter = desk.post("dopis: tisk", f"{CITY}/proof-letters/{caller.person}/print")
            caller.post("dopis: kód", f"{path}/code", {"code": letter["code"]})
        else:
            desk.post("důkaz u přepážky", f"{path}/second-proof", {"document": "id_card"})
        self.did("druhý důkaz dopisem" if by_post else "druhý důkaz u přepážky")

    def _awarded(self, caller: Caller, mode: str) -> Any:
        wanted = {"programme": self.programmes[mode], "beneficiary": caller.person}
        draft = caller.post("žádost: rozepsání", f"{CITY}/applications", wanted)["application"]
        path = f"{CITY}/applications/{draft['id']}"
        caller.post("žádost: podání", f"{path}/submission")
        self.did("podáno")
        clerk, decision = self.staff["clerk"], {"outcome": "approve"}
        decided = clerk.post("žádost: rozhodnutí", f"{path}/decision", decision, key=f"approve.{draft['id']}")
        if decided["state"] != "approved":
            raise Stopped(f"application ended as {decided['state']}")
        clerk.twice("žádost: rozhodnutí znovu", f"{path}/decision", decision, f"approve.{draft['id']}")
        grants = caller.get("příspěvky", f"{CITY}/grants")["items"]
        (grant,) = [grant for grant in grants if grant["programme"]["id"] == self.programmes[mode]]
        amount_minor = CREDIT_MINOR if mode == "credit" else VOUCHER_MINOR
        if grant["total_minor"] != amount_minor:
            raise Stopped(f"the award is {grant['total_minor']} and not {amount_minor}")
        self.count(mode, allotted_minor=amount_minor)
        self.did("schváleno", amount_minor)
        return grant

    def _ordered(self, caller: Caller, grant: Any, place: int) -> None:
        """Most are confirmed, every tenth is rejected, every tenth waits for the provider."""
        wanted = {**self.session, "grant": grant["id"], "price_minor": PRICE_MINOR, "credit_minor": PRICE_MINOR}
        key = f"order.{self.run}.{place}"
        order = caller.post("objednávka", f"{CITY}/orders", wanted, key=key)
        if place % 6 == 0:
            caller.twice("objednávka znovu", f"{CITY}/orders", wanted, key)
            self.did("objednávka zopakovaná týmž klíčem")
        self.did("objednáno", PRICE_MINOR)
        path = f"{CITY}/orders/{order['id']}"
        if place % 20 == 8:
            self.count("credit", held_minor=PRICE_MINOR)
            self.did("čeká na poskytovatele", PRICE_MINOR)
        elif place % 20 == 18:
            self.club.post("objednávka: odmítnutí", f"{path}/rejection", {"reason": "Plno"}, key=f"no.{key}")
            self.did("odmítnuto", PRICE_MINOR)
        else:
            self.club.post("objednávka: potvrzení", f"{path}/confirmation", key=f"yes.{key}")
            self.count("credit", spent_minor=PRICE_MINOR)
            self.did("potvrzeno", PRICE_MINOR)

    def _redeemed(self, caller: Caller, grant: Any, place: int) -> None:
        """A part or the whole at a till; every fourth is taken back, every third is sent twice."""
        held = wait("voucher", lambda: _with_code(caller.get("voucher", f"{CITY}/vouchers/{grant['id']}")))
        till, amount_minor = self.tills[place % len(self.tills)], PARTS_MINOR[place % len(PARTS_MINOR)]
        code = held["code"] if place % 4 == 1 else held["short_code"]
        till.post("pokladna: kontrola", f"{CITY}/vouchers/check", {"code": code})
        body, key = {"code": code, "amount_minor": amount_minor}, f"redeem.{self.run}.{place}"
        receipt = till.post("pokladna: uplatnění", f"{CITY}/vouchers/redeem", body, key=key)
        self.did("uplatněno", amount_minor)
        if place % 3 == 0:
            till.twice("pokladna: uplatnění znovu", f"{CITY}/vouchers/redeem", body, key)
            self.did("uplatnění zopakované týmž klíčem")
        if place % 8 == 7:
            path = f"{CITY}/vouchers/{grant['id']}/redemptions/{receipt['id']}/undo"
            undone = till.post("pokladna: storno", path, key=f"undo.{key}")
            if undone["amount_minor"] != amount_minor:
                raise Stopped(f"{undone['amount_minor']} was taken back and not {amount_minor}")
            self.did("vzato zpět", amount_minor)
        else:
            self.count("voucher", spent_minor=amount_minor)

    # The town pays

    def pay_out(self) -> None:
        """A payout of everything owed, two signatures, the file, the bank, the statement."""
        finance = self.staff["budget"]
        started = finance.post("proplacení: založení", f"{CITY}/payouts")
        path = f"{CITY}/payouts/{started['id']}"
        wait("payout", lambda: finance.get("proplacení", path)["built"] or None)
        for key, step in (("authorising", "authorise"), ("budget", "release"), ("budget", "export")):
            seen = finance.get("proplacení", path)["v"]
            self.staff[key].post(f"proplacení: {step}", f"{path}/{step}", version=seen)
        payout = finance.get("proplacení", path)
        self.did("proplaceno", payout["total_minor"])
        lines = finance.get("proplacení: řádky", f"{path}/lines")["items"]
        for mode, programme in self.programmes.items():
            self.count(mode, paid_minor=sum(line["amounts"].get(programme, 0) for line in lines))
        for name in [file["name"] for file in payout["files"]]:
            link = finance.get("proplacení: soubor", f"{path}/file?name={name}")["url"]
            self._bank(httpx.get(link, timeout=30).content, len(lines))

    def _bank(self, order_file: bytes, lines: int) -> None:
        """The bank debits the order and sends a statement, which is imported twice: the second time has no effect."""
        order = abo.read(order_file)
        known = self.staff["budget"].get("výpisy", f"{CITY}/statements")["items"]
        numbers = [int(one["statement"].rpartition("/")[2]) for one in known]
        made = bank.statement(
            order.payer, max(numbers, default=0) + 1, order.due_on, 900_000_000, bank.debits(order, order.due_on)
        )
        content = base64.b64encode(bank.gpc(made, "Modřínov")).decode()
        body = {"filename": f"vypis-{made.number}.gpc", "content_base64": content}
        (first,) = self.staff["budget"].post("výpis: import", f"{CITY}/statements", body)["items"]
        (again,) = self.staff["budget"].post("výpis: import znovu", f"{CITY}/statements", body)["items"]
        if first["debited"] != lines or not again["repeated"]:
            raise Stopped(f"the statement debited {first['debited']} of {lines} lines")
        self.did("výpis načten", sum(payment.amount_minor for payment in order.payments))

    # The end

    def differences(self) -> list[str]:
        """Where the town's figures are other than what was counted here. The figures follow within a moment."""
        return [f"{mode}: {said}" for mode in self.programmes for said in self._differences(mode)]

    def _differences(self, mode: str) -> list[str]:
        expected = self.counted[mode].money
        path = f"{CITY}/programmes/{self.programmes[mode]}/figures"
        until = time.monotonic() + WAIT_SECONDS_MAX
        while True:
            shown = self.staff["auditor"].get("čísla", path)["money"]
            wrong = [f"{n} je {shown[n]}, má být {amount}" for n, amount in expected.items() if shown[n] != amount]
            parts = sum(shown[n] for n in ("free_minor", "unspent_minor", "held_minor", "to_pay_minor", "paid_minor"))
            if shown["budget_minor"] != parts:
                wrong.append(f"části dávají {parts}, rozpočet je {shown['budget_minor']}")
            if not wrong or time.monotonic() > until:
                return wrong
            time.sleep(POLL_SECONDS)


def _resident(run: str, place: int, house: House) -> Resident:
    """An adult with a name and birth date of their own, whoever else the demo has."""
    chance = random.Random(f"{run}.{place}")
    surname = f"{chance.choice(SURNAMES)[0]}-{_letters(run)}"
    born = birthday(today(), today().year - chance.randrange(19, 90)) - timedelta(days=chance.randrange(360))
    name = f"{chance.choice(MEN)} {_letters(f'{place:04}')}"
    return Resident(f"J{run}{place:05}", name, surname, "M", born, "Modřínov", house, 0, since=date(2015, 1, 1))


def _letters(digits: str) -> str:
    """Digits as a name's letters: names have no digits."""
    return "".join("abcdefghij"[int(d)] if d in "0123456789" else d for d in digits).capitalize()


def _with_code(voucher: Any) -> Any | None:
    return voucher if voucher.get("code") else None


# Running it


def data_folder() -> Path:
    return Path(os.environ.get("DATA_DIR", ROOT / ".data")).resolve()


def origin_of(data: Path) -> str:
    """Where the running local cloud is: ORIGIN, or what its Regina was told."""
    if "ORIGIN" in os.environ:
        return os.environ["ORIGIN"]
    settings = regina.folder_of(data, MODRINOV) / "regina.toml"
    if not settings.exists():
        raise Stopped(f"{settings} is missing: start the local cloud with the demo first (make run)")
    url: str = tomllib.loads(settings.read_text())["cloud"]["url"]
    return url


@contextmanager
def _step(name: str) -> Iterator[None]:
    began = now()
    print(f"{name} …", flush=True)
    yield
    print(f"{name}: {(now() - began).total_seconds():.1f} s", flush=True)


def walk(journey: Journey) -> list[str]:
    """The whole way; gives the differences."""
    with _step("Programy, poskytovatelé, pokladny, registr"):
        residents = journey.prepare()
    with _step(f"{journey.n} občanů"), ThreadPoolExecutor(WORKERS) as pool:
        going = [pool.submit(journey.citizen, place, who) for place, who in enumerate(residents)]
        for done in tqdm(going, unit="občan", disable=None):
            done.result()
    with _step("Proplacení, banka, výpis"):
        journey.pay_out()
    with _step("Čísla"):
        return journey.differences()


def report(journey: Journey, differences: list[str]) -> Iterator[str]:
    yield "\nKrok                                 počet          Kč"
    for step, count in journey.steps.items():
        yield f"  {step:32} {count:6} {journey.sums[step] / 100:12,.2f}".replace(",", " ")
    yield "\nVolání                            počet        p50         p95"
    yield from journey.times.lines()
    for mode, counted in journey.counted.items():
        parts = " + ".join(f"{value / 100:.2f}" for name, value in counted.money.items() if name != "budget_minor")
        yield f"\n{mode}: rozpočet {counted.budget_minor / 100:.2f} = volné + přiznané + blokované + k výplatě + vyplacené = {parts}"
    yield "\nSouhlasí do haléře." if not differences else "\nROZDÍLY:\n  " + "\n  ".join(differences)


def main() -> int:
    parser = argparse.ArgumentParser(prog="localcloud.journey", description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="how many citizens")
    chosen = parser.parse_args()
    try:
        data = data_folder()
        journey = Journey(origin_of(data), data, chosen.n)
        differences = walk(journey)
    except (Stopped, httpx.HTTPError) as fault:
        print(f"Cesta skončila: {fault}", file=sys.stderr)
        return 1
    print("\n".join(report(journey, differences)))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
