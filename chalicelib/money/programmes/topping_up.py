"""Adding to an award: a clerk's decision under the same ceiling, with a reason."""

from dataclasses import dataclass, replace

from chalicelib.core.clock import now
from chalicelib.core.gate import Who
from chalicelib.core.ids import digest
from chalicelib.core.refusals import ChangedMeanwhile, NotFound, crowns
from chalicelib.core.table import Item
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Grant, Spender
from chalicelib.money.programmes import letters, store
from chalicelib.money.programmes.applying import application, event_write, under_rules
from chalicelib.money.programmes.leaves import leaf
from chalicelib.money.programmes.model import Application, ApplicationStateForbids, TopUpTooHigh
from chalicelib.town.identity import service as identity


@dataclass(frozen=True)
class ToppedUp:
    """An application after a top-up; `replayed` when this key topped it up before."""

    application: Application
    amount_minor: int
    replayed: bool = False


def awarded(city: str, application: Application) -> list[Grant]:
    """The accounts that an application was awarded, in the order of their parts."""
    return sorted(ledger.grants(city, application.grants), key=lambda grant: grant.part)


def top_up(city: str, id: str, grant: str, amount_minor: int, reason: str, by: Who, key: str) -> ToppedUp:
    """Add a sum to a grant of an approved application: the ceiling, the grant, the history and the message at once.

    Raises ApplicationStateForbids, NotFound (no grant of this application), ConflictOfInterest, TopUpTooHigh,
    BudgetExhausted, BudgetNotOpen, GrantClosed.
    """
    known = application(city, id)
    if known.state != "approved":
        raise ApplicationStateForbids(known.state)
    account = next((one for one in awarded(city, known) if one.id == grant), None)
    if account is None:
        raise NotFound
    identity.check_impartial(city, by.id, known.person, known.beneficiary)
    spender = Spender(by.id, by.app, key)
    if ledger.spent(city, grant, spender) is None:
        _check_sum(city, known, amount_minor)
    rules = under_rules(city, known).rules
    more = replace(known, amount_minor=known.amount_minor + amount_minor)
    name = digest("top_up", grant, by.id, key)
    also = [
        store.save_application(city, more, known, _why_not),
        event_write(city, known, "topped_up", by, now(), f"{crowns(amount_minor)}: {reason}"),
        letters.topped_up(city, known, rules, name, amount_minor, reason),
        leaf(city, known, "top_up", by, reason, name),
    ]
    receipt = ledger.top_up(city, account, amount_minor, spender, also)
    stands = application(city, id) if receipt.replayed else replace(more, v=known.v + 1)
    return ToppedUp(stands, receipt.transfer.amount_minor, receipt.replayed)


def _check_sum(city: str, known: Application, amount_minor: int) -> None:
    max_minor = under_rules(city, known).rules.max_per_person_minor
    if 0 < max_minor < known.amount_minor + amount_minor:
        raise TopUpTooHigh(max_minor)


def _why_not(_old: Item | None) -> Exception:
    return ChangedMeanwhile()
