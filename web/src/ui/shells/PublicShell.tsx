import type { ReactNode } from 'react'
import { Link } from 'wouter'
import list from '~icon/list'
import { appHref, type City } from '@/lib/city'
import { texts, useTexts } from '@/lib/texts'
import { IconButton, LinkButton } from '../Button'
import { Sheet } from '../Dialog'
import { uiTexts } from '../texts'
import { Brand, ContactLinks, LanguageSwitch, NavLink, OfflineBar, SkipLink, useMenu, type NavItem } from './parts'

const t$ = texts({
  cs: {
    brand: 'Aktivní město',
    signIn: 'Přihlásit',
    mine: 'Můj účet',
    help: 'Poradíme vám',
    accessibility: 'Přístupnost',
    towns: 'Jiné město',
    about: 'Podpora sportu, kultury a volného času. Peníze dává město, žádost i voucher vyřídíte z domova.',
  },
  en: {
    brand: 'Active Town',
    signIn: 'Sign in',
    mine: 'My account',
    help: 'We will help you',
    accessibility: 'Accessibility',
    towns: 'Another town',
    about: 'Support for sport, culture and leisure. The town gives the money, you apply and use it from home.',
  },
})

interface PublicShellProps {
  city: City
  items: readonly NavItem[]
  children: ReactNode
}

export function PublicShell({ city, items, children }: PublicShellProps) {
  const t = useTexts(t$)
  const ui = useTexts(uiTexts)
  const menu = useMenu()
  const signIn = <LinkButton look="secondary" href="/prihlaseni">{t.signIn}</LinkButton>
  return (
    <div className="shell">
      <SkipLink />
      <header className="top">
        <div className="container top-inside">
          <Brand city={city} line={t.brand} />
          <nav className="top-nav desktop-only" aria-label={ui.mainMenu}>
            {items.map(item => <NavLink key={item.href} item={item} className="top-link" />)}
          </nav>
          <div className="top-end">
            <div className="desktop-only"><LanguageSwitch /></div>
            {signIn}
            <span className="phone-only"><IconButton icon={list} label={ui.menu} aria-expanded={menu.isOpen} onClick={menu.show} /></span>
          </div>
        </div>
      </header>
      <OfflineBar />
      <main id="content" tabIndex={-1} className="container main">{children}</main>
      <footer className="foot">
        <div className="container foot-inside">
          <div className="stack gap-1 text">
            <p className="strong">{city.name}</p>
            <p className="small">{t.about}</p>
          </div>
          <div className="stack gap-1 small">
            <p className="strong">{t.help}</p>
            <ContactLinks contact={city.contact} />
          </div>
          <div className="stack gap-1 small">
            <p><Link href="/pristupnost">{t.accessibility}</Link></p>
            <p><a href={appHref('www')}>{t.towns}</a></p>
            <LanguageSwitch />
          </div>
        </div>
      </footer>
      <Sheet open={menu.isOpen} onClose={menu.hide} title={ui.menu}>
        <nav className="sheet-nav" aria-label={ui.mainMenu}>
          {items.map(item => <NavLink key={item.href} item={item} className="sheet-link" iconSize={20} />)}
        </nav>
        <LanguageSwitch />
      </Sheet>
    </div>
  )
}
