import type { Routes } from '@/lib/routes'
import { useUnread } from './calls'

export const routes: Routes = [
  { path: '/zpravy', load: () => import('./Messages'), useCount: useUnread },
  { path: '/zpravy/:id', load: () => import('./Message') },
]
