"""What docs/api.md shows with curl is what the API takes."""

import re

import pytest

from chalicelib.core.http import Api
from tools.docs import ROOT, load_rooms

load_rooms()
PAGE = (ROOT / "docs/api.md").read_text()
CALLS = re.findall(r"^curl (?:.*\\\n)*.*", PAGE, re.MULTILINE)


def _route_of(call: str) -> str:
    url = re.search(r"(?:\$TOWN|https://…)(\S*)", call)
    assert url, call
    path = url[1] if "https" in call else f"/v1/cities/{{city}}{url[1]}"
    sent = "POST" if "-d '" in call or "-X POST" in call else "GET"
    return f"{sent} {path.replace('$VOUCHER', '{id}').replace('$ID', '{line}')}"


@pytest.mark.parametrize("call", CALLS, ids=_route_of)
def test_a_shown_call_is_one_that_the_api_takes(call: str) -> None:
    route = Api.every[_route_of(call)]
    body, _, _ = route.types
    sent = re.search(r"-d '(.*)'", call)
    assert (sent is None) == (body is type(None))
    if sent:
        body.model_validate_json(sent[1])
    key = re.search(r"idempotency-key: ([^']*)'", call)
    assert route.spends == (key is not None)
    assert key is None or re.fullmatch(r"[A-Za-z0-9_-]{8,64}", key[1])


def test_the_page_shows_how_a_system_signs_in_and_the_whole_way_of_a_till() -> None:
    assert len(CALLS) == 8
