"""How the statement readers collect what is wrong, and the sums that every statement must keep."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from chalicelib.commons.bank.model import (
    ERRORS_SHOWN_MAX,
    Statement,
    StatementInvalid,
    StatementLine,
    StatementSumsWrong,
    StatementTurnoversWrong,
)
from chalicelib.core.refusals import FieldError


class Fault(Exception):
    """One broken value; the reader of its line adds where it stands."""

    def __init__(self, code: str, cs: str, en: str) -> None:
        super().__init__(code)
        self.code = code
        self.cs = cs
        self.en = en


@dataclass
class Faults:
    """All faults of a file by line: the file is refused whole, but its sender learns everything at once."""

    errors: list[tuple[int, FieldError]] = field(default_factory=list)

    @contextmanager
    def on_line(self, line: int) -> Iterator[None]:
        try:
            yield
        except Fault as fault:
            self.errors.append((line, FieldError(f"line {line}", fault.code, fault.cs, fault.en)))

    def refuse_any(self) -> None:
        """Raises StatementInvalid if anything was broken."""
        if self.errors:
            by_line = sorted(self.errors, key=lambda error: error[0])
            raise StatementInvalid([error for _, error in by_line[:ERRORS_SHOWN_MAX]])


def check_sums(statement: Statement, line: int) -> None:
    """Opening balance and movements make the closing balance, or StatementSumsWrong."""
    moved_minor = sum(movement.effect_minor for movement in statement.lines)
    if statement.opening_minor + moved_minor != statement.closing_minor:
        raise StatementSumsWrong(line, statement.opening_minor, moved_minor, statement.closing_minor)


def check_turnovers(lines: list[StatementLine], debit_minor: int, credit_minor: int, line: int) -> None:
    """The stated turnovers are those of the lines, or StatementTurnoversWrong.

    Most banks take a reversal off the turnover it undoes, some add it to the opposite one: both are right.
    """
    gross = (_sum(lines, "debit"), _sum(lines, "credit"))
    reversals = [movement for movement in lines if movement.reversal]
    undone = _sum(reversals, "debit") + _sum(reversals, "credit")
    net = (gross[0] - undone, gross[1] - undone)
    if (debit_minor, credit_minor) not in (gross, net):
        raise StatementTurnoversWrong(line)


def _sum(lines: list[StatementLine], direction: str) -> int:
    return sum(movement.amount_minor for movement in lines if movement.direction == direction)
