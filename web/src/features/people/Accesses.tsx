import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { api, ask } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { useCity } from '@/lib/city'
import { day as dayOf, time } from '@/lib/format'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { DataTable, type Column } from '@/ui/DataTable'
import { DateInput } from '@/ui/Field'
import { Page } from '@/ui/Page'
import { EmptyState } from '@/ui/Waiting'
import { lookUpTexts } from './admin.texts'
import './registration.css'

type Access = components['schemas']['AccessShape']
const PAGE = 50

/** For the auditor and the privacy officer: who of the town looked at whom. */
export default function Accesses() {
  const t = useTexts(lookUpTexts)
  const city = useCity()
  const { session } = useSession()
  const [day, setDay] = useState(dayOf())
  const list = useInfiniteQuery({
    queryKey: ['accesses-of-day', city.slug, day],
    queryFn: ({ pageParam }) =>
      ask(api.GET('/v1/cities/{city}/accesses', { params: { path: { city: city.slug }, query: { day, limit: PAGE, ...(pageParam && { cursor: pageParam }) } } })),
    initialPageParam: '',
    getNextPageParam: page => page.next,
    enabled: day !== '',
  })
  const items = list.data?.pages.flatMap(page => page.items)
  const mayOpen = hasAnyRole(session, city.slug, ['privacy_officer'])
  const columns: Column<Access>[] = [
    { key: 'at', head: t.at, phone: 'aside', cell: row => time(row.at) },
    { key: 'who', head: t.who, phone: 'title', cell: row => row.by_name || '–' },
    { key: 'what', head: t.what, cell: row => t.action[row.action as keyof typeof t.action] },
    { key: 'whom', head: t.whom, cell: row => (row.query ? `„${row.query}“` : mayOpen ? <Link href={`/lide/osoba/${row.subject}`}>{row.subject_name || t.openRecord}</Link> : row.subject_name || '–') },
  ]
  return (
    <Page heading={t.accesses} lead={t.accessesLead}>
      <div className="narrow"><DateInput label={t.day} name="day" value={day} max={dayOf()} onChange={event => setDay(event.target.value)} /></div>
      <div className="stack">
        <DataTable
          caption={t.accesses}
          list={{ data: items && { items }, error: list.error, refetch: list.refetch }}
          columns={columns}
          rowKey={row => `${row.at}${row.by}`}
          empty={<EmptyState title={t.noAccesses} />}
        />
        {list.hasNextPage && <div className="buttons"><Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t.more}</Button></div>}
      </div>
    </Page>
  )
}
