"""QR payments."""

import re
from datetime import date

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chalicelib.commons.bank import spayd, text
from chalicelib.commons.bank.model import AccountNumber, QrPayment, QrPaymentInvalid, SymbolInvalid
from chalicelib.commons.bank.service import qr_payment_svg, qr_payment_text, read_qr_payment
from tests.commons.bank import build

SHORT = "SPD*1.0*ACC:CZ5855000000001265098001*AM:100.00*CC:CZK"
LONG = (
    "SPD*1.0*ACC:CZ6508000000192000145399*AM:650.00*CC:CZK*X-VS:2026000123*X-KS:0308*X-SS:1345*DT:20260531"
    "*MSG:POPLATEK ZA ODPAD 2026"
)


@pytest.mark.parametrize(("descriptor", "crc32"), [(SHORT, "AAD80227"), (LONG, "2BF923CA")])
def test_the_known_vectors(descriptor: str, crc32: str) -> None:
    assert spayd.crc32(descriptor) == crc32
    assert qr_payment_text(read_qr_payment(descriptor)) == descriptor
    assert read_qr_payment(f"{descriptor}*CRC32:{crc32}") == read_qr_payment(descriptor)
    assert read_qr_payment(f"{descriptor}*CRC32:{crc32}*") == read_qr_payment(descriptor)


@pytest.mark.parametrize(
    ("descriptor", "key"),
    [
        ("SPD*1.0*232131", "232131"),
        ("SPD*2.0*ACC:CZ5855000000001265098001", "SPD"),
        ("", "SPD"),
        ("SPD*1.0*AM:100.00", "ACC"),
        ("SPD*1.0*ACC:CZ5855000000001265098002", "ACC"),
        ("SPD*1.0*ACC:SK3112000000198742637541", "ACC"),
        (f"{SHORT}*AM:100.00", "AM"),
        (f"{SHORT}*X-VS:123456789012", "X-VS"),
        (f"{SHORT}*X-VS:", "X-VS"),
        (f"{SHORT}*X-KS:03081", "X-KS"),
        (f"{SHORT}*DT:201299990", "DT"),
        (f"{SHORT}*DT:20129999", "DT"),
        (f"{SHORT}*MSG:{'A' * 61}", "MSG"),
        (f"{SHORT}*msg:A", "msg"),
        (f"{SHORT}*CRC32:00000000", "CRC32"),
        (SHORT.replace("CZK", "EUR"), "CC"),
        (SHORT.replace("100.00", "100.001"), "AM"),
        (SHORT.replace("100.00", "12345678.00"), "AM"),
        (SHORT.replace("100.00", "-1"), "AM"),
    ],
)
def test_what_must_fail_names_the_key(descriptor: str, key: str) -> None:
    with pytest.raises(QrPaymentInvalid) as refused:
        read_qr_payment(descriptor)
    assert refused.value.key == key


@pytest.mark.parametrize("amount_minor", [0, -1, 1_000_000_000])
def test_an_amount_that_the_format_cannot_hold_is_refused(amount_minor: int) -> None:
    with pytest.raises(QrPaymentInvalid):
        qr_payment_text(QrPayment(build.TOWN, amount_minor))


def test_a_long_symbol_is_refused() -> None:
    with pytest.raises(SymbolInvalid):
        qr_payment_text(QrPayment(build.TOWN, 100, vs="12345678901"))


def test_text_loses_diacritics_and_control_signs_are_escaped() -> None:
    written = qr_payment_text(
        QrPayment(build.TOWN, 80000, message="Odpad 2026: 50 % * sleva + pes, Žďár", payee_name="Město Modřínov")
    )
    assert "*RN:MESTO MODRINOV*MSG:ODPAD 2026: 50 %25 %2A SLEVA %2B PES ZDAR" in written
    assert read_qr_payment(written).message == "ODPAD 2026: 50 % * SLEVA + PES ZDAR"


@given(
    build.accounts,
    st.one_of(st.none(), st.integers(1, spayd.AMOUNT_MINOR_MAX)),
    build.symbols,
    build.constants,
    build.symbols,
    build.any_words,
    build.any_words,
    st.one_of(st.none(), build.days),
    st.booleans(),
)
def test_what_is_written_is_read_back_and_stays_in_the_alphanumeric_set(
    account: AccountNumber,
    amount_minor: int | None,
    vs: str,
    ks: str,
    ss: str,
    message: str,
    name: str,
    execute_on: date | None,
    instant: bool,
) -> None:
    asked = QrPayment(account, amount_minor, vs, ks, ss, message, name, execute_on, instant)
    written = qr_payment_text(asked)
    assert not text.QR_FOREIGN.search(written)
    back = read_qr_payment(written)
    assert (back.account, back.amount_minor, back.vs, back.ks, back.ss) == (account, amount_minor, vs, ks, ss)
    assert (back.execute_on, back.instant) == (execute_on, instant)
    assert back.message == text.qr_alphanumeric(message)[:60].strip()
    assert back.payee_name == text.qr_alphanumeric(name)[:35].strip()
    assert read_qr_payment(f"{written}*CRC32:{spayd.crc32(written)}") == back


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(garbage: str) -> None:
    for descriptor in (garbage, f"SPD*1.0*{garbage}", f"{SHORT}*{garbage}"):
        try:
            read_qr_payment(descriptor)
        except QrPaymentInvalid:
            continue


def test_the_picture_has_frame_label_and_quiet_zone_and_a_scanner_reads_it() -> None:
    payment = read_qr_payment(LONG)
    picture = qr_payment_svg(payment)
    assert 'aria-label="QR platba"' in picture
    assert ">QR platba</text>" in picture
    code = segno.make(spayd.write(payment), error="m", boost_error=False, micro=False)
    assert (code.error, code.mode) == ("M", "alphanumeric")
    assert f'viewBox="0 0 {code.symbol_size(border=4)[0]}' in picture
    assert code.svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None) in picture
    modules = [[255 * (1 - dark) for dark in row] for row in code.matrix_iter(scale=4, border=4)]
    image = Image.new("L", (len(modules[0]), len(modules)))
    image.putdata([shade for row in modules for shade in row])
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [LONG]


def test_the_frame_is_as_far_from_every_edge_of_the_code() -> None:
    drawn = qr_payment_svg(QrPayment(build.TOWN, 80000))
    size = int(re.search(r'viewBox="0 0 (\d+) ', drawn)[1])  # type: ignore[index]
    frame = re.search(r'<rect x="([\d.]+)" y="([\d.]+)" width="([-\d.]+)" height="([-\d.]+)" fill="none"', drawn)
    assert frame
    left, top, width, height = map(float, frame.groups())
    assert left == top > 0
    assert (left + width, top + height) == (size - left, size - top)
