/** The town whose pages these are: from the address, with its name, colours and contact from the API. */
import { queryOptions } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { api, ask } from './api/client'
import type { components } from './api/schema'
import type { App } from './session'

export type City = components['schemas']['CityShape']

const CityContext = createContext<City | null>(null)
export const CityProvider = CityContext.Provider

/** The town of the current screen. */
export function useCity(): City {
  const city = useContext(CityContext)
  if (!city) throw new Error('useCity outside of a town')
  return city
}

export function useMaybeCity(): City | null {
  return useContext(CityContext)
}

const HOUR_MS = 3_600_000

export const cityQuery = (slug: string) =>
  queryOptions({
    queryKey: ['city', slug],
    queryFn: () => ask(api.GET('/v1/cities/{city}', { params: { path: { city: slug } } })),
    staleTime: HOUR_MS,
  })

export const citiesQuery = queryOptions({
  queryKey: ['cities'],
  queryFn: () => ask(api.GET('/v1/cities', {})),
  staleTime: HOUR_MS,
})

const BASES: Record<App, string> = { www: '', moje: '/moje', admin: '/admin', reader: '/reader' }

/** Address in another app (or this one), for plain links: `appHref('moje', 'modrinov', '/zadosti')`. */
export function appHref(app: App, city?: string, path = ''): string {
  if (!city) return `${BASES[app]}/`
  return `${BASES[app]}/${city}${path === '/' ? '' : path}` + (path === '' || path === '/' ? '/' : '')
}

/** The provider whose side of admin this is. */
export interface ProviderHere {
  id: string
  role: 'owner' | 'cashier'
}
const ProviderHereContext = createContext<ProviderHere | null>(null)
export const ProviderHereProvider = ProviderHereContext.Provider

export function useProviderHere(): ProviderHere {
  const provider = useContext(ProviderHereContext)
  if (!provider) throw new Error('useProviderHere outside of the provider’s side')
  return provider
}
