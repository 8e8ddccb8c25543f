"""The settings of one installation, read from a TOML file. Paths are relative to that file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .model import Area

LEASE_MAX = 20


class ConfigFault(Exception):
    """A setting that is missing or cannot be; the text names it."""


@dataclass(frozen=True, slots=True)
class FileSource:
    """A registry kept in a file of JSON lines."""

    path: Path


@dataclass(frozen=True, slots=True)
class RobSource:
    """How to reach the population registry, and what the office tells it of each request."""

    endpoint: str
    certificate: Path
    certificate_key: Path
    ca: Path | None
    address_points: Path
    official_addresses: frozenset[str]
    residents_extract: Path | None
    agenda: str
    role: str
    ovm: str
    ais: str
    subject: str
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class Config:
    """Everything `run` needs. `user` and `purpose` go to the registry and to the audit log with every query."""

    city: str
    area: Area
    url: str
    audience: str
    signing_key: Path
    subject_key: Path
    state: Path
    audit_keep_months: int
    user: str
    purpose: str
    poll_seconds: float
    lease_max: int
    source: FileSource | RobSource


def load(path: Path) -> Config:
    """The settings in this file. Raises ConfigFault."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise ConfigFault(f"{path}: {e.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise ConfigFault(f"{path}: {e}") from None
    return _Reader(data, path.resolve().parent).config()


class _Reader:
    """Reads each setting once and complains about those that it does not know."""

    def __init__(self, data: Mapping[str, Any], base: Path) -> None:
        self._data = {name: dict(table) for name, table in data.items() if isinstance(table, dict)}
        self._base = base
        for name, value in data.items():
            if not isinstance(value, dict):
                raise ConfigFault(f"{name}: not a known setting")

    def config(self) -> Config:
        url = _url(self._text("cloud", "url"))
        lease_max = int(self._number("cloud", "lease_max", 10))
        if not 1 <= lease_max <= LEASE_MAX:
            raise ConfigFault(f"cloud.lease_max: 1 to {LEASE_MAX}")
        config = Config(
            city=self._text("town", "city"),
            area=Area(self._text("town", "municipality_code"), self._text("town", "city_part_code", "") or None),
            url=url,
            audience=self._text("cloud", "audience", url),
            signing_key=self._path("keys", "signing_key", "keys/signing.pem"),
            subject_key=self._path("keys", "subject_key", "keys/subject.key"),
            state=self._path("state", "directory", "state"),
            audit_keep_months=int(self._number("state", "audit_keep_months", 60)),
            user=self._text("registry", "user", "regina"),
            purpose=self._text("registry", "purpose", "Ověření údajů žadatele o příspěvek"),
            poll_seconds=self._number("cloud", "poll_seconds", 5.0),
            lease_max=lease_max,
            source=self._source(),
        )
        self._finish()
        return config

    def _source(self) -> FileSource | RobSource:
        kind = self._text("registry", "kind")
        if kind == "file":
            return FileSource(self._path("registry", "path"))
        if kind == "rob":
            return self._rob()
        raise ConfigFault('registry.kind: "file" or "rob"')

    def _rob(self) -> RobSource:
        codes = self._data.get("rob", {}).pop("official_addresses", [])
        return RobSource(
            endpoint=_url(self._text("rob", "endpoint")),
            certificate=self._path("rob", "certificate"),
            certificate_key=self._path("rob", "certificate_key"),
            ca=self._optional_path("rob", "ca"),
            address_points=self._path("rob", "address_points"),
            official_addresses=frozenset(str(code) for code in codes),
            residents_extract=self._optional_path("rob", "residents_extract"),
            agenda=self._text("rob", "agenda"),
            role=self._text("rob", "role"),
            ovm=self._text("rob", "ovm"),
            ais=self._text("rob", "ais"),
            subject=self._text("rob", "subject"),
            timeout_seconds=self._number("rob", "timeout_seconds", 20.0),
        )

    def _take(self, table: str, key: str, default: Any) -> Any:
        value = self._data.get(table, {}).pop(key, default)
        if value is None:
            raise ConfigFault(f"{table}.{key}: missing")
        return value

    def _text(self, table: str, key: str, default: str | None = None) -> str:
        value = self._take(table, key, default)
        if not isinstance(value, str):
            raise ConfigFault(f"{table}.{key}: a text in quotes")
        return value

    def _number(self, table: str, key: str, default: float) -> float:
        value = self._take(table, key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise ConfigFault(f"{table}.{key}: a number above 0")
        return float(value)

    def _path(self, table: str, key: str, default: str | None = None) -> Path:
        return self._base / self._text(table, key, default)

    def _optional_path(self, table: str, key: str) -> Path | None:
        text = self._text(table, key, "")
        return self._base / text if text else None

    def _finish(self) -> None:
        for table, rest in self._data.items():
            for key in rest:
                raise ConfigFault(f"{table}.{key}: not a known setting")


def _url(text: str) -> str:
    """An https address; plain http only to this very machine."""
    parts = urlsplit(text)
    local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not parts.hostname or not (parts.scheme == "https" or local):
        raise ConfigFault(f"{text}: an https:// address")
    return text.rstrip("/")
