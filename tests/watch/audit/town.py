"""A town whose books hold every kind of movement, and hands that tamper with the table as nobody may."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from chalicelib.core.aws import client
from chalicelib.core.clock import end_of, now, start_of, today
from chalicelib.core.ids import new_id
from chalicelib.core.settings import settings
from chalicelib.core.table import Key, Write, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Decision, Grant, NewGrant, Spender, Transfer
from chalicelib.watch.audit import proving
from chalicelib.watch.audit import service as audit
from chalicelib.watch.audit.model import Proof

CITY = "modrinov"
OTHER = "vranohrad-podlesi"


def somebody(by: str = "somebody") -> Spender:
    return Spender(by=by, via="test", key=new_id())


def a_budget(city: str = CITY, programme: str = "p1", amount_minor: int = 1_000_000) -> None:
    transact([ledger.open_budget(city, programme)])
    ledger.fund(city, programme, amount_minor, somebody(), coordinates="3419/5222/0060//")


def a_grant(amount_minor: int = 20_000, city: str = CITY, programme: str = "p1", **more: Any) -> Grant:
    known: dict[str, Any] = {
        "subject_ref": new_id(),
        "programme": programme,
        "application": new_id(),
        "person": "parent",
        "beneficiary": "child",
        "mode": "credit",
        "amount_minor": amount_minor,
        "valid_from": start_of(today()),
        "valid_until": end_of(today() + timedelta(days=60)),
        "coordinates": "3419/5222/0060//",
    }
    return ledger.allot(city, [NewGrant(**(known | more))], somebody())[0]


def none() -> Sequence[Write]:
    return []


def every_kind(city: str = CITY) -> Grant:
    """Movements of every kind, with limits, and a decision; gives a grant that was spent from."""
    a_budget(city)
    ledger.fund(city, "p1", 5_000, somebody())
    ledger.cut(city, "p1", 1_000, somebody())
    ledger.advance(city, 9_000, somebody())
    limited = a_grant(30_000, city, day_limit_minor=20_000, category_limits={"sport": 15_000})
    ordered, single, taken = a_grant(10_000, city), a_grant(7_000, city), a_grant(6_000, city)
    ledger.top_up(city, limited, 500, somebody())
    redeemed = [spend(limited, 2_000 + n, city, category="sport") for n in range(3)]
    ledger.undo(city, limited, redeemed[0].id, somebody())
    held = [ledger.hold(city, ordered, 1_000, "club", new_id(), somebody(), none()).transfer for _ in range(3)]
    also_held = ledger.hold(city, limited, 900, "club", new_id(), somebody(), none(), category="sport").transfer
    ledger.settle(city, held[0], somebody(), none())
    ledger.release(city, held[1], somebody(), none())
    ledger.release(city, also_held, somebody(), none())
    transact([ledger.claim(city, redeemed[1], "l1")])
    debt = ledger.refund(city, limited, redeemed[1].id, somebody()).transfer
    ledger.write_off(city, debt, somebody(), approved_by="another", reason="ceased")
    ledger.give_back(city, [single], "remainder", somebody())
    ledger.give_back(city, [taken], "revoke", somebody())
    for line in ("l1", "l2"):
        ledger.order(city, "pool", line, {"p1": 1_000}, somebody(), none())
    ledger.pay(city, "pool", "l1", {"p1": 1_000}, somebody(), none())
    ledger.take_back(city, "pool", "l1", {"p1": 1_000}, somebody(), none())
    ledger.reject(city, "pool", "l2", {"p1": 1_000}, somebody(), none())
    ledger.settle_inside(city, "school", "l3", {"p1": 700}, somebody(), none())
    ledger.order(city, "club", "l4", {"p1": -300}, somebody(), none())
    ledger.carry_over(city, "p1", today().year, somebody())
    transact(
        [
            ledger.decided(
                city, Decision(new_id(), "application", limited.application, "approved", "clerk", "admin", now())
            )
        ]
    )
    return limited


def spend(grant: Grant, amount_minor: int = 1_000, city: str = CITY, provider: str = "pool", **more: Any) -> Transfer:
    known = ledger.grant(city, grant.id)
    assert known
    return ledger.spend(city, known, amount_minor, provider, somebody(), **more).transfer


def seal(day: date | None = None, city: str = CITY) -> Any:
    """Seal today, as if it were over."""
    return audit.seal(city, day or today())


def prove(city: str = CITY) -> Proof:
    """The whole proof at once."""
    return proving.prove(new_id(), city)[city]


# Hands that no room has


def raw(key: Key) -> dict[str, Any]:
    found = client("dynamodb").get_item(TableName=settings().table_name, Key=_raw(key), ConsistentRead=True)
    return dict(found["Item"])


def overwrite(key: Key, **changed: Any) -> None:
    """Set attributes of an item: texts stay texts, numbers become numbers."""
    values = {name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in changed.items()}
    client("dynamodb").put_item(TableName=settings().table_name, Item=raw(key) | values)


def change_body(key: Key, **changed: Any) -> None:
    """Change the text of an entry as one who can write to the table could."""
    body = json.loads(raw(key)["card"]["S"]) | changed
    overwrite(key, card=json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def delete(key: Key) -> None:
    client("dynamodb").delete_item(TableName=settings().table_name, Key=_raw(key))


def _raw(key: Key) -> Any:
    return {"PK": {"S": key.pk}, "SK": {"S": key.sk}}


def key_of(transfer: Transfer, city: str = CITY) -> Key:
    return ledger.key_of(city, transfer)


def account_of(grant: Grant, city: str = CITY) -> Key:
    return ledger.grant_key_of(city, grant.id)
