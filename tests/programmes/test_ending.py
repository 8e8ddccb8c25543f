"""What the registry's news do to what was awarded."""

from typing import Any

import pytest

from chalicelib.core.table import Key
from chalicelib.core.work import Change
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import GrantSuspended, Spender
from chalicelib.programmes import jobs, service
from chalicelib.programmes.reviewing import Decision
from tests.programmes.build import CITY, a_child, a_citizen, a_hall, an_open, submitted, verified


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
