"""One origin, as CloudFront makes it: the API, the four apps, its documentation, and the local mail inbox.

`python -m localcloud.serve` is a process of the local cloud; the environment tells it everything.
"""

import gzip
import json
import os
import signal
import sys
import threading
import urllib.parse
from dataclasses import asdict
from email.message import Message
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from infra import apidocs, site
from infra.edge import ORIGIN_SECRET_HEADER, page_of, security_headers
from localcloud import start_page
from localcloud.gateway import BODY_BYTES_MAX, Gateway, HttpAnswer
from localcloud.inbox import STYLE, Inbox, list_page, mail_page

COMPRESSED_BYTES_MIN = 1024
COMPRESSED_TYPES = ("text/", "application/json", "application/manifest+json", "application/wasm", "image/svg+xml")

type Headers = Message[str, str]

HTML, CSS, JSON = "text/html; charset=utf-8", "text/css; charset=utf-8", "application/json"


class Edge:
    """What stands behind the one origin."""

    def __init__(self, gateway: Gateway, inbox: Inbox, documents: str, origin_secret: str, dist: Path) -> None:
        self._gateway = gateway
        self._inbox = inbox
        self._secret = origin_secret
        self._dist = dist.resolve()
        self._headers = list(security_headers(documents).items())

    def answer(self, method: str, target: str, headers: Headers, body: bytes, ip: str) -> HttpAnswer:
        """Answer a request; every answer carries the edge's security headers."""
        path = urllib.parse.urlsplit(target).path
        if path.startswith("/v1/") or path == "/v1":
            sent = {**dict(headers.items()), ORIGIN_SECRET_HEADER: self._secret}
            answer = self._gateway.answer(method, target, sent, body, ip)
        elif method not in ("GET", "HEAD"):
            answer = _text(405, "Tady se jen čte.")
        else:
            answer = self._read(target, headers)
        return HttpAnswer(answer.status, answer.headers + self._headers, answer.body)

    def _read(self, target: str, headers: Headers) -> HttpAnswer:
        parts = urllib.parse.urlsplit(target)
        if parts.path == "/posta" or parts.path.startswith(("/posta/", "/posta.json")):
            return self._mail(parts)
        if parts.path == "/start":
            return _content(start_page.page().encode(), HTML)
        path = urllib.parse.unquote(page_of(parts.path)).lstrip("/")
        if path.startswith("docs/"):
            page = apidocs.pages().get(path)
            return _content(page.encode(), site.content_type(path)) if page else _text(404, "Tohle jsme nenašli.")
        return self._file(path, headers)

    def _mail(self, parts: urllib.parse.SplitResult) -> HttpAnswer:
        to = urllib.parse.parse_qs(parts.query).get("komu", [""])[0]
        if parts.path == "/posta.json":
            items = [asdict(mail) for mail in self._inbox.mails(to)]
            return _content(json.dumps({"items": items}, ensure_ascii=False).encode(), JSON)
        if parts.path == "/posta/style.css":
            return _content(STYLE.encode(), CSS)
        if parts.path in ("/posta", "/posta/"):
            return _content(list_page(self._inbox.mails(to), to).encode(), HTML)
        mail = self._inbox.mail(parts.path.removeprefix("/posta/"))
        return _content(mail_page(mail).encode(), HTML) if mail else _text(404, "Tahle zpráva tu není.")

    def _file(self, path: str, headers: Headers) -> HttpAnswer:
        file = (self._dist / path).resolve()
        if not file.is_relative_to(self._dist) or not file.is_file():
            return _text(404, "Tohle jsme nenašli.")
        stat = file.stat()
        tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        sent = [("Cache-Control", site.cache_control(path)), ("ETag", tag), ("Vary", "Accept-Encoding")]
        if headers.get("If-None-Match") == tag:
            return HttpAnswer(304, sent, b"")
        kind = site.content_type(path)
        zipped = "gzip" in headers.get("Accept-Encoding", "") and kind.startswith(COMPRESSED_TYPES)
        if zipped and stat.st_size >= COMPRESSED_BYTES_MIN:
            return HttpAnswer(200, [("Content-Type", kind), ("Content-Encoding", "gzip"), *sent], _zipped(file, tag))
        return HttpAnswer(200, [("Content-Type", kind), *sent], file.read_bytes())


@lru_cache(maxsize=256)
def _zipped(file: Path, tag: str) -> bytes:
    """`tag` changes with the file, so an old copy is never served."""
    return gzip.compress(file.read_bytes(), 6)


def _content(body: bytes, kind: str) -> HttpAnswer:
    return HttpAnswer(200, [("Content-Type", kind), ("Cache-Control", "no-store")], body)


def _text(status: int, text: str) -> HttpAnswer:
    return HttpAnswer(status, [("Content-Type", "text/plain; charset=utf-8")], text.encode())


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with connections kept open. Nagle's algorithm is off: with it each answer would wait 40 ms."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    edge: ClassVar[Edge]

    def _handle(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            self._send(_text(411, "Pošlete Content-Length."))
            return
        if int(length) > BODY_BYTES_MAX:
            # The rest of the body stays unread, so the connection cannot serve another request.
            self.close_connection = True
        body = self.rfile.read(min(int(length), BODY_BYTES_MAX + 1))
        self._send(self.edge.answer(self.command, self.path, self.headers, body, self.client_address[0]))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _handle

    def _send(self, answer: HttpAnswer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and answer.status not in (204, 304):
            self.wfile.write(answer.body)

    def version_string(self) -> str:
        return "aktivni-mesto"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a path or an address may be somebody's."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is no error; anything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def main() -> None:
    from app import app

    env = os.environ
    inbox = Inbox(env["AWS_ENDPOINT_URL"], Path(env["DATA_DIR"]) / "mails.jsonl")
    dist = Path(env.get("WEB_DIST", site.DIST))
    documents = f"{env['AWS_ENDPOINT_URL']}/{env['BUCKET_DOCUMENTS']}"
    Handler.edge = Edge(Gateway(app), inbox, documents, env["ORIGIN_SECRET"], dist)
    server = Server(("127.0.0.1", int(env["PORT"])), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
