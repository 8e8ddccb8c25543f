import type { Routes } from '@/lib/routes'

/** The till's screens, under /reader. */
export const routes: Routes = [
  { path: '/', load: () => import('./Till') },
  { path: '/parovani', load: () => import('./Pairing') },
  { path: '/pripraveno', load: () => import('./Ready') },
  { path: '/pokladnik', load: () => import('./Cashier') },
  { path: '/menu', load: () => import('./Menu') },
  { path: '/dnes', load: () => import('./Today') },
  { path: '/nastaveni', load: () => import('./Settings') },
]
