/** Names of programmes and providers, so that an entry of ids reads in words. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, ask } from '@/lib/api/client'
import { byCzech } from '@/lib/format'
import { localised } from '@/lib/texts'

const PROVIDERS_SHOWN = 100
const NAMES_LAST_MS = 300_000

const programmesQuery = (city: string) =>
  queryOptions({
    queryKey: ['audit', 'programmes', city],
    staleTime: NAMES_LAST_MS,
    queryFn: () => ask(api.GET('/v1/cities/{city}/programmes', { params: { path: { city }, query: {} } })),
  })

const providersQuery = (city: string) =>
  queryOptions({
    queryKey: ['audit', 'providers', city],
    staleTime: NAMES_LAST_MS,
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers', { params: { path: { city }, query: { limit: PROVIDERS_SHOWN } } })),
  })

export const tillsQuery = (city: string, provider: string) =>
  queryOptions({
    queryKey: ['audit', 'tills', city, provider],
    enabled: provider !== '',
    queryFn: () => ask(api.GET('/v1/cities/{city}/tills', { params: { path: { city }, query: { provider } } })),
  })

export interface Names {
  programmes: ReadonlyMap<string, string>
  providers: ReadonlyMap<string, string>
}

/** Names by id, as far as they are loaded. */
export function useNames(city: string): Names {
  const programmes = useQuery(programmesQuery(city)).data
  const providers = useQuery(providersQuery(city)).data
  return useMemo(
    () => ({
      programmes: new Map(programmes?.items.map(one => [one.id, localised(one.rules.name).text])),
      providers: new Map(providers?.items.map(one => [one.id, one.name])),
    }),
    [programmes, providers],
  )
}

/** Names as the options of a list, in the order of the Czech alphabet. */
export const optionsOf = (names: ReadonlyMap<string, string>) =>
  [...names].map(([value, label]) => ({ value, label })).sort((a, b) => byCzech(a.label, b.label))
