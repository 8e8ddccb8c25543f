"""Putting a payout together, in steps that may each run again.

A transfer goes into one line only: its claim is a condition in the books, in the same transaction as the line's sum. So
builds at once share nothing, and one that died goes on where it stood: what is claimed has left the list of what is owed.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice

from chalicelib.core.clock import Instant, day_of, now
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import TryAgain
from chalicelib.core.table import PAGE_SIZE_MAX, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import AlreadyPaidOut, Switches, Transfer
from chalicelib.money.payouts import store
from chalicelib.money.payouts.model import (
    CLAIMS_PER_STEP,
    OPEN_PAYOUTS_LOOKED_AT_MAX,
    HeldBack,
    Line,
    Payout,
    PayoutNotInState,
    Sample,
    can_be_sampled,
    grown,
    in_claims,
    is_debt,
    is_sampled,
)
from chalicelib.money.providers import service as providers
from chalicelib.money.providers.model import PayoutAccount, Provider
from chalicelib.town.towns import service as towns

PROVIDERS_PER_STEP = 50


@dataclass(frozen=True)
class Place:
    """Where a build stands: the page of providers, and the one on it that is being filled."""

    page: str | None = None
    provider: str = ""

    @classmethod
    def of(cls, cursor: str | None) -> "Place":
        return cls(**json.loads(cursor)) if cursor else cls()

    def __str__(self) -> str:
        return json.dumps(asdict(self))

    def left(self, page: Sequence[Provider]) -> Sequence[Provider]:
        """The providers of the page that are still to be filled."""
        ids = [provider.id for provider in page]
        return page[ids.index(self.provider) :] if self.provider in ids else page


def start(city: str, upto: Instant | None = None, id: str = "") -> Payout:
    """Open a payout of everything posted until `upto`; `build` fills it, provider by provider.

    With an `id` it is opened once: again gives the payout that is there.
    """
    at = now()
    made = Payout(
        id=id or new_id(),
        number=store.next_number(city, day_of(at).year),
        state="draft",
        created_at=at,
        upto=upto or at,
        sample_permille=towns.town_now(city).control_sample_permille,
    )
    try:
        store.new_payout(city, made)
    except PayoutNotInState:
        return store.payout(city, made.id)
    return made


def build(city: str, payout: str, cursor: str | None) -> str | None:
    """One step, CLAIMS_PER_STEP movements at most. Returns the next cursor, None when the payout is complete.

    Raises TryAgain when its end must wait for the index of claims.
    """
    current = store.payout(city, payout)
    if current.built or current.state != "draft":
        return None
    if current.closed:
        _finish(city, current)
        return None
    place = Place.of(cursor)
    page = providers.listed(city, PROVIDERS_PER_STEP, place.page)
    held = {(waiting.provider, waiting.reason): waiting for waiting in current.held_back}
    switches = ledger.switches(city)
    most = CLAIMS_PER_STEP
    following = Place(page.next) if page.next else None
    for provider in place.left(page.items):
        found, taken = _fill(city, current, provider, switches, most)
        held |= {(waiting.provider, waiting.reason): waiting for waiting in found}
        most -= taken
        if most <= 0:
            following = Place(place.page, provider.id)
            break
    kept = replace(current, held_back=tuple(held.values()), closed=following is None)
    transact([store.changed(city, kept)])
    if following:
        return str(following)
    _finish(city, replace(kept, v=kept.v + 1))
    return None


def unfinished(city: str) -> list[Payout]:
    """Payouts that a step which died left half put together, or half cancelled."""
    found = store.payouts(city, OPEN_PAYOUTS_LOOKED_AT_MAX, None).items
    return [
        p for p in found if (p.state == "draft" and not p.built) or (p.state == "cancelled" and store.lines(city, p.id))
    ]


def give_up_lines(city: str, payout: Payout) -> None:
    """What a cancelled payout still holds is owed again. May run again: while lines are left, it is `unfinished`."""
    for line in store.lines(city, payout.id):
        drop(city, payout, line)


def _fill(
    city: str, payout: Payout, provider: Provider, switches: Switches, most: int
) -> tuple[Sequence[HeldBack], int]:
    """Claim what the provider is owed into its line, at most so much; or say why its money waits."""
    line = store.line(city, payout.id, provider.id)
    waits: Sequence[HeldBack] = ()
    if line is None:
        sums = _sums(city, provider.id, payout.upto, switches)
        if sums.frozen_minor:
            waits = [HeldBack(provider.id, provider.name, sums.frozen_minor, "frozen")]
        if not sums.owed_minor and not sums.debts_minor:
            return waits, 0
        account = providers.account_for_payout(city, provider.id)
        reason = _why_waits(sums.owed_minor, account)
        if reason:
            return [*waits, HeldBack(provider.id, provider.name, sums.owed_minor, reason)], 0
        line = _new_line(city, payout, provider, account)
    taken = 0
    moving = (t for t in _owed(city, provider.id, payout.upto) if not _is_frozen(switches, t))
    for part in in_claims(islice(moving, most), lambda t: _samples(payout, t)):
        line = _claim(city, payout, line, part)
        taken += len(part)
    return waits, taken


def _why_waits(owed_minor: int, account: PayoutAccount) -> str | None:
    if owed_minor < 0:
        return "debt"
    return account.held or (None if account.number or account.inside else "no_account")


@dataclass(frozen=True)
class _Sums:
    """What a provider is owed, net; what of it are debts deducted; and what waits because money is frozen there."""

    owed_minor: int
    debts_minor: int
    frozen_minor: int


def _sums(city: str, provider: str, upto: Instant, switches: Switches) -> _Sums:
    owed_minor = debts_minor = frozen_minor = 0
    for transfer in _owed(city, provider, upto):
        if _is_frozen(switches, transfer):
            frozen_minor += transfer.payable_minor
        else:
            owed_minor += transfer.payable_minor
            debts_minor -= transfer.payable_minor if is_debt(transfer) else 0
    return _Sums(owed_minor, debts_minor, frozen_minor)


def _is_frozen(switches: Switches, transfer: Transfer) -> bool:
    return switches.why(programme=transfer.programme, provider=transfer.provider) is not None


def _owed(city: str, provider: str, upto: Instant) -> Iterator[Transfer]:
    """What no payout has claimed, in order of time: past `upto` there is nothing more to look at."""
    cursor = None
    while True:
        found, cursor = ledger.unsettled(city, provider, PAGE_SIZE_MAX, cursor)
        for transfer in found:
            if transfer.posted_at > upto:
                return
            yield transfer
        if cursor is None:
            return


def _new_line(city: str, payout: Payout, provider: Provider, account: PayoutAccount) -> Line:
    kept = None if account.inside else providers.has_account(city, provider.id, account.version)
    line = Line(
        id=f"{payout.id}.{provider.id}",
        payout=payout.id,
        number=payout.number,
        provider=provider.id,
        provider_name=provider.name,
        account=account.number,
        account_version=account.version,
        account_changed_by=f"{kept.changed_by} {kept.decided_by}".strip() if kept else "",
        state="to_pay",
        created_at=payout.created_at,
        position=0,
        inside=account.inside,
    )
    transact([store.new_line(city, line)])
    return line


def _samples(payout: Payout, transfer: Transfer) -> bool:
    return can_be_sampled(transfer) and is_sampled(payout.id, transfer.id, payout.sample_permille)


def _claim(city: str, payout: Payout, line: Line, part: Sequence[Transfer]) -> Line:
    """Claim the part in one transaction; what another payout or a dispute took meanwhile is left out."""
    left = list(part)
    while left:
        more = grown(line, left)
        claims = [ledger.claim(city, transfer, line.id) for transfer in left]
        picked = [store.new_sample(city, _sample(payout, line, t)) for t in left if _samples(payout, t)]
        try:
            transact([*claims, store.changed_line(city, more), *picked, store.still_filling(city, payout.id)])
        except AlreadyPaidOut:
            left = ledger.unclaimed(city, left)
            continue
        return replace(more, v=line.v + 1)
    return line


def _sample(payout: Payout, line: Line, transfer: Transfer) -> Sample:
    return Sample(
        payout=payout.id,
        number=payout.number,
        redemption=transfer.id,
        grant=transfer.grant,
        provider=line.provider,
        provider_name=line.provider_name,
        programme=transfer.programme,
        amount_minor=transfer.amount_minor,
        redeemed_at=transfer.posted_at,
        movement=transfer.kind,
        till=transfer.till,
    )


def _finish(city: str, payout: Payout) -> None:
    """Nothing is claimed any more: lines that came to nothing go, the others are numbered and summed.

    Raises TryAgain while one that goes still has a claim that the index does not show.
    """
    held = {(waiting.provider, waiting.reason): waiting for waiting in payout.held_back}
    kept: list[Line] = []
    all_gone = True
    for line in sorted(store.lines(city, payout.id), key=lambda line: line.provider):
        if line.amount_minor < 0:
            held[line.provider, "debt"] = HeldBack(line.provider, line.provider_name, line.amount_minor, "debt")
        if is_for_nothing(line):
            all_gone = drop(city, payout, line) and all_gone
            continue
        kept.append(settled_by_offset(replace(line, position=len(kept) + 1)))
        transact([store.changed_line(city, kept[-1])])
    total_minor = sum(line.amount_minor for line in kept)
    done = replace(payout, built=all_gone, total_minor=total_minor, lines=len(kept), held_back=tuple(held.values()))
    is_empty = all_gone and not kept and not held
    transact([store.changed(city, replace(done, state="cancelled") if is_empty else done)])
    if not all_gone:
        raise TryAgain


def is_for_nothing(line: Line) -> bool:
    """Whether a line has nothing to pay and nothing to say: no sum and no debt that took it up, or a debt left over."""
    return line.amount_minor < 0 or (line.amount_minor == 0 and not line.offset_minor)


def payable_minor(line: Line) -> int:
    """What the line adds to its payout."""
    return 0 if is_for_nothing(line) else line.amount_minor


def settled_by_offset(line: Line) -> Line:
    """A line whose debts took up all of it has nothing for the bank."""
    return replace(line, state="offset") if line.amount_minor == 0 else line


def drop(city: str, payout: Payout, line: Line) -> bool:
    """Return a line's claims: what came to nothing, or was cancelled, waits for the next payout. May run again.

    Claims are found by an index that may be late, so the line counts those it still has and goes after the last one.
    What it came to stays as it was: going on later decides the same. Returns whether the line is gone.
    """
    for seen in in_claims(ledger.claimed(city, line.id), lambda t: _samples(payout, t)):
        holders = ledger.lines_of(city, seen, consistent=True)
        part = {transfer.id: transfer for transfer in seen if holders.get(transfer.id) == line.id}
        if part:
            line = _unclaimed(city, payout, line, list(part.values()))
    if line.redemptions:
        return False
    transact([store.dropped_line(city, line)])
    return True


def _unclaimed(city: str, payout: Payout, line: Line, part: Sequence[Transfer]) -> Line:
    """The line with so many claims fewer, in one transaction with them and with what the sample picked of them."""
    fewer = replace(line, redemptions=line.redemptions - len(part))
    let_go = [
        store.looked(city, replace(s, state="let_go")) for s in _picked(city, payout, part) if s.state != "let_go"
    ]
    unclaims = [ledger.unclaim(city, transfer, line.id) for transfer in part]
    transact([*unclaims, *let_go, store.changed_line(city, fewer)])
    return replace(fewer, v=line.v + 1)


def _picked(city: str, payout: Payout, part: Sequence[Transfer]) -> Iterator[Sample]:
    for transfer in part:
        found = store.sample(city, payout.id, transfer.id) if _samples(payout, transfer) else None
        if found:
            yield found
