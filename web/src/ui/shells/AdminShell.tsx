import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import list from '~icon/list'
import boxArrow from '~icon/box-arrow-right'
import { initials } from '@/lib/format'
import type { City } from '@/lib/city'
import { signOut, type Session } from '@/lib/session'
import { texts, useTexts } from '@/lib/texts'
import { IconButton } from '../Button'
import { Avatar } from '../Card'
import { Sheet } from '../Dialog'
import { uiTexts } from '../texts'
import { Brand, LanguageSwitch, NavLink, OfflineBar, SkipLink, useMenu, type NavItem } from './parts'

const t$ = texts({
  cs: { town: 'Správa podpory', provider: 'Poskytovatel', signOut: 'Odhlásit', side: 'Pracujete za' },
  en: { town: 'Support administration', provider: 'Provider', signOut: 'Sign out', side: 'You work for' },
})

/** One hat a person may wear: the town hall, or a provider. */
export interface Side {
  /** Absolute address. */
  href: string
  label: string
  current: boolean
}

interface AdminShellProps {
  city: City
  session: Session
  /** „Referentka", „Správkyně rozpočtu": what the person does here. */
  roleLabel: string
  /** Name of the provider, on the provider's side. */
  provider?: string | undefined
  sides: readonly Side[]
  items: readonly NavItem[]
  /** What everybody here must know, above every screen. */
  notice?: ReactNode
  children: ReactNode
}

/** Side navigation of 15rem; below 64em a drawer. */
export function AdminShell(props: AdminShellProps) {
  const ui = useTexts(uiTexts)
  const [path] = useLocation()
  const menu = useMenu()
  const { items } = props
  const here = [...items].sort((a, b) => b.href.length - a.href.length).find(item => (item.href === '/' ? path === '/' : path.startsWith(item.href)))
  return (
    <div className="shell admin">
      <SkipLink />
      <header className="admin-top">
        <IconButton icon={list} label={ui.menu} aria-expanded={menu.isOpen} onClick={menu.show} />
        <span className="strong admin-top-where">{here?.label ?? props.city.name}</span>
      </header>
      <header className="side"><SideInside {...props} /></header>
      <div className="admin-main">
        <OfflineBar />
        {props.notice}
        <main id="content" tabIndex={-1} className="main">{props.children}</main>
      </div>
      <Sheet open={menu.isOpen} onClose={menu.hide} title={ui.menu}><SideInside {...props} /></Sheet>
    </div>
  )
}

function SideInside({ city, session, roleLabel, provider, sides, items }: AdminShellProps) {
  const t = useTexts(t$)
  const ui = useTexts(uiTexts)
  return (
    <>
      <Brand city={city} name={provider} line={provider ? `${t.provider} · ${city.name}` : t.town} />
      {sides.length > 1 && (
        <label className="side-switch">
          <span className="small soft">{t.side}</span>
          <select value={sides.find(side => side.current)?.href} onChange={event => location.assign(event.target.value)}>
            {sides.map(side => <option key={side.href} value={side.href}>{side.label}</option>)}
          </select>
        </label>
      )}
      <nav className="side-nav" aria-label={ui.mainMenu}>
        {items.map(item => <NavLink key={item.href} item={item} className="side-link" iconSize={20} />)}
      </nav>
      <div className="side-foot">
        <LanguageSwitch />
        <div className="side-person">
          <Avatar letters={initials(session.person.name)} />
          <span className="grow">
            <span className="strong side-name">{session.person.name}</span>
            <span className="small soft">{roleLabel}</span>
          </span>
          <IconButton icon={boxArrow} label={t.signOut} onClick={() => void signOut()} />
        </div>
      </div>
    </>
  )
}
