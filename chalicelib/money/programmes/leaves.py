"""That somebody decided an application, as a leaf of the day's seal: in the transaction of the decision."""

from chalicelib.core.gate import Who
from chalicelib.core.ids import digest
from chalicelib.core.table import Write
from chalicelib.money.ledger import service as ledger
from chalicelib.money.programmes.model import SYSTEM, Application


def leaf(city: str, known: Application, outcome: str, by: Who | str, reason: str = "", name: str = "") -> Write:
    """A decision about an application as it was read: each version is decided once."""
    id = name or digest("decision", known.id, str(known.v))
    who, via = (by, SYSTEM) if isinstance(by, str) else (by.id, by.app)
    return ledger.leaf(city, id, "application", known.id, outcome, by=who, via=via, reason=reason)
