"""One decorator for every route: who may, shape in, one call, shape out, refusals as problem documents.

This file and app.py alone know Chalice, which describes the gateway and the functions; requests are answered here. The gateway
has one resource for all doors. Routes are collected in `Api` objects; app.py mounts them by name from `doors.json`, and a room is
imported by the first request that enters it.
"""

import base64
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

from chalice.app import Chalice, Request
from pydantic import BaseModel, ValidationError

from chalicelib.core import gate
from chalicelib.core.gate import ANYONE, NOBODY, PROVIDER_SIDE, STAFF, Role, Who
from chalicelib.core.ids import new_id
from chalicelib.core.mending import ERRORS_MAX, field_errors
from chalicelib.core.refusals import (
    BodyTooLarge,
    CharsetUnsupported,
    FileTooLarge,
    IdempotencyKeyMissing,
    IfMatchMissing,
    InvalidInput,
    MalformedJson,
    MethodNotAllowed,
    NameRepeated,
    NotFound,
    OriginRefused,
    OurFault,
    Refusal,
    SignInNeeded,
    UnsupportedMediaType,
    WrongRole,
)
from chalicelib.core.settings import settings
from chalicelib.core.sheets import CSV, ENDINGS, XLSX, Sheet
from chalicelib.core.telemetry import count, log, send_metrics

BODY_BYTES_MAX = 64 * 1024
FILE_BYTES_MAX = 4_400_000
"""Lambda answers with 6 MB at most, and a file goes as base64, a third longer."""
_KEY = re.compile(r"^[A-Za-z0-9_-]{8,64}$")
_PATH_VALUE = re.compile(r"^[A-Za-z0-9_.~-]{1,128}$")


@dataclass(frozen=True)
class Call[B = None, Q = None]:
    """One request, checked: who calls, for which town, with what.

    `path` holds the path parameters; `key` the Idempotency-Key where the route spends; `version` the version that
    If-Match names where the route edits; `headers`, `ip` and `raw` (the body's bytes) are as they came.
    """

    who: Who
    path: Mapping[str, str]
    body: B
    query: Q
    language: Literal["cs", "en"] = "cs"
    key: str = ""
    version: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    ip: str = ""
    raw: bytes = b""

    @property
    def city(self) -> str:
        return self.path["city"]

    @property
    def id(self) -> str:
        return self.path["id"]


@dataclass(frozen=True)
class Reply[B = BaseModel]:
    """An answer that needs more than a body: a status or headers of its own."""

    body: B | None = None
    status: int = 200
    headers: Mapping[str, str | list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What goes back over HTTP."""

    body: str | bytes
    headers: Mapping[str, str | list[str]]
    status: int


@dataclass(frozen=True)
class Route:
    """A door: everything that the house tests and the API documentation need to know of it."""

    method: str
    path: str
    handler: Callable[..., Any]
    allow: tuple[Role, ...]
    spends: bool
    edits: bool
    status: int
    bytes_max: int
    device: bool
    room: str

    @property
    def types(self) -> tuple[Any, Any, Any]:
        """(body, query, answer) as the handler's signature names them."""
        hints = get_type_hints(self.handler)
        answer = hints.pop("return", type(None))
        if get_origin(answer) is Reply:
            (answer,) = get_args(answer)
        call = next(iter(hints.values()))
        args = list(get_args(call)) if get_origin(call) is Call else []
        body, query = [*args, type(None), type(None)][:2]
        return body, query, answer

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def acts_as(self) -> tuple[Role, ...]:
        """The roles of the town hall and of providers in which one acts here: by these nobody passes on a token alone."""
        return tuple(role for role in self.allow if role in (*STAFF, *PROVIDER_SIDE)) if self.method != "GET" else ()


class Api:
    """The routes of one room. Paths are given without the leading /v1."""

    every: dict[str, Route] = {}  # noqa: RUF012  one list of the house's doors

    def __init__(self, room: str) -> None:
        self.room = room
        self.routes: list[Route] = []

    def get(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._route("GET", path, **options)

    def post(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._route("POST", path, **options)

    def put(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._route("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._route("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._route("DELETE", path, **options)

    def _route(
        self,
        method: str,
        path: str,
        *,
        allow: Role | Sequence[Role],
        spends: bool = False,
        edits: bool = False,
        status: int = 200,
        bytes_max: int = BODY_BYTES_MAX,
        device: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """`allow` names who may: roles in the path's town, SIGNED_IN or ANYONE. `spends` asks for an Idempotency-Key,
        `edits` for If-Match. `device` routes check a signature of their own (Regina) and are open at this gate."""
        allowed = (allow,) if isinstance(allow, str) else tuple(allow)

        def register(handler: Callable[..., Any]) -> Callable[..., Any]:
            route = Route(method, f"/v1{path}", handler, allowed, spends, edits, status, bytes_max, device, self.room)
            self.routes.append(route)
            Api.every[route.name] = route
            return handler

        return register


type AsNow = Callable[[Who], Who]
"""Gives the same person with the roles that they hold now. A token may be five minutes old."""


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
GREEDY = "/v1/{proxy+}"
"""The one resource of the gateway that stands for every door."""
JSON = "application/json"


@dataclass(frozen=True)
class Found:
    """Which door a path leads to: its room, its name, the values of its parameters."""

    room: str
    name: str
    parameters: dict[str, str]


class Doors:
    """Every door as a tree of the parts of its path; a literal part goes before a parameter."""

    def __init__(self, doors: Mapping[str, Sequence[str]]) -> None:
        """`doors` are a room's routes by room, each `METHOD /path`. Raises ValueError where two are the same."""
        self._tree: dict[str, Any] = {}
        for room, names in doors.items():
            for name in names:
                method, _, path = name.partition(" ")
                node = self._tree
                for part in path.strip("/").split("/"):
                    node = node.setdefault(_ANY_PART if part.startswith("{") else part, {})
                methods = node.setdefault(_HERE, {})
                if method in methods:
                    raise ValueError(f"two doors at {name}")
                methods[method] = (room, name)

    def find(self, method: str, path: str) -> Found:
        """HEAD finds what GET does. Raises NotFound where no door is, MethodNotAllowed where it opens another way."""
        values: list[str] = []
        methods = _walk(self._tree, path.strip("/").split("/"), values)
        if methods is None:
            raise NotFound
        known = methods.get("GET" if method == "HEAD" else method)
        if known is None:
            raise MethodNotAllowed(", ".join(each for each in METHODS if each.replace("HEAD", "GET") in methods))
        room, name = known
        return Found(room, name, dict(zip(_PARAMETERS.findall(name), values, strict=True)))


_ANY_PART, _HERE = "{}", ""
_PARAMETERS = re.compile(r"{([a-z_]+)}")


def _walk(node: Mapping[str, Any], parts: Sequence[str], values: list[str]) -> Any:
    """The methods of the door that the parts lead to, None if there is none; the parameters' values go to `values`."""
    if not parts:
        return node.get(_HERE)
    first, rest = parts[0], parts[1:]
    if first and first in node and (found := _walk(node[first], rest, values)) is not None:
        return found
    if first and _ANY_PART in node:
        values.append(first)
        if (found := _walk(node[_ANY_PART], rest, values)) is not None:
            return found
        values.pop()
    return None


class Door(Chalice):
    """The Chalice app. Chalice describes the gateway and the functions; what comes through the gateway we answer ourselves."""

    doors: Doors
    load: Callable[[str], object]
    as_now: AsNow

    def __call__(self, event: Any, context: Any) -> Any:
        request = Request(event, context)
        answered = _enter(self, request)
        return _of_lambda(answered, with_body=request.method != "HEAD")


def mount(app: Door, doors: Mapping[str, Sequence[str]], load: Callable[[str], object], as_now: AsNow) -> None:
    """Open every door of every room: room → its routes, each `METHOD /path`. `load` imports a room's routes."""
    app.doors, app.load, app.as_now = Doors(doors), load, as_now
    app.api.binary_types = ["*/*"]  # bodies come and go as they are, whatever their media type
    app.route(GREEDY, methods=list(METHODS), name="door")(_described_only)


def _described_only() -> None:
    """What Chalice describes as the gateway's; `Door` never calls it."""


def _enter(app: Door, request: Request) -> Answer:
    """Find the door and answer."""
    path = f"/v1/{(request.uri_params or {}).get('proxy', '')}"
    try:
        found = app.doors.find(request.method, path)
    except Refusal as refusal:
        return problem(refusal, _language(dict(request.headers.items())), new_id())
    if found.name not in Api.every:
        app.load(found.room)
    return answer(Api.every[found.name], request, found.parameters, app.as_now)


def _of_lambda(answered: Answer, *, with_body: bool) -> dict[str, Any]:
    """An answer as the gateway takes it; bytes go as base64, whatever their type."""
    body = answered.body if with_body else ""
    several = {name: value for name, value in answered.headers.items() if isinstance(value, list)}
    return {
        "statusCode": answered.status,
        "headers": {name: value for name, value in answered.headers.items() if name not in several},
        "multiValueHeaders": several,
        "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": isinstance(body, bytes),
    }


def answer(route: Route, request: Request, path: Mapping[str, str], as_now: AsNow) -> Answer:
    """Answer one request. Refusals become problem documents; any other exception is a bug and becomes OurFault."""
    headers = dict(request.headers.items())
    correlation_id = new_id()
    language = _language(headers)
    log.set_correlation_id(correlation_id)
    began = time.monotonic()
    told: dict[str, Any] = {}
    try:
        answered = _answer(route, request, headers, path, language, as_now)
    except Refusal as refusal:
        told["refusal"] = refusal.code()
        if refusal.watched:
            count(f"Refusal.{refusal.code()}")
        answered = problem(refusal, language, correlation_id)
    except Exception:
        log.exception("unexpected exception", door=route.name)
        count("OurFault")
        if settings().stage == "test":
            raise
        answered = problem(OurFault(), language, correlation_id)
    finally:
        count(f"Requests.{route.room}")
        send_metrics()
    ms = round((time.monotonic() - began) * 1000)
    log.info("answered", door=route.name, room=route.room, status=answered.status, ms=ms, **told)
    return answered


def _language(headers: Mapping[str, str]) -> Literal["cs", "en"]:
    asked = next((value for name, value in headers.items() if name.lower() == "accept-language"), "cs")
    return "en" if asked.lower().startswith("en") else "cs"


def _answer(
    route: Route,
    request: Request,
    headers: dict[str, str],
    path: Mapping[str, str],
    language: Literal["cs", "en"],
    as_now: AsNow,
) -> Answer:
    _check_origin(headers)
    if any(not _PATH_VALUE.fullmatch(value) for value in path.values()):
        raise NotFound
    who = _may(route, _who(headers), path.get("city"), as_now)
    body_type, query_type, _ = route.types
    raw = _raw_body(request)
    call: Call[Any, Any] = Call(
        who=who,
        path=path,
        body=_body(body_type, raw, headers, route.bytes_max),
        query=_query(query_type, request.query_params),
        language=language,
        key=_idempotency_key(headers) if route.spends else "",
        version=_version(headers) if route.edits else 0,
        headers=headers,
        ip=_ip(request, headers),
        raw=raw,
    )
    return _response(route.handler(call), route, headers)


def _ip(request: Request, headers: Mapping[str, str]) -> str:
    """The caller's address. Behind the edge it is the one before the edge's own; what stands further left anyone writes."""
    passed = headers.get("x-forwarded-for", "").split(",")
    if settings().origin_secret and len(passed) > 1:
        return passed[-2].strip()
    return str(request.context.get("identity", {}).get("sourceIp", ""))


def _raw_body(request: Request) -> bytes:
    raw = request.raw_body or b""
    return raw.encode() if isinstance(raw, str) else raw


def _check_origin(headers: Mapping[str, str]) -> None:
    if settings().origin_secret and headers.get("x-origin-secret") != settings().origin_secret:
        raise OriginRefused


def _who(headers: Mapping[str, str]) -> Who:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return gate.read(token) if scheme.lower() == "bearer" and token else NOBODY


def _may(route: Route, who: Who, city: str | None, as_now: AsNow) -> Who:
    """Who acts, with the roles that let them. Looks trust the token; for an act in a role the roles are read anew."""
    _check_role(route, who, city)
    if not who.holds(city, route.acts_as):
        return who
    acting = as_now(who)
    _check_role(route, acting, city)
    return acting


def _check_role(route: Route, who: Who, city: str | None) -> None:
    if ANYONE in route.allow or route.device:
        return
    if who is NOBODY:
        raise SignInNeeded
    if not who.holds(city, route.allow):
        raise WrongRole


def _body(shape: Any, raw: bytes, headers: Mapping[str, str], bytes_max: int) -> Any:
    if len(raw) > bytes_max:
        raise BodyTooLarge(bytes_max)
    if shape is type(None) or shape is None:
        return None
    if raw and headers.get("content-type", JSON).lower().partition(";")[0].strip() != JSON:
        raise UnsupportedMediaType
    try:
        _check_charset(headers)
        parsed = json.loads(
            raw.decode("utf-8") or "null",
            parse_float=_no_float,
            parse_constant=_no_float,
            object_pairs_hook=_each_name_once,
        )
    except (ValueError, RecursionError):
        raise MalformedJson from None
    return _valid(shape, parsed, json_text=True)


def _check_charset(headers: Mapping[str, str]) -> None:
    """JSON between systems is UTF-8 (RFC 8259 § 8.1); a body that says otherwise would be misread in silence."""
    named = re.search(r'charset\s*=\s*"?([^";\s]*)', headers.get("content-type", ""), re.IGNORECASE)
    if named and named[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise CharsetUnsupported(named[1][:40])


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values under one name nobody knows which was meant, and readers of JSON do not agree (RFC 8259 § 4)."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise NameRepeated(name[:80])
        found[name] = value
    return found


def _no_float(text: str) -> str:
    """A number with a fraction stays text, so that strict shapes refuse it: there are no floats near money."""
    return text


def _query(shape: Any, params: Any) -> Any:
    if shape is type(None) or shape is None:
        return None
    return _valid(shape, dict(params or {}), json_text=False)


def _valid(shape: Any, value: Any, *, json_text: bool) -> Any:
    try:
        if json_text:
            return shape.model_validate_json(json.dumps(value))
        return shape.model_validate(value)
    except ValidationError as error:
        raise InvalidInput(field_errors(error)) from None
    except ValueError:
        raise MalformedJson from None


def _idempotency_key(headers: Mapping[str, str]) -> str:
    key = headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyMissing
    return key


def _version(headers: Mapping[str, str]) -> int:
    match = re.fullmatch(r'(?:W/)?"([0-9]{1,12})"', headers.get("if-match", ""))
    if not match:
        raise IfMatchMissing
    return int(match.group(1))


def _response(result: Any, route: Route, asked: Mapping[str, str]) -> Answer:
    if isinstance(result, Sheet):
        return _saved(result, XLSX if _wants(asked.get("accept", ""), XLSX) else CSV)
    reply = result if isinstance(result, Reply) else Reply(result, route.status)
    headers: dict[str, Any] = {"Cache-Control": "no-store", **reply.headers}
    if reply.body is None:
        return Answer("", headers, 204 if reply.status == 200 else reply.status)
    version = getattr(reply.body, "v", None)
    if version is not None:
        headers["ETag"] = f'W/"{version}"'
    if getattr(reply.body, "replayed", False):
        headers["Idempotent-Replayed"] = "true"
    headers.setdefault("Content-Type", JSON)
    return Answer(reply.body.model_dump_json(), headers, reply.status)


def _wants(accept: str, media_type: str) -> bool:
    """Whether an Accept names the type, and not only to refuse it."""
    for part in accept.lower().split(","):
        name, *how = (word.strip() for word in part.split(";"))
        if name == media_type:
            return "q=0" not in how
    return False


def _saved(sheet: Sheet, media_type: str) -> Answer:
    """A table as a file, in the form that Accept asks for; CSV unless it is XLSX. Raises FileTooLarge."""
    headers = {
        "Content-Type": media_type,
        "Content-Disposition": f'attachment; filename="{sheet.name}.{ENDINGS[media_type]}"',
        "Cache-Control": "no-store",
        "Vary": "Accept",
    }
    content = sheet.written(media_type)
    if len(content) > FILE_BYTES_MAX:
        raise FileTooLarge
    return Answer(content, headers, 200)


def problem(refusal: Refusal, language: str, correlation_id: str) -> Answer:
    """A refusal as an RFC 9457 problem document in the caller's language."""
    facts = refusal.facts()
    errors = facts.pop("errors", None)
    document = {
        "type": f"{settings().origin}/docs/errors#{refusal.code()}",
        "title": refusal.text(language),
        "status": refusal.status,
        "detail": refusal.text(language),
        "code": refusal.code(),
        "correlation_id": correlation_id,
        "facts": {name: _plain(value) for name, value in facts.items()},
    }
    if errors is not None:
        document["errors"] = [error.shown(language) for error in errors[:ERRORS_MAX]]
    headers = {"Content-Type": "application/problem+json", "Cache-Control": "no-store", **refusal.headers()}
    return Answer(json.dumps(document), headers, refusal.status)


def _plain(fact: object) -> object:
    """A fact as JSON has it: days and instants are text. Anything that JSON does not know is a bug, and fails."""
    return fact.isoformat() if isinstance(fact, date) else fact
