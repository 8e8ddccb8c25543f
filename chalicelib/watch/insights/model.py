"""What a transfer does to a programme's figures. Pure.

Always `budget + written off = free + unspent + held + to_pay + paid`, to the haléř;
`liability = to_pay` and `contingent_liability = unspent + held`: what is only awarded is not owed until it is spent.
What is ordered at the bank is still to be paid.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from chalicelib.money.ledger.model import (
    BANK_ACCOUNT,
    CLEARING_ACCOUNT,
    OPERATOR_ACCOUNT,
    Kind,
    Transfer,
    budget_account,
)

type Effect = dict[str, int]

AGE_BANDS = ((0, 5), (6, 8), (9, 11), (12, 14), (15, 18), (19, 59), (60, 69), (70, 79), (80, 150))
APPLICATION_STATES = (
    "draft",
    "submitted",
    "verifying",
    "in_review",
    "returned",
    "waiting",
    "approved",
    "declined",
    "withdrawn",
    "lapsed",
)


@dataclass(frozen=True)
class Money:
    """A programme's money, in haléře. `allotted_minor` and `returned_minor` are turnovers, the rest are balances."""

    budget_minor: int = 0
    free_minor: int = 0
    unspent_minor: int = 0
    held_minor: int = 0
    to_pay_minor: int = 0
    paid_minor: int = 0
    allotted_minor: int = 0
    returned_minor: int = 0
    written_off_minor: int = 0

    @property
    def liability_minor(self) -> int:
        """What the town owes: spent and not yet paid."""
        return self.to_pay_minor

    @property
    def contingent_liability_minor(self) -> int:
        """What the town will owe if it is spent: awarded, with what orders hold."""
        return self.unspent_minor + self.held_minor

    @property
    def spent_minor(self) -> int:
        return self.to_pay_minor + self.paid_minor

    @property
    def difference_minor(self) -> int:
        """Zero, or the books and the figures disagree."""
        parts = self.free_minor + self.unspent_minor + self.held_minor + self.to_pay_minor + self.paid_minor
        return self.budget_minor + self.written_off_minor - parts


@dataclass(frozen=True)
class Slice:
    """A part of the figures: a provider, an age band, a category of activities or a week. `count` is of people by age."""

    name: str
    count: int
    amount_minor: int
    to_pay_minor: int
    label: str = ""


@dataclass(frozen=True)
class Figures:
    """A programme's figures as of the last movement that was counted."""

    programme: str
    money: Money
    applications: Mapping[str, int] = field(default_factory=dict)
    counted_at: datetime | None = None


@dataclass(frozen=True)
class Generations:
    """Which generation of a town's figures is shown, and which is being built beside it."""

    live: int
    building: int | None = None

    @property
    def counted(self) -> tuple[int, ...]:
        """Those that what happens now is counted into."""
        return (self.live,) if self.building is None else (self.live, self.building)


# How each kind of transfer moves between the parts: (from, to). "" is outside the programme.
_MOVES: dict[Kind, tuple[str, str]] = {
    "fund": ("", "free_minor"),
    "raise": ("", "free_minor"),
    "cut": ("free_minor", ""),
    "carry_over": ("", ""),
    "allot": ("free_minor", "unspent_minor"),
    "top_up": ("free_minor", "unspent_minor"),
    "redeem": ("unspent_minor", "to_pay_minor"),
    "hold": ("unspent_minor", "held_minor"),
    "settle": ("held_minor", "to_pay_minor"),
    "release": ("held_minor", "unspent_minor"),
    "undo": ("to_pay_minor", "unspent_minor"),
    "refund": ("to_pay_minor", "unspent_minor"),
    "write_off": ("", "to_pay_minor"),
    "expire": ("unspent_minor", "free_minor"),
    "remainder": ("unspent_minor", "free_minor"),
    "revoke": ("unspent_minor", "free_minor"),
    "order": ("", ""),
    "reject": ("", ""),
    "pay": ("to_pay_minor", "paid_minor"),
    "return": ("paid_minor", "to_pay_minor"),
    "internal": ("to_pay_minor", "paid_minor"),
    "advance": ("", ""),
}
_TURNOVERS: dict[Kind, tuple[str, int]] = {
    "fund": ("budget_minor", 1),
    "raise": ("budget_minor", 1),
    "cut": ("budget_minor", -1),
    "allot": ("allotted_minor", 1),
    "top_up": ("allotted_minor", 1),
    "write_off": ("written_off_minor", 1),
    "expire": ("returned_minor", 1),
    "remainder": ("returned_minor", 1),
    "revoke": ("returned_minor", 1),
}


def effect(transfer: Transfer) -> Effect:
    """What the transfer adds to each part of the programme's money."""
    source, target = _MOVES[transfer.kind]
    if transfer.kind == "refund" and transfer.credit == budget_account(transfer.programme):
        target = "free_minor"
    amount_minor = -transfer.amount_minor if _runs_back(transfer) else transfer.amount_minor
    moved = {source: -amount_minor, target: amount_minor} if source != target else {}
    if transfer.kind in _TURNOVERS:
        turnover, sign = _TURNOVERS[transfer.kind]
        moved[turnover] = moved.get(turnover, 0) + sign * amount_minor
    return {name: value for name, value in moved.items() if name}


_FROM: dict[Kind, tuple[str, ...]] = {
    "pay": (CLEARING_ACCOUNT,),
    "internal": ("provider:",),
    "return": (BANK_ACCOUNT, OPERATOR_ACCOUNT),
}


def _runs_back(transfer: Transfer) -> bool:
    """Whether a line's programme came out below zero: its accounts then change places."""
    return transfer.kind in _FROM and not transfer.debit.startswith(_FROM[transfer.kind])


def at_provider(transfer: Transfer) -> tuple[int, int, int]:
    """(count, spent, to pay) that the transfer adds to its provider's figures in the programme."""
    parts = effect(transfer)
    to_pay_minor = parts.get("to_pay_minor", 0)
    if transfer.kind in ("redeem", "settle"):
        return 1, to_pay_minor, to_pay_minor
    if transfer.kind in ("undo", "refund"):
        return -1, to_pay_minor, to_pay_minor
    return 0, 0, to_pay_minor


def age_band(age: int) -> str:
    """`6–8`, the band of completed years."""
    for low, high in AGE_BANDS:
        if low <= age <= high:
            return f"{low}–{high}" if high < 150 else f"{low}+"
    return ""


def week_of(day: date) -> str:
    """The ISO week, `2026-W47`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


MONEY_FIELDS = tuple(f.name for f in fields(Money))
