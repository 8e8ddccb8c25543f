"""Nouns and rules of the personal account: what a person owes the town and has paid. Pure.

Charges come from the office's own system; the town's Regina replaces its identifiers by `subject_ref`, so no birth
number reaches the cloud. A charge's state is derived: from what is paid, from the due date, and from the office's word.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from chalicelib.core.clock import day_from_text
from chalicelib.core.ids import digest
from chalicelib.core.money import AMOUNT_MINOR_MAX
from chalicelib.core.refusals import FieldError, Refusal

type ChargeKind = Literal["local_fee", "admin_fee", "fine", "rent", "co_payment"]
type Closed = Literal["", "remitted", "written_off", "cancelled"]
type ChargeState = Literal["due", "overdue", "partly_paid", "paid", "overpaid", "remitted", "written_off", "cancelled"]

LINES_MAX = 2_000
TITLE_LENGTH_MAX = 120
COLUMNS = (
    "number",
    "subject_ref",
    "kind",
    "title_cs",
    "title_en",
    "year",
    "amount",
    "reduced",
    "due_on",
    "account",
    "vs",
    "ss",
    "ks",
    "paid",
    "closed",
)


@dataclass(frozen=True)
class Charge:
    """One prescribed sum with a due date and symbols.

    `number` is the office's own; `reduced_minor` (0: none) is enough when it is paid by the due date on line;
    `counter_minor` was paid at the office's counter, `bank_minor` by the bank, of which `on_time_minor` by the due date.
    """

    id: str
    subject_ref: str
    number: str
    charge_kind: ChargeKind
    title_cs: str
    title_en: str
    year: int
    amount_minor: int
    due_on: date
    account: str
    vs: str
    ss: str = ""
    ks: str = ""
    reduced_minor: int = 0
    counter_minor: int = 0
    bank_minor: int = 0
    on_time_minor: int = 0
    closed: Closed = ""
    v: int = 1

    @property
    def paid_minor(self) -> int:
        return self.counter_minor + self.bank_minor

    @property
    def owed_minor(self) -> int:
        """What is enough: the reduced sum once it was paid in time, else the whole."""
        if self.reduced_minor and self.on_time_minor >= self.reduced_minor:
            return min(self.amount_minor, max(self.reduced_minor, self.on_time_minor))
        return self.amount_minor

    @property
    def left_minor(self) -> int:
        """What is still to pay; below zero: overpaid."""
        return self.owed_minor - self.paid_minor


@dataclass(frozen=True)
class PaymentNote:
    """A payment of a charge that a statement line proved."""

    id: str
    charge: str
    amount_minor: int
    value_date: date


@dataclass(frozen=True)
class ToCheck:
    """A payment that may pay several charges: finance chooses one of the options, nothing is booked before.

    `options` are sets of charges; `subjects` are the people whose they are.
    """

    id: str
    amount_minor: int
    value_date: date
    vs: str
    payer: str
    options: tuple[tuple[str, ...], ...]
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sums:
    """What a charge comes to on a day: `amount − discount − let off − paid = left`; below zero: overpaid.

    `discount_minor` is earned by what was paid in time on line, or with `is_offered` still on offer. `let_off_minor` is what
    the office gave up.
    """

    amount_minor: int
    discount_minor: int
    let_off_minor: int
    paid_minor: int
    is_offered: bool

    @property
    def left_minor(self) -> int:
        return self.amount_minor - self.discount_minor - self.let_off_minor - self.paid_minor

    @property
    def to_pay_minor(self) -> int:
        return max(self.left_minor, 0)


@dataclass(frozen=True)
class Imported:
    """What an import of charges did."""

    new: int
    changed: int
    unchanged: int


@dataclass
class ChargesUnreadable(Refusal):
    status = 422
    cs = "Soubor předpisů má vady na vypsaných řádcích, proto jsme z něj nepřevzali nic. Opravte je a nahrajte znovu."
    en = "The file of charges has faults on the listed lines, so nothing was taken. Mend them and upload it again."
    errors: list[FieldError]


class ChargesNotText(Refusal):
    status = 422
    cs = "Soubor není text. Uložte předpisy jako CSV v UTF-8 se středníky a nahrajte ho znovu."
    en = "The file is no text. Save the charges as CSV in UTF-8 with semicolons and upload it again."


@dataclass
class ChargesTooMany(Refusal):
    status = 413
    cs = "V souboru je více než {lines_max} předpisů. Rozdělte ho na menší."
    en = "The file has more than {lines_max} charges. Split it."
    lines_max: int


class ChargeSettled(Refusal):
    status = 409
    cs = "Tento předpis je uhrazený nebo zrušený, platit se nemusí."
    en = "This charge is paid or cancelled, there is nothing to pay."


class OptionUnknown(Refusal):
    status = 409
    cs = "Tato platba už je přiřazená, nebo takové rozdělení nenabízíme. Načtěte seznam znovu."
    en = "This payment is matched already, or this split was not offered. Read the list again."


def state_of(charge: Charge, today: date) -> ChargeState:
    """The state as people see it on a day."""
    if charge.closed:
        return charge.closed
    if charge.left_minor < 0:
        return "overpaid"
    if charge.left_minor == 0:
        return "paid"
    if charge.due_on < today:
        return "overdue"
    return "partly_paid" if charge.paid_minor else "due"


def is_open(charge: Charge) -> bool:
    return not charge.closed and charge.left_minor > 0


def sums_on(charge: Charge, today: date) -> Sums:
    """The parts of a charge on a day. The reduced sum is on offer while its time lasts and all of it can be paid on line."""
    open_minor = charge.left_minor
    is_offered = is_open(charge) and charge.reduced_minor > 0 and today <= charge.due_on and not charge.counter_minor
    enough_minor = charge.reduced_minor if is_offered else charge.owed_minor
    return Sums(
        amount_minor=charge.amount_minor,
        discount_minor=charge.amount_minor - enough_minor,
        let_off_minor=max(open_minor, 0) if charge.closed else 0,
        paid_minor=charge.paid_minor,
        is_offered=is_offered,
    )


def to_pay_minor(charge: Charge, today: date) -> int:
    """What a payment today should be: the reduced sum while it is on offer."""
    return sums_on(charge, today).to_pay_minor


def charge_id(number: str) -> str:
    """Stable for the office's number: importing again finds the same charge."""
    return digest("charge", number)


# The office's file


def read_charges(data: bytes) -> list[Charge]:
    """The charges in the office's CSV: semicolons, UTF-8 or Windows-1250, a head line of COLUMNS in any order.

    All faults are listed by line. Raises ChargesUnreadable, ChargesNotText, ChargesTooMany.
    """
    rows = _rows(_decoded(data))
    missing = [column for column in COLUMNS if not rows or column not in rows[0][1]]
    if missing:
        names = ", ".join(missing)
        raise ChargesUnreadable(
            [FieldError("line 1", "columns_missing", f"Chybí sloupce: {names}.", f"Columns are missing: {names}.")]
        )
    faults: list[FieldError] = []
    charges = [charge for line, row in rows if (charge := _charge(line, row, faults))]
    faults += _repeated(charges)
    if faults:
        raise ChargesUnreadable(faults)
    return charges


def _decoded(data: bytes) -> str:
    """UTF-8, or Windows-1250 where it is not; text that neither has (UTF-16, a picture, a PDF) is refused."""
    for encoding in ("utf-8-sig", "cp1250"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ChargesNotText


def _rows(text: str) -> list[tuple[int, dict[str, Any]]]:
    """Rows with the line where each ends; whatever a spreadsheet ends its lines with."""
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";", restkey="more")
    rows = []
    try:
        for row in reader:
            rows.append((reader.line_num, row))
            if len(rows) > LINES_MAX:
                raise ChargesTooMany(LINES_MAX)
    except csv.Error:
        raise ChargesUnreadable(
            [
                FieldError(
                    f"line {reader.line_num + 1}",
                    "cell_too_long",
                    "Hodnota je příliš dlouhá, nejspíš v ní chybí koncová uvozovka.",
                    "The value is too long, a closing quote is probably missing.",
                )
            ]
        ) from None
    return rows


def _charge(line: int, row: dict[str, Any], faults: list[FieldError]) -> Charge | None:
    text = {name: (row.get(name) or "").strip() for name in COLUMNS}
    found = [*_text_faults(text), *_amount_faults(text)]
    if "more" in row:
        found.append(("more_values", "V řádku je víc hodnot než sloupců.", "There are more values than columns."))
    if found:
        faults.extend(FieldError(f"line {line}", *fault) for fault in found)
        return None
    due_on = day_from_text(text["due_on"])
    assert due_on  # checked above
    return Charge(
        id=charge_id(text["number"]),
        subject_ref=text["subject_ref"],
        number=text["number"],
        charge_kind=text["kind"],  # type: ignore[arg-type]
        title_cs=text["title_cs"],
        title_en=text["title_en"] or text["title_cs"],
        year=int(text["year"]),
        amount_minor=_minor(text["amount"]) or 0,
        reduced_minor=_minor(text["reduced"]) or 0,
        due_on=due_on,
        account=text["account"],
        vs=text["vs"].lstrip("0"),
        ss=text["ss"].lstrip("0"),
        ks=text["ks"],
        counter_minor=_minor(text["paid"]) or 0,
        closed=text["closed"],  # type: ignore[arg-type]
    )


_SYMBOLS = (
    ("vs", "[0-9]{1,10}", "1 až 10 číslic", "1 to 10 digits"),
    ("ss", "[0-9]{0,10}", "nejvýše 10 číslic", "10 digits at most"),
    ("ks", "([0-9]{4})?", "čtyři číslice, nebo nic", "four digits or none"),
)
type _Fault = tuple[str, str, str]
"""The column, and how to mend it in Czech and English."""


def _text_faults(text: dict[str, str]) -> Iterable[_Fault]:
    kinds, ends = ", ".join(get_args(ChargeKind.__value__)), ", ".join(filter(None, get_args(Closed.__value__)))
    if not re.fullmatch(r"[A-Za-z0-9_./-]{1,40}", text["number"]):
        yield (
            "number",
            "number: 1 až 40 písmen bez diakritiky, číslic, teček, lomítek nebo spojovníků.",
            "number: 1 to 40 letters without accents, digits, full stops, slashes or hyphens.",
        )
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,64}", text["subject_ref"]):
        yield (
            "subject_ref",
            "subject_ref: odkaz na osobu, který vydala Regina.",
            "subject_ref: the reference to a person that Regina made.",
        )
    if text["kind"] not in get_args(ChargeKind.__value__):
        yield "kind", f"kind: jedna z hodnot {kinds}.", f"kind: one of {kinds}."
    if not 1 <= len(text["title_cs"]) <= TITLE_LENGTH_MAX or len(text["title_en"]) > TITLE_LENGTH_MAX:
        yield (
            "title",
            f"title_cs, title_en: nejvýše {TITLE_LENGTH_MAX} znaků, česky vždy.",
            f"title_cs, title_en: {TITLE_LENGTH_MAX} characters at most, Czech always.",
        )
    if not re.fullmatch(r"20[0-9]{2}", text["year"]):
        yield "year", "year: rok čtyřmi číslicemi.", "year: four digits."
    if not day_from_text(text["due_on"]):
        yield (
            "due_on",
            "due_on: den, který existuje, ve tvaru RRRR-MM-DD.",
            "due_on: a day that exists, as YYYY-MM-DD.",
        )
    for name, form, cs, en in _SYMBOLS:
        if not re.fullmatch(form, text[name]):
            yield name, f"{name}: {cs}.", f"{name}: {en}."
    if text["closed"] not in get_args(Closed.__value__):
        yield "closed", f"closed: prázdné, nebo jedna z hodnot {ends}.", f"closed: empty, or one of {ends}."


def _amount_faults(text: dict[str, str]) -> Iterable[_Fault]:
    amount_minor = _minor(text["amount"])
    if not amount_minor:
        yield (
            "amount",
            "amount: koruny větší než nula, nejvýše dvě desetinná místa.",
            "amount: crowns above zero, two decimals at most.",
        )
    for name in ("reduced", "paid"):
        if text[name] and _minor(text[name]) is None:
            yield name, f"{name}: koruny, nejvýše dvě desetinná místa.", f"{name}: crowns, two decimals at most."
    if amount_minor and (_minor(text["reduced"]) or 0) > amount_minor:
        yield "reduced", "reduced: nejvýše tolik jako amount.", "reduced: not more than the amount."


def _minor(text: str) -> int | None:
    """`1 234,50` as haléře, None if it is no amount."""
    match = re.fullmatch(r"([0-9]{1,10})(?:[.,]([0-9]{1,2}))?", re.sub(r"\s", "", text))
    if not match:
        return None
    minor = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    return minor if minor <= AMOUNT_MINOR_MAX else None


def _repeated(charges: Sequence[Charge]) -> Iterable[FieldError]:
    seen: set[str] = set()
    for charge in charges:
        if charge.number in seen:
            yield FieldError(
                f"number {charge.number}",
                "repeated",
                "Toto číslo je v souboru dvakrát.",
                "This number is in the file twice.",
            )
        seen.add(charge.number)
