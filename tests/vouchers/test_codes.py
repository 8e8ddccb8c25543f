"""Codes: one spelling, tolerant typing, mistakes found before anybody is asked."""

import os
import re
import string

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.vouchers import codes

secrets = st.binary(min_size=16, max_size=16)
places = st.integers(min_value=0, max_value=codes.SHORT_CHARACTERS - 1)


@given(secrets)
def test_codes_have_their_form_and_are_not_mistyped(secret: bytes) -> None:
    assert re.fullmatch(r"AM1\.[0-9A-HJKMNP-TV-Z]{26}", codes.qr_code(secret))
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}", codes.short_code(secret))
    for code in (codes.qr_code(secret), codes.short_code(secret), codes.pairing_code(secret)):
        assert not codes.is_mistyped(code)


@given(secrets)
def test_typing_is_tolerant_to_case_spaces_and_lookalikes(secret: bytes) -> None:
    code = codes.short_code(secret)
    typed = " " + code.lower().replace("0", "o").replace("1", "i").replace("-", " ") + "\n"
    assert codes.digest_of(typed) == codes.digest_of(code)
    assert codes.digest_of(code.replace("1", "L").replace("-", "")) == codes.digest_of(code)


@given(secrets, places, st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_always_found(secret: bytes, place: int, letter: str) -> None:
    text = codes.plain(codes.short_code(secret))
    wrong = text[:place] + letter + text[place + 1 :]
    assert codes.is_mistyped(wrong) == (wrong != text)


@given(secrets, places, places)
def test_two_swapped_characters_are_always_found(secret: bytes, one: int, other: int) -> None:
    text = list(codes.plain(codes.short_code(secret)))
    swapped = text.copy()
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert codes.is_mistyped("".join(swapped)) == (swapped != text)


@given(st.text(max_size=40))
def test_any_text_can_be_typed(text: str) -> None:
    codes.is_mistyped(text)
    assert len(codes.digest_of(text)) == 64


def test_qr_code_carries_128_bits() -> None:
    made = {codes.qr_code(bytes([i]) + bytes(15)) for i in range(256)} | {
        codes.qr_code(bytes(15) + bytes([i])) for i in range(1, 256)
    }
    assert len(made) == 511
    assert set(codes.qr_code(os.urandom(16))) <= set(string.ascii_uppercase + string.digits + ".")
