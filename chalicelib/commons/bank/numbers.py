"""Czech account numbers, symbols and company numbers as digits. Source: Decree 169/2011 Coll., ISO 13616, ISO 7064."""

import re
from functools import cache

ACCOUNT = re.compile(r"(?:(\d{1,6})-)?(\d{2,10})/(\d{4})", re.ASCII)
CZECH_IBAN = re.compile(r"CZ(\d{2})(\d{4})(\d{6})(\d{10})", re.ASCII)
BANK = re.compile(r"\d{4}", re.ASCII)
WEIGHTS_FROM_RIGHT = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
# Where the digits of prefix + base stand in the banks' internal order C0 C8 C9 C6 C1..C5 C7 P1..P6.
INTERNAL_ORDER = (15, 13, 14, 11, 6, 7, 8, 9, 10, 12, 0, 1, 2, 3, 4, 5)

type AccountParts = tuple[str, str, str]


def passes_mod_11(digits: str) -> bool:
    return (
        sum(weight * int(digit) for weight, digit in zip(WEIGHTS_FROM_RIGHT, reversed(digits), strict=False)) % 11 == 0
    )


def is_account(prefix: str, base: str, bank: str) -> bool:
    """Both parts pass mod 11 by themselves and the base has at least two digits other than zero."""
    return (
        re.fullmatch(r"\d{0,6}", prefix, re.ASCII) is not None
        and re.fullmatch(r"\d{2,10}", base, re.ASCII) is not None
        and BANK.fullmatch(bank) is not None
        and len(base.replace("0", "")) >= 2
        and passes_mod_11(prefix)
        and passes_mod_11(base)
    )


def split_account(text: str) -> AccountParts | None:
    found = ACCOUNT.fullmatch("".join(text.split()))
    return (found[1] or "", found[2], found[3]) if found else None


def split_iban(text: str) -> AccountParts | None:
    compact = "".join(text.split()).upper()
    found = CZECH_IBAN.fullmatch(compact)
    if not found or compact != iban(found[3] + found[4], found[2]):
        return None
    return found[3], found[4], found[2]


def iban(sixteen: str, bank: str) -> str:
    """The Czech IBAN of prefix + base: letters count as C = 12, Z = 35, and the whole is 1 modulo 97."""
    bban = bank + sixteen
    return f"CZ{98 - int(bban + '123500') % 97:02}{bban}"


def bic(bank: str) -> str | None:
    from stdnum.cz import bankaccount  # loads the register of banks, wanted by few callers

    return bankaccount.to_bic(f"19/{bank}") or None


@cache
def _banks_by_bic() -> dict[str, str]:
    """The register's banks by the first eight letters of their BIC."""
    from stdnum.cz import bankaccount

    codes = (f"{code:04}" for code in range(10_000))
    known = ((code, bankaccount.info(f"19/{code}").get("bic")) for code in codes)
    return {bic[:8]: code for code, bic in known if bic}


def bank_of(bic: str) -> str:
    """The code of the Czech bank with this BIC, empty where the register knows none."""
    return _banks_by_bic().get(bic[:8].upper(), "") if bic else ""


def is_known_bank(bank: str) -> bool:
    from stdnum.cz import bankaccount

    return "bank" in bankaccount.info(f"19/{bank}")


def to_internal_order(sixteen: str) -> str:
    return "".join(sixteen[place] for place in INTERNAL_ORDER)


def from_internal_order(digits: str) -> str:
    sixteen = [""] * 16
    for digit, place in zip(digits, INTERNAL_ORDER, strict=True):
        sixteen[place] = digit
    return "".join(sixteen)


def is_ico(text: str) -> bool:
    """A company number of exactly eight digits with its check digit."""
    from stdnum.cz import dic

    return re.fullmatch(r"\d{8}", text, re.ASCII) is not None and dic.is_valid(text)
