"""What schedules, queues and buttons call: the nightly seal, and the proof after it."""

from collections.abc import Mapping

from chalicelib.core import work
from chalicelib.core.clock import now
from chalicelib.core.work import Step, local_time
from chalicelib.watch.audit import service as audit
from chalicelib.watch.audit.store import RunItem


def _seal(city: str, _cursor: str | None) -> str | None:
    """A day a step, until every day that is over is sealed."""
    return "next" if audit.seal_next(city) else None


def _prove(city: str, cursor: str | None) -> str | None:
    """Begin a run and send its segments. At night the run is one for all towns, so whoever comes first begins it.

    A button's message names its run, which is of its town alone.
    """
    if cursor:
        audit.begin_and_send(cursor, _send_segments, city)
    else:
        audit.begin_and_send(local_time(now()).date().isoformat(), _send_segments)
    return None


def _send_segments(run: RunItem) -> None:
    work.send_all("audit", [_message("segment", run.city, f"{run.run}|{n}") for n in range(int(run.segments))])


def _segment(city: str, cursor: str | None) -> str | None:
    """Read a segment; whoever reads the last one sends the towns to be judged."""
    run, _, segment = (cursor or "").rpartition("|")
    known = audit.known_run(run)
    if audit.read_segment(known, int(segment)):
        work.send_all("audit", [_message("judge", each, run) for each in audit.cities_of(known)])
    return None


def _judge(city: str, cursor: str | None) -> str | None:
    """Put a town's segments together, hold them to its budgets and seals, freeze what differs."""
    audit.judge_town(audit.known_run(cursor or ""), city)
    return None


def _message(job: str, city: str, cursor: str) -> dict[str, str]:
    return {"job": job, "city": city, "cursor": cursor}


JOBS: Mapping[str, Step] = {
    "seal": _seal,
    "prove": _prove,
    "segment": _segment,
    "judge": _judge,
}
