"""QR payment: the Czech short payment descriptor, SPAYD 1.0, as text and as a picture. Source: qr-platba.cz."""

import re
import zlib
from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import unquote

from chalicelib.commons.bank import symbols, text
from chalicelib.commons.bank.model import (
    AccountNumber,
    AccountNumberInvalid,
    QrPayment,
    QrPaymentInvalid,
    SymbolInvalid,
)
from chalicelib.core.money import decimal

HEADER = "SPD*1.0*"
AMOUNT_MINOR_MAX = 999_999_999
MESSAGE_MAX = 60
NAME_MAX = 35
QUIET_ZONE_MODULES = 4
LABEL = "QR platba"
KEY = re.compile(r"[A-Z-]+|CRC32")
# The shape of each value after decoding. Keys of others are let through, as the standard wants.
SHAPES: Mapping[str, re.Pattern[str]] = {
    "ACC": re.compile(r"[A-Z]{2}[0-9A-Z+]{13,44}"),
    "AM": re.compile(r"(?=.{1,10}$)\d+(\.\d{0,2})?", re.ASCII),
    "CC": re.compile(r"[A-Z]{3}"),
    "RF": re.compile(r"\d{1,16}", re.ASCII),
    "RN": re.compile(rf".{{1,{NAME_MAX}}}"),
    "DT": re.compile(r"\d{8}", re.ASCII),
    "PT": re.compile(r".{1,3}"),
    "MSG": re.compile(rf".{{1,{MESSAGE_MAX}}}"),
    "X-VS": re.compile(r"\d{1,10}", re.ASCII),
    "X-SS": re.compile(r"\d{1,10}", re.ASCII),
    "X-KS": re.compile(r"\d{1,4}", re.ASCII),
    "X-ID": re.compile(r".{1,20}"),
    "X-URL": re.compile(r".{1,140}"),
    "CRC32": re.compile(r"[0-9A-F]{8}"),
}  # fmt: skip


def write(payment: QrPayment) -> str:
    """The descriptor in the alphanumeric set of QR codes, without CRC32. Texts lose diacritics and are cut to fit.

    Raises QrPaymentInvalid (amount out of 0.01 to 9 999 999.99 Kč) and SymbolInvalid.
    """
    values = {
        "ACC": payment.account.iban,
        "AM": _amount(payment.amount_minor),
        "CC": "CZK",
        "X-VS": symbols.checked(payment.vs),
        "X-KS": symbols.checked_constant(payment.ks),
        "X-SS": symbols.checked(payment.ss),
        "DT": f"{payment.execute_on:%Y%m%d}" if payment.execute_on else "",
        "PT": "IP" if payment.instant else "",
        "RN": _words(payment.payee_name, NAME_MAX),
        "MSG": _words(payment.message, MESSAGE_MAX),
    }
    return HEADER + "*".join(f"{key}:{value}" for key, value in values.items() if value)


def read(descriptor: str) -> QrPayment:
    """Read a descriptor and check every rule, its CRC32 where present. Raises QrPaymentInvalid naming the key."""
    values = _values(descriptor)
    if "CRC32" in values and values["CRC32"] != crc32(descriptor):
        raise QrPaymentInvalid("CRC32")
    if values.get("CC", "CZK") != "CZK":
        raise QrPaymentInvalid("CC")
    return QrPayment(
        account=_account(values),
        amount_minor=_amount_minor(values.get("AM")),
        vs=symbols.stripped(values.get("X-VS", "")),
        ks=_constant(values.get("X-KS", "")),
        ss=symbols.stripped(values.get("X-SS", "")),
        message=values.get("MSG", ""),
        payee_name=values.get("RN", ""),
        execute_on=_day(values.get("DT")),
        instant=values.get("PT") == "IP",
    )


def crc32(descriptor: str) -> str:
    """The check sum of a descriptor: over its pairs sorted by key, CRC32 itself left out."""
    pairs = sorted(pair for pair in _pairs(descriptor) if not pair.startswith("CRC32:"))
    return f"{zlib.crc32((HEADER + '*'.join(pairs)).encode()):08X}"


def svg(payment: QrPayment) -> str:
    """The QR code as an SVG picture: error correction M, quiet zone of 4 modules, thin frame, label under it."""
    import segno  # a citizen's charge wants it, a cold start does not

    code = segno.make(write(payment), error="m", boost_error=False, micro=False)
    size, _ = code.symbol_size(border=QUIET_ZONE_MODULES)
    modules = code.svg_inline(border=QUIET_ZONE_MODULES, omitsize=True, svgclass=None, lineclass=None)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{LABEL}" viewBox="0 0 {size} {size + 5}">'
        f'<rect width="{size}" height="{size + 5}" fill="#fff"/>'
        f'<rect x="0.25" y="0.25" width="{size - 0.5}" height="{size - 0.5}" fill="none" stroke="#000" '
        'stroke-width="0.5"/>'
        f'<svg width="{size}" height="{size}">{modules}</svg>'
        f'<text x="1" y="{size + 3.8}" font-family="sans-serif" font-size="3.6">{LABEL}</text></svg>'
    )


def _pairs(descriptor: str) -> list[str]:
    if not descriptor.startswith(HEADER):
        raise QrPaymentInvalid("SPD")
    return descriptor.removeprefix(HEADER).removesuffix("*").split("*")


def _values(descriptor: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in _pairs(descriptor):
        key, colon, raw = pair.partition(":")
        value = unquote(raw)
        if not colon or not KEY.fullmatch(key) or key in values:
            raise QrPaymentInvalid(key[:20])
        if key in SHAPES and not SHAPES[key].fullmatch(value):
            raise QrPaymentInvalid(key)
        values[key] = value
    return values


def _account(values: Mapping[str, str]) -> AccountNumber:
    try:
        return AccountNumber.parse(values["ACC"].partition("+")[0])
    except (KeyError, AccountNumberInvalid):
        raise QrPaymentInvalid("ACC") from None


def _amount(amount_minor: int | None) -> str:
    if amount_minor is None:
        return ""
    if not 0 < amount_minor <= AMOUNT_MINOR_MAX:
        raise QrPaymentInvalid("AM")
    return decimal(amount_minor, ".")


def _amount_minor(amount: str | None) -> int | None:
    if amount is None:
        return None
    whole, _, part = amount.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))


def _day(digits: str | None) -> date | None:
    if digits is None:
        return None
    try:
        return datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise QrPaymentInvalid("DT") from None


def _constant(digits: str) -> str:
    try:
        return symbols.checked_constant(digits)
    except SymbolInvalid:
        raise QrPaymentInvalid("X-KS") from None


def _words(words: str, length_max: int) -> str:
    fitting = text.qr_alphanumeric(words)[:length_max].rstrip()
    return fitting.replace("%", "%25").replace("*", "%2A").replace("+", "%2B")
