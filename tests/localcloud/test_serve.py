"""The one origin: the API, files of the apps, mail, and the same headers as CloudFront puts on."""

import gzip
import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from html import escape
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.edge import page_of, paths_function, security_headers
from localcloud.cloud import LocalCloud
from localcloud.gateway import BODY_BYTES_MAX
from localcloud.resources import MAIL_DOMAIN, client
from localcloud.serve import Edge
from tests.engine import ROOT

PATHS = [
    "/",
    "/programy/12",
    "/moje",
    "/moje/",
    "/moje/zadosti/1",
    "/mojebrana",
    "/admin/vyplaty",
    "/admin/vyplaty/2026.05.1",
    "/moje/modrinov/platby/a.b~c",
    "/reader/",
    "/reader/sw.js",
    "/assets/app-1a2b.js",
    "/docs",
    "/docs/",
    "/docs/errors",
    "/docs/errors/",
    "/docs/openapi.json",
    "/docs/other",
    "/favicon.ico",
]


def test_paths_stand_for_the_same_files_as_at_cloudfront() -> None:
    script = f"{paths_function()}\nconst run = (uri) => handler({{request: {{uri}}}}).uri;"
    script += f"\nconsole.log(JSON.stringify({json.dumps(PATHS)}.map(run)));"
    ran = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
    assert [page_of(path) for path in PATHS] == json.loads(ran.stdout)


def test_the_api_answers_with_the_edge_s_headers(cloud: LocalCloud, http: httpx.Client) -> None:
    answer = http.get("/v1/cities")
    assert answer.status_code == 200
    assert answer.json()["items"] == []
    documents = f"{cloud.environment['AWS_ENDPOINT_URL']}/{cloud.environment['BUCKET_DOCUMENTS']}"
    for name, value in security_headers(documents).items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert f"connect-src 'self' {documents} {documents}/;" in policy
    assert "'unsafe-inline'" not in policy


@pytest.mark.parametrize("path", ["/v1", "/v1/nothing/here", "/v1/cities/x/y/z/q"])
def test_an_unknown_route_is_a_problem_document(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_a_body_over_the_gateway_s_limit_is_a_problem_document(cloud: LocalCloud) -> None:
    answer = httpx.post(f"{cloud.origin}/v1/sessions", content=b"x" * (BODY_BYTES_MAX + 1), timeout=30)
    assert answer.status_code == 413
    assert answer.json()["code"] == "body_too_large"


def test_a_body_that_is_not_text_is_refused(http: httpx.Client) -> None:
    answer = http.post("/v1/sessions", content=b"\xff\xfe\x00", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed_json"


def test_an_unknown_length_is_refused(http: httpx.Client) -> None:
    assert http.post("/v1/sessions", content=iter([b"{}"])).status_code == 411


def test_nothing_outside_the_site_can_be_read(cloud: LocalCloud) -> None:
    import socket

    with socket.create_connection(("127.0.0.1", int(cloud.environment["PORT"]))) as raw:
        raw.sendall(b"GET /assets/../../../pyproject.toml HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert (ROOT / "pyproject.toml").read_bytes()[:40] not in answer
    assert b"404" in answer[:100] or b"<!doctype html>" in answer.lower()  # a path of no file is a page of the app


def test_many_at_once_are_answered(http: httpx.Client) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: httpx.get(f"{http.base_url}/v1/cities").status_code, range(200)))
    assert answers == [200] * 200


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    for name, text in {
        "index.html": "<p>www",
        "moje/index.html": "<p>moje",
        "assets/app-1a.js": "let a = 1;" * 500,
        "assets/dot.svg": "<svg/>",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def _edge(dist: Path) -> Edge:
    neither: Any = None  # files need no API and no inbox
    return Edge(neither, neither, "http://127.0.0.1:1", "", dist)


def _headers(**values: str) -> Message:
    message = Message()
    for name, value in values.items():
        message[name.replace("_", "-")] = value
    return message


def test_each_app_answers_for_the_paths_under_its_name(dist: Path) -> None:
    edge = _edge(dist)
    for path, text in {"/": b"<p>www", "/programy/1?x=1": b"<p>www", "/moje/zadosti/1": b"<p>moje"}.items():
        answer = edge.answer("GET", path, _headers(), b"", "")
        assert (answer.status, answer.body) == (200, text)
        assert dict(answer.headers)["Cache-Control"] == "no-cache"


def test_files_with_a_hash_are_kept_for_ever_and_travel_compressed(dist: Path) -> None:
    answer = _edge(dist).answer("GET", "/assets/app-1a.js", _headers(Accept_Encoding="gzip, br"), b"", "")
    headers = dict(answer.headers)
    assert headers["Content-Encoding"] == "gzip"
    assert "immutable" in headers["Cache-Control"]
    assert gzip.decompress(answer.body) == (dist / "assets/app-1a.js").read_bytes()
    again = _edge(dist).answer("GET", "/assets/app-1a.js", _headers(If_None_Match=headers["ETag"]), b"", "")
    assert (again.status, again.body) == (304, b"")


def test_a_missing_file_is_not_answered_with_a_page(dist: Path) -> None:
    assert _edge(dist).answer("GET", "/assets/none.js", _headers(), b"", "").status == 404
    assert _edge(dist).answer("POST", "/moje/", _headers(), b"", "").status == 405


def test_a_sent_mail_is_in_the_inbox_with_links_to_follow(cloud: LocalCloud, http: httpx.Client) -> None:
    link = f"{cloud.origin}/moje/potvrzeni#k=1&b=<2>"
    _send(cloud, "jana@obcan.example", "Potvrďte e-mail", f"Dobrý den,\n{link}\n")
    _send(cloud, "petr@obcan.example", "Jiná zpráva", "Ahoj")
    listed = http.get("/posta", params={"komu": "JANA@"}).text
    assert "Potvrďte e-mail" in listed
    assert "Jiná zpráva" not in listed
    (mail,) = http.get("/posta.json", params={"komu": "jana@obcan.example"}).json()["items"]
    assert mail["subject"] == "Potvrďte e-mail"
    assert link in mail["text"]
    page = http.get(f"/posta/{mail['id']}").text
    assert f'<a href="{cloud.origin}/moje/potvrzeni#k=1&amp;b=' in page
    assert http.get("/posta/nic").status_code == 404


def _send(cloud: LocalCloud, to: str, subject: str, text: str) -> None:
    client("sesv2", cloud.environment["AWS_ENDPOINT_URL"]).send_email(
        FromEmailAddress=f"neodpovidejte@{MAIL_DOMAIN}",
        Destination={"ToAddresses": [to]},
        Content={"Simple": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": text}}}},
    )
    time.sleep(0.3)


def test_a_text_message_is_in_the_inbox_too(cloud: LocalCloud, http: httpx.Client) -> None:
    sns = client("sns", cloud.environment["AWS_ENDPOINT_URL"])
    sns.publish(PhoneNumber="+420601000001", Message="Kód 123456")
    time.sleep(0.3)
    (sms,) = http.get("/posta.json", params={"komu": "+420601000001"}).json()["items"]
    assert sms["text"] == "Kód 123456"


def test_a_presigned_link_opens_for_whoever_has_it_and_a_forged_one_does_not(cloud: LocalCloud) -> None:
    s3 = client("s3", cloud.environment["AWS_ENDPOINT_URL"])
    place = {"Bucket": cloud.environment["BUCKET_DOCUMENTS"], "Key": "vouchers/1.pdf"}
    s3.put_object(**place, Body=b"%PDF")
    link = s3.generate_presigned_url("get_object", Params=place, ExpiresIn=60)
    assert httpx.get(link).content == b"%PDF"
    assert httpx.get(link.replace("vouchers/1.pdf", "vouchers/2.pdf")).status_code == 403


def test_the_start_page_and_the_documentation_are_served(http: httpx.Client) -> None:
    assert "Čtečka poukazů" in http.get("/start").text
    assert http.get("/docs/style.css").headers["Content-Type"].startswith("text/css")
    reference = http.get("/docs/").text
    for path in http.get("/docs/openapi.json").json()["paths"]:
        assert escape(path) in reference


def test_every_refusal_has_its_place_in_the_documentation(http: httpx.Client) -> None:
    page = http.get("/docs/errors").text
    for code in ("not_found", "try_again", "sign_in_needed"):
        assert f'<h2 id="{code}">' in page
