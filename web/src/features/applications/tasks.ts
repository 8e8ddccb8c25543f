/** What waits for the person, the most urgent first: pure, so that the order is tested. */
import { daysUntil } from '@/lib/format'
import type { Application, Grant, Verification } from './calls'

export type Task =
  | { kind: 'returned'; by: string | null; application: Application }
  | { kind: 'draft'; by: null; application: Application }
  | { kind: 'ends'; by: string; grant: Grant }
  | { kind: 'birthPlace' | 'mend' | 'prove'; by: null; person: Verification }

const ENDS_SOON_DAYS = 14
const SHOWN_MAX = 3
const ORDER: readonly Task['kind'][] = ['returned', 'birthPlace', 'mend', 'ends', 'draft', 'prove']

export interface Known {
  applications: readonly Application[]
  grants: readonly Grant[]
  household: readonly Verification[]
}

/** At most three: what has a deadline, what blocks, then what can wait. */
export function tasksOf({ applications, grants, household }: Known, now: Date = new Date()): Task[] {
  const tasks: Task[] = [
    ...applications.filter(one => one.state === 'returned').map(application => ({ kind: 'returned' as const, by: application.deadline, application })),
    ...applications.filter(one => one.state === 'draft').map(application => ({ kind: 'draft' as const, by: null, application })),
    ...grants.filter(grant => endsSoon(grant, now)).map(grant => ({ kind: 'ends' as const, by: grant.valid_until, grant })),
    ...household.flatMap(stepOf),
  ]
  return tasks.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.by ?? '9').localeCompare(b.by ?? '9')).slice(0, SHOWN_MAX)
}

function endsSoon(grant: Grant, now: Date): boolean {
  const days = daysUntil(grant.valid_until, now)
  return grant.state === 'active' && grant.spendable_minor > 0 && days >= 0 && days <= ENDS_SOON_DAYS
}

function stepOf(person: Verification): Task[] {
  if (person.outcome === 'ambiguous' && !person.birth_place_tried) return [{ kind: 'birthPlace', by: null, person }]
  if (person.outcome === 'no_match') return [{ kind: 'mend', by: null, person }]
  if (person.outcome === 'match' && !person.child && !person.second_proof) return [{ kind: 'prove', by: null, person }]
  return []
}
