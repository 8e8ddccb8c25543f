"""Builders: a town where vouchers can be spent, with everybody in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from typing import Any

from chalicelib.core import aws
from chalicelib.core.clock import end_of, now, start_of, today
from chalicelib.core.gate import CITIZEN, OWNER, TILL, Who
from chalicelib.core.ids import new_id
from chalicelib.core.table import commit, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Grant, NewGrant, Spender
from chalicelib.money.programmes import service as programmes
from chalicelib.money.programmes.model import Programme, Rules, Words
from chalicelib.money.providers import store as provider_store
from chalicelib.money.providers.model import Branch, Part, Provider, ProviderContact
from chalicelib.money.vouchers import service, store
from chalicelib.money.vouchers.model import PairingCodeInvalid, Till, Voucher
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Child, Person, Residence
from tests.town.people.build import a_town

CITY = "modrinov"
CLERK = Who(id="clerk-1", app="admin", roles={CITY: ("clerk",)})
_subjects = count(1)


@dataclass(frozen=True)
class Scene:
    """A town: swimming at the pool for vouchers spent in parts, books at the shop for single-use ones."""

    citizen: Person
    child: Child
    swimming: Programme
    books: Programme
    pool: Provider
    shop: Provider

    @property
    def who(self) -> Who:
        return Who(id=self.citizen.id, app="moje", roles={CITY: (CITIZEN,)})

    @property
    def owner(self) -> Who:
        return Who(id="owner-1", app="admin", providers={CITY: {self.pool.id: OWNER}})


def a_scene() -> Scene:
    a_town(CITY)
    citizen = a_person()
    child = Child(
        id=f"{citizen.id}-{new_id()}",
        guardian=citizen.id,
        given_names="Žofie Anežka",
        surname="Příhodová",
        birth_date=date(2017, 4, 2),
        residence=citizen.residence,
        added_at=now(),
    )
    transact([people.found_person(CITY, citizen), people.found_child(CITY, child)])
    swimming = a_programme("Plavenka 60+", "plavání, sauna, kino nebo výstava")
    books = a_programme("Čteme doma", "dětská kniha", min_price_minor=150_00, remainder="returns", single_use=True)
    pool = a_provider("Městský bazén Modřínov", swimming)
    shop = a_provider("Knihkupectví U Sovy", books)
    return Scene(citizen, child, swimming, books, pool, shop)


def a_person() -> Person:
    return Person(
        id=new_id(),
        given_names="Růžena",
        surname="Příhodová",
        birth_date=date(1958, 3, 8),
        residence=Residence("Nádražní 7, Modřínov"),
        registered_at=now(),
        notice_version=1,
        notice_at=now(),
        email="ruzena@priklad.example",
    )


def a_programme(name: str, purpose: str, **more: Any) -> Programme:
    """A programme in mode voucher with 100 000 Kč to award."""
    rules = Rules(
        name=Words(name),
        purpose=Words(purpose),
        text=Words(name),
        legal_basis="zákon č. 128/2000 Sb.",
        legal_regime="other",
        mode="voucher",
        denominations_minor=(500_00,),
        applications_from=today() - timedelta(days=30),
        applications_to=today() + timedelta(days=30),
        spending_from=today() - timedelta(days=30),
        spending_to=today() + timedelta(days=120),
    )
    made = programmes.create(CITY, replace(rules, **more), CLERK)
    ledger.fund(CITY, made.id, 100_000_00, Spender("officers", "admin", f"fund-{made.id}"))
    return made


def a_provider(name: str, *takes: Programme) -> Provider:
    """An active provider with two branches and a part in the programmes."""
    provider = Provider(
        id=new_id(),
        ico=f"{next(_subjects):08}",
        name=name,
        legal_form="town_organisation",
        seat="Modřínov",
        contact=ProviderContact("Vedoucí", "provozovna@priklad.example"),
        state="active",
        registered_at=now(),
        registered_by="owner-1",
        branches=(
            Branch("b1", name, "Nádražní 12, Modřínov"),
            Branch("b2", "Letní areál", "U Řeky 3, Modřínov", closed=True),
        ),
    )
    transact(
        [*provider_store.add(CITY, provider), *(provider_store.add_part(CITY, a_part(provider, p)) for p in takes)]
    )
    return provider


def a_paired_till(provider: str, id: str = "till-1", city: str = CITY) -> Who:
    """A till that is in the table, as it comes to the door."""
    paired = Till(id, provider, "b1", "Pokladna 1", token_digest="", paired_by="owner-1", paired_at=now())
    with suppress(PairingCodeInvalid):  # it is there already
        commit(store.new_till(city, paired))
    return Who(id=id, app="reader", session=id, roles={city: (TILL,)}, providers={city: {provider: TILL}})


def a_part(provider: Provider, programme: Programme) -> Part:
    return Part(provider.id, programme.id, "active", "active", now(), "owner-1")


def a_grant(scene: Scene, programme: Programme | None = None, amount_minor: int = 500_00, **more: Any) -> Grant:
    """An award of a voucher to the citizen, as an approval makes it; the voucher is not issued yet."""
    programme = programme or scene.swimming
    new = NewGrant(
        subject_ref=f"subject-{next(_subjects)}",
        programme=programme.id,
        application=new_id(),
        person=scene.citizen.id,
        beneficiary=scene.citizen.id,
        mode="voucher",
        amount_minor=amount_minor,
        valid_from=start_of(today()),
        valid_until=end_of(today() + timedelta(days=60)),
        min_price_minor=programme.rules.min_price_minor,
        remainder=programme.rules.remainder,
        single_use=programme.rules.single_use,
    )
    return ledger.allot(CITY, [replace(new, **more)], Spender("clerk-1", "admin", new.id))[0]


def a_voucher(scene: Scene, programme: Programme | None = None, amount_minor: int = 500_00, **more: Any) -> Voucher:
    """An award with its voucher issued."""
    grant = a_grant(scene, programme, amount_minor, **more)
    service.issue(CITY, grant.id)
    return voucher_of(scene, grant.id)


def voucher_of(scene: Scene, id: str) -> Voucher:
    found = service.held(CITY, scene.who, id).voucher
    assert found is not None
    return found


def codes_of(voucher: Voucher) -> service.Codes:
    return service.codes_of(CITY, voucher)


def left(voucher: Voucher) -> int:
    grant = ledger.grant(CITY, voucher.id)
    assert grant is not None
    return grant.spendable_minor


@contextmanager
def counted_requests() -> Iterator[list[str]]:
    """The names of the requests that reach DynamoDB inside the block."""
    names: list[str] = []
    events = aws.client("dynamodb").meta.events
    note: Callable[..., None] = lambda model, **_: names.append(model.name)  # noqa: E731
    events.register("before-call.dynamodb", note)
    try:
        yield names
    finally:
        events.unregister("before-call.dynamodb", note)
