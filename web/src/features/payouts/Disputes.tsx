import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { useCity } from '@/lib/city'
import { dateTime, money } from '@/lib/format'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTable } from '@/lib/table'
import { useTexts } from '@/lib/texts'
import { DataTable, type Column } from '@/ui/DataTable'
import { Page } from '@/ui/Page'
import { Status } from '@/ui/Tag'
import { EmptyState } from '@/ui/Waiting'
import { disputesQuery, usePayoutActs, type Dispute } from './calls'
import { checkTexts } from './checks.texts'
import { AskReason } from './doing'
import { PayoutTabs } from './PayoutTabs'
import { ANSWERERS } from './roles'
import { payoutTexts } from './texts'

/** Redemptions that their holders dispute, the oldest first. */
export default function Disputes() {
  const t = useTexts(checkTexts)
  const p = useTexts(payoutTexts)
  const city = useCity()
  const { session } = useSession()
  const may = hasAnyRole(session, city.slug, ANSWERERS)
  const table = useTable()
  const list = useQuery({ ...disputesQuery(city.slug, table.query), placeholderData: keepPreviousData })
  const columns: Column<Dispute>[] = [
    { key: 'provider', head: p.provider, phone: 'title', cell: one => <Link href={`/poskytovatele/${one.provider}`}>{one.provider_name}</Link> },
    {
      key: 'what',
      head: p.what,
      phone: 'plain',
      cell: one => (
        <>
          <p>{one.text || <span className="soft">{t.noText}</span>}</p>
          <p className="small soft">{t.redeemedAt(dateTime(one.redeemed_at))}, {t.receipt(one.receipt_number)}, {t.disputedAt(dateTime(one.at))}</p>
        </>
      ),
    },
    { key: 'state', head: p.state, phone: 'plain', cell: one => <Status tone={one.withheld ? 'warning' : 'info'}>{one.withheld ? t.withheld : t.inPayout}</Status> },
    { key: 'sum', head: p.sum, end: true, phone: 'aside', cell: one => <span className="nowrap">{money(one.amount_minor, 'always')}</span> },
    ...(may ? [{ key: 'act', head: p.act, phone: 'plain', cell: one => <Answer dispute={one} /> } satisfies Column<Dispute>] : []),
  ]
  return (
    <Page heading={p.payouts} lead={t.disputesLead}>
      <PayoutTabs />
      <DataTable caption={p.disputesTab} table={table} list={list} columns={columns} rowKey={one => one.redemption} empty={<EmptyState title={t.disputesEmpty}>{t.disputesEmptyWhy}</EmptyState>} />
    </Page>
  )
}

function Answer({ dispute }: { dispute: Dispute }) {
  const t = useTexts(checkTexts)
  const { answer } = usePayoutActs(useCity().slug)
  const sum = money(dispute.amount_minor, 'always')
  return (
    <div className="buttons">
      <AskReason label={t.uphold} look="secondary" size="s" title={t.upholdTitle(sum)} effect={dispute.withheld ? t.upholdBefore : t.upholdAfter} act={reason => answer(dispute, true, reason)} done={t.upheld} />
      <AskReason label={t.decline} size="s" title={t.declineTitle(sum)} effect={t.declineEffect} act={reason => answer(dispute, false, reason)} done={t.declined} />
    </div>
  )
}
