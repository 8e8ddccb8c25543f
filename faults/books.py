"""The proof at the end: the books against the diaries, and every balance against the sum of its transfers.

It reads raw items and knows nothing of the ledger's code but the names of accounts: a transfer takes from its debit
and gives to its credit, and that is all there is to know.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from faults.database import Image, Raw
from faults.diary import Answer, Diary
from faults.town import FOUNDER
from faults.worker import DONE

type Balances = dict[str, int]

ENDS = {"settle": "end of a hold", "release": "end of a hold", "undo": "undo"}
"""What may point at a transfer only once, and as what."""


@dataclass(frozen=True)
class Books:
    """The transfers and the stored balances of a table."""

    transfers: Mapping[str, dict[str, Any]]
    lines: Mapping[str, str]
    stored: Balances

    def recomputed(self) -> Balances:
        """Each account's balance as its transfers make it."""
        sums: Balances = defaultdict(int)
        for transfer in self.transfers.values():
            sums[transfer["debit"]] -= transfer["amount_minor"]
            sums[transfer["credit"]] += transfer["amount_minor"]
        return sums

    def differences(self) -> Balances:
        """What is stored less what is recomputed, of the judged accounts that do not agree."""
        sums = self.recomputed()
        found = {account: stored - sums.get(account, 0) for account, stored in self.stored.items()}
        return {account: difference for account, difference in found.items() if difference}


def books_of(items: Image) -> Books:
    transfers: dict[str, dict[str, Any]] = {}
    lines: dict[str, str] = {}
    stored: Balances = {}
    for raw in items.values():
        kind = raw["kind"]["S"]
        if kind == "transfer":
            body = json.loads(raw["card"]["S"])
            transfers[_name(body)] = body
            lines[_name(body)] = raw.get("payout_line", {}).get("S", "")
        stored |= {account: _number(raw, name) for account, name in _accounts(raw).items()}
    return Books(transfers, lines, stored)


def _accounts(raw: Raw) -> dict[str, str]:
    """The judged accounts of an item, and the attribute that keeps each one's balance."""
    if raw["kind"]["S"] == "grant":
        return {f"grant:{raw['id']['S']}": "spendable_minor", f"held:{raw['id']['S']}": "held_minor"}
    if raw["kind"]["S"] == "budget":
        return {f"budget:{raw['programme']['S']}": "free_minor"}
    return {}


def _name(body: Mapping[str, Any]) -> str:
    """A transfer's id is its own within its grant: an award is called `allot` in each of them."""
    return f"{body.get('grant', '')}/{body['id']}"


def _number(raw: Raw, name: str) -> int:
    return int(raw[name]["N"])


@dataclass
class Findings:
    """What the proof found. Each list names its cases; all are empty, or the campaign failed."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrongly_refused: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    differences: Balances = field(default_factory=dict)
    audit: list[str] = field(default_factory=list)
    """What the product's own proof finds: there may be nothing that it sees and we do not."""

    @property
    def difference_minor(self) -> int:
        return sum(abs(difference) for difference in self.differences.values())

    @property
    def clean(self) -> bool:
        wrong = (self.lost, self.doubled, self.wrongly_refused, self.unanswered, self.differences, self.audit)
        return not any(wrong)


def missing(books: Books, diaries: Iterable[Diary]) -> list[Answer]:
    """What workers were told is done and the books do not hold."""
    return [
        answers[-1]
        for diary in diaries
        for by, answers in diary.answers.items()
        if by not in diary.waiting and answers[-1].code == DONE and not _holds(books, diary, answers[-1])
    ]


def _holds(books: Books, diary: Diary, answer: Answer) -> bool:
    asked = diary.asked[answer.by]
    name = f"{asked.grant}/{answer.transfer}"
    if asked.verb == "claim":
        return books.lines.get(name) == f"line.{answer.by}"
    body = books.transfers.get(name) or books.transfers.get(f"/{answer.transfer}")
    return body is not None and body["amount_minor"] == answer.amount_minor


def prove(books: Books, diaries: list[Diary], restored_at: float) -> Findings:
    """Everything that was acknowledged is in the books once, nothing else is, and the balances are their sums."""
    found = Findings(differences=books.differences())
    found.lost = [f"{answer.by} {answer.transfer}" for answer in missing(books, diaries)]
    found.unanswered = [by for diary in diaries for by in diary.waiting]
    found.doubled = [*_twice_made(books), *_twice_ended(books), *_twice_new(diaries, restored_at)]
    made_by = {body["by"] for body in books.transfers.values()}
    for diary in diaries:
        for by, answers in diary.answers.items():
            if answers[-1].code != DONE and by in made_by:
                found.wrongly_refused.append(f"{by} {answers[-1].code}")
    asked = {by for diary in diaries for by in diary.asked}
    found.doubled += [f"{by} was asked by nobody" for by in sorted(made_by - asked - {FOUNDER})]
    return found


def _twice_made(books: Books) -> list[str]:
    """An operation that made two transfers."""
    made = Counter(body["by"] for body in books.transfers.values() if body["by"] != FOUNDER)
    return [f"{by} made {count} transfers" for by, count in made.items() if count > 1]


def _twice_ended(books: Books) -> list[str]:
    """A hold with two ends, or a redemption with two undos."""
    ends = Counter((b["grant"], b["of"], ENDS[b["kind"]]) for b in books.transfers.values() if b["kind"] in ENDS)
    return [f"{of} has {count} × {what}" for (_, of, what), count in ends.items() if count > 1]


def _twice_new(diaries: list[Diary], restored_at: float) -> list[str]:
    """A transfer or a claim that two were told is new, in the same life of the table."""
    new: Counter[str] = Counter()
    for diary in diaries:
        for by, answers in diary.answers.items():
            for answer in answers:
                if answer.code == DONE and not answer.replayed:
                    life = "after" if answer.at > restored_at else "before"
                    asked = diary.asked[by]
                    what = "claimed" if asked.verb == "claim" else "made"
                    new[f"{asked.grant}/{answer.transfer} {what} {life} the restore"] += 1
    return [f"{what}: {count} times" for what, count in new.items() if count > 1]
