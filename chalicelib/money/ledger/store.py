"""Keys and items of the ledger. A spend changes no attribute that an index projects."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from pynamodb.attributes import Attribute, BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.operand import Path

from chalicelib.core.clock import Instant, day_of, from_text, to_text
from chalicelib.core.table import GSI1, GSI2, InstantAttribute, Item, Key, NounAttribute, Query, Row, items_in, read
from chalicelib.money.ledger.model import Budget, Decision, Freeze, Grant, Transfer

JOURNAL_PARTITIONS = 8


def budget_key(city: str, programme: str) -> Key:
    """AP-10: a programme's ceiling, one row."""
    return Key(f"{city}#B#{programme}", "A")


def grant_key(city: str, grant: str) -> Key:
    """AP-11: a grant's account; its transfers lie in the same partition."""
    return Key(f"{city}#G#{grant}", "A")


def transfer_key(city: str, grant: str, transfer: str) -> Key:
    """AP-12: a transfer in the partition of its grant."""
    return Key(f"{city}#G#{grant}", f"T#{transfer}")


def other_transfer_key(city: str, partition: str, transfer: str) -> Key:
    """AP-13: a transfer that belongs to no grant: in the partition of its budget (`B#…`) or payout (`PO#…`)."""
    return Key(f"{city}#{partition}", f"T#{transfer}")


def decision_key(city: str, about: str, decision: str) -> Key:
    """AP-07: a decision, in the partition of what it is about."""
    return Key(f"{city}#DEC#{about}", f"T#{decision}")


def switches_key(city: str) -> Key:
    """AP-08: what is frozen in a town, one item."""
    return Key(f"{city}#FREEZE", "A")


def provider_limit_key(city: str, programme: str, provider: str) -> Key:
    """AP-34: what was spent at a provider, where a programme limits that. One row, off by default: it is hot."""
    return Key(f"{city}#PL#{programme}#{provider}", "A")


def journal_of(city: str, at: Instant, transfer: str) -> dict[str, str]:
    """AP-14: the day's journal, spread over eight partitions."""
    part = int(hashlib.sha256(transfer.encode()).hexdigest()[:4], 16) % JOURNAL_PARTITIONS
    return {"gsi1_pk": f"{city}#D#{day_of(at).isoformat()}#{part}", "gsi1_sk": f"{to_text(at)}#{transfer}"}


def journal_query(city: str, day: str, part: int) -> Query:
    """AP-09: one partition of a day's journal."""
    return Query(f"{city}#D#{day}#{part}", index=GSI1)


def unsettled_query(city: str, provider: str) -> Query:
    """AP-15: what a provider is owed and no payout has claimed."""
    return Query(f"{city}#U#{provider}", index=GSI2)


def line_query(city: str, line: str) -> Query:
    """AP-16: the transfers that a payout line pays."""
    return Query(f"{city}#L#{line}", index=GSI2)


def grants_of_query(city: str, person: str) -> Query:
    """AP-17: a person's grants, newest last."""
    return Query(f"{city}#P#{person}", begins="G#", index=GSI2)


def voucher_due_query(city: str) -> Query:
    """AP-248: awards in mode voucher that have no voucher yet, oldest first. The mark is on the award's transfer."""
    return Query(f"{city}#DUE#voucher", index=GSI2)


def expiring_query(city: str, day: str) -> Query:
    """AP-18: grants whose last day is this day, or that got money back on it when their time was over."""
    return Query(f"{city}#EXP#{day}", index=GSI1)


class AmountsAttribute(Attribute[dict[str, int]]):
    """Amounts by name, each of which a condition can judge and an update move."""

    attr_type = "M"

    def serialize(self, value: dict[str, int]) -> dict[str, dict[str, str]]:
        return {name: {"N": str(amount_minor)} for name, amount_minor in value.items()}

    def deserialize(self, value: dict[str, dict[str, str]]) -> dict[str, int]:
        return {name: int(amount["N"]) for name, amount in value.items()}


class BudgetItem(Item):
    KIND = "budget"
    programme = UnicodeAttribute()
    total_minor = NumberAttribute()
    free_minor = NumberAttribute()
    open = BooleanAttribute()
    year = NumberAttribute()
    paid_minor = NumberAttribute(default=0)
    paid_next_minor = NumberAttribute(default=0)


class GrantItem(Item):
    KIND = "grant"
    id = UnicodeAttribute()
    programme = UnicodeAttribute()
    application = UnicodeAttribute()
    person = UnicodeAttribute()
    beneficiary = UnicodeAttribute()
    mode = UnicodeAttribute()
    total_minor = NumberAttribute()
    spendable_minor = NumberAttribute()
    held_minor = NumberAttribute()
    state = UnicodeAttribute()
    valid_from = InstantAttribute()
    valid_until = InstantAttribute()
    created_at = InstantAttribute()
    part = NumberAttribute()
    parts = NumberAttribute()
    voucher_rev = NumberAttribute()
    min_price_minor = NumberAttribute()
    remainder = UnicodeAttribute()
    single_use = BooleanAttribute()
    coordinates = UnicodeAttribute(default="")
    day_limit_minor = NumberAttribute(default=0)
    day = UnicodeAttribute(default="")
    day_spent_minor = NumberAttribute(default=0)
    category_limits = JSONAttribute(null=True)
    category_spent = AmountsAttribute(null=True)

    def noun[N](self, kind: Callable[..., N], **more: Any) -> N:
        limits = {"category_limits": self.category_limits or {}, "category_spent": self.category_spent or {}}
        return super().noun(kind, **limits, **more)


def category_spent(category: str) -> Path:
    """What a grant has spent on a category, as a place in its item."""
    return Path(["category_spent", category])


class TransferItem(Item):
    """`card` is the transfer's canonical body; `payout_line` the one settlement slot beside it, outside the hash."""

    KIND = "transfer"
    card = UnicodeAttribute()
    payout_line = UnicodeAttribute(null=True)


class DecisionItem(Item):
    """`card` is the decision's canonical body."""

    KIND = "decision"
    card = UnicodeAttribute()


class SwitchesItem(Item):
    KIND = "switches"
    frozen = NounAttribute[tuple[Freeze, ...]](tuple[Freeze, ...])


class ProviderLimitItem(Item):
    KIND = "provider_limit"
    spent_minor = NumberAttribute(null=True)


def budget(city: str, programme: str) -> Budget | None:
    item = read(BudgetItem, budget_key(city, programme))
    return item.noun(Budget) if item else None


def grant(city: str, id: str) -> Grant | None:
    item = read(GrantItem, grant_key(city, id))
    return item.noun(Grant) if item else None


def grant_item(city: str, noun: Grant) -> GrantItem:
    card = {"programme": noun.programme, "mode": noun.mode, "total_minor": noun.total_minor, "part": noun.part}
    return GrantItem.of(
        noun,
        grant_key(city, noun.id),
        category_limits=dict(noun.category_limits) or None,
        category_spent=dict.fromkeys(noun.category_limits, 0) or None,
        gsi1_pk=f"{city}#EXP#{day_of(noun.valid_until).isoformat()}",
        gsi1_sk=noun.id,
        gsi2_pk=f"{city}#P#{noun.person}",
        gsi2_sk=f"G#{to_text(noun.created_at)}#{noun.id}",
        card=card,
    )


def transfer_item(city: str, noun: Transfer, key: Key) -> TransferItem:
    item = TransferItem(pk=key.pk, sk=key.sk, kind=TransferItem.KIND, card=noun.body())
    journal = journal_of(city, noun.posted_at, noun.id)
    item.gsi1_pk, item.gsi1_sk = journal["gsi1_pk"], journal["gsi1_sk"]
    if noun.payable_minor:
        item.gsi2_pk, item.gsi2_sk = f"{city}#U#{noun.provider}", item.gsi1_sk
    return item


def decision_item(city: str, noun: Decision) -> DecisionItem:
    key = decision_key(city, noun.about, noun.id)
    item = DecisionItem(pk=key.pk, sk=key.sk, kind=DecisionItem.KIND, card=noun.body())
    journal = journal_of(city, noun.at, noun.id)
    item.gsi1_pk, item.gsi1_sk = journal["gsi1_pk"], journal["gsi1_sk"]
    return item


def decision_of(body: dict[str, Any]) -> Decision:
    values = {name: value for name, value in body.items() if name != "kind"}
    return Decision(**(values | {"at": _instant(values["at"])}))


def decisions_query(city: str, about: str) -> Query:
    """AP-40: the decisions about a thing."""
    return Query(decision_key(city, about, "").pk, begins="T#")


def is_transfer(row: Row) -> bool:
    """Whether a row of the journal is a transfer; the others are decisions."""
    return bool(row.card["kind"] != DecisionItem.KIND)


def award_item(city: str, noun: Transfer, mode: str) -> TransferItem:
    """The transfer of an award; in mode voucher it is due to be made out."""
    item = transfer_item(city, noun, transfer_key(city, noun.grant, noun.id))
    if mode == "voucher":
        item.gsi2_pk, item.gsi2_sk = voucher_due_query(city).pk, f"{to_text(noun.posted_at)}#{noun.grant}"
    return item


def transfer_of(body: dict[str, Any]) -> Transfer:
    return Transfer(**(body | {"posted_at": _instant(body["posted_at"])}))


def _instant(value: str | datetime) -> datetime:
    return from_text(value) if isinstance(value, str) else value


def transfer(city: str, grant: str, id: str) -> TransferItem | None:
    return read(TransferItem, transfer_key(city, grant, id))


def transfers_in(query: Query) -> Iterator[TransferItem]:
    for item in items_in(query, consistent=True):
        if isinstance(item, TransferItem):
            yield item


def of_grant_query(city: str, grant: str) -> Query:
    """AP-19: all transfers of a grant."""
    return Query(grant_key(city, grant).pk, begins="T#")
