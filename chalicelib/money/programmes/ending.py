"""What time does to programmes and grants: states by dates, expiry, and the end of reminders."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import batched, groupby

from chalicelib.core.clock import today
from chalicelib.core.refusals import ChangedMeanwhile
from chalicelib.core.table import commit, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import GRANTS_MAX_PER_EXPIRY, Frozen, Grant, GrantClosed, Spender
from chalicelib.money.programmes import facts, funding, letters
from chalicelib.money.programmes.model import SYSTEM
from chalicelib.town.identity import service as identity

SWEEP_DAYS = 120
"""How long after its last day a grant is still looked at: a freeze may end that much later.

Money that comes back to a grant whose time is over gives it that day as its last one (ledger).
"""
SWEPT_A_STEP = 30


def follow_all(city: str) -> None:
    """Bring every programme's state in line with the day and the money."""
    for known in funding.programmes(city):
        funding.follow_quietly(city, known.id)


def expire_grants(city: str, cursor: str | None) -> str | None:
    """Return what is left of grants whose last day is over to their programmes, some days of the sweep at a time.

    Gives the cursor of the next step, None when done. Money set aside by a hold is left to the hold.
    """
    first = int(cursor or "1")
    for back in range(first, first + SWEPT_A_STEP):
        _expire_day(city, today() - timedelta(days=back))
    following = first + SWEPT_A_STEP
    return str(following) if following <= SWEEP_DAYS else None


def _expire_day(city: str, day: date) -> None:
    for group in _batches(ledger.expiring(city, day.isoformat())):
        _give_back(city, group)


def _batches(grants: Sequence[Grant]) -> Iterator[Sequence[Grant]]:
    """Groups of one programme, each as large as one transaction takes."""
    in_order = sorted(grants, key=lambda grant: (grant.programme, grant.id))
    for _, of_programme in groupby(in_order, key=lambda grant: grant.programme):
        yield from batched(of_programme, GRANTS_MAX_PER_EXPIRY, strict=False)


def _give_back(city: str, grants: Sequence[Grant]) -> None:
    """All at once; if one of them moved in between, each alone, as it is now."""
    spender = Spender(SYSTEM, SYSTEM, "expire")
    try:
        ledger.give_back(city, grants, "expire", spender)
    except ChangedMeanwhile:
        if len(grants) == 1:
            return  # it moved again: tomorrow's sweep looks at it
        for now_as_it_is in ledger.grants(city, [grant.id for grant in grants]):
            if now_as_it_is.spendable_minor:
                _give_back(city, [now_as_it_is])
    except Frozen:
        return  # the sweep looks back far enough to find them when the freeze ends


def end_reminders(city: str, grant: str) -> None:
    """When nothing of an award can be spent any more, nobody is reminded of its end."""
    known = ledger.grant(city, grant)
    if known is None or _lives(known):
        return
    siblings = [g for g in ledger.grants_of(city, known.person) if g.application == known.application]
    if not any(_lives(sibling) for sibling in siblings):
        commit(letters.grants_done(city, known.application))


def stop_for_the_dead(city: str, subject: str) -> None:
    """Somebody died: what they were awarded stands still until a clerk decides, and nobody is reminded of it."""
    if identity.standing(city, subject).outcome != "deceased":
        return
    for grant in ledger.grants_of(city, facts.head_of(subject)):
        if grant.beneficiary == subject and grant.state == "active":
            try:
                transact([ledger.suspend(city, grant.id), letters.grants_done(city, grant.application)])
            except GrantClosed:
                continue  # it ended meanwhile


def _lives(grant: Grant) -> bool:
    return grant.state in ("active", "suspended") and bool(grant.spendable_minor or grant.held_minor)
