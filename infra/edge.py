"""What CloudFront and API Gateway do with a request, read from the templates, so that the local cloud does the same."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from infra.stacks import parse

INFRA = Path(__file__).parent
ORIGIN_SECRET_HEADER = "X-Origin-Secret"  # noqa: S105  a name
NO_ROUTE, TOO_LARGE, FAILED = "MISSING_AUTHENTICATION_TOKEN", "REQUEST_TOO_LARGE", "DEFAULT_5XX"

_STANDARD: dict[str, Callable[[Any], tuple[str, str]]] = {
    "ContentTypeOptions": lambda _: ("X-Content-Type-Options", "nosniff"),
    "FrameOptions": lambda it: ("X-Frame-Options", it["FrameOption"]),
    "ReferrerPolicy": lambda it: ("Referrer-Policy", it["ReferrerPolicy"]),
    "ContentSecurityPolicy": lambda it: ("Content-Security-Policy", it["ContentSecurityPolicy"]["Fn::Sub"]),
    "StrictTransportSecurity": lambda it: (
        "Strict-Transport-Security",
        f"max-age={it['AccessControlMaxAgeSec']}; includeSubDomains; preload",
    ),
}


@dataclass(frozen=True)
class GatewayRefusal:
    """What API Gateway answers without asking the application."""

    status: int
    body: str


def security_headers(documents: str) -> dict[str, str]:
    """The headers that the edge puts on every answer. `documents` is where presigned downloads and uploads go."""
    config = _template("edge")["Resources"]["SecurityHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    headers = dict(_STANDARD[name](value) for name, value in config["SecurityHeadersConfig"].items())
    headers |= {item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]}
    policy = headers["Content-Security-Policy"].replace("https://${Documents}", documents)
    return {**headers, "Content-Security-Policy": policy.strip()}


def gateway_refusal(kind: str, correlation_id: str) -> GatewayRefusal:
    """The gateway's own problem document of a kind, as infra/app.yaml words it."""
    response = _template("app")["Resources"]["RestAPI"]["Properties"]["GatewayResponses"][kind]
    text = response["ResponseTemplates"]["application/json"].replace("$context.requestId", correlation_id)
    return GatewayRefusal(int(response["StatusCode"]), json.dumps(json.loads(text), ensure_ascii=False))


def page_of(path: str) -> str:
    """The file of the site that a path stands for: what the function SitePaths in infra/edge.yaml does."""
    if re.search(r"\.(html|js|mjs|css|json|md|svg|png|ico|txt|xml|wasm|webmanifest|woff2|map)$", path):
        return path
    if docs := re.match(r"^/docs(/errors)?/?$", path):
        return f"/docs{docs[1] or ''}/index.html"
    app = re.match(r"^/(moje|admin|reader)(/|$)", path)
    return f"/{app[1]}/index.html" if app else "/index.html"


def paths_function() -> str:
    """The source of that function, for the test that compares the two."""
    source: str = _template("edge")["Resources"]["SitePaths"]["Properties"]["FunctionCode"]
    return source


@cache
def _template(name: str) -> dict[str, Any]:
    return parse((INFRA / f"{name}.yaml").read_text())
