"""The population registry over SOAP, against a stand-in of the state's service bus."""

from __future__ import annotations

import ssl
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest

from regina.addresses import AddressPoints
from regina.answering import Answering
from regina.audit import Audit
from regina.changes import NoChanges
from regina.config import RobSource
from regina.model import Answer, GuardianQuestion, Job, Outcome, PersonQuestion, Residence
from regina.registries import NoResidentsSystem, Query, RegistryUnavailable
from regina.rob import Rob, parse, rob_client
from regina.subjects import StoredSubjects
from regina.tests.builders import MODRINOV, NOON, SUBJECT_KEY, a_question
from regina.tests.stand_ins import StandInBus, serving

POINTS = (
    "Kód ADM;Kód obce;Název obce;Kód MOMC;Název MOMC\r\n990010001;999001;Modřínov;;\r\n990010009;999001;Modřínov;;\r\n"
)
PETR = {
    "Aifo": "AIFO-1",
    "Prijmeni": "Dvořák",
    "Jmeno": "Petr",
    "DatumNarozeni": "1980-05-17",
    "MistoNarozeni": "Modřínov",
    "AdresaPobytu": "990010001",
}


class Bus:
    def __init__(self, folder: Path, bus: StandInBus, url: str) -> None:
        (folder / "points.csv").write_bytes(POINTS.encode("cp1250"))
        self.bus = bus
        self.source = RobSource(
            endpoint=url,
            certificate=folder / "office.pem",
            certificate_key=folder / "office.key",
            ca=None,
            address_points=folder / "points.csv",
            official_addresses=frozenset({"990010009"}),
            residents_extract=None,
            agenda="A9999",
            role="CR1",
            ovm="80000011",
            ais="9999",
            subject="Modřínov",
            timeout_seconds=5,
        )
        points = AddressPoints(self.source.address_points)
        self.rob = Rob(self.source, "regina", "Ověření žadatele", points, httpx.Client(), lambda: NOON)
        self.subjects = StoredSubjects(folder / "subjects.sqlite", SUBJECT_KEY)
        audit = Audit(folder / "audit", 60, "regina", "Ověření", lambda: NOON)
        self.answering = Answering(
            MODRINOV, self.rob, NoResidentsSystem(), self.subjects, audit, NoChanges(), lambda: NOON
        )

    def asked(self, question: PersonQuestion | GuardianQuestion) -> Answer:
        return self.answering.answer(Job("J1", "L1", "2026-11-20T12:05:00Z", question))


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    stand_in = StandInBus(people=[dict(PETR)])
    with serving(stand_in) as url:
        yield Bus(tmp_path, stand_in, url)


def test_the_request_says_who_asks_for_which_agenda_and_why(bus: Bus) -> None:
    answer = bus.asked(a_question())
    [request] = bus.bus.requests
    told = {
        name: request[name] for name in ("Agenda", "AgendovaRole", "Ovm", "Ais", "Subjekt", "Uzivatel", "DuvodUcel")
    }
    assert told == {
        "Agenda": "A9999",
        "AgendovaRole": "CR1",
        "Ovm": "80000011",
        "Ais": "9999",
        "Subjekt": "Modřínov",
        "Uzivatel": "regina",
        "DuvodUcel": "Ověření žadatele",
    }
    assert request["service"] == "RobCtiPodleUdaju2"
    assert request["CasZadosti"] == "2026-11-20T12:00:00.000+00:00"
    assert uuid.UUID(request["AgendaZadostId"]) == uuid.UUID(answer.request_id)


def test_a_match_carries_codes_from_the_towns_list_of_address_points(bus: Bus) -> None:
    answer = bus.asked(a_question())
    assert (answer.outcome, answer.surname) == (Outcome.MATCH, "Dvořák")
    assert answer.residence == Residence("999001", None, "990010001")


def test_a_missing_hacek_that_the_registry_minds_is_found_by_the_address(bus: Bus) -> None:
    answer = bus.asked(a_question(surname="Dvorak"))
    assert (answer.outcome, answer.surname) == (Outcome.MATCH, "Dvořák")
    assert [("Prijmeni" in r, "AdresaPobytu" in r) for r in bus.bus.requests] == [(True, False), (False, True)]


def test_an_address_outside_the_list_is_not_a_resident_and_where_is_not_told(bus: Bus) -> None:
    bus.bus.people[0]["AdresaPobytu"] = "500110001"
    answer = bus.asked(a_question())
    assert (answer.outcome, answer.residence) == (Outcome.MATCH_NOT_RESIDENT, None)


def test_the_offices_own_address_is_flagged(bus: Bus) -> None:
    bus.bus.people[0]["AdresaPobytu"] = "990010009"
    assert bus.asked(a_question()).official_address is True


def test_questioned_and_dead_are_told(bus: Bus) -> None:
    bus.bus.people[0]["stav"] = "nespravny"
    assert bus.asked(a_question()).outcome is Outcome.QUESTIONED
    bus.bus.people[0] = {**PETR, "DatumUmrti": "2026-10-31+01:00"}
    assert bus.asked(a_question()).outcome is Outcome.DECEASED


def test_a_person_is_read_by_aifo_and_found_again_by_reference(bus: Bus) -> None:
    ref = bus.asked(a_question()).subject_ref
    assert ref is not None
    assert bus.subjects.resolve(ref) == "AIFO-1"
    record = bus.rob.read("AIFO-1", Query(str(uuid.uuid4())))
    assert record is not None
    assert (record.surname, record.birth_date) == ("Dvořák", date(1980, 5, 17))
    assert bus.rob.read("AIFO-2", Query(str(uuid.uuid4()))) is None


def test_without_the_residents_system_no_link_is_proved(bus: Bus) -> None:
    ref = bus.asked(a_question()).subject_ref or ""
    assert bus.asked(GuardianQuestion(ref, ref)).outcome is Outcome.NOT_PROVED


def test_references_are_kept_in_a_file_only_its_owner_reads(bus: Bus, tmp_path: Path) -> None:
    assert (tmp_path / "subjects.sqlite").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 500),
        (b"", 302),
        (b"not xml", 200),
        (b"<a/>", 200),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 200),
        (b"<s:Envelope xmlns:s='x'><s:Body><s:Fault/></s:Body></s:Envelope>", 200),
        (b"<a><OdpovedInfo><VysledekKod>OK</VysledekKod></OdpovedInfo><Osoba/></a>", 200),
        (b"<a><OdpovedInfo><VysledekKod>OK</VysledekKod><AgendaZadostId>1</AgendaZadostId></OdpovedInfo></a>", 200),
    ],
)
def test_whatever_is_no_answer_is_unavailable(bus: Bus, raw: bytes, status: int) -> None:
    bus.bus.raw, bus.bus.status = raw, status
    assert bus.asked(a_question()).outcome is Outcome.UNAVAILABLE


def test_the_registrys_own_failure_is_unavailable(bus: Bus) -> None:
    bus.bus.result = "CHYBA"
    assert bus.asked(a_question()).outcome is Outcome.UNAVAILABLE


def test_a_bus_that_is_gone_is_unavailable(bus: Bus) -> None:
    points = AddressPoints(bus.source.address_points)
    gone = replace(bus.source, endpoint="http://127.0.0.1:9")
    rob = Rob(gone, "regina", "x", points, httpx.Client(), lambda: NOON)
    with pytest.raises(RegistryUnavailable):
        rob.read("A", Query("1"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
def test_no_entity_is_expanded_in_any_encoding(encoding: str) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'
    with pytest.raises(RegistryUnavailable):
        parse(bomb.encode(encoding))


def test_a_reply_that_is_too_long_is_not_parsed() -> None:
    with pytest.raises(RegistryUnavailable, match="too long"):
        parse(b"<a>" + b" " * 2_000_001 + b"</a>")


def test_a_certificate_that_cannot_be_read_stops_the_start(bus: Bus) -> None:
    with pytest.raises((OSError, ssl.SSLError)):
        rob_client(bus.source)


def test_a_list_of_addresses_of_another_shape_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("code;town\n1;2\n")
    with pytest.raises(RegistryUnavailable, match="not a list of address points"):
        AddressPoints(tmp_path / "points.csv")
