import type { Routes } from '@/lib/routes'
import type { Role } from '@/lib/session'
import type { NavItem } from '@/ui/shells/parts'

/** Items whose screens exist, each with the count of what waits there for somebody of these roles. */
export function navOf(items: readonly NavItem[], routes: Routes, mine: readonly Role[] = []): NavItem[] {
  return items.flatMap(item => {
    const route = routes.find(({ path }) => path === item.href)
    return route ? [{ ...item, useCount: !route.countsFor || route.countsFor.some(role => mine.includes(role)) ? route.useCount : undefined }] : []
  })
}
