import type { Routes } from '@/lib/routes'

export const routes: Routes = [{ path: '/poskytovatele/registrace', load: () => import('./SignUp') }]
