"""One's own record, children, the clerk's look-up, the counter, and the export."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.core.clock import now, today
from chalicelib.core.gate import Who
from chalicelib.town.people import service
from chalicelib.town.people.model import device_name, name_fits
from tests.days import StandAt
from tests.door import Door
from tests.town.people.build import a_colleague, a_person, a_town, filled, registered, signed_in

CLERK = Who(id="c" * 26, app="admin", roles={"modrinov": ("clerk",)})
ASSISTANT = Who(id="s" * 26, app="admin", roles={"modrinov": ("assistant",)})
AUDITOR = Who(id="u" * 26, app="admin", roles={"modrinov": ("auditor",)})
ME = "/cities/modrinov/people/me"
CHILD = {"given_names": "Jan", "surname": "Novák", "birth_date": "2018-04-02"}


@pytest.fixture
def citizen(door: Door) -> Door:
    a_town()
    registered(door)
    return door.as_(signed_in(door).body["access_token"])


def test_a_changed_record_needs_the_version_that_was_seen(citizen: Door) -> None:
    changed = citizen.patch(ME, {"phone": "+420 777 123 456", "language": "en"}, version=1)
    assert (changed.status, changed.body["phone"], changed.body["v"]) == (200, "+420 777 123 456", 2)
    assert citizen.patch(ME, {"phone": ""}, version=1).body["code"] == "changed_meanwhile"
    assert citizen.patch(ME, {"phone": ""}).status == 428


def test_what_a_registry_verifies_changes_the_fingerprint_and_a_telephone_does_not(citizen: Door) -> None:
    id = citizen.get(ME).body["id"]
    before = service.person("modrinov", id).fingerprint
    citizen.patch(ME, {"phone": "777123456"}, version=1)
    assert service.person("modrinov", id).fingerprint == before
    citizen.patch(ME, {"surname": "Dvořáková"}, version=2)
    assert service.person("modrinov", id).fingerprint != before


def test_a_child_lives_with_the_guardian_unless_said_otherwise(citizen: Door) -> None:
    child = citizen.post(f"{ME}/children", CHILD)
    assert child.status == 201
    assert child.body["address"]["text"] == "Nádražní 7, Modřínov"
    other = citizen.post(f"{ME}/children", CHILD | {"address": {"text": "Žižkova", "address_code": "999100003"}})
    assert other.body["address"]["text"] == "Žižkova 12/1, Modřínov"
    assert len(citizen.get(f"{ME}/children").body["items"]) == 2


def test_a_child_can_be_corrected_and_taken_out_and_stays_on_record(citizen: Door) -> None:
    id = citizen.post(f"{ME}/children", CHILD).body["id"]
    fixed = citizen.patch(f"{ME}/children/{id}", {"birth_date": "2018-04-03"}, version=1)
    assert fixed.body["birth_date"] == "2018-04-03"
    assert citizen.delete(f"{ME}/children/{id}").status == 204
    assert citizen.get(f"{ME}/children").body["items"] == []
    assert citizen.get(f"{ME}/children/{id}").status == 404
    assert service.child("modrinov", id).removed_at is not None


def test_a_child_of_somebody_else_does_not_exist(door: Door, citizen: Door) -> None:
    id = citizen.post(f"{ME}/children", CHILD).body["id"]
    registered(door, "jan@priklad.example")
    other = door.as_(signed_in(door, "jan@priklad.example").body["access_token"])
    assert other.get(f"{ME}/children/{id}").status == 404
    assert other.patch(f"{ME}/children/{id}", {"surname": "X"}, version=1).status == 404
    assert other.delete(f"{ME}/children/{id}").status == 404


@pytest.mark.parametrize("change", [{"birth_date": "2031-01-01"}, {"surname": ""}, {"guardian": "x"}])
def test_a_child_that_cannot_be_is_refused(citizen: Door, change: dict[str, str]) -> None:
    assert citizen.post(f"{ME}/children", CHILD | change).status == 422


def test_of_parallel_edits_of_one_child_one_holds(citizen: Door) -> None:
    id = citizen.post(f"{ME}/children", CHILD).body["id"]
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(
            pool.map(lambda name: citizen.patch(f"{ME}/children/{id}", {"given_names": name}, version=1).status, "ABCD")
        )
    assert statuses == [200, 409, 409, 409]


def test_a_clerk_finds_people_and_children_without_diacritics(door: Door, citizen: Door) -> None:
    citizen.post(f"{ME}/children", CHILD | {"surname": "Nováček"})
    a_person("n" * 26, "Nguyen Thi", "Nguyễn")
    a_person("l" * 26, "Wei", "Li")
    clerk = door.as_(CLERK)

    def found(query: str) -> list[str]:
        answer = clerk.get("/cities/modrinov/people", query={"query": query})
        assert answer.status == 200, answer
        return sorted(item["name"] for item in answer.body["items"])

    assert found("novak") == ["Ema Nováková"]
    assert found("NOVÁ") == ["Ema Nováková", "Jan Nováček"]
    assert found("nova jan") == ["Jan Nováček"]
    assert found("nguyen") == ["Nguyen Thi Nguyễn"]
    assert found("li") == ["Wei Li"]
    assert found("ema@priklad.example") == ["Ema Nováková"]
    assert found("zzz") == []
    assert clerk.get("/cities/modrinov/people", query={"query": "--"}).status == 200


def test_a_taken_out_child_is_found_no_more(door: Door, citizen: Door) -> None:
    id = citizen.post(f"{ME}/children", CHILD).body["id"]
    citizen.delete(f"{ME}/children/{id}")
    assert door.as_(CLERK).get("/cities/modrinov/people", query={"query": "novák"}).body["items"][0]["guardian"] == ""


def test_a_renamed_person_is_found_under_the_new_name_only(door: Door, citizen: Door) -> None:
    citizen.patch(ME, {"surname": "Zemanová"}, version=1)
    clerk = door.as_(CLERK)
    assert clerk.get("/cities/modrinov/people", query={"query": "novák"}).body["items"] == []
    assert len(clerk.get("/cities/modrinov/people", query={"query": "zema"}).body["items"]) == 1


def test_every_look_at_a_person_is_noted_and_the_person_sees_it(door: Door, citizen: Door) -> None:
    a_colleague(CLERK.id, ("clerk",), name="Jana Dvořáková")
    id = citizen.get(ME).body["id"]
    door.as_(CLERK).get("/cities/modrinov/people", query={"query": "novak"})
    detail = door.as_(CLERK).get(f"/cities/modrinov/people/{id}")
    assert detail.body["surname"] == "Nováková"
    seen = door.as_(AUDITOR).get("/cities/modrinov/accesses", query={"day": today().isoformat()})
    assert [(a["action"], a["by"]) for a in seen.body["items"]] == [("read", CLERK.id), ("searched", CLERK.id)]
    assert [(a["by_name"], a["subject_name"]) for a in seen.body["items"]] == [
        ("Jana Dvořáková", "Ema Nováková"),
        ("Jana Dvořáková", ""),
    ]
    mine = citizen.get(f"{ME}/accesses").body["items"]
    assert [(access["action"], access["by_name"]) for access in mine] == [("read", "Jana Dvořáková")]
    export = citizen.get(f"{ME}/export").body["parts"]
    assert [access["by"] for access in export["accesses"]] == [CLERK.id]
    assert len(citizen.get(f"{ME}/accesses").body["items"]) == 1


def test_a_screen_that_asks_in_parts_is_one_look(door: Door, citizen: Door, stand_at: StandAt) -> None:
    at = now()
    stand_at(at)
    id = citizen.get(ME).body["id"]
    for _ in range(2):
        door.as_(CLERK).get(f"/cities/modrinov/people/{id}")
        door.as_(CLERK).get(f"/cities/modrinov/people/{id}/messages")
    door.as_(ASSISTANT).get(f"/cities/modrinov/people/{id}")
    assert len(citizen.get(f"{ME}/accesses").body["items"]) == 2


def test_a_person_of_another_town_does_not_exist_here(door: Door, citizen: Door) -> None:
    a_town("vranohrad-podlesi", "Vranohrad-Podlesí")
    id = citizen.get(ME).body["id"]
    elsewhere = door.as_(Who(id="c" * 26, app="admin", roles={"vranohrad-podlesi": ("clerk",)}))
    assert elsewhere.get(f"/cities/vranohrad-podlesi/people/{id}").status == 404
    found = elsewhere.get("/cities/vranohrad-podlesi/people", query={"query": "ema@priklad.example"})
    assert found.body["items"] == []


def test_an_assistant_registers_somebody_without_an_e_mail(door: Door, citizen: Door) -> None:
    form = {k: v for k, v in filled().items() if k not in ("email", "password")}
    made = door.as_(ASSISTANT).post(
        "/cities/modrinov/people", form | {"surname": "Vlčková", "birth_date": "1941-02-03"}
    )
    assert (made.status, made.body["registered_by"], made.body["email"]) == (201, ASSISTANT.id, "")
    assert (
        door.as_(CLERK).get("/cities/modrinov/people", query={"query": "vlc"}).body["items"][0]["name"] == "Ema Vlčková"
    )


def test_an_assistant_adds_children_only_for_those_without_a_sign_in(door: Door, citizen: Door) -> None:
    a_person("p" * 26, "Jiří", "Starý", registered_by=ASSISTANT.id)
    assistant = door.as_(ASSISTANT)
    made = assistant.post(f"/cities/modrinov/people/{'p' * 26}/children", CHILD)
    assert (made.status, made.body["guardian"]) == (201, "p" * 26)
    own = citizen.get(ME).body["id"]
    assert assistant.post(f"/cities/modrinov/people/{own}/children", CHILD).body["code"] == "acts_for_themselves"
    assert assistant.post(f"/cities/modrinov/people/{'x' * 26}/children", CHILD).status == 404


def test_the_export_holds_the_record_the_children_and_other_rooms_parts(citizen: Door) -> None:
    citizen.post(f"{ME}/children", CHILD)
    parts = citizen.get(f"{ME}/export").body["parts"]
    assert parts["person"]["birth_date"] == "1990-05-17"
    assert parts["children"][0]["surname"] == "Novák"
    assert {"messages", "identity", "orders"} <= set(parts)


def test_a_query_must_begin_the_surname() -> None:
    assert name_fits("Jan Novák", "Novák", "nov j")
    assert not name_fits("Jan Novák", "Novák", "jan")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140 Safari/537 Edg/140", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19 like Mac OS X) Version/19 Safari/604", "Safari, iPhone"),
        ("curl/8", ""),
    ],
)
def test_a_device_is_named_as_its_owner_knows_it(agent: str, name: str) -> None:
    assert device_name(agent) == name
