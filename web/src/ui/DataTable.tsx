import './field.css'
import './data-table.css'
import { useState, type ReactNode } from 'react'
import up from '~icon/chevron-up'
import down from '~icon/chevron-down'
import { useTexts } from '@/lib/texts'
import type { Page } from '@/lib/query'
import { Button } from './Button'
import { Icon } from './Icon'
import { uiTexts } from './texts'
import { EmptyState, ProblemCallout, Skeleton } from './Waiting'

export interface Column<T> {
  key: string
  head: string
  cell: (row: T) => ReactNode
  /** The API's name of the field, when the server sorts by it. */
  sort?: string
  /** Numbers and amounts: right, heads too. */
  end?: boolean
  /** On a phone: in the card's first line, at its right, a labelled line below, or not at all. `line` unless told. */
  phone?: 'title' | 'aside' | 'line' | 'plain' | 'hide'
}

interface TableState {
  sort?: string | undefined
  isFiltered: boolean
  isFirst: boolean
  page: number
  pageSize: number
  sortBy: (field: string) => void
  next: (cursor: string) => void
  previous: () => void
  clearFilters: () => void
}

interface ListState<T> {
  data: Page<T> | undefined
  error: unknown
  refetch: () => unknown
  isPlaceholderData?: boolean
}

interface DataTableProps<T> {
  /** Names the table for those who do not see it. */
  caption: string
  /** From `useTable`; leave out for a short list without paging. */
  table?: TableState
  list: ListState<T>
  columns: readonly Column<T>[]
  rowKey: (row: T) => string
  /** Count of everything the filters let through, when the API tells. */
  total?: number
  /** Shown when there is nothing at all: why, and what to do. */
  empty: ReactNode
  /** Above the table: `FilterBar`. */
  filters?: ReactNode
  /** Makes rows selectable: what to offer for those chosen. */
  bulk?: (rows: readonly T[], clear: () => void) => ReactNode
  /** What a row is called when it is being selected. */
  rowName?: (row: T) => string
}

/** A list that the server sorts, filters and pages; cards on a phone. */
export function DataTable<T>({ caption, table, list, columns, rowKey, total, empty, filters, bulk, rowName }: DataTableProps<T>) {
  const rows = list.data?.items ?? []
  const selection = useSelection(rows, rowKey)
  return (
    <div className="stack">
      {filters}
      {list.error && !list.data ? (
        <ProblemCallout problem={list.error} retry={() => void list.refetch()} />
      ) : !list.data ? (
        <div className="card"><Skeleton lines={8} height={24} /></div>
      ) : rows.length === 0 ? (
        table?.isFiltered ? <NothingFiltered clear={table.clearFilters} /> : empty
      ) : (
        <div className="table-wrap" data-stale={list.isPlaceholderData || undefined}>
          {bulk && selection.chosen.length > 0 && (
            <div className="bulk">
              <SelectionCount count={selection.chosen.length} />
              <div className="row gap-2">{bulk(selection.chosen, selection.clear)}</div>
              <ClearSelection onClick={selection.clear} />
            </div>
          )}
          <table className="table">
            <caption className="visually-hidden">{caption}</caption>
            <thead>
              <tr>
                {bulk && <th scope="col" className="table-tick"><SelectPage {...selection} /></th>}
                {columns.map(column => <Head key={column.key} column={column} table={table} />)}
              </tr>
            </thead>
            <tbody>
              {rows.map(row => (
                <tr key={rowKey(row)} data-selected={selection.isChosen(row) || undefined}>
                  {bulk && (
                    <td className="table-tick">
                      <SelectRow name={rowName?.(row) ?? rowKey(row)} checked={selection.isChosen(row)} onChange={() => selection.toggle(row)} />
                    </td>
                  )}
                  {columns.map(column => (
                    <td key={column.key} className={column.end ? 'end' : undefined} data-phone={column.phone ?? 'line'} data-label={column.head}>
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {table && <Pager table={table} count={rows.length} next={list.data.next ?? null} total={total} />}
        </div>
      )}
    </div>
  )
}

function Head<T>({ column, table }: { column: Column<T>; table: TableState | undefined }) {
  const t = useTexts(uiTexts)
  const direction = column.sort && table?.sort === column.sort ? 'ascending' : column.sort && table?.sort === `-${column.sort}` ? 'descending' : undefined
  const className = column.end ? 'end' : undefined
  if (!column.sort || !table) return <th scope="col" className={className}>{column.head}</th>
  return (
    <th scope="col" className={className} aria-sort={direction ?? 'none'}>
      <button type="button" className="table-sort" onClick={() => table.sortBy(column.sort!)} title={direction === 'ascending' ? t.sortedUp : direction ? t.sortedDown : undefined}>
        {column.head}
        {direction && <Icon of={direction === 'ascending' ? up : down} size={12} />}
      </button>
    </th>
  )
}

function Pager({ table, count, next, total }: { table: TableState; count: number; next: string | null; total: number | undefined }) {
  const t = useTexts(uiTexts)
  if (table.isFirst && !next && total === undefined) return null
  const from = table.page * table.pageSize + 1
  const isLost = !table.isFirst && table.page === 0 // opened by a link to a later page
  return (
    <div className="pager">
      <span className="small soft">{isLost ? '' : t.range(from, from + count - 1, total)}</span>
      <div className="row gap-2">
        {!table.isFirst && <Button look="neutral" onClick={table.previous}>{isLost ? t.toStart : t.previous}</Button>}
        {next && <Button look="neutral" onClick={() => table.next(next)}>{t.next}</Button>}
      </div>
    </div>
  )
}

function NothingFiltered({ clear }: { clear: () => void }) {
  const t = useTexts(uiTexts)
  return <EmptyState title={t.nothingFiltered} action={<Button onClick={clear}>{t.clearFilters}</Button>}>{t.nothingFilteredHint}</EmptyState>
}

function useSelection<T>(rows: readonly T[], rowKey: (row: T) => string) {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set())
  const chosen = rows.filter(row => keys.has(rowKey(row)))
  return {
    chosen,
    isAll: rows.length > 0 && chosen.length === rows.length,
    isChosen: (row: T) => keys.has(rowKey(row)),
    toggle: (row: T) => {
      const next = new Set(keys)
      if (!next.delete(rowKey(row))) next.add(rowKey(row))
      setKeys(next)
    },
    clear: () => setKeys(new Set()),
    all: () => setKeys(new Set(rows.map(rowKey))),
  }
}

function SelectPage({ chosen, isAll, all, clear }: { chosen: readonly unknown[]; isAll: boolean; all: () => void; clear: () => void }) {
  const t = useTexts(uiTexts)
  const partly = chosen.length > 0 && !isAll
  return (
    <input
      type="checkbox"
      className="tick-box"
      aria-label={t.selectPage}
      checked={isAll}
      ref={box => {
        if (box) box.indeterminate = partly
      }}
      onChange={isAll ? clear : all}
    />
  )
}

function SelectRow({ name, ...box }: { name: string; checked: boolean; onChange: () => void }) {
  const t = useTexts(uiTexts)
  return <input type="checkbox" className="tick-box" aria-label={t.select(name)} {...box} />
}

function SelectionCount({ count }: { count: number }) {
  const t = useTexts(uiTexts)
  return <span className="strong" role="status">{t.selected(count)}</span>
}

function ClearSelection({ onClick }: { onClick: () => void }) {
  const t = useTexts(uiTexts)
  return <Button look="quiet" size="s" onClick={onClick}>{t.clearSelection}</Button>
}
