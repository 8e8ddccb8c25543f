"""Builders: a person of the registry, a question about them, and the whole of Regina over a registry file."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from regina.answering import Answering
from regina.audit import Audit
from regina.changes import FileChanges
from regina.file_registry import FileRegistry
from regina.model import Answer, Area, GuardianQuestion, Job, PersonQuestion, Record, Residence
from regina.subjects import ComputedSubjects

D = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SUBJECT_KEY = bytes(range(32))
MODRINOV = Area("999001")
PODLESI = Area("999002", "999021")


def a_home(**changes: Any) -> dict[str, Any]:
    """A permanent residence in Modřínov, as the registry file writes it."""
    home = {"municipality_code": "999001", "address_code": "990010001", "kind": "permanent_residence"}
    return {**home, "text": "Lipová 12, Modřínov", **changes}


def a_person(registry_id: str = "A1", **changes: Any) -> dict[str, Any]:
    """A person of the registry file."""
    person = {"registry_id": registry_id, "given_names": "Petr", "surname": "Dvořák", "birth_date": "1980-05-17"}
    return {**person, "birth_place": "Modřínov", "residence": a_home(), **changes}


def a_question(**changes: Any) -> PersonQuestion:
    """A question about `a_person`, with the address chosen from the list."""
    asked: dict[str, Any] = {"given_names": "Petr", "surname": "Dvořák", "birth_date": date(1980, 5, 17)}
    return PersonQuestion(**{**asked, "address_code": "990010001", **changes})


def a_record(**changes: Any) -> Record:
    """A record for rules that are tested alone."""
    record: dict[str, Any] = {"registry_id": "A1", "given_names": "Petr", "surname": "Dvořák"}
    record |= {"birth_date": date(1980, 5, 17), "residence": Residence("999001", address_code="990010001")}
    return Record(**{**record, **changes})


class Town:
    """Regina of one town over a registry file that the test writes."""

    def __init__(self, folder: Path, area: Area = MODRINOV, now: Callable[[], datetime] = lambda: NOON) -> None:
        self.path = folder / "registry.jsonl"
        self.registry = FileRegistry(self.path, now)
        self.subjects = ComputedSubjects(self.registry, SUBJECT_KEY)
        self.audit_folder = folder / "audit"
        audit = Audit(self.audit_folder, 60, "regina", "Ověření", now)
        self.changes = FileChanges(self.registry, folder / "watched.sqlite", SUBJECT_KEY)
        self.answering = Answering(area, self.registry, self.registry, self.subjects, audit, self.changes, now)

    def holds(self, *people: dict[str, Any]) -> Town:
        """Write the registry file."""
        self.path.write_text("".join(json.dumps(p, ensure_ascii=False) + "\n" for p in people), encoding="utf-8")
        return self

    def asked(self, question: PersonQuestion | GuardianQuestion) -> Answer:
        """The answer to one question."""
        return self.answering.answer(Job("J1", "L1", "2026-11-20T12:05:00Z", question))

    def link(self, guardian: str, child: str) -> Answer:
        """The answer about a guardian, by registry ids."""
        return self.asked(GuardianQuestion(self.subjects.ref(guardian), self.subjects.ref(child)))

    def audit_lines(self) -> Sequence[dict[str, Any]]:
        """The audit log."""
        files = sorted(self.audit_folder.iterdir())
        return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
