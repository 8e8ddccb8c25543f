"""The API's documentation as plain pages: made from docs/openapi.json and docs/errors.md, without a script or a CDN."""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent.parent / "docs"
METHODS = ("get", "post", "put", "patch", "delete")

STYLE = """
:root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3a4250); }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 5rem; }
h1 { font-size: 1.7rem; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
a { color: light-dark(#1a4a9c, #9cc2ff); } code { font: 0.92em ui-monospace, monospace; } pre { overflow-x: auto; }
nav ul { columns: 3 14rem; padding-left: 1.2rem; }
details { border: 1px solid var(--line); border-radius: 6px; margin: 0.5rem 0; }
summary { padding: 0.55rem 0.8rem; cursor: pointer; }
details > div { padding: 0 0.8rem 0.8rem; overflow-x: auto; }
.method { display: inline-block; min-width: 4.2rem; font-weight: 700; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; }
th, td { padding: 0.3rem 0.6rem 0.3rem 0; border-bottom: 1px solid var(--line); }
""".lstrip()


def pages(docs: Path = DOCS) -> dict[str, str]:
    """Path on the site → text, for everything under /docs."""
    found = {"docs/style.css": STYLE}
    openapi = docs / "openapi.json"
    if openapi.exists():
        text = openapi.read_text()
        found["docs/openapi.json"] = text
        found["docs/index.html"] = reference(json.loads(text))
    errors = docs / "errors.md"
    if errors.exists():
        found["docs/errors/index.html"] = _page("Odmítnutí a chyby API", markdown(errors.read_text()))
    return found


def reference(api: dict[str, Any]) -> str:
    """One page of all operations by room, then the shapes that they speak in."""
    by_tag: dict[str, list[str]] = {}
    for path, item in sorted(api["paths"].items()):
        for method in METHODS:
            if method in item:
                operation = item[method]
                tag = (operation.get("tags") or ["other"])[0]
                by_tag.setdefault(tag, []).append(_operation(method, path, operation, item.get("parameters", [])))
    contents = "".join(f'<li><a href="#{escape(tag)}">{escape(tag)}</a></li>' for tag in by_tag)
    rooms = "".join(f'<h2 id="{escape(tag)}">{escape(tag)}</h2>{"".join(made)}' for tag, made in by_tag.items())
    shapes = api.get("components", {}).get("schemas", {})
    shown = "".join(_shape(name, schema) for name, schema in sorted(shapes.items()))
    info = api["info"]
    intro = markdown(info.get("description", ""))
    links = '<p><a href="/docs/openapi.json">openapi.json</a> · <a href="/docs/errors">errors</a></p>'
    body = f"{intro}{links}<nav><ul>{contents}</ul></nav>{rooms}<h2 id='shapes'>Shapes</h2>{shown}"
    return _page(f"{info['title']} {info['version']}", body)


def _operation(method: str, path: str, operation: dict[str, Any], shared: list[dict[str, Any]]) -> str:
    parts = [markdown(operation.get("description", ""))]
    parameters = [*shared, *operation.get("parameters", [])]
    if parameters:
        parts.append(_table(["parameter", "in", "type", ""], [_parameter(each) for each in parameters]))
    body = operation.get("requestBody", {}).get("content", {})
    for kind, content in body.items():
        parts.append(f"<p>Sends <code>{escape(kind)}</code>: {_type(content.get('schema', {}))}</p>")
    if any("example" in each for each in parameters):
        values = {each["name"]: each["example"] for each in parameters if "example" in each}
        parts.append(_example("For example with", values))
    parts += [_example("and", content["example"]) for content in body.values() if "example" in content]
    rows = [_answer(status, answer) for status, answer in operation.get("responses", {}).items()]
    parts.append(_table(["answer", "", "body"], rows))
    answers = [
        content for answer in operation.get("responses", {}).values() for content in answer.get("content", {}).values()
    ]
    parts += [_example("answered with", content["example"]) for content in answers if "example" in content]
    title = escape(operation.get("summary", ""))
    anchor = escape(f"{method}-{path}")
    return (
        f'<details id="{anchor}"><summary><span class="method">{method.upper()}</span> <code>{escape(path)}</code>'
        f" {title}</summary><div>{''.join(parts)}</div></details>"
    )


def _example(what: str, value: Any) -> str:
    return f"<p>{what}</p><pre><code>{escape(json.dumps(value, indent=1, ensure_ascii=False))}</code></pre>"


def _parameter(parameter: dict[str, Any]) -> list[str]:
    name = escape(parameter.get("name", parameter.get("$ref", "").rpartition("/")[2]))
    needed = " (required)" if parameter.get("required") else ""
    text = escape(parameter.get("description", "")) + needed
    return [f"<code>{name}</code>", escape(parameter.get("in", "")), _type(parameter.get("schema", {})), text]


def _answer(status: str, answer: dict[str, Any]) -> list[str]:
    bodies = [_type(content.get("schema", {})) for content in answer.get("content", {}).values()]
    return [f"<code>{escape(status)}</code>", escape(answer.get("description", "")), ", ".join(bodies)]


def _shape(name: str, schema: dict[str, Any]) -> str:
    required = set(schema.get("required", []))
    rows = [
        [
            f"<code>{escape(field)}</code>",
            _type(part),
            escape(part.get("description", "")) + (" (required)" if field in required else ""),
        ]
        for field, part in schema.get("properties", {}).items()
    ]
    inner = _table(["field", "type", ""], rows) if rows else f"<p>{_type(schema)}</p>"
    described = markdown(schema.get("description", ""))
    title = f"<summary><code>{escape(name)}</code></summary>"
    return f'<details id="shape-{escape(name)}">{title}<div>{described}{inner}</div></details>'


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#shape-{name}">{name}</a>'
    for several, joint in (("anyOf", " or "), ("oneOf", " or "), ("allOf", " and ")):
        if several in schema:
            return joint.join(_type(each) for each in schema[several])
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    limits = [
        f"{word} {schema[key]}"
        for key, word in (
            ("format", ""),
            ("minimum", "≥"),
            ("exclusiveMinimum", ">"),
            ("maximum", "≤"),
            ("minLength", "length ≥"),
            ("maxLength", "length ≤"),
            ("pattern", "matches"),
        )
        if key in schema
    ]
    return escape(" ".join([str(schema.get("type", "any")), *limits]))


def _table(heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f"<th scope='col'>{name}</th>" if name else "<td></td>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def markdown(text: str) -> str:
    """The little of Markdown that our own documents use: headings, lists, paragraphs, code, bold and links."""
    made = []
    for block in re.split(r"\n\s*\n", text.strip()):
        if not block:
            continue
        if heading := re.match(r"(#{1,4}) +(.*)", block):
            level, title = len(heading.group(1)), heading.group(2).strip()
            anchor = escape(title.strip("`").replace(" ", "-"))
            made.append(f'<h{level} id="{anchor}">{_inline(title)}</h{level}>')
            block = block[heading.end() :].strip()
            if not block:
                continue
        if re.match(r"[-*] ", block):
            items = re.split(r"\n[-*] ", block[2:])
            made.append("<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>")
        elif block.startswith("|"):
            made.append(_markdown_table(block))
        else:
            made.append(f"<p>{_inline(block)}</p>")
    return "\n".join(made)


def _markdown_table(block: str) -> str:
    rows = [[_inline(cell.strip()) for cell in line.strip().strip("|").split("|")] for line in block.splitlines()]
    return _table(rows[0], rows[2:])


def _inline(text: str) -> str:
    text = escape(text, quote=False)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", r'<a href="\2">\1</a>', text)


def _page(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    style = '<link rel="stylesheet" href="/docs/style.css"><link rel="icon" href="/icon.svg">'
    return (
        f'<!doctype html><html lang="cs"><head>{head}{style}</head><body><h1>{escape(title)}</h1>{body}</body></html>'
    )
