import { expect, test } from 'vitest'
import * as v from 'valibot'
import type { Rules } from './calls'
import { editorTexts } from './editor.texts'
import { partsOf, rulesOf, rulesSchema, stateOn, typedOf, type Typed } from './rulesForm'

const RULES: Rules = {
  name: { cs: 'Čteme doma', en: '' },
  purpose: { cs: 'Knihy', en: '' },
  text: { cs: 'Knížka do ruky.', en: 'A book.' },
  topic: 'education',
  legal_basis: 'Zákon 128/2000 Sb.',
  legal_regime: 'other',
  resolution_number: '12/2026',
  resolution_on: '2026-09-01',
  owner: 'clerk',
  coordinates: { paragraph: '3419', item: '5222', department: '', action: '0126', purpose_mark: '', items: { sole_trader: '5212' } },
  mode: 'voucher',
  denominations_minor: [20_000, 15_050],
  applications_from: '2026-09-21',
  applications_to: '2026-12-20',
  spending_from: '2026-09-21',
  spending_to: '2027-02-18',
  days_to_spend: 60,
  days_to_decide: 30,
  who: { born_from: '2015-01-01', born_to: null, age_min: 0, age_max: null, age_on: null, residence_codes: ['999001', '999021'], residence_kinds: ['permanent_residence'], one_per_household: true },
  decides: 'arrival',
  waiting_list: false,
  providers: ['p1'],
  categories: ['books'],
  day_limit_minor: 20_000,
  category_limits: { books: 10_050 },
  provider_limit_minor: 500_000_00,
  max_per_person_minor: 0,
  min_price_minor: 15_000,
  remainder: 'returns',
  single_use: true,
  payable_on: 'start',
  order_confirm_days: 7,
  undo_minutes: 15,
  documents: { cs: 'potvrzení', en: '' },
  second_proof: false,
}
const schema = rulesSchema(editorTexts.cs)
const wrong = (change: Partial<Typed>) => {
  const outcome = v.safeParse(schema, { ...typedOf(RULES), ...change })
  return outcome.success ? [] : outcome.issues.map(issue => v.getDotPath(issue))
}

test('rules that are opened and saved stay as they were', () => {
  expect(rulesOf(typedOf(RULES))).toEqual(RULES)
})

test('a limit left empty is no limit', () => {
  const open = rulesOf({ ...typedOf(RULES), day_limit: '', provider_limit: ' ', limits: { books: '', sport: '' } })
  expect([open.day_limit_minor, open.provider_limit_minor, open.category_limits]).toEqual([0, null, {}])
})

test('parts of an award are typed with a plus', () => {
  expect(partsOf('400 + 400')).toEqual([40_000, 40_000])
  expect(partsOf('1 234,50')).toEqual([123_450])
  expect(partsOf('400 +')).toBeNull()
  expect(partsOf('0')).toBeNull()
  expect(partsOf(Array(13).fill('1').join('+'))).toBeNull()
})

test('each mistake stands at its own field', () => {
  expect(wrong({})).toEqual([])
  expect(wrong({ name: ' ', parts: 'mnoho', age_min: '6O', codes: 'Praha', kinds: [], limits: { sport: 'moc' }, spending_to: '2027-02-30' })).toEqual(['name', 'parts', 'limits.sport', 'age_min', 'codes', 'kinds', 'spending_to'])
})

test.each([
  ['2026-09-20', 'scheduled'], ['2026-09-21', 'open'], ['2026-12-20', 'open'], ['2026-12-21', 'spending_only'], ['2027-02-18', 'spending_only'], ['2027-02-19', 'closed'],
])('on %s the preview says %s, as the public site will', (today, state) => expect(stateOn(RULES, today)).toBe(state))
