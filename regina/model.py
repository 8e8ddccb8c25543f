"""The nouns of Regina: questions that come, records that a registry holds, answers that go out.

Pure: no clock, no files, no network. Nouns that carry personal data say nothing of themselves in `repr`,
so that a stray log line or a traceback cannot tell a name.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How a question ended. The first seven answer a question about a person, the last three one about a guardian."""

    MATCH = "match"
    MATCH_NOT_RESIDENT = "match_not_resident"
    AMBIGUOUS = "ambiguous"
    NO_MATCH = "no_match"
    DECEASED = "deceased"
    QUESTIONED = "questioned"
    UNAVAILABLE = "unavailable"
    PROVED_BY_REGISTRY = "proved_by_registry"
    NOT_PROVED = "not_proved"
    REFUSED = "refused"


class Differs(StrEnum):
    """The kind of data in which a question and the registry differ; never the data."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"


class ResidenceKind(StrEnum):
    """On what ground a person lives at the address."""

    PERMANENT = "permanent_residence"
    TEMPORARY = "temporary_residence"
    PROTECTION = "temporary_protection"


@dataclass(frozen=True, slots=True)
class Area:
    """Where one must live to be a resident: a municipality, or one city part of it. RÚIAN codes."""

    municipality_code: str
    city_part_code: str | None = None

    def holds(self, residence: Residence) -> bool:
        """A postal name says nothing: neighbours in another city part share it."""
        same_town = residence.municipality_code == self.municipality_code
        return same_town and (self.city_part_code is None or residence.city_part_code == self.city_part_code)


@dataclass(frozen=True, slots=True)
class Residence:
    """An address in a registry. Codes are RÚIAN's; `text` is for display on this machine only."""

    municipality_code: str
    city_part_code: str | None = None
    address_code: str | None = None
    kind: ResidenceKind = ResidenceKind.PERMANENT
    text: str = field(default="", repr=False)
    official_address: bool = False
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Parent:
    """A child's parent in the residents system. `responsible` is false where a court took the responsibility away."""

    registry_id: str
    responsible: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """What a registry holds of one person. `registry_id` is ROB's AIFO; it stays on this machine."""

    registry_id: str
    given_names: str
    surname: str
    birth_date: date
    birth_place: str = ""
    sex: str = ""
    former_surnames: tuple[str, ...] = ()
    residence: Residence | None = None
    died_on: date | None = None
    questioned: bool = False
    citizenship: str = ""
    parents: tuple[Parent, ...] = ()
    custody: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class PersonQuestion:
    """Who is this? Data as the person typed them; only the address code was chosen from a list."""

    given_names: str
    surname: str
    birth_date: date
    birth_place: str | None = None
    address_code: str | None = None


@dataclass(frozen=True, slots=True)
class GuardianQuestion:
    """Does this person hold parental responsibility for that child? Both were verified before, hence the references."""

    guardian_subject_ref: str
    child_subject_ref: str


@dataclass(frozen=True, slots=True)
class Job:
    """One leased question. `lease_until` is an ISO instant in UTC, as the town's cloud wrote it."""

    id: str
    lease_id: str
    lease_until: str
    question: PersonQuestion | GuardianQuestion


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """All that leaves this machine about one question."""

    outcome: Outcome
    request_id: str
    checked_at: str
    subject_ref: str | None = None
    given_names: str | None = None
    surname: str | None = None
    residence: Residence | None = None
    official_address: bool | None = None
    differs: tuple[Differs, ...] = ()

    def body(self, lease_id: str) -> dict[str, Any]:
        """The JSON body of the answer; what is unknown is left out."""
        body: dict[str, Any] = {
            "lease_id": lease_id,
            "outcome": self.outcome.value,
            "subject_ref": self.subject_ref,
            "request_id": self.request_id,
            "checked_at": self.checked_at,
            "residence": _residence_shape(self.residence) if self.residence else None,
            "official_address": self.official_address,
            "differs": [kind.value for kind in self.differs] or None,
        }
        if self.given_names is not None and self.surname is not None:
            body["registry"] = {"given_names": self.given_names, "surname": self.surname}
        return {key: value for key, value in body.items() if value is not None}


def _residence_shape(residence: Residence) -> dict[str, str]:
    shape = {
        "municipality_code": residence.municipality_code,
        "city_part_code": residence.city_part_code,
        "address_code": residence.address_code,
        "kind": residence.kind.value,
    }
    return {key: value for key, value in shape.items() if value is not None}


def subject_ref(subject_key: bytes, registry_id: str) -> str:
    """The stable, opaque name of a person in the cloud: base64url of HMAC-SHA256 under the town's subject key.

    Without the key, which never leaves this machine, nobody can tell whose reference it is or make one.
    """
    return b64url(hmac.new(subject_key, registry_id.encode(), hashlib.sha256).digest())


def b64url(raw: bytes) -> str:
    """Base64url without padding, as RFC 7515 writes it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64url(text: str) -> bytes:
    """The inverse of `b64url`. Raises ValueError on what is not base64url."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
