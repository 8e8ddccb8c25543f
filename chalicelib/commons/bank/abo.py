"""Bulk payment order in ABO, file suffix .kpc: the common denominator of Czech banks. Amounts in haléře.

Windows-1250 with CRLF; one accounting file (1501 = credit orders) with one group (payer, sum, due date) in each file.
"""

import re
from datetime import UTC, date, datetime, time

from chalicelib.commons.bank import orders, symbols, text
from chalicelib.commons.bank.model import AccountNumber, OrderFile, Payment, PaymentOrder, PaymentOrderUnreadable
from chalicelib.commons.bank.profiles import PLAIN_SIGNS, BankProfile, profile_of
from chalicelib.core.clock import day_of
from chalicelib.core.refusals import Refusal

NAME_WIDTH = 20
ADVICE_WIDTH = 35
ADVICE_LINES_MAX = 4
NO_CODES = "000000000000"
NO_CLIENT = "0000000000"

HEADER = re.compile(r"UHL1(\d{6})(.{20})\d{10}\d{6}(?:.{12})?", re.ASCII)
FILE = re.compile(r"1 1501 (\d{3})\d{3} (\d{4})", re.ASCII)
GROUP = re.compile(r"2 ((?:\d{1,6}-)?\d{2,10}) (\d{1,15}) (\d{6})", re.ASCII)
ITEM = re.compile(r"((?:\d{1,6}-)?\d{2,10}) (\d{1,15}) (\d{1,10}) (\d{4})(\d{4}) (\d{1,10})(?: AV:(.*))?", re.ASCII)
GROUP_END, FILE_END = "3 +", "5 +"


def write(order: PaymentOrder, profile: BankProfile | None = None, first_number: int = 1) -> tuple[OrderFile, ...]:
    """The order as files numbered from `first_number`, in the profile of the payer's bank unless another is given.

    Raises PaymentOrderEmpty, PaymentReferenceInvalid, PaymentAmountInvalid, SymbolInvalid, PaymentFilesTooMany.
    """
    rules = profile or profile_of(order.payer.bank)
    fit = orders.checked(order, rules)
    return tuple(_file(fit, rules, number, payments) for number, payments in orders.in_files(fit, rules, first_number))


def read(content: bytes) -> PaymentOrder:
    """Read one of our files back. What ABO does not carry (reference, payees' names) is empty; ids are item numbers.

    Raises PaymentOrderUnreadable with the line.
    """
    lines = _lines(content)
    created = _expect(HEADER, lines, 1)
    file = _expect(FILE, lines, 2)
    group = _expect(GROUP, lines, 3)
    end = len(lines) - 2
    if end < 5 or lines[end] != GROUP_END or lines[end + 1] != FILE_END:
        raise PaymentOrderUnreadable(len(lines))
    payments = tuple(_read_item(lines, line) for line in range(4, end))
    if sum(payment.amount_minor for payment in payments) != int(group[2]):
        raise PaymentOrderUnreadable(3)
    return PaymentOrder(
        reference="",
        payer=_read_account(group[1], file[2], 3),
        payer_name=created[2].rstrip(),
        due_on=_read_day(group[3], 3),
        created_at=datetime.combine(_read_day(created[1], 1), time(12), UTC),
        payments=payments,
    )


def _file(order: PaymentOrder, profile: BankProfile, number: int, payments: tuple[Payment, ...]) -> OrderFile:
    lines = [
        _header(order, profile),
        f"1 1501 {number:03}000 {order.payer.bank}",
        f"2 {_account(order.payer)} {sum(payment.amount_minor for payment in payments)} {_day(order.due_on)}",
        *(_item(payment, profile) for payment in payments),
        GROUP_END,
        FILE_END,
    ]
    content = "".join(f"{line}\r\n" for line in lines).encode(text.WINDOWS)
    return OrderFile(f"{order.reference.replace('/', '-')}-{number:03}.kpc", content, payments)


def _header(order: PaymentOrder, profile: BankProfile) -> str:
    created = _day(day_of(order.created_at))
    name = _text(order.payer_name, profile)
    if profile.capital_name:
        name = _text(name.upper(), profile)  # the capital of µ is Greek, which no bank takes
    name = name[:NAME_WIDTH].ljust(NAME_WIDTH)
    client = order.payer.base.zfill(10) if profile.client_number else NO_CLIENT
    return f"UHL1{created}{name}{client}001999{NO_CODES if profile.security_codes else ''}"


def _item(payment: Payment, profile: BankProfile) -> str:
    return (
        f"{_account(payment.account)} {payment.amount_minor} {payment.vs or 0} "
        f"{payment.account.bank}{payment.ks or '0000'} {payment.ss or 0}{_advice(payment, profile)}"
    )


def _advice(payment: Payment, profile: BankProfile) -> str:
    written = "\n".join(_text(line, profile) for line in payment.message.split("\n"))
    if not profile.advice_lines:
        line = " ".join(written.split())[: ADVICE_WIDTH * ADVICE_LINES_MAX].rstrip()
        return f" AV:{line}" if line else ""
    lines = text.wrapped(written, ADVICE_WIDTH, ADVICE_LINES_MAX)
    return f" AV:{'|'.join(lines)}" if lines else ""


def _account(account: AccountNumber) -> str:
    base = account.base.zfill(10)
    return f"{account.prefix.zfill(6)}-{base}" if account.prefix else base


def _text(words: str, profile: BankProfile) -> str:
    if profile.diacritics:
        return text.windows(words).replace("|", "/")  # a bar ends a line, or begins the payer's own message
    return text.one_line("".join(sign if sign in PLAIN_SIGNS else " " for sign in text.plain(words)))


def _day(day: date) -> str:
    return f"{day:%d%m%y}"


def _lines(content: bytes) -> list[str]:
    """The file's lines from index 1, as people count them."""
    try:
        decoded = content.decode(text.WINDOWS)
    except UnicodeDecodeError as broken:
        raise PaymentOrderUnreadable(content[: broken.start].count(b"\n") + 1) from None
    return ["", *decoded.removesuffix("\r\n").split("\r\n")]


def _expect(pattern: re.Pattern[str], lines: list[str], line: int) -> re.Match[str]:
    found = pattern.fullmatch(lines[line]) if line < len(lines) else None
    if found is None:
        raise PaymentOrderUnreadable(line)
    return found


def _read_item(lines: list[str], line: int) -> Payment:
    item = _expect(ITEM, lines, line)
    account, amount, vs, bank, ks, ss, advice = item.groups()
    return Payment(
        id=str(line - 3),
        account=_read_account(account, bank, line),
        amount_minor=int(amount),
        vs=symbols.stripped(vs),
        ks=symbols.checked_constant(ks),
        ss=symbols.stripped(ss),
        message=(advice or "").replace("|", "\n"),
    )


def _read_account(number: str, bank: str, line: int) -> AccountNumber:
    try:
        return AccountNumber.parse(f"{number}/{bank}")
    except Refusal:
        raise PaymentOrderUnreadable(line) from None


def _read_day(digits: str, line: int) -> date:
    try:
        return datetime.strptime(digits, "%d%m%y").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise PaymentOrderUnreadable(line) from None
