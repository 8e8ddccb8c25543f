"""What happens at the counter: a code is checked, redeemed, taken back, and the day is counted.

A check is two requests to the database, a redemption three: the code with the till · the grant, the provider's part, the
programme and what is frozen · the ledger's transaction. Before the money nothing looks at balance, state or validity: the
books judge, and a request that was done before finds its receipt whatever happened since. The till itself is read with
every check, redemption and undo, so one that was revoked moves nothing though its access token still lives.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib.core.clock import Instant, end_of, now, start_of, today
from chalicelib.core.gate import CASHIER, OWNER, PROVIDER_SIDE, TILL, Who
from chalicelib.core.refusals import KeyUsedForOtherRequest, Refusal
from chalicelib.core.table import Item, read_many
from chalicelib.core.telemetry import count, log
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import CodeReplaced, Grant, GrantUsed, Spender, Switches, Transfer, UndoTooLate
from chalicelib.money.programmes import service as programmes
from chalicelib.money.programmes.model import Programme
from chalicelib.money.providers import service as providers
from chalicelib.money.providers.model import Part
from chalicelib.money.vouchers import codes, store
from chalicelib.money.vouchers.model import (
    DISPUTE_WAITS,
    SHIFT_LIFE,
    UNKNOWN_CODES_MAX,
    AlreadyUsed,
    Code,
    CodeMistyped,
    MadeByAnotherTill,
    NotAcceptedHere,
    Redemption,
    RedemptionUnknown,
    Shift,
    Till,
    TillRevoked,
    VoucherUnknown,
    check_part_of_price,
    check_price,
    in_words_of,
    left_after,
    redemptions,
    total_minor,
    undo_until,
    why_refused,
)

READER = "reader"


@dataclass(frozen=True)
class Checked:
    """A voucher that this till may redeem now."""

    grant: Grant
    programme: Programme


@dataclass(frozen=True)
class Paid:
    """A redemption in the books, for the till's receipt. A replay's `left_minor` is what is left now, and `undone_at` says
    when it was taken back since, if it was."""

    transfer: Transfer
    programme: Programme
    left_minor: int
    undo_until: Instant
    replayed: bool
    undone_at: Instant | None = None


@dataclass(frozen=True)
class Undone:
    """A redemption taken back: the movement that returned the money."""

    transfer: Transfer
    left_minor: int
    replayed: bool


@dataclass(frozen=True)
class Day:
    """A till's day: every redemption of it, newest first, and what they come to."""

    day: date
    lines: tuple[Redemption, ...]
    programmes: dict[str, Programme]

    @property
    def total_minor(self) -> int:
        return total_minor(self.lines)

    @property
    def count(self) -> int:
        return sum(1 for line in self.lines if line.state != "undone")


@dataclass(frozen=True)
class _Terms:
    """What a redemption stands on that a moment does not change, as one request gave it."""

    grant: Grant
    programme: Programme
    accepts: bool
    switches: Switches


def check(city: str, till: Who, typed: str) -> Checked:
    """Whether a voucher can be redeemed at this till now. Changes nothing but the counts of unknown codes.

    Refusals: TillRevoked, CodeMistyped, VoucherUnknown, VoucherBlocked, CodeReplaced, AlreadyUsed, NotAcceptedHere,
    ValidityEnded, NotYetValid, GrantSuspended, GrantClosed, Frozen.
    """
    at = now()
    provider = provider_of(city, till)
    code = _code(city, till, typed)
    terms = _terms(city, provider, code)
    frozen = terms.switches.why(programme=code.programme, provider=provider, till=till.id)
    refusal = why_refused(code, terms.grant, at) or _why_not_here(terms) or frozen
    if refusal:
        raise _with_place(city, provider, terms.grant, refusal)
    return Checked(terms.grant, terms.programme)


def redeem(
    city: str, till: Who, typed: str, amount_minor: int, price_minor: int | None, key: str, *, made_by: str | None
) -> Paid:
    """Redeem an amount of a voucher, once for the till's provider and key. `price_minor` is what the purchase costs.

    `made_by` is the till that made the key: after another pairing a device asks by `outcome` and does not send again.
    Whoever does not say it may bring a key from when keys counted for each till alone, so that is looked for first.
    Refusals: those of a check, and MadeByAnotherTill, CreditTooSmall, BelowMinPrice, AbovePrice, DayLimitReached,
    CategoryLimitReached, ProviderLimitReached, AmountOutOfRange, KeyUsedForOtherRequest.
    """
    if made_by not in (None, till.id):
        raise MadeByAnotherTill
    provider = provider_of(city, till)
    code = _code(city, till, typed)
    terms = _terms(city, provider, code)
    spender = Spender(by=till.id, via=READER, key=key, scope=provider)
    refusal = _why_not_here(terms) or _why_not_for(terms.grant, amount_minor, price_minor)
    if refusal or made_by is None:
        done = ledger.redeemed_by_key(city, terms.grant.id, spender)
        if done and done.amount_minor != amount_minor:
            raise KeyUsedForOtherRequest
        if done:
            return _replayed(city, done, terms)
        if refusal:
            raise refusal
    try:
        receipt = ledger.spend(
            city,
            terms.grant,
            amount_minor,
            provider,
            spender,
            switches=terms.switches,
            provider_limit_minor=terms.programme.rules.provider_limit_minor,
            voucher_rev=code.revision,
            till=till.id,
        )
    except (CodeReplaced, GrantUsed) as refused:
        raise _with_place(city, provider, terms.grant, in_words_of(code, refused)) from None
    if receipt.replayed:
        return _replayed(city, receipt.transfer, terms)
    until = _undo_until(receipt.transfer, terms.programme)
    return Paid(receipt.transfer, terms.programme, left_after(terms.grant, amount_minor), until, replayed=False)


def _replayed(city: str, done: Transfer, terms: _Terms) -> Paid:
    """What was done before, and what became of it since."""
    back = ledger.taken_back(city, done.grant, done.id)
    return Paid(
        done,
        terms.programme,
        terms.grant.spendable_minor,
        _undo_until(done, terms.programme),
        replayed=True,
        undone_at=back.posted_at if back else None,
    )


def _undo_until(redeemed: Transfer, programme: Programme) -> Instant:
    return undo_until(redeemed.posted_at, programme.rules.undo_minutes)


def outcome(city: str, till: Who, typed: str, key: str, made_by: str | None) -> Paid | None:
    """What a key redeemed at the till's provider, None if nothing. It moves nothing, and any till there may ask.

    `made_by` is the till that made the key, where the device knows it: of another provider's nothing is told.
    Refusals: TillRevoked, CodeMistyped, VoucherUnknown, RedemptionUnknown.
    """
    provider = provider_of(city, till)
    code = _code(city, till, typed)
    maker = store.till(city, made_by) if made_by else None
    if made_by and (maker is None or maker.provider != provider):
        raise RedemptionUnknown
    terms = _terms(city, provider, code)
    done = ledger.redeemed_by_key(city, code.grant, Spender(by=till.id, via=READER, key=key, scope=provider))
    return _replayed(city, done, terms) if done else None


def undo(city: str, who: Who, voucher: str, redemption: str, key: str) -> Undone:
    """Take a redemption of one's own provider back within the programme's window. It happens once.

    Refusals: TillRevoked, RedemptionUnknown, UndoTooLate, AlreadyPaidOut, NotReversible, GrantClosed, Frozen.
    """
    redeemed, grant = _redeemed(city, who, voucher, redemption)
    until = _undo_until(redeemed, programmes.programme(city, redeemed.programme))
    if now() > until and not ledger.taken_back(city, voucher, redemption):
        raise UndoTooLate(until)
    receipt = ledger.undo(city, grant, redemption, Spender(by=who.id, via=who.app, key=key))
    if receipt.replayed:  # by another try at the same moment, maybe, after the grant was read
        return Undone(receipt.transfer, _grant_now(city, grant.id).spendable_minor, replayed=True)
    return Undone(receipt.transfer, grant.spendable_minor + redeemed.amount_minor, replayed=False)


def _grant_now(city: str, id: str) -> Grant:
    found = ledger.grant(city, id)
    assert found, id
    return found


def provider_of(city: str, till: Who) -> str:
    """The provider that a till belongs to."""
    return next(provider for provider, role in till.providers[city].items() if role == TILL)


def _redeemed(city: str, who: Who, voucher: str, redemption: str) -> tuple[Transfer, Grant]:
    """The redemption with its grant and, where a till asks, that till: one request."""
    keys = [ledger.transfer_key_of(city, voucher, redemption), ledger.grant_key_of(city, voucher)]
    is_till = who.holds(city, (TILL,))
    found = read_many([*keys, *([store.till_key(city, who.id)] if is_till else [])], consistent=True)
    if is_till:
        _check_paired(found.get(store.till_key(city, who.id)))
    if not all(key in found for key in keys):
        raise RedemptionUnknown
    redeemed = ledger.transfer_in(found[keys[0]])
    if redeemed.kind != "redeem" or not _is_with(city, who, redeemed.provider):
        raise RedemptionUnknown
    return redeemed, found[keys[1]].noun(Grant)


def _is_with(city: str, who: Who, provider: str) -> bool:
    return who.role_at(city, provider) in (TILL, CASHIER, OWNER)


def _check_paired(till: Item | None) -> None:
    if till is None or till.noun(Till).revoked_at:
        raise TillRevoked


def _code(city: str, till: Who, typed: str) -> Code:
    """What the code leads to, at a till that is still paired. An unknown and a forged one look and count the same."""
    if codes.is_mistyped(typed):
        raise CodeMistyped
    code_key, till_key = store.code_key(city, codes.digest_of(typed)), store.till_key(city, till.id)
    found = read_many([code_key, till_key], consistent=True)
    _check_paired(found.get(till_key))
    if code_key not in found:
        _count_unknown(city, till, typed)
        raise VoucherUnknown
    return found[code_key].noun(Code)


def _count_unknown(city: str, till: Who, typed: str) -> None:
    """Nobody is stopped by it; past what mistakes explain it raises an alarm that names who guesses."""
    places = {"till": till.id, "provider": provider_of(city, till), "space": codes.space_of(typed)}
    for what, n in store.count_unknown(city, places, now()).items():
        if n > UNKNOWN_CODES_MAX[what]:
            count("CodesGuessed")
            log.warning("codes_guessed", city=city, what=what, id=places[what], unknown_codes=n)


def _terms(city: str, provider: str, code: Code) -> _Terms:
    keys = (
        ledger.grant_key_of(city, code.grant),
        programmes.programme_key_of(city, code.programme),
        providers.part_key_of(city, code.programme, provider),
        ledger.switches_key_of(city),
    )
    found = read_many(keys, consistent=True)
    programme = found[keys[1]].noun(Programme)
    part = found[keys[2]].noun(Part) if keys[2] in found else None
    accepts = part is not None and part.open and programme.rules.takes(provider)
    return _Terms(found[keys[0]].noun(Grant), programme, accepts, ledger.switches_in(found.get(keys[3])))


def _why_not_here(terms: _Terms) -> Refusal | None:
    if terms.accepts:
        return None
    return NotAcceptedHere(programme=terms.programme.name.cs, valid_until=terms.grant.valid_until)


def _why_not_for(grant: Grant, amount_minor: int, price_minor: int | None) -> Refusal | None:
    price_minor = amount_minor if price_minor is None else price_minor
    try:
        check_part_of_price(amount_minor, price_minor)
        check_price(grant, price_minor)
    except Refusal as refusal:
        return refusal
    return None


def _with_place(city: str, provider: str, grant: Grant, refusal: Refusal) -> Refusal:
    """A used voucher is refused with when and where; which till it was, the provider's own people are told."""
    if not isinstance(refusal, GrantUsed):
        return refusal
    used = [r for r in redemptions(ledger.transfers_of(city, grant.id)) if r.state != "undone"]
    if not used:
        return refusal
    return AlreadyUsed(at=used[0].at, where=_place(city, used[0], provider))


def _place(city: str, redemption: Redemption, asking: str) -> str:
    name = providers.provider(city, redemption.provider).name
    till = store.till(city, redemption.till) if redemption.provider == asking else None
    return f"{name}, {till.name}" if till else name


# The day


def day_of_till(city: str, till: str, day: date) -> Day:
    """What was redeemed at a till on a Prague day, with who stood there."""
    return _day(city, day, [till], lambda transfer: transfer.till == till)


def day_of_provider(city: str, who: Who, provider: str, day: date) -> tuple[Day, dict[str, Till]]:
    """What was redeemed at a provider on a Prague day, with its tills, revoked ones too. For its own people.

    Refusals: NotFound.
    """
    providers.check_member(city, provider, who, *PROVIDER_SIDE)
    tills = store.every_till_of(city, provider)

    def wanted(transfer: Transfer) -> bool:
        return transfer.provider == provider and bool(transfer.till)

    return _day(city, day, list(tills), wanted, with_outcome=True), tills


def _day(
    city: str, day: date, tills: list[str], wanted: Callable[[Transfer], bool], *, with_outcome: bool = False
) -> Day:
    moved = [t for t in ledger.journal(city, day) if wanted(t)]
    if day < today():  # what was sold before midnight may be taken back after it
        moved += [t for t in ledger.journal(city, day + timedelta(days=1)) if t.kind == "undo" and wanted(t)]
    shifts = {till: store.shifts(city, till, start_of(day) - SHIFT_LIFE, end_of(day)) for till in tills}
    disputed, paid = _outcomes(city, moved) if with_outcome else (set(), set())
    found = redemptions(moved, disputed, paid)
    lines = tuple(replace(line, cashier=_cashier(shifts.get(line.till, []), line.at)) for line in found)
    return Day(day, lines, {id: programmes.programme(city, id) for id in {line.programme for line in lines}})


def _outcomes(city: str, moved: Sequence[Transfer]) -> tuple[set[str], set[str]]:
    """(disputed, paid to the provider): what became of redemptions since, as their slots in the books say."""
    redeemed = [transfer for transfer in moved if transfer.kind == "redeem"]
    waits = ledger.waiting_as(DISPUTE_WAITS)
    disputed = {id for id, held in ledger.lines_of(city, redeemed).items() if held.startswith(waits)}
    return disputed, ledger.paid_of(city, redeemed)


def _cashier(shifts: list[Shift], at: Instant) -> str:
    begun = [shift for shift in shifts if shift.since <= at]
    return begun[-1].cashier if begun else ""
