"""A new password or e-mail ends everything older of the sign-in: every kind of link, and every session."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import get_args

import pytest

from chalicelib.core.gate import Who
from chalicelib.town.people import store
from chalicelib.town.people.model import Purpose
from tests.door import Answer, Door
from tests.town.people.build import PASSWORD, a_town, agreed, cookie_of, filled, registered, signed_in, token_to

EMAIL, OTHER, THIRD = "ema@priklad.example", "jina@priklad.example", "treti@priklad.example"
ADMIN = Who(id="a" * 26, app="admin", roles={"modrinov": ("admin",)})
NEW_PASSWORD = "uplne-jine-heslo"

type Made = tuple[str, str, dict[str, str]]
"""A link's token, the door that it opens, and what else the door asks for."""


def a_reset(door: Door) -> Made:
    assert door.post("/password-resets", {"email": EMAIL}).status == 202
    return token_to(EMAIL), "/password-resets/confirm", {"password": "heslo-ze-stareho-odkazu"}


def an_email_change(door: Door) -> Made:
    inside = door.as_(signed_in(door).body["access_token"])
    assert inside.post("/email-changes", {"email": OTHER, "password": PASSWORD}).status == 202
    return token_to(OTHER), "/email-changes/confirm", {}


def an_invitation(door: Door) -> Made:
    assert door.as_(ADMIN).post("/cities/modrinov/staff", {"email": EMAIL, "roles": ["clerk"]}).status == 202
    return token_to(EMAIL), "/invitations/accept", {}


def a_registration(door: Door) -> Made:
    """Two forms with one e-mail: one link made the account, this is the other one."""
    assert door.post("/cities/modrinov/registrations", filled(EMAIL)).status == 202
    token = token_to(EMAIL)
    registered(door, EMAIL)
    return token, "/registrations/confirm", {}


LINKS: dict[Purpose, Callable[[Door], Made]] = {
    "registration": a_registration,
    "password_reset": a_reset,
    "email_change": an_email_change,
    "invitation": an_invitation,
}


def a_new_password_by_link(door: Door, _session: Answer) -> None:
    token, path, _ = a_reset(door)
    assert door.post(path, {"token": token, "password": NEW_PASSWORD}).status == 204


def a_new_password_from_inside(door: Door, session: Answer) -> None:
    body = {"current": PASSWORD, "password": NEW_PASSWORD}
    assert door.as_(session.body["access_token"]).post("/password-changes", body).status == 204


def a_new_email(door: Door, session: Answer) -> None:
    inside = door.as_(session.body["access_token"])
    assert inside.post("/email-changes", {"email": THIRD, "password": PASSWORD}).status == 202
    assert door.post("/email-changes/confirm", {"token": token_to(THIRD)}).status == 204


CHANGES = (a_new_password_by_link, a_new_password_from_inside, a_new_email)


def test_every_kind_of_link_in_the_house_is_walked_over() -> None:
    assert set(LINKS) == set(get_args(Purpose.__value__))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("purpose", [purpose for purpose in LINKS if purpose != "registration"])
def test_a_link_from_before_a_change_of_password_or_e_mail_is_dead(
    door: Door, purpose: Purpose, change: Callable[[Door, Answer], None]
) -> None:
    a_town()
    person = registered(door)
    token, path, more = LINKS[purpose](door)
    change(door, signed_in(door))
    changed = store.login(person)
    answer = door.post(path, {"token": token} | more)
    assert (answer.status, answer.body["code"]) == (410, "link_spent")
    assert store.login(person) == changed, "an old link touches nothing"


@pytest.mark.parametrize("change", CHANGES)
def test_a_registrations_left_over_link_never_touches_the_account(
    door: Door, change: Callable[[Door, Answer], None]
) -> None:
    a_town()
    token, path, _ = a_registration(door)
    assert door.post(path, {"token": token}).body["code"] == "email_registered"
    session = signed_in(door)
    change(door, session)
    person = session.body["person"]["id"]
    changed = store.login(person)
    door.post(path, {"token": token})
    assert store.login(person) == changed


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_password_or_e_mail_ends_the_other_sessions(
    door: Door, change: Callable[[Door, Answer], None]
) -> None:
    a_town()
    registered(door)
    phone, here = signed_in(door), signed_in(door)
    change(door, here)
    answer = door.post("/sessions/refresh", {"app": "moje"}, headers={"cookie": cookie_of(phone)})
    assert answer.status == 401


def test_of_two_links_to_a_new_password_opened_at_once_one_holds(door: Door) -> None:
    a_town()
    registered(door)
    made = [a_reset(door) for _ in range(4)]
    passwords = [f"uplne-jine-heslo-{n}" for n in range(4)]

    def reset(n: int) -> int:
        token, path, _ = made[n]
        return door.post(path, {"token": token, "password": passwords[n]}).status

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(reset, range(4)))
    assert sorted(statuses) == [204, 410, 410, 410]
    signs_in = [door.post("/sessions", {"app": "moje", "email": EMAIL, "password": p}).status for p in passwords]
    assert signs_in == [201 if status == 204 else 401 for status in statuses]


def test_of_a_new_password_and_a_new_e_mail_at_once_one_holds(door: Door) -> None:
    a_town()
    person = registered(door)
    links = [a_reset(door), an_email_change(door)]
    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(lambda made: door.post(made[1], {"token": made[0]} | made[2]).status, links))
    assert sorted(statuses) == [204, 410]
    login = store.login(person)
    assert login
    assert login.email == (OTHER if statuses[1] == 204 else EMAIL)


def test_an_invitation_sent_before_its_owner_registered_still_works(door: Door) -> None:
    a_town()
    token, path, _ = an_invitation(door)
    registered(door)
    assert door.post(path, {"token": token}).status == 200
    agreed(door, EMAIL)
    assert signed_in(door, app="admin").body["roles"] == {"modrinov": ["clerk"]}
