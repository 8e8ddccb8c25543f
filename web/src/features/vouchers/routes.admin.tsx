import type { Routes } from '@/lib/routes'

export const routes: Routes = [{ path: '/lide/osoba/:id/vouchery', load: () => import('./AtDesk'), roles: ['assistant'] }]
