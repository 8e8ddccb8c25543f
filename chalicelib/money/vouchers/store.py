"""Keys and items of vouchers, codes, tills and disputes."""

from collections.abc import Iterator, Mapping

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.clock import Instant, to_text
from chalicelib.core.table import (
    GSI1,
    GSI2,
    InstantAttribute,
    Item,
    Key,
    Page,
    Query,
    Row,
    Write,
    change,
    expired,
    items_in,
    page_of_rows,
    put_new,
    read,
    read_many,
    remove,
    replace,
    rows_in,
    transact,
)
from chalicelib.money.vouchers.model import (
    UNKNOWN_CODES_WINDOW,
    Code,
    CodeState,
    Dispute,
    Pairing,
    PairingCodeInvalid,
    Shift,
    Till,
    TillRevoked,
    Voucher,
)

SHIFT_KEPT_SECONDS = 400 * 24 * 3600
PAIRING_KEPT_SECONDS = 24 * 3600


def voucher_key(city: str, voucher: str) -> Key:
    """AP-230: a voucher, under the id of the grant that it carries; its disputes lie in the same partition."""
    return Key(f"{city}#VO#{voucher}", "A")


def code_key(city: str, digest: str) -> Key:
    """AP-231: what a scanned or typed code leads to, by its digest."""
    return Key(f"{city}#V#{digest}", "V")


def vouchers_of_query(city: str, person: str) -> Query:
    """AP-232: a person's vouchers, oldest first."""
    return Query(f"{city}#P#{person}", begins="V#", index=GSI2)


def pdf_due_query(city: str) -> Query:
    """AP-233: vouchers whose PDF was not made yet, oldest first."""
    return Query(f"{city}#DUE#pdf", index=GSI1)


def till_key(city: str, till: str) -> Key:
    """AP-234: a till; its shifts lie in the same partition."""
    return Key(f"{city}#TILL#{till}", "A")


def unknown_codes_key(city: str, what: str, id: str, at: Instant) -> Key:
    """AP-235: unknown codes in a quarter of an hour, from one till or provider or in one space of codes."""
    return Key(f"{city}#UNKNOWN#{what}#{id}", f"{int(at.timestamp() // UNKNOWN_CODES_WINDOW.total_seconds())}")


def tills_of_query(city: str, provider: str) -> Query:
    """AP-236: a provider's tills, oldest first."""
    return Query(f"{city}#PR#{provider}", begins="TILL#", index=GSI2)


def pairing_key(city: str, digest: str) -> Key:
    """AP-237: an offer to pair a device, by the digest of its code."""
    return Key(f"{city}#PC#{digest}", "P")


def shift_key(city: str, till: str, since: Instant) -> Key:
    """AP-238: who stood at a till from when."""
    return Key(till_key(city, till).pk, f"SHIFT#{to_text(since)}")


def shifts_query(city: str, till: str, since: Instant, until: Instant) -> Query:
    """AP-239: the shifts of a till that began in a time."""
    return Query(till_key(city, till).pk, between=(f"SHIFT#{to_text(since)}", f"SHIFT#{to_text(until)}"))


def dispute_key(city: str, voucher: str, redemption: str) -> Key:
    """AP-240: the dispute of a redemption."""
    return Key(voucher_key(city, voucher).pk, f"DISPUTE#{redemption}")


def disputes_query(city: str, voucher: str) -> Query:
    """AP-241: all disputes of a voucher."""
    return Query(voucher_key(city, voucher).pk, begins="DISPUTE#")


def open_disputes_query(city: str) -> Query:
    """AP-242: disputes that the town has not closed, oldest first."""
    return Query(f"{city}#DISPUTES", index=GSI1)


class VoucherItem(Item):
    KIND = "voucher"
    id = UnicodeAttribute()
    programme = UnicodeAttribute()
    person = UnicodeAttribute()
    beneficiary = UnicodeAttribute()
    revision = NumberAttribute()
    draw = NumberAttribute()
    issued_at = InstantAttribute()
    blocked_at = InstantAttribute(null=True)
    pdf_revision = NumberAttribute()


class CodeItem(Item):
    KIND = "voucher_code"
    grant = UnicodeAttribute()
    programme = UnicodeAttribute()
    revision = NumberAttribute()
    state = UnicodeAttribute()


class TillItem(Item):
    KIND = "till"
    id = UnicodeAttribute()
    provider = UnicodeAttribute()
    branch = UnicodeAttribute()
    name = UnicodeAttribute()
    token_digest = UnicodeAttribute()
    paired_by = UnicodeAttribute()
    paired_at = InstantAttribute()
    cashier = UnicodeAttribute()
    shift_since = InstantAttribute(null=True)
    revoked_at = InstantAttribute(null=True)


class UnknownCodesItem(Item):
    KIND = "unknown_codes"
    n = NumberAttribute()


class PairingItem(Item):
    KIND = "pairing"
    provider = UnicodeAttribute()
    branch = UnicodeAttribute()
    name = UnicodeAttribute()
    made_by = UnicodeAttribute()
    expires_at = InstantAttribute()


class ShiftItem(Item):
    KIND = "shift"
    till = UnicodeAttribute()
    cashier = UnicodeAttribute()
    since = InstantAttribute()


class DisputeItem(Item):
    KIND = "dispute"
    voucher = UnicodeAttribute()
    redemption = UnicodeAttribute()
    provider = UnicodeAttribute()
    amount_minor = NumberAttribute()
    redeemed_at = InstantAttribute()
    text = UnicodeAttribute()
    by = UnicodeAttribute()
    at_ = InstantAttribute(attr_name="at")
    closed_at = InstantAttribute(null=True)
    closed_by = UnicodeAttribute()
    outcome = UnicodeAttribute()
    withheld = BooleanAttribute(default=False)
    ended_as = UnicodeAttribute(default="")


# Vouchers and codes


def _voucher_item(city: str, noun: Voucher) -> VoucherItem:
    due = {"gsi1_pk": pdf_due_query(city).pk, "gsi1_sk": f"{to_text(noun.issued_at)}#{noun.id}"}
    wants_pdf = not noun.pdf_ready and not noun.is_blocked
    return VoucherItem.of(
        noun,
        voucher_key(city, noun.id),
        gsi2_pk=vouchers_of_query(city, noun.person).pk,
        gsi2_sk=f"V#{to_text(noun.issued_at)}#{noun.id}",
        **(due if wants_pdf else {}),
    )


def new_voucher(city: str, noun: Voucher) -> Write:
    """A voucher where there is none; ChangedMeanwhile if there is."""
    item = _voucher_item(city, noun)
    return put_new(item, lambda _old: AlreadyIssued())


def save_voucher(city: str, noun: Voucher) -> Write:
    """A voucher over the version that was seen."""
    return replace(_voucher_item(city, noun), noun.v)


class AlreadyIssued(Exception):
    """Not a refusal: the voucher of this grant exists."""


class CodeTaken(Exception):
    """Not a refusal: another voucher has this short code; draw again."""


def new_code(city: str, digest: str, code: Code) -> Write:
    """A code that nobody has; CodeTaken otherwise."""
    return put_new(CodeItem.of(code, code_key(city, digest)), lambda _old: CodeTaken())


def end_code(city: str, digest: str, state: CodeState) -> Write:
    """Say of a code why it is not valid any more. What makes it invalid is the grant's revision."""
    return change(CodeItem.at(code_key(city, digest)), [CodeItem.state.set(state)], CodeItem.pk.exists())


def voucher(city: str, id: str) -> Voucher | None:
    item = read(VoucherItem, voucher_key(city, id))
    return item.noun(Voucher) if item else None


def vouchers(city: str, ids: list[str]) -> dict[str, Voucher]:
    found = read_many([voucher_key(city, id) for id in ids])
    return {item.id: item.noun(Voucher) for item in found.values() if isinstance(item, VoucherItem)}


def pdf_due(city: str, limit: int) -> list[str]:
    return [row.key.pk.rpartition("#")[2] for row in rows_in(pdf_due_query(city), limit)]


def count_unknown(city: str, places: Mapping[str, str], at: Instant) -> dict[str, int]:
    """Count an unknown code in each place, `{what: id}`, and say how many there are now."""
    keys = {unknown_codes_key(city, what, id, at): what for what, id in places.items()}
    actions = [
        UnknownCodesItem.n.set((UnknownCodesItem.n | 0) + 1),
        UnknownCodesItem.ttl.set(int((at + 2 * UNKNOWN_CODES_WINDOW).timestamp())),
        UnknownCodesItem.kind.set(UnknownCodesItem.KIND),
    ]
    few_or_many = UnknownCodesItem.n.does_not_exist() | UnknownCodesItem.n.exists()
    transact([change(UnknownCodesItem.at(key), actions, few_or_many) for key in keys])
    return {keys[key]: int(item.n) for key, item in read_many(list(keys)).items() if isinstance(item, UnknownCodesItem)}


# Tills


def _till_item(city: str, noun: Till) -> TillItem:
    return TillItem.of(
        noun,
        till_key(city, noun.id),
        gsi2_pk=tills_of_query(city, noun.provider).pk,
        gsi2_sk=f"TILL#{to_text(noun.paired_at)}#{noun.id}",
    )


def new_till(city: str, noun: Till) -> Write:
    return put_new(_till_item(city, noun), lambda _old: PairingCodeInvalid())


def save_till(city: str, noun: Till) -> Write:
    return replace(_till_item(city, noun), noun.v)


def till(city: str, id: str) -> Till | None:
    item = read(TillItem, till_key(city, id))
    return item.noun(Till) if item else None


def tills(city: str, ids: list[str]) -> dict[str, Till]:
    found = read_many([till_key(city, id) for id in ids])
    return {item.id: item.noun(Till) for item in found.values() if isinstance(item, TillItem)}


def every_till_of(city: str, provider: str) -> dict[str, Till]:
    """All tills that a provider ever paired, by id."""
    return tills(city, [row.key.pk.rpartition("#")[2] for row in rows_in(tills_of_query(city, provider))])


def tills_of(city: str, provider: str) -> list[Till]:
    """The tills that were not revoked, oldest first."""
    living = [till for till in every_till_of(city, provider).values() if till.revoked_at is None]
    return sorted(living, key=lambda till: till.paired_at)


def begin_shift(city: str, till: Till, shift: Shift) -> list[Write]:
    """Note who stands at the till from now on."""
    item = ShiftItem.of(shift, shift_key(city, shift.till, shift.since))
    item.ttl = int(shift.since.timestamp()) + SHIFT_KEPT_SECONDS
    actions = [TillItem.cashier.set(shift.cashier), TillItem.shift_since.set(shift.since)]
    paired = TillItem.revoked_at.does_not_exist() & TillItem.pk.exists()
    return [
        put_new(item, lambda _old: TillRevoked()),
        change(TillItem.at(till_key(city, till.id)), actions, paired, lambda _old: TillRevoked()),
    ]


def shifts(city: str, till: str, since: Instant, until: Instant) -> list[Shift]:
    return [item.noun(Shift) for item in items_in(shifts_query(city, till, since, until))]


def new_pairing(city: str, digest: str, noun: Pairing) -> Write:
    item = PairingItem.of(noun, pairing_key(city, digest))
    item.ttl = int(noun.expires_at.timestamp()) + PAIRING_KEPT_SECONDS
    return put_new(item, lambda _old: PairingCodeInvalid())


def pairing(city: str, digest: str) -> Pairing | None:
    item = read(PairingItem, pairing_key(city, digest))
    return item.noun(Pairing) if item and not expired(item, item.expires_at) else None


def use_pairing(city: str, digest: str, now: Instant) -> Write:
    """Use the offer up; PairingCodeInvalid if it is gone or over."""
    item = PairingItem.at(pairing_key(city, digest))
    return remove(item, PairingItem.expires_at > now, lambda _old: PairingCodeInvalid())


# Disputes


def _dispute_item(city: str, noun: Dispute) -> DisputeItem:
    open_ = {"gsi1_pk": open_disputes_query(city).pk, "gsi1_sk": f"{to_text(noun.at)}#{noun.redemption}"}
    card = {"voucher": noun.voucher, "redemption": noun.redemption}
    key = dispute_key(city, noun.voucher, noun.redemption)
    return DisputeItem.of(noun, key, at_=noun.at, card=card, **({} if noun.closed_at else open_))


def _dispute(item: DisputeItem) -> Dispute:
    return item.noun(Dispute, at=item.at_)


class AlreadyDisputed(Exception):
    """Not a refusal: this redemption is disputed already."""


def new_dispute(city: str, noun: Dispute) -> Write:
    return put_new(_dispute_item(city, noun), lambda _old: AlreadyDisputed())


def save_dispute(city: str, noun: Dispute) -> Write:
    return replace(_dispute_item(city, noun), noun.v)


def dispute(city: str, voucher: str, redemption: str) -> Dispute | None:
    item = read(DisputeItem, dispute_key(city, voucher, redemption))
    return _dispute(item) if item else None


def disputes_of(city: str, voucher: str) -> Iterator[Dispute]:
    for item in items_in(disputes_query(city, voucher)):
        if isinstance(item, DisputeItem):
            yield _dispute(item)


def open_disputes(city: str, limit: int, cursor: str | None) -> Page[Dispute]:
    rows: Page[Row] = page_of_rows(open_disputes_query(city), limit, cursor)
    found = read_many([row.key for row in rows.items])
    ordered = [found[row.key] for row in rows.items if row.key in found]
    return Page(tuple(_dispute(item) for item in ordered if isinstance(item, DisputeItem)), rows.next)
