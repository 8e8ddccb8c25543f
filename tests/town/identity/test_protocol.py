"""Regina's door: what is forged, replayed, late or somebody else's is refused, and nothing changes."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from chalicelib.core.clock import now
from chalicelib.core.table import Key, read
from chalicelib.town.identity import office as verbs
from chalicelib.town.identity import service, store
from chalicelib.town.identity.model import LEASE_LIFE, Answer, LeaseLapsed, Residence
from regina import keys
from regina.cloud import Cloud, CloudRefused, CloudUnreachable
from regina.model import Outcome
from tests.days import StandAt
from tests.door import Door
from tests.town.identity.build import ADMIN, CITY, Office, a_record, entered, registered
from tests.town.people.build import a_town

LEASES = f"/cities/{CITY}/regina/leases"


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(CloudRefused) as caught:
        call()
    return caught.value.code


def test_a_lease_is_lent_to_one_run_and_lapses(office: Office, stand_at: StandAt) -> None:
    office.holds(a_record("A1"))
    registered()
    [job] = office.lease()
    assert office.lease() == []
    later = now() + LEASE_LIFE + timedelta(seconds=1)
    stand_at(later)
    office.clock = lambda: later
    late = refused(lambda: office.cloud().answer(job, office.answering.answer(job)))
    [again] = office.lease()
    assert (late, again.id, again.lease_id != job.lease_id) == ("lease_lapsed", job.id, True)
    assert refused(lambda: office.cloud().answer(job, office.answering.answer(job))) == "lease_lapsed"
    office.cloud().answer(again, office.answering.answer(again))


def test_no_more_are_lent_than_asked_for_oldest_first(office: Office) -> None:
    people = [registered(given_names=f"Jan {n}") for n in "abc"]
    first = office.cloud().lease(2)
    rest = office.cloud().lease(20)
    lent = [store.job(CITY, job.id).subject for job in (*first, *rest)]  # type: ignore[union-attr]
    assert (len(first), lent) == (2, people)


def test_a_replayed_request_is_refused(office: Office) -> None:
    registered()
    office.lease()
    again = office.send(**office.last)
    assert (again.status_code, again.json()["code"]) == (401, "request_replayed")


def test_an_answer_that_comes_twice_changes_nothing_the_second_time(office: Office) -> None:
    office.holds(a_record("A1"))
    person = registered()
    [job] = office.lease()
    answer = office.answering.answer(job)
    office.cloud().answer(job, answer)
    before = store.verification(CITY, person)
    lie = replace(answer, outcome=Outcome.NO_MATCH, subject_ref=None, given_names=None, surname=None, residence=None)
    assert refused(lambda: office.cloud().answer(job, lie)) == "already_answered"
    assert store.verification(CITY, person) == before


def _changed(office: Office, **changes: Any) -> httpx.Response:
    """The last request once more, newly signed for what it says, with something changed after the signature."""
    captured: dict[str, Any] = {}

    def capture(request: httpx.Request) -> httpx.Response:
        captured.update(path=request.url.path, body=request.content.decode(), headers=dict(request.headers))
        return httpx.Response(200, json={"jobs": []})

    client = httpx.Client(transport=httpx.MockTransport(capture))
    Cloud(office.config, office.key, client, now).lease(5)
    return office.send(**{**captured, **{name: change(captured[name]) for name, change in changes.items()}})


def _without_authorization(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "authorization"}


def _flipped(headers: dict[str, str]) -> dict[str, str]:
    token = headers["authorization"]
    return {**headers, "authorization": token[:-8] + ("A" if token[-8] != "A" else "B") + token[-7:]}


def _no_algorithm(headers: dict[str, str]) -> dict[str, str]:
    import base64

    _, head, rest = headers["authorization"].replace(" ", ".", 1).split(".", 2)
    claims = rest.split(".")[0]
    kid = json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": kid}).encode()).decode().rstrip("=")
    return {**headers, "authorization": f"Regina {none}.{claims}."}


@pytest.mark.parametrize(
    "changes",
    [
        {"body": lambda _: '{"max":20}'},
        {"path": lambda _: "/v1/cities/vranohrad-podlesi/regina/leases"},
        {"headers": _without_authorization},
        {"headers": _flipped},
        {"headers": _no_algorithm},
        {"headers": lambda headers: headers | {"authorization": headers["authorization"].replace("Regina", "Bearer")}},
        {"headers": lambda headers: headers | {"authorization": "Regina a.b.c"}},
        {"headers": lambda headers: headers | {"authorization": "Regina W10.W10.W10"}},
        {"headers": lambda headers: headers | {"authorization": "Regina " + "x" * 3000}},
    ],
    ids=["body", "town", "none", "forged", "no-algorithm", "scheme", "nonsense", "lists", "long"],
)
def test_a_request_that_was_not_signed_as_it_stands_is_refused(office: Office, changes: dict[str, Any]) -> None:
    registered()
    answer = _changed(office, **changes)
    assert answer.status_code == 401
    assert len(office.lease()) == 1


def test_the_unchanged_request_is_let_in(office: Office) -> None:
    assert _changed(office).status_code == 200


@pytest.mark.parametrize("minutes", [-2, 2])
def test_a_signature_made_at_another_time_is_refused(office: Office, minutes: int) -> None:
    office.clock = lambda: now() + timedelta(minutes=minutes)
    assert refused(office.lease) == "signature_refused"


def test_a_clock_wrong_by_seconds_is_let_in(office: Office) -> None:
    for seconds in (-25, 25):
        office.clock = lambda s=seconds: now() + timedelta(seconds=s)  # type: ignore[misc]
        assert office.lease() == []


def test_a_key_opens_its_own_town_only(office: Office, door: Door, tmp_path: Path) -> None:
    a_town("vranohrad-podlesi", "Vranohrad-Podlesí", city_part_code="999021")
    registered()
    podlesi = Office(tmp_path / "podlesi", door, "vranohrad-podlesi")
    podlesi.register_key()
    assert podlesi.lease() == []
    as_modrinov = replace(podlesi.config, city=CITY)
    http = httpx.Client(transport=httpx.MockTransport(podlesi._through_the_door))
    intruder = Cloud(as_modrinov, podlesi.key, http, now)
    assert refused(lambda: intruder.lease(5)) == "signature_refused"


def test_another_towns_question_does_not_exist(office: Office, door: Door, tmp_path: Path) -> None:
    a_town("vranohrad-podlesi", "Vranohrad-Podlesí", city_part_code="999021")
    podlesi = Office(tmp_path / "podlesi", door, "vranohrad-podlesi")
    podlesi.register_key()
    office.holds(a_record("A1"))
    person = registered()
    [job] = office.lease()
    assert refused(lambda: podlesi.cloud().answer(job, office.answering.answer(job))) == "not_found"
    assert service.standing(CITY, person).outcome == "pending"


def test_a_withdrawn_key_opens_nothing_and_stays_on_record(office: Office, door: Door) -> None:
    admin = door.as_(ADMIN)
    [key] = admin.get(f"/cities/{CITY}/regina/keys").body["items"]
    assert admin.delete(f"/cities/{CITY}/regina/keys/{key['id']}").status == 204
    assert refused(office.lease) == "signature_refused"
    assert [k["withdrawn_at"] is None for k in admin.get(f"/cities/{CITY}/regina/keys").body["items"]] == [False]
    public = keys.public_text(office.key.public_key())
    again = admin.post(f"/cities/{CITY}/regina/keys", {"public_key": public, "label": "Znovu"})
    assert (again.status, again.body["code"]) == (409, "key_registered")


def test_the_signing_key_is_changed_while_verification_goes_on(office: Office, door: Door, tmp_path: Path) -> None:
    """As docs/regina.md says: a new key beside the old, registered, adopted, the old withdrawn; references stay."""
    office.holds(a_record("A1"))
    person, path = registered(), f"/cities/{CITY}/regina/keys"
    signing, old = tmp_path / "signing.pem", office.key
    office.key = keys.make_signing_key(keys.next_signing(signing))
    assert refused(office.lease) == "signature_refused"
    office.register_key()
    [job] = office.lease()
    office.key = old
    office.cloud().answer(job, office.answering.answer(job))
    known = service.standing(CITY, person).subject_ref
    keys.adopt_signing_key(signing)
    office.key = keys.signing_key(signing)
    assert door.as_(ADMIN).delete(f"{path}/{keys.kid(old.public_key())}").status == 204
    assert office.lease() == []
    assert service.standing(CITY, person).subject_ref == known
    office.key = old
    assert refused(office.lease) == "signature_refused"


def test_only_a_real_public_key_is_registered_and_its_name_is_that_of_regina(office: Office, door: Door) -> None:
    [key] = door.as_(ADMIN).get(f"/cities/{CITY}/regina/keys").body["items"]
    assert key["id"] == keys.kid(office.key.public_key())
    for wrong in ("A" * 42 + "B", "x" * 42, "!" * 43):
        answer = door.as_(ADMIN).post(f"/cities/{CITY}/regina/keys", {"public_key": wrong, "label": "x"})
        assert answer.status == 422, wrong


def test_the_admin_sees_when_regina_was_last_heard_of(office: Office, door: Door) -> None:
    path = f"/cities/{CITY}/regina/keys"
    assert door.as_(ADMIN).get(path).body["last_contact"] is None
    office.lease()
    last = datetime.fromisoformat(door.as_(ADMIN).get(path).body["last_contact"])
    assert abs(now() - last) < timedelta(minutes=1)


def _answer_with(office: Office, **changes: Any) -> str:
    [job] = office.lease()
    answer = replace(office.answering.answer(job), **changes)
    try:
        return refused(lambda: office.cloud().answer(job, answer))
    finally:
        assert store.job(CITY, job.id).answered_at is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"subject_ref": None}, "answer_incomplete"),
        ({"residence": None}, "answer_incomplete"),
        ({"outcome": Outcome.NO_MATCH}, "answer_incomplete"),
        ({"outcome": Outcome.PROVED_BY_REGISTRY}, "answer_incomplete"),
        ({"checked_at": "2026-01-01T00:00:00Z"}, "answer_out_of_time"),
        ({"checked_at": "2199-01-01T00:00:00Z"}, "answer_out_of_time"),
        ({"checked_at": "2026-01-01T00:00:00"}, "invalid_input"),
        ({"checked_at": "yesterday"}, "invalid_input"),
        ({"request_id": "1"}, "invalid_input"),
        ({"subject_ref": "7103192745"}, "invalid_input"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_the_question_stays_open(
    office: Office, changes: dict[str, Any], code: str
) -> None:
    office.holds(a_record("A1"))
    person = registered()
    assert _answer_with(office, **changes) == code
    assert service.standing(CITY, person).outcome == "pending"


def test_unknown_fields_are_refused_so_no_birth_number_gets_in(office: Office) -> None:
    office.holds(a_record("A1"))
    registered()
    [job] = office.lease()
    body = {**office.answering.answer(job).body(job.lease_id), "birth_number": "7103192745"}
    cloud = office.cloud()
    assert refused(lambda: cloud._post(f"/regina/jobs/{job.id}/answer", body)) == "invalid_input"


def test_a_link_question_takes_only_answers_about_a_link(office: Office) -> None:
    parents = [{"registry_id": "A1"}]
    child = a_record("C1", given_names="Ema", surname="Dvořáková", birth_date="2018-03-04", parents=parents)
    office.holds(a_record("A1"), child)
    person = registered()
    entry = entered(person)
    office.verify(person, entry)
    [job] = office.lease()
    wrong = replace(office.answering.answer(job), outcome=Outcome.NO_MATCH)
    assert refused(lambda: office.cloud().answer(job, wrong)) == "answer_incomplete"
    office.cloud().answer(job, office.answering.answer(job))
    assert service.standing(CITY, entry).link == "proved_by_registry"
    assert refused(lambda: office.cloud().answer(job, office.answering.answer(job))) == "already_answered"


# Two at once


def test_two_runs_at_once_never_hold_one_question(office: Office) -> None:
    for n in "abcdefgh":
        registered(given_names=f"Jan {n}")
    with ThreadPoolExecutor(4) as pool:
        lent = [job.id for jobs in pool.map(lambda _: office.cloud().lease(20), range(4)) for job in jobs]
    assert sorted(lent) == sorted(set(lent))
    assert len(lent) == 8


def test_of_two_answers_at_once_one_is_taken(office: Office) -> None:
    office.holds(a_record("A1"))
    registered()
    [job] = office.lease()
    answer = office.answering.answer(job)

    def hand_in(_: int) -> str:
        try:
            office.cloud().answer(job, answer)
        except (CloudRefused, CloudUnreachable) as e:
            return str(e)
        return "taken"

    with ThreadPoolExecutor(6) as pool:
        results = sorted(pool.map(hand_in, range(6)))
    assert results == ["409 already_answered"] * 5 + ["taken"]


def test_of_two_accounts_of_one_person_answered_at_once_one_is_verified(office: Office) -> None:
    office.holds(a_record("A1"))
    people = [registered() for _ in range(6)]
    jobs = office.lease()
    ref = office.subjects.ref("A1")

    def take(n: int) -> None:
        at = now()
        said = Answer("match", "7f8fd7d1-3f0e-4c5f-9c1d-2b8f3a0c1e11", at, ref, residence=Residence("999001"))
        verbs.answer(CITY, jobs[n].id, jobs[n].lease_id, said)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(take, range(6)))
    outcomes = sorted(service.standing(CITY, person).outcome for person in people)
    assert outcomes == ["match"] + ["no_match"] * 5
    assert store.account_of(CITY, ref) in people


def test_the_lease_guards_the_answer(office: Office) -> None:
    """The same call is refused without the lease and taken with it: the condition is what tells them apart."""
    office.holds(a_record("A1"))
    registered()
    [job] = office.lease()
    said = Answer("no_match", "7f8fd7d1-3f0e-4c5f-9c1d-2b8f3a0c1e11", now())
    with pytest.raises(LeaseLapsed):
        verbs.answer(CITY, job.id, "another", said)
    verbs.answer(CITY, job.id, job.lease_id, said)


def test_signed_requests_are_remembered_only_as_long_as_they_could_be_replayed(office: Office) -> None:
    import base64

    office.lease()
    claims = office.last["headers"]["authorization"].split(".")[1]
    jti = json.loads(base64.urlsafe_b64decode(claims + "=="))["jti"]
    item = read(store.NonceItem, Key(f"{CITY}#JTI#{jti}", "J"))
    assert item is not None
    assert item.ttl is not None
    assert 90 <= item.ttl - now().timestamp() <= 300
