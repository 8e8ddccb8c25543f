"""The stand-in of the bank answers files as a bank would."""

from pathlib import Path

import pytest

from chalicelib.commons.bank.model import Expected, ExpectedOrder, Statement
from chalicelib.commons.bank.service import (
    match_order_items,
    match_order_sum,
    propose_returns,
    read_statements,
    write_abo,
)
from localcloud import bank
from tests.commons.bank import build


def answer(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> Statement:
    bank.main(arguments)
    (statement,) = read_statements(capfdbinary.readouterr().out, [build.TOWN])
    return statement


@pytest.fixture
def kpc(tmp_path: Path) -> str:
    (file,) = write_abo(build.an_order())
    path = tmp_path / file.name
    path.write_bytes(file.content)
    return str(path)


ITEMS = [
    Expected(paid.id, paid.amount_minor, paid.vs, paid.ss, paid.account, build.DAY)
    for paid in build.an_order().payments
]


@pytest.mark.parametrize("form", ["gpc", "camt053"])
def test_an_order_file_becomes_a_statement_with_a_return(
    kpc: str, form: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    statement = answer(
        capfdbinary, kpc, "--format", form, "--number", "12", "--opening", "100000000", "--returned", "1"
    )
    assert (statement.number, statement.opening_minor, statement.closing_minor) == (12, 10**8, 10**8 - 123_450)
    assert len(match_order_items(ITEMS, statement.lines).matches) == 2
    assert [proposal.options for proposal in propose_returns(ITEMS, statement.lines).proposals] == [(("P-000002",),)]


def test_an_order_file_becomes_one_summed_debit(kpc: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    statement = answer(capfdbinary, kpc, "--summed")
    order = ExpectedOrder("O-1", build.TOWN, 203_350, build.DAY)
    assert [match.expected_id for match in match_order_sum(order, statement).matches] == ["O-1"]
