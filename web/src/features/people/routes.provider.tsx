import type { Routes } from '@/lib/routes'

/** On a provider's side only the sign-in is one's own. */
export const routes: Routes = [
  { path: '/ucet', load: () => import('./StaffAccount') },
  { path: '/ucet/heslo', load: () => import('./ChangePassword') },
  { path: '/ucet/email', load: () => import('./ChangeEmail') },
]
