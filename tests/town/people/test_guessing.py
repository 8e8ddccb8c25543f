"""Who guesses a password waits, and the owner does not."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.core.clock import now
from chalicelib.core.settings import settings
from chalicelib.core.tries import Pace
from chalicelib.town.people import guessing, passwords
from tests.days import StandAt
from tests.door import Answer, Door
from tests.town.people.build import PASSWORD, a_town, registered, subjects_to, token_to

EMAIL = "ema@priklad.example"
HOME = "203.0.113.7"
FROM_THE_EDGE = {"x-origin-secret": "from-the-edge"}
type Knock = Callable[..., Answer]


@pytest.fixture
def knock(door: Door, monkeypatch: pytest.MonkeyPatch) -> Knock:
    """Posts as a browser somewhere: from an address, with cookies."""
    a_town()
    registered(door)
    monkeypatch.setenv("ORIGIN_SECRET", "from-the-edge")
    settings.cache_clear()

    def post(path: str, body: object, ip: str = HOME, cookie: str = "") -> Answer:
        headers = {"x-origin-secret": "from-the-edge", "x-forwarded-for": f"{ip}, 130.176.0.1", "cookie": cookie}
        return door.post(path, body, headers=headers)

    return post


def a_sign_in(knock: Knock, password: str, ip: str = HOME, cookie: str = "", email: str = EMAIL) -> Answer:
    return knock("/sessions", {"app": "moje", "email": email, "password": password}, ip, cookie)


def device_of(answer: Answer) -> str:
    """The cookie by which a device is known."""
    (cookie,) = [cookie for cookie in answer.cookies if cookie.startswith("__Host-am_device=")]
    for attribute in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/"):
        assert attribute in cookie
    return cookie.partition(";")[0]


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of real Argon2 hashes take half a minute; what is wrong here is told without them."""
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda given, phc: given == PASSWORD and real(given, phc))


def test_a_flood_of_guesses_from_as_many_addresses_do_not_stop_the_owner_on_her_device(
    knock: Knock, cheap: None
) -> None:
    hers = device_of(a_sign_in(knock, PASSWORD))
    heard = [a_sign_in(knock, f"guess-{n}", f"198.51.100.{n}").status for n in range(150)]
    assert heard.count(401) == guessing.AT_ONE_EMAIL.burst, "guesses from everywhere are bounded"
    assert set(heard) == {401, 429}
    assert a_sign_in(knock, PASSWORD, "198.51.101.9").status == 429, "a right guess is told from no wrong one"
    assert a_sign_in(knock, PASSWORD, cookie=hers).status == 201
    assert a_sign_in(knock, PASSWORD, "192.0.2.99", hers).status == 201, "her device is known wherever it is"


def test_under_a_flood_of_guesses_the_owner_gets_in_on_a_new_device_by_a_link(
    knock: Knock, cheap: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "AT_ONE_EMAIL", Pace(5, timedelta(days=1)))
    for n in range(6):
        a_sign_in(knock, "guess", f"198.51.100.{n}")
    assert a_sign_in(knock, PASSWORD).status == 429
    assert knock("/password-resets", {"email": EMAIL}).status == 202
    done = knock("/password-resets/confirm", {"token": token_to(EMAIL), "password": PASSWORD})
    assert done.status == 204
    assert a_sign_in(knock, PASSWORD, cookie=device_of(done)).status == 201


NEW = "uplne-jine-heslo"


def by_a_link(knock: Knock, door: Door) -> Answer:
    assert knock("/password-resets", {"email": EMAIL}).status == 202
    return knock("/password-resets/confirm", {"token": token_to(EMAIL), "password": NEW})


def from_inside(knock: Knock, door: Door) -> Answer:
    inside = door.as_(a_sign_in(knock, PASSWORD).body["access_token"])
    return inside.post("/password-changes", {"current": PASSWORD, "password": NEW}, headers=FROM_THE_EDGE)


@pytest.mark.parametrize("change", [by_a_link, from_inside])
def test_a_new_password_forgets_every_device_but_the_one_where_it_was_set(
    knock: Knock, door: Door, monkeypatch: pytest.MonkeyPatch, change: Callable[[Knock, Door], Answer]
) -> None:
    """A cookie carried off a lost phone buys no guesses of its own at the password that came after."""
    lost = device_of(a_sign_in(knock, PASSWORD))
    done = change(knock, door)
    assert done.status == 204
    monkeypatch.setattr(guessing, "AT_ONE_EMAIL", Pace(1, timedelta(days=1)))
    assert a_sign_in(knock, "guess", "198.51.100.1").status == 401
    assert a_sign_in(knock, "guess", cookie=lost).status == 429, "as on any other device"
    assert a_sign_in(knock, NEW, cookie=device_of(done)).status == 201


def test_a_new_e_mail_forgets_them_too(knock: Knock, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = door.as_(a_sign_in(knock, PASSWORD).body["access_token"])
    lost, other = device_of(a_sign_in(knock, PASSWORD)), "nova@priklad.example"
    asked = inside.post("/email-changes", {"email": other, "password": PASSWORD}, headers=FROM_THE_EDGE)
    assert asked.status == 202
    done = knock("/email-changes/confirm", {"token": token_to(other)})
    monkeypatch.setattr(guessing, "AT_ONE_EMAIL", Pace(1, timedelta(days=1)))
    assert a_sign_in(knock, "guess", "198.51.100.1", email=other).status == 401
    assert a_sign_in(knock, "guess", cookie=lost, email=other).status == 429
    assert a_sign_in(knock, PASSWORD, cookie=device_of(done), email=other).status == 201


def test_guesses_from_one_place_wait_longer_and_longer_and_hear_how_long(
    knock: Knock, cheap: None, stand_at: StandAt
) -> None:
    stand_at(now())
    waits = []
    for _ in range(16):
        while (answer := a_sign_in(knock, "wrong")).status == 429:
            assert answer.headers["Retry-After"] == str(answer.body["facts"]["wait_seconds"])
            waits.append(int(answer.headers["Retry-After"]))
            stand_at(now() + timedelta(seconds=waits[-1]))
        assert answer.status == 401
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]
    assert a_sign_in(knock, PASSWORD, "192.0.2.1").status == 201, "elsewhere nobody waits for it"


def test_a_guesser_with_a_cookie_of_a_device_has_few_guesses_there_and_may_be_the_owner_elsewhere(
    knock: Knock, cheap: None
) -> None:
    hers, at_work = device_of(a_sign_in(knock, PASSWORD)), device_of(a_sign_in(knock, PASSWORD))
    heard = [a_sign_in(knock, f"guess-{n}", f"198.51.100.{n}", hers).status for n in range(30)]
    assert heard.count(401) == guessing.ON_A_KNOWN_DEVICE.burst
    assert a_sign_in(knock, PASSWORD, cookie=at_work).status == 201


@pytest.mark.parametrize(
    "spoil", [lambda c: c[:-1] + "~", lambda c: c.replace(".", "~"), lambda c: c + "x", lambda c: "", lambda c: "." * 9]
)
def test_a_forged_cookie_makes_no_device_known(table: str, spoil: Callable[[str], str]) -> None:
    hers = guessing.remembering("", "e" * 26, 1)
    assert guessing.known_device(hers, "e" * 26, 1)
    assert guessing.known_device(hers, "j" * 26, 1) == ""
    assert guessing.known_device(hers, "e" * 26, 2) == ""
    assert guessing.known_device(spoil(hers), "e" * 26, 1) == ""


def test_a_device_knows_the_people_of_a_family(knock: Knock, door: Door) -> None:
    family = device_of(a_sign_in(knock, PASSWORD)).partition("=")[2]
    people = [f"{letter * 26}" for letter in "abcdef"]
    for person in people:
        family = guessing.remembering(family, person, 1)
    assert [bool(guessing.known_device(family, person, 1)) for person in people] == [False] + [True] * 5
    again = guessing.remembering(family, people[3], 1)
    assert guessing.known_device(again, people[3], 1) == guessing.known_device(family, people[3], 1)


def test_asking_for_links_in_somebodys_name_neither_floods_nor_stops_her(knock: Knock) -> None:
    asked = [knock("/password-resets", {"email": EMAIL}, f"198.51.100.{n}").status for n in range(20)]
    assert asked == [202] * 20
    assert knock("/password-resets", {"email": EMAIL}).status == 202
    assert subjects_to(EMAIL).count("Nastavte si nové heslo") == 5
    done = knock("/password-resets/confirm", {"token": token_to(EMAIL), "password": "uplne-jine-heslo"})
    assert done.status == 204, "the links in her mailbox work"


def test_one_network_that_guesses_at_many_accounts_waits(
    knock: Knock, cheap: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "FROM_ONE_NETWORK", Pace(5, timedelta(days=1)))
    heard = [a_sign_in(knock, "guess", f"2001:db8:1:2::{n:x}", email=f"a{n}@priklad.example").status for n in range(8)]
    assert heard == [401] * 5 + [429] * 3
    assert a_sign_in(knock, "guess", "2001:db8:1:3::1", email="b@priklad.example").status == 401
