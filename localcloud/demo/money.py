"""Moves the money of the demo's past by the ledger's own verbs, each at its own time.

Programmes are independent of one another, so each goes through its history in order, several at once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from chalicelib.core.clock import Instant, day_of, now, start_of
from chalicelib.core.gate import Who
from chalicelib.core.ids import digest
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import Decision, Grant, Spender, Transfer
from chalicelib.money.offers import store as offers
from chalicelib.money.offers.model import Order, OrderState, confirm_by
from chalicelib.money.programmes.model import SYSTEM
from chalicelib.money.vouchers import letters as voucher_letters
from chalicelib.money.vouchers import service as vouchers
from chalicelib.money.vouchers import store as voucher_store
from localcloud.demo.applications import Applications
from localcloud.demo.clock import at
from localcloud.demo.programmes import DemoProgramme
from localcloud.demo.sponsors import owner_of, programme_id, till_id
from localcloud.demo.story import Applied, Ordered, OrderEnd, Redeemed
from localcloud.demo.table import Batch
from localcloud.demo.world import World

REMAINDER_AFTER = timedelta(hours=2, minutes=30)
ISSUED_AFTER = timedelta(seconds=3)
ITSELF = Spender(SYSTEM, SYSTEM, "demo")


def hold_id(applied: Applied, place: int) -> str:
    """The hold of an application's order, by its place among them."""
    return digest("order", applied.id, str(place))


type Event = tuple[Instant, int, Callable[[], None]]
"""When, in what order among those of one instant, and what."""


@dataclass
class Money:
    """The money of one programme."""

    world: World
    applications: Applications
    programme: DemoProgramme

    def move(self) -> None:
        """Everything that happened, in order of time."""
        told = [applied for applied in self.world.told if applied.programme == self.programme]
        events = [event for applied in told for event in _Award(self, applied).events()]
        for instant, _, happen in sorted(events, key=lambda event: event[:2]):
            with at(instant):
                happen()


@dataclass
class _Award:
    """What happened with the money of one application."""

    money: Money
    applied: Applied
    opened: list[Grant] = field(default_factory=list)

    @property
    def city(self) -> str:
        return self.applied.account.city

    def events(self) -> Iterator[Event]:
        applied = self.applied
        if applied.decided_at is None or applied.state != "approved":
            return
        yield applied.decided_at, 0, self._allot
        if applied.rules.mode == "voucher":
            yield applied.decided_at + ISSUED_AFTER, 1, self._issue
        for redeemed in applied.redeemed:
            yield from self._redemption(redeemed)
        for place, ordered in enumerate(applied.ordered):
            yield from _Ordering(self, ordered, place).events()
        if applied.suspended:
            yield start_of(self.money.world.day - timedelta(days=19)), 3, self._suspend
        if applied.expired_at:
            yield applied.expired_at, 4, self._expire

    def _allot(self) -> None:
        noun = self.money.applications.noun(self.applied)
        clerk = self.money.world.colleague(self.city, self.applied.clerk)
        grants = self.money.applications.grants(self.applied, noun)
        decision = Decision(digest("decision", noun.id), "application", noun.id, "approved", clerk.id, "admin", now())
        spender = Spender(clerk.id, "admin", f"approve.{noun.id}")
        self.opened = ledger.allot(self.city, grants, spender, [ledger.decided(self.city, decision)])

    def _issue(self) -> None:
        for grant in self.opened:
            vouchers.issue(self.city, grant.id)

    def _suspend(self) -> None:
        transact([ledger.suspend(self.city, grant.id) for grant in self.opened])

    def _expire(self) -> None:
        now_as_they_are = ledger.grants(self.city, [grant.id for grant in self.opened])
        left = [grant for grant in now_as_they_are if grant.spendable_minor]
        if left:
            ledger.give_back(self.city, left, "expire", ITSELF)

    def _redemption(self, redeemed: Redeemed) -> Iterator[Event]:
        provider = self.money.world.provider(self.city, redeemed.provider)
        till = till_id(self.money.world, provider, redeemed.till)
        key = f"{self.applied.id}.{redeemed.at.isoformat()}"
        spender = Spender(till, "reader", key)

        def spend() -> None:
            grant = self.opened[redeemed.part - 1]
            ledger.spend(
                self.city,
                grant,
                redeemed.amount_minor,
                provider.id,
                spender,
                switches=ledger.NOTHING_FROZEN,
                voucher_rev=grant.voucher_rev,
                till=till,
            )

        def undo() -> None:
            ledger.undo(self.city, self.opened[redeemed.part - 1], digest("transfer", till, key), spender)

        def return_remainder() -> None:
            grant = ledger.grant(self.city, self.opened[redeemed.part - 1].id)
            if grant and grant.spendable_minor and grant.state == "used":
                ledger.give_back(self.city, [grant], "remainder", Spender("vouchers", "vouchers", f"{grant.v}"))

        yield redeemed.at, 2, spend
        if redeemed.undone_at:
            yield redeemed.undone_at, 3, undo
        if self.applied.rules.remainder == "returns":
            night = start_of((redeemed.at + timedelta(days=1)).date()) + REMAINDER_AFTER
            yield night, 3, return_remainder


_ENDED: dict[OrderEnd, OrderState] = {"rejected": "rejected", "timed_out": "timed_out", "cancelled": "cancelled"}


@dataclass
class _Ordering:
    """What happened with one order."""

    award: _Award
    ordered: Ordered
    place: int

    def events(self) -> Iterator[Event]:
        ordered = self.ordered
        yield ordered.at, 2, self._hold
        if ordered.confirmed_at:
            yield ordered.confirmed_at, 3, self._confirm
        if ordered.ended_at and ordered.end == "payable":
            yield ordered.ended_at, 4, self._settle
        elif ordered.ended_at:
            yield ordered.ended_at, 4, self._give_up

    @property
    def _city(self) -> str:
        return self.award.city

    @property
    def _hold_id(self) -> str:
        return hold_id(self.award.applied, self.place)

    def noun(self) -> Order:
        """The order as it was placed."""
        ordered, applied = self.ordered, self.award.applied
        grant = self.award.money.applications.noun(applied).grants[0]
        session, activity = ordered.session, ordered.activity.activity
        return Order(
            id=offers.order_id(applied.account.id, self._hold_id),
            person=applied.account.id,
            beneficiary=applied.beneficiary,
            activity=activity.id,
            session=session.id,
            title=activity.title.cs,
            provider=activity.provider,
            programme=programme_id(self.award.money.world, applied.programme),
            grant=grant,
            hold=self._hold_id,
            price_minor=session.price_minor,
            credit_minor=ordered.credit_minor,
            state="requested",
            money="held",
            payable_on=applied.rules.payable_on,
            requested_at=ordered.at,
            confirm_by=confirm_by(ordered.at, applied.rules.order_confirm_days, session),
            starts_on=session.starts_on,
            fingerprint=digest("demo", applied.id, str(self.place)),
            made_by=self.award.money.world.colleague(self._city, "assistant").id if applied.at_desk else "",
        )

    def _hold(self) -> None:
        order = self.noun()
        grant = self.award.opened[0]
        also = [offers.take_place(self._city, self.ordered.session), offers.add_order(self._city, order)]
        spender = Spender(order.made_by or order.person, "admin" if order.made_by else "moje", self._hold_id)
        ledger.hold(self._city, grant, order.credit_minor, order.provider, order.hold, spender, also)

    def _now(self) -> Order:
        order = offers.order(self._city, self.noun().id)
        assert order is not None
        return order

    def _confirm(self) -> None:
        order = self._now()
        confirmed = replace(order, state="confirmed", decided_at=self.ordered.confirmed_at, decided_by=self._owner())
        transact([offers.save_order(self._city, order, confirmed)])

    def _owner(self) -> str:
        return owner_of(self.award.money.world, self.ordered.activity.provider)

    def _settle(self) -> None:
        order, ended_at = self._now(), self.ordered.ended_at
        over = self.ordered.session.ends_on < self.award.money.world.day
        then = replace(
            order, money="payable", state="attended" if over else order.state, ended_at=ended_at if over else None
        )
        ledger.settle(self._city, self._held(order), ITSELF, [offers.save_order(self._city, order, then)])

    def _give_up(self) -> None:
        order = self._now()
        end = self.ordered.end
        reasons = {"rejected": "Skupina je pro jiný ročník.", "cancelled": "Trenér onemocněl, termín jsme zrušili."}
        then = replace(
            order,
            state=_ENDED[end],
            money="returned",
            ended_at=self.ordered.ended_at,
            reason=reasons.get(end, ""),
        )
        also = [offers.save_order(self._city, order, then), offers.give_place_back(self._city, order)]
        ledger.release(self._city, self._held(order), ITSELF, also)

    def _held(self, order: Order) -> Transfer:
        held = ledger.transfer(self._city, order.grant, order.hold)
        assert held is not None
        return held


def tell_of_vouchers(world: World, applications: Applications, batch: Batch) -> None:
    """That each voucher is ready was told when it was made. Documents are made when the cloud runs, for those that can
    still be used."""
    for applied in world.told:
        if applied.state != "approved" or applied.rules.mode != "voucher" or applied.decided_at is None:
            continue
        noun, city = applications.noun(applied), applied.account.city
        made = voucher_store.vouchers(city, list(noun.grants))
        for grant in applications.grants(applied, noun):
            with at(applied.decided_at + ISSUED_AFTER):
                told = voucher_letters.ready(
                    city,
                    made[grant.id],
                    programme=applied.rules.name.cs,
                    name=noun.stated.name,
                    amount_minor=grant.amount_minor,
                    until_on=day_of(grant.valid_until).isoformat(),
                )
            batch.add(told)
            if applied.expired_at or applied.is_spent(grant.part):
                ended = voucher_store.save_voucher(city, made[grant.id]).item
                ended.gsi1_pk = ended.gsi1_sk = None
                batch.put(ended)


def dispute_one(world: World, applications: Applications) -> None:
    """This morning somebody said that a redemption was not theirs."""
    applied = next(
        a
        for a in world.told
        if a.programme.key == "plavenka" and not a.account.key and a.redeemed and a.fate == "spent"
    )
    city, voucher = applied.account.city, applications.noun(applied).grants[0]
    redemption = vouchers.redemptions_of(city, voucher)[0]
    with at(world.morning - timedelta(minutes=80)):
        who = Who(applied.account.id, "moje")
        vouchers.dispute(city, who, voucher, redemption.id, "Ten den jsem tam nebyla, prověřte to.")
