import type { Routes } from '@/lib/routes'

export const routes: Routes = [
  { path: '/programy', load: () => import('./ProgrammesAdmin') },
  { path: '/programy/novy', load: () => import('./NewProgramme'), roles: ['admin', 'programme_owner'] },
  { path: '/programy/:id', load: () => import('./ProgrammeAdmin') },
]
