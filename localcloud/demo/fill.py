"""Fills an empty installation with the demo world; knows what it has filled.

A fill that was killed left only demo data behind, since nothing else runs before it is done: the next one clears the
table and begins again. A table that somebody else has filled is left alone.
"""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.aws import client
from chalicelib.core.clock import Instant, now, start_of, to_text
from chalicelib.core.settings import settings
from chalicelib.core.table import Item, Key, commit, put, read
from chalicelib.money.programmes import service as programmes
from chalicelib.town.identity import store as identity
from chalicelib.town.identity.model import TownKey
from chalicelib.town.messages import store as messages
from chalicelib.town.people import passwords
from localcloud import regina
from localcloud.demo.applications import Applications
from localcloud.demo.charges import charges, write_charges
from localcloud.demo.clock import at, settable
from localcloud.demo.figures import write_figures
from localcloud.demo.money import Money, dispute_one, tell_of_vouchers
from localcloud.demo.nights import seal_and_prove
from localcloud.demo.people import People
from localcloud.demo.settling import Settling, TodaysStatement
from localcloud.demo.signing_in import PASSWORD
from localcloud.demo.sponsors import fund, write_offer, write_programmes, write_providers, write_towns
from localcloud.demo.table import BATCH, Batch, patient, together, write_requests
from localcloud.demo.towns import PODLESI
from localcloud.demo.world import World, demo_day, world
from localcloud.pumps import Checkpoint
from regina.file_registry import OUTAGE_FILE
from regina.keys import subject_key

MARK = Key("_#DEMO", "A")
QUEUE_READ_MAX = 1000
REGISTRY_DOWN = timedelta(minutes=40)
"""In Podlesí the registry does not answer for the demo's first minutes: people see that we ask again."""
_LAST_OF_STREAM = (
    "SELECT shard_id, MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = ? GROUP BY shard_id"
)


class DemoItem(Item):
    """AP-06 of the local cloud only: the demo's own mark, `filling` or `filled`, and its day."""

    KIND = "demo"
    state = UnicodeAttribute()
    day = UnicodeAttribute()


@dataclass
class Fill:
    """One fill. `say` tells how far it is."""

    world: World
    data: Path
    say: Callable[[str], None]

    def run(self) -> None:
        keys = self._regina()
        with settable():
            self._write(keys)
        self._registry()
        self._leave_history()

    def _write(self, keys: dict[str, bytes]) -> None:
        made, batch = self.world, Batch()
        password = passwords.hashed(PASSWORD)
        people = People(made, keys, password)
        applications = Applications(made, people)
        self.say("města a adresy")
        write_towns(made)
        self.say("lidé, programy, poskytovatelé, nabídka")
        people.write(batch)
        write_programmes(made, batch)
        write_providers(made, batch, password)
        write_offer(made, batch)
        applications.write(batch)
        batch.flush()
        self.say("peníze")
        published = [programme for programme in made.programmes if not programme.is_draft]
        for programme in published:
            fund(made, programme)
        together([Money(made, applications, programme).move for programme in published])
        tell_of_vouchers(made, applications, batch)
        batch.flush()
        dispute_one(made, applications)
        self.say("proplacení a poplatky")
        settling = Settling(made)
        exported = settling.run()
        write_charges(made, people, batch)
        owed = list(charges(made, people))
        TodaysStatement(settling, exported, owed, self.data / "demo").write()
        self.say("čísla")
        write_figures(made, applications, batch)
        batch.flush()
        with at(made.morning):
            for town, _ in made.towns:
                programmes.follow_all(town.slug)
            applications.judge_open()
        self.say("noční kontrola a pečetě")
        seal_and_prove(made)
        for town, _ in made.towns:
            _tell_nothing_of_the_past(town.slug, start_of(made.day))

    def _leave_history(self) -> None:
        """The local stream has nothing to tell of the past: what follows from it is filled in as well."""
        database = self.data / "dynamodb.sqlite"
        if not database.exists():
            return
        stream = client("dynamodb").describe_table(TableName=settings().table_name)["Table"]["LatestStreamArn"]
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            rows = connection.execute(_LAST_OF_STREAM, [settings().table_name]).fetchall()
        for shard, number in rows:
            Checkpoint(self.data / "stream.json").write(stream, shard, str(number))

    # The office's side

    def _regina(self) -> dict[str, bytes]:
        """Install Regina for both towns and register their keys; gives the subject keys."""
        keys = {}
        for town, _ in self.world.towns:
            place = regina.Town(town.slug, town.municipality_code, town.city_part_code)
            public = regina.install(self.data, place, settings().origin)
            admin = self.world.colleague(town.slug, "admin").id
            known = TownKey(public["kid"], public["public_key"], "Ukázka", admin, self.world.founded_at)
            if identity.town_public_key(town.slug, known.id) is None:
                identity.save_town_key(town.slug, known)
            keys[town.slug] = subject_key(regina.folder_of(self.data, town.slug) / "keys" / "subject.key")
        return keys

    def _registry(self) -> None:
        """The registry of residents: on the office's side only."""
        lines = "".join(json.dumps(r.line(), ensure_ascii=False) + "\n" for r in self.world.residents)
        for town, _ in self.world.towns:
            file = regina.folder_of(self.data, town.slug) / "registry.jsonl"
            new = file.with_suffix(".new")
            new.write_text(lines, encoding="utf-8")
            new.replace(file)
        (regina.folder_of(self.data, PODLESI) / OUTAGE_FILE).write_text(to_text(now() + REGISTRY_DOWN))


def _tell_nothing_of_the_past(city: str, until: Instant) -> None:
    """What was told before the demo day was sent then; it lies in the inboxes."""
    while queued := messages.queued(city, until, QUEUE_READ_MAX):
        for id in queued:
            message = messages.message(city, id)
            assert message is not None
            messages.finish(message, "sent", "email", message.queued_at)


def fill(data: Path, say: Callable[[str], None]) -> None:
    """Fill what is empty. The demo day is DEMO_DAY at the first run, today without it, and stays."""
    with patient():
        _fill(data, say)


def _fill(data: Path, say: Callable[[str], None]) -> None:
    mark = read(DemoItem, MARK)
    if mark and mark.state == "filled":
        return
    if mark:
        say("minulé plnění neskončilo, začínám znovu")
        _clear()
    elif not _is_empty():
        return
    day = date.fromisoformat(mark.day) if mark else _wished_day()
    _note("filling", day)
    Fill(world(day), data, say).run()
    _note("filled", day)


def _wished_day() -> date:
    wished = os.environ.get("DEMO_DAY")
    return date.fromisoformat(wished) if wished else demo_day(now())


def _note(state: str, day: date) -> None:
    commit(put(DemoItem(pk=MARK.pk, sk=MARK.sk, kind=DemoItem.KIND, state=state, day=day.isoformat())))


def filled_on() -> date | None:
    """The demo day of this installation, None where there is no demo."""
    mark = read(DemoItem, MARK)
    return date.fromisoformat(mark.day) if mark else None


def _is_empty() -> bool:
    return client("dynamodb").scan(TableName=settings().table_name, Limit=1)["Count"] == 0


def _clear() -> None:
    """Take away everything but the mark."""
    table, keep = settings().table_name, {"PK": {"S": MARK.pk}, "SK": {"S": MARK.sk}}
    request: dict[str, Any] = {"TableName": table, "ProjectionExpression": "PK, SK"}
    pages = client("dynamodb").get_paginator("scan").paginate(**request)
    keys = [key for page in pages for key in page["Items"] if key != keep]
    pieces = [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]
    together([partial(write_requests, [{"DeleteRequest": {"Key": key}} for key in piece]) for piece in pieces])
