import { expect, test } from 'vitest'
import { isSpellingOnly } from './states'

test('only a missing accent, case or hyphen is a difference of spelling', () => {
  expect(isSpellingOnly('Dvorak', 'Dvořák')).toBe(true)
  expect(isSpellingOnly('Novakova Mala', 'Nováková-Malá')).toBe(true)
  expect(isSpellingOnly('Dvořák', 'Dvořák')).toBe(false)
  expect(isSpellingOnly('Alena', 'Elena')).toBe(false)
})
