import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/nabidka', load: () => import('./Offer') },
  { path: '/nabidka/:id', load: () => import('./ActivityPublic') },
]
