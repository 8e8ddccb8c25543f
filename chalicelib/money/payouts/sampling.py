"""The control sample: redemptions of a payout that wait for a clerk's look before money is released."""

from dataclasses import replace

from chalicelib.core.clock import now
from chalicelib.core.gate import Who
from chalicelib.core.refusals import NotFound
from chalicelib.core.table import Page, Write, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Spender, Transfer
from chalicelib.money.payouts import building, store
from chalicelib.money.payouts.model import Line, Payout, Sample, SampleLooked, SampleState, grown
from chalicelib.town.identity import service as identity


def samples(city: str, payout: str, limit: int, cursor: str | None) -> Page[Sample]:
    """The control sample of a payout. Raises NotFound."""
    store.payout(city, payout)
    return store.samples(city, payout, limit, cursor)


def samples_waiting(city: str, limit: int, cursor: str | None) -> Page[Sample]:
    """What waits for a clerk in the town: samples to be looked at, and redemptions set aside, oldest first."""
    return store.samples_waiting(city, limit, cursor)


def samples_open(city: str, payout: str) -> int:
    """How many samples of a payout nobody has looked at."""
    return store.samples_open(city, payout)


def pass_sample(city: str, payout: str, redemption: str, who: Who) -> Sample:
    """A clerk looked at a redemption and it is as it should be. Raises SampleLooked, NotFound."""
    return _looked(city, _open(city, payout, redemption, "open", who), "ok", "", who, [])


def set_aside(city: str, payout: str, redemption: str, reason: str, who: Who) -> Sample:
    """A clerk drops a redemption from the payout: it waits with a reason. Signatures under another sum are void.

    Raises SampleLooked when somebody was faster or the payout is released, NotFound.
    """
    sample = _open(city, payout, redemption, "open", who)
    current, line, redeemed = _held(city, sample)
    if not current.built or current.state not in ("draft", "authorised"):
        raise SampleLooked
    smaller = grown(line, [redeemed], -1)
    after = replace(
        current,
        state="draft",
        authorised_by="",
        authorised_at=None,
        total_minor=current.total_minor + building.payable_minor(smaller) - building.payable_minor(line),
        lines=current.lines + building.is_for_nothing(line) - building.is_for_nothing(smaller),
    )
    writes = [
        ledger.set_aside(city, redeemed, line.id, sample.slot),
        store.changed_line(city, building.settled_by_offset(smaller) if smaller.amount_minor >= 0 else smaller),
        store.changed(city, after),
    ]
    done = _looked(city, sample, "set_aside", reason, who, writes)
    if building.is_for_nothing(smaller):
        building.drop(city, current, replace(smaller, v=line.v + 1))
    return done


def let_go(city: str, payout: str, redemption: str, who: Who) -> Sample:
    """What was set aside is in order after all: it is owed again and the next payout takes it. Raises SampleLooked."""
    sample = _open(city, payout, redemption, "set_aside", who)
    back = ledger.let_go(city, _redeemed(city, sample), sample.slot)
    return _looked(city, sample, "let_go", sample.reason, who, [back])


def undo_sample(city: str, payout: str, redemption: str, who: Who) -> Sample:
    """What was set aside was not so: the redemption is taken back and the money is on the grant again."""
    sample = _open(city, payout, redemption, "set_aside", who)
    grant = ledger.grant(city, sample.grant)
    if grant is None:
        raise NotFound
    done, writes = _as_looked(city, sample, "undone", sample.reason, who)
    spender = Spender(by=who.id, via=who.app, key=f"{sample.slot}.undo")
    ledger.undo(city, grant, redemption, spender, writes, withheld_as=sample.slot)
    return done


def _open(city: str, payout: str, redemption: str, state: SampleState, who: Who) -> Sample:
    """A redemption that waits for this look, by somebody whom it does not concern. Raises ConflictOfInterest."""
    sample = store.sample(city, payout, redemption)
    if sample is None:
        raise NotFound
    if sample.state != state:
        raise SampleLooked
    grant = ledger.grant(city, sample.grant)
    concerned = (grant.person, grant.beneficiary) if grant else ()
    identity.check_impartial(city, who.id, *concerned, providers=[sample.provider])
    return sample


def _held(city: str, sample: Sample) -> tuple[Payout, Line, Transfer]:
    line = store.line(city, sample.payout, sample.provider)
    if line is None:
        raise SampleLooked
    return store.payout(city, sample.payout), line, _redeemed(city, sample)


def _redeemed(city: str, sample: Sample) -> Transfer:
    redeemed = ledger.transfer(city, sample.grant, sample.redemption)
    if redeemed is None:
        raise NotFound
    return redeemed


def _looked(city: str, sample: Sample, state: SampleState, reason: str, who: Who, also: list[Write]) -> Sample:
    done, writes = _as_looked(city, sample, state, reason, who)
    transact([*writes, *also])
    return done


def _as_looked(city: str, sample: Sample, state: SampleState, reason: str, who: Who) -> tuple[Sample, list[Write]]:
    """The sample as the look leaves it, and its writes: the item, and the decision as a leaf of the day's seal."""
    at = now()
    done = replace(sample, state=state, looked_by=who.id, looked_at=at, reason=reason)
    id = f"{sample.redemption}.{sample.v}"
    leaf = ledger.leaf(city, id, "sample", sample.payout, state, by=who.id, via=who.app, reason=reason, at=at)
    return replace(done, v=sample.v + 1), [store.looked(city, done), leaf]
