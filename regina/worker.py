"""The loop: lease, answer, wait. Asked to stop, it ends after the job at hand; the leases it leaves lapse."""

from __future__ import annotations

import json
import logging
import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from .answering import Answering
from .cloud import Cloud, CloudRefused, CloudUnreachable
from .model import Answer, Job

BACKOFF_FIRST_SECONDS = 1.0
BACKOFF_MAX_SECONDS = 300.0
ANSWER_TRIES = 4
HEALTH_EVERY_SECONDS = 60.0

log = logging.getLogger("regina")


def backoff_seconds(failures: int, draw: Callable[[], float] = random.random) -> float:
    """How long to wait after this many failures in a row: doubling, bounded, with full jitter.

    The jitter keeps the towns from knocking all at once when the cloud comes back.
    """
    ceiling = min(BACKOFF_MAX_SECONDS, BACKOFF_FIRST_SECONDS * 2.0 ** min(max(failures - 1, 0), 20))
    return float(ceiling / 2 + draw() * ceiling / 2)


class Health:
    """What the module can say of itself: written to a file for `regina health`, and as a line to the log."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path = path
        self._now = now
        self._said_at: datetime | None = None
        self._counts: Counter[str] = Counter()
        self._contact: datetime | None = None
        self._trouble: str | None = None
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)

    def contact(self) -> None:
        """The cloud answered."""
        self._contact, self._trouble = self._now(), None
        self._say()

    def answered(self, outcome: str) -> None:
        """One more answer was taken by the cloud."""
        self._counts[outcome] += 1

    def trouble(self, what: str) -> None:
        """Something is in the way; a code, no data."""
        self._trouble = what
        self._say()

    def _say(self) -> None:
        now = self._now()
        if self._said_at is None or (now - self._said_at).total_seconds() >= HEALTH_EVERY_SECONDS:
            self._said_at = now
            log.info("health trouble=%s answered=%d", self._trouble or "none", self._counts.total())
        state = {
            "at": now.isoformat(timespec="seconds"),
            "last_contact": self._contact.isoformat(timespec="seconds") if self._contact else None,
            "trouble": self._trouble,
            "answered": dict(self._counts),
        }
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(state))
        fresh.replace(self._path)


class Worker:
    """Runs one town's queue. `stop` is set by the signal handler."""

    def __init__(
        self,
        cloud: Cloud,
        answering: Answering,
        health: Health,
        *,
        lease_max: int,
        poll_seconds: float,
        stop: threading.Event,
    ) -> None:
        self._cloud = cloud
        self._answering = answering
        self._health = health
        self._lease_max = lease_max
        self._poll_seconds = poll_seconds
        self._stop = stop

    def run(self) -> None:
        """Work until stopped. Neither the network nor a refusal ends it: a key may be registered after the start."""
        failures = 0
        while not self._stop.is_set():
            try:
                worked = self.once()
            except (CloudUnreachable, CloudRefused) as e:
                failures += 1
                self._health.trouble(str(e))
                wait = backoff_seconds(failures)
                log.warning("cloud: %s; next try in %.0f s", e, wait)
                self._stop.wait(wait)
                continue
            failures = 0
            if not worked:
                self._stop.wait(self._poll_seconds)

    def once(self) -> int:
        """One round: how many answers the cloud took. Raises CloudUnreachable, CloudRefused when it gave no lease."""
        jobs = self._cloud.lease(self._lease_max)
        self._health.contact()
        self._tell_changes()
        taken = 0
        for job in jobs:
            if self._stop.is_set():
                log.info("stopping; %d leased jobs are left to lapse", len(jobs) - taken)
                break
            taken += self._work(job)
        return taken

    def _tell_changes(self) -> None:
        refs = self._answering.changes.waiting()
        if refs:
            self._cloud.tell_changes(refs)
            self._answering.changes.told(refs)
            log.info("told of %d changes in the registry", len(refs))

    def _work(self, job: Job) -> bool:
        try:
            answer = self._answering.answer(job)
        except Exception as e:
            # One question that we cannot answer must not keep the others waiting. Its lease lapses and the town's
            # queue shows it. Only the kind of the fault is told: its text could quote a person's data.
            self._health.trouble(f"job {job.id}: {type(e).__name__}")
            log.error("job %s: not answered: %s", job.id, type(e).__name__)
            return False
        return self._hand_in(job, answer)

    def _hand_in(self, job: Job, answer: Answer) -> bool:
        """Whether the cloud took the answer. What it does not take in a few tries is asked again under a new lease."""
        for failures in range(1, ANSWER_TRIES + 1):
            try:
                self._cloud.answer(job, answer)
            except CloudRefused as e:
                log.warning("job %s: the answer was refused: %s", job.id, e)
                return False
            except CloudUnreachable as e:
                log.warning("job %s: the answer did not arrive: %s", job.id, e)
                if failures < ANSWER_TRIES:
                    self._stop.wait(backoff_seconds(failures))
            else:
                self._health.answered(answer.outcome.value)
                log.info("job %s: answered %s", job.id, answer.outcome.value)
                return True
        return False
