import { expect, test } from 'vitest'
import { minorOf, moneyNames, moneyParts, PARTS, partsIn, type Money } from './moneyParts'

const MONEY: Money = {
  budget_minor: 1_000_000, free_minor: 400_000, unspent_minor: 300_000, held_minor: 100_000, to_pay_minor: 50_000, paid_minor: 170_000,
  written_off_minor: 20_000, allotted_minor: 600_000, returned_minor: 0, spent_minor: 220_000, liability_minor: 50_000,
  contingent_liability_minor: 400_000, difference_minor: 0, currency: 'CZK',
}

test('the parts of a budget add up to it', () => {
  expect(PARTS.reduce((sum, name) => sum + minorOf(MONEY, name), 0)).toBe(MONEY.budget_minor)
  expect(moneyParts(moneyNames.cs, MONEY).reduce((sum, part) => sum + part.minor, 0)).toBe(MONEY.budget_minor)
})

test('what was written off is a part only where something was', () => {
  expect(partsIn(MONEY)).toContain('written_off')
  expect(partsIn({ ...MONEY, written_off_minor: 0 })).not.toContain('written_off')
})
