"""What providers owe: refunds after payout, deducted from the next one, and debts that two people write off."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.core.clock import now
from chalicelib.core.gate import Who
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import NotFound
from chalicelib.core.table import PAGE_SIZE_MAX, Page, Write, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import AlreadyPaidOut, NotPaidOut, Receipt, Spender, Transfer
from chalicelib.money.payouts import store
from chalicelib.money.payouts.model import (
    CAME_BACK,
    SETTLED,
    Debt,
    NoSuchDebt,
    NotInThisPayment,
    Refunded,
    RefundReason,
    WriteOff,
    WriteOffDecided,
    is_debt,
)
from chalicelib.money.providers import service as providers
from chalicelib.money.providers.model import Provider
from chalicelib.town.identity import service as identity

PAGES_READ_MAX = 100
"""Of what one provider is owed, 10 000 movements are looked at: a debt stands among the oldest."""


def refund(
    city: str,
    payout: str,
    provider: str,
    grant_id: str,
    redemption: str,
    reason: RefundReason,
    note: str,
    key: str,
    who: Who,
) -> tuple[Refunded, Receipt]:
    """A redemption that was paid out was not so: the provider owes it, and its next payout is smaller by it. Once.

    Also where the payment came back: its sum is owed again as a whole, so the refund is deducted from that.
    Raises NotInThisPayment, NotPaidOut, ConflictOfInterest, and what the ledger refuses.
    """
    line = store.line(city, payout, provider)
    redeemed = ledger.transfer(city, grant_id, redemption)
    grant = ledger.grant(city, grant_id)
    if line is None or redeemed is None or grant is None:
        raise NotInThisPayment
    if ledger.lines_of(city, [redeemed]).get(redemption) != line.id:
        raise NotInThisPayment
    if line.state not in (*SETTLED, *CAME_BACK):
        raise NotPaidOut
    identity.check_impartial(city, who.id, grant.person, grant.beneficiary, providers=[provider])
    done = Refunded(
        id=new_id(),
        redemption=redemption,
        grant=grant_id,
        programme=redeemed.programme,
        provider=provider,
        provider_name=line.provider_name,
        amount_minor=redeemed.amount_minor,
        reason=reason,
        note=note,
        by=who.id,
        at=now(),
    )
    id = f"{redemption}.refund"
    leaf = ledger.leaf(city, id, "refund", redemption, "refunded", by=who.id, via=who.app, reason=note, at=done.at)
    also = [store.new_refund(city, done), leaf]
    return done, ledger.refund(city, grant, redemption, Spender(who.id, who.app, key), also, reason=reason)


def refunds(city: str) -> list[Refunded]:
    """The last refunds that finance made by hand, newest first."""
    return store.refunds(city)


def debts(city: str, limit: int, cursor: str | None) -> Page[Debt]:
    """Providers that owe something for refunds, from a page of all providers: a page may be short and go on."""
    page = providers.listed(city, limit, cursor)
    found = [_debt(city, provider) for provider in page.items]
    return Page(tuple(debt for debt in found if debt.refunds), page.next)


def _debt(city: str, provider: Provider) -> Debt:
    refunds: list[Transfer] = []
    owed_minor = 0
    for transfer in _owed(city, provider.id):
        if is_debt(transfer):
            refunds.append(transfer)
        else:
            owed_minor += transfer.payable_minor
    return Debt(provider.id, provider.name, tuple(refunds), owed_minor)


def _owed(city: str, provider: str) -> Iterator[Transfer]:
    cursor = None
    for _ in range(PAGES_READ_MAX):
        found, cursor = ledger.unsettled(city, provider, PAGE_SIZE_MAX, cursor)
        yield from found
        if cursor is None:
            return


# Write-offs


def propose_write_off(city: str, grant: str, refund: str, note: str, who: Who) -> WriteOff:
    """One person proposes to give up what a provider owes for a refund.

    Raises NoSuchDebt, WriteOffDecided, SignerNotVerified, ConflictOfInterest.
    """
    owed = _still_owed(city, grant, refund)
    earlier = store.write_off(city, refund)
    if earlier and earlier.state != "declined":
        raise WriteOffDecided
    identity.check_signature(city, who.id)
    identity.check_impartial(city, who.id, providers=[owed.provider])
    name = providers.provider(city, owed.provider).name
    proposed = WriteOff(
        refund=refund,
        grant=grant,
        provider=owed.provider,
        provider_name=name,
        programme=owed.programme,
        amount_minor=owed.amount_minor,
        note=note,
        proposed_by=who.id,
        proposed_at=now(),
        v=earlier.v if earlier else 1,
    )
    transact([store.proposed_write_off(city, proposed, earlier), _leaf(city, proposed, who)])
    return replace(proposed, v=proposed.v + 1) if earlier else proposed


def approve_write_off(city: str, refund: str, who: Who) -> WriteOff:
    """Another person approves it: the debt is gone, at the town's loss.

    Raises SignerNotVerified, SamePersonSigns, NoSuchDebt, WriteOffDecided, ConflictOfInterest.
    """
    proposed = _proposed(city, refund, who)
    identity.check_signature(city, who.id, proposed.proposed_by)
    owed = _still_owed(city, proposed.grant, refund)
    approved = replace(proposed, state="approved", decided_by=who.id, decided_at=now())
    also = [store.decided_write_off(city, approved), _leaf(city, approved, who)]
    spender = Spender(proposed.proposed_by, who.app, f"write_off.{refund}")
    try:
        ledger.write_off(city, owed, spender, also, approved_by=who.id, reason="write_off")
    except AlreadyPaidOut:
        raise NoSuchDebt from None
    return replace(approved, v=proposed.v + 1)


def decline_write_off(city: str, refund: str, who: Who) -> WriteOff:
    """The debt stays. Raises WriteOffDecided, ConflictOfInterest."""
    proposed = _proposed(city, refund, who)
    declined = replace(proposed, state="declined", decided_by=who.id, decided_at=now())
    transact([store.decided_write_off(city, declined), _leaf(city, declined, who)])
    return replace(declined, v=proposed.v + 1)


def write_offs(city: str) -> list[WriteOff]:
    """The last write-offs, the last proposed first."""
    return store.write_offs(city)


def _still_owed(city: str, grant: str, refund: str) -> Transfer:
    """The refund, while nothing has deducted it. The books judge again when it is written off."""
    owed = ledger.transfer(city, grant, refund)
    if owed is None or not is_debt(owed) or ledger.lines_of(city, [owed]):
        raise NoSuchDebt
    return owed


def _proposed(city: str, refund: str, who: Who) -> WriteOff:
    found = store.write_off(city, refund)
    if found is None:
        raise NotFound
    if found.state != "proposed":
        raise WriteOffDecided
    identity.check_impartial(city, who.id, providers=[found.provider])
    return found


def _leaf(city: str, said: WriteOff, who: Who) -> Write:
    id = f"{said.refund}.{said.state}.{said.v}"
    return ledger.leaf(city, id, "write_off", said.refund, said.state, by=who.id, via=who.app, reason=said.note)
