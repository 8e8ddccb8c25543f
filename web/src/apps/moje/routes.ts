import { routes as people } from '@/features/people/routes.moje'
import { routes as messages } from '@/features/messages/routes.moje'
import type { Routes } from '@/lib/routes'

/** Every screen of a citizen's account: one line a feature (`features/<name>/routes.moje.tsx`). */
export const routes: Routes = [...people, ...messages]
