"""From a leased question to its answer: ask the registries, let the rules decide, tell no more than needed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from .audit import Audit
from .changes import Changes
from .matching import Verdict, decide, decide_guardian
from .model import Answer, Area, GuardianQuestion, Job, Outcome, PersonQuestion, Record
from .registries import PopulationRegistry, Query, RegistryUnavailable, ResidentsSystem
from .subjects import Subjects

PRAGUE = ZoneInfo("Europe/Prague")
FIND, READ, PARENTS = "robCtiPodleUdaju2", "robCtiAifo", "residents.parents"


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers jobs of one town."""

    area: Area
    population: PopulationRegistry
    residents: ResidentsSystem
    subjects: Subjects
    audit: Audit
    changes: Changes
    now: Callable[[], datetime]

    def answer(self, job: Job) -> Answer:
        """The answer to this job; `unavailable` where a registry did not speak."""
        asking = _Asking(job.id, self.audit)
        try:
            if isinstance(job.question, PersonQuestion):
                return self._about(self._verdict(job.question, asking), asking)
            return self._plain(self._link(job.question, asking), asking)
        except RegistryUnavailable:
            return self._plain(Outcome.UNAVAILABLE, asking)

    def _verdict(self, question: PersonQuestion, asking: _Asking) -> Verdict:
        records = asking.ask(FIND, lambda query: self.population.find_by_name(question, query))
        verdict = decide(question, records, self.area, self._today())
        if verdict.outcome is not Outcome.NO_MATCH or question.address_code is None:
            return verdict
        neighbours = asking.ask(FIND, lambda query: self.population.find_by_address(question, query))
        return decide(question, _union(records, neighbours), self.area, self._today())

    def _link(self, question: GuardianQuestion, asking: _Asking) -> Outcome:
        guardian = self._read(question.guardian_subject_ref, asking)
        child = self._read(question.child_subject_ref, asking)
        if guardian is None or child is None:
            return Outcome.NOT_PROVED
        parents = asking.ask(PARENTS, lambda query: self.residents.parents(child.registry_id, query))
        return decide_guardian(guardian, child, parents, self._today())

    def _read(self, ref: str, asking: _Asking) -> Record | None:
        registry_id = self.subjects.resolve(ref)
        if registry_id is None:
            return None
        return asking.ask(READ, lambda query: self.population.read(registry_id, query))

    def _about(self, verdict: Verdict, asking: _Asking) -> Answer:
        """An answer about a person. The registry's data go along only where the person was matched."""
        if verdict.record:
            self.changes.note(verdict.record)
        matched = verdict.record if verdict.outcome in {Outcome.MATCH, Outcome.MATCH_NOT_RESIDENT} else None
        residence = matched.residence if matched else None
        return Answer(
            outcome=verdict.outcome,
            request_id=asking.request_id,
            checked_at=self._stamp(),
            subject_ref=self.subjects.ref(verdict.record.registry_id) if verdict.record else None,
            given_names=matched.given_names if matched else None,
            surname=matched.surname if matched else None,
            residence=residence,
            official_address=residence.official_address if residence else None,
            differs=verdict.differs,
        )

    def _plain(self, outcome: Outcome, asking: _Asking) -> Answer:
        return Answer(outcome, asking.request_id, self._stamp())

    def _stamp(self) -> str:
        return self.now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    def _today(self) -> date:
        return self.now().astimezone(PRAGUE).date()


class _Asking:
    """The queries made for one job. Each has its own number and its own line in the audit log; the last goes along."""

    def __init__(self, job_id: str, audit: Audit) -> None:
        self._job_id = job_id
        self._audit = audit
        self.request_id = str(uuid.uuid4())

    def ask[T](self, service: str, how: Callable[[Query], T]) -> T:
        """Ask, and note that it was asked, whatever came of it."""
        query = Query(str(uuid.uuid4()))
        self.request_id = query.request_id
        try:
            found = how(query)
        except RegistryUnavailable as e:
            self._audit.asked(self._job_id, service, query.request_id, f"unavailable: {e.reason}")
            raise
        self._audit.asked(self._job_id, service, query.request_id, "answered")
        return found


def _union(some: Sequence[Record], more: Sequence[Record]) -> list[Record]:
    return list({record.registry_id: record for record in (*some, *more)}.values())
