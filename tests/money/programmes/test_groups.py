"""How awards are put together into transactions. Pure."""

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.table import TRANSACT_ITEMS_MAX
from chalicelib.money.ledger.model import GRANTS_PER_TRANSACTION_MAX
from chalicelib.money.programmes.allocating import _Candidate, _covered, groups, packed
from chalicelib.money.programmes.model import Application, Stated
from tests.money.programmes.test_eligibility import some_rules


def a_candidate(number: int, parts: int, subject: int, household: int) -> _Candidate:
    application = Application(
        id=f"a{number}",
        programme="p",
        rules_version=1,
        person=f"p{number}",
        beneficiary=f"p{number}",
        state="submitted",
        stated=Stated("Jana", "Nová", date(1990, 1, 1)),
        applicant_name="Jana Nová",
        amount_minor=100 * parts,
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    rules = some_rules(denominations_minor=(100,) * parts)
    return _Candidate(
        application, rules, "fits", subject_ref=f"s{subject}", household=f"h{household}" * (household > 0)
    )


CANDIDATES = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 60), st.integers(0, 20)), max_size=120).map(
    lambda drawn: [a_candidate(number, *one) for number, one in enumerate(drawn)]
)


@given(CANDIDATES)
def test_groups_keep_the_order_fit_a_transaction_and_never_award_one_thing_twice(some: list[_Candidate]) -> None:
    made = list(groups(some))
    assert [one for group in made for one in group] == some
    for group in made:
        assert 1 + sum(one.items for one in group) <= TRANSACT_ITEMS_MAX
        assert sum(len(one.rules.parts_minor) for one in group) <= GRANTS_PER_TRANSACTION_MAX
        claims = [claim for one in group for claim in one.claims]
        assert len(claims) == len(set(claims))


def test_a_credit_is_awarded_to_thirty_two_at_once() -> None:
    made = list(groups([a_candidate(number, 1, number, 0) for number in range(70)]))
    assert [len(group) for group in made] == [32, 32, 6]
    limited = list(groups([a_candidate(number, 1, number, number + 1) for number in range(50)]))
    assert [len(group) for group in limited] == [24, 24, 2]


@given(CANDIDATES, st.integers(0, 20_000))
def test_money_covers_the_longest_beginning_that_it_suffices_for(some: list[_Candidate], free_minor: int) -> None:
    covered = _covered(some, free_minor)
    amounts = [one.rules.amount_minor for one in some]
    assert sum(amounts[:covered]) <= free_minor
    assert covered == len(some) or sum(amounts[: covered + 1]) > free_minor


@given(st.lists(st.integers(1, 30), max_size=80))
def test_what_belongs_together_stays_together_and_fits_a_transaction(sizes: list[int]) -> None:
    several: list[Any] = [[number] * size for number, size in enumerate(sizes)]  # only how many there are matters
    made = list(packed(several))
    assert [writes for together in made for writes in together] == several
    assert all(sum(map(len, together)) <= TRANSACT_ITEMS_MAX for together in made)
    assert len(made) <= 1 + 2 * sum(sizes) // TRANSACT_ITEMS_MAX
