"""Spends per second: `ledger.spend` against a bare loop of the same transaction on the same engine, and redemptions over HTTP.

Eight processes spend at once, each from grants of its own. Slices alternate (bare, ledger, the whole door) so that a
busy machine slows all alike; medians of the slices are compared. The bare loop sends with boto3 what the ledger itself
built beforehand: the same two items under the same conditions. The engine works on the same cores as they do.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench._ground import ground
from chalicelib.core.ids import new_id

WORKERS = 8
SPENDS_A_SLICE = int(os.environ.get("SPENDS", "120"))
SLICES = int(os.environ.get("SLICES", "9"))
GRANTS = 20
RATIO_MIN = 0.6
WAIT_SECONDS_MAX = 120

type Slice = Callable[[int], None]


def main() -> int:
    spends = SPENDS_A_SLICE // 4 if "--quick" in sys.argv else SPENDS_A_SLICE
    with ground():
        from tests.money.vouchers import build

        scene = build.a_scene()
        grants = [[build.a_grant(scene, amount_minor=200_00) for _ in range(GRANTS)] for _ in range(WORKERS)]
        codes = [
            [build.codes_of(build.a_voucher(scene, amount_minor=200_00)).qr for _ in range(GRANTS)] for _ in grants
        ]
        taken = _race([(scene, *own) for own in zip(grants, codes, strict=True)], spends)
    per_second = {name: WORKERS * spends / statistics.median(seconds) for name, seconds in taken.items()}
    ratio = per_second["ledger.spend"] / per_second["bare transaction"]
    for name, rate in per_second.items():
        sys.stdout.write(f"{name:32} {rate:7.0f}/s\n")
    mark = "ok" if ratio >= RATIO_MIN else "UNDER"
    sys.stdout.write(
        f"ledger.spend                     {ratio:7.2f} x the bare transaction (limit {RATIO_MIN}) {mark}\n"
    )
    return int(ratio < RATIO_MIN)


def _race(of_workers: list[Any], spends: int) -> dict[str, list[float]]:
    """Seconds of each slice, by what was done in it. All workers begin and end a slice together."""
    context = get_context("fork")
    together = context.Barrier(len(of_workers) + 1)
    workers = [context.Process(target=_work, args=(n, own, spends, together)) for n, own in enumerate(of_workers)]
    for worker in workers:
        worker.start()
    taken: dict[str, list[float]] = {name: [] for name in ("bare transaction", "ledger.spend", "redemption over HTTP")}
    for _ in range(SLICES):
        for seconds in taken.values():
            together.wait(WAIT_SECONDS_MAX)
            begun = time.perf_counter()
            together.wait(WAIT_SECONDS_MAX)
            seconds.append(time.perf_counter() - begun)
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    return taken


def _work(n: int, own: Any, spends: int, together: Any) -> None:
    from chalicelib.core import aws

    aws._client.cache_clear()  # a socket is not shared with the process that we were forked from
    try:
        with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):  # the door's metrics
            _slices(n, own, spends, together)
    except BaseException:
        together.abort()  # nobody waits in vain
        raise


def _slices(n: int, own: Any, spends: int, together: Any) -> None:
    slices = [_bare(n, own, spends), _by_ledger(n, own), _over_http(n, own)]
    for slice in slices:
        slice(3)  # clients connect, rooms load
    for _ in range(SLICES):
        for slice in slices:
            together.wait(WAIT_SECONDS_MAX)
            slice(spends)
            together.wait(WAIT_SECONDS_MAX)


def _spend(n: int, own: Any, turn: int) -> None:
    from chalicelib.money.ledger import service as ledger
    from chalicelib.money.ledger.model import Spender, Switches
    from tests.money.vouchers.build import CITY

    scene, grants, _ = own
    spender = Spender(f"till-{n}", "reader", new_id())
    ledger.spend(
        CITY, grants[turn % GRANTS], 1, scene.pool.id, spender, switches=Switches(), voucher_rev=1, till=spender.by
    )


def _by_ledger(n: int, own: Any) -> Slice:
    def run(spends: int) -> None:
        for turn in range(spends):
            _spend(n, own, turn)

    return run


def _bare(n: int, own: Any, spends: int) -> Slice:
    from chalicelib.core.aws import client

    prepared = iter(_requests(n, own, SLICES * spends + 3))
    send = client("dynamodb").transact_write_items

    def run(spends: int) -> None:
        for _ in range(spends):
            send(**next(prepared))

    return run


def _requests(n: int, own: Any, count: int) -> list[Any]:
    """What the ledger would send for so many spends, not sent."""
    from chalicelib.core import table as tables

    table: Any = tables

    class Recorder:
        def transact_write_items(self, **request: Any) -> None:
            made.append(request)

    made: list[Any] = []
    real = table.client
    table.client = lambda _service: Recorder()
    try:
        for turn in range(count):
            _spend(n, own, turn)
    finally:
        table.client = real
    return made


def _over_http(n: int, own: Any) -> Slice:
    from tests.door import Door
    from tests.money.vouchers.build import CITY, a_paired_till

    scene, _, codes = own
    id = f"till-{n}"
    till = Door().as_(a_paired_till(scene.pool.id, id))

    def run(spends: int) -> None:
        for turn in range(spends):
            body = {"code": codes[turn % GRANTS], "amount_minor": 1, "till": id}
            answer = till.post(f"/cities/{CITY}/vouchers/redeem", body, key=new_id())
            assert answer.status == 200, answer

    return run


if __name__ == "__main__":
    raise SystemExit(main())
