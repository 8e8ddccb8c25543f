"""A voucher to try a till with."""

from collections.abc import Iterator
from datetime import date

from chalicelib.money.vouchers import service as vouchers
from chalicelib.money.vouchers.service import Held
from localcloud.demo.providers import DemoProvider
from localcloud.demo.sponsors import PAIRED_BY_NEWCOMER, programme_id
from localcloud.demo.world import World, world
from localcloud.people import VoucherToScan

SPENDABLE = ("valid", "partly_used")


def voucher_to_scan(day: date) -> VoucherToScan | None:
    """One that a provider takes whose till a newcomer can pair; None once all are spent."""
    made = world(day)
    for provider in made.providers:
        for held in _taken_by(made, provider) if provider.key in PAIRED_BY_NEWCOMER else ():
            if held.voucher and held.voucher_state in SPENDABLE:
                codes = vouchers.codes_of(provider.city, held.voucher)
                name, left_minor = held.programme.name.cs, held.grant.spendable_minor
                return VoucherToScan(name, provider.name, left_minor, codes.qr, codes.short)
    return None


def _taken_by(made: World, provider: DemoProvider) -> Iterator[Held]:
    for applied in made.told:
        if applied.lives and applied.account.city == provider.city and applied.programme.key in provider.takes:
            programme = programme_id(made, applied.programme)
            awarded = vouchers.held_by(provider.city, applied.account.id)
            yield from (held for held in awarded if held.grant.programme == programme)
