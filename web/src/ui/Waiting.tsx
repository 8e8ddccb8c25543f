import './waiting.css'
import { lazy, Suspense, type ReactNode } from 'react'
import inbox from '~icon/inbox'
import { asProblem, type Problem } from '@/lib/api/problem'
import { useTexts } from '@/lib/texts'
import { Button } from './Button'
import { Callout } from './Callout'
import { Icon } from './Icon'
import { uiTexts } from './texts'

const NotHere = lazy(() => import('./NotHere'))

/** Grey lines in the final shape: their place is kept at once, seen after 300 ms. */
export function Skeleton({ lines = 3, height = 16 }: { lines?: number; height?: number }) {
  const t = useTexts(uiTexts)
  return (
    <div className="skeleton" aria-busy="true">
      <span className="visually-hidden">{t.loading}</span>
      {Array.from({ length: lines }, (_, i) => (
        <svg key={i} aria-hidden="true" width={i === lines - 1 && lines > 1 ? '60%' : '100%'} height={height}><rect width="100%" height="100%" rx="6" /></svg>
      ))}
    </div>
  )
}

/** As many cards in the layout that the list will have. */
export function SkeletonCards({ count = 3, lines = 3, className = 'grid' }: { count?: number; lines?: number; className?: string }) {
  return (
    <div className={className}>
      {Array.from({ length: count }, (_, i) => (
        <div key={i} className="card"><Skeleton lines={lines} /></div>
      ))}
    </div>
  )
}

interface EmptyStateProps {
  icon?: string
  title: string
  /** Why there is nothing, and what to do. */
  children?: ReactNode
  action?: ReactNode
}

export function EmptyState({ icon = inbox, title, children, action }: EmptyStateProps) {
  return (
    <div className="empty">
      <span className="round" data-tone="accent"><Icon of={icon} /></span>
      <p className="strong">{title}</p>
      {children && <div className="soft text">{children}</div>}
      {action}
    </div>
  )
}

/** A refusal or failure with the way on. Money that the town has stopped is nobody's mistake, so it is not red. */
export function ProblemCallout({ problem: thrown, retry, title }: { problem: unknown; retry?: () => void; title?: string }) {
  const t = useTexts(uiTexts)
  const problem = asProblem(thrown)
  const isFrozen = problem.code === 'frozen'
  return (
    <Callout
      tone={problem.status === 0 ? 'neutral' : isFrozen ? 'warning' : 'error'}
      title={title ?? t[retry && !isFrozen ? 'loadFailed' : kindOf(problem)]}
      appears
      action={retry && <Button look="secondary" onClick={retry}>{t.retry}</Button>}
    >
      <p>{problem.message}</p>
      {problem.errors.length > 0 && <ul>{problem.errors.map((error, i) => <li key={i}>{place(error.field, t.places)}{error.message}</li>)}</ul>}
      {(problem.isOurFault || problem.code === 'unknown') && problem.correlationId && <p className="small soft">{t.supportCode(problem.correlationId)}</p>}
    </Callout>
  )
}

/** What is known of an answer. Of one that did not come, or broke on the way, nobody knows whether it did what was asked. */
function kindOf(problem: Problem): 'frozen' | 'noAnswer' | 'ourFault' | 'refused' {
  if (problem.code === 'frozen') return 'frozen'
  if (problem.status === 0) return 'noAnswer'
  return problem.isOurFault ? 'ourFault' : 'refused'
}

/** „line 12" as „Řádek 12: "; of a field the message alone says enough. */
function place(field: string, places: Readonly<Record<string, string>>): string {
  const [kind = '', ...which] = field.split(' ')
  return which.length > 0 && places[kind] ? `${places[kind]} ${which.join(' ')}: ` : ''
}

interface Query<T> {
  data: T | undefined
  error: unknown
  refetch: () => unknown
}

interface LoadedProps<T> {
  query: Query<T>
  waiting?: ReactNode
  /** Nothing else stands on the screen: a failure then has a heading and a way back of its own. */
  screen?: boolean
  children: (data: T) => ReactNode
}

/** `<Loaded query={q} waiting={<SkeletonCards />}>{data => …}</Loaded>`: waiting, failure with retry, or the data. */
export function Loaded<T>({ query, waiting, screen, children }: LoadedProps<T>) {
  const t = useTexts(uiTexts)
  if (query.data !== undefined) return children(query.data)
  if (query.error) {
    const problem = asProblem(query.error)
    if (screen && [403, 404].includes(problem.status)) return <Suspense fallback={<Skeleton lines={4} />}><NotHere problem={problem} /></Suspense>
    return <>{screen && <h1>{t.loadFailed}</h1>}<ProblemCallout problem={problem} retry={() => void query.refetch()} /></>
  }
  return waiting ?? <Skeleton lines={4} />
}
