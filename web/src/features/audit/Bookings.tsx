import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'wouter'
import { api } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { date, day as dayOf, money, number } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { DataTable, type Column } from '@/ui/DataTable'
import { DateInput } from '@/ui/Field'
import { SheetButtons, useSheet } from '@/ui/SaveSheet'
import { EmptyState, ProblemCallout } from '@/ui/Waiting'
import { BooksPage } from './BooksPage'
import { bookingsQuery, type Booking } from './calls'
import { bookTexts } from './texts'

const ROWS_A_PAGE = 50

/** What the town's accounting books for some days: sums by day, budget year, coordinates and kind. */
export default function Bookings() {
  const t = useTexts(bookTexts)
  const city = useCity()
  const [params, setParams] = useSearchParams()
  const last = params.get('do') || dayOf()
  const first = params.get('od') || `${last.slice(0, 8)}01`
  const set = (name: string, value: string) =>
    setParams(previous => {
      const next = new URLSearchParams(previous)
      next.delete('strana') // other days begin on their first page
      if (value) next.set(name, value)
      else next.delete(name)
      return next
    }, { replace: true })
  const list = useQuery({ ...bookingsQuery(city.slug, first, last), placeholderData: keepPreviousData })
  const sheet = useSheet(as => api.GET('/v1/cities/{city}/bookings/sheet', { params: { path: { city: city.slug }, query: { first, last } }, ...as }))
  const bookedTo = list.data?.booked_to
  const page = Math.max(Number(params.get('strana')) || 1, 1)
  const rows = list.data?.items.slice((page - 1) * ROWS_A_PAGE, page * ROWS_A_PAGE)
  const isLast = page * ROWS_A_PAGE >= (list.data?.items.length ?? 0)
  const paging = {
    isFiltered: false, isFirst: page === 1, page: page - 1, pageSize: ROWS_A_PAGE,
    sortBy: () => undefined, clearFilters: () => undefined,
    next: (following: string) => set('strana', following), previous: () => set('strana', page > 2 ? String(page - 1) : ''),
  }
  const columns: Column<Booking>[] = [
    { key: 'document', head: t.document, cell: row => <span className="code">{row.document}</span> },
    { key: 'day', head: t.day, phone: 'plain', cell: row => date(row.day) },
    { key: 'kind', head: t.kind, phone: 'title', cell: row => <span className="strong">{t.kinds[row.kind] ?? row.kind}</span> },
    { key: 'year', head: t.budgetYear, cell: row => String(row.budget_year) },
    { key: 'coordinates', head: t.coordinates, cell: row => (row.coordinates ? <span className="code">{row.coordinates}</span> : '–') },
    { key: 'count', head: t.count, end: true, cell: row => number(row.count) },
    { key: 'amount', head: t.amount, end: true, phone: 'aside', cell: row => <span className="nowrap">{money(row.amount_minor, 'always')}</span> },
  ]
  return (
    <BooksPage
      heading={t.bookings}
      lead={t.bookingsLead}
      actions={<SheetButtons sheet={sheet} />}
    >
      {sheet.error && <ProblemCallout problem={sheet.error} />}
      <DataTable
        caption={t.bookings}
        table={paging}
        list={{ ...list, data: rows && { items: rows, next: isLast ? null : String(page + 1) } }}
        total={list.data?.items.length}
        columns={columns}
        rowKey={row => row.document}
        filters={
          <div className="filters">
            <DateInput label={t.sinceDay} name="od" value={first} max={last} onChange={event => set('od', event.target.value)} />
            <DateInput label={t.untilDay} name="do" value={last} max={dayOf()} onChange={event => set('do', event.target.value)} />
            {list.data && <span className="small soft filters-summary" role="status">{bookedTo ? t.bookedTo(date(bookedTo)) : t.nothingBooked}</span>}
          </div>
        }
        empty={<EmptyState title={t.noBookings}>{t.noBookingsWhy}</EmptyState>}
      />
    </BooksPage>
  )
}
