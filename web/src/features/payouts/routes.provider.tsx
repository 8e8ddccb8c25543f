import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/vyplaty', load: () => import('./ProviderPayouts'), provides: ['owner'] },
  { path: '/vyplaty/:id', load: () => import('./ProviderRemittance'), provides: ['owner'] },
]
