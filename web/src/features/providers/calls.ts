/** Questions and commands about providers to the API. */
import { queryOptions } from '@tanstack/react-query'
import { api, ask } from '@/lib/api/client'
import type { components, operations } from '@/lib/api/schema'

type Schemas = components['schemas']
export type Provider = Schemas['ProviderShape']
export type Branch = Schemas['ProviderBranchShape']
export type Account = Schemas['AccountShape']
export type Part = Schemas['PartShape']
export type Company = Schemas['CompanyShape']
export type Member = Schemas['Member']
export type Event = Schemas['EventShape']
type ProvidersQuery = NonNullable<operations['providers_list_providers']['parameters']['query']>

export const providerKey = (city: string, id: string) => ['provider', city, id] as const

export const providerQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: providerKey(city, id),
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers/{id}', { params: { path: { city, id } } })),
  })

export const providersQuery = (city: string, query: ProvidersQuery) =>
  queryOptions({
    queryKey: ['providers', city, query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers', { params: { path: { city }, query } })),
    placeholderData: previous => previous,
  })

export const accountsQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: [...providerKey(city, id), 'accounts'],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers/{id}/accounts', { params: { path: { city, id } } })),
  })

export const partsQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: [...providerKey(city, id), 'parts'],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers/{id}/parts', { params: { path: { city, id } } })),
  })

export const membersQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: [...providerKey(city, id), 'members'],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers/{id}/members', { params: { path: { city, id } } })),
  })

export const eventsQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: [...providerKey(city, id), 'events'],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers/{id}/events', { params: { path: { city, id } } })),
  })

export const owedQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: [...providerKey(city, id), 'owed'],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers/{id}/owed', { params: { path: { city, id } } })),
  })

export const programmesQuery = (city: string) =>
  queryOptions({
    queryKey: ['programmes', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/programmes', { params: { path: { city } } })),
  })

export const ordersQuery = (city: string, id: string, state: 'requested' | 'confirmed') =>
  queryOptions({
    queryKey: ['provider-orders', city, id, { state }],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers/{id}/orders', { params: { path: { city, id }, query: { state, limit: 100 } } })),
  })

export const activitiesQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['own-activities', city, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers/{id}/activities', { params: { path: { city, id } } })),
  })

export const versionOf = (provider: Provider) => `W/"${provider.v}"`
