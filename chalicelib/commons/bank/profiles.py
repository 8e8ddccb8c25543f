"""What differs between banks, as data. A bank that is not here gets the strictest common rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from chalicelib.commons.bank.model import Direction

type PostingCodes = Mapping[str, tuple[Direction, bool]]
type PainVersion = Literal["03", "09"]

# Code of a GPC item → its effect on the account and whether it is a reversal.
ABO_CODES: PostingCodes = MappingProxyType(
    {"1": ("debit", False), "2": ("credit", False), "4": ("credit", True), "5": ("debit", True)}
)
CS_CODES: PostingCodes = MappingProxyType(
    {"1": ("debit", False), "2": ("credit", False), "3": ("credit", True), "4": ("debit", True)}
)


@dataclass(frozen=True, slots=True)
class BankProfile:
    """How one bank wants its payment orders and writes its statements.

    `security_codes`: the ABO header has 58 characters, with the fixed and secret code, instead of 46.
    `client_number`: the header carries the account; otherwise zeros.
    `amount_digits`: the longest amount or sum in haléře. `items_per_file`: more payments go to the next file.
    `diacritics`: the bank takes Windows-1250 letters; otherwise upper-case ASCII is written, and of it only `PLAIN_SIGNS`.
    `capital_name`: the payer's name in the ABO header is in capitals.
    `advice_lines`: `|` in ABO separates lines of the payee's message; otherwise what follows it is the payer's own message, so
    the payee's is one line without it.
    `symbols_in_end_to_end`: pain.001 carries `/VS…/SS…/KS…` in EndToEndId beside the structured references.
    """

    security_codes: bool = False
    client_number: bool = True
    amount_digits: int = 12
    items_per_file: int = 200
    diacritics: bool = False
    capital_name: bool = False
    advice_lines: bool = True
    pain_version: PainVersion = "09"
    symbols_in_end_to_end: bool = False
    gpc_codes: PostingCodes = ABO_CODES


PLAIN_SIGNS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
"""What every bank takes: the set in which payments travel between banks (SWIFT X, in capitals)."""

DEFAULT = BankProfile()
PROFILES: Mapping[str, BankProfile] = {
    "0100": BankProfile(),
    "0300": BankProfile(security_codes=True, amount_digits=14, diacritics=True),
    "0800": BankProfile(
        security_codes=True, diacritics=True, capital_name=True, advice_lines=False, gpc_codes=CS_CODES
    ),
    "2010": BankProfile(client_number=False, amount_digits=15, diacritics=True, pain_version="03"),
}


def profile_of(bank: str) -> BankProfile:
    return PROFILES.get(bank, DEFAULT)
