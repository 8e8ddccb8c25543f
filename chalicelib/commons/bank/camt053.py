"""Bank statement in ISO 20022 camt.053, versions .02, .04 and .08, which differ in where names and states stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from chalicelib.commons.bank import numbers, symbols
from chalicelib.commons.bank.faults import Fault, Faults, check_sums, check_turnovers
from chalicelib.commons.bank.model import (
    STATEMENT_LINES_MAX,
    AccountNumber,
    AccountNumberInvalid,
    Direction,
    Statement,
    StatementCurrencyUnsupported,
    StatementCut,
    StatementEncodingWrong,
    StatementFormatUnknown,
    StatementInvalid,
    StatementLine,
    StatementOfAnotherAccount,
    StatementTooLarge,
    StatementTurnoversWrong,
)
from chalicelib.core.clock import day_of
from chalicelib.core.refusals import FieldError, Refusal

ROOT = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(02|04|08)\}Document")
DECLARED = re.compile(rb"""<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']""")
AMOUNT = re.compile(r"(\d{1,16})(?:\.(\d{1,2})0*)?", re.ASCII)
NUMBER = re.compile(r"\d{1,9}", re.ASCII)
UNDIVIDED = re.compile(r"\d{11,16}", re.ASCII)
ZONE = re.compile(r"(?:Z|[+-]\d\d:\d\d)$", re.ASCII)
"""What a schema lets stand after a day; the day is the bank's all the same."""
CUT_ERRORS = frozenset({3, 5, 6, 20})  # expat: no element, unclosed token, partial character, unclosed CDATA
BOOKED = "BOOK"
DIRECTIONS: dict[str, Direction] = {"CRDT": "credit", "DBIT": "debit"}


def looks_so(data: bytes) -> bool:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<" and b"camt.053.001." in data[:2000]


def read(data: bytes, accounts: Sequence[AccountNumber]) -> tuple[Statement, ...]:
    """The file's statements, all of them of one of `accounts`. Raises the Statement… refusals, with the line."""
    document = _Document(data)
    if not ROOT.fullmatch(document.root.tag):
        raise StatementFormatUnknown
    faults = Faults()
    reports = _all(document.root, "BkToCstmrStmt/Stmt")
    statements = [_Report(document, report, accounts, faults).read() for report in reports]
    if not statements:
        raise StatementFormatUnknown
    faults.refuse_any()
    for statement, report in zip(statements, reports, strict=True):
        line = document.line(report)
        check_sums(statement, line)
        with faults.on_line(line):
            _check_summary(report, statement, line)
    faults.refuse_any()
    return tuple(statement.fingerprinted() for statement in statements)


class _Document:
    """The parsed file, which knows on what line each element starts. Entities and DTDs are refused."""

    def __init__(self, data: bytes) -> None:
        _check_utf8(data)
        lines: dict[Element, int] = {}

        class Numbered(TreeBuilder):
            def start(self, tag: str, attrs: dict[str, str], /) -> Element:
                element = super().start(tag, attrs)
                lines[element] = parser.parser.CurrentLineNumber
                return element

        parser = DefusedXMLParser(target=Numbered(), forbid_dtd=True)
        try:
            parser.feed(data)
            self.root: Element = parser.close()
        except ParseError as broken:
            raise _broken(broken) from None
        except (DefusedXmlException, ValueError, LookupError):
            raise StatementFormatUnknown from None
        self._lines = lines

    def line(self, element: Element) -> int:
        return self._lines[element]


def _broken(error: ParseError) -> Refusal:
    line, _ = error.position
    if error.code in CUT_ERRORS:
        return StatementCut(line)
    return StatementInvalid(
        [FieldError(f"line {line}", "xml_invalid", "Soubor tu není platné XML.", "The file is no valid XML here.")]
    )


class _Report:
    """One Stmt element on its way to a Statement."""

    def __init__(self, document: _Document, report: Element, accounts: Sequence[AccountNumber], faults: Faults) -> None:
        self.document = document
        self.report = report
        self.accounts = accounts
        self.faults = faults

    def read(self) -> Statement:
        """Broken values are noted in `faults`, and stand as zeros meanwhile."""
        line = self.document.line(self.report)
        account = self._own(line)
        opening_minor = closing_minor = 0
        opened_on = closed_on = date.min
        with self.faults.on_line(line):
            opening_minor, opened_on = self._balance("OPBD", "PRCD")
            closing_minor, closed_on = self._balance("CLBD")
        entries = _all(self.report, "Ntry")
        if len(entries) > STATEMENT_LINES_MAX:
            raise StatementTooLarge
        lines: list[StatementLine] = []
        for entry in entries:
            with self.faults.on_line(self.document.line(entry)):
                lines += self._movements(entry, account)
        return Statement(account, self._number(), opened_on, closed_on, opening_minor, closing_minor, tuple(lines))

    def _own(self, line: int) -> AccountNumber:
        written = _text(self.report, "Acct/Id/IBAN") or _text(self.report, "Acct/Id/Othr/Id")
        currency = _text(self.report, "Acct/Ccy") or "CZK"
        if currency != "CZK":
            raise StatementCurrencyUnsupported(line, currency)
        account = _account(written, _bank(self.report, "Acct/Svcr"))
        if account is None or account not in self.accounts:
            raise StatementOfAnotherAccount(line, written)
        return account

    def _number(self) -> int | None:
        number = _text(self.report, "LglSeqNb") or _text(self.report, "ElctrncSeqNb")
        return int(number) if NUMBER.fullmatch(number) else None

    def _balance(self, *kinds: str) -> tuple[int, date]:
        """The first balance of these kinds, and its day."""
        balances = {_text(balance, "Tp/CdOrPrtry/Cd"): balance for balance in _all(self.report, "Bal")}
        balance = next((balances[kind] for kind in kinds if kind in balances), None)
        if balance is None:
            raise Fault(
                "balance_missing", f"Výpis nemá zůstatek {kinds[0]}.", f"The statement has no balance {kinds[0]}."
            )
        amount_minor = self._amount(balance)
        return amount_minor if _direction(balance) == "credit" else -amount_minor, _day(balance, "Dt")

    def _amount(self, parent: Element) -> int:
        amount = parent.find("{*}Amt")
        if amount is None:
            raise Fault("amount_invalid", "Chybí částka.", "The amount is missing.")
        if amount.get("Ccy") != "CZK":
            raise StatementCurrencyUnsupported(self.document.line(amount), amount.get("Ccy", ""))
        return _minor(amount.text or "")

    def _movements(self, entry: Element, account: AccountNumber) -> Iterator[StatementLine]:
        """The entry's movements: one, or each of a batch. What is not booked yet is no movement."""
        if not _is_booked(entry):
            return
        whole = self._whole(entry)
        details = _all(entry, "NtryDtls/TxDtls")
        amounts = [amount for amount in map(_detail_amount, details) if amount is not None]
        if len(details) == 1:
            yield _detailed(whole, details[0], account)
        elif details and len(amounts) == len(details):
            yield from _batch(whole, details, amounts, account)
        else:
            # A batch without the amounts of its parts stays one sum, and carries nobody's symbols.
            yield whole

    def _whole(self, entry: Element) -> StatementLine:
        booked_on = _day(entry, "BookgDt") if entry.find("{*}BookgDt") is not None else _day(entry, "ValDt")
        return StatementLine(
            line=self.document.line(entry),
            direction=_direction(entry),
            amount_minor=self._amount(entry),
            booked_on=booked_on,
            value_date=_day(entry, "ValDt") if entry.find("{*}ValDt") is not None else booked_on,
            reversal=_text(entry, "RvslInd") in ("true", "1"),
            reference=_text(entry, "AcctSvcrRef"),
            text=_text(entry, "AddtlNtryInf"),
        )


def _batch(
    whole: StatementLine, details: list[Element], amounts: list[int], account: AccountNumber
) -> Iterator[StatementLine]:
    parts = []
    for detail, amount_minor in zip(details, amounts, strict=True):
        direction = _direction(detail) if _text(detail, "CdtDbtInd") else whole.direction
        part = replace(whole, direction=direction, amount_minor=amount_minor)
        parts.append(_detailed(part, detail, account))
    if sum(part.effect_minor for part in parts) != whole.effect_minor:
        raise Fault(
            "batch_sum_wrong",
            "Součet rozepsaných plateb není částka položky.",
            "The payments of the item do not add up to its amount.",
        )
    yield from parts


def _detailed(whole: StatementLine, detail: Element, account: AccountNumber) -> StatementLine:
    """The movement with what its details tell: who, under which symbols, with what words."""
    remittance = " ".join(_texts(detail, "RmtInf/Ustrd"))
    words = remittance or _text(detail, "AddtlTxInf") or whole.text
    found = _symbols(detail, words)
    sent_back = detail.find(_path("RtrInf")) is not None
    return replace(
        whole,
        vs=found.get("VS", ""),
        ks=symbols.checked_constant(found.get("KS", "")[-symbols.CONSTANT_DIGITS_MAX :]),
        ss=found.get("SS", ""),
        counter_account=_counter_account(detail, whole, account),
        counter_name=_counter_name(detail, whole),
        reference=_text(detail, "Refs/AcctSvcrRef") or whole.reference,
        text=words,
        sent_back=sent_back,
    )


def _symbols(detail: Element, words: str) -> dict[str, str]:
    """Structured references first, then the payment's end-to-end id, then what the message names."""
    structured = " ".join(_texts(detail, "RmtInf/Strd/CdtrRefInf/Ref"))
    sources = (words, _text(detail, "Refs/EndToEndId"), structured)
    return {kind: symbol for source in sources for kind, symbol in symbols.written_in(source).items()}


def _counter_account(detail: Element, whole: StatementLine, own: AccountNumber) -> AccountNumber | None:
    for party in _parties(whole):
        holder = f"RltdPties/{party}Acct/Id"
        written = _text(detail, f"{holder}/IBAN") or _text(detail, f"{holder}/Othr/Id")
        account = _account(written, _bank(detail, f"RltdAgts/{party}Agt"))
        if account not in (None, own):
            return account
    return None


def _counter_name(detail: Element, whole: StatementLine) -> str:
    party = _parties(whole)[0]
    return _text(detail, f"RltdPties/{party}/Nm") or _text(detail, f"RltdPties/{party}/Pty/Nm")


def _parties(whole: StatementLine) -> tuple[str, str]:
    """The other side first: a reversal still names the sides of the payment it undoes."""
    debtor_first = (whole.direction == "credit") != whole.reversal
    return ("Dbtr", "Cdtr") if debtor_first else ("Cdtr", "Dbtr")


def _bank(parent: Element, holder: str) -> str:
    """The bank's code, wherever a bank writes its own: as another identification, as a clearing member, or as its BIC."""
    institution = f"{holder}/FinInstnId"
    codes = (_text(parent, f"{institution}/{place}") for place in ("Othr/Id", "ClrSysMmbId/MmbId"))
    code = next((code for code in codes if numbers.BANK.fullmatch(code)), "")
    return code or numbers.bank_of(_text(parent, f"{institution}/BIC") or _text(parent, f"{institution}/BICFI"))


def _account(written: str, bank: str) -> AccountNumber | None:
    """A Czech account as an IBAN, as prefix-base/bank, as prefix-base, or as up to sixteen digits, with the bank beside it."""
    spellings = [written, f"{written}/{bank}"]
    if UNDIVIDED.fullmatch(written):
        spellings.append(f"{written[:-10]}-{written[-10:]}/{bank}")
    for spelling in spellings:
        try:
            return AccountNumber.parse(spelling)
        except AccountNumberInvalid:
            continue
    return None


def _detail_amount(detail: Element) -> int | None:
    """A part's amount in haléře, None where it is missing or in another currency."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        amount = detail.find(_path(path))
        if amount is not None and amount.get("Ccy") == "CZK":
            return _minor(amount.text or "")
    return None


def _check_summary(report: Element, statement: Statement, line: int) -> None:
    """Where the bank states how many entries there are and what they make, that is what we read."""
    entries = [entry for entry in _all(report, "Ntry") if _is_booked(entry)]
    stated = _text(report, "TxsSummry/TtlNtries/NbOfNtries")
    if stated and stated != str(len(entries)):
        raise StatementTurnoversWrong(line)
    debit, credit = (_text(report, f"TxsSummry/{kind}/Sum") for kind in ("TtlDbtNtries", "TtlCdtNtries"))
    if debit and credit:
        check_turnovers(list(statement.lines), _minor(debit), _minor(credit), line)


def _is_booked(entry: Element) -> bool:
    return (_text(entry, "Sts/Cd") or _text(entry, "Sts")) == BOOKED


def _direction(element: Element) -> Direction:
    indicator = _text(element, "CdtDbtInd")
    if indicator not in DIRECTIONS:
        raise Fault(
            "direction_invalid",
            "Chybí, zda jde o příjem (CRDT) nebo výdej (DBIT).",
            "It is missing whether money came (CRDT) or went (DBIT).",
        )
    return DIRECTIONS[indicator]


def _minor(amount: str) -> int:
    found = AMOUNT.fullmatch(amount.strip())
    if not found:
        raise Fault(
            "amount_invalid",
            f"Částka {amount.strip()[:40]} není v celých haléřích.",
            f"The amount {amount.strip()[:40]} is not in whole haléře.",
        )
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _day(parent: Element, tag: str) -> date:
    written = _text(parent, f"{tag}/Dt") or _text(parent, f"{tag}/DtTm")
    try:
        if "T" not in written:
            return date.fromisoformat(ZONE.sub("", written))
        at = datetime.fromisoformat(written)
    except ValueError:
        raise Fault(
            "date_invalid",
            f"Datum {written[:40]} v {tag} neexistuje.",
            f"The date {written[:40]} in {tag} does not exist.",
        ) from None
    return day_of(at) if at.tzinfo else at.date()


def _check_utf8(data: bytes) -> None:
    """A file that says UTF-8, or says nothing and is therefore UTF-8, must be it."""
    declared = DECLARED.search(data[:200])
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (declared and declared[1].lower() != b"utf-8"):
        return
    try:
        data.decode()
    except UnicodeDecodeError as broken:
        raise StatementEncodingWrong(data.count(b"\n", 0, broken.start) + 1, "UTF-8") from None


def _path(path: str) -> str:
    return "/".join(f"{{*}}{tag}" for tag in path.split("/"))


def _all(parent: Element, path: str) -> list[Element]:
    return parent.findall(_path(path))


def _texts(parent: Element, path: str) -> list[str]:
    return [" ".join((element.text or "").split()) for element in _all(parent, path)]


def _text(parent: Element, path: str) -> str:
    return next((found for found in _texts(parent, path) if found), "")
