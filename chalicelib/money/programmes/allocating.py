"""A click-day: where the order of receipt decides, one allocator a programme awards, in that order.

A submission only arrives. The allocator holds a lease, takes what arrived a while ago from all buckets in order of
receipt, looks whether each may have the contribution, and approves as many at once as a transaction takes: the
applications, their grants and transfers, and the one row of the ceiling. Two allocators at once would only be slower:
versions, keys and the ceiling judge every award. What people are told follows from the application, in writes of its
own, and a crash between the two leaves a mark by which the next run finds it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, batched
from math import ceil
from typing import Literal

from chalicelib.core import work
from chalicelib.core.clock import Instant, day_of, now, today
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import ChangedMeanwhile, NotFound, Refusal, TryAgain
from chalicelib.core.table import TRANSACT_ITEMS_MAX, Row, Write, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import (
    GRANTS_PER_TRANSACTION_MAX,
    AlreadyAwarded,
    BudgetExhausted,
    BudgetNotOpen,
    Frozen,
    NewGrant,
    Spender,
)
from chalicelib.money.programmes import facts, funding, letters, reviewing, store
from chalicelib.money.programmes.applying import ask_registry, event_write, free_places
from chalicelib.money.programmes.eligibility import Condition, checks, conditions
from chalicelib.money.programmes.leaves import leaf
from chalicelib.money.programmes.model import (
    SYSTEM,
    AlreadyDecided,
    Application,
    ApplicationState,
    HouseholdAwarded,
    Programme,
    Rules,
    new_grants,
    subject_of,
)
from chalicelib.town.identity import service as identity
from chalicelib.town.identity.model import Standing

SETTLES = timedelta(seconds=5)
"""How long an arrival is left alone: an index lags behind, and who came first must be seen first."""
RUNS_EVERY = timedelta(seconds=5)
"""Wishes for a run within this time are one."""
AWARDS_MAX = GRANTS_PER_TRANSACTION_MAX
"""Grants that one transaction opens: with its application and transfer each, and the ceiling, 97 items of a hundred."""
NEWS_READ_MAX = 20
STEP = timedelta(seconds=20)
"""How long one run awards before it lets the queue call it again; its news take about as long."""

NO_MONEY = (
    "Peníze programu stačily na dříve přijaté žádosti. The money of the programme covered those received earlier."
)


# Waking


def ask_for_run(city: str, programme: str) -> None:
    """Have the allocator run once what has arrived by now has settled. Many wishes make one run."""
    at = now()
    every = RUNS_EVERY.total_seconds()
    due = datetime.fromtimestamp(ceil((at + SETTLES).timestamp() / every) * every, UTC)
    if store.want_allocator(city, programme, due):
        _send(city, programme, (due - at).total_seconds())


def _send(city: str, programme: str, delay_seconds: float) -> None:
    work.send("programmes", {"job": "allocate", "city": city, "cursor": programme}, ceil(delay_seconds))


def arrived(city: str, application: str) -> None:
    """An application was written: if it waits for its turn, somebody has to come for it."""
    known = store.application(city, application)
    if known is not None and (known.has_arrived or known.untold):
        ask_for_run(city, known.programme)


def ask_for_runs(city: str) -> None:
    """The sweep behind the stream: every programme where the order of receipt decides gets a run."""
    for known in funding.programmes(city):
        if known.rules.decides == "arrival" and known.published_at and known.state != "archived":
            ask_for_run(city, known.id)


def follow_money(city: str, programme: str) -> int:
    """A budget moved: those who wait come first, then the programme's state. Returns how many moved up at once."""
    awarded = 0
    if funding.programme(city, programme).rules.decides == "arrival":
        ask_for_run(city, programme)
    else:
        awarded = reviewing.promote(city, programme)
    funding.follow_quietly(city, programme)
    return awarded


# A run


def allocate(city: str, programme: str) -> str | None:
    """One run of a programme's allocator, if nobody else is at it. Gives the programme again when more is left."""
    me = new_id()
    try:
        store.lease_allocator(city, programme, me, now())
    except store.AllocatorBusy as busy:
        _send(
            city, programme, max((busy.until - now()).total_seconds(), 1)
        )  # it may be dead: look when its time is out
        return None
    try:
        return programme if _Run(city, funding.programme(city, programme), me).goes_on() else None
    except store.AllocatorBusy:
        return None  # it took so long that somebody else took over
    except TryAgain:
        _send(city, programme, SETTLES.total_seconds())
        return None
    finally:
        store.leave_allocator(city, programme, me)
        funding.follow_quietly(city, programme)


type Verdict = Literal["fits", "verifying", "in_review"]


@dataclass(frozen=True)
class _Candidate:
    """An application in its turn, with all that its award needs."""

    application: Application
    rules: Rules
    verdict: Verdict
    found: tuple[Condition, ...] = ()
    subject_ref: str = ""
    household: str = ""

    @property
    def claims(self) -> set[str]:
        """What two awards of one transaction may not share."""
        settled = replace(self.application, subject_ref=self.subject_ref)
        return {subject_of(settled), *([f"household:{self.household}"] if self.household else [])}

    @property
    def items(self) -> int:
        """Items of the transaction that awards it: the application, the household, and a grant with its transfer."""
        return 1 + bool(self.household) + 2 * len(self.rules.parts_minor)


class _Run:
    """One run of an allocator: under one lease, over one programme."""

    def __init__(self, city: str, programme: Programme, me: str) -> None:
        self.city = city
        self.programme = programme
        self.me = me
        self.until = now() + STEP
        self.money_left = True
        self._rules = {programme.rules.version: programme.rules}

    def goes_on(self) -> bool:
        """Award and tell until nothing is left or the time is over. Returns whether something is left."""
        cut_short = self._award_all()
        self.until = now() + STEP
        return self._tell_all() or cut_short

    def _award_all(self) -> bool:
        budget = ledger.budget(self.city, self.programme.id)
        if budget is None or not budget.open:
            return False
        self.money_left = budget.free_minor > 0
        try:
            for some in self._in_order():
                if now() > self.until:
                    return True
                store.lease_allocator(self.city, self.programme.id, self.me, now())
                self._decide(some)
        except (BudgetNotOpen, Frozen):
            pass  # paused or frozen: all keep their places
        return False

    def _in_order(self) -> Iterator[Sequence[Row]]:
        """What has settled, in order of receipt. While there is money those who wait for it are among them."""
        settled = now() - SETTLES
        while True:
            had_money = self.money_left
            rows = store.awaiting(self.city, self.programme.id, settled, waiting=had_money)
            for some in batched(rows, AWARDS_MAX, strict=False):
                yield some
                if self.money_left != had_money:
                    break  # the waiting list need not be read any further
            else:
                return

    def _decide(self, rows: Sequence[Row]) -> None:
        """Decide some, who are next in order."""
        candidates = self._judged(rows)
        left = []
        for group in groups([one for one in candidates if one.verdict == "fits"]):
            left += self._award(group) if self.money_left else group
        self._put_off([one for one in left if one.application.state != "waiting"])
        for one in candidates:
            if one.verdict != "fits":
                self._hand_over(one)

    # Judging

    def _judged(self, rows: Sequence[Row]) -> list[_Candidate]:
        """The applications of these rows that are still to be decided, each with how it stands."""
        ids = list(dict.fromkeys(row.card["id"] for row in rows))
        found = {one.id: one for one in store.applications(self.city, ids, consistent=True)}
        known = [found[id] for id in ids if id in found and (found[id].has_arrived or found[id].state == "waiting")]
        standings = self._standings(known)
        taken = store.who_claimed(
            self.city, [place for one in known for place in self._places(one, standings.get(one.beneficiary))]
        )
        homes = {
            facts.household_of(self._rules_of(one), standings[one.beneficiary])
            for one in known
            if one.beneficiary in standings
        }
        awarded = store.household_awards(self.city, self.programme.id, homes - {""})
        return [self._candidate(one, standings.get(one.beneficiary), taken, awarded) for one in known]

    def _standings(self, known: Sequence[Application]) -> Mapping[str, Standing]:
        subjects = list({one.beneficiary for one in known})
        try:
            return identity.standings(self.city, subjects)
        except NotFound:  # somebody's account is gone: only they are left to a clerk
            return {id: standing for id in subjects for standing in self._standing(id)}

    def _standing(self, subject: str) -> Iterator[Standing]:
        with suppress(NotFound):
            yield identity.standing(self.city, subject)

    def _places(self, one: Application, standing: Standing | None) -> list[tuple[str, str]]:
        ref = standing.subject_ref if standing else ""
        return [(one.programme, subject) for subject in facts.subjects(one, ref)]

    def _rules_of(self, one: Application) -> Rules:
        version = one.rules_version
        if version not in self._rules:
            self._rules[version] = funding.rules(self.city, self.programme.id, version)
        return self._rules[version]

    def _candidate(
        self,
        one: Application,
        standing: Standing | None,
        taken: Mapping[tuple[str, str], str],
        awarded: Mapping[str, str],
    ) -> _Candidate:
        rules = self._rules_of(one)
        if standing is None:
            return _Candidate(one, rules, "in_review")
        household = facts.household_of(rules, standing)
        holders = {taken[place] for place in self._places(one, standing) if place in taken}
        known = facts.of_beneficiary(
            self.city,
            standing,
            address_code=one.stated.address_code,
            duplicate=bool(holders - {one.id}),
            answers=one.answers,
            household_awarded=awarded.get(household, one.id) != one.id,
        )
        assert one.received_at is not None
        under = replace(self.programme, rules=rules)
        found = tuple(c for c in conditions(under, known, day_of(one.received_at)) if c.code != "window")
        verdict = verdict_of(found) if today() <= rules.spending_to else "in_review"
        return _Candidate(one, rules, verdict, found, one.subject_ref or standing.subject_ref, household)

    # Awarding

    def _award(self, group: Sequence[_Candidate]) -> list[_Candidate]:
        """Award all of a group at once, or as many as the money covers. Returns those it does not cover, in order."""
        if not group or not self.money_left:
            return list(group)
        try:
            self._allot(group)
        except BudgetExhausted as short:
            covered = _covered(group, short.free_minor)
            left = [*self._award(group[:covered]), *group[covered:]]
            self.money_left = False
            return left
        except (AlreadyAwarded, AlreadyDecided, ChangedMeanwhile, HouseholdAwarded) as refusal:
            if len(group) > 1:
                return [left for one in group for left in self._award([one])]
            self._could_not(group[0], refusal)
        return []

    def _allot(self, group: Sequence[_Candidate]) -> None:
        at = now()
        grants: list[NewGrant] = []
        also: list[Write] = []
        for one in group:
            settled = replace(one.application, subject_ref=one.subject_ref)
            made = new_grants(one.rules, settled, at, day_of(at))
            approved = replace(
                settled,
                state="approved",
                decided_by=SYSTEM,
                decided_at=at,
                checks=checks(one.found),
                grants=tuple(grant.id for grant in made),
                untold=True,
            )
            grants += made
            also.append(store.save_application(self.city, approved, one.application, reviewing.why_not_decided))
            if one.household:
                also.append(store.claim_household(self.city, approved, one.household))
        ledger.allot(self.city, grants, Spender(SYSTEM, SYSTEM, "arrival"), also=also)

    def _could_not(self, one: _Candidate, refusal: Refusal) -> None:
        """Alone it failed too: either it is decided or withdrawn, or a clerk has to look why it was awarded before."""
        if isinstance(refusal, (AlreadyAwarded, HouseholdAwarded)):
            self._hand_over(replace(one, verdict="in_review"))

    # What else becomes of an arrival

    def _put_off(self, left: Sequence[_Candidate]) -> None:
        """The money did not reach them: they wait, in their order, or are declined, as their rules say."""
        for some in packed([self._without_money(one) for one in left]):
            self._together(some)

    def _without_money(self, one: _Candidate) -> list[Write]:
        known, at = one.application, now()
        if one.rules.waiting_list:
            waits = replace(known, state="waiting", checks=checks(one.found), subject_ref=one.subject_ref)
            return self._moved(known, waits, "waiting", at, letters.waiting(self.city, waits, one.rules))
        ended = replace(known, state="declined", reason=NO_MONEY, decided_by=SYSTEM, decided_at=at)
        told = letters.declined(self.city, ended, one.rules)
        return [*self._moved(known, ended, "declined", at, told, NO_MONEY), *free_places(self.city, known)]

    def _moved(
        self, known: Application, then: Application, what: str, at: Instant, told: Write, text: str = ""
    ) -> list[Write]:
        return [
            store.save_application(self.city, then, known, reviewing.why_not_decided),
            event_write(self.city, known, what, SYSTEM, at, text),
            leaf(self.city, known, what, SYSTEM, text),
            told,
        ]

    def _together(self, several: Sequence[Sequence[Write]]) -> None:
        """Commit the writes of several applications at once; if one of them changed meanwhile, each for itself."""
        try:
            transact([write for writes in several for write in writes])
        except (AlreadyDecided, ChangedMeanwhile):
            for writes in several if len(several) > 1 else ():
                self._together([writes])

    def _hand_over(self, one: _Candidate) -> None:
        """It cannot be awarded now: the registry has to answer first, or a clerk looks. It holds up nobody behind it."""
        known = one.application
        state: ApplicationState = "verifying" if one.verdict == "verifying" else "in_review"
        then = replace(known, state=state, checks=checks(one.found) if one.found else "to_judge")
        self._together([self._moved(known, then, "handed_over", now(), letters.submitted(self.city, then, one.rules))])
        if state == "verifying":
            ask_registry(self.city, known)

    # News

    def _tell_all(self) -> bool:
        """Tell everybody who was awarded. Returns whether the time was over before all were told."""
        told: set[str] = set()
        while rows := [row for row in store.untold(self.city, self.programme.id, AWARDS_MAX) if row.sort not in told]:
            told |= {row.sort for row in rows}
            for some in batched(rows, NEWS_READ_MAX, strict=False):
                if now() > self.until:
                    return True
                store.lease_allocator(self.city, self.programme.id, self.me, now())
                known = store.applications(self.city, [row.card["id"] for row in some], consistent=True)
                for several in packed([self._news(one) for one in known if one.untold]):
                    self._together(several)
        return False

    def _news(self, known: Application) -> list[Write]:
        assert known.decided_at is not None
        rules = self._rules_of(known)
        grants = new_grants(rules, known, known.decided_at, day_of(known.decided_at))
        return [
            store.save_application(self.city, replace(known, untold=False), known, reviewing.why_not_decided),
            event_write(self.city, known, "approved", SYSTEM, known.decided_at),
            *letters.approved(self.city, known, rules, grants),
            *letters.no_more_reminders(self.city, known),
        ]


def verdict_of(found: Sequence[Condition]) -> Verdict:
    """Whether an application can be awarded as it stands, has to wait for the registry, or needs a clerk."""
    if all(condition.verdict == "met" for condition in found):
        return "fits"
    return "verifying" if reviewing.may_still_be_proved(found) else "in_review"


def groups(candidates: Sequence[_Candidate]) -> Iterator[list[_Candidate]]:
    """Candidates in their order, as many together as one transaction takes, no two with a claim on the same award."""
    group: list[_Candidate] = []
    claimed: set[str] = set()
    for one in candidates:
        items = sum(other.items for other in group) + one.items + 1
        grants = sum(len(other.rules.parts_minor) for other in group) + len(one.rules.parts_minor)
        if group and (items > TRANSACT_ITEMS_MAX or grants > AWARDS_MAX or claimed & one.claims):
            yield group
            group, claimed = [], set()
        group.append(one)
        claimed |= one.claims
    if group:
        yield group


def packed(several: Sequence[Sequence[Write]]) -> Iterator[list[Sequence[Write]]]:
    """The writes of several applications, as many together as one transaction takes."""
    together: list[Sequence[Write]] = []
    for writes in several:
        if sum(map(len, together)) + len(writes) > TRANSACT_ITEMS_MAX:
            yield together
            together = []
        together.append(writes)
    if together:
        yield together


def _covered(group: Sequence[_Candidate], free_minor: int) -> int:
    """How many of a group, from its beginning, the money covers."""
    sums = accumulate(one.rules.amount_minor for one in group)
    return sum(total_minor <= free_minor for total_minor in sums)
