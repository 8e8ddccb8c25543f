"""How to mend what a shape refused: words in both languages for each kind of error that validation names."""

import re
from typing import Any

from pydantic import StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from chalicelib.core.refusals import FieldError

ERRORS_MAX = 100
"""Faults told at once: who mends a hundred learns of the rest."""

_PATTERNS: dict[str, tuple[str, str]] = {}

_FILL_IN = ("Doplňte tento údaj.", "Fill this in.")
_DAY = ("Napište den, který existuje, ve tvaru RRRR-MM-DD.", "Write a day that exists, as YYYY-MM-DD.")
_INSTANT = (
    "Napište čas, který existuje, i s pásmem, například 2026-05-04T10:00:00Z.",
    "Write a time that exists with its zone, for example 2026-05-04T10:00:00Z.",
)
_WHOLE = ("Napište celé číslo.", "Write a whole number.")
_YES_NO = ("Zvolte ano (true), nebo ne (false).", "Choose yes (true) or no (false).")
_OBJECT = ("Pošlete objekt JSON s pojmenovanými údaji.", "Send a JSON object with named fields.")
_LIST = ("Pošlete seznam.", "Send a list.")
_TEXT = ("Napište text ve znacích Unicode.", "Write a text in Unicode characters.")
_CHOICE = ("Vyberte jednu z těchto hodnot: {expected}.", "Choose one of these values: {expected}.")
OTHER = ("Tuto hodnotu sem nejde zapsat. Opravte ji podle popisu API.", "This value cannot stand here. See the API.")

_WORDS: dict[str, tuple[str, str]] = {
    "missing": _FILL_IN,
    "extra_forbidden": (
        "Tento údaj tu nemá být. Zkontrolujte jeho název, nebo ho vynechte.",
        "This field does not belong here. Check its name, or leave it out.",
    ),
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_too_short": ("Napište delší text, nejmenší počet znaků je {min_length}.", "Write at least {min_length}."),
    "string_too_long": (
        "Zkraťte to, nejvyšší počet znaků je {max_length}.",
        "Make it shorter, {max_length} characters at most.",
    ),
    "string_pattern_mismatch": (
        "Opravte znaky nebo tvar, toto tu být nemůže.",
        "Correct the characters or the form, this cannot stand here.",
    ),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "greater_than": ("Napište číslo větší než {gt}.", "Write a number above {gt}."),
    "greater_than_equal": ("Napište číslo od {ge} výš.", "Write a number from {ge} up."),
    "less_than": ("Napište číslo menší než {lt}.", "Write a number below {lt}."),
    "less_than_equal": ("Napište nejvýše {le}.", "Write {le} at most."),
    "literal_error": _CHOICE,
    "enum": _CHOICE,
    "too_short": ("Přidejte položky, nejméně jich má být {min_length}.", "Add items, {min_length} at least."),
    "too_long": ("Uberte položky, nejvýše jich smí být {max_length}.", "Take items away, {max_length} at most."),
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "datetime_object_invalid": _INSTANT,
    "timezone_aware": _INSTANT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "json_invalid": _TEXT,
    "json_type": _TEXT,
}


def known(code: str) -> bool:
    """Whether there are words of its own for this kind of error."""
    return code in _WORDS


def matching(pattern: str, cs: str, en: str, **more: Any) -> StringConstraints:
    """A text of this form, with the words that a person reads when it has another one."""
    _PATTERNS[pattern] = (cs, en)
    return StringConstraints(pattern=pattern, **more)


def wrong(code: str, cs: str, en: str) -> PydanticCustomError:
    """What a shape's own check raises."""
    return PydanticCustomError(code, "{en}", {"cs": cs, "en": en})


def field_errors(error: ValidationError) -> list[FieldError]:
    """What is wrong, where and how to mend it; ERRORS_MAX at most."""
    found = error.errors(include_url=False, include_input=False)[:ERRORS_MAX]
    return [FieldError(_place(each["loc"]), each["type"], *_words(each["type"], each.get("ctx", {}))) for each in found]


def _place(path: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in path) or "body"


def _words(code: str, facts: dict[str, Any]) -> tuple[str, str]:
    if "cs" in facts:
        return facts["cs"], facts["en"]
    if facts.get("min_length") == 1:
        return _FILL_IN
    words = _PATTERNS.get(facts.get("pattern", "")) or _WORDS.get(code, OTHER)
    listed = {**facts, "expected": re.sub(" or (?=')", ", ", str(facts.get("expected", "")))}
    cs, en = (text.format(**listed) for text in words)
    return cs, en
