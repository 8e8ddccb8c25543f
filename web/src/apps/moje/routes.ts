import { routes as people } from '@/features/people/routes.moje'
import { routes as messages } from '@/features/messages/routes.moje'
import { routes as identity } from '@/features/identity/routes.moje'
import { routes as programmes } from '@/features/programmes/routes.moje'
import type { Routes } from '@/lib/routes'

/** Every screen of a citizen's account: one line a feature (`features/<name>/routes.moje.tsx`). */
export const routes: Routes = [...programmes, ...identity, ...people, ...messages]
