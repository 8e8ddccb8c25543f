import { routes as audit } from '@/features/audit/routes.admin'
import { routes as identity } from '@/features/identity/routes.admin'
import { routes as people } from '@/features/people/routes.admin'
import { routes as account } from '@/features/people/routes.provider'
import { routes as payouts } from '@/features/payouts/routes.admin'
import { routes as ownPayouts } from '@/features/payouts/routes.provider'
import { routes as offers } from '@/features/offers/routes.admin'
import { routes as ownOffers } from '@/features/offers/routes.provider'
import { routes as fees } from '@/features/fees/routes.admin'
import { routes as insights } from '@/features/insights/routes.admin'
import { routes as providers } from '@/features/providers/routes.admin'
import { routes as ownProvider } from '@/features/providers/routes.provider'
import { routes as applications } from '@/features/applications/routes.admin'
import { routes as programmes } from '@/features/programmes/routes.admin'
import { routes as vouchers } from '@/features/vouchers/routes.admin'
import { routes as ownVouchers } from '@/features/vouchers/routes.provider'
import type { Routes } from '@/lib/routes'

/** Every screen of the town hall: one line a feature (`features/<name>/routes.admin.tsx`). */
export const townRoutes: Routes = [...applications, ...programmes, ...identity, ...people, ...payouts, ...fees, ...insights, ...audit, ...providers, ...vouchers, ...offers]

/** Every screen of a provider: one line a feature (`features/<name>/routes.provider.tsx`). */
export const providerRoutes: Routes = [...account, ...ownPayouts, ...ownOffers, ...ownProvider, ...ownVouchers]
