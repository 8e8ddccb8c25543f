"""How every movement gets into the books: its amount checked, its time stamped, its replay found, a freeze heeded."""

import json
from collections.abc import Callable, Sequence

from chalicelib.core.clock import Instant, day_of, now
from chalicelib.core.ids import digest
from chalicelib.core.refusals import KeyUsedForOtherRequest
from chalicelib.core.table import Item, Key, Replayed, Write, put_new, raise_if_done, transact
from chalicelib.money.ledger import store
from chalicelib.money.ledger.model import Grant, Kind, Receipt, Spender, Switches, Transfer, check_amount
from chalicelib.money.ledger.store import TransferItem
from chalicelib.money.ledger.switches import switches as switches_now

type Writes = Sequence[Write]
type Build = Callable[[Instant], tuple[Sequence[Transfer], Writes]]
"""Given the time of an attempt, the transfers and everything that is written with them."""

NOTHING_FROZEN = Switches()
"""For the bank's facts: what the bank did has happened, whatever we froze since."""


def id_of(spender: Spender) -> str:
    """The id of a transfer that a person or device asked for: stable for scope and key, within its account."""
    return digest("transfer", spender.scope or spender.by, spender.key)


def undo_of(redeemed: str) -> str:
    """The id of what takes a movement back, undone or refunded: one key, so it comes back once."""
    return f"{redeemed}.undo"


def fingerprint(*parts: object) -> str:
    return digest(*(str(part) for part in parts))


def moved(
    kind: Kind, id: str, accounts: tuple[str, str], amount_minor: int, spender: Spender, at: Instant, **facts: object
) -> Transfer:
    """A transfer from the first account to the second. Its budget year is that of its Prague day unless said otherwise."""
    source, target = accounts
    known: dict[str, object] = {"budget_year": day_of(at).year, "by": spender.by, "via": spender.via, **facts}
    return Transfer(
        id=id,
        kind=kind,
        debit=source,
        credit=target,
        amount_minor=amount_minor,
        posted_at=at,
        **known,  # type: ignore[arg-type]
    )


def on_grant(grant: Grant | Transfer) -> dict[str, object]:
    """What every transfer of a grant says of it."""
    id = grant.id if isinstance(grant, Grant) else grant.grant
    return {"programme": grant.programme, "grant": id, "coordinates": grant.coordinates}


def record(city: str, transfer: Transfer, key: Key) -> Write:
    """The transfer's own "does not exist": what makes the whole transaction idempotent for ever."""
    return put_new(store.transfer_item(city, transfer, key), _why(transfer), receipt=True)


def record_of_grant(city: str, transfer: Transfer) -> Write:
    """The same for a transfer that lies with its grant."""
    return record(city, transfer, store.transfer_key(city, transfer.grant, transfer.id))


def _why(transfer: Transfer) -> Callable[[TransferItem], Exception]:
    def why(old: TransferItem) -> Exception:
        same = json.loads(old.card)["fingerprint"] == transfer.fingerprint
        return Replayed(old) if same else KeyUsedForOtherRequest()

    return why


def post(city: str, build: Callable[[Instant], tuple[Transfer, Writes]], switches: Switches | None = None) -> Receipt:
    """Commit a transfer with its writes; a replay gives the first receipt. Raises Frozen and what the writes refuse."""

    def one(at: Instant) -> tuple[Sequence[Transfer], Writes]:
        transfer, writes = build(at)
        return [transfer], writes

    try:
        return Receipt(post_all(city, one, switches)[0])
    except Replayed as replay:
        return Receipt(transfer_in(replay.receipt), replayed=True)


def post_all(city: str, build: Build, switches: Switches | None = None) -> Sequence[Transfer]:
    """Commit transfers with their writes together, the time stamped at each attempt.

    Raises Replayed, Frozen, AmountOutOfRange, and what the writes refuse.
    """
    seen = switches_now(city) if switches is None else switches
    last: list[Transfer] = []

    def writes() -> Writes:
        transfers, made = build(now())
        for transfer in transfers:
            check_amount(transfer.amount_minor)
        _heed(seen, transfers, made)
        last[:] = transfers
        return made

    transact(writes)
    return last


def _heed(switches: Switches, transfers: Sequence[Transfer], writes: Writes) -> None:
    """A frozen movement is refused, unless it was made before the freeze: then its receipt is the answer."""
    for transfer in transfers if switches.frozen else ():
        frozen = switches.why(programme=transfer.programme, provider=transfer.provider, till=transfer.till)
        if frozen:
            raise_if_done(writes)
            raise frozen


def transfer_in(item: Item) -> Transfer:
    return store.transfer_of(json.loads(str(item.card)))
