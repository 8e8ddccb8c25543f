"""Who applied for what, how it ended, and where the money was spent: 620 applications as a plan. Pure.

A plan says what happens and when; `money` makes it happen by the ledger's own verbs.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from chalicelib.core.clock import Instant, day_of, end_of, start_of
from chalicelib.money.offers.model import Session, confirm_by, fits_age_span
from chalicelib.money.programmes.model import ApplicationState, Rules, valid_until
from chalicelib.town.people.model import age_on
from localcloud.demo.chance import dice, made_id
from localcloud.demo.offer import DemoActivity
from localcloud.demo.programmes import DemoProgramme
from localcloud.demo.residents import Account, Entry

type Fate = Literal["spent", "expired", "open", ""]
type OrderEnd = Literal["payable", "held", "requested", "rejected", "timed_out", "cancelled"]

APPLICATIONS: dict[str, dict[ApplicationState, int]] = {
    "pohyb": {"approved": 120, "declined": 20, "verifying": 14, "in_review": 10, "returned": 4, "draft": 4, "withdrawn": 3, "lapsed": 2},
    "plavenka": {"approved": 45, "declined": 6, "verifying": 3, "in_review": 3, "returned": 1, "draft": 1},
    "cteme": {"approved": 50, "declined": 7, "verifying": 4, "in_review": 3, "returned": 2, "draft": 2, "withdrawn": 1},
    "pastelkovne": {"approved": 24, "declined": 5, "lapsed": 1},
    "tabory": {"approved": 35, "declined": 6, "withdrawn": 1},
    "losem": {"verifying": 18, "in_review": 2},
    "podlesi": {"approved": 49, "declined": 4, "waiting": 37, "withdrawn": 1},
    "zahrada": {"approved": 112, "declined": 3, "in_review": 2, "draft": 1},
    "pomucky": {"approved": 6, "declined": 1, "verifying": 2, "in_review": 2, "returned": 2, "lapsed": 1},
}  # fmt: skip
"""620 in all; `in_review` stands for submitted ones that nobody has taken yet as well."""
FATES: dict[str, dict[Fate, int]] = {
    "pohyb": {"spent": 90, "open": 30},
    "plavenka": {"spent": 34, "open": 11},
    "cteme": {"spent": 27, "expired": 20, "open": 3},
    "pastelkovne": {"spent": 14, "expired": 8, "open": 2},
    "tabory": {"spent": 24, "expired": 11},
    "podlesi": {"expired": 8, "spent": 38, "open": 3},
    "zahrada": {"spent": 104, "expired": 8},
    "pomucky": {"open": 6},
}
"""What became of the approved: three quarters spent at least a part, one eighth expired, the rest is open."""
NEW_TODAY = {"pohyb": 6, "plavenka": 2, "cteme": 1, "losem": 2, "pomucky": 1}
OLDEST_DAYS = 26
EXPIRING_SOON = 4
"""Grants whose last day is three days after the demo day."""
JASAN_RUSH = 100
JASAN_DAY = -6
REVIEW_HOURS = (2, 30)
PODLESI_FIRST = 41
PROMOTED_BEFORE = 18
DECLINE_REASONS = (
    "Podle registru nemá dítě v den podání trvalý pobyt ve městě.",
    "Datum narození je mimo rozmezí, které program stanoví.",
    "Příspěvek už v této domácnosti přiznaný byl.",
)
QUESTIONS = (
    "Pošlete prosím čitelné doporučení lékaře, na snímku chybí razítko.",
    "Doplňte, do kterého oddílu se dítě hlásí.",
    "Upřesněte adresu, kde dítě bydlí.",
)


@dataclass(frozen=True)
class Redeemed:
    """A redemption at a till: of which part of the award, where, how much; taken back when `undone_at` is set."""

    at: Instant
    part: int
    provider: str
    till: int
    amount_minor: int
    undone_at: Instant | None = None


@dataclass(frozen=True)
class Ordered:
    """A place ordered on credit and what became of it."""

    at: Instant
    activity: DemoActivity
    session: Session
    credit_minor: int
    end: OrderEnd
    ended_at: Instant | None = None
    confirmed_at: Instant | None = None


@dataclass(frozen=True)
class Applied:
    """One application from its first save to the last haléř."""

    id: str
    programme: DemoProgramme
    account: Account
    entry: Entry | None
    state: ApplicationState
    created_at: Instant
    number: str = ""
    received_at: Instant | None = None
    decided_at: Instant | None = None
    clerk: str = "clerk"
    assigned: bool = False
    reason: str = ""
    question: str = ""
    deadline: date | None = None
    at_desk: bool = False
    fate: Fate = ""
    expired_at: Instant | None = None
    suspended: bool = False
    redeemed: tuple[Redeemed, ...] = ()
    ordered: tuple[Ordered, ...] = ()

    @property
    def rules(self) -> Rules:
        return self.programme.rules

    @property
    def registry_id(self) -> str:
        return self.entry.registry_id if self.entry else self.account.registry_id

    @property
    def beneficiary(self) -> str:
        return self.entry.id if self.entry else self.account.id

    @property
    def born(self) -> date:
        return self.entry.born if self.entry else self.account.born

    def is_spent(self, part: int) -> bool:
        """Whether nothing of a part is left to spend; of a single-use one nothing is left after its first redemption."""
        of_part = [r.amount_minor for r in self.redeemed if r.part == part and not r.undone_at]
        taken = sum(o.credit_minor for o in self.ordered if o.end == "payable") + sum(of_part)
        return taken >= self.rules.parts_minor[part - 1] or (self.rules.single_use and bool(of_part))

    @property
    def lives(self) -> bool:
        """Whether there is still something of the award to be reminded of."""
        parts = range(1, len(self.rules.parts_minor) + 1)
        over = self.expired_at is not None or self.suspended or all(self.is_spent(part) for part in parts)
        return self.state == "approved" and not over


type Candidate = tuple[Account, Entry | None]

SPECIAL: dict[str, dict[str, tuple[ApplicationState, Fate]]] = {
    "pohyb": {
        "shared_child": ("approved", "spent"),
        "other_surname_child": ("approved", "spent"),
        "twin_Alena": ("approved", "open"),
        "twin_Elena": ("approved", "open"),
        "almost_eighteen_child": ("approved", "open"),
        "protection_child": ("approved", "spent"),
        "foster_child": ("verifying", ""),
        "no_email_child": ("approved", "spent"),
        "clerk_child": ("in_review", ""),
    },
    "plavenka": {
        "sixty_today": ("in_review", ""),
        "deceased": ("approved", "spent"),
        "no_email": ("approved", "open"),
        "neighbour": ("in_review", ""),
    },
    "cteme": {"bookseller_child": ("approved", "spent")},
    "losem": {"registry_down": ("verifying", "")},
    "zahrada": {
        "moved_away": ("approved", "spent"),
        "official_address": ("approved", "spent"),
        "no_hacek": ("approved", "spent"),
    },
}
"""Awkward people whose application has to exist; the others are drawn."""


GROWN_UP = ("plavenka", "losem", "zahrada", "pomucky")
"""Programmes that people ask for themselves; the others are for children."""
SPENDS_FROM_AGE, CAMP_AGES = 5, range(7, 15)
TODAY_TO_CONFIRM = 3
REJECTED, CANCELLED = (3, 4, 5, 6), (7, 8)
PRICES = {"bazen": (11_000, 11_000, 9_000), "kino": (12_000, 14_000), "muzeum": (8_000,)}
UNDO_EVERY = 9
MORNING = 21_600
"""What happens on the demo day happens from six in the morning, before the town hall opens."""


@dataclass
class Story:
    """Plans applications programme by programme; remembers who applied and how full the sessions are.

    `accounts` ends up with what verification found of those whose applications still wait for it.
    """

    day: date
    accounts: dict[str, Account]
    activities: Sequence[DemoActivity]
    told: list[Applied] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    used: set[str] = field(default_factory=set)
    unverified: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)

    def tell(self, programmes: Iterable[DemoProgramme]) -> None:
        """Plan everything."""
        for programme in programmes:
            if programme.key in APPLICATIONS:
                self._programme(programme)

    def _programme(self, programme: DemoProgramme) -> None:
        places = [state for state, count in APPLICATIONS[programme.key].items() for _ in range(count)]
        fates = [fate for fate, count in FATES.get(programme.key, {}).items() for _ in range(count)]
        made: list[tuple[Candidate, ApplicationState, Fate]] = []
        for candidate in self._special(programme):
            state, fate = SPECIAL[programme.key][_key(candidate)]
            places.remove(state)
            if fate:
                fates.remove(fate)
            made.append((candidate, state, fate))
        drawn = self._drawn(programme, {candidate[0].address for candidate, _, _ in made})
        for state in sorted(places, key=lambda state: state != "verifying"):
            candidate = next(c for c in drawn if state != "verifying" or self._is_fresh(c))
            drawn.remove(candidate)
            made.append((candidate, state, fates.pop(0) if state == "approved" else ""))
        order: Counter[tuple[str, str]] = Counter()
        for candidate, state, fate in made:
            self.told.append(self._apply(programme, candidate, state, fate, order[state, fate]))
            order[state, fate] += 1

    def _everyone(self, city: str) -> Iterator[Candidate]:
        for account in self.accounts.values():
            if account.city == city:
                yield account, None
                yield from ((account, entry) for entry in account.entries)

    def _special(self, programme: DemoProgramme) -> list[Candidate]:
        wanted = SPECIAL.get(programme.key, {})
        return [c for c in self._everyone(programme.city) if _key(c) in wanted]

    def _drawn(self, programme: DemoProgramme, households: set[str]) -> list[Candidate]:
        """Those who may apply, in a drawn order; where the rules say so, one of each address."""
        reserved = SPECIAL.get(programme.key, {})
        found = [
            c
            for c in self._everyone(programme.city)
            if _key(c) not in reserved and c[0].key not in UNUSUAL and _key(c) not in UNUSUAL
            if _id(c) not in self.unverified and _fits(programme, c, self.day)
        ]
        dice("draw", programme.key).shuffle(found)
        if not programme.rules.who.one_per_household:
            return found
        alone: dict[str, Candidate] = {}
        for candidate in found:
            if candidate[0].address not in households:
                alone.setdefault(candidate[0].address, candidate)
        return list(alone.values())

    def _is_fresh(self, candidate: Candidate) -> bool:
        """Whether not being verified spoils no other application of theirs."""
        account, entry = candidate
        return _id(candidate) not in self.used and (entry is not None or not account.entries)

    # One application

    def _apply(
        self, programme: DemoProgramme, candidate: Candidate, state: ApplicationState, fate: Fate, n: int
    ) -> Applied:
        received_at = self._received(programme, state, fate, n)
        account = self.accounts[candidate[0].id]
        if account.registered_at > received_at - timedelta(hours=1):
            account = self._registered_before(account, received_at)
        if state == "verifying" and _key(candidate) == "":
            account = self._not_verified(account, candidate[1], programme.key, n)
        entry = next((e for e in account.entries if candidate[1] and e.id == candidate[1].id), None)
        self.used.add(_id(candidate))
        created_at = received_at - timedelta(minutes=6 + n % 17)
        made = Applied(
            id=made_id(created_at, "application", programme.key, _id(candidate)),
            programme=programme,
            account=account,
            entry=entry,
            state=state,
            created_at=created_at,
            at_desk=account.at_desk,
            fate=fate,
        )
        if state == "draft":
            return made
        made = self._decided(replace(made, number=self._number(received_at), received_at=received_at))
        return self._spending(made, n) if state == "approved" else made

    def _registered_before(self, account: Account, at: Instant) -> Account:
        """Whoever applied had registered before: their account is as old as their first application needs."""
        moved_at = at - timedelta(hours=3)
        entries = tuple(replace(e, added_at=moved_at + timedelta(minutes=5)) for e in account.entries)
        moved = replace(account, registered_at=moved_at, entries=entries)
        self.accounts[account.id] = moved
        return moved

    def _not_verified(self, account: Account, entry: Entry | None, programme: str, n: int) -> Account:
        """Why an application still waits: a mistyped birth date, a link without proof, a registry that is down."""
        self.unverified.add(entry.id if entry else account.id)
        if entry is None:
            if programme == "losem" and n % 3:
                changed = replace(account, outcome="unavailable", proof=None)
            else:
                typed = account.born - timedelta(days=1)
                changed = replace(account, born=typed, outcome="no_match", differs=("birth_date",), proof=None)
        else:
            waiting = (
                replace(entry, link="declared", not_proved=True, with_document=n % 3 == 0)
                if n % 2
                else replace(entry, born=entry.born - timedelta(days=1), outcome="no_match", link="declared")
            )
            changed = replace(account, entries=tuple(waiting if e.id == entry.id else e for e in account.entries))
        self.accounts[account.id] = changed
        return changed

    def _number(self, at: Instant) -> str:
        chance = dice("number", len(self.numbers))
        number = next(n for _ in range(99) if (n := f"{at.year}-{chance.randrange(10**6):06}") not in self.numbers)
        self.numbers.add(number)
        return number

    def _on(self, days: float, *names: object) -> Instant:
        """A waking hour of a day so many days from the demo day."""
        return start_of(self.day + timedelta(days=days)) + timedelta(
            seconds=dice("hour", *names).randrange(27_000, 72_000)
        )

    def _received(self, programme: DemoProgramme, state: ApplicationState, fate: Fate, n: int) -> Instant:
        key, rules = programme.key, programme.rules
        names = ("received", key, state, fate, n)
        chance = dice("when", *names)
        if state == "in_review":
            if n < NEW_TODAY.get(key, 0):
                return start_of(self.day) + timedelta(seconds=MORNING + chance.randrange(4_000))
            oldest = key == "pohyb" and n == NEW_TODAY[key]
            return self._on(-OLDEST_DAYS if oldest else -chance.randrange(1, 4), *names)
        if state in ("verifying", "returned", "draft"):
            return self._on(-chance.randrange(1, 8), *names)
        if state == "waiting":
            return self._on(-50 + 1.3 * n, *names)
        if key == "podlesi" and state == "approved":
            return self._on(-79 + chance.randrange(12) if _early_in_podlesi(fate, n) else -54 + n % 4, *names)
        if key == "pohyb" and fate == "open" and n < EXPIRING_SOON:
            return self._on(-58, *names)
        return self._on(chance.randrange(*_when(self.day, rules, state, fate)), *names)

    def _decided(self, made: Applied) -> Applied:
        chance = dice("decided", made.id)
        received_at = made.received_at
        assert received_at is not None
        own = made.account.key == "clerk_parent"
        made = replace(made, clerk="clerk2" if chance.random() < 0.4 and not own else "clerk")
        later = received_at + timedelta(hours=chance.randrange(*REVIEW_HOURS), minutes=chance.randrange(60))
        if made.state == "approved":
            if made.programme.key == "podlesi" and received_at > start_of(self.day - timedelta(days=60)):
                later = self._on(-PROMOTED_BEFORE, "promoted") + timedelta(seconds=2 * len(self.told))
            elif received_at < start_of(self.day - timedelta(days=57)) and made.programme.key == "pohyb":
                later = end_of(self.day - timedelta(days=57)) - timedelta(hours=9, seconds=chance.randrange(9_000))
            return replace(made, decided_at=later)
        if made.state == "declined":
            return replace(made, decided_at=later, reason=chance.choice(DECLINE_REASONS))
        if made.state == "withdrawn":
            return replace(made, decided_at=later)
        if made.state == "returned":
            question = QUESTIONS[0] if made.programme.key == "pomucky" else chance.choice(QUESTIONS[1:])
            return replace(made, question=question, deadline=self.day + timedelta(days=chance.randrange(3, 12)))
        if made.state == "lapsed":
            deadline = received_at.date() + timedelta(days=16)
            ended_at = start_of(deadline + timedelta(days=1)) + timedelta(minutes=17)
            return replace(made, question=QUESTIONS[1], deadline=deadline, decided_at=ended_at)
        return replace(made, assigned=made.state == "in_review" and received_at < start_of(self.day))

    # Where the money went

    def _spending(self, made: Applied, n: int) -> Applied:
        assert made.decided_at is not None
        until = valid_until(made.rules, day_of(made.decided_at))
        if made.fate == "spent":
            made = self._orders(made, n) if made.rules.mode == "credit" else self._redemptions(made, n)
        if until < start_of(self.day):
            made = replace(made, expired_at=until + timedelta(minutes=17, seconds=1))
        return replace(made, suspended=made.account.key == "deceased")

    def _redemptions(self, made: Applied, n: int) -> Applied:
        plans = {
            "plavenka": self._swims,
            "cteme": self._books,
            "pastelkovne": self._crayons,
            "podlesi": self._entries,
            "zahrada": self._flowers,
        }
        return replace(made, redeemed=tuple(plans[made.programme.key](made, n)))

    def _time_to_spend(self, made: Applied, *names: object, before: Instant | None = None) -> Instant:
        """Some opening hour between the award and the end of its validity."""
        assert made.decided_at is not None
        first = day_of(made.decided_at) + timedelta(days=1)
        last = min(day_of(valid_until(made.rules, day_of(made.decided_at))), self.day - timedelta(days=1))
        if before:
            last = min(last, day_of(before))
        chance = dice("spend", made.id, *names)
        on = first + timedelta(days=chance.randrange(max((last - first).days, 0) + 1))
        return start_of(on) + timedelta(seconds=chance.randrange(32_400, 66_000))

    def _swims(self, made: Applied, n: int) -> Iterator[Redeemed]:
        if made.account.key == "deceased":
            at = self._time_to_spend(made, before=start_of(self.day - timedelta(days=25)))
            yield Redeemed(at, 1, "bazen", 0, 18_000)
            return
        left = made.rules.amount_minor
        times = sorted(self._time_to_spend(made, visit) for visit in range(1 + n % 4))
        for visit, at in enumerate(times):
            chance = dice("swim", made.id, visit)
            where = chance.choice(("bazen", "bazen", "bazen", "kino", "muzeum"))
            price = chance.choice(PRICES[where])
            if price > left:
                return
            undone_at = at + timedelta(minutes=4) if (n + visit) % UNDO_EVERY == 0 else None
            left -= 0 if undone_at else price
            yield Redeemed(at, 1, where, chance.randrange(3 if where == "bazen" else 1), price, undone_at)

    def _books(self, made: Applied, n: int) -> Iterator[Redeemed]:
        chance = dice("book", made.id)
        own = made.account.key == "bookseller"
        where = "sova" if own or n % 3 == 0 else "horak"
        yield Redeemed(self._time_to_spend(made), 1, where, 0, 30_000 if own else 100 * chance.randrange(150, 301))

    def _crayons(self, made: Applied, n: int) -> Iterator[Redeemed]:
        chance = dice("crayons", made.id)
        for part in (1, 2) if n % 3 else (1,):
            where = chance.choice(("pastelka", "pastelka", "sova"))
            amount_minor = chance.choice((50_000, 50_000, 38_000, 42_500))
            yield Redeemed(self._time_to_spend(made, part), part, where, 0, amount_minor)

    def _entries(self, made: Applied, n: int) -> Iterator[Redeemed]:
        """The first ones spent all four; those who moved up from the waiting list have begun."""
        early = _early_in_podlesi(made.fate, n)
        for part in range(1, 5 if early else 2 + n % 3):
            till = dice("facility", made.id, part).randrange(5)
            yield Redeemed(self._time_to_spend(made, part), part, "mc", till, 20_000)

    def _flowers(self, made: Applied, n: int) -> Iterator[Redeemed]:
        """A hundred at full value in one day, six minutes apart: no garden shop sells like that."""
        if n < JASAN_RUSH:
            at = start_of(self.day + timedelta(days=JASAN_DAY)) + timedelta(hours=8, minutes=6 * n)
            yield Redeemed(at, 1, "jasan", 0, 40_000)
        else:
            yield Redeemed(self._time_to_spend(made), 1, "jasan", 0, 25_000)

    # Orders

    def _orders(self, made: Applied, n: int) -> Applied:
        ordered = list(self._camp(made) if made.programme.key == "tabory" else self._clubs(made, n))
        return replace(made, ordered=tuple(ordered))

    def _camp(self, made: Applied) -> Iterator[Ordered]:
        assert made.decided_at is not None
        fitting = [a for a in self.activities if a.is_camp and _of_age(a, a.sessions[0], made.born)]
        chosen = dice("camp", made.id).choice(fitting)
        session = chosen.sessions[0]
        at = self._between(day_of(made.decided_at) + timedelta(days=1), session.order_until, made.id)
        self.taken[session.id] += 1
        credit_minor = min(session.price_minor, made.rules.amount_minor)
        yield Ordered(at, chosen, session, credit_minor, "payable", _begins(session), at + timedelta(hours=20))

    def _clubs(self, made: Applied, n: int) -> Iterator[Ordered]:
        """One or two orders of a child; what was not taken up is ordered elsewhere. At the desk one part is left to order."""
        left = made.rules.amount_minor
        chance = dice("clubs", made.id)
        at = self._first_order(made, n)
        first = self._club(made, at, left if chance.random() < 0.65 and not made.at_desk else 40_000, n)
        yield first
        if made.at_desk:
            return
        if first.end in ("payable", "held"):
            left -= first.credit_minor
        again_at = (first.ended_at or at) + timedelta(hours=30)
        too_late = again_at > start_of(self.day)
        if first.end == "requested" or left < 40_000 or too_late or (first.end == "payable" and chance.random() < 0.6):
            return
        yield self._club(made, again_at, left, n, only_usual=True)

    def _first_order(self, made: Applied, n: int) -> Instant:
        if n < TODAY_TO_CONFIRM:
            return start_of(self.day) + timedelta(seconds=MORNING + 900 * n)
        assert made.decided_at is not None
        last = self.day - timedelta(days=10 if n in (*REJECTED, *CANCELLED) else 3)
        return self._between(day_of(made.decided_at) + timedelta(days=1), last, made.id)

    def _between(self, first: date, last: date, *names: object) -> Instant:
        chance = dice("between", *names)
        on = first + timedelta(days=chance.randrange(max((last - first).days, 0) + 1))
        return start_of(on) + timedelta(seconds=chance.randrange(28_000, 75_000))

    def _club(self, made: Applied, at: Instant, most_minor: int, n: int, *, only_usual: bool = False) -> Ordered:
        usual = only_usual or n < TODAY_TO_CONFIRM or n in REJECTED or n in CANCELLED
        fitting = [
            (activity, session)
            for activity in self.activities
            if not activity.is_camp and activity.provider.key not in ("bazen", "kino", "muzeum")
            for session in activity.sessions
            if session.state == "open" and at.date() < session.order_until and _of_age(activity, session, made.born)
            if session.price_minor >= 35_000 and self.taken[session.id] < session.capacity - session.places
            if session.places >= 2 or not usual
            if not (usual and activity.provider.key == "hvezda")
        ]
        activity, session = dice("club", made.id, at).choice(fitting)
        credit_minor = min(session.price_minor, most_minor)
        placed = Ordered(at, activity, session, credit_minor, "requested")
        if n < TODAY_TO_CONFIRM and not only_usual:
            self.taken[session.id] += 1
            return placed
        if activity.provider.key == "hvezda":
            ended_at = confirm_by(at, made.rules.order_confirm_days, session) + timedelta(minutes=9)
            if ended_at < start_of(self.day):
                return replace(placed, end="timed_out", ended_at=ended_at)
        if n in REJECTED and not only_usual:
            return replace(placed, end="rejected", ended_at=at + timedelta(hours=6))
        if n in CANCELLED and not only_usual:
            return replace(
                placed, end="cancelled", ended_at=at + timedelta(hours=50), confirmed_at=at + timedelta(hours=5)
            )
        self.taken[session.id] += 1
        confirmed_at = min(at + timedelta(hours=dice("confirm", made.id, at).randrange(1, 9)), end_of(day_of(at)))
        begins = max(confirmed_at + timedelta(minutes=11), _begins(session))
        if begins < start_of(self.day):
            return replace(placed, end="payable", confirmed_at=confirmed_at, ended_at=begins)
        return replace(placed, end="held", confirmed_at=confirmed_at)


UNUSUAL = {
    "deprived_child", "shared_child_again", "shared_second", "second_account", "first_account", "true_owner", "two_of_one_name",
    "former_surname", "moved_in", "moved_away", "next_city_part", "eighteen_today", "questioned", "deceased", "neighbour", "no_email",
    "official_address", "deprived", "registry_down", "foster_child", "clerk_child",
}  # fmt: skip
"""Never drawn: what they show must not be spoiled by chance."""


def _key(candidate: Candidate) -> str:
    account, entry = candidate
    return entry.key if entry else account.key


def _id(candidate: Candidate) -> str:
    account, entry = candidate
    return entry.id if entry else account.id


def _fits(programme: DemoProgramme, candidate: Candidate, day: date) -> bool:
    """Whether somebody meets the conditions with room to spare, so that any day of the programme is right."""
    account, entry = candidate
    who, key = programme.rules.who, programme.key
    if (entry is None) != (key in GROWN_UP) or account.outcome != "match":
        return False
    if entry is not None and (entry.outcome != "match" or entry.link != "proved_by_registry"):
        return False
    born = entry.born if entry else account.born
    age = age_on(born, day)
    if (key == "tabory" and age not in CAMP_AGES) or (key == "pohyb" and not SPENDS_FROM_AGE <= age < 18):
        return False
    by_birth = (who.born_from is None or born >= who.born_from) and (who.born_to is None or born <= who.born_to)
    by_age = (who.age_min is None or age > who.age_min) and (who.age_max is None or age <= who.age_max)
    permanent = account.key != "protection" or "temporary_protection" in who.residence_kinds
    return by_birth and by_age and permanent


def _of_age(activity: DemoActivity, session: Session, born: date) -> bool:
    age = age_on(born, session.starts_on)
    return fits_age_span(activity.activity.age_from, activity.activity.age_to, age)


def _begins(session: Session) -> Instant:
    """When a confirmed order of a session becomes payable by itself."""
    return start_of(session.starts_on) + timedelta(minutes=10)


def _early_in_podlesi(fate: Fate, n: int) -> bool:
    return fate == "expired" or (fate == "spent" and n < PODLESI_FIRST - FATES["podlesi"]["expired"])


def _when(day: date, rules: Rules, state: ApplicationState, fate: Fate) -> tuple[int, int]:
    """From and to (exclusive), in days from the demo day, an application of this fate may have come."""
    first, last = (rules.applications_from - day).days, min((rules.applications_to - day).days, -4)
    to_spend = rules.days_to_spend
    if state == "lapsed":
        return first, max(first + 1, min(last, -19))
    if state != "approved" or to_spend is None:
        return first, last
    if fate == "expired":
        return first, -to_spend - 3
    if fate == "open":
        return max(first, 5 - to_spend), last
    if rules.topic == "home":
        return 2 - to_spend + JASAN_DAY, JASAN_DAY - 3
    return first, last
