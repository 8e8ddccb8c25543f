import { useQuery } from '@tanstack/react-query'
import { useCity, useProviderHere } from '@/lib/city'
import type { Routes } from '@/lib/routes'
import { providerOrdersQuery } from './calls'

const COUNTED_MAX = 100

function useToConfirm(): number | undefined {
  const city = useCity()
  const provider = useProviderHere()
  const waiting = useQuery(providerOrdersQuery(city.slug, provider.id, { state: 'requested', limit: COUNTED_MAX }))
  return waiting.data?.items.length
}

export const routes: Routes = [
  { path: '/objednavky', load: () => import('./ProviderOrders'), useCount: useToConfirm },
  { path: '/objednavky/:id', load: () => import('./ProviderOrder') },
  { path: '/nabidka', load: () => import('./Activities') },
  { path: '/nabidka/nova', load: () => import('./NewActivity') },
  { path: '/nabidka/:id', load: () => import('./OwnActivity') },
]
