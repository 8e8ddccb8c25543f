import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/', load: () => import('./Home') },
  { path: '/podpora', load: () => import('./Support') },
  { path: '/jak-to-funguje', load: () => import('./HowItWorks') },
  { path: '/novinky', load: () => import('./News') },
  { path: '/pomoc', load: () => import('./Help') },
  { path: '/pristupnost', load: () => import('./Accessibility') },
  { path: '/prihlaseni', load: () => import('./WhereToSignIn') },
]
