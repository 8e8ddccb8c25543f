"""Programmes from a draft to the archive, and their budget under two signatures."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Literal

from chalicelib.core.clock import now, today
from chalicelib.core.gate import AUTHORISING_OFFICER, BUDGET_OFFICER, Who
from chalicelib.core.ids import digest, new_id
from chalicelib.core.refusals import ChangedMeanwhile, FieldError, WrongRole
from chalicelib.core.table import Key, Write, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Budget, BudgetExhausted, BudgetYearClosed, Receipt, Spender
from chalicelib.money.programmes import store
from chalicelib.money.programmes.model import (
    AlreadySigned,
    AmountDiffers,
    BudgetChange,
    BudgetEffect,
    BudgetUnsigned,
    CutTooDeep,
    NothingToCarryOver,
    Programme,
    ProgrammeState,
    ProgrammeStateForbids,
    ProgrammeUnknown,
    Rules,
    RulesContradict,
    Signature,
    SignsAs,
    faults,
    may_carry_over,
    state_by,
)
from chalicelib.money.programmes.sentences import contradictions
from chalicelib.town.identity import service as identity

SIGNING_TRIES_MAX = 5
RUNNING: tuple[ProgrammeState, ...] = ("scheduled", "open", "exhausted", "spending_only")

type Step = Literal["publish", "pause", "resume", "archive"]


def programme(city: str, id: str) -> Programme:
    """A programme with the rules that hold now. Raises ProgrammeUnknown."""
    known = store.programme(city, id)
    if known is None:
        raise ProgrammeUnknown
    return known


def programme_key_of(city: str, id: str) -> Key:
    """Where a programme lies: for a till's one batch read. Its item gives `noun(Programme)`."""
    return store.programme_key(city, id)


def programmes(city: str) -> list[Programme]:
    """All programmes of the town, drafts and archive too, oldest first."""
    return store.programmes(city)


def public_programmes(city: str) -> list[Programme]:
    """What the public sees: everything once published and not archived."""
    return [programme for programme in store.programmes(city) if programme.is_public]


def public_programme(city: str, id: str) -> Programme:
    """A programme as the public sees it; a draft is as if it were not. Raises ProgrammeUnknown."""
    known = programme(city, id)
    if not known.is_public:
        raise ProgrammeUnknown
    return known


def rules(city: str, id: str, version: int) -> Rules:
    """A version of a programme's rules, by which an application is judged. Raises ProgrammeUnknown."""
    known = store.rules(city, id, version)
    if known is None:
        raise ProgrammeUnknown
    return known


def rules_versions(city: str, id: str) -> list[Rules]:
    return store.rules_versions(city, id)


def create(city: str, rules: Rules, by: Who, id: str = "") -> Programme:
    """A draft with an empty, closed budget. Nobody outside the town hall sees it. Seeding gives its own id."""
    made = Programme(id or new_id(), "draft", replace(rules, version=1), now(), by.id)
    transact([*store.new_programme(city, made), ledger.open_budget(city, made.id)])
    return made


def amend(city: str, id: str, seen: int, rules: Rules) -> Programme:
    """Replace the rules. A draft stays at its version; after publication every edit is a new version.

    Raises ChangedMeanwhile, RulesContradict (a published programme stays consistent), ProgrammeStateForbids.
    """
    known = programme(city, id)
    if known.v != seen:
        raise ChangedMeanwhile
    if known.state in ("closed", "archived"):
        raise ProgrammeStateForbids(known.state)
    if known.published_at is None:
        changed = replace(known, rules=replace(rules, version=known.rules.version))
    else:
        check(rules)
        _check_decides(known.rules, rules)
        changed = replace(known, rules=replace(rules, version=known.rules.version + 1))
        if known.state in RUNNING:
            changed = replace(changed, state=_state_now(city, changed))
    return _save(city, changed, store.rules_write(city, changed))


def check(rules: Rules) -> None:
    """What the public is to see holds together: the rules, their basis, and what the leaflet says of them.

    Raises RulesContradict with every fault, by field.
    """
    found = [*faults(rules, today()), *contradictions(rules)]
    if found:
        raise RulesContradict(found)


def _check_decides(published: Rules, rules: Rules) -> None:
    """People applied trusting how it is decided: after publication that stays. Raises RulesContradict."""
    if rules.decides != published.decides:
        raise RulesContradict(
            [
                FieldError(
                    "decides",
                    "contradiction",
                    "Kdo o žádostech rozhoduje, po zveřejnění změnit nejde. Vraťte původní volbu.",
                    "Who decides applications cannot change after publication. Put the former choice back.",
                )
            ]
        )


def step(city: str, id: str, seen: int, what: Step) -> Programme:
    """Publish, pause, resume or archive. Raises ChangedMeanwhile, ProgrammeStateForbids and what publishing needs."""
    known = programme(city, id)
    if known.v != seen:
        raise ChangedMeanwhile
    if known.state not in _MAY[what]:
        raise ProgrammeStateForbids(known.state)
    return _STEPS[what](city, known)


def _publish(city: str, known: Programme) -> Programme:
    check(known.rules)
    budget = ledger.budget(city, known.id)
    if budget is None or not budget.total_minor:
        raise BudgetUnsigned
    changed = replace(known, published_at=known.published_at or now())
    return _save(city, replace(changed, state=state_by(changed.rules, today(), budget)))


def _pause(city: str, known: Programme) -> Programme:
    """No money is awarded while a programme is paused: its budget is closed with it."""
    return _save(city, replace(known, state="paused"), ledger.set_budget_open(city, known.id, is_open=False))


def _resume(city: str, known: Programme) -> Programme:
    budget = ledger.budget(city, known.id)
    opened = replace(budget, open=True) if budget else None
    state = state_by(known.rules, today(), opened)
    return _save(city, replace(known, state=state), ledger.set_budget_open(city, known.id, is_open=True))


def _archive(city: str, known: Programme) -> Programme:
    return _save(city, replace(known, state="archived"))


_MAY: dict[Step, tuple[ProgrammeState, ...]] = {
    "publish": ("draft",),
    "pause": ("scheduled", "open", "exhausted"),
    "resume": ("paused",),
    "archive": ("draft", "closed"),
}
_STEPS: dict[Step, Callable[[str, Programme], Programme]] = {
    "publish": _publish,
    "pause": _pause,
    "resume": _resume,
    "archive": _archive,
}


def _state_now(city: str, known: Programme) -> ProgrammeState:
    return state_by(known.rules, today(), ledger.budget(city, known.id))


def _save(city: str, changed: Programme, *also: Write) -> Programme:
    transact([store.save_programme(city, changed), *also])
    return replace(changed, v=changed.v + 1)


def follow(city: str, id: str) -> Programme:
    """Bring the state in line with the date and the money. Harmless to repeat; loses to a concurrent edit."""
    known = programme(city, id)
    if known.state not in RUNNING:
        return known
    state = _state_now(city, known)
    return known if state == known.state else _save(city, replace(known, state=state))


# Budget


def budget(city: str, id: str) -> Budget:
    """The programme's ceiling and what of it is free. Raises ProgrammeUnknown."""
    known = ledger.budget(city, id)
    if known is None:
        raise ProgrammeUnknown
    return known


def budget_changes(city: str, id: str) -> list[BudgetChange]:
    return store.budget_changes(city, id)


def unsigned_budgets(city: str) -> list[tuple[Programme, BudgetChange]]:
    """Sums that still wait for a signature, with their programmes: the officers' work."""
    open_ones = [p for p in store.programmes(city) if p.state not in ("closed", "archived")]
    found = [(known, change) for known in open_ones for change in store.budget_changes(city, known.id)]
    return [(known, change) for known, change in found if change.effective_at is None]


def propose_budget(
    city: str, id: str, amount_minor: int, reason: str, by: Who, effect: BudgetEffect = "raise"
) -> BudgetChange:
    """Propose to raise or cut the budget by a sum. It moves nothing until two people sign it. Raises CutTooDeep."""
    _check_state(programme(city, id), effect)
    free_minor = budget(city, id).free_minor
    if effect == "cut" and amount_minor > free_minor:
        raise CutTooDeep(free_minor)
    return _propose(city, BudgetChange(new_id(), id, amount_minor, reason, by.id, now(), effect))


def propose_carry_over(city: str, id: str, reason: str, by: Who) -> BudgetChange:
    """Propose that the next budget year bears what the programme has not paid. Raises NothingToCarryOver."""
    known = programme(city, id)
    _check_state(known, "carry_over")
    ceiling = budget(city, id)
    if not may_carry_over(ceiling, today()):
        raise NothingToCarryOver
    rest_minor, year = ceiling.rest_minor, ceiling.year
    return _propose(city, BudgetChange(new_id(), id, rest_minor, reason, by.id, now(), "carry_over", year))


def _propose(city: str, made: BudgetChange) -> BudgetChange:
    transact([store.new_budget_change(city, made)])
    return made


def _check_state(known: Programme, effect: BudgetEffect) -> None:
    """Money is not put into a programme that has ended, nor into a paused one, whose budget it would open. What is
    left of an ended one can still be cut, and what it has to pay carried over."""
    barred: tuple[ProgrammeState, ...] = ("closed", "archived", "paused") if effect == "raise" else ("archived",)
    if known.state in barred:
        raise ProgrammeStateForbids(known.state)


def sign_budget(city: str, id: str, change: str, signs_as: SignsAs, amount_minor: int, by: Who) -> BudgetChange:
    """Sign a budget change; the second signature carries it out in the same transaction.

    One person never gives both, whatever roles and sign-ins they hold. Signing again in the same role is answered with
    what stands. Raises WrongRole, SignerNotVerified, SamePersonSigns, AlreadySigned, AmountDiffers, CutTooDeep,
    BudgetYearClosed. Source: Act 320/2001 § 26 and Decree 416/2004 § 13: the authorising officer and the budget officer
    are two people.
    """
    for _ in range(SIGNING_TRIES_MAX):
        known = store.budget_change(city, id, change)
        if known is None:
            raise ProgrammeUnknown
        earlier = known.signature(signs_as)
        if earlier is not None and earlier.person == by.id:
            return known
        _check_signature(city, known, signs_as, amount_minor, by)
        _check_state(programme(city, id), known.effect)
        signed = _signed(known, signs_as, Signature(by.id, now()))
        try:
            return _put_signature(city, signed, signs_as, by)
        except ChangedMeanwhile:
            continue  # the other officer signed at the same moment: look again
    raise ChangedMeanwhile


def _check_signature(city: str, known: BudgetChange, signs_as: SignsAs, amount_minor: int, by: Who) -> None:
    role = AUTHORISING_OFFICER if signs_as == "authorising_officer" else BUDGET_OFFICER
    if not by.holds(city, (role,)):
        raise WrongRole
    if known.signature(signs_as) is not None:
        raise AlreadySigned
    other = known.other_signature(signs_as)
    identity.check_signature(city, by.id, other.person if other else "")
    if amount_minor != known.amount_minor:
        raise AmountDiffers(known.amount_minor)


def _signed(known: BudgetChange, signs_as: SignsAs, signature: Signature) -> BudgetChange:
    if signs_as == "authorising_officer":
        return replace(known, authorising_officer=signature)
    return replace(known, budget_officer=signature)


def _put_signature(city: str, signed: BudgetChange, signs_as: SignsAs, by: Who) -> BudgetChange:
    if signed.effect == "carry_over" and signed.effective_at is not None:
        signed = replace(signed, amount_minor=budget(city, signed.programme).rest_minor)
    writes = [store.save_budget_change(city, signed), _leaf(city, signed, signs_as, by)]
    if signed.effective_at is None:
        transact(writes)
    elif _carry_out(city, signed, Spender(by.id, by.app, f"budget.{signed.id}"), writes).replayed:
        return _carried_out_before(city, signed)
    else:
        follow_quietly(city, signed.programme)
    return replace(signed, v=signed.v + 1)


def _carry_out(city: str, signed: BudgetChange, spender: Spender, also: Sequence[Write]) -> Receipt:
    """What the two signatures want, in one transaction with the second of them."""
    id, amount_minor = signed.programme, signed.amount_minor
    coordinates = programme(city, id).rules.coordinates.text
    if signed.effect == "carry_over":
        return ledger.carry_over(city, id, signed.from_year, spender, also, coordinates=coordinates)
    if signed.effect == "raise":
        return ledger.fund(city, id, amount_minor, spender, also, coordinates=coordinates)
    try:
        return ledger.cut(city, id, amount_minor, spender, also, coordinates=coordinates)
    except BudgetExhausted as short:
        raise CutTooDeep(short.free_minor) from None


def _carried_out_before(city: str, signed: BudgetChange) -> BudgetChange:
    """The books have it already: by this change, whose answer was lost, or by another that carried the same year over."""
    stands = store.budget_change(city, signed.programme, signed.id)
    if stands is None or stands.effective_at is None:
        raise BudgetYearClosed(signed.from_year)
    return stands


def _leaf(city: str, signed: BudgetChange, signs_as: SignsAs, by: Who) -> Write:
    """That somebody signed, for the day's seal."""
    id, outcome = digest("decision", signed.id, signs_as), f"{signed.effect}.{signs_as}"
    return ledger.leaf(city, id, "budget", signed.programme, outcome, by=by.id, via=by.app, reason=signed.reason)


def follow_quietly(city: str, id: str) -> None:
    """As `follow`; if somebody edits the programme at this moment, the next tick looks again."""
    with suppress(ChangedMeanwhile):
        follow(city, id)
