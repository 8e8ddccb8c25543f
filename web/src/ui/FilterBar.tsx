import './data-table.css'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import cross from '~icon/x-lg'
import sliders from '~icon/sliders'
import search from '~icon/search'
import { useTexts } from '@/lib/texts'
import { Button } from './Button'
import { Sheet } from './Dialog'
import { Input, Select, type Option } from './Field'
import { Icon } from './Icon'
import { uiTexts } from './texts'
import { useIsWide } from './DecisionPanel'

export interface Filter<F extends string = string> {
  /** The API's name. */
  name: F
  label: string
  /** Without the first, empty choice: that is `all`. */
  options: readonly Option[]
  /** „Všechny stavy" */
  all: string
}

interface FilterState<F extends string> {
  filters: Partial<Record<F, string>>
  isFiltered: boolean
  setFilter: (name: F, value: string | null) => void
  clearFilters: () => void
}

interface FilterBarProps<F extends string> {
  table: FilterState<F>
  filters?: readonly Filter<NoInfer<F>>[]
  searchBy?: { name: NoInfer<F>; label: string }
  /** „48 žádostí, celkem 187 200 Kč" */
  summary?: ReactNode
}

const TYPING_MS = 350

/** Search, filters and chips of those in force; on a phone the filters are in a sheet. */
export function FilterBar<F extends string>({ table, filters = [], searchBy, summary }: FilterBarProps<F>) {
  const t = useTexts(uiTexts)
  const isWide = useIsWide()
  const [open, setOpen] = useState(false)
  const selects = filters.map(filter => (
    <Select
      key={filter.name}
      label={filter.label}
      options={[{ value: '', label: filter.all }, ...filter.options]}
      value={table.filters[filter.name] ?? ''}
      onChange={event => table.setFilter(filter.name, event.target.value)}
    />
  ))
  const chips = filters.flatMap(filter => {
    const chosen = filter.options.find(option => option.value === table.filters[filter.name])
    return chosen ? [{ name: filter.name, label: `${filter.label}: ${chosen.label}` }] : []
  })
  return (
    <div className="stack gap-3">
      <div className="filters">
        {searchBy && <Search key={searchBy.name} label={searchBy.label} value={table.filters[searchBy.name] ?? ''} onSearch={text => table.setFilter(searchBy.name, text)} />}
        {isWide ? selects : filters.length > 0 && <Button look="neutral" icon={sliders} onClick={() => setOpen(true)}>{t.filters}</Button>}
        {summary && <span className="small soft filters-summary" role="status">{summary}</span>}
      </div>
      {chips.length > 0 && (
        <div className="chips">
          {chips.map(chip => (
            <button key={chip.name} type="button" className="chip" aria-label={t.removeFilter(chip.label)} onClick={() => table.setFilter(chip.name, null)}>
              {chip.label} <Icon of={cross} size={12} />
            </button>
          ))}
          <Button look="quiet" size="s" onClick={table.clearFilters}>{t.clearFilters}</Button>
        </div>
      )}
      <Sheet open={open && !isWide} onClose={() => setOpen(false)} title={t.filters} actions={<Button look="primary" onClick={() => setOpen(false)}>{t.close}</Button>}>
        {selects}
      </Sheet>
    </div>
  )
}

function Search({ label, value, onSearch }: { label: string; value: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(value)
  const latest = useRef(onSearch)
  useEffect(() => {
    latest.current = onSearch
  })
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => latest.current(text.trim()), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, value])
  return (
    <div className="filters-search">
      <Input label={label} type="search" optional hideLabel placeholder={label} icon={search} value={text} onChange={event => setText(event.target.value)} />
    </div>
  )
}
