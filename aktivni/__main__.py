"""`aktivni verify-receipt FILE [--seal FILE|ROOT]`.

Exit codes: 0 it is in the seal, 1 it is not and the text names why, 2 the file is no receipt, 3 it fits the seal that came
with it but no other seal was given to compare, 4 its day is not sealed yet.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .receipt import NotAReceipt, NotProven, NotSealedYet, Receipt, Seal, read_receipt, read_root, read_seal, verify

PROVEN, NOT_PROVEN, NOT_A_RECEIPT, NOT_COMPARED, NOT_SEALED = range(5)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="aktivni", description="Checks what Aktivní město says, off line.")
    commands = parser.add_subparsers(required=True)
    check = commands.add_parser("verify-receipt", help="is this movement of money in the town's sealed books?")
    check.add_argument("receipt", type=Path, metavar="FILE", help="the receipt with its proof, as JSON")
    check.add_argument(
        "--seal", metavar="FILE|ROOT", help="the day's seal as the town published it: a JSON file, or its root"
    )
    options = parser.parse_args(arguments)
    return verify_receipt(options.receipt, options.seal)


def verify_receipt(file: Path, seal: str | None) -> int:
    """Check one receipt and say what was found."""
    try:
        receipt = read_receipt(_json(file))
        verify(receipt, _seal(seal) if seal else receipt.seal)
    except NotAReceipt as fault:
        return _say(f"{file}: not a receipt that can be checked: {fault}", NOT_A_RECEIPT)
    except NotSealedYet as fault:
        return _say(f"{file}: not sealed yet: {fault}", NOT_SEALED)
    except NotProven as fault:
        return _say(f"{file}: NOT PROVEN\n  {fault}", NOT_PROVEN)
    print(_summary(receipt))
    if not seal:
        where = f"/v1/cities/{receipt.seal.city}/seals/{receipt.seal.day}"
        return _say(
            f"  The receipt fits the seal inside it. Compare that with the one published at {where} (--seal).",
            NOT_COMPARED,
        )
    print("  PROVEN: the movement is in the sealed books.")
    return PROVEN


def _seal(given: str) -> Seal:
    file = Path(given)
    if file.is_file():
        return read_seal(_json(file))
    return read_root(given)


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except OSError as fault:
        raise NotAReceipt(f"it cannot be read ({fault.strerror})") from None
    except ValueError:
        raise NotAReceipt("it is not JSON") from None


def _summary(receipt: Receipt) -> str:
    """The movement in a line, as far as its body says; the body is what was hashed."""
    try:
        body = json.loads(receipt.body)
    except ValueError:
        body = {}
    parts = [str(body[name]) for name in ("kind", "id", "posted_at") if isinstance(body, dict) and name in body]
    if isinstance(body, dict) and isinstance(amount := body.get("amount_minor"), int):
        parts.append(f"{amount // 100}.{amount % 100:02} {body.get('currency', '')}".strip())
    seal = receipt.seal
    return f"{', '.join(parts)}\n  entry {receipt.index + 1} of {seal.count} of {seal.city} on {seal.day}, root {seal.root.hex()}"


def _say(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
