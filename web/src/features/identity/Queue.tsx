import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { useCity } from '@/lib/city'
import { date, dateTime } from '@/lib/format'
import { useTable } from '@/lib/table'
import { useTexts } from '@/lib/texts'
import { DataTable, type Column } from '@/ui/DataTable'
import { Page } from '@/ui/Page'
import { Status } from '@/ui/Tag'
import { EmptyState } from '@/ui/Waiting'
import { queueQuery, type QueueRow } from './calls'
import { PeopleTabs } from './PeopleTabs'
import { adminTexts } from './admin.texts'

/** Whom a clerk has to look at, oldest first. */
export default function Queue() {
  const t = useTexts(adminTexts)
  const city = useCity()
  const table = useTable()
  const list = useQuery({ ...queueQuery(city.slug, table.query), placeholderData: keepPreviousData })
  const columns: Column<QueueRow>[] = [
    { key: 'name', head: t.name, phone: 'title', cell: row => <Link href={`/lide/overeni/${row.id}`}>{row.name}</Link> },
    { key: 'why', head: t.why, cell: row => <Status tone="warning">{t.reason[row.reason]}</Status> },
    { key: 'born', head: t.born, end: true, cell: row => date(row.birth_date) },
    { key: 'since', head: t.since, end: true, cell: row => dateTime(row.since) },
  ]
  return (
    <Page heading={t.people} lead={t.lead}>
      <PeopleTabs />
      <DataTable
        caption={t.queue}
        table={table}
        list={list}
        columns={columns}
        rowKey={row => `${row.id}${row.reason}`}
        empty={<EmptyState title={t.queueEmpty}>{t.queueEmptyWhy}</EmptyState>}
      />
    </Page>
  )
}
