"""A payout over a hundred thousand redemptions: its time against the bare claims, its memory, its requests and units.

Nine providers, one of them with two redemptions of three. The payout is put together by the steps that the queue runs, in a
process of its own. Ten times the redemptions may take eleven times as long, and must not take more memory.
The floor sends the very claims that the ledger would, in transactions as large, and does nothing else.
`N=` says how many redemptions, `--quick` takes a tenth.
"""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Any

from bench import _books
from bench._books import SPENT_MINOR, Plan
from bench._ground import Taken, alone, counted, ground

CITY = "modrinov"
PROGRAMME = "p1"
SMALL = tuple(f"provider-{n}" for n in range(8))
PROVIDERS = (*("provider-big",) * 16, *SMALL)
NOBODY = "provider-of-the-floor"
"""Not in the register, so no payout looks at it: its redemptions are claimed by the floor."""
REDEMPTIONS = 10
DAYS = 10
TIMES = 10
FLOOR_REDEMPTIONS = 5_000
TIME_RATIO_MAX = 11.0
PEAK_RATIO_MAX = 1.5


@dataclass(frozen=True)
class Built:
    """What a payout came to and what it asked of the table."""

    total_minor: int
    lines: int
    steps: int
    requests: int
    reads: float
    writes: float


def main() -> int:
    redemptions = int(os.environ.get("N", "100_000")) // (TIMES if "--quick" in sys.argv else 1)
    with tempfile.TemporaryDirectory() as home:
        fewer = _paid_out(Path(home) / "fewer.db", redemptions // TIMES)
        more = _paid_out(Path(home) / "more.db", redemptions)
    slower, larger = more.seconds / fewer.seconds, more.peak_mb / fewer.peak_mb
    marks = ["ok" if slower <= TIME_RATIO_MAX else "OVER", "ok" if larger <= PEAK_RATIO_MAX else "OVER"]
    sys.stdout.write(
        f"payout, {TIMES} x the redemptions: {slower:5.2f} x the time   (limit {TIME_RATIO_MAX}) {marks[0]}\n"
    )
    sys.stdout.write(
        f"payout, {TIMES} x the redemptions: {larger:5.2f} x the memory (limit {PEAK_RATIO_MAX}) {marks[1]}\n"
    )
    return int("OVER" in marks)


def _paid_out(database: Path, redemptions: int) -> Taken:
    _write(database, redemptions)
    with ground(database, fresh=False):
        floor = alone(_bare_claims).gave
        taken = alone(_build)
    built: Built = taken.gave
    assert (built.total_minor, built.lines) == (redemptions * SPENT_MINOR, 1 + len(SMALL)), built
    each = taken.seconds / redemptions
    sys.stdout.write(
        f"payout of {redemptions:7,} redemptions: {taken.seconds:6.1f} s, {each / floor:4.2f} x the bare claims, "
        f"peak {taken.peak_mb:4.0f} MB, {built.steps:,} steps, {built.requests:,} requests, "
        f"{built.reads / redemptions:.2f} read and {built.writes / redemptions:.2f} write units a redemption\n"
    )
    sys.stdout.flush()
    return taken


def _write(database: Path, redemptions: int) -> None:
    """A town that pays, its providers, and what was redeemed at them."""
    from chalicelib.core.clock import today
    from tests.money.payouts import build

    with ground(database):
        build.a_paying_town()
        for n, provider in enumerate(dict.fromkeys(PROVIDERS)):
            build.a_provider(provider, ico=f"8{n:07}")
    first = today() - timedelta(days=DAYS)
    grants = redemptions // REDEMPTIONS
    _books.write(database, Plan(CITY, PROGRAMME, grants, REDEMPTIONS, PROVIDERS, first, DAYS))
    of_floor = min(FLOOR_REDEMPTIONS, redemptions) // REDEMPTIONS
    _books.write(database, Plan(CITY, "p2", of_floor, REDEMPTIONS, (NOBODY,), first, DAYS))


def _bare_claims() -> float:
    """Seconds that one claim takes when nothing else is done."""
    from chalicelib.core.aws import client
    from chalicelib.money.ledger import service as ledger
    from chalicelib.money.payouts.model import CLAIMS_PER_TRANSACTION

    owed: list[Any] = []
    cursor = None
    while True:
        found, cursor = ledger.unsettled(CITY, NOBODY, 100, cursor)
        owed += found
        if cursor is None:
            break
    claims = [{"Update": ledger.claim(CITY, transfer, "line-of-the-floor").request} for transfer in owed]
    begun = time.perf_counter()
    for some in batched(claims, CLAIMS_PER_TRANSACTION, strict=False):
        client("dynamodb").transact_write_items(TransactItems=list(some))  # type: ignore[arg-type]
    return (time.perf_counter() - begun) / len(claims)


def _build() -> Built:
    """Start a payout and run its steps one after another, as the queue does."""
    from chalicelib.money.payouts import jobs, service

    with counted() as cost:
        payout = service.start(CITY).id
        cursor: str | None = payout
        steps = 0
        while cursor:
            cursor = jobs.JOBS["build"](CITY, cursor)
            steps += 1
    made = service.payout(CITY, payout)
    return Built(made.total_minor, made.lines, steps, len(cost.requests), cost.reads, cost.writes)


if __name__ == "__main__":
    raise SystemExit(main())
