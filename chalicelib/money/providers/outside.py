"""The business register, asked for what a company number stands for.

Two parts behind one interface: ARES over HTTPS, and a file of invented companies in ARES's own format, for the local
cloud. The setting COMPANY_REGISTER is an `https` address or a path.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from chalicelib.core.settings import settings
from chalicelib.core.telemetry import log
from chalicelib.money.providers.model import LEGAL_FORMS, Company, CompanyRegisterUnavailable

ANSWER_SECONDS_MAX = 4
ANSWER_BYTES_MAX = 200_000


class CompanyRegister(Protocol):
    def company(self, ico: str) -> Company | None:
        """The company, or None where the register knows no such number. Raises CompanyRegisterUnavailable."""


class Ares:
    """The Ministry of Finance's ARES, REST, `/ekonomicke-subjekty/{ico}`. Source: its published OpenAPI document."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")

    def company(self, ico: str) -> Company | None:
        from urllib.error import HTTPError
        from urllib.request import Request, urlopen

        request = Request(f"{self.address}/ekonomicke-subjekty/{ico}", headers={"Accept": "application/json"})  # noqa: S310  the scheme is the deployment's setting
        try:
            with urlopen(request, timeout=ANSWER_SECONDS_MAX) as answer:  # noqa: S310
                return parsed(json.loads(answer.read(ANSWER_BYTES_MAX)))
        except HTTPError as error:
            if error.code == 404:
                return None
            log.warning("company register refused", status=error.code)
            raise CompanyRegisterUnavailable from None
        except (OSError, ValueError, KeyError):
            log.warning("company register unavailable")
            raise CompanyRegisterUnavailable from None


class CompanyFile:
    """Companies from a JSON file: a list of documents as ARES gives them."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def company(self, ico: str) -> Company | None:
        documents = json.loads(self.path.read_text(encoding="utf-8"))
        return next((parsed(document) for document in documents if document["ico"] == ico), None)


class NoRegister:
    """No register is set: whoever signs up types the data."""

    def company(self, ico: str) -> Company | None:
        raise CompanyRegisterUnavailable


def register() -> CompanyRegister:
    """The register that the settings name."""
    place = settings().company_register
    if not place:
        return NoRegister()
    return Ares(place) if place.startswith(("https://", "http://")) else CompanyFile(place)


def parsed(document: dict[str, Any]) -> Company:
    """A company from ARES's document. Legal forms we have no word for are `other`."""
    ended = document.get("datumZaniku")
    return Company(
        ico=document["ico"],
        name=document["obchodniJmeno"],
        seat=document.get("sidlo", {}).get("textovaAdresa", ""),
        legal_form=LEGAL_FORMS.get(document.get("pravniForma", ""), "other"),
        vat_payer=document.get("seznamRegistraci", {}).get("stavZdrojeDph") == "AKTIVNI",
        ended_on=date.fromisoformat(ended) if ended else None,
    )
