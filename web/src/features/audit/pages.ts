import { useState } from 'react'

/** Pages of a list that has no place in the address, because two lists share the screen. */
export function usePages(pageSize: number) {
  const [cursors, setCursors] = useState<readonly string[]>([])
  return {
    query: { limit: pageSize, ...(cursors.length > 0 && { cursor: cursors.at(-1)! }) },
    table: {
      isFiltered: false,
      isFirst: cursors.length === 0,
      page: cursors.length,
      pageSize,
      sortBy: () => {},
      next: (cursor: string) => setCursors([...cursors, cursor]),
      previous: () => setCursors(cursors.slice(0, -1)),
      clearFilters: () => {},
    },
  }
}
