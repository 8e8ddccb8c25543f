"""Money is whole haléře from end to end."""

from typing import Annotated

from pydantic import Field

CURRENCY = "CZK"
AMOUNT_MINOR_MAX = 10**12

type AmountMinor = Annotated[int, Field(ge=1, le=AMOUNT_MINOR_MAX)]
"""An amount in haléře, 1 to 10^12."""

type BalanceMinor = Annotated[int, Field(ge=0, le=AMOUNT_MINOR_MAX)]
