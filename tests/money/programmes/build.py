"""Builders for tests about programmes: a town with staff, a funded programme, verified people."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from chalicelib.core.clock import now, today
from chalicelib.core.gate import Who
from chalicelib.core.ids import new_id
from chalicelib.core.table import commit
from chalicelib.money.programmes import service
from chalicelib.money.programmes.model import Application, Programme, Rules, WhoMay, Words
from chalicelib.town.identity import store as identity_store
from chalicelib.town.identity.model import Residence, SecondProof, Verification
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Child, Person
from tests.town.people.build import a_colleague, a_person, a_town

CITY = "modrinov"
HOME = "999001"
AMOUNT = 80_000


def rules(**more: Any) -> Rules:
    """800 Kč of credit for whoever has permanent residence in the town; everything is open today."""
    day = today()
    plain: dict[str, Any] = {
        "name": Words("Modřínov v pohybu", "Modřínov on the move"),
        "purpose": Words("Sport a kroužky", "Sport and clubs"),
        "text": Words("Přispíváme dětem na sport.", "We help children with sport."),
        "legal_basis": "Zákon 128/2000 Sb. § 84",
        "legal_regime": "other",
        "resolution_number": "12/3/2026",
        "resolution_on": day - timedelta(days=90),
        "mode": "credit",
        "denominations_minor": (40_000, 40_000),
        "applications_from": day - timedelta(days=60),
        "applications_to": day + timedelta(days=30),
        "spending_from": day - timedelta(days=60),
        "spending_to": day + timedelta(days=90),
        "who": WhoMay(residence_codes=(HOME,)),
    }
    return Rules(**(plain | more))


class Staff:
    """The people of a town hall."""

    def __init__(self) -> None:
        self.admin = a_colleague("admin", ("admin",), name="Adam Správný")
        self.clerk = a_colleague("clerk", ("clerk",), name="Marie Dvořáková")
        self.clerk2 = a_colleague("clerk2", ("clerk",), name="Petr Kučera")
        self.authorising = a_colleague("authorising", ("authorising_officer",), name="Alena Příkazná")
        self.budget = a_colleague("budget", ("budget_officer",), name="Bohumil Rozpočet")
        self.assistant = a_colleague("assistant", ("assistant",), name="Irena Infocentrová")


def a_hall(**town: Any) -> Staff:
    a_town(**town)
    return Staff()


def sign(staff: Staff, programme: str, amount_minor: int) -> None:
    """Put a sum into a budget as two people do."""
    change = service.propose_budget(CITY, programme, amount_minor, "Usnesení rady", staff.admin)
    service.sign_budget(CITY, programme, change.id, "authorising_officer", amount_minor, staff.authorising)
    service.sign_budget(CITY, programme, change.id, "budget_officer", amount_minor, staff.budget)


def an_open(staff: Staff, budget_minor: int = 10 * AMOUNT, **more: Any) -> Programme:
    """A published programme with money."""
    made = service.create(CITY, rules(**more), staff.admin)
    sign(staff, made.id, budget_minor)
    return service.step(CITY, made.id, service.programme(CITY, made.id).v, "publish")


def verified(
    subject: str,
    *,
    outcome: Any = "match",
    ref: str = "",
    residence: Residence | None = None,
    proof: bool = True,
    link: Any = "proved_by_registry",
    **seen: Any,
) -> None:
    """The registry knows this person or child, as if Regina had answered; `seen` is what else it said."""
    someone = people.subject(CITY, subject)
    before = identity_store.verification(CITY, subject)
    found = outcome in ("match", "match_not_resident")
    known = Verification(
        subject=subject,
        fingerprint=someone.fingerprint,
        asked_at=now(),
        outcome=outcome,
        subject_ref=(ref or f"ref-{subject}") if found else "",
        checked_at=now(),
        expires_at=now() + timedelta(days=365) if found else None,
        residence=(residence or Residence(HOME)) if found else None,
        second_proof=SecondProof("desk", now(), "clerk") if proof else None,
        v=before.v if before else 0,
        **seen,
    )
    commit(identity_store.save_verification(CITY, known, None))
    if isinstance(someone, Child):
        prove_link(someone, link)


def prove_link(child: Child, state: Any) -> None:
    from chalicelib.town.identity.model import Link, of_age_on

    seen = identity_store.link(CITY, child.id)
    made = seen or Link(child.guardian, child.id, now(), of_age_on(child.birth_date))
    commit(identity_store.save_link(CITY, replace(made, state=state)))


def a_citizen(id: str = "", given: str = "Jana", surname: str = "Nováková", born: date = date(1985, 4, 2)) -> Who:
    """A verified inhabitant, signed in."""
    person: Person = a_person(id or new_id(), given, surname, born)
    verified(person.id)
    return Who(id=person.id, app="moje", roles={CITY: ("citizen",)})


def a_child(parent: Who, given: str = "Ema", born: date = date(2018, 5, 14), **more: Any) -> Child:
    child = people.add_child(CITY, parent.id, given, "Nováková", born, None)
    verified(child.id, **more)
    return child


def submitted(programme: Programme, by: Who, beneficiary: str = "") -> Application:
    draft = service.start(CITY, programme.id, beneficiary or by.id, by)
    return service.submit(CITY, draft.id, by)
