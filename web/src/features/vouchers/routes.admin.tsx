import type { Routes } from '@/lib/routes'

/** For whom an assistant registered, at the desk. */
const desk = { roles: ['assistant'] } as const

export const routes: Routes = [
  { path: '/lide/osoba/:person/vouchery', load: () => import('./AtDesk'), ...desk },
  { path: '/lide/osoba/:person/vouchery/:id', load: () => import('./AwardAtDesk'), ...desk },
  { path: '/lide/osoba/:person/vouchery/:id/doklad/:transfer', load: () => import('./Receipt'), ...desk },
]
