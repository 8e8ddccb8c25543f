import './money-bar.css'
import type { ReactNode } from 'react'
import { money, percent } from '@/lib/format'
import { shares } from '@/lib/shares'

export type MoneyTone = 'paid' | 'spent' | 'held' | 'allotted' | 'free' | 'written-off'

export interface MoneyPart {
  tone: MoneyTone
  label: string
  /** Below zero for what is taken off the sum: such a part is told in the list and has no place in the bar. */
  minor: number
}

interface MoneyBarProps {
  /** In the order of the way money goes; their sum is the whole bar. */
  parts: readonly MoneyPart[]
  /** „Rozpočet"; the sum is written beside it. */
  title?: string
  /** „stav k …" */
  aside?: ReactNode
}

const sumOf = (parts: readonly MoneyPart[]) => parts.reduce((sum, part) => sum + part.minor, 0)

/** Where the money of a budget is. Told by the list beneath; the bar only shows it. */
export function MoneyBar({ parts, title, aside }: MoneyBarProps) {
  const share = shares(parts.map(part => part.minor))
  return (
    <div className="money-bar">
      {(title || aside) && (
        <div className="split">
          {title && <h2>{title} <span className="nowrap">{money(sumOf(parts))}</span></h2>}
          {aside && <span className="small soft">{aside}</span>}
        </div>
      )}
      <Bar parts={parts} big />
      <dl className="money-legend">
        {parts.map((part, i) => (
          <div key={part.tone}>
            <dt><span className="money-swatch" data-tone={part.tone} aria-hidden="true" />{part.label}</dt>
            <dd className="strong nowrap">{money(part.minor, 'always')}</dd>
            <dd className="small soft nowrap">{percent(share[i]!)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** „2 350 Kč z 4 000 Kč" with a thin bar: what is left of a grant. Text under it comes as children. */
export function MoneyLeft({ left, of, held = 0, ofWord, children }: { left: number; of: number; held?: number; ofWord: string; children?: ReactNode }) {
  const spent = Math.max(of - left - held, 0)
  const parts: MoneyPart[] = [
    { tone: 'spent', label: '', minor: left },
    { tone: 'held', label: '', minor: held },
    { tone: 'free', label: '', minor: spent },
  ]
  return (
    <div className="money-left">
      <p className="row gap-2"><span className="figure nowrap">{money(left)}</span> <span className="soft nowrap">{ofWord} {money(of)}</span></p>
      <Bar parts={parts} />
      {children && <div className="small soft">{children}</div>}
    </div>
  )
}

function Bar({ parts, big }: { parts: readonly MoneyPart[]; big?: boolean }) {
  return (
    <div className="bar" data-big={big || undefined} aria-hidden="true">
      {parts.filter(part => part.minor > 0).map(part => <span key={part.tone} data-tone={part.tone} style={{ flexGrow: part.minor }} />)}
    </div>
  )
}
