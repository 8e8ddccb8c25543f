"""A list that stops at a number loses what is behind it: each such read is named here, with why nothing is lost."""

import re

from tools.docs import ROOT

STOP = re.compile(r"(?:items_in|rows_in)\(.*\b([A-Z][A-Z_]*(?:MAX|STEP))\b")

STOPS = {
    "ACCOUNTS_MAX": "versions of one provider's account, each confirmed by a call",
    "ACTIVITIES_OF_PROVIDER_MAX": "what one provider has made by hand",
    "ADDRESSES_READ_MAX": "a search: more letters narrow it",
    "CHILDREN_MAX": "a person's children",
    "HISTORY_SHOWN_MAX": "what a screen shows of a history",
    "HOUSEHOLD_MAX": "a person's children with all that was asked of them",
    "KEYS_MAX": "keys of one town's Regina, made by hand",
    "LEASE_LOOK_MAX": "the longest waiting first; Regina asks again",
    "MACHINES_KEPT_MAX": "what a town's administrators have made by hand",
    "MEMBERS_MAX": "staff by hand; a provider's fiftieth member is refused",
    "PARTS_MAX": "refused where it is written",
    "PROGRAMMES_MAX": "what a town has made by hand",
    "REFUNDS_LOOKED_AT_MAX": "the newest; what waits is in the write-offs, which are read whole",
    "STATEMENTS_LOOKED_AT_MAX": "the newest; an older one is found by its name",
    "TOWNS_MAX": "founded by a command",
}


def test_every_read_that_stops_at_a_number_is_named_with_why_nothing_is_lost() -> None:
    lines = [line for path in (ROOT / "chalicelib").rglob("*.py") for line in path.read_text().splitlines()]
    assert {found[1] for line in lines if (found := STOP.search(line))} == STOPS.keys()


def test_no_export_of_a_person_stops_at_a_number() -> None:
    """What people take away with them is whole (GDPR, article 15)."""
    exports = re.compile(r"^def (_?export(?:ed)?)\(city: str, person: str.*?(?=^\S)", re.MULTILINE | re.DOTALL)
    found = [
        (path.name, each[0])
        for path in (ROOT / "chalicelib").rglob("*.py")
        for each in exports.finditer(path.read_text())
    ]
    assert found
    assert [each for each in found if re.search(r"\[:|_MAX\b|limit=", each[1])] == []
