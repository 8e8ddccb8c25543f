import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import arrow from '~icon/arrow-return-left'
import { api } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { date, day as dayOf, money, time } from '@/lib/format'
import { useTable } from '@/lib/table'
import { useTexts } from '@/lib/texts'
import { DataTable, type Column } from '@/ui/DataTable'
import { DateInput } from '@/ui/Field'
import { FilterBar } from '@/ui/FilterBar'
import { Icon } from '@/ui/Icon'
import { SheetButtons, useSheet } from '@/ui/SaveSheet'
import { EmptyState, ProblemCallout } from '@/ui/Waiting'
import { BooksPage } from './BooksPage'
import { entriesQuery, type Entry } from './calls'
import { optionsOf, useNames, type Names } from './names'
import { bookTexts } from './texts'
import { accountWords, doerWords, entryHref, kindWords, namesWith, outcomeWords } from './words'

const FILTERS = ['first', 'last', 'person', 'grant', 'programme', 'provider'] as const

/** Every movement and decision of some days, of a person, a contribution, a programme or a provider. */
export function Journal() {
  const t = useTexts(bookTexts)
  const city = useCity()
  const names = useNames(city.slug)
  const table = useTable({ filters: FILTERS, pageSize: 50 })
  const list = useQuery({ ...entriesQuery(city.slug, table.query), placeholderData: keepPreviousData })
  const sheet = useSheet(as => api.GET('/v1/cities/{city}/entries/sheet', { params: { path: { city: city.slug }, query: table.filters }, ...as }))
  return (
    <BooksPage heading={t.heading} lead={t.lead} actions={<SheetButtons sheet={sheet} />}>
      {sheet.error && <ProblemCallout problem={sheet.error} />}
      <DataTable
        caption={t.tabs.journal}
        table={table}
        list={list}
        rowKey={entry => entry.grant + entry.id}
        columns={columnsOf(t, names)}
        filters={<Filters table={table} names={names} />}
        empty={<EmptyState title={t.emptyToday}>{t.emptyTodayWhy}</EmptyState>}
      />
    </BooksPage>
  )
}

function Filters({ table, names }: { table: ReturnType<typeof useTable<(typeof FILTERS)[number]>>; names: Names }) {
  const t = useTexts(bookTexts)
  const { filters, setFilter } = table
  const isWholeLife = Boolean(filters.person || filters.grant)
  const shown = isWholeLife ? '' : dayOf()
  return (
    <div className="stack gap-3">
      <div className="filters">
        <DateInput label={t.sinceDay} name="first" value={filters.first ?? filters.last ?? shown} max={filters.last ?? dayOf()} onChange={event => setFilter('first', event.target.value)} />
        <DateInput label={t.untilDay} name="last" value={filters.last ?? shown} max={dayOf()} onChange={event => setFilter('last', event.target.value)} />
      </div>
      <FilterBar
        table={table}
        searchBy={{ name: 'person', label: t.personNumber }}
        filters={[
          { name: 'programme', label: t.programme, all: t.allProgrammes, options: optionsOf(names.programmes) },
          { name: 'provider', label: t.provider, all: t.allProviders, options: optionsOf(names.providers) },
          ...(filters.grant ? [{ name: 'grant' as const, label: t.grant, all: t.allGrants, options: [{ value: filters.grant, label: t.thisOne(filters.grant.slice(0, 8)) }] }] : []),
        ]}
      />
    </div>
  )
}

function columnsOf(t: (typeof bookTexts)['cs'], names: Names): Column<Entry>[] {
  return [
    { key: 'at', head: t.time, phone: 'plain', cell: entry => <span className="nowrap">{date(entry.at)} <span className="soft">{time(entry.at)}</span></span> },
    { key: 'kind', head: t.kind, phone: 'title', cell: entry => <Kind entry={entry} /> },
    { key: 'way', head: t.way, phone: 'plain', cell: entry => <Way entry={entry} names={names} /> },
    { key: 'by', head: t.who, cell: entry => doerWords(entry, t) },
    { key: 'amount', head: t.amount, end: true, phone: 'aside', cell: entry => (entry.entry === 'transfer' ? <span className="nowrap">{money(entry.amount_minor, 'always')}</span> : '') },
  ]
}

function Kind({ entry }: { entry: Entry }) {
  const t = useTexts(bookTexts)
  return (
    <>
      <Link href={entryHref(entry)}>{kindWords(entry, t)}</Link>
      {entry.original && (
        <span className="small soft row gap-1">
          <Icon of={arrow} size={12} /> {t.follows} <Link href={entryHref({ ...entry, id: entry.original })}>{t.original}</Link>
        </span>
      )}
    </>
  )
}

/** From which account to which; of a decision, about what and how. */
function Way({ entry, names }: { entry: Entry; names: Names }) {
  const t = useTexts(bookTexts)
  if (entry.entry === 'decision') return <>{outcomeWords(entry, t)}</>
  const account = (text: string) => accountWords(text, namesWith(entry, names), t, entry.programme)
  return <>{`${account(entry.debit)} → ${account(entry.credit)}`}</>
}
