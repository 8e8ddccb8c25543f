import './reader-screens.css'
import { useEffect, useSyncExternalStore, type ReactNode } from 'react'
import { Link } from 'wouter'
import cross from '~icon/x-lg'
import list from '~icon/list'
import { useTexts } from '@/lib/texts'
import { Icon } from '@/ui/Icon'
import { ReaderShell, type Verdict } from '@/ui/shells/ReaderShell'
import { useDevice } from './device'
import { useUnread, useWaiting } from './pending'
import { usePlace } from './place'
import { readerTexts } from './texts'
import { queue, watchPending } from './till'

interface FrameProps {
  verdict?: Verdict
  head?: ReactNode
  actions?: ReactNode
  /** Leaves a verdict; without it the menu stands there. */
  onLeave?: () => void
  /** A screen of the menu: its cross leads back to scanning. */
  isAside?: boolean
  title: string
  children?: ReactNode
}

/** Every screen of the till: where it is, the way out, what waits, what to press. */
export function Frame({ verdict, head, actions, onLeave, isAside, title, children }: FrameProps) {
  const t = useTexts(readerTexts)
  const device = useDevice()
  const place = usePlace()
  useEffect(() => (device ? watchPending() : undefined), [device])
  useEffect(() => {
    document.title = `${title} – Voucher Reader`
  }, [title])
  const end = onLeave ? (
    <button type="button" className="round-button" aria-label={t.close} onClick={onLeave}><Icon of={cross} size={24} /></button>
  ) : isAside ? (
    <Link href="/" className="round-button" aria-label={t.close}><Icon of={cross} size={24} /></Link>
  ) : (
    <Link href="/menu" className="round-button" aria-label={t.menu}><Icon of={list} size={28} /></Link>
  )
  return (
    <ReaderShell branch={place?.branch_name ?? 'Aktivní město'} till={device?.name ?? 'Voucher Reader'} end={device ? end : null} verdict={verdict} head={head} actions={actions}>
      <Bar />
      {children}
    </ReaderShell>
  )
}

/** One bar for what a cashier must know all the time: no network, and what waits for its outcome. */
function Bar() {
  const t = useTexts(readerTexts)
  const isOnline = useSyncExternalStore(onNetwork, () => navigator.onLine)
  const waiting = useWaiting(queue)
  const unread = useUnread(queue)
  const texts = [isOnline ? '' : t.offline.bar, waiting.length ? t.offline.waiting(waiting.length) : ''].filter(Boolean)
  return (
    <>
      <p className="reader-bar" role="status" hidden={!texts.length}>{texts.join(' ')}</p>
      {unread.length > 0 && <Link href="/dnes" className="reader-bar" data-tone="new">{t.offline.unread(unread.length)}</Link>}
    </>
  )
}

function onNetwork(listener: () => void): () => void {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}

export interface Fact {
  label: string
  value: ReactNode
}

export function ReaderFacts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="reader-facts">
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

interface BigButtonProps {
  look?: 'secondary' | 'quiet' | 'danger'
  icon?: string
  busy?: boolean
  submit?: boolean
  onClick?: () => void
  children: ReactNode
}

/** Under the thumb: 60 px high, locked while it works. */
export function BigButton({ look, icon, busy, submit, onClick, children }: BigButtonProps) {
  return (
    <button
      type={submit ? 'submit' : 'button'}
      className="big-button"
      data-look={look}
      aria-disabled={busy || undefined}
      onClick={event => (busy ? event.preventDefault() : onClick?.())}
    >
      {icon && <Icon of={icon} size={24} />}
      <span>{children}</span>
    </button>
  )
}
