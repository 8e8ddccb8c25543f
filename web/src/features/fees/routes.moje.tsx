import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/platby', load: () => import('./Charges') },
  { path: '/platby/:id', load: () => import('./Charge') },
]
