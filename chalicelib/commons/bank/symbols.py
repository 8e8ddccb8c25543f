"""Variable, specific and constant symbols: at most 10, 10 and 4 digits, compared without leading zeros."""

import re

from chalicelib.commons.bank.model import SymbolInvalid

SYMBOL_DIGITS_MAX = 10
CONSTANT_DIGITS_MAX = 4
WRITTEN = re.compile(r"\b(VS|SS|KS)[:/]?\s*(\d{1,10})\b", re.ASCII | re.IGNORECASE)
NUMBERS = re.compile(r"(?<!\d)0*([1-9]\d{3,9})(?!\d)", re.ASCII)


def stripped(symbol: str) -> str:
    """The form in which symbols are compared: `0000123` and `123` are one, zeros alone are none."""
    return symbol.strip().lstrip("0")


def checked(symbol: str, digits_max: int = SYMBOL_DIGITS_MAX) -> str:
    """The symbol stripped, empty if there is none. Raises SymbolInvalid."""
    if not re.fullmatch(rf"\d{{0,{digits_max}}}", symbol.strip(), re.ASCII):
        raise SymbolInvalid(symbol[:40], digits_max)
    return stripped(symbol)


def checked_constant(symbol: str) -> str:
    """The constant symbol as four digits, empty if there is none. Raises SymbolInvalid."""
    constant = checked(symbol, CONSTANT_DIGITS_MAX)
    return constant.zfill(CONSTANT_DIGITS_MAX) if constant else ""


def written_in(text: str) -> dict[str, str]:
    """Symbols that a free text names, as `VS: 2601000001` or `/VS2601000001/SS7`; the first of each kind."""
    found: dict[str, str] = {}
    for kind, digits in WRITTEN.findall(text):
        found.setdefault(kind.upper(), stripped(digits))
    return found


def numbers_in(text: str) -> frozenset[str]:
    """Every number of 4 to 10 digits in a text, stripped: one of them may be a variable symbol."""
    named = {stripped(digits) for kind, digits in WRITTEN.findall(text) if kind.upper() == "VS"}
    return frozenset(named | set(NUMBERS.findall(text))) - {""}
