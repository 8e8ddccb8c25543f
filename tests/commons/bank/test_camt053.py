"""Statements in camt.053."""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.commons.bank.model import (
    Statement,
    StatementCurrencyUnsupported,
    StatementCut,
    StatementEncodingWrong,
    StatementFormatUnknown,
    StatementInvalid,
    StatementOfAnotherAccount,
    StatementSumsWrong,
    StatementTurnoversWrong,
)
from chalicelib.commons.bank.service import read_statements
from chalicelib.core.refusals import Refusal
from localcloud import bank
from tests.commons.bank import build
from tests.commons.bank.gpc_lines import facts

SCHEMAS = Path(__file__).parent / "schemas"
BATCH = (Path(__file__).parent / "fixtures" / "batch.camt.053.001.04.xml").read_bytes()
VERSIONS: tuple[bank.CamtVersion, ...] = ("02", "04", "08")
ACCOUNTS: tuple[bank.CamtAccounts, ...] = ("iban", "czech")


@cache
def schema(version: str) -> xmlschema.XMLSchema10:
    """The published schema of ISO 20022."""
    return xmlschema.XMLSchema10(str(SCHEMAS / f"camt.053.001.{version}.xsd"))


def read(data: bytes) -> Statement:
    (statement,) = read_statements(data, [build.TOWN_FIO, build.TOWN])
    return statement


def test_head_of_the_statement() -> None:
    statement = read(BATCH)
    assert (statement.account, statement.number) == (build.TOWN, 231)
    assert (statement.opening_minor, statement.closing_minor) == (500_000, 291_650)
    assert (statement.opened_on, statement.closed_on) == (date(2026, 11, 23), date(2026, 11, 23))


def test_a_batch_gives_each_of_its_payments_from_all_its_details() -> None:
    club, shop, cinema = read(BATCH).lines[:3]
    assert facts(club, "amount_minor", "vs", "ks", "ss") == (123_450, "2026000001", "0308", "")
    assert facts(club, "counter_account", "counter_name") == (build.CLUB, "TJ Modřín, z. s.")
    assert facts(shop, "amount_minor", "vs", "text") == (70_000, "26000002", "Poukazy 11/2026 VS: 0026000002")
    assert facts(shop, "counter_account", "counter_name") == (build.SHOP, "Knihy Horák")
    assert facts(cinema, "amount_minor", "vs", "ss", "counter_account") == (9_900, "26000003", "77", None)
    assert {line.direction for line in (club, shop, cinema)} == {"debit"}
    assert {line.reference for line in (club, shop, cinema)} == {"B-771"}
    assert len({line.fingerprint for line in read(BATCH).lines}) == 6


def test_a_batch_whose_parts_the_bank_does_not_list_stays_one_sum_without_symbols() -> None:
    summed = read(BATCH).lines[3]
    assert facts(summed, "amount_minor", "vs", "ss", "counter_account") == (80_000, "", "", None)
    assert summed.text == "HROMADNÁ PLATBA"


def test_a_reversal_names_the_other_side_of_the_payment_it_undoes() -> None:
    undone = read(BATCH).lines[4]
    assert facts(undone, "direction", "reversal", "counter_name") == ("credit", True, "Knihy Horák")


def test_booked_and_value_dates_are_prague_days() -> None:
    lines = read(BATCH).lines
    assert facts(lines[0], "booked_on", "value_date") == (date(2026, 11, 23), date(2026, 11, 23))
    assert facts(lines[5], "booked_on", "value_date") == (date(2026, 11, 24), date(2026, 11, 23))


def test_what_is_only_pending_is_no_movement() -> None:
    assert 99_900 not in {line.amount_minor for line in read(BATCH).lines}


def test_a_batch_that_does_not_make_its_sum_is_refused() -> None:
    with pytest.raises(StatementInvalid) as refused:
        read(BATCH.replace(b'<Amt Ccy="CZK">99.00</Amt>', b'<Amt Ccy="CZK">98.00</Amt>'))
    assert [(error.field, error.code) for error in refused.value.errors] == [("line 17", "batch_sum_wrong")]


@pytest.mark.parametrize(
    ("found", "put", "line", "code"),
    [
        (b">2033.50<", b">2033.505<", 17, "amount_invalid"),
        (b">2033.50<", b">2 033,50<", 17, "amount_invalid"),
        (b">2033.50<", b"><", 17, "amount_invalid"),
        (b"<ValDt><Dt>2026-11-23<", b"<ValDt><Dt>2026-02-30<", 17, "date_invalid"),
        (b"2026-11-22T23:30:00Z", b"2026-11-22T25:30:00Z", 17, "date_invalid"),
        (b"<Dt>2026-11-24</Dt></BookgDt>", b"</BookgDt>", 63, "date_invalid"),
        (b"DBIT</CdtDbtInd><Sts>", b"DEBET</CdtDbtInd><Sts>", 17, "direction_invalid"),
        (b"CLBD", b"ITBD", 5, "balance_missing"),
        (b"<Sum>750.00", b"<Sum>much", 5, "amount_invalid"),
    ],
)
def test_a_broken_value_is_named_with_its_line(found: bytes, put: bytes, line: int, code: str) -> None:
    with pytest.raises(StatementInvalid) as refused:
        read(BATCH.replace(found, put))
    assert refused.value.errors[0].field == f"line {line}"
    assert refused.value.errors[0].code == code


def test_the_closing_balance_must_add_up() -> None:
    with pytest.raises(StatementSumsWrong) as refused:
        read(BATCH.replace(b">2916.5<", b">2916.51<"))
    assert (refused.value.line, refused.value.closing_minor) == (5, 291_651)


@pytest.mark.parametrize(("found", "put"), [(b"<NbOfNtries>4<", b"<NbOfNtries>5<"), (b"<Sum>750.00<", b"<Sum>750.01<")])
def test_stated_counts_and_turnovers_must_be_true(found: bytes, put: bytes) -> None:
    with pytest.raises(StatementTurnoversWrong):
        read(BATCH.replace(found, put))


@pytest.mark.parametrize("found", [b'<Amt Ccy="CZK">2033.50', b'<Amt Ccy="CZK">5000.00', b"<Ccy>CZK"])
def test_another_currency_is_refused(found: bytes) -> None:
    with pytest.raises(StatementCurrencyUnsupported) as refused:
        read(BATCH.replace(found, found.replace(b"CZK", b"EUR")))
    assert refused.value.currency == "EUR"


def test_a_foreign_amount_of_a_single_payment_gives_way_to_the_booked_crowns() -> None:
    data = BATCH.replace(
        b'<Amt Ccy="CZK">700.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>\n',
        b'<Amt Ccy="EUR">28.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>\n',
    )
    assert read(data).lines[4].amount_minor == 70_000


@pytest.mark.parametrize("account", [b"3517004403/0100", b"SK3112000000198742637541", b""])
def test_another_accounts_file_is_refused(account: bytes) -> None:
    with pytest.raises(StatementOfAnotherAccount):
        read(BATCH.replace(b"94-7710000007/0800", account))


def test_a_file_cut_anywhere_is_refused() -> None:
    whole = BATCH.rstrip()
    for length in range(200, len(whole), 97):
        with pytest.raises((StatementCut, StatementEncodingWrong)):
            read(whole[:length])
    with pytest.raises(StatementCut) as refused:
        read(whole[:-1])
    assert refused.value.line == 76


def test_a_file_in_another_encoding_than_it_says_is_refused() -> None:
    with pytest.raises(StatementEncodingWrong) as refused:
        read(BATCH.decode().encode("cp1250"))
    assert (refused.value.line, refused.value.expected) == (26, "UTF-8")


def test_a_file_that_says_windows_1250_is_read_as_such() -> None:
    data = BATCH.decode().replace('"UTF-8"', '"windows-1250"').encode("cp1250")
    assert read(data) == read(BATCH)


@pytest.mark.parametrize("found", [b"camt.053.001.04", b"xsd:camt.053.001.04", b"<Document xmlns="])
def test_what_is_no_statement_of_a_known_version_is_refused(found: bytes) -> None:
    with pytest.raises((StatementFormatUnknown, StatementInvalid)):
        read(BATCH.replace(found, found.replace(b"04", b"99").replace(b"<Document", b"<Dokument")))


@pytest.mark.parametrize(
    "prologue",
    [
        b'<!DOCTYPE Document [<!ENTITY a "b">]>',
        b'<!DOCTYPE Document SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_and_document_types_are_refused(prologue: bytes) -> None:
    with pytest.raises(StatementFormatUnknown):
        read(BATCH.replace(b"<Document", prologue + b"<Document", 1))


def test_absurd_numbers_and_depths_are_survived() -> None:
    assert read(BATCH.replace(b"<ElctrncSeqNb>231<", b"<ElctrncSeqNb>" + b"9" * 5000 + b"<")).number is None
    deep = BATCH.replace(b"<Stmt>", b"<a>" * 200_000 + b"</a>" * 200_000 + b"<Stmt>")
    assert read(deep).lines == read(BATCH.replace(b"<Stmt>", b"<a></a><Stmt>")).lines


def test_the_order_of_entries_within_a_statement_is_no_reference() -> None:
    data = BATCH.replace(b"<AcctSvcrRef>B-772</AcctSvcrRef>", b"").replace(
        b'<Ntry>\n        <Amt Ccy="CZK">800.00', b'<Ntry>\n        <NtryRef>2</NtryRef><Amt Ccy="CZK">800.00'
    )
    assert data != BATCH
    assert read(data).lines[3].reference == ""
    following = data.replace(b">231<", b">232<")
    assert read(following).lines[3].fingerprint != read(data).lines[3].fingerprint


@given(st.integers(0, len(BATCH) - 1), st.binary(min_size=1, max_size=4))
def test_no_damage_breaks_the_reader_or_changes_the_sums(place: int, garbage: bytes) -> None:
    try:
        statements = read_statements(BATCH[:place] + garbage + BATCH[place + len(garbage) :], [build.TOWN])
    except Refusal:
        return
    for statement in statements:
        moved_minor = sum(line.effect_minor for line in statement.lines)
        assert statement.opening_minor + moved_minor == statement.closing_minor


def a_made_statement() -> Statement:
    order = build.an_order()
    return bank.statement(
        build.TOWN, 7, build.DAY, 1_000_000,
        [*bank.debits(order, build.DAY), bank.incoming(build.CLUB, 80_000, build.DAY, vs="26", name="Jiří Šťastný")],
    )  # fmt: skip


def test_what_the_reader_is_tried_with_is_valid_against_the_official_schemas() -> None:
    schema("04").validate(BATCH.decode())
    lines = [*a_made_statement().lines, replace(build.a_line(counter_name="A"), sent_back=True), build.a_line()]
    for made in (a_made_statement(), build.a_statement(*lines)):
        for version in VERSIONS:
            for accounts in ACCOUNTS:
                schema(version).validate(bank.camt053(made, version, accounts).decode())


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "holder",
    [
        "<Othr><Id>0100</Id></Othr>",
        "<ClrSysMmbId><MmbId>0100</MmbId></ClrSysMmbId>",
        "<BIC>KOMBCZPP</BIC>",
        "<BIC>KOMBCZPPXXX</BIC>",
    ],
)
@pytest.mark.parametrize("number", ["3517004403", "0000003517004403", "000000-3517004403", "3517004403/0100"])
def test_a_counter_account_is_read_wherever_a_bank_writes_its_code(
    version: bank.CamtVersion, holder: str, number: str
) -> None:
    holder = holder.replace("BIC>", "BICFI>") if version != "02" else holder
    made = build.a_statement(build.a_debit(counter_name="TJ Modřín", reference="7"))
    data = bank.camt053(made, version, "czech").decode()
    found = f"<Othr><Id>{build.CLUB.bank}</Id></Othr></FinInstnId></CdtrAgt>"
    written = data.replace(found, f"{holder}</FinInstnId></CdtrAgt>").replace(
        f"<Othr><Id>{build.CLUB.base}</Id></Othr></Id></CdtrAcct>", f"<Othr><Id>{number}</Id></Othr></Id></CdtrAcct>"
    )
    assert holder in written
    assert f">{number}<" in written
    schema(version).validate(written)
    assert read(written.encode()).lines[0].counter_account == build.CLUB


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("zone", ["Z", "+01:00", "-11:00", "+14:00", ""])
def test_a_day_may_carry_a_zone_and_stays_the_banks_day(version: bank.CamtVersion, zone: str) -> None:
    written = bank.camt053(a_made_statement(), version, "czech").decode().replace("+01:00</Dt>", f"{zone}</Dt>")
    schema(version).validate(written)
    statement = read(written.encode())
    assert {line.booked_on for line in statement.lines} == {build.DAY}
    assert (statement.opened_on, statement.closed_on) == (date(2026, 11, 22), build.DAY)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_banks_word_that_it_sends_a_payment_back_is_read(version: bank.CamtVersion) -> None:
    back = build.a_line(sent_back=True, counter_account=None, counter_name="BANKA", reference="8")
    written = bank.camt053(build.a_statement(back, build.a_line(reference="9")), version)
    schema(version).validate(written.decode())
    assert [line.sent_back for line in read(written).lines] == [True, False]


def test_the_three_versions_and_gpc_tell_the_same() -> None:
    made = a_made_statement()
    told = [read(bank.camt053(made, version, accounts)).lines for version in VERSIONS for accounts in ACCOUNTS]
    told.append(read(bank.gpc(made, "Modřínov")).lines)
    names = ("direction", "amount_minor", "vs", "ks", "ss", "counter_account", "value_date", "reference")
    assert {tuple(facts(line, *names) for line in lines) for lines in told} == {
        tuple(facts(line, *names) for line in made.lines)
    }


@pytest.mark.parametrize("language", ["cs", "en"])
def test_of_what_is_no_amount_forty_letters_are_quoted(language: Literal["cs", "en"]) -> None:
    with pytest.raises(StatementInvalid) as refused:
        read(BATCH.replace(b">2033.50<", b">" + b"x" * 100 + b"<"))
    [error] = refused.value.errors
    said = error.cs if language == "cs" else error.en
    assert re.findall("x{2,}", said) == ["x" * 40]
