"""A clerk's work on applications: the queue, clarifications, decisions; and who moves up when money returns."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from heapq import merge
from itertools import islice
from typing import Any, Literal

from chalicelib.core.clock import Instant, day_of, from_text, now, today
from chalicelib.core.gate import CLERK, PROGRAMME_OWNER, Who
from chalicelib.core.ids import digest, new_id
from chalicelib.core.refusals import ChangedMeanwhile, CursorInvalid, KeyUsedForOtherRequest, NotFound, Refusal
from chalicelib.core.table import Item, Page, Write, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import AlreadyAwarded, BudgetExhausted, BudgetNotOpen, Frozen, NewGrant, Spender
from chalicelib.money.programmes import facts, funding, letters, store
from chalicelib.money.programmes.applying import (
    Case,
    application,
    ask_registry,
    awaits,
    case_of,
    event_write,
    free_places,
    under_rules,
    undone_decline,
)
from chalicelib.money.programmes.eligibility import MENDABLE, Condition, checks, not_met, require
from chalicelib.money.programmes.leaves import leaf
from chalicelib.money.programmes.model import (
    DECIDABLE,
    DECLINE_UNDO,
    OPEN_STATES,
    SYSTEM,
    AlreadyDecided,
    Application,
    ApplicationState,
    ApplicationStateForbids,
    DecidedInOrder,
    DeclineTold,
    Document,
    DocumentsNotOpened,
    Figures,
    HouseholdAwarded,
    Judged,
    NotYetVerified,
    Programme,
    Rules,
    SecondProofNeeded,
    SpendingOver,
    VerdictsMissing,
    new_grants,
)
from chalicelib.town.identity import service as identity
from chalicelib.town.identity.model import ConflictOfInterest, Standing
from chalicelib.town.people import service as people
from chalicelib.town.people.model import age_on
from chalicelib.town.towns import service as towns
from chalicelib.town.towns.model import AddressUnknown

type View = Literal["to_decide", "mine", "waiting_for_citizen", "overdue", "arrived", "all"]
type Outcome = Literal["approve", "decline"]

VIEWS: tuple[View, ...] = ("to_decide", "mine", "waiting_for_citizen", "overdue", "arrived", "all")
PROMOTED_A_STEP = 20
NEVER_STOPS = ("window", "budget", "once", "household_award")
"""Conditions that do not stop an approval: it was in time, the ledger judges the money, keys judge who came once."""


# The queue


@dataclass(frozen=True)
class QueueRow:
    """A line of the queue; `age` is of the beneficiary today."""

    id: str
    number: str
    programme: str
    name: str
    age: int
    applicant: str
    for_self: bool
    amount_minor: int
    state: ApplicationState
    checks: str
    assigned_to: str
    assigned_name: str
    received_at: Instant
    decide_by: date | None
    deadline: date | None


def _row(card: Mapping[str, Any]) -> QueueRow:
    def day(name: str) -> date | None:
        return date.fromisoformat(card[name]) if card[name] else None

    born = date.fromisoformat(card["birth_date"])
    same = ("id", "number", "programme", "name", "applicant", "for_self", "amount_minor", "state", "checks")
    return QueueRow(
        **{name: card[name] for name in (*same, "assigned_to", "assigned_name")},
        age=age_on(born, today()),
        received_at=from_text(card["received_at"]),
        decide_by=day("decide_by"),
        deadline=day("deadline"),
    )


def _open_rows(city: str, states: Sequence[ApplicationState]) -> list[QueueRow]:
    """Open work in order of submission."""
    rows = [_row(row.card) for state in states for row in store.in_state(city, state)]
    return sorted(rows, key=lambda row: (row.received_at, row.id))


_IN_VIEW: dict[str, Callable[[QueueRow, str, date], bool]] = {
    "to_decide": lambda row, _me, _day: row.state in ("submitted", "in_review"),
    "mine": lambda row, me, _day: row.assigned_to == me,
    "waiting_for_citizen": lambda row, _me, _day: row.state == "returned",
    "overdue": lambda row, _me, day: row.decide_by is not None and row.decide_by < day and row.state != "returned",
}
_OPEN_FOR_CLERKS: tuple[ApplicationState, ...] = ("submitted", "in_review", "verifying", "returned")


@dataclass(frozen=True)
class Queue:
    """A page of a view, and over the whole view how many and how much."""

    items: tuple[QueueRow, ...]
    next: str | None
    count: int | None = None
    total_minor: int | None = None


def counts(city: str, by: Who, programme: str = "") -> dict[str, int]:
    """How many applications each view of open work has, and how many wait for their turn in order of receipt."""
    rows = [row for row in _open_rows(city, _OPEN_FOR_CLERKS) if programme in ("", row.programme)]
    of_work = {view: sum(fits(row, by.id, today()) for row in rows) for view, fits in _IN_VIEW.items()}
    return of_work | {"arrived": len(_arrived_rows(city, programme))}


def _arrived_rows(city: str, programme: str) -> list[QueueRow]:
    """What waits for the allocators, in order of receipt: nobody's work, but to be seen."""
    by_arrival = [known.id for known in _by_arrival(city) if programme in ("", known.id)]
    rows = merge(*(store.awaiting(city, id, now(), waiting=False) for id in by_arrival), key=lambda row: row.sort)
    return [_row(row.card) for row in islice(rows, store.QUEUE_READ_MAX)]


def _by_arrival(city: str) -> list[Programme]:
    return [known for known in funding.programmes(city) if known.rules.decides == "arrival" and known.published_at]


def queue(
    city: str,
    view: View,
    by: Who,
    *,
    programme: str = "",
    state: str = "",
    number: str = "",
    limit: int = 25,
    cursor: str | None = None,
) -> Queue:
    """A view of the queue, oldest first; `all` goes through every state, the open ones first and newest first.

    A number finds the one application that bears it, whatever the view, or none.
    """
    if number:
        return _numbered(city, number)
    if view == "all":
        page = _all(city, programme, state, limit, cursor)
        return Queue(page.items, page.next)
    rows = _arrived_rows(city, programme) if view == "arrived" else _in_view(city, view, by)
    rows = [row for row in rows if programme in ("", row.programme) and state in ("", row.state)]
    first = next((n for n, row in enumerate(rows, 1) if row.id == cursor), 0)
    shown = rows[first : first + limit]
    following = shown[-1].id if first + limit < len(rows) else None
    return Queue(tuple(shown), following, len(rows), sum(row.amount_minor for row in rows))


def _in_view(city: str, view: View, by: Who) -> list[QueueRow]:
    fits = _IN_VIEW[view]
    return [row for row in _open_rows(city, _OPEN_FOR_CLERKS) if fits(row, by.id, today())]


def _numbered(city: str, number: str) -> Queue:
    id = store.by_number(city, number)
    found = [_row(store.card(application(city, id)))] if id else []
    return Queue(tuple(found), None, len(found), sum(row.amount_minor for row in found))


ALL_PAGES_MAX = 60


def _all(city: str, programme: str, state: str, limit: int, cursor: str | None) -> Page[QueueRow]:
    """One state after another; the cursor says which and where."""
    chain = _chain(city, programme, state)
    place, _, inner = (cursor or "0.").partition(".")
    if not re.fullmatch("[0-9]{1,3}", place):
        raise CursorInvalid
    at = min(int(place), len(chain))
    found: list[QueueRow] = []
    for _ in range(ALL_PAGES_MAX):
        if at >= len(chain):
            return Page(tuple(found))
        page = store.page_of_partition(chain[at], limit - len(found), inner or None)
        found += [_row(row.card) for row in page.items if programme in ("", row.card["programme"])]
        at, inner = (at, page.next) if page.next else (at + 1, "")
        if len(found) >= limit:
            break
    return Page(tuple(found), f"{at}.{inner}" if at < len(chain) else None)


def _chain(city: str, programme: str, state: str) -> list[str]:
    """The partitions of the view `all`: waiting lists are by programme, and so are arrivals, in their buckets."""
    programmes = [programme] if programme else [known.id for known in funding.programmes(city)]
    states = [state] if state else [*OPEN_STATES, "approved", "declined", "withdrawn", "lapsed"]
    chain = [
        store.queue_partition(city, name, waits)
        for name in states
        for waits in (programmes if name == "waiting" else [""])
        if name != "draft"
    ]
    arrived = [id for id in programmes if id in {known.id for known in _by_arrival(city)}]
    return [*(one for id in arrived for one in store.own_partitions(city, id, states)), *chain]


# What to judge


@dataclass(frozen=True)
class Difference:
    """One datum as it was stated and as the registry has it ("" where it is not told). Spelling without diacritics
    does not make it differ."""

    field: Literal["name", "birth_date", "address"]
    stated: str
    registry: str
    differs: bool


@dataclass(frozen=True)
class Opening:
    """Everything a clerk judges by."""

    application: Application
    rules: Rules
    conditions: tuple[Condition, ...]
    documents: tuple[Document, ...]
    differences: tuple[Difference, ...]
    checked_at: Instant | None
    free_minor: int
    conflict: bool


def opening(city: str, id: str, by: Who) -> Opening:
    """An application with what it is judged by; that it was looked at is noted."""
    known = application(city, id)
    people.note_access(city, by, "read", subject=known.person)
    case = case_of(city, known)
    return Opening(
        application=known,
        rules=case.rules,
        conditions=case.conditions,
        documents=case.documents,
        differences=_differences(city, known) if case.standing.verified else (),
        checked_at=case.standing.checked_at,
        free_minor=_free_minor(city, case),
        conflict=identity.is_partial(city, by.id, known.person, known.beneficiary),
    )


def _differences(city: str, known: Application) -> tuple[Difference, ...]:
    verification = identity.member(city, known.beneficiary).verification
    if verification is None or verification.by:
        return ()  # a clerk read a document: there is no registry to differ from
    stated, differs = known.stated, verification.differs
    name, home = verification.registry_name, verification.residence
    born = stated.birth_date.isoformat()
    return (
        Difference("name", stated.name, f"{name.given_names} {name.surname}" if name else "", "name" in differs),
        Difference("birth_date", born, "" if "birth_date" in differs else born, "birth_date" in differs),
        Difference("address", stated.address, _address(city, home.address_code) if home else "", "address" in differs),
    )


def _address(city: str, code: str) -> str:
    """The text of an address code of the town; one of elsewhere stays a code."""
    try:
        return towns.address(city, code).text if code else ""
    except AddressUnknown:
        return code


def why_not_decided(_old: Item | None) -> Exception:
    """What it means that an application is no longer as it was when somebody wanted to decide it."""
    state = getattr(_old, "state", "")
    return ChangedMeanwhile() if state in (*DECIDABLE, "verifying") else AlreadyDecided(state)


def _check_open(known: Application, allowed: Sequence[ApplicationState]) -> None:
    if known.state in allowed:
        return
    if known.decided_at is not None or known.state == "waiting":
        raise AlreadyDecided(known.state)
    raise ApplicationStateForbids(known.state)


def _check_impartial(city: str, known: Application, by: Who) -> None:
    identity.check_impartial(city, by.id, known.person, known.beneficiary)


def _check_for_clerks(known: Application) -> None:
    if known.has_arrived:
        raise DecidedInOrder


def assign(city: str, id: str, to: str, by: Who) -> Application:
    """Give an application to a clerk, or to nobody; whoever takes a submitted one begins its review.

    Raises ConflictOfInterest where the clerk would judge themselves or their family; to give it away they may.
    """
    known = application(city, id)
    _check_for_clerks(known)
    if to and identity.is_partial(city, to, known.person, known.beneficiary):
        raise ConflictOfInterest
    _check_open(known, (*DECIDABLE, "verifying"))
    if to and not {CLERK, PROGRAMME_OWNER} & set(people.staff_roles_now(city, to)):
        raise NotFound
    name = people.names([to]).get(to, "") if to else ""
    states: dict[str, ApplicationState] = {"submitted": "in_review"} if to else {"in_review": "submitted"}
    changed = replace(known, assigned_to=to, assigned_name=name, state=states.get(known.state, known.state))
    at = now()
    transact(
        [
            store.save_application(city, changed, known, why_not_decided),
            event_write(city, known, "assigned" if to else "unassigned", by, at, name, private=True),
        ]
    )
    return replace(changed, v=known.v + 1)


def add_note(city: str, id: str, text: str, by: Who) -> None:
    """A note for colleagues; the applicant does not see it."""
    known = application(city, id)
    transact([event_write(city, known, "note", by, now(), text, private=True)])


def clarify(city: str, id: str, question: str, days: int, by: Who) -> Application:
    """Ask the applicant for more, with a deadline in days; without an answer the application lapses."""
    known = application(city, id)
    _check_for_clerks(known)
    _check_impartial(city, known, by)
    _check_open(known, ("submitted", "in_review", "verifying"))
    asked = replace(known, state="returned", question=question, deadline=today() + timedelta(days=days))
    rules = under_rules(city, known).rules
    transact(
        [
            store.save_application(city, asked, known, why_not_decided),
            *letters.returned(city, asked, rules),
            event_write(city, known, "returned", by, now(), question),
        ]
    )
    return replace(asked, v=known.v + 1)


# Decisions


@dataclass(frozen=True)
class Decision:
    """`verdicts` say of the conditions that a person has to judge whether they hold, by their codes."""

    outcome: Outcome
    reason: str = ""
    verdicts: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Decided:
    """What a decision led to: `approved`, `declined` or `waiting`. `replayed` when it was made before by this key."""

    application: Application
    programme: Programme
    replayed: bool = False


def decide(city: str, id: str, decision: Decision, by: Who, key: str) -> Decided:
    """Approve or decline. An approval is one transaction under the programme's ceiling; when the money is used up or
    others wait before it, the application waits for its turn.

    Raises AlreadyDecided, DecidedInOrder, HouseholdAwarded, ConflictOfInterest, NotYetVerified, SecondProofNeeded,
    ConditionsNotMet, DocumentsNotOpened, VerdictsMissing, SpendingOver, BudgetNotOpen, AlreadyAwarded, AlreadyApplied, BudgetExhausted (where there is no waiting list).
    """
    known = application(city, id)
    said = sorted(f"{code}:{holds}" for code, holds in decision.verdicts.items())
    receipt = f"{digest(by.id, key)}.{digest(decision.outcome, decision.reason, *said)}"
    earlier = _replayed(city, known, receipt)
    if earlier:
        return earlier
    _check_for_clerks(known)
    _check_impartial(city, known, by)
    approves = decision.outcome == "approve"
    try:
        _check_open(known, DECIDABLE if approves else (*DECIDABLE, "verifying"))
        case = case_of(city, known)
        verb = _approve if approves else _decline
        return Decided(verb(city, case, decision, by, receipt), case.programme)
    except AlreadyDecided:
        ours = _replayed(city, application(city, id), receipt)
        if ours:
            return ours  # our own first answer was lost on the way
        raise


def _replayed(city: str, known: Application, receipt: str) -> Decided | None:
    if not known.decision or known.decision.partition(".")[0] != receipt.partition(".")[0]:
        return None
    if known.decision != receipt:
        raise KeyUsedForOtherRequest
    return Decided(known, under_rules(city, known), replayed=True)


def _decline(city: str, case: Case, decision: Decision, by: Who, receipt: str) -> Application:
    known, at = case.application, now()
    changed = replace(
        known,
        state="declined",
        reason=decision.reason,
        decided_by=by.id,
        decided_at=at,
        deadline=None,
        question="",
        decision=receipt,
    )
    transact(
        [
            store.save_application(city, changed, known, why_not_decided),
            *(store.hold_once(city, known, subject, at + DECLINE_UNDO) for subject in facts.subjects(known)),
            *letters.no_more_reminders(city, known),
            letters.declined(city, changed, case.rules),
            event_write(city, known, "declined", by, at, decision.reason, figures=figures(city, case, decision, by)),
            leaf(city, known, "declined", by, decision.reason),
        ]
    )
    return replace(changed, v=known.v + 1)


def _approve(city: str, case: Case, decision: Decision, by: Who, receipt: str) -> Application:
    _check_may_award(case)
    seen = figures(city, case, decision, by)
    _check_judged(case, seen)
    waiting_list = case.rules.waiting_list
    if waiting_list and _others_before(city, case.application):
        return _wait(city, case, by, receipt, seen)
    try:
        return _award(city, case.application, case.rules, case.standing, by.id, by, receipt, decision.reason, seen)
    except BudgetExhausted:
        if not waiting_list:
            raise
        return _wait(city, case, by, receipt, seen)


def figures(city: str, case: Case, decision: Decision, by: Who) -> Figures:
    """What a decision stands on at this moment."""
    known = case.application
    free_minor = _free_minor(city, case)
    asked_minor = known.amount_minor if decision.outcome == "approve" else 0
    received = day_of(known.received_at) if known.received_at else today()
    return Figures(
        rules_version=known.rules_version,
        amount_minor=known.amount_minor,
        age=age_on(known.stated.birth_date, case.rules.who.age_on or received),
        free_before_minor=free_minor,
        free_after_minor=max(free_minor - asked_minor, 0),
        conditions=tuple(Judged(c.code, c.verdict, c.value, decision.verdicts.get(c.code)) for c in case.conditions),
        documents=tuple(d.id for d in case.documents if by.id in (d.opened_by or ())),
    )


def _free_minor(city: str, case: Case) -> int:
    """The money left, which is no fact of a case where the order of receipt decides."""
    known_minor = case.facts.free_minor
    return facts.free_minor(city, case.programme.id) if known_minor is None else known_minor


def _check_judged(case: Case, seen: Figures) -> None:
    """A person has judged what only a person can, with the documents before their eyes."""
    by_person = [judged for judged in seen.conditions if judged.verdict == "to_judge"]
    if any(judged.code == "documents" for judged in by_person):
        arrived = [document for document in case.documents if document.arrived_at]
        unread = [document.name for document in arrived if document.id not in seen.documents]
        if unread:
            raise DocumentsNotOpened(", ".join(unread))
    unjudged = [judged.code for judged in by_person if not judged.holds]
    if unjudged:
        raise VerdictsMissing(unjudged)


def undo_decline(city: str, id: str, by: Who) -> Application:
    """Take a decline back before its applicant is told: the application is under review again.

    Till then nobody could take its place in the programme.
    Raises DeclineTold once they are, ApplicationStateForbids, ConflictOfInterest.
    """
    known = application(city, id)
    if known.undo_until is None:
        raise ApplicationStateForbids(known.state)
    _check_impartial(city, known, by)
    changed = replace(known, state=known.state_of_review, reason="", decided_by="", decided_at=None, decision="")
    transact(
        [
            store.save_application(city, changed, known, why_not_decided),
            *undone_decline(city, known, by, now(), DeclineTold()),
            *(store.claim_once(city, known, subject) for subject in facts.subjects(known)),
        ]
    )
    return replace(changed, v=known.v + 1)


def _check_may_award(case: Case) -> None:
    """What the registry and the rules say against an award. The money is the ledger's to judge."""
    standing, rules = case.standing, case.rules
    if not standing.verified or not standing.may_act:
        raise NotYetVerified
    if rules.second_proof and not standing.second_proof:
        raise SecondProofNeeded
    require([condition for condition in case.conditions if condition.code not in NEVER_STOPS])
    if today() > rules.spending_to:
        raise SpendingOver


def _others_before(city: str, known: Application) -> bool:
    """Whether somebody who applied earlier waits for the same money."""
    first = next(store.in_state(city, "waiting", known.programme, 1), None)
    return first is not None and known.received_at is not None and _row(first.card).received_at < known.received_at


def _award(
    city: str,
    known: Application,
    rules: Rules,
    standing: Standing,
    clerk: str,
    by: Who | str,
    receipt: str,
    reason: str = "",
    seen: Figures | None = None,
) -> Application:
    """The one transaction of an approval: application, ceiling, grants, their transfers, history, the good news."""
    settled = replace(known, subject_ref=known.subject_ref or standing.subject_ref)
    at = now()
    grants = new_grants(rules, settled, at, day_of(at))
    changed = replace(
        settled,
        state="approved",
        reason=reason,
        decided_by=clerk,
        decided_at=at,
        deadline=None,
        question="",
        grants=tuple(grant.id for grant in grants),
        decision=receipt,
    )
    # The key is of this try: which try of a decision was the first, the application's own state says.
    spender = Spender(SYSTEM, SYSTEM, known.id) if isinstance(by, str) else Spender(by.id, by.app, new_id())
    household = facts.household_of(rules, standing)
    also = [
        *_with_award(city, known, changed, rules, grants, by, at, seen),
        *([store.claim_household(city, changed, household)] if household else []),
    ]
    ledger.allot(city, grants, spender, also=also)
    return replace(changed, v=known.v + 1)


def _with_award(
    city: str,
    known: Application,
    changed: Application,
    rules: Rules,
    grants: Sequence[NewGrant],
    by: Who | str,
    at: Instant,
    seen: Figures | None,
) -> list[Write]:
    return [
        store.save_application(city, changed, known, why_not_decided),
        *(store.claim_once(city, changed, subject) for subject in facts.subjects(changed)),
        *letters.no_more_reminders(city, known),
        *letters.approved(city, changed, rules, grants),
        event_write(city, known, "approved", by, at, changed.reason, figures=seen),
        leaf(city, known, "approved", by, changed.reason),
    ]


def _wait(city: str, case: Case, by: Who, receipt: str, seen: Figures) -> Application:
    """Everything is fine but the money: the application takes its place in the waiting list."""
    known, at = case.application, now()
    changed = replace(known, state="waiting", decided_by=by.id, deadline=None, question="", decision=receipt)
    transact(
        [
            store.save_application(city, changed, known, why_not_decided),
            *letters.no_more_reminders(city, known),
            letters.waiting(city, changed, case.rules),
            event_write(city, known, "waiting", by, at, figures=seen),
            leaf(city, known, "waiting", by),
        ]
    )
    return replace(changed, v=known.v + 1)


@dataclass(frozen=True)
class BulkRow:
    """How one application of a bulk decision ended: its state, or the refusal."""

    id: str
    state: str = ""
    refusal: Refusal | None = None


def decide_many(city: str, ids: Sequence[str], decision: Decision, by: Who, key: str) -> list[BulkRow]:
    """Decide many, each for itself: one refusal stops nobody else."""
    return [_decide_row(city, id, decision, by, key) for id in dict.fromkeys(ids)]


def _decide_row(city: str, id: str, decision: Decision, by: Who, key: str) -> BulkRow:
    try:
        return BulkRow(id, decide(city, id, decision, by, key).application.state)
    except Refusal as refusal:
        return BulkRow(id, refusal=refusal)


# What time, money and the registry bring


def promote(city: str, programme: str) -> int:
    """Award those who wait, in order of submission, while the money lasts. Returns how many.

    At most PROMOTED_A_STEP at once: each award moves the budget, whose news call for the next.
    """
    rules = funding.programme(city, programme).rules
    if today() > rules.spending_to or facts.free_minor(city, programme) < rules.amount_minor:
        return 0
    awarded = 0
    for known in _waiting(city, programme):
        if awarded == PROMOTED_A_STEP:
            break
        try:
            bound, standing = under_rules(city, known).rules, identity.standing(city, known.beneficiary)
            _award(city, known, bound, standing, known.decided_by, SYSTEM, known.decision)
            awarded += 1
        except (BudgetExhausted, BudgetNotOpen, Frozen):
            break
        except (AlreadyAwarded, HouseholdAwarded):
            _hand_over(city, known)
        except Refusal:
            continue  # decided or withdrawn meanwhile: the next one is in turn
    return awarded


def _waiting(city: str, programme: str) -> Iterator[Application]:
    for row in store.in_state(city, "waiting", programme, limit=None):
        known = store.application(city, row.card["id"])
        if known is not None and known.state == "waiting":
            yield known


def _hand_over(city: str, known: Application) -> None:
    """The person or the household has its award already: a clerk looks why, and it holds up nobody behind it."""
    case = case_of(city, known)
    then = replace(known, state="in_review", decided_by="", decision="", checks=checks(case.conditions))
    with suppress(AlreadyDecided, ChangedMeanwhile):
        transact(
            [
                store.save_application(city, then, known, why_not_decided),
                letters.submitted(city, then, case.rules),
                event_write(city, known, "handed_over", SYSTEM, now()),
                leaf(city, known, "handed_over", SYSTEM),
            ]
        )


def lapse(city: str) -> int:
    """End returned applications whose deadline has passed. Returns how many."""
    day = today().isoformat()
    late = [row for row in store.in_state(city, "returned") if row.card["deadline"] < day]
    return sum(_lapse(city, row.card["id"]) for row in late)


def _lapse(city: str, id: str) -> bool:
    known = application(city, id)
    if known.state != "returned" or known.deadline is None or known.deadline >= today():
        return False
    at = now()
    changed = replace(known, state="lapsed", decided_at=at, decided_by=SYSTEM)
    try:
        transact(
            [
                store.save_application(city, changed, known, why_not_decided),
                *free_places(city, known),
                *letters.no_more_reminders(city, known),
                letters.lapsed(city, known, under_rules(city, known).rules),
                event_write(city, known, "lapsed", SYSTEM, at),
            ]
        )
    except (AlreadyDecided, ChangedMeanwhile):
        return False
    return True


def heard_of(city: str, subject: str) -> None:
    """The registry (or a clerk by a document) said something of somebody: their open applications follow.

    A `verifying` one becomes `submitted` once nothing is awaited, verified or not; the others show their new checks.
    """
    head = facts.head_of(subject)
    for row in store.open_of_person(city, head):
        if row.card["state"] in ("verifying", "submitted", "in_review", "returned"):
            recheck(city, application(city, row.card["id"]))


def recheck(city: str, known: Application) -> None:
    """Bring what is noted of an open application in line with what the registry says now."""
    if known.state not in ("verifying", *DECIDABLE):
        return
    case = case_of(city, known)
    found = case.conditions
    ref = known.subject_ref or case.standing.subject_ref
    state = known.state
    if state == "verifying" and not may_still_be_proved(found):
        state = "submitted"
    changed = replace(known, state=state, subject_ref=ref, checks=checks(found))
    if changed == known:
        return
    writes = [store.save_application(city, changed, known, why_not_decided)]
    if state != known.state:
        what = "verified" if case.standing.verified else "handed_over"
        writes.append(event_write(city, known, what, SYSTEM, now()))
    if not any(condition.code == "once" for condition in not_met(found)):
        writes += [store.claim_once(city, changed, subject) for subject in facts.subjects(changed)]
    transact(writes)


def ask_again(city: str) -> int:
    """The sweep behind a submission: whoever waits for the registry without an open question is asked about."""
    found = [application(city, row.card["id"]) for row in store.in_state(city, "verifying")]
    unasked = [known for known in found if known.state == "verifying" and _is_unasked(city, known)]
    for known in unasked:
        ask_registry(city, known)
    return len(unasked)


def _is_unasked(city: str, known: Application) -> bool:
    by_hand = towns.town(city).verification == "by_hand"
    asked = [identity.member(city, subject).verification for subject in {known.person, known.beneficiary}]
    return any(one is None or (one.outcome == "pending" and not one.job and not by_hand) for one in asked)


def may_still_be_proved(found: Sequence[Condition]) -> bool:
    """Whether the registry still has to answer, or the applicant can mend what it did not find."""
    return awaits(found) or any(c.code == "verification" and c.value in MENDABLE for c in not_met(found))
