"""News from the registry: told once, and nothing but a reference."""

from __future__ import annotations

import threading
from pathlib import Path

from regina.changes import CHANGES_MAX
from regina.file_registry import OUTAGE_FILE
from regina.tests.builders import SUBJECT_KEY, Town, a_home, a_person, a_question
from regina.tests.test_protocol import Office, a_job, a_worker, office

__all__ = ["office"]


def test_a_change_of_who_was_asked_about_is_noticed_and_told_once(tmp_path: Path) -> None:
    town = Town(tmp_path).holds(a_person())
    town.asked(a_question())
    assert list(town.changes.waiting()) == []
    town.holds(a_person(died_on="2026-10-31"))
    refs = town.changes.waiting()
    assert refs == [town.subjects.ref("A1")]
    assert town.changes.waiting() == refs
    town.changes.told(refs)
    assert list(town.changes.waiting()) == []


def test_changes_of_strangers_are_nobodys_business(tmp_path: Path) -> None:
    town = Town(tmp_path).holds(a_person(), a_person("A2", surname="Kos"))
    town.asked(a_question())
    town.holds(a_person(), a_person("A2", surname="Orel"))
    assert list(town.changes.waiting()) == []


def test_a_person_who_left_the_registry_is_a_change(tmp_path: Path) -> None:
    town = Town(tmp_path).holds(a_person(), a_person("A2", surname="Kos"))
    town.asked(a_question())
    town.holds(a_person("A2", surname="Kos"))
    assert list(town.changes.waiting()) == [town.subjects.ref("A1")]


def test_many_changes_are_told_by_the_hundred(tmp_path: Path) -> None:
    town = Town(tmp_path)
    people = [a_person(f"A{n}", surname=f"Kos{n}") for n in range(CHANGES_MAX + 20)]
    town.holds(*people)
    for n in range(CHANGES_MAX + 20):
        town.asked(a_question(surname=f"Kos{n}"))
    town.holds(*({**person, "residence": a_home(address_code="990010002")} for person in people))
    first = town.changes.waiting()
    town.changes.told(first)
    rest = town.changes.waiting()
    town.changes.told(rest)
    assert (len(first), len(rest), len(town.changes.waiting())) == (CHANGES_MAX, 20, 0)


def test_a_registry_that_is_gone_tells_nothing(tmp_path: Path) -> None:
    town = Town(tmp_path).holds(a_person())
    town.asked(a_question())
    town.path.unlink()
    assert list(town.changes.waiting()) == []


def test_what_is_watched_is_kept_without_names(tmp_path: Path) -> None:
    town = Town(tmp_path).holds(a_person())
    town.asked(a_question())
    content = (tmp_path / "watched.sqlite").read_bytes()
    assert (tmp_path / "watched.sqlite").stat().st_mode & 0o777 == 0o600
    assert not any(word.encode() in content for word in ("Dvo", "Petr", "1980"))
    assert SUBJECT_KEY not in content
    assert not (tmp_path / OUTAGE_FILE).exists()


def test_the_worker_tells_the_cloud_and_only_then_forgets(office: Office) -> None:
    town, stop = Town(office.folder), threading.Event()
    worker = a_worker(office, town, stop)
    office.cloud.jobs = [a_job()]
    worker.once()
    town.holds(a_person(surname="Orel"))
    worker.once()
    assert office.cloud.changes == [town.subjects.ref("A1")]
    worker.once()
    assert office.cloud.changes == [town.subjects.ref("A1")]
