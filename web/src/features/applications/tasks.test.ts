import { expect, test } from 'vitest'
import type { Application, Grant, Verification } from './calls'
import { tasksOf } from './tasks'

const NOW = new Date('2026-11-20T09:00:00Z')
const application = (state: Application['state'], more: Partial<Application> = {}) => ({ id: state, state, deadline: null, ...more }) as Application
const grant = (more: Partial<Grant> = {}) => ({ id: 'g', state: 'active', spendable_minor: 100, valid_until: '2026-11-30T22:59:59Z', ...more }) as Grant
const person = (more: Partial<Verification> = {}) => ({ id: 'p', outcome: 'match', child: false, second_proof: null, ...more }) as Verification
const kinds = (known: Partial<Parameters<typeof tasksOf>[0]>) => tasksOf({ applications: [], grants: [], household: [], ...known }, NOW).map(task => task.kind)

test('what has a deadline comes first, what can wait last, three at most', () => {
  const applications = [application('draft'), application('returned', { deadline: '2026-11-24' }), application('approved')]
  expect(kinds({ applications, grants: [grant()], household: [person()] })).toEqual(['returned', 'ends', 'draft'])
})

test('two answers that are owed are told by their days', () => {
  const applications = [application('returned', { id: 'later', deadline: '2026-12-01' }), application('returned', { id: 'sooner', deadline: '2026-11-22' })]
  const tasks = tasksOf({ applications, grants: [], household: [] }, NOW)
  expect(tasks.map(task => task.kind === 'returned' && task.application.id)).toEqual(['sooner', 'later'])
})

test('a grant is a task in its last fourteen days, while something is left', () => {
  expect(kinds({ grants: [grant({ valid_until: '2026-12-04T22:59:59Z' })] })).toEqual(['ends'])
  expect(kinds({ grants: [grant({ valid_until: '2026-12-05T22:59:59Z' })] })).toEqual([])
  expect(kinds({ grants: [grant({ spendable_minor: 0 }), grant({ state: 'expired' })] })).toEqual([])
})

test('only an adult proves an account, and only once', () => {
  expect(kinds({ household: [person(), person({ child: true })] })).toEqual(['prove'])
  expect(kinds({ household: [person({ second_proof: { way: 'desk', at: '' } as Verification['second_proof'] })] })).toEqual([])
  expect(kinds({ household: [person({ outcome: 'ambiguous', birth_place_tried: false }), person({ outcome: 'no_match' })] })).toEqual(['birthPlace', 'mend'])
})
