"""A worker of the campaign: `python -m faults.worker <home> <number>`. It is killed and started again at any moment."""

import random
import sys
from collections import Counter
from pathlib import Path

from chalicelib.core.refusals import Refusal, TryAgain
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import AlreadyPaidOut, Grant, Receipt, Spender, Transfer, TransferNotFound
from faults.diary import Answer, Asked, Pen, Verb, read_diary
from faults.injection import Choice, Fault, faults
from faults.town import CITY, PROVIDERS, Plan, read_plan

DONE = "done"
SHARES: dict[Verb, int] = {"spend": 50, "hold": 12, "settle": 7, "release": 5, "undo": 10, "claim": 12, "top_up": 4}
AMOUNT_MINOR_MAX = 3_000
READS_SHARE = 0.25
"""Reads meet faults too, but fewer: they are many."""


def diary_file(home: Path, number: int) -> Path:
    return home / f"worker-{number}.diary"


def asked_to_stop(home: Path) -> bool:
    return (home / "stop").exists()


class Worker:
    def __init__(self, home: Path, number: int, plan: Plan, met: Counter[Fault]) -> None:
        self._home = home
        self._number = number
        self._plan = plan
        self._diary = read_diary(diary_file(home, number))
        self._pen = Pen(diary_file(home, number))
        self._dice = random.Random(f"{plan.seed}.{number}.{len(self._diary.asked)}")
        self._met = met

    def run(self) -> None:
        """First what an earlier life of this worker left without an answer, then new operations up to the plan."""
        for asked in list(self._diary.waiting.values()):
            self._do(asked)
        for n in range(len(self._diary.asked), self._plan.operations_each):
            if asked_to_stop(self._home):
                return
            asked = self._thought_up(f"w{self._number}.{n}")
            self._pen.ask(asked)
            self._do(asked)

    def _do(self, asked: Asked) -> None:
        """Ask until there is an answer, always under the same key."""
        while True:
            try:
                answer = _done(asked)
            except TryAgain:
                continue
            except Refusal as refusal:
                answer = Answer(asked.by, refusal.code())
            met = Counter({str(fault): count for fault, count in self._met.items()})
            self._met.clear()
            self._pen.answer(answer, met)
            return

    def _thought_up(self, by: str) -> Asked:
        dice = self._dice
        verb = dice.choices(list(SHARES), list(SHARES.values()))[0]
        grant = dice.choice(self._plan.grants)
        amount_minor = dice.randint(1, AMOUNT_MINOR_MAX)
        if verb in ("spend", "hold", "top_up"):
            return Asked(by, verb, grant, amount_minor, dice.choice(PROVIDERS))
        kinds = {"claim": ("redeem", "settle", "undo"), "undo": ("redeem",)}.get(verb, ("hold",))
        while True:
            try:
                known = [transfer.id for transfer in ledger.transfers_of(CITY, grant) if transfer.kind in kinds]
                break
            except TryAgain:
                continue
        return Asked(by, verb, grant, of=dice.choice(known or ["nothing"]))


def _done(asked: Asked) -> Answer:
    """Do it once. Raises the ledger's refusals."""
    if asked.verb == "claim":
        return _claimed(asked)
    receipt = _moved(asked)
    return Answer(asked.by, DONE, receipt.transfer.id, receipt.transfer.amount_minor, receipt.replayed)


def _moved(asked: Asked) -> Receipt:
    spender = Spender(asked.by, "faults", asked.by)
    grant = _grant(asked.grant)
    match asked.verb:
        case "spend":
            return ledger.spend(CITY, grant, asked.amount_minor, asked.provider, spender)
        case "hold":
            return ledger.hold(CITY, grant, asked.amount_minor, asked.provider, f"h.{asked.by}", spender, [])
        case "settle":
            return ledger.settle(CITY, _transfer(asked), spender, [])
        case "release":
            return ledger.release(CITY, _transfer(asked), spender, [])
        case "undo":
            return ledger.undo(CITY, grant, asked.of, spender)
        case _:
            return ledger.top_up(CITY, grant, asked.amount_minor, spender)


def _claimed(asked: Asked) -> Answer:
    """Put a transfer into a payout line of its own. What is in this line already was a lost answer."""
    line = f"line.{asked.by}"
    try:
        transact([ledger.claim(CITY, _transfer(asked), line)])
        return Answer(asked.by, DONE, asked.of)
    except AlreadyPaidOut:
        if any(transfer.id == asked.of for transfer in ledger.claimed(CITY, line)):
            return Answer(asked.by, DONE, asked.of, replayed=True)
        raise


def _grant(id: str) -> Grant:
    found = ledger.grant(CITY, id)
    if found is None:
        raise TransferNotFound
    return found


def _transfer(asked: Asked) -> Transfer:
    for transfer in ledger.transfers_of(CITY, asked.grant):
        if transfer.id == asked.of:
            return transfer
    raise TransferNotFound


def dice_for(dice: random.Random, share: float) -> Choice:
    """Faults at random: writes at this share, reads less often."""

    def choose(operation: str) -> Fault | None:
        is_write = operation in ("TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem")
        return dice.choice(list(Fault)) if dice.random() < (share if is_write else share * READS_SHARE) else None

    return choose


def main() -> None:
    home, number = Path(sys.argv[1]), int(sys.argv[2])
    plan = read_plan(home)
    with faults(dice_for(random.Random(), plan.faults_share)) as met:
        Worker(home, number, plan, met).run()


if __name__ == "__main__":
    main()
