"""Messages: each told once, sent once, kept in the inbox; and reminders of deadlines."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from chalicelib.core.clock import now, start_of, today
from chalicelib.core.gate import Who
from chalicelib.core.table import transact
from chalicelib.core.work import Change, local_time
from chalicelib.town.messages import delivery, jobs, service, store, templates
from chalicelib.town.messages.model import (
    Deadline,
    Facts,
    Message,
    Outgoing,
    Template,
    Words,
    filled,
    message_id,
    next_lead,
    retry_at,
)
from chalicelib.town.messages.outside import MaybeSent, NotSent
from chalicelib.town.messages.room import ROOM
from tests.days import StandAt
from tests.door import Door
from tests.town.people.build import a_person, a_town

ANNA = "n" * 26
CITIZEN = Who(id=ANNA, app="moje", roles={"modrinov": ("citizen",)})
FINE = Template(
    name="test.fine",
    title=Words("Pokuta {amount_minor} je splatná {due_on}", "A fine of {amount_minor} is due on {due_on}"),
    text=Words("Zaplaťte {amount_minor} do {due_on}, zbývá {days_left}.", "Pay {amount_minor} by {due_on}."),
    link="/poplatky/{charge}",
    sms=Words("{town}: máte zprávu v portálu.", "{town}: a message waits in the portal."),
)
VOUCHER = Template(
    name="test.voucher",
    title=Words("Poukaz je připravený", "The voucher is ready"),
    text=Words("Otevřete ho v aplikaci.", "Open it in the app."),
    mail=Words("{town}: poukaz je připravený", "{town}: your voucher is ready"),
    mail_text=Words("Poukaz si otevřete v aplikaci.", "Open the voucher in the app."),
    link="/vouchery/{voucher}",
)
FACTS: Facts = {"amount_minor": 50000, "due_on": "2026-11-23", "days_left": 3, "charge": "ch1"}


class Box:
    """A channel that keeps what it is given, or fails as told."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.fault: Exception | None = None

    def send(self, message: Outgoing) -> None:
        if self.fault:
            raise self.fault
        self.sent.append(message)


@pytest.fixture
def box(table: str, monkeypatch: pytest.MonkeyPatch) -> Box:
    box = Box()
    monkeypatch.setattr(templates, "_templates", templates.every())
    service.register(FINE, VOUCHER)
    monkeypatch.setattr(delivery, "CARRIERS", {"email": box, "sms": box})
    a_town()
    a_person(ANNA, "Anna", "Malá", email="anna@priklad.example")
    return box


def tell(template: str = "test.fine", event: str = "e1", person: str = ANNA, facts: Facts = FACTS) -> Message:
    transact([service.tell("modrinov", person, template, event, facts)])
    message = store.message("modrinov", message_id("modrinov", event, template, person))
    assert message
    return message


def test_a_sensitive_message_says_nothing_in_the_e_mail(box: Box) -> None:
    service.deliver("modrinov", tell().id)
    (sent,) = box.sent
    assert (sent.to, sent.subject) == ("anna@priklad.example", "Modřínov: máte novou zprávu")
    assert "500" not in sent.text + sent.html
    assert "/moje/modrinov/poplatky/ch1" in sent.text


def test_a_template_with_words_for_e_mail_uses_them(box: Box) -> None:
    service.deliver("modrinov", tell("test.voucher", facts={"voucher": "v1"}).id)
    assert box.sent[0].subject == "Modřínov: poukaz je připravený"
    assert "Poukaz si otevřete v\u00a0aplikaci." in box.sent[0].text


def test_the_same_event_told_twice_is_one_message(box: Box) -> None:
    first = tell()
    service.deliver("modrinov", first.id)
    service.deliver("modrinov", tell().id)
    assert len(box.sent) == 1
    assert store.queued("modrinov", now(), 10) == []
    assert len(service.inbox("modrinov", ANNA, "cs", 10, None).items) == 1


def test_telling_twice_keeps_the_first_facts(box: Box) -> None:
    tell()
    assert tell(facts={**FACTS, "amount_minor": 1}).facts == FACTS


def test_a_worker_that_does_not_know_the_room_sends_and_shows_its_message(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = tell().id
    transact([service.register_deadline("modrinov", a_deadline(today() + timedelta(days=3)))])
    monkeypatch.setattr(templates, "_templates", {})
    service.deliver("modrinov", id)
    service.remind("modrinov")
    assert len(box.sent) == 1
    assert [note.template for note in service.inbox("modrinov", ANNA, "cs", 9, None).items] == ["test.fine"] * 2


def test_eight_workers_send_a_message_once(box: Box) -> None:
    id = tell().id
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: service.deliver("modrinov", id), range(8)))
    assert len(box.sent) == 1


def test_a_worker_that_died_is_replaced_when_its_lease_ends(box: Box, stand_at: StandAt) -> None:
    message = tell()
    store.lease(message, now())
    service.deliver("modrinov", message.id)
    assert box.sent == []
    later = now() + timedelta(minutes=3)
    stand_at(later)
    service.deliver("modrinov", message.id)
    assert len(box.sent) == 1


def test_a_channel_that_is_down_is_tried_again_later_and_given_up_after_eight(box: Box, stand_at: StandAt) -> None:
    id = tell().id
    box.fault = NotSent("down")
    clock = now()
    stand_at(clock)
    service.deliver_due("modrinov")
    assert store.queued("modrinov", clock, 10) == []
    for _ in range(8):
        clock += timedelta(hours=5)
        stand_at(clock)
        service.deliver_due("modrinov")
    message = store.message("modrinov", id)
    assert message
    assert (message.state, message.tries) == ("failed", 8)
    assert store.queued("modrinov", clock + timedelta(days=9), 10) == []


def test_a_lost_answer_of_the_mailer_is_not_sent_again(box: Box) -> None:
    id = tell().id
    box.fault = MaybeSent()
    service.deliver("modrinov", id)
    box.fault = None
    service.deliver("modrinov", id)
    message = store.message("modrinov", id)
    assert message
    assert (box.sent, message.state) == ([], "unsure")


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [(ReadTimeoutError(endpoint_url="x"), MaybeSent), (ConnectTimeoutError(endpoint_url="x"), NotSent)],
)
def test_what_a_silent_mailer_means(
    table: str, monkeypatch: pytest.MonkeyPatch, fault: Exception, meaning: type[Exception]
) -> None:
    from chalicelib.town.messages import outside

    class Ses:
        def send_email(self, **_: Any) -> None:
            raise fault

    monkeypatch.setattr(outside, "client", lambda _service: Ses())
    with pytest.raises(meaning):
        outside.Email().send(Outgoing("a@b.example", "s", "t"))


def test_without_an_e_mail_a_short_message_goes_where_the_template_has_one(box: Box) -> None:
    a_person("p" * 26, "Jiří", "Starý", phone="+420 777 123 456")
    service.deliver("modrinov", tell(person="p" * 26).id)
    assert box.sent[0] == Outgoing("+420777123456", "", "Modřínov: máte zprávu v\u00a0portálu.")


def test_without_any_channel_the_inbox_keeps_it(box: Box) -> None:
    a_person("p" * 26, "Jiří", "Starý")
    message = tell(person="p" * 26)
    service.deliver("modrinov", message.id)
    kept = store.message("modrinov", message.id)
    assert kept
    assert (box.sent, kept.state) == ([], "inbox_only")


def test_the_inbox_is_in_the_readers_language_and_filled_in(box: Box, door: Door) -> None:
    tell()
    inside = door.as_(CITIZEN)
    note = inside.get("/cities/modrinov/messages").body["items"][0]
    assert note["title"] == "Pokuta 500\u00a0Kč je splatná 23.\u00a011.\u00a02026"
    assert "zbývá 3\u00a0dny" in note["text"]
    assert (note["link"], note["read"]) == ("/poplatky/ch1", False)
    english = replace(inside, language="en").get("/cities/modrinov/messages").body["items"][0]
    assert english["title"].startswith("A fine of")


def test_a_message_is_opened_by_its_recipient_only(box: Box, door: Door) -> None:
    id = tell().id
    other = Who(id="x" * 26, app="moje", roles={"modrinov": ("citizen",)})
    assert door.as_(other).post(f"/cities/modrinov/messages/{id}/read").status == 404
    assert door.as_(CITIZEN).post(f"/cities/modrinov/messages/{id}/read").status == 204
    assert door.as_(CITIZEN).get("/cities/modrinov/messages").body["items"][0]["read"] is True
    assert door.as_(other).get("/cities/modrinov/messages").body["items"] == []


def test_a_clerk_sees_what_a_person_was_told(box: Box, door: Door) -> None:
    tell()
    clerk = Who(id="c" * 26, app="admin", roles={"modrinov": ("clerk",)})
    assert len(door.as_(clerk).get(f"/cities/modrinov/people/{ANNA}/messages").body["items"]) == 1


def test_the_inbox_is_paged_newest_first(box: Box, door: Door) -> None:
    for n in range(5):
        tell(event=f"e{n}", facts={**FACTS, "charge": f"c{n}"})
    inside = door.as_(CITIZEN)
    first = inside.get("/cities/modrinov/messages", query={"limit": "3"}).body
    rest = inside.get("/cities/modrinov/messages", query={"limit": "3", "cursor": first["next"]}).body
    links = [item["link"][-2:] for item in first["items"] + rest["items"]]
    assert links == ["c4", "c3", "c2", "c1", "c0"]


def test_a_new_message_wakes_the_sender_and_the_sweep_finds_what_was_missed(box: Box) -> None:
    id = tell().id
    change = Change("modrinov", "message", f"modrinov#M#{id}", "M", "INSERT")
    jobs.changed(change)
    jobs.changed(change)
    assert len(box.sent) == 1
    tell(event="e2")
    assert jobs.JOBS["sweep"]("modrinov", None) is None
    assert len(box.sent) == 2


def test_what_is_not_due_yet_waits(box: Box) -> None:
    message = tell()
    store.lease(message, now())
    store.postpone(message, now() + timedelta(hours=1))
    jobs.JOBS["sweep"]("modrinov", None)
    assert box.sent == []


# Deadlines


def a_deadline(due_on: date, **more: Any) -> Deadline:
    return Deadline("charge", "ch1", due_on, ANNA, "test.fine", **({"facts": FACTS} | more))


def told() -> list[str]:
    return [note.text for note in service.inbox("modrinov", ANNA, "cs", 100, None).items]


def on(stand_at: StandAt, day: date) -> None:
    stand_at(start_of(day))


def test_each_lead_is_said_once_on_its_day(box: Box, stand_at: StandAt) -> None:
    start, due = today(), today() + timedelta(days=20)
    transact([service.register_deadline("modrinov", a_deadline(due))])
    lengths = []
    for ahead in range(25):
        on(stand_at, start + timedelta(days=ahead))
        for _ in range(2):
            assert jobs.JOBS["remind"]("modrinov", None) is None
        lengths.append(len(told()))
    assert lengths == [0] * 6 + [1] * 11 + [2] * 8
    assert "3\u00a0dny" in told()[0]
    assert "14\u00a0dnů" in told()[1]


def test_a_missed_day_is_caught_up(box: Box, stand_at: StandAt) -> None:
    due = today() + timedelta(days=20)
    transact([service.register_deadline("modrinov", a_deadline(due))])
    on(stand_at, due - timedelta(days=11))
    service.remind("modrinov")
    assert len(told()) == 1
    assert "11\u00a0dnů" in told()[0]


def test_nobody_is_reminded_after_the_day_itself(box: Box, stand_at: StandAt) -> None:
    due = today() + timedelta(days=5)
    transact([service.register_deadline("modrinov", a_deadline(due))])
    on(stand_at, due + timedelta(days=1))
    service.remind("modrinov")
    assert told() == []
    assert store.deadline("modrinov", a_deadline(due).id) is None


def test_a_cancelled_deadline_is_silent_and_cancelling_again_is_harmless(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = today() + timedelta(days=3)
    transact([service.register_deadline("modrinov", a_deadline(due))])
    for _ in range(2):
        transact([service.cancel_deadline("modrinov", "charge", "ch1")])
    service.remind("modrinov")
    assert told() == []


def test_a_moved_deadline_is_reminded_of_by_its_new_day(box: Box, stand_at: StandAt) -> None:
    transact([service.register_deadline("modrinov", a_deadline(today() + timedelta(days=3)))])
    moved = today() + timedelta(days=30)
    transact([service.register_deadline("modrinov", a_deadline(moved))])
    service.remind("modrinov")
    assert told() == []
    on(stand_at, moved - timedelta(days=14))
    service.remind("modrinov")
    assert len(told()) == 1


def test_runs_at_the_same_time_remind_once(box: Box) -> None:
    transact([service.register_deadline("modrinov", a_deadline(today() + timedelta(days=3)))])
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: service.remind("modrinov"), range(6)))
    assert len(told()) == 1


def test_leads_that_passed_before_registering_are_not_said() -> None:
    deadline = a_deadline(date(2026, 12, 1))
    assert next_lead(deadline, date(2026, 11, 17)) == 14
    assert next_lead(deadline, date(2026, 11, 18)) == 3
    assert next_lead(deadline, date(2026, 11, 29)) is None


def test_nobody_is_reminded_at_night() -> None:
    due = ROOM.jobs["remind"].is_due
    noon = local_time(now()).replace(hour=12)
    assert due(noon)
    assert not due(noon.replace(hour=3))
    assert not due(noon.replace(hour=21))


def test_pauses_between_tries_grow() -> None:
    at = now()
    assert [(retry_at(at, n) - at).seconds // 60 for n in (1, 2, 3, 4)] == [1, 2, 4, 8]


def test_every_template_is_whole_in_both_languages_and_links_hold_no_secret() -> None:
    facts = dict.fromkeys(("town", "city", "token", "ticket", "provider"), "x")
    for template in templates.every().values():
        for words in (template.title, template.text, template.mail, template.mail_text, template.button, template.sms):
            if words and template.name.startswith("people."):
                assert filled(words.cs, facts, "cs")
                assert filled(words.en, facts, "en")
                assert "!" not in words.cs
        before_fragment = template.link.partition("#")[0]
        assert "{token}" not in before_fragment
