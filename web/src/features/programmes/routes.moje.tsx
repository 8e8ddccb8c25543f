import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/programy', load: () => import('./Programmes') },
  { path: '/programy/:id', load: () => import('./Programme') },
]
