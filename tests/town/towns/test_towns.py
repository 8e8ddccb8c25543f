"""Towns: what anyone sees, what an administrator changes, and the list of addresses."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.core.gate import Who
from chalicelib.town.towns.model import Town, fits, folded, street_of
from tests.door import Door
from tests.town.people.build import a_town

ADMIN = Who(id="a" * 26, app="admin", roles={"modrinov": ("admin",)})


def test_anyone_sees_the_towns_without_their_bank_accounts(door: Door) -> None:
    a_town(account_number="19-2000145399/0800")
    a_town("vranohrad-podlesi", "Vranohrad-Podlesí", city_part_code="999021")
    listed = door.get("/cities").body["items"]
    assert [city["name"] for city in listed] == ["Modřínov", "Vranohrad-Podlesí"]
    assert "account_number" not in listed[0]
    assert door.get("/cities/modrinov").body["colour"] == "#2362a2"


def test_a_town_that_is_not_here_is_refused_by_name(door: Door) -> None:
    answer = door.get("/cities/atlantida")
    assert (answer.status, answer.body["code"]) == (404, "town_unknown")


def test_an_edit_over_somebody_elses_is_refused(door: Door) -> None:
    a_town()
    admin = door.as_(ADMIN)
    version = admin.get("/cities/modrinov/settings").body["v"]
    changed = admin.patch(
        "/cities/modrinov", {"colour": "#0a7a3c", "contact": {"phone": "555 123 456"}}, version=version
    )
    assert (changed.status, changed.body["contact"]["phone"]) == (200, "555 123 456")
    assert door.get("/cities/modrinov").body["colour"] == "#0a7a3c"
    late = admin.patch("/cities/modrinov", {"name": "Jinov"}, version=version)
    assert (late.status, late.body["code"]) == (409, "changed_meanwhile")


def test_of_two_parallel_edits_one_holds(door: Door) -> None:
    a_town()
    admin = door.as_(ADMIN)

    def edit(days: int) -> int:
        return admin.patch("/cities/modrinov", {"verification_valid_days": days}, version=1).status

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(edit, (30, 60, 90, 120)))
    assert statuses == [200, 409, 409, 409]


@pytest.mark.parametrize("body", [{"account_number": "19-2000145398/0800"}, {"colour": "green"}, {"slug": "x"}])
def test_a_setting_that_cannot_be_is_refused(door: Door, body: dict[str, str]) -> None:
    a_town()
    assert door.as_(ADMIN).patch("/cities/modrinov", body, version=1).status == 422


def test_a_new_notice_takes_effect_and_the_old_one_stays(door: Door) -> None:
    a_town()
    made = door.as_(ADMIN).post("/cities/modrinov/privacy-notices", {"cs": "Nové znění."})
    assert (made.status, made.body["version"]) == (201, 2)
    assert door.get("/cities/modrinov/privacy-notice").body["cs"] == "Nové znění."
    versions = door.as_(ADMIN).get("/cities/modrinov/privacy-notices").body["items"]
    assert [notice["version"] for notice in versions] == [2, 1]


def test_home_is_judged_by_city_part_where_the_town_is_one() -> None:
    town = Town("x", "X", "1", municipality_code="999002", city_part_code="999021")
    assert town.is_home("999002", "999021")
    assert not town.is_home("999002", "999022")
    assert Town("y", "Y", "1", municipality_code="999001").is_home("999001")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("nadr", ["Nádražní 120/3, Modřínov", "Nádražní 7, Modřínov"]),
        ("Nádražní 3", ["Nádražní 120/3, Modřínov"]),
        ("nadrazni 3/120", ["Nádražní 120/3, Modřínov"]),
        ("ŽIŽK", ["Žižkova 12/1, Modřínov"]),
        ("Nádražní 8", []),
        ("120", []),
    ],
)
def test_an_address_is_found_whichever_number_comes_first(door: Door, query: str, found: list[str]) -> None:
    a_town()
    items = door.get("/cities/modrinov/addresses", query={"query": query}).body["items"]
    assert sorted(item["text"] for item in items) == found


def test_folding_forgives_diacritics_and_spaces() -> None:
    assert folded("  Příliš  Žluťoučký đ ") == "prilis zlutoucky d"
    assert {folded(name) for name in ("Mar'jana", "Mar’jana", "Marʼjana", "Mar´jana", "MARJANA")} == {"marjana"}
    assert street_of("Nádražní 120/3") == "nadrazni"
    assert fits("Nádražní 120/3", "nádražní 12")


def test_of_the_contact_an_edit_changes_only_what_was_sent(door: Door) -> None:
    a_town()
    admin = door.as_(ADMIN)
    whole = {"phone": "1", "email": "urad@priklad.example", "office": "Náměstí 1", "office_hours": "po 8–17"}
    first = admin.patch(
        "/cities/modrinov", {"contact": whole, "second_proof": {"by_post": False, "at_desk": True}}, version=1
    )
    assert first.body["contact"] == whole
    then = admin.patch("/cities/modrinov", {"contact": {"phone": "2"}, "name": "Modřínov"}, version=2)
    assert then.body["contact"] == whole | {"phone": "2"}
    assert then.body["second_proof"] == {"by_post": False, "at_desk": True}


def test_a_body_with_one_name_twice_is_refused_by_name(door: Door) -> None:
    a_town()
    raw = '{"contact": {"phone": "1", "phone": "2"}}'
    answer = door.as_(ADMIN).call("PATCH", "/cities/modrinov", None, version=1, raw=raw)
    assert (answer.status, answer.body["code"], answer.body["facts"]) == (400, "name_repeated", {"name": "phone"})


@pytest.mark.parametrize("charset", ["iso-8859-2", "windows-1250", '"UTF-16"'])
def test_a_body_in_another_charset_is_refused_by_name(charset: str, door: Door) -> None:
    a_town()
    headers = {"content-type": f"application/json; charset={charset}"}
    answer = door.as_(ADMIN).patch("/cities/modrinov", {"name": "Jinov"}, version=1, headers=headers)
    assert (answer.status, answer.body["code"]) == (415, "charset_unsupported")
    assert answer.body["facts"]["charset"] == charset.strip('"')


@pytest.mark.parametrize(("language", "words"), [("cs", "Napište nejvýše 3650."), ("en", "Write 3650 at most.")])
def test_a_fault_of_a_field_is_an_object_in_the_callers_language(language: str, words: str, door: Door) -> None:
    a_town()
    answer = Door(language=language).as_(ADMIN).patch("/cities/modrinov", {"verification_valid_days": 9999}, version=1)
    assert answer.status == 422
    assert answer.body["errors"] == [{"field": "verification_valid_days", "code": "less_than_equal", "message": words}]
