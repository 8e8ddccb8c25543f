"""The population registry (ROB) through the state's service bus (ISZR): SOAP with the office's client certificate.

Services: E278 robCtiPodleUdaju2 (by data) and E03 robCtiAifo (by the registry's id). Answers are read by local names,
since namespaces carry versions, and a document with a DTD is refused before it is parsed: no entity is ever expanded.
What could not be checked without access to the state's network is listed in `docs/regina.md`.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from xml.etree import ElementTree as ET

import httpx

from .addresses import AddressPoints
from .config import RobSource
from .model import PersonQuestion, Record, Residence, ResidenceKind
from .registries import Query, RegistryUnavailable

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
ISZR = "urn:cz:isvs:iszr:services:{service}:v1"
REG = "urn:cz:isvs:reg:schemas:RegTypy:v1"
ROB = "urn:cz:isvs:rob:schemas:RobDotazyData:v1"

BY_DATA, BY_AIFO = "RobCtiPodleUdaju2", "RobCtiAifo"
READ_FIELDS = "Prijmeni Jmeno DatumNarozeni MistoNarozeni DatumUmrti AdresaPobytu Obcanstvi"
MOST_RECORDS = 10
REPLY_LIMIT_BYTES = 2_000_000
CORRECT = "spravny"

_DTD = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_CALENDAR_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?")
_KINDS = {
    "prechodny": ResidenceKind.TEMPORARY,
    "docasna_ochrana": ResidenceKind.PROTECTION,
}  # every other value, and none, is a permanent residence


def rob_client(source: RobSource) -> httpx.Client:
    """A client that shows the office's certificate and trusts the state's authority alone, where `ca` names it.

    Raises OSError or ssl.SSLError when the certificate cannot be read.
    """
    context = ssl.create_default_context(cafile=str(source.ca) if source.ca else None)
    context.load_cert_chain(source.certificate, source.certificate_key)
    return httpx.Client(verify=context, timeout=source.timeout_seconds)


class Rob:
    """Asks E278 and E03."""

    def __init__(
        self,
        source: RobSource,
        user: str,
        purpose: str,
        points: AddressPoints,
        http: httpx.Client,
        now: Callable[[], datetime],
    ) -> None:
        self._source = source
        self._user = user
        self._purpose = purpose
        self._points = points
        self._http = http
        self._now = now

    def find_by_name(self, question: PersonQuestion, query: Query) -> Sequence[Record]:
        """E278 by name, surname and birth date. The registry minds diacritics here."""
        data = {
            "Prijmeni": question.surname,
            "Jmeno": question.given_names,
            "DatumNarozeni": question.birth_date.isoformat(),
        }
        return self._people(BY_DATA, data, query)

    def find_by_address(self, question: PersonQuestion, query: Query) -> Sequence[Record]:
        """E278 by birth date and address code: spelling plays no part."""
        data = {"AdresaPobytu": question.address_code or "", "DatumNarozeni": question.birth_date.isoformat()}
        return self._people(BY_DATA, data, query)

    def read(self, registry_id: str, query: Query) -> Record | None:
        """E03 by AIFO."""
        return next(iter(self._people(BY_AIFO, {"Aifo": registry_id}, query)), None)

    def _people(self, service: str, data: dict[str, str], query: Query) -> Sequence[Record]:
        reply = self._call(service, self._envelope(service, data, query))
        _check_status(reply, query)
        try:
            return [self._record(person) for person in _all(reply, "Osoba")]
        except ValueError:
            raise RegistryUnavailable("reply not understood") from None

    def _call(self, service: str, envelope: bytes) -> ET.Element:
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{ISZR.format(service=service)}"'}
        try:
            response = self._http.post(self._source.endpoint, content=envelope, headers=headers)
        except httpx.HTTPError as e:
            raise RegistryUnavailable(type(e).__name__) from None
        if response.status_code != 200:
            raise RegistryUnavailable(f"HTTP {response.status_code}")
        return parse(response.content)

    def _envelope(self, service: str, data: dict[str, str], query: Query) -> bytes:
        namespace = ISZR.format(service=service)
        envelope = ET.Element(f"{{{SOAP}}}Envelope")
        call = _sub(_sub(envelope, SOAP, "Body"), namespace, service)
        self._request_info(_sub(call, namespace, "ZadostInfo"), query)
        allowed = _sub(call, namespace, "AutorizaceInfo")
        _sub(allowed, REG, "MaximalniPocetZaznamu", str(MOST_RECORDS))
        _sub(allowed, REG, "SeznamUdaju", READ_FIELDS)
        asked = _sub(_sub(call, namespace, "Zadost"), namespace, f"{service}Data")
        for name, value in data.items():
            _sub(asked, ROB, name, value)
        content: bytes = ET.tostring(envelope, encoding="utf-8", xml_declaration=True)
        return content

    def _request_info(self, info: ET.Element, query: Query) -> None:
        """Who asks, for which agenda, and why: the registry writes it down, and the person may see it."""
        source = self._source
        values = {
            "CasZadosti": self._now().isoformat(timespec="milliseconds"),
            "Agenda": source.agenda,
            "AgendovaRole": source.role,
            "Ovm": source.ovm,
            "Ais": source.ais,
            "Subjekt": source.subject,
            "Uzivatel": self._user,
            "DuvodUcel": self._purpose,
            "AgendaZadostId": query.request_id,
        }
        for name, value in values.items():
            _sub(info, REG, name, value)

    def _record(self, person: ET.Element) -> Record:
        born = _text(person, "DatumNarozeni")
        aifo = person.get("aifo") or _text(person, "Aifo")
        surname, given_names = _text(person, "Prijmeni"), _text(person, "Jmeno")
        if not (born and aifo and surname):
            raise ValueError("a person without the fields we asked for")
        died = _text(person, "DatumUmrti")
        return Record(
            registry_id=aifo,
            given_names=given_names or "",
            surname=surname,
            birth_date=_day(born),
            birth_place=_text(person, "MistoNarozeni") or "",
            residence=self._residence(person),
            died_on=_day(died) if died else None,
            questioned=any(field.get("stav", CORRECT) != CORRECT for field in person.iter()),
            citizenship=_text(person, "Obcanstvi") or "",
        )

    def _residence(self, person: ET.Element) -> Residence | None:
        """None for an address outside the town's list: where else a person lives is none of our business."""
        address = next(_all(person, "AdresaPobytu"), None)
        code = "".join(address.itertext()).strip() if address is not None else ""
        place = self._points.locate(code)
        if address is None or place is None:
            return None
        municipality_code, city_part_code = place
        return Residence(
            municipality_code=municipality_code,
            city_part_code=city_part_code,
            address_code=code,
            kind=_KINDS.get(address.get("druhPobytu", ""), ResidenceKind.PERMANENT),
            official_address=code in self._source.official_addresses,
        )


def parse(content: bytes) -> ET.Element:
    """A SOAP reply as a tree. Raises RegistryUnavailable for one that is too long, carries a DTD or is not XML."""
    if len(content) > REPLY_LIMIT_BYTES:
        raise RegistryUnavailable("reply too long")
    if b"\x00" in content or _DTD.search(content):
        # UTF-16 and UTF-32 would hide a DTD from the search; every one of them has a zero byte in its first tag.
        raise RegistryUnavailable("reply with a DTD or in another encoding")
    try:
        return ET.fromstring(content)  # noqa: S314 - a DTD, and with it every entity, was refused above
    except (ET.ParseError, LookupError, ValueError):
        raise RegistryUnavailable("reply is not XML") from None


def _check_status(reply: ET.Element, query: Query) -> None:
    if next(_all(reply, "Fault"), None) is not None:
        raise RegistryUnavailable("SOAP fault")
    info = next(_all(reply, "OdpovedInfo"), None)
    if info is None:
        raise RegistryUnavailable("reply not understood")
    if _text(info, "AgendaZadostId") not in {None, query.request_id}:
        raise RegistryUnavailable("reply to another request")
    result = _text(info, "VysledekKod")
    if result not in {"OK", "VAROVANI"}:
        raise RegistryUnavailable(
            re.sub(r"[^A-Z0-9_ ]", "", f"{result} {_text(info, 'VysledekSubKod') or ''}".strip())[:60]
        )


def _sub(parent: ET.Element, namespace: str, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, f"{{{namespace}}}{name}")
    child.text = text
    return child


def _all(element: ET.Element, name: str) -> Iterator[ET.Element]:
    return (child for child in element.iter() if child.tag.rpartition("}")[2] == name)


def _text(element: ET.Element, name: str) -> str | None:
    found = next(_all(element, name), None)
    return ("".join(found.itertext()).strip() or None) if found is not None else None


def _day(text: str) -> date:
    """An xs:date, which may carry a zone; the day is meant as written."""
    match = _CALENDAR_DAY.fullmatch(text)
    if match is None:
        raise ValueError("not a day")
    return date.fromisoformat(match[1])
