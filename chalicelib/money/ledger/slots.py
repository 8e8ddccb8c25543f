"""The settlement slot of a transfer: what holds it, and moving it between a payout line and what waits."""

from collections.abc import Sequence

from chalicelib.core.refusals import Refusal
from chalicelib.core.table import Key, Write, change, check, read_many
from chalicelib.money.ledger import store
from chalicelib.money.ledger.model import AlreadyPaidOut, Transfer
from chalicelib.money.ledger.posting import undo_of
from chalicelib.money.ledger.settling import key_of, waiting_as
from chalicelib.money.ledger.store import TransferItem


class AlreadyUndone(Refusal):
    status = 409
    cs = "Toto uplatnění už je vzaté zpět. Peníze jsou zase na příspěvku."
    en = "This redemption is taken back already. The money is on the contribution again."


def not_undone(city: str, redeemed: Transfer) -> Write:
    """Hold a transaction to a redemption that nobody took back. Refusals: AlreadyUndone."""
    undo = TransferItem.at(store.transfer_key(city, redeemed.grant, undo_of(redeemed.id)))
    return check(undo, TransferItem.pk.does_not_exist(), lambda _old: AlreadyUndone())


def set_aside(city: str, redeemed: Transfer, line: str, name: str) -> Write:
    """Take a redemption out of a payout line and let it wait under a name: no payout can claim it."""
    slot = waiting_as(name)
    actions = [TransferItem.payout_line.set(slot), TransferItem.gsi2_pk.set(store.line_query(city, slot).pk)]
    item = TransferItem.at(key_of(city, redeemed))
    return change(item, actions, TransferItem.payout_line == line, lambda _old: AlreadyPaidOut())


def lines_of(city: str, transfers: Sequence[Transfer], *, consistent: bool = False) -> dict[str, str]:
    """What holds the slot of each of these transfers, by id; those that nothing holds are left out."""
    keys = {key_of(city, transfer): transfer.id for transfer in transfers}
    found = read_many(list(keys), consistent=consistent)
    held = {keys[key]: item.payout_line for key, item in found.items() if isinstance(item, TransferItem)}
    return {id: str(line) for id, line in held.items() if line}


def paid_of(city: str, redeemed: Sequence[Transfer]) -> set[str]:
    """Ids of those redemptions whose payout line was debited and did not come back, or was settled inside."""
    held = lines_of(city, redeemed)
    inside = [transfer for transfer in redeemed if transfer.id in held]
    there = read_many([key for transfer in inside for key in _ends(city, transfer, held[transfer.id])])

    def is_paid(transfer: Transfer) -> bool:
        paid, returned, internal = (key in there for key in _ends(city, transfer, held[transfer.id]))
        return internal or (paid and not returned)

    return {transfer.id for transfer in inside if is_paid(transfer)}


def _ends(city: str, transfer: Transfer, line: str) -> list[Key]:
    """Where what became of a line stands: paid, returned, settled inside."""
    names = [f"{line}.{transfer.programme}.{kind}" for kind in ("pay", "return", "internal")]
    return [store.other_transfer_key(city, f"PR#{transfer.provider}", name) for name in names]
