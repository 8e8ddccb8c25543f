import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import lightning from '~icon/lightning-charge'
import hourglass from '~icon/hourglass-split'
import { useCity } from '@/lib/city'
import { date, daysUntil, money } from '@/lib/format'
import { useOperation } from '@/lib/operation'
import { rolesIn, useSession } from '@/lib/session'
import { useTable } from '@/lib/table'
import { localised, useLanguage, useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { DataTable, type Column } from '@/ui/DataTable'
import { Dialog } from '@/ui/Dialog'
import { FilterBar } from '@/ui/FilterBar'
import { OperationNotice } from '@/ui/OperationNotice'
import { Page } from '@/ui/Page'
import { Tabs } from '@/ui/Tabs'
import { Status, type Tone } from '@/ui/Tag'
import { EmptyState } from '@/ui/Waiting'
import { countsQuery, decideMany, programmesQuery, queueQuery, type ApplicationState, type QueueFilters, type QueueRow, type View } from './calls'
import { exactTime } from './exactTime'
import { StateTag } from './parts'
import { applicationTexts } from './texts'
import { reviewTexts } from './review.texts'

const VIEWS: readonly View[] = ['to_decide', 'mine', 'waiting_for_citizen', 'overdue', 'arrived', 'all']
const DECIDED_HERE: readonly View[] = ['to_decide', 'mine', 'overdue']
const STATES: readonly ApplicationState[] = ['submitted', 'verifying', 'in_review', 'returned', 'waiting', 'approved', 'declined', 'withdrawn', 'lapsed']
const FILTERS = ['programme', 'state', 'number'] as const
const NUMBER = /^\d{4}-\d{6}$/

/** The queue of applications: views, filters, and the way into it one after another. */
export default function Queue() {
  const t = useTexts(reviewTexts)
  const a = useTexts(applicationTexts)
  const city = useCity()
  const { session } = useSession()
  const [params] = useSearchParams()
  const view = VIEWS.find(one => one === params.get('view')) ?? 'to_decide'
  const table = useTable({ filters: FILTERS })
  const { number, ...query } = table.query
  const list = useQuery(queueQuery(city.slug, { ...query, view, ...(number && NUMBER.test(number) && { number }) } as QueueFilters))
  const programmes = useQuery(programmesQuery(city.slug))
  const mayDecide = rolesIn(session, city.slug).some(role => role === 'clerk' || role === 'programme_owner')
  const first = list.data?.items[0]
  const start = first && mayDecide && view !== 'all' && view !== 'arrived' && <LinkButton look="primary" icon={lightning} href={`/zadosti/${first.id}?view=${view}`}>{t.inOrder}</LinkButton>
  return (
    <Page heading={t.heading} actions={start}>
      <div className="stack gap-5">
        <Views />
        <DataTable
          caption={t.caption}
          table={table}
          list={list}
          columns={useColumns(view)}
          rowKey={row => row.id}
          rowName={row => row.number}
          total={list.data?.count ?? undefined}
          empty={<EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>}
          bulk={mayDecide && DECIDED_HERE.includes(view) ? (rows, clear) => <BulkApprove rows={rows} clear={clear} /> : undefined}
          filters={
            <FilterBar
              table={table}
              searchBy={{ name: 'number', label: t.search }}
              filters={[
                { name: 'programme', label: t.programme, all: t.allProgrammes, options: (programmes.data?.items ?? []).map(one => ({ value: one.id, label: localised(one.rules.name).text })) },
                ...(view === 'all' ? [{ name: 'state' as const, label: t.state, all: t.allStates, options: STATES.map(state => ({ value: state, label: a.state[state] })) }] : []),
              ]}
              summary={list.data?.count != null && t.summary(list.data.count, list.data.total_minor ?? 0)}
            />
          }
        />
      </div>
    </Page>
  )
}

function Views() {
  const t = useTexts(reviewTexts)
  const city = useCity()
  const [params] = useSearchParams()
  const counts = useQuery(countsQuery(city.slug))
  const shown = VIEWS.filter(view => view !== 'arrived' || counts.data?.arrived || params.get('view') === view)
  const href = (view: View) => {
    const next = new URLSearchParams(params)
    next.delete('cursor')
    next.delete('state')
    if (view === 'to_decide') next.delete('view')
    else next.set('view', view)
    return `/zadosti${next.size ? `?${next}` : ''}`
  }
  return <Tabs label={t.viewsLabel} tabs={shown.map(view => ({ href: href(view), label: t.views[view], count: view === 'all' ? undefined : counts.data?.[view] }))} />
}

function useColumns(view: View): Column<QueueRow>[] {
  const t = useTexts(reviewTexts)
  const search = view === 'all' ? '' : `?view=${view}`
  return [
    { key: 'number', head: t.column.number, phone: 'title', cell: row => <Numbered row={row} search={search} /> },
    { key: 'who', head: t.column.who, phone: 'plain', cell: row => <ForWhom row={row} /> },
    { key: 'amount', head: t.column.amount, end: true, phone: 'aside', cell: row => <span className="strong nowrap">{money(row.amount_minor, 'always')}</span> },
    view === 'all'
      ? { key: 'state', head: t.column.state, phone: 'plain', cell: row => <StateTag state={row.state} /> }
      : { key: 'checks', head: t.column.checks, phone: 'plain', cell: row => <Checks row={row} /> },
    { key: 'waits', head: t.column.waits, cell: row => <span className="nowrap">{waits(row, t)}</span> },
    { key: 'assigned', head: t.column.assigned, cell: row => row.assigned_name || <span className="soft">{t.nobody}</span> },
  ]
}

const waits = (row: QueueRow, t: typeof reviewTexts.cs) => {
  const days = -daysUntil(row.received_at)
  return days === 0 ? t.today : t.days(days)
}

function Numbered({ row, search }: { row: QueueRow; search: string }) {
  const language = useLanguage()
  return (
    <>
      <Link href={`/zadosti/${row.id}${search}`} className="nowrap">{row.number}</Link>
      <div className="small soft">{search === '?view=arrived' ? exactTime(row.received_at, language) : date(row.received_at)}</div>
    </>
  )
}

function ForWhom({ row }: { row: QueueRow }) {
  const t = useTexts(reviewTexts)
  return (
    <>
      <span className="strong">{row.name}, {row.age}</span>
      <div className="small soft">{row.for_self ? t.self : t.applicant(row.applicant)}</div>
    </>
  )
}

const TONES: Record<string, Tone> = { ok: 'success', to_judge: 'warning', pending: 'neutral', not_met: 'error', '': 'neutral' }

function Checks({ row }: { row: QueueRow }) {
  const t = useTexts(reviewTexts)
  return <Status tone={TONES[row.checks] ?? 'neutral'} icon={row.checks === 'pending' ? hourglass : undefined}>{t.checks[row.checks] ?? row.checks}</Status>
}

/** Approves what is selected; each row ends for itself and says how. */
function BulkApprove({ rows, clear }: { rows: readonly QueueRow[]; clear: () => void }) {
  const t = useTexts(reviewTexts)
  const a = useTexts(applicationTexts)
  const city = useCity()
  const client = useQueryClient()
  const [asks, setAsks] = useState(false)
  const total = rows.reduce((sum, row) => sum + row.amount_minor, 0)
  const bulk = useOperation(`bulk:${city.slug}`, (ids: string[], header) => decideMany(city.slug, ids, 'approve', '', header))
  const result = bulk.state.phase === 'done' ? bulk.state.result.items : null
  const numbers = new Map(rows.map(row => [row.id, row.number]))
  const close = () => {
    setAsks(false)
    if (!result) return
    bulk.reset()
    clear()
    void client.invalidateQueries({ queryKey: ['application-queue', city.slug] })
    void client.invalidateQueries({ queryKey: ['application-queue-counts', city.slug] })
  }
  return (
    <>
      <Button size="s" onClick={() => setAsks(true)}>{t.bulkApprove(rows.length, total)}</Button>
      <Dialog
        open={asks}
        onClose={bulk.isBusy ? undefined : close}
        title={result ? t.bulkDone : t.bulkTitle(rows.length)}
        actions={
          result ? <Button look="primary" onClick={close}>{t.close}</Button> : (
            <>
              <Button autoFocus onClick={close}>{t.bulkNo}</Button>
              <Button look="primary" busy={bulk.isBusy} onClick={() => void bulk.run(rows.map(row => row.id))}>{t.bulkYes(total)}</Button>
            </>
          )
        }
      >
        {result ? (
          <div className="stack gap-3">
            <p className="strong">{t.bulkResult(result.filter(row => row.state === 'approved').length, result.length)}</p>
            <ul className="stack gap-2">
              {result.map(row => (
                <li key={row.id}>
                  <span className="nowrap">{numbers.get(row.id) ?? row.id}</span>{' '}
                  {row.code ? <Status tone="error">{row.detail}</Status> : <Status tone={row.state === 'approved' ? 'success' : 'neutral'}>{a.state[row.state as ApplicationState]}</Status>}
                </li>
              ))}
            </ul>
          </div>
        ) : (
          <p>{t.bulkText(total)}</p>
        )}
        <OperationNotice operation={bulk} />
      </Dialog>
    </>
  )
}
