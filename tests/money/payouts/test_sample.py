"""The control sample: redemptions of a payout that wait for a clerk's look."""

from datetime import timedelta
from typing import Any, cast

import pytest

from chalicelib.core.clock import now
from chalicelib.core.gate import CLERK, Who
from chalicelib.money.ledger import service as ledger
from chalicelib.money.payouts import building, store
from chalicelib.money.payouts import service as payouts
from chalicelib.money.payouts.model import Payout, SampleLooked, SampleOpen, in_claims, is_sampled
from chalicelib.town.towns import service as towns
from tests.days import StandAt
from tests.money.payouts.build import (
    ACCOUNTS,
    CITY,
    a_grant,
    a_paying_town,
    a_provider,
    built,
    exported,
    officers,
    redeemed,
    someone,
    sums,
)

LOOKER = Who(id="clerk-1", app="admin", roles={CITY: (CLERK,)})


@pytest.fixture
def town(bucket: str) -> None:
    a_paying_town(control_sample_permille=1000)
    a_provider("pool")


def samples(payout: Payout) -> dict[str, str]:
    return {s.redemption: s.state for s in payouts.samples(CITY, payout.id, 100, None).items}


def authorised(payout: Payout) -> tuple[Payout, Who]:
    authorising, budget, _ = officers()
    return payouts.authorise(CITY, payout.id, payout.v, authorising), budget


@pytest.mark.parametrize("permille", [0, 1, 50, 500, 1000])
def test_the_sample_has_the_share_that_the_town_set_and_is_the_same_again(permille: int) -> None:
    ids = [f"redemption-{n}" for n in range(20_000)]
    picked = [id for id in ids if is_sampled("payout-1", id, permille)]
    assert picked == [id for id in ids if is_sampled("payout-1", id, permille)]
    assert abs(len(picked) - 20 * permille) <= 4 * (20_000 * 0.25) ** 0.5 * (0 < permille < 1000)
    if 0 < permille < 1000:
        assert picked != [id for id in ids if is_sampled("payout-2", id, permille)]


@pytest.mark.usefixtures("town")
def test_release_waits_until_everything_was_looked_at() -> None:
    moved = [redeemed("pool", 1_000 + n) for n in range(3)]
    payout = built()
    assert samples(payout) == {transfer.id: "open" for transfer in moved}
    signed, budget = authorised(payout)
    with pytest.raises(SampleOpen) as refused:
        payouts.release(CITY, payout.id, signed.v, budget)
    assert refused.value.count == 3
    for transfer in moved:
        assert payouts.pass_sample(CITY, payout.id, transfer.id, LOOKER).state == "ok"
    with pytest.raises(SampleLooked):
        payouts.pass_sample(CITY, payout.id, moved[0].id, LOOKER)
    assert payouts.release(CITY, payout.id, signed.v, budget).state == "released"
    assert {d.outcome for d in ledger.decisions_of(CITY, payout.id)} == {"ok", "authorised", "released"}


@pytest.mark.usefixtures("town")
def test_what_a_clerk_sets_aside_leaves_the_payout_and_waits_with_a_reason() -> None:
    kept, odd = redeemed("pool", 5_000), redeemed("pool", 7_000)
    payout = built()
    authorised(payout)
    assert payouts.set_aside(CITY, payout.id, odd.id, "Bazén měl zavřeno.", LOOKER).reason == "Bazén měl zavřeno."
    after = payouts.payout(CITY, payout.id)
    assert (after.state, after.authorised_by, after.total_minor) == ("draft", "", 5_000), "it was signed for more"
    [line] = payouts.lines(CITY, payout.id)
    assert (line.amount_minor, line.redemptions, dict(line.amounts)) == (5_000, 1, {"p1": 5_000})
    assert built().state == "cancelled", "no other payout takes it"
    [waiting] = [s for s in payouts.samples_waiting(CITY, 10, None).items if s.state == "set_aside"]
    assert waiting.redemption == odd.id
    assert samples(payout) == {kept.id: "open", odd.id: "set_aside"}
    assert payouts.let_go(CITY, payout.id, odd.id, LOOKER).state == "let_go"
    assert sums(built().id) == {"pool": 7_000}


@pytest.mark.usefixtures("town")
def test_what_waits_for_a_clerk_is_listed_the_oldest_redemption_first(stand_at: StandAt) -> None:
    begin, moved = now(), list[str]()
    for payout in ("second", "first"):  # a settlement day's payout is called by a digest, not by its time
        for _ in range(2):
            stand_at(begin + timedelta(minutes=len(moved)))
            moved.append(redeemed("pool", 1_000).id)
        payouts.start(CITY, id=payout)
        assert payouts.build(CITY, payout, None) is None

    def waiting() -> list[str]:
        return [sample.redemption for sample in payouts.samples_waiting(CITY, 10, None).items]

    assert waiting() == moved
    payouts.set_aside(CITY, "second", moved[1], "Zavřeno.", LOOKER)
    payouts.pass_sample(CITY, "first", moved[2], LOOKER)
    assert waiting() == [moved[0], moved[1], moved[3]]


@pytest.mark.usefixtures("town")
def test_what_was_not_so_returns_to_the_contribution() -> None:
    odd = redeemed("pool", 7_000)
    payout = built()
    payouts.set_aside(CITY, payout.id, odd.id, "Nikdo tam nebyl.", LOOKER)
    assert payouts.lines(CITY, payout.id) == [], "nothing was left in the line"
    assert payouts.undo_sample(CITY, payout.id, odd.id, LOOKER).state == "undone"
    grant = ledger.grant(CITY, odd.grant)
    assert grant
    assert grant.spendable_minor == 7_000
    assert built().state == "cancelled"
    with pytest.raises(SampleLooked):
        payouts.undo_sample(CITY, payout.id, odd.id, LOOKER)


@pytest.mark.usefixtures("town")
def test_a_released_payout_is_not_changed_by_a_look() -> None:
    moved = redeemed("pool", 7_000)
    payout = built()
    payouts.pass_sample(CITY, payout.id, moved.id, LOOKER)
    signed, budget = authorised(payout)
    payouts.release(CITY, payout.id, signed.v, budget)
    with pytest.raises(SampleLooked):
        payouts.set_aside(CITY, payout.id, moved.id, "Pozdě.", LOOKER)


@pytest.mark.usefixtures("town")
def test_a_cancelled_payout_leaves_nothing_to_look_at() -> None:
    redeemed("pool", 7_000)
    payout = built()
    authorising, _, _ = officers()
    payouts.cancel(CITY, payout.id, payout.v, authorising)
    assert payouts.samples_waiting(CITY, 10, None).items == ()
    assert store.samples_open(CITY, payout.id) == 0
    assert sums(built().id) == {"pool": 7_000}


@pytest.mark.usefixtures("town")
def test_the_share_is_recorded_as_it_was_when_the_payout_began() -> None:
    redeemed("pool", 7_000)
    made = payouts.start(CITY)
    towns.amend(CITY, towns.town_now(CITY).v, {"control_sample_permille": 0})
    cursor = payouts.build(CITY, made.id, None)
    assert cursor is None
    assert len(samples(made)) == 1
    assert payouts.payout(CITY, made.id).sample_permille == 1000


@pytest.mark.parametrize("share", [0, 3, 10])
def test_no_part_of_a_claim_is_more_than_a_transaction_takes(share: int) -> None:
    moved: list[Any] = list(range(1_000))
    weight = {n: 2 if n % 10 < share else 1 for n in moved}
    parts: list[list[Any]] = list(in_claims(moved, lambda n: weight[cast("Any", n)] == 2))
    assert [n for part in parts for n in part] == moved
    assert all(sum(weight[n] for n in part) <= 90 for part in parts)
    assert len(parts) <= sum(weight.values()) / 88 + 1


@pytest.mark.usefixtures("town")
def test_an_index_that_still_shows_what_was_set_aside_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = redeemed("pool", 7_000)
    payout = built()
    monkeypatch.setattr(ledger, "claimed", lambda _city, _line: iter([odd]))
    assert payouts.set_aside(CITY, payout.id, odd.id, "Nikdo tam nebyl.", LOOKER).state == "set_aside"
    assert payouts.lines(CITY, payout.id) == []
    assert payouts.payout(CITY, payout.id).lines == 0
    payouts.let_go(CITY, payout.id, odd.id, LOOKER)
    assert sums(built().id) == {"pool": 7_000}


@pytest.mark.usefixtures("town")
def test_a_delivered_order_that_was_not_so_returns_to_the_contribution() -> None:
    grant = a_grant(9_000)
    held = ledger.hold(CITY, grant, 7_000, "pool", "order-1", someone(), []).transfer
    settled = ledger.settle(CITY, held, someone(), []).transfer
    payout = built()
    payouts.set_aside(CITY, payout.id, settled.id, "Kurz se nekonal.", LOOKER)
    assert payouts.undo_sample(CITY, payout.id, settled.id, LOOKER).state == "undone"
    after = ledger.grant(CITY, grant.id)
    assert after
    assert (after.spendable_minor, after.held_minor) == (9_000, 0)
    assert built().state == "cancelled", "the provider is owed nothing"
    assert ledger.unsettle(CITY, held, someone(), []).replayed, "cancelling the order gives nothing more"


@pytest.mark.usefixtures("town")
def test_a_line_that_a_look_emptied_and_could_not_drop_is_in_no_order(monkeypatch: pytest.MonkeyPatch) -> None:
    a_provider("books", ACCOUNTS[1])
    odd, kept = redeemed("pool", 7_000), redeemed("books", 5_000)
    payout = built()
    with monkeypatch.context() as died:
        died.setattr(building, "drop", lambda *_: False)
        payouts.set_aside(CITY, payout.id, odd.id, "Nikdo tam nebyl.", LOOKER)
    assert sums(payout.id) == {"pool": 0, "books": 5_000}
    payouts.pass_sample(CITY, payout.id, kept.id, LOOKER)
    authorising, budget, _ = officers()
    out = exported(payouts.payout(CITY, payout.id), authorising, budget)
    assert (out.state, sums(payout.id)) == ("exported", {"books": 5_000})
