"""Bank statement in GPC (ABO): fixed width, Windows-1250, amounts in haléře.

Records: 074 opens a statement, 075 is a movement, 078 and 079 continue its message, others are left alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from chalicelib.commons.bank import numbers, symbols, text
from chalicelib.commons.bank.faults import Fault, Faults, check_sums, check_turnovers
from chalicelib.commons.bank.model import (
    STATEMENT_LINES_MAX,
    AccountNumber,
    AccountNumberInvalid,
    Statement,
    StatementAccountUnclear,
    StatementCurrencyUnsupported,
    StatementCut,
    StatementEncodingWrong,
    StatementLine,
    StatementOfAnotherAccount,
    StatementTooLarge,
)
from chalicelib.commons.bank.profiles import PostingCodes, profile_of

HEADER, ITEM, MESSAGES = "074", "075", ("078", "079")
HEADER_WIDTH, ITEM_WIDTH = 114, 128
DOS_END = b"\x1a"
NO_DAY = "000000"
# ISO 4217 number, or the older type of data whose second digit says crowns; zeros where a bank states none.
CROWNS = re.compile(r"0203|11\d\d|0000| {4}", re.ASCII)

type NumberedLine = tuple[int, str]


def looks_so(data: bytes) -> bool:
    return data.startswith(HEADER.encode())


def read(
    data: bytes, accounts: Sequence[AccountNumber], dialects: Mapping[AccountNumber, str]
) -> tuple[Statement, ...]:
    """The file's statements, all of them of one of `accounts`. Raises the Statement… refusals, with the line."""
    lines = _lines(data)
    if len(lines) > STATEMENT_LINES_MAX:
        raise StatementTooLarge
    faults = Faults()
    read_all = [_statement(block, accounts, dialects, faults) for block in _blocks(lines)]
    faults.refuse_any()
    for statement, (line, header) in read_all:
        check_sums(statement, line)
        check_turnovers(list(statement.lines), _signed(header, 75), _signed(header, 90), line)
    return tuple(statement.fingerprinted() for statement, _ in read_all)


def _lines(data: bytes) -> list[NumberedLine]:
    """The file's lines that hold anything, numbered from 1."""
    numbered = enumerate(data.rstrip(DOS_END).splitlines(), 1)
    return [(line, _decoded(raw, line)) for line, raw in numbered if raw.strip()]


def _decoded(raw: bytes, line: int) -> str:
    """The line from Windows-1250. Text that is good UTF-8 was saved by another program and would be read wrong."""
    if not raw.isascii() and _is_utf8(raw):
        raise StatementEncodingWrong(line, "Windows-1250")
    try:
        return raw.decode(text.WINDOWS)
    except UnicodeDecodeError:
        raise StatementEncodingWrong(line, "Windows-1250") from None


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _blocks(lines: list[NumberedLine]) -> Iterator[list[NumberedLine]]:
    block: list[NumberedLine] = []
    for line, record in lines:
        _check_width(line, record)
        if record.startswith(HEADER) and block:
            yield block
            block = []
        block.append((line, record))
    yield block


def _check_width(line: int, record: str) -> None:
    width = {HEADER: HEADER_WIDTH, ITEM: ITEM_WIDTH}.get(record[:3], 3)
    if len(record) < width or not record.startswith("07"):
        raise StatementCut(line)


def _statement(
    block: list[NumberedLine],
    accounts: Sequence[AccountNumber],
    dialects: Mapping[AccountNumber, str],
    faults: Faults,
) -> tuple[Statement, NumberedLine]:
    """The block's statement and its header. Broken values are noted in `faults`, and stand as zeros meanwhile."""
    line, header = block[0]
    account, internal_first = _own(header[3:19], accounts, line)
    codes = profile_of(dialects.get(account) or account.bank).gpc_codes
    movements: list[StatementLine] = []
    for at, record in block[1:]:
        with faults.on_line(at):
            if record.startswith(ITEM):
                movements.append(_movement(at, record, header[3:19], internal_first, codes))
            elif record[:3] in MESSAGES and movements:
                movements[-1] = _continued(movements[-1], record[3:])
    opening_minor = closing_minor = 0
    opened_on = closed_on = date.min
    with faults.on_line(line):
        opened_on, closed_on = _day(header[39:45]), _day(header[108:114])
        opening_minor, closing_minor = _signed(header, 45), _signed(header, 60)
        _signed(header, 75), _signed(header, 90)
    number = int(header[105:108]) or None if re.fullmatch(r"\d{3}", header[105:108], re.ASCII) else None
    return Statement(account, number, opened_on, closed_on, opening_minor, closing_minor, tuple(movements)), block[0]


def _own(digits: str, accounts: Sequence[AccountNumber], line: int) -> tuple[AccountNumber, bool]:
    """Which of the town's accounts a header names, and whether the file writes accounts in the internal order.

    The header has no bank: a number that two of the accounts have is asked about.
    """
    readings = [(_reading(digits, internal), internal) for internal in (False, True)]
    fitting = {
        account: internal for sixteen, internal in readings for account in accounts if account.sixteen == sixteen
    }
    if len(fitting) > 1:
        raise StatementAccountUnclear(", ".join(map(str, sorted(fitting))))
    for found in fitting.items():
        return found
    raise StatementOfAnotherAccount(line, f"{digits[:6]}-{digits[6:]}")


def _movement(line: int, record: str, own: str, internal_first: bool, codes: PostingCodes) -> StatementLine:
    if record[3:19] != own:
        raise Fault(
            "account_differs",
            "Položka je z jiného účtu než hlavička výpisu.",
            "The item is of another account than the statement's head.",
        )
    if not CROWNS.fullmatch(record[118:122]):
        raise StatementCurrencyUnsupported(line, record[118:122])
    if record[60] not in codes:
        raise Fault(
            "posting_code_unknown",
            f"Neznámý kód účtování {record[60]}.",
            f"The posting code {record[60]} is unknown.",
        )
    direction, reversal = codes[record[60]]
    value, booked = record[91:97], record[122:128]
    return StatementLine(
        line=line,
        direction=direction,
        reversal=reversal,
        amount_minor=_amount(record[48:60]),
        booked_on=_day(booked if booked != NO_DAY else value),
        value_date=_day(value if value != NO_DAY else booked),
        vs=_symbol(record[61:71]),
        ks=symbols.checked_constant(_symbol(record[77:81])),
        ss=_symbol(record[81:91]),
        counter_account=_counter(record[19:35], record[73:77], internal_first),
        counter_name=record[97:117].strip(),
        reference=record[35:48].strip().lstrip("0"),
    )


def _continued(movement: StatementLine, message: str) -> StatementLine:
    return replace(movement, text=" ".join([*movement.text.split(), *message.split()]))


def _counter(digits: str, bank: str, internal_first: bool) -> AccountNumber | None:
    """The other side's account in whichever order passes the check sum; None for none (cards, fees, foreign)."""
    for internal in (internal_first, not internal_first):
        sixteen = _reading(digits, internal)
        try:
            return AccountNumber(sixteen[:6], sixteen[6:], bank)
        except AccountNumberInvalid:
            continue
    return None


def _reading(digits: str, internal: bool) -> str:
    return numbers.from_internal_order(digits) if internal else digits


def _signed(header: str, start: int) -> int:
    """Fourteen digits and a sign: `-` for minus, anything else for plus (banks write `+`, `0` or a space)."""
    amount_minor = _amount(header[start : start + 14])
    return -amount_minor if header[start + 14] == "-" else amount_minor


def _amount(digits: str) -> int:
    if not re.fullmatch(r"\d+", digits, re.ASCII):
        raise Fault(
            "amount_invalid",
            f"Částka {digits.strip()} není číslo v haléřích.",
            f"The amount {digits.strip()} is no number of haléře.",
        )
    return int(digits)


def _symbol(digits: str) -> str:
    if not re.fullmatch(r"\d* *", digits, re.ASCII):
        raise Fault(
            "symbol_invalid",
            f"Symbol {digits.strip()} nejsou číslice.",
            f"The symbol {digits.strip()} is not made of digits.",
        )
    return symbols.stripped(digits)


def _day(digits: str) -> date:
    try:
        return datetime.strptime(digits, "%d%m%y").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise Fault(
            "date_invalid",
            f"Datum {digits.strip()} neexistuje, má mít tvar DDMMRR.",
            f"The date {digits.strip()} does not exist, its form is DDMMYY.",
        ) from None
