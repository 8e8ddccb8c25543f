"""Every "no" that a person can meet is a named class: its status, its code and its words stand in one place.

HTTP, queues and imports share them. `docs/errors.md` is made from the list of them.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from chalicelib.core.clock import PRAGUE

NBSP = "\N{NO-BREAK SPACE}"
MINUTE, HOUR = 60, 3600


class Refusal(Exception):
    """A refusal with its data. Subclasses with data are dataclasses whose fields fill the texts `cs` and `en`.

    The stable code is the class name in snake_case; `status` is the HTTP status; those that are `watched` are counted, for an
    alarm: many of them are somebody's work.
    """

    status: ClassVar[int]
    watched: ClassVar[bool] = False
    cs: ClassVar[str]
    en: ClassVar[str]
    all: ClassVar[dict[str, type["Refusal"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "status" in cls.__dict__:
            Refusal.all[cls.code()] = cls

    @classmethod
    def code(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def facts(self) -> dict[str, Any]:
        """The refusal's own data: texts, numbers, days and instants, lists of them; `errors` is a list of FieldError."""
        return {f.name: getattr(self, f.name) for f in getattr(self, "__dataclass_fields__", {}).values()}

    def headers(self) -> dict[str, str]:
        """Headers of the answer: Retry-After, the seconds after which the same request may succeed, where they are known."""
        seconds = self.facts().get("wait_seconds")
        return {} if seconds is None else {"Retry-After": str(seconds)}

    def text(self, language: str = "cs") -> str:
        template = self.en if language == "en" else self.cs
        return template.format(**{name: _shown(name, value) for name, value in self.facts().items()})

    def __str__(self) -> str:
        return f"{self.code()} {self.facts()}"


def _shown(name: str, value: Any) -> Any:
    """A fact as a person reads it: crowns, waits, Czech dates, Prague time."""
    if name.endswith("_minor") and isinstance(value, int):
        return crowns(value)
    if name == "wait_seconds":
        return span(value)
    if isinstance(value, datetime):
        local = value.astimezone(PRAGUE)
        return f"{_shown('', local.date())} {local.hour}:{local.minute:02}"
    if isinstance(value, date):
        return f"{value.day}.{NBSP}{value.month}.{NBSP}{value.year}"
    return value


def span(seconds: int) -> str:
    """A wait as a person reads it, never shorter than it is: `40 s`, `3 min`, `2 h`."""
    for limit, unit, name in ((MINUTE, 1, "s"), (HOUR, MINUTE, "min")):
        if seconds <= limit:
            return f"{-(-seconds // unit)}{NBSP}{name}"
    return f"{-(-seconds // HOUR)}{NBSP}h"


def crowns(amount_minor: int) -> str:
    """Haléře as crowns for people: `1 234,50 Kč`, whole crowns without decimals."""
    whole, rest = divmod(abs(amount_minor), 100)
    sign = "\N{MINUS SIGN}" if amount_minor < 0 else ""
    grouped = f"{whole:,}".replace(",", NBSP)
    return f"{sign}{grouped}{f',{rest:02}' if rest else ''}{NBSP}Kč"


@dataclass(frozen=True)
class FieldError:
    """One mistake in the input: where it stands (`contact.email`, `line 12`), its code, and how to mend it in both
    languages."""

    field: str
    code: str
    cs: str
    en: str

    def shown(self, language: str = "cs") -> dict[str, str]:
        """As it stands in the problem document."""
        return {"field": self.field, "code": self.code, "message": self.en if language == "en" else self.cs}


@dataclass
class InvalidInput(Refusal):
    status = 422
    cs = "Opravte označené údaje a odešlete je znovu."
    en = "Correct the marked fields and send them again."
    errors: list[FieldError]


class MalformedJson(Refusal):
    status = 400
    cs = "Tělo požadavku není platný JSON. Pošlete objekt JSON v kódování UTF-8."
    en = "The body is not valid JSON. Send one JSON object in UTF-8."


@dataclass
class NameRepeated(Refusal):
    status = 400
    cs = "Údaj {name} je v požadavku dvakrát. Pošlete ho jednou."
    en = "The field {name} is in the request twice. Send it once."
    name: str


@dataclass
class CharsetUnsupported(Refusal):
    status = 415
    cs = "Kódování {charset} nepřijímáme. Pošlete požadavek v UTF-8."
    en = "The charset {charset} is not accepted. Send the request in UTF-8."
    charset: str


@dataclass
class BodyTooLarge(Refusal):
    status = 413
    cs = "Požadavek je příliš velký. Nejvýše smí mít {bytes_max} bajtů."
    en = "The request is too large. It may have {bytes_max} bytes at most."
    bytes_max: int


class FileTooLarge(Refusal):
    status = 422
    cs = "Soubor by byl příliš velký. Vyberte kratší období nebo užší výběr."
    en = "The file would be too large. Choose a shorter time or a narrower selection."


class SignInNeeded(Refusal):
    status = 401
    cs = "Přihlášení vypršelo nebo chybí. Přihlaste se znovu."
    en = "The sign-in has expired or is missing. Sign in again."


class WrongRole(Refusal):
    status = 403
    watched = True
    cs = "Na tohle vaše role nestačí. Obraťte se na správce města nebo poskytovatele."
    en = "Your role does not allow this. Ask the town's or the provider's administrator."


class NotFound(Refusal):
    status = 404
    cs = "Tohle jsme nenašli. Zkontrolujte adresu nebo se vraťte na přehled."
    en = "We found nothing here. Check the address or go back to the overview."


@dataclass
class MethodNotAllowed(Refusal):
    status = 405
    cs = "Tady tento druh požadavku nejde. Povolené druhy jsou {allowed}."
    en = "This method does not work here. Those that do are {allowed}."
    allowed: str

    def headers(self) -> dict[str, str]:
        return {"Allow": self.allowed}


class UnsupportedMediaType(Refusal):
    status = 415
    cs = "Pošlete požadavek jako application/json."
    en = "Send the request as application/json."


class IdempotencyKeyMissing(Refusal):
    status = 400
    cs = "Chybí hlavička Idempotency-Key. Pošlete vlastní jedinečný klíč operace o 8 až 64 znacích."
    en = "The Idempotency-Key header is missing. Send your own unique key of the operation, 8 to 64 characters."


class KeyUsedForOtherRequest(Refusal):
    status = 409
    cs = "Tento klíč operace už patří jinému požadavku. Pro nový požadavek použijte nový klíč."
    en = "This operation's key belongs to another request. Use a new key for a new request."


class IfMatchMissing(Refusal):
    status = 428
    cs = "Chybí hlavička If-Match. Načtěte záznam znovu a pošlete jeho ETag."
    en = "The If-Match header is missing. Read the record again and send its ETag."


class ChangedMeanwhile(Refusal):
    status = 409
    cs = "Záznam mezitím změnil někdo jiný. Načtěte ho znovu a úpravu zopakujte."
    en = "Somebody changed the record meanwhile. Read it again and repeat your edit."


class CursorInvalid(Refusal):
    status = 400
    cs = "Odkaz na další stránku neplatí pro tento seznam. Začněte od první stránky."
    en = "The page cursor does not belong to this list. Start from the first page."


class DocumentNotArrived(Refusal):
    status = 409
    cs = "Soubor k nám nedorazil celý nebo není PDF, JPEG či PNG. Nahrajte ho znovu."
    en = "The file did not arrive whole or is not a PDF, JPEG or PNG. Upload it again."


class TryAgain(Refusal):
    status = 503
    cs = (
        "Právě teď to nestíháme. Nic se nezměnilo nebo ještě nevíme výsledek: pošlete stejný požadavek znovu za chvíli."
    )
    en = "We are busy right now. Nothing changed or the result is unknown: send the same request again in a moment."


@dataclass
class TooManyTries(Refusal):
    status = 429
    watched = True
    cs = "Příliš mnoho pokusů. Zkuste to znovu za {wait_seconds}."
    en = "Too many tries. Try again in {wait_seconds}."
    wait_seconds: int


class OriginRefused(Refusal):
    status = 403
    cs = "Na API se přistupuje přes adresu aplikace."
    en = "Reach the API through the application's address."


class OurFault(Refusal):
    status = 500
    cs = "Něco se pokazilo u nás. Zkuste to znovu; když to potrvá, napište nám kód podpory."
    en = "Something went wrong on our side. Try again; if it lasts, write us the support code."
