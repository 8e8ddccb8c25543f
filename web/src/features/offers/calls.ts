/** Questions and commands of the offer to the API. */
import { queryOptions } from '@tanstack/react-query'
import { api, ask } from '@/lib/api/client'
import type { components, operations } from '@/lib/api/schema'

type Schemas = components['schemas']
export type Activity = Schemas['ActivityShape']
export type Session = Schemas['ActivitySessionShape']
export type Order = Schemas['OrderShape']
export type OrderState = Schemas['OrderState']
export type Quote = Schemas['QuoteShape']
export type NewActivity = Schemas['NewActivity']
export type NewSession = Schemas['NewActivitySession']
export type NewOrder = Schemas['NewOrder']
export type Category = Schemas['Category']
export type ActivityForm = Schemas['ActivityForm']
type OfferQuery = NonNullable<operations['offers_list_activities']['parameters']['query']>

export const offerKey = (city: string) => ['activities', city] as const
export const ordersKey = (city: string) => ['orders', city] as const
export const providerOrdersKey = (city: string, provider: string) => ['provider-orders', city, provider] as const
export const ownOfferKey = (city: string, provider: string) => ['own-activities', city, provider] as const

export const activitiesQuery = (city: string, query: OfferQuery) =>
  queryOptions({
    queryKey: [...offerKey(city), query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/activities', { params: { path: { city }, query } })),
    placeholderData: previous => previous,
  })

export const activityQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: [...offerKey(city), id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/activities/{id}', { params: { path: { city, id } } })),
  })

export const quotesKey = (city: string) => ['quotes', city] as const

/** At the desk the person is named; without one it is whoever is signed in. */
const of = (person: string) => (person ? { person } : {})

export const quotesQuery = (city: string, id: string, person: string) =>
  queryOptions({
    queryKey: [...quotesKey(city), id, person],
    queryFn: () => ask(api.GET('/v1/cities/{city}/activities/{id}/quotes', { params: { path: { city, id }, query: of(person) } })),
  })

export const grantsKey = (city: string) => ['grants', city] as const

export const grantsQuery = (city: string, person: string) =>
  queryOptions({
    queryKey: person ? [...grantsKey(city), 'of', person] : grantsKey(city),
    queryFn: () => ask(api.GET('/v1/cities/{city}/grants', { params: { path: { city }, query: of(person) } })),
  })

export const ordersQuery = (city: string, person: string) =>
  queryOptions({
    queryKey: person ? [...ordersKey(city), 'of', person] : ordersKey(city),
    queryFn: () => ask(api.GET('/v1/cities/{city}/orders', { params: { path: { city }, query: of(person) } })),
  })

export const orderQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: [...ordersKey(city), id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/orders/{id}', { params: { path: { city, id } } })),
  })

interface OrdersAsked {
  state?: OrderState
  session?: string
  cursor?: string
  limit?: number
}

export const providerOrdersQuery = (city: string, provider: string, query: OrdersAsked) =>
  queryOptions({
    queryKey: [...providerOrdersKey(city, provider), query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers/{id}/orders', { params: { path: { city, id: provider }, query } })),
    placeholderData: previous => previous,
  })

export const ownOfferQuery = (city: string, provider: string) =>
  queryOptions({
    queryKey: ownOfferKey(city, provider),
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers/{id}/activities', { params: { path: { city, id: provider } } })),
  })

export const ownActivityQuery = (city: string, provider: string, line: string) =>
  queryOptions({
    queryKey: [...ownOfferKey(city, provider), line],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers/{id}/activities/{line}', { params: { path: { city, id: provider, line } } })),
  })

/** The version of an activity as the API wants it in If-Match. */
export const versionOf = (activity: Activity) => `W/"${activity.v}"`
