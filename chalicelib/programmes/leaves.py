"""That somebody decided an application, as a leaf of the day's seal: in the transaction of the decision."""

from chalicelib.core.clock import now
from chalicelib.core.gate import Who
from chalicelib.core.ids import digest
from chalicelib.core.table import Write
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Decision
from chalicelib.programmes.model import SYSTEM, Application


def leaf(city: str, known: Application, outcome: str, by: Who | str, reason: str = "", name: str = "") -> Write:
    """A decision about an application as it was read: each version is decided once."""
    decision = Decision(
        id=name or digest("decision", known.id, str(known.v)),
        what="application",
        about=known.id,
        outcome=outcome,
        by=by if isinstance(by, str) else by.id,
        via=SYSTEM if isinstance(by, str) else by.app,
        at=now(),
        why=digest(reason) if reason else "",
    )
    return ledger.decided(city, decision)
