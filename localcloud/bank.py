"""The bank's side of the local run: what a bank would answer to our payment orders, as GPC or camt.053 statements.

`python -m localcloud.bank order.kpc > statement.gpc` debits an order the next day; `--help` lists what else may happen.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from chalicelib.commons.bank import abo, banking_days, numbers, text
from chalicelib.commons.bank.model import AccountNumber, Payment, PaymentOrder, Statement, StatementLine
from chalicelib.commons.bank.profiles import profile_of
from chalicelib.core.clock import PRAGUE

type CamtVersion = Literal["02", "04", "08"]
type CamtAccounts = Literal["iban", "czech"]
"""How a bank writes accounts: as IBANs, or as Czech numbers with the bank's code beside them. The latter give days a zone."""

RETURN_TEXT = "VRÁCENÁ PLATBA"
RETURN_BANKING_DAYS = 2
GPC_TEXT_WIDTH = 20
GPC_MESSAGE_WIDTH = 70
CAMT_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."


def debits(order: PaymentOrder, booked_on: date) -> list[StatementLine]:
    """Each payment of the order debited by itself."""
    return [_debit(payment, booked_on) for payment in order.payments]


def summed_debit(order: PaymentOrder, booked_on: date) -> StatementLine:
    """The whole order as one debit without symbols and without a counter-account."""
    amount_minor = sum(payment.amount_minor for payment in order.payments)
    return StatementLine(0, "debit", amount_minor, booked_on, booked_on, text="HROMADNÝ PŘÍKAZ")


def returned(payment: Payment, debited_on: date) -> StatementLine:
    """The payment sent back two banking days after its debit, under other symbols."""
    back_on = banking_days.after(debited_on, RETURN_BANKING_DAYS)
    line = incoming(payment.account, payment.amount_minor, back_on, vs="9999", name=RETURN_TEXT)
    return replace(line, text=RETURN_TEXT)


def reversed_line(line: StatementLine, booked_on: date) -> StatementLine:
    """The bank's own correction: the same movement the other way."""
    direction: Literal["debit", "credit"] = "credit" if line.direction == "debit" else "debit"
    return replace(line, direction=direction, reversal=True, booked_on=booked_on, value_date=booked_on)


def incoming(
    account: AccountNumber | None,
    amount_minor: int,
    value_date: date,
    *,
    vs: str = "",
    ss: str = "",
    name: str = "",
    message: str = "",
    booked_on: date | None = None,
) -> StatementLine:
    """A payment that came to the town's account."""
    return StatementLine(
        line=0,
        direction="credit",
        amount_minor=amount_minor,
        booked_on=booked_on or value_date,
        value_date=value_date,
        vs=vs,
        ss=ss,
        counter_account=account,
        counter_name=name,
        text=message,
    )


def statement(
    account: AccountNumber, number: int, day: date, opening_minor: int, lines: Sequence[StatementLine]
) -> Statement:
    """The account's statement of one day; movements get the bank's references."""
    referenced = tuple(replace(line, reference=f"{day:%y}{number:03}{place:06}") for place, line in enumerate(lines, 1))
    closing_minor = opening_minor + sum(line.effect_minor for line in lines)
    return Statement(account, number, day - timedelta(days=1), day, opening_minor, closing_minor, referenced)


def gpc(statement: Statement, name: str, *, internal_order: bool = False) -> bytes:
    """The statement as GPC in the bank's codes, accounts optionally in the banks' internal order."""
    records = [_gpc_header(statement, name, internal_order)]
    for line in statement.lines:
        records.append(_gpc_item(statement.account, line, internal_order))
        if line.text:
            records.append("078" + text.windows(line.text)[:GPC_MESSAGE_WIDTH])
    return "".join(f"{record:128}\r\n" for record in records).encode(text.WINDOWS)


def camt053(statement: Statement, version: CamtVersion = "02", accounts: CamtAccounts = "iban") -> bytes:
    """The statement as camt.053, one entry for each movement."""
    document = Element("Document", {"xmlns": CAMT_NAMESPACE + version})
    message = SubElement(document, "BkToCstmrStmt")
    made_at = datetime.combine(statement.closed_on, time(22, 15), PRAGUE).isoformat()
    _leaf(message, "GrpHdr/MsgId", f"CAMT-{statement.closed_on.year}-{statement.number}")
    _leaf(_last(message), "CreDtTm", made_at)
    report = SubElement(message, "Stmt")
    _leaf(report, "Id", f"{statement.account.iban}-{statement.closed_on.year}-{statement.number}"[:35])
    _leaf(report, "ElctrncSeqNb", str(statement.number))
    _leaf(report, "LglSeqNb", str(statement.number))
    _leaf(report, "CreDtTm", made_at)
    held = SubElement(report, "Acct")
    _account(held, "Id", statement.account, accounts)
    _leaf(held, "Ccy", "CZK")
    if accounts == "czech":
        _leaf(held, "Svcr/FinInstnId/Othr/Id", statement.account.bank)
    _balance(report, "PRCD", statement.opening_minor, statement.opened_on, accounts)
    _balance(report, "CLBD", statement.closing_minor, statement.closed_on, accounts)
    _leaf(report, "TxsSummry/TtlNtries/NbOfNtries", str(len(statement.lines)))
    for line in statement.lines:
        _entry(SubElement(report, "Ntry"), line, version, accounts)
    content: bytes = ElementTree.tostring(document, encoding="UTF-8", xml_declaration=True)
    return content


def _debit(payment: Payment, booked_on: date) -> StatementLine:
    return StatementLine(
        line=0,
        direction="debit",
        amount_minor=payment.amount_minor,
        booked_on=booked_on,
        value_date=booked_on,
        vs=payment.vs,
        ks=payment.ks,
        ss=payment.ss,
        counter_account=payment.account,
        counter_name=payment.payee_name,
        text=" ".join(payment.message.split()),
    )


def _gpc_header(statement: Statement, name: str, internal_order: bool) -> str:
    # Reversals are taken off the turnover that they undo.
    debit_minor = sum(_turnover(line, "debit") for line in statement.lines)
    credit_minor = sum(_turnover(line, "credit") for line in statement.lines)
    return (
        f"074{_gpc_account(statement.account, internal_order)}{text.windows(name)[:GPC_TEXT_WIDTH]:20}"
        f"{statement.opened_on:%d%m%y}{_signed(statement.opening_minor, '+')}{_signed(statement.closing_minor, '+')}"
        f"{_signed(debit_minor, '0')}{_signed(credit_minor, '0')}{(statement.number or 0) % 1000:03}"
        f"{statement.closed_on:%d%m%y}"
    )


def _gpc_item(account: AccountNumber, line: StatementLine, internal_order: bool) -> str:
    kinds = {kind: code for code, kind in profile_of(account.bank).gpc_codes.items()}
    other = line.counter_account
    counter = _gpc_account(other, internal_order) if other else "0" * 16
    return (
        f"075{_gpc_account(account, internal_order)}{counter}{line.reference:>013}{line.amount_minor:012}"
        f"{kinds[line.direction, line.reversal]}{line.vs:>010}00{other.bank if other else '0000'}{line.ks:>04}{line.ss:>010}"
        f"{line.value_date:%d%m%y}{text.windows(line.counter_name or line.text)[:GPC_TEXT_WIDTH]:20}00203{line.booked_on:%d%m%y}"
    )


def _gpc_account(account: AccountNumber, internal_order: bool) -> str:
    return numbers.to_internal_order(account.sixteen) if internal_order else account.sixteen


def _turnover(line: StatementLine, side: str) -> int:
    if line.reversal:
        return -line.amount_minor if line.direction != side else 0
    return line.amount_minor if line.direction == side else 0


def _signed(amount_minor: int, plus: str) -> str:
    return f"{abs(amount_minor):014}{'-' if amount_minor < 0 else plus}"


def _account(holder: Element, path: str, account: AccountNumber, accounts: CamtAccounts) -> None:
    if accounts == "iban":
        _leaf(holder, f"{path}/IBAN", account.iban)
    else:
        _leaf(holder, f"{path}/Othr/Id", str(account).partition("/")[0])


def _day(day: date, accounts: CamtAccounts) -> str:
    return f"{day.isoformat()}+01:00" if accounts == "czech" else day.isoformat()


def _balance(report: Element, kind: str, amount_minor: int, day: date, accounts: CamtAccounts) -> None:
    balance = SubElement(report, "Bal")
    _leaf(balance, "Tp/CdOrPrtry/Cd", kind)
    _amount(balance, "Amt", abs(amount_minor))
    _leaf(balance, "CdtDbtInd", "DBIT" if amount_minor < 0 else "CRDT")
    _leaf(balance, "Dt/Dt", _day(day, accounts))


def _entry(entry: Element, line: StatementLine, version: CamtVersion, accounts: CamtAccounts) -> None:
    if not line.reference:
        _leaf(entry, "NtryRef", "1")
    _amount(entry, "Amt", line.amount_minor)
    _leaf(entry, "CdtDbtInd", _indicator(line))
    _leaf(entry, "RvslInd", "true" if line.reversal else "false")
    _leaf(entry, "Sts/Cd" if version == "08" else "Sts", "BOOK")
    _leaf(entry, "BookgDt/Dt", _day(line.booked_on, accounts))
    _leaf(entry, "ValDt/Dt", _day(line.value_date, accounts))
    if line.reference:
        _leaf(entry, "AcctSvcrRef", line.reference)
    _leaf(entry, "BkTxCd/Prtry/Cd", "CBA")
    if line.counter_account is None and not line.counter_name:
        _leaf(entry, "AddtlNtryInf", line.text or "BEZ POPISU")
        return
    details = SubElement(SubElement(entry, "NtryDtls"), "TxDtls")
    _leaf(details, "Refs/EndToEndId", "NOTPROVIDED")
    if version == "02":
        _amount(details, "AmtDtls/TxAmt/Amt", line.amount_minor)
    else:
        _amount(details, "Amt", line.amount_minor)
        _leaf(details, "CdtDbtInd", _indicator(line))
    _parties(details, line, version, accounts)
    remittance = SubElement(details, "RmtInf")
    if line.text:
        _leaf(remittance, "Ustrd", line.text)
    for kind, symbol in (("VS", line.vs), ("SS", line.ss), ("KS", line.ks)):
        if symbol:
            remittance.append(Element("Strd"))
            _leaf(_last(remittance), "CdtrRefInf/Ref", f"{kind}:{symbol}")
    if not len(remittance):
        details.remove(remittance)
    if line.sent_back:
        _leaf(details, "RtrInf/Rsn/Cd", "AC04")


def _indicator(line: StatementLine) -> str:
    return "CRDT" if line.direction == "credit" else "DBIT"


def _parties(details: Element, line: StatementLine, version: CamtVersion, accounts: CamtAccounts) -> None:
    parties = SubElement(details, "RltdPties")
    party = "Dbtr" if (line.direction == "credit") != line.reversal else "Cdtr"
    if line.counter_name:
        _leaf(parties, f"{party}/Pty/Nm" if version == "08" else f"{party}/Nm", line.counter_name)
    if line.counter_account:
        _account(parties, f"{party}Acct/Id", line.counter_account, accounts)
        if accounts == "czech":
            _leaf(details, f"RltdAgts/{party}Agt/FinInstnId/Othr/Id", line.counter_account.bank)


def _amount(parent: Element, path: str, amount_minor: int) -> None:
    _leaf(parent, path, f"{amount_minor // 100}.{amount_minor % 100:02}").set("Ccy", "CZK")


def _leaf(parent: Element, path: str, content: str) -> Element:
    for tag in path.split("/"):
        parent = SubElement(parent, tag)
    parent.text = content
    return parent


def _last(parent: Element) -> Element:
    return parent[-1]


def main(arguments: Sequence[str] | None = None) -> None:
    """Answer payment orders with one statement on the standard output."""
    parser = argparse.ArgumentParser(prog="localcloud.bank", description="Makes the statement that a bank would send.")
    parser.add_argument("orders", nargs="+", type=Path, help=".kpc files of one payer")
    parser.add_argument("--format", choices=("gpc", "camt053"), default="gpc")
    parser.add_argument("--number", type=int, default=1, help="number of the statement")
    parser.add_argument("--opening", type=int, default=500_000_000, help="opening balance in haléře")
    parser.add_argument(
        "--summed", action="store_true", help="one debit for each order instead of one for each payment"
    )
    parser.add_argument("--returned", type=int, default=0, help="how many of the last payments come back")
    chosen = parser.parse_args(arguments)
    orders = [abo.read(path.read_bytes()) for path in chosen.orders]
    day = banking_days.after(max(order.due_on for order in orders), 0)
    lines: list[StatementLine] = []
    for order in orders:
        lines += [summed_debit(order, day)] if chosen.summed else debits(order, day)
    payments = [payment for order in orders for payment in order.payments]
    backs = [returned(payment, day) for payment in payments[len(payments) - chosen.returned :]]
    closed_on = max(line.booked_on for line in [*lines, *backs])
    made = statement(orders[0].payer, chosen.number, closed_on, chosen.opening, [*lines, *backs])
    sys.stdout.buffer.write(gpc(made, orders[0].payer_name) if chosen.format == "gpc" else camt053(made))


if __name__ == "__main__":
    main()
