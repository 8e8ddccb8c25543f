"""The site as it is served: which files, their types and how long browsers keep them. For S3 and the local cloud alike."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
DIST = ROOT / "web/dist"

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".md": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
FOR_EVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"


def content_type(path: str) -> str:
    return _TYPES.get(Path(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def cache_control(path: str) -> str:
    """Files under assets/ have their hash in the name and never change; everything else is asked for each time."""
    return FOR_EVER if path.startswith("assets/") else ASK_EACH_TIME


def files(dist: Path = DIST) -> Iterator[tuple[str, Path]]:
    """What the web's build made: (path on the site, file). Pages come last, so that none points to a missing asset."""
    found = [path for path in sorted(dist.rglob("*")) if path.is_file() and ".vite" not in path.parts]
    for path in sorted(found, key=lambda file: file.suffix == ".html"):
        yield path.relative_to(dist).as_posix(), path
