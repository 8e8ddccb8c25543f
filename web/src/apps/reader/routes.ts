import { routes as reader } from '@/features/reader/routes.reader'
import type { Routes } from '@/lib/routes'

/** Screens of the till: one line a feature (`features/<name>/routes.reader.tsx`). */
export const routes: Routes = reader
