"""Routes of settlement: the town's account, the operator's, inside the town; debts deducted and given up."""

from dataclasses import replace
from datetime import date, timedelta
from urllib.request import urlopen

import pytest

from chalicelib.commons.bank import abo
from chalicelib.commons.bank.model import AccountNumber
from chalicelib.core.clock import today
from chalicelib.core.gate import Who
from chalicelib.core.refusals import KeyUsedForOtherRequest
from chalicelib.core.sheets import Amount
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Frozen, NotPaidOut, Transfer
from chalicelib.money.payouts import service as payouts
from chalicelib.money.payouts.model import (
    LineNotInOrder,
    NoSuchDebt,
    NotInThisPayment,
    Payout,
    RefundReason,
    WriteOffDecided,
)
from chalicelib.money.programmes import service as programmes
from chalicelib.money.programmes.model import BudgetCoordinates
from chalicelib.money.providers import service as providers
from chalicelib.town.identity.model import SamePersonSigns
from chalicelib.watch.insights.model import effect
from localcloud import bank
from tests.commons.bank.test_pain001 import schema, texts
from tests.hiring import known_to
from tests.money.payouts.build import (
    ACCOUNTS,
    CITY,
    TOWN_ACCOUNT,
    a_paying_town,
    a_provider,
    built,
    debit_of,
    debited,
    exported,
    officers,
    redeemed,
    returned,
    statement,
    sums,
)

OPERATOR_ACCOUNT = "7361784543/0300"
REASON: RefundReason = "not_provided"


@pytest.fixture
def town(bucket: str) -> None:
    a_paying_town()


def clearing_town() -> None:
    a_paying_town(settlement_route="clearing", clearing_account=OPERATOR_ACCOUNT)


def moved(*kinds: str) -> list[Transfer]:
    return sorted((t for t in ledger.journal(CITY, today()) if t.kind in kinds), key=lambda t: t.posted_at)


def paid(payout: Payout, who: tuple[Who, Who, Who], number: int = 900) -> Payout:
    out = exported(payout, who[0], who[1])
    debited(out, who[1], number)
    return payouts.payout(CITY, out.id)


def file_of(payout: Payout) -> bytes:
    with urlopen(payouts.file_link(payout, payout.files[0].name)) as answer:
        content: bytes = answer.read()
        return content


def refund(redemption: Transfer, payout: Payout, by: Who, key: str = "refund-1") -> Transfer:
    return payouts.refund(
        CITY, payout.id, redemption.provider, redemption.grant, redemption.id, REASON, "Lekce nebyla.", key, by
    )[1].transfer


# The operator's clearing account


@pytest.mark.parametrize(("days", "times"), [(0, 1), (5, 1), (6, 2), (-5, 1), (-6, 2)])
def test_money_on_a_statement_is_the_noted_advance_up_to_five_days_apart(bucket: str, days: int, times: int) -> None:
    clearing_town()
    finance, day = officers()[1], today() - timedelta(days=10)
    payouts.advance(CITY, 100_000, day - timedelta(days=days), "advance-1", finance)
    sent = bank.incoming(AccountNumber.parse(TOWN_ACCOUNT), 100_000, day)
    made = bank.statement(AccountNumber.parse(OPERATOR_ACCOUNT), 5, day, 0, [sent])
    payouts.import_statement(CITY, bank.gpc(made, "Provozovatel"), finance)
    assert len(moved("advance")) == times


def test_the_operators_account_pays_and_the_town_gets_a_statement(bucket: str) -> None:
    clearing_town()
    a_provider("pool")
    redeemed("pool", 30_000)
    who = officers()
    entry, first = payouts.advance(CITY, 100_000, today(), "advance-1", who[1])
    assert payouts.advance(CITY, 100_000, today(), "advance-1", who[1])[1].replayed
    assert (first.transfer.debit, first.transfer.credit) == (f"town:{today().year}", "operator")
    out = exported(built(), who[0], who[1])
    assert abo.read(file_of(out)).payer == AccountNumber.parse(OPERATOR_ACCOUNT)
    line = payouts.lines(CITY, out.id)[0]
    day = out.due_on or today()
    made = bank.statement(AccountNumber.parse(OPERATOR_ACCOUNT), 5, day, 100_000, [debit_of(line, day)])
    done = payouts.import_statement(CITY, bank.gpc(made, "Provozovatel"), who[1])
    assert done[0].debited == 1
    [pay] = moved("pay")
    assert (pay.debit, pay.credit) == ("clearing", "operator")
    shown = payouts.clearing_statement(CITY, day.year)
    assert [(one.entry.kind, one.entry.effect_minor, one.balance_minor) for one in shown.lines] == [
        ("advance", 100_000, 100_000),
        ("payment", -30_000, 70_000),
    ]
    saved = payouts.clearing_sheet(CITY, day.year).rows[-1]
    assert saved[1:] == ["proplacení", out.number, "Oddíl pool", Amount(-300_00), Amount(700_00)]
    assert payouts.clearing_statement(CITY, day.year + 1).opening_minor == 70_000
    assert entry.amount_minor == 100_000


def test_an_advance_seen_on_the_statement_is_the_one_that_finance_noted(bucket: str) -> None:
    clearing_town()
    who = officers()
    day = today()
    payouts.advance(CITY, 50_000, day - timedelta(days=1), "advance-1", who[1])
    town_account = AccountNumber.parse(TOWN_ACCOUNT)
    came = [bank.incoming(town_account, amount, day) for amount in (50_000, 20_000)]
    made = bank.statement(AccountNumber.parse(OPERATOR_ACCOUNT), 6, day, 0, came)
    for _ in range(2):
        payouts.import_statement(CITY, bank.gpc(made, "Provozovatel"), who[1])
    shown = payouts.clearing_statement(CITY, day.year)
    assert [(one.entry.amount_minor, bool(one.entry.statement_line)) for one in shown.lines] == [
        (50_000, True),
        (20_000, True),
    ]
    assert sum(transfer.amount_minor for transfer in moved("advance")) == 70_000


def test_an_advance_that_finance_notes_after_the_statement_showed_it_is_booked_once(bucket: str) -> None:
    clearing_town()
    who = officers()
    day = today()
    came = [bank.incoming(AccountNumber.parse(TOWN_ACCOUNT), 50_000, day)]
    made = bank.gpc(bank.statement(AccountNumber.parse(OPERATOR_ACCOUNT), 6, day, 0, came), "Provozovatel")
    payouts.import_statement(CITY, made, who[1])
    entry, first = payouts.advance(CITY, 50_000, day - timedelta(days=1), "advance-1", who[1])
    assert (first.replayed, entry.day) == (False, day)
    again = payouts.advance(CITY, 50_000, day - timedelta(days=1), "advance-1", who[1])[1]
    assert (again.replayed, again.transfer) == (True, first.transfer)
    with pytest.raises(KeyUsedForOtherRequest):
        payouts.advance(CITY, 60_000, day, "advance-1", who[1])
    payouts.import_statement(CITY, made, who[1])
    assert [transfer.amount_minor for transfer in moved("advance")] == [50_000]
    assert payouts.clearing_statement(CITY, day.year).closing_minor == 50_000
    payouts.advance(CITY, 50_000, day, "advance-2", who[1])
    assert len(moved("advance")) == 2, "a second note is another advance"


def test_a_payment_returned_to_the_operators_account_is_on_the_statement(bucket: str) -> None:
    clearing_town()
    a_provider("pool")
    redeemed("pool", 30_000)
    who = officers()
    out = exported(built(), who[0], who[1])
    line, day = payouts.lines(CITY, out.id)[0], out.due_on or today()
    account = AccountNumber.parse(OPERATOR_ACCOUNT)
    back = returned(line, day)
    payouts.import_statement(
        CITY, bank.gpc(bank.statement(account, 7, day, 90_000, [debit_of(line, day)]), "P"), who[1]
    )
    payouts.import_statement(CITY, bank.gpc(bank.statement(account, 8, back.booked_on, 60_000, [back]), "P"), who[1])
    [found] = payouts.doubts(CITY)
    payouts.decide(CITY, found.doubt.id, line.id, who[1])
    [undone] = moved("return")
    assert (undone.debit, undone.credit) == ("operator", "provider:pool")
    assert payouts.clearing_statement(CITY, back.booked_on.year).closing_minor == 0


def test_the_operators_statement_of_a_year_begins_with_what_the_years_before_left(bucket: str) -> None:
    clearing_town()
    finance = officers()[1]
    for year, amount_minor in ((2025, 500), (2026, 10_000), (2026, 70), (2027, 3)):
        payouts.advance(CITY, amount_minor, date(year, 2, 1), f"a{year}{amount_minor}", finance)
    found = {year: payouts.clearing_statement(CITY, year) for year in range(2024, 2029)}
    assert {year: (one.opening_minor, one.closing_minor, len(one.lines)) for year, one in found.items()} == {
        2024: (0, 0, 0),
        2025: (0, 500, 1),
        2026: (500, 10_570, 2),
        2027: (10_570, 10_573, 1),
        2028: (10_573, 10_573, 0),
    }
    assert found[2026].lines[-1].balance_minor == 10_570
    opening = [date(2026, 1, 1), "počáteční zůstatek", "", "", "", Amount(5_00)]
    assert payouts.clearing_sheet(CITY, 2026).rows[0] == opening


def test_only_money_that_comes_from_the_town_is_an_advance(bucket: str) -> None:
    clearing_town()
    town, day = AccountNumber.parse(TOWN_ACCOUNT), today()
    came = bank.incoming(town, 50_000, day)
    others = [
        replace(came, direction="debit"),
        replace(came, reversal=True),
        bank.incoming(AccountNumber.parse(ACCOUNTS[0]), 50_000, day),
    ]
    made = bank.statement(
        AccountNumber.parse(OPERATOR_ACCOUNT), 6, day, 10**6, [*others, replace(came, amount_minor=7)]
    )
    [done] = payouts.import_statement(CITY, bank.camt053(made, "08"), officers()[1])
    assert (done.advances, [transfer.amount_minor for transfer in moved("advance")]) == (1, [7])


# Inside the town


@pytest.mark.usefixtures("town")
def test_the_towns_own_organisation_is_settled_inside_without_an_order() -> None:
    a_provider("museum", account_version=0, accounts=0)
    a_provider("pool")
    providers.set_founded(CITY, "museum", True, "admin")
    redeemed("museum", 4_000)
    redeemed("pool", 5_000)
    who = officers()
    out = exported(built(), who[0], who[1])
    states = {line.provider: line.state for line in payouts.lines(CITY, out.id)}
    assert states == {"museum": "settled_inside", "pool": "in_order"}
    assert sum(file.sum_minor for file in out.files) == 5_000
    [inside] = moved("internal")
    assert (inside.debit, inside.credit, inside.amount_minor) == ("provider:museum", "inside", 4_000)
    assert effect(inside)["paid_minor"] == 4_000
    assert len(payouts.remittance(CITY, out.id, "museum").transfers) == 1
    debited(out, who[1])
    assert payouts.payout(CITY, out.id).state == "settled"


@pytest.mark.usefixtures("town")
def test_a_payout_of_the_towns_own_organisations_alone_has_no_file_and_is_settled_at_once() -> None:
    a_provider("museum", founded_organisation=True)
    redeemed("museum", 4_000)
    who = officers()
    out = exported(built(), who[0], who[1])
    assert (out.state, out.files) == ("settled", ())


# Debts


@pytest.mark.usefixtures("town")
def test_a_refund_is_deducted_from_the_next_payout_and_shown() -> None:
    a_provider("pool")
    wrong = redeemed("pool", 7_000)
    who = officers()
    first = paid(built(), who)
    assert refund(wrong, first, who[1]).reason == REASON
    assert payouts.refund(CITY, first.id, "pool", wrong.grant, wrong.id, REASON, "Znovu.", "x", who[1])[1].replayed
    redeemed("pool", 10_000)
    second = built()
    [line] = payouts.lines(CITY, second.id)
    assert (line.gross_minor, line.offset_minor, line.amount_minor) == (10_000, 7_000, 3_000)
    assert paid(second, who, 901).state == "settled"
    assert ledger.unsettled(CITY, "pool", 25)[0] == []


@pytest.mark.usefixtures("town")
def test_a_debt_over_what_is_owed_is_carried_on_and_named() -> None:
    a_provider("pool")
    wrong = redeemed("pool", 7_000)
    who = officers()
    refund(wrong, paid(built(), who), who[1])
    redeemed("pool", 2_000)
    second = built()
    assert sums(second.id) == {}
    assert [(h.provider, h.amount_minor, h.reason) for h in second.held_back] == [("pool", -5_000, "debt")]
    [debt] = payouts.debts(CITY, 100, None).items
    assert (debt.refunds_minor, debt.owed_minor, debt.net_minor) == (7_000, 2_000, -5_000)
    redeemed("pool", 6_000)
    assert sums(built().id) == {"pool": 1_000}


@pytest.mark.usefixtures("town")
def test_a_debt_that_takes_up_all_of_it_is_offset_and_the_bank_hears_nothing() -> None:
    a_provider("pool")
    wrong = redeemed("pool", 7_000, "p2")
    who = officers()
    refund(wrong, paid(built(), who), who[1])
    redeemed("pool", 7_000, "p1")
    second = built()
    [line] = payouts.lines(CITY, second.id)
    assert (line.state, line.amount_minor, line.offset_minor) == ("offset", 0, 7_000)
    out = exported(second, who[0], who[1])
    assert (out.state, out.files) == ("settled", ())
    assert ledger.unsettled(CITY, "pool", 25)[0] == []
    per_programme = dict.fromkeys(("p1", "p2"), 0)
    for transfer in ledger.journal(CITY, today()):
        if transfer.programme in per_programme:
            per_programme[transfer.programme] += effect(transfer).get("to_pay_minor", 0)
    assert per_programme == {"p1": 0, "p2": 0}, "what one programme pays for another is settled in both"


@pytest.mark.usefixtures("town")
def test_only_what_this_payment_paid_can_be_refunded() -> None:
    a_provider("pool")
    a_provider("books", ACCOUNTS[1])
    ours, theirs = redeemed("pool", 7_000), redeemed("books", 5_000)
    who = officers()
    out = exported(built(), who[0], who[1])
    with pytest.raises(NotPaidOut):
        refund(ours, out, who[1])
    debited(out, who[1])
    with pytest.raises(NotInThisPayment):
        payouts.refund(CITY, out.id, "pool", theirs.grant, theirs.id, REASON, "Cizí.", "k", who[1])


@pytest.mark.usefixtures("town")
def test_a_debt_is_given_up_by_two_people_and_once() -> None:
    a_provider("pool")
    wrong = redeemed("pool", 7_000)
    who = officers()
    owed = refund(wrong, paid(built(), who), who[1])
    proposed = payouts.propose_write_off(CITY, owed.grant, owed.id, "Spolek zanikl.", who[1])
    with pytest.raises(WriteOffDecided):
        payouts.propose_write_off(CITY, owed.grant, owed.id, "Ještě jednou.", who[2])
    with pytest.raises(SamePersonSigns):
        payouts.approve_write_off(CITY, proposed.refund, who[1])
    assert payouts.approve_write_off(CITY, proposed.refund, who[2]).state == "approved"
    with pytest.raises(WriteOffDecided):
        payouts.approve_write_off(CITY, proposed.refund, who[0])
    [loss] = moved("write_off")
    assert (loss.debit, loss.credit, loss.by, loss.approved_by) == ("loss", "provider:pool", who[1].id, who[2].id)
    assert payouts.debts(CITY, 100, None).items == ()
    redeemed("pool", 2_000)
    assert sums(built().id) == {"pool": 2_000}


@pytest.mark.usefixtures("town")
def test_a_debt_that_a_payout_deducted_meanwhile_is_not_written_off() -> None:
    a_provider("pool")
    wrong = redeemed("pool", 7_000)
    who = officers()
    owed = refund(wrong, paid(built(), who), who[1])
    payouts.propose_write_off(CITY, owed.grant, owed.id, "Zkusíme.", who[1])
    redeemed("pool", 9_000)
    built()
    with pytest.raises(NoSuchDebt):
        payouts.approve_write_off(CITY, owed.id, who[2])
    assert payouts.decline_write_off(CITY, owed.id, who[2]).state == "declined"


@pytest.mark.usefixtures("town")
def test_a_write_off_that_was_declined_may_be_proposed_again_with_another_reason() -> None:
    a_provider("pool")
    wrong, other = redeemed("pool", 7_000), redeemed("pool", 400)
    who = officers()
    out = paid(built(), who)
    owed = refund(wrong, out, who[1])
    first = payouts.propose_write_off(CITY, owed.grant, owed.id, "Spolek zanikl.", who[1])
    assert payouts.decline_write_off(CITY, owed.id, who[2]).v == first.v + 1
    with pytest.raises(WriteOffDecided):
        payouts.approve_write_off(CITY, owed.id, who[2])
    again = payouts.propose_write_off(CITY, owed.grant, owed.id, "Zapsáno v rejstříku.", who[2])
    assert [(one.state, one.note, one.proposed_by) for one in payouts.write_offs(CITY)] == [
        ("proposed", "Zapsáno v rejstříku.", who[2].id)
    ]
    done = payouts.approve_write_off(CITY, owed.id, who[1])
    assert (done.v, [one.state for one in payouts.write_offs(CITY)]) == (again.v + 1, ["approved"])
    assert [t.amount_minor for t in moved("write_off")] == [7_000]
    for grant, id in ((owed.grant, owed.id), (other.grant, other.id), (owed.grant, "none")):
        with pytest.raises(NoSuchDebt):
            payouts.propose_write_off(CITY, grant, id, "Není dluh.", who[1])


@pytest.mark.usefixtures("town")
def test_debts_come_in_pages_of_providers_and_leave_out_those_that_owe_nothing() -> None:
    who = officers()
    ids = ["pool", "club", "shop"]
    for n, id in enumerate(ids):
        a_provider(id, ACCOUNTS[n])
    wrong = {id: redeemed(id, 1_000 * (n + 1)) for n, id in enumerate(ids)}
    out = paid(built(), who)
    for id in ("pool", "shop"):
        refund(wrong[id], out, who[1], f"refund-{id}")
    for amount_minor in (250, 50):
        redeemed("shop", amount_minor)
    found: dict[str, tuple[int, int, int]] = {}
    cursor = None
    while True:
        page = payouts.debts(CITY, 2, cursor)
        found |= {debt.provider: (debt.refunds_minor, debt.owed_minor, debt.net_minor) for debt in page.items}
        cursor = page.next
        if cursor is None:
            break
    assert found == {"pool": (1_000, 0, -1_000), "shop": (3_000, 300, -2_700)}


# The order and what the bank refuses


@pytest.mark.parametrize("version", ["03", "09"])
def test_the_order_goes_out_in_the_format_that_the_town_set(version: str, bucket: str) -> None:
    a_paying_town(order_format=f"pain.001.001.{version}")
    a_provider("pool")
    redeemed("pool", 5_000)
    who = officers()
    out = exported(built(), who[0], who[1])
    content = file_of(out)
    schema(version).validate(content.decode())
    assert texts(content, "Ref") == [f"VS:{out.number}", "SS:1", "KS:0308"]
    assert out.files[0].name.endswith(".xml")


@pytest.mark.usefixtures("town")
def test_each_line_is_ordered_once_and_paid_on_the_day_that_the_bank_says() -> None:
    a_provider("pool")
    redeemed("pool", 5_000)
    redeemed("pool", 700, "p2")
    who = officers()
    paid(built(), who)
    assert [(t.kind, t.debit, t.credit) for t in moved("order", "pay")] == [
        ("order", "provider:pool", "clearing"),
        ("order", "provider:pool", "clearing"),
        ("pay", "clearing", "bank"),
        ("pay", "clearing", "bank"),
    ]
    assert {t.programme: t.amount_minor for t in moved("pay")} == {"p1": 5_000, "p2": 700}


@pytest.mark.usefixtures("town")
def test_the_books_carry_the_budget_item_of_the_providers_legal_form() -> None:
    known = programmes.programme(CITY, "p1")
    where = BudgetCoordinates(paragraph="3419", item="5222", action="0126", items={"company": "5213"})
    programmes.amend(CITY, "p1", known.v, replace(known.rules, coordinates=where))
    a_provider("pool", legal_form="association")
    a_provider("books", ACCOUNTS[1], legal_form="company")
    redeemed("pool", 5_000)
    redeemed("books", 7_000)
    paid(built(), officers())
    booked = {(t.kind, t.provider, t.coordinates) for t in moved("order", "pay")}
    assert booked == {
        (kind, provider, f"3419/{item}//0126")
        for kind in ("order", "pay")
        for provider, item in (("pool", "5222"), ("books", "5213"))
    }


@pytest.mark.usefixtures("town")
def test_a_payment_that_the_bank_refused_is_owed_again_and_goes_out_with_the_next_payout() -> None:
    a_provider("pool")
    a_provider("books", ACCOUNTS[1])
    redeemed("pool", 5_000)
    redeemed("books", 7_000)
    who = officers()
    out = exported(built(), who[0], who[1])
    refused = payouts.reject(CITY, out.id, "pool", "Účet je zrušený.", who[1])
    assert (refused.state, refused.note) == ("rejected", "Účet je zrušený.")
    with pytest.raises(LineNotInOrder):
        payouts.reject(CITY, out.id, "pool", "Znovu.", who[1])
    [back] = moved("reject")
    assert (back.debit, back.credit, back.payable_minor) == ("clearing", "provider:pool", 5_000)
    whole = [line for line in payouts.lines(CITY, out.id) if line.provider == "books"]
    day = out.due_on or today()
    payouts.import_statement(CITY, statement(3, day, [debit_of(line, day) for line in whole]), who[1])
    assert payouts.payout(CITY, out.id).state == "partly_settled"
    assert sums(built().id) == {"pool": 5_000}


@pytest.mark.usefixtures("town")
def test_a_refused_payment_that_the_bank_debited_all_the_same_is_shown_to_finance() -> None:
    a_provider("pool")
    redeemed("pool", 5_000)
    who = officers()
    out = exported(built(), who[0], who[1])
    [line] = payouts.lines(CITY, out.id)
    payouts.reject(CITY, out.id, "pool", "Prý zrušený účet.", who[1])
    day = out.due_on or today()
    [done] = payouts.import_statement(CITY, statement(4, day, [debit_of(line, day)]), who[1])
    assert (done.debited, done.unexpected, done.not_ours) == (0, 1, 0)


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(("what", "id"), [("provider", "pool"), ("programme", "p1"), ("town", "")])
def test_where_money_is_frozen_it_is_held_back_and_named_and_no_order_is_made(what: str, id: str) -> None:
    a_provider("pool")
    a_provider("books", ACCOUNTS[1])
    redeemed("pool", 5_000)
    redeemed("books", 7_000, "p2")
    early = built()
    who = officers()
    authorised = payouts.authorise(CITY, early.id, early.v, who[0])
    released = payouts.release(CITY, early.id, authorised.v, who[1])
    redeemed("pool", 1_000)
    redeemed("books", 2_000, "p2")
    ledger.freeze(CITY, what, id, "auditor", "Rozdíl v knihách.")  # type: ignore[arg-type]
    with pytest.raises(Frozen):
        payouts.export(CITY, early.id, released.v, who[1])
    assert {line.state for line in payouts.lines(CITY, early.id)} == {"to_pay"}
    late = built()
    held = {(h.provider, h.amount_minor, h.reason) for h in late.held_back}
    frozen = {("pool", 1_000, "frozen")} | ({("books", 2_000, "frozen")} if what == "town" else set())
    assert held == frozen
    ledger.unfreeze(CITY, what, id, "auditor")  # type: ignore[arg-type]
    assert payouts.export(CITY, early.id, released.v, who[1]).state == "exported"


@pytest.mark.usefixtures("town")
def test_an_unreliable_vat_payer_is_held_back_and_named() -> None:
    a_provider("pool", vat_payer=True)
    redeemed("pool", 5_000)
    providers.mark_vat(CITY, "pool", date(2026, 11, 1), "clerk")
    assert [(h.provider, h.reason) for h in built().held_back] == [("pool", "unreliable_vat_payer")]
    known_to(CITY, "another")
    providers.pass_vat_mark(CITY, "pool", "another")
    assert sums(built().id) == {"pool": 5_000}


@pytest.mark.usefixtures("town")
def test_a_return_after_a_refund_keeps_both() -> None:
    """What came back from the bank is owed again; what the provider owes is deducted from it."""
    a_provider("pool")
    wrong, right = redeemed("pool", 7_000), redeemed("pool", 2_000)
    who = officers()
    out = paid(built(), who)
    refund(wrong, out, who[1])
    [line] = payouts.lines(CITY, out.id)
    day = out.due_on or today()
    back = returned(line, day)
    payouts.import_statement(CITY, statement(905, back.booked_on, [back]), who[1])
    [found] = payouts.doubts(CITY)
    payouts.decide(CITY, found.doubt.id, line.id, who[1])
    assert sums(built().id) == {"pool": right.amount_minor}


@pytest.mark.usefixtures("town")
def test_a_redemption_of_a_payment_that_came_back_can_be_refunded_and_a_retry_finds_its_receipt() -> None:
    a_provider("pool")
    wrong, _ = redeemed("pool", 7_000), redeemed("pool", 2_000)
    who = officers()
    out = paid(built(), who)
    [line] = payouts.lines(CITY, out.id)
    back = returned(line, out.due_on or today())
    payouts.import_statement(CITY, statement(905, back.booked_on, [back]), who[1])
    [found] = payouts.doubts(CITY)
    payouts.decide(CITY, found.doubt.id, line.id, who[1])
    second = built()
    assert sums(second.id) == {"pool": 9_000}, "the next payout carries what came back"
    first = refund(wrong, out, who[1])
    assert refund(wrong, out, who[1]) == first
    paid(second, who, 906)
    redeemed("pool", 10_000)
    assert sums(built().id) == {"pool": 10_000 - wrong.amount_minor}


@pytest.mark.usefixtures("town")
def test_a_redemption_of_a_payment_that_the_bank_refused_can_be_refunded() -> None:
    a_provider("pool")
    wrong, right = redeemed("pool", 7_000), redeemed("pool", 2_000)
    who = officers()
    out = exported(built(), who[0], who[1])
    payouts.reject(CITY, out.id, "pool", "Účet je zrušený.", who[1])
    refund(wrong, out, who[1])
    assert sums(built().id) == {"pool": right.amount_minor}


@pytest.mark.usefixtures("town")
def test_a_refund_made_before_the_payment_came_back_is_found_again() -> None:
    a_provider("pool")
    wrong = redeemed("pool", 7_000)
    who = officers()
    out = paid(built(), who)
    first = refund(wrong, out, who[1])
    [line] = payouts.lines(CITY, out.id)
    back = returned(line, out.due_on or today())
    payouts.import_statement(CITY, statement(905, back.booked_on, [back]), who[1])
    [found] = payouts.doubts(CITY)
    payouts.decide(CITY, found.doubt.id, line.id, who[1])
    assert refund(wrong, out, who[1]) == first
