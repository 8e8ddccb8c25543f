"""Bank statements: which format a file is in."""

from collections.abc import Mapping, Sequence

from chalicelib.commons.bank import camt053, gpc
from chalicelib.commons.bank.model import (
    STATEMENT_BYTES_MAX,
    AccountNumber,
    Statement,
    StatementFormatUnknown,
    StatementTooLarge,
)


def read(
    data: bytes, accounts: Sequence[AccountNumber], dialects: Mapping[AccountNumber, str]
) -> tuple[Statement, ...]:
    """Read a statement file of the town's `accounts`, GPC or camt.053 by its content; it is taken whole or refused whole.

    Raises StatementTooLarge, StatementFormatUnknown, StatementEncodingWrong, StatementCut, StatementInvalid (all broken
    lines), StatementCurrencyUnsupported, StatementOfAnotherAccount, StatementSumsWrong, StatementTurnoversWrong.
    """
    if len(data) > STATEMENT_BYTES_MAX:
        raise StatementTooLarge
    if gpc.looks_so(data):
        return gpc.read(data, accounts, dialects)
    if camt053.looks_so(data):
        return camt053.read(data, accounts)
    raise StatementFormatUnknown
