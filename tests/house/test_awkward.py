"""Bytes and text of every awkward kind go into everything that reads what others wrote: it answers, or refuses by name."""

import ast
import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.commons.bank import abo, camt053, gpc, spayd, statements
from chalicelib.commons.bank.model import AccountNumber
from chalicelib.core import gate, table, texts
from chalicelib.core.clock import day_from_text, now
from chalicelib.core.refusals import Refusal
from chalicelib.core.shapes import SmallFile
from chalicelib.money.fees.model import COLUMNS, read_charges
from chalicelib.money.vouchers import codes
from chalicelib.town.identity.signature import Signed, nonce_of
from chalicelib.watch.audit import reading
from regina import charges as regina_charges
from regina.model import Answer, Job
from tests.money.fees.test_charges import a_file, a_row
from tests.town.towns.build import HEAD, HOMES
from tools import ruian

ROOT = Path(__file__).parent.parent.parent
FIXTURES = ROOT / "tests/commons/bank/fixtures"
OURS = (AccountNumber.parse("19-2000145399/0800"),)


def _signed(authorization: str) -> str:
    call = Signed("modrinov", "https://x", "POST", "/v1/x", b"", authorization)
    return nonce_of(call, lambda kid: None if kid.encode() else "", now())


def _small_file(text: str) -> bytes:
    return SmallFile.model_construct(filename="x", content_base64=text).data()


def _not_known(job: Job) -> Answer:
    raise ValueError(job.id)


BYTES: dict[str, Callable[[bytes], Any]] = {
    "fees.model.read_charges": read_charges,
    "bank.service.read_statements": lambda data: statements.read(data, OURS, {}),
    "bank.statements.read": lambda data: statements.read(data, OURS, {}),
    "bank.gpc.read": lambda data: gpc.read(data, OURS, {}) if gpc.looks_so(data) else None,
    "bank.camt053.read": lambda data: camt053.read(data, OURS),
    "bank.abo.read": abo.read,
    "regina.charges": lambda data: regina_charges.join(data, _not_known),
    "tools.ruian": lambda data: ruian.read(data, "999001"),
}
TEXT: dict[str, Callable[[str], Any]] = {
    "bank.spayd.read": spayd.read,
    "bank.service.read_qr_payment": spayd.read,
    "bank.model.parse": AccountNumber.parse,
    "core.table._open_cursor": lambda text: table._open_cursor(text, table.Query("t#LIST")),
    "audit.reading._open": reading._open,
    "core.gate.read": gate.read,
    "core.clock.day_from_text": day_from_text,
    "core.texts.one_line": texts.one_line,
    "core.texts.lines": texts.lines,
    "core.texts.address": texts.address,
    "core.shapes.SmallFile": _small_file,
    "identity.signature": _signed,
    "vouchers.codes.plain": codes.plain,
    "vouchers.codes.is_mistyped": codes.is_mistyped,
}
OUR_OWN = {
    "audit.model.read", "audit.reading.read", "audit.outside.read_leaves", "audit.outside.read_seal",
    "payouts.statements.read", "payouts.sampling._open",
}  # fmt: skip
"""Readers of what this house wrote itself: sealed leaves, tallies, journal lines. And a verb of that name."""


def _token(*parts: object) -> str:
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)


AWKWARD_TEXT = [
    "", " ", "\0", "²", "٣", "١٢/٠٨٠٠", "\ud800", "\u202e", "é" * 5, "=" * 7, "[" * 2000, "9" * 5000, "2026-02-31", "²026-01-01",
    _token([]), _token({}), _token(None), _token("x"), _token([1, 2]), _token(["²", "²", "²"]), _token([["x"], {}]),
    base64.urlsafe_b64encode(b"[" * 1500).decode(), base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    "Regina " + _token({"alg": "EdDSA", "kid": "\ud800"}, {}, ""), "Regina " + _token({"alg": "EdDSA", "kid": "A" * 16}, {}, ""),
    "Regina ².².²", "Regina " + ".".join(["é"] * 3), _token({"alg": "none", "kid": "\ud800"}, {}, ""),
    "SPD*1.0*ACC:²*AM:٣.٥", "SPD*1.0*ACC:CZ6508000000192000145399*AM:1e5*DT:20260231*X-VS:²",
]  # fmt: skip
CHARGE = a_file(a_row("A"), a_row("B"))
ADDRESSES = "\r\n".join([HEAD, *HOMES]).encode("cp1250")
AWKWARD_BYTES = [
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"%PDF-1.7\n\x00\xff" * 9, b"PK\x03\x04" * 9, b"\x1a", b"074", b"\r" * 9, b"<?xml",
    b'<?xml version="1.0" encoding="UTF-16"?><a/>', b'<?xml version="1.0" encoding="x"?><a/>', b"<a>" * 5000,
    *(CHARGE.decode().encode(encoding) for encoding in ("utf-16", "utf-16-le", "utf-32", "cp1250", "utf-7")),
    CHARGE.replace(b"\r\n", b"\r"), CHARGE.replace(b"\r\n", b"\n\r"), CHARGE + b'\r\n"' + b"x" * 140_000,
    (";".join(COLUMNS) + "\r\n").encode() + "²;".encode() * len(COLUMNS), CHARGE.replace(b"800,00", "٨٠٠".encode()),
    CHARGE.replace(b"2026", "２０２６".encode()), CHARGE.replace(b";", b","), b'"' + CHARGE, CHARGE.replace(b"ODP", b"\x81\x83"),
    ADDRESSES + b'\r\n"' + b"x" * 140_000, ADDRESSES.replace(b"\r\n", b"\r"), ADDRESSES.replace(b"9900", b"\x81"), ADDRESSES + b"\r\n\0",
    ADDRESSES.decode("cp1250").encode(), ADDRESSES.replace(b";", b","), ADDRESSES.replace(b"\r\n", b";;;\r\n"),
]  # fmt: skip
WHOLE = [
    CHARGE,
    ADDRESSES,
    *(path.read_bytes() for path in sorted(FIXTURES.iterdir()) if path.is_file() and path.stat().st_size < 20_000),
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A right file with a piece taken out, put in or put elsewhere."""
    data = draw(st.sampled_from(WHOLE))
    at, length = draw(st.integers(0, len(data))), draw(st.integers(0, 40))
    put = draw(
        st.one_of(
            st.binary(max_size=40), st.sampled_from(["²".encode(), "٣".encode(), b"\0", b"\r", b'"', b"<", b";" * 9])
        )
    )
    return data[:at] + put + data[at + length :]


def _answers(read: Callable[[Any], Any], sent: Any) -> None:
    try:
        read(sent)
    except (Refusal, regina_charges.ChargesFault, ruian.Faulty):
        pass
    except Exception as fault:
        # What a shape's own check raises is a refusal of the field.
        if type(fault).__name__ != "PydanticCustomError":
            raise


@pytest.mark.parametrize("name", BYTES)
@settings(derandomize=True, max_examples=120, deadline=None)
@given(data=st.one_of(st.sampled_from(AWKWARD_BYTES), st.binary(max_size=300), damaged()))
def test_a_file_of_any_kind_is_read_or_refused_by_name(name: str, data: bytes) -> None:
    _answers(BYTES[name], data)


@pytest.mark.parametrize("name", BYTES)
@pytest.mark.parametrize("number", range(len(AWKWARD_BYTES)))
def test_each_awkward_file_is_read_or_refused_by_name(name: str, number: int) -> None:
    _answers(BYTES[name], AWKWARD_BYTES[number])


ANY_TEXT = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize("name", TEXT)
@settings(
    derandomize=True, max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.one_of(
        ANY_TEXT, st.text("0123456789²٣-/.=_AZaz\ud800\u202e", max_size=60), ANY_TEXT.map(lambda text: _token(text))
    )
)
def test_a_text_of_any_kind_is_read_or_refused_by_name(name: str, text: str, table: str) -> None:
    _answers(TEXT[name], text)


@pytest.mark.parametrize("name", TEXT)
def test_each_awkward_text_is_read_or_refused_by_name(name: str, table: str) -> None:
    for text in AWKWARD_TEXT:
        _answers(TEXT[name], text)


def test_every_reader_of_the_house_is_fed() -> None:
    """Functions named for reading whose first argument is text or bytes."""
    found = set()
    for path in (ROOT / "chalicelib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and re.match("(read|parse)(_|$)|_open(_cursor)?$", node.name):
                arguments = [argument for argument in node.args.args if argument.arg not in ("self", "cls")]
                kind = ast.unparse(arguments[0].annotation) if arguments and arguments[0].annotation else ""
                if kind in ("str", "bytes", "str | bytes", "str | None"):
                    found.add(".".join((path.parent.name, path.stem, node.name)))
    assert found <= {*BYTES, *TEXT} | OUR_OWN
