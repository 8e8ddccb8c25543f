"""The noun Town and what belongs to it. Nothing here is personal data."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from chalicelib.core.refusals import Refusal

type VerificationTime = Literal["at_registration", "during_review", "by_hand"]
type SettlementPeriod = Literal["weekly", "twice_a_month", "monthly"]
type LegalRegime = Literal["subsidy", "gift", "other"]
type SettlementRoute = Literal["direct", "clearing"]
type OrderFormat = Literal["abo", "pain.001.001.09", "pain.001.001.03"]

NOBODYS_TOWN = "_"
"""Where what belongs to no single town is kept: a person's sign-in serves all of them."""
ADDRESSES_SHOWN_MAX = 20
_LETTERS_WITHOUT_PARTS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d"})
_APOSTROPHES = re.compile(
    "['`\u00b4\u02b9\u02bb-\u02bf\u02c8\u02ca\u02cb\u2018-\u201b\u2032\u2035\ua78b\ua78c\uff07\uff40]"
)


@dataclass(frozen=True)
class Contact:
    """Where people turn to."""

    phone: str = ""
    email: str = ""
    office: str = ""
    office_hours: str = ""


@dataclass(frozen=True)
class SecondProof:
    """How a verified person proves that it is them, before any money: a code by post, or a document at the desk."""

    by_post: bool = True
    at_desk: bool = True


@dataclass(frozen=True)
class Notice:
    """One version of the privacy notice. It tells; it asks for no consent."""

    version: int
    published_on: date
    cs: str
    en: str = ""


@dataclass(frozen=True)
class Town:
    """A sponsor. Codes are RÚIAN's, as text; a city part has both its own and its municipality's.

    `joint_accountant`: one person may be both budget officer and chief accountant, as a small office may have it (Act
    320/2001 § 26).
    `bank_profile` is the code of the town's bank, which decides the dialect of its files, `order_format` their format.
    `settlement_route`: providers are paid from the town's own account, or from `clearing_account`, which the operator
    keeps for this town and the town fills with advances. Of each payout `control_sample_permille` redemptions in a
    thousand wait for a clerk's look; none where it is 0. `legal_regime`, `undo_window_minutes` and `order_confirm_days`
    are what a new programme begins with; the programme's own rules decide.
    """

    slug: str
    name: str
    ico: str
    municipality_code: str
    colour: str = "#2362a2"
    arms: str = ""
    city_part_code: str = ""
    verification: VerificationTime = "at_registration"
    verification_valid_days: int = 365
    account_number: str = ""
    bank_profile: str = ""
    settlement_period: SettlementPeriod = "monthly"
    settlement_route: SettlementRoute = "direct"
    clearing_account: str = ""
    order_format: OrderFormat = "abo"
    control_sample_permille: int = 0
    joint_accountant: bool = False
    legal_regime: LegalRegime = "other"
    contact: Contact = field(default_factory=Contact)
    second_proof: SecondProof = field(default_factory=SecondProof)
    undo_window_minutes: int = 15
    order_confirm_days: int = 7
    notice_version: int = 1
    found_at: datetime | None = None
    v: int = 1

    @property
    def paying_account(self) -> str:
        """The account that payment orders debit; empty where it is not set up."""
        return self.clearing_account if self.settlement_route == "clearing" else self.account_number

    def dialect_of(self, account: str) -> str:
        """The code of the bank in whose dialect an account's files are; empty for the account's own bank."""
        return self.bank_profile if account == self.account_number else ""

    def is_home(self, municipality_code: str, city_part_code: str = "") -> bool:
        """Whether a residence lies in this town: by city part where the town is one, else by municipality."""
        if self.city_part_code:
            return city_part_code == self.city_part_code
        return municipality_code == self.municipality_code


@dataclass(frozen=True)
class Address:
    """An address point of the town: RÚIAN's code, and the text for people."""

    code: str
    text: str
    municipality_code: str = ""
    city_part_code: str = ""


@dataclass
class TownUnknown(Refusal):
    status = 404
    cs = "Město {city} tady není. Zkontrolujte adresu stránky."
    en = "There is no town {city} here. Check the page's address."
    city: str


class AddressUnknown(Refusal):
    status = 422
    cs = "Tuto adresu v seznamu města nemáme. Vyberte ji z nabídky nebo ji napište jako text."
    en = "This address is not in the town's list. Choose one from the list or write it as text."


@dataclass
class NoticeOutdated(Refusal):
    status = 409
    cs = "Poučení o zpracování údajů má novější verzi ({current}). Přečtěte si ji a odešlete údaje znovu."
    en = "The privacy notice has a newer version ({current}). Read it and send your data again."
    current: int


def folded(text: str) -> str:
    """Text as it is compared: lower case, without diacritics and apostrophes of any kind, single spaces."""
    spelled = _APOSTROPHES.sub("", text).casefold().translate(_LETTERS_WITHOUT_PARTS)
    plain = unicodedata.normalize("NFKD", spelled)
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def street_of(query: str) -> str:
    """What stands before the first number of an address query, folded."""
    return re.split(r"[0-9]", folded(query), maxsplit=1)[0].strip()


def fits(address: str, query: str) -> bool:
    """Whether an address answers a query: the street begins alike and each number asked for begins some number of it.

    House and orientation numbers may be swapped or one left out: people do not know which is which.
    """
    text = folded(address)
    numbers = re.findall(r"[0-9]+[a-z]?", text)
    asked = re.findall(r"[0-9]+[a-z]?", folded(query))
    return text.startswith(street_of(query)) and all(any(n.startswith(a) for n in numbers) for a in asked)
