import { expect, test } from 'vitest'
import { LOOKS, stepOf, type PersonState, type Verification } from '@/lib/person'
import { personTexts } from '@/lib/person.texts'
import type { Application, Grant } from './calls'
import { tasksOf } from './tasks'

const NOW = new Date('2026-11-20T09:00:00Z')
const application = (state: Application['state'], more: Partial<Application> = {}) => ({ id: state, state, deadline: null, ...more }) as Application
const grant = (more: Partial<Grant> = {}) => ({ id: 'g', state: 'active', spendable_minor: 100, valid_until: '2026-11-30T22:59:59Z', ...more }) as Grant
const person = (more: Partial<Verification> = {}) => ({ id: 'p', state: 'unproved', next_check_at: null, ...more }) as Verification
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

test('whoever has a step of their own is a task, whoever waits or has done all is none', () => {
  expect(kinds({ household: [person(), person({ state: 'verified' }), person({ state: 'checking' }), person({ state: 'link_refused' })] })).toEqual(['prove'])
  expect(kinds({ household: [person({ state: 'other_account' }), person({ state: 'differs' }), person({ state: 'birth_place' })] })).toEqual(['birth_place', 'correct', 'recover'])
})

test.each(Object.keys(LOOKS) as PersonState[])('the overview asks for what the household offers: %s', state => {
  const step = stepOf({ state, next_check_at: null })
  expect(kinds({ household: [person({ state })] })).toEqual(step === 'none' || step === 'wait' ? [] : [step])
  if (step !== 'none' && step !== 'wait') expect(personTexts.cs.task[step]).toMatch(/\p{L}/u)
})
