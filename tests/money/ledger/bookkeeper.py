"""A bookkeeper with paper and pencil: the chart of accounts in plain dictionaries, sharing no code with the ledger.

Each method is told what somebody wants, says what must come of it (`done`, `replayed` or a refusal's code), and writes
down what it does to the accounts. It was written from docs/accounting.md.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

DONE, REPLAYED = "done", "replayed"
AMOUNT_MAX = 10**12
PAID_ACCOUNTS = ("bank", "operator", "inside")


@dataclass
class Programme:
    year: int
    total: int = 0
    open: bool = False
    paid: int = 0
    paid_next: int = 0
    written_off: int = 0

    @property
    def rest(self) -> int:
        """What the open year has not paid."""
        return self.total - self.paid + self.paid_next


@dataclass
class Award:
    programme: str
    valid_from: datetime
    valid_until: datetime
    single_use: bool
    day_limit: int
    category_limits: dict[str, int]
    state: str = "active"
    revision: int = 1
    spent_on: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    spent_in: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    touched: int = 0


@dataclass
class Entry:
    """A transfer as the bookkeeper remembers it."""

    kind: str
    programme: str
    debit: str
    credit: str
    amount: int
    payable: int = 0
    award: str = ""
    provider: str = ""
    day: date | None = None
    category: str = ""
    at_provider: bool = False
    till: str = ""
    slot: str = ""


type Wish = tuple[Any, ...]


class Bookkeeper:
    def __init__(self) -> None:
        self.programmes: dict[str, Programme] = {}
        self.awards: dict[str, Award] = {}
        self.entries: dict[str, Entry] = {}
        self.balance: dict[str, int] = defaultdict(int)
        self.parts: dict[tuple[str, str], int] = defaultdict(int)
        self.at_provider: dict[tuple[str, str], int] = defaultdict(int)
        self.wishes: dict[tuple[str, str], Wish] = {}
        self.frozen: set[tuple[str, str]] = set()

    # What every movement has in common

    def _post(self, name: str, entry: Entry) -> str:
        assert name not in self.entries
        assert entry.amount > 0
        self.entries[name] = entry
        for account, sign in ((entry.debit, -1), (entry.credit, 1)):
            self.balance[account] += sign * entry.amount
            self.parts[entry.programme, account.split(":")[0]] += sign * entry.amount
        if entry.award:
            self.awards[entry.award].touched += 1
        return DONE

    def _known(self, place: str, key: str, wish: Wish) -> str | None:
        """What is done under a key already."""
        if (place, key) not in self.wishes:
            return None
        return REPLAYED if self.wishes[place, key] == wish else "key_used_for_other_request"

    def _stopped(self, programme: str = "", provider: str = "", till: str = "") -> bool:
        here = {("town", ""), ("programme", programme), ("provider", provider), ("till", till)}
        return bool(self.frozen & {one for one in here if one[0] == "town" or one[1]})

    @staticmethod
    def _out_of_range(amount: int) -> bool:
        return not 1 <= amount <= AMOUNT_MAX

    def _first(self, place: str, key: str, wish: Wish, amount: int, **where: str) -> str | None:
        """Amount, receipt, freeze: in this order before everything else."""
        if self._out_of_range(amount):
            return "amount_out_of_range"
        return self._known(place, key, wish) or ("frozen" if self._stopped(**where) else None)

    # Budgets

    def fund(self, programme: str, amount: int, key: str) -> str:
        if programme not in self.programmes:
            return "account_unknown"
        wish = ("fund", amount)
        if refusal := self._first(f"budget {programme}", key, wish, amount, programme=programme):
            return refusal
        known = self.programmes[programme]
        kind = "raise" if known.total else "fund"
        self.wishes[f"budget {programme}", key] = wish
        known.total += amount
        known.open = known.open or kind == "fund"
        return self._post(
            f"{programme} {key}", Entry(kind, programme, f"town:{known.year}", f"budget:{programme}", amount)
        )

    def cut(self, programme: str, amount: int, key: str) -> str:
        if programme not in self.programmes:
            return "account_unknown"
        wish = ("cut", amount)
        if refusal := self._first(f"budget {programme}", key, wish, amount, programme=programme):
            return refusal
        known = self.programmes[programme]
        if self.balance[f"budget:{programme}"] < amount:
            return "budget_exhausted"
        self.wishes[f"budget {programme}", key] = wish
        known.total -= amount
        return self._post(
            f"{programme} {key}", Entry("cut", programme, f"budget:{programme}", f"town:{known.year}", amount)
        )

    def carry_over(self, programme: str, year: int) -> str:
        if programme not in self.programmes:
            return "account_unknown"
        known = self.programmes[programme]
        if known.year == year and self._out_of_range(known.rest):
            return "amount_out_of_range"
        if f"{programme} carry {year}" in self.entries:
            return REPLAYED
        if self._stopped(programme=programme):
            return "frozen"
        if known.year != year:
            return "budget_year_closed"
        amount = known.rest
        known.year += 1
        known.paid_next = 0
        entry = Entry("carry_over", programme, f"town:{year + 1}", f"town:{year}", amount)
        return self._post(f"{programme} carry {year}", entry)

    # Awards

    def allot(self, awards: dict[str, tuple[Award, int]], key: str) -> str:
        programme = next(iter(awards.values()))[0].programme
        wish = ("allot", key, *((id, amount) for id, (_, amount) in awards.items()))
        if any(self._out_of_range(amount) for _, amount in awards.values()):
            return "amount_out_of_range"
        if self.wishes.get(("allot", next(iter(awards)))) == wish:
            return DONE
        if self._stopped(programme=programme):
            return "frozen"
        if refusal := self._not_taken(programme, sum(amount for _, amount in awards.values())):
            return refusal
        if any(id in self.awards for id in awards):
            return "already_awarded"
        for id, (award, amount) in awards.items():
            self.awards[id] = award
            self.wishes["allot", id] = wish
            self._post(f"{id} allot", Entry("allot", programme, f"budget:{programme}", f"grant:{id}", amount, award=id))
        return DONE

    def _not_taken(self, programme: str, amount: int) -> str | None:
        if programme not in self.programmes or not self.programmes[programme].open:
            return "budget_not_open"
        return "budget_exhausted" if self.balance[f"budget:{programme}"] < amount else None

    def top_up(self, id: str, amount: int, key: str, now: datetime) -> str:
        award = self.awards[id]
        wish = ("top_up", amount)
        if refusal := self._first(id, key, wish, amount, programme=award.programme):
            return refusal
        if refusal := self._not_taken(award.programme, amount):
            return refusal
        if award.state != "active" or now > award.valid_until:
            return "grant_closed"
        self.wishes[id, key] = wish
        entry = Entry("top_up", award.programme, f"budget:{award.programme}", f"grant:{id}", amount, award=id)
        return self._post(f"{id} {key}", entry)

    # Spending

    def spend(self, id: str, amount: int, provider: str, key: str, now: datetime, day: date, **more: Any) -> str:
        wish = ("redeem", amount, provider)
        return self._debit("redeem", id, amount, provider, key, key, wish, now, day, **more)

    def hold(self, id: str, amount: int, provider: str, hold: str, now: datetime, day: date, **more: Any) -> str:
        wish = ("hold", amount, provider)
        return self._debit("hold", id, amount, provider, f"hold {hold}", hold, wish, now, day, **more)

    def _debit(
        self, kind: str, id: str, amount: int, provider: str, key: str, name: str, wish: Wish, now: datetime, day: date,
        *, category: str = "", limit: int | None = None, revision: int | None = None, till: str = "",
    ) -> str:  # fmt: skip
        if id not in self.awards:
            return "amount_out_of_range" if self._out_of_range(amount) else "account_unknown"
        award = self.awards[id]
        where = {"programme": award.programme, "provider": provider, "till": till}
        if refusal := self._first(id, key, wish, amount, **where):
            return refusal
        if refusal := self._not_spent(id, award, amount, now, day, category, revision):
            return refusal
        if limit is not None and self.at_provider[award.programme, provider] + amount > limit:
            return "provider_limit_reached"
        self.wishes[id, key] = wish
        entry = Entry(
            kind, award.programme, f"grant:{id}", f"held:{id}" if kind == "hold" else f"provider:{provider}", amount,
            payable=0 if kind == "hold" else amount, award=id, provider=provider, at_provider=limit is not None,
        )  # fmt: skip
        entry.till = till
        if award.day_limit:
            entry.day = day
            award.spent_on[day] += amount
        if category in award.category_limits:
            entry.category = category
            award.spent_in[category] += amount
        if limit is not None:
            self.at_provider[award.programme, provider] += amount
        if kind == "redeem" and award.single_use:
            award.state = "used"
        return self._post(f"{id} {name}", entry)

    def _not_spent(
        self, id: str, award: Award, amount: int, now: datetime, day: date, category: str, revision: int | None
    ) -> str | None:
        spendable, held = self.balance[f"grant:{id}"], self.balance[f"held:{id}"]
        if revision is not None and revision != award.revision:
            return "code_replaced"
        if award.state == "suspended":
            return "grant_suspended"
        if award.state == "expired" or now > award.valid_until:
            return "validity_ended"
        if award.state == "used" or (award.state == "active" and spendable == 0 and held == 0):
            return "grant_used"
        if award.state != "active":
            return "grant_closed"
        if now < award.valid_from:
            return "not_yet_valid"
        if spendable < amount:
            return "credit_too_small"
        limit = award.category_limits.get(category)
        if limit is not None and award.spent_in[category] + amount > limit:
            return "category_limit_reached"
        if award.day_limit and award.spent_on[day] + amount > award.day_limit:
            return "day_limit_reached"
        return None

    # Taking back

    def end_hold(self, hold: str, kind: str, day: date) -> str:
        held = self.entries[hold]
        if ended := self.entries.get(f"{hold} end"):
            return REPLAYED if ended.kind == kind else "hold_ended"
        if self._stopped(held.programme, held.provider):
            return "frozen"
        pays = kind == "settle"
        if not pays:
            self._uncount(held, day)
        entry = Entry(
            kind, held.programme, f"held:{held.award}",
            f"provider:{held.provider}" if pays else f"grant:{held.award}", held.amount,
            payable=held.amount if pays else 0, award=held.award, provider=held.provider,
            day=held.day, category=held.category, at_provider=held.at_provider,
        )  # fmt: skip
        return self._post(f"{hold} end", entry)

    def _uncount(self, entry: Entry, today: date, of_grant: bool = True) -> None:
        """Limits get back what is taken back: a day's while it is that day, the others always."""
        award = self.awards[entry.award]
        if of_grant and entry.day is not None and entry.day == max(award.spent_on, default=today):
            award.spent_on[entry.day] -= entry.amount
        if of_grant and entry.category:
            award.spent_in[entry.category] -= entry.amount
        if entry.at_provider:
            self.at_provider[entry.programme, entry.provider] -= entry.amount

    def undo(self, id: str, name: str, day: date) -> str:
        original = self.entries.get(name)
        if original is None:
            return "transfer_not_found"
        if original.kind != "redeem":
            return "not_reversible"
        if refusal := self._taken_back_before(name, "undo", original):
            return refusal
        award = self.awards[id]
        if award.state not in (("used",) if award.single_use else ("active", "suspended")):
            return "grant_closed"
        if original.slot:
            return "already_paid_out"
        self._uncount(original, day)
        if award.single_use:
            award.state = "active"
        return self._take_back(name, "undo", original, f"grant:{id}")

    def unsettle(self, hold: str, day: date) -> str:
        settled = self.entries.get(f"{hold} end")
        if settled is None:
            return "transfer_not_found"
        if settled.kind != "settle":
            return "not_reversible"
        if refusal := self._taken_back_before(f"{hold} end", "undo", settled):
            return refusal
        if settled.slot:
            return "already_paid_out"
        self._uncount(settled, day)
        return self._take_back(f"{hold} end", "undo", settled, f"grant:{settled.award}")

    def refund(self, id: str, name: str, now: datetime, day: date) -> str:
        original = self.entries.get(name)
        if original is None:
            return "transfer_not_found"
        if original.kind not in ("redeem", "settle"):
            return "not_reversible"
        if refusal := self._taken_back_before(name, "refund", original):
            return refusal
        if not original.slot or original.slot.startswith("wait"):
            return "not_paid_out"
        award = self.awards[id]
        lives = award.state == "used" if award.single_use else award.state in ("active", "suspended")
        to_grant = lives and now <= award.valid_until
        self._uncount(original, day, of_grant=to_grant)
        if to_grant and award.single_use:
            award.state = "active"
        return self._take_back(name, "refund", original, f"grant:{id}" if to_grant else f"budget:{award.programme}")

    def _taken_back_before(self, name: str, kind: str, original: Entry) -> str | None:
        if back := self.entries.get(f"{name} back"):
            return REPLAYED if back.kind == kind else "not_reversible"
        return "frozen" if self._stopped(original.programme, original.provider, original.till) else None

    def _take_back(self, name: str, kind: str, original: Entry, account: str) -> str:
        entry = Entry(
            kind, original.programme, f"provider:{original.provider}", account, original.amount,
            payable=-original.amount, award=original.award, provider=original.provider,
        )  # fmt: skip
        return self._post(f"{name} back", entry)

    def write_off(self, name: str, by: str, approved_by: str) -> str:
        refund = self.entries[name]
        if by == approved_by:
            return "same_approver"
        if refund.kind != "refund":
            return "not_reversible"
        if f"{name} written off" in self.entries:
            return REPLAYED
        if self._stopped(refund.programme, refund.provider):
            return "frozen"
        if refund.slot:
            return "already_paid_out"
        refund.slot = "written off"
        self.programmes[refund.programme].written_off += refund.amount
        entry = Entry("write_off", refund.programme, "loss", f"provider:{refund.provider}", refund.amount)
        entry.award, entry.provider = refund.award, refund.provider
        return self._post(f"{name} written off", entry)

    def give_back(self, id: str, kind: str, now: datetime, seen: int) -> str:
        award = self.awards[id]
        left = self.balance[f"grant:{id}"]
        if self._out_of_range(left):
            return "amount_out_of_range"
        if self._stopped(award.programme):
            return "frozen"
        if kind == "expire" and now <= award.valid_until:
            return "changed_meanwhile"
        if not self.balance[f"held:{id}"]:
            award.state = {"expire": "expired", "remainder": "used", "revoke": "revoked"}[kind]
        entry = Entry(kind, award.programme, f"grant:{id}", f"budget:{award.programme}", left, award=id)
        return self._post(f"{id} {kind} {seen}", entry)

    # Payouts

    def claim(self, name: str, slot: str) -> str:
        entry = self.entries[name]
        if entry.slot:
            return "already_paid_out"
        entry.slot = slot
        return DONE

    def unclaim(self, name: str, slot: str) -> str:
        entry = self.entries[name]
        if entry.slot != slot:
            return "changed_meanwhile"
        entry.slot = ""
        return DONE

    def of_line(
        self, kind: str, line: str, provider: str, amounts: dict[str, int], booked: int, through: str = "bank"
    ) -> str:
        """What happened to a payout line, programme by programme. The bank's facts heed no freeze."""
        ways = {
            "order": (f"provider:{provider}", "clearing"),
            "reject": ("clearing", f"provider:{provider}"),
            "pay": ("clearing", through),
            "return": (through, f"provider:{provider}"),
            "internal": (f"provider:{provider}", "inside"),
        }
        names = {programme: f"{line} {programme} {kind}" for programme in amounts}
        if any(name in self.entries for name in names.values()):
            return DONE
        if kind in ("order", "internal") and any(self._stopped(programme, provider) for programme in amounts):
            return "frozen"
        owed = 1 if kind in ("reject", "return") else 0
        paid = {"pay": 1, "internal": 1, "return": -1}.get(kind, 0)
        for programme, amount in amounts.items():
            source, target = ways[kind] if amount > 0 else ways[kind][::-1]
            entry = Entry(kind, programme, source, target, abs(amount), payable=owed * amount, provider=provider)
            self._post(names[programme], entry)
            known = self.programmes[programme]
            known.paid += paid * amount
            if max(known.year, booked) > known.year:
                known.paid_next += paid * amount
        return DONE

    def advance(self, amount: int, key: str) -> str:
        wish = ("advance", amount)
        if refusal := self._first("operator", key, wish, amount):
            return refusal
        self.wishes["operator", key] = wish
        return self._post(f"advance {key}", Entry("advance", "", "town", "operator", amount))

    # What always holds

    def identity(self, programme: str) -> tuple[int, int]:
        """budget + written off, and free + unspent + held + to pay + paid: they are equal."""
        known = self.programmes[programme]
        part = {head: self.parts[programme, head] for head in ("budget", "grant", "held", "provider", "clearing")}
        paid = sum(self.parts[programme, head] for head in PAID_ACCOUNTS)
        return known.total + known.written_off, sum(part.values()) + paid
