import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/vouchery', load: () => import('./Wallet') },
  { path: '/vouchery/:id', load: () => import('./Award'), bare: true },
  { path: '/vouchery/:id/doklad/:transfer', load: () => import('./Receipt') },
]
