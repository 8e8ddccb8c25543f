import './page.css'
import { useEffect, useRef, type ReactNode } from 'react'
import { Link } from 'wouter'
import { useTexts } from '@/lib/texts'
import { uiTexts } from './texts'

let titleEnd = 'Aktivní město'
let screensShown = 0
let lastPop = -Infinity
const POP_LASTS_MS = 1_500

if (typeof addEventListener !== 'undefined') addEventListener('popstate', () => (lastPop = performance.now()))

/** What every title of the app ends with: „Žádosti – Modřínov". */
export function setTitleEnd(text: string): void {
  titleEnd = text
}

interface PageTitleProps {
  children: ReactNode
  /** For the browser's tab, when the heading is not plain text. */
  title?: string
  /** A status beside the heading. */
  tag?: ReactNode
}

/** The screen's one h1: names the tab and takes the focus after a move, so that it is read out. */
export function PageTitle({ children, title, tag }: PageTitleProps) {
  const ref = useRef<HTMLHeadingElement>(null)
  const text = title ?? (typeof children === 'string' ? children : '')
  useEffect(() => {
    if (text) document.title = `${text} – ${titleEnd}`
  }, [text])
  useEffect(() => {
    screensShown += 1
    if (screensShown === 1) return // the browser reads a fresh page by itself
    ref.current?.focus({ preventScroll: true })
    if (performance.now() - lastPop > POP_LASTS_MS) scrollTo(0, 0)
  }, [])
  return (
    <div className="page-title">
      <h1 ref={ref} tabIndex={-1}>{children}</h1>
      {tag}
    </div>
  )
}

interface PageProps {
  heading: ReactNode
  title?: string
  tag?: ReactNode
  /** A sentence under the heading: the state and what comes next. */
  lead?: ReactNode
  /** Buttons beside the heading; at most one of them primary. */
  actions?: ReactNode
  /** Above the heading: breadcrumbs or a step. */
  above?: ReactNode
  children?: ReactNode
}

/** The frame of a screen: heading, actions, content. */
export function Page({ heading, title, tag, lead, actions, above, children }: PageProps) {
  return (
    <div className="page">
      {above}
      <div className="page-head">
        <div className="page-heading">
          <PageTitle title={title} tag={tag}>{heading}</PageTitle>
          {lead && <div className="soft">{lead}</div>}
        </div>
        {actions && <div className="buttons">{actions}</div>}
      </div>
      {children}
    </div>
  )
}

/** A part of a screen under an h2, with an optional link at its right. */
export function Section({ title, aside, children }: { title: ReactNode; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="section">
      <div className="section-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

export interface Crumb {
  label: string
  /** The last one, the screen itself, has none. */
  href?: string
}

export function Breadcrumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  const t = useTexts(uiTexts)
  return (
    <nav aria-label={t.breadcrumbs} className="crumbs">
      <ol>
        {crumbs.map(({ label, href }) => (
          <li key={label}>{href ? <Link href={href}>{label}</Link> : <span aria-current="page">{label}</span>}</li>
        ))}
      </ol>
    </nav>
  )
}
