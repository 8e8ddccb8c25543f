import type { Routes } from '@/lib/routes'
import { ANSWERERS, LOOKERS, READERS } from './roles'

export const routes: Routes = [
  { path: '/vyplaty', load: () => import('./Payouts'), roles: READERS },
  { path: '/vyplaty/vypisy', load: () => import('./Statements'), roles: READERS },
  { path: '/vyplaty/kontrola', load: () => import('./Checks'), roles: [...READERS, ...LOOKERS] },
  { path: '/vyplaty/reklamace', load: () => import('./Disputes'), roles: [...READERS, ...ANSWERERS] },
  { path: '/vyplaty/dluhy', load: () => import('./Debts'), roles: READERS },
  { path: '/vyplaty/ucet', load: () => import('./Clearing'), roles: READERS },
  { path: '/vyplaty/:id', load: () => import('./Payout'), roles: READERS },
  { path: '/vyplaty/:id/:provider', load: () => import('./TownRemittance'), roles: READERS },
]
