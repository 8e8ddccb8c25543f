"""A contribution's whole life, as the auditor opens it from one entry: the entry, and what points at it."""

import pytest

from chalicelib.core.gate import Who
from chalicelib.town.people import service as people
from chalicelib.watch.audit import service as audit
from chalicelib.watch.audit.reading import Asked
from tests.watch.audit.town import CITY, a_grant, every_kind

AUDITOR = Who(id="auditor-1", app="admin", roles={CITY: ("auditor",)})


def of_grant(grant: str, **more: str) -> Asked:
    return Asked.of(None, None, more.get("person", ""), "", "", grant)


def test_an_undo_points_at_the_redemption_that_it_takes_back(table: str) -> None:
    grant = every_kind()
    lines = audit.entries(CITY, AUDITOR, of_grant(grant.id), 100, None).items
    assert [line.kind for line in lines][:2] == ["allot", "top_up"]
    assert {line.told("grant") for line in lines if line.entry == "transfer"} == {grant.id}
    [undo] = [line for line in lines if line.kind == "undo"]
    assert undo.told("of") in {line.id for line in lines if line.kind == "redeem"}
    assert "application" in {line.kind for line in lines if line.entry == "decision"}


def test_a_look_at_a_grant_is_a_look_at_its_person(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    every_kind()
    grant = a_grant(person="somebody-else")
    noted: list[str] = []
    monkeypatch.setattr(people, "note_access", lambda _city, _who, _action, subject: noted.append(subject))
    audit.entries(CITY, AUDITOR, of_grant(grant.id), 100, None)
    assert noted == ["somebody-else"]


def test_another_persons_grant_is_empty_and_an_unknown_one_too(table: str) -> None:
    grant = every_kind()
    assert audit.entries(CITY, AUDITOR, of_grant(grant.id, person="stranger"), 100, None).items == ()
    assert audit.entries(CITY, AUDITOR, of_grant("nothing"), 100, None).items == ()
