"""Regina against a cloud that speaks HTTP and checks every signature by the contract."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from regina import config, keys
from regina.__main__ import main
from regina.cloud import Cloud, CloudRefused, CloudUnreachable
from regina.file_registry import OUTAGE_FILE
from regina.model import Answer, Job, Outcome, subject_ref
from regina.tests.builders import Town, a_person, a_question
from regina.tests.stand_ins import StandInCloud, serving
from regina.worker import Health, Worker, backoff_seconds

WAIT_SECONDS = 20


def now() -> datetime:
    return datetime.now(UTC)


def a_job(id: str = "J1", **changes: Any) -> dict[str, Any]:
    question: dict[str, Any] = {"given_names": "Petr", "surname": "Dvorak", "birth_date": "1980-05-17"}
    question |= {"address": {"text": "Lipová 12, Modřínov", "address_code": "990010001"}}
    job: dict[str, Any] = {"id": id, "lease_id": f"L-{id}", "lease_until": "2026-11-20T12:05:00Z", "kind": "person"}
    return {**job, "not_before": "2026-11-20T12:00:00Z", "question": question, **changes}


class Office:
    """An installed module: keys, settings and a registry file in one folder, and the cloud it talks to."""

    def __init__(self, folder: Path, url: str, cloud: StandInCloud, settings: config.Config) -> None:
        self.folder, self.url, self.cloud, self.settings = folder, url, cloud, settings
        self.toml = folder / "regina.toml"

    def key(self) -> Any:
        return keys.signing_key(self.settings.signing_key)

    def client(self, clock: Callable[[], datetime] = now, **changes: Any) -> Cloud:
        return Cloud(replace(self.settings, **changes), self.key(), httpx.Client(), clock)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    key = keys.make_keys(tmp_path / "keys/signing.pem", tmp_path / "keys/subject.key")
    cloud = StandInCloud("modrinov", key.public_key(), now)
    with serving(cloud) as url:
        cloud.origin = url
        toml = tmp_path / "regina.toml"
        toml.write_text(
            f'[town]\ncity = "modrinov"\nmunicipality_code = "999001"\n[cloud]\nurl = "{url}"\npoll_seconds = 0.1\n'
            '[registry]\nkind = "file"\npath = "registry.jsonl"\n'
        )
        Town(tmp_path).holds(a_person())
        yield Office(tmp_path, url, cloud, config.load(toml))


def test_once_leases_asks_and_answers_with_the_least_needed(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.cloud.jobs = [a_job()]
    assert main(["once", "--config", str(office.toml)]) == 0
    answer = office.cloud.answers["J1"]
    request_id, checked_at = answer.pop("request_id"), answer.pop("checked_at")
    assert answer == {
        "lease_id": "L-J1",
        "outcome": "match",
        "subject_ref": subject_ref(keys.subject_key(office.settings.subject_key), "A1"),
        "registry": {"given_names": "Petr", "surname": "Dvořák"},
        "residence": {"municipality_code": "999001", "address_code": "990010001", "kind": "permanent_residence"},
        "official_address": False,
    }
    assert len(request_id) == 36
    assert checked_at.endswith("Z")
    assert abs((datetime.fromisoformat(checked_at) - now()).total_seconds()) < WAIT_SECONDS
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"answered": 1}


def test_a_guardian_question_is_answered_over_the_wire(office: Office) -> None:
    child = a_person("child", birth_date="2018-03-04", parents=[{"registry_id": "A1"}])
    Town(office.folder).holds(a_person(), child)
    key = keys.subject_key(office.settings.subject_key)
    refs = {"guardian_subject_ref": subject_ref(key, "A1"), "child_subject_ref": subject_ref(key, "child")}
    office.cloud.jobs = [a_job(kind="guardian", question=refs)]
    assert main(["once", "--config", str(office.toml)]) == 0
    assert office.cloud.answers["J1"]["outcome"] == "proved_by_registry"


def test_an_outage_is_answered_as_unavailable(office: Office) -> None:
    (office.folder / OUTAGE_FILE).write_text("2999-01-01T00:00:00Z")
    office.cloud.jobs = [a_job()]
    assert main(["once", "--config", str(office.toml)]) == 0
    assert office.cloud.answers["J1"]["outcome"] == "unavailable"


def test_a_question_of_an_unknown_kind_is_left_and_the_others_are_answered(office: Office) -> None:
    office.cloud.jobs = [a_job("J0", kind="something new"), a_job("J1")]
    assert main(["once", "--config", str(office.toml)]) == 0
    assert list(office.cloud.answers) == ["J1"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"city": "vranohrad-podlesi"}, "wrong_iss"),
        ({"audience": "https://elsewhere.example"}, "wrong_aud"),
    ],
)
def test_a_signature_made_for_somebody_else_is_refused(office: Office, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(CloudRefused, match=why):
        office.client(**changes).lease(5)


@pytest.mark.parametrize("minutes", [-3, 3])
def test_a_clock_that_is_wrong_by_minutes_is_refused(office: Office, minutes: int) -> None:
    skewed = datetime.fromtimestamp(now().timestamp() + minutes * 60, UTC)
    with pytest.raises(CloudRefused, match="expired"):
        office.client(clock=lambda: skewed).lease(5)


def test_every_request_carries_a_signature_of_its_own(office: Office) -> None:
    client = office.client()
    for _ in range(3):
        client.lease(1)
    assert len(office.cloud.seen) == 3


def test_another_towns_key_is_refused_with_its_exit_code(office: Office) -> None:
    office.settings.signing_key.unlink()
    office.settings.subject_key.unlink()
    assert main(["keys", "--config", str(office.toml)]) == 0
    assert main(["once", "--config", str(office.toml)]) == 4


def test_an_unreachable_cloud_has_its_exit_code(office: Office) -> None:
    office.cloud.fail_next = 1
    assert main(["once", "--config", str(office.toml)]) == 3


def test_a_lapsed_lease_is_given_up_and_the_next_job_is_answered(office: Office) -> None:
    office.cloud.jobs = [a_job("J0", lease_id="lapsed"), a_job("J1")]
    assert main(["once", "--config", str(office.toml)]) == 0
    assert list(office.cloud.answers) == ["J1"]


def a_worker(office: Office, town: Town, stop: threading.Event) -> Worker:
    health = Health(office.folder / "state/health.json", now)
    return Worker(office.client(), town.answering, health, lease_max=10, poll_seconds=0.05, stop=stop)


def test_an_answer_lost_on_the_way_is_handed_in_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regina.worker.backoff_seconds", lambda failures: 0.01)
    office.cloud.jobs = [a_job()]
    worker = a_worker(office, Town(office.folder), threading.Event())
    lease = Cloud.lease

    def lease_then_fail(cloud: Cloud, most: int) -> list[Job]:
        jobs = lease(cloud, most)
        office.cloud.fail_next = 2
        return jobs

    monkeypatch.setattr(Cloud, "lease", lease_then_fail)
    assert worker.once() == 1
    assert list(office.cloud.answers) == ["J1"]


def test_a_fault_of_ours_on_one_question_leaves_the_others_answered_and_tells_no_name(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    town = Town(office.folder)
    find = town.registry.find_by_name

    def faulty(question: Any, query: Any) -> Any:
        if question.surname == "Faulty":
            raise ZeroDivisionError("Faulty Petr")
        return find(question, query)

    monkeypatch.setattr(town.registry, "find_by_name", faulty)
    question: dict[str, Any] = {
        "given_names": "Petr",
        "surname": "Faulty",
        "birth_date": "1980-05-17",
        "address": {"text": "x"},
    }
    office.cloud.jobs = [a_job("J0", question=question), a_job("J1")]
    a_worker(office, town, threading.Event()).once()
    assert list(office.cloud.answers) == ["J1"]
    assert "ZeroDivisionError" in caplog.text
    assert "Petr" not in caplog.text


def test_asked_to_stop_it_finishes_the_question_at_hand_and_leaves_the_rest(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, stop = Town(office.folder), threading.Event()
    find = town.registry.find_by_name

    def stop_meanwhile(question: Any, query: Any) -> Any:
        stop.set()
        return find(question, query)

    monkeypatch.setattr(town.registry, "find_by_name", stop_meanwhile)
    office.cloud.jobs = [a_job("J1"), a_job("J2")]
    a_worker(office, town, stop).run()
    assert list(office.cloud.answers) == ["J1"]


def test_the_process_survives_a_dead_cloud_and_ends_well_on_sigterm(office: Office) -> None:
    office.cloud.fail_next = 1
    office.cloud.jobs = [a_job()]
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "regina", "run", "--config", str(office.toml)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    deadline = time.monotonic() + WAIT_SECONDS
    while not office.cloud.answers and time.monotonic() < deadline:
        time.sleep(0.05)
    healthy = main(["health", "--config", str(office.toml)])
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 0
    assert office.cloud.answers["J1"]["outcome"] == "match"
    assert healthy == 0
    assert "health trouble=" in output
    assert not any(word in output for word in ("Dvořák", "Dvorak", "1980"))


def test_a_new_key_waits_until_the_cloud_knows_it_and_then_takes_the_place_of_the_old(office: Office) -> None:
    before, subjects = office.key(), office.settings.subject_key.read_bytes()
    command = ["--config", str(office.toml)]
    assert main(["switch-key", *command]) == 2, "none waits"
    assert main(["new-key", *command]) == 0
    assert main(["new-key", *command]) == 2, "one waits already"
    waiting = keys.signing_key(keys.next_signing(office.settings.signing_key))
    office.cloud.jobs = [a_job()]
    assert main(["switch-key", *command]) == 4, "the cloud does not know it"
    assert keys.public_text(office.key().public_key()) == keys.public_text(before.public_key())
    office.cloud.key = waiting.public_key()
    assert main(["switch-key", *command]) == 0
    assert keys.public_text(office.key().public_key()) == keys.public_text(waiting.public_key())
    assert office.cloud.answers["J1"]["outcome"] == "match"
    assert office.settings.subject_key.read_bytes() == subjects
    assert not keys.next_signing(office.settings.signing_key).exists()


def test_health_is_bad_before_the_first_run(office: Office) -> None:
    assert main(["health", "--config", str(office.toml)]) == 1


@pytest.mark.parametrize(("failures", "least", "most"), [(1, 0.5, 1.0), (4, 4, 8), (9, 128, 256), (50, 150, 300)])
def test_waiting_doubles_and_is_bounded(failures: int, least: float, most: float) -> None:
    assert backoff_seconds(failures, lambda: 0.0) == least
    assert backoff_seconds(failures, lambda: 1.0) == most


def test_an_answer_of_another_protocol_is_an_unreachable_cloud(office: Office) -> None:
    with serving(lambda *_: (200, b"<html>")) as elsewhere, pytest.raises(CloudUnreachable):
        office.client(url=elsewhere).lease(1)


def test_nouns_with_personal_data_tell_nothing_in_a_log() -> None:
    answer = Answer(Outcome.MATCH, "guid", "2026-11-20T12:00:00Z", given_names="Petr", surname="Dvořák")
    job = Job("J1", "L1", "2026-11-20T12:05:00Z", a_question())
    assert not any(word in f"{answer!r} {job!r} {a_question()!r}" for word in ("Petr", "Dvořák", "1980"))
