import { queryOptions } from '@tanstack/react-query'
import { api, ask } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

export type Programme = components['schemas']['ProgrammeShape']
export type Condition = components['schemas']['ConditionShape']

export const openProgrammesQuery = (city: string) =>
  queryOptions({
    queryKey: ['programmes', city, 'open'],
    queryFn: () => ask(api.GET('/v1/cities/{city}/programmes', { params: { path: { city }, query: { state: 'open' } } })),
  })

export const allProgrammesQuery = (city: string) =>
  queryOptions({
    queryKey: ['programmes', city, {}],
    queryFn: () => ask(api.GET('/v1/cities/{city}/programmes', { params: { path: { city }, query: {} } })),
  })

export const openFiguresQuery = (city: string) =>
  queryOptions({
    queryKey: ['open-figures', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/open-figures', { params: { path: { city } } })),
  })

/** Programmes for somebody of that age, living in that street if they say. Nothing is kept. */
export const supportQuery = (city: string, age: number, street: string) =>
  queryOptions({
    queryKey: ['support', city, age, street],
    queryFn: () => ask(api.POST('/v1/cities/{city}/support-searches', { params: { path: { city } }, body: { age, street } })),
  })
