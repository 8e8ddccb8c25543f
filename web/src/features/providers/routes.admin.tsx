import { useQuery } from '@tanstack/react-query'
import { useCity } from '@/lib/city'
import type { Routes } from '@/lib/routes'
import { providersQuery } from './calls'

const COUNTED_MAX = 100

function useToDo(): number | undefined {
  const city = useCity()
  const waiting = useQuery(providersQuery(city.slug, { to_do: true, limit: COUNTED_MAX }))
  return waiting.data?.items.length
}

export const routes: Routes = [
  { path: '/poskytovatele', load: () => import('./Providers'), useCount: useToDo, countsFor: ['admin', 'programme_owner', 'clerk', 'authorising_officer', 'budget_officer', 'chief_accountant'] },
  { path: '/poskytovatele/:id', load: () => import('./ProviderDetail') },
]
