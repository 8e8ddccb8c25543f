"""The API as a client meets it: Chalice's own event handling, no network; answers held against the API's description."""

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.core import gate
from chalicelib.core.clock import now
from chalicelib.core.gate import Who
from chalicelib.core.http import Api
from localcloud.gateway import one_request_a_thread
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
        raw: str | None = None,
    ) -> Answer:
        from app import app
        from tools.docs import load_rooms

        load_rooms()
        resource, parameters = _match(method, f"/v1{path}")
        sent = {"accept-language": self.language, "content-type": "application/json"} | (headers or {})
        if token := gate.issue(self.who, now()) if self.who else self.token:
            sent["authorization"] = f"Bearer {token}"
        if key:
            sent["idempotency-key"] = key
        if version is not None:
            sent["if-match"] = f'W/"{version}"'
        event = {
            "requestContext": {
                "resourcePath": resource,
                "httpMethod": method,
                "identity": {"sourceIp": "127.0.0.1"},
                "path": f"/v1{path}",
            },
            "headers": sent,
            "multiValueQueryStringParameters": {k: [v] for k, v in (query or {}).items()} or None,
            "pathParameters": parameters,
            "body": raw if raw is not None else (json.dumps(body) if body is not None else None),
            "isBase64Encoded": False,
            "stageVariables": None,
        }
        answer = one_request_a_thread(app)(event, None)
        assert answer["statusCode"] != 500, answer["body"]
        text = answer["body"]
        received = answer["headers"] | {k: v[-1] for k, v in (answer.get("multiValueHeaders") or {}).items()}
        one = [received["Set-Cookie"]] if "Set-Cookie" in received else []
        cookies = (answer.get("multiValueHeaders") or {}).get("Set-Cookie", one)
        content = json.loads(text) if text else None
        if f"{method} {resource}" in Api.every:
            contract.check(method, resource, answer["statusCode"], received.get("Content-Type", ""), content)
        return Answer(answer["statusCode"], content, received, tuple(cookies))


def _match(method: str, path: str) -> tuple[str, dict[str, str]]:
    """The route that API Gateway would pick: a literal segment goes before a parameter."""
    candidates = []
    for route in Api.every.values():
        pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", route.path)
        if found := re.fullmatch(pattern, path):
            candidates.append((len(found.groupdict()), route.method != method, route.path, found.groupdict()))
    if not candidates:
        raise LookupError(f"no route for {path}")
    _, _, resource, parameters = min(candidates, key=lambda c: c[:2])
    return resource, parameters
