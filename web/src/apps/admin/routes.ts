import type { Routes } from '@/lib/routes'

/** Every screen of the town hall: one line a feature (`features/<name>/routes.admin.tsx`). */
export const townRoutes: Routes = []

/** Every screen of a provider: one line a feature (`features/<name>/routes.provider.tsx`). */
export const providerRoutes: Routes = []
