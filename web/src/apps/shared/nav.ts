import type { Routes } from '@/lib/routes'
import type { NavItem } from '@/ui/shells/parts'

/** Items whose screens exist, each with the count that its feature offers. */
export function navOf(items: readonly NavItem[], routes: Routes): NavItem[] {
  return items.flatMap(item => {
    const route = routes.find(({ path }) => path === item.href)
    return route ? [{ ...item, useCount: route.useCount }] : []
  })
}
