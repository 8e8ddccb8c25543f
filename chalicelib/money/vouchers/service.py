"""What citizens do with vouchers, and how an award becomes one.

A voucher's codes are derived from the installation's secret, the grant and the revision: the citizen's app and the PDF
can always show them, and the table holds only their digests.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from chalicelib.core.clock import Instant, now, to_text
from chalicelib.core.gate import Who
from chalicelib.core.refusals import ChangedMeanwhile, NotFound
from chalicelib.core.secrets import peppered
from chalicelib.core.table import Page, Write, commit, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import AlreadyPaidOut, Grant, Spender, Transfer
from chalicelib.money.programmes import service as programmes
from chalicelib.money.programmes.model import Programme
from chalicelib.money.providers import service as providers
from chalicelib.money.providers.model import Provider
from chalicelib.money.vouchers import codes, outside, store
from chalicelib.money.vouchers.model import (
    DISPUTE_WAITS,
    Code,
    CodeState,
    Dispute,
    DisputeClosed,
    PdfNotReady,
    Redemption,
    RedemptionUnknown,
    Voucher,
    VoucherClosed,
    VoucherState,
    redemptions,
    state_of,
)
from chalicelib.town.identity import service as identity
from chalicelib.town.people import service as people
from chalicelib.town.people.model import AccessAction

DRAWS_MAX = 5
"""Short codes of 45 bits meet once in a very long while; then the next one is drawn."""
PDF_LINK_LIFE = timedelta(minutes=5)


@dataclass(frozen=True)
class Codes:
    """The two codes of a voucher's revision."""

    qr: str
    short: str


@dataclass(frozen=True)
class Held:
    """A grant as its holder sees it, with its voucher where it has one."""

    grant: Grant
    programme: Programme
    beneficiary_name: str
    voucher: Voucher | None = None
    voucher_state: VoucherState | None = None


def codes_of(city: str, voucher: Voucher) -> Codes:
    """The codes of the voucher's current revision."""
    of = f"{city} {voucher.id} {voucher.revision} {voucher.draw}"
    return Codes(
        qr=codes.qr_code(bytes.fromhex(peppered("voucher.qr", of))),
        short=codes.short_code(bytes.fromhex(peppered("voucher.short", of))),
    )


# Issuing


def issue(city: str, grant_id: str) -> None:
    """Make the voucher of a grant in mode voucher; once, however often it is asked for."""
    grant = ledger.grant(city, grant_id)
    if grant is None or grant.mode != "voucher":
        return None
    fresh = Voucher(
        id=grant.id,
        programme=grant.programme,
        person=grant.person,
        beneficiary=grant.beneficiary,
        revision=grant.voucher_rev,
        draw=0,
        issued_at=now(),
    )
    for draw in range(DRAWS_MAX):
        voucher = replace(fresh, draw=draw)
        writes = [store.new_voucher(city, voucher), *_new_codes(city, voucher), ledger.voucher_made(city, grant.id)]
        try:
            return transact(writes)
        except store.AlreadyIssued:
            return None
        except store.CodeTaken:
            continue
    raise store.CodeTaken


def _new_codes(city: str, voucher: Voucher) -> list[Write]:
    made = codes_of(city, voucher)
    code = Code(voucher.id, voucher.programme, voucher.revision)
    return [store.new_code(city, codes.digest_of(text), code) for text in (made.qr, made.short)]


def _end_codes(city: str, voucher: Voucher, state: CodeState) -> list[Write]:
    made = codes_of(city, voucher)
    return [store.end_code(city, codes.digest_of(text), state) for text in (made.qr, made.short)]


def due(city: str, limit: int) -> list[str]:
    """Grants whose voucher was not made yet, oldest first."""
    return ledger.vouchers_due(city, limit)


# The holder's view


def held_by(city: str, person: str) -> list[Held]:
    """Everything a person was awarded, for self and for children, newest first."""
    return _held(city, ledger.grants_of(city, person))[::-1]


def shown_to(city: str, who: Who, person: str) -> list[Held]:
    """What a person was awarded, for the person and for the assistant who registered them. Raises NotFound."""
    identity.look_for(city, who, person)
    return held_by(city, person)


def _held(city: str, grants: Sequence[Grant]) -> list[Held]:
    at = now()
    vouchers = store.vouchers(city, [grant.id for grant in grants if grant.mode == "voucher"])
    names = people.subjects(city, [grant.beneficiary for grant in grants])
    known = {id: programmes.programme(city, id) for id in {grant.programme for grant in grants}}
    return [
        Held(
            grant=ledger.as_of(grant, at),
            programme=known[grant.programme],
            beneficiary_name=names[grant.beneficiary].name if grant.beneficiary in names else "",
            voucher=vouchers.get(grant.id),
            voucher_state=state_of(vouchers[grant.id], grant, at) if grant.id in vouchers else None,
        )
        for grant in grants
    ]


def held(city: str, who: Who, id: str) -> Held:
    """One grant, for its holder and for the assistant who registered them. Raises NotFound for anybody else."""
    grant = ledger.grant(city, id)
    if grant is None:
        raise NotFound
    identity.look_for(city, who, grant.person)
    return _held(city, [grant])[0]


def _own(city: str, who: Who, id: str) -> Grant:
    grant = ledger.grant(city, id)
    if grant is None or grant.person != who.id:
        raise NotFound
    return grant


def movements(city: str, id: str) -> list[Transfer]:
    """All movements of a grant, newest first."""
    return ledger.transfers_of(city, id)[::-1]


def redemptions_of(city: str, id: str) -> list[Redemption]:
    """The redemptions of a voucher, newest first."""
    disputed = [dispute.redemption for dispute in store.disputes_of(city, id) if dispute.closed_at is None]
    moved = ledger.transfers_of(city, id)
    paid = ledger.paid_of(city, [transfer for transfer in moved if transfer.kind == "redeem"])
    return redemptions(moved, disputed, paid)


def names_of_providers(city: str, ids: Iterable[str]) -> dict[str, str]:
    found = providers.providers(city, sorted({id for id in ids if id}))
    return {id: provider.name for id, provider in found.items()}


def where(city: str, programme: Programme) -> list[Provider]:
    """Where vouchers of a programme can be spent, by name."""
    return [p for p in providers.providers_of(city, programme.id) if programme.rules.takes(p.id)]


# Lost and found


def block(city: str, who: Who, id: str) -> Held:
    """Kill the voucher's code: it is lost. The money stays. Again changes nothing. Raises VoucherClosed."""
    grant, voucher, noted = _living(city, who, id, "voucher_blocked")
    if not voucher.is_blocked:
        blocked = replace(voucher, blocked_at=now())
        writes = [*_end_codes(city, voucher, "blocked"), store.save_voucher(city, blocked), *noted]
        ledger.new_voucher_revision(city, grant, writes)
    return held(city, who, id)


def reissue(city: str, who: Who, id: str, seen_revision: int) -> Held:
    """A new code in place of the voucher's; the old one is dead in the same instant.

    `seen_revision` is the revision that the asker saw, so that a second press of the button makes no second code.
    Raises VoucherClosed, ChangedMeanwhile.
    """
    grant, voucher, noted = _living(city, who, id, "voucher_reissued")
    if voucher.revision != seen_revision:
        raise ChangedMeanwhile
    ended = [] if voucher.is_blocked else _end_codes(city, voucher, "replaced")
    for draw in range(DRAWS_MAX):
        fresh = replace(voucher, revision=grant.voucher_rev + 1, draw=draw, blocked_at=None)
        try:
            ledger.new_voucher_revision(
                city, grant, [*ended, *_new_codes(city, fresh), store.save_voucher(city, fresh), *noted]
            )
        except store.CodeTaken:
            continue
        return held(city, who, id)
    raise store.CodeTaken


def _living(city: str, who: Who, id: str, action: AccessAction) -> tuple[Grant, Voucher, list[Write]]:
    """A voucher that can be changed, and what its change is noted by."""
    grant, voucher = ledger.grant(city, id), store.voucher(city, id)
    if grant is None or voucher is None:
        raise NotFound
    noted = identity.acting_for(city, who, grant.person, action)
    if state_of(voucher, grant, now()) in ("used", "expired") or grant.state == "revoked":
        raise VoucherClosed
    return grant, voucher, noted


# The document


def pdf_link(city: str, who: Who, id: str) -> tuple[str, Instant]:
    """A fresh address of the voucher's PDF and when it ends, for its holder and for the assistant who registered them.

    Raises PdfNotReady while it is being made, NotFound, ConflictOfInterest.
    """
    voucher = store.voucher(city, id)
    if voucher is None:
        raise NotFound
    identity.look_for(city, who, voucher.person, "voucher_printed")
    if voucher.is_blocked or not voucher.pdf_ready:
        raise PdfNotReady
    link = outside.link(outside.pdf_name(city, voucher), f"voucher-{voucher.id[:8]}.pdf", PDF_LINK_LIFE)
    return link, now() + PDF_LINK_LIFE


# Disputes


def dispute(city: str, who: Who, id: str, redemption: str, text: str) -> Redemption:
    """The holder says that a redemption was not so. Moves no money; the town looks into it. Again changes nothing.

    Until the town answers, no payout takes the redemption, unless one has it already. Raises RedemptionUnknown,
    AlreadyUndone.
    """
    _own(city, who, id)
    found = _redemption(city, id, redemption)
    said = Dispute(
        voucher=id,
        redemption=redemption,
        provider=found.provider,
        amount_minor=found.amount_minor,
        redeemed_at=found.at,
        text=text,
        by=who.id,
        at=now(),
        withheld=True,
    )
    redeemed = ledger.transfer(city, id, redemption)
    assert redeemed  # it is one of the voucher's redemptions
    waits = [ledger.withhold(city, redeemed, said.waits_as), ledger.not_undone(city, redeemed)]
    with suppress(store.AlreadyDisputed):
        try:
            transact([store.new_dispute(city, said), *waits])
        except AlreadyPaidOut:
            commit(store.new_dispute(city, replace(said, withheld=False)))
    return _redemption(city, id, redemption)


def _redemption(city: str, id: str, redemption: str) -> Redemption:
    for found in redemptions_of(city, id):
        if found.id == redemption:
            return found
    raise RedemptionUnknown


def open_disputes(city: str, limit: int, cursor: str | None) -> Page[Dispute]:
    """Disputes that wait for the town, oldest first."""
    return store.open_disputes(city, limit, cursor)


def close_dispute(city: str, who: Who, id: str, redemption: str, upheld: bool, outcome: str) -> Dispute:
    """The town's answer. Upheld, the redemption is taken back, or refunded where a payout has it: the provider owes it.

    Raises RedemptionUnknown, DisputeClosed, ConflictOfInterest, and what the ledger refuses.
    """
    known = store.dispute(city, id, redemption)
    if known is None:
        raise RedemptionUnknown
    if known.closed_at:
        raise DisputeClosed
    grant = ledger.grant(city, id)
    beneficiary = grant.beneficiary if grant else ""
    identity.check_impartial(city, who.id, known.by, beneficiary, providers=[known.provider])
    closed = replace(known, closed_at=now(), closed_by=who.id, outcome=outcome)
    return _uphold(city, closed, who) if upheld else _decline(city, closed, who)


def _decline(city: str, closed: Dispute, who: Who) -> Dispute:
    """The redemption stands; where it waited, it is owed again."""
    redeemed = ledger.transfer(city, closed.voucher, closed.redemption)
    waited = [ledger.let_go(city, redeemed, closed.waits_as)] if closed.withheld and redeemed else []
    declined = replace(closed, ended_as="declined")
    transact([*_answered(city, declined, who), *waited])
    return declined


def _uphold(city: str, closed: Dispute, who: Who) -> Dispute:
    grant = ledger.grant(city, closed.voucher)
    if grant is None:
        raise NotFound
    spender = Spender(by=who.id, via=who.app, key=f"{DISPUTE_WAITS}{closed.redemption}")
    undone, refunded = replace(closed, ended_as="undone"), replace(closed, ended_as="refunded")
    waits_as = closed.waits_as if closed.withheld else ""
    try:
        done, answered = undone, _answered(city, undone, who)
        receipt = ledger.undo(city, grant, closed.redemption, spender, answered, withheld_as=waits_as)
    except AlreadyPaidOut:
        done, answered = refunded, _answered(city, refunded, who)
        receipt = ledger.refund(city, grant, closed.redemption, spender, answered, reason="dispute")
    if receipt.replayed:  # it was taken back by somebody else meanwhile
        transact(answered)
    return done


def _answered(city: str, closed: Dispute, who: Who) -> list[Write]:
    """The dispute as the town's answer leaves it, with the decision as a leaf of the day's seal."""
    leaf = ledger.leaf(
        city,
        f"{closed.redemption}.dispute",
        "dispute",
        closed.redemption,
        closed.ended_as,
        by=who.id,
        via=who.app,
        reason=closed.outcome,
        at=closed.closed_at,
    )
    return [store.save_dispute(city, closed), leaf]


# Export


def _exported(city: str, person: str) -> list[dict[str, Any]]:
    """What was awarded to a person and what became of it; no code, for a code is money."""
    return [
        {
            "id": one.grant.id,
            "programme": one.programme.name.cs,
            "beneficiary": one.beneficiary_name,
            "state": one.voucher_state or one.grant.state,
            "total_minor": one.grant.total_minor,
            "spendable_minor": one.grant.spendable_minor,
            "valid_until": to_text(one.grant.valid_until),
            "movements": [
                {"at": to_text(t.posted_at), "kind": t.kind, "amount_minor": t.amount_minor}
                for t in movements(city, one.grant.id)
            ],
        }
        for one in held_by(city, person)
    ]


people.adds_to_export("grants", _exported)
