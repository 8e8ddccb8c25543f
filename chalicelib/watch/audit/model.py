"""The nouns of seals and proofs, and the rules that judge the books. Pure.

The rules are written apart from the ledger's verbs: they know what a balance must be, not how it came about.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any, Literal

from pydantic_core import from_json

from chalicelib.core.clock import Instant, day_of, from_text, to_text
from chalicelib.core.money import AMOUNT_MINOR_MAX
from chalicelib.core.refusals import Refusal
from chalicelib.core.table import Key
from chalicelib.money.ledger.model import Freezable

type Sums = Counter[str]
"""Haléře by name: kinds of accounts, and what was paid of which budget year."""


# Seals


@dataclass(frozen=True)
class Late:
    """A leaf that came after its own day was sealed."""

    day: date
    index: int


@dataclass(frozen=True)
class Seal:
    """What seals a day: the root over all its entries, and the root of the seal before. Written once, never reopened.

    `n` counts a town's seals from 1. `late` names leaves of earlier days that those days' seals did not have.
    """

    city: str
    n: int
    day: date
    count: int
    root: str
    prev_root: str
    late: tuple[Late, ...] = ()
    sealed_at: Instant | None = None

    def document(self) -> str:
        """The seal as it lies in the locked bucket: the same facts give the same text."""
        late = [{"day": each.day.isoformat(), "index": each.index} for each in self.late]
        facts = {"city": self.city, "n": self.n, "day": self.day.isoformat(), "count": self.count}
        return json.dumps({**facts, "root": self.root, "prev_root": self.prev_root, "late": late}, indent=1) + "\n"


@dataclass(frozen=True, order=True)
class Leaf:
    """An entry as a leaf of a seal. `sort` is its time and id; entries of one instant are ordered by where they lie."""

    sort: str
    pk: str
    sk: str
    hash: bytes = field(compare=False)

    @property
    def day(self) -> date:
        """The Prague day of the entry."""
        return day_of(from_text(self.sort.partition("#")[0]))

    def line(self) -> str:
        return json.dumps([self.hash.hex(), self.sort, self.pk, self.sk]) + "\n"

    @classmethod
    def read(cls, line: str | bytes) -> "Leaf":
        hashed, sort, pk, sk = from_json(line)
        return cls(sort, pk, sk, bytes.fromhex(hashed))


def late_leaves(leaves: Sequence[Leaf], first: date) -> tuple[Late, ...]:
    """Those of a seal's leaves that are of days before the first one it seals."""
    return tuple(Late(leaf.day, index) for index, leaf in enumerate(leaves) if leaf.day < first)


@dataclass(frozen=True)
class Inclusion:
    """A receipt with its proof, or without a seal while its day is not sealed. Hashes are hexadecimal."""

    body: str
    leaf: str
    seal: Seal | None = None
    index: int = 0
    path: tuple[str, ...] = ()


# What accounting books


@dataclass(frozen=True)
class Booking:
    """What moved on a day within one budget year, coordinates and kind, between accounts of two sorts.

    `document` is the row's number for the town's accounting: the day of its seal and its place there, so it never changes.
    """

    day: date
    budget_year: int
    coordinates: str
    kind: str
    count: int
    amount_minor: int
    debit: str = ""
    credit: str = ""
    document: str = ""


def bookings(bodies: Iterable[Mapping[str, Any]]) -> tuple[Booking, ...]:
    """The sums of transfers' bodies by day, budget year, coordinates, kind and sorts of accounts, in that order."""
    counts: Counter[tuple[date, int, str, str, str, str]] = Counter()
    sums: Counter[tuple[date, int, str, str, str, str]] = Counter()
    for body in bodies:
        day = day_of(from_text(body["posted_at"]))
        year, coordinates = int(body.get("budget_year", day.year)), str(body.get("coordinates", "")).rstrip("/")
        debit, credit = (str(body[side]).partition(":")[0] for side in ("debit", "credit"))
        key = (day, year, coordinates, str(body["kind"]), debit, credit)
        counts[key] += 1
        sums[key] += body["amount_minor"]
    return tuple(Booking(*key[:4], counts[key], sums[key], *key[4:]) for key in sorted(counts))


# The books as they lie


@dataclass(frozen=True)
class Stored:
    """An item of the books, as it lies in the table. `balances` are an account's figures, `owed` its place among what
    a provider is owed, `line` what claimed it."""

    pk: str
    sk: str
    kind: Literal["grant", "budget", "transfer", "decision"]
    v: int = 0
    body: str = ""
    journal: tuple[str, str] = ("", "")
    owed: str = ""
    line: str = ""
    balances: Mapping[str, Any] = field(default_factory=dict)

    @property
    def city(self) -> str:
        return self.pk.partition("#")[0]

    @property
    def key(self) -> Key:
        return Key(self.pk, self.sk)

    @property
    def sort(self) -> str:
        """Its place in the journal, `time#id`; empty where that is no time."""
        return self.journal[1] if _TIME_AND_ID.fullmatch(self.journal[1]) else ""

    @cached_property
    def told(self) -> dict[str, Any] | None:
        """What an entry's text says, None if it says nothing that can be checked."""
        try:
            body = from_json(self.body)
            legible = isinstance(body["id"], str) and self._at(body).tzinfo is not None
            if self.kind == "transfer":
                legible = legible and body["kind"] in _LEGS and 1 <= body["amount_minor"] <= AMOUNT_MINOR_MAX
                legible = legible and isinstance(body["debit"], str) and isinstance(body["credit"], str)
        except (ValueError, KeyError, TypeError):
            return None
        return body if legible else None

    @cached_property
    def at(self) -> Instant:
        """When the entry was posted or decided; only for one that can be read."""
        return self._at(self.told or {})

    @cached_property
    def day(self) -> str:
        """The Prague day of it."""
        return day_of(self.at).isoformat()

    def _at(self, body: Mapping[str, Any]) -> Instant:
        return from_text(body["posted_at" if self.kind == "transfer" else "at"])


_TIME_AND_ID = re.compile(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]\.[0-9]{6}Z#.+")

type DifferenceCode = Literal[
    "balance",  # an account's balance is not what its transfers make
    "account_missing",  # transfers of an account that is not there
    "unreadable",  # an entry's text says nothing that can be checked
    "misplaced",  # an entry does not lie where its text says
    "not_in_journal",  # an entry that the journal would not show
    "not_owed",  # a provider is owed it, but no payout would ever find it
    "accounts_wrong",  # debit and credit are not those of the kind
    "changed",  # an entry's text is not the one that was sealed
    "missing",  # a sealed entry is not there
]


@dataclass(frozen=True)
class Difference:
    """What is wrong: in which account, by which entry, what it should be and what it is."""

    code: DifferenceCode
    account: str
    entry: str = ""
    programme: str = ""
    what: str = ""
    expected: str = ""
    found: str = ""


_LEGS: dict[str, tuple[tuple[str, str], ...]] = {
    "fund": (("town", "budget"),),
    "raise": (("town", "budget"),),
    "cut": (("budget", "town"),),
    "carry_over": (("town", "town"),),
    "allot": (("budget", "grant"),),
    "top_up": (("budget", "grant"),),
    "redeem": (("grant", "provider"),),
    "hold": (("grant", "held"),),
    "release": (("held", "grant"),),
    "settle": (("held", "provider"),),
    "undo": (("provider", "grant"),),
    "refund": (("provider", "grant"), ("provider", "budget")),
    "write_off": (("loss", "provider"),),
    "expire": (("grant", "budget"),),
    "remainder": (("grant", "budget"),),
    "revoke": (("grant", "budget"),),
    "order": (("provider", "clearing"), ("clearing", "provider")),
    "reject": (("clearing", "provider"), ("provider", "clearing")),
    "pay": (("clearing", "bank"), ("clearing", "operator"), ("bank", "clearing"), ("operator", "clearing")),
    "return": (("bank", "provider"), ("operator", "provider"), ("provider", "bank"), ("provider", "operator")),
    "internal": (("provider", "inside"), ("inside", "provider")),
    "advance": (("town", "operator"),),
}
"""The chart of accounts: from where to where each kind moves. Kinds of payouts move back where a sum is below zero."""

_OUTSIDE = ("bank", "operator", "inside")
"""Where money is once it is paid."""


def account_kind(account: str) -> str:
    return account.partition(":")[0]


def legs(body: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The accounts that a transfer moves and by how much."""
    yield str(body["debit"]), -int(body["amount_minor"])
    yield str(body["credit"]), int(body["amount_minor"])


def add_sums(programmes: dict[str, Sums], body: Mapping[str, Any]) -> None:
    """Add a transfer to the sums of its programme: by kind of account, and paid by budget year. It may have no programme."""
    if not (programme := body.get("programme")):
        return
    if programme not in programmes:
        programmes[programme] = Counter()
    sums = programmes[programme]
    for account, amount_minor in legs(body):
        kind = account_kind(account)
        sums[kind] += amount_minor
        if kind in _OUTSIDE:
            sums[f"paid.{body.get('budget_year', 0)}"] += amount_minor


@dataclass(frozen=True)
class BudgetBalances:
    """What a programme's budget must show, by its transfers."""

    total_minor: int
    free_minor: int
    paid_minor: int
    paid_next_minor: int


def budget_balances(sums: Mapping[str, int], year: int) -> BudgetBalances:
    """From the sums of a programme's transfers; `year` is the budget year that is open."""
    later = sum(value for name, value in sums.items() if name.startswith("paid.") and int(name[5:]) > year)
    return BudgetBalances(
        total_minor=-sums.get("town", 0),
        free_minor=sums.get("budget", 0),
        paid_minor=sum(sums.get(kind, 0) for kind in _OUTSIDE),
        paid_next_minor=later,
    )


@dataclass(frozen=True)
class ProgrammeSums:
    """A programme's money as the transfers make it. budget + written off = free + unspent + held + to pay + paid."""

    programme: str
    budget_minor: int = 0
    free_minor: int = 0
    unspent_minor: int = 0
    held_minor: int = 0
    to_pay_minor: int = 0
    paid_minor: int = 0
    written_off_minor: int = 0

    @classmethod
    def of(cls, programme: str, sums: Mapping[str, int]) -> "ProgrammeSums":
        return cls(
            programme,
            budget_minor=-sums.get("town", 0),
            free_minor=sums.get("budget", 0),
            unspent_minor=sums.get("grant", 0),
            held_minor=sums.get("held", 0),
            to_pay_minor=sums.get("provider", 0) + sums.get("clearing", 0),
            paid_minor=sum(sums.get(kind, 0) for kind in _OUTSIDE),
            written_off_minor=-sums.get("loss", 0),
        )

    @property
    def difference_minor(self) -> int:
        parts = self.free_minor + self.unspent_minor + self.held_minor + self.to_pay_minor + self.paid_minor
        return self.budget_minor + self.written_off_minor - parts


@dataclass(frozen=True)
class GrantBalances:
    """What a grant's account must show, by its transfers. The day is the one that its account counts."""

    total_minor: int
    spendable_minor: int
    held_minor: int
    day_spent_minor: int
    category_spent: Mapping[str, int]


_TAKEN = ("redeem", "hold")
_GIVEN_BACK = ("release", "undo", "refund")


def grant_balances(grant: str, bodies: Iterable[Mapping[str, Any]], day: str) -> GrantBalances:
    """The balances of a grant from its transfers, in whatever order.

    A limit counts what was spent or set aside; it gets back what returned to the grant, a day's only for that day.
    """
    account, held = f"grant:{grant}", f"held:{grant}"
    moved: Counter[str] = Counter()
    by_category: Counter[str] = Counter()
    of_day: dict[str, int] = {}
    returned: list[tuple[str, int]] = []
    total = 0
    for body in bodies:
        for name, amount_minor in legs(body):
            moved[name] += amount_minor
        amount_minor, kind = int(body["amount_minor"]), body["kind"]
        total += amount_minor if kind in ("allot", "top_up") else 0
        if kind in _TAKEN:
            by_category[body.get("category", "")] += amount_minor
            of_day[body["id"]] = amount_minor if body.get("counted_on") == day else 0
        elif kind in _GIVEN_BACK and body["credit"] == account:
            by_category[body.get("category", "")] -= amount_minor
            returned.append((str(body["of"]).removesuffix(".end"), amount_minor))
    spent = sum(of_day.values()) - sum(amount for original, amount in returned if of_day.get(original))
    categories = {name: amount for name, amount in by_category.items() if name}
    return GrantBalances(total, moved[account], moved[held], spent if day else 0, categories)


def judge(partition: Sequence[Stored]) -> list[Difference]:
    """What is wrong in a partition of the books by itself: its account against its transfers, each entry by its text."""
    entries = [item for item in partition if item.kind in ("transfer", "decision")]
    found = [difference for item in entries for difference in _judge_entry(item)]
    if partition[0].pk.split("#")[1] == "G":
        bodies = [item.told for item in entries if item.told and item.kind == "transfer"]
        account = next((item for item in partition if item.kind == "grant"), None)
        found += _judge_grant(partition[0].pk, account, bodies)
    return found


def _judge_entry(item: Stored) -> Iterator[Difference]:
    account, body = item.pk.partition("#")[2], item.told
    entry = item.sk.removeprefix("T#")
    if body is None:
        yield Difference("unreadable", account, entry)
        return
    programme = str(body.get("programme", ""))
    if item.sk != f"T#{body['id']}" or (item.kind == "transfer" and account != _place(body)):
        yield Difference("misplaced", account, entry, programme, expected=_place(body))
    if not _in_journal(item, body):
        yield Difference("not_in_journal", account, entry, programme)
    if item.kind == "decision":
        return
    if (account_kind(body["debit"]), account_kind(body["credit"])) not in _LEGS[body["kind"]]:
        yield Difference("accounts_wrong", account, entry, programme, found=f"{body['debit']} → {body['credit']}")
    if body.get("payable_minor") and not item.line and item.owed != f"{item.city}#U#{body.get('provider', '')}":
        yield Difference("not_owed", account, entry, programme)


def _place(body: Mapping[str, Any]) -> str:
    """The partition that a transfer lies in, without its town."""
    if body.get("grant"):
        return f"G#{body['grant']}"
    if body.get("provider"):
        return f"PR#{body['provider']}"
    return f"B#{body['programme']}" if body.get("programme") else "OP"


def _in_journal(item: Stored, body: Mapping[str, Any]) -> bool:
    place, sort = item.journal
    return sort == f"{to_text(item.at)}#{body['id']}" and place.rpartition("#")[0] == f"{item.city}#D#{item.day}"


def _judge_grant(pk: str, item: Stored | None, bodies: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    account = pk.partition("#")[2]
    programme = next((str(body.get("programme", "")) for body in bodies), "")
    if item is None:
        if bodies:
            yield Difference("account_missing", account, programme=programme)
        return
    for name, value in grant_figures(item, bodies).items():
        found = item.balances.get(name, 0)
        if value != found:
            yield Difference("balance", account, "", item.balances["programme"], name, str(value), str(found))


def grant_figures(account: Stored, bodies: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What a grant's account must show, by the names of its attributes; a category with nothing spent is left out."""
    grant = account.pk.rpartition("#")[2]
    right = grant_balances(grant, bodies, account.balances.get("day", ""))
    figures = {each.name: getattr(right, each.name) for each in fields(right)}
    return figures | {"category_spent": {name: value for name, value in right.category_spent.items() if value}}


def budget_figures(sums: Mapping[str, int], year: int) -> dict[str, Any]:
    """What a budget must show, by the names of its attributes."""
    right = budget_balances(sums, year)
    return {each.name: getattr(right, each.name) for each in fields(right)}


_CLOSED_BY = {"expire": "expired", "remainder": "used", "revoke": "revoked"}


def grant_state(account: Stored, bodies: Iterable[Mapping[str, Any]]) -> str:
    """The state that the transfers, one after another, leave a grant in. A suspension is in none of them and stays."""
    state, held_minor = "active", 0
    single_use = bool(account.balances["single_use"])
    for body in sorted(bodies, key=lambda body: str(body["posted_at"])):
        kind = body["kind"]
        held_minor += sum(amount_minor for name, amount_minor in legs(body) if account_kind(name) == "held")
        if kind in _CLOSED_BY and not held_minor:
            state = _CLOSED_BY[kind]
        elif kind == "redeem" and single_use:
            state = "used"
        elif _opens_again(body, single_use):
            state = "active"
    return "suspended" if (state, account.balances["state"]) == ("active", "suspended") else state


def _opens_again(body: Mapping[str, Any], single_use: bool) -> bool:
    if account_kind(body["credit"]) != "grant":
        return False
    return body["kind"] == "refund" or (body["kind"] == "undo" and single_use and not str(body["of"]).endswith(".end"))


def judge_budget(programme: str, sums: Mapping[str, int], stored: Mapping[str, int] | None) -> list[Difference]:
    """A programme's budget against the sums of its transfers."""
    account = f"B#{programme}"
    if stored is None:
        return [Difference("account_missing", account, programme=programme)] if any(sums.values()) else []
    return [
        Difference("balance", account, "", programme, name, str(value), str(stored.get(name, 0)))
        for name, value in budget_figures(sums, stored.get("year", 0)).items()
        if value != stored.get(name, 0)
    ]


# Tallies: what a pass over the table adds up to, small whatever it read


@dataclass
class Tally:
    """What one segment found of a town. `days` are, by Prague day, how many entries and the sum of their salted hashes."""

    accounts: int = 0
    transfers: int = 0
    decisions: int = 0
    programmes: dict[str, Sums] = field(default_factory=dict)
    days: dict[str, tuple[int, int]] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    differences_count: int = 0

    def add(self, other: "Tally") -> None:
        self.accounts += other.accounts
        self.transfers += other.transfers
        self.decisions += other.decisions
        for programme, sums in other.programmes.items():
            self.programmes.setdefault(programme, Counter()).update(sums)
        for day, (count, total) in other.days.items():
            self.add_entry(day, count, total)
        self.add_differences(other.differences, other.differences_count)

    def add_entry(self, day: str, count: int, salted: int) -> None:
        known, total = self.days.get(day, (0, 0))
        self.days[day] = (known + count, (total + salted) % SUM_MODULUS)

    def add_differences(self, found: Sequence[Difference], count: int | None = None) -> None:
        """The first ones are named, all are counted."""
        room = DIFFERENCES_MAX - len(self.differences)
        self.differences += found[: max(room, 0)]
        self.differences_count += len(found) if count is None else count

    def text(self) -> str:
        """For keeping between two steps."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return json.dumps(values | {"differences": [each.__dict__ for each in self.differences]})

    @classmethod
    def read(cls, text: str) -> "Tally":
        values = json.loads(text)
        values["programmes"] = {name: Counter(sums) for name, sums in values["programmes"].items()}
        values["days"] = {day: (count, total) for day, (count, total) in values["days"].items()}
        values["differences"] = [Difference(**each) for each in values["differences"]]
        return cls(**values)


DIFFERENCES_MAX = 100
"""How many differences a proof names; the rest are counted."""
SUM_MODULUS = 1 << 128


def salted(salt: bytes, leaf: bytes) -> int:
    """A leaf as a number to be summed. The salt is new for each proof, so nobody can plan two sets of equal sums."""
    return int.from_bytes(hashlib.sha256(salt + leaf).digest()[:16])


@dataclass(frozen=True)
class Proof:
    """What a proof of a town's books found. `capacity_units` are those of the whole pass over the table."""

    run: str
    started_at: Instant
    ended_at: Instant
    accounts: int
    transfers: int
    decisions: int
    seals: int
    leaves: int
    sealed_to: date | None
    programmes: tuple[ProgrammeSums, ...]
    differences: tuple[Difference, ...]
    differences_count: int
    unsealed: int
    frozen: tuple[str, ...]
    capacity_units: int


def to_freeze(tally: Tally) -> list[tuple[Literal["town", "programme"], str]]:
    """What is stopped for the differences: the programmes they are in; the town where one is in none, or is not named."""
    programmes = {each.programme for each in tally.differences}
    if "" in programmes or tally.differences_count > len(tally.differences):
        return [("town", "")]
    return [("programme", programme) for programme in sorted(programmes)]


@dataclass(frozen=True)
class Turned:
    """That a switch was turned on or off, by whom and why. `name` and `by_name` are added when it is read."""

    what: Freezable
    id: str
    on: bool
    by: str
    at: Instant
    reason: str
    name: str = ""
    by_name: str = ""


# Refusals


class SealNotFound(Refusal):
    status = 404
    cs = "Za tento den pečeť není. Den se pečetí v noci po něm."
    en = "There is no seal for this day. A day is sealed in the night after it."


class ReceiptNotFound(Refusal):
    status = 404
    cs = "Tento pohyb jsme v knihách nenašli. Zkontrolujte, ze kterého příspěvku je."
    en = "We did not find this movement in the books. Check which contribution it belongs to."


class ProofNotFound(Refusal):
    status = 404
    cs = "Tato kontrola knih neproběhla. Vyberte jinou ze seznamu."
    en = "This proof of the books was not run. Choose another one from the list."


class NotFrozen(Refusal):
    status = 409
    cs = "Tady se pohyb peněz nezastavil. Načtěte seznam znovu."
    en = "Money is not frozen here. Read the list again."


class RebuildNeedsFreeze(Refusal):
    status = 409
    cs = "Zůstatky jde přepočítat, jen když ve městě peníze stojí. Nejdřív zastavte pohyb peněz v celém městě."
    en = "Balances can be rebuilt only while money stands in the town. Freeze the whole town first."


@dataclass
class TooManyDays(Refusal):
    status = 422
    cs = "Zvolte nejvýše {days_max} dní najednou."
    en = "Choose at most {days_max} days at once."
    days_max: int


@dataclass
class TooManyRows(Refusal):
    status = 422
    cs = "Výpis by měl přes {rows_max} řádků. Zvolte kratší období."
    en = "The list would have over {rows_max} lines. Choose a shorter time."
    rows_max: int
