"""Account numbers, symbols and company numbers."""

import pytest
import schwifty
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.commons.bank import numbers, symbols
from chalicelib.commons.bank.model import AccountNumber, AccountNumberInvalid, BankUnknown, SymbolInvalid
from chalicelib.commons.bank.service import account_number, constant_symbol, is_ico, symbol
from tests.commons.bank import build


@pytest.mark.parametrize("text", ["19-2000145399/0800", "34278-0727558021/0100", "1265098001/5500"])
def test_good_account_numbers_are_taken(text: str) -> None:
    assert AccountNumber.parse(text) == AccountNumber.parse(str(AccountNumber.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        "4278-727558021/0100",
        "19-2000145398/0800",
        "18-2000145399/0800",
        "10/0800",
        "5/0800",
        "0000000000/0800",
        "19-2000145399",
        "19-2000145399/800",
        "1919191-2000145399/0800",
        "19-20001453991/0800",
        "CZ6508000000192000145390",
        "SK3112000000198742637541",
        "١٩-2000145399/0800",
        "",
    ],
)
def test_bad_account_numbers_are_refused(text: str) -> None:
    with pytest.raises(AccountNumberInvalid):
        AccountNumber.parse(text)


def test_one_account_has_one_value_however_it_is_written() -> None:
    spellings = [
        "19-2000145399/0800",
        "000019-2000145399/0800",
        " 19 - 2000145399 / 0800 ",
        "CZ65 0800 0000 1920 0014 5399",
    ]
    assert len({AccountNumber.parse(spelling) for spelling in spellings}) == 1


def test_iban_of_the_known_example() -> None:
    account = AccountNumber.parse("19-2000145399/0800")
    assert account.iban == "CZ6508000000192000145399"
    assert account.bic == "GIBACZPX"


def test_an_account_in_an_unknown_bank_is_refused_by_the_bank() -> None:
    assert AccountNumber.parse("19-2000145399/9999").bic is None
    with pytest.raises(BankUnknown):
        account_number("19-2000145399/9999")
    assert account_number("19-2000145399/0800").bank == "0800"


@given(build.accounts)
def test_an_account_survives_text_iban_and_internal_order(account: AccountNumber) -> None:
    assert AccountNumber.parse(str(account)) == account
    assert AccountNumber.parse(account.iban) == account
    assert schwifty.IBAN(account.iban, validate_bban=True).account_code.endswith(account.base.zfill(10))
    assert numbers.from_internal_order(numbers.to_internal_order(account.sixteen)) == account.sixteen


def test_internal_order_of_the_known_example() -> None:
    assert numbers.to_internal_order("0000192000145399") == "9394200015000019"


@given(build.accounts, st.integers(0, 9), st.integers(1, 9))
def test_one_changed_digit_of_the_base_never_passes(account: AccountNumber, place: int, add: int) -> None:
    base = account.base.zfill(10)
    changed = base[:place] + str((int(base[place]) + add) % 10) + base[place + 1 :]
    with pytest.raises(AccountNumberInvalid):
        AccountNumber(account.prefix, changed, account.bank)


@pytest.mark.parametrize("ico", ["00248801", "00064581", "25123891", "27074358", "80000011"])
def test_company_numbers_with_their_check_digit(ico: str) -> None:
    assert is_ico(ico)
    assert not any(is_ico(f"{ico[:7]}{digit}") for digit in range(10) if str(digit) != ico[7])


@pytest.mark.parametrize("text", ["248801", "CZ25123891", "2512389١", "2512 3891", ""])
def test_a_company_number_is_eight_digits_and_nothing_else(text: str) -> None:
    assert not is_ico(text)


@given(st.integers(1, 9_999_999_999), st.integers(0, 9))
def test_symbols_are_compared_without_leading_zeros(number: int, zeros: int) -> None:
    padded = str(number).zfill(min(10, len(str(number)) + zeros))
    assert symbol(padded) == symbol(str(number)) == symbols.stripped(padded)


@pytest.mark.parametrize("text", ["12345678901", "12a", "1 2", "-1", "٣"])
def test_a_bad_symbol_is_refused(text: str) -> None:
    with pytest.raises(SymbolInvalid):
        symbol(text)


def test_a_constant_symbol_has_four_digits() -> None:
    assert (constant_symbol("308"), constant_symbol("0308"), constant_symbol("0000"), constant_symbol("")) == (
        "0308",
        "0308",
        "",
        "",
    )
    with pytest.raises(SymbolInvalid):
        constant_symbol("00308")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("VS:2601000001", {"VS": "2601000001"}),
        ("/VS0026010001/SS7/KS0308", {"VS": "26010001", "SS": "7", "KS": "308"}),
        ("platba vs 123 dekujeme", {"VS": "123"}),
        ("VSETIN 123", {}),
        ("VS: 12345678901", {}),
    ],
)
def test_symbols_named_in_a_text(text: str, found: dict[str, str]) -> None:
    assert symbols.written_in(text) == found
