import type { Routes } from '@/lib/routes'

const SEES_PAYOUTS = ['authorising_officer', 'budget_officer', 'chief_accountant', 'auditor'] as const

export const routes: Routes = [
  { path: '/vyplaty', load: () => import('./Payouts'), roles: SEES_PAYOUTS },
  { path: '/vyplaty/vypisy', load: () => import('./Statements'), roles: SEES_PAYOUTS },
  { path: '/vyplaty/:id', load: () => import('./Payout'), roles: SEES_PAYOUTS },
  { path: '/vyplaty/:id/:provider', load: () => import('./TownRemittance'), roles: SEES_PAYOUTS },
]
