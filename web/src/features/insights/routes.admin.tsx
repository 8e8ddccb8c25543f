import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/exporty', load: () => import('./Overview') },
  { path: '/exporty/program/:id', load: () => import('./Programme') },
]
