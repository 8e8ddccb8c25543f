"""Money is whole haléře from end to end."""

from typing import Annotated

from pydantic import Field

CURRENCY = "CZK"
AMOUNT_MINOR_MAX = 10**12

type AmountMinor = Annotated[int, Field(ge=1, le=AMOUNT_MINOR_MAX)]
"""An amount in haléře, 1 to 10^12."""


def decimal(amount_minor: int, mark: str = ",") -> str:
    """Haléře as crowns for files that programs read: `-1234,50`, always two decimals, no grouping."""
    whole, rest = divmod(abs(amount_minor), 100)
    return f"{'-' if amount_minor < 0 else ''}{whole}{mark}{rest:02}"
