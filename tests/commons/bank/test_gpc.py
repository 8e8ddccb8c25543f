"""Statements in GPC."""

import base64
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.commons.bank import numbers
from chalicelib.commons.bank.model import (
    STATEMENT_BYTES_MAX,
    STATEMENT_LINES_MAX,
    AccountNumber,
    StatementAccountUnclear,
    StatementCurrencyUnsupported,
    StatementCut,
    StatementEncodingWrong,
    StatementFormatUnknown,
    StatementInvalid,
    StatementOfAnotherAccount,
    StatementSumsWrong,
    StatementTooLarge,
    StatementTurnoversWrong,
)
from chalicelib.commons.bank.service import read_statements
from chalicelib.core.refusals import Refusal
from chalicelib.core.shapes import UPLOAD_BYTES_MAX
from tests.commons.bank import build
from tests.commons.bank.gpc_lines import CLUB, OWN, facts, file, header, item


def test_one_movement_is_read_with_everything_it_says() -> None:
    (statement,) = read_statements(file(), [build.TOWN_FIO, build.TOWN])
    assert (statement.account, statement.number) == (build.TOWN, 7)
    assert (statement.opened_on, statement.closed_on) == (date(2026, 11, 22), date(2026, 11, 23))
    assert (statement.opening_minor, statement.closing_minor) == (1_000_000, 1_080_000)
    (line,) = statement.lines
    assert facts(line, "line", "direction", "reversal", "amount_minor") == (2, "credit", False, 80000)
    assert facts(line, "vs", "ks", "ss", "reference") == ("2601000001", "0308", "", "26000000001")
    assert facts(line, "counter_account", "counter_name") == (build.CLUB, "Jiří Šťastný")
    assert facts(line, "booked_on", "value_date") == (date(2026, 11, 23), date(2026, 11, 23))


def test_letters_in_windows_1250_and_a_name_cut_at_20_characters_are_shown_right() -> None:
    cut = "Městská knihovna Mod"
    (statement,) = read_statements(file(header(), item(text=cut)), [build.TOWN])
    assert statement.lines[0].counter_name == cut


def test_messages_on_following_lines_belong_to_the_movement_before_them() -> None:
    records = (header(), item(), "076ref", "078Poplatek za odpad VS: 26", "07901000001 děkuji")
    (statement,) = read_statements(file(*records), [build.TOWN])
    assert statement.lines[0].text == "Poplatek za odpad VS: 26 01000001 děkuji"


@pytest.mark.parametrize(
    ("payer", "code", "closing", "debit", "direction", "reversal"),
    [
        (build.TOWN, "1", 920_000, 80_000, "debit", False),
        (build.TOWN, "3", 1_080_000, -80_000, "credit", True),
        (build.TOWN, "4", 920_000, 0, "debit", True),
        (build.TOWN_FIO, "4", 1_080_000, -80_000, "credit", True),
        (build.TOWN_FIO, "5", 920_000, 0, "debit", True),
    ],
)
def test_reversal_codes_are_those_of_the_bank(
    payer: AccountNumber, code: str, closing: int, debit: int, direction: str, reversal: bool
) -> None:
    credit = closing - 1_000_000 + debit
    head = header(
        account=payer.sixteen, closing=f"{closing:014}",
        debit=f"{abs(debit):014}", debit_sign="-" if debit < 0 else "0",
        credit=f"{abs(credit):014}", credit_sign="-" if credit < 0 else "0",
    )  # fmt: skip
    (statement,) = read_statements(file(head, item(account=payer.sixteen, code=code)), [payer])
    assert facts(statement.lines[0], "direction", "reversal") == (direction, reversal)


def test_a_reversal_counted_in_the_opposite_turnover_is_right_too() -> None:
    head = header(credit="00000000080000")
    assert read_statements(file(head, item(code="3")), [build.TOWN])[0].lines[0].reversal


def test_a_code_that_the_bank_does_not_use_is_refused() -> None:
    with pytest.raises(StatementInvalid) as refused:
        read_statements(file(header(), item(code="5")), [build.TOWN])
    assert [(error.field, error.code) for error in refused.value.errors] == [("line 2", "posting_code_unknown")]


@given(build.accounts)
def test_accounts_in_the_internal_order_are_read_by_the_check_sum(counter: AccountNumber) -> None:
    own = numbers.to_internal_order(OWN)
    other = numbers.to_internal_order(counter.sixteen)
    (statement,) = read_statements(
        file(header(account=own), item(account=own, counter=other, bank=counter.bank)), [build.TOWN]
    )
    assert statement.account == build.TOWN
    assert statement.lines[0].counter_account == counter


def test_one_counter_account_in_the_internal_order_among_others_is_read_by_the_check_sum() -> None:
    internal = numbers.to_internal_order(CLUB)
    assert internal != CLUB
    (statement,) = read_statements(file(header(), item(counter=internal)), [build.TOWN])
    assert statement.lines[0].counter_account == build.CLUB


@pytest.mark.parametrize(("counter", "bank"), [("0" * 16, "0000"), ("0000001234567890", "0100"), ("A" * 16, "0100")])
def test_a_counter_account_that_is_none_stays_none(counter: str, bank: str) -> None:
    (statement,) = read_statements(file(header(), item(counter=counter, bank=bank)), [build.TOWN])
    assert statement.lines[0].counter_account is None


def test_several_statements_in_one_file() -> None:
    following = header(
        opened="231126", opening="00000001080000", closing="00000001160000", number="008", closed="241126"
    )
    both = read_statements(file(header(), item(), following, item(booked="241126")), [build.TOWN])
    assert [statement.number for statement in both] == [7, 8]


def test_a_statement_without_movements() -> None:
    assert read_statements(file(header(closing="00000001000000", credit="0" * 14)), [build.TOWN])[0].lines == ()


def test_an_overdrawn_account() -> None:
    head = header(opening="00000000100000", opening_sign="-", closing="00000000020000", closing_sign="-")
    (statement,) = read_statements(file(head, item()), [build.TOWN])
    assert (statement.opening_minor, statement.closing_minor) == (-100_000, -20_000)


@pytest.mark.parametrize("currency", ["0203", "1101", "1102", "0000", "    "])
def test_ways_of_saying_crowns(currency: str) -> None:
    assert read_statements(file(header(), item(currency=currency)), [build.TOWN])


def test_another_currency_is_refused_with_its_line() -> None:
    with pytest.raises(StatementCurrencyUnsupported) as refused:
        read_statements(file(header(), item(), item(currency="0978")), [build.TOWN])
    assert (refused.value.line, refused.value.currency) == (3, "0978")


def test_another_accounts_file_is_refused() -> None:
    with pytest.raises(StatementOfAnotherAccount) as refused:
        read_statements(file(), [build.TOWN_FIO])
    assert (refused.value.line, refused.value.account) == (1, "000094-7710000007")


def test_a_line_of_another_account_is_refused() -> None:
    with pytest.raises(StatementInvalid) as refused:
        read_statements(file(header(), item(account=CLUB)), [build.TOWN])
    assert refused.value.errors[0].code == "account_differs"


@pytest.mark.parametrize("closing", ["00000001079999", "00000001080001"])
def test_one_haler_off_in_the_closing_balance_is_refused(closing: str) -> None:
    with pytest.raises(StatementSumsWrong) as refused:
        read_statements(file(header(closing=closing), item()), [build.TOWN])
    assert (refused.value.line, refused.value.moved_minor) == (1, 80_000)


def test_turnovers_that_the_items_do_not_make_are_refused() -> None:
    with pytest.raises(StatementTurnoversWrong):
        read_statements(file(header(credit="00000000080001"), item()), [build.TOWN])


def test_every_broken_line_is_listed() -> None:
    records = (
        header(opened="311126"),
        item(value="300226"),
        item(),
        item(amount="00000008 000"),
        item(vs="26A0000001"),
    )
    with pytest.raises(StatementInvalid) as refused:
        read_statements(file(*records), [build.TOWN])
    assert [(error.field, error.code) for error in refused.value.errors] == [
        ("line 1", "date_invalid"),
        ("line 2", "date_invalid"),
        ("line 4", "amount_invalid"),
        ("line 5", "symbol_invalid"),
    ]


def test_a_file_in_utf8_is_refused_and_named() -> None:
    with pytest.raises(StatementEncodingWrong) as refused:
        read_statements(file(header(name="MESTO MODRINOV      "), item()).decode("cp1250").encode(), [build.TOWN])
    assert (refused.value.line, refused.value.expected) == (2, "Windows-1250")


def test_bytes_that_windows_1250_does_not_have_are_refused() -> None:
    with pytest.raises(StatementEncodingWrong) as refused:
        read_statements(file().replace(b"Ji", b"\x81\x83"), [build.TOWN])
    assert refused.value.line == 2


def test_a_file_over_the_limits_is_refused() -> None:
    with pytest.raises(StatementTooLarge):
        read_statements(b"074" + b" " * STATEMENT_BYTES_MAX, [build.TOWN])
    with pytest.raises(StatementTooLarge):
        read_statements(b"074\n" * (STATEMENT_LINES_MAX + 1), [build.TOWN])


WHOLE = file(header(closing="00000001160000", credit="00000000160000"), item(), item())


@given(st.integers(0, len(WHOLE.rstrip()) - 1))
def test_a_file_cut_anywhere_is_refused(length: int) -> None:
    with pytest.raises((StatementCut, StatementSumsWrong, StatementFormatUnknown)):
        read_statements(WHOLE[:length], [build.TOWN])


def test_a_line_cut_in_the_middle_is_named() -> None:
    with pytest.raises(StatementCut) as refused:
        read_statements(WHOLE[:-20], [build.TOWN])
    assert refused.value.line == 3


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=4))
def test_no_damage_breaks_the_reader_or_changes_the_sums(place: int, garbage: bytes) -> None:
    damaged = WHOLE[:place] + garbage + WHOLE[place + len(garbage) :]
    try:
        statements = read_statements(damaged, [build.TOWN])
    except Refusal:
        return
    for statement in statements:
        moved_minor = sum(line.effect_minor for line in statement.lines)
        assert statement.opening_minor + moved_minor == statement.closing_minor


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(garbage: bytes) -> None:
    for data in (garbage, b"074" + garbage, file() + garbage):
        try:
            read_statements(data, [build.TOWN])
        except Refusal:
            continue


def test_the_same_movement_read_again_has_the_same_fingerprint_and_its_twin_another() -> None:
    data = file(header(closing="00000001160000", credit="00000000160000"), item(), item())
    first, second = read_statements(data, [build.TOWN]), read_statements(data, [build.TOWN])
    assert first == second
    twins = {line.fingerprint for line in first[0].lines}
    assert len(twins) == 2
    # The same movements in a monthly statement are the same movements, told by the bank's reference.
    month = data.replace(b"007231126", b"011301126")
    assert {line.fingerprint for line in read_statements(month, [build.TOWN])[0].lines} == twins


def test_movements_without_a_reference_are_told_apart_by_their_statement() -> None:
    data = file(header(), item(document="0" * 13))
    other = data.replace(b"007231126", b"008231126")
    assert read_statements(data, [build.TOWN])[0].lines[0].fingerprint != (
        read_statements(other, [build.TOWN])[0].lines[0].fingerprint
    )


@pytest.mark.parametrize("number", ["000", "   "])
def test_a_statement_that_the_bank_does_not_number(number: str) -> None:
    (statement,) = read_statements(file(header(number=number), item()), [build.TOWN])
    assert statement.number is None


def test_a_number_that_fits_two_banks_is_asked_about_and_read_once_it_is_said() -> None:
    other = AccountNumber(build.TOWN.prefix, build.TOWN.base, "0100")
    with pytest.raises(StatementAccountUnclear) as refused:
        read_statements(WHOLE, [build.TOWN, other])
    assert set(refused.value.accounts.split(", ")) == {str(build.TOWN), str(other)}
    for account in (build.TOWN, other):
        assert read_statements(WHOLE, [account])[0].account == account


def test_the_limit_that_is_said_is_the_one_that_a_request_holds() -> None:
    whole_request = len(base64.b64encode(bytes(STATEMENT_BYTES_MAX))) + 1000
    assert whole_request <= UPLOAD_BYTES_MAX
    with pytest.raises(StatementTooLarge) as refused:
        read_statements(b"074" + bytes(STATEMENT_BYTES_MAX), [build.TOWN])
    assert "3 MB" in refused.value.text("cs")
