/** What the shells share: the town's mark, navigation items, the language switch, the bar of no connection. */
import './shells.css'
import { useState, useSyncExternalStore, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import wifiOff from '~icon/wifi-off'
import { setLanguage, useLanguage, useTexts, type Language } from '@/lib/texts'
import type { City } from '@/lib/city'
import { Icon } from '../Icon'
import { uiTexts } from '../texts'

export interface NavItem {
  href: string
  label: string
  icon: string
  /** Shorter word for the phone's bottom bar. */
  short?: string
  /** Only in the menu of the account („Více" on a phone), not in the top bar. */
  aside?: boolean
  /** In the phone's bottom bar; the rest is under „Více". */
  phone?: boolean
  /** A hook that counts what waits there. */
  useCount?: (() => number | undefined) | undefined
}

/** The town's arms; without a picture its shield in the town's colour. */
export function Arms({ city, size = 40 }: { city: Pick<City, 'arms'>; size?: number }) {
  if (isAddress(city.arms)) return <img className="arms" src={city.arms} alt="" width={size} height={size} />
  return (
    <svg className="arms" viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <path d="M4 2h24v15c0 7-5 11-12 13C9 28 4 24 4 17Z" fill="var(--town)" stroke="rgb(0 0 0 / 0.15)" />
      <path d="M16 6c4 3 6 6 6 9a6 6 0 0 1-5 6v4h-2v-4a6 6 0 0 1-5-6c0-3 2-6 6-9Z" fill="#fff" />
    </svg>
  )
}

const isAddress = (arms: string) => /^(\/|https:)/.test(arms)

export function Brand({ city, line, name }: { city: City; line: string; name?: string }) {
  return (
    <Link href="/" className="brand">
      <Arms city={city} />
      <span className="brand-words">
        <span className="strong">{name ?? city.name}</span>
        <span className="brand-line">{line}</span>
      </span>
    </Link>
  )
}

/** Hours, telephone and e-mail of those who help. */
export function ContactLinks({ contact }: { contact: City['contact'] }) {
  const { office, office_hours: hours, phone, email } = contact
  return (
    <>
      {(office || hours) && <p>{[office, hours].filter(Boolean).join(', ')}</p>}
      {phone && <p><a href={`tel:${phone.replace(/\s/g, '')}`} className="contact-link nowrap">{phone}</a></p>}
      {email && <p><a className="contact-link" href={`mailto:${email}`}>{email}</a></p>}
    </>
  )
}

export function useIsCurrent(): (href: string) => boolean {
  const [path] = useLocation()
  return href => (href === '/' ? path === '/' || path === '' : path === href || path.startsWith(`${href}/`))
}

export function NavLink({ item, className, iconSize }: { item: NavItem; className: string; iconSize?: number }) {
  const isCurrent = useIsCurrent()(item.href)
  return (
    <Link href={item.href} className={className} aria-current={isCurrent ? 'page' : undefined}>
      {iconSize && <Icon of={item.icon} size={iconSize} />}
      <span>{className === 'bottom-link' ? (item.short ?? item.label) : item.label}</span>
      {item.useCount && <Count use={item.useCount} />}
    </Link>
  )
}

function Count({ use }: { use: () => number | undefined }) {
  const count = use()
  return count ? <span className="count">{count}</span> : null
}

const NAMES: Record<Language, string> = { cs: 'Čeština', en: 'English', uk: 'Українська' }

/** Languages by their own names, each in its own `lang`. */
export function LanguageSwitch({ languages = ['cs', 'en'] }: { languages?: readonly Language[] }) {
  const current = useLanguage()
  return (
    <div className="languages">
      {languages.map(code => (
        <button key={code} type="button" lang={code} aria-pressed={code === current} onClick={() => setLanguage(code)}>
          {NAMES[code]}
        </button>
      ))}
    </div>
  )
}

function onConnection(listener: () => void): () => void {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}

export function useOnline(): boolean {
  return useSyncExternalStore(onConnection, () => navigator.onLine, () => true)
}

export function OfflineBar({ children }: { children?: ReactNode }) {
  const t = useTexts(uiTexts)
  return (
    <div role="status" className="offline-holder">
      {!useOnline() && <div className="offline"><Icon of={wifiOff} size={18} /><span>{children ?? t.offline}</span></div>}
    </div>
  )
}

export function SkipLink() {
  const t = useTexts(uiTexts)
  return <a className="skip visually-hidden" href="#content" onClick={toContent}>{t.skip}</a>
}

/** Without writing a #hash in the address, which the router would keep. */
function toContent(event: { preventDefault: () => void }): void {
  event.preventDefault()
  document.getElementById('content')?.focus()
}

/** A menu that is open at one address: moving elsewhere closes it. */
export function useMenu() {
  const [path] = useLocation()
  const [openAt, setOpenAt] = useState<string | null>(null)
  return { isOpen: openAt === path, show: () => setOpenAt(path), hide: () => setOpenAt(null) }
}
