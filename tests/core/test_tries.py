"""Limits on tries: windows slide, waits are true, parallel tries are counted, a household is one network."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import tries
from chalicelib.core.refusals import NBSP, TooManyTries
from chalicelib.core.tries import Delay, Pace, network_of

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
TEN = Pace(10, timedelta(minutes=15))
GROWING = Delay(free=3, first=timedelta(seconds=1), most=timedelta(minutes=15), memory=timedelta(days=1))
SECOND = timedelta(seconds=1)


def refused(how: str, at: datetime) -> int:
    """How long a try has to wait; 0 if it was let through."""
    try:
        if how == "pace":
            tries.count("test", "somebody", TEN, at)
        else:
            tries.count_slowing("test", "somebody", GROWING, at)
    except TooManyTries as refusal:
        return refusal.wait_seconds
    return 0


@pytest.mark.parametrize("how", ["pace", "delay"])
def test_after_the_wait_that_was_told_the_next_try_is_let_through_and_not_a_moment_before(table: str, how: str) -> None:
    at = AT
    for _ in range(40):
        wait = refused(how, at)
        if wait > 1:
            assert refused(how, at + (wait - 1) * SECOND) == 1
        if wait:
            at += wait * SECOND
            assert refused(how, at) == 0


def test_a_window_slides_so_that_its_turn_gives_no_second_burst(table: str) -> None:
    before_the_quarter = AT + timedelta(minutes=14, seconds=59)
    assert [refused("pace", before_the_quarter) > 0 for _ in range(11)] == [False] * 10 + [True]
    assert [refused("pace", before_the_quarter + timedelta(seconds=2)) > 0 for _ in range(3)] == [True] * 3
    later = before_the_quarter + timedelta(seconds=181)
    assert [refused("pace", later) > 0 for _ in range(4)] == [False] * 2 + [True] * 2


@pytest.mark.parametrize(("how", "most"), [("pace", 10), ("delay", 3)])
def test_parallel_tries_are_counted(table: str, how: str, most: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: refused(how, AT), range(24)))
    assert waits.count(0) <= most
    assert waits.count(0) >= 1


def test_a_success_gives_its_try_back(table: str) -> None:
    for _ in range(30):
        assert refused("pace", AT) == 0
        tries.forgive("test", "somebody", TEN)
    for _ in range(3):
        assert refused("delay", AT) == 0
    assert refused("delay", AT) == 1
    tries.forget("test", "somebody")
    assert refused("delay", AT) == 0


def test_the_wait_doubles_up_to_its_most_and_is_forgotten_after_a_day_of_quiet(table: str) -> None:
    waits = [GROWING.after(n) // SECOND for n in range(1, 20)]
    assert waits[:6] == [0, 0, 1, 2, 4, 8]
    assert waits[-1] == 900
    at = AT
    for _ in range(40):
        at += refused("delay", at) * SECOND
    refused("delay", at)
    assert refused("delay", at) > 500
    assert refused("delay", at + timedelta(days=1, minutes=20)) == 0
    assert refused("delay", at + timedelta(days=1, minutes=20)) == 0


@given(st.integers(0, 10_000))
def test_no_number_of_tries_makes_a_wait_over_the_most(n: int) -> None:
    assert timedelta() <= GROWING.after(n) <= GROWING.most


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb:cccc:dddd:eeee", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_a_household_is_one_network_however_many_addresses_it_has(ip: str, network: str) -> None:
    assert network_of(ip) == network


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "1 s"), (60, "60 s"), (61, "2 min"), (900, "15 min"), (3600, "60 min"), (3601, "2 h")]
)
def test_a_wait_is_told_in_words_never_shorter_than_it_is(seconds: int, words: str) -> None:
    told = words.replace(" ", NBSP)
    assert TooManyTries(seconds).text("cs") == f"Příliš mnoho pokusů. Zkuste to znovu za {told}."
    assert TooManyTries(seconds).text("en") == f"Too many tries. Try again in {told}."
