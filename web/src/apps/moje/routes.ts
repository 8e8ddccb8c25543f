import { routes as people } from '@/features/people/routes.moje'
import { routes as messages } from '@/features/messages/routes.moje'
import { routes as identity } from '@/features/identity/routes.moje'
import { routes as programmes } from '@/features/programmes/routes.moje'
import { routes as offers } from '@/features/offers/routes.moje'
import { routes as fees } from '@/features/fees/routes.moje'
import { routes as applications } from '@/features/applications/routes.moje'
import { routes as vouchers } from '@/features/vouchers/routes.moje'
import type { Routes } from '@/lib/routes'

/** Every screen of a citizen's account: one line a feature (`features/<name>/routes.moje.tsx`). */
export const routes: Routes = [...applications, ...programmes, ...identity, ...people, ...messages, ...offers, ...fees, ...vouchers]
