import { expect, test } from 'vitest'
import { shares } from './shares'

const sum = (parts: readonly number[]) => Math.round(parts.reduce((a, b) => a + b, 0) * 1000)

test('shares of a budget add up to a hundred percent to the last tenth', () => {
  expect(shares([84_650_000, 21_480_000, 6_230_000, 86_440_000, 41_200_000])).toEqual([0.353, 0.089, 0.026, 0.36, 0.172])
  for (let seed = 1; seed < 300; seed++) {
    const parts = Array.from({ length: 1 + (seed % 7) }, (_, i) => (seed * 7919 * (i + 3)) % 10_007)
    if (parts.some(part => part > 0)) expect(sum(shares(parts)), String(parts)).toBe(1000)
  }
})

test('a part that is taken off keeps the sum', () => expect(shares([110_000, -10_000])).toEqual([1.1, -0.1]))

test('an empty budget has no shares', () => expect(shares([0, 0])).toEqual([0, 0]))
