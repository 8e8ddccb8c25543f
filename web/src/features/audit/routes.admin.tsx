import type { Routes } from '@/lib/routes'
import { BOOKS, READS_ENTRIES, READS_PROOFS } from './roles'

export const routes: Routes = [
  { path: '/kniha', load: () => import('./Books'), roles: READS_PROOFS },
  { path: '/kniha/zapis/:id', load: () => import('./EntryDetail'), roles: READS_ENTRIES },
  { path: '/kniha/kontroly', load: () => import('./Nights'), roles: READS_PROOFS },
  { path: '/kniha/kontroly/:run', load: () => import('./Night'), roles: READS_PROOFS },
  { path: '/kniha/zauctovani', load: () => import('./Bookings'), roles: BOOKS },
  { path: '/kniha/zastaveni', load: () => import('./Freezes') },
]
