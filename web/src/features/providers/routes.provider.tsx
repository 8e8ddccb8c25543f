import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/', load: () => import('./Overview') },
  { path: '/nastaveni', load: () => import('./OwnSettings') },
]
