"""Payment orders in ABO (.kpc)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.commons.bank import abo, text
from chalicelib.commons.bank.model import (
    AccountNumber,
    Payment,
    PaymentAmountInvalid,
    PaymentFilesTooMany,
    PaymentOrder,
    PaymentOrderEmpty,
    PaymentOrderUnreadable,
    PaymentReferenceInvalid,
    SymbolInvalid,
)
from chalicelib.commons.bank.profiles import DEFAULT, PLAIN_SIGNS, PROFILES, BankProfile, profile_of
from chalicelib.commons.bank.service import write_abo
from tests.commons.bank import build

# A published sample: 46-character header, plain letters.
GOLDEN = (
    b"UHL1201126MESTO PELHRIMOV     2000145399001999\r\n"
    b"1 1501 001000 0800\r\n"
    b"2 000019-2000145399 203350 231126\r\n"
    b"1265098001 123450 2026000001 55000308 0 AV:AM VOUCHER 11/2026\r\n"
    b"000019-0000000123 79900 2026000002 08000308 1345 AV:AM VOUCHER 11/2026|KNIHKUPECTVI ZDAR\r\n"
    b"3 +\r\n"
    b"5 +\r\n"
)


def golden_order() -> PaymentOrder:
    message = "AM voucher 11/2026"
    return build.an_order(
        Payment("1", AccountNumber.parse("1265098001/5500"), 123450, "2026000001", "0308", message=message),
        Payment(
            "2", AccountNumber.parse("19-123/0800"), 79900, "2026000002", "0308", "1345",
            message=f"{message}\nKnihkupectví Žďár",
        ),
        payer=AccountNumber.parse("19-2000145399/0800"),
        payer_name="Město Pelhřimov",
    )  # fmt: skip


def test_the_known_sample_is_reproduced_to_the_byte() -> None:
    (file,) = write_abo(golden_order(), DEFAULT)
    assert file.content == GOLDEN
    assert (file.name, file.sum_minor) == ("AM-20261120-0001-001.kpc", 203350)


@pytest.mark.parametrize(
    ("payer", "header"),
    [
        ("94-7710000007/0800", "UHL1201126MĚSTO MODŘÍNOV      7710000007001999000000000000"),
        ("94-7710000007/0300", "UHL1201126Město Modřínov      7710000007001999000000000000"),
        ("2900000013/2010", "UHL1201126Město Modřínov      0000000000001999"),
        ("94-7710000007/0100", "UHL1201126MESTO MODRINOV      7710000007001999"),
        ("94-7710000007/6210", "UHL1201126MESTO MODRINOV      7710000007001999"),
    ],
)
def test_each_bank_gets_its_header(payer: str, header: str) -> None:
    (file,) = write_abo(build.an_order(payer=AccountNumber.parse(payer)))
    assert file.content.decode("cp1250").split("\r\n")[0] == header


def test_the_creation_day_is_the_prague_day() -> None:
    (file,) = write_abo(build.an_order(created_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC)))
    assert file.content.startswith(b"UHL1211126")


def test_letters_that_windows_1250_holds_are_kept_where_the_bank_takes_them() -> None:
    order = build.an_order(build.a_payment(message="Žluťoučký kůň Łódź „uvozovky“ ☃ ā"))
    (file,) = write_abo(order, PROFILES["0800"])
    assert file.content.decode("cp1250").split("AV:")[1].split("\r\n")[0] == "Žluťoučký kůň Łódź „uvozovky“ a"
    (file,) = write_abo(order, DEFAULT)
    assert b"AV:ZLUTOUCKY KUN LODZ " in file.content


def test_advice_is_four_lines_of_35_broken_between_words() -> None:
    message = "Proplacení poukazů za říjen 2026 podle smlouvy 12/2026\nKnihy Horák, s. r. o. | pobočka\n" + "x" * 80
    (file,) = write_abo(build.an_order(build.a_payment(message=message)), PROFILES["0300"])
    advice = file.content.decode("cp1250").split("AV:")[1].split("\r\n")[0].split("|")
    assert advice == [
        "Proplacení poukazů za říjen 2026",
        "podle smlouvy 12/2026",
        "Knihy Horák, s. r. o. / pobočka",
        "x" * 35,
    ]


def test_where_a_bar_begins_the_payers_message_the_payees_is_one_line_without_it() -> None:
    message = "Proplacení poukazů | říjen\nKnihy Horák " + "x" * 200
    (file,) = write_abo(build.an_order(build.a_payment(message=message)), PROFILES["0800"])
    advice = file.content.decode("cp1250").split("AV:")[1].split("\r\n")[0]
    assert advice == ("Proplacení poukazů / říjen Knihy Horák " + "x" * 200)[:140]
    assert "|" not in file.content.decode("cp1250")


@given(build.any_words, st.sampled_from(sorted({"0100", "0300", "0800", "2010", "6210"})))
@example("Mýdlárna µ", "0800")
@example("Kino | Klub", "0800")
@settings(deadline=None)
def test_each_bank_gets_only_letters_that_it_takes(words: str, code: str) -> None:
    profile = profile_of(code)
    (file,) = write_abo(build.an_order(build.a_payment(message=words), payer_name=words or "M"), profile)
    header, *records = file.content.decode("cp1250").split("\r\n")
    advice = "".join(record.partition(" AV:")[2] for record in records)
    written = header[10:30] + advice.replace("|", "" if profile.advice_lines else "|")
    assert profile.diacritics or set(written) <= PLAIN_SIGNS
    assert profile.advice_lines or "|" not in written
    assert not profile.capital_name or header == header.upper()


def test_no_message_means_no_advice() -> None:
    (file,) = write_abo(build.an_order(build.a_payment(message="")))
    assert b"AV:" not in file.content
    assert abo.read(file.content).payments[0].message == ""


def test_an_order_over_the_banks_item_limit_is_split_and_nothing_is_lost() -> None:
    payments = tuple(build.a_payment(id=f"P-{number}", amount_minor=number) for number in range(1, 452))
    files = write_abo(build.an_order(*payments), first_number=3)
    assert [len(file.payments) for file in files] == [200, 200, 51]
    assert [file.name[-7:] for file in files] == ["003.kpc", "004.kpc", "005.kpc"]
    assert [b"1 1501 004000 0800" in file.content for file in files] == [False, True, False]
    assert tuple(payment for file in files for payment in file.payments) == payments
    assert sum(file.sum_minor for file in files) == sum(range(1, 452))


def test_a_sum_over_the_banks_digits_starts_another_file() -> None:
    most = 10**12 - 1
    payments = [build.a_payment(id=f"P-{number}", amount_minor=most) for number in range(2)]
    files = write_abo(build.an_order(*payments, build.a_payment(id="P-2", amount_minor=1)))
    assert [len(file.payments) for file in files] == [1, 1, 1]


@pytest.mark.parametrize(("bank", "digits"), [("0800", 12), ("0300", 14), ("2010", 15), ("0100", 12)])
def test_the_longest_amount_of_each_bank(bank: str, digits: int) -> None:
    payer = AccountNumber("94", "7710000007", bank)
    longest = build.a_payment(amount_minor=10**digits - 1)
    assert (
        abo.read(write_abo(build.an_order(longest, payer=payer))[0].content).payments[0].amount_minor == 10**digits - 1
    )
    with pytest.raises(PaymentAmountInvalid) as refused:
        write_abo(build.an_order(replace(longest, amount_minor=10**digits), payer=payer))
    assert refused.value.digits_max == digits


@pytest.mark.parametrize("amount_minor", [0, -1])
def test_an_amount_that_is_not_positive_is_refused(amount_minor: int) -> None:
    with pytest.raises(PaymentAmountInvalid):
        write_abo(build.an_order(build.a_payment(amount_minor=amount_minor)))


def test_an_empty_order_is_refused() -> None:
    with pytest.raises(PaymentOrderEmpty):
        write_abo(build.an_order(payments=()))


@pytest.mark.parametrize("change", [{"vs": "12345678901"}, {"ss": "1x"}, {"ks": "03080"}])
def test_a_bad_symbol_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(SymbolInvalid):
        write_abo(build.an_order(build.a_payment(**change)))


@pytest.mark.parametrize("reference", ["", "a" * 29, "výplata", "../etc", "a b"])
def test_a_reference_that_suits_no_file_name_is_refused(reference: str) -> None:
    with pytest.raises(PaymentReferenceInvalid):
        write_abo(build.an_order(reference=reference))


def test_more_than_999_files_are_refused() -> None:
    payments = [build.a_payment(id=f"P-{number}") for number in range(3)]
    with pytest.raises(PaymentFilesTooMany):
        write_abo(build.an_order(*payments), replace(DEFAULT, items_per_file=1), first_number=998)


payments = st.builds(
    Payment,
    id=st.integers(1, 10**9).map(lambda number: f"P-{number}"),
    account=build.accounts,
    amount_minor=st.integers(1, 10**12 - 1),
    vs=build.symbols,
    ks=build.constants,
    ss=build.symbols,
    payee_name=build.any_words,
    message=st.one_of(build.any_words, build.czech_words),
)


@given(
    st.lists(payments, min_size=1, max_size=8),
    build.accounts,
    build.any_words,
    build.days,
    build.days,
    st.sampled_from([DEFAULT, *PROFILES.values()]),
    st.integers(1, 4),
)
def test_what_is_written_is_read_back_to_the_haler(
    paid: list[Payment], payer: AccountNumber, name: str, due_on: date, created: date, profile: BankProfile, size: int
) -> None:
    rules = replace(profile, items_per_file=size)
    order = PaymentOrder(
        "R-1", payer, name, due_on, datetime(created.year, created.month, created.day, 9, tzinfo=UTC), tuple(paid)
    )
    files = write_abo(order, rules)
    back = [abo.read(file.content) for file in files]
    assert [payment for file in files for payment in file.payments] == paid
    for file, read in zip(files, back, strict=True):
        assert len(file.payments) <= size
        assert (read.payer, read.due_on, read.created_at.date()) == (payer, due_on, created)
        assert [_carried(payment) for payment in read.payments] == [_carried(payment) for payment in file.payments]
        for line in file.content.decode(text.WINDOWS).split("\r\n"):
            width = 35 if rules.advice_lines else 140
            assert all(len(part) <= width for part in line.partition("AV:")[2].split("|"))
            assert line.isprintable()


def _carried(payment: Payment) -> tuple[object, ...]:
    return payment.account, payment.amount_minor, payment.vs, payment.ks, payment.ss


@given(st.integers(0, len(GOLDEN) - 1))
def test_a_cut_order_is_never_read(length: int) -> None:
    if GOLDEN[:length].rstrip(b"\r\n") == GOLDEN.rstrip(b"\r\n"):
        return
    with pytest.raises(PaymentOrderUnreadable):
        abo.read(GOLDEN[:length])


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(garbage: bytes) -> None:
    for content in (garbage, GOLDEN[:60] + garbage, GOLDEN.replace(b"AM VOUCHER", garbage)):
        try:
            abo.read(content)
        except PaymentOrderUnreadable:
            continue


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        (GOLDEN.replace(b"231126", b"311126"), 3),
        (GOLDEN.replace(b"203350", b"203351"), 3),
        (GOLDEN.replace(b"1265098001", b"1265098002"), 4),
        (GOLDEN.replace(b"UHL1201126", b"UHL1201326"), 1),
        (GOLDEN.replace(b"1 1501", b"1 1502"), 2),
        (GOLDEN.replace(b"ZDAR", b"ZD\x81R"), 5),
    ],
)
def test_a_broken_order_names_its_line(broken: bytes, line: int) -> None:
    with pytest.raises(PaymentOrderUnreadable) as refused:
        abo.read(broken)
    assert refused.value.line == line
