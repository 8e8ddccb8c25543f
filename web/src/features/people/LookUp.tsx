import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { Link } from 'wouter'
import search from '~icon/search'
import plus from '~icon/person-plus'
import { api, ask } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { useCity } from '@/lib/city'
import { date } from '@/lib/format'
import { useForm } from '@/lib/form'
import { rolesIn, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Page } from '@/ui/Page'
import { Tabs } from '@/ui/Tabs'
import { EmptyState } from '@/ui/Waiting'
import { lookUpTexts } from './admin.texts'
import './registration.css'

type Found = components['schemas']['FoundShape']
const QUERY_MIN = 2
const PAGE = 50

/** A clerk looks somebody up. What is searched stays out of the address: it is a name. */
export default function LookUp() {
  const t = useTexts(lookUpTexts)
  const city = useCity()
  const { session } = useSession()
  const roles = rolesIn(session, city.slug)
  const [query, setQuery] = useState('')
  const schema = useMemo(() => v.object({ query: v.pipe(v.string(), v.trim(), v.minLength(QUERY_MIN, t.queryShort)) }), [t])
  const form = useForm({ schema, defaults: { query: '' }, send: async values => setQuery(values.query) })
  const checks = roles.includes('clerk') || roles.includes('assistant')
  const tabs = [...(checks ? [{ href: '/lide', label: t.queue }, { href: '/lide/dopisy', label: t.letters }] : []), { href: '/lide/hledat', label: t.search }]
  return (
    <Page
      heading={t.heading}
      lead={t.searchLead}
      actions={
        <>
          {roles.includes('assistant') && <LinkButton icon={plus} href="/lide/novy">{t.register}</LinkButton>}
          {roles.includes('privacy_officer') && <LinkButton href="/lide/nahledy">{t.accesses}</LinkButton>}
        </>
      }
    >
      <Tabs label={t.tabs} tabs={tabs} />
      <div className="narrow">
        <Card>
          <Form form={form}>
            <Input label={t.query} hint={t.queryHint} icon={search} type="search" autoComplete="off" {...form.field('query')} />
            <Button submit look="primary">{t.find}</Button>
          </Form>
        </Card>
      </div>
      {query ? <Results key={query} query={query} /> : <EmptyState icon={search} title={t.start}>{t.startWhy}</EmptyState>}
    </Page>
  )
}

function Results({ query }: { query: string }) {
  const t = useTexts(lookUpTexts)
  const city = useCity()
  const list = useInfiniteQuery({
    queryKey: ['people', city.slug, query],
    queryFn: ({ pageParam }) =>
      ask(api.GET('/v1/cities/{city}/people', { params: { path: { city: city.slug }, query: { query, limit: PAGE, ...(pageParam && { cursor: pageParam }) } } })),
    initialPageParam: '',
    getNextPageParam: page => page.next,
    staleTime: Infinity, // each asking is noted
  })
  const items = list.data?.pages.flatMap(page => page.items)
  const columns: Column<Found>[] = [
    { key: 'name', head: t.name, phone: 'title', cell: row => <Link href={`/lide/osoba/${row.guardian || row.id}`}>{row.name}</Link> },
    { key: 'kind', head: t.kind, cell: row => (row.guardian ? t.child : t.adult) },
    { key: 'born', head: t.born, end: true, cell: row => date(row.birth_date) },
  ]
  return (
    <div className="stack">
      <DataTable
        caption={t.found}
        list={{ data: items && { items }, error: list.error, refetch: list.refetch }}
        columns={columns}
        rowKey={row => row.id}
        empty={<EmptyState title={t.none}>{t.noneWhy}</EmptyState>}
      />
      {list.hasNextPage && <div className="buttons"><Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t.more}</Button></div>}
    </div>
  )
}
