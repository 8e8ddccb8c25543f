/** What waits for the person, the most urgent first: pure, so that the order is tested. */
import { daysUntil } from '@/lib/format'
import { stepOf, type Step, type Verification } from '@/lib/person'
import type { Application, Grant } from './calls'

export type Task =
  | { kind: 'returned'; by: string | null; application: Application }
  | { kind: 'draft'; by: null; application: Application }
  | { kind: 'ends'; by: string; grant: Grant }
  | { kind: PersonStep; by: null; person: Verification }

/** Steps that the person takes; waiting is none of them. */
export type PersonStep = Exclude<Step, 'none' | 'wait'>

const ENDS_SOON_DAYS = 14
const SHOWN_MAX = 3
const ORDER: readonly Task['kind'][] = ['returned', 'birth_place', 'correct', 'recover', 'document', 'come', 'ends', 'draft', 'check', 'prove']

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
    ...household.flatMap(taskOf),
  ]
  return tasks.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.by ?? '9').localeCompare(b.by ?? '9')).slice(0, SHOWN_MAX)
}

function endsSoon(grant: Grant, now: Date): boolean {
  const days = daysUntil(grant.valid_until, now)
  return grant.state === 'active' && grant.spendable_minor > 0 && days >= 0 && days <= ENDS_SOON_DAYS
}

function taskOf(person: Verification): Task[] {
  const kind = stepOf(person)
  return kind === 'none' || kind === 'wait' ? [] : [{ kind, by: null, person }]
}
