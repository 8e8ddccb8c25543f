"""Every letter that a room can write: sent, listed in the inbox, exported, and read by a clerk."""

import pytest

from chalicelib.core.clock import now
from chalicelib.core.gate import Who
from chalicelib.core.table import transact
from chalicelib.town.messages import service, store, templates
from chalicelib.town.messages.model import Template, message_id
from chalicelib.town.people.model import Letter
from tests.door import Door
from tests.town.messages.test_messages import ANNA, CITIZEN, Box
from tests.town.messages.test_messages import box as box
from tools.docs import load_rooms

load_rooms()
CLERK = Who(id="c" * 26, app="admin", roles={"modrinov": ("clerk",)})
TICKET = "t" * 26


def facts_of(template: Template) -> dict[str, str | int]:
    """A value for every fact that the template asks for, by the kind that its name says."""
    made: dict[str, str | int] = {}
    for name in template.asks - {"town", "token"}:
        if name.endswith("_minor"):
            made[name] = 123_400
        elif name == "days_left":
            made[name] = 3
        else:
            ending = name.rpartition("_")[2]
            made[name] = {"on": "2026-05-04", "at": "2026-05-04T10:00:00+00:00"}.get(ending, f"some-{name}")
    return made | ({"ticket": TICKET} if template.carries_key else {})


@pytest.mark.parametrize("name", sorted(templates.every()))
def test_every_letter_is_sent_listed_exported_and_read_by_a_clerk(name: str, box: Box, door: Door) -> None:
    template = templates.template(name)
    facts = facts_of(template)
    if name.startswith("people."):
        said = {key: str(value) for key, value in facts.items()}
        letter = Letter("modrinov", "anna@priklad.example", name, "e1", "cs", said, ANNA)
        transact([service.send_to_address(letter)])
    else:
        transact([service.tell("modrinov", ANNA, name, "e1", facts)])
    service.deliver("modrinov", message_id("modrinov", "e1", name, ANNA))

    (sent,) = box.sent
    assert sent.subject
    assert sent.text
    assert "{" not in sent.subject + sent.text
    mine = door.as_(CITIZEN).get("/cities/modrinov/messages")
    (listed,) = mine.body["items"]
    assert listed["title"]
    assert listed["text"]
    assert listed["channel"] == "email"
    (exported,) = door.as_(CITIZEN).get("/cities/modrinov/people/me/export").body["parts"]["messages"]
    assert (exported["title"], exported["text"]) == (listed["title"], listed["text"])
    (read,) = door.as_(CLERK).get(f"/cities/modrinov/people/{ANNA}/messages").body["items"]
    assert read["title"] == listed["title"]


@pytest.mark.parametrize("name", sorted(name for name, each in templates.every().items() if each.carries_key))
def test_the_key_of_a_link_is_in_the_e_mail_and_nowhere_else(name: str, box: Box, door: Door) -> None:
    template = templates.template(name)
    said = {key: str(value) for key, value in facts_of(template).items()}
    transact([service.send_to_address(Letter("modrinov", "anna@priklad.example", name, "e1", "cs", said, ANNA))])
    service.deliver("modrinov", message_id("modrinov", "e1", name, ANNA))
    assert f"#{TICKET}." in box.sent[0].text
    seen = [
        door.as_(CITIZEN).get("/cities/modrinov/messages").body,
        door.as_(CITIZEN).get("/cities/modrinov/people/me/export").body,
        door.as_(CLERK).get(f"/cities/modrinov/people/{ANNA}/messages").body,
    ]
    assert TICKET not in str(seen)


def test_a_letter_that_lacks_a_fact_is_not_told(box: Box) -> None:
    with pytest.raises(KeyError, match="charge"):
        service.tell("modrinov", ANNA, "test.fine", "e1", {"amount_minor": 1, "due_on": "2026-05-04", "days_left": 3})
    assert store.queued("modrinov", now(), 10) == []


def test_every_letter_of_a_person_is_in_their_export_however_many_there_are(
    box: Box, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "EXPORTED_A_PAGE", 2)
    facts = facts_of(templates.template("fees.due_reminder"))
    for n in range(5):
        transact([service.tell("modrinov", ANNA, "fees.due_reminder", f"e{n}", facts)])
        service.deliver("modrinov", message_id("modrinov", f"e{n}", "fees.due_reminder", ANNA))
    exported = door.as_(CITIZEN).get("/cities/modrinov/people/me/export").body["parts"]["messages"]
    assert len(exported) == 5
