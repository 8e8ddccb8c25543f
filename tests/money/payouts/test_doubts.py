"""Lines of a statement that are not certain: they are listed, a person decides, and nothing is lost or booked twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.commons.bank.model import AccountNumber, Statement, StatementInvalid, StatementLine
from chalicelib.core.clock import today
from chalicelib.core.gate import Who
from chalicelib.money.fees import service as fees
from chalicelib.money.ledger import service as ledger
from chalicelib.money.payouts import service as payouts
from chalicelib.money.payouts import statements, store
from chalicelib.money.payouts.model import AnswerNotOffered, Doubt, DoubtDecided, Imported, Payout, StatementInFuture
from chalicelib.town.towns import service as towns
from localcloud import bank
from tests.money.fees.test_charges import OTHER, a_row, known
from tests.money.payouts.build import CITY, built, debit_of, exported, redeemed, returned
from tests.money.payouts.test_settlement import OPERATOR_ACCOUNT, file_of
from tests.money.payouts.test_statement_lines import (
    FORMATS,
    PAYER,
    TOWN,
    Written,
    charges,
    day_of,
    finance,
    incoming,
    lines_of,
    order,
    states,
    town,
    written,
)

__all__ = ["finance", "order", "town", "written"]

DAY = today() - timedelta(days=2)
SHOP = AccountNumber.parse("115-5100200301/5500")
WRITERS: dict[str, Callable[[Statement], bytes]] = {
    "gpc": lambda made: bank.gpc(made, "Město"),
    "camt with NtryRef alone": lambda made: bank.camt053(made, "02", "czech"),
    "camt.08": lambda made: bank.camt053(made, "08"),
}


@pytest.fixture(params=WRITERS)
def write(request: pytest.FixtureRequest) -> Callable[[Statement], bytes]:
    return WRITERS[request.param]


def without_references(number: int, day: date, opening_minor: int, *lines: StatementLine) -> Statement:
    made = bank.statement(TOWN, number, day, opening_minor, lines)
    return replace(made, lines=tuple(replace(line, reference="") for line in made.lines))


def taken(data: bytes, by: Who) -> Imported:
    [seen] = payouts.preview_statement(CITY, data)
    [done] = payouts.import_statement(CITY, data, by)
    assert seen.outcome == done
    return done


def doubts() -> list[Doubt]:
    return [found.doubt for found in payouts.doubts(CITY)]


def paid(number: str = "ODP-1", subject: str = "") -> int:
    charge = known(number, subject) if subject else known(number)
    return charge.paid_minor


# Debits


@pytest.mark.parametrize("format", FORMATS)
def test_a_debit_to_another_account_is_not_the_payment_in_any_format(
    format: str, order: Payout, finance: tuple[Who, Who, Who]
) -> None:
    day = day_of(order)
    stranger = replace(debit_of(lines_of(order)["pool"], day), counter_account=SHOP)
    done = taken(FORMATS[format]([stranger], 1, day), finance[1])
    assert (done.debited, done.doubtful, done.not_ours) == (0, 0, 1)
    assert states(order) == {"pool": "in_order", "books": "in_order"}


@pytest.fixture
def unnamed(order: Payout, finance: tuple[Who, Who, Who]) -> Doubt:
    """The debit of one payment, of which the bank does not say to whom it went."""
    day = day_of(order)
    debit = replace(debit_of(lines_of(order)["pool"], day), counter_account=None)
    done = taken(FORMATS["gpc"]([debit], 1, day), finance[1])
    assert (done.debited, done.doubtful, done.not_ours) == (0, 1, 0)
    assert states(order) == {"pool": "in_order", "books": "in_order"}
    [found] = doubts()
    assert (found.kind, found.options) == ("debit", (lines_of(order)["pool"].id,))
    return found


def test_a_debit_without_the_other_side_is_booked_when_a_person_says_so(
    unnamed: Doubt, order: Payout, finance: tuple[Who, Who, Who]
) -> None:
    payouts.decide(CITY, unnamed.id, unnamed.options[0], finance[1])
    assert states(order) == {"pool": "debited", "books": "in_order"}
    assert [t.amount_minor for t in ledger.journal(CITY, today()) if t.kind == "pay"] == [5_000]
    assert doubts() == []
    with pytest.raises(DoubtDecided):
        payouts.decide(CITY, unnamed.id, unnamed.options[0], finance[1])
    with pytest.raises(DoubtDecided):
        payouts.decide(CITY, unnamed.id, payouts.NOTHING, finance[1])


def test_a_debit_of_somebody_else_is_put_away_and_the_payment_waits(
    unnamed: Doubt, order: Payout, finance: tuple[Who, Who, Who]
) -> None:
    payouts.decide(CITY, unnamed.id, payouts.NOTHING, finance[1])
    assert states(order) == {"pool": "in_order", "books": "in_order"}
    assert doubts() == []


def test_a_payment_that_was_debited_meanwhile_is_not_debited_again(
    unnamed: Doubt, order: Payout, finance: tuple[Who, Who, Who]
) -> None:
    day = day_of(order)
    taken(FORMATS["gpc"]([debit_of(lines_of(order)["pool"], day)], 2, day + timedelta(days=1)), finance[1])
    with pytest.raises(DoubtDecided):
        payouts.decide(CITY, unnamed.id, unnamed.options[0], finance[1])
    assert [found.id for found in doubts()] == [unnamed.id], "it is still to be decided"
    assert [t.amount_minor for t in ledger.journal(CITY, today()) if t.kind == "pay"] == [5_000]


@pytest.mark.parametrize("answer", ["another", "somebody.else", "p.pool"])
def test_an_answer_that_was_not_offered_is_refused(answer: str, unnamed: Doubt, finance: tuple[Who, Who, Who]) -> None:
    with pytest.raises(AnswerNotOffered):
        payouts.decide(CITY, unnamed.id, answer, finance[1])
    assert doubts() == [unnamed]


def test_a_reversal_without_the_other_side_is_decided_by_a_person(order: Payout, finance: tuple[Who, Who, Who]) -> None:
    day, line = day_of(order), lines_of(order)["pool"]
    taken(FORMATS["gpc"]([debit_of(line, day)], 1, day), finance[1])
    undone = replace(bank.reversed_line(debit_of(line, day), day), counter_account=None)
    assert taken(FORMATS["gpc"]([undone], 2, day), finance[1]).doubtful == 1
    assert states(order)["pool"] == "debited"
    [found] = doubts()
    assert found.kind == "reversal"
    payouts.decide(CITY, found.id, line.id, finance[1])
    assert states(order)["pool"] == "returned"


def test_a_payment_sent_back_without_a_word_is_offered_where_the_bank_marks_it(
    order: Payout, finance: tuple[Who, Who, Who]
) -> None:
    day, line = day_of(order), lines_of(order)["pool"]
    taken(FORMATS["gpc"]([debit_of(line, day)], 1, day), finance[1])
    back = replace(returned(line, day), counter_account=None, counter_name="BANKA", text="", sent_back=True)
    made = bank.statement(TOWN, 2, back.booked_on, 10**9, [back])
    assert taken(bank.camt053(made, "08", "czech"), finance[1]).returns_proposed == 1


# The same movement in two statements


def test_a_movement_that_a_monthly_statement_surely_tells_again_pays_once(
    write: Callable[[Statement], bytes], finance: tuple[Who, Who, Who]
) -> None:
    charges(a_row("ODP-1"))
    first, other = incoming(80_000, day=DAY), incoming(1_200, vs="42", day=DAY)
    before, after = (
        incoming(500, vs="41", day=DAY - timedelta(days=3)),
        incoming(700, vs="43", day=DAY + timedelta(days=1)),
    )
    assert taken(write(without_references(1, DAY, 10**6, first, other)), finance[1]).charges_paid == 1
    month = without_references(30, DAY + timedelta(days=1), 10**6 - 500, before, first, other, after)
    done = taken(write(replace(month, opened_on=DAY - timedelta(days=20))), finance[1])
    assert (done.charges_paid, done.known, done.doubtful, done.not_ours) == (0, 1, 0, 3)
    assert (paid(), doubts()) == (80_000, [])


def partly(write: Callable[[Statement], bytes], by: Who) -> Doubt:
    """The same payment in two exports of which neither surely holds the other."""
    charges(a_row("ODP-1"))
    payment = incoming(80_000, day=DAY)
    taken(write(without_references(1, DAY, 10**6, payment)), by)
    later = incoming(1_200, vs="42", day=DAY)
    done = taken(write(without_references(2, DAY, 10**6, payment, later)), by)
    assert (done.charges_paid, done.known, done.doubtful, done.not_ours) == (0, 0, 1, 1)
    assert paid() == 80_000, "nothing is booked before a person says so"
    [found] = doubts()
    return found


def test_a_doubtful_twin_is_listed_with_both_and_booked_only_as_another_payment(
    write: Callable[[Statement], bytes], finance: tuple[Who, Who, Who]
) -> None:
    found = partly(write, finance[1])
    assert found.kind == "twin"
    assert [place.statement for place in (found.place, *found.alike)] == [
        f"19-2000145399.0800/{DAY.year}/2",
        f"19-2000145399.0800/{DAY.year}/1",
    ]
    payouts.decide(CITY, found.id, payouts.ANOTHER, finance[1])
    assert (paid(), doubts()) == (160_000, [])
    with pytest.raises(DoubtDecided):
        payouts.decide(CITY, found.id, payouts.NOTHING, finance[1])


@pytest.mark.parametrize("number", [1, None])
def test_another_payment_is_booked_though_the_bank_gave_both_statements_one_number_or_none(
    number: int | None, finance: tuple[Who, Who, Who]
) -> None:
    charges(a_row("ODP-1"))
    payment, later = incoming(80_000, day=DAY), incoming(1_200, vs="42", day=DAY)
    for lines in ([payment], [payment, later]):
        made = replace(without_references(1, DAY, 10**6, *lines), number=number)
        taken(WRITERS["gpc"](made), finance[1])
    [found] = doubts()
    payouts.decide(CITY, found.id, payouts.ANOTHER, finance[1])
    assert (paid(), doubts()) == (160_000, [])


def test_a_twin_that_is_the_same_movement_is_put_away(finance: tuple[Who, Who, Who]) -> None:
    found = partly(WRITERS["gpc"], finance[1])
    payouts.decide(CITY, found.id, payouts.NOTHING, finance[1])
    assert (paid(), doubts()) == (80_000, [])


def test_a_decision_that_dies_before_it_is_booked_stays_listed_and_can_be_given_again_only_so(
    finance: tuple[Who, Who, Who], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = partly(WRITERS["gpc"], finance[1])

    def dies(*_args: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(fees, "book_payments", dies)
        with pytest.raises(RuntimeError):
            payouts.decide(CITY, found.id, payouts.ANOTHER, finance[1])
    assert (paid(), doubts()) == (80_000, [found])
    with pytest.raises(DoubtDecided):
        payouts.decide(CITY, found.id, payouts.NOTHING, finance[1])
    payouts.decide(CITY, found.id, payouts.ANOTHER, finance[1])
    assert (paid(), doubts()) == (160_000, [])


def test_two_real_payments_alike_stay_two_in_one_statement_and_on_two_days(
    write: Callable[[Statement], bytes], finance: tuple[Who, Who, Who]
) -> None:
    charges(a_row("ODP-1"))
    twice = [incoming(80_000, day=DAY), incoming(80_000, day=DAY)]
    assert taken(write(without_references(1, DAY, 10**6, *twice)), finance[1]).charges_paid == 2
    next_day = DAY + timedelta(days=1)
    assert (
        taken(write(without_references(2, next_day, 0, incoming(80_000, day=next_day))), finance[1]).charges_paid == 1
    )
    assert (paid(), doubts()) == (240_000, [])


def test_where_the_bank_gives_references_nobody_is_asked(finance: tuple[Who, Who, Who]) -> None:
    charges(a_row("ODP-1"))
    made = bank.statement(TOWN, 1, DAY, 10**6, [incoming(80_000, day=DAY)])
    for number in (1, 2):
        taken(bank.gpc(replace(made, number=number), "Město"), finance[1])
    other = bank.statement(TOWN, 3, DAY, 10**6, [incoming(80_000, day=DAY)])
    assert taken(bank.gpc(other, "Město"), finance[1]).charges_paid == 1
    assert (paid(), doubts()) == (160_000, [])


def test_twins_in_one_file_are_found_as_well(finance: tuple[Who, Who, Who]) -> None:
    charges(a_row("ODP-1"))
    payment, later = incoming(80_000, day=DAY), incoming(1_200, vs="42", day=DAY)
    both = [without_references(1, DAY, 10**6, payment), without_references(2, DAY, 10**6, payment, later)]
    data = b"".join(bank.gpc(one, "Město") for one in both)
    seen = payouts.preview_statement(CITY, data)
    done = payouts.import_statement(CITY, data, finance[1])
    assert [one.outcome for one in seen] == done
    assert [(one.charges_paid, one.doubtful) for one in done] == [(1, 0), (0, 1)]
    assert (paid(), len(doubts())) == (80_000, 1)


def test_an_import_that_died_is_known_to_the_other_statement(
    finance: tuple[Who, Who, Who], monkeypatch: pytest.MonkeyPatch
) -> None:
    charges(a_row("ODP-1"))
    payment, later = incoming(80_000, day=DAY), incoming(1_200, vs="42", day=DAY)
    daily = bank.gpc(without_references(1, DAY, 10**6, payment), "Město")

    def dies(*_args: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(store, "keep_statement", dies)
        with pytest.raises(RuntimeError):
            payouts.import_statement(CITY, daily, finance[1])
    assert paid() == 80_000
    assert taken(bank.gpc(without_references(2, DAY, 10**6, payment, later), "Město"), finance[1]).doubtful == 1
    assert taken(daily, finance[1]).charges_paid == 1, "the same statement again books what is booked already"
    assert paid() == 80_000


def test_an_import_that_died_asks_about_its_twins_when_it_comes_again(
    finance: tuple[Who, Who, Who], monkeypatch: pytest.MonkeyPatch
) -> None:
    charges(a_row("A"), a_row("B", vs="1126000002", amount="600"))
    payment, other = incoming(80_000, day=DAY), incoming(60_000, vs="1126000002", day=DAY)
    taken(WRITERS["gpc"](without_references(1, DAY, 10**6, payment)), finance[1])
    again = WRITERS["gpc"](without_references(2, DAY, 10**6, other, payment))

    def dies(*_args: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(store, "keep_statement", dies)
        with pytest.raises(RuntimeError):
            payouts.import_statement(CITY, again, finance[1])
    assert taken(again, finance[1]).doubtful == 1, "though the line before it is known from the try that died"
    assert (paid("A"), paid("B"), len(doubts())) == (80_000, 60_000, 1)


def test_a_sum_for_several_charges_waits_once(finance: tuple[Who, Who, Who]) -> None:
    charges(a_row("A"), a_row("B", vs="1126000002", amount="600"))
    payment, later = incoming(140_000, day=DAY), incoming(1_200, vs="42", day=DAY)
    taken(WRITERS["gpc"](without_references(1, DAY, 10**6, payment)), finance[1])
    done = taken(WRITERS["gpc"](without_references(2, DAY, 10**6, payment, later)), finance[1])
    assert (done.to_check, done.doubtful) == (0, 1)
    assert len(fees.to_check(CITY)) == 1
    [found] = doubts()
    payouts.decide(CITY, found.id, payouts.ANOTHER, finance[1])
    assert len(fees.to_check(CITY)) == 2, "another payment waits for finance to say what it pays"


def test_an_advance_that_two_statements_tell_of_is_booked_once(finance: tuple[Who, Who, Who]) -> None:
    towns.amend(CITY, towns.town_now(CITY).v, {"settlement_route": "clearing", "clearing_account": OPERATOR_ACCOUNT})
    account = AccountNumber.parse(OPERATOR_ACCOUNT)

    def told(number: int, *lines: StatementLine) -> bytes:
        made = bank.statement(account, number, DAY, 10**6, lines)
        return bank.camt053(
            replace(made, lines=tuple(replace(line, reference="") for line in made.lines)), "02", "czech"
        )

    sent = bank.incoming(TOWN, 50_000, DAY)
    assert taken(told(1, sent), finance[1]).advances == 1
    assert taken(told(2, sent, bank.incoming(PAYER, 5, DAY)), finance[1]).advances == 0
    assert payouts.clearing_statement(CITY, DAY.year).closing_minor == 50_000
    [found] = doubts()
    payouts.decide(CITY, found.id, payouts.ANOTHER, finance[1])
    assert payouts.clearing_statement(CITY, DAY.year).closing_minor == 100_000


def test_a_twin_that_is_another_returned_payment_is_offered_as_one(
    order: Payout, finance: tuple[Who, Who, Who]
) -> None:
    day, line = day_of(order), lines_of(order)["pool"]
    taken(FORMATS["gpc"]([debit_of(line, day)], 900, day), finance[1])
    back = returned(line, day)
    taken(WRITERS["gpc"](without_references(901, back.booked_on, 10**6, back)), finance[1])
    more = bank.incoming(PAYER, 7, back.booked_on)
    taken(WRITERS["gpc"](without_references(902, back.booked_on, 10**6, back, more)), finance[1])
    [twin] = [found for found in doubts() if found.kind == "twin"]
    payouts.decide(CITY, twin.id, payouts.ANOTHER, finance[1])
    assert [found.kind for found in doubts()] == ["return", "return"]
    payouts.decide(CITY, twin.id, line.id, finance[1])
    assert states(order)["pool"] == "returned"


# What the preview tells


def test_the_preview_tells_of_every_line_and_its_sums_are_the_statements(
    order: Payout, finance: tuple[Who, Who, Who]
) -> None:
    charges(a_row("ODP-1"), a_row("ODP-2", vs="1126000002", subject_ref=OTHER))
    day = day_of(order)
    lines = [
        *(debit_of(line, day) for line in lines_of(order).values()),
        incoming(80_000, day=day),
        incoming(5, "7", day),
    ]
    [seen] = payouts.preview_statement(CITY, FORMATS["camt.08"](lines, 1, day))
    assert [(told.line.effect_minor, told.effect, told.about) for told in seen.lines] == [
        (-7_000, "debited", ("Oddíl books",)),
        (-5_000, "debited", ("Oddíl pool",)),
        (80_000, "charge", ("ODP-1",)),
        (5, "not_ours", ()),
    ]
    assert seen.sum_minor("debited") == -12_000
    moved_minor = sum(told.line.effect_minor for told in seen.lines)
    assert seen.outcome.opening_minor + moved_minor == seen.outcome.closing_minor
    assert payouts.doubts(CITY) == []
    assert states(order)["pool"] == "in_order", "a preview changes nothing"


def test_a_statement_dated_in_the_future_is_booked_only_when_a_person_says_so(
    order: Payout, finance: tuple[Who, Who, Who], written: Written
) -> None:
    day = today() + timedelta(days=1)
    data = written([debit_of(lines_of(order)["pool"], day_of(order))], 1, day)
    [seen] = payouts.preview_statement(CITY, data)
    assert seen.in_future
    with pytest.raises(StatementInFuture) as refused:
        payouts.import_statement(CITY, data, finance[1], future=False)
    assert refused.value.closed_on == day
    assert payouts.statements(CITY) == []
    assert payouts.import_statement(CITY, data, finance[1], future=True)[0].debited == 1
    past = written([], 1, today() - timedelta(days=40))
    payouts.import_statement(CITY, past, finance[1], future=False)
    now = written([], 2, today())
    assert not payouts.preview_statement(CITY, now)[0].in_future
    payouts.import_statement(CITY, now, finance[1], future=False)


def test_a_statement_booked_before_is_called_so_in_the_preview(finance: tuple[Who, Who, Who]) -> None:
    data = FORMATS["gpc"]([incoming(80_000, day=DAY)], 1, DAY)
    assert not payouts.preview_statement(CITY, data)[0].outcome.repeated
    taken(data, finance[1])
    assert payouts.preview_statement(CITY, data)[0].outcome.repeated


def test_the_towns_bank_profile_decides_the_dialect_of_its_orders_and_statements(
    finance: tuple[Who, Who, Who],
) -> None:
    """The town's account is at 0800; a reversal of a debit is code 3 there and 4 in the common dialect."""
    files: dict[str, bytes] = {}
    orders: list[Payout] = []
    for code in ("0800", "0100"):
        towns.amend(CITY, towns.town_now(CITY).v, {"bank_profile": code})
        redeemed("pool", 5_000)
        made = exported(built(), finance[0], finance[1])
        files[code] = file_of(made)
        orders.append(made)
        day, line = day_of(made), lines_of(made)["pool"]
        number = made.number % 100
        taken(FORMATS["gpc"]([debit_of(line, day)], number, day), finance[1])
        undone = bank.gpc(
            bank.statement(TOWN, number + 50, day, 10**9, [bank.reversed_line(debit_of(line, day), day)]), "M"
        )
        if code == "0100":
            with pytest.raises(StatementInvalid):
                payouts.preview_statement(CITY, undone)
        else:
            assert taken(undone, finance[1]).reversed == 1
    assert b"|" not in files["0800"]
    assert b"|PROPLACENI" in files["0100"]
    towns.amend(CITY, towns.town_now(CITY).v, {"bank_profile": "0300"})
    assert file_of(orders[-1]) == files["0100"], "an order keeps the dialect that it was made in"


BEGIN = DAY - timedelta(days=4)


def of_days(opened: int, opening_minor: int, *moves: tuple[int, int]) -> Statement:
    """A statement until DAY; each movement is a day after BEGIN and an amount, below zero a debit."""
    lines = []
    for days, amount_minor in moves:
        line = incoming(abs(amount_minor), day=BEGIN + timedelta(days=days))
        lines.append(line if amount_minor > 0 else replace(line, direction="debit"))
    return replace(without_references(1, DAY, opening_minor, *lines), opened_on=BEGIN + timedelta(days=opened))


def surely_again(earlier: Statement, later: Statement) -> list[int]:
    """On which days after BEGIN the later one's movements are surely those of the earlier one."""
    known = statements._Known(towns.town_now(CITY), [], {}, [], named={"earlier": earlier})
    found = [line for line in later.lines if known._is_inside(CITY, "earlier", later, line)]
    return [(line.booked_on - BEGIN).days for line in found]


@pytest.mark.parametrize("opened", [0, 1])
@pytest.mark.parametrize(
    ("later", "surely"),
    [
        ([(0, 50), (1, 7_000), (2, 900), (4, 1_100)], [1, 2, 4]),
        ([(1, 7_050), (2, 900), (3, 100), (4, 1_000)], []),
        ([(1, 7_050), (2, 900), (3, 60), (3, -60), (4, 1_100)], []),
        ([(1, 7_050), (2, 900), (4, 1_101)], []),
        ([(1, 7_050), (4, 2_000)], []),
    ],
)
def test_a_statement_surely_holds_an_earlier_one_with_as_many_movements_between_the_same_balances(
    later: list[tuple[int, int]], surely: list[int], opened: int
) -> None:
    """The bank may date the opening on the day of the first movement or on the day before it."""
    earlier = of_days(opened, 10**6, (1, 7_000), (2, 900), (4, 1_100))
    assert surely_again(earlier, of_days(-9, 10**6 - 50, *later)) == surely


def test_what_is_dated_before_an_earlier_statement_began_is_not_surely_in_it() -> None:
    earlier = of_days(1, 10**6, (1, 7_000), (4, 1_100))
    later = of_days(-9, 10**6 - 7_000, (1, 7_000), (3, 7_000), (4, 1_100))
    assert surely_again(earlier, later) == [3, 4], "the opening balance holds what was moved on its day"


def test_an_earlier_statement_that_ends_where_it_began_proves_nothing() -> None:
    moves = [(1, 500), (2, -500)]
    assert surely_again(of_days(0, 10**6, *moves), of_days(-9, 10**6, *moves)) == []
