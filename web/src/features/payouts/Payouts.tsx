import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Link, useLocation } from 'wouter'
import { useCity } from '@/lib/city'
import { date, dateTime, money, number } from '@/lib/format'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTable } from '@/lib/table'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { DataTable, type Column } from '@/ui/DataTable'
import { Page } from '@/ui/Page'
import { EmptyState, ProblemCallout } from '@/ui/Waiting'
import { payoutsQuery, usePayoutActs, type Payout } from './calls'
import { PayoutTabs } from './PayoutTabs'
import { PayoutTag } from './states'
import { payoutTexts } from './texts'

/** The town's payouts, newest first, and the button that puts one together. */
export default function Payouts() {
  const t = useTexts(payoutTexts)
  const city = useCity()
  const { session } = useSession()
  const [, go] = useLocation()
  const { start } = usePayoutActs(city.slug)
  const build = useMutation({ mutationFn: start, onSuccess: payout => go(`/vyplaty/${payout.id}`) })
  const table = useTable()
  const list = useQuery({ ...payoutsQuery(city.slug, table.query), placeholderData: keepPreviousData })
  const mayBuild = hasAnyRole(session, city.slug, ['authorising_officer', 'budget_officer', 'chief_accountant'])
  const button = mayBuild && <Button look="primary" busy={build.isPending} onClick={() => build.mutate()}>{t.build}</Button>
  const columns: Column<Payout>[] = [
    { key: 'number', head: t.number, phone: 'title', cell: payout => <Link href={`/vyplaty/${payout.id}`}>{payout.number}</Link> },
    { key: 'state', head: t.state, phone: 'plain', cell: payout => <PayoutTag payout={payout} plain /> },
    { key: 'until', head: t.until, cell: payout => dateTime(payout.upto) },
    { key: 'created', head: t.created, cell: payout => date(payout.created_at) },
    { key: 'providers', head: t.providers, end: true, cell: payout => number(payout.lines) },
    { key: 'sum', head: t.sum, end: true, phone: 'aside', cell: payout => <span className="nowrap">{money(payout.total_minor, 'always')}</span> },
  ]
  return (
    <Page heading={t.payouts} lead={t.lead} actions={button}>
      <PayoutTabs />
      {build.error && <ProblemCallout problem={build.error} />}
      <DataTable
        caption={t.list}
        table={table}
        list={list}
        columns={columns}
        rowKey={payout => payout.id}
        empty={<EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>}
      />
    </Page>
  )
}
