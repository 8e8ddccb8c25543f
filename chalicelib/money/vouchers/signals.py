"""What is allowed and still worth a look: a till that redeemed a voucher of its provider's own people or their family."""

from contextlib import suppress
from datetime import date
from functools import cache

from chalicelib.core.refusals import KeyUsedForOtherRequest
from chalicelib.core.table import commit
from chalicelib.money.ledger import service as ledger
from chalicelib.town.identity import deciding

SIGNAL, OWN_FAMILY = "signal", "own_family"


def note_own_family(city: str, day: date, by: str) -> None:
    """A leaf in the books for each redemption of a Prague day by which a provider was paid for its own people's family.

    It stops nothing and stands in the auditor's book beside the transfers. Again changes nothing.
    """

    @cache
    def is_of_family(provider: str, holder: str) -> bool:
        return deciding.is_partial(city, holder, providers=[provider])

    redeemed = [moved for moved in ledger.journal(city, day) if moved.kind == "redeem"]
    holders = {grant.id: grant.person for grant in ledger.grants(city, [moved.grant for moved in redeemed])}
    for moved in redeemed:
        if moved.grant in holders and is_of_family(moved.provider, holders[moved.grant]):
            leaf = ledger.leaf(city, f"{moved.id}.{OWN_FAMILY}", SIGNAL, moved.id, OWN_FAMILY, by=by, via=by)
            with suppress(KeyUsedForOtherRequest):  # it is noted
                commit(leaf)
