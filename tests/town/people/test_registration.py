"""Registration: one answer for everyone, one account for one e-mail, a link that works once."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from urllib.parse import unquote

import pytest

from chalicelib.core.clock import now, today
from chalicelib.core.gate import ANYONE
from chalicelib.core.http import Api
from chalicelib.core.refusals import Refusal
from chalicelib.town.people.model import age_on, check_old_enough
from tests.days import StandAt
from tests.door import Door
from tests.town.people.build import a_town, filled, mail, registered, signed_in, token_in
from tools.docs import load_rooms

load_rooms()

URL = "/cities/modrinov/registrations"


def test_a_confirmed_registration_signs_in_as_a_citizen_of_the_town(door: Door) -> None:
    a_town()
    person = registered(door)
    session = signed_in(door)
    assert session.body["roles"] == {"modrinov": ["citizen"]}
    me = door.as_(session.body["access_token"]).get("/cities/modrinov/people/me")
    assert me.body["id"] == person
    assert me.body["address"] == {"text": "Nádražní 7, Modřínov", "address_code": "999100002"}
    assert me.body["notice_version"] == 1
    assert me.body["birth_date"] == "1990-05-17"


def test_nobody_signs_in_before_the_e_mail_is_confirmed(door: Door) -> None:
    a_town()
    assert door.post(URL, filled()).status == 202
    answer = door.post("/sessions", {"app": "moje", "email": filled()["email"], "password": filled()["password"]})
    assert (answer.status, answer.body["code"]) == (401, "wrong_email_or_password")


def test_the_answer_does_not_tell_whether_an_e_mail_has_an_account(door: Door) -> None:
    a_town()
    registered(door)
    before = len(mail())
    known, unknown = door.post(URL, filled()), door.post(URL, filled("nikdo@priklad.example"))
    assert (known.status, known.body) == (unknown.status, unknown.body) == (202, None)
    subjects = [message.subject for message in mail()[before:]]
    assert subjects == ["Účet s\u00a0tímto e-mailem už existuje", "Modřínov: potvrďte registraci"]


def test_a_link_works_once(door: Door) -> None:
    a_town()
    door.post(URL, filled())
    token = token_in(mail()[0])
    assert door.post("/registrations/confirm", {"token": token}).status == 200
    again = door.post("/registrations/confirm", {"token": token})
    assert (again.status, again.body["code"]) == (410, "link_spent")


def test_a_forged_link_is_refused(door: Door) -> None:
    a_town()
    door.post(URL, filled())
    id, _, proof = token_in(mail()[0]).partition(".")
    forged = f"{id}.{'0' * len(proof)}"
    assert door.post("/registrations/confirm", {"token": forged}).status == 410
    assert door.post("/password-resets/confirm", {"token": f"{id}.{proof}", "password": "x" * 12}).status == 410


def test_a_link_past_its_time_is_refused_though_the_table_still_holds_it(door: Door, stand_at: StandAt) -> None:
    a_town()
    door.post(URL, filled())
    token = token_in(mail()[0])
    stand_at(now() + timedelta(days=366))
    assert door.post("/registrations/confirm", {"token": token}).status == 410


def test_of_two_registrations_of_one_e_mail_confirmed_at_once_one_holds(door: Door) -> None:
    a_town()
    door.post(URL, filled())
    door.post(URL, filled(given_names="Eva"))
    tokens = [token_in(message) for message in mail()]
    assert len(set(tokens)) == 2

    def confirm(token: str) -> int:
        return door.post("/registrations/confirm", {"token": token}).status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(confirm, tokens)) == [200, 409]


def test_one_link_confirmed_many_times_at_once_makes_one_account(door: Door) -> None:
    a_town()
    door.post(URL, filled())
    token = token_in(mail()[0])
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: door.post("/registrations/confirm", {"token": token}).status, range(8)))
    assert sorted(statuses) == [200] + [410] * 7


def test_the_letters_link_leads_on_to_where_the_person_was_going(door: Door) -> None:
    a_town()
    assert door.post(URL, filled(next="/zadosti/nova/01m8-AB_c")).status == 202
    token, _, then = unquote(token_in(mail()[0])).partition("/")
    assert then == "zadosti/nova/01m8-AB_c"
    assert door.post("/registrations/confirm", {"token": token}).status == 200


THEN = "/zadosti/nova/01m8-AB_c"


def test_whoever_has_an_account_already_is_led_on_by_the_letter_too(door: Door) -> None:
    a_town()
    registered(door)
    for then, leads_to in ((THEN, THEN), ("", "/")):
        assert door.post(URL, filled(next=then)).status == 202
        assert f"/moje/modrinov{leads_to}\n" in mail()[-1].text


def test_a_forgotten_password_leads_on_to_where_the_person_was_going(door: Door) -> None:
    a_town()
    registered(door)
    assert door.post("/password-resets", {"email": filled()["email"], "next": THEN}).status == 202
    token, slash, then = unquote(token_in(mail()[-1])).partition("/")
    assert slash + then == THEN
    assert door.post("/password-resets/confirm", {"token": token, "password": "uplne-jine-heslo"}).status == 204


def test_every_open_door_that_writes_to_an_e_mail_takes_where_the_person_was_going() -> None:
    asked = {
        route.name: "next" in route.types[0].model_fields
        for route in Api.every.values()
        if ANYONE in route.allow and "email" in getattr(route.types[0], "model_fields", {})
    }
    assert {name for name, leads_on in asked.items() if not leads_on} == {"POST /v1/sessions"}, "it sends no letter"


@pytest.mark.parametrize("path", ["/registrations", "/password-resets"])
@pytest.mark.parametrize(
    "away", ["//zlo.example", "https://zlo.example", "/\\zlo", "javascript:1", "/a/../b", "/a?b", "/a#b", "/", "/a\n"]
)
def test_the_letters_link_never_leads_out_of_the_portal(door: Door, path: str, away: str) -> None:
    a_town()
    body = filled(next=away) if path == "/registrations" else {"email": filled()["email"], "next": away}
    assert (door.post(URL if path == "/registrations" else path, body).status, mail()) == (422, [])


def test_an_outdated_notice_is_refused(door: Door) -> None:
    a_town()
    answer = door.post(URL, filled(notice_version=7))
    assert (answer.status, answer.body["code"], answer.body["facts"]) == (409, "notice_outdated", {"current": 1})


def test_an_address_outside_the_towns_list_is_refused_and_text_alone_is_taken(door: Door) -> None:
    a_town()
    refused = door.post(URL, filled(address={"text": "Nikde 1", "address_code": "1"}))
    assert refused.body["code"] == "address_unknown"
    assert door.post(URL, filled(address={"text": "Nikde 1, Lhota"})).status == 202


@pytest.mark.parametrize("born", ["2031-01-01", "1850-01-01", "1890-01-01"])
def test_an_impossible_birth_date_is_refused(door: Door, born: str) -> None:
    a_town()
    assert door.post(URL, filled(birth_date=born)).status == 422


def test_children_do_not_register_themselves(door: Door) -> None:
    a_town()
    answer = door.post(URL, filled(birth_date=f"{today().year - 9}-01-01"))
    assert answer.body["code"] == "too_young_to_register"


def test_who_completes_fifteen_years_today_may_register() -> None:
    check_old_enough(date(2011, 11, 20), date(2026, 11, 20))
    with pytest.raises(Refusal):
        check_old_enough(date(2011, 11, 21), date(2026, 11, 20))


def test_a_birthday_on_29_february_is_the_last_day_of_february_otherwise() -> None:
    assert age_on(date(2008, 2, 29), date(2026, 2, 27)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 18
    assert age_on(date(2008, 2, 29), date(2028, 2, 28)) == 19


def test_an_address_gets_few_letters_in_a_quarter_of_an_hour(door: Door) -> None:
    a_town()
    answers = [door.post(URL, filled()) for _ in range(7)]
    assert [answer.status for answer in answers] == [202] * 5 + [429] * 2
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 180


def test_neither_tokens_nor_passwords_nor_e_mails_are_logged(
    door: Door, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    a_town()
    caplog.set_level(logging.DEBUG, logger="aktivni-mesto")
    registered(door)
    token = token_in(mail()[0])
    door.post("/registrations/confirm", {"token": token})
    door.post("/sessions", {"app": "moje", "email": "ema@priklad.example", "password": "wrong-password"})
    written = caplog.text + capsys.readouterr().out
    for secret in (token, token.partition(".")[2], "modrin-na-kopci-7", "wrong-password", "ema@priklad.example"):
        assert secret not in written


def test_an_unknown_e_mail_takes_as_long_as_a_known_one(door: Door) -> None:
    a_town()
    registered(door)

    def seconds(email: str) -> float:
        start = time.perf_counter()
        door.post("/sessions", {"app": "moje", "email": email, "password": "wrong-password"})
        return time.perf_counter() - start

    seconds("first@priklad.example")
    known = sorted(seconds("ema@priklad.example") for _ in range(5))[2]
    unknown = sorted(seconds("nikdo@priklad.example") for _ in range(5))[2]
    assert 0.4 < known / unknown < 2.5


def test_a_person_joins_a_second_town_with_the_same_sign_in_and_its_own_notice(door: Door) -> None:
    a_town()
    a_town("vranohrad-podlesi", "Vranohrad-Podlesí")
    registered(door)
    inside = door.as_(signed_in(door).body["access_token"])
    missing = inside.get("/cities/vranohrad-podlesi/people/me")
    assert missing.body["code"] == "not_registered_here"
    form = {k: v for k, v in filled().items() if k not in ("email", "password")}
    assert inside.post("/cities/vranohrad-podlesi/people/me", form | {"notice_version": 9}).status == 409
    assert inside.post("/cities/vranohrad-podlesi/people/me", form).status == 201
    assert inside.post("/cities/vranohrad-podlesi/people/me", form).body["code"] == "already_registered"
    roles = signed_in(door).body["roles"]
    assert roles == {"modrinov": ["citizen"], "vranohrad-podlesi": ["citizen"]}
