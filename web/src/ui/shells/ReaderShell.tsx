import type { ReactNode } from 'react'

export type Verdict = 'valid' | 'refused' | 'elsewhere' | 'undecided'

interface ReaderShellProps {
  /** Name of the branch and of the till. */
  branch: string
  till: string
  /** Menu, or the cross that leaves a verdict. */
  end?: ReactNode
  /** Colours the top; the shape and the word are in `VerdictHead`. */
  verdict?: Verdict
  head?: ReactNode
  /** One or two large buttons under the thumb. */
  actions?: ReactNode
  children?: ReactNode
}

/** One screen of the till: where, verdict, facts, what to press. Styles are in apps/reader/reader.css. */
export function ReaderShell({ branch, till, end, verdict, head, actions, children }: ReaderShellProps) {
  return (
    <div className="reader" data-verdict={verdict}>
      <header className="reader-top">
        <div className="reader-where">{branch} <small>· {till}</small></div>
        {end}
      </header>
      {head}
      <main id="content" tabIndex={-1} className="reader-body">{children}</main>
      {actions && <div className="reader-actions">{actions}</div>}
    </div>
  )
}

/** Told by shape too: a disc with a tick, an octagon, a triangle, a clock. */
const SHAPES: Record<Verdict, ReactNode> = {
  valid: <><circle cx="48" cy="48" r="44" fill="#fff" /><path d="m27 49 15 15 29-32" fill="none" stroke="var(--verdict)" strokeWidth="11" /></>,
  refused: <><path d="M30 4h36l26 26v36L66 92H30L4 66V30Z" fill="#fff" /><path d="m33 33 30 30m0-30L33 63" stroke="var(--verdict)" strokeWidth="11" /></>,
  elsewhere: <><path d="M48 6 94 88H2Z" fill="var(--verdict-ink)" strokeLinejoin="round" stroke="var(--verdict-ink)" strokeWidth="4" /><path d="M48 36v26m0 8v10" stroke="var(--verdict)" strokeWidth="10" /></>,
  undecided: <><circle cx="48" cy="48" r="44" fill="#fff" /><path d="M48 22v28l18 10" fill="none" stroke="var(--verdict)" strokeWidth="9" /></>,
}

/** Read from two metres, and read out at once. */
export function VerdictHead({ verdict, title, children }: { verdict: Verdict; title: string; children?: ReactNode }) {
  return (
    <div className="verdict" role={verdict === 'valid' ? 'status' : 'alert'}>
      <svg viewBox="0 0 96 96" width="96" height="96" aria-hidden="true">{SHAPES[verdict]}</svg>
      <h1>{title}</h1>
      {children && <div>{children}</div>}
    </div>
  )
}
