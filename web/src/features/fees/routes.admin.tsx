import type { Routes } from '@/lib/routes'

export const routes: Routes = [{ path: '/exporty/predpisy', load: () => import('./Office'), roles: ['admin', 'budget_officer', 'chief_accountant', 'auditor'] }]
