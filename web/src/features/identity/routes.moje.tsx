import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/domacnost', load: () => import('./Household') },
  { path: '/domacnost/overeni/:id', load: () => import('./Member') },
]
