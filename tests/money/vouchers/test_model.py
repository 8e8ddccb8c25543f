"""The rules of vouchers at their edges: states, sums, what a person reads, and who stood at the till."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.core.refusals import Refusal
from chalicelib.money.ledger.model import BelowMinPrice, CodeReplaced, Grant, GrantSuspended, GrantUsed, Transfer
from chalicelib.money.vouchers import counter, documents, jobs
from chalicelib.money.vouchers.model import (
    AbovePrice,
    Code,
    Shift,
    Voucher,
    VoucherBlocked,
    check_part_of_price,
    check_price,
    in_words_of,
    left_after,
    receipt_number,
    redemptions,
    state_of,
    total_minor,
    why_refused,
)

FROM, UNTIL = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 31, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def a_grant(**more: Any) -> Grant:
    """A voucher's award of 500 Kč, wholly unspent, within its validity."""
    usual = Grant(
        id="grant-1",
        programme="programme-1",
        application="application-1",
        person="person-1",
        beneficiary="person-1",
        mode="voucher",
        total_minor=500_00,
        spendable_minor=500_00,
        held_minor=0,
        state="active",
        valid_from=FROM,
        valid_until=UNTIL,
        created_at=FROM,
    )
    return replace(usual, **more)


def a_voucher(**more: Any) -> Voucher:
    return replace(Voucher("grant-1", "programme-1", "person-1", "person-1", 1, 0, FROM), **more)


@pytest.mark.parametrize(
    ("grant", "voucher", "at", "state"),
    [
        ({}, {}, FROM - SECOND, "not_yet_valid"),
        ({}, {}, FROM, "valid"),
        ({}, {}, UNTIL, "valid"),
        ({}, {}, UNTIL + SECOND, "expired"),
        ({"state": "expired"}, {}, FROM, "expired"),
        ({"spendable_minor": 499_99}, {}, FROM, "partly_used"),
        ({"spendable_minor": 1}, {}, FROM, "partly_used"),
        ({"spendable_minor": 0}, {}, FROM, "used"),
        ({"state": "used", "spendable_minor": 1}, {}, FROM, "used"),
        ({"state": "used"}, {}, UNTIL + SECOND, "used"),
        ({"state": "suspended"}, {}, FROM, "blocked"),
        ({"state": "suspended", "spendable_minor": 0}, {}, FROM, "blocked"),
        ({"state": "suspended"}, {}, UNTIL + SECOND, "blocked"),
        ({"state": "revoked"}, {}, FROM, "blocked"),
        ({}, {"blocked_at": FROM}, FROM, "blocked"),
        ({}, {"blocked_at": FROM}, FROM - SECOND, "blocked"),
        ({"spendable_minor": 0}, {"blocked_at": FROM}, FROM, "used"),
        ({}, {"blocked_at": FROM}, UNTIL + SECOND, "expired"),
    ],
    ids=str,
)
def test_the_state_follows_validity_money_and_what_was_reported(
    grant: dict[str, Any], voucher: dict[str, Any], at: datetime, state: str
) -> None:
    assert state_of(a_voucher(**voucher), a_grant(**grant), at) == state


@pytest.mark.parametrize(
    ("code", "grant", "refused"),
    [
        ({}, {}, None),
        ({}, {"state": "suspended"}, GrantSuspended),
        ({"state": "replaced"}, {"voucher_rev": 2}, CodeReplaced),
        ({"state": "blocked"}, {"voucher_rev": 2}, VoucherBlocked),
        ({"state": "blocked"}, {"state": "suspended"}, GrantSuspended),
    ],
    ids=str,
)
def test_only_a_code_that_was_blocked_is_called_so(
    code: dict[str, Any], grant: dict[str, Any], refused: type[Refusal] | None
) -> None:
    why = why_refused(Code("grant-1", "programme-1", 1, **code), a_grant(**grant), FROM)
    assert (type(why) if why else None) is refused
    assert isinstance(in_words_of(Code("grant-1", "programme-1", 1), GrantUsed()), GrantUsed)


def test_the_least_price_itself_is_enough_and_a_haler_less_is_not() -> None:
    grant = a_grant(min_price_minor=150_00)
    check_price(grant, 150_00)
    with pytest.raises(BelowMinPrice):
        check_price(grant, 149_99)


def test_the_whole_price_can_be_redeemed_and_a_haler_more_cannot() -> None:
    check_part_of_price(200_00, 200_00)
    with pytest.raises(AbovePrice):
        check_part_of_price(200_01, 200_00)


@pytest.mark.parametrize(
    ("single_use", "amount", "left"), [(False, 1, 499_99), (False, 500_00, 0), (False, 500_01, 0), (True, 1, 0)]
)
def test_what_is_left_is_never_below_zero_and_nothing_of_a_single_use(single_use: bool, amount: int, left: int) -> None:
    assert left_after(a_grant(single_use=single_use), amount) == left


@pytest.mark.parametrize(
    ("transfer", "number"),
    [
        ("00000000000000a.redeem", "00 000 010"),
        ("000000005f5e0fff", "99 999 999"),
        ("000000005f5e1000", "00 000 000"),
        ("000000000bc614effff", "12 345 678"),
    ],
)
def test_a_receipts_number_is_eight_digits_of_the_first_fifteen_of_its_id(transfer: str, number: str) -> None:
    assert receipt_number(transfer) == number


def moved(id: str, kind: str, minutes: int, **more: Any) -> Transfer:
    facts = {"debit": "d", "credit": "c", "amount_minor": 100, "by": "till-1", "via": "reader", "fingerprint": ""}
    return Transfer(id=id, kind=kind, posted_at=FROM + timedelta(minutes=minutes), **facts | more)  # type: ignore[arg-type]


def test_redemptions_are_newest_first_each_with_what_became_of_it_and_the_sum_leaves_out_what_came_back() -> None:
    transfers = [
        moved("allotted", "allot", 0),
        moved("a", "redeem", 1),
        moved("b", "redeem", 2, amount_minor=20),
        moved("c", "redeem", 3, amount_minor=3),
        moved("d", "redeem", 4),
        moved("e", "redeem", 5),
        moved("back", "undo", 6, of="d"),
        moved("refunded", "refund", 7, of="e"),
    ]
    found = redemptions(transfers, disputed=["b", "d"], paid=["b", "c", "e"])
    assert [(one.id, one.state, one.undone_at) for one in found] == [
        ("e", "undone", FROM + timedelta(minutes=7)),
        ("d", "undone", FROM + timedelta(minutes=6)),
        ("c", "paid", None),
        ("b", "disputed", None),
        ("a", "accepted", None),
    ]
    assert total_minor(found) == 123


def test_who_stood_at_the_till_is_who_began_last_from_that_instant_on() -> None:
    jana, petr = Shift("till-1", "Jana", FROM), Shift("till-1", "Petr", FROM + timedelta(hours=1))
    stood = [counter._cashier([jana, petr], at) for at in (FROM - SECOND, FROM, petr.since - SECOND, petr.since, UNTIL)]
    assert stood == ["", "Jana", "Jana", "Petr", "Petr"]
    assert counter._cashier([], FROM) == ""


@pytest.mark.parametrize(
    ("least_minor", "czech", "english"),
    [
        (0, (), ()),
        (1, ("Platí na nákup od 0,01 Kč.",), ("It is valid for a purchase from 0,01 Kč.",)),
        (150_00, ("Platí na nákup od 150 Kč.",), ("It is valid for a purchase from 150 Kč.",)),
    ],
)
def test_the_sheet_says_the_least_price_where_there_is_one(
    least_minor: int, czech: tuple[str, ...], english: tuple[str, ...]
) -> None:
    grant = a_grant(min_price_minor=least_minor)
    said = [
        [sentence.replace("\u00a0", " ") for sentence in documents.conditions(grant, lang)] for lang in ("cs", "en")
    ]
    assert said == [
        [*czech, "Uplatnit ho jde po částech, zbytek zůstává na příště."],
        [*english, "It can be used in parts; the rest stays for the next time."],
    ]


@pytest.mark.parametrize(
    ("remainder", "czech", "english"),
    [
        (
            "returns",
            "Je jednorázový, zbytek se vrací do programu.",
            "It is used once; the rest returns to the programme.",
        ),
        ("stays", "Je jednorázový.", "It is used once."),
    ],
)
def test_the_sheet_of_a_single_use_voucher_says_what_becomes_of_the_rest(
    remainder: str, czech: str, english: str
) -> None:
    grant = a_grant(single_use=True, remainder=remainder)
    assert (documents.conditions(grant, "cs"), documents.conditions(grant, "en")) == ((czech,), (english,))


@pytest.mark.parametrize(
    ("terms", "has"),
    [
        ({}, True),
        ({"spendable_minor": 1}, True),
        ({"spendable_minor": 0}, False),
        ({"single_use": False}, False),
        ({"state": "active"}, False),
        ({"remainder": "stays"}, False),
    ],
    ids=str,
)
def test_only_a_used_single_use_voucher_whose_rest_returns_leaves_a_remainder(terms: dict[str, Any], has: bool) -> None:
    used = {"single_use": True, "state": "used", "remainder": "returns", "spendable_minor": 100}
    assert jobs.has_remainder(a_grant(**used | terms)) is has
