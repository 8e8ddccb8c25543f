"""A till may redeem a voucher of its owner's family; the auditor's book says that it did."""

from datetime import date

from chalicelib.core.clock import today
from chalicelib.core.gate import OWNER
from chalicelib.core.table import commit
from chalicelib.money.ledger import service as ledger
from chalicelib.money.vouchers import jobs, signals
from chalicelib.town.people import store as people_store
from chalicelib.town.people.model import ProviderMembership
from tests.door import Door
from tests.money.vouchers.build import CITY, Scene, a_voucher, codes_of
from tests.money.vouchers.test_counter import redeem


def an_owner(scene: Scene, person: str) -> None:
    membership = ProviderMembership(person, CITY, scene.pool.id, OWNER)
    commit(people_store.save_provider_membership(membership, "Růžena Příhodová", "ruzena@priklad.example"))


def signalled(redemption: str) -> list[str]:
    return [decision.outcome for decision in ledger.decisions_of(CITY, redemption) if decision.what == signals.SIGNAL]


def test_a_redemption_for_the_owners_own_child_is_allowed_and_noted_once(till: Door, scene: Scene) -> None:
    an_owner(scene, scene.citizen.id)
    own = redeem(till, codes_of(a_voucher(scene, beneficiary=scene.child.id)).qr)
    assert own.status == 200
    for _ in range(2):
        signals.note_own_family(CITY, today(), "vouchers")
    assert signalled(own.body["id"]) == ["own_family"]


def test_a_redemption_for_somebody_else_is_not_noted(till: Door, scene: Scene) -> None:
    an_owner(scene, "somebody-else")
    other = redeem(till, codes_of(a_voucher(scene)).qr).body
    signals.note_own_family(CITY, today(), "vouchers")
    assert signalled(other["id"]) == []


def test_the_nightly_job_looks_at_the_days_before(till: Door, scene: Scene) -> None:
    job, days = jobs.JOBS["own_family"], []
    cursor = job(CITY, None)
    while cursor:
        days.append(cursor)
        cursor = job(CITY, cursor)
    assert [(today() - date.fromisoformat(day)).days for day in days] == [2, 1]
