"""The REST API as API Gateway gives it to the function: routes, proxy events, and its own refusals."""

import re
import urllib.parse
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalice.app import Chalice
from chalice.local import LambdaContext, LocalChalice

from infra.edge import FAILED, NO_ROUTE, TOO_LARGE, gateway_refusal

BODY_BYTES_MAX = 10 * 1024 * 1024
TIMEOUT_MS = 20_000


@dataclass(frozen=True)
class HttpAnswer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


def one_request_a_thread(app: Chalice) -> Chalice:
    """Chalice keeps the current request on the app; its local class keeps one for each thread."""
    if not isinstance(app, LocalChalice):
        app.__class__ = type("LocalApp", (LocalChalice, type(app)), {})
    return app


class Gateway:
    """Answers requests by calling the app in this process; safe for many threads."""

    def __init__(self, app: Chalice) -> None:
        self._app = one_request_a_thread(app)
        self._routes: dict[int, list[tuple[int, str, re.Pattern[str]]]] = {}
        for path in app.routes:
            pattern = re.compile(re.sub(r"{([a-z_]+)}", r"(?P<\1>[^/]+)", path))
            self._routes.setdefault(path.count("/"), []).append((path.count("{"), path, pattern))
        for same_length in self._routes.values():
            same_length.sort(key=lambda route: route[0])

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes, ip: str) -> HttpAnswer:
        path, _, query = target.partition("?")
        if len(body) > BODY_BYTES_MAX:
            return _refused(TOO_LARGE)
        matched = self._match(path.rstrip("/"))
        if matched is None:
            return _refused(NO_ROUTE)
        resource, parameters = matched
        event = {
            "resource": resource,
            "path": path,
            "httpMethod": method,
            "headers": dict(headers),
            "multiValueQueryStringParameters": urllib.parse.parse_qs(query, keep_blank_values=True) or None,
            "pathParameters": parameters or None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": resource,
                "httpMethod": method,
                "path": path,
                "stage": "api",
                "requestId": str(uuid.uuid4()),
                "identity": {"sourceIp": ip, "userAgent": headers.get("User-Agent", "")},
            },
            "body": body.decode("utf-8", "replace") if body else None,
            "isBase64Encoded": False,
        }
        try:
            return _of_lambda(self._app(event, LambdaContext("api_handler", 1024, TIMEOUT_MS)))
        except Exception:
            return _refused(FAILED)

    def _match(self, path: str) -> tuple[str, dict[str, str]] | None:
        """A literal part of a path goes before a parameter."""
        for _, resource, pattern in self._routes.get(path.count("/"), []):
            if found := pattern.fullmatch(path):
                return resource, found.groupdict()
        return None


def _of_lambda(answer: Mapping[str, Any]) -> HttpAnswer:
    headers = [(name, str(value)) for name, value in answer.get("headers", {}).items()]
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        headers += [(name, str(value)) for value in values]
    return HttpAnswer(answer["statusCode"], headers, (answer.get("body") or "").encode())


def _refused(kind: str) -> HttpAnswer:
    refusal = gateway_refusal(kind, str(uuid.uuid4()))
    headers = [("Content-Type", "application/problem+json"), ("Cache-Control", "no-store")]
    return HttpAnswer(refusal.status, headers, refusal.body.encode())
