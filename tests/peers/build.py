"""What the peers' scenarios are played with: a town whose money goes all the way to the bank, and hands on its clock."""

import base64
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.core import aws, clock
from chalicelib.core.clock import Instant, day_of
from chalicelib.core.gate import OWNER, Who
from chalicelib.core.settings import settings
from chalicelib.core.table import transact
from chalicelib.money.payouts import jobs as payout_jobs
from chalicelib.money.payouts import service as payouts
from chalicelib.money.providers import store as provider_store
from chalicelib.money.providers.model import Account, Provider
from chalicelib.town.people import staff
from chalicelib.town.towns import service as towns
from tests.door import Answer, Door
from tests.money.payouts.build import ACCOUNTS, TOWN_ACCOUNT, officers
from tests.money.providers.build import someone
from tests.money.vouchers.build import CITY, Scene, a_scene
from tests.money.vouchers.conftest import a_till
from tools.docs import load_rooms

AT = f"/cities/{CITY}"


@dataclass(frozen=True)
class Finance:
    """A town with its tills and its three officers; everything goes through the doors."""

    door: Door
    scene: Scene
    authorising: Who
    budget: Who
    accountant: Who
    sent: list[tuple[str, dict[str, Any]]]

    @property
    def till(self) -> Door:
        return a_till(self.door, self.scene.pool.id)

    @property
    def desk(self) -> Door:
        return self.door.as_(self.budget)

    def start(self) -> str:
        """Ask for a payout; gives its id. The queue's message waits in `sent`."""
        asked = self.desk.post(f"{AT}/payouts")
        assert asked.status == 202, asked
        return str(asked.body["id"])

    def run_build(self, payout: str) -> None:
        """What the queue runs: step after step until it is complete."""
        cursor: str | None = payout
        while cursor:
            cursor = payout_jobs.JOBS["build"](CITY, cursor)

    def built(self) -> str:
        payout = self.start()
        self.run_build(payout)
        return payout

    def payout(self, id: str) -> Any:
        return self.desk.get(f"{AT}/payouts/{id}").body

    def lines(self, id: str) -> list[Any]:
        return list(self.desk.get(f"{AT}/payouts/{id}/lines").body["items"])

    def step(self, id: str, who: Who, name: str) -> Answer:
        return self.door.as_(who).post(f"{AT}/payouts/{id}/{name}", version=self.payout(id)["v"])

    def release(self, id: str) -> None:
        assert self.step(id, self.authorising, "authorise").status == 200
        assert self.step(id, self.accountant, "release").status == 200

    def export(self, id: str) -> Answer:
        return self.step(id, self.budget, "export")

    def import_statement(self, data: bytes) -> Any:
        content = base64.b64encode(data).decode()
        body = {"filename": "vypis.gpc", "content_base64": content, "future": True}
        answer = self.desk.post(f"{AT}/statements", body)
        assert answer.status == 200, answer
        return answer.body["items"][0]


def a_finance(door: Door, sent: list[tuple[str, dict[str, Any]]]) -> Finance:
    scene = a_scene()
    towns.amend(CITY, towns.town_now(CITY).v, {"account_number": TOWN_ACCOUNT, "bank_profile": "0800"})
    for provider, number in zip((scene.pool, scene.shop), ACCOUNTS, strict=False):
        _give_account(provider, number)
    owner = someone("owner-1")
    transact([staff.give_provider_role(CITY, owner.id, scene.pool.id, OWNER)])
    authorising, budget, accountant = officers()
    return Finance(door, scene, authorising, budget, accountant, sent)


def _give_account(provider: Provider, number: str) -> None:
    """A club with an approved account: its money goes through the bank."""
    club = replace(provider, legal_form="association", account_version=1, accounts=1)
    at = clock.now()
    account = Account(1, number, "approved", "owner-1", at, "clerk-1", at)
    transact([provider_store.save(CITY, club), provider_store.add_account(CITY, provider.id, account)])


def paid_line(payout: str, provider: str) -> Any:
    """A payout's line, as the local bank needs it to make a statement of it."""
    return next(line for line in payouts.lines(CITY, payout) if line.provider == provider)


def at_once[T](*tasks: Callable[[], T]) -> list[T]:
    """Real parallel writers: they start together."""
    gate = threading.Barrier(len(tasks))

    def run(task: Callable[[], T]) -> T:
        gate.wait(30)
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def stored() -> dict[tuple[str, str], Any]:
    """Everything in the table."""
    found: dict[tuple[str, str], Any] = {}
    for page in aws.client("dynamodb").get_paginator("scan").paginate(TableName=settings().table_name):
        found |= {(item["PK"]["S"], item["SK"]["S"]): item for item in page["Items"]}
    return found


def transfers(items: dict[tuple[str, str], Any]) -> dict[tuple[str, str], str]:
    """The bodies of the transfers among these items."""
    return {key: item["card"]["S"] for key, item in items.items() if item["kind"]["S"] == "transfer"}


class Hands:
    """The clock's hands, for each thread its own: `with hands.at(instant)` only this thread lives at that time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._own = threading.local()
        load_rooms()
        for name, module in list(sys.modules.items()):
            if name.startswith("chalicelib.") and not name.startswith("chalicelib.core"):
                if getattr(module, "now", None) is clock.now:
                    monkeypatch.setattr(module, "now", self.now)
                if getattr(module, "today", None) is clock.today:
                    monkeypatch.setattr(module, "today", self.today)

    def now(self) -> Instant:
        return getattr(self._own, "instant", None) or clock.now()

    def today(self) -> date:
        return day_of(self.now())

    @contextmanager
    def at(self, instant: Instant) -> Iterator[None]:
        self._own.instant = instant
        try:
            yield
        finally:
            self._own.instant = None


@contextmanager
def answers_lost(times: int) -> Iterator[list[str]]:
    """The first transactions take effect and their answers never come. Gives which were lost."""
    lost: list[str] = []
    guard = threading.Lock()
    events = aws.client("dynamodb").meta.events

    def lose(model: Any, **_: Any) -> None:
        with guard:
            if len(lost) < times:
                lost.append(model.name)
                raise ReadTimeoutError(endpoint_url="http://dynamodb")

    events.register("after-call.dynamodb.TransactWriteItems", lose)
    try:
        yield lost
    finally:
        events.unregister("after-call.dynamodb.TransactWriteItems", lose)


class Died(Exception):
    """The process was killed here."""


@contextmanager
def dies_before(*said: str) -> Iterator[list[str]]:
    """The process dies before it sends a write that says all of this."""
    died: list[str] = []
    events = aws.client("dynamodb").meta.events

    def die(params: dict[str, Any], model: Any, **_: Any) -> None:
        body = params["body"] if isinstance(params["body"], str) else params["body"].decode()
        if all(word in body for word in said):
            died.append(model.name)
            raise Died

    names = [f"before-call.dynamodb.{name}" for name in ("TransactWriteItems", "PutItem", "UpdateItem")]
    for name in names:
        events.register(name, die)
    try:
        yield died
    finally:
        for name in names:
            events.unregister(name, die)
