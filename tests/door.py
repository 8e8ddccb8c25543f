"""The API as a client meets it: the event of the gateway in, its answer out, no network; answers held against the API's description."""

import base64
import json
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.core import gate
from chalicelib.core.clock import now
from chalicelib.core.gate import Who
from chalicelib.core.http import GREEDY, Found
from chalicelib.core.refusals import Refusal
from tests import contract
from tests.hiring import hired


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, Any]
    cookies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Door:
    """`Door().as_(who).post("/cities/x/…", {...}, key="…")`; paths are without /v1."""

    token: str = ""
    who: Who | None = None
    """Signed in anew for each request, so that it may be a day later."""
    language: str = "cs"

    def as_(self, who: Who | str) -> "Door":
        """As somebody: whoever acts in a role is found to hold it, unless the test has made the sign-in itself."""
        return replace(self, token=who, who=None) if isinstance(who, str) else replace(self, who=hired(who))

    def get(self, path: str, **more: Any) -> Answer:
        return self.call("GET", path, None, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("PUT", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("PATCH", path, body, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        return self.call("DELETE", path, None, **more)

    def call(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        key: str = "",
        version: int | None = None,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        raw: str | bytes | None = None,
    ) -> Answer:
        from app import app
        from tools.docs import load_rooms

        load_rooms()
        sent = {"accept-language": self.language, "content-type": "application/json"} | (headers or {})
        if token := gate.issue(self.who, now()) if self.who else self.token:
            sent["authorization"] = f"Bearer {token}"
        if key:
            sent["idempotency-key"] = key
        if version is not None:
            sent["if-match"] = f'W/"{version}"'
        event = {
            "requestContext": {
                "resourcePath": GREEDY,
                "httpMethod": method,
                "identity": {"sourceIp": "127.0.0.1"},
                "path": f"/v1{path}",
            },
            "headers": sent,
            "multiValueQueryStringParameters": {k: [v] for k, v in (query or {}).items()} or None,
            "pathParameters": {"proxy": path.lstrip("/")},
            "body": _sent(body, raw),
            "isBase64Encoded": True,
            "stageVariables": None,
        }
        answer = app(event, None)
        assert answer["statusCode"] != 500, answer["body"]
        text = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"]
        received = answer["headers"] | {k: v[-1] for k, v in answer["multiValueHeaders"].items()}
        one = [received["Set-Cookie"]] if "Set-Cookie" in received else []
        cookies = answer["multiValueHeaders"].get("Set-Cookie", one)
        content = _read(text, received.get("Content-Type", ""))
        if found := door_at(method, path):
            where = found.name.partition(" ")[2]
            contract.check(method, where, answer["statusCode"], received.get("Content-Type", ""), content)
        return Answer(answer["statusCode"], content, received, tuple(cookies))


def _read(body: str | bytes, media_type: str) -> Any:
    """A text as text, JSON as what it says, any other file as its bytes."""
    if media_type.startswith("text/") and isinstance(body, bytes):
        return body.decode("utf-8-sig")
    return json.loads(body) if body and "json" in media_type else body or None


def _sent(body: Any, raw: str | bytes | None) -> str | None:
    """The body as the gateway hands it over."""
    if raw is None:
        raw = json.dumps(body) if body is not None else None
    return base64.b64encode(raw.encode() if isinstance(raw, str) else raw).decode() if raw is not None else None


def door_at(method: str, path: str) -> Found | None:
    """The door that is knocked at, None where there is none. `path` is without /v1."""
    from app import app

    try:
        return app.doors.find(method, f"/v1{path}")
    except Refusal:
        return None
