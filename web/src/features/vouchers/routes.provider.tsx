import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/pokladny', load: () => import('./Tills') },
  { path: '/uplatneni', load: () => import('./Redemptions') },
]
