"""Payment orders in pain.001, judged by the standard's own schemas."""

from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.commons.bank.model import AccountNumber, Payment, PaymentOrderEmpty
from chalicelib.commons.bank.profiles import DEFAULT, BankProfile, PainVersion
from chalicelib.commons.bank.service import write_pain001
from tests.commons.bank import build
from tests.commons.bank.test_abo import payments

FIXTURES = Path(__file__).parent / "fixtures"
VERSIONS: tuple[PainVersion, ...] = ("03", "09")


@cache
def schema(version: str) -> xmlschema.XMLSchema10:
    """The published schema, as the package sepaxml ships it."""
    return xmlschema.XMLSchema10(str(files("sepaxml") / "schemas" / f"pain.001.001.{version}.xsd"))


def profile(version: PainVersion, **changes: object) -> BankProfile:
    return replace(DEFAULT, pain_version=version, **changes)  # type: ignore[arg-type]


def texts(content: bytes, tag: str) -> list[str | None]:
    return [element.text for element in ElementTree.fromstring(content).iterfind(f".//{{*}}{tag}")]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_whole_file_is_as_agreed(version: PainVersion) -> None:
    (file,) = write_pain001(build.an_order(), profile(version))
    assert file.content == (FIXTURES / f"order.pain.001.001.{version}.xml").read_bytes()
    assert file.name == "AM-20261120-0001-001.xml"


@given(st.lists(payments, min_size=1, max_size=4), build.any_words, st.sampled_from(VERSIONS), st.booleans())
@settings(deadline=None, max_examples=60)
def test_every_order_passes_the_schema_and_sums_to_the_haler(
    paid: list[Payment], name: str, version: PainVersion, in_end_to_end: bool
) -> None:
    order = build.an_order(*paid, payer_name=name)
    (file,) = write_pain001(order, profile(version, symbols_in_end_to_end=in_end_to_end, amount_digits=15))
    schema(version).validate(file.content.decode())
    amounts = [int((amount or "").replace(".", "")) for amount in texts(file.content, "InstdAmt")]
    assert amounts == [payment.amount_minor for payment in paid]
    assert texts(file.content, "CtrlSum") == [f"{sum(amounts) // 100}.{sum(amounts) % 100:02}"] * 2
    assert texts(file.content, "NbOfTxs") == [str(len(paid))] * 2
    assert texts(file.content, "IBAN")[1:] == [payment.account.iban for payment in paid]


def test_symbols_go_to_structured_references_and_where_the_bank_wants_to_end_to_end() -> None:
    order = build.an_order(build.a_payment(vs="0026", ss="7", ks="308"))
    (file,) = write_pain001(order, profile("09"))
    assert texts(file.content, "Ref") == ["VS:26", "SS:7", "KS:0308"]
    assert texts(file.content, "EndToEndId") == ["NOTPROVIDED"]
    (file,) = write_pain001(order, profile("09", symbols_in_end_to_end=True))
    assert texts(file.content, "EndToEndId") == ["/VS26/SS7/KS0308"]


def test_a_bank_without_a_known_bic_is_named_as_not_provided() -> None:
    order = build.an_order(build.a_payment(account=AccountNumber.parse("3517004403/9999")))
    (file,) = write_pain001(order, profile("09"))
    schema("09").validate(file.content.decode())
    assert texts(file.content, "BICFI") == ["GIBACZPX"]


def test_the_bank_profile_chooses_the_version_and_the_split() -> None:
    paid = [build.a_payment(id=f"P-{number}") for number in range(201)]
    files = write_pain001(build.an_order(*paid, payer=build.TOWN_FIO))
    assert [len(file.payments) for file in files] == [200, 1]
    assert all(b"pain.001.001.03" in file.content for file in files)
    assert [texts(file.content, "MsgId") for file in files] == [["AM-20261120-0001-001"], ["AM-20261120-0001-002"]]


def test_an_empty_order_is_refused() -> None:
    with pytest.raises(PaymentOrderEmpty):
        write_pain001(build.an_order(payments=()))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("P" * 70, "P" * 70),
        ("P" * 71, "P" * 70),
        ("P" * 69 + " Modřínov", "P" * 69),
        (" \u200b ", "NOTPROVIDED"),
    ],
)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_name_has_seventy_characters_at_most_and_ends_with_none_that_is_blank(
    version: PainVersion, name: str, told: str
) -> None:
    order = build.an_order(build.a_payment(payee_name=name), payer_name=name)
    (file,) = write_pain001(order, profile(version))
    schema(version).validate(file.content.decode())
    assert texts(file.content, "Nm") == [told] * len(texts(file.content, "Nm"))
    assert len(texts(file.content, "Nm")) >= 2
