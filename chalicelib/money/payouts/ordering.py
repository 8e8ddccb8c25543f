"""The order to the bank: its files, the lines that go into it, and those that the bank refuses.

What the files are made of (day, account, format) is kept before the first file is, so making the order again, after a
crash or for the second time, gives the same files under the same names: there is no second order.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from chalicelib.commons.bank import service as bank
from chalicelib.commons.bank.model import AccountNumber, OrderFile, Payment, PaymentOrder
from chalicelib.core import gate
from chalicelib.core.clock import now, today
from chalicelib.core.gate import Who
from chalicelib.core.refusals import ChangedMeanwhile, NotFound, TryAgain
from chalicelib.core.table import Write
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Spender
from chalicelib.money.payouts import building, outside, store, templates
from chalicelib.money.payouts.model import (
    Line,
    LineNotInOrder,
    OrderFileKept,
    Payout,
    PayoutNotInState,
    TownAccountMissing,
    state_from,
)
from chalicelib.money.payouts.signing import as_seen, save
from chalicelib.money.programmes import service as programmes
from chalicelib.money.providers import service as providers
from chalicelib.town.identity import service as identity
from chalicelib.town.messages import service as messages
from chalicelib.town.messages.model import Facts
from chalicelib.town.people import staff
from chalicelib.town.towns import service as towns
from chalicelib.town.towns.model import Town

CONSTANT_SYMBOL = "0308"
"""Payments for goods and services; the town's bank takes it on every order."""
CONTENT_TYPES = {".kpc": "text/plain; charset=windows-1250", ".xml": "application/xml"}


def export(city: str, payout: str, seen: int, who: Who) -> Payout:
    """Make the files for the bank, once, and settle inside what needs no bank. Downloading again gives the same files.

    Refusals: PayoutNotInState, TownAccountMissing, Frozen, TryAgain, and those of the bank's formats.
    """
    current = as_seen(store.payout(city, payout), seen)
    if current.state != "released":
        raise PayoutNotInState(current.state)
    return finish(city, _begun(city, current), who)


def _begun(city: str, payout: Payout) -> Payout:
    """The payout with what its files are made of. It cannot be cancelled any more."""
    if payout.due_on:
        return payout
    for line in store.lines(city, payout.id):
        if building.is_for_nothing(line) and not building.drop(city, payout, line):
            raise TryAgain
    lines = store.lines(city, payout.id)
    _check_not_frozen(city, lines)
    town = towns.town_now(city)
    begun = replace(
        payout,
        due_on=bank.banking_days_after(today(), 1),
        route=town.settlement_route,
        payer=town.paying_account,
        order_format=town.order_format,
        dialect=town.dialect_of(town.paying_account),
    )
    _files(town, begun, lines)
    return save(city, begun)


def _check_not_frozen(city: str, lines: Sequence[Line]) -> None:
    """Raises Frozen before anything is made: an order of a part of what was signed would be another order."""
    switches = ledger.switches(city)
    for line in lines:
        for programme in line.booked or {"": 0}:
            frozen = switches.why(programme=programme, provider=line.provider)
            if frozen:
                raise frozen


def finish(city: str, payout: Payout, who: Who, *, as_fact: bool = False) -> Payout:
    """Make the order of a payout whose making began, or go on with it where it stood.

    `as_fact`: the bank has taken the order, so it is booked whatever we froze since. Refusals: Frozen otherwise.
    """
    town, lines = towns.town_now(city), store.lines(city, payout.id)
    kept = [_keep(city, payout, file) for file in _files(town, payout, lines)]
    for line in lines:
        with suppress(ChangedMeanwhile):  # somebody else is making the same order: the line is in it
            settle_line(city, payout, line, who, as_fact)
    exported = replace(payout, exported_at=now(), files=tuple(kept), state="exported")
    return save(city, replace(exported, state=state_from(store.lines(city, payout.id), "exported")))


def settle_line(city: str, payout: Payout, line: Line, who: Who, as_fact: bool) -> Line:
    """Put a line into the order, or settle it without a bank. Its owners are told. Again: no effect."""
    if line.inside and line.state == "to_pay":
        return _settled_inside(city, payout, line, who, as_fact)
    if line.state == "to_pay":
        return _ordered(city, payout, line, who, as_fact)
    if line.state == "offset":
        _cleared(city, line, who, as_fact)
    return line


def _settled_inside(city: str, payout: Payout, line: Line, who: Who, as_fact: bool) -> Line:
    done = replace(line, state="settled_inside", settled_on=today())
    writes = [store.changed_line(city, done), *_remittance_message(city, payout, line)]
    spender, codes = spender_of(line, who), coordinates(city, line)
    ledger.settle_inside(city, line.provider, line.id, line.booked, spender, writes, coordinates=codes, as_fact=as_fact)
    return replace(done, v=line.v + 1)


def _ordered(city: str, payout: Payout, line: Line, who: Who, as_fact: bool) -> Line:
    done = replace(line, state="in_order", due_on=payout.due_on)
    writes = [store.changed_line(city, done), *_remittance_message(city, payout, line)]
    spender, codes = spender_of(line, who), coordinates(city, line)
    ledger.order(city, line.provider, line.id, line.booked, spender, writes, coordinates=codes, as_fact=as_fact)
    return replace(done, v=line.v + 1)


def _cleared(city: str, line: Line, who: Who, as_fact: bool) -> None:
    """Debts took up all of the line: what one programme pays for another comes to nothing at the bank."""
    if not line.booked:
        return
    spender, codes = spender_of(line, who), coordinates(city, line)
    ledger.order(city, line.provider, line.id, line.booked, spender, [], coordinates=codes, as_fact=as_fact)
    ledger.pay(city, line.provider, line.id, line.booked, spender, [], booked_on=today(), coordinates=codes)


def spender_of(line: Line, who: Who) -> Spender:
    return Spender(by=who.id, via=who.app, key=line.id)


def coordinates(city: str, line: Line) -> dict[str, str]:
    """The budget coordinates of each programme of a line, by the provider's legal form."""
    form = providers.provider(city, line.provider).legal_form
    return {id: programmes.programme(city, id).rules.coordinates.text_for(form) for id in line.booked}


def _files(town: Town, payout: Payout, lines: Sequence[Line]) -> tuple[OrderFile, ...]:
    payments = tuple(_payment(town, line) for line in lines if is_for_bank(line))
    if not payments:
        return ()
    if not payout.payer:
        raise TownAccountMissing
    order = PaymentOrder(
        reference=str(payout.number),
        payer=AccountNumber.parse(payout.payer),
        payer_name=town.name,
        due_on=payout.due_on or today(),
        created_at=payout.created_at,
        payments=payments,
    )
    return bank.write_order(order, payout.order_format, payout.dialect)


def is_for_bank(line: Line) -> bool:
    """Whether a line is a payment of the order, whatever has become of it since."""
    return not line.inside and line.amount_minor > 0


def _payment(town: Town, line: Line) -> Payment:
    return Payment(
        id=f"{line.number}-{line.position}",
        account=AccountNumber.parse(line.account),
        amount_minor=line.amount_minor,
        vs=str(line.number),
        ks=CONSTANT_SYMBOL,
        ss=str(line.position),
        payee_name=line.provider_name,
        message=f"{town.name}\nproplacení {line.number}",
    )


def _keep(city: str, payout: Payout, file: OrderFile) -> OrderFileKept:
    key = f"{city}/payouts/{payout.id}/{file.name}"
    outside.keep_file(key, file.content, CONTENT_TYPES[file.name[-4:]])
    return OrderFileKept(file.name, key, file.sum_minor, len(file.payments))


def _remittance_message(city: str, payout: Payout, line: Line) -> list[Write]:
    return tell_owners(city, line, templates.REMITTANCE.name, line.id)


def tell_owners(city: str, line: Line, template: str, event: str) -> list[Write]:
    """Writes that tell the provider's owners of what became of a line."""
    facts: Facts = {
        "number": str(line.number),
        "amount_minor": line.amount_minor,
        "provider": line.provider_name,
        "provider_id": line.provider,
    }
    members = staff.provider_members(city, line.provider)
    return [messages.tell(city, m.person, template, event, facts) for m in members if m.role == gate.OWNER]


def reject(city: str, payout: str, provider: str, reason: str, who: Who) -> Line:
    """The bank refused a payment of the order: it is owed again and the next payout carries it. The owners are told.

    Raises LineNotInOrder, NotFound, ConflictOfInterest.
    """
    line = store.line(city, payout, provider)
    if line is None:
        raise NotFound
    if line.state != "in_order":
        raise LineNotInOrder
    identity.check_impartial(city, who.id, providers=[provider])
    refused = replace(line, state="rejected", rejected_on=today(), note=reason)
    id = f"{line.id}.reject"
    leaf = ledger.leaf(city, id, "payout_line", payout, "rejected", by=who.id, via=who.app, reason=reason)
    told = tell_owners(city, line, templates.REJECTED.name, f"{line.id}.rejected")
    writes = [store.changed_line(city, refused), leaf, *told]
    ledger.reject(
        city, provider, line.id, line.booked, spender_of(line, who), writes, coordinates=coordinates(city, line)
    )
    refresh(city, payout)
    return replace(refused, v=line.v + 1)


def refresh(city: str, payout: str) -> None:
    """Bring the payout's state up to its lines."""
    current = store.payout(city, payout)
    state = state_from(store.lines(city, payout), current.state)
    if state != current.state:
        save(city, replace(current, state=state))


def file_link(payout: Payout, name: str) -> str:
    """A short-lived link to one of the payout's files. Raises NotFound."""
    for file in payout.files:
        if file.name == name:
            return outside.link_to(file.key, file.name)
    raise NotFound
