"""What the doors and jobs ask of the audit: the room's only face.

Seals stand in `sealing`, the nightly proof in `proving`, rebuilding balances in `rebuilding`, lists and exports in
`reading`, the freeze switches in `freezing`; `merkle` hashes, `outside` is the locked bucket.
"""

from datetime import date

from chalicelib.core import work
from chalicelib.core.clock import now
from chalicelib.core.gate import ADMIN, AUDITOR, FINANCE, Who
from chalicelib.core.refusals import NotFound
from chalicelib.core.table import Key, Page
from chalicelib.money.ledger import service as ledger
from chalicelib.town.identity import service as identity
from chalicelib.town.towns import service as towns
from chalicelib.watch.audit import sealing, store
from chalicelib.watch.audit.freezing import freeze as freeze
from chalicelib.watch.audit.freezing import freeze_history as freeze_history
from chalicelib.watch.audit.freezing import frozen as frozen
from chalicelib.watch.audit.freezing import unfreeze as unfreeze
from chalicelib.watch.audit.model import Inclusion, Proof, ProofNotFound, ReceiptNotFound, Seal
from chalicelib.watch.audit.proving import begin_and_send as begin_and_send
from chalicelib.watch.audit.proving import cities_of as cities_of
from chalicelib.watch.audit.proving import judge_town as judge_town
from chalicelib.watch.audit.proving import known_run as known_run
from chalicelib.watch.audit.proving import prove as prove
from chalicelib.watch.audit.proving import read_segment as read_segment
from chalicelib.watch.audit.reading import Asked as Asked
from chalicelib.watch.audit.reading import bookings as bookings
from chalicelib.watch.audit.reading import bookings_sheet as bookings_sheet
from chalicelib.watch.audit.reading import entries as entries
from chalicelib.watch.audit.reading import entries_sheet as entries_sheet
from chalicelib.watch.audit.rebuilding import Rebuilt as Rebuilt
from chalicelib.watch.audit.rebuilding import missing as missing
from chalicelib.watch.audit.rebuilding import rebuild_balances as rebuild_balances
from chalicelib.watch.audit.sealing import seal as seal
from chalicelib.watch.audit.sealing import seal_next as seal_next

READERS = (*FINANCE, ADMIN, AUDITOR)
"""Whom of the town every movement concerns."""


def seals(city: str, limit: int, cursor: str | None) -> Page[Seal]:
    """A town's seals, newest first. Raises TownUnknown."""
    towns.town(city)
    return store.seals(city, limit, cursor)


def seal_of_day(city: str, day: date) -> Seal:
    """Raises TownUnknown, SealNotFound."""
    towns.town(city)
    return sealing.seal_of(city, day)


def receipt(city: str, who: Who, id: str, grant: str) -> Inclusion:
    """A movement of a grant with its way to the seal, for those whom it concerns.

    The citizen whose grant it is, the assistant who registered them, the people of the provider where it was spent, and
    the town's finance and auditor. Raises ReceiptNotFound, also to whom it does not concern, ConflictOfInterest.
    """
    moved = ledger.transfer(city, grant, id)
    known = ledger.grant(city, grant)
    if moved is None or known is None:
        raise ReceiptNotFound
    if not who.role_at(city, moved.provider) and not who.holds(city, READERS):
        try:
            identity.look_for(city, who, known.person)
        except NotFound:
            raise ReceiptNotFound from None
    return sealing.inclusion(city, ledger.key_of(city, moved))


def receipt_of_payment(city: str, id: str, programme: str, provider: str) -> Inclusion:
    """The same for a movement of a budget, of a payout, or with the operator, for the town. Raises ReceiptNotFound."""
    place = f"PR#{provider}" if provider else f"B#{programme}" if programme else "OP"
    return sealing.inclusion(city, Key(f"{city}#{place}", f"T#{id}"))


def proofs(city: str, limit: int, cursor: str | None) -> Page[Proof]:
    return store.proofs(city, limit, cursor)


def proof(city: str, run: str) -> Proof:
    """Raises ProofNotFound."""
    known = store.proof(city, run)
    if known is None:
        raise ProofNotFound
    return known


def start_proof(city: str) -> str:
    """Send the proof of one town's books to be run now. Pressed again within the quarter of an hour it is the same run."""
    at = now()
    run = f"{at:%Y-%m-%dT%H}-{at.minute // 15 * 15:02}.{city}"
    work.send("audit", {"job": "prove", "city": city, "cursor": run})
    return run


def booked_to(city: str) -> date | None:
    """The last day that is sealed, and so booked for good."""
    last = store.last_seal(city)
    return last.day if last else None
