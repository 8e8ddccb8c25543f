"""Sessions: rotation, reuse, parallel tabs, devices, passwords."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.core import gate
from chalicelib.core.clock import now
from chalicelib.town.people import store
from chalicelib.town.people.guessing import FROM_ONE_NETWORK_AT_ONE_EMAIL
from tests.days import StandAt
from tests.door import Answer, Door
from tests.town.people.build import (
    PASSWORD,
    a_colleague,
    a_town,
    cookie_of,
    mail,
    registered,
    signed_in,
    subjects_to,
    token_in,
    token_to,
)


def refresh(door: Door, cookie: str, app: str = "moje") -> Answer:
    return door.post("/sessions/refresh", {"app": app}, headers={"cookie": cookie})


@pytest.fixture
def citizen(door: Door) -> Answer:
    a_town()
    registered(door)
    return signed_in(door)


def test_the_cookie_is_bound_to_the_host_and_hidden_from_scripts(citizen: Answer) -> None:
    cookie = citizen.headers["Set-Cookie"]
    assert cookie.startswith("__Host-am_moje=")
    for attribute in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_a_refresh_gives_a_new_token_and_a_new_cookie(door: Door, citizen: Answer) -> None:
    again = refresh(door, cookie_of(citizen))
    assert again.status == 200
    assert cookie_of(again) != cookie_of(citizen)
    assert gate.read(again.body["access_token"]).id == citizen.body["person"]["id"]
    assert refresh(door, cookie_of(again)).status == 200


def test_tabs_that_refresh_together_all_stay_signed_in(door: Door, citizen: Answer) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: refresh(door, cookie_of(citizen)), range(6)))
    assert [answer.status for answer in answers] == [200] * 6
    assert sum("Set-Cookie" in answer.headers for answer in answers) == 1


def test_a_replaced_token_used_after_its_grace_ends_the_session(door: Door, citizen: Answer, stand_at: StandAt) -> None:
    fresh = refresh(door, cookie_of(citizen))
    later = now() + timedelta(minutes=2)
    stand_at(later)
    assert refresh(door, cookie_of(citizen)).status == 401
    assert refresh(door, cookie_of(fresh)).status == 401


def test_a_token_two_rotations_old_ends_the_session(door: Door, citizen: Answer, stand_at: StandAt) -> None:
    cookies = [cookie_of(citizen)]
    for _ in range(3):
        stand_at(now() + timedelta(minutes=2))
        cookies.append(cookie_of(refresh(door, cookies[-1])))
    assert refresh(door, cookies[0]).status == 401
    assert refresh(door, cookies[-1]).status == 401, "whoever holds the present token is signed out with the thief"


def test_within_the_grace_the_present_token_stays_so_that_no_late_request_holds_one_two_older(
    door: Door, citizen: Answer
) -> None:
    fresh = refresh(door, cookie_of(citizen))
    assert "Set-Cookie" not in refresh(door, cookie_of(fresh)).headers
    assert refresh(door, cookie_of(citizen)).status == 200, "a late tab"
    assert refresh(door, cookie_of(fresh)).status == 200


@pytest.mark.parametrize("ends", ["sign-out", "password"])
def test_a_session_that_ends_during_its_refresh_is_a_refusal(door: Door, citizen: Answer, ends: str) -> None:
    """Eight devices, each refreshed twice while it is signed out or the password changes: never a fault of ours."""
    devices = [signed_in(door) for _ in range(8)]
    inside = door.as_(citizen.body["access_token"])

    def end(device: Answer) -> int:
        if ends == "sign-out":
            return inside.delete(f"/sessions/{device.body['session']}").status
        return inside.post("/password-changes", {"current": PASSWORD, "password": "uplne-jine-heslo"}).status

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(refresh, door, cookie_of(device)) for device in devices for _ in range(2)]
        ended = [pool.submit(end, device) for device in devices]
        assert {each.result().status for each in asked} <= {200, 401}
        assert {each.result() for each in ended} <= {204, 403, 409, 429}
    assert {refresh(door, cookie_of(device)).status for device in devices} == {401}


def test_an_invented_secret_is_refused_and_does_not_end_the_session(door: Door, citizen: Answer) -> None:
    person, session, _ = cookie_of(citizen).partition("=")[2].split(".")
    assert refresh(door, f"__Host-am_moje={person}.{session}.{'x' * 43}").status == 401
    assert refresh(door, cookie_of(citizen)).status == 200


@pytest.mark.parametrize("cookie", ["", "__Host-am_moje=", "__Host-am_moje=a.b", "__Host-am_moje=..", "other=1"])
def test_a_broken_cookie_is_no_sign_in(door: Door, cookie: str) -> None:
    a_town()
    assert refresh(door, cookie).status == 401


def test_a_cookie_of_one_app_opens_no_other(door: Door, citizen: Answer) -> None:
    value = cookie_of(citizen).partition("=")[2]
    assert refresh(door, f"__Host-am_admin={value}", app="admin").status == 401


def test_a_device_can_be_signed_out_from_another(door: Door, citizen: Answer) -> None:
    phone = door.post(
        "/sessions",
        {"app": "moje", "email": "ema@priklad.example", "password": PASSWORD},
        headers={"user-agent": "Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/140"},
    )
    inside = door.as_(citizen.body["access_token"])
    devices = {item["device"]: item for item in inside.get("/sessions").body["items"]}
    assert "Chrome, Android" in devices
    assert not devices["Chrome, Android"]["current"]
    assert inside.delete(f"/sessions/{devices['Chrome, Android']['id']}").status == 204
    assert refresh(door, cookie_of(phone)).status == 401
    assert refresh(door, cookie_of(citizen)).status == 200


def test_nobody_ends_sessions_of_somebody_else(door: Door, citizen: Answer) -> None:
    registered(door, "jan@priklad.example")
    other = door.as_(signed_in(door, "jan@priklad.example").body["access_token"])
    assert other.delete(f"/sessions/{citizen.body['session']}").status == 204
    assert refresh(door, cookie_of(citizen)).status == 200


def test_signing_out_clears_the_cookie(door: Door, citizen: Answer) -> None:
    answer = door.as_(citizen.body["access_token"]).delete("/sessions/current")
    assert (answer.status, "Max-Age=0" in answer.headers["Set-Cookie"]) == (204, True)
    assert refresh(door, cookie_of(citizen)).status == 401


def test_a_session_past_its_end_is_over_though_the_table_still_holds_it(
    door: Door, citizen: Answer, stand_at: StandAt
) -> None:
    stand_at(now() + timedelta(days=31))
    assert refresh(door, cookie_of(citizen)).status == 401


def test_parallel_guesses_are_counted_before_they_are_made(door: Door, citizen: Answer) -> None:
    body = {"app": "moje", "email": "ema@priklad.example", "password": "wrong-password"}
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: door.post("/sessions", body).status, range(20)))
    assert 1 <= statuses.count(401) <= FROM_ONE_NETWORK_AT_ONE_EMAIL.free
    assert set(statuses) == {401, 429}


def test_right_passwords_are_not_counted(door: Door, citizen: Answer) -> None:
    for _ in range(12):
        signed_in(door)


def test_a_new_password_ends_every_session(door: Door, citizen: Answer) -> None:
    assert door.post("/password-resets", {"email": "ema@priklad.example"}).status == 202
    token = token_in(mail()[-1])
    assert "#" in mail()[-1].text
    done = door.post("/password-resets/confirm", {"token": token, "password": "uplne-jine-heslo"})
    assert done.status == 204
    assert refresh(door, cookie_of(citizen)).status == 401
    old = door.post("/sessions", {"app": "moje", "email": "ema@priklad.example", "password": PASSWORD})
    assert old.status == 401
    new = {"app": "moje", "email": "ema@priklad.example", "password": "uplne-jine-heslo"}
    assert door.post("/sessions", new).status == 201
    assert [m.subject for m in mail()][-1] == "Heslo k\u00a0vašemu účtu se změnilo"
    assert door.post("/password-resets/confirm", {"token": token, "password": "tretí-heslo-xx"}).status == 410


def test_asking_for_a_new_password_does_not_tell_whether_there_is_an_account(door: Door, citizen: Answer) -> None:
    known = door.post("/password-resets", {"email": "ema@priklad.example"})
    unknown = door.post("/password-resets", {"email": "nikdo@priklad.example"})
    assert (known.status, known.body) == (unknown.status, unknown.body)
    assert [m.subject for m in mail()][1:] == ["Nastavte si nové heslo"]
    assert "/modrinov/nove-heslo#" in mail()[-1].text


def test_changing_the_password_keeps_this_device_and_ends_the_others(door: Door, citizen: Answer) -> None:
    other = signed_in(door)
    inside = door.as_(citizen.body["access_token"])
    wrong = inside.post("/password-changes", {"current": "neni-to-ono", "password": "uplne-jine-heslo"})
    assert wrong.body["code"] == "wrong_password"
    assert inside.post("/password-changes", {"current": PASSWORD, "password": "uplne-jine-heslo"}).status == 204
    assert refresh(door, cookie_of(citizen)).status == 200
    assert refresh(door, cookie_of(other)).status == 401


def test_a_new_e_mail_holds_once_it_is_confirmed_and_the_old_one_hears_of_both(door: Door, citizen: Answer) -> None:
    inside = door.as_(citizen.body["access_token"])
    asked = inside.post("/email-changes", {"email": "nova@priklad.example", "password": PASSWORD})
    assert asked.status == 202
    assert subjects_to("ema@priklad.example")[-1] == "Někdo chce změnit e-mail vašeho účtu"
    signed_in(door)
    assert door.post("/email-changes/confirm", {"token": token_to("nova@priklad.example")}).status == 204
    assert subjects_to("ema@priklad.example")[-1] == "E-mail vašeho účtu se změnil"
    assert refresh(door, cookie_of(citizen)).status == 401, "a changed e-mail ends the sessions"
    signed_in(door, "nova@priklad.example")
    assert door.post("/sessions", {"app": "moje", "email": "ema@priklad.example", "password": PASSWORD}).status == 401
    assert inside.get("/cities/modrinov/people/me").body["email"] == "nova@priklad.example"


def test_a_session_carries_only_the_roles_of_its_app(door: Door, citizen: Answer) -> None:
    from chalicelib.core.table import transact
    from chalicelib.town.people import service, staff
    from chalicelib.town.people.model import OPERATOR, Invitation

    login = store.login(citizen.body["person"]["id"])
    assert login
    invited = Invitation("modrinov", login.email, OPERATOR, ("clerk",))
    transact(staff._offered(invited, login))
    transact([service.give_provider_role("modrinov", login.id, "p1", "cashier")])
    assert signed_in(door, app="moje").body["roles"] == {"modrinov": ["citizen"]}
    admin = signed_in(door, app="admin").body
    assert (admin["roles"], admin["providers"]) == ({"modrinov": ["clerk"]}, {"modrinov": {"p1": "cashier"}})
    reader = signed_in(door, app="reader").body
    assert (reader["roles"], reader["providers"]) == ({}, {"modrinov": {"p1": "cashier"}})


def test_a_role_taken_away_is_gone_at_the_next_refresh(door: Door) -> None:
    a_town()
    a_colleague("k" * 26, ("clerk",))
    session = door.post("/sessions", {"app": "admin", "email": f"{'k' * 26}@radnice.example", "password": PASSWORD})
    assert session.body["roles"] == {"modrinov": ["clerk"]}
    admin = door.as_(gate.Who(id="a" * 26, app="admin", roles={"modrinov": ("admin",)}))
    assert admin.patch(f"/cities/modrinov/staff/{'k' * 26}", {"roles": []}, version=1).status == 204
    assert refresh(door, cookie_of(session), app="admin").body["roles"] == {}
