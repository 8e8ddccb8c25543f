"""The ledger's verbs, its only face. Each is one transaction that the database judges; each may be sent again.

A verb that other rooms complete (an approval, an order) takes `also`: their writes, committed with the money or not at
all. Refusals are worked out after the fact, from the item as the failed condition left it: so a replay finds its
receipt even on an empty, expired, blocked or frozen account.

Budgets and awards stand in `budgets`, a grant's spending in `spending`, providers and the bank in `settling`, reading and
expiry in `grants`, freezes in `switches`, leaves of decisions in `decisions`; `posting` is how each gets into the books.
"""

from chalicelib.money.ledger.budgets import allot as allot
from chalicelib.money.ledger.budgets import budget as budget
from chalicelib.money.ledger.budgets import budgets as budgets
from chalicelib.money.ledger.budgets import carry_over as carry_over
from chalicelib.money.ledger.budgets import cut as cut
from chalicelib.money.ledger.budgets import fund as fund
from chalicelib.money.ledger.budgets import open_budget as open_budget
from chalicelib.money.ledger.budgets import set_budget_open as set_budget_open
from chalicelib.money.ledger.budgets import top_up as top_up
from chalicelib.money.ledger.decisions import decided as decided
from chalicelib.money.ledger.decisions import decisions_of as decisions_of
from chalicelib.money.ledger.decisions import leaf as leaf
from chalicelib.money.ledger.grants import Entry as Entry
from chalicelib.money.ledger.grants import as_of as as_of
from chalicelib.money.ledger.grants import entries as entries
from chalicelib.money.ledger.grants import expiring as expiring
from chalicelib.money.ledger.grants import give_back as give_back
from chalicelib.money.ledger.grants import grant as grant
from chalicelib.money.ledger.grants import grant_key_of as grant_key_of
from chalicelib.money.ledger.grants import grants as grants
from chalicelib.money.ledger.grants import grants_of as grants_of
from chalicelib.money.ledger.grants import journal as journal
from chalicelib.money.ledger.grants import journal_page as journal_page
from chalicelib.money.ledger.grants import new_voucher_revision as new_voucher_revision
from chalicelib.money.ledger.grants import redeemed_by_key as redeemed_by_key
from chalicelib.money.ledger.grants import resume as resume
from chalicelib.money.ledger.grants import spent as spent
from chalicelib.money.ledger.grants import suspend as suspend
from chalicelib.money.ledger.grants import taken_back as taken_back
from chalicelib.money.ledger.grants import transfer as transfer
from chalicelib.money.ledger.grants import transfer_at as transfer_at
from chalicelib.money.ledger.grants import transfer_key_of as transfer_key_of
from chalicelib.money.ledger.grants import transfers_of as transfers_of
from chalicelib.money.ledger.grants import voucher_made as voucher_made
from chalicelib.money.ledger.grants import vouchers_due as vouchers_due
from chalicelib.money.ledger.posting import NOTHING_FROZEN as NOTHING_FROZEN
from chalicelib.money.ledger.posting import transfer_in as transfer_in
from chalicelib.money.ledger.settling import advance as advance
from chalicelib.money.ledger.settling import claim as claim
from chalicelib.money.ledger.settling import claimed as claimed
from chalicelib.money.ledger.settling import claimed_page as claimed_page
from chalicelib.money.ledger.settling import key_of as key_of
from chalicelib.money.ledger.settling import let_go as let_go
from chalicelib.money.ledger.settling import order as order
from chalicelib.money.ledger.settling import pay as pay
from chalicelib.money.ledger.settling import reject as reject
from chalicelib.money.ledger.settling import settle_inside as settle_inside
from chalicelib.money.ledger.settling import take_back as take_back
from chalicelib.money.ledger.settling import unclaim as unclaim
from chalicelib.money.ledger.settling import unclaimed as unclaimed
from chalicelib.money.ledger.settling import unsettled as unsettled
from chalicelib.money.ledger.settling import waiting_as as waiting_as
from chalicelib.money.ledger.settling import withhold as withhold
from chalicelib.money.ledger.slots import lines_of as lines_of
from chalicelib.money.ledger.slots import not_undone as not_undone
from chalicelib.money.ledger.slots import paid_of as paid_of
from chalicelib.money.ledger.slots import set_aside as set_aside
from chalicelib.money.ledger.spending import hold as hold
from chalicelib.money.ledger.spending import refund as refund
from chalicelib.money.ledger.spending import release as release
from chalicelib.money.ledger.spending import settle as settle
from chalicelib.money.ledger.spending import spend as spend
from chalicelib.money.ledger.spending import undo as undo
from chalicelib.money.ledger.spending import unsettle as unsettle
from chalicelib.money.ledger.spending import write_off as write_off
from chalicelib.money.ledger.store import JOURNAL_PARTITIONS as JOURNAL_PARTITIONS
from chalicelib.money.ledger.store import journal_query as journal_query
from chalicelib.money.ledger.switches import freeze as freeze
from chalicelib.money.ledger.switches import switches as switches
from chalicelib.money.ledger.switches import switches_in as switches_in
from chalicelib.money.ledger.switches import switches_key_of as switches_key_of
from chalicelib.money.ledger.switches import unfreeze as unfreeze
