"""The bank room's nouns and refusals. Amounts are whole haléře, days Prague dates, symbols without leading zeros."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Literal, Self

from chalicelib.commons.bank import numbers
from chalicelib.core.refusals import FieldError, Refusal

type Direction = Literal["debit", "credit"]
type ProposalReason = Literal["several", "unnamed", "split", "return"]

STATEMENT_BYTES_MAX = 3 * 2**20
"""What fits into a request as base64; the screen says the same."""
STATEMENT_LINES_MAX = 50_000
ERRORS_SHOWN_MAX = 100


@dataclass
class AccountNumberInvalid(Refusal):
    status = 422
    cs = (
        "Číslo účtu {number} není platné. Zadejte ho ve tvaru předčíslí-číslo/kód banky nebo jako IBAN a "
        "zkontrolujte překlepy."
    )
    en = (
        "The account number {number} is not valid. Write it as prefix-number/bank code or as an IBAN and check "
        "for typos."
    )
    number: str


@dataclass
class BankUnknown(Refusal):
    status = 422
    cs = "Banku s kódem {bank} neznáme. Zkontrolujte čtyři číslice za lomítkem."
    en = "We know no bank with the code {bank}. Check the four digits after the slash."
    bank: str


@dataclass
class SymbolInvalid(Refusal):
    status = 422
    cs = "Symbol {symbol} není platný. Smí mít nejvýše {digits_max} číslic a nic jiného."
    en = "The symbol {symbol} is not valid. It may have at most {digits_max} digits and nothing else."
    symbol: str
    digits_max: int


@dataclass
class QrPaymentInvalid(Refusal):
    status = 422
    cs = "QR platba není platná: položka {key} chybí nebo má chybnou hodnotu."
    en = "The QR payment is not valid: the item {key} is missing or has a wrong value."
    key: str


@dataclass
class PaymentOrderEmpty(Refusal):
    status = 422
    cs = "Příkaz k úhradě nemá žádnou platbu. Přidejte aspoň jednu."
    en = "The payment order has no payment. Add at least one."


@dataclass
class PaymentAmountInvalid(Refusal):
    status = 422
    cs = (
        "Platba {payment} na {amount_minor} se do příkazu pro tuto banku nevejde. Částka musí být kladná a mít "
        "nejvýše {digits_max} číslic v haléřích."
    )
    en = (
        "The payment {payment} of {amount_minor} does not fit into an order for this bank. The amount must be "
        "positive and have at most {digits_max} digits in haléře."
    )
    payment: str
    amount_minor: int
    digits_max: int


@dataclass
class PaymentReferenceInvalid(Refusal):
    status = 422
    cs = (
        "Označení {reference} se do příkazu pro banku nehodí. Smí mít 1 až {length_max} znaků: písmena bez háčků, "
        "číslice, tečku, pomlčku a lomítko."
    )
    en = (
        "The reference {reference} does not suit an order for the bank. It may have 1 to {length_max} characters: "
        "plain letters, digits, full stop, hyphen and slash."
    )
    reference: str
    length_max: int


@dataclass
class PaymentFilesTooMany(Refusal):
    status = 422
    cs = (
        "Příkaz by se rozdělil na více než {files_max} souborů, tolik jich banka za den nepřijme. Rozdělte "
        "výplatu na více dní."
    )
    en = (
        "The order would be split into more than {files_max} files, which is the most a bank takes in a day. "
        "Spread the payout over more days."
    )
    files_max: int


@dataclass
class PaymentOrderUnreadable(Refusal):
    status = 422
    cs = "Příkaz k úhradě nejde přečíst, zastavil nás řádek {line}. Nahrajte soubor tak, jak vznikl."
    en = "The payment order cannot be read, the fault is on line {line}. Upload the file as it was made."
    line: int


@dataclass
class StatementTooLarge(Refusal):
    status = 413
    cs = (
        "Výpis je příliš velký. Nejvýše smí mít {megabytes_max} MB a {lines_max} řádků. Stáhněte z banky kratší období."
    )
    en = (
        "The statement is too large. It may have at most {megabytes_max} MB and {lines_max} lines. Download a "
        "shorter period from the bank."
    )
    megabytes_max: int = STATEMENT_BYTES_MAX // 2**20
    lines_max: int = STATEMENT_LINES_MAX


@dataclass
class StatementFormatUnknown(Refusal):
    status = 422
    cs = (
        "Soubor nepoznáváme jako bankovní výpis. Nahrajte výpis ve formátu GPC (ABO) nebo camt.053 verze 02, 04 "
        "nebo 08."
    )
    en = (
        "We do not recognise the file as a bank statement. Upload a statement in GPC (ABO) or in camt.053 version "
        "02, 04 or 08."
    )


@dataclass
class StatementEncodingWrong(Refusal):
    status = 422
    cs = (
        "Výpis má jiné kódování, než má mít ({expected}), poprvé na řádku {line}. Nahrajte soubor přímo z banky, "
        "neuložený v jiném programu."
    )
    en = (
        "The statement is not in the encoding it should have ({expected}), first on line {line}. Upload the file "
        "straight from the bank, not saved by another program."
    )
    line: int
    expected: str


@dataclass
class StatementCut(Refusal):
    status = 422
    cs = "Výpis je useknutý na řádku {line}. Stáhněte ho z banky znovu celý."
    en = "The statement is cut off on line {line}. Download the whole of it from the bank again."
    line: int


@dataclass
class StatementInvalid(Refusal):
    status = 422
    cs = "Výpis má chybné řádky, proto jsme z něj nepřevzali nic. Chyby jsou vypsané po řádcích."
    en = "The statement has broken lines, so nothing was taken from it. The faults are listed by line."
    errors: list[FieldError]


@dataclass
class StatementCurrencyUnsupported(Refusal):
    status = 422
    cs = "Výpis má na řádku {line} měnu {currency}. Umíme jen účty v korunách (CZK)."
    en = "The statement has the currency {currency} on line {line}. We handle accounts in crowns (CZK) only."
    line: int
    currency: str


@dataclass
class StatementSumsWrong(Refusal):
    status = 422
    cs = (
        "Výpis od řádku {line} nevychází: počáteční zůstatek {opening_minor} a pohyby {moved_minor} nedají "
        "konečný zůstatek {closing_minor}. Stáhněte ho z banky znovu."
    )
    en = (
        "The statement from line {line} does not add up: the opening balance {opening_minor} and the movements "
        "{moved_minor} do not make the closing balance {closing_minor}. Download it from the bank again."
    )
    line: int
    opening_minor: int
    moved_minor: int
    closing_minor: int


@dataclass
class StatementTurnoversWrong(Refusal):
    status = 422
    cs = "Výpis od řádku {line} nevychází: položky nedávají obraty nebo součty, které uvádí. Stáhněte ho z banky znovu."
    en = (
        "The statement from line {line} does not add up: its items do not make the turnovers or sums it states. "
        "Download it from the bank again."
    )
    line: int


@dataclass
class StatementOfAnotherAccount(Refusal):
    status = 422
    cs = "Výpis na řádku {line} patří účtu {account}, který město nemá nastavený. Nahrajte výpis účtu města."
    en = (
        "The statement on line {line} belongs to the account {account}, which the town has not set up. Upload a "
        "statement of the town's account."
    )
    line: int
    account: str


@dataclass
class StatementAccountUnclear(Refusal):
    """`accounts` are those of the town's that the number may be; the same file is sent again with one of them."""

    status = 409
    cs = "Číslo účtu ve výpisu mají dva účty města: {accounts}. Vyberte, kterého se výpis týká."
    en = "Two of the town's accounts have the number in the statement: {accounts}. Choose the one it belongs to."
    accounts: str


@dataclass(frozen=True, slots=True, order=True)
class AccountNumber:
    """A Czech account number whose prefix and base each pass mod 11. Source: Decree 169/2011 Coll.

    Leading zeros are dropped, so two spellings of one account are equal. Raises AccountNumberInvalid.
    """

    prefix: str
    base: str
    bank: str

    def __post_init__(self) -> None:
        written = f"{self.prefix}-{self.base}/{self.bank}" if self.prefix else f"{self.base}/{self.bank}"
        object.__setattr__(self, "prefix", self.prefix.lstrip("0"))
        object.__setattr__(self, "base", self.base.lstrip("0"))
        if not numbers.is_account(self.prefix, self.base, self.bank):
            raise AccountNumberInvalid(written)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `19-2000145399/0800` or a Czech IBAN, spaces allowed. Raises AccountNumberInvalid."""
        parts = numbers.split_account(text) or numbers.split_iban(text)
        if parts is None:
            raise AccountNumberInvalid(text[:40])
        return cls(*parts)

    @property
    def iban(self) -> str:
        return numbers.iban(self.sixteen, self.bank)

    @property
    def sixteen(self) -> str:
        """Prefix and base zero-padded to 6 + 10 digits, as statements carry them."""
        return self.prefix.zfill(6) + self.base.zfill(10)

    @property
    def bic(self) -> str | None:
        """The bank's BIC, None where the register of banks does not know the code."""
        return numbers.bic(self.bank)

    def __str__(self) -> str:
        return f"{self.prefix}-{self.base}/{self.bank}" if self.prefix else f"{self.base}/{self.bank}"


@dataclass(frozen=True, slots=True)
class QrPayment:
    """What a QR payment asks the payer's bank to do. `execute_on` makes the bank wait: it is not a due date."""

    account: AccountNumber
    amount_minor: int | None = None
    vs: str = ""
    ks: str = ""
    ss: str = ""
    message: str = ""
    payee_name: str = ""
    execute_on: date | None = None
    instant: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of an order. A new line in `message` starts a new line of the payee's advice (4 × 35 characters)."""

    id: str
    account: AccountNumber
    amount_minor: int
    vs: str = ""
    ks: str = ""
    ss: str = ""
    payee_name: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What the town orders its bank to pay on one day from one account."""

    reference: str
    payer: AccountNumber
    payer_name: str
    due_on: date
    created_at: datetime
    payments: tuple[Payment, ...]


@dataclass(frozen=True, slots=True)
class OrderFile:
    """One file for the bank and the payments it carries."""

    name: str
    content: bytes
    payments: tuple[Payment, ...]

    @property
    def sum_minor(self) -> int:
        return sum(payment.amount_minor for payment in self.payments)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement on the account. `direction` is its effect; a reversal undoes an earlier line of the other direction.

    `sent_back`: the bank says that it returns an earlier payment. `likeness` is what movements alike in everything share.
    `fingerprint` is the same whenever the same movement is read again, and another for every other movement; where the
    bank gives no `reference`, that holds within one statement only.
    """

    line: int
    direction: Direction
    amount_minor: int
    booked_on: date
    value_date: date
    vs: str = ""
    ks: str = ""
    ss: str = ""
    counter_account: AccountNumber | None = None
    counter_name: str = ""
    reference: str = ""
    text: str = ""
    reversal: bool = False
    sent_back: bool = False
    fingerprint: str = ""
    likeness: str = ""

    @property
    def effect_minor(self) -> int:
        return self.amount_minor if self.direction == "credit" else -self.amount_minor


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one account. `number` is None where the bank does not number its statements."""

    account: AccountNumber
    number: int | None
    opened_on: date
    closed_on: date
    opening_minor: int
    closing_minor: int
    lines: tuple[StatementLine, ...] = field(repr=False)

    def fingerprinted(self) -> Self:
        """The statement with each line's fingerprint.

        A bank's reference identifies a movement across overlapping statements; where there is none, the statement does:
        not by its number alone, for a bank may give one number to two or none at all. Movements alike in everything are
        told apart by their order.
        """
        here = "/".join(map(str, (self.closed_on.year, self.number, *self.balances)))
        seen: dict[str, int] = {}
        lines = []
        for line in self.lines:
            where = line.reference or f"statement {here}"
            known = _identity(self.account, where, line)
            seen[known] = nth = seen.get(known, 0) + 1
            likeness = _hashed(_identity(self.account, "", line))
            lines.append(replace(line, fingerprint=_hashed(f"{known}|{nth}"), likeness=likeness))
        return replace(self, lines=tuple(lines))

    @property
    def balances(self) -> tuple[date, int, int]:
        """What two statements that are not the same differ in, whatever the bank calls them."""
        return self.opened_on, self.opening_minor, self.closing_minor

    def balance_on(self, day: date) -> int:
        """What stood on the account when this day's movements were booked, as far as the statement has them."""
        return self.opening_minor + sum(line.effect_minor for line in self.lines if line.booked_on <= day)


def _identity(account: AccountNumber, where: str, line: StatementLine) -> str:
    parts = (
        account, where, line.booked_on, line.value_date, line.effect_minor, line.reversal,
        line.vs, line.ks, line.ss, line.counter_account,
    )  # fmt: skip
    return "|".join(str(part) for part in parts)


def _hashed(identity: str) -> str:
    return sha256(identity.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Expected:
    """A payment that somebody waits for: a line of an order, a charge. `paid_minor` is what has already come.

    `account` is the other side's. `due_on` is the day it is to leave the town's account, or the day a charge is due.
    `group` joins what one payer may pay in one sum (a household, a guardian with children). `discount_minor` is how much
    less is enough when it comes by `due_on`.
    """

    id: str
    amount_minor: int
    vs: str = ""
    ss: str = ""
    account: AccountNumber | None = None
    due_on: date | None = None
    paid_minor: int = 0
    group: str = ""
    discount_minor: int = 0

    @property
    def left_minor(self) -> int:
        return self.amount_minor - self.paid_minor


@dataclass(frozen=True, slots=True)
class ExpectedOrder:
    """A whole file handed to the bank, which may come back as one summed debit of the payer's account."""

    id: str
    payer: AccountNumber
    sum_minor: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Match:
    """A line, or a part of it, that pays something expected. `left_minor` is what then stays to pay; below zero: overpaid.

    `to_check`: a rule chose between several (the oldest charge first), so a person should see it.
    """

    line: StatementLine
    expected_id: str
    amount_minor: int
    left_minor: int = 0
    to_check: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line that may pay one of several sets of what is expected: a person chooses, nothing is booked.

    `several`: more candidates than payments, or the other way round. `unnamed`: the bank does not say who the other side
    is. `split`: one sum for several charges. `return`: a payment of ours that came back.
    """

    line: StatementLine
    reason: ProposalReason
    options: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """What became of the lines: each stands in one of matches, proposals and unmatched."""

    matches: tuple[Match, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    unmatched: tuple[StatementLine, ...] = ()
