"""`docs/openapi.json` from the routes themselves: paths, shapes, roles, and the problem documents they may answer with."""

import inspect
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib.core.gate import ANYONE, SIGNED_IN
from chalicelib.core.http import Api, Route
from chalicelib.core.sheets import CSV, XLSX, Sheet
from tools import examples, reach

ABOUT = """Municipal credits and vouchers, and the citizen's portal around them.

Sign in by `POST /v1/sessions` for one app (`moje`, `admin`) and send `access_token` as a bearer; it lives five minutes, then
`POST /v1/sessions/refresh`. A till has a token of its own: `POST /v1/cities/{city}/tills/pair`, then `…/tills/session`.

Amounts are integers in haléře (`_minor`), times UTC with zone (`_at`), days in Europe/Prague (`_on`). Refusals are problem
documents (RFC 9457): decide by `code`. Edits take `If-Match`, lists go on by `cursor`, a POST with `Idempotency-Key` may be sent
again for ever; after 429 wait as `Retry-After` says. `/v1` only grows. docs/api.md shows all of it with curl."""
WORDS = Path(__file__).parent / "properties.toml"
UNITS = {
    "_minor": "In haléře, a hundredth of the currency.",
    "_at": "UTC, RFC 3339 with its zone.",
    "_on": "A calendar day in Europe/Prague, YYYY-MM-DD.",
    "_permille": "In thousandths.",
}
"""What an ending of a word says of its unit."""
SAVED = {
    "Content-Disposition": "The file's name.",
    "Vary": "`Accept`: the file is CSV (semicolons, decimal commas, Czech dates) unless XLSX is asked for.",
}
TEXT = {"type": "string"}
NO_STORE = {"Cache-Control": "Always `no-store`."}
IF_READ = {
    "v": ("ETag", "The version, for `If-Match`."),
    "replayed": ("Idempotent-Replayed", "`true` where nothing was done now."),
}
"""Headers that come with a property of the answer."""
PARAMETERS = {
    "city": "The town's slug.",
    "Idempotency-Key": "Your own unique key of the operation: the same key gets the same answer, for ever.",
    "If-Match": "The version that is edited: the `ETag` of its last reading.",
}

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "correlation_id", "facts"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable code; see docs/errors.md."},
        "correlation_id": {"type": "string", "description": "The support code."},
        "facts": {"type": "object", "additionalProperties": True},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
REF = "#/components/schemas/{model}"


def document() -> dict[str, Any]:
    """The whole OpenAPI 3.1 document."""
    routes = sorted(Api.every.values(), key=lambda route: (route.path, route.method))
    inputs, outputs = _shapes(routes)
    refs, schemas = models_json_schema(
        [(shape, "validation") for shape in inputs] + [(shape, "serialization") for shape in outputs], ref_template=REF
    )
    components = dict(sorted(schemas.get("$defs", {}).items())) | {"Problem": PROBLEM}
    for name, schema in components.items():
        _describe(name, schema)
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Aktivní město",
            "version": "1",
            "description": ABOUT,
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _describe(shape: str, schema: dict[str, Any]) -> None:
    for name, about in schema.get("properties", {}).items():
        about.setdefault("description", word(name, shape))


def word(name: str, shape: str = "") -> str:
    """What a property or parameter means, with its unit; empty where nobody said it."""
    general, special = words()
    meaning = special.get(shape, {}).get(name) or general.get(name, "")
    unit = next((unit for ending, unit in UNITS.items() if name.endswith(ending)), "")
    return f"{meaning} {unit}".strip() if meaning else ""


@cache
def words() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """What words mean everywhere, and by shape what they mean there alone."""
    found = tomllib.loads(WORDS.read_text())
    return found.pop("words"), found


def _shapes(routes: list[Route]) -> tuple[list[type[BaseModel]], list[type[BaseModel]]]:
    inputs: dict[type[BaseModel], None] = {}
    outputs: dict[type[BaseModel], None] = {}
    for route in routes:
        body, query, answer = route.types
        inputs |= {shape: None for shape in (body, query) if _is_shape(shape)}
        outputs |= {shape: None for shape in (answer,) if _is_shape(shape)}
    return list(inputs), list(outputs)


def _is_shape(shape: Any) -> bool:
    return inspect.isclass(shape) and issubclass(shape, BaseModel)


def _operation(route: Route, refs: dict[Any, Any]) -> dict[str, Any]:
    body, query, answer = route.types
    summary, _, description = (inspect.getdoc(route.handler) or "").partition("\n")
    operation: dict[str, Any] = {
        "operationId": f"{route.room}_{route.handler.__name__}",
        "tags": [route.room],
        "summary": summary,
        "description": _roles(route) + (f"\n\n{description.strip()}" if description.strip() else ""),
        "parameters": _parameters(route, query),
        "responses": {
            str(_status(route, answer)): _success(route, answer, refs),
            "default": _refusals(route),
        },
    }
    if _is_shape(body):
        schema = refs[(body, "validation")]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if ANYONE not in route.allow:
        operation["security"] = [{"bearer": []}]
    _exemplify(operation, examples.known().get(route.name, {}))
    return operation


def _exemplify(operation: dict[str, Any], example: dict[str, Any]) -> None:
    """Put the request that a test sent, and its answer, where a reader looks for them."""
    for parameter in operation["parameters"]:
        if parameter["name"] in example.get("parameters", {}):
            parameter["example"] = example["parameters"][parameter["name"]]
    (success,) = (response for status, response in operation["responses"].items() if status != "default")
    for what, place in (("body", operation.get("requestBody", {})), ("answer", success)):
        for name, media in place.get("content", {}).items():
            media |= {"example": example[what]} if what in example and name != XLSX else {}


def _roles(route: Route) -> str:
    if route.device:
        return "For a device that signs its requests."
    if ANYONE in route.allow:
        return "Open to anyone."
    if SIGNED_IN in route.allow:
        return "For anyone signed in."
    return "For: " + ", ".join(route.allow) + "."


def _status(route: Route, answer: Any) -> int:
    return 204 if answer is type(None) and route.status == 200 else route.status


def _success(route: Route, answer: Any, refs: dict[Any, Any]) -> dict[str, Any]:
    if answer is Sheet:
        headers = _headers(NO_STORE | SAVED)
        return {
            "description": "The file.",
            "headers": headers,
            "content": {CSV: {"schema": TEXT}, XLSX: {"schema": {}}},
        }
    if not _is_shape(answer):
        return {"description": "Done.", "headers": _headers(NO_STORE)}
    headers = NO_STORE | dict(header for name, header in IF_READ.items() if name in answer.model_fields)
    schema = refs[(answer, "serialization")]
    return {"description": "Done.", "headers": _headers(headers), "content": {"application/json": {"schema": schema}}}


def _refusals(route: Route) -> dict[str, Any]:
    """The problem documents of a route: its codes as an enumeration."""
    code = {"type": "string", "enum": reach.codes_of(route)}
    schema = {"allOf": [{"$ref": REF.format(model="Problem")}, {"type": "object", "properties": {"code": code}}]}
    return {
        "description": "A refusal; `code` says which.",
        "headers": _headers(NO_STORE),
        "content": {"application/problem+json": {"schema": schema}},
    }


def _headers(described: dict[str, str]) -> dict[str, Any]:
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in described.items()}


def _parameters(route: Route, query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": TEXT}
        for name in re.findall(r"{([a-z_]+)}", route.path)
    ]
    if route.spends:
        schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"}
        found.append({"name": "Idempotency-Key", "in": "header", "required": True, "schema": schema})
    if route.edits:
        found.append({"name": "If-Match", "in": "header", "required": True, "schema": TEXT})
    if _is_shape(query):
        schema = query.model_json_schema()
        for name, field in schema.get("properties", {}).items():
            needed = name in schema.get("required", [])
            found.append({"name": name, "in": "query", "required": needed, "schema": _inline(field, schema)})
    return [{**one, "description": PARAMETERS.get(one["name"]) or word(one["name"])} for one in found]


def _inline(field: Any, schema: Any) -> Any:
    """A query field without references: its definitions stand in place."""
    if isinstance(field, dict):
        if "$ref" in field:
            return _inline(schema["$defs"][field["$ref"].rsplit("/", 1)[-1]], schema)
        return {key: _inline(value, schema) for key, value in field.items()}
    if isinstance(field, list):
        return [_inline(value, schema) for value in field]
    return field
