"""Properties of comparing names, over the names of the world."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from regina.matching import fold, given_names_agree, surnames_agree

CZECH = "abcdefghijklmnopqrstuvwxyzáčďéěíňóřšťúůýž"
words = st.text(CZECH, min_size=1, max_size=12).map(str.capitalize)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
any_text = st.text(max_size=30)


def without_diacritics(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@given(any_text)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(names)
def test_diacritics_and_case_play_no_part(name: str) -> None:
    for typed in (without_diacritics(name), name.upper(), name.lower(), unicodedata.normalize("NFD", name)):
        assert surnames_agree(typed, name)
        assert given_names_agree(typed, name)


@given(names)
def test_a_hyphen_is_a_space(name: str) -> None:
    assert surnames_agree(name.replace(" ", "-"), name)
    assert given_names_agree(name.replace(" ", "-"), name)


@given(st.lists(words, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_any_order_of_given_names_agrees(given_names: list[str], chance: random.Random) -> None:
    shuffled = given_names[:]
    chance.shuffle(shuffled)
    assert given_names_agree(" ".join(shuffled), " ".join(given_names))


@given(st.lists(words, min_size=1, max_size=4), st.integers(1, 4))
def test_leading_given_names_are_enough(given_names: list[str], kept: int) -> None:
    assert given_names_agree(" ".join(given_names[:kept]), " ".join(given_names))


@given(names, words)
def test_a_given_name_more_than_registered_does_not_agree(name: str, more: str) -> None:
    assert not given_names_agree(f"{name} {more}", name)


@given(words, st.integers(0, 11), st.sampled_from("bcdfghj"))
def test_one_letter_more_is_another_name(name: str, at: int, letter: str) -> None:
    other = name[:at] + letter + name[at:]
    assert not surnames_agree(other, name)
    assert not given_names_agree(other, name)


@given(any_text, any_text)
def test_surnames_agree_both_ways(a: str, b: str) -> None:
    assert surnames_agree(a, b) == surnames_agree(b, a)


@given(words, words)
def test_different_names_do_not_agree(a: str, b: str) -> None:
    assume(without_diacritics(a).lower() != without_diacritics(b).lower())
    assert not surnames_agree(a, b)
    assert not given_names_agree(a, b)


@pytest.mark.parametrize("nothing", ["", " ", "-", "'", "  - "])
def test_nothing_agrees_with_nobody(nothing: str) -> None:
    assert not surnames_agree(nothing, nothing)
    assert not given_names_agree(nothing, "Jan")


@pytest.mark.parametrize(
    ("typed", "registered"),
    [
        ("Dang", "Đặng"),
        ("OConnor", "O’Connor"),
        ("Lukasz", "Łukasz"),
        ("Novakova Mala", "Nováková-Malá"),
        ("Weiss", "Weiß"),
    ],
)
def test_names_of_foreigners_are_found_as_people_type_them(typed: str, registered: str) -> None:
    assert surnames_agree(typed, registered)


APOSTROPHES = "'`´ʹʻʼʽʾʿˈˊˋ‘’‚‛′‵Ꞌꞌ＇｀"


@given(words, st.integers(1, 11), st.sampled_from(APOSTROPHES), st.sampled_from(["", *APOSTROPHES]))
def test_apostrophes_of_every_kind_and_their_absence_are_no_difference(
    name: str, at: int, one: str, other: str
) -> None:
    typed, registered = name[:at] + one + name[at:], name[:at] + other + name[at:]
    assert given_names_agree(typed, registered)
    assert surnames_agree(typed, registered)


@pytest.mark.parametrize(
    ("typed", "registered"), [("Jana", "Jan"), ("Jan'", "Jana"), ("Mar'jana", "Mariana"), ("O'Brien", "Obriena")]
)
def test_another_name_stays_another_name(typed: str, registered: str) -> None:
    assert not given_names_agree(typed, registered)
    assert not surnames_agree(typed, registered)
