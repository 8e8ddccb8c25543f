"""Which municipality and city part an address point lies in: from the list that ČÚZK publishes for each municipality.

The population registry gives the code of the address point alone. A town's own list is enough: who is not on it lives
elsewhere.
"""

from __future__ import annotations

import csv
from pathlib import Path

from .registries import RegistryUnavailable

_ADDRESS, _MUNICIPALITY, _CITY_PART = "Kód ADM", "Kód obce", "Kód MOMC"


class AddressPoints:
    """The list as downloaded: Windows-1250, separated by semicolons. MOMC is the city part or borough."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open(encoding="cp1250", newline="") as lines:
                rows = csv.DictReader(lines, delimiter=";")
                self._points = {row[_ADDRESS]: (row[_MUNICIPALITY], row[_CITY_PART] or None) for row in rows}
        except (OSError, KeyError, UnicodeDecodeError) as e:
            raise RegistryUnavailable(f"{path}: not a list of address points ({type(e).__name__})") from None

    def locate(self, address_code: str) -> tuple[str, str | None] | None:
        """Codes of the municipality and the city part; None for an address outside the town."""
        return self._points.get(address_code)
