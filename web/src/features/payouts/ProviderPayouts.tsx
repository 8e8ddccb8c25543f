import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { useCity, useProviderHere } from '@/lib/city'
import { date, money, number } from '@/lib/format'
import { useTable } from '@/lib/table'
import { useTexts } from '@/lib/texts'
import { Callout } from '@/ui/Callout'
import { DataTable, type Column } from '@/ui/DataTable'
import { Page } from '@/ui/Page'
import { EmptyState } from '@/ui/Waiting'
import { providerPayoutsQuery, type Line } from './calls'
import { LineStatus } from './states'
import { payoutTexts } from './texts'

/** What the town sent this provider, newest first, and what the bank said. */
export default function ProviderPayouts() {
  const t = useTexts(payoutTexts)
  const city = useCity()
  const { id } = useProviderHere()
  const table = useTable()
  const list = useQuery({ ...providerPayoutsQuery(city.slug, id, table.query), placeholderData: keepPreviousData })
  const columns: Column<Line>[] = [
    { key: 'number', head: t.number, phone: 'title', cell: line => <Link href={`/vyplaty/${line.payout}`}>{line.number}</Link> },
    { key: 'created', head: t.created, cell: line => date(line.created_at) },
    { key: 'redemptions', head: t.redemptions, end: true, cell: line => number(line.redemptions) },
    { key: 'account', head: t.account, cell: line => (line.inside ? t.inside : <span className="nowrap">{line.account}</span>) },
    { key: 'bank', head: t.bank, phone: 'plain', cell: line => <LineStatus line={line} /> },
    { key: 'sum', head: t.sum, end: true, phone: 'aside', cell: line => <span className="nowrap">{money(line.amount_minor, 'always')}</span> },
  ]
  return (
    <Page heading={t.payouts} lead={t.providerLead}>
      {list.data?.items.some(line => line.state === 'returned' || line.state === 'rejected') && <Callout tone="warning" title={t.returnedHelp} />}
      <DataTable
        caption={t.providerList}
        table={table}
        list={list}
        columns={columns}
        rowKey={line => line.id}
        empty={<EmptyState title={t.providerEmpty}>{t.providerEmptyWhy}</EmptyState>}
      />
    </Page>
  )
}
