"""Codes: one spelling, tolerant typing, mistakes found before anybody is asked."""

import os
import re
import string
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.money.vouchers import codes

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


@given(st.sampled_from((codes.short_code, codes.pairing_code)), secrets, places, st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_always_found(
    code: Callable[[bytes], str], secret: bytes, place: int, letter: str
) -> None:
    text = codes.plain(code(secret))
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


def test_a_code_once_printed_stays_what_it_is() -> None:
    """Of a secret come always the same codes: those on paper are worked out again for the app, and found by their digest."""
    secret = bytes(range(1, 17))
    assert codes.qr_code(secret) == "AM1.GR3WG6G1BG2J04W06818G18010"
    assert codes.short_code(secret) == "GR3W-G6G1-BS"
    assert codes.pairing_code(secret) == "GR3W-G6G1-BG2J-04WZ"
    assert codes.qr_code(secret + b"more") == codes.qr_code(secret)
    assert codes.digest_of("7k4m-9pq2-xr") == "339fc98e706134def584720863662f1d441d1826fffa92b8f73581daa6388859"


def test_what_is_typed_is_short_or_pairs_and_anything_longer_is_nobodys_typing() -> None:
    short, pairing = codes.plain(codes.short_code(bytes(16))), codes.plain(codes.pairing_code(bytes(16)))
    assert [codes.is_mistyped(text) for text in (short, pairing, "0" * 17)] == [False, False, False]
    assert all(codes.is_mistyped("0" * length) for length in range(1, 17) if length not in (10, 16))
    assert codes.is_mistyped(pairing[:-1] + "1")
    assert [codes.space_of(text) for text in ("am1.0", " AM1.0", "AM1", short)] == ["qr", "qr", "short", "short"]
