"""Items and keys of payouts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.commons.bank.model import Statement
from chalicelib.core.clock import to_text
from chalicelib.core.refusals import NotFound, Refusal
from chalicelib.core.table import (
    GSI1,
    GSI2,
    DayAttribute,
    InstantAttribute,
    Item,
    Key,
    NounAttribute,
    Page,
    Query,
    Write,
    change,
    check,
    commit,
    items_in,
    page_of_items,
    page_of_rows,
    put,
    put_new,
    read,
    read_many,
    remove,
)
from chalicelib.core.table import (
    replace as replace_item,
)
from chalicelib.money.payouts.model import (
    ClearingEntry,
    Doubt,
    DoubtDecided,
    HeldBack,
    Imported,
    Line,
    OrderFileKept,
    Payout,
    PayoutNotInState,
    Place,
    Refunded,
    Sample,
    SampleLooked,
    WriteOff,
    WriteOffDecided,
    payout_number,
)

STATEMENTS_LOOKED_AT_MAX = 400
REFUNDS_LOOKED_AT_MAX = 400


def payout_key(city: str, payout: str) -> Key:
    """AP-250: a payout; its lines and possible returns lie in the same partition."""
    return Key(f"{city}#PO#{payout}", "H")


def line_key(city: str, payout: str, provider: str) -> Key:
    """AP-251: what one provider gets in a payout."""
    return Key(f"{city}#PO#{payout}", f"L#{provider}")


def payouts_query(city: str) -> Query:
    """AP-252: a town's payouts, newest first."""
    return Query(f"{city}#PO", index=GSI1, descending=True)


def lines_query(city: str, payout: str) -> Query:
    """AP-253: the lines of a payout."""
    return Query(payout_key(city, payout).pk, begins="L#")


def provider_lines_query(city: str, provider: str) -> Query:
    """AP-254: a provider's payments, newest first."""
    return Query(f"{city}#PR#{provider}", begins="PO#", index=GSI2, descending=True)


def number_key(city: str, year: int) -> Key:
    """AP-255: the last payout number of a year."""
    return Key(f"{city}#POSEQ", str(year))


def statement_key(city: str, statement: str) -> Key:
    """AP-256: a statement that was imported, by account, year and number."""
    return Key(f"{city}#ST", statement)


def doubt_key(city: str, fingerprint: str) -> Key:
    """AP-257: a line of a statement that a person must decide about."""
    return Key(f"{city}#POR", fingerprint)


def likeness_key(city: str, likeness: str) -> Key:
    """AP-264: where movements stand that are alike in everything and that the bank gave no reference."""
    return Key(f"{city}#STL#{likeness}", "H")


def sample_key(city: str, payout: str, redemption: str) -> Key:
    """AP-258: a redemption that a payout's control sample picked."""
    return Key(f"{city}#PO#{payout}", f"S#{redemption}")


def samples_query(city: str, payout: str) -> Query:
    """AP-259: the control sample of a payout."""
    return Query(payout_key(city, payout).pk, begins="S#")


def samples_waiting_query(city: str) -> Query:
    """AP-260: what waits for a clerk: samples to be looked at, and those set aside, oldest first."""
    return Query(f"{city}#POS", index=GSI1)


def refund_key(city: str, refund: str) -> Key:
    """AP-261: a redemption refunded after payout."""
    return Key(f"{city}#REF", refund)


def write_off_key(city: str, refund: str) -> Key:
    """AP-262: a proposed, approved or declined write-off of a refund's debt."""
    return Key(f"{city}#WOFF", refund)


def clearing_key(city: str, entry: ClearingEntry) -> Key:
    """AP-263: a line of the operator's statement to the town, by day."""
    return Key(f"{city}#CLR", f"{entry.day.isoformat()}#{entry.id}")


class PayoutItem(Item):
    KIND = "payout"
    id = UnicodeAttribute()
    number = NumberAttribute()
    state = UnicodeAttribute()
    created_at = InstantAttribute()
    upto = InstantAttribute()
    closed = BooleanAttribute(default=False)
    built = BooleanAttribute()
    total_minor = NumberAttribute()
    lines = NumberAttribute()
    held_back = NounAttribute[tuple[HeldBack, ...]](tuple[HeldBack, ...])
    authorised_by = UnicodeAttribute()
    authorised_at = InstantAttribute(null=True)
    released_by = UnicodeAttribute()
    released_at = InstantAttribute(null=True)
    exported_at = InstantAttribute(null=True)
    due_on = DayAttribute(null=True)
    files = NounAttribute[tuple[OrderFileKept, ...]](tuple[OrderFileKept, ...])
    route = UnicodeAttribute(default="direct")
    payer = UnicodeAttribute(default="")
    order_format = UnicodeAttribute(default="abo")
    dialect = UnicodeAttribute(default="")
    sample_permille = NumberAttribute(default=0)


class LineItem(Item):
    KIND = "payout_line"
    id = UnicodeAttribute()
    payout = UnicodeAttribute()
    number = NumberAttribute()
    provider = UnicodeAttribute()
    provider_name = UnicodeAttribute()
    account = UnicodeAttribute()
    account_version = NumberAttribute()
    account_changed_by = UnicodeAttribute()
    state = UnicodeAttribute()
    created_at = InstantAttribute()
    position = NumberAttribute()
    amount_minor = NumberAttribute()
    redemptions = NumberAttribute()
    amounts = JSONAttribute()
    offset_minor = NumberAttribute(default=0)
    inside = BooleanAttribute(default=False)
    debited_on = DayAttribute(null=True)
    returned_on = DayAttribute(null=True)
    rejected_on = DayAttribute(null=True)
    settled_on = DayAttribute(null=True)
    note = UnicodeAttribute(default="")
    due_on = DayAttribute(null=True)


class SampleItem(Item):
    KIND = "control_sample"
    payout = UnicodeAttribute()
    number = NumberAttribute()
    redemption = UnicodeAttribute()
    grant = UnicodeAttribute()
    provider = UnicodeAttribute()
    provider_name = UnicodeAttribute()
    programme = UnicodeAttribute()
    amount_minor = NumberAttribute()
    redeemed_at = InstantAttribute()
    movement = UnicodeAttribute(default="redeem")
    till = UnicodeAttribute(default="")
    state = UnicodeAttribute()
    looked_by = UnicodeAttribute(default="")
    looked_at = InstantAttribute(null=True)
    reason = UnicodeAttribute(default="")


class RefundItem(Item):
    KIND = "refund"
    refunded = NounAttribute[Refunded](Refunded)


class WriteOffItem(Item):
    KIND = "write_off"
    refund = UnicodeAttribute()
    grant = UnicodeAttribute()
    provider = UnicodeAttribute()
    provider_name = UnicodeAttribute()
    programme = UnicodeAttribute()
    amount_minor = NumberAttribute()
    note = UnicodeAttribute()
    proposed_by = UnicodeAttribute()
    proposed_at = InstantAttribute()
    state = UnicodeAttribute()
    decided_by = UnicodeAttribute(default="")
    decided_at = InstantAttribute(null=True)


class ClearingItem(Item):
    KIND = "clearing_entry"
    entry = NounAttribute[ClearingEntry](ClearingEntry)


class NumberItem(Item):
    KIND = "payout_number"
    last = NumberAttribute()


class StatementItem(Item):
    KIND = "statement"
    outcome = NounAttribute[Imported](Imported)
    header = NounAttribute[Statement](Statement)


class DoubtItem(Item):
    KIND = "doubt"
    found = NounAttribute[Doubt](Doubt)
    answer = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    booked = BooleanAttribute(default=False)


class LikenessItem(Item):
    KIND = "likeness"
    places = UnicodeSetAttribute()


def payout(city: str, id: str) -> Payout:
    """Raises NotFound."""
    item = read(PayoutItem, payout_key(city, id))
    if item is None:
        raise NotFound
    return item.noun(Payout)


def payouts(city: str, limit: int, cursor: str | None) -> Page[Payout]:
    page = page_of_rows(payouts_query(city), limit, cursor)
    found = read_many([row.key for row in page.items])
    return Page(tuple(found[row.key].noun(Payout) for row in page.items if row.key in found), page.next)


def lines(city: str, id: str) -> list[Line]:
    found = [item.noun(Line) for item in items_in(lines_query(city, id), consistent=True)]
    return sorted(found, key=lambda line: line.position)


def line(city: str, payout: str, provider: str) -> Line | None:
    item = read(LineItem, line_key(city, payout, provider))
    return item.noun(Line) if item else None


def lines_named(city: str, ids: Iterable[str]) -> dict[str, Line]:
    """The lines with these ids that exist."""
    parts = [id.partition(".") for id in sorted(ids)]
    found = read_many([line_key(city, payout, provider) for payout, _, provider in parts])
    return {item.id: item.noun(Line) for item in found.values() if isinstance(item, LineItem)}


def lines_of_provider(city: str, provider: str, limit: int, cursor: str | None) -> Page[Line]:
    page = page_of_rows(provider_lines_query(city, provider), limit, cursor)
    found = read_many([row.key for row in page.items])
    return Page(tuple(found[row.key].noun(Line) for row in page.items if row.key in found), page.next)


def new_payout(city: str, noun: Payout) -> None:
    commit(put_new(_payout_item(city, noun), lambda _old: PayoutNotInState(noun.state)))


def changed(city: str, noun: Payout) -> Write:
    """The payout as it shall be, over the version that was read."""
    return replace_item(_payout_item(city, noun), noun.v, lambda old: _other_state(old))


def still_filling(city: str, payout: str) -> Write:
    """Holds a claim to a payout that still takes claims: its sums are not worked out yet."""
    filling = (PayoutItem.closed == False) & (PayoutItem.state == "draft")  # noqa: E712  a condition
    return check(PayoutItem.at(payout_key(city, payout)), filling, _other_state)


def _other_state(old: PayoutItem | None) -> Refusal:
    return PayoutNotInState(str(old.state)) if old else NotFound()


def _payout_item(city: str, noun: Payout) -> PayoutItem:
    return PayoutItem.of(
        noun, payout_key(city, noun.id), gsi1_pk=f"{city}#PO", gsi1_sk=f"{to_text(noun.created_at)}#{noun.id}"
    )


def new_line(city: str, noun: Line) -> Write:
    return put_new(_line_item(city, noun), lambda _old: PayoutNotInState("draft"))


def changed_line(city: str, noun: Line) -> Write:
    """The line as it shall be, over the version that was read."""
    return replace_item(_line_item(city, noun), noun.v)


def dropped_line(city: str, noun: Line) -> Write:
    """A line that came to nothing while it was built."""
    return remove(LineItem.at(line_key(city, noun.payout, noun.provider)), LineItem.v == noun.v)


def _line_item(city: str, noun: Line) -> LineItem:
    key = line_key(city, noun.payout, noun.provider)
    gsi2_sk = f"PO#{to_text(noun.created_at)}#{noun.payout}"
    return LineItem.of(noun, key, amounts=dict(noun.amounts), gsi2_pk=f"{city}#PR#{noun.provider}", gsi2_sk=gsi2_sk)


# The control sample


def _sample_item(city: str, noun: Sample) -> SampleItem:
    place = f"{to_text(noun.redeemed_at)}#{noun.payout}#{noun.redemption}"
    waits = {"gsi1_pk": samples_waiting_query(city).pk, "gsi1_sk": place}
    key = sample_key(city, noun.payout, noun.redemption)
    return SampleItem.of(noun, key, **(waits if noun.state in ("open", "set_aside") else {}))


def new_sample(city: str, noun: Sample) -> Write:
    """What a build picked. It is written with the claim, so a build that runs again writes the same."""
    return put(_sample_item(city, noun))


def looked(city: str, noun: Sample) -> Write:
    """The sample as the look leaves it, over the version that was read."""
    return replace_item(_sample_item(city, noun), noun.v, lambda _old: SampleLooked())


def sample(city: str, payout: str, redemption: str) -> Sample | None:
    item = read(SampleItem, sample_key(city, payout, redemption))
    return item.noun(Sample) if item else None


def samples(city: str, payout: str, limit: int, cursor: str | None) -> Page[Sample]:
    return page_of_items(samples_query(city, payout), limit, cursor).map(lambda item: item.noun(Sample))


def samples_open(city: str, payout: str) -> int:
    """How many of a payout's samples nobody has looked at, by a consistent read."""
    found = items_in(samples_query(city, payout), consistent=True)
    return sum(isinstance(item, SampleItem) and item.state == "open" for item in found)


def samples_waiting(city: str, limit: int, cursor: str | None) -> Page[Sample]:
    rows = page_of_rows(samples_waiting_query(city), limit, cursor)
    found = read_many([row.key for row in rows.items])
    return Page(tuple(found[row.key].noun(Sample) for row in rows.items if row.key in found), rows.next)


# What providers owe


def new_refund(city: str, noun: Refunded) -> Write:
    key = refund_key(city, noun.id)
    return put(RefundItem(pk=key.pk, sk=key.sk, kind=RefundItem.KIND, refunded=noun))


def refunds(city: str) -> list[Refunded]:
    """The last refunds, newest first."""
    query = Query(refund_key(city, "").pk, descending=True)
    return [item.refunded for item in items_in(query, REFUNDS_LOOKED_AT_MAX) if isinstance(item, RefundItem)]


def write_off(city: str, refund: str) -> WriteOff | None:
    item = read(WriteOffItem, write_off_key(city, refund))
    return item.noun(WriteOff) if item else None


def write_offs(city: str) -> list[WriteOff]:
    """All that wait for a decision and the last of the others, the last proposed first. They lie by refund, not by time."""
    found = [item.noun(WriteOff) for item in items_in(Query(write_off_key(city, "").pk))]
    found.sort(key=lambda one: (one.state == "proposed", one.proposed_at), reverse=True)
    waiting = sum(one.state == "proposed" for one in found)
    return sorted(found[: waiting + REFUNDS_LOOKED_AT_MAX], key=lambda one: one.proposed_at, reverse=True)


def proposed_write_off(city: str, noun: WriteOff, earlier: WriteOff | None) -> Write:
    """A new proposal, or one again after it was declined."""
    item = _write_off_item(city, noun)
    return replace_item(item, earlier.v, _decided) if earlier else put_new(item, _decided)


def decided_write_off(city: str, noun: WriteOff) -> Write:
    """The write-off as the second person leaves it, over the version that was read."""
    return replace_item(_write_off_item(city, noun), noun.v, _decided)


def _write_off_item(city: str, noun: WriteOff) -> WriteOffItem:
    return WriteOffItem.of(noun, write_off_key(city, noun.refund))


def _decided(_old: object) -> Refusal:
    return WriteOffDecided()


# The operator's statement to the town


def new_entry(city: str, noun: ClearingEntry) -> Write:
    """Written with the transfer that it shows."""
    key = clearing_key(city, noun)
    return put(ClearingItem(pk=key.pk, sk=key.sk, kind=ClearingItem.KIND, entry=noun))


def entries(city: str) -> Iterator[ClearingEntry]:
    """All lines, oldest first."""
    for item in items_in(Query(f"{city}#CLR"), consistent=True):
        if isinstance(item, ClearingItem):
            yield item.entry


def next_number(city: str, year: int) -> int:
    """A number that no other payout of the town has."""
    key = number_key(city, year)
    while True:
        item = read(NumberItem, key)
        last = int(item.last) if item else 0
        fresh = NumberItem(pk=key.pk, sk=key.sk, kind=NumberItem.KIND, last=last + 1)
        try:
            commit(
                replace_item(fresh, int(item.v), lambda _old: _Taken())
                if item
                else put_new(fresh, lambda _old: _Taken())
            )
        except _Taken:
            continue
        return payout_number(year, last + 1)


class _Taken(Exception):
    """Another payout took the number in between."""


def imported(city: str, statement: str) -> tuple[Statement, Imported] | None:
    """The header of a statement that was imported, and what it did."""
    item = read(StatementItem, statement_key(city, statement))
    return (item.header, replace(item.outcome, repeated=True)) if item else None


def statements(city: str) -> Iterator[Imported]:
    """The last imported statements, newest first. They lie by account and the text of their number, not by time."""
    found = sorted(_statements(city), key=lambda item: (item.header.closed_on, item.header.number or 0), reverse=True)
    return (item.outcome for item in found)


def statement_headers(city: str) -> Iterator[Statement]:
    """The same without their lines, which are not kept."""
    for item in _statements(city):
        yield item.header


def _statements(city: str) -> Iterator[StatementItem]:
    for item in items_in(Query(statement_key(city, "").pk, descending=True), STATEMENTS_LOOKED_AT_MAX):
        if isinstance(item, StatementItem):
            yield item


def keep_statement(city: str, outcome: Imported, header: Statement) -> None:
    key = statement_key(city, outcome.statement)
    item = StatementItem(pk=key.pk, sk=key.sk, kind=StatementItem.KIND, outcome=outcome, header=header)
    try:
        commit(put_new(item, lambda _old: _Taken()))
    except _Taken:
        return


# Lines that a person decides about


def keep_doubt(city: str, found: Doubt) -> None:
    """Remember a line for finance; a known one stays as it is."""
    key = doubt_key(city, found.id)
    try:
        commit(put_new(DoubtItem(pk=key.pk, sk=key.sk, kind=DoubtItem.KIND, found=found), lambda _old: _Taken()))
    except _Taken:
        return


def doubt_anew(city: str, found: Doubt) -> None:
    """The same line in another doubt: what was answered was answered to the earlier one."""
    key = doubt_key(city, found.id)
    commit(put(DoubtItem(pk=key.pk, sk=key.sk, kind=DoubtItem.KIND, found=found)))


def doubts(city: str) -> list[Doubt]:
    """Those that nobody has decided, or whose decision is not carried out yet."""
    found = items_in(Query(doubt_key(city, "").pk))
    return [item.found for item in found if isinstance(item, DoubtItem) and not item.booked]


def doubt(city: str, fingerprint: str) -> Doubt:
    """Raises DoubtDecided."""
    item = read(DoubtItem, doubt_key(city, fingerprint))
    if item is None or item.booked:
        raise DoubtDecided
    return item.found


def decided(city: str, fingerprint: str, answer: str, by: str, *, booked: bool) -> Write:
    """The answer to a doubt, given once; the same one may be given again until it is carried out (`booked`)."""
    still_open = DoubtItem.pk.exists() & (DoubtItem.answer.does_not_exist() | (DoubtItem.answer == answer))
    actions = [DoubtItem.answer.set(answer), DoubtItem.by.set(by), DoubtItem.booked.set(booked)]
    return change(
        DoubtItem.at(doubt_key(city, fingerprint)),
        actions,
        still_open & (DoubtItem.booked == False),  # noqa: E712  a condition
        lambda _old: DoubtDecided(),
    )


def alike(city: str, likenesses: Iterable[str]) -> dict[str, list[Place]]:
    """Where movements of each likeness stand, in statements that were booked or whose booking began."""
    keys = {likeness_key(city, likeness): likeness for likeness in likenesses}
    found = read_many(list(keys), consistent=True)
    return {
        keys[key]: sorted(map(_place, item.places)) for key, item in found.items() if isinstance(item, LikenessItem)
    }


def note_place(city: str, likeness: str, place: Place) -> None:
    """That a movement stands here. Again: no effect."""
    item = LikenessItem.at(likeness_key(city, likeness))
    kind = LikenessItem.kind.set(LikenessItem.KIND)
    places = LikenessItem.places.add({f"{place.line}#{place.statement}"})
    commit(change(item, [kind, places], LikenessItem.pk.exists() | LikenessItem.pk.does_not_exist()))


def _place(written: str) -> Place:
    line, _, statement = written.partition("#")
    return Place(statement, int(line))
