import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/', load: () => import('./Overview') },
  { path: '/zadosti', load: () => import('./Applications') },
  { path: '/zadosti/nova/:programme', load: () => import('./NewApplication'), bare: true },
  { path: '/zadosti/:id/krok/:step', load: () => import('./Wizard'), bare: true },
  { path: '/zadosti/:id', load: () => import('./Application') },
]
