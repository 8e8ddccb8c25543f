"""Every answer of the API is held against `docs/openapi.json`: status, media type, body."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

OPENAPI = Path(__file__).parent.parent / "docs/openapi.json"


def check(method: str, path: str, status: int, media_type: str, body: Any) -> None:
    """Fails where the answer of a route (`/v1/cities/{city}/…`) is not what the document says. `body` None is no body."""
    responses = _document()["paths"][path][method.lower()]["responses"]
    named = str(status) if str(status) in responses else "default"
    assert named != "default" or status >= 400, f"{method} {path} answered {status}, which the document does not name"
    content = responses[named].get("content", {})
    if not content:
        assert body is None, f"{method} {path} {status}: a body where none is documented"
        return
    assert media_type in content, f"{method} {path} {status}: media type {media_type!r}, documented {list(content)}"
    if "json" not in media_type:
        return  # a file: what is in it is its room's test
    found = [f"{error.instance_path}: {error.message}" for error in _schema(method, path, named).iter_errors(body)]
    assert not found, f"{method} {path} {status} breaks docs/openapi.json: {found[:5]}"


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(OPENAPI.read_text())
    return document


@cache
def _registry() -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry([("urn:api", _document())])


@cache
def _schema(method: str, path: str, named: str) -> Any:
    content = _document()["paths"][path][method.lower()]["responses"][named]["content"]
    (media,) = content.values()
    return jsonschema_rs.Draft202012Validator(_absolute(media["schema"]), registry=_registry(), validate_formats=True)


def _absolute(schema: Any) -> Any:
    """The schema with its references into the whole document."""
    if isinstance(schema, dict):
        return {key: f"urn:api{value}" if key == "$ref" else _absolute(value) for key, value in schema.items()}
    return [_absolute(each) for each in schema] if isinstance(schema, list) else schema
