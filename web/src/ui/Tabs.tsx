import './tabs.css'
import { useEffect, useRef } from 'react'
import { Link, useLocation, useSearch } from 'wouter'

export interface Tab {
  /** With a query when tabs are views of one list: `/zadosti?stav=k-doplneni`. */
  href: string
  label: string
  count?: number
}

/** Links between the parts of one thing, or between views of one list; the current one is marked. */
export function Tabs({ tabs, label }: { tabs: readonly Tab[]; label: string }) {
  const [path] = useLocation()
  const search = useSearch()
  const here = search ? `${path}?${search}` : path
  const current = tabs.find(tab => tab.href === here) ?? tabs.find(tab => tab.href === path)
  const list = useRef<HTMLUListElement>(null)
  const currentHref = current?.href
  useEffect(() => {
    // On a phone the row scrolls: the tab one is on comes into sight, without moving the page.
    const link = list.current?.querySelector<HTMLElement>('[aria-current]')
    if (link) list.current!.parentElement!.scrollLeft = link.offsetLeft - list.current!.offsetLeft
  }, [currentHref])
  return (
    <nav className="tabs" aria-label={label}>
      <ul ref={list}>
        {tabs.map(tab => (
          <li key={tab.href}>
            <Link href={tab.href} aria-current={tab === current ? 'page' : undefined}>
              {tab.label}
              {tab.count !== undefined && <span className="tabs-count">{tab.count}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
