"""A statement in GPC put together column by column, as the banks' description has it, apart from our own writer."""

from typing import Any

OWN = "0000947710000007"
CLUB = "0000003517004403"


def header(**changes: str) -> str:
    columns = {
        "record": "074", "account": OWN, "name": "MĚSTO MODŘÍNOV      ", "opened": "221126",
        "opening": "00000001000000", "opening_sign": "+", "closing": "00000001080000", "closing_sign": "+",
        "debit": "00000000000000", "debit_sign": "0", "credit": "00000000080000", "credit_sign": "0",
        "number": "007", "closed": "231126", "filler": " " * 14,
    }  # fmt: skip
    return "".join({**columns, **changes}.values())


def item(**changes: str) -> str:
    columns = {
        "record": "075", "account": OWN, "counter": CLUB, "document": "0026000000001", "amount": "000000080000",
        "code": "2", "vs": "2601000001", "filler": "00", "bank": "0100", "ks": "0308", "ss": "0000000000",
        "value": "231126", "text": "Jiří Šťastný        ", "change": "0", "currency": "0203", "booked": "231126",
    }  # fmt: skip
    return "".join({**columns, **changes}.values())


def file(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines or (header(), item())).encode("cp1250")


def facts(movement: Any, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(movement, name) for name in names)
