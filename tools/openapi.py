"""`docs/openapi.json` from the routes themselves: paths, shapes, roles, and the problem documents they may answer with."""

import inspect
import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib.core.gate import ANYONE, SIGNED_IN
from chalicelib.core.http import Api, Route

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
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Aktivní město",
            "version": "1",
            "description": "Municipal credits and vouchers, and the citizen's portal around them.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


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
            "default": {
                "description": "A refusal; `code` says which.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    }
    if _is_shape(body):
        schema = refs[(body, "validation")]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if ANYONE not in route.allow:
        operation["security"] = [{"bearer": []}]
    return operation


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
    if not _is_shape(answer):
        return {"description": "Done."}
    return {"description": "Done.", "content": {"application/json": {"schema": refs[(answer, "serialization")]}}}


def _parameters(route: Route, query: Any) -> list[dict[str, Any]]:
    text = {"type": "string"}
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": text} for name in re.findall(r"{(\w+)}", route.path)
    ]
    if route.spends:
        schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"}
        found.append({"name": "Idempotency-Key", "in": "header", "required": True, "schema": schema})
    if route.edits:
        found.append({"name": "If-Match", "in": "header", "required": True, "schema": text})
    if _is_shape(query):
        schema = query.model_json_schema()
        for name, field in schema.get("properties", {}).items():
            needed = name in schema.get("required", [])
            found.append({"name": name, "in": "query", "required": needed, "schema": _inline(field, schema)})
    return found


def _inline(field: Any, schema: Any) -> Any:
    """A query field without references: its definitions stand in place."""
    if isinstance(field, dict):
        if "$ref" in field:
            return _inline(schema["$defs"][field["$ref"].rsplit("/", 1)[-1]], schema)
        return {key: _inline(value, schema) for key, value in field.items()}
    if isinstance(field, list):
        return [_inline(value, schema) for value in field]
    return field
