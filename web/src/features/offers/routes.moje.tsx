import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/nabidka', load: () => import('./Offer') },
  { path: '/nabidka/:id', load: () => import('./ActivityMoje') },
  { path: '/objednavky', load: () => import('./MyOrders') },
  { path: '/objednavky/:id', load: () => import('./MyOrder') },
]
