/** The state of a list in the address: sort, filters, page. A link to it shows the same to a colleague. */
import { useCallback, useMemo, useState } from 'react'
import { useSearchParams } from 'wouter'

export interface TableOptions<F extends string> {
  /** The API's name of the field, `-` before it for descending. */
  sort?: string
  /** Names of the filters that the API takes. */
  filters?: readonly F[]
  pageSize?: number
}

const PAGE_SIZE = 25
const NOT_FILTERS = ['sort', 'cursor']

/** `const table = useTable({ sort: '-submitted_at', filters: ['state'] })`; `table.query` goes to the API. */
export function useTable<F extends string = string>({ sort: sortAtFirst, filters: names = [], pageSize = PAGE_SIZE }: TableOptions<F> = {}) {
  const [params, setParams] = useSearchParams()
  const [before, setBefore] = useState<readonly (string | null)[]>([])
  const sort = params.get('sort') ?? sortAtFirst
  const cursor = params.get('cursor')
  const text = params.toString()

  const filters = useMemo(() => {
    const given = new URLSearchParams(text)
    return Object.fromEntries(names.flatMap(name => (given.get(name) ? [[name, given.get(name)!]] : []))) as Partial<Record<F, string>>
    // oxlint-disable-next-line react/exhaustive-deps, react/memo-dependencies -- the names are constant in a screen
  }, [text])

  const change = useCallback(
    (edit: (params: URLSearchParams) => void, { keepPage = false } = {}) => {
      if (!keepPage) setBefore([])
      setParams(previous => {
        const next = new URLSearchParams(previous)
        if (!keepPage) next.delete('cursor')
        edit(next)
        return next
      }, { replace: true })
    },
    [setParams],
  )

  const set = (name: string, value: string | null | undefined) => change(next => (value ? next.set(name, value) : next.delete(name)))
  const goTo = (target: string | null) => change(next => (target ? next.set('cursor', target) : next.delete('cursor')), { keepPage: true })

  return {
    query: { ...filters, ...(sort && { sort }), ...(cursor && { cursor }), limit: pageSize } as Partial<Record<F, string>> & { sort?: string; cursor?: string; limit: number },
    sort,
    filters,
    pageSize,
    isFiltered: Object.keys(filters).length > 0,
    /** How many pages are behind; the first row's number stands on it. */
    page: before.length,
    isFirst: !cursor,
    setFilter: (name: F, value: string | null | undefined) => set(name, value),
    clearFilters: () => change(next => [...next.keys()].filter(key => !NOT_FILTERS.includes(key)).forEach(key => next.delete(key))),
    sortBy: (field: string) => set('sort', sort === field ? `-${field}` : field),
    next: (target: string) => {
      setBefore([...before, cursor])
      goTo(target)
    },
    previous: () => {
      const target = before.at(-1) ?? null
      setBefore(before.slice(0, -1))
      goTo(target)
    },
  }
}

export type Table = ReturnType<typeof useTable>
