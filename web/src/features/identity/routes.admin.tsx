import type { Routes } from '@/lib/routes'

const CHECKS_PEOPLE = ['clerk', 'assistant'] as const

export const routes: Routes = [
  { path: '/lide', load: () => import('./Queue'), roles: CHECKS_PEOPLE },
  { path: '/lide/dopisy', load: () => import('./Letters'), roles: CHECKS_PEOPLE },
  { path: '/lide/overeni/:id', load: () => import('./Case'), roles: CHECKS_PEOPLE },
  { path: '/nastaveni/regina', load: () => import('./Regina'), roles: ['admin'] },
]
