import { expect, test } from 'vitest'
import type { Verification } from './calls'
import { isSpellingOnly, stepOf, TONES } from './states'

const town = { verification: 'at_registration' }

function aVerification(changes: Partial<Verification> = {}): Verification {
  return {
    id: 'p1', given_names: 'Petr', surname: 'Dvořák', birth_date: '1980-05-17', address: 'Nádražní 7', child: false, outcome: 'match', checked_at: null, expires_at: null,
    next_check_at: null, checking: false, residence: null, official_address: false, differs: [], duplicate: false, birth_place_tried: false,
    registry_name: null, second_proof: null, letter: null, link: null, by_hand: null, v: 1, ...changes,
  }
}

test.each([
  [{ outcome: 'pending', checking: true }, 'wait'],
  [{ outcome: 'pending', checking: false }, 'check'],
  [{ outcome: 'expired', checking: false }, 'check'],
  [{ outcome: 'unavailable', checking: true }, 'wait'],
  [{ outcome: 'ambiguous' }, 'birth_place'],
  [{ outcome: 'ambiguous', birth_place_tried: true }, 'come'],
  [{ outcome: 'no_match' }, 'correct'],
  [{ outcome: 'no_match', duplicate: true }, 'recover'],
  [{ outcome: 'questioned' }, 'come'],
  [{ outcome: 'match_not_resident' }, 'check'],
  [{ outcome: 'match_not_resident', next_check_at: '2026-11-23T08:00:00Z' }, 'wait'],
  [{ outcome: 'match' }, 'prove'],
  [{ outcome: 'match', second_proof: { way: 'post', at: '2026-11-20T08:00:00Z' } }, 'none'],
  [{ outcome: 'match', child: true }, 'none'],
  [{ outcome: 'match', child: true, link: { state: 'declared', document_wanted: true, document_sent: false, waits_for_second_clerk: false, v: 1 } }, 'document'],
] as [Partial<Verification>, string][])('%j leads to %s', (changes, step) => {
  expect(stepOf(aVerification(changes), town)).toBe(step)
})

test('a town without Regina sends people to the counter', () => {
  expect(stepOf(aVerification({ outcome: 'pending' }), { verification: 'by_hand' })).toBe('come')
})

test('only a missing accent, case or hyphen is a difference of spelling', () => {
  expect(isSpellingOnly('Dvorak', 'Dvořák')).toBe(true)
  expect(isSpellingOnly('Novakova Mala', 'Nováková-Malá')).toBe(true)
  expect(isSpellingOnly('Dvořák', 'Dvořák')).toBe(false)
  expect(isSpellingOnly('Alena', 'Elena')).toBe(false)
})

test('no outcome is told by colour alone of success but a match', () => {
  expect(Object.entries(TONES).filter(([, tone]) => tone === 'success').map(([outcome]) => outcome)).toEqual(['match'])
})
