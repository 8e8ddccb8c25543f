"""Two real HTTP servers in threads: the town's cloud, which checks each signature, and the state's service bus."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.etree import ElementTree as ET

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

type Reply = tuple[int, bytes]


@contextmanager
def serving(reply: Callable[[str, dict[str, str], bytes], Reply]) -> Iterator[str]:
    """A server on a free port of this machine that answers every POST with `reply(path, headers, body)`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, content = reply(self.path, headers, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class StandInCloud:
    """The other side of the protocol, written from its description and not from Regina's code."""

    city: str
    key: Ed25519PublicKey
    now: Callable[[], datetime]
    jobs: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    fail_next: int = 0
    origin: str = ""

    def __call__(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        if self.fail_next:
            self.fail_next -= 1
            return 503, b""
        why = self.why_refused(path, headers, body)
        if why:
            return 401, json.dumps({"code": why}).encode()
        data = json.loads(body)
        if path == f"/v1/cities/{self.city}/regina/leases":
            leased, self.jobs = self.jobs[: data["max"]], self.jobs[data["max"] :]
            return 200, json.dumps({"jobs": leased}).encode()
        if path == f"/v1/cities/{self.city}/regina/changes":
            self.changes += data["subject_refs"]
            return 204, b""
        job_id = path.removeprefix(f"/v1/cities/{self.city}/regina/jobs/").removesuffix("/answer")
        if job_id in self.answers or data["lease_id"] == "lapsed":
            return 409, b'{"code":"lease_lapsed"}'
        self.answers[job_id] = data
        return 204, b""

    def why_refused(self, path: str, headers: dict[str, str], body: bytes) -> str | None:
        """What is wrong with the signature, as the contract has it; None when nothing is."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        parts = token.split(".")
        if scheme != "Regina" or len(parts) != 3:
            return "no_signature"
        header, claims = json.loads(unb64(parts[0])), json.loads(unb64(parts[1]))
        raw = self.key.public_bytes_raw()
        kid = base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).decode()[:16]
        if (header["alg"], header["kid"]) != ("EdDSA", kid):
            return "unknown_key"
        try:
            self.key.verify(unb64(parts[2]), f"{parts[0]}.{parts[1]}".encode())
        except InvalidSignature:
            return "forged"
        return self._why_claims_refused(claims, path, body)

    def _why_claims_refused(self, claims: dict[str, Any], path: str, body: bytes) -> str | None:
        expected = {"iss": self.city, "aud": self.origin, "htm": "POST", "htp": path}
        for name, value in expected.items():
            if claims[name] != value:
                return f"wrong_{name}"
        if unb64(claims["bh"]) != hashlib.sha256(body).digest():
            return "wrong_body"
        now = self.now().timestamp()
        if claims["exp"] - claims["iat"] > 60 or not claims["iat"] - 30 <= now <= claims["exp"] + 30:
            return "expired"
        if claims["jti"] in self.seen:
            return "replayed"
        self.seen.add(claims["jti"])
        return None


REG = "urn:cz:isvs:reg:schemas:RegTypy:v1"


@dataclass
class StandInBus:
    """The state's service bus: keeps what it was asked and answers with the people that fit, spelled exactly."""

    people: list[dict[str, str]] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    result: str = "OK"
    raw: bytes | None = None
    status: int = 200

    def __call__(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        if self.raw is not None or self.status != 200:
            return self.status, self.raw or b""
        call = next(iter(next(iter(ET.fromstring(body)))))  # noqa: S314 - our own request
        asked = {e.tag.rpartition("}")[2]: e.text or "" for e in call.iter()}
        service = call.tag.rpartition("}")[2]
        self.requests.append({**asked, "service": service, "soapaction": headers["soapaction"]})
        return 200, self._reply(service, asked)

    def _reply(self, service: str, asked: dict[str, str]) -> bytes:
        by = ["Aifo"] if service == "RobCtiAifo" else ["Prijmeni", "Jmeno", "DatumNarozeni", "AdresaPobytu"]
        found = [p for p in self.people if all(p.get(name) == asked[name] for name in by if name in asked)]
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<a:{service}Response xmlns:a="urn:cz:isvs:iszr:services:{service}:v1" xmlns:r="{REG}" xmlns:o="urn:cz:isvs:rob:schemas:RobDotazyData:v1">
<a:OdpovedInfo><r:CasOdpovedi>2026-11-20T12:00:00</r:CasOdpovedi><r:Status><r:VysledekKod>{self.result}</r:VysledekKod></r:Status>
<r:AgendaZadostId>{asked["AgendaZadostId"]}</r:AgendaZadostId><r:IszrZadostId>9d0a9aa0</r:IszrZadostId></a:OdpovedInfo>
<a:Odpoved>{"".join(map(_osoba, found))}</a:Odpoved></a:{service}Response></s:Body></s:Envelope>""".encode()


def _osoba(person: dict[str, str]) -> str:
    fields = "".join(
        f'<o:{name} stav="{person.get("stav", "spravny")}">{value}</o:{name}>'
        for name, value in person.items()
        if name not in {"Aifo", "stav"}
    )
    return f'<o:Osoba aifo="{person["Aifo"]}">{fields}</o:Osoba>'
