"""Amounts as text: whole haléře in, nothing rounded."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.money import decimal
from chalicelib.core.refusals import crowns


@given(st.integers(-(10**12), 10**12))
def test_crowns_in_files_are_exact(amount_minor: int) -> None:
    assert Decimal(decimal(amount_minor, ".")) * 100 == amount_minor


def test_crowns_for_people_are_grouped_with_hard_spaces() -> None:
    assert crowns(123_456_750) == "1\u00a0234\u00a0567,50\u00a0Kč"
    assert crowns(80_000) == "800\u00a0Kč"
    assert crowns(-5) == "\u22120,05\u00a0Kč"
