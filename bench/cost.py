"""What an operation costs: requests, and read and write units as DynamoDB counts them. The counts are exact.

A check may take 2 requests and a redemption 3, of which the write is one transaction of two items.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.engine import engine, make_table

REQUESTS_MAX = {"check a voucher": 2, "redeem a voucher": 3}
TABLE = "bench-table"


@dataclass
class Cost:
    """What was asked of DynamoDB, and the units it says it took."""

    requests: list[str] = field(default_factory=list)
    reads: float = 0
    writes: float = 0


def main() -> int:
    key = Ed25519PrivateKey.generate().private_bytes_raw()
    with engine() as endpoint:
        _install(endpoint, key)
        make_table(TABLE)
        over = 0
        for name, run in _operations():
            with _counted() as cost:
                run()
            limit = REQUESTS_MAX.get(name)
            mark = "" if limit is None else f"  limit {limit} {'ok' if len(cost.requests) <= limit else 'OVER'}"
            over += limit is not None and len(cost.requests) > limit
            sys.stdout.write(
                f"{name:22} {len(cost.requests)} requests  {cost.reads:4.1f} RU  {cost.writes:4.1f} WU  "
                f"{' '.join(cost.requests)}{mark}\n"
            )
    return int(over > 0)


def _install(endpoint: str, key: bytes) -> None:
    from chalicelib.core import gate
    from chalicelib.core import secrets as secret_store

    os.environ.update(
        AWS_ENDPOINT_URL_DYNAMODB=endpoint,
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        AWS_DEFAULT_REGION="eu-central-1",
        STAGE="test",
        TABLE_NAME=TABLE,
        POWERTOOLS_METRICS_DISABLED="true",
        ACCESS_PUBLIC_KEYS=json.dumps({"bench": gate.public_key_of(key)}),
    )
    kept = secret_store.Secrets("bench", key, os.urandom(32))
    secret_store.secrets = gate.secrets = lambda: kept  # type: ignore[assignment,attr-defined]


def _operations() -> Iterator[tuple[str, Callable[[], Any]]]:
    from chalicelib.core.gate import TILL, Who
    from chalicelib.core.ids import new_id
    from chalicelib.ledger import service as ledger
    from chalicelib.ledger.model import Spender
    from tests.door import Door
    from tests.vouchers import build

    scene = build.a_scene()
    code = build.codes_of(build.a_voucher(scene)).qr
    till = Door().as_(Who("till-1", "reader", "till-1", {build.CITY: (TILL,)}, {build.CITY: {scene.pool.id: TILL}}))
    path = f"/cities/{build.CITY}/vouchers"
    receipt: dict[str, Any] = {}

    def redeem() -> None:
        answer = till.post(f"{path}/redeem", {"code": code, "amount_minor": 12_000}, key=new_id())
        assert answer.status == 200, answer.body
        receipt.update(answer.body)

    def someone() -> Spender:
        return Spender("somebody", "bench", new_id())

    yield "check a voucher", lambda: till.post(f"{path}/check", {"code": code})
    yield "redeem a voucher", redeem
    yield "award (allot)", lambda: build.a_grant(scene)
    grant = build.a_grant(scene)
    yield "ledger.spend", lambda: ledger.spend(build.CITY, grant, 100, scene.pool.id, someone())
    held = ledger.hold(build.CITY, grant, 100, scene.pool.id, "hold-1", someone(), []).transfer
    yield "ledger.hold", lambda: ledger.hold(build.CITY, grant, 100, scene.pool.id, "hold-2", someone(), [])
    yield "ledger.settle", lambda: ledger.settle(build.CITY, held, someone(), [])
    spent = ledger.spend(build.CITY, grant, 100, scene.pool.id, someone()).transfer
    yield "ledger.undo", lambda: ledger.undo(build.CITY, grant, spent.id, someone())


@contextmanager
def _counted() -> Iterator[Cost]:
    from chalicelib.core.aws import client

    cost = Cost()
    events = client("dynamodb").meta.events

    def ask(params: dict[str, Any], model: Any, **_: Any) -> None:
        cost.requests.append(model.name)
        params["ReturnConsumedCapacity"] = "TOTAL"

    def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        taken = parsed.get("ConsumedCapacity", [])
        units = sum(one["CapacityUnits"] for one in (taken if isinstance(taken, list) else [taken]))
        if model.name in ("GetItem", "BatchGetItem", "Query", "TransactGetItems"):
            cost.reads += units
        else:
            cost.writes += units

    events.register("provide-client-params.dynamodb", ask)
    events.register("after-call.dynamodb", note)
    try:
        yield cost
    finally:
        events.unregister("provide-client-params.dynamodb", ask)
        events.unregister("after-call.dynamodb", note)


if __name__ == "__main__":
    raise SystemExit(main())
