import type { Routes } from '@/lib/routes'

/** For whom an assistant registered, at the desk. */
const desk = { roles: ['assistant'] } as const

export const routes: Routes = [
  { path: '/lide/osoba/:person/nabidka', load: () => import('./Offer'), ...desk },
  { path: '/lide/osoba/:person/nabidka/:id', load: () => import('./ActivityMoje'), ...desk },
  { path: '/lide/osoba/:person/objednavky', load: () => import('./MyOrders'), ...desk },
  { path: '/lide/osoba/:person/objednavky/:id', load: () => import('./MyOrder'), ...desk },
]
