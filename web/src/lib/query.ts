/** How long answers are good for, and when a failed read is tried again. */
import { QueryClient } from '@tanstack/react-query'
import { asProblem } from './api/problem'
import { subscribe } from './texts'

const FRESH_MS = 15_000
const RETRIES = 2

export function makeQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, thrown) => failures < RETRIES && asProblem(thrown).isUncertain,
      },
      mutations: { retry: false }, // what must happen once goes through useOperation
    },
  })
  subscribe(() => void client.invalidateQueries()) // names come in the reader's language
  return client
}

/** A page of a list, as every list of the API answers. */
export interface Page<T> {
  items: readonly T[]
  next?: string | null
}
