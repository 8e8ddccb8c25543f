"""What makes vouchers without anybody waiting: new awards, documents, and what single-use vouchers left over."""

from collections.abc import Mapping
from datetime import date, timedelta

from chalicelib.core.clock import Instant, now, today
from chalicelib.core.refusals import ChangedMeanwhile
from chalicelib.core.work import Change, Step
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Frozen, Grant, Spender, Transfer
from chalicelib.money.programmes import service as programmes
from chalicelib.money.vouchers import documents, service, signals
from chalicelib.money.vouchers.model import undo_until

SWEPT_A_STEP = 50
REMAINDER_DAYS = 3
"""A redemption can be taken back for a day at most; two days back also catch a night that was missed."""
SIGNAL_DAYS = 3
JOB = "vouchers"


def changed(change: Change) -> None:
    """A grant was opened: make its voucher. A voucher was made or re-issued: make its PDF and tell its holder."""
    id = change.pk.rpartition("#")[2]
    if change.kind == "grant" and change.event == "INSERT":
        service.issue(change.city, id)
    if change.kind == "voucher" and change.event != "REMOVE":
        documents.publish(change.city, id)


def _issue_due(city: str, cursor: str | None) -> str | None:
    """Make the vouchers that the stream missed."""
    found = service.due(city, SWEPT_A_STEP)
    for grant in found:
        service.issue(city, grant)
    return _further(cursor, found)


def _publish_due(city: str, cursor: str | None) -> str | None:
    """Make the documents that the stream missed."""
    found = documents.pdf_due(city, SWEPT_A_STEP)
    for voucher in found:
        documents.publish(city, voucher)
    return _further(cursor, found)


def _further(cursor: str | None, found: list[str]) -> str | None:
    """Another step while steps come full and begin with something new."""
    return found[0] if len(found) == SWEPT_A_STEP and found[0] != cursor else None


def _return_remainders(city: str, cursor: str | None) -> str | None:
    """Give back what single-use vouchers left over, once their redemption can no longer be taken back.

    One step is one day of the journal. What a night misses, expiry returns at the end of the validity.
    """
    day = date.fromisoformat(cursor) if cursor else today() - timedelta(days=REMAINDER_DAYS)
    for redeemed in ledger.journal(city, day):
        if redeemed.kind == "redeem" and _undo_is_over(city, redeemed.programme, redeemed.posted_at):
            _return_remainder(city, redeemed)
    following = day + timedelta(days=1)
    return following.isoformat() if following <= today() else None


def _undo_is_over(city: str, programme: str, redeemed_at: Instant) -> bool:
    return now() > undo_until(redeemed_at, programmes.programme(city, programme).rules.undo_minutes)


def _return_remainder(city: str, redeemed: Transfer) -> None:
    grant = ledger.grant(city, redeemed.grant)
    if grant is None or not has_remainder(grant) or ledger.taken_back(city, grant.id, redeemed.id):
        return  # what was taken back did not use it up: a later redemption did, whose own window counts
    try:
        ledger.give_back(city, [grant], "remainder", Spender(by=JOB, via=JOB, key=f"remainder.{grant.v}"))
    except (ChangedMeanwhile, Frozen):
        return  # taken back, expired or frozen in this moment; the next night looks again


def has_remainder(grant: Grant) -> bool:
    """Whether a grant was closed by its one redemption and still holds money that belongs to the programme."""
    closed = grant.single_use and grant.state == "used"
    return closed and grant.remainder == "returns" and grant.spendable_minor > 0


def _note_own_family(city: str, cursor: str | None) -> str | None:
    """Note what tills redeemed for their owner's family. One step is one day; two days back also catch a missed night."""
    day = date.fromisoformat(cursor) if cursor else today() - timedelta(days=SIGNAL_DAYS)
    signals.note_own_family(city, day, JOB)
    following = day + timedelta(days=1)
    return following.isoformat() if following < today() else None


JOBS: Mapping[str, Step] = {
    "issue": _issue_due,
    "publish": _publish_due,
    "remainders": _return_remainders,
    "own_family": _note_own_family,
}
