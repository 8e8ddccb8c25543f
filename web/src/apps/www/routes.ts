import { routes as home } from '@/features/home/routes.www'
import { routes as people } from '@/features/people/routes.www'
import { routes as programmes } from '@/features/programmes/routes.www'
import { routes as offers } from '@/features/offers/routes.www'
import { routes as insights } from '@/features/insights/routes.www'
import { routes as providers } from '@/features/providers/routes.www'
import type { Routes } from '@/lib/routes'

/** Every screen of the public site: one line a feature (`features/<name>/routes.www.tsx`). */
export const routes: Routes = [...home, ...people, ...programmes, ...offers, ...insights, ...providers]
