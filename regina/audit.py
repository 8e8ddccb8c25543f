"""The office's own record of whom it asked for and why: append-only JSON lines, one file a month.

It holds the number under which the registry knows the request, so an auditor can find the rest there; neither names nor
the raw reply.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

_MONTH_FILE = re.compile(r"queries-([0-9]{4})-([0-9]{2})\.jsonl")


class Audit:
    """Appends, and lets go of months beyond those to keep."""

    def __init__(self, directory: Path, keep_months: int, user: str, purpose: str, now: Callable[[], datetime]) -> None:
        self._directory = directory
        self._keep_months = keep_months
        self._who = {"user": user, "purpose": purpose}
        self._now = now
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)

    def asked(self, job_id: str, service: str, request_id: str, result: str) -> None:
        """Note one query, durably before it counts as asked. `result` is a code."""
        now = self._now()
        entry = {"at": now.isoformat(timespec="milliseconds"), **self._who, "service": service, "job": job_id}
        entry |= {"request_id": request_id, "result": result}
        path = self._directory / f"queries-{now:%Y-%m}.jsonl"
        if not path.exists():
            self._forget_old(now)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, (json.dumps(entry, ensure_ascii=False) + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def _forget_old(self, now: datetime) -> None:
        oldest_kept = now.year * 12 + now.month - self._keep_months
        for path in self._directory.iterdir():
            month = _MONTH_FILE.fullmatch(path.name)
            if month and int(month[1]) * 12 + int(month[2]) <= oldest_kept:
                path.unlink()
