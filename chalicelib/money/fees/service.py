"""Verbs of the personal account: take charges from the office, show them, remind, and note what the bank says."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from chalicelib.commons.bank import service as bank
from chalicelib.commons.bank.model import AccountNumber, Expected, Match, Proposal, QrPayment, StatementLine
from chalicelib.core.clock import today
from chalicelib.core.gate import Who
from chalicelib.core.refusals import ChangedMeanwhile, FieldError, NotFound, Refusal, TryAgain
from chalicelib.core.table import Write, commit, transact
from chalicelib.money.fees import store
from chalicelib.money.fees import templates as _templates
from chalicelib.money.fees.model import (
    Charge,
    ChargeSettled,
    ChargesUnreadable,
    Imported,
    OptionUnknown,
    PaymentNote,
    ToCheck,
    is_open,
    read_charges,
    sums_on,
    to_pay_minor,
)
from chalicelib.money.fees.store import AlreadyThere
from chalicelib.town.identity import service as identity
from chalicelib.town.identity.model import head_of
from chalicelib.town.messages import service as messages
from chalicelib.town.messages.model import Deadline
from chalicelib.town.people import service as people
from chalicelib.town.people.model import Child, Person
from chalicelib.town.towns import service as towns

LEADS_DAYS = (14, 3)
DEADLINE = "charge"
WRITERS = 8
OVERDUE_LOOK_BACK_DAYS = 7
TRIES_MAX = 8


@dataclass(frozen=True)
class Found:
    """What credits of a statement pay: charges they surely pay, and payments that finance must choose for."""

    charges: Mapping[str, Charge] = field(default_factory=dict)
    matches: tuple[Match, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    @property
    def paid(self) -> int:
        """How many payments pay a charge."""
        return len({match.line.fingerprint for match in self.matches})

    @property
    def to_check(self) -> int:
        """How many wait for finance."""
        return len(self.proposals)

    @property
    def lines(self) -> set[str]:
        """The fingerprints of the lines that are somebody's."""
        paid = {match.line.fingerprint for match in self.matches}
        return paid | {proposal.line.fingerprint for proposal in self.proposals}

    def of(self, lines: Sequence[StatementLine]) -> "Found":
        """What of it stands on these lines."""
        here = {line.fingerprint for line in lines}
        return replace(
            self,
            matches=tuple(match for match in self.matches if match.line.fingerprint in here),
            proposals=tuple(proposal for proposal in self.proposals if proposal.line.fingerprint in here),
        )


@dataclass(frozen=True)
class Owed:
    """A charge, and the name of whom it is for."""

    charge: Charge
    name: str


NOTHING_FOUND = Found()


# From the office


def import_charges(city: str, data: bytes) -> Imported:
    """Take the office's charges. Again: no effect; a changed line changes its charge and nothing that the bank paid.

    A number names one charge: in a line for another person it moves to them.
    Raises ChargesUnreadable with every fault by line; then nothing is taken.
    """
    charges, known = _checked(city, data)
    fresh = [charge for charge in charges if charge.id not in known]
    changed = [after for charge in charges if (after := _after(known, charge)) != known.get(charge.id)]
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda charge: _keep(city, known.get(charge.id), charge), changed))
    return Imported(len(fresh), len(changed) - len(fresh), len(charges) - len(changed))


def preview_charges(city: str, data: bytes) -> list[Charge]:
    """The charges of a file, checked, nothing written. Raises what importing would."""
    return _checked(city, data)[0]


def _checked(city: str, data: bytes) -> tuple[list[Charge], dict[str, Charge]]:
    """The charges of a file, and those of them that are known, by id. Raises ChargesUnreadable."""
    charges = read_charges(data)
    _check_accounts(charges)
    known = store.known(city, charges)
    faults = [
        FieldError(
            f"number {charge.number}",
            "paid_by_another",
            "Předpis s tímto číslem má jiná osoba a něco z něj už zaplatila. Zrušte jej (closed: cancelled) a nový dejte pod "
            "jiným číslem.",
            "A charge with this number is another person's, who has paid some of it. Cancel it (closed: cancelled) and give "
            "the new one another number.",
        )
        for charge in charges
        if charge.id in known and known[charge.id].subject_ref != charge.subject_ref and known[charge.id].bank_minor
    ]
    if faults:
        raise ChargesUnreadable(faults)
    return charges, known


def _after(known: Mapping[str, Charge], charge: Charge) -> Charge:
    return store.merged(known[charge.id], charge) if charge.id in known else charge


def _check_accounts(charges: Sequence[Charge]) -> None:
    faults = []
    for account in {charge.account for charge in charges}:
        try:
            bank.account_number(account)
        except Refusal:
            faults.append(
                FieldError(
                    f"account {account[:40]}",
                    "account",
                    "To není číslo českého účtu.",
                    "This is not a Czech account number.",
                )
            )
    if faults:
        raise ChargesUnreadable(faults)


def _keep(city: str, old: Charge | None, charge: Charge) -> None:
    """Write a charge with its reminders, and end those of whom it was before. Raises TryAgain."""
    for _ in range(TRIES_MAX):
        writes = store.amended(city, old, charge) if old else store.new(city, charge)
        with suppress(AlreadyThere, ChangedMeanwhile):
            return transact([*writes, *_reminders(city, charge, old.subject_ref if old else "")])
        known = store.known(city, [charge])
        old, charge = known.get(charge.id), _after(known, charge)
    raise TryAgain


def _reminders(city: str, charge: Charge, before: str = "") -> list[Write]:
    """Register (or end) the reminders of a charge for everyone who may pay it; end those of whose it was before."""
    recipients = _payers(city, charge.subject_ref)
    earlier = set(_payers(city, before)) if before not in ("", charge.subject_ref) else set()
    ended = earlier.difference(recipients) if is_open(charge) else earlier.union(recipients)
    return [
        *(messages.cancel_deadline(city, DEADLINE, f"{charge.id}.{who}") for who in sorted(ended)),
        *(messages.register_deadline(city, _deadline(charge, who)) for who in recipients if who not in ended),
    ]


def _payers(city: str, subject_ref: str) -> list[str]:
    """The accounts of the person a charge is for, or of the guardians whose link to the child is proved."""
    subjects = identity.same_person(city, subject_ref)
    standings = identity.standings(city, subjects)
    return sorted({head_of(s) for s in subjects if standings[s].verified and standings[s].may_act})


def _deadline(charge: Charge, recipient: str) -> Deadline:
    facts: dict[str, str | int] = {
        "title": charge.title_cs,
        "amount_minor": to_pay_minor(charge, charge.due_on),
        "due_on": charge.due_on.isoformat(),
    }
    return Deadline(
        kind=DEADLINE,
        subject=f"{charge.id}.{recipient}",
        due_on=charge.due_on,
        recipient=recipient,
        template=_templates.DUE_REMINDER.name,
        leads=LEADS_DAYS,
        facts=facts,
    )


def follow_subject(city: str, subject_ref: str) -> None:
    """Somebody was verified: from now on they are reminded of what they owe."""
    for charge in store.charges(city, subject_ref):
        for write in _reminders(city, charge):
            commit(write)


# For the citizen


def charges_of(city: str, who: Who) -> list[Owed]:
    """What the person and the children they act for owe and have paid, latest due first. Verified people only."""
    subjects = [who.id, *(child.id for child in people.children_of(city, who.id))]
    known = people.subjects(city, subjects)
    refs = {
        ref: subject
        for subject, standing in identity.standings(city, subjects).items()
        for ref in standing.refs
        if standing.verified and standing.may_act and not standing.duplicate
    }
    found = [
        Owed(charge, _name(known[subject])) for ref, subject in refs.items() for charge in store.charges(city, ref)
    ]
    return sorted(found, key=lambda owed: (owed.charge.due_on, owed.charge.id), reverse=True)


def _name(someone: Person | Child) -> str:
    return f"{someone.given_names} {someone.surname}"


def charge_of(city: str, who: Who, id: str) -> Owed:
    """One of the person's charges. Raises NotFound."""
    for owed in charges_of(city, who):
        if owed.charge.id == id:
            return owed
    raise NotFound


def payments_of(city: str, charge: Charge) -> list[PaymentNote]:
    return store.payments(city, charge)


def qr_payment(city: str, charge: Charge) -> QrPayment:
    """The QR payment of what is left to pay. No execution date: the payer's bank would wait for it."""
    amount_minor = to_pay_minor(charge, today())
    if not amount_minor:
        raise ChargeSettled
    return QrPayment(
        account=AccountNumber.parse(charge.account),
        amount_minor=amount_minor,
        vs=charge.vs,
        ks=charge.ks,
        ss=charge.ss,
        message=charge.title_cs,
        payee_name=towns.town(city).name,
    )


# From the bank


def match_payments(city: str, lines: Sequence[StatementLine]) -> Found:
    """What the credits among a statement's lines pay. Changes nothing."""
    credits = [line for line in lines if line.direction == "credit" and not line.reversal]
    charges = {charge.id: charge for charge in _candidates(city, credits)}
    found = bank.match_charges([_expected(charge) for charge in charges.values()], credits)
    return Found(charges, found.matches, found.proposals)


def book_payments(city: str, found: Found) -> None:
    """Book what was found; what is not certain waits for finance. Again: no effect."""
    for match in found.matches:
        _pay(city, found.charges[match.expected_id], _note(match.line, match.expected_id, match.amount_minor))
    for proposal in found.proposals:
        store.keep_to_check(city, _to_check(proposal, found.charges))


def _candidates(city: str, credits: Sequence[StatementLine]) -> Iterator[Charge]:
    """Charges under any symbol that the lines name, and the other open ones of the same people."""
    symbols = {bank.stripped(line.vs) for line in credits} | {
        number for line in credits for number in bank.numbers_in(f"{line.counter_name} {line.text}")
    }
    named = [charge for symbol in sorted(symbols - {""}) for charge in store.with_symbol(city, symbol)]
    for subject_ref in sorted({charge.subject_ref for charge in named}):
        for charge in store.charges(city, subject_ref):
            if not charge.closed and (is_open(charge) or charge in named):
                yield charge


def _expected(charge: Charge) -> Expected:
    in_time = sums_on(charge, charge.due_on)
    return Expected(
        id=charge.id,
        amount_minor=charge.owed_minor,
        vs=charge.vs,
        ss=charge.ss,
        due_on=charge.due_on,
        paid_minor=charge.paid_minor,
        group=charge.subject_ref,
        discount_minor=in_time.discount_minor if in_time.is_offered else 0,
    )


def _note(line: StatementLine, charge: str, amount_minor: int) -> PaymentNote:
    return PaymentNote(line.fingerprint, charge, amount_minor, line.value_date)


def _pay(city: str, charge: Charge, note: PaymentNote) -> None:
    """Note a payment over the charge as it stands; its reminders end with it. Again: no effect. Raises TryAgain."""
    for _ in range(TRIES_MAX):
        on_time_minor = note.amount_minor if note.value_date <= charge.due_on else 0
        after = replace(
            charge,
            bank_minor=charge.bank_minor + note.amount_minor,
            on_time_minor=charge.on_time_minor + on_time_minor,
        )
        try:
            return transact([*store.paid(city, charge, note, on_time_minor), *_reminders(city, after)])
        except AlreadyThere:
            return None
        except ChangedMeanwhile:
            charge = store.charge(city, charge.subject_ref, charge.id) or charge
    raise TryAgain


def _to_check(proposal: Proposal, charges: Mapping[str, Charge]) -> ToCheck:
    line = proposal.line
    subjects = {charges[id].subject_ref for option in proposal.options for id in option}
    return ToCheck(
        line.fingerprint,
        line.amount_minor,
        line.value_date,
        line.vs,
        line.counter_name,
        proposal.options,
        tuple(sorted(subjects)),
    )


def to_check(city: str) -> list[ToCheck]:
    """Payments that may pay several charges: finance chooses."""
    return list(store.waiting(city))


def choose(city: str, payment: str, option: int, by: str) -> None:
    """Finance says which charges a payment pays: each gets what it lacks, the last one the rest.

    The choice is kept with its parts before anything is paid, so a crash leaves it in the list and the same choice goes
    on where it stood. Raises OptionUnknown, ConflictOfInterest.
    """
    found = store.to_check(city, payment)
    if not 0 <= option < len(found.options):
        raise OptionUnknown
    identity.check_impartial(city, by, refs=found.subjects)
    charges = _by_ids(city, found, found.options[option])
    parts = store.choose(city, found, option, _parts(found, list(charges.values())))
    for note in parts:
        _pay(city, charges[note.charge], note)
    commit(store.booked(city, payment))


def _parts(found: ToCheck, charges: Sequence[Charge]) -> tuple[PaymentNote, ...]:
    left_minor, notes = found.amount_minor, []
    for charge in charges:
        is_last = charge is charges[-1]
        part_minor = left_minor if is_last else min(to_pay_minor(charge, found.value_date), left_minor)
        left_minor -= part_minor
        if part_minor:
            notes.append(PaymentNote(found.id, charge.id, part_minor, found.value_date))
    return tuple(notes)


def _by_ids(city: str, found: ToCheck, ids: Sequence[str]) -> dict[str, Charge]:
    """The charges of an option, the oldest due first. Raises OptionUnknown where one of them is gone."""
    every = {charge.id: charge for subject in found.subjects for charge in store.charges(city, subject)}
    if not set(ids) <= every.keys():
        raise OptionUnknown
    return {charge.id: charge for charge in sorted((every[id] for id in ids), key=lambda c: (c.due_on, c.id))}


# Time


def note_overdue(city: str, day: date) -> int:
    """Tell everyone whose charge was due in the last days and is not paid, once each. Returns how many charges."""
    told = 0
    for back in range(1, OVERDUE_LOOK_BACK_DAYS + 1):
        due = day - timedelta(days=back)
        for charge in store.due(city, due.isoformat()):
            if is_open(charge):
                _tell_overdue(city, charge)
                told += 1
    return told


def _tell_overdue(city: str, charge: Charge) -> None:
    facts: dict[str, str | int] = {
        "title": charge.title_cs,
        "amount_minor": charge.left_minor,
        "due_on": charge.due_on.isoformat(),
    }
    for person in _payers(city, charge.subject_ref):
        commit(messages.tell(city, person, _templates.OVERDUE_NOTICE.name, f"overdue.{charge.id}", facts))
