import { useId, type ReactNode } from 'react'
import list from '~icon/list'
import boxArrow from '~icon/box-arrow-right'
import { initials } from '@/lib/format'
import { appHref, type City } from '@/lib/city'
import { signOut, type Session } from '@/lib/session'
import { texts, useTexts } from '@/lib/texts'
import { Button } from '../Button'
import { Avatar } from '../Card'
import { Sheet } from '../Dialog'
import { Icon } from '../Icon'
import { uiTexts } from '../texts'
import { Brand, LanguageSwitch, NavLink, OfflineBar, SkipLink, useMenu, type NavItem } from './parts'

const t$ = texts({
  cs: { brand: 'Aktivní město', account: 'Účet', signOut: 'Odhlásit', publicSite: 'Veřejné stránky města', admin: 'Přejít do správy' },
  en: { brand: 'Active Town', account: 'Account', signOut: 'Sign out', publicSite: 'The town’s public site', admin: 'Go to administration' },
})

interface MojeShellProps {
  city: City
  session: Session
  items: readonly NavItem[]
  children: ReactNode
}

/** Top bar; on a phone four items below and the rest under „Více". */
export function MojeShell({ city, session, items, children }: MojeShellProps) {
  const t = useTexts(t$)
  const ui = useTexts(uiTexts)
  const menu = useMenu()
  const menuId = useId()
  const onTop = items.filter(item => !item.aside)
  const inBar = items.filter(item => item.phone)
  return (
    <div className="shell" data-bottom-bar>
      <SkipLink />
      <header className="top">
        <div className="container top-inside">
          <Brand city={city} line={t.brand} />
          <nav className="top-nav desktop-only" aria-label={ui.mainMenu}>
            {onTop.map(item => <NavLink key={item.href} item={item} className="top-link" />)}
          </nav>
          <div className="top-end">
            <button type="button" className="account-button" aria-haspopup="dialog" aria-label={`${initials(session.person.name)}, ${t.account}: ${session.person.name}`} onClick={menu.show}>
              <Avatar letters={initials(session.person.name)} />
            </button>
          </div>
        </div>
      </header>
      <OfflineBar />
      <main id="content" tabIndex={-1} className="container main">{children}</main>
      <nav className="bottom phone-only" aria-label={ui.mainMenu}>
        {inBar.map(item => <NavLink key={item.href} item={item} className="bottom-link" iconSize={22} />)}
        <button type="button" className="bottom-link" aria-haspopup="dialog" aria-controls={menuId} onClick={menu.show}>
          <Icon of={list} size={22} />
          <span>{ui.more}</span>
        </button>
      </nav>
      <Sheet open={menu.isOpen} onClose={menu.hide} title={session.person.name}>
        <nav id={menuId} className="sheet-nav" aria-label={t.account}>
          {items.map(item => <NavLink key={item.href} item={item} className="sheet-link" iconSize={20} />)}
        </nav>
        <div className="sheet-nav">
          <a className="sheet-link" href={appHref('www', city.slug)}>{t.publicSite}</a>
          {worksHere(session, city) && <a className="sheet-link" href={appHref('admin', city.slug)}>{t.admin}</a>}
        </div>
        <LanguageSwitch />
        <Button look="neutral" icon={boxArrow} onClick={() => void signOut()}>{t.signOut}</Button>
      </Sheet>
    </div>
  )
}

function worksHere(session: Session, city: City): boolean {
  const isStaff = (session.roles[city.slug] ?? []).some(role => role !== 'citizen')
  return isStaff || Object.keys(session.providers[city.slug] ?? {}).length > 0
}
