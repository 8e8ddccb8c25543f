"""Bank statements: which format a file is in, and what to check across files."""

from collections.abc import Sequence

from chalicelib.bank import camt053, gpc
from chalicelib.bank.model import (
    STATEMENT_BYTES_MAX,
    AccountNumber,
    Statement,
    StatementFormatUnknown,
    StatementTooLarge,
)


def read(data: bytes, accounts: Sequence[AccountNumber]) -> tuple[Statement, ...]:
    """Read a statement file of the town's `accounts`, GPC or camt.053 by its content; it is taken whole or refused whole.

    Raises StatementTooLarge, StatementFormatUnknown, StatementEncodingWrong, StatementCut, StatementInvalid (all broken
    lines), StatementCurrencyUnsupported, StatementOfAnotherAccount, StatementSumsWrong, StatementTurnoversWrong.
    """
    if len(data) > STATEMENT_BYTES_MAX:
        raise StatementTooLarge
    if gpc.looks_so(data):
        return gpc.read(data, accounts)
    if camt053.looks_so(data):
        return camt053.read(data, accounts)
    raise StatementFormatUnknown


def missing_between(last: Statement, following: Statement) -> range:
    """The numbers of statements missing between two of one account; numbering starts from 1 each year.

    Empty where they follow one another, overlap, or where the bank does not number them.
    """
    if last.number is None or following.number is None:
        return range(0)
    if following.closed_on.year > last.closed_on.year:
        return range(1, following.number)
    return range(last.number + 1, following.number)
