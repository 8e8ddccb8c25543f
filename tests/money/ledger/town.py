"""A town of its own for every promise and race, so that many share one table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chalicelib.core.aws import client
from chalicelib.core.clock import Instant, end_of, now, start_of, today
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import Refusal
from chalicelib.core.settings import settings
from chalicelib.core.table import Key, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Budget, Grant, NewGrant, Receipt, Spender, Transfer

YEAR = today().year
DAY = timedelta(days=1)


def somebody(key: str = "") -> Spender:
    return Spender(by="somebody", via="test", key=key or new_id())


@dataclass(frozen=True)
class Town:
    """One programme with money, until more is asked for."""

    city: str = field(default_factory=new_id)

    def budget(self, total_minor: int = 100_000, programme: str = "p1", year: int = YEAR) -> None:
        transact([ledger.open_budget(self.city, programme, year)])
        ledger.fund(self.city, programme, total_minor, somebody())

    def row(self, programme: str = "p1") -> Budget:
        found = ledger.budget(self.city, programme)
        assert found
        return found

    @property
    def free(self) -> int:
        return self.row().free_minor

    def new_grant(self, amount_minor: int = 10_000, subject: str = "", **more: Any) -> NewGrant:
        known: dict[str, Any] = {
            "programme": "p1",
            "application": new_id(),
            "person": "parent",
            "beneficiary": "child",
            "mode": "voucher",
            "valid_from": start_of(today()),
            "valid_until": end_of(today() + 60 * DAY),
        }
        return NewGrant(subject_ref=subject or new_id(), amount_minor=amount_minor, **(known | more))

    def grant(self, amount_minor: int = 10_000, **more: Any) -> Grant:
        return ledger.allot(self.city, [self.new_grant(amount_minor, **more)], somebody())[0]

    def seen(self, grant: Grant) -> Grant:
        found = ledger.grant(self.city, grant.id)
        assert found
        return found

    def left(self, grant: Grant) -> tuple[int, int]:
        found = self.seen(grant)
        return found.spendable_minor, found.held_minor

    def spend(self, grant: Grant, amount_minor: int = 1_000, key: str = "", **more: Any) -> Receipt:
        return ledger.spend(self.city, grant, amount_minor, "pool", somebody(key), **more)

    def hold(self, grant: Grant, amount_minor: int = 1_000, **more: Any) -> Transfer:
        return ledger.hold(self.city, grant, amount_minor, "pool", new_id(), somebody(), [], **more).transfer

    def spent(self, grant: Grant, amount_minor: int = 1_000, **more: Any) -> Transfer:
        return self.spend(grant, amount_minor, **more).transfer

    def claim(self, transfer: Transfer, line: str) -> None:
        transact([ledger.claim(self.city, transfer, line)])

    def claimed(self, grant: Grant, amount_minor: int = 1_000, line: str = "l1", **more: Any) -> Transfer:
        """A redemption that a payout line has."""
        transfer = self.spent(grant, amount_minor, **more)
        self.claim(transfer, line)
        return transfer

    def kinds(self, grant: Grant) -> list[str]:
        return sorted(transfer.kind for transfer in ledger.transfers_of(self.city, grant.id))

    def owed(self, provider: str = "pool") -> int:
        return sum(transfer.payable_minor for transfer in ledger.unsettled(self.city, provider, 100)[0])


def refused(code: str, run: Callable[[], Any]) -> None:
    """It is refused with this code and no other."""
    try:
        run()
    except Refusal as refusal:
        told = refusal.code()
    else:
        told = "done"
    assert told == code, f"{told}, though {code} was due"


@contextmanager
def meanwhile(*runs: Callable[[], Any]) -> Iterator[None]:
    """Somebody does this just before our next transaction, after everything that it read; and that before the one after it."""
    events: Any = client("dynamodb").meta.events
    name = "before-send.dynamodb.TransactWriteItems"
    pending = list(reversed(runs))

    def hook(**_: Any) -> None:
        if pending:
            pending.pop()()

    events.register(name, hook)
    try:
        yield
    finally:
        events.unregister(name, hook)


def raw_item(key: Key) -> dict[str, Any]:
    found = client("dynamodb").get_item(TableName=settings().table_name, Key=_raw(key), ConsistentRead=True)
    return dict(found["Item"])


def put_raw(item: dict[str, Any]) -> None:
    """Set an item back to an earlier image, as a restore does."""
    client("dynamodb").put_item(TableName=settings().table_name, Item=item)


def remove_raw(key: Key) -> None:
    """Take an item away, as a restore to an earlier moment does."""
    client("dynamodb").delete_item(TableName=settings().table_name, Key=_raw(key))


def _raw(key: Key) -> Any:
    return {"PK": {"S": key.pk}, "SK": {"S": key.sk}}


def after(grant: Grant) -> Instant:
    """A second after the validity of a grant."""
    return grant.valid_until + timedelta(seconds=1)


def tomorrow() -> Instant:
    return now() + DAY
