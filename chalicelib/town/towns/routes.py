"""Doors to the towns: what anyone may know of one, and its settings for the administrator."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.commons.bank.numbers import is_account, split_account
from chalicelib.core.edits import Patch
from chalicelib.core.gate import ADMIN, ANYONE, STAFF
from chalicelib.core.http import Api, Call
from chalicelib.core.mending import matching, wrong
from chalicelib.core.shapes import LINES, ONE_LINE, Email, Line, Shape, Short
from chalicelib.town.towns import service
from chalicelib.town.towns.model import (
    LegalRegime,
    OrderFormat,
    SettlementPeriod,
    SettlementRoute,
    Town,
    VerificationTime,
)

api = Api("towns")

NOTICE_LENGTH_MAX = 20_000


def _account(text: str) -> str:
    parts = split_account(text)
    if text and (parts is None or not is_account(*parts)):
        raise wrong(
            "account",
            "Napište číslo českého účtu ve tvaru předčíslí-číslo/kód banky.",
            "Write a Czech account number as prefix-number/bank code.",
        )
    return text


type Colour = Annotated[
    str,
    matching(
        r"^#[0-9a-f]{6}$",
        "Napište barvu jako # a šest znaků 0–9, a–f.",
        "Write the colour as # and six characters 0–9, a–f.",
        to_lower=True,
    ),
]
type BankCode = Annotated[
    str, matching(r"^([0-9]{4})?$", "Kód banky má čtyři číslice.", "A bank's code has four digits.")
]
type AccountNumber = Annotated[str, StringConstraints(strip_whitespace=True, max_length=30), AfterValidator(_account)]
type NoticeText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=NOTICE_LENGTH_MAX), LINES]


class ContactShape(Shape):
    phone: Short = ""
    email: Email | Literal[""] = ""
    office: Short = ""
    office_hours: Short = ""


class SecondProofWays(Shape):
    by_post: bool
    at_desk: bool


class CityShape(Shape):
    """A town as anyone may see it."""

    slug: str
    name: str
    ico: str
    colour: str
    arms: str
    municipality_code: str
    city_part_code: str
    verification: VerificationTime
    legal_regime: LegalRegime
    undo_window_minutes: int
    order_confirm_days: int
    contact: ContactShape
    second_proof: SecondProofWays
    notice_version: int


class CitiesShape(Shape):
    items: tuple[CityShape, ...]
    next: str | None = None


class SettingsShape(CityShape):
    """A town with all its settings; `v` is its version for If-Match."""

    verification_valid_days: int
    account_number: str
    bank_profile: str
    settlement_period: SettlementPeriod
    settlement_route: SettlementRoute
    clearing_account: str
    order_format: OrderFormat
    control_sample_permille: int
    joint_accountant: bool
    v: int


class SettingsPatch(Patch):
    """What an administrator may change; what is left out stays."""

    name: Line | None = None
    colour: Colour | None = None
    verification: VerificationTime | None = None
    verification_valid_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    account_number: AccountNumber | None = None
    bank_profile: BankCode | None = None
    settlement_period: SettlementPeriod | None = None
    settlement_route: SettlementRoute | None = None
    clearing_account: AccountNumber | None = None
    order_format: OrderFormat | None = None
    control_sample_permille: Annotated[int, Field(ge=0, le=1000)] | None = None
    joint_accountant: bool | None = None
    legal_regime: LegalRegime | None = None
    contact: ContactShape | None = None
    second_proof: SecondProofWays | None = None
    undo_window_minutes: Annotated[int, Field(ge=0, le=1440)] | None = None
    order_confirm_days: Annotated[int, Field(ge=1, le=60)] | None = None


class NoticeShape(Shape):
    version: int
    published_on: date
    cs: str
    en: str


class NoticesShape(Shape):
    items: tuple[NoticeShape, ...]
    next: str | None = None


class NewNotice(Shape):
    cs: Annotated[NoticeText, Field(min_length=1)]
    en: NoticeText = ""


class AddressQuery(Shape):
    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100), ONE_LINE]


class AddressShape(Shape):
    code: str
    text: str


class AddressesShape(Shape):
    items: tuple[AddressShape, ...]
    next: str | None = None


@api.get("/cities", allow=ANYONE)
def list_cities(call: Call) -> CitiesShape:
    """Every town of this installation."""
    return CitiesShape(items=tuple(CityShape.of(town) for town in service.all_towns()))


@api.get("/cities/{city}", allow=ANYONE)
def get_city(call: Call) -> CityShape:
    """A town's name, colours, contact and codes."""
    return CityShape.of(service.town(call.city))


@api.get("/cities/{city}/settings", allow=STAFF)
def get_settings(call: Call) -> SettingsShape:
    """All settings of the town, with its version as ETag."""
    return _settings(service.town_now(call.city))


@api.patch("/cities/{city}", allow=ADMIN, edits=True)
def patch_city(call: Call[SettingsPatch]) -> SettingsShape:
    """Change the town's settings. Refusals: changed_meanwhile."""
    return _settings(service.amend(call.city, call.version, call.body.changes()))


@api.get("/cities/{city}/privacy-notice", allow=ANYONE)
def get_notice(call: Call) -> NoticeShape:
    """The privacy notice that now holds."""
    return NoticeShape.of(service.notice(call.city))


@api.get("/cities/{city}/privacy-notices", allow=STAFF)
def list_notices(call: Call) -> NoticesShape:
    """Every version of the privacy notice, newest first."""
    return NoticesShape(items=tuple(NoticeShape.of(notice) for notice in service.notices(call.city)))


@api.post("/cities/{city}/privacy-notices", allow=ADMIN, status=201)
def publish_notice(call: Call[NewNotice]) -> NoticeShape:
    """Publish the next version of the privacy notice; it takes effect at once."""
    return NoticeShape.of(service.publish_notice(call.city, call.body.cs, call.body.en))


@api.get("/cities/{city}/addresses", allow=ANYONE)
def list_addresses(call: Call[None, AddressQuery]) -> AddressesShape:
    """Addresses of the town to choose from, twenty at most. Numbers may come in any order."""
    found = service.addresses_like(service.town(call.city).slug, call.query.query)
    return AddressesShape(items=tuple(AddressShape.of(address) for address in found))


def _settings(town: Town) -> SettingsShape:
    return SettingsShape.of(town)
