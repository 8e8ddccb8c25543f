"""From what providers are owed to what the bank did, on the real engine and the real S3."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from urllib.request import urlopen

import pytest

from chalicelib.commons.bank.model import AccountNumber, StatementLine
from chalicelib.core.clock import today
from chalicelib.core.gate import AUTHORISING_OFFICER, CHIEF_ACCOUNTANT
from chalicelib.core.refusals import Refusal
from chalicelib.money.ledger import service as ledger
from chalicelib.money.payouts import service as payouts
from chalicelib.money.payouts import store
from chalicelib.money.payouts.model import (
    ChangedTheAccount,
    DoubtDecided,
    NothingToPay,
    PayoutNotInState,
)
from chalicelib.town.identity.model import SamePersonSigns
from localcloud import bank
from tests.money.payouts.build import (
    ACCOUNTS,
    CITY,
    a_paying_town,
    a_provider,
    built,
    debit_of,
    exported,
    officers,
    redeemed,
    returned,
    someone,
    statement,
    sums,
)
from tests.town.people.build import a_colleague


@pytest.fixture(autouse=True)
def town(bucket: str) -> None:
    a_paying_town()


def test_ten_redemptions_make_one_payment_equal_to_the_haler() -> None:
    a_provider("pool")
    amounts = [12_345, 1, 9_999, 50_000, 33, 7, 100, 20_001, 3, 11]
    for n, amount_minor in enumerate(amounts):
        redeemed("pool", amount_minor, "p1" if n % 2 else "p2")
    payout = built()
    assert payout.total_minor == sum(amounts)
    found = payouts.remittance(CITY, payout.id, "pool")
    line = found.line
    assert (line.amount_minor, line.redemptions, len(found.transfers)) == (sum(amounts), 10, 10)
    assert sum(line.amounts.values()) == sum(amounts)


def test_two_builds_at_once_put_each_redemption_into_one_payout() -> None:
    a_provider("pool")
    a_provider("books", ACCOUNTS[1])
    for _ in range(60):
        redeemed("pool", 1_000)
        redeemed("books", 500)
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: built(), range(2)))
    together = [sums(payout.id) for payout in made]
    assert sum(s.get("pool", 0) for s in together) == 60_000
    assert sum(s.get("books", 0) for s in together) == 30_000
    ids = [t.id for p in made for line in payouts.lines(CITY, p.id) for t in ledger.claimed(CITY, line.id)]
    assert len(ids) == len(set(ids)) == 120


def test_what_was_taken_back_is_not_paid() -> None:
    a_provider("pool")
    kept = redeemed("pool", 5_000)
    undone = redeemed("pool", 7_000)
    grant = ledger.grant(CITY, undone.grant)
    assert grant
    ledger.undo(CITY, grant, undone.id, someone())
    payout = built()
    assert sums(payout.id) == {"pool": kept.amount_minor}


def test_nothing_owed_makes_no_payout() -> None:
    a_provider("pool")
    payout = built()
    assert payout.state == "cancelled"
    authorising, _, _ = officers()
    with pytest.raises(NothingToPay):
        payouts.authorise(CITY, payout.id, payout.v, authorising)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"state": "suspended"}, "provider_not_active"),
        ({"account_pending": 2}, "account_change"),
        ({"payout_hold": "kontrola"}, "held_by_town"),
        ({"account_version": 0}, "no_account"),
    ],
)
def test_a_provider_that_must_wait_is_held_back_and_named(more: dict[str, Any], reason: str) -> None:
    a_provider("pool", **more)
    redeemed("pool", 5_000)
    payout = built()
    assert [(h.provider, h.amount_minor, h.reason) for h in payout.held_back] == [("pool", 5_000, reason)]
    assert sums(payout.id) == {}


def test_two_different_people_release() -> None:
    a_provider("pool")
    redeemed("pool", 5_000)
    payout = built()
    both = a_colleague("both", (AUTHORISING_OFFICER, CHIEF_ACCOUNTANT))
    authorised = payouts.authorise(CITY, payout.id, payout.v, both)
    with pytest.raises(SamePersonSigns):
        payouts.release(CITY, payout.id, authorised.v, both)
    _, _, chief = officers()
    assert payouts.release(CITY, payout.id, authorised.v, chief).state == "released"


def test_whoever_changed_an_account_does_not_release_to_it() -> None:
    a_provider("pool")
    redeemed("pool", 5_000)
    payout = built()
    authorising, _, _ = officers()
    clerk = a_colleague("clerk", (CHIEF_ACCOUNTANT,))
    authorised = payouts.authorise(CITY, payout.id, payout.v, authorising)
    with pytest.raises(ChangedTheAccount):
        payouts.release(CITY, payout.id, authorised.v, clerk)


def test_a_decision_over_an_old_version_is_refused() -> None:
    a_provider("pool")
    redeemed("pool", 5_000)
    payout = built()
    authorising, _, _ = officers()
    payouts.authorise(CITY, payout.id, payout.v, authorising)
    with pytest.raises(PayoutNotInState):
        payouts.authorise(CITY, payout.id, payout.v, authorising)


def test_the_order_is_made_once_and_downloads_as_it_was() -> None:
    a_provider("pool")
    a_provider("books", ACCOUNTS[1])
    redeemed("pool", 5_000)
    redeemed("books", 7_050)
    authorising, budget, _ = officers()
    out = exported(built(), authorising, budget)
    assert out.state == "exported"
    with pytest.raises(PayoutNotInState):
        payouts.export(CITY, out.id, out.v, budget)
    with urlopen(payouts.file_link(out, out.files[0].name)) as answer:
        text = answer.read().decode("cp1250")
    assert text.startswith("UHL1")
    assert {line.state for line in payouts.lines(CITY, out.id)} == {"in_order"}
    assert " 5000 " in text
    assert " 7050 " in text
    assert sum(file.sum_minor for file in out.files) == 12_050


def test_a_cancelled_payout_owes_everything_again() -> None:
    a_provider("pool")
    redeemed("pool", 5_000)
    payout = built()
    authorising, _, _ = officers()
    payouts.cancel(CITY, payout.id, payout.v, authorising)
    assert sums(built().id) == {"pool": 5_000}


def test_the_statement_marks_lines_debited_and_again_changes_nothing() -> None:
    a_provider("pool")
    a_provider("books", ACCOUNTS[1])
    redeemed("pool", 5_000)
    redeemed("books", 7_000, "p2")
    authorising, budget, _ = officers()
    out = exported(built(), authorising, budget)
    day = out.due_on or today()
    data = statement(11, day, [debit_of(line, day) for line in payouts.lines(CITY, out.id)])
    first = payouts.import_statement(CITY, data, budget)
    assert [(i.debited, i.not_ours, i.repeated) for i in first] == [(2, 0, False)]
    assert payouts.payout(CITY, out.id).state == "settled"
    again = payouts.import_statement(CITY, data, budget)
    assert again[0].repeated
    assert ledger.unsettled(CITY, "pool", 25)[0] == []


def test_one_summed_debit_marks_the_whole_order() -> None:
    a_provider("pool")
    a_provider("books", ACCOUNTS[1])
    redeemed("pool", 5_000)
    redeemed("books", 7_000)
    authorising, budget, _ = officers()
    out = exported(built(), authorising, budget)
    day = out.due_on or today()
    whole = StatementLine(0, "debit", 12_000, day, day, text="HROMADNÝ PŘÍKAZ")
    done = payouts.import_statement(CITY, statement(12, day, [whole]), budget)
    assert done[0].debited == 2
    assert payouts.payout(CITY, out.id).state == "settled"


def test_lines_of_nobody_are_counted_and_not_kept() -> None:
    _, budget, _ = officers()
    stranger = bank.incoming(AccountNumber.parse(ACCOUNTS[2]), 123_400, date(2026, 11, 18), vs="4242", name="KDOSI")
    done = payouts.import_statement(CITY, statement(13, date(2026, 11, 18), [stranger]), budget)
    assert (done[0].lines, done[0].not_ours) == (1, 1)


def test_a_gap_in_numbering_is_reported() -> None:
    _, budget, _ = officers()
    day = date(2026, 11, 16)
    payouts.import_statement(CITY, statement(20, day, []), budget)
    done = payouts.import_statement(CITY, statement(23, day + timedelta(days=3), []), budget)
    assert done[0].missing == (21, 22)


def test_statements_are_listed_the_newest_first_whatever_their_numbers_look_like() -> None:
    _, budget, _ = officers()
    day = date(2026, 11, 16)
    for number, on in ((9, day), (10, day + timedelta(days=1)), (11, day + timedelta(days=1)), (100, day)):
        payouts.import_statement(CITY, statement(number, on, []), budget)
    assert [one.statement.rpartition("/")[2] for one in payouts.statements(CITY)] == ["11", "10", "100", "9"]


def test_a_returned_payment_is_offered_and_becomes_due_again() -> None:
    a_provider("pool")
    redeemed("pool", 5_000)
    authorising, budget, _ = officers()
    out = exported(built(), authorising, budget)
    day = out.due_on or today()
    line = payouts.lines(CITY, out.id)[0]
    payouts.import_statement(CITY, statement(30, day, [debit_of(line, day)]), budget)
    back = returned(line, day)
    done = payouts.import_statement(CITY, statement(31, back.booked_on, [back]), budget)
    assert done[0].returns_proposed == 1
    offered = payouts.doubts(CITY)
    assert [found.doubt.options for found in offered] == [(line.id,)]
    payouts.decide(CITY, offered[0].doubt.id, line.id, budget)
    assert payouts.lines(CITY, out.id)[0].state == "returned"
    with pytest.raises(DoubtDecided):
        payouts.decide(CITY, offered[0].doubt.id, line.id, budget)
    assert sums(built().id) == {"pool": 5_000}
    assert payouts.payout(CITY, out.id).state == "partly_settled"


def test_a_crash_before_the_statement_is_noted_is_mended_by_importing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    a_provider("pool")
    redeemed("pool", 5_000)
    authorising, budget, _ = officers()
    out = exported(built(), authorising, budget)
    day = out.due_on or today()
    data = statement(40, day, [debit_of(line, day) for line in payouts.lines(CITY, out.id)])
    with monkeypatch.context() as crash:
        crash.setattr(store, "keep_statement", _crash)
        with pytest.raises(RuntimeError):
            payouts.import_statement(CITY, data, budget)
    payouts.import_statement(CITY, data, budget)
    paid = [line.state for line in payouts.lines(CITY, out.id)]
    assert paid == ["debited"]
    assert payouts.payout(CITY, out.id).state == "settled"


def _crash(*_: object) -> None:
    raise RuntimeError("the process died here")


def test_a_statement_of_another_account_is_refused_whole() -> None:
    _, budget, _ = officers()
    data = statement(50, date(2026, 11, 18), []).replace(b"0000192000145399", b"0000000000123457")
    with pytest.raises(Refusal):
        payouts.import_statement(CITY, data, budget)
    assert payouts.statements(CITY) == []
