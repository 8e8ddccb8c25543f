import type { Routes } from '@/lib/routes'

export const routes: Routes = [{ path: '/cisla', load: () => import('./OpenFigures') }]
