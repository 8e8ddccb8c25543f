"""What ends awards: the registry's news, and time."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core.clock import day_of, start_of
from chalicelib.core.table import Key
from chalicelib.core.work import Change
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import (
    GRANTS_MAX_PER_EXPIRY,
    GRANTS_PER_TRANSACTION_MAX,
    Grant,
    GrantSuspended,
    Spender,
)
from chalicelib.money.programmes import ending, jobs, service
from chalicelib.money.programmes.reviewing import Decision
from tests.days import at
from tests.money.ledger.town import Town, somebody
from tests.money.programmes.build import CITY, a_child, a_citizen, a_hall, an_open, submitted, verified


def news(subject: str, key: Key) -> None:
    jobs.changed(Change(CITY, "verification", key.pk, f"V#{subject}", "MODIFY"))


@pytest.mark.parametrize(("outcome", "state"), [("match", "active"), ("deceased", "suspended")])
def test_a_death_stops_what_was_awarded_to_the_dead_and_nothing_else(table: str, outcome: Any, state: str) -> None:
    staff = a_hall()
    programme = an_open(staff)
    parent = a_citizen()
    child = a_child(parent)
    for beneficiary in (parent.id, child.id):
        sent = submitted(programme, parent, beneficiary)
        service.decide(CITY, sent.id, Decision("approve"), staff.clerk, f"key-{beneficiary[-8:]}")
    verified(parent.id, outcome=outcome)
    news(parent.id, Key(f"{CITY}#P#{parent.id}", ""))
    news(parent.id, Key(f"{CITY}#P#{parent.id}", ""))
    states = {grant.beneficiary: grant.state for grant in ledger.grants_of(CITY, parent.id)}
    assert states == {parent.id: state, child.id: "active"}
    if state == "suspended":
        own = next(grant for grant in ledger.grants_of(CITY, parent.id) if grant.beneficiary == parent.id)
        with pytest.raises(GrantSuspended):
            ledger.spend(CITY, own, 1, "club", Spender("x", "test", "key-1"))


def swept(town: Town, grant: Grant, days: int) -> None:
    """The night's sweep so many days after the grant's last one."""
    cursor = None
    with at(start_of(day_of(grant.valid_until) + timedelta(days=days))):
        while True:
            cursor = ending.expire_grants(town.city, cursor)
            if cursor is None:
                return


def test_the_most_that_one_transaction_awards_and_more_than_one_gives_back_lose_nothing(table: str) -> None:
    town = Town()
    town.budget()
    full = [town.new_grant(100) for _ in range(GRANTS_PER_TRANSACTION_MAX)]
    awarded = [*ledger.allot(town.city, full, somebody()), *(town.grant(100) for _ in range(GRANTS_MAX_PER_EXPIRY + 1))]
    assert town.free == 100_000 - 100 * len(awarded)
    swept(town, awarded[0], days=1)
    assert town.free == 100_000


@pytest.mark.parametrize(("days", "left_minor"), [(0, 10_000), (1, 0), (120, 0), (121, 10_000)])
def test_a_grant_is_given_back_from_the_day_after_its_last_for_120_days(table: str, days: int, left_minor: int) -> None:
    town = Town()
    town.budget()
    grant = town.grant()
    swept(town, grant, days)
    assert town.left(grant) == (left_minor, 0)
