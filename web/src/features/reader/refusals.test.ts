import { expect, test } from 'vitest'
import { Problem } from '@/lib/api/problem'
import { shownAs } from './refusals'

const refusal = (code: string, facts: Record<string, unknown> = {}) => shownAs(new Problem(409, { code, facts }))

test('a voucher that is good but stopped by the town is amber, never red', () => {
  for (const what of ['town', 'programme', 'provider']) expect(refusal('frozen', { what })).toEqual({ verdict: 'elsewhere', why: 'frozen' })
})

test('a stopped till says so, because another till may work', () => {
  expect(refusal('frozen', { what: 'till' })).toEqual({ verdict: 'elsewhere', why: 'frozenTill' })
})

test.each(['day_limit_reached', 'category_limit_reached', 'provider_limit_reached'])('%s leaves the voucher its value', code => {
  expect(refusal(code).verdict).toBe('elsewhere')
})

test('what is not known is undecided', () => {
  expect(refusal('something_new')).toEqual({ verdict: 'undecided', why: 'ours' })
})
