"""The people of the demo: who the registry knows, who has an account, and what the registry said of them. Pure.

`Resident` is a record of the population registry and stays on Regina's side. `Account` is what somebody typed into the
portal; it may differ from the record, and that is what the awkward cases are about.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from chalicelib.core.clock import Instant, start_of
from chalicelib.core.gate import ADMIN, FINANCE
from chalicelib.town.identity.model import Differs, LinkState, Outcome, ProofWay, ResidenceKind
from chalicelib.town.people.model import birthday
from chalicelib.town.towns.model import folded
from localcloud.demo.chance import dice, made_id
from localcloud.demo.names import BOYS, GIRLS, MEN, PLACES, SURNAMES, WOMEN
from localcloud.demo.towns import MODRINOV, PODLESI, Colleague, House, houses

PEOPLE, USERS = 2000, 430
CHILDREN = {MODRINOV: 480, PODLESI: 130}
SENIORS_WITH_ACCOUNT = {MODRINOV: 70, PODLESI: 20}
FAMILIES = {"modrinov": 272, "podlesi": 76, "stred": 9}
PAIRS = {"modrinov": 178, "podlesi": 40, "stred": 8}
SINGLES = {"modrinov": 80, "podlesi": 19, "stred": 7}
ONE_PARENT_EVERY = 8
DAY_SECONDS = 86_400

type Sex = Literal["M", "F"]
type Quarter = Literal["modrinov", "podlesi", "stred"]


@dataclass(frozen=True)
class Parent:
    registry_id: str
    responsible: bool = True


@dataclass(frozen=True)
class Resident:
    """One record of the population registry. The household is for the demo alone: no register knows it."""

    registry_id: str
    given_names: str
    surname: str
    sex: Sex
    born: date
    birth_place: str
    house: House
    household: int
    kind: ResidenceKind = "permanent_residence"
    official_address: bool = False
    former_surnames: tuple[str, ...] = ()
    died_on: date | None = None
    questioned: bool = False
    citizenship: str = "CZ"
    parents: tuple[Parent, ...] = ()
    custody: str | None = None
    since: date | None = None

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.surname}"

    def line(self) -> dict[str, Any]:
        """The record as Regina's registry file holds it."""
        home = self.house
        return {
            "registry_id": self.registry_id,
            "given_names": self.given_names,
            "surname": self.surname,
            "former_surnames": list(self.former_surnames),
            "birth_date": self.born.isoformat(),
            "birth_place": self.birth_place,
            "sex": self.sex,
            "residence": {
                "address_code": home.code,
                "municipality_code": home.municipality_code,
                **({"city_part_code": home.city_part_code} if home.city_part_code else {}),
                "kind": self.kind,
                "text": home.text,
                "official_address": self.official_address,
                "since": (self.since or self.born).isoformat(),
            },
            "died_on": self.died_on.isoformat() if self.died_on else None,
            "questioned": self.questioned,
            "citizenship": self.citizenship,
            "parents": [{"registry_id": p.registry_id, "responsible": p.responsible} for p in self.parents],
            "custody": self.custody,
        }


@dataclass(frozen=True)
class Entry:
    """A child as one guardian entered it. `key` names the awkward ones."""

    id: str
    registry_id: str
    given_names: str
    surname: str
    born: date
    added_at: Instant
    outcome: Outcome = "match"
    link: LinkState = "proved_by_registry"
    not_proved: bool = False
    with_document: bool = False
    key: str = ""


@dataclass(frozen=True)
class Account:
    """A registered user: what they typed, and what the registry answered. `registry_id` is empty where it knows nobody."""

    id: str
    city: str
    registry_id: str
    given_names: str
    surname: str
    born: date
    address: str
    address_code: str
    registered_at: Instant
    email: str
    phone: str = ""
    outcome: Outcome = "match"
    differs: tuple[Differs, ...] = ()
    duplicate: bool = False
    recheck_at: datetime | None = None
    proof: ProofWay | None = "desk"
    at_desk: bool = False
    entries: tuple[Entry, ...] = ()
    key: str = ""

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.surname}"


@dataclass(frozen=True)
class Case:
    """An awkward person, for the documentation and the start page. `shown` people get a line on the start page."""

    key: str
    title: str
    shown: bool = False


@dataclass
class Population:
    """Builds the people of both towns, the awkward ones first, each thing once and in a fixed order."""

    day: date
    residents: dict[str, Resident] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    _houses: dict[str, Iterator[House]] = field(default_factory=dict)
    _emails: set[str] = field(default_factory=set)
    _households: int = 0

    def house(self, quarter: Quarter) -> House:
        """The next empty house; the town hall is nobody's home."""
        if quarter not in self._houses:
            self._houses[quarter] = houses(quarter)
            if quarter == "modrinov":
                next(self._houses[quarter])
        self._households += 1
        return next(self._houses[quarter])

    def resident(self, name: str, sex: Sex, born: date, house: House, **more: Any) -> Resident:
        """Write somebody into the registry; the last word of the name is the surname."""
        given_names, _, surname = name.rpartition(" ")
        id = f"R{len(self.residents) + 1:06}"
        place = more.pop("birth_place", None) or dice("birthplace", id).choice(PLACES)
        made = Resident(
            id, given_names, surname, sex, born, place, house, more.pop("household", self._households), **more
        )
        self.residents[id] = made
        return made

    def account(self, who: Resident, city: str, **more: Any) -> Account:
        """An account with what the person typed: their own data unless told otherwise."""
        key = str(more.get("key", ""))
        registered_at = more.pop("registered_at", None) or self.moment("registered", who.registry_id, key)
        chance = dice("account", who.registry_id, key)
        name = str(more.pop("typed", who.name))
        given_names, _, surname = name.rpartition(" ")
        made = Account(
            id=str(more.pop("id", "")) or made_id(registered_at, "person", who.registry_id, key),
            city=city,
            registry_id=who.registry_id,
            given_names=given_names,
            surname=surname,
            born=more.pop("born", who.born),
            address=more.pop("address", who.house.text),
            address_code=more.pop("address_code", who.house.code),
            registered_at=registered_at,
            email=more["email"] if "email" in more else self.email(given_names, surname),
            phone=more.pop("phone", f"+420 70{chance.randrange(10**6, 10**7)}"),
            proof=more.pop("proof", chance.choice(("desk", "desk", "post"))),
            **{name: value for name, value in more.items() if name != "email"},
        )
        self.accounts.append(made)
        return made

    def entry(self, guardian: Account, child: Resident, **more: Any) -> Account:
        """Enter a child into an account. Gives the account with it."""
        added_at = guardian.registered_at + timedelta(minutes=4 + 2 * len(guardian.entries))
        id = f"{guardian.id}-{made_id(added_at, 'child', guardian.id, child.registry_id)[-10:]}"
        made = Entry(id, child.registry_id, child.given_names, child.surname, child.born, added_at, **more)
        grown = replace(guardian, entries=(*guardian.entries, made))
        self.accounts[self.accounts.index(guardian)] = grown
        return grown

    def case(self, key: str, title: str, *, shown: bool = False) -> None:
        self.cases.append(Case(key, title, shown))

    def moment(self, *names: object) -> Instant:
        """Some evening or morning of the year before the demo, more often lately."""
        chance = dice("moment", *names)
        back = int(62 + 330 * chance.random() ** 2)
        return start_of(self.day - timedelta(days=back)) + timedelta(seconds=chance.randrange(25_000, 80_000))

    def email(self, given_names: str, surname: str) -> str:
        plain = f"{folded(given_names.split()[0])}.{folded(surname)}".replace(" ", "-")
        wanted = next(
            e for n in range(1, 99) if (e := f"{plain}{n if n > 1 else ''}@posta.example") not in self._emails
        )
        self._emails.add(wanted)
        return wanted

    def aged(self, years: int, *names: object) -> date:
        """Somebody's birth date: so many completed years on the demo day."""
        back = dice("born", *names).randrange(1, 360)
        return birthday(self.day, self.day.year - years) - timedelta(days=back)

    @property
    def entered(self) -> int:
        return sum(len(account.entries) for account in self.accounts)


# The many


def ordinary(made: Population) -> None:
    """Fill the town up to PEOPLE people: families, pairs, people alone."""
    families = [(quarter, n) for quarter, count in FAMILIES.items() for n in range(count)]
    pairs = [(quarter, n) for quarter, count in PAIRS.items() for n in range(count)]
    singles = [(quarter, n) for quarter, count in SINGLES.items() for n in range(count)]
    parents = sum(1 if n % ONE_PARENT_EVERY == 0 else 2 for _, n in families)
    children = PEOPLE - len(made.residents) - parents - 2 * len(pairs) - len(singles)
    for (quarter, n), count in zip(families, _shared(children, len(families)), strict=True):
        _family(made, quarter, n, count)
    for quarter, n in pairs:
        _pair(made, quarter, n)
    for quarter, n in singles:
        _single(made, quarter, n)


def _shared(children: int, families: int) -> list[int]:
    """So many children among so many families: each has one, some have up to four."""
    counts = [1] * families
    chance = dice("children")
    for _ in range(children - families):
        counts[chance.choice([n for n, count in enumerate(counts) if count < 4])] += 1
    return counts


def _family(made: Population, quarter: Any, n: int, children: int) -> None:
    chance = dice("family", quarter, n)
    man, woman = chance.choice(SURNAMES)
    house = made.house(quarter)
    mother_age = chance.randrange(27, 49)
    mother = made.resident(f"{chance.choice(WOMEN)} {woman}", "F", made.aged(mother_age, "mother", quarter, n), house)
    parents = [Parent(mother.registry_id)]
    if n % ONE_PARENT_EVERY:
        father_age = mother_age + chance.randrange(-1, 6)
        father = made.resident(f"{chance.choice(MEN)} {man}", "M", made.aged(father_age, "father", quarter, n), house)
        parents.append(Parent(father.registry_id))
    oldest = min(17, mother_age - 20)
    ages = chance.sample(range(oldest + 1), min(children, oldest + 1))
    names = {"M": chance.sample(BOYS, 4), "F": chance.sample(GIRLS, 4)}
    for place in range(children):
        sex: Sex = chance.choice(("M", "F"))
        age = ages[place % len(ages)]
        name = f"{names[sex][place]} {man if sex == 'M' else woman}"
        made.resident(name, sex, made.aged(age, "child", quarter, n, place), house, parents=tuple(parents))


def _pair(made: Population, quarter: Any, n: int) -> None:
    chance = dice("pair", quarter, n)
    man, woman = chance.choice(SURNAMES)
    house = made.house(quarter)
    age = chance.randrange(61, 88) if n % 10 < 7 else chance.randrange(25, 58)
    made.resident(f"{chance.choice(WOMEN)} {woman}", "F", made.aged(age, "wife", quarter, n), house)
    made.resident(f"{chance.choice(MEN)} {man}", "M", made.aged(age + 2, "husband", quarter, n), house)


def _single(made: Population, quarter: Any, n: int) -> None:
    chance = dice("single", quarter, n)
    man, woman = chance.choice(SURNAMES)
    age = chance.randrange(62, 92) if n % 4 else chance.randrange(20, 58)
    born, house = made.aged(age, "single", quarter, n), made.house(quarter)
    if chance.random() < 0.7:
        made.resident(f"{chance.choice(WOMEN)} {woman}", "F", born, house)
    else:
        made.resident(f"{chance.choice(MEN)} {man}", "M", born, house)


# Who of them has an account


def registered(made: Population, ordinary_from: int) -> None:
    """Give accounts to parents until the children are entered, then to seniors, then to others, USERS in all."""
    people = list(made.residents.values())[ordinary_from:]
    for city in (MODRINOV, PODLESI):
        _parents(made, [p for p in people if _town_of(p) == city], city)
        seniors = [p for p in people if _town_of(p) == city and _age(made, p) >= 60]
        for who in seniors[: SENIORS_WITH_ACCOUNT[city]]:
            _user(made, who, city)
    taken = {account.registry_id for account in made.accounts}
    others = [p for p in people if p.registry_id not in taken and _town_of(p) == MODRINOV and 20 <= _age(made, p) < 58]
    for who in others[: USERS - len(made.accounts)]:
        _user(made, who, MODRINOV)


def _parents(made: Population, people: Sequence[Resident], city: str) -> None:
    by_parent: dict[str, list[Resident]] = {}
    for child in people:
        if child.parents and _age(made, child) < 18:
            by_parent.setdefault(child.parents[0].registry_id, []).append(child)
    left = CHILDREN[city] - sum(len(a.entries) for a in made.accounts if a.city == city)
    for parent, children in by_parent.items():
        entered = children[:left]
        left -= len(entered)
        if not entered:
            return
        account = _user(made, made.residents[parent], city)
        for child in entered:
            verified = account.outcome == "match"
            account = made.entry(
                account,
                child,
                outcome="match" if verified else "pending",
                link="proved_by_registry" if verified else "declared",
            )


def _user(made: Population, who: Resident, city: str) -> Account:
    """Where verification comes with an application, who has not applied is not verified yet; the story says who has."""
    return made.account(who, city, outcome="match")


def _town_of(who: Resident) -> str:
    if who.house.city_part_code:
        return PODLESI if who.house.city_part_code == "999021" else ""
    return MODRINOV


def _age(made: Population, who: Resident) -> int:
    from chalicelib.town.people.model import age_on

    return age_on(who.born, made.day)


def population(day: date, colleagues: Sequence[Colleague]) -> Population:
    """Everybody: the awkward ones with fixed names, then the many."""
    from localcloud.demo.awkward import awkward

    made = Population(day)
    awkward(made, colleagues)
    first = len(made.residents)
    ordinary(made)
    registered(made, first)
    officers(made, colleagues)
    return made


def officers(made: Population, colleagues: Sequence[Colleague]) -> None:
    """Administrators and those who sign for money: their town knows who they are, they came to the counter."""
    for who in colleagues:
        if {ADMIN, *FINANCE}.intersection(who.roles):
            age = made.aged(41 + len(who.key), f"{who.city}{who.key}")
            house = made.house("modrinov" if who.city == MODRINOV else "podlesi")
            record = made.resident(who.name, "M", age, house)
            made.account(record, who.city, key=f"{who.city}_{who.key}", id=who.id, email=who.email, proof="desk")
