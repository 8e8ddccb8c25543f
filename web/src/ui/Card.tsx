import './card.css'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import chevron from '~icon/chevron-right'
import { Icon } from './Icon'

interface CardProps {
  title?: ReactNode
  /** Heading level of the title; 3 unless told. */
  level?: 2 | 3
  /** Beside the title: a tag, a link, an icon. */
  aside?: ReactNode
  /** Content touches the edges: for lists and tables. */
  flush?: boolean
  children?: ReactNode
}

/** White block with a line. */
export function Card({ title, level = 3, aside, flush, children }: CardProps) {
  const Heading = `h${level}` as 'h2' | 'h3'
  return (
    <div className="card" data-flush={flush || undefined}>
      {(title || aside) && (
        <div className="card-head">
          {title && <Heading className="card-title">{title}</Heading>}
          {aside}
        </div>
      )}
      {children}
    </div>
  )
}

/** Rows in one card; give it `ListRow`, `TaskRow` or any `li`. */
export function CardList({ children, urgent, label }: { children: ReactNode; urgent?: boolean; label?: string }) {
  return <ul className="card card-list" data-flush data-urgent={urgent || undefined} aria-label={label}>{children}</ul>
}

interface ListRowProps {
  title: ReactNode
  /** One line under the title. */
  meta?: ReactNode
  /** At the right: a tag, an amount. */
  aside?: ReactNode
  /** Avatar or icon at the left. */
  start?: ReactNode
  /** The whole row leads there. */
  href?: string
}

export function ListRow({ title, meta, aside, start, href }: ListRowProps) {
  return (
    <li className="list-row" data-link={href ? true : undefined}>
      {start}
      <div className="list-row-main">
        <div className="list-row-body">
          <div className="strong">{href ? <Link href={href} className="cover-link">{title}</Link> : title}</div>
          {meta && <div className="small soft">{meta}</div>}
        </div>
        {aside && <div className="list-row-aside">{aside}</div>}
      </div>
      {href && <Icon of={chevron} size={16} className="soft" />}
    </li>
  )
}

interface TaskRowProps {
  icon: string
  tone?: 'warning' | 'neutral' | 'error'
  title: ReactNode
  /** Whom and what it concerns, and by when. */
  meta: ReactNode
  action: ReactNode
}

/** Something that waits for the person: what, by when, and the button that does it. */
export function TaskRow({ icon, tone = 'neutral', title, meta, action }: TaskRowProps) {
  return (
    <li className="task-row">
      <span className="round" data-tone={tone}><Icon of={icon} size={18} /></span>
      <div className="list-row-body">
        <div className="strong">{title}</div>
        <div className="small soft">{meta}</div>
      </div>
      <div className="task-row-action">{action}</div>
    </li>
  )
}

export function Avatar({ letters }: { letters: string }) {
  return <span className="avatar" aria-hidden="true">{letters}</span>
}

/** Labels and values; values of money align when `money`. */
export function Facts({ facts, money }: { facts: readonly { label: ReactNode; value: ReactNode }[]; money?: boolean }) {
  return (
    <dl className="facts" data-money={money || undefined}>
      {facts.map(({ label, value }, i) => (
        <div key={i}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Figures side by side: `<Figures figures={[{label: 'K rozhodnutí', value: '48', note: 'nejstarší 6 dní'}]} />` */
export function Figures({ figures }: { figures: readonly { label: string; value: ReactNode; note?: ReactNode }[] }) {
  return (
    <dl className="card figures" data-flush data-count={figures.length}>
      {figures.map(({ label, value, note }) => (
        <div key={label}>
          <dt className="small soft">{label}</dt>
          <dd className="figures-value">{value}</dd>
          {note && <dd className="small soft">{note}</dd>}
        </div>
      ))}
    </dl>
  )
}
