import './timeline.css'
import type { ReactNode } from 'react'
import { Icon } from './Icon'

export interface TimelineItem {
  icon: string
  title: ReactNode
  /** When, and how. */
  meta?: ReactNode
  body?: ReactNode
  tone?: 'neutral' | 'warning' | 'error' | 'accent'
}

/** What happened, newest first. */
export function Timeline({ items }: { items: readonly TimelineItem[] }) {
  return (
    <ol className="timeline">
      {items.map(({ icon, title, meta, body, tone = 'neutral' }, i) => (
        <li key={i}>
          <span className="round" data-tone={tone}><Icon of={icon} size={14} /></span>
          <div>
            <div className="strong">{title}</div>
            {meta && <div className="small soft">{meta}</div>}
            {body}
          </div>
        </li>
      ))}
    </ol>
  )
}
