import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/registrace/:step?', load: () => import('./Registration') },
  { path: '/potvrzeni', load: () => import('./Confirm') },
  { path: '/heslo', load: () => import('./ForgottenPassword') },
  { path: '/nove-heslo', load: () => import('./NewPassword') },
  { path: '/novy-email', load: () => import('./NewEmail') },
]
