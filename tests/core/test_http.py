"""The door: which way a request goes, and what the gateway gets back."""

import base64
from contextlib import suppress
from typing import Any

import pytest

from app import app
from chalicelib.core import http
from chalicelib.core.gate import AUDITOR, Who
from chalicelib.core.http import GREEDY, METHODS, Answer, Api, Doors, Found, Route, _of_lambda
from chalicelib.core.refusals import MethodNotAllowed, NotFound
from chalicelib.core.sheets import CSV, XLSX
from tests.door import Door
from tests.town.people.build import a_town
from tools.docs import load_rooms

load_rooms()
CITY = "modrinov"
ROUTES = sorted(Api.every.values(), key=lambda route: route.name)


def event(method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "requestContext": {"resourcePath": GREEDY, "httpMethod": method, "identity": {"sourceIp": "127.0.0.1"}},
        "headers": headers or {},
        "multiValueQueryStringParameters": None,
        "pathParameters": {"proxy": path},
        "body": base64.b64encode(body).decode() if body else None,
        "isBase64Encoded": bool(body),
        "stageVariables": None,
    }


@pytest.fixture
def doors() -> Doors:
    return Doors(
        {"a": ["GET /v1/things/{id}", "PATCH /v1/things/{id}"], "b": ["GET /v1/things/new", "POST /v1/{city}/x/y"]}
    )


def test_a_path_leads_to_its_door_with_the_values_of_its_parameters(doors: Doors) -> None:
    assert doors.find("PATCH", "/v1/things/7") == Found("a", "PATCH /v1/things/{id}", {"id": "7"})


def test_a_literal_part_goes_before_a_parameter_and_a_dead_end_turns_back(doors: Doors) -> None:
    assert doors.find("GET", "/v1/things/new").name == "GET /v1/things/new"
    assert doors.find("POST", "/v1/things/x/y").parameters == {"city": "things"}


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/nothing", "/v1/things", "/v1/things/7/more", "/v1/things//"])
def test_where_no_door_is_nothing_is_found(doors: Doors, path: str) -> None:
    with pytest.raises(NotFound):
        doors.find("GET", path)


def test_a_door_that_opens_another_way_says_which(doors: Doors) -> None:
    with pytest.raises(MethodNotAllowed) as refused:
        doors.find("DELETE", "/v1/things/7")
    assert refused.value.headers() == {"Allow": "GET, HEAD, PATCH"}


def test_two_doors_in_one_place_are_refused() -> None:
    with pytest.raises(ValueError, match="two doors"):
        Doors({"a": ["GET /v1/things/{id}"], "b": ["GET /v1/things/{thing}"]})


@pytest.mark.parametrize("route", ROUTES, ids=[route.name for route in ROUTES])
def test_every_door_is_found_by_its_own_path_and_no_other_method_enters(route: Route) -> None:
    path = route.path.replace("{", "").replace("}", "")
    found = app.doors.find(route.method, path)
    assert (found.name, found.room) == (route.name, route.room)
    for method in {*METHODS, "OPTIONS"}:
        if other := found_or_none(method, path):
            assert other.name.endswith(f" {route.path}")


def found_or_none(method: str, path: str) -> Found | None:
    with suppress(MethodNotAllowed):
        return app.doors.find(method, path)
    return None


def test_the_gateway_has_one_resource_with_named_methods() -> None:
    assert {path: set(entries) for path, entries in app.routes.items()} == {GREEDY: set(METHODS)}


def test_a_wrong_method_is_refused_with_those_that_work(door: Door) -> None:
    refused = door.call("DELETE", "/cities", None)
    assert (refused.status, refused.body["code"]) == (405, "method_not_allowed")
    assert refused.headers["Allow"] == "GET, HEAD"
    assert "GET, HEAD" in refused.body["title"]


def test_an_address_that_leads_nowhere_is_a_problem_document(door: Door) -> None:
    lost = door.call("GET", "/nowhere", None)
    assert (lost.status, lost.body["code"]) == (404, "not_found")


@pytest.mark.usefixtures("door")
def test_a_head_answers_as_a_get_without_its_body() -> None:
    whole, head = app(event("GET", "cities"), None), app(event("HEAD", "cities"), None)
    assert whole["body"]
    assert head == whole | {"body": ""}


def test_a_body_that_is_no_json_is_refused_by_its_media_type(door: Door) -> None:
    refused = door.call(
        "POST", "/sessions", None, raw="a=b", headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert (refused.status, refused.body["code"]) == (415, "unsupported_media_type")


def test_bytes_that_are_no_text_are_refused_as_no_json(door: Door) -> None:
    refused = door.call("POST", "/sessions", None, raw=b"\xff\xfe{}")
    assert (refused.status, refused.body["code"]) == (400, "malformed_json")


def test_bytes_go_as_base64_and_a_header_of_many_values_goes_apart() -> None:
    sent = _of_lambda(Answer(b"\x00\xff", {"Content-Type": "image/png", "Set-Cookie": ["a", "b"]}, 200), with_body=True)
    assert sent["isBase64Encoded"] is True
    assert base64.b64decode(sent["body"]) == b"\x00\xff"
    assert sent["headers"] == {"Content-Type": "image/png"}
    assert sent["multiValueHeaders"] == {"Set-Cookie": ["a", "b"]}


def test_each_answer_leaves_one_line_with_its_door_and_nothing_of_anybody(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    door.get("/cities/nowhere")
    (line,) = [vars(record) for record in caplog.records if record.message == "answered"]
    assert (line["door"], line["room"], line["status"], line["refusal"]) == (
        "GET /v1/cities/{city}",
        "towns",
        404,
        "town_unknown",
    )
    assert isinstance(line["ms"], int)
    assert "nowhere" not in str(line)


def test_a_table_is_a_file_in_the_form_that_is_asked_for(door: Door) -> None:
    a_town(CITY)
    auditor = door.as_(Who("auditor-1", "admin", roles={CITY: (AUDITOR,)}))
    text, book = (
        auditor.get(f"/cities/{CITY}/figures/sheet", headers={"accept": asked})
        for asked in ("*/*", f"{XLSX}, {CSV};q=0.5")
    )
    assert (text.headers["Content-Type"], book.headers["Content-Type"]) == (CSV, XLSX)
    assert text.headers["Content-Disposition"] == f'attachment; filename="{CITY}-figures.csv"'
    assert book.headers["Content-Disposition"].endswith('.xlsx"')
    assert text.body.startswith("Program;")
    assert book.body.startswith(b"PK")
    assert text.headers["Vary"] == "Accept"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (XLSX, XLSX),
        (XLSX.upper(), XLSX),
        (f"text/csv;q=0.4, {XLSX};q=0.5", XLSX),
        (f"{XLSX};q=0", CSV),
        ("text/csv", CSV),
        ("*/*", CSV),
        ("", CSV),
    ],
)
def test_a_file_is_a_spreadsheet_only_where_that_is_asked_for(door: Door, accept: str, media_type: str) -> None:
    a_town(CITY)
    auditor = door.as_(Who("auditor-1", "admin", roles={CITY: (AUDITOR,)}))
    answer = auditor.get(f"/cities/{CITY}/figures/sheet", headers={"accept": accept})
    assert answer.headers["Content-Type"] == media_type


def test_a_file_that_the_gateway_could_not_carry_is_refused(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    a_town(CITY)
    auditor = door.as_(Who("auditor-1", "admin", roles={CITY: (AUDITOR,)}))
    monkeypatch.setattr(http, "FILE_BYTES_MAX", 10)
    answer = auditor.get(f"/cities/{CITY}/figures/sheet")
    assert (answer.status, answer.body["code"]) == (422, "file_too_large")
    assert len(base64.b64encode(bytes(4_400_000))) < 6_000_000


@pytest.mark.parametrize("media_type", ["application/jsonp", "application/json-patch+json", "text/json"])
def test_only_json_itself_is_json(door: Door, media_type: str) -> None:
    refused = door.call("POST", "/sessions", None, raw="{}", headers={"content-type": media_type})
    assert refused.status == 415
