import { afterEach, expect, test } from 'vitest'
import { labelInside, labelOf, LOOKS, sentencesOf, stepOf, type PersonState, type Verification } from './person'
import { setLanguage } from './texts'

const STATES = Object.keys(LOOKS) as PersonState[]

function standing(state: PersonState, changes: Partial<Verification> = {}): Verification {
  return {
    id: 'p1', given_names: 'Petr', surname: 'Dvořák', birth_date: '1980-05-17', address: 'Nádražní 7', child: false, state, place: '', outcome: 'match', checked_at: '2026-11-20T08:00:00Z',
    expires_at: null, next_check_at: null, checking: false, residence: null, official_address: false, differs: ['name'], duplicate: false, birth_place_tried: false,
    registry_name: null, second_proof: null, letter: null, link: null, by_hand: null, v: 1, ...changes,
  }
}

afterEach(() => setLanguage('cs'))

test.each(['cs', 'en'] as const)('every state has its label and its sentence in %s, and no two say the same of different next steps', language => {
  setLanguage(language)
  const said = new Map<string, string>()
  for (const state of STATES) {
    const one = standing(state)
    const sentence = sentencesOf(one, 'Podlesí').join(' ')
    expect(labelOf(one)).toMatch(/^\p{Lu}/u)
    expect(labelInside(one)).toMatch(/^\p{Ll}/u)
    expect(sentence).toMatch(/\.$/)
    expect(sentence).not.toMatch(/undefined|null|: \./)
    expect(said.get(sentence) ?? stepOf(one)).toBe(stepOf(one))
    said.set(sentence, stepOf(one))
  }
})

test('who lives elsewhere is told where: another part of the city, or another town', () => {
  expect(sentencesOf(standing('other_part', { place: 'Lhota' }), 'Podlesí')[0]).toMatch(/jiné městské části: Lhota/)
  expect(sentencesOf(standing('other_town', { place: 'Jasan' }), 'Podlesí')[0]).toMatch(/jiné obci: Jasan/)
  expect(sentencesOf(standing('other_town'), 'Podlesí')[0]).toMatch(/jiné obci\./)
  expect(stepOf(standing('other_town', { next_check_at: '2026-11-23T08:00:00Z' }))).toBe('wait')
})

test('a second account is led to the first one, not to correcting data that agree', () => {
  expect(stepOf(standing('other_account'))).toBe('recover')
  expect(sentencesOf(standing('other_account'), 'Podlesí').join(' ')).not.toMatch(/Opravte|Liší/)
})
