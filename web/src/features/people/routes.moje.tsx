import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/domacnost/pridat-dite', load: () => import('./AddChild') },
  { path: '/domacnost/dite/:id', load: () => import('./EditChild') },
  { path: '/ucet', load: () => import('./Account') },
  { path: '/ucet/udaje', load: () => import('./EditMe') },
  { path: '/ucet/heslo', load: () => import('./ChangePassword') },
  { path: '/ucet/email', load: () => import('./ChangeEmail') },
]
