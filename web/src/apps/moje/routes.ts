import type { Routes } from '@/lib/routes'

/** Every screen of a citizen's account: one line a feature (`features/<name>/routes.moje.tsx`). */
export const routes: Routes = []
