import { useQuery } from '@tanstack/react-query'
import { useCity } from '@/lib/city'
import type { Routes } from '@/lib/routes'
import { countsQuery } from './calls'

function useToDecide(): number | undefined {
  return useQuery(countsQuery(useCity().slug)).data?.to_decide
}

export const routes: Routes = [
  { path: '/', load: () => import('./TownOverview') },
  { path: '/zadosti', load: () => import('./Queue'), roles: ['clerk', 'programme_owner', 'admin', 'auditor'], useCount: useToDecide, countsFor: ['clerk', 'programme_owner'] },
  { path: '/zadosti/za/:person', load: () => import('./AtDesk'), roles: ['assistant'] },
  { path: '/zadosti/:id', load: () => import('./Review'), roles: ['clerk', 'programme_owner', 'admin', 'auditor'] },
]
