"""The REST API as API Gateway gives it to the function: routes, proxy events, and its own refusals."""

import base64
import urllib.parse
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core.http import GREEDY, METHODS, Door
from infra.edge import FAILED, NO_ROUTE, TOO_LARGE, gateway_refusal

BODY_BYTES_MAX = 10 * 1024 * 1024
BEFORE_DOORS = GREEDY.partition("{")[0]


@dataclass(frozen=True)
class HttpAnswer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Gateway:
    """Answers requests by calling the app in this process; safe for many threads."""

    def __init__(self, app: Door) -> None:
        self._app = app

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes, ip: str) -> HttpAnswer:
        path, _, query = target.partition("?")
        if len(body) > BODY_BYTES_MAX:
            return _refused(TOO_LARGE)
        proxy = path.removeprefix(BEFORE_DOORS).rstrip("/")
        if not path.startswith(BEFORE_DOORS) or not proxy or method not in METHODS:
            return _refused(NO_ROUTE)
        event = {
            "resource": GREEDY,
            "path": path,
            "httpMethod": method,
            "headers": dict(headers),
            "multiValueQueryStringParameters": urllib.parse.parse_qs(query, keep_blank_values=True) or None,
            "pathParameters": {"proxy": proxy},
            "stageVariables": None,
            "requestContext": {
                "resourcePath": GREEDY,
                "httpMethod": method,
                "path": path,
                "stage": "api",
                "requestId": str(uuid.uuid4()),
                "identity": {"sourceIp": ip, "userAgent": headers.get("User-Agent", "")},
            },
            "body": base64.b64encode(body).decode() if body else None,
            "isBase64Encoded": bool(body),
        }
        try:
            return _of_lambda(self._app(event, None))
        except Exception:
            return _refused(FAILED)


def _of_lambda(answer: Mapping[str, Any]) -> HttpAnswer:
    headers = [(name, str(value)) for name, value in answer.get("headers", {}).items()]
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        headers += [(name, str(value)) for value in values]
    body = answer["body"].encode()
    return HttpAnswer(answer["statusCode"], headers, base64.b64decode(body) if answer["isBase64Encoded"] else body)


def _refused(kind: str) -> HttpAnswer:
    refusal = gateway_refusal(kind, str(uuid.uuid4()))
    headers = [("Content-Type", "application/problem+json"), ("Cache-Control", "no-store")]
    return HttpAnswer(refusal.status, headers, refusal.body.encode())
