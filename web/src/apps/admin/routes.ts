import { routes as identity } from '@/features/identity/routes.admin'
import type { Routes } from '@/lib/routes'

/** Every screen of the town hall: one line a feature (`features/<name>/routes.admin.tsx`). */
export const townRoutes: Routes = [...identity]

/** Every screen of a provider: one line a feature (`features/<name>/routes.provider.tsx`). */
export const providerRoutes: Routes = []
