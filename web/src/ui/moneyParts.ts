/** The parts of a budget: each has one name everywhere, the API's own as its key, and they add up to the budget. */
import { texts } from '@/lib/texts'
import type { components } from '@/lib/api/schema'
import type { MoneyPart, MoneyTone } from './MoneyBar'

export type Money = components['schemas']['MoneyShape']

export const moneyNames = texts({
  cs: {
    budget: 'Rozpočet',
    paid: 'Vyplaceno',
    to_pay: 'Uplatněno, čeká na výplatu',
    held: 'Blokováno',
    unspent: 'Přiznáno, nevyčerpáno',
    free: 'Volné',
    written_off: 'Odepsané dluhy poskytovatelů',
    liability: 'Závazky',
    contingent_liability: 'Podmíněné závazky',
  },
  en: {
    budget: 'Budget',
    paid: 'Paid out',
    to_pay: 'Spent, waits for payout',
    held: 'Held',
    unspent: 'Allotted, unspent',
    free: 'Free',
    written_off: 'Written-off debts of providers',
    liability: 'Liabilities',
    contingent_liability: 'Contingent liabilities',
  },
})

export type MoneyName = keyof typeof moneyNames.cs

/** In the order of the way money goes. */
export const PARTS = ['paid', 'to_pay', 'held', 'unspent', 'free', 'written_off'] as const satisfies readonly MoneyName[]

const TONES: Record<(typeof PARTS)[number], MoneyTone> = { paid: 'paid', to_pay: 'spent', held: 'held', unspent: 'allotted', free: 'free', written_off: 'written-off' }

/** A debt of a provider that was given up is taken off: with it the parts are the budget again. */
export const minorOf = (money: Money, name: MoneyName): number => (name === 'written_off' ? -money.written_off_minor : money[`${name}_minor`])

/** The parts that these sums have: what was written off only where something was. */
export const partsIn = (money?: Money) => PARTS.filter(name => name !== 'written_off' || (money && money.written_off_minor !== 0))

/** The same as the money bar takes them. */
export const moneyParts = (names: Record<MoneyName, string>, money: Money): MoneyPart[] =>
  partsIn(money).map(name => ({ tone: TONES[name], label: names[name], minor: minorOf(money, name) }))
