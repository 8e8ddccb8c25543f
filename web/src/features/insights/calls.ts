/** Figures as the API gives them. They are live: read again every few seconds while somebody looks. */
import { queryOptions } from '@tanstack/react-query'
import { api, ask } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

type Schemas = components['schemas']
export type Figures = Schemas['FiguresShape']
export type OpenFigures = Schemas['OpenFiguresShape']
export type Slice = Schemas['SliceShape']
export type Seal = Schemas['SealShape']
export type Dimension = 'provider' | 'age' | 'activity' | 'week'

const LIVE_MS = 10_000

export const overviewQuery = (city: string) =>
  queryOptions({
    queryKey: ['figures', city],
    refetchInterval: LIVE_MS,
    queryFn: () => ask(api.GET('/v1/cities/{city}/figures', { params: { path: { city } } })),
  })

export const programmeQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['figures', city, id],
    refetchInterval: LIVE_MS,
    queryFn: () => ask(api.GET('/v1/cities/{city}/programmes/{id}/figures', { params: { path: { city, id } } })),
  })

export const slicesQuery = (city: string, id: string, by: Dimension) =>
  queryOptions({
    queryKey: ['figures', city, id, by],
    queryFn: () => ask(api.GET('/v1/cities/{city}/programmes/{id}/figures/slices', { params: { path: { city, id }, query: { by } } })),
  })

export const openFiguresQuery = (city: string) =>
  queryOptions({
    queryKey: ['open-figures', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/open-figures', { params: { path: { city } } })),
  })

const SEALS_SHOWN = 7

export const sealsQuery = (city: string) =>
  queryOptions({
    queryKey: ['open-seals', city],
    queryFn: async () => ({ items: (await ask(api.GET('/v1/cities/{city}/seals', { params: { path: { city }, query: { limit: SEALS_SHOWN } } }))).items }),
  })
