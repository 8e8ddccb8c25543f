"""A town with its real Regina: keys, a registry file, and the signed protocol through the real door."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from chalicelib.core.clock import Instant, now
from chalicelib.core.gate import Who
from chalicelib.core.ids import new_id
from chalicelib.core.settings import settings
from chalicelib.core.table import transact
from chalicelib.core.work import Change
from chalicelib.town.identity import jobs
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Child, Person, Residence
from regina import keys
from regina.answering import Answering
from regina.audit import Audit
from regina.changes import FileChanges
from regina.cloud import Cloud
from regina.config import Config, FileSource
from regina.file_registry import FileRegistry
from regina.model import Answer, Area, Job
from regina.subjects import ComputedSubjects
from tests.door import Door

CITY = "modrinov"
HERE = Residence("Nádražní 7, Modřínov", "999100002")
CLERK = Who(id=new_id(), app="admin", roles={CITY: ("clerk",)})
SECOND_CLERK = Who(id=new_id(), app="admin", roles={CITY: ("clerk",)})
ADMIN = Who(id=new_id(), app="admin", roles={CITY: ("admin",)})


def citizen(person: str, city: str = CITY) -> Who:
    return Who(id=person, app="moje", roles={city: ("citizen",)})


def a_record(registry_id: str, **changes: Any) -> dict[str, Any]:
    """A person of the registry file, who lives in Modřínov."""
    home = {"municipality_code": "999001", "address_code": "999100002", **changes.pop("residence", {})}
    record = {"registry_id": registry_id, "given_names": "Petr", "surname": "Dvořák", "birth_date": "1980-05-17"}
    return {**record, "birth_place": "Modřínov", "residence": home, **changes}


def registered(given_names: str = "Petr", surname: str = "Dvořák", born: date = date(1980, 5, 17), **more: Any) -> str:
    """A person of the town; the news of it reached verification."""
    id = more.pop("id", new_id())
    facts: dict[str, Any] = {"residence": HERE, "registered_at": now(), "notice_version": 1, "notice_at": now()}
    person = Person(id=id, given_names=given_names, surname=surname, birth_date=born, **(facts | more))
    transact([people.found_person(CITY, person)])
    news("person", id)
    return str(id)


def entered(guardian: str, given_names: str = "Ema", surname: str = "Dvořáková", born: date = date(2018, 3, 4)) -> str:
    """A child in a guardian's account; the news of it reached verification."""
    child: Child = people.add_child(CITY, guardian, given_names, surname, born, None)
    news("child", child.id)
    return child.id


def news(kind: str, subject: str, event: Any = "INSERT") -> None:
    """What the table's stream would bring."""
    head = subject.partition("-")[0]
    letter = {"person": "A", "child": f"C#{subject}", "verification": f"V#{subject}"}[kind]
    jobs.changed(Change(CITY, kind, f"{CITY}#P#{head}", letter, event))


class Office:
    """An installed Regina. Its HTTP client reaches the API through the real door."""

    def __init__(self, folder: Path, door: Door, city: str = CITY) -> None:
        folder.mkdir(exist_ok=True)
        self.door, self.city = door, city
        self.clock: Callable[[], Instant] = now
        self.key = keys.make_keys(folder / "signing.pem", folder / "subject.key")
        self.path = folder / "registry.jsonl"
        registry = FileRegistry(self.path, lambda: self.clock())
        key = keys.subject_key(folder / "subject.key")
        self.subjects = ComputedSubjects(registry, key)
        self.changes = FileChanges(registry, folder / "watched.sqlite", key)
        audit = Audit(folder / "audit", 60, "regina", "Ověření", lambda: self.clock())
        self.answering = Answering(
            Area("999001"), registry, registry, self.subjects, audit, self.changes, lambda: self.clock()
        )
        source = FileSource(self.path)
        self.config = Config(
            city,
            Area("999001"),
            settings().origin,
            settings().origin,
            folder,
            folder,
            folder,
            60,
            "r",
            "p",
            1,
            20,
            source,
        )
        self.last: dict[str, Any] = {}
        self.holds()

    def holds(self, *records: dict[str, Any]) -> None:
        self.path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))

    def register_key(self) -> str:
        public = keys.public_text(self.key.public_key())
        path = f"/cities/{self.city}/regina/keys"
        who = Who(id=new_id(), app="admin", roles={self.city: ("admin",)})
        answer = self.door.as_(who).post(path, {"public_key": public, "label": "Radnice"})
        assert answer.status == 201, answer
        return str(answer.body["id"])

    def cloud(self) -> Cloud:
        http = httpx.Client(transport=httpx.MockTransport(self._through_the_door))
        return Cloud(self.config, self.key, http, lambda: self.clock())

    def _through_the_door(self, request: httpx.Request) -> httpx.Response:
        self.last = {"path": request.url.path, "body": request.content.decode(), "headers": dict(request.headers)}
        return self.send(**self.last)

    def send(self, path: str, body: str, headers: dict[str, str]) -> httpx.Response:
        """A request as it stands: signed before, perhaps changed since."""
        answer = self.door.call("POST", path.removeprefix("/v1"), None, raw=body, headers=headers)
        return httpx.Response(answer.status, json=answer.body)

    def lease(self) -> list[Job]:
        return self.cloud().lease(20)

    def round(self) -> list[Answer]:
        """Lease, ask, answer: what the module does all day; the news of each answer reaches verification."""
        cloud, answers = self.cloud(), []
        for job in cloud.lease(20):
            answer = self.answering.answer(job)
            cloud.answer(job, answer)
            answers.append(answer)
        return answers

    def tell_changes(self) -> int:
        """What the module does each round: say whose records changed. Returns how many."""
        refs = self.changes.waiting()
        if refs:
            self.cloud().tell_changes(refs)
            self.changes.told(refs)
        return len(refs)

    def verify(self, *subjects: str) -> list[Answer]:
        """A round, with the news of it for these subjects."""
        answers = self.round()
        for subject in subjects:
            news("verification", subject)
        return answers
